"""Assumptions on families: who is left when an insured person or pensioner dies, read from ``data/labour/families.yaml``.

1. Every figure holds for all states and years; points by age are joined by straight lines and level beyond the first and last.
2. How many children there are isn't assumed: :mod:`actuarial.demography.children` derives it from fertility and survival.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Protocol, TypeVar

import numpy as np
from pydantic import AfterValidator, Field

from actuarial.basis.dimensions import AGE_COUNT, OPEN_AGE, Array
from actuarial.basis.errors import raise_problems
from actuarial.basis.figure import Figure, take_figures
from actuarial.basis.quantities import Share
from actuarial.basis.yaml_file import StrictModel, check, dotted, read_yaml

Age = Annotated[int, Field(ge=0, le=OPEN_AGE)]


class _Aged(Protocol):
    @property
    def age(self) -> int: ...


class _SharePoint(StrictModel):
    age: Age
    share: Share


class _RatePoint(StrictModel):
    age: Age
    rate: Share


class _WivesPoint(StrictModel):
    age: Age
    wives: Annotated[float, Field(ge=1, le=4)]


P = TypeVar("P", bound=_Aged)


def _rising(points: tuple[P, ...]) -> tuple[P, ...]:
    ages = [point.age for point in points]
    if not ages or ages != sorted(set(ages)):
        raise ValueError(f"ages must rise, with one point at least; found {', '.join(map(str, ages)) or 'none'}")
    return points


_Shares = Annotated[tuple[_SharePoint, ...], AfterValidator(_rising)]
_Rates = Annotated[tuple[_RatePoint, ...], AfterValidator(_rising)]


class _FamiliesFile(StrictModel):
    married_men: _Shares
    married_women: _Shares
    age_gap: Annotated[int, Field(ge=-20, le=20)]
    wives: Annotated[tuple[_WivesPoint, ...], AfterValidator(_rising)]
    remarriage_men: _Rates
    remarriage_women: _Rates
    student_share: Share
    left_behind: Share


@dataclass(frozen=True)
class FamilyBasis:
    """Families of people who die; sexes and ages as in :mod:`actuarial.basis.dimensions`.

    married        [sex, age] probability that somebody who dies at the age leaves a spouse, marriage or lasting union
    wives          [age] wives of a married man by his age, who share one pension (1 for a husband of a married woman)
    remarriage     [sex, age] yearly probability that a widower or widow marries again, given survival
    age_gap        years that the husband is older than the wife
    student_share  share of children past the age limit, and below that for students, who are in education or training
    left_behind    share of movers abroad whose spouse and children live in the origin
    figures        provenance by name
    """

    married: Array
    wives: Array
    remarriage: Array
    age_gap: int
    student_share: float
    left_behind: float
    figures: tuple[tuple[str, Figure], ...] = ()


def load_families(data_dir: Path) -> FamilyBasis:
    """Read the assumptions. Raises :class:`InputError` listing every problem of the file."""
    document, figures, problems = take_figures(
        read_yaml(data_dir / "labour" / "families.yaml"), tuple(_FamiliesFile.model_fields)
    )
    file, found = check(document, _FamiliesFile)
    raise_problems(problems + found)
    assert file is not None
    ages = np.arange(AGE_COUNT)

    def spread(points: list[tuple[int, float]]) -> Array:
        return np.asarray(np.interp(ages, [age for age, _ in points], [value for _, value in points]), dtype=np.float64)

    return FamilyBasis(
        married=np.stack([spread([(p.age, p.share) for p in part]) for part in (file.married_men, file.married_women)]),
        wives=spread([(p.age, p.wives) for p in file.wives]),
        remarriage=np.stack([spread([(p.age, p.rate) for p in part]) for part in (file.remarriage_men, file.remarriage_women)]),
        age_gap=file.age_gap,
        student_share=file.student_share,
        left_behind=file.left_behind,
        figures=tuple((dotted(at), f) for at, f in figures.items()),
    )
