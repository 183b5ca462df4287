"""Results on how sure a study is: only those of the same inputs, shown in every output, and worded as what they are."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from actuarial.basis.errors import InputError
from actuarial.basis.instrument import load_instrument
from actuarial.basis.scenario import load_scenario
from actuarial.reporting import fan_charts
from actuarial.reporting.blocks import Block, Figure, Heading, Report, Table
from actuarial.reporting.country_report import country_report
from actuarial.reporting.ensemble_view import ensemble_blocks
from actuarial.reporting.html_page import html
from actuarial.reporting.manifest import hash_file
from actuarial.reporting.region_report import region_report
from actuarial.reporting.style import message_of
from actuarial.reporting.uncertainty import ENSEMBLE_REGION, SENSITIVITY_REGION, TABLES, Uncertainty, attach, check_results, read_uncertainty
from actuarial.reporting.workbook import write_country_workbook
from actuarial.reporting.workbook_region import write_region_workbook
from tests.feasibility.sensitivity_values import hand_made
from tests.reporting.synthetic import synthetic_study
from tests.reporting.test_reports import words
from tests.reporting.uncertain import LEVELS, RUN, synthetic_ensemble

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SCENARIO = load_scenario("base", SCENARIOS)
INSTRUMENT = load_instrument("eac-directive", SCENARIOS)
INPUTS = {"data/region.yaml": "aa", "data/economy/prices.csv": "bb", "scenarios/base.yaml": "cc"}


@cache
def ensemble() -> Uncertainty:
    return synthetic_ensemble()


def written(folder: Path, **changes: Any) -> Path:
    """A folder as `actuarial ensemble --out` writes it."""
    folder.mkdir()
    for name, table in ensemble().ensemble.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    record = {
        "kind": "ensemble",
        "run": RUN,
        "scenario": SCENARIO.model_dump(mode="json"),
        "instrument": INSTRUMENT.model_dump(mode="json", exclude={"figures"}),
        "inputs": INPUTS,
        "outputs": {path.name: hash_file(path) for path in folder.iterdir()},
    }
    (folder / "manifest.json").write_text(json.dumps({**record, **changes}))
    return folder


def refused(folder: Path, kind: str = "ensemble", inputs: dict[str, str] = INPUTS) -> str:
    with pytest.raises(InputError) as caught:
        check_results(folder, kind, SCENARIO, INSTRUMENT, inputs)
    return str(caught.value)


def test_names_are_those_of_the_tables() -> None:
    from actuarial.feasibility import ensemble_tables, sensitivity

    assert ensemble_tables.REGION == ENSEMBLE_REGION and sensitivity.REGION == SENSITIVITY_REGION
    assert tuple(ensemble_tables.QUANTILES) == LEVELS


def test_results_of_the_same_inputs_are_taken_and_read_back(tmp_path: Path) -> None:
    folder = written(tmp_path / "e")
    check_results(folder, "ensemble", SCENARIO, INSTRUMENT, {**INPUTS, "scenarios/other.yaml": "dd", "notebooks/x": "ee"})
    (tmp_path / "results").mkdir()
    assert read_uncertainty(tmp_path / "results") == Uncertainty()
    attach(folder, "ensemble", tmp_path / "results")
    again = read_uncertainty(tmp_path / "results")
    assert again.run == RUN and again.sensitivity is None and set(again.ensemble) == set(TABLES["ensemble"])
    for name, table in ensemble().ensemble.items():
        assert np.array_equal(again.ensemble[name].to_numpy(dtype=object).astype(str), table.to_numpy(dtype=object).astype(str))


def test_a_complaint_names_what_differs(tmp_path: Path) -> None:
    folder = written(tmp_path / "e")
    assert "data/economy/prices.csv" in refused(folder, inputs={**INPUTS, "data/economy/prices.csv": "other"})
    assert "data/new.csv" in refused(folder, inputs={**INPUTS, "data/new.csv": "more"})
    economy = {**SCENARIO.model_dump(mode="json")["economy"], "real_return_add": 0.01}
    message = refused(written(tmp_path / "s", scenario={**SCENARIO.model_dump(mode="json"), "economy": economy}))
    assert "scenario.economy.real_return_add: there 0.01, here 0.0" in message and "data/" not in message
    other = {**INSTRUMENT.model_dump(mode="json", exclude={"figures"}), "entry_into_force": 2040}
    assert "instrument.entry_into_force: there 2040" in refused(written(tmp_path / "i", instrument=other))


def test_what_is_not_whole_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    folder = written(tmp_path / "e")
    assert "holds results of `actuarial ensemble`, not of `actuarial sensitivity`" in refused(folder, "sensitivity")
    (folder / "base.parquet").write_bytes(b"cut")
    assert "base.parquet is missing or not as it was written" in refused(folder)
    assert "no results of `actuarial ensemble`" in refused(tmp_path)
    (tmp_path / "manifest.json").write_text("[]")
    assert "no results of `actuarial ensemble`" in refused(tmp_path)


def test_bands_lie_inside_each_other_and_lines_are_labelled_as_what_they_are() -> None:
    tables = ensemble().ensemble
    drawing = fan_charts.fan_chart(tables["quantiles"], tables["base"], "RWA", "payg", "Rwanda")
    assert len(drawing.axes) == 2
    for axes in drawing.axes:
        labels = axes.get_legend_handles_labels()[1]
        assert labels == ["95 of 100 paths", "80 of 100 paths", "50 of 100 paths", "median of paths", "base scenario"]
        boxes = [c.get_paths()[0].get_extents() for c in axes.collections]
        assert all(o.y0 < i.y0 and i.y1 < o.y1 for o, i in zip(boxes, boxes[1:], strict=False))
        median, base = axes.get_lines()[:2]
        assert median.get_linestyle() != base.get_linestyle()
        assert np.all(np.asarray(base.get_ydata()) < np.asarray(median.get_ydata()))
    table = fan_charts.bands(tables["quantiles"], "RWA", "payg", "with")
    low, high = (f"{100 * float(table[level][2050]):.2f}%" for level in (0.1, 0.9))
    assert f"in 80 of 100 paths the PAYG cost rate of 2050 with the instrument lies between {low} and {high}" in message_of(drawing)


def lightness(colour: str) -> float:
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_bands_survive_grey_print() -> None:
    shades = [lightness(colour) for *_, colour in fan_charts.BANDS]
    assert all(outer - inner > 0.1 for outer, inner in zip(shades, shades[1:], strict=False))


def test_a_missing_quantile_measure_or_country_is_named() -> None:
    tables = ensemble().ensemble
    with pytest.raises(KeyError, match="no payg .* for KEN"):
        fan_charts.fan_chart(tables["quantiles"], tables["base"], "KEN", "payg", "Kenya")
    fewer = tables["quantiles"][tables["quantiles"]["quantile"] != 0.975]
    with pytest.raises(KeyError, match=r"lacks \[0.975\]"):
        fan_charts.fan_chart(fewer, tables["base"], "RWA", "payg", "Rwanda")
    with pytest.raises(KeyError, match="exhaustion has no KEN"):
        fan_charts.exhaustion_chart(tables["exhaustion"], "KEN", "Kenya")


def ids(blocks: list[Block] | tuple[Block, ...]) -> list[str]:
    return [b.id for b in blocks if isinstance(b, Figure | Table)]


def test_the_chapter_of_a_country() -> None:
    blocks = ensemble_blocks(ensemble(), "RWA", "Rwanda")
    assert ids(blocks) == [
        "fig-fan-payg", "fig-fan-reserve-ratio", "fig-fan-net-cost-share", "tab-ensemble", "fig-exhaustion", "tab-exhaustion", "tab-threshold",
    ]  # fmt: skip
    (figures,) = [b for b in blocks if isinstance(b, Table) and b.id == "tab-ensemble"]
    assert [row.cells[0][:3] for row in figures.rows] == ["Net", "GAP", "GAP", "GAP"]
    assert all("nan" not in cell for row in figures.rows for cell in row.cells)
    assert ensemble_blocks(ensemble(), "KEN", "Kenya") == [] and ensemble_blocks(Uncertainty(), "RWA", "Rwanda") == []


def test_parts_that_were_not_drawn_are_said() -> None:
    only = replace(ensemble(), run={**RUN, "only": ["mortality"], "shocks": True, "parameter_uncertainty": False})
    report = country_report(synthetic_study(), "RWA", only)
    text = words(report)
    assert "only mortality, with displacement" in text and "held at their central values" in text


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    study = synthetic_study()
    countries = {country: country_report(study, country, ensemble()) for country in ("RWA", "KEN")}
    return {**countries, "region": region_report(study, ensemble())}


def test_reports_have_the_chapter_where_there_are_results(reports: dict[str, Report]) -> None:
    def chapters(report: Report) -> list[str]:
        return [b.text for b in report.blocks if isinstance(b, Heading) and b.level == 1]

    assert "How sure the results are" in chapters(reports["RWA"])
    assert "How sure the results are" not in chapters(reports["KEN"])
    assert {"fig-fan-net-cost-usd", "tab-threshold"} <= set(ids(reports["region"].blocks))
    plain_report = country_report(synthetic_study(), "RWA")
    assert not any(i.startswith("fig-fan") for i in ids(plain_report.blocks))
    page = html(reports["RWA"])
    assert "How sure the results are" in page and "in 80 of 100 paths the PAYG cost rate" in page


def test_no_course_is_called_likely(reports: dict[str, Report]) -> None:
    for report in reports.values():
        assert "most likely" not in words(report).lower() and "most probable" not in words(report).lower()


def test_workbooks_have_the_sheets_where_there_are_results(tmp_path: Path) -> None:
    study = synthetic_study()
    write_country_workbook(study, "RWA", tmp_path / "with.xlsx", ensemble())
    write_country_workbook(study, "RWA", tmp_path / "without.xlsx")
    write_region_workbook(study, tmp_path / "region.xlsx", ensemble())
    new = ["Ensemble", "EnsembleFigures", "Exhaustion", "Thresholds"]
    books = {name: openpyxl.load_workbook(tmp_path / f"{name}.xlsx") for name in ("with", "without", "region")}
    assert [n for n in books["with"].sheetnames if n not in books["without"].sheetnames] == new
    assert [n for n in books["region"].sheetnames if n in new] == new
    sheet = books["with"]["Ensemble"]
    heads = [cell.value for cell in sheet[4]]
    assert heads[:6] == ["Case", "Measure", "Year", "Base scenario", "2.5%", "10%"]
    table = ensemble().ensemble["quantiles"]
    first = dict(zip(heads, (cell.value for cell in sheet[5]), strict=True))
    own = table[(table["country"] == "RWA") & (table["case"] == first["Case"]) & (table["measure"] == "payg")]
    assert first["Measure"] == "PAYG cost rate"
    at = own[(own["year"] == first["Year"]) & (own["quantile"] == 0.1)]
    assert first["10%"] == pytest.approx(float(at["value"].iloc[0]), rel=1e-15)
    names = {row[0].value for row in books["region"]["Thresholds"].iter_rows(min_row=5)}
    assert {"Rwanda", "Burundi"} <= names
    links = [cell.value for row in books["with"]["Cover"].iter_rows() for cell in row]
    assert all(name in links for name in new)


def test_sensitivities_have_a_chapter_and_a_sheet(tmp_path: Path) -> None:
    table = hand_made().table
    own = table.assign(country=table["country"].replace({"AAA": "RWA"}))
    study, known = synthetic_study(), replace(ensemble(), sensitivity=own)
    report = country_report(study, "RWA", known)
    found = ids(report.blocks)
    assert found.index("fig-tornado") < found.index("tab-sensitivity") < found.index("fig-fan-payg")
    assert "fig-tornado" not in ids(country_report(study, "KEN", known).blocks)
    write_country_workbook(study, "RWA", tmp_path / "book.xlsx", known)
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx")["Sensitivity"]
    heads = [cell.value for cell in sheet[4]]
    lines = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=5)]
    assert len(lines) == int((own["country"] == "RWA").sum())
    cost = own[(own["country"] == "RWA") & (own["measure"] == "pv_net_cost_usd") & (own["setting"] == "×2") & (own["key"] == "stock")]
    title = cost["title"].iloc[0]
    (line,) = [x for x in lines if (x["Measure"], x["Setting"], x["Assumption"]) == ("Net cost, present value in USD", "×2", title)]
    assert line["With minus without, change from the base"] == pytest.approx(float(cost["delta_difference"].iloc[0]))
