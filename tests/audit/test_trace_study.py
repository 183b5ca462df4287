"""A real study of two countries: every equation gives the run's figures, and what moves when inputs move is what the graph says."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from actuarial.audit.trace_figures import REGION, Figures, Place
from actuarial.audit.trace_inputs import chosen_input
from actuarial.audit.trace_measure import measure
from actuarial.audit.trace_move import copied, move
from actuarial.audit.trace_quantities import Graph, Quantity, load_graph
from actuarial.audit.trace_reach import Reach
from actuarial.audit.trace_recompute import recompute
from actuarial.audit.trace_walk import Walk
from actuarial.feasibility.engine import PreparedRegion, RegionRun, evaluate, prepare_region
from actuarial.feasibility.result import StudyResult
from actuarial.feasibility.study import study_of
from tests.audit.test_trace_graph import absent, undeclared
from tests.audit.two_countries import COUNTRIES, inputs_of, two_countries


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return two_countries(tmp_path_factory.mktemp("trace") / "two")


@pytest.fixture(scope="module")
def prepared(root: Path) -> PreparedRegion:
    read = inputs_of(root)
    return prepare_region(read.basis, read.scenario)


@pytest.fixture(scope="module")
def run(root: Path, prepared: PreparedRegion) -> RegionRun:
    return evaluate(prepared, [inputs_of(root).instrument])[0]


@pytest.fixture(scope="module")
def study(run: RegionRun) -> StudyResult:
    return study_of(run)


@pytest.fixture(scope="module")
def walk(root: Path, run: RegionRun, study: StudyResult) -> Walk:
    graph = load_graph()
    return Walk(Figures(study, graph, run.basis.economy), Reach.of(graph, study), root, str)


def places(figures: Figures, quantity: Quantity) -> Iterator[Place]:
    """Places of a figure: one case of each country, the first year in one and 2050 in the other, and one row of tables whose rows do not add up."""
    table = figures.graph.tables[quantity.table]
    keys = {"item": "contributions"} if table.name == "calibration" else {}
    for country, case, year in zip(COUNTRIES if table.country else (REGION,), ("with", "without"), ("2050", "2026"), strict=False):
        only = {"difference": "difference", "with": "with", "none": ""}.get(quantity.case, case)
        yield Place(country, only).at(**keys, **({"year": year} if "year" in quantity.keys else {}))


def test_the_graph_knows_the_columns_of_an_engine_study(study: StudyResult) -> None:
    graph = load_graph()
    assert undeclared(graph, study) == []
    assert absent(graph, study) == []


def test_every_equation_gives_the_figure_of_the_run(walk: Walk) -> None:
    computed = set()
    for quantity in walk.figures.graph.figures():
        frame = None if walk.figures.graph.tables[quantity.table].derived else walk.figures.frame(quantity.table, COUNTRIES[0])
        if not quantity.equation or frame is None or frame.empty:
            continue
        for place in places(walk.figures, quantity):
            found = recompute(walk.figures, quantity, place)
            if found is not None:
                stated = walk.figures.stated(quantity, place)
                assert found.agrees(stated), f"{quantity.name} {place}: {found.value} computed, {stated} stated"
                computed |= set() if math.isnan(stated) else {quantity.name}
    assert computed >= {
        "yearly.payg_cost_rate", "yearly.reserve", "yearly.contributions", "indicators.gap_75", "indicators.pv_net_cost",
        "indicators.scaled_premium_15", "corridors.pv_net_cost", "transfers.amount_usd", "transfers_pv.pv_usd", "calibration.ratio",
    }  # fmt: skip


def test_administration_is_that_of_the_scheme_and_of_the_instrument(walk: Walk) -> None:
    figures, quantity = walk.figures, walk.figures.graph.quantities["yearly.administration"]
    shown = {}
    for country in COUNTRIES:
        causes = figures.frame("causes", country)
        coordination = causes[(causes["cause"] == "administration") & (causes["year"] == 2050)]["amount"].sum()
        stated = {case: figures.stated(quantity, Place(country, case).at(year="2050")) for case in ("with", "without")}
        assert coordination > 0.0
        assert stated["with"] - stated["without"] == pytest.approx(coordination, rel=1e-6)
        for case in stated:
            found = recompute(figures, quantity, Place(country, case).at(year="2050"))
            assert found is None or found.agrees(stated[case])
            shown[country, case] = None if found is None else found.shown
    assert shown["RWA", "with"] and shown["RWA", "without"]
    assert shown["RWA", "with"].startswith("0.05 x ")
    assert shown["UGA", "with"] and shown["UGA", "without"] is None  # what an account scheme takes a share of is in no table


def test_net_cost_is_the_sum_of_its_parts_and_a_difference(walk: Walk) -> None:
    quantity = walk.figures.graph.quantities["indicators.pv_net_cost"]
    found = recompute(walk.figures, quantity, Place("RWA", "difference"))
    assert found is not None and found.agrees(walk.figures.stated(quantity, Place("RWA", "difference")))
    assert found.shown.count(" + ") == 1 and " - " in found.shown
    assert quantity.case == "difference"


def test_a_figure_that_was_changed_is_told(walk: Walk) -> None:
    scheme = walk.figures.study.schemes["RWA"]
    yearly = scheme.yearly.copy()
    yearly.loc[yearly["year"] == 2050, "benefits"] *= 1.0 + 1e-7
    spoilt = replace(walk.figures, study=replace(walk.figures.study, schemes=walk.figures.study.schemes | {"RWA": replace(scheme, yearly=yearly)}))
    place = Place("RWA", "with").at(year="2050")
    for name, right in (("yearly.benefits", False), ("yearly.payg_cost_rate", False), ("yearly.contributions", True)):
        quantity = spoilt.graph.quantities[name]
        found = recompute(spoilt, quantity, place)
        assert found is not None
        assert found.agrees(spoilt.stated(quantity, place)) is right, name


def moved(walk: Walk, tmp_path: Path, *specs: str) -> tuple[Path, frozenset[tuple[str, str]]]:
    """A copy of the inputs with some moved by one per cent, and their leaves."""
    folder = tmp_path / "moved"
    folder.mkdir()
    copied(walk.root, folder)
    chosen = [chosen_input(walk, spec) for spec in specs]
    for one in chosen:
        move(folder, one, 0.01)
    return folder, frozenset().union(*(one.leaves for one in chosen))


def test_a_pension_formula_and_a_contribution_rate_move_what_the_graph_says(walk: Walk, study: StudyResult, tmp_path: Path) -> None:
    folder, leaves = moved(walk, tmp_path, "RWA:old_age.formula.accrual_per_month", "UGA:contribution_rate")
    read = inputs_of(folder)
    after = study_of(evaluate(prepare_region(read.basis, read.scenario), [read.instrument])[0])
    found = measure(load_graph(), study, after, leaves)
    assert found.unexpected == ()
    names = {(c.quantity, c.country, c.case) for c in found.changes}
    assert {("yearly.pensions", "RWA", "without"), ("indicators.gap_75", "RWA", "with"), ("yearly.legal_rate", "UGA", "without"),
            ("yearly.insurable_earnings", "UGA", "without")} <= names  # fmt: skip
    assert not any(q in ("yearly.contributors", "population.persons", "corridors.movers_2026") for q, _, _ in names)
    assert ("yearly.pensions", "UGA", "without") not in names


def test_take_up_moves_only_the_case_with_the_instrument(walk: Walk, study: StudyResult, prepared: PreparedRegion, tmp_path: Path) -> None:
    folder, leaves = moved(walk, tmp_path, "instrument: take_up")
    after = study_of(evaluate(prepared, [inputs_of(folder).instrument])[0])
    found = measure(load_graph(), study, after, leaves)
    assert found.unexpected == ()
    assert ("yearly.pensions", "RWA", "with") in {(c.quantity, c.country, c.case) for c in found.changes}
    assert {c.case for c in found.changes if c.quantity != "checks.value"} == {"with"}

    graph: Graph = load_graph()
    yearly = {n: replace(q, uses=(), entering=()) for n, q in graph.quantities.items() if q.table == "yearly"}
    blind = measure(replace(graph, quantities=yearly), study, after, leaves)
    assert blind.unexpected == blind.changes
    assert blind.changes == tuple(c for c in found.changes if c.quantity.startswith("yearly."))
