"""``actuarial mutate`` and ``actuarial coverage``: how much of the code the tests would notice; for developers, from the repository only.

1. Both are programs of ``tests/``; their options are described there (``--help``).
2. Exit codes are theirs: 0 the wanted share is reached, 1 it is not, 2 something asked for is not there.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]


def add_mutate(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Name both verbs in the help; their options go on untouched."""
    verbs.add_parser("mutate", help="change the code in small ways and count what the tests notice")
    verbs.add_parser("coverage", help="run the tests and measure which branches of the code they reach")


def mutate(rest: list[str]) -> int:
    """Run :mod:`tests.mutation` with its own options."""
    return _run("tests.mutation", rest)


def coverage(rest: list[str]) -> int:
    """Run :mod:`tests.mutation.coverage` with its own options."""
    return _run("tests.mutation.coverage", rest)


def _run(module: str, rest: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", module, *rest], cwd=ROOT, check=False).returncode
