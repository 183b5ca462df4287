"""Chunks of work carried out in any order, results in the order of the chunks.

1. The caller divides the work; the same chunks give the same results, bit for bit, whoever computes them and in whatever order they end. Nothing is
   added up here.
2. A chunk whose worker died is computed again, up to :data:`LOSSES` times; then one error says which and why that may be. An error raised by the
   function itself is not tried again.
3. With a checkpoint every finished chunk is kept at once; a later run reads it instead of computing it. Ctrl-C says how to go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import nullcontext
from typing import Any, Final, TypeVar

from actuarial.execution.checkpoint import Checkpoint, OpenCheckpoint
from actuarial.execution.errors import ExecutionError
from actuarial.execution.executors import Workers
from actuarial.execution.program import OTHER_PROGRAM, fingerprint
from actuarial.execution.progress import Silent
from actuarial.execution.threads import one_blas_thread

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")

LOSSES: Final = 3
"""How often a chunk may lose its worker and still be computed again."""
_TICK: Final = 0.5
"""Seconds after which waiting is interrupted, for Ctrl-C (Windows) and for the progress line."""


def run_chunks(
    function: Callable[..., Result],
    chunks: Sequence[Chunk],
    executor: Workers,
    checkpoint: Checkpoint | None = None,
    progress: Silent | None = None,
    *,
    shared: object = None,
) -> list[Result]:
    """Results of ``function(chunk)`` in the order of ``chunks``; ``function(shared, chunk)`` when ``shared`` is given.

    ``function`` must be a function of a module, chunks and results picklable. ``shared`` is handed to each worker once instead of with every chunk.
    With a ``checkpoint`` results must be mappings of names to NumPy arrays. Raises :class:`ExecutionInputError` when the checkpoint belongs to
    another run, :class:`ExecutionError` when chunks are lost for good, and whatever ``function`` raises.
    """
    with checkpoint.open(len(chunks)) if checkpoint else nullcontext() as kept:
        work = _Work(function, chunks, executor, kept, progress or Silent(), shared)
        work.read_finished()
        try:
            work.progress.begin(len(chunks), len(work.results))
            work.carry_out()
        except KeyboardInterrupt:
            work.progress.close()
            work.progress.say(_interrupted(work, checkpoint))
            raise
        finally:
            work.progress.close()
    return [work.results[index] for index in range(len(chunks))]


def _interrupted(work: _Work, checkpoint: Checkpoint | None) -> str:
    if checkpoint is None:
        return "interrupted; nothing was kept (--checkpoint FOLDER keeps what is finished)"
    return f"interrupted; {len(work.results)} of {len(work.chunks)} chunks are kept in {checkpoint.folder}. To go on:\n  {checkpoint.command}"


class _Work:
    """What is finished, what is under way, what waits."""

    def __init__(
        self,
        function: Callable[..., Any],
        chunks: Sequence[Any],
        executor: Workers,
        kept: OpenCheckpoint | None,
        progress: Silent,
        shared: object,
    ) -> None:
        self.function, self.chunks, self.executor, self.kept, self.progress = function, chunks, executor, kept, progress
        self.results: dict[int, Any] = {}
        self._shared = shared
        self._handle: Any = None
        self._losses = [0] * len(chunks)
        self._under_way: dict[Future[Any], int] = {}

    def read_finished(self) -> None:
        """Take what the checkpoint holds."""
        if self.kept is None:
            return
        for index in range(len(self.chunks)):
            result = self.kept.read(index)
            if result is not None:
                self.results[index] = result
            elif self.kept.has_file(index):
                self.progress.say(f"chunk {index} in {self.kept.folder} is damaged; it is computed again")

    def carry_out(self) -> None:
        """Compute every chunk that is not finished."""
        waiting = [index for index in reversed(range(len(self.chunks))) if index not in self.results]
        if waiting:
            self._tell(self.executor.note())
            self.executor.ready(self.function.__module__)
            self._handle = self._share()
        try:
            while waiting or self._under_way:
                while waiting and len(self._under_way) < self.executor.window:
                    self._submit(waiting.pop())
                lost = self._collect()
                if lost:
                    self._count(lost)
                    self.progress.say(f"a worker was lost; {_chunks(lost)} computed again")
                    self.executor.reopen()
                    self._handle = self._share()
                    waiting.extend(sorted(lost, reverse=True))
                self.progress.advance(len(self.results))
        except BaseException:
            for future in self._under_way:
                future.cancel()
            raise

    def _tell(self, note: str) -> None:
        if note:
            self.progress.say(note)

    def _share(self) -> Any:
        return None if self._shared is None else self.executor.share(self._shared)

    def _submit(self, index: int) -> None:
        arguments = (self.chunks[index],) if self._shared is None else (self._handle, self.chunks[index])
        self._under_way[self.executor.submit(_compute, self.executor.check(), self.function, *arguments)] = index

    def _collect(self) -> list[int]:
        """Take what has ended; return the chunks that were lost with their worker."""
        ended, _ = wait(self._under_way, timeout=_TICK, return_when=FIRST_COMPLETED)
        lost: list[int] = []
        failed: list[BaseException] = []
        for future in sorted(ended, key=self._under_way.__getitem__):
            index = self._under_way.pop(future)
            try:
                result = future.result()
            except self.executor.lost:
                lost.append(index)
            except self.executor.hopeless as error:
                failed.append(_given_up([index], error))
            except BaseException as error:
                failed.append(error)
            else:
                self._keep(index, result)
        if failed:
            raise failed[0]
        if lost:  # what else was under way on the same executor is lost with it
            lost.extend(self._under_way.values())
            self._under_way.clear()
        return lost

    def _keep(self, index: int, result: Any) -> None:
        if self.kept is not None:
            self.kept.write(index, result)
        self.results[index] = result

    def _count(self, lost: list[int]) -> None:
        for index in lost:
            self._losses[index] += 1
        beyond = [index for index in lost if self._losses[index] > LOSSES]
        if beyond:
            raise _given_up(beyond, None)


def _given_up(indices: list[int], cause: BaseException | None) -> ExecutionError:
    error = ExecutionError(
        f"{_chunks(indices)} given up: workers died {LOSSES + 1} times over it. Most often the system stops a process that needs "
        "too much memory: use fewer workers, or a machine with more memory. What is finished stays in the checkpoint, if there is one"
    )
    error.__cause__ = cause
    return error


def _chunks(indices: Sequence[int]) -> str:
    shown = ", ".join(str(index) for index in sorted(indices)[:8])
    return f"chunk {shown} is" if len(indices) == 1 else f"chunks {shown}{', …' if len(indices) > 8 else ''} are"


def _compute(expected: object, function: Callable[..., Result], *arguments: Any) -> Result:
    """In the worker: compare programs, fetch the shared value, compute with one BLAS thread."""
    if expected is not None:
        _same_program(expected)
    from actuarial.execution.processes import SharedFile

    first, *rest = arguments
    with one_blas_thread():
        return function(first.load() if isinstance(first, SharedFile) else first, *rest)


def _same_program(expected: object) -> None:
    own = fingerprint()
    if own != expected:
        raise ExecutionError(f"{OTHER_PROGRAM} (it has {own}, here is {expected})")
