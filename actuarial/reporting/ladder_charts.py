"""Waterfalls of the legal steps: of one scheme in points of earnings, of the region in US dollars.

A step that costs is a full bar, one that saves is hatched, so that grey print keeps the sign; the figure stands at the end of each bar.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from actuarial.basis.dimensions import Array
from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import numbers
from actuarial.reporting.chart_parts import legend_below, room_for_labels, signed_values
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.style import SERIES, WITHOUT, area, chart_style, figure, set_message, set_unit

SAVES: Final = "////"
DIGITS: Final = 4
"""Decimals of a point at the end of a bar."""


def waterfall(scheme: SchemeResult) -> Figure:
    """Steps as bars that start where the last one ends, percentage points of insurable earnings over the horizon."""
    values = scheme.ladder["share_of_earnings"].to_numpy(dtype=float)
    titles = [data_text(str(t)) for t in scheme.ladder["title"]]
    return _waterfall(titles, 100 * values, _points, _("percentage points of insurable earnings over the horizon"), _scheme_message(titles, values))


def region_waterfall(schemes: Sequence[SchemeResult]) -> Figure:
    """The same for several schemes together, million US dollars of present value."""
    values = np.sum([s.ladder["pv"].to_numpy(dtype=float) / s.exchange_rate_usd for s in schemes], axis=0)
    titles = [data_text(str(t)) for t in schemes[0].ladder["title"]]
    unit = _("million US dollars, present value at the valuation date")
    return _waterfall(titles, values / 1e6, _millions, unit, _region_message(titles, values))


def _scheme_message(titles: Sequence[str], values: Array) -> str:
    top, total = int(np.argmax(np.abs(values))), float(values.sum())
    if numbers.is_zero(float(values[top])):
        return _("No legal step changes the cost of this scheme")
    if numbers.is_zero(total):
        return phrase("{step} makes {part}; the steps together cancel out", step=titles[top], part=numbers.points(float(values[top])))
    return phrase(
        "{step} makes {part} of the {total} that all steps come to",
        step=titles[top], part=numbers.points(float(values[top])), total=numbers.points(total),
    )  # fmt: skip


def _region_message(titles: Sequence[str], values: Array) -> str:
    top = int(np.argmax(np.abs(values)))
    if not values.any():
        return _("No legal step changes the cost of any scheme")
    return phrase(
        "{step} weighs most with {part}; all steps together come to {total}",
        step=titles[top], part=numbers.money(float(values[top]), "USD"), total=numbers.money(float(values.sum()), "USD"),
    )  # fmt: skip


def _waterfall(titles: Sequence[str], values: Array, said: Callable[[float], str], unit: str, message: str) -> Figure:
    with chart_style():
        drawing = figure(1.35 + 0.24 * (len(titles) + 1))
        axes = drawing.subplots()
        _bars(axes, [*titles, _("All steps")], values, said)
        set_unit(axes, "", unit)
        kinds = [
            (bool((values > 0).any()), Patch(**area(SERIES[1])), _("adds to the cost")),
            (bool((values < 0).any()), Patch(**area(SERIES[2], SAVES)), _("saves")),
            (True, Patch(**area(WITHOUT)), _("all steps together")),
        ]
        shown = [(handle, label) for there, handle, label in kinds if there]
        legend_below(axes, 3, *zip(*shown, strict=True))
        set_message(drawing, message)
    return drawing


def _bars(axes: Axes, names: Sequence[str], values: Array, said: Callable[[float], str]) -> None:
    """From the top down, with the sum as the last bar."""
    ends = np.cumsum(values)
    lengths, lefts = np.append(values, ends[-1]), np.append(ends - values, 0.0)
    for n, (length, left) in enumerate(zip(lengths, lefts, strict=True)):
        look = area(WITHOUT) if n == len(values) else area(SERIES[1]) if length >= 0 else area(SERIES[2], SAVES)
        axes.barh(n, length, left=left, height=0.66, **look)
    for n, end in enumerate(ends):
        axes.plot((end, end), (n - 0.33, n + 1.33), color="#7F7F7F", lw=0.6)
    tips = np.maximum(lefts, lefts + lengths)
    labels = [said(float(v)) for v in lengths]
    for n, (tip, label) in enumerate(zip(tips, labels, strict=True)):
        axes.annotate(label, (tip, n), xytext=(3, 0), textcoords="offset points", va="center", color="#333333")
    room_for_labels(axes, float(min(0.0, lefts.min(), (lefts + lengths).min())), float(tips.max()), right=labels)
    axes.set_yticks(np.arange(len(names)), list(names))
    axes.invert_yaxis()
    axes.axvline(0, color="#555555", lw=0.7)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    signed_values(axes.xaxis)
    axes.grid(axis="y", visible=False)


def _points(value: float) -> str:
    """Percentage points without the word, which stands on the axis."""
    if numbers.is_zero(value / 100):
        return "0"
    if abs(value) < 0.5 * 10.0**-DIGITS:
        edge = numbers.decimal(10.0**-DIGITS, DIGITS)
        return f"<{edge}" if value > 0 else f">{numbers.MINUS}{edge}"
    return numbers.decimal(value, DIGITS, sign=True)


def _millions(value: float) -> str:
    return numbers.signed(value, digits=1) if value else "0"
