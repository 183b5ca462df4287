"""Sheets on the price of every legal step: of one scheme, by corridor, and of all schemes side by side.

1. The rungs sum to the net cost of the pension scheme and of the branches beside pensions that the scheme bears.
2. What the steps of an account scheme sum to is no net cost but payouts put off and administration; it is in no sum over schemes.
3. Shapley values share the same total out without an order; what they differ from the rungs by is the order's doing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from actuarial.feasibility.result import LADDER_YEARS, SchemeResult, StudyResult
from actuarial.reporting import frames
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.workbook_checks import Tested, gap_of
from actuarial.reporting.workbook_corridors import key_columns, keyed
from actuarial.reporting.workbook_discounted import ByYear
from actuarial.reporting.workbook_live import yearly_column
from actuarial.reporting.workbook_look import decimals_needed, money_unit
from actuarial.reporting.workbook_sheets import HEADER_ROW, NOTHING, Book, Column, Sheet
from actuarial.reporting.workbook_tabs import on, tab
from actuarial.reporting.workbook_words import ACCOUNT_NOTE, ACCOUNT_SUM

SHORT_TERM: Final = "short_term"
"""The rung of the branches beside pensions."""


def _rates(values: pd.DataFrame) -> str:
    """Style of shares of earnings: two more decimals where all of them are small."""
    top = float(values.abs().max().max()) if values.size else 0.0
    digits = "0" * min(max(decimals_needed(100 * top, 3), 3) + (2 if top < 0.001 else 0), 8)
    return f'number|0.{digits}%;-0.{digits}%;"–"'


def ladder_sheet(book: Book, scheme: SchemeResult, place: ByYear | None, branches: str, source: int) -> list[Tested]:
    """Write the rungs of one scheme; return what must hold.

    ``branches``: cell with the net cost of the branches beside pensions; ``source``: first row (from 1) of the case without
    on the sheet Yearly.
    """
    frame = scheme.ladder
    payg = [f"payg_{year}" for year in LADDER_YEARS]
    unit = money_unit(float(frame[["pv", "shapley_pv"]].abs().sum().max()) if len(frame) else 0.0, scheme.currency, 6)
    money, rate = unit.style(), _rates(frame[["share_of_earnings", "shapley_share", *payg]].astype(float))
    columns = [
        Column("title", _("Legal step"), "text", 34),
        Column("pv", _("Present value of the step"), money, 16, unit.shown),
        Column("share_of_earnings", _("Share of insurable earnings"), rate, 15, _("present values")),
        *(Column(name, phrase("Cost in {year}", year=str(year)), rate, 14, _("of earnings")) for name, year in zip(payg, LADDER_YEARS, strict=True)),
        Column("shapley_pv", _("Shapley value"), money, 16, unit.shown),
        Column("shapley_share", _("Shapley value, share"), rate, 15, _("present values")),
        Column("order", _("Due to the order of the steps"), unit.style(signed=True), 18, unit.shown, "=ROUND({pv}-{shapley_pv},2)"),
    ]
    account = scheme.kind == frames.ACCOUNT
    note = (
        _(ACCOUNT_NOTE) if account
        else _("Each step is priced on those above it, on the same people. Shapley values average its price over all orders (Shapley 1953)")
    )  # fmt: skip
    sheet = book.sheet("Ladder", _("The price of every legal step"), note, "result", tall=1)
    shown = frame.assign(title=[data_text(str(t)) for t in frame["title"]], order=(frame["pv"] - frame["shapley_pv"]).astype(float).round(2))
    first, after = sheet.table(shown, columns, filtered=False)
    if frame.empty or place is None:
        return []
    sheet.totals(shown, columns, [c.name for c in columns if not c.is_text and not c.formula], first, after)
    net, beside = frames.indicator(scheme, "pv_net_cost", "difference"), _borne(scheme)
    whole = _(ACCOUNT_SUM) if account else phrase("Net cost of pensions ({indicators})", indicators=tab("Indicators"))
    for row, label, formula, value in (
        (after + 2, whole, "=Net_cost", net),
        (after + 3, phrase("Branches beside pensions ({branches})", branches=tab("Branches")), f"={branches}", beside),
        (after + 4, _("Together"), f"=B{after + 3}+B{after + 4}", net + beside),
    ):
        sheet.text(row, 0, label, "label")
        sheet.formula(row, 1, formula, value, unit.style("sum"))
    apart = [i for i, name in enumerate(frame["rung"]) if name == SHORT_TERM]
    gaps = []
    for name, year in zip(payg, LADDER_YEARS, strict=True):
        i = year - int(place.amounts["year"][0])
        letter = sheet.letter(columns, name)
        pensions = f"{letter}{after + 1}" + "".join(f"-{on('Ladder')}{letter}{first + 1 + k}" for k in apart)
        earnings, cost = (f"{on('Yearly')}{yearly_column('insurable_earnings')}{source + i}", place.span("net").split(":")[0])
        cost = f"{cost.rpartition('$')[0]}${place.first + 1 + i}"
        spent = f"{place.span('expenditure').split(':')[0].rpartition('$')[0]}${place.first + 1 + i}"
        gaps.append(f"ABS(({on('Ladder')}{pensions})*{earnings}-{cost})/MAX(1,{spent})")
    here = on("Ladder")
    return [
        Tested(_("The steps sum to the net cost, branches beside pensions included"), gap_of(f"{here}B{after + 1}", f"{here}B{after + 5}")),
        Tested(_("Shapley values sum to the same"), gap_of(f"{here}{sheet.letter(columns, 'shapley_pv')}{after + 1}", f"{here}B{after + 5}")),
        Tested(phrase("The steps of the years {years} sum to the net cost of pensions of those years, branches apart",
                      years=", ".join(map(str, LADDER_YEARS))),
               f"=MAX({','.join(gaps)})"),
    ]  # fmt: skip


def _borne(scheme: SchemeResult) -> float:
    """Net cost of the branches beside pensions that the scheme bears itself."""
    rows = scheme.branch_causes
    return math.fsum(rows.loc[rows["payer"] == "scheme", "pv"]) if len(rows) else 0.0


def ladder_corridors_sheet(book: Book, scheme: SchemeResult, names: Mapping[str, str]) -> list[Tested]:
    """Write the price of every step by corridor and sex; return what must hold."""
    keys = ["origin", "host", "role", "sex"]
    titles = dict(zip(scheme.ladder["rung"], scheme.ladder["title"], strict=True))
    rungs = list(titles)
    wide = pd.DataFrame(columns=[*keys, *rungs, "total"])
    if rungs and len(scheme.ladder_corridors):
        wide = scheme.ladder_corridors.pivot_table(index=keys, columns="rung", values="pv", aggfunc="sum", sort=False)[rungs].reset_index()
        wide = wide.assign(total=wide[rungs].sum(axis=1))
    unit = money_unit(float(wide[[*rungs, "total"]].abs().sum().max()) if len(wide) else 0.0, scheme.currency, 6)
    columns = [
        *key_columns(),
        *(Column(n, data_text(str(titles[n])), unit.style(), 14, unit.shown) for n in rungs),
        Column("total", _("All steps"), unit.style("sum"), 15, unit.shown, f"={'+'.join(f'{{{n}}}' for n in rungs)}"),
    ]
    note = phrase("Present value at the valuation date, {unit}; branches beside pensions shared out by the insured of the corridor", unit=unit.words)
    sheet = book.sheet("LadderCorridors", _("The price of every legal step by origin, host and sex"), note, "result", tall=1)
    frame = keyed(wide, names)
    first, after = sheet.table(frame, columns, freeze=4)
    sheet.totals(frame, columns, [*rungs, "total"], first, after)
    if frame.empty:
        return []
    gaps = [f"ABS({on('LadderCorridors')}{sheet.letter(columns, n)}{after + 1}-{on('Ladder')}B{HEADER_ROW + 3 + i})" for i, n in enumerate(rungs)]
    return [Tested(_("The corridors of every step sum to the step"), f"=MAX({','.join(gaps)})/MAX(1,Cost_scale)")]


def region_ladder(book: Book, study: StudyResult) -> list[Tested]:
    """Write the steps of all schemes side by side, US dollars and shares of earnings; return what must hold."""
    schemes = [s for s in study.schemes.values() if len(s.ladder) and s.kind != frames.ACCOUNT]
    accounts = [s for s in study.schemes.values() if len(s.ladder) and s.kind == frames.ACCOUNT]
    note = _(
        "Each step is priced on those above it. US dollars of the valuation date; accounts stand apart, schemes that collect nothing are left out"
    )
    sheet = book.sheet("Ladder", _("The price of every legal step, by scheme"), note, "result", tall=1)
    priced = [*schemes, *accounts]
    titles = dict(zip(priced[0].ladder["rung"], priced[0].ladder["title"], strict=True)) if priced else {}
    sheet.raw.set_column(0, 0, 8)
    sheet.raw.set_column(1, 1, 30)
    sheet.raw.set_column(2, len(titles) + 3, 15)
    sheet.raw.freeze_panes(HEADER_ROW, 2)
    if not priced:
        sheet.text(HEADER_ROW, 0, _(NOTHING), "subtitle")
        return []
    dollars = {
        name: {s.country: dict(zip(titles, (s.ladder[name] / s.exchange_rate_usd).astype(float), strict=True)) for s in priced}
        for name in ("pv", "shapley_pv")
    }
    unit = money_unit(max(math.fsum(map(abs, line.values())) for values in dollars.values() for line in values.values()), "USD", 6)
    nets = {s.country: (frames.indicator(s, "pv_net_cost", "difference") + _borne(s)) / s.exchange_rate_usd for s in priced}
    row, starts = HEADER_ROW, []
    if schemes:
        shares = pd.concat([s.ladder[["share_of_earnings"]] for s in schemes]).astype(float)
        block = _Block(sheet, titles, schemes, _("Net cost of the study"))
        row = block.write(row, phrase("Present value, {unit}", unit=unit.shown), dollars["pv"], unit.style(), nets)
        row = block.write(row, _("Share of insurable earnings, present values"),
                          {s.country: dict(zip(titles, s.ladder["share_of_earnings"], strict=True)) for s in schemes}, _rates(shares))  # fmt: skip
        fair = phrase("Shapley value, {unit}: the price of a step averaged over all orders", unit=unit.shown)
        row = block.write(row, fair, dollars["shapley_pv"], unit.style(), nets)
        sums = (
            _("The steps of every scheme sum to its net cost, branches beside pensions included"),
            _("The Shapley values of every scheme sum to its net cost, branches beside pensions included"),
        )
        starts = [(start, what, len(schemes)) for start, what in zip(block.money, sums, strict=True)]
    if accounts:
        block = _Block(sheet, titles, accounts, _(ACCOUNT_SUM))
        title = phrase("Accounts: payouts put off and administration, {unit}; no saving", unit=unit.shown)
        block.write(row, title, dollars["pv"], unit.style(), nets)
        starts.append((block.money[0], _("The steps of accounts sum to payouts put off and administration"), len(accounts)))
    total, study_net = (xl_col_to_name(len(titles) + c) for c in (2, 3))
    tested = []
    for start, what, count in starts:
        spans = [f"{on('Ladder')}{c}{start + 1}:{c}{start + count}" for c in (total, study_net)]
        tested.append(Tested(what, f"=SQRT(SUMXMY2({spans[0]},{spans[1]})/MAX(1,SUMSQ({spans[1]})))"))
    return tested


class _Block:
    """Blocks of the region's ladder: one line per scheme, one column per step."""

    def __init__(self, sheet: Sheet, titles: Mapping[str, str], schemes: list[SchemeResult], sum_of_study: str) -> None:
        self.sheet, self.titles, self.schemes, self.sum_of_study = sheet, titles, schemes, sum_of_study
        self.money: list[int] = []
        """First rows of the blocks that are compared with the study's net cost."""

    def write(
        self, row: int, title: str, values: Mapping[str, Mapping[str, float]], style: str, nets: Mapping[str, float] | None = None
    ) -> int:
        """Write a block from ``row`` on and return the row of the next; with ``nets`` a line of sums and what the study has for them."""
        sheet, last = self.sheet, len(self.titles) + 2
        sheet.text(row, 0, title, "label")
        heads = [_("Code"), _("Scheme of"), *map(data_text, self.titles.values()), _("All steps"), *([self.sum_of_study] if nets else [])]
        for c, text in enumerate(heads):
            sheet.text(row + 1, c, text, "header_right" if c > 1 else "header")
        sheet.raw.set_row(row + 1, 42)
        first = row + 2
        left, right = "C", xl_col_to_name(last - 1)
        for r, scheme in enumerate(self.schemes, first):
            sheet.text(r, 0, scheme.country)
            sheet.text(r, 1, data_text(scheme.country_name))
            line = [float(values[scheme.country][n]) for n in self.titles]
            for c, value in enumerate(line, 2):
                sheet.number(r, c, value, style)
            sheet.formula(r, last, f"=SUM({left}{r + 1}:{right}{r + 1})", math.fsum(line), style.replace("number", "sum"))
            if nets:
                sheet.number(r, last + 1, nets[scheme.country], style)
        after = first + len(self.schemes)
        if nets:
            self.money.append(first)
            sheet.text(after, 0, _("Total"), "total_text")
            sheet.text(after, 1, "", "total_text")
            columns = [[float(values[s.country][n]) for s in self.schemes] for n in self.titles]
            columns += [[math.fsum(values[s.country].values()) for s in self.schemes], [nets[s.country] for s in self.schemes]]
            for c, column in enumerate(columns, 2):
                letter = xl_col_to_name(c)
                sheet.formula(after, c, f"=SUM({letter}{first + 1}:{letter}{after})", math.fsum(column), style.replace("number", "total"))
        return after + (3 if nets else 2)
