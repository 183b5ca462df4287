"""docs/validation-cases.md lists the cases as they are, and every case named anywhere in a test is one of them."""

from __future__ import annotations

import re
from pathlib import Path

from actuarial.validation.case import CASES, load_cases
from actuarial.validation.text import case_rows

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "validation-cases.md"
CASE = re.compile(r"\b(?:LIFE|MD|MS|DEM|SSF|SAL|SSA|COORD|STO)-[A-Z0-9]+(?:-[A-Z0-9]+)*\b")
COUNT = 39


def test_the_page_holds_every_case_as_it_is_computed() -> None:
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if CASE.match(line.removeprefix("| "))]
    assert rows == case_rows()
    assert len(rows) == len(load_cases()) == COUNT


def test_every_case_named_in_a_test_is_a_case() -> None:
    files = [*(ROOT / "tests").rglob("*.py"), *CASES.parent.rglob("*.yaml")]
    named = {case for path in files if path != Path(__file__) for case in CASE.findall(path.read_text("utf-8"))}
    assert named == set(load_cases())
