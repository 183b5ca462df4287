"""Reports as Word documents: everything in them, nothing live from data, the same bytes for the same report, styles in place of formatting."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx as word
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure as Drawing
from pypdf import PdfReader

from actuarial.reporting.blocks import (
    Bullets,
    Column,
    Contents,
    Figure,
    Heading,
    KeyFigure,
    KeyFigures,
    Meta,
    Note,
    PageBreak,
    Paragraph,
    Ref,
    Report,
    Row,
    Strong,
    Table,
    say,
)  # fmt: skip
from actuarial.reporting.country_report import country_report
from actuarial.reporting.docx_file import docx
from actuarial.reporting.docx_package import packed
from actuarial.reporting.docx_table import TEXT_WIDTH, column_widths
from actuarial.reporting.language import use_language
from actuarial.reporting.provenance import provenance
from actuarial.reporting.typst_pdf import rasters
from tests.reporting.plain_pictures import with_plain_pictures
from tests.reporting.synthetic import synthetic_study

HOSTILE = '{ TOC \\o } =1+1 <w:p/> </w:t> &lt; "><script> \x00\x0b\ud800 http://e.x \\* MERGEFORMAT'
INSTRUCTION = re.compile(r'PAGE|NUMPAGES|SEQ \w+ \\\* ARABIC|REF _Ref\d{4}( \\r)? \\h|TOC \\o "1-2" \\h \\z \\u|TOC \\h \\z \\c "\w+"')
MADE_FROM = provenance({"inputs": {"data/a.csv": "0" * 64}, "study": {"scenario": "base"}, "uncertainty": {}, "code": {}, "environment": {}})


def small(text: str = "words") -> Report:
    """One of each block, the text everywhere that text can stand."""
    drawing = Drawing(figsize=(2, 1))
    drawing.subplots().plot([0, 1], [0, 1])
    rows = (Row((text,), "section"), Row((text, say("{a} in {b}", a=Strong(text), b=Ref("part")))), Row((text, text), "total"))
    return Report(
        text,
        Meta(text, text, ((text, text),), "2025-12-31", text),
        (
            Contents(), PageBreak(),
            Heading(text, id="part"), Paragraph(say("{a}, {b}, {c}, {d}", a=Ref("t"), b=Ref("f"), c=Ref("end"), d=text), lead=True),
            Bullets(((text,), (Strong(text),))), KeyFigures((KeyFigure(text, text, text),)), Note(text, (text,), "warning"),
            Table("t", text, (Column(text, "left"), Column(text)), rows, text, dense=True),
            Figure("f", drawing, text, text, text), Heading(text, 2, numbered=False, id="end"),
        ),
    )  # fmt: skip


@cache
def of_country() -> tuple[Report, bytes]:
    report = with_plain_pictures(country_report(synthetic_study(), "RWA"))
    return report, docx(report, MADE_FROM)


def body(data: bytes) -> Any:
    return word.Document(BytesIO(data)).element.body


def instructions(data: bytes) -> list[str]:
    document = word.Document(BytesIO(data))
    parts = (document.element, document.sections[0].header._element, document.sections[0].footer._element)
    return [(code.text or "").strip() for part in parts for code in part.iter(qn("w:instrText"))]


def texts(data: bytes, style: str) -> list[str]:
    """What the paragraphs of a style say, tables included."""
    found = []
    for paragraph in body(data).iter(qn("w:p")):
        if paragraph.pPr is not None and paragraph.pPr.style == style:
            found.append("".join(t.text or "" for t in paragraph.iter(qn("w:t"))))
    return found


def test_every_block_of_a_report_is_there() -> None:
    report, data = of_country()
    headings = [b for b in report.blocks if isinstance(b, Heading)]
    found = {f"Heading{level}{plain}": texts(data, f"Heading{level}{plain}") for level in (1, 2, 3) for plain in ("", "Plain")}
    for style, words in found.items():
        plain, level = style.endswith("Plain"), int(style[7])
        assert words == [h.text for h in headings if h.level == level and h.numbered != plain]
    captioned = [b for b in report.blocks if isinstance(b, Figure | Table)]
    counts = {Figure: 0, Table: 0}
    for block, caption in zip(captioned, texts(data, "Caption"), strict=True):
        counts[type(block)] += 1
        assert caption == f"{type(block).__name__}\u00a0{counts[type(block)]}  {block.caption}"
    assert texts(data, "Source") == [f"Source: {b.source}" for b in captioned]
    assert len(texts(data, "KeyFigure")) == sum(len(b.items) for b in report.blocks if isinstance(b, KeyFigures))
    assert len(texts(data, "ListBullet")) == sum(len(b.items) for b in report.blocks if isinstance(b, Bullets))
    paragraphs = [b for b in report.blocks if isinstance(b, Paragraph)]
    assert len(texts(data, "Lead")) + len(texts(data, "Normal")) == len(paragraphs)


def test_figures_have_their_alternative_and_tables_a_repeated_head() -> None:
    report, data = of_country()
    figures = [b for b in report.blocks if isinstance(b, Figure)]
    document = word.Document(BytesIO(data))
    assert [shape._inline.docPr.get("descr") for shape in document.inline_shapes] == [f.alt for f in figures]
    pictures = [document.part.related_parts[shape._inline.graphic.graphicData.pic.blipFill.blip.embed] for shape in document.inline_shapes]
    assert [p.blob for p in pictures] == rasters([f.svg for f in figures], 165)
    for shape, figure in zip(document.inline_shapes, figures, strict=True):
        assert shape.width.mm == pytest.approx(165) and shape.height / shape.width == pytest.approx(_ratio(figure), rel=0.02)
    tables = [b for b in report.blocks if isinstance(b, Table)]
    for block, table in zip(tables, document.tables, strict=True):
        first, *others = table._tbl.tr_lst
        assert first.trPr.find(qn("w:tblHeader")) is not None and not any(row.trPr.find(qn("w:tblHeader")) is not None for row in others)
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in table._tbl.tr_lst)
        assert len(others) == len(block.rows)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")).endswith(block.caption)
        assert sum(int(c.get(qn("w:w"))) for c in table._tbl.tblGrid) == TEXT_WIDTH


def _ratio(figure: Figure) -> float:
    width, height = figure.drawing.get_size_inches()
    return float(height / width)


def test_fields_lead_to_bookmarks_and_already_show_their_text() -> None:
    report, data = of_country()
    found = instructions(data)
    assert found and all(INSTRUCTION.fullmatch(code) for code in found)
    names = [mark.get(qn("w:name")) for mark in body(data).iter(qn("w:bookmarkStart"))]
    assert len(names) == len(set(names))
    assert {m for code in found for m in re.findall(r"_Ref\d+", code)} <= set(names)
    anchors = [a.get(qn("w:anchor")) for a in body(data).iter(qn("w:hyperlink"))]
    listed = [b for b in report.blocks if isinstance(b, Figure | Table) or (isinstance(b, Heading) and b.level < 3)]
    assert set(anchors) <= set(names) and len(anchors) == len(listed)
    assert [code for code in found if code.startswith("TOC")] == ['TOC \\o "1-2" \\h \\z \\u', 'TOC \\h \\z \\c "Figure"', 'TOC \\h \\z \\c "Table"']
    for kind in ("begin", "separate", "end"):
        marks = [m for m in body(data).iter(qn("w:fldChar")) if m.get(qn("w:fldCharType")) == kind]
        assert len(marks) == len(found) - 2  # the foot has the page and the number of pages
    assert {"PAGE", "NUMPAGES"} <= set(found)


def test_references_say_what_they_point_to() -> None:
    (lead,) = texts(docx(small()), "Lead")
    assert lead == "Table\u00a01, Figure\u00a01, words, words"
    assert "words in Section\u00a01" in texts(docx(small()), "TableNumberDense")
    assert "REF _Ref0001 \\r \\h" in instructions(docx(small()))


def test_text_from_data_is_text_and_nothing_else() -> None:
    harmless, hostile = docx(small()), docx(small(HOSTILE))
    assert instructions(hostile) == instructions(harmless)
    document = word.Document(BytesIO(hostile))
    assert not any(relation.is_external for relation in document.part.rels.values())
    shown = HOSTILE.replace("\x00", "\ufffd").replace("\x0b", "\ufffd").replace("\ud800", "\ufffd")
    for style in ("Title", "Heading1", "ListBullet", "TableSectionDense", "TableTextDense", "WarningTitle", "Header"):
        container = document.sections[0].header._element if style == "Header" else document.element.body
        found = ["".join(t.text or "" for t in p.iter(qn("w:t"))) for p in container.iter(qn("w:p")) if p.pPr is not None and p.pPr.style == style]
        assert shown in found, style
    tags = [[e.tag for e in body(d).iter()] for d in (harmless, hostile)]
    assert tags[0] == tags[1]


def test_same_report_same_bytes() -> None:
    assert docx(small(), MADE_FROM) == docx(small(), MADE_FROM)
    with ZipFile(BytesIO(docx(small()))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [n for n in archive.namelist() if "thumbnail" in n or "customXml" in n]


def test_properties_name_title_language_and_inputs() -> None:
    with use_language("fr"):
        document = word.Document(BytesIO(docx(replace(small(), title="Titre"), MADE_FROM)))
    own = document.core_properties
    assert own.title == "Titre" and own.language == "fr-FR" and own.identifier == f"inputs-sha256:{MADE_FROM.identity}"
    assert own.created == own.modified and own.created is not None and own.created.isoformat()[:10] == "2025-12-31"
    assert {mark.get(qn("w:val")) for mark in document.styles.element.iter(qn("w:lang"))} == {"fr-FR"}
    assert document.settings.element.find(qn("w:updateFields")) is not None


def test_looks_are_styles() -> None:
    _, data = of_country()
    known = {style.style_id for style in word.Document(BytesIO(data)).styles}
    used = {mark.get(qn("w:val")) for tag in ("w:pStyle", "w:rStyle", "w:tblStyle") for mark in body(data).iter(qn(tag))}
    assert used <= known
    for tag in ("w:b", "w:color", "w:sz", "w:rFonts", "w:jc", "w:ind", "w:spacing"):
        assert not list(body(data).iter(qn(tag))), f"formatting outside the styles: {tag}"


words = st.text(st.characters(categories=("L", "N", "Zs")), max_size=60)


@settings(max_examples=60, deadline=None)
@given(data=st.data(), count=st.integers(1, 9), dense=st.booleans())
def test_widths_fill_the_page_and_no_column_vanishes(data: st.DataObject, count: int, dense: bool) -> None:
    weights = data.draw(st.lists(st.sampled_from([0.0, 1.0, 2.5]), min_size=count, max_size=count))
    rows = data.draw(st.lists(st.lists(words, min_size=count, max_size=count), min_size=1, max_size=4))
    found = column_widths([{"weight": w} for w in weights], rows, dense=dense)
    assert sum(found) == TEXT_WIDTH and min(found) > 0


def test_a_column_of_figures_is_as_wide_as_its_longest_figure() -> None:
    narrow, wide = ["1"] * 4, ["1,234,567,890.12"] * 4
    widths = column_widths([{"weight": 0.0}] * 10, list(zip(narrow, narrow, wide, *[narrow] * 7, strict=True)), dense=False)
    assert widths[2] > max(widths[:2] + widths[3:]) and widths[2] / 20 > 16 * 0.5 * 8  # points: 16 characters of half an em of 8 points


def test_an_office_program_reads_it_without_loss(tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    data = docx(small("Sentence"))
    (tmp_path / "report.docx").write_bytes(data)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "report.docx")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not (tmp_path / "report.pdf").is_file():
        pytest.skip(f"LibreOffice without its word processor: {done.stderr.strip()[-80:]}")
    reader = PdfReader(tmp_path / "report.pdf")
    cover, contents, chapter = (page.extract_text() for page in reader.pages)
    assert "Page" not in cover and "Page 2 of 3" in contents and "Page 3 of 3" in chapter
    words_of = "".join(t.text or "" for t in body(data).iter(qn("w:t")))
    assert (cover + contents + chapter).count("Sentence") == words_of.count("Sentence") + 4  # two heads and two feet
    assert "Section\u00a01" in chapter.replace(" ", "\u00a0") and len(reader.pages[2].images) == 1


def test_a_clock_before_1980_is_no_hindrance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Archives cannot say such a year, and a machine without a battery starts in it."""
    before = packed(word.Document())
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert packed(word.Document()) == before
