"""The assumption register: every figure a report must be able to defend, in one shape wherever it was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pandas as pd

from actuarial.basis.figure import Figure


@dataclass(frozen=True)
class Assumption:
    """One line of the register."""

    name: str
    country: str
    """ISO 3166 alpha-3, or empty when it holds for the whole region."""
    value: str
    unit: str
    source: str
    year: str
    confidence: str
    reason: str
    file: str
    """Where to change it, relative to the repository."""


COLUMNS = ("name", "country", "value", "unit", "source", "year", "confidence", "reason", "file")


def register(assumptions: Iterable[Assumption]) -> pd.DataFrame:
    """Return the register as a table with :data:`COLUMNS`, in the order given."""
    return pd.DataFrame([asdict(a) for a in assumptions], columns=list(COLUMNS))


def from_figure(name: str, figure: Figure, file: str, country: str = "") -> Assumption:
    """Return the register line of a figure."""
    return Assumption(
        name=name,
        country=country,
        value=_words(figure.value),
        unit=figure.unit or "",
        source=figure.source,
        year="" if figure.year is None else str(figure.year),
        confidence=figure.confidence,
        reason=figure.reason or "",
        file=file,
    )


def _words(value: object) -> str:
    """Value as a register shows it: ``0: 0.25; 5: 0.6`` for points, ``old_age (from_year 2028)`` for parts by name, ``none`` for an empty list."""
    if isinstance(value, tuple):
        texts = [": ".join(str(v) for v in p.values()) if isinstance(p, dict) else str(p) for p in value]
        return "; ".join(texts) or "none"
    if isinstance(value, dict):
        parts = {k: ", ".join(f"{n} {v}" for n, v in p.items()) if isinstance(p, dict) else str(p) for k, p in value.items()}
        return "; ".join(f"{k} ({p})" for k, p in parts.items())
    return str(value)
