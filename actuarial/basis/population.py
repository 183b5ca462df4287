"""Population basis: stocks, mortality, fertility and net migration by single age, read from ``data/population``.

1. Axes as in ``dimensions``: [country, sex, age, year]; stocks at 1 January, rates and flows of calendar years.
2. Everything is checked here, once: missing country, row or year, text or gaps, and negative figures raise
   ``InputError``.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

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
from actuarial.basis.errors import InputError, shown, unknown_name
from actuarial.basis.plain_text import short, visible
from actuarial.basis.table import is_number, text_table

MOTHER_AGES = range(15, 50)
"""Ages of mothers with births in the tables."""


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


_PLAIN: Final = re.compile(r"[-+.0-9eE]*", re.ASCII)
"""Signs that numbers are written with."""


def read_table(path: Path, keys: Sequence[str], columns: Sequence[str], *, signed: bool = False) -> pd.DataFrame:
    """Wide table with exactly the ``keys`` and number ``columns``.

    Raises ``InputError`` naming file, line, field, what was found and what is allowed.
    """
    name = shown(path)
    frame = text_table(path, "the file is missing; `python data/derive SOURCES` builds it", [*keys, *columns])
    expected = [*keys, *columns]
    if list(frame.columns) != expected:
        missing = [column for column in expected if column not in frame.columns]
        extra = [column for column in frame.columns if column not in expected]
        raise InputError(f"{name}: columns missing: {missing or 'none'}; not allowed: {extra or 'none'} (order counts)")
    for column in columns:
        try:
            if not _PLAIN.fullmatch("".join(frame[column])):
                raise ValueError(column)
            values = frame[column].to_numpy(dtype=str).astype(np.float64)
        except ValueError:
            line = next(i for i, text in enumerate(frame[column]) if not is_number(text))
            found = short(visible(frame[column].iloc[line], one_line=True))
            raise InputError(f"{name}, line {line + 2}, {column}: '{found}' is not a number") from None
        wrong = ~np.isfinite(values) if signed else ~(np.isfinite(values) & (values >= 0))
        if wrong.any():
            line = int(np.argmax(wrong))
            allowed = "a finite number" if signed else "a finite number, 0 or more"
            raise InputError(f"{name}, line {line + 2}, {column}: found {values[line]}, allowed is {allowed}")
        frame[column] = values
    return frame


def _rows(
    frame: pd.DataFrame, path: Path, country: str, keys: Mapping[str, Sequence[str]], columns: Sequence[str]
) -> Array:
    """Numbers of one country [rows, columns], the rows being all combinations of ``keys`` in their order."""
    own = frame[frame["country"] == country]
    if own.empty:
        raise InputError(f"{shown(path)}: {unknown_name('country', country, sorted(frame['country'].unique()))}")
    expected = list(itertools.product(*keys.values()))
    found = list(zip(*(own[key] for key in keys), strict=True)) if keys else [()] * len(own)
    if sorted(found) != sorted(expected):
        gap = sorted(set(expected) - set(found))
        strange = sorted(set(found) - set(expected))
        raise InputError(
            f"{shown(path)}, {country}: each {' and '.join(keys) or 'country'} must have one row; "
            f"{len(found)} rows found, {len(expected)} needed; missing: {gap[:3]}; not allowed: {strange[:3]}"
        )
    place = {key: number for number, key in enumerate(found)}
    return own[list(columns)].to_numpy(np.float64)[[place[key] for key in expected]]


def load_population(data_dir: Path, countries: Sequence[str]) -> PopulationBasis:
    """Read the population basis of ``countries`` (ISO 3166 alpha-3, in the order wanted) from ``data_dir``/population.

    Raises ``InputError`` with one message naming file, place, what was found and what is allowed.
    """
    folder = data_dir / "population"
    years = [str(year) for year in range(HISTORY_FIRST_YEAR, LAST_YEAR + 1)]
    stocks = [str(year) for year in range(HISTORY_FIRST_YEAR, FIRST_YEAR + 1)]
    ages = {"age": [str(age) for age in range(AGE_COUNT)]}
    mothers = {"age": [str(age) for age in MOTHER_AGES]}
    both = {"sex": list(SEXES), **ages}

    def table(name: str, keys: Mapping[str, Sequence[str]], columns: Sequence[str], *, signed: bool = False) -> Array:
        path = folder / f"{name}.csv"
        frame = read_table(path, ["country", *keys], columns, signed=signed)
        return np.stack([_rows(frame, path, country, keys, columns) for country in countries])

    history = table("population", both, stocks).reshape(len(countries), 2, AGE_COUNT, len(stocks))
    rates = np.stack([table(f"death_rates_{sex}", ages, years) for sex in SEXES], axis=1) / 1000.0
    if not (rates > 0).all():
        raise InputError(f"{shown(folder)}/death_rates_*.csv: a death rate is 0; rates must be positive at every age")
    births = table("fertility", mothers, years)
    fertility = np.zeros((len(countries), AGE_COUNT, YEAR_COUNT))
    fertility[:, MOTHER_AGES.start : MOTHER_AGES.stop] = births
    ratio = table("sex_ratio", {}, years)[:, 0]
    net = np.stack([table(f"net_migration_{sex}", ages, years, signed=True) for sex in SEXES], axis=1)
    return PopulationBasis(tuple(countries), HISTORY_FIRST_YEAR, history, rates, fertility, ratio, net)


def load_reference_population(data_dir: Path, countries: Sequence[str]) -> ReferencePopulation:
    """Read the published 5-year groups that the projection is compared with.

    Raises ``InputError`` as ``load_population`` does.
    """
    path = data_dir / "population" / "reference_population.csv"
    years = tuple(range(1990, 2101, 5))
    columns = [str(year) for year in years]
    groups = {"sex": list(SEXES), "age_start": [str(age) for age in range(0, OPEN_AGE + 1, 5)]}
    frame = read_table(path, ["country", *groups], columns)
    persons = [_rows(frame, path, c, groups, columns).reshape(2, 21, len(years)) for c in countries]
    return ReferencePopulation(tuple(countries), years, np.stack(persons))
