"""CSV tables changed cell by cell, row by row and column by column."""

from __future__ import annotations

import csv
import io
from random import Random

from tests.fuzz import hostile, text_mutations


def cells(rng: Random, data: bytes) -> bytes:
    """One to three changes of the table, written again as CSV."""
    rows = list(csv.reader(io.StringIO(data.decode())))
    for _ in range(rng.choice((1, 1, 2, 3))):
        row, column = rng.randrange(len(rows)), rng.randrange(max(1, len(rows[0])))
        rows[row] = rows[row] or [""]
        match rng.randrange(12):
            case 0 | 1 | 2 | 3:
                rows[row][min(column, len(rows[row]) - 1)] = rng.choice((hostile.number(rng), hostile.number(rng), hostile.text(rng)))
            case 4:
                rows[row][min(column, len(rows[row]) - 1)] = hostile.lookalike(rng, rows[row][min(column, len(rows[row]) - 1)])
            case 5:
                rows.insert(row, list(rng.choice(rows)))
            case 6:
                del rows[row]
            case 7:
                rows[row] = rows[row][:column] if rng.random() < 0.5 else [*rows[row], hostile.text(rng)]
            case 8:
                for line in rows:
                    del line[column : column + 1]
            case 9:
                for line in rows:
                    line.insert(column, line[column] if column < len(line) else "x")
            case 10:
                rows[0][column] = rng.choice((hostile.lookalike(rng, rows[0][column]), hostile.text(rng), rng.choice(rows[0])))
            case _:
                extra = rng.choice((500, 20_000 if len(rows[-1]) < 50 else 1_000))
                extra = min(extra, 20_000_000 // (sum(map(len, rows[-1])) + 1))
                rows = (
                    [*rows, *(list(rows[-1]) for _ in range(extra))]
                    if rng.random() < 0.5
                    else [[*line, *(["1"] * min(extra, 3000))] for line in rows[:20]]
                )
        if not rows or not rows[0]:
            break
    out = io.StringIO()
    csv.writer(out, lineterminator=rng.choice(("\n", "\n", "\r\n")), quoting=rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))).writerows(rows)
    return out.getvalue().encode("utf-8", "replace")


def mutated(rng: Random, data: bytes) -> tuple[bytes, str]:
    """The table changed as a table or as text."""
    if rng.random() < 0.65:
        return cells(rng, data), "cells"
    return text_mutations.mutated(rng, data)
