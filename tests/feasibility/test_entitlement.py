"""One person's case from a file: shipped cases, the answer as text and JSON, and every complaint about a wrong file."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from actuarial import cli
from actuarial.basis.case import case_file, is_legislation, load_case
from actuarial.basis.errors import InputError
from actuarial.basis.instrument import load_instrument
from actuarial.basis.region import load_region
from actuarial.feasibility.entitlement import Entitlement, agrees, entitlement
from actuarial.feasibility.study import supported
from actuarial.reporting.entitlement_view import KEYS, as_dict, as_json, as_text

ROOT = Path(__file__).parents[2]
CASES = [path for path in sorted((ROOT / "scenarios" / "cases").glob("*.yaml")) if not is_legislation(path)]
BASE = (ROOT / "scenarios" / "cases" / "five-five-five.yaml").read_text(encoding="utf-8")
FIRST = "{from: 2006-01, to: 2010-12}"


def answer_of(folder: Path, text: str) -> Entitlement:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return entitlement(path, ROOT)


def changed(*replacements: tuple[str, str]) -> str:
    text = BASE
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def extended(provisions: str) -> tuple[str, str]:
    return "instrument: eac-directive", f"instrument: {{extends: eac-directive, provisions: {provisions}}}"


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_shipped_cases_agree_with_what_they_expect(path: Path) -> None:
    answer = entitlement(path, ROOT)
    assert answer.disagreements == ()
    assert answer.loaded.case.note
    assert all(a.steps and a.reason for a in answer.with_instrument)


def test_a_dozen_cases_are_shipped() -> None:
    assert len(CASES) >= 12


def test_five_years_each_by_hand() -> None:
    """Burundi 30 % for 15 years, Rwanda the same, Tanzania 180/580: a third each (data/schemes, law.md)."""
    answer = entitlement(case_file("five-five-five", ROOT / "scenarios"), ROOT)
    by_hand = {"BDI": 3600000 * 0.30 / 3, "RWA": 2400000 * 0.30 / 3, "TZA": 9000000 * 180 / 580 / 3}
    for amount in answer.with_instrument:
        assert amount.ratio == Fraction(1, 3)
        assert amount.payable == pytest.approx(by_hand[amount.state], abs=0.005)
    assert all(a.payable == 0.0 and a.lump_sum > 0.0 for a in answer.without_instrument)


def test_json_has_the_agreed_keys() -> None:
    answer = entitlement(CASES[0], ROOT)
    data = json.loads(as_json(answer))
    assert data == json.loads(json.dumps(as_dict(answer)))
    for part in (*data["states"].values(), data["total"], *data["without_instrument"]["states"].values(), data["without_instrument"]["total"]):
        assert set(KEYS) <= set(part)
    assert all(step["text"] for steps in data["explanation"].values() for step in steps)
    assert all(isinstance(part["ratio"], str) and Fraction(part["ratio"]) > 0 for part in data["states"].values())


def test_text_shows_both_worlds_and_the_steps() -> None:
    text = as_text(entitlement(case_file("five-five-five", ROOT / "scenarios"), ROOT))
    for words in ("With the instrument", "Without the instrument", "Step by step", "1,080,000.00 BIF x 60/180 = 360,000.00 BIF", "60/180"):
        assert words in text


def test_command(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["entitlement", "five-five-five"]) == 0
    assert "Five years each" in capsys.readouterr().out
    assert cli.main(["entitlement", str(CASES[0]), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["states"]
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(BASE + "expected: {BDI: {payable: 1.0}}\n", encoding="utf-8")
    assert cli.main(["entitlement", str(wrong)]) == 1
    assert "BDI.payable: expected 1.0, computed 360000.0" in capsys.readouterr().out
    assert cli.main(["entitlement", "five-five-six"]) == 2
    assert "did you mean 'five-five-five'" in capsys.readouterr().err


TRANSFER = "instrument: transfer-model"
COMPLAINTS = {
    "reversed dates": ([(FIRST, "{from: 2010-12, to: 2006-01}")], "line 11, states.BDI.periods[0].to: 2006-01-31 lies before start 2010-12-01"),
    "overlapping dates": (
        [(FIRST, FIRST + ", {from: 2009-01, to: 2011-12}")], "states.BDI.periods[1].from: 2009-01-01 lies inside states.BDI.periods[0]",
    ),
    "unknown unit": ([(FIRST, "{amount: 60, unit: month}")], "unit: found 'month' (text); did you mean 'months'? Allowed: days, weeks, months"),
    "negative months": ([(FIRST, "{amount: -60, unit: months}")], "periods[0].amount: -60 months is negative; allowed is zero or more"),
    "thirteen months": ([(FIRST, "{amount: 13, unit: months, year: 2006}")], "13 months in the one year 2006; allowed is at most 12"),
    "thirteen months in parts": (
        [(FIRST, "{amount: 8, unit: months, year: 2006}, {amount: 5, unit: months, year: 2006}")],
        "add up to 13 months in 2006; allowed is at most 12",
    ),
    "no earnings": ([("    earnings: {reference: 9000000}\n", "")], "states.TZA.earnings: is missing; the formula of TZA-nssf needs earnings"),
    "no transfer value": ([("instrument: eac-directive", TRANSFER)], "states.BDI.transfer_value: is missing; amount method 'transfer' needs it"),
    "no last earnings": (
        [extended("{amount: {earnings_basis: own_last}}")],
        "amount.earnings_basis 'own_last' needs earnings.last or earnings.by_year",
    ),
    "unknown provision": (
        [extended("{totalization: {enabled: true}}")],
        "instrument.provisions.totalization: unknown key; did you mean 'totalisation'?",
    ),
    "unknown method": (
        [extended("{amount: {method: prorata}}")],
        "instrument.provisions.amount.method: found 'prorata' (text); did you mean 'pro_rata'?",
    ),
    "contradiction": (
        [extended("{refunds: {policy: blocked, blocked_after_entry: false}}")],
        "policy 'blocked' contradicts blocked_after_entry false",
    ),
    "unknown instrument": ([("eac-directive", "eac-directve")], "unknown instrument 'eac-directve'; did you mean 'eac-directive'"),
    "unknown scheme": ([("BDI-inss", "BDI-ins")], "unknown scheme 'BDI-ins'; did you mean 'BDI-inss'"),
    "scheme of another state": ([("BDI-inss", "RWA-rssb")], "states.BDI.scheme: 'RWA-rssb' is a scheme of RWA, not of BDI"),
    "no scheme": ([("    scheme: BDI-inss\n", "")], "give one of scheme (a name), own_scheme (written here) or amounts (numbers); found none"),
    "dates and amount": ([(FIRST, "{from: 2006-01, to: 2010-12, amount: 3, unit: months}")], "a period is dated or counted, not both"),
    "no such month": ([("2006-01", "2006-13")], "periods[0].from: '2006-13' is no date; write YYYY-MM-DD or YYYY-MM"),
    "unknown contingency": ([("old_age", "oldage")], "contingency: found 'oldage' (text); did you mean 'old_age'?"),
    "branch without formula": ([("old_age", "sickness")], "states.TZA.scheme: TZA-nssf 2030: no rules of sickness benefits; give its amount"),
    "no family": ([("old_age", "survivors")], "person: family is missing"),
    "unknown key": ([("periods:", "period:")], "states.BDI.period: unknown key; did you mean 'periods'?"),
    "unknown key of a period": ([(FIRST, "{form: 2006-01, to: 2010-12}")], "unknown key; did you mean 'from'?"),
    "scheme written wrongly": (
        [("    scheme: BDI-inss\n", "    own_scheme: {kind: defined_benefit, currency: BIF, old_age: {qualifying_month: 180}}\n")],
        "states.BDI.own_scheme.old_age.qualifying_month: unknown key; did you mean 'qualifying_months'?",
    ),
    "repaid without refund": ([("to: 2010-12", "to: 2010-12, repaid: 2020-01-01")], "without a refund"),
}


@pytest.mark.parametrize("name", COMPLAINTS)
def test_one_message_with_line_and_field(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replacements, words = COMPLAINTS[name]
    path = tmp_path / "case.yaml"
    path.write_text(changed(*replacements), encoding="utf-8")
    assert cli.main(["entitlement", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert "case.yaml" in captured.err
    assert "line " in captured.err


def test_every_problem_of_a_case_at_once(tmp_path: Path) -> None:
    text = changed(("old_age", "oldage"), (FIRST, "{amount: 60, unit: month}"), ("eac-directive", "eac-directve"))
    with pytest.raises(InputError, match="3 problems"):
        answer_of(tmp_path, text)
    states = "states: {KEN: {scheme: KEN-nsff, periods: [{from: 2001-13, to: 2010-12}]}, UGA: {amounts: {currency: KEX, qualifying_months: 1}}}"
    with pytest.raises(InputError, match="4 problems") as told:
        answer_of(tmp_path, f"title: t\ncontingency: oldage\ndate: 2026-01-01\ninstrument: none\n{states}\n")
    for words in ("did you mean 'old_age'?", "did you mean 'KEN-nssf'?", "'2001-13' is no date", "the currency of UGA is UGX"):
        assert words in str(told.value)


def test_scope_entry_and_export(tmp_path: Path) -> None:
    early = answer_of(tmp_path, changed(("date: 2030-01-01", "date: 2027-12-31")))
    assert all(a.payable == 0.0 for a in early.with_instrument)
    assert any("enters into force on 1 January 2028" in step.text for step in early.general)
    only_nationals = ("instrument: eac-directive", "instrument: {extends: eac-directive, scope: {persons: nationals}}")
    members_only = answer_of(tmp_path, changed(("nationality: BDI", "nationality: FRA"), only_nationals))
    assert any("nationals of its members" in step.text for step in members_only.general)
    away = answer_of(tmp_path, changed(("residence: BDI", "residence: FRA")))
    suspended = [a for a in away.with_instrument if "is suspended" in a.reason]
    assert {a.state for a in suspended} == {a.state for a in away.with_instrument if a.payable == 0.0}
    no_export = answer_of(tmp_path, changed(extended("{export: false}")))
    assert no_export.of("BDI").payable > 0.0


def test_pension_age(tmp_path: Path) -> None:
    young = answer_of(tmp_path, changed(("residence: BDI}", "residence: BDI, born: 1980-01-01, sex: female}")))
    assert all(a.payable == 0.0 and "pension age here is" in a.reason for a in young.with_instrument)


def test_periods_before_entry_do_not_count_without_retroactivity(tmp_path: Path) -> None:
    answer = answer_of(tmp_path, changed(extended("{retroactive_periods: false}")))
    assert all(a.payable == 0.0 for a in answer.with_instrument)
    assert all(a.own_months in (0, 60) for a in answer.with_instrument)


def test_earnings_by_year_are_revalued_and_averaged(tmp_path: Path) -> None:
    """Rwanda averages the last years of the record; the same pay in the year of the claim needs no revaluation."""
    same = changed(("{reference: 2400000}", "{by_year: {2027: 2400000, 2028: 2400000, 2029: 2400000}}"))
    answer = answer_of(tmp_path, same)
    assert answer.of("RWA").payable >= 240000.0 - 0.005


def test_currencies_without_rates_are_not_added(tmp_path: Path) -> None:
    answer = answer_of(tmp_path, changed(("exchange_rates: {BIF: 2900, RWF: 1450, TZS: 2600}", "")))
    assert answer.total_with.payable is None
    assert "no exchange_rates" in answer.total_with.reason


def test_expected_values_compare_as_they_are_meant() -> None:
    assert agrees(Fraction(1, 3), "60/180", 0.0)
    assert not agrees(True, 1.0, 0.5)
    assert agrees("EUR", "EUR", 0.0)


MEMBERS = load_region(ROOT / "data").members
SHIPPED = ("eac-directive", "direct-method", "pro-rata-only", "cepgl-like", "phased", "transfer-model")


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_instruments(name: str) -> None:
    instrument = load_instrument(name, ROOT / "scenarios", MEMBERS)
    law = (ROOT / "scenarios" / "instruments" / name / "law.md").read_text(encoding="utf-8")
    assert "## Sources" in law
    assert all(figure.confidence and (figure.reason or figure.confidence == "verified") for _, figure in instrument.figures)
    if name == "transfer-model":
        with pytest.raises(InputError, match=r"(?s)amount.method is transfer.*account_schemes.policy is transfer") as caught:
            supported(instrument)
        assert str(caught.value).count("this version projects") == 2
    else:
        supported(instrument)


def test_phases_begin_in_their_years() -> None:
    phased = load_instrument("phased", ROOT / "scenarios", MEMBERS)
    assert phased.covers("old_age", 2028)
    assert not phased.covers("sickness", 2031)
    assert phased.covers("sickness", 2032)
    assert phased.exports("employment_injury", 2030)
    assert not phased.totalises("employment_injury", 2030)


def test_a_case_holds_its_instrument() -> None:
    loaded = load_case(case_file("one-state-not-paying", ROOT / "scenarios"), ROOT / "scenarios")
    assert loaded.instrument is not None
    assert loaded.instrument.active_members == ("BDI", "RWA")
