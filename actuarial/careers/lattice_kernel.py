"""The compiled year of the movers' lattice: cells, the pool of the invalid, awards, refunds and the events before the award.

The rules are those of :mod:`actuarial.careers.lattice`, the places of cells those of :mod:`actuarial.careers.lattice_cells`. Everything compiled
stands in this one file, because a change elsewhere would not make the compiler look again.

1. Rows are advanced from the oldest down, so the state is updated in place: a row's twelve lines are read into a buffer (``_read``), the parts of the
   next row are written where they were read. Each new cell is one sum over its sources, in loops without branches, a piece of all lines at a time.
2. Refunds scale those who leave by the share of their service that stays. The others are summed over the service that is extinguished.
3. Events (:mod:`actuarial.careers.events`): the rows of one age band add those who die and who become invalid to lines of their own, in the order of
   cells. When the band is done, the functionals are products of those lines with their tables.

| line of an event | holds |
|---|---|
| ``OF_HOME``, ``OF_HOST`` | people, the part before the award of that scheme; only the first is kept where both are the same throughout the band |
| ``HOME_AMOUNT``, ``HOST_AMOUNT`` | amounts at mid-year, the part before the award |
"""

from __future__ import annotations

import numba
import numpy as np

OF_HOME, OF_HOST, HOME_AMOUNT, HOST_AMOUNT = range(4)
INVALIDS = 4
"""The events are deaths by status, then the new invalids at home and in the host country."""
EVENTS = 6
PIECE = 192
"""Cells whose twelve lines stay in the first cache."""
_FAST = {"reassoc", "contract", "nsz"}


@numba.njit(cache=True, nogil=True, fastmath=_FAST)
def _sum(x):  # type: ignore[no-untyped-def]
    total = 0.0
    for c in range(x.size):
        total += x[c]
    return total


@numba.njit(cache=True, nogil=True, fastmath=_FAST)
def _dots(table, x, y):  # type: ignore[no-untyped-def]
    """Products of one table with two lines."""
    a, b = 0.0, 0.0
    for c in range(x.size):
        a += table[c] * x[c]
        b += table[c] * y[c]
    return a, b


@numba.njit(cache=True, nogil=True, fastmath=_FAST)
def _note_people(into, n, rate):  # type: ignore[no-untyped-def]
    for c in range(into.size):
        into[c] += n[c] * rate


@numba.njit(cache=True, nogil=True, fastmath=_FAST)
def _note_amount(into, m, n, keep, add):  # type: ignore[no-untyped-def]
    for c in range(into.size):
        into[c] += m[c] * keep + n[c] * add


@numba.njit(cache=True, nogil=True, fastmath=_FAST)
def _people(to, n0, n1, n2, n3, p0, p1, p2, p3, kept):  # type: ignore[no-untyped-def]
    """New cells from those of four statuses; of the first two only the share ``kept`` of each cell takes no refund."""
    for c in range(to.size):
        to[c] = (n0[c] * p0 + n1[c] * p1) * kept[c] + (n2[c] * p2 + n3[c] * p3)


@numba.njit(cache=True, nogil=True, fastmath=_FAST)
def _amount(to, m0, m1, m2, m3, n0, n1, n2, n3, k0, k1, k2, k3, a0, a1, a2, a3, kept):  # type: ignore[no-untyped-def]
    """The same for an amount: kept times the rates ``k``, and ``a`` per head."""
    for c in range(to.size):
        to[c] = (m0[c] * k0 + m1[c] * k1 + n0[c] * a0 + n1[c] * a1) * kept[c] + (m2[c] * k2 + m3[c] * k3 + n2[c] * a2 + n3[c] * a3)


@numba.njit(cache=True, nogil=True)
def _aligned(size):  # type: ignore[no-untyped-def]
    """Zeros that begin where a cache line does."""
    room = np.zeros(size + 8)
    begin = (8 - (room.ctypes.data // 8) % 8) % 8
    return room[begin : begin + size]


@numba.njit(cache=True, nogil=True)
def _copy(source, to):  # type: ignore[no-untyped-def]
    for c in range(to.size):
        to[c] = source[c]


@numba.njit(cache=True, nogil=True)
def _step_back(stored, at, steps, lines, used):  # type: ignore[no-untyped-def]
    """Cells with the half-year of those covered at 1 January, from those before it (rule 4 of the layout)."""
    for line in range(lines):
        source, place, count, cleared = steps[line, 0], steps[line, 1], steps[line, 2], steps[line, 3]
        _copy(stored[source : source + count], at[place : place + count])
        if cleared >= 0:
            at[cleared] = 0.0
    at[used:] = 0.0


@numba.njit(cache=True, nogil=True)
def _read(cells, begin, length, lines, used, home_lines, host_lines, source, totals):  # type: ignore[no-untyped-def]
    """A row's twelve lines at mid-year service into ``source``, and the sum of each."""
    for s in range(4):
        for f in range(3):
            at = begin + (3 * s + f) * length
            stored, line = cells[at : at + length], source[3 * s + f, :length]
            if s % 2 == 1:
                _copy(stored, line)
            else:
                _step_back(stored, line, home_lines if s == 0 else host_lines, lines, used)
            totals[s, f] = _sum(line)


@numba.njit(cache=True, nogil=True)
def _advance_row(cells, begin, length, source, used, people, home, host, kept_home, kept_host):  # type: ignore[no-untyped-def]
    """Write the next row: ``people`` [status, to] are probabilities, ``home`` and ``host`` [keep or add, status, to] rates times them.

    Of those who leave their own country only ``kept_home`` [cell] are written, of those who leave the host country ``kept_host``.
    """
    for low in range(0, used, PIECE):
        high = min(low + PIECE, used)
        for to in range(4):
            # Statuses u, v leave the other country, w, x stay.
            u = 0 if to >= 2 else 2
            v, w, x = u + 1, 2 - u, 3 - u
            kept = kept_home[low:high] if to >= 2 else kept_host[low:high]
            n0, n1, n2, n3 = source[3 * u, low:high], source[3 * v, low:high], source[3 * w, low:high], source[3 * x, low:high]
            at = begin + 3 * to * length
            _people(cells[at + low : at + high], n0, n1, n2, n3, people[u, to], people[v, to], people[w, to], people[x, to], kept)
            for field in range(1, 3):
                rates = home if field == 1 else host
                at += length
                _amount(
                    cells[at + low : at + high], source[3 * u + field, low:high], source[3 * v + field, low:high],
                    source[3 * w + field, low:high], source[3 * x + field, low:high], n0, n1, n2, n3,
                    rates[0, u, to], rates[0, v, to], rates[0, w, to], rates[0, x, to],
                    rates[1, u, to], rates[1, v, to], rates[1, w, to], rates[1, x, to], kept)


@numba.njit(cache=True, nogil=True, fastmath=_FAST)
def _paid(n, v, share, worth):  # type: ignore[no-untyped-def]
    people, heads, amount = 0.0, 0.0, 0.0
    for c in range(n.size):
        people += n[c] * share[c]
        heads += n[c] * worth[c]
        amount += v[c] * worth[c]
    return people, heads, amount


@numba.njit(cache=True, nogil=True, fastmath=_FAST)
def _add_line(into, x, share):  # type: ignore[no-untyped-def]
    for c in range(into.size):
        into[c] += x[c] * share[c]


@numba.njit(cache=True, nogil=True)
def _gone(source, first_status, paid_field, used, share, worth, line_first, line_place, lines, gone, paid):  # type: ignore[no-untyped-def]
    """Those of two statuses who would take a refund: ``gone`` [status, (people, amount left), place of the other service], sums ``paid``.

    ``line_place`` [line] is the place of the first cell of each line; the others follow. ``paid`` [status, (people, people paid, amount paid)].
    """
    gone[:] = 0.0
    for s in range(2):
        first = 3 * (first_status + s)
        n, x, v = source[first, :used], source[first + 3 - paid_field, :used], source[first + paid_field, :used]
        paid[s, 0], paid[s, 1], paid[s, 2] = _paid(n, v, share[:used], worth[:used])
        for line in range(lines):
            begin, stop = line_first[line], line_first[line + 1]
            place = line_place[line]
            _add_line(gone[s, 0, place : place + stop - begin], n[begin:stop], share[begin:stop])
            _add_line(gone[s, 1, place : place + stop - begin], x[begin:stop], share[begin:stop])


@numba.njit(cache=True, nogil=True)
def _refund(cells, begin, length, first_status, people, paid_rates, left_rates, gone, paid, edge, origin, step, left_field):  # type: ignore[no-untyped-def]
    """Write those whose service is extinguished to the ``edge`` of the next row; people and amount paid."""
    number, amount = 0.0, 0.0
    for other in range(2):
        to = (2 - first_status) + other
        at = begin + 3 * to * length
        for s in range(2):
            p = people[first_status + s, to]
            keep, add = left_rates[0, first_status + s, to], left_rates[1, first_status + s, to]
            number += p * paid[s, 0]
            amount += paid_rates[0, first_status + s, to] * paid[s, 2] + paid_rates[1, first_status + s, to] * paid[s, 1]
            for x in range(edge.size):
                n, m = gone[s, 0, origin + step * x], gone[s, 1, origin + step * x]
                cells[at + edge[x]] += p * n
                cells[at + left_field * length + edge[x]] += keep * m + add * n
    return number, amount


@numba.njit(cache=True, nogil=True)
def _arrive(cells, begin, length, edge, count, n, m, movers, cover, keep_h, add_h, add_k, share, value, refunds):  # type: ignore[no-untyped-def]
    """First movers: residents' service at 1 January [covered or not, home] becomes a cell of the next row in the host country."""
    number, paid = 0.0, 0.0
    for i in range(count):
        # Those covered at 1 January hold an odd number of half-years then, the others an even one.
        x0, m0 = (n[0, 2 * i - 1] * movers, m[0, 2 * i - 1] * movers) if 0 < 2 * i <= n.shape[1] else (0.0, 0.0)
        x1, m1 = (n[1, 2 * i] * movers, m[1, 2 * i] * movers) if 2 * i < n.shape[1] else (0.0, 0.0)
        x = x0 + x1
        if x == 0.0:
            continue
        xm = m0 * keep_h[1] + x0 * add_h[1] + m1 * keep_h[0] + x1 * add_h[0]
        r = share[2 * i] if refunds and 2 * i < n.shape[1] else 0.0
        for to in range(2, 4):
            p = cover if to == 2 else 1.0 - cover
            at, more = begin + 3 * to * length, add_k[3 - to]
            cells[at + edge[i]] += x * p * (1.0 - r)
            cells[at + length + edge[i]] += xm * p * (1.0 - r)
            cells[at + 2 * length + edge[i]] += x * p * more * (1.0 - r)
            cells[at] += x * p * r
            cells[at + 2 * length] += x * p * more * r
        if r > 0.0:
            number += x * r
            paid += xm * r * value[2 * i]
    return number, paid


@numba.njit(cache=True, nogil=True)
def _award(n, amount, used, i, j, odd_h, odd_k, into_people, into_amount, alive, keep, add):  # type: ignore[no-untyped-def]
    for c in range(used):
        if n[c] != 0.0 or amount[c] != 0.0:
            h, k = 2 * i[c] - odd_h, 2 * j[c] - odd_k
            into_people[h, k] += n[c] * alive
            into_amount[h, k] += (amount[c] * keep + n[c] * add) * alive


@numba.njit(cache=True, nogil=True)
def _before(a, award_row):  # type: ignore[no-untyped-def]
    """Share of a row's deaths and new invalids that come before the award: in the award row half of them, later none."""
    if a == award_row:
        return 0.5
    return 1.0 if a < award_row else 0.0


@numba.njit(cache=True, nogil=True)
def _note(lines, n, m, l, rate, before_h, before_k, keep_h, add_h, keep_k, add_k, split):  # type: ignore[no-untyped-def]  # noqa: E741
    """Add one event of one row and status to its lines."""
    r_h, r_k = rate * before_h, rate * before_k
    size = n.size
    if r_h > 0.0:
        _note_people(lines[OF_HOME, :size], n, r_h)
        _note_amount(lines[HOME_AMOUNT, :size], m, n, r_h * keep_h, r_h * add_h)
    if r_k > 0.0:
        if split:
            _note_people(lines[OF_HOST, :size], n, r_k)
        _note_amount(lines[HOST_AMOUNT, :size], l, n, r_k * keep_k, r_k * add_k)


@numba.njit(cache=True, nogil=True)
def _price(lines, split, size, tables, used, version, side, event, event_people, event_amount, y, b):  # type: ignore[no-untyped-def]
    """All functionals of the year on the lines of one band; ``used`` [functional, table] leaves out tables of zeros."""
    for f in range(event.size):
        v = version[f, y]
        people = OF_HOST if split and side[f] == 1 else OF_HOME
        for pair in range(1 if event[f] == 0 else 2):
            at = INVALIDS if event[f] == 0 else 2 * pair
            s, u = (0, 2) if event[f] == 0 else (2 * pair, 2 * pair + 1)
            n, n_next = lines[at, people, :size], lines[at + 1, people, :size]
            if used[f, 0]:
                x, z = _dots(tables[0, f, v], n, n_next)
                event_people[f, y, b, s] += x
                event_people[f, y, b, u] += z
            if used[f, 1]:
                x, z = _dots(tables[1, f, v], lines[at, HOME_AMOUNT + side[f], :size], lines[at + 1, HOME_AMOUNT + side[f], :size])
                event_amount[f, y, b, s] += x
                event_amount[f, y, b, u] += z
            if used[f, 2]:
                x, z = _dots(tables[2, f, v], n, n_next)
                event_amount[f, y, b, s] += x
                event_amount[f, y, b, u] += z


@numba.njit(cache=True, nogil=True)
def _shares(share, value, service, odd, kept, taken, worth):  # type: ignore[no-untyped-def]
    """Refunds of the year by cell; whether there are any."""
    some = False
    for c in range(service.size):
        h = 2 * service[c] - odd
        r = share[h] if 0 <= h < share.size else 0.0
        taken[c], kept[c] = r, 1.0 - r
        worth[c] = r * value[h] if r > 0.0 else 0.0
        some = some or r > 0.0
    return some


@numba.njit(cache=True, nogil=True)
def _count(totals, y, a, present, covered, amount):  # type: ignore[no-untyped-def]
    for s in range(4):
        present[s // 2, y, a] += totals[s, 0]
        amount[0, y] += totals[s, 1]
        amount[1, y] += totals[s, 2]
    covered[0, y, a] += totals[0, 0]
    covered[1, y, a] += totals[2, 0]


@numba.njit(cache=True, nogil=True)
def run(  # type: ignore[no-untyped-def]
         cells, pool, line_first, cell_i, cell_j, home_edge, host_edge, home_lines, host_lines, start, length,
         keep_h, add_h, keep_mid_h, add_mid_h, share_h, value_h, award_row_h,
         keep_k, add_k, keep_mid_k, add_mid_k, share_k, value_k, award_row_k,
         transition, death, invalidity, first_movers, arrival_cover, origin_people, origin_amount, joiners,
         first, stop,
         award_people, award_amount, refund_amount, refund_people, death_amount, invalidity_amount, invalids, disabled, covered, present, amount,
         joined, died, left,
         tables, used_tables, version, side, event, bands, band_lines, event_people, event_amount):  # fmt: skip
    """Advance the state over the years ``first <= t < stop`` and fill the outputs; see :func:`actuarial.careers.lattice.advance`."""
    classes, rows = start.shape
    functionals = event.size
    widest = length[classes - 1, rows - 1]
    source = _aligned(12 * widest).reshape((12, widest))
    totals = np.zeros((4, 3))
    # By class, home and host: shares of leavers who keep their service and who take a refund, and what is paid per unit.
    refunds = _aligned(12 * widest).reshape((3, 2, 2, widest))
    kept, taken, worth = refunds[0], refunds[1], refunds[2]
    everybody = _aligned(widest)
    everybody[:] = 1.0
    open_, gone, paid = np.zeros((2, 2), np.bool_), np.zeros((2, 2, rows + 1)), np.zeros((2, 3))
    # Where the cells of a line stand by the service in the other scheme: in the host country it falls along a line, so it is counted from the end.
    by_host, by_home = np.zeros(rows + 1, np.int64), np.zeros(rows + 1, np.int64)
    for line in range(rows + 1):
        if line_first[line] < line_first[line + 1]:
            by_host[line], by_home[line] = rows - cell_j[line_first[line]], cell_i[line_first[line]]
    noted_lines = EVENTS * 4 * (widest if functionals > 0 else 0)
    lines = _aligned(classes * noted_lines).reshape((classes, EVENTS, 4, noted_lines // (EVENTS * 4)))
    noted = np.zeros(classes, np.bool_)
    sick = np.zeros(2)
    home_rates, host_rates = np.zeros((2, 4, 4)), np.zeros((2, 4, 4))
    # Whether anybody may be in a row.
    held = np.ones((classes, rows), np.bool_)
    for t in range(first, stop):
        y = t - first
        for odd in range(2 if classes > 1 else 1):
            open_[0, odd] = _shares(share_h[t], value_h[t], cell_i[:widest], odd, kept[0, odd], taken[0, odd], worth[0, odd])
            open_[1, odd] = _shares(share_k[t], value_k[t], cell_j[:widest], odd, kept[1, odd], taken[1, odd], worth[1, odd])
        split = False
        for a in range(rows - 1, -1, -1):
            last = a == rows - 1
            before_h, before_k = _before(a, award_row_h), _before(a, award_row_k)
            b = bands[a]
            if functionals > 0 and (last or bands[a + 1] != b):
                lines[:] = 0.0
                noted[:] = False
                split = False
                for x in range(a + 1):
                    if bands[x] == b and _before(x, award_row_h) != _before(x, award_row_k):
                        split = True
            for place in range(2):
                sick[place] = pool[a, place]
                died[y] += pool[a, place] * death[t, a, place]
                disabled[place, y, a] = pool[a, place]
                present[place, y, a] += pool[a, place]
                if last:
                    left[y] += pool[a, place] * (1.0 - death[t, a, place])
            for s in range(4):
                for to in range(4):
                    p = transition[t, a, s, to]
                    dh, dk = int(s == 0) + int(to == 0), int(s == 2) + int(to == 2)
                    home_rates[0, s, to], home_rates[1, s, to] = p * keep_h[t, a, dh], p * add_h[t, a, dh]
                    host_rates[0, s, to], host_rates[1, s, to] = p * keep_k[t, a, dk], p * add_k[t, a, dk]
            for kind in range(classes):
                odd_h, odd_k = kind % 2, kind // 2
                held_next = False
                if held[kind, a]:
                    reach = a + 1 + int(kind > 0)
                    used = line_first[reach]
                    whole = length[kind, a]
                    _read(cells, start[kind, a], length[kind, a], reach, used, home_lines, host_lines, source, totals)
                    held_next = totals[0, 0] + totals[1, 0] + totals[2, 0] + totals[3, 0] > 0.0
                if held_next:
                    _count(totals, y, a, present, covered, amount)
                    for s in range(4):
                        n, m, l = source[3 * s, :whole], source[3 * s + 1, :whole], source[3 * s + 2, :whole]  # noqa: E741
                        total, total_m, total_l = totals[s, 0], totals[s, 1], totals[s, 2]
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
                            noted[kind] = True
                            _note(lines[kind, s], n, m, l, dead, before_h, before_k,
                                  keep_mid_h[t, a, ch], add_mid_h[t, a, ch], keep_mid_k[t, a, ck], add_mid_k[t, a, ck], split)
                            _note(lines[kind, INVALIDS + place], n, m, l, ill, before_h, before_k,
                                  keep_mid_h[t, a, ch], add_mid_h[t, a, ch], keep_mid_k[t, a, ck], add_mid_k[t, a, ck], split)
                        alive = 1.0 - 0.5 * dead - 0.5 * ill
                        if a == award_row_h:
                            _award(n, m, used, cell_i, cell_j, odd_h, odd_k, award_people[0, y, place], award_amount[0, y, place], alive,
                                   keep_mid_h[t, a, ch], add_mid_h[t, a, ch])
                        if a == award_row_k:
                            _award(n, l, used, cell_i, cell_j, odd_h, odd_k, award_people[1, y, place], award_amount[1, y, place], alive,
                                   keep_mid_k[t, a, ck], add_mid_k[t, a, ck])
                        if last:
                            left[y] += total * (1.0 - q)
                if last:
                    continue
                begin, size = start[kind, a + 1], length[kind, a + 1]
                if not held_next:
                    if held[kind, a + 1]:
                        cells[begin : begin + 12 * size] = 0.0
                    held[kind, a + 1] = False
                    continue
                held[kind, a + 1] = True
                refunds_h, refunds_k = open_[0, odd_h] and a < award_row_h, open_[1, odd_k] and a < award_row_k
                if y == 0:
                    # What a state from outside may hold beyond the cells written below.
                    cells[begin : begin + 12 * size] = 0.0
                _advance_row(cells, begin, size, source, whole, transition[t, a], home_rates, host_rates,
                             kept[0, odd_h] if refunds_h else everybody, kept[1, odd_k] if refunds_k else everybody)
                for side_left in range(2):
                    # Service in the scheme left is gone: the even class of it, with the same service in the other.
                    if not (refunds_h if side_left == 0 else refunds_k):
                        continue
                    odd = odd_h if side_left == 0 else odd_k
                    into = kind - odd * (1 + side_left)
                    edge = home_edge[:reach] if side_left == 0 else host_edge[:reach]
                    _gone(source, 2 * side_left, 1 + side_left, used, taken[side_left, odd], worth[side_left, odd],
                          line_first, by_host if side_left == 0 else by_home, reach, gone, paid)
                    held[into, a + 1] = True
                    number, sum_ = _refund(
                        cells, start[into, a + 1], length[into, a + 1], 2 * side_left, transition[t, a],
                        home_rates if side_left == 0 else host_rates, host_rates if side_left == 0 else home_rates, gone, paid,
                        edge, rows if side_left == 0 else 0, -1 if side_left == 0 else 1, 2 - side_left)
                    refund_people[side_left, y] += number
                    refund_amount[side_left, y] += sum_
            if functionals > 0 and (a == 0 or bands[a - 1] != b):
                for kind in range(classes):
                    if noted[kind]:
                        _price(lines[kind], split, length[kind, band_lines[b] - 1], tables[kind], used_tables, version, side, event,
                               event_people, event_amount, y, b)
            if last:
                continue
            for place in range(2):
                pool[a + 1, place] = 0.0
            for place in range(2):
                for to in range(2):
                    # As those not covered of their residence.
                    pool[a + 1, to] += sick[place] * (transition[t, a, 2 * place + 1, 2 * to] + transition[t, a, 2 * place + 1, 2 * to + 1])
            if first_movers[t, a] > 0.0:
                joined[y] += first_movers[t, a]
                held[0, a + 1] = True
                number, sum_ = _arrive(
                    cells, start[0, a + 1], length[0, a + 1], host_edge, min(a + 1, host_edge.size), origin_people[t, a], origin_amount[t, a],
                    first_movers[t, a], arrival_cover[t, a], keep_h[t, a], add_h[t, a], add_k[t, a], share_h[t], value_h[t], a < award_row_h)
                refund_people[0, y] += number
                refund_amount[0, y] += sum_
        for kind in range(classes):
            cells[start[kind, 0] : start[kind, 0] + 12 * length[kind, 0]] = 0.0
            held[kind, 0] = False
        pool[0] = 0.0
        for a in range(rows):
            for place in range(2):
                if joiners[t, a, place] != 0.0:
                    cells[start[0, a] + 3 * (2 * place + 1) * length[0, a]] += joiners[t, a, place]
                    joined[y] += joiners[t, a, place]
                    held[0, a] = True
    y = stop - first
    for a in range(rows):
        for place in range(2):
            disabled[place, y, a] = pool[a, place]
            present[place, y, a] += pool[a, place]
        for kind in range(classes):
            if held[kind, a]:
                for s in range(4):
                    for f in range(3):
                        at = start[kind, a] + (3 * s + f) * length[kind, a]
                        totals[s, f] = _sum(cells[at : at + length[kind, a]])
                _count(totals, y, a, present, covered, amount)
