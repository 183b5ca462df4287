"""Responses of every scheme to flows of movers: what the people of one corridor who move in one period add to each of its flows.

1. Results are linear in flows at fixed rates (mortality, moves, cover, and what an award pays per unit of earnings in each cell). A response is the
   result of the people of one part (:mod:`actuarial.feasibility.flow_parts`); flows of a path times responses replace a projection anew.
2. A column is a part of a corridor that the scheme takes part in, as the origin's or the host's: the two are different columns.
3. Who moves is missing among those who stay: the items ``stay_*`` are what the leavers of a column would have added at home (negative). The base of
   stayers is without them already, so only changes of them count.
4. Amounts are in national currency under the base economy; :mod:`actuarial.feasibility.ensemble_paths` moves them to that of a path.

| item | [column, year] |
|---|---|
| earnings, posted_earnings | insurable earnings; more of them with the instrument (posted workers) |
| pensions_without, pensions_own, pensions_added, pensions_resumed | case without; with: on own periods, opened or raised by adding periods, resumed |
| settlements_*, commutations_*, refunds_*, grants_* | lump sums; sums with pensions; refunds to leavers; death grants |
| account_* | everything paid from accounts |
| stay_earnings, stay_pensions, stay_sums, stay_account | see 3 |
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import HORIZON, Array, IntArray
from actuarial.basis.instrument import Instrument
from actuarial.careers.country import CountryCareers
from actuarial.execution.checkpoint import Checkpoint
from actuarial.execution.chunks import run_chunks
from actuarial.execution.executors import InProcess, Workers
from actuarial.execution.progress import Silent
from actuarial.feasibility.corridor import Flows, SideCost, unclaimed_balances
from actuarial.feasibility.engine import CorridorResult, PreparedRegion, corridor_inputs, evaluate_corridor_parts
from actuarial.feasibility.flow_parts import PARTS, corridor_parts, leavers_by_period
from actuarial.feasibility.stayer_ages import StayerAges, stayer_ages

ITEMS = (
    "earnings", "posted_earnings", "pensions_without", "pensions_own", "pensions_added", "pensions_resumed", "settlements_without",
    "settlements_with", "commutations_without", "commutations_with", "refunds_without", "refunds_with", "grants_without", "grants_with",
    "account_without", "account_with", "stay_earnings", "stay_pensions", "stay_sums", "stay_account",
)  # fmt: skip
ACCOUNT_PAYMENTS = ("payouts", "death_payouts", "invalidity_payouts", "withdrawals", "refunds")
MOVER_ITEMS = 16
"""The first so many items are of movers, the others of those who stay."""


@dataclass(frozen=True)
class SchemeResponse:
    """Responses of one scheme, and how much of its pensions was awarded when.

    corridor, part      [column]
    flows               [item, column, year]
    awarded             [case, year] old-age pensions awarded to movers and paid where they live
    """

    corridor: IntArray
    part: IntArray
    flows: Array
    awarded: Array

    def at(self, factors: Array) -> Array:
        """Flows for ``factors`` [..., corridor, part] on the parts: [..., item, year]."""
        chosen = factors[..., self.corridor, self.part]
        items, columns, years = self.flows.shape
        flat = chosen.reshape(math.prod(chosen.shape[:-1]), columns) @ self.flows.transpose(1, 0, 2).reshape(columns, items * years)
        result: Array = flat.reshape(*chosen.shape[:-1], items, years)
        return result


@dataclass(frozen=True)
class ResponseWork:
    """What every corridor's responses are computed from; ``stayers`` by country, ``None`` where nothing is collected."""

    prepared: PreparedRegion
    instrument: Instrument
    stayers: tuple[StayerAges | None, ...]


def responses(
    prepared: PreparedRegion,
    instrument: Instrument,
    executor: Workers | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Silent | None = None,
) -> tuple[SchemeResponse | None, ...]:
    """Responses of every scheme, by country; ``None`` where nothing is collected. A corridor is a chunk of the work."""
    stayers = tuple(stayer_ages(prepared, c) if country.law.collecting else None for c, country in enumerate(prepared.countries))
    corridors = range(len(prepared.demography.corridors))
    work = ResponseWork(prepared, instrument, stayers)
    found = run_chunks(corridor_responses, corridors, executor or InProcess(), checkpoint, progress, shared=work)
    result: list[SchemeResponse | None] = []
    for c, country in enumerate(prepared.countries):
        sides = [(k, i) for k in corridors for i, at in enumerate(prepared.demography.corridors[k]) if int(at) == c]
        result.append(_gathered([(k, i, found[k]) for k, i in sides]) if country.law.collecting else None)
    return tuple(result)


def _gathered(sides: Sequence[tuple[int, int, dict[str, Array]]]) -> SchemeResponse:
    """Responses of one scheme from its sides: corridor, which end of it, what was found."""
    corridor = np.repeat([k for k, _, _ in sides], PARTS).astype(np.int64)
    part = np.tile(np.arange(PARTS), len(sides))
    flows = np.concatenate([np.zeros((len(ITEMS), 0, HORIZON)), *(found["flows"][i] for _, i, found in sides)], axis=1)
    awarded: Array = np.sum([np.zeros((2, HORIZON)), *(found["awarded"][i] for _, i, found in sides)], axis=0)
    return SchemeResponse(corridor, part, flows, awarded)


def corridor_responses(work: ResponseWork, k: int) -> dict[str, Array]:
    """One corridor: ``flows`` [end, item, part, year] and ``awarded`` [end, case, year], ends origin and host."""
    prepared = work.prepared
    sides = [int(c) for c in prepared.demography.corridors[k]]
    flows, awarded = np.zeros((2, len(ITEMS), PARTS, HORIZON)), np.zeros((2, 2, HORIZON))
    for sex in (0, 1):
        whole = corridor_inputs(prepared, k, sex)
        parts = corridor_parts(prepared.demography, k, sex, whole)
        for part, result in enumerate(evaluate_corridor_parts(prepared, work.instrument, k, sex, parts, whole)):
            for i, c in enumerate(sides):
                country = prepared.countries[c]
                if country.law.collecting:
                    flows[i, :MOVER_ITEMS, part] += side_items(result, i, country)
                    awarded[i] += _awarded(result.sides[i])
    origin = work.stayers[sides[0]]
    if origin is not None:
        flows[0, MOVER_ITEMS:, 1:] = -origin.of(leavers_by_period(prepared.demography, k))
    return {"flows": flows, "awarded": awarded}


def side_items(result: CorridorResult, side: int, country: CountryCareers) -> Array:
    """The items of one side of a corridor, those of stayers left out [:data:`MOVER_ITEMS`, year]."""
    cost = result.sides[side]

    def both(names: Sequence[str]) -> list[Array]:
        return [np.sum([flows[name].sum(axis=0) for name in names], axis=0) for flows in (cost.without, cost.with_instrument)]

    own = ("pensions_own", "invalidity_own", "survivors_own")
    added = tuple(f"{branch}_{part}" for branch in ("pensions", "invalidity", "survivors") for part in ("by_totalisation", "topped"))
    without, with_own = both(own)
    return np.stack(
        [
            cost.earnings, cost.posted_earnings, without, with_own, both(added)[1], both(("pensions_resumed",))[1],
            *both(("lump_sums",)), *both(("commutations",)), *both(("refunds",)), *both(("death_grants",)),
            _account(cost.without, country), _account(cost.with_instrument, country),
        ]
    )  # fmt: skip


def _account(flows: Flows, country: CountryCareers) -> Array:
    if country.law.kind != "account":
        return np.zeros(HORIZON)
    paid = np.sum([flows[name].sum(axis=0) for name in ACCOUNT_PAYMENTS], axis=0)
    late: Array = paid + unclaimed_balances(country, flows["unclaimed"].sum(axis=0))[1]
    return late


def _awarded(cost: SideCost) -> Array:
    return np.stack([cost.without["pension_awarded"].sum(axis=0), cost.with_instrument["pension_awarded"].sum(axis=0)])
