"""Cohort-component projection of the population, one calendar year at a time, all states and both sexes at once.

1. Stocks stand at 1 January, age is age last birthday, the last age (100) is open. Flows and rates are of calendar
   years.
2. Net migrants arrive half at the beginning and half at the end of the year; the first half shares the year's survival.
3. Births are spread evenly over the year: exposure is the mean number of women at its two ends.
4. A newborn's chance to be alive at the end of the year is L(0) / l(0), with the separation factor of age 0.

| symbol | meaning | shape |
|---|---|---|
| S(x) | L(x+1) / L(x); at 99 L(100) / L(99); at 100 T(101) / T(100) | [C, 2, 101] |
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
    OPEN_AGE,
    Array,
    year_index,
)
from actuarial.basis.population import PopulationBasis
from actuarial.demography.life_table import person_years


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
    """Survival ratios by state, sex, age and calendar year of the basis [C, 2, 101, 111], of births [C, 2, 111]."""
    by_sex = [_ratios_of_sex(basis.death_rates[:, sex], sex) for sex in range(2)]
    return SurvivalRatios(np.stack([p for p, _ in by_sex], axis=1), np.stack([b for _, b in by_sex], axis=1))


def _ratios_of_sex(rates: Array, sex: int) -> tuple[Array, Array]:
    """Ratios [C, 101, Y] and of births [C, Y] from rates [C, 101, Y]."""
    lived = np.moveaxis(person_years(np.moveaxis(rates, 1, -1), sex), -1, 1)
    after_open = np.exp(-rates[:, OPEN_AGE])
    ratios = np.empty_like(rates)
    ratios[:, : OPEN_AGE - 1] = lived[:, 1:OPEN_AGE] / lived[:, : OPEN_AGE - 1]
    ratios[:, OPEN_AGE - 1] = lived[:, OPEN_AGE] * (1.0 - after_open) / lived[:, OPEN_AGE - 1]
    ratios[:, OPEN_AGE] = after_open
    return ratios, lived[:, 0]


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
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    survival = survival_ratios(basis)
    count = len(basis.countries)
    population = np.zeros((count, 2, AGE_COUNT, len(years) + 1))
    births, infant_deaths = np.zeros((count, 2, len(years))), np.zeros((count, 2, len(years)))
    deaths = np.zeros((count, 2, AGE_COUNT, len(years)))
    population[..., 0] = basis.population_history[..., -1]
    for step, year in enumerate(years):
        t = year_index(year)
        result = advance(
            population[..., step],
            survival.persons[..., t],
            survival.births[..., t],
            basis.fertility[..., t],
            basis.sex_ratio_at_birth[..., t],
            basis.net_migration[..., t],
        )
        population[..., step + 1] = result.population
        births[..., step], infant_deaths[..., step] = result.births, result.infant_deaths
        deaths[..., step] = result.deaths
    return PopulationProjection(basis.countries, FIRST_YEAR, population, births, deaths, infant_deaths)
