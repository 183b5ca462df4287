"""The workers of a Dask scheduler.

1. ``distributed`` is an optional dependency (group ``cluster``) and is loaded only here. Scheduler and workers run in this project's environment.
2. The scheduler itself gives the chunks of a dead worker to another one; after a few deaths over the same chunk it gives up.
3. A worker first compares its program with the caller's (:func:`fingerprint`): results of another version must not be mixed in.
4. A shared value is a task like any other: the scheduler keeps what it was made from, so it survives the workers that hold it.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

from actuarial.execution.errors import ExecutionError, ExecutionInputError
from actuarial.execution.executors import Workers

P = ParamSpec("P")
T = TypeVar("T")

SECONDS_TO_ANSWER: Final = 10
"""How long a scheduler may take to answer."""
_LIBRARIES: Final = ("numpy", "scipy", "numba")


@lru_cache(maxsize=1)
def fingerprint() -> tuple[str, ...]:
    """What results depend on besides the input: versions of Python and the numerical libraries, hash of this package's source."""
    package = Path(__file__).resolve().parents[1]
    source = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        source.update(path.relative_to(package).as_posix().encode())
        source.update(path.read_bytes().replace(b"\r\n", b"\n"))
    versions = [f"{name} {metadata.version(name)}" for name in _LIBRARIES]
    return (f"python {'.'.join(platform.python_version_tuple()[:2])}", *versions, f"source {source.hexdigest()[:16]}")


class Cluster(Workers):
    """The futures of a Dask client under the name every executor has."""

    def __init__(self, address: str) -> None:
        """Connect. Raises :class:`ExecutionInputError` when that is not possible."""
        try:
            from distributed import KilledWorker
        except ImportError as error:
            raise ExecutionInputError(
                "--cluster needs the package 'distributed', which is not installed. It is in requirements.lock: "
                "start with 'python run.py', or type 'pip install --group cluster' (pip 25.1 or newer) in this folder"
            ) from error
        self.lost = (CancelledError,)
        self.hopeless = (KilledWorker,)
        self._address = address
        self._connect()

    def _connect(self) -> None:
        import distributed

        connect: Any = distributed.Client
        try:
            self._client = connect(self._address, timeout=SECONDS_TO_ANSWER, set_as_default=False, name="actuarial")
        except (OSError, ValueError, ImportError) as error:
            reason = str(error).partition("\n")[0] or type(error).__name__
            raise ExecutionInputError(
                f"--cluster {self._address}: no Dask scheduler answers there ({reason}). "
                "Start one with 'dask scheduler' and name the address it prints"
            ) from error
        self._futures = self._client.get_executor(pure=False)

    @property
    def window(self) -> int:
        """Everything: the scheduler keeps the queue, and workers may come and go."""
        return 1_000_000

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand over one call."""
        future: Future[T] = self._futures.submit(fn, *args, **kwargs)
        return future

    def share(self, value: object) -> Any:
        """A future of the value; the scheduler moves it to where it is needed."""
        import pickle

        import dask

        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "100 GiB"}):
            return self._client.submit(pickle.loads, pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL), pure=False)

    def reopen(self) -> None:
        """Connect again to a scheduler that was lost. Raises :class:`ExecutionError` when it does not answer."""
        self._client.close()
        try:
            self._connect()
        except ExecutionInputError as error:
            raise ExecutionError(f"the scheduler {self._address} was lost and does not answer any more") from error

    def check(self) -> object:
        """The caller's program."""
        return fingerprint()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler; it and its workers go on."""
        self._client.close()

    def abandon(self) -> None:
        """Leave the scheduler, which drops what this client had asked for."""
        self._client.close()
