"""Sheets of a country's workbook that show tables of the study as they are: corridors, gains, people, assumptions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from actuarial.feasibility.result import CASES, SchemeResult, StudyResult
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
    ("Corridors", "By origin, host and sex: people moving, people gaining, money"),
    ("Gains", "People with a pension only thanks to the instrument"),
    ("Residence", "Everything paid, by country of residence"),
    ("Population", "Population by sex and age group"),
    ("Calibration", "Modelled against published figures"),
    ("Assumptions", "Every assumption with source, confidence and reason"),
    ("Yearly", "All yearly figures of the study"),
    ("Checks", "What must hold in this book and held in the study"),
)
"""What the cover says of each sheet, in their order."""
SEXES: Final = {"male": "men", "female": "women"}
_PEOPLE: Final = 'number|#,##0.0;-#,##0.0;"–"'


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
    _corridors(book, scheme, names)
    _gains(book, scheme)
    unit = money_unit(_largest(scheme.residence, ["amount"]), scheme.currency)
    note = f"Pensions paid by this scheme to residents of each country, {unit.words} a year, nominal"
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


def _corridors(book: Book, scheme: SchemeResult, names: Mapping[str, str]) -> None:
    money = ["pv_extra_pensions", "pv_extra_payouts", "pv_lump_sums_not_paid", "pv_refunds_not_paid", "pv_administration", "pv_net_cost"]
    money = [name for name in money if name in scheme.corridors]
    unit = money_unit(float(scheme.corridors[money].abs().sum().max()), scheme.currency, 6)
    heads = {
        "pv_extra_pensions": "Extra pensions",
        "pv_extra_payouts": "Extra account payouts",
        "pv_lump_sums_not_paid": "Lump sums not paid",
        "pv_refunds_not_paid": "Refunds not paid",
        "pv_administration": "Administration",
        "pv_net_cost": "Net cost",
    }
    columns = (
        Column("origin", "Origin", "text", 12),
        Column("host", "Host", "text", 12),
        Column("role", "This country is", "text", 9),
        Column("sex", "Sex", "text", 7),
        Column("movers_2026", "Movers in the host, 2026", width=11, unit="persons"),
        Column("flow_2026", "Leave in 2026", width=9, unit="persons"),
        Column("covered_2026", "Insured in the host, 2026", width=11, unit="persons"),
        Column("extra_pensioners_2050", "Extra pensioners, 2050", _PEOPLE, 11, "persons"),
        *(Column(name, heads[name], unit.style(), 14, unit.words) for name in money),
        Column("confidence", "Confidence", "text", 11),
    )
    note = (
        f"Extra pensioners: with a pension only thanks to the instrument. Amounts: present value at the valuation date, {unit.words}. "
        "Net cost: extra pensions and payouts, less lump sums and refunds not paid, plus administration"
    )
    sheet = book.sheet("Corridors", "People and money by origin, host and sex", note, "result", tall=1)
    shown = {"origin": scheme.corridors["origin"].map(lambda c: names.get(c, c)), "host": scheme.corridors["host"].map(lambda c: names.get(c, c))}
    frame = scheme.corridors.assign(**shown, sex=scheme.corridors["sex"].map(lambda s: SEXES.get(s, s)))
    first, after = sheet.table(frame, columns, freeze=4)
    sheet.totals(frame, columns, [c.name for c in columns if not c.is_text], first, after)


def _gains(book: Book, scheme: SchemeResult) -> None:
    """One line per year, men beside women: pensions, pensioners, refunds not paid, the average pension."""
    unit = money_unit(_largest(scheme.gains, ["average_extra_pension"]), scheme.currency, 6)
    subjects = (
        ("extra_new_pensions", "New pensions", _PEOPLE, "persons"),
        ("extra_pensioners", "Pensioners", _PEOPLE, "persons"),
        ("refunds_not_paid", "Refunds not paid", _PEOPLE, "persons"),
        ("average_extra_pension", "Average pension", unit.style(), f"{unit.words}/year"),
    )
    columns, data = [Column("year", "Year", "year", 6)], {}
    for name, heading, style, words in subjects:
        for sex, word in SEXES.items():
            columns.append(Column(f"{name} {sex}", f"{heading}, {word}", style, 16 if "average" in name else 12, words))
            data[f"{name} {sex}"] = scheme.gains[scheme.gains["sex"] == sex].set_index("year")[name]
    frame = pd.DataFrame(data).rename_axis("year").reset_index()
    note = "People whose pension exists only with the instrument, and people who no longer draw a refund"
    sheet = book.sheet("Gains", "Who gains", note, "result", upright=True, tall=1)
    first, after = sheet.table(frame, columns, filtered=False)
    sheet.five_years(first, after, len(columns))


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
