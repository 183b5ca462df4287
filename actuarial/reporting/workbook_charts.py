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
from actuarial.reporting.language import _, phrase
from actuarial.reporting.workbook_formula import Piece, either, rounded, said, sentence
from actuarial.reporting.workbook_look import INK, SERIES, SOFT, WITH, WITHOUT, money_axis
from actuarial.reporting.workbook_sheets import HEADER_ROW, Book, Sheet, SheetError
from actuarial.reporting.workbook_tabs import on

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
    note = _("Lines and messages follow the live sheets; grey: without the instrument, blue: with it")
    sheet = book.sheet("Charts", phrase("{country} in six charts", country=name), note, "result", upright=True, tall=1)
    count = len(rolled["without"])
    rows = {"Without": first, "With": first, "Difference": difference}
    years = (int(rolled["without"]["year"].iloc[0]), int(rolled["without"]["year"].iloc[-1]))
    sheet.text(HEADER_ROW, 0, _("What the charts show"), "label")
    messages = _messages(rolled, first, first + count - 1, difference)
    for i, message in enumerate(messages, HEADER_ROW + 1):
        sheet.formula(i, 0, f"={message.formula}", message.shown, "text")
    money, unit = money_axis(max(float(r["closing"].abs().max()) for r in rolled.values()), currency)
    flows = rolled["with"][["contributions", "benefits"]].to_numpy(float)
    growing = bool((flows > 0).all())
    flow, flow_unit = money_axis(float(flows.min() if growing else flows.max()), currency)
    heads = money_axis(1.0, "")[0]
    charts = (
        (_both("Q"), Axis(_("share of insurable earnings"), "0.0%"),
         phrase("{country}, by year: pay-as-you-go cost rate, with and without the instrument.", country=name)),
        ([Line(_("With minus without"), "Difference", "H", WITH, "solid", 2.25)], Axis(_("percentage points of insurable earnings"), "0.000"),
         phrase("{country}, by year: difference in the pay-as-you-go cost rate, with minus without the instrument.", country=name)),
        (_both("P"), Axis(phrase("reserve at 31 December, {unit}", unit=unit), money),
         phrase("{country}, by year: reserve, with and without the instrument.", country=name)),
        (_both("R"), Axis(_("reserve in years of expenditure"), "0.0"),
         phrase("{country}, by year: opening reserve in years of expenditure, with and without.", country=name)),
        (_parts((_("Contributions"), "E"), (_("Benefits"), "K")),
         Axis(phrase("{unit} a year, logarithmic scale", unit=flow_unit) if growing else phrase("{unit} a year", unit=flow_unit), flow, growing),
         phrase("{country}, by year: contributions and benefits, with the instrument.", country=name)),
        (_parts((_("Contributors"), "S"), (_("Pensioners"), "T")), Axis(_("persons"), heads),
         phrase("{country}, by year: contributors and pensioners, with the instrument.", country=name)),
    )  # fmt: skip
    for i, (place, (lines, axis, alt)) in enumerate(zip(PLACES, charts, strict=True)):
        series = [(line, f"{on(line.sheet)}${{}}${rows[line.sheet]}:${{}}${rows[line.sheet] + count - 1}") for line in lines]
        _chart(sheet, place, HEADER_ROW + 2 + i, axis, years, series, alt)


def _both(column: str) -> list[Line]:
    labels = {"without": _("Without the instrument"), "with": _("With the instrument")}
    return [Line(labels[c], CASE_SHEETS[c], column, *look) for c, look in zip(CASES, CASE_LOOK, strict=True)]


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
    chart.set_title({"name": f"={on('Charts')}$A${message}", "name_font": title, "overlay": False})
    x_axis = {"min": years[0] - 1, "max": years[1], "major_unit": 15, "num_format": "0", "label_position": "low", "name": _("Year")}
    chart.set_x_axis({**common, **x_axis, "major_gridlines": {"visible": False}})
    log = {"log_base": 10, "crossing": "min", "major_unit": 10} if axis.logarithmic else {}
    chart.set_y_axis({**common, "name": axis.name, "num_format": axis.digits, "major_gridlines": _GRID, **log})
    chart.set_legend({"position": "bottom", "font": {**font, "color": INK}})
    chart.set_chartarea({"border": {"color": "#CBD2D9"}})
    chart.set_size({"width": 630, "height": 450})
    row, column = xl_cell_to_rowcol(at)
    if sheet.raw.insert_chart(row, column, chart, {"description": alt}):
        raise SheetError(f"chart not inserted: {alt}")


def _messages(rolled: dict[str, pd.DataFrame], first: int, last: int, difference: int) -> list[Piece]:
    """The six messages: formulas and what they say now."""
    with_, without = rolled["with"], rolled["without"]
    a, b = with_.iloc[0], with_.iloc[-1]
    start, end = Piece(f"{on('With')}A{first}", str(int(a["year"]))), Piece(f"{on('With')}A{last}", str(int(b["year"])))

    def span(sheet: str, column: str) -> str:
        return f"{on(sheet)}{column}{first}:{column}{last}"

    def ends(sheet: str, column: str) -> tuple[str, str]:
        return f"{on(sheet)}{column}{first}", f"{on(sheet)}{column}{last}"

    (q, z), (r, s), (_r0, s0) = ends("With", "Q"), ends("With", "R"), ends("Without", "R")
    (e, f), (k, m) = ends("With", "E"), ends("With", "K")
    (c, d), (p, t) = ends("With", "S"), ends("With", "T")
    none = said(_("No contributions are due: there is nothing to show"))
    cost = either(
        (f"MAX({span('With', 'Q')})=0", not with_["cost_rate"].max() > 0, none),
        otherwise=sentence(
            _("Cost with the instrument: {first}% of insurable earnings in {start}, {last}% in {end}"),
            first=rounded(f"{q}*100", a["cost_rate"] * 100, 1), last=rounded(f"{z}*100", b["cost_rate"] * 100, 1), start=start, end=end,
        ),
    )  # fmt: skip
    gap = 100 * (with_["cost_rate"] - without["cost_rate"])
    spread = f"{on('Difference')}H{difference}:H{difference + last - first}"
    moved = either(
        (f"AND(MAX({spread})=0,MIN({spread})=0)", not gap.abs().max() > 0, said(_("The instrument does not move the cost rate"))),
        otherwise=sentence(
            _("The instrument changes the cost rate by {least} to {most} percentage points"),
            least=rounded(f"MIN({spread})", gap.min(), 3), most=rounded(f"MAX({spread})", gap.max(), 3),
        ),
    )  # fmt: skip
    below = {case: int((rolled[case]["closing"] < 0).sum()) for case in CASES}
    negative = {case: f'COUNTIF({span(CASE_SHEETS[case], "P")},"<0")' for case in CASES}
    held = span("With", "P")
    reserve = either(
        (f"AND(MAX({held})=0,MIN({held})=0)", not with_["closing"].abs().max(), said(_("No reserve is held"))),
        (f"{negative['without']}+{negative['with']}=0", not any(below.values()),
         sentence(_("The reserve lasts through {end}, with and without the instrument"), end=end)),
        otherwise=sentence(
            _("Years with a negative reserve: {without} without the instrument, {with_it} with it"),
            without=Piece(negative["without"], str(below["without"])), with_it=Piece(negative["with"], str(below["with"])),
        ),
    )  # fmt: skip
    known = all(math.isfinite(v) for v in (a["ratio"], b["ratio"], without["ratio"].iloc[-1]))
    ratio = either(
        (f"ISNUMBER({r})*ISNUMBER({s})*ISNUMBER({s0})=0", not known, none),
        otherwise=sentence(
            _("Reserve in years of expenditure: {first} in {start}; in {end} {with_it} with the instrument, {without} without"),
            first=rounded(r, a["ratio"], 1), start=start, end=end, with_it=rounded(s, b["ratio"], 1),
            without=rounded(s0, without["ratio"].iloc[-1], 1),
        ),
    )  # fmt: skip
    return [cost, moved, reserve, ratio, _flows((e, f), (k, m), a, b, (start, end), none), _people((c, d), (p, t), a, b, (start, end), none)]


def _flows(
    due: tuple[str, str], paid: tuple[str, str], a: pd.Series[Any], b: pd.Series[Any], years: tuple[Piece, Piece], none: Piece
) -> Piece:
    """Benefits as a share of contributions in the first and the last year; ``due`` and ``paid`` are cells."""
    some = bool(a["contributions"] * b["contributions"])
    share = [
        rounded(f"100*{paid[i]}/{due[i]}", 100 * y["benefits"] / y["contributions"] if some else 0.0, 0) for i, y in enumerate((a, b))
    ]
    return either(
        (f"{due[0]}*{due[1]}=0", not some, none),
        otherwise=sentence(
            _("Benefits are {first}% of contributions in {start} and {last}% in {end}"), first=share[0], last=share[1], start=years[0], end=years[1]
        ),
    )


def _people(
    insured: tuple[str, str], paid: tuple[str, str], a: pd.Series[Any], b: pd.Series[Any], years: tuple[Piece, Piece], none: Piece
) -> Piece:
    """Contributors for each pensioner, or their growth where nobody draws a pension; ``insured`` and ``paid`` are cells."""
    some, retired = bool(a["contributors"] > 0), bool(a["pensioners"] * b["pensioners"] > 0)
    grown = rounded(f"{insured[1]}/{insured[0]}", b["contributors"] / a["contributors"] if some else 0.0, 1)
    each = [
        rounded(f"{insured[i]}/{paid[i]}", y["contributors"] / y["pensioners"] if retired else 0.0, 1) for i, y in enumerate((a, b))
    ]
    return either(
        (f"{insured[0]}=0", not some, none),
        (f"{paid[0]}*{paid[1]}=0", not retired,
         sentence(_("Contributors in {end}: {times} times those of {start}"), end=years[1], times=grown, start=years[0])),
        otherwise=sentence(
            _("Contributors for each pensioner: {first} in {start}, {last} in {end}"), first=each[0], last=each[1], start=years[0], end=years[1]
        ),
    )  # fmt: skip
