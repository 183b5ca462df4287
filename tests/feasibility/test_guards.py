"""A wrong number spoilt into any stage stops the run there, named by stage, country, year and age."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from actuarial.basis.dimensions import FIRST_YEAR, year_index
from actuarial.basis.errors import NumericalFailure
from actuarial.careers.lattice import LatticeOutput
from actuarial.demography.corridors import DemographicProjection
from actuarial.feasibility.cashflow import case_flows
from actuarial.feasibility.engine import PreparedRegion, PricedCorridor, RegionRun, corridor_inputs, prepare_region
from actuarial.feasibility.ensemble_paths import SchemeFlows
from actuarial.feasibility.guards import (
    guard_demography,
    guard_economy,
    guard_flows,
    guard_insured,
    guard_movers,
    guard_paths,
    guard_payments,
    guard_tables,
)
from actuarial.feasibility.inputs import StudyBasis
from actuarial.feasibility.result import StudyResult


@pytest.fixture(scope="module")
def lattice(prepared: PreparedRegion) -> LatticeOutput:
    """Movers of the first corridor, men, under national law."""
    corridor = PricedCorridor.of(prepared, [], 0, 0, corridor_inputs(prepared, 0, 0))
    assert corridor is not None
    return corridor.without


def spoilt(owner: Any, name: str, at: tuple[int, ...], value: float) -> Any:
    """A copy of a frozen object with one cell of an array changed."""
    values = np.array(getattr(owner, name), copy=True)
    values[at] = value
    return replace(owner, **{name: values})


def test_inflation_that_overflows_within_the_horizon_is_named_by_country_and_year(basis: StudyBasis) -> None:
    inflation = basis.economy.inflation.copy()
    inflation[1, year_index(FIRST_YEAR) :] = 1e6  # 75 years of it: 1e450
    with pytest.raises(NumericalFailure, match=f"economy: level that inflation leads to, {basis.countries[1]}, year 20[67]\\d is inf"):
        guard_economy(replace(basis.economy, inflation=inflation))
    inflation[1, year_index(2040)] = -1.5
    inflation[1, year_index(2041) :] = 0.0
    with pytest.raises(NumericalFailure, match=f"economy: inflation, {basis.countries[1]}, year 2040 is -1.5"):
        guard_economy(replace(basis.economy, inflation=inflation))


@pytest.mark.parametrize("name", ["population", "survival"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -0.5])
def test_people_and_survival_are_looked_at(whole_demography: DemographicProjection, name: str, value: float) -> None:
    d = whole_demography
    cell = (2, 1, 60, year_index(2050))
    with pytest.raises(NumericalFailure, match=f"population and migration: .*, {d.countries[2]}, female, year 2050, age 60 is {value:g}"):
        guard_demography(spoilt(d, name, cell, value))


@pytest.mark.parametrize("name", ["movers_abroad", "movers_home", "refugees", "labour_outflow", "return_rate"])
def test_movers_are_looked_at(whole_demography: DemographicProjection, name: str) -> None:
    d = whole_demography
    origin, host = (d.countries[int(i)] for i in d.corridors[3])
    with pytest.raises(NumericalFailure, match=f"{origin}-{host}, male, year 2033, age 25 is -0.1"):
        guard_demography(spoilt(d, name, (3, 0, 25, year_index(2033)), -0.1))


def test_a_person_too_many_is_named_by_country_and_year(whole_demography: DemographicProjection) -> None:
    d = whole_demography
    at = (0, 0, 30, year_index(2044))
    more = spoilt(d, "population", at, float(d.population[at]) + 1.0)
    with pytest.raises(NumericalFailure, match=rf"residents not conserved, {d.countries[0]}, male, year 2043: \+1 of"):
        guard_demography(more)


@pytest.mark.parametrize("name", ["people", "amount"])
def test_the_insured_are_looked_at(prepared: PreparedRegion, name: str) -> None:
    country, code = prepared.countries[0], prepared.basis.countries[0]
    out = spoilt(country.stayers[1], name, (year_index(2047), 20, 0, 4), np.nan)
    place = f"{code}, female, year 2047, age 35, cover covered, half-years of service 4"
    with pytest.raises(NumericalFailure, match=f"insured at home: {name}, {place} is nan"):
        guard_insured(code, replace(country, stayers=(country.stayers[0], out)))


def test_an_insured_person_lost_is_named_by_year_and_age(prepared: PreparedRegion) -> None:
    country, code = prepared.countries[0], prepared.basis.countries[0]
    out = country.stayers[0]
    cell = (year_index(2047), 20, 1, 0)
    with pytest.raises(NumericalFailure, match=f"people aged 15 and over not conserved, {code}, male, year 2047, age 35"):
        guard_insured(code, replace(country, stayers=(spoilt(out, "people", cell, float(out.people[cell]) + 5.0), country.stayers[1])))


def test_payments_and_flows_are_looked_at(run: RegionRun) -> None:
    corridor = next(r for r in run.corridors if r.sides[0].earnings.any())
    with pytest.raises(NumericalFailure, match="payments to movers: earnings, AAA, AAA-BBB, year 2029 is -"):
        guard_payments("AAA", "AAA-BBB", spoilt(corridor.sides[0], "earnings", (3,), -0.1 * float(corridor.sides[0].earnings.max())))
    c = corridor.origin
    _, with_instrument = case_flows(run, c)
    code = run.basis.countries[c]
    with pytest.raises(NumericalFailure, match=f"cash flows: lump sums with the instrument, {code}, year 2031 is nan"):
        guard_flows(code, "with", spoilt(with_instrument, "lump_sums", (5,), np.nan), run.basis.countries)
    reserve = spoilt(with_instrument.reserve, "closing", (9,), np.inf)
    with pytest.raises(NumericalFailure, match=f"reserve, closing, with the instrument, {code}, year 2035 is inf"):
        guard_flows(code, "with", replace(with_instrument, reserve=reserve), run.basis.countries)


def test_tables_hold_nothing_undefined_but_where_it_may_be(study: StudyResult) -> None:
    result = next(iter(study.schemes.values()))
    guard_tables(result)
    yearly = result.yearly.copy()
    column = next(name for name in yearly.select_dtypes("number") if name not in ("year", "reserve_ratio"))
    yearly[column] = yearly[column].astype(float)
    yearly.loc[yearly.index[7], column] = np.nan
    year = yearly.loc[yearly.index[7], "year"]
    with pytest.raises(NumericalFailure, match=re.escape(f"tables: {result.country}, yearly, column {column}") + f".*year {year}.* is nan"):
        guard_tables(replace(result, yearly=yearly))
    ratio = result.yearly.copy()
    ratio["reserve_ratio"] = pd.Series(np.inf, index=ratio.index)
    with pytest.raises(NumericalFailure, match="column reserve_ratio"):
        guard_tables(replace(result, yearly=ratio))


def test_a_basis_that_overflows_never_reaches_the_projection(basis: StudyBasis, prepared: PreparedRegion) -> None:
    growth = np.full_like(basis.economy.wage_growth, 1e5)
    with pytest.raises(NumericalFailure, match="^economy: "):
        prepare_region(replace(basis, economy=replace(basis.economy, wage_growth=growth)), prepared.scenario, demography=prepared.demography)


def test_an_exchange_rate_of_nothing_is_named(basis: StudyBasis) -> None:
    rate = basis.economy.exchange_rate.copy()
    rate[2, year_index(2031)] = 0.0
    with pytest.raises(NumericalFailure, match=f"economy: logarithm of the exchange rate, {basis.countries[2]}, year 2031 is -inf"):
        guard_economy(replace(basis.economy, exchange_rate=rate))


@pytest.mark.parametrize(
    ("name", "at", "place"),
    [
        ("people", (1, 4, 10), "year 2030, age 25, residence host"),
        ("covered", (0, 4, 10), "year 2030, age 25, residence origin"),
        ("award_people", (0, 7, 1, 3, 2), "year 2033, scheme origin, residence host, half-years at home 3, half-years in the host country 2"),
        ("award_amount", (1, 0, 0, 0, 1), "year 2026, scheme host, residence origin, half-years at home 0, half-years in the host country 1"),
        ("refund_amount", (1, 9), "year 2035, scheme host"),
    ],
)
@pytest.mark.parametrize("value", [np.nan, -1e18])
def test_movers_of_the_lattice_are_looked_at(lattice: LatticeOutput, name: str, at: tuple[int, ...], place: str, value: float) -> None:
    guard_movers("AAA-BBB, male", lattice)
    with pytest.raises(NumericalFailure, match=f"movers: {name.replace('_', ' ')}, AAA-BBB, male, {place} is"):
        guard_movers("AAA-BBB, male", spoilt(lattice, name, at, value))


def test_a_payment_to_movers_that_is_no_number_is_named(run: RegionRun) -> None:
    side = next(r for r in run.corridors if r.sides[0].earnings.any()).sides[0]
    flows = {name: values.copy() for name, values in side.without.items()}
    flows["refunds"][1, 6] = np.inf
    with pytest.raises(NumericalFailure, match="payments to movers: refunds without the instrument, AAA, AAA-BBB, year 2032, residence host is inf"):
        guard_payments("AAA", "AAA-BBB", replace(side, without=flows))


def test_a_path_that_overflows_is_named_and_not_left_out() -> None:
    sound = np.ones((4, 3))
    flows = SchemeFlows(*((sound, sound),) * 5, sound, sound)
    guard_paths("AAA", flows, 250)
    wrong = sound.copy()
    wrong[2, 1] = np.inf
    with pytest.raises(NumericalFailure, match="ensemble: closing with, AAA, year 2027, path 252 is inf"):
        guard_paths("AAA", replace(flows, closing=(sound, wrong)), 250)
