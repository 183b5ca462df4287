"""Responses to flows: they add up to the run, and any flows priced with them are what a projection of those flows gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, year_index
from actuarial.basis.instrument import Instrument
from actuarial.careers.coverage import WORK_AGES
from actuarial.feasibility.cashflow import case_flows
from actuarial.feasibility.engine import PreparedRegion, corridor_inputs, evaluate, evaluate_corridor, evaluate_corridor_parts
from actuarial.feasibility.ensemble_paths import scheme_flows
from actuarial.feasibility.flow_parts import PARTS, PERIODS, corridor_parts, leavers_by_period, movers_by_part, outflow_by_period, weighted_parts
from actuarial.feasibility.path_movers import Elasticities
from actuarial.feasibility.path_rates import SchemePaths
from actuarial.feasibility.responses import ITEMS, MOVER_ITEMS, SchemeResponse, responses, side_items
from actuarial.feasibility.scheme_basis import scheme_basis
from tests.feasibility.conftest import only

START = year_index(FIRST_YEAR)
Found = tuple[SchemeResponse | None, ...]


@pytest.fixture(scope="module")
def region(prepared: PreparedRegion) -> PreparedRegion:
    """A corridor between two pension schemes and one between two account schemes."""
    return only(prepared, "BDI-TZA", "UGA-KEN")


@pytest.fixture(scope="module")
def found(region: PreparedRegion, instrument: Instrument) -> Found:
    return responses(region, instrument)


def neutral(corridors: int, paths: int = 1) -> SchemePaths:
    zero, one = np.zeros((paths, HORIZON)), np.ones((paths, HORIZON))
    return SchemePaths(np.ones((paths, corridors, PARTS)), zero, np.full(101, 0.01), zero, zero, zero, one, one, one, one, zero, zero)


def test_parts_are_all_movers(region: PreparedRegion) -> None:
    d = region.demography
    for k in range(len(d.corridors)):
        abroad, home = movers_by_part(d, k)
        for parts, whole in ((abroad, d.movers_abroad), (home, d.movers_home)):
            assert parts.min() >= 0.0
            assert parts.sum(axis=0) == pytest.approx(whole[k, ..., START:], rel=1e-12, abs=1e-9)
        assert outflow_by_period(d, k).sum(axis=0) == pytest.approx(d.labour_outflow[k, ..., START:])
        assert abroad[3, ..., :10].max() == 0.0  # the third period begins with the eleventh year


def test_leavers_are_as_many_as_left_and_die_at_home(region: PreparedRegion) -> None:
    d = region.demography
    left = leavers_by_period(d, 0)
    assert left.shape[0] == PERIODS
    survival = d.survival[int(d.corridors[0, 0]), ..., START]
    assert left[0, ..., 1].sum() == pytest.approx(d.labour_outflow[0, ..., START].sum())
    older = d.labour_outflow[0, :, 20, START] * d.survival[int(d.corridors[0, 0]), :, 21, START + 1] + d.labour_outflow[0, :, 21, START + 1]
    assert left[0, :, 22, 2] == pytest.approx(older)
    assert (survival <= 1.0).all()


@pytest.mark.parametrize("k", [0, 1])
def test_responses_are_what_a_projection_of_the_flows_gives(
    region: PreparedRegion, instrument: Instrument, found: Found, k: int
) -> None:
    """Random flows of every period and a random stock, at the rates of the base: 1e-9 of each flow's size."""
    generator = np.random.default_rng(5 + k)
    sides = [int(c) for c in region.demography.corridors[k]]
    for _ in range(2):
        factors = np.exp(generator.normal(0.0, 0.6, PARTS))
        projected = [np.zeros((MOVER_ITEMS, HORIZON)) for _ in sides]
        for sex in (0, 1):
            whole = corridor_inputs(region, k, sex)
            changed = weighted_parts(region.demography, k, sex, whole, factors)
            result = evaluate_corridor_parts(region, instrument, k, sex, [changed], whole)[0]
            for i, c in enumerate(sides):
                projected[i] += side_items(result, i, region.countries[c])
        on_all = np.ones((1, len(region.demography.corridors), PARTS))
        on_all[0, k] = factors
        for i, c in enumerate(sides):
            response = found[c]
            assert response is not None
            columns = response.corridor == k
            by_response = np.tensordot(factors[response.part[columns]], response.flows[:MOVER_ITEMS, columns], axes=(0, 1))
            scale = np.abs(projected[i]).max(axis=1, keepdims=True)
            assert np.abs(by_response - projected[i]).max() <= 1e-9 * scale.max()
            assert (np.abs(by_response - projected[i]) <= 1e-9 * scale + 1e-12).all()


def test_rates_held_hardly_matter(region: PreparedRegion, instrument: Instrument, found: Found) -> None:
    """Priced anew, the minimum pension of a cell with other mean earnings differs: by less than a thousandth of what movers are paid."""
    factors = np.concatenate([[1.0], np.linspace(0.5, 2.0, PERIODS)])
    k, sex = 0, 0
    whole = corridor_inputs(region, k, sex)
    changed = weighted_parts(region.demography, k, sex, whole, factors)
    anew = evaluate_corridor(region, [instrument], k, sex, changed)[0]
    held = evaluate_corridor_parts(region, instrument, k, sex, [changed], whole)[0]
    for side in (0, 1):
        a, b = (side_items(r, side, region.countries[int(region.demography.corridors[k, side])]) for r in (anew, held))
        for name in ("pensions_own", "pensions_added"):
            row = ITEMS.index(name)
            assert np.abs(a[row] - b[row]).max() <= 1e-3 * np.abs(a[row]).max()


def test_the_base_path_is_the_base_projection(region: PreparedRegion, instrument: Instrument, found: Found) -> None:
    run = evaluate(region, [instrument])[0]
    paths = neutral(len(region.demography.corridors))
    for c, response in enumerate(found):
        if response is None:
            assert not region.countries[c].law.collecting
            continue
        basis = scheme_basis(region, instrument, c)
        flows = scheme_flows(basis, response, Elasticities.none(), paths)
        for case, expected in enumerate(case_flows(run, c)):
            for values, wanted in (
                (flows.earnings, expected.insurable_earnings), (flows.contributions, expected.contributions),
                (flows.expenditure, expected.expenditure), (flows.closing, expected.reserve.closing),
            ):  # fmt: skip
                assert values[case][0] == pytest.approx(wanted, rel=1e-10, abs=1e-10 * np.abs(wanted).max())


def test_without_movers_the_instrument_costs_nothing(region: PreparedRegion, instrument: Instrument, found: Found) -> None:
    paths = neutral(len(region.demography.corridors))
    paths = replace(paths, factors=np.zeros_like(paths.factors))
    for c, response in enumerate(found):
        if response is None:
            continue
        basis = scheme_basis(region, instrument, c)
        flows = scheme_flows(basis, response, Elasticities.none(), paths)
        assert (flows.expenditure[1] == flows.expenditure[0]).all()
        assert (flows.contributions[1] == flows.contributions[0]).all()


def test_parts_have_no_people_before_their_period(region: PreparedRegion) -> None:
    whole = corridor_inputs(region, 0, 0)
    parts = corridor_parts(region.demography, 0, 0, whole)
    assert sum(part.first_movers for part in parts) == pytest.approx(whole.first_movers)
    later = parts[4]
    assert later.first_movers[: START + 15].max() == 0.0
    assert later.abroad[: START + 15].max() == 0.0
    assert whole.abroad.shape == later.abroad.shape == (whole.first_movers.shape[0] + 1, WORK_AGES.stop - WORK_AGES.start)
