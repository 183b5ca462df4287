"""Stayers' careers: identities of head-counts and amounts, the coverage target, and the movers' kernel when nobody moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.careers.lattice import LatticeState, MoveRates, SideRates, advance, own_invalidity
from actuarial.careers.stayers import COVERED, OUT, StayerInputs, run_stayers, solve_cover
from actuarial.validation.lattice import make_side

ROWS, YEARS = 7, 9
SIZE = 2 * ROWS
AWARD = ROWS - 1
seeds = st.integers(0, 10_000)


def make_inputs(seed: int, *, closed: bool = False, movers: bool = True, invalidity: float = 0.15) -> StayerInputs:
    """Random rates. ``closed``: nobody comes or goes, so that the total is survivors and those who turn 15."""
    rng = np.random.default_rng(seed)
    survival = rng.uniform(0.8, 1.0, (YEARS, ROWS))
    first_movers = np.zeros((YEARS, ROWS))
    total = np.empty((YEARS + 1, ROWS))
    total[0] = rng.uniform(50, 100, ROWS)
    for t in range(YEARS):
        alive = total[t] * survival[t]
        if movers and not closed:
            first_movers[t] = alive * rng.uniform(0, 0.1, ROWS)
        total[t + 1, 0] = rng.uniform(50, 100)
        total[t + 1, 1:] = (alive - first_movers[t])[:-1] * (1.0 if closed else rng.uniform(0.9, 1.1, ROWS - 1))
    target = rng.uniform(0, 0.7, (YEARS + 1, ROWS))
    ill = np.random.default_rng(seed + 1).uniform(0, invalidity, (YEARS, ROWS))
    ill[:, AWARD:] = 0.0
    return StayerInputs(
        total=total, survival=survival, first_movers=first_movers, cover_target=target, exit_rate=rng.uniform(0, 0.3, ROWS),
        side=make_side(rng, AWARD, SIZE, ROWS, YEARS), service_size=SIZE, amount_factor=np.ones(YEARS),
        invalidity=ill,
    )  # fmt: skip


@given(seed=seeds)
@settings(max_examples=20, deadline=None)
def test_everybody_is_somewhere_and_nobody_twice(seed: int) -> None:
    inputs = make_inputs(seed)
    out = run_stayers(inputs)
    assert out.people.min() >= 0.0
    everybody = out.people.sum(axis=(2, 3)) + out.disabled
    np.testing.assert_allclose(everybody, inputs.total, rtol=1e-12)
    alive = everybody[:-1] * inputs.survival
    np.testing.assert_allclose(everybody[1:, 1:], (alive - inputs.first_movers)[:, :-1] + out.residual[:, 1:], rtol=1e-12)
    assert out.disabled.min() >= 0.0 and out.disabled[:, 2:].min() > 0.0


@given(seed=seeds)
@settings(max_examples=20, deadline=None)
def test_coverage_target_is_met_or_what_is_missing_is_recorded(seed: int) -> None:
    inputs = make_inputs(seed)
    out = run_stayers(inputs)
    covered = out.people[1:, :, COVERED].sum(axis=2)
    short = (inputs.cover_target * inputs.total)[1:, 1:] - covered[:, 1:]
    assert short.min() > -1e-9
    np.testing.assert_allclose(short.sum(axis=1), out.unmet, rtol=1e-9, atol=1e-9)
    assert np.all((out.entry >= 0) & (out.entry <= 1) & (out.exit >= 0) & (out.exit <= 1))
    # The year's exit differs from the assumed one only where the target forced it.
    forced = (out.entry[:, :-1] == 0.0) | (out.entry[:, :-1] == 1.0)
    np.testing.assert_array_equal(out.exit[:, :-1][~forced], np.broadcast_to(inputs.exit_rate[:-1], forced.shape)[~forced])


def test_whoever_turns_15_starts_uncovered_and_without_service() -> None:
    out = run_stayers(make_inputs(4))
    assert out.people[:, 0, COVERED].sum() == 0.0
    assert out.people[:, 0, OUT, 1:].sum() == 0.0


def test_a_target_out_of_reach_is_recorded_as_unmet() -> None:
    inputs = make_inputs(1, movers=False)
    total = inputs.total.copy()
    total[5, 1:] *= 3.0  # people from the rest of the world, uncovered on arrival
    target = np.full_like(inputs.cover_target, 0.9)
    out = run_stayers(replace(inputs, total=total, cover_target=target))
    assert out.unmet[4] > 0.0
    covered = out.people[5, 1:, COVERED].sum()
    assert covered + out.unmet[4] == pytest.approx((total * target)[5, 1:].sum(), rel=1e-12)


def test_a_falling_target_raises_exits_and_says_how_many() -> None:
    inputs = make_inputs(2, closed=True)
    target = np.full_like(inputs.cover_target, 0.6)
    target[5:] = 0.0
    out = run_stayers(replace(inputs, cover_target=target))
    inside = (out.people[4, :, COVERED].sum(axis=1) * inputs.survival[4] * (1.0 - own_invalidity(out.invalidity[4], 1.0 - inputs.survival[4])))[:-1]
    assert out.raised_exit[4] == pytest.approx((inside * (1.0 - inputs.exit_rate[:-1])).sum(), rel=1e-12)
    assert out.raised_exit[5:].sum() == 0.0
    assert out.people[5:, :, COVERED].sum() == 0.0


def test_nobody_covered_earns_nothing() -> None:
    inputs = make_inputs(3)
    inputs.side.add_mid[:, :, 0] = 0.0  # as every scheme: nothing is added for half a year out of cover
    out = run_stayers(replace(inputs, cover_target=np.zeros_like(inputs.cover_target)))
    assert out.people[:, :, COVERED].sum() == 0.0
    assert out.people[..., 1:].sum() == 0.0
    assert out.amount.sum() == out.award_amount.sum() == out.death_amount.sum() == out.residual_amount.sum() == 0.0
    assert out.award_people[:, 1:].sum() == 0.0


def test_constant_rates_stay_in_the_steady_state_they_start_in() -> None:
    inputs = make_inputs(5, closed=True)
    survival = np.repeat(inputs.survival[:1], YEARS, axis=0)
    total = np.repeat(100.0 * np.cumprod(np.concatenate(([1.0], survival[0, :-1])))[None, :], YEARS + 1, axis=0)
    side = inputs.side
    fixed = SideRates(*(np.repeat(a[:1], YEARS, axis=0) for a in (
        side.keep, side.add, side.keep_mid, side.add_mid, side.refund_share, side.refund_value)), side.award_row)  # fmt: skip
    target = np.repeat(inputs.cover_target[:1], YEARS + 1, axis=0)
    assert inputs.invalidity is not None
    ill = np.repeat(inputs.invalidity[:1], YEARS, axis=0)
    out = run_stayers(replace(inputs, survival=survival, total=total, cover_target=target, side=fixed, invalidity=ill))
    for values in (out.people, out.amount, out.disabled):
        np.testing.assert_allclose(values, np.broadcast_to(values[0], values.shape), rtol=1e-10, atol=1e-12)
    for values in (out.award_people, out.award_amount, out.death_amount, out.invalidity_amount, out.entry, out.exit):
        np.testing.assert_allclose(values, np.broadcast_to(values[0], values.shape), rtol=1e-10, atol=1e-12)


@given(seed=seeds)
@settings(max_examples=10, deadline=None)
def test_agrees_with_the_movers_kernel_when_nobody_moves(seed: int) -> None:
    inputs = make_inputs(seed, closed=True)
    out = run_stayers(inputs)
    assert np.abs(out.residual[:, 1:]).max() < 1e-9
    cells = np.zeros((3, ROWS, 4, SIZE, 1))
    cells[0, :, :2, :, 0], cells[1, :, :2, :, 0] = out.people[0], out.amount[0]
    state = LatticeState.of(*cells, np.stack([out.disabled[0], np.zeros(ROWS)], axis=1))
    transition = np.zeros((YEARS, ROWS, 4, 4))
    transition[:, :, 0, 0], transition[:, :, 0, 1] = 1.0 - out.exit, out.exit
    transition[:, :, 1, 0], transition[:, :, 1, 1] = out.entry, 1.0 - out.entry
    transition *= inputs.survival[:, :, None, None]
    ill = np.stack([out.invalidity, np.zeros((YEARS, ROWS))], axis=2)
    transition[:, :, 0] *= 1.0 - own_invalidity(out.invalidity, 1.0 - inputs.survival)[..., None]
    zero = np.zeros((YEARS, ROWS))
    nowhere = SideRates(np.zeros((YEARS, ROWS, 3)), np.zeros((YEARS, ROWS, 3)), np.zeros((YEARS, ROWS, 2)), np.zeros((YEARS, ROWS, 2)),
                        np.zeros((YEARS, 1)), np.zeros((YEARS, 1)), -1)  # fmt: skip
    nobody = np.zeros((YEARS, ROWS, 2, SIZE))
    joiners = np.zeros((YEARS, ROWS, 2))
    joiners[:, 0, 0] = inputs.total[1:, 0]
    death = np.stack([1.0 - inputs.survival] * 2, axis=2)
    found = advance(state, inputs.side, nowhere, MoveRates(transition, death, ill, zero, zero, nobody, nobody, joiners), 0, YEARS)
    np.testing.assert_allclose(state.people[:, :2, :, 0], out.people[-1], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(state.home_amount[:, :2, :, 0], out.amount[-1], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.award_people[0][:, 0, :, 0], out.award_people, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.award_amount[0][:, 0, :, 0], out.award_amount, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.death_amount[0], out.death_amount, rtol=1e-9)
    np.testing.assert_allclose(found.invalidity_amount[0], out.invalidity_amount, rtol=1e-9)
    np.testing.assert_allclose(found.disabled[0], out.disabled, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.invalids[0], out.invalid_people.sum(axis=2), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.covered[0], out.people[:, :, COVERED].sum(axis=2), rtol=1e-9, atol=1e-12)
    assert state.people[:, 2:].sum() == 0.0 and found.refund_amount.sum() == 0.0


def test_service_is_one_half_year_for_each_end_of_the_year_covered() -> None:
    inputs = make_inputs(6, closed=True, movers=False)
    everybody = np.ones_like(inputs.cover_target)
    out = run_stayers(replace(inputs, cover_target=everybody, exit_rate=np.zeros(ROWS), survival=np.ones_like(inputs.survival),
                              total=np.full_like(inputs.total, 10.0), invalidity=None))  # fmt: skip
    for row in range(1, ROWS):
        # Covered at the end of the first year and at both ends of every later one.
        assert np.flatnonzero(out.people[-1, row, COVERED]).tolist() == [2 * row - 1]
    assert np.flatnonzero(out.award_people[-1]).tolist() == [2 * AWARD]


def test_a_factor_on_amounts_acts_once_on_the_stock_and_leaves_people_alone() -> None:
    inputs = make_inputs(8)
    factor = np.ones(YEARS)
    factor[4] = 1.7
    once, scaled = run_stayers(inputs), run_stayers(replace(inputs, amount_factor=factor))
    np.testing.assert_array_equal(scaled.people, once.people)
    np.testing.assert_allclose(scaled.amount[4], 1.7 * once.amount[4], rtol=1e-12)
    np.testing.assert_array_equal(scaled.amount[:4], once.amount[:4])


def test_nobody_invalid_is_the_run_without_the_decrement_bit_by_bit() -> None:
    inputs = make_inputs(9)
    zeros, none = (run_stayers(replace(inputs, invalidity=rates)) for rates in (np.zeros((YEARS, ROWS)), None))
    assert not none.disabled.any()
    for name, value in vars(none).items():
        np.testing.assert_array_equal(getattr(zeros, name), value)


def test_a_cohort_becomes_invalid_by_hand() -> None:
    """100 people of one age, all covered, 10 % die and a fifth becomes invalid, each in its own table; half of the total comes back as joiners."""
    inputs = make_inputs(1, closed=True)
    survival, ill, total = np.ones_like(inputs.survival), np.zeros((YEARS, ROWS)), inputs.total * 0.0
    survival[0, 3], ill[0, 3], total[0, 3], total[1, 4] = 0.9, 0.2 * 0.95, 100.0, 100.0
    target = np.ones_like(inputs.cover_target)
    out = run_stayers(replace(inputs, survival=survival, invalidity=ill, total=total, cover_target=target, exit_rate=np.zeros(ROWS)))
    start = out.people[0, 3, COVERED].sum()
    assert start == pytest.approx(100.0) and out.invalid_people[0, 3].sum() == pytest.approx(19.0)
    assert out.disabled[1, 4] == pytest.approx(100.0 * 0.2 * 0.9)
    assert out.death[0, 3].tolist() == pytest.approx([0.1 * 0.9, 0.1])
    assert out.people[1, 4, COVERED].sum() == pytest.approx(100.0 * 0.8 * 0.9)
    assert out.people[1, 4, OUT].sum() == pytest.approx(10.0) and out.unmet[0] == pytest.approx(28.0)


def test_who_leaves_the_region_takes_service_along() -> None:
    inputs = make_inputs(10, movers=False)
    total = inputs.total.copy()
    total[3, 1:] *= 0.5
    out = run_stayers(replace(inputs, total=total))
    left = np.maximum(-out.residual[:, 1:], 0.0).sum(axis=1)
    assert left[2] > 0.0 and out.residual_people[2, 1:].sum() > 0.0
    # All leavers but the invalid, who have no service any more.
    assert 0.0 < left[2] - out.residual_people[2].sum() < out.disabled[3].sum() * 1.5
    dry = run_stayers(replace(inputs, total=total, invalidity=None))
    np.testing.assert_allclose(np.maximum(-dry.residual[:, 1:], 0.0).sum(axis=1), dry.residual_people.sum(axis=1), rtol=1e-9, atol=1e-9)


def test_invalidity_at_pension_age_is_refused() -> None:
    inputs = make_inputs(11)
    with pytest.raises(ValueError, match="must be 0 there"):
        run_stayers(replace(inputs, invalidity=np.full((YEARS, ROWS), 0.01)))


def test_more_leaving_than_living_is_refused() -> None:
    inputs = make_inputs(7)
    movers = inputs.first_movers.copy()
    movers[3, 2] = 1e6
    with pytest.raises(ArithmeticError, match="year index 3, age 17: .* more people move than are alive"):
        run_stayers(replace(inputs, first_movers=movers))


def test_too_short_a_service_axis_is_refused() -> None:
    inputs = make_inputs(7, closed=True)
    everybody = replace(inputs, cover_target=np.ones_like(inputs.cover_target), exit_rate=np.zeros(ROWS), service_size=5)
    with pytest.raises(ArithmeticError, match="longest service of 4 half-years"):
        run_stayers(everybody)


people = st.just(0.0) | st.floats(1e-6, 100, allow_subnormal=False)


@given(people, people, st.floats(0, 250, allow_subnormal=False), st.floats(0, 1, allow_subnormal=False))
def test_solved_cover_meets_every_target_that_can_be_met(inside: float, outside: float, target: float, exit_rate: float) -> None:
    w, e, moved, short = solve_cover(np.array([inside]), np.array([outside]), np.array([target]), np.array([exit_rate]))
    covered = inside * (1.0 - w[0]) + outside * e[0]
    assert 0.0 <= w[0] <= 1.0 and 0.0 <= e[0] <= 1.0
    assert covered + short == pytest.approx(max(covered, target), abs=1e-9)
    if target <= inside + outside:
        assert covered == pytest.approx(target, abs=1e-9)
    assert moved == pytest.approx(max(inside * (w[0] - exit_rate), 0.0), abs=1e-9)
