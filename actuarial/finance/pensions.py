"""Pensions in payment: what one year's awards pay in every later year, and where.

1. Awards are made at mid-year to people of one age at 1 January (the age before pension age), alive at mid-year.
2. In the award year half a year's pension is paid. Later, the pension of somebody alive at 1 January is paid for the year on average
   ``1 - q/2`` (deaths at mid-year).
3. The amount rises at each 1 January by the scheme's indexation of that year. Numbers and amounts are carried apart, never an average alone.
4. Pensioners live in one of some places and move between them at the end of a year, like everybody who lives there; what is paid in a year goes to
   the place of its 1 January (of the award, in the award year). Whether a pension may be paid in a place is asked when it is paid, not at the award.

So the outgo of all years is ``awards @ factors``; results are linear in awards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from actuarial.basis.dimensions import Array


@dataclass(frozen=True)
class PaymentFactors:
    """Upper-triangular [award year, payment year] factors per unit awarded.

    paid        amount paid in the year per unit of annual pension awarded
    in_payment  people still paid at 31 December per person awarded
    deaths      people who die in the year per person awarded
    level       annual pension of the year per unit awarded (indexation since the award)
    """

    paid: Array
    in_payment: Array
    deaths: Array
    level: Array


@dataclass(frozen=True)
class PlaceFactors:
    """The same [place of the award, place of payment, award year, payment year]; ``level`` [award year, payment year]."""

    paid: Array
    in_payment: Array
    deaths: Array
    level: Array


def payment_factors(survival: Array, indexation: Array, award_age: int) -> PaymentFactors:
    """Factors for people aged ``award_age`` at 1 January of their award year, who stay where they are.

    ``survival`` [age, year] is the probability to be alive at the next 1 January, ``indexation`` [year] the increase at 1 January of the year.
    """
    still = place_factors(survival[None], np.zeros((1, *survival.shape)), indexation, award_age)
    return PaymentFactors(still.paid[0, 0], still.in_payment[0, 0], still.deaths[0, 0], still.level)


def place_factors(survival: Array, moving: Array, indexation: Array, award_age: int) -> PlaceFactors:
    """Factors for people who live in one of one or two places.

    survival    [place, age, year] probability to be alive at the next 1 January
    moving      [place, age, year] probability to live in the other place then, given survival; 0 with one place
    indexation  [year] increase at 1 January of the year

    Raises ``ValueError`` for more than two places and for arrays of different shapes.
    """
    places, _, years = survival.shape
    if places > 2 or moving.shape != survival.shape or indexation.shape != (years,):
        raise ValueError(f"survival {survival.shape}, moving {moving.shape} and indexation {indexation.shape} do not fit one or two places")
    shape = (places, places, years, years)
    paid, in_payment, deaths, level = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros((years, years))
    _follow(np.ascontiguousarray(survival), np.ascontiguousarray(moving), indexation, award_age, paid, in_payment, deaths, level)
    return PlaceFactors(paid, in_payment, deaths, level)


@numba.njit(cache=True, nogil=True)
def _follow(survival, moving, indexation, award_age, paid, in_payment, deaths, level):  # type: ignore[no-untyped-def]
    places, ages, years = survival.shape
    alive, after = np.zeros(2), np.zeros(2)
    for a in range(places):
        for t in range(years):
            alive[:] = 0.0
            alive[a] = 1.0
            height = 1.0
            for u in range(t, years):
                x = min(award_age + u - t, ages - 1)
                if u > t:
                    height *= 1.0 + indexation[u]
                level[t, u] = height
                after[:] = 0.0
                for b in range(places):
                    s = survival[b, x, u]
                    # In the award year people are alive at mid-year already.
                    left = alive[b] * (s / (0.5 * (1.0 + s)) if u == t else s)
                    paid[a, b, t, u] = 0.5 * alive[b] if u == t else 0.5 * (alive[b] + left) * height
                    deaths[a, b, t, u] = alive[b] - left
                    other = (1 - b) if places == 2 else b
                    m = moving[b, x, u] if places == 2 else 0.0
                    after[b] += left * (1.0 - m)
                    after[other] += left * m
                for b in range(places):
                    alive[b] = after[b]
                    in_payment[a, b, t, u] = after[b]


@dataclass(frozen=True)
class RunOff:
    """Run-off of pensions already in payment at the valuation date.

    paid, in_payment   [year]
    deaths, lost       [sex, age, year] pensioners who die in the year by age at 1 January, and their pensions of that year
    """

    paid: Array
    in_payment: Array
    deaths: Array
    lost: Array


def run_off(people: Array, amount: Array, survival: Array, indexation: Array) -> RunOff:
    """Run off a stock of pensions by sex and age.

    ``people``, ``amount`` [sex, age] at the valuation date (amount: annual pensions before the first indexation); ``survival`` [sex, age, year];
    ``indexation`` [year].
    """
    years = survival.shape[2]
    paid, left = np.zeros(years), np.zeros(years)
    deaths, lost = np.zeros_like(survival), np.zeros_like(survival)
    n, m = people.astype(float).copy(), amount.astype(float).copy()
    for t in range(years):
        s = survival[:, :, t]
        m = m * (1.0 + indexation[t])
        paid[t] = float((m * 0.5 * (1.0 + s)).sum())
        deaths[:, :, t], lost[:, :, t] = n * (1.0 - s), m * (1.0 - s)
        n, m = _older(n * s), _older(m * s)
        left[t] = float(n.sum())
    return RunOff(paid, left, deaths, lost)


def _older(values: Array) -> Array:
    shifted = np.zeros_like(values)
    shifted[:, 1:] = values[:, :-1]
    shifted[:, -1] += values[:, -1]
    return shifted
