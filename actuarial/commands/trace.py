"""The verb ``trace``: where a figure comes from, and which results an input can move."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from actuarial.basis.errors import Gathered, InputError
from actuarial.commands.arguments import one_of, whole

if TYPE_CHECKING:
    from actuarial.audit.trace_source import TracedRun
    from actuarial.audit.trace_walk import Walk
    from actuarial.commands.progress_bar import ProgressBar

ROOT = Path(__file__).resolve().parents[2]
CASES = ("with", "without", "difference")


def add_trace(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb to the command line."""
    what = "trace a figure to its formula and inputs, or an input to the results that it can move"
    more = (
        "`trace KEN payg_cost_rate 2050` prints what the figure is made from, with the run's own figures, down to inputs with source, year, "
        "confidence and place. `trace --input KEN:contributions.employee` prints which results can move with it; `--measure` projects the region "
        "again with the input moved a little, and says which did (exit code 1 if one moved that cannot by the declared graph)."
    )
    verb = verbs.add_parser("trace", help=what, description=f"{what[0].upper()}{what[1:]}. {more}", allow_abbrev=False)
    add = verb.add_argument
    add("country", nargs="?", metavar="ISO3", help="country of the figure, or 'region'")
    add("figure", nargs="?", metavar="FIGURE", help="name of the figure, such as payg_cost_rate or corridors.pv_net_cost (--list shows all)")
    add("year", nargs="?", type=int, metavar="YEAR", help="year, where the figure has one")
    add("--case", type=one_of(CASES), metavar="CASE", help=f"case of the figure: {', '.join(CASES)} (default: with)")
    add("--at", action="append", default=[], metavar="KEY=VALUE", help="row of the figure, as origin=UGA (repeatable); keys left out are added up")
    newest = "a finished run (default: the newest in reports/; without one the study of the base scenario)"
    add("--run", dest="traced", type=Path, metavar="FOLDER", help=newest)
    add("--depth", type=whole(-1), default=3, metavar="N", help="levels below the figure (default: 3; -1: all)")
    add("--json", action="store_true", help="write the answer as JSON")
    add("--list", action="store_true", help="list all figures")
    add("--input", metavar="INPUT", help="instead: an input, as ISO3:NAME of the register of inputs or FILE[:COLUMN[:KEY=VALUE,...]] below data/")
    add("--measure", action="store_true", help="with --input: move it and project the region again (minutes)")
    add("--by", type=float, default=0.01, metavar="SHARE", help="with --measure: how far it moves (default: 0.01, one per cent)")
    add("--steps", action="store_true", help="with --measure: price the legal steps too (twice as long)")
    verb.set_defaults(run=_trace, asked=_check)


def _trace(options: argparse.Namespace) -> int:
    _check(options)
    from actuarial.audit.trace_figures import Figures
    from actuarial.audit.trace_quantities import load_graph
    from actuarial.audit.trace_reach import Reach
    from actuarial.audit.trace_source import traced_run
    from actuarial.audit.trace_text import list_text, readable
    from actuarial.audit.trace_walk import Walk
    from actuarial.commands.progress_bar import ProgressBar

    graph = load_graph()
    if options.list:
        sys.stdout.write(list_text(graph))
        return 0
    with ProgressBar() as bar, traced_run(ROOT, options.traced, bar.update) as run:
        economy = None
        with suppress(InputError):
            economy = run.economy()
        walk = Walk(Figures(run.study, graph, economy), Reach.of(graph, run.study), run.root, readable)
        if options.input is None:
            return _figure(walk, run, options)
        return _measured(walk, run, options, bar) if options.measure else _input(walk, run, options)


def _check(options: argparse.Namespace) -> None:
    """Refuse options that do not go together. Raises :class:`InputError`."""
    given = {"--list": options.list, "--input": options.input is not None, "a figure": options.country is not None}
    asked = [name for name, there in given.items() if there]
    gathered = Gathered()
    if len(asked) != 1:
        gathered.refuse(f"name one of: a figure (ISO3 FIGURE [YEAR]), --input, --list; found {' and '.join(asked) or 'none'}")
    if options.country is not None and options.figure is None:
        gathered.refuse("name a figure after the country; `actuarial trace --list` lists them")
    if options.measure and options.input is None:
        gathered.refuse("--measure needs --input")
    if options.by == 0.0 or not abs(options.by) < 1.0:
        gathered.refuse(f"--by {options.by:g}: allowed is a share between -1 and 1, not 0")
    gathered.read(_keys, options.at)
    gathered.check()


def _keys(given: list[str]) -> dict[str, str]:
    keys = {}
    for text in given:
        key, sign, value = text.partition("=")
        if not sign:
            raise InputError(f"--at {text}: write KEY=VALUE, such as origin=UGA")
        keys[key] = value
    return keys


def _figure(walk: Walk, run: TracedRun, options: argparse.Namespace) -> int:
    from actuarial.audit.trace_figures import REGION
    from actuarial.audit.trace_select import chosen_figure
    from actuarial.audit.trace_text import line_json, node_json, tree_text

    quantity, place = chosen_figure(walk.figures, options.country, options.figure, options.year, options.case, _keys(options.at))
    tree = walk.tree(quantity, place, options.depth)
    graph = walk.figures.graph
    below = walk.reach.below(quantity.name, place.country, place.case)
    found = {(line.name, line.at.file, line.at.line): line for name, c in sorted(below) if c != REGION for line in walk.lines(graph.inputs[name], c)}
    files = sorted({f for name, _ in below for f in walk.files(graph.inputs[name])})
    if options.json:
        answer = {"run": run.said, "figure": node_json(tree), "inputs": [line_json(line) for line in found.values()], "tables": files}
        sys.stdout.write(json.dumps(answer, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        sys.stdout.write(tree_text(tree, run.said, list(found.values()), files))
    return 0


def _input(walk: Walk, run: TracedRun, options: argparse.Namespace) -> int:
    from actuarial.audit.trace_back import back_json, back_text, movable
    from actuarial.audit.trace_inputs import chosen_input

    chosen = chosen_input(walk, options.input)
    results = movable(walk.reach, chosen)
    if options.json:
        answer = {"run": run.said, **back_json(walk.reach, chosen, results)}
        sys.stdout.write(json.dumps(answer, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        sys.stdout.write(back_text(walk.reach, chosen, results, run.said))
    return 0


def _measured(walk: Walk, run: TracedRun, options: argparse.Namespace, bar: ProgressBar) -> int:
    from actuarial.audit.trace_inputs import chosen_input
    from actuarial.audit.trace_measure import measure
    from actuarial.audit.trace_measured_text import measured_json, measured_text
    from actuarial.audit.trace_project import projected

    chosen = chosen_input(walk, options.input)
    pair = projected(run, chosen, options.by, steps=options.steps, progress=bar.update)
    found = measure(walk.figures.graph, pair.base, pair.moved, chosen.leaves)
    if options.json:
        sys.stdout.write(json.dumps(measured_json(found, pair, chosen, run.said), indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        sys.stdout.write(measured_text(found, pair, chosen, run.said))
    return int(bool(found.unexpected))
