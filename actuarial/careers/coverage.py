"""From the labour force to contributors: the share of residents covered, by age and sex.

1. Pattern of age x and sex g: participation x employment ratio x relative cover of the sex x relative cover of the age. Its level is one number
   per country and year, so that pattern x population gives the scheme's published contributors.
2. Covered means insured at 1 January. Only ages from 15 up to the year before pension age are covered.
3. Between published counts the level moves in a straight line; before the first and after the last it stays. In the projection it stays at
   the level of the valuation date: more formal work is a scenario, not the base.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import (
    HISTORY_FIRST_YEAR,
    VALUATION_YEAR,
    WORK_AGE_COUNT,
    WORK_AGE_FIRST,
    YEAR_COUNT,
    Array,
    year_index,
)
from actuarial.basis.scheme import Scheme

WORK_AGES = slice(WORK_AGE_FIRST, WORK_AGE_FIRST + WORK_AGE_COUNT)


@dataclass(frozen=True)
class Coverage:
    """Covered share [sex, row, year + 1] at 1 January, and the level behind it [year + 1]."""

    share: Array
    level: Array


def published_contributors(scheme: Scheme) -> list[tuple[int, float]]:
    """Counts of active contributors by year end, oldest first, ending with the calibration target of the base year.

    Counts of persons with a readable year that were read in a source are taken; of one year the verified count wins over a partial one, then
    the later in the file.
    """
    counts: dict[int, float] = {}
    figures = scheme.statistics.get("active_contributors", ())
    for figure in sorted(figures, key=lambda f: f.confidence == "verified"):
        match = re.search(r"(19|20)\d\d", figure.year)
        scale = {"persons": 1.0, "million": 1e6}.get(figure.unit.split()[0] if figure.unit else "")
        if match and scale and isinstance(figure.value, int | float) and figure.confidence in ("verified", "partial"):
            counts[int(match.group())] = float(figure.value) * scale
    counts = {year: count for year, count in counts.items() if HISTORY_FIRST_YEAR <= year < VALUATION_YEAR}
    counts[VALUATION_YEAR] = scheme.calibration["active_contributors"].value
    return sorted(counts.items())


def coverage(scheme: Scheme, pattern: Array, population: Array, pension_age: tuple[int, int]) -> Coverage:
    """Covered share of residents.

    ``pattern`` [sex, age] is the relative cover of residents, ``population`` [sex, age, year + 1] residents at 1 January.

    Raises ``ValueError`` when the published count would need more than everybody of some age and sex to be covered.
    """
    years = YEAR_COUNT + 1
    if not scheme.collecting:
        return Coverage(np.zeros((2, WORK_AGE_COUNT, years)), np.zeros(years))
    active = pattern[:, WORK_AGES].copy()
    for sex in (0, 1):
        active[sex, pension_age[sex] - WORK_AGE_FIRST :] = 0.0
    potential = np.einsum("gx,gxt->t", active, population[:, WORK_AGES])
    counts = published_contributors(scheme)
    # A count of year t is taken as the stock of its 31 December, which is 1 January of the next year.
    at = [year_index(year + 1) for year, _ in counts]
    level = np.interp(np.arange(years), at, [count / potential[i] for (_, count), i in zip(counts, at, strict=True)])
    share = active[:, :, None] * level
    if share.max() > 1.0:
        raise ValueError(f"{scheme.id}: the published contributors would need a covered share of {share.max():.2f} at some age")
    return Coverage(share, level)
