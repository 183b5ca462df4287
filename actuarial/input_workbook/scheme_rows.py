"""Rows for the figures of a scheme's ``params.yaml``: found by walking the file and its model side by side, so that a new file needs no code.

1. A row is a number, a yes or no, or a choice; a rule in words is no input.
2. What the file holds for reference only (``identity``, ``statistics``, ``figures`` of branches and the like) is no input either.
3. The limits of a number follow from its type in the model.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from actuarial.basis.scheme_file import SchemeFile
from actuarial.basis.scheme_file import Target as BaseYear
from actuarial.basis.scheme_pension import ReferenceEarnings, ReferenceRule, Rounding, StepTable
from actuarial.basis.scheme_values import Age, Amount, Days, Evidence, Figure, IndexChoice, Months, NoAmount, Rate, Series, YearsOfAge
from actuarial.input_workbook.evidence import INDICES, YES_NO, choice, evidence_cells
from actuarial.input_workbook.labels import ITEMS, heading, item_label, label
from actuarial.input_workbook.model import Cell, Input, Limits, Row, Shown, Target, Value
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.register_words import unit_words

Path = tuple[str | int, ...]
REFERENCE_ONLY: Final = ("identity", "portability", "related", "statistics", "not_found", "sources", "figures", "assumed")
_SERIES: Final[Mapping[type[Series], Limits]] = {
    Rate: Limits(least=0.0, most=1.0, percent=True),
    Months: Limits("whole", 0.0, 720.0),
    Age: Limits("whole", 40.0, 75.0),
    YearsOfAge: Limits("whole", 0.0, 30.0),
    Days: Limits("whole", 0.0, 3653.0),
}
_NOT_NEGATIVE: Final = Limits(least=0.0)
_WHOLE_UNITS: Final = ("months", "years", "year", "days", "calendar year")


class SchemeRows:
    """Rows of one file. ``raw`` is the file as written, ``model`` the same checked, ``file`` its path below ``data/``."""

    def __init__(self, raw: Mapping[str, Any], model: SchemeFile, file: str) -> None:
        self._raw, self._model, self._file = raw, model, file

    def of(self, *names: str) -> list[Row]:
        """Rows of the parts named (dotted), each under a heading of its own; a part that the file lacks has none."""
        rows: list[Row] = []
        for name in names:
            path: Path = tuple(name.split("."))
            raw, model = self._at(path)
            found = [] if model is None else list(self._walk(raw, model, path, path))
            if found:
                rows += [Row(name, heading=heading(name)), *found]
        return rows

    def figure(self, name: str) -> Target:
        """Place of the value of the figure of that dotted name."""
        return Target(self._file, tuple(name.split(".")), "value")

    def _at(self, path: Path) -> tuple[Any, Any]:
        raw: Any = self._raw
        model: Any = self._model
        for key in path:
            raw, model = raw.get(key), getattr(model, str(key), None)
            if raw is None or model is None:
                return None, None
        return raw, model

    def _walk(self, raw: Any, model: Any, path: Path, evidence: Path) -> Iterator[Row]:
        if isinstance(model, Series):
            yield from self._series(raw, model, path)
        elif isinstance(model, NoAmount):
            yield self._row(path, Shown(_("none")), f"{self._model.currency} per month", Shown(None), raw, path, [], fixed=True)
        elif isinstance(model, Figure | BaseYear):
            value, limits = _figure(model)
            if limits is not None:
                yield self._row(path, Input(self._target(path, "value"), value, limits, path), model.unit, Shown(None), raw, path, model.source)
        elif isinstance(model, StepTable | ReferenceEarnings):
            yield from self._table(raw, model, path)
        elif isinstance(model, Rounding):
            return
        elif isinstance(model, BaseModel):
            for key in raw:
                if key not in REFERENCE_ONLY:
                    yield from self._walk(raw[key], _attribute(model, key), (*path, key), evidence)
        elif isinstance(model, Mapping):
            for key in raw:
                yield from self._walk(raw[key], model[key], (*path, key), evidence)
        elif isinstance(model, tuple) and model and isinstance(model[0], BaseModel):
            for i, part in enumerate(model):
                yield from self._walk(raw[i], part, (*path, i), evidence)

    def _series(self, raw: Any, model: Series, path: Path) -> Iterator[Row]:
        limits = next((limits for kind, limits in _SERIES.items() if isinstance(model, kind)), _NOT_NEGATIVE)
        dated = "values" in raw
        for i, item in enumerate(model.values):
            at: Path = (*path, "values", i) if dated else path
            entry = raw["values"][i] if dated else raw
            start: Cell = Shown(item.start.isoformat() if item.start.year > 1900 else None, checked=True)
            cell = Input(self._target(at, "value"), item.value, limits, at)
            yield self._row(at, cell, model.unit, start, entry, path, item.source, i if dated else None)
        if isinstance(model, Amount):
            place = self._target(path, "indexation")
            follows = Input(place, model.indexation, choice(INDICES), path)
            since: Cell = Shown(phrase("after {year}", year=str(model.indexed_after)), checked=True)
            given = {"confidence": model.indexation_confidence, "reason": model.indexation_reason} if "indexation_confidence" in raw else {
                "reason": model.indexation_reason}  # fmt: skip
            names = {part: f"indexation_{part}" for part in given}
            name = phrase("{amount}: follows", amount=self._label(path))
            yield Row(_reference((*path, "indexation")), (Shown(name), since, follows, Shown(None), *evidence_cells(self._file, path, given, names)))

    def _table(self, raw: Any, model: StepTable | ReferenceEarnings, path: Path) -> Iterator[Row]:
        """Rows of a table whose evidence stands once for all of it."""
        items: Sequence[StepTable | ReferenceRule | BaseModel] = model.rows if isinstance(model, StepTable) else model.rules
        name = "rows" if isinstance(model, StepTable) else "rules"
        first = True
        for i, item in enumerate(items):
            at: Path = (*path, name, i)
            for key in raw[name][i]:
                value = _attribute(item, key)
                if isinstance(value, bool) or not isinstance(value, int | float):
                    continue
                cell = Input(self._target(at, key), float(value), _in_table(model, key), path)
                rest = evidence_cells(self._file, path, self._evidence(raw, model.source)) if first else (Shown(None),) * 3
                first = False
                words = f"{self._label(path)} {i + 1}: {data_text(key.replace('_', ' '))}"
                yield Row(_reference((*at, key)), (Shown(words), Shown(None), cell, Shown(_unit_in_table(model, key), checked=True), *rest))
        if isinstance(model, ReferenceEarnings):
            yield from self._walk(raw["revaluation"], model.revaluation, (*path, "revaluation"), path)

    def _row(
        self, at: Path, cell: Cell, unit: str, start: Cell, entry: Mapping[str, Any], path: Path, source: Sequence[int],
        number: int | None = None, *, fixed: bool = False,
    ) -> Row:  # fmt: skip
        given = self._evidence(entry, source)
        evidence = tuple(Shown(c.limits.shown(c.value)) if isinstance(c, Input) else c for c in evidence_cells(self._file, at, given))
        cells = evidence if fixed else evidence_cells(self._file, at, given)
        reference = _reference(path if number is None else (*path, number + 1))
        return Row(reference, (Shown(self._label(path)), start, cell, Shown(unit_words(unit) or None, checked=True), *cells))

    def _evidence(self, entry: Mapping[str, Any], source: Sequence[int]) -> dict[str, str]:
        texts = "; ".join(self._model.sources[n] for n in source)
        return {"confidence": str(entry["confidence"]), "source": texts, "reason": str(entry.get("reason", entry.get("method", "")))}

    def _label(self, path: Path) -> str:
        """Name of a figure without the part it stands under, and without the words ``rules`` and ``values``."""
        below = path[2:] if path[0] == "branches" else path[1:]
        item = next((n for n, key in enumerate(path) if isinstance(key, int) and path[n - 1] in ITEMS), None)
        if item is not None:  # said in words, and only where there are several
            below = tuple(k for n, k in enumerate(path) if n > item)
        words = [f"{int(k) + 1}" if isinstance(k, int) else k for k in below if k not in ("rules", "liability")]
        name = label(tuple(k for k in path if isinstance(k, str)), tuple(words) or (str(path[-1]),))
        if item is None or self._count(path[:item]) < 2:
            return name
        return item_label(str(path[item - 1]), int(path[item]), name)

    def _count(self, path: Path) -> int:
        """Number of parts of the list at that place of the file."""
        found: Any = self._raw
        for key in path:
            found = found[key]
        return len(found)

    def _target(self, row: Path, part: str) -> Target:
        return Target(self._file, row, part)


def _reference(path: Path) -> str:
    return ".".join(str(key) for key in path)


def _attribute(model: BaseModel, key: str) -> Any:
    """Value of a field by the name that the file uses."""
    name = next((n for n, f in type(model).model_fields.items() if f.alias == key), key)
    return getattr(model, name)


def _figure(model: Figure | BaseYear) -> tuple[Value, Limits | None]:
    """Value and limits of a single fact; no limits for a rule in words."""
    value = model.value
    if isinstance(model, IndexChoice):
        return str(value), choice(INDICES)
    if isinstance(value, bool):
        return ("true" if value else "false"), choice(YES_NO)
    if isinstance(value, str):
        return value, None
    if model.unit.startswith(("share", "contributors per resident", "points below")):
        return float(value), Limits(least=0.0, most=1.0, percent=True)
    if isinstance(value, int) and model.unit.split(" of ")[0] in _WHOLE_UNITS:
        return float(value), Limits("whole", 0.0)
    return float(value), _NOT_NEGATIVE


def _in_table(model: Evidence, key: str) -> Limits:
    if isinstance(model, ReferenceEarnings):
        return Limits("whole", 12.0, 720.0)
    share = isinstance(model, StepTable) and model.pays == "share" and key == "value"
    return Limits(least=0.0, most=1.0 if share else math.inf, percent=share)


def _unit_in_table(model: Evidence, key: str) -> str:
    if isinstance(model, StepTable) and key == "value":
        return _("share of reference earnings") if model.pays == "share" else _("amount a year")
    if isinstance(model, StepTable):
        return data_text(model.by.replace("_", " "))
    return _("months")
