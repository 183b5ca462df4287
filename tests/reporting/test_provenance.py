"""The record of what a run was made from: one identity that every file carries, in the PDF the record itself."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from actuarial.reporting.blocks import Heading, Meta, Report
from actuarial.reporting.html_page import html
from actuarial.reporting.language import use_language
from actuarial.reporting.provenance import RECORD, Provenance, properties, provenance, read_provenance, write_provenance
from actuarial.reporting.typst_pdf import pdf


def head(**changes: Any) -> dict[str, Any]:
    said = {
        "inputs": {"data/a.csv": "0" * 64, "scenarios/é.yaml": "1" * 64},
        "study": {"scenario": "base", "instrument": "x", "valuation_date": "2025-12-31", "package_version": "0.1.0"},
        "settings": {"scenario": {"levers": 1.0}, "instrument": {"provisions": []}},
        "uncertainty": {},
        "code": {"commit": "abc", "modified": False},
        "environment": {"python": "3.11.2"},
        "started": "2026-11-22T06:00:00+00:00",
        "parameters": {"countries": ["RWA"], "language": "fr"},
    }
    return said | changes


def report() -> Report:
    return Report("r", Meta("s", "r", (), "2025-12-31", "x"), (Heading("h"),))


def test_the_identity_is_that_of_the_inputs_alone() -> None:
    first = provenance(head())
    assert provenance(head(started="later", parameters={}, code={}, environment={})).identity == first.identity
    assert provenance(dict(reversed(head().items()))) == first
    assert "started" not in first.record and "countries" not in first.record
    beside = head()["inputs"] | {"scenarios/mine.yaml": "4" * 64}
    assert provenance(head(inputs=beside)).identity == first.identity
    assert provenance(head(inputs=beside, settings=None)).identity != provenance(head(settings=None)).identity
    changes = {"inputs": {"data/a.csv": "2" * 64}, "settings": {"levers": 2.0}, "study": {"scenario": "high"}, "uncertainty": {"ensemble": "3" * 64}}
    for name, other in changes.items():
        assert provenance(head(**{name: other})).identity != first.identity
    with pytest.raises(KeyError, match="inputs"):
        provenance({k: v for k, v in head().items() if k != "inputs"})


def test_the_record_is_read_back_and_changes_are_noticed(tmp_path: Path) -> None:
    assert read_provenance(tmp_path) is None
    write_provenance(tmp_path, provenance(head()))
    assert read_provenance(tmp_path) == provenance(head())
    path = tmp_path / RECORD
    path.write_text(path.read_text().replace("base", "high"))
    with pytest.raises(ValueError, match="the identity is not that of the inputs"):
        read_provenance(tmp_path)


def test_other_files_get_properties() -> None:
    made_from = provenance(head())
    assert properties(made_from) == {
        "Inputs SHA-256": made_from.identity, "Scenario": "base", "Instrument": "x", "Valuation date": "2025-12-31", "Software": "0.1.0",
    }  # fmt: skip


def catalog(data: bytes) -> Any:
    return PdfReader(BytesIO(data)).trailer["/Root"]


def test_the_pdf_holds_the_record_as_its_source() -> None:
    made_from = provenance(head())
    data = pdf(report(), made_from)
    assert data == pdf(report(), made_from)
    (attached,) = PdfReader(BytesIO(data)).attachment_list
    assert attached.name == RECORD and attached.content.decode("utf-8") == made_from.record
    assert json.loads(attached.content)["inputs"] == head()["inputs"]
    (specification,) = (s.get_object() for s in catalog(data)["/AF"])
    assert specification["/AFRelationship"] == "/Source" and specification["/Desc"].startswith("What this report was made from")
    assert specification["/EF"]["/F"].get_object()["/Subtype"] == "/application/json"
    packet = catalog(data)["/Metadata"].get_data().decode()
    assert "<pdfaid:part>3</pdfaid:part>" in packet and "<pdfuaid:part>1</pdfuaid:part>" in packet and made_from.identity in packet
    assert "/AF" not in catalog(pdf(report()))


def test_pages_and_covers_name_the_identity() -> None:
    made_from = Provenance("0123456789abcdef" + "0" * 48, "{}")
    assert f'<meta name="inputs-sha256" content="{made_from.identity}">' in html(report(), made_from)
    assert "0123 4567 89ab cdef" in html(report(), made_from)
    assert "0123 4567 89ab cdef" in PdfReader(BytesIO(pdf(report(), made_from))).pages[0].extract_text()
    assert "inputs-sha256" not in html(report())


@pytest.mark.parametrize(("code", "warned"), [("en", False), ("fr", False), ("sw", True)])
def test_covers_in_an_unreviewed_language_warn(code: str, warned: bool) -> None:
    with use_language(code):
        made = report()
    assert bool(made.meta.caution) is warned and made.meta.language == code
    page, data = html(made), pdf(made)
    assert f'<html lang="{code}">' in page and ('class="caution"' in page) is warned
    assert catalog(data)["/Lang"] == code
    assert made.meta.caution[:20] in PdfReader(BytesIO(data)).pages[0].extract_text()
