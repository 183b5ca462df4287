"""What figures of a population cannot be, though each is a number.

1. Functions get the arrays of :mod:`actuarial.basis.population` for all countries and yield (place, text) for each cell that is refused.
2. Bounds are wide: they hold for every figure of World Population Prospects 2024 of the region, wars and famines included, and refuse slips.

| rule | bounds | why |
|---|---|---|
| death rate | above 0, below 2 a year (2000 per thousand) | q = m / (1 + m/2) would reach 1, and survivors rise after it |
| death rate from age 30 | 0.75 to 3 times that of the age before | mortality grows with age; a row in another unit jumps |
| death rate below 30 | 1/30 to 30 times that of the age before | the same; infants die more often than children |
| death rate at 80 | above that at 40 | mortality grows with age over a working life, wars included |
| death rate | at least 0.001 per thousand | the lowest ever measured, of ten-year-olds, is a hundred times higher |
| expectation of life at birth | 8 to 95 years | the worst year of the region is 11 years (Rwanda 1994), no population has reached 90 |
| a cohort | at most twice the persons it was the year before, plus a thousand | people only join by moving; ages in another unit jump |
| fertility | 0 to 0.5 births per woman and year of age | nobody has a child every other year at an age, on average |
| children per woman | 0.5 to 10 | no country has been beyond |
| fertility of a year | highest rate at least twice the lowest | it rises and falls over the ages; a flat line is no schedule |
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
LOWEST_RATE: Final = 0.001
SPAN: Final = (40, 80)
LIFE: Final = (8.0, 95.0)
GROWN: Final = 30
STEPS: Final = {"grown": (0.75, 3.0), "young": (1 / 30, 30.0)}
CHILDREN: Final = (0.5, 10.0)
LARGEST_FERTILITY: Final = 0.5
FERTILITY_SPREAD: Final = 2.0
COHORT: Final = (2.0, 1000.0)
"""Factor and persons by which a cohort may exceed itself a year before."""
SEX_RATIO: Final = (0.9, 1.25)


def death_rates(rates: Array) -> Found:
    """Rates per thousand [C, age, year] of one sex that no life table can have."""
    zero = np.argwhere(rates <= 0)
    for c, age, year in zero:
        yield (c, age, year), "a death rate must be positive; found 0 (nobody would die)"
    for c, age, year in np.argwhere((rates > 0) & (rates < LOWEST_RATE)):
        yield (c, age, year), f"found {rates[c, age, year]:g} per thousand; allowed from {LOWEST_RATE:g}. Is it per thousand?"
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
    if np.isfinite(sound).all() and not jumps.any():
        yield from _life_table(rates)


def _life_table(rates: Array) -> Found:
    """What the rates of a year say together: mortality over a working life, and the expectation of life.

    e0 = sum over ages of l(x) - 1/2 with q = m / (1 + m/2); the open age group counts one year.
    """
    young, old = SPAN
    if rates.shape[1] <= old:
        return
    for c, year in np.argwhere(rates[:, old] <= rates[:, young]):
        text = f"found {rates[c, old, year]:g} per thousand at {old}, {rates[c, young, year]:g} at {young}; mortality must grow between them"
        yield (c, old, year), text
    m = rates / 1000.0
    life = np.cumprod(1.0 - m / (1.0 + m / 2.0), axis=1).sum(axis=1) + 0.5
    low, high = LIFE
    for c, year in np.argwhere((life < low) | (life > high)):
        yield (c, 0, year), f"the rates of this year give an expectation of life of {life[c, year]:.1f} years; allowed {low:g} to {high:g}"


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
    flat = (births.max(axis=1) < FERTILITY_SPREAD * births.min(axis=1)) & ~wrong
    for c, year in np.argwhere(flat):
        lowest, highest = births[c, :, year].min(), births[c, :, year].max()
        text = f"the rates of this year lie between {lowest:g} and {highest:g} at all ages; the highest must be {FERTILITY_SPREAD:g} times the lowest"
        yield (c, 0, year), text


def sex_ratio(ratio: Array) -> Found:
    """Males per female at birth [C, year]."""
    low, high = SEX_RATIO
    for c, year in np.argwhere((ratio < low) | (ratio > high)):
        value = ratio[c, year]
        slip = f"; for {value:g} boys per 100 girls write {value / 100:g}" if low <= value / 100 <= high else ""
        yield (c, year), f"found {value:g} males per female at birth, allowed {low:g} to {high:g}{slip}"


def population(persons: Array) -> Found:
    """Persons [C, sex, age, year]: a year without anybody; a cohort that multiplies."""
    for c, sex, year in np.argwhere(persons.sum(axis=2) <= 0):
        yield (c, sex, 0, year), "there is nobody of this sex at any age"
    factor, more = COHORT
    before, after = persons[:, :, :-2, :-1], persons[:, :, 1:-1, 1:]  # the open age group collects several cohorts
    jumps = after > factor * before + more
    told: set[tuple[int, int, int]] = set()
    for c, sex, year, age in np.argwhere(jumps.swapaxes(2, 3)):
        if (c, sex, age) in told:
            continue  # the same age in a later year
        told.add((c, sex, age))
        text = f"found {after[c, sex, age, year]:,.15g} persons of {age + 1}, of {age} the year before {before[c, sex, age, year]:,.15g}"
        yield (c, sex, age + 1, year + 1), f"{text}; allowed is {factor:g} times as many and {more:g} more"
