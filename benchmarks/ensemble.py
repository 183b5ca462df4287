"""The ensemble of 5,000 paths against 20 projections of the region, with minus without the instrument.

1. The ensemble is everything that the verb computes after the population: responses to flows, the projections behind awards and cover, and all
   paths, on two local processes. A projection is people, insured and movers under both cases on the same machine. Reading files is in neither.
2. The answers that must agree: on the base path the ensemble's cost rates are the projection's.
3. One round: each takes minutes, and a projection is timed three times within it.

``actuarial bench ensemble``
"""

from __future__ import annotations

import sys
import time
from functools import cache
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import timing

from actuarial.basis.instrument import Instrument, load_instrument
from actuarial.basis.scenario import Scenario, load_scenario
from actuarial.basis.uncertainty import load_uncertainty
from actuarial.execution.executors import open_executor
from actuarial.feasibility.cashflow import case_flows
from actuarial.feasibility.engine import RegionRun, run_region
from actuarial.feasibility.ensemble import YEARLY, EnsembleRun, base_results, run_ensemble
from actuarial.feasibility.ensemble_model import EnsembleModel, ensemble_model
from actuarial.feasibility.inputs import StudyBasis, load_basis
from actuarial.finance.indicators import payg_cost_rate

ROOT = Path(__file__).resolve().parent.parent
PATHS, PROJECTIONS, WORKERS = 5000, 20, 2


@cache
def basis() -> tuple[StudyBasis, Scenario, Instrument]:
    """The base scenario."""
    scenario = load_scenario("base", ROOT / "scenarios")
    return load_basis(ROOT / "data", scenario), scenario, load_instrument("eac-directive", ROOT / "scenarios")


def projection() -> RegionRun:
    """The region in both cases."""
    return run_region(*basis())


@cache
def model() -> tuple[EnsembleModel, float]:
    """Everything before the paths, and the seconds it took."""
    inputs, _, instrument = basis()
    run = projection()
    begun = time.perf_counter()
    with open_executor(WORKERS) as executor:
        found = ensemble_model(run, instrument, load_uncertainty(ROOT / "data", inputs.countries), executor)
    return found, time.perf_counter() - begun


def paths(number: int) -> float:
    """Seconds of so many paths."""
    begun = time.perf_counter()
    with open_executor(WORKERS) as executor:
        run_ensemble(model()[0], EnsembleRun(2026, number), executor)
    return time.perf_counter() - begun


def growth() -> list[tuple[int, float]]:
    """(paths, seconds), the start of the two processes included."""
    return [(number, paths(number)) for number in (500, 1000, 2000, 5000)]


def agreement() -> float:
    """Largest relative difference of the cost rates of the base path from those of the projection."""
    run, base = projection(), base_results(model()[0]).yearly[0]
    worst = 0.0
    for i, scheme in enumerate(model()[0].schemes):
        for case, flows in enumerate(case_flows(run, scheme.at)):
            expected = payg_cost_rate(flows.expenditure, flows.insurable_earnings)
            worst = max(worst, float(np.nanmax(np.abs(base[i, YEARLY.index(("payg_without", "payg_with")[case])] - expected)) / expected.max()))
    return worst


def compare(rounds: int = 1) -> timing.Comparison:
    """The ensemble and the projections; ``rounds`` is not used, see the module."""
    found = agreement()
    once = []
    for _ in range(3):
        begun = time.perf_counter()
        projection()
        once.append(time.perf_counter() - begun)
    drawn = paths(PATHS)
    whole, many = model()[1] + drawn, PROJECTIONS * median(once)
    name = f"{PROJECTIONS} projections of the region (one timed: {median(once):.1f} s)"
    rows = (
        timing.Row(f"ensemble of {PATHS:,} paths: responses {model()[1]:.0f} s, paths {drawn:.0f} s", whole, whole, 1.0),
        timing.Row(name, many, PROJECTIONS * min(once), many / whole),
    )
    return timing.Comparison("ensemble, 8 states, 75 years, with and without", rows, found, {name: 1.0})


if __name__ == "__main__":
    timing.say(timing.table(compare()))
