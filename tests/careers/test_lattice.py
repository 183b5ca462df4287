"""The movers' lattice: against a second implementation, and its identities (actuarial-methods 3.4: mass balance, no negative cells)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba.core.registry import CPUDispatcher as Dispatcher

from actuarial.careers import lattice, lattice_kernel
from actuarial.careers.lattice import LatticeState, SideRates, advance
from actuarial.validation.lattice import ROWS, WITHIN, YEARS, gaps, make_case
from tests.plain import plain


@given(seed=st.integers(0, 10_000), award_h=st.integers(3, 5), award_k=st.integers(3, 5))
@settings(max_examples=15, deadline=None)
def test_agrees_with_the_second_implementation(seed: int, award_h: int, award_k: int) -> None:
    found = gaps(seed, award_h, award_k)
    assert len(found) == 13
    assert {name: gap for name, gap in found.items() if gap > WITHIN} == {}


@pytest.mark.parametrize(("award_h", "award_k"), [(5, 3), (3, 5), (4, 4)])
def test_agrees_with_it_in_plain_python(award_h: int, award_k: int) -> None:
    with plain_lattice():
        found = gaps(award_h, award_h, award_k)
    assert {name: gap for name, gap in found.items() if gap > WITHIN} == {}


@contextmanager
def plain_lattice() -> Iterator[None]:
    """The compiled lattice as plain Python. Only whole vectors, which reach past the last cells of a line, are moved as memory is."""
    with plain(lattice, lattice_kernel), pytest.MonkeyPatch.context() as patch:
        patch.setattr(lattice_kernel, "_add_vector", add_in_memory)
        patch.setattr(lattice_kernel, "_copy_vector", copy_in_memory)
        yield


def eight(array: np.ndarray, line: int, place: int) -> np.ndarray:
    """Eight cells from a place of a line on, be they of the next line; fewer at the end of the array."""
    return array.reshape(-1)[int(line) * array.shape[1] + int(place) :][:8]


def add_in_memory(gone, at, place, source, line, begin, share, c) -> None:  # type: ignore[no-untyped-def]
    read, shares, to = eight(source, line, begin).copy(), share[int(c) : int(c) + 8], eight(gone, at, place)
    size = min(len(read), len(to))
    assert not shares[size:].any()
    to[:size] += read[:size] * shares[:size]


def copy_in_memory(source, line, begin, to, into, place) -> None:  # type: ignore[no-untyped-def]
    read, written = eight(source, line, begin).copy(), eight(to, into, place)
    size = min(len(read), len(written))
    written[:size] = read[:size]


def test_eight_cells_are_added_at_once() -> None:
    rng = np.random.default_rng(1)
    source, share = rng.uniform(size=(2, 20)), rng.uniform(size=30)
    one, other = rng.uniform(size=(3, 20)), np.zeros((3, 20))
    other[:] = one
    where = (np.uintp(2), np.uintp(5)), (np.uintp(1), np.uintp(3), np.uintp(11))
    lattice_kernel._add_vector.py_func(one, *where[0], source, where[1][0], where[1][1], share, where[1][2])
    other[2, 5:13] += source[1, 3:11] * share[11:19]
    np.testing.assert_array_equal(one, other)
    lattice_kernel._copy_vector.py_func(source, *where[1][:2], one, *where[0])
    np.testing.assert_array_equal(one[2, 5:13], source[1, 3:11])


@given(seed=st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_people_are_conserved_and_never_negative(seed: int) -> None:
    state, home, host, moves = make_case(seed)
    before = state.people.sum() + state.disabled.sum()
    out = advance(state, home, host, moves, 0, YEARS)
    assert min(state.people.min(), state.home_amount.min(), state.host_amount.min(), state.disabled.min()) >= 0.0
    after = state.people.sum() + state.disabled.sum()
    assert before + out.joined.sum() - out.died.sum() - out.left.sum() == pytest.approx(after, rel=1e-12)


def test_refunds_change_service_but_no_head_count() -> None:
    state, home, host, moves = make_case(7)
    other = state.copy()
    no_refund = [SideRates(s.keep, s.add, s.keep_mid, s.add_mid, s.refund_share * 0.0, s.refund_value, s.award_row) for s in (home, host)]
    refunded = advance(state, home, host, moves, 0, YEARS)
    kept = advance(other, *no_refund, moves, 0, YEARS)
    np.testing.assert_allclose(refunded.people, kept.people, rtol=1e-12)
    np.testing.assert_allclose(refunded.covered, kept.covered, rtol=1e-12)
    assert refunded.refund_amount.sum() > 0 and kept.refund_amount.sum() == 0
    assert state.home_amount.sum() < other.home_amount.sum()


def test_a_run_in_two_parts_is_the_run_in_one() -> None:
    state, home, host, moves = make_case(3)
    other = state.copy()
    advance(state, home, host, moves, 0, YEARS)
    advance(other, home, host, moves, 0, 3)
    advance(other, home, host, moves, 3, YEARS)
    np.testing.assert_array_equal(state.people, other.people)


def test_doubling_everybody_doubles_every_result() -> None:
    state, home, host, moves = make_case(11)
    double = state.scaled(np.full(ROWS, 2.0))
    twice = replace(moves, first_movers=moves.first_movers * 2, joiners=moves.joiners * 2)
    once_out = advance(state, home, host, moves, 0, YEARS)
    twice_out = advance(double, home, host, twice, 0, YEARS)
    np.testing.assert_allclose(twice_out.award_amount, 2 * once_out.award_amount, rtol=1e-12)
    np.testing.assert_allclose(twice_out.refund_amount, 2 * once_out.refund_amount, rtol=1e-12)


def test_a_leak_of_people_is_refused() -> None:
    state, home, host, moves = make_case(5)
    moves.transition[2] *= 0.9
    with pytest.raises(ArithmeticError, match="people not conserved, year 1992"):
        advance(state, home, host, moves, 0, YEARS)


@given(seed=st.integers(0, 10_000), award_h=st.integers(-1, 5), award_k=st.integers(-1, 5))
@settings(max_examples=25, deadline=None)
def test_every_cell_has_one_place(seed: int, award_h: int, award_k: int) -> None:
    """Whatever somebody can have earned by the age of the row is kept; a field is read as it was given."""
    sizes = max(2 * (award_h + 1), 1), max(2 * (award_k + 1), 1)
    rng = np.random.default_rng(seed)
    cells = rng.uniform(1, 2, (3, ROWS, 4, *sizes)) * (rng.uniform(size=(3, ROWS, 4, *sizes)) > 0.5)
    h, k = np.indices(sizes)
    for row in range(ROWS):
        cells[:, row, :, h + k > 2 * row] = 0.0
    # Without a scheme nobody is covered by it.
    cells[:, :, [s for s, award in ((0, award_h), (2, award_k)) if award < 0]] = 0.0
    state = LatticeState.of(*cells)
    for name, field in zip(("people", "home_amount", "host_amount"), cells, strict=True):
        np.testing.assert_array_equal(getattr(state, name), field)
        with pytest.raises(ValueError, match="read-only"):
            getattr(state, name)[0] = 1.0
    twice = state.scaled(np.full(ROWS, 2.0), home=3.0, host=5.0)
    for name, factor in (("people", 2.0), ("home_amount", 6.0), ("host_amount", 10.0)):
        np.testing.assert_array_equal(getattr(twice, name), factor * getattr(state, name))


def test_a_stock_without_host_service_is_that_of_the_whole_arrays() -> None:
    rng = np.random.default_rng(2)
    people, amount = rng.uniform(size=(2, ROWS, 4, 12)) * (np.arange(12) <= 2 * np.arange(ROWS)[:, None, None])
    whole = np.zeros((3, ROWS, 4, 12, 10))
    whole[0, ..., 0], whole[1, ..., 0] = people, amount
    state, expected = LatticeState.without_host_service(people, amount, 10), LatticeState.of(*whole)
    np.testing.assert_array_equal(state.cells, expected.cells)
    people[2, 1, 5] = 1.0
    with pytest.raises(ValueError, match="more service than years"):
        LatticeState.without_host_service(people, amount, 10)


def test_service_that_nobody_can_have_earned_is_refused() -> None:
    cells = np.zeros((3, ROWS, 4, 12, 10))
    cells[0, 2, 1, 3, 2] = 1.0
    with pytest.raises(ValueError, match="more service than years"):
        LatticeState.of(*cells)


def test_first_movers_whose_service_does_not_fit_their_cover_are_refused() -> None:
    """Whoever is not covered has whole years: a distribution that says otherwise leaves people without a cell."""
    state, home, host, moves = make_case(8)
    moves.origin_people[1, 3] = moves.origin_people[1, 3, ::-1].copy()
    with pytest.raises(ArithmeticError, match="people not conserved, year 1991"):
        advance(state, home, host, moves, 0, YEARS)


def test_every_part_is_compiled_into_the_kernel() -> None:
    # Otherwise a kernel compiled in this process and one read from Numba's cache round differently (4 of the module docstring).
    parts = {name: part.targetoptions for name, part in vars(lattice_kernel).items() if isinstance(part, Dispatcher)}
    assert len(parts) > 20
    assert [name for name, options in parts.items() if not options.get("forceinline")] == ["run"]
