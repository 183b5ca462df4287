"""From two names (scenario, instrument) to a finished run folder.

1. Everything a person wrote is read and checked first; nothing exists on disk until all of it is right.
2. Layout of a run: ``results/`` (tables of the study), one folder per country and ``region/``, each with
   ``report.html``, ``report.pdf``, ``report.xlsx`` and the executed notebook ``report.ipynb``; ``manifest.json`` and
   ``SHA256SUMS`` at the top.
3. The study always covers the whole region, since what one member pays depends on all; the choice of countries limits
   only which reports are written, and the region's report is written when no country is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from actuarial.basis.errors import InputError, shown

if TYPE_CHECKING:
    from actuarial.feasibility.result import StudyResult
    from actuarial.reporting.papermill_run import NotebookJob

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of the whole run that is done, 0..1."""

RESULTS: Final = "results"
REGION: Final = "region"
_STUDY_SHARE: Final = 0.6
"""Share of the progress bar given to the study; the rest goes to the reports."""


@dataclass(frozen=True)
class Request:
    """What a run was asked for, as typed; ``root`` is the folder of the repository."""

    root: Path
    countries: tuple[str, ...] = ()
    """Countries to report on; empty means all and the region."""
    scenario: str = "base"
    instrument: str = "eac-directive"
    out: Path | None = None
    """Place of the run; ``None`` means ``reports/<scenario>-<instrument>``."""
    at_once: int = 2


def produce(request: Request, progress: Progress) -> Path:
    """Compute the study, write its reports and return the run folder.

    Raises :class:`InputError` for anything wrong in the request or in an input, before anything is written, and
    :class:`~actuarial.reporting.papermill_run.NotebookFailure` when a report stops; the place of the run is then as it
    was before.
    """
    if request.at_once < 1:
        raise InputError(f"--jobs: found {request.at_once}; at least 1 is needed")
    from actuarial.basis.instrument import load_instrument
    from actuarial.basis.region import load_region
    from actuarial.basis.scenario import load_scenario
    from actuarial.feasibility.result import write_study
    from actuarial.feasibility.study import run_study
    from actuarial.reporting.manifest import check_unchanged, write_manifest
    from actuarial.reporting.papermill_run import check_job
    from actuarial.reporting.run_folder import check_target, run_folder

    started = _now()
    data, scenarios = request.root / "data", request.root / "scenarios"
    region = load_region(data)
    countries = region.select(request.countries) if request.countries else region.members
    scenario = load_scenario(request.scenario, scenarios, region.members)
    instrument = load_instrument(request.instrument, scenarios, region.members)
    target = request.out or request.root / "reports" / f"{scenario.name}-{instrument.id}"
    check_target(target)
    parts = [*countries, REGION] if countries == region.members else list(countries)
    for part in parts:
        check_job(_job(request.root / "notebooks", target, part))
    inputs = input_hashes(request)
    study = run_study(data, scenario, instrument, lambda what, share: progress(what, _STUDY_SHARE * share))
    check_unchanged(inputs, input_hashes(request))
    with run_folder(target) as folder:
        write_study(study, folder / RESULTS)
        write_reports(study, folder, parts, request, progress)
        write_manifest(folder, manifest_head(request, study, parts, inputs, started))
    progress("done", 1.0)
    return target


def write_reports(study: StudyResult, folder: Path, parts: Sequence[str], request: Request, progress: Progress) -> None:
    """Run the notebook of every part (countries, ``region``) and write its workbook into ``folder/<part>``."""
    from actuarial.reporting.papermill_run import run_notebooks
    from actuarial.reporting.workbook import write_country_workbook
    from actuarial.reporting.workbook_region import write_region_workbook

    finished: list[str] = []

    def done(job: NotebookJob) -> None:
        part = job.title
        book = folder / part / "report.xlsx"
        if part == REGION:
            write_region_workbook(study, book)
        else:
            write_country_workbook(study, part, book)
        finished.append(part)
        share = _STUDY_SHARE + (1 - _STUDY_SHARE) * len(finished) / len(parts)
        progress(f"report {part} ({len(finished)} of {len(parts)})", share)

    progress("reports", _STUDY_SHARE)
    jobs = [_job(request.root / "notebooks", folder, part) for part in parts]
    for part in parts:
        (folder / part).mkdir()
    run_notebooks(jobs, request.at_once, done)
    for part in parts:
        missing = [n for n in ("report.html", "report.pdf") if not (folder / part / n).is_file()]
        if missing:
            raise FileNotFoundError(f"the notebook of {part} did not write {' and '.join(missing)}")


def _job(notebooks: Path, folder: Path, part: str) -> NotebookJob:
    from actuarial.reporting.papermill_run import NotebookJob

    own = {} if part == REGION else {"country": part}
    name = "region.ipynb" if part == REGION else "country.ipynb"
    return NotebookJob(
        title=part,
        notebook=notebooks / name,
        parameters={"results_dir": RESULTS, "out_dir": part, **own},
        folder=folder,
        output=folder / part / "report.ipynb",
    )


def input_hashes(request: Request) -> dict[str, str]:
    """SHA-256 of everything a run may read: data, scenarios, notebooks, and a scenario or instrument given by path."""
    from actuarial.reporting.manifest import hash_file, hash_tree

    hashes: dict[str, str] = {}
    for folder in ("data", "scenarios", "notebooks"):
        hashes |= hash_tree(request.root / folder, request.root)
    for name in (request.scenario, request.instrument):
        path = Path(name)
        if path.is_dir():
            hashes |= {f"{shown(path)}/{n}": digest for n, digest in hash_tree(path, path).items()}
        elif path.is_file():
            hashes[shown(path)] = hash_file(path)
    return hashes


def manifest_head(
    request: Request, study: StudyResult, parts: Sequence[str], inputs: dict[str, str], started: str
) -> dict[str, Any]:
    """Everything the manifest says besides the outputs."""
    from actuarial.reporting.manifest import code_version, environment

    failed = study.checks.loc[~study.checks["passed"].astype(bool), "name"]
    return {
        "started": started,
        "ended": _now(),
        "parameters": {
            "scenario": request.scenario,
            "instrument": request.instrument,
            "countries": list(request.countries),
            "jobs": request.at_once,
        },
        "study": {name: value for name, value in study.meta.items() if name != "inputs"},  # hashed below, all of them
        "parts": list(parts),
        "checks": {"made": len(study.checks), "failed": [str(name) for name in failed]},
        "code": code_version(request.root),
        "environment": environment(),
        "inputs": inputs,
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
