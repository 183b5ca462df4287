"""From the labour force to contributors: the share of residents covered, by age and sex.

1. Pattern of age x and sex g: participation x employment ratio x relative cover of the sex x relative cover of the age. Its level is one number
   per country and year, so that pattern x population gives the scheme's published contributors.
2. Covered means insured at 1 January. Only ages from 15 up to the year before pension age are covered.
3. Between published counts the level moves in a straight line; before the first and after the last it stays. In the projection it stays at
   the level of the valuation date: more formal work is a scenario, not the base.
4. A scheme that begins after the valuation date has no counts: its level is nothing until the first year, rises in a straight line and stays.
5. The shares are of people insured on a day. What part of the year they pay is density, what part of the due is collected is compliance
   (:func:`paid_part`): published counts are of those who paid, and published contributions are amounts received, so both are 1 where
   nothing else is known, and neither is taken off twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import (
    FIRST_YEAR,
    HISTORY_FIRST_YEAR,
    SEXES,
    VALUATION_YEAR,
    WORK_AGE_COUNT,
    WORK_AGE_FIRST,
    YEAR_COUNT,
    Array,
    year_index,
)
from actuarial.basis.errors import InputError
from actuarial.basis.scheme import Scheme, Start

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


def coverage(scheme: Scheme, pattern: Array, population: Array, pension_age: tuple[int, int], factor: Array | None = None) -> Coverage:
    """Covered share of residents.

    Share of sex and age = pattern x level of the year, 0 from pension age on; level = contributors counted / sum of pattern x residents below pension
    age, interpolated between counts and kept after the last. A scheme that begins takes its level from its coverage instead.

    ``pattern`` [sex, age] is the relative cover of residents, ``population`` [sex, age, year + 1] residents at 1 January, ``factor`` [75] a factor on
    what the rules give for the end of each projection year: the counts published up to the valuation date are met all the same.

    Raises ``ValueError`` when the published count would need more than everybody of some age and sex to be covered, and :class:`InputError` when the
    factor does.
    """
    years = YEAR_COUNT + 1
    if not scheme.collecting:
        return Coverage(np.zeros((2, WORK_AGE_COUNT, years)), np.zeros(years))
    active = pattern[:, WORK_AGES].copy()
    for sex in (0, 1):
        active[sex, pension_age[sex] - WORK_AGE_FIRST :] = 0.0
    potential = np.einsum("gx,gxt->t", active, population[:, WORK_AGES])
    if scheme.starts is not None:
        level = _beginning(scheme.starts, potential, population)
        return _with_factor(scheme, _checked(scheme, active[:, :, None] * level, level), factor)
    counts = published_contributors(scheme)
    # A count of year t is taken as the stock of its 31 December, which is 1 January of the next year.
    at = [year_index(year + 1) for year, _ in counts]
    level = np.interp(np.arange(years), at, [count / potential[i] for (_, count), i in zip(counts, at, strict=True)])
    return _with_factor(scheme, _checked(scheme, active[:, :, None] * level, level), factor)


def counted_pattern(scheme: Scheme, counts: Array, residents: Array) -> Array:
    """Cover of residents [sex, age] that gives the contributors counted at each age: counts over ``residents``, both of the valuation date.

    Raises :class:`InputError` where more contributors than residents are counted.
    """
    pattern: Array = np.divide(counts, residents, out=np.zeros_like(residents), where=residents > 0.0)
    if (counts > residents).any():
        sex, age = (int(i) for i in np.argwhere(counts > residents)[0])
        found = f"{counts[sex, age]:,.0f} contributors, but only {residents[sex, age]:,.0f} residents who can be insured"
        raise InputError(f"{scheme.id}, contributors by age and sex: found {found} ({SEXES[sex]}, age {age})")
    return pattern


def _checked(scheme: Scheme, share: Array, level: Array) -> Coverage:
    if share.max() > 1.0:
        what = "published contributors" if scheme.starts is None else "contributors of its full year"
        raise ValueError(f"{scheme.id}: the {what} would need a covered share of {share.max():.2f} at some age")
    return Coverage(share, level)


def _with_factor(scheme: Scheme, base: Coverage, factor: Array | None) -> Coverage:
    """Cover times ``factor`` [75] at the ends of the projection years."""
    if factor is None:
        return base
    whole = np.ones(YEAR_COUNT + 1)
    whole[year_index(FIRST_YEAR) + 1 :] = factor
    share = base.share * whole
    if share.max() > 1.0:
        found = f"a factor of {factor.max():g} leads to a covered share of {share.max():.2f} in {scheme.country}"
        raise InputError(f"cover of residents: {found}, allowed 0 to 1")
    return Coverage(share, base.level * whole)


def _beginning(start: Start, potential: Array, population: Array) -> Array:
    """Level [year + 1] of a scheme that begins: covered_share x residents of 15 to 59 = level x potential at the end of the full year."""
    full = year_index(start.full_year + 1)
    residents = float(population[:, WORK_AGE_FIRST:60, full].sum())
    level: Array = np.interp(
        np.arange(YEAR_COUNT + 1), [year_index(start.first_year), full], [0.0, start.covered_share * residents / potential[full]]
    )
    return level


def paid_part(scheme: Scheme, density_factor: float = 1.0, compliance_factor: float = 1.0) -> tuple[Array, Array]:
    """Density and compliance of every year of the axis; the factors act from the first projection year on.

    Raises :class:`InputError` when a factor brings either above 1, or density to 0.
    """
    years = range(HISTORY_FIRST_YEAR, HISTORY_FIRST_YEAR + YEAR_COUNT)
    parts = []
    for name, at, factor in (("density", scheme.density, density_factor), ("compliance", scheme.compliance, compliance_factor)):
        part = np.array([at(year) for year in years])
        part[year_index(FIRST_YEAR) :] *= factor
        if part.max() > 1.0 or (name == "density" and part.min() <= 0.0):
            found = part.max() if part.max() > 1.0 else part.min()
            allowed = "above 0 and at most 1" if name == "density" else "0 to 1"
            raise InputError(f"scenario, collection: a {name} factor of {factor:g} leads to {found:.2f} in {scheme.country}, allowed {allowed}")
        parts.append(part)
    return parts[0], parts[1]
