"""Entrant, terminal, scaled, level and steady-state rates, and rates solved by linearity: properties; case SSF-SCALED is in test_published."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.finance import premiums
from actuarial.finance.indicators import discount_factors, general_average_premium, present_value
from actuarial.finance.pensions import payment_factors
from actuarial.finance.premiums import (
    award_capital_values,
    entrant_premium,
    level_rate_to_reserve_ratio,
    scaled_premium,
    scaled_premiums,
    solve_linear_rate,
    steady_state_rate,
    terminal_funding_premium,
)
from actuarial.finance.reserve import roll_forward

from .series import Finances, finances, yearly

# Scaled premium ---------------------------------------------------------------------------------------------------------------------------------


def test_scaled_premium_by_hand() -> None:
    """j = 21 %, h = 1.1: year 1 needs (11 - 0.21 x 10) / 110; year 2 (22 + 0.21 x 11 - 0.21 x 12.1) / (110 + 0.21 x 110)."""
    found = scaled_premium(np.array([10.0, 20.0]), np.array([100.0, 100.0]), 10.0, np.full(2, 0.21))
    assert found.required == pytest.approx([8.9 / 110.0, (22.0 + 0.21 * 11.0 - 0.21 * 12.1) / 133.1])
    assert found.rate == found.required[1]
    assert found.binding_year == 2
    assert found.change[1] == pytest.approx(0.0, abs=1e-12)
    assert found.change[0] > 0.0


def test_falling_costs_bind_in_the_first_year() -> None:
    found = scaled_premium(np.array([20.0, 10.0]), np.array([100.0, 100.0]), 0.0, np.zeros(2))
    assert (found.rate, found.binding_year) == (0.2, 1)
    assert found.closing == pytest.approx([0.0, 10.0])


@given(finances(lowest_return=0.0))
def test_scaled_premium_is_the_lowest_rate_without_a_fall(case: Finances) -> None:
    x, s, reserve, j = case
    found = scaled_premium(x, s, reserve, j)
    size = abs(reserve) + x.sum() + abs(found.rate) * s.sum()
    assert (found.change >= -1e-9 * size).all()
    assert found.change[found.binding_year - 1] == pytest.approx(0.0, abs=1e-9 * size)
    lower = roll_forward(reserve, (found.rate - 0.01) * s, x, j)
    assert (lower.closing - lower.opening)[found.binding_year - 1] < 0.0
    # a reserve that does not fall ends at least where it began, so that the rate reaches the level rate to that end
    ends = (present_value(x, j) - reserve + reserve / float(np.prod(1.0 + j))) / present_value(s, j)
    assert found.rate >= ends - 1e-9


@given(finances(longest=12, lowest_return=0.0), st.integers(1, 11))
def test_scaled_premiums_of_successive_intervals(case: Finances, cut: int) -> None:
    x, s, reserve, j = case
    lengths = (cut, len(x) - cut) if cut < len(x) else (len(x),)
    steps = scaled_premiums(x, s, reserve, j, lengths)
    closing = np.concatenate([step.closing for step in steps])
    rates = np.repeat([step.rate for step in steps], lengths)
    fund = roll_forward(reserve, rates * s, x, j)
    size = abs(reserve) + x.sum() + float(np.abs(rates) @ s)
    assert closing == pytest.approx(fund.closing, abs=1e-9 * size)
    assert (np.diff(np.append(reserve, closing)) >= -1e-9 * size).all()
    assert steps[0].rate <= scaled_premium(x, s, reserve, j).rate + 1e-12


def test_scaled_premium_of_amounts_below_the_normal_range() -> None:
    """5e-324 is the smallest number above 0: the rate that covers it is not representable, and nothing can be said but that it is nothing."""
    found = scaled_premium(np.array([5e-324]), np.array([2.0]), 0.0, np.zeros(1))
    assert abs(found.change[0]) < np.finfo(float).tiny


def test_scaled_premiums_need_intervals_that_cover_the_years() -> None:
    x = np.ones(4)
    for lengths in ((), (3,), (5,), (4, 0), (-1, 5)):
        with pytest.raises(ValueError, match="cover 4 years"):
            scaled_premiums(x, x, 0.0, np.zeros(4), lengths)


def test_scaled_premium_is_checked_by_the_roll_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    assert premiums.TOLERANCE <= 1e-9
    monkeypatch.setattr(premiums, "roll_forward", lambda reserve, *flows: roll_forward(reserve, *flows[:-1], flows[-1] - (reserve == 50.0)))
    with pytest.raises(ArithmeticError, match="the reserve falls by"):
        scaled_premium(np.full(2, 10.0), np.full(2, 100.0), 50.0, np.full(2, 0.05))


def test_scaled_premium_needs_something_to_act_on() -> None:
    with pytest.raises(ValueError, match="reserve of year 1"):
        scaled_premium(np.ones(2), np.array([0.0, 1.0]), 0.0, np.zeros(2))
    with pytest.raises(ValueError, match="reserve of year 2"):
        scaled_premium(np.ones(2), np.array([1.0, 0.0]), 0.0, np.zeros(2))
    with pytest.raises(ValueError, match="reserve of year 2"):
        scaled_premium(np.ones(2), np.array([100.0, 1.0]), 0.0, np.array([0.0, -0.5]))
    with pytest.raises(ValueError, match="must exceed -1"):
        scaled_premium(np.ones(1), np.ones(1), 0.0, np.array([-1.5]))


# Entrant and terminal funding -------------------------------------------------------------------------------------------------------------------


def test_entrant_premium_by_hand() -> None:
    assert entrant_premium(np.array([0.0, 12.1]), np.array([100.0, 0.0]), np.full(2, 0.21)) == pytest.approx(0.1)
    with pytest.raises(ValueError, match="present value of insurable earnings must be positive"):
        entrant_premium(np.ones(2), np.zeros(2), np.zeros(2))


@given(finances(), st.floats(0.1, 10.0, allow_subnormal=False))
def test_entrant_premium_is_the_gap_of_the_cohort_whatever_its_size(case: Finances, size: float) -> None:
    x, s, _, j = case
    assert entrant_premium(size * x, size * s, j) == pytest.approx(general_average_premium(x, s, 0.0, j), rel=1e-12, abs=1e-300)


def test_award_capital_values_by_hand() -> None:
    paid = np.array([[0.5, 1.0, 0.0], [0.0, 0.5, 2.0], [0.0, 0.0, 0.5]])
    found = award_capital_values(paid, np.array([0.21, 0.44, 0.0]))
    assert found == pytest.approx([0.5 + 1.0 / (1.1 * 1.2), 0.5 + 2.0 / 1.2, 0.5])
    assert terminal_funding_premium(10.0 * found, np.full(3, 100.0)) == pytest.approx(found / 10.0)


def test_awards_bought_at_their_capital_value_leave_the_fund_empty() -> None:
    years = 60
    survival = np.repeat(np.linspace(1.0, 0.0, 101)[:, None] ** 0.2, years, axis=1)
    factors = payment_factors(survival, np.full(years, 0.03), 64)
    j = np.linspace(0.02, 0.09, years)
    capital = award_capital_values(factors.paid, j)[0]
    income = np.zeros(years)
    income[0] = 7.0 * capital
    fund = roll_forward(0.0, income, 7.0 * factors.paid[0], j)
    assert fund.closing[-1] == pytest.approx(0.0, abs=1e-9 * income[0] / discount_factors(j)[-1])


@pytest.mark.parametrize("paid", [np.ones((2, 2)), np.ones((2, 3)), np.array([[1.0, 0.0], [1e-9, 1.0]])])
def test_award_capital_values_need_an_upper_triangle(paid: np.ndarray) -> None:
    with pytest.raises(ValueError, match="nothing paid before the award"):
        award_capital_values(paid, np.zeros(2))


def test_terminal_funding_needs_earnings_every_year() -> None:
    with pytest.raises(ValueError, match="insurable earnings must be positive"):
        terminal_funding_premium(np.ones(2), np.array([1.0, 0.0]))


# Level and steady-state rates -------------------------------------------------------------------------------------------------------------------


@given(finances(), st.floats(0.0, 10.0, allow_subnormal=False), st.floats(0.0, 200.0, allow_subnormal=False))
def test_level_rate_ends_at_the_reserve_ratio(case: Finances, ratio: float, following: float) -> None:
    x, s, reserve, j = case
    rate = level_rate_to_reserve_ratio(x, s, reserve, j, ratio, following)
    closing = float(roll_forward(reserve, rate * s, x, j).closing[-1])
    size = (abs(reserve) + x.sum() + abs(rate) * s.sum() + ratio * following) * float(np.prod(1.0 + np.maximum(j, 0.0)))
    assert closing == pytest.approx(ratio * following, abs=1e-9 * size)


@given(finances())
def test_level_rate_to_nothing_is_the_gap(case: Finances) -> None:
    x, s, reserve, j = case
    gap = general_average_premium(x, s, reserve, j)
    assert level_rate_to_reserve_ratio(x, s, reserve, j, 0.0, 50.0) == pytest.approx(gap, rel=1e-12, abs=1e-15)


def test_level_rate_refuses_a_negative_ratio_and_no_earnings() -> None:
    with pytest.raises(ValueError, match="cannot be negative; found -0.1"):
        level_rate_to_reserve_ratio(np.ones(2), np.ones(2), 0.0, np.zeros(2), -0.1, 1.0)
    with pytest.raises(ValueError, match="must be positive"):
        level_rate_to_reserve_ratio(np.ones(2), np.zeros(2), 0.0, np.zeros(2), 1.0, 1.0)


@given(yearly(3, 0.0, 100.0), st.floats(0.0, 0.04), st.floats(0.0, 0.04), st.floats(0.005, 0.03), st.floats(0.0, 3000.0), st.integers(0, 3))
def test_steady_state_rate_keeps_the_ratio(review: np.ndarray, wages: float, costs: float, above: float, reserve: float, review_years: int) -> None:
    years = review_years + 61
    x, s = 100.0 * (1.0 + costs) ** np.arange(years), 1000.0 * (1.0 + wages) ** np.arange(years)
    j = np.full(years, max(wages, costs) + above)
    rate = steady_state_rate(x, s, reserve, j, review_contributions=review[:review_years])
    income = np.concatenate([review[:review_years], rate * s[review_years:]])
    fund = roll_forward(reserve, income, x, j)
    early, late = review_years + 10, review_years + 60
    assert fund.closing[late - 1] / x[late] == pytest.approx(fund.closing[early - 1] / x[early], rel=1e-6, abs=1e-6)
    lower = roll_forward(reserve, np.concatenate([review[:review_years], (rate - 0.001) * s[review_years:]]), x, j)
    assert lower.closing[late - 1] / x[late] < lower.closing[early - 1] / x[early]


def test_steady_state_by_hand() -> None:
    """No interest, costs of 10 a year, earnings 100: any fund stays level at 10 %, whatever it is."""
    x, s = np.full(5, 10.0), np.full(4, 100.0)
    assert steady_state_rate(x, s, 70.0, np.zeros(4), review_contributions=np.array([33.0]), early=1, late=3) == pytest.approx(0.1)
    # costs of the years compared 10 and 20: (70 + 100 p - 10) / 10 = (70 + 200 p - 20) / 20 gives a negative slope, 3 years a flat one
    with pytest.raises(ValueError, match="no steady-state rate"):
        steady_state_rate(np.array([10.0, 10.0, 20.0]), s[:2], 70.0, np.zeros(2), review_contributions=np.zeros(0), early=1, late=2)
    with pytest.raises(ValueError, match="no steady-state rate"):
        steady_state_rate(np.array([10.0, 10.0, 30.0]), s[:2], 70.0, np.zeros(2), review_contributions=np.zeros(0), early=1, late=2)
    found = steady_state_rate(np.array([10.0, 10.0, 16.0]), s[:2], 70.0, np.zeros(2), review_contributions=np.zeros(0), early=1, late=2)
    assert (60.0 + 100.0 * found) / 10.0 == pytest.approx((50.0 + 200.0 * found) / 16.0)


def test_steady_state_needs_its_years() -> None:
    def rate(cost_years: int, other_years: int, return_years: int, early: int = 1, late: int = 3) -> float:
        x, s, j = np.ones(cost_years), np.ones(other_years), np.zeros(return_years)
        return steady_state_rate(x, s, 0.0, j, review_contributions=np.ones(1), early=early, late=late)

    assert rate(5, 4, 4) == pytest.approx(1.0)
    assert rate(9, 8, 7) == pytest.approx(1.0)
    assert rate(9, 9, 9, 1, 2) == pytest.approx(1.0)
    for short in ((4, 4, 4), (5, 3, 4), (5, 4, 3)):
        with pytest.raises(ValueError, match="needs 4 years of earnings and returns and 5 of expenditure"):
            rate(*short)
    for early, late in ((0, 3), (3, 3), (4, 3)):
        with pytest.raises(ValueError, match="before the late one"):
            rate(9, 9, 9, early, late)
    with pytest.raises(ValueError, match="years compared must be positive"):
        steady_state_rate(np.array([1.0, 1.0, 0.0]), np.ones(2), 0.0, np.zeros(2), review_contributions=np.zeros(0), early=1, late=2)


# Rates by linearity -----------------------------------------------------------------------------------------------------------------------------


@given(finances(), st.floats(-500.0, 500.0, allow_subnormal=False), st.floats(0.01, 0.5, allow_subnormal=False))
def test_two_evaluations_find_the_rate(case: Finances, target: float, trial: float) -> None:
    x, s, reserve, j = case
    asked: list[float] = []

    def closing(rate: float) -> float:
        asked.append(rate)
        return float(roll_forward(reserve, rate * s, x, j).closing[-1])

    rate = solve_linear_rate(closing, target, trial=(0.0, trial))
    assert asked == [0.0, trial]
    growth = float(np.prod(1.0 + np.maximum(j, 0.0)))
    assert closing(rate) == pytest.approx(target, abs=1e-7 * growth * (abs(reserve) + x.sum() + abs(rate) * s.sum() + 500.0))


def test_two_evaluations_agree_with_the_gap() -> None:
    x, s, j = 150.0 * 1.09 ** np.arange(25), 1000.0 * 1.07 ** np.arange(25), np.full(25, 0.06)
    rate = solve_linear_rate(lambda p: float(roll_forward(1000.0, p * s, x, j).closing[-1]), 0.0)
    assert rate == pytest.approx(0.15399791, abs=1e-8)  # SSF-GAP-25
    assert solve_linear_rate(lambda p: 3.0 - 2.0 * p, 1.0, trial=(0.5, 0.2)) == pytest.approx(1.0)


def test_no_rate_where_nothing_depends_on_it() -> None:
    with pytest.raises(ValueError, match="does not depend"):
        solve_linear_rate(lambda _: 4.0, 4.0)
    with pytest.raises(ValueError, match="does not depend"):
        solve_linear_rate(lambda p: math.inf if p else 0.0, 4.0)
    with pytest.raises(ValueError, match="two different trial rates"):
        solve_linear_rate(lambda p: p, 1.0, trial=(0.1, 0.1))
