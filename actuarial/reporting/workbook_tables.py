"""Sheets of a country's workbook that show tables of the study as they are: payments by residence, people, calibration, assumptions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from actuarial.feasibility.result import CASES, SchemeResult, StudyResult
from actuarial.reporting.workbook_corridors import SEXES
from actuarial.reporting.workbook_look import money_unit
from actuarial.reporting.workbook_sheets import Book, Column, Sheet

SHEETS: Final = (
    ("ReadMe", "Conventions, limits, responsibility"),
    ("Inputs", "What-if cells and the opening reserve"),
    ("Indicators", "Cost rate, general average premium, key dates; with, without, difference"),
    ("Without", "Roll-forward of the reserve without the instrument (live)"),
    ("With", "Roll-forward of the reserve with the instrument (live)"),
    ("Difference", "With minus without, year by year (live)"),
    ("Charts", "Cost rate, reserve, flows, people (live)"),
    ("Ladder", "The price of every legal step, and its Shapley value"),
    ("LadderCorridors", "The price of every legal step by origin, host and sex"),
    ("Causes", "What the net cost comes from, by branch, cause and sex (live: choose the year)"),
    ("PastFuture", "Net cost of periods before the projection and of those to come"),
    ("Corridors", "By origin, host and sex: people moving, people gaining"),
    ("CorridorCosts", "By origin, host and sex: the net cost and its parts"),
    ("Gains", "People with a pension only thanks to the instrument"),
    ("Branches", "Branches beside pensions: costs without and with; what is not computed"),
    ("BranchCauses", "Branches beside pensions by partner and cause"),
    ("Adequacy", "What insurance is worth to movers and to people who stay"),
    ("Rights", "Rights of movers lost and kept in this scheme"),
    ("Residence", "Everything paid, by country of residence"),
    ("Population", "Population by sex and age group"),
    ("Calibration", "Modelled against published figures"),
    ("Assumptions", "Every assumption with source, confidence and reason"),
    ("Yearly", "All yearly figures of the study"),
    ("CausesByYear", "Net cost by year and cause, discount factors"),
    ("BranchYears", "Accounts of the branches beside pensions by year"),
    ("Checks", "What must hold in this book and held in the study"),
)
"""What the cover says of each sheet, in their order."""


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
    names = {code: other.country_name for code, other in study.schemes.items()}
    unit = money_unit(_largest(scheme.residence, ["amount"]), scheme.currency)
    note = f"Everything this scheme pays to residents of each country (pensions, sums, refunds, balances), {unit.words} a year, nominal"
    sheet = book.sheet("Residence", "Payments by country of residence", note, "data", upright=True)
    wide = _Wide("residence", {**names, "ROW": "Rest of the world"}, "amount", unit.style(), unit.words)
    keys = [Column("case", "Case", "text", 8), Column("year", "Year", "year", 6)]
    _pivot(sheet, scheme.residence, keys, wide, 12 if unit.cuts else 13)
    broad = scheme.population[scheme.population["age_group"].isin(["0-14", "15-59", "60+"])]
    broad = broad.assign(group=broad["sex"] + " " + broad["age_group"])
    note = "Projected by this study with the migration of the scenario"
    sheet = book.sheet("Population", "Population at 1 January", note, "data", upright=True, tall=1)
    groups = {f"{sex} {age}": f"{word.capitalize()} {age.replace('-', '–')}" for sex, word in SEXES.items() for age in ("0-14", "15-59", "60+")}
    _pivot(sheet, broad, [Column("year", "Year", "year", 6)], _Wide("group", groups, "persons", "number", "persons"), 13)
    _calibration(book, scheme)
    _assumptions(book, scheme)


def _calibration(book: Book, scheme: SchemeResult) -> None:
    columns = (
        Column("item", "Item", "wrap", 20),
        Column("unit", "Unit", "wrap", 11),
        Column("published", "Published", width=20),
        Column("date", "Date", "wrap", 11),
        Column("target", "Brought to the base year", width=20),
        Column("modelled", "Modelled, base year", width=20),
        Column("ratio", "Modelled / target", "number|0.0000", 10),
        Column("factor", "Factor applied", "number|0.0000", 10),
        Column("source", "Source", "wrap", 32),
        Column("confidence", "Confidence", "text", 11),
        Column("note", "Note", "wrap", 44),
    )
    note = "Modelled against published figures for the base year"
    named = scheme.calibration["item"].astype(str).str.replace("_", " ").str.capitalize()
    book.sheet("Calibration", "Calibration", note, "data").table(scheme.calibration.assign(item=named), columns)


def _assumptions(book: Book, scheme: SchemeResult) -> None:
    columns = (
        Column("name", "Assumption", "wrap", 36),
        Column("value", "Value", "wrap", 17),
        Column("unit", "Unit", "wrap", 18),
        Column("source", "Source", "wrap", 33),
        Column("year", "Year", "wrap", 11),
        Column("confidence", "Confidence", "text", 11),
        Column("reason", "Reason", "wrap", 40),
        Column("file", "File", "wrap", 33),
    )
    register = scheme.assumptions.assign(year=scheme.assumptions["year"].map(_shown_year))
    note = "Every figure the study used for this scheme; assumed and recalled ones have no published source"
    book.sheet("Assumptions", "Assumptions", note, "data").table(register, columns)


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
    total = Column("total", "Total", wide.style.replace("number", "sum"), width + 1, wide.unit)
    columns = [*keys, *figures, total]
    if frame.empty:
        sheet.headings(columns)
        return
    index = [key.name for key in keys]
    table = frame.pivot_table(index=index, columns=wide.label, values=wide.values, aggfunc="sum", sort=False)[order].reset_index()
    if "case" in index:
        table = pd.concat([table[table["case"] == case] for case in CASES], ignore_index=True)
    first, after = sheet.table(table.assign(total=0.0), columns, freeze=len(keys), filtered="case" in index)
    left, right = xl_col_to_name(len(keys)), xl_col_to_name(len(columns) - 2)
    for row, value in enumerate(table[order].sum(axis=1), first):
        sheet.formula(row, len(columns) - 1, f"=SUM({left}{row + 1}:{right}{row + 1})", float(value), total.format)
    sheet.five_years(first, after, len(columns), xl_col_to_name(index.index("year")))
    if "case" in index:
        sheet.pages("", (), len(keys), [first + int((table["case"] == CASES[0]).sum())])
