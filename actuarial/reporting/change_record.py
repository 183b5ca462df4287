"""The analysis of change between two runs as reports read it: effects by figure, what was changed, and how it was done.

1. ``effects`` has one row per country (or :data:`REGION`), figure and case. For figures that add up: ``previous`` + :data:`EFFECTS` = ``present``.
   For dates the columns of effects hold the date after that step, and the residual is missing.
2. ``changes`` lists what was changed: file, place, old and new value, class, the step with which it was replaced, source. Many entries of one file
   are one line that counts them.
3. A run keeps both below ``results/change`` with ``record.json``; :func:`attach_change` and :func:`read_change`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

CHANGE: Final = "change"
"""Folder below the results of a run."""
REGION: Final = "REGION"
"""The region among the countries of the table."""
INDEX: Final = ("country", "figure", "case")
DIFFERENCE: Final = "difference"
RATE, MONEY, USD, YEARS, COUNT, DATE = "rate", "money", "usd", "years", "count", "date"
EFFECTS: Final = ("data", "assumptions", "law", "method", "residual")
"""Columns of effects in the order of the customary table."""
COLUMNS: Final = (*INDEX, "kind", "previous", *EFFECTS, "present")
LISTED: Final = ("file", "place", "old", "new", "class", "step", "source", "entries")
TOLERANCE: Final = 1e-9
"""Of the residual, relative to the larger of both results (and to 1 for rates): the rule of all identities."""


@dataclass(frozen=True)
class How:
    """How an analysis was done."""

    order: tuple[str, ...]
    """Classes in the order in which they were replaced, after the method."""
    computed: tuple[str, ...]
    """Classes for which something that a study reads differs."""
    method_changed: bool
    """Whether the two runs were made by different code or packages."""
    present_code: bool
    """Whether the later run was made by the code that computed the steps; if so the residual must be nothing but rounding."""
    notes: tuple[str, ...] = ()
    """What could not be told apart (English, with names of files)."""
    previous: str = ""
    """Identity of the inputs of the earlier run (SHA-256)."""
    present: str = ""


@dataclass(frozen=True)
class AnalysisOfChange:
    """Effects of what was changed between two runs."""

    effects: pd.DataFrame
    """Columns :data:`COLUMNS`."""
    changes: pd.DataFrame
    """Columns :data:`LISTED`, all text but ``entries``."""
    how: How

    def residual(self) -> float:
        """The largest residual relative to what it belongs to: 0 when everything is explained, 1 when nothing is."""
        table = self.effects[self.effects["kind"] != DATE]
        floor = table["kind"].map({RATE: 1.0, YEARS: 1.0}).fillna(0.0)
        scale = table[["previous", "present"]].abs().max(axis=1).combine(floor, max)
        relative = (table["residual"].abs() / scale.where(scale > 0.0, 1.0)).dropna()
        return float(relative.max()) if len(relative) else 0.0

    def explained(self) -> bool:
        """Whether the residual is nothing but rounding."""
        return self.residual() <= TOLERANCE


def attach_change(analysis: AnalysisOfChange, results: Path) -> None:
    """Write the analysis beside the tables of a study."""
    place = results / CHANGE
    place.mkdir()
    for name, table in (("effects", analysis.effects), ("changes", analysis.changes)):
        table.to_csv(place / f"{name}.csv", index=False, float_format="%.17g", lineterminator="\n", encoding="utf-8")
    text = json.dumps(asdict(analysis.how), indent=1, ensure_ascii=False, sort_keys=True)
    (place / "record.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def read_change(results: Path) -> AnalysisOfChange | None:
    """What :func:`attach_change` wrote; ``None`` when a run has no analysis of change."""
    place = results / CHANGE
    if not (place / "record.json").is_file():
        return None
    said = json.loads((place / "record.json").read_text(encoding="utf-8"))
    listed: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    effects = pd.read_csv(place / "effects.csv", keep_default_na=False, na_values=[""], encoding="utf-8")
    effects = effects.astype(dict.fromkeys(("previous", *EFFECTS, "present"), float))
    changes = pd.read_csv(place / "changes.csv", keep_default_na=False, dtype={"entries": int} | dict.fromkeys(LISTED[:-1], str), encoding="utf-8")
    return AnalysisOfChange(effects, changes, How(**listed))
