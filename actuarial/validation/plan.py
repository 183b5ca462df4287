"""All checks in their order, and a run of them.

1. The quick run takes the projection with few corridors and one country's workbook; the full one all corridors, a million persons and every
   workbook. Everything else is the same in both.
2. What cannot be run on this machine is listed as not run, with the reason; it neither passes nor fails.
3. A check that stops with an error has failed: the run goes on, and its line holds the error.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from actuarial.reporting.validation_record import SUBJECTS
from actuarial.validation.book import available, workbook_checks
from actuarial.validation.case import Check, load_cases, timed
from actuarial.validation.lattice import lattice_checks
from actuarial.validation.mature import mature_checks
from actuarial.validation.population import population_checks
from actuarial.validation.projection import Job, identity_jobs, simulation_jobs
from actuarial.validation.published import run_case
from actuarial.validation.region import Region
from actuarial.validation.worked import example_checks, scheme_checks

Progress = Callable[[str, float], None]
NO_ENGINE: Final = "the package ironcalc, another spreadsheet engine, is not installed here"
REGION: Final = "region"


@dataclass(frozen=True)
class NotRun:
    """Checks that this machine cannot run."""

    id: str
    subject: str
    what: str
    reason: str


@dataclass(frozen=True)
class Run:
    """What all checks found."""

    checks: tuple[Check, ...]
    not_run: tuple[NotRun, ...]
    full: bool
    seconds: float
    extent: dict[str, int] = field(default_factory=dict)
    """How much was computed: corridors, persons, workbooks."""

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return all(check.passed for check in self.checks)

    def of(self, subject: str) -> list[Check]:
        """Checks of a subject."""
        return [check for check in self.checks if check.subject == subject]


def jobs(region: Region) -> list[tuple[str, Job]]:
    """All jobs with their subject, in the order of :data:`~actuarial.reporting.validation_record.SUBJECTS`."""
    found: dict[str, list[Job]] = {subject: [] for subject in SUBJECTS}
    for case in load_cases().values():
        found[case.subject].append((case.id, partial(run_case, case)))
    data = region.root / "data"
    found["coordination"] += example_checks()
    found["national law"] += scheme_checks(data)
    found["population"] += population_checks(data)
    found["mature scheme"] += mature_checks()
    found["lattice"] += lattice_checks()
    found["microsimulation"] += simulation_jobs(region)
    found["identities"] += identity_jobs(region)
    if available():
        found["workbook"] += [(f"workbook of {part}", partial(timed, partial(_workbook, region, part))) for part in _parts(region)]
    return [(subject, job) for subject, own in found.items() for job in own]


def _parts(region: Region) -> Sequence[str]:
    """Countries whose workbook is recomputed: all and the region, or the first that collects."""
    basis = region.basis
    if region.full:
        return (*basis.countries, REGION)
    return next(([country] for country, scheme in zip(basis.countries, basis.schemes, strict=True) if scheme.collecting), [])


def _workbook(region: Region, part: str) -> list[Check]:
    return workbook_checks(region.study, part)


def run(root: Path, *, full: bool = False, progress: Progress | None = None, region: Region | None = None) -> Run:
    """Run all checks; ``root`` holds data and scenarios, ``region`` may be one that was used before."""
    begun = time.perf_counter()
    tell = progress or (lambda _what, _share: None)
    region = region or Region(root, full)
    planned = jobs(region)
    checks: list[Check] = []
    for n, (subject, (name, compute)) in enumerate(planned):
        tell(name, n / len(planned))
        checks += _guarded(subject, name, compute)
    tell("done", 1.0)
    missing = () if available() else (NotRun("WORKBOOK", "workbook", "formulas of workbooks recomputed by another spreadsheet engine", NO_ENGINE),)
    books = len({check.case for check in checks if check.subject == "workbook"})
    return Run(tuple(checks), missing, full, time.perf_counter() - begun, {**region.extent(), "workbooks": books})


def _guarded(subject: str, name: str, compute: Callable[[], list[Check]]) -> list[Check]:
    begun = time.perf_counter()
    try:
        return compute()
    except Exception as error:
        seconds, today = time.perf_counter() - begun, datetime.now(UTC).date().isoformat()
        said = f"stopped: {type(error).__name__}: {error}"
        return [Check(f"{name}/stopped", subject, name, "identity", "derived", "", 0.0, math.nan, math.nan, "absolute", 0.0, said, seconds, today)]
