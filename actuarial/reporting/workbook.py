"""The Excel report of a country: inputs, yearly results, a reserve that recalculates, tables, charts, checks.

1. Sheets in reading order: Cover, ReadMe, Inputs, Indicators, Without, With, Difference, Charts, Corridors, Gains,
   Residence, Population, Calibration, Assumptions, Yearly (the engine's figures), Checks.
2. ``Without`` and ``With`` are live: they start from the engine's figures in ``Yearly`` and the what-if cells of
   ``Inputs``, and show the engine's own reserve as long as those cells are left alone.
3. The what-if cells move money only; nobody retires earlier because of them. A new law is a new run.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import pandas as pd

from actuarial.feasibility.result import CASES, SchemeResult, StudyResult
from actuarial.reporting.roll_forward import TOLERANCE, roll_forward
from actuarial.reporting.workbook_live import LIVE_FIRST, LIVE_LAST_COLUMN, live_sheet, yearly_sheet
from actuarial.reporting.workbook_readme import book_properties, made_on, readme_sheet, region_name
from actuarial.reporting.workbook_sheets import HEADER_ROW, Book, Column, Sheet, money_axis, scatter
from actuarial.reporting.workbook_tables import tables

CASE_SHEETS: Final = {"without": "Without", "with": "With"}
WHAT_IF: Final = (
    (
        "Contribution_rate_addition",
        "Added to the contribution rate of every year",
        0.0,
        "fraction of insurable earnings",
    ),
    ("Return_addition", "Added to the return of every year", 0.0, "fraction per year"),
    ("Benefit_factor", "Factor on benefits of every year", 1.0, "factor"),
    ("Administration_factor", "Factor on administration of every year", 1.0, "factor"),
)


def write_country_workbook(study: StudyResult, country: str, path: Path) -> None:
    """Write the workbook of ``country`` (one of the study's) to ``path``.

    Raises ``KeyError`` for a country or column the study lacks, ``ValueError`` when its figures contradict each other.
    """
    scheme = study.schemes[country]
    rolled = {case: roll_forward(scheme, case) for case in CASES}
    title = f"{scheme.country_name}: with and without the instrument"
    with Book(path, title, book_properties(study), made_on(study)) as book:
        cover = book.sheet("Cover", title, scheme.scheme_title, tab="#1F2933", portrait=True)
        readme_sheet(book, study, live=True)
        _inputs(book, scheme, rolled["without"])
        _indicators(book, scheme)
        for case, sheet in CASE_SHEETS.items():
            live_sheet(book, sheet, case, scheme, rolled[case], first_row_of(case, rolled))
        _difference(book, scheme, rolled)
        _charts(book, scheme, rolled)
        sheets = tables(book, scheme)
        yearly_sheet(book, scheme, rolled)
        checks_cell = _checks(book, study, rolled)
        _cover(cover, study, scheme, checks_cell, sheets)


def first_row_of(case: str, rolled: dict[str, pd.DataFrame]) -> int:
    """Row (counted from 1) of the sheet Yearly at which a case begins."""
    return HEADER_ROW + 2 + sum(len(rolled[c]) for c in CASES[: CASES.index(case)])


def _cover(sheet: Sheet, study: StudyResult, scheme: SchemeResult, checks: str, sheets: list[tuple[str, str]]) -> None:
    meta = study.meta
    sheet.raw.set_column(0, 0, 26)
    sheet.raw.set_column(1, 1, 84)
    facts = (
        ("Region", region_name(study)),
        ("Country", f"{scheme.country_name} ({scheme.country})"),
        ("Scheme", scheme.scheme_title),
        ("Scenario", f"{meta['scenario_title']} ({meta['scenario']})"),
        ("Instrument", f"{meta['instrument_title']} ({meta['instrument']}), in force from {meta['entry_into_force']}"),
        ("What it assumes", meta["instrument_note"]),
        ("Valuation date", meta["valuation_date"]),
        ("Years", f"{meta['first_year']} to {meta['last_year']}"),
        (
            "Amounts",
            f"{scheme.currency}, nominal; one US dollar = {scheme.exchange_rate_usd:,.2f} at the valuation date",
        ),
        ("Version", meta["package_version"]),
    )
    row = 3
    for label, value in facts:
        sheet.text(row, 0, label, "wrap")
        sheet.lines(row, [str(value)], 1, 84)
        row += 1
    row += 1
    failed = not study.checks["passed"].astype(bool).all()
    state = "A check fails: see the sheet Checks" if failed else "All checks hold"
    sheet.text(row, 0, "State of this book", "heading")
    formula = f'=IF({checks}=0,"All checks hold","A check fails: see the sheet Checks")'
    sheet.formula(row, 1, formula, state, "good")
    touched = '=IF(What_if=0,"What-if cells are untouched: figures are those of the study","What-if cells are in use")'
    sheet.formula(row + 1, 1, touched, "What-if cells are untouched: figures are those of the study", "text")
    row += 3
    sheet.text(row, 0, "Sheets", "heading")
    for name, what in sheets:
        row += 1
        sheet.raw.write_url(row, 0, f"internal:'{name}'!A1", sheet.book.formats["link"], name)
        sheet.text(row, 1, what)


def _inputs(book: Book, scheme: SchemeResult, rolled: pd.DataFrame) -> None:
    sheet = book.sheet("Inputs", "Inputs", "Yellow cells may be changed; the live sheets follow", tab="#F0B429")
    sheet.headings(
        (
            Column("", "Input", width=30),
            Column("", "Value"),
            Column("", "Unit", width=32),
            Column("", "Meaning", width=60),
        )
    )
    for row, (name, meaning, neutral, unit) in enumerate(WHAT_IF, HEADER_ROW + 1):
        sheet.text(row, 0, name)
        sheet.number(row, 1, neutral, "input")
        sheet.text(row, 2, unit)
        sheet.text(row, 3, meaning)
        low, high = (-0.5, 0.5) if neutral == 0 else (0.0, 10.0)
        rule = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
        sheet.raw.data_validation(row, 1, row, 1, {**rule, "error_message": f"A number from {low} to {high}."})
        book.name(name, "Inputs", row, 1)
    row = HEADER_ROW + len(WHAT_IF) + 2
    neutral_test = "+".join(f"ABS({name}-C{row + 4 + i})" for i, (name, *_) in enumerate(WHAT_IF))
    sheet.text(row, 0, "Opening_reserve")
    sheet.number(row, 1, float(rolled["opening"].iloc[0]))
    sheet.text(row, 2, f"{scheme.currency} at the valuation date")
    sheet.text(row, 3, "The same in both cases")
    book.name("Opening_reserve", "Inputs", row, 1)
    sheet.text(row + 1, 0, "What_if")
    sheet.formula(row + 1, 1, f"={neutral_test}", 0.0, "plain")
    sheet.text(row + 1, 3, "0 while every what-if cell has its neutral value")
    book.name("What_if", "Inputs", row + 1, 1)
    sheet.text(row + 2, 0, "Neutral values", "heading")
    for i, (name, _, neutral, _) in enumerate(WHAT_IF):
        sheet.text(row + 3 + i, 0, name)
        sheet.number(row + 3 + i, 2, neutral, "plain")


def _indicators(book: Book, scheme: SchemeResult) -> None:
    sheet = book.sheet(
        "Indicators",
        "Indicators",
        "Figures of the study; an empty date does not occur within the horizon",
        tab="#3E4C59",
    )
    columns = (
        Column("indicator", "Indicator", "text", 32),
        Column("unit", "Unit", "text", 24),
        Column("without", "Without", "number", 26),
        Column("with", "With", "number", 26),
        Column("difference", "Difference", "number", 26),
        Column("definition", "Definition", "text", 70),
    )
    sheet.table(scheme.indicators, columns, freeze=1)
    for row, (_, line) in enumerate(scheme.indicators.iterrows(), HEADER_ROW + 1):
        without, with_ = float(line["without"]), float(line["with"])
        if math.isfinite(without) and math.isfinite(with_):
            sheet.formula(row, 4, f"=D{row + 1}-C{row + 1}", with_ - without, "number")


def _difference(book: Book, scheme: SchemeResult, rolled: dict[str, pd.DataFrame]) -> None:
    note = f"With minus without; {scheme.currency}, nominal, unless a rate"
    sheet = book.sheet("Difference", "Difference made by the instrument", note, tab="#009E73")
    live = (
        ("Contributions", "E", "contributions"),
        ("Benefits", "K", "benefits"),
        ("Administration", "L", "administration"),
        ("Net cash flow", "M", "net"),
        ("Investment income", "O", "income"),
        ("Closing reserve", "P", "closing"),
    )
    columns = [
        Column("year", "Year", "year", 10),
        *(Column(n, h) for h, _, n in live),
        Column("cost_rate", "PAYG cost rate", "rate"),
    ]
    sheet.headings(columns)
    without, with_ = rolled["without"], rolled["with"]
    for i, year in enumerate(without["year"]):
        row, at = HEADER_ROW + 1 + i, LIVE_FIRST + i + 1
        sheet.formula(row, 0, f"=Without!A{at}", int(year), "year")
        for c, (_, letter, name) in enumerate((*live, ("", "Q", "cost_rate")), 1):
            style = "rate" if name == "cost_rate" else "money"
            gap = float(with_[name].iloc[i] - without[name].iloc[i])
            sheet.formula(row, c, f"=With!{letter}{at}-Without!{letter}{at}", gap, style)


def _charts(book: Book, scheme: SchemeResult, rolled: dict[str, pd.DataFrame]) -> None:
    sheet = book.sheet("Charts", "Charts", "They follow the live sheets", tab="#009E73")
    first, last = LIVE_FIRST + 1, LIVE_FIRST + len(rolled["without"])
    years = (int(rolled["without"]["year"].iloc[0]) - 1, int(rolled["without"]["year"].iloc[-1]))

    def span(case: str, letter: str) -> str:
        return f"{CASE_SHEETS[case]}!${letter}${first}:${letter}${last}"

    def both(letter: str) -> list[tuple[str, str, str]]:
        return [(f"{CASE_SHEETS[c]} the instrument", span(c, "A"), span(c, letter)) for c in CASES]

    money, unit = money_axis(max(float(r["closing"].abs().max()) for r in rolled.values()), scheme.currency)
    flow, flow_unit = money_axis(float(rolled["with"][["contributions", "expenditure"]].max().max()), scheme.currency)
    heads, _ = money_axis(1.0, "")
    name = scheme.country_name
    scatter(sheet, "A4", "Cost of the year as a share of insurable earnings", "share", years, both("Q"), "0.0%",
            f"{name}: pay-as-you-go cost rate by year, with and without the instrument.")  # fmt: skip
    scatter(sheet, "L4", "Reserve at 31 December", unit, years, both("P"), money,
            f"{name}: reserve by year, with and without the instrument.")  # fmt: skip
    flows = [
        ("Contributions", span("with", "A"), span("with", "E")),
        ("Benefits", span("with", "A"), span("with", "K")),
    ]
    scatter(sheet, "A25", "Contributions and benefits with the instrument", flow_unit, years, flows, flow,
            f"{name}: contributions and benefits by year, with the instrument.")  # fmt: skip
    people = [
        ("Contributors", span("with", "A"), span("with", "S")),
        ("Pensioners", span("with", "A"), span("with", "T")),
    ]
    scatter(sheet, "L25", "Contributors and pensioners with the instrument", "persons", years, people, heads,
            f"{name}: contributors and pensioners by year, with the instrument.")  # fmt: skip


def _checks(book: Book, study: StudyResult, rolled: dict[str, pd.DataFrame]) -> str:
    sheet = book.sheet("Checks", "Checks", "0 in the column Fails means that it holds", tab="#1F2933")
    sheet.headings(
        (Column("", "Check", width=64), Column("", "Value", width=22), Column("", "Tolerance"), Column("", "Fails"))
    )
    row = HEADER_ROW + 1
    for case, name in CASE_SHEETS.items():
        first, last = LIVE_FIRST + 1, LIVE_FIRST + len(rolled[case])
        span = f"{name}!{LIVE_LAST_COLUMN}{first}:{LIVE_LAST_COLUMN}{last}"
        text = f"{name}: live reserve equals the study's (relative; skipped while what-if cells are in use)"
        sheet.text(row, 0, text)
        sheet.formula(row, 1, f"=IF(What_if=0,MAX(MAX({span}),-MIN({span})),0)", 0.0, "plain")
        row = _tolerated(sheet, row, TOLERANCE)
    for _, check in study.checks.iterrows():
        sheet.text(row, 0, f"Study: {check['name']}")
        sheet.number(row, 1, float(check["value"]), "plain")
        sheet.number(row, 2, float(check["tolerance"]), "plain")
        sheet.number(row, 3, 0.0 if bool(check["passed"]) else 1.0, "plain")
        row += 1
    failed = float((~study.checks["passed"].astype(bool)).sum())
    sheet.text(row, 0, "Checks that fail", "total_text")
    sheet.formula(row, 3, f"=SUM(D{HEADER_ROW + 2}:D{row})", failed, "total")
    return f"Checks!$D${row + 1}"


def _tolerated(sheet: Sheet, row: int, tolerance: float) -> int:
    sheet.number(row, 2, tolerance, "plain")
    sheet.formula(row, 3, f"=IF(ABS(B{row + 1})<=C{row + 1},0,1)", 0.0, "plain")
    return row + 1
