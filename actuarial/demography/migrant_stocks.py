"""Migrant stocks split into labour movers and others, with the gaps of the source filled openly.

1. Labour stock of the last matrix year = labour share x stock. Earlier ones follow the matrix, or, on corridors led
   by displacement, the geometric mean of the two populations (a constant propensity), never above the published
   stock.
2. Published years that cannot be used are filled by carrying the next usable labour stock back in the same
   proportion.
3. Corridors without any figure get the median propensity of the corridors with figures (neighbours and others apart),
   times the corridor's gravity factor; all of it is labour.
4. Others (refugees, naturalised refugees, people born in exile) are the published stock less the labour stock.
   After the last matrix year their number and ages stay as they are: in expectation births in exile and arrivals
   replace deaths and returns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import HISTORY_FIRST_YEAR, Array
from actuarial.basis.errors import InputError
from actuarial.basis.migration import MigrationBasis

LARGEST_AGE_SHARE = 0.25
"""Largest share of migrants at one age of a host's population (assumed; binds only above age 75)."""


@dataclass(frozen=True)
class LabourStocks:
    """Stocks at 1 July of the matrix years, persons."""

    labour: Array
    """Labour movers with their families [K, 2, 8]."""
    others: Array
    """Refugees and other displaced [K, 2, 8]."""
    imputed: npt.NDArray[np.bool_]
    """Whether the year was filled, not published [K, 8]."""


def split_stocks(basis: MigrationBasis, population: Array) -> LabourStocks:
    """Labour stocks and others of every corridor, sex and matrix year.

    ``population`` are persons at 1 January from 1990 [C, 2, 101, >= 37]. Raises ``InputError`` when no corridor with
    figures is left to take a propensity from.
    """
    origin, host = basis.corridor_index.T
    position = np.array([year - HISTORY_FIRST_YEAR for year in basis.matrix_years])
    totals = population.sum(axis=(1, 2))
    middle = 0.5 * (totals[:, position] + totals[:, position + 1])
    gravity = np.sqrt(middle[origin] * middle[host])  # [K, 8]

    published = basis.stocks
    known = np.asarray(np.isfinite(published).all(axis=1), dtype=np.bool_)
    whole = np.where(np.isnan(published), 0.0, published)
    labour = np.zeros_like(whole)
    latest = whole[:, :, -1] * basis.labour_share[:, np.newaxis]
    for k in range(len(basis.corridors)):
        if not known[k].any():
            continue
        if not known[k, -1]:
            raise InputError(f"migrant stock {'-'.join(basis.corridors[k])}: the last matrix year has no figure")
        if basis.follows_matrix[k]:
            labour[k] = whole[k] * basis.labour_share[k]
        else:
            carried = latest[k][:, np.newaxis] * gravity[k] / gravity[k, -1]
            limit = np.maximum(basis.assumptions.largest_labour_share, basis.labour_share[k]) * whole[k]
            labour[k] = np.minimum(carried, limit)
        for year in reversed(np.flatnonzero(~known[k]).tolist()):
            # The next usable year stands to the right because the last one is known.
            labour[k, :, year] = labour[k, :, year + 1] * gravity[k, year] / gravity[k, year + 1]

    propensity = median_propensity(basis, labour, known, gravity)
    male = basis.assumptions.imputed_male_share
    for k in np.flatnonzero(~known.any(axis=1)).tolist():
        level = propensity[basis.neighbours[k]] * basis.gravity_factor[k] * gravity[k]
        labour[k] = np.array([male, 1.0 - male])[:, np.newaxis] * level
    others = np.where(known[:, np.newaxis, :], whole - labour, 0.0)
    return LabourStocks(labour, np.maximum(others, 0.0), ~known)


def median_propensity(
    basis: MigrationBasis, labour: Array, known: npt.NDArray[np.bool_], gravity: Array
) -> dict[bool, float]:
    """Median of labour stock over root of the product of the populations; neighbours (True) and others apart."""
    ratio = labour[:, :, -1].sum(axis=1) / gravity[:, -1]
    medians: dict[bool, float] = {}
    for near in (True, False):
        chosen = known[:, -1] & (np.array(basis.neighbours) == near)
        if chosen.any():
            medians[near] = float(np.median(ratio[chosen]))
        elif (~known.any(axis=1) & (np.array(basis.neighbours) == near)).any():
            raise InputError(
                f"no corridor with figures to take the propensity of {'neighbours' if near else 'others'} from"
            )
    return medians


def others_by_age(basis: MigrationBasis, stocks: LabourStocks, population: Array, last_year: int) -> Array:
    """Refugees and other displaced at 1 January from 1990 to ``last_year`` + 1 by age [K, 2, 101, Y + 1].

    The two Januaries around a matrix year hold its stock at the host's age distribution; straight lines in between;
    after the last matrix year nothing changes. At no age are they more than ``LARGEST_AGE_SHARE`` of the host's
    ``population`` [C, 2, 101, >= 37]; the excess (a few persons at the oldest ages) goes to the other ages.
    """
    host = basis.corridor_index[:, 1]
    at_matrix = stocks.others[:, :, np.newaxis, :] * basis.stock_age[host]
    knots = np.array([float(year + side) for year in basis.matrix_years for side in (0, 1)])
    years = np.arange(basis.matrix_years[0], basis.matrix_years[-1] + 2, dtype=np.float64)
    units = np.repeat(np.eye(len(basis.matrix_years)), 2, axis=1)
    path: Array = at_matrix @ np.stack([np.interp(years, knots, unit) for unit in units])
    hosted = np.zeros((len(basis.countries), *path.shape[1:2], len(years)))
    np.add.at(hosted, host, path.sum(axis=2))
    part = path.sum(axis=2) / np.where(hosted[host] > 0, hosted[host], 1.0)
    room = LARGEST_AGE_SHARE * population[host, ..., : len(years)] * part[:, :, np.newaxis]
    path = np.moveaxis(limit_by_age(np.moveaxis(path, 2, -1), np.moveaxis(room, 2, -1)), -1, 2)
    later = np.repeat(path[..., -1:], last_year + 2 - int(years[-1]) - 1, axis=-1)
    return np.concatenate([path, later], axis=-1)


def limit_by_age(persons: Array, ceiling: Array) -> Array:
    """Persons [..., age] lowered to the ``ceiling`` [..., age], the excess spread where there is room.

    Raises ``InputError`` when all ages together have no room for it.
    """
    limited = np.minimum(persons, ceiling)
    excess = (persons - limited).sum(axis=-1, keepdims=True)
    room = ceiling - limited
    total = room.sum(axis=-1, keepdims=True)
    if (excess > total).any():
        raise InputError("a migrant stock is larger than the population it may live in")
    return np.asarray(limited + room * (excess / np.where(total > 0, total, 1.0)), dtype=np.float64)
