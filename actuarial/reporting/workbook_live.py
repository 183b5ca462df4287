"""The sheets Without and With (live formulas) and Yearly (the engine's figures they start from).

Column letters of a live sheet, one formula per column, one row per year below a row for the valuation date:
A year, B opening reserve, C insurable earnings, D contribution rate, E contributions, F..J benefits by kind,
K benefits, L administration, M net cash flow, N return, O investment income, P closing reserve, Q cost rate,
R reserve ratio, S contributors, T pensioners, U difference from the engine's reserve relative to reserve and flows.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from actuarial.feasibility.result import CASES, SchemeResult
from actuarial.reporting.language import _, marked, phrase
from actuarial.reporting.roll_forward import BENEFIT_PARTS
from actuarial.reporting.workbook_claims import claims_cell
from actuarial.reporting.workbook_look import PERCENT, Unit, money_unit
from actuarial.reporting.workbook_sheets import FIRST_ROW, Book, Column
from actuarial.reporting.workbook_tabs import on, tab
from actuarial.reporting.workbook_words import CASE_WORDS

LIVE_FIRST: Final = FIRST_ROW + 1
"""Row (counted from 0) of the first year on a live sheet; the row above holds the reserve at the valuation date."""
LIVE_LAST_COLUMN: Final = "U"
RATE: Final = f"number|{PERCENT}"
RATIO: Final = 'number|#,##0.00;-#,##0.00;"–"'
TINY: Final = 'number|0.0E+00;-0.0E+00;"–"'

_YEARLY: Final = (
    ("case", marked("Case"), "text"),
    ("year", marked("Year"), "year"),
    ("contributors", marked("Contributors"), "persons"),
    ("contributors_movers", marked("of whom movers"), "persons"),
    ("pensioners", marked("Pensioners, every type"), "persons"),
    ("pensioners_movers", marked("of whom movers"), "persons"),
    ("new_pensions", marked("New old-age pensions"), "persons"),
    ("new_pensions_movers", marked("of which movers"), "persons"),
    ("insurable_earnings", marked("Insurable earnings"), "money"),
    ("legal_rate", marked("Legal contribution rate"), "rate"),
    ("collected", marked("Collected share of legal contributions"), "ratio"),
    ("contributions", marked("Contributions"), "money"),
    ("pensions", marked("Pensions, every type"), "money"),
    ("lump_sums", marked("Lump sums"), "money"),
    ("refunds", marked("Refunds"), "money"),
    ("account_payouts", marked("Account payouts"), "money"),
    ("other_benefits", marked("Other benefits"), "money"),
    ("benefits", marked("Benefits"), "money"),
    ("administration", marked("Administration"), "money"),
    ("rate", marked("Return implied by the income"), "rate"),
    ("investment_income", marked("Investment income"), "money"),
    ("reserve", marked("Reserve, 31 December"), "money"),
    ("member_balances", marked("Member balances, 31 December"), "money"),
    ("payg_cost_rate", marked("PAYG cost rate"), "rate"),
    ("reserve_ratio", marked("Reserve ratio"), "years"),
)
_PARTS: Final = (
    ("invalids", marked("Invalids among pensioners"), "persons"),
    ("survivors", marked("Survivors among pensioners"), "persons"),
    ("new_invalidity", marked("New invalidity pensions"), "persons"),
    ("deaths_with_right", marked("Deaths that open survivors' pensions"), "persons"),
    ("invalidity_pensions", marked("Invalidity pensions (in pensions)"), "money"),
    ("survivors_pensions", marked("Survivors' pensions (in pensions)"), "money"),
)
"""What pensioners and pensions consist of beside old age; right of all other columns, since no formula reads them."""
_MONEY: Final = tuple(name for name, _heading, kind in _YEARLY if kind == "money")


def yearly_column(name: str) -> str:
    """Letter of a column of the sheet Yearly."""
    return str(xl_col_to_name([n for n, *_rest in _YEARLY].index(name)))


def live_unit(scheme: SchemeResult) -> Unit:
    """The one unit of the scheme's yearly amounts, the same in both cases."""
    return money_unit(float(scheme.yearly[[n for n in _MONEY if n in scheme.yearly]].abs().max().max()), scheme.currency)


def yearly_sheet(book: Book, scheme: SchemeResult, rolled: dict[str, pd.DataFrame]) -> None:
    """Write the engine's yearly figures, case below case in the order of ``CASES``."""
    title = _("Yearly results of the study")
    note = phrase("Nominal {currency}; computed by the study, not here; cells hold full amounts", currency=scheme.currency)
    sheet = book.sheet("Yearly", title, note, "data", upright=True, at=2)
    unit = live_unit(scheme)
    looks = {
        "text": ("text", 8.0, ""),
        "year": ("year", 6.0, ""),
        "persons": ("number", 12.0, _("persons")),
        "money": (unit.style(), 13.0, unit.shown),
        "rate": (RATE, 11.0, _("of earnings")),
        "ratio": (RATIO, 12.0, _("factor")),
        "years": (RATIO, 12.0, _("years' outgo")),
    }
    shown = [*_YEARLY, *(part for part in _PARTS if part[0] in scheme.yearly)]
    columns = [Column(n, _(h), *looks[kind]) for n, h, kind in shown]
    columns = [replace(c, unit=_("per year")) if c.name == "rate" else c for c in columns]
    frame = pd.concat([rolled[c].assign(case=_(CASE_WORDS[c])) for c in CASES], ignore_index=True)
    first, after = sheet.table(frame, columns, freeze=2)
    sheet.five_years(first, after, len(columns), "B")
    sheet.pages(title, (9, 17, 25), 2, [first + len(rolled[CASES[0]])])


def live_sheet(book: Book, name: str, case: str, scheme: SchemeResult, rolled: pd.DataFrame, source: int, *, claims: bool) -> None:
    """Write the roll-forward of one case; ``source`` is its first row (counted from 1) on the sheet Yearly, ``claims``: it follows take-up."""
    title = {"without": _("Reserve without the instrument"), "with": _("Reserve with the instrument")}[case]
    unit = live_unit(scheme)
    note = phrase(
        "Nominal amounts in {unit}; cells hold full amounts. Live: change the yellow cells of {inputs}", unit=unit.words, inputs=tab("Inputs")
    )
    sheet = book.sheet(name, title, note, "live", upright=True, at=1)
    money, words = unit.style(), unit.shown
    columns = (
        Column("year", _("Year"), "year", 6),
        Column("opening", _("Opening reserve"), money, 13, words),
        Column("insurable_earnings", _("Insurable earnings"), money, 13, words),
        Column("legal_rate", _("Contribution rate"), RATE, 11, _("of earnings")),
        Column("contributions", _("Contributions"), money, 13, words),
        Column("pensions", _("Pensions, every type"), money, 13, words),
        Column("lump_sums", _("Lump sums"), money, 13, words),
        Column("refunds", _("Refunds"), money, 13, words),
        Column("account_payouts", _("Account payouts"), money, 13, words),
        Column("other_benefits", _("Other benefits"), money, 13, words),
        Column("benefits", _("Benefits"), money, 13, words),
        Column("administration", _("Administration"), money, 13, words),
        Column("net", _("Net cash flow"), money, 13, words),
        Column("rate", _("Return"), RATE, 11, _("per year")),
        Column("income", _("Investment income"), money, 13, words),
        Column("closing", _("Closing reserve"), money, 13, words),
        Column("cost_rate", _("PAYG cost rate"), RATE, 11, _("of earnings")),
        Column("ratio", _("Reserve ratio: opening / outgo"), RATIO, 12, _("years' outgo")),
        Column("contributors", _("Contributors"), "number", 12, _("persons")),
        Column("pensioners", _("Pensioners"), "number", 12, _("persons")),
        Column("gap", _("Live less study's reserve"), TINY, 12, _("relative")),
    )
    sheet.headings(columns)
    opening = float(rolled["opening"].iloc[0])
    start = LIVE_FIRST - 1
    sheet.number(start, 0, float(rolled["year"].iloc[0]) - 1, "year")
    sheet.formula(start, 15, "=Opening_reserve", opening, money)
    for i, values in enumerate(rolled.assign(gap=0.0).to_dict("records")):
        row = LIVE_FIRST + i
        formulas = _formulas(row + 1, source + i, i if claims else None)
        for c, (column, formula) in enumerate(zip(columns, formulas, strict=True)):
            value = values[column.name]
            empty = column.name == "ratio" and math.isnan(value)
            sheet.formula(row, c, formula, "" if empty else float(value), column.format)
    sheet.five_years(start, LIVE_FIRST + len(rolled), len(columns))
    sheet.pages(title, (11,), 1)


def _formulas(row: int, source: int, claims: int | None) -> tuple[str, ...]:
    """Formulas of one year; both rows counted from 1. Every year has the same ones. ``claims`` is the year's position if flows follow take-up."""

    def engine(name: str) -> str:
        return f"{on('Yearly')}{yearly_column(name)}{source}"

    def flow(name: str) -> str:
        return engine(name) if claims is None else f"({engine(name)}+(Take_up-1)*{claims_cell(name, claims)})"

    administration = engine("administration")
    if claims is not None:
        all_, part, rate = (claims_cell(n, claims) for n in ("coordinated", "coordinated_claims", "handling"))
        administration = f"({administration}+{rate}*(MAX(0,{all_}+(Take_up-1)*{part})-MAX(0,{all_})))"
    size = f"(ABS({engine('reserve')})+E{row}+K{row})"
    return (
        f"={engine('year')}",
        f"=P{row - 1}",
        f"={engine('insurable_earnings')}",
        f"={engine('legal_rate')}+Contribution_rate_addition",
        f"=C{row}*D{row}*{engine('collected')}",
        *(f"={flow(part)}*Benefit_factor" for part in BENEFIT_PARTS),
        f"=SUM(F{row}:J{row})",
        f"={administration}*Administration_factor",
        f"=E{row}-K{row}-L{row}",
        f"={engine('rate')}+Return_addition",
        f"=B{row}*N{row}+M{row}*(SQRT(1+N{row})-1)",
        f"=B{row}+M{row}+O{row}",
        f"=IF(C{row}=0,0,(K{row}+L{row})/C{row})",
        f'=IF(K{row}+L{row}=0,"",B{row}/(K{row}+L{row}))',
        f"={engine('contributors')}",
        f"={flow('pensioners')}",
        f"=IF({size}=0,0,(P{row}-{engine('reserve')})/{size})",
    )
