"""The inputs of two runs side by side: what differs, and inputs made of one run's in part and of the other's for the rest.

1. Of ``scenarios/`` only what a study was asked for counts: the scenario and the instrument, each with all that it extends.
2. A mixed file holds the new values of the classes that were replaced already and the old ones of the others. A file in which all entries that
   differ were replaced is the new one, byte by byte.
3. A file that cannot be mixed is replaced whole, with the last of the classes that its entries belong to (``late``).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from actuarial.audit.change_classes import PARTS, Part
from actuarial.audit.change_entries import (
    ABSENT,
    Change,
    csv_applied,
    csv_changes,
    csv_table,
    whole_file,
    yaml_applied,
    yaml_changes,
    yaml_text,
)
from actuarial.basis.errors import InputError
from actuarial.basis.instrument import Instrument, instrument_file, load_instrument
from actuarial.basis.scenario import Scenario, load_scenario, scenario_files
from actuarial.basis.yaml_file import YamlDocument, lay_over, read_yaml
from actuarial.reporting.manifest import hash_tree

SCENARIO: Final = "scenario"
INSTRUMENT: Final = "instrument"


@dataclass(frozen=True)
class Inputs:
    """What one study reads: the folder of its data, its scenario and its instrument as read, and both as documents with all they extend."""

    data: Path
    scenario: Scenario
    instrument: Instrument
    documents: Mapping[str, YamlDocument] = field(repr=False)

    def hashes(self) -> dict[str, str]:
        """SHA-256 of the files of the data, by their name among the inputs of a run."""
        return {f"data/{name}": digest for name, digest in hash_tree(self.data, self.data).items()}

    def path(self, name: str) -> Path:
        """Where a file of the data stands."""
        return self.data / name.removeprefix("data/")


def read_inputs(data: Path, scenarios: Path, scenario: str, instrument: str) -> Inputs:
    """Inputs from a data folder and from the names (or paths) of scenario and instrument. Raises :class:`InputError`."""
    documents = {SCENARIO: _joined(scenario_files(scenario, scenarios)), INSTRUMENT: _joined(_instrument_files(instrument, scenarios))}
    return Inputs(data, load_scenario(scenario, scenarios), load_instrument(instrument, scenarios), documents)


def _joined(chain: Sequence[Path]) -> YamlDocument:
    """The first file laid over what it extends, without saying so."""
    merged = read_yaml(chain[-1])
    for path in reversed(chain[:-1]):
        merged = lay_over(merged, read_yaml(path))
    return YamlDocument(merged.path, {key: value for key, value in merged.data.items() if key != "extends"}, merged.origins)


def _instrument_files(name: str, scenarios: Path) -> list[Path]:
    files = [instrument_file(name, scenarios)]
    while (parent := read_yaml(files[-1]).data.get("extends")) is not None:
        files.append(instrument_file(str(parent), scenarios))
    return files


def changes_between(old: Inputs, new: Inputs) -> tuple[Change, ...]:
    """Every entry in which the inputs of two studies differ, by file. Raises :class:`InputError` for one whose class is not declared."""
    before, after, cited = old.hashes(), new.hashes(), _cited(new.data)
    found: list[Change] = []
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            own = _file_changes(name, old.path(name) if name in before else None, new.path(name) if name in after else None)
            found += [change if change.source else replace(change, source=cited.get(name, "")) for change in own]
    for name in (SCENARIO, INSTRUMENT):
        titled = f"{name} {str(new.documents[name].data.get('title', ''))!r}"
        own = yaml_changes(name, old.documents[name].data, new.documents[name].data)
        found += [change if change.source else replace(change, source=titled) for change in own]
    return tuple(found)


def _cited(data: Path) -> dict[str, str]:
    """Titles of the sources of the tables, by their name among the inputs of a run, as the description of the tables gives them."""
    path = data / "datapackage.json"
    resources = json.loads(path.read_text(encoding="utf-8"))["resources"] if path.is_file() else []
    return {f"data/{r['path']}": "; ".join(str(source["title"]) for source in r.get("sources", ())) for r in resources}


def _file_changes(name: str, old: Path | None, new: Path | None) -> list[Change]:
    if old is None or new is None:
        there = "a file"
        return whole_file(name, ABSENT if old is None else there, ABSENT if new is None else there)
    if name.endswith(".yaml"):
        return yaml_changes(name, read_yaml(old).data, read_yaml(new).data)
    if name.endswith(".csv"):
        tables = [csv_table(name, path.read_text(encoding="utf-8-sig")) for path in (old, new)]
        if tables[0] is not None and tables[1] is not None and tables[0].columns == tables[1].columns:
            return csv_changes(name, tables[0], tables[1])
    return whole_file(name, "a file", "another file")


@dataclass(frozen=True)
class Sides:
    """The inputs of the earlier and of the later run, what differs, and the order in which classes are replaced."""

    old: Inputs
    new: Inputs
    changes: tuple[Change, ...]
    order: tuple[Part, ...] = PARTS
    late: Mapping[str, Part] = field(default_factory=dict)
    """Files that are replaced whole, and with which class."""

    def step(self, change: Change) -> Part:
        """The class with which an entry is replaced: its own, or that of its whole file."""
        return self.late.get(change.file, change.belongs.part)

    def moving(self) -> tuple[Part, ...]:
        """Classes that replace something a study reads, in order."""
        steps = {self.step(change) for change in self.changes if change.effective}
        return tuple(part for part in self.order if part in steps)

    def mixed(self, done: Sequence[Part]) -> tuple[str, ...]:
        """Files of which some entries that differ are replaced when the classes ``done`` are, and others are not."""
        steps: dict[str, set[bool]] = {}
        for change in self.changes:
            steps.setdefault(change.file, set()).add(self.step(change) in done)
        return tuple(name for name, both in steps.items() if len(both) == 2)

    def last_of(self, file: str) -> Part:
        """The last class, in order, to which an entry of a file belongs."""
        own = {change.belongs.part for change in self.changes if change.file == file}
        return next(part for part in reversed(self.order) if part in own)


def state(sides: Sides, done: Sequence[Part], folder: Path) -> Inputs:
    """Inputs in which the classes ``done`` are the later run's and the others the earlier one's, written into ``folder`` as far as they are new.

    Raises :class:`InputError` when scenario or instrument cannot be read so.
    """
    if all(part in done for part in sides.moving()):
        return sides.new
    if not done:
        return sides.old
    data = folder / "data"
    mixed = sides.mixed(done)
    by_file: dict[str, list[Change]] = {}
    for change in sides.changes:
        by_file.setdefault(change.file, []).append(change)
    shutil.copytree(sides.old.data, data, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name, changes in by_file.items():
        if name in (SCENARIO, INSTRUMENT):
            continue
        replaced = [change for change in changes if sides.step(change) in done]
        if name in mixed:
            _mix(name, sides, replaced, data / name.removeprefix("data/"))
        elif replaced:
            _replace(sides.new.path(name), data / name.removeprefix("data/"))
    written = {name: by_file.get(name, []) for name in (SCENARIO, INSTRUMENT)}
    texts = {name: yaml_applied(sides.old.documents[name].data, [c for c in own if sides.step(c) in done]) for name, own in written.items()}
    chosen = {name: _side(sides, name, written[name], done) for name in written}
    return Inputs(
        data,
        chosen[SCENARIO].scenario if chosen[SCENARIO] else _scenario(texts[SCENARIO], folder),
        chosen[INSTRUMENT].instrument if chosen[INSTRUMENT] else _instrument(texts[INSTRUMENT], folder),
        {name: YamlDocument(folder / name, texts[name], {}) for name in written},
    )


def _side(sides: Sides, name: str, changes: Sequence[Change], done: Sequence[Part]) -> Inputs | None:
    """The side of which a document is taken as it stands; ``None`` when it is mixed."""
    if name in sides.mixed(done):
        return None
    return sides.new if changes and sides.step(changes[0]) in done else sides.old


def _replace(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    else:
        target.unlink()


def _mix(name: str, sides: Sides, changes: Sequence[Change], target: Path) -> None:
    old, new = sides.old.path(name), sides.new.path(name)
    if name.endswith(".csv"):
        tables = [csv_table(name, path.read_text(encoding="utf-8-sig")) for path in (old, new)]
        assert tables[0] is not None and tables[1] is not None  # a table that cannot be taken apart is one entry, so it is never mixed
        text = csv_applied(tables[0], tables[1], changes)
    else:
        text = yaml_text(yaml_applied(read_yaml(old).data, changes))
    target.write_text(text, encoding="utf-8", newline="\n")


def _scenario(document: Mapping[str, object], folder: Path) -> Scenario:
    path = folder / f"{document['name']}.yaml"
    path.write_text(yaml_text(document), encoding="utf-8", newline="\n")
    return load_scenario(str(path), folder)


def _instrument(document: Mapping[str, object], folder: Path) -> Instrument:
    place = folder / str(document["id"])
    place.mkdir()
    (place / "instrument.yaml").write_text(yaml_text(document), encoding="utf-8", newline="\n")
    return load_instrument(str(place), folder)


def check_loads(inputs: Inputs) -> None:
    """Refuse inputs that a study could not read. Raises :class:`InputError`."""
    from actuarial.feasibility.inputs import load_basis
    from actuarial.feasibility.supported import supported

    supported(inputs.instrument)
    basis = load_basis(inputs.data, inputs.scenario)
    if outside := [member for member in inputs.instrument.members if member not in basis.countries]:
        raise InputError(f"instrument {inputs.instrument.id}: members {', '.join(outside)} are not in the region")
