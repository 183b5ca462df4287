"""A scheme's law in one year as plain numbers: what provisions, careers and finance compute with.

Amounts are national currency per year, rates are fractions, ages are completed years, months are months of credited
service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from actuarial.basis.dimensions import HISTORY_FIRST_YEAR, VALUATION_YEAR, Array
from actuarial.basis.scheme_branch_law import (
    FamilyLaw,
    HealthLaw,
    InjuryLaw,
    InjuryLiabilityLaw,
    InvalidityLaw,
    MaternityLaw,
    SicknessLaw,
    SurvivorsLaw,
    UnemploymentLaw,
)


@dataclass(frozen=True)
class Indices:
    """Wage and price level by calendar year, 1 at the base year; they carry indexed amounts forward (and back).

    wages, prices: [years] from ``first_year`` on.
    """

    wages: Array
    prices: Array
    first_year: int = HISTORY_FIRST_YEAR

    @classmethod
    def from_growth(
        cls, wage_growth: Array, inflation: Array, first_year: int = HISTORY_FIRST_YEAR, base_year: int = VALUATION_YEAR
    ) -> Indices:
        """Build levels from yearly rates [years]; the rate of year t leads from t - 1 to t.

        Example: growth of 10 % in the year after the base year gives a level of 1.1 there.

        >>> Indices.from_growth(np.array([0.5, 0.0, 0.1]), np.zeros(3), 2024).at("wages", 2026)
        1.1
        """
        base = base_year - first_year
        if wage_growth.shape != inflation.shape or wage_growth.ndim != 1 or not 0 <= base < len(wage_growth):
            raise ValueError("wage growth and inflation must be equally long series that contain the base year")
        wages, prices = np.cumprod(1.0 + wage_growth), np.cumprod(1.0 + inflation)
        return cls(wages / wages[base], prices / prices[base], first_year)

    def at(self, name: str, year: int) -> float:
        """Level of ``wages``, ``prices`` or ``none`` (= 1) in a year. Raises ``ValueError`` outside the series."""
        if name == "none":
            return 1.0
        position = year - self.first_year
        series = {"wages": self.wages, "prices": self.prices}[name]
        if not 0 <= position < len(series):
            raise ValueError(f"index year {year} lies outside {self.first_year}..{self.first_year + len(series) - 1}")
        return float(series[position])


@dataclass(frozen=True)
class ReferencePeriod:
    """An average of yearly earnings: the last ``months``, the best ``months`` of the last ``within_months``, or all.

    For ``career`` both numbers are :data:`WHOLE_CAREER_MONTHS`, more than anybody works.
    """

    take: Literal["last", "best", "career"]
    months: int
    within_months: int


WHOLE_CAREER_MONTHS = 1200


@dataclass(frozen=True)
class StepLaw:
    """Pension by steps: from ``starts[i]`` on it is ``values[i]``, a share of earnings or an amount per year."""

    by: Literal["months", "average_contributions"]
    pays: Literal["share", "amount"]
    starts: tuple[float, ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class SchemeLaw:
    """Everything the law of one scheme says in one year, resolved to numbers.

    A scheme that does not collect, or no scheme at all, has every rate and amount at zero: nobody is insured under it.
    Fields that a kind does not have (a qualifying period in an account scheme) are zero.
    """

    scheme_id: str
    year: int
    kind: str

    contribution_rate: float = 0.0
    """Employee and employer together, long-term branch."""
    employee_rate: float = 0.0
    ceiling: float = np.inf
    """Insurable earnings are cut here."""
    floor: float = 0.0
    """Insurable earnings are lifted to this."""
    minimum_wage: float = 0.0
    """The statutory minimum wage that floors and minimum pensions refer to; 0 where none is known."""
    administration_share_of_contributions: float = 0.0

    pension_age: tuple[int, int] = (0, 0)
    """Men, women; payout age in an account scheme."""
    early_age: int = 0
    """Earliest pension or payout; 0 where there is none."""
    early_reduction_per_year: float = 0.0
    """Share of the pension lost per year before the normal age."""
    late_age: int = 0
    """Last age up to which a later pension is increased; 0 where there is no increase."""
    late_increase_per_year: float = 0.0
    special_ages: tuple[tuple[str, int], ...] = ()
    """Pension ages of groups, without reduction."""
    buy_back_months: int = 0
    """Missing months that may be bought to reach the qualifying period."""
    qualifying_months: int = 0
    first_months: int = 0
    first_share: float = 0.0
    """Share of reference earnings for the first ``first_months``."""
    accrual_per_month: float = 0.0
    bands: tuple[tuple[int, float], ...] = ()
    """Further accruals: (from month, per month), each in place of the one before it."""
    steps: StepLaw | None = None
    """A table in place of the formula."""
    flat_amount: float = 0.0
    """Currency per year after ``flat_full_months``, in proportion below; not part of ``maximum_share``."""
    flat_full_months: int = 0
    maximum_share: float = 0.0
    maximum_pension: float = np.inf
    minimum_pension: float = 0.0
    reference_periods: tuple[ReferencePeriod, ...] = ()
    """Averages of which the highest counts."""
    reference_months: int = 0
    """The shortest of those averages, which is the highest for pay that never falls."""
    reference_revaluation: str = "none"
    """Index of past earnings of somebody who has stopped contributing: ``wages``, ``prices`` or ``none``."""
    commutation_share: float = 0.0
    commutation_factor: float = 0.0
    rounding_mode: str = "none"
    rounding_to: float = 0.01
    """Step of a monthly amount, in currency units."""

    lump_sum_minimum_months: int = 0
    lump_sum_months_per_year: float = 0.0
    """Months of average earnings per twelve months of service."""
    lump_sum_reference_months: int = 0

    price_share: float = 0.0
    """Share of inflation by which pensions in payment rise."""
    wage_share: float = 0.0

    export_without_instrument: bool = False
    export_partners: tuple[str, ...] = ()
    """Countries to which pensions are paid under agreements that stand already."""
    refund_on_leaving: bool = False
    refund_take_up_nationals: float = 0.0
    """The same for nationals who emigrate; ``refund_take_up`` is for foreigners who go home."""
    refund_take_up: float = 0.0
    """Share of those with a right to a refund on leaving who take it."""
    refund_bars_if_instrument: bool = False
    """The refund ends by law where an instrument links the two states."""
    foreigners_rights_share: float = 0.0
    """Share of a national's rights that a foreigner has without equality of treatment."""

    crediting_spread: float = 0.0
    """Declared interest is the fund return less this."""
    preservation: bool = False
    """Balances of those who stop contributing stay in the account with interest."""
    payout: str = "none"
    """``lump_sum`` or ``annuity_purchase`` (bought outside the scheme)."""
    cash_share: float = 0.0
    """Share of the balance that may be taken in cash at payout age."""
    tier_one_limit: float = 0.0
    """Insurable earnings up to here go to the first account, the rest to the second; 0 where there is one account."""
    midterm_age: int = 0
    midterm_months: int = 0
    midterm_share: float = 0.0
    midterm_take_up: float = 0.0
    disability_access_age: int = 0
    disability_access_months: int = 0
    disability_access_share: float = 0.0
    tier_two_cash_share: float = 0.0
    """Part of the second account that may be taken in cash at payout age."""
    contracting_out: bool = False
    """Contributions to the second account may go to an approved scheme instead."""
    former_fund_age: int = 0
    """Payout age of balances of a fund that the scheme replaced; 0 where there was none."""
    former_fund_early_age: int = 0

    invalidity: InvalidityLaw | None = None
    survivors: SurvivorsLaw | None = None
    employment_injury: InjuryLaw | None = None
    injury_liability: InjuryLiabilityLaw | None = None
    maternity: MaternityLaw | None = None
    sickness: SicknessLaw | None = None
    unemployment: UnemploymentLaw | None = None
    family: FamilyLaw | None = None
    health: HealthLaw | None = None

    def __post_init__(self) -> None:
        if self.floor > self.ceiling:
            raise ValueError(f"{self.scheme_id} {self.year}: floor {self.floor:g} lies above ceiling {self.ceiling:g}")

    @property
    def collecting(self) -> bool:
        """Whether anybody is insured."""
        return self.kind in ("defined_benefit", "account")

    @property
    def employer_rate(self) -> float:
        """Employer's part of the contribution rate."""
        return self.contribution_rate - self.employee_rate
