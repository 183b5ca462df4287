"""The Excel report of the region: all schemes side by side, who pays to whom, checks.

The transfer matrices are live: they show the year typed into the sheet Transfers, from the table in the sheet Payments.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from actuarial.feasibility.result import CASES, StudyResult
from actuarial.reporting import frames
from actuarial.reporting.workbook_checks import checks_sheet
from actuarial.reporting.workbook_indicators import COLUMNS as INDICATOR_COLUMNS
from actuarial.reporting.workbook_indicators import applies, indicator_line
from actuarial.reporting.workbook_look import PERCENT, Unit, money_unit
from actuarial.reporting.workbook_readme import book_properties, cover_sheet, made_on, readme_sheet, region_name
from actuarial.reporting.workbook_sheets import HEADER_ROW, Book, Column, Sheet

_SHOWN_YEAR = 2050
"""Year the transfer matrices show until the reader types another."""
_SHEETS: Final = (
    ("ReadMe", "Conventions, limits, responsibility"),
    ("Comparison", "Indicators of all schemes: with, without, difference"),
    ("Transfers", "Who pays to residents of which state in one year (live: choose the year)"),
    ("CostRates", "Pay-as-you-go cost rate of all schemes, year by year"),
    ("Payments", "Benefits, refunds and balances by paying scheme and country of residence, US dollars"),
    ("Checks", "What must hold and held in the study"),
)
_TITLES: Final = {"without": "Without the instrument", "with": "With the instrument"}
_KEYS: Final = ("payer", "case", "year")


def write_region_workbook(study: StudyResult, path: Path) -> None:
    """Write the region's workbook to ``path``. Raises ``KeyError`` for a column the study lacks."""
    title = f"{region_name(study)}: with and without the instrument"
    payments = _wide(study)
    with Book(path, title, book_properties(study), made_on(study)) as book:
        cover = book.sheet("Cover", title, str(study.meta["instrument_title"]), "about", upright=True)
        readme_sheet(book, study, live=False)
        _comparison(book, study)
        _transfers(book, study, payments)
        _cost_rates(book, study)
        _payments(book, study, payments)
        cell = checks_sheet(book, study, ())
        members = ", ".join(scheme.country_name for scheme in study.schemes.values())
        cover_sheet(cover, study, (("Member states", members),), (), cell, _SHEETS, live=False)


def _comparison(book: Book, study: StudyResult) -> None:
    note = "Figures of the study; an indicator that has no meaning for a kind of scheme has no line"
    sheet = book.sheet("Comparison", "All schemes side by side", note, "result")
    columns = (Column("country", "Country", "wrap", 14), *INDICATOR_COLUMNS)
    row = sheet.headings(columns, freeze=2)
    first = row
    for scheme in study.schemes.values():
        for record in scheme.indicators.to_dict("records"):
            line = {str(k): v for k, v in record.items()}
            if not frames.collects(scheme) or not applies(line):
                continue
            indicator_line(sheet, row, 1, line, scheme)
            sheet.text(row, 0, scheme.country_name)
            row += 1
    if row > first:
        sheet.raw.autofilter(first - 1, 0, row - 1, len(columns) - 1)


def _wide(study: StudyResult) -> pd.DataFrame:
    """Payments with one line per payer, case and year, one column per country of residence."""
    residences = list(dict.fromkeys(study.transfers["residence"]))
    wide = study.transfers.pivot_table(index=list(_KEYS), columns="residence", values="amount_usd", aggfunc="sum", sort=False)
    return wide[residences].reset_index()


def _names(study: StudyResult) -> dict[str, str]:
    return {**{code: scheme.country_name for code, scheme in study.schemes.items()}, "ROW": "Rest of the world"}


def _payments(book: Book, study: StudyResult, payments: pd.DataFrame) -> None:
    residences, names = [str(c) for c in payments.columns if c not in _KEYS], _names(study)
    unit = money_unit(float(payments[residences].abs().max().max()), "USD")
    note = f"Rows pay, columns receive; {unit.words} a year at the study's exchange rates; cells hold full amounts"
    sheet = book.sheet("Payments", "Payments by payer and residence", note, "data", upright=True)
    columns = (
        Column("payer", "Payer", "text", 7),
        Column("case", "Case", "text", 8),
        Column("year", "Year", "year", 6),
        *(Column(code, names.get(code, code), unit.style(), 12, unit.words) for code in residences),
    )
    first, after = sheet.table(payments, columns, freeze=3)
    sheet.five_years(first, after, len(columns), "C")
    new_case = payments["payer"].ne(payments["payer"].shift()) | payments["case"].ne(payments["case"].shift())
    sheet.pages("", (), 3, [first + i for i, new in enumerate(new_case) if new and i])


def _transfers(book: Book, study: StudyResult, payments: pd.DataFrame) -> None:
    years = sorted({int(y) for y in study.transfers["year"]})
    shown = _SHOWN_YEAR if _SHOWN_YEAR in years else years[-1]
    payers, residences = list(study.schemes), [str(c) for c in payments.columns if c not in _KEYS]
    abroad = study.transfers[study.transfers["payer"] != study.transfers["residence"]]
    unit = money_unit(float(abroad["amount_usd"].abs().max()), "USD", 6)
    note = f"In {unit.words} of the year; rows pay, columns receive; payments in the payer's own country left out"
    sheet = book.sheet("Transfers", "Who pays whom", note, "live", tall=1)
    sheet.text(HEADER_ROW, 0, "Year", "label")
    sheet.number(HEADER_ROW, 1, shown, "input|0")
    sheet.text(HEADER_ROW, 2, f"Change it: {years[0]} to {years[-1]}")
    sheet.raw.set_row(HEADER_ROW, 18)
    limits = {"validate": "integer", "criteria": "between", "minimum": years[0], "maximum": years[-1]}
    sheet.raw.data_validation(HEADER_ROW, 1, HEADER_ROW, 1, limits)
    book.name("Year_shown", "Transfers", HEADER_ROW, 1)
    sheet.raw.set_column(0, 0, 8)
    sheet.raw.set_column(1, 1, 16)
    sheet.raw.set_column(2, len(residences) + 2, 13)
    paid = abroad[abroad["year"] == shown].groupby(["payer", "residence", "case"])["amount_usd"].sum().to_dict()
    amounts = {(p, r, case): float(paid.get((p, r, case), 0.0)) for p in payers for r in residences for case in CASES}
    row, tops = HEADER_ROW + 2, {}
    for case in CASES:
        tops[case] = row
        _matrix_head(sheet, row, _TITLES[case], residences, _names(study), unit)
        for i, payer in enumerate(payers, row + 3):
            formulas = [_sum_of(len(payments), i, j, row + 1, case) for j in range(2, len(residences) + 2)]
            _matrix_line(sheet, i, payer, study, formulas, [amounts[payer, r, case] for r in residences], unit.style())
        row += len(payers) + 5
    _matrix_head(sheet, row, "Difference: with minus without", residences, _names(study), unit)
    for k, payer in enumerate(payers):
        at = [f"{xl_col_to_name(j)}{{}}" for j in range(2, len(residences) + 2)]
        formulas = [f"={a.format(tops['with'] + k + 4)}-{a.format(tops['without'] + k + 4)}" for a in at]
        values = [amounts[payer, r, "with"] - amounts[payer, r, "without"] for r in residences]
        _matrix_line(sheet, row + 3 + k, payer, study, formulas, values, unit.style(signed=True))


def _matrix_head(sheet: Sheet, row: int, title: str, residences: list[str], names: dict[str, str], unit: Unit) -> None:
    """Title, codes (which the formulas read), names: three rows from ``row``."""
    sheet.text(row, 0, f"{title}, {unit.words}", "label")
    for j, text in enumerate(("Code", "Scheme of")):
        sheet.text(row + 1, j, text, "header")
        sheet.text(row + 2, j, "", "unit")
    for j, residence in enumerate([*residences, "Total"], 2):
        sheet.text(row + 1, j, residence, "header_right")
        sheet.text(row + 2, j, names.get(residence, ""), "unit_right")


def _matrix_line(
    sheet: Sheet, row: int, payer: str, study: StudyResult, formulas: list[str], values: list[float], style: str
) -> None:
    sheet.text(row, 0, payer)
    sheet.text(row, 1, study.schemes[payer].country_name)
    for j, (formula, value) in enumerate(zip(formulas, values, strict=True), 2):
        sheet.formula(row, j, formula, value, style)
    last = xl_col_to_name(len(values) + 1)
    sheet.formula(row, len(values) + 2, f"=SUM(C{row + 1}:{last}{row + 1})", math.fsum(values), style.replace("number", "sum"))


def _sum_of(rows: int, row: int, column: int, head: int, case: str) -> str:
    """Payments of one cell of a matrix whose codes stand in row ``head`` (all counted from 0); columns as in Payments."""
    first, last = HEADER_ROW + 3, HEADER_ROW + 2 + rows
    codes = f"{xl_col_to_name(column)}${head + 1}"

    def span(name: str) -> str:
        return f"Payments!${name}${first}:${name}${last}"

    paid = span(xl_col_to_name(column + 1))
    terms = f'{span("A")},$A{row + 1},{span("B")},"{case}",{span("C")},Year_shown'
    return f"=IF($A{row + 1}={codes},0,SUMIFS({paid},{terms}))"


def _cost_rates(book: Book, study: StudyResult) -> None:
    note = "(Benefits + administration) / insurable earnings, without and with the instrument"
    sheet = book.sheet("CostRates", "Pay-as-you-go cost rate", note, "data", upright=True, tall=1)
    tables, columns = {}, [Column("year", "Year", "year", 6)]
    for country, scheme in study.schemes.items():
        for case in CASES:
            rows = scheme.yearly[scheme.yearly["case"] == case].set_index("year")
            tables[f"{country} {case}"] = rows["payg_cost_rate"]
            columns.append(Column(f"{country} {case}", scheme.country_name, f"number|{PERCENT}", 9, case))
    frame = pd.DataFrame(tables).rename_axis("year").reset_index()
    first, after = sheet.table(frame, columns, filtered=False)
    sheet.five_years(first, after, len(columns))
