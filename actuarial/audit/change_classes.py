"""Which part of an analysis of change an input belongs to: data, assumptions or law, by the declared table ``change_classes.yaml``.

1. A place is a file and, within it, keys joined by dots without list positions (YAML) or a column (CSV); :data:`WHOLE` is a file taken as one.
2. The first rule that fits counts. Nothing has a class by default: a place that no rule fits is an :class:`InputError`.
3. Words (reasons, sources, titles) have the class of the figure they belong to and move nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from actuarial.basis.dimensions import VALUATION_YEAR
from actuarial.basis.errors import InputError
from actuarial.basis.yaml_file import StrictModel, read_yaml, validate

Part = Literal["data", "assumptions", "law"]
PARTS: Final[tuple[Part, ...]] = ("data", "assumptions", "law")
"""In the customary order."""
WHOLE: Final = "whole"
TABLE: Final = Path(__file__).with_name("change_classes.yaml")
COLUMNS: Final = "columns"
_ASSUMED: Final = "assumed"


class Rule(StrictModel):
    """One line of the table; see its head for the meaning of the fields."""

    file: str
    at: str = "*"
    part: Annotated[Part, Field(alias="class")]
    reason: Annotated[str, Field(min_length=1)]
    assumed: str = ""
    year: str = ""
    key: tuple[str, ...] = ()
    read: bool = True


class _Table(StrictModel):
    words: tuple[str, ...]
    beside_confidence: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Belonging:
    """Where one entry belongs, and why."""

    part: Part
    reason: str
    read: bool
    """Whether a study reads the file or place at all."""
    words: bool
    """Whether the entry only says where a figure comes from or what something is called."""


@cache
def _table() -> _Table:
    return validate(read_yaml(TABLE), _Table)


def rule_of(file: str, at: str = WHOLE) -> Rule:
    """The rule that fits a place. Raises :class:`InputError` when none does."""
    for rule in _table().rules:
        if fnmatchcase(file, rule.file) and fnmatchcase(at, rule.at):
            return rule
    place = f"{file}, {at}" if at != WHOLE else file
    raise InputError(f"{place}: {TABLE.name} says of it neither that it is data, nor an assumption, nor law; add a rule")


def row_key(file: str) -> tuple[str, ...]:
    """Columns that name a row of a CSV table; empty when none are declared."""
    return next((rule.key for rule in _table().rules if rule.key and fnmatchcase(file, rule.file)), ())


def of_yaml(file: str, keys: tuple[str | int, ...], around: Mapping[Any, Any]) -> Belonging:
    """Where the value at ``keys`` of a YAML file belongs; ``around`` holds what stands beside it in the nearest mapping with an evidence mark."""
    rule = rule_of(file, ".".join(str(key) for key in keys if not isinstance(key, int)) or WHOLE)
    last = keys[-1] if keys else ""
    words = last in _table().words or (last in _table().beside_confidence and "confidence" in around)
    # What follows an index after the last known year is an assumption where nobody says otherwise: schemes' files leave the mark out then.
    silent = _ASSUMED if rule.assumed.startswith("indexation") else None
    assumed = bool(rule.assumed) and around.get(rule.assumed, silent) == _ASSUMED
    return Belonging("assumptions" if assumed else rule.part, rule.reason, rule.read, words)


def of_cell(file: str, column: str, row: Mapping[str, str]) -> Belonging:
    """Where a cell of a CSV table belongs; ``row`` are the cells of its row by column."""
    rule = rule_of(file, column)
    words = column in _table().words
    assumed = bool(rule.assumed) and row.get(rule.assumed) == _ASSUMED
    written = column if rule.year == COLUMNS else row.get(rule.year, "")
    projected = bool(rule.year) and written.isdigit() and int(written) > VALUATION_YEAR
    return Belonging("assumptions" if assumed or projected else rule.part, rule.reason, rule.read, words)


def of_file(file: str) -> Belonging:
    """Where a file belongs that is taken as one."""
    rule = rule_of(file)
    return Belonging(rule.part, rule.reason, rule.read, words=False)
