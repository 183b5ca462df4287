"""A run of three chunks of which the last never ends: ``python -m tests.execution.long_run FOLDER``."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

from actuarial.execution.checkpoint import Checkpoint
from actuarial.execution.chunks import run_chunks
from actuarial.execution.executors import open_executor
from tests.execution.tasks import Arrays, Task, draw


def last_never_ends(task: Task) -> Arrays:
    """``draw``, but for the third chunk."""
    if task.seed == 2:
        sys.stderr.write("computes for ever\n")
        sys.stderr.flush()
        time.sleep(3600)
    return draw(task)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts programs in the background with Ctrl-C ignored
    try:
        with open_executor(2) as executor:
            kept = Checkpoint(Path(sys.argv[1]), {"seed": "7", "basis": "sha256 0a1b"}, command="go on like this")
            run_chunks(last_never_ends, [Task(seed) for seed in range(3)], executor, kept)
    except KeyboardInterrupt:
        sys.exit(130)
