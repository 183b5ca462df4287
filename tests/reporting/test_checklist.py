"""Every item of the checklist is answered or says why not; a report that misses one is not made."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.feasibility.ladder import LADDER
from actuarial.reporting import articles_view, rests_on
from actuarial.reporting.blocks import Block, Heading, Paragraph, Ref, Report, Table
from actuarial.reporting.checklist import GROUPS, ITEMS, answering, check, with_checklist
from actuarial.reporting.country_report import country_report
from actuarial.reporting.region_report import region_report
from tests.reporting.register import study_with_law
from tests.reporting.synthetic import NAMES
from tests.reporting.uncertain import synthetic_ensemble

PARTS = ("RWA", "KEN", "SOM", "SSD", "region")


@cache
def report_of(part: str) -> Report:
    return region_report(study_with_law()) if part == "region" else country_report(study_with_law(), part)


def rows_of(report: Report) -> dict[str, object]:
    table = next(b for b in report.blocks if isinstance(b, Table) and b.id == "tab-checklist")
    return {str(r.cells[0]): r.cells[2] for r in table.rows if r.kind != "section"}


@pytest.mark.parametrize("part", PARTS)
def test_every_item_says_where_it_is_or_why_not(part: str) -> None:
    report = report_of(part)
    rows = rows_of(report)
    assert list(rows) == [f"R{n:02}" for n in range(1, 43)] == list(ITEMS) and set(GROUPS) <= set(ITEMS)
    headings = {b.id: b for b in report.blocks if isinstance(b, Heading) and b.id}
    for item, cell in rows.items():
        if isinstance(cell, str):
            assert cell.endswith("."), "a reason is a sentence"
        else:
            targets = [span.target for span in cell if isinstance(span, Ref)]  # type: ignore[attr-defined]
            assert targets and all(item in headings[t].answers for t in targets)
    assert not isinstance(rows["R40"], str) and isinstance(rows["R37"], str)


def test_what_was_not_attached_is_said_and_what_was_is_referred_to() -> None:
    bare = rows_of(report_of("RWA"))
    sure = rows_of(country_report(study_with_law(), "RWA", synthetic_ensemble()))
    assert isinstance(bare["R34"], str) and "no ensemble" in bare["R34"]
    assert sure["R34"] == (Ref("ensemble"),) and isinstance(sure["R32"], str)


def complete() -> list[Block]:
    return [Heading("All", id="all", answers=tuple(ITEMS))]


@given(st.sets(st.sampled_from(sorted(ITEMS)), min_size=1))
def test_missing_items_stop_the_report_and_reasons_let_it_pass(left_out: set[str]) -> None:
    blocks: list[Block] = [Heading("All", id="all", answers=tuple(i for i in ITEMS if i not in left_out))]
    with pytest.raises(ValueError, match=f"no reason given: {', '.join(sorted(left_out))}$"):
        check(blocks, {})
    check(blocks, dict.fromkeys(left_out, "Because."))
    with pytest.raises(ValueError, match=f"a reason given why not: {', '.join(sorted(left_out))}$"):
        check(complete(), dict.fromkeys(left_out, "Because."))


def test_unknown_items_and_headings_out_of_reach_stop_it_too() -> None:
    with pytest.raises(ValueError, match="not on the list: R99"):
        with_checklist([*complete(), Heading("More", id="more", answers=("R99",))], {})
    with pytest.raises(ValueError, match="cannot be referred to: R01"):
        with_checklist([*complete(), Heading("More", answers=("R01",))], {})


def test_a_chapter_that_is_not_there_answers_nothing() -> None:
    assert answering([], "gone", "R28") == []
    with pytest.raises(ValueError, match="gone"):
        answering([Paragraph(("text",))], "gone", "R28")
    assert answering([Heading("Here"), Paragraph(("text",))], "here", "R28")[0] == Heading("Here", id="here", answers=("R28",))


def test_steps_and_articles_know_every_provision_of_the_ladder() -> None:
    assert set(rests_on.STEP_INPUTS) == {rung.name for rung in LADDER}
    for rung in LADDER:
        names = ["administration" if name == "administration" else f"provisions.{name}" for name in rung.provisions]
        assert set(names) <= set(rests_on.STEP_INPUTS[rung.name])
        assert all(articles_view.modelled(name) for name in names)
    with pytest.raises(KeyError, match=r"provisions\.nothing"):
        articles_view.modelled("provisions.nothing")


def test_every_country_of_the_region_has_its_page() -> None:
    report = report_of("region")
    pages = [b.text for b in report.blocks if isinstance(b, Heading) and b.id.startswith("page-")]
    assert pages == [s.country_name for s in study_with_law().schemes.values()] and len(pages) == len(NAMES)
    assert {f"tab-page-{c}" for c in NAMES} <= {b.id for b in report.blocks if isinstance(b, Table)}
