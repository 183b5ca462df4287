"""The sheet Causes: what the net cost of the pension scheme comes from, by branch, cause and sex.

Present values, and the amounts of the year typed into the yellow cell; both are read from the sheet ``CausesByYear``.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames
from actuarial.reporting.language import _, marked, phrase
from actuarial.reporting.workbook_checks import Tested, gap_of
from actuarial.reporting.workbook_discounted import ByYear
from actuarial.reporting.workbook_look import money_unit
from actuarial.reporting.workbook_sheets import HEADER_ROW, Book, Column, Sheet
from actuarial.reporting.workbook_tabs import on, tab
from actuarial.reporting.workbook_words import ACCOUNT_NOTE, ACCOUNT_SUM, BRANCHES, CAUSES, word
from actuarial.reporting.workbook_words import CAUSE_SEXES as SEXES

SHOWN_YEAR: Final = 2050
"""Year that sheets with a choice of the year show until the reader types another."""
_PRESENT_HEADS: Final = {
    "male": marked("Present value, men"),
    "female": marked("Present value, women"),
    "": marked("Present value, not by sex"),
}
_YEAR_HEADS: Final = {
    "male": marked("In the year above, men"),
    "female": marked("In the year above, women"),
    "": marked("In the year above, not by sex"),
}
_TOTALS: Final = {
    "old_age": marked("Old age, total"),
    "invalidity": marked("Invalidity, total"),
    "survivors": marked("Survivors, total"),
    "administration": marked("Administration, total"),
}
_SHARE: Final = 'number|0.0%;-0.0%;"–"'
_PRESENT, _TOTAL, _SHARE_AT, _YEAR, _LAST = 2, 5, 6, 7, 10
"""Columns: first present value, their total, its share, first amount of the year, their total."""


def choose_year(book: Book, sheet: Sheet, name: str, cell: str, years: list[int]) -> int:
    """Write the yellow cell for the year, named ``cell``, at the top of the sheet ``name``; return the year that it shows."""
    shown = SHOWN_YEAR if SHOWN_YEAR in years else years[-1]
    sheet.text(HEADER_ROW, 0, _("Year"), "label")
    sheet.number(HEADER_ROW, 1, shown, "input|0")
    sheet.text(HEADER_ROW, 2, phrase("Change it: {first} to {last}", first=str(years[0]), last=str(years[-1])))
    sheet.raw.set_row(HEADER_ROW, 18)
    limits = {"validate": "integer", "criteria": "between", "minimum": years[0], "maximum": years[-1]}
    sheet.raw.data_validation(HEADER_ROW, 1, HEADER_ROW, 1, limits)
    book.name(cell, name, HEADER_ROW, 1)
    return shown


class _Lines:
    """Lines of the sheet with their values, so that every formula is written with what it makes."""

    def __init__(self, sheet: Sheet, place: ByYear, shown: int, styles: tuple[str, str]) -> None:
        self.sheet, self.place, self.styles = sheet, place, styles
        self.at = int((place.amounts["year"] == shown).argmax())
        self.values: dict[int, list[float]] = {}

    def cause(self, row: int, pair: str) -> None:
        """One branch and cause."""
        line: list[float] = []
        for start, style in zip((_PRESENT, _YEAR), self.styles, strict=True):
            found = []
            for c, sex in enumerate(SEXES, start):
                name = f"{pair}|{sex}"
                if name not in self.place.amounts:
                    found.append(0.0)
                    self.sheet.number(row, c, 0.0, style)
                    continue
                present = start == _PRESENT
                year = f"=SUMIFS({self.place.span(name)},{self.place.span('year')},Cause_year)"
                found.append(self.place.present(name) if present else float(self.place.amounts[name][self.at]))
                self.sheet.formula(row, c, f"={self.place.present_cell(name)}" if present else year, found[-1], style)
            self._total(row, start, sum(found), style.replace("number", "sum"))
            line += [*found, sum(found)]
        self.values[row] = line

    def _total(self, row: int, start: int, value: float, style: str) -> None:
        ends = xl_col_to_name(start), xl_col_to_name(start + len(SEXES) - 1)
        self.sheet.formula(row, start + len(SEXES), f"=SUM({ends[0]}{row + 1}:{ends[1]}{row + 1})", value, style)

    def sums(self, row: int, label: str, rows: list[int]) -> None:
        """A line that adds up others."""
        self.sheet.text(row, 0, label, "total_text")
        self.sheet.text(row, 1, "", "total_text")
        self.values[row] = [sum(self.values[r][i] for r in rows) for i in range(2 * (len(SEXES) + 1))]
        at = [*range(_PRESENT, _TOTAL + 1), *range(_YEAR, _LAST + 1)]
        for c, value in zip(at, self.values[row], strict=True):
            letter = xl_col_to_name(c)
            style = self.styles[c >= _YEAR].replace("number", "total")
            self.sheet.formula(row, c, f"=SUM({','.join(f'{letter}{r + 1}' for r in rows)})", value, style)

    def shares(self, net: int) -> None:
        """Share of every line in the net cost, which stands in row ``net``."""
        letter = xl_col_to_name(_TOTAL)
        whole = self.values[net][len(SEXES)]
        for row, line in self.values.items():
            share = line[len(SEXES)] / whole if whole else 0.0
            formula = f"=IF(${letter}${net + 1}=0,0,{letter}{row + 1}/${letter}${net + 1})"
            self.sheet.formula(row, _SHARE_AT, formula, share, _SHARE if row != net else _SHARE.replace("number", "total"))


def causes_sheet(book: Book, scheme: SchemeResult, place: ByYear | None) -> list[Tested]:
    """Write the sheet; return what must hold."""
    account = scheme.kind == frames.ACCOUNT
    note = (
        _(ACCOUNT_NOTE) if account
        else _("With minus without the instrument, costs positive, savings negative; causes that do not occur are left out")
    )  # fmt: skip
    title = _(ACCOUNT_SUM) if account else _("What the net cost of the pension scheme comes from")
    sheet = book.sheet("Causes", title, note, "live", tall=1)
    names = place.causes if place else []
    present = money_unit(max((abs(place.present(n)) for n in names), default=0.0) if place else 0.0, scheme.currency, 6)
    yearly = money_unit(max((float(abs(place.amounts[n]).max()) for n in names), default=0.0) if place else 0.0, scheme.currency, 6)
    columns = (
        Column("branch", _("Branch"), "text", 24),
        Column("cause", _("Cause"), "text", 42),
        *(Column(f"pv {sex}", _(heading), present.style(), 14, present.shown) for sex, heading in _PRESENT_HEADS.items()),
        Column("pv", _("Present value, together"), present.style("sum"), 14, present.shown),
        Column("share", _("Share of the sum") if account else _("Share of the net cost"), _SHARE, 14, _("of present value")),
        *(Column(f"year {sex}", _(heading), yearly.style(), 14, yearly.shown) for sex, heading in _YEAR_HEADS.items()),
        Column("year", _("In the year above, together"), yearly.style("sum"), 14, yearly.shown),
    )
    if place is None or not names:
        sheet.table(pd.DataFrame(columns=[c.name for c in columns]), columns, freeze=2)
        return []
    shown = choose_year(book, sheet, "Causes", "Cause_year", [int(y) for y in place.amounts["year"]])
    row = sheet.headings(columns, HEADER_ROW + 2, 2)
    lines, subtotals = _Lines(sheet, place, shown, (present.style(), yearly.style())), []
    pairs = list(dict.fromkeys(n.rpartition("|")[0] for n in names))
    for branch in dict.fromkeys(p.partition("|")[0] for p in pairs):
        own = [p for p in pairs if p.partition("|")[0] == branch]
        start = row
        for pair in own:
            sheet.text(row, 0, word(BRANCHES, branch))
            sheet.text(row, 1, word(CAUSES, pair.partition("|")[2]))
            lines.cause(row, pair)
            row += 1
        total = _(_TOTALS[branch]) if branch in _TOTALS else phrase("{branch}, total", branch=word(BRANCHES, branch))
        lines.sums(row, total, list(range(start, row)))
        subtotals.append(row)
        row += 1
    lines.sums(row, _(ACCOUNT_SUM) if account else _("Net cost"), subtotals)
    lines.shares(row)
    of_study = (
        phrase("{what} (sheet {sheet})", what=_(ACCOUNT_SUM), sheet=tab("Indicators")) if account
        else phrase("Net cost of the study (sheet {indicators})", indicators=tab("Indicators"))
    )  # fmt: skip
    sheet.text(row + 2, 0, of_study, "label")
    sheet.formula(row + 2, _TOTAL, "=Net_cost", frames.indicator(scheme, "pv_net_cost", "difference"), present.style("sum"))
    return [
        Tested(_("The causes sum to the net cost"), gap_of(f"{on('Causes')}{xl_col_to_name(_TOTAL)}{row + 1}", "Net_cost")),
        Tested(
            _("The causes of every year sum to that year's net cost"),
            f"=SQRT(SUMXMY2({place.span('total')},{place.span('net')})/MAX(1,SUMSQ({place.span('expenditure')})))",
        ),
    ]
