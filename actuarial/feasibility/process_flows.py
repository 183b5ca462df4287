"""Future out-flows by corridor and the stock of past movers, as factors around the base.

1. Origin o, year t: log rate = log base + a(o, t) + level, with a(t + 1) = phi a(t) + sigma e. The changes e are standard normal, with correlation
   rho between any two origins (a common factor of weight sqrt rho). At the valuation date a = 0: today's rate is the base rate, so the spread grows
   from there to the stationary sigma / sqrt(1 - phi^2).
2. Bilateral flows are five-year data: a period is represented by its third year, so a is read 3, 8, 13, ... years after the valuation date. That is
   an exact reading of the yearly series: over h years it is multiplied by phi^h and gains the variance sigma^2 (1 - phi^2h) / (1 - phi^2).
3. The factor is exp(a + level - half their variance): mean 1 in every period, whatever the parameters of the path.
4. Destinations: the shares of an origin's movers are Dirichlet with parameters alpha0 x base shares of the period, made of independent gamma
   variates. From one period to the next a variate keeps the part Beta(m, alpha - m) of itself, m = the smaller of persistence x alpha and the next
   period's alpha, and gains Gamma(alpha' - m): it is Gamma again exactly (Sim, "First-order autoregressive models for gamma and exponential
   processes", Journal of Applied Probability 27, 1990). So every period has the exact Dirichlet shares, with mean the base shares, and a path keeps
   its pattern for decades.
   Destinations may be held fixed; then the shares are the base shares.
5. Factor of a corridor = factor of the origin x share / base share; mean 1. A corridor without base flow keeps the factor of its origin.
6. Stock of past movers: exp(s z - s^2 / 2), mean 1, one number for each corridor and path; z is correlated with the level of the origin's flows, and
   through the part of the level that all origins share with other corridors.

| symbol | parameter |
|---|---|
| phi, sigma, rho, level | persistence, volatility, regional_correlation, level_sd |
| alpha0 | destination_concentration |
| s | spread of the stock |

With parameter uncertainty logit phi, log sigma and log alpha0 are normal around the stated values; without it, and where it concerns the level, they
are as stated and the level is the base.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from actuarial.basis.dimensions import HORIZON, Array, IntArray
from actuarial.basis.uncertainty import FlowParameters, StockParameters
from actuarial.feasibility.process_random import Stream, generators, normals
from actuarial.feasibility.process_series import autoregression, logit_normal, sd_after

PERIOD_YEARS: Final = 5
PERIOD_COUNT: Final = HORIZON // PERIOD_YEARS
MIDDLE_YEAR: Final = 3
"""Year of a period that stands for it, counted from 1."""
_OWN_PARAMETERS: Final = 3
"""Normal numbers of a path that move its parameters, ahead of those that move its series."""


def level_errors(seed: int, first_path: int, count: int, origins: int, correlation: float) -> Array:
    """Standard normal errors of the long-run level of movement [path, origin], ``correlation`` between any two origins."""
    z = normals(seed, Stream.LEVEL, first_path, count, 1 + origins)
    return np.asarray(np.sqrt(correlation) * z[:, :1] + np.sqrt(1.0 - correlation) * z[:, 1:])


def origin_factors(parameters: FlowParameters, origins: int, seed: int, first_path: int, count: int, *, parameter_uncertainty: bool) -> Array:
    """Factor on the out-flow rate of each origin [path, origin, period], mean 1."""
    z = normals(seed, Stream.FLOWS, first_path, count, _OWN_PARAMETERS + (1 + origins) * PERIOD_COUNT)
    own = z[:, :_OWN_PARAMETERS] if parameter_uncertainty else np.zeros((count, _OWN_PARAMETERS))
    phi = np.minimum(logit_normal(parameters.persistence, parameters.persistence_sd, own[:, 0]), 0.9999)
    sigma = parameters.volatility * np.exp(parameters.volatility_sd * own[:, 1])
    changes = z[:, _OWN_PARAMETERS:].reshape(count, 1 + origins, PERIOD_COUNT)
    rho = parameters.regional_correlation
    innovations = np.sqrt(rho) * changes[:, :1] + np.sqrt(1.0 - rho) * changes[:, 1:]
    steps = np.array([MIDDLE_YEAR] + [PERIOD_YEARS] * (PERIOD_COUNT - 1), dtype=np.float64)
    logs = autoregression(phi, sigma, steps, innovations)
    variance = sd_after(phi[:, np.newaxis], sigma[:, np.newaxis], np.cumsum(steps))[:, np.newaxis] ** 2
    if parameter_uncertainty:
        logs += parameters.level_sd * level_errors(seed, first_path, count, origins, parameters.level_regional_correlation)[:, :, np.newaxis]
        variance += parameters.level_sd**2
    return np.asarray(np.exp(logs - 0.5 * variance))


def base_shares(base_outflow: Array, origin: IntArray) -> Array:
    """Share of each corridor in its origin's base out-flow [corridor, period]; 0 where the origin has none.

    ``base_outflow`` [corridor, period], ``origin`` [corridor] position of the origin.
    """
    totals = np.zeros((int(origin.max()) + 1, base_outflow.shape[1]))
    np.add.at(totals, origin, base_outflow)
    of_origin = totals[origin]
    return np.divide(base_outflow, of_origin, out=np.zeros_like(base_outflow), where=of_origin > 0.0)


def destination_shares(
    parameters: FlowParameters, shares: Array, origin: IntArray, seed: int, first_path: int, count: int, *, parameter_uncertainty: bool
) -> Array:
    """Shares of an origin's movers by destination [path, corridor, period], adding to 1 by origin; Dirichlet about ``shares`` [corridor, period]."""
    concentration = np.full(count, parameters.destination_concentration)
    if parameter_uncertainty:
        z = normals(seed, Stream.FLOWS, first_path, count, _OWN_PARAMETERS)[:, 2]
        concentration *= np.exp(parameters.concentration_sd * z)
    first, after = shares[:, :1], shares[:, 1:]
    kept = np.minimum(parameters.destination_persistence * shares[:, :-1], after)
    shapes = np.concatenate([first, kept, shares[:, :-1] - kept, after - kept], axis=1)
    drawn = np.empty((count, *shapes.shape))
    for row, source in enumerate(generators(seed, Stream.DESTINATIONS, first_path, count)):
        source.standard_gamma(concentration[row] * shapes, out=drawn[row])
    return _share_of(_renewed(drawn, shapes), origin)


def _renewed(drawn: Array, shapes: Array) -> Array:
    """Chain the gamma variates of the periods: part kept of the last weight + what is gained [path, corridor, period]."""
    steps = (shapes.shape[1] - 1) // 3
    kept, lost, gained = (drawn[:, :, 1 + i * steps : 1 + (i + 1) * steps] for i in range(3))
    certain = shapes[:, 1 : 1 + steps] / np.maximum(shapes[:, 1 : 1 + steps] + shapes[:, 1 + steps : 1 + 2 * steps], np.finfo(float).tiny)
    total = kept + lost
    # Variates of tiny shapes can both be 0 in floating point; the weight they part is then 0 too, so that any part will do.
    part = np.divide(kept, total, out=np.broadcast_to(certain, total.shape).copy(), where=total > 0.0)
    weights = np.empty((*drawn.shape[:2], steps + 1))
    weights[:, :, 0] = drawn[:, :, 0]
    for i in range(steps):
        weights[:, :, i + 1] = part[:, :, i] * weights[:, :, i] + gained[:, :, i]
    return weights


def dirichlet_moments(alpha: Array) -> tuple[Array, Array]:
    """Means alpha / sum and standard deviations sqrt(mean (1 - mean) / (sum + 1)) of Dirichlet shares; ``alpha`` [destination]."""
    mean = alpha / alpha.sum()
    return mean, np.sqrt(mean * (1.0 - mean) / (alpha.sum() + 1.0))


def _share_of(weights: Array, origin: IntArray) -> Array:
    """Weights [path, corridor, period] over the sum of their origin; 0 where all are 0."""
    shares = np.zeros_like(weights)
    for o in np.unique(origin):
        own = origin == o
        total = weights[:, own].sum(axis=1, keepdims=True)
        shares[:, own] = np.divide(weights[:, own], total, out=np.zeros_like(weights[:, own]), where=total > 0.0)
    return shares


def flow_factors(
    parameters: FlowParameters, base_outflow: Array, corridor_index: IntArray, origins: int, seed: int, first_path: int, count: int,
    *, parameter_uncertainty: bool,
) -> Array:  # fmt: skip
    """Factor on the base out-flow of each corridor [path, corridor, period], mean 1.

    ``base_outflow`` [corridor, period] persons who leave in the period (any unit: only its shares by origin count), ``corridor_index`` [corridor, 2]
    positions of origin and host among the ``origins``.
    """
    origin = corridor_index[:, 0]
    factors = origin_factors(parameters, origins, seed, first_path, count, parameter_uncertainty=parameter_uncertainty)[:, origin]
    if parameters.destinations == "fixed":
        return factors
    shares = base_shares(base_outflow, origin)
    drawn = destination_shares(parameters, shares, origin, seed, first_path, count, parameter_uncertainty=parameter_uncertainty)
    return factors * np.divide(drawn, shares, out=np.ones_like(drawn), where=shares > 0.0)


def stock_factors(parameters: StockParameters, corridor_index: IntArray, origins: int, seed: int, first_path: int, count: int) -> Array:
    """Factor on the movers who left before the valuation date [path, corridor], mean 1."""
    c = parameters.level_correlation
    common = level_errors(seed, first_path, count, origins, parameters.level_regional_correlation)[:, corridor_index[:, 0]]
    own = normals(seed, Stream.STOCK, first_path, count, len(corridor_index))
    return np.asarray(np.exp(parameters.spread * (c * common + np.sqrt(1.0 - c * c) * own) - 0.5 * parameters.spread**2))
