"""The rules of the branches beside old age, as ``branches: <name>: rules:`` of ``params.yaml`` writes them.

1. Shares of a pension are of the deceased's (or the full) pension, degrees of disablement run from 0 to 1, days are
   calendar days unless ``days_per_month`` says that a month has fewer.
2. Optional parts that a law doesn't have are left out; nothing is filled in.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from actuarial.basis.scheme_values import (
    Age,
    Amount,
    Days,
    Factor,
    Figure,
    Flag,
    Item,
    Limit,
    Months,
    OneOff,
    Rate,
    YearsOfAge,
)


class Levy(Item):
    """Contributions of a branch with a ceiling of their own; without one the ceiling of the pension branch is not used."""

    employee: Rate | None = None
    employer: Rate | None = None
    ceiling: Limit | None = None

    @model_validator(mode="after")
    def _somebody_pays(self) -> Levy:
        if self.employee is None and self.employer is None:
            raise ValueError("give 'employee', 'employer' or both")
        return self


class Qualifying(Item):
    """Months of insurance in all, and of them ``recent_months`` within the last ``within_months``."""

    minimum_months: Months
    recent_months: Months | None = None
    within_months: Months | None = None

    @model_validator(mode="after")
    def _window(self) -> Qualifying:
        if (self.recent_months is None) != (self.within_months is None):
            raise ValueError("'recent_months' and 'within_months' go together")
        if self.recent_months is not None and self.within_months is not None:
            asked, window = self.recent_months.values[-1].value, self.within_months.values[-1].value
            if asked > window:
                raise ValueError(f"{asked:g} recent months cannot lie within the last {window:g}")
        return self


class ProjectedService(Item):
    """Service credited from the contingency to an age, counted at a share."""

    until_age: Age
    share: Rate


class InvalidityRules(Item):
    """Invalidity: the conditions of which one must be met, and the amount.

    amount ``formula``: the old-age formula on credited and projected service, with the old-age minimum;
    ``balance``: the account; ``amount_basis`` says where that is known from.
    first_part_in_full: the first part of the formula is paid whole, also to somebody with fewer months.
    """

    qualifying: tuple[Qualifying, ...] = Field(min_length=1)
    loss_of_capacity: Rate
    amount: Literal["formula", "balance"]
    amount_basis: Figure
    first_part_in_full: Flag | None = None
    projected_service: ProjectedService | None = None

    @model_validator(mode="after")
    def _formula_parts(self) -> InvalidityRules:
        if self.amount == "balance" and (self.first_part_in_full is not None or self.projected_service is not None):
            raise ValueError("'first_part_in_full' and 'projected_service' belong to amount: formula")
        return self


class SurvivorShares(Item):
    """Shares of a family in a pension (or in earnings), together at most ``family_maximum``.

    spouse: one share, split equally among several widows. children ``each``: half_orphan and full_orphan for every
    child; ``shared``: half_orphan is the share of all children together. parents: only where nobody else is left when
    ``parents_only_alone``.
    """

    spouse: Rate
    spouse_until_remarriage: Flag
    children: Literal["each", "shared"]
    half_orphan: Rate
    full_orphan: Rate | None = None
    parent: Rate | None = None
    parents: Literal["each", "shared"] = "each"
    parents_only_alone: Flag | None = None
    family_maximum: Rate
    child_age: YearsOfAge
    student_age: YearsOfAge
    disabled_child_without_limit: Flag

    @model_validator(mode="after")
    def _children(self) -> SurvivorShares:
        if (self.children == "each") != (self.full_orphan is not None):
            raise ValueError("'full_orphan' belongs to children: each, and must stand there")
        if self.student_age.values[-1].value < self.child_age.values[-1].value:
            raise ValueError("ages out of order: 'student_age' lies below 'child_age'")
        return self


class DeathTopUp(Item):
    """Account schemes: a share of the months to pension age, at most so many, times the last contribution to tier one."""

    minimum_months: Months
    share_of_months: Rate
    maximum_months: Months


class SurvivorRules(Item):
    """Survivors' benefits.

    amount ``pension``: shares of the pension that the deceased had, or would have had after ``minimum_months``;
    ``balance``: the account, and ``top_up`` on it.
    in_lieu: what is paid where the deceased had fewer months. death_grant_months: monthly pensions paid once when a
    pensioner dies. funeral_grant: sum paid once.
    """

    amount: Literal["pension", "balance"]
    minimum_months: Months
    shares: SurvivorShares | None = None
    in_lieu: Literal["old_age_lump_sum", "none"] = "none"
    in_lieu_basis: Figure | None = None
    death_grant_months: Factor | None = None
    top_up: DeathTopUp | None = None
    funeral_grant: OneOff | None = None

    @model_validator(mode="after")
    def _parts(self) -> SurvivorRules:
        if (self.amount == "pension") != (self.shares is not None):
            raise ValueError("'shares' belong to amount: pension, and only to it")
        if self.top_up is not None and self.amount != "balance":
            raise ValueError("'top_up' belongs to amount: balance")
        if (self.in_lieu != "none") != (self.in_lieu_basis is not None):
            raise ValueError("a lump sum in lieu needs 'in_lieu_basis', the figure that says where it comes from")
        return self


class Temporary(Item):
    """Temporary incapacity: a share of daily earnings, from the day after ``waiting_days``, for ``maximum_days``.

    employer_pays_waiting: the employer pays the same rate during the waiting days. in_hospital: factor on the rate
    during hospital care of somebody without dependants.
    """

    rate: Rate
    waiting_days: Days
    employer_pays_waiting: Flag
    maximum_days: Days
    averaging_months: Months
    in_hospital: Rate | None = None


class Permanent(Item):
    """Permanent disablement: total_rate of earnings x degree; below the threshold years of that pension at once.

    threshold ``from``: the pension begins at ``pension_degree`` itself; ``above``: only beyond it.
    """

    total_rate: Rate
    pension_degree: Rate
    threshold: Literal["from", "above"]
    lump_from_degree: Rate
    lump_years: Factor
    minimum_pension: Amount | None = None
    attendance: Rate | None = None

    @model_validator(mode="after")
    def _degrees(self) -> Permanent:
        low, high = self.lump_from_degree.values[-1].value, self.pension_degree.values[-1].value
        if low > high:
            raise ValueError(f"lump sums from degree {low:g} cannot begin above the pension threshold of {high:g}")
        return self


class InjuryRules(Item):
    """Employment injury insured by a scheme. survivors are shares of earnings or of the total-disablement pension."""

    temporary: Temporary
    permanent: Permanent
    survivors: SurvivorShares
    survivors_share_of: Literal["earnings", "pension"]
    funeral_grant: OneOff | None = None
    funeral_minimum_wage_days: Factor | None = None

    @model_validator(mode="after")
    def _one_grant(self) -> InjuryRules:
        if self.funeral_grant is not None and self.funeral_minimum_wage_days is not None:
            raise ValueError("give 'funeral_grant' or 'funeral_minimum_wage_days', not both")
        return self


class InjuryLiability(Item):
    """Employment injury paid by the employer (or the employer's insurer) in months of earnings.

    Permanent partial: degree x permanent_total_months, at most partial_maximum_months. death_deduction: share of the
    disablement sums already paid that is taken off. attendance: share of the permanent sum on top.
    """

    temporary: Temporary
    permanent_total_months: Factor
    partial_maximum_months: Factor
    death_months: Factor
    death_deduction: Rate
    attendance: Rate | None = None


class MaternityRules(Item):
    """Maternity: cash for days off work, and a birth grant.

    payer: who bears the days beyond ``scheme_days``; an employer's liability has scheme_days 0.
    """

    qualifying: tuple[Qualifying, ...] = ()
    days: Days
    scheme_days: Days
    rate: Rate
    days_per_month: Days
    averaging_months: Months
    birth_grant: OneOff | None = None

    @model_validator(mode="after")
    def _days(self) -> MaternityRules:
        if self.scheme_days.values[-1].value > self.days.values[-1].value:
            raise ValueError("the scheme cannot pay more days ('scheme_days') than there are ('days')")
        return self


class SicknessRules(Item):
    """Sickness cash: a share of daily earnings after waiting days, for at most so many days."""

    qualifying: tuple[Qualifying, ...] = ()
    rate: Rate
    waiting_days: Days
    maximum_days: Days
    days_per_month: Days
    payer: Literal["scheme", "employer"]


class UnemploymentRules(Item):
    """Unemployment: a share of the last pay for some months; below the qualifying period a part of contributions."""

    qualifying: Qualifying
    rate: Rate
    maximum_months: Months
    citizens_only: Flag
    below_age: Age
    resignation_bars: Flag
    refund_share_below: Rate


class FamilyRules(Item):
    """Allowance per child."""

    qualifying: Qualifying
    worker_resident: Flag
    child_resident: Flag
    per_child: Amount
    child_age: YearsOfAge


class HealthLevy(Item):
    """A contribution to health insurance. ``per_household``: a premium whatever the income."""

    title: str
    employee: Rate | None = None
    employer: Rate | None = None
    pensioner: Rate | None = None
    minimum: Amount | None = None
    per_household: Amount | None = None
    persons_per_household: Factor | None = None

    @model_validator(mode="after")
    def _something(self) -> HealthLevy:
        if all(part is None for part in (self.employee, self.employer, self.pensioner, self.per_household)):
            raise ValueError("give 'employee', 'employer', 'pensioner' or 'per_household'")
        if self.persons_per_household is not None and self.per_household is None:
            raise ValueError("'persons_per_household' belongs to 'per_household'")
        return self


class HealthRules(Item):
    """Health insurance as its contributions and its cost: members per contributor, and cost per member and year."""

    levies: tuple[HealthLevy, ...] = Field(min_length=1)
    members_per_contributor: Factor
    unit_cost: Amount
