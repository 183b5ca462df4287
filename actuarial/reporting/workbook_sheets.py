"""Excel sheets in one look, written safely.

1. Text is always written as text: nothing that came from data becomes a formula or a link, whatever it begins with.
2. Every formula is written together with its value, so that viewers which do not calculate show the right figure.
3. Conventions (FAST, ICAEW): one formula for a whole column, no figure inside a formula, inputs yellow with blue
   figures, nothing an old spreadsheet program lacks (no dynamic arrays, no LET, XLOOKUP, OFFSET or INDIRECT).
4. Sheets are protected without a password, as a guard; only input cells are open. The bytes depend on the study alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name, xl_rowcol_to_cell

INK: Final = "#1F2933"
BLUE: Final = "#0072B2"
SERIES: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7")
"""Okabe and Ito: the four with a contrast of 3:1 on white."""
HEADER_ROW: Final = 3
"""Row of the column headings on every sheet of figures (counted from 0)."""
_FORMATS: Final[Mapping[str, Mapping[str, Any]]] = {
    "title": {"bold": True, "font_size": 16, "font_color": INK},
    "subtitle": {"italic": True, "font_color": "#52606D"},
    "heading": {"bold": True, "font_size": 12, "font_color": INK, "bottom": 1},
    "header": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E4E7EB"},
    "text": {"valign": "top"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "money": {"num_format": '#,##0;[Red]-#,##0;"–"'},
    "rate": {"num_format": '0.0000%;[Red]-0.0000%;"–"'},
    "number": {"num_format": "#,##0.000000"},
    "plain": {"num_format": "General", "align": "right"},
    "year": {"num_format": "0", "align": "left"},
    "total": {"num_format": '#,##0;[Red]-#,##0;"–"', "bold": True, "top": 1},
    "total_text": {"bold": True, "top": 1},
    "input": {"num_format": "General", "bg_color": "#FFF2CC", "font_color": "#0000FF", "border": 1, "locked": False},
    "good": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#00704A"},
    "link": {"font_color": BLUE, "underline": 1},
}


class SheetError(Exception):
    """A cell could not be written as it should; a programming error, never the reader's."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the frame, its heading, the format of its cells and its width in characters."""

    name: str
    heading: str
    format: str = "money"
    width: float = 16.0


class Book:
    """A workbook being written. As a context manager it saves on leaving without error."""

    def __init__(self, path: Path, title: str, properties: Mapping[str, str], made: datetime) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.file = xlsxwriter.Workbook(str(path), options)
        self.file.set_properties({"title": title, "created": made})
        for name, value in properties.items():
            self.file.set_custom_property(name, value[:255], "text")
        self.file.set_calc_mode("auto")
        self.formats = {name: self.file.add_format(dict(options)) for name, options in _FORMATS.items()}

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.file.close()
        else:
            self.file.fileclosed = True

    def sheet(self, name: str, title: str, note: str, *, tab: str = "#7B8794", portrait: bool = False) -> Sheet:
        """Add a sheet with its title and one line of explanation, ready for printing on A4."""
        sheet = Sheet(self, self.file.add_worksheet(name))
        raw = sheet.raw
        raw.hide_gridlines(2)
        raw.set_tab_color(tab)
        raw.set_paper(9)
        if not portrait:
            raw.set_landscape()
        raw.fit_to_pages(1, 0)
        raw.set_footer("&L&F&C&A&R&P / &N")
        raw.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})
        sheet.text(0, 0, title, "title")
        sheet.text(1, 0, note, "subtitle")
        return sheet

    def name(self, name: str, sheet: str, row: int, column: int) -> None:
        """Give one cell a name for the whole book."""
        _done(self.file.define_name(name, f"='{sheet}'!{xl_rowcol_to_cell(row, column, True, True)}"), name)


class Sheet:
    """One sheet; rows and columns count from 0."""

    def __init__(self, book: Book, raw: Any) -> None:
        self.book = book
        self.raw = raw

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Write text as text."""
        _done(self.raw.write_string(row, column, text, self.book.formats[style]), text)

    def number(self, row: int, column: int, value: float, style: str = "money") -> None:
        """Write a number; a missing one leaves the cell empty."""
        if math.isfinite(value):
            _done(self.raw.write_number(row, column, value, self.book.formats[style]), value)
        else:
            _done(self.raw.write_blank(row, column, None, self.book.formats[style]), value)

    def formula(self, row: int, column: int, formula: str, value: float | str, style: str = "money") -> None:
        """Write a formula with the value it has."""
        if isinstance(value, float) and not math.isfinite(value):
            raise SheetError(f"{xl_rowcol_to_cell(row, column)}: the value of {formula} is {value}")
        _done(self.raw.write_formula(row, column, formula, self.book.formats[style], value), formula)

    def cell(self, row: int, column: int, value: object, style: str) -> None:
        """Write a value of a table: a number in the column's format, a truth value in words, anything else as text."""
        if value is None or value is pd.NA:
            self.number(row, column, math.nan, style)
        elif isinstance(value, bool) or type(value).__name__ == "bool":
            self.text(row, column, "yes" if value else "no")
        elif isinstance(value, str):
            self.text(row, column, value, "wrap" if style == "wrap" else "text")
        else:
            self.number(row, column, float(value), style)  # type: ignore[arg-type]

    def headings(self, columns: Sequence[Column], row: int = HEADER_ROW, first: int = 0, freeze: int = 1) -> None:
        """Write column headings, set widths, freeze above and left of the figures and repeat the row in print."""
        for i, column in enumerate(columns, first):
            self.text(row, i, column.heading, "header")
            self.raw.set_column(i, i, column.width)
        self.raw.freeze_panes(row + 1, freeze)
        self.raw.repeat_rows(row)

    def table(self, frame: pd.DataFrame, columns: Sequence[Column], freeze: int = 1) -> int:
        """Write a frame below its headings; return the row after the last. Raises ``KeyError`` for a missing column."""
        self.headings(columns, freeze=freeze)
        values = frame[[c.name for c in columns]].astype(object).to_numpy()
        for r, line in enumerate(values, HEADER_ROW + 1):
            for c, (value, column) in enumerate(zip(line, columns, strict=True)):
                self.cell(r, c, value, column.format)
        after = HEADER_ROW + 1 + len(values)
        if len(values):
            self.raw.autofilter(HEADER_ROW, 0, after - 1, len(columns) - 1)
        return after

    def totals(self, frame: pd.DataFrame, columns: Sequence[Column], summed: Sequence[str], row: int) -> None:
        """Write a line of sums below a table written by :meth:`table`, as formulas."""
        self.text(row, 0, "Total", "total_text")
        for c, column in enumerate(columns):
            if column.name in summed and len(frame):
                letter = xl_col_to_name(c)
                total = math.fsum(float(v) for v in frame[column.name] if math.isfinite(v))
                self.formula(row, c, f"=SUM({letter}{HEADER_ROW + 2}:{letter}{row})", total, "total")

    def lines(self, row: int, paragraphs: Sequence[str], column: int = 0, width: int = 110) -> int:
        """Write paragraphs one below the other, wrapped over ``width`` characters; return the next free row."""
        for text in paragraphs:
            self.text(row, column, text, "wrap")
            self.raw.set_row(row, 15.0 * max(1, math.ceil(len(text) / width)))
            row += 1
        return row


def scatter(
    sheet: Sheet,
    at: str,
    title: str,
    unit: str,
    years: tuple[int, int],
    series: Sequence[tuple[str, str, str]],
    number_format: str,
    alt: str,
) -> None:
    """Insert a line chart over years (scatter with straight lines, which every program draws to scale).

    ``series`` are (label, range of years, range of values); the first is solid, the others dashed.
    """
    chart = sheet.book.file.add_chart({"type": "scatter", "subtype": "straight"})
    for i, (label, x, y) in enumerate(series):
        line = {"color": SERIES[i], "width": 2.25, "dash_type": ("solid", "dash", "round_dot", "long_dash")[i]}
        chart.add_series(
            {"name": label, "categories": f"={x}", "values": f"={y}", "line": line, "marker": {"type": "none"}}
        )
    axis = {"num_font": {"size": 9}, "name_font": {"size": 9, "bold": False}}
    chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
    chart.set_x_axis(
        {**axis, "min": years[0], "max": years[1], "major_unit": 10, "num_format": "0", "label_position": "low"}
    )
    chart.set_y_axis(
        {
            **axis,
            "name": unit,
            "num_format": number_format,
            "major_gridlines": {"visible": True, "line": {"color": "#CBD2D9"}},
        }
    )
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 720, "height": 380})
    row, column = xl_cell_to_rowcol(at)
    _done(sheet.raw.insert_chart(row, column, chart, {"description": alt}), title)


def money_axis(largest: float, currency: str) -> tuple[str, str]:
    """Number format and unit of an axis of amounts up to ``largest``: thousands are cut by the format, the value stays.

    >>> money_axis(3.2e12, "RWF")
    ('#,##0.0,,,', 'billion RWF')
    """
    steps = (("", ""), (",", "thousand "), (",,", "million "), (",,,", "billion "), (",,,,", "trillion "))
    step = min(max(int(math.log10(largest)) // 3 if largest >= 1 else 0, 0), 4)
    step = step - 1 if step and largest / 1000**step < 10 else step
    return f"#,##0{'.0' if step else ''}{steps[step][0]}", f"{steps[step][1]}{currency}"


def _done(code: int | None, what: object) -> None:
    if code:
        raise SheetError(f"not written ({code}): {str(what)[:200]}")
