"""Whether the rows of a table are the ones asked for: each once, none missing, none beside them.

1. A table is keyed by columns (country, sex, year ...), each an axis of allowed values. Every combination must stand in exactly one row.
2. A row of a country that nobody asked for is left alone, so that a table may hold more countries than a study reads; a row of an asked-for
   country with another sex, age or year is refused, and so are a year or age that stands first, and a name that is nearly the one missing.
3. Row ``i`` of a table stands on line ``i + 2`` of its file.
4. A cell that holds no number does not hide what is wrong elsewhere: the other rows are checked all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

import pandas as pd

from actuarial.basis.errors import AFTER_ALL, InputError, Problem, nearest, raise_problems, shown, unknown_name
from actuarial.basis.table import NOTE, Column, read_table

_MOST_SHOWN = 12
"""Problems listed of one table and kind; the rest is counted."""

Axes = Mapping[str, Sequence[object]]
Check = Callable[[pd.DataFrame], Iterable[Problem]]
"""Looks at a table, in which what is not a number is NaN, and says what is wrong."""


def checked_table(path: Path, columns: Mapping[str, Column], *checks: Check) -> pd.DataFrame:
    """Read a table (:func:`~actuarial.basis.table.read_table`) and check it. Raises one :class:`InputError` with everything that is wrong."""
    try:
        table, problems = read_table(path, columns), []
    except InputError as error:
        problems = list(error.problems)
        if not problems:
            raise
        text = read_table(path, dict.fromkeys(columns, NOTE))  # raises again where a column is missing
        numbers = [name for name, column in columns.items() if column.kind != "text"]
        table = text.assign(**{name: pd.to_numeric(text[name], errors="coerce") for name in numbers})
    raise_problems([*problems, *(problem for check in checks for problem in check(table))])
    return table


def key_problems(table: pd.DataFrame, axes: Axes, path: Path, value: str = "row", where: str = "") -> list[Problem]:
    """What is wrong with the keys of a table: rows that stand twice, names and years that do not exist, combinations without a row.

    The first axis is the one of which a table may hold more than is asked for (countries, corridors). ``value`` names what is missing, ``where``
    the part of the table that is meant. Only rows in ``table`` are looked at, so a part of a file can be checked by itself.
    """
    file, names = shown(path), list(axes)
    rows = list(zip(table.index.tolist(), *(table[name].tolist() for name in names), strict=True))
    wanted = dict.fromkeys(product(*axes.values()))
    lines: dict[tuple[object, ...], int] = {}
    twice: list[Problem] = []
    strange: list[tuple[int, tuple[object, ...]]] = []
    for row, *parts in rows:
        key = tuple(parts)
        if key in lines:
            twice.append(Problem(file, row + 2, "", f"{_words(names, key)} stands twice{where}; first in line {lines[key]}"))
        lines.setdefault(key, row + 2)
        if key not in wanted:
            strange.append((row + 2, key))
    first = names[0]
    there = {key[0] for key in lines}
    whole = [] if _counted(axes[first]) else [name for name in axes[first] if name not in there]  # countries without a single row
    missing = [key for key in wanted if key not in lines and key[0] not in whole]
    if whole and len(names) > 1:
        strange = [(line, key) for line, key in strange if key[0] in axes[first]]
    beside = [p for line, key in strange for p in _beside(file, line, key, axes, missing)]
    gaps = [f"no {value} for {text}{where}" for text in _runs(names, axes, missing)]
    for name in whole:
        near = nearest(str(name), sorted({str(other) for other in there if other not in axes[first]}))
        gaps.append(f"no {value} for {first} {name}{where}{f'; the table has {near}: is it that?' if near else ''}")
    return [*_cut(file, twice), *_cut(file, beside), *_cut(file, [Problem(file, 0, "", text) for text in gaps])]


def _beside(file: str, line: int, key: tuple[object, ...], axes: Axes, missing: Sequence[tuple[object, ...]]) -> Iterator[Problem]:
    """Problems of a row that nobody asked for."""
    first = next(iter(axes))
    for (name, allowed), found in zip(axes.items(), key, strict=True):
        if found in allowed:
            continue
        if (name != first and key[0] in axes[first]) or (name == first and _counted(allowed)):
            text = _outside(name, found, allowed)
        else:
            absent = sorted({str(k[list(axes).index(name)]) for k in missing})
            text = unknown_name(name, found, [str(a) for a in allowed]) if isinstance(found, str) and nearest(found, absent) else ""
        if text:
            yield Problem(file, line, name, text)
        return


def _counted(allowed: Sequence[object]) -> bool:
    """Whether an axis is one of years or ages, of which a table holds no more than is asked for."""
    return all(str(value).isdigit() for value in allowed)


def _outside(name: str, found: object, allowed: Sequence[object]) -> str:
    if isinstance(found, str) and len(allowed) <= 20:
        return unknown_name(name, found, [str(a) for a in allowed])
    return f"found {found}; allowed {allowed[0]} to {allowed[-1]}" if len(allowed) > 1 else f"found {found}; allowed {allowed[0]}"


def _runs(names: Sequence[str], axes: Axes, missing: Sequence[tuple[object, ...]]) -> Iterator[str]:
    """Missing combinations in words; neighbours on the last axis are told as a range."""
    last = list(axes.values())[-1]
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    position = {value: i for i, value in enumerate(last)}
    for key in missing:
        groups[key[:-1]].append(position[key[-1]])
    for head, places in groups.items():
        start = 0
        for i, place in enumerate(places):
            if i + 1 == len(places) or places[i + 1] != place + 1:
                run = f" to {last[place]}" if i > start else ""
                yield f"{_words(names, (*head, last[places[start]]))}{run}"
                start = i + 1


def _cut(file: str, problems: list[Problem]) -> list[Problem]:
    if len(problems) <= _MOST_SHOWN:
        return problems
    return [*problems[:_MOST_SHOWN], Problem(file, AFTER_ALL, "", f"and {len(problems) - _MOST_SHOWN} more like: {problems[-1].text}")]


def _words(names: Sequence[str], key: Sequence[object]) -> str:
    return ", ".join(f"{name} {part}" for name, part in zip(names, key, strict=True))
