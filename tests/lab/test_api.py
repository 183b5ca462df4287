"""The public interface: found lazily, tidy, from the cache, with clear complaints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import actuarial
from actuarial import Study, countries, instruments, load_run, scenarios, study
from actuarial.basis.errors import InputError
from actuarial.feasibility.result import write_study
from actuarial.lab.kept import Inputs
from actuarial.lab.model_files import write_model
from actuarial.reporting.study_cache import keep
from tests.lab.models import model
from tests.reporting.synthetic import synthetic_study


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = "{'numpy', 'pandas', 'matplotlib', 'pydantic', 'actuarial.lab'}"
    code = f"import sys, actuarial; assert dir(actuarial); print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_every_public_name_is_there_and_documented() -> None:
    for name in actuarial.__all__:
        assert getattr(actuarial, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'studies'"):
        _ = actuarial.studies


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    """A made-up study and model, kept as those of the base."""
    monkeypatch.setenv("ACTUARIAL_CACHE", str(tmp_path / "cache"))
    inputs = Inputs.read(Path(actuarial.__file__).parents[1], "base", "eac-directive")
    write_study(synthetic_study(), tmp_path / "results")
    write_model(model(), tmp_path / "model")
    assert keep(inputs.key, tmp_path / "results") and keep(inputs.model_key, tmp_path / "model")
    return study()


def test_five_lines_to_a_tidy_table(kept: Study) -> None:
    yearly = kept.yearly("KEN")
    assert list(yearly.columns) == ["country", "case", "year", "variable", "value"]
    assert not yearly.duplicated(["country", "case", "year", "variable"]).any()
    reserve = yearly.query("variable == 'reserve' and case == 'with'")["value"].to_numpy()
    assert reserve == pytest.approx(kept.yearly("KEN", wide=True).query("case == 'with'")["reserve"].to_numpy())
    assert set(kept.yearly(["KEN", "RWA"])["country"]) == {"KEN", "RWA"}
    assert set(kept.ladder()["country"]) <= set(kept.countries) and "pv" in kept.ladder("RWA")
    for table in (kept.indicators("RWA"), kept.corridors("RWA"), kept.assumptions("RWA"), kept.calibration("RWA"), kept.transfers(), kept.checks()):
        assert len(table)
    assert kept.about["scenario"] == "base"
    with pytest.raises(InputError, match="KEM"):
        kept.yearly("KEM")


def test_tables_are_the_callers_own(kept: Study) -> None:
    for table, column in ((kept.checks(), "passed"), (kept.yearly("KEN", wide=True), "reserve")):
        table[column] = 0
    assert kept.checks()["passed"].all() and (kept.yearly("KEN", wide=True)["reserve"] != 0.0).any()


def test_the_explorer_opens_from_the_cache(kept: Study) -> None:
    explorer = kept.explorer()
    assert explorer.countries == ("RWA", "KEN")
    assert explorer.at(off=["export"]).ladder("RWA")["pv"].sum() < explorer.at().ladder("RWA")["pv"].sum()


def test_a_run_reads_back(kept: Study, tmp_path: Path) -> None:
    write_study(kept.result, tmp_path / "run" / "results")
    for place in (tmp_path / "run", str(tmp_path / "run" / "results")):
        run = load_run(place)
        assert run.yearly("RWA").equals(kept.yearly("RWA"))
    with pytest.raises(InputError, match="results only"):
        run.explorer()
    with pytest.raises(InputError, match="is no run"):
        load_run(tmp_path / "cache")


def test_what_there_is_to_choose_from() -> None:
    assert "base" in scenarios() and "eac-directive" in instruments() and "KEN" in countries()
    with pytest.raises(InputError, match="did you mean 'base'"):
        study("bass")
