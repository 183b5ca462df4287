"""The cohort-component step: bookkeeping, the stationary and the stable population, and refusals.

Sources: Preston, Heuveline and Guillot (2001), chapters 3, 6 and 7 (identities); the figures are the shipped basis.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from actuarial.basis.dimensions import FEMALE
from actuarial.basis.population import PopulationBasis
from actuarial.demography.indicators import intrinsic_growth_rate
from actuarial.demography.life_table import person_years
from actuarial.demography.population import (
    PopulationProjection,
    advance,
    project_population,
    project_year_by_year,
    ratios_of_rates,
    survival_ratios,
)
from actuarial.demography.population_kernel import project

PEOPLE = arrays(np.float64, (2, 2, 101), elements=st.floats(0.0, 1e6, allow_subnormal=False))


@settings(max_examples=30)
@given(people=PEOPLE, moved=st.floats(-0.5, 0.5, allow_subnormal=False), year=st.integers(0, 110))
def test_nobody_is_lost(population_basis: PopulationBasis, people: np.ndarray, moved: float, year: int) -> None:
    """Stock at the end = stock at the beginning + births + net migrants - deaths, state by state and sex by sex."""
    ratios = survival_ratios(population_basis)
    net = moved * people
    net[..., 1:] = moved * np.minimum(people[..., 1:], people[..., :-1] * 0.1)
    net[..., 0] = 0.0
    step = advance(
        people,
        ratios.persons[:2, ..., year],
        ratios.births[:2, ..., year],
        population_basis.fertility[:2, :, year],
        population_basis.sex_ratio_at_birth[:2, year],
        net,
    )
    assert (step.population >= 0).all()
    expected = people.sum(axis=2) + step.births + net.sum(axis=2) - step.deaths.sum(axis=2) - step.infant_deaths
    np.testing.assert_allclose(step.population.sum(axis=2), expected, rtol=1e-9, atol=1e-6)
    ratio = population_basis.sex_ratio_at_birth[:2, year]
    np.testing.assert_allclose(step.births[:, 0], ratio * step.births[:, 1], rtol=1e-9)


def test_doubling_everybody_doubles_everything(population_basis: PopulationBasis) -> None:
    ratios = survival_ratios(population_basis)
    people, net = population_basis.population_history[..., -1], population_basis.net_migration[..., 36]
    constants = (
        ratios.persons[..., 36],
        ratios.births[..., 36],
        population_basis.fertility[..., 36],
        population_basis.sex_ratio_at_birth[:, 36],
    )
    once, twice = advance(people, *constants, net), advance(2 * people, *constants, 2 * net)
    for single, double in zip(once, twice, strict=True):
        np.testing.assert_allclose(double, 2 * single, rtol=1e-12)


def test_stationary_population_stays(population_basis: PopulationBasis) -> None:
    """One birth a year of each sex and the life table's own age structure: the next year looks the same."""
    ratios = survival_ratios(population_basis)
    year = 60
    lived = np.stack([person_years(population_basis.death_rates[:, sex, :, year], sex) for sex in range(2)], axis=1)
    fertility = np.zeros((len(lived), 101))
    fertility[:, 30] = 2.0 / lived[:, FEMALE, 30]
    step = advance(
        lived, ratios.persons[..., year], ratios.births[..., year], fertility, np.ones(len(lived)), np.zeros_like(lived)
    )
    np.testing.assert_allclose(step.births, 1.0, rtol=1e-12)
    np.testing.assert_allclose(step.population, lived, rtol=1e-12)


def test_constant_rates_lead_to_the_intrinsic_growth_rate(population_basis: PopulationBasis) -> None:
    ratios = survival_ratios(population_basis)
    year = 36
    people = population_basis.population_history[..., -1]
    fertility, ratio = population_basis.fertility[..., year], population_basis.sex_ratio_at_birth[:, year]
    for _ in range(300):
        before = people.sum(axis=(1, 2))
        people = advance(
            people, ratios.persons[..., year], ratios.births[..., year], fertility, ratio, np.zeros_like(people)
        ).population
    growth = np.log(people.sum(axis=(1, 2)) / before)
    lived = person_years(population_basis.death_rates[:, FEMALE, :, year], FEMALE)
    for country, found in enumerate(growth):
        maternity = fertility[country] / (1.0 + ratio[country])
        expected = intrinsic_growth_rate(maternity, lived[country], np.arange(101) + 0.5)
        assert found == pytest.approx(expected, abs=1e-5)


def test_emptying_an_age_below_zero_is_refused() -> None:
    people = np.ones((1, 2, 101))
    net = np.zeros_like(people)
    net[0, 1, 40] = -5.0
    with pytest.raises(ValueError, match=r"\(0, 1, 4[01]\)"):
        advance(people, np.full((1, 2, 101), 0.9), np.ones((1, 2)), np.zeros((1, 101)), np.ones(1), net)


def test_survival_is_a_probability_and_keeps_the_open_age_open(population_basis: PopulationBasis) -> None:
    ratios = survival_ratios(population_basis)
    assert ratios.persons.shape == population_basis.death_rates.shape
    assert ((ratios.persons > 0) & (ratios.persons < 1)).all()
    assert ((ratios.births > 0) & (ratios.births < 1)).all()
    np.testing.assert_allclose(ratios.persons[:, :, 100], np.exp(-population_basis.death_rates[:, :, 100]))
    for sex in range(2):
        lived = person_years(np.moveaxis(population_basis.death_rates[:, sex], 1, -1), sex)
        last_two = lived[..., 99] * ratios.persons[:, sex, 99] + lived[..., 100] * ratios.persons[:, sex, 100]
        np.testing.assert_allclose(last_two, lived[..., 100], rtol=1e-12)  # T(100) / T(99) on a stationary population


def test_projection_starts_at_the_end_of_history(
    population_basis: PopulationBasis, population_projection: PopulationProjection
) -> None:
    first = population_projection.population[..., 0]
    np.testing.assert_array_equal(first, population_basis.population_history[..., -1])
    assert population_projection.population.shape == (len(population_basis.countries), 2, 101, 76)
    assert (population_projection.population >= 0).all()
    change = np.diff(population_projection.population.sum(axis=(1, 2)), axis=-1)
    births = population_projection.births.sum(axis=1)
    deaths = population_projection.deaths.sum(axis=(1, 2)) + population_projection.infant_deaths.sum(axis=1)
    net = population_basis.net_migration[..., 36:].sum(axis=(1, 2))
    np.testing.assert_allclose(change, births - deaths + net, rtol=1e-9, atol=1e-3)


def test_all_years_at_once_are_the_years_one_by_one(population_basis: PopulationBasis, population_projection: PopulationProjection) -> None:
    plain = project_year_by_year(population_basis)
    for name in ("population", "births", "infant_deaths", "deaths"):
        found, wanted = getattr(population_projection, name), getattr(plain, name)
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14 * plain.population.max())


def test_a_projection_that_empties_an_age_says_where(population_basis: PopulationBasis) -> None:
    net = population_basis.net_migration.copy()
    net[2, 1, 40, 50] = -1e9
    with pytest.raises(ValueError, match=r"\(2, 1, 4[01]\)"):
        project_population(replace(population_basis, net_migration=net))


def test_survival_is_that_of_the_life_tables(population_basis: PopulationBasis) -> None:
    ratios = survival_ratios(population_basis)
    for sex in range(2):
        lived = np.moveaxis(person_years(np.moveaxis(population_basis.death_rates[:, sex], 1, -1), sex), -1, 1)
        np.testing.assert_allclose(ratios.persons[:, sex, :99], lived[:, 1:100] / lived[:, :99], rtol=1e-13)
        np.testing.assert_allclose(ratios.births[:, sex], lived[:, 0], rtol=1e-13)
    with pytest.raises(ValueError, match="not positive"):
        ratios_of_rates(np.zeros((1, 2, 101, 1)))


def test_the_compiled_years_in_plain_python() -> None:
    """Two states, three years, random rates: the kernel as written against the step; a state that loses more people than it has says so."""
    rng = np.random.default_rng(6)
    shape, years = (2, 2, 101), 3
    start = rng.uniform(50.0, 100.0, shape)
    survival, infants = rng.uniform(0.9, 1.0, (*shape, years)), rng.uniform(0.9, 1.0, (2, 2, years))
    fertility, ratio = rng.uniform(0.0, 0.05, (2, 101, years)), rng.uniform(1.0, 1.1, (2, years))
    fertility[:, :15] = 0.0
    net = rng.uniform(-5.0, 5.0, (*shape, years))
    people = np.zeros((*shape, years + 1))
    people[..., 0] = start
    births, deaths, infant_deaths = np.zeros((2, 2, years)), np.zeros((*shape, years)), np.zeros((2, 2, years))
    rates = (survival, infants, fertility, ratio, net)
    assert project.py_func(people, births, deaths, infant_deaths, *rates)
    for t in range(years):
        step = advance(people[..., t], *(r[..., t] for r in rates))
        np.testing.assert_allclose(people[..., t + 1], step.population, rtol=1e-12)
        np.testing.assert_allclose(births[..., t], step.births, rtol=1e-12)
        np.testing.assert_allclose(deaths[..., t], step.deaths, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(infant_deaths[..., t], step.infant_deaths, rtol=1e-12, atol=1e-12)
    for age in (0, 40):
        emptied = net.copy()
        emptied[1, 0, age, 1] = -1000.0
        assert not project.py_func(people.copy(), births, deaths, infant_deaths, *rates[:-1], emptied)
