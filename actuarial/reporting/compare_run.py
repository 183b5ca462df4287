"""From names of scenarios and instruments to a finished folder that compares them.

1. Everything a person wrote is read and checked first; nothing exists on disk until all of it is right.
2. Each study is taken from the user's cache when it was computed before (:mod:`actuarial.reporting.study_cache`), else computed and kept there; the
   studies of one scenario share its people, which are projected once.
3. Layout: ``results/<scenario>_<instrument>/`` (tables of each study), ``results/comparison.json``, ``comparison/`` with the report in all formats
   and the executed notebook, ``manifest.json`` and ``SHA256SUMS``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from actuarial.basis.errors import InputError
from actuarial.reporting.compare_set import MOST, described, folder_of, write_record
from actuarial.reporting.language import SOURCE, check_language
from actuarial.reporting.manifest import hash_file
from actuarial.reporting.produce import REPOSITORY, RESULTS, Progress

if TYPE_CHECKING:
    from actuarial.basis.instrument import Instrument
    from actuarial.basis.scenario import Scenario
    from actuarial.feasibility.engine import PreparedRegion
    from actuarial.feasibility.result import StudyResult
    from actuarial.reporting.papermill_run import NotebookJob

PART: Final = "comparison"
NOTEBOOK: Final = "compare.ipynb"
_STUDIES: Final = 0.85
"""Share of the progress bar given to the studies."""
_LONGEST: Final = 60
"""Letters of a default name of a folder; a longer one is cut and ends in a hash."""


@dataclass(frozen=True)
class CompareRequest:
    """What was asked for, as typed; ``root`` is the folder of the repository. Empty instruments: all shipped ones that can be projected."""

    root: Path
    scenarios: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    out: Path | None = None
    language: str = SOURCE
    cached: bool = True


@dataclass(frozen=True)
class _Pair:
    scenario: Scenario
    instrument: Instrument
    key: str

    @property
    def folder(self) -> str:
        return folder_of(self.scenario.name, self.instrument.id)


def produce_comparison(request: CompareRequest, progress: Progress) -> Path:
    """Compute or fetch every study, write the comparison and return its folder.

    Raises :class:`InputError` for anything wrong in the request or in an input, before anything is written, and
    :class:`~actuarial.reporting.papermill_run.NotebookFailure` when the report stops; the folder is then as it was before.
    """
    from actuarial.basis.region import load_region
    from actuarial.reporting.kept_inputs import keep_inputs
    from actuarial.reporting.manifest import write_manifest
    from actuarial.reporting.papermill_run import check_job
    from actuarial.reporting.provenance import provenance, write_provenance
    from actuarial.reporting.run_folder import check_target, run_folder

    started = _now()
    check_language(request.language)
    region = load_region(request.root / "data")
    if request.countries:
        region.select(request.countries)
    scenarios, instruments = _scenarios(request, region.members), _instruments(request, region.members)
    suffix = "" if request.language == SOURCE else f"-{request.language}"
    target = request.out or request.root / "reports" / (default_name([s.name for s in scenarios], [i.id for i in instruments]) + suffix)
    check_target(target)
    check_job(_job(request, target))
    inputs = input_hashes(request)
    pairs = _pairs(scenarios, instruments, inputs)
    with run_folder(target) as folder:
        results = folder / RESULTS
        results.mkdir()
        read = _studies(request, pairs, results, inputs, progress)
        write_record(results, [described(p.scenario, p.instrument, p.key) for p in pairs])
        head = _head(request, pairs, results, inputs)
        made_from = provenance(head)
        write_provenance(results, made_from)
        progress("comparison report", _STUDIES)
        _write(request, folder)
        keep_inputs(folder, _files(request), inputs)
        write_manifest(folder, {"identity": made_from.identity, "started": started, "ended": _now(), "read_from_cache": read, **head})
    progress("done", 1.0)
    return target


def _scenarios(request: CompareRequest, members: Sequence[str]) -> list[Scenario]:
    from actuarial.basis.scenario import load_scenario

    found = [load_scenario(name, request.root / "scenarios", members) for name in request.scenarios or ("base",)]
    _once("--scenario", [s.name for s in found])
    return found


def _instruments(request: CompareRequest, members: Sequence[str]) -> list[Instrument]:
    """The instruments asked for, each of which must be projectable; without any, all shipped ones that are, the region's own first."""
    from actuarial.basis.instrument import instrument_names, load_instrument
    from actuarial.feasibility.supported import supported

    folder = request.root / "scenarios"
    if request.instruments:
        found = [load_instrument(name, folder, members) for name in request.instruments]
        for instrument in found:
            supported(instrument)
        _once("--instrument", [i.id for i in found])
        return found
    shipped = [load_instrument(name, folder, members) for name in instrument_names(folder)]
    kept = [i for i in shipped if _projectable(i)]
    return sorted(kept, key=lambda i: (i.id != "eac-directive", i.id))


def _projectable(instrument: Instrument) -> bool:
    from actuarial.feasibility.supported import supported

    try:
        supported(instrument)
    except InputError:
        return False
    return True


def _once(option: str, names: Sequence[str]) -> None:
    if doubles := sorted({name for name in names if names.count(name) > 1}):
        raise InputError(f"{option}: {', '.join(doubles)} is named twice; each can stand once in a comparison")


def default_name(scenarios: Sequence[str], instruments: Sequence[str]) -> str:
    """Name of the folder of a comparison without ``--out``: the names in it, cut with a hash of them where they are long.

    >>> default_name(["base", "high-mobility"], ["eac-directive"])
    'compare-base-high-mobility-eac-directive'
    """
    name = "-".join(["compare", *scenarios, *instruments])
    if len(name) <= _LONGEST:
        return name
    digest = hashlib.sha256("\n".join([*scenarios, "", *instruments]).encode()).hexdigest()[:8]
    return f"{name[:_LONGEST].rstrip('-')}-{digest}"


def _pairs(scenarios: Sequence[Scenario], instruments: Sequence[Instrument], inputs: Mapping[str, str]) -> list[_Pair]:
    from actuarial.reporting.study_cache import study_key

    pairs = [_Pair(s, i, study_key(inputs, s, i)) for s in scenarios for i in instruments]
    if not 2 <= len(pairs) <= MOST:
        raise InputError(
            f"{len(scenarios)} scenario(s) with {len(instruments)} instrument(s) make {len(pairs)} combination(s); a comparison has 2 to {MOST}"
        )
    return pairs


def input_hashes(request: CompareRequest) -> dict[str, str]:
    """SHA-256 of everything the comparison may read, of files given by path too."""
    return {name: hash_file(path) for name, path in _files(request).items()}


def _files(request: CompareRequest) -> dict[str, Path]:
    from actuarial.reporting.kept_inputs import input_files

    return input_files(request.root, request.scenarios, request.instruments, templates=(NOTEBOOK,))


def _studies(request: CompareRequest, pairs: Sequence[_Pair], results: Path, inputs: Mapping[str, str], progress: Progress) -> list[bool]:
    """Put every study below ``results``; say for each whether it was read from the cache. Raises :class:`InputError` when inputs change meanwhile."""
    from actuarial.feasibility.result import write_study
    from actuarial.reporting.manifest import check_unchanged
    from actuarial.reporting.study_cache import fetch, keep

    read: list[bool] = []
    prepared: dict[str, PreparedRegion] = {}
    for n, pair in enumerate(pairs):
        place, before = results / pair.folder, n / len(pairs)
        title = f"{pair.scenario.name}, {pair.instrument.id} ({n + 1} of {len(pairs)})"

        def tell(what: str, share: float, title: str = title, before: float = before) -> None:
            progress(f"{title}: {what}", _STUDIES * (before + share / len(pairs)))

        read.append(request.cached and fetch(pair.key, place))
        if read[-1]:
            tell("computed before (--no-cache computes it again)", 1.0)
            continue
        if pair.scenario.name not in prepared:
            prepared = {pair.scenario.name: _prepare(request.root / "data", pair.scenario, tell)}
        write_study(_study(prepared[pair.scenario.name], pair.instrument, tell), place)
        check_unchanged(inputs, input_hashes(request))
        if request.cached:
            keep(pair.key, place)
    return read


def _prepare(data: Path, scenario: Scenario, tell: Progress) -> PreparedRegion:
    from actuarial.feasibility.engine import prepare_region
    from actuarial.feasibility.inputs import load_basis

    return prepare_region(load_basis(data, scenario), scenario, tell)


def _study(prepared: PreparedRegion, instrument: Instrument, tell: Progress) -> StudyResult:
    """The study of one instrument, as ``run_study`` makes it."""
    from actuarial.feasibility.study import study_on

    return study_on(prepared, instrument, tell)


def _write(request: CompareRequest, folder: Path) -> None:
    """Run the notebook and write the workbook into the folder of the run."""
    from actuarial.reporting.papermill_run import run_notebooks

    (folder / PART).mkdir()
    run_notebooks([_job(request, folder)], 1, None, write_workbook)
    missing = [name for name in ("report.html", "report.pdf", "report.docx") if not (folder / PART / name).is_file()]
    if missing:
        raise FileNotFoundError(f"the notebook of the comparison did not write {' and '.join(missing)}")


def write_workbook(job: NotebookJob) -> None:
    """Write the workbook that belongs to the comparison."""
    from actuarial.reporting.compare_set import read_comparison
    from actuarial.reporting.compare_workbook import write_comparison_workbook
    from actuarial.reporting.language import use_language
    from actuarial.reporting.provenance import read_provenance

    with use_language(str(job.parameters["language"])):
        book = job.output.with_name("report.xlsx")
        write_comparison_workbook(read_comparison(job.folder / RESULTS), book, read_provenance(job.folder / RESULTS))


def _job(request: CompareRequest, folder: Path) -> NotebookJob:
    from actuarial.reporting.papermill_run import NotebookJob

    return NotebookJob(
        title=PART,
        notebook=request.root / "notebooks" / NOTEBOOK,
        parameters={"results_dir": RESULTS, "out_dir": PART, "countries": " ".join(request.countries), "language": request.language},
        folder=folder,
        output=folder / PART / "report.ipynb",
    )


def _head(request: CompareRequest, pairs: Sequence[_Pair], results: Path, inputs: Mapping[str, str]) -> dict[str, Any]:
    """What the manifest says besides the outputs and the times."""
    from actuarial.reporting.kept_inputs import kept_as
    from actuarial.reporting.manifest import code_version, environment
    from actuarial.reporting.produce import settings

    files = _files(request)
    meta = json.loads((results / pairs[0].folder / "study.json").read_text(encoding="utf-8"))["meta"]
    return {
        "kind": PART,
        "parameters": {
            "scenarios": [kept_as(name, files) for name in request.scenarios],
            "instruments": [kept_as(name, files) for name in request.instruments],
            "countries": list(request.countries),
            "language": request.language,
        },
        "study": {
            "combinations": [{"scenario": p.scenario.name, "instrument": p.instrument.id, "key": p.key} for p in pairs],
            "valuation_date": meta["valuation_date"],
            "package_version": meta["package_version"],
        },
        "settings": {p.folder: settings(p.scenario, p.instrument) for p in pairs},
        "uncertainty": {},
        "code": code_version(REPOSITORY),
        "environment": environment(),
        "inputs": dict(inputs),
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
