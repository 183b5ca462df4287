"""What the branches beside pensions are computed from: one scheme's insured people, those who move by corridor, its law and its economy.

1. Arrays are [sex, row, year], row = age - 15 at 1 January, over the years of the projection; rows go up to the last insured age.
2. A corridor is seen from the scheme: in the role ``host`` its movers work here and come from the partner; in the role ``origin`` they are
   people of the corridor who live and are insured here, before or after a stay in the partner.
3. A waiting period of w months is time spent insured. People who enter cover evenly over year t and stay covered are inside it for
   ``waiting_weights(w)[k]`` years of year t + k. Those of them whose cover ends leave at the rate ``departure``. Before the first year as many
   entered as in it.
4. A benefit is a product of four factors: people with the right (equality of treatment), past the waiting period (totalisation), in a place
   where it is paid (export), amount. Each rung of an instrument changes one factor at a time, so that the differences add up (:func:`rungs`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import numpy as np

from actuarial.basis.dimensions import WORK_AGE_FIRST, Array
from actuarial.basis.instrument import PROVISIONS, Instrument
from actuarial.basis.instrument_provisions import BranchName
from actuarial.basis.scheme_branch_law import QualifyingRule
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions.earnings import expected_between

Role = Literal["origin", "host"]
MONTHS: Final = 12.0
_BY_YEAR: Final = ("insured", "entrants", "pay", "q", "fertility", "investment_return", "inflation", "wage_growth")


@dataclass(frozen=True)
class CorridorExposure:
    """People of one corridor insured in the scheme.

    insured          [sex, row, year] person-years insured in the scheme: in the role host the movers covered there, in the role origin those
                     covered at home
    entrants         [sex, row, year] of them, people who enter the scheme's cover during the year: arrivals times the covered share of their age
                     and sex, or the net growth of cover (:func:`net_entrants`), which is lower
    prior            share of the entrants whose periods in the partner complete a waiting period; broadcasts to [sex, row, year]
    leaving          [sex, age, year] yearly chance of moving to the partner's country (role host: return, role origin: migration again)
    partner_insured  [sex, row, year] person-years of the same people insured in the partner's scheme
    partner_laws     law of the partner's scheme, one per year
    partner_inflation  [year]
    exchange         [year] units of the scheme's currency for one of the partner's
    """

    partner: str
    role: Role
    insured: Array
    entrants: Array
    prior: Array
    leaving: Array
    partner_insured: Array
    partner_laws: tuple[SchemeLaw, ...]
    partner_inflation: Array
    exchange: Array

    def from_year(self, start: int) -> CorridorExposure:
        """The same from the year with index ``start`` on."""
        years = self.insured.shape[-1]
        changes: dict[str, Any] = {
            name: getattr(self, name)[..., start:]
            for name in ("insured", "entrants", "leaving", "partner_insured", "partner_inflation", "exchange")
        }
        prior = self.prior[..., start:] if np.ndim(self.prior) and self.prior.shape[-1] == years else self.prior
        return replace(self, prior=prior, partner_laws=self.partner_laws[start:], **changes)


@dataclass(frozen=True)
class BranchInputs:
    """One scheme over the projection.

    insured    [sex, row, year] person-years insured of people who never moved
    entrants   [sex, row, year] of them, people who enter cover for the first time during the year
    departure  [sex, row] yearly chance that cover ends
    pay        [sex, row, year] mean yearly earnings of an insured person, before any ceiling;  pay_cv: their coefficient of variation
    q          [sex, age, year] probability of death in the scheme's country, every age
    fertility  [row, year] births per woman and year in the population
    investment_return, inflation, wage_growth  [year]
    children   children below the age limit per insured person [sex, row, year]; where it is not given, the figure of the cost basis
    missing    why a branch without rules is not computed, by branch
    """

    country: str
    scheme: str
    first_year: int
    insured: Array
    entrants: Array
    departure: Array
    pay: Array
    pay_cv: float
    q: Array
    fertility: Array
    investment_return: Array
    inflation: Array
    wage_growth: Array
    corridors: tuple[CorridorExposure, ...] = ()
    children: Array | None = None
    missing: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape, years, rows = self.insured.shape, self.insured.shape[-1], self.insured.shape[1]
        wanted = {"entrants": shape, "pay": shape, "departure": shape[:2], "fertility": (rows, years), "inflation": (years,),
                  "investment_return": (years,), "wage_growth": (years,)}  # fmt: skip
        for name, size in wanted.items():
            if getattr(self, name).shape != size:
                raise ValueError(f"{self.scheme}: {name} has shape {getattr(self, name).shape}; {size} is needed")
        if self.q.shape[::2] != (shape[0], years):
            raise ValueError(f"{self.scheme}: q has shape {self.q.shape}; it is [sex, age, year] for {years} years")
        for corridor in self.corridors:
            for name, size in {"insured": shape, "entrants": shape, "partner_insured": shape, "leaving": self.q.shape}.items():
                found = getattr(corridor, name).shape
                if found != size:
                    raise ValueError(f"{self.scheme}, corridor with {corridor.partner}: {name} has shape {found}; {size} is needed")

    @property
    def years(self) -> int:
        """Number of years."""
        return int(self.insured.shape[-1])

    def from_year(self, start: int) -> BranchInputs:
        """The same from the year with index ``start`` on."""
        changes: dict[str, Any] = {name: getattr(self, name)[..., start:] for name in _BY_YEAR}
        if self.children is not None:
            changes["children"] = self.children[..., start:]
        return replace(self, first_year=self.first_year + start, corridors=tuple(c.from_year(start) for c in self.corridors), **changes)

    @property
    def ages(self) -> Array:
        """Age of each row at 1 January."""
        return np.arange(WORK_AGE_FIRST, WORK_AGE_FIRST + self.insured.shape[1], dtype=np.float64)

    @property
    def everybody(self) -> Array:
        """Person-years insured of stayers and movers together."""
        total: Array = self.insured + np.sum([c.insured for c in self.corridors], axis=0) if self.corridors else self.insured
        return total

    def assessable(self, ceilings: Sequence[float], floors: Sequence[float] | None = None) -> Array:
        """Expected earnings of an insured person between the limits of each year [sex, row, year]."""
        low = np.zeros(self.years) if floors is None else np.asarray(floors, dtype=np.float64)
        return expected_between(self.pay, self.pay_cv, low, np.asarray(ceilings, dtype=np.float64))


@dataclass(frozen=True)
class Difference:
    """With minus without the instrument for one corridor and cause: amount and additional cases, both [year]."""

    partner: str
    role: Role
    cause: str
    amount: Array
    cases: Array


@dataclass(frozen=True)
class BranchAccount:
    """A branch of one scheme by year, in its currency.

    payer      ``scheme``, or ``employer`` where the law leaves the whole branch to the employer
    insured    person-years;  earnings: assessable earnings under the branch's own ceiling;  levy: its own contributions
    cases      claims without the instrument
    parts      benefits without the instrument by kind;  employer: what the law leaves to the employer beside the scheme
    differences  with minus without, by corridor and cause

    Every array is [year].
    """

    branch: BranchName
    payer: Literal["scheme", "employer"]
    insured: Array
    earnings: Array
    levy: Array
    cases: Array
    parts: Mapping[str, Array]
    employer: Array
    differences: tuple[Difference, ...] = ()

    @property
    def without(self) -> Array:
        """Benefits without the instrument."""
        total: Array = np.sum(list(self.parts.values()), axis=0) + np.zeros_like(self.insured)
        return total

    @property
    def difference(self) -> Array:
        """Benefits with minus without."""
        total: Array = np.sum([d.amount for d in self.differences], axis=0) + np.zeros_like(self.insured)
        return total

    @property
    def with_instrument(self) -> Array:
        """Benefits with the instrument."""
        total: Array = self.without + self.difference
        return total

    def cost_rate(self, *, with_instrument: bool = False) -> Array:
        """Benefits over assessable earnings; 0 where there are none."""
        amount = self.with_instrument if with_instrument else self.without
        return np.divide(amount, self.earnings, out=np.zeros_like(amount), where=self.earnings > 0.0)

    @property
    def levy_rate(self) -> Array:
        """Levy over assessable earnings; 0 where there are none."""
        return np.divide(self.levy, self.earnings, out=np.zeros_like(self.levy), where=self.earnings > 0.0)

    def after(self, years: int) -> BranchAccount:
        """The same account with ``years`` empty years put before it."""

        def longer(series: Array) -> Array:
            return np.concatenate([np.zeros(years), series])

        differences = tuple(replace(d, amount=longer(d.amount), cases=longer(d.cases)) for d in self.differences)
        parts = {kind: longer(amount) for kind, amount in self.parts.items()}
        own: dict[str, Any] = {name: longer(getattr(self, name)) for name in ("insured", "earnings", "levy", "cases", "employer")}
        return replace(self, parts=parts, differences=differences, **own)

    def by_cause(self) -> dict[str, Array]:
        """Differences summed over corridors, by cause."""
        totals: dict[str, Array] = {}
        for d in self.differences:
            totals[d.cause] = totals.get(d.cause, np.zeros_like(d.amount)) + d.amount
        return totals


@dataclass(frozen=True)
class CorridorRules:
    """What an instrument does to one branch in one corridor, each [year]: 0 or 1, take-up a share."""

    instrument: Instrument
    covers: Array
    equality: Array
    totalises: Array
    exports: Array
    take_up: Array


def corridor_rules(inputs: BranchInputs, corridor: CorridorExposure, instrument: Instrument, branch: BranchName) -> CorridorRules:
    """The instrument in a corridor; without any provision where one of the two states does not take part."""
    if not {inputs.country, corridor.partner} <= set(instrument.active_members):
        instrument = instrument.without(*PROVISIONS)
    years = range(inputs.first_year, inputs.first_year + inputs.years)
    covers = np.array([float(instrument.covers(branch, y)) for y in years])
    return CorridorRules(
        instrument=instrument,
        covers=covers,
        equality=covers * float(instrument.provisions.equality_of_treatment),
        totalises=np.array([float(instrument.totalises(branch, y)) for y in years]),
        exports=np.array([float(instrument.exports(branch, y)) for y in years]),
        take_up=np.array([instrument.take_up_share(y) for y in years]),
    )


def paid_abroad(laws: Sequence[SchemeLaw], partner: str) -> Array:
    """1 in years in which the scheme's own law pays in the partner's country, else 0 [year]."""
    return np.array([float(law.export_without_instrument or partner in law.export_partners) for law in laws])


def rights_share(laws: Sequence[SchemeLaw], role: Role) -> Array:
    """Part of a national's rights that people of the corridor have without the instrument [year]: all of them at home."""
    return np.array([1.0 if role == "origin" else law.foreigners_rights_share for law in laws])


def waiting_weights(months: float) -> Array:
    """Years that an entrant of year t spends inside a waiting period in year t + k [k]; they sum to months / 12.

    Entry is even over the year: with d = moment in the later year - moment of entry, of triangular distribution T on -1..1, the weight is
    T(w - k) - T(-k).

    >>> waiting_weights(12.0)
    array([0.5, 0.5])
    """
    if months < 0.0:
        raise ValueError("a waiting period cannot be negative")
    years = months / MONTHS
    k = np.arange(int(np.ceil(years)) + 1, dtype=np.float64)
    weights: Array = _triangular(years - k) - _triangular(-k)
    return weights if years > 0.0 else np.zeros(1)


def _triangular(x: Array) -> Array:
    """Distribution function of the difference of two uniform moments."""
    z = np.clip(x, -1.0, 1.0)
    result: Array = np.where(z < 0.0, 0.5 * (1.0 + z) ** 2, 1.0 - 0.5 * (1.0 - z) ** 2)
    return result


def in_waiting(entrants: Array, departure: Array, months: float, insured: Array) -> Array:
    """Person-years insured inside a waiting period [sex, row, year], at most ``insured``.

    Entrants of k years ago are k rows older and reduced by departure on the way.
    """
    weights = waiting_weights(months)
    before = len(weights) - 1
    alive = np.pad(entrants, ((0, 0), (0, 0), (before, 0)), mode="edge")
    result = np.zeros_like(alive)
    for k, weight in enumerate(weights):
        if k:
            stayed = alive * (1.0 - departure[:, :, None])
            alive = np.zeros_like(alive)
            alive[:, 1:, 1:] = stayed[:, :-1, :-1]
        result += weight * alive
    return np.minimum(result[:, :, before:], insured)


def net_entrants(covered: Array) -> Array:
    """Entrants [..., row, year] from people covered at 1 January [..., year + 1, row]: the growth of each cohort's cover, where it grows.

    A lower figure: those who replace others leaving cover in the same year are not seen.
    """
    grown = np.zeros_like(covered[..., :-1, :])
    grown[..., 1:] = np.maximum(covered[..., 1:, 1:] - covered[..., :-1, :-1], 0.0)
    grown[..., 0] = covered[..., 1:, 0]
    return np.swapaxes(grown, -1, -2)


def months_to_wait(rules: Sequence[QualifyingRule]) -> int:
    """Months insured in the scheme alone until one of the rules is met by somebody insured without a break; 0 without rules."""
    return min((max(rule.minimum_months, rule.recent_months) for rule in rules), default=0)


def months_left(rules: Sequence[QualifyingRule], foreign_facts: bool) -> int:
    """The same for somebody whose periods elsewhere count: recent months must be own ones unless foreign facts are taken as if they were."""
    return 0 if foreign_facts else min((rule.recent_months for rule in rules), default=0)


def rungs(steps: Sequence[tuple[str, Array]], start: Array) -> tuple[tuple[str, Array], ...]:
    """Differences between successive levels, by cause.

    >>> rungs([("a", np.array([3.0])), ("b", np.array([4.0]))], np.array([1.0]))
    (('a', array([2.])), ('b', array([1.])))
    """
    result, last = [], start
    for cause, level in steps:
        result.append((cause, level - last))
        last = level
    return tuple(result)
