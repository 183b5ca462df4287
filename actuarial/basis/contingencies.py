"""Assumptions on what happens to insured people before pension age, read from ``data/labour/contingencies.yaml``.

1. Incidence holds for covered people only, by age at 1 January, and is the probability of a table without other causes (independent).
2. Between the ages given it runs in straight lines; before the first and after the last it is level.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from actuarial.basis.dimensions import WORK_AGE_COUNT, WORK_AGE_FIRST, Array
from actuarial.basis.errors import raise_problems
from actuarial.basis.figure import Figure, take_figures
from actuarial.basis.quantities import Multiplier, Share
from actuarial.basis.yaml_file import StrictModel, check, dotted, read_yaml

FILE = "labour/contingencies.yaml"


class _IncidencePoint(StrictModel):
    age: Annotated[int, Field(ge=15, le=69)]
    rate: Share


def _ages_rise(points: tuple[_IncidencePoint, ...]) -> tuple[_IncidencePoint, ...]:
    ages = [point.age for point in points]
    if ages != sorted(set(ages)):
        raise ValueError(f"invalidity_incidence: ages must rise; found {', '.join(map(str, ages))}")
    return points


class _SexFactor(StrictModel):
    male: Multiplier
    female: Multiplier


class _ContingenciesFile(StrictModel):
    invalidity_table: Literal["independent"]
    invalidity_incidence: Annotated[tuple[_IncidencePoint, ...], Field(min_length=1), AfterValidator(_ages_rise)]
    invalidity_sex_factor: _SexFactor
    invalidity_level: Multiplier

    @model_validator(mode="after")
    def _below_one(self) -> _ContingenciesFile:
        highest = self.invalidity_level * max(p.rate for p in self.invalidity_incidence)
        if highest * max(self.invalidity_sex_factor.male, self.invalidity_sex_factor.female) > 1.0:
            raise ValueError("invalidity_incidence times its factors passes 1 at some age")
        return self


@dataclass(frozen=True)
class ContingencyBasis:
    """What happens before pension age.

    invalidity   [sex, row] yearly probability that a covered person aged 15 + row becomes invalid, independent of death
    figures      provenance by name
    """

    invalidity: Array
    figures: tuple[tuple[str, Figure], ...]


def load_contingencies(data_dir: Path) -> ContingencyBasis:
    """Read the assumptions. Raises :class:`InputError` listing every problem of the file."""
    document, figures, problems = take_figures(read_yaml(data_dir / FILE), tuple(_ContingenciesFile.model_fields))
    file, found = check(document, _ContingenciesFile)
    raise_problems(problems + found)
    assert file is not None
    ages = np.arange(WORK_AGE_FIRST, WORK_AGE_FIRST + WORK_AGE_COUNT)
    points = file.invalidity_incidence
    rate = file.invalidity_level * np.interp(ages, [p.age for p in points], [p.rate for p in points])
    factor = file.invalidity_sex_factor
    return ContingencyBasis(np.stack([factor.male * rate, factor.female * rate]), tuple((dotted(at), f) for at, f in figures.items()))
