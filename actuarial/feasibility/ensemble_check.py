"""How good the arithmetic of the ensemble is: single paths projected anew, from the population to the reserve.

1. A projection of one path changes the basis itself: death rates, covered shares, the economy, the flows of every year. What then differs is what the
   arithmetic leaves out: interactions, ceilings and floors, births, and cover that is held to its target in number rather than rate.
2. The stock of past movers, density, compliance and take-up have no lever for one corridor, country or year. They stay as in the base on those paths,
   and are projected each with one factor for all (:data:`CONSTANT`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR
from actuarial.basis.economy import with_additions
from actuarial.basis.instrument import Instrument
from actuarial.basis.migration import MigrationLevers
from actuarial.basis.scenario import Scenario
from actuarial.demography.corridors import DemographicProjection, project_region
from actuarial.feasibility.cashflow import CaseFlows, case_flows
from actuarial.feasibility.engine import RegionRun, run_region
from actuarial.feasibility.ensemble_model import EnsembleModel
from actuarial.feasibility.ensemble_paths import SchemeFlows
from actuarial.feasibility.inputs import StudyBasis, migration_levers
from actuarial.feasibility.processes import Paths, neutral_paths, to_years
from actuarial.feasibility.variants import with_collection, with_coverage, with_migration, with_mortality
from actuarial.finance.indicators import general_average_premium, payg_cost_rate, present_value

People = Callable[[StudyBasis, MigrationLevers], DemographicProjection]
YEARS = (2035, 2050, 2075, 2100)


CONSTANT: Final = {"stock": 1.25, "density": 0.9, "compliance": 0.9, "take_up": 0.7}
"""Factors of the processes that are checked one at a time, alike everywhere and in all years."""


def people(basis: StudyBasis, levers: MigrationLevers) -> DemographicProjection:
    """Population and movers of the region."""
    return project_region(basis.population, basis.migration, levers)


def comparable(paths: Paths) -> Paths:
    """The same paths without what cannot be projected anew."""
    return replace(
        paths, stock=np.ones_like(paths.stock), density=np.ones_like(paths.density), compliance=np.ones_like(paths.compliance),
        take_up=np.ones_like(paths.take_up),
    )  # fmt: skip


def project_path(
    basis: StudyBasis, scenario: Scenario, instrument: Instrument, model: EnsembleModel, paths: Paths, row: int, people: People = people
) -> RegionRun:
    """One of ``comparable`` paths projected anew in full: as long as a run of the region."""
    mortality = model.parameters.mortality_pattern[None, :, None] * paths.mortality[row][:, None, :]
    changed = with_coverage(with_mortality(basis, mortality), paths.coverage[row])
    economy = with_additions(
        changed.economy, inflation=paths.inflation[row], real_wage_growth=paths.real_wage[row], real_return=paths.real_return[row]
    )
    changed = replace(changed, economy=economy)
    levers = migration_levers(scenario, changed)
    levers = replace(levers, outflow_multiplier=levers.outflow_multiplier * to_years(paths.flows[row]))
    return run_region(changed, scenario, instrument, demography=people(changed, levers))


def project_constant(basis: StudyBasis, scenario: Scenario, instrument: Instrument, name: str, people: People = people) -> RegionRun:
    """The region with the factor of :data:`CONSTANT` on one process."""
    factor = CONSTANT[name]
    if name == "stock":
        scenario = with_migration(scenario, stock=factor)
    elif name == "take_up":
        payment = scenario.payment.model_copy(update={"take_up_factor": factor * scenario.payment.take_up_factor})
        scenario = scenario.model_copy(update={"payment": payment})
    else:
        scenario = with_collection(scenario, basis, **{name: factor})
    return run_region(basis, scenario, instrument, demography=people(basis, migration_levers(scenario, basis)))


def constant_path(model: EnsembleModel, name: str) -> Paths:
    """The same as one path."""
    neutral = neutral_paths(len(model.countries), len(model.corridor_index), 0, 0, 1)
    return replace(neutral, **{name: CONSTANT[name] * getattr(neutral, name)})


def compare_path(model: EnsembleModel, paths: Paths, row: int, run: RegionRun, path: int | str) -> pd.DataFrame:
    """Figures of one path by the arithmetic of the ensemble and by projection: country, figure, case, ensemble, projected."""
    rows: list[list[object]] = []
    for scheme in model.schemes:
        fast = model.flows(scheme, paths)
        exact = case_flows(run, scheme.at)
        rates = run.countries[scheme.at].inputs.investment_return[-fast.discount.shape[1] :]
        for case, flows in enumerate(exact):
            name = ("without", "with")[case]
            pairs = _cases(fast, flows, exact[0], rates, scheme.basis.opening_reserve, row, case)
            rows += [[path, scheme.basis.country, figure, name, *pair] for figure, pair in pairs.items()]
    return pd.DataFrame(rows, columns=["path", "country", "figure", "case", "ensemble", "projected"])


def _cases(
    fast: SchemeFlows, flows: CaseFlows, without: CaseFlows, rates: np.ndarray, reserve: float, row: int, case: int
) -> dict[str, tuple[float, float]]:
    payg = payg_cost_rate(flows.expenditure, flows.insurable_earnings), fast.expenditure[case][row] / fast.earnings[case][row]
    found = {f"payg_{year}": (float(payg[1][year - FIRST_YEAR]), float(payg[0][year - FIRST_YEAR])) for year in YEARS}
    v = fast.discount[row]
    gap = ((v * fast.expenditure[case][row]).sum() - reserve) / (v * fast.earnings[case][row]).sum()
    found["gap_75"] = float(gap), general_average_premium(flows.expenditure, flows.insurable_earnings, reserve, rates)
    if case == 1:
        (x0, x1), (c0, c1) = fast.expenditure, fast.contributions
        cost = v * (x1 - x0 - c1 + c0)[row]
        net = (flows.expenditure - without.expenditure) - (flows.contributions - without.contributions)
        found["net_cost_share_75"] = (
            float(cost.sum() / (v * fast.earnings[0][row]).sum()), present_value(net, rates) / present_value(without.insurable_earnings, rates)
        )  # fmt: skip
    return found
