"""Replacement rates of standard careers under one law: what 10, 15, 20, 30 or 40 years of contributions pay.

1. The person contributes every month of the last n years before the normal pension age and claims there, under the law given. All years
   count in this scheme; careers split between states are priced where instruments are known.
2. Earnings grow with wages and by a career growth on top: E_u = E (1 + gamma)^-(n-u) (1 + c)^-(n-u) in year u of n, E earnings of the last year.
3. Floor, ceiling and minimum of the law are of the award year and moved with wages in the past.
4. Accounts are converted into a yearly amount by an annuity price that the caller must give: the schemes here pay cash.

| symbol | meaning |
|---|---|
| E | gross earnings of the last year |
| R | reference earnings by the law's averaging rules |
| share(m) | formula of :func:`actuarial.provisions.old_age.replacement_share` |

Benchmark: ILO Convention No. 102, part XI and schedule: 40 % for the standard old-age beneficiary after 30 years (recalled).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions.account import accumulate, crediting_rate
from actuarial.provisions.earnings import insurable, reference_earnings
from actuarial.provisions.lump_sum import lump_sum
from actuarial.provisions.old_age import annual_pension, qualifies

STANDARD_CAREERS: Final = (10, 15, 20, 30, 40)
C102_SHARE: Final = 0.40
C102_YEARS: Final = 30


@dataclass(frozen=True)
class StandardCareer:
    """Economy and earnings of the person; rates per year."""

    last_earnings: float
    wage_growth: float
    career_growth: float = 0.0
    investment_return: float | None = None
    """Needed for account schemes."""
    annuity_price: float | None = None
    """Price of 1 a year for life at payout age; needed for account schemes."""


@dataclass(frozen=True)
class CareerResult:
    """Benefit of one standard career."""

    years: int
    qualifies: bool
    """Whether a yearly amount is due at all."""
    pension: float
    """First pension a year, before commutation (accounts: balance / annuity price)."""
    lump_sum: float
    """Settlement of those who do not qualify; of an account: its balance, in place of ``pension``."""
    of_last_earnings: float
    of_career_earnings: float
    """Pension over the mean of career earnings, each brought to the last year by wage growth."""


def earnings_record(career: StandardCareer, years: int) -> Array:
    """Gross earnings [year] of the ``years`` before the award, the last one last: E [(1 + gamma)(1 + c)]^-(n-u).

    Raises ``ValueError`` for less than one year or earnings that are not positive.
    """
    if years < 1 or career.last_earnings <= 0.0:
        raise ValueError(f"a standard career has at least one year and positive earnings; found {years} years, {career.last_earnings:g}")
    growth = (1.0 + career.wage_growth) * (1.0 + career.career_growth)
    return np.asarray(career.last_earnings * growth ** (np.arange(years) - (years - 1.0)), dtype=np.float64)


def career_benefit(law: SchemeLaw, career: StandardCareer, years: int) -> CareerResult:
    """First pension / last earnings, and / revalued career average, of one standard career.

    Defined benefit: share(12 n) x R, at least the minimum pension, 0 below the qualifying period (then the lump sum, if the law has one).
    Account: sum of contributions with the crediting rate, over the annuity price. Raises ``ValueError`` where nobody is insured under the
    law, or where an account scheme lacks return or annuity price.
    """
    if not law.collecting:
        raise ValueError(f"{law.scheme_id} {law.year}: nobody is insured, so that a career has no benefit")
    gross = earnings_record(career, years)
    back = (1.0 + career.wage_growth) ** (np.arange(years) - (years - 1.0))
    insured = insurable(gross, law.floor * back, law.ceiling * back)
    if law.kind == "account":
        balance = _balance(law, career, insured)
        entitled, pension, single = True, balance / _annuity_price(law, career), balance
    else:
        months = 12.0 * years
        entitled = bool(qualifies(law, months))
        pension = float(annual_pension(law, months, reference_earnings(law.reference_periods, insured)))
        window = insured[-max(1, law.lump_sum_reference_months // 12) :]
        single = float(lump_sum(law, months, window.mean()))
    return CareerResult(years, entitled, pension, single, pension / career.last_earnings, pension / float((gross / back).mean()))


def standard_careers(law: SchemeLaw, career: StandardCareer, years: Sequence[int] = STANDARD_CAREERS) -> tuple[CareerResult, ...]:
    """:func:`career_benefit` for each number of years."""
    return tuple(career_benefit(law, career, n) for n in years)


def meets_benchmark(law: SchemeLaw, career: StandardCareer) -> bool:
    """Whether ``C102_YEARS`` years pay at least ``C102_SHARE`` of last earnings (see the module text)."""
    return career_benefit(law, career, C102_YEARS).of_last_earnings >= C102_SHARE


def _balance(law: SchemeLaw, career: StandardCareer, insured: Array) -> float:
    if career.investment_return is None:
        raise ValueError(f"{law.scheme_id} {law.year}: an account needs the investment return of the fund")
    rate = crediting_rate(law, career.investment_return)
    balance: Array = np.zeros(())
    for amount in insured:
        balance = accumulate(balance, law.contribution_rate * amount, rate)
    return float(balance)


def _annuity_price(law: SchemeLaw, career: StandardCareer) -> float:
    if career.annuity_price is None or career.annuity_price <= 0.0:
        raise ValueError(
            f"{law.scheme_id} {law.year}: an account needs the price of an annuity to be set against earnings; found {career.annuity_price}"
        )
    return career.annuity_price
