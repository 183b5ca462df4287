"""The sheet Premiums: general average premiums by live present values, over the customary periods.

GAP = (sum of v_t X_t - V_0) / sum of v_t S_t over the first N years (:func:`actuarial.finance.indicators.general_average_premium`), X benefits and
administration, S insurable earnings, V_0 the reserve at the valuation date. Factors as on the sheet CausesByYear; the discount rate is the live
return on the reserve and what the reader adds to it.
"""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from actuarial.basis.dimensions import Array
from actuarial.feasibility.result import CASES, SchemeResult
from actuarial.finance.indicators import discount_factors, year_end_factors
from actuarial.reporting import frames
from actuarial.reporting.language import _, phrase
from actuarial.reporting.workbook_charts import CASE_SHEETS
from actuarial.reporting.workbook_checks import Tested
from actuarial.reporting.workbook_live import LIVE_FIRST, live_unit
from actuarial.reporting.workbook_look import PERCENT, money_unit
from actuarial.reporting.workbook_sheets import HEADER_ROW, Book, Column, Sheet
from actuarial.reporting.workbook_tabs import on, tab

PERIODS: Final = (20, 50, 75)
_RATE: Final = f"number|{PERCENT}"
_POINTS: Final = 'number|+0.0000;-0.0000;"–"'
_FACTOR: Final = "number|0.000000"
_FLOWS: Final = ("insurable_earnings", "contributions", "expenditure")
_LETTERS: Final = {"without": ("E", "F", "G"), "with": ("H", "I", "J")}


def premiums_sheet(book: Book, scheme: SchemeResult, rolled: dict[str, pd.DataFrame], indicators: dict[str, int]) -> list[Tested]:
    """Write the sheet; return what must hold. ``indicators`` has the row (from 1) of every indicator on the sheet Indicators."""
    note = phrase("Live: they follow the yellow cells of {inputs}. Present values at the valuation date, flows at mid-year", inputs=tab("Inputs"))
    sheet = book.sheet("Premiums", _("General average premiums and present values"), note, "live", upright=True, tall=1)
    flows = {(case, name): rolled[case][name].to_numpy(float) for case in CASES for name in _FLOWS}
    rates, opening = rolled["without"]["rate"].to_numpy(float), float(rolled["without"]["opening"].iloc[0])
    periods = [n for n in PERIODS if n <= len(rates)]
    top = HEADER_ROW + 2
    start = top + len(periods) + 4
    _summary(sheet, scheme, flows, rates, opening, periods, start)
    _years(sheet, scheme, flows, rates, int(rolled["without"]["year"].iloc[0]), start)
    if len(rates) != PERIODS[-1] or not all(math.isfinite(_of_study(scheme, case)) for case in CASES):
        return []
    row = top + len(periods)
    of = [f"ABS({on('Premiums')}{own}{row}-{on('Indicators')}{study}{indicators['gap_75']})" for own, study in (("B", "C"), ("C", "D"))]
    said = phrase(
        "The average premium of the sheet {premiums} is that of the study (not tested while yellow cells are changed)", premiums=tab("Premiums")
    )
    return [Tested(said, f"=IF(What_if=0,MAX({','.join(of)}),0)")]


def _of_study(scheme: SchemeResult, case: str) -> float:
    """The study's own premium; missing where it has no meaning, as for accounts."""
    known = frames.collects(scheme) and frames.has_indicator(scheme, "gap_75")
    return frames.indicator(scheme, "gap_75", case) if known else math.nan


def _summary(
    sheet: Sheet, scheme: SchemeResult, flows: dict[tuple[str, str], Array], rates: Array, opening: float, periods: list[int], start: int
) -> None:
    """One line for each period, above the years, which begin in row ``start`` (from 0)."""
    v = discount_factors(rates)
    worth = {(n, *key): float(v[:n] @ flow[:n]) for key, flow in flows.items() for n in periods}
    unit = money_unit(max((abs(x) for x in worth.values()), default=0.0), scheme.currency)
    money = unit.style()
    columns = (
        Column("", _("Over the first years"), "year", 12, _("years")),
        Column("", _("Average premium without"), _RATE, 13, _("of earnings")),
        Column("", _("Average premium with"), _RATE, 13, _("of earnings")),
        Column("", _("Difference"), _POINTS, 13, _("percentage points")),
        Column("", _("Insurable earnings without, present value"), money, 15, unit.shown),
        Column("", _("Contributions without, present value"), money, 15, unit.shown),
        Column("", _("Benefits and administration without, present value"), money, 15, unit.shown),
        Column("", _("Insurable earnings with, present value"), money, 15, unit.shown),
        Column("", _("Contributions with, present value"), money, 15, unit.shown),
        Column("", _("Benefits and administration with, present value"), money, 15, unit.shown),
    )
    row = sheet.headings(columns)
    first, last = start + 1, start + len(rates)
    for n in periods:
        sheet.number(row, 0, n, "year")
        premium: dict[str, float] = {}
        for case, own, letters in zip(CASES, ("B", "C"), _LETTERS.values(), strict=True):
            base = worth[n, case, "insurable_earnings"]
            premium[case] = (worth[n, case, "expenditure"] - opening) / base if base else 0.0
            formula = f"=IF({letters[0]}{row + 1}=0,0,({letters[2]}{row + 1}-Opening_reserve)/{letters[0]}{row + 1})"
            sheet.formula(row, "ABC".index(own), formula, premium[case], _RATE)
            for c, (letter, name) in enumerate(zip(letters, _FLOWS, strict=True), "ABCDEFGH".index(letters[0])):
                span = f"{letter}${first}:{letter}${last}"
                within = f"($A${first}:$A${last}<=$A${start}+$A{row + 1})"
                sheet.formula(row, c, f"=SUMPRODUCT({within}*$D${first}:$D${last}*{span})", worth[n, case, name], money)
        sheet.formula(row, 3, f"=(C{row + 1}-B{row + 1})*100", 100 * (premium["with"] - premium["without"]), _POINTS)
        row += 1


def _years(
    sheet: Sheet, scheme: SchemeResult, flows: dict[tuple[str, str], Array], rates: Array, first_year: int, start: int
) -> None:
    """Rates, factors and flows by year below a line for the valuation date in row ``start - 1``."""
    unit = live_unit(scheme)
    money = (unit.style(), 15, unit.shown)
    columns = (
        Column("", _("Year"), "year", 12),
        Column("", _("Discount rate"), _RATE, 13, _("per year")),
        Column("", _("Discount factor, 31 December"), _FACTOR, 13, "w"),
        Column("", _("Discount factor, mid-year"), _FACTOR, 13, "v"),
        Column("", _("Insurable earnings without"), *money),
        Column("", _("Contributions without"), *money),
        Column("", _("Benefits and administration without"), *money),
        Column("", _("Insurable earnings with"), *money),
        Column("", _("Contributions with"), *money),
        Column("", _("Benefits and administration with"), *money),
    )
    sheet.headings(columns, start - 3)
    sheet.number(start - 1, 0, first_year - 1, "year")
    sheet.number(start - 1, 2, 1.0, _FACTOR)
    end, middle = year_end_factors(rates), discount_factors(rates)
    for i in range(len(rates)):
        row, live = start + i, LIVE_FIRST + 1 + i
        without, with_ = (on(CASE_SHEETS[case]) for case in CASES)
        own = [
            (f"={without}A{live}", float(first_year + i)),
            (f"={without}N{live}+Discount_rate_addition", float(rates[i])),
            (f"=C{row}/(1+B{row + 1})", float(end[i])),
            (f"=C{row}/SQRT(1+B{row + 1})", float(middle[i])),
            *((f"={there}{cells}", float(flows[case, name][i]))
              for case, there in zip(CASES, (without, with_), strict=True)
              for cells, name in zip((f"C{live}", f"E{live}", f"K{live}+{there}L{live}"), _FLOWS, strict=True)),
        ]  # fmt: skip
        for c, ((formula, value), column) in enumerate(zip(own, columns, strict=True)):
            sheet.formula(row, c, formula, value, column.format)
    sheet.five_years(start, start + len(rates), len(columns))
