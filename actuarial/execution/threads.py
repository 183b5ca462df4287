"""One thread for each process, so that N workers use N processors and sums are added up in one order.

1. Numerical libraries read the number of their threads from the environment when they are first loaded: a child process gets it before it starts.
2. A matrix product over several threads may add up in another order than over one, hence other last bits. Every chunk therefore runs with one BLAS
   thread, in the calling process as well. Compiled kernels must give the same bits for any number of threads; they are left as they are.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Final

ONE_THREAD: Final[dict[str, str]] = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "BLIS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
        "NUMEXPR_NUM_THREADS",
        "NUMBA_NUM_THREADS",
    ),
    "1",
)
"""Environment of a worker process: OpenMP, the BLAS in use on each system, and Numba."""


@contextmanager
def one_thread_environment() -> Iterator[None]:
    """The environment of this process with :data:`ONE_THREAD`; what was there before comes back."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def one_blas_thread() -> AbstractContextManager[object]:
    """One BLAS thread in this process while it lasts; nothing to do where no numerical library is loaded."""
    if "numpy" not in sys.modules:
        return nullcontext()
    from threadpoolctl import threadpool_limits

    limited: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return limited
