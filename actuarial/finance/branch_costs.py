"""Cost of employment injury, maternity, sickness and health: yearly amounts and the rates that pay for them.

1. Amounts are national currency of the year; earnings are insurable earnings per year; a rate is cost over insurable earnings S.
2. Employment injury pensions are financed by capital value: the year that makes the award pays for its whole life. Its other benefits, and the
   other branches, pay as they go.

| symbol | meaning |
|---|---|
| n | insured persons (women for maternity) by group |
| b, p | annual pensions newly awarded; in payment |
| a(x) | value of a pension of 1 a year, monthly in advance, at the net rate |

Source: financing of short-term and injury branches as practised in social security valuations (Plamondon et al. 2002; recalled).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import Array
from actuarial.finance.yearly import checked_returns, positive_base, yearly_series

DAYS_PER_YEAR: Final = 365.0
WEEKS_PER_YEAR: Final = 52.0
MONTHS_PER_YEAR: Final = 12


def _amounts(**values: npt.ArrayLike) -> list[Array]:
    """Arrays of numbers that cannot be negative; shapes must broadcast."""
    arrays = [np.asarray(value, dtype=np.float64) for value in values.values()]
    for name, array in zip(values, arrays, strict=True):
        if not np.isfinite(array).all() or (array < 0.0).any():
            raise ValueError(f"{name.replace('_', ' ')} must be finite and not negative")
    return arrays


def _share(value: npt.ArrayLike, what: str) -> Array:
    array = np.asarray(value, dtype=np.float64)
    if not ((array >= 0.0) & (array <= 1.0)).all():
        raise ValueError(f"{what} is a share and lies between 0 and 1")
    return array


def net_rate(investment_return: float, indexation: float) -> float:
    """Rate at which an indexed pension is valued as a level one: (1 + j) / (1 + idx) - 1.

    Raises ``ValueError`` when either is -100 % or less.
    """
    if investment_return <= -1.0 or indexation <= -1.0:
        raise ValueError("return and indexation must exceed -1")
    return (1.0 + investment_return) / (1.0 + indexation) - 1.0


def pension_annuities(q: Array, rate: float | Array, frequency: int = MONTHS_PER_YEAR) -> Array:
    """a(x) by age [..., n]: 1 a year in ``frequency`` parts in advance, deaths uniform within the year, at any rate above -1.

    a(x) = (1/m) sum over k < m of v^(k/m) (1 - k q(x) / m) + v (1 - q(x)) a(x+1). For rates above zero equal to
    :func:`actuarial.demography.annuity.annuity_due_fractional`; a net rate may be zero or negative. Rates broadcast against ``q`` without its ages.
    The last age is open as there. Raises ``ValueError`` for q outside 0..1, a rate of -100 % or less, or an infinite value.
    """
    probabilities = np.asarray(q, dtype=np.float64)
    if probabilities.shape[-1] == 0 or not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError("probabilities of death must lie between 0 and 1")
    rates = np.asarray(rate, dtype=np.float64)[..., None]
    if (rates <= -1.0).any():
        raise ValueError("the net rate must exceed -1")
    v = 1.0 / (1.0 + rates)
    part = np.arange(frequency) / frequency
    year: Array = (v**part).mean(axis=-1, keepdims=True) - probabilities * (part * v**part).mean(axis=-1, keepdims=True)
    kept = v * (1.0 - probabilities)
    if (kept[..., -1] >= 1.0).any():
        raise ValueError("the value is infinite: the net rate does not exceed survival at the last age")
    values = np.empty_like(year)
    values[..., -1] = year[..., -1] / (1.0 - kept[..., -1])
    for age in range(probabilities.shape[-1] - 2, -1, -1):
        values[..., age] = year[..., age] + kept[..., age] * values[..., age + 1]
    return values


def capital_value(awards: npt.ArrayLike, pensions: npt.ArrayLike, annuities: npt.ArrayLike) -> float:
    """K = sum of awards x b x a(x): capital value of the pensions awarded in a year. Arrays [..., age] that broadcast.

    ``awards`` people, ``pensions`` mean yearly amount, ``annuities`` from :func:`pension_annuities` on the mortality of the type (disabled, widow).
    """
    people, amount, value = _amounts(awards=awards, pensions=pensions, annuities=annuities)
    return float((people * amount * value).sum())


def pension_reserve(in_payment: npt.ArrayLike, annuities: npt.ArrayLike) -> float:
    """Reserve that backs pensions in payment: sum of p x a(x); ``in_payment`` total yearly amounts [..., age]."""
    return capital_value(1.0, in_payment, annuities)


def temporary_disablement_cost(
    insured: npt.ArrayLike, frequency: npt.ArrayLike, days: npt.ArrayLike, earnings: npt.ArrayLike, replacement: npt.ArrayLike
) -> float:
    """Sum of n x cases per insured x compensated days per case x (replacement x yearly earnings / 365); arrays by group that broadcast."""
    people, cases, length, pay = _amounts(insured=insured, frequency=frequency, days=days, earnings=earnings)
    return float((people * cases * length * _share(replacement, "the replacement rate") * pay / DAYS_PER_YEAR).sum())


def medical_cost(insured: npt.ArrayLike, frequency: npt.ArrayLike, cost: npt.ArrayLike) -> float:
    """Sum of n x cases per insured x cost per case; arrays by group that broadcast."""
    people, cases, each = _amounts(insured=insured, frequency=frequency, cost=cost)
    return float((people * cases * each).sum())


@dataclass(frozen=True)
class InjuryCost:
    """Cost of the employment injury branch in one year."""

    capital_values: float
    temporary: float
    medical: float
    administration: float
    prevention: float

    @property
    def total(self) -> float:
        """K + TD + medical + administration + prevention."""
        return self.capital_values + self.temporary + self.medical + self.administration + self.prevention

    def premium(self, earnings: float) -> float:
        """(K + TD + medical + administration + prevention) / S. Raises ``ValueError`` without earnings."""
        return self.total / positive_base(earnings, "insurable earnings")


def maternity_cost(
    women: npt.ArrayLike, fertility: npt.ArrayLike, earnings: npt.ArrayLike, *, take_up: npt.ArrayLike, weeks: float, replacement: npt.ArrayLike
) -> float:
    """Sum over age of women x births per insured woman x take-up x weeks / 52 x replacement x mean insurable earnings.

    Divide by S for the rate. Raises ``ValueError`` for shares outside 0..1 or more weeks than a year has.
    """
    people, births, pay = _amounts(insured_women=women, fertility=fertility, earnings=earnings)
    if not 0.0 <= weeks <= WEEKS_PER_YEAR:
        raise ValueError(f"weeks of benefit lie between 0 and {WEEKS_PER_YEAR:g}; found {weeks:g}")
    share = _share(take_up, "take-up") * _share(replacement, "the replacement rate")
    return float((people * births * pay * share).sum() * weeks / WEEKS_PER_YEAR)


def sickness_rate(incidence: npt.ArrayLike, days: npt.ArrayLike, replacement: npt.ArrayLike) -> Array:
    """Cost per unit of insurable earnings: incidence x mean compensated days / 365 x replacement. Shapes broadcast.

    ``incidence`` is cases a year per insured and ``days`` are those paid per case, after waiting days and up to the maximum.
    """
    cases, length = _amounts(incidence=incidence, days=days)
    rate: Array = cases * length / DAYS_PER_YEAR * _share(replacement, "the replacement rate")
    return rate


def contingency_reserve(expenditure: float, months: float) -> float:
    """``months`` of yearly expenditure: X x k / 12. Three to twelve months are customary (recalled)."""
    _amounts(expenditure=expenditure, months=months)
    return expenditure * months / MONTHS_PER_YEAR


def medical_cost_index(medical_inflation: Array) -> Array:
    """Level of unit costs in each year, 1 in the base year before the first: product of (1 + m_u) over u <= t, array [year]."""
    (inflation,) = yearly_series(medical_inflation=medical_inflation)
    return np.asarray(np.cumprod(1.0 + checked_returns(inflation)), dtype=np.float64)


def health_cost(members: Array, utilisation: npt.ArrayLike, unit_cost: npt.ArrayLike, medical_inflation: Array) -> Array:
    """cost_t = sum over class, sex, age of members x utilisation x unit cost x index_t, array [year].

    ``members`` [..., year]; classes are contributor, spouse, child, parent. ``utilisation`` (services per member a year) and ``unit_cost`` (in prices
    of the base year) [...], without the year axis. Source: standard per-head method; with constant inflation index_t = (1 + m)^t.
    Raises ``ValueError`` when the years of members and inflation differ.
    """
    people, services, price = _amounts(members=members, utilisation=utilisation, unit_cost=unit_cost)
    index = medical_cost_index(medical_inflation)
    if people.shape[-1] != len(index):
        raise ValueError(f"members run over {people.shape[-1]} years, medical inflation over {len(index)}")
    per_member = np.broadcast_to(services * price, people.shape[:-1])
    base: Array = (people * per_member[..., None]).reshape(-1, len(index)).sum(axis=0)
    return base * index
