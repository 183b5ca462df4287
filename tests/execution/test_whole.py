"""Outputs are whole, one writer at a time writes a place, and nothing depends on the clock. Kills at every call: tests/interrupted."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from actuarial.execution import whole as module
from actuarial.execution.errors import ExecutionError
from actuarial.execution.lock import Busy, only_one
from actuarial.execution.swap import swap
from actuarial.execution.temporary import temporary_folder
from actuarial.execution.whole import lock_of, whole_file, whole_folder

ROOT = Path(__file__).parents[2]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def write(target: Path, text: str) -> None:
    with whole_folder(target) as folder:
        (folder / "a").mkdir()
        (folder / "a" / "b.txt").write_text(text)


def in_another_process(body: str, *words: object) -> subprocess.CompletedProcess[str]:
    lines = ["import os, sys", "from pathlib import Path", "from actuarial.execution.whole import whole_file, whole_folder", body]
    command = [sys.executable, "-c", "\n".join(lines), *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("swaps", [True, False])
def test_a_folder_replaces_another_as_a_whole(swaps: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not swaps:
        monkeypatch.setattr(module, "swap", lambda one, other: False)
    write(tmp_path / "new" / "run", "one")
    (tmp_path / "new" / "run" / "more.txt").write_text("of the first")
    write(tmp_path / "new" / "run", "two")
    assert names(tmp_path / "new") == ["run"] and names(tmp_path / "new" / "run") == ["a"]
    assert (tmp_path / "new" / "run" / "a" / "b.txt").read_text() == "two"


def test_after_an_error_nothing_is_left_not_even_parents(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "x" / "y" / "run") as folder:
        (folder / "half").write_text("half")
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), whole_file(tmp_path / "file") as file:
        file.write_text("half")
        raise ZeroDivisionError
    assert names(tmp_path) == []


def test_what_forbids_to_replace_is_asked_before_anything_is_written(tmp_path: Path) -> None:
    def forbid(target: Path) -> None:
        assert names(target.parent) == [f".{target.name}.lock"]
        raise LookupError

    with pytest.raises(LookupError), whole_folder(tmp_path / "run", forbid):
        raise AssertionError("never here")
    assert names(tmp_path) == []


def test_a_second_writer_is_refused_and_the_first_ends_well(tmp_path: Path) -> None:
    """In this process and in another one; files as folders."""
    with whole_folder(tmp_path / "run") as first, whole_file(tmp_path / "file") as file:
        (first / "a").write_text("first")
        file.write_text("first")
        for again in (whole_folder(tmp_path / "run"), whole_file(tmp_path / "file")):
            with pytest.raises(Busy, match="another command is writing there") as refused, again:
                raise AssertionError("never here")
            assert refused.value.exit_code == 1
        other = in_another_process("with whole_folder(Path(sys.argv[1])): pass", tmp_path / "run")
        assert other.returncode == 1 and "another command is writing there" in other.stderr
    assert names(tmp_path) == ["file", "run"] and names(tmp_path / "run") == ["a"]


def test_a_killed_writer_blocks_nobody_and_its_traces_go(tmp_path: Path) -> None:
    write(tmp_path / "run", "earlier")
    body = (
        "with whole_folder(Path(sys.argv[1])) as f, whole_file(Path(sys.argv[2])) as g:\n"
        "    (f / 'h').write_text('h')\n    g.write_text('g')\n    os._exit(9)"
    )
    assert in_another_process(body, tmp_path / "run", tmp_path / "file").returncode == 9
    assert [name for name in names(tmp_path) if not name.startswith(".")] == ["run"] and len(names(tmp_path)) == 5
    assert (tmp_path / "run" / "a" / "b.txt").read_text() == "earlier"
    write(tmp_path / "run", "later")
    with whole_file(tmp_path / "file") as file:
        file.write_text("whole")
    assert names(tmp_path) == ["file", "run"]


def test_traces_of_other_places_are_left_alone(tmp_path: Path) -> None:
    """``run`` and ``run.writing-1``: names that look alike."""
    for name in (".run.writing-1.writing-0123456789ab", ".run.writing-0123456789AB", ".runs.writing-0123456789ab", ".run.writing-0123456789ab.txt"):
        (tmp_path / name).mkdir()
    before = names(tmp_path)
    write(tmp_path / "run", "x")
    assert names(tmp_path) == sorted([*before, "run"])


def test_killed_between_two_renames_the_earlier_folder_comes_back(tmp_path: Path) -> None:
    write(tmp_path / "run", "one")
    (tmp_path / "run").rename(tmp_path / ".run.before-0123456789ab")
    with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "run"):
        raise ZeroDivisionError
    assert (tmp_path / "run" / "a" / "b.txt").read_text() == "one" and names(tmp_path) == ["run"]


def test_a_folder_held_open_by_a_program_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows refuses it."""
    write(tmp_path / "run", "one")
    monkeypatch.setattr(module, "swap", lambda one, other: False)
    rename = Path.rename

    def refusing(self: Path, to: Path) -> Path:
        if self.name == "run":
            raise PermissionError(13, "in use")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(ExecutionError, match="close the files opened from it"):
        write(tmp_path / "run", "two")
    assert (tmp_path / "run" / "a" / "b.txt").read_text() == "one" and names(tmp_path) == ["run"]


@pytest.mark.parametrize("name", ["x" * 255, "é" * 127, "東" * 85, "with blanks and 'quotes'", "a.b.c", "[1]*?"])
def test_any_name_that_a_file_may_have(name: str, tmp_path: Path) -> None:
    place = tmp_path / ("d" * 200) / ("e" * 200) / name
    if sys.platform == "win32":
        pytest.skip("shorter paths and fewer letters are allowed there")
    write(place, "one")
    write(place, "two")
    assert names(place.parent) == [name]
    place.parent.joinpath("file").mkdir()
    with whole_file(place.parent / "file" / name) as file:
        file.write_text("x")
    assert names(place.parent / "file") == [name]


def test_clock_and_age_play_no_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leftovers of 2100, an earlier run of 1970."""
    write(tmp_path / "run", "one")
    os.utime(tmp_path / "run", (0, 0))
    (tmp_path / ".run.writing-0123456789ab").mkdir()
    os.utime(tmp_path / ".run.writing-0123456789ab", (4102444800, 4102444800))
    write(tmp_path / "run", "two")
    assert names(tmp_path) == ["run"]


def test_without_locks_there_is_still_a_whole_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network disks have none; nothing is swept there, for it may be somebody's."""
    if sys.platform == "win32":
        pytest.skip("locks are taken in another way there")
    import errno
    import fcntl

    def none(handle: int, how: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", none)
    (tmp_path / ".run.writing-0123456789ab").mkdir()
    write(tmp_path / "run", "one")
    assert names(tmp_path) == [".run.writing-0123456789ab", "run"]


def test_a_lock_is_free_when_its_block_ends(tmp_path: Path) -> None:
    lock = lock_of(tmp_path / "run")
    for _ in range(2):
        with only_one(lock, "taken"):
            assert lock.exists()
            with pytest.raises(Busy, match="taken"), only_one(lock, "taken"):
                raise AssertionError("never here")
        assert not lock.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such step")
def test_two_names_are_exchanged(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    (tmp_path / "b").mkdir()
    if not swap(tmp_path / "a", tmp_path / "b"):
        pytest.skip("this file system cannot")
    assert (tmp_path / "a").is_dir() and (tmp_path / "b").read_text() == "a"
    with pytest.raises(FileNotFoundError):
        swap(tmp_path / "a", tmp_path / "c")


def test_temporary_folders_of_killed_processes_go_others_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    body = (
        "import tempfile; tempfile.tempdir = sys.argv[1]\nfrom actuarial.execution.temporary import temporary_folder\n"
        "with temporary_folder('study') as f:\n    (f / 'h').write_text('h')\n    os._exit(9)"
    )
    assert in_another_process(body, tmp_path).returncode == 9
    assert len(names(tmp_path)) == 2
    with temporary_folder("basis") as first:
        with temporary_folder("basis") as second:
            assert names(tmp_path) == sorted(p.name + end for p in (first, second) for end in ("", ".lock"))
        assert names(tmp_path) == sorted([first.name, f"{first.name}.lock"])
    assert names(tmp_path) == []
