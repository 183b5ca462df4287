"""Joint service of a chain with constant rates: the published case COORD-LATTICE-ANNUAL, the lattice itself, and the bias of crediting rules."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.careers.lattice import LatticeState, MoveRates, SideRates, advance
from actuarial.careers.service_chain import HOME, service_distribution

YEARLY = np.array([[0.92, 0.03, 0.05], [0.04, 0.88, 0.08], [0.1, 0.05, 0.85]])
YEARS, VESTING = 40, 15


def rights(cells: np.ndarray, per_year: int) -> dict[str, float]:
    """Moments and vesting probabilities of a distribution in ``per_year`` units a year."""
    h, k = np.meshgrid(*(np.arange(n) / per_year for n in cells.shape), indexing="ij")
    extra_h, extra_k = (h < VESTING) & (h + k >= VESTING) & (h > 0), (k < VESTING) & (h + k >= VESTING) & (k > 0)
    mean_h, mean_k = (cells * h).sum(), (cells * k).sum()
    return {
        "E_nH": mean_h,
        "E_nF": mean_k,
        "var_nH": (cells * h**2).sum() - mean_h**2,
        "cov": (cells * h * k).sum() - mean_h * mean_k,
        "P_H_alone": cells[h >= VESTING].sum(),
        "P_F_alone": cells[k >= VESTING].sum(),
        "P_H_only_by_totalisation": cells[extra_h].sum(),
        "P_F_only_by_totalisation": cells[extra_k].sum(),
        "E_nH_extra": (cells * h)[extra_h].sum(),
        "E_nF_extra": (cells * k)[extra_k].sum(),
    }


def test_the_published_case_with_yearly_credits() -> None:
    """COORD-LATTICE-ANNUAL: exact dynamic programming, confirmed by a two-dimensional generating function and a simulation."""
    found = rights(service_distribution(YEARLY, YEARS, "start"), 2)
    expected = {
        "E_nH": 22.55497951, "E_nF": 7.71462722, "var_nH": 93.78387347, "cov": -49.82094351, "P_H_alone": 0.77387931,
        "P_F_alone": 0.19176608, "P_H_only_by_totalisation": 0.19424488, "P_F_only_by_totalisation": 0.54066673,
        "E_nH_extra": 1.85277118, "E_nF_extra": 3.6736128,
    }  # fmt: skip
    assert found == pytest.approx(expected, abs=1e-8)


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
    fine = rights(service_distribution(quarterly, 4 * YEARS, "half"), 8)["P_H_alone"]
    half = rights(service_distribution(YEARLY, YEARS, "half"), 2)["P_H_alone"]
    whole = rights(service_distribution(YEARLY, YEARS, "start"), 2)["P_H_alone"]
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
