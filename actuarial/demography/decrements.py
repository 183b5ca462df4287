"""Several causes of leaving, and several states to be in.

1. An *independent* probability belongs to a table with one cause only; a *dependent* one to the table with all of
   them.
2. In each single table the decrement is spread evenly over the year (uniform distribution).
3. An intensity matrix Q has the intensity from state i to state j at [i, j] and rows that add up to zero.

Sources: Bowers et al. (1997), Actuarial Mathematics, chapter 10; Preston, Heuveline and Guillot (2001), Demography,
chapter 4; Dickson, Hardy and Waters (2013), Actuarial Mathematics for Life Contingent Risks, chapter 8.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
from scipy.integrate import solve_ivp

from actuarial.basis.dimensions import Array

INVERSE_TOLERANCE = 1e-14
INVERSE_STEPS = 2000


def dependent_probabilities(independent: Array) -> Array:
    """Dependent probabilities [..., k] from independent ones [..., k], each uniform over the year in its own table.

    q1 = q1' times the mean over the year of the product of (1 - t qj') over the other causes j; for three causes
    q1' [1 - (q2' + q3') / 2 + q2' q3' / 3]. Raises ``ValueError`` on a figure outside 0..1.
    """
    if not ((independent >= 0) & (independent <= 1)).all():
        raise ValueError("independent probabilities must lie between 0 and 1")
    count = independent.shape[-1]
    result = np.empty_like(independent)
    for cause in range(count):
        others = [other for other in range(count) if other != cause]
        mean = np.ones(independent.shape[:-1])
        for size in range(1, count):
            for group in combinations(others, size):
                mean = mean + (-1.0) ** size * independent[..., list(group)].prod(axis=-1) / (size + 1)
        result[..., cause] = independent[..., cause] * mean
    return result


def independent_probabilities(dependent: Array) -> Array:
    """Independent probabilities [..., k] behind dependent ones [..., k]: the inverse of :func:`dependent_probabilities`.

    By repeated division, q1' = q1 / (mean over the year of the product of (1 - t qj') over the other causes j). Raises ``ValueError`` for figures
    outside 0..1, for a sum above 1 and where no single tables with deaths spread evenly lead to the figures given.
    """
    if not ((dependent >= 0) & (dependent <= 1)).all() or (dependent.sum(axis=-1) > 1.0 + 1e-12).any():
        raise ValueError("dependent probabilities must lie between 0 and 1 and add up to at most 1")
    result = np.array(dependent, dtype=np.float64)
    for _ in range(INVERSE_STEPS):
        back = dependent_probabilities(result)
        if np.abs(back - dependent).max(initial=0.0) < INVERSE_TOLERANCE:
            return result
        mean = np.divide(back, result, out=np.ones_like(back), where=result > 0.0)
        result = np.minimum(np.divide(dependent, mean, out=np.ones_like(back), where=mean > 0.0), 1.0) * (dependent > 0.0)
    raise ValueError("no independent probabilities, spread evenly over the year, lead to the dependent ones given")


def lifetime_decrement(survivors: Array, death_probability: Array, deaths: Array, deaths_of_cause: Array) -> float:
    """Life-table deaths from one cause at all ages: sum of l q D(cause) / D over the age groups [n]."""
    return float((survivors * death_probability * deaths_of_cause / deaths).sum())


def transition_probabilities(intensities: Callable[[float], Array], start: float, end: float) -> Array:
    """P [k, k] from age ``start`` to ``end`` by Kolmogorov's forward equation dP/dt = P Q(t).

    ``intensities`` gives Q [k, k] at an exact age. Raises ``RuntimeError`` when the equation cannot be solved.
    """
    count = intensities(start).shape[0]

    def slope(age: float, flat: Array) -> Array:
        product: Array = (flat.reshape(count, count) @ intensities(age)).ravel()
        return product

    solution = solve_ivp(slope, (start, end), np.eye(count).ravel(), method="DOP853", rtol=1e-10, atol=1e-12)
    if not solution.success:
        raise RuntimeError(f"transition probabilities: {solution.message}")
    result: Array = np.asarray(solution.y[:, -1], dtype=np.float64).reshape(count, count)
    return result
