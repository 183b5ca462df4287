"""The shipped population basis and its projection, read and computed once."""

from pathlib import Path

import pytest

from actuarial.basis.population import PopulationBasis, load_population
from actuarial.basis.region import load_region
from actuarial.demography.population import PopulationProjection, project_population

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def population_basis() -> PopulationBasis:
    return load_population(DATA, load_region(DATA).members)


@pytest.fixture(scope="session")
def population_projection(population_basis: PopulationBasis) -> PopulationProjection:
    return project_population(population_basis)
