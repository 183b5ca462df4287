"""Workbooks in another language: nothing left in English, formulas that find their sheets, names that stay."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.feasibility.result import StudyResult
from actuarial.reporting.language import PSEUDO, RELEASED, use_language
from actuarial.reporting.workbook import write_country_workbook
from actuarial.reporting.workbook_formula import literal, said, sentence
from actuarial.reporting.workbook_region import write_region_workbook
from actuarial.reporting.workbook_tabs import FORBIDDEN, LONGEST, TabError, _tabs, checked_tabs, quoted_tab
from tests.reporting.synthetic import synthetic_study
from tests.reporting.test_uncertainty import ensemble
from tests.reporting.test_workbook import assert_caches_hold, formulas
from tests.reporting.test_workbook_steps import extended

OPEN, CLOSE = "⟦", "⟧"
CODE = re.compile(r"[A-Z]{3}(-[a-z-]+)?|[wv]|[0-9a-f]{16,64}")
PLACE = re.compile(r"(data|scenarios|notebooks)/\S+")


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return extended(synthetic_study())


@pytest.fixture(scope="module", params=["RWA", "region"])
def book(request: pytest.FixtureRequest, study: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("language") / f"{request.param}.xlsx"
    with use_language(PSEUDO):
        if request.param == "region":
            write_region_workbook(study, path, ensemble())
        else:
            write_country_workbook(study, request.param, path, ensemble())
    return path


def citations(study: StudyResult) -> set[str]:
    """What is shown as it stands: sources, dates of sources, the version."""
    found = {str(study.meta["package_version"]), "31\u00a0December\u00a02025"}
    for scheme in study.schemes.values():
        for table, column in ((scheme.assumptions, "source"), (scheme.calibration, "source"), (scheme.assumptions, "year")):
            found |= {str(text) for text in table[column]}
    return found


def chart_texts(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if "/charts/chart" in name or "/drawings/drawing" in name:
                for one, two in re.findall(r'<(?:a:t|c:v)>([^<]*)<|descr="([^"]*)"', parts.read(name).decode()):
                    yield one or two


def test_every_text_is_translated(study: StudyResult, book: Path) -> None:
    workbook, shown = openpyxl.load_workbook(book), citations(study)
    shown |= set(workbook.defined_names) | {"numpy", "pandas"}
    seen, left = 0, []
    for sheet in workbook.worksheets:
        assert sheet.title.startswith(OPEN) and sheet.title.endswith(CLOSE)
        for row in sheet.iter_rows():
            for cell in row:
                text = str(cell.value) if cell.data_type in "sf" else ""
                words = re.findall(r'"((?:[^"]|"")*)"', text) if cell.data_type == "f" else [text]
                if not any(re.search("[^\\W\\d_]{2}", w) for w in words):
                    continue
                seen += 1
                if OPEN not in text and text not in shown and not CODE.fullmatch(text) and not PLACE.fullmatch(text):
                    left.append(f"{sheet.title}!{cell.coordinate} {text[:80]}")
    left += [text for text in chart_texts(book) if re.search("[^\\W\\d_]{2}", text) and OPEN not in text]
    assert left == []
    assert seen > 300


def test_formulas_find_their_sheets_in_every_language(book: Path) -> None:
    assert_caches_hold(book, 200)
    assert all("'" in formula or "!" not in formula for *_, formula, _ in formulas(book))


def test_names_of_cells_are_the_same_in_every_language(study: StudyResult, book: Path, tmp_path: Path) -> None:
    path = tmp_path / "plain.xlsx"
    if book.stem == "region":
        write_region_workbook(study, path)
    else:
        write_country_workbook(study, book.stem, path)
    found = [sorted(openpyxl.load_workbook(p).defined_names) for p in (path, book)]
    assert found[0] == found[1] and found[0]


@pytest.mark.parametrize("code", [*RELEASED, PSEUDO])
def test_tabs_can_stand_in_every_language(code: str) -> None:
    with use_language(code):
        tabs = _tabs(code)
    checked_tabs(tabs)
    assert len(set(tabs.values())) == len(tabs)


@pytest.mark.parametrize("text", ["", "x" * (LONGEST + 1), *(f"a{c}b" for c in FORBIDDEN), "'tis", "Checks", "checks"])
def test_a_tab_that_cannot_stand_is_refused(text: str) -> None:
    with pytest.raises(TabError):
        checked_tabs({"Checks": "Checks", "With": text})


@given(st.text(st.characters(exclude_characters=FORBIDDEN, min_codepoint=32, codec="utf-8"), min_size=1, max_size=LONGEST))
def test_a_quoted_tab_is_read_back(text: str) -> None:
    found = quoted_tab(text)
    assert found == text or found[1:-1].replace("''", "'") == text
    assert found == text if re.fullmatch("[A-Za-z]{4,}", text) else found.startswith("'")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=600))
def test_a_text_in_a_formula_is_read_back(text: str) -> None:
    pieces = re.findall(r'"((?:[^"]|"")*)"', literal(text))
    assert "".join(pieces).replace('""', '"') == text
    assert all(len(piece.replace('""', '"')) <= 255 for piece in pieces)


def test_a_sentence_keeps_the_order_of_its_language() -> None:
    found = sentence("{last} after {first}", first=said("one"), last=said("two"))
    assert (found.formula, found.shown) == ('"two"&" after "&"one"', "two after one")
    with pytest.raises(KeyError):
        sentence("{first}")
    with pytest.raises(ValueError, match="no place"):
        sentence("none", first=said("one"))
