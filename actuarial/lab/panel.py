"""The controls of ``notebooks/explore.ipynb``: what to look at, legal steps, levers, charts, and buttons to save a setting and to report on it.

A move recombines (:mod:`actuarial.lab.scheme_answer`) and draws (:mod:`actuarial.lab.pictures`). Choosing another scenario or instrument prepares its
model, about a minute the first time. Texts of the lab are English.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from actuarial.basis.errors import InputError
from actuarial.feasibility.ladder import LADDER
from actuarial.lab.api import ROOT, instruments, scenarios
from actuarial.lab.explorer import Answer, Explorer
from actuarial.lab.kept import Inputs, kept_model
from actuarial.lab.panel_parts import WIDE, chosen, dropdown, heading, overview, sentence, shown, slider, small
from actuarial.lab.pictures import Board
from actuarial.lab.report_process import ReportFailure, in_background, make_report
from actuarial.lab.saving import Saved, save_setting
from actuarial.lab.setting import BY_NAME, LEVERS, Setting
from actuarial.lab.shown_progress import Progress
from actuarial.lab.shown_progress import shown as shown_progress


class Panel:
    """All controls. ``panel.show()`` is the whole; ``panel.answer`` the tables of the setting they stand at.

    Raises :class:`~actuarial.basis.errors.InputError` for an unknown scenario, instrument or country.
    """

    def __init__(self, scenario: str = "base", instrument: str = "eac-directive", country: str = "", root: Path = ROOT) -> None:
        """``country`` is the one looked at first; without it, the first of the study."""
        self._root = root
        self._busy = widgets.HTML()
        self._bar = widgets.FloatProgress(min=0.0, max=1.0, layout=widgets.Layout(display="none", width="300px"))
        self.scenario = dropdown("Scenario", scenarios(root), scenario)
        self.instrument = dropdown("Instrument", instruments(root), instrument)
        narrow = widgets.Layout(width="245px")
        self.steps = {rung.name: widgets.Checkbox(True, description=rung.title, indent=False, layout=narrow) for rung in LADDER}
        self.levers = {lever.name: slider(lever) for lever in LEVERS}
        self.base_button = widgets.Button(description="Back to the base", icon="undo")
        self._open(True)  # a bar below the cell: nothing of the panel is on the page yet
        self.country = dropdown("Country", self.explorer.countries, country or self.explorer.countries[0])
        self.sentence = widgets.HTML()
        self.chart = widgets.Image(format="png", width="1000")
        self.overview = widgets.HTML()
        self.cautions = widgets.HTML()
        self.name = widgets.Text(placeholder="my-setting", description="Name", style=WIDE)
        self.title = widgets.Text(placeholder="what it is, in a few words", description="Title", style=WIDE)
        self.save_button = widgets.Button(description="Save this setting", icon="save")
        self.report_button = widgets.Button(description="Make the report", icon="file-text")
        self.message = widgets.HTML()
        self.saved: tuple[Setting, Saved] | None = None
        self._board: Board | None = None
        self._listen()
        self._draw()

    @property
    def setting(self) -> Setting:
        """Where the controls stand."""
        on = tuple(name for name, box in self.steps.items() if box.value)
        values: dict[str, Any] = {name: chosen(BY_NAME[name], control.value) for name, control in self.levers.items()}
        return Setting(rungs=on, **values)

    @property
    def answer(self) -> Answer:
        """Tables of the setting: ``panel.answer.yearly(country)``, ``.ladder()``, ``.indicators()``."""
        return self._answer

    def show(self) -> widgets.VBox:
        """Everything in one box."""
        steps = widgets.VBox([heading("Legal steps"), *self.steps.values()], layout=widgets.Layout(flex="0 0 250px"))
        rows = [widgets.HBox([control, widgets.HTML(small(BY_NAME[name].exact))]) for name, control in self.levers.items()]
        levers = widgets.VBox([heading("Levers, and how exact they are"), *rows, self.base_button])
        return widgets.VBox(
            [
                widgets.HBox([self.country, self.scenario, self.instrument]),
                widgets.HBox([self._busy, self._bar]),
                widgets.HBox([steps, levers]),
                self.sentence, self.chart, self.cautions, heading("All schemes at this setting"), self.overview,
                heading("Keep it"), widgets.HBox([self.name, self.title]), widgets.HBox([self.save_button, self.report_button]), self.message,
            ]
        )  # fmt: skip

    def _listen(self) -> None:
        for control in (*self.steps.values(), *self.levers.values()):
            control.observe(self._moved, "value")
        self.country.observe(self._other_country, "value")
        for choice in (self.scenario, self.instrument):
            choice.observe(self._other_study, "value")
        self.base_button.on_click(lambda _: self.to_base())
        self.save_button.on_click(lambda _: self._tell(self.save))
        self.report_button.on_click(lambda _: self._tell(self._start_report))

    def _open(self, progress: Progress | bool) -> None:
        """The model of the chosen scenario and instrument, from the cache or prepared."""
        inputs = Inputs.read(self._root, self.scenario.value, self.instrument.value)
        with shown_progress(progress) as tell:
            self.explorer = Explorer(kept_model(inputs, tell), inputs)
        self._busy.value = small(f"{escape(inputs.scenario.title)} &middot; {escape(inputs.instrument.title)}")
        take_up = self.levers["take_up"]
        take_up.max = round(int(self.explorer.model.take_up_limit / take_up.step + 1e-9) * take_up.step, 6)
        self._base = self.explorer.at()

    def _progress(self, what: str, share: float) -> None:
        self._bar.layout.display = ""
        self._busy.value, self._bar.value = small(f"Preparing, about a minute the first time: {escape(what)}"), share

    def to_base(self) -> None:
        """Put every step and lever back."""
        self._quietly(lambda: None)

    def _quietly(self, then: Callable[[], None]) -> None:
        """Controls back to the base without a drawing for each."""
        controls = [*self.steps.values(), *self.levers.values()]
        for control in controls:
            control.unobserve(self._moved, "value")
        for box in self.steps.values():
            box.value = True
        for name, control in self.levers.items():
            control.value = shown(BY_NAME[name], BY_NAME[name].base)
        for control in controls:
            control.observe(self._moved, "value")
        then()
        self._board = None
        self._draw()

    def _moved(self, _change: Any) -> None:
        self._draw()

    def _other_country(self, _change: Any) -> None:
        self._board = None
        self._draw()

    def _other_study(self, _change: Any) -> None:
        try:
            self._quietly(lambda: self._open(self._progress))
        except InputError as error:
            self._say(str(error), good=False)
            for choice, name in zip((self.scenario, self.instrument), self._inputs().names, strict=True):
                choice.unobserve(self._other_study, "value")
                choice.value = name
                choice.observe(self._other_study, "value")
        finally:
            self._bar.layout.display = "none"

    def _draw(self) -> None:
        country = self.country.value
        self._answer = self.explorer.at(self.setting)
        self._board = self._board or Board(self._base, country)
        self.chart.value = self._board.png(self._answer)
        self.sentence.value = sentence(self._answer, self._base, country)
        self.overview.value = overview(self._answer, self._base, country)
        self.cautions.value = "".join(small(escape(text)) for text in self._answer.cautions())

    def _tell(self, work: Callable[[], None]) -> None:
        """Do something and show its complaint where the user looks."""
        try:
            work()
        except InputError as error:
            self._say(str(error), good=False)

    def _say(self, text: str, *, good: bool = True) -> None:
        colour = "#1b6e3c" if good else "#a33c00"
        self.message.value = f'<p style="color:{colour};white-space:pre-wrap;line-height:1.4">{escape(text)}</p>'

    def save(self) -> None:
        """Write the setting into ``scenarios/`` under the name in the box, and say how it is used."""
        setting = self.setting
        inputs = self._inputs()
        saved = save_setting(inputs, setting, self.name.value.strip(), title=self.title.value.strip())
        self.saved = setting, saved
        files = "\n".join(str(path.relative_to(self._root)) for path in saved.files)
        self._say(f"Saved:\n{files}\nIn a terminal: {saved.command}")

    def _start_report(self) -> None:
        """Report on the base, or on the setting that was saved."""
        setting, country = self.setting, self.country.value
        if setting == Setting():
            names = self.scenario.value, self.instrument.value
        elif self.saved is not None and self.saved[0] == setting:
            names = self.saved[1].scenario, self.saved[1].instrument
        else:
            raise InputError("save the setting first: a report says which scenario and instrument it is about")
        self.report_button.disabled = True
        self._say("Making the report: a few seconds if its study is kept, about two minutes otherwise.")
        in_background(lambda: self._report(*names, country))

    def _report(self, scenario: str, instrument: str, country: str) -> None:
        def told(what: str, share: float) -> None:
            self._say(f"{share:.0%} {what}")

        try:
            folder = make_report(self._root, scenario, instrument, [country], told)
            self._say(f"The report is in {folder}/{country}: report.pdf, report.html, report.docx, report.xlsx")
        except ReportFailure as failure:
            self._say(f"No report was made.\n{failure}", good=False)
        finally:
            self.report_button.disabled = False

    def _inputs(self) -> Inputs:
        assert self.explorer.inputs is not None  # made from names
        return self.explorer.inputs
