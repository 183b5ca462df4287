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
from actuarial.reporting.change_record import REGION, AnalysisOfChange
from actuarial.reporting.language import _, data_text, filled, marked, phrase
from actuarial.reporting.provenance import Provenance
from actuarial.reporting.uncertainty import ENSEMBLE_REGION, SENSITIVITY_REGION, Uncertainty
from actuarial.reporting.workbook_causes import choose_year
from actuarial.reporting.workbook_change import change_sheet
from actuarial.reporting.workbook_checks import checks_sheet
from actuarial.reporting.workbook_formula import literal
from actuarial.reporting.workbook_indicators import applies, indicator_line
from actuarial.reporting.workbook_indicators import columns as indicator_columns
from actuarial.reporting.workbook_ladder import region_ladder
from actuarial.reporting.workbook_look import PERCENT, money_unit
from actuarial.reporting.workbook_matrix import Matrices
from actuarial.reporting.workbook_people import adequacy_sheet, rights_sheet
from actuarial.reporting.workbook_provenance import changes_sheet, provenance_sheet
from actuarial.reporting.workbook_readme import book_properties, cover_sheet, listed, made_on, readme_sheet, region_name
from actuarial.reporting.workbook_sheets import FIRST_ROW, HEADER_ROW, NOTHING, Book, Column, Sheet
from actuarial.reporting.workbook_tabs import on
from actuarial.reporting.workbook_uncertainty import uncertainty_sheets
from actuarial.reporting.workbook_words import CASE_WORDS

_SHEETS: Final = (
    ("ReadMe", marked("Conventions, limits, responsibility")),
    ("Comparison", marked("Indicators of all schemes: with, without, difference")),
    ("Ladder", marked("The price of every legal step, scheme by scheme, and its Shapley value")),
    ("TransferValues", marked("Who pays to residents of which state, in present value")),
    ("Transfers", marked("Who pays to residents of which state in one year (live: choose the year)")),
    ("Adequacy", marked("What insurance is worth to movers and to people who stay")),
    ("Rights", marked("Rights of movers lost and kept")),
    ("CostRates", marked("Pay-as-you-go cost rate of all schemes, year by year")),
    ("Payments", marked("Benefits, refunds and balances by paying scheme and country of residence, US dollars")),
    ("Provenance", marked("Versions, hashes of the inputs, sources")),
    ("Changes", marked("Change log")),
    ("Checks", marked("What must hold and held in the study")),
)
_YEAR_TITLES: Final = {"without": marked("Without the instrument, {unit}"), "with": marked("With the instrument, {unit}")}
_DIFFERENCE: Final = marked("Difference: with minus without, {unit}")
_VALUES: Final = {
    "pv_usd": {
        "without": marked("Everything paid, without the instrument, {unit}"),
        "with": marked("Everything paid, with the instrument, {unit}"),
        "difference": marked("Everything paid, difference: with minus without, {unit}"),
    },
    "pensions_pv_usd": {
        "without": marked("Pensions alone, without the instrument, {unit}"),
        "with": marked("Pensions alone, with the instrument, {unit}"),
        "difference": marked("Pensions alone, difference: with minus without, {unit}"),
    },
}
_KEYS: Final = ("payer", "case", "year")


def write_region_workbook(
    study: StudyResult, path: Path, uncertainty: Uncertainty | None = None, made_from: Provenance | None = None,
    change: AnalysisOfChange | None = None,
) -> None:  # fmt: skip
    """Write the region's workbook to ``path``; with ``uncertainty`` also how sure the study is, with ``made_from`` the record of the run.

    ``change`` is what moved the results since an earlier run.

    Raises ``KeyError`` for a column the study lacks.
    """
    title = phrase("{name}: with and without the instrument", name=region_name(study))
    payments, names = _wide(study), _names(study)
    with Book(path, title, book_properties(study, made_from), made_on(study)) as book:
        cover = book.sheet("Cover", title, data_text(str(study.meta["instrument_title"])), "about", upright=True, tall=1)
        readme_sheet(book, study)
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
        accounts = [s.country for s in study.schemes.values() if s.kind == frames.ACCOUNT]
        sure = uncertainty_sheets(book, uncertainty or Uncertainty(), everybody, accounts)
        sure += change_sheet(book, change, {**names, REGION: region})
        provenance_sheet(book, study, list(study.schemes.values()), made_from)
        changes_sheet(book, study, made_from, change)
        cell = checks_sheet(book, study, tested)
        members = ", ".join(data_text(scheme.country_name) for scheme in study.schemes.values())
        cover_sheet(cover, study, ((_("Member states"), members),), (), cell, listed(book, (*_SHEETS, *sure)), made_from=made_from, live=False)


def _comparison(book: Book, study: StudyResult) -> None:
    note = _("Figures of the study; an indicator that has no meaning for a kind of scheme has no line")
    sheet = book.sheet("Comparison", _("All schemes side by side"), note, "result")
    columns = (Column("country", _("Country"), "wrap", 14), *indicator_columns())
    row = sheet.headings(columns, freeze=2)
    first = row
    for scheme in study.schemes.values():
        for record in scheme.indicators.to_dict("records"):
            line = {str(k): v for k, v in record.items()}
            if not frames.collects(scheme) or not applies(line):
                continue
            indicator_line(sheet, row, 1, line, scheme)
            sheet.text(row, 0, data_text(scheme.country_name))
            row += 1
    if row > first:
        sheet.raw.autofilter(first - 1, 0, row - 1, len(columns) - 1)


def _wide(study: StudyResult) -> pd.DataFrame:
    """Payments with one line per payer, case and year, one column per country of residence."""
    residences = list(dict.fromkeys(study.transfers["residence"]))
    wide = study.transfers.pivot_table(index=list(_KEYS), columns="residence", values="amount_usd", aggfunc="sum", sort=False)
    return wide[residences].reset_index()


def _names(study: StudyResult) -> dict[str, str]:
    return {**{code: data_text(scheme.country_name) for code, scheme in study.schemes.items()}, "ROW": _("Rest of the world")}


def _payments(book: Book, study: StudyResult, payments: pd.DataFrame) -> None:
    residences, names = [str(c) for c in payments.columns if c not in _KEYS], _names(study)
    unit = money_unit(float(payments[residences].abs().max().max()), "USD")
    note = phrase("Rows pay, columns receive; {unit} a year at the study's exchange rates; cells hold full amounts", unit=unit.words)
    sheet = book.sheet("Payments", _("Payments by payer and residence"), note, "data", upright=True)
    columns = (
        Column("payer", _("Payer"), "text", 7),
        Column("case", _("Case"), "text", 8),
        Column("year", _("Year"), "year", 6),
        *(Column(code, names.get(code, code), unit.style(), 12, unit.shown) for code in residences),
    )
    first, after = sheet.table(payments.assign(case=[_(CASE_WORDS[str(c)]) for c in payments["case"]]), columns, freeze=3)
    sheet.five_years(first, after, len(columns), "C")
    new_case = payments["payer"].ne(payments["payer"].shift()) | payments["case"].ne(payments["case"].shift())
    sheet.pages("", (), 3, [first + i for i, new in enumerate(new_case) if new and i])


def _transfers(book: Book, study: StudyResult, payments: pd.DataFrame) -> None:
    """One year's payments, live: the year is typed into the sheet."""
    years = sorted({int(y) for y in study.transfers["year"]})
    note = _("What each scheme pays in one year to people abroad; its own residents stand apart. US dollars at the study's exchange rates")
    sheet = book.sheet("Transfers", _("Who pays whom"), note, "live", tall=1)
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
            which = literal(_(CASE_WORDS[case]))
            return f"=SUMIFS({spans[residence]},{spans['payer']},{code},{spans['case']},{which},{spans['year']},Year_shown)"

        matrices.write(top, filled(_(_YEAR_TITLES[case]), {"unit": matrices.unit.shown}), paid[case], formula)
        top += matrices.height
    _difference(matrices, top, tops, paid, _DIFFERENCE)
    sheet.raw.freeze_panes(HEADER_ROW + 1, 2)


def _transfer_values(book: Book, study: StudyResult) -> None:
    """Payments of all years in present value: everything, and pensions alone."""
    note = _(
        "What each scheme pays over the projection to people abroad, present value in US dollars of the valuation date; discounted at the payer's "
        "return on its reserve; its own residents stand apart"
    )
    sheet = book.sheet("TransferValues", _("Who pays whom, in present value"), note, "result")
    table = study.transfers_pv
    sheet.raw.set_column(0, 0, 8)
    if table.empty:
        sheet.text(HEADER_ROW, 0, _(NOTHING), "subtitle")
        return
    top = HEADER_ROW
    matrices = _matrices(sheet, study, table.loc[table["payer"] != table["residence"], "pv_usd"], table["pv_usd"])
    for column, titles in _VALUES.items():
        paid, tops = {case: _by_pair(study, table[table["case"] == case], column) for case in CASES}, {}
        for case in CASES:
            tops[case] = top
            matrices.write(top, filled(_(titles[case]), {"unit": matrices.unit.shown}), paid[case], None)
            top += matrices.height
        _difference(matrices, top, tops, paid, titles["difference"])
        top += matrices.height
    sheet.raw.freeze_panes(HEADER_ROW, 2)
    sheet.raw.set_print_scale(matrices.page_scale)
    sheet.raw.set_h_pagebreaks([HEADER_ROW + 3 * matrices.height])


def _difference(matrices: Matrices, top: int, tops: dict[str, int], paid: dict[str, dict[tuple[str, str], float]], title: str) -> None:
    """The matrix of with minus without below the two, as formulas; ``title`` is a marked template with a place for the unit."""

    def formula(payer: str, residence: str) -> str:
        one, two = (xl_rowcol_to_cell(*matrices.cell(tops[case], payer, residence)) for case in ("with", "without"))
        return f"={one}-{two}"

    gaps = {pair: paid["with"][pair] - paid["without"][pair] for pair in paid["with"]}
    matrices.write(top, filled(_(title), {"unit": matrices.unit.shown}), gaps, formula, signed=True)


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
    return f"{on('Payments')}${letter}${FIRST_ROW + 1}:${letter}${FIRST_ROW + rows}"


def _cost_rates(book: Book, study: StudyResult) -> None:
    note = _("(Benefits + administration) / insurable earnings, without and with the instrument")
    sheet = book.sheet("CostRates", _("Pay-as-you-go cost rate"), note, "data", upright=True, tall=1)
    tables, columns = {}, [Column("year", _("Year"), "year", 6)]
    for country, scheme in study.schemes.items():
        for case in CASES:
            rows = scheme.yearly[scheme.yearly["case"] == case].set_index("year")
            tables[f"{country} {case}"] = rows["payg_cost_rate"]
            columns.append(Column(f"{country} {case}", data_text(scheme.country_name), f"number|{PERCENT}", 9, _(CASE_WORDS[case])))
    frame = pd.DataFrame(tables).rename_axis("year").reset_index()
    first, after = sheet.table(frame, columns, filtered=False)
    sheet.five_years(first, after, len(columns))
