"""The cells of one sheet as saved, and whether the sheet still has the shape of its template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from actuarial.input_workbook.cells import Found
from actuarial.input_workbook.complaints import Findings, address
from actuarial.input_workbook.model import Input, Sheet, Shown

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

_NOTHING: Final = Found(None)
_MOST_TOLD: Final = 10
"""Complaints of one kind about one sheet."""


class Grid:
    """Cells of a sheet by row and column, counted from 1. ``values`` and ``formulas`` are the same sheet, read both ways.

    ``worded``: whether the sheet was written with the words of now, so that a changed word is a mistake of who filled it in.
    """

    def __init__(self, values: Worksheet, formulas: Worksheet, *, worded: bool = True) -> None:
        self._worded = worded
        self.tab = str(values.title)
        self.formulas, self.hidden = formulas, values.sheet_state != "visible"
        self._cells: dict[tuple[int, int], Found] = {}
        # Only cells that the file holds: asking a sheet for one would make it, and all before it.
        for at, cell in formulas._cells.items():
            saved = values._cells.get(at)
            value = None if saved is None else saved.value
            if cell.value is None and value is None:
                continue
            formula = _formula(cell.value) if cell.data_type == "f" else ""
            is_date = value is not None and bool(getattr(saved, "is_date", False))
            self._cells[at] = Found(value, formula, is_date, saved is not None and saved.data_type == "e")

    def at(self, row: int, column: int) -> Found:
        """Content of a cell."""
        return self._cells.get((row, column), _NOTHING)

    def text(self, row: int, column: int) -> str:
        """Content of a cell that holds words (or a whole number in their place), blanks joined."""
        value = self.at(row, column).value
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return plain("" if value is None or isinstance(value, bool) else str(value))

    def filled(self) -> Iterator[tuple[int, int, Found]]:
        """Cells that hold something, by rows."""
        for row, column in sorted(self._cells):
            yield row, column, self._cells[row, column]

    def check_shape(self, findings: Findings) -> None:
        """Complain of merged cells, of hidden rows and columns, and of a hidden sheet."""
        if self.hidden:
            findings.add("the sheet is hidden; show it, so that everybody sees its figures", self.tab)
        for area in sorted(self.formulas.merged_cells.ranges, key=lambda a: (a.min_row, a.min_col))[:_MOST_TOLD]:
            findings.add(f"the cells {area.coord} are merged; separate them", self.tab, area.min_row, area.min_col)
        hidden = sorted(int(r) for r, d in self.formulas.row_dimensions.items() if d.hidden)
        for first, last in _runs(hidden)[:_MOST_TOLD]:
            what = f"row {first} is" if first == last else f"the rows {first} to {last} are"
            findings.add(f"{what} hidden (by a filter, perhaps); show all rows", self.tab, first, 0)
        columns = sorted((d.min or 1, d.max or d.min or 1) for d in self.formulas.column_dimensions.values() if d.hidden)
        for left, right in columns[:_MOST_TOLD]:
            what = f"{address(0, left)} is" if left == right else f"{address(0, left)} to {address(0, right)} are"
            findings.add(f"{what} hidden; show all columns", self.tab, 0, left)

    def check_headers(self, sheet: Sheet, findings: Findings) -> set[int]:
        """Complain of headers and units that are not those of the template; return the columns that hold what they should."""
        if not self._worded:
            return set(range(1, len(sheet.columns) + 1))
        wanted = [plain(column.header) for column in sheet.columns]
        found = [self.text(sheet.header_row, c) for c in range(1, len(wanted) + 6)]
        wrong = {c for c, text in enumerate(wanted, 1) if found[c - 1] != text}
        if wrong:
            self._tell_headers(sheet, wanted, found, min(wrong), wrong, findings)
        if sheet.has_units:
            for c, column in enumerate(sheet.columns, 1):
                unit = self.text(sheet.header_row + 1, c)
                if c not in wrong and unit != plain(column.unit):
                    text = f"found the unit '{_short(unit)}'; it must be '{plain(column.unit)}' and cannot be changed here"
                    findings.add(text, self.tab, sheet.header_row + 1, c)
        return set(range(1, len(wanted) + 1)) - wrong

    def _tell_headers(self, sheet: Sheet, wanted: list[str], found: list[str], first: int, wrong: set[int], findings: Findings) -> None:
        """One complaint where columns were inserted or deleted, else one for each wrong header."""
        row, at = sheet.header_row, first - 1
        for count in range(1, 6):
            if found[at + count : len(wanted) + count] == wanted[at:]:
                what = "a column was" if count == 1 else f"{count} columns were"
                findings.add(f"{what} inserted before '{wanted[at]}'; delete what was inserted", self.tab, row, first)
                return
            if found[at : len(wanted) - count] == wanted[at + count :] and len(wanted) - count > at:
                findings.add(f"the column '{wanted[at]}' is missing; take the sheet from a new template", self.tab, row, first)
                return
        for c in sorted(wrong):
            near = f"; it stands in {address(row, found.index(wanted[c - 1]) + 1)}" if wanted[c - 1] in found else ""
            findings.add(f"found the header '{_short(found[c - 1])}'; it must be '{wanted[c - 1]}'{near}", self.tab, row, c)

    def rows(self, sheet: Sheet, findings: Findings) -> dict[int, int]:
        """Row of the file for each row of the template (counted from 0) that can be found by its reference; complains of every other."""
        wanted = [plain(str(row.reference)) for row in sheet.rows]
        first = sheet.first_row
        total = self.total_row(sheet)
        filled = sorted({r for r, _column in self._cells if r >= first and r != total})  # a cell may stand in row 1,048,576 with nothing above it
        found = [(r, self.text(r, 1)) for r in filled]
        found = [(r, text) for r, text in found if text or any(self.at(r, c) != _NOTHING for c in range(2, len(sheet.columns) + 1))]
        if [text for _r, text in found] == wanted and [r for r, _text in found] == list(range(first, first + len(wanted))):
            return {n: first + n for n in range(len(wanted))}
        places: dict[str, int] = {}
        missing = [text for text in dict.fromkeys(wanted) if text not in {t for _r, t in found}]
        name, before = plain(sheet.columns[0].header), -1
        for r, text in found:
            if text in wanted and text not in places:
                places[text], before = r, wanted.index(text)
                continue
            following = wanted[before + 1] if before + 1 < len(wanted) else ""
            if following in missing:  # its row is there, with another reference
                what = f"found '{_short(text)}'" if text else "the cell is empty"
                already = f", which stands already in row {places[text]}" if text in places else ""
                findings.add(f"{name}: {what}{already}; it must be '{following}' and cannot be changed here", self.tab, r, 1)
                missing.remove(following)
                places[following], before = r, before + 1
            elif not text:
                findings.add("a row without a reference was inserted; take it out again", self.tab, r, 0)
            elif text in places:
                findings.add(f"{name}: '{text}' stands already in row {places[text]}; a row was inserted: take it out again", self.tab, r, 1)
            else:
                findings.add(f"{name}: found the unknown reference '{_short(text)}'; a row was inserted: take it out again", self.tab, r, 1)
        taken = {r for r, _text in found} | ({total} if total is not None else set())
        end = max(places.values(), default=first)
        for r in islice((r for r in range(first, end) if r not in taken), _MOST_TOLD):
            findings.add("an empty row was inserted; take it out again", self.tab, r, 0)
        for text in missing:
            findings.add(f"the row '{text}' is missing; it belongs here", self.tab, first + wanted.index(text), 1)
        self._check_order(wanted, places, first, findings)
        return {n: places[text] for n, text in enumerate(wanted) if text in places}

    def _check_order(self, wanted: list[str], places: dict[str, int], first: int, findings: Findings) -> None:
        present = [text for text in wanted if text in places]
        for before, text in zip(present, present[1:], strict=False):
            if places[text] < places[before]:
                findings.add(f"'{text}' stands above '{before}', which comes before it; put the rows in order again", self.tab, places[text], 1)
                return
        if present and len(present) == len(set(wanted)) and places[present[0]] != first:
            findings.add(f"the table begins in row {places[present[0]]}; it must begin in row {first}: were rows inserted above?", self.tab, first, 0)

    def total_row(self, sheet: Sheet) -> int | None:
        """Row of the totals: the last one with their label, or the one below the table where the label is in other words."""
        if not sheet.total:
            return None
        if not self._worded:
            return sheet.total_row
        label = plain(sheet.total)
        return max((r for r, c, _found in self.filled() if c == 1 and r >= sheet.first_row and self.text(r, 1) == label), default=None)

    def check_fixed(self, sheet: Sheet, places: dict[int, int], findings: Findings) -> None:
        """Complain of changed cells that say what the inputs beside them mean (units, dates)."""
        for n, r in places.items() if self._worded else ():
            for c, cell in enumerate(sheet.rows[n].cells, 2):
                if isinstance(cell, Shown) and cell.checked:
                    text, found = plain("" if cell.value is None else str(cell.value)), self.text(r, c)
                    if text != found:
                        what = plain(sheet.columns[c - 1].header)
                        findings.add(f"{what}: found '{_short(found)}'; it must be '{text}' and cannot be changed here", self.tab, r, c)

    def check_stray(self, sheet: Sheet, findings: Findings) -> None:
        """Remark on what stands beside the table: it is not read."""
        told = 0
        for r, c, _found in self.filled():
            if c > len(sheet.columns) and told < _MOST_TOLD:
                findings.remark("stands beside the table and is not read", self.tab, r, c)
                told += 1


def plain(text: str) -> str:
    """Text with its blanks joined, as programs that save a workbook may change them.

    >>> plain(" a   b ")
    'a b'
    """
    return " ".join(text.split())


def inputs_at(sheet: Sheet, places: dict[int, int]) -> Iterator[tuple[int, int, Input]]:
    """Inputs of the rows that were found, with their places in the file."""
    for n, r in places.items():
        for c, cell in enumerate(sheet.rows[n].cells, 2):
            if isinstance(cell, Input):
                yield r, c, cell


def _formula(value: Any) -> str:
    """Text of a formula; of array formulas that of their first cell."""
    return re.sub(r"\s+", "", str(getattr(value, "text", None) or value))


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """First and last of each run of following numbers.

    >>> _runs([3, 4, 5, 9])
    [(3, 5), (9, 9)]
    """
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
