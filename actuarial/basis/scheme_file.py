"""The shape of ``params.yaml`` in a scheme folder: which parts it has, and what is refused.

1. Values, units and evidence are those of :mod:`actuarial.basis.scheme_values`; all money is in the scheme's currency.
2. What is unknown is listed under ``not_found`` with what is done instead; it never becomes a number silently.
3. Every file says something about each of :data:`BRANCHES`.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, Field, model_validator

from actuarial.basis.scheme_values import (
    Age,
    Amount,
    Evidence,
    Factor,
    Figures,
    Flag,
    IndexChoice,
    Item,
    Months,
    NoAmount,
    Rate,
    Series,
)

Kind = Literal["defined_benefit", "account", "not_collecting", "none"]
BranchStatus = Literal["in_force", "employer_liability", "other_institution", "planned", "none", "unknown"]

BRANCHES: Final = (
    "old_age",
    "invalidity",
    "survivors",
    "employment_injury",
    "maternity",
    "sickness",
    "health",
    "family",
    "unemployment",
)
"""Every scheme file says something about each of these, if only that the state has none."""


class BothSexes(Item):
    """A parameter that the law may set apart for men and women."""

    male: Age
    female: Age


class Contributions(Item):
    """Financing of the long-term branch that is projected, and the limits of insurable earnings."""

    employee: Rate
    employer: Rate
    ceiling: Amount | NoAmount
    floor: Amount | NoAmount
    minimum_wage: Amount | NoAmount


class EarlyPension(Item):
    """Pension before the normal age."""

    age: Age
    reduction_per_year: Rate


class ReferenceRule(Item):
    """An average of earnings: the ``last`` months, or the ``best`` months of the last ``within_months``."""

    take: Literal["last", "best"]
    months: int = Field(gt=0, multiple_of=12)
    within_months: int | None = Field(default=None, gt=0, multiple_of=12)

    @model_validator(mode="after")
    def _window(self) -> ReferenceRule:
        if (self.take == "best") != (self.within_months is not None):
            raise ValueError("'within_months' belongs to take: best, and only to it")
        if self.within_months is not None and self.within_months < self.months:
            raise ValueError(f"within_months {self.within_months} is shorter than months {self.months}")
        return self


class ReferenceEarnings(Evidence):
    """Average that the pension is a share of; with several rules the higher result counts."""

    rules: tuple[ReferenceRule, ...] = Field(min_length=1)
    revaluation: IndexChoice


class Formula(Item):
    """Pension: first_share for the first_months, then accrual per month, at most maximum_share of the reference."""

    first_months: Months
    first_share: Rate
    accrual_per_month: Rate
    maximum_share: Rate


class MinimumPension(Item):
    """The higher of an amount and a share of the minimum wage; at least one of the two is given."""

    amount: Amount | None = None
    share_of_minimum_wage: Rate | None = None

    @model_validator(mode="after")
    def _something(self) -> MinimumPension:
        if self.amount is None and self.share_of_minimum_wage is None:
            raise ValueError("give 'amount', 'share_of_minimum_wage' or both")
        return self


class Commutation(Item):
    """Part of the pension exchanged for a sum of ``factor`` times the yearly pension given up."""

    share: Rate
    factor: Factor


class Rounding(Evidence):
    """How the law rounds a monthly amount."""

    mode: Literal["none", "nearest", "up", "down"]
    to: float = Field(default=0.01, gt=0)


class OldAge(Item):
    """Old-age pension by formula."""

    pension_age: BothSexes
    early: EarlyPension | None = None
    qualifying_months: Months
    formula: Formula
    reference_earnings: ReferenceEarnings
    minimum_pension: MinimumPension | None = None
    commutation: Commutation | None = None
    rounding: Rounding

    @model_validator(mode="after")
    def _ages_in_order(self) -> OldAge:
        if self.early is not None:
            early = max(item.value for item in self.early.age.values)
            normal = min(item.value for sex in (self.pension_age.male, self.pension_age.female) for item in sex.values)
            if early >= normal:
                raise ValueError(f"ages out of order: early pension at {early:g}, normal pension at {normal:g}")
        return self


class LumpSum(Item):
    """Single payment at pension age to somebody who does not qualify for a pension.

    basis ``earnings``: ``per_year`` months of the average of the last ``averaging_months`` for every twelve months of
    service.
    basis ``contributions``: the average contribution of the last ``averaging_months`` for every month of service
    (``per_year`` left out).
    """

    basis: Literal["earnings", "contributions"]
    minimum_months: Months
    averaging_months: Months
    per_year: Factor | None = None

    @model_validator(mode="after")
    def _complete(self) -> LumpSum:
        if (self.basis == "earnings") != (self.per_year is not None):
            raise ValueError("'per_year' belongs to basis: earnings, and only to it")
        return self


class PensionsInPayment(Item):
    """Yearly increase of pensions in payment = price_share x inflation + wage_share x wage growth."""

    price_share: Rate
    wage_share: Rate


class Leaving(Item):
    """What the law does for somebody who leaves the country, without an instrument."""

    export_without_instrument: Flag
    refund: Flag
    refund_take_up: Rate
    refund_bars_if_instrument: Flag
    foreigners_rights_share: Rate


class MidTerm(Item):
    """Payment of part of the balance while still insured."""

    age: Age
    minimum_months: Months
    share: Rate
    take_up: Rate


class Account(Item):
    """Individual account: crediting, ages, payout."""

    crediting_spread: Rate
    payout_age: BothSexes
    early_age: Age
    payout: Literal["lump_sum", "annuity_purchase"]
    cash_share: Rate
    midterm: MidTerm | None = None
    tier_one_limit: Amount | None = None
    preservation: Flag

    @model_validator(mode="after")
    def _ages_in_order(self) -> Account:
        ages = [("early payout", self.early_age), ("payout", self.payout_age.male)]
        if self.midterm is not None:
            ages.insert(0, ("mid-term access", self.midterm.age))
        lasts = [(name, age.values[-1].value) for name, age in ages]
        for (name, age), (next_name, next_age) in zip(lasts, lasts[1:], strict=False):
            if age > next_age:
                raise ValueError(f"ages out of order: {name} at {age:g}, {next_name} at {next_age:g}")
        return self


class Administration(Item):
    """Cost of running the scheme as a share of contributions."""

    share_of_contributions: Rate


class Branch(Item):
    """A branch as the sources give it. ``modelled`` says whether the projection uses it."""

    status: BranchStatus
    modelled: bool
    summary: str = Field(min_length=1)
    figures: Figures = {}
    not_found: dict[str, str] = {}


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
    branches: dict[str, Branch]
    portability: Figures = {}
    related: dict[str, Related] = {}
    statistics: Figures = {}
    not_found: dict[str, str] = {}
    calibration: Calibration | None = None

    @model_validator(mode="after")
    def _parts_of_kind(self) -> SchemeFile:
        common = ("contributions", "leaving", "administration", "calibration")
        needed = {
            "defined_benefit": (*common, "old_age", "lump_sum", "pensions_in_payment"),
            "account": (*common, "account"),
        }.get(self.kind, ())
        every = (*common, "old_age", "lump_sum", "pensions_in_payment", "account")
        missing = [name for name in needed if getattr(self, name) is None]
        if missing:
            raise ValueError(f"a scheme of kind '{self.kind}' needs {', '.join(missing)}")
        excess = [name for name in every if name not in needed and getattr(self, name) is not None]
        if excess:
            raise ValueError(f"a scheme of kind '{self.kind}' has no {', '.join(excess)}")
        return self

    @model_validator(mode="after")
    def _every_branch(self) -> SchemeFile:
        missing = [name for name in BRANCHES if name not in self.branches]
        unknown = [name for name in self.branches if name not in BRANCHES]
        if missing or unknown:
            raise ValueError(
                f"branches must be {', '.join(BRANCHES)}"
                + (f"; missing: {', '.join(missing)}" if missing else "")
                + (f"; unknown: {', '.join(unknown)}" if unknown else "")
            )
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
    if isinstance(item, ReferenceEarnings):
        parts = [
            f"{rule.take} {rule.months} months" + (f" of {rule.within_months}" if rule.within_months else "")
            for rule in item.rules
        ]
        return " or ".join(parts) + (", whichever is higher" if len(parts) > 1 else "")
    return ""
