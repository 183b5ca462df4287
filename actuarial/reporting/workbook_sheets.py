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
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pandas as pd
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from actuarial.reporting.language import _, marked, phrase
from actuarial.reporting.workbook_look import INDENTED, ROW, STYLES, TABS, figure_style, lines_of
from actuarial.reporting.workbook_tabs import on, tab

HEADER_ROW: Final = 3
"""Row of the column headings on every sheet of figures (counted from 0)."""
FIRST_ROW: Final = HEADER_ROW + 2
"""First row of figures on sheets that have a row of units below the headings."""
MARGINS: Final = {"left": 0.3, "right": 0.3, "top": 0.45, "bottom": 0.6}
"""Of the printed page, in inches."""
NOTHING: Final = marked("The study has no figures here")
"""Below the headings of an empty table."""
PAGE_SCALE: Final = 68
"""Percentage at which 75 years fit on an upright A4 page."""


class SheetError(Exception):
    """A cell could not be written as it should; a programming error, never the reader's."""


@dataclass(frozen=True)
class Column:
    """A column of a table: its name in the frame, heading, style of its cells, width in characters and unit.

    ``formula`` makes it a live column: the names of other columns in braces stand for their cells of the same row, as in
    ``={paid}-{repaid}``; the frame holds the values that the formula has.
    """

    name: str
    heading: str
    format: str = "number"
    width: float = 14.0
    unit: str = ""
    formula: str = ""

    @property
    def is_text(self) -> bool:
        """Whether the column holds words (or years), which stand on the left."""
        return self.format in ("text", "wrap", "label", "year")


class _Worksheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """Takes formulas as they are written: looking in each for thirty functions that convention 3 forbids takes half the time of a book."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula.removeprefix("=")


class Book:
    """A workbook being written. As a context manager it saves on leaving without error."""

    def __init__(self, path: Path, title: str, properties: Mapping[str, str], made: datetime) -> None:
        font = {"font_name": "Arial", "font_size": 10, "font_scheme": False}
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._path, self._content = path, BytesIO()
        self.file = xlsxwriter.Workbook(self._content, {**options, "in_memory": True, "default_format_properties": font})
        self.file.set_properties({"title": title, "created": made})
        for name, value in properties.items():
            self.file.set_custom_property(name, value[:255], "text")
        self.file.set_calc_mode("auto")
        self._styles: dict[str, Any] = {}
        self.names: list[str] = []
        """Of the sheets, in their order; not what stands on their tabs."""

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.file.close()
            self._path.write_bytes(self._content.getvalue())
        else:
            self.file.fileclosed = True

    def style(self, name: str) -> Any:
        """The style of that name; ``base|number format`` has another number format, ``base>`` stands a little in."""
        if name not in self._styles:
            base, digits = name.partition("|")[::2]
            own = {"num_format": digits} if digits else {"indent": 1, "align": "left"} if base.endswith(">") else {}
            self._styles[name] = self.file.add_format({**STYLES[base.rstrip(">")], **own})
        return self._styles[name]

    def sheet(self, name: str, title: str, note: str, kind: str, *, upright: bool = False, tall: int = 0, at: int = 0) -> Sheet:
        """Add a sheet with title, one line of explanation and a way back, for A4: one page wide, ``tall`` pages high.

        ``name`` is a name of :mod:`actuarial.reporting.workbook_tabs`, ``kind`` one of :data:`TABS`. The title stands in column ``at``: right of the
        columns that are repeated on every page.
        """
        sheet = Sheet(self, self.file.add_worksheet(tab(name), _Worksheet))
        self.names.append(name)
        raw = sheet.raw
        raw.hide_gridlines(2)
        raw.set_tab_color(TABS[kind])
        raw.set_default_row(ROW)
        raw.set_paper(9)
        if not upright:
            raw.set_landscape()
        raw.set_margins(**MARGINS)
        raw.fit_to_pages(1, tall)
        raw.set_footer("&L&8&F&C&8&A&R&8&P / &N", {"margin": 0.3})
        raw.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})
        raw.set_row(0, 24)
        raw.set_row(1, 16)
        raw.set_row(2, 18)
        sheet.text(0, at, title, "title")
        sheet.text(1, at, note, "subtitle")
        if name != "Cover":
            sheet.link(2, at, "Cover", _("Back to the cover"), "back")
        return sheet

    def name(self, name: str, sheet: str, row: int, column: int) -> None:
        """Give one cell a name for the whole book."""
        _done(self.file.define_name(name, f"={on(sheet)}{xl_rowcol_to_cell(row, column, True, True)}"), name)


class Sheet:
    """One sheet; rows and columns count from 0."""

    def __init__(self, book: Book, raw: Any) -> None:
        self.book = book
        self.raw = raw

    def text(self, row: int, column: int, text: str, style: str = "text") -> None:
        """Write text as text; words right of other cells stand a little in."""
        style += ">" if column and style in INDENTED else ""
        _done(self.raw.write_string(row, column, text, self.book.style(style)), text)

    def link(self, row: int, column: int, name: str, text: str, style: str = "link") -> None:
        """Write a link to the sheet ``name`` of this book; there are no others."""
        _done(self.raw.write_url(row, column, f"internal:{on(name)}A1", self.book.style(style), text), text)

    def number(self, row: int, column: int, value: float, style: str = "number") -> None:
        """Write a number; a missing one is a dash, which sums pass over."""
        if math.isfinite(value):
            _done(self.raw.write_number(row, column, value, self.book.style(style)), value)
        else:
            self.text(row, column, "–", "absent")

    def formula(self, row: int, column: int, formula: str, value: float | str, style: str = "number") -> None:
        """Write a formula with the value it has."""
        if isinstance(value, float) and not math.isfinite(value):
            raise SheetError(f"{xl_rowcol_to_cell(row, column)}: the value of {formula} is {value}")
        _done(self.raw.write_formula(row, column, formula, self.book.style(style), value), formula)

    def cell(self, row: int, column: int, value: object, style: str) -> None:
        """Write a value of a table: a number in the column's style, a truth value in words, anything else as text."""
        words = style in ("text", "wrap", "label")
        if value is None or value is pd.NA or (words and isinstance(value, float) and math.isnan(value)):
            self.text(row, column, "" if words else "–", "text" if words else "absent")
        elif isinstance(value, bool) or type(value).__name__ == "bool":
            self.text(row, column, _("yes") if value else _("no"), style if words else "absent")
        elif isinstance(value, str):
            self.text(row, column, value, style if words else "wrap")
        else:
            number = float(value)  # type: ignore[arg-type]
            self.number(row, column, number, figure_style(number) if words and math.isfinite(number) else style)

    def headings(self, columns: Sequence[Column], row: int = HEADER_ROW, freeze: int = 1) -> int:
        """Write headings and, where a column has one, the row of units; return the row of the first figure.

        Sets widths and heights, freezes what stands above and left of the figures and repeats title and headings in print.
        """
        units = any(c.unit for c in columns)
        height = max(lines_of(c.heading, c.width, bold=True) for c in columns)
        self.raw.set_row(row, ROW * height + 3)
        if units and (lines := max(lines_of(c.unit, c.width) for c in columns)) > 1:
            self.raw.set_row(row + 1, ROW * lines + 1)
        for i, column in enumerate(columns):
            side = "" if column.is_text else "_right"
            self.text(row, i, column.heading, "header" + side)
            if units:
                self.text(row + 1, i, column.unit, "unit" + side)
            self.raw.set_column(i, i, column.width)
        first = row + 1 + units
        self.raw.freeze_panes(first, freeze)
        self.raw.repeat_rows(0, first - 1)
        return first

    def table(
        self, frame: pd.DataFrame, columns: Sequence[Column], freeze: int = 1, *, filtered: bool = True, row: int = HEADER_ROW
    ) -> tuple[int, int]:
        """Write a frame below its headings in ``row``; return its first row and the row after the last.

        Raises ``KeyError`` for a missing column. Rows are as high as their longest wrapped text. An empty frame says so.
        """
        first = self.headings(columns, row, freeze)
        values = frame[[c.name for c in columns]].astype(object).to_numpy()
        letters = {c.name: xl_col_to_name(i) for i, c in enumerate(columns)}
        for r, line in enumerate(values, first):
            for c, (value, column) in enumerate(zip(line, columns, strict=True)):
                if column.formula:
                    cells = {name: f"{letter}{r + 1}" for name, letter in letters.items()}
                    self.formula(r, c, column.formula.format(**cells), value if isinstance(value, str) else float(value), column.format)
                else:
                    self.cell(r, c, value, column.format)
            self.heighten(r, [(str(v), c.width) for v, c in zip(line, columns, strict=True) if isinstance(v, str) and c.format != "text"])
        after = first + len(values)
        if not len(values):
            self.text(first, 0, _(NOTHING), "subtitle")
        if len(values) and filtered:
            self.raw.autofilter(first - 1, 0, after - 1, len(columns) - 1)
        return first, after

    @staticmethod
    def letter(columns: Sequence[Column], name: str) -> str:
        """Letter of a column of a table that begins in column A."""
        return str(xl_col_to_name([c.name for c in columns].index(name)))

    def heighten(self, row: int, texts: Sequence[tuple[str, float]]) -> None:
        """Make a row high enough for wrapped texts in columns of the given widths."""
        lines = max((lines_of(text, width) for text, width in texts), default=1)
        if lines > 1:
            self.raw.set_row(row, ROW * lines + 2)

    def totals(self, frame: pd.DataFrame, columns: Sequence[Column], summed: Sequence[str], first: int, row: int) -> None:
        """Write a line of sums below a table written by :meth:`table`, as formulas; none below an empty one."""
        if frame.empty:
            return
        self.text(row, 0, _("Total"), "total_text")
        for c, column in enumerate(columns[1:], 1):
            if column.name in summed:
                letter = xl_col_to_name(c)
                total = math.fsum(float(v) for v in frame[column.name] if math.isfinite(v))
                bar, digits = column.format.partition("|")[1:]
                self.formula(row, c, f"=SUM({letter}{first + 1}:{letter}{row})", total, f"total{bar}{digits}")
            else:
                self.text(row, c, "", "total_text")

    def lines(self, row: int, paragraphs: Sequence[str], column: int = 0, width: int = 110, gap: float = 0.0) -> int:
        """Write paragraphs one below the other, wrapped over ``width`` characters; return the next free row."""
        for text in paragraphs:
            self.text(row, column, text, "wrap")
            self.raw.set_row(row, ROW * lines_of(text, width) + 3 + gap)
            row += 1
        return row

    def five_years(self, first: int, after: int, columns: int, year: str = "A") -> None:
        """Tint the rows of every fifth year; ``year`` is the letter of the column of years."""
        if after > first:
            rule = {"type": "formula", "criteria": f"=MOD(${year}{first + 1},5)=0", "format": self.book.style("band")}
            self.raw.conditional_format(first, 0, after - 1, columns - 1, rule)

    def pages(self, title: str, breaks: Sequence[int], repeated: int, rows: Sequence[int] = ()) -> None:
        """Print upright in groups of columns: a new page at each column of ``breaks`` and each row of ``rows``.

        The first ``repeated`` columns stand on every page, the ``title`` at the head of every group.
        """
        self.raw.set_portrait()
        self.raw.set_print_scale(PAGE_SCALE)
        self.raw.repeat_columns(0, repeated - 1)
        self.raw.set_v_pagebreaks(list(breaks))
        for column in breaks:
            self.text(0, column, phrase("{title} (continued)", title=title), "title")
        if rows:
            self.raw.set_h_pagebreaks(list(rows))


def _done(code: int | None, what: object) -> None:
    if code:
        raise SheetError(f"not written ({code}): {str(what)[:200]}")
