"""Indicators of a scheme's finances, each defined once.

| symbol | meaning |
|---|---|
| X_t | benefits and administration paid in year t, mid-year |
| S_t | insurable earnings of year t |
| C_t | contributions collected in year t |
| V_t | reserve at 31 December of year t |
| j_t, v_t | return of year t; discount factor to the valuation date of a mid-year flow of year t |
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array


def discount_factors(investment_return: Array) -> Array:
    """Factor from mid-year t to the valuation date: v_t = (1 + j_t)^(-1/2) / product of (1 + j_u) over earlier years u."""
    growth = np.cumprod(1.0 + investment_return)
    start = np.concatenate(([1.0], growth[:-1]))
    return 1.0 / (start * np.sqrt(1.0 + investment_return))


def present_value(flow: Array, investment_return: Array) -> float:
    """Sum of v_t x flow_t at the valuation date."""
    return float(flow @ discount_factors(investment_return))


def payg_cost_rate(expenditure: Array, earnings: Array) -> Array:
    """X_t / S_t; 0 where there are no insurable earnings."""
    return np.divide(expenditure, earnings, out=np.zeros_like(expenditure), where=earnings > 0)


def general_average_premium(expenditure: Array, earnings: Array, reserve: float, investment_return: Array) -> float:
    """GAP over the years given: (sum of v_t X_t - V_0) / sum of v_t S_t. Case SSF-GAP-25. NaN where there are no earnings."""
    base = present_value(earnings, investment_return)
    return (present_value(expenditure, investment_return) - reserve) / base if base > 0 else math.nan


def reserve_ratio(opening: Array, expenditure: Array) -> Array:
    """V_{t-1} / X_t: the reserve at the start of the year in years of expenditure (the OASDI definition). NaN without expenditure."""
    return np.divide(opening, expenditure, out=np.full_like(opening, np.nan), where=expenditure > 0)


def first_year(condition: npt.NDArray[np.bool_], first: int) -> float:
    """Calendar year of the first true entry, counting from ``first``; NaN if it never comes."""
    hits = np.flatnonzero(condition)
    return float(first + hits[0]) if hits.size else math.nan
