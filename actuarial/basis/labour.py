"""The labour basis: who works, who is an employee, and the assumed shapes of cover and earnings.

1. Participation and employment are of 2025 (South Sudan 2023) and are held constant over the projection.
2. Cover has a shape by age and a relative level by sex only; its level is calibrated to each scheme's contributors.
3. Earnings by age and sex are relative: their mean over the insured is 1 before calibration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import AGE_COUNT, OPEN_AGE, SEXES, WORK_AGE_FIRST, Array
from actuarial.basis.errors import Gathered, InputError, Problem, shown, unknown_name
from actuarial.basis.plausible import EARNINGS, bounds
from actuarial.basis.register import Assumption
from actuarial.basis.table import INTEGER, NUMBER, POSITIVE, TEXT, Column, to_array
from actuarial.basis.table_keys import Axes, checked_table, key_problems

_CONSTANTS = ("earnings_cv",)


@dataclass(frozen=True)
class LabourBasis:
    """Labour assumptions of C countries by sex and single age."""

    countries: tuple[str, ...]
    participation: Array
    """[C, 2, 101] share of the population in the labour force; 0 below 15."""
    employment_ratio: Array
    """[C, 2, 101] employed / labour force; 1 below 15, where nobody is in the labour force."""
    coverage_shape: Array
    """[101] chance of an employed person of being insured, relative to ages 35 to 54."""
    covered_share_by_sex: Array
    """[C, 2] employees / employed: the relative level of cover of the sexes, and an upper limit of it."""
    earnings_profile: Array
    """[2, 101] insured pay relative to the mean of men over the shape of cover."""
    earnings_cv: float
    """Coefficient of variation of insured pay within an age and sex."""
    assumptions: tuple[Assumption, ...]
    cover_factor: Array | None = None
    """[C, 75] factor on the share of residents covered at the end of each projection year; ``None``: 1."""

    @property
    def earnings_sigma(self) -> float:
        """Standard deviation of log pay within an age and sex: sqrt(ln(1 + cv^2)), the lognormal with that cv."""
        return float(np.sqrt(np.log1p(self.earnings_cv**2)))

    def index(self, country: str) -> int:
        """Position of a country. Raises :class:`InputError` for an unknown code."""
        if country not in self.countries:
            raise InputError(unknown_name("country", country, self.countries))
        return self.countries.index(country)


def load_labour(data_dir: Path, countries: Sequence[str]) -> LabourBasis:
    """Read the labour basis of the named countries from ``data_dir``.

    Raises one :class:`InputError` with everything wrong in all its tables: a missing table, age or country, and figures that cannot be.
    """
    folder = data_dir / "labour"
    sex, fraction = Column("text", allowed=SEXES), partial(bounds, low=0.0, high=1.0, fraction=True)
    gathered = Gathered()

    def read(name: str, columns: dict[str, Column], axes: Axes, *checks: Callable[..., Iterable[Problem]]) -> pd.DataFrame:
        path, value = folder / name, next(column for column in columns if column not in axes)
        keys = partial(key_problems, axes=axes, path=path, value=value)
        return gathered.read(checked_table, path, columns, keys, *(partial(check, path=path) for check in checks))

    axes = {"country": list(countries), "sex": SEXES, "age": range(WORK_AGE_FIRST, OPEN_AGE + 1)}
    columns = {"country": TEXT, "sex": sex, "age": INTEGER, "participation": NUMBER, "employment_ratio": NUMBER}
    shares = [partial(fraction, column=column) for column in ("participation", "employment_ratio")]
    single = read("participation.csv", columns, axes, *shares)
    of_sex = {"country": list(countries), "sex": SEXES}
    employees = read("employees.csv", {"country": TEXT, "sex": sex, "employee_share": NUMBER}, of_sex, partial(fraction, column="employee_share"))
    ages = {"age": range(AGE_COUNT)}
    columns = {"age": INTEGER, "cover": NUMBER, "earnings_male": POSITIVE, "earnings_female": POSITIVE}
    profiles = [partial(bounds, column=f"earnings_{s}", low=EARNINGS[0], high=EARNINGS[1], why="relative to the mean") for s in SEXES]
    shapes = read("shapes.csv", columns, ages, partial(fraction, column="cover"), _somebody, *profiles)
    columns = {"name": Column("text", allowed=_CONSTANTS), "value": Column("number", 0.0, 5.0), "unit": TEXT, "reason": TEXT, "confidence": TEXT}
    constants = read("constants.csv", columns, {"name": _CONSTANTS})
    gathered.check()
    shape = (len(countries), len(SEXES), AGE_COUNT)
    participation, employment = np.zeros(shape), np.ones(shape)
    participation[..., WORK_AGE_FIRST:] = to_array(single, "participation", axes, folder / "participation.csv")
    employment[..., WORK_AGE_FIRST:] = to_array(single, "employment_ratio", axes, folder / "participation.csv")
    share = to_array(employees, "employee_share", of_sex, folder / "employees.csv")
    path = folder / "shapes.csv"
    (cv,) = to_array(constants, "value", {"name": _CONSTANTS}, folder / "constants.csv")
    lines = [
        Assumption(
            name=str(row["name"]).replace("_", " "),
            country="",
            value=f"{row['value']:g}",
            unit=str(row["unit"]),
            source="own assumption",
            year="",
            confidence=str(row["confidence"]),
            reason=str(row["reason"]),
            file="data/labour/constants.csv",
        )
        for _, row in constants.iterrows()
    ]
    return LabourBasis(
        countries=tuple(countries),
        participation=participation,
        employment_ratio=employment,
        coverage_shape=to_array(shapes, "cover", ages, path),
        covered_share_by_sex=share,
        earnings_profile=np.stack([to_array(shapes, f"earnings_{s}", ages, path) for s in SEXES]),
        earnings_cv=float(cv),
        assumptions=(*lines, *_SHAPES),
    )


def _somebody(table: pd.DataFrame, path: Path) -> Iterator[Problem]:
    """Shapes that are nothing at every age."""
    for column in ("cover", "earnings_male", "earnings_female"):
        if not (table[column] > 0).any():
            yield Problem(shown(path), 0, column, "is 0 at every age; at some age it must be above 0")


_SHAPES = (
    Assumption(
        name="shape of cover by age",
        country="",
        value="rises from 15 to 35, level to 54, half at 60, none from 70",
        unit="relative to ages 35-54",
        source="own assumption",
        year="",
        confidence="assumed",
        reason="No register of the region is public; formal jobs follow the school years and end near the pension age.",
        file="data/labour/shapes.csv",
    ),
    Assumption(
        name="earnings by age and sex",
        country="",
        value="4.5 % per year of experience, falling by 0.06 % per squared year; women 85 % of men",
        unit="relative",
        source="Mincer equation, usual range for Sub-Saharan Africa (recalled)",
        year="",
        confidence="recalled",
        reason="No register of the region is public; the level is calibrated to each scheme's contributions.",
        file="data/labour/shapes.csv",
    ),
)
