"""Reports from the lab: `actuarial reports` in a process of its own, so that the notebook stays free."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

Told = Callable[[str, float], None]
_LINE = re.compile(r"\s*(\d+)% (.*)")


class ReportFailure(Exception):
    """`actuarial reports` did not succeed; the message is its own."""


def make_report(root: Path, scenario: str, instrument: str, countries: Sequence[str], told: Told) -> Path:
    """Run `actuarial reports` and wait for it; ``told`` hears what is being done and the share done, 0 to 1. Returns the folder of the run.

    Raises :class:`ReportFailure` with the last lines that the command wrote.
    """
    chosen = [part for country in countries for part in ("--country", country)]
    command = [sys.executable, "-m", "actuarial", "reports", "--scenario", scenario, "--instrument", instrument, *chosen]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))}
    last: deque[str] = deque(maxlen=6)
    with subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", errors="replace"
    ) as process:
        assert process.stderr is not None and process.stdout is not None
        for line in process.stderr:
            if found := _LINE.match(line):
                told(found[2].strip(), int(found[1]) / 100)
            elif line.strip():
                last.append(line.strip())
        answer = process.stdout.read().strip()
    if process.returncode != 0:
        raise ReportFailure("\n".join(last) or f"the command ended with code {process.returncode}")
    return root / answer.splitlines()[-1]


def in_background(work: Callable[[], None]) -> threading.Thread:
    """Start ``work`` beside the notebook, which goes on answering."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread
