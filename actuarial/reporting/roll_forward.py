"""The reserve roll-forward as the workbook computes it, from the yearly table of one case.

| symbol | column | formula |
|---|---|---|
| V_t | closing | V_(t-1) + N_t + I_t |
| N_t | net | C_t - B_t - A_t: contributions less benefits and administration, at mid-year |
| I_t | income | j_t V_(t-1) + N_t (sqrt(1 + j_t) - 1) |
| j_t | rate | return of the year, implied by the engine's income |

The engine's figures must satisfy these identities; where they do not, the workbook is refused rather than made to fit.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import Array
from actuarial.feasibility.result import SchemeResult

BENEFIT_PARTS: Final = ("pensions", "lump_sums", "refunds", "account_payouts", "other_benefits")
TOLERANCE: Final = 1e-9
"""Relative to the largest figure of the column (the one tolerance of this code base)."""


def roll_forward(scheme: SchemeResult, case: str) -> pd.DataFrame:
    """Yearly table of ``case`` with the columns the live sheets need besides the engine's own.

    Adds opening, net, rate, income, closing, collected (contributions / (legal rate x insurable earnings)),
    expenditure, cost_rate and ratio (opening reserve / expenditure; NaN without expenditure). Raises ``ValueError``
    naming country and year when the engine's figures do not roll forward, benefits are not the sum of their parts, or a
    rate is not what its definition says.
    """
    frame = scheme.yearly[scheme.yearly["case"] == case].sort_values("year").reset_index(drop=True)
    where = f"{scheme.country}, {case}"
    if frame.empty or not (np.diff(frame["year"]) == 1).all():
        raise ValueError(f"{where}: the yearly table must hold every year once")
    parts = frame[list(BENEFIT_PARTS)].sum(axis=1)
    _same(where, frame, "benefits", parts.to_numpy())
    expenditure = (parts + frame["administration"]).to_numpy()
    net = frame["contributions"].to_numpy() - expenditure
    closing = frame["reserve"].to_numpy(float)
    income = frame["investment_income"].to_numpy(float)
    opening = np.concatenate(([closing[0] - net[0] - income[0]], closing[:-1]))
    _same(where, frame, "reserve", opening + net + income)
    rate = implied_return(opening, net, income)
    _same(where, frame, "investment_income", rate * opening + net * (np.sqrt(1 + rate) - 1))
    earnings = frame["insurable_earnings"].to_numpy(float)
    assessed = frame["legal_rate"].to_numpy(float) * earnings
    if ((assessed == 0) & (frame["contributions"] != 0)).any():
        raise ValueError(f"{where}: contributions without a legal rate or without insurable earnings")
    cost_rate = _ratio(expenditure, earnings, 0.0)
    _same(where, frame, "payg_cost_rate", cost_rate)
    ratio = _ratio(opening, expenditure, np.nan)
    _same(where, frame, "reserve_ratio", np.where(np.isnan(ratio), frame["reserve_ratio"], ratio))
    return frame.assign(
        opening=opening,
        net=net,
        rate=rate,
        income=income,
        closing=closing,
        collected=_ratio(frame["contributions"].to_numpy(float), assessed, 0.0),
        expenditure=expenditure,
        cost_rate=cost_rate,
        ratio=ratio,
    )


def implied_return(opening: Array, net: Array, income: Array) -> Array:
    """Return j of each year that yields ``income`` on an opening reserve and a net flow at mid-year; arrays [year].

    With s = sqrt(1 + j): opening s^2 + net s = opening + net + income. Of two solutions the one nearer to 1 is
    taken. A year in which nothing is earned is given the return 0, which earns the same nothing.
    """
    rate = np.zeros(len(opening))
    for t, (fund, flow, earned) in enumerate(zip(opening, net, income, strict=True)):
        if earned == 0.0:
            continue
        roots = np.roots([fund, flow, -(fund + flow + earned)])
        real = roots[np.abs(roots.imag) < 1e-6].real
        if not len(real):
            raise ValueError(f"no return explains an income of {earned} on {fund} and a flow of {flow}")
        rate[t] = real[np.argmin(np.abs(real - 1.0))] ** 2 - 1.0
    return rate


def _ratio(over: Array, under: Array, otherwise: float) -> Array:
    result = np.full(len(over), otherwise)
    np.divide(over, under, out=result, where=under != 0)
    return result


def _same(where: str, frame: pd.DataFrame, column: str, expected: Array) -> None:
    """Refuse a column that is not what is expected; a year that is missing on both sides agrees."""
    given = frame[column].to_numpy(float)
    gap = np.where(np.isnan(given) & np.isnan(expected), 0.0, np.abs(given - expected))
    worst = int(np.argmax(np.where(np.isnan(gap), np.inf, gap)))
    scale = max(float(np.abs(np.nan_to_num(given)).max()), float(np.abs(np.nan_to_num(expected)).max()))
    if not gap[worst] <= TOLERANCE * scale:
        year = int(frame["year"].iloc[worst])
        raise ValueError(f"{where}, {year}: {column} is {given[worst]!r}, its parts make {expected[worst]!r}")
