"""Cohort-component projection of the population, one calendar year at a time, all states and both sexes at once.

1. Stocks stand at 1 January, age is age last birthday, the last age (100) is open. Flows and rates are of calendar
   years.
2. Net migrants arrive half at the beginning and half at the end of the year; the first half shares the year's survival.
3. Births are spread evenly over the year: exposure is the mean number of women at its two ends.
4. A newborn's chance to be alive at the end of the year is L(0) / l(0), with the separation factor of age 0.
5. ``advance`` is the method, one year in NumPy; all years together run in a compiled kernel that gives the same numbers.

| symbol | meaning | shape |
|---|---|---|
| g(x) | [1 - exp(-m(x))] / m(x): years lived at age x per survivor to it, under a constant force of mortality | [C, 2, 101] |
| S(x) | L(x+1) / L(x) = exp(-m(x)) g(x+1) / g(x); at 0 (1 - q(0)) g(1) / L(0); at 100 T(101) / T(100) = exp(-m) | [C, 2, 101] |
| S_b | L(0) / l(0) | [C, 2] |
| M(x) | net migrants aged x | [C, 2, 101] |

Source: Preston, Heuveline and Guillot (2001), Demography, chapter 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from actuarial.basis.dimensions import (
    AGE_COUNT,
    FEMALE,
    FIRST_YEAR,
    LAST_YEAR,
    MALE,
    OPEN_AGE,
    Array,
    year_index,
)
from actuarial.basis.population import PopulationBasis
from actuarial.demography.graduation import infant_separation


class SurvivalRatios(NamedTuple):
    """Survival from 1 January to the next.

    persons [C, 2, 101, Y] by age at the first date; births [C, 2, Y] to the end of the year of birth.
    """

    persons: Array
    births: Array


class Step(NamedTuple):
    """One calendar year.

    population at its end [C, 2, 101]; births [C, 2]; deaths [C, 2, 101] by age at 1 January, of those present then and
    of the migrants who joined them; infant_deaths [C, 2] among the births of the year.
    """

    population: Array
    births: Array
    deaths: Array
    infant_deaths: Array


@dataclass(frozen=True)
class PopulationProjection:
    """Stocks at 1 January [C, 2, 101, Y + 1] and flows of the calendar years [.., Y] between them."""

    countries: tuple[str, ...]
    first_year: int
    population: Array
    births: Array
    deaths: Array
    infant_deaths: Array


def survival_ratios(basis: PopulationBasis) -> SurvivalRatios:
    """Survival ratios by state, sex, age and calendar year of the basis [C, 2, 101, 111], of births [C, 2, 111].

    Raises ``ValueError`` when a rate is not positive or kills more infants than are born.
    """
    return ratios_of_rates(basis.death_rates)


def ratios_of_rates(rates: Array) -> SurvivalRatios:
    """Survival ratios from central death rates [C, 2, 101, Y]; raises ``ValueError`` as ``survival_ratios`` does.

    They are those of :func:`actuarial.demography.life_table.single_age_life_table`, with its l(x) cancelled.
    """
    if not (rates > 0).all():
        raise ValueError("a central death rate is not positive")
    fallen = np.expm1(-rates)
    lived = fallen / -rates
    infant = rates[:, :, 0]
    separation = np.stack([infant_separation(infant[:, sex], sex)[0] for sex in (MALE, FEMALE)], axis=1)
    q = infant / (1.0 + (1.0 - separation) * infant)
    if (q > 1.0).any():
        raise ValueError("a central death rate leads to a probability of death above 1")
    births = 1.0 - q + separation * q
    lived[:, :, 0] = births
    ratios = 1.0 + fallen
    ratios[:, :, 0] = 1.0 - q
    ratios[:, :, :OPEN_AGE] *= lived[:, :, 1:] / lived[:, :, :OPEN_AGE]
    return SurvivalRatios(ratios, births)


def advance(
    population: Array,
    survival: Array,
    birth_survival: Array,
    fertility: Array,
    sex_ratio: Array,
    net_migration: Array,
) -> Step:
    """Population one year later, with the births and deaths on the way; all arrays of one calendar year.

    P'(x+1) = [P(x) + M(x)/2] S(x) + M(x+1)/2;  B = sum f(x) [P_f(x) + P_f'(x)]/2;  P'(0) = B share S_b + M(0)/2.

    population, survival and net_migration [C, 2, 101]; birth_survival [C, 2]; fertility [C, 101]; sex_ratio [C].
    Raises ``ValueError`` when more people leave an age than live in it.
    """
    exposed = population + 0.5 * net_migration
    survivors = exposed * survival
    later = 0.5 * net_migration
    later[..., 1:] += survivors[..., :-1]
    later[..., OPEN_AGE] += survivors[..., OPEN_AGE]
    women = 0.5 * (population[:, FEMALE] + later[:, FEMALE])
    all_births = (fertility * women).sum(axis=-1)
    share_female = 1.0 / (1.0 + sex_ratio)
    births = np.stack([all_births * (1.0 - share_female), all_births * share_female], axis=-1)
    later[..., 0] += births * birth_survival
    if (later < 0).any():
        place = np.unravel_index(int(np.argmin(later)), later.shape)
        raise ValueError(f"more people leave than live at [country, sex, age] {tuple(int(i) for i in place)}")
    return Step(later, births, exposed - survivors, births * (1.0 - birth_survival))


def project_population(basis: PopulationBasis) -> PopulationProjection:
    """Project 1 January 2026 to 1 January 2101 with the net migration of the basis and nothing else.

    Flows have 75 years (2026..2100), stocks 76 dates. Raises ``ValueError`` as ``advance`` does.
    """
    from actuarial.demography.population_kernel import project  # compiled code is loaded by those who project only

    rates = _projected_rates(basis)
    result = _empty(basis)
    parts = (result.population, result.births, result.deaths, result.infant_deaths)
    if not project(*parts, *(np.ascontiguousarray(r) for r in rates)):
        return project_year_by_year(basis)  # raises, and says where
    return result


def project_year_by_year(basis: PopulationBasis) -> PopulationProjection:
    """The same as ``project_population`` by ``advance``, year after year: what the compiled kernel is held against."""
    rates = _projected_rates(basis)
    result = _empty(basis)
    for t in range(result.births.shape[-1]):
        step = advance(result.population[..., t], *(r[..., t] for r in rates))
        result.population[..., t + 1] = step.population
        result.births[..., t], result.infant_deaths[..., t] = step.births, step.infant_deaths
        result.deaths[..., t] = step.deaths
    return result


def _projected_rates(basis: PopulationBasis) -> tuple[Array, Array, Array, Array, Array]:
    """Survival, survival of births, fertility, sex ratio and net migration of the projected years [.., 75]."""
    years = slice(year_index(FIRST_YEAR), year_index(LAST_YEAR) + 1)
    survival = ratios_of_rates(basis.death_rates[..., years])
    rest = (basis.fertility[..., years], basis.sex_ratio_at_birth[..., years], basis.net_migration[..., years])
    return survival.persons, survival.births, *rest


def _empty(basis: PopulationBasis) -> PopulationProjection:
    """The population at the start, and room for the rest."""
    count, years = len(basis.countries), LAST_YEAR - FIRST_YEAR + 1
    population = np.zeros((count, 2, AGE_COUNT, years + 1))
    population[..., 0] = basis.population_history[..., -1]
    births, infant_deaths, deaths = (np.zeros((count, 2, *shape)) for shape in ((years,), (years,), (AGE_COUNT, years)))
    return PopulationProjection(basis.countries, FIRST_YEAR, population, births, deaths, infant_deaths)
