"""One run of the whole region: population, careers of stayers and movers, awards and payments, in both cases.

The result holds plain arrays; :mod:`actuarial.feasibility.tables` turns them into labelled tables.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.errors import InputError
from actuarial.basis.instrument import PROVISIONS, Instrument
from actuarial.basis.scenario import Scenario
from actuarial.basis.scheme_law import Indices
from actuarial.careers.country import AccountCalibration, CountryCareers, CountryInputs, run_country, scale_of_earnings
from actuarial.careers.coverage import WORK_AGES, coverage
from actuarial.careers.lattice import LatticeOutput, SideRates
from actuarial.careers.movers import CorridorInputs, run_corridor, run_history
from actuarial.demography.corridors import DemographicProjection, project_region
from actuarial.feasibility.awards import AwardFlows
from actuarial.feasibility.calibration import MoversAccounts, PensionStock, account_calibration, base_year_awards, pension_stock
from actuarial.feasibility.corridor import SideCost, side_costs
from actuarial.feasibility.inputs import StudyBasis, migration_levers
from actuarial.finance.pensions import PaymentFactors, payment_factors

Progress = Callable[[str, float], None]

START = year_index(FIRST_YEAR)
WORKERS = 2


@dataclass(frozen=True)
class CorridorResult:
    """One corridor and sex: cost for the origin's and the host's scheme, and head-counts of 1 January [side, year + 1, row].

    ``covered`` by scheme, ``people`` by residence; ``mismatch`` is the largest difference to the demographic projection, in persons.
    """

    origin: int
    host: int
    sex: int
    sides: tuple[SideCost, SideCost]
    covered: Array
    people: Array
    mismatch: float


@dataclass(frozen=True)
class RegionRun:
    """Everything computed for one scenario and one instrument."""

    basis: StudyBasis
    scenario: Scenario
    instrument: Instrument
    demography: DemographicProjection
    countries: tuple[CountryCareers, ...]
    scale: tuple[float, ...]
    awards: tuple[tuple[AwardFlows, AwardFlows] | None, ...]
    stocks: tuple[PensionStock | None, ...]
    corridors: tuple[CorridorResult, ...]


def run_region(
    basis: StudyBasis, scenario: Scenario, instrument: Instrument, progress: Progress | None = None, demography: DemographicProjection | None = None
) -> RegionRun:
    """Project the region. ``progress`` is told the stage and the share done (0 to 1).

    ``demography`` is taken as it is instead of projecting people under the scenario's levers: corridors that it leaves out have no movers.
    """
    tell = progress or (lambda _stage, _share: None)
    tell("population and migration", 0.0)
    if demography is None:
        demography = project_region(basis.population, basis.migration, migration_levers(scenario, basis))
    tell("insured at home", 0.05)
    inputs = [country_inputs(basis, demography, c) for c in range(len(basis.countries))]
    scale = tuple(_scale(i) for i in inputs)
    draft = tuple(run_country(i, factor, AccountCalibration()) for i, factor in zip(inputs, scale, strict=True))
    tell("balances of movers", 0.08)
    countries = _calibrated(basis, scenario, instrument, demography, draft, scale)
    awards = tuple(base_year_awards(c) if c.law.kind == "defined_benefit" else None for c in countries)
    other = basis.careers.other_pensions_share
    stocks = tuple(pension_stock(c, a, other) if a is not None else None for c, a in zip(countries, awards, strict=True))
    tell("movers", 0.15)
    corridors = _corridors(basis, scenario, instrument, demography, countries, stocks, tell)
    return RegionRun(basis, scenario, instrument, demography, countries, scale, awards, stocks, corridors)


def _scale(inputs: CountryInputs) -> float:
    return scale_of_earnings(inputs, inputs.scheme.calibration["contributions"].value) if inputs.scheme.collecting else 1.0


def _calibrated(
    basis: StudyBasis, scenario: Scenario, instrument: Instrument, demography: DemographicProjection,
    draft: tuple[CountryCareers, ...], scale: tuple[float, ...],
) -> tuple[CountryCareers, ...]:  # fmt: skip
    """The same countries with account balances calibrated, movers included."""
    held = _movers_accounts(basis, scenario, instrument, demography, draft)
    careers = basis.careers
    result = []
    for c, country in enumerate(draft):
        if country.law.kind == "account":
            calibration = account_calibration(country, held[c], careers.claims_settle_years, careers.backlog_paid_share)
            country = run_country(country.inputs, scale[c], calibration)
        result.append(country)
    return tuple(result)


def _movers_accounts(
    basis: StudyBasis, scenario: Scenario, instrument: Instrument, demography: DemographicProjection, draft: tuple[CountryCareers, ...]
) -> list[MoversAccounts]:
    """Uncalibrated account balances and payments of movers by country."""
    totals = np.zeros((len(draft), 4))
    jobs = [
        (k, sex) for k, pair in enumerate(demography.corridors) for sex in (0, 1) if any(draft[int(c)].law.kind == "account" for c in pair)
    ]

    def one(job: tuple[int, int]) -> tuple[int, LatticeOutput | None]:
        return job[0], run_history(corridor_inputs(basis, scenario, instrument, demography, draft, *job))

    with ThreadPoolExecutor(WORKERS) as pool:
        for k, out in pool.map(one, jobs):
            for side, c in enumerate(int(i) for i in demography.corridors[k]):
                if out is not None and draft[c].law.kind == "account":
                    due = float(out.award_amount[side, -1].sum() + out.death_amount[side, -1])
                    totals[c] += (out.amount[side, -1], out.amount[side, -2], due, out.refund_amount[side, -1])
    return [MoversAccounts(*row) for row in totals.tolist()]


def country_inputs(basis: StudyBasis, demography: DemographicProjection, c: int) -> CountryInputs:
    """Inputs of one country: residents who are not movers, those who leave, coverage and the economy.

    Raises :class:`InputError` when more movers of working age live in a country than people, as a scenario can ask for.
    """
    origin, host = demography.corridors[:, 0], demography.corridors[:, 1]
    movers = demography.movers_abroad[host == c].sum(axis=0) + demography.movers_home[origin == c].sum(axis=0)
    residents = demography.population[c] - movers
    working = residents[:, WORK_AGES]
    if working.min() < -1e-6 * demography.population[c].max():
        sex, age, year = (int(i) for i in np.unravel_index(np.argmin(working), working.shape))
        raise InputError(
            f"scenario: {-working.min():,.0f} more movers than residents in {basis.countries[c]} at age {age + WORK_AGES.start} on 1 January "
            f"{demography.first_year + year}; lower the outflow or stock multiplier"
        )
    # At the oldest ages single cells of a few people can fall short, from the graduation of small stocks.
    residents = np.maximum(residents, 0.0)
    refugees = np.minimum(demography.refugees[host == c].sum(axis=0), residents)
    insured_share = np.divide(residents - refugees, residents, out=np.ones_like(residents), where=residents > 0.0)
    insurable = demography.population[c] - refugees
    labour = basis.labour
    pattern = labour.participation[c] * labour.employment_ratio[c] * labour.covered_share_by_sex[c][:, None] * labour.coverage_shape[None, :]
    scheme = basis.schemes[c]
    ages = _pension_age(basis, c)
    economy = basis.economy
    return CountryInputs(
        scheme=scheme,
        survival=demography.survival[c],
        insurable_population=insurable,
        residents=residents,
        first_movers=demography.labour_outflow[origin == c].sum(axis=0),
        coverage=coverage(scheme, pattern, insurable, ages),
        insured_share=insured_share,
        relative_pay=labour.earnings_profile,
        earnings_cv=labour.earnings_cv,
        average_wage=economy.average_wage[c] * _wage_level(economy.wage_growth[c]),
        wage_growth=economy.wage_growth[c],
        inflation=economy.inflation[c],
        investment_return=economy.investment_return[c],
        exit_rate=basis.careers.exit_rate,
        emigrant_cover=basis.careers.emigrant_cover,
    )


def _pension_age(basis: StudyBasis, c: int) -> tuple[int, int]:
    indices = Indices.from_growth(basis.economy.wage_growth[c], basis.economy.inflation[c])
    return basis.schemes[c].law(FIRST_YEAR, indices).pension_age


def _wage_level(growth: Array) -> Array:
    level = np.cumprod(1.0 + growth)
    index: Array = level / level[START - 1]
    return index


def _corridors(
    basis: StudyBasis, scenario: Scenario, instrument: Instrument, demography: DemographicProjection,
    countries: tuple[CountryCareers, ...], stocks: tuple[PensionStock | None, ...], tell: Progress,
) -> tuple[CorridorResult, ...]:  # fmt: skip
    factors = _payment_factors(demography, countries)
    jobs = [(k, sex) for k in range(len(demography.corridors)) for sex in (0, 1)]
    done: list[CorridorResult] = []
    with ThreadPoolExecutor(WORKERS) as pool:
        for result in pool.map(lambda job: _corridor(basis, scenario, instrument, demography, countries, stocks, factors, *job), jobs):
            if result is not None:
                done.append(result)
            tell("movers", 0.15 + 0.8 * (len(done) / len(jobs)))
    return tuple(done)


def _payment_factors(demography: DemographicProjection, countries: tuple[CountryCareers, ...]) -> dict[tuple[int, int, int], PaymentFactors]:
    """Factors by (paying country, country of residence, sex)."""
    factors = {}
    for payer, country in enumerate(countries):
        if country.law.kind != "defined_benefit":
            continue
        raise_ = indexation(country)
        for place in range(len(countries)):
            for sex in (0, 1):
                survival = demography.survival[place, sex, :, START:]
                factors[payer, place, sex] = payment_factors(survival, raise_, country.law.pension_age[sex] - 1)
    return factors


def indexation(country: CountryCareers) -> Array:
    """Yearly increase of pensions in payment over the projection [year]."""
    prices = np.array([law.price_share for law in country.laws[START:]])
    wages = np.array([law.wage_share for law in country.laws[START:]])
    increase: Array = prices * country.inputs.inflation[START:] + wages * country.inputs.wage_growth[START:]
    return increase


def _corridor(
    basis: StudyBasis, scenario: Scenario, instrument: Instrument, demography: DemographicProjection,
    countries: tuple[CountryCareers, ...], stocks: tuple[PensionStock | None, ...],
    factors: dict[tuple[int, int, int], PaymentFactors], k: int, sex: int,
) -> CorridorResult | None:  # fmt: skip
    o, d = (int(i) for i in demography.corridors[k])
    if not {basis.countries[o], basis.countries[d]} <= set(instrument.active_members):
        instrument = instrument.without(*PROVISIONS)
    inputs = corridor_inputs(basis, scenario, instrument, demography, countries, k, sex)
    run = run_corridor(inputs)
    if run is None:
        return None
    pairs = (o, d)
    local = {(i, j): factors[pairs[i], pairs[j], sex] for i in (0, 1) for j in (0, 1) if (pairs[i], pairs[j], sex) in factors}
    claims = tuple(1.0 if (stock := stocks[c]) is None else stock.settlement_claims for c in pairs)
    sides = side_costs(run, countries[o], countries[d], sex, instrument, local, (claims[0], claims[1]))
    out = run.without
    rows = out.people.shape[2]
    expected = np.stack([inputs.at_home[START:, :rows], inputs.abroad[START:, :rows]])
    return CorridorResult(o, d, sex, sides, out.covered, out.people, float(np.abs(out.people - expected).max()))


def corridor_inputs(
    basis: StudyBasis, scenario: Scenario, instrument: Instrument, demography: DemographicProjection,
    countries: tuple[CountryCareers, ...], k: int, sex: int,
) -> CorridorInputs:  # fmt: skip
    """Rates of one corridor and sex, with refunds open for ever and, in the other case, until the instrument blocks them."""
    o, d = (int(i) for i in demography.corridors[k])
    origin, host = countries[o], countries[d]
    rows = WORK_AGES.stop - WORK_AGES.start
    years = demography.return_rate.shape[-1]

    def pick(array: Array) -> Array:
        return array[k, sex, WORK_AGES].T

    def side(country: CountryCareers, blocked: bool, nationals: bool) -> SideRates:
        until = refund_block(country, instrument) if blocked else years
        return country.side(sex, rows, until, nationals)

    return CorridorInputs(
        first_movers=pick(demography.labour_outflow),
        return_rate=pick(demography.return_rate),
        remigration_rate=pick(demography.remigration_rate),
        abroad=pick(demography.movers_abroad),
        at_home=pick(demography.movers_home),
        origin=origin.cover(sex),
        host=host.cover(sex),
        coverage_factor=basis.careers.migrant_coverage * scenario.migration.migrant_coverage_factor,
        home_side=side(origin, False, True),
        host_side=side(host, False, False),
        blocked_home_side=side(origin, True, True),
        blocked_host_side=side(host, True, False),
        home_size=origin.service_size(sex),
        host_size=host.service_size(sex),
        home_amount_factor=origin.calibration.balance_factor,
        host_amount_factor=host.calibration.balance_factor,
        emigrant_cover=basis.careers.emigrant_cover,
    )


def refund_block(country: CountryCareers, instrument: Instrument) -> int:
    """Year index from which leavers take no refund, under the instrument; the end of the axis if never."""
    p = instrument.provisions
    if country.law.kind == "account":
        blocked = p.account_schemes.keep_balances
    else:
        blocked = p.refunds.blocked_after_entry or (country.law.refund_bars_if_instrument and p.totalisation.enabled)
    return year_index(instrument.entry_into_force) if blocked else START + HORIZON


def with_instrument(run: RegionRun, instrument: Instrument) -> RegionRun:
    """The same people and economy under another instrument (stayers and population are not projected again)."""
    corridors = _corridors(run.basis, run.scenario, instrument, run.demography, run.countries, run.stocks, lambda _s, _p: None)
    return replace(run, instrument=instrument, corridors=corridors)
