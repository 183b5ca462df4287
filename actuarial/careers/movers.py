"""Movers of one corridor and sex: rates of their lattice, and its run with and without refunds being open.

1. In their own country movers live under the same cover transitions as stayers; in the host country entry into cover and cover on
   arrival are those of the host's residents times the migrant coverage factor.
2. Somebody who returns is covered at home with the probability of residents of that age.
3. The history runs once; the projection runs once per case, because refunds extinguish service in the world without the instrument.
4. The starting stock of 1990 enters with the origin's service of its age and without service in the host scheme (its true careers are unknown;
   by the valuation date most of it has passed pension age) and without invalids.
5. Covered movers become invalid at the rates of the country where they are covered, which hold for its residents too. Whoever is invalid in
   the own country makes no first move; invalid movers return and move again as others do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, Array, year_index
from actuarial.careers.events import EventTables
from actuarial.careers.lattice import (
    HOST_COVERED,
    HOST_OUT,
    STATUS_COUNT,
    LatticeOutput,
    LatticeState,
    MoveRates,
    SideRates,
    advance,
    own_invalidity,
)


@dataclass(frozen=True)
class CountryCover:
    """What the movers' lattice needs of one country and sex.

    survival   [year, row] of residents
    exit, entry  [year, row] cover transitions of stayers, given survival
    target     [year + 1, row] share of residents covered at 1 January
    people, amount  [year + 1, row, 2, service] stayers at 1 January (only the origin's are used)
    """

    survival: Array
    exit: Array
    entry: Array
    target: Array
    people: Array
    amount: Array


@dataclass(frozen=True)
class CorridorInputs:
    """One corridor and sex; demographic arrays [year(+1), row] from age 15 up.

    abroad, at_home are the demographic projection's movers at 1 January, which the lattice must reproduce. ``coverage_factor`` is one number or
    one per year [year].

    home_invalidity, host_invalidity  [year, row] dependent probability that somebody covered becomes invalid; ``None``: nobody does
    joiners_abroad   [year, row] people who become movers where they live, in the host country, without cover or service, counted at the end of
                     the year by their row at its start as first movers are; ``None``: nobody. Whoever is 15 then is counted in ``abroad``
    """

    first_movers: Array
    return_rate: Array
    remigration_rate: Array
    abroad: Array
    at_home: Array
    origin: CountryCover
    host: CountryCover
    coverage_factor: float | Array
    home_side: SideRates
    host_side: SideRates
    blocked_home_side: SideRates
    blocked_host_side: SideRates
    home_size: int
    host_size: int
    home_amount_factor: float
    host_amount_factor: float
    emigrant_cover: float = 1.0
    home_invalidity: Array | None = None
    host_invalidity: Array | None = None
    joiners_abroad: Array | None = None


@dataclass(frozen=True)
class CorridorRun:
    """History up to the valuation date, and the projection in both cases (year axis from the first projection year)."""

    history: LatticeOutput
    without: LatticeOutput
    with_instrument: LatticeOutput


@dataclass(frozen=True)
class CorridorStart:
    """A corridor at the valuation date: what happened before, the people of that date, and how they will move.

    The projection may be run from it under several laws: ``state`` is copied, never changed.
    """

    history: LatticeOutput
    state: LatticeState
    moves: MoveRates


def start_corridor(inputs: CorridorInputs) -> CorridorStart | None:
    """Run history. ``None`` when neither end has a collecting scheme: there is nothing to be insured in."""
    rows = max(inputs.home_side.award_row, inputs.host_side.award_row) + 1
    if rows < 1:
        return None
    moves = move_rates(inputs, rows)
    start = year_index(FIRST_YEAR)
    state = starting_stock(inputs, rows)
    history = advance(state, inputs.home_side, inputs.host_side, moves, 0, start)
    return CorridorStart(history, _at_valuation_date(state, history.people[:, -1].sum(axis=0), inputs, start), moves)


def project(start: CorridorStart, home_side: SideRates, host_side: SideRates, events: EventTables | None = None) -> LatticeOutput:
    """The projection under one law on refunds, from the first projection year to the end of the axis, with the functionals asked for."""
    return advance(start.state.copy(), home_side, host_side, start.moves, year_index(FIRST_YEAR), start.moves.transition.shape[0], events)


def run_corridor(inputs: CorridorInputs) -> CorridorRun | None:
    """Run history and both cases. ``None`` when neither end has a collecting scheme."""
    start = start_corridor(inputs)
    if start is None:
        return None
    without = project(start, inputs.home_side, inputs.host_side)
    return CorridorRun(start.history, without, project(start, inputs.blocked_home_side, inputs.blocked_host_side))


def run_history(inputs: CorridorInputs) -> LatticeOutput | None:
    """Run only up to the valuation date. ``None`` when neither end has a collecting scheme."""
    rows = max(inputs.home_side.award_row, inputs.host_side.award_row) + 1
    if rows < 1:
        return None
    return advance(starting_stock(inputs, rows), inputs.home_side, inputs.host_side, move_rates(inputs, rows), 0, year_index(FIRST_YEAR))


def move_rates(inputs: CorridorInputs, rows: int) -> MoveRates:
    """Transitions of the corridor's lattice with ``rows`` rows.

    Covered abroad next year = S x [(1 - r) x (covered (1 - exit) + not covered x entry) + movers at home x g x cover on arrival] + first movers x
    cover on arrival, S survival without invalidity, r return, g moving again; covered at home likewise. Entry and cover on arrival abroad are those
    of residents x migrant coverage.
    """
    years = inputs.first_movers.shape[0]
    home = _cover(inputs.origin, inputs.home_side.award_row, rows, 1.0)
    host = _cover(inputs.host, inputs.host_side.award_row, rows, inputs.coverage_factor)
    r, g = inputs.return_rate[:, :rows], inputs.remigration_rate[:, :rows]
    p = np.zeros((years, rows, 4, 4))
    for covered, s in ((True, 0), (False, 1)):
        inside = 1.0 - home.exit if covered else home.entry
        p[:, :, s, 0] = (1.0 - g) * inside
        p[:, :, s, 1] = (1.0 - g) * (1.0 - inside)
        p[:, :, s, 2] = g * host.arrival
        p[:, :, s, 3] = g * (1.0 - host.arrival)
    for covered, s in ((True, 2), (False, 3)):
        inside = 1.0 - host.exit if covered else host.entry
        p[:, :, s, 2] = (1.0 - r) * inside
        p[:, :, s, 3] = (1.0 - r) * (1.0 - inside)
        p[:, :, s, 0] = r * home.arrival
        p[:, :, s, 1] = r * (1.0 - home.arrival)
    p[:, :, :2] *= inputs.origin.survival[:, :rows, None, None]
    p[:, :, 2:] *= inputs.host.survival[:, :rows, None, None]
    death = 1.0 - np.stack([inputs.origin.survival[:, :rows], inputs.host.survival[:, :rows]], axis=2)
    invalidity = np.zeros((years, rows, 2))
    for place, rates in enumerate((inputs.home_invalidity, inputs.host_invalidity)):
        if rates is not None:
            invalidity[:, :, place] = rates[:, :rows]
            p[:, :, 2 * place] *= 1.0 - own_invalidity(invalidity[:, :, place], death[:, :, place])[..., None]
    people, amount = _per_mover(inputs, rows, years)
    joiners = np.zeros((years, rows, 2))
    if inputs.joiners_abroad is not None:
        joiners[:, 1:, 1] = inputs.joiners_abroad[:, : rows - 1]
    joiners[:, 0, 0], joiners[:, 0, 1] = inputs.at_home[1:, 0], inputs.abroad[1:, 0]
    return MoveRates(p, death, invalidity, np.ascontiguousarray(inputs.first_movers[:, :rows]), host.arrival, people, amount, joiners)


def starting_stock(inputs: CorridorInputs, rows: int) -> LatticeState:
    """The movers abroad at the first 1 January of history."""
    people, amount = (each[0].sum(axis=1) for each in _per_mover(inputs, rows, 1))
    fields = np.zeros((2, rows, STATUS_COUNT, inputs.home_size))
    award = inputs.host_side.award_row
    cover = np.zeros(rows)
    inside = min(rows, award + 1)
    if inside > 0:
        cover[:inside] = np.minimum(inputs.host.target[0, :inside] * np.ravel(inputs.coverage_factor)[0], 1.0)
    for status, share in ((HOST_COVERED, cover), (HOST_OUT, 1.0 - cover)):
        fields[0, :, status] = (people.T * inputs.abroad[0, :rows] * share).T
        fields[1, :, status] = (amount.T * inputs.abroad[0, :rows] * share).T
    return LatticeState.without_host_service(fields[0], fields[1], inputs.host_size)


def _at_valuation_date(state: LatticeState, now: Array, inputs: CorridorInputs, start: int) -> LatticeState:
    """Bring the movers, ``now`` [row] in all, to the stock of the valuation date that the inputs name, and apply the calibration of account balances.

    With inputs from one demographic projection the factor is 1; a caller may name another stock of past movers.
    """
    rows = now.size
    wanted = inputs.abroad[start, :rows] + inputs.at_home[start, :rows]
    factor = np.divide(wanted, now, out=np.ones(rows), where=now > 0)
    return state.scaled(factor, inputs.home_amount_factor, inputs.host_amount_factor)


@dataclass(frozen=True)
class _Cover:
    exit: Array
    entry: Array
    arrival: Array


def _cover(country: CountryCover, award_row: int, rows: int, factor: float | Array) -> _Cover:
    """Cover transitions [year, row] extended to ``rows``: from the award row on nobody is covered next year."""
    factor = np.reshape(factor, (-1, 1))
    years = country.survival.shape[0]
    exit_, entry, arrival = np.ones((years, rows)), np.zeros((years, rows)), np.zeros((years, rows))
    active = min(award_row, rows)
    if active > 0:
        exit_[:, :active] = country.exit[:, :active]
        entry[:, :active] = np.minimum(country.entry[:, :active] * factor, 1.0)
        arrival[:, :active] = np.minimum(country.target[1:, 1 : active + 1] * factor, 1.0)
    return _Cover(exit_, entry, arrival)


def _per_mover(inputs: CorridorInputs, rows: int, years: int) -> tuple[Array, Array]:
    """Distribution of one emigrant over (covered, not covered) and service, with the amount that goes with it [year, row, 2, service].

    Emigrants are among those who have not become invalid in the year.
    """
    country, size = inputs.origin, inputs.home_size
    shared = min(rows, country.people.shape[1])
    weight = np.ones((years, shared, 2))
    weight[:, :, 0] = inputs.emigrant_cover
    if inputs.home_invalidity is not None:
        death = 1.0 - country.survival[:years, :shared]
        weight[:, :, 0] *= 1.0 - own_invalidity(inputs.home_invalidity[:years, :shared], death)
    pool = (country.people[:years, :shared].sum(axis=3) * weight).sum(axis=2, keepdims=True)
    share = np.divide(weight, pool, out=np.zeros_like(weight), where=pool > 0)[..., None]
    people, amount = np.empty((years, rows, 2, size)), np.empty((years, rows, 2, size))
    for into, values in ((people, country.people), (amount, country.amount)):
        np.multiply(values[:years, :shared], share, out=into[:, :shared])
        into[:, shared:] = 0.0
    empty = np.ones((years, rows), dtype=bool)
    empty[:, :shared] = pool[:, :, 0] <= 0.0
    people[empty, 1, 0] = 1.0
    return people, amount
