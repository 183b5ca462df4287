"""What insurance is worth to a cohort: present values, internal rate of return and replacement rate over several schemes and currencies.

1. Present values are at the valuation date: each scheme's flows at the return on its reserve, in US dollars of that date.
2. The internal rate of return is real: each flow in prices of the valuation date by its country's price index, at the exchange rate of that date.
   In projected years this is the path of exchange rates without dollar inflation, because that path follows relative prices.
3. Replacement rate: first pension a year, before commutation, payable where people live, over career-average insured earnings; the rates of the
   schemes are added. Numerator: pensions awarded by the scheme in a year. Denominator: everybody alive then who was ever insured in any of the
   schemes, times the mean of insured earnings of their generation in all of them, each brought to that year by wages of its country. Both in US
   dollars of the year of the award.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.finance.indicators import discount_factors
from actuarial.finance.internal_rate import cohort_irr

START = year_index(FIRST_YEAR)
NO_ROOT = "no root"
SEVERAL_ROOTS = "several roots"


@dataclass(frozen=True)
class SchemeLife:
    """What a cohort pays to one scheme and gets from it. Arrays [year] over history and projection, nominal, in the scheme's currency.

    benefits    in each case (without, with);  for people who stay both are the same
    exchange_rate  [year] national currency per US dollar;  prices  [year] level, 1 in the valuation year;  returns  [year] of the reserve
    """

    contributions: Array
    benefits: tuple[Array, Array]
    exchange_rate: Array
    prices: Array
    returns: Array


@dataclass(frozen=True)
class Pensions:
    """What the replacement rate of one scheme is taken from.

    award_row   row (age - 15) in which people pass its pension age;  wages  [year] level of wages over history and projection
    insured     [year] people who pass it in the projection and were ever insured in any scheme of theirs
    pension     [year] pensions a year awarded to them, in each case (without, with); balances already turned into pensions
    exchange_rate  [year] over history and projection
    """

    award_row: int
    insured: Array
    pension: tuple[Array, Array]
    wages: Array
    exchange_rate: Array


@dataclass(frozen=True)
class Earned:
    """Insured time of one generation after the other in one scheme, by row at the start of the projection.

    years  [row] person-years insured and paid;  earnings  [row] insured earnings in them at the wage level of the valuation year
    """

    years: Array
    earnings: Array


@dataclass(frozen=True)
class Value:
    """Worth of a cohort's insurance, all schemes together; pairs are without, with the instrument.

    contributions, benefits  present value in US dollars of the whole cohort;  rate  real internal rate of return, ``None`` where there is none, and
    then ``note`` says why;  replacement  rate of pensions to earnings
    """

    people: float
    contributions: float
    benefits: tuple[float, float]
    rate: tuple[float | None, float | None]
    note: tuple[str, str]
    replacement: tuple[float, float]


def value(lives: Sequence[SchemeLife], pensions: Sequence[Pensions], earned: Sequence[Earned], people: float) -> Value:
    """Value a cohort of ``people``. Raises ``ValueError`` for negative flows."""
    paid = sum(present_value_usd(life, life.contributions) for life in lives)
    rates, notes, got, replaced = [], [], [], []
    for case in (0, 1):
        rate, note = real_return(lives, case)
        rates.append(rate)
        notes.append(note)
        got.append(sum(present_value_usd(life, life.benefits[case]) for life in lives))
        replaced.append(replacement(pensions, earned, case))
    return Value(people, paid, (got[0], got[1]), (rates[0], rates[1]), (notes[0], notes[1]), (replaced[0], replaced[1]))


def present_value_usd(life: SchemeLife, flow: Array) -> float:
    """Mid-year amounts [year] of history and projection at the valuation date, with interest or discounted at the scheme's return, in US dollars."""
    past = life.returns[:START]
    growth = np.cumprod((1.0 + past)[::-1])[::-1]
    factors = np.concatenate([growth / np.sqrt(1.0 + past), discount_factors(life.returns[START:])])
    return float(flow @ factors) / float(life.exchange_rate[START - 1])


def real_return(lives: Sequence[SchemeLife], case: int) -> tuple[float | None, str]:
    """Real internal rate of return of all schemes together (rule 5), and why there is none (empty if there is one).

    >>> one = np.ones(3)
    >>> life = SchemeLife(np.array([0.0, 100.0, 0.0]), (np.array([0.0, 0.0, 105.0]),) * 2, one, one, 0.0 * one)
    >>> round(real_return([life], 0)[0], 12)  # doctest: +SKIP
    0.05
    """
    contributions = sum(_real_usd(life, life.contributions) for life in lives)
    benefits = sum(_real_usd(life, life.benefits[case]) for life in lives)
    used = np.flatnonzero(np.asarray(contributions) + np.asarray(benefits))
    if used.size == 0:
        return None, NO_ROOT
    first = int(used[0])
    try:
        rate = cohort_irr(np.asarray(contributions)[first:], np.asarray(benefits)[first:])
    except ValueError as problem:
        if "several" not in str(problem):
            raise
        return None, SEVERAL_ROOTS
    return rate, "" if rate is not None else NO_ROOT


def _real_usd(life: SchemeLife, flow: Array) -> Array:
    real: Array = flow / life.prices / life.exchange_rate[START - 1]
    return real


def replacement(pensions: Sequence[Pensions], earned: Sequence[Earned], case: int) -> float:
    """Replacement rate of all schemes together (rule 6); NaN where nobody was ever insured or lives to pension age.

    ``earned`` has one entry per entry of ``pensions``.
    """
    years = np.sum([e.years for e in earned], axis=0)
    total, found = 0.0, False
    for scheme in pensions:
        if scheme.award_row < 0:
            continue
        pension, base = 0.0, 0.0
        for row in np.flatnonzero(years > 0.0):
            y = scheme.award_row - int(row)
            if not 0 <= y < HORIZON:
                continue
            t = START + y
            earnings = sum(e.earnings[row] * p.wages[t] / p.exchange_rate[t] for e, p in zip(earned, pensions, strict=True)) / years[row]
            pension += scheme.pension[case][y] / scheme.exchange_rate[t]
            base += scheme.insured[y] * earnings
        if base > 0.0:
            total, found = total + pension / base, True
    return total if found else float("nan")
