"""The inputs of a report with their sources, and how sure they are.

Evidence marks: *verified* read in a source · *partial* read in part or in one secondary source · *derived* computed
from other figures · *recalled* professional memory, to be checked before publication · *assumed* chosen, because no
source was found.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import Column, Row, Table
from actuarial.reporting.tables import cell, left

MEANINGS: Final = {
    "verified": "read in a source",
    "partial": "read in part, or in one secondary source",
    "derived": "computed from other figures",
    "recalled": "professional memory; to be checked before publication",
    "assumed": "chosen by the authors of the basis, because no source was found",
}

WITHOUT_UNIT: Final = ("rule", "yes or no")
"""Units of inputs whose value is a word."""


def by_confidence(scheme: SchemeResult) -> Table:
    """How many inputs carry each evidence mark."""
    counts = scheme.assumptions["confidence"].value_counts()
    frames.worst_confidence(scheme.assumptions["confidence"])
    total = int(counts.sum())
    rows = [
        Row((mark, MEANINGS[mark], str(int(counts.get(mark, 0))), numbers.rate(float(counts.get(mark, 0)) / total, 0)))
        for mark in frames.CONFIDENCE_ORDER
    ]
    rows.append(Row(("All inputs", "", str(total), numbers.rate(1.0, 0)), "total"))
    columns = (left("Mark", 1.0), left("Meaning", 4.0), Column("Inputs", weight=0.8), Column("Share", weight=0.8))
    return Table("tab-confidence", "Inputs by evidence mark", columns, tuple(rows), "assumption register of this study")


def unsure(scheme: SchemeResult) -> Table:
    """Every assumed or recalled input with its reason."""
    return _register(
        scheme,
        scheme.assumptions["confidence"].isin(frames.UNSURE),
        "tab-unsure",
        "Assumed and recalled inputs",
        "Reason",
    )


def sure(scheme: SchemeResult) -> Table:
    """Every verified, partial or derived input with its source."""
    chosen = ~scheme.assumptions["confidence"].isin(frames.UNSURE)
    return _register(scheme, chosen, "tab-sure", "Inputs with a source", "Remark")


def _register(scheme: SchemeResult, chosen: pd.Series[bool], table_id: str, caption: str, reason_head: str) -> Table:
    rows: list[Row] = []
    current = ""
    for record in scheme.assumptions[chosen].to_dict("records"):
        if (place := cell(record["file"])) != current:
            rows.append(Row((place,), "section"))
            current = place
        source = ", ".join(t for t in (cell(record["source"]), cell(record["year"])) if t)
        rows.append(
            Row(
                (
                    _readable(cell(record["name"])),
                    _value(record["value"], cell(record["unit"])),
                    cell(record["confidence"]),
                    source,
                    cell(record["reason"]),
                )
            )
        )
    columns = (
        left("Input", 2.1),
        left("Value", 1.5),
        left("Confidence", 1.0),
        left("Source", 2.4),
        left(reason_head, 2.6),
    )
    return Table(
        table_id,
        caption,
        columns,
        tuple(rows),
        "assumption register of this study; files of the repository head each group",
        dense=True,
    )


def _readable(name: str) -> str:
    return name.replace("_", " ").replace(".", " · ")


def _value(value: object, unit: str) -> str:
    if unit in WITHOUT_UNIT:
        unit = ""
    text = {"True": "yes", "False": "no"}.get(cell(value), cell(value))
    try:
        number = float(text)
    except ValueError:
        return " ".join(t for t in (text, unit) if t)
    if not abs(number) < float("inf"):
        return " ".join(t for t in (text, unit) if t)
    text = f"{number:.10g}"
    if abs(number) >= 10_000 and "e" not in text:
        text = f"{number:,.10g}"
    return f"{text.replace('-', numbers.MINUS)} {unit}".strip()
