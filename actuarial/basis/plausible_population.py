"""What figures of a population cannot be, though each is a number.

1. Functions get the arrays of :mod:`actuarial.basis.population` for all countries and yield (place, text) for each cell that is refused.
2. Bounds are wide: they hold for every figure of World Population Prospects 2024 of the region, wars and famines included, and refuse slips.

| rule | bounds | why |
|---|---|---|
| death rate | above 0, below 2 a year (2000 per thousand) | q = m / (1 + m/2) would reach 1, and survivors rise after it |
| death rate from age 30 | 0.75 to 3 times that of the age before | mortality grows with age; a row in another unit jumps |
| death rate below 30 | 1/30 to 30 times that of the age before | the same; infants die more often than children |
| fertility | 0 to 0.5 births per woman and year of age | nobody has a child every other year at an age, on average |
| children per woman | 0.5 to 10 | no country has been beyond |
| sex ratio at birth | 0.9 to 1.25 males per female | biology; 105 is a slip for 1.05 |
| net migration | half of the residents of a sex in a year (in :mod:`actuarial.basis.population`) | no exodus went further; thousands for persons do |
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from actuarial.basis.dimensions import Array

Found = Iterator[tuple[tuple[int, ...], str]]

LARGEST_RATE: Final = 2000.0
"""Deaths per thousand person-years; at 2000 the probability of dying within the year is 1."""
GROWN: Final = 30
STEPS: Final = {"grown": (0.75, 3.0), "young": (1 / 30, 30.0)}
CHILDREN: Final = (0.5, 10.0)
LARGEST_FERTILITY: Final = 0.5
SEX_RATIO: Final = (0.9, 1.25)


def death_rates(rates: Array) -> Found:
    """Rates per thousand [C, age, year] of one sex that no life table can have."""
    zero = np.argwhere(rates <= 0)
    for c, age, year in zero:
        yield (c, age, year), "a death rate must be positive; found 0 (nobody would die)"
    for c, age, year in np.argwhere(rates >= LARGEST_RATE):
        value = rates[c, age, year]
        yield (c, age, year), f"found {value:g} per thousand; allowed below {LARGEST_RATE:g}, where everybody dies within the year"
    with np.errstate(divide="ignore", invalid="ignore"):
        sound = np.where((rates > 0) & (rates < LARGEST_RATE), rates, np.nan)
        step = sound[:, 1:] / sound[:, :-1]
    ages = np.arange(1, rates.shape[1])
    for part, chosen in (("young", ages < GROWN), ("grown", ages >= GROWN)):
        low, high = STEPS[part]
        jumps = ((step < low) | (step > high)) & chosen[:, np.newaxis] & np.isfinite(step)
        told: set[tuple[int, int]] = set()
        for c, i, year in np.argwhere(jumps):
            if (c, year) in told:
                continue  # the way back from the jump, and what follows from it
            told.add((c, year))
            before, value = rates[c, i, year], rates[c, i + 1, year]
            text = f"found {value:g} per thousand after {before:g} at the age before; allowed {low * before:.3g} to {high * before:.3g}"
            yield (c, i + 1, year), f"{text}. Are both per thousand?"


def fertility(births: Array) -> Found:
    """Births per woman [C, age of mother, year]: rates above the highest, and children per woman beyond what was ever seen."""
    for c, age, year in np.argwhere(births > LARGEST_FERTILITY):
        value = births[c, age, year]
        slip = f"; for {value:g} per thousand write {value / 1000:g}" if value >= 1.0 else ""
        yield (c, age, year), f"found {value:g} births per woman and year, allowed 0 to {LARGEST_FERTILITY:g}{slip}"
    total = births.sum(axis=1)
    wrong = ((total < CHILDREN[0]) | (total > CHILDREN[1])) & (births <= LARGEST_FERTILITY).all(axis=1)
    for c, year in np.argwhere(wrong):
        text = f"the rates of this year add up to {total[c, year]:.3g} children per woman; allowed {CHILDREN[0]:g} to {CHILDREN[1]:g}"
        yield (c, 0, year), text


def sex_ratio(ratio: Array) -> Found:
    """Males per female at birth [C, year]."""
    low, high = SEX_RATIO
    for c, year in np.argwhere((ratio < low) | (ratio > high)):
        value = ratio[c, year]
        slip = f"; for {value:g} boys per 100 girls write {value / 100:g}" if low <= value / 100 <= high else ""
        yield (c, year), f"found {value:g} males per female at birth, allowed {low:g} to {high:g}{slip}"


def population(persons: Array) -> Found:
    """Persons [C, sex, age, year]: a year without anybody."""
    for c, sex, year in np.argwhere(persons.sum(axis=2) <= 0):
        yield (c, sex, 0, year), "there is nobody of this sex at any age"
