"""Chunks give the same bits whoever computes them, and no killed worker loses one."""

from __future__ import annotations

import os
import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from actuarial.execution.chunks import LOSSES, run_chunks
from actuarial.execution.errors import ExecutionError, ExecutionInputError
from actuarial.execution.executors import MOST_ON_WINDOWS, open_executor
from actuarial.execution.threads import ONE_THREAD, one_thread_environment
from tests.execution.tasks import Arrays, Task, draw, environment, refuses, scaled, slow_first

CHUNKS = tuple(Task(seed) for seed in range(6))


def bits(results: Sequence[Arrays]) -> list[dict[str, tuple[str, tuple[int, ...], bytes]]]:
    """Types, shapes and bits, so that 0.0 and -0.0, or two kinds of NaN, are told apart."""
    return [{name: (array.dtype.str, array.shape, array.tobytes()) for name, array in result.items()} for result in results]


def serial(chunks: Sequence[Task] = CHUNKS) -> list[Arrays]:
    with open_executor() as executor:
        return run_chunks(draw, chunks, executor)


def test_a_killed_local_worker_loses_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chunks = [replace(task, marker=tmp_path / "killed") if task.seed == 2 else task for task in CHUNKS]
    with open_executor(2) as executor:
        found = run_chunks(draw, chunks, executor)
    assert (tmp_path / "killed").exists()
    assert "a worker was lost" in capsys.readouterr().err
    assert bits(found) == bits(serial())


def test_a_chunk_that_always_kills_its_worker_ends_in_one_error(tmp_path: Path) -> None:
    chunks = [Task(0), Task(1, tmp_path / "killed", always=True)]
    with pytest.raises(ExecutionError, match=f"chunk.* 1 .*workers died {LOSSES + 1} times") as caught, open_executor(2) as executor:
        run_chunks(draw, chunks, executor)
    assert caught.value.exit_code == 1


def test_results_come_in_the_order_of_the_chunks_and_workers_have_one_thread() -> None:
    with open_executor(2) as executor:
        assert run_chunks(slow_first, range(5), executor) == [0, 1, 4, 9, 16]
        found = run_chunks(environment, range(4), executor)
    assert os.getpid() not in {place["process"] for place in found}
    for place in found:
        assert place["blas"] and set(place["blas"]) == {1}
        assert place["OMP_NUM_THREADS"] == place["OPENBLAS_NUM_THREADS"] == place["NUMBA_NUM_THREADS"] == "1"


def test_in_process_one_blas_thread_while_a_chunk_is_computed() -> None:
    with open_executor(1) as executor:
        (place,) = run_chunks(environment, [0], executor)
    assert place["process"] == os.getpid() and set(place["blas"]) == {1}


def test_the_environment_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("NUMBA_NUM_THREADS", raising=False)
    with one_thread_environment():
        assert {name: os.environ[name] for name in ONE_THREAD} == ONE_THREAD
    assert os.environ["OMP_NUM_THREADS"] == "7" and "NUMBA_NUM_THREADS" not in os.environ


def test_a_shared_value_is_handed_out_and_survives_a_killed_worker(tmp_path: Path) -> None:
    factor = np.linspace(1.0, 2.0, 50)
    with open_executor(1) as executor:
        expected = run_chunks(scaled, CHUNKS, executor, shared=factor)
    assert bits(expected) == bits([{"values": result["values"] * factor} for result in serial()])
    chunks = [replace(task, marker=tmp_path / "killed") if task.seed == 0 else task for task in CHUNKS]
    with open_executor(2) as executor:
        assert bits(run_chunks(scaled, chunks, executor, shared=factor)) == bits(expected)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_the_function_raises_is_raised(workers: int) -> None:
    with pytest.raises(LookupError, match="no rate for chunk 2"), open_executor(workers) as executor:
        run_chunks(refuses, range(5), executor)


def test_nothing_to_do_gives_nothing() -> None:
    with open_executor(2) as executor:
        assert run_chunks(draw, [], executor) == []


def test_the_number_of_workers_must_be_possible(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ExecutionInputError, match="--workers 0: allowed 1 or more") as caught, open_executor(0):
        pass
    assert caught.value.exit_code == 2
    monkeypatch.setattr("sys.platform", "win32")
    with pytest.raises(ExecutionInputError, match=f"at most {MOST_ON_WINDOWS}"), open_executor(MOST_ON_WINDOWS + 1):
        pass


def test_errors_can_be_pickled() -> None:
    error = pickle.loads(pickle.dumps(ExecutionError("lost")))
    assert isinstance(error, ExecutionError) and str(error) == "lost"
