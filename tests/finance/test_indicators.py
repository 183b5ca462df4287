"""PAYG, GAP over N years and in perpetuity, reserve ratios, key dates, actuarial balance; the SSF cases are in test_published."""

from __future__ import annotations

import math
from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.finance.indicators import (
    Tail,
    actuarial_balance,
    asset_expenditure_ratio,
    discount_factors,
    general_average_premium,
    key_dates,
    payg_components,
    payg_cost_rate,
    perpetual_average_premium,
    present_value,
    reserve_ratio,
    reserve_ratios,
    year_end_factors,
)
from actuarial.finance.reserve import Reserve, roll_forward
from actuarial.finance.yearly import yearly_series
from actuarial.validation.published import published

from .series import Finances, finances


def grown(first: float, rate: float, years: int) -> np.ndarray:
    return first * (1.0 + rate) ** np.arange(years)


def test_discount_factors_by_hand() -> None:
    returns = np.array([0.21, 0.44])
    assert discount_factors(returns) == pytest.approx([1 / 1.1, 1 / (1.21 * 1.2)])
    assert year_end_factors(returns) == pytest.approx([1 / 1.21, 1 / (1.21 * 1.44)])
    assert present_value(np.array([11.0, 14.52]), returns) == pytest.approx(20.0)


def test_payg_is_dependency_times_benefit_ratio() -> None:
    x, s, p, a = np.array([30.0]), np.array([400.0]), np.array([5.0]), np.array([20.0])
    parts = payg_components(x, s, p, a)
    assert parts.dependency_ratio == pytest.approx([0.25])
    assert parts.benefit_ratio == pytest.approx([0.30])
    assert payg_cost_rate(x, s) == pytest.approx(parts.dependency_ratio * parts.benefit_ratio)
    assert payg_cost_rate(x, np.zeros(1)) == [0.0]


@pytest.mark.parametrize("position", [1, 2, 3])
def test_payg_components_need_people_and_earnings(position: int) -> None:
    series = [np.array([1.0, 2.0]) for _ in range(4)]
    series[position][1] = 0.0
    with pytest.raises(ValueError, match=("", "insurable earnings", "pensioners", "contributors")[position]):
        payg_components(*series)


# General average premium ------------------------------------------------------------------------------------------------------------------------


def test_no_earnings_have_no_average_premium() -> None:
    assert math.isnan(general_average_premium(np.ones(25), np.zeros(25), 0.0, np.full(25, 0.06)))


@given(finances())
def test_gap_leaves_nothing(case: Finances) -> None:
    x, s, reserve, j = case
    rate = general_average_premium(x, s, reserve, j)
    fund = roll_forward(reserve, rate * s, x, j)
    assert fund.closing[-1] * year_end_factors(j)[-1] == pytest.approx(0.0, abs=1e-9 * (abs(reserve) + x.sum() + abs(rate) * s.sum()))


@given(finances(), st.floats(0.0, 5.0, allow_subnormal=False))
def test_gap_is_linear_in_expenditure_and_reserve(case: Finances, factor: float) -> None:
    x, s, reserve, j = case
    whole = general_average_premium(factor * x, s, factor * reserve, j)
    assert whole == pytest.approx(factor * general_average_premium(x, s, reserve, j), rel=1e-9, abs=1e-12)
    apart = general_average_premium(x, s, 0.0, j) - reserve / present_value(s, j)
    assert general_average_premium(x, s, reserve, j) == pytest.approx(apart, rel=1e-9, abs=1e-9)


def test_tail_is_the_limit_of_long_projections_also_when_its_return_differs() -> None:
    s, x, j = np.array([100.0, 120.0]), np.array([10.0, 15.0]), np.array([0.10, 0.02])
    long_s, long_x = np.append(s, grown(120.0 * 1.03, 0.03, 1500)), np.append(x, grown(15.0 * 1.01, 0.01, 1500))
    expected = general_average_premium(long_x, long_s, 7.0, np.append(j, np.full(1500, 0.08)))
    assert perpetual_average_premium(x, s, 7.0, j, Tail(0.08, 0.01, 0.03)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("tail", "what"),
    [
        (Tail(0.05, 0.05, 0.04), "expenditure grows by 0.05"),
        (Tail(0.05, 0.06, 0.04), "expenditure grows by 0.06"),
        (Tail(0.05, 0.04, 0.05), "insurable earnings grows by 0.05"),
    ],
)
def test_perpetuity_is_refused_where_the_return_does_not_exceed_growth(tail: Tail, what: str) -> None:
    with pytest.raises(ValueError, match=f"{what} a year after the projection and the return is 0.05.*must exceed the growth"):
        perpetual_average_premium(np.ones(3), np.ones(3), 0.0, np.full(3, 0.05), tail)
    assert perpetual_average_premium(np.ones(3), np.ones(3), 0.0, np.full(3, 0.05), Tail(0.05, 0.0499, 0.0499)) == pytest.approx(1.0)


def test_perpetuity_refuses_impossible_growth_and_no_earnings() -> None:
    with pytest.raises(ValueError, match="expenditure cannot fall by 100%"):
        perpetual_average_premium(np.ones(3), np.ones(3), 0.0, np.full(3, 0.05), Tail(0.05, -1.0, 0.0))
    with pytest.raises(ValueError, match="present value of insurable earnings must be positive"):
        perpetual_average_premium(np.ones(3), np.zeros(3), 0.0, np.full(3, 0.05), Tail(0.05, 0.0, 0.0))
    with pytest.raises(ValueError, match="must exceed -1"):
        perpetual_average_premium(np.ones(2), np.ones(2), 0.0, np.array([0.05, -1.0]), Tail(0.05, 0.0, 0.0))


# Ratios and dates -------------------------------------------------------------------------------------------------------------------------------


def test_reserve_ratios_are_two_and_labelled() -> None:
    fund = roll_forward(100.0, np.array([10.0, 10.0, 10.0]), np.array([20.0, 40.0, 50.0]), np.zeros(3))
    opening, closing = reserve_ratios(fund, np.array([20.0, 40.0, 50.0]))
    assert opening.values == pytest.approx([5.0, 2.25, 1.2])
    assert closing.values == pytest.approx([2.25, 1.2, math.nan], nan_ok=True)
    assert (opening.name, closing.name) == ("trust fund ratio", "asset/expenditure ratio")
    assert "1 January" in opening.definition
    assert "31 December" in closing.definition


def test_reserve_ratios_without_expenditure() -> None:
    x = np.array([0.0, 4.0, 0.0])
    assert reserve_ratio(np.array([8.0, 8.0, 8.0]), x) == pytest.approx([math.nan, 2.0, math.nan], nan_ok=True)
    assert asset_expenditure_ratio(np.array([8.0, 8.0, 8.0]), x) == pytest.approx([2.0, math.nan, math.nan], nan_ok=True)


def test_small_units_of_money_change_no_ratio() -> None:
    x, s, fund = np.array([0.2, 0.1]), np.array([0.5, 0.4]), np.array([0.6, 0.3])
    assert payg_cost_rate(x, s) == pytest.approx([0.4, 0.25])
    assert reserve_ratio(fund, x) == pytest.approx([3.0, 3.0])
    assert asset_expenditure_ratio(fund, x)[0] == pytest.approx(6.0)
    assert general_average_premium(x, s, 0.0, np.zeros(2)) == pytest.approx(0.3 / 0.9)


def test_key_dates_are_calendar_years() -> None:
    c, x = grown(100.0, 0.07, 20), grown(150.0, 0.09, 20)
    fund = roll_forward(1000.0, c, x, np.full(20, 0.06))
    wanted = published("SSF-ROLL").expected["key dates"]
    assert astuple(key_dates(c, x, fund, 2026)) == tuple(2025 + year for year in wanted)


def test_equality_is_not_yet_an_event() -> None:
    c, x = np.array([10.0, 10.0, 10.0]), np.array([10.0, 10.0, 10.0])
    still = roll_forward(0.0, c, x, np.zeros(3))
    assert astuple(key_dates(c, x, still, 2026)) == (None, None, None)
    covered = Reserve(np.array([50.0]), np.array([2.0]), np.array([50.0]))
    assert astuple(key_dates(np.array([10.0]), np.array([12.0]), covered, 2026)) == (2026, None, None)


@given(finances())
def test_second_date_is_when_the_reserve_falls(case: Finances) -> None:
    x, s, reserve, j = case
    fund = roll_forward(reserve, 0.1 * s, x, j)
    assert (
        astuple(key_dates(0.1 * s, x, fund, 1))[1]
        == key_dates(np.zeros_like(x), -fund.investment_income - 0.1 * s + x, fund, 1).expenditure_exceeds_contributions
    )


# Actuarial balance ------------------------------------------------------------------------------------------------------------------------------


@given(finances(), st.floats(0.0, 0.5, allow_subnormal=False), st.floats(0.0, 500.0, allow_subnormal=False))
def test_raising_the_rate_by_the_balance_ends_at_the_target(case: Finances, rate: float, target: float) -> None:
    x, s, reserve, j = case
    lacking = -actuarial_balance(rate * s, x, s, reserve, j, target).balance
    fund = roll_forward(reserve, (rate + lacking) * s, x, j)
    size = abs(reserve) + x.sum() + (rate + abs(lacking)) * s.sum() + target
    assert fund.closing[-1] * year_end_factors(j)[-1] == pytest.approx(target * year_end_factors(j)[-1], abs=1e-9 * size)


def test_actuarial_balance_needs_earnings() -> None:
    with pytest.raises(ValueError, match="found 0"):
        actuarial_balance(np.ones(2), np.ones(2), np.zeros(2), 0.0, np.zeros(2), 1.0)


# Series -----------------------------------------------------------------------------------------------------------------------------------------


def test_series_are_checked_by_name() -> None:
    with pytest.raises(ValueError, match=r"investment return has 2 years, insurable earnings has 3"):
        yearly_series(insurable_earnings=np.ones(3), investment_return=np.ones(2))
    with pytest.raises(ValueError, match=r"expenditure must be finite; year 2 is not"):
        yearly_series(expenditure=[1.0, math.nan, 2.0])
    for wrong in (np.ones((2, 2)), np.zeros(0), 3.0):
        with pytest.raises(ValueError, match="expenditure must be one number a year"):
            yearly_series(expenditure=wrong)
