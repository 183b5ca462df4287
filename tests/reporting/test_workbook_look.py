"""What a reader sees of the workbooks: figures as an independent engine (IronCalc) prints them, and whether they fit.

Widths of Arial in thousandths of its size: the AFM tables of Helvetica, which Arial copies (digits 556, comma 278).
"""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import ironcalc
import openpyxl
import pytest

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting.workbook import write_country_workbook
from actuarial.reporting.workbook_look import money_unit
from actuarial.reporting.workbook_region import write_region_workbook
from tests.reporting.synthetic import synthetic_study

GLYPHS = {",": 278, ".": 278, "-": 333, "–": 556, "+": 584, "%": 889, "E": 667, " ": 278}
PIXELS = 10 / 0.75 / 1000
"""Of a thousandth, at 10 points and 96 dots an inch."""
LARGEST = [1.0, 3e16, 9.99e17]
"""Of the amounts of 75 years; the largest of a real run was 1.8e16."""
MONEY = re.compile("insurable_earnings|contributions|pensions$|lump_sums|refunds$|payouts|benefits|administration|income|reserve$|balances")


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return synthetic_study()


@pytest.fixture(scope="module")
def book(study: StudyResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("look") / "RWA.xlsx"
    write_country_workbook(study, "RWA", path)
    return path


def model_of(path: Path) -> Any:
    model = ironcalc.load_from_xlsx(str(path), "en", "UTC", "en")
    model.evaluate()
    return model


def scaled(study: StudyResult, largest: float) -> StudyResult:
    """The study in a currency of such small units that the largest amount of every scheme is ``largest``."""
    schemes = {code: scaled_scheme(scheme, largest) for code, scheme in study.schemes.items()}
    transfers = study.transfers.assign(amount_usd=study.transfers["amount_usd"] * largest / study.transfers["amount_usd"].max())
    return replace(study, schemes=schemes, transfers=transfers)


def scaled_scheme(scheme: SchemeResult, largest: float) -> SchemeResult:
    columns = [c for c in scheme.yearly if MONEY.search(str(c))]
    top = float(scheme.yearly[columns].abs().max().max())
    factor = largest / top if top else 1.0
    yearly, indicators, corridors = scheme.yearly.copy(), scheme.indicators.copy(), scheme.corridors.copy()
    yearly[columns] *= factor
    rows = indicators["indicator"] == "pv_net_cost"
    indicators.loc[rows, ["without", "with", "difference"]] *= factor
    present = [c for c in corridors if str(c).startswith("pv_")]
    corridors[present] *= factor
    gains = scheme.gains.assign(average_extra_pension=scheme.gains["average_extra_pension"] * factor)
    residence = scheme.residence.assign(amount=scheme.residence["amount"] * factor)
    return replace(scheme, yearly=yearly, indicators=indicators, corridors=corridors, gains=gains, residence=residence)


def shown_figures(path: Path) -> Iterator[tuple[str, str, str, float]]:
    """Sheet, cell, printed text and width of the column in pixels, of every number of a book."""
    model = model_of(path)
    names = [s["name"] for s in model.get_worksheets_properties()]
    for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
        number = names.index(sheet.title)
        widths = {
            column: group.width for group in sheet.column_dimensions.values() for column in range(group.min or 0, (group.max or 0) + 1)
        }
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float):
                    text = model.get_formatted_cell_value(number, cell.row, cell.column)
                    yield sheet.title, cell.coordinate, text, int(widths.get(cell.column, 8.43) * 7 + 5)


def too_wide(path: Path) -> list[str]:
    found, count = [], 0
    for sheet, cell, text, room in shown_figures(path):
        count += 1
        needed = sum(GLYPHS.get(c, 556) for c in text) * PIXELS + 4
        if "#" in text or needed > room:
            found.append(f"{sheet}!{cell} {text}: {needed:.0f} of {room} pixels")
    assert count > 1000
    return found


@pytest.mark.parametrize("largest", LARGEST)
@pytest.mark.parametrize("country", ["RWA", "KEN"])
def test_no_number_is_wider_than_its_column(study: StudyResult, tmp_path: Path, country: str, largest: float) -> None:
    write_country_workbook(scaled(study, largest) if largest > 1 else study, country, tmp_path / "book.xlsx")
    assert too_wide(tmp_path / "book.xlsx") == []


@pytest.mark.parametrize("largest", LARGEST)
def test_no_number_of_the_region_is_wider_than_its_column(study: StudyResult, tmp_path: Path, largest: float) -> None:
    write_region_workbook(scaled(study, largest) if largest > 1 else study, tmp_path / "region.xlsx")
    assert too_wide(tmp_path / "region.xlsx") == []


@pytest.mark.parametrize("digits", [6, 8])
@pytest.mark.parametrize("exponent", range(3, 18))
def test_amounts_keep_few_digits_in_their_unit(exponent: int, digits: int) -> None:
    unit = money_unit(9.99 * 10.0**exponent, "RWF", digits)
    assert 9.99 * 10.0**exponent / 1000.0**unit.cuts < 10.0**digits
    assert unit.shown == ("RWF" if not unit.cuts else f"RWF, shown in {unit.words.split()[0]}s"), "cells hold full amounts"
    assert unit.digits == "#,##0" + ("." + "0" * unit.decimals if unit.decimals else "") + "," * unit.cuts


def test_headings_units_and_wrapped_texts_have_their_height(book: Path) -> None:
    """Two words of a heading that do not fit beside each other stand below each other, in a row high enough."""
    checked = 0
    for sheet in openpyxl.load_workbook(book, data_only=True).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.alignment.wrap_text:
                    width = next(g.width for g in sheet.column_dimensions.values() if g.min <= cell.column <= g.max)
                    lines = math.ceil(len(cell.value) * 0.85 / width)
                    height = sheet.row_dimensions[cell.row].height or 13.0
                    assert height >= 12.5 * lines, f"{sheet.title}!{cell.coordinate}"
                    checked += 1
    assert checked > 300


def test_inputs_show_zero_and_one_with_their_unit(book: Path) -> None:
    model = model_of(book)
    inputs = [s["name"] for s in model.get_worksheets_properties()].index("Inputs")
    assert [model.get_formatted_cell_value(inputs, row, 2) for row in range(5, 10)] == ["0.00%", "0.00%", "0.00%", "1.00", "1.00"]
    assert all(model.get_formatted_cell_value(inputs, row, 3) for row in range(5, 10))


def test_indicators_are_read_in_their_unit(study: StudyResult, book: Path) -> None:
    model = model_of(book)
    sheet = [s["name"] for s in model.get_worksheets_properties()].index("Indicators")
    lines = [[model.get_formatted_cell_value(sheet, row, column) for column in range(1, 7)] for row in range(5, 35)]
    shown = {line[0]: line[1:] for line in lines}
    rows = study.schemes["RWA"].indicators.set_index("indicator")
    rate = shown["PAYG cost rate 2050"]
    change = 100 * (rows.loc["payg_2050", "with"] - rows.loc["payg_2050", "without"])
    assert rate[1] == f"{rows.loc['payg_2050', 'without']:.3%}"
    assert rate[3:] == [f"{change:+.3f}", "percentage points"]
    dates = [shown[name] for name in ("Expenditure first exceeds contributions", "Reserve first falls", "Reserve used up")]
    assert all(re.fullmatch(r"20\d\d|2100|not within the horizon", value) for line in dates for value in line[1:3])
    assert not [name for name in shown if "_" in name]


def test_messages_of_the_charts_follow_the_what_if_cells(book: Path) -> None:
    model = model_of(book)
    names = [s["name"] for s in model.get_worksheets_properties()]
    before = [model.get_cell_value(names.index("Charts"), row, 1) for row in range(5, 11)]
    model.set_user_input(names.index("Inputs"), 8, 2, "3")
    model.evaluate()
    after = [model.get_cell_value(names.index("Charts"), row, 1) for row in range(5, 11)]
    assert all(before) and all(len(text) < 110 for text in before)
    assert before[0] != after[0]
    assert before[4] != after[4]
    assert after[2].startswith("Years with a negative reserve")


def test_a_difference_of_nothing_is_a_dash_in_every_column(study: StudyResult, tmp_path: Path) -> None:
    write_country_workbook(synthetic_study(no_effect=True), "RWA", tmp_path / "book.xlsx")
    found = {text for sheet, cell, text, _ in shown_figures(tmp_path / "book.xlsx") if sheet == "Difference" and cell[0] != "A"}
    assert found == {"–"}
