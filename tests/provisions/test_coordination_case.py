"""Rules that hold for every person and every set of schemes, and equality with the award of the projection."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.case import NO_PROVISIONS
from actuarial.basis.instrument import load_instrument
from actuarial.basis.instrument_provisions import AMOUNT_METHODS, Provisions, Rounding
from actuarial.basis.scheme import load_scheme
from actuarial.basis.scheme_law import Indices, SchemeLaw
from actuarial.provisions.claim import Claim, Combined, Leg, StateAmount
from actuarial.provisions.coordination import SCHEME_BY_SCHEME, AwardRules, award, denominator, opened, payable
from actuarial.provisions.coordination_branches import EventFacts, decide_contingency, exposure_shares
from actuarial.provisions.coordination_case import decide, rounded, rules_of_claim
from actuarial.provisions.formula import GivenFormula, LawFormula
from actuarial.provisions.overlaps import PeriodRules, totalise
from actuarial.provisions.periods import counted, dated

Months = st.integers(0, 480)
LAWS = st.builds(
    SchemeLaw,
    scheme_id=st.just("hypothetical"), year=st.just(2030), kind=st.just("defined_benefit"),
    qualifying_months=st.sampled_from([0, 60, 120, 180, 300]),
    first_months=st.sampled_from([0, 120, 180]), first_share=st.sampled_from([0.0, 0.2, 0.3, 0.45]),
    accrual_per_month=st.sampled_from([0.0, 1 / 1200, 1 / 600, 0.0025]),
    maximum_share=st.floats(0.5, 1.0, allow_subnormal=False), minimum_pension=st.sampled_from([0.0, 0.0, 150.0]),
    lump_sum_months_per_year=st.sampled_from([0.0, 1.0]), lump_sum_minimum_months=st.just(12),
)  # fmt: skip


def linear(needed: int = 180, accrual: float = 1 / 600) -> SchemeLaw:
    return SchemeLaw("linear", 2030, "defined_benefit", qualifying_months=needed, accrual_per_month=accrual, maximum_share=10.0)


def front_loaded(share: float, maximum: float) -> SchemeLaw:
    shape = {"first_months": 180, "first_share": share, "accrual_per_month": 0.001, "maximum_share": maximum}
    return SchemeLaw("front", 2030, "defined_benefit", qualifying_months=180, **shape)  # type: ignore[arg-type]


def with_amounts(person: Claim, needed: int, amounts: dict[str, float]) -> Claim:
    """The claim with amounts instead of formulas."""
    total = sum((person.own(leg) for leg in person.legs), Fraction(0))
    legs = (replace(leg, formula=GivenFormula(needed, amounts[leg.state], None, total, 0.0, None, 0.0, leg.state)) for leg in person.legs)
    return replace(person, legs=tuple(legs))


def provisions(method: str = "pro_rata", **parts: Any) -> Provisions:
    rules = {"enabled": True, "min_own_months": parts.pop("min_own", 0), "short_periods": parts.pop("short", "unpaid")}
    data = NO_PROVISIONS["provisions"] | {
        "totalisation": rules,
        "amount": {"method": method, "denominator": parts.pop("denominator", "total"), "cost_sharing": parts.pop("cost_sharing", False)},
    }
    return Provisions.model_validate(data | parts)


def claim(careers: list[tuple[str, SchemeLaw, int, float]], rules: Provisions, **parts: Any) -> Claim:
    """One person with months and earnings in schemes; periods of different states never overlap."""
    months = {state: Fraction(own) for state, _, own, _ in careers}

    def combine(states: frozenset[str]) -> Combined:
        chosen = {s: months[s] for s in states if s in months}
        total = sum(chosen.values(), Fraction(0))
        return Combined(chosen, total, total)

    legs = tuple(
        Leg(state, f"{state}-scheme", "pension", "EUR", LawFormula(law, pay, None, months[state], state, needed=law.qualifying_months), Fraction(i))
        for i, (state, law, _, pay) in enumerate(careers)
    )
    return Claim(legs, combine, rules, totalise=True, residence=parts.pop("residence", ""), home=parts.pop("home", ""), **parts)


def national(person: Claim) -> tuple[StateAmount, ...]:
    return decide(replace(person, totalise=False, applies=False))


CAREERS = st.lists(st.tuples(LAWS, Months, st.floats(100.0, 2000.0, allow_subnormal=False)), min_size=1, max_size=5).map(
    lambda rows: [(f"S{i}", law, months, pay) for i, (law, months, pay) in enumerate(rows)]
)


@given(CAREERS, st.sampled_from([0, 12]), st.sampled_from(["unpaid", "paid_by_others", "not_counted"]), st.sampled_from(["total", "max_period"]))
def test_paying_the_higher_is_never_below_pro_rata_and_never_below_national_law(careers: Any, least: int, short: str, below: str) -> None:
    pro_rata = decide(claim(careers, provisions("pro_rata", min_own=least, short=short, denominator=below)))
    person = claim(careers, provisions("higher_of", min_own=least, short=short, denominator=below))
    for higher, other, alone in zip(decide(person), pro_rata, national(person), strict=True):
        assert higher.payable >= other.payable
        assert higher.payable >= alone.payable


@given(st.lists(st.tuples(st.integers(1, 480), st.floats(0.0005, 0.004), st.floats(100.0, 2000.0)), min_size=1, max_size=5))
def test_linear_schemes_pay_the_same_by_every_method_decided_scheme_by_scheme(rows: Any) -> None:
    careers = [(f"S{i}", linear(180, a), months, pay) for i, (months, a, pay) in enumerate(rows)]
    found = [decide(claim(careers, provisions(method))) for method in ("separate_first", "pro_rata", "direct", "higher_of", "balance")]
    for amounts in zip(*found, strict=True):
        assert [a.payable for a in amounts] == pytest.approx([amounts[0].payable] * len(found), rel=1e-9)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.floats(100.0, 2000.0, allow_subnormal=False))
def test_shares_of_identical_linear_schemes_sum_to_the_theoretical_amount(months: list[int], pay: float) -> None:
    careers = [(f"S{i}", linear(1), own, pay) for i, own in enumerate(months)]
    found = decide(claim(careers, provisions("pro_rata")))
    assert sum((a.ratio for a in found if a.ratio is not None), Fraction(0)) == 1
    assert sum(a.payable for a in found) == pytest.approx(found[0].theoretical, rel=1e-12)


@given(CAREERS, st.randoms(use_true_random=False), st.sampled_from(SCHEME_BY_SCHEME), st.sampled_from([0, 12]))
def test_order_of_states_is_irrelevant(careers: Any, chance: Any, method: str, least: int) -> None:
    mixed = careers.copy()
    chance.shuffle(mixed)
    rules = provisions(method, min_own=least, short="paid_by_others")
    first = {a.state: (a.payable, a.lump_sum, a.ratio) for a in decide(claim(careers, rules))}
    assert {a.state: (a.payable, a.lump_sum, a.ratio) for a in decide(claim(mixed, rules))} == first


@given(CAREERS, st.sampled_from(SCHEME_BY_SCHEME), st.sampled_from([0, 12]))
def test_totalisation_never_removes_eligibility(careers: Any, method: str, least: int) -> None:
    person = claim(careers, provisions(method, min_own=least))
    for amount, alone in zip(decide(person), national(person), strict=True):
        assert amount.eligible_alone == alone.eligible_alone
        assert not (amount.eligible_alone and amount.eligible_by_totalisation)


@given(LAWS, Months, st.floats(100.0, 2000.0, allow_subnormal=False), st.sampled_from(SCHEME_BY_SCHEME))
def test_without_foreign_months_national_law_is_left(law: SchemeLaw, own: int, pay: float, method: str) -> None:
    person = claim([("AAA", law, own, pay), ("BBB", linear(), 0, 500.0)], provisions(method))
    found, alone = decide(person)[0], national(person)[0]
    assert found.payable == pytest.approx(alone.payable, rel=1e-12)
    assert found.lump_sum == alone.lump_sum
    assert not found.eligible_by_totalisation


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.integers(2000, 2020), st.integers(1, 12)), max_size=8, unique_by=lambda x: (x[0], x[1])))
def test_months_in_are_months_counted(rows: Any) -> None:
    periods = [counted(state, n, "months", year=year) for state, year, n in rows]
    totals = totalise(periods, PeriodRules(rounding="none"))
    for state in {s for s, _, _ in rows}:
        assert totals.states[state].gross == sum(n for s, _, n in rows if s == state)
    assert totals.union <= totals.total <= sum(totals.own(s) for s in totals.states)


@given(st.integers(1, 20), st.integers(1, 200))
def test_refund_then_repayment_is_as_if_never_refunded(years: int, other: int) -> None:
    last = 1999 + years
    paid = dated("AAA", "2000-01", f"{last}-12", refunded=date(2022, 5, 1), repaid=date(2028, 1, 1))
    never = replace(paid, refunded=None, repaid=None)
    rest = counted("BBB", other, "months")
    rules = PeriodRules(refund_policy="repay_to_restore", rounding="none")
    assert totalise([paid, rest], rules) == replace(totalise([never, rest], rules), explanation=totalise([paid, rest], rules).explanation)
    gone = totalise([replace(paid, repaid=None), rest], rules)
    assert gone.own("AAA") == 0
    assert gone.total == other


@settings(max_examples=200)
@given(
    LAWS, st.integers(0, 480), st.integers(0, 480), st.floats(100.0, 2000.0), st.sampled_from(SCHEME_BY_SCHEME), st.sampled_from([0, 12, 24]),
    st.sampled_from(["unpaid", "paid_by_others", "not_counted"]), st.sampled_from(["total", "max_period"]),
    st.sampled_from([("before", "nobody"), ("before", "paying_state"), ("after", "paying_state"), ("none", "nobody")]),
)  # fmt: skip
def test_one_person_and_the_projection_get_the_same(
    law: SchemeLaw, own: int, other: int, pay: float, method: str, least: int, short: str, below: str, minimum: tuple[str, str]
) -> None:
    """The lattice's award, with no spread of earnings, equals the decision on one person with the same months."""
    policy = {"policy": minimum[0], "top_up": minimum[1]}
    rules = provisions(method, min_own=least, short=short, denominator=below, minimum_pension=policy)
    partner = linear(481)  # a partner whose months open no right by themselves, as the projection takes the other scheme to be
    person = claim([("AAA", law, own, pay), ("BBB", partner, other, 500.0)], rules)
    one = decide(person)[0]
    many = award(law, np.array([own]), np.array([other]), np.array([pay]), cv=0.0, rules=rules_of_claim(person))
    assert one.payable == pytest.approx(float(many.pension[0]), rel=1e-9, abs=1e-9)
    assert one.lump_sum == pytest.approx(float(many.lump_sum[0]), rel=1e-12)
    assert float(many.entitled[0]) == float(one.eligible_alone or one.eligible_by_totalisation)
    assert float(many.by_totalisation[0]) == float(one.eligible_by_totalisation)


@pytest.mark.parametrize("name", ["BDI-inss", "COD-cnss", "RWA-rssb", "TZA-nssf"])
def test_one_person_and_the_projection_get_the_same_in_the_shipped_schemes(name: str) -> None:
    """Random careers, the shipped instrument, the law of 2030."""
    root = Path(__file__).parents[2]
    flat = np.zeros(111)
    law = load_scheme(root / "data" / "schemes" / name).law(2030, Indices.from_growth(flat, flat))
    shipped = load_instrument("eac-directive", root / "scenarios").provisions
    rng = np.random.default_rng(20300101)
    own, other = rng.integers(0, 481, 60), rng.integers(0, 481, 60)
    pay = rng.lognormal(np.log(20.0 * max(law.minimum_pension, 1.0)), 1.5, 60)
    rules = rules_of_claim(claim([("AAA", law, 1, 1.0)], shipped))
    many = award(law, own, other, pay, cv=0.0, rules=rules)
    for i in range(own.size):
        one = decide(claim([("AAA", law, int(own[i]), float(pay[i])), ("BBB", linear(481), int(other[i]), 1.0)], shipped))[0]
        assert one.payable == pytest.approx(float(many.pension[i]), rel=1e-12, abs=1e-9)
        assert one.lump_sum == pytest.approx(float(many.lump_sum[i]), rel=1e-12)


def test_award_over_arrays_is_the_award_of_each_cell() -> None:
    law = front_loaded(0.3, 0.6)
    rules = AwardRules(totalise=True, min_own_months=12, method="higher_of", denominator="max_period", short_periods="paid_by_others")
    own, other = np.meshgrid(np.arange(0, 481, 30), np.arange(0, 481, 6))
    whole = award(law, own, other, np.array(900.0), cv=0.4, rules=rules)
    for i, j in np.ndindex(own.shape):
        cell = award(law, own[i, j], other[i, j], np.array(900.0), cv=0.4, rules=rules)
        assert whole.pension[i, j] == cell.pension
        assert whole.entitled[i, j] == cell.entitled


@given(CAREERS, st.sampled_from(AMOUNT_METHODS))
def test_every_method_answers_and_pays_no_negative_amount(careers: Any, method: str) -> None:
    person = claim(careers, provisions(method), residence="S0", home="S0")
    if method == "transfer":
        person = replace(person, legs=tuple(replace(leg, transfer_value=100.0, annuity_factor=12.0) for leg in person.legs))
        if person.legs[-1].formula.theoretical(Fraction(180), minimum=False) == 0.0:  # type: ignore[union-attr]
            return
    found = decide(person)
    assert [a.state for a in found] == [leg.state for leg in person.legs]
    assert all(a.payable >= 0.0 and a.lump_sum >= 0.0 and a.reason for a in found)


@given(st.lists(st.integers(1, 300), min_size=2, max_size=5))
def test_cost_shares_of_integration_sum_to_what_is_paid(months: list[int]) -> None:
    careers = [(f"S{i}", linear(1), own, 1000.0) for i, own in enumerate(months)]
    found = decide(claim(careers, provisions("integration_last", cost_sharing=True)))
    assert sum(a.borne for a in found) == pytest.approx(sum(a.payable for a in found), rel=1e-12)
    assert sum(a.payable > 0 for a in found) == 1


def test_a_web_of_bilaterals_is_weaker_than_one_multilateral() -> None:
    """Three times five years: only all three together reach fifteen (coordination rules, third states)."""
    careers = [(s, linear(180), 60, 1000.0) for s in ("AAA", "BBB", "CCC")]
    together = {"enabled": True, "min_own_months": 0}
    whole = decide(claim(careers, provisions(totalisation=together)))
    web = decide(claim(careers, provisions(totalisation=together | {"structure": "bilateral_web"})))
    assert all(a.payable == pytest.approx(100.0) for a in whole)
    assert all(a.payable == 0.0 for a in web)


def test_third_states_count_only_where_the_instrument_says_so() -> None:
    careers = [("AAA", linear(180), 100, 1000.0), ("ZZZ", linear(180), 100, 1000.0)]
    for allowed in (False, True):
        person = claim(careers, provisions(totalisation={"enabled": True, "min_own_months": 0, "third_states": allowed}))
        person = replace(person, legs=(person.legs[0], replace(person.legs[1], member=False)))
        inside, outside = decide(person)
        assert inside.eligible_by_totalisation is allowed
        assert outside.payable == 0.0


def test_conditions_on_foreign_facts() -> None:
    person = claim([("AAA", linear(60), 120, 1000.0), ("BBB", linear(60), 60, 1000.0)], provisions())
    person = replace(person, legs=(replace(person.legs[0], conditions_own=False), person.legs[1]))
    first = decide(person)[0]
    assert first.eligible_by_totalisation
    assert not first.eligible_alone
    closed = person.provisions.totalisation.model_copy(update={"foreign_facts": False})
    person = replace(person, provisions=person.provisions.model_copy(update={"totalisation": closed}))
    assert decide(person)[0].payable == 0.0


def test_waiver_and_choice() -> None:
    careers = [("AAA", front_loaded(0.4, 1.0), 240, 1000.0), ("BBB", linear(), 240, 1000.0)]
    person = claim(careers, provisions("higher_of"))
    waived = replace(person, legs=(replace(person.legs[0], waived=True), person.legs[1]))
    assert decide(waived)[0].pro_rata is None
    assert decide(waived)[0].payable == decide(person)[0].payable == pytest.approx(460.0)
    optional = claim(careers, provisions("option"))
    taken = replace(optional, legs=(replace(optional.legs[0], choice="pro_rata"), optional.legs[1]))
    assert decide(taken)[0].payable == pytest.approx(0.7 * 1000 / 2)
    assert decide(optional)[0].payable == pytest.approx(460.0)


def test_amounts_that_are_missing_are_asked_for_by_name() -> None:
    formula = GivenFormula(180, None, None, Fraction(300), 0.0, None, 0.0, "AAA")
    with pytest.raises(ValueError, match=r"states.AAA.amounts.theoretical is missing"):
        formula.theoretical(Fraction(300), minimum=True)
    with pytest.raises(ValueError, match=r"states.AAA.amounts.independent is missing"):
        formula.independent(Fraction(200))
    person = claim([("AAA", linear(), 100, 1000.0), ("BBB", linear(), 100, 1000.0)], provisions("transfer"))
    with pytest.raises(ValueError, match=r"states.AAA.transfer_value is missing; amount method 'transfer' needs it"):
        decide(person)


@pytest.mark.parametrize("contingency", ["sickness", "maternity", "unemployment", "employment_injury", "funeral", "family", "health"])
def test_short_term_branches_have_one_payer(contingency: Any) -> None:
    rules = provisions(
        funeral={"payer": "last_state"}, family={"priority": "employment", "supplement": True}, health={"reimbursement": "fixed", "abatement": 0.2}
    )
    person = claim([("AAA", linear(6), 60, 1000.0), ("BBB", linear(6), 3, 1000.0)], rules, residence="BBB" if contingency == "health" else "")
    person = with_amounts(person, 6, {"AAA": 100.0, "BBB": 100.0})
    found = decide_contingency(person, contingency)
    assert [a.payable for a in found] == [0.0, 100.0]
    assert found[1].eligible_by_totalisation or contingency in ("family", "health")


def test_family_supplement_and_health_reimbursement() -> None:
    """The other state pays the difference; the competent state refunds fixed amounts less the abatement (883/2004, 987/2009, recalled)."""
    rules = provisions(family={"priority": "employment", "supplement": True}, health={"reimbursement": "fixed", "abatement": 0.2})
    person = claim([("AAA", linear(0), 60, 1.0), ("BBB", linear(0), 60, 1.0)], rules, residence="AAA")
    person = with_amounts(person, 0, {"AAA": 300.0, "BBB": 100.0})
    assert [a.payable for a in decide_contingency(person, "family")] == [200.0, 100.0]
    health = decide_contingency(person, "health")
    assert [a.payable for a in health] == [300.0, 0.0]
    assert [a.borne for a in health] == pytest.approx([60.0, 240.0])


def test_invalidity_of_both_types_is_paid_pro_rata() -> None:
    rules = provisions(invalidity={"type": "A"})
    person = claim([("AAA", linear(60), 90, 1000.0), ("BBB", linear(60), 90, 1000.0)], rules)
    assert [a.payable > 0 for a in decide_contingency(person, "invalidity")] == [False, True]
    mixed = decide_contingency(person, "invalidity", EventFacts(invalidity_types={"AAA": "B"}))
    assert [a.payable for a in mixed] == pytest.approx([150.0, 150.0])


@given(st.dictionaries(st.sampled_from("ABCD"), st.integers(1, 500), min_size=1))
def test_exposure_shares_sum_to_one(months: dict[str, int]) -> None:
    assert sum(exposure_shares(months).values()) == 1


@given(st.floats(0.0, 1e6, allow_subnormal=False), st.sampled_from(["half_up", "down", "up"]), st.sampled_from([0.01, 0.1, 1.0, 5.0]))
def test_rounding_moves_by_less_than_a_step(amount: float, mode: Any, step: float) -> None:
    found = rounded(amount, Rounding(mode=mode, step=step))
    assert abs(found - amount) < step + 1e-6
    assert rounded(found, Rounding(mode=mode, step=step)) == pytest.approx(found, abs=1e-9)


def test_methods_between_schemes_are_no_award_of_one_scheme() -> None:
    yes, amount = np.array(True), np.array(1.0)
    with pytest.raises(ValueError, match="not decided scheme by scheme"):
        payable("transfer", yes, yes, amount, amount)
    assert denominator(100.0, 500.0, 300.0, "max_period") == 300.0
    assert denominator(400.0, 500.0, 300.0, "max_period") == 400.0
    assert not opened(0.0, 0.0, 0, AwardRules())[0]
