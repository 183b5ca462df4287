"""The compiled year of the movers' lattice: cells, the pool of the invalid, awards, refunds and the events before the award.

The rules are those of :mod:`actuarial.careers.lattice`; arguments are the fields of its classes. Everything compiled stands in this one file,
because a change elsewhere would not make the compiler look again. Rows are advanced from the oldest down, so the state is updated in place, and
within a row only the triangle ``home + host <= 2 * row`` is visited.

Events (:mod:`actuarial.careers.events`): the rows of one age band add those who die and who become invalid to cells [home service, host service],
a triangle packed into one line. When the band is done, the functionals are products of that line with their tables, packed in the same way.

| field of a packed line | holds |
|---|---|
| ``EVERY`` | people of rows where both schemes count the same share of the year (nobody of the row is awarded) |
| ``OF_HOME``, ``OF_HOST`` | people of the other rows, the part before the award of that scheme |
| ``HOME_AMOUNT``, ``HOST_AMOUNT`` | amounts at mid-year, the part before the award |
"""

from __future__ import annotations

import numba
import numpy as np

EVERY, OF_HOME, OF_HOST, HOME_AMOUNT, HOST_AMOUNT = range(5)
DEATHS, INVALIDS = 0, 4
"""First line of the deaths, by status, and of the new invalids, at home and in the host country."""
LINES = 6


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
def _count(  # type: ignore[no-untyped-def]
        people, home_amount, host_amount, pool, covered, present, amount, disabled, y, totals, filled):  # fmt: skip
    """Head-counts and amounts of 1 January; the sums of each row and status go to ``totals``, those not ``filled`` hold nobody."""
    for a in range(people.shape[0]):
        for place in range(2):
            disabled[place, y, a] = pool[a, place]
            present[place, y, a] += pool[a, place]
        for s in range(4):
            totals[a, s] = 0.0
            if not filled[a, s]:
                continue
            n, m, l = _sums(people[a, s], home_amount[a, s], host_amount[a, s], 2 * a + 1)  # noqa: E741
            totals[a, s, 0], totals[a, s, 1], totals[a, s, 2] = n, m, l
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


@numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
def _note(  # type: ignore[no-untyped-def]
          n, m, l, line, row_start, rate, to_m, on_m, to_l, on_l, ch, ck, top):  # noqa: E741  # fmt: skip
    """Add a row's cells times ``rate`` to a packed line, and amounts ``m * to_m + n * on_m`` (home) and the same of ``l`` (host)."""
    home_size, host_size = n.shape
    people, home, host = line[EVERY], line[HOME_AMOUNT], line[HOST_AMOUNT]
    for h in range(min(home_size - ch, top)):
        at = row_start[h + ch] + ck
        for k in range(min(host_size - ck, top - h)):
            x = n[h, k]
            people[at + k] += x * rate
            home[at + k] += m[h, k] * to_m + x * on_m
            host[at + k] += l[h, k] * to_l + x * on_l


@numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
def _note_one(n, m, people, amount, row_start, rate, to_m, on_m, ch, ck, top):  # type: ignore[no-untyped-def]
    """The same for one scheme only, in a row where the two schemes differ."""
    home_size, host_size = n.shape
    for h in range(min(home_size - ch, top)):
        at = row_start[h + ch] + ck
        for k in range(min(host_size - ck, top - h)):
            people[at + k] += n[h, k] * rate
            amount[at + k] += m[h, k] * to_m + n[h, k] * on_m


@numba.njit(cache=True, nogil=True)
def _note_event(  # type: ignore[no-untyped-def]
                n, m, l, line, row_start, rate, before_h, before_k,  # noqa: E741
                keep_h, add_h, keep_k, add_k, ch, ck, top):  # fmt: skip
    """Add one event of one row and status; returns whether the schemes' parts differ."""
    if before_h == before_k:
        if before_h > 0.0:
            r = rate * before_h
            _note(n, m, l, line, row_start, r, r * keep_h, r * add_h, r * keep_k, r * add_k, ch, ck, top)
        return False
    if before_h > 0.0:
        r = rate * before_h
        _note_one(n, m, line[OF_HOME], line[HOME_AMOUNT], row_start, r, r * keep_h, r * add_h, ch, ck, top)
    if before_k > 0.0:
        r = rate * before_k
        _note_one(n, l, line[OF_HOST], line[HOST_AMOUNT], row_start, r, r * keep_k, r * add_k, ch, ck, top)
    return True


@numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
def _products(eligible, share, flat, start, size, people_a, amount_a, people_b, amount_b):  # type: ignore[no-untyped-def]
    """One functional on two packed lines at once: (people, amount) of each."""
    pa, pb, xa, xb = 0.0, 0.0, 0.0, 0.0
    for c in range(size):
        e, s, f = eligible[start + c], share[start + c], flat[start + c]
        pa += e * people_a[c]
        pb += e * people_b[c]
        xa += s * amount_a[c] + f * people_a[c]
        xb += s * amount_b[c] + f * people_b[c]
    return pa, xa, pb, xb


@numba.njit(cache=True, nogil=True)
def _price(  # type: ignore[no-untyped-def]
           lines, size, split, packed, start, event, side, event_people, event_amount, y, b):  # fmt: skip
    """All functionals of the year on the lines of one band."""
    if split:
        for i in range(LINES):
            for c in range(size):
                lines[i, OF_HOME, c] += lines[i, EVERY, c]
                lines[i, OF_HOST, c] += lines[i, EVERY, c]
    for f in range(event.size):
        people = (OF_HOME + side[f]) if split else EVERY
        amount = HOME_AMOUNT + side[f]
        for pair in range(1 if event[f] == 0 else 2):
            i = INVALIDS if event[f] == 0 else DEATHS + 2 * pair
            s, u = (0, 2) if event[f] == 0 else (2 * pair, 2 * pair + 1)
            pa, xa, pb, xb = _products(packed[0, f], packed[1, f], packed[2, f], start, size,
                                       lines[i, people], lines[i, amount], lines[i + 1, people], lines[i + 1, amount])
            event_people[f, y, b, s] += pa
            event_amount[f, y, b, s] += xa
            event_people[f, y, b, u] += pb
            event_amount[f, y, b, u] += xb


@numba.njit(cache=True, nogil=True)
def _pack(table, into, start, row_start, tops):  # type: ignore[no-untyped-def]
    """A table [home service, host service] into the triangles of all bands."""
    home_size, host_size = table.shape
    for b in range(tops.size):
        for h in range(min(home_size, tops[b])):
            at, width = start[b] + row_start[b, h], min(host_size, tops[b] - h)
            into[at : at + width] = table[h, :width]


@numba.njit(cache=True, nogil=True)
def run(  # type: ignore[no-untyped-def]
         people, home_amount, host_amount, pool,
         keep_h, add_h, keep_mid_h, add_mid_h, share_h, value_h, award_row_h,
         keep_k, add_k, keep_mid_k, add_mid_k, share_k, value_k, award_row_k,
         transition, death, invalidity, first_movers, arrival_cover, origin_people, origin_amount, joiners,
         first, stop,
         award_people, award_amount, refund_amount, refund_people, death_amount, invalidity_amount, invalids, disabled, covered, present, amount,
         joined, died, left,
         eligible, share, flat, version, side, event, bands, tops, start, row_start, event_people, event_amount):  # fmt: skip
    """Advance the state over the years ``first <= t < stop`` and fill the outputs; see :func:`actuarial.careers.lattice.advance`."""
    rows, _, home_size, host_size = people.shape
    functionals = event.size
    packed = np.zeros((3, functionals, start[-1]))
    widest = 0
    for b in range(tops.size):
        widest = max(widest, start[b + 1] - start[b])
    lines = np.zeros((LINES, 5, widest))
    sick = np.zeros(2)
    # Sums of each row and status at 1 January, and whether anybody may be there at the next: young cohorts leave most of the lattice empty.
    totals, filled = np.zeros((rows, 4, 3)), np.ones((rows, 4), np.bool_)
    for t in range(first, stop):
        y = t - first
        for f in range(functionals):
            if y == 0 or version[f, y] != version[f, y - 1]:
                _pack(eligible[f, version[f, y]], packed[0, f], start, row_start, tops)
                _pack(share[f, version[f, y]], packed[1, f], start, row_start, tops)
                _pack(flat[f, version[f, y]], packed[2, f], start, row_start, tops)
        split = False
        _count(people, home_amount, host_amount, pool, covered, present, amount, disabled, y, totals, filled)
        filled[:] = False
        for a in range(rows - 1, -1, -1):
            last = a == rows - 1
            top = 2 * a + 1
            before_h, before_k = _before(a, award_row_h), _before(a, award_row_k)
            b = bands[a]
            if functionals > 0 and (last or bands[a + 1] != b):
                lines[:, :, : start[b + 1] - start[b]] = 0.0
                split = False
            for place in range(2):
                sick[place] = pool[a, place]
                died[y] += pool[a, place] * death[t, a, place]
                if last:
                    left[y] += pool[a, place] * (1.0 - death[t, a, place])
            if not last:
                for s in range(4):
                    if totals[a + 1, s, 0] == 0.0:
                        continue
                    for h in range(min(home_size, top + 2)):
                        for k in range(min(host_size, top + 2 - h)):
                            people[a + 1, s, h, k] = 0.0
                            home_amount[a + 1, s, h, k] = 0.0
                            host_amount[a + 1, s, h, k] = 0.0
            for s in range(4):
                n, m, l = people[a, s], home_amount[a, s], host_amount[a, s]  # noqa: E741
                total, total_m, total_l = totals[a, s]
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
                if functionals > 0:
                    differ = _note_event(n, m, l, lines[DEATHS + s], row_start[b], dead, before_h, before_k,
                                         keep_mid_h[t, a, ch], add_mid_h[t, a, ch], keep_mid_k[t, a, ck], add_mid_k[t, a, ck], ch, ck, top)
                    if ill > 0.0:
                        _note_event(n, m, l, lines[INVALIDS + place], row_start[b], ill, before_h, before_k,
                                    keep_mid_h[t, a, ch], add_mid_h[t, a, ch], keep_mid_k[t, a, ck], add_mid_k[t, a, ck], ch, ck, top)
                    split = split or differ
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
                    filled[a + 1, to] = True
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
            if functionals > 0 and (a == 0 or bands[a - 1] != b):
                _price(lines, start[b + 1] - start[b], split, packed, start[b], event, side, event_people, event_amount, y, b)
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
                        filled[a + 1, to] = True
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
            filled[a, 1] = filled[a, 1] or joiners[t, a, 0] != 0.0
            filled[a, 3] = filled[a, 3] or joiners[t, a, 1] != 0.0
            people[a, 1, 0, 0] += joiners[t, a, 0]
            people[a, 3, 0, 0] += joiners[t, a, 1]
            joined[y] += joiners[t, a, 0] + joiners[t, a, 1]
    _count(people, home_amount, host_amount, pool, covered, present, amount, disabled, stop - first, totals, filled)
