"""The movers' lattice: everybody who ever moved along one corridor, by age, status and credited service in both schemes.

1. A cell is ``[age, status, home service, host service]`` for one corridor (origin -> host) and one sex. Nothing is banded.
2. Status at 1 January says where a person lives and whether covered there:
   0 home covered, 1 home not covered, 2 host covered, 3 host not covered. "Home" is the origin of the corridor.
3. Service is counted in half-years: half a year for the status at each end of the calendar year, so a person covered at both ends gains two, and
   whoever is covered has an odd number of them, the others an even one. Only the state at the start may differ.
4. Three fields per cell: people, and one amount per scheme. In a defined-benefit scheme the amount is the sum of reference earnings
   (annual, as at the last insured date, revalued as the law says); in an account scheme it is the sum of balances. Both follow one rule:
   ``amount' = keep[credits] * amount + people * add[credits]``, which the caller fills with the law of the year.
5. Order of a year: (a) deaths and new invalids fall at mid-year; (b) those in the year before their pension age are awarded at mid-year,
   neither dead nor invalid then, with half a year for their status at 1 January; (c) everybody survives, moves and changes cover at the end
   of the year; (d) new movers, people turning 15 and other joiners come at the end.
6. A refund on leaving, before the award, sets the service in the scheme left to zero and pays ``value`` per unit of amount.
7. Only covered people become invalid. They leave the cells for the pool of the invalid, counted by row and residence without service or
   amounts; nobody in it returns to work, takes a refund or is awarded a pension. The pool survives and moves as those not covered of its
   age and residence do, so cells and pool together are all movers.
8. Death and invalidity are two causes, each spread evenly over the year in its own table (Bowers et al. 1997, Actuarial Mathematics, ch. 10).
   ``death`` q is the probability to die, invalid or not; ``invalidity`` i = i' (1 - q / 2) is the dependent one, i' the one of its own table.
   So q (1 - i' / 2) die without being invalid before, (1 - q) (1 - i') are alive and not invalid at the end, (1 - q) i' alive and invalid.
   In an award row half of each falls before the award, and only that half counts for the scheme; past it none does.

Ages run upwards in rows from 15; within a row only ``home + host <= 2 * row`` half-years can be reached. The compiled year is
:mod:`actuarial.careers.lattice_kernel`, the order of cells in memory :mod:`actuarial.careers.lattice_cells`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from actuarial.basis.dimensions import HISTORY_FIRST_YEAR, Array
from actuarial.basis.guard import guard_conserved
from actuarial.careers.events import EventOutput, EventTables, arranged
from actuarial.careers.lattice_cells import Cells, cells_of
from actuarial.careers.lattice_kernel import run

NO_PLACE = "movers' lattice: somebody has more service than years since age 15"
STATUS_COUNT = 4
HOME_COVERED, HOME_OUT, HOST_COVERED, HOST_OUT = range(STATUS_COUNT)


@dataclass(frozen=True)
class LatticeState:
    """People and amounts at 1 January, changed in place by :func:`advance`.

    ``cells`` stand in the order of ``places`` (:mod:`actuarial.careers.lattice_cells`); ``disabled`` [row, 2 residences] is the pool of the invalid,
    who are in no cell. :attr:`people`, :attr:`home_amount` and :attr:`host_amount` are read-only copies [row, status, home, host half-years].
    """

    places: Cells
    cells: Array
    disabled: Array

    @classmethod
    def empty(cls, rows: int, home_size: int, host_size: int) -> LatticeState:
        """Nobody in any cell. ``*_size`` is the number of half-year values, 1 where no service can be earned."""
        places = cells_of(rows, home_size, host_size, 1)
        return cls(places, places.empty(), np.zeros((rows, 2)))

    @classmethod
    def of(cls, people: Array, home_amount: Array, host_amount: Array, disabled: Array | None = None) -> LatticeState:
        """From arrays [row, status, home half-years, host half-years], which are copied.

        Raises ``ValueError`` when a cell holds something that nobody of its row can have earned.
        """
        rows, _, home_size, host_size = people.shape
        pool = np.zeros((rows, 2)) if disabled is None else disabled.copy()
        fields = people, home_amount, host_amount
        for classes in (1, 4):
            places = cells_of(rows, home_size, host_size, classes)
            cells = places.packed(fields)
            if np.count_nonzero(cells) == sum(np.count_nonzero(field) for field in fields):
                return cls(places, cells, pool)
        raise ValueError(NO_PLACE)

    @classmethod
    def without_host_service(cls, people: Array, home_amount: Array, host_size: int) -> LatticeState:
        """From arrays [row, status, home half-years] of people who have no service in the host country; the rest as :meth:`of`."""
        places = cells_of(people.shape[0], people.shape[2], host_size, 4)
        cells = places.empty()
        place, row, status, home, line = places.without_host_service
        cells[place], cells[place + line] = people[row, status, home], home_amount[row, status, home]
        if np.count_nonzero(cells) != np.count_nonzero(people) + np.count_nonzero(home_amount):
            raise ValueError(NO_PLACE)
        return cls(places, cells, np.zeros((people.shape[0], 2)))

    @property
    def people(self) -> Array:
        """[row, status, home half-years, host half-years], a read-only copy; the amounts are given likewise."""
        return self._field(0)

    @property
    def home_amount(self) -> Array:
        """See :attr:`people`."""
        return self._field(1)

    @property
    def host_amount(self) -> Array:
        """See :attr:`people`."""
        return self._field(2)

    def _field(self, field: int) -> Array:
        values = self.places.dense(self.cells, field)
        values.flags.writeable = False
        return values

    def copy(self) -> LatticeState:
        """An independent copy, to run the same start under another law."""
        cells = self.places.empty()
        cells[:] = self.cells
        return LatticeState(self.places, cells, self.disabled.copy())

    def scaled(self, factor: Array, home: float = 1.0, host: float = 1.0) -> LatticeState:
        """Every field times ``factor[row]``, the amounts in each scheme besides times ``home`` and ``host``."""
        result = self.copy()
        for row, block in self.places.blocks(result.cells):
            block *= factor[row] * np.array([1.0, home, host])[:, None]
        result.disabled[:] *= factor[:, None]
        return result


@dataclass(frozen=True)
class SideRates:
    """What one scheme (home or host) does to amounts, year by year.

    keep, add            [year, row, 3] by half-years credited in the year (see the module's rule 4); zero from the award row on
    keep_mid, add_mid    [year, row, 2] the same up to mid-year, by whether covered at 1 January; zero beyond the award row
    refund_share         [year, service] share of leavers with that service who take a refund
    refund_value         [year, service] paid per unit of amount
    award_row            row (age - 15) in which members pass the pension age; -1 where there is no scheme: nobody is covered or holds an amount
    """

    keep: Array
    add: Array
    keep_mid: Array
    add_mid: Array
    refund_share: Array
    refund_value: Array
    award_row: int


@dataclass(frozen=True)
class MoveRates:
    """Transitions and joiners, year by year.

    transition           [year, row, from status, to status] including survival and, for the covered, not becoming invalid (rule 8)
    death                [year, row, 2] probability of death in the year at home, in the host country
    invalidity           [year, row, 2] dependent probability that somebody covered becomes invalid in the year at home, in the host country
    first_movers         [year, row] people who move for the first time in the year, counted at its end
    arrival_cover        [year, row] share of them covered on arrival
    origin_people        [year, row, 2, home service] distribution of one first mover over (covered, not covered) and service at 1 January; an odd
                         number of half-years for the covered, an even one for the others (rule 3)
    origin_amount        [year, row, 2, home service] home amount that goes with it
    joiners              [year, row, 2] people who join as movers at the end of the year, not covered and without service, at home, in the host
                         country, by their row of the next 1 January; row 0 are those who turn 15
    """

    transition: Array
    death: Array
    invalidity: Array
    first_movers: Array
    arrival_cover: Array
    origin_people: Array
    origin_amount: Array
    joiners: Array


@dataclass(frozen=True)
class LatticeOutput:
    """What a run leaves behind, for the years asked.

    award_people         [2 schemes, year, 2 residences, home service, host service] alive and not invalid at mid-year of the award
    award_amount         same shape: the amount of the awarding scheme at mid-year
    refund_amount        [2 schemes, year];  refund_people the same
    death_amount         [2 schemes, year] amounts of members who died before their award, at mid-year
    invalidity_amount    [2 schemes, year] amounts of members who became invalid before their award, at mid-year
    invalids             [2 residences, year, row] people who became invalid, at mid-year
    disabled             [2 residences, year + 1, row] the pool of the invalid at 1 January
    covered              [2 schemes, year + 1, row] people covered at 1 January
    people               [2 residences, year + 1, row] movers living at home, in the host country, at 1 January, the invalid among them
    amount               [2 schemes, year + 1] total amounts at 1 January
    joined, died, left   [year] people who entered, died, and passed the last row: with the stock these balance exactly
    events               what the functionals asked for give, or ``None``
    """

    award_people: Array
    award_amount: Array
    refund_amount: Array
    refund_people: Array
    death_amount: Array
    invalidity_amount: Array
    invalids: Array
    disabled: Array
    covered: Array
    people: Array
    amount: Array
    joined: Array
    died: Array
    left: Array
    events: EventOutput | None = None


def advance(
    state: LatticeState, home: SideRates, host: SideRates, moves: MoveRates, first: int, stop: int, events: EventTables | None = None
) -> LatticeOutput:
    """Run the lattice over year indices ``first <= y < stop`` of the rate arrays; ``state`` is changed in place.

    ``events`` are functionals of those who die before their award or become invalid, whose years count from ``first``; nothing else in the
    output depends on them. Raises :class:`~actuarial.basis.errors.NumericalFailure` when people are not conserved to 1e-9 in some year, naming
    the year, and ``ValueError`` when a table does not fit the lattice.
    """
    places = state.places
    rows, home_size, host_size = places.rows, places.home_size, places.host_size
    years = stop - first
    work, found = arranged(events, places, years)
    out = LatticeOutput(
        award_people=np.zeros((2, years, 2, home_size, host_size)),
        award_amount=np.zeros((2, years, 2, home_size, host_size)),
        refund_amount=np.zeros((2, years)),
        refund_people=np.zeros((2, years)),
        death_amount=np.zeros((2, years)),
        invalidity_amount=np.zeros((2, years)),
        invalids=np.zeros((2, years, rows)),
        disabled=np.zeros((2, years + 1, rows)),
        covered=np.zeros((2, years + 1, rows)),
        people=np.zeros((2, years + 1, rows)),
        amount=np.zeros((2, years + 1)),
        joined=np.zeros(years),
        died=np.zeros(years),
        left=np.zeros(years),
        events=found if events is not None else None,
    )
    arguments: tuple[Any, ...] = (
        state.cells, state.disabled, places.first.astype(np.uint64), places.i, places.j, places.home_edge, places.host_edge,
        places.home_lines, places.host_lines, places.home_collected, places.host_collected, places.start, places.length,
        *(np.stack([getattr(side, name)[:, :rows] for side in (home, host)]) for name in ("keep", "add", "keep_mid", "add_mid")),
        np.array([home.award_row, host.award_row]),
        *(np.ascontiguousarray(each) for side in (home, host) for each in (side.refund_share, side.refund_value)),
        *(np.ascontiguousarray(getattr(moves, f.name)) for f in fields(moves)),
        first, stop, *(getattr(out, f.name) for f in fields(out) if f.name != "events"), *work, found.people, found.amount,
    )  # fmt: skip
    run(*arguments)
    _assert_conserved(out, first)
    return out


def own_invalidity(dependent: Array, death: Array) -> Array:
    """Probability of becoming invalid in its own table, without death, behind the dependent one: i' = i / (1 - q / 2) (rule 8)."""
    result: Array = dependent / (1.0 - 0.5 * death)
    return result


def _assert_conserved(out: LatticeOutput, first: int) -> None:
    stock = out.people.sum(axis=(0, 2))
    expected = stock[:-1] + out.joined - out.died - out.left
    guard_conserved("movers' lattice", "people", expected, stock[1:], {"year": HISTORY_FIRST_YEAR + first})
