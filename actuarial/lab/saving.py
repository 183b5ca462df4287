"""A setting of the lab as files that any run can use: a scenario for the levers, an instrument for legal steps that are switched off.

1. What is written is read back and must be the setting, or nothing is kept. Nothing is ever overwritten unless asked for.
2. A scenario extends the one explored and says what differs: factors multiply its own, additions add to it.
3. An instrument is written whole, every parameter with its provenance. What a switched-off step changes is marked as an assumption of the lab; its
   prose points to the law of the instrument explored.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from actuarial.basis.errors import InputError
from actuarial.basis.figure import Figure
from actuarial.basis.instrument import load_instrument
from actuarial.basis.region import load_region
from actuarial.basis.scenario import Scenario, load_scenario
from actuarial.execution.temporary import temporary_folder
from actuarial.execution.whole import whole_file, whole_folder
from actuarial.feasibility.ladder import instrument_at
from actuarial.lab.kept import Inputs
from actuarial.lab.setting import BY_NAME, TITLES, Setting

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]*")
_DIGITS: Final = 12
"""Significant digits of a saved number."""
_OFF: Final = "Switched off in the lab"


@dataclass(frozen=True)
class Saved:
    """What runs of the setting are given: names of a scenario and an instrument, and the files that were written."""

    scenario: str
    instrument: str
    files: tuple[Path, ...]

    @property
    def command(self) -> str:
        """The command that makes the reports of the setting."""
        return f"actuarial reports --scenario {self.scenario} --instrument {self.instrument}"


def save_setting(inputs: Inputs, setting: Setting, name: str, *, title: str = "", replace: bool = False) -> Saved:
    """Write a setting of the scenario and instrument of ``inputs`` into the folder ``scenarios`` under ``name``.

    Levers go to ``scenarios/<name>.yaml``, switched-off steps to ``scenarios/instruments/<name>/``. What the setting leaves alone is not written: the
    scenario or instrument explored serves as it is. ``replace``: overwrite files of that name.

    Raises :class:`InputError`: nothing differs from the base; a name that cannot be one or is taken; a value that scenarios do not allow.
    """
    if not NAME.fullmatch(name):
        raise InputError(f"name: found {name!r}; use small letters, digits and hyphens, beginning with a letter or digit")
    moved = bool(setting.moved())
    if not moved and not setting.off:
        raise InputError("nothing differs from the base, so there is nothing to save")
    scenarios = inputs.root / "scenarios"
    file, folder = scenarios / f"{name}.yaml", scenarios / "instruments" / name
    for wanted, place, kind in ((moved, file, "scenario"), (bool(setting.off), folder, "instrument")):
        if wanted and place.exists() and not replace:
            raise InputError(f"there is {kind} '{name}' already; choose another name")
        if wanted and replace and name == Path(inputs.names[0 if kind == "scenario" else 1]).stem:
            raise InputError(f"'{name}' is the {kind} explored; choose another name")
    with temporary_folder("setting") as stage:
        written = []
        if moved:
            _write_scenario(inputs, setting, stage / file.name, title)
            written.append((stage / file.name, file))
        if setting.off:
            _write_instrument(inputs, setting, stage / name, title)
            written.append((stage / name, folder))
        for made, place in reversed(written):  # the instrument first: a scenario without it would be half a setting
            _put(made, place, replace=replace)
    return Saved(name if moved else inputs.names[0], name if setting.off else inputs.names[1], tuple(place for _, place in written))


def _put(made: Path, place: Path, *, replace: bool) -> None:
    """Copy a file or folder to its place, whole or not at all."""
    if made.is_dir():
        with whole_folder(place, None if replace else _check_free) as folder:
            shutil.copytree(made, folder, dirs_exist_ok=True)
        return
    with whole_file(place) as file:
        shutil.copyfile(made, file)


def _check_free(place: Path) -> None:
    if place.exists():
        raise InputError(f"there is instrument '{place.name}' already; choose another name")


def scenario_of(scenario: Scenario, setting: Setting) -> Scenario:
    """The scenario with the levers of a setting on top of its own. Raises ``ValueError`` for a lever beyond what scenarios allow."""
    data = scenario.model_dump(mode="json")
    for part, values in _levers(scenario, setting).items():
        for key, value in values.items():
            data[part][key] = {**data[part][key], **_filled(value, data[part][key])} if isinstance(value, dict) else value
    return Scenario.model_validate(data)


def _filled(corridors: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    return {name: {**own.get(name, {}), **levers} for name, levers in corridors.items()}


def _levers(scenario: Scenario, setting: Setting) -> dict[str, dict[str, Any]]:
    """What differs, by part of a scenario and key."""
    m, economy = scenario.migration, scenario.economy
    found: dict[str, dict[str, Any]] = {"migration": {}, "economy": {}, "payment": {}}
    for factor, part, key, own in (
        (setting.flows, "migration", "outflow_multiplier", m.outflow_multiplier),
        (setting.stock, "migration", "stock_multiplier", m.stock_multiplier),
        (setting.take_up, "payment", "take_up_factor", scenario.payment.take_up_factor),
    ):
        if factor != 1.0:
            found[part][key] = _number(own * factor)
    for add, key, own in (
        (setting.real_wage, "real_wage_growth_add", economy.real_wage_growth_add), (setting.real_return, "real_return_add", economy.real_return_add)
    ):  # fmt: skip
        if add != 0.0:
            found["economy"][key] = _number(own + add)
    if setting.corridors:
        levers = {name: (m.corridors[name].outflow_multiplier if name in m.corridors else 1.0) * f for name, f in setting.corridors.items()}
        found["migration"]["corridors"] = {name: {"outflow_multiplier": _number(value)} for name, value in levers.items()}
    return {part: values for part, values in found.items() if values}


def _number(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _write_scenario(inputs: Inputs, setting: Setting, path: Path, title: str) -> None:
    """Write, read back and compare."""
    moved = [BY_NAME[name].title.lower() if name in BY_NAME else "flows of single corridors" for name in setting.moved()]
    data = {
        "name": path.stem,
        "title": title or f"{inputs.scenario.title}, with changes made in the lab",
        "description": f"The scenario {inputs.scenario.name} with other levers, set in the lab: {', '.join(moved)}.",
        "extends": _extended(inputs.names[0], inputs.root / "scenarios"),
        **_levers(inputs.scenario, setting),
    }
    path.write_text("# Saved from the lab.\n" + _yaml(data), encoding="utf-8", newline="\n")
    read = load_scenario(path, inputs.root / "scenarios", load_region(inputs.root / "data").members)
    own = {"name", "title", "description", "extends"}
    if read.model_dump(exclude=own) != scenario_of(inputs.scenario, setting).model_dump(exclude=own):
        raise InputError("a scenario cannot say this setting: what was written reads back as something else")


def _extended(name: str, scenarios: Path) -> str:
    """How a file in ``scenarios`` names the scenario explored."""
    return Path(os.path.relpath(Path(name), scenarios)).as_posix() if name.endswith((".yaml", ".yml")) else name


def _write_instrument(inputs: Inputs, setting: Setting, folder: Path, title: str) -> None:
    base, target = inputs.instrument, instrument_at(inputs.instrument, setting.rungs)
    steps = ", ".join(TITLES[name].lower() for name in setting.off)
    data: dict[str, Any] = {
        "id": folder.name,
        "title": title or f"{base.title}, without {steps}",
        "note": f"{base.note} Switched off in the lab: {steps}.",
        "members": list(target.members),
    }
    plain, before = target.model_dump(mode="json"), base.model_dump(mode="json")
    for dotted, figure in base.figures:
        value = _at(plain, dotted)
        if value is not _MISSING and (value is not None or _at(before, dotted) is None):
            _set(data, dotted, _figure(figure, value, changed=value != _at(before, dotted), steps=steps))
    folder.mkdir()
    (folder / "instrument.yaml").write_text("# Saved from the lab. Prose in law.md.\n" + _yaml(data), encoding="utf-8", newline="\n")
    law = f"# {data['title']}\n\nThe instrument `{base.id}` as its law.md describes it, without: {steps}. Made in the lab; no draft proposes it.\n"
    (folder / "law.md").write_text(law, encoding="utf-8", newline="\n")
    read = load_instrument(folder, inputs.root / "scenarios", load_region(inputs.root / "data").members)
    own = {"id", "title", "note", "figures"}
    if read.model_dump(exclude=own) != target.model_dump(exclude=own):
        raise InputError(f"an instrument file cannot say this setting ({steps} off): what was written reads back as something else")


_MISSING: Final = object()


def _at(data: Any, dotted: str) -> Any:
    for key in dotted.split("."):
        if not isinstance(data, dict) or key not in data:
            return _MISSING
        data = data[key]
    return data


def _set(data: dict[str, Any], dotted: str, value: Any) -> None:
    *path, last = dotted.split(".")
    for key in path:
        data = data.setdefault(key, {})
    data[last] = value


def _figure(figure: Figure, value: Any, *, changed: bool, steps: str) -> dict[str, Any]:
    said = figure.model_dump(exclude_none=True)
    if changed:
        said |= {"source": "own assumption", "confidence": "assumed", "reason": f"{_OFF}: {steps}."}
        said.pop("year", None)
    return said | {"value": value}


def _yaml(data: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True, width=150)
    return text
