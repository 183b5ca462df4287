"""The analysis of change in reports and workbooks, on a made-up study; the figures of the earlier one are chosen."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from actuarial.audit.change_figures import figures
from actuarial.feasibility.result import StudyResult
from actuarial.reporting.blocks import Block, Heading, Paragraph, Table, plain
from actuarial.reporting.change_chapter import change_blocks
from actuarial.reporting.change_record import DATE, EFFECTS, LISTED, REGION, USD, AnalysisOfChange, How
from actuarial.reporting.change_view import as_text, cells
from actuarial.reporting.country_report import country_report
from actuarial.reporting.not_answered import country, region
from actuarial.reporting.workbook_change import change_sheet
from actuarial.reporting.workbook_provenance import changes_sheet
from actuarial.reporting.workbook_readme import made_on
from actuarial.reporting.workbook_sheets import Book
from tests.reporting.synthetic import NAMES, synthetic_study

CHANGES = pd.DataFrame(
    [
        ("data/population/population.csv", "RWA, male, 30, 2026", "100", "=1+1", "data", "data", "a census", 14),
        ("data/schemes/RWA-rssb/params.yaml", "old_age.qualifying_months.value", "180", "120", "law", "law", "an Act", 1),
        ("data/schemes/RWA-rssb/law.md", "", "a file", "another file", "none", "none", "", 3),
    ],
    columns=list(LISTED),
)


@pytest.fixture(scope="module")
def study() -> StudyResult:
    return synthetic_study()


@pytest.fixture(scope="module")
def analysis(study: StudyResult) -> AnalysisOfChange:
    """An eighth of every figure is new: by data a sixteenth, by law as much."""
    table = figures(study).reset_index().rename(columns={"value": "present"})
    adds = table["kind"] != DATE
    table["data"] = table["law"] = (table["present"] / 16.0).where(adds, table["present"])
    table["assumptions"] = table["method"] = (table["present"] * 0.0).where(adds, table["present"])
    table["residual"] = 0.0
    table["previous"] = (table["present"] * 7.0 / 8.0).where(adds, table["present"])
    return AnalysisOfChange(table, CHANGES, How(("data", "assumptions", "law"), ("data", "law"), False, True))


def the_table(blocks: list[Block], name: str = "tab-change") -> Table:
    return next(block for block in blocks if isinstance(block, Table) and block.id == name)


def test_figures_are_those_of_the_study(study: StudyResult) -> None:
    found = figures(study)["value"]
    costs = {}
    for code, scheme in study.schemes.items():
        assert (code in found.index.get_level_values("country")) == (scheme.kind in ("defined_benefit", "account"))
        if code in found.index.get_level_values("country"):
            line = scheme.indicators[scheme.indicators["indicator"] == "pv_net_cost"].iloc[0]
            costs[code] = float(line["difference"]) / scheme.exchange_rate_usd
    assert found[(REGION, "pv_net_cost_usd", "difference")] == pytest.approx(sum(costs.values()), rel=1e-12)
    yearly = study.schemes["RWA"].yearly.set_index(["case", "year"])
    assert found[("RWA", "payg_2030", "with")] == yearly.loc[("with", 2030), "payg_cost_rate"]
    people = yearly["contributors"]
    assert found[("RWA", "contributors_2050", "difference")] == people[("with", 2050)] - people[("without", 2050)]


def test_a_country_report_answers_the_items(study: StudyResult, analysis: AnalysisOfChange) -> None:
    report = country_report(study, "SOM", change=analysis)  # the shortest; the checklist refuses an item both answered and excused
    heading = next(b for b in report.blocks if isinstance(b, Heading) and "R37" in b.answers)
    assert heading.id == "change" and "R19" in heading.answers
    assert {"R19", "R37", "R38"} <= set(country(study.schemes["RWA"], ())), "without an analysis the reasons stand"
    assert not {"R19", "R37"} & set(region(heading.answers))


def test_the_list_says_what_was_changed(analysis: AnalysisOfChange) -> None:
    blocks = change_blocks(analysis, {"RWA": "Rwanda"}, "RWF")
    rows = [row.cells for row in the_table(blocks, "tab-changed").rows]
    assert [row[1:4] for row in rows] == [("100", "=1+1", "data"), ("180", "120", "law")]
    assert "14" in str(rows[0][0])
    assert any("in 3 places" in plain(b.text) for b in blocks if isinstance(b, Paragraph))


def test_a_state_without_a_scheme_says_so(analysis: AnalysisOfChange) -> None:
    heading, said = change_blocks(analysis, {"SOM": "Somalia"})
    assert isinstance(heading, Heading) and "R37" in heading.answers
    assert isinstance(said, Paragraph) and plain(said.text).startswith("Somalia collects no contributions")
    assert change_blocks(None, {"SOM": "Somalia"}) == []


def test_the_region_shows_all_schemes_and_their_sum(analysis: AnalysisOfChange) -> None:
    table = the_table(change_blocks(analysis, {**NAMES, REGION: "The region"}))
    totals = [row.cells[0] for row in table.rows if row.kind == "total"]
    assert totals == ["The region"] and {row.cells[0] for row in table.rows} >= {"Kenya", "Rwanda"}


def test_a_residual_of_rounding_is_shown_as_none_and_a_larger_one_is_not() -> None:
    line = {"kind": USD, "case": "difference", "previous": 1e9, "data": 0.0, "assumptions": 5e6, "law": 0.0, "method": 0.0, "present": 1.005e9}
    assert cells({**line, "residual": 1e-3}, ("data", "assumptions", "law")) == ["+1,000.00", "0", "+5.00", "0", "0", "0", "+1,005.00"]
    assert cells({**line, "residual": 2e6}, ("data", "assumptions", "law"))[5] == "+2.00"


def test_dates_show_the_step_that_moved_them() -> None:
    line = {"kind": DATE, "previous": 2047.0, "method": 2047.0, "law": 2047.0, "data": 2044.0, "assumptions": float("nan"), "present": float("nan")}
    found = cells({**line, "residual": float("nan")}, ("law", "data", "assumptions"))
    assert found == ["2047", "2044", "after 2100", "–", "–", "–", "after 2100"]


def test_a_large_residual_is_said(analysis: AnalysisOfChange) -> None:
    spoilt = AnalysisOfChange(analysis.effects.assign(residual=analysis.effects["present"] / 100.0), CHANGES, analysis.how)
    assert not spoilt.explained() and analysis.explained()
    said = " ".join(plain(b.text) for b in change_blocks(spoilt, {"RWA": "Rwanda"}, "RWF") if isinstance(b, Paragraph))
    assert "the run should be examined" in said


def test_the_terminal_shows_what_the_report_shows(analysis: AnalysisOfChange) -> None:
    text = as_text(analysis, NAMES, {"RWA": "RWF"}, ("RWA", "SOM"))
    assert "Net cost, million RWF" in text and "Somalia: no scheme" in text and "Kenya" not in text
    assert "180 → 120; law; an Act" in text


def test_workbooks_add_up_and_log_the_changes(study: StudyResult, analysis: AnalysisOfChange, tmp_path: Path) -> None:
    with Book(tmp_path / "rwa.xlsx", "title", {}, made_on(study)) as book:
        book.sheet("Cover", "title", "", "about")
        change_sheet(book, analysis, {"RWA": "Rwanda"}, "RWF")
        changes_sheet(book, study, None, analysis)
    formulas, values = (openpyxl.load_workbook(tmp_path / "rwa.xlsx", data_only=shown) for shown in (False, True))
    live = [cell for row in formulas["ChangeEffects"].iter_rows() for cell in row if isinstance(cell.value, str) and cell.value.startswith("=SUM")]
    assert len(live) > 10
    for cell in live:
        shown = values["ChangeEffects"]
        parts = [shown.cell(cell.row, column).value for column in range(4, 4 + 1 + len(EFFECTS))]
        assert sum(parts) == pytest.approx(shown[cell.coordinate].value, rel=1e-12, abs=1e-300)
    log = [[cell.value for cell in row[:5]] for row in values["Changes"].iter_rows(min_row=6, max_row=7)]
    assert log[1][2:4] == ["data/schemes/RWA-rssb/params.yaml old_age.qualifying_months.value", "180 → 120"]


def test_the_sheet_of_the_region_has_a_line_for_every_scheme(study: StudyResult, analysis: AnalysisOfChange, tmp_path: Path) -> None:
    with Book(tmp_path / "book.xlsx", "title", {}, made_on(study)) as book:
        book.sheet("Cover", "title", "", "about")
        assert change_sheet(book, None, NAMES) == ()
        assert change_sheet(book, analysis, {**NAMES, REGION: "The region"})[0][0] == "ChangeEffects"
    countries = {row[0].value for row in openpyxl.load_workbook(tmp_path / "book.xlsx")["ChangeEffects"].iter_rows(min_row=5)}
    assert countries >= {"The region", "Kenya", "Rwanda"}
