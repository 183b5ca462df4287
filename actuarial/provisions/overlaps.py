"""Totalisation of periods over the states: what coincides counts once, by rules, with a trail of explanation.

The algorithm of Regulation (EC) 987/2009, Article 12 (paragraphs 3 and 4 partly read, the rest recalled) and ILO Convention 157, Article 7(2):

| # | two periods coincide                        | what counts                                                                             |
|---|---------------------------------------------|-----------------------------------------------------------------------------------------|
| 1 | compulsory and voluntary                    | the compulsory one; the voluntary part leaves the total and is paid separately, ``outside`` |
| 2 | real and assimilated                        | the real one (compulsory, voluntary or residence)                                       |
| 3 | insurance and residence                     | the insurance (assumed)                                                                 |
| 4 | assimilated in two states                   | the state of the last compulsory insurance before it, else of the next one after        |
| 5 | timing unknown                              | assumed not to coincide                                                                 |
| 6 | compulsory (or the same real type) in two   | the policy ``compulsory_overlap``, below; also where rule 4 leaves a tie                |

| policy          | own months                                   | total                              | own / total, summed over states |
|-----------------|----------------------------------------------|------------------------------------|---------------------------------|
| ``count_once``    | each state counts its own in full            | union                              | above 1                         |
| ``split``         | equal shares                                 | union                              | 1                               |
| ``first_insured`` | the state where real insurance began first   | union                              | 1                               |
| ``each_pays_own`` | each state counts its own in full            | sum of own months, above the union | 1                               |

1. ``union`` counts each moment once under every policy. It is the figure for qualifying periods: under ``each_pays_own`` twelve months of double
   insurance are two years of pension rights, never two years of waiting.
2. Exact fractions to the end; ``own_rounded`` and ``total_rounded`` are rounded once each. Take ratios from the exact figures.
3. For every state: gross months = own + outside + yielded + capped. Nothing disappears without a line in ``explanation``.
4. States that began on the same day share under ``first_insured``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, get_args

from actuarial.basis.errors import unknown_name
from actuarial.provisions.period_ledger import RANK, ZERO, Claim, Ledger, build_ledger
from actuarial.provisions.period_trail import Event, told
from actuarial.provisions.period_units import MONTHS_PER_YEAR, SIX_DAY_WEEK, Rounding, UnitTable, convert, round_units
from actuarial.provisions.periods import (
    Period,
    RefundPolicy,
    amount_text,
    extinguished_periods,
    periods_from,
    require_valid,
    standing_periods,
)

CompulsoryOverlap = Literal["count_once", "split", "first_insured", "each_pays_own"]
COMPULSORY_OVERLAPS: tuple[str, ...] = get_args(CompulsoryOverlap)

ResidenceRule = Literal["counts", "assimilated", "ignored"]
RESIDENCE_RULES: tuple[str, ...] = get_args(ResidenceRule)

_NONE: Mapping[str, int] = MappingProxyType({})
_NO_TABLES: Mapping[str, UnitTable] = MappingProxyType({})


@dataclass(frozen=True)
class PeriodRules:
    """What an instrument, and the national laws it meets, say about periods.

    compulsory_overlap  policy of rule 6
    residence           ``counts`` as a type of its own, is ``assimilated`` to insurance, or is ``ignored`` (purely contributory schemes)
    refund_policy, entry_into_force   see :func:`actuarial.provisions.periods.standing_periods`
    count_from          nothing before this day counts (an instrument without retroactive periods); ``None`` counts the whole past
    unit_tables         working week of a state, by state; ``default_table`` for states not named
    month_credit        days that credit a whole calendar month, by state with such a rule
    rounding            of the aggregates
    """

    compulsory_overlap: CompulsoryOverlap = "count_once"
    residence: ResidenceRule = "counts"
    refund_policy: RefundPolicy = "repay_to_restore"
    entry_into_force: date | None = None
    count_from: date | None = None
    unit_tables: Mapping[str, UnitTable] = field(default_factory=lambda: _NO_TABLES)
    default_table: UnitTable = SIX_DAY_WEEK
    month_credit: Mapping[str, int] = field(default_factory=lambda: _NONE)
    rounding: Rounding = "up"

    def __post_init__(self) -> None:
        if self.compulsory_overlap not in COMPULSORY_OVERLAPS:
            raise ValueError(f"compulsory_overlap: {unknown_name('policy', str(self.compulsory_overlap), COMPULSORY_OVERLAPS)}")
        if self.residence not in RESIDENCE_RULES:
            raise ValueError(f"residence: {unknown_name('rule', str(self.residence), RESIDENCE_RULES)}")
        for state, days in self.month_credit.items():
            if not 1 <= days <= 31:
                raise ValueError(f"month_credit.{state}: {days} days; allowed: 1 to 31")


@dataclass(frozen=True)
class StateMonths:
    """Months of one state, exact.

    own       counted by this state: numerator of its pro rata
    by_type, by_scheme   the same months by type and by scheme
    outside   voluntary months that coincide with compulsory insurance: paid by this state separately, without pro rata
    yielded   months that coincide with a stronger period or go to another state
    capped    months beyond twelve in a calendar year
    extinguished   months ended by a refund; they are not part of ``gross``
    by_year   own months by calendar year, of periods with a place in time
    """

    state: str
    own: Fraction
    own_rounded: Fraction
    outside: Fraction
    yielded: Fraction
    capped: Fraction
    extinguished: Fraction
    by_type: Mapping[str, Fraction]
    by_scheme: Mapping[str, Fraction]
    by_year: Mapping[int, Fraction]

    @property
    def gross(self) -> Fraction:
        """All months of the state, after national rules and conversion, before overlaps and caps."""
        return self.own + self.outside + self.yielded + self.capped


@dataclass(frozen=True)
class Totals:
    """Outcome of :func:`totalise`; states in alphabetical order."""

    states: Mapping[str, StateMonths]
    total: Fraction
    total_rounded: Fraction
    union: Fraction
    union_rounded: Fraction
    explanation: tuple[str, ...]

    def own(self, state: str) -> Fraction:
        """Own months of a state, zero for one without periods."""
        return self.states[state].own if state in self.states else ZERO

    def other(self, state: str) -> Fraction:
        """Months of the total that are not the state's own."""
        return self.total - self.own(state)


@dataclass(frozen=True)
class _Share:
    """Part of a stretch of time as it touches one state: treatment ``own``, ``outside`` or ``yielded``."""

    state: str
    type: str
    scheme: str
    treatment: str
    months: Fraction


def totalise(periods: Sequence[Period], rules: PeriodRules | None = None) -> Totals:
    """Months by state and in total under ``rules`` (default :class:`PeriodRules`).

    Raises :class:`~actuarial.provisions.periods.PeriodError` for impossible periods, before anything is computed.

    >>> from actuarial.provisions.periods import counted, dated
    >>> result = totalise([dated("A", "2010-01", "2014-12"), dated("B", "2014-01", "2015-12", "voluntary")])
    >>> result.total, result.own("B"), result.states["B"].outside
    (Fraction(72, 1), Fraction(12, 1), Fraction(12, 1))
    """
    rules = PeriodRules() if rules is None else rules
    require_valid(periods)
    kept, notes = _admitted(periods, rules)
    ledger = build_ledger(kept, unit_tables=rules.unit_tables, default_table=rules.default_table, month_credit=rules.month_credit)
    shares: list[_Share] = []
    by_year: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    events: list[Event] = []
    union = total = ZERO
    reference = _Reference.of(ledger.claims)
    for start, end, claims in _stretches(ledger.claims):
        parts, happened = _resolve(start, end, claims, reference, rules.compulsory_overlap)
        shares += parts
        events += happened
        own = [p for p in parts if p.treatment == "own"]
        for year, months in _years(start, end):
            for part in own:
                by_year[part.state, year] += months * part.months / (end - start)
        union += end - start
        total += sum((p.months for p in own), ZERO) if rules.compulsory_overlap == "each_pays_own" else end - start
    loose = sum(ledger.untimed.values(), ZERO)
    shares += [_Share(state, kind, scheme, "own", months) for (state, kind, scheme), months in ledger.untimed.items()]
    states = _by_state(periods, shares, by_year, ledger, rules)
    total, union = total + loose, union + loose
    summary = _summary(states, total, union, rules)
    return Totals(
        states=states,
        total=total,
        total_rounded=round_units(total, rules.rounding),
        union=union,
        union_rounded=round_units(union, rules.rounding),
        explanation=(*notes, *ledger.notes, *_untimed_note(ledger), *told(events), *summary),
    )


def _admitted(periods: Sequence[Period], rules: PeriodRules) -> tuple[list[Period], list[str]]:
    """Periods left after refunds, entry into force and the rule on residence, with a line for each rule that took some."""
    standing = standing_periods(periods, rules.refund_policy, rules.entry_into_force)
    notes = []
    refunded = sum(p.refunded is not None for p in periods)
    if refunded:
        lost = len(periods) - len(standing)
        notes.append(f"Refunded periods: {lost} extinguished, {refunded - lost} standing (refund policy '{rules.refund_policy}').")
    if rules.count_from is not None:
        standing = periods_from(standing, rules.count_from)
        notes.append(f"Only periods from {rules.count_from} on count (the instrument has no retroactive periods).")
    kept = []
    residence = sorted({p.state for p in standing if p.type == "residence"})
    for period in standing:
        if period.type != "residence" or rules.residence == "counts":
            kept.append(period)
        elif rules.residence == "assimilated":
            kept.append(replace(period, type="assimilated"))
    if residence and rules.residence != "counts":
        done = "treated as insurance credited without contributions" if rules.residence == "assimilated" else "not counted"
        notes.append(f"Residence in {', '.join(residence)} is {done} (rule on residence '{rules.residence}').")
    return kept, notes


def _stretches(claims: Sequence[Claim]) -> Iterable[tuple[Fraction, Fraction, list[Claim]]]:
    """Cut the month line where a claim begins or ends; yield each covered stretch with its claims."""
    points = sorted({p for c in claims for p in (c.start, c.end)})
    waiting = sorted(claims, reverse=True)
    running: list[Claim] = []
    for start, end in zip(points, points[1:], strict=False):
        running = [c for c in running if c.end > start]
        while waiting and waiting[-1].start <= start:
            running.append(waiting.pop())
        if running:
            yield start, end, sorted(running)


def _years(start: Fraction, end: Fraction) -> Iterable[tuple[int, Fraction]]:
    """Months of a stretch in each calendar year."""
    while start < end:
        year = int(start // MONTHS_PER_YEAR)
        until = min(end, Fraction(MONTHS_PER_YEAR * (year + 1)))
        yield year, until - start
        start = until


@dataclass(frozen=True)
class _Reference:
    """Facts of the whole career that rules 4 and 6 look at."""

    compulsory: Mapping[str, tuple[tuple[Fraction, Fraction], ...]]
    began: Mapping[str, Fraction]

    @staticmethod
    def of(claims: Sequence[Claim]) -> _Reference:
        compulsory: dict[str, list[tuple[Fraction, Fraction]]] = defaultdict(list)
        began: dict[str, Fraction] = {}
        for claim in claims:
            if claim.type == "compulsory":
                compulsory[claim.state].append((claim.start, claim.end))
            if claim.type != "assimilated":
                began[claim.state] = min(claim.start, began.get(claim.state, claim.start))
        return _Reference({s: tuple(v) for s, v in compulsory.items()}, began)

    def nearest_compulsory(self, states: Sequence[str], start: Fraction, end: Fraction) -> tuple[str, ...]:
        """States of the last compulsory insurance before ``start``, else of the first after ``end``; all of them where none has any."""
        before = {s: max(ends) for s in states if (ends := [e for _, e in self.compulsory.get(s, ()) if e <= start])}
        if before:
            return tuple(s for s in states if before.get(s) == max(before.values()))
        after = {s: min(starts) for s in states if (starts := [b for b, _ in self.compulsory.get(s, ()) if b >= end])}
        if after:
            return tuple(s for s in states if after.get(s) == min(after.values()))
        return tuple(states)

    def first_insured(self, states: Sequence[str]) -> tuple[str, ...]:
        """States among ``states`` where real insurance began first; all of them where none has any."""
        known = {s: self.began[s] for s in states if s in self.began}
        return tuple(s for s in states if known.get(s) == min(known.values())) if known else tuple(states)


def _resolve(
    start: Fraction, end: Fraction, claims: Sequence[Claim], reference: _Reference, policy: CompulsoryOverlap
) -> tuple[list[_Share], list[Event]]:
    """Shares of the states in one stretch, by rules 1 to 6, and the rules that were applied."""
    length = end - start
    strongest: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        strongest.setdefault((claim.state, claim.type), claim)
    top = min((kind for _, kind in strongest), key=RANK.__getitem__)
    holders = sorted(state for state, kind in strongest if kind == top)
    placed = any(c.placed for c in claims)
    shares: list[_Share] = []
    events: list[Event] = []

    def tell(rule: str, state: str, others: Sequence[str], kind: str) -> None:
        events.append(Event(rule, state, tuple(others), kind, start, end, placed))

    for (state, kind), claim in sorted(strongest.items()):
        if kind != top:
            treatment = "outside" if (kind, top) == ("voluntary", "compulsory") else "yielded"
            shares.append(_Share(state, kind, claim.scheme, treatment, length))
            tell(f"{treatment}:{top}", state, holders, kind)
    takers = holders
    if top == "assimilated" and len(holders) > 1:
        takers = list(reference.nearest_compulsory(holders, start, end))
        if len(takers) < len(holders):
            tell("assimilated", ", ".join(takers), holders, top)
    if len(takers) > 1:
        tell(policy, ", ".join(takers), takers, top)
        if policy == "first_insured":
            takers = list(reference.first_insured(takers))
    divisor = len(takers) if policy in ("split", "first_insured") else 1
    for state in holders:
        claim = strongest[state, top]
        own = length / divisor if state in takers else ZERO
        if own:
            shares.append(_Share(state, top, claim.scheme, "own", own))
        if own < length:
            shares.append(_Share(state, top, claim.scheme, "yielded", length - own))
    return shares, events


def _by_state(
    periods: Sequence[Period], shares: Sequence[_Share], by_year: Mapping[tuple[str, int], Fraction], ledger: Ledger, rules: PeriodRules
) -> dict[str, StateMonths]:
    extinguished: dict[str, Fraction] = defaultdict(Fraction)
    for period in extinguished_periods(periods, rules.refund_policy, rules.entry_into_force):
        extinguished[period.state] += _length(period, rules)
    states = {}
    for state in sorted({p.state for p in periods}):
        mine = [s for s in shares if s.state == state]
        own = _sum(mine, "own")
        states[state] = StateMonths(
            state=state,
            own=own,
            own_rounded=round_units(own, rules.rounding),
            outside=_sum(mine, "outside"),
            yielded=_sum(mine, "yielded"),
            capped=ledger.capped.get(state, ZERO),
            extinguished=extinguished.get(state, ZERO),
            by_type={kind: _sum([s for s in mine if s.type == kind], "own") for kind in RANK if any(s.type == kind for s in mine)},
            by_scheme={name: _sum([s for s in mine if s.scheme == name], "own") for name in sorted({s.scheme for s in mine})},
            by_year={year: months for (who, year), months in sorted(by_year.items()) if who == state},
        )
    return states


def _length(period: Period, rules: PeriodRules) -> Fraction:
    """Months of one period taken by itself."""
    if period.amount is None or period.unit is None:
        start, end = period.span
        return end - start
    return convert(period.amount, period.unit, "months", rules.unit_tables.get(period.state, rules.default_table))


def _sum(shares: Sequence[_Share], treatment: str) -> Fraction:
    return sum((s.months for s in shares if s.treatment == treatment), ZERO)


def _untimed_note(ledger: Ledger) -> list[str]:
    states = sorted({state for state, _, _ in ledger.untimed})
    return [f"Counted periods without a year in {', '.join(states)} are assumed not to overlap with anything."] if states else []


def _summary(states: Mapping[str, StateMonths], total: Fraction, union: Fraction, rules: PeriodRules) -> list[str]:
    rounded = "" if rules.rounding == "none" else f", {round_units(total, rules.rounding)} after rounding {rules.rounding} once on the aggregate"
    own = ", ".join(f"{name} {amount_text(item.own)}" for name, item in states.items())
    lines = [f"Own months: {own or 'none'}. Total: {amount_text(total)} months{rounded}."]
    if total != union:
        lines.append(f"For qualifying periods the same months count once: {amount_text(union)}.")
    return lines


def unity_of_career(own: Fraction | int, other: Fraction | int, longest: Fraction | int) -> Fraction:
    """Own periods a state counts when a whole career may not exceed ``longest``: what the other states leave, at most the own periods.

    A national rule against overlapping careers (Belgium: 45 years), applied to the amount, not to the right.

    >>> unity_of_career(45, 8, 45)
    Fraction(37, 1)
    """
    return max(ZERO, min(Fraction(own), Fraction(longest) - Fraction(other)))
