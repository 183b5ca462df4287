"""``actuarial advisories``: hold the locked packages against known advisories, without a network (:mod:`actuarial.commands.advisory_file`)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from actuarial.basis.plain_text import visible

ROOT = Path(__file__).resolve().parents[2]


def add_advisories(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The verb."""
    what = "hold the locked packages against a file of known advisories, without a network"
    more = f"{what[0].upper()}{what[1:]}. Exit code 1: an advisory names one."
    verb = verbs.add_parser("advisories", help=what, description=more, allow_abbrev=False)
    verb.add_argument("database", type=Path, metavar="FILE.zip", help="archive of advisories on Python packages in the OSV format")
    verb.add_argument("--lock", type=Path, help="lock file (default: requirements.lock)")
    verb.set_defaults(run=_advisories)


def _advisories(options: argparse.Namespace) -> int:
    from actuarial.commands.advisory_file import advisories, locked

    packages = locked(options.lock or ROOT / "requirements.lock")
    count, found = advisories(options.database, packages)
    for item in found:
        fixed = f"fixed in {item.fixed}" if item.fixed else "no fixed version named"
        sys.stdout.write(visible(f"{item.package} {item.version}: {item.id}, {fixed}. {item.summary}\n"))
    named = len({item.package for item in found})
    sys.stdout.write(f"{len(packages)} locked packages, {count:,} advisories read: {named} packages are named by {len(found)} advisories\n")
    return int(bool(found))
