"""The estimator on small made-up regions whose answer is known, and its properties."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from actuarial.basis.dimensions import Array
from actuarial.basis.errors import InputError
from actuarial.basis.migration import MATRIX_YEARS, MigrationAssumptions, MigrationBasis
from actuarial.demography.migrant_stocks import LabourStocks, limit_by_age, split_stocks
from actuarial.demography.rogers_castro import STANDARD
from actuarial.demography.stock_flows import (
    FlowEstimate,
    added_return,
    advance_movers,
    estimate_flows,
    intervals,
    one_year_older,
)

AGES = np.arange(101.0)
STATES = ("AAA", "BBB", "CCC")
CORRIDORS = tuple((o, h) for o in STATES for h in STATES if o != h)


def small_basis() -> MigrationBasis:
    """Three states, six corridors, all stocks 1000 men and 800 women at every date."""
    index = np.array([[STATES.index(o), STATES.index(h)] for o, h in CORRIDORS])
    ages = np.exp(-0.03 * AGES)
    parameters = [getattr(STANDARD, name) for name in ("a1", "alpha1", "a2", "mu2", "alpha2", "lambda2", "c")]
    stocks = np.ones((6, 2, 8)) * np.array([1000.0, 800.0])[:, np.newaxis]
    return MigrationBasis(
        countries=STATES,
        corridors=CORRIDORS,
        corridor_index=index,
        matrix_years=MATRIX_YEARS,
        stocks=stocks,
        labour_share=np.full(6, 0.5),
        follows_matrix=(True,) * 6,
        neighbours=(True,) * 6,
        gravity_factor=np.ones(6),
        mean_stay=np.full(6, 10.0),
        schedules=np.tile(parameters, (3, 2, 1)),
        stock_age=np.tile((ages / ages.sum())[:, np.newaxis], (3, 2, 1, 8)),
        return_factor=np.ones(101),
        remigration_factor=np.ones(101),
        assumptions=MigrationAssumptions(0.03, 0.2, 0.25, 0.9, 0.6, 0.02),
        confidence=("assumed",) * 6,
        reasons=("test",) * 6,
    )


def population_and_survival(growth: float = 0.025) -> tuple[Array, Array]:
    ages = 1e6 * np.exp(-(growth + 0.012) * AGES)
    years = np.exp(growth * np.arange(37))
    population = np.broadcast_to(ages[:, np.newaxis] * years, (3, 2, 101, 37)).copy()
    survival = np.exp(-0.0006 * np.exp(0.07 * AGES))
    return population, np.broadcast_to(survival[:, np.newaxis], (3, 2, 101, 36)).copy()


def labour(values: Array) -> LabourStocks:
    return LabourStocks(values, np.zeros_like(values), np.zeros((6, 8), dtype=bool))


def january_means(estimate: FlowEstimate) -> Array:
    totals = estimate.movers_abroad.sum(axis=2)
    at = [year - 1990 for year in MATRIX_YEARS]
    return np.stack([0.5 * (totals[..., i] + totals[..., i + 1]) for i in at], axis=-1)


def test_intervals_begin_after_each_matrix_year() -> None:
    assert intervals((1990, 1995, 2000), 2001) == (0, *[1] * 5, *[2] * 5, 3)


@settings(max_examples=15, deadline=None)
@given(arrays(np.float64, (6, 2, 8), elements=st.floats(500.0, 3000.0, allow_subnormal=False)))
def test_every_stock_is_reproduced_and_nothing_is_negative(stocks: Array) -> None:
    """Stocks may jump by a factor of six in five years: arrivals or extra returns, never a clipped figure."""
    basis = small_basis()
    estimate = estimate_flows(basis, labour(stocks), *population_and_survival())
    assert np.allclose(january_means(estimate), stocks, rtol=1e-9)
    for part in (estimate.outflow, estimate.movers_abroad, estimate.movers_home, estimate.extra_return):
        assert part.min() >= 0
    assert (estimate.return_rate < 1).all()


def test_known_arrivals_are_found_again() -> None:
    """Run a chain with a chosen propensity by interval, hand over its stocks only, and estimate."""
    basis = small_basis()
    population, survival = population_and_survival()
    first = estimate_flows(basis, labour(np.full((6, 2, 8), 1000.0)), population, survival)
    chosen = first.propensity * np.linspace(1.0, 1.8, 8)
    chosen[..., 0] = first.propensity[..., 0]
    origin, host = basis.corridor_index.T
    abroad, home = [first.movers_abroad[..., 0]], [first.movers_home[..., 0]]
    unit = first.outflow / first.propensity[..., np.array(first.interval_of_year).clip(max=7)][:, :, np.newaxis, :]
    for year in range(35):
        flow = chosen[..., first.interval_of_year[year]][..., np.newaxis] * unit[..., year]
        step = advance_movers(
            abroad[-1],
            home[-1],
            flow,
            basis.return_rate,
            basis.remigration_rate,
            survival[host, ..., year],
            survival[origin, ..., year],
        )
        abroad.append(step[0])
        home.append(step[1])
    totals = np.stack(abroad, axis=-1).sum(axis=2)
    stocks = np.stack([0.5 * (totals[..., y - 1990] + totals[..., y - 1989]) for y in MATRIX_YEARS], axis=-1)
    found = estimate_flows(basis, labour(stocks), population, survival)
    assert np.allclose(found.propensity, chosen, rtol=1e-7)
    assert found.extra_return.max() == 0.0


def test_a_constant_stock_still_has_arrivals() -> None:
    """Differencing alone would read a constant stock as no movement; accounting replaces deaths and returns."""
    estimate = estimate_flows(small_basis(), labour(np.full((6, 2, 8), 1000.0)), *population_and_survival())
    yearly = estimate.outflow.sum(axis=2)
    assert (yearly > 40.0).all()  # 1 - exp(-1/10) of 1000 return, some of them go again
    assert (yearly < 110.0).all()


def test_a_collapsing_stock_becomes_extra_return() -> None:
    stocks = np.full((6, 2, 8), 1000.0)
    stocks[0, :, 4:] = 100.0
    estimate = estimate_flows(small_basis(), labour(stocks), *population_and_survival())
    assert (estimate.extra_return[0, :, 4] > 0.2).all()
    assert estimate.extra_return[1:].max() == 0.0
    assert (estimate.propensity[0, :, 4] > 0).all()


def test_a_corridor_without_people_has_no_flows() -> None:
    stocks = np.full((6, 2, 8), 1000.0)
    stocks[3] = 0.0
    estimate = estimate_flows(small_basis(), labour(stocks), *population_and_survival())
    assert estimate.outflow[3].sum() == 0.0
    assert estimate.movers_abroad[3].sum() == 0.0


def test_impossible_fall_is_refused_by_name_of_the_reason() -> None:
    stocks = np.full((6, 2, 8), 1000.0)
    stocks[2, 0, 5] = 1e-6
    with pytest.raises(InputError, match="falls faster"):
        estimate_flows(small_basis(), labour(stocks), *population_and_survival())


@given(st.floats(0, 1, allow_subnormal=False), st.floats(0, 1, allow_subnormal=False))
def test_added_return_is_a_probability_not_below_either(rate: float, extra: float) -> None:
    both = float(added_return(np.array(rate), np.array(extra)))
    assert max(rate, extra) - 1e-12 <= both <= 1.0


@settings(max_examples=30, deadline=None)
@given(
    arrays(np.float64, (2, 5), elements=st.floats(0, 1e6, allow_subnormal=False)),
    arrays(np.float64, (4, 5), elements=st.floats(0, 1, allow_subnormal=False)),
)
def test_the_status_chain_conserves_people(stocks: Array, rates: Array) -> None:
    abroad, home = stocks
    back, again, alive_host, alive_origin = rates
    after = advance_movers(abroad, home, np.zeros(5), back, again, alive_host, alive_origin)
    assert sum(part.sum() for part in after) == pytest.approx((alive_host * abroad + alive_origin * home).sum())


def test_ageing_keeps_the_open_age() -> None:
    assert one_year_older(np.array([1.0, 2.0, 4.0])).tolist() == [0.0, 1.0, 6.0]


def test_labour_follows_the_matrix_or_the_populations() -> None:
    basis = small_basis()
    stocks = basis.stocks.copy()
    stocks[:, :, 1] = 50_000.0  # a wave of refugees in 1995
    basis = replace(basis, stocks=stocks, follows_matrix=(True, *(False,) * 5))
    population, _ = population_and_survival()
    split = split_stocks(basis, population)
    assert split.labour[0, 0, 1] == 25_000.0
    assert split.labour[1, 0, 1] == pytest.approx(500.0 * np.exp(-0.025 * 29))
    assert np.allclose(split.labour + split.others, stocks)
    assert not split.imputed.any()


def test_gaps_are_filled_by_propensity_and_marked() -> None:
    basis = small_basis()
    stocks = basis.stocks.copy()
    stocks[0, :, :3] = np.nan  # unusable early years
    stocks[5] = np.nan  # no figure at all
    basis = replace(basis, stocks=stocks, gravity_factor=np.array([1, 1, 1, 1, 1, 0.5]))
    population, _ = population_and_survival()
    split = split_stocks(basis, population)
    assert split.imputed[0].tolist() == [True] * 3 + [False] * 5
    assert split.labour[0, 0, 2] == pytest.approx(500.0 * np.exp(-0.025 * 5))
    assert split.labour[5, :, -1].sum() == pytest.approx(0.5 * 900.0)  # half the median labour stock
    assert split.others[5].sum() == 0.0


def test_the_last_matrix_year_must_be_known() -> None:
    basis = small_basis()
    stocks = basis.stocks.copy()
    stocks[0, :, -1] = np.nan
    with pytest.raises(InputError, match="AAA-BBB"):
        split_stocks(replace(basis, stocks=stocks), population_and_survival()[0])


@settings(max_examples=40, deadline=None)
@given(arrays(np.float64, 6, elements=st.floats(0, 100, allow_subnormal=False)))
def test_a_limit_by_age_keeps_the_sum(persons: Array) -> None:
    ceiling = np.full(6, 100.0)
    ceiling[-1] = 1.0
    if persons.sum() > ceiling.sum():
        with pytest.raises(InputError):
            limit_by_age(persons, ceiling)
        return
    limited = limit_by_age(persons, ceiling)
    assert limited.sum() == pytest.approx(persons.sum(), abs=1e-9)
    assert (limited <= ceiling + 1e-9).all()
