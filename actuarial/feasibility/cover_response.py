"""How much more a scheme pays when more of the insured's years are covered: elasticities from one projection under another level of cover.

The region is projected once with the covered share of residents of every state times 1 + :data:`STEP` from the first year on. By then a career has
some share of its service to come; with that share z the elasticity is log(flow / flow of the base) / (z log(1 + STEP)). Responses to a change in some
years alone are then spread over the years that the service was earned in. Where a flow is nothing or changes its sign there is no elasticity: 0.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.feasibility.engine import PreparedRegion, Progress, evaluate, prepare_region
from actuarial.feasibility.path_movers import ELASTIC, Elasticities, Vintages
from actuarial.feasibility.responses import ITEMS, SchemeResponse, side_items
from actuarial.feasibility.scheme_basis import SchemeBasis
from actuarial.feasibility.variants import with_coverage

STEP: Final = -0.1
"""Downwards, so that nowhere more than everybody is covered."""
LIMIT: Final = 4.0
"""Elasticities beyond it come from flows that are next to nothing."""
START = year_index(FIRST_YEAR)


def cover_elasticities(
    prepared: PreparedRegion,
    instrument: Instrument,
    bases: tuple[SchemeBasis | None, ...],
    found: tuple[SchemeResponse | None, ...],
    progress: Progress | None = None,
) -> tuple[Elasticities | None, ...]:
    """Elasticities of every scheme, by country; ``None`` where nothing is collected."""
    countries = len(prepared.countries)
    factor = np.full((countries, HORIZON), 1.0 + STEP)
    changed = prepare_region(with_coverage(prepared.basis, factor), prepared.scenario, demography=prepared.demography)
    run = evaluate(changed, [instrument], progress)[0]
    after = [np.zeros((len(ITEMS), HORIZON)) for _ in range(countries)]
    for corridor in run.corridors:
        for side, c in enumerate((corridor.origin, corridor.host)):
            if prepared.countries[c].law.collecting:
                items = side_items(corridor, side, run.countries[c])
                after[c][: len(items)] += items
    return tuple(
        None if basis is None or response is None else _scheme(basis, response, after[c], _awards(prepared, c), _awards(changed, c))
        for c, (basis, response) in enumerate(zip(bases, found, strict=True))
    )


def _awards(prepared: PreparedRegion, c: int) -> Array:
    awards = prepared.awards[c]
    if awards is None:
        return np.zeros(HORIZON)
    total: Array = np.sum([a.pension[0, START:] for a in awards], axis=0)
    return total


def _scheme(basis: SchemeBasis, response: SchemeResponse, after: Array, awards: Array, awards_after: Array) -> Elasticities:
    before, then = (elastic_items(dict(zip(ITEMS, values, strict=True))) for values in (response.flows.sum(axis=1), after))
    served = {name: kernel.sum(axis=1) for name, kernel in Vintages.of(basis, response).served(basis.career).items()}
    items = {name: _elasticity(before[name], then[name], served[name]) for name in ELASTIC}
    return Elasticities(_elasticity(awards, awards_after, basis.career.sum(axis=1)), items)


def elastic_items(items: dict[str, Array]) -> dict[str, Array]:
    """The flows that elasticities are about: those of the case without, and what the instrument makes of them."""
    result = {
        "pensions_without": items["pensions_without"],
        "pensions_more": items["pensions_own"] - items["pensions_without"],
        "pensions_added": items["pensions_added"],
    }
    for name in ("settlements", "commutations", "refunds", "grants"):
        result[f"{name}_without"] = items[f"{name}_without"]
        result[f"{name}_more"] = items[f"{name}_with"] - items[f"{name}_without"]
    return result


def _elasticity(before: Array, after: Array, served: Array) -> Array:
    """Per award or payment year; ``served`` is the share of service that the change could reach."""
    known = (before * after > 0.0) & (np.abs(before) > 1e-9 * np.abs(before).max(initial=0.0)) & (served > 0.01)
    change = np.log(np.divide(after, before, out=np.ones_like(before), where=known))
    result: Array = np.divide(change, served * np.log(1.0 + STEP), out=np.zeros_like(before), where=known)
    return np.clip(result, -LIMIT, LIMIT)
