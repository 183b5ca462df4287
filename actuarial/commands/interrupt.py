"""The verb ``interrupt``: real commands killed at random moments. Its code lies with the tests, in tests/interrupted."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from actuarial.basis.errors import InputError
from actuarial.commands.arguments import one_of, whole

ROOT = Path(__file__).resolve().parents[2]
JOBS = ("template", "reports", "compare", "price", "ensemble")


def add_interrupt(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    what = "kill real commands at random moments: earlier outputs must stay, and the rerun must give the same bytes"
    more = (
        "Each start has another time zone, language, hash seed, build date and mask of rights. The same seed draws the same moments, which hit other "
        "stages on another machine. Exit code 1: half an output, a changed earlier one, a trace left, or other bytes. Linux and macOS."
    )
    verb = verbs.add_parser("interrupt", help=what, description=f"{what[0].upper()}{what[1:]}. {more}", allow_abbrev=False)
    add = verb.add_argument
    add("--times", type=whole(), default=10, metavar="N", help="kills of each command (default: 10)")
    add("--seed", type=whole(0), default=1, metavar="S", help="same seed, same moments (default: 1)")
    only = f"only this command: {', '.join(JOBS)} (repeatable; default: all but ensemble, which takes long)"
    add("--only", action="append", default=[], type=one_of(JOBS), metavar="VERB", help=only)
    verb.set_defaults(run=_interrupt)


def _interrupt(options: argparse.Namespace) -> int:
    if sys.platform == "win32":
        raise InputError("interrupt: groups of processes cannot be killed like this on Windows; use Linux or macOS")
    if not (ROOT / "tests" / "interrupted").is_dir():
        raise InputError("tests/interrupted is missing: this command needs the folder of tests beside the package")
    words = ["--times", str(options.times), "--seed", str(options.seed), *(word for name in options.only for word in ("--only", name))]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    command = [sys.executable, "-m", "tests.interrupted", *words]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, check=False).returncode
