"""The movers' lattice written a second time, slowly: a dictionary of cells, one person-path rule at a time."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from actuarial.careers.events import EventTables
from actuarial.careers.lattice import LatticeState, MoveRates, SideRates

Cell = tuple[int, int, int, int]


def run(
    state: LatticeState, home: SideRates, host: SideRates, moves: MoveRates, first: int, stop: int, events: EventTables | None = None
) -> dict[str, Any]:
    """Advance the cells of ``state`` from the year index ``first`` to ``stop``; what :func:`actuarial.careers.lattice.advance` gives, by name."""
    rows, _, home_size, host_size = state.people.shape
    cells: dict[Cell, np.ndarray] = {}
    for index in np.argwhere(state.people > 0):
        cell: Cell = (int(index[0]), int(index[1]), int(index[2]), int(index[3]))
        cells[cell] = np.array([state.people[cell], state.home_amount[cell], state.host_amount[cell]])
    result: dict[str, Any] = {
        "refunds": np.zeros((2, stop - first)),
        "deaths": np.zeros((2, stop - first)),
        "invalidity": np.zeros((2, stop - first)),
        "invalids": np.zeros((2, stop - first, rows)),
        "events": [defaultdict(float), defaultdict(float)],
        "awards": [defaultdict(float), defaultdict(float)],
        "award_amounts": [defaultdict(float), defaultdict(float)],
    }
    pool = {(a, place): float(state.disabled[a, place]) for a in range(rows) for place in (0, 1)}
    for t in range(first, stop):
        y = t - first
        ill_after: dict[tuple[int, int], float] = defaultdict(float)

        def fall_ill(a: int, place: int, number: float, t: int = t, into: Any = ill_after) -> None:
            for to in (0, 1):
                into[a + 1, to] += number * moves.transition[t, a, 2 * place + 1, 2 * to : 2 * to + 2].sum()

        for (a, place), number in pool.items():
            if a < rows - 1:
                fall_ill(a, place, number)
        after: dict[Cell, np.ndarray] = defaultdict(lambda: np.zeros(3))

        def settle(a: int, to: int, h: int, k: int, value: np.ndarray, left: int | None, t: int = t, y: int = y, after: Any = after) -> None:
            if left is None:
                after[a, to, h, k] += value
                return
            side, service = (home, h) if left == 0 else (host, k)
            share = side.refund_share[t, service]
            result["refunds"][left, y] += share * value[1 + left] * side.refund_value[t, service]
            gone = value * share
            gone[1 + left] = 0.0
            after[(a, to, 0, k) if left == 0 else (a, to, h, 0)] += gone
            after[a, to, h, k] += value * (1.0 - share)

        for (a, s, h, k), value in cells.items():
            place = s // 2
            starts = (int(s == 0), int(s == 2))
            # Two causes, each spread evenly over the year in its own table, one of them given as dependent.
            q_all = moves.death[t, a, place]
            r = moves.invalidity[t, a, place] if s in (0, 2) else 0.0
            r_alone = r / (1 - q_all / 2)
            q = q_all * (1 - r_alone / 2)
            result["invalids"][place, y, a] += value[0] * r
            if a < rows - 1:
                fall_ill(a, place, value[0] * r_alone)
            for i, side in enumerate((home, host)):
                mid = value[1 + i] * side.keep_mid[t, a, starts[i]] + value[0] * side.add_mid[t, a, starts[i]]
                award = a == side.award_row
                for f in range(0 if events is None else len(events.event)):
                    if events is None or events.side[f] != i or a > side.award_row:
                        continue
                    part = (q if events.event[f] == 1 else r) * (0.5 if award else 1.0)
                    row = f, events.version[f, y], h + starts[0], k + starts[1]
                    into = f, y, events.bands[a], s
                    result["events"][0][into] += part * value[0] * events.eligible[row]
                    result["events"][1][into] += part * (mid * events.share[row] + value[0] * events.flat[row])
                result["deaths"][i, y] += mid * q * (0.5 if award else 1.0)
                result["invalidity"][i, y] += mid * r * (0.5 if award else 1.0)
                if award:
                    right = (y, place, h + starts[0], k + starts[1])
                    result["awards"][i][right] += value[0] * (1 - q / 2 - r / 2)
                    result["award_amounts"][i][right] += mid * (1 - q / 2 - r / 2)
            if a == rows - 1:
                continue
            for to in range(4):
                p = moves.transition[t, a, s, to]
                if p == 0:
                    continue
                dh, dk = starts[0] + (to == 0), starts[1] + (to == 2)
                new = np.array([
                    value[0],
                    value[1] * home.keep[t, a, dh] + value[0] * home.add[t, a, dh],
                    value[2] * host.keep[t, a, dk] + value[0] * host.add[t, a, dk],
                ]) * p
                left = 0 if s < 2 <= to and a < home.award_row else 1 if to < 2 <= s and a < host.award_row else None
                settle(a + 1, to, h + dh, k + dk, new, left)
        for a in range(rows - 1):
            for s in (0, 1):
                for h in range(home_size):
                    n = moves.first_movers[t, a] * moves.origin_people[t, a, s, h]
                    if n == 0:
                        continue
                    dh = int(s == 0)
                    m = moves.first_movers[t, a] * moves.origin_amount[t, a, s, h] * home.keep[t, a, dh] + n * home.add[t, a, dh]
                    for to, p in ((2, moves.arrival_cover[t, a]), (3, 1 - moves.arrival_cover[t, a])):
                        if p == 0:
                            continue
                        dk = int(to == 2)
                        left = 0 if a < home.award_row else None
                        settle(a + 1, to, h + dh, dk, np.array([n, m, n * host.add[t, a, dk]]) * p, left)
        for a in range(rows):
            after[a, 1, 0, 0] += np.array([moves.joiners[t, a, 0], 0, 0])
            after[a, 3, 0, 0] += np.array([moves.joiners[t, a, 1], 0, 0])
        cells, pool = dict(after), dict(ill_after)
    result["cells"], result["pool"] = cells, pool
    return result
