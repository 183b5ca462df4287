"""The law of the branches beside old age in one year, as plain numbers.

Amounts are national currency per year (grants: currency once), rates are fractions, ages completed years, degrees of
disablement 0 to 1. A branch that a state doesn't have, or whose rules were not found, is ``None`` in
:class:`~actuarial.basis.scheme_law.SchemeLaw`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class LevyLaw:
    """Contribution rates of a branch, and the ceiling of earnings they apply to."""

    employee_rate: float = 0.0
    employer_rate: float = 0.0
    ceiling: float = np.inf

    @property
    def rate(self) -> float:
        """Both together."""
        return round(self.employee_rate + self.employer_rate, 12)


@dataclass(frozen=True)
class QualifyingRule:
    """Months of insurance in all, of which ``recent_months`` within the last ``within_months`` (0 = no such test)."""

    minimum_months: int = 0
    recent_months: int = 0
    within_months: int = 0


@dataclass(frozen=True)
class InvalidityLaw:
    """Invalidity: one of ``qualifying`` must be met."""

    qualifying: tuple[QualifyingRule, ...]
    loss_of_capacity: float
    amount: str
    """``formula``: old-age formula; ``balance``: the account."""
    first_part_in_full: bool = False
    projected_until_age: int = 0
    """0 where no service is projected."""
    projected_share: float = 0.0
    levy: LevyLaw = LevyLaw()


@dataclass(frozen=True)
class SharesLaw:
    """Shares of a family; see :class:`actuarial.basis.scheme_benefits.SurvivorShares`."""

    spouse: float
    spouse_until_remarriage: bool
    children_shared: bool
    half_orphan: float
    full_orphan: float
    parent: float
    parents_shared: bool
    parents_only_alone: bool
    family_maximum: float
    child_age: int
    student_age: int
    disabled_child_without_limit: bool


@dataclass(frozen=True)
class TopUpLaw:
    """Supplement to the first account on death."""

    minimum_months: int
    share_of_months: float
    maximum_months: int


@dataclass(frozen=True)
class SurvivorsLaw:
    """Survivors' benefits and funeral grant."""

    amount: str
    """``pension``: shares of the deceased's pension; ``balance``: the account."""
    minimum_months: int
    shares: SharesLaw | None = None
    lump_sum_in_lieu: bool = False
    """Where the deceased had fewer months: the old-age lump sum, divided by the same shares."""
    death_grant_months: float = 0.0
    """Monthly pensions paid once when a pensioner dies."""
    top_up: TopUpLaw | None = None
    funeral_grant: float = 0.0
    levy: LevyLaw = LevyLaw()


@dataclass(frozen=True)
class TemporaryLaw:
    """Temporary incapacity for work."""

    rate: float
    waiting_days: int
    employer_pays_waiting: bool
    maximum_days: int
    averaging_months: int
    in_hospital: float = 1.0


@dataclass(frozen=True)
class PermanentLaw:
    """Permanent disablement in an insured scheme."""

    total_rate: float
    pension_degree: float
    strictly_above: bool
    lump_from_degree: float
    lump_years: float
    minimum_pension: float = 0.0
    attendance: float = 0.0


@dataclass(frozen=True)
class InjuryLaw:
    """Employment injury insured by a scheme."""

    temporary: TemporaryLaw
    permanent: PermanentLaw
    survivors: SharesLaw
    survivors_share_of: str
    funeral_grant: float = 0.0
    levy: LevyLaw = LevyLaw()


@dataclass(frozen=True)
class InjuryLiabilityLaw:
    """Employment injury as the employer's liability, in months of earnings."""

    temporary: TemporaryLaw
    permanent_total_months: float
    partial_maximum_months: float
    death_months: float
    death_deduction: float
    attendance: float = 0.0


@dataclass(frozen=True)
class MaternityLaw:
    """Maternity cash and birth grant."""

    qualifying: tuple[QualifyingRule, ...]
    days: int
    scheme_days: int
    rate: float
    days_per_month: int
    averaging_months: int
    birth_grant: float = 0.0
    levy: LevyLaw = LevyLaw()


@dataclass(frozen=True)
class SicknessLaw:
    """Sickness cash."""

    qualifying: tuple[QualifyingRule, ...]
    rate: float
    waiting_days: int
    maximum_days: int
    days_per_month: int
    paid_by_scheme: bool
    levy: LevyLaw = LevyLaw()


@dataclass(frozen=True)
class UnemploymentLaw:
    """Unemployment benefit."""

    qualifying: QualifyingRule
    rate: float
    maximum_months: int
    citizens_only: bool
    below_age: int
    resignation_bars: bool
    refund_share_below: float
    levy: LevyLaw = LevyLaw()


@dataclass(frozen=True)
class FamilyLaw:
    """Allowance per child."""

    qualifying: QualifyingRule
    worker_resident: bool
    child_resident: bool
    per_child: float
    child_age: int
    levy: LevyLaw = LevyLaw()


@dataclass(frozen=True)
class HealthLevyLaw:
    """A contribution to health insurance; the premium per household is 0 where contributions follow income."""

    title: str
    employee_rate: float = 0.0
    employer_rate: float = 0.0
    pensioner_rate: float = 0.0
    minimum: float = 0.0
    per_household: float = 0.0
    persons_per_household: float = 1.0


@dataclass(frozen=True)
class HealthLaw:
    """Health insurance as contributions and cost."""

    levies: tuple[HealthLevyLaw, ...]
    members_per_contributor: float
    unit_cost: float
    """Currency per member and year."""
