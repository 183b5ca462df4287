"""The Excel report of a country: inputs, yearly results, a reserve that recalculates, tables, charts, checks.

1. Sheets in reading order: Cover, ReadMe, Inputs, Indicators, Premiums, Without, With, Difference, Charts; the net cost by legal
   step (Ladder), cause, period and corridor, the branches beside pensions, and what movers gain; Residence, Population,
   Calibration, Assumptions; the engine's figures by year (Yearly, CausesByYear, BranchYears, Claims); Provenance, Changes, Checks.
2. ``Without`` and ``With`` are live: they start from the engine's figures in ``Yearly`` and the what-if cells of
   ``Inputs``, and show the engine's own reserve as long as those cells are left alone.
3. The what-if cells move money only; nobody retires earlier because of them. A new law is a new run.
4. Parts of the net cost are added up by formulas and compared with the study's net cost, in Checks.
5. An account scheme has no average premium and no sheet Premiums; what is the net cost of others is there payouts put off and administration.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from actuarial.feasibility.result import CASES, SchemeResult, StudyResult
from actuarial.reporting import frames
from actuarial.reporting.change_record import AnalysisOfChange
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.numbers import decimal
from actuarial.reporting.provenance import Provenance
from actuarial.reporting.roll_forward import roll_forward
from actuarial.reporting.uncertainty import Uncertainty
from actuarial.reporting.workbook_causes import causes_sheet
from actuarial.reporting.workbook_change import change_sheet
from actuarial.reporting.workbook_charts import CASE_SHEETS, charts_sheet
from actuarial.reporting.workbook_checks import Tested, checks_sheet, gap_of
from actuarial.reporting.workbook_claims import claims_sheet
from actuarial.reporting.workbook_corridors import corridors, gains
from actuarial.reporting.workbook_discounted import by_year, causes_by_year
from actuarial.reporting.workbook_indicators import columns as indicator_columns
from actuarial.reporting.workbook_indicators import indicator_line
from actuarial.reporting.workbook_inputs import carries_take_up, inputs_sheet
from actuarial.reporting.workbook_ladder import ladder_corridors_sheet, ladder_sheet
from actuarial.reporting.workbook_live import LIVE_FIRST, LIVE_LAST_COLUMN, live_sheet, yearly_sheet
from actuarial.reporting.workbook_look import money_unit
from actuarial.reporting.workbook_parts import borne_cell, branch_sheets, branch_years, past_sheet
from actuarial.reporting.workbook_people import adequacy_sheet, rights_sheet
from actuarial.reporting.workbook_premiums import premiums_sheet
from actuarial.reporting.workbook_provenance import changes_sheet, provenance_sheet
from actuarial.reporting.workbook_readme import book_properties, cover_sheet, listed, made_on, readme_sheet, region_name
from actuarial.reporting.workbook_sheets import FIRST_ROW, Book, Column
from actuarial.reporting.workbook_tables import OF_ACCOUNTS, SHEETS, tables
from actuarial.reporting.workbook_tabs import on, tab
from actuarial.reporting.workbook_uncertainty import uncertainty_sheets

NAMED: Final = {"pv_net_cost": "Net_cost", "pv_coordination_administration": "Coordination_cost"}
"""Indicators whose difference other sheets read, and the names of those cells."""


def write_country_workbook(
    study: StudyResult, country: str, path: Path, uncertainty: Uncertainty | None = None, made_from: Provenance | None = None,
    change: AnalysisOfChange | None = None,
) -> None:  # fmt: skip
    """Write the workbook of ``country`` (one of the study's) to ``path``; with ``uncertainty`` also how sure the study is.

    ``made_from`` is the record of the run, which identifies it in the book; ``change`` is what moved the results since an earlier one.

    Raises ``KeyError`` for a country or column the study lacks, ``ValueError`` when its figures contradict each other.
    """
    scheme = study.schemes[country]
    rolled = {case: roll_forward(scheme, case) for case in CASES}
    name = data_text(scheme.country_name)
    title = phrase("{name}: with and without the instrument", name=name)
    claims, account = carries_take_up(study, scheme), scheme.kind == frames.ACCOUNT
    with Book(path, title, book_properties(study, made_from), made_on(study)) as book:
        cover = book.sheet("Cover", title, data_text(scheme.scheme_title), "about", upright=True, tall=1)
        readme_sheet(book, study, scheme)
        inputs_sheet(book, study, scheme, float(rolled["without"]["opening"].iloc[0]))
        indicators = _indicators(book, scheme)
        tested = [] if account else premiums_sheet(book, scheme, rolled, indicators)
        for case, sheet in CASE_SHEETS.items():
            live_sheet(book, sheet, case, scheme, rolled[case], first_row_of(case, rolled), claims=claims and case == "with")
        _difference(book, scheme, rolled)
        charts_sheet(book, name, scheme.currency, rolled, LIVE_FIRST + 1, FIRST_ROW + 1)
        tested += [*_tested(rolled), *_parts(book, study, scheme, rolled)]
        if claims:
            claims_sheet(book, scheme)
        sure = uncertainty_sheets(book, uncertainty or Uncertainty(), {country: name}, [country] if account else [])
        sure += change_sheet(book, change, {country: name}, scheme.currency)
        provenance_sheet(book, study, [scheme], made_from)
        changes_sheet(book, study, made_from, change)
        checks_cell = checks_sheet(book, study, tested, account=account)
        facts = (
            (_("Region"), region_name(study)),
            (_("Country"), f"{name} ({scheme.country})"),
            (_("Scheme"), data_text(scheme.scheme_title)),
        )
        described = [(sheet, OF_ACCOUNTS.get(sheet, what) if account else what) for sheet, what in SHEETS]
        amounts = phrase("{currency}, nominal; one US dollar = {rate} at the valuation date", currency=scheme.currency,
                         rate=decimal(scheme.exchange_rate_usd, 2))  # fmt: skip
        cover_sheet(cover, study, facts, ((_("Amounts"), amounts),), checks_cell, listed(book, [*described, *sure]), made_from=made_from, live=True)


def _parts(book: Book, study: StudyResult, scheme: SchemeResult, rolled: dict[str, pd.DataFrame]) -> list[Tested]:
    """Write what the net cost consists of, who gains, and the tables behind; return what must hold (nothing where nothing is collected)."""
    names = {code: data_text(other.country_name) for code, other in study.schemes.items()}
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
    said = phrase("With minus without of the sheet {yearly}, discounted, is the net cost", yearly=tab("Yearly"))
    discounted = Tested(said, gap_of(place.present_cell("net"), "Net_cost"))
    return [discounted, *tested, *of_people]


def first_row_of(case: str, rolled: dict[str, pd.DataFrame]) -> int:
    """Row (counted from 1) of the sheet Yearly at which a case begins."""
    return FIRST_ROW + 1 + sum(len(rolled[c]) for c in CASES[: CASES.index(case)])


def _indicators(book: Book, scheme: SchemeResult) -> dict[str, int]:
    """Write the sheet; return the row (from 1) of every indicator."""
    sheet = book.sheet("Indicators", _("Indicators"), _("Figures of the study; they do not follow the yellow cells"), "result")
    first, rows = sheet.headings(indicator_columns()), {}
    for row, record in enumerate(scheme.indicators.to_dict("records"), first):
        indicator_line(sheet, row, 0, {str(k): v for k, v in record.items()}, scheme)
        rows[str(record["indicator"])] = row + 1
        if frames.collects(scheme) and record["indicator"] in NAMED:
            book.name(NAMED[str(record["indicator"])], "Indicators", row, 4)
    return rows


def _difference(book: Book, scheme: SchemeResult, rolled: dict[str, pd.DataFrame]) -> None:
    live = (
        (_("Contributions"), "E", "contributions"),
        (_("Benefits"), "K", "benefits"),
        (_("Administration"), "L", "administration"),
        (_("Net cash flow"), "M", "net"),
        (_("Investment income"), "O", "income"),
        (_("Closing reserve"), "P", "closing"),
    )
    without, with_ = rolled["without"], rolled["with"]
    names = [name for _heading, _letter, name in live]
    unit = money_unit(float((with_[names] - without[names]).abs().max().max()), scheme.currency)
    note = phrase("With minus without the instrument; nominal amounts in {unit}; cells hold full amounts", unit=unit.words)
    sheet = book.sheet("Difference", _("Difference made by the instrument"), note, "live", upright=True, tall=1)
    money, points = unit.style(signed=True), 'number|+0.0000;-0.0000;"–"'
    columns = [
        Column("year", _("Year"), "year", 6),
        *(Column(name, heading, money, 15, unit.shown) for heading, _letter, name in live),
        Column("cost_rate", _("PAYG cost rate"), points, 15, _("percentage points")),
    ]
    sheet.headings(columns)
    for i, year in enumerate(without["year"]):
        row, at = FIRST_ROW + i, LIVE_FIRST + i + 1
        sheet.formula(row, 0, f"={on('Without')}A{at}", int(year), "year")
        for c, (_heading, letter, name) in enumerate(live, 1):
            gap = float(with_[name].iloc[i] - without[name].iloc[i])
            sheet.formula(row, c, f"={on('With')}{letter}{at}-{on('Without')}{letter}{at}", gap, money)
        gap = 100 * float(with_["cost_rate"].iloc[i] - without["cost_rate"].iloc[i])
        sheet.formula(row, 7, f"=({on('With')}Q{at}-{on('Without')}Q{at})*100", gap, points)
    sheet.five_years(FIRST_ROW, FIRST_ROW + len(without), len(columns))


def _tested(rolled: dict[str, pd.DataFrame]) -> list[Tested]:
    found = []
    for case, name in CASE_SHEETS.items():
        span = f"{on(name)}{LIVE_LAST_COLUMN}{LIVE_FIRST + 1}:{LIVE_LAST_COLUMN}{LIVE_FIRST + len(rolled[case])}"
        text = phrase("The reserve of the sheet {sheet} is the reserve of the study (not tested while yellow cells are changed)", sheet=tab(name))
        found.append(Tested(text, f"=IF(What_if=0,MAX(MAX({span}),-MIN({span})),0)"))
    return found
