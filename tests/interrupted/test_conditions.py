"""A failing machine: one message with what to do, exit code 1, the earlier output as it was, no trace left."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from actuarial import cli
from actuarial.__main__ import one_thread, wants_utf8
from actuarial.commands import template
from actuarial.execution.machine import explained

ROOT = Path(__file__).parents[2]
PLACE, FIRST = "place", "first.xlsx"
"""Where the conditions are tried, and the workbook written there before."""
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="processes cannot be forked there")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("conditions")
    for above in (made, *made.parents[:2]):  # another user must get there
        above.chmod(0o755)
    return made


@pytest.fixture(scope="module")
def became(folder: Path) -> dict[str, dict[str, Any]]:
    command = [sys.executable, "-W", "ignore", "-m", "tests.interrupted.conditions", str(folder / PLACE)]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(command, cwd=ROOT, env=buffered, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


@POSIX
def test_on_a_sound_machine_the_output_is_replaced(became: dict[str, dict[str, Any]]) -> None:
    assert became["sound"] == {"code": 0, "told": "", "earlier": False, "beside": []}


@POSIX
@pytest.mark.parametrize(
    ("condition", "what", "remedy"),
    [
        ("files are limited", "larger than the system allows", "ulimit -f"),
        ("another user", "no permission", "a place that you may write to"),
        ("disk is small", "the disk is full", "free some space"),
        ("disk is read-only", "the disk can only be read", "another disk"),
    ],
)
def test_what_the_machine_refuses_is_said_once(condition: str, what: str, remedy: str, became: dict[str, dict[str, Any]]) -> None:
    if condition not in became:
        pytest.skip("no disk of its own can be had here")
    found = became[condition]
    assert found["code"] == 1 and found["earlier"] and found["beside"] == [], found
    assert found["told"].startswith("actuarial: ") and what in found["told"] and remedy in found["told"], found
    assert found["told"].count("\n") == 2 and "Traceback" not in found["told"]


@POSIX
def test_inputs_that_cannot_be_opened_are_named(became: dict[str, dict[str, Any]]) -> None:
    """The readers of inputs say themselves what they cannot read."""
    found = became["no more open files"]
    assert found["code"] in (1, 2) and found["earlier"] and "oo many" in found["told"] and "Traceback" not in found["told"], found


@POSIX
def test_an_answer_that_cannot_be_printed_is_said_when_anybody_listens(became: dict[str, dict[str, Any]]) -> None:
    full = became["answer cannot be written"]
    assert full["code"] == 1 and full["beside"] == []
    assert full["told"] == "actuarial: the answer cannot be written to standard output (No space left on device)\n"
    closed = became["nobody reads the answer"]
    assert closed["code"] == 1 and closed["told"] == ""


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), MemoryError(), FileNotFoundError(2, "No such file", "a.csv")])
def test_no_failure_of_the_machine_is_a_traceback(
    error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object) -> int:
        raise error

    monkeypatch.setattr(template, "_template", failing)
    assert cli.main(["template", "RWA"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("actuarial: ") and "start again" in told and "half written" in told and "Traceback" not in told


def test_messages_name_the_file_that_was_written_not_the_one_read() -> None:
    copying = OSError(errno.EROFS, "Read-only file system", "kept/study.json", None, "reports/study.json")
    assert explained(copying).startswith("reports/study.json: the disk can only be read")
    assert "temporary files" in explained(OSError(errno.ENOSPC, "No space left on device"))
    strange = OSError(errno.EXDEV, "Invalid cross-device link", "a")
    assert explained(strange).startswith("a: Invalid cross-device link")
    assert explained(OSError("no code at all")).startswith("no code at all")


def test_a_dead_standard_error_hurts_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    class Dead(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(sys, "stderr", Dead())
    assert cli.main(["bench", "no-such-benchmark"]) == 2


def test_a_temporary_folder_that_is_gone_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from actuarial.execution.temporary import temporary_folder

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    with pytest.raises(OSError) as caught, temporary_folder("study"):
        raise AssertionError("never here")
    assert f"{tmp_path / 'gone'}" in explained(caught.value) and "start again" in explained(caught.value)


def test_old_encodings_are_noticed_once() -> None:
    assert wants_utf8("ascii", {}) and wants_utf8("iso8859-1", {"PYTHONUTF8": "0"})
    assert not wants_utf8("utf-8", {"PYTHONUTF8": "0"}) and not wants_utf8("ascii", {"PYTHONUTF8": "1"})


def test_matrix_products_have_one_thread_and_compiled_kernels_all() -> None:
    assert one_thread()["OPENBLAS_NUM_THREADS"] == "1" and not [name for name in one_thread() if "NUMBA" in name]


START = (
    "import sys, time\n"
    "local, utc, late = time.localtime, time.gmtime, 4102444800.0\n"
    "if sys.argv.pop(1) == 'late': time.time, time.localtime, time.gmtime = lambda: late, lambda t=late: local(t), lambda t=late: utc(t)\n"
    "sys.argv[0] = 'actuarial'\nimport runpy\nrunpy.run_module('actuarial', run_name='__main__', alter_sys=False)\n"
)


@POSIX
def test_two_at_once_in_other_surroundings_write_the_same_bytes(tmp_path: Path, folder: Path, became: dict[str, dict[str, Any]]) -> None:
    """Both end well or one is refused; the clock of one says 2100, its locale is C without UTF-8, its zone is thirteen hours ahead."""
    place = tmp_path / "Größe 東"
    place.mkdir()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("LC_")} | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    other = {"PYTHONUTF8": "0", "LC_ALL": "C", "TZ": "Pacific/Tongatapu", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "2147483648"}

    def start(clock: str, environment: dict[str, str], out: Path) -> subprocess.Popen[bytes]:
        words = ["template", "RWA", "--replace", "--out", str(out)]
        return subprocess.Popen(
            [sys.executable, "-c", START, clock, *words], cwd=ROOT, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
        )

    both = [start("now", plain, place / "a.xlsx"), start("late", plain | other, place / "a.xlsx")]
    told = [process.communicate()[1].decode() for process in both]
    for process, said in zip(both, told, strict=True):
        assert process.returncode == 0 or (process.returncode == 1 and "another command is writing there" in said), said
    assert any(process.returncode == 0 for process in both)
    assert (place / "a.xlsx").read_bytes() == (folder / PLACE / FIRST).read_bytes()
    assert [path.name for path in place.iterdir()] == ["a.xlsx"]
