"""A run appears whole or not at all; a finished run can be checked against its sums."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from actuarial.basis.errors import InputError
from actuarial.reporting import run_folder as module
from actuarial.reporting.manifest import check_unchanged, code_version, hash_tree, verify, write_manifest
from actuarial.reporting.run_folder import check_target, run_folder


def write_run(target: Path, text: str) -> None:
    with run_folder(target) as folder:
        (folder / "RWA").mkdir()
        (folder / "RWA" / "report.html").write_text(text)
        write_manifest(folder, {"parameters": {"scenario": "base"}})


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_run_appears_with_manifest_and_sums(tmp_path: Path) -> None:
    write_run(tmp_path / "reports" / "base", "one")
    assert names(tmp_path / "reports") == ["base"]
    assert names(tmp_path / "reports" / "base") == ["RWA", "SHA256SUMS", "manifest.json"]


def test_nothing_is_left_when_the_run_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), run_folder(tmp_path / "new" / "base") as folder:
        (folder / "half.txt").write_text("half")
        raise ZeroDivisionError
    assert names(tmp_path) == []


def test_an_earlier_run_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "base"
    write_run(target, "one")
    with pytest.raises(KeyboardInterrupt), run_folder(target) as folder:
        assert (target / "RWA" / "report.html").read_text() == "one"
        (folder / "half.txt").write_text("half")
        raise KeyboardInterrupt
    assert (target / "RWA" / "report.html").read_text() == "one"
    assert verify(target) == ()
    write_run(target, "two")
    assert (target / "RWA" / "report.html").read_text() == "two"
    assert names(tmp_path) == ["base"]


def test_a_killed_run_leaves_the_earlier_one_intact(tmp_path: Path) -> None:
    target = tmp_path / "base"
    write_run(target, "one")
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom actuarial.reporting.run_folder import run_folder\n"
        "with run_folder(Path(sys.argv[1])) as folder:\n    (folder / 'half.txt').write_text('half')\n    os._exit(9)\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", script, str(target)], cwd=root, check=False)
    assert done.returncode == 9
    assert verify(target) == ()
    left = [p for p in tmp_path.iterdir() if p.name != "base"]
    assert len(left) == 1 and left[0].name.startswith(".base.writing-")
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(left[0], (long_ago, long_ago))
    write_run(target, "two")
    assert names(tmp_path) == ["base"]


def test_killed_between_the_two_renames_the_next_run_puts_the_earlier_one_back(tmp_path: Path) -> None:
    target = tmp_path / "base"
    write_run(target, "one")
    target.rename(tmp_path / ".base.before-0123456789ab")
    with pytest.raises(ZeroDivisionError), run_folder(target):
        raise ZeroDivisionError
    assert (target / "RWA" / "report.html").read_text() == "one"
    assert names(tmp_path) == ["base"]


def test_a_failing_second_rename_puts_the_earlier_run_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "base"
    write_run(target, "one")
    rename = Path.rename

    def failing(self: Path, to: Path) -> Path:
        if ".writing-" in self.name:
            raise PermissionError(13, "in use")
        return rename(self, to)

    monkeypatch.setattr(module.Path, "rename", failing)
    with pytest.raises(PermissionError):
        write_run(target, "two")
    assert (target / "RWA" / "report.html").read_text() == "one"
    assert names(tmp_path) == ["base"]


def test_foreign_folders_and_files_are_never_replaced(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.docx").write_text("years of work")
    with pytest.raises(InputError, match="no finished run"):
        check_target(mine)
    with pytest.raises(InputError, match="no finished run"):
        write_run(mine, "x")
    with pytest.raises(InputError, match="not a folder"):
        check_target(mine / "thesis.docx")
    assert names(mine) == ["thesis.docx"]
    empty = tmp_path / "empty"
    empty.mkdir()
    write_run(empty, "one")
    assert verify(empty) == ()


def test_every_change_to_a_run_is_named(tmp_path: Path) -> None:
    target = tmp_path / "base"
    write_run(target, "one")
    assert verify(target) == ()
    (target / "RWA" / "report.html").write_text("better figures")
    (target / "note.txt").write_text("mine")
    manifest = target / "manifest.json"
    manifest.write_text(manifest.read_text().replace("base", "high"))
    assert verify(target) == (
        "note.txt: not part of the run",
        "RWA/report.html: changed since the run",
        "manifest.json: changed since the run",
    )
    (target / "RWA" / "report.html").unlink()
    assert "RWA/report.html: missing" in verify(target)
    with pytest.raises(InputError, match="not a finished run"):
        verify(tmp_path)


def test_sums_are_in_the_format_of_sha256sum(tmp_path: Path) -> None:
    write_run(tmp_path / "base", "one")
    lines = (tmp_path / "base" / "SHA256SUMS").read_text().splitlines()
    # printf one | sha256sum (coreutils)
    assert "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  RWA/report.html" in lines
    outputs = json.loads((tmp_path / "base" / "manifest.json").read_text())["outputs"]
    assert outputs["RWA/report.html"]["bytes"] == 3


def test_inputs_edited_during_a_run_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("1")
    before = hash_tree(tmp_path, tmp_path)
    check_unchanged(before, hash_tree(tmp_path, tmp_path))
    (tmp_path / "a.csv").write_text("2")
    with pytest.raises(InputError, match=r"a\.csv"):
        check_unchanged(before, hash_tree(tmp_path, tmp_path))


def test_a_folder_outside_git_has_no_commit(tmp_path: Path) -> None:
    state = code_version(tmp_path)
    assert state["commit"] is None and state["modified"] is None and state["lock_sha256"] is None
