"""The sheet ChangeEffects: from the previous results to these, and the lines of the change log that the program knows.

1. The present result is a live sum of the previous one and the effects. A date has none: a column shows the date after its step.
2. Rates are fractions, reserve ratios years of expenditure, amounts whole units of their currency.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from actuarial.reporting.change_record import COUNT, DATE, EFFECTS, MONEY, USD, AnalysisOfChange
from actuarial.reporting.change_view import CASES, HEADS, PARTS, figure_name, lines, moving
from actuarial.reporting.language import _, data_text, marked, phrase
from actuarial.reporting.workbook_sheets import Book, Column, Sheet

SHEET: Final = ("ChangeEffects", marked("From the previous results to these: data, assumptions, law, method, residual"))
"""Name of the sheet, and what the cover says of it."""
_STYLES: Final = {COUNT: "number", MONEY: "number", USD: "number", DATE: "plain|0"}
_FIRST: Final = 3
"""Column of the previous result."""


def change_sheet(book: Book, change: AnalysisOfChange | None, countries: Mapping[str, str], currency: str = "") -> tuple[tuple[str, str], ...]:
    """Write the sheet for ``countries`` (by code in words); return it for the cover, nothing without an analysis."""
    if change is None:
        return ()
    note = _("Previous result plus effects is the present result; the order of the steps is data, assumptions, law unless the report says otherwise")
    sheet = book.sheet(SHEET[0], _(SHEET[1]), note, "data")
    heads = [Column(head, _(head), "plain", 16) for head in HEADS]
    columns = (Column("country", _("Country"), "text", 16), Column("case", _("Case"), "text", 22), Column("figure", _("Figure"), "text", 46), *heads)
    row = sheet.headings(columns, freeze=_FIRST)
    for line in lines(change.effects[change.effects["country"].isin(list(countries))]):
        _write(sheet, row, line, countries[str(line["country"])], currency)
        row += 1
    return (SHEET,)


def _write(sheet: Sheet, row: int, line: Mapping[str, Any], country: str, currency: str) -> None:
    sheet.text(row, 0, country)
    sheet.text(row, 1, _(CASES[str(line["case"])]))
    sheet.text(row, 2, figure_name(str(line["figure"]), currency, whole=True))
    style, values = _STYLES.get(str(line["kind"]), "plain"), [float(line[name]) for name in ("previous", *EFFECTS)]
    for column, value in enumerate(values, _FIRST):
        sheet.number(row, column, value, style)
    present, last = float(line["present"]), _FIRST + len(values)
    if line["kind"] == DATE or not all(math.isfinite(value) for value in values):
        sheet.number(row, last, present, style)
    else:
        sheet.formula(row, last, f"=SUM(D{row + 1}:I{row + 1})", present, style)


def log_lines(change: AnalysisOfChange | None) -> list[tuple[str, str, str, str, str]]:
    """Lines of the change log on what was changed since the previous study: date, who, where, what, why."""
    if change is None:
        return []
    found = []
    for row in moving(change):
        what = phrase("{old} → {new}", old=str(row["old"]), new=str(row["new"]))
        if row["entries"] > 1:
            what = phrase("{n} entries, the first {what}", n=str(row["entries"]), what=what)
        why = _(PARTS[str(row["class"])])
        if row["source"]:
            why = phrase("{part}: {source}", part=why, source=data_text(str(row["source"])))
        found.append(("", _("since the previous study"), f"{row['file']} {row['place']}".strip(), what, why))
    return found
