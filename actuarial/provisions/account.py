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


def tier_contributions(law: SchemeLaw, insurable: npt.ArrayLike, *, contracted_out: npt.ArrayLike = False) -> tuple[Array, Array]:
    """Contributions per year on insurable earnings, to (first account, second account).

    Earnings up to the limit belong to the first account, the rest to the second; one account where there is no limit.
    contracted_out: the second part goes to an approved scheme and isn't counted here. Raises ``ValueError`` where the law
    doesn't allow that.
    """
    pay, outside = np.asarray(insurable, dtype=np.float64), np.asarray(contracted_out, dtype=np.bool_)
    if np.any(outside) and not law.contracting_out:
        raise ValueError(f"{law.scheme_id}: the law has no contracting out")
    first = np.minimum(pay, law.tier_one_limit) if law.tier_one_limit > 0.0 else pay
    second = np.where(outside, 0.0, law.contribution_rate * (pay - first))
    return np.asarray(law.contribution_rate * first), np.asarray(second)


def payout_by_tier(law: SchemeLaw, first: npt.ArrayLike, second: npt.ArrayLike) -> tuple[Array, Array]:
    """Split two balances at payout age into (most that may be taken in cash, least that buys an annuity).

    Cash comes from the second account only; a fund that pays lump sums pays all in cash. :func:`payout` does the same for
    the average member whose two balances aren't known.
    """
    one, two = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    cash = one + two if law.payout == "lump_sum" else law.tier_two_cash_share * two
    return np.asarray(cash), np.asarray(one + two - cash)


def purchased_annuity(price: npt.ArrayLike, annuity_factor: npt.ArrayLike, *, loading: float = 0.0) -> Array:
    """Yearly annuity that a price buys: price * (1 - loading) / annuity factor (value of 1 a year for life).

    Raises ``ValueError`` for a factor that isn't positive or a loading outside 0 to 1.
    """
    factor = np.asarray(annuity_factor, dtype=np.float64)
    if np.any(factor <= 0.0) or not 0.0 <= loading < 1.0:
        raise ValueError("an annuity factor is positive, a loading at least 0 and below 1")
    result: Array = np.asarray(price, dtype=np.float64) * (1.0 - loading) / factor
    return result


def disability_payout(law: SchemeLaw, balance: npt.ArrayLike, age: npt.ArrayLike, months: npt.ArrayLike) -> Array:
    """Part of the balance that a member with a disability may draw early: share * B from the age on, with enough months."""
    drawn = law.disability_access_share * np.asarray(balance, dtype=np.float64)
    allowed = (np.asarray(age) >= law.disability_access_age) & (np.asarray(months) >= law.disability_access_months)
    result: Array = np.where(allowed & (law.disability_access_age > 0), drawn, 0.0)
    return result


def former_fund_payable(law: SchemeLaw, age: npt.ArrayLike, *, retired: npt.ArrayLike = False) -> npt.NDArray[np.bool_]:
    """Whether the balance in a fund that the scheme replaced may be drawn: at its age, or earlier when retired."""
    years = np.asarray(age)
    at_age = years >= law.former_fund_age
    early = np.asarray(retired, dtype=np.bool_) & (years >= law.former_fund_early_age)
    return np.asarray((at_age | early) & (law.former_fund_age > 0), dtype=np.bool_)
