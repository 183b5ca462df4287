"""Tornado of one-at-a-time sensitivities: the widest bar on top, the base as the line they start from.

1. A bar runs from the base to the result of one setting. Colours tell the settings apart (lower: blue, upper: vermillion, between: purple), not the
   results; which setting a bar belongs to is written at its end.
2. Settings that change nothing, or too little to be seen, have no bar. The combination of many is no bar either: it would hide the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from actuarial.basis.sensitivities import COMBINED
from actuarial.reporting import numbers
from actuarial.reporting.chart_parts import room_for_labels, signed_values
from actuarial.reporting.language import _, data_text, marked, phrase, plural
from actuarial.reporting.style import SERIES, WITHOUT, chart_style, figure, set_message, set_unit

COST: Final = "pv_net_cost_usd"
COLOURS: Final = {"low": SERIES[0], "middle": SERIES[3], "high": SERIES[1]}
MOST: Final = 16
"""Rows drawn; what is below moves the result least."""
VISIBLE: Final = 0.002
"""Part of the widest bar below which a row has no bar that could be seen."""
MOVED: Final = {
    "pv_net_cost_usd": marked("the net cost of the instrument"),
    "pv_net_cost_share_of_earnings": marked("the net cost of the instrument"),
    "gap_75": marked("the general average premium over 75 years"),
    "exhaustion_year": marked("the year in which the reserve is used up"),
    "payg_2050": marked("the PAYG cost rate of 2050"),
    "payg_2075": marked("the PAYG cost rate of 2075"),
    "payg_2100": marked("the PAYG cost rate of 2100"),
}
"""What moves, as the object of a sentence."""
_SETTING: Final = re.compile(r"([+−×]?)([0-9.]+)(%| pp| years)?")


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

    ``table`` is that of :class:`actuarial.feasibility.sensitivity.SensitivityResult`, ``name`` the country in words of
    the active language. ``case`` is ``difference`` for
    what the instrument costs, ``without`` or ``with`` for the level of a rate. Raises ``KeyError`` as :func:`widths` does.
    """
    rows = widths(table, country, measure, case).drop(COMBINED, errors="ignore")
    rows = rows[(rows["size"] > 0.0) & (rows["size"] >= VISIBLE * rows["size"].max())].head(MOST)
    base = float(table.loc[(table["country"] == country) & (table["measure"] == measure), f"base_{case}"].iloc[0])
    scale, spoken = _unit(measure)
    with chart_style():
        drawing = figure(1.0 + 0.24 * max(len(rows), 1))
        axes = drawing.subplots()
        _bars(axes, rows, scale)
        set_unit(axes, phrase("Change from the base, {base}", base=spoken(base)), _unit_words(measure))
        set_message(drawing, _message(rows, name, measure, spoken))
    return drawing


def _message(rows: pd.DataFrame, name: str, measure: str, spoken: Callable[[float], str]) -> str:
    if rows.empty:
        return phrase("{name}: none of the changes moves {what}", name=name, what=_(MOVED[measure]))
    top = rows.iloc[0]
    effects = {side: float(top[f"delta_{side}"]) for side in COLOURS if not np.isnan(top[f"delta_{side}"])}
    side = max(effects, key=lambda s: abs(effects[s]))
    title = data_text(str(top["title"]))
    values = {"name": name, "change": title[0].lower() + title[1:], "setting": setting_text(str(top[f"setting_{side}"])),
              "what": _(MOVED[measure]), "size": spoken(abs(effects[side]))}  # fmt: skip
    if effects[side] > 0:
        return phrase("{name}: {change} ({setting}) moves {what} most, by {size} up", **values)
    return phrase("{name}: {change} ({setting}) moves {what} most, by {size} down", **values)


def setting_text(label: str) -> str:
    r"""A setting of a sensitivity, as its table words it, in the active language.

    >>> setting_text("−1 pp"), setting_text("×1.5"), setting_text("75%")
    ('−1\xa0pp', '×1.5', '75%')
    """
    found = _SETTING.fullmatch(label)
    if found is None:
        return data_text(label)
    sign, digits, unit = found.groups()
    said = numbers.exact(float(digits))
    if unit == "%":
        said += numbers.active().percent
    elif unit == " pp":
        said += numbers.active().points
    elif unit == " years":
        return plural("{n} year", "{n} years", float(digits), n=f"{sign}{said}")
    return f"{sign}{said}"


def _bars(axes: Axes, rows: pd.DataFrame, scale: float) -> None:
    """Bars from the top down; settings are written at the ends, the two of one direction side by side."""
    effects = rows[[f"delta_{side}" for side in COLOURS]].to_numpy(dtype=float) * scale
    low, high = (float(f(effects, initial=0.0, where=~np.isnan(effects))) for f in (np.min, np.max))
    beside: dict[int, list[str]] = {-1: [], 1: []}
    for n, (_key, row) in enumerate(rows.iterrows()):
        ends: dict[int, list[str]] = {-1: [], 1: []}
        outer = {-1: 0.0, 1: 0.0}
        sides = sorted((s for s in COLOURS if not np.isnan(row[f"delta_{s}"])), key=lambda s: -abs(row[f"delta_{s}"]))
        for side in sides:
            value = float(row[f"delta_{side}"]) * scale
            if value == 0.0:
                continue
            axes.barh(n, value, height=0.68 if not ends[int(np.sign(value))] else 0.4, color=COLOURS[side])
            ends[int(np.sign(value))].append(setting_text(str(row[f"setting_{side}"])))
            outer[int(np.sign(value))] = max(outer[int(np.sign(value))], abs(value))
        for direction, labels in ends.items():
            if labels:
                beside[direction].append(" · ".join(labels))
                axes.annotate(
                    " · ".join(labels), (direction * outer[direction], n), xytext=(3 * direction, 0), textcoords="offset points", va="center",
                    ha="left" if direction > 0 else "right", color="#333333",
                )  # fmt: skip
    axes.set_yticks(np.arange(len(rows)), [data_text(str(t)) for t in rows["title"]])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    room_for_labels(axes, low, high, left=beside[-1], right=beside[1])
    axes.axvline(0, color=WITHOUT, lw=0.9)
    axes.grid(axis="y", visible=False)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    signed_values(axes.xaxis)


def _unit(measure: str) -> tuple[float, Callable[[float], str]]:
    """Scale of the axis, and how a value is said."""
    if measure == COST:
        return 1e-6, lambda v: numbers.money(v, "USD")
    if measure == "exhaustion_year":
        return 1.0, _date_or_years
    return 100.0, numbers.small_rate


def _unit_words(measure: str) -> str:
    if measure == COST:
        return _("million US dollars, present value at the valuation date")
    return _("years") if measure == "exhaustion_year" else _("percentage points of insurable earnings")


def _date_or_years(value: float) -> str:
    if value > 1000 or np.isnan(value):
        return numbers.year(value)
    return plural("{n} year", "{n} years", round(value), n=numbers.decimal(value, 0))
