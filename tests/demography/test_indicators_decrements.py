"""Reproduction, nuptiality and multiple decrements: what is refused, and what holds for all rates; published examples are in test_published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from actuarial.demography.decrements import dependent_probabilities
from actuarial.demography.indicators import (
    intrinsic_growth_rate,
    mean_age_at_first_marriage,
)


def test_no_growth_rate_without_births() -> None:
    with pytest.raises(ValueError, match="no intrinsic growth rate"):
        intrinsic_growth_rate(np.zeros(7), np.ones(7), np.arange(17.5, 50.0, 5.0))


def test_age_at_marriage_needs_all_groups() -> None:
    with pytest.raises(ValueError, match="eight groups"):
        mean_age_at_first_marriage(np.ones(7), np.ones(7))


@given(arrays(np.float64, st.integers(1, 5), elements=st.floats(0.0, 1.0, allow_subnormal=False)))
def test_dependent_probabilities_add_up_to_leaving_at_all(independent: np.ndarray) -> None:
    total = dependent_probabilities(independent).sum()
    assert total == pytest.approx(1.0 - np.prod(1.0 - independent), abs=1e-12)


