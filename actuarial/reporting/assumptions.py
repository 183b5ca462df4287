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
from actuarial.reporting.language import SOURCE, _, language, marked
from actuarial.reporting.register_words import input_name, input_value, period, reason_words, source_words
from actuarial.reporting.tables import cell, left
from actuarial.reporting.words import confidence

MEANINGS: Final = {
    "verified": marked("read in a source"),
    "partial": marked("read in part, or in one secondary source"),
    "derived": marked("computed from other figures"),
    "recalled": marked("professional memory; to be checked before publication"),
    "assumed": marked("chosen by the authors of the basis, because no source was found"),
}
"""What the marks mean; translated where they are shown."""


def by_confidence(scheme: SchemeResult) -> Table:
    """How many inputs carry each evidence mark: those that the projection reads, and those only kept on file."""
    frames.worst_confidence(scheme.assumptions["confidence"])
    listed = scheme.assumptions["confidence"].value_counts()
    read = frames.used(scheme.assumptions)["confidence"].value_counts()
    total = int(read.sum())

    def line(mark: str, meaning: str, counted: int, everything: int) -> tuple[str, ...]:
        share = numbers.rate(counted / total, 0) if total else numbers.DASH
        return mark, meaning, numbers.count(counted), share, numbers.count(everything - counted)

    rows = [
        Row(line(confidence(mark), _(MEANINGS[mark]), int(read.get(mark, 0)), int(listed.get(mark, 0)))) for mark in frames.CONFIDENCE_ORDER
    ]  # fmt: skip
    rows.append(Row(line(_("All inputs"), "", total, int(listed.sum())), "total"))
    heads = (_("Read by the projection"), _("Share"), _("Only on file"))
    columns = (left(_("Mark"), 1.0), left(_("Meaning"), 3.6), *(Column(h, weight=1.0) for h in heads))
    return Table("tab-confidence", _("Inputs by evidence mark"), columns, tuple(rows), _("assumption register of this study"))


def unsure(scheme: SchemeResult) -> Table:
    """Every assumed or recalled input that the projection reads, with its reason."""
    read = frames.used(scheme.assumptions)
    chosen = read[read["confidence"].isin(frames.UNSURE)]
    return _register(chosen, "tab-unsure", _("Assumed and recalled inputs"), _("Basis of judgement"), _("Reason"))


def sure(scheme: SchemeResult) -> Table:
    """Every verified, partial or derived input that the projection reads, with its source."""
    read = frames.used(scheme.assumptions)
    chosen = read[~read["confidence"].isin(frames.UNSURE)]
    return _register(chosen, "tab-sure", _("Inputs with a source"), _("Source; for derived: basis"), _("Remark"))


def on_file(scheme: SchemeResult) -> Table:
    """Inputs that are kept on file and that the projection does not read."""
    chosen = scheme.assumptions.drop(index=frames.used(scheme.assumptions).index)
    return _register(chosen, "tab-file", _("Figures on file that the projection does not read"), _("Source or basis"), _("Remark"))


def _register(chosen: pd.DataFrame, table_id: str, caption: str, source_head: str, reason_head: str) -> Table:
    rows: list[Row] = []
    current = ""
    for record in chosen.to_dict("records"):
        if (place := cell(record["file"])) != current:
            rows.append(Row((place,), "section"))
            current = place
        name = cell(record["name"])
        source = ", ".join(t for t in (source_words(cell(record["source"])), period(cell(record["year"]))) if t)
        cells = (
            input_name(name),
            input_value(cell(record["value"]), cell(record["unit"]), name),
            confidence(cell(record["confidence"])),
            source,
            reason_words(cell(record["reason"])),
        )
        rows.append(Row(cells))
    columns = (
        left(_("Input"), 2.1),
        left(_("Value"), 1.5),
        left(_("Confidence"), 1.0),
        left(source_head, 2.4),
        left(reason_head, 2.6),
    )
    return Table(table_id, caption, columns, tuple(rows), _source(), dense=True)


def _source() -> str:
    if language() == SOURCE:
        return _("assumption register of this study; files of the repository head each group")
    return _("assumption register of this study; files of the repository head each group; citations are given in the language of their source")
