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

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.basis.instrument import Instrument
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.careers.earnings import MONTHS_PER_CREDIT
from actuarial.feasibility.award_cells import HALF_STEPS, Cells, cell_awards, summed
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
    """What a head of every cell in use is awarded, and the sums for the people of these cells or a part of them.

    kind      which awards they are;  shape  of people and amounts [year, residence, own service, other service]
    swapped   whether own service is the last axis in memory;  cells  the awards per head
    commuted  (sum at the award, pension that remains) per unit of pension [year]
    """

    kind: type[Awards]
    shape: tuple[int, ...]
    swapped: bool
    cells: Cells
    commuted: tuple[Array, Array]

    def sums(self, people: Array) -> Awards:
        """Awards [residence, year] to the people of the cells that the rates were made of."""
        n = self._in_use(people)
        return self._awards(n, n)

    def sums_of_part(self, people: Array, amount: Array) -> Awards:
        """Awards [residence, year] to a part of these people, by rule 4; arrays of the shape of the whole's."""
        n = self._in_use(people)
        reference = self.cells.reference
        return self._awards(n, np.divide(self._in_use(amount), reference, out=n.copy(), where=reference > 0.0))

    def _in_use(self, values: Array) -> Array:
        if values.shape != self.shape:
            raise ValueError(f"awards per head of cells {self.shape} are not those of {values.shape}")
        found: Array = (values.swapaxes(2, 3) if self.swapped else values).reshape(-1)[self.cells.index]
        return found

    def _awards(self, people: Array, heads: Array) -> Awards:
        def of_year(line: Array) -> Array:
            """[year * residence] to [residence, year]."""
            return line.reshape(self.shape[:2]).T

        first, *pensions, last = (of_year(row) for row in summed(self.cells, people, heads))
        found = [first, *(pension * share for pension in pensions for share in self.commuted[::-1]), last]
        if self.kind is OwnAwards:
            found.insert(0, of_year(np.array([people[a:b].sum() for a, b in pairwise(self.cells.bounds.tolist())])))
        return self.kind(*found)


def own_rates(laws: Sequence[SchemeLaw], people: Array, amount: Array, cv: float, months: Months | None = None) -> AwardRates[OwnAwards]:
    """What a defined-benefit scheme awards a head of every cell on own periods.

    ``people``, ``amount`` [year, residence, own service, other service] alive at mid-year and the sum of their reference earnings: the caller puts
    the scheme's own service first. ``laws`` one per year; ``cv`` dispersion of earnings within a cell; ``months`` six per half-year where not given.
    """
    return _rates(OwnAwards, laws, people, amount, cv, NATIONAL_LAW, months)


def coordinated_rates(
    laws: Sequence[SchemeLaw], people: Array, amount: Array, cv: float, rules: AwardRules, count_other: bool, months: Months | None = None,
    like: AwardRates[OwnAwards] | None = None,
) -> AwardRates[CoordinatedAwards]:  # fmt: skip
    """What ``rules`` change for a head of every cell; other arguments as :func:`own_rates`, ``count_other``: periods of the other scheme count.

    ``like`` are the :func:`own_rates` of the same people, if they are known: cells are not searched for again.
    """
    own, other = months or _six_months(laws)
    return _rates(CoordinatedAwards, laws, people, amount, cv, rules, (own, other * float(count_other)), None if like is None else like.cells)


def _rates(
    kind: type[Awards], laws: Sequence[SchemeLaw], people: Array, amount: Array, cv: float, rules: AwardRules, months: Months | None,
    like: Cells | None = None,
) -> AwardRates[Awards]:  # fmt: skip
    # The host's service is the last axis of a lattice: it is read as it lies in memory.
    swapped = not people.flags.c_contiguous and people.swapaxes(2, 3).flags.c_contiguous
    n, x = (np.ascontiguousarray(values.swapaxes(2, 3) if swapped else values) for values in (people, amount))
    cells = cell_awards(laws, n, x, cv, rules, months or _six_months(laws), 3 if swapped else 2, 3 if kind is OwnAwards else 4, like)
    cash, rest = np.array([commute(law, 1.0) for law in laws]).T
    return AwardRates(kind, people.shape, swapped, cells, (cash, rest))


def _six_months(laws: Sequence[SchemeLaw]) -> Months:
    return (np.full(len(laws), float(MONTHS_PER_CREDIT)),) * 2


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
