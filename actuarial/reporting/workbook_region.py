"""The Excel report of the region: all schemes side by side, who pays to whom, checks.

The transfer matrices are live: they show the year typed into the sheet Transfers, from the table in the sheet Payments.
"""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from actuarial.feasibility.result import CASES, StudyResult
from actuarial.reporting.workbook_readme import book_properties, made_on, readme_sheet, region_name
from actuarial.reporting.workbook_sheets import HEADER_ROW, Book, Column, Sheet

_SHOWN_YEAR = 2050
"""Year the transfer matrices show until the reader types another."""


def write_region_workbook(study: StudyResult, path: Path) -> None:
    """Write the region's workbook to ``path``. Raises ``KeyError`` for a column the study lacks."""
    title = f"{region_name(study)}: with and without the instrument"
    with Book(path, title, book_properties(study), made_on(study)) as book:
        cover = book.sheet("Cover", title, str(study.meta["instrument_title"]), tab="#1F2933", portrait=True)
        readme_sheet(book, study, live=False)
        _comparison(book, study)
        _transfers(book, study)
        _cost_rates(book, study)
        _payments(book, study)
        cell = _checks(book, study)
        _cover(cover, study, cell)


def _cover(sheet: Sheet, study: StudyResult, checks: str) -> None:
    meta = study.meta
    sheet.raw.set_column(0, 0, 26)
    sheet.raw.set_column(1, 1, 84)
    names = ", ".join(scheme.country_name for scheme in study.schemes.values())
    facts = (
        ("Member states", names),
        ("Scenario", f"{meta['scenario_title']} ({meta['scenario']})"),
        ("Instrument", f"{meta['instrument_title']} ({meta['instrument']}), in force from {meta['entry_into_force']}"),
        ("What it assumes", meta["instrument_note"]),
        ("Valuation date", meta["valuation_date"]),
        ("Years", f"{meta['first_year']} to {meta['last_year']}"),
        ("Version", meta["package_version"]),
    )
    for row, (label, value) in enumerate(facts, HEADER_ROW):
        sheet.text(row, 0, label, "wrap")
        sheet.lines(row, [str(value)], 1, 84)
    row = HEADER_ROW + len(facts) + 1
    sheet.text(row, 0, "State of this book", "heading")
    failed = float((~study.checks["passed"].astype(bool)).sum())
    state = "A check fails: see the sheet Checks" if failed else "All checks hold"
    formula = f'=IF({checks}=0,"All checks hold","A check fails: see the sheet Checks")'
    sheet.formula(row, 1, formula, state, "good")
    row += 2
    sheet.text(row, 0, "Sheets", "heading")
    sheets = (
        ("ReadMe", "Conventions, limits, responsibility"),
        ("Comparison", "Indicators of all schemes: with, without, difference"),
        ("Transfers", "Who pays to residents of which state in one year (live: choose the year)"),
        ("CostRates", "Pay-as-you-go cost rate of all schemes, year by year"),
        ("Payments", "Pensions by paying scheme and country of residence, US dollars"),
        ("Checks", "What must hold and held in the study"),
    )
    for i, (name, what) in enumerate(sheets, row + 1):
        sheet.raw.write_url(i, 0, f"internal:'{name}'!A1", sheet.book.formats["link"], name)
        sheet.text(i, 1, what)


def _comparison(book: Book, study: StudyResult) -> None:
    note = "An empty date does not occur within the horizon; a state without a collecting scheme has no rows"
    sheet = book.sheet("Comparison", "All schemes side by side", note, tab="#009E73")
    frames = [s.indicators.assign(country=c, scheme=s.scheme_title) for c, s in study.schemes.items()]
    frame = pd.concat([f for f in frames if len(f)], ignore_index=True)
    columns = (
        Column("country", "Country", "text", 10),
        Column("scheme", "Scheme", "text", 40),
        Column("indicator", "Indicator", "text", 32),
        Column("unit", "Unit", "text", 22),
        Column("without", "Without", "number", 26),
        Column("with", "With", "number", 26),
        Column("difference", "Difference", "number", 26),
        Column("definition", "Definition", "text", 70),
    )
    sheet.table(frame, columns, freeze=3)
    for row, (without, with_) in enumerate(zip(frame["without"], frame["with"], strict=True), HEADER_ROW + 1):
        if math.isfinite(without) and math.isfinite(with_):
            sheet.formula(row, 6, f"=F{row + 1}-E{row + 1}", float(with_ - without), "number")


def _payments(book: Book, study: StudyResult) -> None:
    sheet = book.sheet("Payments", "Pensions by payer and residence", "US dollars at the study's rates", tab="#3E4C59")
    columns = (
        Column("payer", "Paying scheme of", "text", 14),
        Column("residence", "Residents of", "text", 14),
        Column("case", "Case", "text", 10),
        Column("year", "Year", "year", 8),
        Column("amount_usd", "USD", "money", 20),
    )
    sheet.table(study.transfers, columns)


def _transfers(book: Book, study: StudyResult) -> None:
    sheet = book.sheet(
        "Transfers",
        "Who pays whom",
        "US dollars; rows pay, columns receive; pensions paid in the payer's own country left out",
        tab="#0072B2",
    )
    years = sorted({int(y) for y in study.transfers["year"]})
    shown = _SHOWN_YEAR if _SHOWN_YEAR in years else years[-1]
    sheet.text(HEADER_ROW - 1, 0, "Year (change it)", "heading")
    sheet.number(HEADER_ROW - 1, 1, shown, "input")
    limits = {"validate": "integer", "criteria": "between", "minimum": years[0], "maximum": years[-1]}
    sheet.raw.data_validation(HEADER_ROW - 1, 1, HEADER_ROW - 1, 1, limits)
    book.name("Year_shown", "Transfers", HEADER_ROW - 1, 1)
    payers = list(study.schemes)
    residences = list(dict.fromkeys(study.transfers["residence"]))
    sheet.raw.set_column(0, len(residences) + 1, 15)
    now = study.transfers[study.transfers["year"] == shown]
    amounts = now.groupby(["payer", "residence", "case"])["amount_usd"].sum().to_dict()
    row, tops = HEADER_ROW, {}
    for case in CASES:
        tops[case] = row + 1
        _matrix_head(sheet, row, case, payers, residences)
        for i, payer in enumerate(payers, row + 2):
            values = [0.0 if r == payer else float(amounts.get((payer, r, case), 0.0)) for r in residences]
            formulas = [_sum_of(len(study.transfers), i, j, row) for j in range(1, len(residences) + 1)]
            _matrix_line(sheet, i, payer, formulas, values)
        row += len(payers) + 4
    _matrix_head(sheet, row, "difference", payers, residences)
    for k, payer in enumerate(payers):
        at = [f"{xl_col_to_name(j)}{{}}" for j in range(1, len(residences) + 1)]
        formulas = [f"={a.format(tops['with'] + k + 2)}-{a.format(tops['without'] + k + 2)}" for a in at]
        pairs = [(amounts.get((payer, r, "with"), 0.0), amounts.get((payer, r, "without"), 0.0)) for r in residences]
        values = [0.0 if r == payer else float(w - o) for r, (w, o) in zip(residences, pairs, strict=True)]
        _matrix_line(sheet, row + 2 + k, payer, formulas, values)


def _matrix_head(sheet: Sheet, row: int, case: str, payers: list[str], residences: list[str]) -> None:
    sheet.text(row, 0, case, "heading")
    sheet.text(row + 1, 0, "Payer", "header")
    for j, residence in enumerate([*residences, "Total"], 1):
        sheet.text(row + 1, j, residence, "header")


def _matrix_line(sheet: Sheet, row: int, payer: str, formulas: list[str], values: list[float]) -> None:
    sheet.text(row, 0, payer)
    for j, (formula, value) in enumerate(zip(formulas, values, strict=True), 1):
        sheet.formula(row, j, formula, value)
    last = xl_col_to_name(len(values))
    sheet.formula(row, len(values) + 1, f"=SUM(B{row + 1}:{last}{row + 1})", math.fsum(values), "total")


def _sum_of(rows: int, row: int, column: int, top: int) -> str:
    """Sum of the payments of one cell of a matrix whose title stands in row ``top`` (all counted from 0)."""
    first, last = HEADER_ROW + 2, HEADER_ROW + 1 + rows
    letter = xl_col_to_name(column)

    def span(name: str) -> str:
        return f"Payments!${name}${first}:${name}${last}"

    terms = f"{span('A')},$A{row + 1},{span('B')},{letter}${top + 2},{span('C')},$A${top + 1},{span('D')},Year_shown"
    return f"=IF($A{row + 1}={letter}${top + 2},0,SUMIFS({span('E')},{terms}))"


def _cost_rates(book: Book, study: StudyResult) -> None:
    note = "(Benefits + administration) / insurable earnings"
    sheet = book.sheet("CostRates", "Pay-as-you-go cost rate", note, tab="#3E4C59")
    tables = {}
    for country, scheme in study.schemes.items():
        for case in CASES:
            rows = scheme.yearly[scheme.yearly["case"] == case].set_index("year")
            tables[f"{country} {case}"] = rows["payg_cost_rate"]
    frame = pd.DataFrame(tables).rename_axis("year").reset_index()
    columns = [Column("year", "Year", "year", 8), *(Column(name, name, "rate", 12) for name in tables)]
    sheet.table(frame, columns)


def _checks(book: Book, study: StudyResult) -> str:
    sheet = book.sheet("Checks", "Checks", "0 in the column Fails means that it holds", tab="#1F2933")
    frame = study.checks.assign(fails=(~study.checks["passed"].astype(bool)).astype(float))
    columns = (
        Column("name", "Check of the study", "text", 64),
        Column("value", "Value", "plain", 22),
        Column("tolerance", "Tolerance", "plain"),
        Column("fails", "Fails", "plain"),
    )
    after = sheet.table(frame, columns)
    sheet.totals(frame, columns, ["fails"], after)
    return f"Checks!$D${after + 1}"
