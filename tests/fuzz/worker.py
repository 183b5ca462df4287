"""A process that tries one file after another, with little memory and all of them measured."""

from __future__ import annotations

import os
import sys
import time
import traceback
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Final

from tests.fuzz.place import Place

MOST_SECONDS: Final = 20.0
"""Processor seconds for one file: a limit far above what the slowest honest file takes, far below a bomb."""
MOST_GROWTH: Final = 900_000_000
"""Bytes that a worker may grow by, over all its files."""
ADDRESS_SPACE: Final = 3_000_000_000
"""Bytes of address space beyond what the worker has when it begins (POSIX)."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file. ``end``: accepted, refused or failed."""

    kind: str
    number: int
    what: str
    end: str
    text: str
    seconds: float
    peak: int


def peak_memory() -> int:
    """Largest resident memory of this process so far, in bytes; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def limit_memory() -> None:
    """Have the system refuse memory beyond :data:`ADDRESS_SPACE`; only Linux counts reliably."""
    if sys.platform != "linux":
        return
    import resource

    held = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (held + ADDRESS_SPACE, resource.RLIM_INFINITY))


def warm(place: Place, kinds: Iterable[str]) -> None:
    """Import what reading needs, and try every kind undamaged: it must be accepted."""
    from tests.fuzz.kinds import KINDS, intact

    for kind in kinds:
        outcome = _read(kind, 0, place, Random(0), intact)
        if outcome.end != "accepted":
            raise RuntimeError(f"an undamaged {kind} was {outcome.end} ({outcome.what}): {outcome.text}")
    assert KINDS


def tried(kind: str, seed: int, number: int, place: Place) -> Outcome:
    """Try the file of that number; the same three always make the same file."""
    return _read(kind, number, place, Random(f"{kind}:{seed}:{number}"), None)


def _read(kind: str, number: int, place: Place, rng: Random, mutate: object) -> Outcome:
    from actuarial.basis.errors import InputError
    from tests.fuzz.kinds import KINDS

    place.clear()
    trial = KINDS[kind](rng, place) if mutate is None else KINDS[kind](rng, place, mutate)
    before, begun = place.snapshot(), time.process_time()
    try:
        end, text = ("accepted", "") if trial.read() else ("refused", "")
    except InputError as error:
        end, text = "refused", str(error)
        if not text.strip():
            end, text = "failed", "refused without a word"
    except BaseException:  # whatever escapes is what is looked for
        end, text = "failed", traceback.format_exc()
    seconds = time.process_time() - begun
    if end == "refused" and place.snapshot() != before:
        changed = sorted(set(place.snapshot().items()) ^ set(before.items()))
        end, text = "failed", f"refused, but it left traces: {changed[:5]}"
    elif seconds > MOST_SECONDS:
        end, text = "failed", f"took {seconds:.1f} s of processor time"
    trial.restore()
    return Outcome(kind, number, trial.what, end, text, seconds, peak_memory())


def serve(channel: Connection, root: str, kinds: tuple[str, ...]) -> None:
    """Answer (kind, seed, number) with an :class:`Outcome` until ``None`` comes."""
    warnings.simplefilter("ignore")
    place = Place.made(Path(root))
    try:
        warm(place, kinds)
        limit_memory()
        channel.send(peak_memory())
        while (asked := channel.recv()) is not None:
            kind, seed, number = asked
            channel.send(tried(kind, seed, number, place))
    except (EOFError, KeyboardInterrupt):
        pass
