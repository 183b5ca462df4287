"""One run of the whole region: population, careers of stayers and movers, awards and payments, in both cases.

The result holds plain arrays; :mod:`actuarial.feasibility.tables` turns them into labelled tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TypeVar

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, SEXES, WORK_AGE_COUNT, YEAR_COUNT, Array, year_index
from actuarial.basis.errors import InputError, NumericalFailure
from actuarial.basis.instrument import PROVISIONS, Instrument
from actuarial.basis.scenario import Scenario
from actuarial.basis.scheme_law import Indices
from actuarial.careers.country import AccountCalibration, CountryCareers, CountryInputs, run_country, scale_of_earnings, with_relative_pay
from actuarial.careers.coverage import WORK_AGES, counted_pattern, coverage, paid_part
from actuarial.careers.events import DEATH
from actuarial.careers.lattice import LatticeOutput, SideRates
from actuarial.careers.movers import CorridorInputs, CorridorStart, move_rates, project, run_history, start_corridor
from actuarial.demography.corridors import DemographicProjection, project_region
from actuarial.feasibility.awards import OwnAwards
from actuarial.feasibility.calibration import MoversAccounts, PensionStock, account_calibration, base_year_awards, pension_stock
from actuarial.feasibility.corridor import CorridorPricer, Payment, SideCost, event_rules
from actuarial.feasibility.events import CorridorEvents, Counting, EventAwards, Lifts, lifts, stayer_awards_on_events
from actuarial.feasibility.guards import corridor_names, guard_demography, guard_economy, guard_insured, guard_movers, guard_payments
from actuarial.feasibility.inputs import StudyBasis, collection_factors, migrant_coverage, migration_levers
from actuarial.feasibility.past_periods import past_only
from actuarial.feasibility.pension_factors import PensionFactors, Streams, all_children, all_streams, pension_factors

Progress = Callable[[str, float], None]
T = TypeVar("T")

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
class InsuredEvents:
    """Invalidity and death before pension age among the people of one country and sex who never moved.

    awards   by event;  lifts   of minimum pensions;  factors   how long their pensions last, and those of old age
    """

    awards: dict[int, EventAwards]
    lifts: Lifts
    factors: PensionFactors


@dataclass(frozen=True)
class PreparedRegion:
    """What does not depend on the instrument: people, the insured at home, calibration."""

    basis: StudyBasis
    scenario: Scenario
    demography: DemographicProjection
    countries: tuple[CountryCareers, ...]
    scale: tuple[float, ...]
    awards: tuple[tuple[OwnAwards, OwnAwards] | None, ...]
    stocks: tuple[PensionStock | None, ...]
    insured: tuple[tuple[InsuredEvents, InsuredEvents] | None, ...]
    streams: Streams


@dataclass(frozen=True)
class RegionRun(PreparedRegion):
    """Everything computed for one scenario and one instrument."""

    instrument: Instrument
    corridors: tuple[CorridorResult, ...]


def run_region(
    basis: StudyBasis, scenario: Scenario, instrument: Instrument, progress: Progress | None = None, demography: DemographicProjection | None = None
) -> RegionRun:
    """Project the region under one instrument: :func:`prepare_region`, then :func:`evaluate`."""
    return evaluate(prepare_region(basis, scenario, progress, demography), [instrument], progress)[0]


def prepare_region(
    basis: StudyBasis, scenario: Scenario, progress: Progress | None = None, demography: DemographicProjection | None = None
) -> PreparedRegion:
    """Project people and the insured at home. ``progress`` is told the stage and the share done (0 to 1).

    ``demography`` is taken as it is instead of projecting people under the scenario's levers: corridors that it leaves out have no movers.
    """
    tell = progress or (lambda _stage, _share: None)
    tell("population and migration", 0.0)
    guard_economy(basis.economy)
    if demography is None:
        demography = project_region(basis.population, basis.migration, migration_levers(scenario, basis))
    guard_demography(demography)
    tell("insured at home", 0.05)
    inputs = [country_inputs(basis, demography, c, scenario) for c in range(len(basis.countries))]
    scale = tuple(_scale(i) for i in inputs)
    draft = tuple(run_country(i, factor, AccountCalibration()) for i, factor in zip(inputs, scale, strict=True))
    nothing = (None,) * len(draft)
    tell("balances of movers", 0.08)
    countries = _calibrated(PreparedRegion(basis, scenario, demography, draft, scale, nothing, nothing, nothing, {}))
    for code, country in zip(basis.countries, countries, strict=True):
        guard_insured(code, country)
    awards = tuple(base_year_awards(c) if c.law.kind == "defined_benefit" else None for c in countries)
    tell("families", 0.12)
    children = all_children(basis.population, demography.population, basis.families)
    streams = all_streams(countries, demography.survival, children, basis.families, [indexation(c) for c in countries])
    insured = tuple(
        (insured_events(c, demography, at, 0, streams), insured_events(c, demography, at, 1, streams)) if c.law.kind == "defined_benefit" else None
        for at, c in enumerate(countries)
    )
    other = basis.careers.other_pensions_share
    stocks = tuple(
        pension_stock(c, a, other, _sums_in_lieu(c, events)) if a is not None and events is not None else None
        for c, a, events in zip(countries, awards, insured, strict=True)
    )
    return PreparedRegion(basis, scenario, demography, countries, scale, awards, stocks, insured, streams)


def _sums_in_lieu(country: CountryCareers, events: tuple[InsuredEvents, InsuredEvents]) -> float:
    """Sums due to families in place of survivors' pensions in the base year: those of the first projected year at the wages before it."""
    total = 0.0
    for sex in (0, 1):
        for awards, reverted in zip(events[sex].awards[DEATH].lump_own[:, 0], events[sex].factors.death, strict=True):
            # Half a year is paid in the year of death, so twice that is the family's share.
            total += float(awards[0]) * 2.0 * float(reverted.paid[0, 0, 0, 0])
    return total / (1.0 + float(country.inputs.wage_growth[START]))


def insured_events(country: CountryCareers, demography: DemographicProjection, c: int, sex: int, streams: Streams) -> InsuredEvents:
    """Events before pension age, and factors of all pensions, of one country's people of one sex who never moved."""
    awards = stayer_awards_on_events(country, sex)
    survival = demography.survival[[c], sex]
    own = [streams[c, c, sex]] if (c, c, sex) in streams else None
    factors = pension_factors(country, sex, survival, np.zeros_like(survival), indexation(country, 0), own, 0.0)
    return InsuredEvents(awards, lifts(country, awards), factors)


def evaluate(prepared: PreparedRegion, instruments: Sequence[Instrument], progress: Progress | None = None) -> tuple[RegionRun, ...]:
    """Price instruments for the same people: one run per instrument, in their order.

    Every corridor is projected once per law on refunds that the instruments bring, and its awards are made once per rule on amounts.
    """
    found = each_corridor(prepared, instruments, lambda corridor: [corridor.result(n) for n in range(len(instruments))], progress)
    return tuple(_run(prepared, instrument, [results[n] for results in found]) for n, instrument in enumerate(instruments))


def evaluate_past(prepared: PreparedRegion, instrument: Instrument) -> RegionRun:
    """The same, as if no mover were insured after the valuation date: what the instrument costs for past periods alone."""
    return _run(prepared, instrument, each_corridor(prepared, [instrument], lambda corridor: corridor.past(0)))


def evaluate_with_past(
    prepared: PreparedRegion, instruments: Sequence[Instrument], of: int, progress: Progress | None = None
) -> tuple[tuple[RegionRun, ...], RegionRun]:
    """:func:`evaluate`, and :func:`evaluate_past` of the instrument at position ``of``: what lies before the valuation date is run once."""
    found = each_corridor(
        prepared, instruments, lambda corridor: ([corridor.result(n) for n in range(len(instruments))], corridor.past(of)), progress
    )
    runs = (_run(prepared, instrument, [results[n] for results, _ in found]) for n, instrument in enumerate(instruments))
    return tuple(runs), _run(prepared, instruments[of], [past for _, past in found])


def each_corridor(
    prepared: PreparedRegion, instruments: Sequence[Instrument], price: Callable[[PricedCorridor], T], progress: Progress | None = None
) -> list[T]:
    """What ``price`` says of every corridor and sex with a collecting scheme at either end."""
    tell = progress or (lambda _stage, _share: None)
    tell("movers", 0.15)
    jobs = [(k, sex) for k in range(len(prepared.demography.corridors)) for sex in (0, 1)]

    def one(job: tuple[int, int]) -> list[T]:
        corridor = PricedCorridor.of(prepared, instruments, *job, corridor_inputs(prepared, *job))
        return [] if corridor is None else [price(corridor)]

    found: list[T] = []
    with ThreadPoolExecutor(WORKERS) as pool:
        for done, results in enumerate(pool.map(one, jobs), start=1):
            found += results
            tell("movers", 0.15 + 0.8 * (done / len(jobs)))
    return found


def _run(prepared: PreparedRegion, instrument: Instrument, corridors: Sequence[CorridorResult]) -> RegionRun:
    shared = {f.name: getattr(prepared, f.name) for f in fields(PreparedRegion)}
    return RegionRun(**shared, instrument=instrument, corridors=tuple(corridors))


def with_instrument(run: PreparedRegion, instrument: Instrument) -> RegionRun:
    """The same people and economy under another instrument (stayers and population are not projected again)."""
    return evaluate(run, [instrument])[0]


def _scale(inputs: CountryInputs) -> float:
    if not inputs.scheme.collecting or inputs.scheme.starts is not None:
        return 1.0
    return scale_of_earnings(inputs, inputs.scheme.calibration["contributions"].value)


def _calibrated(draft: PreparedRegion) -> tuple[CountryCareers, ...]:
    """The same countries with account balances calibrated, movers included."""
    held = _movers_accounts(draft)
    careers = draft.basis.careers
    result = []
    for c, country in enumerate(draft.countries):
        if country.law.kind == "account":
            calibration = account_calibration(country, held[c], careers.claims_settle_years, careers.backlog_paid_share)
            country = run_country(country.inputs, draft.scale[c], calibration)
        result.append(country)
    return tuple(result)


def _movers_accounts(draft: PreparedRegion) -> list[MoversAccounts]:
    """Uncalibrated account balances and payments of movers by country."""
    countries, corridors = draft.countries, draft.demography.corridors
    totals = np.zeros((len(countries), 4))
    jobs = [(k, sex) for k, pair in enumerate(corridors) for sex in (0, 1) if any(countries[int(c)].law.kind == "account" for c in pair)]

    def one(job: tuple[int, int]) -> tuple[int, LatticeOutput | None]:
        return job[0], run_history(corridor_inputs(draft, *job))

    with ThreadPoolExecutor(WORKERS) as pool:
        for k, out in pool.map(one, jobs):
            for side, c in enumerate(int(i) for i in corridors[k]):
                if out is not None and countries[c].law.kind == "account":
                    due = float(out.award_amount[side, -1].sum() + out.death_amount[side, -1] + out.invalidity_amount[side, -1])
                    totals[c] += (out.amount[side, -1], out.amount[side, -2], due, out.refund_amount[side, -1])
    return [MoversAccounts(*row) for row in totals.tolist()]


def country_inputs(basis: StudyBasis, demography: DemographicProjection, c: int, scenario: Scenario | None = None) -> CountryInputs:
    """Inputs of one country: residents who are not movers, those who leave, coverage and the economy.

    Without a scenario no lever on collection acts.

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
    counted = scheme.people
    if counted.contributors is not None:
        pattern = counted_pattern(scheme, counted.contributors, insurable[:, :, START])
    ages = _pension_age(basis, c)
    economy = basis.economy
    density, compliance = paid_part(scheme, *((1.0, 1.0) if scenario is None else collection_factors(scenario, basis.countries[c])))
    joined = demography.joined_abroad[host == c].sum(axis=0) + np.maximum(demography.joined_returning[origin == c].sum(axis=0), 0.0)
    return CountryInputs(
        scheme=scheme,
        survival=demography.survival[c],
        insurable_population=insurable,
        residents=residents,
        first_movers=demography.labour_outflow[origin == c].sum(axis=0),
        coverage=coverage(scheme, pattern, insurable, ages, None if labour.cover_factor is None else labour.cover_factor[c]),
        insured_share=insured_share,
        relative_pay=labour.earnings_profile if counted.earnings is None else counted.earnings,
        earnings_cv=labour.earnings_cv,
        average_wage=economy.average_wage[c] * _wage_level(economy.wage_growth[c]),
        wage_growth=economy.wage_growth[c],
        inflation=economy.inflation[c],
        investment_return=economy.investment_return[c],
        exit_rate=basis.careers.exit_rate,
        invalidity=basis.contingencies.invalidity,
        emigrant_cover=basis.careers.emigrant_cover,
        new_movers=joined if joined.any() else None,
        density=density,
        compliance=compliance,
    )


def _pension_age(basis: StudyBasis, c: int) -> tuple[int, int]:
    indices = Indices.from_growth(basis.economy.wage_growth[c], basis.economy.inflation[c])
    return basis.schemes[c].law(FIRST_YEAR, indices).pension_age


def _wage_level(growth: Array) -> Array:
    level = np.cumprod(1.0 + growth)
    index: Array = level / level[START - 1]
    return index


def indexation(country: CountryCareers, first: int = START) -> Array:
    """Yearly increase of pensions in payment from the year index ``first`` on, by default over the projection [year]."""
    prices = np.array([law.price_share for law in country.laws[first:]])
    wages = np.array([law.wage_share for law in country.laws[first:]])
    increase: Array = prices * country.inputs.inflation[first:] + wages * country.inputs.wage_growth[first:]
    return increase


def evaluate_corridor(
    prepared: PreparedRegion, instruments: Sequence[Instrument], k: int, sex: int, inputs: CorridorInputs | None = None
) -> tuple[CorridorResult, ...]:
    """One corridor and sex under each instrument; empty when neither end has a collecting scheme.

    ``inputs`` takes the place of :func:`corridor_inputs`, for people other than those of the demographic projection.
    """
    corridor = PricedCorridor.of(prepared, instruments, k, sex, inputs or corridor_inputs(prepared, k, sex))
    return () if corridor is None else tuple(corridor.result(n) for n in range(len(instruments)))


def evaluate_corridor_parts(
    prepared: PreparedRegion, instrument: Instrument, k: int, sex: int, parts: Sequence[CorridorInputs], whole: CorridorInputs | None = None
) -> tuple[CorridorResult, ...]:
    """One corridor and sex for parts of its people, each priced at the awards per head of the whole; empty as above.

    Results are linear in the people of ``parts``: with parts that add up to the whole they add up to its result. ``whole`` takes the place of
    :func:`corridor_inputs`; a part has the same rates and other people (:func:`actuarial.feasibility.flow_parts.corridor_parts`). ``mismatch`` is 0:
    a part is not compared with the demographic projection.
    """
    corridor = PricedCorridor.of(prepared, [instrument], k, sex, whole or corridor_inputs(prepared, k, sex))
    if corridor is None:
        return ()
    found = (PricedCorridor.of(prepared, [instrument], k, sex, part, corridor) for part in parts)
    return tuple(replace(part.result(0), mismatch=0.0) for part in found if part is not None)


class PricedCorridor:
    """The lattices of one corridor and sex, run once per law on refunds when first asked for, and the prices of their people."""

    def __init__(
        self, prepared: PreparedRegion, instruments: Sequence[Instrument], k: int, sex: int, inputs: CorridorInputs, start: CorridorStart,
        whole: PricedCorridor | None = None, beside: PricedCorridor | None = None,
    ) -> None:  # fmt: skip
        """``whole`` is the corridor at whose awards per head a part of its people is priced.

        ``beside`` are other people of the same corridor under the same instruments, with whom all is shared that does not depend on people.
        """
        self._prepared, self._instruments, self._k, self._sex = prepared, instruments, k, sex
        self._pair = (int(prepared.demography.corridors[k, 0]), int(prepared.demography.corridors[k, 1]))
        self._countries = origin, host = prepared.countries[self._pair[0]], as_host(prepared, self._pair[1])
        self._inputs, self.start, self._whole, alike = inputs, start, whole, whole or beside
        self._treaties = [instrument_of_corridor(prepared, instrument, k) for instrument in instruments]
        rules = (_event_rules(self._treaties, host), _event_rules(self._treaties, origin))
        self._events: CorridorEvents = CorridorEvents((origin, host), sex, rules) if alike is None else alike._events
        self._payments: tuple[Payment, Payment] = payments(prepared, k, sex) if alike is None else alike._payments
        self._outputs: dict[tuple[int, int], LatticeOutput] = {}

    @classmethod
    def of(
        cls, prepared: PreparedRegion, instruments: Sequence[Instrument], k: int, sex: int, inputs: CorridorInputs,
        whole: PricedCorridor | None = None,
    ) -> PricedCorridor | None:  # fmt: skip
        """``None`` when neither end has a collecting scheme."""
        start = start_corridor(inputs)
        return None if start is None else cls(prepared, instruments, k, sex, inputs, start, whole)

    @property
    def without(self) -> LatticeOutput:
        """The lattice under national law."""
        return self.refunds_until(YEAR_COUNT, YEAR_COUNT)

    def under(self, n: int) -> LatticeOutput:
        """The lattice under the law on refunds that the instrument at position ``n`` brings."""
        origin, host = self._countries
        return self.refunds_until(_last_refund(origin, self._treaties[n]), _last_refund(host, self._treaties[n]))

    def refunds_until(self, origin: int, host: int) -> LatticeOutput:
        """The lattice in which leavers take refunds until year indices."""
        if (origin, host) not in self._outputs:
            home, other = self._inputs.home_side, self._inputs.host_side
            if min(origin, host) < YEAR_COUNT:
                home = self._countries[0].side(self._sex, WORK_AGE_COUNT, origin, True)
                other = self._countries[1].side(self._sex, WORK_AGE_COUNT, host, False)
            try:
                out = project(self.start, home, other, self._events.tables)
            except NumericalFailure as failure:
                raise NumericalFailure(f"{self._name}: {failure}") from None
            if self._whole is None:  # a part of the people may be a difference of two peoples
                guard_movers(self._name, out)
            self._outputs[origin, host] = out
        return self._outputs[origin, host]

    @property
    def _name(self) -> str:
        return f"{corridor_names(self._prepared.demography)[self._k]}, {SEXES[self._sex]}"

    @cached_property
    def _pricer(self) -> CorridorPricer:
        moves, whole = self.start.moves, self._whole
        return CorridorPricer(
            *self._countries, self._sex, self.start.history, self.without, self._payments, self._events,
            (moves.first_movers * moves.arrival_cover)[START:], self._prepared.basis.careers.posted_share, None if whole is None else whole._pricer,
        )  # fmt: skip

    def result(self, n: int) -> CorridorResult:
        """Under the instrument at position ``n``."""
        of = None if self._whole is None else self._whole.under(n)
        rows = self.without.people.shape[2]
        expected = np.stack([self._inputs.at_home[START:, :rows], self._inputs.abroad[START:, :rows]])
        mismatch = float(np.abs(self.without.people - expected).max())
        sides = self._pricer.price(self.under(n), self._treaties[n], of)
        if self._whole is None:
            for c, side in zip(self._pair, sides, strict=True):
                guard_payments(self._prepared.basis.countries[c], self._name, side)
        return CorridorResult(*self._pair, self._sex, sides, self.without.covered, self.without.people, mismatch)

    def past(self, n: int) -> CorridorResult:
        """The same under instrument ``n`` as if nobody were insured after the valuation date (:mod:`actuarial.feasibility.past_periods`)."""
        inputs = past_only(self._inputs)
        # Nothing before the valuation date differs.
        start = replace(self.start, moves=move_rates(inputs, self.start.moves.transition.shape[1]))
        return PricedCorridor(self._prepared, self._instruments, self._k, self._sex, inputs, start, beside=self).result(n)


def as_host(prepared: PreparedRegion, c: int) -> CountryCareers:
    """A country with the pay of movers who live in it."""
    return with_relative_pay(prepared.countries[c], prepared.scale[c], prepared.basis.careers.mover_pay)


def _event_rules(instruments: Sequence[Instrument], other: CountryCareers) -> list[Counting]:
    return [rules for instrument in instruments if (rules := event_rules(instrument, other)) is not None]


def instrument_of_corridor(prepared: PreparedRegion, instrument: Instrument, k: int) -> Instrument:
    """The instrument where both states take part in it, else one without any provision."""
    codes = {prepared.basis.countries[int(i)] for i in prepared.demography.corridors[k]}
    return instrument if codes <= set(instrument.active_members) else instrument.without(*PROVISIONS)


def payments(prepared: PreparedRegion, k: int, sex: int) -> tuple[Payment, Payment]:
    """How the schemes of origin and host pay the people of a corridor and sex."""
    demography = prepared.demography
    pair = [int(i) for i in demography.corridors[k]]
    survival = demography.survival[pair, sex]
    moving = np.stack([demography.remigration_rate[k, sex], demography.return_rate[k, sex]])
    result = []
    for c in pair:
        country, stock = prepared.countries[c], prepared.stocks[c]
        factors, events = None, prepared.insured[c]
        if country.law.kind == "defined_benefit":
            streams = [prepared.streams[c, place, sex] for place in pair] if (c, c, sex) in prepared.streams else None
            factors = pension_factors(country, sex, survival, moving, indexation(country, 0), streams, prepared.basis.families.left_behind)
        levers = prepared.scenario.payment
        result.append(
            Payment(
                factors, None if events is None else events[sex].lifts, 1.0 if stock is None else stock.settlement_claims, levers.take_up_factor,
                levers.non_payment.get(prepared.basis.countries[c], 0.0), levers.processing_lag_years,
            )
        )  # fmt: skip
    return result[0], result[1]


def _last_refund(country: CountryCareers, instrument: Instrument) -> int:
    """Year index from which leavers take no refund; the end of the axis where the instrument finds no refunds to block."""
    open_ = any(law.refund_on_leaving and max(law.refund_take_up, law.refund_take_up_nationals) > 0.0 for law in country.laws[START:])
    return refund_block(country, instrument) if open_ else YEAR_COUNT


def corridor_inputs(prepared: PreparedRegion, k: int, sex: int, instrument: Instrument | None = None) -> CorridorInputs:
    """Rates of one corridor and sex, with refunds open for ever; in the blocked case until ``instrument`` blocks them, if one is given."""
    basis, demography = prepared.basis, prepared.demography
    o, d = (int(i) for i in demography.corridors[k])
    origin, host = prepared.countries[o], as_host(prepared, d)

    def pick(array: Array) -> Array:
        return array[k, sex, WORK_AGES].T

    def blocked(country: CountryCareers, nationals: bool, open_: SideRates) -> SideRates:
        until = YEAR_COUNT if instrument is None else refund_block(country, instrument)
        return open_ if until == YEAR_COUNT else country.side(sex, WORK_AGE_COUNT, until, nationals)

    home_side, host_side = (country.side(sex, WORK_AGE_COUNT, YEAR_COUNT, country is origin) for country in (origin, host))
    return CorridorInputs(
        first_movers=pick(demography.labour_outflow),
        return_rate=pick(demography.return_rate),
        remigration_rate=pick(demography.remigration_rate),
        abroad=pick(demography.movers_abroad),
        at_home=pick(demography.movers_home),
        joiners_abroad=pick(demography.joined_abroad),
        origin=origin.cover(sex),
        host=host.cover(sex),
        home_invalidity=origin.invalidity(sex),
        host_invalidity=host.invalidity(sex),
        coverage_factor=migrant_coverage(basis, prepared.scenario, sex, d),
        home_side=home_side,
        host_side=host_side,
        blocked_home_side=blocked(origin, True, home_side),
        blocked_host_side=blocked(host, False, host_side),
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
    return year_index(instrument.entry_into_force) if blocked else YEAR_COUNT
