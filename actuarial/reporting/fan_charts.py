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
from actuarial.reporting.chart_parts import legend_below, signed_axis, with_and_without, year_axis
from actuarial.reporting.language import _, marked, phrase, plural
from actuarial.reporting.style import DASHES, SERIES, TINTS, chart_style, figure, set_message, set_unit, tick

BANDS: Final = (
    (0.025, 0.975, marked("95 of 100 paths"), "#E3EEF6"),
    (0.10, 0.90, marked("80 of 100 paths"), "#A3C6E0"),
    (0.25, 0.75, marked("50 of 100 paths"), "#649DC8"),
)
"""Lower and upper quantile, words, colour; the widest first."""
MEDIAN: Final = marked("median of paths")
BASE: Final = marked("base scenario")
SPOKEN: Final = 2050
"""Year of which the message speaks."""


@dataclass(frozen=True)
class Measure:
    """How a measure is drawn: what its chart says, cases in panels, factor and unit of level and difference, how a value is said."""

    message: str
    cases: tuple[str, ...]
    factor: float
    unit: str
    change: str
    spoken: Callable[[float], str]


def _years(value: float) -> str:
    return plural("{n} year", "{n} years", value, n=numbers.decimal(value, 1))


def _dollars(value: float) -> str:
    return numbers.money(value, "USD", sign=True)


_EARNINGS: Final = marked("percentage points of insurable earnings")
_EXPENDITURE: Final = marked("years of expenditure")
MEASURES: Final = {
    "payg": Measure(
        marked(
            "{name}: in 80 of 100 paths the PAYG cost rate of {year} with the instrument lies between {low} and {high}; "
            "the base scenario has {centre}"
        ),
        ("with", "difference"), 100.0, marked("% of insurable earnings"), _EARNINGS, numbers.rate,
    ),
    "reserve_ratio": Measure(
        marked(
            "{name}: in 80 of 100 paths the opening reserve of {year} with the instrument lies between {low} and {high}; "
            "the base scenario has {centre}"
        ),
        ("with", "difference"), 1.0, _EXPENDITURE, _EXPENDITURE, _years,
    ),
    "net_cost_share": Measure(
        marked("{name}: in 80 of 100 paths the net cost of the instrument of {year} lies between {low} and {high}; the base scenario has {centre}"),
        ("difference",), 100.0, "", _EARNINGS, numbers.points,
    ),
    "net_cost_usd": Measure(
        marked("{name}: in 80 of 100 paths the net cost of the instrument of {year} lies between {low} and {high}; the base scenario has {centre}"),
        ("difference",), 1e-6, "", marked("million US dollars a year, prices of the valuation date"), _dollars,
    ),
}  # fmt: skip
_TITLES: Final = {"with": marked("With the instrument"), "difference": marked("With minus without")}


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

    ``quantiles`` and ``base`` are tables of an ensemble, ``name`` the country in words of the active
    language. Raises ``KeyError`` for a measure, country or quantile
    that they lack.
    """
    shown = MEASURES[measure]
    with chart_style():
        drawing = figure(3.0)
        panels = np.atleast_1d(drawing.subplots(1, len(shown.cases)))
        for axes, case in zip(panels, shown.cases, strict=True):
            _fan(axes, bands(quantiles, country, measure, case) * shown.factor, base_line(base, country, measure, case) * shown.factor)
            set_unit(axes, _(_TITLES[case]), _(shown.change if case == "difference" else shown.unit))
            if case == "difference":
                signed_axis(axes)
            else:
                axes.yaxis.set_major_formatter(FuncFormatter(tick))
        legend_below(drawing)
        set_message(drawing, _message(quantiles, base, country, measure, name))
    return drawing


def _fan(axes: Axes, table: pd.DataFrame, centre: pd.Series[float]) -> None:
    for low, high, words, colour in BANDS:
        axes.fill_between(table.index, table[low], table[high], color=colour, lw=0, label=_(words))
    axes.plot(table.index, table[0.5], color=TINTS[2], lw=1.4, label=_(MEDIAN))
    axes.plot(centre.index, centre, color=SERIES[1], ls=DASHES[1], lw=1.4, label=_(BASE))
    if axes.get_ylim()[0] < 0 < axes.get_ylim()[1]:
        axes.axhline(0, color="#555555", lw=0.7, zorder=1)
    year_axis(axes)


def _message(quantiles: pd.DataFrame, base: pd.DataFrame, country: str, measure: str, name: str) -> str:
    shown = MEASURES[measure]
    case = shown.cases[0]
    table = bands(quantiles, country, measure, case)
    year = SPOKEN if SPOKEN in table.index else int(table.index.max())
    low, high = (shown.spoken(float(table[level][year])) for level in (0.10, 0.90))
    centre = shown.spoken(float(base_line(base, country, measure, case)[year]))
    return phrase(shown.message, name=name, year=numbers.year(year), low=low, high=high, centre=centre)


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
        with_and_without(axes, table["without"], table["with"])
        axes.set_ylim(0, 100)
        axes.yaxis.set_major_formatter(FuncFormatter(tick))
        set_unit(axes, _("Reserve used up by the end of the year"), _("% of paths"))
        last = int(table.index.max())
        without, with_ = (numbers.decimal(float(table[case][last]), 0) for case in ("without", "with"))
        values = {"name": name, "year": numbers.year(last), "without": without}
        if without == with_:
            message = phrase("{name}: the reserve is used up by {year} in {without} of 100 paths with and without the instrument", **values)
        else:
            message = phrase(
                "{name}: the reserve is used up by {year} in {without} of 100 paths without and {with_} with the instrument", with_=with_, **values
            )
        set_message(drawing, message)
    return drawing
