"""Life tables from central death rates, and the identities that hold in every one of them.

1. Single ages 0..99 and an open last age; arrays have age as their last axis, so that many tables are built at once.
2. Age 0 has its separation factor (``infant_separation``); from age 1 the force of mortality is constant within a
   year of age.
3. The last age is open: L = l / m. It is never cut off with certain death at a single age.

| symbol | meaning |
|---|---|
| m | central death rate |
| q | probability to die within the interval |
| a | mean years lived in the interval by those who die in it |
| l, d | survivors at the start of the interval, deaths in it |
| L, T, e | person-years lived in the interval, from its start on, and per survivor |
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.demography.graduation import infant_separation


@dataclass(frozen=True)
class LifeTable:
    """A life table (or many): every array [..., n] over the same intervals, the last of them open.

    ``n`` holds interval widths, infinite for the last.
    """

    n: Array
    m: Array
    a: Array
    q: Array
    l: Array  # noqa: E741
    d: Array
    L: Array
    T: Array
    e: Array


def life_table(rates: Array, separation: Array, widths: Array, radix: float = 1.0) -> LifeTable:
    """Life table from central death rates [..., n], separation factors [..., n - 1] and interval widths [n - 1].

    q = n m / (1 + (n - a) m); l(x+n) = l(x)(1 - q); L = n l(x+n) + a d; open age L = l/m, a = 1/m, q = 1.
    Raises ``ValueError`` when a rate is not positive or leads to q above 1.
    """
    if not (rates > 0).all():
        raise ValueError("a central death rate is not positive")
    closed = rates[..., :-1]
    q = widths * closed / (1.0 + (widths - separation) * closed)
    if (q > 1.0).any():
        raise ValueError("a central death rate leads to a probability of death above 1")
    return _complete(q, rates, separation, widths, radix)


def single_age_life_table(rates: Array, sex: int, radix: float = 1.0) -> LifeTable:
    """Life table by single age 0..99, 100+ from central death rates [..., 101] of one sex (0 male, 1 female).

    Raises ``ValueError`` as ``life_table`` does.
    """
    if not (rates > 0).all():
        raise ValueError("a central death rate is not positive")
    a0, _ = infant_separation(rates[..., :1], sex)
    m = rates[..., 1:-1]
    q = -np.expm1(-m)
    return life_table(
        rates, np.concatenate([a0, 1.0 / m - (1.0 - q) / q], axis=-1), np.ones(rates.shape[-1] - 1), radix
    )


def life_table_from_probabilities(
    q: Array, open_rate: Array, separation: Array, widths: Array, radix: float = 1.0
) -> LifeTable:
    """Life table from q [..., n - 1] of the closed intervals and the central death rate of the open one [..., 1].

    Raises ``ValueError`` when a probability lies outside 0..1 or the rate is not positive.
    """
    if not ((q >= 0) & (q <= 1)).all() or not (open_rate > 0).all():
        raise ValueError("probabilities must lie between 0 and 1 and the last rate must be positive")
    rates = q / (widths - (widths - separation) * q)
    return _complete(q, np.concatenate([rates, open_rate], axis=-1), separation, widths, radix)


def _complete(q: Array, rates: Array, separation: Array, widths: Array, radix: float) -> LifeTable:
    ones = np.ones(q.shape[:-1] + (1,))
    alive = radix * np.concatenate([ones, np.cumprod(1.0 - q, axis=-1)], axis=-1)
    dead = np.concatenate([alive[..., :-1] - alive[..., 1:], alive[..., -1:]], axis=-1)
    lived = np.concatenate(
        [widths * alive[..., 1:] + separation * dead[..., :-1], alive[..., -1:] / rates[..., -1:]], axis=-1
    )
    beyond = np.flip(np.cumsum(np.flip(lived, axis=-1), axis=-1), axis=-1)
    return LifeTable(
        n=np.append(widths, np.inf),
        m=rates,
        a=np.concatenate([separation, 1.0 / rates[..., -1:]], axis=-1),
        q=np.concatenate([q, ones], axis=-1),
        l=alive,
        d=dead,
        L=lived,
        T=beyond,
        e=beyond / alive,
    )


def person_years(rates: Array, sex: int) -> Array:
    """L(x) per birth by single age, the last entry T(100): [..., 101] from rates [..., 101] of one sex."""
    return single_age_life_table(rates, sex).L
