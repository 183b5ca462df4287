"""Deaths before the award and new invalids, valued by functionals of their joint service.

1. A functional says, for everybody to whom its event happens at mid-year, whether they count (``eligible``), what share of their amount in one
   scheme they are worth (``share``) and how much besides (``flat``), by service in both schemes. A benefit by any law is one or more of them.
2. A cell's people are those of 1 January who die or become invalid in the year (rule 8 of the lattice: who becomes invalid and dies in one year is
   an invalid only). Their service holds half a year for their status at 1 January; amounts are carried to mid-year.
3. For a functional of one scheme, half of an award row's events come before the award and count; after the award row none does.
4. Results are kept by age band, so that whoever prices them can tell how long a benefit lasts, and by status, which says where people live.

| symbol | identifier | meaning |
|---|---|---|
| e, s, f | eligible, share, flat | tables of the functional by service |
| n, x | people, amount | of the cell at mid-year, times the probability of the event |

people = sum of n e, amount = sum of (x s + n f).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from actuarial.basis.dimensions import WORK_AGE_COUNT, WORK_AGE_FIRST, Array, IntArray

if TYPE_CHECKING:
    from actuarial.careers.lattice import SideRates
    from actuarial.careers.lattice_cells import Cells
    from actuarial.careers.stayers import StayerOutput

INVALIDITY, DEATH = 0, 1
BAND_AGES = (15, 30, 45, 55)
"""First ages of the age bands."""
_STATUSES = 4


def age_bands(rows: int = WORK_AGE_COUNT) -> IntArray:
    """Band of every row: ages 15-29, 30-44, 45-54, 55 and over."""
    ages = np.arange(WORK_AGE_FIRST, WORK_AGE_FIRST + rows)
    return np.asarray(np.searchsorted(BAND_AGES, ages, side="right") - 1, dtype=np.int64)


@dataclass(frozen=True)
class EventTables:
    """Functionals to be evaluated.

    eligible, share, flat  [functional, version, home service, host service]; for stayers [functional, version, service]
    version   [functional, year] table of each year of the run
    side      [functional] whose amounts ``share`` multiplies and whose award ends it: 0 home, 1 host (0 for stayers)
    event     [functional] 0 invalidity, 1 death
    bands     [row] age band, from 0 up; rows beyond those of the run are not read
    """

    eligible: Array
    share: Array
    flat: Array
    version: IntArray
    side: IntArray
    event: IntArray
    bands: IntArray


@dataclass(frozen=True)
class EventOutput:
    """People and amounts [functional, year, band, status]; the statuses of the lattice, or (covered, not covered) for stayers."""

    people: Array
    amount: Array


def arranged(tables: EventTables | None, places: Cells, years: int) -> tuple[tuple[Any, ...], EventOutput]:
    """Arguments of the lattice's kernel for ``tables``, and the empty output it fills; without tables both are empty.

    Tables [class, (eligible, share, flat), functional, version, cell] are packed as the cells of the lattice are; flags say which hold anything.
    Raises ``ValueError`` naming what does not fit.
    """
    rows, service = places.rows, (places.home_size, places.host_size)
    if tables is None:
        none = np.zeros((0, 0, *service))
        tables = EventTables(none, none, none, *(np.zeros(shape, np.int64) for shape in ((0, years), 0, 0, rows)))
    _check(tables, service, rows, years)
    bands = np.ascontiguousarray(tables.bands[:rows], dtype=np.int64)
    count = int(tables.bands.max()) + 1
    # A band's rows reach the lines i + j of its oldest.
    reach = np.searchsorted(bands, np.arange(count), side="right").astype(np.int64)
    full = (tables.eligible, tables.share, tables.flat)
    width = int(places.length.max())
    packed = np.zeros((places.classes, 3, *tables.eligible.shape[:2], width))
    filled = np.stack([table.any(axis=(1, 2, 3)) for table in full], axis=1)
    for kind, n in np.ndindex(places.classes, 3):
        if filled[:, n].any():
            cells = places.table(full[n], kind)
            packed[kind, n, ..., : cells.shape[-1]] = cells[..., :width]
    keys = (np.ascontiguousarray(key, dtype=np.int64) for key in (tables.version, tables.side, tables.event))
    shape = (tables.event.size, years, count, _STATUSES)
    return (packed, filled, *keys, bands, reach), EventOutput(np.zeros(shape), np.zeros(shape))


def stayer_events(out: StayerOutput, side: SideRates, tables: EventTables, first: int = 0) -> EventOutput:
    """The functionals for people who never moved, from the year index ``first`` on for as many years as ``tables.version`` has.

    ``side`` are the rates the run was made with. Statuses of the result are covered and not covered. Raises ``ValueError`` as above.
    """
    years, (rows, _, size) = tables.version.shape[1], out.people.shape[1:]
    _check(tables, (size,), rows, years)
    if not 0 <= first <= first + years <= out.death.shape[0]:
        raise ValueError(f"events: years {first}..{first + years} are outside the run's {out.death.shape[0]}")
    span = slice(first, first + years)
    before = np.where(np.arange(rows) < side.award_row, 1.0, np.where(np.arange(rows) == side.award_row, 0.5, 0.0))
    count = int(tables.bands.max()) + 1
    member = (tables.bands[:rows] == np.arange(count)[:, None]) * before
    shape = (tables.event.size, years, count, 2)
    result = EventOutput(np.zeros(shape), np.zeros(shape))
    rates = (np.stack([out.invalidity, 0.0 * out.invalidity], axis=2), out.death)
    for c in (0, 1):
        n = out.people[:-1][span, :, c]
        x = out.amount[:-1][span, :, c] * side.keep_mid[span, :rows, 1 - c, None] + n * side.add_mid[span, :rows, 1 - c, None]
        for event in np.unique(tables.event):
            rate = rates[event][span, :, c]
            people, amount = (_at_mid_year(np.einsum("br,yr,yrs->ybs", member, rate, cells, optimize=True), c == 0) for cells in (n, x))
            for f in np.flatnonzero(tables.event == event):
                eligible, share, flat = (table[f][tables.version[f]] for table in (tables.eligible, tables.share, tables.flat))
                result.people[f, :, :, c] = np.einsum("ybs,ys->yb", people, eligible)
                result.amount[f, :, :, c] = np.einsum("ybs,ys->yb", amount, share) + np.einsum("ybs,ys->yb", people, flat)
    return result


def _at_mid_year(cells: Array, covered: bool) -> Array:
    if not covered or cells.shape[-1] == 1:
        return cells
    moved = np.zeros_like(cells)
    moved[..., 1:] = cells[..., :-1]
    return moved


def _check(tables: EventTables, service: tuple[int, ...], rows: int, years: int) -> None:
    functionals, versions = tables.eligible.shape[:2]
    shape = (functionals, versions, *service)
    for name in ("eligible", "share", "flat"):
        found = getattr(tables, name).shape
        if found != shape:
            raise ValueError(f"events: {name} has shape {found}, needed {shape}")
    for name, wanted in (("version", (functionals, years)), ("side", (functionals,)), ("event", (functionals,))):
        found = getattr(tables, name).shape
        if found != wanted:
            raise ValueError(f"events: {name} has shape {found}, needed {wanted}")
    for name, limit in (("version", versions), ("side", 2), ("event", 2)):
        key = getattr(tables, name)
        if key.size and not 0 <= key.min() <= key.max() < limit:
            raise ValueError(f"events: {name} must lie in 0..{limit - 1}, found {key.min()}..{key.max()}")
    bands = tables.bands
    if bands.size < rows or bands.min() < 0 or (np.diff(bands) < 0).any():
        raise ValueError(f"events: bands must name the band of each of {rows} rows, from 0 up and never falling")
