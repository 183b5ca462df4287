"""Residence-based pensions: shares by months of residence, foreign pensions in an income test, rates in steps.

| rule | share | source |
|---|---|---|
| months of working-life residence | m / 300 or m / 420, at most 1 | Australian agreements |
| years of residence after 18 | y / 40, at most 1 | Canadian old-age security |
| portability | 12 y / 540; n / 20 with at least 10 years | New Zealand guidance |

Ratios are exact fractions; whoever multiplies them with money rounds last.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction


def residence_share(months: Fraction | int, denominator: Fraction | int, minimum: Fraction | int = 0) -> Fraction:
    """Share of the full pension: months / denominator, at most 1; 0 below the minimum.

    >>> residence_share(180, 420), residence_share(96, 240, 120)
    (Fraction(3, 7), Fraction(0, 1))
    """
    if Fraction(months) < 0 or Fraction(denominator) <= 0:
        raise ValueError(f"months {months} of {denominator}: months cannot be negative and the denominator is more than zero")
    return Fraction(0) if Fraction(months) < minimum else min(Fraction(months) / Fraction(denominator), Fraction(1))


def assessed_foreign_pension(amount: float, share: Fraction, *, proportional: bool) -> float:
    """Foreign pension that an income test takes into account: a share of it where the agreement apportions it, else all.

    >>> assessed_foreign_pension(4500.0, Fraction(200, 300), proportional=True)
    3000.0
    """
    return amount * share.numerator / share.denominator if proportional else amount


def yearly_average(contributions: Fraction | int, years: Fraction | int) -> int:
    """Average number of contributions a year, rounded to the nearest whole number, half up.

    >>> yearly_average(600, 34), yearly_average(Fraction(475, 10), 1)
    (18, 48)
    """
    return math.floor(Fraction(contributions) / Fraction(years) + Fraction(1, 2))


def rate_in_steps(average: Fraction | int, bands: Sequence[tuple[int, float]]) -> float:
    """Rate of the highest band reached; ``bands`` are (lowest average, rate) in any order; 0 below the lowest.

    >>> rate_in_steps(18, [(10, 110.8), (15, 180.7), (20, 236.1)])
    180.7
    """
    reached = [(lowest, rate) for lowest, rate in bands if average >= lowest]
    return max(reached)[1] if reached else 0.0
