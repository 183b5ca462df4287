"""A run keeps its inputs: whole, the same bytes each time, and opened only when they are what the manifest says."""

import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from actuarial.basis.errors import InputError
from actuarial.basis.instrument import load_instrument
from actuarial.basis.scenario import load_scenario
from actuarial.reporting.kept_inputs import INPUTS, check_kept, input_files, keep_inputs, kept_as, opened_inputs
from actuarial.reporting.manifest import hash_file

REPOSITORY = Path(__file__).resolve().parents[2]
SCENARIO = "name: mine\ntitle: t\ndescription: d\nextends: ../shared/half.yaml\n"
HALF = "name: half\ntitle: t\ndescription: d\nextends: base\nmigration:\n  outflow_multiplier: 0.5\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small repository, and beside it a scenario with one it extends, an instrument and two workbooks of one name."""
    root = tmp_path / "clone"
    (root / "data").mkdir(parents=True)
    shutil.copy(REPOSITORY / "data" / "region.yaml", root / "data")
    (root / "data" / ".hidden").write_text("no input")
    shutil.copytree(REPOSITORY / "scenarios", root / "scenarios")
    (root / "notebooks").mkdir()
    for name in ("country.ipynb", "region.ipynb", "explore.ipynb"):
        (root / "notebooks" / name).write_text("{}")
    for name, text in (("own/mine.yaml", SCENARIO), ("shared/half.yaml", HALF), ("a/in.xlsx", "1"), ("b/in.xlsx", "2")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    shutil.copytree(REPOSITORY / "scenarios" / "instruments" / "pro-rata-only", tmp_path / "law" / "pro-rata-only")
    return root


def kept_run(root: Path, run: Path) -> Path:
    """A folder of a run with inputs given by path, and with workbooks."""
    run.mkdir()
    beside = root.parent
    scenario, instrument = str(beside / "own" / "mine.yaml"), str(beside / "law" / "pro-rata-only")
    files = input_files(root, [scenario], [instrument], workbooks=[beside / "a" / "in.xlsx", beside / "b" / "in.xlsx"])
    hashes = {name: hash_file(path) for name, path in files.items()}
    keep_inputs(run, files, hashes)
    said = {"parameters": {"scenario": kept_as(scenario, files), "instrument": kept_as(instrument, files)}, "inputs": hashes}
    (run / "manifest.json").write_text(json.dumps(said))
    return run


def test_what_a_run_read_is_read_again_from_the_run(root: Path, tmp_path: Path) -> None:
    before = load_scenario(tmp_path / "own" / "mine.yaml", root / "scenarios"), load_instrument(tmp_path / "law/pro-rata-only", root / "scenarios")
    run = kept_run(root, tmp_path / "run")
    manifest = (run / "manifest.json").read_text()
    assert str(tmp_path) not in manifest and "explore" not in manifest and ".hidden" not in manifest
    for folder in ("clone", "own", "shared", "law", "a", "b"):
        shutil.rmtree(tmp_path / folder)
    with opened_inputs(run) as kept:
        assert (load_scenario(kept.scenario, kept.scenarios), load_instrument(kept.instrument, kept.scenarios)) == before
        assert before[0].migration.outflow_multiplier == 0.5
        assert [path.read_text() for path in kept.workbooks] == ["1", "2"]
        assert hash_file(kept.data / "region.yaml") == hash_file(REPOSITORY / "data" / "region.yaml")
        assert (kept.root / "notebooks" / "country.ipynb").is_file()
        gone = kept.root
    assert not gone.exists()


def test_names_stay_names(root: Path) -> None:
    files = input_files(root, ["base"], ["eac-directive"])
    assert kept_as("base", files) == "base" and kept_as("eac-directive", files) == "eac-directive"
    assert kept_as(str(root / "scenarios" / "base.yaml"), files) == "scenarios/base.yaml"
    assert {name.split("/")[0] for name in files} == {"data", "scenarios", "notebooks"}


def test_the_same_inputs_give_the_same_bytes(root: Path, tmp_path: Path) -> None:
    first = (kept_run(root, tmp_path / "one") / INPUTS).read_bytes()
    (root / "data" / "region.yaml").touch()
    (root / "data" / "region.yaml").chmod(0o600)
    assert (kept_run(root, tmp_path / "two") / INPUTS).read_bytes() == first


def test_inputs_changed_since_they_were_read_are_not_kept(root: Path, tmp_path: Path) -> None:
    files = input_files(root, ["base"], ["eac-directive"])
    hashes = {name: hash_file(path) for name, path in files.items()}
    (root / "data" / "region.yaml").write_text("members: []")
    with pytest.raises(InputError, match=r"dropped: data/region\.yaml$"):
        keep_inputs(tmp_path, files, hashes)


def rewritten(run: Path, change: Callable[[zipfile.ZipFile, zipfile.ZipInfo, bytes], None], state: str = "") -> None:
    """Write the archive again, ``change`` writing each entry; with ``state`` the manifest names one more file."""
    with zipfile.ZipFile(run / INPUTS) as archive:
        entries = [(entry, archive.read(entry)) for entry in archive.infolist()]
    with zipfile.ZipFile(run / INPUTS, "w") as archive:
        for entry, content in entries:
            change(archive, entry, content)
    if state:
        manifest = json.loads((run / "manifest.json").read_text())
        manifest["inputs"][state] = "0" * 64
        (run / "manifest.json").write_text(json.dumps(manifest))


def plain(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, content: bytes) -> None:
    archive.writestr(entry, content)


def test_every_trick_of_an_archive_is_refused(root: Path, tmp_path: Path) -> None:
    run = kept_run(root, tmp_path / "run")
    whole, manifest = (run / INPUTS).read_bytes(), (run / "manifest.json").read_text()
    assert check_kept(run) == ()

    def edited(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, content: bytes) -> None:
        archive.writestr(entry, content + b"#" if entry.filename == "data/region.yaml" else content)

    def dropped(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, content: bytes) -> None:
        if entry.filename != "data/region.yaml":
            archive.writestr(entry, content)

    def linked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, content: bytes) -> None:
        if entry.filename == "data/region.yaml":
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, content)

    def doubled(name: str) -> Callable[[zipfile.ZipFile, zipfile.ZipInfo, bytes], None]:
        def change(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, content: bytes) -> None:
            archive.writestr(entry, content)
            if entry.filename == "data/region.yaml":
                archive.writestr(name, content)

        return change

    outside = ("../evil.py", "/etc/evil", "data/../../evil", "C:evil", "a\\evil", "data/nul.csv")
    tricks = [
        (edited, "", r"data/region\.yaml: changed since the run"),
        (dropped, "", r"data/region\.yaml: is in the manifest, not in the archive"),
        (doubled("data/more.csv"), "", r"data/more\.csv: is in the archive, not in the manifest"),
        (linked, "", "no plain file"),
        (doubled("DATA/region.yaml"), "DATA/region.yaml", "stands twice"),
        *((doubled(name), name, "no name of an input") for name in outside),
    ]
    for change, state, message in tricks:
        rewritten(run, change, state)
        with pytest.raises(InputError, match=message), opened_inputs(run):
            raise AssertionError
        (run / INPUTS).write_bytes(whole)
        (run / "manifest.json").write_text(manifest)
    assert not list(tmp_path.rglob("*evil*"))


def test_spoilt_archives_and_runs_without_one_are_explained(root: Path, tmp_path: Path) -> None:
    run = kept_run(root, tmp_path / "run")
    whole = (run / INPUTS).read_bytes()
    for spoilt in (b"", b"PK", whole[: len(whole) // 2], whole[:2000] + b"\0" * 50 + whole[2050:]):
        (run / INPUTS).write_bytes(spoilt)
        assert len(check_kept(run)) == 1
    (run / INPUTS).unlink()
    assert "made by an earlier version" in check_kept(run)[0]
    (run / "manifest.json").write_text("[" * 100_000)
    assert "cannot be read" in check_kept(run)[0]
