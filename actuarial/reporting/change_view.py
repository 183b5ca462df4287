"""Analysis of change: names and cells of its table, and the whole of it as text for a terminal.

1. The table is the customary one: previous result; effects of data, assumptions, law and method; residual; present result. Each line adds up.
2. Rates are in per cent, their effects in percentage points; amounts in millions. A date cannot be added up: a column shows the date after its step
   where the step moved it.
3. A residual below the tolerance is shown as zero: it is the rounding of the sums.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from actuarial.reporting import numbers
from actuarial.reporting.change_record import (
    COUNT,
    DATE,
    DIFFERENCE,
    EFFECTS,
    MONEY,
    RATE,
    REGION,
    TOLERANCE,
    USD,
    YEARS,
    AnalysisOfChange,
)
from actuarial.reporting.language import _, marked, phrase

CASES: Final = {"without": marked("Without the instrument"), "with": marked("With the instrument"), DIFFERENCE: marked("With minus without")}
HEADS: Final = (
    marked("Previous"),
    marked("Data"),
    marked("Assumptions"),
    marked("Law"),
    marked("Method"),
    marked("Residual"),
    marked("Present"),
)
PARTS: Final = {
    "data": marked("data"),
    "assumptions": marked("assumptions"),
    "law": marked("law"),
    "none": marked("moves nothing"),
}
_FIXED: Final = {
    "gap_75": marked("Average premium over 75 years, %"),
    "pv_net_cost_share_of_earnings": marked("Net cost, % of earnings"),
    "pv_net_cost_usd": marked("Net cost, million US dollars"),
    "exhaustion_year": marked("Reserve used up"),
}


_WHOLE: Final = {
    "gap_75": marked("General average premium, 75 years"),
    "pv_net_cost": marked("Net cost, present value"),
    "pv_net_cost_share_of_earnings": marked("Net cost, share of insurable earnings"),
    "pv_net_cost_usd": marked("Net cost, present value, US dollars"),
}


def figure_name(figure: str, currency: str, *, whole: bool = False) -> str:
    """A figure in words, in the active language, with its unit; ``whole``: fractions and whole amounts, as cells of a workbook hold them."""
    stem, _sep, year = figure.rpartition("_")
    if whole:
        if stem == "payg":
            return phrase("Cost rate {year}, share of insurable earnings", year=year)
        return _(_WHOLE[figure]) if figure in _WHOLE else figure_name(figure, currency)
    if figure in _FIXED:
        return _(_FIXED[figure])
    if figure == "pv_net_cost":
        return phrase("Net cost, million {currency}", currency=currency)
    if stem == "payg":
        return phrase("Cost rate {year}, %", year=year)
    if stem == "reserve_ratio":
        return phrase("Reserve ratio {year}, years", year=year)
    if stem == "contributors":
        return phrase("Contributors {year}", year=year)
    return phrase("Pensioners {year}", year=year)


def _cell(value: float, kind: str, *, effect: bool) -> str:
    """A result, or what a step does to it."""
    if math.isnan(value):
        return numbers.DASH
    if effect and value == 0.0:
        return "0"
    if kind == COUNT:
        return numbers.decimal(value, 0, sign=True) if effect and abs(value) >= 0.5 else numbers.count(abs(value) if effect else value)
    scaled, digits = {RATE: (100.0 * value, 3), MONEY: (value / 1e6, 1), USD: (value / 1e6, 2), YEARS: (value, 2)}[kind]
    return numbers.signed(scaled, digits=digits) if effect else _shown(scaled, digits)


def _shown(value: float, digits: int) -> str:
    """A result with ``digits`` decimals, or two significant digits where those would show nothing."""
    return numbers.signed(value, digits=digits).lstrip("+") if value else "0"


def _dates(row: Mapping[str, Any], order: Sequence[str]) -> list[str]:
    """Cells of a date: what it was, what it became with a step that moved it, what it is."""
    last = float(row["previous"])
    cells: dict[str, str] = {}
    for step in ("method", *order):
        now = float(row[step])
        cells[step] = numbers.DASH if _same(now, last) else _year(now)
        last = now
    present = float(row["present"])
    cells["residual"] = numbers.DASH if _same(present, last) else _year(present)
    return [_year(float(row["previous"])), *(cells[name] for name in EFFECTS), _year(present)]


def _year(value: float) -> str:
    return _("after 2100") if math.isnan(value) else numbers.year(value)


def _same(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))


def cells(row: Mapping[str, Any], order: Sequence[str]) -> list[str]:
    """Cells of one line: previous, effects, residual, present. A residual that is only rounding is zero."""
    if row["kind"] == DATE:
        return _dates(row, order)
    kind = str(row["kind"])
    scale = max(abs(float(row["previous"])), abs(float(row["present"])), 1.0 if kind in (RATE, YEARS) else 0.0)
    effects = [float(row[name]) for name in EFFECTS]
    effects[-1] = 0.0 if abs(effects[-1]) <= TOLERANCE * scale else effects[-1]
    ends = [_cell(float(row[name]), kind, effect=kind != COUNT and row["case"] == DIFFERENCE) for name in ("previous", "present")]
    return [ends[0], *(_cell(value, kind, effect=True) for value in effects), ends[1]]


def sections(table: pd.DataFrame, country: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Lines of a country's table by case, without those that are nothing from end to end."""
    nothing = (table[["previous", "present", *EFFECTS]].fillna(0.0) == 0.0).all(axis=1) & (table["kind"] != DATE)
    own = table[(table["country"] == country) & (table["figure"] != "pv_net_cost_usd") & ~nothing]
    return [(case, lines(own[own["case"] == case])) for case in CASES]


def lines(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table by the names of its columns."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def as_text(
    analysis: AnalysisOfChange, names: Mapping[str, str], currencies: Mapping[str, str], countries: Collection[str] = (), title: str = ""
) -> str:
    """Tables and list for a terminal; ``countries`` limits the tables to these."""
    table, order = analysis.effects, analysis.how.order
    parts = [title] if title else []
    for country in (c for c in table["country"].drop_duplicates() if c != REGION and (c in countries if countries else True)):
        text = [_line(names.get(country, country), HEADS)]
        for case, rows in sections(table, country):
            text.append(f" {_(CASES[case])}")
            text += [_line(f"  {figure_name(str(row['figure']), currencies.get(country, ''))}", cells(row, order)) for row in rows]
        parts.append("\n".join(text))
    parts += [f"{names.get(c, c)}: no scheme that collects contributions in either run" for c in countries if c not in set(table["country"])]
    if not countries:
        head = _line("Net cost, million US dollars", HEADS)
        rows = lines(table[table["figure"] == "pv_net_cost_usd"])
        parts.append("\n".join([head, *(_line(f"  {names.get(str(row['country']), 'Region')}", cells(row, order)) for row in rows)]))
    return "\n\n".join([*parts, _changes_text(analysis), how_said(analysis)]) + "\n"


def _line(name: str, values: Sequence[str]) -> str:
    return f"{name[:52]:<52}" + "".join(f"{value:>14}" for value in values)


def _changes_text(analysis: AnalysisOfChange) -> str:
    text = ["What was changed (file, place: old → new; class; source)"]
    for row in moving(analysis):
        where = f"{row['file']}, {row['place']}" if row["place"] else str(row["file"])
        more = f" (first of {row['entries']} entries)" if row["entries"] > 1 else ""
        late = f", replaced with the {row['step']}" if row["step"] != row["class"] else ""
        source = f"; {row['source']}" if row["source"] else ""
        text.append(f"  {where}: {row['old'][:80]} → {row['new'][:80]}{more}; {row['class']}{late}{source[:160]}")
    quiet = analysis.changes[analysis.changes["class"] == "none"]
    text += ["  nothing that a study reads"] if len(text) == 1 else []
    text += [f"  {int(quiet['entries'].sum())} more entries move nothing: {', '.join(quiet['file'])}"] if len(quiet) else []
    return "\n".join(text)


def moving(analysis: AnalysisOfChange) -> list[dict[str, Any]]:
    """What was changed of all that a study reads."""
    return lines(analysis.changes[analysis.changes["class"] != "none"])


def how_said(analysis: AnalysisOfChange) -> str:
    """How the analysis was done, in sentences of English."""
    how = analysis.how
    code = "different code or packages" if how.method_changed else "the same code and packages"
    said = [
        f"Order: method, {', '.join(how.order)}; another order moves parts between the columns, never their sum.",
        f"The runs were made by {code}.",
        f"Largest residual: {analysis.residual():.1e} of the result (tolerance {TOLERANCE:.0e}).",
    ]
    if not how.present_code:
        said.append("The later run was not made by the present code: the residual holds what separates its code from the present one.")
    return "\n".join([*said, *how.notes])
