"""Contributions on work across borders: levied by two states without an instrument, by one with it, or split under home affiliation.

1. Without an instrument each state levies by its own law: on work in its territory, and (where its law says so) on workers that its employers
   send abroad. Both at once are double contributions.
2. With an instrument only the applicable legislation levies (:mod:`actuarial.provisions.legislation`). What the others levied before is saved by
   worker and employer and lost by the scheme, which in return accrues no rights for those months.
   Every scheme of that state then levies, also on people its national law alone would leave out (assumed).
3. Amounts are per month, wage and limits in one currency; months are exact (:mod:`actuarial.provisions.periods`, rule 2).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from actuarial.provisions.legislation import LegislationRules, Situation, Spell, spells
from actuarial.provisions.periods import dated


@dataclass(frozen=True)
class Contribution:
    """Worker's and employer's part of an amount."""

    worker: float
    employer: float

    @property
    def total(self) -> float:
        """Both parts."""
        return self.worker + self.employer

    def times(self, factor: float) -> Contribution:
        """Both parts multiplied."""
        return Contribution(self.worker * factor, self.employer * factor)

    def plus(self, other: Contribution) -> Contribution:
        """Both parts added."""
        return Contribution(self.worker + other.worker, self.employer + other.employer)


NOTHING = Contribution(0.0, 0.0)


@dataclass(frozen=True)
class Levy:
    """What one scheme levies, and on whom by national law alone.

    worker_rate, employer_rate   shares of insurable earnings
    ceiling      monthly earnings above which nothing is levied (infinite: none)
    on_territory   levies on work done in the state
    on_posted      keeps levying on workers that an employer of the state sends abroad
    """

    scheme: str
    state: str
    worker_rate: float
    employer_rate: float
    on_territory: bool
    on_posted: bool
    ceiling: float = math.inf

    def __post_init__(self) -> None:
        for name, value in (("worker_rate", self.worker_rate), ("employer_rate", self.employer_rate), ("ceiling", self.ceiling)):
            if not value >= 0:
                raise ValueError(f"{name}: {value} of {self.scheme}; allowed is zero or more")

    def monthly(self, wage: float) -> Contribution:
        """Contribution on one month's wage."""
        if not wage >= 0:
            raise ValueError(f"wage: {wage}; allowed is zero or more")
        insurable = min(wage, self.ceiling)
        return Contribution(self.worker_rate * insurable, self.employer_rate * insurable)


@dataclass(frozen=True)
class SchemeEffect:
    """One scheme, without and with the instrument: contributions and months insured over the whole time.

    ``change`` is negative for a scheme that loses; ``months_not_accrued`` are the rights it does not owe in return.
    """

    scheme: str
    state: str
    without: Contribution
    with_instrument: Contribution
    months_without: Fraction
    months_with: Fraction

    @property
    def change(self) -> float:
        """Contributions gained (or lost) by the scheme."""
        return self.with_instrument.total - self.without.total

    @property
    def months_not_accrued(self) -> Fraction:
        """Months insured without the instrument less those with it."""
        return self.months_without - self.months_with


@dataclass(frozen=True)
class ContributionEffect:
    """All schemes; months on whose wage two states levied without the instrument (with it there are none); months of work insured nowhere."""

    schemes: tuple[SchemeEffect, ...]
    double_months: Fraction
    uninsured_months_without: Fraction
    uninsured_months_with: Fraction

    @property
    def saved(self) -> Contribution:
        """What worker and employer no longer pay; negative where they pay more."""
        return Contribution(
            sum(s.without.worker - s.with_instrument.worker for s in self.schemes),
            sum(s.without.employer - s.with_instrument.employer for s in self.schemes),
        )


def levied_by_national_law(levies: Iterable[Levy], *, places: Iterable[str], sending: str | None) -> tuple[Levy, ...]:
    """Levies that bind without an instrument: of the states of work, and of the sending state where its law follows posted workers."""
    where = set(places)
    return tuple(x for x in levies if (x.on_territory and x.state in where) or (x.on_posted and x.state == sending and x.state not in where))


def contribution_effect(
    situation: Situation, rules: LegislationRules | None, levies: Sequence[Levy], *, wage: float, start: date, end: date
) -> ContributionEffect:
    """Contributions from ``start`` to ``end`` with the instrument less those without it, by scheme.

    ``rules=None``: no instrument applies, so that both are what the national laws levy.

    ``wage`` is monthly. Work in several states is levied by each on its share of the wage without an instrument, and by one state on the whole
    with it. Months count as double when more than one state levies on the same wage. An inactive person is levied by nobody.
    """
    whole = (Spell(situation.residence, "place_of_work", start, end),) if rules is None else spells(situation, rules, start, end)
    parts = [part for spell in whole for part in _cut_at_posting(spell, situation)]
    sums = {levy.scheme: [NOTHING, NOTHING] for levy in levies}
    if len(sums) < len(levies):
        raise ValueError("levies: a scheme stands twice")
    insured = {levy.scheme: [Fraction(0), Fraction(0)] for levy in levies}
    double, bare = Fraction(0), [Fraction(0), Fraction(0)]
    for spell, posted in parts:
        first, last = dated(spell.state, spell.start, spell.end).span
        months = last - first
        work = {situation.posting.host: Fraction(1)} if posted and situation.posting else dict(situation.work)
        if not work:
            continue
        sending = situation.posting.sending if posted and situation.posting else None
        nationally = levied_by_national_law(levies, places=work, sending=sending)
        by_instrument = None if rules is None else tuple(x for x in levies if x.state == spell.state)
        for levy in nationally:
            share = float(work.get(levy.state, Fraction(1)))
            sums[levy.scheme][0] = sums[levy.scheme][0].plus(levy.monthly(wage * share).times(float(months)))
            insured[levy.scheme][0] += months
        for levy in nationally if by_instrument is None else by_instrument:
            share = float(work.get(levy.state, Fraction(1))) if by_instrument is None else 1.0
            sums[levy.scheme][1] = sums[levy.scheme][1].plus(levy.monthly(wage * share).times(float(months)))
            insured[levy.scheme][1] += months
        double += months if sending and {x.state for x in nationally} > {sending} else 0
        bare[0] += 0 if nationally else months
        bare[1] += 0 if (nationally if by_instrument is None else by_instrument) else months
    effects = []
    for levy in levies:
        (without, coordinated), (months_without, months_with) = sums[levy.scheme], insured[levy.scheme]
        effects.append(SchemeEffect(levy.scheme, levy.state, without, coordinated, months_without, months_with))
    return ContributionEffect(tuple(effects), double, bare[0], bare[1])


def joined(first: ContributionEffect, second: ContributionEffect) -> ContributionEffect:
    """Two stretches of time together; both must be of the same levies."""
    schemes = tuple(
        SchemeEffect(
            a.scheme, a.state, a.without.plus(b.without), a.with_instrument.plus(b.with_instrument),
            a.months_without + b.months_without, a.months_with + b.months_with,
        )
        for a, b in zip(first.schemes, second.schemes, strict=True)
    )  # fmt: skip
    return ContributionEffect(
        schemes,
        first.double_months + second.double_months,
        first.uninsured_months_without + second.uninsured_months_without,
        first.uninsured_months_with + second.uninsured_months_with,
    )


def _cut_at_posting(spell: Spell, situation: Situation) -> Iterable[tuple[Spell, bool]]:
    """A spell may join time inside and outside a posting (same state, same rule); give both, and whether posted."""
    posting = situation.posting
    if posting is None or spell.end < posting.start or spell.start > posting.end:
        return [(spell, False)]
    return [
        (Spell(spell.state, spell.rule, first, last), posted)
        for first, last, posted in (
            (spell.start, _before(posting.start, spell.end), False),
            (max(spell.start, posting.start), min(spell.end, posting.end), True),
            (_after(posting.end, spell.start), spell.end, False),
        )
        if first <= last
    ]


def _before(day: date, limit: date) -> date:
    return min(limit, date.fromordinal(day.toordinal() - 1))


def _after(day: date, limit: date) -> date:
    return max(limit, date.fromordinal(day.toordinal() + 1))


def home_affiliation(wage: float, *, home_worker_rate: float, home_employer_rate: float, host_employer_rate: float) -> Contribution:
    """Split of the home scheme's contribution when the worker stays affiliated at home wherever the work is.

    The host employer pays the home scheme's employer rate, but not more than it would pay for the host's own nationals; the worker bears the
    difference. Total = home rates x wage. Source: unified extension of protection of the Gulf Cooperation Council, from 1 January 2006.

    >>> split = home_affiliation(1000.0, home_worker_rate=0.08, home_employer_rate=0.15, host_employer_rate=0.12)
    >>> round(split.worker, 2), split.employer
    (110.0, 120.0)
    """
    rates = {"home_worker_rate": home_worker_rate, "home_employer_rate": home_employer_rate, "host_employer_rate": host_employer_rate, "wage": wage}
    for name, value in rates.items():
        if not value >= 0:
            raise ValueError(f"{name}: {value}; allowed is zero or more")
    employer = wage * min(home_employer_rate, host_employer_rate)
    return Contribution(wage * (home_worker_rate + home_employer_rate) - employer, employer)
