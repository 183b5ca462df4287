"""Displacement and closed borders: rare events that the base does not hold, as an overlay on the out-flow.

1. Events of a kind arrive in a state as a Poisson process; observed by year, the probability of one is 1 - exp(-rate). A second one in the same year
   is left out.
2. Displacement adds size x exp(-years since / recovery) to the factor of all corridors out of the state; size is lognormal with the mean of the file.
3. A closure takes the part cut x exp(-years since / recovery) from corridors out of the state and into it, at most all; cut is uniform between its
   bounds.
4. Factor of a corridor in a year = (1 + displacement of the origin) x (1 - closure of the origin) x (1 - closure of the host); of a period, the mean
   of its years.
5. The overlay is not centred: events are not in the base, whose flows are those of quiet years. With all rates 0 every factor is 1.

With parameter uncertainty the rates are lognormal around the stated ones, with one error for both kinds and all states.
"""

from __future__ import annotations

import numpy as np

from actuarial.basis.dimensions import HORIZON, Array, IntArray
from actuarial.basis.uncertainty import ShockParameters
from actuarial.feasibility.process_flows import PERIOD_COUNT, PERIOD_YEARS
from actuarial.feasibility.process_random import Stream, generators

_KINDS = 2
_DISPLACEMENT, _CLOSURE = range(_KINDS)


def shock_factors(
    parameters: ShockParameters, corridor_index: IntArray, countries: int, seed: int, first_path: int, count: int, *, parameter_uncertainty: bool
) -> Array:
    """Factor on the out-flow of each corridor [path, corridor, period], not centred (module docstring)."""
    arrival, size, rate_error = np.empty((count, _KINDS, countries, HORIZON)), np.empty((count, _KINDS, countries, HORIZON)), np.empty(count)
    for row, source in enumerate(generators(seed, Stream.SHOCK, first_path, count)):
        source.random(out=arrival[row])
        source.standard_normal(out=size[row])
        rate_error[row] = source.standard_normal()
    more = np.exp(parameters.rate_sd * rate_error) if parameter_uncertainty else np.ones(count)
    p = -np.expm1(-np.multiply.outer(more, [parameters.displacement_rate, parameters.closure_rate]))
    happens = arrival < p[:, :, np.newaxis, np.newaxis]
    spread = parameters.displacement_size_sd
    displaced = parameters.displacement_size * np.exp(spread * size[:, _DISPLACEMENT] - 0.5 * spread**2)
    # The place of an arrival below its probability is uniform and new: it says how much of the border closes.
    place = arrival[:, _CLOSURE] / np.maximum(p[:, _CLOSURE, np.newaxis, np.newaxis], np.finfo(float).tiny)
    cut = parameters.closure_least + (parameters.closure_most - parameters.closure_least) * np.minimum(place, 1.0)
    more_leave = _fading(np.where(happens[:, _DISPLACEMENT], displaced, 0.0), parameters.displacement_recovery)
    open_part = 1.0 - np.minimum(_fading(np.where(happens[:, _CLOSURE], cut, 0.0), parameters.closure_recovery), 1.0)
    origin, host = corridor_index[:, 0], corridor_index[:, 1]
    yearly = ((1.0 + more_leave) * open_part)[:, origin] * open_part[:, host]
    return np.asarray(yearly.reshape(count, len(corridor_index), PERIOD_COUNT, PERIOD_YEARS).mean(axis=3))


def _fading(effect: Array, recovery: float) -> Array:
    """Effects [..., year] and what is left of earlier ones, a part exp(-1 / recovery) from one year to the next."""
    left, keep = np.zeros_like(effect), float(np.exp(-1.0 / recovery))
    left[..., 0] = effect[..., 0]
    for t in range(1, effect.shape[-1]):
        left[..., t] = keep * left[..., t - 1] + effect[..., t]
    return left
