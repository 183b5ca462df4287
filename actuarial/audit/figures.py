"""Two folders of results, figure by figure, under the one tolerance of this code base.

1. Two figures a and b are equal when ``|a - b| <= 1e-9 max(|a|, |b|, scale)``. The scale keeps rounding of what cancels from counting:

   * a column of one quantity: the largest magnitude in the column;
   * with, without and difference in a table of indicators: the larger of with and without in the row;
   * an identity that the engine checked, which is a part of something: 1;
   * other columns whose rows have different units: none.

2. Texts, missing figures, rows and columns must be the same.
3. What cannot be read as a table is a difference, not an error.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from actuarial.reporting.provenance import RECORD
from actuarial.reporting.roll_forward import TOLERANCE
from actuarial.reporting.validation_record import RECORD as VALIDATION

_KEYS: Final = (
    "indicator",
    "name",
    "item",
    "rung",
    "case",
    "year",
    "sex",
    "origin",
    "host",
    "role",
    "payer",
    "residence",
    "branch",
    "cause",
    "country",
)
"""Columns that say which row it is."""


@dataclass(frozen=True)
class Gap:
    """One figure that is not the same in both. ``size``: the difference over max(|a|, |b|, scale); ``inf`` when only one of them is a figure."""

    table: str
    row: str
    column: str
    before: str
    after: str
    size: float

    def __str__(self) -> str:
        size = "not comparable" if math.isinf(self.size) else f"{self.size:.1e} relative to its scale"
        return f"{self.table}, {self.row}, {self.column}: {self.before or 'nothing'} then, {self.after or 'nothing'} now ({size})"


@dataclass(frozen=True)
class Figures:
    """What came out. ``gaps``: every figure that is not identical; ``shapes``: tables, rows or columns that only one of the folders has."""

    tables: int
    figures: int
    gaps: tuple[Gap, ...]
    shapes: tuple[str, ...]

    @property
    def beyond(self) -> tuple[Gap, ...]:
        """Gaps beyond the tolerance, the largest first."""
        return tuple(sorted((gap for gap in self.gaps if not gap.size <= TOLERANCE), key=lambda gap: -gap.size))

    @property
    def largest(self) -> Gap | None:
        """The largest gap, of whatever size."""
        return max(self.gaps, key=lambda gap: gap.size, default=None)

    @property
    def equal(self) -> bool:
        """Whether all figures are the same within the tolerance."""
        return not self.shapes and not self.beyond


def compare_figures(before: Path, after: Path) -> Figures:
    """Compare every CSV and Parquet table, and the figures of every JSON file, below two folders; records (inputs, validation) are no results."""
    names = sorted({path.relative_to(folder).as_posix() for folder in (before, after) for path in folder.rglob("*") if path.is_file()})
    gaps: list[Gap] = []
    shapes: list[str] = []
    tables = figures = 0
    for name in names:
        if name in (RECORD, VALIDATION) or not name.endswith((".csv", ".parquet", ".json")):
            continue
        if missing := [word for folder, word in ((before, "now"), (after, "then")) if not (folder / name).is_file()]:
            shapes.append(f"{name}: only {missing[0]}")
            continue
        try:
            one, other = _texts(before / name), _texts(after / name)
        except (ValueError, OSError, RecursionError) as error:
            shapes.append(f"{name}: cannot be read ({' '.join(str(error).split())[:200]})")
            continue
        tables, figures = tables + 1, figures + _count(one)
        if list(one.columns) != list(other.columns) or len(one) != len(other):
            shapes.append(
                f"{name}: {len(one)} rows and {len(one.columns)} columns then, {len(other)} and {len(other.columns)} now, or in other order"
            )
            continue
        gaps += _gaps(name, one, other)
    return Figures(tables, figures, tuple(gaps), tuple(shapes))


def _texts(path: Path) -> pd.DataFrame:
    """A table as texts, figures with all their digits; of a JSON file its leaves: name and value."""
    if path.suffix == ".json":
        leaves = list(_leaves("", json.loads(path.read_text(encoding="utf-8"))))
        return pd.DataFrame(leaves, columns=["name", "value"], dtype=str).assign(unit="")
    content = path.read_text(encoding="utf-8") if path.suffix == ".csv" else pd.read_parquet(path).to_csv(index=False, float_format="%.17g")
    if not content.strip():
        return pd.DataFrame()
    return pd.read_csv(io.StringIO(content), dtype=str, keep_default_na=False)


def _leaves(at: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            yield from _leaves(f"{at}.{key}" if at else str(key), inner)
    else:
        yield at, repr(value) if isinstance(value, float) else str(value)


def _count(frame: pd.DataFrame) -> int:
    return sum(int(np.isfinite(_numbers(frame[column])).sum()) for column in frame.columns)


def _numbers(texts: pd.Series[str]) -> NDArray[np.float64]:
    """Figures of a column, NaN where there is none."""
    return np.asarray(pd.to_numeric(texts, errors="coerce"), dtype=np.float64)


def _gaps(name: str, one: pd.DataFrame, other: pd.DataFrame) -> list[Gap]:
    found = []
    for column in one.columns:
        differing = np.flatnonzero((one[column] != other[column]).to_numpy(bool))
        if not len(differing):
            continue
        a, b = _numbers(one[column]), _numbers(other[column])
        scale = np.maximum(_scale(one, column), _scale(other, column))
        for row in differing.tolist():
            wide = max(abs(a[row]), abs(b[row]), scale[row])
            off = abs(a[row] - b[row])
            size = math.inf if math.isnan(off) or math.isinf(off) else off / wide if wide else 0.0
            found.append(Gap(name, _row(one, row), str(column), str(one[column].iloc[row]), str(other[column].iloc[row]), float(size)))
    return found


def _scale(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """Scale of every figure of a column (1 of the module docstring)."""
    columns = set(frame.columns)
    if {"without", "with", "difference"} <= columns:
        pair = [np.abs(np.nan_to_num(_numbers(frame[name]))) for name in ("without", "with")]
        return np.maximum(*pair)
    if {"value", "tolerance"} <= columns:
        return np.ones(len(frame))
    if "unit" in columns:
        return np.zeros(len(frame))
    largest = np.abs(np.nan_to_num(_numbers(frame[column]), posinf=0.0, neginf=0.0)).max(initial=0.0)
    return np.full(len(frame), largest)


def _row(frame: pd.DataFrame, row: int) -> str:
    said = [str(frame[key].iloc[row]) for key in _KEYS if key in frame.columns]
    return " ".join(said) if said else f"row {row + 1}"
