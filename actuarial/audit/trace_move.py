"""An input moved a little, in a copy of the files that a run reads.

1. Data and scenarios are copied and changed there; what a person wrote is never touched.
2. A number is multiplied by 1 + ``by``; whole numbers move by one at least; a yes becomes a no. Of points such as ages with rates only the last
   column moves. Where the value then breaks a rule of its file (a share above one), the other direction is taken.
3. An input in words has no small amount.
"""

from __future__ import annotations

import csv
import math
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from actuarial.audit.trace_inputs import Chosen
from actuarial.audit.trace_lines import At
from actuarial.basis.errors import InputError
from actuarial.basis.yaml_file import read_yaml

_FRACTION: Final = re.compile(r"([0-9.]+)\s*/\s*([0-9.]+)")
NOT_FIGURES: Final = ("country", "sex", "age", "year", "origin", "host", "age_group", "age_start", "neighbours")
"""Columns of tables that are never moved."""


@dataclass(frozen=True)
class Moved:
    """What was changed: ``file:line``, what was found there and what stands there now."""

    place: str
    before: str
    after: str


def copied(root: Path, target: Path) -> None:
    """Copy the data and scenarios below ``root``."""
    for name in ("data", "scenarios"):
        shutil.copytree(root / name, target / name)


def move(folder: Path, chosen: Chosen, by: float) -> tuple[Moved, ...]:
    """Move an input in the copy below ``folder``. Raises :class:`InputError` for one in words, or that is on no line."""
    if chosen.table is not None and not any(line.at.column for line in chosen.lines):
        return _move_table(folder, chosen.table.file, chosen.table.column, chosen.table.lines, by)
    if not chosen.lines:
        raise InputError(f"--input {chosen.said}: name one of its lines; a whole file of law or assumptions has no small amount")
    places = [line.at for line in chosen.lines if line.at.line]
    if not places:
        raise InputError(f"--input {chosen.said}: the place of its value was not found, so it cannot be moved")
    found: list[Moved] = []
    for file in dict.fromkeys(at.file for at in places):
        own = [at for at in places if at.file == file]
        found += _move_yaml(folder, file, own, by) if not file.endswith(".csv") else _move_rows(folder, file, own, by)
    if not found:
        raise InputError(f"--input {chosen.said}: {'; '.join(line.value for line in chosen.lines[:3])}: words have no small amount to move by")
    return tuple(found)


def either_way(folder: Path, chosen: Chosen, by: float, accept: Callable[[Path], object]) -> tuple[Moved, ...]:
    """Move an input by ``by``, or by ``-by`` where ``accept`` raises :class:`InputError` for what is then in ``folder``."""
    kept = {at: (folder / at).read_bytes() for at in _touched(chosen)}
    for amount in (by, -by):
        moved = move(folder, chosen, amount)
        try:
            accept(folder)
        except InputError as error:
            problem = error
            for name, content in kept.items():
                (folder / name).write_bytes(content)
        else:
            return moved
    raise InputError(f"--input {chosen.said}: cannot move by {by:g} nor by {-by:g}: {problem}")


def _touched(chosen: Chosen) -> set[str]:
    return {line.at.file for line in chosen.lines} | ({chosen.table.file} if chosen.table is not None else set())


def _move_yaml(folder: Path, file: str, places: Iterable[At], by: float) -> list[Moved]:
    path = folder / file
    document = _plain(read_yaml(path).data)
    found = []
    for at in places:
        if not at.keys:
            continue
        holder: Any = document
        for key in at.keys[:-1]:
            holder = holder[key]
        before = holder[at.keys[-1]]
        after = _moved(before, by)
        if after != before:
            holder[at.keys[-1]] = after
            found.append(Moved(str(at), str(before), str(after)))
    path.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=1000), encoding="utf-8", newline="\n")
    return found


def _plain(value: Any) -> Any:
    """Lists in place of tuples, as YAML is written."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, tuple) else value


def _moved(value: Any, by: float) -> Any:
    """A value a little larger; words stay.

    >>> _moved(0.5, 0.5), _moved(180, 0.01), _moved("1/4", 1.0), _moved(True, 0.01), _moved([{"age": 15, "rate": 0.5}], 0.5)
    (0.75, 182, 0.5, False, [{'age': 15, 'rate': 0.75}])
    """
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + (max(1, round(abs(value) * abs(by))) if by > 0 else -max(1, round(abs(value) * abs(by))))
    if isinstance(value, float):
        return value * (1.0 + by) if value else by
    if isinstance(value, str) and (fraction := _FRACTION.fullmatch(value)) is not None:
        return float(fraction[1]) / float(fraction[2]) * (1.0 + by)
    if isinstance(value, list):
        return [_point(item, by) if isinstance(item, dict) else _moved(item, by) for item in value]
    if isinstance(value, dict):
        return {k: _moved(v, by) for k, v in value.items()}
    return value


def _point(point: dict[str, Any], by: float) -> dict[str, Any]:
    last = list(point)[-1]
    return point | {last: _moved(float(point[last]) if isinstance(point[last], int) and not isinstance(point[last], bool) else point[last], by)}


def _move_rows(folder: Path, file: str, places: Iterable[At], by: float) -> list[Moved]:
    return [moved for at in places for moved in _move_table(folder, file, at.column, (at.line,), by)]


def _move_table(folder: Path, file: str, column: str, lines: tuple[int, ...], by: float) -> tuple[Moved, ...]:
    path = folder / file
    if path.suffix != ".csv":
        raise InputError(f"--input {file}: name one of its lines; a whole file of law or assumptions has no small amount")
    with path.open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))
    head = rows[0]
    columns = [head.index(column)] if column else [n for n, name in enumerate(head) if name not in NOT_FIGURES]
    chosen = [n - 1 for n in lines] if lines else range(1, len(rows))
    first = None
    for n in chosen:
        for c in columns:
            try:
                value = float(rows[n][c])
            except ValueError:
                continue
            after = repr(value * (1.0 + by))
            first = first or Moved(f"{file}:{n + 1}", rows[n][c], after)
            rows[n][c] = after if math.isfinite(value) else rows[n][c]
    if first is None:
        raise InputError(f"--input {file}{f':{column}' if column else ''}: no number to move")
    with path.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, lineterminator="\n").writerows(rows)
    return (first,)
