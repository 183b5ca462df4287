"""A mature scheme projected year by year with the functions of the package, to set against the closed forms.

People enter evenly through a year at exact age b and retire at exact age r, so that both happen at mid-year on average. A cohort of one entrant aged
b - 1 at 1 January of its year 0 is k years later aged b + k at mid-year. Ages from 100 on share the survival of the open age.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.finance.pensions import payment_factors
from actuarial.finance.stable import StableScheme, integral


@dataclass(frozen=True)
class Cohort:
    """Flows per entrant of year 0 at mid-year of each year of membership; wages are 1 in the middle of year 0."""

    ages: np.ndarray
    earnings: np.ndarray
    pensions: np.ndarray
    contributors: np.ndarray
    pensioners: np.ndarray
    awarded: np.ndarray
    paid: np.ndarray


def cohort(scheme: StableScheme) -> Cohort:
    b, r = int(scheme.entry), int(scheme.retirement)
    radix = float(scheme.survival(np.array([scheme.entry]))[0])
    lived = np.array([integral(scheme.survival, x, x + 1.0) / radix if x >= b else 1.0 for x in range(int(scheme.last_age))])
    survival = np.ones(101)
    survival[b:100] = lived[b + 1 : 101] / lived[b:100]
    survival[100] = lived[101:].sum() / lived[100:].sum()
    work, retired = r - b, 101 - r + 30
    years = work + retired
    k = np.arange(years)
    # person-years of contribution: half a year on entry and in the year of retirement
    stock = np.array([1.0, *lived[b : r + 1]])
    contributors = np.zeros(years)
    contributors[0] = 0.5 * 0.5 * (1.0 + stock[1])
    contributors[1:work] = 0.5 * (stock[1:work] + stock[2 : work + 1])
    at_retirement = stock[work] * 0.5 * (1.0 + survival[r - 1])
    contributors[work] = 0.5 * 0.5 * (stock[work] + at_retirement)
    ages = (b + k).astype(float)
    ages[0] += 1.0 / 3.0
    wages = np.exp(scheme.wage_growth * k)
    salary_age = ages.copy()
    salary_age[work] -= 1.0 / 3.0
    earnings = contributors * scheme.salary(salary_age) * wages
    factors = payment_factors(np.repeat(survival[:, None], retired, axis=1), np.full(retired, np.expm1(scheme.indexation)), r - 1)
    level = payment_factors(np.repeat(survival[:, None], retired, axis=1), np.zeros(retired), r - 1)
    final = scheme.pension_share * float(scheme.salary(np.array([float(r)]))[0]) * wages[work]
    awarded, pensions, pensioners = np.zeros(years), np.zeros(years), np.zeros(years)
    awarded[work] = at_retirement * final
    pensions[work:] = awarded[work] * factors.paid[0]
    pensioners[work:] = at_retirement * level.paid[0]
    return Cohort(ages, earnings, pensions, contributors, pensioners, awarded, factors.paid)


def projected(scheme: StableScheme, kernel: np.ndarray, years: int) -> np.ndarray:
    """Sum over cohorts entering from year 0 on: e^((rho + gamma) s) of them (in wages of their entry year), flow [year]."""
    entrants = np.exp((scheme.entrant_growth + scheme.wage_growth) * np.arange(years))
    return np.convolve(entrants, kernel)[:years]


def counted(scheme: StableScheme, kernel: np.ndarray, years: int) -> np.ndarray:
    """As ``projected`` for numbers of people."""
    return np.convolve(np.exp(scheme.entrant_growth * np.arange(years)), kernel)[:years]
