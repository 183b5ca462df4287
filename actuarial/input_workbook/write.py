"""Writes an input workbook: yellow cells to change, everything else locked (without a password: a guard, no secret).

1. Every cell carries its value; the only formulas are the sums below tables, with their values. No cell is merged, nothing is hidden.
2. Names of the workbook: ``sheet_<key>`` for the corner of each sheet, ``template_<fact>`` for what identifies the workbook, ``in_<reference>`` or
   ``in_<sheet>_<column>`` for inputs. Reading goes by the first two, so that tabs may be in any language and be renamed.
3. Text is written as text: nothing that looks like a formula or a link becomes one. The same data give the same bytes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from actuarial.execution.whole import whole_file
from actuarial.input_workbook.layout import READ_ME
from actuarial.input_workbook.model import Input, Limits, Row, Sheet, Shown, Template, Value
from actuarial.input_workbook.read_me import READ_ME_WIDTHS, read_me
from actuarial.reporting.language import in_context, phrase
from actuarial.reporting.workbook_look import BAND, INK, SOFT, STYLES, TABS, lines_of

_CREATED: Final = datetime(2026, 1, 1)  # noqa: DTZ001  # no clock in the file
_EXTRA: Final[Mapping[str, Mapping[str, Any]]] = {
    "reference": {"font_size": 7, "text_wrap": True, "font_color": SOFT, "valign": "top"},
    "key": {"bold": True, "num_format": "0", "align": "left", "valign": "top"},
    "section_key": {"font_size": 7, "font_color": SOFT, "bg_color": BAND, "valign": "top"},
    "section": {"bold": True, "font_color": INK, "bg_color": BAND, "valign": "top"},
    "shown": {"text_wrap": True, "valign": "top", "align": "left", "indent": 1},
    "header": {**STYLES["header"], "align": "left", "indent": 1},
    "header_key": STYLES["header"],
    "input": {**STYLES["input"], "border_color": "#C9B458"},
    "fixed": {"valign": "top", "align": "right", "font_color": SOFT},
    "input_text": {"text_wrap": True, "valign": "top", "align": "left", "font_size": 9},
    "fact": {"valign": "top", "align": "left", "num_format": "0", "border": 1, "border_color": "#C0C8D0"},
}
_NAME: Final = re.compile(r"[^A-Za-z0-9_.]")


def write_template(template: Template, path: Path) -> None:
    """Write the workbook whole or not at all. Raises ``OSError`` where it cannot be written."""
    content = BytesIO()
    _Writer(template, content).write()
    with whole_file(path) as stage:
        stage.write_bytes(content.getvalue())


class _Writer:
    def __init__(self, template: Template, content: BytesIO) -> None:
        self._template = template
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = xlsxwriter.Workbook(content, options)
        self._styles: dict[tuple[Any, ...], Any] = {}
        self._names: set[str] = set()

    def write(self) -> None:
        title = phrase("Input workbook: {country}", country=self._template.country_name)
        self._book.set_properties({"title": title, "created": _CREATED})
        self._read_me(title)
        for sheet in self._template.sheets:
            self._sheet(sheet)
        self._book.close()

    def _style(self, name: str, **more: Any) -> Any:
        key = (name, *sorted(more.items()))
        if key not in self._styles:
            look = {"font_name": "Arial", "font_size": 10, **STYLES.get(name, {}), **_EXTRA.get(name, {}), **more}
            self._styles[key] = self._book.add_format(look)
        return self._styles[key]

    def _name(self, name: str, page: Any, area: str) -> None:
        """Give a name that no two places have, written as workbooks allow it."""
        plain = _NAME.sub("_", name)[:200]
        if plain.casefold() not in self._names:
            self._names.add(plain.casefold())
            quoted = page.get_name().replace("'", "''")
            self._book.define_name(plain, f"='{quoted}'!{area}")

    def _new_page(self, key: str, tab: str, colour: str, frozen: tuple[int, int], *, wide: bool) -> Any:
        page = self._book.add_worksheet(tab[:31])
        page.hide_gridlines(2)
        page.set_tab_color(TABS[colour])
        page.freeze_panes(*frozen)
        page.set_paper(9)
        if wide:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_margins(0.5, 0.5, 0.6, 0.7)
        page.set_footer(f"&L&8&F&C&8&A&R&8{phrase('page {n} of {total}', n='&P', total='&N')}")
        page.protect("", {"format_cells": True, "format_columns": True, "format_rows": True})
        self._name(f"sheet_{key}", page, "$A$1")
        return page

    def _read_me(self, title: str) -> None:
        page = self._new_page(READ_ME, in_context("sheet", "Read me"), "about", (1, 0), wide=False)
        for column, width in enumerate(READ_ME_WIDTHS):
            page.set_column(column, column, width)
        page.set_row(0, 26)
        page.write_string(0, 0, title, self._style("title"))
        for r, line in enumerate(read_me(self._template), 2):
            for c, text in enumerate(line.texts):
                wide = line.style == "wrap" and len(line.texts) == 1
                style = self._style("text" if wide else line.style if c == 0 else line.others)
                if isinstance(text, int):
                    page.write_number(r, c, text, style)
                else:
                    page.write_string(r, c, text, style)
            if line.fact:
                self._name(line.fact, page, f"$B${r + 1}")
            if len(line.texts) > 1 and not line.fact:
                tall = max(lines_of(str(t), READ_ME_WIDTHS[c]) for c, t in enumerate(line.texts))
                page.set_row(r, 13.5 * tall + 1)
        page.print_area(0, 0, r, len(READ_ME_WIDTHS) - 1)

    def _sheet(self, sheet: Sheet) -> None:
        first = sheet.first_row - 1
        page = self._new_page(sheet.key, sheet.tab, "input", (first, sheet.frozen), wide=len(sheet.columns) > 5)
        page.set_row(0, 26)
        page.write_string(0, 0, sheet.heading, self._style("title"))
        for r, line in enumerate(sheet.intro, 1):
            page.write_string(r, 0, line, self._style("subtitle"))
        self._headers(page, sheet)
        for r, row in enumerate(sheet.rows, first):
            self._row(page, sheet, r, row)
        if sheet.total:
            self._total(page, sheet)
        self._validate(page, sheet)
        self._name_columns(page, sheet)
        page.repeat_rows(sheet.header_row - 1, first - 1)
        page.print_area(0, 0, sheet.total_row - (0 if sheet.total else 2) - (1 if sheet.total else 0), len(sheet.columns) - 1)

    def _headers(self, page: Any, sheet: Sheet) -> None:
        r = sheet.header_row - 1
        numbers, filled = _number_columns(sheet), {c for _r, c, _cell in sheet.inputs()}
        tall = max(lines_of(column.header, column.width, bold=True) for column in sheet.columns)
        page.set_row(r, 13.5 * tall + 2)
        for c, column in enumerate(sheet.columns):
            page.set_column(c, c, column.width)
            right = column.key in numbers
            page.write_string(r, c, column.header, self._style("header_right" if right else "header" if c and c + 1 not in filled else "header_key"))
            if sheet.has_units:
                page.write_string(r + 1, c, column.unit, self._style("unit_right" if right else "unit", text_wrap=True))
        if sheet.has_units:
            page.set_row(r + 1, 12.5 * max(lines_of(column.unit, column.width * 1.1) for column in sheet.columns) + 2)

    def _row(self, page: Any, sheet: Sheet, r: int, row: Row) -> None:
        if not row.cells:
            page.write_string(r, 0, str(row.reference), self._style("section_key"))
            page.write_string(r, 1, row.heading, self._style("section"))
            for c in range(2, len(sheet.columns)):
                page.write_blank(r, c, None, self._style("section"))
            return
        if isinstance(row.reference, int):
            page.write_number(r, 0, row.reference, self._style("key"))
        else:
            page.write_string(r, 0, row.reference, self._style("reference"))
        tall = 1
        for c, (column, cell) in enumerate(zip(sheet.columns[1:], row.cells, strict=True), 1):
            if isinstance(cell, Input):
                self._input(page, r, c, cell)
                if column.key == "value":
                    self._name(f"in_{row.reference}", page, f"${xl_col_to_name(c)}${r + 1}")
                text, small = (cell.value, 1.2) if cell.limits.kind == "text" else (None, 1.0)
            else:
                text, small = cell.value if isinstance(cell, Shown) else None, 0.95
                if text is not None:
                    self._put(page, r, c, text, self._style("fixed" if column.key == "value" else "shown"))
            if isinstance(text, str):
                tall = max(tall, lines_of(text, column.width * small))
        if tall > 1:
            page.set_row(r, min(13.0 * tall + 1, 400))

    def _input(self, page: Any, r: int, c: int, cell: Input) -> None:
        limits = cell.limits
        words = limits.kind in ("text", "choice")
        style = self._style("input", **({} if not words else dict(_EXTRA["input_text"])), num_format=_format(cell), locked=False)
        self._put(page, r, c, limits.shown(cell.value), style)

    def _put(self, page: Any, r: int, c: int, value: Value, style: Any) -> None:
        if value is None:
            page.write_blank(r, c, None, style)
        elif isinstance(value, str):
            page.write_string(r, c, value, style)
        else:
            page.write_number(r, c, value, style)

    def _total(self, page: Any, sheet: Sheet) -> None:
        r = sheet.total_row - 1
        page.write_string(r, 0, sheet.total, self._style("total_text"))
        for c, column in enumerate(sheet.columns[1:], 1):
            if not column.total:
                page.write_blank(r, c, None, self._style("total_text"))
                continue
            page.write_formula(r, c, total_formula(sheet, c), self._style("total"), column_sum(sheet, c))

    def _validate(self, page: Any, sheet: Sheet) -> None:
        """Say beside each input what is allowed; one rule for all cells with the same limits."""
        areas: dict[Limits, list[list[int]]] = {}
        for r, c, cell in sorted(sheet.inputs(), key=lambda at: (at[1], at[0])):
            if cell.limits.kind == "text":
                continue
            own = areas.setdefault(cell.limits, [])
            if own and own[-1][1] == c - 1 and own[-1][2] == r - 2:
                own[-1][2] = r - 1
            else:
                own.append([r - 1, c - 1, r - 1, c - 1])
        for limits, (first, *others) in areas.items():
            page.data_validation(*first, {**_validation(limits), "other_cells": others})

    def _name_columns(self, page: Any, sheet: Sheet) -> None:
        """Names for whole columns of inputs of a table (not of a list, whose values have names of their own)."""
        if any(column.key == "value" for column in sheet.columns):
            return
        for c in sorted({c for _r, c, _cell in sheet.inputs()}):
            letter = xl_col_to_name(c - 1)
            self._name(f"in_{sheet.key}_{sheet.columns[c - 1].key}", page, f"${letter}${sheet.first_row}:${letter}${sheet.total_row - 1}")


def total_formula(sheet: Sheet, c: int) -> str:
    """Formula below column ``c`` (counted from 0)."""
    return f"=SUM({xl_rowcol_to_cell(sheet.first_row - 1, c)}:{xl_rowcol_to_cell(sheet.total_row - 2, c)})"


def column_sum(sheet: Sheet, c: int) -> float:
    """Sum of the inputs of column ``c`` (counted from 0), empty cells left out."""
    cells = (row.cells[c - 1] for row in sheet.rows if row.cells)
    return math.fsum(cell.value for cell in cells if isinstance(cell, Input) and isinstance(cell.value, float))


def _number_columns(sheet: Sheet) -> set[str]:
    keys = [sheet.columns[c - 1].key for _r, c, cell in sheet.inputs() if cell.limits.kind in ("number", "whole")]
    return set(keys)


def _format(cell: Input) -> str:
    limits, value = cell.limits, cell.value
    if limits.kind in ("text", "choice"):
        return "General"
    if limits.percent:
        return "0.00####%"
    if limits.kind == "whole" or (isinstance(value, float) and abs(value) >= 1000.0) or cell.target.part in ("contributors", "pensioners"):
        return "#,##0" if value is None or float(value).is_integer() else "#,##0.00"
    return "General"


def _validation(limits: Limits) -> dict[str, Any]:
    """What Excel lets through and says beside the cell."""
    allowed = limits.allowed()
    told = {"input_message": allowed[:255], "error_message": phrase("Allowed: {what}.", what=allowed)[:255], "ignore_blank": limits.optional}
    if limits.kind == "choice":
        return {"validate": "list", "source": [shown for _word, shown in limits.choices], **told}
    kind = "integer" if limits.kind == "whole" and limits.most < 2**31 else "decimal"
    if math.isinf(limits.most):
        least = -1e300 if math.isinf(limits.least) else limits.least
        return {"validate": kind, "criteria": ">=", "value": least, **told}
    return {"validate": kind, "criteria": "between", "minimum": limits.least, "maximum": limits.most, **told}
