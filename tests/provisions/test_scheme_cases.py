"""Worked cases of the scheme folders (data/schemes/*/cases.yaml), to the cent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actuarial.basis.scheme import Scheme, load_scheme
from actuarial.basis.yaml_file import read_yaml
from actuarial.validation.scheme_cases import FLAT, differing

SCHEMES = Path(__file__).parents[2] / "data" / "schemes"
FOLDERS = sorted(path for path in SCHEMES.iterdir() if path.is_dir())


def all_cases() -> list[Any]:
    return [
        pytest.param(folder, case, id=f"{folder.name}: {case['title']}")
        for folder in FOLDERS
        for case in read_yaml(folder / "cases.yaml").data["cases"]
    ]


@pytest.fixture(scope="module")
def schemes() -> dict[str, Scheme]:
    return {folder.name: load_scheme(folder) for folder in FOLDERS}


@pytest.mark.parametrize(("folder", "case"), all_cases())
def test_case(schemes: dict[str, Scheme], folder: Path, case: dict[str, Any]) -> None:
    assert set(case) == {"title", "of", "year", "given", "expected"}
    assert differing(schemes[folder.name].law(case["year"], FLAT), case) == []


def test_every_collecting_scheme_has_cases_for_contributions_and_benefits(schemes: dict[str, Scheme]) -> None:
    for folder in FOLDERS:
        kinds = {case["of"] for case in read_yaml(folder / "cases.yaml").data["cases"]}
        wanted = {
            "defined_benefit": {"contribution", "pension", "lump_sum"},
            "account": {"contribution", "account", "account_payout"},
        }
        assert wanted.get(schemes[folder.name].kind, {"contribution", "pension"}) <= kinds, folder.name


CASES_OF_BRANCH = {
    "invalidity": {"invalidity"},
    "survivors": {"survivors", "survivors_account"},
    "employment_injury": {"injury_permanent"},
    "injury_liability": {"injury_liability"},
    "maternity": {"maternity"},
    "sickness": {"sickness"},
    "unemployment": {"unemployment"},
    "family": {"family"},
    "health": {"health"},
}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_branch_with_rules_has_a_case(schemes: dict[str, Scheme], folder: Path) -> None:
    kinds = {case["of"] for case in read_yaml(folder / "cases.yaml").data["cases"]}
    law = schemes[folder.name].law(2025, FLAT)
    for branch, wanted in CASES_OF_BRANCH.items():
        assert getattr(law, branch) is None or wanted & kinds, branch
