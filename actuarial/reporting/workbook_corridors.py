"""Sheets of a country's workbook on people and money by corridor, and on who gains.

The parts of the net cost of a corridor are figures of the study; what they add up to is a formula.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting.workbook_checks import Tested, gap_of
from actuarial.reporting.workbook_look import money_unit, without_noise
from actuarial.reporting.workbook_sheets import Book, Column

SEXES: Final = {"male": "men", "female": "women"}
PEOPLE: Final = 'number|#,##0.0;-#,##0.0;"–"'
_PENSIONS: Final = {
    "pv_exported": "Pensions on own periods, paid abroad or kept",
    "pv_pensions_by_totalisation": "Pensions opened by adding periods",
    "pv_topped_up": "Amounts changed by adding periods",
    "pv_resumed": "Pensions resumed",
    "pv_sums_with_pensions": "Sums paid with pensions",
}
_REST: Final = {
    "pv_extra_payouts": ("Extra account payouts", 1),
    "pv_lump_sums_not_paid": ("Lump sums not paid (saved)", -1),
    "pv_refunds_not_paid": ("Refunds not paid (saved)", -1),
    "pv_contributions_moved": ("Contributions lost by posting", 1),
    "pv_administration": ("Administration", 1),
}
"""Heading, and sign in the net cost."""


def keyed(frame: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The frame with countries and sexes in words."""
    words: dict[str, Mapping[str, str]] = {"origin": names, "host": names, "partner": names, "sex": SEXES}
    return frame.assign(**{c: [w.get(str(v), str(v)) for v in frame[c]] for c, w in words.items() if c in frame})


def key_columns() -> list[Column]:
    """Columns that say which corridor and sex a line is about, and which side of it the scheme stands on."""
    return [
        Column("origin", "Origin", "text", 17),
        Column("host", "Host", "text", 17),
        Column("role", "This country is", "text", 9),
        Column("sex", "Sex", "text", 8),
    ]


def corridors(book: Book, scheme: SchemeResult, names: Mapping[str, str]) -> list[Tested]:
    """Write people and money by corridor; return what must hold."""
    frame = keyed(scheme.corridors, names)
    _people(book, frame)
    return _costs(book, scheme, frame)


def _people(book: Book, frame: pd.DataFrame) -> None:
    columns = [
        *key_columns(),
        Column("movers_2026", "Movers in the host, 2026", width=12, unit="persons"),
        Column("flow_2026", "Leave in 2026", width=12, unit="persons"),
        Column("covered_2026", "Insured in the host, 2026", width=12, unit="persons"),
        Column("extra_pensioners_2050", "Extra pensioners, 2050", PEOPLE, 12, "persons"),
        Column("new_by_totalisation_2050", "New old-age pensions opened by adding periods, 2050", PEOPLE, 17, "persons"),
        Column("confidence", "Confidence", "text", 12),
    ]
    note = "Extra pensioners: of every type, with a pension only thanks to the instrument. Confidence: of the measured migration"
    sheet = book.sheet("Corridors", "People by origin, host and sex", note, "result", tall=1)
    first, after = sheet.table(frame, columns, freeze=4)
    sheet.totals(frame, columns, [c.name for c in columns if not c.is_text], first, after)


def _costs(book: Book, scheme: SchemeResult, frame: pd.DataFrame) -> list[Tested]:
    parts = {n: words for n, words in _PENSIONS.items() if n in frame}
    frame = without_noise(frame, list(parts))
    rest = {n: look for n, look in _REST.items() if n in frame}
    unit = money_unit(float(frame[["pv_extra_pensions", *parts, *rest]].abs().sum().max()), scheme.currency, 6)
    total = "={pv_extra_pensions}" + "".join(f"{'+' if sign > 0 else '-'}{{{n}}}" for n, (_, sign) in rest.items())
    pensions = "=" + "+".join(f"{{{n}}}" for n in parts) if len(parts) == len(_PENSIONS) else ""
    columns = [
        *key_columns(),
        *(Column(n, words, unit.style(), 15, unit.words) for n, words in parts.items()),
        Column("pv_extra_pensions", "Extra pensions", unit.style("sum"), 13, unit.words, pensions),
        *(Column(n, words, unit.style(), 14, unit.words) for n, (words, _) in rest.items()),
        Column("pv_net_cost", "Net cost", unit.style("sum"), 14, unit.words, total),
    ]
    note = (
        f"Present value at the valuation date, {unit.words}, with minus without. Net cost: extra pensions and payouts, less what is saved, "
        "plus contributions lost and administration"
    )
    sheet = book.sheet("CorridorCosts", "Cost by origin, host and sex", note, "result", tall=1)
    first, after = sheet.table(frame, columns, freeze=4)
    sheet.totals(frame, columns, [c.name for c in columns if not c.is_text], first, after)
    if frame.empty:
        return []
    letter = sheet.letter(columns, "pv_net_cost")
    return [Tested("The parts of all corridors sum to the net cost", gap_of(f"CorridorCosts!{letter}{after + 1}", "Net_cost"))]


def gains(book: Book, scheme: SchemeResult) -> None:
    """One line per year, men beside women: pensions by type, pensioners, refunds not paid, the average pension."""
    size = scheme.gains["average_extra_pension"].abs().max()
    unit = money_unit(float(size) if math.isfinite(size) else 0.0, scheme.currency, 6)
    subjects = [
        ("extra_new_pensions", "New old-age pensions", PEOPLE, "persons"),
        ("new_by_totalisation", "of them opened by adding periods", PEOPLE, "persons"),
        ("extra_invalidity", "New invalidity pensions", PEOPLE, "persons"),
        ("extra_deaths_with_right", "Deaths with survivors' right", PEOPLE, "persons"),
        ("extra_pensioners", "Pensioners, every type", PEOPLE, "persons"),
        ("refunds_not_paid", "Refunds not paid", PEOPLE, "persons"),
        ("average_extra_pension", "Average pension", unit.style(), f"{unit.words}/year"),
    ]
    columns, data = [Column("year", "Year", "year", 6)], {}
    for name, heading, style, words in subjects:
        if name not in scheme.gains:
            continue
        for sex, word in SEXES.items():
            columns.append(Column(f"{name} {sex}", f"{heading}, {word}", style, 16 if "average" in name else 12, words))
            data[f"{name} {sex}"] = scheme.gains[scheme.gains["sex"] == sex].set_index("year")[name]
    frame = pd.DataFrame(data).rename_axis("year").reset_index()
    note = "With minus without: pensions of every type in payment, of which the newly awarded, and refunds that are no longer drawn"
    sheet = book.sheet("Gains", "Who gains", note, "result", upright=True, tall=1)
    first, after = sheet.table(frame, columns, filtered=False)
    sheet.five_years(first, after, len(columns))
