"""The panel without a browser: controls, what they show, and what the buttons say. Model and reports are stood in for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from actuarial.basis.errors import InputError
from actuarial.lab import panel as panel_module
from actuarial.lab import report_process
from actuarial.lab.panel import Panel
from actuarial.lab.pictures import Board
from actuarial.lab.report_process import ReportFailure, make_report
from actuarial.lab.setting import Setting
from tests.lab.models import model

ROOT = Path(__file__).parents[2]


@pytest.fixture
def panel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Panel:
    (tmp_path / "data").symlink_to(ROOT / "data", target_is_directory=True)
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.setattr(panel_module, "kept_model", lambda _inputs, _tell: model())
    return Panel(country="RWA", root=tmp_path)


def test_a_move_draws_and_says_another_answer(panel: Panel) -> None:
    panel.show()
    chart, sentence = panel.chart.value, panel.sentence.value
    panel.levers["flows"].value = 2.0
    assert panel.setting == Setting(flows=2.0)
    assert panel.chart.value != chart and panel.sentence.value != sentence
    assert "Exact for movers" in panel.cautions.value
    panel.steps["export"].value = False
    assert panel.setting.off == ("export",) and not panel.answer.ladder("RWA").set_index("rung").loc["export", "on"]
    panel.to_base()
    assert panel.setting == Setting() and panel.chart.value == chart and panel.cautions.value == ""


def test_sliders_are_told_when_let_go_and_rates_are_points(panel: Panel) -> None:
    assert not any(slider.continuous_update for slider in panel.levers.values())
    panel.levers["real_return"].value = -1.0
    assert panel.setting.real_return == -0.01
    assert panel.levers["take_up"].max <= panel.explorer.model.take_up_limit


def test_another_country_and_another_study(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    panel.country.value = "KEN"
    assert "Kenya" in panel.sentence.value
    panel.levers["flows"].value = 2.0
    panel.scenario.value = "high-mobility"
    assert panel.setting == Setting() and panel._inputs().scenario.name == "high-mobility"

    def refuse(*_: object) -> None:
        raise InputError("this instrument is not projected")

    monkeypatch.setattr(panel_module, "kept_model", refuse)
    panel.instrument.value = "phased"
    assert "not projected" in panel.message.value and panel.instrument.value == "eac-directive"


def test_saving_and_reporting_say_what_they_did(panel: Panel, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[object, ...]] = []
    monkeypatch.setattr(panel_module, "in_background", lambda work: work())
    monkeypatch.setattr(panel_module, "make_report", lambda *asked: made.append(asked[:4]) or panel._root / "reports" / "x")
    panel.levers["flows"].value = 1.4
    panel.report_button.click()
    assert "save the setting first" in panel.message.value and not made
    panel.save_button.click()
    assert "small letters" in panel.message.value
    panel.name.value = "mine"
    panel.save_button.click()
    assert "scenarios/mine.yaml" in panel.message.value and (panel._root / "scenarios" / "mine.yaml").is_file()
    panel.save_button.click()
    assert "choose another name" in panel.message.value
    panel.report_button.click()
    assert made == [(panel._root, "mine", "eac-directive", ["RWA"])] and "reports/x/RWA" in panel.message.value

    def fail(*_: object) -> Path:
        raise ReportFailure("<no> such thing")

    monkeypatch.setattr(panel_module, "make_report", fail)
    panel.report_button.click()
    assert "&lt;no&gt; such thing" in panel.message.value and not panel.report_button.disabled


def test_a_report_is_made_in_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program stands in for Python: it says what it was asked, on both streams, and how it ended."""
    program = tmp_path / "python"
    program.write_text('#!/bin/sh\necho " 40% reports" >&2\necho "$@" >&2\necho "runs/one"\nexit ${CODE:-0}\n')
    program.chmod(0o755)
    monkeypatch.setattr(report_process.sys, "executable", str(program))
    heard: list[tuple[str, float]] = []
    folder = make_report(tmp_path, "mine", "phased", ["KEN"], lambda what, share: heard.append((what, share)))
    assert folder == tmp_path / "runs" / "one" and heard == [("reports", 0.4)]
    monkeypatch.setenv("CODE", "2")
    with pytest.raises(ReportFailure, match="-m actuarial reports --scenario mine --instrument phased --country KEN"):
        make_report(tmp_path, "mine", "phased", ["KEN"], lambda *_: None)


def test_a_board_keeps_its_axes_while_a_setting_fits(panel: Panel) -> None:
    board = Board(panel.explorer.at(), "RWA")
    board.png(panel.explorer.at())
    before = board._kept
    board.png(panel.explorer.at(flows=1.02))
    assert board._kept is before
    board.png(panel.explorer.at(flows=3.0, real_return=-0.03))
    assert board._kept is not before


def test_an_unknown_choice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="scenario: found 'bas'"):
        Panel(scenario="bas", root=ROOT)
