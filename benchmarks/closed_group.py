"""Closed-group pension of 10,000 cells over 75 years, against cashflower, modelx and heavylight on the same cells.

The task: cells of age 20-59, sex, salary, service and count; mortality, withdrawal below 55, salaries up 4 % a year, from 60 a pension of 2 % of the
final salary per year of service up to 80 %, indexed by 2 %, contributions of 20 %, discount at 5 %. The answer is contributions and benefits of every
year; the formulas stand in ``actuarial/finance/closed_group.py``. Cells and rates are drawn, they are of no country.

The toolkit adds up cells of equal sex and age first, which is exact. Anyone may do that before another engine too: so the ratio says what it is worth
to have it inside, and the contender ``cell by cell`` what the toolkit's own NumPy takes without it.

``actuarial bench closed_group``
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import numpy as np
import timing

from actuarial.finance.closed_group import Cells, ClosedGroup, PensionRules, project_cell_by_cell, project_closed_group

TITLE = "closed-group pension, 10,000 cells x 75 years"
YEARS = 75
RULES = PensionRules(pension_age=60, accrual=0.02, cap=0.8, contribution=0.2, salary_growth=0.04, indexation=0.02, discount=0.05)
MORTALITY = np.minimum(np.array([[4e-4], [3e-4]]) * 1.09 ** np.arange(140), 1.0)
WITHDRAWAL = np.where(np.arange(140) < 55, 0.03, 0.0) * np.ones((2, 1))


def draw(number: int, seed: int = 5) -> Cells:
    """Cells of whole ages and any salary and service."""
    rng = np.random.default_rng(seed)
    age = rng.integers(20, 60, number)
    return Cells(rng.integers(0, 2, number), age, rng.lognormal(9.0, 0.6, number), rng.uniform(0, age - 15.0), rng.uniform(1, 50, number))


def flows(result: ClosedGroup) -> tuple[timing.Array, timing.Array]:
    """What is compared."""
    return result.contributions, result.benefits


def peers(cells: Cells) -> tuple[dict[str, Callable[[], object]], dict[str, float], list[str]]:
    """Contenders that are installed, the ratios wanted of them, and those absent."""
    found: dict[str, Callable[[], object]] = {}
    wanted: dict[str, float] = {}
    absent = []
    for package, ratio in (("heavylight", 10.0), ("modelx", 10.0), ("cashflower", 1000.0)):
        if not timing.installed(package):
            absent.append(package)
            continue
        if package == "cashflower":
            from peers_cashflower import make
        elif package == "modelx":
            from peers_modelx import make
        else:
            from peers_heavylight import make
        name = timing.version(package)
        found[name], wanted[name] = make(cells, MORTALITY, WITHDRAWAL, RULES, YEARS), ratio
    return found, wanted, absent


def compare(rounds: int = 3, number: int = 10_000) -> timing.Comparison:
    """Cohorts, cell by cell, and the peers."""
    cells = draw(number)
    arguments = (cells, MORTALITY, WITHDRAWAL, RULES, YEARS)
    found, wanted, absent = peers(cells)
    contenders = {
        "toolkit, project_closed_group": lambda: flows(project_closed_group(*arguments)),
        "toolkit, NumPy cell by cell": lambda: flows(project_cell_by_cell(*arguments)),
        **found,
    }
    return timing.compare(TITLE, contenders, rounds, tolerance=1e-9, wanted=wanted, absent=absent)


if __name__ == "__main__":
    timing.say(timing.table(compare()))
