"""Home and host exchanged: the lattice of a corridor is the same seen from the other side (property tests of every build)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.careers.lattice import LatticeState, MoveRates, advance
from actuarial.validation.lattice import YEARS, make_case

SWAP = [2, 3, 0, 1]


def from_the_other_side(state: LatticeState, moves: MoveRates) -> tuple[LatticeState, MoveRates]:
    turned = (values[:, SWAP].swapaxes(2, 3).copy() for values in (state.people, state.host_amount, state.home_amount))
    exchanged = replace(
        moves, transition=moves.transition[:, :, SWAP][:, :, :, SWAP].copy(), death=moves.death[..., ::-1].copy(),
        invalidity=moves.invalidity[..., ::-1].copy(), joiners=moves.joiners[..., ::-1].copy(),
        origin_people=np.zeros((*moves.origin_people.shape[:3], state.people.shape[3])),
        origin_amount=np.zeros((*moves.origin_amount.shape[:3], state.people.shape[3])),
    )  # fmt: skip
    return LatticeState.of(*turned, state.disabled[:, ::-1]), exchanged


@given(seed=st.integers(0, 10_000), award_home=st.integers(3, 5), award_host=st.integers(3, 5))
@settings(max_examples=15)
def test_home_and_host_may_be_exchanged(seed: int, award_home: int, award_host: int) -> None:
    """First moves go one way only and are left out; returns, further moves, refunds, awards and amounts have no preferred side."""
    state, home, host, moves = make_case(seed, award_home, award_host)
    moves = replace(moves, first_movers=np.zeros_like(moves.first_movers))
    turned, exchanged = from_the_other_side(state, moves)
    one, other = advance(state, home, host, moves, 0, YEARS), advance(turned, host, home, exchanged, 0, YEARS)
    np.testing.assert_allclose(turned.people, state.people[:, SWAP].swapaxes(2, 3), rtol=1e-12, atol=1e-15)
    for name in ("award_people", "award_amount"):
        np.testing.assert_allclose(getattr(other, name), getattr(one, name)[::-1, :, ::-1].swapaxes(3, 4), rtol=1e-12, atol=1e-15)
    for name in ("refund_amount", "refund_people", "death_amount", "invalidity_amount", "invalids", "disabled", "covered", "people", "amount"):
        np.testing.assert_allclose(getattr(other, name), getattr(one, name)[::-1], rtol=1e-12, atol=1e-12)
    assert one.award_people.sum() > 0.0 and one.refund_amount.sum() > 0.0
