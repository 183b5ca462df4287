"""The options of verbs with much to compute."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pytest

from actuarial import cli
from actuarial.commands.execution_options import add_execution_options, checkpoint_of, executor_of
from actuarial.execution.errors import ExecutionError, ExecutionInputError
from actuarial.execution.executors import InProcess
from actuarial.execution.processes import Processes


def parsed(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_execution_options(parser)
    return parser.parse_args(arguments)


def test_who_computes() -> None:
    with executor_of(parsed()) as executor:
        assert isinstance(executor, InProcess)
    with executor_of(parsed("--workers", "2")) as executor:
        assert isinstance(executor, Processes)
    with pytest.raises(ExecutionInputError, match="no Dask scheduler answers"), executor_of(parsed("--cluster", "nowhere")):
        pass
    with pytest.raises(SystemExit):
        parsed("--workers", "2", "--cluster", "tcp://host:8786")


def test_where_finished_chunks_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checkpoint_of(parsed(), {}) is None
    with pytest.raises(ExecutionInputError, match="--resume needs --checkpoint"):
        checkpoint_of(parsed("--resume"), {})
    monkeypatch.setattr(sys, "argv", ["actuarial", "verb", "--checkpoint", "a b"])
    kept = checkpoint_of(parsed("--checkpoint", str(tmp_path / "kept")), {"seed": "1"})
    assert kept is not None and kept.key == {"seed": "1"} and not kept.resume
    quoted = '"a b"' if sys.platform == "win32" else "'a b'"
    assert kept.command == f"python run.py verb --checkpoint {quoted} --resume"
    monkeypatch.setattr(sys, "argv", ["actuarial", "verb", "--resume", "--checkpoint", "a b"])
    again = checkpoint_of(parsed("--resume", "--checkpoint", str(tmp_path / "kept")), {"seed": "1"})
    assert again is not None and again.resume and again.command.count("--resume") == 1


@pytest.mark.parametrize(("error", "code"), [(ExecutionError("chunk 3 is given up"), 1), (ExecutionInputError("--workers 0"), 2)])
def test_the_command_line_says_it_in_one_line(
    error: ExecutionError, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(options: argparse.Namespace) -> int:
        raise error

    monkeypatch.setattr(cli, "_price", fails)
    assert cli.main(["price"]) == code
    assert capsys.readouterr().err == f"actuarial: {error}\n"


def test_where_nothing_may_be_written_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A toolkit that belongs to somebody else."""
    asked: list[Path] = []

    def refused(place: Path, mode: int) -> bool:
        asked.append(place)
        return False

    assert checkpoint_of(parsed(), {}, tmp_path / "reports" / "unfinished") is not None
    monkeypatch.setattr("os.access", refused)
    assert checkpoint_of(parsed(), {}, tmp_path / "reports" / "unfinished") is None and asked == [tmp_path]
