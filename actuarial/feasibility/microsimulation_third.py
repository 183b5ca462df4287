"""What one corridor at a time misses: careers in three or more states, and what it would cost to add up all of their periods.

1. People of one origin who move along any of its corridors. Everything else is as in the lattice, and rates come from the corridors alone: a
   returned mover goes again to the last host by that corridor's rate, and to another host by the chance of a first move of residents of the same
   age and sex; somebody abroad returns by the rate of the corridor from the origin, and goes on to another host by the chance of a first move of
   the residents of the state lived in. These two chances are assumptions (people who have moved before may well move more): a factor on them says
   what they are worth. Numbers of first movers are those of the corridors; they are not lowered by the moves added here.
2. Every person is priced by the same ``award`` three times: under national law; with the periods of all partners added up; and one corridor at a
   time, where a host's scheme adds the origin's periods only, and the origin's scheme those of the one host with most of them.
3. Payment abroad is asked by the place of residence at the award, for life; under the instrument members pay in every member state in both
   treatments. So the two differ by the addition of periods alone. Claims: rule 2 of :mod:`actuarial.feasibility.microsimulation_outcomes`.
4. Values are present values at the valuation date at each scheme's own return, in US dollars of that date. Invalidity ends careers as in the lattice;
   pensions to the invalid and to survivors are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import HORIZON, SEXES, VALUATION_YEAR, WORK_AGE_COUNT, Array, IntArray, year_index
from actuarial.basis.errors import InputError, unknown_name
from actuarial.basis.instrument import Instrument
from actuarial.careers.country import CountryCareers
from actuarial.careers.coverage import WORK_AGES
from actuarial.careers.earnings import MONTHS_PER_CREDIT
from actuarial.careers.lattice import SideRates
from actuarial.careers.movers import CorridorInputs
from actuarial.feasibility.awards import award_between, rules_of
from actuarial.feasibility.corridor import Payment
from actuarial.feasibility.engine import PreparedRegion, corridor_inputs, indexation, payments, refund_block
from actuarial.feasibility.microsimulation import MAXIMUM_PERSONS, START, cover_rates, emigrants, entries, invalidity_alone
from actuarial.feasibility.microsimulation_outcomes import LIFE_YEARS, extended
from actuarial.feasibility.microsimulation_third_kernel import ThirdRecords, ThirdTables, run_third
from actuarial.feasibility.terms import take_up
from actuarial.finance.pensions import payment_factors
from actuarial.provisions.coordination import NATIONAL_LAW
from actuarial.provisions.old_age import commute

CHUNK = 2**16
"""Persons simulated and priced at a time."""
STREAM = 2**16
"""First stream of random numbers, beyond those of corridors."""
NATIONAL, PAIRWISE, ALL_PARTNERS = range(3)


@dataclass(frozen=True)
class SchemeEffect:
    """One scheme, people of one origin and sex, from the valuation date on.

    awarded                   people who reach its pension age with periods of their own
    several                   those of them with periods in two or more hosts, which one corridor cannot hold
    pensions                  people with a pension by national law, one corridor at a time, all partners
    cost                      value in US dollars with minus without the instrument (one corridor at a time, all partners)
    cost_several              the same of people with periods in two or more hosts
    error                     standard error of the difference of the two costs
    gainers                   people with a pension only if all partners are added up
    """

    country: str
    awarded: float
    several: float
    pensions: tuple[float, float, float]
    cost: tuple[float, float]
    cost_several: tuple[float, float]
    error: float
    gainers: float


@dataclass(frozen=True)
class ThirdStates:
    """People of one origin and sex who ever move.

    movers, lived       people from the valuation date on, and those who live in three or more states before their last pension age
    reached             people who reach the last pension age of the region with any period (from the valuation date on)
    two, three, several  those of them with periods in exactly two, in three or more states, in two or more hosts
    """

    origin: str
    sex: str
    persons: int
    movers: float
    lived: float
    reached: float
    two: float
    three: float
    several: float
    schemes: tuple[SchemeEffect, ...]


def third_states(
    prepared: PreparedRegion, instrument: Instrument, origin: str, sex: int, persons: int, seed: int, *, factor: float = 1.0
) -> ThirdStates:
    """Simulate ``persons`` of an origin and sex; ``factor`` on the chances of a move to a third state, 0 for none.

    Raises :class:`InputError` for an origin without a corridor and ``ValueError`` for a number of persons out of range.
    """
    if not 0 < persons < MAXIMUM_PERSONS:
        raise ValueError(f"persons: {persons} is not between 1 and {MAXIMUM_PERSONS - 1}")
    origins = sorted({prepared.basis.countries[int(o)] for o, _ in prepared.demography.corridors})
    if origin not in origins:
        raise InputError(unknown_name("origin", origin, origins))
    o = prepared.basis.countries.index(origin)
    case = _case(prepared, instrument, o, sex, factor)
    weight = case.people / persons
    sums = _Sums(len(prepared.countries))
    for first in range(0, persons, CHUNK):
        count = min(CHUNK, persons - first)
        records = _records(count, len(prepared.countries))
        run_third(first, count, seed, STREAM + 2 * o + sex, case.tables, records)
        _price(case, records, sums)
    codes = prepared.basis.countries
    effects = []
    for c in range(len(codes)):
        if not prepared.countries[c].law.collecting:
            continue
        mean = sums.gap[c] / persons
        error = weight * float(np.sqrt(max(sums.gap_squared[c] - persons * mean**2, 0.0)))
        awarded, several, national, pairwise, total, gainers = (float(x) * weight for x in sums.people[c])
        cost, part = (tuple(float(x) * weight for x in values[c]) for values in (sums.cost, sums.cost_several))
        effects.append(SchemeEffect(codes[c], awarded, several, (national, pairwise, total), (cost[0], cost[1]), (part[0], part[1]), error, gainers))
    movers, lived, reached, two, three, several = (float(x) * weight for x in sums.heads)
    return ThirdStates(origin, SEXES[sex], persons, movers, lived, reached, two, three, several, tuple(effects))


@dataclass(frozen=True)
class _Case:
    tables: ThirdTables
    people: float
    countries: tuple[CountryCareers, ...]
    codes: tuple[str, ...]
    sex: int
    origin: int
    instrument: Instrument
    member: npt.NDArray[np.bool_]
    payments: tuple[Payment | None, ...]
    months: Array
    exchange_rate: Array
    value: dict[int, tuple[Array, Array, Array]]


class _Sums:
    """Totals over persons, by scheme: (awarded, several, pensions x 3, gainers); costs (pairwise, all partners)."""

    def __init__(self, states: int) -> None:
        self.people = np.zeros((states, 6))
        self.cost, self.cost_several = np.zeros((states, 2)), np.zeros((states, 2))
        self.gap, self.gap_squared = np.zeros(states), np.zeros(states)
        self.heads = np.zeros(6)


def _records(n: int, states: int) -> ThirdRecords:
    return ThirdRecords(
        award_year=np.full((n, states), -1, np.int16), award_place=np.full((n, states), -1, np.int16),
        award_service=np.zeros((n, 2, states, states), np.int16), award_amount=np.zeros((n, 2, states)), paid=np.zeros((n, 2, states)),
        insured=np.zeros(n, np.int16), lived=np.zeros(n, np.int16), last_year=np.full(n, -1, np.int16), claim=np.zeros(n),
    )  # fmt: skip


def _case(prepared: PreparedRegion, instrument: Instrument, o: int, sex: int, factor: float) -> _Case:
    """Everything about the origin ``o`` (position) that persons need."""
    codes, countries, corridors = prepared.basis.countries, prepared.countries, prepared.demography.corridors
    at = {int(d): k for k, (origin, d) in enumerate(corridors) if origin == o}
    inputs = {d: corridor_inputs(prepared, k, sex) for d, k in at.items()}
    member = np.array([code in instrument.active_members for code in codes])
    tables, people = _tables(prepared, instrument, member, o, sex, inputs, factor)
    how: list[Payment | None] = [None] * len(codes)
    for d, k in at.items():
        how[o], how[d] = payments(prepared, k, sex)
    years = [c.months_per_credit(sex)[START:] if c.law.collecting else np.full(HORIZON, float(MONTHS_PER_CREDIT)) for c in countries]
    rate = prepared.basis.economy.exchange_rate[:, year_index(VALUATION_YEAR)]
    value = {
        c: _values(prepared, c, sex, member) for c in range(len(codes)) if countries[c].law.kind == "defined_benefit" and how[c] is not None
    }
    return _Case(tables, people, countries, codes, sex, o, instrument, member, tuple(how), np.stack(years), rate, value)


def _discount(country: CountryCareers) -> Array:
    returns = extended(country.inputs.investment_return[START:])
    result: Array = 1.0 / (np.cumprod(1.0 + returns) / np.sqrt(1.0 + returns))
    return result


def _values(prepared: PreparedRegion, c: int, sex: int, member: npt.NDArray[np.bool_]) -> tuple[Array, Array, Array]:
    """Pension of one a year of scheme ``c``: paid under national law [place, year], more by payment abroad from a year on [place, year, year + 1].

    The third array [place, year] is paid wherever a member lives. Places where nothing is paid have 0.
    """
    country, codes = prepared.countries[c], prepared.basis.countries
    discount, rise = _discount(country), extended(indexation(country))
    states = len(codes)
    national, more, whole = np.zeros((states, HORIZON)), np.zeros((states, HORIZON, HORIZON + 1)), np.zeros((states, HORIZON))
    laws = [*country.laws[START:], *[country.laws[-1]] * LIFE_YEARS]
    for place in range(states):
        survival = extended(prepared.demography.survival[place, sex, :, START:])
        paid = payment_factors(survival, rise, country.law.pension_age[sex] - 1).paid[:HORIZON] * discount
        due = np.array([float(place == c or law.export_without_instrument or codes[place] in law.export_partners) for law in laws])
        exported = float(member[c] and member[place]) * (1.0 - due)
        national[place], whole[place] = paid @ due, paid @ (due + exported)
        more[place, :, :HORIZON] = np.cumsum((paid * exported)[:, ::-1], axis=1)[:, ::-1][:, :HORIZON]
    return national, more, whole


def _tables(
    prepared: PreparedRegion, instrument: Instrument, member: npt.NDArray[np.bool_], o: int, sex: int, inputs: dict[int, CorridorInputs],
    factor: float,
) -> tuple[ThirdTables, float]:  # fmt: skip
    """Rates as the kernel wants them, and the expected number of people who ever enter."""
    countries, demography = prepared.countries, prepared.demography
    states, years = len(countries), demography.return_rate.shape[-1]
    one = next(iter(inputs.values()))
    sides = {o: one.home_side, **{d: i.host_side for d, i in inputs.items()}}
    rows = max(side.award_row for side in sides.values()) + 1
    shape = (states, years, rows)
    death, invalid, stay, enter, arrive = (np.zeros(shape) for _ in range(5))
    back, again, fresh, onward = np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros((states, *shape))
    start_cover = np.zeros((states, rows))
    for d, i in inputs.items():
        ends = np.stack([1.0 - c.survival[:, :rows] for c in (i.origin, i.host)])
        death[o], death[d] = ends
        invalid[o], invalid[d] = invalidity_alone(i, rows, ends)
        stay[o], enter[o], arrive[o] = cover_rates(i.origin, i.home_side.award_row, rows, 1.0)
        stay[d], enter[d], arrive[d] = cover_rates(i.host, i.host_side.award_row, rows, i.coverage_factor)
        back[d], again[d] = i.return_rate[:, :rows], i.remigration_rate[:, :rows]
        first = np.minimum(i.host.target[0, :rows] * np.ravel(i.coverage_factor)[0], 1.0)
        start_cover[d] = first * (np.arange(rows) <= i.host_side.award_row)
    for k, (source, to) in enumerate(demography.corridors):
        chance = factor * _first_move(prepared, k, sex)[:, :rows]
        if source == o:
            fresh[to] = chance
        elif to != o and int(source) in inputs and int(to) in inputs:
            onward[source, to] = chance
    if (fresh.sum(axis=0) + again.max(axis=0)).max() > 1.0 or (onward.sum(axis=1) + back).max() > 1.0:
        raise ValueError(f"factor {factor}: more than everybody moves")
    parts = [(d, *entries(i, rows, years)) for d, i in inputs.items() if i.first_movers.sum() + i.abroad.sum() > 0.0]
    numbers = np.concatenate([p[1] for p in parts])
    year, row, kind = (np.concatenate([p[n] for p in parts]) for n in (2, 3, 4))
    share, amount = emigrants(one.origin, rows, max(one.home_size, 1), one.emigrant_cover)
    size = max(one.home_size, *(i.host_size for i in inputs.values()))
    refunds = np.zeros((2, 2, states, years, size))
    for c, side in sides.items():
        blocked = _blocked(countries[c], instrument, sex, c == o) if member[c] else side
        for case, used in enumerate((side, blocked)):
            refunds[0, case, c, :, : used.refund_share.shape[1]] = used.refund_share
            refunds[1, case, c, :, : used.refund_value.shape[1]] = used.refund_value
    rates = {}
    for name in ("keep", "add", "keep_mid", "add_mid"):
        none = np.zeros_like(getattr(one.home_side, name)[:, :rows])
        rates[name] = np.stack([getattr(sides[c], name)[:, :rows] if c in sides else none for c in range(states)])
    discount, withdrawal, payout = np.zeros((states, years)), np.zeros((states, years)), np.zeros((states, years))
    for c in sides:
        country = countries[c]
        discount[c, START:] = _discount(country)[:HORIZON]
        if country.law.kind == "account":
            withdrawal[c, START:] = country.calibration.withdrawal * np.sqrt(1.0 + country.crediting[START:]) * discount[c, START:]
            payout[c, START:] = country.claim_share * discount[c, START:]
    tables = ThirdTables(
        entry_share=np.cumsum(numbers) / numbers.sum(), entry_year=year, entry_row=row, entry_kind=kind,
        entry_host=np.concatenate([np.full(p[1].size, p[0], np.int16) for p in parts]), resident_share=share, resident_amount=amount,
        start_cover=start_cover, origin=o, death=death, invalid=invalid, stay_in=stay, get_in=enter, arrive_in=arrive, back=back, again=again,
        fresh=fresh, onward=onward, **rates,
        award_row=np.array([sides[c].award_row if c in sides else -1 for c in range(states)], np.int16), refund_share=refunds[0],
        refund_value=refunds[1], start=START,
        amount_factor=np.array([countries[c].calibration.balance_factor for c in range(states)]), discount=discount, withdrawal=withdrawal,
        payout=payout,
    )  # fmt: skip
    return tables, float(numbers.sum())


def _first_move(prepared: PreparedRegion, k: int, sex: int) -> Array:
    """Chance of a first move along corridor ``k`` of residents of its origin [year, row], given survival."""
    demography = prepared.demography
    o = int(demography.corridors[k, 0])
    alive = demography.population[o, sex, WORK_AGES, :-1] * demography.survival[o, sex, WORK_AGES]
    chance: Array = np.divide(demography.labour_outflow[k, sex, WORK_AGES], alive, out=np.zeros_like(alive), where=alive > 0.0).T
    return chance


def _blocked(country: CountryCareers, instrument: Instrument, sex: int, nationals: bool) -> SideRates:
    return country.side(sex, WORK_AGE_COUNT, refund_block(country, instrument), nationals)


def _price(case: _Case, records: ThirdRecords, sums: _Sums) -> None:
    """Add the persons of one block to the sums."""
    states = len(case.codes)
    known = np.array([bin(x).count("1") for x in range(2**states)])
    insured, lived = known[records.insured], known[records.lived]
    several = known[records.insured & ~(1 << case.origin)] > 1
    last = int(np.argmax(case.tables.award_row))
    alive = records.last_year >= START
    reached = (records.award_year[:, last] >= START) & (insured > 0)
    groups = (alive, alive & (lived > 2), reached, reached & (insured == 2), reached & (insured > 2), reached & several)
    sums.heads += [group.sum() for group in groups]
    for c, country in enumerate(case.countries):
        how = case.payments[c]
        if how is None or not country.law.collecting:
            continue
        value = np.zeros((3, records.claim.size))
        value[NATIONAL], value[PAIRWISE] = records.paid[:, 0, c], records.paid[:, 1, c]
        value[ALL_PARTNERS] = value[PAIRWISE]
        pensions = np.zeros((3, records.claim.size))
        if country.law.kind == "defined_benefit":
            _pensions(case, records, c, how, value, pensions)
        own = (records.award_year[:, c] >= START) & (records.award_service[:, 1, c, c] > 0)
        dollars = value / case.exchange_rate[c]
        cost = dollars[PAIRWISE:] - dollars[NATIONAL]
        gap = dollars[ALL_PARTNERS] - dollars[PAIRWISE]
        gainers = ((pensions[ALL_PARTNERS] > 0.0) & (pensions[PAIRWISE] == 0.0)).sum()
        sums.people[c] += [own.sum(), (own & several).sum(), *(pensions > 0.0).sum(axis=1), gainers]
        sums.cost[c] += cost.sum(axis=1)
        sums.cost_several[c] += cost[:, several].sum(axis=1)
        sums.gap[c] += gap.sum()
        sums.gap_squared[c] += (gap**2).sum()


def _pensions(case: _Case, records: ThirdRecords, c: int, how: Payment, value: Array, pensions: Array) -> None:
    """Add the pensions of scheme ``c`` under the three treatments to ``value`` and mark them in ``pensions`` [treatment, person]."""
    country, member = case.countries[c], bool(case.member[c])
    rules = rules_of(case.instrument)
    claimable = np.maximum.accumulate(take_up(case.instrument, how.take_up_factor)) if member else np.zeros(HORIZON)
    first: IntArray = np.searchsorted(claimable, records.claim, side="right")
    counts = np.array([_counts(case, c, j) for j in range(len(case.codes))])
    national, more, whole = case.value[c]
    discount = case.tables.discount[c, START:]
    year = records.award_year[:, c]
    order = np.argsort(year, kind="stable")
    edges = np.searchsorted(year[order], np.arange(START, START + HORIZON + 1))
    for t, law in enumerate(country.laws[START:]):
        who = order[edges[t] : edges[t + 1]]
        if who.size == 0:
            continue
        place = records.award_place[who, c]
        rights = np.where(c == case.origin, 1.0, law.foreigners_rights_share)
        for treatment in (NATIONAL, PAIRWISE, ALL_PARTNERS):
            book = int(treatment != NATIONAL)
            months = records.award_service[who, book, c] * case.months[:, t]
            reference = records.award_amount[who, book, c]
            own, elsewhere = months[:, c], months * counts
            half_year = float(case.months[c, t])
            alone = award_between(law, own, 0.0 * own, reference, half_year, cv=country.inputs.earnings_cv, rules=NATIONAL_LAW)
            cash, pension = commute(law, alone.pension)
            worth, lump, entitled = pension * national[place, t], alone.lump_sum, alone.entitled
            paid_here = whole[place, t] > 0.0
            cash = cash * (national[place, t] > 0.0)
            if book:
                if rules.export:
                    worth = worth + pension * more[place, t, np.maximum(first[who], t)]
                if rules.totalise and rules.method != "none":
                    other = elsewhere.sum(axis=1) if treatment == ALL_PARTNERS else _one_partner(elsewhere, c, case.origin)
                    same = replace(rules, export=False, equal_treatment=False)
                    found = award_between(law, own, other, reference, half_year, cv=country.inputs.earnings_cv, rules=same)
                    claims = first[who] <= t
                    full_cash, full = commute(law, found.pension)
                    reach = whole[place, t] if rules.export else national[place, t]
                    worth = np.where(claims, worth + (full - pension) * reach, worth)
                    cash = np.where(claims, full_cash * paid_here, cash)
                    lump = np.where(claims, found.lump_sum, lump)
                    entitled = np.where(claims, np.maximum(entitled, found.entitled), entitled)
                if rules.equal_treatment:
                    rights = np.where(first[who] <= t, 1.0, rights)
            value[treatment, who] += rights * (worth + (cash + lump * how.settlement_claims) * discount[t])
            pensions[treatment, who] = rights * entitled


def _counts(case: _Case, c: int, j: int) -> bool:
    """Whether periods in ``j`` count for the scheme of ``c``."""
    kind = case.countries[j].law.kind
    counted = kind == "defined_benefit" or (kind == "account" and case.instrument.provisions.account_schemes.count_periods)
    return bool(j != c and counted and case.member[c] and case.member[j])


def _one_partner(elsewhere: Array, c: int, origin: int) -> Array:
    """Months [person] of the one partner whose periods the scheme of ``c`` adds, from months [person, state]: see rule 2."""
    result: Array = elsewhere[:, origin] if c != origin else elsewhere.max(axis=1)
    return result


