"""Graduation: from 5-year groups and 5-year periods to single ages and calendar years.

1. Ages are exact ages unless said otherwise; a group with edges ``[a, b)`` holds those with ``a <= exact age < b``.
2. Every split is a monotone curve through the cumulated quantity at the group edges, so that each group's total is kept
   exactly and no part of it can be negative.
3. Period figures stand at the middle of their period: the period 1 July 1990 to 1 July 1995 at 1993.0. A calendar year
   stands at its own middle.

| symbol | meaning |
|---|---|
| l(x) | survivors at exact age x of one birth |
| H(x) | cumulated force of mortality from birth, -ln l(x) |
| m | central death rate, deaths per person-year |
| a | mean years lived in the age interval by those who die in it |

Sources: Hyman, J. M. (1983), Accurate monotonicity preserving cubic interpolation, SIAM J. Sci. Stat. Comput. 4,
645-654; Smith, L., Hyndman, R. J. and Wood, S. N. (2004), Spline interpolation for demographic variables: the
monotonicity problem, Journal of Population Research 21, 95-98 (monotone splines through cumulated counts).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.interpolate import CubicHermiteSpline, CubicSpline

from actuarial.basis.dimensions import Array, IntArray

End = Literal["natural", "clamped", "not-a-knot"]


def monotone_curve(knots: Array, values: Array, at: Array, end: End = "natural") -> Array:
    """Monotone cubic curve through ``values`` [..., n] at ``knots`` [n], evaluated ``at`` [k]: [..., k].

    A cubic spline whose slopes at the knots are held between 0 and three times the smaller neighbouring chord
    (Hyman 1983). ``end`` chooses the end condition of the spline: ``clamped`` means a slope of zero at both ends.
    Raises ``ValueError`` when values fall or when the curve is asked for outside its knots.
    """
    chords = np.diff(values, axis=-1) / np.diff(knots)
    if (chords < 0).any():
        raise ValueError("a monotone curve needs values that do not fall")
    if at.size and (at.min() < knots[0] or at.max() > knots[-1]):
        raise ValueError(f"a point outside the knots {knots[0]}..{knots[-1]} was asked for")
    slopes = CubicSpline(knots, values, axis=-1, bc_type=end)(knots, 1)
    left = np.concatenate([chords[..., :1], chords], axis=-1)
    right = np.concatenate([chords, chords[..., -1:]], axis=-1)
    slopes = np.clip(slopes, 0.0, 3.0 * np.minimum(left, right))
    result: Array = CubicHermiteSpline(knots, values, slopes, axis=-1)(at)
    return result


def split_groups(totals: Array, edges: Array, at: Array, end: End = "natural") -> Array:
    """Parts of group ``totals`` [..., G] (edges [G + 1]) between the successive ages ``at`` [k + 1]: [..., k].

    Where ``at`` contains the edges, the parts of each group add up to the group. Raises ``ValueError`` on a negative
    total.
    """
    if (totals < 0).any():
        raise ValueError("a group total is negative")
    start = np.zeros(totals.shape[:-1] + (1,))
    cumulated = np.concatenate([start, np.cumsum(totals, axis=-1)], axis=-1)
    return np.maximum(np.diff(monotone_curve(edges, cumulated, at, end), axis=-1), 0.0)


def split_groups_by_reference(totals: Array, reference: Array, group_of_cell: IntArray) -> Array:
    """Split one series of group ``totals`` [G] over fine cells [k] in the manner of a ``reference`` [k] count per cell.

    The cumulated total is a monotone curve of the cumulated reference, so that the ratio of the two changes smoothly
    with age while the reference's own irregularity (births of good and bad years, infant deaths) is kept.
    ``group_of_cell`` [k] numbers the group of each cell, non-decreasing. Raises ``ValueError`` on a negative figure.
    """
    if (totals < 0).any() or (reference <= 0).any():
        raise ValueError("a group total is negative or a reference count is not positive")
    clock = np.concatenate([[0.0], np.cumsum(reference)])
    last_cell = np.searchsorted(group_of_cell, np.arange(totals.size), side="right")
    edges = clock[np.concatenate([[0], last_cell])]
    return split_groups(totals, edges, clock)


def interpolate_periods(figures: Array, midpoints: Array, at: Array) -> Array:
    """Straight lines in time through ``figures`` [..., n] standing at ``midpoints`` [n], read ``at`` [k]: [..., k].

    Before the first and after the last midpoint the nearest line is prolonged (at most half a period in use here).
    """
    place = np.clip(np.searchsorted(midpoints, at, side="right") - 1, 0, midpoints.size - 2)
    weight = (at - midpoints[place]) / (midpoints[place + 1] - midpoints[place])
    result: Array = figures[..., place] * (1.0 - weight) + figures[..., place + 1] * weight
    return result


def infant_separation(infant_rate: Array, sex: int) -> tuple[Array, Array]:
    """Mean years lived by those who die at age 0 and at ages 1-4, from the central death rate at age 0 (any shape).

    Coale-Demeny West: at a rate of 0.107 and above 0.330, 1.352 (male) and 0.350, 1.361 (female); below it
    0.045 + 2.684 m, 1.651 - 2.816 m (male) and 0.053 + 2.800 m, 1.522 - 1.518 m (female). ``sex`` is 0 male, 1 female.
    Source: Coale and Demeny (1983); as given in Preston, Heuveline and Guillot (2001), Demography, table 3.3.
    """
    low = ((0.045, 2.684, 1.651, -2.816), (0.053, 2.800, 1.522, -1.518))[sex]
    high = ((0.330, 1.352), (0.350, 1.361))[sex]
    severe = infant_rate >= 0.107
    a0 = np.where(severe, high[0], low[0] + low[1] * infant_rate)
    a1 = np.where(severe, high[1], low[2] + low[3] * infant_rate)
    return a0, a1


ABRIDGED_AGES = np.array([0.0, 1.0, *range(5, 101, 5)])
"""Exact ages at which an abridged life table starts its intervals; the last interval, from 100, is open."""


def abridged_separation(rates: Array, sex: int) -> Array:
    """Mean years lived in each closed interval by those who die in it: [..., 21] from abridged m [..., 22].

    Ages 0 and 1-4 by ``infant_separation``; from 5 on Greville's form n/2 - n^2/12 (m - k) with k the slope of ln m
    over age. Source: Greville (1943), as used by the United Nations' MORTPAK.
    """
    a0, a1 = infant_separation(rates[..., 0], sex)
    slope = np.gradient(np.log(rates[..., 2:]), 5.0, axis=-1)
    closed = 2.5 - 25.0 / 12.0 * (rates[..., 2:] - slope)
    return np.concatenate([a0[..., None], a1[..., None], closed[..., :-1]], axis=-1)


def single_age_rates(rates: Array, sex: int) -> Array:
    """Central death rates by single age 0..99, 100+ [..., 101] from abridged ones (0, 1-4, 5-9, ..., 100+) [..., 22].

    The abridged table gives l(x) at 1, 5, 10, ..., 100. From age 1 ln H is a monotone curve of ln x through these
    points: survival over each group is kept exactly, no rate is negative, and the fall of mortality within 1-4 follows
    a power of age. The rate of a single age from 1 is the rise of H over the year (constant force within the year);
    age 0 and the open age keep the source's rate. Raises ``ValueError`` on a rate that is not positive.
    """
    if not (rates > 0).all():
        raise ValueError("a death rate is not positive")
    width = np.diff(ABRIDGED_AGES)
    closed = rates[..., :-1]
    a = abridged_separation(rates, sex)
    q = width * closed / (1.0 + (width - a) * closed)
    if (q >= 1.0).any():
        raise ValueError("a death rate kills more than the whole group")
    hazard = np.cumsum(-np.log1p(-q), axis=-1)
    single = np.arange(1.0, 101.0)
    inner = np.exp(monotone_curve(np.log(ABRIDGED_AGES[1:]), np.log(hazard), np.log(single)))
    return np.concatenate([rates[..., :1], np.diff(inner, axis=-1), rates[..., -1:]], axis=-1)


def life_expectancy(single_rates: Array, sex: int) -> Array:
    """Life expectancy at birth [...] from rates by single age [..., 101] as ``single_age_rates`` defines them."""
    a0, _ = infant_separation(single_rates[..., 0], sex)
    q0 = single_rates[..., 0] / (1.0 + (1.0 - a0) * single_rates[..., 0])
    later = np.concatenate([np.zeros_like(q0)[..., None], np.cumsum(single_rates[..., 1:100], axis=-1)], axis=-1)
    alive = (1.0 - q0)[..., None] * np.exp(-later)
    years = -np.diff(alive, axis=-1) / single_rates[..., 1:100]
    result: Array = q0 / single_rates[..., 0] + years.sum(axis=-1) + alive[..., -1] / single_rates[..., 100]
    return result


def rates_at_life_expectancy(rates: Array, expectancy: Array, sex: int) -> Array:
    """Rates by single age in the pattern of ``rates`` [..., 101] with the life expectancy at birth given [...].

    All rates of a year are multiplied by one factor, found by bisection of its logarithm between -2 and 2.
    Raises ``ValueError`` when no factor in that range gives the life expectancy.
    """
    low, high = np.full(expectancy.shape, -2.0), np.full(expectancy.shape, 2.0)
    for bound, sign in ((low, 1.0), (high, -1.0)):
        reached = life_expectancy(rates * np.exp(bound)[..., None], sex)
        if (sign * (reached - expectancy) < 0).any():
            raise ValueError("no factor between exp(-2) and exp(2) gives the life expectancy")
    for _ in range(40):
        middle = 0.5 * (low + high)
        too_long = life_expectancy(rates * np.exp(middle)[..., None], sex) > expectancy
        low, high = np.where(too_long, middle, low), np.where(too_long, high, middle)
    factor: Array = np.exp(0.5 * (low + high))[..., None]
    return rates * factor


def split_fertility(rates_by_group: Array) -> Array:
    """Births per woman by single age 0..100 [..., 101] from the sums over the 5-year ages 15-19..45-49 [..., 7]."""
    single = split_groups(rates_by_group, np.arange(15.0, 51.0, 5.0), np.arange(15.0, 51.0), end="clamped")
    widths = [(0, 0)] * (single.ndim - 1) + [(15, 51)]
    return np.pad(single, widths)


def split_fertility_by_women(total: Array, shares: Array, women: Array) -> Array:
    """Births per woman by single age 0..100 [..., 101] from ``total`` fertility [...] and age ``shares`` [..., 7].

    A published share stems from births to women of the group over women of the group, so it is a mean of the
    single-age rates weighted by the women's ages [..., 101]; where women grow fewer with age, that mean lies below
    the plain one in the teens and above it past 30. The group sums are corrected until the weighted means stand in
    the ratio of the shares and all single ages add up to the total. Raises ``ValueError`` when this does not settle.
    """
    exposed = women[..., 15:50].reshape(women.shape[:-1] + (7, 5))
    weights = exposed / exposed.sum(axis=-1, keepdims=True)
    target = shares / shares.sum(axis=-1, keepdims=True)
    sums = target * total[..., None]
    for _ in range(50):
        single = split_fertility(sums)[..., 15:50].reshape(weights.shape)
        mean = 5.0 * (single * weights).sum(axis=-1)
        correction = target * mean.sum(axis=-1, keepdims=True) / mean
        if np.abs(correction - 1.0).max() < 1e-10:
            return split_fertility(sums)
        sums = sums * correction
        sums = sums * (total / sums.sum(axis=-1))[..., None]
    raise ValueError("the age pattern of fertility does not settle")
