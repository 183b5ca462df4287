"""An untouched workbook changes nothing, whoever saved it; the data it makes are those it was made from, byte for byte."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from actuarial.basis.region import load_region
from actuarial.input_workbook.apply import data_with
from actuarial.input_workbook.model import Input
from actuarial.input_workbook.write import write_template
from tests.input_workbook.books import DATA, edited, laid_out, read, written

COUNTRIES = load_region(DATA).members
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def data_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


@pytest.mark.parametrize("country", COUNTRIES)
def test_an_untouched_workbook_changes_nothing(country: str) -> None:
    with data_with(DATA, [written(country)]) as given:
        assert given.data != DATA
        assert data_files(given.data) == data_files(DATA)
        (record,) = given.record
        assert record["country"] == country
        assert record["changes"] == []
        assert given.remarks == []


def test_the_copy_is_gone_afterwards() -> None:
    with data_with(DATA, [written("SOM")]) as given:
        place = given.data
    assert not place.exists()


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    write_template(laid_out("KEN"), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == written("KEN").read_bytes()


@pytest.mark.parametrize(("country", "language"), [("TZA", "fr"), ("SOM", "qps")])
def test_reading_does_not_depend_on_the_language(country: str, language: str) -> None:
    filled = read(written(country, language))
    assert filled.findings.complaints == []
    assert filled.changes == ()


def test_tabs_may_be_renamed(tmp_path: Path) -> None:
    def rename(book) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        for name in book.defined_names.values():
            name.attr_text = name.attr_text.replace("Rules", "Nos taux")
        book["Rules"].title = "Nos taux"

    filled = read(edited("SOM", tmp_path / "a.xlsx", lambda book: None))
    assert filled.findings.complaints == []
    filled = read(edited("KEN", tmp_path / "b.xlsx", rename))
    assert filled.findings.complaints == []
    assert filled.changes == ()


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_saved_by_libreoffice(tmp_path: Path) -> None:
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(written("TZA"))]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    filled = read(tmp_path / "saved" / written("TZA").name)
    assert filled.findings.complaints == []
    assert filled.findings.remarks == []
    assert filled.changes == ()


def test_every_input_has_a_place_of_its_own_and_a_value_within_its_limits() -> None:
    for country in COUNTRIES:
        places = []
        for sheet in laid_out(country).sheets:
            for _row, _column, cell in sheet.inputs():
                assert isinstance(cell, Input)
                places.append(cell.target)
                if cell.limits.kind == "choice":
                    assert cell.value in dict(cell.limits.choices), cell
                elif isinstance(cell.value, float):
                    assert cell.limits.least <= cell.value <= cell.limits.most, cell
        assert len(places) == len(set(places))


def test_what_the_projection_starts_from_is_in_the_workbook() -> None:
    fields = {str(cell.target) for sheet in laid_out("TZA").sheets for _r, _c, cell in sheet.inputs()}
    for name in ("active_contributors", "average_insurable_earnings", "contributions", "benefits", "reserve", "pensioners", "pension_payroll"):
        assert f"calibration.{name}.value" in fields
    assert {"contributions.employee.value", "old_age.pension_age.male.value", "old_age.commutation.share.values.2.value"} <= fields
    assert {"country TZA, rate inflation, long_run", "origin KEN, host TZA, labour_share", "origin TZA, host UGA, year 2024, male"} <= fields
    assert {"sex male, age 30, contributors", "sex female, age 70, average_pension"} <= fields


def test_no_formula_but_the_totals_and_no_link() -> None:
    from openpyxl import load_workbook

    book = load_workbook(written("RWA"))
    for page in book.worksheets:
        assert not page.merged_cells.ranges
        for row in page.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                assert cell.data_type != "f" or str(cell.value).startswith("=SUM(")
