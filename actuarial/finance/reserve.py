"""Reserve roll-forward: the fund of a scheme from one 31 December to the next, with flows at mid-year.

V_t = V_{t-1} (1 + j_t) + (C_t - X_t) (1 + j_t)^(1/2), so investment income is j V_{t-1} + (C_t - X_t) ((1 + j_t)^(1/2) - 1).
Source: standard mid-year convention of social security valuations (Plamondon et al. 2002; recalled), case SSF-ROLL.

The fund may go negative (debt mode): a negative reserve accrues interest, which present values and premiums need.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import Array


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
