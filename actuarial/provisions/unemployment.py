"""Unemployment: who may claim, the monthly benefit, and what goes back to those insured too short."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_branch_law import UnemploymentLaw
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions.qualifying import Truth, meets

Numbers = npt.ArrayLike


def unemployment_law(law: SchemeLaw) -> UnemploymentLaw:
    """The branch. Raises ``ValueError`` when there is none or its rules are not known."""
    if law.unemployment is None:
        raise ValueError(f"{law.scheme_id} {law.year}: no rules of unemployment benefits")
    return law.unemployment


def may_claim(law: SchemeLaw, age: Numbers, *, citizen: Numbers = True, resigned: Numbers = False) -> Truth:
    """Whether the personal conditions are met: citizenship, age and loss of work against one's will.

    Where an instrument gives equality of treatment, the caller passes ``citizen=True`` for the partner states' nationals.
    """
    rule = unemployment_law(law)
    national = np.asarray(citizen, dtype=np.bool_) | (not rule.citizens_only)
    willing = ~(np.asarray(resigned, dtype=np.bool_) & rule.resignation_bars)
    return np.asarray(national & willing & (np.asarray(age, dtype=np.float64) < rule.below_age), dtype=np.bool_)


def qualifies(law: SchemeLaw, months: Numbers, recent: Numbers | None = None) -> Truth:
    """Whether months of insurance open the monthly benefit."""
    return meets(unemployment_law(law).qualifying, months, recent)


def months_payable(out_of_work: float, abroad: float, export_months: float) -> float:
    """Months out of work that may be paid: those at home, and those abroad as long as the benefit is exported.

    >>> months_payable(8.0, 5.0, 3.0), months_payable(8.0, 5.0, 0.0)
    (6.0, 3.0)
    """
    return out_of_work - abroad + min(abroad, export_months)


def benefit(law: SchemeLaw, monthly: Numbers, months_out_of_work: Numbers) -> Array:
    """Sum of monthly benefits over a spell: rate x last monthly pay x min(months out of work, maximum)."""
    rule = unemployment_law(law)
    paid = np.minimum(np.maximum(np.asarray(months_out_of_work, dtype=np.float64), 0.0), rule.maximum_months)
    result: Array = rule.rate * np.asarray(monthly, dtype=np.float64) * paid
    return result


def refund(law: SchemeLaw, months: Numbers, contributions: Numbers) -> Array:
    """Part of all contributions paid to somebody who doesn't reach the qualifying period; else 0."""
    rule = unemployment_law(law)
    amount = rule.refund_share_below * np.asarray(contributions, dtype=np.float64)
    short = np.asarray(months, dtype=np.float64) < rule.qualifying.minimum_months
    return np.asarray(np.where(short, amount, 0.0), dtype=np.float64)
