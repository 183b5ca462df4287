"""Where an input stands: file, line and key path of every line of the assumption register.

1. Names of the register follow the files: ``old_age.qualifying_months`` of ``params.yaml``, ``careers: exit_rate`` of ``careers.yaml``, with
   ``[2023-02-01]`` the start of a dated value and ``[2]`` the second of a list. Lines of tables are rows found by country and name.
2. A place that cannot be found has line 0: the file is named and nothing is invented.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from actuarial.basis.errors import InputError
from actuarial.basis.yaml_file import KeyPath, YamlDocument, read_yaml

_ROWS: Final[Mapping[str, tuple[str, str, str]]] = {
    "data/economy/long_run.csv": ("rate", ", long run", "long_run"),
    "data/economy/levels.csv": ("level", "", "value"),
    "data/labour/constants.csv": ("name", "", "value"),
}
"""Tables with a row for each line: the column of its name, what the register adds to it, and the column of the value."""
_CORRIDOR: Final = re.compile(r"migration ([A-Z]{3})-([A-Z]{3}): (.*)")
_CORRIDOR_COLUMNS: Final = {"share of labour movers in the migrant stock": "labour_share", "mean stay abroad": "mean_stay_years"}


@dataclass(frozen=True)
class At:
    """Place of a value: line of the file (0: not found), and its key path (YAML) or its column (CSV)."""

    file: str
    line: int
    keys: KeyPath = ()
    column: str = ""

    def __str__(self) -> str:
        """``file:line``."""
        return f"{self.file}:{self.line}" if self.line else self.file


def place_of(root: Path, file: str, name: str, country: str) -> At:
    """Where the line ``name`` of the register of ``country`` is written, below ``root``."""
    path = root / file
    if not path.is_file():
        return At(file, 0)
    if path.suffix == ".csv":
        return _row_of(path, file, name, country)
    try:
        document = _document(path, path.stat().st_mtime_ns)
    except InputError:
        return At(file, 0)
    keys = _keys(document.data, name if file.startswith("data/schemes/") else name.partition(": ")[2] or name)
    return At(file, document.where(keys).line if keys in document.origins else 0, keys) if keys else At(file, 0)


@cache
def _document(path: Path, _written: int) -> YamlDocument:
    return read_yaml(path)


def _keys(data: Any, name: str) -> KeyPath:
    """Key path of the value that a dotted name of the register means; empty when it is not found."""
    at: list[str | int] = []
    node, rest = data, name
    while True:
        rest = rest.lstrip(".")
        if not rest:
            break
        step = _mapping_step(node, rest) if isinstance(node, dict) and not rest.startswith("[") else _list_step(node, rest)
        if step is None:
            return ()
        inner, rest = step
        for key in inner:
            node = node[key]
            at.append(key)
    if isinstance(node, tuple) and len(node) == 1:
        at.append(0)
        node = node[0]
    if isinstance(node, dict) and "value" not in node and isinstance(node.get("values"), tuple) and len(node["values"]) == 1:
        at += ["values", 0]
        node = node["values"][0]
    if isinstance(node, dict) and "value" in node:
        at.append("value")
    return tuple(at)


def _mapping_step(node: dict[Any, Any], rest: str) -> tuple[list[str | int], str] | None:
    """The longest key of a mapping that the rest of the name begins with."""
    fitting = [k for k in node if rest == str(k) or rest.startswith((f"{k}.", f"{k}["))]
    if not fitting:
        return None
    key = max(fitting, key=lambda k: len(str(k)))
    return [key], rest[len(str(key)) :]


def _list_step(node: Any, rest: str) -> tuple[list[str | int], str] | None:
    """An item of a list by date, by year or by position; a list of one item needs no mark."""
    within: list[str | int] = []
    items = node
    if isinstance(node, dict) and isinstance(node.get("values"), tuple):
        within, items = ["values"], node["values"]
    if not isinstance(items, tuple):
        return None
    if not rest.startswith("["):
        return ([*within, 0], rest) if len(items) == 1 else None
    mark, _, after = rest[1:].partition("]")
    for n, item in enumerate(items):
        if isinstance(item, dict) and mark in (_start(item.get("from")), str(item.get("year"))):
            return [*within, n], after
    return ([*within, int(mark) - 1], after) if mark.isdigit() and 0 < int(mark) <= len(items) else None


def _start(value: object) -> str:
    """A start as the register writes it: a year alone is its first day."""
    return f"{value}-01-01" if isinstance(value, int) else str(value)


def _row_of(path: Path, file: str, name: str, country: str) -> At:
    with path.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    if found := _CORRIDOR.fullmatch(name):
        wanted, column = {"origin": found[1], "host": found[2]}, _CORRIDOR_COLUMNS.get(found[3], "")
    elif file in _ROWS:
        key, ending, column = _ROWS[file]
        wanted = {key: name.removesuffix(ending).replace(" ", "_")} | ({"country": country} if rows and "country" in rows[0] else {})
    else:
        return At(file, 1)  # a whole table
    for line, row in enumerate(rows, start=2):
        if all(row.get(k) == v for k, v in wanted.items()):
            return At(file, line, (), column)
    return At(file, 0)
