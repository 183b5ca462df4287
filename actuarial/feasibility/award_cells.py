"""Awards per head of the cells of a lattice: the rules of :mod:`actuarial.provisions.coordination` in one compiled pass over the cells in use.

1. What rests on service alone (:class:`actuarial.provisions.coordination.ServiceTerms`) is looked up: it is worked out once for each pair of
   services, half a step below and above each number of half-years, and shared by all years and corridors whose law and rules are the same.
2. Only what rests on the cell's reference earnings is worked out cell by cell: the expected lift to the minimum pension and cut at the maximum, and
   the larger of the amounts that count. An amount that does not count is not worked out.

The formulas of the kernel are those of :func:`actuarial.provisions.coordination.award`, :func:`actuarial.provisions.earnings.expected_above_floor`
and :func:`expected_below_ceiling` there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from math import erfc, log, sqrt
from operator import attrgetter
from typing import Any, Final

import numba
import numpy as np

from actuarial.basis.dimensions import Array, IntArray
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions.coordination import AwardRules, ServiceTerms, service_terms
from actuarial.provisions.earnings import lognormal_sigma

HALF_STEPS: Final = (-0.5, 0.5)
"""Half-years below and above a number of whole ones."""
_OF_SERVICE: Final = (
    "qualifying_months", "first_months", "first_share", "accrual_per_month", "bands", "steps", "maximum_share", "flat_full_months",
    "lump_sum_minimum_months",
)  # fmt: skip
"""What of a law the terms of service read, besides whether it has a flat amount."""
_of_service = attrgetter("scheme_id", "kind", *_OF_SERVICE)


@dataclass(frozen=True)
class Cells:
    """Cells in use of people [year, residence, service, service], in one line by year and residence, and what a head of each is awarded.

    index      [cell] position in the flat array;  bounds [year * residence + 1] where each year and residence begin
    reference  [cell] mean reference earnings
    values     [row, cell] people awarded a pension; the pension of those who are; what is added to a pension on own periods; lump sum. Under
               national law the first two are those on own periods and the third is left out. Pensions are annual, before commutation.
    """

    index: IntArray
    bounds: IntArray
    reference: Array
    values: Array


def cell_awards(
    laws: Sequence[SchemeLaw], people: Array, amount: Array, cv: float, rules: AwardRules, months: tuple[Array, Array], own_axis: int,
    rows: int,
) -> Cells:  # fmt: skip
    """Awards of a scheme whose service is on ``own_axis`` (2 or 3) of people and amounts; ``months`` [year] of a half-year here and elsewhere.

    People without own service have nothing to be awarded. ``rows`` of values are 3 under national law, 4 under an instrument.
    """
    years, places, *sizes = people.shape
    found: dict[tuple[Any, ...], int] = {}
    keys = [(_of_service(law), law.flat_amount > 0.0, float(own), float(other)) for law, own, other in zip(laws, *months, strict=True)]
    version = np.array([found.setdefault(key, len(found)) for key in keys], np.int64)
    own_size, other_size = sizes if own_axis == 2 else sizes[::-1]
    terms = [_terms(*key, own_size, other_size, rules, own_axis == 3) for key in found]
    flags, numbers = np.stack([t[0] for t in terms]), np.stack([t[1] for t in terms])
    index, bounds = _in_use(people.reshape(years * places, -1), np.indices(sizes)[own_axis - 2].ravel() > 0)
    money = np.array([[law.minimum_pension, law.maximum_pension, law.flat_amount, law.lump_sum_months_per_year] for law in laws])
    reference, values = np.zeros(index.size), np.zeros((rows, index.size))
    _award(
        index, bounds, places, people.reshape(-1), amount.reshape(-1), version, flags, numbers, money, float(lognormal_sigma(cv)),
        rules.minimum, rules.top_up, reference, values,
    )  # fmt: skip
    return Cells(index, bounds, reference, values)


def summed(cells: Cells, people: Array, heads: Array) -> Array:
    """Sums [row, year * residence] over the cells: ``people`` [cell] times the first row of values, ``heads`` [cell] times the others."""
    total = np.zeros((len(cells.values), len(cells.bounds) - 1))
    _sum(cells.bounds, cells.values, people, heads, total)
    return total


@lru_cache(maxsize=256)
def _terms(
    of_law: tuple[Any, ...], flat: bool, own_months: float, other_months: float, own_size: int, other_size: int, rules: AwardRules, swapped: bool
) -> tuple[Array, Array]:
    """Tables of :class:`ServiceTerms` [step, quantity, cell] by flags and numbers; ``swapped``: other service varies slowest."""
    scheme, kind, *values = of_law
    law = SchemeLaw(scheme, 0, kind, flat_amount=float(flat), **dict(zip(_OF_SERVICE, values, strict=True)))
    own, other = np.indices((own_size, other_size)).astype(float)
    if swapped:
        own, other = own.T, other.T
    own, other = own.ravel(), other.ravel()
    found = [service_terms(law, np.maximum(own + shift, 0.0) * own_months, other * other_months, rules) for shift in HALF_STEPS]
    names = [f.name for f in fields(ServiceTerms)]
    flags, numbers = (np.array([[getattr(t, name) for name in part] for t in found]) for part in (names[:4], names[4:]))
    return flags, numbers


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _in_use(people, served):  # type: ignore[no-untyped-def]
    """Cells with people and own service: flat positions and bounds."""
    blocks, size = people.shape
    bounds = np.zeros(blocks + 1, np.int64)
    for i in range(blocks):
        bounds[i + 1] = bounds[i]
        for s in range(size):
            if served[s] and people[i, s] > 0.0:
                bounds[i + 1] += 1
    index = np.empty(bounds[blocks], np.int64)
    c = 0
    for i in range(blocks):
        for s in range(size):
            if served[s] and people[i, s] > 0.0:
                index[c] = i * size + s
                c += 1
    return index, bounds


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _award(  # type: ignore[no-untyped-def]
        index, bounds, places, people, amount, version, flags, numbers, money, sigma, lift_whole, top_up, reference, values):  # fmt: skip
    size = numbers.shape[3]
    rows = values.shape[0]
    for i in range(bounds.size - 1):
        t = i // places
        v = version[t]
        minimum, maximum, flat, settled_months = money[t]
        for c in range(bounds[i], bounds[i + 1]):
            s = index[c] - i * size
            r = amount[index[c]] / people[index[c]]
            reference[c] = r
            for step in range(2):
                alone, together, first, second = flags[v, step, 0, s], flags[v, step, 1, s], flags[v, step, 2, s], flags[v, step, 3, s]
                independent = pension = 0.0
                if alone or first:
                    independent = _formula(numbers[v, step, 0, s] * r + numbers[v, step, 1, s] * flat, minimum, maximum, sigma)
                    if first:
                        pension = independent
                if second:
                    floor = minimum if lift_whole else 0.0
                    whole = numbers[v, step, 4, s] * _formula(numbers[v, step, 2, s] * r + numbers[v, step, 3, s] * flat, floor, maximum, sigma)
                    if top_up:
                        whole = _lifted(whole, minimum, sigma)
                    pension = max(pension, whole)
                if rows == 3:
                    values[0, c] += 0.5 * alone
                    values[1, c] += 0.5 * pension
                elif together:
                    values[0, c] += 0.5
                    values[1, c] += 0.5 * pension
                elif alone:
                    values[2, c] += 0.5 * (pension - independent)
                values[rows - 1, c] += 0.5 * settled_months * numbers[v, step, 5, s] * r


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _formula(mean, minimum, maximum, sigma):  # type: ignore[no-untyped-def]
    return _lifted(_below(mean, maximum, sigma) if maximum < np.inf else mean, minimum, sigma)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _lifted(mean, minimum, sigma):  # type: ignore[no-untyped-def]
    """A pension lifted to the minimum; no pension is not."""
    return mean + minimum - _below(mean, minimum, sigma) if mean > 0.0 and minimum > 0.0 else mean


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _below(mean, limit, sigma):  # type: ignore[no-untyped-def]
    """E min(S, limit) for S lognormal around its mean."""
    if mean <= 0.0 or limit <= 0.0 or sigma <= 0.0:
        return min(mean, limit)
    d = (log(mean / limit) + 0.5 * sigma**2) / sigma
    return mean * 0.5 * erfc(d / sqrt(2.0)) + limit * 0.5 * erfc((sigma - d) / sqrt(2.0))


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _sum(bounds, values, people, heads, total):  # type: ignore[no-untyped-def]
    for row in range(values.shape[0]):
        weights = people if row == 0 else heads
        for i in range(bounds.size - 1):
            found = 0.0
            for c in range(bounds[i], bounds[i + 1]):
                found += weights[c] * values[row, c]
            total[row, i] = found
