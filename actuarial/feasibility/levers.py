"""The levers of the sensitivities: what each name of the list does to a study.

1. A study is what a run is made of: basis, scenario, instrument. A lever takes one and a setting, and gives one in which a single assumption differs.
2. What scenarios can say is said through the scenario; economic rates are then brought into the basis as a scenario's are.
3. Levers of :data:`PRICED` change neither people nor careers, so runs that differ in them alone share one projection, exactly.
4. Points of cover: ``level`` is the covered share of employees aged 35 to 54, the level to which every scheme's contributors are calibrated. A change
   by d points is the factor (level + d) / level on the covered share at every age, along the path :data:`COVER_PATH`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.basis.scenario import Scenario, YearPath, progress
from actuarial.basis.scheme_values import Index
from actuarial.basis.sensitivities import Setting
from actuarial.demography.corridors import project_region
from actuarial.feasibility import variants, variants_law
from actuarial.feasibility.engine import country_inputs
from actuarial.feasibility.inputs import StudyBasis, migration_levers

LEAST_COVER: Final = 0.25
"""Share of the base cover that is left where fewer points are covered than a setting takes away (assumed: a scheme doesn't vanish)."""
COVER_PATH: Final = YearPath(first_year=FIRST_YEAR + 1, full_by=FIRST_YEAR + 10)
"""Changes of cover come in over ten years, as in the shipped scenario on migrants' cover (assumed)."""


class Study(NamedTuple):
    """What a run is made of."""

    basis: StudyBasis
    scenario: Scenario
    instrument: Instrument


Change = tuple[str, Setting]
"""A lever and its setting."""
Lever = Callable[[Study, Any], Study]


def apply(study: Study, changes: Sequence[Change]) -> Study:
    """The study after the changes, one after the other. Raises ``KeyError`` for a lever that is not in :data:`APPLY`."""
    for lever, setting in changes:
        study = APPLY[lever](study, setting)
    return study


def covered_level(study: Study) -> Array:
    """Covered share of employees aged 35 to 54 at the valuation date [C]; 0 where nobody is insured."""
    basis, scenario = study.basis, study.scenario
    people = project_region(basis.population, basis.migration, migration_levers(scenario, basis))
    at = year_index(FIRST_YEAR)
    return np.array([country_inputs(basis, people, c, scenario).coverage.level[at] for c in range(len(basis.countries))])


def cover_factor(level: Array, points: float) -> Array:
    """Factor [C, 75] on cover whose levels are ``level`` [C], for a change by ``points`` (a fraction); 1 where nobody is covered.

    >>> cover_factor(np.array([0.5, 0.05, 0.0]), -0.1)[:, -1].tolist()
    [0.8, 0.25, 1.0]
    """
    whole = np.divide(level + points, level, out=np.ones_like(level), where=level > 0.0)
    factor: Array = 1.0 + (np.maximum(whole, LEAST_COVER)[:, np.newaxis] - 1.0) * progress(COVER_PATH)
    return factor


def _on_basis(change: Callable[[StudyBasis, Any], StudyBasis]) -> Lever:
    return lambda study, setting: study._replace(basis=change(study.basis, setting))


def _on_scenario(change: Callable[[Scenario, Any], Scenario]) -> Lever:
    return lambda study, setting: study._replace(scenario=change(study.scenario, setting))


def _on_instrument(change: Callable[[Instrument, Any], Instrument]) -> Lever:
    return lambda study, setting: study._replace(instrument=change(study.instrument, setting))


def _economy(rate: str, lever: str) -> Lever:
    """A change of ``rate`` in the basis, and of ``lever`` in the scenario that says so."""

    def change(study: Study, add: float) -> Study:
        if add == 0.0:
            return study
        own = study.scenario.economy
        economy = own.model_copy(update={lever: getattr(own, lever) + add})
        return study._replace(
            basis=variants.with_economy(study.basis, **{rate: add}), scenario=study.scenario.model_copy(update={"economy": economy})
        )

    return change


def _cover(change: Callable[[StudyBasis, Array], StudyBasis]) -> Lever:
    return lambda study, points: study._replace(basis=change(study.basis, cover_factor(covered_level(study), points)))


def _collection(part: str) -> Lever:
    return lambda study, factor: study._replace(scenario=variants.with_collection(study.scenario, study.basis, **{part: factor}))


def _mortality(basis: StudyBasis, factor: float) -> StudyBasis:
    return variants.with_mortality(basis, np.full((1, 1, 1), np.log(factor)))


def _ceiling(basis: StudyBasis, index: str) -> StudyBasis:
    return variants_law.with_ceiling_index(basis, cast(Index, index))


APPLY: Final[Mapping[str, Lever]] = {
    "real_return": _economy("real_return", "real_return_add"),
    "real_wage": _economy("real_wage_growth", "real_wage_growth_add"),
    "inflation": _economy("inflation", "inflation_add"),
    "exchange_rate": _on_basis(variants.with_exchange_rate),
    "mortality": _on_basis(_mortality),
    "fertility": _on_basis(variants.with_fertility),
    "outflow": _on_scenario(lambda scenario, factor: variants.with_migration(scenario, outflow=factor)),
    "stock": _on_scenario(lambda scenario, factor: variants.with_migration(scenario, stock=factor)),
    "returns": _on_scenario(lambda scenario, factor: variants.with_migration(scenario, returns=factor)),
    "migrant_cover": _cover(variants.with_migrant_coverage),
    "resident_cover": _cover(variants.with_coverage),
    "density": _collection("density"),
    "compliance": _collection("compliance"),
    "exits": _on_basis(variants.with_exits),
    "mover_pay": _on_basis(variants.with_mover_pay),
    "emigrant_cover": _on_basis(variants.with_emigrant_cover),
    "invalidity": _on_basis(variants.with_invalidity),
    "marriage": _on_basis(variants.with_marriage),
    "qualifying_period": _on_basis(variants_law.with_qualifying_years),
    "ceiling": _on_basis(_ceiling),
    "refunds": _on_basis(variants_law.with_refunds),
    "take_up": _on_instrument(variants_law.with_take_up),
    "administration": _on_instrument(variants_law.with_administration),
}
"""What each lever of :data:`actuarial.basis.sensitivities.LEVERS` does."""

PRICED: Final = ("take_up", "administration", "exchange_rate")
"""Levers that leave people, careers and national law as they are."""


def stands_still(study: Study, changes: Sequence[Change]) -> bool:
    """Whether the changes leave everything as it is: a side that the base has already, or that is not possible.

    Points of cover are not asked: finding their level takes a projection of people.
    """
    if any(lever in ("migrant_cover", "resident_cover") for lever, _ in changes):
        return False
    return all(a is b for a, b in zip(apply(study, changes), study, strict=True))
