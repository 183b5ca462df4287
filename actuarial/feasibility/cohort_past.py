"""What a cohort earned, was insured and paid before the projection, by generation; levels of wages, prices and annuities that put it in proportion.

A generation is named by its row (age - 15) at the start of the projection.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.careers.country import CountryCareers, exposure
from actuarial.demography.annuity import annuity_due_fractional
from actuarial.feasibility.cohort_value import Earned

START = year_index(FIRST_YEAR)


def mean_service(people: Array) -> Array:
    """Mean years of service [row] of people [row, cover, half-years]; 0 where nobody is."""
    count = people.sum(axis=(1, 2))
    total = 0.5 * (people.sum(axis=1) @ np.arange(people.shape[2]))
    mean: Array = np.divide(total, count, out=np.zeros_like(total), where=count > 0.0)
    return mean


def earned_by_generation(country: CountryCareers, sex: int, covered: Array, past: Array, people: Array) -> Earned:
    """Insured time of the generations of a cohort in one scheme.

    covered  [year + 1, row] people covered at 1 January of the projection
    past     [year, row] person-years insured a head before it, by row at its start;  people [row] it multiplies
    """
    insured = exposure(covered)
    count = past.shape[1]
    wages = wage_level(country)
    years, earnings = np.zeros(count), np.zeros(count)
    if not country.law.collecting:
        return Earned(years, earnings)
    pay = country.insurable[sex] / wages[:, None]
    for row in range(count):
        y = np.arange(min(insured.shape[0], insured.shape[1] - row))
        time = insured[y, row + y]
        # Earnings are those of the part of the year that is paid.
        years[row] = time @ country.density[START + y] + people[row] * (past[:, row] @ country.density[:START])
        earnings[row] = time @ pay[START + y, row + y] + people[row] * (past[:, row] @ _past_pay(pay, row))
    return Earned(years, earnings)


def _past_pay(pay: Array, row: int) -> Array:
    """Pay [year] before the projection of people who are in ``row`` at its start; 0 before 15."""
    result = np.zeros(START)
    back = np.arange(1, min(row, START) + 1)
    result[START - back] = pay[START - back, row - back]
    return result


def past_exposure(country: CountryCareers, sex: int, service: Array) -> Array:
    """Person-years insured a head [year, row] before the projection that add up to ``service`` [row] years, by row at its start.

    They lie in the years in which the country's stayers of that generation were insured; in the last year where none was.
    """
    run = country.stayers[sex]
    insured = country.exposure(sex)
    people = run.people.sum(axis=(2, 3))
    share = np.divide(insured, people[:-1], out=np.zeros_like(insured), where=people[:-1] > 0.0)
    result = np.zeros((START, len(service)))
    for row in np.flatnonzero(service > 0.0):
        profile = _past_pay(share, int(row))
        total = profile.sum()
        if total == 0.0:
            profile[-1] = total = 1.0
        result[:, row] = profile * service[row] / total
    return result


def past_contributions(country: CountryCareers, sex: int, past: Array, people: Array) -> Array:
    """Contributions [year] of history and projection that go with :func:`past_exposure` of ``people`` [row] (rule 2)."""
    result = np.zeros(len(country.laws))
    if not country.law.collecting:
        return result
    rate = np.array([law.contribution_rate for law in country.laws[:START]]) * country.compliance[:START]
    factor = country.calibration.balance_factor if country.law.kind == "account" else 1.0
    for row in np.flatnonzero(people > 0.0):
        result[:START] += factor * rate * people[row] * past[:, row] * _past_pay(country.insurable[sex], int(row))
    return result


def wage_level(country: CountryCareers) -> Array:
    """Level of wages [year], 1 in the valuation year."""
    wages = country.inputs.average_wage
    level: Array = wages / wages[START - 1]
    return level


def price_level(country: CountryCareers) -> Array:
    """Level of prices [year], 1 in the valuation year."""
    prices = np.cumprod(1.0 + country.inputs.inflation)
    level: Array = prices / prices[START - 1]
    return level


def annuity_prices(country: CountryCareers, sex: int) -> Array:
    """Price [year of the projection] of 1 a year for life from pension age on, paid monthly, rising with prices, without loading.

    Mortality of residents in the year, interest the real return of the reserve: (1 + j) / (1 + inflation) - 1.
    """
    i, age = country.inputs, country.law.pension_age[sex]
    real = (1.0 + i.investment_return[START:]) / (1.0 + i.inflation[START:]) - 1.0
    return _annuities(np.ascontiguousarray(i.survival[sex, :, START:]).tobytes(), real.tobytes(), age)


@lru_cache(maxsize=64)
def _annuities(survival: bytes, real: bytes, age: int) -> Array:
    """Prices by survival [age, year of the projection] and real interest [year]: every corridor of a country asks for the same."""
    living, rates = np.frombuffer(survival).reshape(-1, HORIZON), np.frombuffer(real)
    prices = np.array([annuity_due_fractional(1.0 - living[:, t], float(rates[t]), 12)[age] for t in range(HORIZON)])
    prices.setflags(write=False)
    return prices
