"""Internal rate of return of a cohort and turnover duration (the mature-scheme cases SSF-IRR and SSF-TURNOVER are in test_indicator_stable)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.finance.indicators import general_average_premium
from actuarial.finance.internal_rate import BRACKET, cohort_irr, deflated, mean_age, turnover_duration


def flows(*pairs: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    contributions, benefits = np.array(pairs, dtype=float).T
    return contributions, benefits


def test_by_hand() -> None:
    assert cohort_irr(*flows((100.0, 0.0), (0.0, 110.0))) == pytest.approx(0.1, abs=1e-12)
    assert cohort_irr(*flows((100.0, 0.0), (0.0, 0.0), (0.0, 81.0))) == pytest.approx(-0.1, abs=1e-12)
    assert cohort_irr(*flows((100.0, 0.0), (0.0, 100.0))) == pytest.approx(0.0, abs=1e-12)


def test_rates_at_the_ends_of_the_bracket_count_and_beyond_them_not() -> None:
    assert BRACKET == (-0.2, 0.5)
    assert cohort_irr(*flows((100.0, 0.0), (0.0, 150.0))) == pytest.approx(0.5)
    assert cohort_irr(*flows((100.0, 0.0), (0.0, 80.0))) == pytest.approx(-0.2)
    assert cohort_irr(*flows((100.0, 0.0), (0.0, 150.2))) is None
    assert cohort_irr(*flows((100.0, 0.0), (0.0, 79.8))) is None
    assert cohort_irr(*flows((100.0, 0.0), (0.0, 150.2)), bracket=(0.0, 1.0)) == pytest.approx(0.502)


@pytest.mark.parametrize(
    "case",
    [
        ((100.0, 0.0), (50.0, 0.0)),  # never drew anything
        ((0.0, 10.0), (0.0, 20.0)),  # never paid
        ((0.0, 0.0), (0.0, 0.0)),
        ((10.0, 10.0), (20.0, 20.0)),  # balances in every year: any rate would do
        ((100.0, 0.0), (0.0, 1.0)),
    ],
)
def test_no_root(case: tuple[tuple[float, float], ...]) -> None:
    assert cohort_irr(*flows(*case)) is None


def test_several_roots_are_refused() -> None:
    """-1000 + 2320 z - 1344 z^2 with z = 1/(1 + r): r = 12 % and 20 %."""
    with pytest.raises(ValueError, match=r"several internal rates of return: 0.1200, 0.2000"):
        cohort_irr(*flows((1000.0, 0.0), (0.0, 2320.0), (1344.0, 0.0)))


@pytest.mark.parametrize("bracket", [(-1.0, 0.5), (0.1, 0.1), (0.5, 0.1)])
def test_bracket_must_be_an_interval(bracket: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="interval of rates above -1"):
        cohort_irr(*flows((100.0, 0.0), (0.0, 110.0)), bracket=bracket)


def test_negative_flows_are_refused() -> None:
    for case in (((-1.0, 0.0), (0.0, 1.0)), ((1.0, 0.0), (0.0, -1.0))):
        with pytest.raises(ValueError, match="cannot be negative"):
            cohort_irr(*flows(*case))


@given(st.floats(-0.05, 0.15, allow_subnormal=False), st.integers(1, 40), st.integers(1, 30))
def test_a_cohort_that_pays_its_premium_at_a_rate_earns_it(rate: float, work: int, retired: int) -> None:
    earnings = np.concatenate([1.03 ** np.arange(work), np.zeros(retired)])
    benefits = np.concatenate([np.zeros(work), np.ones(retired)])
    premium = general_average_premium(benefits, earnings, 0.0, np.full(work + retired, rate))
    assert cohort_irr(premium * earnings, benefits) == pytest.approx(rate, abs=1e-9)


@given(st.floats(0.0, 0.3, allow_subnormal=False), st.floats(-0.05, 0.1, allow_subnormal=False))
def test_real_rate_after_deflating(inflation: float, real: float) -> None:
    years = 30
    contributions = np.where(np.arange(years) < 20, 1.0, 0.0)
    benefits = np.where(np.arange(years) < 20, 0.0, 1.0)
    premium = general_average_premium(benefits, contributions, 0.0, np.full(years, real))
    prices = (1.0 + inflation) ** (np.arange(years) + 0.5)
    path = np.full(years, inflation)
    found = cohort_irr(deflated(premium * contributions * prices, path), deflated(benefits * prices, path))
    assert found == pytest.approx(real, abs=1e-9)


def test_deflated_by_hand() -> None:
    assert deflated(np.array([1.1, 1.21 * 1.2]), np.array([0.21, 0.44])) == pytest.approx([1.0, 1.0])
    with pytest.raises(ValueError, match="inflation must exceed -1"):
        deflated(np.ones(1), np.array([-1.0]))


def test_turnover_by_hand() -> None:
    assert mean_age(np.array([20.0, 40.0]), np.array([1.0, 3.0])) == 35.0
    assert turnover_duration(np.array([20.0, 40.0]), np.array([1.0, 3.0]), np.array([65.0, 75.0]), np.array([1.0, 1.0])) == 35.0
    with pytest.raises(ValueError, match="the flow must be positive"):
        mean_age(np.array([20.0]), np.array([0.0]))
