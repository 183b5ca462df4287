"""The sheet Checks of every workbook: what is compared, by how much it is off, what is allowed, whether it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from actuarial.feasibility.result import StudyResult
from actuarial.reporting.language import _, data_text, marked, phrase
from actuarial.reporting.roll_forward import TOLERANCE
from actuarial.reporting.workbook_formula import literal
from actuarial.reporting.workbook_sheets import Book, Column, Sheet
from actuarial.reporting.workbook_tabs import on

_COLUMNS: Final = (
    Column("", marked("What must hold"), "wrap", 78),
    Column("", marked("Found deviation"), width=13, unit=marked("relative")),
    Column("", marked("Allowed deviation"), width=13, unit=marked("relative")),
    Column("", marked("Fails"), width=8, unit=marked("0 or 1")),
    Column("", marked("In words"), "text", 12),
)
_SIZE: Final = "number|0.0E+00;-0.0E+00;0"
_FLAG: Final = "number|0"


@dataclass(frozen=True)
class Tested:
    """A check that this book computes itself: what it says, the formula of the deviation, what is allowed."""

    text: str
    formula: str
    tolerance: float = TOLERANCE


def gap_of(one: str, two: str, scale: str = "Cost_scale") -> str:
    """Formula of the deviation of two cells that must agree, relative to the cell ``scale`` (one unit of money where that is less)."""
    return f"=({one}-{two})/MAX(1,{scale})"


def checks_sheet(book: Book, study: StudyResult, own: Sequence[Tested], *, account: bool = False) -> str:
    """Write the book's own checks and those of the study; return the cell that counts the failures. ``account``: of a scheme without a net cost."""
    note = (
        _("Two ways to the same figure must agree; net cost stands here for payouts put off and administration together") if account
        else _("Two ways to the same figure must agree; deviations this small are rounding of the computer")
    )  # fmt: skip
    sheet = book.sheet("Checks", _("Checks"), note, "about")
    row = sheet.headings([replace(c, heading=_(c.heading), unit=_(c.unit) if c.unit else "") for c in _COLUMNS])
    first = row
    for check in own:
        _what(sheet, row, phrase("This book: {check}", check=check.text))
        sheet.formula(row, 1, check.formula, 0.0, _SIZE)
        sheet.number(row, 2, check.tolerance, _SIZE)
        sheet.formula(row, 3, f"=IF(ABS(B{row + 1})<=C{row + 1},0,1)", 0.0, _FLAG)
        _in_words(sheet, row, fails=False)
        row += 1
    for check_of_study in study.checks.to_dict("records"):
        passed = bool(check_of_study["passed"])
        _what(sheet, row, phrase("Study: {check}", check=data_text(str(check_of_study["name"]))))
        sheet.number(row, 1, float(check_of_study["value"]), _SIZE)
        sheet.number(row, 2, float(check_of_study["tolerance"]), _SIZE)
        sheet.number(row, 3, 0.0 if passed else 1.0, _FLAG)
        _in_words(sheet, row, fails=not passed)
        row += 1
    for i, text in enumerate((_("Checks that fail"), "", "")):
        sheet.text(row, i, text, "total_text")
    failed = float((~study.checks["passed"].astype(bool)).sum())
    sheet.formula(row, 3, f"=SUM(D{first + 1}:D{row})", failed, "total|0")
    sheet.text(row, 4, "", "total_text")
    for text, style in ((_("holds"), "good"), (_("fails"), "bad")):
        rule = {"type": "cell", "criteria": "==", "value": literal(text), "format": book.style(style)}
        sheet.raw.conditional_format(first, 4, row - 1, 4, rule)
    return f"{on('Checks')}$D${row + 1}"


def _what(sheet: Sheet, row: int, text: str) -> None:
    sheet.text(row, 0, text, "wrap")
    sheet.heighten(row, [(text, _COLUMNS[0].width)])


def _in_words(sheet: Sheet, row: int, *, fails: bool) -> None:
    formula = f"=IF(D{row + 1}=0,{literal(_('holds'))},{literal(_('fails'))})"
    sheet.formula(row, 4, formula, _("fails") if fails else _("holds"), "text>")
