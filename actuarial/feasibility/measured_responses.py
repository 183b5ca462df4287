"""What other levels of cover, density, mortality and take-up do to a scheme, measured by projecting the region once with each.

1. Cover and density. The region is projected with a tenth less of either from the first year on. By then a career has some share z of its service
   to come, so the elasticity is log(flow / flow of the base) / (z log 0.9); responses to a change in some years alone are spread over the years that
   the service was earned in. Where a flow is nothing or changes its sign there is no elasticity: 0.
2. Mortality. Old-age pensions and earnings follow cohorts exactly (:mod:`actuarial.feasibility.path_people`). How survivors' and invalidity
   pensions answer to an index that stands at :data:`INDEX` from the first year on is measured, and a path's index enters by its mean so far.
3. Take-up. Every flow is linear in it. The same people are priced at :data:`CLAIMED` of the take-up: the part of a flow that depends on it is
   (flow of the base - flow then) / (1 - CLAIMED).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.feasibility.engine import PreparedRegion, RegionRun, evaluate, prepare_region
from actuarial.feasibility.path_movers import ELASTIC, Elasticities, Served, Vintages, elastic_items
from actuarial.feasibility.responses import ITEMS, SchemeResponse, side_items
from actuarial.feasibility.scheme_basis import SchemeBasis
from actuarial.feasibility.stayer_ages import StayerAges, stayer_ages
from actuarial.feasibility.variants import with_collection, with_coverage, with_mortality

STEP: Final = -0.1
"""Of cover and density; downwards, so that nowhere more than everybody is covered."""
INDEX: Final = 20.0
"""Of mortality; with a pattern of about 0.01 an age a fifth more deaths."""
CLAIMED: Final = 0.7
LIMIT: Final = 4.0
"""Elasticities beyond it come from flows that are next to nothing."""
START = year_index(FIRST_YEAR)


@dataclass(frozen=True)
class _Level:
    """Flows of one scheme under another level: of movers by item, of stayers: awards, sums, other pensions new and of the stock [year]."""

    items: Mapping[str, Array]
    awards: Array
    sums: Array
    other: tuple[Array, Array]


def measured_responses(
    prepared: PreparedRegion,
    instrument: Instrument,
    bases: tuple[SchemeBasis | None, ...],
    found: tuple[SchemeResponse | None, ...],
    pattern: Array,
) -> tuple[Elasticities | None, ...]:
    """Responses of every scheme, by country; ``None`` where nothing is collected. ``pattern`` [age] of the mortality index."""
    basis, scenario = prepared.basis, prepared.scenario
    countries = len(prepared.countries)
    less_cover = replace(prepared, basis=with_coverage(basis, np.full((countries, HORIZON), 1.0 + STEP)))
    less_density = replace(prepared, scenario=with_collection(scenario, basis, density=1.0 + STEP))
    more_deaths = replace(prepared, basis=with_mortality(basis, np.broadcast_to(INDEX * pattern[None, :, None], (countries, len(pattern), HORIZON))))
    cover, density = (_levels(_projected(study, True), instrument) for study in (less_cover, less_density))
    mortality = _levels(_projected(more_deaths, False), instrument)
    fewer_claims = scenario.payment.model_copy(update={"take_up_factor": CLAIMED * scenario.payment.take_up_factor})
    claims = _levels(replace(prepared, scenario=scenario.model_copy(update={"payment": fewer_claims})), instrument)
    result: list[Elasticities | None] = []
    for c, (base, response) in enumerate(zip(bases, found, strict=True)):
        if base is None or response is None:
            result.append(None)
            continue
        before = _level(dict(zip(ITEMS, response.flows.sum(axis=1), strict=True)), base.stayers)
        served = {name: kernel.sum(axis=1) for name, kernel in Vintages.of(base, response).served(base.career).items()}
        new, stock = (_per_index(was, now) for was, now in zip(before.other, mortality[c].other, strict=True))
        result.append(
            Elasticities(
                cover=_served(before, cover[c], served, base.career.sum(axis=1)),
                density=_served(before, density[c], served, base.career.sum(axis=1)),
                other_new=new,
                other_stock=stock,
                take_up={name: _dependent(before.items[name], claims[c].items[name]) for name in ELASTIC},
            )
        )
    return tuple(result)


def _projected(study: PreparedRegion, same_people: bool) -> PreparedRegion:
    return prepare_region(study.basis, study.scenario, demography=study.demography if same_people else None)


def _levels(study: PreparedRegion, instrument: Instrument) -> list[_Level]:
    """Flows of every country."""
    run: RegionRun = evaluate(study, [instrument])[0]
    items = [np.zeros((len(ITEMS), HORIZON)) for _ in study.countries]
    for corridor in run.corridors:
        for side, c in enumerate((corridor.origin, corridor.host)):
            if study.countries[c].law.collecting:
                found = side_items(corridor, side, run.countries[c])
                items[c][: len(found)] += found
    result = []
    for c, country in enumerate(study.countries):
        result.append(_level(dict(zip(ITEMS, items[c], strict=True)), stayer_ages(study, c) if country.law.collecting else None))
    return result


def _level(items: Mapping[str, Array], stayers: StayerAges | None) -> _Level:
    nothing = np.zeros(HORIZON)
    if stayers is None:
        return _Level(elastic_items(items), nothing, nothing, (nothing, nothing))
    return _Level(elastic_items(items), stayers.awarded.sum(axis=0), stayers.sums.sum(axis=0), (stayers.other_new, stayers.other_stock))


def _served(before: _Level, after: _Level, served: Mapping[str, Array], career: Array) -> Served:
    items = {name: _elasticity(before.items[name], after.items[name], served[name]) for name in ELASTIC}
    awards, sums = (_elasticity(was, now, career) for was, now in ((before.awards, after.awards), (before.sums, after.sums)))
    return Served(awards, sums, _elasticity(before.other[0], after.other[0], career), items)


def _elasticity(before: Array, after: Array, served: Array) -> Array:
    """Per award or payment year; ``served`` is the share of service that the change could reach."""
    known = (before * after > 0.0) & (np.abs(before) > 1e-9 * np.abs(before).max(initial=0.0)) & (served > 0.01)
    change = np.log(np.divide(after, before, out=np.ones_like(before), where=known))
    result: Array = np.divide(change, served * np.log(1.0 + STEP), out=np.zeros_like(before), where=known)
    return np.clip(result, -LIMIT, LIMIT)


def _per_index(before: Array, after: Array) -> Array:
    """Log change of a flow for one unit of the mortality index [year]."""
    known = (before > 1e-9 * before.max(initial=0.0)) & (after > 0.0)
    return np.log(np.divide(after, before, out=np.ones_like(before), where=known)) / INDEX


def _dependent(before: Array, after: Array) -> Array:
    """Part of a flow that is in proportion to take-up [year]; may be negative or exceed 1 where it is a difference."""
    known = np.abs(before) > 1e-6 * np.abs(before).max(initial=0.0)
    share = np.divide(before - after, (1.0 - CLAIMED) * before, out=np.zeros_like(before), where=known)
    return np.clip(share, -LIMIT, LIMIT)
