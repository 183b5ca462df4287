"""Tables of a comparison: matrices scheme by combination, one table per state, parts of the net cost."""

from __future__ import annotations

import math
from typing import Final

from actuarial.reporting import numbers
from actuarial.reporting.blocks import Column, Row, Table
from actuarial.reporting.compare_figures import MEASURES, PARTS, REGION, Figures, Measure, Parts, known
from actuarial.reporting.compare_ranking import ends, largest_steps
from actuarial.reporting.compare_set import Combination, Comparison
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.tables import left

ACROSS: Final = 6
"""Combinations side by side in one table."""


def usd_million(value: float, *, sign: bool = False) -> str:
    """US dollars in millions: two decimals, two significant digits where these would show nothing; a dash for what has no meaning."""
    millions = abs(value) / 1e6
    if numbers.is_zero(millions):
        return numbers.decimal(0.0, 0)
    digits = 2 if not math.isfinite(value) or millions >= 0.005 else 1 - math.floor(math.log10(millions))
    return numbers.decimal(value / 1e6, digits, sign=sign)


def written(measure: Measure, value: float) -> str:
    """A figure as its measure is written; a dash for what has no meaning."""
    if not math.isfinite(value):
        return numbers.DASH
    if measure.form == "usd":
        return usd_million(value)
    return numbers.points(value) if measure.form == "points" else numbers.count(value)


def unit(measure: Measure) -> str:
    """Name and unit of a measure."""
    if measure.form == "usd":
        return phrase("{what}, million US dollars", what=_(measure.title))
    return phrase("{what}, persons", what=_(measure.title)) if measure.form == "persons" else _(measure.title)


def matrices(comparison: Comparison, table: Figures) -> list[Table]:
    """Every measure for every state (rows) and combination (columns); several tables where there are many combinations."""
    names = {code: data_text(s.country_name) for code, s in comparison.base.study.schemes.items()}
    tables = []
    for start in range(0, len(comparison.combinations), ACROSS):
        part = comparison.combinations[start : start + ACROSS]
        letters = [c.letter for c in part]
        rows: list[Row] = []
        for measure in MEASURES:
            values = table[measure.name]
            states = [code for code in names if known(values[code])]
            if not states:
                continue
            rows.append(Row((unit(measure),), "section"))
            rows += [Row((names[code], *(written(measure, values[code][x]) for x in letters))) for code in states]
            if measure.adds and measure.name != "net_received_usd":
                rows.append(Row((_("All states"), *(written(measure, values[REGION][x]) for x in letters)), "total"))
        many = len(comparison.combinations) > ACROSS
        caption = _("With minus without the instrument, by state and combination")
        tables.append(
            Table(
                "tab-matrix" if start == 0 else f"tab-matrix-{start // ACROSS + 1}",
                phrase("{caption} (part {n})", caption=caption, n=str(start // ACROSS + 1)) if many else caption,
                (left(_("State"), 1.6), *heads(part)),
                tuple(rows),
                _("this model, all combinations"),
                dense=True,
            )
        )
    return tables


def heads(combinations: tuple[Combination, ...]) -> tuple[Column, ...]:
    """A column for each combination, headed by its letter and both names."""
    return tuple(Column(f"{c.letter} {c.scenario_name}, {c.instrument_name}", weight=1) for c in combinations)


def of_country(comparison: Comparison, table: Figures, code: str) -> Table:
    """One state: combinations (rows) by measure (columns), and the net cost against the base."""
    name = data_text(comparison.base.study.schemes[code].country_name)
    shown = [m for m in MEASURES if known(table[m.name][code])]
    rows = []
    for c in comparison.combinations:
        cells = [written(m, table[m.name][code][c.letter]) for m in shown]
        if shown and shown[0].name == "net_cost_usd":
            row = table["net_cost_usd"][code]
            cells.insert(1, _against(row[c.letter], row[comparison.base.letter]))
        rows.append(Row((f"{c.letter} {c.scenario_name}, {c.instrument_name}", *cells)))
    columns = [left(_("Combination"), 2.4), *(Column(_(m.head), weight=1.1) for m in shown)]
    if shown and shown[0].name == "net_cost_usd":
        columns.insert(2, Column(phrase("Net cost less that of {letter}", letter=comparison.base.letter), weight=1.1))
    source = _("this model; amounts in million US dollars at present value, pensioners in persons, with minus without the instrument")
    return Table(f"tab-of-{code}", phrase("{state}: all combinations", state=name), tuple(columns), tuple(rows), source, dense=True)


def _against(value: float, base: float) -> str:
    if not (math.isfinite(value) and math.isfinite(base)):
        return numbers.DASH
    return usd_million(value - base, sign=True)


def best_instruments(comparison: Comparison, table: Figures, parts: Parts, names: dict[str, str]) -> Table | None:
    """Cheapest and dearest instrument for every scheme under each scenario, and the part of the net cost that differs most between them."""
    rows = []
    for name, scenario in comparison.scenarios.items():
        letters = {c.letter: c.instrument_name for c in comparison.combinations if c.scenario_name == name}
        found = [_best(names[code], code, known(table["net_cost_usd"][code]), parts, letters) for code in parts]
        rows += [Row((data_text(str(scenario["title"])),), "section"), *(row for row in found if row is not None)]
    if len(comparison.instruments) < 2:
        return None
    columns = (
        left(_("State"), 1.2), left(_("Cheapest instrument"), 1.4), Column(_("Net cost"), weight=0.9), left(_("Dearest instrument"), 1.4),
        Column(_("Net cost"), weight=0.9), left(_("Part that differs most"), 2.4), Column(_("By"), weight=0.9),
    )  # fmt: skip
    caption = _("Cheapest and dearest instrument under each scenario, million US dollars, present value")
    return Table("tab-best", caption, columns, tuple(rows), _("this model, all combinations"), dense=True)


def _best(name: str, code: str, costs: dict[str, float], parts: Parts, letters: dict[str, str]) -> Row | None:
    row = {x: v for x, v in costs.items() if x in letters}
    if not row:
        return None
    found = ends(row)
    low, high = usd_million(found.cheapest), usd_million(found.dearest)
    if found.same:
        return Row((name, _("all the same"), low, numbers.DASH, numbers.DASH, numbers.DASH, numbers.DASH))
    if not found.material:
        return Row((name, _("no material difference"), low, numbers.DASH, high, numbers.DASH, numbers.DASH))
    steps = largest_steps(parts[code], found.low, found.high)
    said = _(PARTS[steps.part])
    if steps.offset:
        said = phrase("{part}; against it {other}, {step}", part=said, other=_(PARTS[steps.offset]), step=usd_million(steps.offset_step, sign=True))
    return Row((name, letters[found.low], low, letters[found.high], high, said, usd_million(steps.step, sign=True)))


def parts_of_country(comparison: Comparison, parts: Parts, code: str) -> Table | None:
    """Parts of the net cost of a scheme by combination, ending in their sum; ``None`` where there is none."""
    if code not in parts:
        return None
    own = parts[code]
    name = data_text(comparison.base.study.schemes[code].country_name)
    shown = comparison.combinations[:ACROSS]
    letters = [c.letter for c in shown]
    rows = [
        Row((_(PARTS[part]), *(usd_million(own[part][x]) for x in letters)))
        for part in PARTS
        if any(known(own[part]).values())
    ]
    rows.append(Row((_("Net cost"), *(usd_million(math.fsum(row[x] for row in own.values())) for x in letters)), "total"))
    caption = phrase("{state}: parts of the net cost, million US dollars at present value", state=name)
    if len(comparison.combinations) > ACROSS:
        caption = phrase("{caption}; the first {n} combinations, all stand in the workbook", caption=caption, n=str(ACROSS))
    columns = (left(_("Part"), 2.4), *heads(shown))
    return Table(f"tab-parts-{code}", caption, columns, tuple(rows), _("this model, all combinations"), dense=True)
