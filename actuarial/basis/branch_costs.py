"""Assumptions on the cost of the branches beside pensions, read from ``data/labour/branch_costs.yaml``.

1. Frequencies and incidences are cases per insured person and year; durations are distributions, because waiting days and maxima cut each case.
2. A figure ``by scheme`` has a ``default`` and, where a scheme has its own, one under the scheme's id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import AfterValidator, Field, model_validator

from actuarial.basis.errors import raise_problems
from actuarial.basis.figure import Figure, take_figures
from actuarial.basis.quantities import Amount, Multiplier, RateChange, Share
from actuarial.basis.yaml_file import StrictModel, check, dotted, read_yaml


class _DaysPoint(StrictModel):
    days: Annotated[float, Field(gt=0, le=3650)]
    share: Share


class _MonthsPoint(StrictModel):
    months: Annotated[float, Field(gt=0, le=120)]
    share: Share


class _DegreePoint(StrictModel):
    degree: Annotated[float, Field(gt=0, le=1)]
    share: Share


def _whole(points: tuple[_DaysPoint | _MonthsPoint | _DegreePoint, ...]) -> tuple[_DaysPoint | _MonthsPoint | _DegreePoint, ...]:
    total = sum(point.share for point in points)
    if not np.isclose(total, 1.0, rtol=0.0, atol=1e-9):
        raise ValueError(f"the shares of a distribution sum to 1; found {total:g}")
    return points


def _has_default(values: dict[str, float]) -> dict[str, float]:
    if "default" not in values:
        raise ValueError("'default' is missing; it stands for every scheme without a figure of its own")
    return values


_Days = Annotated[tuple[_DaysPoint, ...], Field(min_length=1), AfterValidator(_whole)]
_Months = Annotated[tuple[_MonthsPoint, ...], Field(min_length=1), AfterValidator(_whole)]
_Degrees = Annotated[tuple[_DegreePoint, ...], Field(min_length=1), AfterValidator(_whole)]
_Frequency = Annotated[float, Field(ge=0, le=20)]
_ShareByScheme = Annotated[dict[str, Share], AfterValidator(_has_default)]
_AmountByScheme = Annotated[dict[str, Amount], AfterValidator(_has_default)]


class _Injury(StrictModel):
    accident_frequency: _ShareByScheme
    duration: _Days
    permanent_share: _ShareByScheme
    degrees: _Degrees
    fatal_frequency: Share
    medical_cost: Amount
    attendance_share: Share
    mortality_ratio: Multiplier
    married_share: Share
    spouse_age_gap: Annotated[int, Field(ge=0, le=30)]
    child_age: Annotated[float, Field(ge=0, le=25)]
    parent_age_gap: Annotated[int, Field(ge=12, le=60)]

    @model_validator(mode="after")
    def _accidents_hold_deaths(self) -> _Injury:
        if (fewest := min(self.accident_frequency.values())) < self.fatal_frequency:
            text = f"found fatal_frequency {self.fatal_frequency:g} above the lowest accident_frequency, {fewest:g}"
            raise ValueError(f"there cannot be more deaths than accidents; {text}")
        return self


class _Maternity(StrictModel):
    relative_fertility: Multiplier
    take_up: Share


class _Sickness(StrictModel):
    incidence: _Frequency
    duration: _Days


class _Unemployment(StrictModel):
    incidence: _Frequency
    duration: _Months
    leaving_share: Share


class _Family(StrictModel):
    children: _AmountByScheme


class _Health(StrictModel):
    cost_growth_above_prices: RateChange
    membership: _ShareByScheme
    levy_share: dict[str, dict[str, Share]] = {}


class _Movers(StrictModel):
    dependants_at_home: Share


class _File(StrictModel):
    injury: _Injury
    maternity: _Maternity
    sickness: _Sickness
    unemployment: _Unemployment
    family: _Family
    health: _Health
    movers: _Movers


@dataclass(frozen=True)
class Spread:
    """A distribution over a few points: ``points`` [p] and their ``shares`` [p], which sum to one."""

    points: tuple[float, ...]
    shares: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Mean of the points.

        >>> Spread((10.0, 30.0), (0.5, 0.5)).mean
        20.0
        """
        return float(np.dot(self.points, self.shares))


@dataclass(frozen=True)
class InjuryCosts:
    """Employment injury: cases per insured and year, what follows from a case, and who survives a death."""

    accident_frequency: Mapping[str, float]
    duration: Spread
    """Calendar days of incapacity."""
    permanent_share: Mapping[str, float]
    degrees: Spread
    fatal_frequency: float
    medical_cost: float
    """Share of yearly insurable earnings per accident."""
    attendance_share: float
    mortality_ratio: float
    married_share: float
    spouse_age_gap: int
    child_age: float
    parent_age_gap: int


@dataclass(frozen=True)
class BranchCostBasis:
    """Assumptions of every branch; mappings by scheme are read with :func:`of_scheme`."""

    injury: InjuryCosts
    relative_fertility: float
    maternity_take_up: float
    sickness_incidence: float
    sickness_duration: Spread
    """Calendar days."""
    unemployment_incidence: float
    unemployment_duration: Spread
    """Months."""
    unemployed_leaving_share: float
    children: Mapping[str, float]
    """Children with a right to an allowance per insured person."""
    medical_growth_above_prices: float
    health_membership: Mapping[str, float]
    levy_share: Mapping[str, Mapping[str, float]]
    """Share of the insured who pay a health levy, by scheme and title; where none is given, the membership."""
    dependants_at_home: float
    """Share of a mover's dependants who live in the origin country."""
    figures: tuple[tuple[str, Figure], ...] = ()


def of_scheme(values: Mapping[str, float], scheme: str) -> float:
    """The scheme's own figure, else the default.

    >>> of_scheme({"default": 1.0, "a": 2.0}, "a"), of_scheme({"default": 1.0, "a": 2.0}, "b")
    (2.0, 1.0)
    """
    return values.get(scheme, values["default"])


def load_branch_costs(data_dir: Path) -> BranchCostBasis:
    """Read the assumptions. Raises :class:`InputError` listing every problem of the file."""
    document, figures, problems = take_figures(read_yaml(data_dir / "labour" / "branch_costs.yaml"), tuple(_File.model_fields))
    file, found = check(document, _File)
    raise_problems(problems + found)
    assert file is not None
    injury = file.injury
    return BranchCostBasis(
        injury=InjuryCosts(
            accident_frequency=injury.accident_frequency,
            duration=_days(injury.duration),
            permanent_share=injury.permanent_share,
            degrees=Spread(tuple(p.degree for p in injury.degrees), tuple(p.share for p in injury.degrees)),
            fatal_frequency=injury.fatal_frequency,
            medical_cost=injury.medical_cost,
            attendance_share=injury.attendance_share,
            mortality_ratio=injury.mortality_ratio,
            married_share=injury.married_share,
            spouse_age_gap=injury.spouse_age_gap,
            child_age=injury.child_age,
            parent_age_gap=injury.parent_age_gap,
        ),
        relative_fertility=file.maternity.relative_fertility,
        maternity_take_up=file.maternity.take_up,
        sickness_incidence=file.sickness.incidence,
        sickness_duration=_days(file.sickness.duration),
        unemployment_incidence=file.unemployment.incidence,
        unemployment_duration=Spread(tuple(p.months for p in file.unemployment.duration), tuple(p.share for p in file.unemployment.duration)),
        unemployed_leaving_share=file.unemployment.leaving_share,
        children=file.family.children,
        medical_growth_above_prices=file.health.cost_growth_above_prices,
        health_membership=file.health.membership,
        levy_share=file.health.levy_share,
        dependants_at_home=file.movers.dependants_at_home,
        figures=tuple((dotted(at), figure) for at, figure in figures.items()),
    )


def _days(points: tuple[_DaysPoint, ...]) -> Spread:
    return Spread(tuple(p.days for p in points), tuple(p.share for p in points))
