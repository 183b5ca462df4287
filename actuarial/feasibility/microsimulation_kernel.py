"""Compiled core of the microsimulation: random numbers by counter, and one person's career after another.

1. Random numbers are Philox-4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11). Key = (seed, stream);
   counter = (person, 0, year index, purpose). A number depends on nothing else: not on threads, nor on what happened to anybody before, so both
   cases and every instrument give the same person the same luck.
2. A career is simulated once. Two sets of books are kept along it, without (0) and with (1) the instrument, because refunds depend on the case.
3. A year: death and, for the covered, invalidity, each at its own time spread evenly over the year, whichever comes first; award at mid-year to
   those whom neither has met by then; move; cover at the next 1 January; credits; refund on leaving; next age. An invalid person keeps living and
   moving, not covered and without service; whoever becomes invalid and dies in one year is an invalid first.
4. Persons are worked off in blocks of fixed size. Sums by year are made within a block and blocks are added in their order, so results do not
   depend on the number of threads.

Axes: place or scheme i is 0 = home (the corridor's origin), 1 = host; t is the year index from the first year of history; row = age - 15.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array

Short = npt.NDArray[np.int16]

BLOCK = 2048
"""Persons per block."""
STOCK, FIRST_MOVE, JOINS_HOME, JOINS_ABROAD = range(4)
"""How a person enters: in the first 1 January's stock abroad, by a first move, or by turning 15 as a mover at home or abroad."""
ENTRY, LATER, CAREER, ILLNESS = range(4)
"""Purposes of random numbers: how the person enters; the refund on entry and the claim; a year of the career; invalidity in the year."""

MASK = np.uint64(0xFFFFFFFF)
HALF_WORD = np.uint64(32)
MULTIPLY_0, MULTIPLY_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_0, WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
ROUNDS = 10
SCALE = 2.0**-32


class Tables(NamedTuple):
    """Rates a career runs under.

    entry_share [entry] cumulative; entry_year, entry_row, entry_kind [entry]: row of the 1 January before the first move, of the one after joining
    resident_share, resident_amount  [year, row, 2 x service] cumulative distribution of the origin's emigrants over (covered, not) x service, and
                                     the mean home amount of each cell
    start_cover                      [row] share of the first stock covered in the host country
    death, invalid, leave, stay_in, get_in, arrive_in  [place, year, row] probabilities within the year: death; of the covered, becoming invalid if
                                     there were no death; moving away, given survival; being covered at its end for those covered, for those not
                                     covered (both staying), for arrivals
    keep, add [scheme, year, row, credits]; keep_mid, add_mid [scheme, year, row, covered]; award_row [scheme]
    refund_share, refund_value       [case, scheme, year, service]
    start                            year index of the valuation date; there amounts are multiplied by amount_factor [scheme] and weights by
                                     stock_factor [row]
    discount                         [scheme, year] value of a unit paid at mid-year, 0 in history
    withdrawal                       [scheme, year] the same of what is drawn during the year per unit held at 1 January
    """

    entry_share: Array
    entry_year: Short
    entry_row: Short
    entry_kind: Short
    resident_share: Array
    resident_amount: Array
    start_cover: Array
    death: Array
    invalid: Array
    leave: Array
    stay_in: Array
    get_in: Array
    arrive_in: Array
    keep: Array
    add: Array
    keep_mid: Array
    add_mid: Array
    award_row: Short
    refund_share: Array
    refund_value: Array
    start: int
    amount_factor: Array
    stock_factor: Array
    discount: Array
    withdrawal: Array


class Records(NamedTuple):
    """What is kept of each person; years are indices, -1 = it did not happen.

    entry [person] position in the entry table; stock_row [person] row at the valuation date
    migration_row [person] age - 15 at the end of the year of the first move (0 for those who turn 15 as movers, -1 for the first stock)
    years_abroad  [person] in half-years;  insured [person, scheme] half-years from the valuation date on
    award_year, award_place [person, scheme]; award_service [person, case, scheme, home and host]; award_amount [person, case, scheme]
    refund, refunds          [person, case, scheme] discounted amount, and number, from the valuation date on
    withdrawn                [person, case, scheme] discounted amounts drawn, from the valuation date on
    death_year               [person];  death_amount [person, case, scheme] amount left at death before the award, not discounted
    invalid_year, invalid_place [person];  invalid_amount as death_amount
    end_service              [person, case, home and host] half-years at that death or invalidity
    snapshot                 [person, (row, status, home service, host service)] at 1 January of the snapshot year, case without
    claim                    [person] uniform number that decides whether a coordinated right is claimed
    """

    entry: npt.NDArray[np.int32]
    stock_row: Short
    migration_row: Short
    years_abroad: Short
    insured: Short
    award_year: Short
    award_place: Short
    award_service: Short
    award_amount: Array
    refund: Array
    refunds: Short
    withdrawn: Array
    death_year: Short
    death_amount: Array
    invalid_year: Short
    invalid_place: Short
    invalid_amount: Array
    end_service: Short
    snapshot: Short
    claim: Array


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """Four random 32-bit words (as unsigned 64-bit integers) for a counter of four words and a key of two."""
    for _ in range(ROUNDS):
        p0, p1 = MULTIPLY_0 * c0, MULTIPLY_1 * c2
        c0, c1, c2, c3 = (p1 >> HALF_WORD) ^ c1 ^ k0, p1 & MASK, (p0 >> HALF_WORD) ^ c3 ^ k1, p0 & MASK
        k0, k1 = (k0 + WEYL_0) & MASK, (k1 + WEYL_1) & MASK
    return c0, c1, c2, c3


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def uniforms(person: int, year: int, purpose: int, k0: Any, k1: Any) -> Any:
    """Four numbers in (0, 1), multiples of 2^-32 plus 2^-33."""
    a, b, c, d = philox(np.uint64(person), np.uint64(0), np.uint64(year), np.uint64(purpose), k0, k1)
    return (float(a) + 0.5) * SCALE, (float(b) + 0.5) * SCALE, (float(c) + 0.5) * SCALE, (float(d) + 0.5) * SCALE


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _refund(case: int, i: int, t: int, person: int, luck: float, service: Any, amount: Any, tables: Tables, records: Records) -> None:
    """Settle the books of one case when somebody leaves country ``i``."""
    held = service[case, i]
    if luck < tables.refund_share[case, i, t, held]:
        if t >= tables.start:
            records.refund[person, case, i] += amount[case, i] * tables.refund_value[case, i, t, held] * tables.discount[i, t]
            records.refunds[person, case, i] += 1
        service[case, i] = 0
        amount[case, i] = 0.0


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _enter(person: int, k0: Any, k1: Any, service: Any, amount: Any, tables: Tables, records: Records) -> Any:
    """Draw how somebody enters. Returns (first 1 January, row, place, covered)."""
    u, fine, who, cover = uniforms(person, 0, ENTRY, k0, k1)
    e = min(np.searchsorted(tables.entry_share, u + (fine - 0.5) * SCALE, side="right"), tables.entry_share.size - 1)
    records.entry[person] = e
    t, a, kind = int(tables.entry_year[e]), int(tables.entry_row[e]), int(tables.entry_kind[e])
    luck, claim, _, _ = uniforms(person, 0, LATER, k0, k1)
    records.claim[person] = claim
    service[:] = 0
    amount[:] = 0.0
    if kind in (JOINS_HOME, JOINS_ABROAD):
        records.migration_row[person] = a
        return t + 1, a, int(kind == JOINS_ABROAD), False
    shares = tables.resident_share[t, a]
    cell = min(np.searchsorted(shares, who, side="right"), shares.size - 1)
    size = shares.size // 2
    at_home, held = cell < size, cell % size
    if kind == STOCK:
        service[:, 0] = held
        amount[:, 0] = tables.resident_amount[t, a, cell]
        return t, a, 1, cover < tables.start_cover[a]
    arrived = cover < tables.arrive_in[1, t, a]
    home_credit, host_credit = int(at_home), int(arrived)
    service[:, 0] = held + home_credit
    service[:, 1] = host_credit
    amount[:, 0] = tables.resident_amount[t, a, cell] * tables.keep[0, t, a, home_credit] + tables.add[0, t, a, home_credit]
    amount[:, 1] = tables.add[1, t, a, host_credit]
    if a < tables.award_row[0]:
        for case in range(2):
            _refund(case, 0, t, person, luck, service, amount, tables, records)
    records.migration_row[person] = a + 1
    records.years_abroad[person] += 1
    return t + 1, a + 1, 1, arrived


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _career(person: int, k0: Any, k1: Any, snapshot: int, tables: Tables, records: Records, present: Any, covered: Any, held: Any) -> None:
    """One life from entry to death, the last row or the last year."""
    service = np.zeros((2, 2), np.int64)
    amount = np.zeros((2, 2))
    t, a, place, inside = _enter(person, k0, k1, service, amount, tables, records)
    years, rows = tables.death.shape[1], tables.death.shape[2]
    weight, ill = 1.0, False
    while True:
        if t == tables.start:
            records.stock_row[person] = a
            weight = tables.stock_factor[a]
            for i in range(2):
                amount[:, i] *= tables.amount_factor[i]
        present[place, t, 0] += weight
        present[place, t, 1] += weight * weight
        if inside:
            covered[place, t, 0] += weight
            covered[place, t, 1] += weight * weight
            records.insured[person, place] += int(tables.start <= t < years) + int(t > tables.start)
        for case in range(2):
            for i in range(2):
                x = weight * amount[case, i]
                held[case, i, t, 0] += x
                held[case, i, t, 1] += x * x
        if t == snapshot and not ill:
            records.snapshot[person, 0] = a
            records.snapshot[person, 1] = 2 * place + int(not inside)
            records.snapshot[person, 2] = service[0, 0]
            records.snapshot[person, 3] = service[0, 1]
        if t == years:
            return
        fate, way, cover, luck = uniforms(person, t, CAREER, k0, k1)
        for case in range(2):
            for i in range(2):
                records.withdrawn[person, case, i] += amount[case, i] * tables.withdrawal[i, t]
        q, sick = tables.death[place, t, a], 0.0
        if inside:
            sick = tables.invalid[place, t, a]
        # Times of death and of invalidity within the year; 2 where it does not happen.
        dies = fate / q if fate < q else 2.0
        fails = 2.0
        if sick > 0.0:
            blow, _, _, _ = uniforms(person, t, ILLNESS, k0, k1)
            if blow < sick:
                fails = blow / sick
        event = min(dies, fails)
        records.years_abroad[person] += int(place == 1)
        for i in range(2):
            c = int(inside and place == i)
            passed = a == tables.award_row[i] and event >= 0.5 and not ill
            ended = event < 1.0 and not ill and (a < tables.award_row[i] or (a == tables.award_row[i] and not passed))
            for case in range(2):
                value = amount[case, i] * tables.keep_mid[i, t, a, c] + tables.add_mid[i, t, a, c]
                if passed:
                    records.award_amount[person, case, i] = value
                    records.award_service[person, case, i, 0] = service[case, 0] + int(inside and place == 0)
                    records.award_service[person, case, i, 1] = service[case, 1] + int(inside and place == 1)
                elif ended and fails < dies:
                    records.invalid_amount[person, case, i] = value
                elif ended:
                    records.death_amount[person, case, i] = value
            if passed:
                records.award_year[person, i] = t
                records.award_place[person, i] = place
        if event < 1.0 and not ill:
            for case in range(2):
                for i in range(2):
                    records.end_service[person, case, i] = service[case, i] + int(inside and place == i)
        if fails < min(dies, 1.0):
            records.invalid_year[person] = t
            records.invalid_place[person] = place
            ill, inside = True, False
            service[:] = 0
            amount[:] = 0.0
        if dies < 1.0:
            records.death_year[person] = t
            return
        if a == rows - 1:
            return
        moved = way < tables.leave[place, t, a]
        to = 1 - place if moved else place
        if ill:
            chance = 0.0
        elif moved:
            chance = tables.arrive_in[to, t, a]
        elif inside:
            chance = tables.stay_in[place, t, a]
        else:
            chance = tables.get_in[place, t, a]
        then = cover < chance
        for i in range(2):
            credit = int(inside and place == i) + int(then and to == i)
            for case in range(2):
                service[case, i] += credit
                amount[case, i] = 0.0 if ill else amount[case, i] * tables.keep[i, t, a, credit] + tables.add[i, t, a, credit]
        if moved and a < tables.award_row[place] and not ill:
            for case in range(2):
                _refund(case, place, t, person, luck, service, amount, tables, records)
        records.years_abroad[person] += int(to == 1)
        place, inside, t, a = to, then, t + 1, a + 1


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def run(
    first: int, stop: int, persons: int, seed: int, stream: int, snapshot: int,
    tables: Tables, records: Records, present: Any, covered: Any, held: Any,
) -> None:  # fmt: skip
    """Careers of the persons in blocks ``first <= block < stop``.

    Sums by block at 1 January: ``present``, ``covered`` [block, place, year + 1, (sum of weights, of squares)]; ``held`` [block, case, scheme,
    year + 1, the same of weighted amounts].
    """
    k0, k1 = np.uint64(seed), np.uint64(stream)
    for block in range(first, stop):
        for person in range(block * BLOCK, min(persons, (block + 1) * BLOCK)):
            _career(person, k0, k1, snapshot, tables, records, present[block], covered[block], held[block])
