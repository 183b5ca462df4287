"""What the instrument costs for periods that lie before the projection, apart from those still to come.

On the day an instrument enters into force past periods become countable at once: the liability jumps. It is priced by the same lattice and the same
law for the same movers, none of whom is ever insured again after the valuation date and whom nobody joins. Rights then rest on past periods alone,
so the with minus without of that run is the initial liability; what the whole run costs beyond it belongs to periods to come.

Rights that need both a past and a coming period to be opened are counted with the coming ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, Array, year_index
from actuarial.careers.movers import CorridorInputs, CountryCover

START = year_index(FIRST_YEAR)


def past_only(inputs: CorridorInputs) -> CorridorInputs:
    """Inputs of a corridor in which nobody moves for the first time or is insured after the valuation date, but for its day."""

    def ended(cover: CountryCover) -> CountryCover:
        target = cover.target.copy()
        # Somebody covered on the valuation date is credited the half-year of that date and leaves cover within the year.
        target[START + 1 :] = 0.0
        exit_, entry = cover.exit.copy(), cover.entry.copy()
        exit_[START:], entry[START:] = 1.0, 0.0
        return replace(cover, target=target, exit=exit_, entry=entry)

    def before(array: Array) -> Array:
        cut = array.copy()
        cut[START:] = 0.0
        return cut

    return replace(
        inputs,
        first_movers=before(inputs.first_movers),
        joiners_abroad=None if inputs.joiners_abroad is None else before(np.asarray(inputs.joiners_abroad)),
        origin=ended(inputs.origin),
        host=ended(inputs.host),
    )


def split(inputs: CorridorInputs, periods: Sequence[tuple[int, int]]) -> tuple[CorridorInputs, ...]:
    """The people of a corridor in parts that add up to it: the stock of past movers, then those who join within each period.

    ``periods`` are year indices (first, last + 1) that cover the projection. People join by moving for the first time or, where they live, by
    becoming movers; who moved as a child joins in the year of turning 15.
    """
    before = (0, START)
    return tuple(_joining(inputs, *years) for years in (before, *periods))


def _joining(inputs: CorridorInputs, first: int, stop: int) -> CorridorInputs:
    """Those who join in ``first <= year < stop``, the stock of the first 1 January of history among them if history is."""

    def within(flow: Array) -> Array:
        cut = np.zeros_like(flow)
        cut[first:stop] = flow[first:stop]
        return cut

    def people(stock: Array) -> Array:
        cut = np.zeros_like(stock)
        # Later than the valuation date the lattice reads the first row alone, those who turn 15.
        cut[first + 1 : stop + 1] = stock[first + 1 : stop + 1]
        if first == 0:
            cut[0] = stock[0]
        return cut

    joiners = None if inputs.joiners_abroad is None else within(inputs.joiners_abroad)
    return replace(
        inputs, first_movers=within(inputs.first_movers), joiners_abroad=joiners, abroad=people(inputs.abroad), at_home=people(inputs.at_home)
    )
