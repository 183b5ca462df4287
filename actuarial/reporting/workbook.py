"""The Excel report of a country: inputs, yearly results, a reserve that recalculates, tables, charts, checks.

1. Sheets in reading order: Cover, ReadMe, Inputs, Indicators, Without, With, Difference, Charts; the net cost by legal
   step (Ladder), cause, period and corridor, the branches beside pensions, and what movers gain; Residence, Population,
   Calibration, Assumptions; the engine's figures by year (Yearly, CausesByYear, BranchYears); Checks.
2. ``Without`` and ``With`` are live: they start from the engine's figures in ``Yearly`` and the what-if cells of
   ``Inputs``, and show the engine's own reserve as long as those cells are left alone.
3. The what-if cells move money only; nobody retires earlier because of them. A new law is a new run.
4. Parts of the net cost are added up by formulas and compared with the study's net cost, in Checks.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from actuarial.feasibility.result import CASES, SchemeResult, StudyResult
from actuarial.reporting import frames
from actuarial.reporting.roll_forward import roll_forward
from actuarial.reporting.uncertainty import Uncertainty
from actuarial.reporting.workbook_causes import causes_sheet
from actuarial.reporting.workbook_charts import CASE_SHEETS, charts_sheet
from actuarial.reporting.workbook_checks import Tested, checks_sheet, gap_of
from actuarial.reporting.workbook_corridors import corridors, gains
from actuarial.reporting.workbook_discounted import by_year, causes_by_year
from actuarial.reporting.workbook_indicators import COLUMNS as INDICATOR_COLUMNS
from actuarial.reporting.workbook_indicators import indicator_line
from actuarial.reporting.workbook_ladder import ladder_corridors_sheet, ladder_sheet
from actuarial.reporting.workbook_live import LIVE_FIRST, LIVE_LAST_COLUMN, live_sheet, yearly_sheet
from actuarial.reporting.workbook_look import money_unit
from actuarial.reporting.workbook_parts import borne_cell, branch_sheets, branch_years, past_sheet
from actuarial.reporting.workbook_people import adequacy_sheet, rights_sheet
from actuarial.reporting.workbook_readme import book_properties, cover_sheet, made_on, readme_sheet, region_name
from actuarial.reporting.workbook_sheets import FIRST_ROW, Book, Column
from actuarial.reporting.workbook_tables import SHEETS, tables
from actuarial.reporting.workbook_uncertainty import uncertainty_sheets

_PERCENT: Final = "input|0.00%"
_FACTOR: Final = "input|0.00"
WHAT_IF: Final = (
    ("Contribution_rate_addition", "Added to the contribution rate of every year", 0.0, "of insurable earnings; type 2% or 0.02"),
    ("Return_addition", "Added to the return of every year", 0.0, "per year; type 1% or 0.01"),
    ("Benefit_factor", "Factor on benefits of every year", 1.0, "times; 1.10 is a tenth more"),
    ("Administration_factor", "Factor on administration of every year", 1.0, "times; 1.10 is a tenth more"),
)
NAMED: Final = {"pv_net_cost": "Net_cost", "pv_coordination_administration": "Coordination_cost"}
"""Indicators whose difference other sheets read, and the names of those cells."""


def write_country_workbook(study: StudyResult, country: str, path: Path, uncertainty: Uncertainty | None = None) -> None:
    """Write the workbook of ``country`` (one of the study's) to ``path``; with ``uncertainty`` also how sure the study is.

    Raises ``KeyError`` for a country or column the study lacks, ``ValueError`` when its figures contradict each other.
    """
    scheme = study.schemes[country]
    rolled = {case: roll_forward(scheme, case) for case in CASES}
    title = f"{scheme.country_name}: with and without the instrument"
    with Book(path, title, book_properties(study), made_on(study)) as book:
        cover = book.sheet("Cover", title, scheme.scheme_title, "about", upright=True)
        readme_sheet(book, study, live=True)
        _inputs(book, scheme, rolled["without"])
        _indicators(book, scheme)
        for case, sheet in CASE_SHEETS.items():
            live_sheet(book, sheet, case, scheme, rolled[case], first_row_of(case, rolled))
        _difference(book, scheme, rolled)
        charts_sheet(book, scheme.country_name, scheme.currency, rolled, LIVE_FIRST + 1, FIRST_ROW + 1)
        tested = [*_tested(rolled), *_parts(book, study, scheme, rolled)]
        sure = uncertainty_sheets(book, uncertainty or Uncertainty(), {country: scheme.country_name})
        checks_cell = checks_sheet(book, study, tested)
        facts = (
            ("Region", region_name(study)),
            ("Country", f"{scheme.country_name} ({scheme.country})"),
            ("Scheme", scheme.scheme_title),
        )
        amounts = f"{scheme.currency}, nominal; one US dollar = {scheme.exchange_rate_usd:,.2f} at the valuation date"
        cover_sheet(cover, study, facts, (("Amounts", amounts),), checks_cell, (*SHEETS[:-1], *sure, SHEETS[-1]), live=True)


def _parts(book: Book, study: StudyResult, scheme: SchemeResult, rolled: dict[str, pd.DataFrame]) -> list[Tested]:
    """Write what the net cost consists of, who gains, and the tables behind; return what must hold (nothing where nothing is collected)."""
    names = {code: other.country_name for code, other in study.schemes.items()}
    source = {case: first_row_of(case, rolled) for case in CASES}
    place = by_year(scheme, rolled)
    tested = [
        *ladder_sheet(book, scheme, place, borne_cell(scheme), source["without"]),
        *ladder_corridors_sheet(book, scheme, names),
        *causes_sheet(book, scheme, place),
        *past_sheet(book, scheme, names),
        *corridors(book, scheme, names),
    ]
    gains(book, scheme)
    tested += branch_sheets(book, scheme, place, names)
    adequacy_sheet(book, study, names, scheme.country)
    of_people = rights_sheet(book, study, names, scheme.country)
    tables(book, study, scheme)
    yearly_sheet(book, scheme, rolled)
    causes_by_year(book, scheme, place, source)
    branch_years(book, scheme)
    if place is None:
        return []
    discounted = Tested("With minus without of the sheet Yearly, discounted, is the net cost", gap_of(place.present_cell("net"), "Net_cost"))
    return [discounted, *tested, *of_people]


def first_row_of(case: str, rolled: dict[str, pd.DataFrame]) -> int:
    """Row (counted from 1) of the sheet Yearly at which a case begins."""
    return FIRST_ROW + 1 + sum(len(rolled[c]) for c in CASES[: CASES.index(case)])


def _inputs(book: Book, scheme: SchemeResult, rolled: pd.DataFrame) -> None:
    sheet = book.sheet("Inputs", "Inputs", "Yellow cells may be changed; the live sheets and the charts follow", "input")
    columns = (
        Column("", "Input", "text", 44),
        Column("", "Value", width=14),
        Column("", "Unit", "text", 40),
        Column("", "Value in the study", width=12),
        Column("", "Name in formulas", "text", 28),
    )
    first = sheet.headings(columns)
    for row, (name, meaning, neutral, unit) in enumerate(WHAT_IF, first):
        style = _FACTOR if neutral else _PERCENT
        sheet.text(row, 0, meaning)
        sheet.number(row, 1, neutral, style)
        sheet.text(row, 2, unit)
        sheet.number(row, 3, neutral, style.replace("input", "number"))
        sheet.text(row, 4, name)
        sheet.raw.set_row(row, 18)
        low, high = (-0.5, 0.5) if neutral == 0 else (0.0, 10.0)
        shown = ("-50%", "50%") if neutral == 0 else ("0", "10")
        rule = {"validate": "decimal", "criteria": "between", "minimum": low, "maximum": high}
        sheet.raw.data_validation(row, 1, row, 1, {**rule, "error_message": f"A number from {shown[0]} to {shown[1]}."})
        book.name(name, "Inputs", row, 1)
    row = first + len(WHAT_IF) + 1
    opening = float(rolled["opening"].iloc[0])
    shown_in = money_unit(abs(opening), scheme.currency)
    sheet.text(row, 0, "Reserve at the valuation date, the same in both cases")
    sheet.number(row, 1, opening, shown_in.style(zero="0"))
    sheet.text(row, 2, shown_in.words)
    sheet.text(row, 4, "Opening_reserve")
    book.name("Opening_reserve", "Inputs", row, 1)
    neutral_test = "+".join(f"ABS({name}-D{first + 1 + i})" for i, (name, *_) in enumerate(WHAT_IF))
    sheet.text(row + 1, 0, "Distance of the yellow cells from the study")
    sheet.formula(row + 1, 1, f"={neutral_test}", 0.0, "number|0.00")
    sheet.text(row + 1, 2, "0.00 while they are untouched")
    sheet.text(row + 1, 4, "What_if")
    book.name("What_if", "Inputs", row + 1, 1)


def _indicators(book: Book, scheme: SchemeResult) -> None:
    sheet = book.sheet("Indicators", "Indicators", "Figures of the study; they do not follow the yellow cells", "result")
    first = sheet.headings(INDICATOR_COLUMNS)
    for row, record in enumerate(scheme.indicators.to_dict("records"), first):
        indicator_line(sheet, row, 0, {str(k): v for k, v in record.items()}, scheme)
        if frames.collects(scheme) and record["indicator"] in NAMED:
            book.name(NAMED[str(record["indicator"])], "Indicators", row, 4)


def _difference(book: Book, scheme: SchemeResult, rolled: dict[str, pd.DataFrame]) -> None:
    live = (
        ("Contributions", "E", "contributions"),
        ("Benefits", "K", "benefits"),
        ("Administration", "L", "administration"),
        ("Net cash flow", "M", "net"),
        ("Investment income", "O", "income"),
        ("Closing reserve", "P", "closing"),
    )
    without, with_ = rolled["without"], rolled["with"]
    names = [name for *_, name in live]
    unit = money_unit(float((with_[names] - without[names]).abs().max().max()), scheme.currency)
    note = f"With minus without the instrument; nominal amounts in {unit.words}; cells hold full amounts"
    sheet = book.sheet("Difference", "Difference made by the instrument", note, "live", upright=True, tall=1)
    money, points = unit.style(signed=True), 'number|+0.0000;-0.0000;"–"'
    columns = [
        Column("year", "Year", "year", 6),
        *(Column(name, heading, money, 15, unit.words) for heading, _, name in live),
        Column("cost_rate", "PAYG cost rate", points, 15, "percentage points"),
    ]
    sheet.headings(columns)
    for i, year in enumerate(without["year"]):
        row, at = FIRST_ROW + i, LIVE_FIRST + i + 1
        sheet.formula(row, 0, f"=Without!A{at}", int(year), "year")
        for c, (_, letter, name) in enumerate(live, 1):
            gap = float(with_[name].iloc[i] - without[name].iloc[i])
            sheet.formula(row, c, f"=With!{letter}{at}-Without!{letter}{at}", gap, money)
        gap = 100 * float(with_["cost_rate"].iloc[i] - without["cost_rate"].iloc[i])
        sheet.formula(row, 7, f"=(With!Q{at}-Without!Q{at})*100", gap, points)
    sheet.five_years(FIRST_ROW, FIRST_ROW + len(without), len(columns))


def _tested(rolled: dict[str, pd.DataFrame]) -> list[Tested]:
    found = []
    for case, name in CASE_SHEETS.items():
        span = f"{name}!{LIVE_LAST_COLUMN}{LIVE_FIRST + 1}:{LIVE_LAST_COLUMN}{LIVE_FIRST + len(rolled[case])}"
        text = f"The reserve of the sheet {name} is the reserve of the study (not tested while yellow cells are changed)"
        found.append(Tested(text, f"=IF(What_if=0,MAX(MAX({span}),-MIN({span})),0)"))
    return found
