"""Texts of charts brought into the room they have, whatever the language.

1. A text is measured in the typeface it is set in, and broken between words; lines of one text are of like length.
2. What surrounds panels is fitted when the drawing is laid out, because only then is known how wide a panel is: titles may run up to the next panel,
   names of rows take at most a third of the drawing, and a drawing grows higher by what more lines need.
3. Names at the ends of lines are moved apart by as little as keeps them legible, inside the height of their panel as long as that suffices.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final
from weakref import WeakKeyDictionary, WeakSet

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Annotation
from matplotlib.ticker import FixedFormatter

ROWS_SHARE: Final = 1 / 3
"""Part of the drawing that names of rows may take."""
END_WIDTH: Final = 78.0
"""Points that a name at the end of a line may take before it is broken."""
_LINE: Final = 1.22
"""Height of a line in sizes of type."""
_end_names: WeakSet[Annotation] = WeakSet()
_titles: WeakKeyDictionary[Axes, tuple[str, str]] = WeakKeyDictionary()
"""The title of a panel as it was given and as it was broken."""
_label_rooms: WeakKeyDictionary[Axes, tuple[float, float, float, float]] = WeakKeyDictionary()
"""Lowest and highest value, and points that labels need beyond them."""


@cache
def measuring(dpi: float) -> RendererAgg:
    """One renderer for all texts of a resolution; nothing is drawn with it."""
    renderer: RendererAgg = RendererAgg(1, 1, dpi)  # type: ignore[no-untyped-call]
    return renderer


def text_width(text: str, size: float) -> float:
    """Width in points of one line in the typeface of the active style."""
    width, _height, _descent = measuring(720.0).get_text_width_height_descent(text, FontProperties(size=size), False)  # type: ignore[no-untyped-call]
    return float(width) / 10.0  # at 72 dots per inch letters would be set to whole points


def wrapped(text: str, width: float, size: float) -> str:
    """``text`` broken at its spaces into the fewest lines of at most ``width`` points, of like length; a longer word has a line of its own."""
    words = [(word, text_width(word, size)) for word in text.split(" ")]
    space = text_width("n n", size) - 2 * text_width("n", size)
    lines = _filled(words, space, width)
    if len(lines) == 1:
        return text
    low, high = max(w for _word, w in words), width
    for _step in range(8):  # the narrowest width that needs no more lines makes them alike
        middle = (low + high) / 2
        if len(_filled(words, space, middle)) > len(lines):
            low = middle
        else:
            high = middle
    return "\n".join(" ".join(line) for line in _filled(words, space, max(high, low)))


def _filled(words: list[tuple[str, float]], space: float, width: float) -> list[list[str]]:
    lines: list[list[str]] = [[]]
    used = -space
    for word, length in words:
        if lines[-1] and used + space + length > width:
            lines.append([])
            used = -space
        lines[-1].append(word)
        used += space + length
    return lines


def columns_that_fit(labels: Sequence[str], width: float, size: float, most: int, handle: float = 2.4, gap: float = 1.2) -> int:
    """How many columns of a legend, filled column after column, find room in ``width`` points; ``handle`` and ``gap`` in sizes of type."""
    for columns in range(min(most, len(labels)), 1, -1):
        groups = np.array_split(np.arange(len(labels)), columns)
        needed = sum(max(text_width(labels[i], size) for i in group) + (handle + 0.8) * size for group in groups)
        if needed + (gap * (columns - 1) + 0.8) * size <= width:
            return columns
    return 1


def is_end_name(name: Annotation) -> None:
    """Let a name at the end of a line be moved when it meets another one."""
    _end_names.add(name)


def needs_room(axes: Axes, low: float, high: float, before: float, after: float) -> None:
    """Let the horizontal axis leave ``before`` and ``after`` points for labels beyond its lowest and highest value, whatever its width becomes."""
    _label_rooms[axes] = (low, high, before, after)


def fit(drawing: Figure) -> bool:
    """Break what does not find room in a drawing that has been laid out; whether anything changed, so that it has to be laid out again."""
    changed = [fit_one(axes) for axes in drawing.axes for fit_one in (_fit_title, _fit_row_names, _fit_label_room)]
    return any(changed)


def _fit_title(axes: Axes) -> bool:
    now = axes.get_title(loc="left")
    drawing = axes.get_figure(root=True)
    if not now or drawing is None:
        return False
    whole, fitted_before = _titles.get(axes, (now, now))
    if fitted_before != now:
        whole = now
    box, width = axes.get_position(), drawing.get_figwidth() * 72.0
    next_starts = [b.x0 for b in (other.get_position() for other in drawing.axes) if b.x0 > box.x1 - 1e-6 and b.y0 < box.y1 and b.y1 > box.y0]
    room = width * (min(next_starts) - box.x0) - 14.0 if next_starts else width * (1.0 - box.x0) - 6.0
    size = float(axes.title.get_fontsize())
    fitted = "\n".join(wrapped(line, room, size) for line in whole.split("\n"))
    _titles[axes] = (whole, fitted)
    if fitted == now:
        return False
    axes.set_title(fitted, color="#333333", linespacing=1.3, loc="left")
    others = max((t.count("\n") for t in (other.get_title(loc="left") for other in drawing.axes if other is not axes)), default=0)
    if (more := fitted.count("\n") - max(now.count("\n"), others)) > 0:
        drawing.set_figheight(drawing.get_figheight() + more * 1.3 * size / 72.0)
    return True


def _fit_row_names(axes: Axes) -> bool:
    formatter = axes.yaxis.get_major_formatter()
    if not isinstance(formatter, FixedFormatter):
        return False
    drawing = axes.get_figure(root=True)
    ticks = axes.yaxis.get_major_ticks()
    if not ticks or drawing is None:
        return False
    size = float(ticks[0].label1.get_fontsize())
    names = [str(n) for n in formatter.seq]
    fitted = [wrapped(n, ROWS_SHARE * 72.0 * drawing.get_figwidth(), size) if "\n" not in n else n for n in names]
    if fitted == names:
        return False
    axes.set_yticks(axes.get_yticks(), fitted)
    places = np.sort(np.asarray(axes.get_yticks(), dtype=float))
    low, high = sorted(axes.get_ylim())
    height = axes.get_position().height * drawing.get_figheight() * 72.0
    row = height * float(np.diff(places).min()) / (high - low) if len(places) > 1 else height
    needed = max(n.count("\n") + 1 for n in fitted) * _LINE * size + 2.0
    if needed > row:
        drawing.set_figheight(drawing.get_figheight() + height * (needed / row - 1.0) / 72.0)
    return True


def _fit_label_room(axes: Axes) -> bool:
    drawing = axes.get_figure(root=True)
    if axes not in _label_rooms or drawing is None:
        return False
    low, high, before, after = _label_rooms[axes]
    width = axes.get_position().width * drawing.get_figwidth() * 72.0
    per_point = (high - low) / max(width - before - after, 0.2 * width)
    wanted = low - before * per_point, high + after * per_point
    if np.allclose(wanted, axes.get_xlim(), rtol=0.0, atol=0.01 * (high - low)):
        return False
    axes.set_xlim(*wanted)
    return True


def move_apart(drawing: Figure) -> None:
    """Move names at the ends of lines apart, in a drawing that has been laid out."""
    for axes in drawing.axes:
        names = [t for t in axes.texts if isinstance(t, Annotation) and t in _end_names]
        if len(names) < 2:
            continue
        bottom, top = 72.0 * drawing.get_figheight() * np.array([axes.get_position().y0, axes.get_position().y1])
        low, high = axes.get_ylim()
        wanted = [bottom + (top - bottom) * (float(t.xy[1]) - low) / (high - low) for t in names]
        heights = [(t.get_text().count("\n") + 1) * _LINE * float(t.get_fontsize()) for t in names]
        for name, place, target in zip(names, spread(wanted, heights, bottom, top), wanted, strict=True):
            name.xyann = (name.xyann[0], place - target)


def spread(wanted: list[float], heights: list[float], bottom: float, top: float) -> list[float]:
    """Middles of labels that do not overlap, in the order of where they want to be, between ``bottom`` and ``top`` where they find room there.

    Each label is put above the one below it, then all are pushed down as far as the top asks for.
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    middles = list(wanted)
    edge = bottom - heights[order[0]] / 2
    for i in order:
        middles[i] = max(wanted[i], edge + heights[i] / 2)
        edge = middles[i] + heights[i] / 2
    edge = max(top + heights[order[-1]] / 2, bottom - heights[order[0]] / 2 + sum(heights))
    for i in reversed(order):
        middles[i] = min(middles[i], edge - heights[i] / 2)
        edge = middles[i] - heights[i] / 2
    return middles
