"""The tables below ``data/migration``: what each may hold. :mod:`actuarial.basis.migration` puts them together.

1. Every function reads one table and raises one :class:`InputError` with everything wrong in it.
2. Rates, shares and factors have bounds that a slip of units leaves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import AGE_COUNT, SEXES, Array
from actuarial.basis.errors import Problem, shown, unknown_name
from actuarial.basis.plain_text import short, visible
from actuarial.basis.plausible import bounds
from actuarial.basis.table import INTEGER, NOTE, NUMBER, TEXT, Column, is_number
from actuarial.basis.table_keys import checked_table, key_problems
from actuarial.basis.wide_table import read_wide

MATRIX_YEARS = (1990, 1995, 2000, 2005, 2010, 2015, 2020, 2024)
"""Years of the published origin-destination matrix; stocks at 1 July."""

FOLLOWS_MATRIX = "matrix"
"""The labour stock of every matrix year is the labour share of the stock of that year."""
FOLLOWS_PROPENSITY = "propensity"
"""The labour stock of the last matrix year is carried back in proportion to the populations: earlier stocks were
moved by displacement, which says nothing of labour."""
HISTORIES = (FOLLOWS_MATRIX, FOLLOWS_PROPENSITY)

STATUSES = ("reported", "unusable", "no_data")
"""``unusable``: published, but a placeholder or a zero from before the state existed. ``no_data``: no row
published."""

SCHEDULE_PARAMETERS = ("a1", "alpha1", "a2", "mu2", "alpha2", "lambda2", "c")

CONFIDENCES = ("verified", "partial", "recalled", "derived", "assumed")

HIGHEST_REMIGRATION = 0.5
"""A year. Above it nearly everybody who came back would have gone again within two years."""

SHARES_TOLERANCE = 1e-4

_CORRIDOR: dict[str, Column] = {
    "origin": TEXT,
    "host": TEXT,
    "labour_share": NUMBER,
    "history": TEXT,
    "neighbours": TEXT,
    "gravity_factor": NUMBER,
    "mean_stay_years": NUMBER,
    "confidence": TEXT,
    "reason": NOTE,
}
CORRIDOR_COLUMNS = tuple(_CORRIDOR)


def corridor_table(path: Path, corridors: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Assumptions of each corridor, one row each in the order of ``corridors``."""
    limits = (("labour_share", 0.0, 1.0), ("gravity_factor", 0.0, 10.0), ("mean_stay_years", 0.5, 100.0))
    table = checked_table(
        path, _CORRIDOR,
        lambda t: _corridor_keys(t, path, corridors, ()),
        lambda t: [p for name, low, high in limits for p in bounds(t, path, name, low, high, fraction=high == 1.0)],
        lambda t: words(t, path, "history", HISTORIES),
        lambda t: words(t, path, "neighbours", ("0", "1")),
        lambda t: words(t, path, "confidence", CONFIDENCES),
    )  # fmt: skip
    return table.set_index(["origin", "host"], drop=False).loc[list(corridors)]


def stocks(path: Path, corridors: Sequence[tuple[str, str]]) -> Array:
    """Published stocks [K, 2, 8]; NaN where the status is not ``reported``."""
    columns = {"origin": TEXT, "host": TEXT, "year": INTEGER, "male": NOTE, "female": NOTE, "status": TEXT}

    def persons(table: pd.DataFrame) -> Iterator[Problem]:
        yield from words(table, path, "status", STATUSES)
        for name in SEXES:
            reported = table[table["status"] == "reported"]
            numbers = reported.assign(**{name: [float(cell) if is_number(cell) else np.nan for cell in reported[name]]})
            for line, text, value in zip(reported.index, reported[name], numbers[name], strict=True):
                if not np.isfinite(value):
                    found = short(visible(text, one_line=True))
                    yield Problem(shown(path), int(line) + 2, name, f"found '{found}'; expected a number, for its status is 'reported'")
            yield from bounds(numbers, path, name, 0.0)

    table = checked_table(path, columns, lambda t: _corridor_keys(t, path, corridors, MATRIX_YEARS), persons)
    keys = [(o, h, year) for o, h in corridors for year in MATRIX_YEARS]
    table = table.set_index(["origin", "host", "year"]).loc[keys]
    reported = (table["status"] == "reported").to_numpy()
    found = np.full((2, len(keys)), np.nan)
    for sex, name in enumerate(SEXES):
        found[sex, reported] = table.loc[reported, name].astype(np.float64)
    return np.moveaxis(found.reshape(2, len(corridors), len(MATRIX_YEARS)), 0, 1)


def schedules(path: Path, states: Sequence[str]) -> Array:
    """Rogers-Castro parameters by host [C, 2, 7], in the order of ``SCHEDULE_PARAMETERS``."""
    columns = {"host": TEXT, "sex": TEXT} | dict.fromkeys(SCHEDULE_PARAMETERS, Column("number", 0.0, 100.0))

    def levels(table: pd.DataFrame) -> Iterator[Problem]:
        for line in table.index[(table[["a1", "a2", "c"]].sum(axis=1, skipna=False) <= 0)]:
            yield Problem(shown(path), int(line) + 2, "", "a1, a2 and c are all 0; one level at least must be positive")

    axes = {"host": list(states), "sex": SEXES}
    table = checked_table(path, columns, partial(key_problems, axes=axes, path=path), levels)
    ordered = table.set_index(["host", "sex"]).loc[[(state, sex) for state in states for sex in SEXES]]
    return ordered[list(SCHEDULE_PARAMETERS)].to_numpy(np.float64).reshape(len(states), len(SEXES), len(SCHEDULE_PARAMETERS))


def stock_ages(path: Path, states: Sequence[str]) -> Array:
    """Age distributions [C, 2, 101, 8] of the stocks at the host."""

    def whole(shares: Array) -> Iterator[tuple[tuple[int, ...], str]]:
        total = shares.sum(axis=-1)
        for at in np.argwhere(np.abs(total - 1.0) > SHARES_TOLERANCE):
            yield (*at, 0), f"the shares of this line add up to {total[tuple(at)]:.6g}, needed 1"

    axes = {"host": list(states), "sex": list(SEXES), "year": [str(year) for year in MATRIX_YEARS]}
    values = read_wide(path, list(axes), [str(age) for age in range(AGE_COUNT)], high=1.0).spread(axes, whole)
    return np.moveaxis(values / values.sum(axis=-1, keepdims=True), 2, 3)


def age_factors(path: Path) -> tuple[Array, Array]:
    """Factors by age [101] on the hazard of returning and on that of going again."""
    columns = {"age": INTEGER, "return_factor": NUMBER, "remigration_factor": NUMBER}

    def rising(table: pd.DataFrame) -> Iterator[Problem]:
        ages = table["age"].to_numpy(np.float64)
        if len(ages) == 0 or ages[0] != 0 or ages[-1] != AGE_COUNT - 1 or (np.diff(ages) <= 0).any():
            at = int(np.argmax(np.diff(ages) <= 0)) + 3 if (np.diff(ages) <= 0).any() else 0
            yield Problem(shown(path), at, "age", f"must rise from 0 to {AGE_COUNT - 1}, found {', '.join(f'{age:g}' for age in ages)}")
        for name in ("return_factor", "remigration_factor"):
            yield from bounds(table, path, name, 0.0, 10.0)

    table = checked_table(path, columns, rising)
    ages, knots = np.arange(AGE_COUNT, dtype=np.float64), table["age"].to_numpy(np.float64)
    leave, again = (np.interp(ages, knots, table[name].to_numpy(np.float64)) for name in ("return_factor", "remigration_factor"))
    return leave, again


def single_figures(path: Path, names: Sequence[str]) -> dict[str, float]:
    """Figures by name, each a fraction; every name exactly once."""
    columns = {"name": TEXT, "value": NUMBER, "unit": TEXT, "confidence": TEXT, "reason": TEXT}
    table = checked_table(
        path, columns,
        lambda t: words(t, path, "name", names, "assumption"),
        lambda t: key_problems(t[t["name"].isin(list(names))], {"name": list(names)}, path, "value"),
        lambda t: bounds(t, path, "value", 0.0, 1.0, fraction=True),
        lambda t: bounds(t[(t["name"] == "remigration_hazard") & (t["value"] <= 1.0)], path, "value", 0.0, HIGHEST_REMIGRATION),
        lambda t: words(t, path, "confidence", CONFIDENCES),
    )  # fmt: skip
    values = table.set_index("name")["value"]
    return {name: float(values[name]) for name in names}


def words(table: pd.DataFrame, path: Path, column: str, allowed: Sequence[str], what: str = "") -> Iterator[Problem]:
    """Cells that are none of the words allowed, with the nearest."""
    for line, text in zip(table.index, table[column], strict=True):
        if text not in allowed:
            yield Problem(shown(path), int(line) + 2, column, unknown_name(what or column, str(text), list(allowed)))


def _corridor_keys(table: pd.DataFrame, path: Path, corridors: Sequence[tuple[str, str]], years: Sequence[int]) -> list[Problem]:
    """Keys of a table by corridor; they are told as origin and host."""
    corridor = table["origin"].str.cat(table["host"], sep="-")
    axes = {"corridor": [f"{o}-{h}" for o, h in corridors]} | ({"year": list(years)} if years else {})
    return key_problems(table.assign(corridor=corridor), axes, path)
