"""Everything in one process: the machine, each task against its peers, the lattice, growth and the start of a process.

``actuarial bench`` runs this file. Options: ``--rounds N`` (default 3). Exit code 1 when two contenders' answers differ.
"""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import annuity
import closed_group
import ensemble
import growth
import lattice
import machine
import microsimulation
import population
import startup
import timing

TASKS: list[Callable[[int], timing.Comparison]] = [
    population.compare, annuity.compare, closed_group.compare, microsimulation.compare, ensemble.compare,
]  # fmt: skip


def main(arguments: list[str]) -> int:
    """Print all tables; 1 when answers differ."""
    parser = argparse.ArgumentParser(prog="bench", allow_abbrev=False)
    parser.add_argument("--rounds", type=int, default=3, help="turns of each contender (default: 3)")
    rounds = parser.parse_args(arguments).rounds
    timing.say(f"{timing.machine()}\n{datetime.datetime.now(datetime.UTC).date()}, {rounds} rounds\n")
    failed = 0
    timing.say(machine.table())
    for task in TASKS:
        try:
            timing.say(timing.table(task(rounds)))
        except timing.Disagreement as error:
            timing.say(f"FAILED: {error}\n")
            failed = 1
    failed |= lattice.main([])
    timing.say()
    timing.say(growth.table())
    timing.say(startup.table(rounds))
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
