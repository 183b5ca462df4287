"""Coverage, density, compliance and take-up around the base: random walks that cannot leave their bounds.

1. Factor f = lower + (upper - lower) / (1 + exp(-y)), lower < 1 < upper; y starts where f = 1 and is a random walk without drift. The walk is
   symmetric and f rises with y, so the median of f is 1 in every year, and f stays within its bounds.
2. A yearly step of y is s (c w + sqrt(1 - c^2) e): w the standard normal innovation of real wage growth of the country in that year, c the
   correlation with it; e is own to the process, with correlation r between countries. Take-up is one walk for the region and looks at the region's
   growth.
3. With parameter uncertainty s is lognormal around the stated value.
4. A base that lies near 1 may pass 1 when multiplied: the caller keeps rates at 1 at most.
"""

from __future__ import annotations

import numpy as np

from actuarial.basis.dimensions import HORIZON, Array
from actuarial.basis.uncertainty import WalkParameters
from actuarial.feasibility.process_random import Stream, normals


def bounded_walk(
    parameters: WalkParameters, growth: Array, stream: Stream, seed: int, first_path: int, *, spread_sd: float, regional_correlation: float
) -> Array:
    """Factor [path, country, year] within ``parameters.lower`` .. ``upper``, median 1.

    ``growth`` [path, country, year] standard normal innovations of real wage growth; ``spread_sd`` standard deviation of the log of the yearly
    spread between paths, 0 for none; ``regional_correlation`` of the own steps of two countries.
    """
    count, countries = growth.shape[:2]
    z = normals(seed, stream, first_path, count, 1 + (1 + countries) * HORIZON)
    steps = z[:, 1:].reshape(count, 1 + countries, HORIZON)
    own = np.sqrt(regional_correlation) * steps[:, :1] + np.sqrt(1.0 - regional_correlation) * steps[:, 1:]
    c = parameters.growth_correlation
    yearly = parameters.yearly_spread * np.exp(spread_sd * z[:, 0])
    walk = yearly[:, np.newaxis, np.newaxis] * np.cumsum(c * growth + np.sqrt(1.0 - c * c) * own, axis=2)
    return within_bounds(walk, parameters.lower, parameters.upper)


def within_bounds(walk: Array, lower: float, upper: float) -> Array:
    """Factor of a walk around 0: 1 where it is 0, rising, and never outside ``lower`` .. ``upper``. Needs lower < 1 < upper.

    lower + (upper - lower) / (1 + exp(-(y0 + walk))) with y0 = log((1 - lower) / (upper - 1)), written so that a walk of 0 gives exactly 1.
    """
    up, down = upper - 1.0, 1.0 - lower
    grown = np.expm1(np.minimum(walk, 700.0))
    return np.clip(1.0 + up * down * grown / (up + down * (1.0 + grown)), lower, upper)
