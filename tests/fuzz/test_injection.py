"""Text that other programs take for commands, in outputs that have no tests of their own for it: notebooks, templates, the terminal, CSV files."""

from __future__ import annotations

import ast
import csv
import io
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from actuarial.basis.errors import InputError
from actuarial.basis.plain_text import quoted_cell, unquoted_cell
from actuarial.basis.scheme import load_scheme
from actuarial.basis.yaml_file import read_yaml
from actuarial.cli import main
from actuarial.feasibility.result import _read_table, _write_table
from actuarial.input_workbook.layout import template
from actuarial.input_workbook.write import write_template
from actuarial.input_workbook.yaml_edit import edited_yaml, scalar
from actuarial.reporting.csv_text import LIVE, neutral
from tests.fuzz.hostile import CONTROLS, MARKUP
from tests.fuzz.place import ROOT, SCENARIOS

TYPED = [text for text in MARKUP if not set(text) & {"\r", "\t"}]


@given(st.sampled_from(MARKUP) | st.text(max_size=40))
@settings(max_examples=60)
def test_a_parameter_of_a_notebook_is_one_value_whatever_it_says(text: str) -> None:
    """What papermill writes into the notebook is an assignment of that text, and nothing else."""
    from papermill.translators import PythonTranslator

    lines = ast.parse(PythonTranslator.codify({"country": text})).body
    assert [type(line) for line in lines] == [ast.Assign]
    assert isinstance(lines[0], ast.Assign) and ast.literal_eval(lines[0].value) == text


def test_texts_of_a_scheme_are_texts_in_its_template(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("derive"))
    path = tmp_path / "data" / "schemes" / "KEN-nssf" / "params.yaml"
    words = path.read_text(encoding="utf-8")
    sources = list(read_yaml(path).data["sources"])
    path.write_text(edited_yaml(words, {("sources", n): scalar(text) for n, text in zip(sources, TYPED, strict=False)}), encoding="utf-8")
    write_template(template(tmp_path / "data", "KEN"), tmp_path / "KEN.xlsx")
    book, untouched = load_workbook(tmp_path / "KEN.xlsx"), template(ROOT / "data", "KEN")
    formulas = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) == sum(column.total for sheet in untouched.sheets for column in sheet.columns)
    assert all(str(cell.value).startswith("=SUM(") for cell in formulas)
    found = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert any(text in found for text in TYPED[: len(sources)])
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)


def _with_title(tmp_path: Path, title: str, name: str = "kenya-rwanda.yaml") -> Path:
    words = (SCENARIOS / "cases" / name).read_text(encoding="utf-8")
    old = next(line for line in words.split("\n") if line.startswith("title:"))
    path = tmp_path / name
    path.write_text(words.replace(old, f"title: {title}", 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("control", CONTROLS)
def test_no_control_character_is_read_or_reaches_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str], control: str) -> None:
    if control in "\r\x85":
        pytest.skip("an end of line, for some: it is read as a blank")
    escaped = "".join(f"\\U{ord(sign):08x}" if not sign.isascii() or not sign.isprintable() else sign for sign in control)
    assert main(["entitlement", str(_with_title(tmp_path, f'"a{escaped}b"'))]) == 2
    told = capsys.readouterr()
    assert "control character U+" in told.err and "line " in told.err and control not in told.err + told.out


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_markup_in_a_case_is_text_in_its_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str], form: list[str]) -> None:
    import json

    text = " ".join(t for t in TYPED if '"' not in t and "\\" not in t and "'" not in t)
    assert main(["entitlement", str(_with_title(tmp_path, f'"{text}"')), *form]) == 0
    told = capsys.readouterr().out
    assert (json.loads(told)["title"] if form else " ".join(told.split())).startswith(" ".join(text.split())[:60] if not form else text)


@given(st.sampled_from(MARKUP) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30))
def test_a_cell_of_a_csv_file_is_no_formula(text: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerow([neutral(text)])
    (cell,) = next(csv.reader(io.StringIO(out.getvalue())))
    assert cell.removeprefix("'") == text.removeprefix("'")
    try:
        float(cell)
    except ValueError:
        assert not cell.startswith(LIVE)


@given(st.sampled_from(MARKUP) | st.text(max_size=20) | st.text("'=+-@\t\r1.x", max_size=6))
def test_a_table_of_results_gives_back_what_it_was_given(text: str) -> None:
    cell = quoted_cell(text)
    assert unquoted_cell(cell) == text
    assert not cell.startswith(LIVE) or re.fullmatch(r"[-+]?(?:[0-9.]+(?:[eE][-+]?[0-9]+)?|inf|nan)", cell)


def test_results_with_formulas_for_texts_are_kept_as_they_are(tmp_path: Path) -> None:
    table = pd.DataFrame({"source": ["=1+1", "'=1", None, "Law"], "value": [1.5, -2.0, 3.0, 4.0], "shown": ["-3.5", "@x", "+1", "a"]})
    _write_table(table, tmp_path / "t.csv")
    assert "\n=" not in (tmp_path / "t.csv").read_text(encoding="utf-8")
    pd.testing.assert_frame_equal(_read_table(tmp_path / "t.csv"), table)


def test_look_alikes_are_named(tmp_path: Path) -> None:
    """A Cyrillic letter in a key is told, with the key that was meant."""
    folder = tmp_path / "KEN-nssf"
    shutil.copytree(ROOT / "data" / "schemes" / "KEN-nssf", folder)
    path = folder / "params.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("\ntitle:", "\ntitl\u0435:", 1), encoding="utf-8")
    with pytest.raises(InputError, match="did you mean 'title'"):
        load_scheme(folder)
