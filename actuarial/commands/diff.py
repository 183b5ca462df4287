"""The verb ``diff``: what separates the results of two runs, and what was changed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from actuarial.basis.errors import shown

if TYPE_CHECKING:
    from actuarial.audit.change_runs import Difference, SincePrevious

ORDER: Final = "data,assumptions,law"


def add_diff(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    what = "analyse the change between two runs: data, assumptions, law, method, residual"
    more = (
        "RUN1 is the earlier run, RUN2 the later one. Every class of changes in which something differs that a study reads is a study computed "
        "(some minutes, unless it is kept). Exit code 0: everything is explained; 1: a residual is left that the code does not account for."
    )
    verb = verbs.add_parser("diff", help=what, description=f"{what[0].upper()}{what[1:]}. {more}", allow_abbrev=False)
    add = verb.add_argument
    add("previous", metavar="RUN1", type=Path, help="folder of the earlier run")
    add("present", metavar="RUN2", type=Path, help="folder of the later run")
    add("--country", action="append", default=[], metavar="ISO3", help="print only this country's scheme (repeatable; default: all, and the region)")
    add("--csv", type=Path, metavar="FOLDER", help="also write the tables, and every entry that differs, as CSV files into this folder")
    _add_order_option(verb)
    verb.set_defaults(run=_diff)


def add_since_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--previous`` and ``--order`` to the verb that writes reports."""
    what = "folder of an earlier run: adds the chapter on what changed since (computes a study for every class that changed)"
    parser.add_argument("--previous", type=Path, metavar="RUN", help=what)
    _add_order_option(parser)


def check_order(options: argparse.Namespace) -> None:
    """Refuse an order of classes that is none. Raises :class:`InputError`."""
    if options.order != ORDER:
        from actuarial.audit.change_runs import parsed_order

        parsed_order(options.order)


def since(options: argparse.Namespace) -> SincePrevious | None:
    """What the options say of an earlier run; ``None`` when they name none. Raises :class:`InputError` for an order that is none."""
    from actuarial.audit.change_runs import SincePrevious, parsed_order

    order = parsed_order(options.order)
    return None if options.previous is None else SincePrevious(options.previous, order)


def _add_order_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--order", default=ORDER, metavar="CLASSES", help=f"in which order the classes are replaced (default: {ORDER})")


def _diff(options: argparse.Namespace) -> int:
    from actuarial.audit.change_runs import difference, parsed_order
    from actuarial.commands.csv_folder import csv_folder
    from actuarial.commands.progress_bar import ProgressBar
    from actuarial.reporting.change_view import as_text
    from actuarial.reporting.manifest import hash_file, write_manifest
    from actuarial.reporting.run_folder import MANIFEST

    order = parsed_order(options.order)
    with csv_folder(options) as folder, ProgressBar() as bar:
        found = difference(options.previous, options.present, order, bar.update, options.country)
        if folder is not None:
            _write(found, folder)
            runs = {"previous": options.previous, "present": options.present}
            write_manifest(folder, {"kind": "diff", "runs": {name: hash_file(run / MANIFEST) for name, run in runs.items()}})
    if options.csv is not None:
        sys.stderr.write(f"{shown(options.csv)}\n")
    title = f"From {shown(options.previous)} to {shown(options.present)}"
    sys.stdout.write(as_text(found.analysis, found.names, found.currencies, options.country, title))
    return int(found.analysis.how.present_code and not found.analysis.explained())


def _write(found: Difference, folder: Path) -> None:
    """``effects.csv``, ``changes.csv`` and ``entries.csv``."""
    from actuarial.audit.change_walk import every_entry
    from actuarial.reporting.csv_text import neutral_texts

    tables = {"effects": found.analysis.effects, "changes": found.analysis.changes, "entries": every_entry(found.changes)}
    for name, table in tables.items():
        neutral_texts(table).to_csv(folder / f"{name}.csv", index=False, float_format="%.17g", lineterminator="\n", encoding="utf-8")
