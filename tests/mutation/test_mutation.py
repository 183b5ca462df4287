"""The mutants, their killing and the figures of the two commands, on a module of four functions."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

import pytest

from tests.mutation import coverage

pytest.importorskip("mutmut", reason="needs the packages for developers")
from tests.mutation import killing, report  # noqa: E402
from tests.mutation.mutants import Mutant, mutants_of  # noqa: E402
from tests.mutation.session import Found  # noqa: E402

SOURCE = '''
"""A module."""

LIMIT = 3


def below(age: int, limit: int = 60) -> bool:
    """Whether below."""
    if age < 0:
        raise ValueError(f"{age} is negative")
    return age < limit


class Holder:
    @property
    def twice(self) -> int:
        return 2 * LIMIT

    @staticmethod
    def either(a: bool, b: bool) -> bool:
        return a or b
'''


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "toy.py"
    path.write_text(SOURCE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("toy", path)
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "toy", loaded)
    spec.loader.exec_module(loaded)
    return path


def test_mutants_are_those_of_functions_properties_and_nothing_that_is_said(module: Path) -> None:
    names = [mutant.name for mutant in mutants_of(module, "toy")]
    assert "toy.below: < limit -> <= limit" in names
    assert "toy.below: 60 -> 61" in names
    assert "toy.Holder.twice: 2 * LIMIT -> 2 / LIMIT" in names
    assert "toy.Holder.either: a or b -> a and b" in names
    assert len(set(names)) == len(names)
    assert not any("negative" in name or "LIMIT = " in name or "module" in name for name in names)


def test_a_mutant_takes_the_place_of_the_function_for_all_who_hold_it(module: Path) -> None:
    toy = sys.modules["toy"]
    held, holder = toy.below, toy.Holder()
    mutants = {mutant.change: mutant for mutant in mutants_of(module, "toy")}
    assert not held(60) and holder.twice == 6 and toy.Holder.either(True, False)
    killing.change(mutants["< limit -> <= limit"])
    assert held(60)
    killing.change(mutants["60 -> 61"])
    assert held(60) and not held(61)
    killing.change(mutants["2 * LIMIT -> 2 / LIMIT"])
    assert holder.twice == 2 / 3
    killing.change(mutants["a or b -> a and b"])
    assert not toy.Holder.either(True, False)


class Item:
    """As much of a test as is run here."""

    def __init__(self, name: str, passes: bool) -> None:
        self.nodeid, self.passes = name, passes


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_verdicts_come_from_the_first_test_that_fails(module: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Answer:
        def __init__(self, item: Item) -> None:
            self.failed = sys.modules["toy"].below(60) is item.passes

    monkeypatch.setattr(killing, "runtestprotocol", lambda item, log, nextitem: [Answer(item)])
    mutants = {mutant.change: mutant for mutant in mutants_of(module, "toy")}
    lenient, strict = (Item("lenient", False), 0.1), (Item("strict", True), 0.2)
    work = [
        (mutants["< limit -> <= limit"], [lenient, strict]),
        (mutants["< limit -> <= limit"], [lenient]),
        (mutants["60 -> 61"], []),
    ]
    found = list(killing.verdicts(work, 5.0, 1, lambda done: None))  # type: ignore[arg-type]
    assert [(verdict, test) for _, verdict, test in found] == [("killed", "strict"), ("survived", "lenient"), ("no test reaches it", "")]


def found(module: str, verdict: str, line: int) -> Found:
    return Found(Mutant(f"actuarial.{module}", "f", line, (line, line), "1 -> 2", None, ()), verdict, "")  # type: ignore[arg-type]


def test_the_score_counts_hangs_as_killed_and_names_survivors() -> None:
    some = [found("finance.a", "killed", 1), found("finance.a", "timeout", 2), found("finance.a", "survived", 3), found("provisions.b", "killed", 4)]
    text, scores = report.summary(some, 10, 1)
    assert scores == {"finance": pytest.approx(2 / 3), "provisions": 1.0}
    assert "survived: line 3: finance.a.f: 1 -> 2" in text and "line 2" not in text
    assert "(a random sample)" in text and "95 %" in text
    assert "sample" not in report.summary(some, 5, 1)[0]


def test_the_interval_is_wilsons() -> None:
    """Newcombe (1998), Statistics in Medicine 17: 81 of 263 gives 0.2553 to 0.3662, 0 of 20 gives 0 to 0.1611."""
    assert report.interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert report.interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_equivalents_are_matched_whole() -> None:
    same = report.equivalents()
    assert same("provisions.x.f: np.asarray(age, dtype=np.float64) -> np.asarray(age, dtype=None)")
    assert same("provisions.x.f: np.asarray(age, float) -> np.asarray(age, ) (2)")
    assert same("provisions.x.f: zip(a, b, strict=True) -> zip(a, b, )")
    assert not same("provisions.x.f: np.asarray(age, dtype=np.float64) -> np.asarray(None, dtype=np.float64)")
    assert not same("provisions.x.f: zip(a, b, strict=True) -> zip(a, strict=True)")


def test_branches_are_added_up_by_package() -> None:
    part = {"covered_lines": 8, "num_statements": 10}
    files = {
        "actuarial/finance/a.py": {"covered_branches": 9, "num_branches": 10, **part},
        "actuarial/finance/b.py": {"covered_branches": 10, "num_branches": 10, **part},
        "actuarial/careers/c.py": {"covered_branches": 9, "num_branches": 10, **part},
    }
    text, low = coverage.summary(files, ("finance", "careers"), 95.0)
    assert "finance: 95.0 % of 20 branches, 80.0 % of 20 lines" in text and low
    assert "actuarial/finance/a.py: 1 of 10 branches not taken" in text and "b.py" not in text
    assert not coverage.summary(files, ("finance",), 95.0)[1]
