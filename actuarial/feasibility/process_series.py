"""Time series in closed form: moments of autoregressions, vector autoregressions and mixed models, and exact readings of them.

1. AR(1): a(t + 1) = phi a(t) + sigma e. VAR(1): x(t + 1) = A x(t) + u, u with covariance Q.
2. ARMA(p, q): x(t) = sum ar_i x(t - i) + e(t) + sum ma_j e(t - j); every e is standard normal. Psi weights are the effect of one e, j years later.

Source: Box, Jenkins, Reinsel, *Time Series Analysis*, chapters 3 and 5; Luetkepohl, *New Introduction to Multiple Time Series Analysis*, 2.1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from actuarial.basis.dimensions import Array


def stationary_sd(phi: Array | float, sigma: Array | float) -> Array:
    """Standard deviation that an AR(1) settles at: sigma / sqrt(1 - phi^2). Needs -1 < phi < 1."""
    return np.asarray(sigma / np.sqrt(1.0 - np.square(phi)))


def sd_after(phi: Array | float, sigma: Array | float, years: Array | float) -> Array:
    """Standard deviation of an AR(1) ``years`` after a known state: stationary sd x sqrt(1 - phi^(2 years)). Needs 0 < phi < 1."""
    return np.asarray(stationary_sd(phi, sigma) * np.sqrt(1.0 - np.power(phi, 2.0 * np.asarray(years))))


def lognormal_mean(sd: Array | float) -> Array:
    """Mean of exp(x) for x normal with mean 0: exp(sd^2 / 2); dividing by it centres the factor on 1."""
    return np.asarray(np.exp(0.5 * np.square(sd)))


def autoregression(phi: Array, sigma: Array, steps: Array, innovations: Array) -> Array:
    """Read a yearly AR(1) that starts at 0 after ``steps`` [step] years each, exactly.

    Over h years the state is multiplied by phi^h and gains the variance sigma^2 (1 - phi^2h) / (1 - phi^2), whatever lies between.
    ``phi`` and ``sigma`` [path], ``innovations`` [path, series, step] standard normal. Returns [path, series, step].
    """
    state = np.zeros(innovations.shape[:2])
    read = np.empty(innovations.shape)
    for i, years in enumerate(steps):
        state = np.power(phi, years)[:, np.newaxis] * state + sd_after(phi, sigma, years)[:, np.newaxis] * innovations[:, :, i]
        read[:, :, i] = state
    return read


def logit_normal(value: float, sd: float, z: Array) -> Array:
    """Return a share between 0 and 1 whose logit is normal around that of ``value``, so that ``value`` is the median. Needs 0 < value < 1."""
    return np.asarray(1.0 / (1.0 + (1.0 - value) / value * np.exp(-sd * z)))


def spectral_radius(matrix: Array) -> float:
    """Largest absolute eigenvalue; below 1 a VAR(1) is stationary."""
    return float(np.abs(np.linalg.eigvals(matrix)).max())


def stationary_covariance(matrix: Array, innovation: Array) -> Array:
    """Covariance S = A S A' + Q of a stationary VAR(1): vec(S) = (I - A kron A)^-1 vec(Q).

    ``matrix`` A and ``innovation`` Q [n, n]. Raises ``ValueError`` when A is not stationary.
    """
    if spectral_radius(matrix) >= 1.0:
        raise ValueError(f"no stationary covariance: largest absolute eigenvalue {spectral_radius(matrix):g}, must be below 1")
    n = len(matrix)
    return np.asarray(np.linalg.solve(np.eye(n * n) - np.kron(matrix, matrix), innovation.reshape(-1)).reshape(n, n))


def arma_weights(ar: Sequence[float], ma: Sequence[float], count: int) -> Array:
    """Psi weights 0 .. count - 1 of an ARMA model: psi_0 = 1, psi_j = ma_j + sum_i ar_i psi_(j - i)."""
    psi = np.zeros(count)
    for j in range(count):
        psi[j] = 1.0 if j == 0 else (ma[j - 1] if j <= len(ma) else 0.0)
        psi[j] += sum(ar[i - 1] * psi[j - i] for i in range(1, min(j, len(ar)) + 1))
    return psi


def arma_roots(ar: Sequence[float]) -> Array:
    """Absolute values of the inverse roots of the autoregressive part, largest first; below 1 the model is stationary."""
    return np.sort(np.abs(np.roots(np.concatenate([[1.0], -np.asarray(ar, dtype=np.float64)]))))[::-1]


def arma_stationary_sd(ar: Sequence[float], ma: Sequence[float]) -> float:
    """Stationary standard deviation of an ARMA model whose innovations have standard deviation 1.

    The model is written as a VAR(1) in n = max(p, q + 1) states (Harvey's form), whose covariance is :func:`stationary_covariance`. Raises
    ``ValueError`` when the model is not stationary.
    """
    n = max(len(ar), len(ma) + 1)
    matrix = np.eye(n, k=1)
    matrix[: len(ar), 0] = ar
    load = np.concatenate([[1.0], ma, np.zeros(n - 1 - len(ma))])
    return float(np.sqrt(stationary_covariance(matrix, np.outer(load, load))[0, 0]))
