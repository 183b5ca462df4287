"""Paths of the ensemble: the same in any chunk, centred, within bounds, neutral where switched off. Errors are three standard errors, one seed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array
from actuarial.basis.errors import InputError
from actuarial.basis.region import load_region
from actuarial.basis.uncertainty import UncertaintyBasis, load_uncertainty
from actuarial.feasibility import processes
from actuarial.feasibility.process_economy import VARIABLES, economy, innovations
from actuarial.feasibility.process_flows import PERIOD_COUNT
from actuarial.feasibility.process_membership import within_bounds
from actuarial.feasibility.process_mortality import index_sd
from actuarial.feasibility.process_random import Stream, normals
from actuarial.feasibility.process_series import stationary_covariance
from actuarial.feasibility.processes import NO_PROCESS, PROCESSES, Paths, draw_paths, neutral_paths, to_years

DATA = Path(__file__).parents[2] / "data"
BASIS = load_uncertainty(DATA, load_region(DATA).members)
STATES = len(BASIS.countries)
INDEX = np.array([(o, h) for o in range(STATES) for h in range(STATES) if o != h])
OUTFLOW = np.linspace(1.0, 3.0, len(INDEX))[:, np.newaxis] * np.linspace(1.0, 2.0, PERIOD_COUNT)
SEED, PATHS = 5, 1000
WALKS = ("coverage", "density", "compliance", "take_up")


def draw(
    count: int, first_path: int = 0, only: frozenset[str] | None = None, basis: UncertaintyBasis = BASIS, seed: int = SEED, own: bool = True
) -> Paths:
    return draw_paths(basis, OUTFLOW, INDEX, seed=seed, count=count, first_path=first_path, only=only, parameter_uncertainty=own)


@pytest.fixture(scope="module")
def paths() -> Paths:
    return draw(PATHS)


def same(one: Array, other: Array) -> None:
    np.testing.assert_array_equal(one, other)


@settings(max_examples=12, deadline=None)
@given(first=st.integers(0, 40), count=st.integers(1, 9))
def test_a_path_is_the_same_in_any_chunk(first: int, count: int, paths: Paths) -> None:
    chunk = draw(count, first)
    for name in PROCESSES:
        same(getattr(chunk, name), getattr(paths, name)[first : first + count])


def test_the_size_of_blocks_changes_nothing(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "BLOCK", 7)
    blocks = draw(30, processes.BLOCK)
    for name in PROCESSES:
        same(getattr(blocks, name), getattr(paths, name)[7:37])


def test_paths_far_out_and_other_seeds_are_other_numbers(paths: Paths) -> None:
    far, other = draw(2, 2**40), draw(2, seed=SEED + 1)
    for name in sorted(set(PROCESSES) - {"shock"}):
        values = getattr(paths, name)
        assert not np.isin(getattr(far, name)[..., -1], values[:2, ..., -1]).all()
        assert not np.isin(getattr(other, name)[..., -1], values[:2, ..., -1]).all()


def test_streams_and_paths_are_independent() -> None:
    drawn = np.stack([normals(SEED, stream, 0, 400, 50).ravel() for stream in Stream])
    assert np.abs(np.corrcoef(drawn) - np.eye(len(Stream))).max() < 4.0 / np.sqrt(400 * 50)
    by_path = normals(SEED, Stream.FLOWS, 0, 2, 20_000)
    assert abs(np.corrcoef(by_path)[0, 1]) < 3.0 / np.sqrt(20_000)
    same(normals(SEED, Stream.FLOWS, 1, 1, 30), by_path[1:, :30])


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_alone_keeps_its_numbers_and_the_others_are_the_base(name: str, paths: Paths) -> None:
    alone, base = draw(4, only=frozenset({name})), neutral_paths(STATES, len(INDEX), SEED, 0, 4)
    for field in PROCESSES:
        same(getattr(alone, field), getattr(paths if field == name else base, field)[:4])
        same(getattr(draw(4).keeping(name), field), getattr(alone, field))


def test_without_any_process_and_without_any_spread_every_path_is_the_base() -> None:
    base = neutral_paths(STATES, len(INDEX), SEED, 0, 5)
    for nothing in (draw(5, only=NO_PROCESS), draw(5, basis=BASIS.scaled(0.0)), draw(5, basis=BASIS.scaled(0.0), own=False)):
        for field in PROCESSES:
            same(getattr(nothing, field), getattr(base, field))


def test_shapes_and_years_of_periods(paths: Paths) -> None:
    assert paths.count == PATHS
    assert paths.flows.shape == paths.shock.shape == (PATHS, len(INDEX), PERIOD_COUNT)
    assert paths.stock.shape == (PATHS, len(INDEX))
    assert paths.mortality.shape == paths.coverage.shape == paths.real_return.shape == (PATHS, STATES, HORIZON)
    assert paths.take_up.shape == (PATHS, HORIZON)
    yearly = to_years(paths.flows[:2])
    same(yearly[..., 4], paths.flows[:2, :, 0])
    same(yearly[..., 5], paths.flows[:2, :, 1])
    assert yearly.shape[-1] == HORIZON


def test_factors_have_mean_one_and_deviations_mean_nought(paths: Paths) -> None:
    """Of the mean over corridors or states, in every period or year, and over all of them."""
    for name, centre in (("flows", 1.0), ("stock", 1.0), ("mortality", 0.0), *((v, 0.0) for v in VARIABLES)):
        by_time = getattr(paths, name).mean(axis=1)
        whole = by_time if by_time.ndim == 1 else by_time.mean(axis=1)
        assert abs(whole.mean() - centre) < 3.0 * whole.std() / np.sqrt(PATHS), name
        assert (np.abs(by_time.mean(axis=0) - centre) < 4.0 * by_time.std(axis=0) / np.sqrt(PATHS)).all(), name


@pytest.mark.parametrize("name", WALKS)
def test_walks_have_median_one_and_never_leave_their_bounds(name: str, paths: Paths) -> None:
    factor, bounds = getattr(paths, name), getattr(BASIS.membership, name)
    assert (factor >= bounds.lower).all() and (factor <= bounds.upper).all()
    above = (factor > 1.0).reshape(PATHS, -1, HORIZON)[:, 0].mean(axis=0)
    assert (np.abs(above - 0.5) < 4.0 * 0.5 / np.sqrt(PATHS)).all()
    assert abs((factor.reshape(PATHS, -1)[:, -1] > 1.0).mean() - 0.5) < 3.0 * 0.5 / np.sqrt(PATHS)


@given(walk=st.floats(-1e4, 1e4), more=st.floats(0.0, 5.0), lower=st.floats(0.0, 0.99), upper=st.floats(1.01, 20.0))
def test_a_bounded_walk_starts_at_one_rises_and_stays_inside(walk: float, more: float, lower: float, upper: float) -> None:
    start, low, high = within_bounds(np.array([0.0, walk, walk + more]), lower, upper)
    assert start == 1.0
    assert lower <= low <= high * (1.0 + 1e-12) and high <= upper
    if abs(walk) < 20.0:
        logit = np.log((1.0 - lower) / (upper - 1.0)) + walk
        assert low == pytest.approx(lower + (upper - lower) / (1.0 + np.exp(-logit)), rel=1e-9)


def test_the_mortality_index_spreads_as_its_formula_says() -> None:
    p = BASIS.mortality.model_copy(update={"spread_sd": 0.0, "persistence_sd": 0.0})
    index = draw(PATHS, only=frozenset({"mortality"}), basis=replace(BASIS, mortality=p)).mortality
    for t in (0, 10, HORIZON - 1):
        years = np.array([float(FIRST_YEAR + t - p.last_observed_year)])
        sd = float(index_sd(p.common_sd, p.history_years, p.country_sd, p.country_persistence, years)[0])
        assert index[:, 0, t].std() == pytest.approx(sd, abs=3.0 * sd / np.sqrt(2.0 * PATHS))
        apart = float(np.sqrt(2.0) * index_sd(0.0, p.history_years, p.country_sd, p.country_persistence, years)[0])
        assert (index[:, 0, t] - index[:, 1, t]).std() == pytest.approx(apart, abs=3.0 * apart / np.sqrt(2.0 * PATHS)), "states stay together"


def test_the_economy_settles_at_the_stationary_covariance() -> None:
    wide = BASIS.economy.largest_deviation.model_copy(update={"inflation": 0.9, "real_wage": 0.9, "real_return": 0.9})
    p = BASIS.economy.model_copy(update={"tails": "normal", "largest_deviation": wide})
    series = np.stack(economy(p, innovations(p, STATES, SEED, 0, PATHS), SEED, 0, parameter_uncertainty=False))[:, :, 0, 30:]
    sd = p.innovation_sds * p.country_scales[0]
    expected = stationary_covariance(np.array(p.persistence), p.correlation_matrix * np.outer(sd, sd))
    for i in range(3):
        for j in range(3):
            products = (series[i] * series[j]).mean(axis=1)
            assert products.mean() == pytest.approx(expected[i, j], abs=3.0 * products.std() / np.sqrt(PATHS))


def test_innovations_are_correlated_as_the_file_says_and_tails_keep_the_spread() -> None:
    p = BASIS.economy
    drawn = innovations(p, STATES, SEED, 0, 400)
    n = 400 * HORIZON
    within = np.corrcoef(drawn.country[:, 2].reshape(n, 3).T)
    assert np.abs(within - p.correlation_matrix).max() < 3.0 / np.sqrt(n)
    between = np.corrcoef(drawn.growth[:, 2].ravel(), drawn.growth[:, 5].ravel())[0, 1]
    assert between == pytest.approx(p.regional_correlation, abs=3.0 / np.sqrt(n))
    still = p.model_copy(update={"persistence": ((0.0,) * 3,) * 3, "country_scale": dict.fromkeys(BASIS.countries, 1.0)})
    inflation = economy(still, drawn, SEED, 0, parameter_uncertainty=False)[0].ravel() / p.innovation_sds[0]
    squares = np.square(inflation)
    assert squares.mean() == pytest.approx(1.0, abs=4.0 * squares.std() / np.sqrt(squares.size / STATES))
    assert np.mean(inflation**4) > 3.5, "Student tails are longer than normal ones (3)"


def test_no_rate_leaves_its_bounds(paths: Paths) -> None:
    for name, bound in zip(VARIABLES, BASIS.economy.largest_deviations, strict=True):
        assert np.abs(getattr(paths, name)).max() <= bound


def test_coverage_follows_growth_only_where_the_file_says_so() -> None:
    def correlation(c: float) -> float:
        walk = BASIS.membership.coverage.model_copy(update={"growth_correlation": c})
        membership = BASIS.membership.model_copy(update={"coverage": walk, "spread_sd": 0.0})
        factor = draw(200, only=frozenset({"coverage"}), basis=replace(BASIS, membership=membership)).coverage
        bounds = membership.coverage
        steps = np.diff(np.log((factor - bounds.lower) / (bounds.upper - factor)), axis=2)
        growth = innovations(BASIS.economy, STATES, SEED, 0, 200).growth[:, :, 1:]
        return float(np.corrcoef(steps.ravel(), growth.ravel())[0, 1])

    error = 3.0 / np.sqrt(200 * (HORIZON - 1))
    assert correlation(0.0) == pytest.approx(0.0, abs=error)
    assert correlation(0.7) == pytest.approx(0.7, abs=error)


def test_displacement_adds_its_mean_and_a_closure_only_takes() -> None:
    p = BASIS.shocks.model_copy(update={"rate_sd": 0.0, "closure_rate": 0.0})
    more = draw(PATHS, only=frozenset({"shock"}), basis=replace(BASIS, shocks=p)).shock
    assert (more >= 1.0).all()
    keep, arrives = np.exp(-1.0 / p.displacement_recovery), 1.0 - np.exp(-p.displacement_rate)
    expected = 1.0 + arrives * p.displacement_size * np.mean([(1.0 - keep ** (t + 1)) / (1.0 - keep) for t in range(HORIZON)])
    by_path = more.mean(axis=(1, 2))
    assert by_path.mean() == pytest.approx(expected, abs=3.0 * by_path.std() / np.sqrt(PATHS))
    shut = BASIS.shocks.model_copy(update={"displacement_rate": 0.0, "closure_rate": 0.3})
    less = draw(50, only=frozenset({"shock"}), basis=replace(BASIS, shocks=shut)).shock
    assert (less >= 0.0).all() and (less <= 1.0).all() and less.min() < 0.3


def test_without_parameter_uncertainty_paths_differ_less_in_the_long_run(paths: Paths) -> None:
    stated = draw(PATHS, only=frozenset({"flows", "real_wage", "mortality"}), own=False)
    for name in ("flows", "mortality", "real_wage"):
        long_run = getattr(paths, name).mean(axis=2).std()
        assert getattr(stated, name).mean(axis=2).std() < 0.95 * long_run, name


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"only": {"flow"}}, "did you mean 'flows'"),
        ({"count": 0}, "number of paths 0"),
        ({"seed": -1}, "seed -1"),
        ({"first_path": -1}, "first path -1"),
        ({"base_outflow": OUTFLOW[:, :3]}, "needed \\(56, 15\\)"),
        ({"base_outflow": -OUTFLOW}, "not negative"),
        ({"corridor_index": INDEX + 1}, "positions from 0 to 7"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change: dict[str, object], message: str) -> None:
    call: dict[str, object] = {"base_outflow": OUTFLOW, "corridor_index": INDEX, "seed": 1, "count": 1} | change
    with pytest.raises(InputError, match=message):
        draw_paths(BASIS, **call)  # type: ignore[arg-type]
