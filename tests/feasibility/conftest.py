"""The real basis, read once, and runs of it that a session computes once.

A whole region takes most of a minute, so most tests run five corridors only, or one of them by ``evaluate_corridor`` on ``prepared``: between two
pension schemes, from a pension scheme to an account scheme, between two account schemes, and from either kind to a state without a collecting
scheme. Everything else is the real basis.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from actuarial.basis.instrument import Instrument, load_instrument
from actuarial.basis.scenario import Scenario, load_scenario
from actuarial.demography.corridors import DemographicProjection, project_region
from actuarial.feasibility.engine import PreparedRegion, RegionRun, evaluate, prepare_region
from actuarial.feasibility.inputs import StudyBasis, load_basis, migration_levers
from actuarial.feasibility.result import StudyResult, read_study, write_study
from actuarial.feasibility.study import run_study, study_of

ROOT = Path(__file__).parents[2]
DATA, SCENARIOS = ROOT / "data", ROOT / "scenarios"
CORRIDORS = ("BDI-TZA", "RWA-UGA", "UGA-KEN", "KEN-SOM", "COD-SSD")
BY_CORRIDOR = (
    "corridors", "labour_outflow", "return_rate", "remigration_rate", "movers_abroad", "movers_home", "refugees", "joined_abroad",
    "joined_returning",
)  # fmt: skip


class Full(Protocol):
    """A whole study of a shipped scenario."""

    def __call__(self, scenario: str) -> StudyResult: ...


@pytest.fixture(scope="session")
def scenario() -> Scenario:
    return load_scenario("base", SCENARIOS)


@pytest.fixture(scope="session")
def instrument() -> Instrument:
    return load_instrument("eac-directive", SCENARIOS)


@pytest.fixture(scope="session")
def basis(scenario: Scenario) -> StudyBasis:
    return load_basis(DATA, scenario)


def people(basis: StudyBasis, scenario: Scenario) -> DemographicProjection:
    """Population and movers of all corridors."""
    return project_region(basis.population, basis.migration, migration_levers(scenario, basis))


def few_corridors(whole: DemographicProjection) -> DemographicProjection:
    """The same with the movers of :data:`CORRIDORS` only; those of other corridors count as residents who never moved."""
    names = [f"{whole.countries[o]}-{whole.countries[h]}" for o, h in whole.corridors]
    at = [names.index(name) for name in CORRIDORS]
    return replace(whole, **{name: getattr(whole, name)[at] for name in BY_CORRIDOR})


@pytest.fixture(scope="session")
def whole_demography(basis: StudyBasis, scenario: Scenario) -> DemographicProjection:
    return people(basis, scenario)


@pytest.fixture(scope="session")
def prepared(basis: StudyBasis, scenario: Scenario, whole_demography: DemographicProjection) -> PreparedRegion:
    """People and the insured at home in the base scenario, with the movers of :data:`CORRIDORS`."""
    return prepare_region(basis, scenario, demography=few_corridors(whole_demography))


def only(prepared: PreparedRegion, *names: str) -> PreparedRegion:
    """The movers of the named corridors alone; the insured at home stay those of all :data:`CORRIDORS`."""
    at, d = [CORRIDORS.index(name) for name in names], prepared.demography
    return replace(prepared, demography=replace(d, **{name: getattr(d, name)[at] for name in BY_CORRIDOR}))


@pytest.fixture(scope="session")
def run(prepared: PreparedRegion, instrument: Instrument) -> RegionRun:
    """The base scenario on :data:`CORRIDORS`."""
    return evaluate(prepared, [instrument])[0]


@pytest.fixture(scope="session")
def study(run: RegionRun) -> StudyResult:
    return study_of(run)


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory, instrument: Instrument) -> Full:
    """Whole studies without the steps that are priced beside them, each computed once a session.

    They are kept on disk, so that parallel workers find what another has finished.

    Two workers may compute the same study at the same time; the first to finish leaves its folder, and both read that.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if own.name.startswith("popen-") else own
    known: dict[str, StudyResult] = {}

    def study_once(name: str) -> StudyResult:
        if name not in known:
            place = shared / f"study-{name}"
            if not place.exists():
                beside = tmp_path_factory.mktemp(name) / "study"
                write_study(run_study(DATA, load_scenario(name, SCENARIOS), instrument, steps=False), beside)
                try:
                    beside.rename(place)
                except OSError:
                    assert place.is_dir()
            known[name] = read_study(place)
        return known[name]

    return study_once
