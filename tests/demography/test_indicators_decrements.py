"""Reproduction, nuptiality and multiple decrements: what is refused, and what holds for all rates; published examples are in test_published."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from actuarial.demography.decrements import dependent_probabilities, independent_probabilities
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


@settings(max_examples=25)
@given(arrays(np.float64, (3, 3), elements=st.floats(0.0, 0.9, allow_subnormal=False)))
def test_independent_probabilities_are_those_behind_the_dependent_ones(independent: np.ndarray) -> None:
    dependent = dependent_probabilities(independent)
    np.testing.assert_allclose(dependent_probabilities(independent_probabilities(dependent)), dependent, atol=1e-10)
    alone = np.zeros((2, 3))
    alone[0, 1] = 0.4
    np.testing.assert_allclose(independent_probabilities(alone), alone, atol=1e-12)


def test_three_decrements_backwards() -> None:
    found = independent_probabilities(dependent_probabilities(np.array([0.01, 0.02, 0.05])))
    np.testing.assert_allclose(found, [0.01, 0.02, 0.05], atol=1e-10)


@pytest.mark.parametrize("wrong", [[-0.1, 0.2], [0.1, 1.2], [0.6, 0.5], [np.nan, 0.1]])
def test_dependent_probabilities_that_cannot_be_are_refused(wrong: list[float]) -> None:
    with pytest.raises(ValueError, match="must lie between 0 and 1 and add up to at most 1"):
        independent_probabilities(np.array(wrong))
    with pytest.raises(ValueError, match="independent probabilities must lie between 0 and 1"):
        dependent_probabilities(np.array([wrong[0], 2.0]))
