"""What a check is: differences, tolerances, the worst of a list, what stops, what is not run, and the text of the command."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from actuarial.basis.errors import InputError
from actuarial.validation import plan
from actuarial.validation.case import Case, Check, difference, judged, load_cases, timed
from actuarial.validation.plan import NotRun, Run
from actuarial.validation.published import calculator, published
from actuarial.validation.text import as_text

CASE = Case(
    id="MADE-UP", subject="life", what="a figure", function="am92", kind="derived", evidence="derived", source="nowhere",
    expected={"one": 1.0, "many": (1.0, 2.0, 3.0)}, tolerance=0.1, reason="an example",
)  # fmt: skip


def test_a_list_is_told_by_its_worst_value() -> None:
    one, many = judged(CASE, {"one": 1.1 - 1e-12, "many": (1.05, 1.8, 3.0)})
    assert one.passed and one.id == "MADE-UP/one" and one.case == "MADE-UP"
    assert not many.passed and (many.expected, many.found) == (2.0, 1.8) and many.strain == pytest.approx(2.0)


def test_a_figure_that_is_no_number_fails() -> None:
    one, many = judged(CASE, {"one": math.nan, "many": (math.nan, 2.0, 3.0)})
    assert not one.passed and not many.passed and one.strain == math.inf


@pytest.mark.parametrize("found", [{"one": 1.0}, {"one": 1.0, "many": (1.0, 2.0)}, {"one": 1.0, "many": (1.0, 2.0, 3.0), "more": 1.0}])
def test_figures_other_than_expected_are_refused(found: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="MADE-UP"):
        judged(CASE, found)


def test_differences() -> None:
    assert difference(2.0, 3.0, "absolute") == 1.0
    assert difference(2.0, 3.0, "relative") == 0.5
    with pytest.raises(ValueError, match="relative difference to zero"):
        difference(0.0, 1.0, "relative")


def test_a_change_of_any_expected_figure_is_found() -> None:
    """No case passes whatever is found: each figure moved by a little more than twice its tolerance fails."""
    for case in load_cases().values():
        for name, wanted in case.expected.items():
            away = 2.001 * case.within(name) + 1e-9
            moved = tuple(v + away for v in wanted) if isinstance(wanted, tuple) else wanted + away
            checks = judged(case, {**case.expected, name: moved})
            assert [check.id for check in checks if not check.passed] == [f"{case.id}/{name}"]


def test_every_case_has_a_function_of_its_subject() -> None:
    assert all(callable(calculator(case)) for case in load_cases().values())
    with pytest.raises(ValueError, match="no function 'unknown'"):
        calculator(CASE.model_copy(update={"function": "unknown"}))
    with pytest.raises(KeyError):
        published("MADE-UP")


def test_wrong_files_are_refused(tmp_path: Path) -> None:
    given = "- {id: A, subject: life, what: a, function: am92, kind: derived, evidence: derived, source: s, "
    given += "expected: {x: 1.0}, reason: r, tolerance: %s}"
    (tmp_path / "a.yaml").write_text("cases:\n  " + given % "{y: 1.0}" + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="A: tolerances of y, figures x"):
        load_cases(tmp_path / "a.yaml")
    (tmp_path / "b.yaml").write_text("cases:\n  " + "\n  ".join([given % "1.0"] * 2) + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match="an id stands there twice"):
        load_cases(tmp_path / "b.yaml")


def example(name: str, found: float) -> Check:
    return Check(name, "life", "what", "derived", "derived", "source", 1.0, found, found - 1.0, "absolute", 0.1, "reason")


def test_seconds_and_date_are_told_once() -> None:
    first, second = timed(lambda: [example("A/1", 1.0), example("A/2", 1.0)])
    assert first.seconds > 0.0 and second.seconds == 0.0 and first.date == second.date > "2026"


def test_what_stops_has_failed_and_the_run_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def stops() -> list[Check]:
        raise ArithmeticError("identity broken")

    jobs = [("life", ("bad", stops)), ("life", ("good", lambda: [example("A/1", 1.0)]))]
    monkeypatch.setattr(plan, "jobs", lambda region: jobs)
    told: list[str] = []
    run = plan.run(Path(), progress=lambda what, share: told.append(what))
    assert told == ["bad", "good", "done"]
    bad, good = run.checks
    assert good.passed and not bad.passed and not run.passed
    assert bad.reason == "stopped: ArithmeticError: identity broken"


def test_without_the_spreadsheet_engine_workbooks_are_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "jobs", lambda region: [])
    monkeypatch.setattr(plan, "available", lambda: False)
    run = plan.run(Path())
    assert run.passed and [missing.subject for missing in run.not_run] == ["workbook"]
    assert "not run: the package ironcalc" in as_text(run)


def test_the_text_says_what_failed() -> None:
    run = Run((example("A/1", 1.0), example("B/1", 1.2)), (NotRun("W", "workbook", "w", "absent"),), False, 2.0)
    text = as_text(run)
    assert "FAILED B/1: expected 1, found 1.2, difference 0.2 (absolute), allowed 0.1" in text
    assert text.endswith("2 figures, 1 failed; 2 seconds\n")
    assert "A/1" not in text and "A/1" in as_text(run, every=True)
    assert as_text(replace(run, checks=run.checks[:1])).endswith("1 figures, 0 failed; 2 seconds\n")
