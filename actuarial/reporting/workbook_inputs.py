"""The sheet Inputs: what a reader may change, what each cell carries, and the inputs behind.

1. A what-if cell is neutral at the study's value (0 added, factor 1) and has a name, which programs read. Beside it stands what it carries exactly.
2. A cell that a scheme cannot carry exactly is not offered; its line says why. An account scheme has no premium, so that no rate discounts anything.
3. The inputs behind are lines of the register, with unit, source and evidence mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.language import _, phrase
from actuarial.reporting.register_words import calibration_note, input_name, period, source_words, unit_words, value_words
from actuarial.reporting.workbook_look import figure_of, figure_style, money_unit
from actuarial.reporting.workbook_sheets import Book, Column, Sheet
from actuarial.reporting.workbook_tabs import tab
from actuarial.reporting.workbook_words import CONFIDENCE, word

TAKE_UP: Final = "Take_up"
_PERCENT: Final = "input|0.00%"
_FACTOR: Final = "input|0.00"
_WIDTHS: Final = (40.0, 16.0, 34.0, 12.0, 60.0, 28.0)
_BEHIND: Final = ("contributions.", "administration.", "instrument: take_up", "instrument: administration.", "exchange rate")
_LONG_RUN: Final = ", long run"


@dataclass(frozen=True)
class WhatIf:
    """A cell to change: its name, what it means, the value that leaves the study as it is, unit, what it carries, limits."""

    name: str
    meaning: str
    neutral: float
    unit: str
    carries: str
    low: float
    high: float

    @property
    def style(self) -> str:
        """Style of its cell: a percentage for additions, a factor otherwise."""
        return _FACTOR if self.neutral else _PERCENT

    @property
    def limits(self) -> tuple[str, str]:
        """The limits as a reader writes them."""
        digits = 0 if self.high == round(self.high) else 2
        return (numbers.rate(self.low, 0), numbers.rate(self.high, 0)) if not self.neutral else ("0", numbers.decimal(self.high, digits))


def carries_take_up(study: StudyResult, scheme: SchemeResult) -> bool:
    """Whether the study knows what of the scheme's flows follows take-up."""
    return not scheme.claims.empty and "take_up_limit" in study.meta


def what_if(study: StudyResult, scheme: SchemeResult) -> tuple[WhatIf, ...]:
    """The cells that a scheme's book offers, in their order."""
    account = scheme.kind == frames.ACCOUNT
    contributions = (
        _("Exact: contributions, reserve. A levy that is not credited to accounts; payouts stay as they are.") if account
        else _("Exact: contributions, reserve, premiums. Members' rights stay as they are.")
    )  # fmt: skip
    income = (
        _("Exact: income, reserve. Accounts are not credited with it.") if account
        else _("Exact: income, reserve and present values, since the return on the reserve is the discount rate.")
    )  # fmt: skip
    cells = [
        WhatIf("Contribution_rate_addition", _("Added to the contribution rate of every year"), 0.0,
               _("of insurable earnings; type 2% or 0.02"), contributions, -0.5, 0.5),
        WhatIf("Return_addition", _("Added to the return of every year"), 0.0, _("per year; type 1% or 0.01"), income, -0.5, 0.5),
    ]  # fmt: skip
    if not account:
        cells.append(
            WhatIf("Discount_rate_addition", _("Added to the discount rate of every year"), 0.0, _("per year; type 1% or 0.01"),
                   phrase("Exact: average premiums and present values of the sheet {premiums}. The reserve earns what it earned.",
                          premiums=tab("Premiums")), -0.5, 0.5)
        )  # fmt: skip
    if carries_take_up(study, scheme):
        limit = float(study.meta["take_up_limit"])
        cells.append(
            WhatIf(TAKE_UP, _("Factor on the share of people who claim"), 1.0, _("times; 0.50 is half of the claims"),
                   phrase("Exact up to {limit}, where everybody claims in some year: the part of benefits, pensioners and administration that "
                          "follows claims (sheet {claims}). Branches beside pensions stay.",
                          limit=numbers.decimal(limit, 2), claims=tab("Claims")), 0.0, limit)
        )  # fmt: skip
    administration = _("Exact: administration, reserve.") if account else _("Exact: administration, reserve, premiums.")
    return (
        *cells,
        WhatIf("Benefit_factor", _("Factor on benefits of every year"), 1.0, _("times; 1.10 is a tenth more"),
               _("A multiple of what is paid, exact for the reserve; no rule gives everybody a tenth more."), 0.0, 10.0),
        WhatIf("Administration_factor", _("Factor on administration of every year"), 1.0, _("times; 1.10 is a tenth more"),
               administration, 0.0, 10.0),
    )  # fmt: skip


def inputs_sheet(book: Book, study: StudyResult, scheme: SchemeResult, opening: float) -> None:
    """Write the sheet; ``opening`` is the reserve at the valuation date. Names every cell that formulas read."""
    note = _("Yellow cells may be changed; the live sheets and the charts follow")
    sheet = book.sheet("Inputs", _("Inputs"), note, "input")
    heads = (_("Input"), _("Value"), _("Unit"), _("Value in the study"), _("What it carries"), _("Name in formulas"))
    styles = ("text", "number", "text", "number", "text", "text")
    first = row = sheet.headings([Column("", h, s, w) for h, s, w in zip(heads, styles, _WIDTHS, strict=True)])
    cells = what_if(study, scheme)
    for row, cell in enumerate(cells, first):
        _what_if(book, sheet, row, cell)
    row += 1
    if not carries_take_up(study, scheme):
        _line(sheet, row, (_("Factor on the share of people who claim"), "–", "", "–", _not_carried(scheme), ""))
        row += 1
    row = _reserve(book, sheet, row + 1, scheme, opening)
    neutral = "+".join(f"ABS({cell.name}-D{first + 1 + i})" for i, cell in enumerate(cells))
    sheet.text(row, 0, _("Distance of the yellow cells from the study"))
    sheet.formula(row, 1, f"={neutral}", 0.0, "number|0.00")
    sheet.text(row, 2, _("0.00 while they are untouched"))
    sheet.text(row, 5, "What_if")
    book.name("What_if", "Inputs", row, 1)
    _behind(sheet, row + 2, scheme)


def _not_carried(scheme: SchemeResult) -> str:
    """Why a book offers no take-up."""
    if not frames.collects(scheme):
        return _("Not carried: the country has no scheme that collects contributions.")
    return _("Not carried: the study holds no part that follows claims, or it is not in proportion to them. Change the instrument and run it again.")


def _what_if(book: Book, sheet: Sheet, row: int, cell: WhatIf) -> None:
    _line(sheet, row, (cell.meaning, "", cell.unit, "", cell.carries, cell.name))
    sheet.number(row, 1, cell.neutral, cell.style)
    sheet.number(row, 3, cell.neutral, cell.style.replace("input", "number"))
    low, high = cell.limits
    rule = {"validate": "decimal", "criteria": "between", "minimum": cell.low, "maximum": cell.high}
    message = phrase("A number from {low} to {high}.", low=low, high=high)
    sheet.raw.data_validation(row, 1, row, 1, {**rule, "error_message": message})
    book.name(cell.name, "Inputs", row, 1)


def _line(sheet: Sheet, row: int, texts: Sequence[str], *, written: Sequence[int] = (0, 2, 4, 5)) -> None:
    """A line of texts; numbers follow in the columns that are not ``written``."""
    for c, text in enumerate(texts):
        if c in written:
            sheet.text(row, c, text, "wrap")
        elif text:
            sheet.text(row, c, text, "absent")
    sheet.heighten(row, [(text, 0.9 * width) for text, width in zip(texts, _WIDTHS, strict=True) if text])


def _reserve(book: Book, sheet: Sheet, row: int, scheme: SchemeResult, opening: float) -> int:
    """The reserve that both cases start from, with its source; return the next row."""
    shown_in = money_unit(abs(opening), scheme.currency)
    lines = scheme.calibration[scheme.calibration["item"] == "reserve"]
    record = {str(k): _text(v) for k, v in lines.iloc[0].items()} if len(lines) else {}
    parts = [source_words(record.get("source", "")), period(record.get("date", "")), calibration_note(record.get("note", ""))]
    source = "; ".join(part for part in parts if part)
    _line(sheet, row, (_("Reserve at the valuation date, the same in both cases"), "", shown_in.shown, "", source, "Opening_reserve"))
    sheet.number(row, 1, opening, shown_in.style(zero="0"))
    book.name("Opening_reserve", "Inputs", row, 1)
    return row + 1


def _behind(sheet: Sheet, row: int, scheme: SchemeResult) -> None:
    """Lines of the register on what the yellow cells move."""
    register = scheme.assumptions
    if register.empty:
        return
    names = register["name"].astype(str)
    chosen = register[names.str.startswith(_BEHIND) | names.str.endswith(_LONG_RUN)]
    chosen = chosen[chosen["used"] == "yes"]
    sheet.text(row, 0, phrase("Inputs behind (all of them: sheet {assumptions})", assumptions=tab("Assumptions")), "label")
    row += 1
    heads = (_("Input"), _("Value"), _("Unit"), _("Evidence"), _("Source"), _("Year"))
    for c, text in enumerate(heads):
        sheet.text(row, c, text, "heading")
    for record in chosen.to_dict("records"):
        row += 1
        cell = {str(k): _text(v) for k, v in record.items()}
        figures = {1: figure_of(cell["value"]), 5: figure_of(cell["year"])}
        texts = (
            input_name(cell["name"]), value_words(cell["value"]), unit_words(cell["unit"]), word(CONFIDENCE, cell["confidence"]),
            source_words(cell["source"]), period(cell["year"]),
        )  # fmt: skip
        _line(sheet, row, ["" if figures.get(c) is not None else text for c, text in enumerate(texts)], written=range(len(texts)))
        for c, figure in figures.items():
            if figure is not None:
                sheet.number(row, c, figure, figure_style(figure))


def _text(value: object) -> str:
    """A cell of a table as text; nothing for a missing one, whole numbers without a point."""
    if value is None or value is pd.NA or (isinstance(value, float) and pd.isna(value)):
        return ""
    return f"{value:.0f}" if isinstance(value, float) and value == int(value) else str(value)
