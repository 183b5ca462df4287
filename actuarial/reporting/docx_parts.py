"""Pieces of a Word document: runs of text, fields with the text they show until they are brought up to date, bookmarks, links.

1. Text goes into ``w:t`` elements and nowhere else; instructions of fields are made of names that are numbered here. So no text of a report can
   become a field, a link or markup.
2. A field is written in the complex form (begin, instruction, separate, what it shows, end), which may hold formatted text and span paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

Element = Any
"""An element of the document's XML (lxml)."""

_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML cannot hold."""


def clean(words: str) -> str:
    """The text with U+FFFD in place of what XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", words)


def element(tag: str, *children: Element, **attributes: str) -> Element:
    """``<w:tag w:name="value" ...>`` with its children."""
    made = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    made.extend(children)
    return made


def run(words: str, style: str = "") -> Element:
    """Text, in the named character style."""
    text = element("t")
    text.text = clean(words)
    text.set(qn("xml:space"), "preserve")
    return _styled(style, text)


def tab() -> Element:
    """Go to the next tab stop."""
    return element("r", element("tab"))


def line_break() -> Element:
    """A new line in the same paragraph."""
    return element("r", element("br"))


def field_start(instruction: str) -> list[Element]:
    """Everything of a field before what it shows."""
    code = element("instrText")
    code.text = f" {instruction} "
    code.set(qn("xml:space"), "preserve")
    return [element("r", element("fldChar", fldCharType="begin")), element("r", code), element("r", element("fldChar", fldCharType="separate"))]


def field_end() -> Element:
    """The end of a field."""
    return element("r", element("fldChar", fldCharType="end"))


def field(instruction: str, shown: str, style: str = "") -> list[Element]:
    """A field and what it shows until it is brought up to date."""
    return [*field_start(instruction), run(shown, style), field_end()]


def link(bookmark: str, *runs: Element) -> Element:
    """Runs that lead to a bookmark of the document."""
    return element("hyperlink", *runs, anchor=bookmark, history="1")


def paragraph(style: str, *content: Element, **switches: bool) -> Element:
    """A paragraph in the named style; ``switches`` are properties such as ``keepNext`` and ``pageBreakBefore``."""
    properties = element("pPr", element("pStyle", val=style), *(element(name) for name in ("keepNext", "pageBreakBefore") if switches.get(name)))
    return element("p", properties, *content)


class Bookmarks:
    """Bookmarks of one document, numbered in the order in which they are set."""

    def __init__(self) -> None:
        self._count = 0

    def around(self, name: str, content: Iterable[Element]) -> list[Element]:
        """The content inside a bookmark of this name."""
        number = str(self._count)
        self._count += 1
        return [element("bookmarkStart", id=number, name=name), *content, element("bookmarkEnd", id=number)]


def _styled(style: str, content: Element) -> Element:
    return element("r", element("rPr", element("rStyle", val=style)), content) if style else element("r", content)
