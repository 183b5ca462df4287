"""The verb ``verify`` says whether a run agrees with itself and, given its seal, is the one that was written."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from actuarial.basis.errors import InputError
from actuarial.basis.plain_text import visible

ROOT = Path(__file__).resolve().parents[2]


def add_verify(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    what = "hash every file of a run again and say what does not agree"
    more = (
        "Files, SHA256SUMS, manifest, kept inputs, and what each report says it was made from must agree. How the inputs differ from the project's "
        "of now is told, too. Exit code 0: all agrees, which without --seal does not prove who wrote it; 1: something does not."
    )
    verb = verbs.add_parser("verify", help=what, description=f"{what[0].upper()}{what[1:]}. {more}", allow_abbrev=False)
    verb.add_argument("folder", type=Path, metavar="RUN", help="folder that reports, compare, sensitivity or ensemble wrote")
    verb.add_argument("--seal", metavar="SHA256", help="SHA-256 of SHA256SUMS as this verb printed it before: the whole run must be that one")
    verb.set_defaults(run=_verify)


def _verify(options: argparse.Namespace) -> int:
    from actuarial.audit.verify import told, verify_run

    if options.seal is not None and not re.fullmatch("[0-9a-fA-F]{64}", options.seal):
        raise InputError(f"--seal {options.seal}: expected 64 hexadecimal digits")
    found = verify_run(options.folder, ROOT, options.seal)
    problems, beside = told(options.folder, found)
    sys.stderr.write("".join(f"{visible(line)}\n" for line in problems))  # they hold names of files that somebody may have made
    sys.stdout.write("".join(f"{visible(line)}\n" for line in beside))
    return int(bool(problems))
