"""Kept studies: found again for the same inputs and code only, sound or not at all, never in the way."""

import errno
import shutil
from pathlib import Path

import pytest

from actuarial.basis.instrument import load_instrument
from actuarial.basis.scenario import load_scenario
from actuarial.execution.whole import whole_folder
from actuarial.reporting import study_cache
from actuarial.reporting.manifest import write_sums
from actuarial.reporting.study_cache import FLOORS, fetch, keep, study_key

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BASE = load_scenario("base", SCENARIOS)
INSTRUMENT = load_instrument("eac-directive", SCENARIOS)
INPUTS = {"data/a.csv": "aa", "data/schemes/b.yaml": "bb"}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ACTUARIAL_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "studies"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small package with the same floors."""
    folder = tmp_path / "package"
    for floor in (*FLOORS, "reporting"):
        (folder / floor).mkdir(parents=True)
        (folder / floor / "module.py").write_text("x = 1\n")
    (folder / "__init__.py").write_text("")
    return folder


def results(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "study.json").write_text('{"meta": {}}')
    (folder / "RWA.yearly.csv").write_text("year,reserve\n2026,1.5\n")
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


@pytest.mark.parametrize("name", sorted(INPUTS))
@pytest.mark.parametrize("digest", ["", "aa", "bb", "ab"])
def test_any_changed_input_is_another_study(name: str, digest: str, package: Path) -> None:
    changed = {**INPUTS, name: digest}
    assert (study_key(changed, BASE, INSTRUMENT, package) == study_key(INPUTS, BASE, INSTRUMENT, package)) == (changed == INPUTS)


def test_another_scenario_in_the_folder_is_the_same_study() -> None:
    assert study_key({**INPUTS, "scenarios/mine.yaml": "cc"}, BASE, INSTRUMENT) == study_key(INPUTS, BASE, INSTRUMENT)


def test_a_file_more_a_lever_or_a_provision_is_another_study() -> None:
    first = study_key(INPUTS, BASE, INSTRUMENT)
    economy = BASE.economy.model_copy(update={"real_return_add": 0.001})
    others = [
        study_key({**INPUTS, "data/b.csv": "aa"}, BASE, INSTRUMENT),
        study_key(INPUTS, BASE.model_copy(update={"economy": economy}), INSTRUMENT),
        study_key(INPUTS, BASE, INSTRUMENT.model_copy(update={"entry_into_force": INSTRUMENT.entry_into_force + 1})),
    ]
    assert len({first, *others}) == 4
    assert first == study_key(dict(reversed(INPUTS.items())), BASE, INSTRUMENT)


@pytest.mark.parametrize("floor", FLOORS)
def test_any_changed_source_is_another_study(floor: str, package: Path) -> None:
    first = study_key(INPUTS, BASE, INSTRUMENT, package)
    (package / "reporting" / "module.py").write_text("x = 2\n")
    assert study_key(INPUTS, BASE, INSTRUMENT, package) == first
    (package / floor / "module.py").write_text("x = 2\n")
    assert study_key(INPUTS, BASE, INSTRUMENT, package) != first


def test_another_python_or_package_is_another_study(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = {study_key(INPUTS, BASE, INSTRUMENT)}
    monkeypatch.setattr(study_cache.platform, "python_version", lambda: "9.9.9")
    keys.add(study_key(INPUTS, BASE, INSTRUMENT))
    monkeypatch.setattr(study_cache.metadata, "version", lambda name: "0")
    keys.add(study_key(INPUTS, BASE, INSTRUMENT))
    assert len(keys) == 3


def test_the_floors_are_those_of_the_package() -> None:
    """Everything the study may import is part of the key: what is left out draws or takes orders."""
    package = Path(study_cache.__file__).parents[1]
    folders = {p.name for p in package.iterdir() if (p / "__init__.py").is_file()}
    assert folders - set(FLOORS) <= {"reporting", "commands", "lab", "input_workbook", "validation", "audit"} and set(FLOORS) <= folders
    for floor in FLOORS:
        for path in (package / floor).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert "actuarial.reporting" not in text.replace(":mod:`actuarial.reporting", "").replace(":func:`actuarial.reporting", ""), path


def test_a_kept_study_comes_back_with_the_same_bytes(cache: Path, tmp_path: Path) -> None:
    assert not fetch("k", tmp_path / "none")
    original = results(tmp_path / "results")
    assert keep("k", original) and keep("k", original)
    assert fetch("k", tmp_path / "copy")
    assert content(tmp_path / "copy") == content(original)
    assert [p.name for p in cache.iterdir()] == ["k"]


@pytest.mark.parametrize("damage", ["changed", "missing", "added", "sums", "half deleted"])
def test_a_damaged_entry_is_deleted_and_counts_as_absent(cache: Path, tmp_path: Path, damage: str) -> None:
    keep("k", results(tmp_path / "results"))
    table = cache / "k" / "RWA.yearly.csv"
    if damage == "changed":
        table.write_text(table.read_text().replace("1.5", "1.6"))
    elif damage == "missing":
        table.unlink()
    elif damage == "added":
        (cache / "k" / "more.csv").write_text("")
    elif damage == "half deleted":  # a process was killed while it deleted the entry
        (cache / "k" / "SHA256SUMS").unlink()
    else:
        (cache / "k" / "SHA256SUMS").write_text("nonsense")
    assert not fetch("k", tmp_path / "copy")
    assert not (tmp_path / "copy").exists() and not (cache / "k" / "SHA256SUMS").exists()
    assert keep("k", tmp_path / "results") and fetch("k", tmp_path / "copy")


def test_a_sound_entry_survives_a_full_disk(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The place of the copy is at fault: the run must fail, and the entry stay."""
    keep("k", results(tmp_path / "results"))

    def full(source: Path, to: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(source), None, str(to))

    monkeypatch.setattr(study_cache.shutil, "copyfile", full)
    with pytest.raises(OSError, match="No space left"):
        fetch("k", tmp_path / "copy")
    monkeypatch.undo()
    monkeypatch.setenv("ACTUARIAL_CACHE", str(tmp_path / "cache"))
    assert not (tmp_path / "copy").exists() and fetch("k", tmp_path / "copy")


def test_what_killed_processes_left_is_swept_and_blocks_nothing(cache: Path, tmp_path: Path) -> None:
    original = results(tmp_path / "results")
    (cache / ".k.writing-0123456789ab").mkdir(parents=True)
    (cache / ".k.lock").write_text("")
    (cache / ".other.lock").write_text("")
    assert keep("k", original) and fetch("k", tmp_path / "copy")
    assert [p.name for p in cache.iterdir()] == ["k"]


def test_two_processes_that_keep_the_same_study_do_no_harm(cache: Path, tmp_path: Path) -> None:
    original = results(tmp_path / "results")
    with whole_folder(cache / "k") as first:
        assert not keep("k", original)
        study_cache.copy_files(original, first)
        write_sums(first)
    assert fetch("k", tmp_path / "copy") and content(tmp_path / "copy") == content(original)


def test_a_user_without_a_home_has_no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("ACTUARIAL_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(study_cache.Path, "home", homeless)
    assert not keep("k", results(tmp_path / "results")) and not fetch("k", tmp_path / "copy")


def test_a_cache_that_cannot_be_written_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("ACTUARIAL_CACHE", str(tmp_path / "file"))
    assert not keep("k", results(tmp_path / "results"))
    assert not fetch("k", tmp_path / "copy")


def test_only_the_latest_entries_are_kept(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setattr(study_cache, "KEPT", 2)
    original = results(tmp_path / "results")
    for age, key in enumerate(("a", "b", "c")):
        keep(key, original)
        os.utime(cache / key, (1000 + age, 1000 + age))
    assert fetch("b", tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy")
    keep("d", original)
    assert sorted(p.name for p in cache.iterdir()) == ["b", "d"]
