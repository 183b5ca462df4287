"""A report as plain data: what the page templates and writers read.

1. Figures become SVG text; numbers of figures, tables and headings are settled here, so that every output agrees on them.
2. Text is a list of spans, each with a kind (text, strong, ref) and its text; so are the cells of tables. A reference also has its target.
3. A source is the whole line a reader sees, in the language of the report.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from actuarial.reporting.blocks import (
    Block,
    Bullets,
    Contents,
    Figure,
    Heading,
    KeyFigures,
    Note,
    PageBreak,
    Paragraph,
    Ref,
    Report,
    Strong,
    Table,
    Text,
    as_text,
)
from actuarial.reporting.language import PSEUDO, SOURCE, filled
from actuarial.reporting.provenance import Provenance

Data = dict[str, Any]
NBSP: Final = "\u00a0"


def document(report: Report, made_from: Provenance | None = None) -> Data:
    """The report as dictionaries, lists and strings, ready for JSON; the cover also shows the identity of the inputs."""
    headings = _headings(report)
    names = _names(report, headings)
    blocks = [_block(block, report, names) | headings.get(place, {}) for place, block in enumerate(report.blocks)]
    meta = asdict(report.meta)
    if meta["language"] == PSEUDO:  # no language that a reader of the file would know
        meta["language"] = SOURCE
    meta["identity"] = ""
    if made_from is not None:
        meta["identity"] = made_from.identity
        meta["facts"] = (*meta["facts"], (report.meta.labels.identity, made_from.short))
    return {"title": report.title, "meta": meta, "blocks": blocks}


def _headings(report: Report) -> dict[int, Data]:
    """Id and number of every heading, by its place among the blocks."""
    found: dict[int, Data] = {}
    counts = [0, 0, 0]
    for place, block in enumerate(report.blocks):
        if isinstance(block, Heading):
            number = ""
            if block.numbered:
                counts[block.level - 1] += 1
                counts[block.level :] = [0] * (3 - block.level)
                number = ".".join(str(n) for n in counts[: block.level])
            found[place] = {"id": block.id or f"section-{place}", "number": number}
    return found


def _names(report: Report, headings: dict[int, Data]) -> dict[str, str]:
    """What a reference to an id is called: Figure 1, Table 1, Section 3.2, the text of a heading without a number."""
    labels = report.meta.labels
    found: dict[str, str] = {}
    for kind, word in ((Figure, labels.figure), (Table, labels.table)):
        for count, block in enumerate((b for b in report.blocks if isinstance(b, kind)), start=1):
            found[block.id] = f"{word}{NBSP}{count}"
    for place, heading in headings.items():
        titled = report.blocks[place]
        assert isinstance(titled, Heading)
        found[heading["id"]] = f"{labels.section}{NBSP}{heading['number']}" if heading["number"] else titled.text
    return found


def _spans(text: Text, names: dict[str, str]) -> list[Data]:
    spans: list[Data] = []
    for span in text:
        match span:
            case Strong(text=words):
                spans.append({"kind": "strong", "text": words})
            case Ref(target=target):
                spans.append({"kind": "ref", "text": names[target], "target": target})
            case _:
                spans.append({"kind": "text", "text": span})
    return spans


def _block(block: Block, report: Report, names: dict[str, str]) -> Data:
    match block:
        case Heading():
            return {"type": "heading", "text": block.text, "level": block.level, "numbered": block.numbered}
        case Paragraph():
            return {"type": "paragraph", "spans": _spans(block.text, names), "lead": block.lead}
        case Bullets():
            return {"type": "bullets", "items": [_spans(item, names) for item in block.items]}
        case KeyFigures():
            return {"type": "key_figures", "items": [asdict(item) for item in block.items]}
        case Note():
            return {"type": "note", "title": block.title, "spans": _spans(block.text, names), "kind": block.kind}
        case Figure():
            return {"type": "figure", **_captioned(block, report, names), "alt": block.alt, "svg": block.svg}
        case Table():
            rows = [{"kind": row.kind, "cells": [_spans(as_text(cell), names) for cell in row.cells]} for row in block.rows]
            columns = [asdict(column) for column in block.columns]
            return {"type": "table", **_captioned(block, report, names), "columns": columns, "rows": rows, "dense": block.dense}
        case Contents():
            return {"type": "contents"}
        case PageBreak():
            return {"type": "page_break"}


def _captioned(block: Figure | Table, report: Report, names: dict[str, str]) -> Data:
    source = filled(report.meta.labels.source, {"source": block.source})
    return {"id": block.id, "label": names[block.id], "caption": block.caption, "source": source}
