"""Fans of an ensemble: bands that hold 50, 80 and 95 of 100 paths, year by year.

1. A band is a statement on each year by itself: no path need stay in it for long. The line in the middle is the median of the paths of that year,
   no forecast; the base scenario is a line of its own, because it is one path and not the middle by construction.
2. Bands are told apart by lightness, lines by dash and lightness as well as by colour, so that grey print and colour-blind readers lose nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from actuarial.reporting import numbers
from actuarial.reporting.style import DASHES, SERIES, TINTS, WITHOUT, chart_style, figure, set_message, set_unit, tick

BANDS: Final = ((0.025, 0.975, "95 of 100 paths", "#E3EEF6"), (0.10, 0.90, "80 of 100 paths", "#B5D2E7"), (0.25, 0.75, "50 of 100 paths", TINTS[1]))
"""Lower and upper quantile, words, colour; the widest first."""
MEDIAN: Final = "median of paths"
BASE: Final = "base scenario"
SPOKEN: Final = 2050
"""Year of which the message speaks."""


@dataclass(frozen=True)
class Measure:
    """How a measure is drawn: its name, cases in panels, factor and unit of level and difference, how a value is said."""

    name: str
    cases: tuple[str, ...]
    factor: float
    unit: str
    change: str
    spoken: Callable[[float], str]
    spoken_change: Callable[[float], str]


def _years(value: float) -> str:
    return f"{numbers.decimal(value, 1)} years"


def _more_years(value: float) -> str:
    return f"{numbers.signed(value, digits=2)} years"


def _dollars(value: float) -> str:
    return numbers.money(value, "USD", sign=True)


_EARNINGS: Final = "percentage points of insurable earnings"
MEASURES: Final = {
    "payg": Measure("PAYG cost rate", ("with", "difference"), 100.0, "% of insurable earnings", _EARNINGS, numbers.rate, numbers.points),
    "reserve_ratio": Measure("opening reserve", ("with", "difference"), 1.0, "years of expenditure", "years of expenditure", _years, _more_years),
    "net_cost_share": Measure("net cost of the instrument", ("difference",), 100.0, "", _EARNINGS, numbers.rate, numbers.points),
    "net_cost_usd": Measure(
        "net cost of the instrument", ("difference",), 1e-6, "", "million US dollars a year, prices of the valuation date", _dollars, _dollars
    ),
}
_TITLES: Final = {"without": "Without the instrument", "with": "With the instrument", "difference": "With minus without"}


def bands(quantiles: pd.DataFrame, country: str, measure: str, case: str) -> pd.DataFrame:
    """Values by year (rows) and quantile (columns). Raises ``KeyError`` when the table has none or lacks a quantile of :data:`BANDS`."""
    rows = quantiles[(quantiles["country"] == country) & (quantiles["measure"] == measure) & (quantiles["case"] == case)]
    if rows.empty:
        raise KeyError(f"the table of quantiles has no {measure} ({case}) for {country}")
    table = rows.pivot_table(index="year", columns="quantile", values="value", aggfunc="first").sort_index()
    needed = [0.5, *(level for low, high, *_ in BANDS for level in (low, high))]
    if missing := [level for level in needed if level not in table.columns]:
        raise KeyError(f"the table of quantiles lacks {missing} for {country}")
    return table


def base_line(base: pd.DataFrame, country: str, measure: str, case: str) -> pd.Series[float]:
    """The base scenario by year. Raises ``KeyError`` when the table has none."""
    rows = base[(base["country"] == country) & (base["measure"] == measure) & (base["case"] == case)]
    if rows.empty:
        raise KeyError(f"the base has no {measure} ({case}) for {country}")
    return rows.set_index("year")["value"].sort_index()


def fan_chart(quantiles: pd.DataFrame, base: pd.DataFrame, country: str, measure: str, name: str) -> Figure:
    """The fan of one measure of :data:`MEASURES`: its level with the instrument, where it has one, and with minus without.

    ``quantiles`` and ``base`` are tables of an ensemble, ``name`` the country in words. Raises ``KeyError`` for a measure, country or quantile
    that they lack.
    """
    shown = MEASURES[measure]
    with chart_style():
        drawing = figure(3.0)
        panels = np.atleast_1d(drawing.subplots(1, len(shown.cases)))
        for axes, case in zip(panels, shown.cases, strict=True):
            _fan(axes, bands(quantiles, country, measure, case) * shown.factor, base_line(base, country, measure, case) * shown.factor)
            unit = shown.change if case == "difference" else shown.unit
            set_unit(axes, _TITLES[case], unit)
            signed = "+" if case == "difference" else ""
            axes.yaxis.set_major_formatter(FuncFormatter(lambda v, pos, plus=signed: (plus if v > 0 else "") + tick(v, pos)))
        handles, labels = panels[0].get_legend_handles_labels()
        drawing.legend(handles, labels, loc="outside lower center", ncols=5, handlelength=1.8, columnspacing=1.2)
        set_message(drawing, _message(quantiles, base, country, measure, name))
    return drawing


def _fan(axes: Axes, table: pd.DataFrame, centre: pd.Series[float]) -> None:
    for low, high, words, colour in BANDS:
        axes.fill_between(table.index, table[low], table[high], color=colour, lw=0, label=words)
    axes.plot(table.index, table[0.5], color=TINTS[2], lw=1.4, label=MEDIAN)
    axes.plot(centre.index, centre, color=SERIES[1], ls=DASHES[1], lw=1.4, label=BASE)
    if axes.get_ylim()[0] < 0 < axes.get_ylim()[1]:
        axes.axhline(0, color="#555555", lw=0.7, zorder=1)
    first, last = int(table.index.min()), int(table.index.max())
    axes.set_xlim(first, last)
    axes.set_xticks([first, *(y for y in range(first, last) if y % 20 == 0 and y - first >= 10 and last - y >= 10), last])


def _message(quantiles: pd.DataFrame, base: pd.DataFrame, country: str, measure: str, name: str) -> str:
    shown = MEASURES[measure]
    case = shown.cases[0]
    table = bands(quantiles, country, measure, case)
    year = SPOKEN if SPOKEN in table.index else int(table.index.max())
    said = shown.spoken_change if case == "difference" else shown.spoken
    low, high = (said(float(table[level][year])) for level in (0.10, 0.90))
    centre = said(float(base_line(base, country, measure, case)[year]))
    instrument = " with the instrument" if case == "with" else ""
    return f"{name}: in 80 of 100 paths the {shown.name} of {year}{instrument} lies between {low} and {high}; the base scenario has {centre}"


def exhaustion_chart(exhaustion: pd.DataFrame, country: str, name: str) -> Figure:
    """Share of paths in which the reserve has been used up by the end of each year, without and with the instrument.

    Raises ``KeyError`` when the table has no such rows.
    """
    rows = exhaustion[exhaustion["country"] == country]
    if rows.empty:
        raise KeyError(f"the table of exhaustion has no {country}")
    table = 100.0 * rows.pivot_table(index="year", columns="case", values="probability", aggfunc="first")
    with chart_style():
        drawing = figure(2.4)
        axes = drawing.subplots()
        axes.plot(table.index, table["without"], color=WITHOUT, lw=2.4, alpha=0.75, label="without the instrument")
        axes.plot(table.index, table["with"], color=SERIES[0], ls=(0, (4, 1.6)), lw=1.5, label="with the instrument")
        axes.legend(loc="best", handlelength=2.4)
        axes.set_ylim(0, 100)
        axes.set_xlim(int(table.index.min()), int(table.index.max()))
        set_unit(axes, "Reserve used up by the end of the year", "% of paths")
        last = int(table.index.max())
        without, with_ = (f"{float(table[case][last]):.0f}" for case in ("without", "with"))
        more = f"and {with_} with the instrument" if without != with_ else "with and without the instrument"
        set_message(drawing, f"{name}: the reserve is used up by {last} in {without} of 100 paths {'without ' if without != with_ else ''}{more}")
    return drawing
