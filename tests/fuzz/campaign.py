"""Tries many damaged files in worker processes, and tells what became of them."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.fuzz.kinds import KINDS, SHARES
from tests.fuzz.worker import MOST_GROWTH, MOST_SECONDS, Outcome, serve

HANGS_AFTER: Final = 120.0
"""Seconds without an answer, after which the worker is looked at: a pipe that nobody writes to takes no processor time, a loop takes much."""
PATIENCE: Final = 10
"""How often it is looked at on a machine that gives it little time to run, before it counts as hanging all the same."""
WAITS: Final = 0.02
"""Processor seconds within :data:`HANGS_AFTER` below which a worker does not run but wait."""


def processor_seconds(pid: int | None) -> float | None:
    """Processor time of a process so far; ``None`` where the system does not say."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Worker:
    """One process that tries files; started anew when it hangs, dies or has grown too large."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self.kinds = tuple(kinds)
        self.start()

    def start(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="actuarial-fuzz-")).resolve()
        context = multiprocessing.get_context("spawn")
        self.channel, other = context.Pipe()
        self.process = context.Process(target=serve, args=(other, str(self.root / "place"), self.kinds), daemon=True)
        self.process.start()
        other.close()
        try:
            self.before: int = self.channel.recv()
        except EOFError:
            raise RuntimeError("the worker could not begin; its message is above") from None

    def tried(self, kind: str, seed: int, number: int) -> Outcome:
        """Try one file; a worker that does not answer, or dies, is a failure of that file."""
        self.channel.send((kind, seed, number))
        text = "no answer"
        if self._answers():
            with suppress(EOFError):
                outcome: Outcome = self.channel.recv()
                if outcome.peak - self.before <= MOST_GROWTH:
                    return outcome
                self.stop()
                self.start()
                grown = f"the worker grew by {(outcome.peak - self.before) / 1e6:,.0f} MB"
                return Outcome(kind, number, outcome.what, "failed", grown, outcome.seconds, outcome.peak)
            text = "the worker died"
        self.stop()
        self.start()
        return Outcome(kind, number, "", "failed", text, 0.0, 0)

    def _answers(self) -> bool:
        """Whether an answer comes, however slow the machine is."""
        begun = last = processor_seconds(self.process.pid)
        for _ in range(PATIENCE):
            if self.channel.poll(HANGS_AFTER):
                return True
            now = processor_seconds(self.process.pid)
            if begun is None or last is None or now is None or now - last < WAITS or now - begun > 2 * MOST_SECONDS:
                return False
            last = now
        return False

    def stop(self) -> None:
        with suppress(OSError, ValueError):
            self.channel.send(None)
        self.process.join(0.5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.channel.close()
        for path in self.root.rglob("*"):
            with suppress(OSError):
                if not path.is_symlink():
                    path.chmod(0o700)
        shutil.rmtree(self.root, ignore_errors=True)


@dataclass
class Tally:
    """Sums by kind."""

    ends: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    slowest: dict[str, Outcome] = field(default_factory=dict)
    seconds: Counter[str] = field(default_factory=Counter)
    failures: list[Outcome] = field(default_factory=list)
    peak: int = 0
    grown: int = 0

    def add(self, outcome: Outcome, before: int) -> None:
        self.ends[outcome.kind][outcome.end] += 1
        self.seconds[outcome.kind] += outcome.seconds  # type: ignore[assignment]
        if outcome.kind not in self.slowest or outcome.seconds > self.slowest[outcome.kind].seconds:
            self.slowest[outcome.kind] = outcome
        self.peak, self.grown = max(self.peak, outcome.peak), max(self.grown, outcome.peak - before)
        if outcome.end == "failed":
            self.failures.append(outcome)

    def text(self) -> str:
        """A table, and the most memory any worker held."""
        head = f"{'kind':<12}{'files':>8}{'accepted':>10}{'refused':>9}{'failed':>8}{'CPU s':>9}{'slowest s':>11}  slowest file"
        rows = [head]
        for kind, ends in self.ends.items():
            slow = self.slowest[kind]
            rows.append(
                f"{kind:<12}{ends.total():>8,}{ends['accepted']:>10,}{ends['refused']:>9,}{ends['failed']:>8,}{self.seconds[kind]:>9.1f}"
                f"{slow.seconds:>11.2f}  {slow.number}: {slow.what[:60]}"
            )
        total = sum((ends for ends in self.ends.values()), Counter[str]())
        rows.append(
            f"{'all':<12}{total.total():>8,}{total['accepted']:>10,}{total['refused']:>9,}{total['failed']:>8,}{sum(self.seconds.values()):>9.1f}"
        )
        rows.append(f"most memory {self.peak / 1e6:,.0f} MB, {self.grown / 1e6:,.0f} MB more than before the first file")
        return "\n".join(rows)


def schedule(files: int, kind: str = "all") -> Iterator[tuple[str, int]]:
    """Kind and number of each file, kinds spread evenly by :data:`~tests.fuzz.kinds.SHARES`."""
    if kind != "all":
        yield from ((kind, number) for number in range(files))
        return
    whole = sum(SHARES.values())
    given = dict.fromkeys(KINDS, 0)
    for number in range(files):
        behind = max(KINDS, key=lambda name: SHARES[name] * (number + 1) / whole - given[name])
        yield behind, given[behind]
        given[behind] += 1


def campaign(files: Sequence[tuple[str, int]], seed: int, tell: Callable[[Outcome], None] = lambda _outcome: None) -> Tally:
    """Try the files, one after another in one process."""
    tally, worker = Tally(), Worker(sorted({kind for kind, _number in files}))
    try:
        for kind, number in files:
            outcome = worker.tried(kind, seed, number)
            tally.add(outcome, worker.before)
            tell(outcome)
    finally:
        worker.stop()
    return tally
