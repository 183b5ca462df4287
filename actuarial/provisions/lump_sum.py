"""Single payment to somebody who reaches pension age, or leaves, without qualifying for a pension."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_law import SchemeLaw

MONTHS_PER_YEAR = 12.0


def lump_sum_amount(law: SchemeLaw, months: npt.ArrayLike, reference: npt.ArrayLike) -> Array:
    """Amount by the lump-sum formula, whoever may claim it: k * (m / 12) * (R / 12).

    k months of average pay for every twelve months of service m; ``reference`` R is the average of the last
    ``law.lump_sum_reference_months`` of insurable earnings, per year. Where the law pays an average contribution for
    every month of service,
    k is twelve times the contribution rate. Shapes broadcast. Raises ``ValueError`` for negative months.
    """
    m = np.asarray(months, dtype=np.float64)
    if np.any(m < 0.0):
        raise ValueError("months of service cannot be negative")
    amount: Array = (
        law.lump_sum_months_per_year
        * (m / MONTHS_PER_YEAR)
        * (np.asarray(reference, dtype=np.float64) / MONTHS_PER_YEAR)
    )
    return amount


def lump_sum(law: SchemeLaw, months: npt.ArrayLike, reference: npt.ArrayLike) -> Array:
    """Settlement at pension age: the amount for ``lump_sum_minimum_months`` <= m < ``qualifying_months``, else 0."""
    m = np.asarray(months, dtype=np.float64)
    amount = lump_sum_amount(law, m, reference)
    paid: Array = np.where((m >= law.lump_sum_minimum_months) & (m < law.qualifying_months), amount, 0.0)
    return paid


def refund(law: SchemeLaw, months: npt.ArrayLike, reference: npt.ArrayLike) -> Array:
    """Refund on leaving the country where the law of a defined-benefit scheme has one, by the lump-sum formula; else 0.

    Like the settlement it goes to those who do not qualify for a pension. The share who take it is
    ``law.refund_take_up`` and is not applied here.
    """
    m = np.asarray(months, dtype=np.float64)
    amount = lump_sum_amount(law, m, reference)
    paid: Array = (
        np.where((m > 0.0) & (m < law.qualifying_months), amount, 0.0)
        if law.refund_on_leaving
        else np.zeros_like(amount)
    )
    return paid
