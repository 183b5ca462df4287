"""Look of the charts, and drawings as bytes that are the same on every run.

1. Without the instrument: dark grey, solid. With it: blue, dashed. The two stay apart in grey print and for
   colour-blind readers.
2. Further series take the colours of :data:`SERIES`, all at least 3:1 against white, each with its own dash pattern.
3. The message stands above the chart (:func:`set_message`), the unit above its axis (:func:`set_unit`); both are broken into lines as the room asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Final

import fontpkg_inter
import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from actuarial.reporting import numbers
from actuarial.reporting.chart_fit import END_WIDTH, fit, is_end_name, measuring, move_apart, wrapped

WITHOUT: Final = "#4D4D4D"
WITH: Final = "#0072B2"
SERIES: Final = ("#0072B2", "#D55E00", "#009E73", "#A8587F", "#4D4D4D")
"""Blue, vermillion, green, purple (Okabe-Ito, the purple darkened for contrast), grey."""
DASHES: Final = ("-", (0, (4, 1.5)), (0, (1, 1.2)), (0, (5, 1.5, 1, 1.5)), "-")
TINTS: Final = ("#CFE3F1", "#7FB2D6", "#1F5F8F")
"""Light to dark, for parts of a whole; their order of lightness survives grey print."""
WIDTH: Final = 6.5
"""Inches; the text width of the page."""
_LAYOUTS: Final = 2
"""The first layout is up to 2 points from where things end, the second less than 0.05 points."""
_FITTINGS: Final = 3
"""A broken text moves panels by a little, and may need breaking anew."""
_MESSAGE_LINES: Final = 2
"""Lines of a message that the height of a drawing allows for."""


def area(colour: str, hatch: str = "") -> dict[str, Any]:
    """How a filled area is drawn; a hatch tells areas of like lightness apart in grey print."""
    return {"facecolor": colour, "hatch": hatch, "edgecolor": "white", "lw": 0.0}


def font_directory() -> Path:
    """Folder of the typeface used in charts and documents."""
    return fontpkg_inter.ROOT / "files"  # type: ignore[no-any-return]


@cache
def _register_fonts() -> None:
    for path in sorted(font_directory().glob("*.ttf")):
        font_manager.fontManager.addfont(path)


@contextmanager
def chart_style() -> Iterator[None]:
    """Draw inside this context; settings outside it are untouched."""
    _register_fonts()
    sheet = resources.files("actuarial.reporting") / "templates" / "report.mplstyle"
    with resources.as_file(sheet) as path, mpl.rc_context(fname=path):
        yield


def figure(height: float = 2.7) -> Figure:
    """An empty drawing of the text width; ``height`` in inches. Call inside :func:`chart_style`."""
    return Figure(figsize=(WIDTH, height), layout="constrained")


def set_message(drawing: Figure, message: str) -> None:
    """Put what the chart says above it; a long one makes the drawing higher."""
    size = float(FontProperties(size=mpl.rcParams["figure.titlesize"]).get_size_in_points())
    lines = wrapped(message, 72.0 * drawing.get_figwidth() - 8.0, size)
    drawing.suptitle(lines, x=0.006, ha="left", color="#111111", linespacing=1.25)
    more = lines.count("\n") + 1 - _MESSAGE_LINES
    if more > 0:
        drawing.set_figheight(drawing.get_figheight() + more * 1.5 * size / 72.0)


def message_of(drawing: Figure) -> str:
    """What the chart says."""
    return drawing.get_suptitle().replace("\n", " ")


def set_unit(axes: Axes, title: str, unit: str) -> None:
    """Head a panel with what it shows and in which unit."""
    axes.set_title(f"{title}\n{unit}" if title else unit, color="#333333", linespacing=1.3)


def name_line(axes: Axes, value: float, name: str, colour: str) -> None:
    """Write the name of a line beside its end at ``value``, moved when the drawing is laid out if it meets another one."""
    text = axes.annotate(
        wrapped(name, END_WIDTH, float(mpl.rcParams["font.size"])),
        (1.0, value),
        xycoords=axes.get_yaxis_transform(),
        xytext=(3, 0),
        textcoords="offset points",
        va="center",
        color=colour,
        annotation_clip=False,
    )
    is_end_name(text)


def tick(value: float, _position: int | None = None) -> str:
    """Label of an axis tick in the active language: grouped, no needless zeros, a true minus."""
    return numbers.exact(0.0 if abs(value) < 1e-15 else float(f"{value:.6g}"))


def svg(drawing: Figure) -> bytes:
    """The drawing as SVG, text as outlines, no date: the same bytes for the same drawing."""
    text = StringIO()
    with chart_style():
        lay_out(drawing)
        canvas: Any = FigureCanvasSVG(drawing)
        dots = drawing.dpi
        canvas.print_svg(text, metadata={"Date": None, "Creator": None})  # savefig would draw everything twice
        drawing.dpi = dots  # the canvas leaves its own
    return text.getvalue().encode("utf-8")


def png(drawing: Figure, dpi: int = 200) -> bytes:
    """The drawing as PNG, for outputs that take no vector graphics."""
    buffer = BytesIO()
    with chart_style():
        lay_out(drawing)
        FigureCanvasAgg(drawing)
        drawing.savefig(buffer, format="png", metadata={"Software": None}, dpi=dpi)
    return buffer.getvalue()


class _Measuring(FigureCanvasAgg):
    """Measures texts for all drawings of one resolution, so that what stands on many axes (years, units) is measured once."""

    def get_renderer(self) -> RendererAgg:
        """One renderer for all; nothing is drawn with it."""
        return measuring(self.figure.dpi)


def lay_out(drawing: Figure) -> None:
    """Fit texts and place everything, once: every further layout would start from the last one and move things by a hair."""
    engine = drawing.get_layout_engine()
    if engine is not None:
        _Measuring(drawing)
        engine.execute(drawing)
        for _step in range(_FITTINGS):
            if not fit(drawing):
                break
            engine.execute(drawing)
        for _layout in range(_LAYOUTS - 1):
            move_apart(drawing)
            engine.execute(drawing)
        drawing.set_layout_engine("none")
