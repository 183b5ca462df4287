"""A CSV table as text, row by row, so that an unchanged row keeps its bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from actuarial.basis.errors import InputError, shown
from actuarial.basis.plain_files import LARGEST_TABLE, read_plain_text

Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CsvFile:
    """Header and rows, each by column, with the line of each as it was written."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    lines: tuple[str, ...]

    def where(self, **columns: str) -> list[dict[str, str]]:
        """Rows with these texts, in file order."""
        return [row for row in self.rows if all(row[c] == text for c, text in columns.items())]


def read_csv(path: Path) -> CsvFile:
    """Read a table of one line per row. Raises :class:`InputError` for a file that is none."""
    lines = [f"{line}\n" for line in read_plain_text(path, LARGEST_TABLE).split("\n")]
    lines[-1] = lines[-1].removesuffix("\n")
    lines = lines if lines[-1] else lines[:-1]
    try:
        cells = list(csv.reader(io.StringIO("".join(lines))))
    except csv.Error as error:
        raise InputError(f"{shown(path)}: not a CSV table ({error})") from None
    if len(cells) != len(lines) or not cells or any(len(row) != len(cells[0]) for row in cells):
        raise InputError(f"{shown(path)}: not a CSV table of one line per row with the same number of columns")
    header = tuple(cells[0])
    return CsvFile(header, tuple(dict(zip(header, row, strict=True)) for row in cells[1:]), tuple(lines))


def edited(table: CsvFile, changes: Mapping[Key, Mapping[str, str]]) -> str:
    """Text of the table with the named columns of the named rows replaced; every other row as it was."""
    left = dict(changes)
    lines = [table.lines[0]]
    for row, line in zip(table.rows, table.lines[1:], strict=True):
        key = next((k for k in left if all(row[c] == text for c, text in k)), None)
        if key is None:
            lines.append(line)
        else:
            new = {**row, **left.pop(key)}
            lines.append(line_of([new[column] for column in table.columns]))
    if left:
        raise KeyError(f"no row for {next(iter(left))}")
    return "".join(lines)


def line_of(cells: Sequence[str]) -> str:
    """One line of a CSV table."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
