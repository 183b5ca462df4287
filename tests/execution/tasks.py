"""What the tests let workers compute; in a module without tests, so that a spawned worker loads little."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Task:
    """A chunk; the one with a ``marker`` kills its worker the first time it is tried, or every time."""

    seed: int
    marker: Path | None = None
    always: bool = False


def draw(task: Task) -> Arrays:
    """Numbers of the chunk's own stream, and a matrix product of them."""
    if task.marker is not None and (task.always or not task.marker.exists()):
        task.marker.touch()
        os.kill(os.getpid(), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    values = np.random.Generator(np.random.Philox(key=task.seed)).standard_normal((40, 50))
    return {"values": values, "square": values @ values.T, "seed": np.array(task.seed)}


def scaled(factor: NDArray[np.float64], task: Task) -> Arrays:
    """The chunk's numbers times a shared value."""
    return {"values": draw(task)["values"] * factor}


def environment(_: int) -> dict[str, Any]:
    """Where and with how many threads a chunk is computed."""
    from threadpoolctl import threadpool_info

    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
    blas = [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    return {"process": os.getpid(), "blas": blas, **{name: os.environ.get(name) for name in names}}


def slow_first(index: int) -> int:
    """Earlier chunks take longer, so that they end in another order."""
    time.sleep(0.05 * (3 - index) if index < 3 else 0.0)
    return index * index


def refuses(index: int) -> int:
    """Raises for one chunk."""
    if index == 2:
        raise LookupError("no rate for chunk 2")
    return index
