"""Answers of the lab: the base is the study, exact levers are projections, toggles are instruments."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.errors import InputError
from actuarial.basis.instrument import Instrument
from actuarial.feasibility.break_even import with_factor
from actuarial.feasibility.cashflow import case_flows, coordination_cost
from actuarial.feasibility.engine import PreparedRegion, corridor_inputs, evaluate, evaluate_corridor, evaluate_corridor_parts
from actuarial.feasibility.flow_parts import PARTS, weighted_parts
from actuarial.feasibility.ladder import LADDER, NAMES, instrument_at, price_ladder
from actuarial.feasibility.responses import MOVER_ITEMS, side_items
from actuarial.finance.indicators import discount_factors
from actuarial.finance.reserve import roll_forward
from actuarial.lab.explorer import Explorer
from actuarial.lab.model import ExplorerModel, prepare_model
from actuarial.lab.model_files import read_model, write_model
from actuarial.lab.scheme_answer import SchemeAnswer
from actuarial.lab.setting import Setting
from actuarial.lab.units import LATER, SUBSETS
from tests.feasibility.conftest import basis as basis  # fixtures of the real basis
from tests.feasibility.conftest import instrument as instrument
from tests.feasibility.conftest import only
from tests.feasibility.conftest import prepared as prepared
from tests.feasibility.conftest import scenario as scenario
from tests.feasibility.conftest import whole_demography as whole_demography
from tests.lab.models import model

START = year_index(FIRST_YEAR)
at_any = st.builds(
    Setting,
    rungs=st.sets(st.sampled_from(NAMES)).map(tuple),
    take_up=st.floats(0.0, 1.15, allow_subnormal=False),
    flows=st.floats(0.0, 3.0, allow_subnormal=False),
    stock=st.floats(0.0, 3.0, allow_subnormal=False),
    real_wage=st.floats(-0.02, 0.02, allow_subnormal=False),
    real_return=st.floats(-0.03, 0.03, allow_subnormal=False),
)


@pytest.fixture(scope="module")
def region(prepared: PreparedRegion) -> PreparedRegion:
    """A corridor between two pension schemes and one between two account schemes."""
    return only(prepared, "BDI-TZA", "UGA-KEN")


@pytest.fixture(scope="module")
def real(region: PreparedRegion, instrument: Instrument) -> ExplorerModel:
    return prepare_model(region, instrument, measure_wages=False)


def explorer() -> Explorer:
    return Explorer(model_once())


@cache
def model_once() -> ExplorerModel:
    return model()


def answers(of: ExplorerModel, setting: Setting, region: PreparedRegion) -> list[tuple[int, SchemeAnswer]]:
    """Schemes of the model by their position in the region."""
    return [(region.basis.countries.index(code), SchemeAnswer(scheme, setting, of.corridors)) for code, scheme in of.schemes.items()]


def close(found: Array, wanted: Array) -> None:
    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9 * max(float(np.abs(wanted).max()), 1e-3))


def test_the_base_is_the_study(real: ExplorerModel, region: PreparedRegion, instrument: Instrument) -> None:
    ladder, _ = price_ladder(region, instrument)
    for c, answer in answers(real, Setting(), region):
        for case, flows in enumerate(case_flows(ladder.run, c)):
            close(answer.flows.contributions[case][0], flows.contributions)
            close(answer.flows.expenditure[case][0], flows.expenditure)
            close(answer.flows.closing[case][0], flows.reserve.closing)
        for n in range(len(LADDER)):
            assert np.abs(answer.steps[n] - ladder.steps[c, n]).max() <= 1e-9 * np.abs(ladder.steps[c]).max()


@pytest.mark.parametrize("rungs", [("export",), ("totalisation", "administration"), ("equality", "totalisation", "amount", "legislation")])
def test_a_toggled_step_and_take_up_are_an_evaluation_of_that_instrument(
    real: ExplorerModel, region: PreparedRegion, instrument: Instrument, rungs: tuple[str, ...]
) -> None:
    run = evaluate(region, [with_factor(instrument_at(instrument, rungs), 0.6)])[0]
    for c, answer in answers(real, Setting(rungs=rungs, take_up=0.6), region):
        without, with_ = case_flows(run, c)
        close(answer.flows.expenditure[0][0], without.expenditure)
        close(answer.flows.expenditure[1][0], with_.expenditure)
        close(answer.flows.contributions[1][0], with_.contributions)
        close(answer.steps[NAMES.index("administration")], coordination_cost(run, c))


def test_without_take_up_combinations_differ_in_refunds_alone(region: PreparedRegion, instrument: Instrument) -> None:
    """What the units rest on: two prices at take-up 0 serve all combinations, and flows are straight lines in take-up."""
    beside = ("legislation", "short_term", "administration")
    steps = [instrument_at(instrument, [*s, *beside]) for s in SUBSETS]
    whole = steps[-1]
    nothing = evaluate_corridor(region, [with_factor(i, 0.0) for i in steps], 0, 0)
    line = evaluate_corridor(region, [with_factor(whole, f) for f in (0.0, 0.5, 1.0)], 0, 0)
    for side, c in enumerate(region.demography.corridors[0]):
        country = region.countries[int(c)]
        items = [side_items(result, side, country) for result in nothing]
        for s, found in zip(SUBSETS, items, strict=True):
            wanted = items[SUBSETS.index(frozenset({"totalisation"} & s))]
            assert np.abs(found - wanted).max() <= 1e-12 * np.abs(wanted).max()
        low, middle, high = (side_items(result, side, country) for result in line)
        assert np.abs((low + high) / 2 - middle).max() <= 1e-12 * np.abs(high).max()


def test_flows_are_a_projection_of_those_movers(real: ExplorerModel, region: PreparedRegion, instrument: Instrument) -> None:
    """More who will move and fewer who have moved, at the rates of the base."""
    weights = np.full(PARTS, 1.7)
    weights[0] = 0.4
    at = {code: n for n, code in enumerate(region.basis.countries)}
    projected = {code: np.zeros((MOVER_ITEMS, HORIZON)) for code in real.schemes}
    for k in range(len(region.demography.corridors)):
        for sex in (0, 1):
            whole = corridor_inputs(region, k, sex)
            people = weighted_parts(region.demography, k, sex, whole, weights)
            result = evaluate_corridor_parts(region, instrument, k, sex, [people], whole)[0]
            for side, c in enumerate(region.demography.corridors[k]):
                projected[region.basis.countries[int(c)]] += side_items(result, side, region.countries[int(c)])
    for code, scheme in real.schemes.items():
        units = scheme.units
        factors = np.where(units.part == LATER, 1.7, 0.4)
        found = np.tensordot(units.flows[:MOVER_ITEMS], factors, axes=(1, 0))
        assert np.abs(found - projected[code]).max() <= 1e-9 * max(float(np.abs(projected[code]).max()), 1e-9)
        assert region.countries[at[code]].law.collecting


@examples(max_examples=15)
@given(st.floats(-0.03, 0.03, allow_subnormal=False))
def test_another_return_rolls_the_fund_and_discounts_anew(add: float) -> None:
    scheme = model_once().schemes["RWA"]
    base, moved = (SchemeAnswer(scheme, Setting(real_return=a), model_once().corridors) for a in (0.0, add))
    rate = (1.0 + (1.0 + scheme.basis.investment_return) / (1.0 + scheme.basis.inflation) - 1.0 + add) * (1.0 + scheme.basis.inflation) - 1.0
    for case in (0, 1):
        close(moved.flows.expenditure[case][0], base.flows.expenditure[case][0])
        fund = roll_forward(scheme.basis.opening_reserve, base.flows.contributions[case][0], base.flows.expenditure[case][0], rate)
        close(moved.flows.closing[case][0], fund.closing)
    close(moved.flows.discount[0], discount_factors(rate))


@examples(max_examples=15)
@given(at_any)
def test_steps_sum_to_the_net_cost_and_those_off_cost_nothing(setting: Setting) -> None:
    answer = explorer().at(setting)
    for scheme in answer.schemes.values():
        pensions = [n for n, name in enumerate(NAMES) if name != "short_term"]
        close(scheme.steps[pensions].sum(axis=0), scheme.net_cost)
        for name in setting.off:
            assert (scheme.steps[NAMES.index(name)] == 0.0).all()


@examples(max_examples=15)
@given(at_any)
def test_nothing_on_is_no_instrument(setting: Setting) -> None:
    for scheme in explorer().at(replace(setting, rungs=())).schemes.values():
        assert (scheme.net_cost == 0.0).all()
        assert (scheme.flows.closing[0] == scheme.flows.closing[1]).all()


@examples(max_examples=15)
@given(at_any)
def test_a_corridor_moved_everywhere_is_flows_moved(setting: Setting) -> None:
    base = replace(setting, flows=1.0)
    everywhere = replace(base, corridors=dict.fromkeys(model_once().corridors, setting.flows))
    for code, scheme in explorer().at(everywhere).schemes.items():
        close(scheme.steps, explorer().at(setting).scheme(code).steps)


def test_a_model_reads_back_as_it_was(tmp_path: Path) -> None:
    write_model(model_once(), tmp_path / "model")
    read = read_model(tmp_path / "model")
    setting = Setting(take_up=0.7, flows=1.3, real_wage=0.01, rungs=("export", "totalisation"))
    for code in model_once().schemes:
        for one, other in zip(*(Explorer(m).at(setting).scheme(code).flows.closing for m in (read, model_once())), strict=True):
            assert (one == other).all()
    (tmp_path / "model" / "model.json").write_text('{"$type": "Path"}')
    with pytest.raises(ValueError, match="no part of type 'Path'"):
        read_model(tmp_path / "model")


def test_tables_are_tidy_and_agree() -> None:
    answer = explorer().at(off=["export"])
    yearly = answer.yearly()
    assert list(yearly.columns) == ["country", "case", "year", "variable", "value"]
    assert not yearly.duplicated(["country", "case", "year", "variable"]).any()
    wide = answer.yearly("RWA", wide=True).query("case == 'with'").set_index("year")
    assert wide["payg_cost_rate"].to_numpy() == pytest.approx((wide["expenditure"] / wide["insurable_earnings"]).to_numpy())
    ladder = answer.ladder("RWA").set_index("rung")
    assert not ladder.loc["export", "on"] and ladder.loc["export", "pv"] == 0.0
    cost = answer.indicators("RWA").set_index("variable").loc["pv_net_cost", "difference"]
    assert ladder["pv"].drop("short_term").sum() == pytest.approx(cost)
    assert answer.indicators("KEN").set_index("variable").loc["gap_75"].isna()["with"]


def test_what_is_approximate_is_said() -> None:
    assert explorer().at().cautions() == []
    said = explorer().at(real_wage=0.01, corridors={"RWA-KEN": 2.0}).cautions()
    assert "Approximate" in said[0] and "single corridors" in said[1]


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"off": ["exports"]}, "did you mean 'export'"), ({"take_up": 1.5}, "more than everybody"), ({"takeup": 0.5}, "did you mean 'take_up'"),
        ({"corridors": {"RWA-UGA": 1.0}}, "RWA-UGA"), ({"flows": -1.0}, "allowed is 0 to 10"), ({"real_wage": float("nan")}, "allowed"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(asked: dict[str, object], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        explorer().at(**asked)  # type: ignore[arg-type]


def test_a_country_without_a_scheme_has_no_answer() -> None:
    with pytest.raises(InputError, match="SOM has no scheme"):
        explorer().at().ladder("SOM")
    with pytest.raises(InputError, match="RWB"):
        explorer().at().ladder("RWB")
