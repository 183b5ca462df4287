"""Reproduction, nuptiality, multiple decrements and states against published examples.

Sources: Preston, Heuveline and Guillot (2001), boxes 4.1, 4.4, 5.5 and 7.1 (cases DEM-MULTIDEC-US91, DEM-SMAM-TURKEY,
DEM-NRR-US91, DEM-LOTKA-EGYPT); Dickson, Hardy and Waters, chapter 8 (MS-PERMDIS); MD-UDD-3 is the textbook formula.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from actuarial.demography.decrements import dependent_probabilities, lifetime_decrement, transition_probabilities
from actuarial.demography.indicators import (
    gross_reproduction_rate,
    intrinsic_growth_rate,
    mean_age_at_first_marriage,
    net_reproduction_rate,
)


def test_intrinsic_growth_of_egypt() -> None:
    lived = np.array([4.66740, 4.63097, 4.58518, 4.53206, 4.46912, 4.39135, 4.28969])
    maternity = np.array([0.00567, 0.06627, 0.11204, 0.07889, 0.05075, 0.01590, 0.00610])
    ages = np.arange(17.5, 50.0, 5.0)
    assert intrinsic_growth_rate(maternity, lived, ages) == pytest.approx(0.01424, abs=5e-6)
    assert net_reproduction_rate(maternity, lived) == pytest.approx(1.5274, abs=5e-5)


def test_reproduction_in_the_united_states_1991() -> None:
    births = np.array([5816.0, 253979.0, 532712.0, 596823.0, 431694.0, 162005.0, 25531.0, 829.0])
    women = np.array([8620000.0, 8371000.0, 9419000.0, 10325000.0, 11125000.0, 10344000.0, 9496000.0, 7188000.0])
    lived = np.array([494603.0, 493804.0, 492552.0, 491138.0, 489356.0, 486941.0, 483577.0, 478475.0])
    assert gross_reproduction_rate(births / women, 5.0) == pytest.approx(1.0132, abs=5e-5)
    assert net_reproduction_rate(births / women, lived / 100000.0) == pytest.approx(0.9953, abs=5e-5)


def test_no_growth_rate_without_births() -> None:
    with pytest.raises(ValueError, match="no intrinsic growth rate"):
        intrinsic_growth_rate(np.zeros(7), np.ones(7), np.arange(17.5, 50.0, 5.0))


def test_age_at_marriage_in_turkey() -> None:
    men = np.array([3165061.0, 2581153.0, 2435765.0, 2096899.0, 1784121.0, 1418784.0, 1111113.0, 980115.0])
    single = np.array([3030203.0, 1853222.0, 629077.0, 180767.0, 77134.0, 43412.0, 28627.0, 22527.0])
    assert mean_age_at_first_marriage(men, single) == pytest.approx(24.99, abs=0.01)
    with pytest.raises(ValueError, match="eight groups"):
        mean_age_at_first_marriage(men[:7], single[:7])


def test_neoplasms_in_the_united_states_1991() -> None:
    survivors = [100000, 99217, 99050, 98959, 98870, 98637, 98379, 98070, 97653, 97083]
    survivors += [96289, 95008, 93018, 89882, 85249, 78711, 69618, 57486, 41756]
    q = [0.00783, 0.00168, 0.00092, 0.0009, 0.00236, 0.00262, 0.00314, 0.00425, 0.00584, 0.00818]
    q += [0.0133, 0.02095, 0.03371, 0.05155, 0.07669, 0.11552, 0.17427, 0.27363, 1.0]
    deaths = [15758, 3169, 1634, 1573, 3955, 4948, 6491, 9428, 12027, 15543]
    deaths += [19264, 25384, 37211, 59431, 88087, 114693, 143554, 164986, 320578]
    neoplasms = [63, 275, 268, 217, 318, 467, 856, 1924, 3532, 5958]
    neoplasms += [8434, 11673, 17078, 25263, 33534, 36695, 36571, 30220, 32739]
    columns = [np.array(column, dtype=np.float64) for column in (survivors, q, deaths, neoplasms)]
    assert lifetime_decrement(*columns) == pytest.approx(21205.0, abs=1.0)


def test_three_decrements() -> None:
    dependent = dependent_probabilities(np.array([0.01, 0.02, 0.05]))
    np.testing.assert_allclose(dependent, [0.0096533333, 0.0194033333, 0.0492533333], atol=5e-11)
    assert dependent.sum() == pytest.approx(0.07831, abs=1e-12)


@given(arrays(np.float64, st.integers(1, 5), elements=st.floats(0.0, 1.0, allow_subnormal=False)))
def test_dependent_probabilities_add_up_to_leaving_at_all(independent: np.ndarray) -> None:
    total = dependent_probabilities(independent).sum()
    assert total == pytest.approx(1.0 - np.prod(1.0 - independent), abs=1e-12)


def test_permanent_disability() -> None:
    def intensities(age: float) -> np.ndarray:
        falling_ill = 0.0004 + 3.4674e-06 * np.exp(0.138155 * age)
        dying = 0.0005 + 7.5858e-05 * np.exp(0.087498 * age)
        return np.array([[-falling_ill - dying, falling_ill, dying], [0.0, -dying, dying], [0.0, 0.0, 0.0]])

    p = transition_probabilities(intensities, 60.0, 70.0)
    assert p[0, 0] == pytest.approx(0.58395, abs=5e-6)
    assert p[0, 1] == pytest.approx(0.20577, abs=5e-6)
    assert p[0, 0] + p[0, 1] == pytest.approx(0.78971795, abs=5e-8)
    np.testing.assert_allclose(p.sum(axis=1), 1.0, atol=1e-9)
