"""The region projected again with an input moved, beside the projection of the same files unmoved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from actuarial.audit.trace_inputs import Chosen
from actuarial.audit.trace_measure import without_steps
from actuarial.audit.trace_move import Moved, copied, either_way
from actuarial.audit.trace_source import TracedRun
from actuarial.basis.instrument import Instrument, load_instrument
from actuarial.basis.scenario import Scenario, load_scenario
from actuarial.execution.temporary import temporary_folder
from actuarial.feasibility.inputs import StudyBasis, load_basis
from actuarial.feasibility.result import StudyResult, read_study
from actuarial.feasibility.study import run_study
from actuarial.reporting.manifest import hash_file
from actuarial.reporting.study_cache import fetch, study_key

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Pair:
    """Both studies, and what was moved between them."""

    base: StudyResult
    moved: StudyResult
    what: tuple[Moved, ...]


@dataclass(frozen=True)
class Read:
    """Scenario, instrument and basis as a folder has them."""

    scenario: Scenario
    instrument: Instrument
    basis: StudyBasis


def read_inputs(folder: Path, scenario: str, instrument: str) -> Read:
    """Read everything a study reads below ``folder``. Raises :class:`InputError`."""
    found = load_scenario(scenario, folder / "scenarios")
    basis = load_basis(folder / "data", found)
    return Read(found, load_instrument(instrument, folder / "scenarios", basis.countries), basis)


def projected(run: TracedRun, chosen: Chosen, by: float, *, steps: bool, progress: Progress) -> Pair:
    """Project the region with an input moved; the base is the kept study of the same inputs and code, else projected too.

    Raises :class:`InputError` for an input that cannot be moved.
    """
    with temporary_folder("trace") as temporary:
        folder = temporary / "moved"
        folder.mkdir()
        copied(run.root, folder)
        what = either_way(folder, chosen, by, lambda place: read_inputs(place, run.scenario, run.instrument))
        read = read_inputs(folder, run.scenario, run.instrument)
        base = _base(run, temporary / "base", steps=steps, progress=progress)
        moved = run_study(
            folder / "data", read.scenario, read.instrument, lambda stage, share: progress(f"moved: {stage}", 0.5 + share / 2), steps=steps
        )
        return Pair(base if steps else without_steps(base), moved if steps else without_steps(moved), what)


def _base(run: TracedRun, place: Path, *, steps: bool, progress: Progress) -> StudyResult:
    """The study of the unmoved inputs under the code of today."""
    unmoved = read_inputs(run.root, run.scenario, run.instrument)
    if fetch(study_key(_hashes(run.root), unmoved.scenario, unmoved.instrument), place):
        return read_study(place)
    return run_study(
        run.root / "data", unmoved.scenario, unmoved.instrument, lambda stage, share: progress(f"base: {stage}", share / 2), steps=steps
    )


def _hashes(root: Path) -> dict[str, str]:
    from actuarial.reporting.produce import Request, input_hashes

    if (root / "actuarial").is_dir():
        return input_hashes(Request(root))
    return {p.relative_to(root).as_posix(): hash_file(p) for p in sorted(root.rglob("*")) if p.is_file()}
