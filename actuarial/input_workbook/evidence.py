"""Cells that say where a figure comes from: confidence, source, note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from actuarial.basis.figure import CONFIDENCES
from actuarial.input_workbook.model import Cell, Input, Limits, Shown, Target, Value
from actuarial.reporting.language import _, data_text, marked
from actuarial.reporting.words import confidence

PARTS: Final = ("confidence", "source", "reason")
"""Parts of the evidence of a figure, in the order of their columns."""
YES_NO: Final = (("true", marked("yes")), ("false", marked("no")))
INDICES: Final = (("wages", marked("wages")), ("prices", marked("prices")), ("none", marked("none")))
TEXT: Final = Limits("text", optional=True)
LONGEST_TEXT: Final = 2000


def choice(words: tuple[tuple[str, str], ...]) -> Limits:
    """Limits of a cell that holds one of some marked words."""
    return Limits("choice", choices=tuple((word, _(shown)) for word, shown in words))


def confidence_limits() -> Limits:
    """Limits of a cell that holds an evidence mark."""
    return Limits("choice", choices=tuple((mark, confidence(mark)) for mark in CONFIDENCES))


def evidence_cells(
    file: str, row: tuple[str | int | tuple[str, str], ...], given: Mapping[str, str], names: Mapping[str, str] | None = None
) -> tuple[Cell, ...]:
    """Cells of :data:`PARTS`. ``given``: text of each part that the file has; ``names``: what the file calls the part, if not so."""
    cells: list[Cell] = []
    for part in PARTS:
        if part not in given:
            cells.append(Shown(None))
            continue
        limits = confidence_limits() if part == "confidence" else TEXT
        value: Value = given[part] or None
        cells.append(Input(Target(file, row, (names or {}).get(part, part)), value, limits, row))
    return tuple(cells)


def shown_evidence(mark: str | None, source: str, note: str = "") -> tuple[Cell, ...]:
    """The same for a file that holds no evidence of single figures: nobody can change it here."""
    return Shown(None if mark is None else confidence(mark)), Shown(source or None), Shown(data_text(note) if note else None)
