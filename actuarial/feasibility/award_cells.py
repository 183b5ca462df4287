"""Awards per head of the cells of a lattice: the rules of :mod:`actuarial.provisions.coordination` in one compiled pass over the cells in use.

1. What rests on service alone (:class:`actuarial.provisions.coordination.ServiceTerms`) is looked up: it is worked out once for each pair of
   services, half a step below and above each number of half-years, and shared by all years and corridors whose law and rules are the same.
2. Only what rests on the cell's reference earnings is worked out cell by cell: the expected lift to the minimum pension and cut at the maximum, and
   the larger of the amounts that count. An amount that does not count is not worked out.

3. The mean of lognormal earnings cut at a limit is the limit times a function of one number, the logarithm of mean over limit. It is tabulated with
   its first two derivatives and read by polynomials of the fifth degree, to 1e-15 of the limit.

The formulas of the kernel are those of :func:`actuarial.provisions.coordination.award`, :func:`actuarial.provisions.earnings.expected_above_floor`
and :func:`expected_below_ceiling` there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from operator import attrgetter
from typing import Any, Final

import numba
import numpy as np
from scipy.special import ndtr

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
_CELLS_PER_SIGMA: Final = 64
_END: Final = 9.0
"""Standard deviations from the limit at which earnings lie wholly below or above it, to the last digit."""
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
    rows: int, like: Cells | None = None,
) -> Cells:  # fmt: skip
    """Awards of a scheme whose service is on ``own_axis`` (2 or 3) of people and amounts; ``months`` [year] of a half-year here and elsewhere.

    People without own service have nothing to be awarded. ``rows`` of values are 3 under national law, 4 under an instrument.
    ``like`` are awards of the same people by other rules.
    """
    years, places, *sizes = people.shape
    found: dict[tuple[Any, ...], int] = {}
    keys = [(_of_service(law), law.flat_amount > 0.0, float(own), float(other)) for law, own, other in zip(laws, *months, strict=True)]
    version = np.array([found.setdefault(key, len(found)) for key in keys], np.int64)
    own_size, other_size = sizes if own_axis == 2 else sizes[::-1]
    terms = [_terms(*key, own_size, other_size, rules, own_axis == 3) for key in found]
    tables = np.stack(terms)
    if like is None:
        index, bounds = _in_use(people.reshape(years * places, -1), np.indices(sizes)[own_axis - 2].ravel() > 0)
    else:
        index, bounds = like.index, like.bounds
    money = np.array([[law.minimum_pension, law.maximum_pension, law.flat_amount, law.lump_sum_months_per_year] for law in laws])
    reference, values = np.empty(index.size), np.empty((rows, index.size))
    _award(
        index, bounds, places, people.reshape(-1), amount.reshape(-1), version, tables, money,
        _cut_table(float(lognormal_sigma(cv))), rules.minimum, rules.top_up, reference, values,
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
) -> Array:
    """Table of :class:`ServiceTerms` [cell, step, quantity], the flags in one; ``swapped``: other service varies slowest."""
    scheme, kind, *values = of_law
    law = SchemeLaw(scheme, 0, kind, flat_amount=float(flat), **dict(zip(_OF_SERVICE, values, strict=True)))
    own, other = np.indices((own_size, other_size)).astype(float)
    if swapped:
        own, other = own.T, other.T
    own, other = own.ravel(), other.ravel()
    found = [service_terms(law, np.maximum(own + shift, 0.0) * own_months, other * other_months, rules) for shift in HALF_STEPS]
    return np.stack([np.stack([_code(t), t.own_share, t.own_flat, t.whole_share, t.whole_flat, t.part, t.settled], axis=1) for t in found], axis=1)


def _code(terms: ServiceTerms) -> Array:
    """The flags of :class:`ServiceTerms` as one number."""
    flags = (terms.alone, terms.together, terms.independent, terms.coordinated)
    code: Array = np.array([1.0, 2.0, 4.0, 8.0]) @ np.array(flags)
    return code


@lru_cache(maxsize=16)
def _cut_table(sigma: float) -> tuple[float, float, Array]:
    """H(y) = E min(S, 1) for ln E S = y, by intervals of y: first y, intervals per unit of y, coefficients [interval, power].

    H = e^y N(-d) + N(d - sigma), d = y / sigma + sigma / 2; H' = e^y N(-d); H'' = H' - e^y n(d) / sigma. Without dispersion there is no interval.
    """
    if sigma == 0.0:
        return 0.0, 1.0, np.zeros((0, 6))
    width = sigma / _CELLS_PER_SIGMA
    count = int(np.ceil((2.0 * _END * sigma + sigma**2) / width))
    first = -(_END * sigma + 0.5 * sigma**2)
    y = first + width * np.arange(count + 1)
    d = y / sigma + 0.5 * sigma
    slope = np.exp(y) * ndtr(-d)
    value, curve = slope + ndtr(d - sigma), slope - np.exp(y - 0.5 * d**2) / (sigma * np.sqrt(2.0 * np.pi))
    (p0, p1), (v0, v1), (a0, a1) = ((x[:-1], x[1:]) for x in (value, slope * width, curve * width**2))
    step, rise, bend = p1 - p0 - v0 - 0.5 * a0, v1 - v0 - a0, a1 - a0
    powers = [p0, v0, 0.5 * a0, 10.0 * step - 4.0 * rise + 0.5 * bend, -15.0 * step + 7.0 * rise - bend, 6.0 * step - 3.0 * rise + 0.5 * bend]
    return first, 1.0 / width, np.stack(powers, axis=1)


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
        index, bounds, places, people, amount, version, tables, money, cut, lift_whole, top_up, reference, values):  # fmt: skip
    size = tables.shape[1]
    national = values.shape[0] == 3
    for i in range(bounds.size - 1):
        t = i // places
        table = tables[version[t]]
        minimum, maximum, flat, settled_months = money[t]
        for c in range(bounds[i], bounds[i + 1]):
            r = amount[index[c]] / people[index[c]]
            reference[c] = r
            awarded = pensions = added = settled = 0.0
            for step in range(2):
                code, own_share, own_flat, whole_share, whole_flat, part, lump = table[index[c] - i * size, step]
                flags = int(code)
                alone, together, first, second = flags & 1, flags & 2, flags & 4, flags & 8
                independent = whole = 0.0
                # Under an instrument a pension on own periods is of interest only where another amount can take its place.
                if alone and (second or national):
                    independent = _formula(own_share * r + own_flat * flat, minimum, maximum, cut)
                if second:
                    whole = part * _formula(whole_share * r + whole_flat * flat, minimum if lift_whole else 0.0, maximum, cut)
                    if top_up:
                        whole = _lifted(whole, minimum, cut)
                if national:
                    awarded += 1.0 if alone else 0.0
                    pensions += independent
                elif together:
                    awarded += 1.0
                    pensions += whole
                elif alone and second:
                    added += max(independent if first else 0.0, whole) - independent
                settled += lump
            values[0, c], values[1, c] = 0.5 * awarded, 0.5 * pensions
            if not national:
                values[2, c] = 0.5 * added
            values[values.shape[0] - 1, c] = 0.5 * settled_months * settled * r


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _formula(mean, minimum, maximum, cut):  # type: ignore[no-untyped-def]
    return _lifted(_below(mean, maximum, cut) if maximum < np.inf else mean, minimum, cut)


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _lifted(mean, minimum, cut):  # type: ignore[no-untyped-def]
    """A pension lifted to the minimum; no pension is not."""
    return mean + minimum - _below(mean, minimum, cut) if mean > 0.0 and minimum > 0.0 else mean


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _below(mean, limit, cut):  # type: ignore[no-untyped-def]
    """E min(S, limit) for S lognormal around its mean, by :func:`_cut_table`."""
    first, per_unit, powers = cut
    if mean <= 0.0 or limit <= 0.0 or powers.shape[0] == 0:
        return min(mean, limit)
    z = (log(mean / limit) - first) * per_unit
    if z < 0.0 or z >= powers.shape[0]:
        return min(mean, limit)
    i = int(z)
    u, p = z - i, powers[i]
    return limit * (p[0] + u * (p[1] + u * (p[2] + u * (p[3] + u * (p[4] + u * p[5])))))


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _sum(bounds, values, people, heads, total):  # type: ignore[no-untyped-def]
    for row in range(values.shape[0]):
        weights = people if row == 0 else heads
        for i in range(bounds.size - 1):
            found = 0.0
            for c in range(bounds[i], bounds[i + 1]):
                found += weights[c] * values[row, c]
            total[row, i] = found
