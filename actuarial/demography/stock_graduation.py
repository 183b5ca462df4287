"""Stocks by single age at every 1 January from 5-year groups at 1 July of some years, along birth cohorts.

1. A cohort is those born in one calendar year; at 1 January of year T it has age T - 1 - (year of birth) at last
   birthday.
2. Half-year cells: cell j holds exact ages [j/2, (j + 1)/2); cell 200 is open (100 and over). At 1 July of year Y
   the cohort born in year c has exact ages [k - 1/2, k + 1/2) with k = Y - c, which are the cells 2k - 1 and 2k.
3. Within a group the count follows the survivors of the yearly births; their ratio changes smoothly with age.
4. Between two points a cohort moves with the survival of each year; the difference that remains at the second point is
   taken as migration, spread evenly in the logarithm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, OPEN_AGE, Array, IntArray
from actuarial.demography.graduation import infant_separation, monotone_curve, split_groups_by_reference

HALF_YEARS = 2 * OPEN_AGE


@dataclass(frozen=True)
class CohortHistory:
    """Stocks at 1 January [S, 101, years + 1] and the net migration they imply [S, 101, years - 3]."""

    population: Array
    net_migration: Array


def half_year_survivors(rates: Array, sex: int) -> Array:
    """Person-years lived per birth in the half-year cells [201, ...] from rates by single age [101, ...].

    From age 1 the force of mortality is constant within a year of age. Within age 0 deaths up to age u are
    proportional to u^c with c = a0 / (1 - a0), whose mean is a0. The last cell is T(100) = l(100) / m(100+).
    """
    a0, _ = infant_separation(rates[0], sex)
    q0 = rates[0] / (1.0 + (1.0 - a0) * rates[0])
    power = a0 / (1.0 - a0)
    first_half = 0.5 - q0 * 0.5 ** (power + 1.0) / (power + 1.0)
    year = 1.0 - q0 * (1.0 - a0)
    m = rates[1:OPEN_AGE]
    hazard = np.concatenate([np.zeros_like(m[:1]), np.cumsum(m, axis=0)])
    alive = (1.0 - q0) * np.exp(-hazard)
    early = alive[:-1] * -np.expm1(-m / 2.0) / m
    late = early * np.exp(-m / 2.0)
    inner = np.stack([early, late], axis=1).reshape((HALF_YEARS - 2,) + m.shape[1:])
    return np.concatenate([first_half[None], (year - first_half)[None], inner, (alive[-1] / rates[OPEN_AGE])[None]])


def births_by_half_year(births: Array, first_year: int, time: float, growth: float) -> Array:
    """Births of the half-years before ``time``, latest first [200]; ``births`` [n] by year from ``first_year``.

    Within the years a monotone curve of the cumulated births; before the first year births fall backwards at rate
    ``growth``.
    """
    edges = time - 0.5 * np.arange(HALF_YEARS + 1)
    known = np.maximum(edges, first_year)
    cumulated = np.concatenate([[0.0], np.cumsum(births)])
    inside = monotone_curve(first_year + np.arange(births.size + 1.0), cumulated, known)
    before = np.minimum(edges - first_year, 0.0)
    earlier = births[0] * (np.expm1(growth * before) / growth if abs(growth) > 1e-9 else before)
    windows: Array = -np.diff(inside + earlier)
    return windows


def cohort_survivors(lived: Array, first_year: int, time: float) -> Array:
    """Person-years lived per birth in the half-year cells [200] by those who stand there at ``time`` (1 July).

    Each cohort is taken through the half-years since its birth, with ``lived`` [201, n] of ``half_year_survivors`` for
    the calendar years from ``first_year``; before them with the first year's.
    """
    ratios = lived[1:HALF_YEARS] / lived[: HALF_YEARS - 1]
    survivors = np.empty(HALF_YEARS)
    for cell in range(HALF_YEARS):
        steps = np.arange(cell)
        years = np.floor(time - 0.5 * (cell - np.arange(-1, cell)) + 0.25).astype(np.int64)
        place = np.maximum(years - first_year, 0)
        survivors[cell] = lived[0, place[0]] * ratios[steps, place[1:]].prod()
    return survivors


def graduate_stock(groups: Array, time: float, births: Array, rates: Array, years: IntArray, sex: int) -> Array:
    """Persons by half-year cell [201] at ``time`` (1 July) from ``groups`` [21] (0-4 .. 95-99, 100+), which are kept.

    ``births`` [n] and ``rates`` [101, n] are of the calendar ``years`` [n]. The growth of births before the first
    year is the slope of the groups born before it (below age 70) over their survivors.
    """
    survivors = cohort_survivors(half_year_survivors(rates, sex), int(years[0]), time)
    by_group = survivors.reshape(20, 10).sum(axis=1)
    first_old = int(np.ceil((time - years[0]) / 5.0))
    fit = np.arange(min(first_old, 8), 14)
    growth = -float(np.polyfit(5.0 * fit, np.log(groups[fit] / by_group[fit]), 1)[0])
    reference = survivors * births_by_half_year(births, int(years[0]), time, growth)
    inner = split_groups_by_reference(groups[:20], reference, np.arange(HALF_YEARS) // 10)
    return np.concatenate([inner, groups[20:]])


def _cohorts(cells: Array) -> Array:
    """Whole cohorts at 1 July, k = 1..99 [99], from half-year cells [201]."""
    pairs: Array = cells[1:199].reshape(99, 2).sum(axis=1)
    return pairs


def cohort_history(
    groups: Array, points: IntArray, births: Array, rates: Array, years: IntArray, last_half_migration: Array
) -> CohortHistory:
    """Stocks at 1 January of every year from the first point to the year after the last.

    groups [S, 21, P] at 1 July of ``points`` [P] (every fifth year, the first equal to ``years[0]``), births [S, n]
    and rates [S, 101, n] of calendar ``years`` [n]; ``last_half_migration`` [S, 101] net migrants of the half-year
    after the last point.
    """
    stocks = [
        _one_sex(groups[sex], points, births[sex], rates[sex], years, last_half_migration[sex], sex)
        for sex in range(groups.shape[0])
    ]
    population = np.stack([stock for stock, _ in stocks])
    return CohortHistory(population, np.stack([flow for _, flow in stocks]))


def _one_sex(
    groups: Array, points: IntArray, births: Array, rates: Array, years: IntArray, half_migration: Array, sex: int
) -> tuple[Array, Array]:
    count = int(points[-1] - points[0]) + 2
    stock = np.zeros((AGE_COUNT, count))
    cells = [
        graduate_stock(groups[:, p], float(year) + 0.5, births, rates, years, sex) for p, year in enumerate(points)
    ]
    lived = half_year_survivors(rates, sex)
    whole = lived[:-1].reshape(OPEN_AGE, 2, years.size).sum(axis=1)
    shifted = np.stack([_cohorts(lived[:, t]) for t in range(years.size)], axis=1)
    survival = whole[1:] / whole[:-1]
    # first half-year, backwards from the first point
    stock[:99, 0] = _cohorts(cells[0]) * whole[:99, 0] / shifted[:, 0]
    stock[99, 0] = cells[0][198:200].sum()
    stock[OPEN_AGE, 0] = cells[0][-1]
    for p in range(points.size - 1):
        start, first, last = int(points[p] - points[0]), cells[p], cells[p + 1]
        path = _interval(first, last, births[start : start + 5], start, whole, shifted, survival)
        stock[:OPEN_AGE, start + 1 : start + 6] = path
        weight = (np.arange(5) + 0.5) / 5.0
        stock[OPEN_AGE, start + 1 : start + 6] = first[-1] * (1.0 - weight) + last[-1] * weight
    # last half-year, forwards from the last point
    t = count - 2
    leaving = rates[OPEN_AGE, t]
    stock[0, -1] = births[t] * whole[0, t] + 0.5 * half_migration[0]
    stock[1:OPEN_AGE, -1] = _cohorts(cells[-1]) * whole[1:, t] / shifted[:, t]
    stock[OPEN_AGE, -1] = (cells[-1][199] + cells[-1][200]) * np.exp(-leaving / 2.0)
    stock[1:, -1] += 0.75 * half_migration[1:] + 0.25 * half_migration[:-1]
    stock[OPEN_AGE, -1] += 0.25 * half_migration[OPEN_AGE]
    stock = np.maximum(stock, 0.0)
    return stock, _residual(stock, births, whole, survival, rates[OPEN_AGE], count - 4)


def _interval(
    first: Array, last: Array, births: Array, start: int, whole: Array, shifted: Array, survival: Array
) -> Array:
    """Stocks [100, 5] at the five 1 Januaries between two points, the first in the year at position ``start``."""
    path = np.zeros((OPEN_AGE, 5))
    end = _cohorts(last)
    for k in range(-4, 100):
        # k = years between the cohort's year of birth and the first point's year (negative: born after it)
        born_inside = k <= 0
        origin = births[-k] if born_inside else _cohorts(first)[k - 1]
        begin = start - k if born_inside else start
        factor = whole[0, begin] if born_inside else whole[k, begin] / shifted[k - 1, begin]
        span = 5.0 + k if born_inside else 5.0
        expected = []
        for step in range(begin - start, 5):
            age = step + k
            if age >= OPEN_AGE:
                break
            if step > begin - start:
                factor = factor * survival[age - 1, start + step]
            expected.append((step, age, factor))
        ratio = 1.0
        if k + 5 <= 99:
            final = factor * shifted[k + 4, start + 5] / whole[k + 4, start + 5]
            if origin * final > 0 and end[k + 4] > 0:
                ratio = end[k + 4] / (origin * final)
        for number, (step, age, value) in enumerate(expected):
            path[age, step] = origin * value * ratio ** ((number + 0.5) / span)
    return path


def _residual(stock: Array, births: Array, whole: Array, survival: Array, open_rates: Array, count: int) -> Array:
    """Net migrants [101, count] left over of a cohort's change, half at its age at 1 January, half one year older."""
    flows = np.zeros((AGE_COUNT, count))
    for t in range(count):
        left = stock[:, t + 1].copy()
        left[0] -= births[t] * whole[0, t]
        left[1:OPEN_AGE] -= stock[: OPEN_AGE - 1, t] * survival[: OPEN_AGE - 1, t]
        left[OPEN_AGE] -= (stock[OPEN_AGE - 1, t] + stock[OPEN_AGE, t]) * np.exp(-open_rates[t])
        flows[0, t] += left[0]
        flows[:-1, t] += 0.5 * left[1:]
        flows[1:, t] += 0.5 * left[1:]
    return flows
