"""Rogers-Castro schedule: how the propensity to migrate varies with age.

1. The schedule is a rate by single age; age ``x`` is age last birthday, so the curve is read at ``x``.
2. Seven parameters: children who move with parents, the labour peak, and a constant. Retirement moves are left out:
   they are *returns* and stand in the return schedule of a corridor.
3. A migrant *stock* by age is the sum of past arrivals less deaths and returns. Fitting a schedule straight to
   the stock would put the peak ten to fifteen years too late; ``fit_to_stock`` therefore fits the arrivals whose
   accumulated survivors give the stock.

=========  ==============================================================
symbol     meaning
=========  ==============================================================
a1, alpha1 level and fall of the childhood component
a2         level of the labour component
mu2        position of the labour peak, years of age
alpha2     fall after the labour peak
lambda2    rise before the labour peak
c          constant
=========  ==============================================================

Source: A. Rogers and L. J. Castro, Model Migration Schedules, IIASA RR-81-30, 1981.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass, replace

import numpy as np
from scipy.optimize import least_squares

from actuarial.basis.dimensions import Array


@dataclass(frozen=True)
class RogersCastro:
    """Parameters of a seven-parameter schedule; all rates per person and year, ages in years.

    >>> schedule = RogersCastro(a1=0.02, alpha1=0.1, a2=0.06, mu2=20.0, alpha2=0.1, lambda2=0.4, c=0.003)
    >>> round(float(schedule.rates(np.array([0.0]))[0]), 4)
    0.023
    """

    a1: float
    alpha1: float
    a2: float
    mu2: float
    alpha2: float
    lambda2: float
    c: float

    def __post_init__(self) -> None:
        """Refuse parameters for which the schedule has no meaning (negative level, no decline)."""
        values = np.array(astuple(self))
        if not np.isfinite(values).all() or (values < 0).any() or min(self.alpha1, self.alpha2, self.lambda2) == 0:
            raise ValueError(f"Rogers-Castro parameters must be finite, levels >= 0 and slopes > 0, found {self}")

    def rates(self, ages: Array) -> Array:
        """Return the propensity to move at ``ages`` (any shape).

        ``m(x) = a1 exp(-alpha1 x) + a2 exp(-alpha2 (x - mu2) - exp(-lambda2 (x - mu2))) + c``.
        """
        beyond = ages - self.mu2
        # exp(-lambda2 * beyond) overflows for steep rises far below the peak; the labour component is zero there.
        rise = np.exp(np.minimum(-self.lambda2 * beyond, 700.0))
        labour = self.a2 * np.exp(np.maximum(-self.alpha2 * beyond - rise, -745.0))
        return np.asarray(self.a1 * np.exp(-self.alpha1 * ages) + labour + self.c, dtype=np.float64)

    def scaled(self, factor: float) -> RogersCastro:
        """Return the same age pattern at ``factor`` times the level."""
        return replace(self, a1=self.a1 * factor, a2=self.a2 * factor, c=self.c * factor)

    def with_child_share(self, exposure: Array, largest: float, child_age: int = 15) -> RogersCastro:
        """Return the schedule with ``a1`` lowered until movers below ``child_age`` are at most the share ``largest``.

        ``exposure`` [age] are the persons at risk by single age from 0. Unchanged when the share is not exceeded.
        """
        ages = np.arange(len(exposure), dtype=np.float64)
        childhood = exposure * np.exp(-self.alpha1 * ages)
        others = exposure * replace(self, a1=0.0).rates(ages)
        young = ages < child_age
        # share = (a1 * Cy + Oy) / (a1 * C + O), solved for a1 at the limit
        room = largest * others.sum() - others[young].sum()
        weight = childhood[young].sum() - largest * childhood.sum()
        if weight <= 0:
            return self
        return replace(self, a1=float(min(self.a1, max(room, 0.0) / weight)))


STANDARD = RogersCastro(a1=0.02, alpha1=0.10, a2=0.06, mu2=20.0, alpha2=0.10, lambda2=0.40, c=0.003)
"""Simplified basic standard of Rogers and Castro (1981); starting point of the fit."""

_LOWER = np.array([0.0, 0.01, 0.0, 12.0, 0.01, 0.05, 0.0])
_UPPER = np.array([10.0, 1.0, 10.0, 45.0, 1.0, 5.0, 1.0])
# Published schedules have alpha2 between about 0.05 and 0.20 and a peak between 17 and 30 (Rogers and Castro 1981);
# outside it a stock in five-year groups is fitted by a curve without a labour peak.
_STOCK_LOWER = np.array([0.0, 0.05, 0.0, 17.0, 0.05, 0.2, 0.0])
_STOCK_UPPER = np.array([10.0, 0.2, 10.0, 30.0, 0.20, 0.6, 1.0])


def fit_rates(ages: Array, rates: Array) -> RogersCastro:
    """Fit a schedule to observed rates by single age; least squares, bounded.

    Parameters
    ----------
    ages, rates
        One-dimensional, same length; rates per person and year, not all zero.
    """
    level = float(rates.sum())
    if level <= 0 or (rates < 0).any():
        raise ValueError("a Rogers-Castro schedule needs rates >= 0 with a positive sum")

    def residual(schedule: RogersCastro) -> Array:
        return np.asarray((schedule.rates(ages) - rates / level) * len(ages), dtype=np.float64)

    fitted = _fit(residual, np.ones(7, dtype=bool), _LOWER, _UPPER, starts=(18.0, 22.0, 28.0))
    return fitted.scaled(level)


def stock_by_age(arrivals: Array, survival: Array, return_rate: Array, growth: float) -> Array:
    """Age structure of a stock fed for a long time by arrivals that grow at a steady rate.

    ``A(x+1) = [A(x) (1 - r(x)) + arrivals(x)] S(x) / (1 + growth)``, ``A(0) = 0``; the open age is closed by its
    geometric sum.

    Parameters
    ----------
    arrivals
        [..., age] persons who arrive in a year by age at its start.
    survival, return_rate
        [..., age] probability of surviving the year; probability that a survivor leaves again.
    growth
        Yearly growth of the arrivals (fraction).

    Returns
    -------
    Array
        [..., age] persons, at the scale of ``arrivals``.
    """
    shape = np.broadcast_shapes(arrivals.shape, survival.shape, return_rate.shape)
    stock = np.zeros(shape)
    stay = survival * (1.0 - return_rate) / (1.0 + growth)
    entry = arrivals * survival / (1.0 + growth)
    last = shape[-1] - 1
    for age in range(last):
        stock[..., age + 1] = stock[..., age] * stay[..., age] + entry[..., age]
    stock[..., last] = (stock[..., last] + entry[..., last]) / (1.0 - stay[..., last])
    return stock


def fit_to_stock(
    group_starts: Array,
    group_stock: Array,
    exposure: Array,
    survival: Array,
    return_rate: Array,
    growth: float,
) -> RogersCastro:
    """Fit the arrivals' schedule whose accumulated survivors have the age structure of an observed migrant stock.

    Rise before the peak and fall in childhood are held at the standard: a stock in five-year groups does not tell
    them.

    Parameters
    ----------
    group_starts
        [group] first ages of the observed groups, beginning with 0; the last group is open.
    group_stock
        [group] persons observed.
    exposure, survival, return_rate
        [age] origin population at risk, survival of a year, probability that a survivor returns.
    growth
        Yearly growth of past arrivals (fraction).

    Returns
    -------
    RogersCastro
        Scaled so that ``sum(exposure * rates)`` is the mean of ``exposure`` over ages; only ratios matter.
    """
    ages = np.arange(len(exposure), dtype=np.float64)
    starts = group_starts.astype(np.int64)
    if not np.isfinite(group_stock).all() or (group_stock < 0).any() or group_stock.sum() <= 0:
        raise ValueError("a stock by age needs values >= 0 with a positive sum")
    observed = group_stock / group_stock.sum()

    def residual(schedule: RogersCastro) -> Array:
        stock = stock_by_age(exposure * schedule.rates(ages), survival, return_rate, growth)
        groups = np.add.reduceat(stock, starts)
        return np.asarray((groups / groups.sum() - observed) * len(starts), dtype=np.float64)

    free = np.array([True, False, True, True, True, False, True])
    fitted = _fit(residual, free, _STOCK_LOWER, _STOCK_UPPER, starts=(18.0, 22.0, 28.0))
    scale = exposure.sum() / len(exposure) / float((exposure * fitted.rates(ages)).sum())
    return fitted.scaled(scale)


def _fit(
    residual: Callable[[RogersCastro], Array], free: Array, lower: Array, upper: Array, starts: tuple[float, ...]
) -> RogersCastro:
    """Bounded least squares over the free parameters from several labour-peak positions; the best is kept."""
    best: tuple[float, RogersCastro] | None = None
    standard = np.array(astuple(STANDARD))

    def build(values: Array) -> RogersCastro:
        full = standard.copy()
        full[free] = values
        return RogersCastro(*(float(value) for value in full))

    def distance(values: Array) -> Array:
        return residual(build(values))

    for peak in starts:
        start = standard.copy()
        start[3] = peak
        found = least_squares(
            distance,
            start[free],
            bounds=(lower[free], upper[free]),
            x_scale=np.maximum(standard[free], 1e-3),
            xtol=1e-12,
            ftol=1e-12,
            gtol=1e-12,
        )
        if best is None or found.cost < best[0]:
            best = (float(found.cost), build(found.x))
    if best is None:
        raise ValueError("no start value given for the fit")
    return best[1]
