"""What the arithmetic of a path needs of one scheme beside its responses: law, economy and stayers of the base, as plain arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import FEMALE, FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.demography.population import survival_ratios
from actuarial.feasibility.engine import PreparedRegion
from actuarial.feasibility.pay_response import PayResponse, proportional
from actuarial.feasibility.stayer_ages import StayerAges, stayer_ages
from actuarial.feasibility.terms import take_up

START = year_index(FIRST_YEAR)


@dataclass(frozen=True)
class MostOf:
    """Largest factors [year] under which nobody pays more than the whole year or all that is due, and no more than everybody claims."""

    density: Array
    compliance: Array
    take_up: Array

    @classmethod
    def boundless(cls) -> MostOf:
        """No limit."""
        return cls(*(np.full(HORIZON, np.inf),) * 3)


@dataclass(frozen=True)
class SchemeBasis:
    """One scheme; arrays [year] of the projection unless said otherwise, amounts in national currency of the base economy.

    survival          [2, age, year] of residents;  birth_survival [2, year] from birth to the next 1 January
    mother_age        mean age of mothers at birth
    price_share, wage_share   of inflation and wage growth in the increase of pensions
    pay               what wages and prices do to pay and awards
    spread            between the return on the fund and the interest on accounts
    collected         contribution rate times compliance
    administration    share of contributions;  account_administration: amounts, in an account scheme in place of that
    other_share       other benefits as a share of insurable earnings
    fixed_cost, variable_share   of coordination, 0 before entry into force
    exchange_rate     national currency per US dollar at the valuation date, a number
    most              limits of the factors of paths
    career            [award year, year] share of the service of those who reach pension age that they earned in a year of the projection
    """

    country: str
    kind: str
    stayers: StayerAges
    survival: Array
    birth_survival: Array
    mother_age: int
    inflation: Array
    wage_growth: Array
    investment_return: Array
    price_share: Array
    wage_share: Array
    pay: PayResponse
    spread: float
    collected: Array
    administration: Array
    account_administration: Array
    other_share: float
    opening_reserve: float
    fixed_cost: Array
    variable_share: Array
    exchange_rate: float
    career: Array
    most: MostOf


def scheme_basis(prepared: PreparedRegion, instrument: Instrument, c: int, pay: PayResponse | None = None) -> SchemeBasis:
    """The basis of country ``c``, which collects contributions. Without ``pay`` awards follow nominal pay of the years of reference."""
    country, stock, economy = prepared.countries[c], prepared.stocks[c], prepared.basis.economy
    laws, inputs, target = country.laws[START:], country.inputs, country.inputs.scheme.calibration
    code = prepared.basis.countries[c]
    account = country.law.kind == "account"
    share = np.array([law.administration_share_of_contributions for law in laws])
    own = np.zeros(HORIZON)
    if account and inputs.scheme.starts is None:
        held = sum(out.amount[START:].sum(axis=(1, 2, 3)) for out in country.stayers)
        own = share[0] * target["contributions"].value / held[0] * held[:-1]
        share = np.zeros(HORIZON)
    in_force = (np.arange(HORIZON) + FIRST_YEAR >= instrument.entry_into_force) & (code in instrument.active_members)
    administration = instrument.administration
    prices = np.cumprod(1.0 + economy.inflation[c, START:])
    return SchemeBasis(
        country=code,
        kind=country.law.kind,
        stayers=stayer_ages(prepared, c),
        survival=prepared.demography.survival[c, :, :, START:],
        birth_survival=survival_ratios(prepared.basis.population).births[c][..., START:],
        mother_age=_mother_age(prepared, c),
        inflation=inputs.inflation[START:],
        wage_growth=inputs.wage_growth[START:],
        investment_return=inputs.investment_return[START:],
        price_share=np.array([law.price_share for law in laws]),
        wage_share=np.array([law.wage_share for law in laws]),
        pay=pay or proportional(max(1, round(country.law.reference_months / 12))),
        spread=country.law.crediting_spread,
        collected=country.compliance[START:] * np.array([law.contribution_rate for law in laws]),
        administration=share,
        account_administration=own,
        other_share=0.0 if stock is None else stock.other_benefits_share,
        opening_reserve=target["reserve"].value,
        fixed_cost=administration.fixed_usd_per_year_per_scheme * economy.exchange_rate[c, START - 1] * prices * in_force,
        variable_share=administration.share_of_coordinated_benefits * in_force.astype(np.float64),
        exchange_rate=float(economy.exchange_rate[c, START - 1]),
        career=_career(prepared, c),
        most=_most(prepared, instrument, c),
    )


def _most(prepared: PreparedRegion, instrument: Instrument, c: int) -> MostOf:
    country = prepared.countries[c]
    claimed = take_up(instrument, prepared.scenario.payment.take_up_factor)
    return MostOf(*(np.divide(1.0, level, out=np.ones(HORIZON), where=level > 0.0) for level in (
        country.density[START:], country.compliance[START:], claimed)))  # fmt: skip


def _mother_age(prepared: PreparedRegion, c: int) -> int:
    """Of the births of the first projected year."""
    births = prepared.basis.population.fertility[c][..., START] * prepared.demography.population[c, FEMALE, :, START]
    return round(float((births * (np.arange(len(births)) + 0.5)).sum() / births.sum()))


def _career(prepared: PreparedRegion, c: int) -> Array:
    """[award year, year], rows sum to the share of service earned within the projection."""
    country = prepared.countries[c]
    result = np.zeros((HORIZON, HORIZON))
    for t in range(HORIZON):
        whole, within = 0.0, np.zeros(HORIZON)
        for sex in (0, 1):
            insured = country.exposure(sex)
            last = insured.shape[1] - 1
            for back in range(last + 1):
                y = START + t - back
                if y < 0:
                    break
                person_years = insured[y, last - back]
                whole += person_years
                if y >= START:
                    within[y - START] += person_years
        result[t] = within / whole if whole > 0.0 else 0.0
    return result
