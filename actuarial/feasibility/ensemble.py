"""The ensemble: thousands of paths of one instrument, with and without it, in chunks that anybody may compute.

1. The two cases share the path: its flows, economy and people (common random numbers), so that their difference has little error.
2. Chunks are of fixed size: path k is path k, and the results are the same on any number of workers.
3. Kept per path: yearly series of :data:`YEARLY` and single figures of :data:`SINGLE` for every scheme, and the region's net cost.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array
from actuarial.execution.checkpoint import Checkpoint
from actuarial.execution.chunks import run_chunks
from actuarial.execution.executors import Workers
from actuarial.execution.progress import Silent
from actuarial.feasibility.ensemble_model import EnsembleModel
from actuarial.feasibility.ensemble_paths import SchemeFlows
from actuarial.feasibility.guards import guard_paths
from actuarial.feasibility.processes import Paths, draw_paths, neutral_paths

CHUNK_PATHS = 125
"""Paths of a chunk; part of what results are made of only through the order of their rows."""
YEARLY = ("payg_without", "payg_with", "reserve_ratio_without", "reserve_ratio_with", "net_cost_share", "exhausted_without", "exhausted_with")
SINGLE = ("gap_75_without", "gap_75_with", "net_cost_share_75", "exhaustion_year_without", "exhaustion_year_with")


@dataclass(frozen=True)
class EnsembleRun:
    """What is drawn: seed, number of paths, processes (``None``: all), whether shocks are laid over, whether parameters are drawn too."""

    seed: int
    paths: int
    only: tuple[str, ...] | None = None
    shocks: bool = False
    parameter_uncertainty: bool = True


@dataclass(frozen=True)
class EnsembleResult:
    """Every path; schemes in the order of the model.

    yearly   [path, scheme, series of :data:`YEARLY`, year];  single [path, scheme, figure of :data:`SINGLE`]
    region   [path, year] net cost of the pension schemes together, in US dollars of the valuation date's prices (payments from accounts are members'
             own money put off and in no sum)
    """

    yearly: Array
    single: Array
    region: Array


@dataclass(frozen=True)
class PathChunk:
    """Some paths of a run."""

    run: EnsembleRun
    first: int
    count: int


def chunks_of(run: EnsembleRun) -> list[PathChunk]:
    """All chunks of a run."""
    return [PathChunk(run, first, min(CHUNK_PATHS, run.paths - first)) for first in range(0, run.paths, CHUNK_PATHS)]


def run_ensemble(
    model: EnsembleModel, run: EnsembleRun, executor: Workers, checkpoint: Checkpoint | None = None, progress: Silent | None = None
) -> EnsembleResult:
    """All paths of a run, whoever computes them. Raises what :func:`run_chunks` raises."""
    found = run_chunks(ensemble_chunk, chunks_of(run), executor, checkpoint, progress, shared=model)
    return EnsembleResult(*(np.concatenate([chunk[name] for chunk in found]) for name in ("yearly", "single", "region")))


def ensemble_chunk(model: EnsembleModel, chunk: PathChunk) -> dict[str, Array]:
    """Results of some paths, by name of the field of :class:`EnsembleResult`."""
    paths = drawn(model, chunk.run, chunk.first, chunk.count)
    return results_on(model, paths, shocks=chunk.run.shocks)


def drawn(model: EnsembleModel, run: EnsembleRun, first: int, count: int) -> Paths:
    """Paths ``first`` to ``first + count - 1`` of a run."""
    only: Collection[str] | None = run.only
    return draw_paths(
        model.parameters, model.base_outflow, model.corridor_index, seed=run.seed, first_path=first, count=count, only=only,
        parameter_uncertainty=run.parameter_uncertainty,
    )  # fmt: skip


def base_results(model: EnsembleModel) -> EnsembleResult:
    """The base projection as one path: every factor 1, every deviation 0."""
    paths = neutral_paths(len(model.countries), len(model.corridor_index), 0, 0, 1)
    return EnsembleResult(**results_on(model, paths))


def results_on(model: EnsembleModel, paths: Paths, *, shocks: bool = False) -> dict[str, Array]:
    """Results on given paths, by name of the field of :class:`EnsembleResult`."""
    yearly = np.zeros((paths.count, len(model.schemes), len(YEARLY), HORIZON))
    single = np.zeros((paths.count, len(model.schemes), len(SINGLE)))
    region = np.zeros((paths.count, HORIZON))
    for i, scheme in enumerate(model.schemes):
        flows = model.flows(scheme, paths, shocks=shocks)
        guard_paths(model.countries[scheme.at], flows, paths.first_path)
        yearly[:, i] = np.stack(_yearly(flows), axis=1)
        single[:, i] = np.stack(_single(flows, scheme.basis.opening_reserve), axis=1)
        if scheme.basis.kind == "account":
            single[:, i, [SINGLE.index("gap_75_without"), SINGLE.index("gap_75_with")]] = np.nan
            continue
        base_prices = np.cumprod(1.0 + scheme.basis.inflation)
        real = _net_cost(flows) / (base_prices * flows.prices)
        region += real / scheme.basis.exchange_rate
    return {"yearly": yearly, "single": single, "region": region}


def _net_cost(flows: SchemeFlows) -> Array:
    """What the scheme pays more with the instrument, less the contributions it gains [path, year]."""
    (x0, x1), (c0, c1) = flows.expenditure, flows.contributions
    return (x1 - x0) - (c1 - c0)


def _yearly(flows: SchemeFlows) -> list[Array]:
    payg = [_share(x, s) for x, s in zip(flows.expenditure, flows.earnings, strict=True)]
    ratios = [_share(v, x) for v, x in zip(flows.opening, flows.expenditure, strict=True)]
    exhausted = [np.maximum.accumulate(v < 0.0, axis=1).astype(float) for v in flows.closing]
    return [*payg, *ratios, _share(_net_cost(flows), flows.earnings[0]), *exhausted]


def _single(flows: SchemeFlows, reserve: float) -> list[Array]:
    v = flows.discount
    earned = [(v * s).sum(axis=1) for s in flows.earnings]
    gaps = [((v * x).sum(axis=1) - reserve) / s for x, s in zip(flows.expenditure, earned, strict=True)]
    exhaustion = [_first_year(closing < 0.0) for closing in flows.closing]
    return [*gaps, (v * _net_cost(flows)).sum(axis=1) / earned[0], *exhaustion]


def _first_year(condition: npt.NDArray[np.bool_]) -> Array:
    """Calendar year in which a condition [path, year] first holds, NaN where it never does."""
    return np.where(condition.any(axis=1), FIRST_YEAR + np.argmax(condition, axis=1), np.nan)


def _share(of: Array, base: Array) -> Array:
    return np.divide(of, base, out=np.full_like(of, np.nan), where=base > 0.0)
