"""Events before the award: functionals against a second implementation, against the lattice's own sums, and their linearity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.dimensions import Array
from actuarial.careers.events import DEATH, INVALIDITY, EventOutput, EventTables, age_bands, stayer_events
from actuarial.careers.lattice import LatticeState, MoveRates, SideRates, advance
from actuarial.careers.stayers import run_stayers
from actuarial.validation import second_lattice
from actuarial.validation.lattice import ROWS, YEARS, make_case
from tests.careers import test_stayers
from tests.careers.test_lattice import plain_lattice
from tests.careers.test_stayers import make_inputs

BANDS = np.array([0, 0, 1, 1, 1, 3, 3])
"""Bands of the small lattice; one of four is empty."""
seeds = st.integers(0, 10_000)


def make_tables(seed: int, service: tuple[int, ...], years: int, functionals: int = 5, versions: int = 3) -> EventTables:
    rng = np.random.default_rng(seed)
    shape = (functionals, versions, *service)
    return EventTables(
        (rng.uniform(size=shape) > 0.4).astype(float), rng.uniform(0, 2, shape), rng.uniform(0, 5, shape),
        rng.integers(0, versions, (functionals, years)), rng.integers(0, 2, functionals), rng.integers(0, 2, functionals), BANDS,
    )  # fmt: skip


def every_event(service: tuple[int, ...], years: int, *, eligible: float, share: float, flat: float = 0.0) -> EventTables:
    """Functionals with constant tables: deaths of the home scheme, of the host's, new invalids of the home scheme, of the host's."""
    whole = [np.full((4, 1, *service), value) for value in (eligible, share, flat)]
    sides, events = np.array([0, 1, 0, 1]), np.array([DEATH, DEATH, INVALIDITY, INVALIDITY])
    return EventTables(*whole, np.zeros((4, years), np.int64), sides, events, BANDS)


def sizes(state: LatticeState) -> tuple[int, ...]:
    return state.places.home_size, state.places.host_size


@given(seed=seeds, award_h=st.integers(2, 5), award_k=st.integers(2, 5), first=st.integers(0, 2))
@settings(max_examples=20, deadline=None)
def test_agrees_with_the_second_implementation(seed: int, award_h: int, award_k: int, first: int) -> None:
    held_against_the_second_implementation(seed, award_h, award_k, first)


def test_agrees_with_it_in_plain_python() -> None:
    with plain_lattice():
        held_against_the_second_implementation(1, 5, 3, 1)


def held_against_the_second_implementation(seed: int, award_h: int, award_k: int, first: int) -> None:
    case = make_case(seed, award_h, award_k)
    tables = make_tables(seed, sizes(case[0]), YEARS - first)
    expected = second_lattice.run(*case, first, YEARS, tables)["events"]
    out = advance(*case, first, YEARS, tables).events
    assert out is not None
    for found, wanted in zip((out.people, out.amount), expected, strict=True):
        whole = np.zeros_like(found)
        for at, value in wanted.items():
            whole[at] = value
        np.testing.assert_allclose(found, whole, rtol=1e-12, atol=1e-12)
    assert not out.people[:, :, 2].any()


@given(seed=seeds, award_h=st.integers(2, 5), award_k=st.integers(2, 5))
@settings(max_examples=15, deadline=None)
def test_the_whole_amount_is_what_the_lattice_counts_itself(seed: int, award_h: int, award_k: int) -> None:
    case = make_case(seed, award_h, award_k)
    tables = every_event(sizes(case[0]), YEARS, eligible=1.0, share=1.0)
    out = advance(*case, 0, YEARS, tables)
    assert out.events is not None
    amount = out.events.amount.sum(axis=(2, 3))
    np.testing.assert_allclose(amount[:2], out.death_amount, rtol=1e-12)
    np.testing.assert_allclose(amount[2:], out.invalidity_amount, rtol=1e-12)
    # Only the covered become invalid, at home and in the host country.
    assert not out.events.people[2:][..., [1, 3]].any()


def test_everybody_counted_is_everybody_who_dies_or_becomes_invalid_before_the_award() -> None:
    state, home, host, moves = make_case(9, 5, 5)
    rest = np.arange(ROWS) == 5
    moves.transition[:, 5:] = 0.0  # the award row is the last
    tables = every_event(sizes(state), YEARS, eligible=1.0, share=0.0)
    out = advance(state, home, host, moves, 0, YEARS, tables)
    assert out.events is not None
    people = out.events.people.sum(axis=(2, 3))
    invalids = (out.invalids * np.where(rest, 0.5, 1.0)).sum(axis=(0, 2))
    np.testing.assert_allclose(people[2], invalids, rtol=1e-12)
    np.testing.assert_allclose(people[3], invalids, rtol=1e-12)
    # All deaths are those of members, of the invalid before, and of the invalid of the year; half of the last row's come after the award.
    rate = moves.death
    pool = (out.disabled[:, :-1] * rate.transpose(2, 0, 1)).sum(axis=(0, 2))
    same_year = (out.invalids / (1.0 - 0.5 * rate.transpose(2, 0, 1)) * 0.5 * rate.transpose(2, 0, 1)).sum(axis=(0, 2))
    band = out.events.people[0].sum(axis=2)
    np.testing.assert_allclose(band[:, :3].sum(axis=1) + 2.0 * band[:, 3] + pool + same_year, out.died, rtol=1e-12)


@given(seed=seeds, factor=st.floats(0.0, 10.0, allow_subnormal=False))
@settings(max_examples=15, deadline=None)
def test_functionals_are_linear_in_tables_and_people(seed: int, factor: float) -> None:
    state, home, host, moves = make_case(seed)
    shape = sizes(state)
    one, two = make_tables(seed, shape, YEARS), make_tables(seed + 1, shape, YEARS)
    keys = {"version": one.version, "side": one.side, "event": one.event}

    def found(tables: EventTables, start: LatticeState = state, rates: MoveRates = moves) -> EventOutput:
        out = advance(start.copy(), home, host, rates, 0, YEARS, tables).events
        assert out is not None
        return out

    mixed = replace(one, **{name: getattr(one, name) + factor * getattr(two, name) for name in ("eligible", "share", "flat")})
    a, b, c = found(one), found(replace(two, **keys)), found(mixed)
    np.testing.assert_allclose(c.people, a.people + factor * b.people, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(c.amount, a.amount + factor * b.amount, rtol=1e-11, atol=1e-12)
    twice = found(one, state.scaled(np.full(ROWS, 2.0)), replace(moves, first_movers=2.0 * moves.first_movers, joiners=2.0 * moves.joiners))
    np.testing.assert_array_equal(twice.amount, 2.0 * a.amount)


def test_asking_changes_nothing_else() -> None:
    case = make_case(4)
    other = (case[0].copy(), *case[1:])
    plain, asked = advance(*case, 0, YEARS), advance(*other, 0, YEARS, make_tables(4, sizes(case[0]), YEARS))
    assert plain.events is None
    for name, value in vars(plain).items():
        if name != "events":
            np.testing.assert_array_equal(getattr(asked, name), value)
    np.testing.assert_array_equal(case[0].people, other[0].people)


def test_a_functional_of_one_cell_by_hand() -> None:
    """Ten people aged 15, covered at home with amount 30, of whom 4 % die and 10 % become invalid: service is half a year then."""
    cells = np.zeros((3, 1, 4, 4, 1))
    cells[:, 0, 0, 0, 0] = 10.0, 30.0, 0.0
    state = LatticeState.of(*cells)
    keep_mid, add_mid = np.full((1, 1, 2), 1.1), np.array([[[0.0, 2.0]]])
    nothing = np.zeros((1, 1, 3))
    home = SideRates(nothing, nothing, keep_mid, add_mid, np.zeros((1, 4)), np.zeros((1, 4)), 3)
    host = SideRates(nothing, nothing, keep_mid * 0, add_mid * 0, np.zeros((1, 1)), np.zeros((1, 1)), -1)
    q, r = np.full((1, 1, 2), 0.04), np.full((1, 1, 2), 0.10 * (1 - 0.02))
    none = np.zeros((1, 1))
    moves = MoveRates(np.zeros((1, 1, 4, 4)), q, r, none, none, np.zeros((1, 1, 2, 4)), np.zeros((1, 1, 2, 4)), np.zeros((1, 1, 2)))
    table = np.zeros((2, 1, 4, 1))
    table[:, 0, 1] = 1.0
    keys = np.zeros((2, 1), np.int64), np.zeros(2, np.int64), np.array([DEATH, INVALIDITY])
    tables = EventTables(table, 0.5 * table, 7.0 * table, *keys, age_bands())
    out = advance(state, home, host, moves, 0, 1, tables).events
    assert out is not None
    dead, ill = 10 * 0.04 * (1 - 0.05), 10 * 0.10 * (1 - 0.02)
    np.testing.assert_allclose(out.people[:, 0, 0, 0], [dead, ill], rtol=1e-14)
    each = 0.5 * (3.0 * 1.1 + 2.0) + 7.0
    np.testing.assert_allclose(out.amount[:, 0, 0, 0], [dead * each, ill * each], rtol=1e-14)


def test_bands_are_those_of_the_ages() -> None:
    bands = age_bands()
    assert [int(np.flatnonzero(bands == b)[0]) + 15 for b in range(4)] == [15, 30, 45, 55]
    assert bands[-1] == 3


def shorter(name: str) -> Callable[[EventTables], EventTables]:
    return lambda tables: replace(tables, **{name: getattr(tables, name)[:-1]})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (shorter("share"), "share has shape"),
        (shorter("version"), "version has shape"),
        (lambda t: replace(t, version=t.version + 5), "version must lie in 0..2"),
        (lambda t: replace(t, side=t.side - 1), "side must lie in 0..1"),
        (lambda t: replace(t, event=t.event + 1), "event must lie in 0..1"),
        (lambda t: replace(t, bands=t.bands[::-1]), "bands"),
        (lambda t: replace(t, bands=t.bands[: ROWS - 1]), "each of 6 rows"),
    ],
)  # fmt: skip
def test_tables_that_do_not_fit_are_refused(change: Callable[[EventTables], EventTables], message: str) -> None:
    case = make_case(1)
    tables = make_tables(1, sizes(case[0]), YEARS)
    assert tables.side.min() == 0 and tables.event.max() == 1
    with pytest.raises(ValueError, match=message):
        advance(*case, 0, YEARS, change(tables))


def slow_stayers(tables: EventTables, people: Array, amount: Array, death: Array, ill: Array, side: SideRates, first: int) -> tuple[Array, Array]:
    shape = (tables.event.size, tables.version.shape[1], 4, 2)
    count, worth = np.zeros(shape), np.zeros(shape)
    for f, y, a, c, s in np.ndindex(shape[0], shape[1], people.shape[1], 2, people.shape[3] - 1):
        t = first + y
        part = 1.0 if a < side.award_row else 0.5 if a == side.award_row else 0.0
        rate = part * (death[t, a, c] if tables.event[f] == DEATH else ill[t, a] * (1 - c))
        n, at = people[t, a, c, s], (f, tables.version[f, y], s + 1 - c)
        x = amount[t, a, c, s] * side.keep_mid[t, a, 1 - c] + n * side.add_mid[t, a, 1 - c]
        count[f, y, BANDS[a], c] += rate * n * tables.eligible[at]
        worth[f, y, BANDS[a], c] += rate * (x * tables.share[at] + n * tables.flat[at])
    return count, worth


@given(seed=seeds, first=st.integers(0, 3))
@settings(max_examples=8, deadline=None)
def test_stayers_agree_with_a_loop_over_their_cells(seed: int, first: int) -> None:
    inputs = make_inputs(seed)
    out = run_stayers(inputs)
    tables = make_tables(seed, (inputs.service_size,), 4)
    found = stayer_events(out, inputs.side, tables, first)
    expected = slow_stayers(tables, out.people, out.amount, out.death, out.invalidity, inputs.side, first)
    np.testing.assert_allclose(found.people, expected[0], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found.amount, expected[1], rtol=1e-12, atol=1e-12)


def test_the_whole_amount_of_stayers_is_what_their_run_counts_itself() -> None:
    inputs = make_inputs(12)
    out = run_stayers(inputs)
    years = test_stayers.YEARS
    tables = every_event((inputs.service_size,), years, eligible=1.0, share=1.0)
    found = stayer_events(out, inputs.side, tables)
    np.testing.assert_allclose(found.amount[0].sum(axis=(1, 2)), out.death_amount, rtol=1e-12)
    np.testing.assert_allclose(found.amount[2].sum(axis=(1, 2)), out.invalidity_amount, rtol=1e-12)
    np.testing.assert_allclose(found.people[2].sum(axis=(1, 2)), out.invalid_people.sum(axis=(1, 2)), rtol=1e-12)
    np.testing.assert_allclose(found.amount[2].sum(axis=(1, 2)), out.invalid_amount(inputs.side).sum(axis=(1, 2)), rtol=1e-12)
    with pytest.raises(ValueError, match="outside the run"):
        stayer_events(out, inputs.side, tables, 1)
