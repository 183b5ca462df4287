"""The workbook of a comparison: every figure of every combination, and live differences from the base.

1. The column of the base stands first; every other column has a difference to it as a formula. Sums over states and over parts are formulas too.
2. Cells hold full amounts and unrounded rates; only their display is cut. A figure that has no meaning for a scheme is a dash, which sums pass over.
3. The sheet Checks holds the book against itself (parts against net cost, paid against received) and repeats what the report checked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from xlsxwriter.utility import xl_col_to_name

from actuarial.reporting import frames, numbers
from actuarial.reporting.compare_charts import pension_schemes
from actuarial.reporting.compare_figures import (
    ENGINE,
    MEASURES,
    PARTS,
    REGION,
    SAME_WITHOUT,
    TOLERANCE,
    Figures,
    Parts,
    checks,
    figures,
    parts_of,
)
from actuarial.reporting.compare_rules import differing
from actuarial.reporting.compare_set import Comparison
from actuarial.reporting.language import _, data_text, marked, phrase
from actuarial.reporting.provenance import Provenance
from actuarial.reporting.provenance import properties as provenance_properties
from actuarial.reporting.rule_words import instrument_lines, scenario_lines
from actuarial.reporting.workbook_formula import literal
from actuarial.reporting.workbook_sheets import HEADER_ROW, Book, Column, Sheet
from actuarial.reporting.workbook_tabs import on, tab

_MILLIONS: Final = 'number|#,##0.00,,;-#,##0.00,,;"–"'
_GAP_MILLIONS: Final = 'number|+#,##0.00,,;-#,##0.00,,;"–"'
_RATE: Final = 'number|0.00000%;-0.00000%;"–"'
_GAP_RATE: Final = 'number|+0.00000%;-0.00000%;"–"'
_PERSONS: Final = 'number|#,##0;-#,##0;"–"'
_GAP_PERSONS: Final = 'number|+#,##0;-#,##0;"–"'
_STYLES: Final = {"usd": (_MILLIONS, _GAP_MILLIONS), "points": (_RATE, _GAP_RATE), "persons": (_PERSONS, _GAP_PERSONS)}
_UNITS: Final = {
    "usd": marked("million USD, present value"),
    "points": marked("share of insurable earnings"),
    "persons": marked("persons"),
}
_WIDTH: Final = 15
README: Final = (
    marked("Every column is one combination of a scenario and an instrument; the first one is the base. Figures are with minus without the "
           "instrument."),
    marked("Differences are live formulas against the base. Sums over states and parts are formulas as well."),
    marked("Amounts are present values in US dollars at the valuation date, at the return on each scheme's reserve; the display cuts them to "
           "millions, cells hold full amounts. Rates are fractions of insurable earnings."),
    marked("A dash is zero, or a figure that has no meaning: accounts owe no pension by formula, so that only administration is added there."),
    marked("Parts of the net cost sum to it; savings are negative."),
    marked("Responsibility: this book was computed by a program from the inputs named in manifest.json beside it. It carries no actuary's opinion; "
           "whoever relies on it should have an actuary review data, assumptions and results."),
)  # fmt: skip


@dataclass(frozen=True)
class _Test:
    """A check: what must hold, the formula or value of its deviation, what is allowed."""

    text: str
    deviation: str | float
    tolerance: float


def write_comparison_workbook(comparison: Comparison, path: Path, made_from: Provenance | None = None) -> None:
    """Write the workbook in the active language; ``made_from`` names its inputs in its properties.

    Raises ``KeyError`` for a table that lacks a value it needs.
    """
    table, parts = figures(comparison), parts_of(comparison)
    meta = comparison.base.study.meta
    title = phrase("{region}: scenarios and instruments compared", region=data_text(str(meta["region_name"])))
    properties = {
        "scenarios": " ".join(comparison.scenarios),
        "instruments": " ".join(comparison.instruments),
        "valuation_date": str(meta["valuation_date"]),
        "package_version": str(meta["package_version"]),
        **(provenance_properties(made_from) if made_from is not None else {}),
    }
    with Book(path, title, properties, datetime.fromisoformat(str(meta["valuation_date"]))) as book:
        cover = book.sheet("Cover", title, _("Every difference is against the first combination"), "about", upright=True)
        readme = book.sheet("ReadMe", _("How to read this book"), _("Conventions and responsibility"), "about", upright=True)
        readme.raw.set_column(0, 0, 100)
        readme.lines(HEADER_ROW, [_(text) for text in README], width=100, gap=6)
        cells = _matrix(book, comparison, table)
        tests = _parts(book, comparison, parts, cells)
        _cost_rates(book, comparison)
        _rules(book, comparison)
        tests += _received(comparison, cells) + _of_report(comparison)
        failures = _checks(book, tests)
        _cover(cover, comparison, failures)


def _columns(comparison: Comparison, before: Sequence[Column]) -> list[Column]:
    """The columns ``before``, one for each combination and one for each difference from the base."""
    plain = [Column(c.letter, f"{c.letter} {c.scenario_name}, {c.instrument_name}", _MILLIONS, _WIDTH) for c in comparison.combinations]
    others, base = comparison.combinations[1:], comparison.base.letter
    gaps = [Column("", phrase("{one} less {other}", one=c.letter, other=base), _GAP_MILLIONS, _WIDTH) for c in others]
    return [*before, *plain, *gaps]


def _line(sheet: Sheet, row: int, first: int, values: Sequence[float], styles: tuple[str, str], formulas: Sequence[str] | None = None) -> None:
    """Figures of one row from column ``first`` on, as numbers or ``formulas``, and their differences from the first as formulas."""
    base = xl_col_to_name(first)
    for i, value in enumerate(values):
        if formulas is None or not math.isfinite(value):
            sheet.number(row, first + i, value, styles[0])
        else:
            sheet.formula(row, first + i, formulas[i], value, styles[0].replace("number", "total"))
    for i, value in enumerate(values[1:], 1):
        gap, at = value - values[0], first + len(values) + i - 1
        if math.isfinite(gap):
            style = styles[1].replace("number", "total") if formulas else styles[1]
            sheet.formula(row, at, f"={xl_col_to_name(first + i)}{row + 1}-{base}{row + 1}", gap, style)
        else:
            sheet.text(row, at, "–", "absent")


def _matrix(book: Book, comparison: Comparison, table: Figures) -> dict[tuple[str, str], int]:
    """The sheet of all measures; return the row (from 1) of every measure and country."""
    note = _("With minus without the instrument, by state and combination; differences are live")
    sheet = book.sheet("Comparison", _("All states and combinations"), note, "live")
    before = (Column("", _("Figure"), "text", 60), Column("", _("State"), "text", 18), Column("", _("Unit"), "text", 27))
    row = sheet.headings(_columns(comparison, before), freeze=2)
    names = {code: data_text(s.country_name) for code, s in comparison.base.study.schemes.items()}
    cells: dict[tuple[str, str], int] = {}
    for measure in MEASURES:
        start = row
        for code, by_letter in table[measure.name].items():
            total = code == REGION
            if total and measure.name == "net_received_usd":
                continue  # zero by construction: what is paid is received, which the checks hold
            label = "total_text" if total else "text"
            sheet.text(row, 0, _(measure.title), label)
            sheet.text(row, 1, _("All states") if total else names[code], label)
            sheet.text(row, 2, _(_UNITS[measure.form]), label)
            values = [by_letter[c.letter] for c in comparison.combinations]
            _line(sheet, row, 3, values, _STYLES[measure.form], _sums(start, row, len(values)) if total else None)
            cells[measure.name, code] = row + 1
            row += 1
    sheet.raw.autofilter(HEADER_ROW, 0, row - 1, 3 + 2 * len(comparison.combinations) - 2)
    return cells


def _sums(start: int, row: int, count: int) -> list[str]:
    """Formulas that sum the rows from ``start`` to before ``row`` in each column of a combination."""
    return [f"=SUM({letter}{start + 1}:{letter}{row})" for letter in (xl_col_to_name(3 + i) for i in range(count))]


def _parts(book: Book, comparison: Comparison, parts: Parts, cells: dict[tuple[str, str], int]) -> list[_Test]:
    """The sheet of the parts of the net cost, each state ending in its sum; return that the sums are the net costs."""
    note = _("What the net cost consists of; savings are negative")
    sheet = book.sheet("CostParts", _("Parts of the net cost"), note, "live")
    before = (Column("", _("State"), "text", 18), Column("", _("Part"), "wrap", 46), Column("", _("Unit"), "text", 27))
    row = sheet.headings(_columns(comparison, before), freeze=2)
    names = pension_schemes(comparison)
    tests: list[_Test] = []
    for code, by_part in parts.items():
        start = row
        for part, by_letter in by_part.items():
            sheet.text(row, 0, names[code])
            sheet.text(row, 1, _(PARTS[part]), "wrap")
            sheet.heighten(row, [(_(PARTS[part]), 46)])
            sheet.text(row, 2, _(_UNITS["usd"]))
            _line(sheet, row, 3, [by_letter[c.letter] for c in comparison.combinations], _STYLES["usd"])
            row += 1
        for i, text in enumerate((names[code], _("Net cost"), _(_UNITS["usd"]))):
            sheet.text(row, i, text, "total_text")
        sums = [math.fsum(by_part[part][c.letter] for part in by_part) for c in comparison.combinations]
        letters = [xl_col_to_name(3 + i) for i in range(len(sums))]
        _line(sheet, row, 3, sums, _STYLES["usd"], _sums(start, row, len(sums)))
        for c, letter, value in zip(comparison.combinations, letters, sums, strict=True):
            if math.isfinite(value):
                one, two = f"{on('CostParts')}{letter}{row + 1}", f"{on('Comparison')}{letter}{cells['net_cost_usd', code]}"
                said = phrase("{letter}, {state}: the parts of the net cost sum to it", letter=c.letter, state=names[code])
                tests.append(_Test(said, f"=({one}-{two})/MAX(1,ABS({two}))", TOLERANCE))
        row += 1
    return tests


def _cost_rates(book: Book, comparison: Comparison) -> None:
    """The change of the PAYG cost rate, year by year."""
    note = _("(Benefits + administration) / insurable earnings, with minus without the instrument")
    sheet = book.sheet("CostRates", _("Change of the PAYG cost rate"), note, "data")
    row = sheet.headings(_columns(comparison, (Column("", _("State"), "text", 18), Column("", _("Year"), "year", 6))), freeze=2)
    first = row
    for code, name in pension_schemes(comparison).items():
        columns = []
        for c in comparison.combinations:
            scheme = c.study.schemes[code]
            with_, without = (frames.case(scheme, case)["payg_cost_rate"] for case in ("with", "without"))
            known = scheme.kind == frames.DEFINED_BENEFIT
            columns.append([float(v) if known else math.nan for v in with_ - without])
        for i, year in enumerate(frames.case(comparison.base.study.schemes[code], "without").index):
            sheet.text(row, 0, name)
            sheet.number(row, 1, float(year), "year")
            _line(sheet, row, 2, [column[i] for column in columns], _STYLES["points"])
            row += 1
    sheet.five_years(first, row, 2 + 2 * len(comparison.combinations) - 1, "B")


def _rules(book: Book, comparison: Comparison) -> None:
    """What differs between the instruments and between the scenarios."""
    for sheet_name, title, items, lines in (
        ("Provisions", _("Provisions in which the instruments differ"), comparison.instruments, instrument_lines),
        ("Levers", _("Levers in which the scenarios differ"), comparison.scenarios, scenario_lines),
    ):
        sheet = book.sheet(sheet_name, title, _("Everything else is the same"), "input")
        head = Column("", _("Provision") if sheet_name == "Provisions" else _("Lever"), "wrap", 44)
        row = sheet.headings([head, *(Column("", name, "wrap", 26) for name in items)])
        found = differing(list(items.values()), lines)
        if not found:
            sheet.text(row, 0, _("Nothing differs"), "subtitle")
        for name, values in found.values():
            texts = [name, *(v if v is not None else _("not in it") for v in values)]
            for i, text in enumerate(texts):
                sheet.text(row, i, text, "wrap")
            sheet.heighten(row, [(texts[0], 44), *((t, 26) for t in texts[1:])])
            row += 1


def _received(comparison: Comparison, cells: dict[tuple[str, str], int]) -> list[_Test]:
    tests = []
    for i, c in enumerate(comparison.combinations):
        letter = xl_col_to_name(3 + i)
        paid, received = (f"{on('Comparison')}{letter}{cells[name, REGION]}" for name in ("paid_abroad_usd", "received_usd"))
        said = phrase("{letter}: pensions paid across borders are pensions received", letter=c.letter)
        if not c.study.transfers_pv.empty:
            tests.append(_Test(said, f"=({paid}-{received})/MAX(1,ABS({paid}))", TOLERANCE))
    return tests


def _of_report(comparison: Comparison) -> list[_Test]:
    """What no formula of the book can see, as the report found it."""
    return [
        _Test(phrase("{letter}: {check}", letter=c.letter, check=_(c.name)), c.deviation, c.tolerance)
        for c in checks(comparison)
        if c.name in (SAME_WITHOUT, ENGINE)
    ]


def _checks(book: Book, tests: Sequence[_Test]) -> str:
    """Write the checks; return the cell that counts those that fail."""
    note = _("Two ways to the same figure must agree; deviations this small are rounding of the computer")
    sheet = book.sheet("Checks", _("Checks"), note, "about")
    columns = (
        Column("", _("What must hold"), "wrap", 78),
        Column("", _("Found deviation"), width=13),
        Column("", _("Allowed deviation"), width=13),
        Column("", _("Fails"), width=8),
    )
    size, flag = "number|0.0E+00;-0.0E+00;0", "number|0"
    row = first = sheet.headings(columns)
    for test in tests:
        sheet.text(row, 0, test.text, "wrap")
        sheet.heighten(row, [(test.text, 78)])
        if isinstance(test.deviation, str):
            sheet.formula(row, 1, test.deviation, 0.0, size)
        else:
            sheet.number(row, 1, test.deviation, size)
        sheet.number(row, 2, test.tolerance, size)
        fails = not isinstance(test.deviation, str) and abs(test.deviation) > test.tolerance
        sheet.formula(row, 3, f"=IF(ABS(B{row + 1})<=C{row + 1},0,1)", float(fails), flag)
        row += 1
    for i, text in enumerate((_("Checks that fail"), "", "")):
        sheet.text(row, i, text, "total_text")
    failed = sum(not isinstance(t.deviation, str) and abs(t.deviation) > t.tolerance for t in tests)
    sheet.formula(row, 3, f"=SUM(D{first + 1}:D{row})", float(failed), "total|0")
    return f"{on('Checks')}$D${row + 1}"


def _cover(sheet: Sheet, comparison: Comparison, failures: str) -> None:
    """What the book is about, whether its checks hold, and the way to every sheet."""
    meta = comparison.base.study.meta
    sheet.raw.set_column(0, 0, 20)
    sheet.raw.set_column(1, 1, 80)
    facts = [
        (
            c.letter,
            phrase(
                "{scenario} with {instrument} ({scenario_name}, {instrument_name})",
                scenario=data_text(str(c.scenario["title"])),
                instrument=data_text(str(c.instrument["title"])),
                scenario_name=c.scenario_name,
                instrument_name=c.instrument_name,
            ),
        )
        for c in comparison.combinations
    ]
    facts += [(_("Valuation date"), numbers.day(str(meta["valuation_date"]))), (_("Software"), f"actuarial {meta['package_version']}")]
    row = HEADER_ROW
    for label, value in facts:
        sheet.text(row, 0, label, "label")
        row = sheet.lines(row, [value], 1, 80, gap=2)
    row += 1
    good, bad = _("All checks hold"), _("A check fails: see the last sheet")
    holds = all(c.holds for c in checks(comparison))
    sheet.text(row, 0, _("State of this book"), "label")
    sheet.formula(row, 1, f"=IF({failures}=0,{literal(good)},{literal(bad)})", good if holds else bad, "good")
    sheet.raw.conditional_format(row, 1, row, 1, {"type": "cell", "criteria": "!=", "value": literal(good), "format": sheet.book.style("bad")})
    row += 2
    for i, text in enumerate((_("Sheets"), "")):
        sheet.text(row, i, text, "heading")
    for name, what in (
        ("ReadMe", _("Conventions and responsibility")),
        ("Comparison", _("All states and combinations, with live differences from the base")),
        ("CostParts", _("What the net cost consists of, state by state")),
        ("CostRates", _("Change of the PAYG cost rate, year by year")),
        ("Provisions", _("Provisions in which the instruments differ")),
        ("Levers", _("Levers in which the scenarios differ")),
        ("Checks", _("What must hold")),
    ):
        row += 1
        sheet.raw.set_row(row, 16)
        sheet.link(row, 0, name, tab(name))
        sheet.text(row, 1, what)
