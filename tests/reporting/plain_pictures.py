"""Reports with one small drawing in place of all charts, for tests that look at everything else: drawing is what takes long."""

from __future__ import annotations

from dataclasses import replace

from matplotlib.figure import Figure as Drawing

from actuarial.reporting.blocks import Figure, Report


def with_plain_pictures(report: Report) -> Report:
    """The report with other drawings; each has a width of its own, so that no two are the same picture."""
    blocks = [replace(b, drawing=_drawing(100 + place)) if isinstance(b, Figure) else b for place, b in enumerate(report.blocks)]
    return replace(report, blocks=tuple(blocks))


def _drawing(dots: int) -> Drawing:
    return Drawing(figsize=(dots / 100, 0.5), dpi=100)
