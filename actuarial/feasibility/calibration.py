"""Bringing the model to the published figures of the base year, never beyond it.

| published figure | what is adjusted |
|---|---|
| active contributors | level of coverage |
| contributions | level of insurable earnings |
| reserve; member balances | opening reserve; factor on account balances at the valuation date |
| benefits (accounts) | share of balances paid out each year for causes not modelled one by one (mid-term access, invalidity, early exit); |
|                     | or, where less was paid than falls due: the share of balances due that is claimed, rising to all of it |
| pensioners, pension payroll | number and average of pensions in payment, a given share of them survivors' and invalidity pensions |
| benefits (pensions) | share of lump sums due to pensioners and families that is claimed; what is left is other benefits (short-term |
|                     | branches, withdrawals), a constant share of insurable earnings |
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, FIRST_YEAR, VALUATION_YEAR, Array, year_index
from actuarial.careers.country import AccountCalibration, CountryCareers
from actuarial.feasibility.awards import OwnAwards, stayer_awards

BASE = year_index(VALUATION_YEAR)
START = year_index(FIRST_YEAR)


@dataclass(frozen=True)
class PensionStock:
    """Old-age pensions in payment at the valuation date by [sex, age], and what goes with them.

    other_pensions        survivors' and invalidity pensions per old-age pension, in number and amount, for good
    settlement_claims     share of lump sums due, at pension age or to families in lieu of pensions, that is claimed
    other_benefits_share  other benefits as a share of insurable earnings
    sums_in_lieu, death_grants   of the base year: sums due to families in lieu of pensions; paid on the death of pensioners
    """

    people: Array
    amount: Array
    other_pensions: float
    settlement_claims: float
    other_benefits_share: float
    sums_in_lieu: float = 0.0
    death_grants: float = 0.0


@dataclass(frozen=True)
class MoversAccounts:
    """Uncalibrated amounts of movers in one account scheme: balances at the valuation date and a year before, and payments of the base year."""

    balances: float = 0.0
    opening: float = 0.0
    due: float = 0.0
    refunds: float = 0.0


def account_calibration(country: CountryCareers, movers: MoversAccounts, settle_years: float, backlog_share: float) -> AccountCalibration:
    """Factor on balances, yearly withdrawal share and share claimed, from an uncalibrated run of stayers and movers.

    A scheme that begins after the valuation date has nothing to be calibrated to: no balances, and everything due is claimed.
    """
    if country.inputs.scheme.starts is not None:
        return AccountCalibration(settle_years=settle_years, backlog_share=backlog_share)
    target = country.inputs.scheme.calibration
    half = float(np.sqrt(1.0 + country.crediting[BASE]))
    runs = country.stayers
    modelled = movers.balances + sum(float(run.amount[START].sum()) for run in runs)
    factor = target.get("member_balances", target["reserve"]).value / modelled
    due = factor * (movers.due + sum(float(run.award_amount[BASE].sum() + run.death_amount[BASE] + run.invalidity_amount[BASE]) for run in runs))
    refunds = factor * (movers.refunds + sum(float(run.residual_amount[BASE]) / half for run in runs))
    opening = factor * (movers.opening + sum(float(run.amount[BASE].sum()) for run in runs))
    left = target["benefits"].value - refunds
    return AccountCalibration(
        balance_factor=factor,
        withdrawal=max(0.0, (left - due) / (opening * half)),
        claimed=min(1.0, max(0.0, left / due)),
        settle_years=settle_years,
        backlog_share=backlog_share,
    )


def base_year_awards(country: CountryCareers) -> tuple[OwnAwards, OwnAwards]:
    """Awards to stayers [residence, year of the whole axis], by sex."""
    cv = country.inputs.earnings_cv
    flows = tuple(
        stayer_awards(country.laws, run.award_people, run.award_amount, country.months_per_credit(sex), cv) for sex, run in enumerate(country.stayers)
    )
    return flows[0], flows[1]


def pension_stock(
    country: CountryCareers, awards: tuple[OwnAwards, OwnAwards], other_share: float, sums_in_lieu: float = 0.0
) -> PensionStock:
    """Pensions in payment that, with the model's own awards, pay the published benefits of the base year.

    ``other_share`` is the share of survivors' and invalidity pensions in the pensions in payment, ``sums_in_lieu`` what falls due to families in
    place of pensions. What payroll, commutations and death grants leave of the benefits pays lump sums: if it is less than falls due, a share of
    them is claimed; if it is more, the rest is other benefits.
    A scheme that begins after the valuation date has no pensions in payment and no other benefits, and everything due is claimed.

    Raises ``ArithmeticError`` when payroll and sums with pensions alone exceed the published benefits by more than 5 %.
    """
    scheme, target = country.inputs.scheme, country.inputs.scheme.calibration
    if scheme.starts is not None:
        nobody = np.zeros((2, AGE_COUNT))
        return PensionStock(nobody, nobody, other_share / (1.0 - other_share), 1.0, 0.0)
    settlements = sum(float(a.lump_sum[0, BASE]) for a in awards)
    commuted = sum(float(a.cash[0, BASE]) for a in awards)
    number, payroll = target["pensioners"].value, target["pension_payroll"].value
    heads, money = (weights * (1.0 - other_share) for weights in _ages(country))
    grants = _death_grants(country, payroll * money)
    left = target["benefits"].value - payroll - commuted - grants
    if left < -0.05 * target["benefits"].value:
        raise ArithmeticError(
            f"{scheme.id}: pensions in payment and sums with new pensions ({payroll + commuted:,.0f}) exceed the published benefits "
            f"({target['benefits'].value:,.0f})"
        )
    due = settlements + sums_in_lieu
    claims = min(1.0, max(0.0, left / due)) if due > 0.0 else 1.0
    exposed = [country.exposure(sex)[BASE] for sex in (0, 1)]
    pay = sum(float((e * country.insurable[sex, BASE, : e.size]).sum()) for sex, e in enumerate(exposed))
    other = max(0.0, left - claims * due)
    return PensionStock(
        people=number * heads,
        amount=payroll * money,
        other_pensions=other_share / (1.0 - other_share),
        settlement_claims=claims,
        other_benefits_share=other / pay,
        sums_in_lieu=sums_in_lieu,
        death_grants=grants,
    )


def _death_grants(country: CountryCareers, pensions: Array) -> float:
    """Sums on the death of pensioners in the base year; ``pensions`` [sex, age] in payment."""
    law = country.law.survivors
    deaths = 1.0 - country.inputs.survival[:, :, START]
    return 0.0 if law is None else law.death_grant_months / 12.0 * float((pensions * deaths).sum())


def _ages(country: CountryCareers) -> tuple[Array, Array]:
    """Shares of pensioners and of their pensions by [sex, age].

    As the scheme counted them; else the population above pension age, sexes in proportion to those insured, and pensions as pensioners.
    """
    counted = country.inputs.scheme.people
    if counted.pensioners is not None and counted.pensions is not None:
        return counted.pensioners, counted.pensions
    weights = np.zeros((2, AGE_COUNT))
    for sex in (0, 1):
        age = country.law.pension_age[sex]
        old = country.inputs.residents[sex, age:, START]
        insured = float(country.exposure(sex)[BASE].sum())
        weights[sex, age:] = old / old.sum() * insured
    weights /= float(weights.sum())
    return weights, weights
