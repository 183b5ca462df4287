"""Sheets of a country's workbook that show tables of the study as they are: corridors, gains, people, assumptions."""

from __future__ import annotations

import math

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting.workbook_sheets import HEADER_ROW, Book, Column, Sheet


def tables(book: Book, scheme: SchemeResult) -> list[tuple[str, str]]:
    """Write the tables of the study that do not recalculate; return the sheets of the book with one line each."""
    money = f"{scheme.currency}, present value at the valuation date"
    corridors = (
        Column("origin", "Origin", "text", 9),
        Column("host", "Host", "text", 9),
        Column("role", "Role of this country", "text", 12),
        Column("sex", "Sex", "text", 9),
        Column("movers_2026", "Movers living in the host, 2026"),
        Column("flow_2026", "Leave in 2026"),
        Column("covered_2026", "Insured in the host, 2026"),
        Column("extra_pensioners_2050", "Pensioners only thanks to the instrument, 2050"),
        Column("pv_extra_pensions", f"Extra pensions ({money})", width=22),
        Column("pv_lump_sums_not_paid", f"Lump sums not paid ({money})", width=22),
        Column("pv_refunds_not_paid", f"Refunds not paid ({money})", width=22),
        Column("pv_administration", f"Administration ({money})", width=22),
        Column("pv_net_cost", f"Net cost ({money})", width=22),
        Column("confidence", "Confidence", "text", 12),
    )
    sheet = book.sheet("Corridors", "Corridors", "People and money by origin, host and sex", tab="#3E4C59")
    after = sheet.table(scheme.corridors, corridors, freeze=4)
    sheet.totals(scheme.corridors, corridors, [c.name for c in corridors if c.format == "money"], after)
    gains = (
        Column("year", "Year", "year", 9),
        Column("sex", "Sex", "text", 9),
        Column("extra_new_pensions", "Awards only thanks to the instrument"),
        Column("extra_pensioners", "Pensioners only thanks to the instrument"),
        Column("average_extra_pension", f"Their average pension ({scheme.currency} a year)"),
        Column("refunds_not_paid", "Refunds not paid (persons)"),
    )
    sheet = book.sheet("Gains", "Who gains", "People whose pension exists only with the instrument", tab="#3E4C59")
    sheet.table(scheme.gains, gains)
    sheet = book.sheet("Residence", "Pensions by country of residence", scheme.currency, tab="#3E4C59")
    _pivot(sheet, scheme.residence, ["case", "year"], "residence", "amount")
    broad = scheme.population[scheme.population["age_group"].isin(["0-14", "15-59", "60+"])]
    broad = broad.assign(group=broad["sex"] + " " + broad["age_group"])
    sheet = book.sheet("Population", "Population at 1 January", "Persons", tab="#3E4C59")
    _pivot(sheet, broad, ["year"], "group", "persons")
    calibration = (
        Column("item", "Item", "text", 28),
        Column("unit", "Unit", "text", 12),
        Column("published", "Published"),
        Column("date", "Date", "text", 12),
        Column("target", "Brought to the base year"),
        Column("modelled", "Modelled, base year"),
        Column("ratio", "Modelled / target", "number"),
        Column("factor", "Factor applied", "number"),
        Column("source", "Source", "text", 50),
        Column("confidence", "Confidence", "text", 12),
        Column("note", "Note", "text", 60),
    )
    note = "Modelled against published figures for the base year"
    book.sheet("Calibration", "Calibration", note, tab="#3E4C59").table(scheme.calibration, calibration)
    assumptions = (
        Column("name", "Assumption", "text", 44),
        Column("value", "Value", "plain", 16),
        Column("unit", "Unit", "text", 20),
        Column("source", "Source", "wrap", 60),
        Column("year", "Year", "text", 8),
        Column("confidence", "Confidence", "text", 12),
        Column("reason", "Reason", "wrap", 60),
        Column("file", "File", "text", 40),
    )
    register = scheme.assumptions.assign(year=scheme.assumptions["year"].map(_shown_year))
    sheet = book.sheet("Assumptions", "Assumptions", "Every figure the study used for this scheme", tab="#3E4C59")
    sheet.table(register, assumptions)
    return [
        ("ReadMe", "Conventions, limits, responsibility"),
        ("Inputs", "What-if cells and the opening reserve"),
        ("Indicators", "Cost rate, general average premium, key dates; with, without, difference"),
        ("Without", "Roll-forward of the reserve without the instrument (live)"),
        ("With", "Roll-forward of the reserve with the instrument (live)"),
        ("Difference", "With minus without, year by year (live)"),
        ("Charts", "Cost rate, reserve, flows, people"),
        ("Corridors", "By origin, host and sex: people moving, people gaining, money"),
        ("Gains", "People with a pension only thanks to the instrument"),
        ("Residence", "Pensions paid by country of residence"),
        ("Population", "Population by sex and age group"),
        ("Calibration", "Modelled against published figures"),
        ("Assumptions", "Every assumption with source, confidence and reason"),
        ("Yearly", "All yearly figures of the study"),
        ("Checks", "What must hold in this book and held in the study"),
    ]


def _shown_year(value: object) -> str:
    if isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    return f"{number:.0f}" if math.isfinite(number) else ""


def _pivot(sheet: Sheet, frame: pd.DataFrame, index: list[str], over: str, values: str) -> None:
    """Write a tidy frame with one column per value of ``over`` and their sum as a formula."""
    order = list(dict.fromkeys(frame[over]))
    keys = [Column(name, name.capitalize(), "year" if name == "year" else "text", 10) for name in index]
    columns = [*keys, *(Column(name, name) for name in order)]
    if frame.empty:
        sheet.headings(columns)
        return
    wide = frame.pivot_table(index=index, columns=over, values=values, aggfunc="sum", sort=False)[order].reset_index()
    sheet.table(wide, columns, freeze=len(keys))
    first, last = xl_col_to_name(len(keys)), xl_col_to_name(len(columns) - 1)
    sheet.text(HEADER_ROW, len(columns), "Total", "header")
    for row, total in enumerate(wide[order].sum(axis=1), HEADER_ROW + 1):
        sheet.formula(row, len(columns), f"=SUM({first}{row + 1}:{last}{row + 1})", float(total), "total")
