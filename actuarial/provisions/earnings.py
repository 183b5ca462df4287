"""Insurable and reference earnings: ceilings, floors and averages, also expected over a lognormal spread.

Within a group of equal age, sex and service, earnings S are lognormal with mean m and coefficient of variation c
(Picard's method):
sigma^2 = ln(1 + c^2), and for a limit k, with d = (ln(m / k) + sigma^2 / 2) / sigma,

| symbol | identifier | value |
|---|---|---|
| E[min(S, k)] | :func:`expected_below_ceiling` | m * N(-d) + k * N(d - sigma), N the normal distribution function |
| P(S > k) | :func:`share_above` | N(d - sigma) |
| E[max(S, f)] | :func:`expected_above_floor` | m + f - E[min(S, f)] |
| E[min(max(S, f), k)] | :func:`expected_between` | f + E[min(S, k)] - E[min(S, f)] |

Limits of 0 and infinity, a spread of 0 and a mean of 0 are exact special cases, not approximations.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_law import Indices, ReferencePeriod, SchemeLaw

Numbers = npt.ArrayLike


def lognormal_sigma(variation: Numbers) -> Array:
    """Standard deviation of ln S for a coefficient of variation: sqrt(ln(1 + c^2))."""
    result: Array = np.sqrt(np.log1p(np.square(np.asarray(variation, dtype=np.float64))))
    return result


def insurable(earnings: Numbers, floor: Numbers, ceiling: Numbers) -> Array:
    """Earnings of one person between floor and ceiling: min(max(S, f), k)."""
    result: Array = np.minimum(np.maximum(np.asarray(earnings, dtype=np.float64), floor), ceiling)
    return result


def share_above(mean: Numbers, variation: Numbers, limit: Numbers) -> Array:
    """P(S > k). Shapes broadcast."""
    m, sigma, k, inner = _prepare(mean, variation, limit)
    d = _distance(m, sigma, k, inner)
    outer = np.where(sigma > 0.0, (m > 0.0) & (k <= 0.0), m > k).astype(np.float64)
    result: Array = np.where(inner, ndtr(d - sigma), outer)
    return result


def expected_below_ceiling(mean: Numbers, variation: Numbers, ceiling: Numbers) -> Array:
    """E[min(S, k)]: mean of earnings cut at a ceiling (infinity = no ceiling). Shapes broadcast."""
    m, sigma, k, inner = _prepare(mean, variation, ceiling)
    d = _distance(m, sigma, k, inner)
    finite = np.where(inner, k, 0.0)
    result: Array = np.where(inner, m * ndtr(-d) + finite * ndtr(d - sigma), np.minimum(m, k))
    return result


def expected_above_floor(mean: Numbers, variation: Numbers, floor: Numbers) -> Array:
    """E[max(S, f)]: mean of earnings lifted to a floor (or of a benefit to its minimum). Shapes broadcast."""
    f = np.asarray(floor, dtype=np.float64)
    result: Array = np.asarray(mean, dtype=np.float64) + f - expected_below_ceiling(mean, variation, f)
    return result


def expected_between(mean: Numbers, variation: Numbers, floor: Numbers, ceiling: Numbers) -> Array:
    """E[min(max(S, f), k)]: mean between floor and ceiling. Raises ``ValueError`` for a floor above the ceiling."""
    f, k = np.asarray(floor, dtype=np.float64), np.asarray(ceiling, dtype=np.float64)
    if np.any(f > k):
        raise ValueError("the floor of insurable earnings lies above the ceiling")
    result: Array = f + expected_below_ceiling(mean, variation, k) - expected_below_ceiling(mean, variation, f)
    return result


def class_means(mean: float, variation: float, shares: Sequence[float]) -> Array:
    """Mean earnings of classes ordered from low to high that hold the given shares of people; ``shares`` sum to one.

    With z the normal quantiles of the class limits: m * (N(z_upper - sigma) - N(z_lower - sigma)) / share.
    """
    weights = np.asarray(shares, dtype=np.float64)
    if np.any(weights <= 0.0) or not np.isclose(weights.sum(), 1.0, rtol=0.0, atol=1e-12):
        raise ValueError("class shares must be positive and sum to one")
    limits = np.concatenate([[-np.inf], ndtri(np.cumsum(weights)[:-1]), [np.inf]])
    sigma = float(lognormal_sigma(variation))
    result: Array = mean * np.diff(ndtr(limits - sigma)) / weights
    return result


def revalued(law: SchemeLaw, earnings: Numbers, years: Sequence[int], award_year: int, indices: Indices) -> Array:
    """Past earnings at the level of the award year by the index that the law follows.

    earnings: [..., years], in the order of ``years``; each is multiplied by index(award year) / index(its year), with
    ``law.reference_revaluation`` (``wages``, ``prices``, ``none``). Raises ``ValueError`` outside the indices.
    """
    record = np.asarray(earnings, dtype=np.float64)
    if record.ndim == 0 or record.shape[-1] != len(years):
        raise ValueError("there must be one year for every entry of the record of earnings")
    now = indices.at(law.reference_revaluation, award_year)
    factors = np.array([now / indices.at(law.reference_revaluation, year) for year in years])
    result: Array = record * factors
    return result


def reference_earnings(periods: Sequence[ReferencePeriod], earnings: Numbers) -> Array:
    """Reference earnings per year: the highest of the averages the law names (last, best, whole career).

    earnings: [..., years], insurable earnings per year, the last one just before the award; a shorter record is
    averaged over the years it has.
    Past earnings must already be revalued where the law does so. Raises ``ValueError`` for an empty record.
    """
    record = np.asarray(earnings, dtype=np.float64)
    if not periods or record.ndim == 0 or record.shape[-1] == 0:
        raise ValueError("reference earnings need at least one averaging rule and one year of earnings")
    averages = [_average(period, record) for period in periods]
    result: Array = np.max(np.stack(averages), axis=0)
    return result


def _average(period: ReferencePeriod, record: Array) -> Array:
    window = record[..., -(period.within_months // 12) :]
    count = min(period.months // 12, window.shape[-1])
    if period.take == "best":
        window = np.sort(window, axis=-1)
    result: Array = window[..., -count:].mean(axis=-1)
    return result


def _prepare(mean: Numbers, variation: Numbers, limit: Numbers) -> tuple[Array, Array, Array, npt.NDArray[np.bool_]]:
    m, c, k = np.broadcast_arrays(*(np.asarray(part, dtype=np.float64) for part in (mean, variation, limit)))
    if np.any(m < 0.0) or np.any(c < 0.0) or np.any(k < 0.0):
        raise ValueError("mean, coefficient of variation and limit of earnings cannot be negative")
    inner = (m > 0.0) & (c > 0.0) & (k > 0.0) & np.isfinite(k)
    return m, lognormal_sigma(c), k, inner


def _distance(m: Array, sigma: Array, k: Array, inner: npt.NDArray[np.bool_]) -> Array:
    """(ln(m / k) + sigma^2 / 2) / sigma where the closed form applies, 0 elsewhere."""
    safe_m, safe_k, safe_s = np.where(inner, m, 1.0), np.where(inner, k, 1.0), np.where(inner, sigma, 1.0)
    result: Array = np.where(inner, (np.log(safe_m) - np.log(safe_k) + 0.5 * safe_s**2) / safe_s, 0.0)
    return result
