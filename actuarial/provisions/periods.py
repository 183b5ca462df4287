"""Insurance periods of one person: what they are, which are impossible, and which still stand after a refund.

The functions of period coordination, in the order in which a case uses them:

| step                            | function                                                                             |
|---------------------------------|--------------------------------------------------------------------------------------|
| 1. write the periods            | ``dated("AAA", "2010-01", "2014-12")``, ``counted("BBB", 40, "months", year=None)``    |
| 2. refuse impossible ones       | ``check_periods(periods)`` (all problems), ``require_valid(periods)`` (raises)          |
| 3. drop what no longer stands   | ``standing_periods(periods, policy, entry)``; ``periods_from(periods, day)``            |
| 4. add them up over the states  | :func:`actuarial.provisions.overlaps.totalise` ``(periods, rules) -> Totals``           |
| 5. units and rounding           | :mod:`actuarial.provisions.period_units`                                             |

``Totals`` holds, per state, ``own`` months (exact ``Fraction``) and ``own_rounded``, and the voluntary months paid ``outside``; over all states
``total`` and ``total_rounded`` (denominator of the pro rata), ``union`` (calendar months covered at least once: test a qualifying period with
it) and ``explanation``, plain-language lines with the rule used. It refuses impossible periods (step 2) and applies the refunds of step 3 itself.

1. A period is *dated* (first and last day, both inclusive) or *counted* (amount and unit), never both. A counted period may name the calendar
   year, or year and month, it was completed in; without them its timing is unknown.
2. Time runs on a line of months: the first of a month is a whole number (12 x year + month - 1), each later day of a month of d days is
   1/d further. A whole calendar month is exactly one month, lengths add up exactly, and nothing is rounded before the end.
3. Types: ``compulsory``, ``voluntary``, ``assimilated`` (credited without contributions: sickness, service, ...), ``residence``.
4. A refund extinguishes the periods it repays; repayment restores them where the law allows it (:func:`standing_periods`).
5. Errors are :class:`PeriodError`, a ``ValueError`` with the field and the number of the period it is about.
"""

from __future__ import annotations

import calendar
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Literal, get_args

from actuarial.basis.errors import unknown_name
from actuarial.provisions.period_units import MONTHS_PER_YEAR, UNITS, Unit, convert

PeriodType = Literal["compulsory", "voluntary", "assimilated", "residence"]
PERIOD_TYPES: tuple[str, ...] = get_args(PeriodType)

Activity = Literal["employment", "self_employment", "special", "none"]
ACTIVITIES: tuple[str, ...] = get_args(Activity)

RefundPolicy = Literal["none", "allowed", "blocked", "repay_to_restore"]
REFUND_POLICIES: tuple[str, ...] = get_args(RefundPolicy)

MOST_PER_YEAR: dict[str, int] = {"days": 366, "weeks": 53, "months": 12, "quarters": 4, "years": 1}
"""More than this in one calendar year is a mistake; days and weeks above the table's full year but below this are capped, not refused."""
MOST_PER_MONTH: dict[str, Fraction] = {
    "days": Fraction(31),
    "weeks": Fraction(31, 7),
    "months": Fraction(1),
    "quarters": Fraction(1, 3),
    "years": Fraction(1, 12),
}


class PeriodError(ValueError):
    """A period that cannot be: ``field`` (name as in :class:`Period`), ``text``, and ``index`` of the period in its list if known."""

    def __init__(self, field: str, text: str, index: int | None = None) -> None:
        super().__init__(f"{field}: {text}" if index is None else f"periods[{index}].{field}: {text}")
        self.field = field
        self.text = text
        self.index = index


@dataclass(frozen=True)
class Period:
    """One period under the legislation of one state; write it with :func:`dated` or :func:`counted`.

    state, scheme    whose legislation; the scheme only labels the months
    type             compulsory | voluntary | assimilated | residence
    start, end       first and last day of a dated period
    amount, unit     of a counted period: how many days, weeks, months, quarters or years
    year, month      calendar year (and month) a counted period lies in, where known
    activity         employment | self_employment | special | none: a label for special schemes
    refunded         day on which the contributions of this period were paid back
    repaid           day on which the refund was returned in full to the scheme

    Raises :class:`PeriodError` naming the field.
    """

    state: str
    type: PeriodType = "compulsory"
    scheme: str = ""
    start: date | None = None
    end: date | None = None
    amount: Fraction | None = None
    unit: Unit | None = None
    year: int | None = None
    month: int | None = None
    activity: Activity = "employment"
    refunded: date | None = None
    repaid: date | None = None

    def __post_init__(self) -> None:
        if not self.state:
            raise PeriodError("state", "is empty; give the code of the state whose legislation applied")
        if self.type not in PERIOD_TYPES:
            raise PeriodError("type", unknown_name("type of period", str(self.type), PERIOD_TYPES))
        if self.activity not in ACTIVITIES:
            raise PeriodError("activity", unknown_name("activity", str(self.activity), ACTIVITIES))
        if self.amount is None:
            self._check_dated()
        else:
            self._check_counted()
        if self.repaid is not None and self.refunded is None:
            raise PeriodError("repaid", f"{self.repaid} without a refund; give refunded, or leave repaid out")
        if self.repaid is not None and self.refunded is not None and self.repaid < self.refunded:
            raise PeriodError("repaid", f"{self.repaid} lies before the refund of {self.refunded}")

    def _check_dated(self) -> None:
        if self.start is None and self.end is None:
            raise PeriodError("start", "is missing; a period is dated (start and end) or counted (amount and unit)")
        if self.start is None or self.end is None:
            missing = "start" if self.start is None else "end"
            raise PeriodError(missing, "is missing; a dated period has a first and a last day")
        if self.unit is not None:
            raise PeriodError("unit", f"'{self.unit}' without an amount; a period is dated or counted, not both")
        if self.year is not None or self.month is not None:
            raise PeriodError("year", "belongs to counted periods; a dated period has its start and end")
        if self.end < self.start:
            raise PeriodError("end", f"{self.end} lies before start {self.start}; the last day cannot precede the first")
        if self.end == date.max:
            raise PeriodError("end", f"{self.end} is the end of the calendar; give the last day of the period")

    def _check_counted(self) -> None:
        assert self.amount is not None
        if self.start is not None or self.end is not None:
            raise PeriodError("amount", "stands beside start or end; a period is dated or counted, not both")
        if self.unit is None:
            raise PeriodError("unit", f"is missing; allowed: {', '.join(UNITS)}")
        if self.unit not in UNITS:
            raise PeriodError("unit", unknown_name("unit", str(self.unit), UNITS))
        if not isinstance(self.amount, Fraction):
            raise PeriodError("amount", f"{self.amount!r} is no exact number; write the period with counted(...)")
        if self.amount < 0:
            raise PeriodError("amount", f"{amount_text(self.amount)} {self.unit} is negative; allowed is zero or more")
        if self.month is not None and self.year is None:
            raise PeriodError("year", "is missing; a month needs its year")
        if self.month is not None and not 1 <= self.month <= MONTHS_PER_YEAR:
            raise PeriodError("month", f"{self.month} is no month; allowed: 1 to 12")
        if self.year is not None and not date.min.year <= self.year < date.max.year:
            raise PeriodError("year", f"{self.year} is no calendar year")
        if self.month is not None and self.amount > MOST_PER_MONTH[self.unit]:
            raise PeriodError("amount", f"{amount_text(self.amount)} {self.unit} in the one month {self.year}-{self.month:02d}")
        if self.year is not None and self.amount > MOST_PER_YEAR[self.unit]:
            most = f"allowed is at most {MOST_PER_YEAR[self.unit]} (twelve months)"
            raise PeriodError("amount", f"{amount_text(self.amount)} {self.unit} in the one year {self.year}; {most}")

    @property
    def is_dated(self) -> bool:
        """Whether first and last day are known."""
        return self.start is not None

    @property
    def span(self) -> tuple[Fraction, Fraction]:
        """Beginning and end on the month line: of the period if dated, else of the year or month it lies in.

        ``ValueError`` for a counted period of unknown timing.
        """
        if self.start is not None and self.end is not None:
            return month_point(self.start), month_point(self.end + timedelta(days=1))
        if self.year is None:
            raise ValueError("the timing of a counted period without year is unknown")
        first = Fraction(MONTHS_PER_YEAR * self.year)
        return (first, first + MONTHS_PER_YEAR) if self.month is None else (first + self.month - 1, first + self.month)


def dated(
    state: str,
    start: date | str,
    end: date | str,
    type: PeriodType = "compulsory",
    *,
    scheme: str = "",  # noqa: A002 - the statutory word
    activity: Activity = "employment",
    refunded: date | None = None,
    repaid: date | None = None,
) -> Period:
    """Period from the first to the last day; text is ``YYYY-MM-DD``, or ``YYYY-MM`` for the first (start) or last (end) of a month.

    >>> dated("AAA", "2010-01", "2014-12").end
    datetime.date(2014, 12, 31)
    """
    return Period(
        state=state,
        type=type,
        scheme=scheme,
        start=_day("start", start, last=False),
        end=_day("end", end, last=True),
        activity=activity,
        refunded=refunded,
        repaid=repaid,
    )


def counted(
    state: str,
    amount: Fraction | int | float | Decimal | str,
    unit: Unit,
    type: PeriodType = "compulsory",
    *,
    scheme: str = "",  # noqa: A002
    year: int | None = None,
    month: int | None = None,
    activity: Activity = "employment",
    refunded: date | None = None,
    repaid: date | None = None,
) -> Period:
    """Period of so many units; a decimal amount is taken as written (2.5 is 5/2), text may be a fraction (``"60/26"``).

    >>> counted("BBB", 2.5, "months").amount
    Fraction(5, 2)
    """
    return Period(
        state=state,
        type=type,
        scheme=scheme,
        amount=_exact(amount),
        unit=unit,
        year=year,
        month=month,
        activity=activity,
        refunded=refunded,
        repaid=repaid,
    )


def _day(field: str, value: date | str, *, last: bool) -> date:
    if isinstance(value, date):
        return value
    text = str(value)
    try:
        if len(text) == len("YYYY-MM"):
            year, month = (int(part) for part in text.split("-"))
            return date(year, month, calendar.monthrange(year, month)[1] if last else 1)
        return date.fromisoformat(text)
    except ValueError as error:
        raise PeriodError(field, f"'{text}' is no date; write YYYY-MM-DD or YYYY-MM") from error


def _exact(amount: Fraction | int | float | Decimal | str) -> Fraction:
    try:
        return Fraction(str(amount)) if isinstance(amount, float | str) else Fraction(amount)
    except (ValueError, OverflowError, ZeroDivisionError) as error:
        raise PeriodError("amount", f"'{amount}' is no number") from error


def month_point(day: date) -> Fraction:
    """Place of the beginning of a day on the month line (rule 2).

    >>> month_point(date(2026, 1, 1)), month_point(date(2026, 2, 15)) - month_point(date(2026, 2, 1))
    (Fraction(24312, 1), Fraction(1, 2))
    """
    return MONTHS_PER_YEAR * day.year + day.month - 1 + Fraction(day.day - 1, calendar.monthrange(day.year, day.month)[1])


def day_of_point(point: Fraction) -> date:
    """Day that contains a point of the month line; inverse of :func:`month_point` for beginnings of days."""
    whole = math.floor(point)
    year, month = divmod(whole, MONTHS_PER_YEAR)
    days = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, 1 + math.floor((point - whole) * days))


def amount_text(amount: Fraction) -> str:
    """Number as people read it: whole, or with at most two decimals."""
    return str(amount) if amount.denominator == 1 else f"{float(amount):.2f}"


def check_periods(periods: Sequence[Period]) -> tuple[PeriodError, ...]:
    """Return every problem between periods: the same type twice at one time in one state, and more than twelve months in one year.

    What is wrong with a period by itself is refused when it is written. Days and weeks above the full year of their table are not a
    problem; they are capped when they are converted.
    """
    return (*_double_dates(periods), *_crowded_years(periods))


def require_valid(periods: Sequence[Period]) -> None:
    """Raise the first problem of :func:`check_periods`, its text listing the others too."""
    problems = check_periods(periods)
    if problems:
        first = problems[0]
        raise PeriodError(first.field, "; ".join([first.text, *map(str, problems[1:])]), first.index)


def _double_dates(periods: Sequence[Period]) -> list[PeriodError]:
    groups: dict[tuple[str, str], list[tuple[date, date, int]]] = defaultdict(list)
    for index, period in enumerate(periods):
        if period.start is not None and period.end is not None:
            groups[period.state, period.type].append((period.start, period.end, index))
    problems = []
    for (state, kind), spans in sorted(groups.items()):
        spans.sort()
        last_end, last_index = spans[0][1], spans[0][2]
        for start, end, index in spans[1:]:
            if start <= last_end:
                text = f"{start} lies inside periods[{last_index}], {kind} in {state} until {last_end}; give each {kind} period of a state once"
                problems.append(PeriodError("start", text, index))
            if end > last_end:
                last_end, last_index = end, index
    return problems


def _crowded_years(periods: Sequence[Period]) -> list[PeriodError]:
    """Years in which dated months and counted months, quarters and years of one state and type exceed twelve months."""
    months: dict[tuple[str, str, int], Fraction] = defaultdict(Fraction)
    where: dict[tuple[str, str, int], int] = {}
    key: tuple[str, str, int]
    for index, period in enumerate(periods):
        if period.amount is not None and period.year is not None and period.unit in ("months", "quarters", "years"):
            key = (period.state, period.type, period.year)
            months[key] += convert(period.amount, period.unit, "months")
            where[key] = index
    for key in list(months):
        state, kind, year = key
        first = Fraction(MONTHS_PER_YEAR * year)
        for period in periods:
            if period.is_dated and (period.state, period.type) == (state, kind):
                start, end = period.span
                months[key] += max(Fraction(0), min(end, first + MONTHS_PER_YEAR) - max(start, first))
    return [
        PeriodError(
            "amount", f"{kind} periods in {state} add up to {amount_text(total)} months in {year}; allowed is at most 12", where[state, kind, year]
        )
        for (state, kind, year), total in sorted(months.items())
        if total > MONTHS_PER_YEAR
    ]


def standing_periods(periods: Iterable[Period], policy: RefundPolicy = "repay_to_restore", entry: date | None = None) -> tuple[Period, ...]:
    """Periods that still count after refunds; those that do are returned without the marks of refund and repayment.

    ============================  =====================================================================================
    ``none``                      the schemes pay no refunds: a period marked as refunded is a contradiction (``PeriodError``)
    ``allowed``                   a refund extinguishes the period for good, repaid or not
    ``blocked``                   a refund from ``entry`` (entry into force) on is void and the period stands; an earlier one extinguishes it
                                  unless it was repaid
    ``repay_to_restore``          a refund extinguishes the period until it is repaid in full
    ============================  =====================================================================================
    """
    if policy not in REFUND_POLICIES:
        raise ValueError(unknown_name("refund policy", str(policy), REFUND_POLICIES))
    if policy == "blocked" and entry is None:
        raise ValueError("entry: the policy 'blocked' needs the day of entry into force")
    return tuple(replace(p, refunded=None, repaid=None) for i, p in enumerate(periods) if _stands(i, p, policy, entry))


def extinguished_periods(periods: Iterable[Period], policy: RefundPolicy = "repay_to_restore", entry: date | None = None) -> tuple[Period, ...]:
    """The others: periods that a refund has ended (arguments as in :func:`standing_periods`)."""
    return tuple(p for i, p in enumerate(periods) if not _stands(i, p, policy, entry))


def _stands(index: int, period: Period, policy: RefundPolicy, entry: date | None) -> bool:
    if period.refunded is None:
        return True
    if policy == "none":
        text = f"{period.refunded}, but the refund policy is 'none'; allowed with: {', '.join(REFUND_POLICIES[1:])}"
        raise PeriodError("refunded", text, index)
    if policy == "blocked" and entry is not None and period.refunded >= entry:
        return True
    return period.repaid is not None and policy in ("blocked", "repay_to_restore")


def refund_of_contributions(monthly_wage: Fraction | float, months: Fraction | float, employee_rate: Fraction | float) -> float:
    """Nominal refund of a worker's own contributions: wage x months x rate, without interest."""
    if monthly_wage < 0 or months < 0 or employee_rate < 0:
        raise ValueError("monthly_wage, months and employee_rate cannot be negative")
    return float(monthly_wage) * float(months) * float(employee_rate)


def periods_from(periods: Iterable[Period], day: date) -> tuple[Period, ...]:
    """Periods, or their parts, from ``day`` on: for an instrument that counts nothing before its entry into force.

    A counted period is kept whole when its year (or month) begins on or after the day and dropped when it ends before. ``PeriodError`` when
    that cannot be told: unknown timing, or a counted year that the day cuts.
    """
    kept = []
    for index, period in enumerate(periods):
        if period.start is not None and period.end is not None:
            if period.end >= day:
                kept.append(replace(period, start=max(period.start, day)))
            continue
        if period.year is None:
            raise PeriodError("year", f"is missing; only periods from {day} on count, so the timing must be known", index)
        start, end = period.span
        if start >= month_point(day):
            kept.append(period)
        elif end > month_point(day):
            raise PeriodError("year", f"{period.year} is cut by {day}; give dates, or the month, so that the part that counts is known", index)
    return tuple(kept)
