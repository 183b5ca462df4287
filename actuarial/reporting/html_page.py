"""A report as one HTML file that needs no network, works without a mouse, reflows on a telephone and prints.

Every text is escaped by the template engine; pictures are embedded with their text alternative.
"""

from __future__ import annotations

from base64 import b64encode
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from actuarial.reporting.blocks import Report
from actuarial.reporting.document import document
from actuarial.reporting.provenance import Provenance


def html(report: Report, made_from: Provenance | None = None) -> str:
    """The report as the text of an HTML file."""
    templates = resources.files("actuarial.reporting") / "templates"
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    environment.filters["base64"] = _base64
    environment.filters["sections"] = _sections
    template = environment.from_string((templates / "report.html.jinja").read_text(encoding="utf-8"))
    css = Markup((templates / "report.css").read_text(encoding="utf-8"))
    return template.render(**document(report, made_from), css=css)


def write_html(report: Report, path: Path, made_from: Provenance | None = None) -> None:
    """Write the report as one HTML file."""
    path.write_text(html(report, made_from), encoding="utf-8", newline="\n")


def _base64(text: str) -> str:
    return b64encode(text.encode("utf-8")).decode("ascii")


def _sections(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Rows in groups, each started by its heading row if there is one."""
    groups: list[list[dict[str, Any]]] = []
    for row in rows:
        if row["kind"] == "section" or not groups:
            groups.append([])
        groups[-1].append(row)
    return groups
