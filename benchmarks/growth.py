"""How time grows with corridors, years, service and paths.

1. Corridors, years and service: the movers' lattice on the corridors of ``benchmarks/lattice.py``, one after the other on one thread. Rows are ages;
   service is counted in half-years up to twice the row, so cells grow with the square of the rows and cell-years with their third power.
2. Paths: the ensemble of ``benchmarks/ensemble.py``, start of its processes included.
3. The last column is the exponent of growth from the row before: 1 is proportional.

``actuarial bench growth``
"""

from __future__ import annotations

import importlib.util
import math
import sys
from pathlib import Path
from types import ModuleType

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import ensemble
import timing

CORRIDORS = (1, 2, 4)
YEARS = (19, 38, 75)
ROWS = (23, 34, 45)


def lattice(rows: int | None = None) -> ModuleType:
    """``benchmarks/lattice.py``, as a module of its own with another number of ages."""
    path = Path(__file__).resolve().parent / "lattice.py"
    spec = importlib.util.spec_from_file_location(f"lattice_of_{rows or 'all'}_rows", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    if rows is not None:
        module.ROWS, module.SIZE, module.AWARD = rows, 2 * rows, rows - 1
    return module


def run(module: ModuleType, corridors: int, years: int) -> float:
    """Median seconds of three runs."""
    state, home, host, moves = module.corridor(years)

    def work() -> None:
        for _ in range(corridors):
            module.advance(state.copy(), home, host, moves, 0, years)

    work()
    return sorted(timing.one_turn(work, 0.0) for _ in range(3))[1]


def rows() -> list[tuple[str, int, float]]:
    """(what, number, seconds)."""
    whole = lattice()
    found = [("corridors, 75 years", n, run(whole, n, 75)) for n in CORRIDORS]
    found += [("years, one corridor", n, run(whole, 1, n)) for n in YEARS]
    found += [("ages (half-years of service: twice), 75 years", n, run(lattice(n), 1, 75)) for n in ROWS]
    return found + [("paths", number, seconds) for number, seconds in ensemble.growth()]


def table() -> str:
    """Markdown of the figures with the exponent of growth."""
    lines, before = [], ("", 0, 0.0)
    for what, number, seconds in rows():
        exponent = f"{math.log(seconds / before[2]) / math.log(number / before[1]):.2f}" if what == before[0] else ""
        lines.append(f"| {what} | {number} | {timing.shown(seconds)} | {exponent} |")
        before = (what, number, seconds)
    head = ["| with | number | median ms | exponent |", "| --- | ---: | ---: | ---: |"]
    return "\n".join(["**growth of the movers' lattice**", "", *head, *lines, ""])


if __name__ == "__main__":
    timing.say(table())
