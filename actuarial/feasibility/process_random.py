"""Random numbers of the ensemble: counted, not seeded one after another.

1. Philox-4x64 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11) with key = (seed, stream) and the path in the third
   of the four counter words. A path has 2^128 numbers of its own in every stream: path k is path k, however paths are dealt out to workers, and a
   new stream leaves the numbers of all others as they are.
2. A stream is a source of chance, not a result: two results that share an error read the same stream. Numbers of streams are never reused or
   renumbered.
3. What varies in count with the parameters (gamma and chi-squared variates are drawn by rejection) has a stream of its own, so that it moves nothing
   else.
4. Draws loop over paths, a few microseconds each, and are vectorised within a path; everything computed from them is vectorised over paths.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

import numpy as np

from actuarial.basis.dimensions import Array


class Stream(IntEnum):
    """Sources of chance."""

    LEVEL = 1
    """Error of the estimated level of movement by origin; read by flows and stock."""
    FLOWS = 2
    DESTINATIONS = 3
    STOCK = 4
    MORTALITY = 5
    ECONOMY = 6
    ECONOMY_TAILS = 7
    COVERAGE = 8
    DENSITY = 9
    COMPLIANCE = 10
    TAKE_UP = 11
    SHOCK = 12


def generators(seed: int, stream: Stream, first_path: int, count: int) -> Iterator[np.random.Generator]:
    """Generator of each path from ``first_path`` on in one stream, at its first number.

    One object is handed out again and again, set to the next path: use it before asking for the next. ``seed`` and paths are whole numbers from 0 to
    2^63 - 1.
    """
    source = np.random.Philox(key=np.array([seed, stream], np.uint64))
    generator = np.random.Generator(source)
    start = source.state
    for path in range(first_path, first_path + count):
        start["state"]["counter"] = np.array([0, 0, path, 0], np.uint64)
        source.state = start
        yield generator


def normals(seed: int, stream: Stream, first_path: int, count: int, size: int) -> Array:
    """Independent standard normal numbers [path, size] of the paths ``first_path`` .. ``first_path + count - 1``.

    The first n numbers of a path do not depend on ``size``.
    """
    drawn = np.empty((count, size))
    for row, source in enumerate(generators(seed, stream, first_path, count)):
        source.standard_normal(out=drawn[row])
    return drawn
