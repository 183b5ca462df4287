"""The movers' lattice: the compiled kernel against the same lattice in plain NumPy, in one process and on the same inputs.

Both must agree to 1e-9 relative, then both are timed and the ratio is printed. The plain version is written from the rules of
``actuarial/careers/lattice.py`` with whole arrays in place of loops over cells: that is how one would write it without a compiler.

``actuarial bench lattice``, or ``python benchmarks/lattice.py [YEARS]`` (default 40 years of a corridor between two schemes of 45 ages).
"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from actuarial.careers.lattice import LatticeOutput, LatticeState, MoveRates, SideRates, advance

Array = npt.NDArray[np.float64]
Fields = tuple[Array, Array, Array]
ROWS = 45
SIZE = 2 * ROWS
AWARD = ROWS - 1
TOLERANCE = 1e-9


def corridor(years: int, seed: int = 1) -> tuple[LatticeState, SideRates, SideRates, MoveRates]:
    """A corridor of plausible rates, everybody aged 15 at the start; no figure of any country."""
    rng = np.random.default_rng(seed)

    def side() -> SideRates:
        keep, add = np.full((years, ROWS, 3), 1.05), rng.uniform(1, 2, (years, ROWS, 3)) * [0.0, 1.0, 2.0]
        keep_mid, add_mid = np.full((years, ROWS, 2), 1.02), rng.uniform(1, 2, (years, ROWS, 2)) * [0.0, 1.0]
        keep[:, AWARD:] = add[:, AWARD:] = 0.0
        share = np.full((years, SIZE), 0.4) * (np.arange(SIZE) > 0)
        return SideRates(keep, add, keep_mid, add_mid, share, np.ones((years, SIZE)), AWARD)

    death = rng.uniform(0.001, 0.02, (years, ROWS, 2))
    transition = rng.dirichlet([6.0, 3.0, 0.6, 0.4], (years, ROWS, 4))
    transition[:, :, 2:] = transition[:, :, 2:][..., [2, 3, 0, 1]]  # those abroad mostly stay abroad
    transition[:, AWARD:, :, 1] += transition[:, AWARD:, :, 0]
    transition[:, AWARD:, :, 3] += transition[:, AWARD:, :, 2]
    transition[:, AWARD:, :, [0, 2]] = 0.0
    transition[:, :, :2] *= 1.0 - death[:, :, None, 0:1]
    transition[:, :, 2:] *= 1.0 - death[:, :, None, 1:2]
    people = np.zeros((years, ROWS, 2, SIZE))
    for a in range(ROWS):
        people[:, a, :, : 2 * a + 1] = rng.uniform(0, 1, (years, 2, 2 * a + 1))
    # Half a year for each end of a year covered: odd numbers of half-years are those of people covered.
    people[:, :, 0, ::2] = people[:, :, 1, 1::2] = 0.0
    people /= people.sum(axis=(2, 3), keepdims=True)
    cover = np.full((years, ROWS), 0.3)
    cover[:, AWARD:] = 0.0
    joiners = np.zeros((years, ROWS, 2))
    joiners[:, 0] = 5.0
    moves = MoveRates(transition, death, np.zeros_like(death), rng.uniform(50, 100, (years, ROWS)), cover, people, people * 3.0, joiners)
    cells = np.zeros((3, ROWS, 4, SIZE, SIZE))
    cells[0, 0, 1, 0, 0] = 100.0
    return LatticeState.of(*cells), side(), side(), moves


def of(state: LatticeState) -> Fields:
    """People and amounts [row, status, home, host]."""
    return state.people.copy(), state.home_amount.copy(), state.host_amount.copy()


def shifted(cells: Array, home: int, host: int) -> Array:
    """Cells [..., home service, host service] with half-years credited."""
    result = np.zeros_like(cells)
    result[..., home:, host:] = cells[..., : cells.shape[-2] - home, : cells.shape[-1] - host]
    return result


def plain(fields: Fields, home: SideRates, host: SideRates, moves: MoveRates, years: int) -> dict[str, Array]:
    """The lattice in NumPy: all ages and services of one transition at once.

    ``fields`` (people, home amount, host amount) [row, status, home, host] are changed in place.
    """
    out = {"award_people": np.zeros((2, years, 2, SIZE, SIZE)), "award_amount": np.zeros((2, years, 2, SIZE, SIZE)),
           "refund_amount": np.zeros((2, years)), "death_amount": np.zeros((2, years))}  # fmt: skip
    for t in range(years):
        n, m, k = (field.copy() for field in fields)
        _awards(out, n, (m, k), (home, host), moves.death[t], t)
        for into in fields:
            into[:] = 0.0
        for s in range(4):
            for to in range(4):
                p = moves.transition[t, :-1, s, to][:, None, None]
                dh, dk = (s == 0) + (to == 0), (s == 2) + (to == 2)
                x = n[:-1, s] * p
                cells = (x, m[:-1, s] * p * home.keep[t, :-1, dh, None, None] + x * home.add[t, :-1, dh, None, None],
                         k[:-1, s] * p * host.keep[t, :-1, dk, None, None] + x * host.add[t, :-1, dk, None, None])  # fmt: skip
                left = 0 if s < 2 <= to else 1 if to < 2 <= s else None
                _settle(fields, out, to, [shifted(c, dh, dk) for c in cells], left, (home, host), t)
        for s in (0, 1):
            dh = int(s == 0)
            x = moves.origin_people[t, :-1, s] * moves.first_movers[t, :-1, None]
            xm = moves.origin_amount[t, :-1, s] * moves.first_movers[t, :-1, None] * home.keep[t, :-1, dh, None] + x * home.add[t, :-1, dh, None]
            for to, p in ((2, moves.arrival_cover[t, :-1]), (3, 1.0 - moves.arrival_cover[t, :-1])):
                dk = int(to == 2)
                cells3 = np.zeros((3, ROWS - 1, SIZE, SIZE))
                cells3[0, :, dh:, dk] = (x * p[:, None])[:, : SIZE - dh]
                cells3[1, :, dh:, dk] = (xm * p[:, None])[:, : SIZE - dh]
                cells3[2, :, dh:, dk] = (x * p[:, None] * host.add[t, :-1, dk, None])[:, : SIZE - dh]
                _settle(fields, out, to, list(cells3), 0, (home, host), t)
        fields[0][0, 1, 0, 0], fields[0][0, 3, 0, 0] = moves.joiners[t, 0]
    return out


def _awards(out: dict[str, Array], n: Array, amounts: tuple[Array, Array], sides: tuple[SideRates, SideRates], death: Array, t: int) -> None:
    half = np.where(np.arange(ROWS) == AWARD, 0.5, 1.0)
    for i, (amount, side) in enumerate(zip(amounts, sides, strict=True)):
        for s in range(4):
            q, insured = death[:, s // 2], int(s == 2 * i)
            mid = amount[:, s] * side.keep_mid[t, :, insured, None, None] + n[:, s] * side.add_mid[t, :, insured, None, None]
            out["death_amount"][i, t] += (mid.sum(axis=(1, 2)) * q * half).sum()
            ends = int(s == 0), int(s == 2)
            alive = 1.0 - 0.5 * q[AWARD]
            out["award_people"][i, t, s // 2] += shifted(n[AWARD, s], *ends) * alive
            out["award_amount"][i, t, s // 2] += shifted(mid[AWARD], *ends) * alive


def _settle(fields: Fields, out: dict[str, Array], to: int, cells: list[Array], left: int | None, sides: tuple[SideRates, SideRates],
            t: int) -> None:  # fmt: skip
    """Add next year's cells [row, home, host] to a status; a share of those who leave a scheme's country before the award is refunded."""
    if left is None:
        for into, values in zip(fields, cells, strict=True):
            into[1:, to] += values
        return
    share = sides[left].refund_share[t]
    r = np.where(np.arange(ROWS - 1)[:, None] < AWARD, share, 0.0)
    r = r[:, :, None] if left == 0 else r[:, None, :]
    value = sides[left].refund_value[t]
    out["refund_amount"][left, t] += (cells[1 + left] * r * (value[:, None] if left == 0 else value)).sum()
    for i, (into, values) in enumerate(zip(fields, cells, strict=True)):
        gone = values * r
        into[1:, to] += values - gone
        if i != 1 + left:
            if left == 0:
                into[1:, to, 0, :] += gone.sum(axis=1)
            else:
                into[1:, to, :, 0] += gone.sum(axis=2)


def gap(found: Array, wanted: Array) -> float:
    """Largest difference relative to the largest value."""
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


def agreement(years: int) -> float:
    """Largest relative difference of the two versions over every result and the final state."""
    state, home, host, moves = corridor(years)
    fields = of(state)
    kernel: LatticeOutput = advance(state, home, host, moves, 0, years)
    reference = plain(fields, home, host, moves, years)
    gaps = [gap(getattr(kernel, name), values) for name, values in reference.items()]
    gaps += [gap(found, wanted) for found, wanted in zip(of(state), fields, strict=True)]
    return max(gaps)


def seconds(work: Callable[[], object], least: float = 1.0) -> float:
    """Best time of a few runs."""
    best, begun = float("inf"), time.perf_counter()
    while time.perf_counter() - begun < least:
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def main(arguments: list[str]) -> int:
    """Print agreement, times and their ratio; 1 when the versions do not agree."""
    years = int(arguments[0]) if arguments else 40
    worst = agreement(years)
    state, home, host, moves = corridor(years)
    fast = seconds(lambda: advance(state.copy(), home, host, moves, 0, years))
    slow = seconds(lambda: plain(of(state), home, host, moves, years))
    # Cells that can be reached: home + host half-years up to twice the row.
    cells = 4 * sum((2 * a + 1) * (2 * a + 2) // 2 for a in range(ROWS)) * years
    machine = f"{platform.machine()}, Python {platform.python_version()}"
    sys.stdout.write(
        f"movers' lattice, {years} years, {ROWS} ages, {cells / 1e6:.1f} million cell-years, on {machine}\n"
        f"  largest relative difference  {worst:.1e} (allowed {TOLERANCE:.0e})\n"
        f"  plain NumPy                  {slow:8.3f} s   {cells / slow / 1e6:8.1f} million cell-years per second\n"
        f"  compiled kernel              {fast:8.3f} s   {cells / fast / 1e6:8.1f} million cell-years per second\n"
        f"  ratio                        {slow / fast:8.1f}\n"
    )
    return 0 if worst <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
