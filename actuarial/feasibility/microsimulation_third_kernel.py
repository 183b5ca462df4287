"""Compiled careers of people who may live in three or more states.

The year is that of :mod:`actuarial.feasibility.microsimulation_kernel` (its rules 1 to 3 and its random numbers); places and schemes are the
region's states, and whoever moves may go on to another state or, after return, to another than before.

Axes: c is a state of the region; t the year index from the first year of history; row = age - 15; case 0 without, 1 with the instrument.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numba
import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.feasibility.microsimulation_kernel import (
    CAREER,
    ENTRY,
    FIRST_MOVE,
    ILLNESS,
    JOINS_ABROAD,
    JOINS_HOME,
    LATER,
    SCALE,
    STOCK,
    Short,
    uniforms,
)


class ThirdTables(NamedTuple):
    """Rates a career runs under.

    entry_share [entry] cumulative; entry_year, entry_row, entry_kind, entry_host [entry]
    resident_share, resident_amount  as in the kernel of one corridor;  start_cover [c, row]
    origin                           state everybody comes from
    death, invalid, stay_in, get_in, arrive_in [c, year, row] as there
    back, again, fresh [c, year, row] probabilities given survival: of somebody in c to return; of somebody at home whose last host was c to go there
                                     again; of somebody at home whose last host was another to go to c
    onward                           [from, to, year, row] of somebody abroad to go on to another host
    keep, add, keep_mid, add_mid     [c, year, row, credits];  award_row [c], -1 without a scheme
    refund_share, refund_value       [case, c, year, service]
    amount_factor [c]                at the valuation date, ``start``
    discount, withdrawal, payout     [c, year] values at the valuation date: of a unit paid; drawn per unit held; paid of a balance due
    """

    entry_share: Array
    entry_year: Short
    entry_row: Short
    entry_kind: Short
    entry_host: Short
    resident_share: Array
    resident_amount: Array
    start_cover: Array
    origin: int
    death: Array
    invalid: Array
    stay_in: Array
    get_in: Array
    arrive_in: Array
    back: Array
    again: Array
    fresh: Array
    onward: Array
    keep: Array
    add: Array
    keep_mid: Array
    add_mid: Array
    award_row: Short
    refund_share: Array
    refund_value: Array
    start: int
    amount_factor: Array
    discount: Array
    withdrawal: Array
    payout: Array


class ThirdRecords(NamedTuple):
    """What is kept of each person of a block; -1: it did not happen.

    award_year, award_place [person, c];  award_service [person, case, scheme, c] half-years;  award_amount [person, case, scheme]
    paid                    [person, case, c] discounted refunds and payments from accounts, from the valuation date on
    insured, lived          [person] bits of the states ever insured in, ever lived in;  last_year: year of the last event of the career
    claim                   [person] uniform number that decides on claims
    """

    award_year: Short
    award_place: Short
    award_service: Short
    award_amount: Array
    paid: Array
    insured: Short
    lived: Short
    last_year: Short
    claim: Array


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _leave(case: int, c: int, t: int, luck: float, service: Any, amount: Any, paid: Any, tables: ThirdTables) -> None:
    """Settle the books of one case when somebody leaves state ``c`` before its pension age."""
    held = service[case, c]
    if luck < tables.refund_share[case, c, t, held]:
        paid[case, c] += amount[case, c] * tables.refund_value[case, c, t, held] * tables.discount[c, t]
        service[case, c] = 0
        amount[case, c] = 0.0


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _goes(way: float, place: int, last: int, t: int, a: int, tables: ThirdTables) -> int:
    """State at the end of the year of somebody who survives."""
    states = tables.death.shape[0]
    home = place == tables.origin
    reached = tables.again[last, t, a] if home else tables.back[place, t, a]
    if way < reached:
        return last if home else tables.origin
    for c in range(states):
        if c == tables.origin or c == place or (home and c == last):
            continue
        reached += tables.fresh[c, t, a] if home else tables.onward[place, c, t, a]
        if way < reached:
            return c
    return place


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def _life(number: int, slot: int, k0: Any, k1: Any, tables: ThirdTables, records: ThirdRecords) -> None:
    """Person ``number``, kept in row ``slot`` of the records."""
    states, years, rows = tables.death.shape
    origin = tables.origin
    service = np.zeros((2, states), np.int64)
    amount = np.zeros((2, states))
    paid = records.paid[slot]
    u, fine, who, covered = uniforms(number, 0, ENTRY, k0, k1)
    e = min(np.searchsorted(tables.entry_share, u + (fine - 0.5) * SCALE, side="right"), tables.entry_share.size - 1)
    t, a, kind, last = int(tables.entry_year[e]), int(tables.entry_row[e]), int(tables.entry_kind[e]), int(tables.entry_host[e])
    luck, claim, _, _ = uniforms(number, 0, LATER, k0, k1)
    records.claim[slot] = claim
    place, inside, ill = last, False, False
    if kind in (JOINS_HOME, JOINS_ABROAD):
        place = origin if kind == JOINS_HOME else last
        t += 1
    else:
        shares = tables.resident_share[t, a]
        cell = min(np.searchsorted(shares, who, side="right"), shares.size - 1)
        size = shares.size // 2
        at_home, held = cell < size, cell % size
        service[:, origin] = held
        amount[:, origin] = tables.resident_amount[t, a, cell]
        if held > 0 or at_home:
            records.insured[slot] |= 1 << origin
        records.lived[slot] |= 1 << origin
        if kind == STOCK:
            inside = covered < tables.start_cover[last, a]
        else:
            inside = covered < tables.arrive_in[last, t, a]
            home_credit, host_credit = int(at_home), int(inside)
            service[:, origin] += home_credit
            service[:, last] += host_credit
            for case in range(2):
                amount[case, origin] = amount[case, origin] * tables.keep[origin, t, a, home_credit] + tables.add[origin, t, a, home_credit]
                amount[case, last] = tables.add[last, t, a, host_credit]
                if a < tables.award_row[origin]:
                    _leave(case, origin, t, luck, service, amount, paid, tables)
            t, a = t + 1, a + 1
    while True:
        records.lived[slot] |= 1 << place
        if inside:
            records.insured[slot] |= 1 << place
        if t == tables.start:
            for c in range(states):
                amount[:, c] *= tables.amount_factor[c]
        if t == years:
            return
        records.last_year[slot] = t
        fate, way, covered, luck = uniforms(number, t, CAREER, k0, k1)
        q = tables.death[place, t, a]
        dies = fate / q if fate < q else 2.0
        fails = 2.0
        if inside and tables.invalid[place, t, a] > 0.0:
            blow, _, _, _ = uniforms(number, t, ILLNESS, k0, k1)
            if blow < tables.invalid[place, t, a]:
                fails = blow / tables.invalid[place, t, a]
        event = min(dies, fails)
        for c in range(states):
            row = tables.award_row[c]
            if row < 0 or ill or a > row:
                continue
            for case in range(2):
                paid[case, c] += amount[case, c] * tables.withdrawal[c, t]
            k = int(inside and place == c)
            passed = a == row and event >= 0.5
            if not passed and event >= 1.0:
                continue
            for case in range(2):
                value = amount[case, c] * tables.keep_mid[c, t, a, k] + tables.add_mid[c, t, a, k]
                paid[case, c] += value * tables.payout[c, t]
                if passed:
                    records.award_amount[slot, case, c] = value
                    for j in range(states):
                        records.award_service[slot, case, c, j] = service[case, j] + int(inside and place == j)
            if passed:
                records.award_year[slot, c] = t
                records.award_place[slot, c] = place
        if dies < 1.0 or a == rows - 1:
            return
        if fails < 1.0:
            ill, inside = True, False
            service[:] = 0
            amount[:] = 0.0
        to = _goes(way, place, last, t, a, tables)
        moved = to != place
        if ill:
            chance = 0.0
        elif moved:
            chance = tables.arrive_in[to, t, a]
        elif inside:
            chance = tables.stay_in[place, t, a]
        else:
            chance = tables.get_in[place, t, a]
        then = covered < chance
        if not ill:
            for c in range(states):
                credit = int(inside and place == c) + int(then and to == c)
                for case in range(2):
                    service[case, c] += credit
                    amount[case, c] = amount[case, c] * tables.keep[c, t, a, credit] + tables.add[c, t, a, credit]
            if moved and a < tables.award_row[place]:
                for case in range(2):
                    _leave(case, place, t, luck, service, amount, paid, tables)
        if to != origin:
            last = to
        place, inside, t, a = to, then, t + 1, a + 1


@numba.njit(cache=True, nogil=True)  # type: ignore[untyped-decorator, unused-ignore]
def run_third(first: int, count: int, seed: int, stream: int, tables: ThirdTables, records: ThirdRecords) -> None:
    """Persons ``first`` to ``first + count`` into rows 0 up of ``records``."""
    k0, k1 = np.uint64(seed), np.uint64(stream)
    for slot in range(count):
        _life(first + slot, slot, k0, k1, tables, records)


__all__ = ["FIRST_MOVE", "JOINS_ABROAD", "JOINS_HOME", "STOCK", "ThirdRecords", "ThirdTables", "run_third"]
