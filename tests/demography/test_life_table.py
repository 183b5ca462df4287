"""Life tables: identities of every table, a published output definition, and the open last age.

Sources: identities as in Preston, Heuveline and Guillot (2001), chapter 3 (case DEM-LT-IDENT); World Bank PROST output
definitions
(DEM-PROST-LT).
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from actuarial.demography.graduation import ABRIDGED_AGES, life_expectancy
from actuarial.demography.life_table import (
    life_table,
    life_table_from_probabilities,
    person_years,
    single_age_life_table,
)

RATES = arrays(np.float64, (3, 22), elements=st.floats(1e-5, 0.3, allow_subnormal=False))


@given(RATES)
def test_identities(rates: np.ndarray) -> None:
    widths = np.diff(ABRIDGED_AGES)
    separation = np.broadcast_to(widths / 2.0, (3, 21))
    table = life_table(rates, separation, widths, radix=100000.0)
    closed = slice(None, -1)
    np.testing.assert_allclose(
        table.q[:, closed], widths * rates[:, closed] / (1 + (widths - separation) * rates[:, closed]), rtol=1e-9
    )
    np.testing.assert_allclose(table.L[:, closed], widths * table.l[:, 1:] + separation * table.d[:, closed], rtol=1e-9)
    np.testing.assert_allclose(table.L[:, -1], table.l[:, -1] / rates[:, -1], rtol=1e-9)
    np.testing.assert_allclose(table.T[:, 0], table.L.sum(axis=1), rtol=1e-9)
    np.testing.assert_allclose(table.e[:, 0] * table.l[:, 0], table.T[:, 0], rtol=1e-9)
    np.testing.assert_allclose(table.d.sum(axis=1), 100000.0, rtol=1e-9)
    np.testing.assert_allclose(table.d / table.L, table.m, rtol=1e-6)
    # in the stationary population births over persons are one over life expectancy
    np.testing.assert_allclose(table.l[:, 0] / table.L.sum(axis=1), 1.0 / table.e[:, 0], rtol=1e-9)
    assert (np.diff(table.l, axis=1) <= 0).all()


def test_prost_definitions() -> None:
    table = life_table_from_probabilities(
        np.array([0.05, 0.01]), np.array([2.0]), np.array([0.5, 0.5]), np.ones(2), radix=100000.0
    )
    np.testing.assert_allclose(table.l, [100000, 95000, 94050], rtol=1e-12)
    np.testing.assert_allclose(table.L, [97500, 94525, 47025], rtol=1e-12)
    assert table.e[0] == pytest.approx(2.3905, rel=1e-12)


@given(arrays(np.float64, 101, elements=st.floats(1e-5, 0.8, allow_subnormal=False)), st.integers(0, 1))
def test_single_ages(rates: np.ndarray, sex: int) -> None:
    table = single_age_life_table(rates, sex)
    np.testing.assert_allclose(table.d / table.L, rates, rtol=1e-6)
    np.testing.assert_allclose(-np.diff(np.log(table.l[1:])), rates[1:-1], rtol=1e-9)
    assert table.e[0] == pytest.approx(float(life_expectancy(rates, sex)), rel=1e-9)
    np.testing.assert_array_equal(person_years(rates, sex), table.L)
    assert ((table.a[1:-1] > 0) & (table.a[1:-1] < 1)).all()


@pytest.mark.parametrize("bad", [0.0, -0.1, np.nan])
def test_rates_that_are_not_positive_are_refused(bad: float) -> None:
    rates = np.full(101, 0.01)
    rates[40] = bad
    with pytest.raises(ValueError, match="not positive"):
        single_age_life_table(rates, 0)
