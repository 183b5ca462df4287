"""Studies and explorers' models by their names, computed once and kept in the user's cache (:mod:`actuarial.reporting.study_cache`)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from actuarial.basis.instrument import Instrument, load_instrument
from actuarial.basis.region import load_region
from actuarial.basis.scenario import Scenario, load_scenario
from actuarial.execution.temporary import temporary_folder
from actuarial.lab.shown_progress import Progress
from actuarial.reporting.manifest import check_unchanged, hash_file
from actuarial.reporting.produce import Request, input_hashes
from actuarial.reporting.study_cache import DATA, fetch, keep, study_key

if TYPE_CHECKING:
    from actuarial.feasibility.result import StudyResult
    from actuarial.lab.model import ExplorerModel

_MODEL_CODE: Final = ("units.py", "model.py", "model_files.py")
"""What the content of a model depends on beside what a study does."""
_PREPARED: Final = 0.15
"""Share of the progress of a model that projecting the region takes."""


@dataclass(frozen=True)
class Inputs:
    """A scenario and an instrument, read and checked, and the hashes of all that their study depends on."""

    root: Path
    names: tuple[str, str]
    scenario: Scenario
    instrument: Instrument
    hashes: dict[str, str]

    @classmethod
    def read(cls, root: Path, scenario: str, instrument: str) -> Inputs:
        """Names, or paths of files. Raises :class:`~actuarial.basis.errors.InputError` for anything wrong in them."""
        members = load_region(root / "data").members
        read = load_scenario(scenario, root / "scenarios", members), load_instrument(instrument, root / "scenarios", members)
        return cls(root, (scenario, instrument), *read, _hashes(root, scenario, instrument))

    @property
    def key(self) -> str:
        """Key of the study in the cache, the one that ``actuarial reports`` uses."""
        return study_key(self.hashes, self.scenario, self.instrument)

    @property
    def model_key(self) -> str:
        """Key of the explorer's model in the cache."""
        own = [hash_file(Path(__file__).with_name(name)) for name in _MODEL_CODE]
        return hashlib.sha256("".join(["explorer", self.key, *own]).encode("ascii")).hexdigest()


def _hashes(root: Path, scenario: str, instrument: str) -> dict[str, str]:
    """Of the data; scenario and instrument count by what is read of them."""
    found = input_hashes(Request(root, scenario=scenario, instrument=instrument))
    return {name: digest for name, digest in found.items() if name.startswith(DATA)}


def kept_study(inputs: Inputs, progress: Progress) -> StudyResult:
    """The study from the cache, or computed (one to two minutes) and kept."""
    from actuarial.feasibility.result import read_study, write_study
    from actuarial.feasibility.study import run_study

    with temporary_folder("study") as temporary:
        results = temporary / "results"
        if not fetch(inputs.key, results):
            write_study(run_study(inputs.root / "data", inputs.scenario, inputs.instrument, progress), results)
            _check(inputs)
            keep(inputs.key, results)
        return read_study(results)


def kept_model(inputs: Inputs, progress: Progress) -> ExplorerModel:
    """The explorer's model from the cache, or prepared (about a minute) and kept."""
    from actuarial.lab.model_files import read_model, write_model

    with temporary_folder("explorer") as temporary:
        folder = temporary / "model"
        if not fetch(inputs.model_key, folder):
            model = _prepared_model(inputs, progress)
            _check(inputs)
            write_model(model, folder)
            keep(inputs.model_key, folder)
            return model
        return read_model(folder)


def _prepared_model(inputs: Inputs, progress: Progress) -> ExplorerModel:
    from actuarial.feasibility.engine import prepare_region
    from actuarial.feasibility.inputs import load_basis
    from actuarial.feasibility.supported import supported
    from actuarial.lab.model import prepare_model

    supported(inputs.instrument)
    basis = load_basis(inputs.root / "data", inputs.scenario)
    prepared = prepare_region(basis, inputs.scenario, lambda what, share: progress(what, _PREPARED * share))
    return prepare_model(prepared, inputs.instrument, lambda what, share: progress(what, _PREPARED + (1 - _PREPARED) * share))


def _check(inputs: Inputs) -> None:
    """Raises when a file was edited while it was used: what was computed would be kept under the key of something else."""
    check_unchanged(inputs.hashes, _hashes(inputs.root, *inputs.names))
