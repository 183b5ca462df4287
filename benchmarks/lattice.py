"""The movers' lattice: the compiled kernel against the same lattice in plain NumPy and against the memory of the machine, in one process.

1. Both versions must agree to 1e-12 relative on each kind of corridor; then both are timed in turn on the same inputs. The plain version is written
   from the rules of ``actuarial/careers/lattice.py`` with whole arrays in place of loops over cells, as one would write it without a compiler.
2. Bytes to be read and written in a projected year: 2 x 8 x 4 statuses x 3 fields x cells, counted in two ways. ``triangle``: pairs of half-years of
   service h at home and k in the host country, h + k <= 2 a in row a (age 15 + a), which is the state that a lattice in half-years keeps.
   ``held``: the cells of it that anybody can be in, pairs of whole years with i + j <= max(a - 1, 0): whoever is covered has an odd number of
   half-years and the others an even one (rule 1 of ``actuarial/careers/lattice_cells.py``). That is all the kernel keeps, a quarter.
3. Both as shares of the triad a = b + s c over 512 MB (two reads and one write counted), run in the same round with the same number of threads. The
   corridors are a region's mix: two schemes, two with different pension ages, one at either end; threads take corridors as they come.
4. Seconds are those that threads were running, added up and divided by their number, so that other work on the machine does not count as time.

``actuarial bench lattice``, or ``python benchmarks/lattice.py [YEARS]`` (default 75 years of corridors between schemes of 45 ages).
"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import machine
import numpy as np
import numpy.typing as npt

from actuarial.careers.lattice import LatticeOutput, LatticeState, MoveRates, SideRates, advance

Array = npt.NDArray[np.float64]
Fields = tuple[Array, Array, Array]
Case = tuple[LatticeState, SideRates, SideRates, MoveRates]
ROWS = 45
SIZE = 2 * ROWS
AWARD = ROWS - 1
TOLERANCE = 1e-12
PLAIN_YEARS = 10
"""Years that the plain version is timed over."""
TRIAD = machine.LARGE
ROUNDS = 5


def kinds() -> tuple[tuple[int, int, bool], ...]:
    """(award row of the home scheme, of the host scheme, refunds open) of a mix of corridors; -1 without a scheme."""
    early = max(AWARD - 5, 1)
    return (
        (AWARD, AWARD, True), (AWARD, AWARD, False), (AWARD, early, True), (early, AWARD, True), (AWARD, AWARD, True), (AWARD, AWARD, False),
        (AWARD, -1, True), (-1, AWARD, True), (AWARD, -1, False), (-1, AWARD, False),
    )  # fmt: skip


def corridor(years: int, seed: int = 1, kind: tuple[int, int, bool] | None = None) -> Case:
    """A corridor of plausible rates, everybody aged 15 at the start; no figure of any country."""
    rng = np.random.default_rng(seed)
    awards, refunds = (kind[:2], kind[2]) if kind is not None else ((AWARD, AWARD), True)

    def side(award: int) -> SideRates:
        size = max(2 * (award + 1), 1)
        keep, add = np.full((years, ROWS, 3), 1.05), rng.uniform(1, 2, (years, ROWS, 3)) * [0.0, 1.0, 2.0]
        keep_mid, add_mid = np.full((years, ROWS, 2), 1.02), rng.uniform(1, 2, (years, ROWS, 2)) * [0.0, 1.0]
        keep[:, max(award, 0) :] = add[:, max(award, 0) :] = 0.0
        keep_mid[:, award + 1 :] = add_mid[:, award + 1 :] = 0.0
        share = np.full((years, size), 0.4 * refunds) * (np.arange(size) > 0)
        return SideRates(keep, add, keep_mid, add_mid, share, np.ones((years, size)), award)

    home, host = side(awards[0]), side(awards[1])
    sizes = home.refund_share.shape[1], host.refund_share.shape[1]
    death = rng.uniform(0.001, 0.02, (years, ROWS, 2))
    transition = rng.dirichlet([6.0, 3.0, 0.6, 0.4], (years, ROWS, 4))
    transition[:, :, 2:] = transition[:, :, 2:][..., [2, 3, 0, 1]]  # those abroad mostly stay abroad
    for to, award in zip((0, 2), awards, strict=True):
        transition[:, max(award, 0) :, :, to + 1] += transition[:, max(award, 0) :, :, to]
        transition[:, max(award, 0) :, :, to] = 0.0
    transition[:, :, :2] *= 1.0 - death[:, :, None, 0:1]
    transition[:, :, 2:] *= 1.0 - death[:, :, None, 1:2]
    people = np.zeros((years, ROWS, 2, sizes[0]))
    for a in range(ROWS):
        reach = min(2 * a + 1, sizes[0])
        people[:, a, :, :reach] = rng.uniform(0, 1, (years, 2, reach))
    # Half a year for each end of a year covered: odd numbers of half-years are those of people covered.
    people[:, :, 0, ::2] = people[:, :, 1, 1::2] = 0.0
    people[:, awards[0] + 1 :, 0] = 0.0
    people /= people.sum(axis=(2, 3), keepdims=True)
    cover = np.full((years, ROWS), 0.3)
    cover[:, max(awards[1], 0) :] = 0.0
    joiners = np.zeros((years, ROWS, 2))
    joiners[:, 0] = 5.0
    moves = MoveRates(transition, death, np.zeros_like(death), rng.uniform(50, 100, (years, ROWS)), cover, people, people * 3.0, joiners)
    cells = np.zeros((3, ROWS, 4, *sizes))
    cells[0, 0, 1, 0, 0] = 100.0
    return LatticeState.of(*cells), home, host, moves


def bytes_a_year(state: LatticeState) -> tuple[int, int]:
    """Rule 2: (held, triangle)."""
    places = state.places
    held = int(places.first[np.maximum(np.arange(places.rows) - 1, 0) + 1].sum())
    service = np.add.outer(np.arange(places.home_size), np.arange(places.host_size))
    triangle = sum(int((service <= 2 * row).sum()) for row in range(places.rows))
    return 2 * 8 * 4 * 3 * held, 2 * 8 * 4 * 3 * triangle


def of(state: LatticeState) -> Fields:
    """People and amounts [row, status, home, host]."""
    return state.people.copy(), state.home_amount.copy(), state.host_amount.copy()


def shifted(cells: Array, home: int, host: int) -> Array:
    """Cells [..., home service, host service] with half-years credited."""
    result = np.zeros_like(cells)
    result[..., home:, host:] = cells[..., : max(cells.shape[-2] - home, 0), : max(cells.shape[-1] - host, 0)]
    return result


def plain(fields: Fields, home: SideRates, host: SideRates, moves: MoveRates, years: int) -> dict[str, Array]:
    """The lattice in NumPy: all ages and services of one transition at once.

    ``fields`` (people, home amount, host amount) [row, status, home, host] are changed in place.
    """
    sizes = fields[0].shape[2:]
    out = {"award_people": np.zeros((2, years, 2, *sizes)), "award_amount": np.zeros((2, years, 2, *sizes)),
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
                if dk >= sizes[1]:
                    continue
                cells3 = np.zeros((3, ROWS - 1, *sizes))
                cells3[0, :, dh:, dk] = (x * p[:, None])[:, : sizes[0] - dh]
                cells3[1, :, dh:, dk] = (xm * p[:, None])[:, : sizes[0] - dh]
                cells3[2, :, dh:, dk] = (x * p[:, None] * host.add[t, :-1, dk, None])[:, : sizes[0] - dh]
                _settle(fields, out, to, list(cells3), 0, (home, host), t)
        fields[0][0, 1, 0, 0], fields[0][0, 3, 0, 0] = moves.joiners[t, 0]
    return out


def _awards(out: dict[str, Array], n: Array, amounts: tuple[Array, Array], sides: tuple[SideRates, SideRates], death: Array, t: int) -> None:
    for i, (amount, side) in enumerate(zip(amounts, sides, strict=True)):
        award = side.award_row
        half = np.where(np.arange(ROWS) == award, 0.5, np.arange(ROWS) < award)
        for s in range(4):
            q, insured = death[:, s // 2], int(s == 2 * i)
            mid = amount[:, s] * side.keep_mid[t, :, insured, None, None] + n[:, s] * side.add_mid[t, :, insured, None, None]
            out["death_amount"][i, t] += (mid.sum(axis=(1, 2)) * q * half).sum()
            ends = int(s == 0), int(s == 2)
            if award >= 0:
                alive = 1.0 - 0.5 * q[award]
                out["award_people"][i, t, s // 2] += shifted(n[award, s], *ends) * alive
                out["award_amount"][i, t, s // 2] += shifted(mid[award], *ends) * alive


def _settle(fields: Fields, out: dict[str, Array], to: int, cells: list[Array], left: int | None, sides: tuple[SideRates, SideRates],
            t: int) -> None:  # fmt: skip
    """Add next year's cells [row, home, host] to a status; a share of those who leave a scheme's country before the award is refunded."""
    if left is None:
        for into, values in zip(fields, cells, strict=True):
            into[1:, to] += values
        return
    share = sides[left].refund_share[t]
    r = np.where(np.arange(ROWS - 1)[:, None] < sides[left].award_row, share, 0.0)
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
    return float(np.abs(found - wanted).max() / max(np.abs(wanted).max(), 1e-300))


def agreement(years: int) -> float:
    """Largest relative difference of the two versions over every result and the final state, for every kind of corridor."""
    gaps = []
    for seed, kind in enumerate(dict.fromkeys(kinds())):
        state, home, host, moves = corridor(years, seed, kind)
        fields = of(state)
        kernel: LatticeOutput = advance(state, home, host, moves, 0, years)
        reference = plain(fields, home, host, moves, years)
        gaps += [gap(getattr(kernel, name), values) for name, values in reference.items()]
        gaps += [gap(found, wanted) for found, wanted in zip(of(state), fields, strict=True)]
    return max(gaps)


def seconds(work: Callable[[], object]) -> float:
    """Time of one run in this thread."""
    start = time.thread_time()
    work()
    return time.thread_time() - start


def against_plain(years: int) -> tuple[float, float, float]:
    """Median seconds a year of the plain version and of the kernel in rounds of both, and the median of their ratio."""
    case = corridor(years)
    found = []
    for _ in range(ROUNDS):
        slow = seconds(lambda: plain(of(case[0]), *case[1:], years))
        fast = median(seconds(lambda: advance(case[0], *case[1:], 0, years)) for _ in range(ROUNDS))
        found.append((slow / years, fast / years, slow / fast))
    return median(f[0] for f in found), median(f[1] for f in found), median(f[2] for f in found)


def against_memory(years: int, threads: int) -> tuple[float, float, float]:
    """Median bytes held per second of the kernel over the mix of corridors and of the triad in rounds of both, and the median of their ratio."""
    cases = [corridor(years, seed, kind) for seed, kind in enumerate(kinds())]
    moved = years * sum(bytes_a_year(case[0])[0] for case in cases)
    a, b, c = (np.full(TRIAD, float(k)) for k in range(3))
    cuts = np.linspace(0, TRIAD, threads + 1).astype(int)
    parts = [(a[i:j], b[i:j], c[i:j]) for i, j in zip(cuts[:-1], cuts[1:], strict=True)]
    found = []
    with ThreadPoolExecutor(threads) as pool:

        def lattices() -> float:
            return sum(pool.map(lambda case: seconds(lambda: advance(*case, 0, years)), cases)) / threads

        def triad() -> float:
            return sum(pool.map(lambda part: seconds(lambda: machine._triad(*part, 3.0, 1)), parts)) / threads

        lattices()
        triad()
        for _ in range(ROUNDS):
            memory = [triad(), triad()]
            kernel = lattices()
            memory += [triad(), triad()]
            found.append((moved / kernel, 24.0 * TRIAD / median(memory)))
    return median(f[0] for f in found), median(f[1] for f in found), median(f[0] / f[1] for f in found)


def main(arguments: list[str]) -> int:
    """Print agreement, times, their ratio and the share of the memory's bandwidth; 1 when the versions do not agree."""
    years = int(arguments[0]) if arguments else 75
    worst = agreement(min(years, PLAIN_YEARS))
    slow, fast, ratio = against_plain(min(years, PLAIN_YEARS))
    where = f"{platform.machine()}, Python {platform.python_version()}"
    lines = [
        f"movers' lattice, {ROWS} ages, {years} years, {len(kinds())} corridors, on {where}",
        f"  largest relative difference  {worst:.1e} (allowed {TOLERANCE:.0e})",
        f"  plain NumPy                  {slow * 1e3:9.2f} ms a year",
        f"  compiled kernel              {fast * 1e3:9.2f} ms a year",
        f"  ratio                        {ratio:9.0f}",
    ]
    held, triangle = np.sum([bytes_a_year(corridor(1, 0, kind)[0]) for kind in kinds()], axis=0)
    lines.append(f"  bytes a year of the mix      {held / 1e6:9.1f} MB held, {triangle / 1e6:.1f} MB in the triangle of half-years")
    for threads in (1, 2):
        kernel, memory, share = against_memory(years, threads)
        lines.append(
            f"  {threads} thread{'s' * (threads > 1)}: triad {memory / 1e9:.1f} GB/s; kernel {kernel / 1e9:.1f} GB/s held, share {share:.0%}; "
            f"{kernel * triangle / held / 1e9:.1f} GB/s of the triangle, share {share * triangle / held:.0%}"
        )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if worst <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
