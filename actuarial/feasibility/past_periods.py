"""What the instrument costs for periods that lie before the projection, apart from those still to come.

On the day an instrument enters into force past periods become countable at once: the liability jumps. It is priced by the same lattice and the same
law for the same movers, none of whom is ever insured again after the valuation date and whom nobody joins. Rights then rest on past periods alone,
so the with minus without of that run is the initial liability; what the whole run costs beyond it belongs to periods to come.

Rights that need both a past and a coming period to be opened are counted with the coming ones.
"""

from __future__ import annotations

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
