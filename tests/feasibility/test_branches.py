"""Branches beside pensions: a case by hand for each, identities with and without an instrument, and rules as properties."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from actuarial.basis.branch_costs import BranchCostBasis, Spread, load_branch_costs, of_scheme
from actuarial.basis.dimensions import FIRST_YEAR, Array
from actuarial.basis.errors import InputError
from actuarial.basis.instrument import PROVISIONS, Instrument, load_instrument
from actuarial.basis.instrument_provisions import BranchCover, Family, Health, Scope, TakeUp, Unemployment
from actuarial.basis.scheme_branch_law import (
    FamilyLaw,
    HealthLaw,
    HealthLevyLaw,
    InjuryLaw,
    InjuryLiabilityLaw,
    LevyLaw,
    MaternityLaw,
    PermanentLaw,
    QualifyingRule,
    SharesLaw,
    SicknessLaw,
    TemporaryLaw,
    UnemploymentLaw,
)
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.feasibility.branch_injury import annuity_certain, net_rates, pension_values
from actuarial.feasibility.branch_inputs import in_waiting, months_left, months_to_wait, waiting_weights
from actuarial.feasibility.branches import (
    BranchFlows,
    BranchInputs,
    CorridorExposure,
    branch_flows,
    net_entrants,
    transfers_between,
)
from actuarial.finance.branch_costs import InjuryCost, capital_value, maternity_cost, sickness_rate, temporary_disablement_cost

ROOT = Path(__file__).parents[2]
ROWS, YEARS, ENTRY = 40, 10, 2030
SHAPE = (2, ROWS, YEARS)
SHARES = SharesLaw(0.3, False, False, 0.15, 0.2, 0.1, False, False, 0.85, 18, 21, True)
TEMPORARY = TemporaryLaw(rate=0.75, waiting_days=3, employer_pays_waiting=True, maximum_days=180, averaging_months=3)
PERMANENT = PermanentLaw(total_rate=0.8, pension_degree=0.15, strictly_above=False, lump_from_degree=0.01, lump_years=3.0)
LAW = SchemeLaw(
    scheme_id="a", year=2026, kind="defined_benefit", contribution_rate=0.1, price_share=1.0, foreigners_rights_share=0.5,
    employment_injury=InjuryLaw(TEMPORARY, PERMANENT, SHARES, "earnings", 100.0, LevyLaw(0.0, 0.02)),
    maternity=MaternityLaw((QualifyingRule(24, 12, 24),), 98, 56, 1.0, 30, 3, 50.0, LevyLaw(0.003, 0.003)),
    sickness=SicknessLaw((QualifyingRule(6),), 0.5, 2, 30, 30, True, LevyLaw(0.01, 0.0)),
    unemployment=UnemploymentLaw(QualifyingRule(18), 0.4, 6, True, 50, True, 0.5, LevyLaw(0.0, 0.01)),
    family=FamilyLaw(QualifyingRule(3), True, True, 120.0, 18, LevyLaw(0.0, 0.05)),
    health=HealthLaw((HealthLevyLaw("fund", 0.03, 0.03, 0.0, 0.0, 20.0, 3.0),), 4.0, 30.0),
)  # fmt: skip
assert LAW.family is not None
assert LAW.health is not None
assert LAW.unemployment is not None
FAMILY, HEALTH, UNEMPLOYMENT = LAW.family, LAW.health, LAW.unemployment
OTHER = replace(LAW, scheme_id="b", foreigners_rights_share=1.0, family=replace(FAMILY, per_child=200.0), health=replace(HEALTH, unit_cost=45.0))


def basis() -> BranchCostBasis:
    return load_branch_costs(ROOT / "data")


def coordination(**provisions: object) -> Instrument:
    """Every branch from the year of entry, all claims taken up."""
    shipped = load_instrument("eac-directive", ROOT / "scenarios")
    names = ("old_age", "employment_injury", "maternity", "sickness", "health", "family", "unemployment")
    parts: dict[str, object] = {
        "health": Health(reimbursement="fixed", abatement=0.2), "family": Family(priority="employment", supplement=True),
        "unemployment": Unemployment(export_months=3),
    }  # fmt: skip
    return shipped.model_copy(
        update={
            "entry_into_force": ENTRY,
            "scope": Scope(branches={name: BranchCover(from_year=ENTRY) for name in names}),  # type: ignore[misc]
            "take_up": (TakeUp(years_since_entry=0, share=1.0),),
            "provisions": shipped.provisions.model_copy(update=parts | provisions),
        }
    )


def ramp(scale: float) -> Array:
    """People by sex, row and year, no two cells the same."""
    return scale * (1.0 + np.arange(np.prod(SHAPE)).reshape(SHAPE) % 97 / 97.0)


def tables() -> tuple[Array, Array]:
    """Death probabilities and leaving rates [sex, age, year]."""
    ages = np.arange(101)[None, :, None] * np.ones((2, 1, YEARS))
    return np.minimum(0.001 * np.exp(0.07 * ages), 0.5), np.where(ages < 60, 0.05, 0.0)


def corridor(partner: str, role: str, law: SchemeLaw, exchange: float, mine: float = 3.0, theirs: float = 2.0) -> CorridorExposure:
    fixed: Any = role
    return CorridorExposure(
        partner, fixed, ramp(mine), 0.2 * ramp(mine), np.full(SHAPE, 0.6), tables()[1], ramp(theirs), (law,) * YEARS, np.full(YEARS, 0.04),
        np.full(YEARS, exchange),
    )  # fmt: skip


def inputs(*corridors: CorridorExposure, country: str = "RWA", scheme: str = "a", **changes: object) -> BranchInputs:
    fertility = np.where(np.arange(15, 15 + ROWS) < 50, 0.1, 0.0)[:, None] * np.ones(YEARS)
    given_: dict[str, Any] = {
        "country": country, "scheme": scheme, "first_year": FIRST_YEAR, "insured": ramp(100.0), "entrants": 0.1 * ramp(100.0),
        "departure": np.full((2, ROWS), 0.1), "pay": 1000.0 + ramp(50.0), "pay_cv": 0.5, "q": tables()[0], "fertility": fertility,
        "investment_return": np.full(YEARS, 0.07), "inflation": np.full(YEARS, 0.04), "wage_growth": np.full(YEARS, 0.05), "corridors": corridors,
    }  # fmt: skip
    return BranchInputs(**(given_ | changes))


def run(found: BranchInputs, law: SchemeLaw = LAW, instrument: Instrument | None = None, costs: BranchCostBasis | None = None) -> BranchFlows:
    return branch_flows(found, (law,) * YEARS, costs or basis(), instrument or coordination())


def past(found: BranchInputs, months: int) -> Array:
    return found.insured - in_waiting(found.entrants, found.departure, months, found.insured)


def test_maternity_is_the_formula_of_the_method() -> None:
    """56 of 98 days at full pay, in the published form (weeks over 52, here days over 360), plus the grant for every birth."""
    found, costs = inputs(), basis()
    account = run(found).account("maternity")
    women, fertility = past(found, 24)[1], costs.relative_fertility * found.fertility
    cash = [
        maternity_cost(women[:, t], fertility[:, t], found.pay[1, :, t], take_up=costs.maternity_take_up, weeks=56 / 360 * 52, replacement=1.0)
        for t in range(YEARS)
    ]
    births = (found.insured[1] * fertility).sum(axis=0) * costs.maternity_take_up
    np.testing.assert_allclose(account.parts["cash"], cash)
    np.testing.assert_allclose(account.parts["birth_grants"], 50.0 * births)
    np.testing.assert_allclose(account.levy, 0.006 * (found.insured * found.pay).sum(axis=(0, 1)))
    employer = (found.insured[1] * fertility * found.pay[1]).sum(axis=0) * costs.maternity_take_up * 42 / 360
    np.testing.assert_allclose(account.employer, employer)


def test_sickness_is_the_rate_of_the_method() -> None:
    found = inputs()
    costs = replace(basis(), sickness_incidence=0.3, sickness_duration=Spread((1.0, 12.0, 92.0), (0.2, 0.5, 0.3)))
    account = run(found, costs=costs).account("sickness")
    days = 0.2 * 0 + 0.5 * 10 + 0.3 * 30
    rate = float(sickness_rate(0.3, days * 365 / 360, 0.5))
    np.testing.assert_allclose(account.without, rate * (past(found, 6) * found.pay).sum(axis=(0, 1)))
    assert account.payer == "scheme"


def test_unemployment_pays_the_insured_and_refunds_the_others() -> None:
    found = inputs()
    costs = replace(basis(), unemployment_incidence=0.05, unemployment_duration=Spread((2.0, 12.0), (0.5, 0.5)))
    account = run(found, costs=costs).account("unemployment")
    young = (found.ages < 50)[None, :, None]
    monthly = found.pay / 12
    benefits = 0.05 * past(found, 18) * young * 0.4 * monthly * (0.5 * 2 + 0.5 * 6)
    refunds = 0.05 * (found.insured - past(found, 18)) * young * 0.5 * 0.1 * found.pay * 9 / 12
    np.testing.assert_allclose(account.parts["benefits"], benefits.sum(axis=(0, 1)))
    np.testing.assert_allclose(account.parts["refunds"], refunds.sum(axis=(0, 1)))


def test_family_allowances_by_hand() -> None:
    found = inputs(children=np.full(SHAPE, 1.5))
    account = run(found).account("family")
    np.testing.assert_allclose(account.without, 120.0 * 1.5 * past(found, 3).sum(axis=(0, 1)))
    np.testing.assert_allclose(account.levy_rate, 0.05)


def test_health_levies_and_care_by_hand() -> None:
    """Two premiums of 20 for four persons, 6 % of pay, care of 30 a member growing with prices and 2 % more."""
    found, costs = inputs(), basis()
    account = run(found).account("health")
    people = found.insured.sum(axis=(0, 1))
    np.testing.assert_allclose(account.levy, 0.06 * (found.insured * found.pay).sum(axis=(0, 1)) + 40.0 * people)
    index = (1.04 * (1 + costs.medical_growth_above_prices)) ** np.arange(YEARS)
    np.testing.assert_allclose(account.without, people * 4 * 30.0 * index)


def test_injury_is_temporary_pay_care_and_capital_values() -> None:
    """Every part by the finance functions, and their sum over earnings is the premium of the branch."""
    found, costs, t = inputs(), basis(), 4
    account = run(found).account("employment_injury")
    people, pay, injury = found.insured[:, :, t], found.pay[:, :, t], costs.injury
    frequency, lasting = of_scheme(injury.accident_frequency, "a"), of_scheme(injury.permanent_share, "a")
    days = float(np.minimum(np.maximum(np.array(injury.duration.points) - 3, 0), 180) @ injury.duration.shares)
    assert account.parts["temporary"][t] == pytest.approx(temporary_disablement_cost(people, frequency, days, pay, 0.75))
    waited = float(np.minimum(injury.duration.points, 3) @ injury.duration.shares)
    assert account.employer[t] == pytest.approx(temporary_disablement_cost(people, frequency, waited, pay, 0.75))
    degrees, parts = np.array(injury.degrees.points), np.array(injury.degrees.shares)
    pension, below = float((degrees * parts)[degrees >= 0.15].sum()), float((degrees * parts)[degrees < 0.15].sum())
    annuities = pension_values(found, (LAW,) * YEARS, costs, None)[:, :, t]
    permanent = capital_value(people * frequency * lasting, 0.8 * pension * pay, annuities)
    assert account.parts["permanent_capital"][t] == pytest.approx(permanent)
    assert account.parts["lump_sums"][t] == pytest.approx(frequency * lasting * 3 * 0.8 * below * float((people * pay).sum()))
    parts_of_year = {name: float(value[t]) for name, value in account.parts.items()}
    cost = InjuryCost(
        parts_of_year["permanent_capital"] + parts_of_year["survivors_capital"], parts_of_year["temporary"], parts_of_year["medical"],
        0.0, parts_of_year["lump_sums"] + parts_of_year["funeral"],
    )  # fmt: skip
    assert account.cost_rate()[t] == pytest.approx(cost.premium(account.earnings[t]))
    np.testing.assert_allclose(account.levy_rate, 0.02)


def test_survivors_capital_without_mortality_is_the_sum_of_terms() -> None:
    """Nobody dies before the last age and the net rate is zero: a spouse is paid to the end of the table, a child ten years, a parent likewise."""
    q = np.zeros((2, 101, YEARS))
    q[:, -1] = 1.0
    found = inputs(q=q, investment_return=np.full(YEARS, 0.04), children=np.full(SHAPE, 2.0))
    costs = basis()
    account = run(found).account("employment_injury")
    ages, gap = found.ages, costs.injury.spouse_age_gap
    last = 101 - 1 + 13 / 24  # the open age is left at the end of its year on average after 13 of its 24 half months
    # husbands leave wives younger by the gap, wives husbands older by it
    spouse = np.stack([last - (ages - gap), last - (ages + gap)])
    parent = last - (ages + costs.injury.parent_age_gap)
    married = 0.3 * spouse + 2 * 0.15 * (18 - costs.injury.child_age)
    each = costs.injury.married_share * married + (1 - costs.injury.married_share) * 0.1 * parent
    value = costs.injury.fatal_frequency * (found.insured * found.pay * each[:, :, None]).sum(axis=(0, 1))
    np.testing.assert_allclose(account.parts["survivors_capital"], value)


def test_liability_is_the_employers_and_no_instrument_reaches_it() -> None:
    law = replace(LAW, employment_injury=None, injury_liability=InjuryLiabilityLaw(TEMPORARY, 96.0, 60.0, 60.0, 0.0))
    found, costs = inputs(corridor("BDI", "host", OTHER, 2.0)), basis()
    account = run(found, law).account("employment_injury")
    assert account.payer == "employer"
    assert not account.differences
    people, injury = found.everybody * found.pay / 12, costs.injury
    degrees = np.array(injury.degrees.points)
    months = float(np.where(degrees < 1, np.minimum(96 * degrees, 60), 96) @ injury.degrees.shares)
    frequency, lasting = of_scheme(injury.accident_frequency, "a"), of_scheme(injury.permanent_share, "a")
    np.testing.assert_allclose(account.parts["permanent"], frequency * lasting * months * people.sum(axis=(0, 1)))
    np.testing.assert_allclose(account.parts["death"], injury.fatal_frequency * 60 * people.sum(axis=(0, 1)))


def pair() -> BranchInputs:
    return inputs(corridor("BDI", "host", OTHER, 2.0), corridor("BDI", "origin", OTHER, 2.0, 1.5, 2.5))


@pytest.mark.parametrize("instrument", [coordination().without(*PROVISIONS), coordination().model_copy(update={"members": ("RWA", "UGA")})])
def test_without_provisions_or_with_a_partner_outside_nothing_differs(instrument: Instrument) -> None:
    flows = run(pair(), instrument=instrument)
    assert len(flows.accounts) == 6
    for account in flows.accounts:
        assert all((d.amount == 0.0).all() and (d.cases == 0.0).all() for d in account.differences)
        assert np.array_equal(account.with_instrument, account.without)


def test_nothing_differs_before_entry_and_every_branch_after() -> None:
    for account in run(pair()).accounts:
        assert (account.difference[: ENTRY - FIRST_YEAR] == 0.0).all(), account.branch
        assert (account.difference[ENTRY - FIRST_YEAR :] > 0.0).all(), account.branch


def test_a_partner_that_does_not_take_part_is_left_out() -> None:
    suspended = coordination().model_copy(update={"scope": Scope(branches=coordination().scope.branches, suspended=("BDI",))})
    for account in run(pair(), instrument=suspended).accounts:
        assert not account.difference.any()


@settings(max_examples=8)
@given(factor=st.floats(0.0, 5.0, allow_subnormal=False))
def test_differences_are_linear_in_movers(factor: float) -> None:
    """Twice the movers cost twice as much, and stayers have no part in it."""
    found = pair()
    more = tuple(
        replace(c, insured=factor * c.insured, entrants=factor * c.entrants, partner_insured=factor * c.partner_insured) for c in found.corridors
    )
    few, many = run(found), run(replace(found, corridors=more, insured=3.0 * found.insured))
    for one, other in zip(few.accounts, many.accounts, strict=True):
        np.testing.assert_allclose(other.difference, factor * one.difference, rtol=1e-9, atol=1e-9)


def test_movers_with_every_right_cost_as_much_as_stayers() -> None:
    """Export and equality make an injured mover cost what a stayer costs: the difference is what the law alone had left out."""
    mover = corridor("BDI", "host", OTHER, 2.0)
    nobody = inputs(mover, insured=np.zeros(SHAPE), entrants=np.zeros(SHAPE))
    as_stayer = inputs(insured=mover.insured, entrants=mover.entrants)
    coordinated, home = run(nobody).account("employment_injury"), run(as_stayer).account("employment_injury")
    from_entry = slice(ENTRY - FIRST_YEAR, None)
    np.testing.assert_allclose(coordinated.with_instrument[from_entry], home.without[from_entry])
    assert (coordinated.without < home.without).all()


def test_a_law_that_pays_abroad_leaves_nothing_to_export() -> None:
    law = replace(LAW, export_partners=("BDI",))
    causes = run(pair(), law).account("employment_injury").by_cause()
    assert not causes["pensions_exported"].any()
    assert not causes["survivors_abroad"].any()
    assert causes["equality_of_treatment"].any()


def test_value_of_an_exported_pension_is_what_moving_takes() -> None:
    """With a leaving rate r at every age and no mortality, rate zero: pension for life less pension until the move."""
    q, leaving = np.zeros((2, 101, YEARS)), np.full((2, 101, YEARS), 0.1)
    q[:, -1] = 1.0
    found = inputs(q=q, investment_return=np.full(YEARS, 0.04))
    laws = (LAW,) * YEARS
    np.testing.assert_allclose(net_rates(found, laws), 0.0, atol=1e-12)
    home = pension_values(found, laws, basis(), leaving)[0, 0, 0]
    stays = 0.9 ** np.arange(101 - 15)
    # movers leave evenly over the year, so that a year begun is paid for 1 - r x 11/24 of it
    expected = (stays[:-1] * (1 - 0.1 * 11 / 24)).sum() + stays[-1] * 13 / 24
    assert home == pytest.approx(expected)


def test_partner_periods_open_the_waiting_period() -> None:
    """Entrants of each year are 2.4 people a cell: 24 months of waiting, all of which partner periods of 60 % of them fill."""
    mover = replace(corridor("BDI", "host", OTHER, 2.0), insured=np.full(SHAPE, 100.0), entrants=np.full(SHAPE, 2.4))
    found = inputs(mover, departure=np.zeros((2, ROWS)))
    law, costs = replace(LAW, foreigners_rights_share=1.0), basis()
    account = run(found, law).account("maternity")
    years = np.full(ROWS, 2.0)
    years[:2] = [0.5, 1.5]  # entrants grow older: the first rows have had fewer years of entrants
    cases = (0.6 * 2.4 * years * costs.relative_fertility * costs.maternity_take_up * found.fertility[:, 0]).sum()
    extra = next(d for d in account.differences if d.cause == "waiting_period")
    np.testing.assert_allclose(extra.cases[ENTRY - FIRST_YEAR :], cases)


def test_own_recent_months_limit_what_partner_periods_open() -> None:
    """12 of the last 24 months must be own ones where foreign facts do not count: half of the wait stays."""
    terms = coordination().provisions.totalisation.model_copy(update={"foreign_facts": False})
    instruments = (coordination(), coordination(totalisation=terms))
    free, strict = (run(pair(), instrument=i).account("maternity").by_cause()["waiting_period"] for i in instruments)
    assert (strict[-3:] < free[-3:]).all()
    assert (strict[-3:] > 0.0).all()


def test_take_up_scales_what_must_be_claimed_and_not_equality() -> None:
    half = coordination().model_copy(update={"take_up": (TakeUp(years_since_entry=0, share=0.5),)})
    for account, slow in zip(run(pair()).accounts, run(pair(), instrument=half).accounts, strict=True):
        causes, fewer = account.by_cause(), slow.by_cause()
        for cause, amount in causes.items():
            if cause == "equality_of_treatment":
                np.testing.assert_allclose(fewer[cause], amount)
            else:
                np.testing.assert_allclose(fewer[cause], 0.5 * amount, atol=1e-9, err_msg=cause)


@pytest.mark.parametrize(("kind", "abatement", "repaid"), [("actual", 0.0, 1.0), ("fixed", 0.2, 0.8), ("none", 0.0, 0.0)])
def test_care_of_dependants_is_borne_by_the_two_schemes(kind: Any, abatement: float, repaid: float) -> None:
    """Care is given in the origin country at its cost; what the host pays there, the origin gets; together they bear the care."""
    instrument = coordination(health=Health(reimbursement=kind, abatement=abatement))
    movers = ramp(4.0)
    there = replace(corridor("BDI", "host", OTHER, 2.0), insured=movers, partner_insured=ramp(1.0))
    back = replace(corridor("RWA", "origin", LAW, 0.5), insured=ramp(1.0), partner_insured=movers)
    host = run(inputs(there), instrument=instrument)
    origin = run(inputs(back, country="BDI", scheme="b"), OTHER, instrument)
    paid, given_ = host.account("health").by_cause()["dependants_abroad"], origin.account("health").by_cause()["care_given"]
    costs = basis()
    index = (1.04 * (1 + costs.medical_growth_above_prices)) ** np.arange(YEARS)
    heads = movers.sum(axis=(0, 1)) * 3 * costs.dependants_at_home * (np.arange(FIRST_YEAR, FIRST_YEAR + YEARS) >= ENTRY)
    np.testing.assert_allclose(given_, heads * 45.0 * index)
    np.testing.assert_allclose(paid, repaid * 2.0 * given_)
    exchange = np.full(YEARS, 2.0)
    np.testing.assert_allclose(transfers_between([(host, np.ones(YEARS)), (origin, exchange)]), 0.0, atol=1e-6)


@pytest.mark.parametrize(
    ("priority", "supplement", "host", "origin"),
    [("employment", True, 120.0, 140.0), ("employment", False, 120.0, 0.0), ("residence", True, 20.0, 200.0), ("residence", False, 0.0, 200.0)],
)
def test_children_left_at_home(priority: Any, supplement: bool, host: float, origin: float) -> None:
    """The host pays 120 a child; the origin 200, worth 100 there at 0.5 for one, 60 being what 120 of the host are worth in the origin."""
    instrument = coordination(family=Family(priority=priority, supplement=supplement))
    movers, last = ramp(4.0), -1
    law = replace(LAW, foreigners_rights_share=1.0, family=replace(FAMILY, qualifying=QualifyingRule()))
    there = replace(corridor("BDI", "host", OTHER, 0.5), insured=movers)
    back = replace(corridor("RWA", "origin", law, 0.5), insured=ramp(1.0), partner_insured=movers)
    heads = 2.5 * basis().dependants_at_home * movers[:, :, last].sum()
    for found, own, amount in ((inputs(there), law, host), (inputs(back, country="BDI", scheme="b"), OTHER, origin)):
        paid = run(found, own, instrument).account("family").by_cause()["children_abroad"]
        assert paid[last] == pytest.approx(heads * amount)


def test_unemployed_who_go_home_are_paid_for_the_exported_months() -> None:
    costs = replace(basis(), unemployment_duration=Spread((2.0, 12.0), (0.5, 0.5)))
    law = replace(LAW, foreigners_rights_share=1.0, unemployment=replace(UNEMPLOYMENT, qualifying=QualifyingRule(), citizens_only=False))
    found = inputs(corridor("BDI", "host", OTHER, 2.0))
    account = run(found, law, costs=costs).account("unemployment")
    mover, young = found.corridors[0].insured, (found.ages < 50)[None, :, None]
    claims = costs.unemployment_incidence * costs.unemployed_leaving_share * mover * young
    expected = (claims * 0.4 * found.pay / 12).sum(axis=(0, 1)) * (0.5 * 2 + 0.5 * 3)
    np.testing.assert_allclose(account.by_cause()["benefit_exported"][ENTRY - FIRST_YEAR :], expected[ENTRY - FIRST_YEAR :])


def test_citizens_only_keeps_foreigners_out_until_equality() -> None:
    account = run(inputs(corridor("BDI", "host", OTHER, 2.0))).account("unemployment")
    alone = run(inputs()).account("unemployment")
    np.testing.assert_allclose(account.without, alone.without)
    assert account.by_cause()["equality_of_treatment"][-1] > 0.0


def test_branches_without_rules_are_listed_with_their_reason() -> None:
    law = replace(LAW, sickness=None, family=None)
    flows = run(inputs(missing={"family": "No benefit found."}), law)
    assert dict(flows.missing) == {"sickness": "the law has no rules of this branch", "family": "No benefit found."}
    with pytest.raises(ValueError, match="family is not computed: No benefit found"):
        flows.account("family")
    with pytest.raises(ValueError, match="rules of sickness end in 2026"):
        branch_flows(inputs(), (LAW,) * (YEARS - 1) + (law,), basis(), coordination())
    with pytest.raises(ValueError, match="1 laws for 10 years"):
        branch_flows(inputs(), (LAW,), basis(), coordination())


def test_a_branch_that_begins_is_empty_before() -> None:
    """From its first year on it is the account of somebody who looks at these years alone."""
    law, start = replace(LAW, employment_injury=None, maternity=None, health=None), 3
    flows = branch_flows(pair(), (law,) * start + (LAW,) * (YEARS - start), basis(), coordination())
    later = branch_flows(pair().from_year(start), (LAW,) * (YEARS - start), basis(), coordination())
    for branch in ("employment_injury", "maternity", "health"):
        account, alone = flows.account(branch), later.account(branch)
        assert not account.without[:start].any()
        assert not account.levy[:start].any()
        np.testing.assert_allclose(account.with_instrument[start:], alone.with_instrument)


def test_inputs_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="entrants has shape"):
        inputs(entrants=np.zeros((2, 3, YEARS)))
    with pytest.raises(ValueError, match="corridor with BDI: leaving has shape"):
        inputs(replace(corridor("BDI", "host", OTHER, 1.0), leaving=np.zeros((2, 5, YEARS))))


@given(months=st.floats(0.0, 60.0, allow_subnormal=False))
def test_waiting_weights_sum_to_the_wait(months: float) -> None:
    weights = waiting_weights(months)
    assert weights.sum() == pytest.approx(months / 12.0)
    assert (weights >= 0.0).all()
    assert (weights <= 1.0).all()


def test_waiting_weights_agree_with_counting_moments() -> None:
    """Everybody entering at an equally spaced moment of the year, observed at equally spaced moments of each year."""
    entry = (np.arange(400) + 0.5) / 400
    for months in (3.0, 7.0, 18.0, 36.0):
        weights = waiting_weights(months)
        for k, weight in enumerate(weights):
            since = k + entry[None, :] - entry[:, None]
            assert np.mean((since >= 0) & (since < months / 12)) == pytest.approx(weight, abs=0.003)


people = arrays(np.float64, (2, 4, 6), elements=st.floats(0.0, 100.0, allow_subnormal=False))


@given(entrants=people, insured=people, short=st.floats(0.0, 36.0, allow_subnormal=False), longer=st.floats(0.0, 36.0, allow_subnormal=False))
def test_a_longer_wait_holds_more_people_and_never_all_and_more(entrants: Array, insured: Array, short: float, longer: float) -> None:
    departure = np.full((2, 4), 0.2)
    few = in_waiting(entrants, departure, min(short, longer), insured)
    many = in_waiting(entrants, departure, max(short, longer), insured)
    assert (few <= many + 1e-9).all()
    assert (many <= insured).all()
    assert (few >= 0.0).all()


@given(rules=st.lists(st.builds(QualifyingRule, st.integers(0, 60), st.integers(0, 24), st.integers(0, 36)), max_size=3))
def test_partner_periods_never_lengthen_the_wait(rules: list[QualifyingRule]) -> None:
    assert months_left(rules, True) == 0
    assert 0 <= months_left(rules, False) <= months_to_wait(rules)


def test_net_entrants_follow_a_cohort() -> None:
    covered = np.array([[10.0, 20.0, 30.0], [4.0, 12.0, 15.0]])
    np.testing.assert_array_equal(net_entrants(covered), [[4.0], [2.0], [0.0]])


@given(years=st.floats(0.0, 30.0, allow_subnormal=False), rate=st.floats(-0.02, 0.2, allow_subnormal=False))
def test_annuity_certain_lies_between_its_payments_and_their_value_at_the_end(years: float, rate: float) -> None:
    value, term = annuity_certain(years, rate), round(12 * years) / 12
    low, high = sorted((term, term * (1.0 + rate) ** -term))
    assert low - 1e-9 <= value <= high + 1e-9


def changed(folder: Path, old: str, new: str) -> Path:
    text = (ROOT / "data" / "labour" / "branch_costs.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "labour").mkdir()
    (folder / "labour" / "branch_costs.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{days: 5, share: 0.40}", "{days: 5, share: 0.50}", "shares of a distribution sum to 1; found 1.1"),
        ("    default:\n      value: 0.008", "    else:\n      value: 0.008", "'default' is missing"),
        ("value: 0.0001", "value: 0.1", "more deaths than accidents"),
        ("take_up:\n    value: 0.60", "take_up:\n    value: 60", "for 60 % write 0.6"),
        ("value: 0.25\n    unit: spells", "vale: 0.25\n    unit: spells", "sickness.incidence"),
    ],
)
def test_a_slip_in_the_assumptions_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_branch_costs(changed(tmp_path, old, new))
