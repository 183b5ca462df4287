"""Charts of the lab: four panels in one drawing, drawn again at every move of a slider.

1. What does not move (axes, titles, the base) is drawn once and kept as pixels; a move draws the lines and bars on top. That takes a tenth of a new
   drawing.
2. Axes stand still while a setting fits into them and fills a good part of them, so that a curve that moves is seen to move.
3. The base stays in view: a thin grey line, grey dots in the ladder.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Final

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator
from PIL import Image

from actuarial.basis.dimensions import Array
from actuarial.feasibility.ladder import NAMES
from actuarial.lab.explorer import YEARS, Answer
from actuarial.lab.scheme_answer import SchemeAnswer
from actuarial.lab.setting import TITLES
from actuarial.reporting.style import SERIES, WITH, WITHOUT, chart_style, tick

SIZE: Final = (10.0, 5.4)
DPI: Final = 100
BASE: Final = "#9A9A9A"
FILLED: Final = 0.3
"""Least part of an axis that curves fill before the axis is fitted anew."""
SHORT: Final = {"legislation": "Posted workers", "short_term": "Short-term, injury"}
"""Names of legal steps that are too long beside a bar."""
Curve = tuple[str, str, tuple[float, ...], Callable[[SchemeAnswer], Array]]
"""Label, colour, dashes and values of a line."""


def _income(scheme: SchemeAnswer) -> Array:
    return 100.0 * _over(scheme.flows.contributions[1][0], scheme.flows.earnings[1][0])


def _cost(scheme: SchemeAnswer) -> Array:
    rate: Array = 100.0 * scheme.payg[1]
    return rate


def _reserve(case: int) -> Callable[[SchemeAnswer], Array]:
    return lambda scheme: _over(scheme.flows.opening[case][0], scheme.flows.expenditure[case][0])


def _net(scheme: SchemeAnswer) -> Array:
    return 100 * _over(scheme.net_cost, scheme.flows.earnings[0][0])


def _over(amount: Array, by: Array) -> Array:
    share: Array = np.divide(amount, by, out=np.zeros_like(amount), where=by > 0.0)
    return share


_DASHED: Final = (4.0, 1.5)
_PANELS: Final[tuple[tuple[str, str, tuple[Curve, ...]], ...]] = (
    (
        "Outgo with the instrument, and contributions", "% of insurable earnings",
        (("contributions", SERIES[2], _DASHED, _income), ("outgo (PAYG cost rate)", WITH, (), _cost)),
    ),
    (
        "Reserve at the start of the year", "years of expenditure; below 0: debt",
        (("without the instrument", WITHOUT, (), _reserve(0)), ("with it", WITH, _DASHED, _reserve(1))),
    ),
    (
        "Net cost of the instrument: pensions and administration", "% of insurable earnings of the year",
        (("this setting", WITH, (), _net),),
    ),
)  # fmt: skip
"""The panels of lines; the base is shown of the last line of each."""


class Board:
    """The drawing of one scheme. :meth:`png` draws a setting beside the base."""

    def __init__(self, base: Answer, country: str) -> None:
        """Raises :class:`~actuarial.basis.errors.InputError` for a country without a scheme that collects contributions."""
        self._country, self._base = country, base.scheme(country)
        with chart_style():
            self._drawing = Figure(figsize=SIZE, dpi=DPI)
            self._canvas = FigureCanvasAgg(self._drawing)
            self._axes = list(self._drawing.subplots(2, 2).flat)
            self._drawing.subplots_adjust(left=0.05, right=0.985, top=0.91, bottom=0.06, hspace=0.38, wspace=0.3)
            self._lines = [
                [_line(axes, *curve[:3]) for curve in curves] for axes, (_, _, curves) in zip(self._axes, _PANELS, strict=False)
            ]
            for axes, (title, unit, curves) in zip(self._axes, _PANELS, strict=False):
                axes.plot(YEARS, curves[-1][3](self._base), color=BASE, lw=1.0, label="base", zorder=1.5)
                axes.axhline(0, color="#555555", lw=0.7)
                axes.set_xlim(YEARS[0], YEARS[-1])
                axes.grid(axis="x", visible=False)
                axes.legend(loc="upper left", ncols=3, bbox_to_anchor=(0.0, 1.03), borderaxespad=0.2, handlelength=1.6, columnspacing=1.0)
                self._head(axes, title, unit)
            self._ladder = _Ladder(self._axes[3], self._base)
            self._head(self._axes[3], "Price of every legal step", "% of insurable earnings over 75 years; dots: base")
        self._kept: object | None = None

    def png(self, now: Answer) -> bytes:
        """The drawing of a setting, 1000 x 540 points."""
        scheme = now.scheme(self._country)
        with chart_style():
            moving: list[Artist] = []
            for axes, lines, (_, _, curves) in zip(self._axes, self._lines, _PANELS, strict=False):
                values = [curve[3](scheme) for curve in curves]
                for line, value in zip(lines, values, strict=True):
                    line.set_ydata(value)
                self._fit(axes, np.concatenate([*values, curves[-1][3](self._base), [0.0]]), "y")
                moving += lines
            self._fit(self._axes[3], self._ladder.show(scheme), "x")
            if self._kept is None:
                self._canvas.draw()  # type: ignore[no-untyped-call]
                self._kept = self._canvas.copy_from_bbox(self._drawing.bbox)  # type: ignore[no-untyped-call]
            self._canvas.restore_region(self._kept)  # type: ignore[no-untyped-call]
            for artist in [*moving, *self._ladder.moving]:
                assert artist.axes is not None
                artist.axes.draw_artist(artist)
        buffer = BytesIO()
        pixels = np.asarray(self._canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]
        Image.fromarray(pixels).save(buffer, format="png", compress_level=1)
        return buffer.getvalue()

    def _head(self, axes: Axes, title: str, unit: str) -> None:
        """A title at a fixed place: matplotlib's own looks for one at every drawing."""
        place = axes.get_position()
        for text, above, colour in ((title, 0.043, "#222222"), (unit, 0.014, "#555555")):
            self._drawing.text(place.x0, place.y1 + above, text, color=colour, va="bottom")

    def _fit(self, axes: Axes, values: Array, axis: str) -> None:
        """Keep the axis where it is if ``values`` fit and fill it, otherwise give it round limits and forget the kept pixels."""
        low, high = (axes.get_ylim if axis == "y" else axes.get_xlim)()
        least, most = float(values.min()), float(values.max())
        if self._kept is not None and low <= least and most <= high and most - least >= FILLED * (high - low):
            return
        room = max(most - least, 1e-9)
        if axis == "y":
            below = 0.1 * room if least < 0.0 else 0.0
            axes.set_ylim(*MaxNLocator(5).view_limits(least - below, most + 0.25 * room))
        else:
            axes.set_xlim(least - 0.1 * room, most + 0.3 * room)
        of = axes.yaxis if axis == "y" else axes.xaxis
        of.set_major_locator(MaxNLocator(5))
        of.set_major_formatter(FuncFormatter(tick))
        self._kept = None


class _Ladder:
    """Waterfall of the legal steps; :meth:`show` puts bars and figures where a setting has them."""

    def __init__(self, axes: Axes, base: SchemeAnswer) -> None:
        self._base = _shares(base)
        places = np.arange(len(NAMES) + 1)
        self._bars = list(axes.barh(places, np.zeros(len(places)), height=0.62, animated=True))
        self._labels = [axes.text(0, float(n), "", va="center", color="#333333", animated=True) for n in places]
        (dots,) = axes.plot(np.append(np.cumsum(self._base), self._base.sum()), places, "o", ms=3.2, color=BASE, animated=True, zorder=3)
        axes.set_yticks(places, [*(SHORT.get(name, TITLES[name]) for name in NAMES), "All steps"])
        axes.invert_yaxis()
        axes.axvline(0, color="#555555", lw=0.7)
        axes.grid(axis="y", visible=False)
        self.moving: list[Artist] = [*self._bars, dots, *self._labels]

    def show(self, scheme: SchemeAnswer) -> Array:
        """Everything that has to fit on the axis."""
        values = _shares(scheme)
        ends = np.cumsum(values)
        lengths, lefts = np.append(values, ends[-1]), np.append(ends - values, 0.0)
        room = float(np.ptp(np.concatenate([[0.0], ends])))
        for n, (bar, text) in enumerate(zip(self._bars, self._labels, strict=True)):
            last = n == len(NAMES)
            bar.set_x(lefts[n])
            bar.set_width(lengths[n])
            bar.set_color(WITHOUT if last else SERIES[1] if lengths[n] > 0 else SERIES[2])
            off = not last and NAMES[n] not in scheme.setting.rungs
            text.set_text("off" if off else tick(float(f"{lengths[n]:.3g}")))
            text.set_x(max(lefts[n], lefts[n] + lengths[n]) + 0.02 * room)
        return np.concatenate([[0.0], ends, np.cumsum(self._base)])


def _shares(scheme: SchemeAnswer) -> Array:
    """Present values of the steps, per cent of that of insurable earnings."""
    return 100 * np.array([scheme.value(step) for step in scheme.steps]) / scheme.earnings_value


def _line(axes: Axes, label: str, colour: str, dashes: tuple[float, ...]) -> Line2D:
    (line,) = axes.plot(YEARS, np.zeros(len(YEARS)), color=colour, dashes=dashes, label=label, animated=True)
    return line
