"""Invalidity and death before pension age as the projection prices them: properties of every amount method, and one person's case beside it."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.case import load_case
from actuarial.basis.dimensions import Array
from actuarial.basis.instrument_provisions import AmountMethod
from actuarial.basis.scheme_branch_law import InvalidityLaw, QualifyingRule, SharesLaw, SurvivorsLaw
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.feasibility.case_claim import build
from actuarial.feasibility.case_facts import Facts, read_facts
from actuarial.provisions import invalidity
from actuarial.provisions.claim import StateAmount
from actuarial.provisions.coordination import NATIONAL_LAW, AwardRules, award, national_pension
from actuarial.provisions.coordination_branches import decide_contingency
from actuarial.provisions.event_awards import EventShares, death_shares, has_pensions, invalidity_shares
from actuarial.provisions.old_age import replacement_share
from actuarial.provisions.periods import dated
from actuarial.provisions.survivors import Family, family_shares
from tests.provisions.test_rules import PENSIONS, laws

ROOT = Path(__file__).parents[2]
METHODS: tuple[AmountMethod, ...] = ("pro_rata", "separate_first", "higher_of", "direct")
WITH_EVENTS = [law for law in PENSIONS if has_pensions(law, "invalidity") and has_pensions(law, "death")]
OWN: Array = np.arange(0.0, 546.0, 6.0)[:, None]
OTHER: Array = np.arange(0.0, 546.0, 6.0)[None, :]
SHARES = SharesLaw(0.5, True, False, 0.25, 0.4, 0.0, False, False, 1.0, 18, 21, True)
flags = st.booleans()


@st.composite
def event_laws(draw: st.DrawFn) -> SchemeLaw:
    """A scheme with invalidity and survivors' pensions; with or without conditions of recent insurance."""
    rules = [QualifyingRule(draw(st.integers(0, 240)), draw(st.sampled_from([0, 6, 12, 36])), 60) for _ in range(draw(st.integers(1, 2)))]
    return replace(
        draw(laws()), minimum_pension=0.0, lump_sum_months_per_year=draw(st.floats(0.0, 5.0, allow_subnormal=False)),
        invalidity=InvalidityLaw(tuple(rules), 0.66, "formula", first_part_in_full=draw(flags)),
        survivors=SurvivorsLaw("pension", draw(st.integers(0, 240)), SHARES, lump_sum_in_lieu=draw(flags)),
    )  # fmt: skip


some_law = event_laws() | st.sampled_from(WITH_EVENTS)
some_rules = st.builds(
    AwardRules, totalise=st.just(True), min_own_months=st.sampled_from([0, 12, 60]), method=st.sampled_from(METHODS),
    denominator=st.sampled_from(["total", "max_period"]), short_periods=st.sampled_from(["unpaid", "paid_by_others", "not_counted"]),
)  # fmt: skip


def of(law: SchemeLaw, event: str, rules: AwardRules, own: Any = OWN, other: Any = OTHER) -> EventShares:
    """Shares on ``death``, on invalidity ``here`` or ``elsewhere``."""
    if event == "death":
        return death_shares(law, own, other, rules)
    return invalidity_shares(law, own, other, 40.0, rules, insured_here=event == "here")


def needed(law: SchemeLaw, event: str) -> float:
    """Own months that open the right by national law alone (infinite: none do)."""
    if event == "death":
        assert law.survivors is not None
        return law.survivors.minimum_months
    assert law.invalidity is not None
    tests = law.invalidity.qualifying
    if event == "here":
        return min(max(t.minimum_months, t.recent_months) for t in tests)
    return min((t.minimum_months for t in tests if t.recent_months == 0), default=np.inf)


# Properties.


@given(law=some_law, rules=some_rules, event=st.sampled_from(["here", "elsewhere", "death"]))
@settings(max_examples=150, deadline=None)
def test_parts_are_consistent(law: SchemeLaw, rules: AwardRules, event: str) -> None:
    found, national = of(law, event, rules), of(law, event, NATIONAL_LAW)
    for name in ("own_people", "own", "lump_own"):
        np.testing.assert_array_equal(getattr(found, name), getattr(national, name))
    np.testing.assert_array_equal(found.own_people, np.greater_equal(OWN, needed(law, event)) & (OWN > 0) & (OTHER >= 0))
    for name in ("own", "vested", "lump_own", "lump_left"):
        assert np.all(np.isfinite(getattr(found, name))) and getattr(found, name).min() >= 0.0
    assert not np.any((found.own_people > 0) & (found.vested_people > 0))
    assert not np.any((found.own_people == 0) & ((found.own != 0) | (found.topped != 0)))
    assert not np.any((found.vested_people == 0) & (found.vested != 0))
    assert np.all(found.own + found.topped >= -1e-15)
    # Whoever gets a pension, by whatever right, gets no sum in lieu of it; the others keep theirs.
    assert not np.any((found.own_people + found.vested_people > 0) & (found.lump_left > 0))
    np.testing.assert_array_equal(found.lump_left[found.vested_people == 0], found.lump_own[found.vested_people == 0])
    for name in (f.name for f in fields(EventShares)):
        assert not getattr(found, name)[0].any(), "no own month, no right"


@given(law=some_law, rules=some_rules, event=st.sampled_from(["here", "elsewhere", "death"]))
@settings(max_examples=50, deadline=None)
def test_nothing_is_added_where_periods_are_not_added_up(law: SchemeLaw, rules: AwardRules, event: str) -> None:
    for off in (replace(rules, totalise=False), replace(rules, method="none")):
        found = of(law, event, off)
        for name in ("vested_people", "vested", "topped"):
            assert not getattr(found, name).any()
        np.testing.assert_array_equal(found.lump_left, found.lump_own)


@given(law=some_law, rules=some_rules, event=st.sampled_from(["here", "elsewhere", "death"]))
@settings(max_examples=100, deadline=None)
def test_methods_in_order(law: SchemeLaw, rules: AwardRules, event: str) -> None:
    """Higher-of is never below the own pension nor below pro rata; separate-first and direct never change a pension on own periods."""
    by = {method: of(law, event, replace(rules, method=method)) for method in METHODS}
    assert by["higher_of"].topped.min() >= 0.0
    assert np.all(by["higher_of"].topped >= by["pro_rata"].topped - 1e-15)
    assert not by["separate_first"].topped.any() and not by["direct"].topped.any()
    for method in METHODS:
        np.testing.assert_array_equal(by[method].vested_people, by["pro_rata"].vested_people)
    for method in ("separate_first", "higher_of"):
        np.testing.assert_array_equal(by[method].vested, by["pro_rata"].vested)


@given(law=some_law, rules=some_rules, event=st.sampled_from(["here", "elsewhere", "death"]))
@settings(max_examples=50, deadline=None)
def test_pro_rata_is_the_pension_of_all_months_times_the_own_part_of_them(law: SchemeLaw, rules: AwardRules, event: str) -> None:
    found = of(law, event, replace(rules, method="pro_rata", denominator="total", short_periods="unpaid"))
    whole, right = OWN + OTHER, found.own_people + found.vested_people > 0
    share = replacement_share(law, whole) if event == "death" else invalidity.credited_share(law, whole, 480.0)
    expected = np.where(right, share * np.divide(OWN, whole, out=np.zeros_like(whole), where=whole > 0), 0.0)
    np.testing.assert_allclose(found.own + found.vested + found.topped, expected, rtol=1e-12, atol=1e-15)


@given(law=event_laws(), rules=some_rules)
@settings(max_examples=80, deadline=None)
def test_death_is_decided_as_old_age_where_the_qualifying_periods_agree(law: SchemeLaw, rules: AwardRules) -> None:
    """The old-age award is the second implementation: no minimum, a dispersion of 0, earnings of 1."""
    law = replace(law, survivors=replace(law.survivors, minimum_months=law.qualifying_months, lump_sum_in_lieu=True), lump_sum_minimum_months=0)  # type: ignore[type-var]
    found, old_age = death_shares(law, OWN, OTHER, rules), award(law, OWN, OTHER, np.array(1.0), cv=0.0, rules=rules)
    np.testing.assert_allclose(found.own + found.vested + found.topped, old_age.pension, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(found.own, old_age.independent, rtol=1e-12)
    np.testing.assert_array_equal(found.own_people + found.vested_people, old_age.entitled)
    np.testing.assert_array_equal(found.vested_people, old_age.by_totalisation)
    np.testing.assert_allclose(found.lump_left, old_age.lump_sum, rtol=1e-12)


@given(law=event_laws(), rules=some_rules, months=st.integers(1, 240))
@settings(max_examples=60, deadline=None)
def test_invalidity_without_a_test_of_recency_is_decided_as_old_age_wherever_insured(law: SchemeLaw, rules: AwardRules, months: int) -> None:
    law = replace(law, qualifying_months=months, invalidity=InvalidityLaw((QualifyingRule(months),), 0.66, "formula"))
    old_age = award(law, OWN, OTHER, np.array(1.0), cv=0.0, rules=rules)
    for event in ("here", "elsewhere"):
        found = of(law, event, rules)
        np.testing.assert_allclose(found.own + found.vested + found.topped, old_age.pension, rtol=1e-12, atol=1e-15)
        np.testing.assert_array_equal(found.vested_people, old_age.by_totalisation)


@given(law=event_laws(), rules=some_rules, months=st.integers(0, 240), recent=st.sampled_from([6, 12, 36]))
@settings(max_examples=60, deadline=None)
def test_who_is_insured_elsewhere_meets_a_test_of_recency_only_under_an_instrument(
    law: SchemeLaw, rules: AwardRules, months: int, recent: int
) -> None:
    """Then everybody's right rests on facts abroad: all of it is newly vested, also of those with months enough, and pro rata."""
    law = replace(law, invalidity=InvalidityLaw((QualifyingRule(months, recent, 60),), 0.66, "formula"))
    here, elsewhere = of(law, "here", rules), of(law, "elsewhere", rules)
    assert not elsewhere.own_people.any() and not elsewhere.own.any() and not elsewhere.topped.any()
    np.testing.assert_array_equal(elsewhere.vested_people, here.own_people + here.vested_people)
    if rules.method != "direct":
        pro_rata = of(law, "here", replace(rules, method="pro_rata"))
        np.testing.assert_allclose(elsewhere.vested, pro_rata.own + pro_rata.vested + pro_rata.topped, rtol=1e-12, atol=1e-15)


@given(law=some_law, event=st.sampled_from(["here", "death"]))
@settings(max_examples=50, deadline=None)
def test_direct_pays_at_the_threshold_the_average_accrual_of_the_qualifying_period(law: SchemeLaw, event: str) -> None:
    rules = AwardRules(totalise=True, method="direct")
    found, q = of(law, event, rules), needed(law, event)
    share = replacement_share(law, q) if event == "death" else invalidity.credited_share(law, q, 480.0)
    short = (OWN > 0) & np.less(OWN, q) & np.greater_equal(OWN + OTHER, q)
    expected = np.where(short, share * OWN / max(q, 1.0), 0.0)
    np.testing.assert_allclose(found.vested, expected, rtol=1e-12, atol=1e-15)


def test_sums_in_lieu_by_hand() -> None:
    """Five years of service, a month of pay for a year: 5 / 12 of a year's earnings, until another scheme's ten years open the pension."""
    law = SchemeLaw(
        "XXX-case", 2025, "defined_benefit", qualifying_months=180, accrual_per_month=0.02 / 12, maximum_share=0.8, lump_sum_months_per_year=1.0,
        survivors=SurvivorsLaw("pension", 180, SHARES, lump_sum_in_lieu=True),
    )  # fmt: skip
    rules = AwardRules(totalise=True, method="pro_rata", min_own_months=12)
    found = death_shares(law, [60.0, 60.0, 180.0, 6.0], [119.0, 120.0, 0.0, 180.0], rules)
    np.testing.assert_allclose(found.lump_own, [5 / 12, 5 / 12, 0.0, 0.5 / 12], rtol=1e-12)
    np.testing.assert_allclose(found.lump_left, [5 / 12, 0.0, 0.0, 0.5 / 12], rtol=1e-12)
    np.testing.assert_allclose(found.vested, [0.0, 0.1, 0.0, 0.0], rtol=1e-12)
    np.testing.assert_allclose(found.own, [0.0, 0.0, 0.3, 0.0], rtol=1e-12)


def test_the_first_part_in_full_by_hand() -> None:
    """30 % from the first day of invalidity: after two years each in two such schemes, half of it from each."""
    law = next(law for law in WITH_EVENTS if law.scheme_id == "BDI-inss")
    rules = AwardRules(totalise=True, method="higher_of", min_own_months=12)
    found = invalidity_shares(law, [24.0, 36.0, 60.0], [24.0, 24.0, 60.0], 40.0, rules, insured_here=True)
    np.testing.assert_allclose(found.vested, [0.15, 0.0, 0.0], rtol=1e-12)
    np.testing.assert_allclose(found.own, [0.0, 0.3, 0.3], rtol=1e-12)
    np.testing.assert_array_equal(found.topped, 0.0)


def test_a_law_without_such_pensions_is_refused() -> None:
    bare = SchemeLaw("XXX-case", 2025, "defined_benefit")
    assert not has_pensions(bare, "invalidity") and not has_pensions(bare, "death")
    with pytest.raises(ValueError, match="no survivors' pensions"):
        death_shares(bare, 1.0, 1.0, NATIONAL_LAW)
    with pytest.raises(ValueError, match="no rules of invalidity"):
        invalidity_shares(bare, 1.0, 1.0, 40.0, NATIONAL_LAW, insured_here=True)


# One person's case beside it.

PAY = 1e12
"""Earnings so high that no minimum pension matters."""
FAMILY = Family(spouses=1, half_orphans=1)
SERVICE = [(6, 60), (18, 60), (24, 120), (36, 60), (60, 120), (150, 60), (180, 60), (240, 120)]
"""Months in the scheme and in the other; the other's are never fewer than any test of recency looks back."""


def month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"


def facts_of(scheme: str, contingency: str, folder: Path) -> Facts:
    """Somebody insured in the scheme and in another state's; the periods are filled in by :func:`insured`."""
    state, partner = scheme[:3], "RWA-rssb" if scheme[:3] != "RWA" else "BDI-inss"
    path = folder / "case.yaml"
    path.write_text(
        f"""
title: Months
person: {{nationality: {state}, residence: {state}, born: 1990-01-01, sex: male, family: {{spouses: 1, half_orphans: 1}}}}
contingency: {contingency}
date: 2030-01-01
states:
  {state}: {{scheme: {scheme}, periods: [], earnings: {{reference: {PAY:.0f}}}}}
  {partner[:3]}: {{scheme: {partner}, periods: [], earnings: {{reference: {PAY:.0f}}}}}
instrument: eac-directive
""",
        encoding="utf-8",
    )
    return read_facts(load_case(path, ROOT / "scenarios"), ROOT / "data")


def insured(facts: Facts, own: int, other: int, here: bool) -> Facts:
    """Unbroken insurance up to the event, in the scheme last (``here``) or in the other one last."""
    ordered = [(0, own), (1, other)] if not here else [(1, other), (0, own)]
    states, periods, at = list(facts.loaded.case.states), [], 12 * 2030 - own - other
    for which, months in ordered:
        periods.append(dated(states[which], month(at), month(at + months - 1)))
        at += months
    return replace(facts, periods=tuple(periods))


@pytest.mark.parametrize("event", ["here", "elsewhere", "death"])
@pytest.mark.parametrize("scheme", [law.scheme_id for law in WITH_EVENTS])
def test_one_persons_case_and_the_projection_agree(scheme: str, event: str, tmp_path: Path) -> None:
    contingency = "survivors" if event == "death" else "invalidity"
    read = facts_of(scheme, contingency, tmp_path)
    loaded, held = read.loaded, read.schemes[scheme[:3]]
    assert held is not None and held[1].survivors is not None and held[1].survivors.shares is not None and loaded.instrument is not None
    law, family = held[1], float(family_shares(held[1].survivors.shares, FAMILY).total) if event == "death" else 1.0
    for own, other in SERVICE:
        facts = insured(read, own, other, event == "here")
        for method in (None, *METHODS):
            amount = loaded.instrument.provisions.amount.model_copy(update={"method": method})
            provisions = loaded.instrument.provisions.model_copy(update={"amount": amount})
            built = build(facts, None if method is None else loaded.instrument.model_copy(update={"provisions": provisions}))
            single: StateAmount = decide_contingency(built.claim, loaded.case.contingency, built.details)[0]
            rules = NATIONAL_LAW if method is None else AwardRules(totalise=True, min_own_months=12, method=method)
            found = of(law, event, rules, float(own), float(other))
            where = f"{scheme}, {event}, {own} + {other} months, {method}"
            pension = float(found.own + found.vested + found.topped)
            assert pension * family == pytest.approx(single.payable / PAY, rel=1e-9, abs=1e-12), where
            assert float(found.lump_left) * family == pytest.approx(single.lump_sum / PAY, rel=1e-9, abs=1e-12), where
            assert bool(found.own_people) == single.eligible_alone and bool(found.vested_people) == single.eligible_by_totalisation, where


def test_shares_are_of_the_national_formula() -> None:
    """No shipped law has a flat part or a maximum amount, which the shares would leave out."""
    for law in WITH_EVENTS:
        assert law.flat_amount == 0.0 and not np.isfinite(law.maximum_pension)
        alone = death_shares(law, OWN[:, 0], 0.0, NATIONAL_LAW)
        assert law.survivors is not None
        expected = np.where(OWN[:, 0] >= max(law.survivors.minimum_months, 1), national_pension(law, OWN[:, 0], np.array(PAY), 0.0) / PAY, 0.0)
        np.testing.assert_allclose(alone.own, expected, rtol=1e-12)
