"""A run made again from what it kept: the same figures and bytes; what was changed, in the run or in the software, is told."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from actuarial import cli
from actuarial.audit.platform_differences import Differences, differences
from actuarial.audit.reproduce import _compared, reproduce
from actuarial.audit.reproduction_text import as_text
from actuarial.audit.workbook_cells import differing_cells
from actuarial.basis.errors import InputError
from actuarial.reporting import produce as producing
from tests.audit.small_run import answer


def quiet(what: str, share: float) -> None:
    """No progress."""


def test_a_run_is_made_again_to_the_byte_although_its_inputs_are_gone(
    made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(monkeypatch)
    project = tmp_path / "project"
    shutil.copytree(made[0] / "notebooks", project / "notebooks")
    (project / "data").mkdir()
    (project / "scenarios" / "instruments").mkdir(parents=True)
    monkeypatch.setattr("actuarial.commands.reproduce.ROOT", project)
    assert cli.main(["reproduce", str(made[1]), "--jobs", "1"]) == 0
    said = capsys.readouterr().out
    assert "Software and machine: the same as then." in said
    assert " 0 not identical, 0 beyond 1e-09." in said
    assert "Verdict: reproduced, figures and bytes." in said


def without_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the writing of reports out, which takes most of the time of a small run."""
    monkeypatch.setattr(producing, "write_reports", lambda *_: None)


def test_a_changed_figure_and_a_changed_report_are_found(made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch)
    without_reports(monkeypatch)
    run = tmp_path / "run"
    shutil.copytree(made[1], run)
    shutil.rmtree(run / "RWA")
    table = run / "results" / "RWA.indicators.csv"
    lines = table.read_text().splitlines(keepends=True)
    indicator, unit, without, *rest = lines[1].split(",")
    lines[1] = ",".join([indicator, unit, repr(float(without) * 1.01), *rest])
    table.write_text("".join(lines))
    found = reproduce(run, made[0], tmp_path / "again", quiet)
    assert not found.equal and not found.figures.equal and found.bytes_due
    (gap,) = found.figures.beyond
    assert (gap.table, gap.row, gap.column) == ("RWA.indicators.csv", indicator, "without")
    assert gap.size == pytest.approx(0.01 / 1.01)
    assert found.differing == ("results/RWA.indicators.csv",)
    assert "results/RWA.indicators.csv: changed since the run" in found.changed
    assert "Verdict: NOT reproduced: figures differ." in as_text(run, found)
    assert (tmp_path / "again" / "inputs.zip").read_bytes() == (run / "inputs.zip").read_bytes()


def test_other_software_is_said_first_and_leaves_the_verdict_to_the_figures(
    made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch)
    without_reports(monkeypatch)
    run, project = tmp_path / "run", tmp_path / "project"
    shutil.copytree(made[1], run)
    shutil.copytree(made[0], project)
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["code"] |= {"code_sha256": "0" * 64, "commit": "0" * 40}
    manifest["environment"]["packages"]["numpy"] = "1.0"
    (run / "manifest.json").write_text(json.dumps(manifest))
    (project / "notebooks" / "country.ipynb").write_text((project / "notebooks" / "country.ipynb").read_text().replace("BytesIO", "StringIO"))
    found = reproduce(run, project, None, quiet)
    assert found.equal and not found.bytes_due and not found.bytes_equal
    said = as_text(run, found)
    order = ["the code is another", "numpy 1.0 then", "the template notebooks/country.ipynb is another; the project's is run", "Figures:", "Bytes:"]
    assert [said.index(text) for text in order] == sorted(said.index(text) for text in order)
    assert said.endswith("Verdict: figures of the tables reproduced; figures printed in reports were NOT compared byte for byte.\n")
    impossible = replace(found, software=replace(found.software, contradictions=("one commit, two hashes",)))
    assert not impossible.equal and "one commit, two hashes" in as_text(run, impossible)
    assert "Verdict: NOT reproduced" in as_text(run, impossible)


def workbook(path: Path, *rows: tuple[str | float, ...]) -> Path:
    """A workbook of one sheet, ``Sheet``."""
    made = openpyxl.Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    path.parent.mkdir(exist_ok=True, parents=True)
    made.save(path)
    return path


def test_figures_forged_inside_a_workbook_are_named_although_bytes_are_not_due(made: tuple[Path, Path], tmp_path: Path) -> None:
    run, again = tmp_path / "run", tmp_path / "again"
    for folder, rate in ((run, 0.13), (again, 0.12)):
        shutil.copytree(made[1] / "results", folder / "results")
        shutil.copy(made[1] / "manifest.json", folder)
        workbook(folder / "RWA" / "report.xlsx", ("rate", rate))
    found = _compared(run, again, (), Differences(("the code is another",), False))
    assert found.figures.equal and not found.bytes_due and not found.equal
    assert found.cells == ("RWA/report.xlsx, Sheet!B1: 0.13 then, 0.12 now",)
    assert "Verdict: NOT reproduced: figures of the tables are, figures inside workbooks differ." in as_text(run, found)
    (run / "RWA" / "report.xlsx").write_bytes(b"PK")
    (line,) = _compared(run, again, (), found.software).cells
    assert line.startswith("RWA/report.xlsx: figures cannot be compared")


def test_rounding_inside_workbooks_does_not_count_and_small_figures_do_not_hide(tmp_path: Path) -> None:
    one = workbook(tmp_path / "one.xlsx", ("amount", 1e12, 1e12 + 1), ("rate", 0.12, "=C1-B1"), ("left", 1e3, 5e11))
    other = workbook(tmp_path / "other.xlsx", ("Amount", 1e12 * (1 + 1e-12), 1e12 + 1), ("rate", 0.120001, "=C1-B2"), ("left", 1e3 + 1e-2, "none"))
    assert differing_cells(one, one, "x") == ()
    assert [line.split(":")[0] for line in differing_cells(one, other, "x")] == ["x, Sheet!B2", "x, Sheet!C2", "x, Sheet!C3"]


def test_one_unmodified_commit_cannot_have_two_hashes() -> None:
    code = {"commit": "a" * 40, "modified": False, "code_sha256": "1" * 64, "lock_sha256": "2" * 64}
    (said,) = differences({"code": code | {"code_sha256": "0" * 64}}, code, {}).contradictions
    assert "commit aaaaaaaaaaaa, unmodified then and now, cannot have two hashes of the code" in said
    for other in ({"commit": "b" * 40}, {"modified": True}, {"commit": None}, {"code_sha256": None}):
        assert differences({"code": code | {"code_sha256": "0" * 64} | other}, code, {}).contradictions == ()


def test_the_same_code_from_elsewhere_is_the_same_code() -> None:
    code = {"version": "1", "commit": "abc", "modified": True, "code_sha256": "1" * 64, "lock_sha256": "2" * 64}
    there: dict[str, Any] = {"code": code, "environment": {"python": "3.11.2", "packages": {"numpy": "2.0"}}}
    assert differences(there, code | {"commit": None, "modified": None}, there["environment"]).same_code
    assert differences(there, code | {"commit": None}, there["environment"]).said == ()
    other = differences(there, code | {"code_sha256": "3" * 64}, {"python": "3.12.0", "packages": {"numpy": "2.0", "new": "1"}})
    assert not other.same_code
    assert [line.split(":")[0] for line in other.said] == ["the code is another", "another Python", "other packages"]
    assert not differences({}, {}, {}).same_code


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "ensemble"}, "holds results of `actuarial ensemble`"),
        ({"parameters": {"scenario": "/etc/base.yaml", "instrument": "eac-directive", "countries": [], "language": "en"}}, "not among the inputs"),
        ({"parameters": {"scenario": "base", "instrument": "eac-directive", "countries": [7], "language": "en"}}, "not what a run writes"),
        ({"parameters": {"scenario": "base", "instrument": "eac-directive", "countries": ["../x"], "language": "en"}}, "unknown country"),
        ({"inputs": {}}, "not as the run wrote it"),
        ({"inputs": None}, "does not say what the run was made from"),
    ],
)
def test_what_is_no_run_to_make_again_is_refused(made: tuple[Path, Path], tmp_path: Path, change: dict[str, Any], message: str) -> None:
    run = tmp_path / "run"
    run.mkdir()
    for name in ("inputs.zip", "SHA256SUMS"):
        shutil.copy(made[1] / name, run)
    (run / "manifest.json").write_text(json.dumps(json.loads((made[1] / "manifest.json").read_text()) | change))
    with pytest.raises(InputError, match=message):
        reproduce(run, made[0], tmp_path / "again", quiet)
    assert not (tmp_path / "again").exists()


def test_the_run_is_never_written_over(made: tuple[Path, Path]) -> None:
    for out in (made[1], made[1] / "again", made[1].parent):
        with pytest.raises(InputError, match="is or holds the run itself"):
            reproduce(made[1], made[0], out, quiet)
