"""What every formula and every sheet must keep to: functions of Excel 2010, one formula along a line, no figures inside, print set-up, plain text."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import zipfile
from collections import defaultdict
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.formula import Tokenizer

from actuarial.feasibility.result import StudyResult
from actuarial.reporting.workbook import write_country_workbook
from actuarial.reporting.workbook_region import write_region_workbook
from tests.reporting.synthetic import synthetic_study
from tests.reporting.test_workbook import formulas
from tests.reporting.test_workbook_steps import extended
from tests.reporting.test_workbook_whatif import LIMIT, claims_of

ALLOWED = {
    "ABS(", "AND(", "COUNTIF(", "IF(", "ISNUMBER(", "MAX(", "MIN(", "ROUND(", "SQRT(", "SUM(", "SUMIF(", "SUMIFS(", "SUMPRODUCT(", "SUMSQ(",
    "SUMXMY2(",
}  # fmt: skip
"""All in Excel 2007 already; none of them volatile."""
FACTORS = {"0", "1", "100"}
HOSTILE = (
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "http://evil.example", "\t=1+1", '=HYPERLINK("http://evil.example","x")', "{=1+1}",
)  # fmt: skip
ALONG = (
    "Without", "With", "Difference", "Premiums", "CausesByYear", "Gains", "Corridors", "CorridorCosts", "LadderCorridors", "PastFuture",
    "BranchYears",
)  # fmt: skip
"""Sheets with one formula for a whole column of figures."""


def full_study() -> StudyResult:
    made_up = extended(synthetic_study())
    schemes = {code: replace(s, claims=claims_of(s)) if code in ("RWA", "KEN") else s for code, s in made_up.schemes.items()}
    return replace(made_up, schemes=schemes, meta={**made_up.meta, "take_up_limit": LIMIT})


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return full_study()


@pytest.fixture(scope="module", params=["RWA", "region"])
def book(request: pytest.FixtureRequest, study: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rules") / f"{request.param}.xlsx"
    write(study, request.param, path)
    return path


def write(study: StudyResult, part: str, path: Path) -> None:
    if part == "region":
        write_region_workbook(study, path)
    else:
        write_country_workbook(study, part, path)


def test_functions_of_excel_2010_and_no_figures_inside(book: Path) -> None:
    functions, figures, count = set(), set(), 0
    for sheet, row, _column, formula, _value in formulas(book):
        count += 1
        tokens, nested = Tokenizer(formula).items, []
        for token in tokens:
            if token.type == "FUNC" and token.subtype == "OPEN":
                functions.add(token.value)
                nested.append([token.value, 0])
            elif token.type == "FUNC":
                nested.pop()
            elif token.type == "SEP" and nested:
                nested[-1][1] += 1
            elif token.type == "OPERAND" and token.subtype == "NUMBER" and (not nested or nested[-1] != ["ROUND(", 1]):
                figures.add((token.value, f"{sheet}!{row}" if token.value not in FACTORS else ""))
            elif token.type == "OPERAND":
                assert token.subtype != "ERROR" and "[" not in token.value
    assert functions <= ALLOWED
    assert {figure for figure, _ in figures} <= FACTORS, sorted(figures)
    assert count > 1000


def _relative(row: int, cell: re.Match[str]) -> str:
    """A cell of a formula in ``row`` as R1C1 says it: the row counted from its own."""
    return cell[0] if cell[3] else f"{cell[2]}[{int(cell[4]) - row}]"


def test_one_formula_along_a_line(book: Path) -> None:
    """In relative terms every column of a table has one formula, apart from its lines of sums."""
    found: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for sheet, row, column, formula, _value in formulas(book):
        if sheet in ALONG:
            relative = re.sub(r"(\$?)([A-Z]{1,2})(\$?)(\d+)", partial(_relative, row), formula)
            found[sheet, column][re.sub(r"\$\d+:", "$:", relative) if "SUM(" in relative else relative] += 1
    assert found or book.stem == "region"
    for (sheet, column), patterns in found.items():
        lines = sorted(patterns.values(), reverse=True)
        # A summary above the years and a line of sums below are lines of their own.
        assert sum(lines[1:]) <= (4 if sheet == "Premiums" else 3), (sheet, column, dict(patterns))


def test_a_book_reads_no_other_file_and_prints_on_a4(book: Path) -> None:
    with zipfile.ZipFile(book) as parts:
        names = parts.namelist()
        assert not [n for n in names if "externalLink" in n or "connections" in n or "vbaProject" in n]
        related = "".join(parts.read(n).decode() for n in names if n.endswith(".rels"))
    assert 'TargetMode="External"' not in related
    sheets: list[Any] = list(openpyxl.load_workbook(book).worksheets)
    for sheet in sheets:
        assert int(sheet.page_setup.paperSize or 0) == 9, sheet.title
        assert sheet.oddFooter.left.text and sheet.oddFooter.center.text and sheet.oddFooter.right.text
        assert sheet.sheet_properties.pageSetUpPr.fitToPage or sheet.page_setup.scale
        assert sheet.freeze_panes or sheet.title in ("Cover", "ReadMe", "Charts"), sheet.title


def hostile_study() -> StudyResult:
    """Texts of tables, and of what the study says about itself, each with one of :data:`HOSTILE` before it."""
    whole, given = full_study(), itertools.cycle(HOSTILE)

    def marked(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
        return frame.assign(**{c: [next(given) + str(v) for v in frame[c]] for c in columns})

    schemes = {
        code: replace(
            s,
            assumptions=marked(s.assumptions, "name", "value", "unit", "source", "reason", "file"),
            calibration=marked(s.calibration, "source", "note", "date"),
            ladder=marked(s.ladder, "title"),
            scheme_title=next(given) + s.scheme_title,
            country_name=next(given) + s.country_name,
            branches_missing={name: next(given) + reason for name, reason in s.branches_missing.items()},
        )
        for code, s in whole.schemes.items()
    }
    meta = {n: next(given) + v if n.endswith(("title", "note", "region_name")) else v for n, v in whole.meta.items()}
    return replace(whole, schemes=schemes, checks=marked(whole.checks, "name"), meta=meta)


def test_figures_of_the_register_are_numbers(study: StudyResult, tmp_path: Path) -> None:
    scheme = study.schemes["RWA"]
    values = ["0.03", "31,200", "1.86055e+08", "last 60 months", "=1+1", "+1"]
    given = pd.DataFrame({"value": values, "year": ["2016", 2004.0, "Jun 2025", "", "2009", "1"]})
    rows = pd.concat([scheme.assumptions.iloc[:1]] * len(given), ignore_index=True).assign(**given, used="yes", name="contributions.employer")
    changed = replace(study, schemes={**study.schemes, "RWA": replace(scheme, assumptions=rows)})
    write_country_workbook(changed, "RWA", tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    for name, value, year in (("Assumptions", 2, 5), ("Inputs", 2, 6)):
        lines = [row for row in book[name].iter_rows() if row[0].value == "contributions · employer"]
        assert [row[value - 1].value for row in lines] == [0.03, 31200, 186055000, "last 60 months", "=1+1", "+1"]
        assert [row[value - 1].data_type for row in lines] == ["n", "n", "n", "s", "s", "s"]
        assert [row[value - 1].number_format for row in lines[:3]] == ["General", "#,##0", "#,##0"]
        assert [(row[year - 1].value, row[year - 1].number_format) for row in lines[:2]] == [(2016, "0"), (2004, "0")]
        assert lines[2][year - 1].value == "Jun 2025"


@pytest.mark.parametrize("part", ["RWA", "region"])
def test_text_from_outside_stays_text(tmp_path: Path, part: str) -> None:
    write(hostile_study(), part, tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    begun = [(s.title, c) for s in book.worksheets for row in s.iter_rows() for c in row if str(c.value).startswith(HOSTILE)]
    assert {cell.data_type for _, cell in begun} == {"s"}
    assert {text for text in HOSTILE for _, cell in begun if str(cell.value).startswith(text)} == set(HOSTILE)
    assert {title for title, _ in begun} >= {"Cover", "Provenance"} | ({"Assumptions", "Charts", "Ladder"} if part == "RWA" else {"Comparison"})
    with zipfile.ZipFile(tmp_path / "book.xlsx") as parts:
        assert not [n for n in parts.namelist() if n.endswith(".rels") and b"External" in parts.read(n)]
        live = b"".join(re.findall(rb"<f>[^<]*</f>", b"".join(parts.read(n) for n in parts.namelist() if "worksheets/sheet" in n)))
    assert not [text for text in ("cmd", "HYPERLINK", "evil") if text.encode() in live]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_book_and_finds_the_same(study: StudyResult, tmp_path: Path) -> None:
    """Saved again by LibreOffice, every formula is still one and has the value that was written."""
    write_country_workbook(study, "RWA", tmp_path / "book.xlsx")
    office = ["soffice", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless", "--convert-to"]
    done = subprocess.run([*office, "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "again"), str(tmp_path / "book.xlsx")],
                          capture_output=True, text=True, check=True, timeout=300)  # fmt: skip
    assert "rror" not in done.stderr
    again = tmp_path / "again" / "book.xlsx"
    before = {(s, r, c): value for s, r, c, _, value in formulas(tmp_path / "book.xlsx")}
    after = {(s, r, c): value for s, r, c, _, value in formulas(again)}
    assert before.keys() == after.keys()
    for place, value in before.items():
        assert after[place] == (pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float | int) else value), place
