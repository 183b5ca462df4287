"""Read the project's CSV tables strictly: what is missing, not a number or out of bounds is an error.

1. A table has a header; every column asked for must exist and every cell must hold a value of its kind.
2. All problems of a table are listed in one :class:`~actuarial.basis.errors.InputError`, with the line in the file.
3. Text columns may be empty only where the column says so.
4. A number is written in plain digits, ``-1234.5`` or ``1.2e-3``: what only some programs read as one (``1_000``, digits of other scripts) is none.
5. Every row has as many cells as the header, every column a name of its own; rows, columns and the length of a text have limits.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import Array
from actuarial.basis.errors import InputError, Problem, nearest, raise_problems, shown
from actuarial.basis.plain_files import LARGEST_TABLE, read_plain_text
from actuarial.basis.plain_text import control_in, short, visible

_MOST_PROBLEMS_SHOWN = 20
MOST_ROWS: Final = 200_000
"""Rows of a table: the longest shipped one has 1,600; single ages and years of fifty countries would be half a million cells in columns."""
MOST_COLUMNS: Final = 400
"""Columns of a table: the widest shipped one has about a hundred, one for each age."""
LONGEST_CELL: Final = 10_000
"""Characters of a cell; a source with its reason has a few hundred."""
LARGEST_WHOLE: Final = 2.0**53
"""Whole numbers beyond are not exact."""
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII)


@dataclass(frozen=True)
class Column:
    """What a column may hold."""

    kind: str
    """``number``, ``integer`` or ``text``."""
    minimum: float = -np.inf
    maximum: float = np.inf
    allowed: tuple[str, ...] = ()
    """Words allowed in a text column; any text when empty."""
    optional: bool = False
    """Whether a text cell may be empty."""


NUMBER = Column("number")
INTEGER = Column("integer")
TEXT = Column("text")
NOTE = Column("text", optional=True)
FRACTION = Column("number", 0.0, 1.0)
RATE = Column("number", -0.99, np.inf)
POSITIVE = Column("number", 0.0)


def read_table(path: Path, columns: Mapping[str, Column]) -> pd.DataFrame:
    """Read the named columns of a CSV table, no others. Row ``i`` stands on line ``i + 2`` of the file.

    Raises :class:`InputError` for a missing file or column and for cells that do not fit, listing all of them.
    """
    raw = text_table(path, columns=tuple(columns))
    problems = []
    for name in columns:
        if name not in raw:
            near = nearest(name, raw.columns)
            hint = f"; is it '{near}'?" if near else ""
            problems.append(Problem(shown(path), 1, name, f"this column is missing{hint}"))
    raise_problems(problems)
    result = {}
    for name, column in columns.items():
        result[name], found = _column(raw[name].str.strip(), column)
        problems += [Problem(shown(path), line, name, text) for line, text in found]
    raise_problems(_first(problems, path))
    return pd.DataFrame(result)


def text_table(path: Path, missing: str = "this table is missing", columns: Sequence[str] = ()) -> pd.DataFrame:
    """All cells of a table as text. ``missing`` says that it is absent; ``columns`` are those it must have, named where rows do not fit the header.

    Raises :class:`InputError` for a file that is no table, or one beyond the limits.
    """
    if not path.exists() and not path.is_symlink():
        raise InputError(f"{shown(path)}: {missing}")
    text = read_plain_text(path, LARGEST_TABLE)
    rows: list[list[str]] = []
    reader = csv.reader(StringIO(text), strict=True)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > MOST_ROWS + 1:
                raise InputError(f"{shown(path)}: more than {MOST_ROWS:,} rows; allowed are {MOST_ROWS:,}")
            if len(row) > MOST_COLUMNS:
                raise InputError(f"{shown(path)}, line {reader.line_num}: {len(row):,} columns; allowed are {MOST_COLUMNS}")
    except csv.Error as error:
        raise InputError(f"{shown(path)}: not a CSV table (line {reader.line_num}: {error})") from None
    while rows and not rows[-1]:
        rows.pop()
    if not rows or not rows[0]:
        raise InputError(f"{shown(path)}: not a CSV table (it has no header)")
    header, *body = rows
    problems = [Problem(shown(path), 1, _shown(n), "this column stands twice") for n, count in Counter(header).items() if count > 1]
    lengths = {len(row) for row in body}
    if len(lengths) == 1 and lengths != {len(header)}:
        gone = [name for name in columns if name not in header]
        words = f"; columns missing: {gone}" if gone else ""
        raise InputError(f"{shown(path)}, line 1: the header has {len(header)} cells, every row {lengths.pop()}{words}")
    for line, row in enumerate(rows, 1):
        if len(row) != len(header):
            problems.append(Problem(shown(path), line, "", f"{len(row)} cells; the header has {len(header)}"))
        if (longest := max(map(len, row), default=0)) > LONGEST_CELL:
            problems.append(Problem(shown(path), line, "", f"a cell of {longest:,} characters; allowed are {LONGEST_CELL:,}"))
    if control := control_in(text):
        line = next((n for n, row in enumerate(rows, 1) if any(control_in(cell) for cell in row)), 0)
        problems.append(Problem(shown(path), line, "", f"holds the control character {control}, which no input may hold"))
    raise_problems(_first(problems, path))
    return pd.DataFrame(body, columns=header, dtype=str)


def _shown(cell: str) -> str:
    return short(visible(cell, one_line=True), 80)


def _first(problems: list[Problem], path: Path) -> list[Problem]:
    """The first problems of a table, and how many more there are."""
    if len(problems) <= _MOST_PROBLEMS_SHOWN:
        return problems
    return [*sorted(problems)[:_MOST_PROBLEMS_SHOWN], Problem(shown(path), 10**9, "", f"and {len(problems) - _MOST_PROBLEMS_SHOWN} more")]


def _column(cells: pd.Series[str], column: Column) -> tuple[pd.Series, list[tuple[int, str]]]:
    lines = np.arange(2, len(cells) + 2)
    if column.kind == "text":
        wrong = (cells == "").to_numpy() & (not column.optional)
        if column.allowed:
            wrong |= ~cells.isin([*column.allowed, *([""] if column.optional else [])]).to_numpy()
        words = f"; allowed: {', '.join(column.allowed)}" if column.allowed else ""
        found = [
            (int(n), f"found '{_shown(c)}'{words}" if c else f"empty cell{words}")
            for n, c in zip(lines[wrong], cells[wrong], strict=True)
        ]
        return cells, found
    numbers = pd.to_numeric(cells, errors="coerce")
    values = numbers.to_numpy(dtype=np.float64)
    found = [
        (int(n), f"found '{_shown(c)}'; expected a number") for n, c in zip(lines, cells, strict=True) if not is_number(c)
    ]
    with np.errstate(invalid="ignore"):
        outside = (values < column.minimum) | (values > column.maximum)
    limits = (
        f"allowed {column.minimum:g} to {column.maximum:g}"
        if np.isfinite(column.maximum)
        else f"allowed {column.minimum:g} or more"
    )
    found += [(int(n), f"found {v:g}; {limits}") for n, v in zip(lines[outside], values[outside], strict=True)]
    if column.kind == "integer":
        broken = np.isfinite(values) & (values != np.round(values))
        found += [
            (int(n), f"found {v:g}; expected a whole number")
            for n, v in zip(lines[broken], values[broken], strict=True)
        ]
        beyond = np.abs(values) > LARGEST_WHOLE
        words = f"allowed {-LARGEST_WHOLE:g} to {LARGEST_WHOLE:g}"
        found += [(int(n), f"found {v:g}; {words}") for n, v in zip(lines[beyond], values[beyond], strict=True)]
        if not found:
            return numbers.astype("int64"), found
    return numbers, found


def is_number(cell: str) -> bool:
    """Whether a cell is a finite number in plain digits.

    >>> [is_number(cell) for cell in ("-1.5", "1e-3", "1_000", "nan", "1e400", " 1")]
    [True, True, False, False, False, False]
    """
    return _NUMBER.fullmatch(cell) is not None and bool(np.isfinite(float(cell)))


def to_array(
    table: pd.DataFrame, value: str, axes: Mapping[str, Sequence[object]], path: Path, where: str = ""
) -> Array:
    """Spread a tidy table over named axes, e.g. ``{"country": members, "year": years}``, in that order.

    Raises :class:`InputError` when a combination is missing or stands twice: there is no fallback and no fill value.
    """
    names = list(axes)
    keyed = table.set_index(names)[value]
    if keyed.index.has_duplicates:
        twice = keyed.index[keyed.index.duplicated()][0]
        raise InputError(f"{shown(path)}: {_key(names, twice)} stands twice{where}")
    wanted: list[Any] = list(product(*axes.values())) if len(names) > 1 else list(axes[names[0]])
    known = set(keyed.index)
    missing = [key for key in wanted if key not in known]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise InputError(f"{shown(path)}: no {value} for {_key(names, missing[0])}{more}{where}")
    shape = tuple(len(v) for v in axes.values())
    return keyed.reindex(wanted).to_numpy(dtype=np.float64).reshape(shape)


def _key(names: list[str], key: object) -> str:
    parts = key if isinstance(key, tuple) else (key,)
    return ", ".join(f"{name} {part}" for name, part in zip(names, parts, strict=True))
