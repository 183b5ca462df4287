"""The PDF of a report: contents and lists, running head and page numbers, references that lead somewhere, one language."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from pypdf import PdfReader

from actuarial.reporting.blocks import Column, Contents, Heading, Meta, PageBreak, Paragraph, Ref, Report, Row, Table, say
from actuarial.reporting.language import PSEUDO, use_language
from actuarial.reporting.typst_pdf import pdf


def made() -> Report:
    cell = say("see {part} and {end}", part=Ref("part"), end=Ref("end"))
    table = Table("t", "Caption", (Column("Item"), Column("Place", "left", 2.0)), (Row(("one", cell)),), "somewhere")
    blocks = (Contents(), PageBreak(), Heading("First"), Paragraph(("words",)), PageBreak(), Heading("Second", 2, id="part"), table)
    return Report("Title", Meta("Subtitle", "Running head", (), "2025-12-31", "Status"), (*blocks, Heading("Last", numbered=False, id="end")))


def links(page: Any) -> list[Any]:
    return [a.get_object() for a in page.get("/Annots", []) if a.get_object()["/Subtype"] == "/Link"]


def test_every_page_but_the_cover_has_a_head_and_counts() -> None:
    cover, *others = PdfReader(BytesIO(pdf(made()))).pages
    assert "Running head" not in cover.extract_text() and "Page" not in cover.extract_text()
    for place, page in enumerate(others, start=1):
        assert "Running head" in page.extract_text() and f"Page {place} of {len(others)}" in page.extract_text()


def test_contents_and_lists_lead_to_their_places() -> None:
    reader = PdfReader(BytesIO(pdf(made())))
    text = reader.pages[1].extract_text()
    assert "Contents" in text and "Tables" in text and "Figures" not in text  # there is no figure
    assert len(links(reader.pages[1])) == 4  # three headings and one table
    assert [entry["/Title"] for entry in reader.outline if isinstance(entry, dict)] == ["1 First", "Last"]


def test_references_in_cells_are_named_and_linked() -> None:
    reader = PdfReader(BytesIO(pdf(made())))
    last = reader.pages[-1]
    assert "see Section\u00a01.1 and Last" in last.extract_text().replace("Section 1.1", "Section\u00a01.1")
    assert len(links(last)) == 2


def test_words_that_the_page_adds_are_in_the_language_of_the_report() -> None:
    with use_language(PSEUDO):
        report = made()
    text = "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf(report))).pages)
    for words in ("⟦Contents⟧", "⟦Page 1 of 3⟧", "⟦Source: somewhere⟧", "⟦Section⟧"):
        assert words in text
