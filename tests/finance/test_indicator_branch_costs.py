"""Employment injury by capital value, maternity, sickness, health: by hand; a published annuity (LIFE-SULT-12THLY) is in tests/demography."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.demography.annuity import annuity_due, annuity_due_fractional, makeham_survival
from actuarial.finance.branch_costs import (
    InjuryCost,
    capital_value,
    contingency_reserve,
    health_cost,
    maternity_cost,
    medical_cost,
    medical_cost_index,
    net_rate,
    pension_annuities,
    pension_reserve,
    sickness_rate,
    temporary_disablement_cost,
)

AGES = np.arange(20.0, 141.0)
SULT = 1.0 - makeham_survival(AGES, np.ones(len(AGES)), 0.00022, 2.7e-6, 1.124)


def test_annuities_paid_yearly_are_those_of_demography() -> None:
    assert pension_annuities(SULT, 0.05, frequency=1) == pytest.approx(annuity_due(SULT, 0.05), rel=1e-13)


@given(st.floats(1e-3, 0.2, allow_subnormal=False), st.sampled_from([1, 2, 4, 12]))
def test_annuities_agree_with_those_of_demography(rate: float, frequency: int) -> None:
    assert pension_annuities(SULT, rate, frequency) == pytest.approx(annuity_due_fractional(SULT, rate, frequency), rel=1e-9)


def test_annuities_at_no_and_at_negative_net_rates() -> None:
    assert pension_annuities(np.array([0.0, 0.5, 1.0]), 0.0) == pytest.approx([2.0416666667, 1.0416666667, 0.5416666667])
    values = [pension_annuities(SULT, rate)[0] for rate in (-0.02, -1e-9, 0.0, 1e-9, 0.02)]
    assert (np.diff(values) < 0.0).all()
    assert values[1] == pytest.approx(values[2], rel=1e-6)
    assert values[3] == pytest.approx(values[2], rel=1e-6)


def test_open_last_age_and_refusals() -> None:
    assert pension_annuities(np.array([0.5]), 0.0, 1) == pytest.approx([2.0])
    with pytest.raises(ValueError, match="does not exceed survival"):
        pension_annuities(np.array([0.5]), -0.5, 1)
    assert pension_annuities(np.array([0.5]), -0.49, 1)[0] > 25.0
    for wrong in (np.array([-0.1]), np.array([1.1]), np.zeros(0)):
        with pytest.raises(ValueError, match="between 0 and 1"):
            pension_annuities(wrong, 0.05)
    with pytest.raises(ValueError, match="net rate must exceed -1"):
        pension_annuities(SULT, -1.0)


def test_net_rate_turns_an_indexed_pension_into_a_level_one() -> None:
    assert net_rate(0.08, 0.05) == pytest.approx(1.08 / 1.05 - 1.0)
    payments = 1.05 ** np.arange(5) / 1.08 ** np.arange(5)
    assert (1.0 + net_rate(0.08, 0.05)) ** -np.arange(5.0) == pytest.approx(payments)
    for j, idx in ((-1.0, 0.0), (0.0, -1.0)):
        with pytest.raises(ValueError, match="must exceed -1"):
            net_rate(j, idx)


def test_capital_value_and_injury_premium_by_hand() -> None:
    awards, pensions, annuities = np.array([2.0, 1.0]), np.array([100.0, 50.0]), np.array([12.0, 10.0])
    assert capital_value(awards, pensions, annuities) == 2900.0
    assert pension_reserve(np.array([200.0, 50.0]), annuities) == 2900.0
    with pytest.raises(ValueError, match="awards must be finite and not negative"):
        capital_value(-awards, pensions, annuities)
    temporary = temporary_disablement_cost(np.array([1000.0, 500.0]), np.array([0.02, 0.04]), 30.0, np.array([365.0, 730.0]), 0.75)
    assert temporary == pytest.approx(1000 * 0.02 * 30 * 0.75 * 1.0 + 500 * 0.04 * 30 * 0.75 * 2.0)
    assert medical_cost(np.array([1000.0, 500.0]), 0.03, np.array([10.0, 20.0])) == pytest.approx(600.0)
    cost = InjuryCost(capital_values=2900.0, temporary=1350.0, medical=600.0, administration=100.0, prevention=50.0)
    assert cost.total == 5000.0
    assert cost.premium(250000.0) == 0.02
    with pytest.raises(ValueError, match="insurable earnings must be positive"):
        cost.premium(0.0)


def test_maternity_by_hand() -> None:
    """1,000 women at 0.1 births and earnings 520, 500 at 0.2 and 260; 80 % claim 13 weeks at 90 %."""
    cost = maternity_cost(np.array([1000.0, 500.0]), np.array([0.1, 0.2]), np.array([520.0, 260.0]), take_up=0.8, weeks=13.0, replacement=0.9)
    assert cost == pytest.approx((100 * 520 + 100 * 260) * 0.8 * 0.25 * 0.9)
    assert maternity_cost(1.0, 1.0, 10.0, take_up=1.0, weeks=52.0, replacement=1.0) == 10.0
    assert maternity_cost(1.0, 1.0, 10.0, take_up=0.0, weeks=0.0, replacement=0.0) == 0.0


@pytest.mark.parametrize(
    ("take_up", "weeks", "replacement", "message"),
    [
        (1.01, 13.0, 1.0, "take-up"),
        (-0.01, 13.0, 1.0, "take-up"),
        (1.0, 13.0, 1.1, "replacement"),
        (1.0, 52.1, 1.0, "weeks"),
        (1.0, -0.1, 1.0, "weeks"),
    ],
)
def test_maternity_refuses_what_cannot_be(take_up: float, weeks: float, replacement: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        maternity_cost(1.0, 1.0, 1.0, take_up=take_up, weeks=weeks, replacement=replacement)


def test_sickness_by_hand() -> None:
    assert sickness_rate(np.array([0.5, 1.0]), np.array([7.3, 14.6]), 0.5) == pytest.approx([0.005, 0.02])
    with pytest.raises(ValueError, match="incidence must be finite and not negative"):
        sickness_rate(-0.1, 5.0, 0.5)
    with pytest.raises(ValueError, match="replacement rate is a share"):
        sickness_rate(0.1, 5.0, 50.0)


def test_contingency_reserve() -> None:
    assert contingency_reserve(1200.0, 6.0) == 600.0
    with pytest.raises(ValueError, match="months must be finite and not negative"):
        contingency_reserve(1200.0, -1.0)


def test_health_by_hand() -> None:
    """Two classes over two years, 10 % then 20 % medical inflation on prices of the base year."""
    members = np.array([[100.0, 110.0], [50.0, 40.0]])
    cost = health_cost(members, np.array([2.0, 4.0]), np.array([5.0, 10.0]), np.array([0.1, 0.2]))
    assert cost == pytest.approx([(1000.0 + 2000.0) * 1.1, (1100.0 + 1600.0) * 1.1 * 1.2])
    assert medical_cost_index(np.array([0.1, 0.2])) == pytest.approx([1.1, 1.32])
    assert health_cost(members, 2.0, 5.0, np.zeros(2)) == pytest.approx([1500.0, 1500.0])


@given(st.floats(-0.05, 0.2, allow_subnormal=False), st.integers(1, 30))
def test_constant_medical_inflation_is_a_power(inflation: float, years: int) -> None:
    members = np.full((4, 2, 3, years), 5.0)
    expected = 4 * 2 * 3 * 5.0 * 1.5 * 20.0 * (1.0 + inflation) ** np.arange(1, years + 1)
    assert health_cost(members, np.full((4, 2, 3), 1.5), 20.0, np.full(years, inflation)) == pytest.approx(expected, rel=1e-12)


def test_health_refuses_other_years() -> None:
    with pytest.raises(ValueError, match="members run over 3 years, medical inflation over 2"):
        health_cost(np.ones((2, 3)), 1.0, 1.0, np.zeros(2))
    with pytest.raises(ValueError, match="unit cost must be finite"):
        health_cost(np.ones((2, 2)), 1.0, np.array([1.0, np.nan]), np.zeros(2))
