"""Workbooks against figures: every formula recomputed by another spreadsheet engine (IronCalc), and its reserve against that of the study.

1. A workbook carries with each formula the value that the program computed. The other engine calculates the workbook from its constants; both must
   agree to 1e-9, relative or absolute, and a sum or difference of large figures to the last digits of those.
2. IronCalc is a package of the development environment. Where it is absent the checks are not run, and said not to be.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import openpyxl

from actuarial.execution.temporary import temporary_folder
from actuarial.feasibility.result import StudyResult
from actuarial.reporting.workbook import write_country_workbook
from actuarial.reporting.workbook_region import write_region_workbook
from actuarial.validation.case import Check, largest

TOLERANCE: Final = 1e-9
REASON: Final = "two programs that calculate the same formulas, in double precision"
SOURCE: Final = "IronCalc, an independent spreadsheet engine"
ROUNDINGS: Final = 4.0
"""How many times the rounding of its largest term a sum or difference may be off."""
FIRST_YEAR_ROW: Final = 7
RESERVE_COLUMN: Final = 16


@dataclass(frozen=True)
class Recomputed:
    """One formula: where it stands, its text, the value that the workbook carries, what the other engine found, and the gap between them."""

    place: str
    formula: str
    carried: Any
    found: Any
    gap: float
    """Difference over the larger of 1, the values and what their rounding allows; infinite for texts that differ."""


def available() -> bool:
    """Whether the other engine is installed."""
    return find_spec("ironcalc") is not None


def load(path: Path) -> Any:
    """The workbook in the other engine, calculated. Raises ``ImportError`` where that is not installed."""
    import ironcalc

    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    return model


def formulas(path: Path, cached: Any = None) -> Iterator[tuple[str, int, int, str, Any]]:
    """Sheet, row, column (from 1), formula and carried value of every formula; ``cached`` is the book read with its values."""
    cached = cached or openpyxl.load_workbook(path, data_only=True)
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" and cell.row is not None and cell.column is not None:
                    value = cached[sheet.title].cell(cell.row, cell.column).value
                    yield sheet.title, cell.row, cell.column, str(cell.value), "" if value is None else value


def largest_term(sheet: str, formula: str, values: Any) -> float:
    """Largest cell that a sum or difference reads, which its rounding is relative to; 0 for any other formula."""
    if re.search(r"[*/,:\"]", formula):
        return 0.0
    cells = re.findall(r"(?:(\w+)!)?\$?([A-Z]{1,2})\$?(\d+)", formula)
    read = [values[other or sheet][f"{column}{row}"].value for other, column, row in cells]
    return max((abs(v) for v in read if isinstance(v, int | float)), default=0.0)


def recompute(path: Path) -> Iterator[Recomputed]:
    """Every formula of a workbook in the other engine."""
    model, values = load(path), openpyxl.load_workbook(path, data_only=True)
    numbers = {s["name"]: i for i, s in enumerate(model.get_worksheets_properties())}
    for sheet, row, column, formula, carried in formulas(path, values):
        found = model.get_cell_value(numbers[sheet], row, column)
        gap = _gap(found, carried, ROUNDINGS * sys.float_info.epsilon * largest_term(sheet, formula, values))
        yield Recomputed(f"{sheet} row {row} column {column}", formula, carried, found, gap)


def _gap(found: Any, carried: Any, rounding: float) -> float:
    if isinstance(carried, str) or isinstance(found, str):
        return 0.0 if found == carried else float("inf")
    away = abs(float(found) - float(carried))
    return away / max(1.0, abs(float(found)), abs(float(carried)), rounding / TOLERANCE)


def workbook_checks(study: StudyResult, part: str) -> list[Check]:
    """The workbook of a country, or of the region when ``part`` is none of its countries."""
    with temporary_folder("workbook") as folder:
        path = folder / "report.xlsx"
        if part not in study.schemes:
            write_region_workbook(study, path)
            return [_recomputed(path, part)]
        write_country_workbook(study, part, path)
        return [_recomputed(path, part), _reserve(path, study, part)]


def _recomputed(path: Path, part: str) -> Check:
    gaps = [cell.gap for cell in recompute(path)]
    return _check(f"WORKBOOK-{part}/formulas", f"{len(gaps)} formulas of the workbook of {part}: largest gap", largest(gaps))


def _reserve(path: Path, study: StudyResult, country: str) -> Check:
    """The reserve with the instrument as the workbook rolls it forward, against that of the study."""
    model = load(path)
    sheet = [s["name"] for s in model.get_worksheets_properties()].index("With")
    yearly = study.schemes[country].yearly
    expected = yearly.loc[yearly["case"] == "with", "reserve"].to_numpy(float)
    rows = range(FIRST_YEAR_ROW, FIRST_YEAR_ROW + len(expected))
    found = np.array([float(model.get_cell_value(sheet, row, RESERVE_COLUMN)) for row in rows])
    scale = np.maximum(np.abs(expected), np.abs(expected).max() * TOLERANCE) if expected.any() else np.ones(len(expected))
    gap = largest(np.abs(found - expected) / scale)
    return _check(f"WORKBOOK-{country}/reserve", f"reserve of {len(expected)} years in the workbook of {country} against the study: largest gap", gap)


def _check(check_id: str, what: str, gap: float) -> Check:
    return Check(check_id, "workbook", what, "independent implementation", "derived", SOURCE, 0.0, gap, gap, "relative", TOLERANCE, REASON)
