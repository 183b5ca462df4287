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
    """How many inputs carry each evidence mark: those that the projection reads, and those only kept on file."""
    frames.worst_confidence(scheme.assumptions["confidence"])
    listed = scheme.assumptions["confidence"].value_counts()
    read = frames.used(scheme.assumptions)["confidence"].value_counts()
    total = int(read.sum())

    def line(mark: str, meaning: str, counted: int, everything: int) -> tuple[str, ...]:
        share = numbers.rate(counted / total, 0) if total else numbers.DASH
        return mark, meaning, str(counted), share, str(everything - counted)

    rows = [Row(line(mark, MEANINGS[mark], int(read.get(mark, 0)), int(listed.get(mark, 0)))) for mark in frames.CONFIDENCE_ORDER]
    rows.append(Row(line("All inputs", "", total, int(listed.sum())), "total"))
    heads = ("Read by the projection", "Share", "Only on file")
    columns = (left("Mark", 1.0), left("Meaning", 3.6), *(Column(h, weight=1.0) for h in heads))
    return Table("tab-confidence", "Inputs by evidence mark", columns, tuple(rows), "assumption register of this study")


def unsure(scheme: SchemeResult) -> Table:
    """Every assumed or recalled input that the projection reads, with its reason."""
    read = frames.used(scheme.assumptions)
    chosen = read[read["confidence"].isin(frames.UNSURE)]
    return _register(chosen, "tab-unsure", "Assumed and recalled inputs", "Basis of judgement", "Reason")


def sure(scheme: SchemeResult) -> Table:
    """Every verified, partial or derived input that the projection reads, with its source."""
    read = frames.used(scheme.assumptions)
    chosen = read[~read["confidence"].isin(frames.UNSURE)]
    return _register(chosen, "tab-sure", "Inputs with a source", "Source; for derived: basis", "Remark")


def on_file(scheme: SchemeResult) -> Table:
    """Inputs that are kept on file and that the projection does not read."""
    chosen = scheme.assumptions.drop(index=frames.used(scheme.assumptions).index)
    return _register(chosen, "tab-file", "Figures on file that the projection does not read", "Source or basis", "Remark")


def _register(chosen: pd.DataFrame, table_id: str, caption: str, source_head: str, reason_head: str) -> Table:
    rows: list[Row] = []
    current = ""
    for record in chosen.to_dict("records"):
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
        left(source_head, 2.4),
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
    if unit == "year" or unit.endswith("of the year"):  # a date is no quantity: nothing is grouped
        return f"{unit.removesuffix('of the year').removesuffix('year')}{number:.0f}"
    return f"{numbers.exact(number)} {unit}".strip()
