"""Workbooks: formulas recomputed by an independent engine (IronCalc), what-if cells against the finance floor."""

import math
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import ironcalc
import numpy as np
import openpyxl
import pytest
from xlsxwriter.utility import xl_cell_to_rowcol

from actuarial.feasibility.result import StudyResult
from actuarial.finance import reserve as engine
from actuarial.reporting.roll_forward import implied_return, roll_forward
from actuarial.reporting.workbook import write_country_workbook
from actuarial.reporting.workbook_look import money_axis
from actuarial.reporting.workbook_region import write_region_workbook
from tests.reporting.synthetic import synthetic_study

TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return synthetic_study()


@pytest.fixture(scope="module")
def book(study: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "RWA.xlsx"
    write_country_workbook(study, "RWA", path)
    return path


def load(path: Path) -> Any:
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    return model


def sheet_number(model: Any, name: str) -> int:
    return [s["name"] for s in model.get_worksheets_properties()].index(name)


@cache
def named_cells(path: Path) -> dict[str, tuple[str, str]]:
    """Sheet and cell of every name of a book."""
    return {name: next(iter(defined.destinations)) for name, defined in openpyxl.load_workbook(path).defined_names.items()}


def change(model: Any, path: Path, **values: float) -> None:
    """Type values into the cells of these names, and calculate."""
    for name, value in values.items():
        sheet, cell = named_cells(path)[name]
        row, column = xl_cell_to_rowcol(cell.replace("$", ""))
        model.set_user_input(sheet_number(model, sheet), row + 1, column + 1, repr(value))
    model.evaluate()


def formulas(path: Path, cached: Any = None) -> Iterator[tuple[str, int, int, str, Any]]:
    """Sheet, row, column (from 1), formula and cached value of every formula of a book; ``cached`` is the book read with its values."""
    cached = cached or openpyxl.load_workbook(path, data_only=True)
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    value = cached[sheet.title].cell(cell.row, cell.column).value
                    yield sheet.title, cell.row, cell.column, str(cell.value), "" if value is None else value


def largest_term(sheet: str, formula: str, values: Any) -> float:
    """Largest cell that a sum or difference reads, which its rounding is relative to; 0 for any other formula."""
    if re.search(r"[*/,:\"]", formula):
        return 0.0
    cells = re.findall(r"(?:(\w+)!)?\$?([A-Z]{1,2})\$?(\d+)", formula)
    read = [values[other or sheet][f"{column}{row}"].value for other, column, row in cells]
    return max((abs(v) for v in read if isinstance(v, int | float)), default=0.0)


def assert_caches_hold(path: Path, at_least: int) -> None:
    """Every cached value is what an independent engine finds; a difference of large figures to the last digits of those."""
    model = load(path)
    values = openpyxl.load_workbook(path, data_only=True)
    numbers = {s["name"]: i for i, s in enumerate(model.get_worksheets_properties())}
    count = 0
    for sheet, row, column, formula, cached in formulas(path, values):
        count += 1
        found = model.get_cell_value(numbers[sheet], row, column)
        where = f"{sheet} row {row} column {column} {formula}: cached {cached!r}, recomputed {found!r}"
        if isinstance(cached, str):
            assert found == cached, where
        else:
            rounding = 4 * sys.float_info.epsilon * largest_term(sheet, formula, values)
            assert math.isclose(found, cached, rel_tol=TOLERANCE, abs_tol=max(TOLERANCE, rounding)), where
    assert count >= at_least


def test_an_independent_engine_recomputes_every_formula(book: Path) -> None:
    assert_caches_hold(book, 3000)


def test_an_independent_engine_recomputes_the_region(study: StudyResult, tmp_path: Path) -> None:
    write_region_workbook(study, tmp_path / "region.xlsx")
    assert_caches_hold(tmp_path / "region.xlsx", 200)


def test_the_cached_reserve_is_the_engines(study: StudyResult, book: Path) -> None:
    sheet = openpyxl.load_workbook(book, data_only=True)["With"]
    yearly = study.schemes["RWA"].yearly
    expected = yearly.loc[yearly["case"] == "with", "reserve"].to_numpy()
    found = [sheet.cell(row, 16).value for row in range(7, 7 + len(expected))]
    np.testing.assert_allclose(np.array(found, float), expected, rtol=TOLERANCE)


def test_every_year_has_the_same_formulas(book: Path) -> None:
    """FAST: one formula for a whole line item, no figure inside it other than 0 and 1."""
    patterns: dict[tuple[str, int], set[str]] = {}
    for sheet, row, column, formula, _ in formulas(book):
        if sheet in ("Without", "With", "Difference") and row > 6:
            relative = re.sub(r"([A-Z])(\d+)", lambda m, row=row: f"{m[1]}[{int(m[2]) - row}]", formula)
            patterns.setdefault((sheet, column), set()).add(relative)
    assert len(patterns) == 2 * 21 + 8
    assert all(len(found) == 1 for found in patterns.values())


def test_a_higher_contribution_rate_gives_the_finance_floors_reserve(study: StudyResult, book: Path) -> None:
    model = load(book)
    change(model, book, Contribution_rate_addition=0.02, Return_addition=-0.01, Benefit_factor=1.1)
    rolled = roll_forward(study.schemes["RWA"], "without")
    contributions = (rolled["legal_rate"] + 0.02) * rolled["insurable_earnings"] * rolled["collected"]
    outgo = 1.1 * rolled["benefits"] + rolled["administration"]
    opening = float(rolled["opening"].iloc[0])
    rates = rolled["rate"].to_numpy() - 0.01
    expected = engine.roll_forward(opening, contributions.to_numpy(), outgo.to_numpy(), rates)
    sheet = sheet_number(model, "Without")
    found = np.array([model.get_cell_value(sheet, row, 16) for row in range(7, 82)])
    scale = np.maximum(np.abs(expected.closing), outgo)
    assert (np.abs(found - expected.closing) <= TOLERANCE * scale).all()
    cover = openpyxl.load_workbook(book)["Cover"]
    state = [c.row for c in cover["B"] if c.data_type == "f"]
    cells = [model.get_cell_value(sheet_number(model, "Cover"), row, 2) for row in state]
    assert cells == ["All checks hold", "What-if cells are in use"]


def test_the_transfer_matrix_follows_the_year(study: StudyResult, tmp_path: Path) -> None:
    write_region_workbook(study, tmp_path / "region.xlsx")
    model = load(tmp_path / "region.xlsx")
    sheet = sheet_number(model, "Transfers")
    model.set_user_input(sheet, 4, 2, "2071")
    model.evaluate()
    t = study.transfers
    rows = t[(t["case"] == "with") & (t["year"] == 2071) & (t["payer"] == "RWA") & (t["residence"] == "KEN")]
    top = next(r for r in range(1, 40) if str(model.get_cell_value(sheet, r, 1)).startswith("With the"))
    row = next(r for r in range(top, top + 20) if model.get_cell_value(sheet, r, 1) == "RWA")
    column = next(c for c in range(3, 13) if model.get_cell_value(sheet, top + 1, c) == "KEN")
    assert model.get_cell_value(sheet, row, column) == pytest.approx(float(rows["amount_usd"].sum()), rel=TOLERANCE)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ('=HYPERLINK("http://evil.example","x")', False),
        ("http://evil.example", True),
    ],
)
def test_hostile_text_stays_text(tmp_path: Path, text: str, region: bool) -> None:
    hostile = synthetic_study(hostile=text)
    path = tmp_path / "book.xlsx"
    if region:
        write_region_workbook(hostile, path)
    else:
        write_country_workbook(hostile, "RWA", path)
    held = 0
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None and text in str(cell.value):
                    held += 1
                    assert cell.data_type == "s", f"{sheet.title}!{cell.coordinate}"
    assert held > 0
    with zipfile.ZipFile(path) as parts:
        assert not [n for n in parts.namelist() if "rels" in n and b"hyperlink" in parts.read(n)]


def test_two_writes_give_the_same_bytes(study: StudyResult, book: Path, tmp_path: Path) -> None:
    write_country_workbook(study, "RWA", tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == book.read_bytes()


def test_charts_are_native_and_described(book: Path) -> None:
    with zipfile.ZipFile(book) as parts:
        charts = [n for n in parts.namelist() if n.startswith("xl/charts/chart")]
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    assert len(charts) == 6
    assert drawing.count('descr="') == 6


def test_nothing_an_old_spreadsheet_lacks(book: Path) -> None:
    assert not [f for *_, f, _ in formulas(book) if "_xlfn" in f or "OFFSET" in f or "INDIRECT" in f]


def test_only_input_cells_are_open(study: StudyResult, book: Path) -> None:
    open_cells = []
    for sheet in openpyxl.load_workbook(book).worksheets:
        assert sheet.protection.sheet
        open_cells += [
            f"{sheet.title}!{c.coordinate}" for row in sheet.iter_rows() for c in row if not c.protection.locked
        ]
    years = ["Causes!B4"] if len(study.schemes["RWA"].causes) else []
    log = [f"Changes!{column}{row}" for row in range(6, 26) for column in "ABCDE"]
    assert open_cells == [*(f"Inputs!B{row}" for row in range(5, 10)), *years, *log]


@pytest.mark.parametrize("column", ["reserve", "benefits", "payg_cost_rate", "reserve_ratio"])
def test_figures_that_contradict_each_other_are_refused(study: StudyResult, tmp_path: Path, column: str) -> None:
    scheme = study.schemes["RWA"]
    yearly = scheme.yearly.copy()
    yearly.loc[30, column] *= 1.001
    wrong = replace(study, schemes={**study.schemes, "RWA": replace(scheme, yearly=yearly)})
    with pytest.raises(ValueError, match=f"RWA, without, 205[67]: ({column}|reserve)"):
        write_country_workbook(wrong, "RWA", tmp_path / "book.xlsx")
    assert not (tmp_path / "book.xlsx").exists()


def test_a_scheme_without_expenditure_has_no_reserve_ratio(study: StudyResult, tmp_path: Path) -> None:
    scheme = study.schemes["SOM"]
    without_ratio = replace(scheme, yearly=scheme.yearly.assign(reserve_ratio=math.nan))
    write_country_workbook(replace(study, schemes={**study.schemes, "SOM": without_ratio}), "SOM", tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx", data_only=True)["With"]
    assert not sheet.cell(21, 18).value


def test_the_implied_return_explains_the_income() -> None:
    rates = np.array([0.1, 0.02, -0.01, 0.07, 0.0])
    opening, net = np.array([100.0, 0.0, -50.0, 3.0, 10.0]), np.array([20.0, 5.0, -30.0, -6.5, 1.0])
    income = rates * opening + net * (np.sqrt(1 + rates) - 1)
    np.testing.assert_allclose(implied_return(opening, net, income), rates, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("largest", "expected"), [(900.0, ""), (2e6, "thousand "), (3e7, "million "), (4e16, "trillion ")]
)
def test_axis_units(largest: float, expected: str) -> None:
    assert money_axis(largest, "RWF")[1] == f"{expected}RWF"
