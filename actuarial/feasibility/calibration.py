"""Bringing the model to the published figures of the base year, never beyond it.

| published figure | what is adjusted |
|---|---|
| active contributors | level of coverage |
| contributions | level of insurable earnings |
| reserve; member balances | opening reserve; factor on account balances at the valuation date |
| benefits (accounts) | share of balances paid out each year for causes not modelled one by one (mid-term access, invalidity, early exit) |
|                     | or, where less was paid than falls due: the share of balances due that is claimed, rising to all of it |
| pensioners, pension payroll | number and average of pensions in payment |
| benefits (pensions) | what awards and pensions in payment leave unexplained is other benefits (survivors, short-term branches, |
|                     | withdrawals), a constant share of insurable earnings; where they explain too much, the average in payment is lowered |
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, FIRST_YEAR, VALUATION_YEAR, Array, year_index
from actuarial.careers.country import AccountCalibration, CountryCareers
from actuarial.feasibility.awards import AwardFlows, stayer_awards

BASE = year_index(VALUATION_YEAR)
START = year_index(FIRST_YEAR)


@dataclass(frozen=True)
class PensionStock:
    """Pensions in payment at the valuation date by [sex, age], and other benefits as a share of insurable earnings."""

    people: Array
    amount: Array
    other_benefits_share: float


def account_calibration(country: CountryCareers) -> AccountCalibration:
    """Factor on balances and yearly withdrawal share from an uncalibrated run of the stayers."""
    target = country.inputs.scheme.calibration
    balances = target.get("member_balances", target["reserve"]).value
    modelled = sum(float(run.amount[START].sum()) for run in country.stayers)
    factor = balances / modelled
    due = sum(float(run.award_amount[BASE].sum() + run.death_amount[BASE]) for run in country.stayers) * factor
    opening = sum(float(run.amount[BASE].sum()) for run in country.stayers) * factor
    share = (target["benefits"].value - due) / (opening * np.sqrt(1.0 + country.crediting[BASE]))
    claimed = min(1.0, target["benefits"].value / due)
    return AccountCalibration(balance_factor=factor, withdrawal=max(0.0, float(share)), claimed=claimed)


def base_year_awards(country: CountryCareers) -> tuple[AwardFlows, AwardFlows]:
    """Awards to stayers [residence, year of the whole axis], by sex."""
    cv = country.inputs.earnings_cv
    flows = tuple(stayer_awards(country.laws, run.award_people, run.award_amount, cv) for run in country.stayers)
    return flows[0], flows[1]


def pension_stock(country: CountryCareers, awards: tuple[AwardFlows, AwardFlows]) -> PensionStock:
    """Pensions in payment that, with the model's own awards, pay the published benefits of the base year.

    Raises ``ArithmeticError`` when the model's awards alone exceed the published benefits.
    """
    target = country.inputs.scheme.calibration
    sums = sum(float(a.lump_sum[0, BASE] + a.commutation[0, BASE]) for a in awards)
    awarded = sum(float(a.pension[0, BASE]) for a in awards)
    number_awarded = sum(float(a.new_pensions[0, BASE]) for a in awards)
    left = target["benefits"].value - sums - 0.5 * awarded
    if left <= 0.0:
        raise ArithmeticError(
            f"{country.inputs.scheme.id}: new awards of the base year ({sums + 0.5 * awarded:,.0f}) exceed the published benefits "
            f"({target['benefits'].value:,.0f}); check pensioners, benefits and service assumptions"
        )
    number = target["pensioners"].value
    published = target["pension_payroll"].value / number
    average = min(published, left / max(number - 0.5 * number_awarded, 1.0))
    exposed = [country.exposure(sex)[BASE] for sex in (0, 1)]
    pay = sum(float((e * country.insurable[sex, BASE, : e.size]).sum()) for sex, e in enumerate(exposed))
    other = left - average * (number - 0.5 * number_awarded)
    weights = _ages(country)
    return PensionStock(number * weights, number * average * weights, max(0.0, other) / pay)


def _ages(country: CountryCareers) -> Array:
    """Shares of pensioners by [sex, age]: the population above pension age, sexes in proportion to those insured."""
    weights = np.zeros((2, AGE_COUNT))
    for sex in (0, 1):
        age = country.law.pension_age[sex]
        old = country.inputs.residents[sex, age:, START]
        insured = float(country.exposure(sex)[BASE].sum())
        weights[sex, age:] = old / old.sum() * insured
    total = float(weights.sum())
    return weights / total
