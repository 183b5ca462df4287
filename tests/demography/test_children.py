"""Children of living parents: closed form with constant rates, and the books of whole populations (mothers, fathers, orphans).

Source of the births: the cohort-component step, Preston, Heuveline and Guillot (2001), chapter 6.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.dimensions import AGE_COUNT, FEMALE, MALE
from actuarial.basis.population import PopulationBasis
from actuarial.demography.children import child_survival, children_by_age, derive_children, father_rates, mean_children
from actuarial.demography.population import PopulationProjection, advance, survival_ratios

YEARS = 40
LIMIT = 18


def constant(rate: float, survival: float, first: int = 15, last: int = 49) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Fertility [age, Y] between two ages, survival [2, age, Y], of births [2, Y] and the sex ratio [Y], all constant."""
    fertility = np.zeros((AGE_COUNT, YEARS))
    fertility[first : last + 1] = rate
    return fertility, np.full((2, AGE_COUNT, YEARS), survival), np.full((2, YEARS), survival), np.full(YEARS, 1.03)


def test_constant_rates_give_the_geometric_sum() -> None:
    """A woman of 45 had f a year for the 18 years past; children lose the same part a year: f s (1 - s^18) / (1 - s)."""
    f, s = 0.2, 0.97
    fertility, survival, births, ratio = constant(f, s)
    people = np.ones((2, AGE_COUNT, YEARS + 1))
    found = derive_children(fertility, people, survival, births, ratio, 5)
    expected = f * s * (1.0 - s**LIMIT) / (1.0 - s)
    assert mean_children(found, FEMALE, YEARS, LIMIT)[45] == pytest.approx(expected, rel=1e-12)
    assert mean_children(found, MALE, YEARS, LIMIT)[45 + 5] == pytest.approx(expected, rel=1e-12)
    # At 20 she has had births for four and a half years: half of the rate at 15, when she was 14 at 1 January, then whole years.
    ages = np.array([1.0, 1.0, 1.0, 1.0, 1.0, 0.5])
    assert mean_children(found, FEMALE, YEARS, LIMIT)[20] == pytest.approx(f * (ages * s ** np.arange(1, 7)).sum(), rel=1e-12)
    assert mean_children(found, FEMALE, YEARS, LIMIT)[49 + LIMIT + 2] == 0.0


@settings(max_examples=25)
@given(gap=st.integers(-5, 15), seed=st.integers(0, 10**6))
def test_fathers_have_the_births_of_mothers(gap: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    fertility, *_ = constant(1.0, 1.0, first=20, last=45)
    fertility *= rng.uniform(0.01, 0.3, fertility.shape)
    people = rng.uniform(1.0, 100.0, (2, AGE_COUNT, YEARS + 1))
    rates = father_rates(fertility, people, gap)
    exposure = 0.5 * (people[..., :-1] + people[..., 1:])
    np.testing.assert_allclose((rates * exposure[MALE]).sum(axis=0), (fertility * exposure[FEMALE]).sum(axis=0), rtol=1e-12)
    assert (rates[: 20 + gap] == 0).all()


def test_births_without_men_are_refused() -> None:
    fertility, *_ = constant(0.2, 1.0)
    people = np.ones((2, AGE_COUNT, YEARS + 1))
    people[MALE] = 0.0
    with pytest.raises(ValueError, match="births without men"):
        father_rates(fertility, people, 5)


def test_too_little_history_is_refused() -> None:
    found = derive_children(*_closed(1.0)[0])
    for year, limit in ((LIMIT - 1, LIMIT), (YEARS + 1, LIMIT), (YEARS, 31)):
        with pytest.raises(ValueError, match="tables follow"):
            children_by_age(found, FEMALE, year, limit)


def _closed(adult: float) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray, int], np.ndarray]:
    """A closed population from the step itself; ``adult`` scales survival from age 15 on. Inputs of children, and people [2, age, Y + 1]."""
    rng = np.random.default_rng(7)
    fertility = np.zeros((AGE_COUNT, YEARS))
    fertility[15:50] = rng.uniform(0.02, 0.3, (35, YEARS))
    survival = rng.uniform(0.9, 1.0, (2, AGE_COUNT, YEARS))
    survival[:, 15:60] = np.where(adult == 1.0, 1.0, survival[:, 15:60] * adult)
    births, ratio = rng.uniform(0.9, 0.99, (2, YEARS)), rng.uniform(1.0, 1.06, YEARS)
    people = np.zeros((2, AGE_COUNT, YEARS + 1))
    people[..., 0] = rng.uniform(100.0, 1000.0, (2, AGE_COUNT))
    none = np.zeros((1, 2, AGE_COUNT))
    for t in range(YEARS):
        people[..., t + 1] = advance(
            people[None, ..., t], survival[None, ..., t], births[None, :, t], fertility[None, :, t], ratio[None, t], none
        ).population[0]
    return (fertility, people, survival, births, ratio, 4), people


def test_children_of_all_women_are_the_children_of_the_population_where_no_mother_dies() -> None:
    inputs, people = _closed(1.0)
    found = derive_children(*inputs)
    for year in (LIMIT, 30, YEARS):
        with_mother = np.einsum("x,xc->c", people[FEMALE, :, year], children_by_age(found, FEMALE, year, 10))
        # Mothers of 49 and less at the birth, up to ten years ago, are below 60 and have not died.
        np.testing.assert_allclose(with_mother, people[:, :10, year].sum(axis=0), rtol=1e-9)


def test_children_with_a_living_mother_and_orphans_are_all_children() -> None:
    """Children aged c = those of living mothers + those of mothers who died since the birth, each mother's death booked when it happens."""
    inputs, people = _closed(0.97)
    found = derive_children(*inputs)
    fertility, survival = inputs[0], inputs[2]
    year, limit = YEARS, 12
    with_mother = np.einsum("x,xc->c", people[FEMALE, :, year], children_by_age(found, FEMALE, year, limit))
    orphans = np.zeros(limit)
    for died in range(year - limit, year):
        deaths = people[FEMALE, :, died] * (1.0 - survival[FEMALE, :, died])
        orphans[year - 1 - died] += (deaths * fertility[:, died] / 2).sum() * found.alive[died, year - died]
        for c in range(year - died, limit):
            born = year - 1 - c
            back = died - born
            had = np.zeros(AGE_COUNT)
            had[back:] = found.births[FEMALE, : AGE_COUNT - back, born]
            orphans[c] += (deaths * had).sum() * found.alive[born, c + 1]
    assert (orphans[1:] > 0.01 * with_mother[1:]).all()
    np.testing.assert_allclose(with_mother + orphans, people[:, :limit, year].sum(axis=0), rtol=1e-9)


def test_child_survival_mixes_the_sexes() -> None:
    _, survival, births, ratio = constant(0.1, 1.0)
    survival[MALE], births[MALE] = 0.5, 0.5
    alive = child_survival(survival, births, ratio, 3)
    boys = 1.03 / 2.03
    np.testing.assert_allclose(alive[0], [1.0, boys * 0.5 + 1 - boys, boys * 0.25 + 1 - boys, boys * 0.125 + 1 - boys], rtol=1e-12)
    assert np.isnan(alive[-1, 2]) and np.isfinite(alive[-1, 1])


def test_shipped_basis_children_below_18_agree_with_the_population(
    population_basis: PopulationBasis, population_projection: PopulationProjection
) -> None:
    """Children of living mothers and of living fathers, between 80 and 103 % of all children below 18 at 1 January 2040, state by state."""
    ratios = survival_ratios(population_basis)
    people = np.concatenate([population_basis.population_history, population_projection.population[..., 1:]], axis=-1)
    year = 2040 - population_basis.first_year
    for c in range(len(population_basis.countries)):
        found = derive_children(population_basis.fertility[c], people[c], ratios.persons[c], ratios.births[c],
                                population_basis.sex_ratio_at_birth[c], 6)  # fmt: skip
        everybody = people[c, :, :LIMIT, year].sum()
        with_mother = people[c, FEMALE, :, year] @ mean_children(found, FEMALE, year, LIMIT)
        with_father = people[c, MALE, :, year] @ mean_children(found, MALE, year, LIMIT)
        assert 0.80 * everybody < with_father < with_mother < 1.03 * everybody
