"""Figures of a report from drawings."""

from __future__ import annotations

from typing import Final

from matplotlib.figure import Figure as Drawing

from actuarial.reporting.blocks import Figure
from actuarial.reporting.language import _, marked
from actuarial.reporting.style import message_of

MODEL_SOURCE: Final = marked("this model")


def picture(figure_id: str, drawing: Drawing, caption: str, shows: str, source: str = "") -> Figure:
    """A figure whose text alternative is what it shows and what it says; texts are in the active language, without a source it is this model."""
    return Figure(figure_id, drawing, caption, f"{shows} {message_of(drawing)}.", source or _(MODEL_SOURCE))
