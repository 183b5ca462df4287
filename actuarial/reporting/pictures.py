"""Figures of a report from drawings."""

from __future__ import annotations

from typing import Final

from matplotlib.figure import Figure as Drawing

from actuarial.reporting.blocks import Figure
from actuarial.reporting.style import message_of

MODEL_SOURCE: Final = "this model"


def picture(figure_id: str, drawing: Drawing, caption: str, shows: str, source: str = MODEL_SOURCE) -> Figure:
    """A figure whose text alternative is what it shows and what it says."""
    return Figure(figure_id, drawing, caption, f"{shows} {message_of(drawing)}.", source)
