"""Identities of annuities and insurances that hold for every table; published tables are in test_published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from actuarial.demography import annuity_kernel
from actuarial.demography.annuity import (
    annuity_due,
    annuity_due_fractional,
    annuity_due_table,
    commutation_columns,
    deferred_annuity_due,
    insurance,
    joint_annuity_due,
    last_survivor_annuity_due,
    reversionary_annuity,
    temporary_annuity_due,
    temporary_annuity_due_fractional,
)
from actuarial.validation import finance, life
from tests.plain import plain

INTEREST = 0.05


def test_last_age_is_never_cut_off() -> None:
    """A table that ends at an open age is worth what the open age is worth there, not one year of it."""
    q = np.array([0.1, 0.2, 0.5])
    assert annuity_due(q, 0.05)[-1] == pytest.approx(1.0 / (1.0 - 0.5 / 1.05))
    longer = np.concatenate([q, np.full(200, 0.5)])
    np.testing.assert_allclose(annuity_due(q, 0.05), annuity_due(longer, 0.05)[:3], rtol=1e-12)
    assert annuity_due(np.array([0.3, 1.0]), 0.05)[-1] == 1.0


@pytest.mark.parametrize("q", [np.array([0.1, 1.2]), np.array([-0.1, 1.0]), np.array([np.nan, 1.0]), np.array([])])
def test_probabilities_outside_their_range_are_refused(q: np.ndarray) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        annuity_due(q, 0.05)


def test_infinite_value_is_refused() -> None:
    with pytest.raises(ValueError, match="infinite"):
        annuity_due(np.array([0.1, 0.0]), 0.0)


tables = arrays(np.float64, st.integers(2, 40), elements=st.floats(0.001, 1.0, allow_subnormal=False))
rates = st.floats(0.001, 0.2, allow_subnormal=False)


@given(tables, rates)
def test_insurance_and_annuity_complement_each_other(q: np.ndarray, interest: float) -> None:
    discount = interest / (1.0 + interest)
    np.testing.assert_allclose(insurance(q, interest), 1.0 - discount * annuity_due(q, interest), atol=1e-10)


@given(tables, rates, st.integers(0, 50))
def test_temporary_and_deferred_make_the_whole(q: np.ndarray, interest: float, term: int) -> None:
    parts = temporary_annuity_due(q, interest, term) + deferred_annuity_due(q, interest, term)
    np.testing.assert_allclose(parts, annuity_due(q, interest), rtol=1e-9)


@given(tables, rates)
def test_pairs_of_lives(q: np.ndarray, interest: float) -> None:
    other = q[::-1].copy()
    single, second = annuity_due(q, interest), annuity_due(other, interest)
    joint = joint_annuity_due(q, other, interest)
    last = last_survivor_annuity_due(q, other, interest)
    assert (joint <= np.minimum(single, second) + 1e-9).all()
    assert (last >= np.maximum(single, second) - 1e-9).all()
    np.testing.assert_allclose(reversionary_annuity(q, other, interest) + joint, second, rtol=1e-9)


@given(tables, rates)
def test_commutation_columns_give_the_same_values(q: np.ndarray, interest: float) -> None:
    closed = np.append(q * 0.9, 1.0)
    alive = np.concatenate([[1.0], np.cumprod(1.0 - closed[:-1])])
    discounted, summed, deaths = commutation_columns(alive, interest)
    np.testing.assert_allclose(summed / discounted, annuity_due(closed, interest), rtol=1e-8)
    np.testing.assert_allclose(deaths / discounted, insurance(closed, interest), rtol=1e-6, atol=1e-9)


def test_fractional_temporary_tends_to_the_whole() -> None:
    q = life.probabilities(finance.SULT, 60)
    long = temporary_annuity_due_fractional(q, INTEREST, 12, 90)[0]
    assert long == pytest.approx(annuity_due_fractional(q, INTEREST, 12)[0], rel=1e-9)


def test_a_table_of_rates_holds_the_annuities_of_each_rate() -> None:
    q = np.random.default_rng(3).uniform(0.0, 1.0, (2, 30)) ** 3
    rates = np.array([0.0, 0.01, 0.2, -0.001])
    table = annuity_due_table(q, rates)
    assert table.shape == (2, 4, 30)
    for j, rate in enumerate(rates):
        np.testing.assert_allclose(table[:, j], annuity_due(q, rate), rtol=1e-13)
    with pytest.raises(ValueError, match="infinite"):
        annuity_due_table(np.zeros(3), np.array([0.05, 0.0]))
    with pytest.raises(ValueError, match="between 0 and 1"):
        annuity_due_table(np.array([1.5]), rates)


def test_the_compiled_table_in_plain_python() -> None:
    """Rates and tables at once, the recursion as written: each row is the annuity at that rate."""
    rng = np.random.default_rng(2)
    q, interest = rng.uniform(0.0, 0.2, (3, 8)), np.array([0.01, 0.04, 0.1])
    with plain(annuity_kernel):
        found = annuity_due_table(q, interest)
    for j, rate in enumerate(interest):
        np.testing.assert_allclose(found[:, j], annuity_due(q, rate), rtol=1e-13)
