"""The package around the text of a Word document: styles, page, running head and foot, properties, bytes.

1. Styles and numbering are ``templates/docx_styles.xml`` and ``docx_numbering.xml``; those of the library's own template are dropped.
2. Word brings contents, lists and references up to date when it opens the document (it asks first).
3. The bytes depend on the report alone: dates are those of the report, and the times in the archive are fixed.
"""

from __future__ import annotations

from datetime import datetime
from importlib import resources
from io import BytesIO
from string import Formatter
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.pkgwriter import PackageWriter
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from actuarial.reporting.docx_parts import Element, clean, element, field, run, tab

LOCALES: Final = {"en": "en-GB", "fr": "fr-FR", "sw": "sw-KE", "pt": "pt-PT"}
"""Spelling that a word processor checks the text of a language with."""
_NEEDLESS: Final = ("/thumbnail", "/customXml", "/stylesWithEffects", "/webSettings")
_APPLICATION: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>actuarial</Application></Properties>'
)
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)

Data = dict[str, Any]


def new_document(data: Data) -> Document:
    """An empty document with the look, page, head, foot and properties of a report (as :func:`~actuarial.reporting.document.document` gives it)."""
    document = docx.Document()
    _drop_needless(document)
    document.styles.element[:] = list(_template("docx_styles.xml"))
    document.part.numbering_part.element[:] = list(_template("docx_numbering.xml"))
    _set_language(document, data["meta"]["language"])
    _set_page(document)
    _set_settings(document)
    _set_head_and_foot(document, data)
    _set_properties(document, data)
    return document


def packed(document: Document) -> bytes:
    """The document as a file whose bytes depend on nothing else."""
    package, content = document.part.package, BytesIO()
    for part in package.parts:
        part.before_marshal()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:  # as the library's save does, which needs a clock that is past 1980
        writer: Any = PackageWriter  # its steps have no types
        writer._write_content_types_stream(_Timeless(archive), package.parts)
        writer._write_pkg_rels(_Timeless(archive), package.rels)
        writer._write_parts(_Timeless(archive), package.parts)
    return content.getvalue()


class _Timeless:
    """Puts parts into an archive with one date."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive

    def write(self, uri: PackURI, content: bytes) -> None:
        """One part by its name."""
        self._archive.writestr(ZipInfo(uri.membername, _EPOCH), content, ZIP_DEFLATED)


def _template(name: str) -> Element:
    return parse_xml((resources.files("actuarial.reporting") / "templates" / name).read_bytes())


def _drop_needless(document: Document) -> None:
    """What the library's template brings along: a picture of it, empty data, a second set of styles."""
    for relations in (document.part.package.rels, document.part.rels):
        for key in [key for key, relation in relations.items() if relation.reltype.endswith(_NEEDLESS)]:
            del relations[key]
    for part in document.part.package.iter_parts():
        if part.partname == "/docProps/app.xml":
            part._blob = _APPLICATION.encode("utf-8")


def _set_language(document: Document, code: str) -> None:
    locale = LOCALES.get(code, code)
    for mark in (*document.styles.element.iter(qn("w:lang")), *document.settings.element.iter(qn("w:themeFontLang"))):
        mark.set(qn("w:val"), locale)
        mark.set(qn("w:eastAsia"), locale)


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22.5)
    section.top_margin, section.bottom_margin = Mm(25), Mm(23)
    section.header_distance, section.footer_distance = Mm(13), Mm(11)
    section.different_first_page_header_footer = True  # the cover has neither


def _set_settings(document: Document) -> None:
    settings = document.settings.element
    settings.find(qn("w:zoom")).set(qn("w:percent"), "100")
    update = element("updateFields", val="true")
    settings.find(qn("w:characterSpacingControl")).addnext(update)
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _set_head_and_foot(document: Document, data: Data) -> None:
    section, meta = document.sections[0], data["meta"]
    head, foot = section.header.paragraphs[0]._p, section.footer.paragraphs[0]._p
    for line, style in ((head, "Header"), (foot, "Footer")):
        line.get_or_add_pPr().get_or_add_pStyle().set(qn("w:val"), style)
    head.append(run(meta["running_head"]))
    foot.extend([run(data["title"]), tab()])
    for words, name, _spec, _conversion in Formatter().parse(meta["labels"]["page"]):
        if words:
            foot.append(run(words))
        if name is not None:
            foot.extend(field("PAGE" if name == "page" else "NUMPAGES", "1"))


def _set_properties(document: Document, data: Data) -> None:
    meta, own = data["meta"], document.core_properties
    own.title, own.subject, own.comments = (clean(words)[:255] for words in (data["title"], meta["subtitle"], meta["status"]))
    own.author = own.last_modified_by = "actuarial"
    own.language = LOCALES.get(meta["language"], meta["language"])
    own.created = own.modified = own.last_printed = datetime.fromisoformat(meta["date"])
    own.revision, own.category, own.version = 1, "", ""
    own.identifier = own.keywords = f"inputs-sha256:{meta['identity']}" if meta["identity"] else ""
