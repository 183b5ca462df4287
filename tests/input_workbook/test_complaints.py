"""Every mistake is told with its sheet and cell, all mistakes of a workbook at once, and nothing is written."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from actuarial.basis.errors import InputError
from actuarial.input_workbook.apply import data_with
from tests.input_workbook.books import DATA, cell_of, complaints, edited, read


def _spoil_cells(book: Workbook) -> None:
    rules, base, members = book["Rules"], book["Base year"], book["Members"]
    assert all(isinstance(page, Worksheet) for page in (rules, base, members))

    def rule(name: str, column: str = "Value"):  # type: ignore[no-untyped-def]  # noqa: ANN202
        return cell_of(rules, name, column)

    rule("contributions.employee").value = 14
    rule("contributions.employer").value = "6 %"
    rule("contributions.ceiling.1").value = "1 234,5"
    rule("contributions.ceiling.2").value = "1,234"
    rule("contributions.ceiling.3").value = "=B1*2"
    rule("contributions.ceiling.4").value = datetime.date(2025, 1, 1)
    rule("contributions.ceiling.5").value = True
    rule("contributions.ceiling.6").value = -5
    rule("account.payout_age.male").value = 60.5
    rule("account.payout_age.female").value = 200
    rule("account.preservation").value = "yess"
    rule("leaving.refund", "Confidence").value = "verfied"
    rule("leaving.refund_take_up", "Unit").value = "USD per month"
    rule("contributions.ceiling.6", "Holds from").value = "2030-01-01"
    cell_of(base, "calibration.reserve", "Value").value = None
    broken = cell_of(base, "calibration.benefits", "Value")
    broken.value, broken.data_type = "#DIV/0!", "e"
    members["B62"].value = None
    for row in range(1, members.max_row + 1):
        if members.cell(row, 1).value == "Total":
            members.cell(row, 2).value = 5
    members["C12"].value = 9e9
    members["C11"].value = "abc"
    members["D10"].value = "='Work'!B20"


def _spoil_shape(book: Workbook) -> None:
    book["Members"].merge_cells("B20:C20")
    book["Members"].row_dimensions[25].hidden = True
    book["Members"].column_dimensions["D"].hidden = True
    ages = book["Work"]
    ages["A10"].value, ages["A11"].value = ages["A11"].value, ages["A10"].value
    ages.insert_rows(30)
    years = book["Past years"]
    years.delete_rows(10)
    years["A20"].value = years["A19"].value
    years["A25"].value = "20I0"
    book["Corridors"].insert_cols(3)
    book["Migrants"].delete_cols(5)
    book["Rules"]["D6"].value = "Valeur"
    book["Base year"].sheet_state = "hidden"
    book["Other branches"]["K8"].value = "a remark of ours"
    del book["Economy"]
    book.create_sheet("Notes")
    for row in book["Read me"].iter_rows():
        for cell in row:
            if cell.value == "KES":
                cell.value = "TZS"


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return complaints(read(edited("KEN", tmp_path_factory.mktemp("cells") / "cells.xlsx", _spoil_cells)))


@pytest.fixture(scope="module")
def shape(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return complaints(read(edited("KEN", tmp_path_factory.mktemp("shape") / "shape.xlsx", _spoil_shape)))


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("Rules!D8", ["found 14", "for 14 per cent write 0.14 or 14%", "allowed: a share from 0 % to 100 %"]),
        ("Rules!D9", ["the text '6 %'", "0.06"]),
        ("Rules!D10", ["the text '1 234,5'", "1234.5 (or 1234,5 where your Excel uses a decimal comma)"]),
        ("Rules!D11", ["the text '1,234'", "1234, or 1.234 if the comma was the decimal sign"]),
        ("Rules!D12", ["the formula =B1*2 has no saved value"]),
        ("Rules!D13", ["found a date (2025-01-01", "allowed: a number, 0 or more"]),
        ("Rules!D14", ["found TRUE"]),
        ("Rules!D15", ["found -5; allowed: a number, 0 or more"]),
        ("Rules!C15", ["found '2030-01-01'; it must be '2027-02-01'"]),
        ("Rules!D21", ["found 60.5; allowed: a whole number from 40 to 75"]),
        ("Rules!D22", ["found 200; allowed: a whole number from 40 to 75"]),
        ("Rules!D34", ["found 'yess'; did you mean 'yes'?"]),
        ("Rules!F37", ["found 'verfied'; did you mean 'verified'?"]),
        ("Rules!E38", ["found 'USD per month'; it must be 'share of those with the right'"]),
        ("Base year!D12", ["the cell is empty"]),
        ("Base year!D11", ["the error #DIV/0!"]),
        ("Members!C12", ["found 9,000,000,000; allowed: a number from 0 to"]),
        ("Members!C11", ["the text 'abc'"]),
        ("Members!D10", ["has no saved value"]),
        ("Members!B54", ["found the total 5, but the cells above add up to 2,377,307", "=SUM(B9:B53)"]),
    ],
)
def test_mistakes_in_cells(cells: dict[str, str], place: str, words: list[str]) -> None:
    assert place in cells, cells
    for word in words:
        assert word in cells[place]


def test_no_cell_is_blamed_without_reason(cells: dict[str, str]) -> None:
    assert len(cells) == 20, sorted(cells)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("Members!B20", ["B20:C20 are merged"]),
        ("Members!row 25", ["row 25 is hidden"]),
        ("Members!column D", ["column D is hidden"]),
        ("Work!A10", ["'19' stands above '18'", "in order"]),
        ("Work!row 30", ["an empty row was inserted"]),
        ("Past years!A10", ["the row '1992' is missing"]),
        ("Past years!A20", ["Year: found '2002', which stands already in row 19; it must be '2003'"]),
        ("Past years!A25", ["Year: found '20I0'; it must be '2008' and cannot be changed here"]),
        ("Corridors!C5", ["a column was inserted before 'Labour movers in the migrant stock'"]),
        ("Migrants!E6", ["the column 'Men, 1995' is missing"]),
        ("Rules!D6", ["found the header 'Valeur'; it must be 'Value'"]),
        ("sheet 'Base year'", ["hidden"]),
        ("sheet 'Notes'", ["unknown sheet", "Allowed: Read me, Base year"]),
        ("", ["the sheet 'Economy' is missing"]),
        ("Read me!B47", ["the currency 'TZS'", "are in KES"]),
    ],
)
def test_mistakes_of_shape(shape: dict[str, str], place: str, words: list[str]) -> None:
    assert place in shape, shape
    for word in words:
        assert word in shape[place]


def test_references_and_stocks_say_what_the_cell_must_hold(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        cell_of(book["Members"], 27, "Age").value = 99
        cell_of(book["Members"], 31, "Age").value = None
        cell_of(book["Migrants"], "TZA-KEN", "Men, 1990").value = None
        work = book["Work"]
        work.cell(work.max_row + 1, 1).value = 200

    found = complaints(read(edited("TZA", tmp_path / "references.xlsx", change)))
    texts = sorted(found.values())
    assert "Age: found '99'; it must be '27' and cannot be changed here" in texts
    assert "Age: the cell is empty; it must be '31' and cannot be changed here" in texts
    assert any("found the unknown reference '200'; a row was inserted: take it out again" in text for text in texts)
    assert any("the cell is empty" in text and "this one was published" in text for place, text in found.items() if place.startswith("Migrants!"))
    assert len(found) == 4, found


def test_everything_is_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    spoilt = edited("KEN", tmp_path / "spoilt.xlsx", _spoil_cells)
    with pytest.raises(InputError) as error, data_with(DATA, [spoilt]):
        pass
    text = str(error.value)
    assert "spoilt.xlsx: 20 problems" in text
    assert text.index("Base year!D11") < text.index("Base year!D12") < text.index("Members!C11") < text.index("Rules!D8") < text.index("Rules!D11")
    assert [path.name for path in tmp_path.iterdir()] == ["spoilt.xlsx"]


def test_what_only_the_law_can_say(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        cell_of(book["Rules"], "account.early_age", "Value").value = 62
        cell_of(book["Economy"], "real_return.long_run", "Value").value = 0
        cell_of(book["Rules"], "contributions.employee", "Source").value = None
        cell_of(book["Rules"], "leaving.refund_take_up", "Note").value = None

    with pytest.raises(InputError) as error, data_with(DATA, [edited("KEN", tmp_path / "law.xlsx", change)]):
        pass
    text = str(error.value)
    assert "Rules!D23: account: ages out of order: early payout at 62, payout at 60" in text
    assert "Economy!D12: found 0; allowed" in text
    assert "Rules!G8: the cell is empty; a figure marked 'verified' names its source" in text
    assert "Rules!H38: the cell is empty; a figure marked 'assumed' says in the note how it came about" in text


def test_a_ceiling_below_the_floor(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        cell_of(book["Rules"], "contributions.ceiling.3", "Value").value = 1

    filled = edited("BDI", tmp_path / "ceiling.xlsx", change)
    with pytest.raises(InputError, match=r"Rules!D\d+: contributions: .*floor 49920 lies above ceiling"), data_with(DATA, [filled]):
        pass


def test_a_changed_table_must_meet_the_base_year(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        cell_of(book["Members"], 30, "Men who contribute").value = 1
        cell_of(book["Pensioners"], 70, "Average pension, men").value = 1e9
        cell_of(book["Migrants"], "TZA-SSD", "Men, 1990").value = 5
        cell_of(book["Base year"], "calibration.benefits", "Value").value = 5

    found = complaints(read(edited("TZA", tmp_path / "sums.xlsx", change)))
    (contributors,) = (text for text in found.values() if text.startswith("the contributors here"))
    assert "but the sheet 'Members' adds up to" in contributors
    (pensions,) = (text for text in found.values() if text.startswith("the pensions of a year"))
    assert "they must agree within 1 per cent" in pensions
    assert any("the other sex of that year is given" in text for place, text in found.items() if place.startswith("Migrants!D"))
    assert any("less than the pensions in payment" in text for place, text in found.items() if place.startswith("Base year!"))


def test_two_workbooks(tmp_path: Path) -> None:
    def stay(years: float):  # type: ignore[no-untyped-def]  # noqa: ANN202
        def change(book: Workbook) -> None:
            cell_of(book["Corridors"], "SOM-SSD", "Mean stay abroad").value = years

        return change

    one, other = edited("SOM", tmp_path / "one.xlsx", stay(3.5)), edited("SSD", tmp_path / "other.xlsx", stay(6.5))
    with pytest.raises(InputError, match=r"other.xlsx, Corridors!D\d+: found 6.5, but one.xlsx has 3.5"), data_with(DATA, [one, other]):
        pass
    with pytest.raises(InputError, match="one.xlsx: is a workbook of SOM, as one.xlsx is"), data_with(DATA, [one, one]):
        pass
    agreed = edited("SSD", tmp_path / "agreed.xlsx", stay(3.5))
    with data_with(DATA, [one, agreed]) as given:
        assert [len(record["changes"]) for record in given.record] == [1, 1]
