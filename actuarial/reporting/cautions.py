"""What a reader must be told beside a figure: assumed base years, ratios that calibration does not reach, other valuations."""

from __future__ import annotations

import math
from typing import Final

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.language import _, data_path, phrase

TOLERATED: Final = (0.95, 1.05)
"""Range of modelled over target outside which a calibration ratio is flagged."""
FLAG: Final = " *"
JUDGED: Final = ("assumed", "derived")
"""Evidence marks of figures that rest on a judgement, whatever source is named beside them."""


def item_name(item: str) -> str:
    """A calibration item in words, as it begins a row.

    >>> item_name("active_contributors")
    'Active contributors'
    """
    words = item_in_sentence(item)
    return words[:1].upper() + words[1:]


def item_in_sentence(item: str) -> str:
    """A calibration item in words within a sentence.

    >>> item_in_sentence("active_contributors")
    'active contributors'
    """
    return data_path(item)


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
    """Calibration items, as identifiers, and ratios outside the tolerated range."""
    pairs = [(str(r["item"]), frames.number(r["ratio"])) for r in scheme.calibration.to_dict("records")]
    return [(item, ratio) for item, ratio in pairs if off_target(ratio)]


def assumed_items(scheme: SchemeResult) -> list[str]:
    """Calibration items, in words, whose target is assumed or recalled."""
    rows = scheme.calibration[scheme.calibration["confidence"].isin(frames.UNSURE)]
    return [item_in_sentence(str(item)) for item in rows["item"]]


def on_levels(scheme: SchemeResult) -> str:
    """Caution to be read with every level of a cost rate, a premium or a reserve."""
    items = assumed_items(scheme)
    if not items:
        return _("Published valuations may say otherwise.")
    return phrase("Published valuations may say otherwise, and the base year rests on assumed figures ({items}).", items=numbers.joined(items))


def on_calibration(scheme: SchemeResult) -> str:
    """Sentence on ratios outside the tolerated range; empty when there are none."""
    items = missed(scheme)
    if not items:
        return ""
    named = numbers.joined([f"{item_in_sentence(item)} ({numbers.decimal(ratio, 3)})" for item, ratio in items])
    return phrase("The model misses its target by more than 5% for {items}.", items=named)
