"""The options of verbs with much to compute: who computes it, and where what is finished is kept.

A verb adds them with :func:`add_execution_options`, opens who computes with :func:`executor_of` and keeps chunks with :func:`checkpoint_of`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from actuarial.commands.arguments import MOST_PROCESSES, whole
from actuarial.execution.checkpoint import Checkpoint
from actuarial.execution.errors import ExecutionInputError
from actuarial.execution.executors import Workers, open_executor


def add_execution_options(parser: argparse.ArgumentParser, workers: int = 1) -> None:
    """Add ``--workers``, ``--cluster``, ``--checkpoint`` and ``--resume``; ``workers`` is the number unless given."""
    group = parser.add_argument_group("execution", "Results are the same, bit for bit, whoever computes them.")
    who = group.add_mutually_exclusive_group()
    local = f"local processes (default: {workers}; 1: in this process)"
    who.add_argument("--workers", type=whole(1, MOST_PROCESSES), default=workers, metavar="N", help=local)
    who.add_argument("--cluster", metavar="ADDRESS", help="compute on the workers of this Dask scheduler, for example tcp://host:8786")
    keep = (
        "keep every finished part in this folder, so that an interrupted run can go on (default: a folder of its own below reports/.unfinished); "
        "deleted when the run is complete"
    )
    group.add_argument("--checkpoint", type=Path, metavar="FOLDER", help=keep)
    group.add_argument("--resume", action="store_true", help="go on with what the folder of --checkpoint holds")


def executor_of(options: argparse.Namespace) -> AbstractContextManager[Workers]:
    """Who computes, as the options say. Entering it raises :class:`ExecutionInputError` for what cannot be used."""
    return open_executor(options.workers, options.cluster)


def checkpoint_of(options: argparse.Namespace, key: Mapping[str, str], default: Path | None = None) -> Checkpoint | None:
    """Where finished chunks are kept, or ``None``. ``key`` names everything the results depend on: options, seeds, hashes of files.

    With a ``default`` folder, and no other asked for, what is finished is kept below it under a name made of the key: the same command goes on there.
    Where that cannot be written (a toolkit that belongs to somebody else), nothing is kept. Raises :class:`ExecutionInputError` for ``--resume``
    with neither.
    """
    if options.checkpoint is None and default is not None and not options.resume and not _may_write(default):
        return None
    if options.checkpoint is None and default is not None:
        name = hashlib.sha256(repr(sorted(key.items())).encode()).hexdigest()[:16]
        return Checkpoint(default / name, key, True, _command(sys.argv))
    if options.checkpoint is None:
        if options.resume:
            raise ExecutionInputError("--resume needs --checkpoint FOLDER, the folder of the interrupted run")
        return None
    return Checkpoint(options.checkpoint, key, options.resume, _again(sys.argv))


def _may_write(folder: Path) -> bool:
    """Whether a folder, which need not exist, can be made and written."""
    return os.access(next(place for place in (folder, *folder.absolute().parents) if place.exists()), os.W_OK)


def _again(command: list[str]) -> str:
    """The command line that goes on with this one."""
    return _command(command if "--resume" in command else [*command, "--resume"])


def _command(command: list[str]) -> str:
    words = ["python", "run.py", *command[1:]]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)
