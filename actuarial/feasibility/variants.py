"""Variants of a study: functions that change one assumption of the basis, the scenario or the instrument, and nothing else.

1. Nothing is changed in place. What a function does not name is the same object as before, so a variant shares every other array with the base.
2. A neutral size gives the base back: a factor of 1, an addition of 0, the year a law has already.
3. Changes act from the first projection year on. What lies before the valuation date, and what the base year is calibrated to, stay; where an
   assumption holds for all years (dispersion of careers, families), changing it changes how the base year is explained too, and the function says so.
4. Axes as in :mod:`actuarial.basis.dimensions`: country [C], sex [2], age [101], projection year [75] from :data:`FIRST_YEAR` on.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.errors import InputError
from actuarial.feasibility.inputs import StudyBasis

START = year_index(FIRST_YEAR)


def with_mortality(basis: StudyBasis, log_factor: Array) -> StudyBasis:
    """Death rates times ``exp(log_factor)`` from the first projection year on.

    ``log_factor`` is [C, 101, 75], the same for both sexes, or [C, 2, 101, 75]; smaller shapes are spread ([C, 1, 1] holds for all ages and years).
    Net migration with the rest of the world stays as many people as before.

    Raises :class:`InputError` for a factor that is not finite or of another shape.
    """
    log = np.asarray(log_factor, dtype=np.float64)
    if log.ndim == 3:
        log = log[:, np.newaxis]
    rates = basis.population.death_rates.copy()
    rates[..., START:] *= np.exp(_spread("mortality", log, (len(basis.countries), 2, AGE_COUNT, HORIZON)))
    return replace(basis, population=replace(basis.population, death_rates=rates))


def with_coverage(basis: StudyBasis, factor: Array) -> StudyBasis:
    """Covered share of residents times ``factor`` [C, 75] at the end of each projection year; movers follow, whose cover is relative to it.

    Contributors up to the valuation date are those published. Factors of several calls multiply.

    Raises :class:`InputError` for a factor that is negative or of another shape; the projection raises it where more than everybody would be covered.
    """
    whole = _factor("cover of residents", factor, basis)
    before = basis.labour.cover_factor
    return replace(basis, labour=replace(basis.labour, cover_factor=whole if before is None else before * whole))


def with_migrant_coverage(basis: StudyBasis, factor: Array) -> StudyBasis:
    """Cover of movers relative to residents of the host times ``factor`` [C, 75] by host and projection year; residents stay.

    Movers are covered at most all of them. Raises :class:`InputError` for a factor that is negative or of another shape.
    """
    whole = _factor("cover of migrants", factor, basis)
    before = basis.careers.migrant_cover_factor
    return replace(basis, careers=replace(basis.careers, migrant_cover_factor=whole if before is None else before * whole))


def _factor(what: str, factor: Array, basis: StudyBasis) -> Array:
    """A factor by country and projection year [C, 75]."""
    whole = _spread(what, np.asarray(factor, dtype=np.float64), (len(basis.countries), HORIZON))
    if (whole < 0.0).any():
        raise InputError(f"{what}: found a factor of {whole.min():g}, allowed is 0 or more")
    return whole


def _spread(what: str, values: Array, shape: tuple[int, ...]) -> Array:
    """``values`` in full ``shape``; one shape of a kind is enough on any axis."""
    if values.ndim != len(shape) or any(n not in (1, full) for n, full in zip(values.shape, shape, strict=True)):
        raise InputError(f"{what}: a factor of shape {values.shape} was given, needed is {shape}")
    if not np.isfinite(values).all():
        raise InputError(f"{what}: a factor is not a finite number")
    return np.broadcast_to(values, shape).copy()
