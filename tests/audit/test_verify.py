"""What was changed in a finished run is named, also by who writes sums and manifest anew around it."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfWriter

from actuarial import cli
from actuarial.audit.verify import verify_run
from actuarial.basis.errors import InputError
from actuarial.basis.instrument import load_instrument
from actuarial.basis.scenario import load_scenario
from actuarial.commands.run_key import write_record
from actuarial.reporting.manifest import write_manifest
from tests.audit.small_run import REPOSITORY


@pytest.fixture
def run(made: tuple[Path, Path], tmp_path: Path) -> Path:
    """A copy of the run, to be changed."""
    shutil.copytree(made[1], tmp_path / "run")
    return tmp_path / "run"


def resealed(run: Path) -> None:
    """Sums and hashes of outputs written anew, as who wants to hide a change would do."""
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    del manifest["outputs"], manifest["schema"]
    write_manifest(run, manifest)


def test_an_untouched_run_is_as_it_was_written(made: tuple[Path, Path], run: Path) -> None:
    found = verify_run(run, made[0])
    assert found.problems == () and found.moved == ()
    assert found.carrying == 4 and found.inputs == len(json.loads((run / "manifest.json").read_text())["inputs"])
    assert found.seal == hashlib.sha256((run / "SHA256SUMS").read_bytes()).hexdigest()
    assert verify_run(run, made[0], found.seal.upper()).problems == ()


def test_changed_missing_and_new_files_are_named(made: tuple[Path, Path], run: Path) -> None:
    (run / "results" / "RWA.yearly.csv").write_text("year\n")
    (run / "RWA" / "report.html").unlink()
    (run / "note.txt").write_text("mine")
    assert verify_run(run, made[0]).problems == (
        "RWA/report.html: missing",
        "note.txt: not part of the run",
        "results/RWA.yearly.csv: changed since the run",
    )


def test_sums_written_anew_disagree_with_the_manifest_and_with_the_seal(made: tuple[Path, Path], run: Path) -> None:
    seal = verify_run(run, made[0]).seal
    path, sums = run / "results" / "RWA.yearly.csv", run / "SHA256SUMS"
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    path.write_text("year\n")
    sums.write_text(sums.read_text().replace(before, hashlib.sha256(path.read_bytes()).hexdigest()))
    assert verify_run(run, made[0]).problems == ("results/RWA.yearly.csv: SHA256SUMS and manifest.json state different hashes",)
    resealed(run)
    assert verify_run(run, made[0]).problems == ()  # consistent again: only the seal knows, or making the run again
    (problem,) = verify_run(run, made[0], seal).problems
    assert problem.startswith("SHA256SUMS: its SHA-256 is ") and problem.endswith("not the seal given")


def of_another_study(path: Path, identity: str) -> None:
    """Let a report carry another identity, as one of another study would."""
    other = "f" * 64
    if path.suffix == ".html":
        path.write_text(path.read_text().replace(identity, other))
    elif path.suffix == ".pdf":
        writer = PdfWriter()
        writer.add_blank_page(100, 100)
        writer.add_attachment("made_from.json", json.dumps({"identity": other}).encode())
        writer.write(path)
    else:
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content.replace(identity.encode(), other.encode()))


@pytest.mark.parametrize("name", ["report.pdf", "report.html", "report.docx", "report.xlsx"])
def test_a_report_of_another_study_is_found_out(made: tuple[Path, Path], run: Path, name: str) -> None:
    of_another_study(run / "RWA" / name, json.loads((run / "manifest.json").read_text())["identity"])
    resealed(run)
    (problem,) = verify_run(run, made[0]).problems
    assert problem.startswith(f"RWA/{name}: was made from other inputs (ffffffffffffffff...)")


def test_spoilt_and_silent_reports_are_named(made: tuple[Path, Path], run: Path) -> None:
    (run / "RWA" / "report.pdf").write_bytes(b"%PDF-1.7\n1 0 obj")
    (run / "RWA" / "report.docx").write_bytes(b"PK\3\4")
    (run / "RWA" / "report.html").write_text("<p>no head</p>")
    with zipfile.ZipFile(run / "RWA" / "report.xlsx", "w") as book:
        book.writestr("docProps/core.xml", "")
    resealed(run)
    problems = verify_run(run, made[0]).problems
    assert [p.split(":")[0] for p in problems] == ["RWA/report.docx", "RWA/report.html", "RWA/report.pdf", "RWA/report.xlsx"]
    assert sum("does not say what it was made from" in p for p in problems) == 2


def test_a_record_or_inputs_changed_behind_fresh_sums_are_found_out(made: tuple[Path, Path], run: Path) -> None:
    record = run / "results" / "made_from.json"
    record.write_text(record.read_text().replace('"base"', '"best"'))
    resealed(run)
    problems = verify_run(run, made[0]).problems
    assert any(p.startswith("results/made_from.json: ") and "identity" in p for p in problems)
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["inputs"]["data/region.yaml"] = "0" * 64
    (run / "manifest.json").write_text(json.dumps(manifest))
    assert any(p.startswith("inputs.zip: ") and "data/region.yaml: changed" in p for p in verify_run(run, made[0]).problems)


@pytest.mark.parametrize(
    ("entry", "value", "problem"),
    [
        ("parameters", {"scenario": "high-mobility"}, "manifest.json: the scenario of parameters is high-mobility, that of the study base"),
        ("parameters", {"instrument": "given/instrument/other/instrument.yaml"}, "the instrument of parameters is other, that of the study"),
        ("parameters", {"countries": ["KEN"]}, "manifest.json: its parts are not those of the countries asked for"),
        ("parameters", {"language": "fr"}, "RWA/report.ipynb: is in the language en; manifest.json says fr"),
        ("study", {"scenario": "best"}, "results/study.json: states other scenario than manifest.json"),
        ("parts", ["RWA", "../x"], "manifest.json: '../x' is no part of a run"),
    ],
)
def test_a_manifest_that_contradicts_itself_is_found_out(made: tuple[Path, Path], run: Path, entry: str, value: Any, problem: str) -> None:
    manifest = json.loads((run / "manifest.json").read_text())
    manifest[entry] = manifest[entry] | value if isinstance(value, dict) else value
    (run / "manifest.json").write_text(json.dumps(manifest))
    resealed(run)
    assert any(problem in line for line in verify_run(run, made[0]).problems)


@pytest.mark.parametrize("name", ["report.pdf", "report.ipynb"])
def test_a_report_taken_away_behind_fresh_sums_is_missed(made: tuple[Path, Path], run: Path, name: str) -> None:
    (run / "RWA" / name).unlink()
    resealed(run)
    assert verify_run(run, made[0]).problems == (f"RWA/{name}: missing, and every part of a run has one",)


def test_how_the_project_moved_on_is_told_and_no_fault_of_the_run(made: tuple[Path, Path], run: Path, tmp_path: Path) -> None:
    now = tmp_path / "now"
    shutil.copytree(made[0], now)
    (now / "data" / "region.yaml").write_text("members: []\n")
    (now / "data" / "more.csv").write_text("1\n")
    (now / "scenarios" / "high-mobility.yaml").unlink()
    found = verify_run(run, now)
    assert found.problems == ()
    assert found.moved == ("data/more.csv: was not there yet", "data/region.yaml: differs now", "scenarios/high-mobility.yaml: is no longer there")


def test_the_command(run: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run.parent)
    assert cli.main(["verify", "run"]) == 0
    said = capsys.readouterr().out
    seal = hashlib.sha256((run / "SHA256SUMS").read_bytes()).hexdigest()
    assert f"run: consistent with its own sums (seal {seal[:16]}...)" in said and "does not prove who wrote it" in said
    assert cli.main(["verify", "run", "--seal", seal]) == 0
    said = capsys.readouterr().out
    assert "run: every file is as it was when the seal was noted" in said and "prove" not in said
    (run / "RWA" / "report.html").write_text("better")
    assert cli.main(["verify", "run"]) == 1
    assert "run/RWA/report.html: changed since the run" in capsys.readouterr().err
    assert cli.main(["verify", "run", "--seal", "12"]) == 2
    assert cli.main(["verify", "nowhere"]) == 2
    with pytest.raises(InputError, match="not a finished run"):
        verify_run(run / "RWA", run)


def test_folders_of_sensitivity_and_ensemble_are_verified_too(tmp_path: Path) -> None:
    scenario = load_scenario("base", REPOSITORY / "scenarios")
    (tmp_path / "ensemble.parquet").write_bytes(b"table")
    write_record(tmp_path, "ensemble", scenario, load_instrument("eac-directive", REPOSITORY / "scenarios"), {"run": {"seed": 2026}})
    found = verify_run(tmp_path, REPOSITORY)
    assert (found.problems, found.files, found.inputs, found.moved) == ((), 2, None, ())
    (tmp_path / "ensemble.parquet").write_bytes(b"other")
    assert verify_run(tmp_path, REPOSITORY).problems == ("ensemble.parquet: changed since the run",)
    (tmp_path / "SHA256SUMS").unlink()
    with pytest.raises(InputError, match="it has no SHA256SUMS"):
        verify_run(tmp_path, REPOSITORY)
