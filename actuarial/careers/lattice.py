"""The movers' lattice: everybody who ever moved along one corridor, by age, status and credited service in both schemes.

1. A cell is ``[age, status, home service, host service]`` for one corridor (origin -> host) and one sex. Nothing is banded.
2. Status at 1 January says where a person lives and whether covered there:
   0 home covered, 1 home not covered, 2 host covered, 3 host not covered. "Home" is the origin of the corridor.
3. Service is counted in half-years: half a year for the status at each end of the calendar year, so a person covered at both ends gains two.
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

Ages run upwards in rows from 15; within a row only ``home + host <= 2 * row`` half-years can be reached and only that triangle is visited.
Rows are advanced from the oldest down, so the state is updated in place.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numba
import numpy as np

from actuarial.basis.dimensions import Array

STATUS_COUNT = 4
HOME_COVERED, HOME_OUT, HOST_COVERED, HOST_OUT = range(STATUS_COUNT)


@dataclass(frozen=True)
class LatticeState:
    """People and amounts at 1 January; arrays [row, status, home half-years, host half-years], changed in place by :func:`advance`.

    ``disabled`` [row, 2 residences] is the pool of the invalid, who are in no cell.
    """

    people: Array
    home_amount: Array
    host_amount: Array
    disabled: Array

    @classmethod
    def empty(cls, rows: int, home_size: int, host_size: int) -> LatticeState:
        """Nobody in any cell. ``*_size`` is the number of half-year values, 1 where no service can be earned."""
        shape = (rows, STATUS_COUNT, home_size, host_size)
        return cls(np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros((rows, 2)))

    def copy(self) -> LatticeState:
        """An independent copy, to run the same start under another law."""
        return LatticeState(self.people.copy(), self.home_amount.copy(), self.host_amount.copy(), self.disabled.copy())

    def scaled(self, factor: Array) -> LatticeState:
        """Every field times ``factor[row]``."""
        f = factor[:, None, None, None]
        return LatticeState(self.people * f, self.home_amount * f, self.host_amount * f, self.disabled * factor[:, None])


@dataclass(frozen=True)
class SideRates:
    """What one scheme (home or host) does to amounts, year by year.

    keep, add            [year, row, 3] by half-years credited in the year (see the module's rule 4); zero from the award row on
    keep_mid, add_mid    [year, row, 2] the same up to mid-year, by whether covered at 1 January; zero beyond the award row
    refund_share         [year, service] share of leavers with that service who take a refund
    refund_value         [year, service] paid per unit of amount
    award_row            row (age - 15) in which members pass the pension age
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
    origin_people        [year, row, 2, home service] distribution of one first mover over (covered, not covered) and service at 1 January
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


def advance(state: LatticeState, home: SideRates, host: SideRates, moves: MoveRates, first: int, stop: int) -> LatticeOutput:
    """Run the lattice over year indices ``first <= y < stop`` of the rate arrays; ``state`` is changed in place.

    Raises ``ArithmeticError`` when people are not conserved to 1e-9 relative in some year, naming the year index.
    """
    rows, _, home_size, host_size = state.people.shape
    years = stop - first
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
    )
    _run(
        state.people, state.home_amount, state.host_amount, state.disabled,
        home.keep, home.add, home.keep_mid, home.add_mid, home.refund_share, home.refund_value, home.award_row,
        host.keep, host.add, host.keep_mid, host.add_mid, host.refund_share, host.refund_value, host.award_row,
        moves.transition, moves.death, moves.invalidity, moves.first_movers, moves.arrival_cover, moves.origin_people, moves.origin_amount,
        moves.joiners, first, stop, *(getattr(out, f.name) for f in fields(out)),
    )  # fmt: skip
    _assert_conserved(out, first)
    return out


def own_invalidity(dependent: Array, death: Array) -> Array:
    """Probability of becoming invalid in its own table, without death, behind the dependent one: i' = i / (1 - q / 2) (rule 8)."""
    result: Array = dependent / (1.0 - 0.5 * death)
    return result


def _assert_conserved(out: LatticeOutput, first: int) -> None:
    stock = out.people.sum(axis=(0, 2))
    gap = stock[1:] - (stock[:-1] + out.joined - out.died - out.left)
    scale = np.maximum(stock[:-1] + out.joined, 1.0)
    worst = int(np.argmax(np.abs(gap) / scale)) if gap.size else 0
    if gap.size and not np.abs(gap[worst]) <= 1e-9 * scale[worst]:
        raise ArithmeticError(f"movers' lattice: people not conserved in year index {first + worst}: {gap[worst]:+.3e} of {scale[worst]:.3e}")


@numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
def _stay(  # type: ignore[no-untyped-def]
        n, m, l, to_n, to_m, to_l, p, keep_m, add_m, keep_l, add_l, dh, dk, top):  # noqa: E741  # fmt: skip
    """Move a row's cells [home, host service] to another status in the same country, credits added."""
    home_size, host_size = n.shape
    for h in range(min(home_size - dh, top)):
        for k in range(min(host_size - dk, top - h)):
            x = n[h, k] * p
            to_n[h + dh, k + dk] += x
            to_m[h + dh, k + dk] += m[h, k] * p * keep_m + x * add_m
            to_l[h + dh, k + dk] += l[h, k] * p * keep_l + x * add_l


@numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
def _leave_host(  # type: ignore[no-untyped-def]
        n, m, l, to_n, to_m, to_l, p, keep_m, add_m, keep_l, add_l, dh, dk, top, share, value):  # noqa: E741  # fmt: skip
    """The same for people who leave the host country: a share of each service takes a refund, and its host service is gone."""
    home_size, host_size = n.shape
    people, paid = 0.0, 0.0
    for h in range(min(home_size - dh, top)):
        gone_n, gone_m = 0.0, 0.0
        for k in range(min(host_size - dk, top - h)):
            r = share[k + dk]
            x = n[h, k] * p
            xm = m[h, k] * p * keep_m + x * add_m
            xl = l[h, k] * p * keep_l + x * add_l
            to_n[h + dh, k + dk] += x * (1.0 - r)
            to_m[h + dh, k + dk] += xm * (1.0 - r)
            to_l[h + dh, k + dk] += xl * (1.0 - r)
            gone_n += x * r
            gone_m += xm * r
            paid += xl * r * value[k + dk]
        to_n[h + dh, 0] += gone_n
        to_m[h + dh, 0] += gone_m
        people += gone_n
    return people, paid


@numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
def _leave_home(  # type: ignore[no-untyped-def]
        n, m, l, to_n, to_m, to_l, p, keep_m, add_m, keep_l, add_l, dh, dk, top, share, value):  # noqa: E741  # fmt: skip
    """The same for people who leave their own country: a share of each service takes a refund, and its home service is gone."""
    home_size, host_size = n.shape
    people, paid = 0.0, 0.0
    for h in range(min(home_size - dh, top)):
        r = share[h + dh]
        kept = 1.0 - r
        for k in range(min(host_size - dk, top - h)):
            x = n[h, k] * p
            xm = m[h, k] * p * keep_m + x * add_m
            xl = l[h, k] * p * keep_l + x * add_l
            to_n[h + dh, k + dk] += x * kept
            to_m[h + dh, k + dk] += xm * kept
            to_l[h + dh, k + dk] += xl * kept
            to_n[0, k + dk] += x * r
            to_l[0, k + dk] += xl * r
            people += x * r
            paid += xm * r * value[h + dh]
    return people, paid


@numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
def _sums(n, m, l, top):  # type: ignore[no-untyped-def]  # noqa: E741
    home_size, host_size = n.shape
    people, home, host = 0.0, 0.0, 0.0
    for h in range(min(home_size, top)):
        for k in range(min(host_size, top - h)):
            people += n[h, k]
            home += m[h, k]
            host += l[h, k]
    return people, home, host


@numba.njit(cache=True, nogil=True)
def _count(people, home_amount, host_amount, pool, covered, present, amount, disabled, y):  # type: ignore[no-untyped-def]
    """Head-counts and amounts of 1 January."""
    for a in range(people.shape[0]):
        for place in range(2):
            disabled[place, y, a] = pool[a, place]
            present[place, y, a] += pool[a, place]
        for s in range(4):
            n, m, l = _sums(people[a, s], home_amount[a, s], host_amount[a, s], 2 * a + 1)  # noqa: E741
            present[s // 2, y, a] += n
            amount[0, y] += m
            amount[1, y] += l
            if s == 0:
                covered[0, y, a] += n
            elif s == 2:
                covered[1, y, a] += n


@numba.njit(cache=True, nogil=True)
def _arrive(  # type: ignore[no-untyped-def]
        n, m, to_n, to_m, to_l, movers, keep_m, add_m, add_l, dh, dk, top, share, value, refunds):  # fmt: skip
    """First movers: residents' service [home] at 1 January becomes a cell of the lattice in the host country."""
    people, paid = 0.0, 0.0
    for h in range(min(n.size - dh, top)):
        x = n[h] * movers
        if x == 0.0:
            continue
        xm = m[h] * movers * keep_m + x * add_m
        r = share[h + dh] if refunds else 0.0
        to_n[h + dh, dk] += x * (1.0 - r)
        to_m[h + dh, dk] += xm * (1.0 - r)
        to_l[h + dh, dk] += x * add_l * (1.0 - r)
        to_n[0, dk] += x * r
        to_l[0, dk] += x * add_l * r
        people += x * r
        paid += xm * r * value[h + dh]
    return people, paid


@numba.njit(cache=True, nogil=True)
def _award(  # type: ignore[no-untyped-def]
        n, amount, into_n, into_amount, alive, keep, add, ch, ck, top):  # fmt: skip
    home_size, host_size = n.shape
    for h in range(min(home_size - ch, top)):
        for k in range(min(host_size - ck, top - h)):
            into_n[h + ch, k + ck] += n[h, k] * alive
            into_amount[h + ch, k + ck] += (amount[h, k] * keep + n[h, k] * add) * alive


@numba.njit(cache=True, nogil=True)
def _before(a, award_row):  # type: ignore[no-untyped-def]
    """Share of a row's deaths and new invalids that come before the award: in the award row half of them, later none."""
    if a == award_row:
        return 0.5
    return 1.0 if a < award_row else 0.0


@numba.njit(cache=True, nogil=True)
def _stay_invalid(pool, into, transition):  # type: ignore[no-untyped-def]
    """Survivors of ``pool`` [residence] at the end of the year, moved as those not covered of their residence."""
    for place in range(2):
        s = 2 * place + 1
        for to in range(2):
            into[to] += pool[place] * (transition[s, 2 * to] + transition[s, 2 * to + 1])


@numba.njit(cache=True, nogil=True)
def _run(  # type: ignore[no-untyped-def]
         people, home_amount, host_amount, pool,
         keep_h, add_h, keep_mid_h, add_mid_h, share_h, value_h, award_row_h,
         keep_k, add_k, keep_mid_k, add_mid_k, share_k, value_k, award_row_k,
         transition, death, invalidity, first_movers, arrival_cover, origin_people, origin_amount, joiners,
         first, stop,
         award_people, award_amount, refund_amount, refund_people, death_amount, invalidity_amount, invalids, disabled, covered, present, amount,
         joined, died, left):  # fmt: skip
    rows, _, home_size, host_size = people.shape
    sick = np.zeros(2)
    for t in range(first, stop):
        y = t - first
        _count(people, home_amount, host_amount, pool, covered, present, amount, disabled, y)
        for a in range(rows - 1, -1, -1):
            last = a == rows - 1
            top = 2 * a + 1
            before_h, before_k = _before(a, award_row_h), _before(a, award_row_k)
            for place in range(2):
                sick[place] = pool[a, place]
                died[y] += pool[a, place] * death[t, a, place]
                if last:
                    left[y] += pool[a, place] * (1.0 - death[t, a, place])
            if not last:
                for s in range(4):
                    for h in range(min(home_size, top + 2)):
                        for k in range(min(host_size, top + 2 - h)):
                            people[a + 1, s, h, k] = 0.0
                            home_amount[a + 1, s, h, k] = 0.0
                            host_amount[a + 1, s, h, k] = 0.0
            for s in range(4):
                n, m, l = people[a, s], home_amount[a, s], host_amount[a, s]  # noqa: E741
                total, total_m, total_l = _sums(n, m, l, top)
                if total == 0.0:
                    continue
                place = s // 2
                q = death[t, a, place]
                ch = 1 if s == 0 else 0
                ck = 1 if s == 2 else 0
                died[y] += total * q
                ill = invalidity[t, a, place] if ch + ck == 1 else 0.0
                own = ill / (1.0 - 0.5 * q)  # its own table, without death
                dead = q - 0.5 * q * own
                sick[place] += total * own
                invalids[place, y, a] += total * ill
                mid_h = total_m * keep_mid_h[t, a, ch] + total * add_mid_h[t, a, ch]
                mid_k = total_l * keep_mid_k[t, a, ck] + total * add_mid_k[t, a, ck]
                death_amount[0, y] += mid_h * dead * before_h
                death_amount[1, y] += mid_k * dead * before_k
                invalidity_amount[0, y] += mid_h * ill * before_h
                invalidity_amount[1, y] += mid_k * ill * before_k
                alive = 1.0 - 0.5 * dead - 0.5 * ill
                if a == award_row_h:
                    _award(n, m, award_people[0, y, place], award_amount[0, y, place], alive,
                           keep_mid_h[t, a, ch], add_mid_h[t, a, ch], ch, ck, top)
                if a == award_row_k:
                    _award(n, l, award_people[1, y, place], award_amount[1, y, place], alive,
                           keep_mid_k[t, a, ck], add_mid_k[t, a, ck], ch, ck, top)
                if last:
                    left[y] += total * (1.0 - q)
                    continue
                for to in range(4):
                    p = transition[t, a, s, to]
                    if p == 0.0:
                        continue
                    dh = ch + (1 if to == 0 else 0)
                    dk = ck + (1 if to == 2 else 0)
                    to_n, to_m, to_l = people[a + 1, to], home_amount[a + 1, to], host_amount[a + 1, to]
                    if s // 2 == to // 2 or (s >= 2 and a >= award_row_k) or (s < 2 and a >= award_row_h):
                        # Within a country, or leaving after the award: nothing is refunded.
                        _stay(n, m, l, to_n, to_m, to_l, p, keep_h[t, a, dh], add_h[t, a, dh],
                              keep_k[t, a, dk], add_k[t, a, dk], dh, dk, top)
                    elif s >= 2:
                        number, paid = _leave_host(n, m, l, to_n, to_m, to_l, p, keep_h[t, a, dh], add_h[t, a, dh],
                                                   keep_k[t, a, dk], add_k[t, a, dk], dh, dk, top, share_k[t], value_k[t])
                        refund_people[1, y] += number
                        refund_amount[1, y] += paid
                    else:
                        number, paid = _leave_home(n, m, l, to_n, to_m, to_l, p, keep_h[t, a, dh], add_h[t, a, dh],
                                                   keep_k[t, a, dk], add_k[t, a, dk], dh, dk, top, share_h[t], value_h[t])
                        refund_people[0, y] += number
                        refund_amount[0, y] += paid
            if last:
                continue
            pool[a + 1] = 0.0
            _stay_invalid(sick, pool[a + 1], transition[t, a])
            movers = first_movers[t, a]
            if movers > 0.0:
                joined[y] += movers
                for s in range(2):
                    dh = 1 if s == 0 else 0
                    for to in range(2, 4):
                        p = arrival_cover[t, a] if to == 2 else 1.0 - arrival_cover[t, a]
                        if p == 0.0:
                            continue
                        dk = 1 if to == 2 else 0
                        number, paid = _arrive(
                            origin_people[t, a, s], origin_amount[t, a, s], people[a + 1, to], home_amount[a + 1, to], host_amount[a + 1, to],
                            movers * p, keep_h[t, a, dh], add_h[t, a, dh], add_k[t, a, dk], dh, dk, top,
                            share_h[t], value_h[t], a < award_row_h)
                        refund_people[0, y] += number
                        refund_amount[0, y] += paid
        for s in range(4):
            people[0, s, 0, 0] = 0.0
            home_amount[0, s, 0, 0] = 0.0
            host_amount[0, s, 0, 0] = 0.0
        pool[0] = 0.0
        for a in range(rows):
            people[a, 1, 0, 0] += joiners[t, a, 0]
            people[a, 3, 0, 0] += joiners[t, a, 1]
            joined[y] += joiners[t, a, 0] + joiners[t, a, 1]
    _count(people, home_amount, host_amount, pool, covered, present, amount, disabled, stop - first)
