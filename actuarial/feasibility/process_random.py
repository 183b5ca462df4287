"""Random numbers of the ensemble: counted, not seeded one after another.

1. Philox-4x64 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11) with key = (seed, stream) and the path in the third
   of the four counter words. A path has 2^128 numbers of its own in every stream: path k is path k, however paths are dealt out to workers, and a
   new stream leaves the numbers of all others as they are.
2. A stream is a source of chance, not a result: two results that share an error read the same stream. Numbers of streams are never reused or
   renumbered.
3. What varies in count with the parameters (gamma and chi-squared variates are drawn by rejection) has a stream of its own, so that it moves nothing
   else.
4. Draws loop over paths, about 20 microseconds each, and are vectorised within a path; everything computed from them is vectorised over paths.
"""

from __future__ import annotations

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


def generator(seed: int, stream: Stream, path: int) -> np.random.Generator:
    """Generator of one path in one stream. ``seed`` and ``path`` are whole numbers from 0 to 2^64 - 1, else ``OverflowError``."""
    key = np.array([seed, stream], np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=np.array([0, 0, path, 0], np.uint64)))


def normals(seed: int, stream: Stream, first_path: int, count: int, size: int) -> Array:
    """Independent standard normal numbers [path, size] of the paths ``first_path`` .. ``first_path + count - 1``.

    The first n numbers of a path do not depend on ``size``.
    """
    drawn = np.empty((count, size))
    for row, path in enumerate(range(first_path, first_path + count)):
        generator(seed, stream, path).standard_normal(out=drawn[row])
    return drawn
