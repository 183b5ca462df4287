"""The people a cohort of movers is compared with: the same who never left, and residents of the host country.

They live under the cover transitions of the country's stayers and never move. Nobody dies or becomes invalid in the first projection year: movers
are counted at its end.
"""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.careers.country import CountryCareers
from actuarial.careers.coverage import WORK_AGES
from actuarial.careers.lattice import MoveRates
from actuarial.careers.stayers import StayerInputs, StayerOutput, run_stayers
from actuarial.feasibility.awards import OwnAwards, stayer_awards
from actuarial.feasibility.cashflow import StayerFlows, flows_of_stayers
from actuarial.feasibility.corridor import unclaimed_balances
from actuarial.feasibility.engine import PreparedRegion
from actuarial.feasibility.events import stayer_awards_on_events

START = year_index(FIRST_YEAR)


def origin_opening(moves: MoveRates, movers: Array) -> tuple[Array, Array]:
    """The cohort before its move, living at home: people and amounts [row, cover, service]; ``movers`` [row]."""
    n, m = moves.origin_people[START], moves.origin_amount[START]
    scale = movers[:, None, None]
    return n * scale, m * scale


def host_opening(host: CountryCareers, sex: int, movers: Array) -> tuple[Array, Array]:
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

    Nobody dies or becomes invalid in the first year. Arrays of the result are over history, where nobody is, and projection.
    """
    run, inputs = country.stayers[sex], country.inputs
    rows = run.people.shape[1]
    n, m = (_rows(values, rows) for values in opening)
    # The youngest are past the last row by then.
    youngest = int(np.argmax(n.any(axis=(1, 2))))
    years = min(HORIZON, rows - youngest)
    ahead = slice(START, START + years)
    survival = inputs.survival[sex, WORK_AGES].T[ahead, :rows].copy()
    survival[0] = 1.0
    total = np.zeros((years + 1, rows))
    total[0] = n.sum(axis=(1, 2))
    for t in range(years):
        total[t + 1, 1:] = total[t, :-1] * survival[t, :-1]
    invalidity = country.invalidity(sex)[ahead, :rows].copy()
    invalidity[0] = 0.0
    whole = country.side(sex, rows, 0, True)
    side = replace(whole, **{f.name: getattr(whole, f.name)[ahead] for f in fields(whole) if f.name != "award_row"})
    out = run_stayers(
        StayerInputs(
            total=total, survival=survival, first_movers=np.zeros((years, rows)), cover_target=np.zeros((years + 1, rows)),
            exit_rate=run.exit[ahead], entry_rate=run.entry[ahead], side=side, service_size=n.shape[2], amount_factor=np.ones(years),
            opening=(n, m), invalidity=invalidity,
        )
    )  # fmt: skip
    return StayerOutput(**{f.name: _over_all_years(getattr(out, f.name), HORIZON - years) for f in fields(out)})


def _rows(values: Array, rows: int) -> Array:
    result = np.zeros((rows, *values.shape[1:]))
    shared = min(rows, len(values))
    result[:shared] = values[:shared]
    return result


def _over_all_years(values: Array, after: int) -> Array:
    """With nobody in history and in the ``after`` years behind."""
    result = np.zeros((START + len(values) + after, *values.shape[1:]))
    result[START : START + len(values)] = values
    return result


def stayer_cohort_awards(country: CountryCareers, sex: int, out: StayerOutput) -> OwnAwards | None:
    """Old-age pensions of a cohort that stays [1, year of the projection]; ``None`` in a scheme without."""
    if country.law.kind != "defined_benefit":
        return None
    months = country.months_per_credit(sex)[START:]
    return stayer_awards(country.laws[START:], out.award_people[START:], out.award_amount[START:], months, country.inputs.earnings_cv)


def stayer_cohort_flows(prepared: PreparedRegion, c: int, sex: int, out: StayerOutput, own: OwnAwards | None) -> StayerFlows:
    """Flows of a cohort that stays, by the engine's prices for stayers; ``own`` are its :func:`stayer_cohort_awards`."""
    country, stock, insured = prepared.countries[c], prepared.stocks[c], prepared.insured[c]
    if own is None or stock is None or insured is None:
        return flows_of_stayers(country, sex, out, None, None, 1.0)
    events = replace(insured[sex], awards=stayer_awards_on_events(country, sex, out))
    return flows_of_stayers(country, sex, out, own, events, stock.settlement_claims)


def stayer_benefits(country: CountryCareers, flows: StayerFlows) -> Array:
    """Everything paid to a cohort that stays [year]."""
    _, late = unclaimed_balances(country, flows.unclaimed)
    pensions = flows.pensions + flows.invalidity_pensions + flows.survivors_pensions
    total: Array = pensions + flows.lump_sums + flows.payouts + flows.refunds + flows.withdrawals + late
    return total
