"""Read the project's CSV tables strictly: what is missing, not a number or out of bounds is an error.

1. A table has a header; every column asked for must exist and every cell must hold a value of its kind.
2. All problems of a table are listed in one :class:`~actuarial.basis.errors.InputError`, with the line in the file.
3. Text columns may be empty only where the column says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import Array
from actuarial.basis.errors import InputError, Problem, nearest, raise_problems, shown

_MOST_PROBLEMS_SHOWN = 20


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
    try:
        raw = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except FileNotFoundError:
        raise InputError(f"{shown(path)}: this table is missing") from None
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputError(f"{shown(path)}: not a CSV table ({' '.join(str(error).split())})") from None
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
    if len(problems) > _MOST_PROBLEMS_SHOWN:
        left = len(problems) - _MOST_PROBLEMS_SHOWN
        problems = [*sorted(problems)[:_MOST_PROBLEMS_SHOWN], Problem(shown(path), 10**9, "", f"and {left} more")]
    raise_problems(problems)
    return pd.DataFrame(result)


def _column(cells: pd.Series[str], column: Column) -> tuple[pd.Series, list[tuple[int, str]]]:
    lines = np.arange(2, len(cells) + 2)
    if column.kind == "text":
        wrong = (cells == "").to_numpy() & (not column.optional)
        if column.allowed:
            wrong |= ~cells.isin([*column.allowed, *([""] if column.optional else [])]).to_numpy()
        words = f"; allowed: {', '.join(column.allowed)}" if column.allowed else ""
        found = [
            (int(n), f"found '{c}'{words}" if c else f"empty cell{words}")
            for n, c in zip(lines[wrong], cells[wrong], strict=True)
        ]
        return cells, found
    numbers = pd.to_numeric(cells, errors="coerce")
    values = numbers.to_numpy(dtype=np.float64)
    found = [
        (int(n), f"found '{c}'; expected a number") for n, c in zip(lines, cells, strict=True) if not _is_number(c)
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
        if not found:
            return numbers.astype("int64"), found
    return numbers, found


def _is_number(cell: str) -> bool:
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False


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
