"""Makes a run again from what it kept, and compares figures and bytes.

1. Everything comes from the run: data (with what input workbooks changed), scenario, instrument, language, countries. Attached sensitivities, paths
   and analyses of change, and the record of the last validation, are taken over as they are (tables of the first two must have the hashes of their
   record), not computed again. Only the software is that of now. No code of the run is executed: report templates are the project's, and said to be
   when the run had others.
2. Figures: every table of ``results/`` (:mod:`actuarial.audit.figures`). Bytes: every file. Of one input, on one machine and with the same
   software, only ``manifest.json`` (times, jobs, whether the study was read from the cache) and so ``SHA256SUMS`` differ; the manifests must agree in
   all else.
3. Where code, system or packages differ, that is said first, and only figures decide: every report carries the versions it was made with.
   What the run states of its software is not proved by that. So a statement that cannot be (:mod:`~actuarial.audit.platform_differences`) fails,
   and figures inside workbooks must agree with those made again (:mod:`~actuarial.audit.workbook_cells`); those that other reports print are not
   compared.
4. The same code under another commit, or without git, counts as the same (by its SHA-256), and the record repeats what the run said of it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from actuarial.audit.figures import Figures, compare_figures
from actuarial.audit.platform_differences import Differences, differences
from actuarial.audit.verify import verify_run
from actuarial.audit.workbook_cells import differing_cells
from actuarial.basis.errors import InputError, shown
from actuarial.execution.temporary import temporary_folder
from actuarial.reporting.change_record import CHANGE
from actuarial.reporting.kept_inputs import KeptInputs, opened_inputs, read_manifest
from actuarial.reporting.manifest import SUMS, code_version, environment, hash_file, hash_tree
from actuarial.reporting.produce import REPOSITORY, RESULTS, Progress, Request, produce
from actuarial.reporting.run_folder import MANIFEST
from actuarial.reporting.uncertainty import TABLES
from actuarial.reporting.validation_record import RECORD as VALIDATION

MAY_DIFFER: Final = (MANIFEST, SUMS)
_OF_THIS_TIME: Final = ("started", "ended", "study_cache", "outputs")
"""Entries of a manifest that say when and how a run was made, and the hashes that are compared file by file."""


@dataclass(frozen=True)
class Reproduction:
    """A run and the same made again.

    changed      what :func:`~actuarial.audit.verify.verify_run` found wrong with the run itself
    software     what differs of software and machine: bytes are only due to be the same when nothing does
    same         files with the same bytes;  differing, missing, new   the others, without those that may differ
    manifest     entries of the manifest that differ, besides times
    cells        figures and formulas that differ inside workbooks with other bytes
    """

    changed: tuple[str, ...]
    software: Differences
    figures: Figures
    same: int
    differing: tuple[str, ...]
    missing: tuple[str, ...]
    new: tuple[str, ...]
    manifest: tuple[str, ...]
    cells: tuple[str, ...]

    @property
    def bytes_due(self) -> bool:
        """Whether the same bytes are due: nothing of software and machine differs."""
        return not self.software.said

    @property
    def bytes_equal(self) -> bool:
        """Whether every file that must be is the same to the byte, and the manifests agree."""
        return not (self.differing or self.missing or self.new or self.manifest)

    @property
    def equal(self) -> bool:
        """Whether the run was reproduced: figures of tables and workbooks always, bytes where they are due, and no contradiction."""
        return self.figures.equal and not self.cells and not self.software.contradictions and (self.bytes_equal or not self.bytes_due)


def reproduce(run: Path, project: Path, out: Path | None, progress: Progress, *, cached: bool = False, at_once: int = 2) -> Reproduction:
    """Make a run of ``reports`` again and compare; ``project`` is the repository with the report templates.

    ``out`` keeps what is made, ``None`` does not; ``cached`` lets the study be read from the cache, so that only the reports are made again. Raises
    :class:`InputError` for a folder that is no such run or keeps no inputs, and
    :class:`~actuarial.reporting.papermill_run.NotebookFailure` when a report stops.
    """
    manifest = read_manifest(run)
    if "kind" in manifest:
        raise InputError(f"{shown(run)}: holds results of `actuarial {manifest['kind']}`; `reproduce` makes runs of `actuarial reports` again")
    if out is not None and (_within(out, run) or _within(run, out)):
        raise InputError(f"--out {shown(out)}: is or holds the run itself; name another folder")
    changed = verify_run(run, project).problems
    with opened_inputs(run) as kept, _place(out) as target:
        other_templates = _own_templates(kept, project)
        found = differences(kept.manifest, code_version(REPOSITORY), environment())
        software = Differences((*found.said, *other_templates), found.same_code, found.contradictions)
        with _attached(run) as beside:
            request = _request(run, kept, target, beside, software)
            again = produce(Request(**request, cached=cached, at_once=at_once), progress)
        return _compared(run, again, changed, software)


def _request(run: Path, kept: KeptInputs, target: Path, beside: Mapping[str, Path], software: Differences) -> dict[str, Any]:
    parameters = kept.manifest["parameters"]
    countries, language, workbooks = parameters.get("countries"), parameters.get("language"), kept.manifest.get("workbooks", [])
    if not isinstance(language, str) or not _are(countries, str) or not _are(workbooks, dict):
        raise InputError(f"{MANIFEST}: language, countries or workbooks are not what a run writes")
    return {
        "root": kept.root,
        "countries": tuple(countries),
        "scenario": kept.scenario,
        "instrument": kept.instrument,
        "out": target,
        "language": language,
        "workbooks": tuple(workbooks),
        "workbook_files": kept.workbooks,
        "code": kept.manifest["code"] if software.same_code else None,
        "validation": run / RESULTS / VALIDATION,
        "since": _AsKept(change) if (change := run / RESULTS / CHANGE).is_dir() else None,
        **beside,
    }


def _are(value: object, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _own_templates(kept: KeptInputs, project: Path) -> list[str]:
    """Put the project's report templates in the place of those kept, and say which are others."""
    place, other = kept.root / "notebooks", []
    place.mkdir(exist_ok=True)
    for path in sorted(place.iterdir()):
        own = project / "notebooks" / path.name
        if not own.is_file() or hash_file(own) != hash_file(path):
            other.append(f"the template notebooks/{path.name} is another; the project's is run")
        path.unlink()
        if own.is_file():
            shutil.copyfile(own, path)
    return other


@contextmanager
def _place(out: Path | None) -> Iterator[Path]:
    if out is not None:
        yield out
        return
    with temporary_folder("reproduced") as temporary:
        yield temporary / "run"


@dataclass(frozen=True)
class _AsKept:
    """The analysis of change that a run holds, put into the one made again."""

    source: Path

    def check(self) -> None:
        """It was checked when it was made."""

    def attach(self, request: Request, results: Path, progress: Progress) -> None:
        """Copy it beside the tables of the study."""
        shutil.copytree(self.source, results / CHANGE)


@contextmanager
def _attached(run: Path) -> Iterator[dict[str, Path]]:
    """Folders as ``sensitivity --out`` and ``ensemble --out`` wrote them, of what the run keeps of them."""
    with temporary_folder("attached") as temporary:
        found = {}
        for kind, tables in TABLES.items():
            source, place = run / RESULTS / kind, temporary / kind
            if source.is_dir():
                place.mkdir()
                shutil.copyfile(source / "record.json", place / MANIFEST)
                for table in tables:
                    shutil.copyfile(source / f"{table}.parquet", place / f"{table}.parquet")
                found[kind] = place
        yield found


def _compared(run: Path, again: Path, changed: tuple[str, ...], software: Differences) -> Reproduction:
    before, after = hash_tree(run, run), hash_tree(again, again)
    both = [name for name in sorted({*before} & {*after}) if name not in MAY_DIFFER]
    differing = tuple(name for name in both if before[name] != after[name])
    return Reproduction(
        changed=changed,
        software=software,
        figures=compare_figures(run / RESULTS, again / RESULTS),
        same=len(both) - len(differing),
        differing=differing,
        missing=tuple(sorted({*before} - {*after})),
        new=tuple(sorted({*after} - {*before})),
        manifest=_other_entries(read_manifest(run), read_manifest(again)),
        cells=tuple(line for name in differing if name.endswith("/report.xlsx") for line in differing_cells(run / name, again / name, name)),
    )


def _other_entries(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of entries that differ between two manifests, besides times."""

    def lasting(manifest: Mapping[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in manifest.items() if name not in _OF_THIS_TIME}
        return kept | {"parameters": {k: v for k, v in dict(kept.get("parameters", {})).items() if k != "jobs"}}

    first, second = lasting(one), lasting(other)
    return tuple(name for name in sorted({*first, *second}) if json.dumps(first.get(name)) != json.dumps(second.get(name)))


def _within(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())
