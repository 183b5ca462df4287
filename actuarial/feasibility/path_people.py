"""Those who never moved on paths of mortality: earnings, pensions and awards summed over sexes and ages.

Survival S of a year becomes S^g, g = exp(b_x k_t) (Lee-Carter on death rates), so a cohort has exp(-sum (g - 1) |log S|) times its people of the
base. Births follow the women of the mean age of mothers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from actuarial.basis.dimensions import HORIZON, Array
from actuarial.feasibility.path_rates import PathRates, SchemePaths
from actuarial.feasibility.scheme_basis import SchemeBasis


@dataclass(frozen=True)
class PathPeople:
    """Arrays [path, year].

    earnings       at the wages of the base
    new_pensions   old-age pensions awarded within the projection, in money of the path;  stock: those of the valuation date
    sums           lump sums and sums with pensions at award, in money of the path
    earners, pensioners, old_pensioners, awarded   what mortality makes of earnings, new pensions, the stock, awards: ratios to the base
    worth          new pensions of the path over those of the base for the same people and service
    """

    earnings: Array
    new_pensions: Array
    stock: Array
    sums: Array
    earners: Array
    pensioners: Array
    old_pensioners: Array
    awarded: Array
    worth: Array


def path_people(basis: SchemeBasis, paths: SchemePaths, rates: PathRates, cover: Array, on_sums: Array) -> PathPeople:
    """Stayers of one scheme. ``cover``, ``on_sums`` [path, award year]: factors of cover and density on awards, and on sums at award."""
    s = basis.stayers
    award = rates.awards["stayers"]
    plain = np.ascontiguousarray(award / rates.pensions)
    value = np.ascontiguousarray(plain * cover)
    found = np.zeros((len(value), 7, HORIZON))
    force = -np.log(np.maximum(basis.survival, 1e-300))
    newborn = -np.log(basis.birth_survival)
    _follow(
        force, newborn, basis.mother_age, paths.pattern, np.ascontiguousarray(paths.mortality), s.earnings, s.new_pensions, s.stock, s.sums,
        np.array(s.award_age), value, plain, found,
    )  # fmt: skip
    earnings, valued, stock, sums, pensions, awards, plainly = (found[:, i] for i in range(7))
    new = rates.pensions * valued
    return PathPeople(
        earnings=earnings,
        new_pensions=new,
        stock=rates.pensions * stock,
        sums=award * on_sums * sums,
        earners=ratio(earnings, s.earnings.sum(axis=(0, 1))),
        pensioners=ratio(pensions, s.new_pensions.sum(axis=(0, 1))),
        old_pensioners=ratio(stock, s.stock.sum(axis=(0, 1))),
        awarded=awards / 2.0,
        worth=ratio(rates.pensions * plainly, pensions),
    )


def ratio(path: Array, base: Array) -> Array:
    """``path`` over ``base``, 1 where there is none of it."""
    below = np.broadcast_to(base, path.shape)
    return np.divide(path, below, out=np.ones_like(path), where=below != 0.0)


@numba.njit(cache=True, nogil=True)
def _follow(force, newborn, mother, pattern, index, earnings, pensions, stock, sums, award_age, value, plain, found):  # type: ignore[no-untyped-def]
    """Adds sums over ages to ``found`` [path, 7, year].

    Earnings, new pensions times ``value`` of their award year, stock, sums, new pensions, survivors to award, new pensions times ``plain``.

    The open age takes the loss of those who enter it.
    """
    paths, years = index.shape
    sexes, ages = force.shape[0], force.shape[1]
    more, before_birth = np.zeros(ages), np.zeros(sexes)
    for p in range(paths):
        lost = np.zeros((sexes, ages + 1))
        for t in range(years):
            k = index[p, t]
            for x in range(ages):
                more[x] = np.exp(pattern[x] * k) - 1.0 if k != 0.0 else 0.0
            for s in range(sexes):
                award = award_age[s]
                # From the oldest down, so that everybody grows a year older in place.
                for x in range(ages - 1, -1, -1):
                    step = force[s, x, t] * more[x]
                    if x == award or earnings[s, x, t] > 0.0 or pensions[s, x, t] > 0.0 or stock[s, x, t] > 0.0:
                        alive = np.exp(-(lost[s, x] + 0.5 * step))
                        found[p, 0, t] += earnings[s, x, t] * alive
                        found[p, 2, t] += stock[s, x, t] * alive
                        since = min(x - award, t)
                        if since >= 0:
                            found[p, 1, t] += pensions[s, x, t] * alive * value[p, t - since]
                            found[p, 4, t] += pensions[s, x, t] * alive
                            found[p, 6, t] += pensions[s, x, t] * alive * plain[p, t - since]
                        if x == award:
                            found[p, 3, t] += sums[s, t] * alive
                            found[p, 5, t] += alive
                    lost[s, x + 1] = lost[s, x] + step
                before_birth[s] = newborn[s, t] * more[0]
            # The women of the year's start, one row up by now.
            missing = lost[sexes - 1, mother + 1]
            for s in range(sexes):
                lost[s, 0] = missing + before_birth[s]
