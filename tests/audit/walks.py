"""Two versions of the real inputs, and figures that are a cheap function of them in place of a study."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import pandas as pd

from actuarial.audit.change_inputs import Inputs, read_inputs
from actuarial.basis.yaml_file import read_yaml
from actuarial.input_workbook.yaml_edit import edited_yaml
from actuarial.reporting.change_record import DATE, INDEX, RATE

ROOT = Path(__file__).parents[2]
PARAMS = "data/schemes/RWA-rssb/params.yaml"
POPULATION = "data/population/population.csv"
GROWTH = "data/economy/long_run.csv"
Edit = Callable[[Path], None]


def yaml_edit(name: str, *keys: str | int, value: str) -> Edit:
    """Replaces one value of a YAML file of the copy."""

    def edit(root: Path) -> None:
        path = root / name
        path.write_text(edited_yaml(path.read_text(encoding="utf-8"), {keys: value}), encoding="utf-8")

    return edit


def cell_edit(name: str, row: str, column: str, value: str) -> Edit:
    """Replaces one cell of a CSV table of the copy: the row that begins with ``row``."""

    def edit(root: Path) -> None:
        path = root / name
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        first = frame[list(frame.columns[: row.count(",") + 1])].agg(",".join, axis=1)
        assert (first == row).sum() == 1
        frame.loc[first == row, column] = value
        frame.to_csv(path, index=False, lineterminator="\n")

    return edit


SCENARIO = yaml_edit("scenarios/base.yaml", "migration", "outflow_multiplier", value="1.5")
INSTRUMENT = yaml_edit("scenarios/instruments/eac-directive/instrument.yaml", "provisions", "totalisation", "min_own_months", "value", value="24")
TAKE_UP = yaml_edit("scenarios/instruments/eac-directive/instrument.yaml", "administration", "share_of_coordinated_benefits", "value", value="0.05")
PEOPLE = cell_edit(POPULATION, "RWA,male,30", "2026", "99999.5")
WAGES = cell_edit(GROWTH, "RWA,real_wage_growth", "long_run", "0.031")
QUALIFYING = yaml_edit(PARAMS, "old_age", "qualifying_months", "value", value="120")
RESERVE = yaml_edit(PARAMS, "calibration", "reserve", "value", value="2e12")
WORDS = yaml_edit(PARAMS, "calibration", "reserve", "method", value='"said otherwise"')


def version(folder: Path, *edits: Edit, whole: bool = False) -> Inputs:
    """The project's inputs, copied and edited; without ``whole`` only what :class:`Fake` reads."""
    if whole:
        shutil.copytree(ROOT / "data", folder / "data", ignore=shutil.ignore_patterns("__pycache__"))
    else:
        for name in (PARAMS, POPULATION, GROWTH, "data/datapackage.json"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
        lines = (folder / POPULATION).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / POPULATION).write_text("".join([lines[0], *(line for line in lines if line.startswith("RWA"))]), encoding="utf-8")
    shutil.copytree(ROOT / "scenarios", folder / "scenarios")
    for edit in edits:
        edit(folder)
    return read_inputs(folder / "data", folder / "scenarios", "base", "eac-directive")


@dataclass
class Fake:
    """Figures with products of inputs of all classes, so that effects depend on the order; counts what it was asked for."""

    method: float = 1.0
    asked: list[Path] = field(default_factory=list)
    known: ClassVar[dict[Path, tuple[float, float, float]]] = {}

    def __call__(self, inputs: Inputs) -> pd.DataFrame:
        self.asked.append(inputs.data)
        if inputs.data not in self.known:
            self.known[inputs.data] = self.of(inputs)
        data, assumed, law = self.known[inputs.data]
        rows = [
            ("RWA", "payg_2050", "with", RATE, self.method * data * assumed * law),
            ("RWA", "payg_2050", "without", RATE, self.method * (data + assumed)),
            ("RWA", "exhaustion_year", "with", DATE, 2040.0 + round(10 * law)),
        ]
        return pd.DataFrame(rows, columns=[*INDEX, "kind", "value"]).set_index(list(INDEX))

    @staticmethod
    def of(inputs: Inputs) -> tuple[float, float, float]:
        """A product for each class."""
        people = pd.read_csv(inputs.path(POPULATION)).set_index(["country", "sex", "age"])["2026"]
        growth = pd.read_csv(inputs.path(GROWTH)).set_index(["country", "rate"])["long_run"]
        scheme = read_yaml(inputs.path(PARAMS)).data
        data = float(people.loc[("RWA", "male", 30)]) / 1e5 * scheme["calibration"]["reserve"]["value"] / 1e12
        growing = (1.0 + 10.0 * float(growth.loc[("RWA", "real_wage_growth")])) * inputs.scenario.migration.outflow_multiplier
        assumed = growing * (1.0 + inputs.instrument.administration.share_of_coordinated_benefits)
        law = scheme["old_age"]["qualifying_months"]["value"] / (100.0 + inputs.instrument.provisions.totalisation.min_own_months)
        return data, assumed, law
