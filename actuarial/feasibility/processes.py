"""Draws of everything the ensemble varies: factors and deviations around the base projection, path by path.

1. The base is the centre: a factor has mean 1 or median 1, a deviation mean 0, as said at each field of :class:`Paths`.
2. Path k is the same numbers in any chunk: random numbers are counted by (seed, stream, path), see :mod:`actuarial.feasibility.process_random`.
3. A process left out by ``only`` is exactly neutral (1 or 0) and leaves the numbers of the others untouched, also where they are correlated with it.
4. With parameter uncertainty the parameters of a process are drawn for each path as well; without it every path has the stated ones and the same
   innovations.
5. Years are 2026 .. 2100 (75), periods five years each: 2026-2030 .. 2096-2100 (15). Formulas stand in the ``process_*`` modules.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from actuarial.basis.dimensions import HORIZON, Array, IntArray
from actuarial.basis.errors import InputError, unknown_name
from actuarial.basis.uncertainty import MembershipParameters, UncertaintyBasis
from actuarial.feasibility.process_economy import VARIABLES, Innovations, economy, innovations
from actuarial.feasibility.process_flows import PERIOD_COUNT, PERIOD_YEARS, flow_factors, stock_factors
from actuarial.feasibility.process_membership import bounded_walk
from actuarial.feasibility.process_mortality import mortality_index
from actuarial.feasibility.process_random import Stream
from actuarial.feasibility.process_shocks import shock_factors

PROCESSES: Final = (
    "flows", "stock", "mortality", "inflation", "real_wage", "real_return", "coverage", "density", "compliance", "take_up", "shock"
)  # fmt: skip
"""Names of what can be drawn; each is a field of :class:`Paths`."""
BLOCK: Final = 256
"""Paths drawn at a time, so that what is computed on the way stays in the caches; no result depends on it."""
NO_PROCESS: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True)
class Paths:
    """Factors and deviations of ``count`` paths around the base. Arrays are not to be changed."""

    seed: int
    first_path: int
    """Number of the first path; row i of every array is path ``first_path + i``."""
    flows: Array
    """Factor on the base out-flow [path, corridor, period], by period of departure; mean 1."""
    stock: Array
    """Factor on the movers who left before the valuation date [path, corridor]; mean 1."""
    mortality: Array
    """Deviation k of the mortality index [path, country, year], to be applied as log m' = log m + b_x k; mean 0, k > 0 = more deaths."""
    inflation: Array
    """Deviation of the yearly rate of inflation [path, country, year]; mean 0."""
    real_wage: Array
    """Deviation of the yearly growth of real wages [path, country, year]; mean 0."""
    real_return: Array
    """Deviation of the yearly real return on reserves [path, country, year]; mean 0."""
    coverage: Array
    """Factor on the base coverage rate [path, country, year]; median 1, within the bounds of its file."""
    density: Array
    """Factor on the base density of contributions [path, country, year]; median 1, within the bounds of its file."""
    compliance: Array
    """Factor on the base compliance [path, country, year]; median 1, within the bounds of its file."""
    take_up: Array
    """Factor on the base take-up of the instrument [path, year]; median 1, within the bounds of its file."""
    shock: Array
    """Overlay of displacement and closure on the out-flow [path, corridor, period], by period of departure; not centred: the base has no such events.
    The caller multiplies it into ``flows`` or leaves it out."""

    @property
    def count(self) -> int:
        """Number of paths."""
        return len(self.flows)

    def keeping(self, *names: str) -> Paths:
        """The same paths with all processes neutral but ``names``; equal to drawing with ``only=names``.

        Raises :class:`InputError` for a name that is not in :data:`PROCESSES`.
        """
        wanted = _wanted(names)
        base = neutral_paths(self.mortality.shape[1], self.stock.shape[1], self.seed, self.first_path, self.count)
        return replace(base, **{name: getattr(self, name) for name in wanted})


def neutral_paths(countries: int, corridors: int, seed: int, first_path: int, count: int) -> Paths:
    """Paths that all are the base: factors 1, deviations 0."""
    by_year = (count, countries, HORIZON)
    by_period = (count, corridors, PERIOD_COUNT)
    return Paths(
        seed=seed, first_path=first_path,
        flows=np.ones(by_period), stock=np.ones(by_period[:2]), mortality=np.zeros(by_year),
        inflation=np.zeros(by_year), real_wage=np.zeros(by_year), real_return=np.zeros(by_year),
        coverage=np.ones(by_year), density=np.ones(by_year), compliance=np.ones(by_year),
        take_up=np.ones((count, HORIZON)), shock=np.ones(by_period),
    )  # fmt: skip


def draw_paths(
    parameters: UncertaintyBasis, base_outflow: Array, corridor_index: IntArray, *, seed: int, count: int, first_path: int = 0,
    only: Collection[str] | None = None, parameter_uncertainty: bool = True,
) -> Paths:  # fmt: skip
    """Draw the paths ``first_path`` .. ``first_path + count - 1`` of the ensemble ``seed``.

    ``base_outflow``    [corridor, period] movers who leave in the base by period of five years; only shares by origin count
    ``corridor_index``  [corridor, 2] positions of origin and host on the axis of ``parameters.countries``
    ``only``            names out of :data:`PROCESSES` to draw; the others are neutral. ``None`` draws all, :data:`NO_PROCESS` none

    Raises :class:`InputError` for an unknown process, negative numbers and shapes that do not fit.
    """
    wanted = _wanted(only)
    _check(parameters, base_outflow, corridor_index, seed, first_path, count)
    paths = neutral_paths(len(parameters.countries), len(corridor_index), seed, first_path, count)
    for start in range(0, count, BLOCK):
        size = min(BLOCK, count - start)
        block = _block(parameters, base_outflow, corridor_index, wanted, seed, first_path + start, size, parameter_uncertainty=parameter_uncertainty)
        for name, values in block.items():
            getattr(paths, name)[start : start + size] = values
    return paths


def _block(
    parameters: UncertaintyBasis, base_outflow: Array, corridor_index: IntArray, wanted: frozenset[str], seed: int, first_path: int, count: int,
    *, parameter_uncertainty: bool,
) -> dict[str, Array]:  # fmt: skip
    """What is wanted of a block of paths, by name."""
    states, own = len(parameters.countries), (seed, first_path, count)
    drawn: dict[str, Array] = {}
    if "flows" in wanted:
        drawn["flows"] = flow_factors(
            parameters.flows, base_outflow, corridor_index, states, *own, parameter_uncertainty=parameter_uncertainty
        )
    if "stock" in wanted:
        drawn["stock"] = stock_factors(parameters.stock, corridor_index, states, *own)
    if "mortality" in wanted:
        drawn["mortality"] = mortality_index(parameters.mortality, states, *own, parameter_uncertainty=parameter_uncertainty)
    if wanted & _READS_ECONOMY:
        drawn |= _economic(parameters, wanted, *own, parameter_uncertainty=parameter_uncertainty)
    if "shock" in wanted:
        drawn["shock"] = shock_factors(parameters.shocks, corridor_index, states, *own, parameter_uncertainty=parameter_uncertainty)
    return drawn


_WALKS: Final = {"coverage": Stream.COVERAGE, "density": Stream.DENSITY, "compliance": Stream.COMPLIANCE, "take_up": Stream.TAKE_UP}
_READS_ECONOMY: Final = frozenset({*VARIABLES, *_WALKS})
"""The walks look at the growth of real wages, also where its own deviation is left out."""


def _economic(
    parameters: UncertaintyBasis, wanted: frozenset[str], seed: int, first_path: int, count: int, *, parameter_uncertainty: bool
) -> dict[str, Array]:
    """Economy and bounded walks, as far as wanted."""
    sources = innovations(parameters.economy, len(parameters.countries), seed, first_path, count)
    drawn: dict[str, Array] = {}
    if wanted & set(VARIABLES):
        series = economy(parameters.economy, sources, seed, first_path, parameter_uncertainty=parameter_uncertainty)
        drawn |= {name: values for name, values in zip(VARIABLES, series, strict=True) if name in wanted}
    for name in sorted(wanted & set(_WALKS)):
        drawn[name] = _walk(parameters.membership, name, sources, seed, first_path, parameter_uncertainty=parameter_uncertainty)
    return drawn


def _walk(membership: MembershipParameters, name: str, sources: Innovations, seed: int, first_path: int, *, parameter_uncertainty: bool) -> Array:
    region = name == "take_up"
    factor = bounded_walk(
        getattr(membership, name), sources.regional_growth if region else sources.growth, _WALKS[name], seed, first_path,
        spread_sd=membership.spread_sd if parameter_uncertainty else 0.0, regional_correlation=membership.regional_correlation,
    )  # fmt: skip
    return factor[:, 0] if region else factor


def to_years(by_period: Array) -> Array:
    """Repeat values [..., period] for every year of their period [..., year]."""
    return np.repeat(by_period, PERIOD_YEARS, axis=-1)


def _wanted(only: Collection[str] | None) -> frozenset[str]:
    wanted = frozenset(PROCESSES if only is None else only)
    for name in sorted(wanted - set(PROCESSES)):
        raise InputError(unknown_name("process", name, PROCESSES))
    return wanted


def _check(parameters: UncertaintyBasis, base_outflow: Array, corridor_index: IntArray, seed: int, first_path: int, count: int) -> None:
    for what, number, least in (("seed", seed, 0), ("first path", first_path, 0), ("number of paths", count, 1)):
        if not least <= number < 2**63:
            raise InputError(f"{what} {number}: must be a whole number from {least} on")
    states = len(parameters.countries)
    if corridor_index.ndim != 2 or corridor_index.shape[1] != 2 or not ((corridor_index >= 0) & (corridor_index < states)).all():
        raise InputError(f"corridors must be pairs of positions from 0 to {states - 1} [corridor, 2]; found shape {corridor_index.shape}")
    if base_outflow.shape != (len(corridor_index), PERIOD_COUNT):
        raise InputError(f"base out-flow: shape {base_outflow.shape}, needed {(len(corridor_index), PERIOD_COUNT)} (corridor, period)")
    if not np.isfinite(base_outflow).all() or (base_outflow < 0.0).any():
        raise InputError("base out-flow: must be finite and not negative")
