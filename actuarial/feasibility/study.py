"""A whole study: read the basis, run the region, make the tables, check the identities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, LAST_YEAR, VALUATION_YEAR, year_index
from actuarial.basis.errors import InputError
from actuarial.basis.instrument import Instrument
from actuarial.basis.scenario import Scenario
from actuarial.feasibility.cashflow import CaseFlows, case_flows
from actuarial.feasibility.checks import check_run
from actuarial.feasibility.claims import claim_limit, claim_table
from actuarial.feasibility.cohort import CorridorAdequacy, adequacy
from actuarial.feasibility.cohort_careers import split_careers_table
from actuarial.feasibility.cohort_tables import adequacy_table, rights_table
from actuarial.feasibility.compare import with_take_up
from actuarial.feasibility.engine import PreparedRegion, RegionRun, prepare_region, run_region
from actuarial.feasibility.guards import guard_tables
from actuarial.feasibility.inputs import load_basis
from actuarial.feasibility.ladder import Ladder, price_ladder
from actuarial.feasibility.register import assumption_table, calibration_table
from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.feasibility.step_tables import (
    branch_tables,
    cause_table,
    ladder_corridor_table,
    ladder_table,
    liability_rows,
    past_table,
    transfer_values,
)
from actuarial.feasibility.supported import supported as supported
from actuarial.feasibility.tables import (
    corridor_table,
    gains_table,
    indicator_table,
    population_table,
    residence_table,
    yearly_table,
)

DISTRIBUTION = "portable-social-security"


def run_study(
    data_dir: Path, scenario: Scenario, instrument: Instrument, progress: Callable[[str, float], None] | None = None, *, steps: bool = True
) -> StudyResult:
    """Run one scenario and one instrument for the region below ``data_dir``.

    ``steps``: also price every legal step, past periods and the adequacy for cohorts of movers, which takes about twice as long.

    Raises :class:`InputError` for inputs that are wrong or not supported, ``ArithmeticError`` when an identity of the engine fails.
    """
    supported(instrument)
    basis = load_basis(data_dir, scenario)
    unknown = [m for m in instrument.members if m not in basis.countries]
    if unknown:
        raise InputError(f"instrument {instrument.id}: members {', '.join(unknown)} are not in the region {', '.join(basis.countries)}")
    if not steps:
        return study_of(run_region(basis, scenario, instrument, progress))
    return study_on(prepare_region(basis, scenario, progress), instrument, progress)


def study_on(prepared: PreparedRegion, instrument: Instrument, progress: Callable[[str, float], None] | None = None) -> StudyResult:
    """The whole study of an instrument on people that are projected already, every legal step priced; several instruments can share them."""
    ladder, (unclaimed,) = price_ladder(prepared, instrument, progress, (with_take_up(instrument, 0.0),), past=True)
    return study_of(ladder.run, ladder, ladder.past, adequacy(prepared, instrument), unclaimed)


def study_of(
    run: RegionRun, ladder: Ladder | None = None, past: RegionRun | None = None, cohorts: Sequence[CorridorAdequacy] = (),
    unclaimed: RegionRun | None = None,
) -> StudyResult:  # fmt: skip
    """Tables and checks of a finished run, and of what was priced beside it; ``unclaimed`` is the run if nobody claims."""
    basis = run.basis
    flows = [case_flows(run, c) for c in range(len(basis.countries))]
    schemes = {country: _scheme(run, c, flows[c], ladder, past, unclaimed) for c, country in enumerate(basis.countries)}
    for scheme in schemes.values():
        guard_tables(scheme)
    meta: dict[str, Any] = {
        "scenario": run.scenario.name,
        "scenario_title": run.scenario.title,
        "scenario_description": run.scenario.description,
        "instrument": run.instrument.id,
        "instrument_title": run.instrument.title,
        "instrument_note": run.instrument.note,
        "region": basis.region.id,
        "region_name": basis.region.name,
        "members": list(basis.countries),
        "instrument_members": list(run.instrument.members),
        "valuation_date": f"{VALUATION_YEAR}-12-31",
        "first_year": FIRST_YEAR,
        "last_year": LAST_YEAR,
        "entry_into_force": run.instrument.entry_into_force,
        "package_version": _version(),
        "take_up_limit": claim_limit(run),
    }
    return StudyResult(
        schemes, _transfers(run, flows), check_run(run, flows, ladder), meta, transfer_values(run, flows), adequacy_table(run, cohorts),
        rights_table(run, cohorts), split_careers_table(run, run.instrument) if cohorts else pd.DataFrame(),
    )  # fmt: skip


def _scheme(
    run: RegionRun, c: int, flows: tuple[CaseFlows, CaseFlows], ladder: Ladder | None, past: RegionRun | None, unclaimed: RegionRun | None
) -> SchemeResult:
    basis, scheme = run.basis, run.basis.schemes[c]
    branches, branch_causes, missing = branch_tables(run, c)
    indicators = indicator_table(run, c, flows)
    optional = {} if ladder is None else {"ladder": ladder_table(ladder, c, flows[0]), "ladder_corridors": ladder_corridor_table(ladder, c)}
    if past is not None:
        optional["past"] = past_table(run, past, c)
        indicators = pd.concat([indicators, liability_rows(run, past, c)], ignore_index=True)
    if unclaimed is not None:
        optional["claims"] = claim_table(run, unclaimed, c, flows[1])
    return SchemeResult(
        country=basis.countries[c],
        country_name=basis.region.names[c],
        scheme_id=scheme.id,
        scheme_title=scheme.title,
        kind=scheme.kind,
        currency=scheme.currency,
        exchange_rate_usd=float(basis.economy.exchange_rate[c, year_index(VALUATION_YEAR)]),
        yearly=yearly_table(run, c, flows),
        population=population_table(run, c),
        indicators=indicators,
        corridors=corridor_table(run, c),
        gains=gains_table(run, c),
        residence=residence_table(run, flows),
        calibration=calibration_table(run, c, flows[0]),
        assumptions=assumption_table(run, c),
        causes=cause_table(run, c),
        branches=branches,
        branch_causes=branch_causes,
        branches_missing=missing,
        **optional,
    )


def _transfers(run: RegionRun, flows: list[tuple[CaseFlows, CaseFlows]]) -> pd.DataFrame:
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    start = year_index(FIRST_YEAR)
    parts = [
        pd.DataFrame(
            {
                "payer": payer, "residence": residence, "case": case, "year": years,
                "amount_usd": flows[i][n].residence[j] / run.basis.economy.exchange_rate[i, start:],
                "pensions_usd": flows[i][n].residence_pensions[j] / run.basis.economy.exchange_rate[i, start:],
            }
        )
        for i, payer in enumerate(run.basis.countries)
        for j, residence in enumerate(run.basis.countries)
        for n, case in enumerate(("without", "with"))
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _version() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "source tree"
