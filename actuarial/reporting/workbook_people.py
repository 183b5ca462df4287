"""The sheets Adequacy and Rights: cohorts of movers, what they pay, get, lose and keep, beside people who stay."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd

from actuarial.feasibility.result import StudyResult
from actuarial.reporting.language import _, data_text, in_context, phrase
from actuarial.reporting.workbook_checks import Tested
from actuarial.reporting.workbook_formula import literal
from actuarial.reporting.workbook_look import money_unit, without_noise
from actuarial.reporting.workbook_sheets import Book, Column, Sheet
from actuarial.reporting.workbook_tabs import on
from actuarial.reporting.workbook_words import KINDS, PERSONS, ROLES, SEXES, word

_PERCENT: Final = 'number|0.0%;-0.0%;"–"'
_RATE: Final = 'number|0.00%;-0.00%;"–"'
_POINTS: Final = 'number|+0.00;-0.00;"–"'
_HEADS: Final = 'number|#,##0.00;-#,##0.00;"–"'
_DOLLARS: Final = 'number|#,##0;-#,##0;"–"'


def adequacy_sheet(book: Book, study: StudyResult, names: Mapping[str, str], country: str | None = None) -> None:
    """Write what insurance is worth to cohorts of movers, of the corridors of ``country`` or of all."""
    frame = study.adequacy
    if country and len(frame):
        frame = frame[(frame["origin"] == country) | (frame["host"] == country)]
    columns = [
        Column("origin", _("Origin"), "text", 17),
        Column("host", _("Host"), "text", 17),
        Column("sex", _("Sex"), "text", 8),
        Column("person", _("People"), "text", 28),
        Column("people", _("Number"), 'number|#,##0.0;-#,##0.0;"–"', 10, _("persons")),
        Column("pv_contributions", _("Contributions"), _DOLLARS, 13, _("USD a head")),
        Column("pv_benefits_without", _("Benefits without"), _DOLLARS, 12, _("USD a head")),
        Column("pv_benefits_with", _("Benefits with"), _DOLLARS, 12, _("USD a head")),
        Column("gain", _("Gain"), 'number|+#,##0;-#,##0;"–"', 11, _("USD a head"), "={pv_benefits_with}-{pv_benefits_without}"),
        Column("worth_without", _("Benefits per contribution, without"), _PERCENT, 14, _("share"), _over("without")),
        Column("worth_with", _("Benefits per contribution, with"), _PERCENT, 14, _("share"), _over("with")),
        Column("irr_without", _("Real return without"), _RATE, 12, _("a year")),
        Column("irr_with", _("Real return with"), _RATE, 12, _("a year")),
        Column("irr_gain", _("Change"), _POINTS, 11, _("points"), _points("irr")),
        Column("replacement_without", _("Replacement rate without"), _PERCENT, 13, _("of earnings")),
        Column("replacement_with", _("Replacement rate with"), _PERCENT, 13, _("of earnings")),
        Column("replacement_gain", _("Change"), _POINTS, 11, _("points"), _points("replacement")),
    ]  # fmt: skip
    note = _(
        "The cohort that first moves in the first year of the projection. Present values a head in US dollars of the valuation date, employer's "
        "contributions included; first pension over career earnings, averaged over everybody ever insured"
    )
    sheet = book.sheet("Adequacy", _("What insurance is worth to movers and to people who stay"), note, "result")
    if frame.empty:
        sheet.table(pd.DataFrame(columns=[c.name for c in columns]), columns, freeze=4)
        return
    paid = frame["pv_contributions"].astype(float)
    shown = _named(frame, names).assign(
        person=[word(PERSONS, str(p)) for p in frame["person"]],
        gain=frame["pv_benefits_with"] - frame["pv_benefits_without"],
        **{f"{name}_gain": [100.0 * (float(b) - float(a)) if math.isfinite(a) and math.isfinite(b) else ""
                            for a, b in zip(frame[f"{name}_without"], frame[f"{name}_with"], strict=True)] for name in ("irr", "replacement")},
        **{f"worth_{case}": [float(b) / p if p else 0.0 for b, p in zip(frame[f"pv_benefits_{case}"], paid, strict=True)]
           for case in ("without", "with")},
        **{f"irr_{case}": [_rate_or_reason(rate, reason) for rate, reason in
                           zip(frame[f"irr_{case}"], frame[f"irr_note_{case}"], strict=True)] for case in ("without", "with")},
    )  # fmt: skip
    first, after = sheet.table(shown, columns, freeze=4)
    _tint(sheet, first, after, len(columns))


def _over(case: str) -> str:
    return f"=IF({{pv_contributions}}=0,0,{{pv_benefits_{case}}}/{{pv_contributions}})"


def _points(name: str) -> str:
    without, with_ = f"{{{name}_without}}", f"{{{name}_with}}"
    return f'=IF(ISNUMBER({without})*ISNUMBER({with_})=0,"",({with_}-{without})*100)'


def _rate_or_reason(rate: float, reason: object) -> float | str:
    """A rate, or why there is none."""
    if math.isfinite(rate):
        return float(rate)
    return data_text(reason) if isinstance(reason, str) and reason else in_context("rate of return", "none")


def _named(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    places = {c: [names.get(str(v), str(v)) for v in frame[c]] for c in ("origin", "host")}
    return frame.assign(**places, sex=[word(SEXES, str(v)) for v in frame["sex"]])


def _tint(sheet: Sheet, first: int, after: int, columns: int) -> None:
    """Tint the lines of movers, which those below are compared with."""
    rule = {"type": "formula", "criteria": f"=$D{first + 1}={literal(_(PERSONS['mover']))}", "format": sheet.book.style("band")}
    sheet.raw.conditional_format(first, 0, after - 1, columns - 1, rule)


def rights_sheet(book: Book, study: StudyResult, names: Mapping[str, str], country: str | None = None) -> list[Tested]:
    """Write rights of cohorts of movers lost and kept: in the scheme of ``country``, with amounts, or in all; return what must hold."""
    frame = study.rights
    if country and len(frame):
        frame = frame[frame["role"].map({"origin": 0, "host": 1}).eq(0).to_numpy() & frame["origin"].eq(country).to_numpy()
                      | frame["role"].eq("host").to_numpy() & frame["host"].eq(country).to_numpy()]  # fmt: skip
    amounts = ["payable_amount_without", "payable_amount_with", "kept_amount"] if country else []
    currency = study.schemes[country].currency if country else ""
    unit = money_unit(float(frame[amounts].abs().sum().max()) if amounts and len(frame) else 0.0, currency, 6)
    words = unit.shown if not len(frame) or (frame["kind"] != "account").all() else phrase("{unit}, balances", unit=unit.shown)
    lost = {case: f"={{own}}-{{payable_{case}}}-{{suspended_{case}}}" for case in ("without", "with")}
    columns = [
        Column("origin", _("Origin"), "text", 17),
        Column("host", _("Host"), "text", 17),
        Column("role", _("Scheme of"), "text", 9),
        Column("sex", _("Sex"), "text", 8),
        Column("kind", _("Rights to"), "text", 10),
        Column("own", _("With own periods"), _HEADS, 11, _("persons")),
        Column("payable_without", _("Payable without"), _HEADS, 10, _("persons")),
        Column("payable_with", _("Payable with"), _HEADS, 10, _("persons")),
        Column("opened_with", _("of them opened by adding"), _HEADS, 11, _("persons")),
        Column("suspended_without", _("Suspended without"), _HEADS, 11, _("persons")),
        Column("suspended_with", _("Suspended with"), _HEADS, 11, _("persons")),
        Column("lost_without", _("Lost without"), _HEADS, 10, _("persons"), lost["without"]),
        Column("lost_with", _("Lost with"), _HEADS, 10, _("persons"), lost["with"]),
        Column("kept", _("Kept thanks to it"), _HEADS, 11, _("persons"), "=ROUND({lost_without}-{lost_with},9)"),
        Column("share", _("Kept of those lost"), _PERCENT, 11, _("share"), "=IF({lost_without}=0,0,{kept}/{lost_without})"),
        *(Column(n, heading, unit.style(), 19, words)
          for n, heading in zip(amounts, (_("Payable a year without"), _("Payable a year with"), _("Kept a year")), strict=False)),
    ]  # fmt: skip
    note = _(
        "People of the cohort with own periods when they reach pension age. Payable: paid where they live; suspended: a right not paid there; "
        "lost: neither. Amounts a year at the award; accounts: balances"
    ) if country else _(
        "People of the cohort with own periods when they reach pension age. Payable: paid where they live; suspended: a right not paid there; "
        "lost: neither; accounts: no balance left"
    )  # fmt: skip
    sheet = book.sheet("Rights", _("Rights of movers lost and kept"), note, "result")
    if frame.empty:
        sheet.table(pd.DataFrame(columns=[c.name for c in columns]), columns, freeze=4)
        return []
    shown = _named(frame, names).assign(
        kind=[word(KINDS, str(k)) for k in frame["kind"]],
        role=[word(ROLES, str(r)) for r in frame["role"]],
        **{f"lost_{case}": frame["own"] - frame[f"payable_{case}"] - frame[f"suspended_{case}"] for case in ("without", "with")},
    )
    shown["kept"] = (shown["lost_without"] - shown["lost_with"]).astype(float).round(9)
    shown = without_noise(shown, amounts)
    shown["share"] = [float(k) / float(b) if b else 0.0 for k, b in zip(shown["kept"], shown["lost_without"], strict=True)]
    first, after = sheet.table(shown, columns, freeze=4)
    summed = [c.name for c in columns if not c.is_text and c.name != "share"]
    sheet.totals(shown, columns, summed, first, after)
    kept = math.fsum(float(v) for v in frame["kept"])
    row = after + 2
    sheet.text(row, 0, _("Kept according to the study"), "label")
    sheet.number(row, columns.index(next(c for c in columns if c.name == "kept")), kept, _HEADS)
    letter, own = (sheet.letter(columns, n) for n in ("kept", "own"))
    here = on("Rights")
    gap = f"=({here}{letter}{after + 1}-{here}{letter}{row + 1})/MAX(1,{here}{own}{after + 1})"
    return [Tested(_("People who keep rights are those of the study"), gap)]
