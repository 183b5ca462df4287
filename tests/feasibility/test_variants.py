"""Variants change one thing and nothing else, and change nothing at a neutral size."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from actuarial.basis.dimensions import AGE_COUNT, FIRST_YEAR, HORIZON, VALUATION_YEAR, year_index
from actuarial.basis.economy import load_economy, with_scenario
from actuarial.basis.errors import InputError
from actuarial.basis.instrument import Instrument
from actuarial.basis.scenario import Scenario
from actuarial.basis.scheme_law import Indices
from actuarial.basis.sensitivities import LEVERS, load_sensitivities
from actuarial.demography.corridors import DemographicProjection
from actuarial.feasibility import variants, variants_law
from actuarial.feasibility.engine import country_inputs
from actuarial.feasibility.inputs import StudyBasis, migrant_coverage
from actuarial.feasibility.levers import APPLY, Study, apply, cover_factor, covered_level, stands_still
from tests.feasibility.conftest import DATA

START = year_index(FIRST_YEAR)


def changed(before: Any, after: Any, place: str = "") -> set[str]:
    """Places that differ between two bases, by value; arrays of no and of neutral factors are told apart on purpose."""
    if before is after:
        return set()
    if is_dataclass(before) and type(before) is type(after):
        return set().union(*(changed(getattr(before, f.name), getattr(after, f.name), f"{place}.{f.name}".lstrip(".")) for f in fields(before)))
    if isinstance(before, BaseModel) and type(before) is type(after):
        return set().union(*(changed(getattr(before, n), getattr(after, n), f"{place}.{n}".lstrip(".")) for n in type(before).model_fields))
    if isinstance(before, tuple) and isinstance(after, tuple) and len(before) == len(after):
        return set().union(set(), *(changed(a, b, f"{place}[{i}]") for i, (a, b) in enumerate(zip(before, after, strict=True))))
    if isinstance(before, np.ndarray) or isinstance(after, np.ndarray):
        same = isinstance(before, np.ndarray) and isinstance(after, np.ndarray) and np.array_equal(before, after, equal_nan=True)
        return set() if same else {place}
    return set() if before == after else {place}


def size(basis: StudyBasis) -> int:
    return len(basis.countries)


def test_mortality_changes_death_rates_of_the_future_only(basis: StudyBasis) -> None:
    log = np.zeros((size(basis), AGE_COUNT, HORIZON))
    log[2, 60:, 4:] = np.log(1.1)
    other = variants.with_mortality(basis, log)
    assert changed(basis, other) == {"population.death_rates"}
    ratio = other.population.death_rates / basis.population.death_rates
    assert (ratio[..., : START + 4] == 1.0).all() and (np.delete(ratio, 2, axis=0) == 1.0).all() and (ratio[:, :, :60] == 1.0).all()
    np.testing.assert_allclose(ratio[2, :, 60:, START + 4 :], 1.1, rtol=1e-12)
    assert not changed(basis, variants.with_mortality(basis, 0.0 * log))


def test_mortality_may_differ_by_sex(basis: StudyBasis) -> None:
    log = np.zeros((1, 2, 1, 1))
    log[0, 1] = np.log(0.9)
    ratio = variants.with_mortality(basis, log).population.death_rates / basis.population.death_rates
    assert (ratio[:, 0] == 1.0).all()
    np.testing.assert_allclose(ratio[:, 1, :, START:], 0.9, rtol=1e-12)


@pytest.mark.parametrize("shape", [(75,), (3, AGE_COUNT, HORIZON), (1, AGE_COUNT, 74)])
def test_a_factor_of_another_shape_is_refused(basis: StudyBasis, shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match="shape"):
        variants.with_mortality(basis, np.zeros(shape))


def test_a_factor_must_be_a_number_and_not_negative(basis: StudyBasis) -> None:
    with pytest.raises(InputError, match="finite"):
        variants.with_mortality(basis, np.full((1, 1, 1), np.nan))
    with pytest.raises(InputError, match="-0.5, allowed is 0 or more"):
        variants.with_coverage(basis, np.full((1, 1), -0.5))


def test_cover_of_residents_from_the_first_year_end_on(basis: StudyBasis, scenario: Scenario, whole_demography: DemographicProjection) -> None:
    factor = np.ones((size(basis), HORIZON))
    c = basis.countries.index("KEN")
    factor[c, :] = 1.2
    other = variants.with_coverage(basis, factor)
    assert changed(basis, other) == {"labour.cover_factor"}
    before, after = (country_inputs(b, whole_demography, c, scenario).coverage for b in (basis, other))
    # Published contributors stand at 1 January of the first projection year; the first factor acts a year later.
    assert (after.share[..., : START + 1] == before.share[..., : START + 1]).all()
    np.testing.assert_allclose(after.share[..., START + 1 :], 1.2 * before.share[..., START + 1 :], rtol=1e-12)
    np.testing.assert_allclose(after.level[START + 1 :], 1.2 * before.level[START + 1 :], rtol=1e-12)
    twice = variants.with_coverage(other, factor).labour.cover_factor
    assert twice is not None and np.allclose(twice[c], 1.44)
    rest = basis.countries.index("TZA")
    elsewhere = [country_inputs(b, whole_demography, rest, scenario).coverage.share for b in (basis, other)]
    assert (elsewhere[0] == elsewhere[1]).all()
    neutral = country_inputs(variants.with_coverage(basis, np.ones((1, 1))), whole_demography, c, scenario).coverage
    assert (neutral.share == before.share).all()


def test_more_than_everybody_cannot_be_covered(basis: StudyBasis, scenario: Scenario, whole_demography: DemographicProjection) -> None:
    with pytest.raises(InputError, match="KEN, allowed 0 to 1"):
        country_inputs(variants.with_coverage(basis, np.full((1, 1), 10.0)), whole_demography, basis.countries.index("KEN"), scenario)


def test_cover_of_migrants_by_host(basis: StudyBasis, scenario: Scenario) -> None:
    host = basis.countries.index("KEN")
    factor = np.ones((size(basis), HORIZON))
    factor[host, 1:] = 0.8
    other = variants.with_migrant_coverage(basis, factor)
    assert changed(basis, other) == {"careers.migrant_cover_factor"}
    base = migrant_coverage(basis, scenario, 0, host)
    assert (migrant_coverage(other, scenario, 0, host)[START + 1 :] == 0.8 * base[START + 1 :]).all()
    assert (migrant_coverage(other, scenario, 0, host)[: START + 1] == base[: START + 1]).all()
    assert (migrant_coverage(other, scenario, 0, 0) == migrant_coverage(basis, scenario, 0, 0)).all()


@pytest.fixture(scope="module")
def study(basis: StudyBasis, scenario: Scenario, instrument: Instrument) -> Study:
    return Study(basis, scenario, instrument)


def laws(basis: StudyBasis, c: int, years: tuple[int, ...]) -> list[Any]:
    indices = Indices.from_growth(basis.economy.wage_growth[c], basis.economy.inflation[c])
    return [basis.schemes[c].law(year, indices) for year in years]


def different(before: Any, after: Any) -> set[str]:
    """Fields of a law that differ."""
    return {f.name for f in fields(before) if getattr(before, f.name) != getattr(after, f.name)}


NEUTRAL = {"percentage points": 0.0, "factor": 1.0, "years": 0.0}


@pytest.mark.parametrize("lever", sorted(lever for lever, unit in LEVERS.items() if unit in NEUTRAL and not lever.endswith("cover")))
def test_a_neutral_setting_gives_the_same_objects(study: Study, lever: str) -> None:
    assert stands_still(study, [(lever, NEUTRAL[LEVERS[lever]])])


def test_every_lever_of_the_list_is_known_and_the_other_way_round() -> None:
    assert set(APPLY) == set(LEVERS)


@pytest.mark.parametrize(
    ("lever", "setting", "places"),
    [
        ("real_return", 0.01, {"basis.economy.real_return", "basis.economy.investment_return", "scenario.economy.real_return_add"}),
        ("mortality", 0.9, {"basis.population.death_rates"}),
        ("fertility", 1.1, {"basis.population.fertility"}),
        ("exchange_rate", 1.1, {"basis.economy.exchange_rate"}),
        ("outflow", 2.0, {"scenario.migration.outflow_multiplier"}),
        ("stock", 0.5, {"scenario.migration.stock_multiplier"}),
        ("returns", 1.25, {"scenario.migration.return_multiplier"}),
        ("density", 0.9, {"scenario.collection.density_factor"}),
        ("compliance", 0.9, {"scenario.collection.compliance_factor"}),
        ("exits", 1.25, {"basis.careers.exit_rate"}),
        ("emigrant_cover", 2.0, {"basis.careers.emigrant_cover"}),
        ("mover_pay", 1.1, {"basis.careers.mover_pay"}),
        ("invalidity", 0.75, {"basis.contingencies.invalidity"}),
        ("marriage", 1.1, {"basis.families.married"}),
        ("take_up", 0.5, {"instrument.take_up"}),
        ("administration", 2.0, {f"instrument.administration.{n}" for n in ("fixed_usd_per_year_per_scheme", "share_of_coordinated_benefits")}),
    ],
)
def test_a_lever_changes_its_place_and_no_other(study: Study, lever: str, setting: float, places: set[str]) -> None:
    other = apply(study, [(lever, setting)])
    found = set().union(*(changed(getattr(study, part), getattr(other, part), part) for part in Study._fields))
    assert {place.split("[")[0] for place in found} == places


@pytest.mark.parametrize(
    ("lever", "add"), [("real_return", "real_return_add"), ("real_wage", "real_wage_growth_add"), ("inflation", "inflation_add")]
)
def test_economic_levers_do_what_the_scenario_they_name_would(study: Study, lever: str, add: str) -> None:
    other = apply(study, [(lever, 0.01)])
    assert getattr(other.scenario.economy, add) == 0.01
    assert not changed(other.basis.economy, with_scenario(load_economy(DATA, study.basis.countries), other.scenario))


def test_additions_by_country_and_year(basis: StudyBasis) -> None:
    add = np.zeros((size(basis), HORIZON))
    add[1, 10] = 0.02
    economy = variants.with_economy(basis, inflation=add).economy
    rise = economy.inflation - basis.economy.inflation
    assert rise[1, START + 10] == pytest.approx(0.02)
    assert np.count_nonzero(rise) == 1
    np.testing.assert_allclose(1 + economy.wage_growth, (1 + economy.inflation) * (1 + economy.real_wage_growth), rtol=1e-14)
    # Relative inflation of one year moves the exchange rate from then on, and that of no other country.
    ratio = economy.exchange_rate / basis.economy.exchange_rate
    rise_of_prices = (1 + economy.inflation[1, START + 10]) / (1 + basis.economy.inflation[1, START + 10])
    np.testing.assert_allclose(ratio[1, START + 10 :], rise_of_prices, rtol=1e-12)
    assert (np.delete(ratio, 1, axis=0) == 1.0).all()


def test_depreciation_of_a_scenario_outlives_additions(scenario: Scenario) -> None:
    payment = scenario.payment.model_copy(update={"exchange_rate_add": {"BDI": 0.02}})
    both = scenario.model_copy(update={"payment": payment, "economy": scenario.economy.model_copy(update={"real_return_add": 0.01})})
    one = scenario.model_copy(update={"payment": payment})
    raw = load_economy(DATA, ("BDI", "KEN"))
    assert (with_scenario(raw, both).exchange_rate == with_scenario(raw, one).exchange_rate).all()
    assert (with_scenario(raw, one).exchange_rate[0, START:] > with_scenario(raw, scenario).exchange_rate[0, START:]).all()


def test_all_is_paid_and_collected_so_more_is_not_possible(study: Study) -> None:
    assert stands_still(study, [("density", 1.1)])
    assert stands_still(study, [("compliance", 1.1)])
    half = apply(study, [("density", 0.5)])
    assert set(half.scenario.collection.density_factor) == {s.country for s in study.basis.schemes if s.collecting}
    # From a half, ten per cent more is possible; three times as much stops at all of it.
    assert set(apply(half, [("density", 1.1)]).scenario.collection.density_factor.values()) == {0.55}
    assert set(apply(half, [("density", 3.0)]).scenario.collection.density_factor.values()) == {1.0}


@pytest.mark.parametrize("years", [-5, 5])
def test_the_qualifying_period_changes_from_the_first_projection_year_on(basis: StudyBasis, years: int) -> None:
    other = variants_law.with_qualifying_years(basis, years)
    for c, scheme in enumerate(basis.schemes):
        before, after = laws(basis, c, (2000, VALUATION_YEAR, FIRST_YEAR, 2060)), laws(other, c, (2000, VALUATION_YEAR, FIRST_YEAR, 2060))
        assert before[:2] == after[:2]
        if scheme.kind == "defined_benefit":
            assert [different(b, a) for b, a in zip(before[2:], after[2:], strict=True)] == [{"qualifying_months"}] * 2
            assert after[3].qualifying_months == before[3].qualifying_months + 12 * years
        else:
            assert other.schemes[c] is scheme


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_refunds_are_taken_by_nobody_or_everybody_where_the_law_has_them(basis: StudyBasis, share: float) -> None:
    other = variants_law.with_refunds(basis, share)
    for c, scheme in enumerate(basis.schemes):
        (past, before), (same, after) = laws(basis, c, (VALUATION_YEAR, 2040)), laws(other, c, (VALUATION_YEAR, 2040))
        assert past == same
        assert different(before, after) == ({"refund_take_up", "refund_take_up_nationals"} if before.refund_on_leaving else set())
        assert after.refund_on_leaving is before.refund_on_leaving
        assert (other.schemes[c] is scheme) == (not before.refund_on_leaving)
        if before.refund_on_leaving:
            assert (after.refund_take_up, after.refund_take_up_nationals) == (share, share)


def test_a_ceiling_follows_prices_from_its_last_legislated_value_on(basis: StudyBasis) -> None:
    other = variants_law.with_ceiling_index(basis, "prices")
    c = basis.countries.index("KEN")
    years = (VALUATION_YEAR, 2026, 2027, 2060)
    before, after = laws(basis, c, years), laws(other, c, years)
    assert before[:3] == after[:3]
    assert different(before[3], after[3]) == {"ceiling"}
    prices = basis.economy.price_index()[c]
    assert after[3].ceiling == pytest.approx(after[2].ceiling * prices[year_index(2060)] / prices[year_index(2027)])
    assert other.schemes[basis.countries.index("TZA")] is basis.schemes[basis.countries.index("TZA")], "no ceiling there"
    # Both ceilings of the region follow wages already.
    assert variants_law.with_ceiling_index(basis, "wages") is basis


def test_a_ceiling_last_set_long_ago_stands_where_its_index_has_brought_it(basis: StudyBasis) -> None:
    c = basis.countries.index("KEN")
    scheme = basis.schemes[c]
    part = scheme.file.contributions
    assert part is not None
    old = part.ceiling.model_copy(update={"values": part.ceiling.values[:1], "indexed_after": 2010, "indexation": "wages"})  # type: ignore[union-attr]
    file = scheme.file.model_copy(update={"contributions": part.model_copy(update={"ceiling": old})})
    aged = replace(basis, schemes=(*basis.schemes[:c], replace(scheme, file=file), *basis.schemes[c + 1 :]))
    before, after = (laws(b, c, (2012, 2020, VALUATION_YEAR, 2030)) for b in (aged, variants_law.with_ceiling_index(aged, "none")))
    assert [law.ceiling for law in after[:3]] == pytest.approx([law.ceiling for law in before[:3]], rel=1e-12)
    assert after[3].ceiling == pytest.approx(before[2].ceiling, rel=1e-12)


def test_take_up_ends_where_it_is_told(instrument: Instrument) -> None:
    half = variants_law.with_take_up(instrument, 0.5)
    last = instrument.take_up[-1].share
    for year in (2027, 2030, 2080):
        assert half.take_up_share(year) == pytest.approx(instrument.take_up_share(year) * 0.5 / last)
    assert variants_law.with_take_up(instrument, 1.0).take_up_share(2100) == 1.0
    assert variants_law.with_take_up(instrument, last) is instrument
    with pytest.raises(InputError, match=r"1\.5"):
        variants_law.with_take_up(instrument, 1.5)


def test_points_of_cover_are_points_of_the_level(study: Study, whole_demography: DemographicProjection) -> None:
    level = covered_level(study)
    more = apply(study, [("resident_cover", 0.1)])
    for code in ("KEN", "COD", "SOM"):
        c = study.basis.countries.index(code)
        found = country_inputs(more.basis, whole_demography, c, study.scenario).coverage.level
        base = country_inputs(study.basis, whole_demography, c, study.scenario).coverage.level
        assert base[START] == level[c]
        assert (found[: START + 2] == base[: START + 2]).all()
        assert found[-1] == pytest.approx(base[-1] + 0.1 if level[c] > 0.0 else 0.0)


@pytest.mark.parametrize(("level", "points", "left"), [(0.5, 0.1, 1.2), (0.5, -0.1, 0.8), (0.1, -0.1, 0.25), (0.0, 0.1, 1.0)])
def test_a_quarter_of_the_cover_is_left(level: float, points: float, left: float) -> None:
    factor = cover_factor(np.array([level]), points)[0]
    assert factor[0] == 1.0
    assert factor[-1] == pytest.approx(left)
    assert (np.diff(factor) * np.sign(left - 1.0) >= 0.0).all()


def test_every_lever_is_used() -> None:
    assert {row.lever for row in load_sensitivities(DATA).rows} == set(LEVERS)
