"""What an input workbook consists of: sheets of rows of cells, each input with its place in the data files.

1. A sheet is one table: heading, some lines of introduction, a header row, perhaps a row of units, rows, perhaps a total. Nothing stands beside it.
2. Each row has a reference in its first column that no language changes; it says which row is meant whatever else was edited.
3. An :class:`Input` stands for one value of one file below ``data/``: a key of a YAML mapping or a column of a CSV row (:class:`Target`).
4. Values are plain: ``float`` for numbers, ``str`` for words and texts, ``None`` for an empty cell.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from actuarial.reporting.language import _, phrase

VERSION: Final = 1
"""Raised when a template of before can no longer be read as one of now."""
Value = float | str | None
Kind = Literal["number", "whole", "choice", "text"]


@dataclass(frozen=True)
class Limits:
    """What an input may hold."""

    kind: Kind = "number"
    least: float = -math.inf
    most: float = math.inf
    choices: tuple[tuple[str, str], ...] = ()
    """Word of the data file and word shown, of a choice."""
    percent: bool = False
    """Whether the number is a fraction that people speak of in per cent."""
    optional: bool = False

    def shown(self, value: Value) -> Value:
        """The value as the cell holds it: words of a choice in the language of the workbook."""
        return dict(self.choices).get(value, value) if isinstance(value, str) else value

    def allowed(self) -> str:
        """What is allowed, in words."""
        if self.kind == "choice":
            return phrase("one of: {words}", words=", ".join(shown for _word, shown in self.choices))
        if self.kind == "text":
            return _("text")
        if self.percent:
            return phrase("a share from {least} to {most}", least=_percent(self.least), most=_percent(self.most))
        low, high = f"{self.least:,.15g}", f"{self.most:,.15g}"
        if self.kind == "whole":
            if math.isinf(self.most):
                return phrase("a whole number, {least} or more", least=low)
            return phrase("a whole number from {least} to {most}", least=low, most=high)
        if math.isinf(self.least):
            return _("a number")
        if math.isinf(self.most):
            return phrase("a number, {least} or more", least=low)
        return phrase("a number from {least} to {most}", least=low, most=high)


def _percent(fraction: float) -> str:
    return f"{100.0 * fraction:.15g} %"


@dataclass(frozen=True)
class Target:
    """Where a value stands in a data file.

    file  path below ``data/``;  row  path of keys of a YAML mapping, or pairs (column, text) that name a row of a CSV table
    part  key of the mapping or column of the row
    """

    file: str
    row: tuple[str | int | tuple[str, str], ...]
    part: str

    def __str__(self) -> str:
        """The place below its file, for a reader."""
        words = [f"{k[0]} {k[1]}" if isinstance(k, tuple) else str(k) for k in self.row]
        return ", ".join([*words, self.part]) if self.file.endswith(".csv") else ".".join([*words, self.part])


@dataclass(frozen=True)
class Input:
    """A cell that people may change. ``evidence`` is the row (of the same file) that says where the value comes from."""

    target: Target
    value: Value
    limits: Limits
    evidence: tuple[str | int | tuple[str, str], ...] | None = None
    also: tuple[Target, ...] = ()
    """Other places that hold the same figure."""


@dataclass(frozen=True)
class Shown:
    """A cell that nobody changes. ``checked``: its text decides what the row's inputs mean, so a changed one is a mistake."""

    value: Value
    checked: bool = False


Cell = Input | Shown | None


@dataclass(frozen=True)
class Column:
    """A column of a sheet. ``unit`` is written below the header; ``total``: the rows below are added up."""

    key: str
    header: str
    unit: str = ""
    width: float = 14.0
    total: bool = False


@dataclass(frozen=True)
class Row:
    """A row: its reference and a cell for every column after it. A heading between rows has no cells, but words in the second column."""

    reference: str | int
    cells: tuple[Cell, ...] = ()
    heading: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet with its one table. The first column is the reference."""

    key: str
    tab: str
    heading: str
    intro: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: str = ""
    """Words of the total row; no such row when empty."""
    frozen: int = 1
    """Columns that stay in view."""

    @property
    def header_row(self) -> int:
        """Row of the headers, counted from 1."""
        return 2 + len(self.intro) + 1

    @property
    def has_units(self) -> bool:
        """Whether a row of units follows the headers."""
        return any(column.unit for column in self.columns)

    @property
    def first_row(self) -> int:
        """First row of the table, counted from 1."""
        return self.header_row + 1 + self.has_units

    @property
    def total_row(self) -> int:
        """Row of the totals, counted from 1; the first free row when there are none."""
        return self.first_row + len(self.rows)

    def inputs(self) -> Iterator[tuple[int, int, Input]]:
        """Row and column, counted from 1, and input."""
        for r, row in enumerate(self.rows, self.first_row):
            for c, cell in enumerate(row.cells, 2):
                if isinstance(cell, Input):
                    yield r, c, cell


@dataclass(frozen=True)
class Agreement:
    """Two figures that must agree: the sum of a column, and an input of another sheet; only looked at when the table was changed.

    ``weight`` is a column that the summed one is multiplied with, row by row; ``factor`` makes the unit of ``of`` from that of the sum.
    """

    sheet: str
    columns: tuple[str, ...]
    weights: tuple[str, ...]
    factor: float
    of: Target
    what: str
    tolerance: float


@dataclass(frozen=True)
class Template:
    """Everything an input workbook of one country holds. ``facts``: names and values of the cells that identify it."""

    country: str
    country_name: str
    currency: str
    sheets: tuple[Sheet, ...]
    facts: Mapping[str, str | int]
    agreements: tuple[Agreement, ...] = ()
    left_out: tuple[str, ...] = field(default=())
    """What is not in the workbook, in words."""

    def sheet(self, key: str) -> Sheet:
        """The sheet of that key."""
        return next(sheet for sheet in self.sheets if sheet.key == key)
