"""The command ``microsimulate``: what it writes, its exit codes, and what cannot be asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from actuarial import cli
from actuarial.basis.scenario import Scenario
from actuarial.feasibility.engine import PreparedRegion, prepare_region
from actuarial.feasibility.inputs import StudyBasis
from actuarial.feasibility.microsimulation_check import Check, check, verdict
from actuarial.reporting.microsimulation_view import as_json, as_text


@pytest.fixture(scope="module", autouse=True)
def people_projected_once() -> Iterator[None]:
    """The command projects people anew each time it is called; here the calls share what it projected first."""
    with pytest.MonkeyPatch.context() as patch:
        kept: dict[str, PreparedRegion] = {}

        def once(basis: StudyBasis, scenario: Scenario, *rest: Any) -> PreparedRegion:
            return kept.setdefault(scenario.name, kept.get(scenario.name) or prepare_region(basis, scenario, *rest))

        patch.setattr("actuarial.feasibility.engine.prepare_region", once)
        yield


def test_a_small_run_writes_text_json_and_csv(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Check] = []

    def once(*arguments: object) -> Check:
        if not kept:
            kept.append(check(*arguments))  # type: ignore[arg-type]
        return kept[0]

    monkeypatch.setattr("actuarial.feasibility.microsimulation_check.check", once)
    ask = ["microsimulate", "--corridor", "RWA-UGA", "--persons", "2e4", "--seed", "5"]
    assert cli.main([*ask, "--csv", str(tmp_path / "out")]) == 0
    text = capsys.readouterr().out
    for words in ("20,000 persons, seed 5", "RWA-UGA female", "chance expects", "The lattice and the persons agree.", "Time taken", "years abroad"):
        assert words in text
    written = pd.read_csv(tmp_path / "out" / "comparison.csv")
    assert len(written) == len(kept[0].comparison) > 80 and written["corridor"].nunique() == 2
    assert (tmp_path / "out" / "gains-by-sex-age-at-migration-years-abroad.csv").exists()
    assert cli.main([*ask, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["agrees"] is True and answer["persons"] == 20_000 and len(answer["comparison"]) == len(written)
    assert set(answer["gains"]) >= {"insured", "sex", "age_at_migration", "years_abroad"}
    # A lattice that is wrong ends with 1 and says so.
    table = kept[0].comparison.assign(z=9.0)
    wrong = Check(**{**kept[0].__dict__, "comparison": table, "verdict": verdict(table)})
    kept[0] = wrong
    assert cli.main(ask) == 1
    assert "THEY DISAGREE" in capsys.readouterr().out
    assert as_text(wrong, every=True).count("\n") > as_text(wrong).count("\n")
    assert json.loads(as_json(wrong))["agrees"] is False


def test_third_states_are_answered(capsys: pytest.CaptureFixture[str]) -> None:
    ask = ["microsimulate", "--third-states", "RWA", "--persons", "4000", "--third-factor", "0"]
    assert cli.main(ask) == 0
    assert "RWA female: 4,000 persons" in capsys.readouterr().out
    assert cli.main([*ask, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [r["sex"] for r in answer["origins"]] == ["male", "female"]
    assert all(e["cost"][0] == e["cost"][1] for r in answer["origins"] for e in r["schemes"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--corridor", "RWA-UGX"], "did you mean 'RWA-UGA'"),
        (["--corridor", "SOM-SSD"], "neither country has a collecting scheme"),
        (["--persons", "0"], "--persons 0: allowed"),
        (["--corridor", "RWA-UGA", "--persons", "1"], "fewer than the 2 corridors and sexes"),
        (["--scenario", "bass"], "base"),
        (["--third-states", "ABC"], "unknown origin 'ABC'"),
        (["--third-states", "RWA", "--third-factor", "-1"], "allowed 0 to 1000"),
    ],
)
def test_what_cannot_be_asked(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["microsimulate", *options]) == 2
    assert message in capsys.readouterr().err


def test_a_number_of_persons_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["microsimulate", "--persons", "1.5"]) == 2
    assert "--persons 1.5: expected a whole number, allowed 1 to 2147483647" in capsys.readouterr().err
