"""Out-flows and past movers: validation cases STO-AR1 and STO-DIRICHLET as drawn, means, shares, correlations; three standard errors, one seed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from actuarial.basis.region import load_region
from actuarial.basis.uncertainty import load_uncertainty
from actuarial.feasibility.process_flows import (
    PERIOD_COUNT,
    base_shares,
    destination_shares,
    flow_factors,
    origin_factors,
    stock_factors,
)
from actuarial.validation.published import published

AR1 = published("STO-AR1")
DATA = Path(__file__).parents[2] / "data"
BASIS = load_uncertainty(DATA, load_region(DATA).members)
FLOWS = BASIS.flows
SURE = FLOWS.model_copy(update={"persistence_sd": 0.0, "volatility_sd": 0.0, "concentration_sd": 0.0, "level_sd": 0.0})
SEED, PATHS = 11, 3000
STATES = 4
INDEX = np.array([(o, h) for o in range(STATES) for h in range(STATES) if o != h])
ORIGIN = INDEX[:, 0]
OUTFLOW = np.linspace(1.0, 4.0, len(INDEX))[:, np.newaxis] * np.linspace(1.0, 2.0, PERIOD_COUNT) ** (INDEX[:, 1:] - 1.5)


def test_published_autoregression_as_drawn() -> None:
    """STO-AR1: the last period, 73 years on, is stationary to seven digits; the factor is the multiplier over its mean."""
    alone = SURE.model_copy(update={"persistence": AR1.given["phi"], "volatility": AR1.given["sigma"], "regional_correlation": 0.0})
    drawn = origin_factors(alone, 8, SEED, 0, PATHS, parameter_uncertainty=False)[:, :, -1].ravel() * AR1.expected["mean factor"]
    shares, expected = np.array(AR1.given["quantiles"]), np.array(AR1.expected["multipliers"])
    density = norm.pdf(np.log(expected), scale=AR1.expected["stationary sd"]) / expected
    error = np.sqrt(shares * (1.0 - shares) / drawn.size) / density
    assert (np.abs(np.quantile(drawn, shares) - expected) < 3.0 * error).all()
    logs = np.log(origin_factors(alone, 8, SEED, 0, PATHS, parameter_uncertainty=False))
    for period, years in ((0, 3), (1, 8)):
        sd = AR1.given["sigma"] * np.sqrt(np.sum(AR1.given["phi"] ** (2.0 * np.arange(years))))
        assert logs[:, :, period].std() == pytest.approx(sd, abs=3.0 * sd / np.sqrt(2.0 * logs[:, :, 0].size))


def test_published_dirichlet_as_drawn() -> None:
    """STO-DIRICHLET as drawn for movers of one origin, in the first and the last period."""
    case = published("STO-DIRICHLET")
    mean, sd = (np.array(case.expected[name]) for name in ("mean", "sd"))
    twenty = SURE.model_copy(update={"destination_concentration": float(sum(case.given["alpha"]))})
    shares = np.repeat(mean[:, np.newaxis], PERIOD_COUNT, axis=1)
    drawn = destination_shares(twenty, shares, np.zeros(4, np.int64), SEED, 0, 4 * PATHS, parameter_uncertainty=False)
    for period in (0, PERIOD_COUNT - 1):
        found = drawn[:, :, period]
        assert (np.abs(found.mean(axis=0) - mean) < 3.0 * sd / np.sqrt(len(drawn))).all()
        squares = np.square(found - mean)
        assert (np.abs(squares.mean(axis=0) - sd**2) < 3.0 * squares.std(axis=0) / np.sqrt(len(drawn))).all()


@settings(max_examples=25, deadline=None)
@given(
    persistence=st.floats(0.0, 1.0, allow_subnormal=False), concentration=st.floats(1.0, 500.0, allow_subnormal=False), seed=st.integers(0, 2**40),
    flows=st.lists(st.floats(0.0, 9.0, allow_subnormal=False), min_size=12, max_size=12),
)  # fmt: skip
def test_shares_add_up_to_one_and_empty_corridors_stay_empty(persistence: float, concentration: float, seed: int, flows: list[float]) -> None:
    p = SURE.model_copy(update={"destination_persistence": persistence, "destination_concentration": concentration})
    outflow = np.array(flows)[:, np.newaxis] * np.linspace(1.0, 3.0, PERIOD_COUNT) ** (INDEX[:, 1:] - 1.5)
    shares = base_shares(outflow, ORIGIN)
    drawn = destination_shares(p, shares, ORIGIN, seed, 0, 5, parameter_uncertainty=True)
    assert (drawn >= 0.0).all() and not drawn[:, shares == 0.0].any()
    for o in range(STATES):
        total, alive = drawn[:, o == ORIGIN].sum(axis=1), outflow[o == ORIGIN].sum(axis=0) > 0.0
        np.testing.assert_allclose(total[:, alive], 1.0, rtol=1e-12)
        assert not total[:, ~alive].any()
    factors = flow_factors(p, outflow, INDEX, STATES, seed, 0, 5, parameter_uncertainty=True)
    assert (factors[:, outflow == 0.0] > 0.0).all(), "a corridor without base flow keeps the factor of its origin"


def test_the_mean_of_every_factor_is_one_with_and_without_parameter_uncertainty() -> None:
    for own in (False, True):
        flows = flow_factors(FLOWS, OUTFLOW, INDEX, STATES, SEED, 0, PATHS, parameter_uncertainty=own)
        stock = stock_factors(BASIS.stock, INDEX, STATES, SEED, 0, PATHS)
        total = (flows * OUTFLOW).sum(axis=1) / OUTFLOW.sum(axis=0)
        for factor in (total, flows.mean(axis=2), stock):
            assert (np.abs(factor.mean(axis=0) - 1.0) < 3.5 * factor.std(axis=0) / np.sqrt(PATHS)).all()
        assert abs(total.mean() - 1.0) < 3.0 * total.mean(axis=1).std() / np.sqrt(PATHS)


def test_origins_move_together_as_far_as_the_file_says() -> None:
    logs = np.log(origin_factors(SURE.model_copy(update={"regional_correlation": 0.6}), 8, SEED, 0, PATHS, parameter_uncertainty=False)[:, :, 6])
    together = np.corrcoef(logs.T)[np.triu_indices(8, 1)]
    assert np.abs(together - 0.6).max() < 4.0 * (1.0 - 0.36) / np.sqrt(PATHS)


def test_stock_and_level_of_flows_share_their_error() -> None:
    p = SURE.model_copy(update={"volatility": 0.0, "level_sd": 0.4})
    level = np.log(origin_factors(p, STATES, SEED, 0, PATHS, parameter_uncertainty=True)[:, :, 0])[:, ORIGIN]
    stock = np.log(stock_factors(BASIS.stock, INDEX, STATES, SEED, 0, PATHS))
    c = BASIS.stock.level_correlation
    for k in range(len(INDEX)):
        assert np.corrcoef(level[:, k], stock[:, k])[0, 1] == pytest.approx(c, abs=3.5 * (1.0 - c * c) / np.sqrt(PATHS))


def test_patterns_of_destinations_last_as_long_as_the_file_says() -> None:
    """Correlation of a weight, hence nearly of a share, over n periods is persistence^n; full persistence with level shares keeps them for good."""
    level = np.repeat(OUTFLOW[:, :1], PERIOD_COUNT, axis=1)
    shares = base_shares(level, ORIGIN)
    kept = destination_shares(SURE.model_copy(update={"destination_persistence": 1.0}), shares, ORIGIN, SEED, 0, 50, parameter_uncertainty=False)
    np.testing.assert_allclose(kept, np.repeat(kept[:, :, :1], PERIOD_COUNT, axis=2), rtol=1e-12)
    fading = SURE.model_copy(update={"destination_persistence": 0.8})
    renewed = destination_shares(fading, shares, ORIGIN, SEED, 0, PATHS, parameter_uncertainty=False)
    for apart, expected in ((1, 0.8), (3, 0.512)):
        found = np.corrcoef(renewed[:, 0, 2], renewed[:, 0, 2 + apart])[0, 1]
        assert found == pytest.approx(expected, abs=0.05)


def test_without_spread_of_parameters_drawing_them_changes_nothing() -> None:
    drawn, stated = (flow_factors(SURE, OUTFLOW, INDEX, STATES, SEED, 3, 20, parameter_uncertainty=own) for own in (True, False))
    np.testing.assert_array_equal(drawn, stated)
