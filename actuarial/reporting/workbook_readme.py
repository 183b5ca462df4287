"""What every workbook says about itself: how to read it, its limits, who answers for it, its properties."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from actuarial.feasibility.result import StudyResult
from actuarial.reporting.workbook_sheets import HEADER_ROW, Book

LIVE: Final = (
    "Sheets Without and With recalculate: change a yellow cell of the sheet Inputs and the reserve, the cost rate and "
    "the charts follow. Set the cells back to 0 and 1 to see the study again.",
    "What-if cells move money only. They do not change who is insured, who retires or what the law says; for that, "
    "change the scenario or the scheme's folder and run the study again.",
    "Return of a year: the rate that explains the investment income which the study computed on the opening reserve "
    "and on flows at mid-year.",
)
COMMON: Final = (
    "Without: the region as it is, national law only. With: the same people and the same economy, and the instrument "
    "in force. Difference: with minus without.",
    "Amounts are nominal national currency per year unless a heading says USD; stocks stand at 31 December; rates are "
    "fractions.",
    "Yellow cells with blue figures are for you to change. Everything else is a formula or a figure of the study and "
    "protected without a password, as a guard against slips.",
    "Cells have names only where formulas of other sheets or other programs read them, such as what-if cells.",
    "Limits: results depend on assumptions that will not come true exactly; amounts far ahead are for comparing the "
    "two cases, not for budgeting. Only old-age benefits of the schemes named are valued.",
    "Assumptions marked assumed or recalled have no published source; they are listed with their reason.",
    "Responsibility: this book was computed by a program from the inputs named in manifest.json beside it. It carries "
    "no actuary's opinion; whoever relies on it should have an actuary review data, assumptions and results.",
)


def readme_sheet(book: Book, study: StudyResult, *, live: bool) -> None:
    """How to read the book, its limits, and who answers for it; ``live`` adds what concerns recalculating sheets."""
    sheet = book.sheet("ReadMe", "How to read this book", "Conventions, limits and responsibility", portrait=True)
    sheet.raw.set_column(0, 0, 112)
    own = str(study.meta["instrument_note"])
    sheet.lines(HEADER_ROW, [*(LIVE if live else ()), *COMMON, own], width=105)


def book_properties(study: StudyResult) -> dict[str, str]:
    """What the file says about itself in its properties."""
    names = ("region", "scenario", "instrument", "valuation_date", "package_version")
    return {name: str(study.meta[name]) for name in names}


def region_name(study: StudyResult) -> str:
    """Name of the region as readers know it (its short id when the study has no other)."""
    return str(study.meta.get("region_name", study.meta["region"]))


def made_on(study: StudyResult) -> datetime:
    """The date written into the file: the valuation date, so that the bytes depend on the study alone."""
    return datetime.fromisoformat(str(study.meta["valuation_date"]))
