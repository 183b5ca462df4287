"""Several studies side by side: combinations of scenarios and instruments, kept with what each assumes.

1. A combination is one scenario with one instrument; its study is a folder of tables below the folder of results. The first one is the base: every
   difference of a comparison is against it.
2. ``comparison.json`` beside the studies holds their order, and scenario and instrument as they were read, so that a report can say in what
   they differ without reading any input again.
3. In tables and charts a combination goes by a letter; :func:`short` adds the names by which a user asks for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from actuarial.feasibility.result import StudyResult, read_study
from actuarial.reporting.language import phrase

if TYPE_CHECKING:
    from actuarial.basis.instrument import Instrument
    from actuarial.basis.scenario import Scenario

RECORD: Final = "comparison.json"
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST: Final = len(LETTERS)
"""Combinations that one comparison may hold."""


@dataclass(frozen=True)
class Combination:
    """One scenario with one instrument and the study of both."""

    letter: str
    scenario: Mapping[str, Any]
    """The scenario as read: name, title, description and every lever."""
    instrument: Mapping[str, Any]
    """The instrument as read; ``figures`` maps dotted names of parameters to source, confidence and reason."""
    key: str
    """SHA-256 of what the study depends on."""
    study: StudyResult

    @property
    def scenario_name(self) -> str:
        """Name by which the scenario is asked for."""
        return str(self.scenario["name"])

    @property
    def instrument_name(self) -> str:
        """Name by which the instrument is asked for."""
        return str(self.instrument["id"])


@dataclass(frozen=True)
class Comparison:
    """Combinations in order, the base first. Raises ``ValueError`` for fewer than two, or for studies of different regions."""

    combinations: tuple[Combination, ...]

    def __post_init__(self) -> None:
        if len(self.combinations) < 2:
            raise ValueError("a comparison needs at least two combinations")
        members = {tuple(c.study.meta["members"]) for c in self.combinations}
        if len(members) > 1:
            raise ValueError(f"studies of different regions: {sorted(members)}")

    @property
    def base(self) -> Combination:
        """What the others are held against."""
        return self.combinations[0]

    @property
    def scenarios(self) -> dict[str, Mapping[str, Any]]:
        """Scenarios by name, in the order of the combinations."""
        return {c.scenario_name: c.scenario for c in self.combinations}

    @property
    def instruments(self) -> dict[str, Mapping[str, Any]]:
        """Instruments by name, in the order of the combinations."""
        return {c.instrument_name: c.instrument for c in self.combinations}


def short(combination: Combination) -> str:
    """A combination as it is called in sentences: its letter and both names."""
    return phrase(
        "{letter} ({scenario}, {instrument})",
        letter=combination.letter,
        scenario=combination.scenario_name,
        instrument=combination.instrument_name,
    )


def folder_of(scenario: str, instrument: str) -> str:
    """Folder of the study of a combination, below the results; names hold no underscore, so that no two coincide."""
    return f"{scenario}_{instrument}"


def described(scenario: Scenario, instrument: Instrument, key: str) -> dict[str, Any]:
    """A combination as ``comparison.json`` keeps it."""
    figures = {
        name: {"source": figure.source, "confidence": figure.confidence, "reason": figure.reason or ""} for name, figure in instrument.figures
    }
    return {
        "folder": folder_of(scenario.name, instrument.id),
        "key": key,
        "scenario": scenario.model_dump(mode="json"),
        "instrument": {**instrument.model_dump(mode="json", exclude={"figures"}), "figures": figures},
    }


def write_record(folder: Path, combinations: Sequence[Mapping[str, Any]]) -> None:
    """Write ``comparison.json`` beside the folders of the studies. Raises ``ValueError`` for more than :data:`MOST`."""
    if len(combinations) > MOST:
        raise ValueError(f"{len(combinations)} combinations; at most {MOST} can be compared")
    text = json.dumps({"combinations": list(combinations)}, indent=1, ensure_ascii=False, sort_keys=True)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8", newline="\n")


def read_comparison(folder: Path) -> Comparison:
    """Read the studies below ``folder`` in the order of its ``comparison.json``. Raises ``FileNotFoundError``."""
    record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    return Comparison(
        tuple(
            Combination(letter, entry["scenario"], entry["instrument"], entry["key"], read_study(folder / entry["folder"]))
            for letter, entry in zip(LETTERS, record["combinations"], strict=False)
        )
    )
