"""Small writers, killed or disturbed before each of their system calls, one after another: a proof for any moment, not a sample.

``python -m tests.interrupted.points FOLDER`` works in ``FOLDER`` and prints what it found as JSON. Linux and macOS.

1. Python tells an audit hook of every call that opens, makes, renames, locks or deletes something, before it is made; flushing is told by a wrapper.
   A writer's state on disk changes nowhere else than in these calls and in writing to an open file that is still hidden.
2. For every writer and every k: a forked process writes the new output over the old one and kills itself before its k-th call. What can be seen then
   is the old output or the new one, to the last byte. For every other k a second writer is killed too, at another call. The next writer ends well,
   leaves no trace of the others, and the new output.
3. The same with an error of the system at the k-th call, and for every third k with errors from there on: the writer raises ``OSError`` or
   ``ExecutionError`` and leaves the old output, or ends well and leaves the new one.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from actuarial.execution import whole
from actuarial.execution.checkpoint import Checkpoint
from actuarial.execution.errors import ExecutionError
from actuarial.execution.whole import whole_file
from actuarial.reporting.manifest import write_manifest
from actuarial.reporting.run_folder import run_folder
from actuarial.reporting.study_cache import fetch, keep

Content = dict[str, bytes]
TOLD = ("open", "os.", "shutil.", "fcntl.", "flush")
READ_ONLY = ("os.listdir", "os.scandir", "os.walk", "os.fwalk", "os.getxattr", "os.listxattr")
ERRORS = (errno.ENOSPC, errno.EACCES)
RAISED, WRONG = 3, 4


def a_file(root: Path, text: str) -> None:
    with whole_file(root / "KEN inputs é.xlsx") as stage:
        stage.write_text(text * 1000)


def a_run(root: Path, text: str) -> None:
    with run_folder(root / "reports" / "base") as folder:
        (folder / "RWA").mkdir()
        (folder / "RWA" / "report.html").write_text(text)
        (folder / "results.csv").write_text(text * 100)
        write_manifest(folder, {"parameters": {"text": text}})


def a_run_in_two_renames(root: Path, text: str) -> None:
    swap, whole.swap = whole.swap, lambda one, other: False
    try:
        a_run(root, text)
    finally:
        whole.swap = swap


def a_checkpoint(root: Path, text: str) -> None:
    with Checkpoint(root / "kept", {"text": "same"}, resume=True).open(2) as kept:
        for index in range(2):
            if kept.read(index) is None:
                kept.write(index, {"values": np.arange(5.0) + index})


def a_kept_study(root: Path, text: str) -> None:
    os.environ["ACTUARIAL_CACHE"] = str(root)
    shutil.rmtree(root / ".copy", ignore_errors=True)
    fetch("k", root / ".copy")
    if not keep("k", root / ".results"):
        raise OSError("not kept")


def spoil(root: Path) -> None:
    """A kept study with a table that is not as it was written."""
    a_kept_study(root, "")
    (root / "studies" / "k" / "RWA.yearly.csv").write_text("spoilt")


WRITERS: dict[str, Callable[[Path, str], None]] = {
    "file": a_file,
    "run": a_run,
    "run in two renames": a_run_in_two_renames,
    "checkpoint": a_checkpoint,
    "kept study": a_kept_study,
    "spoilt study": a_kept_study,
}
SAME = {"checkpoint", "kept study", "spoilt study"}
"""These write the same whatever they are told: there is no old output to replace, only one to complete."""


def seen(root: Path) -> Content:
    """Every file that is not hidden."""
    shown = (path for path in sorted(root.rglob("*")) if not any(part.startswith(".") for part in path.relative_to(root).parts))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in shown if path.is_file()}


def left(root: Path) -> list[str]:
    """Hidden files and folders that a writer should have cleared away."""
    names = (path.relative_to(root).as_posix() for path in root.rglob(".*"))
    return sorted(name for name in names if name.split("/")[0] not in (".results", ".copy"))


class Told:
    """Counts system calls and does something at some of them."""

    def __init__(self, act: Callable[[int], None]) -> None:
        self.act, self.count, self.on = act, 0, False

    def __call__(self, event: str, _: Any) -> None:
        if self.on and event.startswith(TOLD) and event not in READ_ONLY:
            self.count += 1
            self.act(self.count)


def in_child(writer: Callable[[Path, str], None], root: Path, act: Callable[[int], None]) -> tuple[int, int]:
    """Run the writer in a forked process with ``act`` called before each system call; exit code (negative: signal) and number of calls."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        told, code = Told(act), 0
        sys.addaudithook(told)
        try:
            told.on = True
            writer(root, "new")
        except (OSError, ExecutionError):
            code = RAISED
        except BaseException:
            told.on = False
            traceback.print_exc()
            code = WRONG
        told.on = False
        os.write(write, str(told.count).encode())
        os._exit(code)
    os.close(write)
    count = os.read(read, 20)
    os.close(read)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), int(count or 0)


def killed_at(k: int) -> Callable[[int], None]:
    def act(count: int) -> None:
        if count == k:
            os.kill(os.getpid(), signal.SIGKILL)

    return act


def failing_at(k: int, code: int, last: int) -> Callable[[int], None]:
    def act(count: int) -> None:
        if k <= count <= last:
            raise OSError(code, os.strerror(code))

    return act


class Prover:
    """One writer in one folder."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name, self.writer, self.root = name, WRITERS[name], folder / name.replace(" ", "-")
        self.problems: list[str] = []
        self.found = {"calls": 0, "kills": 0, "errors": 0, "old": 0, "new": 0, "left": 0}

    def start(self) -> None:
        """The old output and nothing else; no output for the writers that only complete one."""
        shutil.rmtree(self.root, ignore_errors=True)
        (self.root / ".results").mkdir(parents=True)
        (self.root / ".results" / "study.json").write_text('{"meta": {}}')
        (self.root / ".results" / "RWA.yearly.csv").write_text("year\n2026\n")
        if self.name == "spoilt study":
            spoil(self.root)
        elif self.name not in SAME:
            self.writer(self.root, "old")

    def prove(self) -> None:
        """Kill and disturb at every call."""
        self.start()
        self.old = seen(self.root)
        code, calls = in_child(self.writer, self.root, lambda count: None)
        self.new = seen(self.root)
        assert code == 0 and calls > 5 and self.old != self.new, (self.name, code, calls)
        self.found["calls"] = calls
        for k in range(1, calls + 1):
            self.kill(k, *([1 + (7 * k) % calls] if k % 2 else []))
            self.disturb(k, ERRORS[k % 2], k)
            if k % 3 == 0:
                self.disturb(k, ERRORS[1 - k % 2], sys.maxsize)

    def kill(self, *points: int) -> None:
        self.start()
        for number, point in enumerate(points):
            code, _ = in_child(self.writer, self.root, killed_at(point))
            self.found["kills"] += code == -signal.SIGKILL
            self.expect(code == -signal.SIGKILL or (number and code == 0), f"killed at {point}: ended with {code}")  # less may be left to do
            self.look(f"killed at {point}")
        self.finish(f"killed at {' and '.join(map(str, points))}")

    def disturb(self, k: int, error: int, last: int) -> None:
        where = f"{errno.errorcode[error]} at call {k}{'' if last == k else ' and all later'}"
        self.start()
        code, _ = in_child(self.writer, self.root, failing_at(k, error, last))
        self.found["errors"] += 1
        self.expect(code in (0, RAISED), f"{where}: ended with {code}")
        now = seen(self.root)
        if self.name not in SAME:
            aside = self.name == "run in two renames" and last > k and not now  # what was renamed cannot be renamed back
            self.expect(aside or now == (self.new if code == 0 else self.old), f"{where}: ended with {code}, but there is {sorted(now)}")
        else:
            self.look(where)
        self.finish(where)

    def look(self, when: str) -> None:
        now = seen(self.root)
        self.found["old"] += now == self.old
        self.found["new"] += now == self.new
        self.found["left"] += bool(left(self.root))
        if self.name == "spoilt study":
            return
        if self.name == "checkpoint":  # file by file: each that is there is whole
            self.expect(all(self.new[name] == content for name, content in now.items()), f"{when}: {sorted(now)}")
        elif self.name == "run in two renames" and not now:  # the instant that systems without an exchange have
            aside = [{f"reports/base/{n}": c for n, c in seen(p).items()} for p in self.root.glob("reports/.base.before-*")]
            self.expect(len(aside) == 1 and aside[0] in (self.old, self.new), f"{when}: nothing there")
        else:
            self.expect(now in (self.old, self.new), f"{when}: {sorted(now)}")

    def finish(self, when: str) -> None:
        """The next writer ends well and nothing is left of the ones before."""
        self.writer(self.root, "new")
        self.expect(seen(self.root) == self.new, f"{when}: the next run does not leave the new output")
        self.expect(not left(self.root), f"{when}: the next run leaves {left(self.root)}")

    def expect(self, true: bool, problem: str) -> None:
        if not true:
            self.problems.append(f"{self.name}: {problem}")


def main(folder: Path) -> int:
    """Prove every writer."""
    os.fsync = lambda handle: sys.audit("flush", handle)  # type: ignore[assignment,return-value]  # a kill is no loss of power
    provers = [Prover(name, folder) for name in WRITERS]
    for prover in provers:
        prover.prove()
    problems = [problem for prover in provers for problem in prover.problems]
    sys.stdout.write(json.dumps({"found": {p.name: p.found for p in provers}, "problems": problems}, indent=1) + "\n")
    return int(bool(problems))


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
