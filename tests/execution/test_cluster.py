"""A real scheduler with two worker processes; one is killed in the middle."""

from __future__ import annotations

import builtins
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from actuarial.execution.checkpoint import Checkpoint
from actuarial.execution.chunks import run_chunks
from actuarial.execution.cluster import Cluster
from actuarial.execution.errors import ExecutionError, ExecutionInputError
from actuarial.execution.executors import open_executor
from actuarial.execution.program import fingerprint
from tests.execution.tasks import environment, refuses, scaled
from tests.execution.test_chunks import CHUNKS, bits, draw, serial


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A scheduler on a free port of this machine, its workers in processes of their own."""
    from distributed import LocalCluster

    make: Any = LocalCluster
    with make(n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0") as cluster:
        yield cluster.scheduler_address


@pytest.mark.slow
def test_a_killed_worker_of_a_cluster_loses_nothing(address: str, tmp_path: Path) -> None:
    chunks = [replace(task, marker=tmp_path / "killed") if task.seed == 2 else task for task in CHUNKS]
    with open_executor(cluster=address) as executor:
        found = run_chunks(draw, chunks, executor, Checkpoint(tmp_path / "kept", {"seed": "1"}))
    assert (tmp_path / "killed").exists()
    assert bits(found) == bits(serial())
    assert len(list((tmp_path / "kept").glob("chunk-*.npz"))) == len(CHUNKS)


@pytest.mark.slow
def test_a_cluster_shares_a_value_computes_with_one_thread_and_passes_errors_on(address: str) -> None:
    factor = np.linspace(1.0, 2.0, 50)
    with open_executor(cluster=address) as executor:
        found = run_chunks(scaled, CHUNKS, executor, shared=factor)
        assert {number for place in run_chunks(environment, range(4), executor) for number in place["blas"]} == {1}
        with pytest.raises(LookupError, match="no rate for chunk 2"):
            run_chunks(refuses, range(5), executor)
    assert bits(found) == bits([{"values": result["values"] * factor} for result in serial()])


@pytest.mark.slow
def test_workers_of_another_version_are_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cluster, "check", lambda self: (*fingerprint()[:-1], "source 0"))
    with pytest.raises(ExecutionError, match="must run this version.*source 0"), open_executor(cluster=address) as executor:
        run_chunks(refuses, [0], executor)


@pytest.mark.slow
def test_workers_without_the_program_are_refused(address: str) -> None:
    def elsewhere(_: object) -> None: ...

    elsewhere.__module__ = "actuarial.absent"
    with pytest.raises(ExecutionError, match="must run this version.*absent"), open_executor(cluster=address) as executor:
        run_chunks(elsewhere, [0], executor)


@pytest.mark.parametrize("where", ["localhost", "", "nowhere://here:1", "tcp://127.0.0.1:port"])
def test_what_is_no_address_is_refused(where: str) -> None:
    with pytest.raises(ExecutionInputError, match="no Dask scheduler answers") as caught, open_executor(cluster=where):
        pass
    assert caught.value.exit_code == 2


def test_an_address_nobody_listens_at_is_refused() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ExecutionInputError, match="no Dask scheduler answers"), open_executor(cluster=f"tcp://127.0.0.1:{port}"):
        pass


def test_another_service_is_told_apart_from_a_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actuarial.execution.cluster.SECONDS_TO_ANSWER", 0.3)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(ExecutionInputError, match="something else listens"), open_executor(cluster=f"tcp://127.0.0.1:{other.getsockname()[1]}"):
            pass


def test_without_the_package_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def absent(name: str, *rest: Any) -> Any:
        if name == "actuarial.execution.cluster":
            raise ModuleNotFoundError("No module named 'distributed'", name="distributed")
        return load(name, *rest)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(ExecutionInputError, match="'distributed', which is not installed"), open_executor(cluster="tcp://127.0.0.1:8786"):
        pass
