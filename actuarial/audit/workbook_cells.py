"""The figures inside two workbooks, cell by cell: they come from the tables, so they must agree even where the bytes of the files cannot.

1. Compared are cells that hold a figure, and formulas, with the values that were saved beside them, in either workbook; words may differ with the
   software. Sheets and cells are found by name and place.
2. Two figures a and b are equal when ``|a - b| <= 1e-9 max(|a|, |b|, s, 1)``, s the smaller of the largest magnitudes in the row and in the column:
   rounding of what cancels does not count, and a rate in a column of amounts does not hide behind them.
3. The files are not trusted: they are opened as input workbooks are, with limits.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from actuarial.basis.errors import InputError
from actuarial.reporting.roll_forward import TOLERANCE

if TYPE_CHECKING:
    from openpyxl import Workbook

_LONGEST: Final = 60


@dataclass
class _Sheet:
    """Figures, and formulas, by row and column; the largest magnitude in each row and column."""

    figures: dict[tuple[int, int], float] = field(default_factory=dict)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    rows: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    columns: dict[int, float] = field(default_factory=lambda: defaultdict(float))


def differing_cells(before: Path, after: Path, name: str) -> tuple[str, ...]:
    """One sentence for each cell of the workbook ``name`` whose figure or formula differs; never raises for spoilt content."""
    try:
        one, other = _read(before), _read(after)
    except InputError as error:
        return (f"{name}: figures cannot be compared ({' '.join(str(error).split())[:200]})",)
    said = [f"{name}: the sheet {sheet} is only {'then' if sheet in one else 'now'}" for sheet in sorted({*one} ^ {*other})]
    return (*said, *(f"{name}, {sheet}!{line}" for sheet in one if sheet in other for line in _differing(one[sheet], other[sheet])))


def _read(path: Path) -> dict[str, _Sheet]:
    from actuarial.input_workbook.container import open_workbook

    book = open_workbook(path)
    sheets: dict[str, _Sheet] = {}
    for title, place, value in _cells(book.values):
        sheet = sheets.setdefault(title, _Sheet())
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            sheet.figures[place] = number = float(value)
            sheet.rows[place[0]] = max(sheet.rows[place[0]], abs(number))
            sheet.columns[place[1]] = max(sheet.columns[place[1]], abs(number))
    for title, place, value in _cells(book.formulas):
        if value is not None and (text := str(getattr(value, "text", value))).startswith("="):
            sheets.setdefault(title, _Sheet()).formulas[place] = text
    return sheets


def _cells(book: Workbook) -> Iterator[tuple[str, tuple[int, int], Any]]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield sheet.title, (cell.row, cell.column), cell.value


def _differing(one: _Sheet, other: _Sheet) -> Iterator[str]:
    from openpyxl.utils import get_column_letter

    places = {*one.figures, *other.figures, *one.formulas, *other.formulas}
    for row, column in sorted(places):
        place = (row, column)
        a, b = one.figures.get(place), other.figures.get(place)
        if a is None or b is None:
            same = a is b
        else:
            scale = min(max(s.rows[row] for s in (one, other)), max(s.columns[column] for s in (one, other)))
            same = abs(a - b) <= TOLERANCE * max(abs(a), abs(b), scale, 1.0)
        cell = f"{get_column_letter(column)}{row}"
        if not same:
            yield f"{cell}: {_said(a)} then, {_said(b)} now"
        elif (then := one.formulas.get(place)) != (now := other.formulas.get(place)):
            yield f"{cell}: {(then or 'no formula')[:_LONGEST]} then, {(now or 'no formula')[:_LONGEST]} now"


def _said(value: float | None) -> str:
    return "no figure" if value is None else f"{value!r}"
