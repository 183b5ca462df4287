"""The insured people of a run as the branches beside pensions need them: one :class:`BranchInputs` per collecting scheme."""

from __future__ import annotations

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, WORK_AGE_COUNT, Array, year_index
from actuarial.careers.country import exposure
from actuarial.careers.coverage import WORK_AGES
from actuarial.feasibility.branch_inputs import BranchInputs, CorridorExposure
from actuarial.feasibility.branches import BranchFlows, branch_flows, net_entrants, reasons_missing
from actuarial.feasibility.engine import RegionRun

START = year_index(FIRST_YEAR)


def scheme_branches(run: RegionRun, c: int) -> BranchFlows:
    """Branch accounts of one scheme. Raises ``ValueError`` for a country that collects nothing."""
    country = run.countries[c]
    if not country.law.collecting:
        raise ValueError(f"{run.basis.countries[c]}: nothing is collected, so nobody is insured in any branch")
    return branch_flows(branch_inputs(run, c), country.laws[START:], run.basis.branch_costs, run.instrument)


def branch_inputs(run: RegionRun, c: int) -> BranchInputs:
    """Insured stayers and movers of country ``c`` with its law and economy, over the projection."""
    basis, country, demography = run.basis, run.countries[c], run.demography
    inputs = country.inputs
    covered = np.stack([_all_rows(country.stayers[sex].people[START:, :, 0].sum(axis=2)) for sex in (0, 1)])
    pay = run.scale[c] * inputs.average_wage[START:, None] * inputs.relative_pay[:, None, WORK_AGES]
    exit_rate = np.broadcast_to(inputs.exit_rate[:WORK_AGE_COUNT], (2, WORK_AGE_COUNT))
    return BranchInputs(
        country=basis.countries[c],
        scheme=inputs.scheme.id,
        first_year=FIRST_YEAR,
        insured=_person_years(covered),
        entrants=net_entrants(covered),
        departure=exit_rate.copy(),
        pay=np.swapaxes(pay, 1, 2),
        pay_cv=inputs.earnings_cv,
        q=1.0 - demography.survival[c, ..., START:],
        fertility=basis.population.fertility[c, WORK_AGES, START:],
        investment_return=inputs.investment_return[START:],
        inflation=inputs.inflation[START:],
        wage_growth=inputs.wage_growth[START:],
        corridors=tuple(_corridors(run, c)),
        missing=reasons_missing(inputs.scheme),
    )


def _corridors(run: RegionRun, c: int) -> list[CorridorExposure]:
    """The corridors of a scheme between members of the instrument, both sexes of each together."""
    demography, basis = run.demography, run.basis
    active = {basis.countries.index(m) for m in run.instrument.active_members}
    covered: dict[tuple[int, int], Array] = {}
    for r in run.corridors:
        if c in (r.origin, r.host) and {r.origin, r.host} <= active:
            pair = covered.setdefault((r.origin, r.host), np.zeros((2, 2, HORIZON + 1, WORK_AGE_COUNT)))
            for side in (0, 1):
                pair[side, r.sex] = _all_rows(r.covered[side])
    index = {(int(o), int(d)): k for k, (o, d) in enumerate(demography.corridors)}
    found = []
    for (origin, host), people in covered.items():
        here = 0 if origin == c else 1
        partner = (host, origin)[here]
        other, k = run.countries[partner], index[origin, host]
        leaving = demography.remigration_rate[k] if here == 0 else demography.return_rate[k]
        found.append(
            CorridorExposure(
                partner=basis.countries[partner],
                role=("origin", "host")[here],
                insured=_person_years(people[here]),
                entrants=net_entrants(people[here]),
                prior=other.inputs.coverage.share[:, :, START : START + HORIZON],
                leaving=leaving[..., START:],
                partner_insured=_person_years(people[1 - here]),
                partner_laws=other.laws[START:],
                partner_inflation=other.inputs.inflation[START:],
                exchange=basis.economy.exchange_rate[c, START:] / basis.economy.exchange_rate[partner, START:],
            )
        )
    return found


def _person_years(covered: Array) -> Array:
    """[sex, date, row] at 1 January to person-years [sex, row, year]."""
    return np.stack([exposure(one).T for one in covered])


def _all_rows(covered: Array) -> Array:
    """[date, row] filled up to every working age."""
    return np.pad(covered, ((0, 0), (0, WORK_AGE_COUNT - covered.shape[1])))
