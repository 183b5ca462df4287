"""National schemes: reading a scheme folder, and its law in any year.

1. ``params.yaml`` is checked once, when read (:mod:`actuarial.basis.scheme_file`); afterwards nothing can fail but an
   index out of range.
2. How dated values become the law of a year or a day: :mod:`actuarial.basis.scheme_resolve`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np

from actuarial.basis.dimensions import LAST_YEAR
from actuarial.basis.errors import InputError, Problem, raise_problems, shown, unknown_name
from actuarial.basis.region import load_region
from actuarial.basis.scheme_file import BRANCHES, Branch, Related, SchemeFile, Target, walk
from actuarial.basis.scheme_law import Indices, ReferencePeriod, SchemeLaw
from actuarial.basis.scheme_resolve import resolve
from actuarial.basis.yaml_file import KeyPath, YamlDocument, check, read_yaml

__all__ = ["Figure", "Indices", "ReferencePeriod", "Scheme", "SchemeLaw", "load_scheme", "load_schemes"]

CHECKED_YEARS = (2025, 2026, 2027)
"""Years in which a file is resolved on reading, so that a ceiling below its floor is found at once."""


@dataclass(frozen=True)
class Figure:
    """A line of the assumption register."""

    value: float | str | bool
    unit: str
    source: str
    year: str
    confidence: str
    reason: str


@dataclass(frozen=True)
class Scheme:
    """A national scheme as read from its folder. ``file`` holds every figure; the rest are shortcuts to it."""

    file: SchemeFile
    folder: Path

    @property
    def id(self) -> str:
        """Name of the scheme's folder."""
        return self.file.id

    @property
    def country(self) -> str:
        """ISO 3166 alpha-3 code."""
        return self.file.country

    @property
    def title(self) -> str:
        """Name of the institution."""
        return self.file.title

    @property
    def kind(self) -> str:
        """``defined_benefit``, ``account``, ``not_collecting`` or ``none``."""
        return self.file.kind

    @property
    def currency(self) -> str:
        """ISO 4217 code of all its amounts."""
        return self.file.currency

    @property
    def branches(self) -> Mapping[str, Branch]:
        """Every branch with its status, rules, figures and what was not found, in the order of :data:`BRANCHES`."""
        found = ((name, getattr(self.file.branches, name, None)) for name in BRANCHES)
        return {name: branch for name, branch in found if branch is not None}

    @property
    def related(self) -> Mapping[str, Related]:
        """Levies, other schemes and agreements of the same state."""
        return self.file.related

    @cached_property
    def calibration(self) -> Mapping[str, Target]:
        """Base-year targets by name; empty for a scheme that does not collect."""
        calibration = self.file.calibration
        if calibration is None:
            return {}
        return {
            name: target
            for name in type(calibration).model_fields
            if (target := getattr(calibration, name)) is not None
        }

    @property
    def collecting(self) -> bool:
        """Whether anybody is insured."""
        return self.kind in ("defined_benefit", "account")

    def sources(self, numbers: Sequence[int]) -> str:
        """Full text of numbered sources, or ``own assumption`` for none."""
        return "; ".join(self.file.sources[number] for number in numbers) or "own assumption"

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Every figure of the file as (path, figure), in file order."""
        for path, item, unit, value in walk(self.file):
            text = value if isinstance(value, bool | int | float | str) else str(value)
            yield path, Figure(text, unit, self.sources(item.source), str(item.year), item.confidence, item.reason)

    @cached_property
    def statistics(self) -> Mapping[str, tuple[Figure, ...]]:
        """Published statistics by name, in file order; ``year`` is the date or period of each."""
        return {
            name: tuple(
                Figure(item.value, item.unit, self.sources(item.source), str(item.year), item.confidence, item.reason)
                for item in items
            )
            for name, items in self.file.statistics.items()
        }

    def law(self, year: int, indices: Indices) -> SchemeLaw:
        """The law in force in a calendar year. Raises ``ValueError`` when ``indices`` do not reach the years needed."""
        return resolve(self.file, date(year, 7, 1), indices)

    def law_on(self, day: date, indices: Indices) -> SchemeLaw:
        """The law in force on the day of an award; indexed amounts are those of its calendar year.

        Raises ``ValueError`` when ``indices`` do not reach the years needed.
        """
        return resolve(self.file, day, indices)


def load_scheme(folder: Path) -> Scheme:
    """Read and check a scheme folder (``params.yaml``, ``law.md``, ``cases.yaml``).

    Raises :class:`InputError` with one message naming the file, the line or field, what was found and what is allowed.
    """
    if not folder.is_dir():
        known = sorted(path.name for path in folder.parent.iterdir() if path.is_dir()) if folder.parent.is_dir() else []
        raise InputError(f"{shown(folder.parent)}: {unknown_name('scheme', folder.name, known)}")
    for name in ("params.yaml", "law.md", "cases.yaml"):
        if not (folder / name).is_file():
            raise InputError(
                f"{shown(folder)}: {name} is missing; a scheme folder holds law.md, params.yaml and cases.yaml"
            )
    document = read_yaml(folder / "params.yaml")
    file, problems = check(document, SchemeFile)
    if file is not None:
        problems += _problems(document, file, folder.name)
    raise_problems(problems)
    assert file is not None
    return Scheme(file, folder)


def load_schemes(data_dir: Path, scheme_ids: Sequence[str]) -> tuple[Scheme, ...]:
    """Read several schemes from ``data_dir/schemes`` and check their currencies against ``data_dir/region.yaml``."""
    region = load_region(data_dir)
    schemes = tuple(load_scheme(data_dir / "schemes" / scheme_id) for scheme_id in scheme_ids)
    for scheme in schemes:
        currency = region.currencies[region.index(scheme.country)]
        if scheme.currency != currency:
            found = f"found {scheme.currency}, but the currency of {scheme.country} is {currency} (region.yaml)"
            raise InputError(f"{shown(scheme.folder / 'params.yaml')}, currency: {found}")
    return schemes


def _problems(document: YamlDocument, file: SchemeFile, folder_name: str) -> Iterator[Problem]:
    """What the model cannot see: agreement between parts of the file."""
    if file.id != folder_name:
        yield document.problem(("id",), f"found '{file.id}', allowed is the folder's name '{folder_name}'")
    if not file.id.startswith(f"{file.country}-"):
        yield document.problem(
            ("country",), f"found '{file.country}', but the id '{file.id}' begins with another country"
        )
    for place, item, unit, _ in walk(file):
        at = _key_path(place)
        unknown = [number for number in item.source if number not in file.sources]
        if unknown:
            yield document.problem(at, f"source {', '.join(map(str, unknown))} is not in the list 'sources'")
        if re.match(r"[A-Z]{3}( |$)", unit) and unit[:3] != file.currency:
            yield document.problem(at, f"unit '{unit}' is in {unit[:3]}, but the scheme's currency is {file.currency}")
    flat = np.zeros(LAST_YEAR + 1 - 1900)
    for year in CHECKED_YEARS:
        try:
            resolve(file, date(year, 7, 1), Indices.from_growth(flat, flat, 1900))
        except ValueError as error:
            yield document.problem(("contributions",), str(error))


def _key_path(place: str) -> KeyPath:
    """Turn a path of the register back into keys; dates and positions in brackets are left out."""
    return tuple(re.sub(r"\[.*?\]", "", place).split("."))
