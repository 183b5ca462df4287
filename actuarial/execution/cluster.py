"""The workers of a Dask scheduler.

1. ``distributed`` is an optional dependency (group ``cluster``) and is loaded only here. Scheduler and workers run in this project's environment.
2. The scheduler itself gives the chunks of a dead worker to another one; after a few deaths over the same chunk it gives up.
3. A worker first compares its program with the caller's (:func:`~actuarial.execution.program.fingerprint`).
4. A shared value is a task like any other: the scheduler keeps what it was made from, so it survives the workers that hold it.
"""

from __future__ import annotations

import asyncio
import pickle
import pkgutil
import socket
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from typing import Any, Final, ParamSpec, TypeVar

import dask
import distributed
import distributed.comm
from distributed.comm import addressing

from actuarial.execution.errors import ExecutionError, ExecutionInputError
from actuarial.execution.executors import Workers
from actuarial.execution.program import OTHER_PROGRAM, fingerprint

P = ParamSpec("P")
T = TypeVar("T")

SECONDS_TO_ANSWER: Final = 10
"""How long a scheduler may take to answer."""
_dask: Final[Any] = distributed
_parts: Final[Any] = addressing


class Cluster(Workers):
    """The futures of a Dask client under the name every executor has."""

    lost = (CancelledError,)
    hopeless = (distributed.KilledWorker,)

    def __init__(self, address: str) -> None:
        """Connect. Raises :class:`ExecutionInputError` when that is not possible."""
        self._address = address
        self._open()

    def _open(self) -> None:
        try:
            _answers(self._address)
            self._client = _dask.Client(self._address, timeout=SECONDS_TO_ANSWER, set_as_default=False, name="actuarial")
        except (OSError, ValueError) as error:
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
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"}):  # large on purpose, and sent once
            return self._client.submit(pickle.loads, pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL), pure=False)

    def reopen(self) -> None:
        """Connect again to a scheduler that was lost. Raises :class:`ExecutionError` when it does not answer."""
        self._client.close()
        try:
            self._open()
        except ExecutionInputError as error:
            raise ExecutionError(f"the scheduler {self._address} was lost and does not answer any more; what is finished is kept") from error

    def ready(self, module: str) -> None:
        """Wait for the first worker, and see that the scheduler and those who are there can import this program and ``module``.

        Who cannot would not even say so when given a chunk. Workers that join later compare programs with every chunk.
        """
        self._client.wait_for_workers(1)
        try:
            for name in (fingerprint.__module__, module):
                place = f"{name}:__name__"  # resolved by a function of the standard library, which they have
                self._client.run_on_scheduler(pkgutil.resolve_name, place)
                self._client.run(pkgutil.resolve_name, place)
        except ImportError as error:
            raise ExecutionError(f"{OTHER_PROGRAM} ({error})") from error

    def check(self) -> object:
        """The caller's program."""
        return fingerprint()

    def note(self) -> str:
        """Says so when nobody is there to work yet."""
        return "" if self._client.nthreads() else f"no worker has joined {self._address} yet; waiting for the first"

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the scheduler; it and its workers go on."""
        self._client.close()

    def abandon(self) -> None:
        """Leave the scheduler, which drops what this client had asked for."""
        self._client.close()


def _answers(address: str) -> None:
    """Raise when no scheduler answers at ``address`` or it is no address; a client would try for long and leave threads behind."""
    scheme, _ = _parts.parse_address(address)
    if scheme not in ("tcp", "tls"):
        raise ValueError("an address begins with tcp:// or tls://")
    with socket.create_connection(_parts.get_address_host_port(address), timeout=SECONDS_TO_ANSWER):
        pass
    with ThreadPoolExecutor(1) as apart:  # the caller's thread may have an event loop of its own (notebooks)
        apart.submit(asyncio.run, _greet(address)).result()


async def _greet(address: str) -> None:
    options = _dask.Security().get_connection_args("client")
    try:
        link = await asyncio.wait_for(_dask.comm.connect(address, timeout=SECONDS_TO_ANSWER, **options), SECONDS_TO_ANSWER)
    except TimeoutError as error:
        raise OSError("something else listens there") from error
    await link.close()
