"""The verb ``fuzz``: many damaged files of every kind against the readers. Its code lies with the tests, in tests/fuzz."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from actuarial.basis.errors import InputError
from actuarial.commands.arguments import one_of, whole

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("scenario", "instrument", "scheme", "case", "table", "workbook", "parameters", "command")


def add_fuzz(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    what = "try many damaged files of every kind: each must be accepted or refused with a message"
    more = (
        "The same seed makes the same files. A failure (any other error, no answer, too much time or memory, traces of a refused file) is printed "
        "with the command that makes its file again. Exit code 1: there was one."
    )
    verb = verbs.add_parser("fuzz", help=what, description=f"{what[0].upper()}{what[1:]}. {more}", allow_abbrev=False)
    add = verb.add_argument
    add("--files", type=whole(), default=1000, metavar="N", help="how many files (default: 1000)")
    add("--seed", type=whole(0), default=1, metavar="S", help="same seed, same files (default: 1)")
    add("--kind", default="all", type=one_of([*KINDS, "all"]), metavar="KIND", help=f"only this kind of file: {', '.join(KINDS)} (default: all)")
    add("--number", type=whole(0), metavar="K", help="make only file K of --kind again, and print what becomes of it")
    add("--keep", type=Path, metavar="FOLDER", help="with --number: keep the file in this folder")
    verb.set_defaults(run=_fuzz)


def _fuzz(options: argparse.Namespace) -> int:
    if options.number is not None and options.kind == "all":
        raise InputError("--number needs --kind, for every kind counts its own files")
    if not (ROOT / "tests" / "fuzz").is_dir():
        raise InputError("tests/fuzz is missing: this command needs the folder of tests beside the package")
    words = ["--files", str(options.files), "--seed", str(options.seed), "--kind", options.kind]
    words += [] if options.number is None else ["--number", str(options.number)]
    words += [] if options.keep is None else ["--keep", str(options.keep.absolute())]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.run([sys.executable, "-m", "tests.fuzz", *words], cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, check=False).returncode
