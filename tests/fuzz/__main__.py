"""``python -m tests.fuzz``: what ``actuarial fuzz`` runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.fuzz.campaign import campaign, schedule
from tests.fuzz.kinds import KINDS
from tests.fuzz.worker import Outcome


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="actuarial fuzz", allow_abbrev=False)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=[*KINDS, "all"], default="all")
    parser.add_argument("--number", type=int)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args(arguments)
    if options.number is not None:
        return _one(options)
    if options.files < 1:
        parser.error(f"--files {options.files}: at least 1 is needed")
    count = 0

    def tell(outcome: Outcome) -> None:
        nonlocal count
        count += 1
        if outcome.end == "failed":
            again = f"actuarial fuzz --seed {options.seed} --kind {outcome.kind} --number {outcome.number}"
            sys.stdout.write(f"FAILED {outcome.kind} {outcome.number} ({outcome.what})\n{outcome.text}\nagain: {again}\n\n")
        if count % 500 == 0:
            sys.stderr.write(f"{count} of {options.files} files\n")
        sys.stdout.flush()

    tally = campaign(list(schedule(options.files, options.kind)), options.seed, tell)
    sys.stdout.write(f"{tally.text()}\n")
    return int(bool(tally.failures))


def _one(options: argparse.Namespace) -> int:
    """Make one file again, read it in this process, and perhaps keep it."""
    import shutil
    import tempfile
    from random import Random

    from tests.fuzz.place import Place
    from tests.fuzz.worker import tried

    if options.kind == "all":
        raise SystemExit("--number needs --kind")
    with tempfile.TemporaryDirectory(prefix="actuarial-fuzz-") as folder:
        place = Place.made(Path(folder).resolve() / "place")
        if options.keep is not None:
            trial = KINDS[options.kind](Random(f"{options.kind}:{options.seed}:{options.number}"), place)
            if trial.file is not None and trial.file.is_file():
                options.keep.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(trial.file, options.keep / f"{options.kind}-{options.seed}-{options.number}-{trial.file.name}")
            trial.restore()
        outcome = tried(options.kind, options.seed, options.number, place)
    sys.stdout.write(f"{outcome.kind} {outcome.number} ({outcome.what}): {outcome.end}, {outcome.seconds:.2f} s\n{outcome.text}\n")
    return int(outcome.end == "failed")


if __name__ == "__main__":
    sys.exit(main())
