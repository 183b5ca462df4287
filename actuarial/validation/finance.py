"""Social-security finance: what the functions of the floor of finance find for the published and derived cases.

The mature scheme of the SSF cases (:data:`MATURE`): mortality of the SOA Standard Ultimate Life Table at all ages, entry at 20, pension at 60,
entrants growing by 2 %, wages by 4 %, pensions by 3 %, interest 7 % (forces), pay e^(0.01 (x - 20)) on top of wages, 40 % of final salary.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, replace
from typing import Final

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.demography.annuity import makeham_survival
from actuarial.finance.continuous import LinearBenefits, exhaustion_time
from actuarial.finance.indicators import (
    Tail,
    actuarial_balance,
    first_year,
    general_average_premium,
    key_dates,
    perpetual_average_premium,
)
from actuarial.finance.premiums import scaled_premium
from actuarial.finance.reserve import implied_return, roll_forward
from actuarial.finance.stable import StableScheme
from actuarial.provisions import earnings as insurable
from actuarial.validation.case import Figure

SULT: Final = (0.00022, 2.7e-6, 1.124)
SIGMA: Final = 0.01
STEPS: Final = (500, 1000)
"""Steps a year of the scaled premium in fine steps; two step lengths are extrapolated to none (Richardson)."""


def sult(ages: Array) -> Array:
    """Survivors of one person of 20, SOA Standard Ultimate Life Table at all ages."""
    return makeham_survival(np.array(20.0), ages - 20.0, *SULT)


def scale(ages: Array) -> Array:
    """Pay by age, 1 at entry, on top of the growth of wages."""
    rising: Array = np.exp(SIGMA * (ages - 20.0))
    return rising


def level(ages: Array) -> Array:
    """The same pay at every age."""
    return np.ones_like(ages)


MATURE: Final = StableScheme(
    survival=sult, salary=scale, entry=20.0, retirement=60.0, last_age=125.0,
    entrant_growth=0.02, wage_growth=0.04, indexation=0.03, interest=0.07, pension_share=0.40,
)  # fmt: skip
STATIONARY: Final = replace(MATURE, salary=level, entrant_growth=0.0, wage_growth=0.0, indexation=0.0)


def grown(first: float, rate: float, years: int) -> Array:
    """A series that grows by ``rate`` a year."""
    series: Array = first * np.power(1.0 + rate, np.arange(float(years)))
    return series


def duality() -> dict[str, Figure]:
    """PAYG rate with interest equal to the growth of the wage bill, less the entrant premium."""
    even = replace(MATURE, entrant_growth=MATURE.interest - MATURE.wage_growth)
    return {"PAYG less entrant premium": even.payg_rate() - MATURE.entrant_rate()}


def turnover(interest: float) -> dict[str, Figure]:
    """Mean ages, turnover duration, and the accrued liability in two ways."""
    accrued = MATURE.accrued_liability()
    return {
        "mean age of benefits": MATURE.mean_benefit_age(),
        "mean age of contributions": MATURE.mean_contribution_age(),
        "turnover duration": MATURE.turnover_duration(),
        "accrued liability": accrued,
        "prospective less accrued liability": MATURE.prospective_liability(MATURE.payg_rate(), interest) - accrued,
    }


def cohort_returns() -> dict[str, Figure]:
    """Force of interest that a cohort earns."""
    return {"paying PAYG": MATURE.cohort_return(MATURE.payg_rate()), "paying the entrant premium": MATURE.cohort_return(MATURE.entrant_rate())}


def dependency() -> dict[str, Figure]:
    """Pensioners per contributor with growing and with constant entrants; PAYG rate of the stationary scheme."""
    return {
        "growing": MATURE.dependency_ratio(),
        "stationary": replace(MATURE, entrant_growth=0.0).dependency_ratio(),
        "stationary PAYG": STATIONARY.payg_rate(),
    }


def scaled(slope: float, force: float, years: int) -> dict[str, Figure]:
    """Expenditure slope x t on earnings of 1: in closed form, and by the yearly formula in ever finer steps."""
    closed = LinearBenefits(slope, force)
    premium = closed.scaled_premium(float(years))
    exact = (premium, closed.reserve(premium, float(years)), closed.general_average_premium(float(years)))
    coarse, fine = (_stepped(slope, force, years, steps) for steps in STEPS)
    limit = tuple(2.0 * b - a for a, b in zip(coarse, fine, strict=True))
    return {
        "scaled premium": exact[0],
        "reserve": exact[1],
        "average premium": exact[2],
        "by fine steps": limit,
        "fine steps less closed form": tuple(a - b for a, b in zip(limit, exact, strict=True)),
    }


def _stepped(slope: float, force: float, years: int, steps: int) -> tuple[float, float, float]:
    count = years * steps
    time = (np.arange(count) + 0.5) / steps
    outgo, earned, rate = slope * time / steps, np.full(count, 1.0 / steps), np.full(count, math.expm1(force / steps))
    found = scaled_premium(outgo, earned, 0.0, rate)
    return found.rate, float(found.closing[-1]), general_average_premium(outgo, earned, 0.0, rate)


def average_premium(
    interest: float, earnings: tuple[float, float], outgo: tuple[float, float], years: int, fund: float
) -> dict[str, Figure]:
    """General average premium with a fund and without; flows are (first, growth)."""
    s, x, j = grown(*earnings, years), grown(*outgo, years), np.full(years, interest)
    return {"with the fund": general_average_premium(x, s, fund, j), "without": general_average_premium(x, s, 0.0, j)}


def perpetual_premium(
    interest: float, earnings: tuple[float, float], outgo: tuple[float, float], years: Sequence[int], fund: float
) -> dict[str, Figure]:
    """Average premium without end, projected over each number of ``years`` before the tail; and what a fund takes off it."""
    tail = Tail(interest, outgo[1], earnings[1])
    base = earnings[0] * math.sqrt(1.0 + interest) / (interest - earnings[1])
    premiums, gaps = [], []
    for n in years:
        s, x, j = grown(*earnings, n), grown(*outgo, n), np.full(n, interest)
        premiums.append(perpetual_average_premium(x, s, 0.0, j, tail))
        gaps.append(perpetual_average_premium(x, s, fund, j, tail) - (premiums[-1] - fund / base))
    return {"premium": tuple(premiums), "worth of a fund less the closed form": tuple(gaps)}


def fund(fund: float, interest: float, income: tuple[float, float], outgo: tuple[float, float], years: int) -> dict[str, Figure]:
    """The fund of five years, and when it falls below zero; key dates: expenditure above contributions, above all income, exhaustion."""
    c, x = grown(*income, years), grown(*outgo, years)
    rolled = roll_forward(fund, c, x, np.full(years, interest))
    dates = astuple(key_dates(c, x, rolled, 1))
    return {
        "funds at the end of years 1 to 5": tuple(rolled.closing[:5].tolist()),
        "first year below zero": float(first_year(rolled.closing < 0.0, 1)),
        "key dates": tuple(math.nan if date is None else float(date) for date in dates),
    }


def balance(
    interest: float, earnings: tuple[float, float], outgo: tuple[float, float], years: int, rate: float, fund: float
) -> dict[str, Figure]:
    """Summarised income and cost rates and the balance, the target being one year's cost at the end."""
    s, x = grown(*earnings, years), grown(*outgo, years + 1)
    found = actuarial_balance(rate * s, x[:years], s, fund, np.full(years, interest), x[years])
    return {"income rate": found.income_rate, "cost rate": found.cost_rate, "balance": found.balance}


def exhaustion(fund: float, income: float, outgo: float, force: float) -> dict[str, Figure]:
    """Years until the fund is empty."""
    found = exhaustion_time(fund, income, outgo, force)
    return {"time": math.nan if found is None else found}


def lognormal_earnings(mean: float, variation: float, ceiling: float, floor: float, classes: Sequence[float]) -> dict[str, Figure]:
    """Insurable earnings below a ceiling and above a floor, and the means of classes."""
    return {
        "sigma": float(insurable.lognormal_sigma(variation)),
        "below the ceiling": float(insurable.expected_below_ceiling(mean, variation, ceiling)),
        "share above": float(insurable.share_above(mean, variation, ceiling)),
        "above the floor": float(insurable.expected_above_floor(mean, variation, floor)),
        "class means": tuple(float(v) for v in insurable.class_means(mean, variation, list(classes))),
    }


def fund_year(opening: float, income: Sequence[float], interest: float, cost: float) -> dict[str, Figure]:
    """A year of a fund, rolled forward with the return that explains its interest."""
    earned = sum(income)
    rate = implied_return(opening, earned - cost, interest)
    rolled = roll_forward(opening, np.array([earned]), np.array([cost]), np.array([rate]))
    return {
        "implied return": rate,
        "closing": float(rolled.closing[0]),
        "change": float(rolled.closing[0] - rolled.opening[0]),
        "interest earned less that published": float(rolled.investment_income[0]) - interest,
        "opening ratio": opening / cost,
    }


def fund_years(opening: Sequence[float], income: Sequence[float], cost: Sequence[float]) -> dict[str, Figure]:
    """Years of a fund whose income includes interest."""
    rolled = [roll_forward(v, np.array([i], float), np.array([x], float), np.zeros(1)) for v, i, x in zip(opening, income, cost, strict=True)]
    return {
        "change": tuple(float(f.closing[0] - f.opening[0]) for f in rolled),
        "closing": tuple(float(f.closing[0]) for f in rolled),
    }
