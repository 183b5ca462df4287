"""National schemes: reading a scheme folder, and its law in any year.

1. ``params.yaml`` is checked once, when read (:mod:`actuarial.basis.scheme_file`); afterwards nothing can fail but an
   index out of range.
2. A dated value is in force in a calendar year when it is in force on 1 July of that year.
3. Before its first dated value a rate, age or number of months is taken to have been the same; an amount is carried
   back with its
   declared index. History before the first source is not known; this is the convention, and the register lists the
   dates.
4. After ``indexed_after`` an amount follows its declared index: amount(t) = last amount x index(t) /
   index(indexed_after).
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
from actuarial.basis.scheme_file import Branch, Contributions, ReferenceEarnings, Related, SchemeFile, Target, walk
from actuarial.basis.scheme_law import Indices, ReferencePeriod, SchemeLaw
from actuarial.basis.scheme_values import Amount, NoAmount, Series
from actuarial.basis.yaml_file import KeyPath, YamlDocument, check, read_yaml

__all__ = ["Figure", "Indices", "Scheme", "SchemeLaw", "load_scheme", "load_schemes"]

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
        """Every branch with its status, figures and what was not found."""
        return self.file.branches

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
        return _resolve(self.file, year, indices)


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
            _resolve(file, year, Indices.from_growth(flat, flat, 1900))
        except ValueError as error:
            yield document.problem(("contributions",), str(error))


def _key_path(place: str) -> KeyPath:
    """Turn a path of the register back into keys; dates and positions in brackets are left out."""
    return tuple(re.sub(r"\[.*?\]", "", place).split("."))


def _at(series: Series, year: int) -> float:
    """Value in force on 1 July of ``year``; the first one before any was in force."""
    in_force = [item.value for item in series.values if item.start <= date(year, 7, 1)]
    return in_force[-1] if in_force else series.values[0].value


def _amount(amount: Amount | NoAmount | None, year: int, indices: Indices, none: float) -> float:
    """Amount per year in ``year``; ``none`` where the law sets no limit."""
    if amount is None or isinstance(amount, NoAmount):
        return none
    value = _at(amount, year) * amount.per_year
    first = amount.values[0].start
    if year > amount.indexed_after:
        return value * indices.at(amount.indexation, year) / indices.at(amount.indexation, amount.indexed_after)
    if first.year > 1900 and date(year, 7, 1) < first:
        return value * indices.at(amount.indexation, year) / indices.at(amount.indexation, first.year)
    return value


def _whole(series: Series, year: int) -> int:
    return round(_at(series, year))


def _total_rate(contributions: Contributions, year: int) -> float:
    """Employee and employer together, without the last binary digit of the sum (0.05 + 0.10 is 0.15)."""
    return round(_at(contributions.employee, year) + _at(contributions.employer, year), 12)


def _resolve(file: SchemeFile, year: int, indices: Indices) -> SchemeLaw:
    """Put the parts together; see :class:`SchemeLaw` for the meaning of each field."""
    fields: dict[str, object] = {}
    if file.contributions is not None:
        part = file.contributions
        fields |= {
            "contribution_rate": _total_rate(part, year),
            "employee_rate": _at(part.employee, year),
            "ceiling": _amount(part.ceiling, year, indices, np.inf),
            "floor": _amount(part.floor, year, indices, 0.0),
            "minimum_wage": _amount(part.minimum_wage, year, indices, 0.0),
        }
    if file.administration is not None:
        fields["administration_share_of_contributions"] = _at(file.administration.share_of_contributions, year)
    if file.leaving is not None:
        fields |= {
            "export_without_instrument": file.leaving.export_without_instrument.value,
            "refund_on_leaving": file.leaving.refund.value,
            "refund_take_up": _at(file.leaving.refund_take_up, year),
            "refund_bars_if_instrument": file.leaving.refund_bars_if_instrument.value,
            "foreigners_rights_share": _at(file.leaving.foreigners_rights_share, year),
        }
    fields |= _old_age_fields(file, year, indices) | _account_fields(file, year, indices)
    return SchemeLaw(scheme_id=file.id, year=year, kind=file.kind, **fields)  # type: ignore[arg-type]


def _old_age_fields(file: SchemeFile, year: int, indices: Indices) -> dict[str, object]:
    if file.old_age is None or file.lump_sum is None or file.pensions_in_payment is None or file.contributions is None:
        return {}
    old_age, lump = file.old_age, file.lump_sum
    periods = _periods(old_age.reference_earnings)
    minimum = 0.0
    if old_age.minimum_pension is not None:
        wage = _amount(file.contributions.minimum_wage, year, indices, 0.0)
        share = old_age.minimum_pension.share_of_minimum_wage
        minimum = max(
            _amount(old_age.minimum_pension.amount, year, indices, 0.0),
            wage * _at(share, year) if share is not None else 0.0,
        )
    return {
        "pension_age": (_whole(old_age.pension_age.male, year), _whole(old_age.pension_age.female, year)),
        "early_age": 0 if old_age.early is None else _whole(old_age.early.age, year),
        "early_reduction_per_year": 0.0 if old_age.early is None else _at(old_age.early.reduction_per_year, year),
        "qualifying_months": _whole(old_age.qualifying_months, year),
        "first_months": _whole(old_age.formula.first_months, year),
        "first_share": _at(old_age.formula.first_share, year),
        "accrual_per_month": _at(old_age.formula.accrual_per_month, year),
        "maximum_share": _at(old_age.formula.maximum_share, year),
        "minimum_pension": minimum,
        "reference_periods": periods,
        "reference_months": min(period.months for period in periods),
        "reference_revaluation": old_age.reference_earnings.revaluation.value,
        "commutation_share": 0.0 if old_age.commutation is None else _at(old_age.commutation.share, year),
        "commutation_factor": 0.0 if old_age.commutation is None else _at(old_age.commutation.factor, year),
        "rounding_mode": old_age.rounding.mode,
        "rounding_to": old_age.rounding.to,
        "lump_sum_minimum_months": _whole(lump.minimum_months, year),
        "lump_sum_months_per_year": 12.0 * _total_rate(file.contributions, year)
        if lump.per_year is None
        else _at(lump.per_year, year),
        "lump_sum_reference_months": _whole(lump.averaging_months, year),
        "price_share": _at(file.pensions_in_payment.price_share, year),
        "wage_share": _at(file.pensions_in_payment.wage_share, year),
    }


def _account_fields(file: SchemeFile, year: int, indices: Indices) -> dict[str, object]:
    if file.account is None:
        return {}
    account = file.account
    fields: dict[str, object] = {
        "pension_age": (_whole(account.payout_age.male, year), _whole(account.payout_age.female, year)),
        "early_age": _whole(account.early_age, year),
        "crediting_spread": _at(account.crediting_spread, year),
        "preservation": account.preservation.value,
        "payout": account.payout,
        "cash_share": _at(account.cash_share, year),
        "tier_one_limit": _amount(account.tier_one_limit, year, indices, 0.0),
    }
    if account.midterm is not None:
        fields |= {
            "midterm_age": _whole(account.midterm.age, year),
            "midterm_months": _whole(account.midterm.minimum_months, year),
            "midterm_share": _at(account.midterm.share, year),
            "midterm_take_up": _at(account.midterm.take_up, year),
        }
    return fields


def _periods(reference: ReferenceEarnings) -> tuple[ReferencePeriod, ...]:
    return tuple(ReferencePeriod(rule.take, rule.months, rule.within_months or rule.months) for rule in reference.rules)
