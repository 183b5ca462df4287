"""What differs between two versions of an input, entry by entry, and a version made of some of the entries.

1. YAML: an entry is a value that holds no others, a mapping that only one side has, or a list whose items are not the same ones on both sides
   (dated values to which one was added). Numbers are equal when their values are, however written.
2. CSV: an entry is a cell, found by the columns that name its row, or a row that only one side has. The order of rows does not count.
3. A file that cannot be taken apart (no declared key, rows named twice, other columns, no text table) is one entry.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeAlias

import yaml

from actuarial.audit.change_classes import Belonging, of_cell, of_file, of_yaml, row_key
from actuarial.basis.yaml_file import dotted


class _Absent:
    def __repr__(self) -> str:
        return "–"


ABSENT: Final = _Absent()
"""In place of a value that one side lacks."""
Keys: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class Change:
    """One entry that differs."""

    file: str
    """Name among the inputs of a run; ``scenario`` or ``instrument`` for what the study was asked for."""
    keys: Keys
    """YAML: keys and list positions; CSV: the cells that name the row, then the column (without it: a whole row). Empty: the whole file."""
    old: object
    new: object
    belongs: Belonging
    source: str = ""

    @property
    def effective(self) -> bool:
        """Whether it can move a figure."""
        return self.belongs.read and not self.belongs.words

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        if not self.keys:
            return ""
        return dotted(self.keys) if not self.file.endswith(".csv") else ", ".join(str(key) for key in self.keys)


def whole_file(file: str, old: object, new: object) -> list[Change]:
    """The change of a file that is taken as one; ``ABSENT`` for a side that lacks it."""
    return [Change(file, (), old, new, of_file(file))]


def yaml_changes(file: str, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> list[Change]:
    """Entries in which two documents (as :mod:`actuarial.basis.yaml_file` reads them) differ."""
    found: list[Change] = []
    sources = {**_mapping(old.get("sources")), **_mapping(new.get("sources"))}
    for keys, before, after in _yaml_pairs(old, new, ()):
        around = _evidence(new if after is not ABSENT else old, keys)
        found.append(Change(file, keys, before, after, of_yaml(file, keys, around), _source(around, sources)))
    return found


def _yaml_pairs(old: Any, new: Any, at: Keys) -> Iterator[tuple[Keys, Any, Any]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(k for k in new if k not in old)]:
            yield from _yaml_pairs(old.get(key, ABSENT), new.get(key, ABSENT), (*at, key))
    elif isinstance(old, tuple) and isinstance(new, tuple) and _same_items(old, new):
        for position, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _yaml_pairs(before, after, (*at, position))
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        yield at, old, new


_NAMES: Final = ("from", "key", "iso3", "age", "years_since_entry", "days", "name", "title", "year")
"""What names an item of a list of mappings, the first that it has."""


def _same_items(old: tuple[Any, ...], new: tuple[Any, ...]) -> bool:
    """Whether two lists hold the same items in the same order, perhaps with other contents."""
    if len(old) != len(new) or not all(isinstance(item, Mapping) for item in (*old, *new)):
        return False
    return [_named(item) for item in old] == [_named(item) for item in new]


def _named(item: Mapping[Any, Any]) -> tuple[object, ...]:
    return next(((name, item[name]) for name in _NAMES if name in item), ())


def _mapping(value: object) -> Mapping[Any, Any]:
    return value if isinstance(value, Mapping) else {}


def _evidence(document: Any, keys: Keys) -> Mapping[Any, Any]:
    """The nearest mapping above (or at) a place that holds an evidence mark; else the nearest mapping."""
    node: Any = document
    found: Mapping[Any, Any] = {}
    nearest: Mapping[Any, Any] = {}
    for key in (*keys, ""):  # the last turn looks at the value itself
        if isinstance(node, Mapping):
            nearest = node
            if "confidence" in node or "indexation" in node:
                found = node
        below = key in node if isinstance(node, Mapping) else isinstance(node, tuple) and isinstance(key, int) and key < len(node)
        if not below:
            break
        node = node[key]
    return found or nearest


def _source(around: Mapping[Any, Any], sources: Mapping[Any, Any]) -> str:
    """Source of a figure in words: schemes' files number theirs."""
    said = around.get("source")
    if said is None:
        return str(around.get("reason", ""))
    return "; ".join(str(sources.get(one, one)) for one in (said if isinstance(said, tuple) else (said,)))


def yaml_applied(document: Mapping[Any, Any], changes: Iterable[Change]) -> dict[Any, Any]:
    """The document with the new values of ``changes``, which are entries of :func:`yaml_changes` on it."""
    result = _thawed(document)
    for change in changes:
        node = result
        for key in change.keys[:-1]:
            node = node[key]
        if change.new is ABSENT:
            del node[change.keys[-1]]
        else:
            node[change.keys[-1]] = _thawed(change.new)
    assert isinstance(result, dict)
    return result


def _thawed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _thawed(item) for key, item in value.items()}
    return [_thawed(item) for item in value] if isinstance(value, tuple | list) else value


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]  # the library has no types
    """Writes every text between quotes, so that no reader takes one for a number or a truth value."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def yaml_text(document: Mapping[Any, Any]) -> str:
    """A document as YAML that reads back to the same values."""
    return str(yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=150))


@dataclass(frozen=True)
class CsvTable:
    """A table as text cells: columns, and rows by the cells that name them."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    rows: Mapping[tuple[str, ...], Mapping[str, str]]


def csv_table(file: str, text: str) -> CsvTable | None:
    """The table, or ``None`` when it cannot be taken apart."""
    key = row_key(file)
    lines = list(csv.reader(io.StringIO(text)))
    if not key or not lines or not set(key) <= set(lines[0]) or any(len(line) != len(lines[0]) for line in lines):
        return None
    rows = {tuple(row[name] for name in key): row for row in (dict(zip(lines[0], line, strict=True)) for line in lines[1:])}
    return CsvTable(tuple(lines[0]), key, rows) if len(rows) == len(lines) - 1 else None


def csv_changes(file: str, old: CsvTable, new: CsvTable) -> list[Change]:
    """Cells and rows in which two tables of the same columns differ."""
    found: list[Change] = []
    for key in [*old.rows, *(k for k in new.rows if k not in old.rows)]:
        before, after = old.rows.get(key), new.rows.get(key)
        if before is None or after is None:
            row = after or before or {}
            value = next(column for column in old.columns if column not in old.key)
            said = ", ".join(row[column] for column in old.columns if column not in old.key)[:200]
            old_row, new_row = (ABSENT, said) if before is None else (said, ABSENT)
            found.append(Change(file, key, old_row, new_row, of_cell(file, value, row), _row_source(row)))
            continue
        for column in old.columns:
            if before[column] != after[column] and not _same_number(before[column], after[column]):
                change = Change(file, (*key, column), before[column], after[column], of_cell(file, column, after), _row_source(after))
                found.append(change)
    return found


def _same_number(old: str, new: str) -> bool:
    try:
        return float(old) == float(new)
    except ValueError:
        return False


def _row_source(row: Mapping[str, str]) -> str:
    return row.get("source") or row.get("reason") or ""


def csv_applied(old: CsvTable, new: CsvTable, changes: Iterable[Change]) -> str:
    """The old table with the cells and rows that ``changes`` bring, as text; rows stand in the order of the new table, those it lacks last."""
    rows = {key: dict(row) for key, row in old.rows.items()}
    for change in changes:
        key, rest = tuple(str(k) for k in change.keys[: len(old.key)]), change.keys[len(old.key) :]
        if rest:
            rows[key][str(rest[0])] = new.rows[key][str(rest[0])]
        elif change.new is ABSENT:
            del rows[key]
        else:
            rows[key] = dict(new.rows[key])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(old.columns)
    order = [*(key for key in new.rows if key in rows), *(key for key in rows if key not in new.rows)]
    writer.writerows([rows[key][column] for column in old.columns] for key in order)
    return text.getvalue()


def said(value: object) -> str:
    """A value as lists of changes show it.

    >>> said(({"from": date(2026, 1, 1), "value": 9000},)), said(ABSENT), said(True)
    ('[from 2026-01-01, value 9000]', '–', 'true')
    """
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "none"}[value]
    if isinstance(value, Mapping):
        kept = {k: v for k, v in value.items() if k not in ("source", "reason", "year", "confidence", "standing")}
        return ", ".join(f"{key} {said(item)}" for key, item in (kept or value).items())
    if isinstance(value, tuple | list):
        return "[" + "; ".join(said(item) for item in value) + "]"
    return value.isoformat() if isinstance(value, date) else str(value)


def both_said(old: object, new: object) -> tuple[str, str]:
    """Old and new value in words; of two lists only the items that are not in both."""
    if isinstance(old, tuple) and isinstance(new, tuple):
        left: Sequence[object] = [item for item in old if item not in new]
        right: Sequence[object] = [item for item in new if item not in old]
        return said(tuple(left)), said(tuple(right))
    return said(old), said(new)
