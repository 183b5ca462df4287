"""Increase of pensions in payment by the rule of their law."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_law import SchemeLaw

Numbers = npt.ArrayLike


def increase_rate(law: SchemeLaw, inflation: Numbers, wage_growth: Numbers) -> Array:
    """Yearly increase: price share x inflation + wage share x wage growth. Shapes broadcast."""
    prices, wages = np.asarray(inflation, dtype=np.float64), np.asarray(wage_growth, dtype=np.float64)
    result: Array = law.price_share * prices + law.wage_share * wages
    return result


def pension_in_payment(law: SchemeLaw, award: Numbers, inflation: Numbers, wage_growth: Numbers) -> Array:
    """Pension after each year [..., years]: the award times the product of the increases of the law it was awarded under."""
    growth = np.cumprod(1.0 + increase_rate(law, inflation, wage_growth), axis=-1)
    result: Array = np.asarray(award, dtype=np.float64)[..., None] * growth
    return result
