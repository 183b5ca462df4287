"""Sheets of a country's workbook on people and money by corridor, and on who gains.

The parts of the net cost of a corridor are figures of the study; what they add up to is a formula.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames
from actuarial.reporting.language import _, marked, phrase
from actuarial.reporting.workbook_checks import Tested, gap_of
from actuarial.reporting.workbook_look import money_unit, without_noise
from actuarial.reporting.workbook_sheets import Book, Column
from actuarial.reporting.workbook_tabs import on
from actuarial.reporting.workbook_words import ACCOUNT_NOTE, ACCOUNT_SUM, CONFIDENCE, ROLES, SEXES, word

PEOPLE: Final = 'number|#,##0.0;-#,##0.0;"–"'
_PENSIONS: Final = {
    "pv_exported": marked("Pensions on own periods, paid abroad or kept"),
    "pv_pensions_by_totalisation": marked("Pensions opened by adding periods"),
    "pv_topped_up": marked("Amounts changed by adding periods"),
    "pv_resumed": marked("Pensions resumed"),
    "pv_sums_with_pensions": marked("Sums paid with pensions"),
}
_REST: Final = {
    "pv_extra_payouts": (marked("Extra account payouts"), 1),
    "pv_lump_sums_not_paid": (marked("Lump sums not paid (saved)"), -1),
    "pv_refunds_not_paid": (marked("Refunds not paid (saved)"), -1),
    "pv_contributions_moved": (marked("Contributions lost by posting"), 1),
    "pv_administration": (marked("Administration"), 1),
}
"""Heading, and sign in the net cost."""


def keyed(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The frame with countries and sexes in words."""
    places = {c: [names.get(str(v), str(v)) for v in frame[c]] for c in ("origin", "host", "partner") if c in frame}
    others = {"sex": SEXES, "role": ROLES, "confidence": CONFIDENCE}
    return frame.assign(**places, **{c: [word(words, str(v)) for v in frame[c]] for c, words in others.items() if c in frame})


def key_columns() -> list[Column]:
    """Columns that say which corridor and sex a line is about, and which side of it the scheme stands on."""
    return [
        Column("origin", _("Origin"), "text", 17),
        Column("host", _("Host"), "text", 17),
        Column("role", _("This country is"), "text", 9),
        Column("sex", _("Sex"), "text", 8),
    ]


def corridors(book: Book, scheme: SchemeResult, names: Mapping[str, str]) -> list[Tested]:
    """Write people and money by corridor; return what must hold."""
    frame = keyed(scheme.corridors, names)
    _people(book, frame)
    return _costs(book, scheme, frame)


def _people(book: Book, frame: pd.DataFrame) -> None:
    columns = [
        *key_columns(),
        Column("movers_2026", _("Movers in the host, 2026"), width=12, unit=_("persons")),
        Column("flow_2026", _("Leave in 2026"), width=12, unit=_("persons")),
        Column("covered_2026", _("Insured in the host, 2026"), width=12, unit=_("persons")),
        Column("extra_pensioners_2050", _("Extra pensioners, 2050"), PEOPLE, 12, _("persons")),
        Column("new_by_totalisation_2050", _("New old-age pensions opened by adding periods, 2050"), PEOPLE, 17, _("persons")),
        Column("confidence", _("Confidence"), "text", 12),
    ]
    note = _("Extra pensioners: of every type, with a pension only thanks to the instrument. Confidence: of the measured migration")
    sheet = book.sheet("Corridors", _("People by origin, host and sex"), note, "result", tall=1)
    first, after = sheet.table(frame, columns, freeze=4)
    sheet.totals(frame, columns, [c.name for c in columns if not c.is_text], first, after)


def _costs(book: Book, scheme: SchemeResult, frame: pd.DataFrame) -> list[Tested]:
    parts = {n: words for n, words in _PENSIONS.items() if n in frame}
    frame = without_noise(frame, list(parts))
    rest = {n: look for n, look in _REST.items() if n in frame}
    account = scheme.kind == frames.ACCOUNT
    unit = money_unit(float(frame[["pv_extra_pensions", *parts, *rest]].abs().sum().max()), scheme.currency, 6)
    total = "={pv_extra_pensions}" + "".join(f"{'+' if sign > 0 else '-'}{{{n}}}" for n, (_words, sign) in rest.items())
    pensions = "=" + "+".join(f"{{{n}}}" for n in parts) if len(parts) == len(_PENSIONS) else ""
    columns = [
        *key_columns(),
        *(Column(n, _(words), unit.style(), 15, unit.shown) for n, words in parts.items()),
        Column("pv_extra_pensions", _("Extra pensions"), unit.style("sum"), 13, unit.shown, pensions),
        *(Column(n, _(words), unit.style(), 14, unit.shown) for n, (words, _sign) in rest.items()),
        Column("pv_net_cost", _(ACCOUNT_SUM) if account else _("Net cost"), unit.style("sum"), 14, unit.shown, total),
    ]
    note = phrase(
        "Present value at the valuation date, {unit}, with minus without. Net cost: extra pensions and payouts, less what is saved, "
        "plus contributions lost and administration",
        unit=unit.words,
    )
    sheet = book.sheet("CorridorCosts", _("Cost by origin, host and sex"), _(ACCOUNT_NOTE) if account else note, "result", tall=1)
    first, after = sheet.table(frame, columns, freeze=4)
    sheet.totals(frame, columns, [c.name for c in columns if not c.is_text], first, after)
    if frame.empty:
        return []
    letter = sheet.letter(columns, "pv_net_cost")
    return [Tested(_("The parts of all corridors sum to the net cost"), gap_of(f"{on('CorridorCosts')}{letter}{after + 1}", "Net_cost"))]


def gains(book: Book, scheme: SchemeResult) -> None:
    """One line per year, men beside women: pensions by type, pensioners, refunds not paid, the average pension."""
    size = scheme.gains["average_extra_pension"].abs().max()
    unit = money_unit(float(size) if math.isfinite(size) else 0.0, scheme.currency, 6)
    a_year = phrase("{unit}/year", unit=unit.words) if not unit.cuts else phrase("{unit}, a year", unit=unit.shown)
    subjects = [
        ("extra_new_pensions", PEOPLE, {"male": _("New old-age pensions, men"), "female": _("New old-age pensions, women")}),
        ("new_by_totalisation", PEOPLE,
         {"male": _("of them opened by adding periods, men"), "female": _("of them opened by adding periods, women")}),
        ("extra_invalidity", PEOPLE, {"male": _("New invalidity pensions, men"), "female": _("New invalidity pensions, women")}),
        ("extra_deaths_with_right", PEOPLE,
         {"male": _("Deaths with survivors' right, men"), "female": _("Deaths with survivors' right, women")}),
        ("extra_pensioners", PEOPLE, {"male": _("Pensioners, every type, men"), "female": _("Pensioners, every type, women")}),
        ("refunds_not_paid", PEOPLE, {"male": _("Refunds not paid, men"), "female": _("Refunds not paid, women")}),
        ("average_extra_pension", unit.style(), {"male": _("Average pension, men"), "female": _("Average pension, women")}),
    ]  # fmt: skip
    columns, data = [Column("year", _("Year"), "year", 6)], {}
    for name, style, headings in subjects:
        if name not in scheme.gains:
            continue
        for sex, heading in headings.items():
            average = name == "average_extra_pension"
            columns.append(Column(f"{name} {sex}", heading, style, 16 if average else 12, a_year if average else _("persons")))
            data[f"{name} {sex}"] = scheme.gains[scheme.gains["sex"] == sex].set_index("year")[name]
    frame = pd.DataFrame(data).rename_axis("year").reset_index()
    note = _("With minus without: pensions of every type in payment, of which the newly awarded, and refunds that are no longer drawn")
    sheet = book.sheet("Gains", _("Who gains"), note, "result", upright=True, tall=1)
    first, after = sheet.table(frame, columns, filtered=False)
    sheet.five_years(first, after, len(columns))
