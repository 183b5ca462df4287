"""The projection of every state against the published medium variant, and births and survivors against its youngest group.

The published births and deaths themselves are no data of the project; children under five stand for both.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.basis.population import load_population, load_reference_population
from actuarial.basis.region import load_region
from actuarial.demography.comparison import (
    GROUP_MEDIAN_TOLERANCE,
    GROUP_TOLERANCE,
    OVER_60_TOLERANCE,
    OVER_80_TOLERANCE,
    TOTAL_TOLERANCE,
    TOTAL_TOLERANCE_TO_2050,
    Comparison,
    compare,
)
from actuarial.demography.population import project_population
from actuarial.validation.case import Check, timed

SOURCE: Final = "United Nations, World Population Prospects 2024, medium variant, 1 July 2030, 2035, ..., 2100"
REASON: Final = "agreed with the project; groups of 5 years of age and single years of birth differ, nothing is scaled to fit"


def compared(data: Path) -> Comparison:
    """Projection of all members against the publication."""
    countries = load_region(data).members
    return compare(project_population(load_population(data, countries)), load_reference_population(data, countries))


def population_checks(data: Path) -> list[tuple[str, Callable[[], list[Check]]]]:
    """One job: all states together, since they are projected together."""
    return [("population against World Population Prospects", lambda: timed(lambda: checks_of(compared(data))))]


def checks_of(comparison: Comparison) -> list[Check]:
    """The largest gap of each measure of every state."""
    early = [i for i, year in enumerate(comparison.years) if year <= 2050]
    found: list[Check] = []
    for c, country in enumerate(comparison.countries):
        groups = comparison.groups[c]
        measures: list[tuple[str, str, Array, float]] = [
            ("total to 2050", "total population to 2050", comparison.total[c, early], TOTAL_TOLERANCE_TO_2050),
            ("total to 2100", "total population to 2100", comparison.total[c], TOTAL_TOLERANCE),
            ("60 and over", "people aged 60 and over", comparison.over_60[c], OVER_60_TOLERANCE),
            ("80 and over", "people aged 80 and over", comparison.over_80[c], OVER_80_TOLERANCE),
            ("under 5", "children under 5 by sex: births and deaths of infants", groups[:, 0], GROUP_TOLERANCE),
            ("largest group", "groups of 5 years by sex, below 80", groups, GROUP_TOLERANCE),
            ("median group", "their median gap", np.atleast_1d(np.median(np.abs(groups))), GROUP_MEDIAN_TOLERANCE),
        ]
        for name, what, gaps, tolerance in measures:
            gap = float(gaps.ravel()[np.abs(gaps).argmax()])
            found.append(_check(f"WPP-{country}/{name}", f"{what}, {country}: largest relative gap", gap, tolerance))
    return found


def _check(check_id: str, what: str, gap: float, tolerance: float) -> Check:
    return Check(check_id, "population", what, "published", "verified", SOURCE, 0.0, gap, gap, "relative", tolerance, REASON)
