"""Adequacy for people: what a cohort of movers pays, gets and loses, without and with an instrument, beside people who stay.

1. The cohort of a corridor and sex is everybody who makes the first move in the first projection year, aged :data:`AGES` at its 1 January. It goes
   through the corridor's lattice and is priced like all movers, up to the end of the horizon, when the youngest are past 90.
2. Movers bring their service at home with them. Its contributions are those of the origin's stayers of that generation in the years before, in
   proportion to the service that movers bring; those to accounts carry the factor that calibrates balances. Nothing is counted of people who did
   not live to move.
3. Contributions are the employee's and the employer's to the long-term branch. Benefits are those that the engine prices for movers and for stayers,
   without the other benefits that it carries as a share of earnings.
4. Two people who stay are compared: of the origin, the same people with the same service, cover and amounts, living there from the first projection
   year on; of the host country, its own residents of the same ages in the same numbers. Everybody is alive at the end of the first projection year.
5. Present values, rates of return and replacement rates: :mod:`actuarial.feasibility.cohort_value`. Balances become pensions at the price of an
   annuity for life that rises with prices, at the real return on the reserve, without loading: an assumption, the schemes pay cash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, SEXES, WORK_AGE_COUNT, WORK_AGE_FIRST, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.careers.country import CountryCareers, exposure
from actuarial.careers.coverage import WORK_AGES
from actuarial.careers.lattice import LatticeOutput
from actuarial.careers.movers import CorridorInputs, project, start_corridor
from actuarial.careers.stayers import StayerInputs, StayerOutput, run_stayers
from actuarial.demography.annuity import annuity_due_fractional
from actuarial.feasibility.awards import coordinated_awards, own_awards, rules_of
from actuarial.feasibility.calibration import base_year_awards
from actuarial.feasibility.cashflow import StayerFlows, stayer_flows
from actuarial.feasibility.cohort_rights import Rights, RightsKept, account_rights, pension_rights
from actuarial.feasibility.cohort_value import Earned, Pensions, SchemeLife, Value, value
from actuarial.feasibility.corridor import CorridorPricer, SideCost, outgo, unclaimed_balances
from actuarial.feasibility.engine import PreparedRegion, RegionRun, corridor_inputs, instrument_of_corridor, payments, refund_block
from actuarial.feasibility.terms import instrument_terms, national_terms

START = year_index(FIRST_YEAR)
AGES = (18, 29)
"""First and last age of the cohort at 1 January of the first projection year."""


@dataclass(frozen=True)
class CohortRun:
    """A cohort of movers in the lattice.

    intact         the lattice as if nobody ever took a refund: it says who was ever insured
    without, with_instrument  the lattice in both cases;  sides  their price for (origin's, host's scheme)
    people         [row] movers by row at the start of the projection
    service        [row] years of service at home that one of them brings at that date;  cover  [row] share of them covered then
    """

    intact: LatticeOutput
    without: LatticeOutput
    with_instrument: LatticeOutput
    sides: tuple[SideCost, SideCost]
    people: Array
    service: Array
    cover: Array


@dataclass(frozen=True)
class CorridorAdequacy:
    """Adequacy for the movers of one corridor and sex.

    rights       in (origin's, host's) scheme, by year of reaching pension age; ``None`` for a scheme that insures nobody
    stayers      the comparison of rule 4 in (origin, host country); ``None`` without a collecting scheme there
    """

    origin: int
    host: int
    sex: int
    movers: Value
    rights: tuple[RightsKept | None, RightsKept | None]
    stayers: tuple[Value | None, Value | None]


def cohort_inputs(inputs: CorridorInputs, ages: tuple[int, int] = AGES) -> CorridorInputs:
    """The same corridor with nobody but the first movers of the first projection year aged ``ages[0]`` to ``ages[1]`` at its 1 January.

    Raises ``ValueError`` for ages that are not an interval of working ages.
    """
    first, last = (age - WORK_AGE_FIRST for age in ages)
    if not 0 <= first <= last < inputs.first_movers.shape[1]:
        raise ValueError(f"a cohort needs an interval of working ages from {WORK_AGE_FIRST}; found {ages[0]} to {ages[1]}")
    movers = np.zeros_like(inputs.first_movers)
    movers[START, first : last + 1] = inputs.first_movers[START, first : last + 1]
    return replace(inputs, first_movers=movers, abroad=np.zeros_like(inputs.abroad), at_home=np.zeros_like(inputs.at_home))


def corridor_adequacy(
    prepared: PreparedRegion, instrument: Instrument, k: int, sex: int, ages: tuple[int, int] = AGES, inputs: CorridorInputs | None = None
) -> CorridorAdequacy | None:
    """Adequacy for the cohort of corridor ``k`` and one sex. ``None`` when neither end has a collecting scheme or nobody of these ages moves.

    ``inputs`` takes the place of the corridor's own, for other movers or rates.
    """
    o, h = (int(c) for c in prepared.demography.corridors[k])
    applied = instrument_of_corridor(prepared, instrument, k)
    every = corridor_inputs(prepared, k, sex) if inputs is None else inputs
    cohort = _run(prepared, applied, k, sex, cohort_inputs(every, ages))
    if cohort is None or not cohort.people.any():
        return None
    pair = (prepared.countries[o], prepared.countries[h])
    past = (past_exposure(pair[0], sex, cohort.service), np.zeros((START, len(cohort.people))))
    rights = (_rights(cohort, 0, pair, applied), _rights(cohort, 1, pair, applied))
    insured = [out.sum(axis=(1, 2, 3)) - out[:, :, 0, 0].sum(axis=1) for out in cohort.intact.award_people]
    lives, pensions, earned = [], [], []
    for i, (country, cost) in enumerate(zip(pair, cohort.sides, strict=True)):
        paid = past_contributions(country, sex, past[i], cohort.people)
        paid[START:] += cost.contributions
        if i == 0 and country.law.collecting:
            # Half a year of the year of the move, before it.
            pay = country.insurable[sex, START, : len(cohort.people)]
            paid[START] += 0.5 * country.laws[START].contribution_rate * float(cohort.people * cohort.cover @ pay)
        lives.append(_life(prepared, (o, h)[i], paid, (outgo(cost.without).sum(axis=0), outgo(cost.with_instrument).sum(axis=0))))
        pensions.append(_pensions(prepared, (o, h)[i], sex, insured[i], rights[i]))
        earned.append(earned_by_generation(country, sex, cohort.without.covered[i], past[i], cohort.people))
    movers = value(lives, pensions, earned, float(cohort.people.sum()))
    openings = (_origin_opening(every, cohort.people), _host_opening(pair[1], sex, cohort.people))
    stayers = (
        _stayer_value(prepared, instrument, o, sex, openings[0], past[0]),
        _stayer_value(prepared, instrument, h, sex, openings[1], past_exposure(pair[1], sex, _service(openings[1][0]))),
    )
    return CorridorAdequacy(o, h, sex, movers, rights, stayers)


def _run(prepared: PreparedRegion, instrument: Instrument, k: int, sex: int, inputs: CorridorInputs) -> CohortRun | None:
    """Lattice and price of the people of ``inputs``, who all make their first move in the first projection year."""
    origin, host = (prepared.countries[int(c)] for c in prepared.demography.corridors[k])
    start = start_corridor(inputs)
    if start is None:
        return None

    def lattice(until: tuple[int, int]) -> LatticeOutput:
        return project(start, origin.side(sex, WORK_AGE_COUNT, until[0], True), host.side(sex, WORK_AGE_COUNT, until[1], False))

    without = project(start, inputs.home_side, inputs.host_side)
    refunds = bool(inputs.home_side.refund_share[START:].any() or inputs.host_side.refund_share[START:].any())
    intact = lattice((0, 0)) if refunds else without
    with_instrument = lattice((refund_block(origin, instrument), refund_block(host, instrument))) if refunds else without
    sides = CorridorPricer(origin, host, sex, start.history, without, payments(prepared, k, sex)).price(with_instrument, instrument)
    brought = start.moves.origin_people[START]
    people = inputs.first_movers[START, : brought.shape[0]]
    return CohortRun(intact, without, with_instrument, sides, people, _service(brought), brought[:, 0].sum(axis=1))


def _service(people: Array) -> Array:
    """Mean years of service [row] of people [row, cover, half-years]; 0 where nobody is."""
    count = people.sum(axis=(1, 2))
    total = 0.5 * (people.sum(axis=1) @ np.arange(people.shape[2]))
    mean: Array = np.divide(total, count, out=np.zeros_like(total), where=count > 0.0)
    return mean


def _rights(cohort: CohortRun, i: int, pair: tuple[CountryCareers, CountryCareers], instrument: Instrument) -> RightsKept | None:
    """Rights in the scheme of the origin (``i`` 0) or of the host (1)."""
    found = [lattice_rights(out, i, pair, applied) for out, applied in ((cohort.without, None), (cohort.with_instrument, instrument))]
    return None if found[0] is None or found[1] is None else RightsKept(found[0], found[1])


def lattice_rights(out: LatticeOutput, i: int, pair: tuple[CountryCareers, CountryCareers], instrument: Instrument | None) -> Rights | None:
    """Rights after one run of a lattice in the scheme of its origin (``i`` 0) or host (1); national law alone where there is no instrument.

    ``pair`` is (origin, host). ``None`` for a scheme that insures nobody. The result is a handful of arrays [year]: the lattice output can go.
    """
    country, other = pair[i], pair[1 - i]
    people, amount = out.award_people[i], out.award_amount[i]
    if i == 1:
        people, amount = people.swapaxes(2, 3), amount.swapaxes(2, 3)
    if country.law.kind == "account":
        return account_rights(people, amount)
    if country.law.kind != "defined_benefit":
        return None
    laws, cv, partner = country.laws[START:], country.inputs.earnings_cv, other.inputs.scheme.country
    own = own_awards(laws, people, amount, cv)
    if instrument is None:
        return pension_rights(laws, own, national_terms(country, i, partner))
    counts = other.law.kind == "defined_benefit" or (other.law.kind == "account" and instrument.provisions.account_schemes.count_periods)
    # Residence and nationality are asked in the terms.
    rules = replace(rules_of(instrument), equal_treatment=False, export=False)
    added = coordinated_awards(laws, people, amount, cv, rules, counts)
    return pension_rights(laws, own, instrument_terms(country, i, partner, instrument), added)


def _life(prepared: PreparedRegion, c: int, contributions: Array, benefits: tuple[Array, Array]) -> SchemeLife:
    """``contributions`` over history and projection, ``benefits`` over the projection."""
    country = prepared.countries[c]
    before = np.zeros(START)
    return SchemeLife(
        contributions=contributions,
        benefits=(np.concatenate([before, benefits[0]]), np.concatenate([before, benefits[1]])),
        exchange_rate=prepared.basis.economy.exchange_rate[c],
        prices=price_level(country),
        returns=country.inputs.investment_return,
    )


def _pensions(prepared: PreparedRegion, c: int, sex: int, insured: Array, rights: RightsKept | None) -> Pensions:
    country = prepared.countries[c]
    none = np.zeros(HORIZON)
    row = country.law.pension_age[sex] - 1 - WORK_AGE_FIRST if country.law.collecting else -1
    pension = (none, none)
    if rights is not None:
        price = annuity_prices(country, sex) if country.law.kind == "account" else 1.0
        pension = (rights.without.payable_amount / price, rights.with_instrument.payable_amount / price)
    return Pensions(row, insured, pension, wage_level(country), prepared.basis.economy.exchange_rate[c])


def _origin_opening(inputs: CorridorInputs, movers: Array) -> tuple[Array, Array]:
    """The cohort before its move, living at home: people and amounts [row, cover, service]; ``movers`` [row]."""
    start = start_corridor(inputs)
    assert start is not None
    n, m = start.moves.origin_people[START], start.moves.origin_amount[START]
    scale = movers[:, None, None]
    return n * scale, m * scale


def _host_opening(host: CountryCareers, sex: int, movers: Array) -> tuple[Array, Array]:
    """Residents of the host country at the start of the projection in the numbers of ``movers`` [row]."""
    run = host.stayers[sex]
    n, m = run.people[START], run.amount[START]
    rows = min(len(movers), len(n))
    total = n.sum(axis=(1, 2))
    scale = np.zeros(len(n))
    np.divide(movers[:rows], total[:rows], out=scale[:rows], where=total[:rows] > 0.0)
    return n * scale[:, None, None], m * scale[:, None, None]


def stayer_cohort(country: CountryCareers, sex: int, opening: tuple[Array, Array]) -> StayerOutput:
    """``opening`` people and amounts [row, cover, service] of the first projection year, insured at home like other stayers to pension age or death.

    Nobody dies in the first year. Arrays of the result are over history, where nobody is, and projection.
    """
    run, inputs = country.stayers[sex], country.inputs
    rows = run.people.shape[1]
    n, m = (_rows(values, rows) for values in opening)
    survival = inputs.survival[sex, WORK_AGES].T[START:, :rows].copy()
    survival[0] = 1.0
    total = np.zeros((HORIZON + 1, rows))
    total[0] = n.sum(axis=(1, 2))
    for t in range(HORIZON):
        total[t + 1, 1:] = total[t, :-1] * survival[t, :-1]
    whole = country.side(sex, rows, 0, True)
    side = replace(whole, **{f.name: getattr(whole, f.name)[START:] for f in fields(whole) if f.name != "award_row"})
    out = run_stayers(
        StayerInputs(
            total=total, survival=survival, first_movers=np.zeros((HORIZON, rows)), cover_target=np.zeros((HORIZON + 1, rows)),
            exit_rate=run.exit[START:], entry_rate=run.entry[START:], side=side, service_size=n.shape[2], amount_factor=np.ones(HORIZON),
            opening=(n, m),
        )
    )  # fmt: skip
    return StayerOutput(**{f.name: _with_history(getattr(out, f.name)) for f in fields(out)})


def _rows(values: Array, rows: int) -> Array:
    result = np.zeros((rows, *values.shape[1:]))
    shared = min(rows, len(values))
    result[:shared] = values[:shared]
    return result


def _with_history(values: Array) -> Array:
    return np.concatenate([np.zeros((START, *values.shape[1:])), values])


def _stayer_value(
    prepared: PreparedRegion, instrument: Instrument, c: int, sex: int, opening: tuple[Array, Array], past: Array
) -> Value | None:
    """Worth of the insurance of people who stay in country ``c``. ``past`` is of :func:`past_exposure`."""
    country = prepared.countries[c]
    people = opening[0].sum(axis=(1, 2))
    if not country.law.collecting or not people.any():
        return None
    out = stayer_cohort(country, sex, opening)
    flows = _stayer_flows(prepared, instrument, c, sex, out)
    rate = np.array([law.contribution_rate for law in country.laws[START:]])
    contributions = past_contributions(country, sex, past, people)
    contributions[START:] += rate * flows.earnings
    _, late = unclaimed_balances(country, flows.unclaimed)
    benefits = flows.pensions + flows.other_pensions + flows.lump_sums + flows.payouts + flows.refunds + flows.withdrawals + late
    awarded, amount = out.award_people[START:], out.award_amount[START:]
    cells = (awarded[:, None, :, None], amount[:, None, :, None])
    if country.law.kind == "account":
        rights = account_rights(*cells)
    else:
        laws = country.laws[START:]
        rights = pension_rights(laws, own_awards(laws, *cells, country.inputs.earnings_cv), national_terms(country, 0, ""))
    pensions = _pensions(prepared, c, sex, awarded[:, 1:].sum(axis=1), RightsKept(rights, rights))
    earned = earned_by_generation(country, sex, out.people[START:, :, 0].sum(axis=2), past, people)
    return value([_life(prepared, c, contributions, (benefits, benefits))], [pensions], [earned], float(people.sum()))


def _stayer_flows(prepared: PreparedRegion, instrument: Instrument, c: int, sex: int, out: StayerOutput) -> StayerFlows:
    """Flows of a cohort that stays, by the engine's prices for stayers: the country with nobody else in it, and nothing in payment."""
    nobody = StayerOutput(**{f.name: np.zeros_like(getattr(out, f.name)) for f in fields(out)})
    country = prepared.countries[c]
    both = (out, nobody) if sex == 0 else (nobody, out)
    countries, awards, stocks = (list(values) for values in (prepared.countries, prepared.awards, prepared.stocks))
    alone = replace(country, stayers=both)
    countries[c] = alone
    stock = prepared.stocks[c]
    if stock is not None:
        awards[c] = base_year_awards(alone)
        stocks[c] = replace(stock, people=np.zeros_like(stock.people), amount=np.zeros_like(stock.amount), other_pensions=0.0)
    parts = {f.name: getattr(prepared, f.name) for f in fields(PreparedRegion)}
    parts |= {"countries": tuple(countries), "awards": tuple(awards), "stocks": tuple(stocks)}
    return stayer_flows(RegionRun(**parts, instrument=instrument, corridors=()), c)


def earned_by_generation(country: CountryCareers, sex: int, covered: Array, past: Array, people: Array) -> Earned:
    """Insured time of the generations of a cohort in one scheme.

    covered  [year + 1, row] people covered at 1 January of the projection
    past     [year, row] person-years insured a head before it, by row at its start;  people [row] it multiplies
    """
    insured = exposure(covered)
    count = past.shape[1]
    wages = wage_level(country)
    years, earnings = np.zeros(count), np.zeros(count)
    if not country.law.collecting:
        return Earned(years, earnings)
    pay = country.insurable[sex] / wages[:, None]
    for row in range(count):
        y = np.arange(min(insured.shape[0], insured.shape[1] - row))
        time = insured[y, row + y]
        years[row] = time.sum() + people[row] * past[:, row].sum()
        earnings[row] = time @ pay[START + y, row + y] + people[row] * (past[:, row] @ _past_pay(pay, row))
    return Earned(years, earnings)


def _past_pay(pay: Array, row: int) -> Array:
    """Pay [year] before the projection of people who are in ``row`` at its start; 0 before 15."""
    result = np.zeros(START)
    back = np.arange(1, min(row, START) + 1)
    result[START - back] = pay[START - back, row - back]
    return result


def past_exposure(country: CountryCareers, sex: int, service: Array) -> Array:
    """Person-years insured a head [year, row] before the projection that add up to ``service`` [row] years, by row at its start.

    They lie in the years in which the country's stayers of that generation were insured; in the last year where none was.
    """
    run = country.stayers[sex]
    insured = country.exposure(sex)
    people = run.people.sum(axis=(2, 3))
    share = np.divide(insured, people[:-1], out=np.zeros_like(insured), where=people[:-1] > 0.0)
    result = np.zeros((START, len(service)))
    for row in np.flatnonzero(service > 0.0):
        profile = _past_pay(share, int(row))
        total = profile.sum()
        if total == 0.0:
            profile[-1] = total = 1.0
        result[:, row] = profile * service[row] / total
    return result


def past_contributions(country: CountryCareers, sex: int, past: Array, people: Array) -> Array:
    """Contributions [year] of history and projection that go with :func:`past_exposure` of ``people`` [row] (rule 2)."""
    result = np.zeros(len(country.laws))
    if not country.law.collecting:
        return result
    rate = np.array([law.contribution_rate for law in country.laws[:START]])
    factor = country.calibration.balance_factor if country.law.kind == "account" else 1.0
    for row in np.flatnonzero(people > 0.0):
        result[:START] += factor * rate * people[row] * past[:, row] * _past_pay(country.insurable[sex], int(row))
    return result


def wage_level(country: CountryCareers) -> Array:
    """Level of wages [year], 1 in the valuation year."""
    wages = country.inputs.average_wage
    level: Array = wages / wages[START - 1]
    return level


def price_level(country: CountryCareers) -> Array:
    """Level of prices [year], 1 in the valuation year."""
    prices = np.cumprod(1.0 + country.inputs.inflation)
    level: Array = prices / prices[START - 1]
    return level


def annuity_prices(country: CountryCareers, sex: int) -> Array:
    """Price [year of the projection] of 1 a year for life from pension age on, paid monthly, rising with prices, without loading.

    Mortality of residents in the year, interest the real return of the reserve: (1 + j) / (1 + inflation) - 1.
    """
    i = country.inputs
    real = (1.0 + i.investment_return[START:]) / (1.0 + i.inflation[START:]) - 1.0
    age = country.law.pension_age[sex]
    return np.array([annuity_due_fractional(1.0 - i.survival[sex, :, START + t], float(real[t]), 12)[age] for t in range(HORIZON)])


def adequacy(
    prepared: PreparedRegion, instrument: Instrument, corridors: Sequence[int] | None = None, ages: tuple[int, int] = AGES
) -> tuple[CorridorAdequacy, ...]:
    """:func:`corridor_adequacy` of both sexes, for positions among the corridors or for all."""
    wanted = range(len(prepared.demography.corridors)) if corridors is None else corridors
    found = (corridor_adequacy(prepared, instrument, k, sex, ages) for k in wanted for sex in (0, 1))
    return tuple(result for result in found if result is not None)


def adequacy_table(prepared: PreparedRegion, results: Sequence[CorridorAdequacy]) -> pd.DataFrame:
    """One row per corridor, sex and person: ``mover``, ``stayer_origin``, ``stayer_host``.

    Columns: ``people``; per head in US dollars of the valuation date ``pv_contributions``, ``pv_benefits_without``, ``pv_benefits_with``;
    ``irr_without``, ``irr_with`` real yearly rates, empty where there is none, and ``irr_note_*`` that says why; ``replacement_without``,
    ``replacement_with``.
    """
    rows = []
    for result in results:
        for person, found in (("mover", result.movers), ("stayer_origin", result.stayers[0]), ("stayer_host", result.stayers[1])):
            if found is not None:
                rows.append(_names(prepared, result) | {"person": person} | _figures(found))
    return pd.DataFrame(rows)


def _names(prepared: PreparedRegion, result: CorridorAdequacy) -> dict[str, object]:
    codes = prepared.basis.countries
    return {"origin": codes[result.origin], "host": codes[result.host], "sex": SEXES[result.sex]}


def _figures(found: Value) -> dict[str, object]:
    figures: dict[str, object] = {"people": found.people, "pv_contributions": found.contributions / found.people}
    for n, case in enumerate(("without", "with")):
        rate = found.rate[n]
        figures[f"pv_benefits_{case}"] = found.benefits[n] / found.people
        figures[f"irr_{case}"] = np.nan if rate is None else rate
        figures[f"irr_note_{case}"] = found.note[n]
        figures[f"replacement_{case}"] = found.replacement[n]
    return figures


def rights_table(prepared: PreparedRegion, results: Sequence[CorridorAdequacy]) -> pd.DataFrame:
    """One row per corridor, sex and scheme: the cohort's rights at pension age, all years together; amounts in its currency at the award.

    Columns: ``role`` of the scheme, its ``kind``, ``own`` people with own periods, ``payable_*`` and ``suspended_*`` in both cases, ``opened_with``,
    ``lost_without``, ``lost_with``, ``kept``, ``kept_amount`` (pensions a year; accounts: balances).
    """
    rows = []
    for result in results:
        for role, c, kept in zip(("origin", "host"), (result.origin, result.host), result.rights, strict=True):
            if kept is not None:
                kind = prepared.countries[c].law.kind
                rows.append(_names(prepared, result) | {"role": role, "kind": kind} | {n: float(v.sum()) for n, v in rights_columns(kept).items()})
    return pd.DataFrame(rows)


def rights_columns(kept: RightsKept) -> dict[str, Array]:
    """Columns of :func:`rights_table` by year of reaching pension age."""
    one, two = kept.without, kept.with_instrument
    return {
        "own": kept.own, "payable_without": one.payable, "payable_with": two.payable, "suspended_without": one.suspended,
        "suspended_with": two.suspended, "opened_with": two.opened, "lost_without": kept.lost_without, "lost_with": kept.lost_with,
        "kept": kept.kept, "payable_amount_without": one.payable_amount, "payable_amount_with": two.payable_amount,
        "kept_amount": kept.kept_amount,
    }  # fmt: skip
