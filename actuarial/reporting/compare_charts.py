"""Small multiples of a comparison: one panel per scheme, the same combinations in each.

Colour and width stand for the instrument and dash for the scenario, so that either can be followed through all panels and a line that lies on another
still shows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from actuarial.basis.dimensions import Array
from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.compare_figures import Figures, known, parts_usd
from actuarial.reporting.compare_set import Combination, Comparison
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.style import DASHES, SERIES, chart_style, figure, set_message, set_unit, tick

ACROSS: Final = 2
"""Panels side by side."""
WIDTHS: Final = (2.8, 1.6, 1.0)
"""Of lines, in points: the first instrument under the others."""
_GREY: Final = "#BDBDBD"


def pension_schemes(comparison: Comparison) -> dict[str, str]:
    """States whose scheme promises pensions by formula in at least one combination: code and name."""
    found: dict[str, str] = {}
    for c in comparison.combinations:
        found |= {s.country: data_text(s.country_name) for s in c.study.schemes.values() if s.kind == frames.DEFINED_BENEFIT}
    return {code: found[code] for code in comparison.base.study.meta["members"] if code in found}


def net_cost(comparison: Comparison, table: Figures) -> Figure | None:
    """Bars of the net cost by combination, administration apart, one panel per scheme; ``table`` is that of all figures. ``None`` without schemes."""
    schemes, costs = pension_schemes(comparison), table["net_cost_usd"]
    if not schemes:
        return None
    letters = [c.letter for c in comparison.combinations]
    with chart_style():
        drawing, panels = _panels(len(schemes), 0.72 + 0.19 * len(letters))
        for axes, (code, name) in zip(panels, schemes.items(), strict=True):
            administration = np.array([_administration(c, code) for c in comparison.combinations]) / 1e6
            benefits = np.nan_to_num(np.array([costs[code][x] for x in letters]) / 1e6 - administration)
            places = np.arange(len(letters))[::-1]
            axes.barh(places, benefits, height=0.7, color=SERIES[0], label=_("benefits, less refunds no longer paid"))
            axes.barh(places, administration, left=np.maximum(benefits, 0.0), height=0.7, color=_GREY, hatch="////", edgecolor="white",
                      label=_("administration (assumed)"))  # fmt: skip
            axes.axvline(0.0, color="#555555", lw=0.7)
            axes.set_yticks(places, letters)
            axes.grid(axis="y", visible=False)
            axes.xaxis.set_major_locator(MaxNLocator(4))
            axes.xaxis.set_major_formatter(FuncFormatter(tick))
            set_unit(axes, name, _("net cost, million US dollars, present value"))
        handles, labels = panels[0].get_legend_handles_labels()
        drawing.legend(handles, labels, loc="outside lower center", ncols=2)
        set_message(drawing, _cost_message(table["net_cost_usd"], schemes))
    return drawing


def _administration(combination: Combination, code: str) -> float:
    scheme = combination.study.schemes[code]
    return parts_usd(scheme)["administration"] if scheme.kind == frames.DEFINED_BENEFIT else 0.0


def _cost_message(costs: dict[str, dict[str, float]], schemes: dict[str, str]) -> str:
    rows = {code: known(costs[code]) for code in schemes}
    spread = {code: max(row.values()) - min(row.values()) for code, row in rows.items()}
    code = max(spread, key=lambda c: spread[c])
    if spread[code] == 0:
        return _("All combinations cost every scheme the same")
    row = rows[code]
    low, high = min(row, key=lambda x: row[x]), max(row, key=lambda x: row[x])
    return phrase(
        "The combinations differ most in {state}: from {low} with {cheap} to {high} with {dear}",
        state=schemes[code],
        low=numbers.money(row[low], "USD"),
        cheap=low,
        high=numbers.money(row[high], "USD"),
        dear=high,
    )


def cost_rate_changes(comparison: Comparison) -> Figure | None:
    """What the instrument adds to the PAYG cost rate, year by year, one line per combination and one panel per scheme."""

    def change(scheme: SchemeResult) -> Array:
        with_, without = (frames.case(scheme, case)["payg_cost_rate"].to_numpy(dtype=float) for case in ("with", "without"))
        points: Array = 100.0 * (with_ - without)
        return points

    schemes = pension_schemes(comparison)
    ends = _ends(comparison, schemes, change)
    if not ends:
        return None
    code, letter = max(ends, key=lambda k: abs(ends[k]))
    last = str(comparison.base.study.meta["last_year"])
    message = phrase(
        "In {year} the instrument moves the cost rate of {state} most with {letter}, by {change}",
        year=last, state=schemes[code], letter=letter, change=numbers.points(ends[code, letter] / 100),
    )  # fmt: skip
    return _lines(comparison, schemes, change, _("PAYG cost rate, with minus without, percentage points"), message)


def extra_pensioners(comparison: Comparison) -> Figure | None:
    """Pensioners thanks to the instrument, year by year, one line per combination and one panel per scheme."""

    def people(scheme: SchemeResult) -> Array:
        values: Array = scheme.gains.groupby("year")["extra_pensioners"].sum().to_numpy(dtype=float)
        return values

    schemes = pension_schemes(comparison)
    ends = _ends(comparison, schemes, people)
    if not ends:
        return None
    totals = {c.letter: math.fsum(v for (_code, letter), v in ends.items() if letter == c.letter) for c in comparison.combinations}
    low, high = min(totals, key=lambda k: totals[k]), max(totals, key=lambda k: totals[k])
    message = phrase(
        "In {year} the schemes together pay {low} people thanks to the instrument with {few} and {high} with {many}",
        year=str(comparison.base.study.meta["last_year"]), low=numbers.persons(totals[low]), few=low, high=numbers.persons(totals[high]), many=high,
    )  # fmt: skip
    return _lines(comparison, schemes, people, _("pensioners thanks to the instrument, persons"), message)


def _ends(comparison: Comparison, schemes: dict[str, str], series: Callable[[SchemeResult], Array]) -> dict[tuple[str, str], float]:
    """Last value of every line, by state and letter."""
    return {
        (code, c.letter): float(series(c.study.schemes[code])[-1])
        for code in schemes
        for c in comparison.combinations
        if c.study.schemes[code].kind == frames.DEFINED_BENEFIT
    }


def _lines(
    comparison: Comparison, schemes: dict[str, str], series: Callable[[SchemeResult], Array], unit: str, message: str
) -> Figure:
    years = np.arange(int(comparison.base.study.meta["first_year"]), int(comparison.base.study.meta["last_year"]) + 1)
    looks = _looks(comparison)
    with chart_style():
        drawing, panels = _panels(len(schemes), 1.75)
        for axes, (code, name) in zip(panels, schemes.items(), strict=True):
            for c in comparison.combinations:
                if c.study.schemes[code].kind == frames.DEFINED_BENEFIT:
                    axes.plot(years, series(c.study.schemes[code]), **looks[c.letter])
            axes.axhline(0.0, color="#555555", lw=0.7)
            axes.set_xlim(years[0], years[-1])
            axes.yaxis.set_major_locator(MaxNLocator(5))
            axes.yaxis.set_major_formatter(FuncFormatter(tick))
            set_unit(axes, name, unit)
        handles = [Line2D([], [], label=f"{c.letter} {c.scenario_name}, {c.instrument_name}", **looks[c.letter]) for c in comparison.combinations]
        drawing.legend(handles=handles, loc="outside lower center", ncols=2)
        set_message(drawing, message)
    return drawing


def _looks(comparison: Comparison) -> dict[str, dict[str, Any]]:
    """Colour by instrument, dash by scenario. Where dashes or colours run out they begin again."""
    instruments, scenarios = list(comparison.instruments), list(comparison.scenarios)
    dashes = DASHES[:-1]  # the last repeats the first
    return {
        c.letter: {
            "color": SERIES[instruments.index(c.instrument_name) % len(SERIES)],
            "ls": dashes[(scenarios.index(c.scenario_name) + (instruments.index(c.instrument_name) if len(scenarios) == 1 else 0)) % len(dashes)],
            "lw": WIDTHS[min(instruments.index(c.instrument_name), len(WIDTHS) - 1)],
        }
        for c in comparison.combinations
    }


def _panels(count: int, height: float) -> tuple[Figure, list[Any]]:
    """A drawing of ``count`` panels, ``height`` inches each."""
    across = min(ACROSS, count)
    down = math.ceil(count / across)
    drawing = figure(0.75 + height * down)
    axes = drawing.subplots(down, across, squeeze=False).ravel().tolist()
    for unused in axes[count:]:
        unused.set_visible(False)
    return drawing, axes[:count]
