"""Wrong input to a study: one message that names the place, before anything is computed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from actuarial.basis.errors import InputError
from actuarial.basis.instrument import Instrument
from actuarial.basis.scenario import Scenario
from actuarial.feasibility import study as study_module
from actuarial.feasibility.study import run_study
from tests.feasibility.conftest import DATA


@pytest.fixture(autouse=True)
def nothing_is_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("the region was run on wrong input")

    monkeypatch.setattr(study_module, "run_region", refuse)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the data that a test may spoil."""
    place = tmp_path / "data"
    shutil.copytree(DATA, place, ignore=shutil.ignore_patterns("derive", "__pycache__"))
    return place


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def provisions(instrument: Instrument, **changes: Any) -> Instrument:
    return instrument.model_copy(update={"provisions": instrument.provisions.model_copy(update=changes)})


@pytest.mark.parametrize(
    ("name", "value", "allowed"), [("retroactive_periods", False, "true"), ("retroactive_claims", True, "false")]
)
def test_provisions_that_are_not_projected_are_refused(
    scenario: Scenario, instrument: Instrument, name: str, value: bool, allowed: str
) -> None:
    with pytest.raises(InputError, match=rf"(?s)instrument eac-directive.*provisions\.{name} is {str(value).lower()}.*{allowed}"):
        run_study(DATA, scenario, provisions(instrument, **{name: value}))


def test_periods_before_entry_matter_only_where_periods_are_added_up(scenario: Scenario, instrument: Instrument) -> None:
    with pytest.raises(AssertionError, match="was run"):
        run_study(DATA, scenario, provisions(instrument.without("totalisation"), retroactive_periods=False), steps=False)


def test_an_unknown_member_is_named(scenario: Scenario, instrument: Instrument) -> None:
    with pytest.raises(InputError, match=r"instrument eac-directive: members ETH are not in the region BDI, COD, KEN"):
        run_study(DATA, scenario, instrument.model_copy(update={"members": ("KEN", "ETH")}))



@pytest.mark.parametrize(
    "name", ["region.yaml", "economy/prices.csv", "labour/participation.csv", "labour/careers.yaml", "migration/stocks.csv",
             "population/death_rates_male.csv", "schemes/KEN-nssf/params.yaml"],
)  # fmt: skip
def test_a_missing_table_is_named(data: Path, scenario: Scenario, instrument: Instrument, name: str) -> None:
    (data / name).unlink()
    with pytest.raises(InputError, match=name.replace("/params", ".*params")):
        run_study(data, scenario, instrument)


def test_currencies_that_do_not_agree_are_named(data: Path, scenario: Scenario, instrument: Instrument) -> None:
    edit(data / "schemes/BDI-inss/params.yaml", "currency: BIF", "currency: RWF")
    with pytest.raises(InputError, match=r"BDI-inss/params\.yaml") as refused:
        run_study(data, scenario, instrument)
    assert "BIF" in str(refused.value) and "RWF" in str(refused.value)


def test_an_amount_in_another_currency_is_named_with_its_line(data: Path, scenario: Scenario, instrument: Instrument) -> None:
    edit(data / "schemes/BDI-inss/params.yaml", "    unit: BIF per month", "    unit: KES per month")
    with pytest.raises(InputError, match=r"BDI-inss/params\.yaml, line \d+, contributions\.ceiling.*KES.*BIF"):
        run_study(data, scenario, instrument)


def test_a_negative_rate_is_named_with_its_line(data: Path, scenario: Scenario, instrument: Instrument) -> None:
    edit(data / "schemes/BDI-inss/params.yaml", "employee: {unit: share of capped gross earnings, value: 0.04",
         "employee: {unit: share of capped gross earnings, value: -0.04")  # fmt: skip
    with pytest.raises(InputError, match=r"BDI-inss/params\.yaml, line \d+, contributions\.employee.*-0\.04"):
        run_study(data, scenario, instrument)


def test_a_cell_that_is_no_number_is_named_with_its_line(data: Path, scenario: Scenario, instrument: Instrument) -> None:
    edit(data / "economy/prices.csv", "BDI,BIF,1990,0.070022", "BDI,BIF,1990,seven")
    with pytest.raises(InputError, match=r"economy/prices\.csv.*2.*seven"):
        run_study(data, scenario, instrument)


def test_several_problems_of_a_file_come_in_one_message(data: Path, scenario: Scenario, instrument: Instrument) -> None:
    path = data / "labour/careers.yaml"
    edit(path, "{age: 25, rate: 0.14}", "{age: 25, rate: -0.14}")
    edit(path, "value: 1.0", "value: -1.0")
    with pytest.raises(InputError, match=r"careers\.yaml: 2 problems") as refused:
        run_study(data, scenario, instrument)
    assert "-0.14" in str(refused.value) and "migrant_coverage" in str(refused.value)
