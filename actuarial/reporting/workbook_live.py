"""The sheets Without and With (live formulas) and Yearly (the engine's figures they start from).

Column letters of a live sheet, one formula per column, one row per year below a row for the valuation date:
A year, B opening reserve, C insurable earnings, D contribution rate, E contributions, F..J benefits by kind,
K benefits, L administration, M net cash flow, N return, O investment income, P closing reserve, Q cost rate,
R reserve ratio, S contributors, T pensioners, U difference from the engine's reserve relative to reserve and flows.
"""

from __future__ import annotations

import math
from typing import Final

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from actuarial.feasibility.result import CASES, SchemeResult
from actuarial.reporting.roll_forward import BENEFIT_PARTS
from actuarial.reporting.workbook_sheets import HEADER_ROW, Book, Column

LIVE_FIRST: Final = HEADER_ROW + 2
"""Row (counted from 0) of the first year on a live sheet; the row above holds the reserve at the valuation date."""
LIVE_LAST_COLUMN: Final = "U"

_YEARLY: Final = (
    ("case", "Case", "text"),
    ("year", "Year", "year"),
    ("contributors", "Contributors", "money"),
    ("contributors_movers", "of whom movers", "money"),
    ("pensioners", "Pensioners", "money"),
    ("pensioners_movers", "of whom movers", "money"),
    ("new_pensions", "New pensions", "money"),
    ("new_pensions_movers", "of which movers", "money"),
    ("insurable_earnings", "Insurable earnings", "money"),
    ("legal_rate", "Legal contribution rate", "rate"),
    ("collected", "Collected / (legal rate x earnings)", "number"),
    ("contributions", "Contributions", "money"),
    ("pensions", "Pensions", "money"),
    ("lump_sums", "Lump sums", "money"),
    ("refunds", "Refunds", "money"),
    ("account_payouts", "Account payouts", "money"),
    ("other_benefits", "Other benefits", "money"),
    ("benefits", "Benefits", "money"),
    ("administration", "Administration", "money"),
    ("rate", "Return implied by the income", "rate"),
    ("investment_income", "Investment income", "money"),
    ("reserve", "Reserve, 31 December", "money"),
    ("member_balances", "Member balances, 31 December", "money"),
    ("payg_cost_rate", "PAYG cost rate", "rate"),
    ("reserve_ratio", "Reserve ratio (opening reserve / expenditure)", "number"),
)


def yearly_column(name: str) -> str:
    """Letter of a column of the sheet Yearly."""
    return str(xl_col_to_name([n for n, *_ in _YEARLY].index(name)))


def yearly_sheet(book: Book, scheme: SchemeResult, rolled: dict[str, pd.DataFrame]) -> None:
    """Write the engine's yearly figures, case below case in the order of ``CASES``."""
    note = f"{scheme.currency}, nominal, unless persons or a rate; computed by the study, not here"
    sheet = book.sheet("Yearly", "Yearly results of the study", note, tab="#3E4C59")
    columns = [Column(n, h, f, 10 if n in ("case", "year") else 18) for n, h, f in _YEARLY]
    sheet.table(pd.concat([rolled[c] for c in CASES], ignore_index=True), columns, freeze=2)


def live_sheet(book: Book, name: str, case: str, scheme: SchemeResult, rolled: pd.DataFrame, source: int) -> None:
    """Write the roll-forward of one case; ``source`` is its first row (counted from 1) on the sheet Yearly."""
    wording = {"without": "without the instrument", "with": "with the instrument"}[case]
    note = f"{scheme.currency}, nominal; live: change the yellow cells of Inputs"
    sheet = book.sheet(name, f"Roll-forward of the reserve {wording}", note, tab="#0072B2")
    columns = (
        Column("year", "Year", "year", 10),
        Column("opening", "Opening reserve"),
        Column("insurable_earnings", "Insurable earnings"),
        Column("legal_rate", "Contribution rate", "rate", 12),
        Column("contributions", "Contributions"),
        Column("pensions", "Pensions"),
        Column("lump_sums", "Lump sums"),
        Column("refunds", "Refunds"),
        Column("account_payouts", "Account payouts"),
        Column("other_benefits", "Other benefits"),
        Column("benefits", "Benefits"),
        Column("administration", "Administration"),
        Column("net", "Net cash flow"),
        Column("rate", "Return", "rate", 12),
        Column("income", "Investment income"),
        Column("closing", "Closing reserve"),
        Column("cost_rate", "PAYG cost rate", "rate", 12),
        Column("ratio", "Reserve ratio (opening / expenditure)", "number", 14),
        Column("contributors", "Contributors"),
        Column("pensioners", "Pensioners"),
        Column("gap", "Live less study's reserve (relative)", "plain"),
    )
    sheet.headings(columns)
    opening = float(rolled["opening"].iloc[0])
    start = LIVE_FIRST - 1
    sheet.number(start, 0, float(rolled["year"].iloc[0]) - 1, "year")
    sheet.formula(start, 15, "=Opening_reserve", opening)
    for i, values in enumerate(rolled.assign(gap=0.0).to_dict("records")):
        row = LIVE_FIRST + i
        formulas = _formulas(row + 1, source + i)
        for c, (column, formula) in enumerate(zip(columns, formulas, strict=True)):
            value = values[column.name]
            empty = column.name == "ratio" and math.isnan(value)
            sheet.formula(row, c, formula, "" if empty else float(value), column.format)


def _formulas(row: int, source: int) -> tuple[str, ...]:
    """Formulas of one year; both rows counted from 1. Every year has the same ones."""

    def engine(name: str) -> str:
        return f"Yearly!{yearly_column(name)}{source}"

    size = f"(ABS({engine('reserve')})+E{row}+K{row})"
    return (
        f"={engine('year')}",
        f"=P{row - 1}",
        f"={engine('insurable_earnings')}",
        f"={engine('legal_rate')}+Contribution_rate_addition",
        f"=C{row}*D{row}*{engine('collected')}",
        *(f"={engine(part)}*Benefit_factor" for part in BENEFIT_PARTS),
        f"=SUM(F{row}:J{row})",
        f"={engine('administration')}*Administration_factor",
        f"=E{row}-K{row}-L{row}",
        f"={engine('rate')}+Return_addition",
        f"=B{row}*N{row}+M{row}*(SQRT(1+N{row})-1)",
        f"=B{row}+M{row}+O{row}",
        f"=IF(C{row}=0,0,(K{row}+L{row})/C{row})",
        f'=IF(K{row}+L{row}=0,"",B{row}/(K{row}+L{row}))',
        f"={engine('contributors')}",
        f"={engine('pensioners')}",
        f"=IF({size}=0,0,(P{row}-{engine('reserve')})/{size})",
    )
