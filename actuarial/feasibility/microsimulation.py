"""Microsimulation of the movers of one corridor and sex: persons drawn and lived one by one, as a check of the movers' lattice.

1. It reads the same :class:`~actuarial.careers.movers.CorridorInputs` as the lattice and nothing that the lattice has computed. Decisions are taken
   one after the other (death, move, cover, refund) with the rates themselves; there is no transition matrix.
2. Every person stands for the same number of people, ``weight``; how and when somebody enters is drawn in proportion to the expected numbers, so that
   expected persons are those of the lattice. Persons are independent, so standard errors are those of a simple random sample.
3. A scenario that changes the stock of past movers changes weights at the valuation date, by age.
4. Conventions of time and random numbers: :mod:`actuarial.feasibility.microsimulation_kernel`.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import FIRST_YEAR, Array, year_index
from actuarial.careers.lattice import SideRates
from actuarial.careers.movers import CorridorInputs, CountryCover
from actuarial.feasibility.microsimulation_kernel import (
    BLOCK,
    FIRST_MOVE,
    JOINS_ABROAD,
    JOINS_HOME,
    STOCK,
    Records,
    Short,
    Tables,
    run,
)

START = year_index(FIRST_YEAR)
SNAPSHOT = year_index(2050)
MAXIMUM_PERSONS = 2**31


@dataclass(frozen=True)
class Careers:
    """Simulated careers.

    persons, weight    number simulated, and how many people each stands for before the valuation date
    snapshot_year      year index of the 1 January of the records' snapshot
    tables, records    rates they lived under; what is kept of each
    person_weight      [person] people each stands for from the valuation date on
    present, covered   [place, year + 1, 2] people at 1 January and their standard error
    held               [case, scheme, year + 1, 2] amounts at 1 January and their standard error
    """

    persons: int
    weight: float
    snapshot_year: int
    tables: Tables
    records: Records
    person_weight: Array
    present: Array
    covered: Array
    held: Array

    def total(self, value: npt.ArrayLike) -> tuple[float, float]:
        """Weighted sum of a value per person (from the valuation date on), and its standard error."""
        x = self.person_weight * np.asarray(value, dtype=np.float64)
        return float(x.sum()), float(np.sqrt(self.persons * x.var()))


def simulate(
    inputs: CorridorInputs, persons: int, *, seed: int, stream: int = 0, discount: Array | None = None, withdrawal: Array | None = None,
    snapshot: int = SNAPSHOT, workers: int = 2,
) -> Careers | None:  # fmt: skip
    """Simulate ``persons`` careers over history and projection; ``None`` when neither end has a collecting scheme.

    seed, stream   key of the random numbers; use one stream per corridor and sex
    discount       [scheme, projection year] value at the valuation date of a unit paid in the year; 1 if left out
    withdrawal     [scheme, projection year] drawn from accounts during the year per unit held at its 1 January; 0 if left out
    snapshot       year index of the 1 January at which age, status and service are recorded
    workers        threads; results do not depend on it

    Raises ``ValueError`` for a number of persons, a seed or a stream out of range, and for rates that are no probabilities.
    """
    if not 0 < persons < MAXIMUM_PERSONS:
        raise ValueError(f"persons: {persons} is not between 1 and {MAXIMUM_PERSONS - 1}")
    for name, value in (("seed", seed), ("stream", stream)):
        if not 0 <= value < 2**32:
            raise ValueError(f"{name}: {value} is not a 32-bit number")
    rows = max(inputs.home_side.award_row, inputs.host_side.award_row) + 1
    if rows < 1:
        return None
    tables, people = _tables(inputs, rows, discount, withdrawal)
    records = _records(persons)
    years = tables.death.shape[1]
    blocks = -(-persons // BLOCK)
    present, covered = np.zeros((blocks, 2, years + 1, 2)), np.zeros((blocks, 2, years + 1, 2))
    held = np.zeros((blocks, 2, 2, years + 1, 2))
    parts = np.linspace(0, blocks, max(1, min(workers, blocks)) + 1).astype(int)
    with ThreadPoolExecutor(len(parts) - 1) as pool:
        list(pool.map(lambda i: run(i[0], i[1], persons, seed, stream, snapshot, tables, records, present, covered, held), pairwise(parts)))
    weight = people / persons
    factor = np.where(records.stock_row >= 0, tables.stock_factor[records.stock_row], 1.0)
    sums = [_estimate(s.sum(axis=0), weight, persons) for s in (present, covered, held)]
    return Careers(persons, weight, snapshot, tables, records, weight * factor, *sums)


def _estimate(sums: Array, weight: float, persons: int) -> Array:
    """(total, standard error) on the last axis from (sum, sum of squares) over independent persons."""
    total, squares = sums[..., 0], sums[..., 1]
    variance = np.maximum(squares - total**2 / persons, 0.0)
    return np.stack([weight * total, weight * np.sqrt(variance)], axis=-1)


def _records(n: int) -> Records:
    def never(*shape: int) -> Short:
        return np.full(shape, -1, np.int16)

    def none(*shape: int) -> Short:
        return np.zeros(shape, np.int16)

    return Records(
        entry=np.zeros(n, np.int32), stock_row=never(n), migration_row=never(n), years_abroad=none(n), insured=none(n, 2), award_year=never(n, 2),
        award_place=never(n, 2), award_service=none(n, 2, 2, 2), award_amount=np.zeros((n, 2, 2)), refund=np.zeros((n, 2, 2)),
        refunds=none(n, 2, 2), withdrawn=np.zeros((n, 2, 2)), death_year=never(n), death_amount=np.zeros((n, 2, 2)),
        invalid_year=never(n), invalid_place=never(n), invalid_amount=np.zeros((n, 2, 2)), end_service=none(n, 2, 2),
        snapshot=never(n, 4), claim=np.zeros(n),
    )  # fmt: skip


def _tables(inputs: CorridorInputs, rows: int, discount: Array | None, withdrawal: Array | None) -> tuple[Tables, float]:
    """Rates as the kernel wants them, and the expected number of people who ever enter."""
    years = inputs.first_movers.shape[0]
    numbers, year, row, kind = entries(inputs, rows, years)
    share, amount = emigrants(inputs.origin, rows, inputs.home_size, inputs.emigrant_cover)
    home = cover_rates(inputs.origin, inputs.home_side.award_row, rows, 1.0)
    host = cover_rates(inputs.host, inputs.host_side.award_row, rows, inputs.coverage_factor)
    stay_in, get_in, arrive_in = (np.stack(pair) for pair in zip(home, host, strict=True))
    first_factor = np.ravel(inputs.coverage_factor)[0]
    start_cover = np.minimum(inputs.host.target[0, :rows] * first_factor, 1.0) * (np.arange(rows) <= inputs.host_side.award_row)
    sides = (inputs.home_side, inputs.host_side)
    size = max(inputs.home_size, inputs.host_size)
    refunds = [
        [_pad(pair, name, size) for pair in case]
        for name in ("refund_share", "refund_value")
        for case in (sides, (inputs.blocked_home_side, inputs.blocked_host_side))
    ]
    value = np.zeros((2, years))
    value[:, START:] = 1.0 if discount is None else discount
    drawn = np.zeros((2, years))
    if withdrawal is not None:
        drawn[:, START:] = withdrawal * value[:, START:]
    death = np.stack([1.0 - c.survival[:, :rows] for c in (inputs.origin, inputs.host)])
    tables = Tables(
        entry_share=np.cumsum(numbers) / numbers.sum(), entry_year=year, entry_row=row, entry_kind=kind, resident_share=share, resident_amount=amount,
        start_cover=start_cover, death=death, invalid=invalidity_alone(inputs, rows, death),
        leave=np.stack([inputs.remigration_rate[:, :rows], inputs.return_rate[:, :rows]]), stay_in=stay_in, get_in=get_in, arrive_in=arrive_in,
        **{name: np.stack([getattr(s, name)[:, :rows] for s in sides]) for name in ("keep", "add", "keep_mid", "add_mid")},
        award_row=np.array([s.award_row for s in sides], np.int16), refund_share=np.array(refunds[:2]), refund_value=np.array(refunds[2:]),
        start=START, amount_factor=np.array([inputs.home_amount_factor, inputs.host_amount_factor]), stock_factor=_stock_factor(inputs, rows),
        discount=value, withdrawal=drawn,
    )  # fmt: skip
    for name in ("death", "invalid", "leave", "stay_in", "get_in", "arrive_in", "start_cover", "refund_share"):
        p = getattr(tables, name)
        if not (p.min() >= -1e-12 and p.max() <= 1.0 + 1e-12):
            raise ValueError(f"{name} lies outside 0..1: {p.min()} to {p.max()}")
    return tables, float(numbers.sum())


def invalidity_alone(inputs: CorridorInputs, rows: int, death: Array) -> Array:
    """Probability [place, year, row] to become invalid if there were no death: half the deaths of a year come before half of the invalidity."""
    rates = [np.zeros_like(death[0]) if r is None else r[:, :rows] for r in (inputs.home_invalidity, inputs.host_invalidity)]
    independent: Array = np.stack(rates) / (1.0 - 0.5 * death)
    return independent


def _pad(side: SideRates, name: str, size: int) -> Array:
    values: Array = getattr(side, name)
    return np.pad(values, ((0, 0), (0, size - values.shape[1])))


def entries(inputs: CorridorInputs, rows: int, years: int) -> tuple[Array, Short, Short, Short]:
    """Expected numbers of entrants and their (year, row, kind): the first stock, first moves, those who turn 15 as movers, other joiners."""
    t, a = np.mgrid[:years, : rows - 1]
    every, zero = np.arange(years), np.zeros(years, np.int64)
    parts = (
        (inputs.abroad[0, :rows], np.zeros(rows, np.int64), np.arange(rows), STOCK),
        (inputs.first_movers[:, : rows - 1].ravel(), t.ravel(), a.ravel(), FIRST_MOVE),
        (inputs.at_home[1:, 0], every, zero, JOINS_HOME),
        (inputs.abroad[1:, 0], every, zero, JOINS_ABROAD),
        (_joiners(inputs, rows, years)[:, : rows - 1].ravel(), t.ravel(), 1 + a.ravel(), JOINS_ABROAD),
    )
    numbers = np.concatenate([p[0] for p in parts])
    if numbers.min() < 0.0 or not numbers.sum() > 0.0:
        raise ValueError(f"entrants: smallest number {numbers.min()}, sum {numbers.sum()}; nobody can be drawn")
    year, row = (np.concatenate([p[i] for p in parts]).astype(np.int16) for i in (1, 2))
    kind = np.concatenate([np.full(p[0].size, p[3], np.int16) for p in parts])
    return numbers, year, row, kind


def _joiners(inputs: CorridorInputs, rows: int, years: int) -> Array:
    """People who become movers where they live, in the host country [year, row at its start]."""
    return np.zeros((years, rows)) if inputs.joiners_abroad is None else inputs.joiners_abroad[:, :rows]


def emigrants(origin: CountryCover, rows: int, size: int, emigrant_cover: float) -> tuple[Array, Array]:
    """Cumulative distribution of emigrants over (covered, not covered) x service, and each cell's mean amount [year + 1, row, 2 x size].

    They are residents, the covered with ``emigrant_cover`` times the chance of the others.
    Where the country has no residents by cover (above its pension age), everybody is uncovered and without service.
    """
    years, own = origin.people.shape[:2]
    people, amount = np.zeros((years, rows, 2 * size)), np.zeros((years, rows, 2 * size))
    shared = min(rows, own)
    people[:, :shared] = origin.people[:, :shared].reshape(years, shared, -1)
    amount[:, :shared] = origin.amount[:, :shared].reshape(years, shared, -1)
    mean = np.divide(amount, people, out=np.zeros_like(amount), where=people > 0.0)
    people[:, :, :size] *= emigrant_cover
    people[people.sum(axis=2) == 0.0, size] = 1.0
    cumulative = np.cumsum(people, axis=2)
    return cumulative / cumulative[:, :, -1:], mean


def cover_rates(country: CountryCover, award_row: int, rows: int, factor: float | Array) -> tuple[Array, Array, Array]:
    """Probability [year, row] of cover at the next 1 January: for the covered, the uncovered, arrivals. Only up to the award row."""
    years = country.survival.shape[0]
    stay, enter, arrive = (np.zeros((years, rows)) for _ in range(3))
    for a in range(min(rows, award_row)):
        stay[:, a] = 1.0 - country.exit[:, a]
        enter[:, a] = np.minimum(factor * country.entry[:, a], 1.0)
        arrive[:, a] = np.minimum(factor * country.target[1:, a + 1], 1.0)
    return stay, enter, arrive


def _stock_factor(inputs: CorridorInputs, rows: int) -> Array:
    """Movers the demographic projection wants at the valuation date over those that its own rates bring there, by row."""
    abroad, home = inputs.abroad[0, :rows].copy(), np.zeros(rows)
    joiners = _joiners(inputs, rows, START)
    for t in range(START):
        leave, back = inputs.remigration_rate[t, :rows], inputs.return_rate[t, :rows]
        alive_home, alive_abroad = home * inputs.origin.survival[t, :rows], abroad * inputs.host.survival[t, :rows]
        next_abroad = alive_abroad * (1.0 - back) + alive_home * leave + inputs.first_movers[t, :rows] + joiners[t]
        next_home = alive_home * (1.0 - leave) + alive_abroad * back
        abroad[1:], home[1:] = next_abroad[:-1], next_home[:-1]
        abroad[0], home[0] = inputs.abroad[t + 1, 0], inputs.at_home[t + 1, 0]
    wanted = inputs.abroad[START, :rows] + inputs.at_home[START, :rows]
    now = abroad + home
    return np.divide(wanted, now, out=np.ones(rows), where=now > 0.0)
