"""The labour basis: who works, who is an employee, and the assumed shapes of cover and earnings.

1. Participation and employment are of 2025 (South Sudan 2023) and are held constant over the projection.
2. Cover has a shape by age and a relative level by sex only; its level is calibrated to each scheme's contributors.
3. Earnings by age and sex are relative: their mean over the insured is 1 before calibration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, OPEN_AGE, SEXES, WORK_AGE_FIRST, Array
from actuarial.basis.errors import InputError, unknown_name
from actuarial.basis.register import Assumption
from actuarial.basis.table import FRACTION, INTEGER, POSITIVE, TEXT, Column, read_table, to_array

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

    Raises :class:`InputError` for a missing table, age or country and for shares outside 0 to 1.
    """
    folder = data_dir / "labour"
    sex = Column("text", allowed=SEXES)
    path = folder / "participation.csv"
    single = read_table(
        path,
        {"country": TEXT, "sex": sex, "age": INTEGER, "participation": FRACTION, "employment_ratio": FRACTION},
    )
    axes = {"country": list(countries), "sex": SEXES, "age": range(WORK_AGE_FIRST, OPEN_AGE + 1)}
    shape = (len(countries), len(SEXES), AGE_COUNT)
    participation, employment = np.zeros(shape), np.ones(shape)
    participation[..., WORK_AGE_FIRST:] = to_array(single, "participation", axes, path)
    employment[..., WORK_AGE_FIRST:] = to_array(single, "employment_ratio", axes, path)
    path = folder / "employees.csv"
    employees = read_table(path, {"country": TEXT, "sex": sex, "employee_share": FRACTION})
    share = to_array(employees, "employee_share", {"country": list(countries), "sex": SEXES}, path)
    path = folder / "shapes.csv"
    shapes = read_table(
        path, {"age": INTEGER, "cover": FRACTION, "earnings_male": POSITIVE, "earnings_female": POSITIVE}
    )
    ages = {"age": range(AGE_COUNT)}
    path_constants = folder / "constants.csv"
    constants = read_table(
        path_constants,
        {
            "name": Column("text", allowed=_CONSTANTS),
            "value": Column("number", 0.0, 5.0),
            "unit": TEXT,
            "reason": TEXT,
            "confidence": TEXT,
        },
    )
    (cv,) = to_array(constants, "value", {"name": _CONSTANTS}, path_constants)
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
