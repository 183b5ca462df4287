"""Sickness: a share of daily earnings after waiting days, from the scheme or from the employer."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_branch_law import SicknessLaw
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions.qualifying import Truth, meets_any

Numbers = npt.ArrayLike


def sickness_law(law: SchemeLaw) -> SicknessLaw:
    """The branch. Raises ``ValueError`` when there is none or its rules are not known."""
    if law.sickness is None:
        raise ValueError(f"{law.scheme_id} {law.year}: no rules of sickness benefits")
    return law.sickness


def qualifies(law: SchemeLaw, record: Numbers) -> Truth:
    """Whether a record of credited months [..., months] opens the benefit."""
    return meets_any(sickness_law(law).qualifying, record)


def cash_benefit(law: SchemeLaw, monthly: Numbers, days: Numbers) -> Array:
    """Cash for ``days`` of sickness: rate x (monthly / days per month) x min(max(days - waiting, 0), maximum)."""
    rule = sickness_law(law)
    counted = np.minimum(np.maximum(np.asarray(days, dtype=np.float64) - rule.waiting_days, 0.0), rule.maximum_days)
    result: Array = rule.rate * np.asarray(monthly, dtype=np.float64) / rule.days_per_month * counted
    return result
