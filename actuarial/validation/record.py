"""From a run of all checks to the record that reports show."""

from __future__ import annotations

import math
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final

from actuarial.execution.whole import whole_file
from actuarial.reporting.manifest import code_version
from actuarial.reporting.study_cache import PACKAGES
from actuarial.reporting.validation_record import COLUMNS, Line, code_hash, record_text
from actuarial.validation.case import Check
from actuarial.validation.plan import NotRun, Run

UNKNOWN: Final = "not known"
EXTENT: Final = {True: "full", False: "quick"}


def head(run: Run, root: Path) -> dict[str, str]:
    """When and on what: date, extent of the run (quick or full, and how much), version, commit, hash of the code, system, Python and packages."""
    code = code_version(root)
    commit = f"{code['commit'] or UNKNOWN}{' with changes' if code['modified'] else ''}"
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "extent": ", ".join([EXTENT[run.full], *(f"{name} {n}" for name, n in run.extent.items()), f"seconds {run.seconds:.0f}"]),
        "version": str(code["version"] or UNKNOWN),
        "commit": commit,
        "code": code_hash(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES),
    }


def line_of(check: Check) -> Line:
    """A check as a line of the record."""
    given = {name: value for name, value in asdict(check).items() if name in COLUMNS}
    return Line(**given, result="passed" if check.passed else "failed")


def line_not_run(missing: NotRun, date: str) -> Line:
    """What was not run as a line of the record."""
    no = math.nan
    return Line(missing.id, missing.subject, missing.what, "", "", "", no, no, no, "", no, missing.reason, "not run", no, date)


def write_record(run: Run, root: Path, path: Path) -> None:
    """Write the record of a run."""
    said = head(run, root)
    lines = [*(line_of(check) for check in run.checks), *(line_not_run(missing, said["date"]) for missing in run.not_run)]
    with whole_file(path) as stage:
        stage.write_text(record_text(said, lines), encoding="utf-8", newline="\n")
