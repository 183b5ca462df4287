"""A package imports only from the floors below it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import actuarial

PACKAGE = Path(actuarial.__file__).parent
FLOORS = (
    "execution",
    "basis",
    "demography",
    "provisions",
    "careers",
    "finance",
    "feasibility",
    "reporting",
    "input_workbook",
    "validation",
    "audit",
    "lab",
    "commands",
)
APART = ("execution",)
"""Knows nothing of the study, so that it may be used from everywhere."""
# input_workbook stands above reporting, for its texts are in the language of reports and it looks as their workbooks do; a study is handed the
# data folder it makes, so that nothing below knows of workbooks.


def imported(path: Path) -> set[str]:
    """Floors a module imports, for its types only included."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}, line {node.lineno}: write the import with its full name"
            names = [node.module or ""]
            if node.module == "actuarial":
                names = [f"actuarial.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("actuarial.")}
    return found


def test_every_package_is_a_floor() -> None:
    assert {path.parent.name for path in PACKAGE.glob("*/__init__.py")} == set(FLOORS)


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_only_from_below(floor: str) -> None:
    below = set() if floor in APART else set(FLOORS[: FLOORS.index(floor)])
    for path in sorted((PACKAGE / floor).rglob("*.py")):
        above = imported(path) - below - {floor}
        assert not above, f"{path.relative_to(PACKAGE)} imports {', '.join(sorted(above))}"
