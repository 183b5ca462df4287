"""Chapters on law, instrument, data, assumptions and responsibility: what is shown is in force, what is open stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.reporting import about, articles_view, basis_chapter, closing_chapters, data_chapter, frames, opinion, provisions_view
from actuarial.reporting.blocks import Block, Paragraph, Row, Table, plain
from actuarial.reporting.limits import DIRECTIONS, LIMITS
from actuarial.reporting.provenance import provenance
from actuarial.reporting.roll_forward import roll_forward
from tests.reporting.register import INSTRUMENT, LAW, study_with_law

STUDY = study_with_law()
RWA = STUDY.schemes["RWA"]


def rows(blocks: Sequence[Block], name: str) -> tuple[Row, ...]:
    return next(b.rows for b in blocks if isinstance(b, Table) and b.id == name)


@given(st.dates())
def test_the_law_in_force_is_the_latest_that_has_begun(day: object) -> None:
    held = provisions_view.in_force(RWA, str(day))
    begun = [line for line in provisions_view.lines(RWA) if line.name == "contributions.employee" and line.since <= str(day)]
    if not begun:
        assert "contributions.employee" not in held
    else:
        assert held["contributions.employee"].since == max(line.since for line in begun)
    assert held["old_age.qualifying_months"].value == "180", "a provision without a date always holds"


def test_provisions_stand_side_by_side_with_a_dash_where_a_scheme_has_none() -> None:
    schemes = provisions_view.compared(STUDY, RWA)
    assert schemes[0] is RWA and all(frames.collects(s) for s in schemes) and len(schemes) > 2
    table = next(b for b in provisions_view.provisions(STUDY, schemes) if isinstance(b, Table))
    by = {row.cells[0]: dict(zip([c.head for c in table.columns[1:]], row.cells[1:], strict=True)) for row in table.rows}
    assert by["Contribution of the worker"]["RWA"] == "6.0%" and by["Contribution of the worker"]["KEN"] == "–"
    assert by["Qualifying period of an old-age pension"]["RWA"] == "180 months"
    annex = rows(provisions_view.law_annex(STUDY, schemes), "tab-law")
    assert any("Law of 2015, Article 12" in str(row.cells[-1]) for row in annex if row.kind != "section")


def test_financing_rules_keep_their_dates() -> None:
    shown = rows(provisions_view.financing(RWA), "tab-financing")
    assert [row.cells[1] for row in shown] == ["1 January 1962", "1 January 2025", "1 January 2030"]
    assert len(shown) == sum(name.startswith("contributions.") for name, *_rest in LAW) and shown[1].cells[2] == "6.0%"
    assert "No scheme collects" in plain(provisions_view.financing(STUDY.schemes["SOM"])[1].text)  # type: ignore[union-attr]


def test_every_parameter_of_the_instrument_is_listed_once() -> None:
    shown = rows(articles_view.articles(STUDY), "tab-articles")
    assert len(shown) == len(INSTRUMENT) and all(row.cells[4] for row in shown)


def test_rates_by_year_are_those_of_the_projection() -> None:
    table = basis_chapter.per_year(RWA)
    frame = roll_forward(RWA, "without").set_index("year")
    bill = (1 + table["contributors"]) * (1 + table["earnings"]) - 1
    assert bill.iloc[1:].to_numpy() == pytest.approx(frame["insurable_earnings"].pct_change().iloc[1:].to_numpy(), rel=1e-9)
    paths = basis_chapter.economy(RWA)
    assert (paths["inflation, long run"].start, paths["inflation, long run"].long_run) == (0.07, 0.05)
    assert paths["real return, long run"].start == paths["real return, long run"].long_run == 0.035


def test_imputed_inputs_add_up() -> None:
    shown = rows(data_chapter.data(STUDY, RWA), "tab-imputed")
    for column in (1, 2):
        assert sum(int(str(r.cells[column])) for r in shown[:-1]) == int(str(shown[-1].cells[column]))
    assert shown[-1].cells[1] == str(len(frames.used(RWA.assumptions)))


def test_what_only_people_can_say_is_left_open() -> None:
    said = {row.cells[0]: row.cells[1] for row in rows(about.about(STUDY, RWA), "tab-about")}
    assert said["Commissioned by"] == said["Addressed to"] == "to be filled in by the commissioning institution"
    assert said["Responsible actuary"] == said["Qualification"] == "to be filled in by the responsible actuary"
    blocks = opinion.opinion(STUDY, RWA)
    assert {row.cells[1] for row in rows(blocks, "tab-opinion")} == {"to be filled in by the responsible actuary"}
    assert {str(row.cells[1]).strip("…") for row in rows(blocks, "tab-signature")} == {""}
    assert "gives no actuarial opinion" in "".join(plain(b.text) for b in blocks if isinstance(b, Paragraph))


def test_every_limit_names_its_direction_and_why() -> None:
    assert all(x.direction in DIRECTIONS and x.reason.endswith(".") and x.text.endswith(".") for x in LIMITS)


def test_the_run_is_identified_where_it_is_known() -> None:
    head = {"inputs": {"a": "1"}, "study": {}, "uncertainty": {}, "code": {"commit": "abc", "modified": False}, "environment": {}}
    made = provenance(head)
    known = {row.cells[0]: row.cells[1] for row in rows(closing_chapters.identity(STUDY, made), "tab-identity")}
    assert known["Commit of its repository (git)"] == "abc" and known["Files changed since that commit"] == "no"
    assert str(known["Hash of the inputs (SHA-256)"]).replace(" ", "") == made.identity
    unknown = {row.cells[0]: row.cells[1] for row in rows(closing_chapters.identity(STUDY, None), "tab-identity")}
    assert str(unknown["Commit of its repository (git)"]).startswith("not known")


@pytest.mark.parametrize(
    ("first_months", "first_share", "accrual", "qualifying", "most", "whole"),
    [
        (0, 0.0, 1 / 580, 180, 0.725, 180 / 580),
        (180, 0.3, 0.02 / 12, 180, 0.8, 0.3),
        (120, 0.2, 0.001, 180, 0.8, 0.26),
        (180, 0.4, 0.002, 60, 0.8, 0.4 / 3),
        (0, 0.0, 0.01, 180, 0.7, 0.7),
    ],
)
def test_the_pension_for_the_qualifying_period_counts_both_parts(
    first_months: int, first_share: float, accrual: float, qualifying: int, most: float, whole: float
) -> None:
    rows = {
        "old_age.qualifying_months": qualifying,
        "old_age.formula.first_months": first_months,
        "old_age.formula.first_share": first_share,
        "old_age.formula.accrual_per_month": accrual,
        "old_age.formula.maximum_share": most,
    }
    marks = ["verified", "assumed", "verified", "partial", "verified"]
    register = pd.DataFrame({"name": list(rows), "value": [str(v) for v in rows.values()], "unit": "share", "confidence": marks}).assign(
        source="law", reason="", year=2024, file="f", used="yes"
    )
    scheme = replace(study_with_law().schemes["TZA"], assumptions=register)
    line = provisions_view.shown_in_force(scheme, "2025-12-31")["old_age.formula.first_share"]
    assert float(line.value) == pytest.approx(whole, rel=1e-3) and (line.confidence, line.source) == ("assumed", "law")
    lacking = replace(scheme, assumptions=register.iloc[:3])
    assert provisions_view.shown_in_force(lacking, "2025-12-31") == provisions_view.in_force(lacking, "2025-12-31")


def test_shares_are_percentages_whatever_their_unit_says() -> None:
    unit = "contributions collected over contributions due"
    line = provisions_view.Line("collection.compliance", "", "1", unit, "assumed", "", "")
    assert provisions_view.short_value(line) == "100.0%"
