"""Branches that turn on an event, from a scheme's law in a case: amounts by hand from data/schemes, facts asked for by name, refusals."""

from pathlib import Path

import pytest

from actuarial.basis.errors import InputError
from actuarial.feasibility.entitlement import Entitlement, entitlement
from actuarial.reporting.entitlement_view import as_text

ROOT = Path(__file__).parents[2]
CASES = ROOT / "scenarios" / "cases"
INJURY = (CASES / "injury-pension-abroad.yaml").read_text(encoding="utf-8").split("expected:")[0]
JOBLESS = (CASES / "unemployment-exported.yaml").read_text(encoding="utf-8").split("expected:")[0]
WRITTEN = """\
title: One branch
contingency: {contingency}
date: 2025-12-31
person: {{nationality: UGA, residence: {residence}}}
event: {event}
states:
  COD:
    scheme: COD-cnss
    periods: [{{from: 2020-01, to: 2022-12}}]
    earnings: {{reference: 9600000}}
  {last}:
    scheme: {scheme}
    periods: [{{from: 2023-01, to: 2025-12}}]
    earnings: {{reference: 1200000}}
instrument: none
exchange_rates: {{CDF: 2800, UGX: 3700, KES: 129, RWF: 1450, TZS: 2600}}
"""


def answer_of(folder: Path, text: str, *replacements: tuple[str, str]) -> Entitlement:
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return entitlement(path, ROOT)


def written(contingency: str, event: str, last: str, scheme: str, residence: str = "") -> str:
    return WRITTEN.format(contingency=contingency, event=event, last=last, scheme=scheme, residence=residence or last)


def test_injury_pension_is_paid_abroad_under_the_instrument_only(tmp_path: Path) -> None:
    answer = answer_of(tmp_path, INJURY)
    assert answer.of("RWA").payable == pytest.approx(0.85 * 0.4 * 3600000)
    assert answer.total_without.payable == 0.0
    assert "Pension per year for disablement of 40 %" in as_text(answer)


@pytest.mark.parametrize(
    ("event", "payable", "lump"),
    [
        ("{degree: 0.4, attendance: true}", 0.85 * 0.4 * 3600000 * 1.4, 0.0),
        ("{degree: 0.1}", 0.0, 3 * 0.85 * 0.1 * 3600000),
        ("{days: 60}", 0.75 * 3600000 / 365 * 60, 0.0),
        ("{days: 200}", 0.75 * 3600000 / 365 * 180, 0.0),
        ("{fatal: true}", (0.30 + 2 * 0.15) * 3600000, 0.0),
    ],
)
def test_injury_by_the_kind_of_loss(event: str, payable: float, lump: float, tmp_path: Path) -> None:
    """Rwanda: 85 % of earnings by degree, 15 % threshold, three years' pension below it, 75 % for at most 180 days, widow 30 %, orphan 15 %."""
    family = ("residence: UGA}", "residence: UGA, family: {spouses: 1, half_orphans: 2}}")
    found = answer_of(tmp_path, INJURY, ("{degree: 0.4}", event), family).of("RWA")
    assert found.payable == pytest.approx(payable)
    assert found.lump_sum == pytest.approx(lump)


@pytest.mark.parametrize(
    ("event", "state", "scheme", "payable", "lump"),
    [
        ("{degree: 0.5}", "KEN", "KEN-nssf", 0.0, 48 * 100000.0),
        ("{degree: 1.0, attendance: true}", "UGA", "UGA-nssf", 0.0, 60 * 100000.0 * 1.25),
        ("{fatal: true}", "UGA", "UGA-nssf", 0.0, 60 * 100000.0),
        ("{days: 10}", "KEN", "KEN-nssf", 1200000 / 365 * 7, 0.0),
    ],
)
def test_injury_as_the_employers_liability(event: str, state: str, scheme: str, payable: float, lump: float, tmp_path: Path) -> None:
    """Months of earnings: Kenya 96 for total disablement in proportion, Uganda 60 and a quarter more for constant attendance."""
    found = answer_of(tmp_path, written("employment_injury", event, state, scheme)).of(state)
    assert (found.payable, found.lump_sum) == pytest.approx((payable, lump))
    assert any("The employer owes it; no scheme insures." in step.text for step in found.steps)


def test_occupational_disease_by_the_law_of_the_last_exposure(tmp_path: Path) -> None:
    disease = ("contingency: employment_injury", "contingency: occupational_disease")
    exposed = ("periods: [{from: 2028", "exposure_months: 30\n    periods: [{from: 2028")
    assert answer_of(tmp_path, INJURY, disease, exposed).of("RWA").payable == pytest.approx(1224000.0)


def test_unemployment_months_abroad_and_the_part_paid_back(tmp_path: Path) -> None:
    answer = answer_of(tmp_path, JOBLESS)
    assert answer.of("TZA").payable == pytest.approx(0.333 * 600000 * 6)
    assert next(a for a in answer.without_instrument if a.state == "TZA").lump_sum == 600000.0
    longer = answer_of(tmp_path, JOBLESS, ("months_out_of_work: 8, months_abroad: 5", "months_out_of_work: 6, months_abroad: 4"))
    assert longer.of("TZA").payable == pytest.approx(0.333 * 600000 * 5)
    away = answer_of(tmp_path, JOBLESS, ("residence: TZA", "residence: RWA"))
    assert away.of("TZA").payable == pytest.approx(0.333 * 600000 * 3)


def test_unemployment_is_barred_by_age_resignation_and_without_equality(tmp_path: Path) -> None:
    old = answer_of(tmp_path, JOBLESS, ("1995-03-01", "1980-03-01")).of("TZA")
    assert old.payable == old.lump_sum == 0.0
    assert "The person is 57; the benefit is paid below 55." in old.reason
    assert (
        "The person resigned." in answer_of(tmp_path, JOBLESS, ("contributions: 1200000", "resigned: true, contributions: 1200000")).of("TZA").reason
    )
    foreign = answer_of(tmp_path, JOBLESS, ("nationality: TZA", "nationality: RWA"))
    assert foreign.of("TZA").payable > 0.0
    assert "Only citizens of TZA may claim" in next(a for a in foreign.without_instrument if a.state == "TZA").reason


def test_sickness_family_and_health_by_the_law(tmp_path: Path) -> None:
    """Uganda: the employer pays full wages for a month; Congo: an allowance (assumed amount) for children who live there."""
    ill = answer_of(tmp_path, written("sickness", "{days: 40}", "UGA", "UGA-nssf")).of("UGA")
    assert ill.payable == pytest.approx(100000.0)
    children = "  COD:\n    scheme: COD-cnss\n    periods: [{from: 2024-01, to: 2025-12}]\n"
    head = written("family", "{children: {COD: 2, UGA: 1}}", "UGA", "UGA-nssf", "COD").split("  COD:")[0]
    text = head + children + "instrument: none\n"
    two = answer_of(tmp_path, text).of("COD").payable
    assert two == pytest.approx(1200000.0)
    scope, rule = "scope: {branches: {family: {from_year: 2026}}}", "family: {priority: employment, supplement: true}"
    covered = f"instrument: {{{scope}, provisions: {{{rule}}}}}"
    later = text.replace("2025-12-31", "2026-12-31")
    plain = answer_of(tmp_path, later).of("COD").payable
    assert answer_of(tmp_path, later.replace("instrument: none", covered)).of("COD").payable == pytest.approx(1.5 * plain)
    assert answer_of(tmp_path, text.replace("residence: COD", "residence: UGA")).of("COD").payable == 0.0
    care = answer_of(tmp_path, written("health", "{person_months: 12}", "RWA", "RWA-rssb")).of("RWA")
    half = answer_of(tmp_path, written("health", "{person_months: 6}", "RWA", "RWA-rssb")).of("RWA")
    assert care.payable == pytest.approx(2 * half.payable)
    assert half.payable > 0.0


REFUSALS = {
    "no rules": (
        written("unemployment", "{}", "UGA", "UGA-nssf"),
        "states.UGA.scheme: UGA-nssf 2025: no rules of unemployment benefits; give its amount",
    ),
    "no rules of injury": (written("employment_injury", "{degree: 0.5}", "SSD", "SSD-nsif"), "no rules of an employer's liability"),
    "no days": (written("sickness", "{}", "UGA", "UGA-nssf"), "event.days: is missing; UGA-nssf needs the days off work"),
    "no care": (written("health", "{}", "RWA", "RWA-rssb"), "event.person_months: is missing"),
    "no kind": (INJURY.replace("{degree: 0.4}", "{}"), "event.degree: give one of days, degree or fatal; found none"),
    "two kinds": (INJURY.replace("{degree: 0.4}", "{degree: 0.4, days: 3}"), "found days, degree"),
    "no survivors": (INJURY.replace("{degree: 0.4}", "{fatal: true}"), "person.family: is missing"),
    "degree": (INJURY.replace("0.4", "40"), "event.degree"),
    "unknown": (INJURY.replace("degree", "degre"), "did you mean 'degree'?"),
    "no earnings": (INJURY.replace("    earnings: {reference: 3600000}\n", ""), "states.RWA.earnings: is missing"),
    "no birth": (JOBLESS.replace(", born: 1995-03-01", ""), "person: born is missing; TZA-nssf pays unemployment benefit below age 55"),
    "no months": (JOBLESS.replace("months_out_of_work: 8, months_abroad: 5, ", ""), "event.months_out_of_work: is missing"),
    "too long abroad": (JOBLESS.replace("months_abroad: 5", "months_abroad: 9"), "event.months_abroad: is 9, more than months_out_of_work 8"),
    "no contributions": (JOBLESS.replace(", contributions: 1200000", ""), "event.contributions: is missing"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_missing_fact_or_rule_is_refused_by_name(name: str, tmp_path: Path) -> None:
    text, words = REFUSALS[name]
    with pytest.raises(InputError) as caught:
        answer_of(tmp_path, text)
    assert words in str(caught.value)
    assert "case.yaml, line " in str(caught.value)
