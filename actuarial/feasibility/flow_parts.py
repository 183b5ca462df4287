"""People of a corridor by the period of their first move, so that results become a sum of responses to flows.

1. Part 0 are the movers of history (and refugees who become movers); part b the people who first move in the b-th period of :data:`PERIOD_YEARS`
   years of the projection. Parts add up to all movers of every year, age and place.
2. Rates are those of the projection, so every part is linear in its own flow: results for flows times f_b are ``part 0 + sum of f_b part b``.
3. Children who move are counted among the movers from age 15 on in the part of the period they moved in, with their own place of residence.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.careers.coverage import WORK_AGES
from actuarial.careers.movers import CorridorInputs
from actuarial.demography.corridors import DemographicProjection
from actuarial.demography.stock_flows import advance_movers, one_year_older

START = year_index(FIRST_YEAR)
PERIOD_YEARS = 5
"""Bilateral flows are known by five-year periods; their level is drawn once for each."""
PERIODS = HORIZON // PERIOD_YEARS
PARTS = 1 + PERIODS


def period_years(period: int) -> slice:
    """Positions on the year axis of the projection of one period, counted from 0."""
    return slice(period * PERIOD_YEARS, (period + 1) * PERIOD_YEARS)


def outflow_by_period(projection: DemographicProjection, k: int) -> Array:
    """First moves of a corridor by the period they fall in [period, 2, age, year of the projection]."""
    outflow = projection.labour_outflow[k, ..., START:]
    parts = np.zeros((PERIODS, *outflow.shape))
    for period in range(PERIODS):
        years = period_years(period)
        parts[period, ..., years] = outflow[..., years]
    return parts


def movers_by_part(projection: DemographicProjection, k: int) -> tuple[Array, Array]:
    """Movers abroad and at home at 1 January by part [part, 2, age, date of the projection]; their sums are the projection's movers."""
    outflow = outflow_by_period(projection, k)
    origin, host = (projection.survival[int(c)] for c in projection.corridors[k])
    shape = (PARTS, *outflow.shape[1:3], HORIZON + 1)
    abroad, home = np.zeros(shape), np.zeros(shape)
    for t in range(HORIZON):
        y = START + t
        rates = projection.return_rate[k, ..., y], projection.remigration_rate[k, ..., y]
        abroad[1:, ..., t + 1], home[1:, ..., t + 1] = advance_movers(
            abroad[1:, ..., t], home[1:, ..., t], outflow[..., t], *rates, host[..., y], origin[..., y]
        )
    for parts, whole in ((abroad, projection.movers_abroad), (home, projection.movers_home)):
        # What is left of nobody is rounding, not people.
        parts[0] = np.maximum(whole[k, ..., START:] - parts[1:].sum(axis=0), 0.0)
    return abroad, home


def leavers_by_period(projection: DemographicProjection, k: int) -> Array:
    """The people of each period's first moves as if they had stayed: alive in the origin at 1 January [period, 2, age, date of the projection]."""
    outflow = outflow_by_period(projection, k)
    survival = projection.survival[int(projection.corridors[k, 0])]
    left = np.zeros((*outflow.shape[:3], HORIZON + 1))
    for t in range(HORIZON):
        left[..., t + 1] = one_year_older(left[..., t] * survival[..., START + t] + outflow[..., t])
    return left


def corridor_parts(projection: DemographicProjection, k: int, sex: int, whole: CorridorInputs) -> tuple[CorridorInputs, ...]:
    """Inputs of every part of one corridor and sex; ``whole`` are the inputs of all its people."""
    abroad, home = movers_by_part(projection, k)

    def stock(parts: Array, of_all: Array, part: int) -> Array:
        history = of_all[:START] if part == 0 else np.zeros_like(of_all[:START])
        return np.concatenate([history, parts[part, sex, WORK_AGES].T])

    def flow(part: int) -> Array:
        result = np.zeros_like(whole.first_movers)
        years = slice(0, START) if part == 0 else slice(START + period_years(part - 1).start, START + period_years(part - 1).stop)
        result[years] = whole.first_movers[years]
        return result

    return tuple(
        replace(
            whole, first_movers=flow(part), abroad=stock(abroad, whole.abroad, part), at_home=stock(home, whole.at_home, part),
            joiners_abroad=whole.joiners_abroad if part == 0 else None,
        )
        for part in range(PARTS)
    )  # fmt: skip


def weighted_parts(projection: DemographicProjection, k: int, sex: int, whole: CorridorInputs, factors: Array) -> CorridorInputs:
    """The same corridor with part b times ``factors[b]`` [part]: what a projection of changed flows at the same rates starts from."""
    parts = corridor_parts(projection, k, sex, whole)
    sums = {name: sum(f * getattr(part, name) for f, part in zip(factors, parts, strict=True)) for name in ("first_movers", "abroad", "at_home")}
    joiners = None if whole.joiners_abroad is None else factors[0] * whole.joiners_abroad
    return replace(whole, first_movers=sums["first_movers"], abroad=sums["abroad"], at_home=sums["at_home"], joiners_abroad=joiners)
