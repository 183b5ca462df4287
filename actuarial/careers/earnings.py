"""Insurable earnings, and what a scheme's law does to the amounts that careers carry.

1. Mean earnings of age x, sex g in year t: scale x profile[g, x] x wage index(t); lognormal within the cell with one coefficient of variation.
   The profile is a cross-section: the age pattern is fixed in time and the whole of it moves with wages.
2. Insurable earnings are cut at the ceiling and lifted to the floor in expectation (closed forms of :mod:`actuarial.provisions.earnings`).
3. Reference earnings at a date are the average of the last months before it for a person insured throughout them; the ceiling of each past
   year applies. For pay that never falls, the best years and the higher of several averages are the shortest last period.
4. Somebody who stops contributing keeps the reference earnings of that date, revalued as the law says.
5. Who is insured throughout a year pays for the density of it: insurable earnings and contributions to accounts are those of the part paid,
   and a half-year of credit counts six months times density. Reference earnings are of a month that was paid, so density leaves them alone.
6. An account is credited with what is collected: a balance is money that came in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from actuarial.basis.dimensions import VALUATION_YEAR, WORK_AGE_FIRST, Array, year_index
from actuarial.basis.scheme_law import Indices, SchemeLaw
from actuarial.careers.lattice import SideRates
from actuarial.provisions import lump_sum
from actuarial.provisions.earnings import expected_between

MONTHS_PER_CREDIT = 6


def award_row(law: SchemeLaw, sex: int) -> int:
    """Row (age - 15) of the people who pass the pension age in the year."""
    return law.pension_age[sex] - 1 - WORK_AGE_FIRST


def insurable_earnings(laws: Sequence[SchemeLaw], mean: Array, cv: float) -> Array:
    """Expected insurable earnings [year, row] per insured person, from mean earnings [year, row] and the law of each year."""
    result = np.zeros_like(mean)
    for t, law in enumerate(laws):
        if law.collecting:
            result[t] = expected_between(mean[t], cv, law.floor, law.ceiling)
    return result


def reference_earnings(insurable: Array, months: int) -> Array:
    """Average earnings [year, row] over the ``months`` before 1 January of the year for somebody aged 15 + row insured throughout.

    Years before 15 or before the first year are left out of the average; without any past year it is this year's insurable earnings.
    """
    years, rows = insurable.shape
    span = max(1, round(months / 12))
    total, count = np.zeros_like(insurable), np.zeros_like(insurable)
    for back in range(1, span + 1):
        if back < years and back < rows:
            total[back:, back:] += insurable[:-back, :-back]
            count[back:, back:] += 1.0
    return np.where(count > 0, total / np.maximum(count, 1.0), insurable)


def months_per_credit(density: Array, row: int) -> Array:
    """Months that a half-year of credit counts in an award or refund of each year, for people who are aged 15 + ``row``.

    Six months times the mean density of the years since age 15: credits are not told apart by the year they were earned in, so a density that
    changes over time acts on a career by its share of the years.

    >>> months_per_credit(np.array([1.0, 1.0, 0.5]), 1).tolist()
    [6.0, 6.0, 4.5]
    """
    total = np.concatenate(([0.0], np.cumsum(density)))
    last = np.arange(len(density)) + 1
    first = np.maximum(last - (row + 1), 0)
    months: Array = MONTHS_PER_CREDIT * (total[last] - total[first]) / (last - first)
    return months


def side_rates(
    laws: Sequence[SchemeLaw], insurable: Array, crediting: Array, indices: Indices, *, sex: int, rows: int, withdrawal: Array,
    refund_from: int, refund_until: int, service_size: int, nationals: bool = False, base_index: int = year_index(VALUATION_YEAR),
    density: Array | None = None, compliance: Array | None = None,
) -> SideRates:  # fmt: skip
    """Rates of one scheme for one sex.

    laws          law of every year of the axis
    insurable     [year, row] insurable earnings of the part of the year that is paid
    crediting     [year] interest credited to accounts
    withdrawal    [year] share of account balances paid out before pension age for reasons not modelled one by one
    refund_from, refund_until  year indices between which leavers may take refunds
    nationals     whether the leavers are the scheme's own nationals (they emigrate) or foreigners (they go home)
    base_index    year index of the law whose pension age and averaging period hold throughout
    density       [year] share of the year that is paid;  compliance  [year] share of contributions due that is collected; 1 where not given
    """
    years = len(laws)
    base = laws[base_index]
    keep, add = np.zeros((years, rows, 3)), np.zeros((years, rows, 3))
    keep_mid, add_mid = np.zeros((years, rows, 2)), np.zeros((years, rows, 2))
    refund_share, refund_value = np.zeros((years, service_size)), np.zeros((years, service_size))
    if not base.collecting:
        return SideRates(keep, add, keep_mid, add_mid, refund_share, refund_value, -1)
    award = award_row(base, sex)
    pay = insurable[:, :rows]
    paid = np.ones(years) if density is None else density
    collected = np.ones(years) if compliance is None else compliance
    service = np.arange(service_size) * months_per_credit(paid, award)[:, None]
    if base.kind == "account":
        growth, half = 1.0 + crediting, np.sqrt(1.0 + crediting)
        rate = np.array([law.contribution_rate for law in laws])
        contribution = (rate * collected)[:, None] * pay
        for credit in range(3):
            keep[:, :, credit] = (growth * (1.0 - withdrawal))[:, None]
            add[:, :, credit] = 0.5 * credit * contribution * half[:, None]
        keep_mid[:] = (half * (1.0 - withdrawal))[:, None, None]
        add_mid[:, :, 1] = 0.5 * contribution
        value = np.broadcast_to((1.0 / half)[:, None], refund_value.shape) * (service > 0)
    else:
        # One row and one year more: the reference of the next 1 January is known from the earnings of this year.
        full = reference_earnings(np.pad(insurable / paid[:, None], ((0, 1), (0, 1)), mode="edge"), base.reference_months)
        reference, following = full[:-1, :rows], full[1:, 1 : rows + 1]
        revaluation = _revaluation(base.reference_revaluation, indices, years)
        keep[:, :, 0] = (1.0 + revaluation)[:, None]
        add[:, :, 1:] = following[:, :, None]
        keep_mid[:, :, 0] = np.sqrt(1.0 + revaluation)[:, None]
        add_mid[:, :, 1] = 0.5 * (reference + following)
        value = np.array([lump_sum.refund(law, months, np.ones(service_size)) for law, months in zip(laws, service, strict=True)])
    for t in range(max(refund_from, 0), min(refund_until, years)):
        if laws[t].refund_on_leaving:
            take_up = laws[t].refund_take_up_nationals if nationals else laws[t].refund_take_up
            refund_share[t] = take_up * (value[t] > 0)
            refund_value[t] = value[t]
    for array in (keep, add):
        array[:, award:] = 0.0
    for array in (keep_mid, add_mid):
        array[:, award + 1 :] = 0.0
    return SideRates(keep, add, keep_mid, add_mid, refund_share, refund_value, award)


def _revaluation(index: str, indices: Indices, years: int) -> Array:
    levels = np.array([indices.at(index, indices.first_year + t) for t in range(years)])
    growth = np.ones(years)
    growth[1:] = levels[1:] / levels[:-1]
    return growth - 1.0
