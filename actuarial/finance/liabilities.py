"""Liabilities of a scheme at the valuation date, in three definitions that never mix.

| definition | formula | type |
|---|---|---|
| accrued to date | pensioners' PVFB + sum over insured of PVFB k_0 / k_exit | :class:`AccruedLiability` |
| closed group | sum over pensioners and insured of (PVFB - PVFC) | :class:`ClosedGroupLiability` |
| open group | sum of v_t (X_t + Adm_t - C_t) over the horizon | :class:`OpenGroupObligation` |

1. PVFB, PVFC: present value of a person's (group's) future benefits and contributions in this scheme only, :func:`present_values`.
2. Each definition is a type of its own. Subtracting or comparing across types raises ``TypeError``; so does mixing wage bases of accrued rights or
   horizons of open groups, which are definitions too. With minus without an instrument is therefore always like with like.
3. PVFB of insured without a right yet must carry the probability of acquiring it (by totalisation where an instrument applies).

Source: implicit pension debt after Holzmann, Palacios and Zviniene 2004 (recalled).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.finance.indicators import discount_factors, present_value
from actuarial.finance.yearly import checked_returns, yearly_series

WageBasis = Literal["projected", "frozen"]
"""``projected``: benefits on earnings at exit (as a projected benefit obligation); ``frozen``: on earnings at the valuation date."""


@dataclass(frozen=True)
class AccruedLiability:
    """Rights accrued to date, in service prorate."""

    pensioners: float
    insured: float
    wage_basis: WageBasis

    @property
    def value(self) -> float:
        """Pensioners plus insured."""
        return self.pensioners + self.insured

    @property
    def definition(self) -> str:
        """What must agree before two liabilities may be compared."""
        return f"accrued to date, {self.wage_basis} wages"


@dataclass(frozen=True)
class ClosedGroupLiability:
    """Present members only, with their future accruals and contributions."""

    benefits: float
    contributions: float

    @property
    def value(self) -> float:
        """Benefits less contributions."""
        return self.benefits - self.contributions

    @property
    def definition(self) -> str:
        """What must agree before two liabilities may be compared."""
        return "closed group"


@dataclass(frozen=True)
class OpenGroupObligation:
    """Present and future members over a horizon."""

    expenditure: float
    contributions: float
    years: int

    @property
    def value(self) -> float:
        """Expenditure less contributions."""
        return self.expenditure - self.contributions

    @property
    def definition(self) -> str:
        """What must agree before two liabilities may be compared."""
        return f"open group over {self.years} years"


Liability = TypeVar("Liability", AccruedLiability, ClosedGroupLiability, OpenGroupObligation)
_TYPES = (AccruedLiability, ClosedGroupLiability, OpenGroupObligation)


def present_values(flows: Array, investment_return: Array) -> Array:
    """Present value of each row of mid-year flows [..., year]: sum of v_t E_t; PVFB of benefits, PVFC of contributions.

    Raises ``ValueError`` when the last axis is not the years of the returns.
    """
    (j,) = yearly_series(investment_return=investment_return)
    checked_returns(j)
    if flows.shape[-1] != len(j):
        raise ValueError(f"flows run over {flows.shape[-1]} years, returns over {len(j)}")
    values: Array = np.asarray(flows, dtype=np.float64) @ discount_factors(j)
    return values


def accrued_liability(
    pensioner_benefits: Array, insured_benefits: Array, service: Array, service_at_exit: Array, wage_basis: WageBasis
) -> AccruedLiability:
    """Accrued to date: sum PVFB of pensioners + sum over insured of PVFB k_0 / k_exit.

    ``pensioner_benefits`` [persons or groups] PVFB; ``insured_benefits`` PVFB, ``service`` k_0 credited at the valuation date and ``service_at_exit``
    k_exit expected at exit (same unit) over one set of groups; either set may be empty. Raises ``ValueError`` unless 0 <= k_0 <= k_exit
    and k_exit > 0.
    """
    benefits, now, end = (np.asarray(a, dtype=np.float64) for a in (insured_benefits, service, service_at_exit))
    if not benefits.shape == now.shape == end.shape:
        raise ValueError(f"benefits {benefits.shape}, service {now.shape} and service at exit {end.shape} must cover the same groups")
    if (now < 0.0).any() or (now > end).any() or (end <= 0.0).any():
        raise ValueError("service at the valuation date must lie between 0 and service at exit, which must be positive")
    return AccruedLiability(float(np.sum(pensioner_benefits)), float((benefits * now / end).sum()), wage_basis)


def closed_group_liability(benefits: Array, contributions: Array) -> ClosedGroupLiability:
    """Closed group: sum over pensioners and insured of (PVFB - PVFC); arrays over one set of groups, contributions 0 for pensioners."""
    if np.shape(benefits) != np.shape(contributions):
        raise ValueError(f"benefits {np.shape(benefits)} and contributions {np.shape(contributions)} must cover the same groups")
    return ClosedGroupLiability(float(np.sum(benefits)), float(np.sum(contributions)))


def open_group_obligation(expenditure: Array, contributions: Array, investment_return: Array) -> OpenGroupObligation:
    """Open group: sum of v_t (X_t + Adm_t - C_t) over the years given; ``expenditure`` includes administration. No target fund."""
    x, c, j = yearly_series(expenditure=expenditure, contributions=contributions, investment_return=investment_return)
    checked_returns(j)
    return OpenGroupObligation(present_value(x, j), present_value(c, j), len(x))


def unfunded(liability: AccruedLiability | ClosedGroupLiability | OpenGroupObligation, reserve: float) -> float:
    """Liability less reserve V_0; of the open group it is the open-group unfunded obligation PV X - PV C - V_0 (OASDI; partial)."""
    _refuse_other(liability)
    return liability.value - reserve


def funding_ratio(liability: AccruedLiability, reserve: float) -> float:
    """V_0 / liability accrued to date. Raises ``TypeError`` for the other definitions, ``ValueError`` when nothing has accrued."""
    if not isinstance(liability, AccruedLiability):
        raise TypeError(f"the funding ratio is defined on rights accrued to date, not on {type(liability).__name__}")
    if liability.value <= 0.0:
        raise ValueError("no rights have accrued; there is no funding ratio")
    return reserve / liability.value


def difference(one: Liability, other: Liability) -> float:
    """Value of ``one`` less value of ``other``, e.g. with minus without an instrument on the day it enters into force.

    Raises ``TypeError`` unless both have the same definition.
    """
    _refuse_other(one)
    _refuse_other(other)
    if one.definition != other.definition:
        raise TypeError(f"liabilities of different definitions are not compared: {one.definition} and {other.definition}")
    return one.value - other.value


def _refuse_other(liability: object) -> None:
    if not isinstance(liability, _TYPES):
        raise TypeError(f"a liability must state its definition; found a bare {type(liability).__name__}")
