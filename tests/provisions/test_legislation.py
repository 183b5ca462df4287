"""Applicable legislation rule by rule, posting dates, and contributions saved and lost.

Ids are those of the worked examples of the coordination rules: H15 posting of 24 months, H18 home affiliation (mechanism of the Gulf Cooperation
Council's unified extension). Articles are of Regulation (EC) 883/2004, recalled.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.instrument import load_instrument
from actuarial.provisions.double_contributions import Levy, SchemeEffect, contribution_effect, home_affiliation, levied_by_national_law
from actuarial.provisions.legislation import (
    LEGISLATION_RULES,
    LegislationRules,
    Posting,
    Situation,
    applicable,
    last_day_of_months,
    legislation_rules,
    posting_limit,
    spells,
)
from actuarial.provisions.periods import dated

DAY = date(2026, 6, 1)
RULES = LegislationRules()
ALL = Fraction(1)
POSTING = Posting("KEN", "UGA", date(2026, 1, 15), date(2028, 1, 14))
POSTED = Situation("KEN", {"KEN": ALL}, posting=POSTING)


def law(situation: Situation, rules: LegislationRules = RULES, on: date = DAY) -> tuple[str, str]:
    answer = applicable(situation, rules, on)
    return answer.state, answer.rule


def test_h15_posting_of_24_months() -> None:
    last, first = posting_limit(POSTING, RULES)
    assert (last, first) == (date(2028, 1, 14), date(2028, 1, 15))
    assert [(s.state, s.rule) for s in spells(POSTED, RULES, date(2026, 1, 15), date(2028, 1, 14))] == [("KEN", "posting")]


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        ("2026-01-01", 12, "2026-12-31"),
        ("2026-01-15", 60, "2031-01-14"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2026-03-01", 0, "2026-02-28"),
    ],
)
def test_last_day_of_months(start: str, months: int, last: str) -> None:
    assert last_day_of_months(date.fromisoformat(start), months) == date.fromisoformat(last)


@given(start=st.dates(date(1990, 1, 1), date(2050, 1, 1)), months=st.integers(0, 120), more=st.integers(1, 60))
def test_a_longer_limit_ends_later(start: date, months: int, more: int) -> None:
    assert last_day_of_months(start, months) < last_day_of_months(start, months + more)


@pytest.mark.parametrize(
    ("situation", "state", "rule"),
    [
        (Situation("UGA", {"KEN": ALL}), "KEN", "place_of_work"),
        (Situation("UGA", {"KEN": ALL}, self_employed=True), "KEN", "place_of_work"),
        (Situation("UGA", {}), "UGA", "inactive"),
        (Situation("UGA", {"KEN": ALL}, civil_service="RWA"), "RWA", "civil_servant"),
        (Situation("UGA", {"KEN": ALL}, flag="TZA"), "TZA", "ship"),
        (Situation("UGA", {"KEN": ALL}, flag="TZA", paid_from_shore="UGA"), "UGA", "ship"),
        (Situation("UGA", {"KEN": ALL}, flag="TZA", paid_from_shore="KEN"), "TZA", "ship"),
        (Situation("UGA", {"KEN": ALL}, home_base="RWA"), "RWA", "air_crew"),
        (Situation("UGA", {"UGA": Fraction(1, 4), "KEN": Fraction(3, 4)}), "UGA", "several_states"),
        (Situation("UGA", {"UGA": Fraction(1, 5), "KEN": Fraction(4, 5)}, employer_seats=("RWA",)), "RWA", "several_states"),
        (Situation("UGA", {"UGA": Fraction(1, 5), "KEN": Fraction(4, 5)}, employer_seats=("UGA", "RWA")), "RWA", "several_states"),
        (Situation("UGA", {"UGA": Fraction(1, 5), "KEN": Fraction(4, 5)}, employer_seats=("UGA",)), "UGA", "several_states"),
        (Situation("UGA", {"TZA": Fraction(1, 5), "KEN": Fraction(4, 5)}, employer_seats=("TZA", "KEN")), "UGA", "several_states"),
        (Situation("UGA", {"RWA": Fraction(1, 5), "KEN": Fraction(4, 5)}, self_employed=True, centre_of_interests="KEN"), "KEN", "several_states"),
        (POSTED, "KEN", "posting"),
        (replace(POSTED, agreed_state="UGA"), "UGA", "agreement"),
    ],
)
def test_rules(situation: Situation, state: str, rule: str) -> None:
    assert law(situation) == (state, rule)


def test_the_trail_says_why_earlier_rules_did_not_apply() -> None:
    trail = applicable(Situation("UGA", {"KEN": ALL}), RULES, DAY).explanation
    assert trail[0] == "agreement: the states agreed on no exception."
    assert trail[-1] == "place of work: KEN, where the work is done (Article 11(3)(a))."
    assert len(trail) == LEGISLATION_RULES.index("place_of_work") + 1


def test_posting_that_replaces_another_stays_under_the_host() -> None:
    replacing = replace(POSTED, posting=replace(POSTING, replaces_posted=True))
    assert law(replacing) == ("UGA", "place_of_work")
    assert law(replacing, replace(RULES, replacement_ban=False)) == ("KEN", "posting")


def test_posting_expected_to_last_longer_than_the_limit() -> None:
    longer = replace(POSTED, posting=replace(POSTING, end=date(2028, 6, 30)))
    assert [(s.state, s.rule) for s in spells(longer, RULES, date(2026, 1, 15), date(2028, 6, 30))] == [("UGA", "place_of_work")]
    lenient = replace(RULES, test_expected_duration=False)
    found = spells(longer, lenient, date(2026, 1, 1), date(2028, 12, 31))
    assert [(s.state, s.start, s.end) for s in found] == [
        ("KEN", date(2026, 1, 1), date(2026, 1, 14)),
        ("KEN", date(2026, 1, 15), date(2028, 1, 14)),
        ("UGA", date(2028, 1, 15), date(2028, 6, 30)),
        ("KEN", date(2028, 7, 1), date(2028, 12, 31)),
    ]


def test_extension_within_what_the_instrument_allows() -> None:
    extended = replace(POSTED, posting=replace(POSTING, end=date(2029, 1, 14), extension_months=12))
    assert law(extended, replace(RULES, posting_extension_months=12), date(2029, 1, 14)) == ("KEN", "posting")
    with pytest.raises(ValueError, match="at most 6"):
        law(extended, replace(RULES, posting_extension_months=6))


def test_rules_can_be_left_out_and_reordered() -> None:
    no_posting = replace(RULES, order=tuple(r for r in LEGISLATION_RULES if r != "posting"))
    assert law(POSTED, no_posting) == ("UGA", "place_of_work")
    with pytest.raises(ValueError, match="no rule of the instrument"):
        law(Situation("UGA", {}), replace(RULES, order=("place_of_work",)))
    with pytest.raises(ValueError, match="no rule for work in several states"):
        law(Situation("UGA", {"UGA": Fraction(1, 2), "KEN": Fraction(1, 2)}), replace(RULES, order=("place_of_work",)))


BAD: list[tuple[Any, str]] = [
    (lambda: Situation("", {}), "residence: is empty"),
    (lambda: Situation("UGA", {"KEN": Fraction(1, 2)}), "work: shares add up to 1/2"),
    (lambda: Situation("UGA", {"KEN": Fraction(2), "UGA": Fraction(-1)}), "work: a share is zero or negative"),
    (lambda: Situation("UGA", {}, paid_from_shore="KEN"), "paid_from_shore"),
    (lambda: Posting("KEN", "UGA", date(2026, 1, 2), date(2026, 1, 1)), "posting.end"),
    (lambda: Posting("KEN", "KEN", date(2026, 1, 1), date(2026, 1, 2)), "posting.host"),
    (lambda: Posting("KEN", "UGA", date(2026, 1, 1), date(2026, 1, 2), extension_months=-1), "posting.extension_months"),
    (lambda: LegislationRules(posting_months=-1), "posting_months"),
    (lambda: LegislationRules(substantial_share=Fraction(0)), "substantial_share"),
    (lambda: LegislationRules(order=("postings",)), "did you mean 'posting'"),  # type: ignore[arg-type]
    (lambda: LegislationRules(order=("posting", "posting")), "stands twice"),
    (lambda: law(Situation("UGA", {"RWA": Fraction(1, 2), "KEN": Fraction(1, 2)})), "employer_seats: is missing"),
    (lambda: law(Situation("UGA", {"RWA": Fraction(1, 2), "KEN": Fraction(1, 2)}, self_employed=True)), "centre_of_interests: is missing"),
    (lambda: spells(POSTED, RULES, date(2026, 1, 2), date(2026, 1, 1)), "end: 2026-01-01 lies before"),
    (lambda: Levy("x", "KEN", -0.1, 0.1, on_territory=True, on_posted=False), "worker_rate"),
    (lambda: Levy("x", "KEN", float("nan"), 0.1, on_territory=True, on_posted=False), "worker_rate"),
    (lambda: home_affiliation(-1.0, home_worker_rate=0.1, home_employer_rate=0.1, host_employer_rate=0.1), "wage"),
]


@pytest.mark.parametrize(("write", "words"), BAD, ids=[words for _, words in BAD])
def test_missing_and_impossible_facts_are_named(write: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        write()


@given(start=st.dates(date(2025, 1, 1), date(2027, 1, 1)), days=st.integers(0, 1500), length=st.integers(0, 1200), months=st.integers(0, 36))
def test_spells_cover_every_day_once_with_one_state(start: date, days: int, length: int, months: int) -> None:
    posting = replace(POSTING, end=POSTING.start + timedelta(days=length))
    situation, rules = replace(POSTED, posting=posting), replace(RULES, posting_months=months, test_expected_duration=False)
    found = spells(situation, rules, start, start + timedelta(days=days))
    assert found[0].start == start
    assert found[-1].end == start + timedelta(days=days)
    for one, following in zip(found, found[1:], strict=False):
        assert following.start == one.end + timedelta(days=1)
    for spell in found:
        for day in (spell.start, spell.end):
            assert law(situation, rules, day) == (spell.state, spell.rule)


# contributions ---------------------------------------------------------------------------------------------------------------------------

LEVIES = (
    Levy("home", "KEN", 0.06, 0.06, on_territory=True, on_posted=True, ceiling=900.0),
    Levy("host", "UGA", 0.05, 0.10, on_territory=True, on_posted=False),
)


def by_scheme(effects: tuple[SchemeEffect, ...]) -> dict[str, SchemeEffect]:
    return {e.scheme: e for e in effects}


def test_h18_home_affiliation() -> None:
    split = home_affiliation(1000.0, home_worker_rate=0.08, home_employer_rate=0.15, host_employer_rate=0.12)
    assert (split.worker, split.employer, split.total) == (pytest.approx(110.0, abs=0.005), pytest.approx(120.0), pytest.approx(230.0))
    cheaper = home_affiliation(1000.0, home_worker_rate=0.08, home_employer_rate=0.10, host_employer_rate=0.12)
    assert (cheaper.worker, cheaper.employer) == (pytest.approx(80.0), pytest.approx(100.0))


def test_both_states_levy_on_a_posted_worker_without_an_instrument() -> None:
    assert [x.scheme for x in levied_by_national_law(LEVIES, places=["UGA"], sending="KEN")] == ["home", "host"]
    assert [x.scheme for x in levied_by_national_law(LEVIES, places=["UGA"], sending=None)] == ["host"]


def test_posting_saves_the_host_contributions_and_the_host_scheme_loses_them() -> None:
    effect = contribution_effect(POSTED, RULES, LEVIES, wage=1000.0, start=date(2026, 2, 1), end=date(2027, 1, 31))
    home, host = by_scheme(effect.schemes)["home"], by_scheme(effect.schemes)["host"]
    assert home.change == 0.0
    assert home.without.total == pytest.approx(12 * 0.12 * 900)
    assert host.change == pytest.approx(-12 * 0.15 * 1000)
    assert (host.months_not_accrued, home.months_not_accrued) == (12, 0)
    assert (effect.saved.worker, effect.saved.employer) == (pytest.approx(12 * 50), pytest.approx(12 * 100))
    assert effect.double_months == 12


def test_beyond_the_limit_the_sending_scheme_loses_instead() -> None:
    posting = replace(POSTING, start=date(2026, 1, 1), end=date(2028, 12, 31))
    rules = replace(RULES, test_expected_duration=False)
    effect = contribution_effect(replace(POSTED, posting=posting), rules, LEVIES, wage=800.0, start=date(2026, 1, 1), end=date(2028, 12, 31))
    home, host = by_scheme(effect.schemes)["home"], by_scheme(effect.schemes)["host"]
    assert (home.months_with, host.months_with, effect.double_months) == (24, 12, 36)
    assert home.change == pytest.approx(-12 * 0.12 * 800)
    assert host.change == pytest.approx(-24 * 0.15 * 800)


def test_an_instrument_can_end_insurance_nowhere() -> None:
    bare = (LEVIES[0], replace(LEVIES[1], on_territory=False))  # the host state insures no foreigners by its own law
    effect = contribution_effect(Situation("KEN", {"UGA": ALL}), RULES, bare, wage=1000.0, start=date(2026, 1, 1), end=date(2026, 12, 31))
    host = by_scheme(effect.schemes)["host"]
    assert (effect.uninsured_months_without, effect.uninsured_months_with) == (12, 0)
    assert host.change == pytest.approx(12 * 150)
    assert effect.saved.total == pytest.approx(-12 * 150)


def test_work_in_two_states_is_levied_in_parts_without_and_in_one_state_with() -> None:
    situation = Situation("KEN", {"KEN": Fraction(1, 2), "UGA": Fraction(1, 2)})
    effect = contribution_effect(situation, RULES, LEVIES, wage=1000.0, start=date(2026, 1, 1), end=date(2026, 1, 31))
    home, host = by_scheme(effect.schemes)["home"], by_scheme(effect.schemes)["host"]
    assert (home.without.total, host.without.total) == (pytest.approx(60.0), pytest.approx(75.0))
    assert (home.with_instrument.total, host.with_instrument.total) == (pytest.approx(108.0), 0.0)
    assert effect.double_months == 0


def test_nobody_levies_on_the_inactive() -> None:
    effect = contribution_effect(Situation("KEN", {}), RULES, LEVIES, wage=0.0, start=date(2026, 1, 1), end=date(2026, 12, 31))
    assert effect.saved.total == 0.0
    assert effect.uninsured_months_with == 0


def test_a_scheme_given_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="a scheme stands twice"):
        contribution_effect(POSTED, RULES, [LEVIES[0], LEVIES[0]], wage=1.0, start=DAY, end=DAY)


@given(start=st.dates(date(2025, 6, 1), date(2028, 6, 1)), days=st.integers(0, 1500), wage=st.floats(0, 1e5), months=st.integers(0, 48))
def test_what_the_schemes_lose_worker_and_employer_save(start: date, days: int, wage: float, months: int) -> None:
    rules = replace(RULES, posting_months=months, test_expected_duration=False)
    end = start + timedelta(days=days)
    effect = contribution_effect(POSTED, rules, LEVIES, wage=wage, start=start, end=end)
    assert effect.saved.total == pytest.approx(-sum(e.change for e in effect.schemes), abs=1e-6)
    first, last = dated("KEN", start, end).span
    assert sum(e.months_with for e in effect.schemes) == last - first
    assert sum(e.months_without for e in effect.schemes) == last - first + effect.double_months


def test_posting_limits_of_an_instrument_and_none_without_a_provision() -> None:
    shipped = load_instrument("eac-directive", Path(__file__).parents[2] / "scenarios")
    given = shipped.provisions.applicable_legislation
    assert given is not None
    rules = legislation_rules(shipped)
    assert rules is not None
    assert (rules.posting_months, rules.posting_extension_months) == (given.posting_months, given.posting_extension_months)
    assert replace(rules, posting_months=24, posting_extension_months=0) == RULES
    none = shipped.model_copy(update={"provisions": shipped.provisions.model_copy(update={"applicable_legislation": None})})
    assert legislation_rules(none) is None


def test_rules_that_do_not_answer_say_so() -> None:
    several = Situation("KEN", {"KEN": Fraction(1, 5), "UGA": Fraction(4, 5)}, ("UGA",))
    with pytest.raises(ValueError, match="work: in KEN, UGA, but the instrument has no rule for work in several states"):
        law(several, LegislationRules(order=("posting", "place_of_work")))
    with pytest.raises(ValueError, match="order: no rule of the instrument gives an applicable legislation; ship: not on board a ship."):
        law(several, LegislationRules(order=("ship",)))
    with pytest.raises(ValueError, match="employer_seats: is missing"):
        law(replace(several, employer_seats=()))
    with pytest.raises(ValueError, match="centre_of_interests: is missing"):
        law(replace(several, self_employed=True))
    exactly = replace(several, work={"KEN": Fraction(1, 4), "UGA": Fraction(3, 4)})
    assert law(exactly) == ("KEN", "several_states")
    assert law(several) == ("UGA", "several_states")


@pytest.mark.parametrize("wrong", [{"posting_months": -1}, {"posting_extension_months": -1}, {"substantial_share": Fraction(0)},
                                   {"substantial_share": Fraction(5, 4)}, {"order": ("ship", "ship")}, {"order": ("boat",)}])  # fmt: skip
def test_rules_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        LegislationRules(**wrong)
    assert LegislationRules(posting_months=0, posting_extension_months=0, substantial_share=Fraction(1))


def test_a_posting_on_its_first_and_last_days() -> None:
    posting = Posting("KEN", "UGA", date(2026, 3, 1), date(2026, 3, 1))
    person = Situation("KEN", {"KEN": ALL}, posting=posting)
    found = spells(person, LegislationRules(posting_months=0, test_expected_duration=False), date(2026, 2, 28), date(2026, 3, 2))
    assert [(s.state, s.rule, s.start.day, s.end.day) for s in found] == [
        ("KEN", "place_of_work", 28, 28), ("UGA", "place_of_work", 1, 1), ("KEN", "place_of_work", 2, 2),
    ]  # fmt: skip
    assert [s.state for s in spells(person, RULES, date(2026, 3, 1), date(2026, 3, 1))] == ["KEN"]
    with pytest.raises(ValueError, match="lies before start"):
        spells(person, RULES, date(2026, 3, 1), date(2026, 2, 28))
