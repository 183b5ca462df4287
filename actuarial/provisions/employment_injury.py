"""Employment injury: temporary incapacity, permanent disablement, survivors; insured or as the employer's liability.

1. Earnings are those of the law's averaging months; ``daily`` per calendar day, ``earnings`` per year, ``monthly`` per
   month. Degrees of disablement run from 0 to 1. Shapes broadcast.
2. Insured: pension = total rate x degree x earnings from the threshold on, years of that pension at once below it.
   Employer's liability: months of earnings, once.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_branch_law import InjuryLaw, InjuryLiabilityLaw, TemporaryLaw
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.provisions.qualifying import Truth
from actuarial.provisions.survivors import Family, FamilyShares, family_shares

Numbers = npt.ArrayLike


def injury_law(law: SchemeLaw) -> InjuryLaw:
    """The insured branch. Raises ``ValueError`` when there is none or its rules are not known."""
    if law.employment_injury is None:
        raise ValueError(f"{law.scheme_id} {law.year}: no rules of an insured employment-injury branch")
    return law.employment_injury


def liability_law(law: SchemeLaw) -> InjuryLiabilityLaw:
    """The employer's liability. Raises ``ValueError`` when the law has none."""
    if law.injury_liability is None:
        raise ValueError(f"{law.scheme_id} {law.year}: no rules of an employer's liability for injuries")
    return law.injury_liability


def temporary_law(law: SchemeLaw) -> TemporaryLaw:
    """Rules of temporary incapacity, insured or not."""
    return law.employment_injury.temporary if law.employment_injury is not None else liability_law(law).temporary


def days_paid(law: SchemeLaw, days: Numbers) -> Array:
    """Days of incapacity that are paid after the waiting days: min(max(days - waiting, 0), maximum)."""
    rule = temporary_law(law)
    after = np.maximum(np.asarray(days, dtype=np.float64) - rule.waiting_days, 0.0)
    result: Array = np.minimum(after, rule.maximum_days)
    return result


def temporary_benefit(law: SchemeLaw, daily: Numbers, days: Numbers, *, in_hospital: Numbers = False) -> Array:
    """Cash for temporary incapacity after the waiting days: rate x daily earnings x days paid.

    in_hospital: care in hospital without dependants, where the law cuts the rate.
    """
    rule = temporary_law(law)
    rate = rule.rate * np.where(np.asarray(in_hospital, dtype=np.bool_), rule.in_hospital, 1.0)
    result: Array = rate * np.asarray(daily, dtype=np.float64) * days_paid(law, days)
    return result


def employer_waiting_pay(law: SchemeLaw, daily: Numbers, days: Numbers) -> Array:
    """What the employer pays during the waiting days, at the same rate; 0 where nobody pays them."""
    rule = temporary_law(law)
    waited = np.minimum(np.asarray(days, dtype=np.float64), rule.waiting_days) * float(rule.employer_pays_waiting)
    result: Array = rule.rate * np.asarray(daily, dtype=np.float64) * waited
    return result


def pensionable(law: SchemeLaw, degree: Numbers) -> Truth:
    """Whether a degree of disablement gives a pension: from the threshold, or only above it."""
    rule, found = injury_law(law).permanent, _degree(degree)
    return np.asarray(found > rule.pension_degree if rule.strictly_above else found >= rule.pension_degree, dtype=np.bool_)


def degree_pension(law: SchemeLaw, earnings: Numbers, degree: Numbers) -> Array:
    """Yearly pension that a degree stands for, whether it is paid or not: total rate x degree x earnings."""
    result: Array = injury_law(law).permanent.total_rate * _degree(degree) * np.asarray(earnings, dtype=np.float64)
    return result


def permanent_pension(law: SchemeLaw, earnings: Numbers, degree: Numbers) -> Array:
    """Yearly pension for permanent disablement, at least the minimum; 0 below the threshold."""
    pension = np.maximum(degree_pension(law, earnings, degree), injury_law(law).permanent.minimum_pension)
    return np.asarray(np.where(pensionable(law, degree), pension, 0.0), dtype=np.float64)


def permanent_lump_sum(law: SchemeLaw, earnings: Numbers, degree: Numbers) -> Array:
    """Sum for a degree below the threshold: years of the pension it stands for; 0 from the threshold on."""
    rule, found = injury_law(law).permanent, _degree(degree)
    amount = rule.lump_years * degree_pension(law, earnings, degree)
    paid = (found > 0.0) & (found >= rule.lump_from_degree) & ~pensionable(law, degree)
    return np.asarray(np.where(paid, amount, 0.0), dtype=np.float64)


def constant_attendance(law: SchemeLaw, pension: Numbers) -> Array:
    """Supplement per year for somebody who needs another person's constant help: share of the pension."""
    result: Array = injury_law(law).permanent.attendance * np.asarray(pension, dtype=np.float64)
    return result


def survivors_pension(law: SchemeLaw, earnings: Numbers, family: Family) -> FamilyShares:
    """Pensions per year after a fatal injury, by kind: shares of earnings or of the pension for total disablement."""
    rule = injury_law(law)
    base = np.asarray(earnings, dtype=np.float64) if rule.survivors_share_of == "earnings" else degree_pension(law, earnings, 1.0)
    found = family_shares(rule.survivors, family)
    return FamilyShares(*(np.asarray(base * part) for part in (found.spouses, found.half_orphans, found.full_orphans, found.parents)))


def liability_permanent(law: SchemeLaw, monthly: Numbers, degree: Numbers) -> Array:
    """Employer's sum for permanent disablement: months of earnings x degree, capped for partial disablement."""
    rule, found = liability_law(law), _degree(degree)
    months = rule.permanent_total_months * found
    months = np.where(found < 1.0, np.minimum(months, rule.partial_maximum_months), months)
    result: Array = months * np.asarray(monthly, dtype=np.float64)
    return result


def liability_attendance(law: SchemeLaw, permanent_sum: Numbers) -> Array:
    """Employer's supplement for constant attendance: share of the permanent sum."""
    result: Array = liability_law(law).attendance * np.asarray(permanent_sum, dtype=np.float64)
    return result


def liability_death(law: SchemeLaw, monthly: Numbers, disablement_paid: Numbers = 0.0) -> Array:
    """Employer's sum on death, less a share of disablement sums already paid for the same injury, never below 0."""
    rule = liability_law(law)
    owed = rule.death_months * np.asarray(monthly, dtype=np.float64)
    result: Array = np.maximum(owed - rule.death_deduction * np.asarray(disablement_paid, dtype=np.float64), 0.0)
    return result


def _degree(degree: Numbers) -> Array:
    found = np.asarray(degree, dtype=np.float64)
    if np.any((found < 0.0) | (found > 1.0)):
        raise ValueError("a degree of disablement lies between 0 and 1")
    return found
