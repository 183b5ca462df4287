"""Periods by themselves: conversion, calendar caps, bad input, refunds.

Ids are those of the worked examples of the coordination rules: S17 previdage (Italy-Germany), S27 Citizens Information (Ireland), S28/H19
Canada-Saint Lucia Agreement Article VIII, S29 SSA POMS (United States-Canada), S30/H06 Regulation (EC) 987/2009 Article 13, H21 derived.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.provisions.period_units import (
    FIVE_DAY_WEEK,
    SEVEN_DAY_WEEK,
    SIX_DAY_WEEK,
    UNIT_TABLES,
    UNITS,
    Unit,
    UnitTable,
    YearCredit,
    YearValue,
    convert,
    convert_aggregate,
    convert_within_year,
    days_from_hours,
    full_year,
    month_is_credited,
    round_units,
)
from actuarial.provisions.periods import (
    Period,
    PeriodError,
    check_periods,
    counted,
    dated,
    day_of_point,
    extinguished_periods,
    month_point,
    periods_from,
    refund_of_contributions,
    require_valid,
    standing_periods,
)

TABLES = st.sampled_from(list(UNIT_TABLES.values()))
UNIT = st.sampled_from(UNITS)
AMOUNT = st.fractions(0, 2000, max_denominator=60)
DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))


def test_s30_conversion_table() -> None:
    def row(t: UnitTable) -> list[int]:
        return [t.hours_per_day, t.days_per_week, t.days_per_month, t.days_per_quarter, t.days_per_year]

    assert row(FIVE_DAY_WEEK) == [9, 5, 22, 66, 264]
    assert row(SIX_DAY_WEEK) == [8, 6, 26, 78, 312]
    assert row(SEVEN_DAY_WEEK) == [6, 7, 30, 90, 360]
    assert convert(1, "quarters", "months") == 3
    assert convert(1, "quarters", "weeks") == 13
    assert convert(1, "years", "quarters") == 4
    assert convert(1, "years", "weeks") == 52
    assert convert(1, "years", "months") == 12


@pytest.mark.parametrize("table", UNIT_TABLES.values(), ids=lambda t: t.name)
def test_s30_rows_agree_with_themselves(table: UnitTable) -> None:
    for unit, days in (("weeks", table.days_per_week), ("months", table.days_per_month), ("quarters", table.days_per_quarter)):
        assert convert(1, unit, "days", table) == days
        assert convert(days, "days", unit, table) == 1
    assert full_year("days", table) == table.days_per_year == convert(1, "years", "days", table)


@pytest.mark.parametrize(("weeks", "exact", "rounded"), [(26, Fraction(6), 6), (10, Fraction(60, 26), 3), (52, Fraction(12), 12)])
def test_h06_weeks_to_months(weeks: int, exact: Fraction, rounded: int) -> None:
    assert convert(weeks, "weeks", "months") == exact
    assert convert(convert(weeks, "weeks", "days"), "days", "months") == exact  # through days of the six-day week
    assert convert_aggregate([(weeks, "weeks")], "months") == rounded


def test_s17_weeks_add_up_before_they_are_converted() -> None:
    assert convert_aggregate([(449, "weeks"), (599, "weeks")], "weeks") == 1048 >= 20 * 52
    assert convert_aggregate([(449, "weeks"), (599, "weeks")], "months") == 242
    assert sum(convert_aggregate([(weeks, "weeks")], "months") for weeks in (449, 599)) == 243  # state by state gives another total


def test_s27_half_up_average_and_share() -> None:
    assert [round_units(Fraction(str(x)), "nearest") for x in (9.4, 47.5)] == [9, 48]
    assert Fraction(1040, 2080) == Fraction(1, 2)


def test_s28_h19_saint_lucia() -> None:
    assert YearCredit(3).years({2000: 3}) == 1
    assert YearCredit(3).years({2000: 2, 2001: 12}) == 1
    value = YearValue(((1979, 9), (1980, 12)))
    assert value.units([1979]) == 9
    assert value.units([1983]) == 12
    assert value.units(range(1979, 1985)) == 69
    with pytest.raises(ValueError, match="1978 lies before"):
        value.units([1978])


def test_s29_four_quarters_a_year_none_twice() -> None:
    quarters = YearValue(((1966, 4),), maximum_per_year=4)
    assert quarters.units([2000]) == 4
    assert quarters.units([2000, 2001], already_credited={2000: 3, 2001: 4}) == 1


def test_benin_month_credit_by_days_or_hours() -> None:
    assert month_is_credited(18, 18)
    assert not month_is_credited(17, 18)
    assert month_is_credited(days_from_hours(144, SIX_DAY_WEEK), 18)


def test_a_full_year_does_not_shrink_and_never_grows() -> None:
    assert convert(52, "weeks", "days", FIVE_DAY_WEEK) == 260
    assert convert_within_year(52, "weeks", "days", FIVE_DAY_WEEK) == 264
    assert convert_within_year(53, "weeks", "months") == 12
    assert convert_within_year(366, "days", "months", SEVEN_DAY_WEEK) == 12


@given(amount=AMOUNT, unit=UNIT, to=UNIT, table=TABLES)
def test_calendar_cap_holds_for_every_unit(amount: Fraction, unit: str, to: str, table: UnitTable) -> None:
    got = convert_within_year(amount, unit, to, table)
    assert 0 <= got <= full_year(to, table)
    assert (amount < full_year(unit, table)) or got == full_year(to, table)


@given(amount=AMOUNT, unit=UNIT, to=UNIT, table=TABLES)
def test_conversion_there_and_back(amount: Fraction, unit: str, to: str, table: UnitTable) -> None:
    assert convert(convert(amount, unit, to, table), to, unit, table) == amount


@given(amounts=st.lists(st.tuples(st.integers(0, 500), UNIT), max_size=6), to=UNIT, table=TABLES)
def test_conversion_once_on_the_aggregate_loses_nothing(amounts: list[tuple[int, str]], to: str, table: UnitTable) -> None:
    once = convert_aggregate(amounts, to, table)
    exact = convert_aggregate(amounts, to, table, "none")
    assert once >= exact >= sum(round_units(convert(a, u, to, table), "down") for a, u in amounts)
    assert once - exact < 1
    assert once <= sum(round_units(convert(a, u, to, table), "up") for a, u in amounts)


@given(day=DAYS)
def test_month_line_and_back(day: date) -> None:
    assert day_of_point(month_point(day)) == day


@given(year=st.integers(1950, 2090), month=st.integers(1, 12))
def test_a_calendar_month_is_one_month(year: int, month: int) -> None:
    text = f"{year}-{month:02d}"
    start, end = dated("A", text, text).span
    assert end - start == 1


BAD = [
    (lambda: dated("A", "2014-12", "2010-01"), "end", "lies before start"),
    (lambda: dated("A", "2010-13", "2014-12"), "start", "no date"),
    (lambda: dated("A", "2010-02-30", "2014-12"), "start", "no date"),
    (lambda: dated("", "2010-01", "2010-12"), "state", "is empty"),
    (lambda: dated("A", "2010-01", "2010-12", "compulsry"), "type", "did you mean 'compulsory'"),  # type: ignore[arg-type]
    (lambda: counted("A", 3, "month"), "unit", "did you mean 'months'"),  # type: ignore[arg-type]
    (lambda: counted("A", -3, "months"), "amount", "negative"),
    (lambda: counted("A", "x", "months"), "amount", "no number"),
    (lambda: counted("A", float("nan"), "months"), "amount", "no number"),
    (lambda: counted("A", float("inf"), "months"), "amount", "no number"),
    (lambda: counted("A", 13, "months", year=2010), "amount", "at most 12"),
    (lambda: counted("A", 54, "weeks", year=2010), "amount", "at most 53"),
    (lambda: counted("A", 367, "days", year=2010), "amount", "at most 366"),
    (lambda: counted("A", 5, "quarters", year=2010), "amount", "at most 4"),
    (lambda: counted("A", 2, "years", year=2010), "amount", "at most 1"),
    (lambda: counted("A", 2, "months", year=2010, month=3), "amount", "one month 2010-03"),
    (lambda: counted("A", 1, "months", month=3), "year", "is missing"),
    (lambda: counted("A", 1, "months", year=2010, month=13), "month", "no month"),
    (lambda: counted("A", 1, "months", repaid=date(2010, 1, 1)), "repaid", "without a refund"),
    (lambda: counted("A", 1, "months", refunded=date(2010, 1, 2), repaid=date(2010, 1, 1)), "repaid", "before the refund"),
    (lambda: Period("A"), "start", "is missing"),
    (lambda: Period("A", start=date(2010, 1, 1)), "end", "is missing"),
    (lambda: Period("A", amount=Fraction(1)), "unit", "is missing"),
    (lambda: Period("A", amount=Fraction(1), unit="months", start=date(2010, 1, 1)), "amount", "not both"),
    (lambda: Period("A", unit="months", start=date(2010, 1, 1), end=date(2010, 1, 1)), "unit", "not both"),
    (lambda: Period("A", year=2010, start=date(2010, 1, 1), end=date(2010, 1, 1)), "year", "belongs to counted"),
]


@pytest.mark.parametrize(("write", "field", "words"), BAD, ids=[f"{f}: {w}" for _, f, w in BAD])
def test_impossible_periods_are_refused_by_field(write: object, field: str, words: str) -> None:
    with pytest.raises(PeriodError, match=words) as caught:
        write()  # type: ignore[operator]
    assert caught.value.field == field


def test_the_same_type_twice_in_one_state_is_refused_and_numbered() -> None:
    periods = [dated("B", "2010-01", "2010-06"), dated("A", "2010-01", "2012-12"), dated("A", "2011-01", "2011-06"), dated("A", "2012-12", "2013-01")]
    problems = check_periods(periods)
    assert [(p.index, p.field) for p in problems] == [(2, "start"), (3, "start")]
    with pytest.raises(PeriodError, match=r"periods\[2\].start: 2011-01-01 lies inside periods\[1\].*periods\[3\]"):
        require_valid(periods)


def test_neighbours_and_other_types_or_states_may_stand_together() -> None:
    require_valid([dated("A", "2010-01", "2010-12"), dated("A", "2011-01", "2011-12"), dated("A", "2010-06", "2011-06", "voluntary")])
    require_valid([dated("A", "2010-01", "2010-12"), dated("B", "2010-01", "2010-12")])


def test_more_than_twelve_months_in_a_year_over_several_periods() -> None:
    problems = check_periods([dated("A", "2010-01", "2010-06"), counted("A", 3, "quarters", year=2010), counted("A", 12, "months", year=2011)])
    assert [(p.index, p.field) for p in problems] == [(1, "amount")]
    assert "15 months in 2010" in str(problems[0])


@pytest.mark.parametrize("unit", get_args(Unit))
def test_unknown_units_are_refused_everywhere(unit: str) -> None:
    with pytest.raises(ValueError, match="unknown unit"):
        convert(1, unit, "fortnights")
    with pytest.raises(ValueError, match="unknown unit"):
        convert(1, "fortnights", unit)


REFUNDED = counted("A", 60, "months", refunded=date(2020, 1, 1))
REPAID = counted("A", 60, "months", refunded=date(2020, 1, 1), repaid=date(2024, 1, 1))
NEVER = counted("A", 60, "months")


def test_h21_a_refund_extinguishes_the_periods() -> None:
    assert standing_periods([REFUNDED, counted("B", 120, "months")]) == (counted("B", 120, "months"),)
    assert extinguished_periods([REFUNDED]) == (REFUNDED,)
    assert refund_of_contributions(1000, 60, 0.056) == pytest.approx(3360.0, abs=0.005)
    lost_years = convert(60, "months", "years")
    assert float(lost_years) * 12 * 1000 * 0.0098 == pytest.approx(588.0, abs=0.005)


def test_refund_policies() -> None:
    assert standing_periods([REPAID], "repay_to_restore") == (NEVER,)
    assert standing_periods([REPAID], "allowed") == ()
    assert standing_periods([REFUNDED], "blocked", date(2019, 1, 1)) == (NEVER,)
    assert standing_periods([REFUNDED], "blocked", date(2021, 1, 1)) == ()
    assert standing_periods([REPAID], "blocked", date(2021, 1, 1)) == (NEVER,)
    assert standing_periods([NEVER], "none") == (NEVER,)
    with pytest.raises(PeriodError, match="refund policy is 'none'"):
        standing_periods([REFUNDED], "none")
    with pytest.raises(ValueError, match="needs the day of entry"):
        standing_periods([REFUNDED], "blocked")
    with pytest.raises(ValueError, match="did you mean 'blocked'"):
        standing_periods([REFUNDED], "blockd")  # type: ignore[arg-type]


def test_nothing_before_entry_into_force_where_the_past_does_not_count() -> None:
    day = date(2028, 1, 1)
    assert periods_from([dated("A", "2020-01", "2027-12")], day) == ()
    assert periods_from([dated("A", "2020-01", "2028-03")], day) == (dated("A", "2028-01", "2028-03"),)
    assert periods_from([counted("A", 5, "months", year=2028), counted("A", 5, "months", year=2027)], day) == (counted("A", 5, "months", year=2028),)
    with pytest.raises(PeriodError, match="timing must be known"):
        periods_from([counted("A", 5, "months")], day)
    with pytest.raises(PeriodError, match="cut by"):
        periods_from([counted("A", 5, "months", year=2028)], date(2028, 7, 1))
