"""The shape of ``params.yaml`` in a scheme folder: which parts it has, and what is refused.

1. Values, units and evidence are those of :mod:`actuarial.basis.scheme_values`; all money is in the scheme's currency.
2. What is unknown is listed under ``not_found`` with what is done instead; it never becomes a number silently.
3. Every file says something about each of :data:`BRANCHES`.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, Field, model_validator

from actuarial.basis.dimensions import FIRST_YEAR, LAST_YEAR
from actuarial.basis.scheme_branches import Branch, Branches
from actuarial.basis.scheme_pension import (
    Account,
    Contributions,
    Leaving,
    LumpSum,
    OldAge,
    PensionsInPayment,
    ReferenceEarnings,
    Rounding,
    StepTable,
)
from actuarial.basis.scheme_values import Amount, Evidence, Figure, Figures, Item, NoAmount, Rate, Series

__all__ = ["BRANCHES", "Branch", "Branches", "Contributions", "ReferenceEarnings", "Related", "SchemeFile", "Target", "walk"]

Kind = Literal["defined_benefit", "account", "not_collecting", "none"]

BRANCHES: Final = tuple(Branches.model_fields)
"""Every scheme file says something about each of these, if only that the state has none."""


class Administration(Item):
    """Cost of running the scheme as a share of contributions."""

    share_of_contributions: Rate


class Related(Item):
    """A levy, another scheme or an agreement of the same state, held for reference."""

    title: str
    figures: Figures = {}
    not_found: dict[str, str] = {}


class Target(Evidence):
    """A base-year figure that the projection starts from.

    value: figure for (or at the end of) the base year; published, date: the figure it rests on (none where none was
    found); method: how the one became the other.
    """

    value: float = Field(ge=0)
    unit: str
    published: float | None
    date: str
    method: str = Field(min_length=1)


class Calibration(Item):
    """Base-year targets in whole currency units: flows per year, stocks at 31 December, average earnings per month."""

    active_contributors: Target
    average_insurable_earnings: Target
    contributions: Target
    benefits: Target
    reserve: Target
    pensioners: Target | None = None
    pension_payroll: Target | None = None
    member_balances: Target | None = None


class Beginning(Item):
    """A scheme that begins after the valuation date, in place of base-year figures: nobody was insured before, nothing is in payment, no reserve."""

    first_year: Figure
    """Calendar year of the first contributions; at its end the first are insured."""
    full_year: Figure
    """Calendar year at whose end cover has reached its level, in a straight line from nothing."""
    covered_share: Figure
    """Contributors per resident of 15 to 59 at the end of ``full_year``; the share of every age and sex stays from then on."""

    @model_validator(mode="after")
    def _in_order(self) -> Beginning:
        first, full = self.first_year.value, self.full_year.value
        for name, value in (("first_year", first), ("full_year", full)):
            if not isinstance(value, int) or isinstance(value, bool) or not FIRST_YEAR <= value <= LAST_YEAR:
                raise ValueError(f"{name}: found {value}, allowed are whole years from {FIRST_YEAR} to {LAST_YEAR}")
        if full < first:  # type: ignore[operator]
            raise ValueError(f"full_year {full} lies before first_year {first}")
        share = self.covered_share.value
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0.0 < share <= 1.0:
            raise ValueError(f"covered_share: found {share}, allowed is a fraction above 0 and at most 1")
        return self


class Collection(Item):
    """How much of what is insured is paid.

    density: share of the year contributed by somebody who is insured throughout it; it scales credited months and pay.
    compliance: contributions collected over contributions due; it scales what the scheme receives, not what it owes to members.
    """

    density: Rate
    compliance: Rate

    @model_validator(mode="after")
    def _above_zero(self) -> Collection:
        for name in ("density", "compliance"):
            if any(item.value <= 0.0 for item in getattr(self, name).values):
                raise ValueError(f"{name} must be above 0 and at most 1")
        return self


class SchemeFile(Item):
    """A whole ``params.yaml``."""

    id: str
    country: str = Field(pattern=r"^[A-Z]{3}$")
    title: str
    kind: Kind
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    sources: dict[int, str]
    identity: Figures
    contributions: Contributions | None = None
    old_age: OldAge | None = None
    lump_sum: LumpSum | None = None
    account: Account | None = None
    pensions_in_payment: PensionsInPayment | None = None
    leaving: Leaving | None = None
    administration: Administration | None = None
    branches: Branches
    portability: Figures = {}
    related: dict[str, Related] = {}
    statistics: Figures = {}
    not_found: dict[str, str] = {}
    collection: Collection | None = None
    calibration: Calibration | None = None
    beginning: Beginning | None = None

    @model_validator(mode="after")
    def _parts_of_kind(self) -> SchemeFile:
        if self.calibration is not None and self.beginning is not None:
            raise ValueError("a scheme has 'calibration' or, when it begins after the valuation date, 'beginning', not both")
        base = "calibration" if self.beginning is None else "beginning"
        common = ("contributions", "leaving", "administration", base)
        needed = {
            "defined_benefit": (*common, "old_age", "lump_sum", "pensions_in_payment"),
            "account": (*common, "account"),
        }.get(self.kind, ())
        every = (*common, "old_age", "lump_sum", "pensions_in_payment", "account", "calibration", "beginning")
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            raise ValueError(f"a scheme of kind '{self.kind}' needs {', '.join(missing)}")
        excess = [name for name in every if name not in needed and getattr(self, name) is not None]
        excess += ["collection"] if self.collection is not None and not needed else []
        if excess:
            raise ValueError(f"a scheme of kind '{self.kind}' has no {', '.join(excess)}")
        return self

    @model_validator(mode="after")
    def _every_branch(self) -> SchemeFile:
        missing = [name for name in BRANCHES if getattr(self.branches, name) is None]
        if missing:
            raise ValueError(f"branches must be {', '.join(BRANCHES)}; missing: {', '.join(missing)}")
        return self


def walk(item: object, path: str = "") -> list[tuple[str, Evidence, str, object]]:
    """All evidence below ``item`` as (path, evidence, unit, value), in file order. Series are listed value by value."""
    found: list[tuple[str, Evidence, str, object]] = []
    if isinstance(item, Series):
        for dated in item.values:
            label = f"{path}[{dated.start.isoformat()}]" if dated.start.year > 1900 else path
            found.append((label, dated, item.unit, dated.value))
        if isinstance(item, Amount):
            choice = Evidence(
                year=item.indexed_after, confidence=item.indexation_confidence, reason=item.indexation_reason
            )
            found.append((f"{path}.indexation", choice, f"index followed after {item.indexed_after}", item.indexation))
        return found
    if isinstance(item, Evidence):
        unit, value = getattr(item, "unit", "rule"), getattr(item, "value", None)
        found.append((path, item, unit, value if value is not None else _in_words(item)))
    if isinstance(item, BaseModel):
        for name in type(item).model_fields:
            found += walk(getattr(item, name), f"{path}.{name}" if path else name)
    elif isinstance(item, dict):
        for name, part in item.items():
            found += walk(part, f"{path}.{name}")
    elif isinstance(item, tuple) and item and not isinstance(item[0], Evidence) and isinstance(item[0], BaseModel):
        for position, part in enumerate(item):
            found += walk(part, path if len(item) == 1 else f"{path}[{position + 1}]")
    elif isinstance(item, tuple) and item and isinstance(item[0], Evidence):
        for position, part in enumerate(item):
            found += walk(
                part,
                path
                if len(item) == 1
                else f"{path}[{part.year}]"
                if _years_differ(item)
                else f"{path}[{position + 1}]",
            )
    return found


def _years_differ(items: tuple[Any, ...]) -> bool:
    return len({item.year for item in items}) == len(items)


def _in_words(item: Evidence) -> str:
    if isinstance(item, NoAmount):
        return "none"
    if isinstance(item, Rounding):
        return item.mode
    if isinstance(item, StepTable):
        return "; ".join(f"from {row.start:g}: {row.value:g}" for row in item.rows)
    if isinstance(item, ReferenceEarnings):
        parts = [
            "career"
            if rule.months is None
            else f"{rule.take} {rule.months} months" + (f" of {rule.within_months}" if rule.within_months else "")
            for rule in item.rules
        ]
        return " or ".join(parts) + (", whichever is higher" if len(parts) > 1 else "")
    return ""
