"""Maternity: cash for the days off work, who pays which of them, and the birth grant.

Daily earnings are monthly earnings of the law's averaging months divided by ``days_per_month``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_branch_law import MaternityLaw
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions.qualifying import Truth, meets_any

Numbers = npt.ArrayLike


def maternity_law(law: SchemeLaw) -> MaternityLaw:
    """The branch. Raises ``ValueError`` when there is none or its rules are not known."""
    if law.maternity is None:
        raise ValueError(f"{law.scheme_id} {law.year}: no rules of maternity benefits")
    return law.maternity


def qualifies(law: SchemeLaw, record: Numbers) -> Truth:
    """Whether a record of credited months [..., months] opens the scheme's cash benefit."""
    return meets_any(maternity_law(law).qualifying, record)


def cash_benefit(law: SchemeLaw, monthly: Numbers) -> Array:
    """All cash for one confinement, whoever pays: rate x daily earnings x days."""
    rule = maternity_law(law)
    return _cash(rule, rule.days, monthly)


def scheme_part(law: SchemeLaw, monthly: Numbers) -> Array:
    """The days the scheme pays, for somebody who qualifies."""
    rule = maternity_law(law)
    return _cash(rule, rule.scheme_days, monthly)


def employer_part(law: SchemeLaw, monthly: Numbers) -> Array:
    """The days that remain with the employer."""
    rule = maternity_law(law)
    return _cash(rule, rule.days - rule.scheme_days, monthly)


def birth_grant(law: SchemeLaw, births: Numbers = 1) -> Array:
    """Grant for ``births`` children; 0 where the law has none."""
    result: Array = maternity_law(law).birth_grant * np.asarray(births, dtype=np.float64)
    return result


def _cash(rule: MaternityLaw, days: int, monthly: Numbers) -> Array:
    result: Array = rule.rate * days * np.asarray(monthly, dtype=np.float64) / rule.days_per_month
    return result
