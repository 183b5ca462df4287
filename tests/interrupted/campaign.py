"""Starts real commands, kills them at random moments with everything they started, and looks at what is left.

1. A command runs in a process group of its own; SIGKILL goes to the whole group, so nothing can tidy up.
2. When to kill: half of the kills after a random share of the time that an undisturbed run takes; the others a random moment after writing began, or
   after the last files were written, for these are the moments that matter and the shortest.
3. After each kill: the output is the earlier one to the last byte, or the whole new one; nothing else can be seen beside it. Every third kill the
   command then runs to its end: exit code 0, the same bytes as the undisturbed run, nothing hidden left.
4. Every start has other surroundings (:mod:`tests.interrupted.surroundings`).
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from tests.interrupted.jobs import Content, Job, content, spoilt_copy
from tests.interrupted.surroundings import Surroundings, drawn

ROOT = Path(__file__).resolve().parents[2]
_POLL = 0.002
_RERUN = 3
"""A run to the end after so many kills."""
Say = Callable[[str], None]


@dataclass
class Found:
    """What the kills of one command came to."""

    kills: dict[str, int] = field(default_factory=dict)
    """Number of kills by the stage they hit."""
    reruns: int = 0
    problems: list[str] = field(default_factory=list)


class Campaign:
    """Kills of one command in one folder."""

    def __init__(self, job: Job, folder: Path, luck: random.Random, say: Say) -> None:
        self.job, self.luck, self.say = job, luck, say
        self.kept, self.temporary, self.place = folder / "kept", folder / "temporary", folder / "out"
        for made in (self.temporary, self.place):
            made.mkdir(parents=True)
        self.reference = folder / "reference" / job.out
        self.reference.parent.mkdir()
        self.target = self.place / job.out
        self.left: set[str] = set()
        """What stood there before the start: the output and traces of kills."""
        self.found = Found()

    def run(self, times: int) -> Found:
        """Kill ``times`` times."""
        begun = time.monotonic()
        code, told = self.whole_run(self.reference, Surroundings({}))
        self.seconds = time.monotonic() - begun
        if code:
            raise RuntimeError(f"{self.job.name} does not run undisturbed:\n{told}")
        self.new = content(self.reference)
        self.say(f"{self.job.name}: undisturbed {self.seconds:.1f} s, {len(self.new)} files")
        self.put_earlier()
        for number in range(1, times + 1):
            self.kill(number)
            if number % _RERUN == 0 or number == times:
                self.rerun()
        return self.found

    def put_earlier(self) -> None:
        """An earlier output, or none."""
        if self.target.is_dir():
            shutil.rmtree(self.target)
        self.target.unlink(missing_ok=True)
        if self.luck.random() < 0.7:
            spoilt_copy(self.reference, self.target)
        self.earlier = content(self.target)

    def start(self, out: Path, around: Surroundings, told: IO[bytes]) -> subprocess.Popen[bytes]:
        """The command in a process group of its own."""
        words = [word.format(out=out, kept=self.kept) for word in self.job.words]
        environment = around.environment() | {"TMPDIR": str(self.temporary), "PYTHONPATH": str(ROOT)}
        return subprocess.Popen(
            [sys.executable, "-m", "actuarial", *words], cwd=ROOT, env=environment, umask=around.umask, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=told,
        )  # fmt: skip

    def whole_run(self, out: Path, around: Surroundings) -> tuple[int, str]:
        """Exit code and what was said."""
        with TemporaryFile() as told:
            code = self.start(out, around, told).wait()
            return code, _last_words(told)

    def kill(self, number: int) -> None:
        around, when = drawn(self.luck), self.luck.choice(("any", "any", "writing", "ending"))
        if content(self.target) == self.new:
            self.put_earlier()
        self.left = {path.name for path in self.place.iterdir()}
        with TemporaryFile() as told:
            begun = time.monotonic()
            process = self.start(self.target, around, told)
            self.wait(process, when)
            ended = process.poll()
            stage = "ended" if ended is not None else self.stage()
            if ended is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            seconds, said = time.monotonic() - begun, _last_words(told)
        now = content(self.target)
        if ended not in (None, 0):
            self.problem(f"kill {number} ({around}): the command failed with {ended}: {said}")
        if now not in (self.earlier, self.new):
            self.problem(f"kill {number} ({stage}, {around}): neither the earlier output nor the new one: {_difference(self.earlier, now)}")
        if now == self.new and stage != "ended":
            stage = "replaced"
        others = [path.name for path in self.place.iterdir() if path != self.target and not path.name.startswith(".")]
        if others:
            self.problem(f"kill {number} ({stage}): there is also {others}")
        self.found.kills[stage] = self.found.kills.get(stage, 0) + 1
        self.say(f"{self.job.name}: kill {number} after {seconds:5.1f} s: {stage}; {'new' if now == self.new else 'earlier'} output")

    def wait(self, process: subprocess.Popen[bytes], when: str) -> None:
        """Until the moment to kill, or the end of the process."""
        if when == "any":
            _sleep(process, self.luck.uniform(0.0, 1.05 * self.seconds))
            return
        last = self.last_file if when == "ending" else self.stage_path
        while process.poll() is None and last() is None:
            time.sleep(_POLL)
        _sleep(process, self.luck.uniform(0.0, 0.05 if when == "ending" else 0.3 * self.seconds))

    def stage_path(self) -> Path | None:
        """What this start is writing, hidden beside the output."""
        return next((path for path in self.place.iterdir() if ".writing-" in path.name and path.name not in self.left), None)

    def last_file(self) -> Path | None:
        stage = self.stage_path()
        return stage if stage is not None and (stage.is_file() or (stage / "manifest.json").exists()) else None

    def stage(self) -> str:
        path = self.stage_path()
        if path is None:
            return "before writing"
        if path.is_file():
            return "writing the file"
        names = {p.name for p in path.rglob("*")}
        if "manifest.json" in names:
            return "all written"
        return "writing reports" if names & {"report.html", "report.ipynb", ".report.ipynb", "inputs.zip"} else "computing or copying tables"

    def rerun(self) -> None:
        """Run to the end and compare."""
        around = drawn(self.luck)
        code, told = self.whole_run(self.target, around)
        self.found.reruns += 1
        if code:
            self.problem(f"rerun ({around}): ended with {code}: {told}")
        elif (now := content(self.target)) != self.new:
            self.problem(f"rerun ({around}): not the same bytes: {_difference(self.new, now)}")
        hidden = [path.name for path in self.place.iterdir() if path != self.target]
        if hidden:
            self.problem(f"rerun ({around}): leaves {hidden}")
        shutil.rmtree(self.kept, ignore_errors=True)
        self.say(f"{self.job.name}: rerun {'as before' if not self.found.problems else 'LOOK ABOVE'} ({around})")

    def problem(self, text: str) -> None:
        self.found.problems.append(f"{self.job.name}: {text}")
        self.say(f"PROBLEM {self.found.problems[-1]}")


def _last_words(told: IO[bytes]) -> str:
    told.seek(0)
    return told.read().decode("utf-8", "replace")[-2000:]


def _sleep(process: subprocess.Popen[bytes], seconds: float) -> None:
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        time.sleep(min(_POLL, max(0.0, end - time.monotonic())))


def _difference(wanted: Content, found: Content) -> str:
    missing, more = sorted(set(wanted) - set(found)), sorted(set(found) - set(wanted))
    other = sorted(name for name in set(wanted) & set(found) if wanted[name] != found[name])
    return f"missing {missing}, more {more}, different {other}"
