"""Life tables: identities of every table (case DEM-LT-IDENT for any rates), and the open last age; published definitions are in test_published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from actuarial.demography.graduation import ABRIDGED_AGES, life_expectancy
from actuarial.demography.life_table import (
    life_table,
    person_years,
    single_age_life_table,
)
from actuarial.validation.people import identity_gaps

RATES = arrays(np.float64, (3, 22), elements=st.floats(1e-5, 0.3, allow_subnormal=False))


@given(RATES)
def test_identities(rates: np.ndarray) -> None:
    gaps = identity_gaps(rates)
    assert len(gaps) == 7
    for name, gap in gaps.items():
        np.testing.assert_allclose(gap, 0.0, atol=1e-9, err_msg=name)
    widths = np.diff(ABRIDGED_AGES)
    table = life_table(rates, np.broadcast_to(widths / 2.0, (3, 21)), widths, radix=100000.0)
    np.testing.assert_allclose(table.d / table.L, table.m, rtol=1e-6)
    assert (np.diff(table.l, axis=1) <= 0).all()


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
