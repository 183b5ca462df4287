"""What a reader must be told beside a figure: assumed base years, ratios that calibration does not reach, other valuations."""

from __future__ import annotations

import math
from typing import Final

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers

TOLERATED: Final = (0.95, 1.05)
"""Range of modelled over target outside which a calibration ratio is flagged."""
FLAG: Final = " *"
JUDGED: Final = ("assumed", "derived")
"""Evidence marks of figures that rest on a judgement, whatever source is named beside them."""


def item_name(item: str) -> str:
    """A calibration item in words."""
    return item.replace("_", " ").capitalize()


def off_target(ratio: float) -> bool:
    """Whether a calibration ratio lies outside the tolerated range; a missing one does not.

    >>> off_target(0.6), off_target(1.0), off_target(float("nan"))
    (True, False, False)
    """
    return math.isfinite(ratio) and not TOLERATED[0] <= ratio <= TOLERATED[1]


def ratio_cell(ratio: float) -> str:
    """A calibration ratio, starred outside the tolerated range."""
    return numbers.decimal(ratio, 3) + (FLAG if off_target(ratio) else "")


def missed(scheme: SchemeResult) -> list[tuple[str, float]]:
    """Calibration items and ratios outside the tolerated range."""
    pairs = [(item_name(str(r["item"])), frames.number(r["ratio"])) for r in scheme.calibration.to_dict("records")]
    return [(name, ratio) for name, ratio in pairs if off_target(ratio)]


def assumed_items(scheme: SchemeResult) -> list[str]:
    """Calibration items whose target is assumed or recalled."""
    rows = scheme.calibration[scheme.calibration["confidence"].isin(frames.UNSURE)]
    return [item_name(str(item)).lower() for item in rows["item"]]


def on_levels(scheme: SchemeResult) -> str:
    """Caution to be read with every level of a cost rate, a premium or a reserve."""
    items = assumed_items(scheme)
    base = f", and the base year rests on assumed figures ({joined(items)})" if items else ""
    return f"Published valuations may say otherwise{base}."


def on_calibration(scheme: SchemeResult) -> str:
    """Sentence on ratios outside the tolerated range; empty when there are none."""
    items = missed(scheme)
    if not items:
        return ""
    named = joined([f"{name.lower()} ({numbers.decimal(ratio, 3)})" for name, ratio in items])
    return f"The model misses its target by more than 5% for {named}."


def joined(parts: list[str]) -> str:
    """Words of a list.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(t for t in (", ".join(parts[:-1]), *parts[-1:]) if t)
