"""Population basis: stocks, mortality, fertility and net migration by single age, read from ``data/population``.

1. Axes as in ``dimensions``: [country, sex, age, year]; stocks at 1 January, rates and flows of calendar years.
2. Everything is checked here, once: missing country, row or year, text or gaps, and figures that no population can have
   (:mod:`actuarial.basis.plausible_population`) raise ``InputError``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from actuarial.basis import plausible_population as plausible
from actuarial.basis.dimensions import (
    AGE_COUNT,
    FIRST_YEAR,
    HISTORY_FIRST_YEAR,
    LAST_YEAR,
    OPEN_AGE,
    SEXES,
    YEAR_COUNT,
    Array,
)
from actuarial.basis.errors import Gathered, Problem, shown
from actuarial.basis.wide_table import read_wide

MOTHER_AGES = range(15, 50)
"""Ages of mothers with births in the tables."""
LARGEST_NET: Final = 0.5
"""Net migrants of a year, arrivals and departures of all ages without their sign, per resident at the valuation date."""
Check = Callable[[Array], Iterable[tuple[tuple[int, ...], str]]]


@dataclass(frozen=True)
class PopulationBasis:
    """Demographic figures of the states named in ``countries`` (C of them), years 1990..2100."""

    countries: tuple[str, ...]
    first_year: int
    """First year of every year axis."""
    population_history: Array
    """Persons at 1 January 1990..2026 [C, 2, 101, 37]; the last slice is the start of the projection."""
    death_rates: Array
    """Central death rates, deaths per person-year [C, 2, 101, 111]."""
    fertility: Array
    """Births per woman and year by age of mother [C, 101, 111]; zero outside 15..49."""
    sex_ratio_at_birth: Array
    """Males per female [C, 111]."""
    net_migration: Array
    """Net migrants of all origins, persons per year [C, 2, 101, 111]; before 2023 a residual of the stocks."""


@dataclass(frozen=True)
class ReferencePopulation:
    """Published population by 5-year group at 1 July, for comparison: ``persons`` [C, 2, 21, P] in ``years`` [P]."""

    countries: tuple[str, ...]
    years: tuple[int, ...]
    persons: Array


def load_population(data_dir: Path, countries: Sequence[str]) -> PopulationBasis:
    """Read the population basis of ``countries`` (ISO 3166 alpha-3, in the order wanted) from ``data_dir``/population.

    Raises one :class:`InputError` with everything wrong in all its tables: file, line, column, what was found and what is allowed.
    """
    folder = data_dir / "population"
    years = [str(year) for year in range(HISTORY_FIRST_YEAR, LAST_YEAR + 1)]
    stocks = [str(year) for year in range(HISTORY_FIRST_YEAR, FIRST_YEAR + 1)]
    whose = {"country": list(countries)}
    ages = whose | {"age": [str(age) for age in range(AGE_COUNT)]}
    mothers = whose | {"age": [str(age) for age in MOTHER_AGES]}
    both = {"country": list(countries), "sex": list(SEXES), "age": ages["age"]}
    gathered = Gathered()

    def table(name: str, axes: Mapping[str, Sequence[str]], columns: Sequence[str], check: Check | None = None, low: float = 0.0) -> Array:
        path = folder / f"{name}.csv"
        return gathered.read(lambda: read_wide(path, list(axes), columns, low=low).spread(axes, check))

    history = table("population", both, stocks, plausible.population)
    rates = [table(f"death_rates_{sex}", ages, years, plausible.death_rates) for sex in SEXES]
    births = table("fertility", mothers, years, plausible.fertility)
    ratio = table("sex_ratio", whose, years, plausible.sex_ratio)
    net = [table(f"net_migration_{sex}", ages, years, low=-np.inf) for sex in SEXES]
    if gathered.clean:
        gathered.add(_more_leave_than_live(folder, countries, history, np.stack(net, axis=1)))
    gathered.check()
    fertility = np.zeros((len(countries), AGE_COUNT, YEAR_COUNT))
    fertility[:, MOTHER_AGES.start : MOTHER_AGES.stop] = births
    deaths = np.stack(rates, axis=1) / 1000.0
    return PopulationBasis(tuple(countries), HISTORY_FIRST_YEAR, history, deaths, fertility, ratio, np.stack(net, axis=1))


def _more_leave_than_live(folder: Path, countries: Sequence[str], persons: Array, net: Array) -> list[Problem]:
    """Net migration of projected years that takes away most of a whole country: a slip of thousands, told by country, sex and year."""
    last = persons[..., -1].sum(axis=2)
    yearly = np.abs(net).sum(axis=2) / last[..., np.newaxis]
    return [
        Problem(
            shown(folder / f"net_migration_{SEXES[sex]}.csv"), 0, str(HISTORY_FIRST_YEAR + year),
            f"{yearly[c, sex, year]:.0%} of the {SEXES[sex]}s of {countries[c]} would move in the year; allowed up to {LARGEST_NET:.0%}",
        )
        for c, sex, year in np.argwhere(yearly > LARGEST_NET)
    ]  # fmt: skip


def load_reference_population(data_dir: Path, countries: Sequence[str]) -> ReferencePopulation:
    """Read the published 5-year groups that the projection is compared with.

    Raises ``InputError`` as ``load_population`` does.
    """
    years = tuple(range(1990, 2101, 5))
    axes = {"country": list(countries), "sex": list(SEXES), "age_start": [str(age) for age in range(0, OPEN_AGE + 1, 5)]}
    path = data_dir / "population" / "reference_population.csv"
    persons = read_wide(path, list(axes), [str(year) for year in years]).spread(axes)
    return ReferencePopulation(tuple(countries), years, persons)
