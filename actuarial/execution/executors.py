"""Where work is carried out: in this process, in local processes, or on the workers of a Dask scheduler.

1. All three are a :class:`concurrent.futures.Executor` with the same few additions (:class:`Workers`).
2. Nothing here chooses how work is divided: the caller fixes the chunks, so the result does not depend on who computes them.
3. A value that all chunks need is handed out once (:meth:`Workers.share`), not with every chunk.
"""

from __future__ import annotations

import sys
from abc import abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any, Final, ParamSpec, TypeVar

from actuarial.execution.errors import ExecutionInputError

P = ParamSpec("P")
T = TypeVar("T")

MOST_ON_WINDOWS: Final = 61
"""A Windows process can wait for no more than 63 others; the standard library allows 61 workers."""


class Workers(Executor):
    """An executor that can be asked how much to hand it at a time, given a shared value, and opened again."""

    lost: tuple[type[BaseException], ...] = ()
    """What a future raises when its worker died: the chunk is computed again."""
    hopeless: tuple[type[BaseException], ...] = ()
    """What a future raises when its workers died so often that trying again is useless."""

    @property
    @abstractmethod
    def window(self) -> int:
        """Chunks worth handing over before one of them is finished."""

    @abstractmethod
    def share(self, value: object) -> Any:
        """Give ``value`` to every worker once; what is returned is passed to :func:`shared_value` there."""

    @abstractmethod
    def reopen(self) -> None:
        """Replace dead workers. Values shared before must be shared again. Raises :class:`ExecutionError` when there is no way."""

    @abstractmethod
    def abandon(self) -> None:
        """Stop at once; what is running is thrown away. The executor is of no use afterwards."""

    def note(self) -> str:
        """What the user should know before the work begins; usually nothing."""
        return ""

    def ready(self, module: str) -> None:
        """Wait until somebody can compute. Raises :class:`ExecutionError` when they cannot import ``module``."""

    def check(self) -> object:
        """What a worker must agree with before it computes (``None``: it shares this program anyway)."""
        return None


class InProcess(Workers):
    """Computes when asked to, in the calling process."""

    @property
    def window(self) -> int:
        """One: nothing happens beside it."""
        return 1

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Compute now. Ctrl-C goes to the caller, every other error into the future."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def share(self, value: object) -> Any:
        """The value itself."""
        return value

    def reopen(self) -> None:
        """There is nothing to open."""

    def abandon(self) -> None:
        """There is nothing to stop."""


@contextmanager
def open_executor(workers: int = 1, cluster: str | None = None) -> Iterator[Workers]:
    """Yield who carries out the work, and stop them afterwards.

    ``workers`` 1 computes in this process, more in so many local processes of one thread each. ``cluster`` is the address of a Dask scheduler
    (``tcp://host:8786``); its own workers count then. Raises :class:`ExecutionInputError` when the number is not allowed, ``distributed`` is not
    installed, or the scheduler does not answer.
    """
    chosen = _open(workers, cluster)
    try:
        yield chosen
    except BaseException:
        chosen.abandon()
        raise
    chosen.shutdown()


def _open(workers: int, cluster: str | None) -> Workers:
    if cluster is not None:
        return _on_cluster(cluster)
    if workers < 1:
        raise ExecutionInputError(f"--workers {workers}: allowed 1 or more")
    if sys.platform == "win32" and workers > MOST_ON_WINDOWS:
        raise ExecutionInputError(f"--workers {workers}: Windows allows at most {MOST_ON_WINDOWS}")
    if workers == 1:
        return InProcess()
    from actuarial.execution.processes import Processes

    return Processes(workers)


def _on_cluster(address: str) -> Workers:
    try:
        from actuarial.execution.cluster import Cluster
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("dask", "distributed"):
            raise
        raise ExecutionInputError(
            "--cluster needs the package 'distributed', which is not installed. 'python run.py' installs it with everything else; "
            "elsewhere 'pip install --group cluster' in this folder does (pip 25.1 or newer)"
        ) from error
    return Cluster(address)
