"""Checks of yearly series: one dimension, one length, finite numbers, returns that leave something of a fund."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array


def yearly_series(**series: npt.ArrayLike) -> tuple[Array, ...]:
    """Series as float arrays [year] in the order given.

    Raises ``ValueError`` naming the first series that is empty, not one-dimensional, not finite or not as long as the first one.
    """
    arrays: list[Array] = []
    lead = ""
    for name, values in series.items():
        array = np.asarray(values, dtype=np.float64)
        label = name.replace("_", " ")
        if array.ndim != 1 or len(array) == 0:
            raise ValueError(f"{label} must be one number a year; found shape {array.shape}")
        if not np.isfinite(array).all():
            raise ValueError(f"{label} must be finite; year {1 + int(np.argmin(np.isfinite(array)))} is not")
        if arrays and len(array) != len(arrays[0]):
            raise ValueError(f"{label} has {len(array)} years, {lead} has {len(arrays[0])}")
        lead = lead or label
        arrays.append(array)
    return tuple(arrays)


def checked_returns(investment_return: Array) -> Array:
    """The returns unchanged. Raises ``ValueError`` when one is -100 % or less: no discount factor exists then."""
    if (investment_return <= -1.0).any():
        raise ValueError(f"an investment return of {investment_return.min():g} leaves nothing of the fund; it must exceed -1")
    return investment_return


def positive_base(value: float, what: str) -> float:
    """The value unchanged. Raises ``ValueError`` when it is not positive: a rate on it has no meaning."""
    if not value > 0.0:
        raise ValueError(f"{what} must be positive to carry a contribution rate; found {value:g}")
    return value
