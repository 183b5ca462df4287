"""Sheets of a country's workbook that show tables of the study as they are: payments by residence, people, calibration, assumptions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from actuarial.feasibility.result import CASES, SchemeResult, StudyResult
from actuarial.reporting.language import _, data_text, marked, phrase
from actuarial.reporting.register_words import calibration_note, input_name, period, reason_words, source_words, unit_words, value_words
from actuarial.reporting.workbook_look import figure_of, money_unit
from actuarial.reporting.workbook_sheets import Book, Column, Sheet
from actuarial.reporting.workbook_words import ACCOUNT_SUM, AGES, CALIBRATED, CASE_WORDS, CONFIDENCE, word

SHEETS: Final = (
    ("ReadMe", marked("Conventions, limits, responsibility")),
    ("Inputs", marked("What-if cells and the opening reserve")),
    ("Indicators", marked("Cost rate, general average premium, key dates; with, without, difference")),
    ("Premiums", marked("General average premiums over 20, 50 and 75 years, present values (live)")),
    ("Without", marked("Roll-forward of the reserve without the instrument (live)")),
    ("With", marked("Roll-forward of the reserve with the instrument (live)")),
    ("Difference", marked("With minus without, year by year (live)")),
    ("Charts", marked("Cost rate, reserve, flows, people (live)")),
    ("Ladder", marked("The price of every legal step, and its Shapley value")),
    ("LadderCorridors", marked("The price of every legal step by origin, host and sex")),
    ("Causes", marked("What the net cost comes from, by branch, cause and sex (live: choose the year)")),
    ("PastFuture", marked("Net cost of periods before the projection and of those to come")),
    ("Corridors", marked("By origin, host and sex: people moving, people gaining")),
    ("CorridorCosts", marked("By origin, host and sex: the net cost and its parts")),
    ("Gains", marked("People with a pension only thanks to the instrument")),
    ("Branches", marked("Branches beside pensions: costs without and with; what is not computed")),
    ("BranchCauses", marked("Branches beside pensions by partner and cause")),
    ("Adequacy", marked("What insurance is worth to movers and to people who stay")),
    ("Rights", marked("Rights of movers lost and kept in this scheme")),
    ("Residence", marked("Everything paid, by country of residence")),
    ("Population", marked("Population by sex and age group")),
    ("Calibration", marked("Modelled against published figures")),
    ("Assumptions", marked("Every assumption with source, confidence and reason")),
    ("Yearly", marked("All yearly figures of the study")),
    ("CausesByYear", marked("Net cost by year and cause, discount factors")),
    ("BranchYears", marked("Accounts of the branches beside pensions by year")),
    ("Claims", marked("The part of the instrument's effect that follows take-up, by year")),
    ("Provenance", marked("Versions, hashes of the inputs, sources")),
    ("Changes", marked("Change log")),
    ("Checks", marked("What must hold in this book and held in the study")),
)
"""What the cover says of each sheet, in their order."""
OF_ACCOUNTS: Final = {
    "Causes": ACCOUNT_SUM,
    "PastFuture": marked("Payouts put off by past and by future periods"),
    "CorridorCosts": marked("Cost by origin, host and sex"),
    "CausesByYear": ACCOUNT_SUM,
}
"""The same in the book of an account scheme, where it differs."""


@dataclass(frozen=True)
class _Wide:
    """A table with one column per value of a label: where the label stands, its headings, the figures, their look."""

    label: str
    headings: Mapping[str, str]
    values: str
    style: str
    unit: str


def tables(book: Book, study: StudyResult, scheme: SchemeResult) -> None:
    """Write the tables of the study that do not recalculate."""
    names = {code: data_text(other.country_name) for code, other in study.schemes.items()}
    unit = money_unit(_largest(scheme.residence, ["amount"]), scheme.currency)
    note = phrase(
        "Everything this scheme pays to residents of each country (pensions, sums, refunds, balances), {unit} a year, nominal", unit=unit.words
    )
    sheet = book.sheet("Residence", _("Payments by country of residence"), note, "data", upright=True)
    wide = _Wide("residence", {**names, "ROW": _("Rest of the world")}, "amount", unit.style(), unit.shown)
    keys = [Column("case", _("Case"), "text", 8), Column("year", _("Year"), "year", 6)]
    _pivot(sheet, scheme.residence, keys, wide, 12 if unit.cuts else 13)
    broad = scheme.population[scheme.population["age_group"].isin(["0-14", "15-59", "60+"])]
    broad = broad.assign(group=broad["sex"] + " " + broad["age_group"])
    note = _("Projected by this study with the migration of the scenario")
    sheet = book.sheet("Population", _("Population at 1 January"), note, "data", upright=True, tall=1)
    groups = {f"{sex} {age}": _(words) for (sex, age), words in AGES.items()}
    _pivot(sheet, broad, [Column("year", _("Year"), "year", 6)], _Wide("group", groups, "persons", "number", _("persons")), 13)
    _calibration(book, scheme)
    _assumptions(book, scheme)


def _calibration(book: Book, scheme: SchemeResult) -> None:
    columns = (
        Column("item", _("Item"), "wrap", 20),
        Column("unit", _("Unit"), "wrap", 11),
        Column("published", _("Published"), width=20),
        Column("date", _("Date"), "wrap", 11),
        Column("target", _("Brought to the base year"), width=20),
        Column("modelled", _("Modelled, base year"), width=20),
        Column("ratio", _("Modelled / target"), "number|0.0000", 10),
        Column("factor", _("Factor applied"), "number|0.0000", 10),
        Column("source", _("Source"), "wrap", 32),
        Column("confidence", _("Confidence"), "text", 11),
        Column("note", _("Note"), "wrap", 44),
    )
    note = _("Modelled against published figures for the base year")
    kinds = {"unit": unit_words, "note": calibration_note, "source": source_words}
    shown = scheme.calibration.assign(
        item=[word(CALIBRATED, str(item)) for item in scheme.calibration["item"]],
        confidence=[word(CONFIDENCE, str(mark)) for mark in scheme.calibration["confidence"]],
        date=[_figure(period, date) for date in scheme.calibration["date"]],
        **{name: [_words(function, text) for text in scheme.calibration[name]] for name, function in kinds.items()},
    )
    book.sheet("Calibration", _("Calibration"), note, "data").table(shown, columns)


def _assumptions(book: Book, scheme: SchemeResult) -> None:
    columns = (
        Column("name", _("Assumption"), "wrap", 36),
        Column("value", _("Value"), "wrap", 17),
        Column("unit", _("Unit"), "wrap", 18),
        Column("source", _("Source"), "wrap", 33),
        Column("year", _("Year"), "wrap", 11),
        Column("confidence", _("Confidence"), "text", 11),
        Column("reason", _("Reason"), "wrap", 40),
        Column("file", _("File"), "wrap", 33),
    )
    register = scheme.assumptions
    shown = register.assign(
        year=[_figure(period, year) for year in register["year"].map(_shown_year)],
        value=[_figure(value_words, value) for value in register["value"]],
        confidence=[word(CONFIDENCE, str(mark)) for mark in register["confidence"]],
        **{name: [_words(function, text) for text in register[name]] for name, function in _REGISTER.items()},
    )
    note = _("Every figure the study used for this scheme; assumed and recalled ones have no published source")
    book.sheet("Assumptions", _("Assumptions"), note, "data").table(shown, columns)


_REGISTER: Final = {"name": input_name, "unit": unit_words, "source": source_words, "reason": reason_words}
"""Columns of the register that hold words, and what says them in the active language."""


def _words(function: Callable[[str], str], text: Any) -> Any:
    """A text of a data file in the active language; texts without a letter stay as they are."""
    return function(text) if isinstance(text, str) and any(c.isalpha() for c in text) else text


def _figure(function: Callable[[str], str], text: Any) -> Any:
    """The number that a text of a data file is, the text in the active language where it is none."""
    number = figure_of(text)
    return _words(function, text) if number is None else number


def _shown_year(value: object) -> str:
    if isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    return f"{number:.0f}" if math.isfinite(number) else ""


def _largest(frame: pd.DataFrame, names: Sequence[str]) -> float:
    """The largest amount of some columns, or of their sum over a column; 0 for an empty table."""
    columns = frame[list(names)]
    return float(columns.abs().max().max()) if columns.size and columns.notna().any().any() else 0.0


def _pivot(sheet: Sheet, frame: pd.DataFrame, keys: list[Column], wide: _Wide, width: float) -> None:
    """Write a tidy frame with one column per value of a label and their sum as a formula, a case to a page."""
    order = list(dict.fromkeys(frame[wide.label]))
    figures = [Column(name, wide.headings.get(name, name), wide.style, width, wide.unit) for name in order]
    total = Column("total", _("Total"), wide.style.replace("number", "sum"), width + 1, wide.unit)
    columns = [*keys, *figures, total]
    if frame.empty:
        sheet.headings(columns)
        return
    index = [key.name for key in keys]
    table = frame.pivot_table(index=index, columns=wide.label, values=wide.values, aggfunc="sum", sort=False)[order].reset_index()
    if "case" in index:
        table = pd.concat([table[table["case"] == case] for case in CASES], ignore_index=True)
    shown = table.assign(case=[_(CASE_WORDS[str(case)]) for case in table["case"]]) if "case" in index else table
    first, after = sheet.table(shown.assign(total=0.0), columns, freeze=len(keys), filtered="case" in index)
    left, right = xl_col_to_name(len(keys)), xl_col_to_name(len(columns) - 2)
    for row, value in enumerate(table[order].sum(axis=1), first):
        sheet.formula(row, len(columns) - 1, f"=SUM({left}{row + 1}:{right}{row + 1})", float(value), total.format)
    sheet.five_years(first, after, len(columns), xl_col_to_name(index.index("year")))
    if "case" in index:
        sheet.pages("", (), len(keys), [first + int((table["case"] == CASES[0]).sum())])
