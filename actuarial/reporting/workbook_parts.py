"""Sheets on past periods against future ones, and on the branches beside pensions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames
from actuarial.reporting.language import _, data_text, marked, phrase
from actuarial.reporting.workbook_checks import Tested, gap_of
from actuarial.reporting.workbook_corridors import key_columns, keyed
from actuarial.reporting.workbook_discounted import ByYear
from actuarial.reporting.workbook_formula import literal
from actuarial.reporting.workbook_look import PERCENT, money_unit
from actuarial.reporting.workbook_sheets import FIRST_ROW, Book, Column
from actuarial.reporting.workbook_tabs import on, tab
from actuarial.reporting.workbook_words import ACCOUNT_NOTE, OTHER_BRANCHES, PAYERS, word

MIXED: Final = marked("opposite signs")
_RATE: Final = f"number|{PERCENT}"


def past_sheet(book: Book, scheme: SchemeResult, names: Mapping[str, str]) -> list[Tested]:
    """Write the net cost of periods before the projection and of those to come; return what must hold."""
    frame, account = keyed(scheme.past, names), scheme.kind == frames.ACCOUNT
    frame = frame.assign(total=frame["pv_past"] + frame["pv_future"])
    frame = frame.assign(share=[_share(float(p), float(f)) for p, f in zip(frame["pv_past"], frame["pv_future"], strict=True)])
    unit = money_unit(float(frame[["pv_past", "pv_future", "total"]].abs().sum().max()) if len(frame) else 0.0, scheme.currency, 6)
    share = f'=IF({{pv_past}}*{{pv_future}}<0,{literal(_(MIXED))},IF({{total}}=0,0,{{pv_past}}/{{total}}))'
    columns = [
        *key_columns(),
        Column("pv_past", _("Periods before the projection"), unit.style(), 18, unit.shown),
        Column("pv_future", _("Periods to come"), unit.style(), 18, unit.shown),
        Column("total", _("Payouts put off") if account else _("Net cost without administration"), unit.style("sum"), 18, unit.shown,
               "={pv_past}+{pv_future}"),
        Column("share", _("Share of past periods"), 'number|0.0%;-0.0%;"–"', 16, _("of present value") if account else _("of net cost"), share),
    ]  # fmt: skip
    note = _("Present value at the valuation date. Rights that need a past and a coming period are counted with the coming ones")
    title = _("Payouts put off by past and by future periods") if account else _("Net cost of past and of future periods")
    sheet = book.sheet("PastFuture", title, _(ACCOUNT_NOTE) if account else note, "result", tall=1)
    first, after = sheet.table(frame, columns, freeze=4)
    sheet.totals(frame, columns, ["pv_past", "pv_future", "total"], first, after)
    if frame.empty:
        return []
    return [Tested(_("Past and future periods and administration sum to the net cost"),
                   gap_of(f"({on('PastFuture')}G{after + 1}+Coordination_cost)", "Net_cost"))]  # fmt: skip


def _share(past: float, future: float) -> float | str:
    if past * future < 0:
        return _(MIXED)
    return past / (past + future) if past + future else 0.0


def borne_cell(scheme: SchemeResult) -> str:
    """Cell of the sheet Branches with the net cost of branches beside pensions that the scheme bears itself; ``0`` without such branches."""
    accounts = len(scheme.branches.groupby(["branch", "payer"]))
    return f"{on('Branches')}$F${FIRST_ROW + accounts + 3}" if accounts else "0"


def branch_sheets(book: Book, scheme: SchemeResult, place: ByYear | None, names: Mapping[str, str]) -> list[Tested]:
    """Write Branches and BranchCauses; return what must hold.

    They read the sheet BranchYears, which holds one block of years per branch and payer, in the order of the summary. Raises
    ``ValueError`` for an account that does not hold every year.
    """
    years = _with_keys(scheme.branches)
    accounts = list(dict.fromkeys(zip(years["branch"], years["payer"], strict=True)))
    horizon = len(place.amounts["year"]) if place else 0
    if place and any(list(g["year"]) != list(place.amounts["year"]) for _key, g in years.groupby(["branch", "payer"], sort=False)):
        raise ValueError(f"{scheme.country}: every branch account must hold every year once")
    causes = _with_keys(scheme.branch_causes)
    discount = place.amounts["middle"] if place else np.zeros(0)
    rows = []
    for branch, payer in accounts:
        own = years[(years["branch"] == branch) & (years["payer"] == payer)]
        part = causes[(causes["branch"] == branch) & (causes["payer"] == payer)]
        without, with_ = (math.fsum(own[f"benefits_{case}"].to_numpy(float) * discount) for case in ("without", "with"))
        rows.append({"branch": branch, "payer": payer, "levy": math.fsum(own["levy"].to_numpy(float) * discount), "without": without,
                     "with": with_, "difference": with_ - without, "causes": math.fsum(part["pv"])})  # fmt: skip
    summary = pd.DataFrame(rows, columns=["branch", "payer", "levy", "without", "with", "difference", "causes"])
    tested = _summary(book, scheme, summary, place, len(causes), horizon)
    _causes(book, scheme, causes, names)
    return tested


def _with_keys(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(branch=[word(OTHER_BRANCHES, str(b)) for b in frame["branch"]], payer=[word(PAYERS, str(p)) for p in frame["payer"]])


def _summary(
    book: Book, scheme: SchemeResult, frame: pd.DataFrame, place: ByYear | None, causes: int, horizon: int
) -> list[Tested]:
    unit = money_unit(float(frame[["levy", "without", "with"]].abs().sum().max()) if len(frame) else 0.0, scheme.currency, 6)
    small = money_unit(float(frame[["difference", "causes"]].abs().sum().max()) if len(frame) else 0.0, scheme.currency, 6)
    columns = [
        Column("branch", _("Branch"), "text", 26),
        Column("payer", _("Who pays"), "text", 11),
        Column("levy", _("Contributions of the branch"), unit.style(), 20, unit.shown),
        Column("without", _("Benefits without the instrument"), unit.style(), 20, unit.shown),
        Column("with", _("Benefits with the instrument"), unit.style(), 20, unit.shown),
        Column("difference", _("Net cost"), small.style("sum"), 17, small.shown, "={with}-{without}"),
        Column("causes", phrase("Net cost by partner and cause ({sheet})", sheet=tab("BranchCauses")), small.style(), 17, small.shown),
    ]
    note = phrase(
        "Present values at the valuation date, of every account beside pensions; amounts by year in the sheet {sheet}", sheet=tab("BranchYears")
    )
    sheet = book.sheet("Branches", _("Branches beside pensions"), note, "result", tall=1)
    first, after = sheet.table(frame, columns, freeze=2, filtered=False)
    for i, line in enumerate(frame.to_dict("records")):
        row, start = first + i, FIRST_ROW + i * horizon
        if place is None:
            continue
        for c, letter, name in ((2, "F", "levy"), (3, "H", "without"), (4, "I", "with")):
            span = f"{on('BranchYears')}{letter}{start + 1}:{letter}{start + horizon}"
            sheet.formula(row, c, f"=SUMPRODUCT({place.span('middle')},{span})", float(line[name]), unit.style())
        last = FIRST_ROW + max(causes, 1)
        of = [f"{on('BranchCauses')}{c}{FIRST_ROW + 1}:{c}{last}" for c in "FAB"]
        sheet.formula(row, 6, f"=SUMIFS({of[0]},{of[1]},A{row + 1},{of[2]},B{row + 1})", float(line["causes"]), small.style())
    sheet.totals(frame, columns, [c.name for c in columns if not c.is_text], first, after)
    own = _(PAYERS["scheme"])
    borne = math.fsum(frame.loc[frame["payer"] == own, "difference"])
    row = after + 2
    if len(frame):
        sheet.text(row, 0, _("Borne by the scheme itself"), "label")
        sheet.formula(row, 5, f"=SUMIF(B{first + 1}:B{after},{literal(own)},F{first + 1}:F{after})", borne, small.style("sum"))
        row += 2
    sheet.text(row, 0, _("Not computed, and why"), "label")
    missing = {word(OTHER_BRANCHES, name): data_text(str(reason)) for name, reason in scheme.branches_missing.items()}
    nothing = _("Nothing is left out") if len(frame) else _("The country has no scheme that collects contributions")
    for r, (name, reason) in enumerate((missing or {"–": nothing}).items(), row + 1):
        sheet.text(r, 0, name)
        sheet.text(r, 1, reason)
    spans = [f"{on('Branches')}{c}{first + 1}:{c}{after}" for c in "FG"]
    found = Tested(_("The net cost of every branch beside pensions is that of its partners and causes"),
                   f"=SQRT(SUMXMY2({spans[0]},{spans[1]}))/MAX(1,{on('Branches')}D{after + 1})")  # fmt: skip
    return [found] if len(frame) else []


def _causes(book: Book, scheme: SchemeResult, frame: pd.DataFrame, names: Mapping[str, str]) -> None:
    unit = money_unit(float(frame["pv"].abs().sum()) if len(frame) else 0.0, scheme.currency, 6)
    columns = [
        Column("branch", _("Branch"), "text", 22),
        Column("payer", _("Who pays"), "text", 11),
        Column("partner", _("Other country"), "text", 32),
        Column("role", _("This country is"), "text", 12),
        Column("cause", _("Cause"), "text", 26),
        Column("pv", _("Net cost, present value"), unit.style(), 18, unit.shown),
    ]
    note = _("With minus without the instrument; causes of the branches beside pensions that come to anything")
    sheet = book.sheet("BranchCauses", _("Branches beside pensions by partner and cause"), note, "data", upright=True)
    shown = keyed(frame.assign(cause=[data_text(str(c).replace("_", " ").capitalize()) for c in frame["cause"]]), names)
    first, after = sheet.table(shown, columns, freeze=2)
    sheet.totals(shown, columns, ["pv"], first, after)


def branch_years(book: Book, scheme: SchemeResult) -> None:
    """Write the accounts of the branches beside pensions by year."""
    frame = _with_keys(scheme.branches)
    amounts = ["levy", "benefits_without", "benefits_with", "earnings"]
    unit = money_unit(float(frame[amounts].abs().max().max()) if len(frame) else 0.0, scheme.currency)
    difference = (frame["benefits_with"] - frame["benefits_without"]).astype(float)
    small = money_unit(float(difference.abs().max()) if len(frame) else 0.0, scheme.currency)
    rates = {
        case: [float(b) / float(e) if e else 0.0 for b, e in zip(frame[f"benefits_{case}"], frame["earnings"], strict=True)]
        for case in ("without", "with")
    }
    columns = [
        Column("branch", _("Branch"), "text", 20),
        Column("payer", _("Who pays"), "text", 11),
        Column("year", _("Year"), "year", 6),
        Column("insured", _("Insured"), width=13, unit=_("persons")),
        Column("cases", _("Cases"), width=12, unit=_("a year")),
        Column("levy", _("Contributions of the branch"), unit.style(), 15, unit.shown),
        Column("earnings", _("Earnings"), unit.style(), 15, unit.shown),
        Column("benefits_without", _("Benefits without"), unit.style(), 15, unit.shown),
        Column("benefits_with", _("Benefits with"), unit.style(), 15, unit.shown),
        Column("difference", _("Difference"), small.style(), 15, small.shown, "={benefits_with}-{benefits_without}"),
        Column("without", _("Cost without"), _RATE, 11, _("of earnings"), "=IF({earnings}=0,0,{benefits_without}/{earnings})"),
        Column("with", _("Cost with"), _RATE, 11, _("of earnings"), "=IF({earnings}=0,0,{benefits_with}/{earnings})"),
    ]
    note = phrase("Accounts of the branches beside pensions, nominal {currency} a year; computed by the study", currency=scheme.currency)
    sheet = book.sheet("BranchYears", _("Branches beside pensions by year"), note, "data", upright=True)
    first, after = sheet.table(frame.assign(difference=difference, **rates), columns, freeze=3)
    sheet.five_years(first, after, len(columns), "C")
    new = frame[["branch", "payer"]].ne(frame[["branch", "payer"]].shift()).any(axis=1)
    sheet.pages("", (), 3, [first + i for i, starts in enumerate(new) if starts and i])
