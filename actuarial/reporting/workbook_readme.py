"""What every workbook says about itself: how to read it, its limits, who answers for it, its properties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import frames
from actuarial.reporting.language import _, data_text, language, phrase
from actuarial.reporting.numbers import day
from actuarial.reporting.provenance import Provenance, properties
from actuarial.reporting.workbook_formula import literal
from actuarial.reporting.workbook_sheets import HEADER_ROW, Book, Sheet
from actuarial.reporting.workbook_tabs import tab
from actuarial.reporting.workbook_words import ACCOUNT_NOTE


def _live(*, account: bool) -> list[str]:
    """Paragraphs of books that recalculate; that of an account scheme has no premiums."""
    follow = (
        phrase(
            "Sheets {without} and {with_it} recalculate: change a yellow cell of the sheet {inputs} and the reserve and the charts follow. Set the "
            "cells back to what the study has to see it again.",
            without=tab("Without"), with_it=tab("With"), inputs=tab("Inputs"),
        )
        if account
        else phrase(
            "Sheets {without}, {with_it} and {premiums} recalculate: change a yellow cell of the sheet {inputs} and the reserve, the cost rate, the "
            "average premiums and the charts follow. Set the cells back to what the study has to see it again.",
            without=tab("Without"), with_it=tab("With"), premiums=tab("Premiums"), inputs=tab("Inputs"),
        )
    )  # fmt: skip
    carried = (
        phrase(
            "What the cells carry exactly, as the engine of the study would compute it: an addition to the contribution rate or to the return and, "
            "where the sheet {inputs} says so, a factor on take-up. They move the reserve; indicators, legal steps, causes, corridors and payments "
            "by residence stay those of the study.",
            inputs=tab("Inputs"),
        )
        if account
        else phrase(
            "What the cells carry exactly, as the engine of the study would compute it: an addition to the contribution rate, to the return or to "
            "the discount rate and, where the sheet {inputs} says so, a factor on take-up. They move the reserve, the cost rate and the average "
            "premiums; indicators, legal steps, causes, corridors and payments by residence stay those of the study.",
            inputs=tab("Inputs"),
        )
    )  # fmt: skip
    return [
        follow,
        _(
            "What-if cells move money only. They do not change who is insured, who retires or what the law says; for that, "
            "change the scenario or the scheme's folder and run the study again."
        ),
        carried,
        _(
            "Factors on benefits and administration are simple multiples. A rule that changes benefits changes people's rights as well, which "
            "these cells do not."
        ),
        _(
            "Return of a year: the rate that explains the investment income which the study computed on the opening reserve "
            "and on flows at mid-year."
        ),
    ]


def _common() -> list[str]:
    """Paragraphs of all books."""
    return [
        _(
            "Without: the region as it is, national law only. With: the same people and the same economy, and the instrument "
            "in force. Difference: with minus without."
        ),
        _(
            "Amounts are nominal national currency per year unless a heading says USD; stocks stand at 31 December. The line below "
            "the headings gives the unit shown. Cells hold full amounts and unrounded rates: only their display is cut, so copies "
            "and formulas carry every digit."
        ),
        _(
            "A dash stands for zero, or for a figure that does not exist, such as an average of nobody. A figure that shows as "
            "0.0 is not zero, only smaller than the digits shown. Every fifth year is tinted."
        ),
        _(
            "Yellow cells with blue figures are for you to change. Everything else is a formula or a figure of the study and "
            "protected without a password, as a guard against slips."
        ),
        _(
            "Cells have names only where formulas of other sheets or other programs read them, such as what-if cells. These names are English in "
            "every language of the book, so that a program finds them."
        ),
        _(
            "Limits: results depend on assumptions that will not come true exactly; amounts far ahead are for comparing the "
            "two cases, not for budgeting."
        ),
        _(
            "Pensions are those of every type: old age, invalidity and survivors. Net cost is expenditure less contributions, with the "
            "instrument less without; insured people and contributions differ between the cases where posted workers stay insured at home. "
            "Costs are positive, savings negative. Branches beside pensions (injury, health, maternity and others) have accounts of their own; "
            "of the sheets that add up a net cost only the ladder of legal steps contains them."
        ),
        _(
            "Present values are at the valuation date, at the return on the scheme's reserve; in US dollars: converted at the exchange rate of that "
            "date."
        ),
        _("Assumptions marked assumed or recalled have no published source; they are listed with their reason."),
        _(
            "Responsibility: this book was computed by a program from the inputs named in manifest.json beside it. It carries "
            "no actuary's opinion; whoever relies on it should have an actuary review data, assumptions and results."
        ),
    ]


def readme_sheet(book: Book, study: StudyResult, scheme: SchemeResult | None = None) -> None:
    """How to read the book, its limits, and who answers for it; for the book of a ``scheme`` also what concerns recalculating sheets."""
    accounts = any(s.kind == frames.ACCOUNT for s in ([scheme] if scheme else study.schemes.values()))
    live = _live(account=accounts) if scheme else []
    sheet = book.sheet("ReadMe", _("How to read this book"), _("Conventions, limits and responsibility"), "about", upright=True)
    sheet.raw.set_column(0, 0, 100)
    own = data_text(str(study.meta["instrument_note"]))
    sheet.lines(HEADER_ROW, [*live, *_common(), *([_(ACCOUNT_NOTE) + "."] if accounts else ()), own], width=100, gap=6)


def cover_sheet(
    sheet: Sheet,
    study: StudyResult,
    before: Sequence[tuple[str, str]],
    after: Sequence[tuple[str, str]],
    checks: str,
    sheets: Sequence[tuple[str, str]],
    *,
    made_from: Provenance | None,
    live: bool,
) -> None:
    """What the book is about, whether its checks hold, and the way to every sheet.

    ``before`` and ``after`` are facts above and below those common to all books; ``checks`` is the cell that counts
    failures; ``made_from`` is the record of the run; ``live`` adds whether what-if cells are in use.
    """
    meta = study.meta
    sheet.raw.set_column(0, 0, 20)
    sheet.raw.set_column(1, 1, 80)
    purpose = (
        _("What the instrument costs and brings to one scheme, with and without it: to read, to check, and to try other rates by hand.") if live
        else _("What the instrument costs and brings to the schemes of the region, side by side, and who pays whom.")
    )  # fmt: skip
    facts = (
        (_("Purpose"), purpose),
        *before,
        (_("Scenario"), f"{data_text(str(meta['scenario_title']))} ({meta['scenario']})"),
        (_("Instrument"), phrase("{title} ({name}), in force from {year}", title=data_text(str(meta["instrument_title"])),
                               name=str(meta["instrument"]), year=str(meta["entry_into_force"]))),
        (_("What it assumes"), data_text(str(meta["instrument_note"]))),
        (_("Valuation date"), day(str(meta["valuation_date"]))),
        (_("Years"), phrase("{first} to {last}", first=str(meta["first_year"]), last=str(meta["last_year"]))),
        *after,
        (_("Version"), str(meta["package_version"])),
        (_("Identity of the inputs"), made_from.identity if made_from else phrase("see the sheet {provenance}", provenance=tab("Provenance"))),
    )
    row = HEADER_ROW
    for label, value in facts:
        sheet.text(row, 0, label, "label")
        row = sheet.lines(row, [value], 1, 80, gap=2)
    row += 1
    failed = float((~study.checks["passed"].astype(bool)).sum())
    bad, good = phrase("A check fails: see the sheet {checks}", checks=tab("Checks")), _("All checks hold")
    sheet.text(row, 0, _("State of this book"), "label")
    sheet.formula(row, 1, f"=IF({checks}=0,{literal(good)},{literal(bad)})", bad if failed else good, "good")
    rule = {"type": "cell", "criteria": "!=", "value": literal(good), "format": sheet.book.style("bad")}
    sheet.raw.conditional_format(row, 1, row, 1, rule)
    if live:
        row += 1
        untouched, touched = _("What-if cells are untouched: figures are those of the study"), _("What-if cells are in use")
        sheet.formula(row, 1, f"=IF(What_if=0,{literal(untouched)},{literal(touched)})", untouched, "text")
    row += 2
    sheet.text(row, 0, _("Sheets"), "heading")
    sheet.text(row, 1, "", "heading")
    for name, what in sheets:
        row += 1
        sheet.raw.set_row(row, 16)
        sheet.link(row, 0, name, tab(name))
        sheet.text(row, 1, _(what))


def listed(book: Book, sheets: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The sheets of a book in their order, with what the cover says of each; the cover itself is left out.

    Raises ``KeyError`` for a sheet of the book that ``sheets`` does not describe.
    """
    said = dict(sheets)
    return [(name, said[name]) for name in book.names[1:]]


def book_properties(study: StudyResult, made_from: Provenance | None) -> dict[str, str]:
    """What the file says about itself in its properties."""
    names = ("region", "scenario", "instrument", "valuation_date", "package_version")
    return {**{name: str(study.meta[name]) for name in names}, "language": language(), **(properties(made_from) if made_from else {})}


def region_name(study: StudyResult) -> str:
    """Name of the region as readers know it (its short id when the study has no other)."""
    return data_text(str(study.meta.get("region_name", study.meta["region"])))


def made_on(study: StudyResult) -> datetime:
    """The date written into the file: the valuation date, so that the bytes depend on the study alone."""
    return datetime.fromisoformat(str(study.meta["valuation_date"]))
