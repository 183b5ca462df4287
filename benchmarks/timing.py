"""What the comparisons share: runs in alternation, medians, ratios, peers that may be absent, and the table.

1. Every contender runs once first: what it needs to compile or to load is done, and its answer is held against the first contender's.
   Answers that do not agree stop the comparison.
2. Then rounds: each contender once in turn, so that a slow minute of the machine meets all of them. Work of less than ``LEAST`` seconds is repeated
   within its turn for that long and the median of its runs counts.
3. A ratio is the median over the rounds of (time of the contender / time of the first contender) within one round.
"""

from __future__ import annotations

import importlib.util
import math
import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
LEAST = 0.02
"""Seconds that a turn lasts at least."""


class Disagreement(Exception):
    """Two contenders gave different answers."""


@dataclass(frozen=True)
class Row:
    """One contender: seconds of its median and best round, and its time over that of the first."""

    name: str
    median: float
    best: float
    ratio: float


@dataclass(frozen=True)
class Comparison:
    """A task, its contenders (the first is the toolkit's), the largest difference of the answers and the ratio wanted of each of the others."""

    title: str
    rows: tuple[Row, ...]
    difference: float
    wanted: Mapping[str, float]
    absent: tuple[str, ...] = ()
    measure: str = "relative"


def installed(package: str) -> bool:
    """Whether a peer can be imported."""
    return importlib.util.find_spec(package) is not None


def version(package: str) -> str:
    """Name and version of a peer."""
    return f"{package} {metadata.version(package)}"


def say(text: str = "") -> None:
    """One line on standard output."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """One line on standard error: progress, which belongs to no result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def gap(found: object, wanted: object) -> float:
    """Largest difference of two answers (arrays or tuples of arrays) relative to the largest value of each array."""
    if isinstance(found, tuple) and isinstance(wanted, tuple):
        return max(gap(a, b) for a, b in zip(found, wanted, strict=True))
    one, other = np.asarray(found, dtype=np.float64), np.asarray(wanted, dtype=np.float64)
    if one.shape != other.shape or not (np.isfinite(one).all() and np.isfinite(other).all()):
        return math.inf
    return float(np.abs(one - other).max() / np.abs(other).max())


def one_turn(work: Callable[[], object], least: float = LEAST) -> float:
    """Median seconds of the runs of one turn."""
    times: list[float] = []
    begun = time.perf_counter()
    while not times or time.perf_counter() - begun < least:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return median(times)


def alternate(contenders: Mapping[str, Callable[[], object]], rounds: int) -> tuple[Row, ...]:
    """Time the contenders in alternation; ratios are to the first."""
    turns: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            turns[name].append(one_turn(work))
    first = turns[next(iter(contenders))]
    return tuple(
        Row(name, median(times), min(times), median(t / f for t, f in zip(times, first, strict=True))) for name, times in turns.items()
    )


def compare(
    title: str, contenders: Mapping[str, Callable[[], object]], rounds: int, *, tolerance: float, wanted: Mapping[str, float] | None = None,
    absent: Sequence[str] = (), difference: Callable[[object, object], float] = gap, measure: str = "relative",
) -> Comparison:  # fmt: skip
    """Check that all answers agree with the first contender's within ``tolerance``, then time them. Raises :class:`Disagreement`."""
    for name in absent:
        say(f"  skipped: {name} is not installed (dependency group: peers)")
    note(f"{title}: answers")
    answers = {name: work() for name, work in contenders.items()}
    first = next(iter(answers.values()))
    worst = 0.0
    for name, answer in answers.items():
        apart = difference(answer, first)
        worst = max(worst, apart)
        if not apart <= tolerance:
            raise Disagreement(f"{title}: the answer of {name} differs by {apart:.1e} (allowed {tolerance:.0e})")
    note(f"{title}: {rounds} rounds")
    return Comparison(title, alternate(contenders, rounds), worst, wanted or {}, tuple(absent), measure)


def shown(seconds: float) -> str:
    """Seconds in milliseconds with three figures.

    >>> shown(0.0001234), shown(5.4321)
    ('0.123', '5,430')
    """
    milliseconds = seconds * 1000.0
    digits = max(0, 2 - math.floor(math.log10(milliseconds))) if milliseconds > 0 else 0
    rounded = round(milliseconds, 2 - math.floor(math.log10(milliseconds))) if milliseconds > 0 else 0.0
    return f"{rounded:,.{digits}f}"


def factor(ratio: float) -> str:
    """A ratio with two figures below ten, three above.

    >>> factor(1.234), factor(12345.6)
    ('1.2', '12,300')
    """
    return f"{ratio:.1f}" if ratio < 10 else f"{float(f'{ratio:.3g}'):,.0f}"


def table(comparison: Comparison) -> str:
    """Markdown of one comparison."""
    head = ["| contender | median ms | best ms | times ours | wanted |", "| --- | ---: | ---: | ---: | --- |"]
    lines = [
        f"| {row.name} | {shown(row.median)} | {shown(row.best)} | {factor(row.ratio)} | {_verdict(comparison.wanted.get(row.name), row.ratio)} |"
        for row in comparison.rows
    ]
    lines += [f"| {name} | not installed | | | |" for name in comparison.absent]
    title = f"**{comparison.title}** (largest difference of the answers {comparison.difference:.1g}, {comparison.measure})"
    return "\n".join([title, "", *head, *lines, ""])


def _verdict(wanted: float | None, ratio: float) -> str:
    if wanted is None:
        return ""
    return f"≥ {factor(wanted) if wanted % 1 else f'{wanted:,.0f}'}: {'reached' if ratio >= wanted else 'not reached'}"


def machine() -> str:
    """Processor, cores, instruction set, memory and versions, as far as the system tells."""
    import os

    cpu, wide = platform.processor() or platform.machine(), "unknown"
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = dict(line.split(":", 1) for line in info.read_text(encoding="utf-8").splitlines() if ":" in line)
        fields = {name.strip(): value.strip() for name, value in lines.items()}
        cpu, flags = fields.get("model name", cpu), fields.get("flags", "").split()
        wide = next((name for flag, name in (("avx512f", "AVX-512"), ("avx2", "AVX2"), ("avx", "AVX")) if flag in flags), "baseline")
    memory = "unknown"
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"
    packages = ", ".join(version(name) for name in ("numpy", "numba", "pandas"))
    return f"{cpu}, {os.cpu_count()} cores, {wide}, {memory}; {platform.system()}, Python {platform.python_version()}, {packages}"
