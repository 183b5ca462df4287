"""What every workbook says about itself: how to read it, its limits, who answers for it, its properties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from actuarial.feasibility.result import StudyResult
from actuarial.reporting.workbook_sheets import HEADER_ROW, Book, Sheet

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
    "Amounts are nominal national currency per year unless a heading says USD; stocks stand at 31 December. The line below "
    "the headings gives the unit shown. Cells hold full amounts and unrounded rates: only their display is cut, so copies "
    "and formulas carry every digit.",
    "A dash stands for zero, or for a figure that does not exist, such as an average of nobody. A figure that shows as "
    "0.0 is not zero, only smaller than the digits shown. Every fifth year is tinted.",
    "Yellow cells with blue figures are for you to change. Everything else is a formula or a figure of the study and "
    "protected without a password, as a guard against slips.",
    "Cells have names only where formulas of other sheets or other programs read them, such as what-if cells.",
    "Limits: results depend on assumptions that will not come true exactly; amounts far ahead are for comparing the "
    "two cases, not for budgeting.",
    "Pensions are those of every type: old age, invalidity and survivors. Net cost is expenditure less contributions, with the "
    "instrument less without; insured people and contributions differ between the cases where posted workers stay insured at home. "
    "Costs are positive, savings negative. Branches beside pensions (injury, health, maternity and others) have accounts of their own; "
    "of the sheets that add up a net cost only the ladder of legal steps contains them.",
    "Present values are at the valuation date, at the return on the scheme's reserve; in US dollars: converted at the exchange rate of that date.",
    "Assumptions marked assumed or recalled have no published source; they are listed with their reason.",
    "Responsibility: this book was computed by a program from the inputs named in manifest.json beside it. It carries "
    "no actuary's opinion; whoever relies on it should have an actuary review data, assumptions and results.",
)


def readme_sheet(book: Book, study: StudyResult, *, live: bool) -> None:
    """How to read the book, its limits, and who answers for it; ``live`` adds what concerns recalculating sheets."""
    sheet = book.sheet("ReadMe", "How to read this book", "Conventions, limits and responsibility", "about", upright=True)
    sheet.raw.set_column(0, 0, 100)
    own = str(study.meta["instrument_note"])
    sheet.lines(HEADER_ROW, [*(LIVE if live else ()), *COMMON, own], width=100, gap=6)


def cover_sheet(
    sheet: Sheet,
    study: StudyResult,
    before: Sequence[tuple[str, str]],
    after: Sequence[tuple[str, str]],
    checks: str,
    sheets: Sequence[tuple[str, str]],
    *,
    live: bool,
) -> None:
    """What the book is about, whether its checks hold, and the way to every sheet.

    ``before`` and ``after`` are facts above and below those common to all books; ``checks`` is the cell that counts
    failures; ``live`` adds whether what-if cells are in use.
    """
    meta = study.meta
    sheet.raw.set_column(0, 0, 20)
    sheet.raw.set_column(1, 1, 80)
    facts = (
        *before,
        ("Scenario", f"{meta['scenario_title']} ({meta['scenario']})"),
        ("Instrument", f"{meta['instrument_title']} ({meta['instrument']}), in force from {meta['entry_into_force']}"),
        ("What it assumes", str(meta["instrument_note"])),
        ("Valuation date", str(meta["valuation_date"])),
        ("Years", f"{meta['first_year']} to {meta['last_year']}"),
        *after,
        ("Version", str(meta["package_version"])),
    )
    row = HEADER_ROW
    for label, value in facts:
        sheet.text(row, 0, label, "label")
        row = sheet.lines(row, [value], 1, 80, gap=2)
    row += 1
    failed = float((~study.checks["passed"].astype(bool)).sum())
    bad, good = "A check fails: see the sheet Checks", "All checks hold"
    sheet.text(row, 0, "State of this book", "label")
    sheet.formula(row, 1, f'=IF({checks}=0,"{good}","{bad}")', bad if failed else good, "good")
    rule = {"type": "cell", "criteria": "!=", "value": f'"{good}"', "format": sheet.book.style("bad")}
    sheet.raw.conditional_format(row, 1, row, 1, rule)
    if live:
        row += 1
        untouched, touched = "What-if cells are untouched: figures are those of the study", "What-if cells are in use"
        sheet.formula(row, 1, f'=IF(What_if=0,"{untouched}","{touched}")', untouched, "text")
    row += 2
    sheet.text(row, 0, "Sheets", "heading")
    sheet.text(row, 1, "", "heading")
    for name, what in sheets:
        row += 1
        sheet.raw.set_row(row, 16)
        sheet.raw.write_url(row, 0, f"internal:'{name}'!A1", sheet.book.style("link"), name)
        sheet.text(row, 1, what)


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
