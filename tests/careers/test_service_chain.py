"""Joint service of a chain with constant rates: the chain of case COORD-LATTICE-ANNUAL in the lattice itself, and the bias of crediting rules."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.careers.lattice import LatticeState, MoveRates, SideRates, advance
from actuarial.careers.service_chain import HOME, service_distribution
from actuarial.validation.published import published
from actuarial.validation.series import rights

CASE = published("COORD-LATTICE-ANNUAL")
YEARLY, YEARS, VESTING = np.array(CASE.given["chain"]), CASE.given["years"], CASE.given["vesting"]


def test_the_lattice_gives_the_chain_with_half_credits() -> None:
    rows = YEARS + 1
    size = 2 * rows
    nothing3, nothing2 = np.zeros((YEARS, rows, 3)), np.zeros((YEARS, rows, 2))
    side = SideRates(nothing3, nothing3, nothing2, nothing2, np.zeros((YEARS, size)), np.zeros((YEARS, size)), rows - 1)
    chain = np.zeros((4, 4))
    chain[np.ix_([0, 2, 1], [0, 2, 1])] = YEARLY
    chain[3, 3] = 1.0
    moves = MoveRates(
        np.broadcast_to(chain, (YEARS, rows, 4, 4)).copy(), nothing2, nothing2, np.zeros((YEARS, rows)), np.zeros((YEARS, rows)),
        np.zeros((YEARS, rows, 2, size)), np.zeros((YEARS, rows, 2, size)), nothing2,
    )  # fmt: skip
    cells = np.zeros((3, rows, 4, size, size))
    cells[0, 0, 0, 0, 0] = 1.0
    state = LatticeState.of(*cells)
    advance(state, side, side, moves, 0, YEARS)
    expected = service_distribution(YEARLY, YEARS, "half")
    found = state.people[rows - 1].sum(axis=0)[: expected.shape[0], : expected.shape[1]]
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


def test_half_credits_are_nearer_to_monthly_ones_than_whole_credits_are() -> None:
    """Crediting the whole year to its first state overstates vesting; quarterly steps stand for the finer truth."""
    values, vectors = np.linalg.eig(YEARLY)
    quarterly = np.real(vectors @ np.diag(values**0.25) @ np.linalg.inv(vectors))
    fine = rights(service_distribution(quarterly, 4 * YEARS, "half"), 8, VESTING)["P_H_alone"]
    half = rights(service_distribution(YEARLY, YEARS, "half"), 2, VESTING)["P_H_alone"]
    whole = rights(service_distribution(YEARLY, YEARS, "start"), 2, VESTING)["P_H_alone"]
    assert abs(half - fine) < 0.25 * abs(whole - fine)


ROW = st.lists(st.floats(0.01, 1.0, allow_subnormal=False), min_size=3, max_size=3)


@given(st.lists(ROW, min_size=3, max_size=3), st.integers(1, 12), st.sampled_from(["start", "half"]))
def test_probabilities_sum_to_one_and_service_is_within_the_time(rows: list[list[float]], steps: int, credit: str) -> None:
    p = np.array(rows)
    cells = service_distribution(p / p.sum(axis=1, keepdims=True), steps, credit, HOME)  # type: ignore[arg-type]
    h, k = np.indices(cells.shape)
    assert cells.sum() == pytest.approx(1.0)
    assert not cells[h + k > 2 * steps].any()


def test_rows_that_are_no_probabilities_are_refused() -> None:
    with pytest.raises(ValueError, match="each summing to one"):
        service_distribution(YEARLY * 0.9, YEARS, "half")
