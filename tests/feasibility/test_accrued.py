"""Periods before the projection, rights accrued to date, posted workers: what stands beside the whole run."""

from __future__ import annotations

import numpy as np
import pytest

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, year_index
from actuarial.basis.instrument import PROVISIONS, Instrument
from actuarial.basis.instrument_provisions import ApplicableLegislation
from actuarial.feasibility.accrued import accrued_liabilities
from actuarial.feasibility.cashflow import net_cost_of_side, sides_of, stayer_flows
from actuarial.feasibility.engine import RegionRun, evaluate_past
from actuarial.feasibility.posting import posted_earnings
from actuarial.finance.indicators import present_value
from actuarial.finance.liabilities import difference

START = year_index(FIRST_YEAR)
ENTRY = 2028
YEARS = range(FIRST_YEAR, FIRST_YEAR + HORIZON)


@pytest.fixture(scope="module")
def past(run: RegionRun, instrument: Instrument) -> RegionRun:
    return evaluate_past(run, instrument)


def test_nobody_is_insured_after_the_valuation_date(past: RegionRun) -> None:
    for corridor in past.corridors:
        assert corridor.covered[:, 0].sum() > 0.0
        assert not corridor.covered[:, 1:].any()


def test_past_periods_cost_a_part_of_the_whole_and_end_with_the_people(run: RegionRun, past: RegionRun) -> None:
    """Pensions owed for past periods alone never exceed those of the same movers who go on working, and run out as they die."""
    for whole, before in zip(run.corridors, past.corridors, strict=True):
        for a, b in zip(whole.sides, before.sides, strict=True):
            assert b.without["new_pensions"].sum() <= a.without["new_pensions"].sum() * (1.0 + 1e-9)
            assert not b.with_instrument["new_pensions"][:, 60:].any()
            assert np.abs(net_cost_of_side(b)).sum() <= np.abs(net_cost_of_side(a)).sum() + 1e-6


def test_the_initial_liability_is_the_difference_of_rights_accrued(run: RegionRun, past: RegionRun) -> None:
    for c, country in enumerate(run.countries):
        found = accrued_liabilities(run, past, c)
        assert (found is None) == (country.law.kind != "defined_benefit")
        if found is None:
            continue
        without, with_ = found
        rates = country.inputs.investment_return[START:]
        costs = sum(present_value(net_cost_of_side(cost) + cost.posted_contributions, rates) for _, cost, *_ in sides_of(past, c))
        assert difference(with_, without) == pytest.approx(costs, rel=1e-6, abs=1e-9 * without.value)
        assert without.pensioners == with_.pensioners > 0.0
        flows = stayer_flows(run, c)
        open_group = present_value(flows.pensions + flows.invalidity_pensions + flows.survivors_pensions + flows.lump_sums, rates)
        assert 0.0 < without.insured < open_group - without.pensioners


def test_no_instrument_no_initial_liability(run: RegionRun, instrument: Instrument) -> None:
    off = evaluate_past(run, instrument.without(*PROVISIONS))
    for c, country in enumerate(run.countries):
        if country.law.kind == "defined_benefit":
            pair = accrued_liabilities(run, off, c)
            assert pair is not None
            assert pair[0].value == pair[1].value


@pytest.mark.parametrize("months", [0, 6, 12, 24, 30])
def test_posted_workers_pay_at_home_for_the_months_of_the_provision(run: RegionRun, instrument: Instrument, months: int) -> None:
    """By hand: arrivals of a year pay for ``months`` after its end, at the pay of their age in each year; nobody who arrived before entry."""
    country = run.countries[run.basis.countries.index("RWA")]
    rows = country.insurable.shape[2]
    arrivals = np.zeros((HORIZON, rows))
    arrivals[1, 10], arrivals[4, 20] = 1000.0, 500.0
    rule = ApplicableLegislation(posting_months=months)
    treaty = instrument.model_copy(update={"provisions": instrument.provisions.model_copy(update={"applicable_legislation": rule})})
    found = posted_earnings(country, 0, arrivals, 0.1, treaty)
    expected = np.zeros(HORIZON)
    for k in range(1, 4):
        part = min(max(months / 12.0 - (k - 1), 0.0), 1.0)
        expected[4 + k] = part * 0.1 * 500.0 * country.insurable[0, START + 4 + k, 20 + k]
    assert instrument.entry_into_force == ENTRY
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_posting_moves_contributions_and_nothing_else(run: RegionRun, instrument: Instrument) -> None:
    for corridor in run.corridors:
        home, host = corridor.sides
        for cost, kind in zip(corridor.sides, (run.countries[c].law.kind for c in (corridor.origin, corridor.host)), strict=True):
            # Nobody arrives insured in a state without a collecting scheme, so nobody is counted as posted there.
            assert cost.posted_contributions.any() == (kind == "defined_benefit" and run.countries[corridor.host].law.collecting)
        assert (home.posted_contributions >= 0.0).all()
        assert (host.posted_contributions <= 0.0).all()
        before = [t for t, year in enumerate(YEARS) if year <= ENTRY]
        assert not home.posted_contributions[before].any()
    c = run.basis.countries.index("KEN")
    assert posted_earnings(run.countries[c], 0, np.ones((HORIZON, 45)), 1.0, instrument).sum() == 0.0
    without = instrument.without("applicable_legislation")
    rwanda = run.countries[run.basis.countries.index("RWA")]
    assert posted_earnings(rwanda, 0, np.ones((HORIZON, 45)), 1.0, without).sum() == 0.0
