"""Adequacy for people: what a cohort of movers pays, gets and loses, without and with an instrument, beside people who stay.

1. The cohort of a corridor and sex is everybody who makes the first move in the first projection year, aged :data:`AGES` at its 1 January. It goes
   through the corridor's lattice and is priced like all movers, up to the end of the horizon, when the youngest are past 90.
2. Movers bring their service at home with them. Its contributions are those of the origin's stayers of that generation in the years before, in
   proportion to the service that movers bring; those to accounts carry the factor that calibrates balances. Nothing is counted of people who did
   not live to move.
3. Contributions are the employee's and the employer's to the long-term branches. Benefits are those that the engine prices for movers and for
   stayers: of old age, invalidity and survivors, lump sums, refunds and balances; other benefits, a share of earnings, are left out.
4. Two people who stay are compared: of the origin, the same people with the same service, cover and amounts, living there from the first projection
   year on; of the host country, its own residents of the same ages in the same numbers. Everybody is alive at the end of the first projection year.
5. Present values, rates of return and replacement rates: :mod:`actuarial.feasibility.cohort_value`. Balances become pensions at the price of an
   annuity for life that rises with prices, at the real return on the reserve, without loading: an assumption, the schemes pay cash.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, WORK_AGE_FIRST, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.careers.country import exposure
from actuarial.careers.lattice import LatticeOutput, MoveRates
from actuarial.careers.movers import CorridorInputs
from actuarial.feasibility.cohort_past import (
    annuity_prices,
    earned_by_generation,
    mean_service,
    past_contributions,
    past_exposure,
    price_level,
    wage_level,
)
from actuarial.feasibility.cohort_rights import RightsKept, account_rights, pension_rights, rights_kept
from actuarial.feasibility.cohort_stayers import (
    host_opening,
    origin_opening,
    stayer_benefits,
    stayer_cohort,
    stayer_cohort_awards,
    stayer_cohort_flows,
)
from actuarial.feasibility.cohort_value import Earned, Pensions, SchemeLife, Value, value
from actuarial.feasibility.corridor import SideCost, outgo
from actuarial.feasibility.engine import WORKERS, PreparedRegion, PricedCorridor, corridor_inputs, instrument_of_corridor
from actuarial.feasibility.terms import national_terms

START = year_index(FIRST_YEAR)
AGES = (18, 29)
"""First and last age of the cohort at 1 January of the first projection year."""


@dataclass(frozen=True)
class CohortRun:
    """A cohort of movers in the lattice.

    intact         the lattice as if nobody ever took a refund: it says who was ever insured
    without, with_instrument  the lattice in both cases;  sides  their price for (origin's, host's scheme)
    people         [row] movers by row at the start of the projection
    moves          rates of the lattice, with the service that first movers bring
    """

    intact: LatticeOutput
    without: LatticeOutput
    with_instrument: LatticeOutput
    sides: tuple[SideCost, SideCost]
    people: Array
    moves: MoveRates


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
    return replace(
        inputs, first_movers=movers, abroad=np.zeros_like(inputs.abroad), at_home=np.zeros_like(inputs.at_home), joiners_abroad=None
    )


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
    brought = cohort.moves.origin_people[START]
    past = (past_exposure(pair[0], sex, mean_service(brought)), np.zeros((START, len(cohort.people))))
    levers = prepared.scenario.payment
    rights = tuple(
        rights_kept(
            cohort.without, cohort.with_instrument, i, pair, sex, applied, cohort.intact, levers.take_up_factor,
            levers.non_payment.get(prepared.basis.countries[c], 0.0),
        )
        for i, c in enumerate((o, h))
    )
    insured = [out.sum(axis=(1, 2, 3)) - out[:, :, 0, 0].sum(axis=1) for out in cohort.intact.award_people]
    lives: list[SchemeLife] = []
    pensions: list[Pensions] = []
    earned: list[Earned] = []
    for i, (country, cost) in enumerate(zip(pair, cohort.sides, strict=True)):
        paid = past_contributions(country, sex, past[i], cohort.people)
        paid[START:] += cost.contributions
        covered = cohort.without.covered[i]
        if i == 0 and country.law.collecting:
            # Movers join the lattice at the end of the year; those covered at its start have half a year of it at home.
            before = np.zeros_like(covered)
            before[0] = cohort.people * brought[:, 0].sum(axis=1)
            covered = covered + before
            pay = country.insurable[sex, START, : len(cohort.people)]
            paid[START] += country.laws[START].contribution_rate * country.compliance[START] * float(exposure(before)[0] @ pay)
        lives.append(_life(prepared, (o, h)[i], paid, (outgo(cost.without).sum(axis=0), outgo(cost.with_instrument).sum(axis=0))))
        pensions.append(_pensions(prepared, (o, h)[i], sex, insured[i], rights[i]))
        earned.append(earned_by_generation(country, sex, covered, past[i], cohort.people))
    movers = value(lives, pensions, earned, float(cohort.people.sum()))
    openings = (origin_opening(cohort.moves, cohort.people), host_opening(pair[1], sex, cohort.people))
    stayers = (
        _stayer_value(prepared, o, sex, openings[0], past[0]),
        _stayer_value(prepared, h, sex, openings[1], past_exposure(pair[1], sex, mean_service(openings[1][0]))),
    )
    return CorridorAdequacy(o, h, sex, movers, (rights[0], rights[1]), stayers)


def _run(prepared: PreparedRegion, instrument: Instrument, k: int, sex: int, inputs: CorridorInputs) -> CohortRun | None:
    """Lattice and price of the people of ``inputs``, who all make their first move in the first projection year."""
    corridor = PricedCorridor.of(prepared, [instrument], k, sex, inputs)
    if corridor is None:
        return None
    refunds = bool(inputs.home_side.refund_share[START:].any() or inputs.host_side.refund_share[START:].any())
    intact = corridor.refunds_until(0, 0) if refunds else corridor.without
    moves = corridor.start.moves
    return CohortRun(intact, corridor.without, corridor.under(0), corridor.result(0).sides, moves.first_movers[START], moves)


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


def _stayer_value(prepared: PreparedRegion, c: int, sex: int, opening: tuple[Array, Array], past: Array) -> Value | None:
    """Worth of the insurance of people who stay in country ``c``. ``past`` is of :func:`past_exposure`."""
    country = prepared.countries[c]
    people = opening[0].sum(axis=(1, 2))
    if not country.law.collecting or not people.any():
        return None
    out = stayer_cohort(country, sex, opening)
    own = stayer_cohort_awards(country, sex, out)
    flows = stayer_cohort_flows(prepared, c, sex, out, own)
    benefits = stayer_benefits(country, flows)
    rate = np.array([law.contribution_rate for law in country.laws[START:]])
    contributions = past_contributions(country, sex, past, people)
    contributions[START:] += rate * country.compliance[START:] * flows.earnings
    awarded = out.award_people[START:]
    if own is None:
        rights = account_rights(awarded[:, None, :, None], out.award_amount[START:, None, :, None])
    else:
        rights = pension_rights(country.laws[START:], own, national_terms(country, 0, ""))
    pensions = _pensions(prepared, c, sex, awarded[:, 1:].sum(axis=1), RightsKept(rights.own, rights, rights))
    earned = earned_by_generation(country, sex, out.people[START:, :, 0].sum(axis=2), past, people)
    return value([_life(prepared, c, contributions, (benefits, benefits))], [pensions], [earned], float(people.sum()))


def adequacy(
    prepared: PreparedRegion, instrument: Instrument, corridors: Sequence[int] | None = None, ages: tuple[int, int] = AGES
) -> tuple[CorridorAdequacy, ...]:
    """:func:`corridor_adequacy` of both sexes, for positions among the corridors or for all."""
    wanted = range(len(prepared.demography.corridors)) if corridors is None else corridors
    jobs = [(k, sex) for k in wanted for sex in (0, 1)]
    with ThreadPoolExecutor(WORKERS) as pool:
        found = list(pool.map(lambda job: corridor_adequacy(prepared, instrument, job[0], job[1], ages), jobs))
    return tuple(result for result in found if result is not None)
