"""Records that every derivation module returns: a table with all that a reader must know of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Source:
    """A publication that a table is derived from, and where anyone can obtain it."""

    title: str
    publisher: str
    edition: str
    licence: str
    where: str
    """Where the publisher offers the figures for download."""


@dataclass(frozen=True)
class Field:
    """A column: Frictionless type (string, integer, number, year, boolean), unit and meaning."""

    name: str
    type: str
    unit: str
    description: str
    constraints: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A derived table as it is written below ``data/``."""

    path: str
    """Relative to ``data/``, with forward slashes, ending in ``.csv``."""
    title: str
    frame: pd.DataFrame
    fields: tuple[Field, ...]
    sources: tuple[Source, ...]
    transformation: str
    """What was done to the source figures, in words an actuary can repeat."""
    confidence: str
    """verified, partial, recalled, derived or assumed; ``mixed`` when a column says it row by row."""
    float_format: str | None = None
