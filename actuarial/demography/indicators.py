"""Summary measures of reproduction and nuptiality.

1. Age groups are given by their person-years lived L and rates per person-year; births are female births unless
   said otherwise.

| symbol | meaning |
|---|---|
| m(x) | female births per woman and year |
| L(x) | person-years lived in the group per birth |
| r | intrinsic growth rate, the root of 1 = sum e^(-r x) m(x) L(x) |

Source: Preston, Heuveline and Guillot (2001), Demography, chapters 4, 5 and 7.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from actuarial.basis.dimensions import Array


def gross_reproduction_rate(maternity: Array, width: float) -> float:
    """Daughters per woman in the absence of mortality: width times the sum of ``maternity`` [n]."""
    return float(width * maternity.sum())


def net_reproduction_rate(maternity: Array, lived: Array) -> float:
    """Daughters per newborn girl: sum of m L, with ``lived`` [n] per birth."""
    return float((maternity * lived).sum())


def intrinsic_growth_rate(maternity: Array, lived: Array, middle_ages: Array) -> float:
    """Lotka's r for ``maternity`` and ``lived`` [n] at the groups' ``middle_ages`` [n], between -0.1 and 0.1.

    Raises ``ValueError`` when there is no root in that range.
    """
    net = maternity * lived

    def excess(rate: float) -> float:
        return float((np.exp(-rate * middle_ages) * net).sum()) - 1.0

    if excess(-0.1) * excess(0.1) > 0:
        raise ValueError("no intrinsic growth rate between -0.1 and 0.1")
    return float(brentq(excess, -0.1, 0.1, xtol=1e-14))


def mean_age_at_first_marriage(persons: Array, single: Array) -> float:
    """Singulate mean age at first marriage of those who marry before 50 (Hajnal), from the groups 15-19 .. 50-54 [8].

    [15 + 5 sum of the shares single to 49 - 50 s] / (1 - s), s being the mean share single of 45-49 and 50-54.
    Raises ``ValueError`` for another number of groups.
    """
    if persons.shape != (8,) or single.shape != (8,):
        raise ValueError("eight groups 15-19 to 50-54 are needed")
    share = single / persons
    never = float(share[6:].mean())
    return float((15.0 + 5.0 * share[:7].sum() - 50.0 * never) / (1.0 - never))
