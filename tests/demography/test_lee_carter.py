"""Lee-Carter fit: validation case STO-LC-EXACT, and what the fit must keep."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.demography.lee_carter import fit_lee_carter

LEVEL = -6.0 + 0.055 * np.arange(0, 100, 10)
PATTERN = np.array([0.2, 0.15, 0.12, 0.11, 0.1, 0.09, 0.08, 0.07, 0.05, 0.03])
YEARS = np.arange(20.0)
INDEX = -YEARS + 0.5 * np.sin(YEARS) - np.mean(-YEARS + 0.5 * np.sin(YEARS))


def test_published_rank_one_table() -> None:
    """STO-LC-EXACT."""
    fit = fit_lee_carter(LEVEL[:, np.newaxis] + np.outer(PATTERN, INDEX))
    np.testing.assert_allclose(fit.level, LEVEL, atol=1e-8)
    np.testing.assert_allclose(fit.pattern, PATTERN, atol=1e-8)
    np.testing.assert_allclose(fit.index, INDEX, atol=1e-8)
    found = (fit.drift, fit.sigma, fit.drift_error, fit.index[0], fit.median_rates(25.0)[6])
    np.testing.assert_allclose(found, (-0.99605586, 0.34988148, 0.08026832, 9.49786811, 0.00431229), atol=1e-8)


@given(noise=st.integers(0, 2**32 - 1), size=st.floats(0.0, 0.2, allow_subnormal=False))
def test_the_fit_is_scaled_and_leaves_out_only_what_is_orthogonal(noise: int, size: float) -> None:
    rates = LEVEL[:, np.newaxis] + np.outer(PATTERN, INDEX) + size * np.random.default_rng(noise).standard_normal((10, 20))
    fit = fit_lee_carter(rates)
    assert fit.pattern.sum() == pytest.approx(1.0, abs=1e-12)
    assert fit.index.sum() == pytest.approx(0.0, abs=1e-8)
    np.testing.assert_allclose((rates - fit.fitted) @ fit.index, 0.0, atol=1e-8)
    np.testing.assert_allclose(fit.pattern @ (rates - fit.fitted), 0.0, atol=1e-8)
    assert fit.index[-1] - fit.index[0] == pytest.approx(19 * fit.drift, rel=1e-9)


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        (np.zeros((4, 2)), "at least 3 years"),
        (np.full((4, 5), -np.inf), "finite"),
        (np.outer([1.0, -1.0], np.arange(5.0)), "cannot be scaled"),
    ],
)
def test_what_cannot_be_fitted_is_refused(rates: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_lee_carter(rates)
