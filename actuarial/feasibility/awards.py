"""Awards of one scheme to people who reach pension age: what their own periods open, and what periods elsewhere add.

The lattice says who reaches pension age with which periods; :func:`actuarial.provisions.coordination.award` says what is owed. Where a pension
is paid, whether foreigners have the rights of nationals, and who claims, is asked later: :mod:`actuarial.feasibility.terms`.

1. ``own`` is what national law owes on own periods. ``vested`` are pensions that only the addition of periods opens. ``topped`` is what a coordinated
   amount adds to a pension on own periods (negative where plain pro rata replaces it).
2. A number of half-years stands for service within half a step of it: the award is the mean of those half a step below and above, so that of people
   whose service is exactly the qualifying period one half has reached it. Against a monthly lattice this takes away the bias of whole steps at
   a limit (``docs/lattice-step.md``).
3. Arrays are [residence at the award, year]; pensions are annual and after commutation, ``cash`` is the sum paid with them.
4. What a head of a cell is owed rests on the cell's mean earnings (:class:`AwardRates`). A part of the cell's people is owed per unit of earnings
   what the whole cell is owed, so that parts add up to the whole, and amounts are linear in people and in their earnings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np

from actuarial.basis.dimensions import Array, IntArray
from actuarial.basis.instrument import Instrument
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.careers.earnings import MONTHS_PER_CREDIT
from actuarial.provisions.coordination import NATIONAL_LAW, Award, AwardRules, award
from actuarial.provisions.old_age import commute


@dataclass(frozen=True)
class OwnAwards:
    """Awards on own periods alone.

    insured   people who reach pension age with any period of their own;  people: those of them with a pension
    pension, cash   annual pension and the sum paid with it;  lump_sum: settlements instead of a pension
    """

    insured: Array
    people: Array
    pension: Array
    cash: Array
    lump_sum: Array


@dataclass(frozen=True)
class CoordinatedAwards:
    """What periods elsewhere change if everybody claims.

    people    people with a pension only by adding periods;  vested, vested_cash: their pensions
    topped, topped_cash   added to pensions on own periods
    lump_sum  settlements that remain
    """

    people: Array
    vested: Array
    vested_cash: Array
    topped: Array
    topped_cash: Array
    lump_sum: Array


def rules_of(instrument: Instrument) -> AwardRules:
    """The instrument's provisions on old-age awards as plain rules."""
    p = instrument.provisions
    return AwardRules(
        equal_treatment=p.equality_of_treatment,
        export=p.export,
        totalise=p.totalisation.enabled,
        min_own_months=p.totalisation.min_own_months,
        method=p.amount.method,
        denominator=p.amount.denominator,
        short_periods=p.totalisation.short_periods,
        minimum=p.minimum_pension.policy == "before",
        top_up=p.minimum_pension.top_up == "paying_state",
    )


HALF_STEPS = (-0.5, 0.5)
"""Half-years below and above a number of whole ones."""
Months = tuple[Array, Array]
"""Months of insurance that a half-year of credit counts, in the scheme's own periods and in those elsewhere [year] each."""


def own_awards(laws: Sequence[SchemeLaw], people: Array, amount: Array, cv: float, months: Months | None = None) -> OwnAwards:
    """Awards of a defined-benefit scheme on own periods; arguments as :func:`own_rates`."""
    return own_rates(laws, people, amount, cv, months).sums(people)


def coordinated_awards(
    laws: Sequence[SchemeLaw], people: Array, amount: Array, cv: float, rules: AwardRules, count_other: bool, months: Months | None = None
) -> CoordinatedAwards:
    """What ``rules`` add to :func:`own_awards`; arguments as :func:`coordinated_rates`."""
    return coordinated_rates(laws, people, amount, cv, rules, count_other, months).sums(people)


Awards = TypeVar("Awards", OwnAwards, CoordinatedAwards)


@dataclass(frozen=True)
class AwardRates(Generic[Awards]):
    """What a head of every cell in use is awarded; cells stand in one line, ordered by year, residence, own and other service.

    kind       which awards the rows of ``values`` are, in the order of its fields
    shape      of people and amounts [year, residence, own service, other service]
    cells      [cell] index into an array of that shape;  bounds [year * residence + 1] where each year and residence begin
    reference  [cell] mean reference earnings of the cell
    values     [quantity, cell] per head;  heads [quantity] whether it counts persons, not amounts
    """

    kind: type[Awards]
    shape: tuple[int, ...]
    cells: IntArray
    bounds: IntArray
    reference: Array
    values: Array
    heads: tuple[bool, ...]

    def sums(self, people: Array) -> Awards:
        """Awards [residence, year] to the people of the cells that the rates were made of."""
        n = people.reshape(-1)[self.cells]
        return self._summed(n, n)

    def sums_of_part(self, people: Array, amount: Array) -> Awards:
        """Awards [residence, year] to a part of these people, by rule 4; arrays of the shape of the whole's."""
        n = people.reshape(-1)[self.cells]
        heads = np.divide(amount.reshape(-1)[self.cells], self.reference, out=n.copy(), where=self.reference > 0.0)
        return self._summed(n, heads)

    def _summed(self, people: Array, heads: Array) -> Awards:
        years, places = self.shape[:2]
        found = np.zeros((len(self.heads), years * places))
        counts = np.array(self.heads)
        for i, (a, b) in enumerate(pairwise(self.bounds.tolist())):
            if a < b:
                found[counts, i] = self.values[counts, a:b] @ people[a:b]
                found[~counts, i] = self.values[~counts, a:b] @ heads[a:b]
        return self.kind(*found.reshape(-1, years, places).swapaxes(1, 2))


def own_rates(laws: Sequence[SchemeLaw], people: Array, amount: Array, cv: float, months: Months | None = None) -> AwardRates[OwnAwards]:
    """What a defined-benefit scheme awards a head of every cell on own periods.

    ``people``, ``amount`` [year, residence, own service, other service] alive at mid-year and the sum of their reference earnings: the caller puts
    the scheme's own service first. ``laws`` one per year; ``cv`` dispersion of earnings within a cell; ``months`` six per half-year where not given.
    """

    def per_head(law: SchemeLaw, own: Array, other: Array, reference: Array) -> tuple[Array, ...]:
        found = award(law, own, other, reference, cv=cv, rules=NATIONAL_LAW)
        cash, pension = commute(law, found.pension)
        return np.ones_like(own), found.entitled, pension, cash, found.lump_sum

    return AwardRates(OwnAwards, *_rates(laws, people, amount, months, 5, per_head), (True, True, False, False, False))


def coordinated_rates(
    laws: Sequence[SchemeLaw], people: Array, amount: Array, cv: float, rules: AwardRules, count_other: bool, months: Months | None = None
) -> AwardRates[CoordinatedAwards]:
    """What ``rules`` change for a head of every cell; other arguments as :func:`own_rates`, ``count_other``: periods of the other scheme count."""

    def per_head(law: SchemeLaw, own: Array, other: Array, reference: Array) -> tuple[Array, ...]:
        found = award(law, own, other * float(count_other), reference, cv=cv, rules=rules)
        vested_cash, vested = commute(law, np.where(found.by_totalisation > 0.0, found.pension, 0.0))
        topped_cash, topped = commute(law, np.where(found.by_totalisation > 0.0, 0.0, found.pension - found.independent))
        return found.by_totalisation, vested, vested_cash, topped, topped_cash, found.lump_sum

    return AwardRates(CoordinatedAwards, *_rates(laws, people, amount, months, 6, per_head), (True, *(False,) * 5))


def _rates(
    laws: Sequence[SchemeLaw], people: Array, amount: Array, months: Months | None, count: int,
    per_head: Callable[[SchemeLaw, Array, Array, Array], tuple[Array, ...]],
) -> tuple[tuple[int, ...], IntArray, IntArray, Array, Array]:  # fmt: skip
    """Shape, cells, bounds, reference earnings and values of :class:`AwardRates`; people without own service have nothing to be awarded."""
    years, places, own_size, other_size = people.shape
    own_months, other_months = months or (np.full(years, float(MONTHS_PER_CREDIT)),) * 2
    used = people > 0.0
    used[:, :, 0] = False
    cells = np.flatnonzero(used)
    bounds = np.concatenate([[0], np.cumsum(used.sum(axis=(2, 3)).ravel())])
    reference = amount.reshape(-1)[cells] / people.reshape(-1)[cells]
    own, other = (cells // other_size) % own_size, cells % other_size
    values = np.zeros((count, len(cells)))
    for i, (a, b) in enumerate(pairwise(bounds.tolist())):
        if a < b:
            t = i // places
            for shift in HALF_STEPS:
                found = per_head(laws[t], (own[a:b] + shift) * own_months[t], other[a:b] * other_months[t], reference[a:b])
                for n, value in enumerate(found):
                    values[n, a:b] += 0.5 * value
    return people.shape, cells, bounds, reference, values


def award_between(law: SchemeLaw, own: Array, other: Array, reference: Array, half_year: float, *, cv: float, rules: AwardRules) -> Award:
    """The award of whole half-years of service by rule 2, for people one by one: the mean of two awards, half a step below and above.

    ``own``, ``other`` months; ``half_year`` the months that a half-year counts. Other arguments as :func:`actuarial.provisions.coordination.award`.
    """
    served = [np.where(own > 0.0, own + shift * half_year, 0.0) for shift in HALF_STEPS]
    low, high = (award(law, months, other, reference, cv=cv, rules=rules) for months in served)
    return Award(*(0.5 * (getattr(low, f.name) + getattr(high, f.name)) for f in fields(Award)))


def stayer_awards(laws: Sequence[SchemeLaw], people: Array, amount: Array, months: Array, cv: float) -> OwnAwards:
    """Awards under national law alone; ``people``, ``amount`` [year, service], ``months`` [year] per half-year. There is one residence."""
    return own_awards(laws, people[:, None, :, None], amount[:, None, :, None], cv, (months, months))
