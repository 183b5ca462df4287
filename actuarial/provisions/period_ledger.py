"""The ledger of one person's periods: everything with a place in time on one line of months, the rest as plain amounts.

Order of processing:

1. **Month credit.** Where a state credits whole calendar months from a number of days (18 in Benin), its insured days of each month and type
   are counted first: the month is credited whole or not at all. A national rule, so it comes before any conversion. Calendar days are
   counted for dated periods, days of the state's week for counted ones; counted periods without a month are taken as certified after it.
2. **Conversion.** Counted periods are added by state, scheme, type and unit and converted to months once, on the aggregate; those of a named
   calendar year are converted per year and never exceed twelve months.
3. **Placing.** A counted period of a named year or month is laid where its year is least occupied: what cannot be dated is assumed not to
   overlap as far as the year has room, and what the year has no room for does overlap (Regulation (EC) 987/2009, Article 12, recalled). It is
   never laid on time that the same state already counts for the same type; what then does not fit is capped.
4. Counted periods of unknown year stay amounts and overlap with nothing.

The result does not depend on the order in which periods are written.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from actuarial.provisions.period_units import MONTHS_PER_YEAR, SIX_DAY_WEEK, UnitTable, convert, convert_within_year, month_is_credited
from actuarial.provisions.periods import Period, amount_text

RANK: Mapping[str, int] = {"compulsory": 0, "voluntary": 1, "residence": 2, "assimilated": 3}
"""Which type counts when two coincide: the lower number. Compulsory before voluntary, real before assimilated; that insurance goes before
residence is assumed (the text of Article 12 could be read in part only)."""

ZERO = Fraction(0)


@dataclass(frozen=True, order=True)
class Claim:
    """A stretch of the month line that one state counts under one type; ``placed`` when its dates are not known but laid by rule 3."""

    start: Fraction
    end: Fraction
    state: str
    type: str
    scheme: str
    placed: bool

    @property
    def months(self) -> Fraction:
        """Length."""
        return self.end - self.start


@dataclass(frozen=True)
class Ledger:
    """Claims in time; months without a place in time by (state, type, scheme); months capped by state; what was done, in words."""

    claims: tuple[Claim, ...]
    untimed: Mapping[tuple[str, str, str], Fraction]
    capped: Mapping[str, Fraction]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Floating:
    """Months completed at unknown dates inside a window of the month line."""

    window: tuple[Fraction, Fraction]
    state: str
    type: str
    scheme: str
    months: Fraction

    @property
    def order(self) -> tuple[Fraction, Fraction, int, Fraction, str, str]:
        """Months before years, stronger types before weaker, longer before shorter."""
        start, end = self.window
        return (end - start, start, RANK[self.type], -self.months, self.state, self.scheme)


def build_ledger(
    periods: Sequence[Period],
    *,
    unit_tables: Mapping[str, UnitTable],
    default_table: UnitTable = SIX_DAY_WEEK,
    month_credit: Mapping[str, int],
) -> Ledger:
    """Ledger of valid, standing periods.

    ``unit_tables`` gives the table of a state's working week (``default_table`` for the others), ``month_credit`` the days that credit a
    calendar month in a state with such a rule.
    """
    credited = [p for p in periods if _by_month_credit(p, month_credit)]
    others = [p for p in periods if not _by_month_credit(p, month_credit)]
    claims, notes = _credited_months(credited, month_credit, unit_tables, default_table)
    claims += [Claim(*p.span, p.state, p.type, p.scheme, placed=False) for p in others if p.is_dated]
    floating, untimed, conversions, capped = _converted([p for p in others if not p.is_dated], unit_tables, default_table)
    for item in sorted(floating, key=lambda f: f.order):
        laid = _place(item, claims)
        claims += laid
        missing = item.months - sum((c.months for c in laid), ZERO)
        if missing:
            capped[item.state] += missing
    notes += conversions
    certified = sorted({p.state for p in others if not p.is_dated and p.state in month_credit and p.type != "residence"})
    notes += [f"{state}: counted periods without a month are taken as certified, after its month-credit rule." for state in certified]
    for state, months in sorted(capped.items()):
        notes.append(f"{state}: {amount_text(months)} months beyond twelve in a calendar year are not counted (calendar-year cap).")
    return Ledger(tuple(sorted(claims)), dict(sorted(untimed.items())), dict(capped), tuple(notes))


def _by_month_credit(period: Period, month_credit: Mapping[str, int]) -> bool:
    return period.state in month_credit and period.type != "residence" and (period.is_dated or period.month is not None)


def _credited_months(
    periods: Sequence[Period], month_credit: Mapping[str, int], tables: Mapping[str, UnitTable], default: UnitTable
) -> tuple[list[Claim], list[str]]:
    """Whole calendar months that the states' own rules credit, as claims, and a note per state and type."""
    days: dict[tuple[str, str, int], dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    for period in periods:
        for month, amount in _days_by_month(period, tables.get(period.state, default)):
            days[period.state, period.type, month][period.scheme] += amount
    claims: list[Claim] = []
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for (state, kind, month), by_scheme in sorted(days.items()):
        whole = month_is_credited(sum(by_scheme.values(), ZERO), month_credit[state])
        counts[state, kind][0 if whole else 1] += 1
        if whole:
            scheme = min(by_scheme, key=lambda name: (-by_scheme[name], name))
            claims.append(Claim(Fraction(month), Fraction(month + 1), state, kind, scheme, placed=False))
    notes = [
        f"{state}: {credited} calendar months of {kind} insurance credited with at least {month_credit[state]} days, {short} not credited "
        "(national rule, before any conversion)."
        for (state, kind), (credited, short) in sorted(counts.items())
    ]
    return _merged(claims), notes


def _days_by_month(period: Period, table: UnitTable) -> Iterable[tuple[int, Fraction]]:
    """Insured days of each calendar month (12 x year + month - 1): calendar days if dated, days of the state's week if counted."""
    if period.amount is not None and period.unit is not None:
        yield int(period.span[0]), convert(period.amount, period.unit, "days", table)
        return
    assert period.start is not None
    assert period.end is not None
    day = period.start
    while day <= period.end:
        length = calendar.monthrange(day.year, day.month)[1]
        last = min(period.end, day.replace(day=length))
        yield MONTHS_PER_YEAR * day.year + day.month - 1, Fraction((last - day).days + 1)
        day = last + timedelta(days=1)


def _merged(claims: Sequence[Claim]) -> list[Claim]:
    """Join claims of one state, type and scheme that touch."""
    joined: list[Claim] = []
    for claim in sorted(claims, key=lambda c: (c.state, c.type, c.scheme, c.start)):
        last = joined[-1] if joined else None
        if last and (last.state, last.type, last.scheme, last.end) == (claim.state, claim.type, claim.scheme, claim.start):
            joined[-1] = Claim(last.start, claim.end, last.state, last.type, last.scheme, last.placed)
        else:
            joined.append(claim)
    return joined


def _converted(
    periods: Sequence[Period], tables: Mapping[str, UnitTable], default: UnitTable
) -> tuple[list[_Floating], dict[tuple[str, str, str], Fraction], list[str], dict[str, Fraction]]:
    """Counted periods as months: floating in a window or untimed, with notes and what the yearly cap took."""
    sums: dict[tuple[str, str, str, str, tuple[Fraction, Fraction] | None], Fraction] = defaultdict(Fraction)
    for period in periods:
        assert period.amount is not None
        assert period.unit is not None
        window = None if period.year is None else period.span
        sums[period.state, period.type, period.scheme, period.unit, window] += period.amount
    timed: dict[tuple[tuple[Fraction, Fraction], str, str, str], Fraction] = defaultdict(Fraction)
    untimed: dict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
    per_unit: dict[tuple[str, str], list[Fraction]] = defaultdict(lambda: [ZERO, ZERO])
    capped: dict[str, Fraction] = defaultdict(Fraction)
    for (state, kind, scheme, unit, window), amount in sums.items():
        table = tables.get(state, default)
        if window is None:
            months = convert(amount, unit, "months", table)
            untimed[state, kind, scheme] += months
        else:
            months = convert_within_year(amount, unit, "months", table)
            timed[window, state, kind, scheme] += months
            capped[state] += max(ZERO, convert(amount, unit, "months", table) - months)
        per_unit[state, unit][0] += amount
        per_unit[state, unit][1] += months
    notes = [
        f"{state}: {amount_text(amount)} {unit} = {amount_text(months)} months, converted once on the aggregate "
        f"({_rule(unit, tables.get(state, default))})."
        for (state, unit), (amount, months) in sorted(per_unit.items())
        if unit != "months" and amount
    ]
    floating = [_Floating(window, state, kind, scheme, months) for (window, state, kind, scheme), months in timed.items() if months]
    return floating, {k: v for k, v in untimed.items() if v}, notes, defaultdict(Fraction, {k: v for k, v in capped.items() if v})


def _rule(unit: str, table: UnitTable) -> str:
    if unit == "days":
        return f"{table.days_per_week}-day week, {table.days_per_month} days a month; Regulation 987/2009, Article 13"
    return {"weeks": "13 weeks = 3 months", "quarters": "a quarter = 3 months", "years": "a year = 12 months"}[unit]


def _place(item: _Floating, claims: Sequence[Claim]) -> list[Claim]:
    """Lay floating months into their window, on the least occupied time first, never on time the state has for the same type."""
    start, end = item.window
    near = [c for c in claims if c.start < end and c.end > start]
    points = sorted({start, end, *(p for c in near for p in (c.start, c.end) if start < p < end)})
    pieces = []
    for left, right in zip(points, points[1:], strict=False):
        over = [c for c in near if c.start <= left and c.end >= right]
        if not any(c.state == item.state and c.type == item.type for c in over):
            pieces.append((len({c.state for c in over}), left, right))
    laid: list[Claim] = []
    rest = item.months
    for _, left, right in sorted(pieces):
        if not rest:
            break
        taken = min(rest, right - left)
        laid.append(Claim(left, left + taken, item.state, item.type, item.scheme, placed=True))
        rest -= taken
    return laid
