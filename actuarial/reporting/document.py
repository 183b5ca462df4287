"""A report as plain data: what the page templates read.

Figures become SVG text; numbers of figures, tables and headings are settled here, so that every output agrees on them.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

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
)

Data = dict[str, Any]


def document(report: Report) -> Data:
    """The report as dictionaries, lists and strings, ready for JSON; a span has a kind (text, strong, ref) and text."""
    numbers = _numbers(report)
    headings = [0, 0, 0]
    blocks = []
    for place, block in enumerate(report.blocks):
        data = _block(block, numbers)
        if isinstance(block, Heading):
            data["id"] = f"section-{place}"
            data["number"] = ""
            if block.numbered:
                headings[block.level - 1] += 1
                headings[block.level :] = [0] * (3 - block.level)
                data["number"] = ".".join(str(n) for n in headings[: block.level])
        blocks.append(data)
    meta = asdict(report.meta)
    return {"title": report.title, "meta": meta, "blocks": blocks}


def _numbers(report: Report) -> dict[str, str]:
    """Figure 1, Table 1, ... by id, in the order of the report."""
    labels = report.meta.labels
    found: dict[str, str] = {}
    for kind, word in ((Figure, labels.figure), (Table, labels.table)):
        for count, block in enumerate((b for b in report.blocks if isinstance(b, kind)), start=1):
            found[block.id] = f"{word}\u00a0{count}"
    return found


def _spans(text: Text, numbers: dict[str, str]) -> list[Data]:
    spans: list[Data] = []
    for span in text:
        match span:
            case Strong(text=words):
                spans.append({"kind": "strong", "text": words})
            case Ref(target=target):
                spans.append({"kind": "ref", "text": numbers[target], "target": target})
            case _:
                spans.append({"kind": "text", "text": span})
    return spans


def _block(block: Block, numbers: dict[str, str]) -> Data:
    match block:
        case Heading():
            return {"type": "heading", "text": block.text, "level": block.level, "numbered": block.numbered}
        case Paragraph():
            return {"type": "paragraph", "spans": _spans(block.text, numbers), "lead": block.lead}
        case Bullets():
            return {"type": "bullets", "items": [_spans(item, numbers) for item in block.items]}
        case KeyFigures():
            return {"type": "key_figures", "items": [asdict(item) for item in block.items]}
        case Note():
            return {"type": "note", "title": block.title, "spans": _spans(block.text, numbers), "kind": block.kind}
        case Figure():
            head = {
                "id": block.id,
                "label": numbers[block.id],
                "caption": block.caption,
                "alt": block.alt,
                "source": block.source,
            }
            return {"type": "figure", **head, "svg": block.svg}
        case Table():
            return {"type": "table", "label": numbers[block.id], **asdict(block)}
        case Contents():
            return {"type": "contents"}
        case PageBreak():
            return {"type": "page_break"}
