"""Everything a study reads, validated once, and a scenario turned into levers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from actuarial.basis.branch_costs import BranchCostBasis, load_branch_costs
from actuarial.basis.careers import CareerBasis, load_careers
from actuarial.basis.contingencies import ContingencyBasis, load_contingencies
from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, YEAR_COUNT, Array, year_index
from actuarial.basis.economy import EconomyBasis, load_economy, with_scenario
from actuarial.basis.errors import Gathered
from actuarial.basis.families import FamilyBasis, load_families
from actuarial.basis.labour import LabourBasis, load_labour
from actuarial.basis.migration import MigrationBasis, MigrationLevers, load_migration
from actuarial.basis.plausible_together import disagreements
from actuarial.basis.population import PopulationBasis, load_population
from actuarial.basis.region import Region, load_region
from actuarial.basis.scenario import Scenario, factors, progress
from actuarial.basis.scheme import Scheme, load_schemes


@dataclass(frozen=True)
class StudyBasis:
    """The basis of a study; every part is on the same country axis."""

    region: Region
    population: PopulationBasis
    migration: MigrationBasis
    economy: EconomyBasis
    labour: LabourBasis
    careers: CareerBasis
    contingencies: ContingencyBasis
    families: FamilyBasis
    branch_costs: BranchCostBasis
    schemes: tuple[Scheme, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        """Member states in the order of every array."""
        return self.region.members


def load_basis(data_dir: Path, scenario: Scenario) -> StudyBasis:
    """Read the basis of the region below ``data_dir``; apply the scenario's economy and schemes.

    Raises one :class:`~actuarial.basis.errors.InputError` with everything wrong in all files, and with what files cannot say together.
    """
    region, gathered = load_region(data_dir), Gathered()
    schemes = tuple(scenario.schemes.get(country, own) for country, own in zip(region.members, region.scheme_ids, strict=True))
    population = gathered.read(load_population, data_dir, region.members)
    migration = gathered.read(load_migration, data_dir, region.members)
    economy = gathered.read(load_economy, data_dir, region.members)
    labour = gathered.read(load_labour, data_dir, region.members)
    careers = gathered.read(load_careers, data_dir)
    contingencies = gathered.read(load_contingencies, data_dir)
    families = gathered.read(load_families, data_dir)
    branch_costs = gathered.read(load_branch_costs, data_dir)
    laws = gathered.read(load_schemes, data_dir, schemes)
    if gathered.clean:
        gathered.add(disagreements(data_dir, population, economy, labour, migration, laws))
    gathered.check()
    return StudyBasis(
        region, population, migration, with_scenario(economy, scenario), labour, careers, contingencies, families, branch_costs, laws
    )


def migration_levers(scenario: Scenario, basis: StudyBasis) -> MigrationLevers:
    """Levers by corridor and year: general x corridor x shock; by sex and year; and refugees who become movers."""
    corridors = basis.migration.corridors
    m = scenario.migration
    outflow = np.full((len(corridors), HORIZON), m.outflow_multiplier)
    returns = np.full((len(corridors), HORIZON), m.return_multiplier)
    shock = np.zeros((len(corridors), HORIZON))
    for k, (origin, host) in enumerate(corridors):
        own = m.corridors.get(f"{origin}-{host}")
        if own is not None:
            outflow[k] *= own.outflow_multiplier
            returns[k] *= own.return_multiplier
    if m.shock is not None:
        year = m.shock.year - FIRST_YEAR
        shock[:, year] = m.shock.return_share
        outflow[:, year] *= m.shock.outflow_multiplier
    towards = 0.0 if m.outflow_by_sex is None else m.outflow_by_sex.women_towards_men
    joined = 0.0 if m.refugees_join is None else m.refugees_join.share
    return MigrationLevers(
        outflow, returns, shock, m.stock_multiplier,
        sex_multiplier=factors(m.outflow_by_sex),
        women_towards_men=towards * progress(m.outflow_by_sex),
        refugees_joined=joined * progress(m.refugees_join),
    )  # fmt: skip


def migrant_coverage(basis: StudyBasis, scenario: Scenario, sex: int, host: int | None = None) -> Array:
    """Cover of movers of one sex relative to residents of the host by year of the whole axis; the levers act from the first projection year on.

    ``host`` is the position of the country they live in; without it factors of single hosts are left out.
    """
    m = scenario.migration
    factor = np.full(YEAR_COUNT, basis.careers.migrant_coverage)
    factor[year_index(FIRST_YEAR) :] *= m.migrant_coverage_factor * factors(m.migrant_coverage_path)[sex]
    if host is not None and basis.careers.migrant_cover_factor is not None:
        factor[year_index(FIRST_YEAR) :] *= basis.careers.migrant_cover_factor[host]
    return factor


def collection_factors(scenario: Scenario, country: str) -> tuple[float, float]:
    """Factors of the scenario on density and on compliance in one country."""
    levers = scenario.collection
    return levers.density_factor.get(country, 1.0), levers.compliance_factor.get(country, 1.0)
