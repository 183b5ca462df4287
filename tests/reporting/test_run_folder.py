"""A run appears whole or not at all; a finished run can be checked against its sums."""

import json
from pathlib import Path

import pytest

from actuarial.basis.errors import InputError
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
    with pytest.raises(InputError, match=r"--csv .*no finished run"):
        check_target(mine, "--csv")
    empty = tmp_path / "empty"
    empty.mkdir()
    write_run(empty, "one")
    assert verify(empty) == ()


def test_the_working_folder_and_the_root_of_a_disk_are_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    for place in (Path(), Path(".."), tmp_path / "a"):
        with pytest.raises(InputError, match="the folder you are in"):
            check_target(place)
    with pytest.raises(InputError, match="root of a disk"):
        check_target(Path(tmp_path.anchor))
    check_target(tmp_path / "a" / "b" / "new")


def test_a_place_below_a_file_or_on_no_real_disk_is_a_wrong_option(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match=r"--csv .*: a part of the path is a file"), run_folder(tmp_path / "file" / "a" / "b", "--csv"):
        pass
    if Path("/proc/self").exists():
        with pytest.raises(InputError, match="--out /proc/x: no folder can be made there"), run_folder(Path("/proc/x")):
            pass
    assert names(tmp_path) == ["file"]


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
