"""From two names (scenario, instrument) to a finished run folder.

1. Everything a person wrote is read and checked first; nothing exists on disk until all of it is right.
2. Layout of a run: ``results/`` (tables of the study, and the record of what it was made from), one folder per country and ``region/``, each with
   ``report.html``, ``report.pdf``, ``report.docx``, ``report.xlsx`` and the executed notebook ``report.ipynb``; ``inputs.zip`` (all that was read),
   ``manifest.json`` and ``SHA256SUMS`` at the top.
3. A study of the same inputs, code and packages is read from the user's cache (:mod:`actuarial.reporting.study_cache`); the manifest says so.
   Results do not depend on the language of the reports.
4. The study always covers the whole region, since what one member pays depends on all; the choice of countries limits only which reports are
   written, and the region's report is written when no country is left out.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from actuarial.basis.errors import InputError
from actuarial.reporting.language import SOURCE, check_language, use_language

if TYPE_CHECKING:
    from actuarial.basis.instrument import Instrument
    from actuarial.basis.scenario import Scenario
    from actuarial.feasibility.result import StudyResult
    from actuarial.reporting.change_record import AnalysisOfChange
    from actuarial.reporting.papermill_run import NotebookJob
    from actuarial.reporting.uncertainty import Uncertainty

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of the whole run that is done, 0..1."""

REPOSITORY: Final = Path(__file__).resolve().parents[2]
"""Where the code stands, whose version a manifest states."""
RESULTS: Final = "results"
REGION: Final = "region"
_ATTACHED: Final = ("sensitivity", "ensemble", "change")
"""Folders below the results that a run may have."""
_STUDY_SHARE: Final = 0.6
"""Share of the progress bar given to the study; the rest goes to the reports."""


class Since(Protocol):
    """What has changed since an earlier run; made above this floor, since it compares and computes studies."""

    def check(self) -> None:
        """Refuse an earlier run that cannot be compared with. Raises :class:`InputError`."""

    def attach(self, request: Request, results: Path, progress: Progress) -> None:
        """Write the analysis beside the tables of this study, as :func:`~actuarial.reporting.change_record.attach_change` does."""


@dataclass(frozen=True)
class Request:
    """What a run was asked for, as typed; ``root`` is the folder of the repository."""

    root: Path
    countries: tuple[str, ...] = ()
    """Countries to report on; empty means all and the region."""
    scenario: str = "base"
    instrument: str = "eac-directive"
    out: Path | None = None
    """Place of the run; ``None`` means ``reports/<scenario>-<instrument>``, for other languages than English with ``-<language>``."""
    at_once: int = 2
    sensitivity: Path | None = None
    """Folder that ``actuarial sensitivity --out`` wrote: its chapter is added."""
    ensemble: Path | None = None
    """Folder that ``actuarial ensemble --out`` wrote."""
    cached: bool = True
    """Whether a study of the same inputs may be read from the cache, and this one kept there."""
    language: str = SOURCE
    """Language of reports and workbooks (ISO 639-1); one that is released."""
    data: Path | None = None
    """Data folder in place of that of ``root``, with the figures that input workbooks change."""
    workbooks: tuple[dict[str, Any], ...] = ()
    """What the manifest says of those workbooks."""
    workbook_files: tuple[Path, ...] = ()
    """The workbooks themselves, which the run keeps."""
    validation: Path = REPOSITORY / "docs" / "validation.csv"
    """Record of the last validation; a run made again takes the one it had."""
    since: Since | None = None
    """Adds the chapter on the change since an earlier run."""
    code: Mapping[str, Any] | None = None
    """What the record says of the code; ``None``: what is found. A run made again repeats what it said, when the code is the same by its hash."""


def produce(request: Request, progress: Progress) -> Path:
    """Compute the study (or take the kept one of the same inputs), write its reports and return the run folder.

    Raises :class:`InputError` for anything wrong in the request or in an input, before anything is written, and
    :class:`~actuarial.reporting.papermill_run.NotebookFailure` when a report stops; the place of the run is then as it
    was before.
    """
    if request.at_once < 1:
        raise InputError(f"--jobs: found {request.at_once}; at least 1 is needed")
    check_language(request.language)
    from actuarial.basis.instrument import load_instrument
    from actuarial.basis.region import load_region
    from actuarial.basis.scenario import load_scenario
    from actuarial.reporting.kept_inputs import keep_inputs
    from actuarial.reporting.manifest import check_unchanged, write_manifest
    from actuarial.reporting.papermill_run import check_job
    from actuarial.reporting.provenance import provenance, write_provenance
    from actuarial.reporting.run_folder import check_target, run_folder
    from actuarial.reporting.study_cache import fetch, keep, study_key
    from actuarial.reporting.uncertainty import attach, check_results
    from actuarial.reporting.validation_record import keep_record

    started = _now()
    data, scenarios = request.data or request.root / "data", request.root / "scenarios"
    region = load_region(data)
    countries = region.select(request.countries) if request.countries else region.members
    scenario = load_scenario(request.scenario, scenarios, region.members)
    instrument = load_instrument(request.instrument, scenarios, region.members)
    suffix = "" if request.language == SOURCE else f"-{request.language}"
    target = request.out or request.root / "reports" / f"{scenario.name}-{instrument.id}{suffix}"
    check_target(target)
    parts = [*countries, REGION] if countries == region.members else list(countries)
    for part in parts:
        check_job(_job(request, target, part))
    inputs = input_hashes(request)
    beside = {kind: place for kind, place in (("sensitivity", request.sensitivity), ("ensemble", request.ensemble)) if place is not None}
    for kind, place in beside.items():
        check_results(place, kind, scenario, instrument, inputs)
    if request.since is not None:
        request.since.check()
    key = study_key(inputs, scenario, instrument)
    with run_folder(target) as folder:
        results = folder / RESULTS
        read = request.cached and fetch(key, results)
        if read:
            progress("the study of these inputs was computed before (--no-cache computes it again)", _STUDY_SHARE)
        else:
            _compute(data, scenario, instrument, results, progress)
            check_unchanged(inputs, input_hashes(request))
            if request.cached:
                keep(key, results)
        for kind, place in beside.items():
            attach(place, kind, results)
        if request.since is not None:
            request.since.attach(request, results, lambda what, _share: progress(what, _STUDY_SHARE))
        keep_record(request.validation, results)
        head = manifest_head(request, results, parts, inputs, {"key": key, "read": read}) | {"settings": settings(scenario, instrument)}
        made_from = provenance(head)
        write_provenance(results, made_from)
        write_reports(folder, parts, request, progress)
        keep_inputs(folder, files_of(request), inputs)
        write_manifest(folder, {"identity": made_from.identity, "started": started, "ended": _now(), **head})
    progress("done", 1.0)
    return target


def _compute(data: Path, scenario: Scenario, instrument: Instrument, results: Path, progress: Progress) -> None:
    """Compute a study and write its tables."""
    from actuarial.feasibility.result import write_study
    from actuarial.feasibility.study import run_study

    write_study(run_study(data, scenario, instrument, lambda what, share: progress(what, _STUDY_SHARE * share)), results)


def write_reports(folder: Path, parts: Sequence[str], request: Request, progress: Progress) -> None:
    """Run the notebook of every part (countries, ``region``) and write its workbook into ``folder/<part>``, from the tables in the folder."""
    from actuarial.reporting.papermill_run import run_notebooks

    finished: list[str] = []

    def done(job: NotebookJob) -> None:
        finished.append(job.title)
        share = _STUDY_SHARE + (1 - _STUDY_SHARE) * len(finished) / len(parts)
        progress(f"report {job.title} ({len(finished)} of {len(parts)})", share)

    progress("reports", _STUDY_SHARE)
    for part in parts:
        (folder / part).mkdir()
    longest_first = sorted(parts, key=lambda part: part != REGION)
    jobs = [_job(request, folder, part) for part in longest_first]
    run_notebooks(jobs, request.at_once, done, write_workbook)
    for part in parts:
        missing = [n for n in ("report.html", "report.pdf", "report.docx") if not (folder / part / n).is_file()]
        if missing:
            raise FileNotFoundError(f"the notebook of {part} did not write {' and '.join(missing)}")


def write_workbook(job: NotebookJob) -> None:
    """Write the workbook that belongs to a report, in its language."""
    from actuarial.reporting.provenance import read_provenance
    from actuarial.reporting.workbook import write_country_workbook
    from actuarial.reporting.workbook_region import write_region_workbook

    (study, uncertainty, change), book = _results(job.folder / RESULTS), job.output.with_name("report.xlsx")
    with use_language(str(job.parameters["language"])):
        if job.title == REGION:
            write_region_workbook(study, book, uncertainty, read_provenance(job.folder / RESULTS), change)
        else:
            write_country_workbook(study, job.title, book, uncertainty, read_provenance(job.folder / RESULTS), change)


@lru_cache(maxsize=1)
def _results(results: Path) -> tuple[StudyResult, Uncertainty, AnalysisOfChange | None]:
    """The study of this run, how sure it is, and what changed since an earlier one, read once in each process that writes reports."""
    from actuarial.feasibility.result import read_study
    from actuarial.reporting.change_record import read_change
    from actuarial.reporting.uncertainty import read_uncertainty

    return read_study(results), read_uncertainty(results), read_change(results)


def _job(request: Request, folder: Path, part: str) -> NotebookJob:
    from actuarial.reporting.papermill_run import NotebookJob

    own = {} if part == REGION else {"country": part}
    name = "region.ipynb" if part == REGION else "country.ipynb"
    return NotebookJob(
        title=part,
        notebook=request.root / "notebooks" / name,
        parameters={"results_dir": RESULTS, "out_dir": part, "language": request.language, **own},
        folder=folder,
        output=folder / part / "report.ipynb",
    )


def files_of(request: Request) -> dict[str, Path]:
    """Everything a run may read by the name under which it is kept (:mod:`actuarial.reporting.kept_inputs`)."""
    from actuarial.reporting.kept_inputs import input_files

    return input_files(request.root, [request.scenario], [request.instrument], data=request.data, workbooks=request.workbook_files)


def input_hashes(request: Request) -> dict[str, str]:
    """SHA-256 of everything a run may read: data, scenarios, report templates, a scenario or instrument given by path, input workbooks."""
    from actuarial.reporting.manifest import hash_file

    return {name: hash_file(path) for name, path in files_of(request).items()}


def manifest_head(request: Request, results: Path, parts: Sequence[str], inputs: dict[str, str], cache: dict[str, Any]) -> dict[str, Any]:
    """Everything the manifest says besides times and outputs; ``cache`` says whether the study was read from there, and its key."""
    from actuarial.reporting.kept_inputs import kept_as
    from actuarial.reporting.manifest import code_version, environment, hash_file
    from actuarial.reporting.validation_record import validated

    files = files_of(request)
    meta = json.loads((results / "study.json").read_text(encoding="utf-8"))["meta"]
    with (results / "checks.csv").open(encoding="utf-8", newline="") as file:
        checks = list(csv.DictReader(file))
    return {
        "parameters": {
            "scenario": kept_as(request.scenario, files),
            "instrument": kept_as(request.instrument, files),
            "countries": list(request.countries),
            "language": request.language,
            "jobs": request.at_once,
        },
        "study": {name: value for name, value in meta.items() if name != "inputs"},  # hashed below, all of them
        "study_cache": cache,
        "uncertainty": {kind: hash_file(results / kind / "record.json") for kind in _ATTACHED if (results / kind).is_dir()},
        "attached": {kind: _drawn(results / kind) for kind in _ATTACHED if (results / kind).is_dir()},
        "parts": list(parts),
        "checks": {"made": len(checks), "failed": [check["name"] for check in checks if check["passed"] != "True"]},
        **({"workbooks": list(request.workbooks)} if request.workbooks else {}),
        "code": code_version(REPOSITORY) if request.code is None else dict(request.code),
        "validation": validated(results),
        "environment": environment(),
        "inputs": inputs,
    }


def _drawn(folder: Path) -> dict[str, Any]:
    """What a manifest says of attached results: when the record says so, how they were drawn (seed, paths ...), and since which run."""
    record = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    return {name: record[name] for name in ("run", "generator", "previous", "order") if name in record}


def settings(scenario: Scenario, instrument: Instrument) -> dict[str, Any]:
    """Scenario and instrument as they were read, all of them, whatever files they came from."""
    return {"scenario": scenario.model_dump(mode="json"), "instrument": instrument.model_dump(mode="json", exclude={"figures"})}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
