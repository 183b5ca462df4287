"""``actuarial mutate``: how many small changes of the code the tests notice.

    actuarial mutate [--package provisions|finance|provisions.periods ...] [--sample N] [--seed S] [--jobs N] [--least PERCENT]

1. Mutants are those of mutmut's operators (:mod:`tests.mutation.mutants`), run in one warm process (:mod:`tests.mutation.killing`).
2. The score is killed / (mutants - those named equivalent in ``equivalent.yaml``); a hang counts as killed. Of a sample the 95 % interval
   is Wilson's. A sample is drawn from each package in proportion, by its seed.
3. Exit codes: 0 the score of each package reaches ``--least`` (of a sample: the estimate); 1 it does not; 2 something asked for is not there.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("provisions", "finance")
TESTS = (
    "tests/provisions",
    "tests/finance",
    "tests/feasibility/test_entitlement.py",
    "tests/feasibility/test_case_events.py",
    "tests/feasibility/test_case_legislation.py",
)
"""The tests that speak of the two packages; those of the projection above would notice more, at many times the price."""


def main(arguments: list[str] | None = None) -> int:
    """Make mutants, live each, report."""
    parser = argparse.ArgumentParser(prog="actuarial mutate", description="how many small changes of the code the tests notice")
    add = parser.add_argument
    which = f"package or module below actuarial (repeatable; default: {', '.join(PACKAGES)})"
    add("--package", action="append", default=[], metavar="NAME", help=which)
    add("--sample", type=int, metavar="N", help="only N mutants drawn at random (default: all)")
    add("--seed", type=int, default=1, help="of the sample (default: 1)")
    add("--jobs", type=int, default=1, help="mutants alive at the same time (default: 1)")
    add("--budget", type=float, default=5.0, metavar="SECONDS", help="processor time of tests for one mutant (default: 5)")
    add("--minutes", type=float, default=math.inf, help="begin no mutant after so many minutes; those before, in random order, are a sample")
    add("--least", type=float, default=85.0, metavar="PERCENT", help="score below which the exit code is 1 (default: 85)")
    add("--json", type=Path, metavar="FILE", help="also write every verdict into this file")
    options = parser.parse_args(arguments)
    if not hasattr(os, "fork"):
        sys.stderr.write("actuarial mutate: needs a system with fork (Linux, macOS, Windows Subsystem for Linux)\n")
        return 2
    try:
        from tests.mutation.mutants import mutants_of
    except ModuleNotFoundError as missing:
        sys.stderr.write(f"actuarial mutate: {missing.name} is not installed; it belongs to the packages for developers (group dev)\n")
        return 2
    import pytest

    from tests.mutation.report import equivalents, summary
    from tests.mutation.session import PROFILE, Session

    modules = {name: path for asked in options.package or PACKAGES for name, path in _modules(asked)}
    unknown = [asked for asked in options.package if not any(True for _ in _modules(asked))]
    if unknown:
        sys.stderr.write(f"actuarial mutate: no package or module actuarial.{unknown[0]}\n")
        return 2
    every = [mutant for name, path in modules.items() for mutant in mutants_of(path, name)]
    equivalent = equivalents()
    counted = [mutant for mutant in every if not equivalent(mutant.name)]
    chosen = _sample(counted, len(counted) if options.sample is None else options.sample, options.seed)

    def tell(done: int) -> None:
        if done % 25 == 0 or done == len(chosen):
            sys.stderr.write(f"{done} of {len(chosen)}\n")

    session = Session(chosen, options.budget, options.jobs, options.minutes, tell)
    for name in modules:
        __import__(name)
    quiet = ["-o", "addopts=", "-p", "no:terminal", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    here = ["-n0", f"--hypothesis-profile={PROFILE}", "--rootdir", str(ROOT)]
    code = pytest.main([*quiet, *here, *(str(ROOT / test) for test in TESTS)], plugins=[session])
    if session.failed or code not in (0, 5):
        sys.stderr.write(f"actuarial mutate: tests fail without any mutant ({code}): {', '.join(session.failed)}\n")
        return 1
    if options.json is not None:
        rows = [{"name": f.mutant.name, "line": f.mutant.line, "verdict": f.verdict, "test": f.test} for f in session.results]
        options.json.write_text(json.dumps(rows, indent=0, ensure_ascii=False), encoding="utf-8")
    text, scores = summary(session.results, len(every), len(every) - len(counted))
    sys.stdout.write(text)
    return int(any(score < options.least / 100.0 for score in scores.values()))


def _modules(asked: str) -> list[tuple[str, Path]]:
    base = ROOT / "actuarial" / Path(*asked.split("."))
    paths = sorted(base.rglob("*.py")) if base.is_dir() else [base.with_suffix(".py")]
    return [(".".join(path.relative_to(ROOT).with_suffix("").parts), path) for path in paths if path.exists() and path.name != "__init__.py"]


def _sample(mutants: list, size: int, seed: int) -> list:  # type: ignore[type-arg]
    by_package = defaultdict(list)
    for mutant in mutants:
        by_package[mutant.module.split(".")[1]].append(mutant)
    chosen = []
    for name, own in sorted(by_package.items()):
        share = min(len(own), round(size * len(own) / len(mutants)))
        chosen += random.Random(f"{seed} {name}").sample(own, share)
    random.Random(seed).shuffle(chosen)
    return chosen


if __name__ == "__main__":
    sys.exit(main())
