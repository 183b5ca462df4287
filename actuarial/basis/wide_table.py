"""Read wide tables (a column for each year or age) strictly: exactly these columns, a number in every cell, all problems at once.

1. The first columns are keys (country, sex, age), compared as text; every combination stands in one row (:mod:`actuarial.basis.table_keys`).
2. A cell that holds no number, or one outside the bounds, is told with its line and column; the rest of the table is checked all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import Array
from actuarial.basis.errors import AFTER_ALL, Problem, raise_problems, shown
from actuarial.basis.plain_text import short, visible
from actuarial.basis.table import is_number, text_table
from actuarial.basis.table_keys import key_problems

_MOST_SHOWN = 20
_PLAIN: Final = re.compile(r"[-+.0-9eE]*", re.ASCII)
"""Signs that numbers are written with."""


@dataclass(frozen=True)
class WideTable:
    """A table as read: ``keys`` of the rows, ``values`` [row, column] with NaN where a cell is wrong, and what is ``wrong``."""

    path: Path
    keys: pd.DataFrame
    columns: tuple[str, ...]
    values: Array
    wrong: tuple[Problem, ...] = field(repr=False)

    def problem(self, row: int, column: int, text: str) -> Problem:
        """Make a problem of a cell."""
        return Problem(shown(self.path), int(self.keys.index[row]) + 2, self.columns[column], text)

    def spread(self, axes: Mapping[str, Sequence[str]], check: Callable[[Array], Iterable[tuple[tuple[int, ...], str]]] | None = None) -> Array:
        """The table as an array [axis, ..., column], rows in the order of ``axes``.

        ``check`` is given that array and yields the place (axes, column) and text of what is wrong with it; where rows are missing it is not asked.
        Raises one :class:`~actuarial.basis.errors.InputError` with these and everything found before.
        """
        problems = [*self.wrong, *key_problems(self.keys, axes, self.path)]
        names = list(axes)
        place = {key: row for row, key in enumerate(zip(*(self.keys[name] for name in names), strict=True))}
        rows = [place.get(key, -1) for key in product(*axes.values())]
        array = self.values[rows].reshape(*(len(axis) for axis in axes.values()), len(self.columns))
        if check is not None and min(rows) >= 0:
            sizes = array.shape[:-1]
            found = [self.problem(rows[int(np.ravel_multi_index(at[:-1], sizes))], at[-1], text) for at, text in check(array)]
            problems += cut(found, shown(self.path))
        raise_problems(problems)
        return np.ascontiguousarray(array)


def read_wide(path: Path, keys: Sequence[str], columns: Sequence[str], *, low: float = 0.0, high: float = np.inf) -> WideTable:
    """Read a table with exactly the ``keys`` and number ``columns``; numbers lie between ``low`` and ``high``.

    Raises :class:`~actuarial.basis.errors.InputError` at once for a file that is no table, or has other columns; what is wrong with cells is
    in the table read.
    """
    name = shown(path)
    frame = text_table(path, "the file is missing; `python data/derive SOURCES` builds the derived tables", [*keys, *columns])
    expected = [*keys, *columns]
    if list(frame.columns) != expected:
        missing = [column for column in expected if column not in frame.columns]
        extra = [column for column in frame.columns if column not in expected]
        text = f"columns missing: {_named(missing)}; not allowed: {_named(extra)} (order counts)"
        raise_problems([Problem(name, 1, "", text)])
    text_cells = frame[list(columns)].to_numpy(dtype=str)
    try:
        if not _PLAIN.fullmatch("".join(text_cells.ravel())):
            raise ValueError(name)
        values = text_cells.astype(np.float64)
    except ValueError:
        values = np.array([float(cell) if is_number(cell) else np.nan for cell in text_cells.ravel()]).reshape(text_cells.shape)
    table = WideTable(path, frame[list(keys)], tuple(columns), values, ())
    with np.errstate(invalid="ignore"):
        outside = ~(np.isfinite(values) & (values >= low) & (values <= high))
    found = [table.problem(row, column, _cell(text_cells[row, column], values[row, column], low, high)) for row, column in np.argwhere(outside)]
    values[outside] = np.nan
    return WideTable(path, table.keys, table.columns, values, tuple(cut(found, name)))


def cut(problems: Sequence[Problem], file: str) -> list[Problem]:
    """The first problems, and how many more there are."""
    if len(problems) <= _MOST_SHOWN:
        return list(problems)
    return [*problems[:_MOST_SHOWN], Problem(file, AFTER_ALL, "", f"and {len(problems) - _MOST_SHOWN} more")]


def _cell(text: str, value: float, low: float, high: float) -> str:
    if np.isnan(value):
        return f"'{short(visible(text, one_line=True))}' is not a number" if text.strip() else "empty cell; expected a number"
    allowed = f"{low:g} to {high:g}" if np.isfinite(high) else "a finite number" if low == -np.inf else f"a finite number, {low:g} or more"
    return f"found {value:g}, allowed is {allowed}"


def _named(columns: Sequence[str]) -> str:
    return f"{columns[:8]}{f' and {len(columns) - 8} more' if len(columns) > 8 else ''}" if columns else "none"
