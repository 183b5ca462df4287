"""Parts that charts share: axes of years, units of head-counts, the two cases in one panel, names where lines end.

1. Without and with the instrument are drawn one over the other: a wide grey line and a narrow dashed blue one, so that both show where they meet.
2. Differences get a panel of their own, with signs on the axis; one that is nothing in every year says so in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import ScaledTranslation

from actuarial.reporting import numbers
from actuarial.reporting.chart_fit import columns_that_fit, needs_room, text_width
from actuarial.reporting.language import _
from actuarial.reporting.style import TINTS, WITH, WITHOUT, name_line, set_unit, tick

NOTHING: Final = 1e-10
"""A difference below this in every year is drawn as none; percentage points, years or multiples."""


def people_unit(largest: float) -> tuple[str, float]:
    """Unit in words, and divisor, that keep an axis of head-counts readable."""
    if largest >= 2e6:
        return _("million persons"), 1e6
    if largest >= 2e4:
        return _("thousand persons"), 1e3
    return _("persons"), 1.0


def people_a_year_unit(largest: float) -> tuple[str, float]:
    """The same for persons to whom something happens in a year."""
    if largest >= 2e6:
        return _("million persons in the year"), 1e6
    if largest >= 2e4:
        return _("thousand persons in the year"), 1e3
    return _("persons in the year"), 1.0


def with_and_without(axes: Axes, without: pd.Series[float], with_: pd.Series[float], *, legend: bool = True) -> None:
    """Both cases over the years of their index."""
    axes.plot(without.index, without, color=WITHOUT, lw=2.4, alpha=0.75, label=_("without the instrument"))
    axes.plot(with_.index, with_, color=WITH, ls=(0, (4, 1.6)), lw=1.5, label=_("with the instrument"))
    if legend:
        axes.legend(loc="best", handlelength=2.4)
    year_axis(axes)


def difference(axes: Axes, values: pd.Series[float], unit: str) -> None:
    """With minus without over the years of the index."""
    axes.plot(values.index, values, color=WITH)
    axes.fill_between(values.index, 0, values, color=TINTS[0], lw=0)
    axes.axhline(0, color="#555555", lw=0.7)
    set_unit(axes, _("With minus without"), unit)
    if float(values.abs().max()) < NOTHING:
        no_change(axes)
    else:
        signed_axis(axes)
    year_axis(axes)


def no_change(axes: Axes) -> None:
    """Say that nothing differs, instead of drawing noise."""
    axes.set_ylim(-1, 1)
    axes.set_yticks([0])
    axes.text(0.5, 0.6, _("no change in any year"), transform=axes.transAxes, ha="center", color="#333333")


def label_ends(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Write names to the right of line ends (value, name, colour); those that would meet are moved apart when the drawing is laid out."""
    year_axis(axes)
    for value, name, colour in ends:
        name_line(axes, value, name, colour)


def year_axis(axes: Axes) -> None:
    """First and last year, and every twentieth between."""
    line = axes.get_lines()[0].get_xdata() if axes.get_lines() else axes.get_xlim()
    years = np.asarray(line, dtype=float)
    first, last = int(years.min()), int(years.max())
    axes.set_xlim(first, last)
    axes.set_xticks([first, *(y for y in range(first, last) if y % 20 == 0 and y - first >= 10 and last - y >= 10), last])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _pos: numbers.year(v)))


def short_year_axis(axes: Axes) -> None:
    """First, middle and last year only, for narrow panels; call it last."""
    first, last = (int(v) for v in axes.get_xlim())
    axes.set_xticks([first, 2060, last] if first + 20 < 2060 < last - 20 else [first, last])
    labels = axes.get_xticklabels()
    labels[0].set_horizontalalignment("left")
    labels[-1].set_horizontalalignment("right")


def from_zero(*panels: Axes) -> None:
    """Start the value axis at zero, or let it run below when values do; panels of one scale are given together, after all is drawn."""
    for axes in panels:
        year_axis(axes)
    low, high = panels[0].get_ylim()
    low = low if any(_any_negative(axes) for axes in panels) else 0.0
    for axes in panels:
        axes.set_ylim(low, high if high > 0 else 1.0)
        if low < 0:
            axes.axhline(0, color="#555555", lw=0.7)
        axes.yaxis.set_major_formatter(FuncFormatter(tick))


def _any_negative(axes: Axes) -> bool:
    return any(float(np.nanmin(np.asarray(line.get_ydata(), dtype=float))) < -1e-12 for line in axes.get_lines())


def signed_axis(axes: Axes) -> None:
    """Values on the vertical axis above zero carry a plus."""
    signed_values(axes.yaxis)


def signed_values(axis: Axis) -> None:
    """Values of an axis above zero carry a plus."""
    axis.set_major_formatter(FuncFormatter(lambda v, pos: ("+" if v > 0 else "") + tick(v, pos)))


def room_for_labels(axes: Axes, low: float, high: float, *, left: Sequence[str] = (), right: Sequence[str] = ()) -> None:
    """Limits of a horizontal axis that leave room for the longest label beyond its lowest and its highest value."""
    size = float(mpl.rcParams["font.size"])
    before, after = (max((text_width(t, size) for t in texts), default=0.0) + 8.0 for texts in (left, right))
    needs_room(axes, *((low, high) if high > low else (low - 0.5, low + 0.5)), before, after)


def legend_below(
    target: Axes | Figure, columns: int = 5, handles: Sequence[Artist] | None = None, labels: Sequence[str] = (), *, swatch: float = 2.0
) -> None:
    """A legend under an axes, or under all panels of a drawing with the names of the first that has any; in as many columns as find room.

    More rows than ``columns`` would need make the drawing higher. Without ``handles`` and ``labels`` those of the axes are taken.
    """
    size = float(FontProperties(size=mpl.rcParams["legend.fontsize"]).get_size_in_points())
    drawing = target if isinstance(target, Figure) else target.get_figure(root=True)
    assert drawing is not None
    if handles is None:
        sources = target.axes if isinstance(target, Figure) else [target]
        handles, labels = next(found for found in (axes.get_legend_handles_labels() for axes in sources) if found[1])
    room = 72.0 * drawing.get_figwidth() - 8.0 if isinstance(target, Figure) else _room(target)
    fitting = columns_that_fit(labels, room, size, columns, handle=swatch)
    look = {"ncols": fitting, "handlelength": swatch, "columnspacing": 1.2}
    if isinstance(target, Figure):
        target.legend(handles, labels, loc="outside lower center", **look)
    else:
        below = target.transAxes + ScaledTranslation(0.0, -16.0 / 72.0, drawing.dpi_scale_trans)
        target.legend(handles, labels, loc="upper center", bbox_to_anchor=(0.5, 0.0), bbox_transform=below, borderaxespad=0.0, **look)
    rows, planned = -(-len(labels) // fitting), -(-len(labels) // columns)
    drawing.set_figheight(drawing.get_figheight() + (rows - planned) * 1.7 * size / 72.0)


def _room(axes: Axes) -> float:
    """Points of width that an axes has, before anything is laid out."""
    place, drawing = axes.get_subplotspec(), axes.get_figure(root=True)
    assert place is not None
    assert drawing is not None
    columns = place.get_gridspec().ncols
    return 72.0 * drawing.get_figwidth() / columns - 12.0
