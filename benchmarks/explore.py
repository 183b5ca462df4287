"""The lab: how long a move of a slider takes, and how far its answers are from projecting the region anew.

``actuarial bench explore`` measures moves of the panel of the base scenario, without a browser: recombining, drawing, and everything a move does. The
model is taken from the cache, or prepared first. ``python benchmarks/explore.py --accuracy`` projects the region once for each of :data:`MOVED`
(about half a minute each) and prints the largest differences over the schemes, of pension schemes and of accounts apart.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import timing

from actuarial.feasibility.cashflow import case_flows
from actuarial.feasibility.engine import evaluate, prepare_region
from actuarial.feasibility.inputs import load_basis
from actuarial.finance.indicators import discount_factors
from actuarial.lab.api import ROOT
from actuarial.lab.panel import Panel
from actuarial.lab.pictures import Board
from actuarial.lab.saving import scenario_of
from actuarial.lab.setting import Setting

MOVED: dict[str, dict[str, float]] = {
    "take-up x 0.5": {"take_up": 0.5},
    "who will move x 0.5": {"flows": 0.5},
    "who will move x 1.5": {"flows": 1.5},
    "who have moved x 1.5": {"stock": 1.5},
    "real wages + 0.5 points": {"real_wage": 0.005},
    "real wages + 1 point": {"real_wage": 0.01},
    "real return - 1 point": {"real_return": -0.01},
}


def seconds(work: Callable[[], Any]) -> float:
    """Wall clock of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def moves(panel: Panel, count: int = 12) -> list[tuple[str, float, float]]:
    """Name, median and longest time of what a move is made of."""
    factors = np.linspace(0.4, 1.1, count).round(2).tolist()
    country = panel.country.value
    board = Board(panel.explorer.at(), country)
    answers = [panel.explorer.at(take_up=f) for f in factors]
    recombined = [seconds(lambda a=a: a.scheme(country).steps) for a in answers]  # type: ignore[misc]
    drawn = [seconds(lambda a=a: board.png(a)) for a in answers]  # type: ignore[misc]

    def move(name: str, value: float) -> None:
        panel.levers[name].value = value

    whole = [seconds(lambda n=n, f=f: move(n, f)) for n in ("take_up", "flows") for f in factors]  # type: ignore[misc]
    steps = [seconds(lambda b=b: setattr(b, "value", not b.value)) for b in panel.steps.values()]  # type: ignore[misc]
    parts = {"recombining one scheme": recombined, "drawing": drawn, "a move of a slider, all of it": whole, "a legal step switched": steps}
    return [(name, median(times), max(times)) for name, times in parts.items()]


def accuracy(panel: Panel) -> list[tuple[str, str, float, float]]:
    """Setting, kind of scheme, and the largest relative difference of net cost (present value) and of a yearly PAYG cost rate to a projection."""
    inputs = panel._inputs()
    found = []
    for name, levers in MOVED.items():
        setting = Setting(**levers)  # type: ignore[arg-type]
        scenario = scenario_of(inputs.scenario, setting)
        prepared = prepare_region(load_basis(inputs.root / "data", scenario), scenario)
        run = evaluate(prepared, [inputs.instrument])[0]
        answer = panel.explorer.at(setting)
        worst: dict[str, list[float]] = {}
        for code, scheme in answer.schemes.items():
            c = prepared.basis.countries.index(code)
            without, with_ = case_flows(run, c)
            discount = discount_factors(prepared.countries[c].inputs.investment_return[-len(scheme.net_cost) :])
            cost = float(((with_.expenditure - without.expenditure) - (with_.contributions - without.contributions)) @ discount)
            rate = np.abs(scheme.payg[1] / (with_.expenditure / with_.insurable_earnings) - 1.0).max()
            kind = worst.setdefault(scheme.model.basis.kind, [0.0, 0.0])
            kind[:] = [max(kind[0], abs(scheme.value(scheme.net_cost) / cost - 1.0)), max(kind[1], float(rate))]
        found += [(name, kind, *values) for kind, values in worst.items()]
    return [(name, kind.replace("_", " "), cost, rate) for name, kind, cost, rate in found]


def main(arguments: Sequence[str]) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="explore", allow_abbrev=False)
    parser.add_argument("--accuracy", action="store_true", help="also project the region anew for every setting")
    options = parser.parse_args(arguments)
    timing.say(f"{timing.machine()}\n")
    panels: list[Panel] = []
    opening = seconds(lambda: panels.append(Panel(country="RWA", root=ROOT)))
    rows = [("opening the panel", opening, opening), *moves(panels[0])]
    lines = [f"| {name} | {timing.shown(middle)} | {timing.shown(longest)} |" for name, middle, longest in rows]
    timing.say("\n".join(["**the lab**", "", "| what | median ms | longest ms |", "| --- | ---: | ---: |", *lines, ""]))
    if options.accuracy:
        lines = [f"| {name} | {kind} | {cost:.2%} | {rate:.2%} |" for name, kind, cost, rate in accuracy(panels[0])]
        head = ["| setting | schemes | net cost, present value | PAYG cost rate, worst year |", "| --- | --- | ---: | ---: |"]
        timing.say("\n".join(["**largest difference to a projection anew**", "", *head, *lines, ""]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
