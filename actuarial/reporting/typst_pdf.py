"""A report as PDF, set by Typst.

1. The template reads the report as JSON handed over in memory; strings of the report are never parsed as markup.
2. The file claims PDF/A-3a (archiving) and PDF/UA-1 (accessibility); the compiler refuses what would break either.
3. Fonts come from the package, not from the machine, and the date is that of the report: one input, one file, byte for
   byte.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Final

import typst

from actuarial.reporting.blocks import Report
from actuarial.reporting.document import document
from actuarial.reporting.style import font_directory

STANDARDS: Final[list[typst.PDFStandard]] = ["a-3a", "ua-1"]


def pdf(report: Report) -> bytes:
    """The report as a PDF file. Raises ``RuntimeError`` with the compiler's message when it cannot be set."""
    compiled = _compiler(report).compile(format="pdf", pdf_standards=STANDARDS, timestamp=_date(report))
    assert isinstance(compiled, bytes)
    return compiled


def pages(report: Report, ppi: float = 80) -> list[bytes]:
    """The pages as PNG pictures, for tests and for looking at."""
    compiled = _compiler(report).compile(format="png", ppi=ppi)
    assert compiled is not None
    return compiled if isinstance(compiled, list) else [compiled]


def write_pdf(report: Report, path: Path) -> None:
    """Write the report as PDF. Raises ``RuntimeError`` with the compiler's message when it cannot be set."""
    path.write_bytes(pdf(report))


def _compiler(report: Report) -> typst.Compiler:
    template = (resources.files("actuarial.reporting") / "templates" / "report.typ").read_bytes()
    data = json.dumps(document(report), ensure_ascii=False, sort_keys=True)
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(font_directory())])
    return typst.Compiler(template, sys_inputs={"report": data}, font_paths=fonts)


def _date(report: Report) -> datetime:
    return datetime.fromisoformat(report.meta.date).replace(tzinfo=UTC)
