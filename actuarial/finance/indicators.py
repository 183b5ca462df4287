"""Indicators of a scheme's finances, each defined once.

1. Flows are at mid-year, funds at 31 December; the valuation date is 31 December before the first year.
2. Premiums stand in :mod:`actuarial.finance.premiums`, liabilities in :mod:`actuarial.finance.liabilities`.

| symbol | meaning |
|---|---|
| X_t | benefits and administration paid in year t, mid-year |
| S_t | insurable earnings of year t |
| C_t | contributions collected in year t |
| V_t | reserve at 31 December of year t |
| j_t, v_t | return of year t; discount factor to the valuation date of a mid-year flow of year t |
| w_t | discount factor to the valuation date of an amount at 31 December of year t |
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.finance.reserve import Reserve
from actuarial.finance.yearly import checked_returns, positive_base, yearly_series


def discount_factors(investment_return: Array) -> Array:
    """Factor from mid-year t to the valuation date: v_t = (1 + j_t)^(-1/2) / product of (1 + j_u) over earlier years u."""
    growth = np.cumprod(1.0 + investment_return)
    start = np.concatenate(([1.0], growth[:-1]))
    return 1.0 / (start * np.sqrt(1.0 + investment_return))


def year_end_factors(investment_return: Array) -> Array:
    """Factor from 31 December of year t to the valuation date: w_t = 1 / product of (1 + j_u) over u <= t."""
    return np.asarray(1.0 / np.cumprod(1.0 + investment_return), dtype=np.float64)


def present_value(flow: Array, investment_return: Array) -> float:
    """Sum of v_t x flow_t at the valuation date."""
    return float(flow @ discount_factors(investment_return))


def payg_cost_rate(expenditure: Array, earnings: Array) -> Array:
    """X_t / S_t; 0 where there are no insurable earnings.

    S on the assessed basis; multiply the earnings by compliance for the rate on the collected basis.
    """
    return np.divide(expenditure, earnings, out=np.zeros_like(expenditure), where=earnings > 0)


@dataclass(frozen=True)
class PaygComponents:
    """Arrays [year]; the cost rate is their product."""

    dependency_ratio: Array
    """Pensioners per contributor."""
    benefit_ratio: Array
    """Expenditure per pensioner over insurable earnings per contributor."""


def payg_components(expenditure: Array, earnings: Array, pensioners: Array, contributors: Array) -> PaygComponents:
    """Split X/S = (P/A) x [(X/P) / (S/A)] with P pensioners, A contributors; arrays [year].

    Source: methods of social security valuations (Iyer 1999; recalled). Raises ``ValueError`` where one of S, P, A is not positive.
    """
    x, s, p, a = yearly_series(expenditure=expenditure, earnings=earnings, pensioners=pensioners, contributors=contributors)
    for what, values in (("insurable earnings", s), ("the number of pensioners", p), ("the number of contributors", a)):
        positive_base(float(values.min()), what)
    return PaygComponents(p / a, (x / p) / (s / a))


def general_average_premium(expenditure: Array, earnings: Array, reserve: float, investment_return: Array) -> float:
    """GAP over the years given: (sum of v_t X_t - V_0) / sum of v_t S_t. Case SSF-GAP-25. NaN where there are no earnings."""
    base = present_value(earnings, investment_return)
    return (present_value(expenditure, investment_return) - reserve) / base if base > 0 else math.nan


@dataclass(frozen=True)
class Tail:
    """Constant rates after the last projected year: return j, growth of expenditure and growth of insurable earnings."""

    investment_return: float
    expenditure_growth: float
    earnings_growth: float


def perpetual_average_premium(expenditure: Array, earnings: Array, reserve: float, investment_return: Array, tail: Tail) -> float:
    """GAP without end: (PV X + tail_X - V_0) / (PV S + tail_S), PV over the N years given.

    tail_X = w_N (1 + j)^(-1/2) X_N (1 + g) / (1 - theta), theta = (1 + g) / (1 + j), g the growth of X after year N; likewise for S.
    With j_N = j this is X_N v_N theta / (1 - theta). Cases SSF-GAP-PERP and, from year 1 on, the closed form B_1 (i - g_S) / (S_1 (i - g_B)).
    Raises ``ValueError`` when j <= g for either series (the sum has no limit), or without earnings.
    """
    x, s, j = yearly_series(expenditure=expenditure, earnings=earnings, investment_return=investment_return)
    checked_returns(j)
    last = float(year_end_factors(j)[-1])

    def whole(flow: Array, growth: float, what: str) -> float:
        return present_value(flow, j) + last * float(flow[-1]) * _tail_factor(tail.investment_return, growth, what)

    base = positive_base(whole(s, tail.earnings_growth, "insurable earnings"), "the present value of insurable earnings")
    return (whole(x, tail.expenditure_growth, "expenditure") - reserve) / base


def _tail_factor(rate: float, growth: float, what: str) -> float:
    if growth <= -1.0:
        raise ValueError(f"{what} cannot fall by {-growth:.0%} a year; the growth after the projection must exceed -1")
    if rate <= growth:
        raise ValueError(
            f"no average premium in perpetuity: {what} grows by {growth:g} a year after the projection and the return is {rate:g}. "
            "Each later year would weigh as much as the one before or more, so that the present value has no limit; "
            "the return must exceed the growth. Use the premium over a limited number of years."
        )
    theta = (1.0 + growth) / (1.0 + rate)
    return math.sqrt(1.0 + rate) * theta / (1.0 - theta)


def reserve_ratio(opening: Array, expenditure: Array) -> Array:
    """V_{t-1} / X_t: the reserve at the start of the year in years of expenditure (the OASDI definition). NaN without expenditure."""
    return np.divide(opening, expenditure, out=np.full_like(opening, np.nan), where=expenditure > 0)


def asset_expenditure_ratio(closing: Array, expenditure: Array) -> Array:
    """V_t / X_{t+1}: the reserve at the end of the year in years of next year's expenditure (the A/E ratio of Canada).

    NaN in the last year (its next year is not projected) and where there is no expenditure.
    """
    following = np.concatenate((expenditure[1:], [0.0]))
    return np.divide(closing, following, out=np.full_like(closing, np.nan), where=following > 0)


@dataclass(frozen=True)
class ReserveRatio:
    """A reserve ratio [year] that always travels with its definition."""

    name: str
    definition: str
    values: Array


def reserve_ratios(fund: Reserve, expenditure: Array) -> tuple[ReserveRatio, ReserveRatio]:
    """Both customary ratios of the same fund, labelled: V_{t-1} / X_t (OASDI) and V_t / X_{t+1} (Canada)."""
    return (
        ReserveRatio("trust fund ratio", "reserve at 1 January / expenditure of the year", reserve_ratio(fund.opening, expenditure)),
        ReserveRatio(
            "asset/expenditure ratio", "reserve at 31 December / expenditure of the next year", asset_expenditure_ratio(fund.closing, expenditure)
        ),
    )


def first_year(condition: npt.NDArray[np.bool_], first: int) -> float:
    """Calendar year of the first true entry, counting from ``first``; NaN if it never comes."""
    hits = np.flatnonzero(condition)
    return float(first + hits[0]) if hits.size else math.nan


@dataclass(frozen=True)
class KeyDates:
    """Calendar years, ``None`` where the event does not come within the projection."""

    expenditure_exceeds_contributions: int | None
    reserve_falls: int | None
    exhaustion: int | None


def key_dates(contributions: Array, expenditure: Array, fund: Reserve, first: int) -> KeyDates:
    """The customary trio of ILO valuations (recalled), each the first year in which it is so.

    X_t > C_t; X_t > C_t + investment income, which is V_t < V_{t-1}; V_t < 0 (a fund in debt mode, see
    :func:`actuarial.finance.reserve.roll_forward`). Equality is not yet an event. ``first`` is the calendar year of the first entry.
    Case SSF-ROLL (year 14).
    """
    c, x, earned, closing = yearly_series(
        contributions=contributions, expenditure=expenditure, investment_income=fund.investment_income, reserve=fund.closing
    )

    def year(condition: npt.NDArray[np.bool_]) -> int | None:
        found = first_year(condition, first)
        return None if math.isnan(found) else int(found)

    return KeyDates(year(x > c), year(x > c + earned), year(closing < 0.0))


@dataclass(frozen=True)
class ActuarialBalance:
    """Summarised rates over the years given, shares of insurable earnings."""

    income_rate: float
    cost_rate: float

    @property
    def balance(self) -> float:
        """Income rate less cost rate; negative: the level rate by which contributions fall short."""
        return self.income_rate - self.cost_rate


def actuarial_balance(
    contributions: Array, expenditure: Array, earnings: Array, reserve: float, investment_return: Array, next_expenditure: float
) -> ActuarialBalance:
    """(V_0 + PV C) / PV S - (PV X + PV target) / PV S, the target a fund of next year's cost at the end: w_N X_{N+1}.

    Source: OASDI Trustees Report, VI.B, definition of the actuarial balance (partial); case SSF-ACTBAL-75. Raises ``ValueError`` without earnings.
    """
    c, x, s, j = yearly_series(contributions=contributions, expenditure=expenditure, earnings=earnings, investment_return=investment_return)
    checked_returns(j)
    base = positive_base(present_value(s, j), "the present value of insurable earnings")
    target = next_expenditure * float(year_end_factors(j)[-1])
    return ActuarialBalance((reserve + present_value(c, j)) / base, (present_value(x, j) + target) / base)
