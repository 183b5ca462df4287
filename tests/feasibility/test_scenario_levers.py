"""What the levers of scenarios do to the insured of one country and to one corridor; the whole region is not needed for that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from actuarial.basis.dimensions import FIRST_YEAR, VALUATION_YEAR, YEAR_COUNT, year_index
from actuarial.basis.errors import InputError
from actuarial.basis.instrument import Instrument
from actuarial.basis.scenario import RefugeesJoin, Scenario, SexPath, load_scenario
from actuarial.careers.country import AccountCalibration, CountryCareers, CountryInputs, run_country, scale_of_earnings
from actuarial.careers.earnings import MONTHS_PER_CREDIT
from actuarial.careers.stayers import COVERED, OUT
from actuarial.demography.corridors import DemographicProjection
from actuarial.feasibility.cashflow import case_flows
from actuarial.feasibility.checks import check_run
from actuarial.feasibility.engine import RegionRun, corridor_inputs, country_inputs, run_region
from actuarial.feasibility.inputs import StudyBasis, load_basis, migrant_coverage
from tests.feasibility.conftest import BY_CORRIDOR, DATA, SCENARIOS, people

START, BASE = year_index(FIRST_YEAR), year_index(VALUATION_YEAR)
Given = Callable[[str], CountryInputs]


@pytest.fixture(scope="module")
def everybody(basis: StudyBasis, scenario: Scenario) -> DemographicProjection:
    return people(basis, scenario)


@pytest.fixture(scope="module")
def inputs(basis: StudyBasis, scenario: Scenario, everybody: DemographicProjection) -> Given:
    return lambda code: country_inputs(basis, everybody, basis.countries.index(code), scenario)


def only(whole: DemographicProjection, corridor: str) -> DemographicProjection:
    names = [f"{whole.countries[o]}-{whole.countries[h]}" for o, h in whole.corridors]
    at = [names.index(corridor)]
    return replace(whole, **{name: getattr(whole, name)[at] for name in BY_CORRIDOR})


def with_levers(scenario: Scenario, section: str, **levers: Any) -> Scenario:
    return scenario.model_copy(update={section: getattr(scenario, section).model_copy(update=levers)})


def insured(given: CountryInputs) -> CountryCareers:
    scale = scale_of_earnings(given, given.scheme.calibration["contributions"].value)
    return run_country(given, scale, AccountCalibration())


def base_contributions(country: CountryCareers) -> float:
    """Received in the base year from everybody insured, as calibrated."""
    given = country.inputs
    covered = given.insurable_population[:, 15:70] * given.coverage.share
    total = 0.0
    for sex in (0, 1):
        half = 0.5 * covered[sex, :, BASE]
        half[:-1] += 0.5 * covered[sex, 1:, BASE + 1]
        total += float(half @ country.insurable[sex, BASE])
    return country.law.contribution_rate * total * float(country.compliance[BASE])


@pytest.mark.parametrize("code", ["TZA", "UGA"])
@pytest.mark.parametrize(("density", "compliance"), [(1.0, 1.0), (0.8, 1.0), (1.0, 0.7), (0.8, 0.7)])
def test_density_and_compliance_of_the_base_are_not_taken_off_twice(inputs: Given, code: str, density: float, compliance: float) -> None:
    """Whatever part of pay is thought to be left out, the level of pay makes up for it: published contributions are met."""
    given = replace(inputs(code), density=np.full(YEAR_COUNT, density), compliance=np.full(YEAR_COUNT, compliance))
    assert base_contributions(insured(given)) == pytest.approx(given.scheme.calibration["contributions"].value, rel=1e-6)


def test_density_of_a_scenario_lowers_months_and_pay_and_not_reference_earnings(
    basis: StudyBasis, scenario: Scenario, everybody: DemographicProjection, inputs: Given
) -> None:
    lower = with_levers(scenario, "collection", density_factor={"TZA": 0.9, "UGA": 0.9})
    for code, kind in (("TZA", "defined_benefit"), ("UGA", "account")):
        before = insured(inputs(code))
        after = insured(country_inputs(basis, everybody, basis.countries.index(code), lower))
        np.testing.assert_array_equal(after.insurable[:, :START], before.insurable[:, :START])
        np.testing.assert_allclose(after.insurable[:, START:], 0.9 * before.insurable[:, START:], rtol=1e-12)
        one, two = (c.side(0, 40, YEAR_COUNT, True) for c in (before, after))
        if kind == "account":
            np.testing.assert_allclose(two.add[START:], 0.9 * one.add[START:], rtol=1e-12)
        else:
            np.testing.assert_allclose(two.add, one.add, rtol=1e-12)
        for sex in (0, 1):
            months = after.months_per_credit(sex)
            assert (months[:START] == MONTHS_PER_CREDIT).all()
            assert (np.diff(months[START:]) <= 1e-12).all()
            assert months[-1] == pytest.approx(0.9 * MONTHS_PER_CREDIT, rel=1e-12)
        for sex in (0, 1):
            np.testing.assert_array_equal(after.stayers[sex].people, before.stayers[sex].people)


def test_compliance_of_a_scenario_lowers_cash_and_not_rights(
    basis: StudyBasis, scenario: Scenario, everybody: DemographicProjection, inputs: Given
) -> None:
    lower = with_levers(scenario, "collection", compliance_factor={"TZA": 0.8, "UGA": 0.8})
    pension, account = (insured(country_inputs(basis, everybody, basis.countries.index(code), lower)) for code in ("TZA", "UGA"))
    for country in (pension, account):
        before = insured(inputs(country.inputs.scheme.country))
        assert (country.compliance[:START] == 1.0).all() and (country.compliance[START:] == 0.8).all()
        np.testing.assert_array_equal(country.insurable, before.insurable)
        np.testing.assert_array_equal(country.months_per_credit(0), before.months_per_credit(0))
        one, two = (c.side(0, 40, YEAR_COUNT, True) for c in (before, country))
        if country is pension:
            for sex in (0, 1):
                np.testing.assert_array_equal(country.stayers[sex].amount, before.stayers[sex].amount)
            np.testing.assert_array_equal(two.add, one.add)
        else:
            # An account holds what came in.
            np.testing.assert_allclose(two.add[START:], 0.8 * one.add[START:], rtol=1e-12)


def test_a_factor_that_would_collect_more_than_is_due_is_refused(basis: StudyBasis, scenario: Scenario, everybody: DemographicProjection) -> None:
    wrong = with_levers(scenario, "collection", compliance_factor={"KEN": 1.2})
    with pytest.raises(InputError, match=r"scenario, collection: a compliance factor of 1\.2 leads to 1\.20 in KEN, allowed 0 to 1"):
        country_inputs(basis, everybody, basis.countries.index("KEN"), wrong)


def test_cover_of_movers_by_year_and_sex(basis: StudyBasis, scenario: Scenario) -> None:
    path = SexPath(male=1.5, female=2.0, first_year=2027, full_by=2036)
    more = with_levers(scenario, "migration", migrant_coverage_path=path, migrant_coverage_factor=0.8)
    for sex, full in ((0, 1.5), (1, 2.0)):
        factor = migrant_coverage(basis, more, sex)
        assert (migrant_coverage(basis, scenario, sex) == basis.careers.migrant_coverage).all()
        assert (factor[:START] == basis.careers.migrant_coverage).all()
        assert factor[START] == pytest.approx(0.8 * basis.careers.migrant_coverage)
        np.testing.assert_allclose(factor[year_index(2036) :], 0.8 * full * basis.careers.migrant_coverage)


def one_corridor_run(
    basis: StudyBasis, scenario: Scenario, instrument: Instrument, corridor: str, whole: DemographicProjection | None = None
) -> RegionRun:
    return run_region(basis, scenario, instrument, demography=only(whole if whole is not None else people(basis, scenario), corridor))


def test_refugees_who_work_are_movers_where_they_live(
    basis: StudyBasis, scenario: Scenario, instrument: Instrument, everybody: DemographicProjection
) -> None:
    """The host's own insured stay as many; those who joined are insured on top, and the lattice holds exactly the people of the projection."""
    joining = with_levers(scenario, "migration", refugees_join=RefugeesJoin(share=0.3, first_year=2030, full_by=2034))
    runs = [one_corridor_run(basis, scenario, instrument, "SSD-UGA", everybody), one_corridor_run(basis, joining, instrument, "SSD-UGA")]
    host, at = basis.countries.index("UGA"), year_index(2035)
    before, after = (r.countries[host] for r in runs)
    assert runs[1].demography.joined_abroad.sum() > 10_000
    for r in runs:
        assert max(c.mismatch for c in r.corridors) < 1e-3
        check_run(r, [case_flows(r, c) for c in range(len(r.countries))])
    for sex in (0, 1):
        one, two = before.stayers[sex].people[at], after.stayers[sex].people[at]
        joined = (runs[1].demography.movers_abroad - runs[0].demography.movers_abroad)[0, sex, 15 : 15 + one.shape[0], at]
        assert joined[5:40].min() > 0.0
        np.testing.assert_allclose(two.sum(axis=(1, 2)), one.sum(axis=(1, 2)) - joined, rtol=1e-3)
        # Those who left the stayers were not insured and had no service.
        np.testing.assert_allclose(two[:40, COVERED].sum(axis=1), one[:40, COVERED].sum(axis=1), rtol=2e-3)
        lost = one[:40, OUT, 1:].sum() - two[:40, OUT, 1:].sum()
        assert abs(lost) < 0.01 * joined[:40].sum()
    covered = [sum(c.covered[1].sum(axis=1) for c in r.corridors) for r in runs]
    assert (covered[1][: 2030 - FIRST_YEAR + 1] == covered[0][: 2030 - FIRST_YEAR + 1]).all()
    assert (covered[1][2032 - FIRST_YEAR :] > covered[0][2032 - FIRST_YEAR :]).all()


def test_nobody_is_a_new_mover_without_the_lever(basis: StudyBasis, scenario: Scenario, everybody: DemographicProjection) -> None:
    assert not everybody.joined_abroad.any()
    for c in range(len(basis.countries)):
        assert country_inputs(basis, everybody, c, scenario).new_movers is None


@pytest.fixture(scope="module")
def beginning(instrument: Instrument) -> RegionRun:
    """The scheme of South Sudan begins in 2027; only movers from DR Congo."""
    begins = load_scenario("south-sudan-collects", SCENARIOS)
    return one_corridor_run(load_basis(DATA, begins), begins, instrument, "COD-SSD")


def test_a_scheme_that_begins_has_no_past(beginning: RegionRun) -> None:
    c = beginning.basis.countries.index("SSD")
    country, first = beginning.countries[c], year_index(2027)
    assert beginning.scale[c] == 1.0
    for sex in (0, 1):
        people_ = country.stayers[sex].people
        assert not people_[: first + 1, :, COVERED].any()
        assert not people_[: first + 1, :, :, 1:].any()
        assert people_[first + 1, :, COVERED].sum() > 0.0
    for flows in case_flows(beginning, c):
        assert not flows.contributions[: 2027 - FIRST_YEAR].any()
        assert (flows.contributions[2027 - FIRST_YEAR :] > 0.0).all()
        assert flows.reserve.opening[0] == 0.0


def test_fifteen_own_years_make_a_pension_of_a_scheme_that_begins_and_periods_elsewhere_make_it_sooner(beginning: RegionRun) -> None:
    without, with_ = case_flows(beginning, beginning.basis.countries.index("SSD"))
    assert not without.new_pensions[: 2042 - FIRST_YEAR].any()
    assert (without.new_pensions[2043 - FIRST_YEAR :] > 0.0).all()
    first = beginning.instrument.entry_into_force - FIRST_YEAR
    assert (with_.new_pensions[first : 2042 - FIRST_YEAR] > 0.0).all()


def test_a_scheme_that_begins_reaches_its_cover_and_collects_in_proportion(beginning: RegionRun) -> None:
    basis, c = beginning.basis, beginning.basis.countries.index("SSD")
    country, target = beginning.countries[c], basis.schemes[c].starts
    assert target is not None
    at = year_index(target.full_year + 1)
    insurable = country.inputs.insurable_population[:, :, at]
    covered = (insurable[:, 15:70] * country.inputs.coverage.share[:, :, at]).sum()
    assert covered == pytest.approx(target.covered_share * insurable[:, 15:60].sum(), rel=1e-9)
    _, with_ = case_flows(beginning, c)
    rate = np.array([law.contribution_rate for law in country.laws[START:]])
    np.testing.assert_allclose(with_.contributions, basis.schemes[c].compliance(2030) * rate * with_.insurable_earnings, rtol=1e-12)


def test_every_identity_holds_with_a_scheme_that_begins(beginning: RegionRun) -> None:
    check_run(beginning, [case_flows(beginning, c) for c in range(len(beginning.countries))])


def test_an_unknown_scheme_of_a_scenario_is_named(scenario: Scenario) -> None:
    with pytest.raises(InputError, match="unknown scheme 'SSD-nsif-colecting'; did you mean 'SSD-nsif-collecting'"):
        load_basis(DATA, scenario.model_copy(update={"schemes": {"SSD": "SSD-nsif-colecting"}}))


def test_movers_of_a_corridor_take_the_cover_of_their_sex(basis: StudyBasis, scenario: Scenario, run: RegionRun) -> None:
    path = SexPath(male=1.0, female=3.0, first_year=2027, full_by=2027)
    more = replace(run, scenario=with_levers(scenario, "migration", migrant_coverage_path=path))
    for sex, full in ((0, 1.0), (1, 3.0)):
        assert np.ravel(corridor_inputs(more, 0, sex).coverage_factor)[-1] == pytest.approx(full * basis.careers.migrant_coverage)
