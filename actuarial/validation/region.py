"""The projection itself, prepared once for the checks that need it.

1. *Few* corridors: of each pair of kinds of collecting schemes the one with most movers abroad at the valuation date. All other people are there,
   as residents who never moved. *All* corridors: the study as it is published.
2. Everything is of the base scenario and one instrument; each part is computed when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from actuarial.basis.dimensions import FIRST_YEAR, year_index
from actuarial.basis.instrument import Instrument, load_instrument
from actuarial.basis.scenario import Scenario, load_scenario
from actuarial.demography.corridors import DemographicProjection, project_region
from actuarial.feasibility.engine import PreparedRegion, RegionRun, evaluate, prepare_region
from actuarial.feasibility.inputs import StudyBasis, load_basis, migration_levers
from actuarial.feasibility.ladder import Ladder, price_ladder
from actuarial.feasibility.microsimulation_check import Check as Simulated
from actuarial.feasibility.microsimulation_check import check as simulate
from actuarial.feasibility.microsimulation_region import collecting_corridors
from actuarial.feasibility.result import StudyResult
from actuarial.feasibility.study import study_of

SCENARIO: Final = "base"
INSTRUMENT: Final = "eac-directive"
SEED: Final = 2026
FEW_PERSONS: Final = 100_000
MANY_PERSONS: Final = 1_000_000
BY_CORRIDOR: Final = (
    "corridors", "labour_outflow", "return_rate", "remigration_rate", "movers_abroad", "movers_home", "refugees", "joined_abroad",
    "joined_returning",
)  # fmt: skip
"""Arrays of a projection whose first axis is the corridor."""


def with_corridors(demography: DemographicProjection, at: Sequence[int]) -> DemographicProjection:
    """The same people with the movers of some corridors only; those of others count as residents who never moved."""
    chosen = list(at)
    return replace(demography, **{name: getattr(demography, name)[chosen] for name in BY_CORRIDOR})


def largest_corridors(basis: StudyBasis, demography: DemographicProjection) -> list[int]:
    """Of each pair of kinds of collecting schemes the corridor with most movers abroad at the valuation date."""
    stock = demography.movers_abroad[..., year_index(FIRST_YEAR)].sum(axis=(1, 2))
    largest: dict[tuple[str, str], int] = {}
    for k, (o, h) in enumerate(demography.corridors):
        origin, host = basis.schemes[int(o)], basis.schemes[int(h)]
        if not (origin.collecting and host.collecting):
            continue
        kinds = origin.kind, host.kind
        if kinds not in largest or stock[k] > stock[largest[kinds]]:
            largest[kinds] = k
    return sorted(largest.values())


@dataclass(frozen=True)
class Region:
    """Projection of a region, ``full`` for all corridors; ``root`` holds data and scenarios."""

    root: Path
    full: bool = False
    progress: Callable[[str, float], None] | None = None

    @cached_property
    def scenario(self) -> Scenario:
        """The base scenario."""
        return load_scenario(SCENARIO, self.root / "scenarios")

    @cached_property
    def basis(self) -> StudyBasis:
        """Everything read from data."""
        return load_basis(self.root / "data", self.scenario)

    @cached_property
    def instrument(self) -> Instrument:
        """The instrument that is priced."""
        return load_instrument(INSTRUMENT, self.root / "scenarios", self.basis.countries)

    @cached_property
    def demography(self) -> DemographicProjection:
        """People of all corridors."""
        return project_region(self.basis.population, self.basis.migration, migration_levers(self.scenario, self.basis))

    @cached_property
    def prepared(self) -> PreparedRegion:
        """People and the insured at home."""
        chosen = self.demography if self.full else with_corridors(self.demography, largest_corridors(self.basis, self.demography))
        return prepare_region(self.basis, self.scenario, demography=chosen)

    @cached_property
    def ladder(self) -> Ladder:
        """The price of every legal step."""
        return price_ladder(self.prepared, self.instrument)[0]

    @cached_property
    def run(self) -> RegionRun:
        """Both cases under the whole instrument."""
        return self.ladder.run

    @cached_property
    def study(self) -> StudyResult:
        """Tables and identities. Raises ``ArithmeticError`` when an identity fails."""
        return study_of(self.run, self.ladder)

    @cached_property
    def without_movers(self) -> RegionRun:
        """The same region with nobody in any of its corridors: there are none."""
        nobody = prepare_region(self.basis, self.scenario, demography=with_corridors(self.demography, []))
        return evaluate(nobody, [self.instrument])[0]

    @cached_property
    def simulated(self) -> Simulated:
        """Persons lived one by one: in the largest corridor, or in all that collect."""
        chosen = collecting_corridors(self.prepared) if self.full else [self._largest()]
        return simulate(self.prepared, self.instrument, MANY_PERSONS if self.full else FEW_PERSONS, SEED, chosen)

    def extent(self) -> dict[str, int]:
        """Corridors projected and persons simulated; 0 for what nobody asked for."""
        done = vars(self)
        corridors = len(self.prepared.demography.corridors) if "prepared" in done else 0
        return {"corridors": corridors, "persons": self.simulated.persons if "simulated" in done else 0}

    def _largest(self) -> int:
        stock = self.prepared.demography.movers_abroad[..., year_index(FIRST_YEAR)].sum(axis=(1, 2))
        return int(stock.argmax())
