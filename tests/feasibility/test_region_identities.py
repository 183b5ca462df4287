"""What must hold in every run: people and money add up, each person is awarded once, nothing is counted twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, year_index
from actuarial.basis.instrument import Instrument
from actuarial.basis.scenario import Scenario
from actuarial.careers.coverage import WORK_AGES
from actuarial.careers.movers import CorridorRun, run_corridor
from actuarial.demography.corridors import DemographicProjection
from actuarial.feasibility.cashflow import coordination_cost, sides_of
from actuarial.feasibility.engine import RegionRun, corridor_inputs, run_region
from actuarial.feasibility.inputs import StudyBasis
from actuarial.feasibility.result import StudyResult
from actuarial.feasibility.study import study_of
from actuarial.finance.indicators import present_value

START = year_index(FIRST_YEAR)


@pytest.fixture(scope="module")
def lattices(run: RegionRun) -> list[tuple[int, int, CorridorRun]]:
    """Lattices of the few corridors for men: (corridor, sex, run)."""
    found = []
    for k in range(len(run.demography.corridors)):
        inputs = corridor_inputs(run, k, 0, run.instrument)
        result = run_corridor(inputs)
        assert result is not None
        found.append((k, 0, result))
    return found


def test_identities_printed_with_the_results_hold(study: StudyResult) -> None:
    assert len(study.checks) >= 7
    assert study.checks["passed"].all() and (study.checks["value"] <= 1e-9).all()


def test_moves_between_the_states_sum_to_zero_in_every_year(whole_demography: DemographicProjection) -> None:
    net = whole_demography.intra_regional
    assert np.abs(net.sum(axis=0)).max() < 1e-6  # persons
    assert np.abs(net).max() > 100.0


def test_stayers_and_movers_are_the_population(run: RegionRun) -> None:
    origin, host = run.demography.corridors.T
    for c, country in enumerate(run.countries):
        for sex in (0, 1):
            stayers = (country.stayers[sex].people.sum(axis=(2, 3)) + country.stayers[sex].disabled).T
            movers = run.demography.movers_abroad[host == c, sex].sum(axis=0) + run.demography.movers_home[origin == c, sex].sum(axis=0)
            rows = stayers.shape[0]
            together = stayers + movers[WORK_AGES][:rows]
            np.testing.assert_allclose(together, run.demography.population[c, sex, WORK_AGES][:rows], rtol=1e-9, atol=1.0)


def test_movers_are_the_same_people_in_both_cases(lattices: list[tuple[int, int, CorridorRun]]) -> None:
    for _, _, lattice in lattices:
        without, with_ = lattice.without, lattice.with_instrument
        np.testing.assert_allclose(with_.people, without.people, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(with_.covered, without.covered, rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(with_.died, without.died, rtol=1e-9)


def test_each_person_is_awarded_once_in_each_scheme_and_half_the_deaths_of_the_year_come_before(
    run: RegionRun, lattices: list[tuple[int, int, CorridorRun]]
) -> None:
    for k, sex, lattice in lattices:
        ends = [int(i) for i in run.demography.corridors[k]]
        for i, payer in enumerate(ends):
            law = run.countries[payer].law
            if not law.collecting:
                assert lattice.without.award_people[i].sum() == 0.0
                continue
            age = law.pension_age[sex] - 1
            for out in (lattice.without, lattice.with_instrument):
                expected = np.zeros(HORIZON)
                for place, where in enumerate(ends):
                    q = 1.0 - run.demography.survival[where, sex, age, START:]
                    alive = (out.people[place, :-1, age - 15] - out.disabled[place, :-1, age - 15]) * (1.0 - 0.5 * q)
                    # Who is covered by the other scheme, and younger than its pension age, can still become invalid: half of them before the award.
                    sick = out.invalids[place, :, age - 15]
                    expected += alive - 0.5 * sick * (1.0 - 0.5 * q / (1.0 - 0.5 * q))
                np.testing.assert_allclose(out.award_people[i].sum(axis=(1, 2, 3)), expected, rtol=1e-9)
    for c, country in enumerate(run.countries):
        if not country.law.collecting:
            continue
        for sex, out in enumerate(country.stayers):
            age = country.law.pension_age[sex] - 1
            alive = 0.5 * (1.0 + run.demography.survival[c, sex, age])
            np.testing.assert_allclose(out.award_people.sum(axis=1), out.people[:-1, age - 15].sum(axis=(1, 2)) * alive, rtol=1e-9)


def test_an_amount_belongs_to_service_and_a_refund_takes_both(lattices: list[tuple[int, int, CorridorRun]]) -> None:
    """Nobody without a half-year of service carries an amount to the award: a refunded person has neither pension nor lump sum."""
    for _, _, lattice in lattices:
        for out in (lattice.without, lattice.with_instrument):
            scale = max(out.award_amount.max(), 1.0)
            assert out.award_amount[0][:, :, 0, :].max() <= 1e-12 * scale
            assert out.award_amount[1][:, :, :, 0].max() <= 1e-12 * scale


def test_refunds_go_on_without_and_stop_at_entry_with_the_instrument(
    run: RegionRun, instrument: Instrument, lattices: list[tuple[int, int, CorridorRun]]
) -> None:
    entry = instrument.entry_into_force - FIRST_YEAR
    for k, _, lattice in lattices:
        for i, country in enumerate(run.demography.corridors[k]):
            without, with_ = lattice.without.refund_amount[i], lattice.with_instrument.refund_amount[i]
            np.testing.assert_array_equal(with_[:entry], without[:entry])
            assert with_[entry:].sum() == 0.0
            law = run.countries[int(country)].law
            assert (without.sum() > 0.0) == (law.refund_on_leaving and law.refund_take_up > 0.0)
        # Service kept is service that counts later.
        half_years = [(out.award_people[0].sum(axis=(0, 1)) * np.arange(out.award_people.shape[3])[:, None]).sum()
                      for out in (lattice.without, lattice.with_instrument)]  # fmt: skip
        assert half_years[1] >= half_years[0] * (1 - 1e-12)


def test_contributions_depend_on_the_instrument_for_posted_workers_alone(run: RegionRun, study: StudyResult) -> None:
    for c, country in enumerate(run.basis.countries):
        scheme, sides = study.schemes[country], sides_of(run, c)
        without, with_ = (scheme.yearly[scheme.yearly["case"] == case].reset_index(drop=True) for case in ("without", "with"))
        for column in ("contributors", "contributors_movers", "other_benefits"):
            if column == "other_benefits" and scheme.kind == "account":
                continue  # payments from balances kept longer
            np.testing.assert_array_equal(with_[column], without[column])
        for column, posted in (("insurable_earnings", "posted_earnings"), ("contributions", "posted_contributions")):
            moved = np.sum([getattr(cost, posted) for _, cost, *_ in sides] or [np.zeros(HORIZON)], axis=0)
            np.testing.assert_allclose(with_[column] - without[column], moved, rtol=1e-9, atol=1e-12 * without[column].max())


def test_nothing_differs_before_entry_into_force(study: StudyResult, instrument: Instrument) -> None:
    for scheme in study.schemes.values():
        early = scheme.yearly[scheme.yearly["year"] < instrument.entry_into_force]
        without, with_ = (early[early["case"] == case].drop(columns="case").to_numpy() for case in ("without", "with"))
        np.testing.assert_array_equal(with_, without)


def parts_add_up(study: StudyResult) -> None:
    """Every table against the totals of another."""
    for country, scheme in study.schemes.items():
        y, indicators = scheme.yearly, scheme.indicators.set_index("indicator")
        benefits = y[["pensions", "lump_sums", "refunds", "account_payouts", "other_benefits"]].sum(axis=1)
        np.testing.assert_allclose(y["benefits"], benefits, rtol=1e-12)
        np.testing.assert_allclose(y["contributions"], y["legal_rate"] * y["insurable_earnings"], rtol=1e-12)
        for case in ("without", "with"):
            own = y[y["case"] == case].set_index("year")
            change = own["contributions"] - own["benefits"] - own["administration"] + own["investment_income"]
            np.testing.assert_allclose(own["reserve"].diff().iloc[1:], change.iloc[1:], rtol=1e-9, atol=1.0)
            expenditure = (own["benefits"] + own["administration"]).loc[[2026, 2050, 2100]]
            if scheme.kind in ("defined_benefit", "account"):
                rates = [indicators.loc[f"payg_{year}", case] for year in (2026, 2050, 2100)]
                np.testing.assert_allclose(expenditure / own["insurable_earnings"].loc[[2026, 2050, 2100]], rates, rtol=1e-12)
            paid = scheme.residence[scheme.residence["case"] == case].groupby("year")["amount"].sum()
            np.testing.assert_allclose(paid, own["benefits"], rtol=1e-9, atol=1e-3)
        usd = study.transfers[study.transfers["payer"] == country].set_index(["year", "case", "residence"])["amount_usd"]
        local = scheme.residence.set_index(["year", "case", "residence"])["amount"]
        assert set(local.index) == set(usd.index)
        rate = (local.groupby("year").sum() / usd.groupby("year").sum()).fillna(0.0)
        np.testing.assert_allclose(local, usd.loc[local.index] * rate.loc[local.index.get_level_values("year")].to_numpy(), rtol=1e-9, atol=1e-3)
        net = float(scheme.corridors["pv_net_cost"].sum())
        if scheme.kind in ("defined_benefit", "account"):
            scale = float(scheme.corridors[["pv_extra_pensions", "pv_extra_payouts", "pv_refunds_not_paid", "pv_administration"]].abs().sum().sum())
            assert net == pytest.approx(float(indicators.loc["pv_net_cost", "difference"]), abs=1e-9 * scale)
            administration = float(scheme.corridors["pv_administration"].sum())
            assert administration == pytest.approx(float(indicators.loc["pv_coordination_administration", "difference"]), rel=1e-9)
        else:
            assert net == 0.0
        pensioners = y.pivot_table(index="year", columns="case", values="pensioners")
        gains = scheme.gains.groupby("year")[["extra_pensioners"]].sum()["extra_pensioners"]
        np.testing.assert_allclose(gains, pensioners["with"] - pensioners["without"], atol=1e-6)
        assert scheme.corridors["extra_pensioners_2050"].sum() == pytest.approx(float(gains.loc[2050]), abs=1e-6)
        population_adds_up(scheme.population)


def population_adds_up(population: pd.DataFrame) -> None:
    broad = population[population["age_group"].isin(["0-14", "15-59", "60+"])].groupby(["year", "sex"])["persons"].sum()
    five = population[~population["age_group"].isin(["0-14", "15-59", "60+"])].groupby(["year", "sex"])["persons"].sum()
    assert sorted(set(five.index.get_level_values("year"))) == [2026, 2050, 2075, 2100]
    np.testing.assert_allclose(broad.loc[five.index], five, rtol=1e-12)


def test_parts_of_every_table_add_up_to_totals(study: StudyResult) -> None:
    parts_add_up(study)


def test_corridors_hold_the_whole_difference_of_the_two_cases(run: RegionRun, study: StudyResult) -> None:
    """Present values by corridor, item by item, against the yearly table."""
    for c, country in enumerate(run.basis.countries):
        scheme, rates = study.schemes[country], run.countries[c].inputs.investment_return[START:]
        if not run.countries[c].law.collecting:
            continue
        without, with_ = (scheme.yearly[scheme.yearly["case"] == case] for case in ("without", "with"))
        value = {name: present_value(with_[name].to_numpy() - without[name].to_numpy(), rates)
                 for name in ("pensions", "lump_sums", "refunds", "account_payouts", "other_benefits", "administration")}  # fmt: skip
        sums = scheme.corridors.sum(numeric_only=True)
        scale = 1e-9 * max(abs(v) for v in value.values()) + 1e-3
        # Sums commuted with a pension stand with lump sums in the yearly table and with pensions by corridor.
        pensions = sums["pv_extra_pensions"] - sums["pv_lump_sums_not_paid"]
        assert pensions == pytest.approx(value["pensions"] + value["lump_sums"], abs=scale)
        assert -sums["pv_refunds_not_paid"] == pytest.approx(value["refunds"], abs=scale)
        assert sums["pv_extra_payouts"] == pytest.approx(value["account_payouts"] + value["other_benefits"], abs=scale)
        assert value["administration"] == pytest.approx(present_value(coordination_cost(run, c), rates), abs=scale)


def test_signs(run: RegionRun, study: StudyResult) -> None:
    """Higher-of, export and blocked refunds: no pension falls, no refund rises, and nobody loses a pension."""
    for c, _ in enumerate(run.countries):
        for _, cost, *_ in sides_of(run, c):
            for name in ("new_pensions", "pensions", "pensioners", "commutations"):
                gap = (cost.with_instrument[name] - cost.without[name]).sum(axis=0)
                assert gap.min() >= -1e-9 * max(cost.without[name].max(), 1.0)
            assert np.all(cost.with_instrument["refunds"] <= cost.without["refunds"])
            assert np.all(cost.with_instrument["by_totalisation"] <= cost.with_instrument["new_pensions"] + 1e-12)
            assert cost.without["by_totalisation"].sum() == 0.0
    for scheme in study.schemes.values():
        assert scheme.corridors["pv_refunds_not_paid"].min() >= 0.0


def test_two_runs_of_one_input_are_equal_bit_by_bit(basis: StudyBasis, scenario: Scenario, instrument: Instrument, run: RegionRun,
                                                    study: StudyResult) -> None:  # fmt: skip
    again = study_of(run_region(basis, scenario, instrument, demography=run.demography))
    pd.testing.assert_frame_equal(again.transfers, study.transfers, check_exact=True)
    for country, scheme in study.schemes.items():
        for name in ("yearly", "indicators", "corridors", "gains", "residence", "calibration"):
            pd.testing.assert_frame_equal(getattr(again.schemes[country], name), getattr(scheme, name), check_exact=True)
