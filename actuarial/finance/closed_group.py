"""Closed group of a defined-benefit pension: contributions and pensions of today's members until the last of them has died.

1. A cell is ``count`` members of one sex, age, salary and service. Years run t = 0, 1, ...; amounts fall due at the beginning of each year to those
   then alive and in the group, at age x + t.
2. From one year to the next a share (1 - q)(1 - w) of the active and (1 - q) of the pensioners stay. Who withdraws leaves with nothing. The last age
   of the table stands for every later age.
3. Salaries rise by g a year. From the pension age R everybody left draws min(a (service + R - x), cap) of the salary of the last year worked, at age
   R - 1, and the pension is indexed by j a year.
4. Whatever a cell costs is proportional to counts that survive by sex and age alone. So cells of one sex and age are added up first, with the sums of
   counts, of salaries and of pensions at R, and a cohort of these sums is projected. That is exact, not an approximation: no mean enters a formula.

| symbol | meaning |
|---|---|
| S(t) | share of a cohort left after t years: product of (1 - q)(1 - w) |
| n, P, B | sums over the cells of a cohort: count; count x salary; count x salary x (1 + g)^(R-1-x) x min(a (service + R - x), cap) |
| contributions(t) | c (1 + g)^t sum of P S(t) over cohorts with x + t < R |
| benefits(t) | sum of B (1 + j)^(x+t-R) S(t) over cohorts with x + t >= R |
| V | sum of (1 + i)^-t [benefits(t) - contributions(t)] |

Source of the method: Winklevoss (1993), Pension Mathematics with Numerical Illustrations, chapters 2 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from actuarial.basis.dimensions import Array, IntArray


@dataclass(frozen=True)
class Cells:
    """Members [N]: sex (0 male, 1 female), age last birthday, yearly salary, years of service, and how many there are."""

    sex: IntArray
    age: IntArray
    salary: Array
    service: Array
    count: Array


@dataclass(frozen=True)
class PensionRules:
    """Terms of the scheme and the rates it is valued with; all rates yearly, as shares of 1."""

    pension_age: int
    accrual: float
    cap: float
    contribution: float
    salary_growth: float
    indexation: float
    discount: float


class ClosedGroup(NamedTuple):
    """Head-counts and amounts by year [Y], and the present value of benefits less contributions."""

    active: Array
    pensioners: Array
    contributions: Array
    benefits: Array
    value: float


def project_closed_group(cells: Cells, mortality: Array, withdrawal: Array, rules: PensionRules, years: int = 75) -> ClosedGroup:
    """Project the group by cohorts of equal sex and age; ``mortality`` [2, A] and ``withdrawal`` [2, A] by age from 0.

    The time taken by a cell is that of adding it to its cohort. Raises ``ValueError`` when the cells' shapes differ, a rate is no probability, a sex
    is neither 0 nor 1, an age lies outside 0..pension age - 1 or the table, or ``years`` is not positive.
    """
    _check(cells, mortality, withdrawal, rules, years)
    first = int(cells.age.min(initial=rules.pension_age - 1))
    ages = np.arange(first, rules.pension_age)
    key = cells.sex * ages.size + (cells.age - first)
    salaries = cells.count * cells.salary
    pensions = salaries * np.minimum(rules.accrual * (cells.service + (rules.pension_age - cells.age)), rules.cap)
    people, payroll, at_pension_age = (
        np.asarray(np.bincount(key, weights, 2 * ages.size), dtype=np.float64).reshape(2, ages.size)
        for weights in (cells.count, salaries, pensions)
    )
    at_pension_age = at_pension_age * (1.0 + rules.salary_growth) ** (rules.pension_age - 1 - ages)
    left = _left(mortality, withdrawal, ages, rules.pension_age, years)
    return _summed(people, payroll, at_pension_age, left, ages, rules)


def _left(mortality: Array, withdrawal: Array, ages: IntArray, pension_age: int, years: int) -> Array:
    """Share of each cohort left after t years [2, ages, years]."""
    stay = 1.0 - mortality
    stay[:, :pension_age] *= 1.0 - withdrawal[:, :pension_age]
    reached = np.minimum(ages[:, np.newaxis] + np.arange(years - 1), mortality.shape[1] - 1)
    left = np.ones((2, ages.size, years))
    np.cumprod(stay[:, reached], axis=-1, out=left[..., 1:])
    return left


def _summed(people: Array, payroll: Array, pensions: Array, left: Array, ages: IntArray, rules: PensionRules) -> ClosedGroup:
    """Totals by year of cohorts [2, ages] of which ``left`` [2, ages, years] remain."""
    years = np.arange(left.shape[-1])
    since = ages[:, np.newaxis] + years - rules.pension_age
    works = since < 0
    working = left * works
    retired = left - working
    indexed = np.where(works, 0.0, (1.0 + rules.indexation) ** np.maximum(since, 0))
    active, wages = _over_cohorts(people, working), _over_cohorts(payroll, working)
    contributions = rules.contribution * (1.0 + rules.salary_growth) ** years * wages
    benefits = _over_cohorts(pensions, retired * indexed)
    value = float(((benefits - contributions) * (1.0 + rules.discount) ** -years).sum())
    return ClosedGroup(active, _over_cohorts(people, retired), contributions, benefits, value)


def _over_cohorts(weights: Array, shares: Array) -> Array:
    """Sum of weights [2, ages] x shares [2, ages, years] by year."""
    total: Array = weights.ravel() @ shares.reshape(weights.size, -1)
    return total


def project_cell_by_cell(cells: Cells, mortality: Array, withdrawal: Array, rules: PensionRules, years: int = 75) -> ClosedGroup:
    """The same, every cell for itself and year after year: what the cohorts are held against. Arguments and errors as there."""
    _check(cells, mortality, withdrawal, rules, years)
    out = np.zeros((4, years))
    left, salary, age = cells.count.astype(np.float64), cells.salary.astype(np.float64), cells.age.copy()
    share = np.minimum(rules.accrual * (cells.service + (rules.pension_age - age)), rules.cap)
    pension = np.zeros_like(salary)
    for t in range(years):
        working = age < rules.pension_age
        out[0, t], out[1, t] = left[working].sum(), left[~working].sum()
        out[2, t] = rules.contribution * (left * salary)[working].sum()
        out[3, t] = (left * pension)[~working].sum()
        at = np.minimum(age, mortality.shape[1] - 1)
        left = left * (1.0 - mortality[cells.sex, at])
        left[working] *= 1.0 - withdrawal[cells.sex, at][working]
        age = age + 1
        pension = np.where(age == rules.pension_age, share * salary, pension * (1.0 + rules.indexation))
        salary = salary * (1.0 + rules.salary_growth)
    discounted = (out[3] - out[2]) * (1.0 + rules.discount) ** -np.arange(years)
    return ClosedGroup(out[0], out[1], out[2], out[3], float(discounted.sum()))


def _check(cells: Cells, mortality: Array, withdrawal: Array, rules: PensionRules, years: int) -> None:
    if len({part.shape for part in vars(cells).values()}) != 1 or cells.age.ndim != 1:
        raise ValueError("cells: sex, age, salary, service and count must have the same length")
    if mortality.shape != withdrawal.shape or mortality.shape[0] != 2:
        raise ValueError("mortality and withdrawal must both be [2, ages]")
    for name, rates in (("mortality", mortality), ("withdrawal", withdrawal)):
        if not ((rates >= 0) & (rates <= 1)).all():
            raise ValueError(f"{name} must lie between 0 and 1")
    if rules.pension_age > mortality.shape[1]:
        raise ValueError(f"the table ends before the pension age {rules.pension_age}")
    if years < 1:
        raise ValueError("at least one year is needed")
    if cells.age.size:
        if cells.age.min() < 0 or cells.age.max() >= rules.pension_age:
            raise ValueError(f"ages must lie between 0 and {rules.pension_age - 1}")
        if cells.sex.min() < 0 or cells.sex.max() > 1:
            raise ValueError("sex must be 0 or 1")
