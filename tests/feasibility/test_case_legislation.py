"""Whose law applies, asked by a case: the instrument's posting rules, contributions by hand, text, JSON and complaints."""

import json
from pathlib import Path

import pytest

from actuarial import cli
from actuarial.basis.instrument import load_instrument
from actuarial.feasibility.case_legislation import LegislationAnswer, applicable_legislation, results
from actuarial.provisions.legislation import LegislationRules, legislation_rules
from actuarial.reporting.legislation_view import legislation_json, legislation_text

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "scenarios" / "cases" / "posting-double-contributions.yaml"
BASE = SHIPPED.read_text(encoding="utf-8").split("expected:")[0]
POSTING = "expected_months: 18}"


def answer_of(folder: Path, *replacements: tuple[str, str]) -> LegislationAnswer:
    text = BASE
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return applicable_legislation(path, ROOT)


def posting_of(**limits: int) -> tuple[str, str]:
    inside = ", ".join(f"{name}: {value}" for name, value in limits.items())
    return "instrument: eac-directive", f"instrument: {{extends: eac-directive, provisions: {{applicable_legislation: {{{inside}}}}}}}"


def stretches(answer: LegislationAnswer) -> list[tuple[str, str, str]]:
    return [(s.state, s.rule, s.start.isoformat()) for s in answer.spells]


def test_rules_come_from_the_instrument() -> None:
    instrument = load_instrument("eac-directive", ROOT / "scenarios")
    given = instrument.provisions.applicable_legislation
    assert given is not None
    assert legislation_rules(instrument) == LegislationRules(given.posting_months, given.posting_extension_months)
    assert legislation_rules(instrument.without("applicable_legislation")) is None


def test_shipped_case_agrees_with_the_hand() -> None:
    """TZA levies 10 % and 10.5 % on 120,000 a month for 18 months (data/schemes); KEN 6 % and 6 % for 24 in both worlds."""
    answer = applicable_legislation(SHIPPED, ROOT)
    assert answer.disagreements == ()
    assert results(answer)["contributions_with"] == pytest.approx(24 * 0.12 * 120000)
    assert results(answer)["contributions_without"] == pytest.approx(24 * 0.12 * 120000 + 18 * 0.205 * 120000)


def test_a_posting_longer_than_the_limit_is_under_the_host(tmp_path: Path) -> None:
    """18 expected months against a limit of 12 (rule 3): the host's law from the first day."""
    answer = answer_of(tmp_path, posting_of(posting_months=12))
    assert stretches(answer)[1] == ("TZA", "place_of_work", "2030-04-01")
    assert results(answer)["double_months"] == 18
    assert answer.effect.saved.worker == pytest.approx(18 * 0.06 * 120000)


def test_an_extension_within_the_instrument(tmp_path: Path) -> None:
    agreed = (POSTING, "expected_months: 18, extension_months: 6}")
    answer = answer_of(tmp_path, posting_of(posting_months=12, posting_extension_months=6), agreed)
    assert [state for state, _, _ in stretches(answer)] == ["KEN", "KEN", "KEN"]


def test_national_law_before_entry_and_without_an_instrument(tmp_path: Path) -> None:
    none = answer_of(tmp_path, ("instrument: eac-directive", "instrument: none"))
    assert stretches(none) == [("", "national_law", "2030-01-01")]
    assert none.effect.saved.total == 0.0
    crossing = answer_of(tmp_path, ("from: 2030-01-01", "from: 2027-01-01"), ("2031-12-31", "2028-12-31"), ("from: 2030-04-01", "from: 2027-07-01"))
    assert stretches(crossing)[:2] == [("", "national_law", "2027-01-01"), ("KEN", "posting", "2028-01-01")]
    assert crossing.effect.saved.worker == pytest.approx(12 * 0.10 * 120000)
    assert results(crossing)["first_change"] == "2028-01-01"
    suspended = answer_of(tmp_path, ("instrument: eac-directive", "instrument: {extends: eac-directive, scope: {suspended: [TZA]}}"))
    assert "Not a member, or suspended: TZA" in suspended.general[0].text
    off = answer_of(tmp_path, ("instrument: eac-directive", "instrument: {provisions: {}}"))
    assert "no provision 'applicable_legislation'" in off.general[0].text


def test_work_in_two_states_and_a_levy_written_in_the_case(tmp_path: Path) -> None:
    """Half the work at the residence is a substantial part (Article 13): one state levies on the whole wage."""
    text = [
        ("  shares: {KEN: 1}\n", "  shares: {KEN: 1/2, TZA: 1/2}\n"),
        ("  posting: {sending: KEN, host: TZA, from: 2030-04-01, expected_months: 18}\n", ""),
        ("scheme: TZA-nssf", "levy: {worker_rate: 0.1, employer_rate: 0.2, ceiling: 50000}"),
    ]
    answer = answer_of(tmp_path, *text)
    assert stretches(answer) == [("KEN", "several_states", "2030-01-01")]
    tanzania = next(s for s in answer.effect.schemes if s.state == "TZA")
    assert tanzania.without.worker == pytest.approx(24 * 0.1 * 50000)
    assert tanzania.with_instrument.total == 0.0


def test_text_json_and_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = applicable_legislation(SHIPPED, ROOT)
    text = legislation_text(answer)
    for words in ("2030-04-01 to 2031-09-30  KEN  (posting)", "Saved by the instrument: worker 216,000.00", "posting_months: 24 months"):
        assert words in text
    data = json.loads(legislation_json(answer))
    assert [part["state"] for part in data["legislation"]] == ["KEN", "KEN", "KEN"]
    assert data["total"]["saved"] == pytest.approx(442800.0)
    assert cli.main(["entitlement", "posting-double-contributions", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == data
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(BASE + "expected: {saved: 1.0}\n", encoding="utf-8")
    assert cli.main(["entitlement", str(wrong)]) == 1
    assert "saved: expected 1.0" in capsys.readouterr().out


COMPLAINTS = {
    "reversed": ([("until: 2031-12-31", "until: 2029-12-31")], "line 8, until: 2029-12-31 lies before from 2030-01-01"),
    "no residence": ([(", residence: KEN", "")], "person: residence is missing"),
    "two lengths": ([(POSTING, "expected_months: 18, until: 2031-01-01}")], "work.posting: give either 'until' or 'expected_months'"),
    "no length": ([(POSTING, "extension_months: 0}")], "work.posting: give either 'until' or 'expected_months'"),
    "home posting": ([("host: TZA", "host: KEN")], "work.posting.host: 'KEN' is the sending state"),
    "too much extension": ([(POSTING, "expected_months: 30, extension_months: 6}")], "extension_months: 6 months; the instrument allows at most 0"),
    "shares": ([("{KEN: 1}", "{KEN: 1/2}")], "work: shares add up to 1/2, not to 1"),
    "state unknown": ([("  TZA: {", "  UGA: {")], "work.posting.host: unknown state of the case 'TZA'"),
    "no seats": ([("{KEN: 1}", "{KEN: 1/5, TZA: 4/5}")], "work.employer_seats: is missing"),
    "no rates": ([("currency: KES", "currency: TZS"), ("KES: 129, ", "")], "exchange_rates: KES is missing; limits of KEN-nssf are in KES"),
    "two laws": ([("scheme: TZA-nssf", "scheme: TZA-nssf, levy: {worker_rate: 0.1, employer_rate: 0.1}")], "give either 'scheme' (a name) or 'levy'"),
    "not said": ([(", levies_on_posted: false", "")], "states.TZA.levies_on_posted: this key is missing"),
    "other state's scheme": ([("scheme: TZA-nssf", "scheme: RWA-rssb")], "'RWA-rssb' is a scheme of RWA, not of TZA"),
    "unknown key": ([("expected_months", "expected_month")], "did you mean 'expected_months'?"),
    "unknown instrument": ([("eac-directive", "eac-directve")], "did you mean 'eac-directive'"),
    "misspelt": ([("applicable_legislation", "aplicable_legislation")], "did you mean 'applicable_legislation'?"),
    "unknown expectation": ([("currency: KES\n", "currency: KES\nexpected: {save: 1.0}\n")], "expected.save: unknown key"),
}


@pytest.mark.parametrize("name", COMPLAINTS)
def test_one_message_with_line_and_field(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replacements, words = COMPLAINTS[name]
    text = BASE
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    assert cli.main(["entitlement", str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert "case.yaml, line " in captured.err
