"""The Lee-Carter model: fit by singular values, drift and its uncertainty, median ahead.

log m(x, t) = a(x) + b(x) k(t) + error, with sum b = 1 and sum k = 0; k is a random walk with drift: k(t + 1) = k(t) + d + sigma e.

| symbol | estimate |
|---|---|
| a | row means of log m |
| b, k | first singular vectors of log m - a, scaled to sum b = 1 |
| d | (k(T) - k(1)) / (T - 1) |
| sigma | standard deviation of the T - 1 steps around d, with T - 2 degrees of freedom |
| SE(d) | sigma / sqrt(T - 1) |

Source: Lee and Carter (1992), Modeling and forecasting U.S. mortality, Journal of the American Statistical Association 87(419).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import Array


@dataclass(frozen=True)
class LeeCarter:
    """A fitted model; T years, ages in the order of the table fitted."""

    level: Array
    """a [age]."""
    pattern: Array
    """b [age], sum 1."""
    index: Array
    """k [year], sum 0."""
    drift: float
    sigma: float
    drift_error: float
    """Standard error of the drift."""

    @property
    def fitted(self) -> Array:
        """Log death rates of the model [age, year]."""
        return np.asarray(self.level[:, np.newaxis] + self.pattern[:, np.newaxis] * self.index)

    def median_rates(self, years_ahead: float) -> Array:
        """Median death rates [age] ``years_ahead`` of the last year fitted: exp(a + b (k(T) + d h))."""
        return np.asarray(np.exp(self.level + self.pattern * (self.index[-1] + self.drift * years_ahead)))


def fit_lee_carter(log_rates: Array) -> LeeCarter:
    """Fit the model to ``log_rates`` [age, year].

    Raises ``ValueError`` for fewer than 3 years, rates that are not finite, and an index that cannot be scaled (the pattern adds up to nothing).
    """
    if log_rates.ndim != 2 or log_rates.shape[1] < 3 or not np.isfinite(log_rates).all():
        raise ValueError(f"Lee-Carter needs finite log rates of ages by at least 3 years; found shape {log_rates.shape}")
    level = log_rates.mean(axis=1)
    left, singular, right = np.linalg.svd(log_rates - level[:, np.newaxis], full_matrices=False)
    scale = left[:, 0].sum()
    if abs(scale) < 1e-9:
        raise ValueError("Lee-Carter: rates of the ages move against each other and the pattern adds up to 0; the index cannot be scaled")
    index = singular[0] * right[0] * scale
    steps = np.diff(index)
    drift = float(steps.mean())
    sigma = float(np.sqrt(np.square(steps - drift).sum() / (len(steps) - 1)))
    return LeeCarter(level, left[:, 0] / scale, index, drift, sigma, sigma / float(np.sqrt(len(steps))))
