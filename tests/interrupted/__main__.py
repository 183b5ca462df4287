"""``python -m tests.interrupted``: what the verb ``interrupt`` starts."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

from tests.interrupted.campaign import Campaign, Found
from tests.interrupted.jobs import DEFAULT, JOBS


def main() -> int:
    """Kill every command asked for and say what was found."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--times", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--only", action="append", choices=sorted(JOBS), default=[])
    options = parser.parse_args()
    found: dict[str, Found] = {}
    with tempfile.TemporaryDirectory(prefix="interrupted é 東 ") as folder:
        for name in options.only or DEFAULT:
            luck = random.Random(f"{options.seed} {name}")
            found[name] = Campaign(JOBS[name], Path(folder) / name, luck, say).run(options.times)
    for name, each in found.items():
        stages = ", ".join(f"{stage} {count}" for stage, count in sorted(each.kills.items()))
        say(f"{name}: {sum(each.kills.values())} kills ({stages}), {each.reruns} reruns compared, {len(each.problems)} problems")
    return int(any(each.problems for each in found.values()))


def say(line: str) -> None:
    """One line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
