"""Reads a filled-in workbook back: what it changes, or everything that is wrong with it.

1. The workbook says of which country and version it is, and in which language; its sheets are found by names, not by tabs.
2. The template of the same country is laid out again from the data files of now; the workbook must have its shape, and each input is compared with
   the figure of now. What differs in fifteen digits is a change.
3. A formula counts with the value that was saved with it, and is remarked on; nothing is calculated or evaluated here.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from openpyxl.utils import column_index_from_string

from actuarial.basis.dimensions import VALUATION_YEAR
from actuarial.basis.errors import nearest, shown, unknown_name
from actuarial.basis.region import load_region
from actuarial.input_workbook.cells import read_cell
from actuarial.input_workbook.complaints import Findings, address
from actuarial.input_workbook.container import Opened, open_workbook
from actuarial.input_workbook.grid import Grid, inputs_at, plain
from actuarial.input_workbook.layout import READ_ME, template
from actuarial.input_workbook.model import VERSION, Agreement, Input, Sheet, Target, Template, Value
from actuarial.input_workbook.table_sheets import STOCKS
from actuarial.input_workbook.write import total_formula
from actuarial.reporting.language import RELEASED, use_language

_CELL: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})", re.ASCII)
_SUM_TOLERANCE: Final = 1e-6
_KNOWN_STOCK: Final = " (only a year that the template leaves empty may stay so, for both sexes; this one was published: replace it, or put it back)"


@dataclass(frozen=True)
class Change:
    """A figure that the workbook changes: where it stands in the workbook, which input it is, and its new value."""

    tab: str
    row: int
    column: int
    input: Input
    new: Value

    @property
    def cell(self) -> str:
        """Sheet and cell."""
        return f"{self.tab}!{address(self.row, self.column)}"


@dataclass(frozen=True)
class Filled:
    """A workbook that was read: its template, changes in the order of the sheets, complaints and remarks so far.

    ``values``: every input that could be read;  ``cells``: where each stands
    """

    name: str
    sha256: str
    template: Template
    changes: tuple[Change, ...]
    findings: Findings
    values: dict[Target, Value]
    cells: dict[Target, tuple[str, int, int]]
    tabs: tuple[str, ...]


def read_workbook(path: Path, data: Path) -> Filled:
    """Read a workbook against the data files below ``data``. Complaints are collected, not raised, so that more can be added (:mod:`apply`).

    Raises :class:`InputError` at once for a file that is no such workbook, and for one of another version or of no country.
    """
    opened = open_workbook(path)
    findings = Findings(shown(path))
    facts = _facts(opened, findings)
    region = load_region(data)
    country = str(facts.get("template_country"))
    if country not in region.members:
        findings.add(unknown_name("country", country, region.members), *_place(opened, "template_country"))
    language = str(facts.get("template_language"))
    if language not in (*RELEASED, "qps"):
        findings.add(unknown_name("language", language, RELEASED), *_place(opened, "template_language"))
    findings.check()
    with use_language(language):
        expected = template(data, country)
    _check_facts(expected, facts, opened, findings)
    tabs = tuple(opened.formulas.sheetnames)
    filled = Filled(path.name, hashlib.sha256(opened.content).hexdigest(), expected, (), findings, {}, {}, tabs)
    changes: list[Change] = []
    worded = facts.get("template_words") == expected.facts["template_words"]
    if not worded:
        findings.remarks.append("the template was written in other words than those of now: headers and units were not compared")
    for sheet, grid in _sheets(expected, opened, findings, worded=worded):
        changes += _read_sheet(sheet, grid, filled)
    filled = replace(filled, changes=tuple(changes))
    _check_pairs(filled)
    _check_evidence(filled)
    for agreement in expected.agreements:
        _check_agreement(agreement, filled)
    _check_base_year(filled)
    return filled


def _facts(opened: Opened, findings: Findings) -> dict[str, Any]:
    """What the workbook says of itself. Raises at once where it is no input workbook or one of another version."""
    facts = {}
    for name in opened.values.defined_names:
        if name.startswith("template_"):
            tab, row, column = _place(opened, name)
            facts[name] = opened.values[tab].cell(row, column).value if tab and hasattr(opened.values[tab], "cell") else None
    if facts.get("template_kind") != "actuarial input workbook":
        findings.add("is not an input workbook; `python run.py template COUNTRY` writes one")
    elif str(facts.get("template_version")) != str(VERSION):
        found = facts.get("template_version")
        what = f"is a template of version {found}; this toolkit reads version {VERSION}"
        findings.add(f"{what}; write a new one with `python run.py template` and carry the figures over", *_place(opened, "template_version"))
    findings.check()
    return facts


def _place(opened: Opened, name: str) -> tuple[str, int, int]:
    """Tab, row and column of a named cell; an empty tab when the name points nowhere."""
    defined = opened.values.defined_names.get(name)
    if defined is None:
        return "", 0, 0
    try:
        for tab, area in defined.destinations:
            cell = area.replace("$", "").split(":")[0]
            place = _CELL.fullmatch(cell)  # "A" or "1" would be a whole column or row, every cell of it made
            if tab in opened.values.sheetnames and place:
                return tab, int(place.group(2)), column_index_from_string(place.group(1))
    except (ValueError, IndexError, AttributeError, KeyError, TypeError):
        pass
    return "", 0, 0


def _check_facts(expected: Template, facts: dict[str, Any], opened: Opened, findings: Findings) -> None:
    """Raises at once for a template of another layout: its cells are not where they are looked for."""
    if facts.get("template_shape") != expected.facts["template_shape"]:
        what = f"is a template of another layout than that of {expected.country} now (other sheets or columns)"
        findings.add(f"{what}; write a new one with `python run.py template` and carry the figures over", *_place(opened, "template_shape"))
        findings.check()
    country = f"{expected.country_name} ({expected.country})"
    currency = str(facts.get("template_currency"))
    if currency != expected.currency:
        found = f"found the currency '{currency}'; amounts of {country} are in {expected.currency}"
        findings.add(found, *_place(opened, "template_currency"))
    if str(facts.get("template_valuation_year")) != str(VALUATION_YEAR):
        found = f"found the base year {facts.get('template_valuation_year')}; it is {VALUATION_YEAR}"
        findings.add(found, *_place(opened, "template_valuation_year"))
    if facts.get("template_basis") != expected.facts["template_basis"]:
        findings.remarks.append("the template was filled from other figures than those of now: every figure that differs from now counts as a change")


def _sheets(expected: Template, opened: Opened, findings: Findings, *, worded: bool) -> list[tuple[Sheet, Grid]]:
    """The sheets found by their names; complains of missing, moved and unknown ones."""
    found, known = [], set()
    for key, sheet in ((READ_ME, None), *((sheet.key, sheet) for sheet in expected.sheets)):
        tab, row, column = _place(opened, f"sheet_{key}")
        if not tab:
            title = sheet.tab if sheet else "Read me"
            near = nearest(title, [t for t in opened.formulas.sheetnames if t not in known])
            hint = f"; there is a sheet '{near}', but it is not the one that was written" if near else ""
            findings.add(f"the sheet '{title}' is missing (the name sheet_{key} leads nowhere){hint}; take it from a new template")
            continue
        known.add(tab)
        if (row, column) != (1, 1):
            findings.add(f"the corner of the sheet has moved to {address(row, column)}; rows or columns were inserted", tab, row, column)
        if sheet is not None and type(opened.formulas[tab]).__name__ == "Worksheet":
            found.append((sheet, Grid(opened.values[tab], opened.formulas[tab], worded=worded)))
    for tab in opened.formulas.sheetnames:
        if tab not in known:
            allowed = ", ".join(sheet.tab for sheet in expected.sheets)
            findings.add(f"unknown sheet; remove it. Allowed: Read me, {allowed}", tab)
    return found


def _read_sheet(sheet: Sheet, grid: Grid, filled: Filled) -> list[Change]:
    findings, changes = filled.findings, []
    grid.check_shape(findings)
    sound = grid.check_headers(sheet, findings)
    grid.check_stray(sheet, findings)
    places = grid.rows(sheet, findings)
    grid.check_fixed(sheet, places, findings)
    wrong = set()
    for r, c, cell in inputs_at(sheet, places):
        if c not in sound:
            wrong.add(c)
            continue
        found = grid.at(r, c)
        reading = read_cell(found, cell.limits)
        filled.cells[cell.target] = (grid.tab, r, c)
        if reading.complaint:
            known = cell.target.file == STOCKS and found.value is None and not found.formula
            findings.add(f"{reading.complaint}{_KNOWN_STOCK if known else ''}", grid.tab, r, c)
            wrong.add(c)
            continue
        if found.formula:
            findings.remark(f"holds the formula {found.formula[:60]}; its saved value {found.value} was taken", grid.tab, r, c)
        filled.values[cell.target] = reading.value
        if not same(cell.value, reading.value):
            changes.append(Change(grid.tab, r, c, cell, reading.value))
    if sheet.total:
        _check_totals(sheet, grid, places, wrong, filled)
    return changes


def same(old: Value, new: Value) -> bool:
    """Whether two values are one for people: numbers in fifteen digits, texts without the difference of blanks.

    >>> same(1 / 580, 0.00172413793103448), same(0.06, 0.0600001), same("a  b", "a b"), same(None, None)
    (True, False, True, True)
    """
    if isinstance(old, float) and isinstance(new, float):
        return f"{old:.14e}" == f"{new:.14e}" or math.isclose(old, new, rel_tol=1e-15)
    if isinstance(old, str) and isinstance(new, str):
        return plain(old) == plain(new)
    return old == new


def _check_totals(sheet: Sheet, grid: Grid, places: dict[int, int], wrong: set[int], filled: Filled) -> None:
    """The totals of the file against the sums of what was read."""
    row = grid.total_row(sheet)
    if row is None:
        filled.findings.add(f"the row '{sheet.total}' below the table is missing", grid.tab, sheet.total_row, 1)
        return
    for c, column in enumerate(sheet.columns, 1):
        if not column.total or c in wrong or len(places) < len(sheet.rows):
            continue
        cells = (cell.target for r, at, cell in inputs_at(sheet, places) if at == c)
        numbers = (filled.values.get(target) for target in cells)
        total = math.fsum(v for v in numbers if isinstance(v, float))
        found = grid.at(row, c)
        if found.value is None and found.formula == total_formula(sheet, c - 1):
            continue  # saved by a program that does not calculate
        if found.value is None or isinstance(found.value, bool | str) or not isinstance(found.value, int | float):
            what = "the cell is empty" if found.value is None else f"found '{str(found.value)[:60]}'"
            filled.findings.add(f"{what}; the total of the column is {total:,.15g}", grid.tab, row, c)
        elif abs(float(found.value) - total) > _SUM_TOLERANCE * max(1.0, abs(total)):
            text = f"found the total {float(found.value):,.15g}, but the cells above add up to {total:,.15g}"
            filled.findings.add(f"{text}; correct the cells, or put the sum back: {total_formula(sheet, c - 1)}", grid.tab, row, c)


def _check_pairs(filled: Filled) -> None:
    """A stock that was not published is given for both sexes or for none."""
    for target, value in filled.values.items():
        if target.file == STOCKS and target.part == "male":
            other = Target(STOCKS, target.row, "female")
            given = (value, filled.values.get(other))
            if other in filled.values and (given[0] is None) != (given[1] is None):
                empty = target if given[0] is None else other
                filled.findings.add("the cell is empty, but the other sex of that year is given; fill in both or neither", *filled.cells[empty])


def _check_evidence(filled: Filled) -> None:
    """What was read somewhere names its source; anything else says why it is so."""
    for change in filled.changes:
        target = change.input.target
        part = target.part.removeprefix("indexation_")
        prefix = target.part.removesuffix(part)
        mark = filled.values.get(Target(target.file, target.row, f"{prefix}confidence"))
        if change.new is None and part == "source" and mark in ("verified", "partial"):
            filled.findings.add(f"the cell is empty; a figure marked '{mark}' names its source", change.tab, change.row, change.column)
        if change.new is None and part == "reason" and mark in ("recalled", "derived", "assumed"):
            text = f"the cell is empty; a figure marked '{mark}' says in the note how it came about"
            filled.findings.add(text, change.tab, change.row, change.column)


def _check_agreement(agreement: Agreement, filled: Filled) -> None:
    """A changed table must add up to the figure of the base year."""
    if agreement.sheet not in {sheet.key for sheet in filled.template.sheets}:
        return
    sheet = filled.template.sheet(agreement.sheet)
    targets = {(n, sheet.columns[c - 1].key): cell.target for n, c, cell in sheet.inputs()}
    own = set(targets.values())
    if not any(change.input.target in own for change in filled.changes) or not own <= filled.values.keys() or agreement.of not in filled.values:
        return
    weights = agreement.weights or ("",) * len(agreement.columns)
    total = 0.0
    for (n, key), target in targets.items():
        if key in agreement.columns:
            weight = weights[agreement.columns.index(key)]
            total += _number(filled, target) * (_number(filled, targets[n, weight]) if weight else 1.0)
    total *= agreement.factor
    wanted = _number(filled, agreement.of)
    if abs(total - wanted) > agreement.tolerance * max(abs(wanted), 1.0):
        tab, row, column = filled.cells[agreement.of]
        first = next(target for (_n, key), target in targets.items() if key == agreement.columns[0])
        own_tab = filled.cells[first][0]
        within = f"{100.0 * agreement.tolerance:g} per cent"
        text = f"the {agreement.what} here are {wanted:,.15g}, but the sheet '{own_tab}' adds up to {total:,.15g}; they must agree within {within}"
        filled.findings.add(text, tab, row, column)


def _check_base_year(filled: Filled) -> None:
    """What the projection could not start from."""
    found = {t.row[-1]: t for t in filled.values if t.part == "value" and len(t.row) == 2 and t.row[0] == "calibration"}
    if "benefits" in found and "pension_payroll" in found:
        benefits, payroll = (_number(filled, found[name]) for name in ("benefits", "pension_payroll"))
        if payroll > benefits:
            text = f"benefits of the year are {benefits:,.15g}, less than the pensions in payment of the same year, {payroll:,.15g}"
            filled.findings.add(text, *filled.cells[found["benefits"]])


def _number(filled: Filled, target: Target) -> float:
    value = filled.values[target]
    return value if isinstance(value, float) else 0.0
