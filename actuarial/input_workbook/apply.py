"""Puts the changes of a workbook into a complete copy of the data folder, so that everything that reads data runs on them unchanged.

1. A file that nothing changes is copied byte for byte; in a changed one only the changed figures and their evidence differ.
2. Evidence beside a changed figure is what the workbook says; where it says nothing new: confidence ``assumed`` (unless a new source is named), the
   workbook as source, and a note with the value of before. The way a figure of the base year was made becomes the workbook too.
3. A changed table of members or pensioners becomes a file of the scheme's own, with all its rows.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from actuarial.basis.economy import load_economy
from actuarial.basis.errors import InputError, Problem
from actuarial.basis.labour import load_labour
from actuarial.basis.migration import load_migration
from actuarial.basis.region import load_region
from actuarial.basis.scheme import check_scheme
from actuarial.basis.scheme_people import load_people
from actuarial.basis.yaml_file import dotted, read_yaml
from actuarial.execution.temporary import temporary_folder
from actuarial.input_workbook.base_year import about_the_start, base_scheme, check_contributions, remark_far_changes, start_error
from actuarial.input_workbook.complaints import Findings
from actuarial.input_workbook.csv_file import Key, edited, line_of, read_csv
from actuarial.input_workbook.evidence import PARTS
from actuarial.input_workbook.given import Given
from actuarial.input_workbook.model import VERSION, Input, Target, Value
from actuarial.input_workbook.read import Change, Filled, read_workbook
from actuarial.input_workbook.yaml_edit import edited_yaml, scalar

_WAYS: Final = {"gdp": "gdp_way", "exchange_rate": "exchange_rate_way", "growth_per_worker": "growth_way"}
"""Columns that say how a figure of ``output.csv`` was obtained."""
Row = tuple[str | int | tuple[str, str], ...]


@contextmanager
def data_with(data: Path, workbooks: Sequence[Path]) -> Iterator[Given]:
    """A copy of the folder ``data`` with what the workbooks change, while the block runs.

    Raises :class:`InputError` with everything that is wrong with a workbook, before anything runs. What a projection of changed figures cannot
    do with them is an :class:`InputError` too.
    """
    with temporary_folder("basis") as temporary:
        place = temporary / data.name
        shutil.copytree(data, place, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        read = [read_workbook(path, data) for path in workbooks]
        for at, filled in enumerate(read):
            _check_against(filled, read[:at])
            apply(filled, place)
        records = [record(filled) for filled in read]
        try:
            yield Given(place, tuple(records))
        except (ValueError, ArithmeticError) as error:
            if about_the_start(error) and any(filled.changes for filled in read):
                raise start_error(error, read) from error
            raise


def _check_against(filled: Filled, others: Sequence[Filled]) -> None:
    """Complain of a second workbook of a country, and of a figure (of a corridor, say) that two workbooks change in two ways."""
    for other in others:
        if other.template.country == filled.template.country:
            filled.findings.add(f"is a workbook of {filled.template.country}, as {other.name} is; give one for each country")
        theirs = {change.input.target: change for change in other.changes}
        for change in filled.changes:
            same = theirs.get(change.input.target)
            if same is not None and same.new != change.new:
                text = f"found {plain_number(change.new)}, but {other.name} has {plain_number(same.new)} in {same.cell}; give one figure"
                filled.findings.add(text, change.tab, change.row, change.column)


def record(filled: Filled) -> dict[str, Any]:
    """What a manifest says of a workbook."""
    return {
        "file": filled.name,
        "sha256": filled.sha256,
        "country": filled.template.country,
        "template_version": VERSION,
        "changes": [
            {"cell": c.cell, "file": f"data/{c.input.target.file}", "field": str(c.input.target), "old": c.input.value, "new": c.new}
            for c in filled.changes
        ],
        "remarks": list(filled.findings.remarks),
    }


def apply(filled: Filled, data: Path) -> None:
    """Write the changes into the folder ``data`` and check what came out. Raises :class:`InputError` with all complaints about the workbook."""
    before = base_scheme(filled, data) if filled.changes else None
    remark_far_changes(filled)
    by_file: dict[str, list[Change]] = defaultdict(list)
    for change in filled.changes:
        for file in dict.fromkeys(target.file for target in (change.input.target, *change.input.also)):
            by_file[file].append(change)
    for file, changes in sorted(by_file.items()):
        path = data / file
        if not path.is_file():
            text = _whole_table(filled, file)
        elif file.endswith(".yaml"):
            text = _changed_yaml(filled, path, file, changes)
        else:
            text = _changed_csv(filled, path, file, changes)
        path.write_text(text, encoding="utf-8", newline="\n")
    _check(filled, data, by_file)
    if before is not None:
        check_contributions(filled, before, base_scheme(filled, data))
    filled.findings.check(filled.tabs)


def _changed_yaml(filled: Filled, path: Path, file: str, changes: Sequence[Change]) -> str:
    document = read_yaml(path)
    numbers = {str(text): int(number) for number, text in document.data["sources"].items()}
    edits: dict[tuple[str | int, ...], str] = {}

    def source(text: str) -> str:
        if text not in numbers:
            numbers[text] = max(numbers.values(), default=0) + 1
            edits["sources", numbers[text]] = scalar(text)
        return str(numbers[text])

    def node(row: Row) -> Any:
        found: Any = document.data
        for key in row:
            found = found[key]
        return found

    for target, value in _with_evidence(filled, file, changes, lambda row, part: part == "method" and "method" in node(row)):
        at = (*(k for k in target.row if not isinstance(k, tuple)), target.part)
        if target.part == "source":
            edits[at] = "[]" if value is None else source(str(value))
        elif target.part.removeprefix("indexation_") in (*PARTS, "method"):
            edits[at] = scalar("" if value is None else str(value)) if target.part.removeprefix("indexation_") != "confidence" else str(value)
        else:
            edits[at] = plain_number(value)
    return edited_yaml(path.read_text(encoding="utf-8"), edits)


def _changed_csv(filled: Filled, path: Path, file: str, changes: Sequence[Change]) -> str:
    table = read_csv(path)
    cells: dict[Key, dict[str, str]] = defaultdict(dict)
    for target, value in _with_evidence(filled, file, changes, lambda _row, part: part in table.columns):
        key = tuple(k for k in target.row if isinstance(k, tuple))
        cells[key][target.part] = plain_number(value)
        if target.part in _WAYS and _WAYS[target.part] in table.columns:
            cells[key][_WAYS[target.part]] = "assumed"
        if "status" in table.columns:
            cells[key]["status"] = "reported"
        if target.part == "inflation" and "measure" in table.columns:
            cells[key]["measure"] = "assumed"
    return edited(table, cells)


def _with_evidence(
    filled: Filled, file: str, changes: Sequence[Change], has: Callable[[Row, str], bool]
) -> Iterator[tuple[Target, Value]]:  # fmt: skip
    """Changed places of a file with their values, and after each changed figure the evidence that the workbook does not give itself.

    ``has`` says whether the row has a part that is not the evidence of :data:`PARTS` in a YAML file.
    """
    given = {change.input.target: change.new for change in changes}
    done: set[Target] = set()
    for change in changes:
        cell = change.input
        for target in (cell.target, *cell.also):
            if target.file == file:
                yield target, change.new
        if _is_evidence(cell) or cell.evidence is None or cell.target.file != file:
            continue
        prefix = "indexation_" if cell.target.part == "indexation" else ""
        sourced = not prefix and (file.endswith(".yaml") or has(cell.evidence, "source"))
        for part, value in _default_evidence(filled.name, cell, change.new, sourced=sourced).items():
            target = Target(file, cell.evidence, f"{prefix}{part}")
            known = part in PARTS if file.endswith(".yaml") else has(cell.evidence, part)
            known = known or has(cell.evidence, part)
            if part == "confidence" and Target(file, cell.evidence, "source") in given:
                continue  # who names a source has looked at the mark beside it
            if known and not (prefix and part == "source") and target not in given and target not in done:
                done.add(target)
                yield target, value


def _is_evidence(cell: Input) -> bool:
    return cell.target.part.removeprefix("indexation_") in PARTS


def _default_evidence(name: str, cell: Input, new: Value, *, sourced: bool) -> dict[str, str]:
    """Evidence of a changed figure; the note names the workbook where there is no place for a source."""
    source = f"input workbook {name}"
    note = f"{plain_number(new)} in place of {plain_number(cell.value)}"
    return {
        "confidence": "assumed",
        "source": source,
        "reason": note if sourced else f"{source}: {note}",
        "method": source,
    }


def _whole_table(filled: Filled, file: str) -> str:
    """A table that the data folder lacks, from every input that belongs to it."""
    rows: dict[Row, dict[str, str]] = defaultdict(dict)
    for sheet in filled.template.sheets:
        for _r, _c, cell in sheet.inputs():
            if cell.target.file == file:
                value = filled.values.get(cell.target, cell.value)
                rows[cell.target.row] |= {k[0]: k[1] for k in cell.target.row if isinstance(k, tuple)}
                rows[cell.target.row][cell.target.part] = plain_number(value)
    ordered = sorted(rows.values(), key=lambda row: (row["sex"] != "male", int(row["age"])))
    return line_of(list(ordered[0])) + "".join(line_of(list(row.values())) for row in ordered)


def plain_number(value: Value) -> str:
    """A value as data files write it, so that reading gives the same number.

    >>> plain_number(94800000000.0), plain_number(0.07), plain_number("wages"), plain_number(None)
    ('94800000000', '0.07', 'wages', '')
    """
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value or ""


def _check(filled: Filled, data: Path, by_file: dict[str, list[Change]]) -> None:
    """Read the changed files as a study does, and lay what is wrong at the door of the changed cells."""
    members = load_region(data).members
    loaders: dict[str, Callable[[], object]] = {
        "economy": lambda: load_economy(data, members),
        "labour": lambda: load_labour(data, members),
        "migration": lambda: load_migration(data, members),
    }
    for file, changes in by_file.items():
        folder = file.split("/")[0]
        if file.endswith(".yaml"):
            _file, problems = check_scheme(read_yaml(data / file), (data / file).parent.name, compare=False)
            for problem in problems:
                _blame(problem, changes, filled.findings)
        elif folder == "schemes":
            _try(partial(load_people, (data / file).parent), changes, data, filled.findings)
        elif folder in loaders:
            _try(loaders.pop(folder), changes, data, filled.findings)


def _try(load: Callable[[], object], changes: Sequence[Change], data: Path, findings: Findings) -> None:
    try:
        load()
    except InputError as error:
        text = str(error).replace(f"{data.resolve().as_posix()}/", "data/").replace(f"{data.as_posix()}/", "data/")
        findings.add(f"with the changed figures {text}", changes[0].tab, changes[0].row, changes[0].column)


def _blame(problem: Problem, changes: Sequence[Change], findings: Findings) -> None:
    """Put a problem of a scheme file to the changed cell nearest to it."""

    def nearness(change: Change) -> int:
        own = dotted(tuple(k for k in (*change.input.target.row, change.input.target.part) if not isinstance(k, tuple)))
        return sum(1 for _same in _common(own, problem.field))

    change = max(changes, key=nearness)
    findings.add(f"{problem.field}: {problem.text}", change.tab, change.row, change.column)


def _common(a: str, b: str) -> Iterator[str]:
    for one, other in zip(a, b, strict=False):
        if one != other:
            return
        yield one
