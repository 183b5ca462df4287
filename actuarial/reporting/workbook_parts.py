"""Sheets on past periods against future ones, and on the branches beside pensions."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting.workbook_checks import Tested, gap_of
from actuarial.reporting.workbook_corridors import key_columns, keyed
from actuarial.reporting.workbook_discounted import ByYear, in_words
from actuarial.reporting.workbook_look import PERCENT, money_unit
from actuarial.reporting.workbook_sheets import FIRST_ROW, Book, Column

MIXED: Final = "opposite signs"
BRANCH_NAMES: Final = {
    "employment_injury": "Employment injury",
    "family": "Family",
    "funeral": "Funeral",
    "health": "Health",
    "maternity": "Maternity",
    "sickness": "Sickness",
    "unemployment": "Unemployment",
}
_RATE: Final = f"number|{PERCENT}"


def past_sheet(book: Book, scheme: SchemeResult, names: Mapping[str, str]) -> list[Tested]:
    """Write the net cost of periods before the projection and of those to come; return what must hold."""
    frame = keyed(scheme.past, names)
    frame = frame.assign(total=frame["pv_past"] + frame["pv_future"])
    frame = frame.assign(share=[_share(float(p), float(f)) for p, f in zip(frame["pv_past"], frame["pv_future"], strict=True)])
    unit = money_unit(float(frame[["pv_past", "pv_future", "total"]].abs().sum().max()) if len(frame) else 0.0, scheme.currency, 6)
    share = f'=IF({{pv_past}}*{{pv_future}}<0,"{MIXED}",IF({{total}}=0,0,{{pv_past}}/{{total}}))'
    columns = [
        *key_columns(),
        Column("pv_past", "Periods before the projection", unit.style(), 18, unit.words),
        Column("pv_future", "Periods to come", unit.style(), 18, unit.words),
        Column("total", "Net cost without administration", unit.style("sum"), 18, unit.words, "={pv_past}+{pv_future}"),
        Column("share", "Share of past periods", 'number|0.0%;-0.0%;"–"', 16, "of net cost", share),
    ]
    note = "Present value at the valuation date. Rights that need a past and a coming period are counted with the coming ones"
    sheet = book.sheet("PastFuture", "Net cost of past and of future periods", note, "result", tall=1)
    first, after = sheet.table(frame, columns, freeze=4)
    sheet.totals(frame, columns, ["pv_past", "pv_future", "total"], first, after)
    if frame.empty:
        return []
    return [Tested("Past and future periods and administration sum to the net cost",
                   gap_of(f"(PastFuture!G{after + 1}+Coordination_cost)", "Net_cost"))]  # fmt: skip


def _share(past: float, future: float) -> float | str:
    if past * future < 0:
        return MIXED
    return past / (past + future) if past + future else 0.0


def borne_cell(scheme: SchemeResult) -> str:
    """Cell of the sheet Branches with the net cost of branches beside pensions that the scheme bears itself; ``0`` without such branches."""
    accounts = len(scheme.branches.groupby(["branch", "payer"]))
    return f"Branches!$F${FIRST_ROW + accounts + 3}" if accounts else "0"


def branch_sheets(book: Book, scheme: SchemeResult, place: ByYear | None, names: Mapping[str, str]) -> list[Tested]:
    """Write Branches and BranchCauses; return what must hold.

    They read the sheet BranchYears, which holds one block of years per branch and payer, in the order of the summary. Raises
    ``ValueError`` for an account that does not hold every year.
    """
    years = _with_keys(scheme.branches)
    accounts = list(dict.fromkeys(zip(years["branch"], years["payer"], strict=True)))
    horizon = len(place.amounts["year"]) if place else 0
    if place and any(list(g["year"]) != list(place.amounts["year"]) for _, g in years.groupby(["branch", "payer"], sort=False)):
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
    return frame.assign(branch=[in_words(str(b), BRANCH_NAMES) for b in frame["branch"]], payer=frame["payer"].astype(str))


def _summary(
    book: Book, scheme: SchemeResult, frame: pd.DataFrame, place: ByYear | None, causes: int, horizon: int
) -> list[Tested]:
    unit = money_unit(float(frame[["levy", "without", "with"]].abs().sum().max()) if len(frame) else 0.0, scheme.currency, 6)
    small = money_unit(float(frame[["difference", "causes"]].abs().sum().max()) if len(frame) else 0.0, scheme.currency, 6)
    columns = [
        Column("branch", "Branch", "text", 26),
        Column("payer", "Who pays", "text", 11),
        Column("levy", "Contributions of the branch", unit.style(), 20, unit.words),
        Column("without", "Benefits without the instrument", unit.style(), 20, unit.words),
        Column("with", "Benefits with the instrument", unit.style(), 20, unit.words),
        Column("difference", "Net cost", small.style("sum"), 17, small.words, "={with}-{without}"),
        Column("causes", "Net cost by partner and cause (BranchCauses)", small.style(), 17, small.words),
    ]
    note = "Present values at the valuation date, of every account beside pensions; amounts by year in the sheet BranchYears"
    sheet = book.sheet("Branches", "Branches beside pensions", note, "result", tall=1)
    first, after = sheet.table(frame, columns, freeze=2, filtered=False)
    for i, line in enumerate(frame.to_dict("records")):
        row, start = first + i, FIRST_ROW + i * horizon
        if place is None:
            continue
        for c, letter, name in ((2, "F", "levy"), (3, "H", "without"), (4, "I", "with")):
            span = f"BranchYears!{letter}{start + 1}:{letter}{start + horizon}"
            sheet.formula(row, c, f"=SUMPRODUCT({place.span('middle')},{span})", float(line[name]), unit.style())
        last = FIRST_ROW + max(causes, 1)
        of = [f"BranchCauses!{c}{FIRST_ROW + 1}:{c}{last}" for c in "FAB"]
        sheet.formula(row, 6, f"=SUMIFS({of[0]},{of[1]},A{row + 1},{of[2]},B{row + 1})", float(line["causes"]), small.style())
    sheet.totals(frame, columns, [c.name for c in columns if not c.is_text], first, after)
    borne = math.fsum(frame.loc[frame["payer"] == "scheme", "difference"])
    row = after + 2
    if len(frame):
        sheet.text(row, 0, "Borne by the scheme itself", "label")
        sheet.formula(row, 5, f'=SUMIF(B{first + 1}:B{after},"scheme",F{first + 1}:F{after})', borne, small.style("sum"))
        row += 2
    sheet.text(row, 0, "Not computed, and why", "label")
    missing = scheme.branches_missing or {"": "Nothing is left out" if len(frame) else "The country has no scheme that collects contributions"}
    for r, (name, reason) in enumerate(missing.items(), row + 1):
        sheet.text(r, 0, in_words(name, BRANCH_NAMES) if name else "–")
        sheet.text(r, 1, str(reason))
    spans = [f"Branches!{c}{first + 1}:{c}{after}" for c in "FG"]
    found = Tested("The net cost of every branch beside pensions is that of its partners and causes",
                   f"=SQRT(SUMXMY2({spans[0]},{spans[1]}))/MAX(1,Branches!D{after + 1})")  # fmt: skip
    return [found] if len(frame) else []


def _causes(book: Book, scheme: SchemeResult, frame: pd.DataFrame, names: Mapping[str, str]) -> None:
    unit = money_unit(float(frame["pv"].abs().sum()) if len(frame) else 0.0, scheme.currency, 6)
    columns = [
        Column("branch", "Branch", "text", 22),
        Column("payer", "Who pays", "text", 11),
        Column("partner", "Other country", "text", 32),
        Column("role", "This country is", "text", 12),
        Column("cause", "Cause", "text", 26),
        Column("pv", "Net cost, present value", unit.style(), 18, unit.words),
    ]
    note = "With minus without the instrument; causes of the branches beside pensions that come to anything"
    sheet = book.sheet("BranchCauses", "Branches beside pensions by partner and cause", note, "data", upright=True)
    shown = keyed(frame.assign(cause=[in_words(str(c), {}) for c in frame["cause"]]), names)
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
        Column("branch", "Branch", "text", 20),
        Column("payer", "Who pays", "text", 11),
        Column("year", "Year", "year", 6),
        Column("insured", "Insured", width=13, unit="persons"),
        Column("cases", "Cases", width=12, unit="a year"),
        Column("levy", "Contributions of the branch", unit.style(), 15, unit.words),
        Column("earnings", "Earnings", unit.style(), 15, unit.words),
        Column("benefits_without", "Benefits without", unit.style(), 15, unit.words),
        Column("benefits_with", "Benefits with", unit.style(), 15, unit.words),
        Column("difference", "Difference", small.style(), 15, small.words, "={benefits_with}-{benefits_without}"),
        Column("without", "Cost without", _RATE, 11, "of earnings", "=IF({earnings}=0,0,{benefits_without}/{earnings})"),
        Column("with", "Cost with", _RATE, 11, "of earnings", "=IF({earnings}=0,0,{benefits_with}/{earnings})"),
    ]
    note = f"Accounts of the branches beside pensions, nominal {scheme.currency} a year; computed by the study"
    sheet = book.sheet("BranchYears", "Branches beside pensions by year", note, "data", upright=True)
    first, after = sheet.table(frame.assign(difference=difference, **rates), columns, freeze=3)
    sheet.five_years(first, after, len(columns), "C")
    new = frame[["branch", "payer"]].ne(frame[["branch", "payer"]].shift()).any(axis=1)
    sheet.pages("", (), 3, [first + i for i, starts in enumerate(new) if starts and i])
