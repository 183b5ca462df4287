"""What a command costs before it computes: imports, the start of the command, and compiling for the first time.

Every figure is a new Python process: its wall clock, and its processor time, which depends less on what else the machine does. The first compilation
is measured with an empty folder for compiled code, then the same again with the folder filled; the operating system has the files in memory in all of
them.

``actuarial bench startup``
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import timing

ROOT = Path(__file__).resolve().parent.parent
PROJECTS = (
    "from pathlib import Path; from actuarial.basis.population import load_population; from actuarial.basis.region import load_region; "
    "from actuarial.demography.population import project_population; d = Path('data'); "
    "project_population(load_population(d, load_region(d).members))"
)
LATTICE = "import sys; sys.path.insert(0, 'benchmarks'); import lattice; s, h, k, m = lattice.corridor(2); lattice.advance(s, h, k, m, 0, 2)"
COMMANDS = {
    "python, nothing": ["-c", "pass"],
    "import actuarial": ["-c", "import actuarial"],
    "import actuarial.cli": ["-c", "import actuarial.cli"],
    "actuarial --help": ["-m", "actuarial", "--help"],
    "import numpy": ["-c", "import numpy"],
    "import numba": ["-c", "import numba"],
    "import pandas": ["-c", "import pandas"],
}
COMPILED = {"load and project the population": ["-c", PROJECTS], "a corridor's lattice, two years": ["-c", LATTICE]}


def seconds(arguments: list[str], environment: dict[str, str] | None = None) -> tuple[float, float]:
    """Wall clock and processor time of one process, which may keep its compiled modules as usual."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = os.times()
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env={**inherited, **(environment or {})}, check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, os.times()
    return wall, after.children_user + after.children_system - before.children_user - before.children_system


def middle(runs: list[tuple[float, float]]) -> tuple[float, float]:
    """Medians of both times."""
    return median(wall for wall, _ in runs), median(cpu for _, cpu in runs)


def rows(rounds: int = 5) -> list[tuple[str, tuple[float, float]]]:
    """Median times of each, in alternation."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    for arguments in COMMANDS.values():
        seconds(arguments)  # byte code
    for _ in range(rounds):
        for name, arguments in COMMANDS.items():
            times[name].append(seconds(arguments))
    found = [(name, middle(values)) for name, values in times.items()]
    for name, arguments in COMPILED.items():
        with tempfile.TemporaryDirectory() as folder:
            cache = {"NUMBA_CACHE_DIR": folder}
            first = seconds(arguments, cache)
            found += [(f"{name}: compiles first", first), (f"{name}: compiled before", middle([seconds(arguments, cache) for _ in range(3)]))]
    return found


def table(rounds: int = 5) -> str:
    """Markdown of the figures."""
    lines = [f"| {name} | {timing.shown(wall)} | {timing.shown(cpu)} |" for name, (wall, cpu) in rows(rounds)]
    return "\n".join(["**start of a process**", "", "| what | median ms | processor ms |", "| --- | ---: | ---: |", *lines, ""])


if __name__ == "__main__":
    timing.say(table())
