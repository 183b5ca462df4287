"""The movers' lattice against a second one, written slowly: the same random careers through both.

1. A case is six ages, seven years, random transitions, deaths, invalidity, refunds and amounts; nothing in it is of a country.
2. The gap of two arrays is the largest |a - b| / |b|; it may be 1e-12. People and amounts that differ by less than 1e-12 themselves do not count;
   what is not a number is an infinite gap.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.careers.lattice import LatticeState, MoveRates, SideRates, advance, own_invalidity
from actuarial.validation import second_lattice
from actuarial.validation.case import Check, largest, timed

ROWS: Final = 6
YEARS: Final = 7


def make_side(rng: np.random.Generator, award_row: int, size: int, rows: int = ROWS, years: int = YEARS) -> SideRates:
    """Random rates of one scheme up to its award."""
    keep, add = rng.uniform(0.9, 1.2, (years, rows, 3)), rng.uniform(0, 2, (years, rows, 3))
    add[:, :, 0] = 0.0
    keep_mid, add_mid = rng.uniform(0.9, 1.1, (years, rows, 2)), rng.uniform(0, 1, (years, rows, 2))
    share = rng.uniform(0, 0.6, (years, size)) * (np.arange(size) > 0)
    for array, from_row in ((keep, award_row), (add, award_row), (keep_mid, award_row + 1), (add_mid, award_row + 1)):
        array[:, from_row:] = 0.0
    return SideRates(keep, add, keep_mid, add_mid, share, rng.uniform(0.5, 1, (years, size)), award_row)


def make_case(
    seed: int, award_h: int = 5, award_k: int = 4, *, invalidity: float = 0.2
) -> tuple[LatticeState, SideRates, SideRates, MoveRates]:
    """Random rates; ``invalidity`` is the highest probability of a covered person to become invalid."""
    rng = np.random.default_rng(seed)
    sizes = 2 * (award_h + 1), 2 * (award_k + 1)
    home, host = make_side(rng, award_h, sizes[0]), make_side(rng, award_k, sizes[1])
    death = rng.uniform(0, 0.2, (YEARS, ROWS, 2))
    transition = rng.dirichlet(np.ones(4), (YEARS, ROWS, 4))
    for row, status in ((award_h, 0), (award_k, 2)):
        # From the award row on nobody is covered next year.
        transition[:, row:, :, status + 1] += transition[:, row:, :, status]
        transition[:, row:, :, status] = 0.0
    transition[:, :, :2] *= 1 - death[:, :, None, 0:1]
    transition[:, :, 2:] *= 1 - death[:, :, None, 1:2]
    ill = rng.uniform(0, invalidity, (YEARS, ROWS, 2))
    for place in (0, 1):
        transition[:, :, 2 * place] *= 1 - own_invalidity(ill[:, :, place], death[:, :, place])[..., None]
    people = np.zeros((YEARS, ROWS, 2, sizes[0]))
    for a in range(ROWS):
        people[:, a, :, : min(2 * a + 1, sizes[0])] = rng.uniform(0, 1, (YEARS, 2, min(2 * a + 1, sizes[0])))
    # Half a year for each end of a year covered: odd numbers of half-years are those of people covered.
    people[:, :, 0, ::2] = people[:, :, 1, 1::2] = 0.0
    people[:, award_h + 1 :, 0] = 0.0
    people /= people.sum(axis=(2, 3), keepdims=True)
    moves = MoveRates(
        transition, death, ill, rng.uniform(0, 5, (YEARS, ROWS)), rng.uniform(0, 1, (YEARS, ROWS)), people,
        people * rng.uniform(0, 3, people.shape), rng.uniform(0, 3, (YEARS, ROWS, 2)),
    )  # fmt: skip
    moves.arrival_cover[:, award_k:] = 0.0
    cells = np.zeros((3, ROWS, 4, *sizes))
    cells[0, 0, 1, 0, 0] = 2.0
    cells[0, 2, 3, 0, 0] = 1.5
    # With service of every parity, as a stock from outside may have.
    for at in ((3, 2, 1, 2), (3, 2, 2, 1), (2, 0, 2, 1), (1, 3, 1, 1), (4, 1, 0, 3)):
        cells[(slice(None), *at)] = 1.0, 4.0, 5.0
    pool = np.zeros((ROWS, 2))
    pool[2] = 0.7, 0.3
    return LatticeState.of(cells[0], cells[1], cells[2], pool), home, host, moves


WITHIN: Final = 1e-12
SEEDS: Final = (0, 1, 2026)
REASON: Final = "the same sums in another order, in double precision"


def gaps(seed: int, award_h: int = 5, award_k: int = 4) -> dict[str, float]:
    """Largest relative gap of every quantity that both lattices give."""
    state, home, host, moves = make_case(seed, award_h, award_k)
    slow = second_lattice.run(state, home, host, moves, 1, YEARS)
    out = advance(state, home, host, moves, 1, YEARS)
    cells = np.zeros((3, *state.people.shape))
    for cell, value in slow["cells"].items():
        cells[(slice(None), *cell)] += value
    pool = np.zeros(state.disabled.shape)
    for at, number in slow["pool"].items():
        pool[at] = number
    found = {
        "people": _gap(state.people, cells[0], WITHIN),
        "amounts at home": _gap(state.home_amount, cells[1], WITHIN),
        "amounts abroad": _gap(state.host_amount, cells[2], WITHIN),
        "refunds": _gap(out.refund_amount, slow["refunds"]),
        "deaths": _gap(out.death_amount, slow["deaths"]),
        "amounts at invalidity": _gap(out.invalidity_amount, slow["invalidity"]),
        "new invalids": _gap(out.invalids, slow["invalids"]),
        "invalids": _gap(state.disabled, pool),
        "invalids at the end": _gap(out.disabled[:, -1], pool.T),
    }
    for i, side in enumerate(("home", "host")):
        found[f"awards, {side}"] = _gap(out.award_people[i], _dense(slow["awards"][i], out.award_people[i].shape))
        found[f"amounts awarded, {side}"] = _gap(out.award_amount[i], _dense(slow["award_amounts"][i], out.award_amount[i].shape))
    return found


def _dense(cells: dict[tuple[int, ...], float], shape: tuple[int, ...]) -> Array:
    whole: Array = np.zeros(shape)
    for at, value in cells.items():
        whole[at] = value
    return whole


def _gap(found: Any, wanted: Any, ignored: float = 0.0) -> float:
    away = np.abs(np.asarray(found) - np.asarray(wanted))
    relative = away / np.maximum(np.abs(wanted), 1e-300)
    return largest(np.where(away <= ignored, 0.0, relative))


def lattice_checks() -> list[tuple[str, Callable[[], list[Check]]]]:
    """One job for every seed."""
    return [(f"second lattice, seed {seed}", partial(timed, partial(checks_of, seed))) for seed in SEEDS]


def checks_of(seed: int) -> list[Check]:
    """Gaps of one random case."""
    return [
        Check(
            f"LATTICE-{seed}/{name}", "lattice", f"{name}, random careers {seed}: largest relative gap", "independent implementation", "derived",
            "a second lattice, cell by cell", 0.0, gap, gap, "relative", WITHIN, REASON,
        )
        for name, gap in gaps(seed).items()
    ]  # fmt: skip
