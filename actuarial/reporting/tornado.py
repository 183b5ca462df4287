"""Tornado of one-at-a-time sensitivities: the widest bar on top, the base as the line they start from.

1. A bar runs from the base to the result of one setting. Colours tell the settings apart (lower: blue, upper: vermillion, between: purple), not the
   results; which setting a bar belongs to is written at its end.
2. Settings that change nothing, or too little to be seen, have no bar. The combination of many is no bar either: it would hide the others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from actuarial.basis.sensitivities import COMBINED
from actuarial.reporting import numbers
from actuarial.reporting.style import SERIES, WITHOUT, chart_style, figure, set_message, set_unit, tick

COST: Final = "pv_net_cost_usd"
COLOURS: Final = {"low": SERIES[0], "middle": SERIES[3], "high": SERIES[1]}
MOST: Final = 16
"""Rows drawn; what is below moves the result least."""
VISIBLE: Final = 0.002
"""Part of the widest bar below which a row has no bar that could be seen."""
TITLES: Final = {
    "pv_net_cost_usd": "net cost of the instrument",
    "pv_net_cost_share_of_earnings": "net cost of the instrument",
    "gap_75": "general average premium over 75 years",
    "exhaustion_year": "year in which the reserve is used up",
    "payg_2050": "PAYG cost rate of 2050",
    "payg_2075": "PAYG cost rate of 2075",
    "payg_2100": "PAYG cost rate of 2100",
}


def widths(table: pd.DataFrame, country: str, measure: str = COST, case: str = "difference") -> pd.DataFrame:
    """Rows of one country and measure in order of their largest effect; columns title, size, and by side delta and setting.

    Sides that a row lacks and effects that have no number are missing. Raises ``KeyError`` when the table has no such rows.
    """
    rows = table[(table["country"] == country) & (table["measure"] == measure)]
    if rows.empty:
        raise KeyError(f"the table has no rows of {measure} for {country}")
    wide = rows.pivot_table(index="key", columns="side", values=f"delta_{case}", aggfunc="first", sort=False, dropna=False)
    words = rows.pivot_table(index="key", columns="side", values="setting", aggfunc="first", sort=False)
    result = pd.DataFrame({"title": rows.drop_duplicates("key").set_index("key")["title"]})
    result["size"] = wide.abs().max(axis=1).fillna(0.0)
    for side in COLOURS:
        result[f"delta_{side}"] = wide.get(side, np.nan)
        result[f"setting_{side}"] = words.get(side)
    return result.sort_values("size", ascending=False, kind="stable")


def tornado(table: pd.DataFrame, country: str, name: str, measure: str = COST, case: str = "difference") -> Figure:
    """The sensitivities of one country as a tornado.

    ``table`` is that of :class:`actuarial.feasibility.sensitivity.SensitivityResult`, ``name`` the country in words. ``case`` is ``difference`` for
    what the instrument costs, ``without`` or ``with`` for the level of a rate. Raises ``KeyError`` as :func:`widths` does.
    """
    rows = widths(table, country, measure, case).drop(COMBINED, errors="ignore")
    rows = rows[(rows["size"] > 0.0) & (rows["size"] >= VISIBLE * rows["size"].max())].head(MOST)
    base = float(table.loc[(table["country"] == country) & (table["measure"] == measure), f"base_{case}"].iloc[0])
    scale, unit, spoken = _unit(measure)
    with chart_style():
        drawing = figure(1.0 + 0.24 * max(len(rows), 1))
        axes = drawing.subplots()
        _bars(axes, rows, scale)
        set_unit(axes, f"Change from the base, {spoken(base)}", unit)
        if rows.empty:
            set_message(drawing, f"{name}: none of the changes moves the {TITLES[measure]}")
        else:
            top = rows.iloc[0]
            effects = {side: float(top[f"delta_{side}"]) for side in COLOURS if not np.isnan(top[f"delta_{side}"])}
            side = max(effects, key=lambda s: abs(effects[s]))
            more = spoken(abs(effects[side]))
            set_message(
                drawing,
                f"{name}: {str(top['title'])[0].lower()}{str(top['title'])[1:]} ({top[f'setting_{side}']}) moves the {TITLES[measure]} most, "
                f"by {more} {'up' if effects[side] > 0 else 'down'}",
            )
    return drawing


def _bars(axes: Axes, rows: pd.DataFrame, scale: float) -> None:
    """Bars from the top down; settings are written at the ends, the two of one direction side by side."""
    effects = rows[[f"delta_{side}" for side in COLOURS]].to_numpy(dtype=float) * scale
    low, high = (float(f(effects, initial=0.0, where=~np.isnan(effects))) for f in (np.min, np.max))
    reach = (high - low) or 1.0
    for n, (_, row) in enumerate(rows.iterrows()):
        ends: dict[int, list[str]] = {-1: [], 1: []}
        outer = {-1: 0.0, 1: 0.0}
        sides = sorted((s for s in COLOURS if not np.isnan(row[f"delta_{s}"])), key=lambda s: -abs(row[f"delta_{s}"]))
        for side in sides:
            value = float(row[f"delta_{side}"]) * scale
            if value == 0.0:
                continue
            axes.barh(n, value, height=0.68 if not ends[int(np.sign(value))] else 0.4, color=COLOURS[side])
            ends[int(np.sign(value))].append(str(row[f"setting_{side}"]))
            outer[int(np.sign(value))] = max(outer[int(np.sign(value))], abs(value))
        for direction, labels in ends.items():
            if labels:
                axes.annotate(
                    " · ".join(labels), (direction * outer[direction], n), xytext=(3 * direction, 0), textcoords="offset points", va="center",
                    ha="left" if direction > 0 else "right", color="#333333",
                )  # fmt: skip
    axes.set_yticks(np.arange(len(rows)), [str(t) for t in rows["title"]])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(low - 0.2 * reach, high + 0.2 * reach)  # room for the settings
    axes.axvline(0, color=WITHOUT, lw=0.9)
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(FuncFormatter(tick))


def _unit(measure: str) -> tuple[float, str, Callable[[float], str]]:
    """Scale, words of the axis, and how a value is said."""
    if measure == COST:
        return 1e-6, "million US dollars, present value at the valuation date", lambda v: numbers.money(v, "USD")
    if measure == "exhaustion_year":
        return 1.0, "years", lambda v: numbers.year(v) if v > 1000 or np.isnan(v) else f"{v:.0f} years"
    return 100.0, "percentage points of insurable earnings", numbers.small_rate
