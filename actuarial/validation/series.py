"""Time series and careers: closed forms of autoregressions, Lee-Carter, Dirichlet, and the joint service of a chain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.stats import norm

from actuarial.basis.dimensions import Array
from actuarial.careers.service_chain import service_distribution
from actuarial.demography.lee_carter import fit_lee_carter
from actuarial.feasibility.process_flows import dirichlet_moments
from actuarial.feasibility.process_series import arma_roots, arma_stationary_sd, arma_weights, lognormal_mean, sd_after, stationary_sd
from actuarial.validation.case import Figure


def autoregression(phi: float, sigma: float, years: float, quantiles: Sequence[float]) -> dict[str, Figure]:
    """Spread of a yearly autoregression, mean of its exponential, and quantiles of the multiplier."""
    sd = stationary_sd(phi, sigma)
    return {
        "stationary sd": float(sd),
        "sd after 10 years": float(sd_after(phi, sigma, years)),
        "mean factor": float(lognormal_mean(sd)),
        "multipliers": tuple(np.exp(norm.ppf(list(quantiles)) * sd).tolist()),
    }


def rank_one(level: tuple[float, float], ages: int, years: int, pattern: Sequence[float]) -> tuple[Array, Array, Array]:
    """Level, pattern and index of an exact table: a line over ages of ten years; -t + sin(t) / 2, centred."""
    t = np.arange(float(years))
    index: Array = -t + 0.5 * np.sin(t)
    base: Array = level[0] + 10.0 * level[1] * np.arange(float(ages))
    return base, np.array(pattern), index - index.mean()


def lee_carter(
    level: tuple[float, float], ages: int, years: int, pattern: Sequence[float], ahead: float, age: int
) -> dict[str, Figure]:
    """What the fit makes of an exact table; largest gaps of what it recovers."""
    base, weights, index = rank_one(level, ages, years, pattern)
    fit = fit_lee_carter(base[:, np.newaxis] + np.outer(weights, index))
    gaps = {"level": fit.level - base, "pattern": fit.pattern - weights, "index": fit.index - index}
    return {
        **{f"{name} recovered": float(gap[np.abs(gap).argmax()]) for name, gap in gaps.items()},
        "drift": float(fit.drift),
        "innovation": float(fit.sigma),
        "error of the drift": float(fit.drift_error),
        "first index": float(fit.index[0]),
        "median rate 25 years ahead": float(fit.median_rates(ahead)[age]),
    }


def dirichlet(alpha: Sequence[float]) -> dict[str, Figure]:
    """Means and standard deviations."""
    mean, sd = dirichlet_moments(np.array(alpha, dtype=float))
    return {"mean": tuple(mean.tolist()), "sd": tuple(sd.tolist())}


def mixed_model(ar: Sequence[float], ma: Sequence[float]) -> dict[str, Figure]:
    """Weights, spread and largest root of an ARMA model."""
    return {
        "weights": tuple(arma_weights(tuple(ar), tuple(ma), 6).tolist()),
        "stationary sd": float(arma_stationary_sd(tuple(ar), tuple(ma))),
        "largest root": float(arma_roots(tuple(ar))[0]),
    }


def joint_service(chain: Sequence[Sequence[float]], years: int, vesting: float) -> dict[str, Figure]:
    """Service in two states of somebody who starts in the first, a whole year credited to the state of its start."""
    return dict(rights(service_distribution(np.array(chain), years, "start"), 2, vesting))


def rights(cells: Array, per_year: int, vesting: float) -> dict[str, float]:
    """Moments and vesting probabilities of a distribution of service [home, host] in ``per_year`` units a year."""
    h, k = np.meshgrid(*(np.arange(n) / per_year for n in cells.shape), indexing="ij")
    extra_h, extra_k = (h < vesting) & (h + k >= vesting) & (h > 0), (k < vesting) & (h + k >= vesting) & (k > 0)
    mean_h, mean_k = (cells * h).sum(), (cells * k).sum()
    found = {
        "E_nH": mean_h,
        "E_nF": mean_k,
        "var_nH": (cells * h**2).sum() - mean_h**2,
        "cov": (cells * h * k).sum() - mean_h * mean_k,
        "P_H_alone": cells[h >= vesting].sum(),
        "P_F_alone": cells[k >= vesting].sum(),
        "P_H_only_by_totalisation": cells[extra_h].sum(),
        "P_F_only_by_totalisation": cells[extra_k].sum(),
        "E_nH_extra": (cells * h)[extra_h].sum(),
        "E_nF_extra": (cells * k)[extra_k].sum(),
    }
    return {name: float(value) for name, value in found.items()}
