"""The command ``actuarial`` and its verbs.

Verbs: reports, template, compare, entitlement, microsimulate, price, sensitivity, ensemble, trace, validate, test, mutate, coverage, lab, bench,
fuzz, interrupt, verify, diff and check.

1. Exit codes: 0 done; 1 a check, test or report failed, or the machine did (disk, permissions, memory: one message that says what to do); 2 something
   asked for or written in an input cannot be used (one message on standard error, nothing written). ``python -X dev -m actuarial`` shows where a
   machine failed.
2. Heavy packages are imported by the verb that needs them, so that help and complaints are immediate.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from actuarial.basis.errors import InputError, NumericalFailure, shown
from actuarial.commands.advisories import add_advisories
from actuarial.commands.arguments import MOST_PROCESSES, Parser, folder, number, parsed, whole
from actuarial.commands.command_words import check_words
from actuarial.commands.compare import add_compare
from actuarial.commands.csv_folder import csv_folder
from actuarial.commands.diff import add_diff, add_since_option, check_order, since
from actuarial.commands.ensemble import add_ensemble
from actuarial.commands.fuzz import add_fuzz
from actuarial.commands.interrupt import add_interrupt
from actuarial.commands.mutate import add_mutate, coverage, mutate
from actuarial.commands.progress_bar import ProgressBar
from actuarial.commands.reproduce import add_reproduce
from actuarial.commands.request import check_names, check_request, free_target
from actuarial.commands.sensitivity import add_sensitivity
from actuarial.commands.template import add_template, add_workbook_option, chosen_data
from actuarial.commands.trace import add_trace
from actuarial.commands.validate import add_validate
from actuarial.commands.verify import add_verify
from actuarial.execution.errors import ExecutionError
from actuarial.execution.temporary import temporary_folder
from actuarial.reporting.language import RELEASED

if TYPE_CHECKING:
    from actuarial.basis.instrument import Instrument
    from actuarial.feasibility.engine import PreparedRegion

ROOT: Final = Path(__file__).resolve().parent.parent
"""The repository: the package is used from its folder, with data, scenarios and notebooks beside it."""
_ANNOUNCEMENTS: Final = "@jupyterlab/apputils-extension:announcements"
"""Asks at every first start whether to fetch news from the network."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _answer(given)
        sys.stdout.flush()
        return code
    except (InputError, ExecutionError, NumericalFailure) as error:
        _say(f"actuarial: {error}")
        return error.exit_code
    except (OSError, MemoryError) as error:
        return _machine_failed(error)
    except KeyboardInterrupt:
        _say("stopped")
        return 130


def _answer(given: list[str]) -> int:
    if given and given[0] in _PASSING:
        return _PASSING[given[0]](given[1:])
    check_words(given)
    options = parsed(_parser(), given, lambda options: getattr(options, "asked", _names)(options))
    verb: Callable[[argparse.Namespace], int] = options.run
    return verb(options)


def _names(options: argparse.Namespace) -> None:
    check_request(ROOT, options, projected=False)


def _machine_failed(error: OSError | MemoryError) -> int:
    """Say what the machine did and what to do about it."""
    from actuarial.execution.machine import explained, standard_output_works

    if sys.flags.dev_mode:
        traceback.print_exception(error)
    if standard_output_works():
        _say(f"actuarial: {explained(error)}")
    elif not isinstance(error, BrokenPipeError):  # `| head` has read enough; that needs no words
        _say(f"actuarial: the answer cannot be written to standard output ({error.strerror if isinstance(error, OSError) else error})")
    return ExecutionError.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="actuarial",
        description="What does a regional social security coordination instrument cost?",
        allow_abbrev=False,
    )
    verbs: argparse._SubParsersAction[argparse.ArgumentParser] = parser.add_subparsers(required=True, metavar="VERB", parser_class=Parser)
    what = "compute the study and write PDF, HTML, Word and Excel reports"
    reports = verbs.add_parser("reports", help=what, description=what, allow_abbrev=False)
    add = reports.add_argument
    only = "write only this country's report (repeatable); the study itself always covers the region"
    add("--country", action="append", default=[], metavar="ISO3", help=only)
    add("--scenario", default="base", help="name in scenarios/ or path of a .yaml file (default: base)")
    where = "name in scenarios/instruments/ or path (default: eac-directive)"
    add("--instrument", default="eac-directive", help=where)
    add("--language", default="en", metavar="CODE", help=f"language of reports and workbooks: {', '.join(RELEASED)} (default: en)")
    add("--out", type=Path, help="folder of the run (default: reports/<scenario>-<instrument>, for other languages than en with -CODE)")
    add("--jobs", type=whole(1, MOST_PROCESSES), default=2, help="reports written at the same time (default: 2)")
    add("--sensitivity", type=Path, metavar="FOLDER", help="add a chapter from the folder that `actuarial sensitivity --out` wrote")
    add("--ensemble", type=Path, metavar="FOLDER", help="add a chapter with fan charts from the folder that `actuarial ensemble --out` wrote")
    add_since_option(reports)
    again = "compute the study even if one of the same inputs and code is kept in the cache folder, and keep none"
    add("--no-cache", action="store_true", help=again)
    add_workbook_option(reports)
    reports.set_defaults(run=_reports, asked=partial(_check_reports, projected=False))
    add_template(verbs)
    what = "what each scheme owes one person, with and without the instrument, step by step"
    case = verbs.add_parser("entitlement", help=what, description=what, allow_abbrev=False)
    case.add_argument("case", metavar="CASE.yaml", help="a case file, or the name of one in scenarios/cases/")
    case.add_argument("--json", action="store_true", help="write the answer as JSON")
    case.set_defaults(run=_entitlement)
    _add_microsimulate(verbs)
    _add_price(verbs)
    add_compare(verbs)
    add_sensitivity(verbs)
    add_ensemble(verbs)
    add_trace(verbs)
    add_validate(verbs)
    add_diff(verbs)
    verbs.add_parser("test", help="run the tests; all options go to pytest")
    add_mutate(verbs)
    verbs.add_parser("lab", help="open JupyterLab on the start page; all options go to JupyterLab")
    bench = verbs.add_parser("bench", help="run the scripts in benchmarks/")
    bench.add_argument("names", nargs="*", metavar="NAME", help="only these scripts of benchmarks/ (default: all tasks, in one process)")
    bench.set_defaults(run=_bench)
    add_verify(verbs)
    add_fuzz(verbs)
    add_reproduce(verbs)
    add_interrupt(verbs)
    check = verbs.add_parser("check", help="lint, types, notebooks without outputs")
    check.set_defaults(run=_check)
    add_advisories(verbs)
    return parser


def _add_microsimulate(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    what = "live simulated persons one by one, hold the lattice against them, and say who gains"
    more = (
        "Careers of the chosen corridors are simulated from 1990 to 2100 with the lattice's rates and nothing that it has computed; the same numbers "
        "must follow. Exit code 0: they agree within what chance makes; 1: they do not."
    )
    verb = verbs.add_parser("microsimulate", help=what, description=f"{what[0].upper()}{what[1:]}. {more}", allow_abbrev=False)
    add = verb.add_argument
    which = "corridor to simulate (repeatable), or 'all' (default: the largest corridor of each pair of kinds of scheme)"
    add("--corridor", action="append", default=[], metavar="ORIGIN-HOST", help=which)
    share = "persons simulated, shared out evenly over corridors and sexes (default: 1e6)"
    add("--persons", type=whole(1), default=1_000_000, metavar="N", help=share)
    add("--seed", type=whole(0), default=2026, metavar="N", help="same seed, same persons (default: 2026)")
    add("--scenario", default="base", help="name in scenarios/ or path of a .yaml file (default: base)")
    add("--instrument", default="eac-directive", help="name in scenarios/instruments/ or path (default: eac-directive)")
    add("--full", action="store_true", help="print every aggregate, not only the main ones")
    add("--json", action="store_true", help="write the answer as JSON")
    add("--csv", type=folder, metavar="FOLDER", help="also write the tables as CSV files into this folder")
    third = "instead of comparing: what careers in three or more states of people of this origin come to (repeatable); --persons are per sex"
    add("--third-states", action="append", default=[], metavar="ORIGIN", help=third)
    add("--third-factor", type=number(0.0, 1000.0), default=1.0, metavar="F", help="factor on the chance of moving to a third state (default: 1)")
    verb.set_defaults(run=_microsimulate)


def _add_price(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    what = "price every legal step of an instrument, compare its variants, and say where its cost turns"
    more = "Everything is with minus without the instrument, for the same people; amounts are present values over 75 years in US dollars."
    verb = verbs.add_parser("price", help=what, description=f"{what[0].upper()}{what[1:]}. {more}", allow_abbrev=False)
    add = verb.add_argument
    add("--scenario", default="base", help="name in scenarios/ or path of a .yaml file (default: base)")
    add("--instrument", default="eac-directive", help="name in scenarios/instruments/ or path (default: eac-directive)")
    add("--country", action="append", default=[], metavar="ISO3", help="print only this country's scheme (repeatable; default: all, and the region)")
    add("--compare", action="store_true", help="also variants of the instrument, and webs of bilateral treaties in its place")
    add("--break-even", action="store_true", help="also the mobility, take-up and contribution rate at which the cost turns")
    add("--coverage", action="store_true", help="also the cover of movers at which it turns (projects them again: some minutes)")
    add("--csv", type=folder, metavar="FOLDER", help="also write the tables, of all countries, as CSV files into this folder")
    add_workbook_option(verb)
    verb.set_defaults(run=_price)


def _check_reports(options: argparse.Namespace, projected: bool = True) -> None:
    """Refuse what is wrong with the options of ``reports``; whether the folders belong to this study is known later. Raises :class:`InputError`."""
    from actuarial.reporting.run_folder import check_written

    places = {"--sensitivity": options.sensitivity, "--ensemble": options.ensemble, "--previous": options.previous}
    folders = [partial(check_written, place, option) for option, place in places.items() if place is not None]
    check_request(ROOT, options, *free_target(options.out), *folders, partial(check_order, options), projected=projected)


def _reports(options: argparse.Namespace) -> int:
    _check_reports(options)
    from actuarial.reporting.papermill_run import NotebookFailure
    from actuarial.reporting.produce import Request, produce

    request = Request(
        root=ROOT,
        countries=tuple(options.country),
        scenario=options.scenario,
        instrument=options.instrument,
        out=options.out,
        at_once=options.jobs,
        sensitivity=options.sensitivity,
        ensemble=options.ensemble,
        cached=not options.no_cache,
        language=options.language,
        since=since(options),
    )
    try:
        with chosen_data(options) as given, ProgressBar() as bar:
            folder = produce(replace(request, data=given.data, workbooks=given.record, workbook_files=tuple(options.workbook)), bar.update)
    except NotebookFailure as failure:
        _say(f"actuarial: {failure}\nNo run was written; an earlier run in that place is unchanged.")
        return 1
    sys.stdout.write(f"{shown(folder)}\n")
    return 0


def _entitlement(options: argparse.Namespace) -> int:
    from actuarial.basis.case import case_file, is_legislation

    path = case_file(options.case, ROOT / "scenarios")
    if is_legislation(path):
        from actuarial.feasibility.case_legislation import applicable_legislation
        from actuarial.reporting.legislation_view import legislation_json, legislation_text

        law = applicable_legislation(path, ROOT)
        sys.stdout.write(legislation_json(law) + "\n" if options.json else legislation_text(law))
        return int(bool(law.disagreements))
    from actuarial.feasibility.entitlement import entitlement
    from actuarial.reporting.entitlement_view import as_json, as_text

    answer = entitlement(path, ROOT)
    sys.stdout.write(as_json(answer) + "\n" if options.json else as_text(answer))
    return int(bool(answer.disagreements))


def _microsimulate(options: argparse.Namespace) -> int:
    import time

    check_request(ROOT, options)
    from actuarial.basis.instrument import load_instrument
    from actuarial.basis.scenario import load_scenario
    from actuarial.commands.run_key import write_record
    from actuarial.feasibility.engine import prepare_region
    from actuarial.feasibility.inputs import load_basis
    from actuarial.feasibility.microsimulation_check import check
    from actuarial.feasibility.microsimulation_region import chosen_corridors
    from actuarial.reporting.microsimulation_view import as_json, as_text, write_csv

    scenarios = ROOT / "scenarios"
    scenario = load_scenario(options.scenario, scenarios)
    basis = load_basis(ROOT / "data", scenario)
    instrument = load_instrument(options.instrument, scenarios, basis.countries)
    with csv_folder(options) as folder, ProgressBar() as bar:
        region = prepare_region(basis, scenario, bar.update)
        if options.third_states:
            return _third_states(options, region, instrument, bar.update)
        corridors = chosen_corridors(region, options.corridor)
        if options.persons < 2 * len(corridors):
            raise InputError(f"--persons {options.persons}: fewer than the {2 * len(corridors)} corridors and sexes")
        begun = time.perf_counter()
        answer = check(region, instrument, options.persons, options.seed, corridors, lambda step, share: bar.update(step, 0.1 + 0.9 * share))
        seconds = time.perf_counter() - begun
        if folder is not None:
            write_csv(answer, folder)
            asked = {"persons": options.persons, "seed": options.seed, "corridors": list(options.corridor)}
            write_record(folder, "microsimulation", scenario, instrument, asked)
    sys.stdout.write(as_json(answer, seconds) + "\n" if options.json else as_text(answer, every=options.full, seconds=seconds))
    return int(not answer.verdict.agrees)


def _third_states(options: argparse.Namespace, region: PreparedRegion, instrument: Instrument, tell: Callable[[str, float], None]) -> int:
    import time

    from actuarial.basis.dimensions import SEXES
    from actuarial.feasibility.microsimulation_third import ThirdStates, third_states
    from actuarial.reporting.microsimulation_view import third_json, third_text

    begun = time.perf_counter()
    found: list[ThirdStates] = []
    for origin in options.third_states:
        for sex, word in enumerate(SEXES):
            tell(f"{origin} {word}", 0.2 + 0.8 * len(found) / (2 * len(options.third_states)))
            found.append(third_states(region, instrument, origin, sex, options.persons, options.seed, factor=options.third_factor))
    seconds = time.perf_counter() - begun
    show = third_json(found, options.third_factor, seconds) + "\n" if options.json else third_text(found, options.third_factor, seconds)
    sys.stdout.write(show)
    return 0


def _price(options: argparse.Namespace) -> int:
    import time

    from actuarial.commands.request import check_request

    check_request(ROOT, options)
    from actuarial.basis.instrument import load_instrument
    from actuarial.basis.scenario import load_scenario
    from actuarial.commands.run_key import write_record
    from actuarial.feasibility.engine import prepare_region
    from actuarial.feasibility.inputs import load_basis
    from actuarial.feasibility.pricing import price
    from actuarial.reporting.price_view import as_text, write_csv

    begun = time.perf_counter()
    scenarios = ROOT / "scenarios"
    scenario = load_scenario(options.scenario, scenarios)
    with chosen_data(options) as given, csv_folder(options) as folder, ProgressBar() as bar:
        basis = load_basis(given.data, scenario)
        instrument = load_instrument(options.instrument, scenarios, basis.countries)
        region = prepare_region(basis, scenario, bar.update)
        answer = price(
            region, instrument, compared=options.compare, broken_even=options.break_even, covered=options.coverage, progress=bar.update
        )
        if folder is not None:
            write_csv(answer, folder)
            asked = {"compare": options.compare, "break_even": options.break_even, "coverage": options.coverage}
            write_record(folder, "price", scenario, instrument, {**asked, **given.recorded}, given.data)
    sys.stdout.write(as_text(answer, options.country, time.perf_counter() - begun))
    return 0


def _test(rest: list[str]) -> int:
    """Run pytest, the files of tests spread over the processors unless the caller says how."""
    spread = [] if any(o.startswith(("-n", "--numprocesses", "--pdb")) for o in rest) else ["-n", "auto", "--dist", "loadfile"]
    return _run([sys.executable, "-m", "pytest", *spread, *rest])


def _lab(rest: list[str]) -> int:
    with temporary_folder("lab") as folder:
        settings = folder / "labconfig" / "page_config.json"
        settings.parent.mkdir()
        settings.write_text(json.dumps({"disabledExtensions": {_ANNOUNCEMENTS: True}}), encoding="utf-8")
        places = {"JUPYTER_CONFIG_PATH": str(folder), "PYTHONPATH": str(ROOT)}
        joined = {n: os.pathsep.join(filter(None, [p, os.environ.get(n)])) for n, p in places.items()}
        own = any(option.startswith("--notebook-dir") for option in rest)  # JupyterLab takes one only
        start = [*([] if own else ["--notebook-dir", str(ROOT)]), "--LabApp.default_url=/lab/tree/notebooks/start.ipynb"]
        return _run([sys.executable, "-m", "jupyterlab", *start, *rest], joined)


_PASSING: Final[dict[str, Callable[[list[str]], int]]] = {"test": _test, "lab": _lab, "mutate": mutate, "coverage": coverage}
"""Verbs whose options belong to another program, which gets them untouched."""


def _bench(options: argparse.Namespace) -> int:
    folder = ROOT / "benchmarks"
    # Beside the scripts lie what they share and the tasks as models of other packages.
    scripts = {path.stem: path for path in sorted(folder.glob("*.py")) if path.stem != "timing" and not path.stem.startswith(("_", "peers_"))}
    if not scripts:
        raise InputError("there is no benchmark: benchmarks/ holds no script yet")
    check_names("benchmark", options.names, sorted(scripts))
    names = options.names or (["runner"] if "runner" in scripts else scripts)
    return max(_run([sys.executable, str(scripts[name])]) for name in names)


def _check(options: argparse.Namespace) -> int:
    from actuarial.reporting.papermill_run import notebooks_with_outputs

    results = {
        "ruff": _run([sys.executable, "-m", "ruff", "check", "."]),
        "mypy": _run([sys.executable, "-m", "mypy"]),
    }
    full = notebooks_with_outputs(ROOT / "notebooks")
    for line in full:
        _say(f"notebooks/{line} holds outputs; clear them (Edit, Clear Outputs of All Cells) and save")
    results["notebooks without outputs"] = int(bool(full))
    for name, code in results.items():
        _say(f"{'FAILED' if code else 'ok    '} {name}")
    return int(any(results.values()))


def _run(command: list[str], environment: dict[str, str] | None = None) -> int:
    """Run a command in the repository; its output goes where ours does."""
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **(environment or {})}, check=False).returncode


def _say(line: str) -> None:
    with suppress(OSError):  # nobody is left to tell
        sys.stderr.write(f"{line}\n")
        sys.stderr.flush()
