"""The record of the last validation: ``docs/validation.csv``, which every report shows.

1. A few lines ``# name: value`` say when, on which code, system and packages; then a CSV table, one row for each figure that was checked.
2. The code is identified by a hash of the source of every floor that computes (:data:`~actuarial.reporting.study_cache.FLOORS`), so that a change of
   words or charts does not make the record old; the git commit is that on which the checks ran. ``extent`` is ``quick`` or ``full``, then how many
   corridors were projected, persons simulated and workbooks recomputed: ``quick, corridors 9, persons 100000, workbooks 1, seconds 149``.
3. A run keeps a copy among its results, and its record of what it was made from holds the hash of the code that made it: the report compares the two.
4. What was not run has a row too, whose ``result`` is ``not run``.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from actuarial.basis.errors import InputError, shown
from actuarial.reporting.language import marked
from actuarial.reporting.manifest import hash_file, hash_tree
from actuarial.reporting.study_cache import FLOORS

RECORD: Final = "validation.csv"
PACKAGE: Final = Path(__file__).resolve().parents[1]
SUBJECTS: Final[dict[str, str]] = {
    "life": marked("Annuities, insurances and decrements of published tables"),
    "demography": marked("Measures of demography and life tables"),
    "finance": marked("Premiums, funds and mature schemes in closed form"),
    "coordination": marked("Worked examples of coordination law"),
    "national law": marked("Worked cases of each national law, to the cent"),
    "series": marked("Time series and distributions"),
    "population": marked("Population of every state against World Population Prospects 2024"),
    "mature scheme": marked("A mature scheme in the projection against closed forms"),
    "lattice": marked("Careers against a second, slow program"),
    "microsimulation": marked("Expected numbers against simulated persons"),
    "workbook": marked("Formulas of the workbooks against another spreadsheet engine"),
    "identities": marked("Identities: nobody moves, prices of legal steps add up, the same bytes twice"),
}
"""What is validated, in the order of the table."""
COLUMNS: Final = (
    "id", "subject", "what", "kind", "evidence", "source", "expected", "found", "difference", "measure", "tolerance", "reason", "result", "seconds",
    "date",
)  # fmt: skip
RESULTS: Final = ("passed", "failed", "not run")
HEAD: Final = ("date", "extent", "version", "commit", "code", "system", "python", "packages")
_NUMBERS: Final = ("expected", "found", "difference", "tolerance", "seconds")


@dataclass(frozen=True)
class Line:
    """One figure of the record; numbers are NaN where a check was not run."""

    id: str
    subject: str
    what: str
    kind: str
    evidence: str
    source: str
    expected: float
    found: float
    difference: float
    measure: str
    tolerance: float
    reason: str
    result: str
    seconds: float
    date: str

    @property
    def case(self) -> str:
        """The case that the figure belongs to."""
        return self.id.split("/")[0]


@dataclass(frozen=True)
class Record:
    """What was validated, when, and on which code; ``head`` holds the names of :data:`HEAD`."""

    head: dict[str, str]
    lines: tuple[Line, ...] = field(repr=False)

    def of(self, subject: str) -> list[Line]:
        """Lines of a subject."""
        return [line for line in self.lines if line.subject == subject]


def extent_of(head: Mapping[str, str]) -> tuple[bool, dict[str, int]]:
    """Whether the run was a full one, and how many corridors, persons and workbooks it took, as far as the record says.

    >>> extent_of({"extent": "quick, corridors 9, persons 100000, workbooks 1, seconds 149"})
    (False, {'corridors': 9, 'persons': 100000, 'workbooks': 1})
    """
    kind, _, sizes = head["extent"].partition(", ")
    return kind == "full", {name: int(n) for name, n in re.findall(r"\b(corridors|persons|workbooks) (\d+)", sizes)}


def code_hash(package: Path = PACKAGE) -> str:
    """SHA-256 over the source of every floor that computes, by name."""
    source = {n: d for floor in FLOORS for n, d in hash_tree(package / floor, package).items() if n.endswith(".py")}
    return hashlib.sha256(json.dumps(source, sort_keys=True).encode("utf-8")).hexdigest()


def record_text(head: Mapping[str, str], lines: Sequence[Line]) -> str:
    """The file. Raises ``ValueError`` for an entry of the head that is missing or holds a line break."""
    if missing := [name for name in HEAD if name not in head]:
        raise ValueError(f"the record of validation lacks {', '.join(missing)}")
    if any("\n" in head[name] for name in HEAD):
        raise ValueError("a line break in the head of the record of validation")
    out = io.StringIO()
    out.writelines(f"# {name}: {head[name]}\n" for name in HEAD)
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows([_cell(getattr(line, column)) for column in COLUMNS] for line in lines)
    return out.getvalue()


def _cell(value: object) -> str:
    return ("" if math.isnan(value) else f"{value:.10g}") if isinstance(value, float) else str(value)


def read_record(path: Path) -> Record:
    """Read a record. Raises :class:`InputError` naming file, line and what is wrong."""
    text = path.read_text(encoding="utf-8").splitlines()
    head = dict(line[2:].split(": ", 1) for line in text if line.startswith("# ") and ": " in line)
    if missing := [name for name in HEAD if name not in head]:
        raise InputError(f"{shown(path)}: the lines '# name: value' lack {', '.join(missing)}; run `actuarial validate --write`")
    table = list(csv.reader(io.StringIO("\n".join(line for line in text if not line.startswith("# ")))))
    if not table or tuple(table[0]) != COLUMNS:
        raise InputError(f"{shown(path)}: columns {', '.join(table[0]) if table else '(none)'}; allowed: {', '.join(COLUMNS)}")
    first = len(text) - len(table) + 1
    return Record(head, tuple(_line(path, first + n, row) for n, row in enumerate(table[1:], 1)))


def _line(path: Path, number: int, row: Sequence[str]) -> Line:
    if len(row) != len(COLUMNS):
        raise InputError(f"{shown(path)}, line {number}: {len(row)} columns; {len(COLUMNS)} are needed")
    given = dict(zip(COLUMNS, row, strict=True))
    if given["result"] not in RESULTS:
        raise InputError(f"{shown(path)}, line {number}, result: found '{given['result']}', allowed: {', '.join(RESULTS)}")
    if given["subject"] not in SUBJECTS:
        raise InputError(f"{shown(path)}, line {number}, subject: found '{given['subject']}', allowed: {', '.join(SUBJECTS)}")
    try:
        numbers = {name: float(given[name]) if given[name] else math.nan for name in _NUMBERS}
    except ValueError as error:
        raise InputError(f"{shown(path)}, line {number}: a number is needed in {', '.join(_NUMBERS)}; {error}") from error
    return Line(**{**given, **numbers})  # type: ignore[arg-type]


def keep_record(source: Path, results: Path) -> None:
    """Copy the record into the results of a run; nothing is done where there is none."""
    if source.is_file():
        (results / RECORD).write_bytes(source.read_bytes())


def validated(results: Path) -> dict[str, Any] | None:
    """What a run says of the record among its results, for its record of what it was made from; ``None`` where it kept none.

    ``head`` of the record, ``sha256`` of the file, ``code`` (hash of the code that is running now) and ``subjects``: for each subject numbers of
    cases, figures, those passed and not run, and the figure nearest to its tolerance.
    """
    path = results / RECORD
    if not path.is_file():
        return None
    record = read_record(path)
    subjects = {name: _told(own) for name in SUBJECTS if (own := record.of(name))}
    return {"head": record.head, "sha256": hash_file(path), "code": code_hash(), "subjects": subjects}


def _told(lines: Sequence[Line]) -> dict[str, Any]:
    run = [line for line in lines if line.result != "not run"]
    told: dict[str, Any] = {
        "cases": len({line.case for line in run}),
        "figures": len(run),
        "passed": sum(line.result == "passed" for line in run),
        "not_run": len(lines) - len(run),
    }
    if run:
        worst = max(run, key=_strain)
        gap = None if math.isnan(worst.difference) else abs(worst.difference)
        told["nearest"] = {"id": worst.id, "difference": gap, "tolerance": worst.tolerance, "measure": worst.measure}
    return told


def _strain(line: Line) -> float:
    if line.difference == 0.0:
        return 0.0
    return abs(line.difference) / line.tolerance if line.tolerance > 0.0 and not math.isnan(line.difference) else math.inf
