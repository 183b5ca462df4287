"""The page of validation cases: every case is run by a test that names it, or the page says why not; every case named in a test is on the page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "validation-cases.md"
CASE = re.compile(r"\b(?:LIFE|MD|MS|DEM|SSF|SAL|SSA|COORD|STO)-[A-Z0-9]+(?:-[A-Z0-9]+)*\b")
ROW = re.compile(r"^\| (?P<case>[A-Z0-9-]+) \| [^|]+ \| (?P<where>[^|]+) \|$", re.MULTILINE)
CASES = {row["case"]: row["where"] for row in ROW.finditer(PAGE.read_text("utf-8"))}
COUNT = 39
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
NAMED_FILE = re.compile(r"`(tests/[\w/]+\.yaml)`")


def test_the_page_holds_every_case_once() -> None:
    rows = [row["case"] for row in ROW.finditer(PAGE.read_text("utf-8"))]
    assert len(rows) == len(set(rows)) == COUNT
    assert all(CASE.fullmatch(case) for case in rows)


@pytest.mark.parametrize("case", CASES)
def test_case_is_run_or_explained(case: str) -> None:
    where = CASES[case]
    tests = NAMED_TEST.findall(where)
    if not tests:
        assert where.startswith("not run: ") and len(where) > 40
        return
    texts = [(ROOT / path).read_text("utf-8") for path in (*dict(tests), *NAMED_FILE.findall(where))]
    for path, name in tests:
        functions = {node.name for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}
        assert name in functions, f"{path} has no {name}"
    assert any(case in spelled_out(text) for text in texts), f"no test names {case}"


def spelled_out(text: str) -> set[str]:
    return set(CASE.findall(text))


def test_every_case_named_in_a_test_is_on_the_page() -> None:
    files = [path for path in (ROOT / "tests").rglob("*") if path.suffix in (".py", ".yaml") and path != Path(__file__)]
    named = {case for path in files for case in spelled_out(path.read_text("utf-8"))}
    assert named <= set(CASES)
    assert {case for case, where in CASES.items() if not where.startswith("not run")} <= named
