"""National schemes: reading a scheme folder, and its law in any year.

1. ``params.yaml`` is checked once, when read (:mod:`actuarial.basis.scheme_file`); afterwards nothing can fail but an
   index out of range.
2. How dated values become the law of a year or a day: :mod:`actuarial.basis.scheme_resolve`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np

from actuarial.basis.dimensions import LAST_YEAR, VALUATION_YEAR
from actuarial.basis.errors import InputError, Problem, raise_problems, shown, unknown_name
from actuarial.basis.region import load_region
from actuarial.basis.scheme_dated import value_on
from actuarial.basis.scheme_file import BRANCHES, Branch, Related, SchemeFile, Target, walk
from actuarial.basis.scheme_law import Indices, ReferencePeriod, SchemeLaw
from actuarial.basis.scheme_people import SchemePeople, load_people
from actuarial.basis.scheme_resolve import resolve
from actuarial.basis.yaml_file import KeyPath, YamlDocument, check, read_yaml

__all__ = ["Figure", "Indices", "ReferencePeriod", "Scheme", "SchemeLaw", "Start", "load_scheme", "load_schemes"]

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
class Start:
    """How a scheme begins: year of the first contributions, year at whose end cover is whole, contributors per resident of 15 to 59 then."""

    first_year: int
    full_year: int
    covered_share: float


@dataclass(frozen=True)
class Scheme:
    """A national scheme as read from its folder. ``file`` holds every figure; the rest are shortcuts to it."""

    file: SchemeFile
    folder: Path
    people: SchemePeople = field(default_factory=SchemePeople, compare=False)
    """How contributors and pensioners spread over age and sex, where the institution has given tables."""

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
        """Base-year targets by name; zeros for a scheme that begins later, empty for one that does not collect."""
        if self.file.beginning is not None:
            return self._nothing_yet()
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

    def _nothing_yet(self) -> Mapping[str, Target]:
        """Targets of a scheme without a base year: every flow and stock is zero."""
        account = self.kind == "account"
        names = ["active_contributors", "average_insurable_earnings", "contributions", "benefits", "reserve"]
        names += ["member_balances"] if account else ["pensioners", "pension_payroll"]
        return {
            name: Target(
                value=0.0, unit=unit, published=None, date="none", year=VALUATION_YEAR, confidence="derived",
                method="nobody was insured yet", reason="the scheme begins after the valuation date",
            )
            for name in names
            for unit in ("persons" if name in ("active_contributors", "pensioners") else self.currency,)
        }  # fmt: skip

    @property
    def starts(self) -> Start | None:
        """When and how far cover begins, for a scheme that nobody was insured in at the valuation date."""
        beginning = self.file.beginning
        if beginning is None:
            return None
        return Start(int(beginning.first_year.value), int(beginning.full_year.value), float(beginning.covered_share.value))

    def density(self, year: int) -> float:
        """Share of the year contributed by somebody insured throughout it; 1 for a scheme that does not collect."""
        return 1.0 if self.file.collection is None else value_on(self.file.collection.density, date(year, 7, 1))

    def compliance(self, year: int) -> float:
        """Contributions collected over contributions due; 1 for a scheme that does not collect."""
        return 1.0 if self.file.collection is None else value_on(self.file.collection.compliance, date(year, 7, 1))

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
    """Read and check a scheme folder (``params.yaml``, ``law.md``, ``cases.yaml``; ``members.csv`` and ``pensioners.csv`` if they are there).

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
    file, problems = check_scheme(read_yaml(folder / "params.yaml"), folder.name)
    raise_problems(problems)
    assert file is not None
    return Scheme(file, folder, load_people(folder))


def check_scheme(document: YamlDocument, scheme_id: str) -> tuple[SchemeFile | None, list[Problem]]:
    """The file of the scheme named ``scheme_id`` (``None`` when it has not the right form) and everything that is wrong with it."""
    file, problems = check(document, SchemeFile)
    return file, problems if file is None else [*problems, *_problems(document, file, scheme_id)]


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
