"""Workbooks for the tests: written once, edited as a person would, and read against the data files."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from actuarial.input_workbook.layout import template
from actuarial.input_workbook.model import Template
from actuarial.input_workbook.read import Filled, read_workbook
from actuarial.input_workbook.write import write_template
from actuarial.reporting.language import use_language

DATA = Path(__file__).parents[2] / "data"


@cache
def laid_out(country: str) -> Template:
    return template(DATA, country)


@cache
def written(country: str, language: str = "en") -> Path:
    """An untouched workbook."""
    path = Path(mkdtemp(prefix="input-workbook-")) / f"{country}-{language}.xlsx"
    with use_language(language):
        write_template(template(DATA, country), path)
    return path


def edited(country: str, target: Path, change: Callable[[Workbook], None]) -> Path:
    """A workbook changed and saved by another program."""
    book = load_workbook(written(country))
    change(book)
    book.save(target)
    return target


def cell_of(sheet: Worksheet, reference: str | int, column: str) -> Cell:
    """The cell in the row of a reference and below a header."""
    row = next(r for r in range(1, sheet.max_row + 1) if sheet.cell(r, 1).value == reference)
    header = next(r for r in range(1, 12) if sheet.cell(r, 1).value in ("Reference", "Age", "Year"))
    place = next(c for c in range(1, sheet.max_column + 1) if sheet.cell(header, c).value == column)
    found = sheet.cell(row, place)
    assert isinstance(found, Cell)
    return found


def complaints(filled: Filled) -> dict[str, str]:
    """Text by sheet and cell; several of one cell joined."""
    found: dict[str, str] = {}
    for complaint in filled.findings.complaints:
        found[complaint.place] = " | ".join(filter(None, [found.get(complaint.place), complaint.text]))
    return found


def read(path: Path) -> Filled:
    return read_workbook(path, DATA)
