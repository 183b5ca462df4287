"""The shape of the pension part of ``params.yaml``: contributions, old age, lump sum, account, leaving.

1. Optional parts that a law doesn't have are left out; :mod:`actuarial.basis.scheme_law` then holds the neutral value.
2. The formula adds up in pieces: a first part, accrual beyond it, further accrual bands, a flat amount; or a table of
   steps takes the place of all of them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from actuarial.basis.scheme_values import (
    Age,
    Amount,
    Evidence,
    Factor,
    Figure,
    Flag,
    IndexChoice,
    Item,
    Limit,
    Months,
    Number,
    Rate,
)


class BothSexes(Item):
    """A parameter that the law may set apart for men and women."""

    male: Age
    female: Age


class Contributions(Item):
    """Financing of the long-term branch that is projected, and the limits of insurable earnings."""

    employee: Rate
    employer: Rate
    ceiling: Limit
    floor: Limit
    minimum_wage: Limit


class EarlyPension(Item):
    """Pension before the normal age."""

    age: Age
    reduction_per_year: Rate


class ReferenceRule(Item):
    """An average of earnings: the ``last`` months, the ``best`` months of the last ``within_months``, or the ``career``."""

    take: Literal["last", "best", "career"]
    months: int | None = Field(default=None, gt=0, multiple_of=12)
    within_months: int | None = Field(default=None, gt=0, multiple_of=12)

    @model_validator(mode="after")
    def _window(self) -> ReferenceRule:
        if (self.take == "career") != (self.months is None):
            raise ValueError("'months' belongs to take: last and take: best, and only to them")
        if (self.take == "best") != (self.within_months is not None):
            raise ValueError("'within_months' belongs to take: best, and only to it")
        if self.within_months is not None and self.months is not None and self.within_months < self.months:
            raise ValueError(f"within_months {self.within_months} is shorter than months {self.months}")
        return self


class ReferenceEarnings(Evidence):
    """Average that the pension is a share of; with several rules the higher result counts."""

    rules: tuple[ReferenceRule, ...] = Field(min_length=1)
    revaluation: IndexChoice


class AccrualBand(Item):
    """Another accrual from a number of months on, in place of the one before it."""

    from_months: Months
    accrual_per_month: Rate


class Step(Item):
    """A row of a table: from this number on, the pension is this share (or amount a year)."""

    start: Number = Field(alias="from", ge=0)
    value: Number = Field(ge=0)


class StepTable(Evidence):
    """Pension by steps of service months or of the average number of contributions a year; below the first row nothing.

    pays ``share``: of reference earnings; ``amount``: currency per year, whatever the earnings.
    """

    by: Literal["months", "average_contributions"]
    pays: Literal["share", "amount"]
    rows: tuple[Step, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ascending(self) -> StepTable:
        starts = [row.start for row in self.rows]
        if any(later <= earlier for earlier, later in zip(starts, starts[1:], strict=False)):
            raise ValueError(f"steps must ascend, found {', '.join(f'{start:g}' for start in starts)}")
        if self.pays == "share" and any(row.value > 1.0 for row in self.rows):
            raise ValueError("a step that pays a share is a fraction from 0 to 1")
        return self


class FlatPart(Item):
    """A yearly amount whatever the earnings: full after ``full_months``, in proportion below."""

    amount: Amount
    full_months: Months


class Formula(Item):
    """Pension: first_share for the first_months, then accrual per month, at most maximum_share of the reference.

    bands: further accruals from given months on. flat: an amount on top. steps: a table in place of the rest.
    """

    first_months: Months
    first_share: Rate
    accrual_per_month: Rate
    maximum_share: Rate
    bands: tuple[AccrualBand, ...] = ()
    flat: FlatPart | None = None
    steps: StepTable | None = None

    @model_validator(mode="after")
    def _bands_ascend(self) -> Formula:
        months = (self.first_months, *(band.from_months for band in self.bands))
        starts = [series.values[-1].value for series in months]
        if any(later <= earlier for earlier, later in zip(starts, starts[1:], strict=False)):
            raise ValueError(
                f"bands must begin after the first months and ascend, found {', '.join(f'{start:g}' for start in starts)}"
            )
        return self


class LatePension(Item):
    """Pension after the normal age, up to ``age``."""

    age: Age
    increase_per_year: Rate


class MinimumPension(Item):
    """The highest of an amount, a share of the minimum wage and a share of an average wage; at least one is given."""

    amount: Amount | None = None
    share_of_minimum_wage: Rate | None = None
    share_of_average_wage: Rate | None = None
    average_wage: Amount | None = None

    @model_validator(mode="after")
    def _something(self) -> MinimumPension:
        if self.amount is None and self.share_of_minimum_wage is None and self.share_of_average_wage is None:
            raise ValueError("give 'amount', 'share_of_minimum_wage' or both; or 'share_of_average_wage'")
        if (self.share_of_average_wage is None) != (self.average_wage is None):
            raise ValueError("'share_of_average_wage' and 'average_wage' (the index it is a share of) go together")
        return self


class Commutation(Item):
    """Part of the pension exchanged for a sum of ``factor`` times the yearly pension given up."""

    share: Rate
    factor: Factor


class Rounding(Evidence):
    """How the law rounds a monthly amount. ``article``: where the law says so; empty when it says nothing."""

    article: str = ""
    mode: Literal["none", "nearest", "up", "down"]
    to: float = Field(default=0.01, gt=0)


class OldAge(Item):
    """Old-age pension by formula."""

    pension_age: BothSexes
    special_ages: dict[str, Age] = {}
    early: EarlyPension | None = None
    late: LatePension | None = None
    buy_back_months: Months | None = None
    qualifying_months: Months
    formula: Formula
    reference_earnings: ReferenceEarnings
    minimum_pension: MinimumPension | None = None
    maximum_pension: Amount | None = None
    commutation: Commutation | None = None
    rounding: Rounding

    @model_validator(mode="after")
    def _ages_in_order(self) -> OldAge:
        if self.late is not None:
            latest = min(item.value for item in self.late.age.values)
            normal = max(item.value for sex in (self.pension_age.male, self.pension_age.female) for item in sex.values)
            if latest <= normal:
                raise ValueError(f"ages out of order: normal pension at {normal:g}, late pension up to {latest:g}")
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
    export_partners: Figure | None = None
    """Countries to which pensions are paid under agreements that stand already: ISO 3166 codes, separated by spaces."""
    refund: Flag
    refund_take_up: Rate
    refund_take_up_nationals: Rate | None = None
    """Share of nationals who emigrate and take the refund; without it ``refund_take_up`` holds for them too."""
    refund_bars_if_instrument: Flag
    foreigners_rights_share: Rate


class MidTerm(Item):
    """Payment of part of the balance while still insured."""

    age: Age
    minimum_months: Months
    share: Rate
    take_up: Rate


class EarlyAccess(Item):
    """Payment of part of the balance to a group that the law favours."""

    age: Age
    minimum_months: Months
    share: Rate


class SecondTier(Item):
    """Account for insurable earnings above the first limit.

    cash_share: part that may be taken in cash at payout age. contracting_out: may be paid to an approved scheme instead.
    """

    cash_share: Rate
    contracting_out: Flag


class FormerFund(Item):
    """Balances of a provident fund that the scheme replaced, still paid under its rules."""

    age: Age
    early_age: Age


class Account(Item):
    """Individual account: crediting, ages, payout."""

    crediting_spread: Rate
    payout_age: BothSexes
    early_age: Age
    payout: Literal["lump_sum", "annuity_purchase"]
    cash_share: Rate
    midterm: MidTerm | None = None
    disability_access: EarlyAccess | None = None
    tier_one_limit: Amount | None = None
    tier_two: SecondTier | None = None
    former_fund: FormerFund | None = None
    preservation: Flag

    @model_validator(mode="after")
    def _ages_in_order(self) -> Account:
        ages = [("early payout", self.early_age), ("payout", self.payout_age.male)]
        if self.midterm is not None:
            ages.insert(0, ("mid-term access", self.midterm.age))
        if self.tier_two is not None and self.tier_one_limit is None:
            raise ValueError("'tier_two' needs 'tier_one_limit', the earnings from which it begins")
        lasts = [(name, age.values[-1].value) for name, age in ages]
        for (name, age), (next_name, next_age) in zip(lasts, lasts[1:], strict=False):
            if age > next_age:
                raise ValueError(f"ages out of order: {name} at {age:g}, {next_name} at {next_age:g}")
        return self
