"""Settings saved as files: read back they are the setting; nothing is overwritten; complaints say what to do."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from actuarial.basis.errors import InputError
from actuarial.basis.instrument import load_instrument
from actuarial.basis.scenario import load_scenario
from actuarial.feasibility.ladder import NAMES, instrument_at
from actuarial.lab.explorer import Explorer
from actuarial.lab.kept import Inputs
from actuarial.lab.saving import save_setting, scenario_of
from actuarial.lab.setting import Setting
from tests.lab.models import model

ROOT = Path(__file__).parents[2]
MOVED = Setting(flows=1.5, take_up=0.5, real_return=-0.01, corridors={"UGA-KEN": 2.0}, rungs=tuple(name for name in NAMES if name != "export"))


@cache
def shipped(scenario: str = "high-mobility", instrument: str = "eac-directive") -> Inputs:
    return Inputs.read(ROOT, scenario, instrument)


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    """The shipped scenarios in a folder of their own."""
    return replace(shipped(), root=copied(tmp_path))


def copied(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "data").symlink_to(ROOT / "data", target_is_directory=True)
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    return folder


@examples(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    setting=st.builds(
        Setting,
        rungs=st.sets(st.sampled_from(NAMES)).map(tuple),
        take_up=st.sampled_from([0.0, 0.35, 1.0]),
        flows=st.sampled_from([0.3, 1.0, 1.7]),
        real_wage=st.sampled_from([0.0, 0.0025]),
        corridors=st.sampled_from([{}, {"UGA-KEN": 1.5, "RWA-UGA": 0.0}]),
    ),
    instrument=st.sampled_from(["eac-directive", "phased", "transfer-model"]),
)
def test_what_is_saved_reads_back_as_the_setting(setting: Setting, instrument: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    base = shipped(instrument=instrument)
    if setting == Setting():
        return
    root = copied(tmp_path_factory.mktemp("root") / "r")
    saved = save_setting(replace(base, root=root), setting, "mine", title="A title")
    own = {"name", "title", "description", "extends"}
    read = load_scenario(saved.scenario, root / "scenarios")
    assert read.model_dump(exclude=own) == scenario_of(base.scenario, setting).model_dump(exclude=own)
    own = {"id", "title", "note", "figures"}
    law = load_instrument(saved.instrument, root / "scenarios")
    assert law.model_dump(exclude=own) == instrument_at(base.instrument, setting.rungs).model_dump(exclude=own)
    assert (saved.scenario == "mine") == bool(setting.moved()) and (saved.instrument == "mine") == bool(setting.off)


def test_levers_act_on_top_of_the_scenario(inputs: Inputs) -> None:
    saved = save_setting(inputs, MOVED, "mine")
    read = load_scenario("mine", inputs.root / "scenarios")
    assert read.migration.outflow_multiplier == pytest.approx(1.5 * inputs.scenario.migration.outflow_multiplier)
    assert read.payment.take_up_factor == 0.5 and read.economy.real_return_add == -0.01
    assert saved.command == "actuarial reports --scenario mine --instrument mine"
    assert [path.name for path in saved.files] == ["mine.yaml", "mine"]
    law = load_instrument("mine", inputs.root / "scenarios")
    assert not law.provisions.export
    figure = dict(law.figures)["provisions.export"]
    assert (figure.confidence, figure.source) == ("assumed", "own assumption") and "Switched off in the lab" in str(figure.reason)
    kept = dict(law.figures)["provisions.totalisation.min_own_months"]
    assert kept == dict(inputs.instrument.figures)["provisions.totalisation.min_own_months"]


def test_nothing_is_overwritten_unless_asked_for(inputs: Inputs) -> None:
    save_setting(inputs, MOVED, "mine")
    before = (inputs.root / "scenarios" / "mine.yaml").read_bytes()
    with pytest.raises(InputError, match="there is scenario 'mine' already; choose another name"):
        save_setting(inputs, replace(MOVED, flows=2.0), "mine")
    assert (inputs.root / "scenarios" / "mine.yaml").read_bytes() == before
    save_setting(inputs, replace(MOVED, flows=2.0), "mine", replace=True)
    assert (inputs.root / "scenarios" / "mine.yaml").read_bytes() != before
    with pytest.raises(InputError, match="is the scenario explored"):
        save_setting(inputs, MOVED, "high-mobility", replace=True)


@pytest.mark.parametrize(
    ("name", "setting", "complaint"),
    [
        ("", MOVED, "name: found ''"), ("../mine", MOVED, "small letters"), ("Mine", MOVED, "small letters"), ("base", MOVED, "already"),
        ("mine", Setting(), "nothing differs"), ("mine", Setting(corridors={"UGA-ETH": 2.0}), "ETH"),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_leaves_nothing(inputs: Inputs, name: str, setting: Setting, complaint: str) -> None:
    before = sorted((inputs.root / "scenarios").rglob("*"))
    with pytest.raises(InputError, match=complaint):
        save_setting(inputs, setting, name)
    assert sorted((inputs.root / "scenarios").rglob("*")) == before


def test_an_explorer_without_names_saves_nothing() -> None:
    explorer = Explorer(model())
    with pytest.raises(InputError, match="by name"):
        explorer.save(explorer.at(flows=2.0), "mine")
