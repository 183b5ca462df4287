"""Every input belongs to data, assumptions or law by a declared rule, and nothing by default."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from actuarial.audit.change_classes import of_cell, of_file, of_yaml, row_key, rule_of
from actuarial.audit.change_entries import csv_table
from actuarial.basis.errors import InputError
from actuarial.basis.yaml_file import KeyPath, read_yaml
from actuarial.reporting.manifest import hash_tree

ROOT = Path(__file__).parents[2]
FILES = sorted([*hash_tree(ROOT / "data", ROOT), *hash_tree(ROOT / "scenarios", ROOT)])


def test_every_file_belongs_somewhere() -> None:
    assert len(FILES) > 80
    for name in FILES:
        assert rule_of(name).reason


def test_every_place_of_every_document_belongs_somewhere() -> None:
    for name in FILES:
        if name.endswith(".yaml") and rule_of(name).read:
            for keys in read_yaml(ROOT / name).origins:
                rule_of(name, ".".join(str(k) for k in keys if not isinstance(k, int)) or "whole")


def test_every_table_that_a_study_reads_can_be_taken_apart() -> None:
    tables = [name for name in FILES if name.endswith(".csv") and name.startswith("data/")]
    for name in tables:
        text = (ROOT / name).read_text(encoding="utf-8")
        assert csv_table(name, text) is not None, f"{name}: {row_key(name)} does not name its rows"
        for column in next(csv.reader([text.splitlines()[0]])):
            rule_of(name, column)


def test_an_unknown_file_has_no_class() -> None:
    with pytest.raises(InputError, match=r"data/elsewhere\.csv.*add a rule"):
        of_file("data/elsewhere.csv")


SCHEME = "data/schemes/XXX-fund/params.yaml"


@pytest.mark.parametrize(
    ("file", "keys", "around", "part", "words"),
    [
        (SCHEME, ("contributions", "employee", "value"), {"confidence": "verified"}, "law", False),
        (SCHEME, ("contributions", "employee", "value"), {"confidence": "assumed"}, "assumptions", False),
        (SCHEME, ("contributions", "ceiling", "values", 2, "value"), {"confidence": "derived"}, "law", False),
        (SCHEME, ("contributions", "ceiling", "indexation"), {"indexation": "wages"}, "assumptions", False),
        (SCHEME, ("contributions", "ceiling", "indexation"), {"indexation": "wages", "indexation_confidence": "verified"}, "law", False),
        (SCHEME, ("calibration", "reserve", "value"), {"confidence": "derived"}, "data", False),
        (SCHEME, ("calibration", "reserve", "reason"), {"confidence": "derived"}, "data", True),
        (SCHEME, ("calibration", "reserve", "year"), {"confidence": "derived"}, "data", True),
        (SCHEME, ("leaving", "refund_take_up", "value"), {"confidence": "verified"}, "assumptions", False),
        ("scenario", ("migration", "shock", "year"), {}, "assumptions", False),
        ("scenario", ("title",), {}, "assumptions", True),
        ("instrument", ("provisions", "amount", "method", "value"), {"confidence": "assumed"}, "law", False),
        ("instrument", ("take_up", "value"), {"confidence": "assumed"}, "assumptions", False),
    ],
)
def test_where_entries_of_documents_belong(file: str, keys: KeyPath, around: dict[str, str], part: str, words: bool) -> None:
    found = of_yaml(file, keys, around)
    assert (found.part, found.words) == (part, words)


@pytest.mark.parametrize(
    ("file", "column", "row", "part"),
    [
        ("data/population/population.csv", "2026", {}, "data"),
        ("data/population/death_rates_male.csv", "2025", {}, "data"),
        ("data/population/death_rates_male.csv", "2026", {}, "assumptions"),
        ("data/economy/working_age.csv", "ABC", {"year": "2020"}, "data"),
        ("data/economy/working_age.csv", "ABC", {"year": "2060"}, "assumptions"),
        ("data/economy/output.csv", "gdp", {"gdp_way": "measured", "growth_way": "assumed"}, "data"),
        ("data/economy/output.csv", "growth_per_worker", {"gdp_way": "measured", "growth_way": "assumed"}, "assumptions"),
        ("data/economy/levels.csv", "value", {"confidence": "recalled"}, "data"),
        ("data/economy/long_run.csv", "start", {"confidence": "verified"}, "assumptions"),
    ],
)
def test_where_cells_belong(file: str, column: str, row: dict[str, str], part: str) -> None:
    assert of_cell(file, column, row).part == part


def test_what_no_study_reads_moves_nothing() -> None:
    assert not of_file("data/uncertainty/flows.yaml").read
    assert not of_yaml(SCHEME, ("statistics", "members", "value"), {}).read
    assert of_yaml(SCHEME, ("calibration", "reserve", "value"), {}).read
