"""Cohorts of movers: identities of their value, people who stay, rights lost and kept, careers split between two schemes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, YEAR_COUNT, Array, year_index
from actuarial.basis.instrument import PROVISIONS, Instrument
from actuarial.basis.scheme_law import ReferencePeriod, SchemeLaw
from actuarial.careers.lattice import LatticeState
from actuarial.careers.movers import CorridorInputs, project, start_corridor
from actuarial.feasibility import cohort_careers as cc
from actuarial.feasibility.awards import coordinated_awards, own_awards
from actuarial.feasibility.cohort import adequacy, cohort_inputs, corridor_adequacy
from actuarial.feasibility.cohort_past import past_contributions, past_exposure
from actuarial.feasibility.cohort_rights import Rights, RightsKept, lattice_rights, pension_rights, rights_kept
from actuarial.feasibility.cohort_stayers import origin_opening, stayer_benefits, stayer_cohort, stayer_cohort_awards, stayer_cohort_flows
from actuarial.feasibility.cohort_tables import adequacy_table, rights_table
from actuarial.feasibility.cohort_value import (
    NO_ROOT,
    SEVERAL_ROOTS,
    Earned,
    Pensions,
    SchemeLife,
    present_value_usd,
    real_return,
    replacement,
    value,
)
from actuarial.feasibility.corridor import outgo
from actuarial.feasibility.engine import RegionRun, corridor_inputs, evaluate_corridor
from actuarial.feasibility.terms import Terms
from actuarial.finance.replacement import C102_SHARE, StandardCareer, career_benefit
from actuarial.provisions.coordination import NATIONAL_LAW, SCHEME_BY_SCHEME, AwardRules

START = year_index(FIRST_YEAR)
BOTH_PENSIONS, TO_ACCOUNT, ACCOUNTS, FROM_ACCOUNT, FROM_PENSIONS = range(5)
"""Positions of the corridors of the common run."""


def life(contributions: dict[int, float], benefits: dict[int, float], inflation: float = 0.0, rate: float = 1.0, returns: float = 0.0) -> SchemeLife:
    """A stream with amounts by year index."""
    paid, got = np.zeros(YEAR_COUNT), np.zeros(YEAR_COUNT)
    for year, amount in contributions.items():
        paid[year] = amount
    for year, amount in benefits.items():
        got[year] = amount
    prices = (1.0 + inflation) ** (np.arange(YEAR_COUNT) - (START - 1.0))
    return SchemeLife(paid, (got, got), np.full(YEAR_COUNT, rate), prices, np.full(YEAR_COUNT, returns))


# Streams


def test_return_of_a_stream_by_hand_is_real_and_in_one_currency() -> None:
    prices = 1.07 ** (np.arange(YEAR_COUNT) - (START - 1.0))
    one = life({START - 5: 100.0 * prices[START - 5]}, {START + 5: 100.0 * 1.05**10 * prices[START + 5]}, 0.07, 1000.0)
    rate, note = real_return([one], 0)
    assert rate == pytest.approx(0.05, abs=1e-12) and note == ""
    two = life({START - 5: 0.1}, {START + 5: 0.1 * 1.05**10})
    both, _ = real_return([one, two], 1)
    assert both == pytest.approx(0.05, abs=1e-12)


def test_no_root_and_several_roots_are_said() -> None:
    assert real_return([life({START: 1.0}, {})], 0) == (None, NO_ROOT)
    assert real_return([life({}, {})], 0) == (None, NO_ROOT)
    # 100 x - 230 + 132 / x = 0 at growth 1.1 and 1.2.
    assert real_return([life({START + 1: 230.0}, {START: 100.0, START + 2: 132.0})], 0) == (None, SEVERAL_ROOTS)
    with pytest.raises(ValueError, match="negative"):
        real_return([life({START: 1.0}, {START + 1: -1.0})], 0)


def test_present_value_brings_the_past_forward_and_the_future_back() -> None:
    one = life({}, {}, rate=4.0, returns=0.21)
    flow = np.zeros(YEAR_COUNT)
    flow[START - 1], flow[START] = 100.0, 100.0
    assert present_value_usd(one, flow) == pytest.approx((100.0 * 1.1 + 100.0 / 1.1) / 4.0, rel=1e-12)
    flow[:] = 0.0
    flow[START - 3] = 1.0
    assert present_value_usd(one, flow) == pytest.approx(1.21**2.5 / 4.0, rel=1e-12)


def test_replacement_rate_by_hand() -> None:
    none = np.zeros(HORIZON)
    award, insured, pension = 20, none.copy(), none.copy()
    insured[10], pension[10] = 4.0, 800.0
    wages = 1.03 ** (np.arange(YEAR_COUNT) - (START - 1.0))
    scheme = Pensions(award, insured, (pension, 2.0 * pension), wages, np.full(YEAR_COUNT, 5.0))
    years, earnings = np.zeros(45), np.zeros(45)
    years[10], earnings[10] = 40.0, 40.0 * 500.0  # ten years each at 500 of today's wages
    earned = Earned(years, earnings)
    expected = 800.0 / 4.0 / (500.0 * 1.03**11)
    assert replacement([scheme], [earned], 0) == pytest.approx(expected, rel=1e-12)
    assert replacement([scheme], [earned], 1) == pytest.approx(2.0 * expected, rel=1e-12)
    # A second scheme with no insured time adds nothing; a currency cancels where there is one country.
    idle = Pensions(-1, none, (none, none), wages, np.ones(YEAR_COUNT))
    assert replacement([scheme, idle], [earned, Earned(0 * years, 0 * earnings)], 0) == pytest.approx(expected, rel=1e-12)
    assert np.isnan(replacement([idle], [Earned(0 * years, 0 * earnings)], 0))


@given(factor=st.floats(1e-3, 1e3), paid=st.floats(1.0, 1e6), growth=st.floats(-0.05, 0.2))
def test_value_is_linear_in_people(factor: float, paid: float, growth: float) -> None:
    one = life({START: paid, START + 1: paid}, {START + 30: paid * (1.0 + growth) ** 30}, 0.02, 3.0, 0.04)
    more = replace(one, contributions=factor * one.contributions, benefits=(factor * one.benefits[0], factor * one.benefits[1]))
    a, b = value([one], [], [], 1.0), value([more], [], [], factor)
    assert b.contributions == pytest.approx(factor * a.contributions, rel=1e-12)
    assert b.benefits == pytest.approx((factor * a.benefits[0], factor * a.benefits[1]), rel=1e-12)
    assert (a.rate[0] is None) == (b.rate[0] is None)
    if a.rate[0] is not None:
        assert b.rate[0] == pytest.approx(a.rate[0], abs=1e-9)


# Cohorts in the lattice


def test_a_cohort_is_the_first_movers_of_one_year_and_some_ages(run: RegionRun) -> None:
    inputs = corridor_inputs(run, BOTH_PENSIONS, 0)
    movers = cohort_inputs(inputs, (20, 24)).first_movers
    assert movers[START, 5:10].sum() == pytest.approx(movers.sum()) and movers.sum() > 0.0
    np.testing.assert_array_equal(movers[START, 5:10], inputs.first_movers[START, 5:10])
    for ages in ((30, 20), (10, 20), (20, 120)):
        with pytest.raises(ValueError, match="working ages"):
            cohort_inputs(inputs, ages)


@pytest.mark.parametrize("k", [BOTH_PENSIONS, TO_ACCOUNT, ACCOUNTS, FROM_ACCOUNT, FROM_PENSIONS])
@pytest.mark.parametrize("sex", [0, 1])
def test_a_cohort_that_never_moves_is_the_stayer(run: RegionRun, k: int, sex: int) -> None:
    """The movers' lattice with everybody at home and nobody leaving, against the stayers' chain in one dimension."""
    country = run.countries[int(run.demography.corridors[k, 0])]
    inputs = corridor_inputs(run, k, sex)
    survival = inputs.origin.survival.copy()
    survival[START] = 1.0
    healthy = None if inputs.home_invalidity is None else inputs.home_invalidity.copy()
    if healthy is not None:
        healthy[START] = 0.0
    still = replace(
        cohort_inputs(inputs), first_movers=np.zeros_like(inputs.first_movers), remigration_rate=np.zeros_like(inputs.remigration_rate),
        origin=replace(inputs.origin, survival=survival), home_invalidity=healthy,
    )  # fmt: skip
    start = start_corridor(still)
    assert start is not None
    movers = cohort_inputs(inputs).first_movers[START, : start.state.people.shape[0]]
    people, amount = origin_opening(start.moves, movers)
    fields = [start.state.people.copy(), start.state.home_amount.copy(), start.state.host_amount.copy()]
    fields[0][:, :2, :, 0], fields[1][:, :2, :, 0] = people, amount
    state = LatticeState.of(*fields, start.state.disabled)
    out = project(replace(start, state=state), still.home_side, still.host_side)
    chain = stayer_cohort(country, sex, (people, amount))
    assert chain.award_people.sum() > 1.0
    np.testing.assert_allclose(out.award_people[0].sum(axis=(1, 3)), chain.award_people[START:], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(out.award_amount[0].sum(axis=(1, 3)), chain.award_amount[START:], rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(out.death_amount[0], chain.death_amount[START:], rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(out.covered[0, :, : chain.people.shape[1]], chain.people[START:, :, 0].sum(axis=2), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("k", [BOTH_PENSIONS, FROM_ACCOUNT])
@pytest.mark.parametrize("sex", [0, 1])
def test_whoever_never_moves_is_priced_as_the_stayer(run: RegionRun, instrument: Instrument, k: int, sex: int) -> None:
    """People of 15 counted among movers who live at home for good, by the corridor's prices and by those of stayers."""
    c = int(run.demography.corridors[k, 0])
    still = replace(run, demography=replace(run.demography, remigration_rate=np.zeros_like(run.demography.remigration_rate)))
    inputs = cohort_inputs(corridor_inputs(still, k, sex))
    at_home, survival = inputs.at_home.copy(), inputs.origin.survival.copy()
    at_home[START, 0], survival[START, 0] = 1000.0, 1.0
    inputs = replace(inputs, at_home=at_home, first_movers=np.zeros_like(inputs.first_movers), origin=replace(inputs.origin, survival=survival))
    cost = evaluate_corridor(still, [instrument.without(*PROVISIONS)], k, sex, inputs)[0].sides[0]
    country = run.countries[c]
    people = np.zeros(country.stayers[sex].people.shape[1:])
    people[0, 1, 0] = 1000.0
    out = stayer_cohort(country, sex, (people, np.zeros_like(people)))
    flows = stayer_cohort_flows(run, c, sex, out, stayer_cohort_awards(country, sex, out))
    assert flows.earnings.sum() > 0.0
    np.testing.assert_allclose(cost.earnings, flows.earnings, rtol=1e-9, atol=1e-6 * flows.earnings.max())
    expected = stayer_benefits(country, flows)
    np.testing.assert_allclose(outgo(cost.without).sum(axis=0), expected, rtol=1e-9, atol=1e-9 * expected.max())


@pytest.mark.parametrize("k", [BOTH_PENSIONS, TO_ACCOUNT, ACCOUNTS])
def test_without_provisions_nothing_changes(run: RegionRun, instrument: Instrument, k: int) -> None:
    found = corridor_adequacy(run, instrument.without(*PROVISIONS), k, 0)
    assert found is not None
    assert found.movers.benefits[0] == pytest.approx(found.movers.benefits[1], rel=1e-12)
    assert found.movers.rate[0] == pytest.approx(found.movers.rate[1], abs=1e-12)
    assert found.movers.replacement[0] == pytest.approx(found.movers.replacement[1], rel=1e-12)
    for kept in found.rights:
        assert kept is None or np.abs(kept.kept).max() < 1e-9 * max(kept.own.max(), 1.0)


@pytest.mark.parametrize("k", [BOTH_PENSIONS, ACCOUNTS])
def test_twice_the_movers_have_twice_the_value_and_the_same_rates(run: RegionRun, instrument: Instrument, k: int) -> None:
    inputs = corridor_inputs(run, k, 1)
    one = corridor_adequacy(run, instrument, k, 1, inputs=inputs)
    two = corridor_adequacy(run, instrument, k, 1, inputs=replace(inputs, first_movers=2.0 * inputs.first_movers))
    assert one is not None and two is not None
    for a, b in ((one.movers, two.movers), *zip(one.stayers, two.stayers, strict=True)):
        assert a is not None and b is not None
        assert b.people == pytest.approx(2.0 * a.people, rel=1e-12)
        assert b.contributions == pytest.approx(2.0 * a.contributions, rel=1e-9)
        assert b.benefits == pytest.approx((2.0 * a.benefits[0], 2.0 * a.benefits[1]), rel=1e-9)
        assert b.rate == pytest.approx(a.rate, abs=1e-9) and b.replacement == pytest.approx(a.replacement, rel=1e-9)


def test_members_of_one_account_scheme_earn_the_interest_it_credits(run: RegionRun, instrument: Instrument) -> None:
    """Where every balance is paid out in the end, a career in one account scheme earns its real credited interest, whoever moves."""
    found = corridor_adequacy(run, instrument, FROM_ACCOUNT, 0)
    assert found is not None and found.stayers[0] is not None and found.stayers[1] is None
    country = run.countries[found.origin]
    real = (1.0 + country.crediting[-1]) / (1.0 + country.inputs.inflation[-1]) - 1.0
    for person in (found.movers, found.stayers[0]):
        assert person.rate[0] == pytest.approx(real, abs=0.004)


def test_past_contributions_follow_service(run: RegionRun) -> None:
    country = run.countries[int(run.demography.corridors[BOTH_PENSIONS, 0])]
    service = np.linspace(0.0, 4.0, 15)
    past = past_exposure(country, 0, service)
    np.testing.assert_allclose(past.sum(axis=0), service, rtol=1e-12)
    # Nobody was insured before 15.
    for row in range(15):
        assert past[: START - row, row].sum() == 0.0 or row == 0
    people = np.ones(15)
    paid = past_contributions(country, 0, past, people)
    assert paid[START:].sum() == 0.0 and paid.sum() > 0.0
    np.testing.assert_allclose(past_contributions(country, 0, past, 3.0 * people), 3.0 * paid, rtol=1e-12)


def test_tables_hold_every_person_and_scheme(run: RegionRun, instrument: Instrument) -> None:
    found = adequacy(run, instrument, [BOTH_PENSIONS, FROM_PENSIONS])
    table, rights = adequacy_table(run, found), rights_table(run, found)
    assert table.groupby("person").size().to_dict() == {"mover": 4, "stayer_origin": 4, "stayer_host": 2}
    assert (table["people"] > 0.0).all() and (table["pv_contributions"] > 0.0).all()
    missing = table["irr_without"].isna()
    assert (table.loc[missing, "irr_note_without"] != "").all() and (table.loc[~missing, "irr_note_without"] == "").all()
    stay = table[table["person"] != "mover"]
    np.testing.assert_array_equal(stay["pv_benefits_without"], stay["pv_benefits_with"])
    assert len(rights) == 6 and (rights["own"] > 0.0).all()
    for case in ("without", "with"):
        whole = rights[f"lost_{case}"] + rights[f"payable_{case}"] + rights[f"suspended_{case}"]
        np.testing.assert_allclose(whole, rights["own"], rtol=1e-9)
    np.testing.assert_allclose(rights["lost_without"] - rights["lost_with"], rights["kept"], atol=1e-9)
    assert (rights["own"] <= 1.0001 * table[table["person"] == "mover"]["people"].max()).all()


# Rights


def test_no_right_of_the_region_is_lost_through_the_instrument(run: RegionRun, instrument: Instrument) -> None:
    for k in (BOTH_PENSIONS, TO_ACCOUNT):
        pair = (run.countries[int(run.demography.corridors[k, 0])], run.countries[int(run.demography.corridors[k, 1])])
        inputs: CorridorInputs = corridor_inputs(run, k, 0, instrument)
        start = start_corridor(inputs)
        assert start is not None
        without = project(start, inputs.home_side, inputs.host_side)
        with_instrument = project(start, inputs.blocked_home_side, inputs.blocked_host_side)
        for i in (0, 1):
            kept = rights_kept(without, with_instrument, i, pair, 0, instrument)
            assert kept is not None
            assert (kept.kept >= -1e-9 * kept.own.max()).all() and kept.kept.sum() > 0.0
            assert (kept.without.opened == 0.0).all() and (kept.lost_with >= -1e-9 * kept.own.max()).all()
            before = slice(0, instrument.entry_into_force - FIRST_YEAR)
            np.testing.assert_allclose(kept.kept[before], 0.0, atol=1e-9)
    assert lattice_rights(without, 0, (pair[0], pair[1]), 0, None) is not None


LAWS = st.builds(
    SchemeLaw,
    scheme_id=st.just("hypothetical"), year=st.just(2030), kind=st.just("defined_benefit"),
    qualifying_months=st.sampled_from([0, 12, 36, 60]), accrual_per_month=st.sampled_from([1 / 1200, 1 / 600]),
    maximum_share=st.just(1.0), minimum_pension=st.sampled_from([0.0, 150.0]), commutation_share=st.sampled_from([0.0, 0.25]),
    commutation_factor=st.just(8.0), lump_sum_months_per_year=st.sampled_from([0.0, 1.0]), lump_sum_minimum_months=st.just(12),
)  # fmt: skip
SHARE = st.floats(0.0, 1.0, allow_subnormal=False)


def cells(seed: int) -> tuple[Array, Array]:
    """People and amounts [3 years, residence, own, other service]."""
    draw = np.random.default_rng(seed)
    people = draw.uniform(0.0, 10.0, (3, 2, 16, 12)) * (draw.random((3, 2, 16, 12)) < 0.7)
    return people, people * draw.uniform(100.0, 1000.0, people.shape)


def terms(rights: float, claimed: float, own: float, coordinated: float) -> Terms:
    places = np.ones((2, 3))
    a, b = places.copy(), places.copy()
    a[1], b[1] = own, coordinated
    return Terms(np.full(3, rights), np.full(3, claimed), a, b)


@settings(max_examples=60, deadline=None)
@given(
    law=LAWS, seed=st.integers(0, 99), method=st.sampled_from(SCHEME_BY_SCHEME), least=st.sampled_from([0, 6, 12, 24]), rights=SHARE, claimed=SHARE,
    exported=SHARE, short=st.sampled_from(["unpaid", "paid_by_others", "not_counted"]),
)  # fmt: skip
def test_with_totalisation_lost_rights_never_rise(
    law: SchemeLaw, seed: int, method: str, least: int, rights: float, claimed: float, exported: float, short: str
) -> None:
    people, amount = cells(seed)
    own = own_awards([law] * 3, people, amount, 0.5)
    rules = AwardRules(totalise=True, min_own_months=least, method=method, short_periods=short)  # type: ignore[arg-type]
    added = coordinated_awards([law] * 3, people, amount, 0.5, rules, True)
    before = pension_rights([law] * 3, own, terms(rights, 0.0, exported, exported))
    after = pension_rights([law] * 3, own, terms(rights, claimed, 1.0, 1.0), added)
    kept = RightsKept(before.own, before, after)
    assert (kept.lost_with <= kept.lost_without + 1e-9).all() and (kept.lost_with >= -1e-9).all()
    assert (after.opened <= after.payable + 1e-9).all() and (after.payable >= before.payable - 1e-9).all()
    np.testing.assert_allclose(kept.kept, (added.people * rights * claimed).sum(axis=0), atol=1e-9)
    np.testing.assert_allclose(before.own, people[:, :, 1:].sum(axis=(1, 2, 3)), rtol=1e-12)
    if method == "none":
        np.testing.assert_allclose(kept.kept, 0.0, atol=1e-9)


@given(law=LAWS, seed=st.integers(0, 99), share=SHARE)
def test_a_right_is_payable_or_suspended(law: SchemeLaw, seed: int, share: float) -> None:
    people, amount = cells(seed)
    own = own_awards([law] * 3, people, amount, 0.5)
    anywhere, here = pension_rights([law] * 3, own, terms(1.0, 0.0, 1.0, 1.0)), pension_rights([law] * 3, own, terms(1.0, 0.0, share, share))
    np.testing.assert_allclose(here.payable + here.suspended, anywhere.payable, rtol=1e-12)
    np.testing.assert_allclose(here.payable_amount + here.suspended_amount, anywhere.payable_amount, rtol=1e-12)
    # Before commutation: the formula itself.
    whole = pension_rights([replace(law, commutation_share=0.0)] * 3, own_awards([replace(law, commutation_share=0.0)] * 3, people, amount, 0.5),
                           terms(1.0, 0.0, 1.0, 1.0))  # fmt: skip
    np.testing.assert_allclose(anywhere.payable_amount, whole.payable_amount, rtol=1e-12)
    assert isinstance(here, Rights)


# Split careers


def linear(name: str, wages: float, rate: float, needed: int = 180, accrual: float = 1 / 600) -> cc.CareerScheme:
    law = SchemeLaw(
        name, 2030, "defined_benefit", qualifying_months=needed, accrual_per_month=accrual, maximum_share=2.0,
        contribution_rate=0.1, reference_periods=(ReferencePeriod("last", 12, 12),), reference_months=12, reference_revaluation="wages",
        export_without_instrument=True, foreigners_rights_share=1.0,
    )  # fmt: skip
    return cc.CareerScheme(name, law, wages, rate, 0.05, 0.02)


@pytest.mark.parametrize("c", range(8))
@pytest.mark.parametrize("years", [10, 15, 30, 40])
def test_a_career_in_one_country_is_the_standard_career(run: RegionRun, c: int, years: int) -> None:
    if not run.countries[c].law.collecting:
        pytest.skip("nobody is insured there")
    scheme = cc.career_scheme(run, c, 0)
    # The interest credited is given there, the return from which a scheme credits it here.
    person = StandardCareer(scheme.last_earnings, scheme.wage_growth, 0.0, scheme.credited + scheme.law.crediting_spread, scheme.annuity_price)
    expected = career_benefit(scheme.law, person, years)
    for found in (cc.split_career(scheme, scheme, years, 0), cc.split_career(scheme, replace(scheme, usd_rate=7.0), years, 0)):
        assert found.replacement == pytest.approx(expected.of_career_earnings, rel=1e-9)
        assert found.of_last_earnings == pytest.approx(expected.of_last_earnings, rel=1e-9)


@given(years=st.integers(15, 40), share=SHARE, wages=st.floats(100.0, 1e5), rate=st.floats(0.5, 3000.0), method=st.sampled_from(SCHEME_BY_SCHEME[1:]))
def test_straight_lines_pay_the_same_however_a_career_is_split(years: int, share: float, wages: float, rate: float, method: str) -> None:
    home_years = round(share * years)
    rules = AwardRules(True, True, True, 0, method)  # type: ignore[arg-type]
    home, host = linear("a", 1000.0, 1.0), linear("b", wages, rate)
    found = cc.split_career(home, host, home_years, years - home_years, rules)
    assert found.replacement == pytest.approx(years * 12 / 600, rel=1e-9)
    assert cc.split_career(home, host, home_years, years - home_years).replacement <= found.replacement * (1.0 + 1e-12)


def test_ten_and_twenty_years_by_hand() -> None:
    home, host = linear("a", 1000.0, 1.0), linear("b", 3000.0, 2.0)
    alone = cc.split_career(home, host, 10, 20)
    # Home: 120 of 180 months, nothing. Host: 240 / 600 of 3000; career earnings (10 x 1000 + 20 x 1500) / 30 dollars.
    assert alone.pension == pytest.approx((0.0, 0.4 * 1500.0)) and alone.replacement == pytest.approx(600.0 / (40000.0 / 30.0))
    assert alone.of_last_earnings == pytest.approx(0.4)
    both = cc.split_career(home, host, 10, 20, AwardRules(True, True, True, 0, "pro_rata"))
    assert both.pension == pytest.approx((0.2 * 1000.0, 600.0)) and both.replacement == pytest.approx(0.6)


def test_home_earnings_fall_behind_where_the_law_does_not_revalue_them() -> None:
    home, host = linear("a", 1000.0, 1.0), linear("b", 1000.0, 1.0)
    frozen = replace(home, law=replace(home.law, reference_revaluation="none"))
    priced = replace(home, law=replace(home.law, reference_revaluation="prices"))
    amounts = [cc.split_career(scheme, host, 20, 10).pension[0] for scheme in (home, priced, frozen)]
    assert amounts[1] == pytest.approx(amounts[0] * (1.02 / 1.05) ** 10, rel=1e-9)
    assert amounts[2] == pytest.approx(amounts[0] / 1.05**10, rel=1e-9)


def test_accounts_are_annuitised_at_the_price_given() -> None:
    law = SchemeLaw("fund", 2030, "account", contribution_rate=0.1)
    fund = cc.CareerScheme("f", law, 1000.0, 1.0, 0.0, 0.0, 0.04, 12.5)
    found = cc.split_career(fund, linear("b", 1000.0, 1.0), 1, 19)
    assert found.pension[0] == pytest.approx(100.0 * 1.04**19.5 / 12.5, rel=1e-12)
    with pytest.raises(ValueError, match="annuity"):
        cc.split_career(replace(fund, annuity_price=None), fund, 1, 0)
    with pytest.raises(ValueError, match="at least one year"):
        cc.split_career(fund, fund, 0, 0)
    with pytest.raises(ValueError, match="nobody is insured"):
        cc.split_career(replace(fund, law=replace(law, kind="none")), fund, 1, 1)


def test_account_periods_count_only_where_they_are_counted() -> None:
    law = SchemeLaw("fund", 2030, "account", contribution_rate=0.1)
    fund = cc.CareerScheme("f", law, 1000.0, 1.0, 0.0, 0.0, 0.04, 12.5)
    rules = AwardRules(True, True, True, 0, "pro_rata")
    counted, left_out = (cc.split_career(fund, linear("b", 1000.0, 1.0), 10, 10, rules, count_accounts=count) for count in (True, False))
    assert counted.pension[1] == pytest.approx(200.0) and left_out.pension[1] == 0.0
    assert counted.pension[0] == left_out.pension[0] > 0.0


def test_split_careers_of_the_region(run: RegionRun, instrument: Instrument) -> None:
    table = cc.split_careers_table(run, instrument)
    assert set(table["years"]) == {10, 15, 20, 30, 40} and (table["home_years"] <= table["years"]).all()
    assert len(table) == 3 * (3 + 4 + 5 + 7 + 9)  # the corridors between two collecting schemes
    assert (table["replacement_with"] >= table["replacement_without"] - 1e-12).all()
    for case in ("without", "with"):
        np.testing.assert_allclose(table[f"home_{case}"] + table[f"host_{case}"], table[f"replacement_{case}"], atol=1e-12)
        short = table["years"] < 30
        assert table.loc[short, f"c102_{case}"].isna().all()
        assert (table.loc[~short, f"c102_{case}"] == (table.loc[~short, f"replacement_{case}"] >= C102_SHARE)).all()
    whole = table[(table["home_years"] == table["years"]) | (table["home_years"] == 0)]
    np.testing.assert_array_equal(whole["replacement_without"], whole["replacement_with"])
    assert NATIONAL_LAW.method == "none"
