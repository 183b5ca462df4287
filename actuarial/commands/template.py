"""The verb ``template``: a country's basis as a workbook to fill in; and the option ``--workbook`` of the verbs that take it back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from actuarial.basis.errors import InputError, shown
from actuarial.input_workbook.given import Given
from actuarial.reporting.language import RELEASED, SOURCE, use_language

ROOT = Path(__file__).resolve().parents[2]


def add_template(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    what = "write a country's figures as a workbook that its institution checks and fills in"
    more = "Give the filled-in workbook to --workbook of reports, price, sensitivity or ensemble. An untouched one changes nothing."
    verb = verbs.add_parser("template", help=what, description=f"{what[0].upper()}{what[1:]}. {more}", allow_abbrev=False)
    add = verb.add_argument
    add("country", metavar="ISO3", help="country, for example KEN")
    add("--out", type=Path, metavar="FILE", help="workbook to write (default: <ISO3>-inputs.xlsx in this folder)")
    add("--replace", action="store_true", help="write over an existing file, which may be a filled-in one")
    add("--language", default=SOURCE, metavar="CODE", help=f"language of the workbook: {', '.join(RELEASED)} (default: {SOURCE})")
    verb.set_defaults(run=_template)


def _template(options: argparse.Namespace) -> int:
    from actuarial.commands.request import check_request

    out = options.out or Path(f"{options.country}-inputs.xlsx")
    check_request(ROOT, options, lambda: _check_out(out, options.replace))
    with use_language(options.language):
        from actuarial.input_workbook.layout import template
        from actuarial.input_workbook.write import write_template

        content = template(ROOT / "data", options.country)
        write_template(content, out)
    sys.stdout.write(f"{shown(out)}\n")
    return 0


def _check_out(out: Path, replace: bool) -> None:
    """Refuse a place that is no workbook's, or that holds one. Raises :class:`InputError`."""
    if out.suffix.lower() != ".xlsx":
        raise InputError(f"--out {shown(out)}: a workbook ends with .xlsx")
    if not out.parent.is_dir():
        raise InputError(f"--out {shown(out)}: there is no folder {shown(out.parent)}")
    if out.exists() and not replace:
        raise InputError(f"--out {shown(out)}: there is such a file already, perhaps filled in; name another one, or say --replace")


def add_workbook_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--workbook`` to a verb that runs on the data."""
    what = "input workbook that `python run.py template` wrote and somebody filled in (repeatable, one for each country)"
    parser.add_argument("--workbook", action="append", default=[], type=Path, metavar="FILE", help=what)


@contextmanager
def chosen_data(options: argparse.Namespace) -> Iterator[Given]:
    """The data to run on, with what the workbooks of the options change; says what that is. Raises :class:`InputError` for what cannot be used.

    The folder exists while the block runs.
    """
    if not options.workbook:
        yield Given(ROOT / "data")
        return
    from actuarial.input_workbook.apply import data_with

    with data_with(ROOT / "data", options.workbook) as given:
        asked = tuple(getattr(options, "country", ()))
        for record in given.record:
            country = record["country"]
            if asked and country not in asked:
                what = f"{record['file']}: is a workbook of {country}, but --country names {', '.join(asked)}"
                raise InputError(f"{what}; add --country {country}, or give the workbook of the country asked for")
            count = len(record["changes"])
            sys.stderr.write(f"{record['file']}: {count} changed {'figure' if count == 1 else 'figures'} of {country}\n")
        for remark in given.remarks:
            sys.stderr.write(f"remark: {remark}\n")
        yield given
