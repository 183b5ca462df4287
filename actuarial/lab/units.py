"""What every scheme's cash flows are made of, priced once: by legal steps, take-up, corridor, and movers of the past or to come.

1. Rungs of :data:`~actuarial.feasibility.ladder.TOGETHER` act on the same awards, so all their on/off combinations are priced. The others stand
   beside them: applicable legislation is the item ``posted_earnings``, administration a formula on flows, short-term branches are priced apart.
2. Flows are polynomials in take-up: of degree 1, and 2 where equality of treatment gives rights that are then exported (shares multiply). They are
   priced at take-up 0, 1 and, where needed, one half. At take-up 0 nobody claims and combinations differ in refunds alone, which end with
   totalisation: two prices serve all.
3. Flows are linear in movers at fixed rates (:mod:`actuarial.feasibility.responses`). Each corridor has two parts: who moved before the valuation
   date, and who moves later. What later leavers would have added at home is kept with them.
4. Short-term branches see the insured people only, so they are priced for each part without a projection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from itertools import combinations
from typing import Final

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, IntArray, year_index
from actuarial.basis.instrument import Instrument
from actuarial.feasibility.branch_exposure import scheme_branches
from actuarial.feasibility.break_even import with_factor
from actuarial.feasibility.engine import WORKERS, CorridorResult, PreparedRegion, PricedCorridor, RegionRun, corridor_inputs
from actuarial.feasibility.flow_parts import PARTS, leavers_by_period, weighted_parts
from actuarial.feasibility.ladder import NAMES, TOGETHER, instrument_at
from actuarial.feasibility.responses import ITEMS, MOVER_ITEMS, side_items
from actuarial.feasibility.stayer_ages import StayerAges

Progress = Callable[[str, float], None]
Subset = frozenset[str]

START = year_index(FIRST_YEAR)
PAST, LATER = 0, 1
"""Parts of a corridor: movers of before the valuation date, movers of the projection."""
WITH_ITEMS: Final = tuple(name for name in ITEMS if name in ("pensions_own", "pensions_added", "pensions_resumed") or name.endswith("_with"))
"""Items that depend on the rungs and on take-up."""
SUBSETS: Final = tuple(frozenset(s) for n in range(len(TOGETHER) + 1) for s in combinations(TOGETHER, n))
BESIDE: Final = tuple(name for name in NAMES if name not in TOGETHER)
_AT: Final = [ITEMS.index(name) for name in WITH_ITEMS]


@dataclass(frozen=True)
class Units:
    """Unit flows of one scheme, national currency of the base economy.

    corridor, part  [column] number of the corridor; :data:`PAST` or :data:`LATER`
    flows           [item, column, year] of :data:`~actuarial.feasibility.responses.ITEMS`, the whole instrument at its own take-up
    priced          [subset, degree, item, column, year] of :data:`WITH_ITEMS`: coefficients in the factor on take-up, in the order of :data:`SUBSETS`
    awarded         [year] old-age pensions awarded to movers without the instrument
    awarded_with    [subset, degree, year] the same with it
    short_term      [degree, column, year] net cost of branches beside pensions
    """

    corridor: IntArray
    part: IntArray
    flows: Array
    priced: Array
    awarded: Array
    awarded_with: Array
    short_term: Array


@dataclass(frozen=True)
class _Nodes:
    """Instruments to price, and where each combination stands among them at each take-up."""

    instruments: tuple[Instrument, ...]
    shares: tuple[float, ...]
    places: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, instrument: Instrument, degree: int) -> _Nodes:
        whole = [instrument_at(instrument, [*s, *BESIDE]) for s in SUBSETS]
        open_, ended = (with_factor(instrument_at(instrument, [*s, *BESIDE]), 0.0) for s in (frozenset[str](), frozenset({"totalisation"})))
        n = len(SUBSETS)
        none = [n + int("totalisation" in s) for s in SUBSETS]
        found, places, shares = [*whole, open_, ended], [none, list(range(n))], [0.0, 1.0]
        if degree == 2:
            found += [with_factor(i, 0.5) for i in whole]
            places.insert(1, list(range(n + 2, 2 * n + 2)))
            shares.insert(1, 0.5)
        return cls(tuple(found), tuple(shares), tuple(tuple(p) for p in places))


def degree_of(prepared: PreparedRegion) -> int:
    """Degree of flows in take-up: 2 where the law of some collecting scheme gives foreigners less than all rights of nationals."""
    laws = (law for country in prepared.countries if country.law.collecting for law in country.laws[START:])
    return 2 if any(law.foreigners_rights_share < 1.0 for law in laws) else 1


def units(
    prepared: PreparedRegion, instrument: Instrument, stayers: Mapping[int, StayerAges], progress: Progress | None = None
) -> tuple[dict[int, Units], RegionRun]:
    """Unit flows by the position of every collecting country, and the run of the whole instrument.

    ``stayers`` by position of a collecting country. ``progress`` is told the stage and the share done, 0 to 1.
    """
    tell = progress or (lambda _stage, _share: None)
    nodes = _Nodes.of(instrument, degree_of(prepared))
    jobs = [(k, sex) for k in range(len(prepared.demography.corridors)) for sex in (0, 1)]
    found: dict[tuple[int, int], _Priced] = {}
    with ThreadPoolExecutor(WORKERS) as pool:
        priced = pool.map(lambda job: _priced(prepared, nodes, *job), jobs)
        for done, (job, one) in enumerate(zip(jobs, priced, strict=True), start=1):
            if one is not None:
                found[job] = one
            tell("legal steps, corridor by corridor", done / len(jobs))
    runs = tuple(_run(prepared, instrument, [p.results[part] for p in found.values()]) for part in (PAST, LATER))
    result = {c: _gathered(prepared, nodes, runs, found, c, stayers[c]) for c, country in enumerate(prepared.countries) if country.law.collecting}
    return result, _run(prepared, instrument, [r for run in runs for r in run.corridors])


@dataclass(frozen=True)
class _Priced:
    """One corridor and sex: items [part, node, end, item, year], awards [part, node, end, case, year], results of the whole instrument by part."""

    items: Array
    awards: Array
    results: tuple[CorridorResult, CorridorResult]


def _priced(prepared: PreparedRegion, nodes: _Nodes, k: int, sex: int) -> _Priced | None:
    inputs = corridor_inputs(prepared, k, sex)
    whole = PricedCorridor.of(prepared, nodes.instruments, k, sex, inputs)
    if whole is None:
        return None
    ends = [prepared.countries[int(c)] for c in prepared.demography.corridors[k]]
    count = len(nodes.instruments)
    items, awards = np.zeros((2, count, 2, MOVER_ITEMS, HORIZON)), np.zeros((2, count, 2, 2, HORIZON))
    kept = []
    for part in (PAST, LATER):
        weights = np.full(PARTS, float(part))
        weights[0] = 1.0 - part
        people = weighted_parts(prepared.demography, k, sex, inputs, weights)
        one = PricedCorridor.of(prepared, nodes.instruments, k, sex, people, whole)
        assert one is not None  # both ends are as in the whole
        for n in range(count):
            result = one.result(n)
            if n == len(SUBSETS) - 1:
                kept.append(replace(result, mismatch=0.0))  # a part is not all the people of the projection
            for end, country in enumerate(ends):
                if country.law.collecting:
                    items[part, n, end] = side_items(result, end, country)
                    side = result.sides[end]
                    awards[part, n, end] = [flows["pension_awarded"].sum(axis=0) for flows in (side.without, side.with_instrument)]
    return _Priced(items, awards, (kept[PAST], kept[LATER]))


def _run(prepared: PreparedRegion, instrument: Instrument, corridors: Sequence[CorridorResult]) -> RegionRun:
    shared = {f.name: getattr(prepared, f.name) for f in fields(PreparedRegion)}
    return RegionRun(**shared, instrument=instrument, corridors=tuple(corridors))


def _gathered(
    prepared: PreparedRegion, nodes: _Nodes, runs: tuple[RegionRun, ...], found: Mapping[tuple[int, int], _Priced], c: int, stayers: StayerAges
) -> Units:
    """Units of country ``c``: both sexes of a corridor together."""
    sides = [(k, end) for k, pair in enumerate(prepared.demography.corridors) for end, at in enumerate(pair) if int(at) == c]
    columns = 2 * len(sides)
    flows = np.zeros((len(ITEMS), columns, HORIZON))
    by_node = np.zeros((len(nodes.instruments), len(_AT), columns, HORIZON))
    awarded = np.zeros((len(nodes.instruments), 2, HORIZON))
    for at, (k, end) in enumerate(sides):
        for sex in (0, 1):
            one = found.get((k, sex))
            if one is None:
                continue
            for part in (PAST, LATER):
                flows[:MOVER_ITEMS, 2 * at + part] += one.items[part, len(SUBSETS) - 1, end]
                by_node[:, :, 2 * at + part] += one.items[part, :, end][:, _AT]
            awarded += one.awards[:, :, end].sum(axis=0)
        if end == 0:
            flows[MOVER_ITEMS:, 2 * at + LATER] = -stayers.of(leavers_by_period(prepared.demography, k)).sum(axis=1)
    return Units(
        corridor=np.repeat([k for k, _ in sides], 2).astype(np.int64),
        part=np.tile((PAST, LATER), len(sides)).astype(np.int64),
        flows=flows,
        priced=_coefficients(nodes, by_node),
        awarded=awarded[len(SUBSETS) - 1, 0],
        awarded_with=_coefficients(nodes, awarded[:, 1]),
        short_term=_short_term(prepared, runs, sides, c),
    )


def _coefficients(nodes: _Nodes, values: Array) -> Array:
    """[subset, degree, ...] of the polynomials in take-up through the values [node, ...]."""
    powers = np.linalg.inv(np.vander(nodes.shares, increasing=True))
    return np.stack([np.tensordot(powers, values[[p[s] for p in nodes.places]], axes=1) for s in range(len(SUBSETS))])


def _short_term(prepared: PreparedRegion, runs: tuple[RegionRun, ...], sides: Sequence[tuple[int, int]], c: int) -> Array:
    """[degree, column, year]; of degree 2 always, as it costs nothing."""
    shares = (0.0, 0.5, 1.0)
    corridors = prepared.demography.corridors
    codes = prepared.basis.countries
    columns = {(codes[int(corridors[k][1 - end])], ("origin", "host")[end]): 2 * at for at, (k, end) in enumerate(sides)}
    values = np.zeros((len(shares), 2 * len(sides), HORIZON))
    for part, run in enumerate(runs):
        for n, share in enumerate(shares):
            priced = replace(run, instrument=with_factor(run.instrument, share))
            for account in scheme_branches(priced, c).accounts:
                if account.payer == "scheme":
                    for difference in account.differences:
                        values[n, columns[difference.partner, difference.role] + part] += difference.amount
    result: Array = np.tensordot(np.linalg.inv(np.vander(shares, increasing=True)), values, axes=1)
    return result
