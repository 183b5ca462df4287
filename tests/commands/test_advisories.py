"""Advisories in the OSV format against a lock: versions, ranges, withdrawn ones, and files that are none."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.errors import InputError
from actuarial.cli import main
from actuarial.commands.advisory_file import advisories, locked

HASH = " \\\n    --hash=sha256:" + "0" * 64 + "\n"


def database(folder: Path, *documents: dict[str, Any] | str) -> Path:
    path = folder / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number, document in enumerate(documents):
            archive.writestr(f"PYSEC-{number}.json", document if isinstance(document, str) else json.dumps(document))
    return path


def advisory(name: str, *events: dict[str, str], versions: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}] if events else []
    affected = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": ranges, "versions": list(versions)}
    return {"id": "PYSEC-2026-1", "summary": "Reads what it must not.", "affected": [affected], **more}


@pytest.mark.parametrize(
    ("version", "named"),
    [("1.9", False), ("2.0", True), ("2.4.1", True), ("2.5", False), ("3.0rc1", False), ("3.0", True), ("3.1", True), ("3.2", False)],
)
def test_ranges_hold_from_introduced_up_to_fixed_or_last_affected(tmp_path: Path, version: str, named: bool) -> None:
    document = advisory("Some_Package", {"introduced": "2.0"}, {"fixed": "2.5"}, {"introduced": "3.0"}, {"last_affected": "3.1"})
    count, found = advisories(database(tmp_path, document), {"some-package": (version,)})
    assert count == 1
    assert [f.package for f in found] == (["some-package"] if named else [])
    if named:
        assert found[0].fixed == ("2.5" if version < "2.5" else "")


@given(st.lists(st.integers(0, 9), min_size=2, max_size=2, unique=True), st.integers(0, 9))
def test_a_range_is_an_interval(tmp_path_factory: pytest.TempPathFactory, bounds: list[int], version: int) -> None:
    low, high = sorted(bounds)
    document = advisory("a", {"introduced": str(low)}, {"fixed": str(high)})
    _, found = advisories(database(tmp_path_factory.mktemp("osv"), document), {"a": (str(version),)})
    assert bool(found) == (low <= version < high)


def test_named_versions_other_packages_and_withdrawn_advisories(tmp_path: Path) -> None:
    documents = (
        advisory("a", versions=("1.0", "1.1")),
        advisory("b", {"introduced": "0"}),
        advisory("a", {"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z"),
    )
    count, found = advisories(database(tmp_path, *documents), {"a": ("1.1", "1.2"), "c": ("1",)})
    assert count == 3
    assert [(f.package, f.version) for f in found] == [("a", "1.1")]


def test_files_that_are_no_advisories_are_complained_of(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"2 problems\n.*PYSEC-0.json: not JSON\n.*PYSEC-1.json: not an advisory"):
        advisories(database(tmp_path, "{", {"id": "x", "affected": "everything"}, advisory("a", {"introduced": "0"})), {"a": ("1",)})
    with pytest.raises(InputError, match="no advisory on packages of PyPI"):
        advisories(database(tmp_path, {"id": "x", "affected": [{"package": {"ecosystem": "npm", "name": "a"}}]}), {"a": ("1",)})
    (tmp_path / "text.zip").write_text("text")
    with pytest.raises(InputError, match="not an archive of advisories"):
        advisories(tmp_path / "text.zip", {})
    (tmp_path / "lock").write_text("numpy>=2\nscipy==1.17\n")
    with pytest.raises(InputError, match="line 1: expected NAME==VERSION; found 'numpy>=2'"):
        locked(tmp_path / "lock")


def test_the_command_names_what_is_affected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock = tmp_path / "lock"
    lock.write_text(f"# made by\nSome.Package==2.1 ; python_version < '3.12'{HASH}some-package==2.6 ; python_version >= '3.12'{HASH}other==1{HASH}")
    place = database(tmp_path, advisory("some-package", {"introduced": "2.0"}, {"fixed": "2.5"}))
    assert main(["advisories", str(place), "--lock", str(lock)]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "some-package 2.1: PYSEC-2026-1, fixed in 2.5. Reads what it must not."
    assert out[1] == "2 locked packages, 1 advisories read: 1 packages are named by 1 advisories"
    lock.write_text(f"some-package==2.5{HASH}")
    assert main(["advisories", str(place), "--lock", str(lock)]) == 0


def test_the_lock_of_the_project_can_be_read() -> None:
    assert len(locked(Path(__file__).parents[2] / "requirements.lock")) > 100
