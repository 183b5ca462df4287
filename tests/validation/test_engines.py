"""Checks of the projection, the lattice and the workbooks fail on an engine that is wrong."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from actuarial.careers import lattice as careers
from actuarial.feasibility.microsimulation_check import Check as Simulated
from actuarial.feasibility.microsimulation_check import verdict
from actuarial.validation import book, lattice, mature, projection
from actuarial.validation.case import largest
from actuarial.validation.people import identity_gaps, life_table_identities
from actuarial.validation.region import Region


@pytest.mark.parametrize("values", [[math.nan, 1.0], [1.0, math.nan], np.array([[0.0, 1.0], [math.nan, 2.0]]), [math.inf, 0.0]])
def test_the_largest_of_gaps_is_infinite_when_one_is_no_number(values: Any) -> None:
    assert largest(values) == math.inf


def test_the_largest_of_gaps() -> None:
    assert largest([0.0, 3.0, 1.0]) == 3.0
    with pytest.raises(ValueError, match="zero-size"):
        largest([])


@pytest.mark.parametrize("wrong", [math.nan, math.inf, 0.1])
def test_a_lattice_that_loses_people_fails(wrong: float, monkeypatch: pytest.MonkeyPatch) -> None:
    def advance(*given: Any) -> Any:
        out = right(*given)
        out.disabled[0, -1, 3] += wrong
        out.refund_amount[0, 2] += wrong
        return out

    right = careers.advance
    assert all(check.passed for check in lattice.checks_of(0))
    monkeypatch.setattr(lattice, "advance", advance)
    assert {check.id for check in lattice.checks_of(0) if not check.passed} == {"LATTICE-0/refunds", "LATTICE-0/invalids at the end"}


def test_people_that_are_no_number_are_not_ignored_as_too_few() -> None:
    gaps = [lattice._gap([value, 1.0], [0.0, 1.0], lattice.WITHIN) for value in (math.nan, math.inf, 1e-13)]
    assert gaps == [math.inf, math.inf, 0.0]


def test_a_benefit_that_is_no_number_is_a_change(monkeypatch: pytest.MonkeyPatch) -> None:
    def flows(run: Any, country: int) -> Any:
        one = SimpleNamespace(benefits=np.ones(3), contributions=np.ones(3))
        return one, SimpleNamespace(benefits=np.array([1.0, found[country], 1.0]), contributions=np.ones(3))

    found: tuple[float, ...] = ()
    monkeypatch.setattr(projection, "case_flows", flows)
    region: Any = SimpleNamespace(without_movers=SimpleNamespace(countries=("AAA", "BBB")))
    for benefits, passes in (((1.0, 1.0), True), ((math.nan, 1.0), False), ((1.0, math.nan), False), ((1.5, 1.0), False)):
        found = benefits
        assert projection.nobody_moves(region).passed is passes


def test_a_formula_that_is_no_number_fails_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    for gaps in ((math.nan, 0.0), (0.0, math.nan)):
        cells = [book.Recomputed("sheet", "=1", 1.0, 1.0, gap) for gap in gaps]
        monkeypatch.setattr(book, "recompute", lambda path, cells=cells: iter(cells))
        assert not book._recomputed(Path("book.xlsx"), "AAA").passed


def test_life_tables_of_no_number_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actuarial.validation.people.identity_gaps", lambda rates: {n: g * math.nan for n, g in identity_gaps(rates).items()})
    assert set(life_table_identities(1).values()) == {math.inf}


def simulated(groups: int, beyond: int) -> Simulated:
    """Groups with a hundred aggregates each, one of which is beyond 3 standard errors in ``beyond`` of them."""
    rows = [(f"group {g}", f"row {r}", 3.5 if g < beyond and r == 0 else 0.1, 1000.0) for g in range(groups) for r in range(100)]
    table = pd.DataFrame(rows, columns=["corridor", "name", "z", "persons"])
    return Simulated("base", "instrument", 1000, 1, (), table, verdict(table), {})


def test_the_count_of_groups_is_checked_where_it_can_fail() -> None:
    for groups in (1, 2, 5, 6, 28):
        every, none = (projection.simulation_checks(simulated(groups, beyond)) for beyond in (groups, 0))
        assert len(every) == len(none) >= groups and all(check.passed for check in none)
        assert [check.passed for check in every if check.case == "PERSONS"] == [False] * (len(every) - groups)
        assert (len(every) > groups) is (groups > 5)


def test_a_group_that_is_no_number_fails() -> None:
    answer = simulated(3, 0)
    answer.comparison.loc[5, "z"] = math.nan
    assert [check.id for check in projection.simulation_checks(answer) if not check.passed] == ["PERSONS-group 0/largest z"]


@pytest.mark.parametrize("full", [False, True])
def test_the_same_bytes_twice(full: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine whose people are others when prepared anew is found by the full run, one whose prices are others by both."""

    def write(study: str, folder: Path) -> None:
        folder.mkdir()
        (folder / "a.csv").write_text(study, encoding="utf-8")

    anew, prices = ["people"], {"of": "same"}
    monkeypatch.setattr(projection, "study_of", lambda run: run)
    monkeypatch.setattr(projection, "write_study", write)
    monkeypatch.setattr(projection, "evaluate", lambda prepared, instruments: [f"{prepared}, {prices['of']}"])
    monkeypatch.setattr(projection, "Region", lambda root, full: SimpleNamespace(prepared=anew[0]))
    region: Any = SimpleNamespace(full=full, root=Path(), prepared="people", run="people, same", instrument=None)
    same = projection.same_bytes(region)
    assert same.passed and same.measure == "files" and ("projected" in same.what) is full
    anew[0] = "others"
    assert projection.same_bytes(region).passed is not full
    anew[0], prices["of"] = "people", "another"
    assert not projection.same_bytes(region).passed


def test_a_mature_scheme_a_thousandth_off_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = mature.closed_form(mature.SCHEMES["reference"])
    rates = exact.payg_rate(), exact.entrant_rate(), exact.terminal_funding_rate(), exact.entrant_reserve(), exact.pensioner_reserve()
    whole: Any = None
    right = mature.Projected(whole, whole, *rates)
    for name in ("payg", "entrant", "terminal", "entrant_reserve", "pensioner_reserve"):
        for factor, failed in ((1.0, 0), (1.001, 1), (math.nan, 1)):
            found = replace(right, **{name: factor * getattr(right, name)})
            monkeypatch.setattr(mature, "projected", lambda scheme, found=found: found)
            assert sum(not check.passed for check in mature.checks_of("reference")) == failed


def test_the_extent_of_a_region_that_nobody_asked_for_is_none() -> None:
    assert Region(Path()).extent() == {"corridors": 0, "persons": 0}
