"""Local worker processes.

1. Processes are spawned, never forked: the same on Linux, macOS and Windows, and safe beside threads. What is submitted must be picklable: a function
   of a module, and data. A script that opens processes needs ``if __name__ == "__main__":``.
2. A worker has one thread (:data:`~actuarial.execution.threads.ONE_THREAD`, in its environment before it loads anything), leaves Ctrl-C to its
   parent, and ends with it.
3. When a worker dies the whole pool is unusable; :meth:`Processes.reopen` makes a new one.
4. A shared value is pickled once into a file of this run and loaded once by each worker.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import connection
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from actuarial.execution.executors import Workers
from actuarial.execution.temporary import temporary_folder
from actuarial.execution.threads import one_thread_environment

P = ParamSpec("P")
T = TypeVar("T")


class _OneThreadProcess(SpawnProcess):
    """A process whose libraries find one thread in their environment."""

    def start(self) -> None:
        """Start with the environment of a worker; it is copied at this moment, and so is its deafness to Ctrl-C."""
        with one_thread_environment(), _interrupts_held():
            super().start()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while a process starts: what starts then never hears it, not even before its first line; the parent hears it right after."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows: a worker says _begin a little later
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # or starting it would lift the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _OneThreadContext(SpawnContext):
    Process = _OneThreadProcess


@dataclass(frozen=True)
class SharedFile:
    """A value pickled once for all workers of this machine."""

    path: Path

    def load(self) -> object:
        """The value, read once by each process."""
        return _loaded(self.path)


@lru_cache(maxsize=1)
def _loaded(path: Path) -> object:
    with path.open("rb") as handle:
        return pickle.load(handle)


class Processes(Workers):
    """A pool of local processes that can be made anew."""

    lost = (BrokenExecutor,)

    def __init__(self, workers: int) -> None:
        """Nothing is started before the first chunk is handed over."""
        self._workers = workers
        self._files = ExitStack()
        self._folder: Path | None = None
        self._shared = 0
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self._workers, mp_context=_OneThreadContext(), initializer=_begin)

    @property
    def window(self) -> int:
        """Twice the workers, so that none waits for the next chunk."""
        return 2 * self._workers

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand over one call; on a pool that just lost a worker the future says so."""
        try:
            return self._pool.submit(fn, *args, **kwargs)
        except BrokenExecutor as error:
            future: Future[T] = Future()
            future.set_exception(error)
            return future

    def share(self, value: object) -> Any:
        """Write ``value`` where every worker reads it once."""
        self._folder = self._folder or self._files.enter_context(temporary_folder("workers"))
        path = self._folder / f"shared-{self._shared}.pickle"
        self._shared += 1
        with path.open("wb") as handle:
            pickle.dump(value, handle, protocol=pickle.HIGHEST_PROTOCOL)
        return SharedFile(path)

    def reopen(self) -> None:
        """A new pool; the living workers of the broken one are stopped."""
        self._kill()
        self._pool = self._new_pool()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for what is running and end the workers."""
        self._pool.shutdown(wait, cancel_futures=cancel_futures)
        self._clear()

    def abandon(self) -> None:
        """End the workers in the middle of what they do."""
        self._kill()
        self._clear()

    def _clear(self) -> None:
        self._files.close()
        self._folder = None

    def _kill(self) -> None:
        # Until Python 3.14 gives a name to it, this is the only way to stop a chunk that is running.
        processes = list((self._pool._processes or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.kill()
        for process in processes:
            process.join()


def _begin() -> None:
    """First thing in a worker: Ctrl-C is the parent's business, and no worker outlives it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)
