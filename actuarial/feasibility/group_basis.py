"""What a group is projected from: rates, members, pensioners and law, written by hand (:mod:`actuarial.feasibility.group` runs it)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, OPEN_AGE, Array
from actuarial.basis.scheme_law import SchemeLaw

ByAge = float | Mapping[int, float | Sequence[float] | Array] | Array
ByYear = float | Sequence[float] | Array


@dataclass(frozen=True)
class Decrements:
    """Probabilities of leaving within a year, by age at 1 January.

    ``kind`` says whether the probabilities of the insured belong to single tables (``independent``) or to the table with all causes
    (``dependent``). There is no default: for two causes the difference is half the product of the two. Invalidity and withdrawal do not act on the
    last age before the pension age.
    """

    kind: Literal["dependent", "independent"]
    death: ByAge
    withdrawal: ByAge = 0.0
    invalidity: ByAge = 0.0


@dataclass(frozen=True)
class Members:
    """Insured of one age and service at the first 1 January.

    service  years credited, a multiple of one half;  covered  contributing then (otherwise a former member with rights)
    amount   reference earnings a year, or balance, per person; ``None``: earnings of the basis, in an account scheme 0
    """

    age: int
    people: float
    service: float = 0.0
    covered: bool = True
    amount: float | None = None


@dataclass(frozen=True)
class Pensioners:
    """Pensions in payment at the first 1 January: people of one age, and the yearly pension of each before the first increase."""

    age: int
    people: float
    pension: float


@dataclass(frozen=True)
class GroupBasis:
    """Everything a group is projected from. Money is one currency; rates are fractions a year.

    law                one law, or one for each year (pension age and averaging period of the first hold throughout)
    years              length of the projection
    salary             yearly earnings in wages of the first year, by age at 1 January (mean of the calendar year)
    members, pensioners  the group at the start;  entrants  people by exact age of entry, a number or one a year; none: a closed group
    pensioner_death    mortality of pensioners; ``None``: the independent death probabilities of the insured
    re_entry           probability of former members of coming back into cover, given survival
    wage_growth        from the year before to this one; that of the first year tells only how earnings grew before
    indexation         of pensions in payment at 1 January; ``None``: by the law from inflation and wage growth
    contribution_rate  in place of the law's, one or one a year
    earnings_cv        dispersion of earnings around the mean of an age
    sex                0 men, 1 women: whose pension age applies
    """

    law: SchemeLaw | Sequence[SchemeLaw]
    years: int
    decrements: Decrements
    salary: ByAge
    members: Sequence[Members] = ()
    pensioners: Sequence[Pensioners] = ()
    entrants: Mapping[int, ByYear] = field(default_factory=dict)
    pensioner_death: ByAge | None = None
    re_entry: ByAge = 0.0
    wage_growth: ByYear = 0.0
    inflation: ByYear = 0.0
    indexation: ByYear | None = None
    investment_return: ByYear = 0.0
    contribution_rate: ByYear | None = None
    opening_reserve: float = 0.0
    earnings_cv: float = 0.0
    sex: int = 0


def by_year(values: ByYear, years: int, what: str) -> Array:
    """Values [year]. Raises ``ValueError`` naming ``what`` for a series of another length.

    >>> by_year(0.05, 2, "wage growth").tolist()
    [0.05, 0.05]
    """
    array = np.asarray(values, dtype=np.float64)
    if array.shape not in ((), (years,)):
        raise ValueError(f"{what}: one number or {years} are needed; found shape {array.shape}")
    result: Array = np.broadcast_to(array, (years,)).copy()
    return result


def by_age(values: ByAge, years: int, what: str) -> tuple[Array, Array]:
    """Values [age, year] and where none was given (zero there).

    Raises ``ValueError`` naming ``what`` for a wrong shape, an age outside 0..100, a negative figure or a probability above 1.
    """
    table = np.full((AGE_COUNT, years), np.nan)
    if isinstance(values, Mapping):
        for age, value in values.items():
            if not 0 <= age <= OPEN_AGE:
                raise ValueError(f"{what}: age {age} lies outside 0..{OPEN_AGE}")
            table[age] = by_year(value, years, f"{what} at age {age}")
    else:
        array = np.asarray(values, dtype=np.float64)
        if array.shape not in ((), (AGE_COUNT,), (AGE_COUNT, years)):
            raise ValueError(f"{what}: one number, {AGE_COUNT} ages or {AGE_COUNT} ages by {years} years are needed; found shape {array.shape}")
        table[:] = array[:, None] if array.ndim == 1 else array
    if (table < 0.0).any() or (what != "salary" and (table > 1.0).any()):
        raise ValueError(f"{what}: a figure is negative, or a probability above 1")
    missing = np.isnan(table)
    return np.where(missing, 0.0, table), missing
