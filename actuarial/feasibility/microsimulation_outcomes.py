"""What simulated persons are owed, in both cases, by the same ``award`` function as everybody else.

1. Pension law is applied to one person at a time: own service, service elsewhere, own reference earnings, country of residence at the award.
2. With the instrument a person claims a coordinated right if their uniform number lies below the take-up of the year; the others fall back on
   national law. The same number serves both schemes.
3. Values are present values at the valuation date at each scheme's own return: pensions for life with the mortality of the country of residence
   (rates of the last projected year are held after it), sums at mid-year. National currencies are converted at the rate of the valuation date.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, OPEN_AGE, SEXES, VALUATION_YEAR, WORK_AGE_FIRST, Array, year_index
from actuarial.basis.instrument import PROVISIONS, Instrument
from actuarial.careers.country import CountryCareers
from actuarial.careers.earnings import MONTHS_PER_CREDIT
from actuarial.careers.movers import CorridorInputs
from actuarial.feasibility.awards import rules_of
from actuarial.feasibility.engine import RegionRun, corridor_inputs, indexation
from actuarial.feasibility.microsimulation import SNAPSHOT, START, Careers, simulate
from actuarial.finance.pensions import PaymentFactors, payment_factors
from actuarial.provisions.coordination import NATIONAL_LAW, award
from actuarial.provisions.old_age import commute

CASES = ("without", "with")
SIDES = ("home", "host")
LIFE_YEARS = OPEN_AGE - WORK_AGE_FIRST
"""Years after the horizon for which pensions are valued: nobody is paid longer, but for the open age."""


@dataclass(frozen=True)
class CorridorCase:
    """One corridor and sex, ready to be simulated and compared.

    corridor       codes of origin and host
    countries      (origin, host)
    stream         its stream of random numbers
    discount       [scheme, year] value at the valuation date of a unit paid at mid-year
    factors        payments of a year's awards up to the horizon, by (scheme, place of residence)
    pension_value  [scheme, place, year] value at the valuation date of a pension of one a year awarded in the year, for life
    settlement_claims  [scheme] share of lump sums due at pension age that is claimed
    exchange_rate  [scheme] national currency per US dollar at the valuation date
    """

    corridor: str
    countries: tuple[CountryCareers, CountryCareers]
    sex: int
    stream: int
    inputs: CorridorInputs
    instrument: Instrument
    discount: Array
    factors: dict[tuple[int, int], PaymentFactors]
    pension_value: Array
    settlement_claims: tuple[float, float]
    exchange_rate: Array

    @property
    def name(self) -> str:
        """Corridor and sex."""
        return f"{self.corridor} {SEXES[self.sex]}"

    @property
    def collecting(self) -> bool:
        """Whether one of the countries has a collecting scheme."""
        return any(country.law.collecting for country in self.countries)

    def simulate(self, persons: int, seed: int, snapshot: int = SNAPSHOT, workers: int = 2) -> Careers:
        """Careers of the corridor. Raises ``ValueError`` when neither end has a collecting scheme."""
        drawn = [c.calibration.withdrawal * np.sqrt(1.0 + c.crediting[START:]) * (c.law.kind == "account") for c in self.countries]
        careers = simulate(
            self.inputs, persons, seed=seed, stream=self.stream, discount=self.discount, withdrawal=np.stack(drawn), snapshot=snapshot,
            workers=workers,
        )  # fmt: skip
        if careers is None:
            raise ValueError(f"{self.name}: neither country has a collecting scheme, nobody is insured")
        return careers

    def counts(self, side: int) -> bool:
        """Whether months in the other scheme count for the scheme of ``side``."""
        kind = self.countries[1 - side].law.kind
        return kind == "defined_benefit" or (kind == "account" and self.instrument.provisions.account_schemes.count_periods)


def corridor_case(run: RegionRun, k: int, sex: int) -> CorridorCase:
    """Corridor ``k`` of a region whose countries are projected; its corridors need not be."""
    pair = [int(i) for i in run.demography.corridors[k]]
    codes = [run.basis.countries[i] for i in pair]
    countries = (run.countries[pair[0]], run.countries[pair[1]])
    instrument = run.instrument
    if not set(codes) <= set(instrument.active_members):
        instrument = instrument.without(*PROVISIONS)
    inputs = corridor_inputs(run.basis, run.scenario, instrument, run.demography, run.countries, k, sex)
    returns = np.stack([_extended(c.inputs.investment_return[START:]) for c in countries])
    discount = 1.0 / (np.cumprod(1.0 + returns, axis=1) / np.sqrt(1.0 + returns))
    factors, value = {}, np.zeros((2, 2, HORIZON))
    for i, country in enumerate(countries):
        if country.law.kind != "defined_benefit":
            continue
        for place, where in enumerate(pair):
            survival = _extended(run.demography.survival[where, sex, :, START:])
            life = payment_factors(survival, _extended(indexation(country)), country.law.pension_age[sex] - 1)
            factors[i, place] = PaymentFactors(life.paid[:HORIZON, :HORIZON], life.in_payment[:HORIZON, :HORIZON])
            value[i, place] = (life.paid @ discount[i])[:HORIZON]
    claims = [1.0 if (stock := run.stocks[i]) is None else stock.settlement_claims for i in pair]
    rate = run.basis.economy.exchange_rate[pair, year_index(VALUATION_YEAR)]
    return CorridorCase(
        "-".join(codes), countries, sex, 2 * k + sex, inputs, instrument, discount[:, :HORIZON], factors, value, (claims[0], claims[1]), rate
    )


def _extended(values: Array) -> Array:
    """A series [..., year] held at its last value for :data:`LIFE_YEARS` more."""
    return np.concatenate([values, np.repeat(values[..., -1:], LIFE_YEARS, axis=-1)], axis=-1)


@dataclass(frozen=True)
class Outcomes:
    """Awards and payments of each person from the valuation date on; arrays [case, scheme, person], amounts in national currency.

    entitled, by_totalisation  share of a pension payable (0 or 1, or the share of foreigners with rights); those opened only together
    pension        annual pension awarded, after commutation;  lump_sum instead of it, as far as claimed;  commutation paid with it
    payout, death_payout       claimed balances at payout age, on death
    value          present value of everything paid to the person, with refunds, other payments from accounts and pensions for life
    """

    entitled: Array
    by_totalisation: Array
    pension: Array
    lump_sum: Array
    commutation: Array
    payout: Array
    death_payout: Array
    value: Array


def outcomes(case: CorridorCase, careers: Careers) -> Outcomes:
    """Awards and payments of simulated persons."""
    names = ("entitled", "by_totalisation", "pension", "lump_sum", "commutation", "payout", "death_payout", "value")
    result = Outcomes(**{name: np.zeros((2, 2, careers.persons)) for name in names})
    records = careers.records
    take_up = np.array([case.instrument.take_up_share(FIRST_YEAR + t) for t in range(HORIZON)])
    for i, country in enumerate(case.countries):
        result.value[:, i] = (records.refund[:, :, i] + records.withdrawn[:, :, i]).T
        if country.law.kind == "account":
            _balances(case, careers, i, result)
        elif country.law.kind == "defined_benefit":
            _pensions(case, careers, i, take_up, result)
    return result


def _balances(case: CorridorCase, careers: Careers, i: int, result: Outcomes) -> None:
    """Balances due at payout age and on death, as far as they are claimed."""
    records = careers.records
    for into, year, amount in (
        (result.payout, records.award_year[:, i], records.award_amount),
        (result.death_payout, records.death_year, records.death_amount),
    ):
        who = np.flatnonzero(year >= START)
        t = year[who] - START
        paid = amount[who, :, i].T * case.countries[i].claim_share[t]
        into[:, i, who] = paid
        result.value[:, i, who] += paid * case.discount[i, t]


def _pensions(case: CorridorCase, careers: Careers, i: int, take_up: Array, result: Outcomes) -> None:
    records, country, partner = careers.records, case.countries[i], case.countries[1 - i].inputs.scheme.country
    laws = country.laws[START:]
    coordinated = rules_of(case.instrument)
    year, place = records.award_year[:, i], records.award_place[:, i]
    order = np.argsort(year, kind="stable")
    edges = np.searchsorted(year[order], np.arange(START, START + HORIZON + 1))
    for t in range(HORIZON):
        group = order[edges[t] : edges[t + 1]]
        for where in (0, 1):
            here = group[place[group] == where]
            claims = records.claim[here] < take_up[t]
            # (case, persons, rules, whether the other scheme's months count)
            for c, who, rules, counts in (
                (0, here, NATIONAL_LAW, False), (1, here[~claims], NATIONAL_LAW, False), (1, here[claims], coordinated, case.counts(i))
            ):  # fmt: skip
                if who.size == 0:
                    continue
                months = records.award_service[who, c, i].astype(float) * MONTHS_PER_CREDIT
                outcome = award(
                    laws[t], months[:, i], months[:, 1 - i] * counts, records.award_amount[who, c, i], cv=country.inputs.earnings_cv, rules=rules,
                    abroad=where != i, foreigner=i == 1, partner=partner,
                )  # fmt: skip
                cash, pension = commute(laws[t], outcome.pension)
                settled = outcome.lump_sum * case.settlement_claims[i]
                result.entitled[c, i, who], result.by_totalisation[c, i, who] = outcome.entitled, outcome.by_totalisation
                result.pension[c, i, who], result.lump_sum[c, i, who], result.commutation[c, i, who] = pension, settled, cash
                result.value[c, i, who] += (settled + cash) * case.discount[i, t] + pension * case.pension_value[i, where, t]
