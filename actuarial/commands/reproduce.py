"""The verb ``reproduce`` makes a run again from what it keeps, and compares."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def add_reproduce(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    what = "make a run of `reports` again from the inputs it keeps, and compare figures and bytes"
    more = (
        "The study is computed anew. Figures must agree within 1e-9; with the same software on the same kind of machine, so must the bytes of every "
        "file but manifest and sums; elsewhere tables and figures inside workbooks are compared, not what other reports print. Exit code 0: "
        "reproduced; 1: not."
    )
    verb = verbs.add_parser("reproduce", help=what, description=f"{what[0].upper()}{what[1:]}. {more}", allow_abbrev=False)
    verb.add_argument("folder", type=Path, metavar="RUN", help="folder that reports wrote")
    verb.add_argument("--out", type=Path, metavar="FOLDER", help="keep what is made here (default: it is compared and deleted)")
    verb.add_argument("--jobs", type=int, default=2, help="reports written at the same time (default: 2)")
    cached = "let the study be read from the cache folder when it is kept there, so that only the reports are made again"
    verb.add_argument("--cached", action="store_true", help=cached)
    verb.set_defaults(run=_reproduce)


def _reproduce(options: argparse.Namespace) -> int:
    from actuarial.audit.reproduce import reproduce
    from actuarial.audit.reproduction_text import as_text
    from actuarial.commands.progress_bar import ProgressBar
    from actuarial.reporting.papermill_run import NotebookFailure

    try:
        with ProgressBar() as bar:
            found = reproduce(options.folder, ROOT, options.out, bar.update, cached=options.cached, at_once=options.jobs)
    except NotebookFailure as failure:
        sys.stderr.write(f"actuarial: {failure}\nThe run could not be made again.\n")
        return 1
    sys.stdout.write(as_text(options.folder, found))
    return int(not found.equal)
