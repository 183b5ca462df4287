"""Theoretical earnings from a short record: the relative earnings position of the United States' agreements.

1. A year's ratio is creditable earnings over the national average wage of the year; a year with fewer than four quarters of coverage has its earnings
   capped at the share q / 4 of the yearly maximum (SSA POMS GN 01701.200).
2. REP = (sum of the ratios over years with at least one quarter) / quarters of coverage x 4 (20 CFR 404.1918).
3. Theoretical earnings = REP x average wage of each base year, capped by the year's maximum; they are indexed, the best computation years averaged by
   month and rounded down, the primary insurance amount is 90 % and 32 % by bend points (15 % above), rounded down to a dime.
4. Pro rata = theoretical amount x quarters / (4 x computation years), rounded down to a dime.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction

QUARTERS_PER_YEAR = 4
MONTHS_PER_YEAR = 12


def creditable_earnings(earnings: float, quarters: int, maximum: float) -> float:
    """Earnings of a year that count: at most quarters / 4 of the yearly maximum.

    >>> creditable_earnings(4200, 2, 7800)
    3900.0
    """
    return min(float(earnings), maximum * quarters / QUARTERS_PER_YEAR)


def relative_position(earnings: Sequence[float], average_wage: Sequence[float], quarters: Sequence[int]) -> float:
    """Relative earnings position, 1 = average earnings. Years without a quarter of coverage are left out."""
    ratios = [e / w for e, w, q in zip(earnings, average_wage, quarters, strict=True) if q > 0]
    total = sum(quarters)
    if total <= 0:
        raise ValueError("a relative earnings position needs at least one quarter of coverage")
    return sum(ratios) / total * QUARTERS_PER_YEAR


def average_indexed_monthly_earnings(
    position: float, average_wage: Mapping[int, float], maximum: Mapping[int, float], indexing_year: int, computation_years: int
) -> int:
    """Average of the best computation years of theoretical earnings, per month, rounded down.

    Years are those of ``maximum``; a year beyond the last average wage uses that wage. Earnings before ``indexing_year`` are indexed to it.
    """
    last = max(average_wage)
    indexed = []
    for year, limit in maximum.items():
        earned = min(position * average_wage[min(year, last)], limit)
        indexed.append(earned * average_wage[indexing_year] / average_wage[year] if year < indexing_year else earned)
    best = sorted(indexed, reverse=True)[:computation_years]
    return math.floor(sum(best) / (computation_years * MONTHS_PER_YEAR))


def primary_amount(monthly_earnings: float, bend_points: tuple[float, float]) -> float:
    """Primary insurance amount before rounding: 90 % up to the first bend point, 32 % up to the second, 15 % above.

    >>> round(primary_amount(999, (230, 1388)), 2)
    453.08
    """
    first, second = bend_points
    return 0.90 * min(monthly_earnings, first) + 0.32 * max(min(monthly_earnings, second) - first, 0.0) + 0.15 * max(monthly_earnings - second, 0.0)


def floor_dime(amount: float) -> float:
    """Amount rounded down to a tenth; an amount within 1e-9 of one is that one.

    >>> floor_dime(453.08), floor_dime(113.25)
    (453.0, 113.2)
    """
    tenths = amount * 10.0
    near = round(tenths)
    return (near if abs(tenths - near) < 1e-9 else math.floor(tenths)) / 10.0


def pro_rata_primary(theoretical: float, quarters: int, computation_years: int) -> float:
    """Pro rata amount: theoretical x quarters / (4 x computation years), rounded down to a dime."""
    share = Fraction(quarters, QUARTERS_PER_YEAR * computation_years)
    return floor_dime(theoretical * share.numerator / share.denominator)
