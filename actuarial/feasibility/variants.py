"""Variants of a study: functions that change one assumption of the basis, the scenario or the instrument, and nothing else.

1. Nothing is changed in place. What a function does not name is the same object as before, so a variant shares every other array with the base.
2. A neutral size gives back the very same object: a factor of 1, an addition of 0, the index a ceiling follows already.
3. Changes act from the first projection year on. What lies before the valuation date, and what the base year is calibrated to, stay. Careers and
   families are one assumption for all years; changing it also changes how the published base year comes about, and the functions say so.
4. Axes as in :mod:`actuarial.basis.dimensions`: country [C], sex [2], age [101], projection year [75] from :data:`FIRST_YEAR` on.
5. Changes of the law and of the instrument: :mod:`actuarial.feasibility.variants_law`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, FIRST_YEAR, HORIZON, VALUATION_YEAR, Array, year_index
from actuarial.basis.economy import with_additions
from actuarial.basis.errors import InputError
from actuarial.basis.scenario import Scenario
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
    whole = _spread("mortality", log, (len(basis.countries), 2, AGE_COUNT, HORIZON))
    if not whole.any():
        return basis
    rates = basis.population.death_rates.copy()
    rates[..., START:] *= np.exp(whole)
    return replace(basis, population=replace(basis.population, death_rates=rates))


def with_fertility(basis: StudyBasis, factor: float) -> StudyBasis:
    """Births per woman times a factor at every age from the first projection year on."""
    if factor == 1.0:
        return basis
    births = basis.population.fertility.copy()
    births[..., START:] *= factor
    return replace(basis, population=replace(basis.population, fertility=births))


def with_coverage(basis: StudyBasis, factor: Array) -> StudyBasis:
    """Covered share of residents times ``factor`` [C, 75] at the end of each projection year; movers follow, whose cover is relative to it.

    Contributors up to the valuation date are those published. Factors of several calls multiply.

    Raises :class:`InputError` for a factor that is negative or of another shape; the projection raises it where more than everybody would be covered.
    """
    whole = _factor("cover of residents", factor, basis)
    if (whole == 1.0).all():
        return basis
    before = basis.labour.cover_factor
    return replace(basis, labour=replace(basis.labour, cover_factor=whole if before is None else before * whole))


def with_migrant_coverage(basis: StudyBasis, factor: Array) -> StudyBasis:
    """Cover of movers relative to residents of the host times ``factor`` [C, 75] by host and projection year; residents stay.

    Movers are covered at most all of them. Raises :class:`InputError` for a factor that is negative or of another shape.
    """
    whole = _factor("cover of migrants", factor, basis)
    if (whole == 1.0).all():
        return basis
    before = basis.careers.migrant_cover_factor
    return replace(basis, careers=replace(basis.careers, migrant_cover_factor=whole if before is None else before * whole))


def with_economy(
    basis: StudyBasis, *, inflation: Array | float = 0.0, real_wage_growth: Array | float = 0.0, real_return: Array | float = 0.0
) -> StudyBasis:
    """Additions to the yearly rates of the projection, as fractions (:func:`actuarial.basis.economy.with_additions`)."""
    economy = with_additions(basis.economy, inflation=inflation, real_wage_growth=real_wage_growth, real_return=real_return)
    return basis if economy is basis.economy else replace(basis, economy=economy)


def with_exchange_rate(basis: StudyBasis, factor: float) -> StudyBasis:
    """National currency per US dollar times a factor at the valuation date and ever after: above 1 every currency has lost that much once.

    Amounts in national currency stay but for costs that are fixed in dollars; what is shown in dollars is converted at the new rate.
    """
    if factor == 1.0:
        return basis
    rate = basis.economy.exchange_rate.copy()
    rate[:, year_index(VALUATION_YEAR) :] *= factor
    return replace(basis, economy=replace(basis.economy, exchange_rate=rate))


def with_mover_pay(basis: StudyBasis, factor: float) -> StudyBasis:
    """Pay of movers abroad times a factor, relative to residents of the host of the same age and sex; ceilings and floors cut it as everybody's."""
    return basis if factor == 1.0 else replace(basis, careers=replace(basis.careers, mover_pay=basis.careers.mover_pay * factor))


def with_exits(basis: StudyBasis, factor: float) -> StudyBasis:
    """Yearly probability of leaving cover times a factor, in all years (convention 3); the number covered stays, so entries change with it."""
    if factor == 1.0:
        return basis
    return replace(basis, careers=replace(basis.careers, exit_rate=np.minimum(factor * basis.careers.exit_rate, 1.0)))


def with_emigrant_cover(basis: StudyBasis, factor: float) -> StudyBasis:
    """Chance that somebody covered emigrates, relative to somebody not covered, times a factor, in all years (convention 3)."""
    return basis if factor == 1.0 else replace(basis, careers=replace(basis.careers, emigrant_cover=basis.careers.emigrant_cover * factor))


def with_invalidity(basis: StudyBasis, factor: float) -> StudyBasis:
    """Incidence of invalidity times a factor, in all years (convention 3)."""
    if factor == 1.0:
        return basis
    incidence = np.minimum(factor * basis.contingencies.invalidity, 1.0)
    return replace(basis, contingencies=replace(basis.contingencies, invalidity=incidence))


def with_marriage(basis: StudyBasis, factor: float) -> StudyBasis:
    """Share of those who die that leave a spouse times a factor, at most everybody, in all years (convention 3)."""
    return basis if factor == 1.0 else replace(basis, families=replace(basis.families, married=np.minimum(factor * basis.families.married, 1.0)))


def with_migration(scenario: Scenario, *, outflow: float = 1.0, returns: float = 1.0, stock: float = 1.0) -> Scenario:
    """Factors on first moves, on returns and on the movers abroad at the valuation date, on top of the scenario's own."""
    m = scenario.migration
    update = {"outflow_multiplier": outflow * m.outflow_multiplier, "return_multiplier": returns * m.return_multiplier,
              "stock_multiplier": stock * m.stock_multiplier}  # fmt: skip
    return scenario if outflow == returns == stock == 1.0 else _updated(scenario, "migration", update)


def with_collection(scenario: Scenario, basis: StudyBasis, *, density: float = 1.0, compliance: float = 1.0) -> Scenario:
    """Factors on the share of the year that is paid and on the part of contributions that is collected, in every collecting scheme.

    Neither passes 1: a scheme of which all is paid or collected stays as it is under a factor above 1.
    """
    update: dict[str, Any] = {}
    years = range(FIRST_YEAR, FIRST_YEAR + HORIZON)
    for name, factor in (("density", density), ("compliance", compliance)):
        given = getattr(scenario.collection, f"{name}_factor")
        own = dict(given)
        for scheme in basis.schemes:
            if scheme.collecting:
                now = given.get(scheme.country, 1.0)
                limit = 1.0 / (now * max(getattr(scheme, name)(year) for year in years))
                own[scheme.country] = now * min(factor, max(limit, 1.0))
        update[f"{name}_factor"] = own if any(own[country] != given.get(country, 1.0) for country in own) else given
    same = all(update[name] is getattr(scenario.collection, name) for name in update)
    return scenario if same else _updated(scenario, "collection", update)


def _updated(scenario: Scenario, part: str, update: dict[str, Any]) -> Scenario:
    return scenario.model_copy(update={part: getattr(scenario, part).model_copy(update=update)})


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
