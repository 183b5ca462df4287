"""What a lever must do: nothing where it is off, twice as much where everything doubles."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, year_index
from actuarial.basis.instrument import PROVISIONS, Instrument
from actuarial.basis.scenario import Scenario
from actuarial.careers.lattice import LatticeOutput
from actuarial.careers.movers import CorridorInputs, CorridorRun, run_corridor
from actuarial.feasibility.cashflow import case_flows, coordination_cost, coordination_cost_parts, sides_of
from actuarial.feasibility.corridor import FLOW_NAMES, SideCost
from actuarial.feasibility.engine import RegionRun, as_host, corridor_inputs, evaluate_corridor, run_region, with_instrument
from actuarial.feasibility.inputs import StudyBasis
from actuarial.feasibility.result import StudyResult
from actuarial.feasibility.sensitivity import MEASURES, headline
from actuarial.feasibility.study import study_of
from actuarial.feasibility.variants import with_exchange_rate, with_mover_pay
from tests.feasibility.conftest import BY_CORRIDOR, few_corridors, people

START = year_index(FIRST_YEAR)


def mobility(scenario: Scenario, **levers: float) -> Scenario:
    return scenario.model_copy(update={"migration": scenario.migration.model_copy(update=levers)})


def equal_in_both_cases(study: StudyResult, countries: tuple[str, ...]) -> None:
    for country in countries:
        scheme = study.schemes[country]
        for table in (scheme.yearly, scheme.residence):
            without, with_ = (table[table["case"] == case].drop(columns="case").to_numpy() for case in ("without", "with"))
            np.testing.assert_array_equal(with_, without)
        assert (scheme.indicators["difference"].fillna(0.0) == 0.0).all()
        values = scheme.corridors.filter(regex="^(pv_|extra_|new_by_)")
        assert (values.to_numpy(dtype=float) == 0.0).all()
        assert (scheme.gains[["extra_new_pensions", "extra_pensioners", "refunds_not_paid"]].to_numpy() == 0.0).all()


def test_without_any_provision_with_equals_without_exactly(run: RegionRun, instrument: Instrument, scenario: Scenario) -> None:
    off = with_instrument(run, instrument.without(*PROVISIONS))
    for corridor in off.corridors:
        for cost in corridor.sides:
            for name in FLOW_NAMES:
                np.testing.assert_array_equal(cost.with_instrument[name], cost.without[name])
            np.testing.assert_array_equal(cost.balances["with"], cost.balances["without"])
    equal_in_both_cases(study_of(off), run.basis.countries)


def test_states_outside_the_instrument_see_no_difference(run: RegionRun, instrument: Instrument) -> None:
    """Kenya and Uganda alone agree: nothing changes for the others, nor on corridors that lead out of the two."""
    two = with_instrument(run, instrument.model_copy(update={"members": ("KEN", "UGA")}))
    study = study_of(two)
    equal_in_both_cases(study, tuple(c for c in run.basis.countries if c not in ("KEN", "UGA")))
    uganda = study.schemes["UGA"].corridors.set_index(["origin", "host"])
    assert (uganda.loc[[("RWA", "UGA")], "pv_refunds_not_paid"] == 0.0).all()
    assert (uganda.loc[[("UGA", "KEN")], "pv_refunds_not_paid"] > 0.0).all()


def test_what_nobody_claims_costs_nothing(run: RegionRun, instrument: Instrument) -> None:
    """Take-up is of claims: with none, pensions and lump sums stay, also where a law ends refunds by itself (sums in another order)."""
    none = tuple(point.model_copy(update={"share": 0.0}) for point in instrument.take_up)
    claims = instrument.without("refunds", "account_schemes", "administration").model_copy(update={"take_up": none})
    barred = [c.law.refund_bars_if_instrument for c in run.countries]
    assert any(barred)
    for corridor in with_instrument(run, claims).corridors:
        for payer, cost in zip((corridor.origin, corridor.host), corridor.sides, strict=True):
            for name in FLOW_NAMES:
                if not barred[payer]:
                    np.testing.assert_allclose(cost.with_instrument[name], cost.without[name], rtol=1e-9)
                elif name in ("refunds", "refund_people"):
                    assert (cost.with_instrument[name] <= cost.without[name]).all()


def test_without_migration_the_two_cases_are_equal_exactly(basis: StudyBasis, scenario: Scenario, instrument: Instrument) -> None:
    """No movers past or to come: nothing to coordinate, not even a liaison desk."""
    still = mobility(scenario, outflow_multiplier=0.0, stock_multiplier=0.0)
    demography = few_corridors(people(basis, still))
    assert demography.movers_abroad[..., START:].sum() == demography.labour_outflow.sum() == 0.0
    found = run_region(basis, still, instrument, demography=demography)
    for c, _ in enumerate(found.countries):
        for _, cost, *_ in sides_of(found, c):
            for name in FLOW_NAMES:
                assert not cost.without[name].any() and not cost.with_instrument[name].any()
            assert not cost.exposure.any() and not cost.contributions.any()
        _, with_ = case_flows(found, c)
        assert not with_.contributors_movers.any() and not with_.pensioners_movers.any()
        assert not coordination_cost(found, c).any()
    equal_in_both_cases(study_of(found), basis.countries)


def test_the_liaison_desk_costs_from_entry_into_force_in_every_collecting_member(run: RegionRun, instrument: Instrument) -> None:
    """Even when no provision is in force; with administration off nothing is left."""
    idle = replace(run, instrument=instrument.without(*(p for p in PROVISIONS if p != "administration")))
    entry = instrument.entry_into_force - FIRST_YEAR
    for c, country in enumerate(run.countries):
        cost = coordination_cost(idle, c)
        assert not cost[:entry].any()
        assert (cost[entry:] > 0.0).all() == country.law.collecting
        assert not coordination_cost(replace(run, instrument=instrument.without("administration")), c).any()
        suspended = instrument.model_copy(update={"scope": instrument.scope.model_copy(update={"suspended": (run.basis.countries[c],)})})
        assert not coordination_cost(replace(run, instrument=suspended), c).any()


def times(inputs: CorridorInputs, factor: float) -> CorridorInputs:
    """As many people again in every flow and stock of movers; their countries as they are."""
    return replace(inputs, first_movers=inputs.first_movers * factor, abroad=inputs.abroad * factor, at_home=inputs.at_home * factor)


def test_doubling_flows_doubles_the_movers_part_exactly(run: RegionRun) -> None:
    """At given rates the lattice, its awards and its payments are linear: twice the movers is bit by bit twice every result."""
    for k in (0, 2):
        inputs = corridor_inputs(run, k, 1)
        once, twice = run_corridor(inputs), run_corridor(times(inputs, 2.0))
        assert isinstance(once, CorridorRun) and isinstance(twice, CorridorRun)
        for case in ("history", "without", "with_instrument"):
            for field in fields(LatticeOutput):
                one, two = getattr(getattr(once, case), field.name), getattr(getattr(twice, case), field.name)
                if isinstance(one, np.ndarray):
                    np.testing.assert_array_equal(two, 2.0 * one)
        costs = [evaluate_corridor(run, [run.instrument], k, 1, times(inputs, factor))[0].sides for factor in (1.0, 2.0)]
        for one_side, two_side in zip(*costs, strict=True):
            compare_costs(one_side, two_side)


def compare_costs(one: SideCost, two: SideCost) -> None:
    np.testing.assert_array_equal(two.contributions, 2.0 * one.contributions)
    for name in FLOW_NAMES:
        # Awards are sums by a matrix product over the cells in use, whose order of addition is the library's.
        np.testing.assert_allclose(two.without[name], 2.0 * one.without[name], rtol=1e-12)
        np.testing.assert_allclose(two.with_instrument[name], 2.0 * one.with_instrument[name], rtol=1e-12)


def test_doubling_mobility_in_a_scenario_doubles_the_movers_part_of_the_region(
    basis: StudyBasis, scenario: Scenario, instrument: Instrument, run: RegionRun
) -> None:
    """Twice the outflow on top of twice the past movers. Movers double exactly, their money nearly.

    Pensions and contributions within 0.2 %, accounts within 0.5 %: those who leave are taken from the residents, so fewer stayers remain, cover
    among them is solved again for the same coverage, and first movers take a slightly different service with them. Lump sums within 2 %: the
    share claimed is what published benefits leave for the lump sums of stayers, and it rises as stayers fall.
    """
    double = mobility(scenario, outflow_multiplier=2.0, stock_multiplier=2.0)
    demography = few_corridors(people(basis, double))
    for name in ("labour_outflow", "movers_abroad", "movers_home"):
        np.testing.assert_allclose(getattr(demography, name), 2.0 * getattr(run.demography, name), rtol=1e-9, atol=1e-9)
    twice = run_region(basis, double, instrument, demography=demography)
    for one, two in zip(run.corridors, twice.corridors, strict=True):
        np.testing.assert_allclose(two.people, 2.0 * one.people, rtol=1e-9, atol=1e-9)
        for payer, before, after in zip((one.origin, one.host), one.sides, two.sides, strict=True):
            account = run.countries[payer].law.kind == "account"
            for name in ("new_pensions", "pensions", "lump_sums", "refunds", "payouts"):
                room = 0.02 if name == "lump_sums" else 0.005 if account else 0.002
                for a, b in ((before.without, after.without), (before.with_instrument, after.with_instrument)):
                    assert b[name].sum() == pytest.approx(2.0 * a[name].sum(), rel=room)
            np.testing.assert_allclose(after.contributions, 2.0 * before.contributions, rtol=0.002)


def test_each_provision_alone_has_its_sign(run: RegionRun, instrument: Instrument) -> None:
    """Export and totalisation cost money, a block on refunds lowers refunds only, the account provisions touch account schemes only."""
    few = replace(run, demography=one_corridor(run, 0))
    alone = {name: with_instrument(few, instrument.without(*(p for p in PROVISIONS if p not in keep))) for name, keep in {
        "export": ("export",), "totalisation": ("totalisation", "amount", "retroactive_periods"), "refunds": ("refunds",)}.items()}  # fmt: skip
    for name, found in alone.items():
        for corridor in found.corridors:
            for side, cost in enumerate(corridor.sides):
                pensions = (cost.with_instrument["pensions"] - cost.without["pensions"]).sum()
                refunds = (cost.with_instrument["refunds"] - cost.without["refunds"]).sum()
                people = (cost.with_instrument["by_totalisation"]).sum()
                exports = found.countries[(corridor.origin, corridor.host)[side]].law.export_without_instrument
                if name == "export":
                    assert (pensions == 0.0) if exports else (pensions > 0.0)
                    assert refunds == people == 0.0
                elif name == "totalisation":
                    assert pensions > 0.0 and people > 0.0
                else:
                    assert people == 0.0 and refunds <= 0.0


def one_corridor(run: RegionRun, k: int):  # type: ignore[no-untyped-def]
    return replace(run.demography, **{name: getattr(run.demography, name)[k : k + 1] for name in BY_CORRIDOR})


def test_take_up_scales_what_needs_a_claim(run: RegionRun, instrument: Instrument) -> None:
    """With refunds left open, extra pensions of a year's awards are take-up times those of full take-up."""
    few = replace(run, demography=one_corridor(run, 0))
    claims = instrument.without("refunds", "account_schemes", "administration")
    everybody = tuple(point.model_copy(update={"share": 1.0}) for point in claims.take_up)
    some, full = (with_instrument(few, i) for i in (claims, claims.model_copy(update={"take_up": everybody})))
    share = np.array([claims.take_up_share(FIRST_YEAR + t) for t in range(HORIZON)])
    for one, all_ in zip(some.corridors, full.corridors, strict=True):
        # The origin's law may end refunds by itself; its host side has none to end.
        for a, b in zip(one.sides, all_.sides, strict=True):
            if not np.array_equal(a.with_instrument["refunds"], a.without["refunds"]):
                continue
            extra = [c.with_instrument["pension_awarded"] - c.without["pension_awarded"] for c in (a, b)]
            np.testing.assert_allclose(extra[0], share * extra[1], rtol=1e-9, atol=1e-6 * np.abs(extra[1]).max())


def test_headlines_of_sensitivities_are_the_indicators_of_reports_and_sum_over_pension_schemes(run: RegionRun) -> None:
    values = dict(zip((*run.basis.countries, "region"), headline(run), strict=True))
    named = list(MEASURES)
    usd = {c: float(run.basis.economy.exchange_rate[n, START - 1]) for n, c in enumerate(run.basis.countries)}
    study = study_of(run)
    for country, scheme in study.schemes.items():
        indicators = scheme.indicators.set_index("indicator")[["without", "with", "difference"]]
        for measure in set(named) - {"pv_net_cost_usd"}:
            np.testing.assert_array_equal(values[country][named.index(measure)], indicators.loc[measure].to_numpy(dtype=float))
        cost = indicators.loc["pv_net_cost"].to_numpy(dtype=float)
        np.testing.assert_array_equal(values[country][named.index("pv_net_cost_usd")], cost / usd[country])
    pensions = [c for c in study.schemes if study.schemes[c].kind == "defined_benefit"]
    total = sum(values[c][named.index("pv_net_cost_usd"), 2] for c in pensions)
    assert values["region"][named.index("pv_net_cost_usd"), 2] == pytest.approx(total, rel=1e-9)
    for measure in ("payg_2050", "gap_75"):
        lowest, highest = (f(values[c][named.index(measure), 1] for c in pensions) for f in (min, max))
        assert lowest < values["region"][named.index(measure), 1] < highest


def test_exchange_rates_can_change_on_a_finished_projection(run: RegionRun, instrument: Instrument) -> None:
    """Everything is projected in national currency: a run with other rates from the start prices a corridor to the same cost."""
    basis = with_exchange_rate(run.basis, 1.1)
    k = run.basis.migration.corridors.index(("UGA", "KEN"))
    at = [list(map(tuple, run.demography.corridors)).index(tuple(run.basis.migration.corridor_index[k]))]
    (again,) = evaluate_corridor(replace(run, basis=basis), [instrument], at[0], 0)
    (before,) = evaluate_corridor(run, [instrument], at[0], 0)
    for side in (0, 1):
        for name in FLOW_NAMES:
            np.testing.assert_array_equal(again.sides[side].with_instrument[name], before.sides[side].with_instrument[name])
    c = run.basis.countries.index("KEN")
    dearer = replace(run, basis=basis)
    np.testing.assert_allclose(coordination_cost_parts(dearer, c)[1], 1.1 * coordination_cost_parts(run, c)[1], rtol=1e-12)
    np.testing.assert_array_equal(coordination_cost_parts(dearer, c)[0], coordination_cost_parts(run, c)[0])


def test_pay_of_movers_is_cut_by_the_ceiling_and_leaves_residents_alone(run: RegionRun) -> None:
    assert as_host(run, 0) is run.countries[0]
    other = replace(run, basis=with_mover_pay(run.basis, 1.1))
    free, capped = (run.basis.countries.index(code) for code in ("TZA", "BDI"))
    base, paid = run.countries[free], as_host(other, free)
    assert (paid.insurable[:, :START] == base.insurable[:, :START]).all()
    np.testing.assert_allclose(paid.insurable[:, START:], 1.1 * base.insurable[:, START:], rtol=1e-12)
    assert paid.stayers is base.stayers
    ratio = as_host(other, capped).insurable[:, START:] / run.countries[capped].insurable[:, START:]
    assert 1.0 < ratio.min() < 1.09
    assert ratio.max() <= 1.1 + 1e-12


def test_movers_who_earn_more_bring_contributions_and_rights_to_the_host_alone(run: RegionRun, instrument: Instrument) -> None:
    k = [tuple(run.basis.countries[int(i)] for i in pair) for pair in run.demography.corridors].index(("BDI", "TZA"))
    (base,), (paid,) = (
        evaluate_corridor(replace(run, basis=b), [instrument], k, 0) for b in (run.basis, with_mover_pay(run.basis, 1.1))
    )
    home, host = ((b.sides[side], p.sides[side]) for side in (0, 1) for b, p in [(base, paid)])
    np.testing.assert_allclose(host[1].contributions, 1.1 * host[0].contributions, rtol=1e-12)
    np.testing.assert_array_equal(home[1].contributions, home[0].contributions)
    np.testing.assert_allclose(home[1].with_instrument["pensions"], home[0].with_instrument["pensions"], rtol=1e-12)
    assert (host[1].with_instrument["pensions"].sum(axis=0)[40:] > host[0].with_instrument["pensions"].sum(axis=0)[40:]).all()
    np.testing.assert_array_equal(paid.people, base.people)
