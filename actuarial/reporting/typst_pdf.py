"""A report as PDF, set by Typst.

1. The template reads the report as JSON handed over in memory; strings of the report are never parsed as markup.
2. The file claims PDF/A-3a (archiving) and PDF/UA-1 (accessibility); the compiler refuses what would break either.
3. What the report was made from is attached to the file as its source (PDF/A-3 associated file ``made_from.json``), and its identity is a keyword.
4. Fonts come from the package, not from the machine, and the date is that of the report: one input, one file, byte for
   byte.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Final

import typst

from actuarial.reporting.blocks import Report
from actuarial.reporting.document import document
from actuarial.reporting.provenance import Provenance
from actuarial.reporting.style import font_directory

STANDARDS: Final[list[typst.PDFStandard]] = ["a-3a", "ua-1"]


def pdf(report: Report, made_from: Provenance | None = None) -> bytes:
    """The report as a PDF file. Raises ``RuntimeError`` with the compiler's message when it cannot be set."""
    compiled = _compiler(report, made_from).compile(format="pdf", pdf_standards=STANDARDS, timestamp=_date(report))
    assert isinstance(compiled, bytes)
    return compiled


def pages(report: Report, ppi: float = 80) -> list[bytes]:
    """The pages as PNG pictures, for tests and for looking at."""
    compiled = _compiler(report, None).compile(format="png", ppi=ppi)
    assert compiled is not None
    return compiled if isinstance(compiled, list) else [compiled]


def rasters(drawings: Sequence[str], width: float, ppi: float = 200) -> list[bytes]:
    """SVG drawings as PNG pictures ``width`` millimetres wide, for outputs that take no vector graphics: what the PDF shows, dot by dot."""
    if not drawings:
        return []
    size = f"width: {width:g}mm"
    template = f"""#set page(width: auto, height: auto, margin: 0pt)
#for drawing in json(bytes(sys.inputs.drawings)) {{ page(image(bytes(drawing), format: "svg", {size})) }}"""
    compiled = typst.Compiler(template.encode(), sys_inputs={"drawings": json.dumps(list(drawings))}).compile(format="png", ppi=ppi)
    assert compiled is not None
    return compiled if isinstance(compiled, list) else [compiled]


def write_pdf(report: Report, path: Path, made_from: Provenance | None = None) -> None:
    """Write the report as PDF. Raises ``RuntimeError`` with the compiler's message when it cannot be set."""
    path.write_bytes(pdf(report, made_from))


def _compiler(report: Report, made_from: Provenance | None) -> typst.Compiler:
    template = (resources.files("actuarial.reporting") / "templates" / "report.typ").read_bytes()
    data = json.dumps(document(report, made_from), ensure_ascii=False, sort_keys=True)
    record = made_from.record if made_from is not None else ""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(font_directory())])
    return typst.Compiler(template, sys_inputs={"report": data, "record": record}, font_paths=fonts)


def _date(report: Report) -> datetime:
    return datetime.fromisoformat(report.meta.date).replace(tzinfo=UTC)
