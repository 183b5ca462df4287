"""``actuarial coverage``: branch coverage of the packages that compute, by package.

    actuarial coverage [--least PERCENT] [pytest options and tests]

1. Counted are the branches (decisions) that the tests take, of all that the code has; lines are shown beside them.
2. Compiled functions count through the tests that run them as plain Python (``tests/plain.py``).
3. Without tests named the whole suite runs, its files spread over the processors.
4. Exit codes: 0 every package reaches ``--least``; 1 one does not, or tests fail.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("demography", "careers", "provisions", "finance", "feasibility")


def main(arguments: list[str] | None = None) -> int:
    """Run pytest under coverage, add up by package."""
    parser = argparse.ArgumentParser(prog="actuarial coverage", description="branch coverage of the packages that compute", allow_abbrev=False)
    parser.add_argument("--least", type=float, default=95.0, metavar="PERCENT", help="share of branches below which the exit code is 1 (default: 95)")
    parser.add_argument("--package", action="append", default=[], choices=PACKAGES, help="only this package (repeatable)")
    options, rest = parser.parse_known_args(arguments)
    spread = [] if any(o.startswith(("-n", "--numprocesses")) for o in rest) else ["-n", "auto", "--dist", "loadfile"]
    chosen = options.package or PACKAGES
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "coverage.json"
        sources = [f"--cov=actuarial.{name}" for name in chosen]
        command = [sys.executable, "-m", "pytest", *spread, *sources, "--cov-branch", f"--cov-report=json:{report}", *rest]
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if not report.exists():
            return 1
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    text, low = summary({name: file["summary"] for name, file in files.items()}, chosen, options.least)
    sys.stdout.write(text)
    return int(bool(code) or low)


def summary(files: dict[str, dict[str, float]], packages: tuple[str, ...] | list[str], least: float) -> tuple[str, bool]:
    """Text, and whether a package lies below ``least`` per cent; ``files``: coverage's counts by path."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    lines = []
    for path, found in sorted(files.items()):
        name = Path(path).parts[-2]
        for key in ("covered_branches", "num_branches", "covered_lines", "num_statements"):
            counts[name][key] += int(found[key])
        missed = int(found["num_branches"] - found["covered_branches"])
        if missed:
            lines.append(f"  {Path(path).as_posix()}: {missed} of {int(found['num_branches'])} branches not taken")
    low = False
    for name in packages:
        branches, taken = counts[name]["num_branches"], counts[name]["covered_branches"]
        share = 100.0 * taken / branches if branches else 100.0
        whole = 100.0 * counts[name]["covered_lines"] / max(counts[name]["num_statements"], 1)
        low = low or share < least
        lines.append(f"{name}: {share:.1f} % of {branches} branches, {whole:.1f} % of {counts[name]['num_statements']} lines")
    return "\n".join(lines) + "\n", low


if __name__ == "__main__":
    sys.exit(main())
