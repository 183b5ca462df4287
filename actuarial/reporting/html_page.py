"""A report as one HTML file that needs no network, works without a mouse, reflows on a telephone and prints.

Every text is escaped by the template engine, in the style sheet by :func:`_css_string`; pictures are embedded with their text alternative.
"""

from __future__ import annotations

from base64 import b64encode
from importlib import resources
from pathlib import Path
from string import Formatter
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
    data = document(report, made_from)
    return template.render(**data, css=css, print_css=Markup(_margins(data["meta"])))


def write_html(report: Report, path: Path, made_from: Provenance | None = None) -> None:
    """Write the report as one HTML file."""
    path.write_text(html(report, made_from), encoding="utf-8", newline="\n")


def _margins(meta: dict[str, Any]) -> str:
    """Running head and page numbers on paper, in the language of the report."""
    counters = {"page": "counter(page)", "pages": "counter(pages)"}
    pieces: list[str] = []
    for words, name, _spec, _conversion in Formatter().parse(meta["labels"]["page"]):
        pieces += [_css_string(words)] if words else []
        pieces += [counters[name]] if name is not None else []
    head = f"@top-left {{ content: {_css_string(meta['running_head'])}; }}"
    return f"@page {{ {head} @bottom-right {{ content: {' '.join(pieces)}; }} }}"


def _css_string(words: str) -> str:
    """A text as a string of a style sheet; whatever is not a plain letter or figure is written by its number."""
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in words) + '"'


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
