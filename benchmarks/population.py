"""Population of the region: 8 states x 2 sexes x 101 ages x 75 years, against a projection that keeps its data in labelled frames.

Contenders get the shipped basis. The toolkit starts from death rates and makes its life tables in the time measured; the peer is given survival.

``actuarial bench population``
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import timing
from peers_population import LABELLED, Engine

from actuarial.basis.population import PopulationBasis, load_population
from actuarial.basis.region import load_region
from actuarial.demography.population import project_population, project_year_by_year

ROOT = Path(__file__).resolve().parent.parent
TITLE = "population, 8 states x 2 sexes x 101 ages x 75 years"


def shipped() -> PopulationBasis:
    """The population basis of the region's members."""
    return load_population(ROOT / "data", load_region(ROOT / "data").members)


def compare(rounds: int = 3) -> timing.Comparison:
    """Compiled projection, the same year by year in NumPy, and the labelled frames; answers are stocks at every 1 January."""
    basis = shipped()
    engine = Engine(basis)
    return timing.compare(
        TITLE,
        {
            "toolkit, project_population": lambda: project_population(basis).population,
            "toolkit, NumPy year by year": lambda: project_year_by_year(basis).population,
            LABELLED: engine.stocks,
        },
        rounds,
        tolerance=1e-9,
        wanted={LABELLED: 1000.0},
    )


if __name__ == "__main__":
    timing.say(timing.table(compare()))
