"""The sheets Provenance (what the book was made from) and Changes (what was changed since).

1. The record of the run (:mod:`actuarial.reporting.provenance`) gives the hashes of inputs, the state of the code and the versions used; a book
   written without a run says so.
2. Sources are the citations of the register, each with the number of inputs that rest on it.
3. Changes begins with the line of the program, which has no date: a book holds no time, so that the same study gives the same bytes. The lines below
   are for whoever changes the book. In between stands what was changed since a previous study, when the run was given one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting.change_record import AnalysisOfChange
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.numbers import day
from actuarial.reporting.provenance import Provenance
from actuarial.reporting.register_words import source_words
from actuarial.reporting.workbook_change import log_lines
from actuarial.reporting.workbook_sheets import Book, Column, Sheet

PACKAGES: Final = ("numpy", "pandas", "xlsxwriter", "scipy", "numba", "pydantic")
"""Those that compute figures or write the book; the record has all."""
OPEN_LINES: Final = 20
_WIDTHS: Final = (30.0, 78.0)
_CHANGES: Final = (14.0, 22.0, 24.0, 50.0, 40.0)


def provenance_sheet(book: Book, study: StudyResult, schemes: Sequence[SchemeResult], made_from: Provenance | None) -> None:
    """Write what the book was made from: software, study, hashes of the inputs, sources."""
    note = _("What this book was made from; the whole record is manifest.json beside it")
    sheet = book.sheet("Provenance", _("Provenance"), note, "about", upright=True)
    row = sheet.headings([Column("", _("What"), "text", _WIDTHS[0]), Column("", _("Value"), "text", _WIDTHS[1])])
    record: Mapping[str, Any] = json.loads(made_from.record) if made_from else {}
    meta, code, machine = study.meta, record.get("code", {}), record.get("environment", {})
    packages = {str(name).casefold(): version for name, version in machine.get("packages", {}).items()}
    facts = [
        (_("Identity of the inputs (SHA-256)"), made_from.identity if made_from else _("written without the record of a run")),
        (_("Version of the software"), str(code.get("version") or meta["package_version"])),
        (_("State of the code (git commit)"), _commit(code)),
        (_("Locked packages (SHA-256)"), str(code.get("lock_sha256") or "–")),
        (_("Python"), str(machine.get("python", "–"))),
        *((name, str(packages[name])) for name in PACKAGES if name in packages),
        (_("Scenario"), f"{data_text(str(meta['scenario_title']))} ({meta['scenario']})"),
        (_("Instrument"), f"{data_text(str(meta['instrument_title']))} ({meta['instrument']})"),
        (_("Valuation date"), day(str(meta["valuation_date"]))),
    ]
    row = _block(sheet, row, facts)
    hashes = record.get("inputs") or meta.get("inputs") or {}
    uncertainty = {phrase("record of {kind}", kind=_kind(str(kind))): digest for kind, digest in (record.get("uncertainty") or {}).items()}
    row = _titled(sheet, row, _("Files of the inputs, and their SHA-256"), [(str(n), str(d)) for n, d in {**hashes, **uncertainty}.items()])
    _titled(sheet, row, _("Sources, and how many inputs rest on each"), _sources(schemes))


def _commit(code: Mapping[str, Any]) -> str:
    commit = str(code.get("commit") or "–")
    return phrase("{commit}, with changes not yet recorded", commit=commit) if code.get("modified") else commit


def _kind(kind: str) -> str:
    return {"sensitivity": _("sensitivities"), "ensemble": _("ensemble"), "change": _("change since the previous study")}.get(kind, kind)


def _sources(schemes: Sequence[SchemeResult]) -> list[tuple[str, str]]:
    """Citations of the register by the count of inputs, the most used first; what no source is given for is left out."""
    tables = [s.assumptions for s in schemes if len(s.assumptions)]
    if not tables:
        return []
    cited = pd.concat(tables, ignore_index=True).drop_duplicates(["name", "file"])["source"].dropna().astype(str)
    counts = cited[cited.str.strip() != ""].value_counts()
    order = sorted(counts.items(), key=lambda item: (-int(item[1]), str(item[0])))
    return [(str(count), source_words(str(source))) for source, count in order]


def _titled(sheet: Sheet, row: int, title: str, lines: Sequence[tuple[str, str]]) -> int:
    sheet.text(row + 1, 0, title, "heading")
    sheet.text(row + 1, 1, "", "heading")
    return _block(sheet, row + 2, lines or [("–", "")])


def _block(sheet: Sheet, row: int, lines: Sequence[tuple[str, str]]) -> int:
    for name, value in lines:
        sheet.text(row, 0, name, "wrap")
        sheet.text(row, 1, value, "wrap")
        sheet.heighten(row, list(zip((name, value), _WIDTHS, strict=True)))
        row += 1
    return row


def changes_sheet(book: Book, study: StudyResult, made_from: Provenance | None, change: AnalysisOfChange | None = None) -> None:
    """Write the change log: the line of the program, with ``change`` what was changed since the previous study, and open lines."""
    note = _("Who changed what in this book, when and why; the yellow lines are open")
    sheet = book.sheet("Changes", _("Change log"), note, "about")
    heads = (_("Date"), _("Who"), _("Sheet and cell"), _("What"), _("Why"))
    row = sheet.headings([Column("", head, "text", width) for head, width in zip(heads, _CHANGES, strict=True)])
    version = str(study.meta["package_version"])
    made = (
        phrase("Computed by the program, version {version}; inputs {identity}", version=version, identity=made_from.short)
        if made_from
        else phrase("Computed by the program, version {version}", version=version)
    )
    texts = ("", _("the program"), _("all"), made, phrase("valuation at {date}", date=day(str(study.meta["valuation_date"]))))
    for line in (texts, *log_lines(change)):
        for c, text in enumerate(line):
            sheet.text(row, c, text, "wrap")
        sheet.heighten(row, list(zip(line, _CHANGES, strict=True)))
        row += 1
    for open_row in range(row, row + OPEN_LINES):
        for c in range(len(heads)):
            sheet.raw.write_blank(open_row, c, None, book.style("input_text"))
