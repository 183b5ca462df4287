"""Arithmetic of paths: levels of the economy, mortality of cohorts, quantiles and their error. No region is projected here."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.dimensions import AGE_COUNT, FIRST_YEAR, HORIZON
from actuarial.feasibility.ensemble import SINGLE, YEARLY, EnsembleResult, EnsembleRun, chunks_of
from actuarial.feasibility.ensemble_paths import scheme_flows
from actuarial.feasibility.ensemble_tables import QUANTILES, ensemble_tables, quantiles_with_error
from actuarial.feasibility.path_movers import Elasticities, Served
from actuarial.feasibility.path_rates import SchemePaths, path_rates
from actuarial.feasibility.pay_response import proportional, reference_weights
from actuarial.feasibility.responses import ITEMS, SchemeResponse
from actuarial.feasibility.scheme_basis import MostOf, SchemeBasis
from actuarial.feasibility.stayer_ages import StayerAges

CAREER = 35


def scheme(kind: str = "defined_benefit") -> SchemeBasis:
    """Nobody moves: earnings of 100 a year at each age from 25 to 59, pensions of 10 a person awarded at 59, one person an age, no deaths by then."""
    people = np.ones((2, AGE_COUNT, HORIZON))
    earnings, new, stock = (np.zeros_like(people) for _ in range(3))
    earnings[:, 25:60] = 100.0
    for u in range(HORIZON):
        for x in range(59, AGE_COUNT):
            (new if x - 59 <= u else stock)[:, x, u] = 5.0 if x == 59 else 10.0
    nothing = np.zeros(HORIZON)
    account = np.zeros_like(people)
    balances = np.zeros(HORIZON + 1)
    if kind == "account":
        new[:], stock[:] = 0.0, 0.0
        account[:, 59], balances[:] = 3000.0, 1e5
    stayers = StayerAges(
        people, earnings, new, np.full((2, HORIZON), 10.0) * (kind != "account"), stock, nothing, nothing, np.zeros((2, HORIZON)), nothing, account,
        balances, (59, 59),
    )  # fmt: skip
    career = np.zeros((HORIZON, HORIZON))
    for t in range(HORIZON):
        career[t, max(0, t - CAREER + 1) : t + 1] = 1.0 / CAREER
    level = np.full(HORIZON, 0.0)
    return SchemeBasis(
        "AAA", kind, stayers, np.full((2, AGE_COUNT, HORIZON), 0.98), np.ones((2, HORIZON)), 30,
        level + 0.03, level + 0.05, level + 0.06, level + 1.0, level, proportional(3), 0.01,
        level + 0.1, level, level, 0.0, 1000.0, level, level, 1.0, career, MostOf.boundless(),
    )  # fmt: skip


NO_MOVERS = SchemeResponse(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros((len(ITEMS), 0, HORIZON)), np.zeros((2, HORIZON)))
ELASTIC = replace(Elasticities.none(), cover=replace(Served.none(), awards=np.ones(HORIZON), sums=np.ones(HORIZON)))


def paths(count: int = 1, **changed: np.ndarray | float) -> SchemePaths:
    zero, one = np.zeros((count, HORIZON)), np.ones((count, HORIZON))
    values = dict.fromkeys(("mortality", "inflation", "real_wage", "real_return", "cover_elsewhere", "density_elsewhere"), zero)
    values |= dict.fromkeys(("coverage", "density", "compliance", "take_up"), one)
    values |= {name: np.broadcast_to(value, zero.shape).astype(float) for name, value in changed.items()}
    return SchemePaths(np.ones((count, 0, 16)), pattern=np.full(AGE_COUNT, 0.01), **values)


def test_levels_of_a_constant_deviation() -> None:
    """Real wages 1 pp faster: 1.05/1.03 - 1 + 0.01 in real terms, so (1 + r + 0.01) / (1 + r) a year."""
    real = 1.05 / 1.03 - 1.0
    rates = path_rates(scheme(), paths(real_wage=0.01))
    assert rates.pay[0] == pytest.approx(((1.0 + real + 0.01) / (1.0 + real)) ** np.arange(1, HORIZON + 1))
    assert rates.prices[0] == pytest.approx(np.ones(HORIZON))
    assert rates.pensions[0] == pytest.approx(np.ones(HORIZON))  # pensions follow prices here
    more = path_rates(scheme(), paths(inflation=0.02))
    assert more.prices[0] == pytest.approx((1.05 / 1.03) ** np.arange(1, HORIZON + 1))
    assert more.pay[0] == pytest.approx(more.prices[0])
    assert more.investment_return[0] == pytest.approx(1.06 / 1.03 * 1.05 - 1.0)


def test_mean_of_the_years_before_an_award() -> None:
    prices = np.ones((1, HORIZON))
    wages = np.full((1, HORIZON), 8.0)
    wages[0, :3] = 1.0, 2.0, 4.0
    assert proportional(1).award("own", wages, prices)[0, :4] == pytest.approx([1.0, 2.0**0.5, 8.0**0.5, 32.0**0.5])
    assert proportional(2).award("own", wages, prices)[0, 3] == pytest.approx(np.exp(0.25 * np.log([2.0, 8.0]).sum() + 0.5 * np.log(4.0)))
    assert reference_weights(7).sum() == pytest.approx(1.0)
    assert proportional(3).pay(wages, 2.0 * prices) == pytest.approx(2.0 * wages)


def test_neutral_paths_are_the_base() -> None:
    flows = scheme_flows(scheme(), NO_MOVERS, ELASTIC, paths(3))
    assert flows.earnings[0] == pytest.approx(np.full((3, HORIZON), 7000.0))
    assert flows.expenditure[1] == pytest.approx(np.full((3, HORIZON), 2 * (5.0 + 10.0 * 41)))
    assert (flows.expenditure[0] == flows.expenditure[1]).all()


def test_wages_reach_new_pensions_only() -> None:
    """One wage rise of a tenth at once: contributions at once, the first new award after the years of reference, old pensions never."""
    jump = np.zeros(HORIZON)
    real = 1.05 / 1.03 - 1.0
    jump[0] = 0.1 * (1.0 + real)
    flows = scheme_flows(scheme(), NO_MOVERS, ELASTIC, paths(real_wage=jump))
    assert flows.contributions[0][0] == pytest.approx(np.full(HORIZON, 770.0))
    spent = flows.expenditure[0][0]
    assert spent[0] == pytest.approx(2 * (5.0 * 1.1 ** (0.5 / 3.0) + 410.0))
    assert spent[-1] == pytest.approx(1.1 * 2 * 415.0)  # everybody in payment was awarded under it
    assert (np.diff(spent) > -1e-9).all()


def test_more_deaths_mean_fewer_workers_and_pensioners_of_the_cohort() -> None:
    """A constant index: who was alive at the start and is x in year t has lived t + 1/2 years under it, each with exp(-(g - 1) |log S|)."""
    k = 20.0
    flows = scheme_flows(scheme(), NO_MOVERS, ELASTIC, paths(mortality=k))
    lost = (np.exp(0.01 * k) - 1.0) * -np.log(0.98)
    years = np.minimum(np.arange(HORIZON)[:, None], np.arange(25, 60)[None, :]) + 0.5
    expected = 200.0 * np.exp(-lost * years).sum(axis=1)
    assert flows.earnings[0][0, :25] == pytest.approx(expected[:25])
    assert (flows.earnings[0][0, 30:] < expected[30:]).all()  # and fewer are born to fewer mothers
    first = 2 * (5.0 + 410.0) * np.exp(-lost * 0.5)
    assert flows.expenditure[0][0, 0] == pytest.approx(first)


def test_cover_acts_on_contributions_at_once_and_on_pensions_by_service() -> None:
    flows = scheme_flows(scheme(), NO_MOVERS, ELASTIC, paths(coverage=1.2))
    assert flows.contributions[0][0] == pytest.approx(np.full(HORIZON, 840.0))
    spent = flows.expenditure[0][0]
    assert spent[0] == pytest.approx(2 * (5.0 * 1.2 ** (1.0 / CAREER) + 410.0))
    # The last years pay what was awarded since year 33; from year 34 on all service was earned under the new cover.
    assert spent[-1] == pytest.approx(2.0 * (5.0 * 1.2 + 10.0 * (40 * 1.2 + 1.2 ** (34.0 / CAREER))), rel=1e-3)


def test_compliance_acts_on_contributions_alone() -> None:
    flows = scheme_flows(scheme(), NO_MOVERS, ELASTIC, paths(compliance=0.8))
    assert flows.contributions[0][0] == pytest.approx(np.full(HORIZON, 560.0))
    assert flows.expenditure[0][0] == pytest.approx(np.full(HORIZON, 830.0))


def test_accounts_are_credited_with_what_is_collected() -> None:
    base, less = (scheme_flows(scheme("account"), NO_MOVERS, ELASTIC, paths(compliance=c)) for c in (1.0, 0.5))
    assert less.expenditure[0][0, 0] == base.expenditure[0][0, 0]
    assert (np.diff(less.expenditure[0][0]) < 0.0).all()


def test_survivors_follow_what_was_measured() -> None:
    """Log change of 0.01 per unit of the mean index so far: at an index of 10 for good, a tenth (continuous) more from the start."""
    base = scheme()
    base = replace(base, stayers=replace(base.stayers, other_new=np.full(HORIZON, 100.0)))
    elastic = replace(ELASTIC, other_new=np.full(HORIZON, 0.01))
    still = replace(paths(mortality=10.0), pattern=np.zeros(AGE_COUNT))
    flows = scheme_flows(base, NO_MOVERS, elastic, still)
    assert flows.expenditure[0][0] == pytest.approx(np.full(HORIZON, 830.0 + 100.0 * np.exp(0.1)))


def test_balances_follow_contributions_and_interest() -> None:
    base = scheme_flows(scheme("account"), NO_MOVERS, ELASTIC, paths())
    assert base.expenditure[0][0] == pytest.approx(np.full(HORIZON, 6000.0))
    richer = scheme_flows(scheme("account"), NO_MOVERS, ELASTIC, paths(real_return=0.01))
    assert richer.expenditure[0][0, 0] == pytest.approx(6000.0)
    assert (np.diff(richer.expenditure[0][0]) > 0.0).all()


@given(st.integers(2, 400), st.integers(0, 5))
def test_quantiles_are_those_of_numpy(count: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(count, 3))
    found, error = quantiles_with_error(values)
    assert found == pytest.approx(np.quantile(values, QUANTILES, axis=0))
    assert (error >= 0.0).all()


def test_standard_error_of_quantiles_of_normal_values() -> None:
    """(alpha (1 - alpha) / n)^(1/2) / f at the quantile: 0.01253 at the median of 10,000, within a tenth."""
    errors = [quantiles_with_error(np.random.default_rng(seed).normal(size=(10_000, 1)))[1][:, 0] for seed in range(40)]
    mean = np.mean(errors, axis=0)
    assert mean[3] == pytest.approx(np.sqrt(0.25 / 1e4) * np.sqrt(2.0 * np.pi), rel=0.1)
    density = np.exp(-0.5 * 1.959964**2) / np.sqrt(2.0 * np.pi)
    assert mean[0] == pytest.approx(np.sqrt(0.025 * 0.975 / 1e4) / density, rel=0.15)


def test_tables_say_probabilities_and_errors() -> None:
    n = 400
    yearly = np.zeros((n, 1, len(YEARLY), HORIZON))
    single = np.full((n, 1, len(SINGLE)), np.nan)
    single[:, 0, :3] = np.linspace(0.0, 0.002, n)[:, None]
    yearly[:100, 0, YEARLY.index("exhausted_with"), 10:] = 1.0
    result = EnsembleResult(yearly, single, np.ones((n, HORIZON)))
    base = EnsembleResult(yearly[:1], single[:1], np.ones((1, HORIZON)))
    tables = ensemble_tables(("AAA",), result, base)
    above = tables["threshold"].set_index("share_of_payroll")
    assert above.loc[0.001, "probability"] == pytest.approx(0.5)
    assert above.loc[0.001, "monte_carlo_error"] == pytest.approx(0.025)
    exhausted = tables["exhaustion"].set_index(["case", "year"])["probability"]
    assert exhausted["with", FIRST_YEAR + 9] == 0.0
    assert exhausted["with", FIRST_YEAR + 10] == 0.25
    assert exhausted["without", 2100] == 0.0
    indicators = tables["indicators"].set_index(["measure", "case", "quantile"])
    assert indicators.loc[("net_cost_share_75", "difference", 0.5), "value"] == pytest.approx(0.001)
    assert indicators.loc[("exhaustion_year", "with", 0.5), "share_of_paths"] == 0.0
    assert len(tables["paths"]) == n


def test_chunks_depend_on_the_number_of_paths_alone() -> None:
    chunks = chunks_of(EnsembleRun(1, 300))
    assert [(c.first, c.count) for c in chunks] == [(0, 125), (125, 125), (250, 50)]
