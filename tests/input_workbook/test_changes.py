"""A changed figure arrives in the basis that a study reads, with its evidence, and nothing else moves."""

from __future__ import annotations

import json
import math
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from actuarial.basis.economy import load_economy
from actuarial.basis.labour import load_labour
from actuarial.basis.migration import load_migration
from actuarial.basis.region import load_region
from actuarial.basis.scheme import Scheme, load_schemes
from actuarial.input_workbook.apply import data_with
from actuarial.input_workbook.model import Input, Limits, Row, Template
from actuarial.input_workbook.write import write_template
from tests.input_workbook.books import DATA, cell_of, edited, laid_out, read
from tests.input_workbook.test_round_trip import data_files

REGION = load_region(DATA)


def schemes(data: Path) -> dict[str, Scheme]:
    return {scheme.country: scheme for scheme in load_schemes(data, REGION.scheme_ids)}


def differing(data: Path) -> set[str]:
    """Files that differ from the toolkit's own."""
    before, after = data_files(DATA), data_files(data)
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def changed_lines(data: Path, name: str) -> list[str]:
    """Lines of a file that its original lacks."""
    before = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in (data / name).read_text(encoding="utf-8").splitlines() if line not in before]


def test_a_rule_a_base_figure_and_their_evidence(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        rules, base = book["Rules"], book["Base year"]
        cell_of(rules, "contributions.employee", "Value").value = 0.12
        cell_of(rules, "old_age.commutation.share.3", "Value").value = 0.25
        cell_of(rules, "old_age.commutation.share.3", "Confidence").value = "verified"
        cell_of(rules, "old_age.commutation.share.3", "Source").value = "Order 12 of 2026: \"a quarter\", {x} = 1\n=1+1"
        cell_of(rules, "leaving.refund", "Value").value = "no"
        cell_of(base, "calibration.reserve", "Value").value = 9_000_000_000_000
        cell_of(base, "calibration.pensioners", "Note").value = "counted again"

    with data_with(DATA, [edited("TZA", tmp_path / "mine.xlsx", change)]) as given_data:
        file = "schemes/TZA-nssf/params.yaml"
        assert differing(given_data.data) == {file}
        old, new = schemes(DATA), schemes(given_data.data)
        assert all(old[country].file == new[country].file for country in old if country != "TZA")
        figures, before = dict(new["TZA"].figures()), dict(old["TZA"].figures())
        assert figures["contributions.employee"].value == 0.12
        assert figures["contributions.employee"].source == "input workbook mine.xlsx"
        assert figures["contributions.employee"].confidence == "assumed"
        assert figures["contributions.employee"].reason == "0.12 in place of 0.1"
        cash = figures["old_age.commutation.share[2024-07-01]"]
        assert (cash.value, cash.confidence, cash.source) == (0.25, "verified", 'Order 12 of 2026: "a quarter", {x} = 1 =1+1')
        assert figures["leaving.refund"].value is False
        reserve = new["TZA"].calibration["reserve"]
        assert (reserve.value, reserve.method, reserve.confidence) == (9e12, "input workbook mine.xlsx", "assumed")
        pensioners = new["TZA"].calibration["pensioners"]
        assert pensioners.value == old["TZA"].calibration["pensioners"].value
        assert pensioners.reason == "counted again"
        touched = {"contributions.employee", "old_age.commutation.share[2024-07-01]", "leaving.refund"}
        assert {name for name in figures if figures[name] != before[name]} == touched | {"calibration.reserve", "calibration.pensioners"}
        assert list(figures) == list(before)


def test_flows_economy_and_work(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        cell_of(book["Corridors"], "KEN-UGA", "Labour movers in the migrant stock").value = 0.123
        cell_of(book["Migrants"], "UGA-KEN", "Women, 2024").value = 54321
        cell_of(book["Migrants"], "KEN-COD", "Men, 2024").value = 10
        cell_of(book["Migrants"], "KEN-COD", "Women, 2024").value = 20
        cell_of(book["Economy"], "real_wage_growth.long_run", "Value").value = 0.02
        cell_of(book["Economy"], "levels.exchange_rate", "Value").value = 140
        cell_of(book["Past years"], 2020, "Inflation").value = 0.06
        cell_of(book["Work"], 40, "Women employed").value = 0.5

    with data_with(DATA, [edited("KEN", tmp_path / "flows.xlsx", change)]) as given_data:
        data = given_data.data
        tables = {"migration/corridors.csv", "migration/stocks.csv", "economy/long_run.csv", "economy/levels.csv", "economy/output.csv"}
        assert differing(data) == tables | {"economy/prices.csv", "labour/participation.csv"}
        assert changed_lines(data, "migration/stocks.csv") == ["KEN,COD,2024,10,20,reported", f"UGA,KEN,2024,{_men('UGA', 'KEN')},54321,reported"]
        (corridor,) = changed_lines(data, "migration/corridors.csv")
        assert corridor.startswith("KEN,UGA,0.123,") and "assumed,input workbook flows.xlsx: 0.123 in place of" in corridor
        (rate,) = changed_lines(data, "economy/output.csv")
        assert rate.startswith("KEN,KES,2025,") and ",140," in rate and rate.split(",")[7] == "assumed"
        (prices,) = changed_lines(data, "economy/prices.csv")
        assert prices.startswith("KEN,KES,2020,0.06,assumed,assumed,")
        k = REGION.index("KEN")
        economy, before = load_economy(data, REGION.members), load_economy(DATA, REGION.members)
        assert economy.real_wage_growth[k, -1] == 0.02
        assert economy.exchange_rate[k, 35] == 140.0
        others = [c for c in range(len(REGION.members)) if c != k]
        np.testing.assert_array_equal(economy.exchange_rate[others], before.exchange_rate[others])
        labour, before_labour = load_labour(data, REGION.members), load_labour(DATA, REGION.members)
        moved = np.argwhere(labour.employment_ratio != before_labour.employment_ratio)
        assert moved.tolist() == [[k, 1, 40]] and labour.employment_ratio[k, 1, 40] == 0.5
        migration = load_migration(data, REGION.members)
        assert migration.labour_share[migration.corridors.index(("KEN", "UGA"))] == 0.123
        assert migration.stocks[migration.corridors.index(("KEN", "COD")), :, -1].tolist() == [10.0, 20.0]
        fields = {entry["field"]: (entry["cell"], entry["old"], entry["new"]) for entry in given_data.record[0]["changes"]}
        assert fields["country KEN, rate real_wage_growth, long_run"] == ("Economy!D10", 0.016, 0.02)
        assert len(fields) == 8
        json.dumps(given_data.recorded)


def _men(origin: str, host: str) -> str:
    lines = (DATA / "migration" / "stocks.csv").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith(f"{origin},{host},2024,")).split(",")[3]


def test_members_and_pensioners_by_age(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        for sheet, column, younger, older in (("Members", "Women who contribute", 30, 31), ("Pensioners", "Men in receipt of a pension", 65, 66)):
            first, second = cell_of(book[sheet], younger, column), cell_of(book[sheet], older, column)
            first.value, second.value = first.value + 7, second.value - 7

    assert schemes(DATA)["TZA"].people.contributors is None
    with data_with(DATA, [edited("TZA", tmp_path / "people.xlsx", change)]) as given_data:
        assert differing(given_data.data) == {"schemes/TZA-nssf/members.csv", "schemes/TZA-nssf/pensioners.csv"}
        scheme = schemes(given_data.data)["TZA"]
        people = scheme.people
        assert people.contributors is not None and people.earnings is not None and people.pensioners is not None and people.pensions is not None
        assert people.contributors.sum() == scheme.calibration["active_contributors"].value
        prefilled = {str(cell.target): cell.value for _r, _c, cell in laid_out("TZA").sheet("members").inputs()}
        assert people.contributors[1, 30] == prefilled["sex female, age 30, contributors"] + 7
        assert people.contributors[0, 30] == prefilled["sex male, age 30, contributors"]
        assert float((people.contributors * people.earnings).sum() / people.contributors.sum()) == pytest.approx(1.0, abs=1e-12)
        assert people.pensioners.sum() == pytest.approx(1.0) and people.pensions.sum() == pytest.approx(1.0)
        # The workbook of a basis with such tables is prefilled with them and changes nothing either.
        from actuarial.input_workbook.layout import template

        again = template(given_data.data, "TZA")
        values = {str(cell.target): cell.value for _r, _c, cell in again.sheet("members").inputs()}
        assert values["sex female, age 30, contributors"] == people.contributors[1, 30]


def test_evidence_alone(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        cell_of(book["Economy"], "levels.minimum_wage", "Confidence").value = "partial"
        cell_of(book["Rules"], "contributions.ceiling.indexation", "Value").value = "prices"

    with data_with(DATA, [edited("KEN", tmp_path / "e.xlsx", change)]) as given_data:
        assert differing(given_data.data) == {"economy/levels.csv", "schemes/KEN-nssf/params.yaml"}
        (line,) = changed_lines(given_data.data, "economy/levels.csv")
        (before,) = (row for row in (DATA / "economy/levels.csv").read_text(encoding="utf-8").splitlines() if row.startswith("KEN,minimum_wage"))
        assert line == before.replace(",recalled,", ",partial,")
        contributions = schemes(given_data.data)["KEN"].file.contributions
        assert contributions is not None
        ceiling: Any = contributions.ceiling
        assert (ceiling.indexation, ceiling.indexation_reason) == ("prices", "input workbook e.xlsx: prices in place of wages")


def test_formulas_count_with_their_saved_values_and_are_remarked_on(tmp_path: Path) -> None:
    book = edited("SOM", tmp_path / "plain.xlsx", lambda b: setattr(cell_of(b["Economy"], "inflation.start", "Value"), "value", "=0.01*7"))
    # The program of the test saves no values; a spreadsheet does.
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(tmp_path / "formula.xlsx", "w", zipfile.ZIP_DEFLATED) as out:
        for part in source.namelist():
            out.writestr(part, re.sub(rb"(<f>0.01\*7</f>)<v\s*/?>(</v>)?", rb"\1<v>0.07</v>", source.read(part)))
    filled = read(tmp_path / "formula.xlsx")
    assert filled.findings.complaints == []
    assert [change.new for change in filled.changes] == [0.07]
    assert filled.findings.remarks == [f"{filled.changes[0].cell}: holds the formula =0.01*7; its saved value 0.07 was taken"]


def _valid(limits: Limits) -> st.SearchStrategy[float]:
    least = max(limits.least, -1e9)
    most = min(limits.most, 1e9)
    if limits.kind == "whole":
        return st.integers(math.ceil(least), math.floor(most)).map(float)
    return st.floats(least, most, allow_nan=False).map(lambda x: x + 0.0)


WORK = [(n, c) for n, row in enumerate(laid_out("SOM").sheet("work").rows) for c in range(len(row.cells))]


def _with_values(template: Template, key: str, values: dict[tuple[int, int], float]) -> Template:
    """The template as if somebody had typed other values into a sheet."""

    def row(n: int, old: Row) -> Row:
        cells = (replace(cell, value=values[n, c]) if (n, c) in values and isinstance(cell, Input) else cell for c, cell in enumerate(old.cells))
        return replace(old, cells=tuple(cells))

    sheets = (replace(s, rows=tuple(row(n, r) for n, r in enumerate(s.rows))) if s.key == key else s for s in template.sheets)
    return replace(template, sheets=tuple(sheets))


@settings(max_examples=2)
@given(st.data())
def test_random_figures_arrive_exactly(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    template = laid_out("SOM")
    sheet = template.sheet("work")
    places = data.draw(st.lists(st.sampled_from(WORK), min_size=1, max_size=40, unique=True))
    values = {}
    for n, c in places:
        cell = sheet.rows[n].cells[c]
        assert isinstance(cell, Input)
        values[n, c] = float(f"{data.draw(_valid(cell.limits)):.15g}")
    path = tmp_path_factory.mktemp("random") / "random.xlsx"
    write_template(_with_values(template, "work", values), path)
    with data_with(DATA, [path]) as given_data:
        labour, before = load_labour(given_data.data, REGION.members), load_labour(DATA, REGION.members)
        s = REGION.index("SOM")
        wanted = {"participation": before.participation.copy(), "employment_ratio": before.employment_ratio.copy()}
        for (n, c), value in values.items():
            wanted["participation" if c < 2 else "employment_ratio"][s, c % 2, 15 + n] = value
        np.testing.assert_array_equal(labour.participation, wanted["participation"])
        np.testing.assert_array_equal(labour.employment_ratio, wanted["employment_ratio"])
        assert differing(given_data.data) <= {"labour/participation.csv"}
