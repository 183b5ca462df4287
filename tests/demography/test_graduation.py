"""Graduation keeps totals, makes no negative cell and follows the published conventions.

Sources: Coale-Demeny separation factors as printed in Preston, Heuveline and Guillot (2001), table 3.3; the rest are
properties.
"""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from actuarial.demography.graduation import (
    ABRIDGED_AGES,
    abridged_separation,
    infant_separation,
    interpolate_periods,
    life_expectancy,
    monotone_curve,
    rates_at_life_expectancy,
    single_age_rates,
    split_fertility,
    split_fertility_by_women,
    split_groups,
    split_groups_by_reference,
)
from actuarial.demography.stock_graduation import births_by_half_year, graduate_stock, half_year_survivors

EDGES = np.arange(0.0, 101.0, 5.0)
TOTALS = arrays(np.float64, (2, 20), elements=st.floats(0.0, 1e7, allow_subnormal=False))


def gompertz(level: float, slope: float) -> np.ndarray:
    """Abridged rates of a plausible shape [22]."""
    rates = level * np.exp(slope * (ABRIDGED_AGES + 2.5)) + 0.0005
    rates[0], rates[1] = 0.05, 0.006
    return rates


@given(TOTALS)
def test_splitting_keeps_every_group_and_makes_nothing_negative(totals: np.ndarray) -> None:
    single = split_groups(totals, EDGES, np.arange(0.0, 101.0))
    assert (single >= 0).all()
    np.testing.assert_allclose(single.reshape(2, 20, 5).sum(axis=2), totals, rtol=1e-9, atol=1e-6 * totals.max())


@given(TOTALS, arrays(np.float64, 200, elements=st.floats(1.0, 1e4, allow_subnormal=False)))
def test_splitting_by_a_reference_keeps_every_group(totals: np.ndarray, reference: np.ndarray) -> None:
    cells = split_groups_by_reference(totals[0], reference, np.arange(200) // 10)
    assert (cells >= 0).all()
    np.testing.assert_allclose(cells.reshape(20, 10).sum(axis=1), totals[0], rtol=1e-9, atol=1e-6 * totals.max())


@given(arrays(np.float64, 200, elements=st.floats(1.0, 1e4, allow_subnormal=False)), st.floats(0.1, 10.0, allow_subnormal=False))
def test_groups_in_proportion_to_the_reference_give_the_reference(reference: np.ndarray, share: float) -> None:
    totals = share * reference.reshape(20, 10).sum(axis=1)
    cells = split_groups_by_reference(totals, reference, np.arange(200) // 10)
    np.testing.assert_allclose(cells, share * reference, rtol=1e-6)


def test_falling_values_and_outside_points_are_refused() -> None:
    with pytest.raises(ValueError, match="do not fall"):
        monotone_curve(np.array([0.0, 1.0, 2.0]), np.array([0.0, 2.0, 1.0]), np.array([0.5]))
    with pytest.raises(ValueError, match="outside the knots"):
        monotone_curve(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 2.0]), np.array([2.5]))
    with pytest.raises(ValueError, match="negative"):
        split_groups(np.array([1.0, -1.0]), np.array([0.0, 5.0, 10.0]), np.arange(11.0))


def test_periods_stand_at_their_midpoints() -> None:
    values = interpolate_periods(
        np.array([1.0, 3.0, 4.0]), np.array([1993.0, 1998.0, 2003.0]), np.array([1998.0, 2000.5, 2004.0])
    )
    np.testing.assert_allclose(values, [3.0, 3.5, 4.2])


@pytest.mark.parametrize(
    ("sex", "rate", "a0", "a1"),
    [
        (0, 0.02, 0.09868, 1.59468),
        (1, 0.02, 0.109, 1.49164),
        (0, 0.107, 0.330, 1.352),
        (1, 0.2, 0.350, 1.361),
    ],
)
def test_coale_demeny_separation(sex: int, rate: float, a0: float, a1: float) -> None:
    found = infant_separation(np.array(rate), sex)
    assert float(found[0]) == pytest.approx(a0, abs=1e-9)
    assert float(found[1]) == pytest.approx(a1, abs=1e-9)


@given(st.floats(1e-5, 2e-4, allow_subnormal=False), st.floats(0.06, 0.1, allow_subnormal=False), st.integers(0, 1))
def test_single_ages_keep_survival_over_each_group(level: float, slope: float, sex: int) -> None:
    rates = gompertz(level, slope)
    single = single_age_rates(rates, sex)
    assert (single > 0).all()
    width = np.diff(ABRIDGED_AGES)
    q = width * rates[:-1] / (1.0 + (width - abridged_separation(rates, sex)) * rates[:-1])
    hazard = np.add.reduceat(single[1:100], [0, *range(4, 99, 5)])
    np.testing.assert_allclose(hazard, -np.log1p(-q[1:]), rtol=1e-9)


@given(st.floats(35.0, 85.0, allow_subnormal=False), st.integers(0, 1))
def test_rates_reach_the_life_expectancy_asked_for(expectancy: float, sex: int) -> None:
    single = single_age_rates(gompertz(5e-5, 0.085), sex)
    moved = rates_at_life_expectancy(single, np.array(expectancy), sex)
    assert float(life_expectancy(moved, sex)) == pytest.approx(expectancy, abs=1e-6)
    np.testing.assert_allclose(np.diff(np.log(moved / single)), 0.0, atol=1e-9)


def test_unreachable_life_expectancy_is_refused() -> None:
    with pytest.raises(ValueError, match="no factor"):
        rates_at_life_expectancy(single_age_rates(gompertz(5e-5, 0.085), 0), np.array(120.0), 0)


@given(arrays(np.float64, (3, 7), elements=st.floats(0.0, 2.0, allow_subnormal=False)))
def test_fertility_keeps_each_group_and_stays_within_15_to_49(groups: np.ndarray) -> None:
    single = split_fertility(groups)
    assert single.shape == (3, 101)
    assert (single >= 0).all()
    assert not single[:, :15].any()
    assert not single[:, 50:].any()
    np.testing.assert_allclose(single[:, 15:50].reshape(3, 7, 5).sum(axis=2), groups, atol=1e-9)


@given(st.floats(0.0, 0.05, allow_subnormal=False), st.floats(1.0, 8.0, allow_subnormal=False))
def test_fertility_weighted_by_women(growth: float, total: float) -> None:
    """Weighted group means stand in the ratio of the published shares; the single ages add up to total fertility."""
    shares = np.array([9.0, 18.0, 25.0, 24.0, 15.0, 7.0, 2.0])
    women = np.exp(-growth * np.arange(101.0))
    single = split_fertility_by_women(np.array(total), shares, women)
    assert single.sum() == pytest.approx(total, rel=1e-9)
    exposed = women[15:50].reshape(7, 5)
    mean = (single[15:50].reshape(7, 5) * exposed).sum(axis=1) / exposed.sum(axis=1)
    np.testing.assert_allclose(mean / mean.sum(), shares / shares.sum(), rtol=1e-8)


@given(st.floats(-0.02, 0.04, allow_subnormal=False), st.integers(0, 1))
def test_half_year_births_and_survivors(growth: float, sex: int) -> None:
    births = 1000.0 * np.exp(growth * np.arange(36.0))
    halves = births_by_half_year(births, 1990, 2025.5, growth)
    assert (halves > 0).all()
    # the last complete calendar year, 2024, is the second and third half-year before 1 July 2025
    assert halves[1:3].sum() == pytest.approx(births[34], rel=1e-9)
    rates = single_age_rates(gompertz(5e-5, 0.085), sex)
    lived = half_year_survivors(rates[:, None], sex)[:, 0]
    assert lived.sum() == pytest.approx(float(life_expectancy(rates, sex)), rel=1e-9)
    assert (np.diff(lived[:-1]) < 0).all()


@given(arrays(np.float64, 21, elements=st.floats(1e3, 1e6, allow_subnormal=False)), st.integers(0, 1))
def test_graduated_stock_keeps_every_group(groups: np.ndarray, sex: int) -> None:
    assume((groups > 0).all())
    years = np.arange(1990, 2026)
    rates = np.repeat(single_age_rates(gompertz(5e-5, 0.085), sex)[:, None], years.size, axis=1)
    births = 1e5 * np.exp(0.02 * (years - 1990.0))
    cells = graduate_stock(groups, 2025.5, births, rates, years, sex)
    assert (cells >= 0).all()
    np.testing.assert_allclose(cells[:-1].reshape(20, 10).sum(axis=1), groups[:20], rtol=1e-9, atol=1e-3)
    assert cells[-1] == groups[20]
