"""Units of insurance periods and their conversion, as data and as exact fractions.

1. The state that certifies a period has a working week of five, six or seven days; its table says how many of its days make a week,
   a month, a quarter and at most a calendar year (Regulation (EC) 987/2009, Article 13(1)).
2. Three months = thirteen weeks = one quarter; twelve months = fifty-two weeks = four quarters = one year, whatever the table: weeks and
   months meet on the six-day basis (26 days a month), where the two lines agree.
3. Amounts are added first and converted **once**, on the aggregate; only then is a residual rounded, up to the next whole unit unless the
   policy says otherwise (rounding: recalled). Converting state by state and adding afterwards gives another, usually larger, total.
4. Inside one calendar year a conversion never yields more than a full year, and a full year never shrinks (52 weeks are 264 days of a
   five-day week, not 260).
5. Treaties may be more generous than arithmetic: see :class:`YearCredit` (three months of a year make a year) and :class:`YearValue`
   (a year is worth nine months before a date, twelve from then on).

| week   | hours a day | days a week | days a month | days a quarter | days a year, at most |
|--------|-------------|-------------|--------------|----------------|----------------------|
| 5 days | 9           | 5           | 22           | 66             | 264                  |
| 6 days | 8           | 6           | 26           | 78             | 312                  |
| 7 days | 6           | 7           | 30           | 90             | 360                  |
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, get_args

from actuarial.basis.errors import unknown_name

Unit = Literal["days", "weeks", "months", "quarters", "years"]
UNITS: tuple[str, ...] = get_args(Unit)

Rounding = Literal["up", "down", "nearest", "none"]
ROUNDINGS: tuple[str, ...] = get_args(Rounding)

MONTHS_PER_YEAR = 12
MONTHS_PER_QUARTER = 3
WEEKS_PER_QUARTER = 13
QUARTERS_PER_YEAR = 4
WEEKS_PER_YEAR = 52

_MONTHS_IN: Mapping[str, Fraction] = {
    "weeks": Fraction(MONTHS_PER_QUARTER, WEEKS_PER_QUARTER),
    "months": Fraction(1),
    "quarters": Fraction(MONTHS_PER_QUARTER),
    "years": Fraction(MONTHS_PER_YEAR),
}
"""Months in one unit other than the day."""


@dataclass(frozen=True)
class UnitTable:
    """How one state's working days make up longer units (Regulation (EC) 987/2009, Article 13(1))."""

    name: str
    hours_per_day: int
    days_per_week: int
    days_per_month: int
    days_per_quarter: int
    days_per_year: int


FIVE_DAY_WEEK = UnitTable("5_day", 9, 5, 22, 66, 264)
SIX_DAY_WEEK = UnitTable("6_day", 8, 6, 26, 78, 312)
SEVEN_DAY_WEEK = UnitTable("7_day", 6, 7, 30, 90, 360)
UNIT_TABLES: Mapping[str, UnitTable] = {t.name: t for t in (FIVE_DAY_WEEK, SIX_DAY_WEEK, SEVEN_DAY_WEEK)}


def convert(amount: Fraction | int, unit: str, to: str, table: UnitTable = SIX_DAY_WEEK) -> Fraction:
    """Return ``amount`` in another unit, exactly and unrounded.

    Days use the table of the state that certified them; weeks and longer units need none (rule 2). ``ValueError`` for an unknown unit.

    >>> convert(10, "weeks", "months")
    Fraction(30, 13)
    >>> convert(66, "days", "quarters", FIVE_DAY_WEEK)
    Fraction(1, 1)
    """
    for name in (unit, to):
        if name not in UNITS:
            raise ValueError(unknown_name("unit", str(name), UNITS))
    exact = Fraction(amount)
    if unit == to:
        return exact
    if unit == "days":
        return exact / table.days_per_week if to == "weeks" else exact / table.days_per_month / _MONTHS_IN[to]
    if to == "days":
        return exact * table.days_per_week if unit == "weeks" else exact * _MONTHS_IN[unit] * table.days_per_month
    return exact * _MONTHS_IN[unit] / _MONTHS_IN[to]


def full_year(unit: str, table: UnitTable = SIX_DAY_WEEK) -> Fraction:
    """Units that make one calendar year, the most that a calendar year can hold.

    >>> full_year("days", FIVE_DAY_WEEK), full_year("weeks")
    (Fraction(264, 1), Fraction(52, 1))
    """
    if unit not in UNITS:
        raise ValueError(unknown_name("unit", str(unit), UNITS))
    return Fraction(table.days_per_year) if unit == "days" else MONTHS_PER_YEAR / _MONTHS_IN[unit]


def convert_within_year(amount: Fraction | int, unit: str, to: str, table: UnitTable = SIX_DAY_WEEK) -> Fraction:
    """Convert what was completed in one calendar year: at most a full year, and a full year stays one (rule 4).

    >>> convert_within_year(52, "weeks", "days", FIVE_DAY_WEEK), convert_within_year(53, "weeks", "months")
    (Fraction(264, 1), Fraction(12, 1))
    """
    if Fraction(amount) >= full_year(unit, table):
        return full_year(to, table)
    return min(convert(amount, unit, to, table), full_year(to, table))


def convert_aggregate(amounts: Iterable[tuple[Fraction | int, str]], to: str, table: UnitTable = SIX_DAY_WEEK, rounding: Rounding = "up") -> Fraction:
    """Add the amounts of each unit, convert each sum once, add, and round once at the end (rule 3).

    >>> convert_aggregate([(449, "weeks"), (599, "weeks")], "months")
    Fraction(242, 1)
    """
    by_unit: dict[str, Fraction] = {}
    for amount, unit in amounts:
        by_unit[unit] = by_unit.get(unit, Fraction(0)) + Fraction(amount)
    return round_units(sum((convert(total, unit, to, table) for unit, total in sorted(by_unit.items())), Fraction(0)), rounding)


def round_units(amount: Fraction | int, rounding: Rounding = "up") -> Fraction:
    """Round an aggregate to whole units: ``up`` (the rule), ``down``, ``nearest`` (half up) or ``none``.

    >>> round_units(Fraction(60, 26))
    Fraction(3, 1)
    """
    exact = Fraction(amount)
    if rounding == "up":
        return Fraction(math.ceil(exact))
    if rounding == "down":
        return Fraction(math.floor(exact))
    if rounding == "nearest":
        return Fraction(math.floor(exact + Fraction(1, 2)))
    if rounding == "none":
        return exact
    raise ValueError(unknown_name("rounding", str(rounding), ROUNDINGS))


def days_from_hours(hours: Fraction | int, table: UnitTable) -> Fraction:
    """Working days in a number of hours (first column of the table)."""
    if Fraction(hours) < 0:
        raise ValueError(f"hours: {hours} is negative; allowed is zero or more")
    return Fraction(hours) / table.hours_per_day


def month_is_credited(days: Fraction | int, days_needed: int) -> bool:
    """National month-credit rule: a month counts whole with enough days and not at all below (18 days in Benin and Burkina Faso).

    Applied to each calendar month before anything is converted for a treaty.
    """
    return Fraction(days) >= days_needed


@dataclass(frozen=True)
class YearCredit:
    """Treaty rule: a calendar year with at least ``months_needed`` months of one state is a full year of the other.

    Canada - Saint Lucia, Article VIII: three creditable Saint Lucia months make one year of the Canada Pension Plan.
    """

    months_needed: Fraction | int = 3

    def years(self, months_by_year: Mapping[int, Fraction | int]) -> int:
        """Years credited for the months held in each calendar year."""
        return sum(Fraction(months) >= self.months_needed for months in months_by_year.values())


@dataclass(frozen=True)
class YearValue:
    """Treaty rule: what a calendar year credited in one state is worth elsewhere, by the year it was earned in.

    ``values`` are (first calendar year, units), ascending; a year before the first of them has no value and is refused. Canada - Saint
    Lucia, Article VIII: nine months for 1979, twelve for a year from 1980. United States - Canada: four quarters of coverage a year.
    """

    values: tuple[tuple[int, int], ...]
    maximum_per_year: int = MONTHS_PER_YEAR

    def units(self, years: Iterable[int], already_credited: Mapping[int, int] | None = None) -> int:
        """Units credited for the years, none beyond the maximum of a year together with what it holds already."""
        held = already_credited or {}
        return sum(max(0, min(self._value(year), self.maximum_per_year - held.get(year, 0))) for year in set(years))

    def _value(self, year: int) -> int:
        worth = [units for first, units in self.values if first <= year]
        if not worth:
            raise ValueError(f"year: {year} lies before the first year the treaty values, {self.values[0][0]}")
        return worth[-1]
