"""Break-even of an instrument: each closed form against a run of the engine at the point that it names."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.dimensions import FIRST_YEAR
from actuarial.basis.instrument import Instrument
from actuarial.basis.scenario import Scenario
from actuarial.feasibility.break_even import (
    CLOSE,
    TakeUpCost,
    _root,
    as_table,
    break_even,
    contribution_rate,
    coverage,
    mobility,
    take_up,
    take_up_cost,
    take_up_factors,
    take_up_limits,
    with_coverage,
    with_factor,
)
from actuarial.feasibility.cashflow import case_flows
from actuarial.feasibility.compare import SchemeBase, scheme_bases, scheme_price
from actuarial.feasibility.engine import PreparedRegion, RegionRun, evaluate
from actuarial.feasibility.terms import take_up as shares_of
from actuarial.finance.indicators import present_value
from actuarial.finance.reserve import roll_forward
from tests.feasibility.conftest import BY_CORRIDOR

TRIALS = (0.3, 1.1, 2.0)


@pytest.fixture(scope="module")
def bases(run: RegionRun) -> tuple[SchemeBase, ...]:
    return scheme_bases(run)


@pytest.fixture(scope="module")
def by_take_up(run: RegionRun, instrument: Instrument) -> dict[float, RegionRun]:
    factors = (*take_up_factors(instrument), *TRIALS)
    return dict(zip(factors, evaluate(run, [with_factor(instrument, f) for f in factors]), strict=True))


def cost(run: RegionRun, base: SchemeBase) -> float:
    return base.value(scheme_price(run, base.country).net)


def gross(run: RegionRun, base: SchemeBase) -> float:
    """The size of what is added up to the cost, for tolerances."""
    return base.value(np.abs(scheme_price(run, base.country).net))


def with_movers(prepared: PreparedRegion, factor: float) -> PreparedRegion:
    """The same region with ``factor`` times the movers, stock and flow; return and re-migration rates stay."""
    people = [name for name in BY_CORRIDOR if name != "corridors" and not name.endswith("_rate")]
    return replace(prepared, demography=replace(prepared.demography, **{n: factor * getattr(prepared.demography, n) for n in people}))


def test_the_cost_is_a_fixed_part_and_one_proportional_to_movers(run: RegionRun, instrument: Instrument, bases: tuple[SchemeBase, ...]) -> None:
    """At the factor that the closed form names, a run with so many movers costs nothing."""
    found = 0
    [double], [few] = (evaluate(with_movers(run, factor), [instrument]) for factor in (2.0, 0.01))
    for base in bases:
        answer = mobility(run, base)
        assert answer.cost == pytest.approx(cost(run, base), rel=1e-12)
        assert cost(double, base) - answer.cost_low == pytest.approx(2.0 * (answer.cost - answer.cost_low), rel=1e-9)
        if answer.value is None:
            assert answer.cost > 0.0 and cost(few, base) > 0.0
            continue
        found += 1
        [there] = evaluate(with_movers(run, answer.value), [instrument])
        assert abs(cost(there, base)) <= 1e-9 * answer.cost_low
    assert found >= 1


def test_without_a_fixed_cost_mobility_never_turns_the_sign(run: RegionRun, instrument: Instrument) -> None:
    free = instrument.model_copy(update={"administration": instrument.administration.model_copy(update={"fixed_usd_per_year_per_scheme": 0.0})})
    [without] = evaluate(run, [free])
    for base in scheme_bases(without):
        answer = mobility(without, base)
        assert answer.value is None and answer.cost_low == 0.0


def test_the_factor_on_take_up_is_the_scenario_s(run: RegionRun, instrument: Instrument, by_take_up: dict[float, RegionRun],
                                                scenario: Scenario, bases: tuple[SchemeBase, ...]) -> None:  # fmt: skip
    """A factor on the curve and the lever of a scenario are two ways to the same run, capped or not."""
    for factor in (0.3, 2.0):
        lever = scenario.model_copy(update={"payment": scenario.payment.model_copy(update={"take_up_factor": factor})})
        [by_lever] = evaluate(replace(run, scenario=lever), [instrument])  # type: ignore[arg-type]
        np.testing.assert_allclose(shares_of(with_factor(instrument, factor)), shares_of(instrument, factor), rtol=1e-12)
        for base in bases:
            assert cost(by_take_up[factor], base) == pytest.approx(cost(by_lever, base), rel=1e-9)


def test_take_up_is_a_closed_form_up_to_the_cap(
    run: RegionRun, instrument: Instrument, by_take_up: dict[float, RegionRun], bases: tuple[SchemeBase, ...]
) -> None:
    """Known from take-up 0, 1/2 and 1, checked at factors that it has not seen; with a national's rights for foreigners it is linear."""
    cap, full = take_up_limits(instrument)
    assert cap == pytest.approx(1.0 / 0.85) and full == pytest.approx(4.0)
    np.testing.assert_array_equal(shares_of(with_factor(instrument, full))[instrument.entry_into_force - FIRST_YEAR :], 1.0)
    for base in bases:
        form = take_up_cost(base, run, {f: by_take_up[f] for f in take_up_factors(instrument)})
        for factor in (0.3, 1.0, 1.1):
            at = run if factor == 1.0 else by_take_up[factor]
            assert form(factor) == pytest.approx(cost(at, base), rel=1e-9, abs=1e-9 * gross(at, base))
        if run.countries[base.country].law.foreigners_rights_share == 1.0:
            assert np.abs(form.net[2]).max() <= 1e-9 * np.abs(form.net).max()
        assert form(2.0) == pytest.approx(cost(by_take_up[2.0], base), rel=0.02, abs=0.02 * gross(run, base))
        assert form(form.cap + 1e-9) == pytest.approx(form(form.cap), rel=1e-6)


def test_take_up_turns_the_sign_where_it_says(
    run: RegionRun, instrument: Instrument, by_take_up: dict[float, RegionRun], bases: tuple[SchemeBase, ...]
) -> None:
    """A fixed saving laid beside the cost puts the break-even at 0.6 times the take-up; a run there finds the same cost."""
    others = {f: by_take_up[f] for f in take_up_factors(instrument)}
    checked = 0
    for base in bases:
        answer = take_up(base, run, others)
        form = take_up_cost(base, run, others)
        low, full = form(0.0), form(float(form.factors[-1]))
        if answer.value is None:
            assert low * full > 0.0 or low == 0.0
        else:
            [there] = evaluate(run, [with_factor(instrument, answer.value)])
            assert abs(cost(there, base)) <= (1e-6 if answer.value <= form.cap else 0.02) * gross(run, base)
        if form(1.0) - low <= 1e-6 * gross(run, base):
            continue
        level = form(0.6)
        factor = _root(lambda f, form=form, level=level: form(f) - level, np.linspace(0.0, form.cap, 50))  # type: ignore[misc]
        assert factor == pytest.approx(0.6, rel=1e-9)
        checked += 1
    assert checked >= 2


@given(st.floats(0.05, 3.9, allow_subnormal=False), st.floats(0.1, 5.0, allow_subnormal=False), st.booleans())
def test_a_root_is_found_on_both_sides_of_the_cap(where: float, slope: float, falling: bool) -> None:
    sign = -slope if falling else slope
    base = SchemeBase(0, np.zeros(75), 1.0, 1.0, *(np.ones(75),) * 4, 0.0, 1.0)
    flat = np.full(75, sign / 75.0)
    cap, beyond = 1.2, np.array([1.2, 2.0, 4.0])
    form = TakeUpCost(base, np.array([-where * flat, flat]), np.zeros((2, 75)), 0.0, np.zeros(75), cap, beyond, sign * (beyond - where))
    assert _root(form, np.concatenate([np.linspace(0.0, cap, 201), beyond[1:]])) == pytest.approx(where, rel=1e-6)


def test_an_instrument_that_everybody_claims_has_nothing_beyond_the_cap(instrument: Instrument) -> None:
    whole = instrument.model_copy(update={"take_up": (instrument.take_up[0].model_copy(update={"share": 1.0}),)})
    assert take_up_limits(whole) == (1.0, 1.0) and take_up_factors(whole) == (0.0, 0.5)
    late = instrument.model_copy(update={"take_up": (instrument.take_up[0].model_copy(update={"share": 0.0}), *instrument.take_up[1:])})
    assert take_up_limits(late)[1] == 10.0 and max(take_up_factors(late)) == pytest.approx(10.0)


def test_the_contribution_rate_leaves_the_fund_where_it_would_be(run: RegionRun, bases: tuple[SchemeBase, ...]) -> None:
    """Two evaluations of the fund, against the quotient of present values and against the engine's own fund with the instrument."""
    for base in bases:
        answer = contribution_rate(run, base)
        assert answer.value is not None
        price = scheme_price(run, base.country)
        without, with_ = case_flows(run, base.country)
        compliance = run.countries[base.country].compliance[-75:]
        paid = compliance * with_.insurable_earnings
        assert answer.value == pytest.approx(present_value(price.net, base.rates) / present_value(paid, base.rates), rel=1e-6)
        fund = roll_forward(float(without.reserve.opening[0]), with_.contributions + answer.value * paid, with_.expenditure, base.rates)
        size = max(abs(float(without.reserve.closing[-1])), float(np.abs(with_.expenditure).max()))
        assert abs(float(fund.closing[-1] - without.reserve.closing[-1])) <= 1e-9 * size
        assert math.copysign(1.0, answer.value) == math.copysign(1.0, answer.cost)


def test_more_cover_of_movers_leaves_the_past_and_raises_earnings(run: RegionRun, instrument: Instrument) -> None:
    [more] = evaluate(with_coverage(run, 2.0), [instrument])
    for before, after in zip(run.corridors, more.corridors, strict=True):
        np.testing.assert_array_equal(after.covered[:, 0], before.covered[:, 0])
        np.testing.assert_allclose(after.people, before.people, rtol=1e-9)
        assert after.sides[1].earnings.sum() > before.sides[1].earnings.sum() or before.sides[1].earnings.sum() == 0.0


def test_coverage_is_projected_again_and_the_answer_holds_there(run: RegionRun, instrument: Instrument, bases: tuple[SchemeBase, ...]) -> None:
    ends = [evaluate(with_coverage(run, factor), [instrument])[0] for factor in (0.25, 4.0)]
    for base, answer in zip(bases, coverage(run, run, bases), strict=True):
        low, high = (cost(end, base) for end in ends)
        assert (answer.cost_low, answer.cost_high) == pytest.approx((low, high), rel=1e-12)
        if answer.value is None:
            assert low * high > 0.0
            continue
        [there] = evaluate(with_coverage(run, answer.value), [instrument])
        assert abs(cost(there, base)) <= 2.0 * CLOSE * max(abs(x) for x in (low, high, answer.cost))


def test_every_answer_is_a_sentence_about_its_country(
    run: RegionRun, instrument: Instrument, by_take_up: dict[float, RegionRun], bases: tuple[SchemeBase, ...]
) -> None:
    found = break_even(run, bases, {f: by_take_up[f] for f in take_up_factors(instrument)})
    table = as_table(found)
    assert len(table) == 3 * len(bases)
    for answer in found:
        assert answer.sentence.startswith(run.basis.region.names[run.basis.countries.index(answer.country)]) and answer.sentence.endswith(".")
        assert "nan" not in answer.sentence and "inf" not in answer.sentence
