"""The verb ``ensemble``: thousands of paths of flows, mortality, economy and membership, with and without the instrument."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from actuarial.basis.errors import Gathered, shown
from actuarial.commands.arguments import whole

if TYPE_CHECKING:
    import pandas as pd

    from actuarial.basis.instrument import Instrument
    from actuarial.basis.scenario import Scenario
    from actuarial.feasibility.ensemble import EnsembleRun
    from actuarial.input_workbook.given import Given

ROOT = Path(__file__).resolve().parents[2]
MOST_PATHS = 1_000_000
"""More would need hundreds of gigabytes; quantiles are known to a thousandth of their spread long before."""


def add_ensemble(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    from actuarial.commands.execution_options import add_execution_options
    from actuarial.commands.template import add_workbook_option

    what = "say how sure the results are: quantiles over many random paths around the base"
    more = (
        "Flows, past movers, mortality, prices, wages, returns, cover, collection and take-up are drawn around the scenario by the processes in "
        "data/uncertainty; both cases share each path. First the responses to flows are computed (minutes), then the paths (seconds)."
    )
    verb = verbs.add_parser("ensemble", help=what, description=f"{what[0].upper()}{what[1:]}. {more}", allow_abbrev=False)
    add = verb.add_argument
    add("--paths", type=whole(100, MOST_PATHS), default=1000, metavar="N", help="number of paths (default: 1000; 5000 for publication)")
    add("--seed", type=whole(0), default=2026, metavar="S", help="same seed, same paths; path k is the same in any number of paths (default: 2026)")
    add("--only", action="append", default=[], metavar="PROCESS", help="draw only this process (repeatable; default: all but shocks)")
    add("--shocks", action="store_true", help="lay displacement and closure of borders over the flows")
    add("--fixed-parameters", action="store_true", help="draw only innovations, not the parameters of the processes")
    add("--check", type=whole(0, MOST_PATHS), default=0, metavar="N", help="also project the first N paths anew in full and compare")
    add("--country", action="append", default=[], metavar="ISO3", help="print only this country's scheme (repeatable)")
    add("--scenario", default="base", help="name in scenarios/ or path of a .yaml file (default: base)")
    add("--instrument", default="eac-directive", help="name in scenarios/instruments/ or path (default: eac-directive)")
    add("--out", type=Path, metavar="FOLDER", help="also write all tables as Parquet into this folder")
    add_workbook_option(verb)
    add_execution_options(verb, workers=2)
    verb.set_defaults(run=_ensemble)


def _ensemble(options: argparse.Namespace) -> int:
    from actuarial.commands.request import check_request, free_target
    from actuarial.commands.template import chosen_data

    check_request(ROOT, options, *free_target(options.out))
    _run(options)  # checked before workbooks are read; it loads too much to be asked for with the names
    with chosen_data(options) as given:
        return _on(given, options)


def _on(given: Given, options: argparse.Namespace) -> int:
    """Compute and print on the data that the options name."""
    from actuarial.basis.instrument import load_instrument
    from actuarial.basis.region import load_region
    from actuarial.basis.scenario import load_scenario
    from actuarial.basis.uncertainty import load_uncertainty
    from actuarial.commands.execution_options import checkpoint_of, executor_of
    from actuarial.commands.run_key import depends_on
    from actuarial.execution.progress import Progress
    from actuarial.feasibility.engine import prepare_region
    from actuarial.feasibility.ensemble import base_results, run_ensemble
    from actuarial.feasibility.ensemble_model import ensemble_model
    from actuarial.feasibility.ensemble_tables import ensemble_tables
    from actuarial.feasibility.inputs import load_basis
    from actuarial.feasibility.study import supported
    from actuarial.reporting.ensemble_text import as_text
    from actuarial.reporting.run_folder import run_folder

    run = _run(options)
    region = load_region(given.data)
    region.select(options.country)
    scenario = load_scenario(options.scenario, ROOT / "scenarios", region.members)
    instrument = load_instrument(options.instrument, ROOT / "scenarios", region.members)
    supported(instrument)
    basis = load_basis(given.data, scenario)
    parameters = load_uncertainty(given.data, basis.countries)
    key = depends_on(scenario, instrument, given.data)
    kept = checkpoint_of(options, key | {"run": repr(run)}, ROOT / "reports" / ".unfinished" / "ensemble")
    stages = [None if kept is None else replace(kept, folder=kept.folder / stage) for stage in ("responses", "paths")]
    begun = time.perf_counter()
    with run_folder(options.out) if options.out is not None else nullcontext() as folder:
        prepared = prepare_region(basis, scenario)
        with executor_of(options) as executor:
            model = ensemble_model(prepared, instrument, parameters, executor, stages[0], Progress("responses to flows"))
            ready = time.perf_counter()
            result = run_ensemble(model, run, executor, stages[1], Progress("paths"))
        done = time.perf_counter()
        tables = ensemble_tables(tuple(s.basis.country for s in model.schemes), result, base_results(model))
        if options.check:
            tables["check"] = _check(model, basis, scenario, instrument, run, options.check)
        if folder is not None:
            _write(tables, run, scenario, instrument, given, folder)
    if options.out is not None:
        sys.stderr.write(f"{shown(options.out)}\n")
    for stage in stages:
        if stage is not None:
            stage.discard()
    title = (
        f"Ensemble of {instrument.id}, scenario {scenario.name}: {run.paths} paths, seed {run.seed} "
        f"(responses {ready - begun:.0f} s, paths {done - ready:.0f} s)"
    )
    sys.stdout.write(as_text(tables, dict(zip(region.members, region.names, strict=True)), options.country, title))
    return 0


def _run(options: argparse.Namespace) -> EnsembleRun:
    from actuarial.commands.request import check_names
    from actuarial.feasibility.ensemble import EnsembleRun
    from actuarial.feasibility.processes import PROCESSES

    gathered = Gathered()
    gathered.read(check_names, "process", options.only, PROCESSES)
    if options.check > options.paths:
        gathered.refuse(f"--check {options.check}: there are only {options.paths} paths")
    gathered.check()
    shocks = options.shocks or "shock" in options.only
    only = tuple(dict.fromkeys([*options.only, *(["shock"] if shocks else [])])) if options.only else None
    return EnsembleRun(options.seed, options.paths, only, shocks, not options.fixed_parameters)


def _check(model: object, basis: object, scenario: Scenario, instrument: Instrument, run: EnsembleRun, count: int) -> pd.DataFrame:
    import pandas as pd

    from actuarial.feasibility.ensemble import drawn
    from actuarial.feasibility.ensemble_check import CONSTANT, comparable, compare_path, constant_path, project_constant, project_path

    paths = comparable(drawn(model, run, 0, count))  # type: ignore[arg-type]
    found = []
    for row in range(count):
        sys.stderr.write(f"projecting path {row} anew\n")
        again = project_path(basis, scenario, instrument, model, paths, row)  # type: ignore[arg-type]
        found.append(compare_path(model, paths, row, again, row))  # type: ignore[arg-type]
    for name in CONSTANT:
        sys.stderr.write(f"projecting {name} x {CONSTANT[name]} anew\n")
        again = project_constant(basis, scenario, instrument, name)  # type: ignore[arg-type]
        found.append(compare_path(model, constant_path(model, name), 0, again, name))  # type: ignore[arg-type]
    return pd.concat(found, ignore_index=True).astype({"path": str})


def _write(tables: dict[str, pd.DataFrame], run: EnsembleRun, scenario: Scenario, instrument: Instrument, given: Given, folder: Path) -> None:
    """Every table as Parquet, and what they were made from."""
    from dataclasses import asdict

    from actuarial.commands.run_key import write_record

    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    more = {"run": asdict(run), "generator": "Philox, keyed by seed, process and path", **given.recorded}
    write_record(folder, "ensemble", scenario, instrument, more, given.data)
