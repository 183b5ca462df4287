"""An interrupted run goes on where it stopped and ends as if nothing had happened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn

from actuarial.execution.checkpoint import INPUTS, Checkpoint
from actuarial.execution.chunks import run_chunks
from actuarial.execution.errors import ExecutionInputError
from actuarial.execution.executors import open_executor
from actuarial.execution.lock import Busy
from tests.execution.tasks import Arrays, Task, draw
from tests.execution.test_chunks import CHUNKS, bits, serial

KEY = {"seed": "7", "basis": "sha256 0a1b"}


def counting(computed: list[int], stop_at: int | None = None) -> Callable[[Task], Arrays]:
    """``draw`` that notes what it computes, and is interrupted at one chunk."""

    def function(task: Task) -> Arrays:
        if task.seed == stop_at:
            raise KeyboardInterrupt
        computed.append(task.seed)
        return draw(task)

    return function


def run(checkpoint: Checkpoint, stop_at: int | None = None) -> tuple[list[Arrays], list[int]]:
    computed: list[int] = []
    with open_executor() as executor:
        return run_chunks(counting(computed, stop_at), CHUNKS, executor, checkpoint), computed


def test_resumed_equals_uninterrupted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "kept"
    with pytest.raises(KeyboardInterrupt):
        run(Checkpoint(folder, KEY, command="python run.py verb --checkpoint kept --resume"), stop_at=3)
    told = capsys.readouterr().err
    assert "3 of 6 chunks are kept" in told and "\n  python run.py verb --checkpoint kept --resume\n" in told
    found, computed = run(Checkpoint(folder, KEY, resume=True))
    assert computed == [3, 4, 5]
    assert bits(found) == bits(serial())


def test_a_finished_run_is_only_read(tmp_path: Path) -> None:
    first, _ = run(Checkpoint(tmp_path / "kept", KEY))
    again, computed = run(Checkpoint(tmp_path / "kept", KEY, resume=True))
    assert computed == [] and bits(again) == bits(first)


def test_a_local_pool_goes_on_with_what_one_process_began(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(Checkpoint(tmp_path / "kept", KEY), stop_at=2)
    with open_executor(2) as executor:
        found = run_chunks(draw, CHUNKS, executor, Checkpoint(tmp_path / "kept", KEY, resume=True))
    assert bits(found) == bits(serial())


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def alter(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def another_chunks(path: Path) -> None:
    path.write_bytes(path.with_name("chunk-000001.npz").read_bytes())


def not_an_archive(path: Path) -> None:
    path.write_text("not an archive")


def one_array(path: Path) -> None:
    with path.open("wb") as handle:
        np.save(handle, np.zeros(3))


@pytest.mark.parametrize("harm", [cut, alter, empty, another_chunks, not_an_archive, one_array])
def test_a_damaged_chunk_is_computed_again(harm: Callable[[Path], None], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(Checkpoint(tmp_path / "kept", KEY))
    harm(tmp_path / "kept" / "chunk-000004.npz")
    found, computed = run(Checkpoint(tmp_path / "kept", KEY, resume=True))
    assert computed == [4] and bits(found) == bits(serial())
    assert "chunk 4" in capsys.readouterr().err
    assert run(Checkpoint(tmp_path / "kept", KEY, resume=True))[1] == []


def test_no_wrong_bit_is_taken_for_a_result(tmp_path: Path) -> None:
    with Checkpoint(tmp_path / "kept", KEY).open(1) as kept:
        kept.write(0, {"values": np.arange(5.0), "count": np.array(3)})
        path = kept.folder / "chunk-000000.npz"
        sound = path.read_bytes()
        for position in range(0, 8 * len(sound), 61):
            content = bytearray(sound)
            content[position // 8] ^= 1 << position % 8
            path.write_bytes(bytes(content))
            assert kept.read(0) is None
        path.write_bytes(sound)
        assert kept.read(0) is not None


def test_other_inputs_are_refused_by_name(tmp_path: Path) -> None:
    run(Checkpoint(tmp_path / "kept", KEY))
    with pytest.raises(ExecutionInputError) as caught:
        run(Checkpoint(tmp_path / "kept", {"seed": "8", "basis": KEY["basis"], "paths": "100"}, resume=True))
    told = str(caught.value)
    assert "seed: there 7, now 8" in told and "paths: there absent, now 100" in told and "basis" not in told
    assert caught.value.exit_code == 2


def test_another_division_is_refused(tmp_path: Path) -> None:
    run(Checkpoint(tmp_path / "kept", KEY))
    with pytest.raises(ExecutionInputError, match="chunks: there 6, now 2"), open_executor() as executor:
        run_chunks(draw, CHUNKS[:2], executor, Checkpoint(tmp_path / "kept", KEY, resume=True))


def test_a_folder_in_use_needs_resume(tmp_path: Path) -> None:
    run(Checkpoint(tmp_path / "kept", KEY))
    with pytest.raises(ExecutionInputError, match="--resume"):
        run(Checkpoint(tmp_path / "kept", KEY))


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(ExecutionInputError, match="holds other files"):
        run(Checkpoint(tmp_path, KEY, resume=True))
    with pytest.raises(ExecutionInputError, match="file of that name"):
        run(Checkpoint(tmp_path / "letter.txt", KEY))
    Checkpoint(tmp_path, KEY).discard()
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("content", ["", "{", "[1]", "null", "\x00"])
def test_a_header_that_cannot_be_read_is_refused(content: str, tmp_path: Path) -> None:
    run(Checkpoint(tmp_path / "kept", KEY))
    (tmp_path / "kept" / INPUTS).write_text(content)
    with pytest.raises(ExecutionInputError, match="cannot be read"):
        run(Checkpoint(tmp_path / "kept", KEY, resume=True))


def test_half_a_file_of_a_killed_run_is_cleared(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(Checkpoint(tmp_path / "kept", KEY), stop_at=1)
    (tmp_path / "kept" / ".chunk-000001.npz.writing-0123456789ab").write_bytes(b"half")
    run(Checkpoint(tmp_path / "kept", KEY, resume=True))
    assert not [path.name for path in (tmp_path / "kept").iterdir() if path.name.startswith(".")]


def test_a_second_run_with_the_same_checkpoint_is_refused(tmp_path: Path) -> None:
    with Checkpoint(tmp_path / "kept", KEY).open(6) as first:
        first.write(0, draw(CHUNKS[0]))
        with pytest.raises(Busy, match="another run works with it"):
            run(Checkpoint(tmp_path / "kept", KEY, resume=True))
        Checkpoint(tmp_path / "kept", KEY).discard()
        assert first.read(0) is not None
    assert run(Checkpoint(tmp_path / "kept", KEY, resume=True))[1] == [1, 2, 3, 4, 5]
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_discard_deletes_the_checkpoint(tmp_path: Path) -> None:
    kept = Checkpoint(tmp_path / "kept", KEY)
    run(kept)
    kept.discard()
    assert not (tmp_path / "kept").exists()


def test_only_arrays_can_be_kept(tmp_path: Path) -> None:
    with Checkpoint(tmp_path / "kept", KEY).open(1) as kept:
        for result in (1.0, {"a": 1.0}, {"a": np.array([object()])}):
            with pytest.raises(TypeError, match="mappings of names to arrays"):
                kept.write(0, result)


@settings(max_examples=40)
@given(
    arrays=st.dictionaries(
        st.one_of(st.text(max_size=5), st.sampled_from(["file", "allow_pickle", "arr_0", "a/b"])),
        hn.arrays(
            st.one_of(hn.floating_dtypes(sizes=(32, 64), endianness="="), hn.integer_dtypes(endianness="="), hn.boolean_dtypes()),
            hn.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
        ),
        max_size=3,
    )
)
def test_arrays_come_back_bit_for_bit(arrays: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> None:
    with Checkpoint(tmp_path_factory.getbasetemp() / "arrays", KEY, resume=True).open(1) as kept:
        kept.write(0, arrays)
        found = kept.read(0)
    assert found is not None and bits([found]) == bits([arrays]) and [*found] == [*arrays]


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one program from another there")
def test_ctrl_c_stops_the_workers_and_says_how_to_go_on(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    command = [sys.executable, "-m", "tests.execution.long_run", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as started:
        assert started.stderr is not None
        line = started.stderr.readline()
        while line and "computes for ever" not in line:  # a worker says so when it takes up the chunk that never ends
            line = started.stderr.readline()
        os.killpg(started.pid, signal.SIGINT)  # as a terminal does: to the program and its workers
        told = started.stderr.read()  # ends when the last of them has closed its standard error
    assert started.returncode == 130
    assert "of 3 chunks are kept" in told and "go on like this" in told and "Traceback" not in told
    with open_executor() as executor:
        found = run_chunks(draw, CHUNKS[:3], executor, Checkpoint(folder, KEY, resume=True))
    assert bits(found) == bits(serial(CHUNKS[:3]))


def test_the_header_names_every_input(tmp_path: Path) -> None:
    with Checkpoint(tmp_path / "kept", KEY).open(3):
        pass
    header = json.loads((tmp_path / "kept" / INPUTS).read_text(encoding="utf-8"))
    assert header == {"schema": "1", "chunks": "3", "input seed": "7", "input basis": "sha256 0a1b"}
