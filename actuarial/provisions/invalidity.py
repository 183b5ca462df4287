"""Invalidity: who is an invalid by law, the service that counts, and the pension.

| symbol | identifier | meaning |
|---|---|---|
| m | months | credited months of insurance |
| p | projected months | months from the contingency to an age, at a share |
| R | reference | reference earnings per year |

pension = max(share(m + p) * R, minimum), with the old-age formula; where the law pays its first part whole, the share
isn't less than that part. An account scheme pays the balance instead.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_branch_law import InvalidityLaw
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions.old_age import flat_part, replacement_share
from actuarial.provisions.qualifying import Truth, meets_any

Numbers = npt.ArrayLike


def invalidity_law(law: SchemeLaw) -> InvalidityLaw:
    """The branch. Raises ``ValueError`` when the scheme has none or its rules are not known."""
    if law.invalidity is None:
        raise ValueError(f"{law.scheme_id} {law.year}: no rules of invalidity benefits")
    return law.invalidity


def is_invalid(law: SchemeLaw, loss_of_capacity: Numbers) -> Truth:
    """Whether a loss of earning capacity (0 to 1) is invalidity."""
    return np.asarray(np.asarray(loss_of_capacity, dtype=np.float64) >= invalidity_law(law).loss_of_capacity, dtype=np.bool_)


def qualifies(law: SchemeLaw, record: Numbers) -> Truth:
    """Whether a record of credited months [..., months] (the last one before the contingency) opens the right."""
    return meets_any(invalidity_law(law).qualifying, record)


def projected_months(law: SchemeLaw, months_of_age: Numbers) -> Array:
    """Months credited for the time to the age the law names: share * max(12 * age - months of age, 0); 0 without one."""
    branch = invalidity_law(law)
    left = np.maximum(12.0 * branch.projected_until_age - np.asarray(months_of_age, dtype=np.float64), 0.0)
    result: Array = branch.projected_share * left
    return result


def credited_share(law: SchemeLaw, months: Numbers, months_of_age: Numbers) -> Array:
    """Invalidity pension as a share of reference earnings, before the minimum; 0 for nobody's months."""
    own = np.asarray(months, dtype=np.float64)
    share = replacement_share(law, own + np.where(own > 0.0, projected_months(law, months_of_age), 0.0))
    if invalidity_law(law).first_part_in_full:
        share = np.where(own > 0.0, np.maximum(share, min(law.first_share, law.maximum_share)), share)
    return np.asarray(share, dtype=np.float64)


def annual_pension(
    law: SchemeLaw, months: Numbers, reference: Numbers, months_of_age: Numbers, *, minimum: bool = True
) -> Array:
    """Invalidity pension per year for somebody invalid and qualified. Shapes broadcast.

    Raises ``ValueError`` for an account scheme, which pays a balance.
    """
    if invalidity_law(law).amount != "formula":
        raise ValueError(f"{law.scheme_id}: invalidity pays the balance of the account, not a pension")
    own = np.asarray(months, dtype=np.float64)
    pension = credited_share(law, own, months_of_age) * np.asarray(reference, dtype=np.float64)
    pension = pension + np.where(own > 0.0, flat_part(law, own + projected_months(law, months_of_age)), 0.0)
    pension = np.minimum(pension, law.maximum_pension)
    if minimum:
        pension = np.where(own > 0.0, np.maximum(pension, law.minimum_pension), 0.0)
    return np.asarray(pension, dtype=np.float64)


def balance(law: SchemeLaw, account_balance: Numbers, record: Numbers) -> Array:
    """What an account scheme pays: the balance, to those who qualify; 0 otherwise. Raises ``ValueError`` elsewhere."""
    if invalidity_law(law).amount != "balance":
        raise ValueError(f"{law.scheme_id}: invalidity pays a pension, not a balance")
    return np.asarray(np.where(qualifies(law, record), np.asarray(account_balance, dtype=np.float64), 0.0), dtype=np.float64)
