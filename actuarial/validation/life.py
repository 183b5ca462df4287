"""Life contingencies: what the functions of demography find for the cases on annuities, insurances, decrements and states.

Each function is given the inputs of a case and gives its figures by name. Mortality is Makeham's law ``(A, B, c)`` where a ``law`` is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.demography.annuity import (
    annuity_due,
    annuity_due_fractional,
    death_column,
    endowment_insurance,
    insurance,
    makeham_survival,
    monthly_factors,
    payments_value,
    pure_endowment,
    temporary_annuity_due,
)
from actuarial.demography.decrements import dependent_probabilities, transition_probabilities
from actuarial.feasibility.group import Decrements, GroupBasis, Members, project_group
from actuarial.finance.branch_costs import pension_annuities
from actuarial.validation.case import Figure

Law = tuple[float, float, float]
LAST_AGE = 140


def probabilities(law: Law, first: int, last: int = LAST_AGE) -> Array:
    """Probability of death within the year at the ages ``first..last`` under Makeham's law."""
    ages = np.arange(first, last + 1.0)
    q: Array = 1.0 - makeham_survival(ages, np.ones(ages.size), *law)
    return q


def whole_life(law: Law, first: int, age: int, interest: float) -> dict[str, Figure]:
    """Survivors of 100,000 at ``first``; annuity-due, insurance and its second moment at ``age``."""
    q, at = probabilities(law, first), age - first
    return {
        "survivors": float(100000.0 * makeham_survival(np.array(float(first)), np.array(float(at)), *law)),
        "annuity": float(annuity_due(q, interest)[at]),
        "insurance": float(insurance(q, interest)[at]),
        "second moment": float(insurance(q, (1.0 + interest) ** 2 - 1.0)[at]),
    }


def temporary(law: Law, age: int, interest: float, short: int, long: int) -> dict[str, Figure]:
    """Annuities and endowments over two terms."""
    q = probabilities(law, age)
    return {
        f"annuity {short}": float(temporary_annuity_due(q, interest, short)[0]),
        f"endowment insurance {short}": float(endowment_insurance(q, interest, short)[0]),
        f"pure endowment {short}": float(pure_endowment(q, interest, short)[0]),
        f"pure endowment {long}": float(pure_endowment(q, interest, long)[0]),
        f"annuity {long}": float(temporary_annuity_due(q, interest, long)[0]),
    }


def monthly(law: Law, age: int, interest: float) -> dict[str, Figure]:
    """Annuity paid monthly: by uniform deaths, once with the function of pensions and once with that of branch costs, and by exact survival."""
    alpha, beta = monthly_factors(interest, 12)
    q = probabilities(law, age)
    months = np.arange(12 * 80) / 12.0
    return {
        "alpha": float(alpha),
        "beta": float(beta),
        "uniform deaths": float(annuity_due_fractional(q, interest, 12)[0]),
        "uniform deaths (branch costs)": float(pension_annuities(q, interest)[0]),
        "exact": float(payments_value(makeham_survival(np.array(float(age)), months, *law), interest, 12)),
    }


def illustrative(law: Law, age: int, interest: float) -> dict[str, Figure]:
    """Annuity-due, and insurance of 1000."""
    q = probabilities(law, age)
    return {"annuity": float(annuity_due(q, interest)[0]), "insurance of 1000": 1000.0 * float(insurance(q, interest)[0])}


def am92_force(ages: Array) -> Array:
    """Graduation of AM92 ultimate: a0 + a1 t + exp(b0 + b1 t + b2 (2 t^2 - 1)), t = (x - 70) / 50 (CMI; the coefficients are recalled)."""
    t = (ages - 70.0) / 50.0
    force: Array = 0.00005887 - 0.0004988 * t + np.exp(-4.363378 + 5.544956 * t - 0.620345 * (2.0 * t**2 - 1.0))
    return force


def am92() -> dict[str, Figure]:
    """Annuities and insurances at 60 and 65, from the force of mortality integrated over each year of age."""
    points, weights = np.polynomial.legendre.leggauss(12)
    ages = np.arange(60, 121)
    q = -np.expm1(-(am92_force(ages[:, None] + 0.5 + 0.5 * points) * 0.5 * weights).sum(axis=1))
    low, high = annuity_due(q, 0.04), annuity_due(q, 0.06)
    insured, insured_high = insurance(q, 0.04), insurance(q, 0.06)
    return {
        "q 60": float(q[0]),
        "annuity 60 at 4 %": float(low[0]),
        "annuity 65 at 4 %": float(low[5]),
        "insurance 60 at 4 %": float(insured[0]),
        "insurance 65 at 4 %": float(insured[5]),
        "annuity 60 at 6 %": float(high[0]),
        "insurance 60 at 6 %": float(insured_high[0]),
    }


def commutation(interest: float, ages: Sequence[int], D: Sequence[float], N: Sequence[float]) -> dict[str, Figure]:
    """What two commutation columns give: deaths, annuities and survivors."""
    d, n = (dict(zip(ages, column, strict=True)) for column in (D, N))
    return {
        "M 0": float(death_column(np.array(d[0]), np.array(n[0]), interest)),
        "immediate annuities at 0 60 65": tuple(n[age] / d[age] - 1.0 for age in (0, 60, 65)),
        "N 0 less N 1": n[0] - n[1],
        "l 1": d[1] * (1.0 + interest),
    }


def three_decrements(rates: Sequence[float]) -> dict[str, Figure]:
    """Death, illness, withdrawal: dependent probabilities by the formula, and who leaves 1000 members of 57 in the projection of a group."""
    death, illness, withdrawal = rates
    dependent = dependent_probabilities(np.array(rates))
    causes = Decrements("independent", death, invalidity={57: illness}, withdrawal={57: withdrawal})
    law = SchemeLaw("case", 0, "defined_benefit", pension_age=(60, 60), qualifying_months=180)
    basis = GroupBasis(law, 1, causes, salary=1000.0, members=[Members(57, 1000.0, service=20.0)])
    found = project_group(replace(basis, pensioner_death=0.1))
    return {
        "dependent": tuple(dependent.tolist()),
        "sum": float(dependent.sum()),
        "leaving a group of 1000": tuple(float(x[0, 57]) for x in (found.deaths, found.invalids, found.withdrawals)),
    }


def permanent_disability(illness: Law, death: Law, age: float, years: float) -> dict[str, Figure]:
    """Healthy, disabled for good, dead; forces a + b e^(c x). Probabilities of a healthy person over ``years``."""

    def intensities(x: float) -> Array:
        ill, dead = (a + b * np.exp(c * x) for a, b, c in (illness, death))
        return np.array([[-ill - dead, ill, dead], [0.0, -dead, dead], [0.0, 0.0, 0.0]])

    p = transition_probabilities(intensities, age, age + years)
    gap = p.sum(axis=1) - 1.0
    return {
        "p00": float(p[0, 0]),
        "p01": float(p[0, 1]),
        "alive": float(p[0, 0] + p[0, 1]),
        "largest row sum less one": float(gap[np.abs(gap).argmax()]),
    }
