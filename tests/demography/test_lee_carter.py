"""Lee-Carter fit: what it must keep around the exact table of case STO-LC-EXACT."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.demography.lee_carter import fit_lee_carter
from actuarial.validation.published import published
from actuarial.validation.series import rank_one

GIVEN = published("STO-LC-EXACT").given
LEVEL, PATTERN, INDEX = rank_one(*(GIVEN[name] for name in ("level", "ages", "years", "pattern")))


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
