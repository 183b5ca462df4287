"""The verb ``compare``: scenarios and instruments side by side, as a report, a workbook and a notebook."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from actuarial.basis.errors import shown

ROOT = Path(__file__).resolve().parents[2]


def add_compare(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    what = "set scenarios and instruments side by side: which combination costs whom what, and why"
    more = (
        "Every scenario is combined with every instrument. Each study is computed once and kept in the cache folder; one that `actuarial reports` "
        "computed before is taken from there. The first combination is the base that others are held against."
    )
    verb = verbs.add_parser("compare", help=what, description=f"{what[0].upper()}{what[1:]}. {more}", allow_abbrev=False)
    add = verb.add_argument
    add("--scenario", action="append", default=[], help="name in scenarios/ or path of a .yaml file (repeatable; default: base)")
    every = "name in scenarios/instruments/ or path (repeatable; default: all shipped ones that the projection supports)"
    add("--instrument", action="append", default=[], help=every)
    add("--country", action="append", default=[], metavar="ISO3", help="only this country's section (repeatable; default: all)")
    add("--out", type=Path, metavar="FOLDER", help="folder of the comparison (default: reports/compare-<names>)")
    add("--language", default="en", metavar="CODE", help="language of the report (default: en)")
    again = "compute every study even if one of the same inputs and code is kept in the cache folder, and keep none"
    add("--no-cache", action="store_true", help=again)
    verb.set_defaults(run=_compare)


def _compare(options: argparse.Namespace) -> int:
    from actuarial.commands.progress_bar import ProgressBar
    from actuarial.commands.request import check_request, free_target
    from actuarial.reporting.compare_run import CompareRequest, produce_comparison
    from actuarial.reporting.papermill_run import NotebookFailure

    check_request(ROOT, options, *free_target(options.out))
    request = CompareRequest(
        root=ROOT,
        scenarios=tuple(options.scenario),
        instruments=tuple(options.instrument),
        countries=tuple(options.country),
        out=options.out,
        language=options.language,
        cached=not options.no_cache,
    )
    try:
        with ProgressBar() as bar:
            folder = produce_comparison(request, bar.update)
    except NotebookFailure as failure:
        sys.stderr.write(f"actuarial: {failure}\nNothing was written; an earlier comparison in that place is unchanged.\n")
        return 1
    sys.stdout.write(f"{shown(folder)}\n")
    return 0
