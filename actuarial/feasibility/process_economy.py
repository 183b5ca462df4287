"""Inflation, real wage growth and real return around the base: a vector autoregression by country with a regional factor.

1. x(t + 1) = A x(t) + (I - A) mu + u(t + 1), x = (inflation, real wage growth, real return) as deviations from the base rates; x = 0 at the
   valuation date.
2. u = country scale x (sqrt(rho) g + sqrt(1 - rho) e): g common to the region, e own to the country, both with the standard deviations and
   correlations of the file. Correlation of the same variable between two countries: rho.
3. Student tails: u is divided by sqrt(W / mean), W gamma by country and year, so that it is Student with nu degrees of freedom and the same
   covariance.
4. mu, the error of the long-run level, is parameter uncertainty: normal, correlated between countries as u is. It enters as the level the
   series are drawn to, so today's rates stay known.
5. x is kept within the largest deviations of the file, on both sides alike, so that its mean stays 0 and no rate falls to -100 %.
6. Stationary covariance of x without 5: vec(S) = (I - A kron A)^-1 vec(Q) (:func:`actuarial.feasibility.process_series.stationary_covariance`).

With parameter uncertainty A is multiplied so that its largest eigenvalue is logit-normal around the stated one (so every path is stationary), and
each standard deviation of u is lognormal around its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import HORIZON, Array
from actuarial.basis.uncertainty import EconomyParameters
from actuarial.feasibility.process_random import Stream, generators, normals
from actuarial.feasibility.process_series import logit_normal, spectral_radius

VARIABLES = ("inflation", "real_wage", "real_return")
_COUNT = len(VARIABLES)
_OWN_PARAMETERS = 1 + _COUNT
"""Normal numbers of a path ahead of its series: persistence, and each standard deviation."""


@dataclass(frozen=True)
class Innovations:
    """Standard normal sources of the economy, before standard deviations and tails.

    parameters  [path, 4]
    levels      [path, country, variable] errors of the long-run level, correlated between countries
    region      [path, year, variable] the factor g
    country     [path, country, year, variable] with correlation rho between countries
    """

    parameters: Array
    levels: Array
    region: Array
    country: Array

    @property
    def growth(self) -> Array:
        """Standard normal innovation of real wage growth [path, country, year]."""
        return np.asarray(self.country[..., 1])

    @property
    def regional_growth(self) -> Array:
        """Standard normal innovation of the region's real wage growth [path, 1, year]."""
        return np.asarray(self.region[:, np.newaxis, :, 1])


def innovations(parameters: EconomyParameters, countries: int, seed: int, first_path: int, count: int) -> Innovations:
    """Draw the sources of the economy; other processes read its growth."""
    z = normals(seed, Stream.ECONOMY, first_path, count, _OWN_PARAMETERS + (1 + countries) * (1 + HORIZON) * _COUNT)
    series = z[:, _OWN_PARAMETERS:].reshape(count, 1 + countries, 1 + HORIZON, _COUNT)
    mixed = _correlated(series, np.asarray(np.linalg.cholesky(parameters.correlation_matrix), np.float64))
    rho = parameters.regional_correlation
    by_country = np.sqrt(rho) * mixed[:, :1] + np.sqrt(1.0 - rho) * mixed[:, 1:]
    return Innovations(z[:, :_OWN_PARAMETERS], by_country[:, :, 0], mixed[:, 0, 1:], by_country[:, :, 1:])


def _correlated(z: Array, root: Array) -> Array:
    """Numbers [..., variable] times the Cholesky root, term by term: the same sum in any chunk, which a matrix product does not promise."""
    return np.stack([sum((root[i, j] * z[..., j] for j in range(i + 1)), start=np.zeros(z.shape[:-1])) for i in range(_COUNT)], axis=-1)


def economy(parameters: EconomyParameters, drawn: Innovations, seed: int, first_path: int, *, parameter_uncertainty: bool) -> tuple[Array, Array,
Array]:
    """Deviations of inflation, real wage growth and real return, each [path, country, year], mean 0."""
    count, countries = drawn.country.shape[:2]
    own = drawn.parameters if parameter_uncertainty else np.zeros_like(drawn.parameters)
    sd = parameters.innovation_sds * np.exp(parameters.volatility_sd * own[:, 1:])
    scale = parameters.country_scales
    u = drawn.country * sd[:, np.newaxis, np.newaxis] * scale[:, np.newaxis, np.newaxis]
    if parameters.tails == "student":
        u *= _tails(parameters.degrees_of_freedom, (countries, HORIZON), seed, first_path, count)[..., np.newaxis]
    level = drawn.levels * parameters.level_sds * scale[:, np.newaxis] if parameter_uncertainty else np.zeros_like(drawn.levels)
    matrix, radius = np.array(parameters.persistence), spectral_radius(np.array(parameters.persistence))
    stretch = logit_normal(radius, parameters.persistence_sd, own[:, 0]) / radius if radius > 0.0 else np.ones(count)
    limit = parameters.largest_deviations
    x, series = np.zeros((count, countries, _COUNT)), np.empty((_COUNT, count, countries, HORIZON))
    for t in range(HORIZON):
        gap = x - level
        x = level + u[:, :, t]
        for i in range(_COUNT):
            for j in np.flatnonzero(matrix[i]):
                x[..., i] += (stretch * matrix[i, j])[:, np.newaxis] * gap[..., j]
        np.clip(x, -limit, limit, out=x)
        series[..., t] = np.moveaxis(x, -1, 0)
    return series[0], series[1], series[2]


def _tails(nu: float, shape: tuple[int, int], seed: int, first_path: int, count: int) -> Array:
    """Factors [path, country, year] that turn normal into Student numbers of variance 1: sqrt((nu - 2) / chi-square(nu))."""
    half = np.empty((count, *shape))
    for row, source in enumerate(generators(seed, Stream.ECONOMY_TAILS, first_path, count)):
        source.standard_gamma(0.5 * nu, out=half[row])
    return np.sqrt((nu - 2.0) / (2.0 * half))
