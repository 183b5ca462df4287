"""The run that is traced: its figures, and the inputs it was made from.

1. A run that is named is read as it is. Otherwise it is the newest finished run in ``reports/``; without one the study of the base scenario and
   the shipped instrument, from the cache of studies or computed now. What was chosen is always said.
2. Inputs are those the run kept; where it kept none (an earlier version's, a study without a run) those of the repository, which may have changed
   since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from actuarial.basis.economy import EconomyBasis, load_economy, with_scenario
from actuarial.basis.errors import InputError, shown
from actuarial.basis.scenario import load_scenario
from actuarial.execution.temporary import temporary_folder
from actuarial.feasibility.result import StudyResult, read_study
from actuarial.reporting.kept_inputs import opened_inputs
from actuarial.reporting.produce import RESULTS, Request, input_hashes
from actuarial.reporting.run_folder import MANIFEST

STUDY: Final = "study.json"
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class TracedRun:
    """Results of a run, the folder with the ``data`` and ``scenarios`` it read, and how both were found."""

    study: StudyResult
    root: Path
    scenario: str
    instrument: str
    said: str
    kept: bool
    """Whether ``root`` is what the run itself kept."""

    def economy(self) -> EconomyBasis:
        """The economic basis with what the scenario adds."""
        scenarios = self.root / "scenarios"
        return with_scenario(load_economy(self.root / "data", list(self.study.schemes)), load_scenario(self.scenario, scenarios))


@contextmanager
def traced_run(root: Path, run: Path | None, progress: Progress) -> Iterator[TracedRun]:
    """The run to trace. Raises :class:`InputError` for a folder that is no finished run."""
    chosen = run if run is not None else newest_run(root / "reports")
    if chosen is None:
        yield _without_run(root, progress)
        return
    results = chosen / RESULTS if (chosen / RESULTS / STUDY).is_file() else chosen
    if not (results / STUDY).is_file():
        raise InputError(f"{shown(chosen)}: not a finished run of `actuarial reports`; it has no {RESULTS}/{STUDY}")
    try:
        study = read_study(results)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{shown(results)}: the tables of the run cannot be read ({' '.join(str(error).split())})") from None
    said = f"run {shown(chosen)}" if run is not None else f"newest finished run, {shown(chosen)}"
    try:
        with opened_inputs(chosen) as kept:
            yield TracedRun(study, kept.root, kept.scenario, kept.instrument, said, True)
    except InputError:
        if (chosen / "inputs.zip").exists():
            raise
        said = f"{said}; it kept no inputs, those of today are shown"
        yield TracedRun(study, root, str(study.meta["scenario"]), str(study.meta["instrument"]), said, False)


def newest_run(reports: Path) -> Path | None:
    """The finished run that was written last; ``None`` when there is none."""
    found = [path for path in reports.glob("*") if (path / MANIFEST).is_file() and (path / RESULTS / STUDY).is_file()]
    return max(found, key=lambda path: ((path / MANIFEST).stat().st_mtime, path.name), default=None)


def _without_run(root: Path, progress: Progress) -> TracedRun:
    """The study of the shipped names, from the cache or computed and kept there."""
    from actuarial.basis.instrument import load_instrument
    from actuarial.basis.region import load_region
    from actuarial.feasibility.result import write_study
    from actuarial.feasibility.study import run_study
    from actuarial.reporting.study_cache import fetch, keep, study_key

    request = Request(root)
    members = load_region(root / "data").members
    scenario = load_scenario(request.scenario, root / "scenarios", members)
    instrument = load_instrument(request.instrument, root / "scenarios", members)
    key = study_key(input_hashes(request), scenario, instrument)
    names = f"scenario {scenario.name}, instrument {instrument.id}"
    with temporary_folder("trace") as temporary:
        results = temporary / RESULTS
        said = f"no finished run in reports/; study kept in the cache ({names})"
        if not fetch(key, results):
            said = f"no finished run in reports/; study computed now ({names})"
            write_study(run_study(root / "data", scenario, instrument, progress), results)
            with suppress(OSError):
                keep(key, results)
        return TracedRun(read_study(results), root, scenario.name, instrument.id, said, True)
