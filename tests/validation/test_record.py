"""The record of validation: what is written can be read, the committed one is whole, and reports say what it holds."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from actuarial import cli
from actuarial.basis.errors import InputError
from actuarial.basis.instrument import load_instrument
from actuarial.basis.region import load_region
from actuarial.reporting.blocks import Block, Heading, Paragraph, Table, plain
from actuarial.reporting.provenance import Provenance, provenance
from actuarial.reporting.validation_chapter import _extent, _sizes, validation
from actuarial.reporting.validation_record import RECORD, SUBJECTS, code_hash, extent_of, keep_record, read_record, record_text, validated
from actuarial.validation.case import Check, load_cases
from actuarial.validation.lattice import SEEDS
from actuarial.validation.mature import SCHEMES
from actuarial.validation.plan import NotRun, Run
from actuarial.validation.record import head, write_record
from actuarial.validation.worked import examples
from actuarial.validation.worked_rows import rows
from tests.reporting.synthetic import synthetic_study

ROOT = Path(__file__).parents[2]
COMMITTED = ROOT / "docs" / RECORD
COMMAS = 'a "figure", with commas'
GOOD = Check("MADE-UP/x", "life", COMMAS, "published", "verified", "source", 2.0, 2.04, 0.04, "absolute", 0.05, "reason", 1.5, "2026-01-02")
OTHER = replace(GOOD, id="MADE-UP/y", difference=0.001)
GAP = replace(GOOD, id="WPP-AAA/total", subject="population", expected=0.0, found=-0.0123, difference=-0.0123, measure="relative", tolerance=0.02)
SIZES = {"corridors": 9, "persons": 100_000, "workbooks": 1}
MISSING = NotRun("WORKBOOK", "workbook", "formulas", "no engine")


NOTHING: dict[str, Any] = {"inputs": {}, "study": {}, "uncertainty": {}, "code": {}, "environment": {}}


def run_of(*checks: Check, missing: tuple[NotRun, ...] = (MISSING,)) -> Run:
    return Run(checks, missing, False, 12.0, SIZES)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / RECORD
    write_record(run_of(GOOD, OTHER, GAP), ROOT, path)
    record = read_record(path)
    assert record.head == head(run_of(), ROOT) and record.head["code"] == code_hash()
    assert record.head["extent"] == "quick, corridors 9, persons 100000, workbooks 1, seconds 12"
    first, second, gap, missing = record.lines
    assert (first.id, first.what, first.found, first.result, first.case) == (GOOD.id, GOOD.what, 2.04, "passed", "MADE-UP")
    assert second.difference == 0.001 and gap.difference == -0.0123 and gap.measure == "relative"
    assert missing.result == "not run" and missing.reason == "no engine" and math.isnan(missing.found)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("# code: ", "# cod: ", "lack code"),
        ("id,subject,", "id,topic,", "columns id, topic"),
        (",passed,", ",fine,", "line 10, result: found 'fine', allowed: passed, failed, not run"),
        (",life,", ",live,", "line 10, subject: found 'live', allowed: life"),
        (",2.04,", ",two,", "line 10: a number is needed"),
        (",0.05,", ",", "line 10: 14 columns; 15 are needed"),
    ],
)
def test_a_damaged_record_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / RECORD
    write_record(run_of(GOOD), ROOT, path)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(message)):
        read_record(path)


def test_a_head_must_be_whole() -> None:
    whole = head(run_of(), ROOT)
    with pytest.raises(ValueError, match="lacks date"):
        record_text({name: value for name, value in whole.items() if name != "date"}, [])
    with pytest.raises(ValueError, match="line break"):
        record_text({**whole, "system": "a\nb"}, [])


def test_the_code_is_that_of_the_floors_that_compute(tmp_path: Path) -> None:
    for floor in ("basis", "feasibility", "reporting"):
        (tmp_path / floor).mkdir()
        (tmp_path / floor / "a.py").write_text("x = 1\n", encoding="utf-8")
    before = code_hash(tmp_path)
    (tmp_path / "reporting" / "a.py").write_text("x = 2\n", encoding="utf-8")
    (tmp_path / "basis" / "note.txt").write_text("x", encoding="utf-8")
    assert code_hash(tmp_path) == before
    (tmp_path / "basis" / "a.py").write_text("x = 2\n", encoding="utf-8")
    assert code_hash(tmp_path) != before


def test_the_committed_record_is_whole_and_all_of_it_passed() -> None:
    """Every check that exists is in it, and no other. Its code need not be that of today, nor its run a full one: a release writes it anew."""
    record = read_record(COMMITTED)
    members = load_region(ROOT / "data").members
    cases, (full, sizes) = {line.case for line in record.lines}, extent_of(record.head)
    assert {line.id for line in record.lines if line.result != "passed"} == set()
    assert len({line.id for line in record.lines}) == len(record.lines)
    figures = {f"{case.id}/{name}" for case in load_cases().values() for name in case.expected}
    assert figures == {line.id for line in record.lines if line.case in load_cases()}
    expected = {
        *load_cases(), *(f"EXAMPLE-{path.stem}" for path in examples()), *(f"STEP-{row['id']}" for row in rows()["rows"]),
        *(f"LAW-{folder.name}" for folder in (ROOT / "data" / "schemes").iterdir() if folder.is_dir()), *(f"WPP-{code}" for code in members),
        *(f"MATURE-{name}" for name in SCHEMES), *(f"LATTICE-{seed}" for seed in SEEDS),
        "STUDY", "ZERO", "SAME",
    }  # fmt: skip
    persons, books = ({case for case in cases if case.startswith(name)} for name in ("PERSONS-", "WORKBOOK-"))
    assert cases - persons - books - {"PERSONS"} == expected and ("PERSONS" in cases or not full)
    every = {f"WORKBOOK-{part}" for part in (*members, "region")}
    assert books == every if full else books and books <= every
    assert sizes.get("workbooks", len(books)) == len(books)
    ends = {code for case in persons for code in re.findall(r"[A-Z]{3}", case.removeprefix("PERSONS-"))}
    assert len(persons) >= (20 if full else 2) and ends <= set(members)
    assert {line.subject for line in record.lines} == set(SUBJECTS)


# What reports say.


def made_from(tmp_path: Path, *checks: Check, code: str | None = None) -> Provenance:
    write_record(run_of(*checks), ROOT, tmp_path / "kept.csv")
    keep_record(tmp_path / "kept.csv", tmp_path)
    said = validated(tmp_path)
    assert said is not None
    return provenance({**NOTHING, "validation": {**said, "code": code or said["code"]}})


def text_of(blocks: list[Block]) -> str:
    return " ".join(plain(block.text) for block in blocks if isinstance(block, Paragraph))


def test_a_report_shows_the_record_by_subject(tmp_path: Path) -> None:
    blocks = validation(synthetic_study(), made_from(tmp_path, GOOD, OTHER, GAP))
    (table,) = (block for block in blocks if isinstance(block, Table) and block.id == "tab-validation")
    cells = {plain(row.cells[0]): [plain(cell) for cell in row.cells[1:]] for row in table.rows}
    assert cells[SUBJECTS["life"]] == ["1", "2", "2", "0.0400", "0.0500"]
    assert cells[SUBJECTS["population"]] == ["1", "1", "1", "1.23%", "2.00%"]
    assert cells[SUBJECTS["workbook"]] == ["", "", "not run", "", ""]
    said = text_of(blocks)
    assert "3 figures of 2 cases. All of them agree within their tolerance." in said
    assert "The run was a QUICK one" in said and "Corridors projected: 9; persons simulated one by one: 100,000; workbooks recomputed: 1." in said
    assert "The code that computes has not changed since" in said and "1 check could not be run" in said
    assert [block.answers for block in blocks if isinstance(block, Heading)] == [("R21",)]


@pytest.mark.parametrize(
    ("measure", "found", "tolerance", "cells"),
    [
        ("absolute", 4.98e-5, 5e-5, ("4.98e−5", "5.00e−5")),
        ("relative", 0.0004801, 0.0005, ("0.048%", "0.050%")),
        ("relative", 0.000499996, 0.0005, ("0.0499996%", "0.0500000%")),
        ("relative", 0.0005, 0.0005, ("0.05%", "0.05%")),
        ("absolute", 1.2, 1.0, ("1.2", "1.0")),
        ("standard errors", 4.46, 4.497, ("4.46 standard errors", "4.50 standard errors")),
        ("groups", 1.0, 2.0, ("1 group", "2 groups")),
        ("files", 0.0, 0.0, ("0 files", "0 files")),
        ("absolute", 0.0, 0.0, ("0", "0")),
        ("absolute", math.nan, 0.05, ("no figure", "0.0500")),
    ],
)
def test_a_difference_reads_as_its_tolerance_only_when_it_is(measure: str, found: float, tolerance: float, cells: tuple[str, str]) -> None:
    assert _sizes(None if math.isnan(found) else found, tolerance, measure) == cells


def test_a_report_says_the_extent_of_a_full_run_and_of_an_old_record() -> None:
    sizes = "Corridors projected: 56; persons simulated one by one: 1,000,000; workbooks recomputed: 9."
    for extent, told in (("full, corridors 56, persons 1000000, workbooks 9, seconds 900", f" {sizes}"), ("full, 900 seconds", "")):
        assert plain(_extent({"head": {"extent": extent}})) == f"The run was a full one, over all corridors.{told}"


def test_a_report_says_what_failed_and_that_the_code_is_another(tmp_path: Path) -> None:
    wrong = replace(GOOD, difference=1.0)
    said = text_of(validation(synthetic_study(), made_from(tmp_path, wrong, OTHER, code="ab" * 32)))
    assert "1 of them DOES NOT AGREE." in said and "HAS CHANGED since" in said and "this run uses abababab abababab" in said


def test_without_a_record_a_report_says_so(tmp_path: Path) -> None:
    keep_record(tmp_path / "none.csv", tmp_path)
    assert validated(tmp_path) is None
    assert "No record of a validation of the program" in text_of(validation(synthetic_study(), None))


# The command, on a run made up.


def test_the_command_writes_and_its_code_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = [run_of(GOOD)]
    monkeypatch.setattr("actuarial.validation.plan.run", lambda root, **options: found[0])
    assert cli.main(["validate", "--out", str(tmp_path / "out.csv"), "--every"]) == 0
    assert read_record(tmp_path / "out.csv").lines[0].id == GOOD.id
    assert "MADE-UP/x: expected 2, found 2.04" in capsys.readouterr().out
    found[0] = run_of(replace(GOOD, difference=1.0))
    assert cli.main(["validate"]) == 1
    assert "FAILED MADE-UP/x" in capsys.readouterr().out
    assert cli.main(["validate", "--out", str(tmp_path / "none" / "out.csv")]) == 2
    assert "name a file in a folder that exists" in capsys.readouterr().err


def test_the_instrument_that_is_validated_exists() -> None:
    from actuarial.validation.region import INSTRUMENT, SCENARIO

    assert load_instrument(INSTRUMENT, ROOT / "scenarios", load_region(ROOT / "data").members).id == INSTRUMENT
    assert (ROOT / "scenarios" / f"{SCENARIO}.yaml").is_file()
