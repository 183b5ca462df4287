"""Tracing as somebody asks for it: figures and inputs by name, trees, what is refused."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from actuarial.audit.trace_back import movable
from actuarial.audit.trace_figures import Figures
from actuarial.audit.trace_inputs import chosen_input
from actuarial.audit.trace_move import copied, either_way, move
from actuarial.audit.trace_project import read_inputs
from actuarial.audit.trace_quantities import load_graph
from actuarial.audit.trace_reach import Reach
from actuarial.audit.trace_select import chosen_figure
from actuarial.audit.trace_source import newest_run
from actuarial.audit.trace_walk import Walk
from actuarial.basis.errors import InputError
from actuarial.cli import main
from actuarial.feasibility.register import assumptions_of
from tests.reporting.synthetic import synthetic_study, write_synthetic

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def walk() -> Walk:
    """A made-up study with the registers of the shipped inputs."""
    graph, study, read = load_graph(), synthetic_study(), read_inputs(ROOT, "base", "eac-directive")
    for c, country in enumerate(read.basis.countries):
        own = assumptions_of(read.basis, read.instrument, c)
        study.schemes[country] = replace(study.schemes[country], assumptions=own, scheme_id=read.basis.schemes[c].id)
    return Walk(Figures(study, graph), Reach.of(graph, study), ROOT, str)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of a run without its reports."""
    return write_synthetic(tmp_path_factory.mktemp("results"))


def test_a_cost_rate_is_shown_as_a_quotient_of_the_runs_figures(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "RWA", "payg_cost_rate", "2050", "--run", str(results), "--depth", "2"]) == 0
    text = capsys.readouterr().out
    assert "PAYG cost rate [yearly.payg_cost_rate], RWA, 2050, with the instrument" in text
    assert "the run states the same" in text
    assert "X_t / S_t" in text
    assert "actuarial/finance/indicators.py:" in text
    assert "  - Benefits [yearly.benefits], RWA, 2050" in text
    assert "    - Pensions of every type [yearly.pensions]" in text


def test_the_same_as_json(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "RWA", "payg_cost_rate", "2050", "--case", "difference", "--run", str(results), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    tree = answer["figure"]
    one, other = tree["made_from"]
    assert (one["case"], other["case"]) == ("with", "without")
    assert tree["value"] == one["value"] - other["value"]
    parts = {p["name"]: p["value"] for p in one["made_from"]}
    assert (parts["yearly.benefits"] + parts["yearly.administration"]) / parts["yearly.insurable_earnings"] == pytest.approx(one["value"], rel=1e-12)
    assert one["recomputed"]["agrees"] is True
    assert {line["confidence"] for line in answer["inputs"]} <= {"verified", "partial", "recalled", "derived", "assumed"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["KEM", "payg_cost_rate", "2050"], "unknown country 'KEM'; did you mean 'KEN'?"),
        (["KEN", "payg_cost_rat", "2050"], "unknown figure 'payg_cost_rat'; did you mean 'payg_cost_rate'?"),
        (["KEN", "payg_cost_rate"], "needs a year: 2026 to 2100"),
        (["KEN", "payg_cost_rate", "2150"], "year 2150: the study has 2026 to 2100"),
        (["KEN", "gap_75", "2050"], "has no year"),
        (["KEN", "corridors.pv_net_cost", "--at", "orign=UGA"], "did you mean 'origin'?"),
        (["KEN", "corridors.pv_net_cost", "--at", "origin=UGB"], "did you mean 'UGA'?"),
        (["KEN", "corridors.pv_net_cost", "--case", "without"], "has only the case difference"),
        (["KEN", "population.persons", "2050", "--case", "with"], "is the same in every case"),
        (["KEN", "benefits_with", "2050", "--case", "without"], "is the case with"),
        (["KEN"], "name a figure after the country"),
        (["--measure", "KEN", "gap_75"], "--measure needs --input"),
        (["--list", "--input", "x"], "name one of"),
        (["--input", "KEM:contributions.employee"], "did you mean 'KEN'?"),
        (["--input", "RWA:old_age.qualifying_month"], "did you mean 'old_age.qualifying_months'?"),
        (["--input", "data/economy/price.csv"], "did you mean 'data/economy/prices.csv'?"),
        (["--input", "data/economy/prices.csv:inflations"], "did you mean 'inflation'?"),
        (["--input", "data/economy/prices.csv:inflation:country=KEM"], "did you mean 'KEN'?"),
        (["--input", "RWA:inflation, long run", "--measure", "--by", "0"], "not 0"),
    ],
)
def test_what_cannot_be_traced_is_said(asked: list[str], said: str, walk: Walk, results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if "--input" in asked and "--measure" not in asked and "--list" not in asked:
        with pytest.raises(InputError) as error:
            chosen_input(walk, asked[1])
        assert said in str(error.value)
        return
    assert main(["trace", *asked, "--run", str(results)]) == 2
    assert said in capsys.readouterr().err


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trace", "KEN", "gap_75", "--run", str(tmp_path)]) == 2
    assert "not a finished run" in capsys.readouterr().err


def test_the_newest_finished_run_is_taken(results: Path, tmp_path: Path) -> None:
    assert newest_run(tmp_path) is None
    for name in ("old", "new", "unfinished"):
        shutil.copytree(results, tmp_path / name / "results")
    for name in ("old", "new"):
        (tmp_path / name / "manifest.json").write_text("{}", encoding="utf-8")
    stamp = (tmp_path / "old" / "manifest.json").stat().st_mtime
    os.utime(tmp_path / "new" / "manifest.json", (stamp + 10, stamp + 10))
    assert newest_run(tmp_path) == tmp_path / "new"


def test_rows_that_are_left_open_are_added_up(walk: Walk) -> None:
    figures = walk.figures
    whole, place = chosen_figure(figures, "RWA", "corridors.movers_2026", None, None, {})
    parts = [chosen_figure(figures, "RWA", "corridors.movers_2026", None, None, {"sex": sex})[1] for sex in ("male", "female")]
    assert figures.stated(whole, place) == pytest.approx(sum(figures.stated(whole, p) for p in parts), rel=1e-12)
    ratio, open_place = chosen_figure(figures, "RWA", "calibration.ratio", None, None, {})
    with pytest.raises(InputError, match="choose with --at KEY=VALUE. item: "):
        figures.stated(ratio, open_place)


def test_a_name_alone_means_the_table_that_fits(walk: Walk) -> None:
    def meant(name: str, year: int | None = None, **keys: str) -> str:
        return chosen_figure(walk.figures, "RWA", name, year, None, keys)[0].name

    assert meant("payg_cost_rate", 2050) == "yearly.payg_cost_rate"
    assert meant("pv_net_cost") == "indicators.pv_net_cost"
    assert meant("pv_net_cost", origin="UGA") == "corridors.pv_net_cost"
    assert meant("benefits", 2050, branch="employment_injury") == "branches.benefits"


def columns(walk: Walk, spec: str, table: str, country: str) -> tuple[set[str], set[str]]:
    """What an input can move of a table in a country: all, and what only the case with the instrument."""
    found = [m for m in movable(walk.reach, chosen_input(walk, spec)) if m.table.name == table and country in m.countries]
    assert len(found) <= 1
    return ({q.column for q in found[0].columns}, {n.partition(".")[2] for n in found[0].only_with}) if found else (set(), set())


def test_what_an_input_can_move(walk: Walk) -> None:
    every, only = columns(walk, "RWA:old_age.qualifying_months", "yearly", "RWA")
    assert {"new_pensions", "pensions", "reserve"} <= every
    assert not {"contributors", "insurable_earnings", "legal_rate"} & every
    assert only == {"administration"}
    assert columns(walk, "RWA:old_age.qualifying_months", "yearly", "BDI") == (set(), set())
    every, only = columns(walk, "instrument: provisions.totalisation", "yearly", "BDI")
    assert "pensions" in only
    assert every == only
    every, _ = columns(walk, "data/population/death_rates_male.csv", "population", "KEN")
    assert every == {"persons"}
    assert movable(walk.reach, chosen_input(walk, "data/uncertainty/mortality_index.csv")) == []


def test_a_line_of_the_region_moves_every_country_and_one_of_a_country_its_own(walk: Walk) -> None:
    shared = chosen_input(walk, "data/labour/shapes.csv")
    assert {c for _, c in shared.leaves} == set(walk.reach.kinds)
    assert {c for _, c in chosen_input(walk, "RWA:inflation, long run").leaves} == {"RWA"}
    assert {c for _, c in chosen_input(walk, "data/migration/stocks.csv:male:origin=UGA,host=KEN").leaves} == {"UGA", "KEN"}


def test_an_input_is_moved_in_a_copy_alone(walk: Walk, tmp_path: Path) -> None:
    copied(ROOT, tmp_path)
    written = {name: (ROOT / name).read_bytes() for name in ("data/schemes/RWA-rssb/params.yaml", "data/migration/stocks.csv")}
    before = read_inputs(ROOT, "base", "eac-directive")
    move(tmp_path, chosen_input(walk, "RWA:old_age.qualifying_months"), 0.01)
    move(tmp_path, chosen_input(walk, "data/migration/stocks.csv:male:origin=UGA,host=KEN"), 0.5)
    after = read_inputs(tmp_path, "base", "eac-directive")
    names = before.basis.countries
    changed = {}
    for country, one, other in zip(names, before.basis.schemes, after.basis.schemes, strict=True):
        differing = {a[0]: (a[1].value, b[1].value) for a, b in zip(one.figures(), other.figures(), strict=True) if a[1] != b[1]}
        changed |= {country: differing} if differing else {}
    assert list(changed) == ["RWA"]
    assert all(name.startswith("old_age.qualifying_months") and new > old for name, (old, new) in changed["RWA"].items())
    k = before.basis.migration.corridors.index(("UGA", "KEN"))
    ratio = after.basis.migration.stocks / before.basis.migration.stocks
    assert ratio[k, 0] == pytest.approx(1.5, nan_ok=True)
    assert ratio[k, 1] == pytest.approx(1.0, nan_ok=True)
    assert written == {name: (ROOT / name).read_bytes() for name in written}


def test_a_share_that_is_whole_moves_down(walk: Walk, tmp_path: Path) -> None:
    copied(ROOT, tmp_path)
    chosen = chosen_input(walk, "data/labour/participation.csv:participation:country=RWA")
    what = either_way(tmp_path, chosen, 0.9, lambda folder: read_inputs(folder, "base", "eac-directive"))
    assert float(what[0].after) < float(what[0].before)


def test_words_are_not_moved(walk: Walk, tmp_path: Path) -> None:
    copied(ROOT, tmp_path)
    with pytest.raises(InputError, match="name one of its lines"):
        move(tmp_path, chosen_input(walk, "data/region.yaml"), 0.01)
