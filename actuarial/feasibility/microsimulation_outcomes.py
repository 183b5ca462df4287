"""What simulated persons are owed, in both cases, by the same ``award`` function as everybody else.

1. Pension law is applied to one person at a time: own service, service elsewhere, own reference earnings. The award says what is owed;
   :mod:`actuarial.feasibility.terms` says where it is paid.
2. With the instrument a person claims a coordinated right if their uniform number lies below the take-up of the year of the award; payment abroad of
   a pension on own periods is claimed in the first year whose take-up exceeds the number. The same number serves both schemes.
3. Values are present values at the valuation date at each scheme's own return: pensions for life, paid where people live, who die, return and move
   again after the award as everybody of their corridor (rates of the last projected year are held after it); sums at mid-year. National currencies
   are converted at the rate of the valuation date. A processing lag is left out of values: it moves part of a first half-year's pension by a year.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, OPEN_AGE, SEXES, VALUATION_YEAR, WORK_AGE_FIRST, Array, IntArray, year_index
from actuarial.basis.instrument import Instrument
from actuarial.careers.country import CountryCareers
from actuarial.careers.earnings import MONTHS_PER_CREDIT
from actuarial.careers.movers import CorridorInputs
from actuarial.feasibility.awards import award_between, rules_of
from actuarial.feasibility.corridor import Payment
from actuarial.feasibility.engine import PreparedRegion, corridor_inputs, indexation, instrument_of_corridor, payments
from actuarial.feasibility.microsimulation import SNAPSHOT, START, Careers, simulate
from actuarial.feasibility.microsimulation_kernel import Short
from actuarial.feasibility.terms import Terms, instrument_terms, national_terms, take_up
from actuarial.finance.pensions import place_factors
from actuarial.provisions.coordination import NATIONAL_LAW
from actuarial.provisions.old_age import commute

CASES = ("without", "with")
SIDES = ("home", "host")
LIFE_YEARS = OPEN_AGE - WORK_AGE_FIRST
"""Years after the horizon for which pensions are valued: nobody is paid longer, but for the open age."""


@dataclass(frozen=True)
class PensionValues:
    """Values at the valuation date of a pension of one a year, for life, by place and year (index of the projection) of the award.

    national     [place, year] paid where national law pays it
    abroad_from  [place, year, first year] what payment abroad adds from a year on; 0 in the last column: never
    coordinated  [place, year] paid where a pension claimed under the instrument is paid
    """

    national: Array
    abroad_from: Array
    coordinated: Array


@dataclass(frozen=True)
class Offers:
    """What the instrument offers in old age by year of the projection [year]: a national's rights, payment abroad, the addition of periods."""

    rights: npt.NDArray[np.bool_]
    export: npt.NDArray[np.bool_]
    addition: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, instrument: Instrument) -> Offers:
        """Of an instrument as it applies."""
        years, p = range(FIRST_YEAR, FIRST_YEAR + HORIZON), instrument.provisions
        covered, exports, totalises = (
            np.array([test("old_age", year) for year in years], dtype=bool) for test in (instrument.covers, instrument.exports, instrument.totalises)
        )
        return cls(covered & p.equality_of_treatment, exports, totalises & (p.amount.method != "none"))


@dataclass(frozen=True)
class CorridorCase:
    """One corridor and sex, ready to be simulated and compared.

    prepared, position  the region, and which of its corridors this is
    corridor       codes of origin and host
    countries      (origin, host)
    stream         its stream of random numbers
    instrument     as it applies to the corridor
    payments       how both schemes pay
    discount       [scheme, year] value at the valuation date of a unit paid at mid-year
    terms          by scheme (national law, under the instrument);  values: by scheme, ``None`` without pensions
    offers         what the instrument offers to whoever claims
    exchange_rate  [scheme] national currency per US dollar at the valuation date
    """

    prepared: PreparedRegion
    position: int
    corridor: str
    countries: tuple[CountryCareers, CountryCareers]
    sex: int
    stream: int
    inputs: CorridorInputs
    instrument: Instrument
    payments: tuple[Payment, Payment]
    discount: Array
    terms: tuple[tuple[Terms, Terms], ...]
    values: tuple[PensionValues | None, ...]
    offers: Offers
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

    def months(self, side: int) -> Array:
        """Months of insurance that a half-year credited by the scheme of ``side`` counts in an award [year]."""
        country = self.countries[side]
        return country.months_per_credit(self.sex)[START:] if country.law.collecting else np.full(HORIZON, float(MONTHS_PER_CREDIT))

    def counts(self, side: int) -> bool:
        """Whether months in the other scheme count for the scheme of ``side``."""
        kind = self.countries[1 - side].law.kind
        return kind == "defined_benefit" or (kind == "account" and self.instrument.provisions.account_schemes.count_periods)


def corridor_case(prepared: PreparedRegion, instrument: Instrument, k: int, sex: int) -> CorridorCase:
    """Corridor ``k`` of a region under an instrument."""
    demography, codes = prepared.demography, prepared.basis.countries
    pair = [int(i) for i in demography.corridors[k]]
    countries = (prepared.countries[pair[0]], prepared.countries[pair[1]])
    applied = instrument_of_corridor(prepared, instrument, k)
    how = payments(prepared, k, sex)
    returns = np.stack([extended(c.inputs.investment_return[START:]) for c in countries])
    discount = 1.0 / (np.cumprod(1.0 + returns, axis=1) / np.sqrt(1.0 + returns))
    survival = extended(demography.survival[pair, sex, :, START:])
    moving = extended(np.stack([demography.remigration_rate[k, sex, :, START:], demography.return_rate[k, sex, :, START:]]))
    offers = Offers.of(applied)
    terms: list[tuple[Terms, Terms]] = []
    values: list[PensionValues | None] = []
    for i, country in enumerate(countries):
        partner = codes[pair[1 - i]]
        both = (
            national_terms(country, i, partner),
            instrument_terms(country, i, partner, applied, how[i].take_up_factor, how[i].unpaid),
        )
        terms.append(both)
        if country.law.kind != "defined_benefit":
            values.append(None)
            continue
        factors = place_factors(survival, moving, extended(indexation(country)), country.law.pension_age[sex] - 1)
        values.append(_values(factors.paid[:, :, :HORIZON] * discount[i], i, both, (1.0 - how[i].unpaid) * offers.export.astype(np.float64)))
    return CorridorCase(
        prepared=prepared, position=k, corridor="-".join(codes[c] for c in pair), countries=countries, sex=sex, stream=2 * k + sex,
        inputs=corridor_inputs(prepared, k, sex, applied), instrument=applied, payments=how, discount=discount[:, :HORIZON], terms=tuple(terms),
        values=tuple(values), offers=offers, exchange_rate=prepared.basis.economy.exchange_rate[pair, year_index(VALUATION_YEAR)],
    )  # fmt: skip


def _values(paid: Array, i: int, terms: tuple[Terms, Terms], export: Array) -> PensionValues:
    """``paid`` [place of the award, place of payment, award year, year] is discounted; scheme ``i``.

    ``export`` [year] is the share of what national law does not pay abroad that is paid to those who claim it.
    """
    years = paid.shape[3] - HORIZON
    export = np.pad(export, (0, years), mode="edge")
    own, coordinated = (np.pad(t, ((0, 0), (0, years)), mode="edge") for t in (terms[0].own, terms[1].coordinated))
    abroad = 1 - i
    more = paid[:, abroad] * (1.0 - own[abroad]) * export
    from_year = np.zeros((2, HORIZON, HORIZON + 1))
    from_year[:, :, :HORIZON] = np.cumsum(more[:, :, ::-1], axis=2)[:, :, ::-1][:, :, :HORIZON]
    return PensionValues(np.einsum("abtu,bu->at", paid, own), from_year, np.einsum("abtu,bu->at", paid, coordinated))


def extended(values: Array) -> Array:
    """A series [..., year] held at its last value for :data:`LIFE_YEARS` more."""
    return np.concatenate([values, np.repeat(values[..., -1:], LIFE_YEARS, axis=-1)], axis=-1)


@dataclass(frozen=True)
class Outcomes:
    """Awards and payments of each person from the valuation date on; arrays [case, scheme, person], amounts in national currency.

    entitled, by_totalisation  share of a pension payable (0 or 1, or the share of foreigners with rights); those opened only together
    pension        annual pension awarded, after commutation;  lump_sum instead of it, as far as claimed;  commutation paid with it
    payout, death_payout, invalidity_payout  claimed balances at payout age, on death, on invalidity
    value          present value of everything paid to the person, with refunds, other payments from accounts and pensions for life
    """

    entitled: Array
    by_totalisation: Array
    pension: Array
    lump_sum: Array
    commutation: Array
    payout: Array
    death_payout: Array
    invalidity_payout: Array
    value: Array


def outcomes(case: CorridorCase, careers: Careers) -> Outcomes:
    """Awards and payments of simulated persons."""
    names = ("entitled", "by_totalisation", "pension", "lump_sum", "commutation", "payout", "death_payout", "invalidity_payout", "value")
    result = Outcomes(**{name: np.zeros((2, 2, careers.persons)) for name in names})
    records = careers.records
    for i, country in enumerate(case.countries):
        result.value[:, i] = (records.refund[:, :, i] + records.withdrawn[:, :, i]).T
        if country.law.kind == "account":
            _balances(case, careers, i, result)
        elif country.law.kind == "defined_benefit":
            _pensions(case, careers, i, result)
    return result


def _balances(case: CorridorCase, careers: Careers, i: int, result: Outcomes) -> None:
    """Balances due at payout age, on death and on invalidity, as far as they are claimed."""
    records = careers.records
    for into, year, amount in (
        (result.payout, records.award_year[:, i], records.award_amount),
        (result.death_payout, records.death_year, records.death_amount),
        (result.invalidity_payout, records.invalid_year, records.invalid_amount),
    ):
        who = np.flatnonzero(year >= START)
        t = year[who] - START
        paid = amount[who, :, i].T * case.countries[i].claim_share[t]
        into[:, i, who] = paid
        result.value[:, i, who] += paid * case.discount[i, t]


def _pensions(case: CorridorCase, careers: Careers, i: int, result: Outcomes) -> None:
    """Old-age awards of scheme ``i`` to everybody who reaches its pension age in the projection."""
    records = careers.records
    year, place = records.award_year[:, i], records.award_place[:, i]
    order = np.argsort(year, kind="stable")
    edges = np.searchsorted(year[order], np.arange(START, START + HORIZON + 1))
    first = _first_claim(case, i, records.claim)
    for t in range(HORIZON):
        group = order[edges[t] : edges[t + 1]]
        for where in (0, 1):
            who = group[place[group] == where]
            if who.size == 0:
                continue
            for c in (0, 1):
                owed = _owed(case, i, t, records.award_service[who, c, i], records.award_amount[who, c, i])
                claims = (first[who] <= t) & (c == 1)
                _pay(case, i, c, t, where, who, owed, claims, first[who], result)


def _first_claim(case: CorridorCase, i: int, luck: Array) -> IntArray:
    """Year from which each person claims what the instrument offers; the end of the projection if never."""
    share = take_up(case.instrument, case.payments[i].take_up_factor)
    reached = np.maximum.accumulate(share)
    first: IntArray = np.searchsorted(reached, luck, side="right")
    return first


@dataclass(frozen=True)
class _Owed:
    """Owed per person wherever they live: on own periods, and what claiming adds or leaves (pensions after commutation, sums paid with them)."""

    entitled: Array
    pension: Array
    cash: Array
    lump_sum: Array
    opened: Array
    added: Array
    added_cash: Array
    lump_sum_claimed: Array


def _owed(case: CorridorCase, i: int, t: int, service: Short, reference: Array) -> _Owed:
    law, cv = case.countries[i].laws[START + t], case.countries[i].inputs.earnings_cv
    own, other = service[:, i] * case.months(i)[t], service[:, 1 - i] * case.months(1 - i)[t] * case.counts(i)
    half_year = float(case.months(i)[t])
    alone = award_between(law, own, other, reference, half_year, cv=cv, rules=NATIONAL_LAW)
    cash, pension = commute(law, alone.pension)
    if not case.offers.addition[t]:
        nothing = np.zeros_like(pension)
        return _Owed(alone.entitled, pension, cash, alone.lump_sum, nothing, nothing, nothing, alone.lump_sum)
    # Where it is paid, and to whom, is asked in the terms.
    rules = replace(rules_of(case.instrument), export=False, equal_treatment=False)
    found = award_between(law, own, other, reference, half_year, cv=cv, rules=rules)
    full_cash, full = commute(law, found.pension)
    return _Owed(alone.entitled, pension, cash, alone.lump_sum, found.by_totalisation, full - pension, full_cash - cash, found.lump_sum)


def _pay(
    case: CorridorCase, i: int, c: int, t: int, where: int, who: IntArray, owed: _Owed, claims: npt.NDArray[np.bool_], first: IntArray,
    result: Outcomes,
) -> None:  # fmt: skip
    """Book what people who live in ``where`` are paid of what they are owed in case ``c``."""
    how, offers, values = case.payments[i], case.offers, case.values[i]
    national, under = case.terms[i]
    assert values is not None
    rights = np.where(claims & offers.rights[t], 1.0, national.rights[t])
    exported = (1.0 - how.unpaid) * float(offers.export[t]) * (1.0 - national.own[where, t])
    own, coordinated = national.own[where, t] + claims * exported, claims * under.coordinated[where, t]
    settled = rights * np.where(claims, owed.lump_sum_claimed, owed.lump_sum) * how.settlement_claims
    cash = rights * (owed.cash * own + owed.added_cash * coordinated)
    value = owed.pension * values.national[where, t] + claims * owed.added * values.coordinated[where, t]
    if c == 1:
        value = value + owed.pension * values.abroad_from[where, t, np.maximum(first, t)]
    result.entitled[c, i, who] = rights * (owed.entitled * own + owed.opened * coordinated)
    result.by_totalisation[c, i, who] = rights * owed.opened * coordinated
    result.pension[c, i, who] = rights * (owed.pension * own + owed.added * coordinated)
    result.lump_sum[c, i, who], result.commutation[c, i, who] = settled, cash
    result.value[c, i, who] += (settled + cash) * case.discount[i, t] + rights * value
