"""Where a cell of the movers' lattice stands in memory.

1. Half-years come in pairs: whoever is covered at both ends of a year gains two, who enters or leaves cover one. So service with the half-year of the
   status at 1 January (service at mid-year) has the same parity for life, but for refunds, which set it to zero. Who starts without cover or service
   stays in the *even* class, a quarter of the triangle; stocks given from outside may need the other three (class = odd home + 2 * odd host).
2. In a class, ``i = (home at mid-year + odd) / 2`` and ``j`` likewise are whole numbers. A year moves everybody to i + 1 (covered at home at its
   end), j + 1 (covered in the host country) or nowhere, whatever the status at its start.
3. Cells of one status are ordered by i + j, then by i. The order does not depend on the age, so a younger row is a prefix of an older one, tables by
   service are shared by all rows, and a year of a row is one pass over lines without gaps. A row holds i + j <= row, in odd classes one line more.
4. What is kept between years is i and j before the half-year of the status at 1 January, so that a year writes its cells where it read them:
   i - 1 for those covered at home, j - 1 for those covered in the host country. :attr:`Cells.home_lines` and ``host_lines`` say how to step back.
5. Twelve lines of a row follow each other, (people, home amount, host amount) of each status, each with room for whole vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array, IntArray

Unsigned = npt.NDArray[np.uint64]
LINES = 12
_VECTOR = 8


@dataclass(frozen=True)
class Cells:
    """Places of the cells of a lattice of ``rows`` ages.

    first       [line + 1] where each line i + j begins within a status
    i, j        [cell]
    home_edge   [j] cell (0, j);  host_edge [i] cell (i, 0)
    home_lines  [line, (from, to, count, cleared)] of the step of rule 4 for those covered at home: ``count`` vectors are copied, then one cell is
                cleared, the first beyond the line where all its cells are copies
    host_lines  the same for those covered in the host country
    home_collected  [line, (first cell, place, vectors)] for sums by home service: the cells of a line go to places i, i + 1, ...
    host_collected  the same by host service, to places rows - j, rows - j + 1, ...
    start       [class, row] first place of a row;  length [class, row] of each of its twelve lines
    size        places in all
    """

    rows: int
    home_size: int
    host_size: int
    classes: int
    first: IntArray
    i: IntArray
    j: IntArray
    home_edge: IntArray
    host_edge: IntArray
    home_lines: Unsigned
    host_lines: Unsigned
    home_collected: Unsigned
    host_collected: Unsigned
    start: IntArray
    length: IntArray
    size: int

    def table(self, values: Array, kind: int) -> Array:
        """A table [..., home service, host service] by service at mid-year, at the cells of a class; 0 beyond its ends."""
        home, host = 2 * self.i - kind % 2, 2 * self.j - kind // 2
        inside = (home >= 0) & (home < self.home_size) & (host >= 0) & (host < self.host_size)
        found: Array = values[..., np.where(inside, home, 0), np.where(inside, host, 0)] * inside
        return found

    @cached_property
    def service(self) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
        """(place, row, status, home service, host service) of every cell's people; a line further on stands the home amount, then the host amount."""
        found = []
        for kind, row, status in np.ndindex(self.classes, self.rows, 4):
            at = np.arange(self.first[row + 1 + int(kind > 0)])
            home, host = 2 * self.i[at] - kind % 2 + (status == 0), 2 * self.j[at] - kind // 2 + (status == 2)
            inside = (home >= 0) & (host >= 0) & (home < self.home_size) & (host < self.host_size) & (home + host <= 2 * row)
            at, home, host = at[inside], home[inside], host[inside]
            place = self.start[kind, row] + 3 * status * self.length[kind, row] + at
            found.append(np.stack([place, np.full_like(at, row), np.full_like(at, status), home, host]))
        place, row, status, home, host = np.concatenate(found, axis=1)
        return place, row, status, home, host

    @cached_property
    def line(self) -> IntArray:
        """Length of the line of every cell of :attr:`service`."""
        kind = np.searchsorted(self.start[:, 0], self.service[0], side="right") - 1
        found: IntArray = self.length[kind, self.service[1]]
        return found

    @cached_property
    def without_host_service(self) -> tuple[IntArray, IntArray, IntArray, IntArray, IntArray]:
        """(place, row, status, home service, length of the line) of the cells without service in the host country."""
        place, row, status, home, host = self.service
        at = np.flatnonzero(host == 0)
        return place[at], row[at], status[at], home[at], self.line[at]

    def empty(self) -> Array:
        """Zeros for all places, which begin where a cache line does."""
        room = np.zeros(self.size + _VECTOR)
        begin = -(room.ctypes.data // room.itemsize) % _VECTOR
        return room[begin : begin + self.size]

    def packed(self, fields: Sequence[Array]) -> Array:
        """Fields [row, status, home service, host service] in the order of this layout; cells it has no place for are left out."""
        cells = self.empty()
        place, *service = self.service
        for n, field in enumerate(fields):
            cells[place + n * self.line] = field[tuple(service)]
        return cells

    def dense(self, cells: Array, field: int) -> Array:
        """One field [row, status, home service, host service]."""
        full = np.zeros((self.rows, 4, self.home_size, self.host_size))
        place, *service = self.service
        full[tuple(service)] = cells[place + field * self.line]
        return full

    def blocks(self, cells: Array) -> list[tuple[int, Array]]:
        """(row, view [status, field, cell]) of every row of every class."""
        size = LINES * self.length
        return [
            (row, cells[self.start[kind, row] : self.start[kind, row] + size[kind, row]].reshape(4, 3, -1))
            for kind, row in np.ndindex(self.classes, self.rows)
        ]


@lru_cache(maxsize=32)
def cells_of(rows: int, home_size: int, host_size: int, classes: int) -> Cells:
    """The layout for service below ``home_size`` and ``host_size`` half-years; ``classes`` is 1 (rule 1: nobody in odd ones) or 4."""
    count_i, count_j = home_size // 2 + 1, host_size // 2 + 1
    lines = np.arange(rows + 1)
    low, high = np.maximum(lines - count_j + 1, 0), np.minimum(lines, count_i - 1)
    width = np.maximum(high - low + 1, 0)
    first = np.concatenate(([0], np.cumsum(width)))
    i = np.concatenate([np.arange(a, a + w) for a, w in zip(low, width, strict=True)])
    j = np.repeat(lines, width) - i
    home_edge, host_edge = np.flatnonzero(i == 0), np.flatnonzero(j == 0)
    home_lines, host_lines = (np.zeros((rows + 1, 4), np.uint64) for _ in range(2))
    place = {(int(a), int(b)): n for n, (a, b) in enumerate(zip(i, j, strict=True))}
    for line in range(rows + 1):
        for table, step in ((home_lines, (1, 0)), (host_lines, (0, 1))):
            pairs = [(place[a - step[0], b - step[1]], place[a, b]) for a, b in
                     ((x, line - x) for x in range(low[line], high[line] + 1)) if (a - step[0], b - step[1]) in place]  # fmt: skip
            table[line, :3] = (*pairs[0], -(-len(pairs) // _VECTOR)) if pairs else (0, 0, 0)
            fresh = {place[x, line - x] for x in range(low[line], high[line] + 1)} - {to for _, to in pairs}
            table[line, 3] = fresh.pop() if fresh else first[line + 1]
    begins = np.minimum(first[:-1], i.size - 1)
    collected = [np.stack([begins, places, -(-width // _VECTOR)], axis=1).astype(np.uint64) for places in (i[begins], rows - j[begins])]
    used = first[np.arange(rows) + 1 + (np.arange(classes) > 0)[:, None]]
    length = -(-used // _VECTOR) * _VECTOR
    ends = np.cumsum(LINES * length).reshape(classes, rows)
    return Cells(rows, home_size, host_size, classes, first, i, j, home_edge, host_edge, home_lines, host_lines,
                 collected[0], collected[1],
                 ends - LINES * length, length, int(ends[-1, -1]) + _VECTOR)  # fmt: skip
