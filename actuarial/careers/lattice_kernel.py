"""The compiled year of the movers' lattice: cells, the pool of the invalid, awards, refunds and the events before the award.

The rules are those of :mod:`actuarial.careers.lattice`, the places of cells those of :mod:`actuarial.careers.lattice_cells`. Everything compiled
stands in this one file, because a change elsewhere would not make the compiler look again.

1. Rows are advanced from the oldest down, so the state is updated in place: the lines of the covered are stepped into a buffer (``_read``), then all
   cells of the next row are written where those they come from stand. Each is one sum, in loops without branches, a piece of all lines at a time.
2. Refunds scale those who leave by the share of their service that stays. The others are summed over the service that is extinguished.
3. Events (:mod:`actuarial.careers.events`): the rows of one age band add those who die and who become invalid to lines of their own, in the order of
   cells. When the band is done, the functionals are products of those lines with their tables.
4. Every part is compiled into :func:`run` (``forceinline``). A part that is called could be the copy compiled with it or the one compiled by
   itself, depending on whether the kernel was compiled in this process or read from Numba's cache; since sums may be reordered, the two would round
   differently.

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
ONE, TWO, THREE, FOUR, EIGHT = (np.uintp(n) for n in (1, 2, 3, 4, 8))
_FAST = {"reassoc", "contract", "nsz"}


@numba.njit(cache=True, nogil=True, forceinline=True, fastmath=_FAST)
def _sum(block, line, size):  # type: ignore[no-untyped-def]
    total = 0.0
    for c in range(size):
        total += block[line, c]
    return total


@numba.njit(cache=True, nogil=True, forceinline=True, fastmath=_FAST)
def _people(into, to, covered, others, u, v, w, x, p, q, r, s, kept, low, high):  # type: ignore[no-untyped-def]
    """New cells from those of four statuses; of the first two only the share ``kept`` of each cell takes no refund.

    Cells are numbered without sign, so that none is taken to count from the end.
    """
    for c in range(np.uintp(low), np.uintp(high)):
        into[to, c] = (covered[u, c] * p + others[v, c] * q) * kept[c] + (covered[w, c] * r + others[x, c] * s)


@numba.njit(cache=True, nogil=True, forceinline=True, fastmath=_FAST)
def _amount(into, to, covered, others, field, u, v, w, x, k0, k1, k2, k3, a0, a1, a2, a3, kept, low, high):  # type: ignore[no-untyped-def]
    """The same for an amount, ``field`` lines after the people: times ``k``, and ``a`` per head."""
    for c in range(np.uintp(low), np.uintp(high)):
        leaving = covered[u + field, c] * k0 + others[v + field, c] * k1 + covered[u, c] * a0 + others[v, c] * a1
        staying = covered[w + field, c] * k2 + others[x + field, c] * k3 + covered[w, c] * a2 + others[x, c] * a3
        into[to + field, c] = leaving * kept[c] + staying


@numba.njit(cache=True, nogil=True, forceinline=True)
def _aligned(size):  # type: ignore[no-untyped-def]
    """Zeros that begin where a cache line does."""
    room = np.zeros(size + 8)
    begin = (8 - (room.ctypes.data // 8) % 8) % 8
    return room[begin : begin + size]


@numba.njit(cache=True, nogil=True, forceinline=True)
def _block(cells, begin, size):  # type: ignore[no-untyped-def]
    """The twelve lines of a row."""
    return cells[begin : begin + 12 * size].reshape((12, size))


@numba.njit(cache=True, nogil=True, forceinline=True)
def _copy_vector(source, line, begin, to, into, place):  # type: ignore[no-untyped-def]
    """Eight cells, all read before the first is written: one load and one store."""
    c = begin
    x0, x1, x2, x3 = source[line, c], source[line, c + ONE], source[line, c + TWO], source[line, c + THREE]
    c += FOUR
    x4, x5, x6, x7 = source[line, c], source[line, c + ONE], source[line, c + TWO], source[line, c + THREE]
    c = place
    to[into, c], to[into, c + ONE], to[into, c + TWO], to[into, c + THREE] = x0, x1, x2, x3
    c += FOUR
    to[into, c], to[into, c + ONE], to[into, c + TWO], to[into, c + THREE] = x4, x5, x6, x7


@numba.njit(cache=True, nogil=True, forceinline=True)
def _step_back(block, covered, line, steps, used):  # type: ignore[no-untyped-def]
    """Cells with the half-year of those covered at 1 January, from those before it (rule 4 of the layout).

    Whole vectors are copied: what passes the end of a line is overwritten by the next, or cleared.
    """
    before = 2 * line - line % 3
    for at in range(steps.shape[0]):
        begin, place = steps[at, 0], steps[at, 1]
        for _ in range(steps[at, 2]):
            _copy_vector(block, before, begin, covered, line, place)
            begin += EIGHT
            place += EIGHT
        covered[line, steps[at, 3]] = 0.0
    for c in range(used, used + 8):
        covered[line, c] = 0.0


@numba.njit(cache=True, nogil=True, forceinline=True)
def _read(block, covered, home_lines, host_lines, used, award_row, totals):  # type: ignore[no-untyped-def]
    """The lines of the covered, stepped to mid-year service, and the sums of all lines of a row; those of no scheme stay zero."""
    size = block.shape[1]
    for line in range(6):
        place, field = line // 3, line % 3
        if field > 0 and award_row[field - 1] < 0:
            continue
        if award_row[place] >= 0:
            _step_back(block, covered, line, home_lines if place == 0 else host_lines, used)
            totals[2 * place, field] = _sum(covered, line, size)
        totals[2 * place + 1, field] = _sum(block, 6 * place + 3 + field, size)


@numba.njit(cache=True, nogil=True, forceinline=True)
def _advance_row(into, covered, others, used, people, rates, award_row, kept_home, kept_host):  # type: ignore[no-untyped-def]
    """Write the next row: ``people`` [status, to] are probabilities, ``rates`` [scheme, keep or add, status, to] those of amounts times them.

    Of those who leave their own country only ``kept_home`` [cell] are written, of those who leave the host country ``kept_host``.
    """
    for low in range(0, used, PIECE):
        high = min(low + PIECE, used)
        for to in range(4):
            if to % 2 == 0 and award_row[to // 2] < 0:
                continue
            # Statuses u, v leave the other country, w, x stay.
            u = 0 if to >= 2 else 2
            v, w, x = u + 1, 2 - u, 3 - u
            kept = kept_home if to >= 2 else kept_host
            _people(into, 3 * to, covered, others, 3 * (u // 2), 3 * v, 3 * (w // 2), 3 * x,
                    people[u, to], people[v, to], people[w, to], people[x, to], kept, low, high)
            for side in range(2):
                if award_row[side] < 0:
                    continue
                _amount(into, 3 * to, covered, others, 1 + side, 3 * (u // 2), 3 * v, 3 * (w // 2), 3 * x,
                        rates[side, 0, u, to], rates[side, 0, v, to], rates[side, 0, w, to], rates[side, 0, x, to],
                        rates[side, 1, u, to], rates[side, 1, v, to], rates[side, 1, w, to], rates[side, 1, x, to], kept, low, high)


@numba.njit(cache=True, nogil=True, forceinline=True, fastmath=_FAST)
def _paid(source, people, amount, share, worth, used):  # type: ignore[no-untyped-def]
    total, heads, value = 0.0, 0.0, 0.0
    for c in range(used):
        total += source[people, c] * share[c]
        heads += source[people, c] * worth[c]
        value += source[amount, c] * worth[c]
    return total, heads, value


@numba.njit(cache=True, nogil=True, forceinline=True, fastmath=_FAST)
def _add_vector(gone, at, place, source, line, begin, share, c):  # type: ignore[no-untyped-def]
    """Eight cells times shares added to eight sums, all read before the first is written."""
    x0 = gone[at, place] + source[line, begin] * share[c]
    x1 = gone[at, place + ONE] + source[line, begin + ONE] * share[c + ONE]
    x2 = gone[at, place + TWO] + source[line, begin + TWO] * share[c + TWO]
    x3 = gone[at, place + THREE] + source[line, begin + THREE] * share[c + THREE]
    p, b, d = place + FOUR, begin + FOUR, c + FOUR
    x4 = gone[at, p] + source[line, b] * share[d]
    x5 = gone[at, p + ONE] + source[line, b + ONE] * share[d + ONE]
    x6 = gone[at, p + TWO] + source[line, b + TWO] * share[d + TWO]
    x7 = gone[at, p + THREE] + source[line, b + THREE] * share[d + THREE]
    gone[at, place], gone[at, place + ONE], gone[at, place + TWO], gone[at, place + THREE] = x0, x1, x2, x3
    gone[at, p], gone[at, p + ONE], gone[at, p + TWO], gone[at, p + THREE] = x4, x5, x6, x7


@numba.njit(cache=True, nogil=True, forceinline=True)
def _collect(source, line, share, lines, gone, at):  # type: ignore[no-untyped-def]
    """Sums of a line's cells times shares over the service left.

    Cells of one i + j follow each other from a place in ``gone`` on; ``share`` has whole vectors for each, with zeros after its last cell.
    """
    c = np.uintp(0)
    for x in range(lines.shape[0]):
        begin, place = lines[x, 0], lines[x, 1]
        for _ in range(lines[x, 2]):
            _add_vector(gone, at, place, source, line, begin, share, c)
            begin += EIGHT
            place += EIGHT
            c += EIGHT


@numba.njit(cache=True, nogil=True, forceinline=True)
def _refund(block, covered, others, side, used, refunds, spread, people, rates, lines, edge, turned, gone):  # type: ignore[no-untyped-def]
    """Those who take a refund on leaving the country of ``side``: their service in it is gone, and they enter the ``edge`` of the next row.

    ``turned``: places in ``gone`` are counted from the end. Returns people and amount paid.
    """
    number, amount = 0.0, 0.0
    arrivals = 2 - 2 * side
    gone[:] = 0.0
    for s in range(2):
        source, n = (covered, 3 * side) if s == 0 else (others, 6 * side + 3)
        # The amount in the other scheme goes along.
        _collect(source, n, spread, lines, gone, 2 * s)
        _collect(source, n + 2 - side, spread, lines, gone, 2 * s + 1)
        total, heads, value = _paid(source, n, n + 1 + side, refunds[1], refunds[2], used)
        left = 2 * side + s
        for to in range(arrivals, arrivals + 2):
            number += people[left, to] * total
            amount += rates[side, 0, left, to] * value + rates[side, 1, left, to] * heads
    u, v = 2 * side, 2 * side + 1
    for to in range(arrivals, arrivals + 2):
        p, q = people[u, to], people[v, to]
        keep_u, keep_v = rates[1 - side, 0, u, to], rates[1 - side, 0, v, to]
        add_u, add_v = rates[1 - side, 1, u, to], rates[1 - side, 1, v, to]
        for x in range(edge.size):
            place = turned - x if turned >= 0 else x
            block[3 * to, edge[x]] += p * gone[0, place] + q * gone[2, place]
            block[3 * to + 2 - side, edge[x]] += (keep_u * gone[1, place] + add_u * gone[0, place]
                                                 + keep_v * gone[3, place] + add_v * gone[2, place])  # fmt: skip
    return number, amount


@numba.njit(cache=True, nogil=True, forceinline=True)
def _arrive(block, edge, n, m, movers, cover, keep_h, add_h, add_k, share, value, refunds):  # type: ignore[no-untyped-def]
    """First movers: residents' service at 1 January [covered or not, home] becomes a cell of the next row in the host country."""
    number, paid = 0.0, 0.0
    refunds = refunds and share.any()
    for i in range(edge.size):
        # Those covered at 1 January hold an odd number of half-years then, the others an even one.
        x0, m0 = (n[0, 2 * i - 1] * movers, m[0, 2 * i - 1] * movers) if 0 < 2 * i <= n.shape[1] else (0.0, 0.0)
        x1, m1 = (n[1, 2 * i] * movers, m[1, 2 * i] * movers) if 2 * i < n.shape[1] else (0.0, 0.0)
        x = x0 + x1
        if x == 0.0:
            continue
        xm = m0 * keep_h[1] + x0 * add_h[1] + m1 * keep_h[0] + x1 * add_h[0]
        if refunds and 2 * i < n.shape[1]:
            r = share[2 * i]
            if r > 0.0:
                number += x * r
                paid += xm * r * value[2 * i]
                x, xm = x * (1.0 - r), xm * (1.0 - r)
        at = edge[i]
        block[6, at] += x * cover
        block[7, at] += xm * cover
        block[8, at] += x * (cover * add_k[1])
        block[9, at] += x * (1.0 - cover)
        block[10, at] += xm * (1.0 - cover)
        block[11, at] += x * ((1.0 - cover) * add_k[0])
    block[6, 0] += number * cover
    block[8, 0] += number * (cover * add_k[1])
    block[9, 0] += number * (1.0 - cover)
    block[11, 0] += number * ((1.0 - cover) * add_k[0])
    return number, paid


@numba.njit(cache=True, nogil=True, forceinline=True)
def _award(source, people_line, side, used, i, j, odd_h, odd_k, place, people, amount, alive, keep, add):  # type: ignore[no-untyped-def]
    for c in range(used):
        n, m = source[people_line, c], source[people_line + 1 + side, c]
        if n != 0.0 or m != 0.0:
            h, k = 2 * i[c] - odd_h, 2 * j[c] - odd_k
            people[place, h, k] += n * alive
            amount[place, h, k] += (m * keep + n * add) * alive


@numba.njit(cache=True, nogil=True, forceinline=True)
def _before(a, award_row):  # type: ignore[no-untyped-def]
    """Share of a row's deaths and new invalids that come before the award: in the award row half of them, later none."""
    if a == award_row:
        return 0.5
    return 1.0 if a < award_row else 0.0


@numba.njit(cache=True, nogil=True, forceinline=True, fastmath=_FAST)
def _note_people(lines, at, x, source, n, rate, size):  # type: ignore[no-untyped-def]
    for c in range(size):
        lines[at, x, c] += source[n, c] * rate


@numba.njit(cache=True, nogil=True, forceinline=True, fastmath=_FAST)
def _note_amount(lines, at, x, source, n, m, keep, add, size):  # type: ignore[no-untyped-def]
    for c in range(size):
        lines[at, x, c] += source[m, c] * keep + source[n, c] * add


@numba.njit(cache=True, nogil=True, forceinline=True)
def _note(lines, at, source, n, size, rate, before, keep_mid, add_mid, split):  # type: ignore[no-untyped-def]
    """Add one event of one row and status to its lines; ``before`` and the rates up to mid-year by scheme."""
    for side in range(2):
        r = rate * before[side]
        if r > 0.0:
            if side == 0 or split:
                _note_people(lines, at, OF_HOME + side, source, n, r, size)
            _note_amount(lines, at, HOME_AMOUNT + side, source, n, n + 1 + side, r * keep_mid[side], r * add_mid[side], size)


@numba.njit(cache=True, nogil=True, forceinline=True, fastmath=_FAST)
def _dots(tables, kind, f, v, lines, at, x, size):  # type: ignore[no-untyped-def]
    """Products of one table with the same line of two events."""
    a, b = 0.0, 0.0
    for c in range(size):
        a += tables[kind, f, v, c] * lines[at, x, c]
        b += tables[kind, f, v, c] * lines[at + 1, x, c]
    return a, b


@numba.njit(cache=True, nogil=True, forceinline=True)
def _price(lines, split, size, tables, filled, version, side, event, event_people, event_amount, y, b):  # type: ignore[no-untyped-def]
    """All functionals of the year on the lines of one band; ``filled`` [functional, table] leaves out tables of zeros."""
    for f in range(event.size):
        for pair in range(1 if event[f] == 0 else 2):
            at = INVALIDS if event[f] == 0 else 2 * pair
            s, u = (0, 2) if event[f] == 0 else (2 * pair, 2 * pair + 1)
            for table in range(3):
                if not filled[f, table]:
                    continue
                # Shares are of amounts, the others per head.
                line = HOME_AMOUNT + side[f] if table == 1 else OF_HOST if split and side[f] == 1 else OF_HOME
                x, z = _dots(tables, table, f, version[f, y], lines, at, line, size)
                into = event_people if table == 0 else event_amount
                into[f, y, b, s] += x
                into[f, y, b, u] += z


@numba.njit(cache=True, nogil=True, forceinline=True)
def _shares(share, value, service, odd, line_first, refunds, spread):  # type: ignore[no-untyped-def]
    """Refunds of the year by cell: shares kept and taken, and what is paid per unit times the share; whether there are any.

    ``spread`` are the shares taken with whole vectors for each i + j.
    """
    some, at = False, 0
    for line in range(line_first.size - 1):
        begin, stop = int(line_first[line]), int(line_first[line + 1])
        for c in range(begin, min(stop, refunds.shape[1])):
            h = 2 * service[c] - odd
            r = share[h] if 0 <= h < share.size else 0.0
            refunds[0, c], refunds[1, c], refunds[2, c] = 1.0 - r, r, r * value[h] if r > 0.0 else 0.0
            spread[at + c - begin] = r
            some = some or r > 0.0
        at += (stop - begin + 7) // 8 * 8
    return some


@numba.njit(cache=True, nogil=True, forceinline=True)
def _amount_rates(people, keep, add, rates):  # type: ignore[no-untyped-def]
    """``rates`` [scheme, keep or add, status, to] from those by credits [scheme, credits] and the probabilities ``people`` [status, to]."""
    for side in range(2):
        for s in range(4):
            for to in range(4):
                credits = int(s == 2 * side) + int(to == 2 * side)
                rates[side, 0, s, to] = people[s, to] * keep[side, credits]
                rates[side, 1, s, to] = people[s, to] * add[side, credits]


@numba.njit(cache=True, nogil=True, forceinline=True)
def _count(totals, y, a, present, covered, amount):  # type: ignore[no-untyped-def]
    for s in range(4):
        present[s // 2, y, a] += totals[s, 0]
        amount[0, y] += totals[s, 1]
        amount[1, y] += totals[s, 2]
    covered[0, y, a] += totals[0, 0]
    covered[1, y, a] += totals[2, 0]


@numba.njit(cache=True, nogil=True, forceinline=True)
def _splits(bands, b, award_row):  # type: ignore[no-untyped-def]
    """Whether the parts before the award differ between the schemes in some row of a band."""
    found = False
    for a in range(bands.size):
        found = found or (bands[a] == b and _before(a, award_row[0]) != _before(a, award_row[1]))
    return found


@numba.njit(cache=True, nogil=True)
def run(  # type: ignore[no-untyped-def]
         cells, pool, line_first, cell_i, cell_j, home_edge, host_edge, home_lines, host_lines, home_collected, host_collected, start, length,
         keep, add, keep_mid, add_mid, award_row, share_h, value_h, share_k, value_k,
         transition, death, invalidity, first_movers, arrival_cover, origin_people, origin_amount, joiners,
         first, stop,
         award_people, award_amount, refund_amount, refund_people, death_amount, invalidity_amount, invalids, disabled, covered, present, amount,
         joined, died, left,
         tables, filled, version, side_of, event, bands, band_rows, event_people, event_amount):  # fmt: skip
    """Advance the state over the years ``first <= t < stop`` and fill the outputs; see :func:`actuarial.careers.lattice.advance`."""
    classes, rows = start.shape
    asked = event.size > 0
    widest = length[classes - 1, rows - 1]
    stepped = _aligned(6 * (widest + 8)).reshape((6, widest + 8))
    totals, rates, sick, gone = np.zeros((4, 3)), np.zeros((2, 2, 4, 4)), np.zeros(2), np.zeros((4, rows + 9))
    # By scheme and class: see _shares. Where nobody takes a refund everybody keeps the service.
    refunds, open_ = _aligned(12 * widest).reshape((2, 2, 3, widest)), np.zeros((2, 2), np.bool_)
    spread = _aligned(4 * (widest + 8 * (rows + 1))).reshape((2, 2, widest + 8 * (rows + 1)))
    everybody = _aligned(widest)
    everybody[:] = 1.0
    noted_size = widest if asked else 0
    lines, noted = _aligned(classes * EVENTS * 4 * noted_size).reshape((classes, EVENTS, 4, noted_size)), np.zeros(classes, np.bool_)
    before, keep_to, add_to = np.zeros(2), np.zeros(2), np.zeros(2)
    split = False
    # Whether anybody may be in a row.
    held = np.ones((classes, rows), np.bool_)
    for t in range(first, stop):
        y = t - first
        for odd in range(2 if classes > 1 else 1):
            open_[0, odd] = _shares(share_h[t], value_h[t], cell_i, odd, line_first, refunds[0, odd], spread[0, odd])
            open_[1, odd] = _shares(share_k[t], value_k[t], cell_j, odd, line_first, refunds[1, odd], spread[1, odd])
        for a in range(rows - 1, -1, -1):
            last = a == rows - 1
            b = bands[a]
            for side in range(2):
                before[side] = _before(a, award_row[side])
            if asked and (last or bands[a + 1] != b):
                lines[:, :, :, : length[classes - 1, a]] = 0.0
                noted[:] = False
                split = _splits(bands, b, award_row)
            for place in range(2):
                sick[place] = pool[a, place]
                died[y] += pool[a, place] * death[t, a, place]
                disabled[place, y, a] = pool[a, place]
                present[place, y, a] += pool[a, place]
                if last:
                    left[y] += pool[a, place] * (1.0 - death[t, a, place])
            _amount_rates(transition[t, a], keep[:, t, a], add[:, t, a], rates)
            for kind in range(classes):
                odd_h, odd_k = kind % 2, kind // 2
                reach = a + 1 + int(kind > 0)
                size, used = length[kind, a], int(line_first[reach])
                row, somebody = _block(cells, start[kind, a], size), False
                if held[kind, a]:
                    _read(row, stepped, home_lines[:reach], host_lines[:reach], used, award_row, totals)
                    somebody = totals[:, 0].sum() > 0.0
                if somebody:
                    _count(totals, y, a, present, covered, amount)
                    noted[kind] = True
                    for s in range(4):
                        total = totals[s, 0]
                        if total == 0.0:
                            continue
                        place = s // 2
                        source, line = (stepped, 3 * place) if s % 2 == 0 else (row, 3 * s)
                        q = death[t, a, place]
                        ill = invalidity[t, a, place] if s % 2 == 0 else 0.0
                        own = ill / (1.0 - 0.5 * q)  # its own table, without death
                        dead = q - 0.5 * q * own
                        alive = 1.0 - 0.5 * dead - 0.5 * ill
                        died[y] += total * q
                        sick[place] += total * own
                        invalids[place, y, a] += total * ill
                        if last:
                            left[y] += total * (1.0 - q)
                        for side in range(2):
                            insured = int(s == 2 * side)
                            keep_to[side], add_to[side] = keep_mid[side, t, a, insured], add_mid[side, t, a, insured]
                            mid = totals[s, 1 + side] * keep_to[side] + total * add_to[side]
                            death_amount[side, y] += mid * dead * before[side]
                            invalidity_amount[side, y] += mid * ill * before[side]
                            if a == award_row[side]:
                                _award(source, line, side, used, cell_i, cell_j, odd_h, odd_k, place, award_people[side, y], award_amount[side, y],
                                       alive, keep_to[side], add_to[side])
                        if asked:
                            _note(lines[kind], s, source, line, size, dead, before, keep_to, add_to, split)
                            _note(lines[kind], INVALIDS + place, source, line, size, ill, before, keep_to, add_to, split)
                if last:
                    continue
                into = _block(cells, start[kind, a + 1], length[kind, a + 1])
                if held[kind, a + 1] and (not somebody or t == first):
                    # At first a row may hold more than what is written below.
                    into[:] = 0.0
                held[kind, a + 1] = somebody
                if not somebody:
                    continue
                refunds_h, refunds_k = open_[0, odd_h] and before[0] == 1.0, open_[1, odd_k] and before[1] == 1.0
                _advance_row(into, stepped, row, size, transition[t, a], rates, award_row,
                             refunds[0, odd_h, 0] if refunds_h else everybody, refunds[1, odd_k, 0] if refunds_k else everybody)
                for side in range(2):
                    if not (refunds_h if side == 0 else refunds_k):
                        continue
                    # To the even class of the scheme left, with the same service in the other.
                    odd = odd_h if side == 0 else odd_k
                    even = kind - odd * (1 + side)
                    held[even, a + 1] = True
                    number, paid = _refund(
                        _block(cells, start[even, a + 1], length[even, a + 1]), stepped, row, side, used, refunds[side, odd], spread[side, odd],
                        transition[t, a], rates, host_collected[:reach] if side == 0 else home_collected[:reach],
                        home_edge[:reach] if side == 0 else host_edge[:reach], rows if side == 0 else -1, gone)
                    refund_people[side, y] += number
                    refund_amount[side, y] += paid
            if asked and (a == 0 or bands[a - 1] != b):
                for kind in range(classes):
                    if noted[kind]:
                        _price(lines[kind], split, length[kind, band_rows[b] - 1], tables[kind], filled, version, side_of, event,
                               event_people, event_amount, y, b)
            if last:
                continue
            for place in range(2):
                # As those not covered of their residence.
                pool[a + 1, place] = 0.0
                for s in range(2):
                    pool[a + 1, place] += sick[s] * (transition[t, a, 2 * s + 1, 2 * place] + transition[t, a, 2 * s + 1, 2 * place + 1])
            if first_movers[t, a] > 0.0:
                joined[y] += first_movers[t, a]
                held[0, a + 1] = True
                number, paid = _arrive(
                    _block(cells, start[0, a + 1], length[0, a + 1]), host_edge[: a + 1], origin_people[t, a], origin_amount[t, a],
                    first_movers[t, a], arrival_cover[t, a], keep[0, t, a], add[0, t, a], add[1, t, a], share_h[t], value_h[t], before[0] == 1.0)
                refund_people[0, y] += number
                refund_amount[0, y] += paid
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
                row = _block(cells, start[kind, a], length[kind, a])
                for line in range(12):
                    totals[line // 3, line % 3] = _sum(row, line, row.shape[1])
                _count(totals, y, a, present, covered, amount)
