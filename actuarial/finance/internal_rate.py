"""Internal rate of return of a cohort, and turnover duration.

Flows of a cohort are survival-weighted amounts [year] from its first contribution on, at mid-year: year t is t - 1/2 years after the start.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from actuarial.basis.dimensions import Array
from actuarial.finance.yearly import positive_base, yearly_series

BRACKET = (-0.2, 0.5)
"""Yearly rates within which a cohort's return is looked for (methods of the project; derived)."""
ROUNDING = 1e-13
"""A sum of flows below this share of their absolute sum is zero."""
_STEPS = 140


def cohort_irr(contributions: Array, benefits: Array, *, bracket: tuple[float, float] = BRACKET) -> float | None:
    """Yearly rate r in the bracket with sum of (B_t - C_t) (1 + r)^-(t - 1/2) = 0; ``None`` where there is none.

    There is none for a cohort that pays nothing or receives nothing, or that gets back so little (so much) that r would lie outside the
    bracket; flows that balance in every year single out no rate either. In a mature PAYG scheme r is growth of members plus growth of
    wages (Samuelson 1958; case SSF-IRR). Raises ``ValueError`` for negative flows, a bracket that is not an interval above -1, or flows with
    several rates.
    """
    c, b = yearly_series(contributions=contributions, benefits=benefits)
    low, high = bracket
    if not -1.0 < low < high:
        raise ValueError(f"the bracket must be an interval of rates above -1; found {low:g} to {high:g}")
    if (c < 0.0).any() or (b < 0.0).any():
        raise ValueError("contributions and benefits cannot be negative")
    net = b - c
    if not (c.any() and b.any() and net.any()):
        return None
    times = np.arange(len(net)) + 0.5

    def value(rate: float) -> float:
        return float(net @ (1.0 + rate) ** -times)

    grid = np.linspace(low, high, _STEPS + 1)
    values = [value(float(rate)) for rate in grid]
    sizes = [float(np.abs(net) @ (1.0 + rate) ** -times) for rate in grid]
    values = [0.0 if abs(at) <= ROUNDING * size else at for at, size in zip(values, sizes, strict=True)]
    roots = [float(rate) for rate, at in zip(grid, values, strict=True) if at == 0.0]
    for k in range(_STEPS):
        if values[k] * values[k + 1] < 0.0:
            roots.append(float(brentq(value, float(grid[k]), float(grid[k + 1]), xtol=1e-15, rtol=1e-14)))
    if len(roots) > 1:
        raise ValueError(f"the flows have several internal rates of return: {', '.join(f'{root:.4f}' for root in sorted(roots))}")
    return roots[0] if roots else None


def deflated(flow: Array, inflation: Array) -> Array:
    """Nominal mid-year amounts [year] in prices of the start: A_t / [product of (1 + pi_u) over u < t, times (1 + pi_t)^(1/2)].

    The real internal rate is :func:`cohort_irr` of deflated flows. Raises ``ValueError`` for inflation of -100 % or less.
    """
    a, inflation_rate = yearly_series(flow=flow, inflation=inflation)
    if (inflation_rate <= -1.0).any():
        raise ValueError("inflation must exceed -1")
    growth = 1.0 + inflation_rate
    real: Array = a / (np.cumprod(growth) / np.sqrt(growth))
    return real


def mean_age(ages: Array, amounts: Array) -> float:
    """Mean age of a money flow: sum of x m_x / sum of m_x, arrays [age]. Raises ``ValueError`` when nothing flows."""
    x, m = yearly_series(ages=ages, amounts=amounts)
    return float(x @ m) / positive_base(float(m.sum()), "the flow")


def turnover_duration(contribution_ages: Array, contributions: Array, benefit_ages: Array, benefits: Array) -> float:
    """TD = A_R - A_C, years between the money-weighted mean ages of the year's benefits and contributions.

    Exact mean ages of the payments. In a steady state of growth rho + gamma the accrued liability discounted at that rate is C x TD, C the
    contributions of the year. Source: Settergren and Mikula 2005 (partial); case SSF-TURNOVER.
    """
    return mean_age(benefit_ages, benefits) - mean_age(contribution_ages, contributions)
