"""Contribution rates by system of finance. Symbols and timing as in :mod:`actuarial.finance.indicators`.

1. Every rate is a share of insurable earnings S; a rate below zero means that fund and returns alone pay.
2. Funds are linear in the contribution rate, so every rate here is solved directly, never by search.

| system | function |
|---|---|
| general average premium | :func:`actuarial.finance.indicators.general_average_premium`, ``perpetual_average_premium`` |
| entrant (average for new members) | :func:`entrant_premium` |
| terminal funding (constituent capitals) | :func:`terminal_funding_premium` |
| scaled premium | :func:`scaled_premium` |
| level rate to a reserve ratio | :func:`level_rate_to_reserve_ratio` |
| steady-state rate | :func:`steady_state_rate` |
| any quantity linear in the rate | :func:`solve_linear_rate` |
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.finance.indicators import discount_factors, present_value, year_end_factors
from actuarial.finance.reserve import roll_forward
from actuarial.finance.yearly import checked_returns, positive_base, yearly_series

TOLERANCE = 1e-9
"""Relative to the largest amount of the fund: a fall of the reserve below this is rounding."""


def entrant_premium(benefits: Array, earnings: Array, investment_return: Array) -> float:
    """PV of the benefits of a cohort of new entrants / PV of its insurable earnings, both over its whole life from entry on.

    ENT = sum of v_t B_t / sum of v_t S_t. Does not depend on the growth of the population. Source: Iyer 1999
    (recalled). Raises ``ValueError`` without earnings.
    """
    b, s, j = yearly_series(benefits=benefits, earnings=earnings, investment_return=investment_return)
    checked_returns(j)
    return present_value(b, j) / positive_base(present_value(s, j), "the present value of insurable earnings")


def award_capital_values(paid: Array, investment_return: Array) -> Array:
    """Capital value at mid-year t of one year's awards: K_t = sum over u >= t of paid[t, u] v_u / v_t.

    ``paid`` [award year, payment year] as from :func:`actuarial.finance.pensions.payment_factors`. Payments after the last year are not in it: use
    award years whose pensions have run off by then. Raises ``ValueError`` unless square, upper-triangular and as long as the returns.
    """
    (j,) = yearly_series(investment_return=investment_return)
    checked_returns(j)
    if paid.shape != (len(j), len(j)) or np.tril(paid, -1).any():
        raise ValueError("payments must be [award year, payment year] over the years of the returns, with nothing paid before the award")
    v = discount_factors(j)
    values: Array = (paid @ v) / v
    return values


def terminal_funding_premium(capital_values: Array, earnings: Array) -> Array:
    """K_t / S_t: capital value of the pensions awarded in year t over the insurable earnings of the year, array [year].

    Raises ``ValueError`` for a year without earnings.
    """
    k, s = yearly_series(capital_values=capital_values, earnings=earnings)
    positive_base(float(s.min()), "insurable earnings")
    rates: Array = k / s
    return rates


@dataclass(frozen=True)
class ScaledPremium:
    """Lowest level rate at which the reserve never falls. ``required``, ``change`` and ``closing`` are arrays [year]."""

    rate: float
    binding_year: int
    """Year, counted from 1, that needs the rate; the reserve stands still in it."""
    required: Array
    """Level rate from year 1 on at which the reserve stands still in year t."""
    change: Array
    closing: Array


def scaled_premium(expenditure: Array, earnings: Array, reserve: float, investment_return: Array) -> ScaledPremium:
    """Scaled premium (Thullen) of the years given: lowest level rate with V_t >= V_{t-1} in each of them.

    From V_t - V_{t-1} = 0, with constant j and h = (1 + j)^(1/2):
    pi_t = [X_t h + j sum_{u<t} X_u (1+j)^(t-u-1/2) - j V_0 (1+j)^(t-1)] / [S_t h + j sum_{u<t} S_u (1+j)^(t-u-1/2)], pi = max over t of pi_t;
    returns that change by year are accumulated as they are. The roll-forward at pi is checked afterwards. Source: discrete form derived from
    Thullen's condition; its fine-step limit is case SSF-SCALED. Raises ``ValueError`` where a year gives the rate nothing to act on (no earnings, or
    a return so negative that contributions make the fund fall), ``ArithmeticError`` should the reserve fall nevertheless.
    """
    x, s, j = yearly_series(expenditure=expenditure, earnings=earnings, investment_return=investment_return)
    checked_returns(j)
    half = np.sqrt(1.0 + j)
    spent = roll_forward(-reserve, x, np.zeros_like(x), j).opening
    earned = roll_forward(0.0, s, np.zeros_like(s), j).opening
    base = s * half + j * earned
    if not (base > 0.0).all():
        raise ValueError(f"no contribution rate moves the reserve of year {1 + int(np.argmin(base > 0.0))}: no earnings, or too low a return")
    required: Array = (x * half + j * spent) / base
    rate = float(required.max())
    fund = roll_forward(reserve, rate * s, x, j)
    change = fund.closing - fund.opening
    scale = max(float(np.abs(fund.closing).max()), float(np.abs(x).max()), abs(reserve))
    # Below the smallest normal number a product keeps no relative precision.
    if float(change.min()) < -(TOLERANCE * scale + float(np.finfo(float).tiny)):
        raise ArithmeticError(f"the reserve falls by {-float(change.min()):g} under the scaled premium {rate:g}")
    return ScaledPremium(rate, 1 + int(required.argmax()), required, change, fund.closing)


def scaled_premiums(
    expenditure: Array, earnings: Array, reserve: float, investment_return: Array, lengths: Sequence[int]
) -> tuple[ScaledPremium, ...]:
    """Scaled premiums of successive intervals of control, each with the fund that the one before left.

    ``lengths`` are years and sum to the years given. Raises ``ValueError`` otherwise and as :func:`scaled_premium`.
    """
    x, s, j = yearly_series(expenditure=expenditure, earnings=earnings, investment_return=investment_return)
    if min(lengths, default=0) < 1 or sum(lengths) != len(x):
        raise ValueError(f"intervals of {list(lengths)} years must be at least one year long each and cover {len(x)} years")
    steps: list[ScaledPremium] = []
    start, fund = 0, reserve
    for length in lengths:
        part = slice(start, start + length)
        steps.append(scaled_premium(x[part], s[part], fund, j[part]))
        start, fund = start + length, float(steps[-1].closing[-1])
    return tuple(steps)


def level_rate_to_reserve_ratio(
    expenditure: Array, earnings: Array, reserve: float, investment_return: Array, ratio: float, next_expenditure: float
) -> float:
    """Level rate that leaves V_N = K X_{N+1} after the N years given: (sum of v_t X_t + K X_{N+1} w_N - V_0) / sum of v_t S_t.

    ``ratio`` is K in years of expenditure (the asset/expenditure ratio at the end of year N), ``next_expenditure`` X_{N+1}. With K = 0 it is the GAP.
    Source: linearity of the fund (derived). Raises ``ValueError`` for a negative ratio or without earnings.
    """
    x, s, j = yearly_series(expenditure=expenditure, earnings=earnings, investment_return=investment_return)
    checked_returns(j)
    if ratio < 0.0:
        raise ValueError(f"a target reserve ratio cannot be negative; found {ratio:g}")
    base = positive_base(present_value(s, j), "the present value of insurable earnings")
    target = ratio * next_expenditure * float(year_end_factors(j)[-1])
    return (present_value(x, j) + target - reserve) / base


def steady_state_rate(
    expenditure: Array,
    earnings: Array,
    reserve: float,
    investment_return: Array,
    *,
    review_contributions: Array,
    early: int = 10,
    late: int = 60,
) -> float:
    """Lowest level rate after the review period with the same asset/expenditure ratio ``early`` and ``late`` years after it.

    The review period has R = len(review_contributions) years with those contributions (R may be 0); from then on the rate pi applies. With
    V_t = a_t + pi b_t and A/E_t = V_t / X_{t+1}, at e = R + early and l = R + late:
    pi = (a_e / X_{e+1} - a_l / X_{l+1}) / (b_l / X_{l+1} - b_e / X_{e+1}).
    Source: Canada Pension Plan, ratio of the 10th and 60th year after the review period (verified in the ISSA knowledge base). Any lower rate leaves
    a lower ratio in the late year than in the early one. Raises ``ValueError`` when ``expenditure`` does not reach year l + 1, or where a higher
    rate does not raise the late ratio against the early one (expenditure outgrows the fund), so that there is no lowest rate.
    """
    review = np.asarray(review_contributions, dtype=np.float64)
    first, last = len(review) + early, len(review) + late
    if not 0 < early < late:
        raise ValueError(f"the early year must come after the review period and before the late one; found {early} and {late}")
    if min(len(expenditure) - 1, len(earnings), len(investment_return)) < last:
        raise ValueError(f"the steady state needs {last} years of earnings and returns and {last + 1} of expenditure")
    s, j = yearly_series(earnings=earnings[:last], investment_return=investment_return[:last])
    (x,) = yearly_series(expenditure=expenditure[: last + 1])
    checked_returns(j)
    positive_base(min(float(x[first]), float(x[last])), "expenditure of the years compared")
    in_review = np.arange(last) < len(review)
    fixed = roll_forward(reserve, np.concatenate([review, np.zeros(last - len(review))]), x[:last], j).closing
    per_rate = roll_forward(0.0, np.where(in_review, 0.0, s), np.zeros(last), j).closing
    slope = per_rate[last - 1] / x[last] - per_rate[first - 1] / x[first]
    if slope <= 0.0:
        raise ValueError("no steady-state rate: a higher rate does not raise the late ratio of assets to expenditure against the early one")
    return float((fixed[first - 1] / x[first] - fixed[last - 1] / x[last]) / slope)


def solve_linear_rate(evaluate: Callable[[float], float], target: float, *, trial: tuple[float, float] = (0.0, 0.1)) -> float:
    """The contribution rate at which a quantity linear in it meets ``target``, from exactly two evaluations.

    pi = p + (target - q(p)) (r - p) / (q(r) - q(p)) at the trial rates p and r. For quantities such as the fund in debt mode or a present
    value; not for a fund that stops at zero. Raises ``ValueError`` when the trial rates are equal or the quantity does not depend on the rate.
    """
    low, high = trial
    if low == high:
        raise ValueError("two different trial rates are needed")
    at_low, at_high = evaluate(low), evaluate(high)
    slope = (at_high - at_low) / (high - low)
    if slope == 0.0 or not math.isfinite(slope):
        raise ValueError(f"the quantity does not depend on the contribution rate linearly: {at_low:g} at {low:g}, {at_high:g} at {high:g}")
    return low + (target - at_low) / slope
