"""The fund in debt and in stop mode, the implied return, exhaustion in continuous time; published fund years are in test_published."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.finance.continuous import LinearBenefits, annuity_certain, exhaustion_time
from actuarial.finance.reserve import implied_return, roll_forward, roll_forward_stopping

from .series import Finances, finances


def test_ssf_roll_in_stop_mode() -> None:
    c, x, j = 100.0 * 1.07 ** np.arange(20), 150.0 * 1.09 ** np.arange(20), np.full(20, 0.06)
    debt, stop = roll_forward(1000.0, c, x, j), roll_forward_stopping(1000.0, c, x, j)
    assert stop.reserve.closing[:13] == pytest.approx(debt.closing[:13], rel=1e-12)
    assert not stop.unpaid[:13].any()
    assert (stop.unpaid[13:] > 0.0).all()
    assert (stop.reserve.closing[13:] == 0.0).all()
    assert stop.unpaid[13] == pytest.approx(-debt.closing[13] / math.sqrt(1.06), rel=1e-12)
    assert stop.paid[14:] == pytest.approx(c[14:])
    assert stop.paid + stop.unpaid == pytest.approx(x)


def test_a_fund_that_ends_at_zero_pays_everything() -> None:
    stop = roll_forward_stopping(10.0, np.array([5.0, 5.0]), np.array([15.0, 5.0]), np.zeros(2))
    assert stop.reserve.closing.tolist() == [0.0, 0.0]
    assert stop.unpaid.tolist() == [0.0, 0.0]
    short = roll_forward_stopping(10.0, np.array([5.0, 9.0]), np.array([16.0, 5.0]), np.zeros(2))
    assert short.unpaid.tolist() == [1.0, 0.0]
    assert short.reserve.closing.tolist() == [0.0, 4.0]


def test_a_fund_without_income_or_outgo_is_a_fund() -> None:
    stop = roll_forward_stopping(0.0, np.zeros(2), np.array([0.0, 3.0]), np.full(2, 0.05))
    assert stop.reserve.closing.tolist() == [0.0, 0.0]
    assert stop.unpaid.tolist() == [0.0, 3.0]


@given(finances())
def test_debt_is_what_stayed_unpaid_with_interest(case: Finances) -> None:
    x, s, reserve, j = case
    initial = abs(reserve)
    debt, stop = roll_forward(initial, 0.1 * s, x, j), roll_forward_stopping(initial, 0.1 * s, x, j)
    owed = roll_forward(0.0, stop.unpaid, np.zeros_like(x), j)
    size = initial + x.sum() + s.sum()
    assert stop.reserve.closing - owed.closing == pytest.approx(debt.closing, abs=1e-9 * size)
    assert (stop.reserve.closing >= 0.0).all()
    assert (stop.unpaid >= 0.0).all()
    # a unit is never unpaid while money is left
    assert (np.minimum(stop.unpaid, stop.reserve.closing) == 0.0).all()
    flow = stop.reserve.opening + 0.1 * s - stop.paid + stop.reserve.investment_income
    assert flow == pytest.approx(stop.reserve.closing, abs=1e-9 * size)


@pytest.mark.parametrize(("initial", "income", "outgo"), [(-1.0, 1.0, 1.0), (1.0, -1.0, 1.0), (1.0, 1.0, -1.0)])
def test_stop_mode_refuses_negative_money(initial: float, income: float, outgo: float) -> None:
    with pytest.raises(ValueError, match="cannot start below zero"):
        roll_forward_stopping(initial, np.array([income]), np.array([outgo]), np.zeros(1))
    with pytest.raises(ValueError, match="must exceed -1"):
        roll_forward_stopping(1.0, np.ones(1), np.ones(1), np.array([-1.0]))


# A real fund ------------------------------------------------------------------------------------------------------------------------------------


@given(st.floats(1.0, 1e6, allow_subnormal=False), st.floats(-0.9, 5.0, allow_subnormal=False), st.floats(-0.5, 1.0, allow_subnormal=False))
def test_implied_return_inverts_the_roll_forward(opening: float, flow: float, rate: float) -> None:
    fund = roll_forward(opening, np.array([flow * opening]), np.zeros(1), np.array([rate]))
    root = math.sqrt(1.0 + rate)
    if 2.0 * root + flow > 0.1:  # beyond it, two returns give the same income and the larger is meant
        assert implied_return(opening, flow * opening, float(fund.investment_income[0])) == pytest.approx(rate, abs=1e-7)


def test_implied_return_refuses_what_no_return_explains() -> None:
    assert implied_return(100.0, 0.0, -99.0) == pytest.approx(-0.99)
    for opening, flow, income in ((0.0, 1.0, 1.0), (-5.0, 1.0, 1.0), (100.0, 0.0, -100.0), (100.0, 0.0, -101.0), (100.0, 10.0, -110.0)):
        with pytest.raises(ValueError, match=r"positive opening fund|no return above"):
            implied_return(opening, flow, income)


# Continuous time --------------------------------------------------------------------------------------------------------------------------------


def test_exhaustion_at_other_forces_and_losses() -> None:
    assert exhaustion_time(10.0, 1.0, 2.0, 0.0) == pytest.approx(10.0)
    assert exhaustion_time(10.0, 1.0, 2.0, 1e-9) == pytest.approx(10.0, rel=1e-6)
    assert exhaustion_time(10.0, 1.0, 2.0, -0.05) == pytest.approx(20.0 * math.log(1.5))
    assert exhaustion_time(0.0, 1.0, 2.0, 0.05) == 0.0
    assert exhaustion_time(10.0, 1.0, 5.0, 0.05) == pytest.approx(20.0 * math.log(4.0 / 3.5))
    assert exhaustion_time(10.0, 1.0, 5.0, 0.0) == pytest.approx(2.5)


@pytest.mark.parametrize(("contributions", "force"), [(2.0, 0.05), (2.0, 0.0), (2.0, -0.05), (3.0, 0.05), (1.0, 0.1), (1.0, 0.2)])
def test_a_fund_that_lives_on_its_interest_lasts(contributions: float, force: float) -> None:
    assert exhaustion_time(10.0, contributions, 2.0, force) is None


def test_exhaustion_needs_a_fund() -> None:
    with pytest.raises(ValueError, match="below zero"):
        exhaustion_time(-1.0, 1.0, 2.0, 0.05)


def test_exhaustion_is_the_limit_of_short_steps() -> None:
    steps = 2000
    j = np.full(14 * steps, math.expm1(0.05 / steps))
    fund = roll_forward(10.0, np.full(14 * steps, 1.0 / steps), np.full(14 * steps, 2.0 / steps), j)
    assert np.flatnonzero(fund.closing < 0.0)[0] / steps == pytest.approx(13.862944, abs=1.0 / steps)


@given(st.floats(0.001, 0.1, allow_subnormal=False), st.floats(-0.05, 0.1, allow_subnormal=False), st.floats(1.0, 40.0, allow_subnormal=False))
def test_linear_benefits(slope: float, force: float, years: float) -> None:
    case = LinearBenefits(slope, force)
    assert case.reserve(case.general_average_premium(years), years) == pytest.approx(0.0, abs=1e-9)
    step, rate = 1e-4, case.scaled_premium(years)
    assert case.reserve(rate, years) - case.reserve(rate, years - step) == pytest.approx(0.0, abs=1e-6)
    assert case.reserve(rate, 0.5 * years) < case.reserve(rate, years)


@pytest.mark.parametrize("exponent", [0.0, 1e-300, 1e-9, 0.00999, 0.01001, -0.00999, -0.01001])
def test_small_exponents_lose_no_digits(exponent: float) -> None:
    """Against the integral by Gauss-Legendre, which knows no cancellation."""
    points, weights = np.polynomial.legendre.leggauss(20)
    time, weight = 5.0 * (points + 1.0), 5.0 * weights
    force = exponent / 10.0
    discount = np.exp(-force * time)
    annuity = float(weight @ discount)
    assert annuity_certain(force, 10.0) == pytest.approx(annuity, rel=1e-13)
    assert LinearBenefits(0.3, force).general_average_premium(10.0) == pytest.approx(0.3 * float(weight @ (time * discount)) / annuity, rel=1e-12)
    assert LinearBenefits(0.3, force).reserve(2.0, 10.0) == pytest.approx(
        math.exp(exponent) * float(weight @ ((2.0 - 0.3 * time) * discount)), rel=1e-12
    )
