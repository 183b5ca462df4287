"""The sheet CausesByYear: net cost of the pension scheme by year and cause, and the factors that discount it.

1. Amounts by cause are the study's; the net cost of the year comes from ``Yearly``. The last line is the present value of
   every column, a formula.
2. Discount factors follow from the return of ``Yearly``: w at 31 December, v at mid-year, w_t = w_(t-1) / (1 + j_t),
   v_t = w_(t-1) / sqrt(1 + j_t), and w = 1 at the valuation date.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import Array
from actuarial.feasibility.result import SchemeResult
from actuarial.finance.indicators import discount_factors, year_end_factors
from actuarial.reporting import frames
from actuarial.reporting.language import _, data_text, filled, marked, phrase
from actuarial.reporting.workbook_live import yearly_column
from actuarial.reporting.workbook_look import NOISE, money_unit
from actuarial.reporting.workbook_sheets import FIRST_ROW, Book, Column, Sheet
from actuarial.reporting.workbook_tabs import on
from actuarial.reporting.workbook_words import ACCOUNT_SUM, BRANCHES, CAUSE_SEXES, CAUSES, word

SHEET: Final = "CausesByYear"
_BY_SEX: Final = {"male": marked("{branch}: {cause}, men"), "female": marked("{branch}: {cause}, women")}
_FACTOR: Final = "number|0.000000"
_YEARLY_COLUMNS: Final = 5
"""Columns before the causes: year, two factors, expenditure, net cost."""


@dataclass(frozen=True)
class ByYear:
    """Figures of the sheet and where they stand: columns, figures by column [year], first row and the one after the last."""

    columns: list[Column]
    amounts: dict[str, Array]
    first: int
    after: int

    @property
    def causes(self) -> list[str]:
        """Columns of causes: branch, cause and sex with a ``|`` between."""
        return [c.name for c in self.columns[_YEARLY_COLUMNS:-1]]

    def present(self, name: str) -> float:
        """Present value of a column."""
        return math.fsum(self.amounts[name] * self.amounts["middle"])

    def span(self, name: str) -> str:
        """Range of a column over the years."""
        letter = Sheet.letter(self.columns, name)
        return f"{on(SHEET)}${letter}${self.first + 1}:${letter}${self.after}"

    def present_cell(self, name: str) -> str:
        """Cell with the present value of a column."""
        return f"{on(SHEET)}${Sheet.letter(self.columns, name)}${self.after + 1}"


def by_year(scheme: SchemeResult, rolled: dict[str, pd.DataFrame]) -> ByYear | None:
    """Figures of the sheet; ``None`` for a scheme that collects nothing."""
    if not frames.collects(scheme):
        return None
    without, with_ = rolled["without"], rolled["with"]
    years = without["year"].to_numpy(int)
    rates = without["rate"].to_numpy(float)
    causes = _causes(scheme).reindex(years)
    net = (with_["expenditure"] - with_["contributions"]) - (without["expenditure"] - without["contributions"])
    values: dict[str, Array] = {
        "year": years,
        "end": year_end_factors(rates),
        "middle": discount_factors(rates),
        "expenditure": without["expenditure"].to_numpy(float),
        "net": net.to_numpy(float),
        **{str(n): causes[n].to_numpy(float) for n in causes},
        "total": causes.sum(axis=1).to_numpy(float),
    }
    unit = money_unit(max(float(np.abs(values[n]).max()) for n in values if n not in ("year", "end", "middle")), scheme.currency)
    money = (unit.style(), 15, unit.shown)
    account = scheme.kind == frames.ACCOUNT
    columns = [
        Column("year", _("Year"), "year", 14),
        Column("end", _("Discount factor, 31 December"), _FACTOR, 11, _("w")),
        Column("middle", _("Discount factor, mid-year"), _FACTOR, 11, _("v")),
        Column("expenditure", _("Benefits and administration, without"), *money),
        Column("net", _("With less without, from Yearly") if account else _("Net cost: with less without, from Yearly"), *money),
        *(Column(str(n), _heading(str(n)), *money) for n in causes),
        Column("total", _("Sum of the causes"), unit.style("sum"), 15, unit.shown),
    ]
    first = FIRST_ROW + 1
    return ByYear(columns, values, first, first + len(years))


def _heading(name: str) -> str:
    branch, cause, sex = name.split("|")
    shown = {"branch": word(BRANCHES, branch), "cause": word(CAUSES, cause)}
    if not sex:
        return phrase("{branch}: {cause}", **shown)
    return filled(_(_BY_SEX[sex]), shown) if sex in _BY_SEX else phrase("{branch}: {cause}, {sex}", **shown, sex=data_text(sex))


def _causes(scheme: SchemeResult) -> pd.DataFrame:
    """Amounts with one row per year and one column per branch, cause and sex: those that occur, in the order of the words."""
    table = scheme.causes.assign(sex=scheme.causes["sex"].fillna(""))
    keys = ["branch", "cause", "sex"]
    if table.empty:
        return pd.DataFrame()
    wide = table.pivot_table(index="year", columns=keys, values="amount", aggfunc="sum", sort=False)
    wide.columns = pd.Index(["|".join(key) for key in wide.columns])
    size = wide.abs().max()
    occurring = {str(n).rpartition("|")[0] for n, v in size.items() if v > NOISE * size.max()}
    ranks = [_ranks(table[key], words) for key, words in zip(keys, (BRANCHES, CAUSES, CAUSE_SEXES), strict=True)]
    order = sorted((str(n) for n in wide), key=lambda n: [rank[part] for rank, part in zip(ranks, n.split("|"), strict=True)])
    return wide[[n for n in order if n.rpartition("|")[0] in occurring]]


def _ranks(found: pd.Series, known: Mapping[str, str]) -> dict[str, int]:
    """Place of every name: known ones first, then others as they come."""
    return {name: i for i, name in enumerate(dict.fromkeys([*known, *map(str, found)]))}


def causes_by_year(book: Book, scheme: SchemeResult, place: ByYear | None, source: dict[str, int]) -> None:
    """Write the sheet; ``source`` is the first row (from 1) of each case on the sheet Yearly."""
    title = _(ACCOUNT_SUM) if scheme.kind == frames.ACCOUNT else _("Net cost of the pension scheme by year and cause")
    note = phrase(
        "Nominal {currency}, costs positive; factors discount to the valuation date at the return on the reserve; cells hold full amounts",
        currency=scheme.currency,
    )
    sheet = book.sheet(SHEET, title, note, "data", upright=True, at=1)
    if place is None:
        sheet.table(pd.DataFrame(columns=["year"]), [Column("year", _("Year"), "year", 14)])
        return
    columns, first = place.columns, place.first
    sheet.headings(columns)
    sheet.number(first - 1, 0, float(place.amounts["year"][0]) - 1, "year")
    sheet.number(first - 1, 1, 1.0, _FACTOR)
    last = len(columns) - 1
    causes = f"{sheet.letter(columns, columns[_YEARLY_COLUMNS].name)}{{0}}:{sheet.letter(columns, columns[last - 1].name)}{{0}}"
    for i in range(place.after - first):
        row = first + i
        formulas = [*_from_yearly(row, {case: start + i for case, start in source.items()})]
        for c, (column, formula) in enumerate(zip(columns, formulas, strict=False)):
            sheet.formula(row, c, formula, float(place.amounts[column.name][i]), column.format)
        for c, column in enumerate(columns[_YEARLY_COLUMNS:last], _YEARLY_COLUMNS):
            sheet.number(row, c, float(place.amounts[column.name][i]), column.format)
        formula = f"=SUM({causes.format(row + 1)})" if place.causes else "=0"
        sheet.formula(row, last, formula, float(place.amounts["total"][i]), columns[last].format)
    sheet.text(place.after, 0, _("Present value"), "total_text")
    for c, column in enumerate(columns[1:], 1):
        if column.name in ("end", "middle"):
            sheet.text(place.after, c, "", "total_text")
            continue
        formula = f"=SUMPRODUCT({place.span('middle')},{place.span(column.name)})".replace(on(SHEET), "")
        digits = column.format.partition("|")[2]
        sheet.formula(place.after, c, formula, place.present(column.name), f"total|{digits}")
    book.name("Cost_scale", SHEET, place.after, 3)
    sheet.five_years(first, place.after, len(columns))
    sheet.pages(title, list(range(9, len(columns), 8)), 1)


def _from_yearly(row: int, source: dict[str, int]) -> tuple[str, ...]:
    """Formulas of year, factors, expenditure without and net cost of a row (from 0); ``source``: rows of Yearly by case."""

    def of(case: str, name: str) -> str:
        return f"{on('Yearly')}{yearly_column(name)}{source[case]}"

    outgo = {case: f"{of(case, 'benefits')}+{of(case, 'administration')}" for case in source}
    net = {case: f"({outgo[case]}-{of(case, 'contributions')})" for case in source}
    return (
        f"={of('without', 'year')}",
        f"=B{row}/(1+{of('without', 'rate')})",
        f"=B{row}/SQRT(1+{of('without', 'rate')})",
        f"={outgo['without']}",
        f"={net['with']}-{net['without']}",
    )
