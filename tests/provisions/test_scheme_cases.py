"""Worked cases of the scheme folders (data/schemes/*/cases.yaml), to the cent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from actuarial.basis.scheme import Indices, Scheme, SchemeLaw, load_scheme
from actuarial.basis.yaml_file import read_yaml
from actuarial.provisions import account, earnings, lump_sum, old_age
from tests.provisions.branch_cases import CALCULATORS

SCHEMES = Path(__file__).parents[2] / "data" / "schemes"
FOLDERS = sorted(path for path in SCHEMES.iterdir() if path.is_dir())
SHARES = ("share", "credited_rate")
FLAT = Indices.from_growth(np.zeros(111), np.zeros(111))
"""Prices and wages of the base year throughout: the cases say so."""


def contribution(law: SchemeLaw, earnings_per_month: float) -> dict[str, float]:
    insurable = earnings.insurable(12.0 * earnings_per_month, law.floor, law.ceiling) / 12.0
    return {
        "insurable_per_month": float(insurable),
        "employee_per_month": float(law.employee_rate * insurable),
        "employer_per_month": float(law.employer_rate * insurable),
    }


def pension(
    law: SchemeLaw,
    months: float,
    reference: float | None = None,
    earnings_record: tuple[float, ...] = (),
    years_early: float = 0,
) -> dict[str, float]:
    average = (
        float(earnings.reference_earnings(law.reference_periods, earnings_record)) if reference is None else reference
    )
    full = old_age.annual_pension(law, months, average)
    if years_early:
        full = old_age.early_pension(law, full, years_early)
    commuted, remaining = old_age.commute(law, full)
    return {
        "reference": average,
        "share": float(old_age.replacement_share(law, months)),
        "pension_per_year": float(full),
        "pension_per_month": float(full) / 12.0,
        "commuted_sum": float(commuted),
        "remaining_per_year": float(remaining),
        "remaining_per_month": float(remaining) / 12.0,
    }


def accumulation(law: SchemeLaw, balance: float, contributions: float, fund_return: float) -> dict[str, float]:
    rate = account.crediting_rate(law, fund_return)
    return {"credited_rate": float(rate), "balance_at_end": float(account.accumulate(balance, contributions, rate))}


def calculate(law: SchemeLaw, of: str, given: dict[str, Any]) -> dict[str, float]:
    """Results of one case by name."""
    if of == "contribution":
        return contribution(law, **given)
    if of == "pension":
        return pension(law, **{"earnings_record" if key == "earnings" else key: value for key, value in given.items()})
    if of == "lump_sum":
        return {"lump_sum": float(lump_sum.lump_sum(law, **given))}
    if of == "refund":
        return {"refund": float(lump_sum.refund(law, **given))}
    if of == "account":
        return accumulation(law, **given)
    if of == "account_payout":
        cash, annuity = account.payout(law, **given)
        return {"cash": float(cash), "annuity_price": float(annuity)}
    if of == "account_refund":
        return {"refund": float(account.refund(law, **given))}
    if of == "account_midterm":
        return {"midterm": float(account.midterm_payout(law, **given))}
    if of in CALCULATORS:
        return CALCULATORS[of](law, **given)
    raise AssertionError(f"unknown kind of case '{of}'")


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
    found = calculate(schemes[folder.name].law(case["year"], FLAT), case["of"], case["given"])
    for name, expected in case["expected"].items():
        if isinstance(expected, bool):
            assert found[name] is expected, name
        elif name in SHARES:
            assert found[name] == pytest.approx(expected, abs=1e-12), name
        else:
            assert f"{found[name]:.2f}" == f"{expected:.2f}", name


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
