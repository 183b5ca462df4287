"""Worked cases of the scheme folders (``data/schemes/*/cases.yaml``): what the functions of provisions find for them, to the cent.

Prices and wages of the base year throughout: the cases say so. What has the unit of a share is held to 1e-12, a yes or no exactly.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from actuarial.basis.scheme import Indices, SchemeLaw
from actuarial.provisions import account, earnings, lump_sum, old_age
from actuarial.validation.branch_cases import CALCULATORS

SHARE_TOLERANCE: Final = 1e-12
SHARES: Final = ("share", "credited_rate")
FLAT: Final = Indices.from_growth(np.zeros(111), np.zeros(111))


def contribution(law: SchemeLaw, earnings_per_month: float) -> dict[str, float]:
    """Insurable earnings and both contributions of a month."""
    insurable = earnings.insurable(12.0 * earnings_per_month, law.floor, law.ceiling) / 12.0
    return {
        "insurable_per_month": float(insurable),
        "employee_per_month": float(law.employee_rate * insurable),
        "employer_per_month": float(law.employer_rate * insurable),
    }


def pension(
    law: SchemeLaw,
    months: float,
    reference: float | None = None,
    earnings_record: tuple[float, ...] = (),
    years_early: float = 0,
) -> dict[str, float]:
    """Reference earnings, share, pension before and after commutation."""
    average = (
        float(earnings.reference_earnings(law.reference_periods, earnings_record)) if reference is None else reference
    )
    full = old_age.annual_pension(law, months, average)
    if years_early:
        full = old_age.early_pension(law, full, years_early)
    commuted, remaining = old_age.commute(law, full)
    return {
        "reference": average,
        "share": float(old_age.replacement_share(law, months)),
        "pension_per_year": float(full),
        "pension_per_month": float(full) / 12.0,
        "commuted_sum": float(commuted),
        "remaining_per_year": float(remaining),
        "remaining_per_month": float(remaining) / 12.0,
    }


def accumulation(law: SchemeLaw, balance: float, contributions: float, fund_return: float) -> dict[str, float]:
    """Rate credited and balance after a year."""
    rate = account.crediting_rate(law, fund_return)
    return {"credited_rate": float(rate), "balance_at_end": float(account.accumulate(balance, contributions, rate))}


def calculate(law: SchemeLaw, of: str, given: dict[str, Any]) -> dict[str, float]:
    """Results of one case by name. Raises ``ValueError`` for a kind of case that is not known."""
    if of == "contribution":
        return contribution(law, **given)
    if of == "pension":
        return pension(law, **{"earnings_record" if key == "earnings" else key: value for key, value in given.items()})
    if of == "lump_sum":
        return {"lump_sum": float(lump_sum.lump_sum(law, **given))}
    if of == "refund":
        return {"refund": float(lump_sum.refund(law, **given))}
    if of == "account":
        return accumulation(law, **given)
    if of == "account_payout":
        cash, annuity = account.payout(law, **given)
        return {"cash": float(cash), "annuity_price": float(annuity)}
    if of == "account_refund":
        return {"refund": float(account.refund(law, **given))}
    if of == "account_midterm":
        return {"midterm": float(account.midterm_payout(law, **given))}
    if of in CALCULATORS:
        return CALCULATORS[of](law, **given)
    raise ValueError(f"unknown kind of case '{of}'")


def differing(law: SchemeLaw, case: dict[str, Any]) -> list[str]:
    """Names of the figures of a case that are not what it expects. Raises ``KeyError`` for a figure that is not computed."""
    found = calculate(law, case["of"], case["given"])
    return [name for name, wanted in case["expected"].items() if not _agrees(name, found[name], wanted)]


def _agrees(name: str, found: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool):
        return found is wanted
    if name in SHARES:
        return bool(abs(found - wanted) <= SHARE_TOLERANCE)
    return f"{found:.2f}" == f"{wanted:.2f}"
