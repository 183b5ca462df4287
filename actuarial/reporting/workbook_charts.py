"""The sheet Charts: six native charts that follow the live sheets, each under a message that follows them too.

The messages are formulas on the sheet, and the titles of the charts point at them: whoever changes a what-if cell reads
what the new lines say. Numbers are joined to words by ROUND, since TEXT reads its format in the reader's language.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from xlsxwriter.utility import xl_cell_to_rowcol

from actuarial.feasibility.result import CASES
from actuarial.reporting.workbook_look import INK, SERIES, SOFT, WITH, WITHOUT, money_axis
from actuarial.reporting.workbook_sheets import HEADER_ROW, Book, Sheet, SheetError

CASE_SHEETS: Final = {"without": "Without", "with": "With"}
CASE_LOOK: Final = ((WITHOUT, "solid", 1.25), (WITH, "dash", 3.0))
"""The wide dashes show on either side of the thin line, whichever a program draws on top."""
PARTS_LOOK: Final = ((SERIES[0], "solid", 2.25), (SERIES[1], "dash", 2.25))
PLACES: Final = ("A12", "K12", "A39", "K39", "A66", "K66")
_GRID: Final = {"visible": True, "line": {"color": "#E4E7EB", "width": 0.5}}


@dataclass(frozen=True)
class Line:
    """One line of a chart: its label, its sheet, the column of its values, colour, dashes and width."""

    label: str
    sheet: str
    column: str
    color: str
    dash: str
    width: float


@dataclass(frozen=True)
class Axis:
    """The vertical axis: what it shows with its unit, the format of its numbers, whether it is logarithmic."""

    name: str
    digits: str
    logarithmic: bool = False


def charts_sheet(book: Book, name: str, currency: str, rolled: dict[str, pd.DataFrame], first: int, difference: int) -> None:
    """Write messages and charts. ``first`` and ``difference``: row (from 1) of the first year on live sheets, Difference."""
    note = "Lines and messages follow the live sheets; grey: without the instrument, blue: with it"
    sheet = book.sheet("Charts", f"{name} in six charts", note, "result", upright=True, tall=1)
    count = len(rolled["without"])
    rows = {"Without": first, "With": first, "Difference": difference}
    years = (int(rolled["without"]["year"].iloc[0]), int(rolled["without"]["year"].iloc[-1]))
    sheet.text(HEADER_ROW, 0, "What the charts show", "label")
    messages = _messages(rolled, first, first + count - 1, difference)
    for i, (formula, text) in enumerate(messages, HEADER_ROW + 1):
        sheet.formula(i, 0, formula, text, "text")
    money, unit = money_axis(max(float(r["closing"].abs().max()) for r in rolled.values()), currency)
    flows = rolled["with"][["contributions", "benefits"]].to_numpy(float)
    growing = bool((flows > 0).all())
    flow, flow_unit = money_axis(float(flows.min() if growing else flows.max()), currency)
    heads, _ = money_axis(1.0, "")
    charts = (
        (_both("Q"), Axis("share of insurable earnings", "0.0%"), "pay-as-you-go cost rate, with and without the instrument"),
        ([Line("With minus without", "Difference", "H", WITH, "solid", 2.25)], Axis("percentage points of insurable earnings", "0.000"),
         "difference in the pay-as-you-go cost rate, with minus without the instrument"),
        (_both("P"), Axis(f"reserve at 31 December, {unit}", money), "reserve, with and without the instrument"),
        (_both("R"), Axis("reserve in years of expenditure", "0.0"), "opening reserve in years of expenditure, with and without"),
        (_parts(("Contributions", "E"), ("Benefits", "K")),
         Axis(f"{flow_unit} a year{', logarithmic scale' if growing else ''}", flow, growing), "contributions and benefits, with the instrument"),
        (_parts(("Contributors", "S"), ("Pensioners", "T")), Axis("persons", heads), "contributors and pensioners, with the instrument"),
    )  # fmt: skip
    for i, (place, (lines, axis, alt)) in enumerate(zip(PLACES, charts, strict=True)):
        series = [(line, f"{line.sheet}!${{}}${rows[line.sheet]}:${{}}${rows[line.sheet] + count - 1}") for line in lines]
        _chart(sheet, place, HEADER_ROW + 2 + i, axis, years, series, f"{name}, by year: {alt}.")


def _both(column: str) -> list[Line]:
    return [Line(f"{CASE_SHEETS[c]} the instrument", CASE_SHEETS[c], column, *look) for c, look in zip(CASES, CASE_LOOK, strict=True)]


def _parts(*parts: tuple[str, str]) -> list[Line]:
    return [Line(label, "With", column, *look) for (label, column), look in zip(parts, PARTS_LOOK, strict=True)]


def _chart(
    sheet: Sheet, at: str, message: int, axis: Axis, years: tuple[int, int], series: Sequence[tuple[Line, str]], alt: str
) -> None:
    """Insert a line chart over years (scatter with straight lines, which every program draws to scale).

    ``message`` is the row (counted from 1) that holds the title; in a span the letters of the columns are left open.
    """
    chart = sheet.book.file.add_chart({"type": "scatter", "subtype": "straight"})
    for line, span in series:
        look = {"color": line.color, "width": line.width, "dash_type": line.dash}
        x, y = span.format("A", "A"), span.format(line.column, line.column)
        chart.add_series({"name": line.label, "categories": f"={x}", "values": f"={y}", "line": look, "marker": {"type": "none"}})
    font = {"name": "Arial", "size": 9, "color": SOFT, "bold": False}
    common: dict[str, Any] = {"num_font": font, "name_font": font, "line": {"color": "#9AA5B1"}}
    title = {"name": "Arial", "size": 11, "bold": True, "color": INK}
    chart.set_title({"name": f"=Charts!$A${message}", "name_font": title, "overlay": False})
    x_axis = {"min": years[0] - 1, "max": years[1], "major_unit": 15, "num_format": "0", "label_position": "low", "name": "Year"}
    chart.set_x_axis({**common, **x_axis, "major_gridlines": {"visible": False}})
    log = {"log_base": 10, "crossing": "min", "major_unit": 10} if axis.logarithmic else {}
    chart.set_y_axis({**common, "name": axis.name, "num_format": axis.digits, "major_gridlines": _GRID, **log})
    chart.set_legend({"position": "bottom", "font": {**font, "color": INK}})
    chart.set_chartarea({"border": {"color": "#CBD2D9"}})
    chart.set_size({"width": 630, "height": 450})
    row, column = xl_cell_to_rowcol(at)
    if sheet.raw.insert_chart(row, column, chart, {"description": alt}):
        raise SheetError(f"chart not inserted: {alt}")


def _messages(rolled: dict[str, pd.DataFrame], first: int, last: int, difference: int) -> list[tuple[str, str]]:
    """Formula and present text of the six messages."""
    with_, without = rolled["with"], rolled["without"]
    a, b = with_.iloc[0], with_.iloc[-1]
    start, end = int(a["year"]), int(b["year"])
    years = f"With!A{first}", f"With!A{last}"

    def span(sheet: str, column: str) -> str:
        return f"{sheet}!{column}{first}:{column}{last}"

    def ends(sheet: str, column: str) -> tuple[str, str]:
        return f"{sheet}!{column}{first}", f"{sheet}!{column}{last}"

    (q, z), (r, s), (_, s0) = ends("With", "Q"), ends("With", "R"), ends("Without", "R")
    (e, f), (k, m) = ends("With", "E"), ends("With", "K")
    (c, d), (p, t) = ends("With", "S"), ends("With", "T")
    none = "No contributions are due: there is nothing to show"
    cost = (
        f'=IF(MAX({span("With", "Q")})=0,"{none}","Cost with the instrument: "&ROUND({q}*100,1)&"% of insurable earnings in "'
        f'&{years[0]}&", "&ROUND({z}*100,1)&"% in "&{years[1]})',
        f"Cost with the instrument: {_round(a['cost_rate'] * 100, 1)}% of insurable earnings in {start}, {_round(b['cost_rate'] * 100, 1)}% in {end}"
        if with_["cost_rate"].max() > 0
        else none,
    )
    gap = 100 * (with_["cost_rate"] - without["cost_rate"])
    spread = f"Difference!H{difference}:H{difference + last - first}"
    moved = "The instrument changes the cost rate by {} to {} percentage points"
    still = "The instrument does not move the cost rate"
    pieces = moved.split("{}")
    difference_message = (
        f'=IF(AND(MAX({spread})=0,MIN({spread})=0),"{still}",'
        f'"{pieces[0]}"&ROUND(MIN({spread}),3)&"{pieces[1]}"&ROUND(MAX({spread}),3)&"{pieces[2]}")',
        moved.format(_round(gap.min(), 3), _round(gap.max(), 3)) if gap.abs().max() > 0 else still,
    )
    below = [int((rolled[case]["closing"] < 0).sum()) for case in CASES]
    negative = [f'COUNTIF({span(CASE_SHEETS[case], "P")},"<0")' for case in CASES]
    empty, lasts = "No reserve is held", "The reserve lasts through {}, with and without the instrument"
    reserve = (
        f'=IF(AND(MAX({span("With", "P")})=0,MIN({span("With", "P")})=0),"{empty}",IF({negative[0]}+{negative[1]}=0,'
        f'"{lasts.split("{}")[0]}"&{years[1]}&"{lasts.split("{}")[1]}",'
        f'"Years with a negative reserve: "&{negative[0]}&" without the instrument, "&{negative[1]}&" with it"))',
        empty if not with_["closing"].abs().max() else lasts.format(end) if not sum(below)
        else f"Years with a negative reserve: {below[0]} without the instrument, {below[1]} with it",
    )  # fmt: skip
    known = all(math.isfinite(v) for v in (a["ratio"], b["ratio"], without["ratio"].iloc[-1]))
    ratio = (
        f'=IF(ISNUMBER({r})*ISNUMBER({s})*ISNUMBER({s0})=0,"{none}","Reserve in years of expenditure: "&ROUND({r},1)&" in "&{years[0]}'
        f'&"; in "&{years[1]}&" "&ROUND({s},1)&" with the instrument, "&ROUND({s0},1)&" without")',
        f"Reserve in years of expenditure: {_round(a['ratio'], 1)} in {start}; in {end} {_round(b['ratio'], 1)} with the instrument, "
        f"{_round(without['ratio'].iloc[-1], 1)} without" if known else none,
    )  # fmt: skip
    due = a["contributions"] * b["contributions"] != 0
    flows = (
        f'=IF({e}*{f}=0,"{none}","Benefits are "&ROUND(100*{k}/{e},0)&"% of contributions in "&{years[0]}&" and "'
        f'&ROUND(100*{m}/{f},0)&"% in "&{years[1]})',
        f"Benefits are {_round(100 * a['benefits'] / a['contributions'], 0)}% of contributions in {start} and "
        f"{_round(100 * b['benefits'] / b['contributions'], 0)}% in {end}" if due else none,
    )  # fmt: skip
    ratio_known = a["pensioners"] * b["pensioners"] > 0
    grows = a["contributors"] > 0
    people = (
        f'=IF({c}=0,"{none}",IF({p}*{t}=0,"Contributors in "&{years[1]}&": "&ROUND({d}/{c},1)&" times those of "&{years[0]},'
        f'"Contributors for each pensioner: "&ROUND({c}/{p},1)&" in "&{years[0]}&", "&ROUND({d}/{t},1)&" in "&{years[1]}))',
        none if not grows
        else f"Contributors for each pensioner: {_round(a['contributors'] / a['pensioners'], 1)} in {start}, "
        f"{_round(b['contributors'] / b['pensioners'], 1)} in {end}" if ratio_known
        else f"Contributors in {end}: {_round(b['contributors'] / a['contributors'], 1)} times those of {start}",
    )  # fmt: skip
    return [cost, difference_message, reserve, ratio, flows, people]


def _round(value: float, digits: int) -> str:
    """A number as a spreadsheet joins it to words after ROUND (halves away from zero)."""
    scaled = math.floor(abs(float(value)) * 10**digits + 0.5) / 10**digits
    return f"{math.copysign(scaled, value) if scaled else 0.0:.15g}"
