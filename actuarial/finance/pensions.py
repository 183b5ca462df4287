"""Pensions in payment: what one year's awards pay in every later year.

1. Awards are made at mid-year to people of one age at 1 January (the age before pension age), alive at mid-year.
2. In the award year half a year's pension is paid. Later, the pension of somebody alive at 1 January is paid for the year on average
   ``1 - q/2`` (deaths at mid-year).
3. The amount rises at each 1 January by the scheme's indexation of that year. Numbers and amounts are carried apart, never an average alone.

So the outgo of all years is ``awards @ factors``; results are linear in awards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, Array


@dataclass(frozen=True)
class PaymentFactors:
    """Upper-triangular [award year, payment year] factors per unit awarded.

    paid        amount paid in the year per unit of annual pension awarded
    in_payment  people still paid at 31 December per person awarded
    """

    paid: Array
    in_payment: Array


def payment_factors(survival: Array, indexation: Array, award_age: int) -> PaymentFactors:
    """Factors for people aged ``award_age`` at 1 January of their award year.

    ``survival`` [age, year] is the probability to be alive at the next 1 January, ``indexation`` [year] the increase at 1 January of the year.
    """
    years = survival.shape[1]
    paid = np.zeros((years, years))
    in_payment = np.zeros((years, years))
    for t in range(years):
        q = 1.0 - survival[min(award_age, AGE_COUNT - 1), t]
        alive = (1.0 - q) / (1.0 - 0.5 * q)
        level = 1.0
        paid[t, t] = 0.5
        in_payment[t, t] = alive
        for u in range(t + 1, years):
            s = survival[min(award_age + u - t, AGE_COUNT - 1), u]
            level *= 1.0 + indexation[u]
            paid[t, u] = alive * 0.5 * (1.0 + s) * level
            alive *= s
            in_payment[t, u] = alive
    return PaymentFactors(paid, in_payment)


@dataclass(frozen=True)
class RunOff:
    """Run-off of pensions already in payment at the valuation date; arrays [year]."""

    paid: Array
    in_payment: Array


def run_off(people: Array, amount: Array, survival: Array, indexation: Array) -> RunOff:
    """Run off a stock of pensions by sex and age.

    ``people``, ``amount`` [sex, age] at the valuation date (amount: annual pensions before the first indexation); ``survival`` [sex, age, year];
    ``indexation`` [year].
    """
    years = survival.shape[2]
    paid, left = np.zeros(years), np.zeros(years)
    n, m = people.astype(float).copy(), amount.astype(float).copy()
    for t in range(years):
        s = survival[:, :, t]
        m = m * (1.0 + indexation[t])
        paid[t] = float((m * 0.5 * (1.0 + s)).sum())
        n, m = _older(n * s), _older(m * s)
        left[t] = float(n.sum())
    return RunOff(paid, left)


def _older(values: Array) -> Array:
    shifted = np.zeros_like(values)
    shifted[:, 1:] = values[:, :-1]
    shifted[:, -1] += values[:, -1]
    return shifted
