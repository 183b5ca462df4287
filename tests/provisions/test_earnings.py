"""Insurable and reference earnings: quadrature, averages of careers that are not constant."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import lognorm

from actuarial.basis.scheme import ReferencePeriod
from actuarial.provisions import earnings

means = st.floats(0.05, 50.0, allow_subnormal=False)
variations = st.floats(0.05, 2.0, allow_subnormal=False)
limits = st.floats(0.01, 100.0, allow_subnormal=False)


@given(means, variations, limits, limits)
def test_closed_forms_agree_with_quadrature(mean: float, variation: float, one: float, other: float) -> None:
    floor, ceiling = sorted((one, other))
    sigma = float(earnings.lognormal_sigma(variation))
    spread = lognorm(s=sigma, scale=mean * np.exp(-0.5 * sigma**2))
    # E[min(max(S, f), k)] = f + integral of P(S > x) from f to k, in pieces on a logarithmic scale around the median
    cuts = np.log(mean) - 0.5 * sigma**2 + sigma * np.array([-8.0, -4.0, -2.0, 0.0, 2.0, 4.0, 8.0])
    ends = np.unique(np.clip([np.log(floor), *cuts, np.log(ceiling)], np.log(floor), np.log(ceiling)))
    pieces = [quad(lambda y: spread.sf(np.exp(y)) * np.exp(y), a, b)[0] for a, b in zip(ends, ends[1:], strict=False)]
    integral = sum(pieces)
    assert earnings.expected_between(mean, variation, floor, ceiling) == pytest.approx(
        floor + integral, rel=1e-7, abs=1e-9
    )
    assert earnings.share_above(mean, variation, ceiling) == pytest.approx(spread.sf(ceiling), rel=1e-9, abs=1e-12)


@given(means, variations, limits)
def test_ceiling_and_floor_split_the_mean(mean: float, variation: float, limit: float) -> None:
    below = earnings.expected_below_ceiling(mean, variation, limit)
    assert below <= min(mean, limit) * (1 + 1e-12)
    assert earnings.expected_above_floor(mean, variation, limit) + below == pytest.approx(mean + limit, rel=1e-12)


@given(means, variations)
def test_no_limits_leave_the_mean(mean: float, variation: float) -> None:
    assert earnings.expected_between(mean, variation, 0.0, np.inf) == pytest.approx(mean, rel=1e-12)
    assert earnings.share_above(mean, variation, np.inf) == 0.0
    assert earnings.share_above(mean, variation, 0.0) == 1.0


def test_degenerate_cells_are_exact() -> None:
    assert earnings.expected_between(0.0, 0.8, 5.0, 10.0) == 5.0
    assert earnings.expected_between(7.0, 0.0, 5.0, 10.0) == 7.0
    assert earnings.expected_between(12.0, 0.0, 5.0, 10.0) == 10.0
    assert earnings.expected_between(3.0, 0.0, 5.0, 10.0) == 5.0
    assert earnings.share_above(12.0, 0.0, 10.0) == 1.0


def test_shapes_broadcast() -> None:
    result = earnings.expected_between(np.ones((3, 1)), 0.8, np.zeros(4), np.full(4, 1.5))
    assert result.shape == (3, 4)


@pytest.mark.parametrize(
    ("mean", "variation", "floor", "ceiling"), [(-1.0, 0.8, 0.0, 1.0), (1.0, -0.8, 0.0, 1.0), (1.0, 0.8, 2.0, 1.0)]
)
def test_impossible_values_are_refused(mean: float, variation: float, floor: float, ceiling: float) -> None:
    with pytest.raises(ValueError, match=r"negative|above the ceiling"):
        earnings.expected_between(mean, variation, floor, ceiling)


@given(means, variations, st.lists(st.integers(1, 9), min_size=1, max_size=6))
def test_class_means_average_to_the_mean(mean: float, variation: float, weights: list[int]) -> None:
    shares = np.array(weights) / sum(weights)
    classes = earnings.class_means(mean, variation, shares.tolist())
    assert classes @ shares == pytest.approx(mean, rel=1e-9)
    assert np.all(np.diff(classes) >= -1e-9 * mean)


LAST_3 = ReferencePeriod("last", 36, 36)
LAST_5 = ReferencePeriod("last", 60, 60)
BEST_3_OF_10 = ReferencePeriod("best", 36, 120)


def test_average_of_the_last_years_takes_the_end_of_the_record() -> None:
    record = [100.0, 90.0, 10.0, 20.0, 30.0, 40.0]
    assert earnings.reference_earnings([LAST_3], record) == pytest.approx(30.0)
    assert earnings.reference_earnings([LAST_5], record) == pytest.approx(38.0)
    assert earnings.reference_earnings([LAST_3, LAST_5], record) == pytest.approx(38.0)


def test_best_years_are_the_highest_and_only_within_the_window() -> None:
    record = [999.0, 5.0, 1.0, 9.0, 2.0, 8.0, 3.0, 4.0, 7.0, 6.0, 1.0]
    assert earnings.reference_earnings([BEST_3_OF_10], record) == pytest.approx(8.0)


def test_a_short_record_is_averaged_over_its_years() -> None:
    assert earnings.reference_earnings([LAST_5], [10.0, 30.0]) == pytest.approx(20.0)
    with pytest.raises(ValueError, match="at least one"):
        earnings.reference_earnings([LAST_5], [])


@given(st.lists(st.floats(0.0, 1e6, allow_subnormal=False), min_size=10, max_size=40))
def test_best_is_at_least_last_and_order_inside_the_window_is_irrelevant(record: list[float]) -> None:
    best = earnings.reference_earnings([BEST_3_OF_10], record)
    assert best >= earnings.reference_earnings([LAST_3], record) - 1e-9
    shuffled = record[:-10] + sorted(record[-10:])
    assert best == pytest.approx(float(earnings.reference_earnings([BEST_3_OF_10], shuffled)), rel=1e-12)


def test_insurable_pay_of_one_person() -> None:
    assert earnings.insurable([1.0, 3.0, 9.0], 2.0, 5.0).tolist() == [2.0, 3.0, 5.0]
