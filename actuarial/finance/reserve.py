"""Reserve roll-forward: the fund of a scheme from one 31 December to the next, with flows at mid-year.

V_t = V_{t-1} (1 + j_t) + (C_t - X_t) (1 + j_t)^(1/2), so investment income is j V_{t-1} + (C_t - X_t) ((1 + j_t)^(1/2) - 1).
Source: standard mid-year convention of social security valuations (Plamondon et al. 2002; recalled), case SSF-ROLL.

Two modes:

debt  the fund may go negative and a negative reserve accrues interest, which present values and premiums need (:func:`roll_forward`)
stop  no more is paid than fund and income allow; what stays unpaid is shown apart (:func:`roll_forward_stopping`)
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.finance.yearly import checked_returns, yearly_series


@dataclass(frozen=True)
class Reserve:
    """Arrays [year]: the opening fund, investment income and the closing fund."""

    opening: Array
    investment_income: Array
    closing: Array


def roll_forward(initial: float, income: Array, outgo: Array, investment_return: Array) -> Reserve:
    """Roll a fund of ``initial`` over the years of ``income`` and ``outgo`` (both at mid-year, without investment income)."""
    years = len(income)
    opening, earned, closing = np.zeros(years), np.zeros(years), np.zeros(years)
    fund = float(initial)
    for t in range(years):
        j = float(investment_return[t])
        net = float(income[t] - outgo[t])
        opening[t] = fund
        earned[t] = j * fund + net * (np.sqrt(1.0 + j) - 1.0)
        fund = fund + net + earned[t]
        closing[t] = fund
    return Reserve(opening, earned, closing)


@dataclass(frozen=True)
class StoppedReserve:
    """A fund that never goes negative; arrays [year]. ``paid + unpaid`` is the outgo that was due."""

    reserve: Reserve
    paid: Array
    unpaid: Array


def roll_forward_stopping(initial: float, income: Array, outgo: Array, investment_return: Array) -> StoppedReserve:
    """Roll a fund that pays at mid-year at most what it then holds.

    paid_t = min(X_t, V_{t-1} (1 + j_t)^(1/2) + C_t), unpaid_t = X_t - paid_t, and V_t follows from what was paid, so V_t >= 0. After exhaustion
    contributions still pay their part of the year's outgo. What stays unpaid is not made good later; accumulated with interest it is the
    difference between this fund and the fund in debt mode. Raises ``ValueError`` for a negative fund, income or outgo.
    """
    c, x, j = yearly_series(income=income, outgo=outgo, investment_return=investment_return)
    checked_returns(j)
    if initial < 0.0 or (c < 0.0).any() or (x < 0.0).any():
        raise ValueError("a fund that stops paying when it is empty cannot start below zero, nor can income or outgo be negative")
    paid, opening, earned, closing = np.zeros(len(c)), np.zeros(len(c)), np.zeros(len(c)), np.zeros(len(c))
    fund = float(initial)
    for t in range(len(c)):
        half = math.sqrt(1.0 + float(j[t]))
        available = fund * half + float(c[t])
        paid[t] = min(float(x[t]), available)
        opening[t] = fund
        fund = (available - paid[t]) * half
        closing[t] = fund
        earned[t] = fund - opening[t] - float(c[t]) + paid[t]
    return StoppedReserve(Reserve(opening, earned, closing), paid, x - paid)


def implied_return(opening: float, net_flow: float, investment_income: float) -> float:
    """The return j of one year that explains its investment income: I = j V + F ((1 + j)^(1/2) - 1), F the net flow at mid-year.

    With z = (1 + j)^(1/2): V z^2 + F z - (V + F + I) = 0, so z = [-F + (F^2 + 4 V (V + F + I))^(1/2)] / (2 V). Case SSA-2023-ROLL (2.4 %).
    Raises ``ValueError`` for a fund that is not positive or a loss larger than any return explains.
    """
    if opening <= 0.0:
        raise ValueError(f"the implied return needs a positive opening fund; found {opening:g}")
    inner = net_flow**2 + 4.0 * opening * (opening + net_flow + investment_income)
    root = (-net_flow + math.sqrt(inner)) / (2.0 * opening) if inner >= 0.0 else -1.0
    if root <= 0.0:
        raise ValueError(f"no return above -100 % explains investment income of {investment_income:g}")
    return root**2 - 1.0
