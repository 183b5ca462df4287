"""National schemes: reading a scheme folder, and its law in any year.

1. ``params.yaml`` is checked once, when read (:mod:`actuarial.basis.scheme_file`); afterwards nothing can fail but an
   index out of range.
2. How dated values become the law of a year or a day: :mod:`actuarial.basis.scheme_resolve`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np

from actuarial.basis.dimensions import LAST_YEAR, VALUATION_YEAR
from actuarial.basis.errors import Gathered, InputError, Problem, raise_problems, shown, unknown_name
from actuarial.basis.plain_text import short
from actuarial.basis.plausible_scheme import contributions_apart, implausible, parts_of
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


def load_scheme(folder: Path, *, compare: bool = True) -> Scheme:
    """Read and check a scheme folder (``params.yaml``, ``law.md``, ``cases.yaml``; ``members.csv`` and ``pensioners.csv`` if they are there).

    Raises :class:`InputError` with one message naming the file, the line or field, what was found and what is allowed. ``compare`` as in
    :func:`check_scheme`.
    """
    if not folder.is_dir():
        known = sorted(path.name for path in folder.parent.iterdir() if path.is_dir()) if folder.parent.is_dir() else []
        raise InputError(f"{shown(folder.parent)}: {unknown_name('scheme', folder.name, known)}")
    gathered = Gathered()
    for name in ("params.yaml", "law.md", "cases.yaml"):
        if not (folder / name).is_file():
            holds = "a scheme folder holds law.md, params.yaml and cases.yaml"
            gathered.add([Problem(shown(folder), 0, "", f"{name} is missing; {holds}")])
    file = gathered.read(_params, folder, compare) if (folder / "params.yaml").is_file() else None
    people = gathered.read(load_people, folder)
    gathered.check()
    assert file is not None
    return Scheme(file, folder, people)


def _params(folder: Path, compare: bool) -> SchemeFile:
    file, problems = check_scheme(read_yaml(folder / "params.yaml"), folder.name, compare=compare)
    raise_problems(problems)
    assert file is not None
    return file


def check_scheme(document: YamlDocument, scheme_id: str, *, compare: bool = True) -> tuple[SchemeFile | None, list[Problem]]:
    """The file of the scheme named ``scheme_id`` (``None`` when it has not the right form) and everything that is wrong with it.

    Without ``compare`` contributions of the base year are not held against contributors, pay and rates: an input workbook does that by its cells.
    """
    file, problems = check(document, SchemeFile)
    problems = [*problems, *_problems(document, file, scheme_id)]
    if compare:
        problems += [document.problem(at, text) for at, text in contributions_apart(parts_of(document.data, file))]
    return file, problems


def load_schemes(data_dir: Path, scheme_ids: Sequence[str]) -> tuple[Scheme, ...]:
    """Read several schemes from ``data_dir/schemes`` and check their currencies against ``data_dir/region.yaml``."""
    region, gathered = load_region(data_dir), Gathered()
    schemes = [gathered.read(load_scheme, data_dir / "schemes" / scheme_id) for scheme_id in scheme_ids]
    for scheme in schemes:
        if scheme is not None and scheme.currency != (currency := region.currencies[region.index(scheme.country)]):
            found = f"found {scheme.currency}, but the currency of {scheme.country} is {currency} (region.yaml)"
            gathered.add([read_yaml(scheme.folder / "params.yaml").problem(("currency",), found)])
    gathered.check()
    return tuple(schemes)


def _problems(document: YamlDocument, file: SchemeFile | None, folder_name: str) -> Iterator[Problem]:
    """What the model cannot see: agreement between parts of the file, as far as they can be read."""
    data = document.data
    name, country, currency = (data.get(key) for key in ("id", "country", "currency"))
    if isinstance(name, str) and name != folder_name:
        yield document.problem(("id",), f"found '{short(name)}', allowed is the folder's name '{folder_name}'")
    if isinstance(name, str) and isinstance(country, str) and not name.startswith(f"{country}-"):
        yield document.problem(("country",), f"found '{short(country)}', but the id '{short(name)}' begins with another country")
    yield from _sources(document)
    yield from _currencies(document, currency)
    for at, text in implausible(parts_of(data, file), str(currency)):
        yield document.problem(at, text)
    if file is None:
        return
    flat = np.zeros(LAST_YEAR + 1 - 1900)
    for year in CHECKED_YEARS:
        try:
            resolve(file, date(year, 7, 1), Indices.from_growth(flat, flat, 1900))
        except ValueError as error:
            yield document.problem(("contributions",), str(error))


def _sources(document: YamlDocument) -> Iterator[Problem]:
    """Source numbers that the list ``sources`` does not have."""
    sources = document.data.get("sources")
    for at, node in _mappings(document.data):
        numbers = node.get("source", ())
        listed = numbers if isinstance(numbers, tuple) else (numbers,)
        unknown = [number for number in listed if isinstance(number, int) and number not in sources] if isinstance(sources, dict) else []
        if unknown:
            yield document.problem((*at, "source"), f"source {', '.join(map(str, unknown))} is not in the list 'sources'")


def _currencies(document: YamlDocument, currency: object) -> Iterator[Problem]:
    """Units in another currency than the scheme's; where most are in one other, it is the scheme's that is wrong."""
    if not isinstance(currency, str):
        return
    units = [((*at, "unit"), unit) for at, node in _mappings(document.data) if isinstance(unit := node.get("unit"), str)]
    money = [(at, unit) for at, unit in units if re.match(r"[A-Z]{3}( |$)", unit)]
    most, count = next(iter(Counter(unit[:3] for _, unit in money).most_common(1)), (currency, 0))
    if most != currency and 2 * count > len(money) and len(money) > 2:
        text = f"found {short(currency)}, but amounts are in {most}: the scheme's currency is {short(currency)} here only"
        yield document.problem(("currency",), text)
        return
    for at, unit in money:
        if unit[:3] != currency:
            yield document.problem(at, f"unit '{short(unit)}' is in {unit[:3]}, but the scheme's currency is {short(currency)}")


def _mappings(node: object, at: KeyPath = ()) -> Iterator[tuple[KeyPath, dict[object, object]]]:
    """Every mapping below a node (the list of sources apart) and its place."""
    if isinstance(node, dict):
        yield at, node
        for key, item in node.items():
            if (*at, key) != ("sources",):
                yield from _mappings(item, (*at, key))
    elif isinstance(node, tuple):
        for i, item in enumerate(node):
            yield from _mappings(item, (*at, i))
