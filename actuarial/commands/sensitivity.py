"""The verb ``sensitivity``: what one assumption at a time does to the results."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from actuarial.basis.errors import shown

if TYPE_CHECKING:
    from actuarial.feasibility.sensitivity import SensitivityResult, Sources
    from actuarial.input_workbook.given import Given

ROOT = Path(__file__).resolve().parents[2]


def add_sensitivity(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    from actuarial.commands.execution_options import add_execution_options
    from actuarial.commands.template import add_workbook_option

    what = "change one assumption at a time and say what that does to cost, premium, cost rates and reserve"
    more = "The list is data/uncertainty/sensitivities.yaml. Every line is the whole region projected again: all of them take a while."
    verb = verbs.add_parser("sensitivity", help=what, description=f"{what[0].upper()}{what[1:]}. {more}", allow_abbrev=False)
    add = verb.add_argument
    add("--only", action="append", default=[], metavar="KEY", help="only this line of the list (repeatable; 'combined' runs its members too)")
    add("--country", action="append", default=[], metavar="ISO3", help="print only this country's scheme (repeatable; default: all, and the region)")
    add("--scenario", default="base", help="name in scenarios/ or path of a .yaml file (default: base)")
    add("--instrument", default="eac-directive", help="name in scenarios/instruments/ or path (default: eac-directive)")
    add("--out", type=Path, metavar="FOLDER", help="also write the table, of all countries, as Parquet and CSV into this folder")
    add_workbook_option(verb)
    add_execution_options(verb)
    verb.set_defaults(run=_sensitivity)


def _sensitivity(options: argparse.Namespace) -> int:
    from actuarial.basis.sensitivities import load_sensitivities
    from actuarial.commands.request import check_names, check_request, free_target
    from actuarial.commands.template import chosen_data

    known = partial(check_names, "sensitivity", options.only)
    check_request(ROOT, options, lambda: known(load_sensitivities(ROOT / "data").keys), *free_target(options.out))
    with chosen_data(options) as given:
        return _on(given, options)


def _on(given: Given, options: argparse.Namespace) -> int:
    """Compute and print on the data that the options name."""
    from actuarial.basis.instrument import load_instrument
    from actuarial.basis.region import load_region
    from actuarial.basis.scenario import load_scenario
    from actuarial.basis.sensitivities import load_sensitivities
    from actuarial.commands.execution_options import checkpoint_of, executor_of
    from actuarial.commands.run_key import depends_on
    from actuarial.execution.progress import Progress
    from actuarial.feasibility.sensitivity import Sources, chosen, run_sensitivities
    from actuarial.reporting.run_folder import run_folder
    from actuarial.reporting.sensitivity_view import as_text

    begun = time.perf_counter()
    region = load_region(given.data)
    region.select(options.country)
    keys = chosen(load_sensitivities(given.data), options.only)
    scenario = load_scenario(options.scenario, ROOT / "scenarios", region.members)
    sources = Sources(given.data, scenario, load_instrument(options.instrument, ROOT / "scenarios", region.members))
    key = depends_on(scenario, sources.instrument, given.data) | {"rows": ", ".join(keys)}
    kept = checkpoint_of(options, key, ROOT / "reports" / ".unfinished" / "sensitivity")
    with run_folder(options.out) if options.out is not None else nullcontext() as folder:
        with executor_of(options) as executor:
            result = run_sensitivities(sources, options.only, executor, kept, Progress("projections"))
        if folder is not None:
            _write(result, sources, {"rows": list(keys), **given.recorded}, folder)
    if options.out is not None:
        sys.stderr.write(f"{shown(options.out)}\n")
    if kept is not None:
        kept.discard()
    title = (
        f"Sensitivities of {sources.instrument.id}, scenario {scenario.name}: one assumption changed at a time, differences from the base "
        f"({time.perf_counter() - begun:.0f} s)"
    )
    sys.stdout.write(as_text(result, dict(zip(region.members, region.names, strict=True)), options.country, title))
    return 0


def _write(result: SensitivityResult, sources: Sources, more: Mapping[str, Any], folder: Path) -> None:
    """``sensitivity.parquet`` and ``.csv``, ``directions.csv`` of the combination, and what they were made from."""
    from actuarial.commands.run_key import write_record
    from actuarial.reporting.csv_text import neutral_texts

    result.table.to_parquet(folder / "sensitivity.parquet", index=False)
    neutral_texts(result.table).to_csv(folder / "sensitivity.csv", index=False, float_format="%.17g", lineterminator="\n", encoding="utf-8")
    if not result.directions.empty:
        neutral_texts(result.directions).to_csv(folder / "directions.csv", index=False, lineterminator="\n", encoding="utf-8")
    write_record(folder, "sensitivity", sources.scenario, sources.instrument, more, sources.data_dir)
