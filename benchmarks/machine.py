"""Limits of the machine: memory bandwidth and arithmetic, to hold the kernels against.

1. Triad a = b + s c over three arrays of 512 MB together, with one thread and with two; bytes counted are two reads and one write. The same within
   the second-level cache (three arrays of 192 KiB together).
2. Fused multiply-add: 64 independent chains in registers, two operations each.

``actuarial bench machine``
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numba
import numpy as np
import timing

LARGE = 512 * 2**20 // 24
"""Elements of each of the three arrays."""
SMALL = 192 * 2**10 // 24
CHAINS, STEPS = 64, 400_000


@numba.njit(cache=True, nogil=True, fastmath=True)
def _triad(a, b, c, s, times):
    for _ in range(times):
        for i in range(a.size):
            a[i] = b[i] + s * c[i]
        s += 1e-9


@numba.njit(cache=True, nogil=True, fastmath={"contract"})
def _chains(x, m, add, steps):
    """``x`` [64] times m plus add, ``steps`` times; returns the sum so that nothing is left out."""
    y = x.copy()
    for _ in range(steps):
        for i in range(64):
            y[i] = y[i] * m + add
    return y.sum()


def triad(elements: int, threads: int, times: int) -> float:
    """Median bytes per second of nine runs."""
    a, b, c = (np.full(elements, float(k)) for k in (0, 1, 2))
    cuts = np.linspace(0, elements, threads + 1).astype(int)
    parts = [(a[i:j], b[i:j], c[i:j]) for i, j in zip(cuts[:-1], cuts[1:], strict=True)]
    return 24.0 * elements * times / _median(lambda part: _triad(*part, 3.0, times), parts)


def fused(threads: int) -> float:
    """Median operations per second."""
    x = np.linspace(0.0, 1.0, CHAINS)
    return 2.0 * CHAINS * STEPS * threads / _median(lambda _: _chains(x, 0.999999, 1e-9, STEPS), list(range(threads)))


def _median(work: Callable[[object], object], parts: list[object], runs: int = 9) -> float:
    """Median seconds of the work over all parts, one thread each."""
    if len(parts) == 1:
        work(parts[0])
        return median(timing.one_turn(lambda: work(parts[0]), 0.0) for _ in range(runs))
    with ThreadPoolExecutor(len(parts)) as pool:
        list(pool.map(work, parts))
        return median(timing.one_turn(lambda: list(pool.map(work, parts)), 0.0) for _ in range(runs))


def limits() -> dict[str, tuple[float, str]]:
    """Name: (value, unit)."""
    return {
        "triad over 512 MB, 1 thread": (triad(LARGE, 1, 1) / 1e9, "GB/s"),
        "triad over 512 MB, 2 threads": (triad(LARGE, 2, 1) / 1e9, "GB/s"),
        "triad within L2, 1 thread": (triad(SMALL, 1, 2000) / 1e9, "GB/s"),
        "fused multiply-add, 1 thread": (fused(1) / 1e9, "GFLOP/s"),
        "fused multiply-add, 2 threads": (fused(2) / 1e9, "GFLOP/s"),
    }


def table() -> str:
    """Markdown of the limits."""
    lines = [f"| {name} | {value:.1f} {unit} |" for name, (value, unit) in limits().items()]
    return "\n".join(["**limits of the machine**", "", "| what | median |", "| --- | ---: |", *lines, ""])


if __name__ == "__main__":
    timing.say(table())
