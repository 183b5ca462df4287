"""The data a run is given: the toolkit's own, or a copy with the figures of input workbooks. Loads nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Given:
    """The data folder to run on. ``record``: for each workbook its name, SHA-256, country, changes and remarks; empty without one."""

    data: Path
    record: tuple[dict[str, Any], ...] = ()

    @property
    def recorded(self) -> dict[str, Any]:
        """The record under its name in a manifest; empty without a workbook."""
        return {"workbooks": list(self.record)} if self.record else {}

    @property
    def remarks(self) -> list[str]:
        """Remarks of all workbooks."""
        return [f"{record['file']}: {text}" for record in self.record for text in record["remarks"]]
