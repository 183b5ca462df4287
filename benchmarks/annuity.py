"""Annuities-due at 101 ages and 201 rates of interest (20,301 values), against pyliferisk's tables of commutation values.

A table by Makeham's law that ends at age 100 (no figure of any country); rates from 0.1 to 20.1 %.

``actuarial bench annuity``
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import timing

from actuarial.demography.annuity import annuity_due, annuity_due_table, makeham_survival

TITLE = "annuity-due table, 101 ages x 201 rates"
AGES = np.arange(101)
RATES = np.linspace(0.001, 0.201, 201)


def mortality() -> timing.Array:
    """Probabilities of death at the ages 0 to 100, the last of them 1."""
    q = 1.0 - makeham_survival(AGES.astype(np.float64), np.ones(101), 0.0007, 5e-5, 10.0**0.04)
    q[-1] = 1.0
    return np.minimum(q, 1.0)


def with_pyliferisk(q: timing.Array) -> timing.Array:
    """One table of commutation values per rate, one call per age."""
    from pyliferisk import Actuarial, aax

    per_mille = [1000.0 * float(value) for value in q]
    values = np.empty((RATES.size, AGES.size))
    for j, rate in enumerate(RATES):
        table = Actuarial(qx=list(per_mille), i=float(rate))
        values[j] = [aax(table, age) for age in range(AGES.size)]
    return values


def compare(rounds: int = 9) -> timing.Comparison:
    """The table at once, a rate at a time, and the peer."""
    q = mortality()
    contenders = {
        "toolkit, annuity_due_table": lambda: annuity_due_table(q, RATES),
        "toolkit, annuity_due rate by rate": lambda: np.stack([annuity_due(q, rate) for rate in RATES]),
    }
    wanted = {}
    if timing.installed("pyliferisk"):
        name = timing.version("pyliferisk")
        contenders[name], wanted[name] = lambda: with_pyliferisk(q), 400.0
    absent = () if wanted else ("pyliferisk",)
    return timing.compare(TITLE, contenders, rounds, tolerance=1e-9, wanted=wanted, absent=absent)


if __name__ == "__main__":
    timing.say(timing.table(compare()))
