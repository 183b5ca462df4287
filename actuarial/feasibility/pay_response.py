"""What wages and prices of earlier years do to pay and to awards: measured by projections in which their level jumps at once.

1. The region is projected with real wages, then with prices, a tenth higher from :data:`JUMP` years after the start on, when ceilings and minimum
   pensions have begun to be indexed. log(flow / flow of the base) / log(1.1) says, in each later year, what part of the flow follows a level that has
   stood so long: its yearly increase is a weight by years since. So awards know how long pay is looked back at, that early leavers' pay stays behind,
   and where ceilings, floors and minimum pensions do not move with wages.
2. On a path log a_t = sum over s of w_(t-s) log(level of year s over the base), for real wages and for prices. Insurable earnings follow the level of
   their own year.
3. Where there is nothing to measure, an award follows nominal pay of the years of reference alone (:func:`reference_weights`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.economy import with_additions
from actuarial.basis.instrument import Instrument
from actuarial.feasibility.cashflow import stayer_flows
from actuarial.feasibility.engine import PreparedRegion, RegionRun, evaluate, prepare_region

STEP: Final = 0.1
JUMP: Final = 2
"""Year of the jump, counted from 0."""
START = year_index(FIRST_YEAR)
AWARDS: Final = ("stayers", "own", "more")
"""Awards to stayers; to movers on national law alone; what the instrument adds to movers'."""


@dataclass(frozen=True)
class PayResponse:
    """Of one scheme, for real wages and prices: ``earnings`` (wages, prices) [75], ``weights`` by :data:`AWARDS` (wages, prices) [years since]."""

    earnings: tuple[Array, Array]
    weights: Mapping[str, tuple[Array, Array]]

    def pay(self, wages: Array, prices: Array) -> Array:
        """Insurable earnings over the base [path, year] at levels of real wages and prices over it."""
        level: Array = np.exp(self.earnings[0] * np.log(wages) + self.earnings[1] * np.log(prices))
        return level

    def award(self, name: str, wages: Array, prices: Array) -> Array:
        """Awards over the base [path, year of award]."""
        logs = sum(np.log(level) @ _by_lag(weights) for level, weights in zip((wages, prices), self.weights[name], strict=True))
        level: Array = np.exp(logs)
        return level


def proportional(years: int) -> PayResponse:
    """Pay that follows wages at once, awards that follow the pay of the ``years`` before."""
    weights = reference_weights(years)
    return PayResponse((np.ones(HORIZON), np.ones(HORIZON)), dict.fromkeys(AWARDS, (weights, weights)))


def reference_weights(years: int) -> Array:
    """Weights by years since [75]: the mean of the ``years`` before 1 January and before the next, half each, for an award at mid-year."""
    weights = np.zeros(HORIZON)
    weights[:years] += 0.5 / years
    weights[1 : years + 1] += 0.5 / years
    return weights


def _by_lag(weights: Array) -> Array:
    """Matrix [year, year of award] of weights by years since."""
    lag = np.arange(HORIZON)[None, :] - np.arange(HORIZON)[:, None]
    matrix: Array = np.where(lag >= 0, weights[np.maximum(lag, 0)], 0.0)
    return matrix


def pay_responses(prepared: PreparedRegion, instrument: Instrument, base: RegionRun) -> tuple[PayResponse | None, ...]:
    """Responses of every scheme, by country; ``None`` where nothing is collected."""
    before = _measured(base)
    economy = prepared.basis.economy
    first = np.zeros(HORIZON)
    first[JUMP] = STEP
    found = []
    for rate in ("real_wage_growth", "inflation"):
        size = (1.0 + getattr(economy, rate)[:, [START + JUMP]]) * first
        changed = with_additions(economy, **{rate: size})
        jumped = prepare_region(replace(prepared.basis, economy=changed), prepared.scenario, demography=prepared.demography)
        found.append(_measured(evaluate(jumped, [instrument])[0]))
    return tuple(
        _scheme(before[c], found[0][c], found[1][c], max(1, round(country.law.reference_months / 12))) if country.law.collecting else None
        for c, country in enumerate(prepared.countries)
    )


def _measured(run: RegionRun) -> list[dict[str, Array]]:
    """Earnings and awards of every country [year]."""
    result = []
    for c, country in enumerate(run.countries):
        own, with_ = np.zeros(HORIZON), np.zeros(HORIZON)
        for corridor in run.corridors:
            for side, at in enumerate((corridor.origin, corridor.host)):
                if at == c:
                    own += corridor.sides[side].without["pension_awarded"].sum(axis=0)
                    with_ += corridor.sides[side].with_instrument["pension_awarded"].sum(axis=0)
        awards = run.awards[c]
        stayers: Array = np.zeros(HORIZON) if awards is None else np.sum([a.pension[0, START:] for a in awards], axis=0)
        earnings = stayer_flows(run, c).earnings if country.law.collecting else np.zeros(HORIZON)
        result.append({"earnings": earnings, "stayers": stayers, "own": own, "more": with_ - own})
    return result


def _scheme(before: dict[str, Array], wages: dict[str, Array], prices: dict[str, Array], years: int) -> PayResponse:
    earnings = tuple(_since(_followed(before["earnings"], after["earnings"], np.ones(HORIZON))) for after in (wages, prices))
    default = np.concatenate([np.zeros(JUMP), np.cumsum(reference_weights(years))])[:HORIZON]
    weights = {}
    for name in AWARDS:
        reached = [_since(_followed(before[name], after[name], default)) for after in (wages, prices)]
        weights[name] = (np.diff(reached[0], prepend=0.0), np.diff(reached[1], prepend=0.0))
    return PayResponse((earnings[0], earnings[1]), weights)


def _since(by_year: Array) -> Array:
    """From years of the projection to years since the jump; it stays as it is in the end."""
    return np.concatenate([by_year[JUMP:], np.full(JUMP, by_year[-1])])


def _followed(before: Array, after: Array, default: Array) -> Array:
    """Part of a flow that follows the jump [year]; ``default`` where there is no flow, or it is next to nothing."""
    known = (before * after > 0.0) & (np.abs(before) > 1e-9 * np.abs(before).max(initial=0.0))
    ratio = np.divide(after, before, out=np.ones_like(before), where=known)
    followed = np.where(known, np.log(np.maximum(ratio, 1e-12)) / np.log(1.0 + STEP), default)
    return np.clip(followed, -0.5, 2.0)
