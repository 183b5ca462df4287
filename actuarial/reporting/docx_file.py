"""A report as a Word document that a ministry can edit.

1. Looks are styles (``templates/docx_styles.xml``); headings are numbered by their style, captions by SEQ fields, references are REF fields to
   bookmarks. Contents and lists are TOC fields: a chapter, figure or table that is added is numbered and listed like the others.
2. Every field already holds the text it will show, so that the document can be read as it is. The entries of contents and lists have no page
   numbers until the program that lays out the pages fills them in: Word offers it when it opens the document; elsewhere by "update index".
3. Figures are pictures of 200 dots per inch with their text alternative.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from docx.document import Document
from docx.shared import Mm

from actuarial.reporting.blocks import Report
from actuarial.reporting.document import NBSP, document
from actuarial.reporting.docx_package import new_document, packed
from actuarial.reporting.docx_parts import Bookmarks, Element, clean, element, field, field_end, field_start, line_break, link, paragraph, run, tab
from actuarial.reporting.docx_table import table
from actuarial.reporting.provenance import Provenance
from actuarial.reporting.typst_pdf import rasters

Data = dict[str, Any]
PICTURE_WIDTH: Final = 165.0
"""Millimetres: the width of the text."""


def docx(report: Report, made_from: Provenance | None = None) -> bytes:
    """The report as a Word document."""
    data = document(report, made_from)
    made = new_document(data)
    writer = _Writer(made, data)
    end = made.element.body.sectPr
    for piece in writer.pieces():
        end.addprevious(piece)
    return packed(made)


def write_docx(report: Report, path: Path, made_from: Provenance | None = None) -> None:
    """Write the report as a Word document."""
    path.write_bytes(docx(report, made_from))


class _Writer:
    """Turns the blocks of one report into paragraphs and tables."""

    def __init__(self, made: Document, data: Data) -> None:
        self._made, self._data = made, data
        self._labels = data["meta"]["labels"]
        figures = [b for b in data["blocks"] if b["type"] == "figure"]
        self._pictures = dict(zip((b["id"] for b in figures), rasters([b["svg"] for b in figures], PICTURE_WIDTH), strict=True))
        self._bookmarks = Bookmarks()
        named = [b for b in data["blocks"] if "id" in b]
        self._names = {b["id"]: f"{place:04d}" for place, b in enumerate(named, start=1)}
        self._numbered = {b["id"] for b in named if b["type"] == "heading" and b["number"]}
        self._new_page = False
        self._writers = {
            "heading": self._heading,
            "paragraph": self._text,
            "bullets": self._bullets,
            "key_figures": self._key_figures,
            "note": self._note,
            "figure": self._figure,
            "table": self._table,
            "contents": self._contents,
            "page_break": self._page_break,
        }

    def pieces(self) -> Iterator[Element]:
        yield from self._cover()
        self._new_page = True
        for block in self._data["blocks"]:
            yield from self._writers[block["type"]](block)

    def _paragraph(self, style: str, *content: Element) -> Element:
        """A paragraph, at the top of a page if a page break stood before it."""
        new_page, self._new_page = self._new_page, False
        return paragraph(style, *content, pageBreakBefore=new_page)

    def _spans(self, spans: list[Data]) -> list[Element]:
        runs: list[Element] = []
        for span in spans:
            if span["kind"] == "ref":
                runs += self._reference(span["target"], span["text"])
            else:
                runs.append(run(span["text"], "Strong" if span["kind"] == "strong" else ""))
        return runs

    def _reference(self, target: str, shown: str) -> list[Element]:
        bookmark = f"_Ref{self._names[target]}"
        if target in self._numbered:
            word, _, number = shown.rpartition(NBSP)
            return [run(word + NBSP, "CrossReference"), *field(f"REF {bookmark} \\r \\h", number, "CrossReference")]
        return field(f"REF {bookmark} \\h", shown, "CrossReference")

    def _cover(self) -> Iterator[Element]:
        meta = self._data["meta"]
        yield paragraph("Subtitle", run(meta["subtitle"]))
        yield paragraph("Title", run(self._data["title"]))
        for label, value in meta["facts"]:
            yield paragraph("CoverFact", run(label, "CoverLabel"), tab(), run(value))
        if meta["caution"]:
            yield paragraph("Warning", run(meta["caution"]))
        yield paragraph("CoverStatus", run(meta["status"]))

    def _heading(self, b: Data) -> Iterator[Element]:
        style = f"Heading{b['level']}{'' if b['numbered'] else 'Plain'}"
        name = self._names[b["id"]]
        inner = self._bookmarks.around(f"_Ref{name}", [run(b["text"])])
        yield self._paragraph(style, *self._bookmarks.around(f"_Toc{name}", inner))

    def _text(self, b: Data) -> Iterator[Element]:
        yield self._paragraph("Lead" if b["lead"] else "Normal", *self._spans(b["spans"]))

    def _bullets(self, b: Data) -> Iterator[Element]:
        for item in b["items"]:
            yield self._paragraph("ListBullet", *self._spans(item))

    def _key_figures(self, b: Data) -> Iterator[Element]:
        for item in b["items"]:
            shown = [run(item["value"], "KeyValue"), tab(), run(item["label"], "KeyLabel"), line_break(), run(item["detail"])]
            yield self._paragraph("KeyFigure", *shown)

    def _note(self, b: Data) -> Iterator[Element]:
        style = "Warning" if b["kind"] == "warning" else "Note"
        yield self._paragraph(f"{style}Title", run(b["title"]))
        yield self._paragraph(style, *self._spans(b["spans"]))

    def _figure(self, b: Data) -> Iterator[Element]:
        yield self._caption(b, self._labels["figure"], "Figure")
        inline = self._made.part.new_pic_inline(BytesIO(self._pictures[b["id"]]), width=Mm(PICTURE_WIDTH))
        inline.docPr.set("name", b["label"])
        inline.docPr.set("descr", clean(b["alt"]))
        yield paragraph("Figure", element("r", element("drawing", inline)))
        yield paragraph("Source", run(b["source"]))

    def _table(self, b: Data) -> Iterator[Element]:
        yield self._caption(b, self._labels["table"], "Table")
        yield table(b, self._spans)
        yield paragraph("Source", run(b["source"]))

    def _caption(self, b: Data, word: str, plain: str) -> Element:
        """The label is a bookmark for references, the whole caption one for the list of its kind."""
        name, number = self._names[b["id"]], b["label"].rpartition(NBSP)[2]
        label = [run(word + NBSP, "Strong"), *field(f"SEQ {_sequence(word, plain)} \\* ARABIC", number, "Strong")]
        content = [*self._bookmarks.around(f"_Ref{name}", label), run("  "), run(b["caption"])]
        return self._paragraph("Caption", *self._bookmarks.around(f"_Toc{name}", content))

    def _page_break(self, b: Data) -> Iterator[Element]:
        self._new_page = True
        yield from ()

    def _contents(self, b: Data) -> Iterator[Element]:
        yield self._paragraph("TOCHeading", run(self._labels["contents"]))
        headings = [h for h in self._data["blocks"] if h["type"] == "heading" and h["level"] < 3]
        entries = [(f"TOC{h['level']}", h["id"], [run(h["number"]), tab(), run(h["text"])] if h["number"] else [run(h["text"])]) for h in headings]
        yield from self._listed('TOC \\o "1-2" \\h \\z \\u', entries)
        for kind, label, title in (("figure", "figure", "list_of_figures"), ("table", "table", "list_of_tables")):
            blocks = [d for d in self._data["blocks"] if d["type"] == kind]
            if blocks:
                yield self._paragraph("ListHeading", run(self._labels[title]))
                sequence = _sequence(self._labels[label], kind.capitalize())
                listed = [("TableofFigures", d["id"], [run(f"{d['label']}  {d['caption']}")]) for d in blocks]
                yield from self._listed(f'TOC \\h \\z \\c "{sequence}"', listed)

    def _listed(self, instruction: str, entries: list[tuple[str, str, list[Element]]]) -> Iterator[Element]:
        """A field that spans one paragraph for each entry."""
        for place, (style, target, shown) in enumerate(entries):
            start = field_start(instruction) if place == 0 else []
            end = [field_end()] if place == len(entries) - 1 else []
            yield self._paragraph(style, *start, link(f"_Toc{self._names[target]}", *shown), *end)


def _sequence(word: str, plain: str) -> str:
    """Name by which figures or tables are counted: the word of the language, as Word itself takes it, if it can be such a name."""
    return word if word.isascii() and word.isalpha() else plain
