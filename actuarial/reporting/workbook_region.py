"""The Excel report of the region: all schemes side by side, who pays to whom, checks.

1. The matrices of the sheet Transfers are live: they show the year typed into it, from the table in the sheet Payments.
2. In every matrix payments abroad add up by themselves; what a scheme pays to its own residents stands apart.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from actuarial.feasibility.result import CASES, StudyResult
from actuarial.reporting import frames
from actuarial.reporting.uncertainty import ENSEMBLE_REGION, SENSITIVITY_REGION, Uncertainty
from actuarial.reporting.workbook_causes import choose_year
from actuarial.reporting.workbook_checks import checks_sheet
from actuarial.reporting.workbook_indicators import COLUMNS as INDICATOR_COLUMNS
from actuarial.reporting.workbook_indicators import applies, indicator_line
from actuarial.reporting.workbook_ladder import region_ladder
from actuarial.reporting.workbook_look import PERCENT, money_unit
from actuarial.reporting.workbook_matrix import Matrices
from actuarial.reporting.workbook_people import adequacy_sheet, rights_sheet
from actuarial.reporting.workbook_readme import book_properties, cover_sheet, made_on, readme_sheet, region_name
from actuarial.reporting.workbook_sheets import FIRST_ROW, HEADER_ROW, NOTHING, Book, Column, Sheet
from actuarial.reporting.workbook_uncertainty import uncertainty_sheets

_SHEETS: Final = (
    ("ReadMe", "Conventions, limits, responsibility"),
    ("Comparison", "Indicators of all schemes: with, without, difference"),
    ("Ladder", "The price of every legal step, scheme by scheme, and its Shapley value"),
    ("TransferValues", "Who pays to residents of which state, in present value"),
    ("Transfers", "Who pays to residents of which state in one year (live: choose the year)"),
    ("Adequacy", "What insurance is worth to movers and to people who stay"),
    ("Rights", "Rights of movers lost and kept"),
    ("CostRates", "Pay-as-you-go cost rate of all schemes, year by year"),
    ("Payments", "Benefits, refunds and balances by paying scheme and country of residence, US dollars"),
    ("Checks", "What must hold and held in the study"),
)
_TITLES: Final = {"without": "Without the instrument", "with": "With the instrument"}
_KEYS: Final = ("payer", "case", "year")


def write_region_workbook(study: StudyResult, path: Path, uncertainty: Uncertainty | None = None) -> None:
    """Write the region's workbook to ``path``; with ``uncertainty`` also how sure the study is. Raises ``KeyError`` for a column the study lacks."""
    title = f"{region_name(study)}: with and without the instrument"
    payments, names = _wide(study), _names(study)
    with Book(path, title, book_properties(study), made_on(study)) as book:
        cover = book.sheet("Cover", title, str(study.meta["instrument_title"]), "about", upright=True)
        readme_sheet(book, study, live=False)
        _comparison(book, study)
        tested = region_ladder(book, study)
        _transfer_values(book, study)
        _transfers(book, study, payments)
        adequacy_sheet(book, study, names)
        tested += rights_sheet(book, study, names)
        _cost_rates(book, study)
        _payments(book, study, payments)
        region = region_name(study)
        everybody = {SENSITIVITY_REGION: region, ENSEMBLE_REGION: region, **names}
        sure = uncertainty_sheets(book, uncertainty or Uncertainty(), everybody)
        cell = checks_sheet(book, study, tested)
        members = ", ".join(scheme.country_name for scheme in study.schemes.values())
        cover_sheet(cover, study, (("Member states", members),), (), cell, (*_SHEETS[:-1], *sure, _SHEETS[-1]), live=False)


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
    """One year's payments, live: the year is typed into the sheet."""
    years = sorted({int(y) for y in study.transfers["year"]})
    note = "What each scheme pays in one year to people abroad; its own residents stand apart. US dollars at the study's exchange rates"
    sheet = book.sheet("Transfers", "Who pays whom", note, "live", tall=1)
    shown = choose_year(book, sheet, "Transfers", "Year_shown", years)
    of_year = study.transfers[study.transfers["year"] == shown]
    paid = {case: _by_pair(study, of_year[of_year["case"] == case], "amount_usd") for case in CASES}
    table = study.transfers
    matrices = _matrices(sheet, study, table.loc[table["payer"] != table["residence"], "amount_usd"], table["amount_usd"])
    columns, top = list(payments.columns), HEADER_ROW + 2
    spans = {name: _span(columns, name, len(payments)) for name in columns}
    tops = {}
    for case in CASES:
        tops[case] = top

        def formula(payer: str, residence: str, case: str = case, top: int = top) -> str:
            code = f"$A{matrices.cell(top, payer, residence)[0] + 1}"
            return f'=SUMIFS({spans[residence]},{spans["payer"]},{code},{spans["case"]},"{case}",{spans["year"]},Year_shown)'

        matrices.write(top, f"{_TITLES[case]}, {matrices.unit.words}", paid[case], formula)
        top += matrices.height
    _difference(matrices, top, tops, paid)
    sheet.raw.freeze_panes(HEADER_ROW + 1, 2)


def _transfer_values(book: Book, study: StudyResult) -> None:
    """Payments of all years in present value: everything, and pensions alone."""
    note = (
        "What each scheme pays over the projection to people abroad, present value in US dollars of the valuation date; discounted at the payer's "
        "return on its reserve; its own residents stand apart"
    )
    sheet = book.sheet("TransferValues", "Who pays whom, in present value", note, "result")
    table = study.transfers_pv
    sheet.raw.set_column(0, 0, 8)
    if table.empty:
        sheet.text(HEADER_ROW, 0, NOTHING, "subtitle")
        return
    top = HEADER_ROW
    matrices = _matrices(sheet, study, table.loc[table["payer"] != table["residence"], "pv_usd"], table["pv_usd"])
    for column, what in (("pv_usd", "Everything paid"), ("pensions_pv_usd", "Pensions alone")):
        paid, tops = {case: _by_pair(study, table[table["case"] == case], column) for case in CASES}, {}
        for case in CASES:
            tops[case] = top
            matrices.write(top, f"{what}, {_TITLES[case].lower()}, {matrices.unit.words}", paid[case], None)
            top += matrices.height
        _difference(matrices, top, tops, paid, f"{what}, difference: ")
        top += matrices.height
    sheet.raw.freeze_panes(HEADER_ROW, 2)
    sheet.raw.set_print_scale(matrices.page_scale)
    sheet.raw.set_h_pagebreaks([HEADER_ROW + 3 * matrices.height])


def _difference(
    matrices: Matrices, top: int, tops: dict[str, int], paid: dict[str, dict[tuple[str, str], float]], title: str = "Difference: "
) -> None:
    """The matrix of with minus without below the two, as formulas."""

    def formula(payer: str, residence: str) -> str:
        one, two = (xl_rowcol_to_cell(*matrices.cell(tops[case], payer, residence)) for case in ("with", "without"))
        return f"={one}-{two}"

    gaps = {pair: paid["with"][pair] - paid["without"][pair] for pair in paid["with"]}
    matrices.write(top, f"{title}with minus without, {matrices.unit.words}", gaps, formula, signed=True)


def _matrices(sheet: Sheet, study: StudyResult, abroad: pd.Series, everything: pd.Series) -> Matrices:
    """Matrices of all countries on a sheet, with the widths of its columns."""
    residences = [str(r) for r in dict.fromkeys(study.transfers["residence"])]
    units = [money_unit(float(v.abs().max()), "USD", 6) for v in (abroad, everything)]
    return Matrices(sheet, list(study.schemes), residences, _names(study), units[0], units[1])


def _by_pair(study: StudyResult, rows: pd.DataFrame, column: str) -> dict[tuple[str, str], float]:
    """Amounts by payer and residence, zero where the table has no row."""
    sums = rows.groupby(["payer", "residence"])[column].sum().to_dict()
    residences = dict.fromkeys(str(r) for r in study.transfers["residence"])
    return {(p, r): float(sums.get((p, r), 0.0)) for p in study.schemes for r in residences}


def _span(columns: list[str], name: str, rows: int) -> str:
    """Range of a column of the sheet Payments."""
    letter = xl_col_to_name(columns.index(name))
    return f"Payments!${letter}${FIRST_ROW + 1}:${letter}${FIRST_ROW + rows}"


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
