"""The benchmarks' own arithmetic: answers of our contenders agree with their plain twins, and ratios are what they say. No time is asserted."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch):
    """Load a script of benchmarks/ under its own name, and forget what it put on the path."""
    monkeypatch.setattr(sys, "path", [str(FOLDER), *sys.path])

    def one(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    one("timing")
    return one


def test_persons_live_the_same_in_the_kernel_and_in_numpy(load) -> None:
    micro = load("microsimulation")
    wanted = micro.plain(3000, 21)
    for workers in (1, 2):
        found = micro.simulate(3000, 21, workers)
        for one, other in zip(found, wanted, strict=True):
            np.testing.assert_array_equal(one, other)
    # A person of 15 and more at the end of the chain is where the chain says, within chance; expected numbers keep everybody.
    deaths, places, _ = micro.expected(3000, 21)
    assert deaths.sum() + places.sum() == pytest.approx(3000)
    assert micro.errors(micro.simulate(200_000), 200_000) < 5.0


def test_the_words_of_the_simulation_are_those_of_the_generator(load) -> None:
    micro = load("microsimulation")
    persons, words = np.array([0, 7, 2**31], np.uint64), np.zeros((4, 3), np.uint64)
    micro._words.py_func(persons, 3, np.uint64(2026), np.uint64(0), words)
    for i, person in enumerate(persons):
        assert tuple(words[:, i]) == micro.philox(person, np.uint64(0), np.uint64(3), np.uint64(0), np.uint64(2026), np.uint64(0))


def test_contenders_of_the_closed_group_agree(load) -> None:
    closed = load("closed_group")
    arguments = (closed.draw(500), closed.MORTALITY, closed.WITHDRAWAL, closed.RULES, closed.YEARS)
    one, other = closed.project_closed_group(*arguments), closed.project_cell_by_cell(*arguments)
    assert load("timing").gap(closed.flows(one), closed.flows(other)) < 1e-12


def test_ratios_are_to_the_first_contender_and_answers_are_compared_first(
    load, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    timing = load("timing")
    times = iter([1.0, 3.0, 2.0, 4.0, 1.0, 5.0])
    monkeypatch.setattr(timing, "one_turn", lambda work: next(times))
    found = timing.compare("t", {"a": lambda: np.ones(2), "b": lambda: np.ones(2)}, 3, tolerance=1e-9, wanted={"b": 4.0}, absent=["c"])
    assert [row.ratio for row in found.rows] == [1.0, 3.0]
    assert [row.median for row in found.rows] == [1.0, 4.0]
    printed = timing.table(found)
    assert "≥ 4: not reached" in printed and "| c | not installed |" in printed
    assert "skipped: c is not installed" in capsys.readouterr().out
    with pytest.raises(timing.Disagreement, match="answer of b differs"):
        timing.compare("t", {"a": lambda: np.ones(2), "b": lambda: np.full(2, 1.1)}, 1, tolerance=1e-9)
    assert timing.gap(np.array([np.nan]), np.ones(1)) == np.inf
