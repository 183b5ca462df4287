"""The verb ``validate``: hold the toolkit against published figures, closed forms, identities and second implementations."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from actuarial.basis.errors import InputError, shown

ROOT: Final = Path(__file__).resolve().parents[2]
RECORD: Final = ROOT / "docs" / "validation.csv"


def add_validate(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    what = "hold the toolkit against published figures, closed forms, identities and second implementations"
    more = (
        "Exit code 0: every figure is as near as it must be; 1: one is not. The quick run takes about a minute; the full one projects all corridors, "
        "lives a million persons and recomputes every workbook."
    )
    verb = verbs.add_parser("validate", help=what, description=f"{what[0].upper()}{what[1:]}. {more}", allow_abbrev=False)
    add = verb.add_argument
    add("--full", action="store_true", help="all corridors, a million simulated persons, every workbook (some minutes)")
    add("--every", action="store_true", help="print every figure, not only each subject and what failed")
    add("--out", type=Path, metavar="FILE", help="also write every figure as CSV into this file")
    add("--write", action="store_true", help="also write the record that reports show, docs/validation.csv (for a release, with --full)")
    verb.set_defaults(run=_validate)


def _validate(options: argparse.Namespace) -> int:
    from actuarial.commands.progress_bar import ProgressBar
    from actuarial.validation.plan import run
    from actuarial.validation.record import write_record
    from actuarial.validation.text import as_text

    if options.out is not None and (options.out.is_dir() or not options.out.absolute().parent.is_dir()):
        raise InputError(f"--out {shown(options.out)}: name a file in a folder that exists")
    with ProgressBar() as bar:
        done = run(ROOT, full=options.full, progress=bar.update)
    sys.stdout.write(as_text(done, every=options.every))
    for path in ((options.out,) if options.out is not None else ()) + ((RECORD,) if options.write else ()):
        write_record(done, ROOT, path)
        sys.stdout.write(f"{shown(path)}\n")
    return int(not done.passed)
