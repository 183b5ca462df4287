"""Old-age pension by formula: share of reference earnings, minimum, reduction, commutation, rounding.

1. Months are credited service; fractions are allowed and count in proportion. Reference earnings and pensions are per
   year.
2. ``law`` is the law of the award year: a pension in payment keeps the law it was awarded under.
3. Whether somebody may claim at all is :func:`qualifies`; the amount functions take that as decided elsewhere when
   ``qualifying=False``
   (totalised months qualify somebody whose own months do not).

| symbol | identifier | meaning |
|---|---|---|
| m | months | credited months |
| n0, s0 | first_months, first_share | first part of the formula |
| a | accrual_per_month | share per further month |
| s_max | maximum_share | cap of the share |
| R | reference | reference earnings per year |
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_law import SchemeLaw, StepLaw

Numbers = npt.ArrayLike


def qualifies(law: SchemeLaw, months: Numbers) -> npt.NDArray[np.bool_]:
    """Whether months of insurance open the right to a pension: m >= qualifying period, and more than none."""
    m = np.asarray(months, dtype=np.float64)
    return (m >= law.qualifying_months) & (m > 0.0) & (law.maximum_share > 0.0)


def replacement_share(law: SchemeLaw, months: Numbers) -> Array:
    """Pension as a share of reference earnings, without minimum and without asking whether the person qualifies.

    share(m) = min(s_max, s0 * min(m, n0) / n0 + a * max(m - n0, 0)), or the row of a table of steps. Bands replace the
    accrual from their month on. The first part is in proportion below n0, so that the parts of a career add up; the law
    itself pays nothing there (see :func:`qualifies`). ``months`` and the result have one shape.
    Raises ``ValueError`` for negative months.
    """
    m = np.asarray(months, dtype=np.float64)
    if np.any(m < 0.0):
        raise ValueError("months of service cannot be negative")
    if law.steps is not None:
        if law.steps.by != "months" or law.steps.pays != "share":
            raise ValueError(f"{law.scheme_id}: its table of steps gives no share of earnings by months of service")
        table: Array = np.minimum(step_value(law.steps, m), law.maximum_share)
        return table
    first = (
        law.first_share * np.minimum(m, law.first_months) / law.first_months
        if law.first_months > 0
        else np.zeros_like(m)
    )
    further = law.accrual_per_month * np.maximum(m - law.first_months, 0.0)
    before = law.accrual_per_month
    for start, accrual in law.bands:
        further = further + (accrual - before) * np.maximum(m - start, 0.0)
        before = accrual
    share: Array = np.minimum(first + further, law.maximum_share)
    return share


def step_value(steps: StepLaw, of: Numbers) -> Array:
    """Row of a step table that ``of`` (months, or average contributions a year) has reached; 0 below the first row."""
    found = np.searchsorted(np.asarray(steps.starts), np.asarray(of, dtype=np.float64), side="right")
    result: Array = np.concatenate([[0.0], steps.values])[found]
    return result


def step_pension(law: SchemeLaw, average: Numbers, reference: Numbers = 0.0) -> Array:
    """Yearly pension of a law that pays by the average number of contributions a year.

    Shares are of ``reference`` earnings; amounts ignore it. Raises ``ValueError`` for a law without such a table.
    """
    if law.steps is None or law.steps.by != "average_contributions":
        raise ValueError(f"{law.scheme_id}: no table of pensions by average contributions")
    value = step_value(law.steps, average)
    if law.steps.pays == "share":
        value = value * np.asarray(reference, dtype=np.float64)
    return value


def flat_part(law: SchemeLaw, months: Numbers) -> Array:
    """Yearly amount that doesn't follow earnings: full after ``flat_full_months``, in proportion below; 0 without one."""
    m = np.asarray(months, dtype=np.float64)
    if law.flat_amount == 0.0:
        return np.zeros_like(m)
    part = np.minimum(m / law.flat_full_months, 1.0) if law.flat_full_months else np.where(m > 0.0, 1.0, 0.0)
    result: Array = law.flat_amount * part
    return result


def maximum_period_months(law: SchemeLaw) -> float | None:
    """Months at which the share reaches its maximum; ``None`` when it never does."""
    if law.steps is not None:
        reached = [start for start, value in zip(law.steps.starts, law.steps.values, strict=True) if value >= law.maximum_share]
        return min(reached, default=None) if law.steps.by == "months" and law.steps.pays == "share" else None
    if law.bands and law.maximum_share > law.first_share:
        return _maximum_in_bands(law)
    if law.maximum_share <= law.first_share:
        return law.first_months * law.maximum_share / law.first_share if law.first_share > 0.0 else None
    if law.accrual_per_month <= 0.0:
        return None
    return law.first_months + (law.maximum_share - law.first_share) / law.accrual_per_month


def formula_pension(law: SchemeLaw, months: Numbers, reference: Numbers) -> Array:
    """Pension per year that the formula gives, before the minimum and whoever qualifies: min(share(m) * R + flat part, maximum)."""
    pension = replacement_share(law, months) * np.asarray(reference, dtype=np.float64)
    if law.flat_amount > 0.0:
        pension = pension + flat_part(law, months)
    if np.isfinite(law.maximum_pension):
        pension = np.minimum(pension, law.maximum_pension)
    return pension


def annual_pension(
    law: SchemeLaw, months: Numbers, reference: Numbers, *, minimum: bool = True, qualifying: bool = True
) -> Array:
    """Full pension per year before commutation, from the normal age on.

    pension = max(min(share(m) * R + flat part, maximum pension), minimum pension) for those who qualify, 0 for others. ``months`` and ``reference``
    broadcast.
    minimum: apply the scheme's minimum pension (a theoretical amount may have to leave it out).
    qualifying: require the qualifying period; without it the minimum goes to everybody with more than zero months.
    """
    m = np.asarray(months, dtype=np.float64)
    pension = formula_pension(law, m, reference)
    if minimum:
        pension = np.maximum(pension, law.minimum_pension)
    entitled = qualifies(law, m) if qualifying else m > 0.0
    result: Array = np.where(entitled, pension, 0.0)
    return result


def early_pension(law: SchemeLaw, pension: Numbers, years_early: Numbers) -> Array:
    """Pension drawn before the normal age: p * (1 - reduction per year * years early), never below 0.

    Raises ``ValueError`` for more years than the law allows.
    """
    years = np.asarray(years_early, dtype=np.float64)
    allowed = min(law.pension_age) - law.early_age if law.early_age else 0
    if np.any(years < 0.0) or np.any(years > allowed):
        raise ValueError(f"{law.scheme_id}: a pension can start at most {allowed} years early")
    reduced: Array = np.asarray(pension, dtype=np.float64) * np.maximum(1.0 - law.early_reduction_per_year * years, 0.0)
    return reduced


def late_pension(law: SchemeLaw, pension: Numbers, years_late: Numbers) -> Array:
    """Pension drawn after the normal age: p * (1 + increase per year * years late); years past the last age don't count.

    The pension itself is awarded on all months to the day of the claim. Raises ``ValueError`` for negative years.
    """
    years = np.asarray(years_late, dtype=np.float64)
    if np.any(years < 0.0):
        raise ValueError("years after the normal age cannot be negative")
    counted = np.minimum(years, max(law.late_age - max(law.pension_age), 0))
    raised: Array = np.asarray(pension, dtype=np.float64) * (1.0 + law.late_increase_per_year * counted)
    return raised


def pension_age(law: SchemeLaw, sex: int, group: str | None = None) -> int:
    """Normal age by sex (0 = man, 1 = woman), or the age of a group. Raises ``ValueError`` for an unknown group."""
    if group is None:
        return law.pension_age[sex]
    ages = dict(law.special_ages)
    if group not in ages:
        raise ValueError(f"{law.scheme_id}: no pension age for '{group}'; there are: {', '.join(ages) or 'none'}")
    return ages[group]


def months_to_buy(law: SchemeLaw, months: Numbers) -> Array:
    """Missing months that may be bought to qualify; 0 for those who qualify or miss more than the law sells."""
    missing = law.qualifying_months - np.asarray(months, dtype=np.float64)
    result: Array = np.where((missing > 0.0) & (missing <= law.buy_back_months), missing, 0.0)
    return result


def commute(law: SchemeLaw, pension: Numbers) -> tuple[Array, Array]:
    """Split a yearly pension into (lump sum at award, yearly pension that remains).

    lump = k * f * p and rest = (1 - k) * p with commuted share k and years' purchase f, so that lump / f + rest = p.
    """
    full = np.asarray(pension, dtype=np.float64)
    lump: Array = law.commutation_share * law.commutation_factor * full
    rest: Array = (1.0 - law.commutation_share) * full
    return lump, rest


def round_monthly(law: SchemeLaw, monthly: Numbers) -> Array:
    """Round a monthly amount as the law says; unchanged where the law says nothing."""
    amount = np.asarray(monthly, dtype=np.float64)
    if law.rounding_mode == "none":
        return amount.copy()
    steps = amount / law.rounding_to
    near = np.rint(steps)
    # A whole number of steps must not move up or down because of the last binary digit.
    steps = np.where(np.isclose(steps, near, rtol=0.0, atol=1e-9), near, steps)
    rounded = {"nearest": np.floor(steps + 0.5), "up": np.ceil(steps), "down": np.floor(steps)}[law.rounding_mode]
    result: Array = rounded * law.rounding_to
    return result


def _maximum_in_bands(law: SchemeLaw) -> float | None:
    """Month at which a formula with bands reaches the maximum, piece by piece."""
    month, share, accrual = float(law.first_months), law.first_share, law.accrual_per_month
    for start, following in (*law.bands, (np.inf, 0.0)):
        if accrual > 0.0 and month + (law.maximum_share - share) / accrual <= start:
            return month + (law.maximum_share - share) / accrual
        if not np.isfinite(start):
            break
        month, share, accrual = float(start), share + accrual * (start - month), following
    return None
