"""What is wrong with a workbook: every complaint names sheet and cell, what was found and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from openpyxl.utils import get_column_letter

from actuarial.basis.errors import InputError

MOST_SHOWN: Final = 200
"""Complaints told of one workbook; of more only the number."""


_LAST_COLUMN: Final = 18_278
"""ZZZ, the last one with letters; a file may say more."""


@dataclass(frozen=True)
class Complaint:
    """One thing wrong. ``sheet``: the tab as the file has it; row 0: the whole sheet; an empty sheet: the whole file."""

    sheet: str
    row: int
    column: int
    text: str

    @property
    def place(self) -> str:
        """Sheet and cell, as people write them."""
        if not self.sheet:
            return ""
        return f"{self.sheet}!{address(self.row, self.column)}" if self.row or self.column else f"sheet '{self.sheet}'"


def address(row: int, column: int) -> str:
    """A1 style address of a cell counted from 1; of a whole row or column where the other is 0.

    >>> address(7, 4), address(7, 0), address(0, 28)
    ('D7', 'row 7', 'column AB')
    """
    if not column:
        return f"row {row}"
    if column > _LAST_COLUMN:
        return f"column number {column}" + (f", row {row}" if row else "")
    return f"{get_column_letter(column)}{row}" if row else f"column {get_column_letter(column)}"


@dataclass
class Findings:
    """Complaints about one workbook, and remarks about what was accepted."""

    file: str
    complaints: list[Complaint] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, text: str, sheet: str = "", row: int = 0, column: int = 0) -> None:
        """Note a complaint, once."""
        complaint = Complaint(sheet, row, column, text)
        if complaint not in self.complaints:
            self.complaints.append(complaint)

    def remark(self, text: str, sheet: str, row: int, column: int) -> None:
        """Note what was accepted but should be seen."""
        self.remarks.append(f"{sheet}!{address(row, column)}: {text}")

    def check(self, tabs: Iterable[str] = ()) -> None:
        """Raise one :class:`InputError` with all complaints, in the order of the sheets and of the cells; return when there are none."""
        if self.complaints:
            raise InputError(self.message(tuple(tabs)))

    def message(self, tabs: tuple[str, ...] = ()) -> str:
        """All complaints as one text."""
        order = {tab: n for n, tab in enumerate(tabs)}
        found = sorted(self.complaints, key=lambda c: (order.get(c.sheet, -1), c.row, c.column))
        lines = [f"{c.place}: {c.text}" if c.place else c.text for c in found]
        if len(lines) == 1:
            return f"{self.file}, {lines[0]}" if found[0].sheet else f"{self.file}: {lines[0]}"
        more = [f"  and {len(lines) - MOST_SHOWN} more"] if len(lines) > MOST_SHOWN else []
        return "\n".join([f"{self.file}: {len(lines)} problems", *(f"  {line}" for line in lines[:MOST_SHOWN]), *more])
