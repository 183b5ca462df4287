"""Migration basis: migrant stocks by corridor, their age patterns, and what no source gives.

1. A corridor is an ordered pair (origin, host); corridors go origin by origin in member order, [K] = C (C - 1) of
   them.
2. Stocks are persons born in the origin who live in the host at 1 July of a matrix year (UN DESA's definition).
3. The labour share splits a stock into labour movers (with their families) and others: refugees, asylum seekers,
   naturalised refugees and people born in exile. The source has no such numbers; the split is an assumption.
4. Everything is checked here, once: gaps, text, unknown names and impossible figures raise ``InputError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import AGE_COUNT, HORIZON, SEXES, Array, IntArray
from actuarial.basis.errors import InputError, shown, unknown_name
from actuarial.basis.plain_text import short, visible
from actuarial.basis.table import is_number, text_table

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


@dataclass(frozen=True)
class MigrationAssumptions:
    """Single figures that no source gives; meaning and reason stand in ``assumptions.csv``."""

    remigration_hazard: float
    largest_child_share: float
    lowest_gross_share: float
    largest_labour_share: float
    imputed_male_share: float
    past_arrivals_growth: float


@dataclass(frozen=True)
class MigrationBasis:
    """What is known and assumed about movement between the states named in ``countries`` (C); K corridors."""

    countries: tuple[str, ...]
    corridors: tuple[tuple[str, str], ...]
    corridor_index: IntArray
    """Positions of origin and host on the country axis [K, 2]."""
    matrix_years: tuple[int, ...]
    stocks: Array
    """Published stocks at 1 July [K, 2, 8], persons; NaN where not reported or unusable."""
    labour_share: Array
    """Share of labour movers in the stock of the last matrix year [K]."""
    follows_matrix: tuple[bool, ...]
    """Whether earlier labour stocks follow the matrix [K]; else they follow the populations."""
    neighbours: tuple[bool, ...]
    """Whether the two states share a border or a lake [K]."""
    gravity_factor: Array
    """Multiplier of the regional median propensity where a corridor has no figure at all [K]."""
    mean_stay: Array
    """Years: inverse of the return hazard where the age factor is 1 [K]."""
    schedules: Array
    """Rogers-Castro parameters of arrivals by host [C, 2, 7], in the order of ``SCHEDULE_PARAMETERS``; any level."""
    stock_age: Array
    """Age distribution of the published stock at the host, summing to 1 over ages [C, 2, 101, 8]."""
    return_factor: Array
    """Return hazard by age relative to 1 / mean stay [101]."""
    remigration_factor: Array
    """Hazard of going again by age relative to the remigration hazard [101]."""
    assumptions: MigrationAssumptions
    confidence: tuple[str, ...]
    """Confidence in the labour share of a corridor [K]."""
    reasons: tuple[str, ...]
    """Reason of the labour share and of the stay [K]."""

    @property
    def return_rate(self) -> Array:
        """Probability that a surviving mover abroad is back in the origin a year later, no lever [K, 2, 101].

        ``r(x) = 1 - exp(-factor(x) / mean stay)``.
        """
        rate = 1.0 - np.exp(-self.return_factor[np.newaxis, :] / self.mean_stay[:, np.newaxis])
        return np.repeat(rate[:, np.newaxis, :], len(SEXES), axis=1)

    @property
    def remigration_rate(self) -> Array:
        """Probability that a surviving returned mover has gone again a year later [K, 2, 101]."""
        rate = 1.0 - np.exp(-self.remigration_factor * self.assumptions.remigration_hazard)
        return np.broadcast_to(rate, (len(self.corridors), len(SEXES), AGE_COUNT)).copy()


@dataclass(frozen=True)
class MigrationLevers:
    """What a scenario changes in the flows between the states from the first projection year on; plain numbers.

    ``outflow_multiplier``, ``return_multiplier`` (of the hazard) and ``shock_return_share`` are [K, 75];
    ``stock_multiplier`` scales everybody who moved before the valuation date. By year and for all corridors: ``sex_multiplier`` [2, 75] on the
    outflow of men and women, ``women_towards_men`` [75] share of the distance to men's propensity that women go where they move less, and
    ``refugees_joined`` [75] share of refugees of working age who have become movers by the end of the year.
    """

    outflow_multiplier: Array
    return_multiplier: Array
    shock_return_share: Array
    stock_multiplier: float = 1.0
    sex_multiplier: Array = field(default_factory=lambda: np.ones((len(SEXES), HORIZON)))
    women_towards_men: Array = field(default_factory=lambda: np.zeros(HORIZON))
    refugees_joined: Array = field(default_factory=lambda: np.zeros(HORIZON))

    def __post_init__(self) -> None:
        """Refuse negative or endless levers and shares outside 0..1."""
        for name in ("outflow_multiplier", "return_multiplier", "shock_return_share"):
            values = getattr(self, name)
            if values.ndim != 2 or values.shape != self.outflow_multiplier.shape or values.shape[1] != HORIZON:
                raise InputError(f"migration lever {name}: shape {values.shape}, needed (corridors, {HORIZON})")
            if not np.isfinite(values).all() or (values < 0).any():
                raise InputError(
                    f"migration lever {name}: found {np.min(values)}, allowed are finite numbers, 0 or more"
                )
        if (self.shock_return_share > 1).any():
            raise InputError(
                f"migration lever shock_return_share: found {self.shock_return_share.max()}, allowed is 0 to 1"
            )
        for name, shape, most in (
            ("sex_multiplier", (len(SEXES), HORIZON), np.inf), ("women_towards_men", (HORIZON,), 1.0), ("refugees_joined", (HORIZON,), 1.0)
        ):  # fmt: skip
            values = getattr(self, name)
            if values.shape != shape:
                raise InputError(f"migration lever {name}: shape {values.shape}, needed {shape}")
            if not np.isfinite(values).all() or (values < 0).any() or (values > most).any():
                raise InputError(f"migration lever {name}: found {values.min()} to {values.max()}, allowed is 0 to {most:g}")
        if not np.isfinite(self.stock_multiplier) or self.stock_multiplier < 0:
            raise InputError(f"migration lever stock_multiplier: found {self.stock_multiplier}, allowed is 0 or more")

    @classmethod
    def neutral(cls, corridor_count: int) -> MigrationLevers:
        """Levers that change nothing."""
        ones = np.ones((corridor_count, HORIZON))
        return cls(ones, ones.copy(), np.zeros((corridor_count, HORIZON)))


def load_migration(data_dir: Path, countries: Sequence[str]) -> MigrationBasis:
    """Read ``data_dir``/migration for the ``countries`` (ISO 3166 alpha-3, in the order of the country axis).

    Raises ``InputError`` naming file, line and field, what was found and what is allowed.
    """
    folder = data_dir / "migration"
    states = tuple(countries)
    corridors = tuple((o, h) for o in states for h in states if o != h)
    index = np.array([[states.index(o), states.index(h)] for o, h in corridors], dtype=np.int64).reshape(-1, 2)

    path = folder / "corridors.csv"
    table = _by_key(_read(path, CORRIDOR_COLUMNS), path, ("origin", "host"), corridors)
    share = _numbers(table, path, "labour_share", 0.0, 1.0)
    stay = _numbers(table, path, "mean_stay_years", 0.5, 100.0)
    gravity = _numbers(table, path, "gravity_factor", 0.0, 10.0)
    neighbours = _words(table, path, "neighbours", ("0", "1"))
    history = _words(table, path, "history", HISTORIES)
    confidence = _words(table, path, "confidence", CONFIDENCES)

    factors_path = folder / "age_factors.csv"
    factors = _read(factors_path, ("age", "return_factor", "remigration_factor"))
    knots = _numbers(factors, factors_path, "age", 0.0, AGE_COUNT - 1.0)
    if knots[0] != 0 or knots[-1] != AGE_COUNT - 1 or (np.diff(knots) <= 0).any():
        raise InputError(f"{shown(factors_path)}, age: must rise from 0 to {AGE_COUNT - 1}, found {knots.tolist()}")
    ages = np.arange(AGE_COUNT, dtype=np.float64)
    leave, again = (
        np.interp(ages, knots, _numbers(factors, factors_path, column, 0.0, 10.0))
        for column in ("return_factor", "remigration_factor")
    )
    return MigrationBasis(
        countries=states,
        corridors=corridors,
        corridor_index=index,
        matrix_years=MATRIX_YEARS,
        stocks=_stocks(folder / "stocks.csv", corridors),
        labour_share=share,
        follows_matrix=tuple(word == FOLLOWS_MATRIX for word in history),
        neighbours=tuple(word == "1" for word in neighbours),
        gravity_factor=gravity,
        mean_stay=stay,
        schedules=_schedules(folder / "age_schedules.csv", states),
        stock_age=_stock_age(folder, states),
        return_factor=leave,
        remigration_factor=again,
        assumptions=load_assumptions(folder / "assumptions.csv"),
        confidence=tuple(confidence),
        reasons=tuple(str(text) for text in table["reason"]),
    )


CORRIDOR_COLUMNS = (
    "origin",
    "host",
    "labour_share",
    "history",
    "neighbours",
    "gravity_factor",
    "mean_stay_years",
    "confidence",
    "reason",
)
STOCK_COLUMNS = ("origin", "host", "year", "male", "female", "status")
AGE_COLUMNS = tuple(str(age) for age in range(AGE_COUNT))


def load_assumptions(path: Path) -> MigrationAssumptions:
    """Read the single assumed figures; every name exactly once. Raises ``InputError``."""
    table = _read(path, ("name", "value", "unit", "confidence", "reason"))
    names = list(MigrationAssumptions.__dataclass_fields__)
    for line, name in enumerate(table["name"]):
        if name not in names:
            raise InputError(f"{shown(path)}, line {line + 2}, name: {unknown_name('assumption', name, names)}")
    table = _by_key(table, path, ("name",), [(name,) for name in names])
    values = _numbers(table, path, "value", 0.0, 1.0)
    return MigrationAssumptions(**dict(zip(names, values.tolist(), strict=True)))


def _stocks(path: Path, corridors: Sequence[tuple[str, str]]) -> Array:
    """Stocks [K, 2, 8]; NaN where the status is not ``reported``."""
    keys = [(o, h, str(year)) for o, h in corridors for year in MATRIX_YEARS]
    table = _by_key(_read(path, STOCK_COLUMNS), path, ("origin", "host", "year"), keys)
    status = np.array(_words(table, path, "status", STATUSES))
    reported = status == "reported"
    stocks = np.full((2, len(keys)), np.nan)
    for sex, name in enumerate(SEXES):
        stocks[sex, reported] = _numbers(table[reported], path, name, 0.0, np.inf)
    return np.moveaxis(stocks.reshape(2, len(corridors), len(MATRIX_YEARS)), 0, 1)


def _schedules(path: Path, states: Sequence[str]) -> Array:
    """Rogers-Castro parameters by host [C, 2, 7], in the order of ``SCHEDULE_PARAMETERS``."""
    table = _read(path, ("host", "sex", "a1_fitted", *SCHEDULE_PARAMETERS, "dissimilarity"))
    table = _by_key(table, path, ("host", "sex"), [(state, sex) for state in states for sex in SEXES])
    values = np.stack([_numbers(table, path, name, 0.0, 100.0) for name in SCHEDULE_PARAMETERS], axis=1)
    levels = [SCHEDULE_PARAMETERS.index(name) for name in ("a1", "a2", "c")]
    empty = values[:, levels].sum(axis=1) <= 0
    if empty.any():
        line = int(table.index[int(np.argmax(empty))]) + 2
        raise InputError(f"{shown(path)}, line {line}: a1, a2 and c are all 0; one level at least must be positive")
    return values.reshape(len(states), len(SEXES), len(SCHEDULE_PARAMETERS))


def _stock_age(folder: Path, states: Sequence[str]) -> Array:
    """Age distributions [C, 2, 101, 8] of the stocks at the host."""
    path = folder / "stock_age.csv"
    keys = [(state, sex, str(year)) for state in states for sex in SEXES for year in MATRIX_YEARS]
    table = _by_key(_read(path, ("host", "sex", "year", *AGE_COLUMNS)), path, ("host", "sex", "year"), keys)
    values = np.stack([_numbers(table, path, age, 0.0, 1.0) for age in AGE_COLUMNS], axis=1)
    total = values.sum(axis=1)
    wrong = np.abs(total - 1.0) > 1e-4
    if wrong.any():
        line = int(np.argmax(wrong))
        raise InputError(f"{shown(path)}, {keys[line]}: shares add up to {total[line]}, needed 1")
    shares = values / total[:, np.newaxis]
    return np.moveaxis(shares.reshape(len(states), len(SEXES), len(MATRIX_YEARS), AGE_COUNT), 2, 3)


def _read(path: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Text table with exactly ``columns``."""
    name = shown(path)
    frame = text_table(path, "the file is missing; `python data/derive SOURCES` builds the derived tables", columns)
    if list(frame.columns) != list(columns):
        missing = [column for column in columns if column not in frame.columns]
        extra = [column for column in frame.columns if column not in columns]
        raise InputError(f"{name}: columns missing: {missing or 'none'}; not allowed: {extra or 'none'} (order counts)")
    return frame


def _by_key(frame: pd.DataFrame, path: Path, names: Sequence[str], wanted: Sequence[tuple[str, ...]]) -> pd.DataFrame:
    """Rows ``wanted``, in that order, indexed by their line; each must stand in the table exactly once."""
    lines: dict[tuple[str, ...], int] = {}
    for line, key in enumerate(zip(*(frame[name] for name in names), strict=True)):
        if key in lines:
            raise InputError(
                f"{shown(path)}, line {line + 2}: {', '.join(key)} stands already in line {lines[key] + 2}"
            )
        lines[key] = line
    for key in wanted:
        if key not in lines:
            raise InputError(f"{shown(path)}: no row for {', '.join(key)} ({', '.join(names)})")
    return frame.iloc[[lines[key] for key in wanted]]


def _numbers(frame: pd.DataFrame, path: Path, column: str, smallest: float, largest: float) -> Array:
    """Column as numbers within the limits."""
    values = np.empty(len(frame))
    for position, (line, text) in enumerate(zip(frame.index, frame[column], strict=True)):
        if not is_number(text):
            found = short(visible(text, one_line=True))
            raise InputError(f"{shown(path)}, line {line + 2}, {column}: '{found}' is not a number")
        values[position] = float(text)
        if not smallest <= values[position] <= largest or np.isinf(values[position]):
            raise InputError(
                f"{shown(path)}, line {line + 2}, {column}: found {text}, allowed is {smallest:g} to {largest:g}"
            )
    return values


def _words(frame: pd.DataFrame, path: Path, column: str, allowed: Sequence[str]) -> list[str]:
    """Column as words out of ``allowed``."""
    for line, text in zip(frame.index, frame[column], strict=True):
        if text not in allowed:
            raise InputError(f"{shown(path)}, line {line + 2}: {unknown_name(column, text, allowed)}")
    return [str(text) for text in frame[column]]
