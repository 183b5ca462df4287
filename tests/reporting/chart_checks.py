"""What is asked of every chart as it is drawn: nothing leaves the canvas, no two texts meet, and series are told apart in grey."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from actuarial.reporting.style import chart_style, lay_out


def placed(drawing: Figure) -> Figure:
    """The drawing with everything where it will be drawn."""
    with chart_style():
        lay_out(drawing)
        FigureCanvasAgg(drawing)
        drawing.draw_without_rendering()  # legends find their place when drawn
    return drawing


def outside(drawing: Figure) -> str:
    """What of a placed drawing leaves the canvas, in inches; empty when all is inside."""
    with chart_style():
        box, (width, height) = drawing.get_tightbbox(renderer(drawing)), drawing.get_size_inches()
    inside = box.x0 > -0.02 and box.y0 > -0.02 and box.x1 < width + 0.02 and box.y1 < height + 0.02
    return "" if inside else f"{box} of {width} x {height}"


def meeting(drawing: Figure) -> list[tuple[str, str]]:
    """Texts of a placed drawing that overlap."""
    with chart_style():
        shown = [t for t in texts(drawing) if t.get_visible() and t.get_text()]
        boxes = [(t.get_text(), t.get_window_extent(renderer(drawing))) for t in shown]
    return [(a, b) for (a, one), (b, other) in combinations(boxes, 2) if overlap(one, other)]


def confused(drawing: Figure) -> list[tuple[Any, Any]]:
    """Entries of legends, and named lines of a panel, that look the same in grey."""
    groups = [list(legend.legend_handles) for legend in legends(drawing)]
    groups += [[line for line in axes.get_lines() if not str(line.get_label()).startswith("_")] for axes in drawing.axes]
    return [pair for artists in groups for pair in alike(artists)]


def renderer(drawing: Figure) -> Any:
    return drawing.canvas.get_renderer()  # type: ignore[attr-defined]


def texts(drawing: Figure) -> Iterator[Text]:
    if drawing.get_suptitle():
        yield next(t for t in drawing.texts if t.get_text() == drawing.get_suptitle())
    for axes in drawing.axes:
        yield from axes.texts
        yield axes._left_title  # type: ignore[attr-defined]
        yield from (axes.xaxis.label, axes.yaxis.label)
        for axis, (low, high) in ((axes.xaxis, sorted(axes.get_xlim())), (axes.yaxis, sorted(axes.get_ylim()))):
            yield from (t.label1 for t in axis.get_major_ticks() if low <= t.get_loc() <= high)
    for legend in legends(drawing):
        yield from legend.get_texts()


def legends(drawing: Figure) -> list[Legend]:
    return [*drawing.legends, *(legend for axes in drawing.axes if (legend := axes.get_legend()) is not None)]


def overlap(one: Bbox, other: Bbox) -> bool:
    return bool(min(one.x1, other.x1) - max(one.x0, other.x0) > 1.0 and min(one.y1, other.y1) - max(one.y0, other.y0) > 2.0)


def _lightness(colour: Any, alpha: float | None) -> float:
    """CIE L* on white paper."""
    *rgb, own = to_rgba(colour)
    opacity = own if alpha is None else alpha
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (opacity * c + 1 - opacity for c in rgb)]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return float(116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance)


def _look(artist: Any) -> tuple[tuple[object, ...], float]:
    """What is left of an artist in grey: kind with pattern, and lightness."""
    if isinstance(artist, Line2D):
        return ("line", artist._dash_pattern, artist.get_marker()), _lightness(artist.get_color(), artist.get_alpha())  # type: ignore[attr-defined]
    assert isinstance(artist, Patch | Collection), artist
    colour = artist.get_facecolor()
    return ("area", artist.get_hatch() or ""), _lightness(np.atleast_2d(np.asarray(colour))[0], None)


def alike(artists: list[Any]) -> list[tuple[Any, Any]]:
    looks = [_look(a) for a in artists]
    return [(a, b) for a, b in combinations(looks, 2) if a[0] == b[0] and abs(a[1] - b[1]) < 14.0]
