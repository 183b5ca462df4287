"""Individual accounts: crediting, mid-term access, payout at age and on leaving.

1. Contributions of a year are paid evenly over it and counted at mid-year; balances stand at 31 December.
2. The declared rate is the fund return less the crediting spread; it is never negative, because no account scheme held
   here writes balances down.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_law import SchemeLaw


def crediting_rate(law: SchemeLaw, fund_return: npt.ArrayLike) -> Array:
    """Interest declared on balances: max(fund return - spread, 0)."""
    rate: Array = np.maximum(np.asarray(fund_return, dtype=np.float64) - law.crediting_spread, 0.0)
    return rate


def accumulate(balance: npt.ArrayLike, contributions: npt.ArrayLike, rate: npt.ArrayLike) -> Array:
    """Balance at the end of a year: B * (1 + i) + C * (1 + i)^(1/2). Shapes broadcast.

    Crediting contributions as if all were paid on 1 January would overstate balances by about half a year's interest on
    them.
    """
    growth = 1.0 + np.asarray(rate, dtype=np.float64)
    result: Array = np.asarray(balance, dtype=np.float64) * growth + np.asarray(
        contributions, dtype=np.float64
    ) * np.sqrt(growth)
    return result


def payout(law: SchemeLaw, balance: npt.ArrayLike) -> tuple[Array, Array]:
    """Split a balance at payout age into (cash to the member, price of an annuity bought outside the scheme).

    Both leave the scheme. A provident fund pays all in cash.
    """
    total = np.asarray(balance, dtype=np.float64)
    share = 1.0 if law.payout == "lump_sum" else law.cash_share
    cash: Array = share * total
    annuity: Array = total - cash
    return cash, annuity


def refund(law: SchemeLaw, balance: npt.ArrayLike) -> Array:
    """Balance payable on leaving the country, before take-up; 0 where the law has no such payment."""
    total = np.asarray(balance, dtype=np.float64)
    result: Array = total.copy() if law.refund_on_leaving else np.zeros_like(total)
    return result


def midterm_payout(law: SchemeLaw, balance: npt.ArrayLike, age: npt.ArrayLike, months: npt.ArrayLike) -> Array:
    """Part of the balance that may be drawn while insured.

    share * B in the year in which the age is reached, with enough months; else 0. Take-up is not applied. Shapes broadcast.
    """
    drawn = law.midterm_share * np.asarray(balance, dtype=np.float64)
    allowed = (np.asarray(age) == law.midterm_age) & (np.asarray(months) >= law.midterm_months) & (law.midterm_age > 0)
    result: Array = np.where(allowed, drawn, 0.0)
    return result
