"""Levels of wages, prices, pensions and interest on paths of the economy, over those of the base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.feasibility.pay_response import AWARDS
from actuarial.feasibility.scheme_basis import SchemeBasis

LEAST_INFLATION: Final = -0.02
"""Prices of a year fall by no more. Pensions in payment are never cut (assumed: no law found says what happens when prices fall)."""


@dataclass(frozen=True)
class SchemePaths:
    """What one scheme meets on every path; arrays [path, year], deviations from the base or factors on it.

    factors   [path, corridor, part] on the people of each part
    mortality [path, year] index k;  pattern [age] its effect on log death rates
    inflation, real_wage, real_return   added to the yearly rates
    coverage, density, compliance, take_up   factors
    cover_elsewhere, density_elsewhere   means of their logarithms over the other states
    """

    factors: Array
    mortality: Array
    pattern: Array
    inflation: Array
    real_wage: Array
    real_return: Array
    coverage: Array
    density: Array
    compliance: Array
    take_up: Array
    cover_elsewhere: Array
    density_elsewhere: Array


@dataclass(frozen=True)
class PathRates:
    """Arrays [path, year].

    pay, prices, pensions   levels over the base of insurable earnings, prices, pensions in payment
    awards                  of new pensions by :data:`actuarial.feasibility.pay_response.AWARDS`, for the same service
    investment_return, interest   yearly rates on the fund, on accounts
    """

    pay: Array
    prices: Array
    pensions: Array
    awards: Mapping[str, Array]
    investment_return: Array
    interest: Array


def path_rates(basis: SchemeBasis, paths: SchemePaths) -> PathRates:
    """Rates of one scheme: real rates of the base and the path's deviations, compounded with the path's inflation (Fisher)."""
    inflation = np.maximum(basis.inflation + paths.inflation, LEAST_INFLATION)
    real = _real(basis.wage_growth, basis.inflation) + paths.real_wage
    wage = (1.0 + real) * (1.0 + inflation) - 1.0
    earned = (1.0 + _real(basis.investment_return, basis.inflation) + paths.real_return) * (1.0 + inflation) - 1.0
    wages, prices = _level(real, _real(basis.wage_growth, basis.inflation)), _level(inflation, basis.inflation)
    increase, base = (basis.price_share * p + basis.wage_share * w for p, w in ((inflation, wage), (basis.inflation, basis.wage_growth)))
    return PathRates(
        pay=basis.pay.pay(wages, prices),
        prices=prices,
        pensions=_level(np.maximum(increase, np.minimum(base, 0.0)), base),
        awards={name: basis.pay.award(name, wages, prices) for name in AWARDS},
        investment_return=earned,
        interest=np.maximum(earned - basis.spread, 0.0),
    )


def _real(rate: Array, inflation: Array) -> Array:
    return (1.0 + rate) / (1.0 + inflation) - 1.0


def _level(path: Array, base: Array) -> Array:
    level: Array = np.asarray(np.cumprod((1.0 + path) / (1.0 + base), axis=1), dtype=np.float64)
    return level
