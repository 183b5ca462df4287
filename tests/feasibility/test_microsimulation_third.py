"""Careers in three or more states: one corridor at a time and all partners are the same where nobody has them, and the lattice's numbers return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from actuarial.basis.errors import InputError
from actuarial.basis.instrument import Instrument
from actuarial.basis.scenario import Scenario
from actuarial.demography.corridors import DemographicProjection
from actuarial.feasibility.engine import PreparedRegion, evaluate_corridor, prepare_region
from actuarial.feasibility.inputs import StudyBasis
from actuarial.feasibility.microsimulation_third import ThirdStates, third_states
from tests.feasibility.conftest import BY_CORRIDOR

SEED, PERSONS = 2026, 60_000
TRIANGLE = ("BDI-TZA", "BDI-RWA", "TZA-RWA", "RWA-TZA")


@pytest.fixture(scope="module")
def region(basis: StudyBasis, scenario: Scenario, whole_demography: DemographicProjection) -> PreparedRegion:
    codes = whole_demography.countries
    names = [f"{codes[o]}-{codes[h]}" for o, h in whole_demography.corridors]
    at = [names.index(name) for name in TRIANGLE]
    few = replace(whole_demography, **{name: getattr(whole_demography, name)[at] for name in BY_CORRIDOR})
    return prepare_region(basis, scenario, demography=few)


@pytest.fixture(scope="module")
def people(region: PreparedRegion, instrument: Instrument) -> Callable[[float], ThirdStates]:
    known: dict[float, ThirdStates] = {}

    def of(factor: float) -> ThirdStates:
        if factor not in known:
            known[factor] = third_states(region, instrument, "BDI", 0, PERSONS, SEED, factor=factor)
        return known[factor]

    return of


def test_without_third_states_both_treatments_are_the_same(people: Callable[[float], ThirdStates]) -> None:
    found = people(0.0)
    assert found.lived == found.three == found.several == 0.0 and found.two > 0.0
    for effect in found.schemes:
        assert effect.cost[0] == effect.cost[1] and effect.pensions[1] == effect.pensions[2]
        assert effect.error == effect.gainers == effect.several == 0.0
    assert any(effect.cost[1] != 0.0 for effect in found.schemes)


def test_without_third_states_the_lattice_returns(people: Callable[[float], ThirdStates], region: PreparedRegion, instrument: Instrument) -> None:
    by_host = {}
    for k, name in enumerate(TRIANGLE[:2]):
        (result,) = evaluate_corridor(region, [instrument], k, 0)
        by_host[name[-3:]] = result
    weight = people(0.0).movers / PERSONS
    for effect in people(0.0).schemes:
        if effect.country in by_host:
            flows = by_host[effect.country].sides[1].with_instrument
            opened = float((flows["insured_at_award"]).sum())
            assert effect.awarded == pytest.approx(opened, abs=4 * np.sqrt(opened * weight))


def test_more_moves_make_more_careers_in_three_states(people: Callable[[float], ThirdStates]) -> None:
    some, many = people(1.0), people(200.0)
    assert 0.0 < some.lived < many.lived and 0.0 < many.three <= many.several
    # Adding up more periods opens rights and closes none.
    for effect in many.schemes:
        assert effect.pensions[0] <= effect.pensions[1] <= effect.pensions[2]
        assert effect.pensions[2] - effect.pensions[1] == pytest.approx(effect.gainers)
    assert sum(effect.gainers for effect in many.schemes) > 0.0
    assert max(effect.error for effect in many.schemes) > 0.0


def test_results_repeat_and_depend_on_the_seed(people: Callable[[float], ThirdStates], region: PreparedRegion, instrument: Instrument) -> None:
    again = third_states(region, instrument, "BDI", 0, PERSONS, SEED, factor=0.0)
    assert again == people(0.0)
    assert third_states(region, instrument, "BDI", 0, PERSONS, SEED + 1, factor=0.0) != again


def test_what_cannot_be_asked(region: PreparedRegion, instrument: Instrument) -> None:
    with pytest.raises(InputError, match="unknown origin 'KEN'"):
        third_states(region, instrument, "KEN", 0, 10, SEED)
    with pytest.raises(ValueError, match="persons: 0"):
        third_states(region, instrument, "BDI", 0, 0, SEED)
    with pytest.raises(ValueError, match="more than everybody moves"):
        third_states(region, instrument, "BDI", 0, 10, SEED, factor=1e6)
