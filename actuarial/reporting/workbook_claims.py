"""The sheet Claims: what of the instrument's effect follows take-up, year by year, which the sheet With reads.

flow(f) = flow(1) + (f - 1) x its part here, f the factor on take-up; see :mod:`actuarial.feasibility.claims`.
"""

from __future__ import annotations

from typing import Final

from actuarial.feasibility.result import CLAIM_COLUMNS, CLAIM_FLOWS, SchemeResult
from actuarial.reporting.language import _, marked, phrase
from actuarial.reporting.workbook_look import money_unit
from actuarial.reporting.workbook_sheets import FIRST_ROW, Book, Column, Sheet
from actuarial.reporting.workbook_tabs import on, tab

_HEADINGS: Final = {
    "pensioners": marked("Pensioners, every type"),
    "pensions": marked("Pensions, every type"),
    "lump_sums": marked("Lump sums"),
    "refunds": marked("Refunds"),
    "account_payouts": marked("Account payouts"),
    "other_benefits": marked("Other benefits"),
    "coordinated": marked("Pensions and sums paid only thanks to the instrument"),
    "coordinated_claims": marked("of them in proportion to claims"),
}


def claims_cell(name: str, year: int) -> str:
    """Cell of a column for the year at position ``year``."""
    return f"{on('Claims')}{Sheet.letter([Column(n, '') for n in CLAIM_COLUMNS], name)}{FIRST_ROW + 1 + year}"


def claims_sheet(book: Book, scheme: SchemeResult) -> None:
    """Write the sheet."""
    frame = scheme.claims
    money = [n for n in _HEADINGS if n != "pensioners"]
    unit = money_unit(float(frame[money].abs().max().max()), scheme.currency)
    columns = [
        Column("year", _("Year"), "year", 6),
        *(
            Column(n, _(_HEADINGS[n]), 'number|#,##0.0;-#,##0.0;"–"' if n == "pensioners" else unit.style(), 15,
                   _("persons") if n == "pensioners" else unit.shown)
            for n in (*CLAIM_FLOWS, "coordinated", "coordinated_claims")
        ),
        Column("handling", _("Administration of claims"), 'number|0.00%;-0.00%;"–"', 14, _("of those pensions and sums")),
    ]  # fmt: skip
    note = phrase("The part of with minus without that is in proportion to the claims made; the sheet {with_it} multiplies it", with_it=tab("With"))
    sheet = book.sheet("Claims", _("What follows take-up"), note, "data", upright=True, tall=1)
    first, after = sheet.table(frame, columns, filtered=False)
    sheet.five_years(first, after, len(columns))
