"""Mortality around the base: a coherent Lee-Carter index for states that stay together.

1. log m'(c, x, t) = log m(c, x, t) + b(x) k(c, t); k(c, t) = K(t) + k_c(t) is the deviation drawn here. The base holds the drift, so K has none of
   its own.
2. K, common to all states: a random walk with yearly standard deviation sigma, plus years x an error of the drift with standard deviation
   sigma / sqrt(T - 1), T the years of history the base was projected from.
3. k_c, own to a state: a stationary AR(1) with stationary standard deviation s. It keeps states from drifting apart without end.
4. Both start at 0 in the last year whose mortality was observed, not at the valuation date: rates of the years between are a forecast too.
5. Median mortality is that of the base (k has median and mean 0).

Variance of k after h years: sigma^2 (h + h^2 / (T - 1)) + s^2 (1 - phi^2h). Source: Li and Lee (2005), Coherent mortality forecasts for a group of
populations, Demography 42(3).
"""

from __future__ import annotations

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array
from actuarial.basis.uncertainty import MortalityParameters
from actuarial.feasibility.process_random import Stream, normals
from actuarial.feasibility.process_series import autoregression, logit_normal

_OWN_PARAMETERS = 4
"""Normal numbers of a path ahead of its series: error of the drift, sigma, s, phi."""


def index_sd(sigma: float, history: float, own: float, phi: float, years: Array) -> Array:
    """Standard deviation of k ``years`` after the last observed year (module docstring)."""
    common = sigma**2 * (years + years**2 / (history - 1.0))
    return np.asarray(np.sqrt(common + own**2 * (1.0 - np.power(phi, 2.0 * years))))


def mortality_index(parameters: MortalityParameters, countries: int, seed: int, first_path: int, count: int, *, parameter_uncertainty: bool) -> Array:
    """Deviation k of the index [path, country, year] from 2026 on, mean 0; positive = more deaths."""
    z = normals(seed, Stream.MORTALITY, first_path, count, _OWN_PARAMETERS + (1 + countries) * HORIZON)
    own = z[:, :_OWN_PARAMETERS] if parameter_uncertainty else np.zeros((count, _OWN_PARAMETERS))
    changes = z[:, _OWN_PARAMETERS:].reshape(count, 1 + countries, HORIZON)
    sigma = parameters.common_sd * np.exp(parameters.spread_sd * own[:, 1])
    spread = parameters.country_sd * np.exp(parameters.spread_sd * own[:, 2])
    phi = np.minimum(logit_normal(parameters.country_persistence, parameters.persistence_sd, own[:, 3]), 0.9999)
    steps = np.ones(HORIZON)
    steps[0] = FIRST_YEAR - parameters.last_observed_year
    drift = sigma / np.sqrt(parameters.history_years - 1.0) * own[:, 0]
    common = sigma[:, np.newaxis] * np.cumsum(np.sqrt(steps) * changes[:, 0], axis=1) + drift[:, np.newaxis] * np.cumsum(steps)
    yearly = spread * np.sqrt(1.0 - np.square(phi))
    return np.asarray(common[:, np.newaxis] + autoregression(phi, yearly, steps, changes[:, 1:]))
