"""Whole-life annuities-due of many tables at many rates, compiled; the recursion is that of :func:`actuarial.demography.annuity.annuity_due`."""

from __future__ import annotations

import numba


@numba.njit(cache=True, nogil=True)
def fill(values, survival, discount) -> None:  # type: ignore[no-untyped-def]
    """``values`` [table, age, rate] from ``survival`` [table, age] and ``discount`` [rate]: rates run fastest, so that one age is vector code."""
    tables, ages, rates = values.shape
    for k in range(tables):
        last = survival[k, ages - 1]
        for j in range(rates):
            values[k, ages - 1, j] = 1.0 / (1.0 - discount[j] * last)
        for age in range(ages - 2, -1, -1):
            p = survival[k, age]
            for j in range(rates):
                values[k, age, j] = 1.0 + discount[j] * p * values[k, age + 1, j]
