"""Everything that chunks of paths need, computed once: responses, elasticities, the basis of every scheme, and the parameters of the processes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, IntArray, year_index
from actuarial.basis.instrument import Instrument
from actuarial.basis.uncertainty import UncertaintyBasis
from actuarial.execution.checkpoint import Checkpoint
from actuarial.execution.executors import Workers
from actuarial.execution.progress import Silent
from actuarial.feasibility.engine import PreparedRegion, evaluate
from actuarial.feasibility.ensemble_paths import SchemeFlows, scheme_flows
from actuarial.feasibility.flow_parts import PERIODS, period_years
from actuarial.feasibility.measured_responses import measured_responses
from actuarial.feasibility.path_movers import Elasticities
from actuarial.feasibility.path_rates import SchemePaths
from actuarial.feasibility.pay_response import pay_responses
from actuarial.feasibility.processes import Paths
from actuarial.feasibility.responses import SchemeResponse, responses
from actuarial.feasibility.scheme_basis import SchemeBasis, scheme_basis

START = year_index(FIRST_YEAR)


@dataclass(frozen=True)
class SchemeModel:
    """One scheme: position of its country, its basis, responses and elasticities."""

    at: int
    basis: SchemeBasis
    response: SchemeResponse
    elasticities: Elasticities


@dataclass(frozen=True)
class EnsembleModel:
    """Schemes that collect contributions, and what paths are drawn from.

    base_outflow   [corridor, period] movers who leave in the base;  corridor_index [corridor, 2]
    """

    countries: tuple[str, ...]
    schemes: tuple[SchemeModel, ...]
    parameters: UncertaintyBasis
    base_outflow: Array
    corridor_index: IntArray

    def flows(self, scheme: SchemeModel, paths: Paths, *, shocks: bool = False) -> SchemeFlows:
        """Cash flows of one scheme on drawn paths; ``shocks`` lays displacement and closure over the flows."""
        return scheme_flows(scheme.basis, scheme.response, scheme.elasticities, self.paths_of(scheme, paths, shocks=shocks))

    def paths_of(self, scheme: SchemeModel, paths: Paths, *, shocks: bool = False) -> SchemePaths:
        """What one scheme meets on drawn paths."""
        c = scheme.at
        outflow = paths.flows * paths.shock if shocks else paths.flows
        return SchemePaths(
            factors=np.concatenate([paths.stock[:, :, None], outflow], axis=2),
            mortality=paths.mortality[:, c],
            pattern=self.parameters.mortality_pattern,
            inflation=paths.inflation[:, c],
            real_wage=paths.real_wage[:, c],
            real_return=paths.real_return[:, c],
            coverage=paths.coverage[:, c],
            density=np.minimum(paths.density[:, c], scheme.basis.most.density),
            compliance=np.minimum(paths.compliance[:, c], scheme.basis.most.compliance),
            take_up=np.minimum(paths.take_up, scheme.basis.most.take_up),
            cover_elsewhere=np.log(np.delete(paths.coverage, c, axis=1)).mean(axis=1),
            density_elsewhere=np.log(np.delete(paths.density, c, axis=1)).mean(axis=1),
        )


def ensemble_model(
    prepared: PreparedRegion,
    instrument: Instrument,
    parameters: UncertaintyBasis,
    executor: Workers | None = None,
    checkpoint: Checkpoint | None = None,
    progress: Silent | None = None,
) -> EnsembleModel:
    """Compute the responses, which is nearly all of the work, and put the model together."""
    found = responses(prepared, instrument, executor, checkpoint, progress)
    collecting = [c for c, country in enumerate(prepared.countries) if country.law.collecting]
    pay = pay_responses(prepared, instrument, evaluate(prepared, [instrument])[0])
    bases = tuple(scheme_basis(prepared, instrument, c, pay[c]) if c in collecting else None for c in range(len(prepared.countries)))
    elastic = measured_responses(prepared, instrument, bases, found, parameters.mortality_pattern)
    schemes = []
    for c in collecting:
        basis, response, elasticities = bases[c], found[c], elastic[c]
        assert basis is not None and response is not None and elasticities is not None
        schemes.append(SchemeModel(c, basis, response, elasticities))
    return EnsembleModel(
        countries=prepared.basis.countries,
        schemes=tuple(schemes),
        parameters=parameters,
        base_outflow=outflow_by_corridor(prepared),
        corridor_index=prepared.demography.corridors,
    )


def outflow_by_corridor(prepared: PreparedRegion) -> Array:
    """First moves of the base [corridor, period], all ages and both sexes."""
    yearly = prepared.demography.labour_outflow[..., START : START + HORIZON].sum(axis=(1, 2))
    return np.stack([yearly[:, period_years(period)].sum(axis=1) for period in range(PERIODS)], axis=1)
