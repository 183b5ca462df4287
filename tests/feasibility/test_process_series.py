"""Time series in closed form: identities of every autoregression; cases STO-AR1 and STO-ARMA-SSA are in test_published."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.feasibility.process_series import (
    arma_stationary_sd,
    arma_weights,
    autoregression,
    logit_normal,
    sd_after,
    spectral_radius,
    stationary_covariance,
    stationary_sd,
)


@given(phi=st.floats(0.05, 0.95, allow_subnormal=False), sigma=st.floats(0.0, 2.0, allow_subnormal=False), years=st.integers(1, 40))
def test_the_spread_of_an_autoregression_is_the_sum_of_its_years(phi: float, sigma: float, years: int) -> None:
    summed = np.sqrt(np.sum(sigma**2 * phi ** (2.0 * np.arange(years))))
    assert sd_after(phi, sigma, float(years)) == pytest.approx(summed, rel=1e-9, abs=1e-15)
    assert sd_after(phi, sigma, float(years)) <= stationary_sd(phi, sigma) * (1.0 + 1e-12)


@given(phi=st.floats(0.05, 0.95, allow_subnormal=False), first=st.integers(1, 9), then=st.integers(1, 9))
def test_a_reading_every_few_years_has_the_moments_of_the_yearly_series(phi: float, first: int, then: int) -> None:
    """Readings are linear in the innovations: the weights of both give variance and covariance without a draw."""

    def weights(steps: list[int], at: list[int]) -> np.ndarray:
        unit = np.eye(len(steps))[np.newaxis]
        return autoregression(np.array([phi]), np.array([1.0]), np.array(steps, float), np.swapaxes(unit, 1, 2))[0][:, at]

    seldom = weights([first, then], [0, 1])
    yearly = weights([1] * (first + then), [first - 1, first + then - 1])
    np.testing.assert_allclose(seldom.T @ seldom, yearly.T @ yearly, rtol=1e-9)


@given(ar=st.lists(st.floats(-0.3, 0.3), min_size=1, max_size=3), ma=st.lists(st.floats(-0.9, 0.9), max_size=2))
def test_the_variance_of_a_mixed_model_is_the_sum_of_its_squared_weights(ar: list[float], ma: list[float]) -> None:
    assert arma_stationary_sd(ar, ma) == pytest.approx(np.sqrt(np.square(arma_weights(ar, ma, 400)).sum()), rel=1e-9)


@given(entries=st.lists(st.floats(-1.0, 1.0, allow_subnormal=False), min_size=18, max_size=18), radius=st.floats(0.0, 0.98, allow_subnormal=False))
def test_the_stationary_covariance_reproduces_itself(entries: list[float], radius: float) -> None:
    raw, root = np.array(entries[:9]).reshape(3, 3), np.array(entries[9:]).reshape(3, 3)
    matrix = raw * radius / max(spectral_radius(raw), 1e-6)
    innovation = root @ root.T
    found = stationary_covariance(matrix, innovation)
    np.testing.assert_allclose(matrix @ found @ matrix.T + innovation, found, atol=1e-9 * max(1.0, float(np.abs(found).max())))


def test_a_series_that_does_not_settle_has_no_stationary_covariance() -> None:
    with pytest.raises(ValueError, match="must be below 1"):
        stationary_covariance(np.eye(2), np.eye(2))


@given(value=st.floats(0.01, 0.99), sd=st.floats(0.0, 2.0), z=st.floats(-6.0, 6.0))
def test_a_share_drawn_on_the_logit_scale_is_a_share_around_its_median(value: float, sd: float, z: float) -> None:
    low, middle, high = logit_normal(value, sd, np.array([-abs(z), 0.0, abs(z)]))
    assert 0.0 < low <= middle <= high < 1.0
    assert middle == pytest.approx(value, rel=1e-12)
