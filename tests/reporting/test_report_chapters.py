"""Chapters on steps, causes, past periods, branches, adequacy and present values of transfers: their figures agree with the study."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import causes_view, cost_parts, frames, tables
from actuarial.reporting.blocks import Block, Bullets, Figure, Note, Paragraph, Report, Table, plain
from actuarial.reporting.country_report import country_report
from actuarial.reporting.region_report import region_report
from tests.reporting.synthetic import KINDS, synthetic_study

PENSIONS = [c for c, kind in KINDS.items() if kind == "defined_benefit"]
NEW = {"fig-steps", "tab-steps", "fig-causes", "tab-branch-causes", "tab-cause-sex", "fig-past", "tab-past", "fig-branches", "tab-branches",
       "fig-types", "tab-types", "fig-awards", "tab-awards", "fig-adequacy", "tab-adequacy", "tab-rights", "fig-split", "tab-split"}  # fmt: skip


@cache
def study() -> StudyResult:
    return synthetic_study()


@cache
def report_of(part: str) -> Report:
    return region_report(study()) if part == "region" else country_report(study(), part)


def ids(report: Report) -> set[str]:
    return {b.id for b in report.blocks if isinstance(b, Figure | Table)}


def table_of(report: Report, name: str) -> Table:
    return next(b for b in report.blocks if isinstance(b, Table) and b.id == name)


def said(blocks: tuple[Block, ...]) -> str:
    texts = [b.text for b in blocks if isinstance(b, Paragraph | Note)]
    texts += [item for b in blocks if isinstance(b, Bullets) for item in b.items]
    return "\n".join(plain(t) for t in texts)


def figure(cell: str) -> float:
    """A printed figure; what is smaller than its digits counts as nothing."""
    if cell in ("–", "no change") or cell.startswith(("<", ">")):
        return 0.0
    return float(cell.replace("−", "-").replace(",", "").replace("+", "").replace("\u00a0pp", "").rstrip("%"))


def test_reports_hold_every_new_chapter() -> None:
    assert ids(report_of("RWA")) >= NEW
    assert ids(report_of("KEN")) >= {"tab-steps", "fig-branches", "tab-branches", "fig-adequacy", "tab-adequacy", "tab-rights"}
    assert not ids(report_of("KEN")) & {"fig-steps", "fig-causes", "tab-past", "fig-types", "tab-awards"}
    assert ids(report_of("region")) >= {"fig-steps", "tab-steps", "tab-causes", "tab-past", "tab-branches", "fig-adequacy", "tab-adequacy",
                                        "fig-transfer-values", "tab-transfer-values"}  # fmt: skip


@pytest.mark.parametrize("part", PENSIONS)
def test_parts_of_the_cost_sum_to_the_net_cost(part: str) -> None:
    scheme = study().schemes[part]
    posted = scheme.corridors.assign(pv_contributions_moved=3e9, pv_net_cost=scheme.corridors["pv_net_cost"] + 3e9)
    for corridors in (scheme.corridors, posted):
        parts = cost_parts.cost_parts(replace(scheme, corridors=corridors))
        assert parts.benefits + parts.contributions + parts.administration == pytest.approx(float(corridors["pv_net_cost"].sum()), rel=1e-9)


def test_what_rounding_leaves_of_no_effect_is_no_effect() -> None:
    scheme = study().schemes["RWA"]
    dust = scheme.corridors.assign(pv_topped_up=1e-9)
    assert cost_parts.cost_parts(replace(scheme, corridors=dust)).topped_up == 0.0
    assert tables.indicator_cells("pv_net_cost", "RWF", [9e-5, 2e11, 2e11], "RWF")[0] == "RWF\u00a00"


def test_amounts_of_a_corridor_add_up_across() -> None:
    table = table_of(report_of("RWA"), "tab-corridors")
    heads = [c.head for c in table.columns]
    first, net = heads.index("Pensions, own periods"), heads.index("Net cost")
    for row in table.rows:
        if row.kind != "section":
            assert sum(figure(c) for c in row.cells[first:net]) == pytest.approx(figure(row.cells[net]), abs=0.04)


@pytest.mark.parametrize("part", ["RWA", "UGA"])
def test_steps_sum_to_the_net_cost_with_the_other_branches(part: str) -> None:
    scheme = study().schemes[part]
    rows = table_of(report_of(part), "tab-steps").rows
    whole = frames.indicator(scheme, "pv_net_cost", "difference") + float(scheme.branch_causes["pv"].sum())
    usd = whole / scheme.exchange_rate_usd / 1e6
    assert figure(rows[-1].cells[2]) == pytest.approx(usd, rel=0.02)
    assert sum(figure(r.cells[2]) for r in rows[:-1]) == pytest.approx(usd, abs=0.1)
    assert figure(rows[-1].cells[1]) == pytest.approx(figure(rows[-1].cells[5]), rel=1e-3)


def test_causes_sum_to_with_minus_without() -> None:
    scheme = study().schemes["RWA"]
    case = {c: frames.case(scheme, c) for c in ("without", "with")}
    change = frames.expenditure(case["with"]) - frames.expenditure(case["without"])
    total = table_of(report_of("RWA"), "tab-branch-causes").rows[-1]
    for year, cell in zip(causes_view.YEARS, total.cells[1:], strict=True):
        assert figure(cell) == pytest.approx(100 * float(change[year] / case["without"]["insurable_earnings"][year]), abs=6e-5)


def test_women_and_men_sum_to_the_net_cost() -> None:
    scheme = study().schemes["BDI"]
    assert float(causes_view.by_sex(scheme).to_numpy().sum()) == pytest.approx(frames.indicator(scheme, "pv_net_cost", "difference"))


def test_past_and_coming_periods_sum_to_the_net_cost_without_administration() -> None:
    scheme = study().schemes["RWA"]
    total = table_of(report_of("RWA"), "tab-past").rows[-1]
    parts = cost_parts.cost_parts(scheme)
    assert figure(total.cells[5]) == pytest.approx((parts.benefits + parts.contributions) / scheme.exchange_rate_usd / 1e6, rel=0.01)


def test_movers_who_lose_are_named() -> None:
    text = said(report_of("UGA").blocks)
    assert "benefits are worth at least 1% less with the instrument than without" in text and "−3.0%" in text
    better = replace(study(), adequacy=study().adequacy.assign(pv_benefits_with=study().adequacy["pv_benefits_without"]))
    text = said(country_report(better, "UGA").blocks)
    assert "Some movers lose" not in text and "as much" in text


def test_rights_are_of_the_scheme_or_of_its_people_abroad() -> None:
    rights = study().rights
    own = rights[((rights["origin"] == "RWA") & (rights["role"] == "origin")) | ((rights["host"] == "RWA") & (rights["role"] == "host"))]
    abroad = rights[(rights["origin"] == "SOM") & (rights["role"] == "host")]
    for part, chosen in (("RWA", own), ("SOM", abroad)):
        total = table_of(report_of(part), "tab-rights").rows[-1]
        assert figure(total.cells[1]) == pytest.approx(float(chosen["own"].sum()), abs=0.5)
        assert figure(total.cells[4]) == pytest.approx(float(chosen["kept"].sum()), abs=0.5)


def test_present_values_paid_are_present_values_received() -> None:
    table = table_of(report_of("region"), "tab-transfer-values")
    totals = [r for r in table.rows if r.kind == "total"]
    assert len(totals) == 3
    for row in totals:
        assert sum(figure(c) for c in row.cells[1:-1]) == pytest.approx(figure(row.cells[-1]), abs=0.05)
    matrix = frames.transfer_values(study(), "with", "all")
    assert (matrix - frames.transfer_values(study(), "with", "pensions") - frames.transfer_values(study(), "with", "other")).abs().max().max() < 1e-3


def test_branches_say_what_changes_and_what_is_missing() -> None:
    assert "It changes nothing in maternity" in said(report_of("RWA").blocks)
    text = said(report_of("KEN").blocks)
    assert "the instrument changes nothing in them" in text and "Family: No family benefit found." in text


def test_a_premium_without_end_that_is_not_finite_is_said_in_words() -> None:
    table = table_of(report_of("RWA"), "tab-indicators")
    row = next(r for r in table.rows if r.cells[0] == "General average premium without end")
    assert row.cells[1:4] == ("no finite value", "no finite value", "–")
    assert {"Actuarial balance, 75 years", "Scaled premium, first 15 years"} <= {r.cells[0] for r in table.rows}


def test_awards_by_type_add_up_to_the_pensioners() -> None:
    scheme = study().schemes["RWA"]
    row = table_of(report_of("RWA"), "tab-types").rows[0]
    assert sum(figure(c) for c in row.cells[1:7:2]) == pytest.approx(float(frames.case(scheme, "without")["pensioners"].iloc[0]), abs=2)


def test_split_careers_are_those_of_the_study() -> None:
    table = table_of(report_of("RWA"), "tab-split")
    without, with_ = table.rows[1], table.rows[2]
    assert figure(without.cells[2]) == 0.0 and figure(with_.cells[2]) == pytest.approx(30.0)  # 10 + 10 years
    assert "tab-split" not in ids(report_of("SOM"))


def bare(scheme: SchemeResult) -> SchemeResult:
    empty = {n: getattr(scheme, n).iloc[:0] for n in ("ladder", "ladder_corridors", "causes", "past", "branches", "branch_causes")}
    return replace(scheme, branches_missing={}, **empty)


def test_a_study_without_steps_and_cohorts_has_no_such_chapters() -> None:
    schemes = {c: bare(s) for c, s in study().schemes.items()}
    nothing = pd.DataFrame()
    less = replace(study(), schemes=schemes, adequacy=nothing, rights=nothing, transfers_pv=nothing, split_careers=nothing)
    left_out = NEW - {"fig-types", "tab-types", "fig-awards", "tab-awards"}
    for report in (country_report(less, "RWA"), country_report(less, "KEN"), region_report(less)):
        assert not ids(report) & left_out


def test_a_caution_of_the_projection_before_is_gone() -> None:
    text = said(report_of("RWA").blocks)
    assert "fixed at award" not in text and "do not resume" not in text and "constant share of pensions" not in text
    assert not math.isnan(frames.indicator(study().schemes["RWA"], "actuarial_balance_75", "with"))
