"""The command ``diff`` and the hook of ``reports --previous``, on small runs whose engine is made up."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from actuarial.audit.change_runs import SincePrevious, same_code
from actuarial.cli import main
from actuarial.feasibility.result import StudyResult
from actuarial.reporting.change_record import read_change
from tests.audit.small_run import answer, small_run
from tests.reporting.synthetic import synthetic_study


def dearer() -> StudyResult:
    """The made-up study with another net cost in one scheme."""
    study = synthetic_study()
    scheme = study.schemes["RWA"]
    table = scheme.indicators.copy()
    table.loc[table["indicator"] == "pv_net_cost", "difference"] *= 1.5
    return replace(study, schemes={**study.schemes, "RWA": replace(scheme, indicators=table)})


def refused() -> StudyResult:
    raise AssertionError("nothing is to be computed")


@pytest.fixture
def second(made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A later run: another figure in the scenario, and results that are dearer; it was given the earlier one."""
    root, first = made
    shutil.copytree(root, tmp_path / "clone")
    path = tmp_path / "clone" / "scenarios" / "base.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("outflow_multiplier: 1.0 ", "outflow_multiplier: 1.25 "), encoding="utf-8")
    answer(monkeypatch, dearer)
    out = small_run(tmp_path / "clone", tmp_path / "second", since=SincePrevious(first))
    answer(monkeypatch, refused)
    return out


def test_a_run_against_itself(made: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    answer(monkeypatch, refused)
    run = str(made[1])
    assert main(["diff", run, run, "--country", "RWA"]) == 0
    said = capsys.readouterr().out
    assert "nothing that a study reads" in said and "Largest residual: 0.0e+00" in said and "Rwanda" in said


def test_one_assumption_between_two_runs(made: tuple[Path, Path], second: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(made[1]), str(second), "--csv", str(tmp_path / "tables")]) == 0
    assert "scenario, migration.outflow_multiplier: 1.0 → 1.25; assumptions" in capsys.readouterr().out
    effects = pd.read_csv(tmp_path / "tables" / "effects.csv").set_index(["country", "figure"])
    line = effects.loc[("RWA", "pv_net_cost")]
    assert line["assumptions"] == pytest.approx(line["previous"] / 2.0, rel=1e-12) and line["law"] == line["data"] == line["method"] == 0.0
    assert pd.read_csv(tmp_path / "tables" / "entries.csv")["moves_figures"].tolist() == [True]
    kept = read_change(second / "results")
    assert kept is not None and kept.how.computed == ("assumptions",)
    manifest = json.loads((second / "manifest.json").read_text(encoding="utf-8"))
    earlier = json.loads((made[1] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["attached"]["change"]["previous"] == earlier["identity"] and "change" in manifest["uncertainty"]


def test_what_cannot_be_compared(made: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = str(made[1])
    spoilt = tmp_path / "spoilt"
    shutil.copytree(made[1], spoilt)
    (spoilt / "results" / "RWA.yearly.csv").write_text("", encoding="utf-8")
    for arguments, said in (
        ([run, str(tmp_path / "none")], "not a finished run"),
        ([run, str(spoilt)], "is not as it was written"),
        ([run, run, "--country", "RWX"], "did you mean 'RWA'"),
        ([run, run, "--order", "law,data"], "--order law,data"),
    ):
        assert main(["diff", *arguments]) == 2
        assert said in capsys.readouterr().err


def test_same_code_needs_a_known_state() -> None:
    machine = {"python": "3.11.7", "system": "Linux", "machine": "x86_64", "packages": {"numpy": "2.4"}}
    one = {"code": {"code_sha256": "a"}, "environment": machine}
    assert same_code(one, one)
    assert not same_code(one, {**one, "code": {"code_sha256": "b"}})
    assert not same_code(one, {**one, "environment": {**machine, "packages": {"numpy": "2.5"}}})
    unknown = {"code": {"commit": "c", "modified": True}, "environment": machine}
    assert not same_code(unknown, unknown)
