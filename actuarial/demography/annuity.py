"""Annuities, insurances and lives taken together, at every age of a table at once.

1. ``q`` [..., n] are probabilities of death within the year at successive single ages. The last entry stands for
   every later age: 1 closes the table there, less than 1 leaves it open with that probability each year. No table
   is cut off silently.
2. Values come back by age, in the shape of ``q``. Payments of 1 a year; ``interest`` is a yearly effective rate.
3. ``due`` pays at the beginning of each period; insurances pay 1 at the end of the year of death.

| symbol | meaning |
|---|---|
| v, d | 1 / (1 + i), i v |
| p | 1 - q |
| a_due(x) | 1 + v p(x) a_due(x+1) |
| A(x) | v [q(x) + p(x) A(x+1)] = 1 - d a_due(x) |
| E(x, n) | v^n times the probability to survive n years |

Source of the formulas: Bowers et al. (1997), Actuarial Mathematics, chapters 4, 5 and 9.
"""

from __future__ import annotations

import numpy as np

from actuarial.basis.dimensions import Array


def _checked(q: Array) -> Array:
    probabilities = np.asarray(q, dtype=np.float64)
    if probabilities.shape[-1] == 0 or not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError("probabilities of death must lie between 0 and 1")
    return probabilities


def _prolonged(q: Array, years: int) -> Array:
    """The table with its last entry repeated for ``years`` more ages."""
    return np.concatenate([q, np.repeat(q[..., -1:], years, axis=-1)], axis=-1)


def annuity_due(q: Array, interest: float) -> Array:
    """Whole-life annuity-due by age [..., n]; raises ``ValueError`` when an open last age makes it infinite."""
    probabilities = _checked(q)
    v = 1.0 / (1.0 + interest)
    kept = v * (1.0 - probabilities)
    if (kept[..., -1] >= 1.0).any():
        raise ValueError("the value is infinite: interest does not exceed survival at the last age")
    values = np.empty_like(probabilities)
    values[..., -1] = 1.0 / (1.0 - kept[..., -1])
    for age in range(probabilities.shape[-1] - 2, -1, -1):
        values[..., age] = 1.0 + kept[..., age] * values[..., age + 1]
    return values


def annuity_due_table(q: Array, interest: Array) -> Array:
    """Whole-life annuity-due by rate of interest and age [..., r, n] for tables ``q`` [..., n] and rates [r].

    Row j equals ``annuity_due(q, interest[j])``: a_due(x) = 1 + v p(x) a_due(x+1), from the last age down, every table and rate at once.
    Raises ``ValueError`` as ``annuity_due`` does, for any of the rates.
    """
    from actuarial.demography.annuity_kernel import fill  # compiled code is loaded by those who need it only

    survival = 1.0 - _checked(q)
    discount = 1.0 / (1.0 + np.asarray(interest, dtype=np.float64))
    if survival.size and discount.size and (survival[..., -1].max() * discount.max() >= 1.0 or not (discount > 0).all()):
        raise ValueError("the value is infinite: interest does not exceed survival at the last age")
    ages = survival.shape[-1]
    values = np.empty((survival.size // ages, ages, discount.size))
    fill(values, survival.reshape(-1, ages), discount)
    return np.moveaxis(values.reshape(*survival.shape, discount.size), -1, -2)


def insurance(q: Array, interest: float) -> Array:
    """Whole-life insurance A by age [..., n]; at the rate (1 + i)^2 - 1 the second moment of its present value."""
    probabilities = _checked(q)
    v = 1.0 / (1.0 + interest)
    paid, kept = v * probabilities, v * (1.0 - probabilities)
    if (kept[..., -1] >= 1.0).any():
        raise ValueError("the value is infinite: interest does not exceed survival at the last age")
    values = np.empty_like(probabilities)
    values[..., -1] = paid[..., -1] / (1.0 - kept[..., -1])
    for age in range(probabilities.shape[-1] - 2, -1, -1):
        values[..., age] = paid[..., age] + kept[..., age] * values[..., age + 1]
    return values


def pure_endowment(q: Array, interest: float, term: int) -> Array:
    """E(x, term) by age [..., n]: value of 1 paid on survival of ``term`` years."""
    probabilities = _prolonged(_checked(q), term)
    count = np.shape(q)[-1]
    value = np.ones(probabilities.shape[:-1] + (count,))
    for year in range(term):
        value = value * (1.0 - probabilities[..., year : year + count]) / (1.0 + interest)
    return value


def temporary_annuity_due(q: Array, interest: float, term: int) -> Array:
    """Annuity-due of at most ``term`` payments by age [..., n]: the sum of E(x, k) for k below the term."""
    probabilities = _prolonged(_checked(q), term)
    count = np.shape(q)[-1]
    endowment = np.ones(probabilities.shape[:-1] + (count,))
    value = np.zeros_like(endowment)
    for year in range(term):
        value = value + endowment
        endowment = endowment * (1.0 - probabilities[..., year : year + count]) / (1.0 + interest)
    return value


def deferred_annuity_due(q: Array, interest: float, deferral: int) -> Array:
    """Annuity-due that starts after ``deferral`` years if the person is then alive, by age [..., n]."""
    whole = annuity_due(_prolonged(_checked(q), deferral), interest)
    return pure_endowment(q, interest, deferral) * whole[..., deferral:]


def endowment_insurance(q: Array, interest: float, term: int) -> Array:
    """1 at the end of the year of death within ``term`` years, or on surviving them: 1 - d a_due(x, term), by age."""
    discount = interest / (1.0 + interest)
    return 1.0 - discount * temporary_annuity_due(q, interest, term)


def monthly_factors(interest: float, frequency: int) -> tuple[float, float]:
    """Alpha and beta of a_due^(m) = alpha a_due - beta under a uniform distribution of deaths within the year.

    alpha = i d / (i_m d_m), beta = (i - i_m) / (i_m d_m), where i_m = m [(1+i)^(1/m) - 1] and d_m = m [1 - v^(1/m)].
    Raises ``ValueError`` when interest is not positive.
    """
    if interest <= 0:
        raise ValueError("the factors need a positive rate of interest")
    discount = interest / (1.0 + interest)
    nominal = frequency * np.expm1(np.log1p(interest) / frequency)
    nominal_due = -frequency * np.expm1(-np.log1p(interest) / frequency)
    product = nominal * nominal_due
    return float(interest * discount / product), float((interest - nominal) / product)


def annuity_due_fractional(q: Array, interest: float, frequency: int) -> Array:
    """Whole-life annuity of 1 a year in ``frequency`` parts in advance, by age [..., n]; deaths uniform in the year."""
    alpha, beta = monthly_factors(interest, frequency)
    return alpha * annuity_due(q, interest) - beta


def temporary_annuity_due_fractional(q: Array, interest: float, frequency: int, term: int) -> Array:
    """As ``annuity_due_fractional`` for at most ``term`` years: alpha a_due(x, n) - beta [1 - E(x, n)]."""
    alpha, beta = monthly_factors(interest, frequency)
    temporary = temporary_annuity_due(q, interest, term)
    return alpha * temporary - beta * (1.0 - pure_endowment(q, interest, term))


def payments_value(survival: Array, interest: float, frequency: int = 1) -> Array:
    """Value of 1 a year in ``frequency`` parts in advance, from survival to each payment (the first now) [..., k]."""
    times = np.arange(np.shape(survival)[-1]) / frequency
    value: Array = (survival * (1.0 + interest) ** -times).sum(axis=-1) / frequency
    return value


def joint_probability(first: Array, second: Array) -> Array:
    """Probability that the pair is broken by death within the year, of two independent lives: 1 - p p'.

    The two tables run in step: give each from its own age on. The last entry again stands for all later ages.
    """
    joint: Array = 1.0 - (1.0 - _checked(first)) * (1.0 - _checked(second))
    return joint


def joint_annuity_due(first: Array, second: Array, interest: float) -> Array:
    """Annuity-due as long as both live, by the age of both in step [..., n]."""
    return annuity_due(joint_probability(first, second), interest)


def last_survivor_annuity_due(first: Array, second: Array, interest: float) -> Array:
    """Annuity-due as long as at least one of two independent lives lives: a(x) + a(y) - a(xy)."""
    return annuity_due(first, interest) + annuity_due(second, interest) - joint_annuity_due(first, second, interest)


def reversionary_annuity(insured: Array, survivor: Array, interest: float) -> Array:
    """1 a year to the survivor from the end of the year of the insured's death on: a(y) - a(xy)."""
    return annuity_due(survivor, interest) - joint_annuity_due(insured, survivor, interest)


def commutation_columns(survivors: Array, interest: float) -> tuple[Array, Array, Array]:
    """D = v^x l(x), N = sum of D from x on and M = D - d N, from l [..., n] of the ages 0, 1, ..., n - 1.

    M(x) is then the value column of whole-life insurances if nobody survives the last year of the table.
    """
    discounted = survivors * (1.0 + interest) ** -np.arange(np.shape(survivors)[-1], dtype=np.float64)
    summed = np.flip(np.cumsum(np.flip(discounted, axis=-1), axis=-1), axis=-1)
    return discounted, summed, death_column(discounted, summed, interest)


def death_column(discounted: Array, summed: Array, interest: float) -> Array:
    """M = D - d N from the columns D and N (any shape)."""
    column: Array = discounted - interest / (1.0 + interest) * summed
    return column


def makeham_survival(age: Array, years: Array, constant: float, level: float, growth: float) -> Array:
    """Makeham's law: probability to survive ``years`` from exact ``age`` under the force constant + level growth^x."""
    rise = level * growth**age * (growth**years - 1.0) / np.log(growth)
    survival: Array = np.exp(-constant * years - rise)
    return survival
