"""The tables below data/: described, valid, unchanged since derived, and reproducible from the extracts."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from frictionless import Package

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
DESCRIPTOR = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {r["path"]: r for r in DESCRIPTOR["resources"]}
SOURCES = Path(os.environ.get("ACTUARIAL_SOURCES", ROOT.parent / "shared" / "data"))


def test_every_table_is_described_and_every_description_has_its_table() -> None:
    """Tables of schemes are not derived and are checked with the schemes."""
    found = {p.relative_to(DATA).as_posix() for p in DATA.rglob("*.csv") if "schemes" not in p.parts}
    assert found == set(RESOURCES)


@pytest.mark.parametrize("path", RESOURCES)
def test_checksum(path: str) -> None:
    content = (DATA / path).read_bytes()
    assert b"\r" not in content
    assert len(content) == RESOURCES[path]["bytes"] < 1_000_000
    assert f"sha256:{hashlib.sha256(content).hexdigest()}" == RESOURCES[path]["hash"], (
        "changed by hand: run python data/derive"
    )


def test_frictionless_validates_every_table() -> None:
    report = Package(str(DATA / "datapackage.json")).validate()
    problems = [f"{task.name}: {error.message}" for task in report.tasks for error in task.errors]
    assert report.valid, "\n".join(problems + [str(e) for e in report.errors])
    assert len(report.tasks) == len(RESOURCES)


@pytest.mark.parametrize("path", RESOURCES)
def test_description_is_complete(path: str) -> None:
    resource = RESOURCES[path]
    assert resource["title"]
    assert resource["description"]
    assert resource["confidence"] in {"verified", "partial", "recalled", "derived", "assumed", "mixed"}
    for field in resource["schema"]["fields"]:
        assert field["type"] in {"string", "integer", "number", "year", "boolean"}
        assert field["unit"] or field["type"] != "number", field["name"]
        assert field["description"], field["name"]
    assert resource["sources"]
    for source in resource["sources"]:
        assert all(source[key] for key in ("title", "path", "publisher", "edition", "licence"))


@pytest.mark.skipif(
    not (SOURCES / "eac").is_dir(), reason="the source extracts are not at hand; set ACTUARIAL_SOURCES to their folder"
)
@pytest.mark.slow
def test_deriving_again_gives_the_same_bytes(tmp_path: Path) -> None:
    command = [sys.executable, str(DATA / "derive"), str(SOURCES), "--out", str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    for path in [*RESOURCES, "datapackage.json"]:
        assert (tmp_path / path).read_bytes() == (DATA / path).read_bytes(), path


@pytest.mark.skipif(
    not (SOURCES / "eac").is_dir(), reason="the source extracts are not at hand; set ACTUARIAL_SOURCES to their folder"
)
def test_no_table_is_a_copy_of_an_extract() -> None:
    extracts = {hashlib.sha256(p.read_bytes()).hexdigest() for p in SOURCES.rglob("*") if p.is_file()}
    tables = {hashlib.sha256(p.read_bytes()).hexdigest() for p in DATA.rglob("*") if p.is_file()}
    assert not extracts & tables


def test_wrong_folder_is_told(tmp_path: Path) -> None:
    command = [sys.executable, str(DATA / "derive"), str(tmp_path)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert run.returncode == 2
    assert "holds no folder 'eac'" in run.stderr
