"""Matrices of who pays whom: rows pay, columns receive; own residents stand apart from people abroad.

1. A payer's own residents are no cross-border payment: they have a column of their own, right of the sum of payments abroad.
2. Below every matrix stand what each country receives from abroad, and that less what its scheme pays abroad.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from xlsxwriter.utility import xl_col_to_name

from actuarial.reporting.language import _, marked
from actuarial.reporting.workbook_look import Unit
from actuarial.reporting.workbook_sheets import Sheet

Amounts = Mapping[tuple[str, str], float]
HEIGHT: Final = 3
"""Rows of title, codes and names above the first payer."""
WIDTHS: Final = (8, 25, 14)
"""Of code, name and amounts, in characters."""
_PAGE: Final = 730.0
"""Points of a landscape A4 page between the margins."""
_OWN: Final = marked("own")
"""In the cell where payer and receiver are the same country."""


@dataclass(frozen=True)
class Matrices:
    """What all matrices of a sheet share: payers, residences, names of countries, units of the amounts abroad and of the own ones."""

    sheet: Sheet
    payers: list[str]
    residences: list[str]
    names: Mapping[str, str]
    unit: Unit
    own_unit: Unit

    def __post_init__(self) -> None:
        """Set the widths of the sheet's columns."""
        for c, width in enumerate(WIDTHS[:2]):
            self.sheet.raw.set_column(c, c, width)
        self.sheet.raw.set_column(2, len(self.residences) + 4, WIDTHS[2])

    @property
    def page_scale(self) -> int:
        """Percentage at which a matrix is as wide as a landscape page (a character takes 7 pixels, a cell 5 more)."""
        columns = [*WIDTHS[:2], *[WIDTHS[2]] * (len(self.residences) + 3)]
        return min(100, int(100 * _PAGE / (0.75 * sum(7 * width + 5 for width in columns))))

    @property
    def height(self) -> int:
        """Rows from the title of one matrix to the title of the next."""
        return HEIGHT + len(self.payers) + 4

    def cell(self, top: int, payer: str, residence: str) -> tuple[int, int]:
        """Row and column (from 0) of an amount in the matrix whose title stands in row ``top``; own residents: their column."""
        column = len(self.residences) + 3 if payer == residence else 2 + self.residences.index(residence)
        return top + HEIGHT + self.payers.index(payer), column

    def write(self, top: int, title: str, amounts: Amounts, formula: Callable[[str, str], str] | None, *, signed: bool = False) -> None:
        """Write a matrix of numbers, or of formulas with the amounts as their values."""
        sheet, n = self.sheet, len(self.residences)
        self._head(top, title)
        money, own_money = (unit.style(signed=signed) for unit in (self.unit, self.own_unit))
        last = xl_col_to_name(n + 1)
        for payer in self.payers:
            row = self.cell(top, payer, payer)[0]
            sheet.text(row, 0, payer)
            sheet.text(row, 1, self.names.get(payer, payer))
            for residence in self.residences:
                at = self.cell(top, payer, residence)
                value, style = amounts[payer, residence], own_money if payer == residence else money
                if formula is None:
                    sheet.number(*at, value, style)
                else:
                    sheet.formula(*at, formula(payer, residence), value, style)
                if payer == residence:
                    sheet.text(row, 2 + self.residences.index(residence), _(_OWN), "absent")
            abroad = math.fsum(amounts[payer, r] for r in self.residences if r != payer)
            sheet.formula(row, n + 2, f"=SUM(C{row + 1}:{last}{row + 1})", abroad, money.replace("number", "sum"))
            own = amounts.get((payer, payer), 0.0)
            both = f"={xl_col_to_name(n + 2)}{row + 1}+{xl_col_to_name(n + 3)}{row + 1}"
            sheet.formula(row, n + 4, both, abroad + own, own_money.replace("number", "sum"))
        self._below(top, amounts, money)

    def _head(self, top: int, title: str) -> None:
        """Title, codes (which formulas read), names and units."""
        sheet = self.sheet
        sheet.text(top, 0, title, "label")
        for j, text in enumerate((_("Code"), _("Scheme of"))):
            sheet.text(top + 1, j, text, "header")
            sheet.text(top + 2, j, "", "unit")
        for j, residence in enumerate(self.residences, 2):
            sheet.text(top + 1, j, residence, "header_right")
            sheet.text(top + 2, j, self.names.get(residence, ""), "unit_right")
        heads = ((_("Paid abroad"), self.unit), (_("Own residents"), self.own_unit), (_("All residents"), self.own_unit))
        for j, (heading, unit) in enumerate(heads, len(self.residences) + 2):
            sheet.text(top + 1, j, heading, "header_right")
            sheet.text(top + 2, j, unit.shown, "unit_right")

    def _below(self, top: int, amounts: Amounts, money: str) -> None:
        """What each country receives from abroad, and its balance."""
        sheet, n = self.sheet, len(self.residences)
        first = top + HEIGHT
        row = first + len(self.payers)
        for r, label in ((row, _("Received from abroad")), (row + 1, _("Received less paid abroad"))):
            sheet.text(r, 0, "", "total_text")
            sheet.text(r, 1, label, "total_text")
            for c in range(2, n + 5):
                sheet.text(r, c, "", "total_text")
        received = {r: math.fsum(amounts[p, r] for p in self.payers if p != r) for r in self.residences}
        total = money.replace("number", "total")
        for c, residence in enumerate(self.residences, 2):
            letter = xl_col_to_name(c)
            sheet.formula(row, c, f"=SUM({letter}{first + 1}:{letter}{row})", received[residence], total)
            if residence not in self.payers:
                sheet.text(row + 1, c, "–", "absent")
                continue
            paid = math.fsum(amounts[residence, r] for r in self.residences if r != residence)
            own_row = self.cell(top, residence, residence)[0]
            cell = f"{xl_col_to_name(n + 2)}{own_row + 1}"
            sheet.formula(row + 1, c, f"={letter}{row + 1}-{cell}", received[residence] - paid, total)
        abroad = xl_col_to_name(n + 2)
        sheet.formula(row, n + 2, f"=SUM({abroad}{first + 1}:{abroad}{row})", math.fsum(received.values()), total)
