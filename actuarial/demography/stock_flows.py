"""Labour flows between states, estimated from migrant stocks by demographic accounting.

1. Between two published stocks of a corridor the labour stock changes by arrivals, deaths, returns and repeated
   moves. Deaths follow the life table of the country of residence, returns and repeated moves the assumed hazards;
   what remains is the arrivals. This is stock accounting (as opposed to plain differencing, which reads a constant
   stock as no movement).
2. Arrivals of a year are ``rho * m(x) * P_origin(x) * S_origin(x)``: a propensity by age (Rogers-Castro) of
   everybody who lives in the origin at 1 January; ``rho`` is one number per corridor, sex and interval, so that the
   chain is linear in it.
3. Published stocks stand at 1 July; the model's at 1 January. The mean of the two Januaries around a 1 July must
   equal the published stock. Interval i therefore runs from 1 January after matrix year i to 1 January after matrix
   year i + 1.
4. Arrivals are not allowed below a quarter (``lowest_gross_share``) of what would keep the stock as it is. Where
   the stock falls faster, the rest leaves by an *extra return* of one share ``e`` for all ages, which is recorded,
   never clipped away.
5. In 1990 the stock is stationary: the arrivals of that year replace those who die or return.

======  ===========================================================  =============
symbol  meaning                                                      shape
======  ===========================================================  =============
A, H    movers abroad; returned movers at home, at 1 January         [K, 2, 101]
r, g    probability that a survivor returns; that he goes again      [K, 2, 101]
rho     sum over ages of the yearly propensity to move               [K, 2, I]
e       share of the survivors abroad who return on top of ``r``     [K, 2, I]
======  ===========================================================  =============

``A' = S_host A (1 - r) + S_origin H g + outflow``; ``H' = S_origin H (1 - g) + S_host A r``; ages move up by one.

Sources of the idea: N. Keyfitz and H. Caswell, Applied Mathematical Demography, 2005 (residual accounting); A.
Rogers and J. Raymer on indirect estimation of flows; G. Abel, Estimating global migration flow tables, Demographic
Research 28, 2013.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import AGE_COUNT, FIRST_YEAR, HISTORY_FIRST_YEAR, Array
from actuarial.basis.errors import InputError
from actuarial.basis.migration import MigrationBasis
from actuarial.demography.migrant_stocks import LARGEST_AGE_SHARE, LabourStocks, limit_by_age
from actuarial.demography.rogers_castro import RogersCastro, stock_by_age

LARGEST_EXTRA_RETURN = 1.0 - 1e-9
BISECTIONS = 60


@dataclass(frozen=True)
class FlowEstimate:
    """Labour flows and stocks of the years 1990..2025 that lead through every labour stock given."""

    propensity: Array
    """rho by interval [K, 2, I]; interval 0 is the year 1990, the last ends with the last matrix year."""
    extra_return: Array
    """e by interval [K, 2, I]."""
    recent_propensity: Array
    """Mean rho of the last two intervals, weighted by their years [K, 2]; the level of all later years."""
    interval_of_year: tuple[int, ...]
    """Interval of each calendar year 1990..2025; the years after the last matrix year have the number I."""
    outflow: Array
    """First moves by age at 1 January, counted as survivors at the end of the year [K, 2, 101, 36]."""
    return_rate: Array
    """Return probability of survivors, extra return included [K, 2, 101, 36]."""
    movers_abroad: Array
    """Stocks at 1 January 1990..2026 [K, 2, 101, 37]."""
    movers_home: Array
    """Returned movers at 1 January 1990..2026 [K, 2, 101, 37]."""


def one_year_older(persons: Array) -> Array:
    """Move persons [..., 101] from their age at 1 January to the age at the next; the last age stays open."""
    older = np.zeros_like(persons)
    older[..., 1:] = persons[..., :-1]
    older[..., -1] += persons[..., -1]
    return older


def advance_movers(
    abroad: Array,
    home: Array,
    outflow: Array,
    return_rate: Array,
    remigration_rate: Array,
    survival_host: Array,
    survival_origin: Array,
) -> tuple[Array, Array]:
    """Movers abroad and at home one year later; all arrays [..., 101] by age at the beginning of the year."""
    staying = survival_host * abroad
    returning = staying * return_rate
    waiting = survival_origin * home
    again = waiting * remigration_rate
    return (
        one_year_older(staying - returning + again + outflow),
        one_year_older(waiting - again + returning),
    )


def outflow_pattern(basis: MigrationBasis) -> Array:
    """Relative propensity to move by age at 1 January, by corridor (schedule of the host), summing to 1 [K, 2, 101]."""
    ages = np.arange(AGE_COUNT, dtype=np.float64)
    rates = np.array([[RogersCastro(*sex.tolist()).rates(ages) for sex in host] for host in basis.schedules])
    pattern = rates[basis.corridor_index[:, 1]]
    return np.asarray(pattern / pattern.sum(axis=-1, keepdims=True), dtype=np.float64)


def added_return(rate: Array, extra: Array) -> Array:
    """Return probability when a share ``extra`` of those who would stay returns as well: ``1 - (1 - r)(1 - e)``."""
    return np.asarray(1.0 - (1.0 - rate) * (1.0 - extra), dtype=np.float64)


def intervals(matrix_years: tuple[int, ...], last_year: int) -> tuple[int, ...]:
    """Interval number of every calendar year from the first matrix year to ``last_year``.

    >>> intervals((1990, 1995, 1997), 1998)
    (0, 1, 1, 1, 1, 1, 2, 2, 3)
    """
    return tuple(sum(year > matrix for matrix in matrix_years) for year in range(matrix_years[0], last_year + 1))


def estimate_flows(basis: MigrationBasis, stocks: LabourStocks, population: Array, survival: Array) -> FlowEstimate:
    """Estimate the labour flows of all corridors and both sexes at once.

    Parameters
    ----------
    basis
        Rates of return and repeated moves, age pattern, limits.
    stocks
        Labour stocks at 1 July of the matrix years, ``labour`` [K, 2, 8].
    population, survival
        Persons at 1 January from 1990 [C, 2, 101, >= 37] and survival ratios [C, 2, 101, >= 36].

    Raises
    ------
    InputError
        When a stock falls faster than everybody returning in one interval could explain.
    """
    if basis.matrix_years[0] != HISTORY_FIRST_YEAR:
        raise InputError(f"migrant stocks begin in {basis.matrix_years[0]}, needed is {HISTORY_FIRST_YEAR}")
    origin, host = basis.corridor_index.T
    return_rate, remigration = basis.return_rate, basis.remigration_rate
    years = FIRST_YEAR - HISTORY_FIRST_YEAR
    numbers = intervals(basis.matrix_years, FIRST_YEAR - 1)
    count = len(basis.matrix_years)
    shape = return_rate.shape

    # Arrivals at rho = 1, and the survival at both ends, of every year of history.
    unit = outflow_pattern(basis)[..., np.newaxis] * (population[origin, ..., :years] * survival[origin, ..., :years])
    alive_host, alive_origin = survival[host, ..., :years], survival[origin, ..., :years]

    abroad = np.zeros((*shape, years + 1))
    home = np.zeros((*shape, years + 1))
    outflow, returns = np.zeros((*shape, years)), np.zeros((*shape, years))
    propensity, extra = np.zeros((*shape[:2], count)), np.zeros((*shape[:2], count))

    pattern = stock_by_age(
        unit[..., 0] / alive_origin[..., 0], alive_host[..., 0], return_rate, basis.assumptions.past_arrivals_growth
    )
    pattern /= pattern.sum(axis=-1, keepdims=True)
    start = pattern * stocks.labour[:, :, 0, np.newaxis]
    hosted = np.zeros((len(basis.countries), *start.shape[1:]))
    np.add.at(hosted, host, start)
    part = start / np.where(hosted[host] > 0, hosted[host], 1.0)
    abroad[..., 0] = limit_by_age(start, LARGEST_AGE_SHARE * part * population[host, ..., 0])

    def run(first: int, last: int, rho: Array, share: Array, keep: bool) -> Array:
        """Mean of the stocks before and after the interval's last year [K, 2]; years ``first``..``last`` by index."""
        away, back = abroad[..., first], home[..., first]
        before = away
        rate = added_return(return_rate, share[..., np.newaxis])
        for year in range(first, last + 1):
            before = away
            flow = rho[..., np.newaxis] * unit[..., year]
            away, back = advance_movers(
                away, back, flow, rate, remigration, alive_host[..., year], alive_origin[..., year]
            )
            if keep:
                outflow[..., year], returns[..., year] = flow, rate
                abroad[..., year + 1], home[..., year + 1] = away, back
        return np.asarray(0.5 * (before + away).sum(axis=-1), dtype=np.float64)

    nothing, everything = np.zeros(shape[:2]), np.ones(shape[:2])
    for interval in range(count):
        first, last = numbers.index(interval), len(numbers) - 1 - numbers[::-1].index(interval)
        target = stocks.labour[:, :, interval]
        without = run(first, last, nothing, nothing, keep=False)
        per_unit = run(first, last, everything, nothing, keep=False) - without
        exact = (target - without) / per_unit
        constant = (abroad[..., first].sum(axis=-1) - without) / per_unit
        rho = np.maximum(exact, basis.assumptions.lowest_gross_share * np.maximum(constant, 0.0))
        # A corridor that is empty at the next date cannot have arrivals in between.
        rho = np.where(target > 0, rho, 0.0)
        share = _extra_share(partial(run, first, last, rho, keep=False), target, rho > exact)
        run(first, last, rho, share, keep=True)
        propensity[..., interval], extra[..., interval] = rho, share
    lengths = [numbers.count(count - 2), numbers.count(count - 1)]
    recent = np.average(propensity[..., -2:], axis=-1, weights=lengths)
    for first in [year for year, interval in enumerate(numbers) if interval == count]:
        run(first, first, recent, nothing, keep=True)
    return FlowEstimate(propensity, extra, recent, numbers, outflow, returns, abroad, home)


def _extra_share(level: Callable[[Array], Array], target: Array, needed: npt.NDArray[np.bool_]) -> Array:
    """Share ``e`` [K, 2] for which the falling ``level(e)`` meets ``target`` where ``needed``, zero elsewhere."""
    low, high = np.zeros_like(target), np.where(needed, LARGEST_EXTRA_RETURN, 0.0)
    if not needed.any():
        return low
    short = needed & (level(high) > target)
    if short.any():
        place = tuple(int(i) for i in np.argwhere(short)[0])
        raise InputError(f"migrant stock of corridor, sex {place} falls faster than if everybody returned at once")
    for _ in range(BISECTIONS):
        middle = 0.5 * (low + high)
        above = level(middle) > target
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.asarray(np.where(needed, 0.5 * (low + high), 0.0), dtype=np.float64)
