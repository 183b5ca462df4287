"""Typed branches of the scheme files: what every state says, the law on a day, and one message for every wrong file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from actuarial.basis.errors import InputError
from actuarial.basis.scheme import Indices, Scheme, load_scheme

SCHEMES = Path(__file__).parents[2] / "data" / "schemes"
FOLDERS = sorted(path for path in SCHEMES.iterdir() if path.is_dir())
FLAT = Indices.from_growth(np.zeros(111), np.zeros(111))
GROWING = Indices.from_growth(np.full(111, 0.10), np.full(111, 0.04))


@pytest.fixture(scope="module")
def schemes() -> dict[str, Scheme]:
    return {folder.name[:3]: load_scheme(folder) for folder in FOLDERS}


def test_every_branch_is_computed_or_absent_or_says_what_is_assumed(schemes: dict[str, Scheme]) -> None:
    for scheme in schemes.values():
        for name, branch in scheme.branches.items():
            computed = any(getattr(branch, part, None) is not None for part in ("rules", "liability"))
            above = name == "old_age" and branch.status == "in_force"
            assert computed or above or branch.status == "none" or branch.assumed is not None, (scheme.id, name)


def test_no_fact_of_a_branch_is_written_twice(schemes: dict[str, Scheme]) -> None:
    """Rules are typed once; free figures beside them are observations or facts that no rule uses."""
    for scheme in schemes.values():
        for name, branch in scheme.branches.items():
            if getattr(branch, "rules", None) is not None:
                assert not any("rate_employ" in figure or "survivor_spouse" in figure for figure in branch.figures), (scheme.id, name)


def test_branches_that_are_not_in_force_are_not_computed(schemes: dict[str, Scheme]) -> None:
    for scheme in schemes.values():
        law = scheme.law(2025, FLAT)
        for name, branch in scheme.branches.items():
            if name != "old_age" and branch.status in ("none", "planned", "unknown"):
                assert getattr(law, name) is None


def test_register_lists_every_typed_figure_once(schemes: dict[str, Scheme]) -> None:
    lines = dict(schemes["TZA"].figures())
    assert lines["branches.invalidity.rules.qualifying[2].minimum_months"].value == 36
    assert lines["branches.employment_injury.contributions.employer[2021-01-01]"].confidence == "partial"
    assert lines["branches.health.rules.levies[2].per_household.indexation"].value == "prices"


class TestDatedLaw:
    def test_law_of_the_day_of_award(self, schemes: dict[str, Scheme]) -> None:
        law_on = schemes["TZA"].law_on
        assert law_on(date(2024, 6, 30), FLAT).commutation_share == 0.33
        assert law_on(date(2024, 7, 1), FLAT).commutation_share == 0.35
        assert schemes["KEN"].law_on(date(2026, 1, 31), FLAT).tier_one_limit == 12 * 8000
        assert schemes["KEN"].law_on(date(2026, 2, 1), FLAT).tier_one_limit == 12 * 9000

    def test_law_of_a_year_is_that_of_the_first_of_july(self, schemes: dict[str, Scheme]) -> None:
        for scheme in schemes.values():
            for year in (1995, 2018, 2025, 2026, 2060):
                assert scheme.law(year, GROWING) == scheme.law_on(date(year, 7, 1), GROWING)

    def test_a_branch_has_a_ceiling_of_its_own(self, schemes: dict[str, Scheme]) -> None:
        law = schemes["BDI"].law(2026, GROWING)
        assert law.employment_injury is not None
        assert (law.ceiling, law.employment_injury.levy.ceiling) == (12 * 450_000, 12 * 80_000)
        later = schemes["BDI"].law(2028, GROWING).employment_injury
        assert later is not None and later.levy.ceiling == pytest.approx(12 * 80_000 * 1.1**2)

    def test_grants_follow_their_index(self, schemes: dict[str, Scheme]) -> None:
        for year, expected in ((2020, 72_900.0), (2025, 72_900.0 * 1.1**5)):
            law = schemes["COD"].law(year, GROWING).maternity
            assert law is not None and law.birth_grant == pytest.approx(expected)
        funeral = schemes["KEN"].law(2060, GROWING).survivors
        assert funeral is not None and funeral.funeral_grant == 10_000

    def test_levy_steps_with_its_dates(self, schemes: dict[str, Scheme]) -> None:
        rates = []
        for year in (2018, 2021, 2025):
            law = schemes["TZA"].law(year, FLAT).employment_injury
            assert law is not None
            rates.append(law.levy.rate)
        assert rates == [0.01, 0.006, 0.005]


@pytest.fixture
def spoiled(tmp_path: Path) -> Iterator[object]:
    def spoil(folder: str, old: str, new: str) -> str:
        copy = tmp_path / "schemes" / folder
        shutil.copytree(SCHEMES / folder, copy)
        text = (copy / "params.yaml").read_text(encoding="utf-8")
        assert old in text, old
        (copy / "params.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(InputError) as caught:
            load_scheme(copy)
        return str(caught.value)

    yield spoil


OWN = "unit: x, year: 2025, confidence: assumed, reason: test"
BAND = f"bands:\n      - {{from_months: {{value: 100, {OWN}}}, accrual_per_month: {{value: 0.001, {OWN}}}}}"
STEPS = "steps: {by: months, pays: share, rows: [{from: 180, value: 0.3}, {from: 120, value: 0.2}], year: 2025, confidence: assumed, reason: test}"
LATE = f"late: {{age: {{value: 58, {OWN}}}, increase_per_year: {{value: 0.05, {OWN}}}}}"
TIER = f"tier_two: {{cash_share: {{value: 0, {OWN}}}, contracting_out: {{value: true, {OWN}}}}}"


@pytest.mark.parametrize(
    ("folder", "old", "new", "parts"),
    [
        ("BDI-inss", "half_orphan:", "half_orfan:", ["branches.survivors.rules.shares.half_orfan", "did you mean 'half_orphan'?", "line"]),
        ("BDI-inss", "children: each", "children: all", ["branches.survivors.rules.shares.children", "Allowed: each, shared"]),
        ("TZA-nssf", "children: shared", "children: each", ["'full_orphan' belongs to children: each"]),
        ("BDI-inss", "spouse: {value: 0.5", "spouse: {value: 50", ["shares.spouse", "for 50 per cent write 0.5"]),
        ("BDI-inss", "recent_months: {value: 6", "recent_months: {value: 18", ["18 recent months cannot lie within the last 12"]),
        ("BDI-inss", "student_age: {value: 21", "student_age: {value: 16", ["'student_age' lies below 'child_age'"]),
        ("BDI-inss", "child_age: {value: 18", "child_age: {value: 45", ["whole ages from 0 to 30"]),
        ("BDI-inss", "pension_degree: {value: 0.15", "pension_degree: {value: 0.005", ["cannot begin above the pension threshold"]),
        ("RWA-rssb", "scheme_days: {value: 56", "scheme_days: {value: 560", ["cannot pay more days"]),
        ("RWA-rssb", "maximum_days: {value: 180", "maximum_days: {value: 180.5", ["whole days from 0 to 3653"]),
        ("KEN-nssf", "amount: balance\n      minimum_months", "amount: pension\n      minimum_months", ["'shares' belong to amount: pension"]),
        ("KEN-nssf", "unit: KES\n", "unit: KES per month\n", ["funeral_grant", "is not a sum", "'XXX per birth'"]),
        ("KEN-nssf", "    liability:\n", f"    assumed: {{value: 1, {OWN}}}\n    liabilty:\n", ["did you mean 'liability'?"]),
        ("TZA-nssf", "in_lieu: old_age_lump_sum", "in_lieu: none", ["needs 'in_lieu_basis'"]),
        ("SOM-none", "    status: none", f"    status: none\n    assumed: {{value: nothing, {OWN}}}", ["status: none", "has no rules"]),
        ("SSD-nsif", "    status: unknown", "    status: in_froce", ["did you mean 'in_force'?"]),
        (
            "UGA-nssf",
            "    status: employer_liability\n    modelled: false\n    summary: Pay by the employer in",
            "    status: unknown\n    modelled: false\n    summary: Pay by the employer in",
            ["status 'unknown' is not computed: leave out rules"],
        ),
        ("COD-cnss", "per_child:\n        unit: CDF per month", "per_child:\n        unit: KES per month", ["the scheme's currency is CDF"]),
        ("COD-cnss", "    first_share:\n", f"    {BAND}\n    first_share:\n", ["bands must begin after the first months"]),
        ("BDI-inss", "    first_share:", f"    {STEPS}\n    first_share:", ["steps must ascend, found 180, 120"]),
        ("BDI-inss", "  qualifying_months:", f"  {LATE}\n  qualifying_months:", ["normal pension at 60, late pension up to 58"]),
        (
            "BDI-inss",
            "share_of_minimum_wage: {value: 0.60",
            f"share_of_average_wage: {{value: 0.2, {OWN}}}\n    share_of_minimum_wage: {{value: 0.60",
            ["'share_of_average_wage' and 'average_wage'"],
        ),
        ("BDI-inss", "- {take: last, months: 36}", "- {take: career, months: 36}", ["'months' belongs to take: last and take: best"]),
        ("UGA-nssf", "  disability_access:", f"  {TIER}\n  disability_access:", ["'tier_two' needs 'tier_one_limit'"]),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_wrong_branch_gives_one_clear_message(spoiled: object, folder: str, old: str, new: str, parts: list[str]) -> None:
    message = spoiled(folder, old, new)  # type: ignore[operator]
    assert "params.yaml" in message
    for part in parts:
        assert part in message


def test_branch_in_force_without_rules_must_say_what_is_assumed(spoiled: object) -> None:
    text = (SCHEMES / "UGA-nssf" / "params.yaml").read_text(encoding="utf-8")
    start = text.index("    rules:", text.index("  sickness:"))
    rules = text[start : text.index("  health:", start)]
    message = spoiled("UGA-nssf", rules, "")  # type: ignore[operator]
    assert "status 'employer_liability' needs 'rules', or 'assumed' where they are not known" in message
