"""Annuities and insurances against published tables, and the identities that hold for every table.

Sources: SOA Standard Ultimate Life Table (LIFE-SULT-20, -40, -50, -60, -70, -80, LIFE-SULT-TEMP, LIFE-SULT-12THLY: Makeham A 0.00022, B 2.7e-6,
c 1.124, 5 %); SOA Illustrative Life Table (LIFE-ILT-35: 1000 mu = 0.7 + 0.05 10^(0.04 x), 6 %); AM92 ultimate (LIFE-AM92); SSA Actuarial Study 113,
table 5.J (LIFE-SSA113-5J, 10 %).
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from actuarial.demography.annuity import (
    annuity_due,
    annuity_due_fractional,
    annuity_due_table,
    commutation_columns,
    death_column,
    deferred_annuity_due,
    endowment_insurance,
    insurance,
    joint_annuity_due,
    last_survivor_annuity_due,
    makeham_survival,
    monthly_factors,
    payments_value,
    pure_endowment,
    reversionary_annuity,
    temporary_annuity_due,
    temporary_annuity_due_fractional,
)

SULT = (0.00022, 2.7e-6, 1.124)
ILT = (0.0007, 0.00005, 10.0**0.04)
INTEREST = 0.05


def probabilities(law: tuple[float, float, float], first: int, last: int = 140) -> np.ndarray:
    return 1.0 - makeham_survival(np.arange(first, last + 1.0), np.ones(last - first + 1), *law)


@pytest.mark.parametrize(
    ("age", "survivors", "annuity", "whole", "second"),
    [
        (20, 100000.0, 19.9664, 0.04922, 0.00580),
        (40, 99338.3, 18.4578, 0.12106, 0.02347),
        (50, 98576.4, 17.0245, 0.18931, 0.05108),
        (60, 96634.1, 14.9041, 0.29028, 0.10834),
        (70, 91082.4, 12.0083, 0.42818, 0.21467),
        (80, 75657.2, 8.5484, 0.59293, 0.38134),
    ],
    ids=["LIFE-SULT-20", "LIFE-SULT-40", "LIFE-SULT-50", "LIFE-SULT-60", "LIFE-SULT-70", "LIFE-SULT-80"],
)
def test_standard_ultimate_life_table(age: int, survivors: float, annuity: float, whole: float, second: float) -> None:
    q = probabilities(SULT, 20)
    alive = 100000.0 * makeham_survival(np.array(20.0), np.array(age - 20.0), *SULT)
    assert alive == pytest.approx(survivors, abs=0.05)
    assert annuity_due(q, INTEREST)[age - 20] == pytest.approx(annuity, abs=5e-5)
    assert insurance(q, INTEREST)[age - 20] == pytest.approx(whole, abs=5e-6)
    assert insurance(q, 1.05**2 - 1)[age - 20] == pytest.approx(second, abs=5e-6)


def test_standard_ultimate_temporary() -> None:
    """Case LIFE-SULT-TEMP."""
    q = probabilities(SULT, 60)
    assert temporary_annuity_due(q, INTEREST, 10)[0] == pytest.approx(7.9555, abs=5e-5)
    assert endowment_insurance(q, INTEREST, 10)[0] == pytest.approx(0.62116, abs=5e-6)
    assert pure_endowment(q, INTEREST, 10)[0] == pytest.approx(0.57864, abs=5e-6)
    assert pure_endowment(q, INTEREST, 20)[0] == pytest.approx(0.29508, abs=5e-6)
    assert temporary_annuity_due(q, INTEREST, 20)[0] == pytest.approx(12.3816, abs=5e-5)


def test_standard_ultimate_monthly() -> None:
    """Case LIFE-SULT-12THLY."""
    alpha, beta = monthly_factors(INTEREST, 12)
    assert alpha == pytest.approx(1.0002, abs=5e-6)
    assert beta == pytest.approx(0.46651, abs=5e-6)
    q = probabilities(SULT, 60)
    assert annuity_due_fractional(q, INTEREST, 12)[0] == pytest.approx(14.4405, abs=5e-5)
    months = np.arange(12 * 80) / 12.0
    exact = payments_value(makeham_survival(np.array(60.0), months, *SULT), INTEREST, 12)
    assert exact == pytest.approx(14.4414, abs=5e-5)


def test_illustrative_life_table() -> None:
    q = probabilities(ILT, 35)
    assert annuity_due(q, 0.06)[0] == pytest.approx(15.3926, abs=5e-5)
    assert 1000.0 * insurance(q, 0.06)[0] == pytest.approx(128.72, abs=5e-3)


def am92_force(ages: np.ndarray) -> np.ndarray:
    """Graduation of AM92 ultimate: a0 + a1 t + exp(b0 + b1 t + b2 (2 t^2 - 1)), t = (x - 70) / 50 (CMI; the coefficients are recalled)."""
    t = (ages - 70.0) / 50.0
    force: np.ndarray = 0.00005887 - 0.0004988 * t + np.exp(-4.363378 + 5.544956 * t - 0.620345 * (2.0 * t**2 - 1.0))
    return force


def test_am92_ultimate() -> None:
    """Case LIFE-AM92: IFoA Formulae and Tables, from the law of mortality itself."""
    ages = np.arange(60, 121)
    points, weights = np.polynomial.legendre.leggauss(12)
    q = -np.expm1(-(am92_force(ages[:, None] + 0.5 + 0.5 * points) * 0.5 * weights).sum(axis=1))
    assert q[0] == pytest.approx(0.008022, abs=5e-7)
    assert annuity_due(q, 0.04)[[0, 5]] == pytest.approx([14.134, 12.276], abs=5e-4)
    assert insurance(q, 0.04)[[0, 5]] == pytest.approx([0.4564, 0.52786], abs=5e-6)
    assert annuity_due(q, 0.06)[0] == pytest.approx(11.891, abs=5e-4)
    assert insurance(q, 0.06)[0] == pytest.approx(0.32692, abs=5e-6)


def test_social_security_study_113() -> None:
    discounted = {0: 100000.0, 1: 90125.455, 60: 273.192, 65: 154.907}
    summed = {0: 1083885.02, 1: 983885.02, 60: 2302.25, 65: 1196.32}
    d0, n0 = np.array(discounted[0]), np.array(summed[0])
    assert death_column(d0, n0, 0.10) == pytest.approx(1464.998, abs=5e-3)
    expected = {0: 9.8389, 60: 7.4272, 65: 6.7228}
    for age, value in expected.items():
        assert summed[age] / discounted[age] - 1.0 == pytest.approx(value, abs=5e-5)
    assert summed[0] - summed[1] == pytest.approx(discounted[0], abs=0.01)
    assert discounted[1] * 1.1 == pytest.approx(99138.0, abs=0.01)


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
    q = probabilities(SULT, 60)
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
