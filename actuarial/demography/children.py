"""Children of a person of an age, from the fertility and survival of the population.

1. Births follow the cohort-component step (:mod:`actuarial.demography.population`): a parent aged a at 1 January who lives through the year has
   ``[f(a) + f(a+1)] / 2`` children in it; one who dies in the year (at mid-year) had ``f(a) / 2`` before.
2. A child survives as children of the population do, independently of the parents; sexes are mixed by the ratio at birth.
3. Men: the schedule of women moved by the husband's greater age, and scaled in every year to the same number of births. So children of men with
   several wives are counted with their father, on average.
4. Years are positions on the axis of the arrays given. Children born before it are unknown: asking for them raises.

| symbol | meaning |
|---|---|
| f(a, y) | births in year y per woman (or man) aged a at the time |
| n(x, c) | children aged c at 1 January per living parent aged x, at that date |
| L(b, j) | probability that a child born in year b is alive at 1 January b + j; L(b, 0) = 1 at birth |

n(x, c) at t = ``[f(x-1-c, b) + f(x-c, b)] / 2 * L(b, c + 1)`` with ``b = t - 1 - c``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, FEMALE, MALE, Array


@dataclass(frozen=True)
class Children:
    """Births of parents and survival of children; Y years, children followed to the age J - 1 and half a year of the next.

    births      [sex of the parent, age at 1 January, Y] births in the year to a parent who lives through it
    first_half  [sex of the parent, age at 1 January, Y] births before mid-year, to parents alive or not at the end of the year
    alive       [Y, J + 1] probability that a child born in the year is alive j years after its 1 January; NaN beyond the axis
    """

    births: Array
    first_half: Array
    alive: Array

    @property
    def ages(self) -> int:
        """Ages of children that can be asked for: 0 .. ages - 1."""
        return int(self.alive.shape[1]) - 1


def derive_children(
    fertility: Array, population: Array, survival: Array, birth_survival: Array, sex_ratio: Array, age_gap: int, ages: int = 30
) -> Children:
    """Births and survival of children of one state.

    fertility [age, Y]; population [2, age, Y + 1] at 1 January; survival [2, age, Y]; birth_survival [2, Y] to the end of the year of birth;
    sex_ratio [Y] males per female birth; ``age_gap`` years that fathers are older; ``ages`` = J, the years of life followed.
    """
    rates = np.stack([father_rates(fertility, population, age_gap), fertility])
    older = np.concatenate([rates[:, 1:], rates[:, -1:]], axis=1)
    return Children(0.5 * (rates + older), 0.5 * rates, child_survival(survival, birth_survival, sex_ratio, ages))


def father_rates(fertility: Array, population: Array, age_gap: int) -> Array:
    """Births per man and year by his age [age, Y]: women's rates ``age_gap`` years later, times a factor that keeps the births of each year.

    fertility [age, Y]; population [2, age, Y + 1]. Raises ``ValueError`` when there are births and no men of the ages that would be fathers.
    """
    moved = np.zeros_like(fertility)
    count = fertility.shape[0]
    moved[max(age_gap, 0) : count + min(age_gap, 0)] = fertility[max(-age_gap, 0) : count - max(age_gap, 0)]
    exposure = 0.5 * (population[..., :-1] + population[..., 1:])
    births = (fertility * exposure[FEMALE]).sum(axis=0)
    raw = (moved * exposure[MALE]).sum(axis=0)
    if (raw[births > 0.0] <= 0.0).any():
        raise ValueError("births without men of the ages of fathers")
    rates: Array = moved * np.divide(births, raw, out=np.zeros_like(births), where=raw > 0.0)
    return rates


def child_survival(survival: Array, birth_survival: Array, sex_ratio: Array, ages: int) -> Array:
    """L(b, j) of both sexes together [Y, ages + 1]; NaN where the year b + j - 1 lies beyond the axis.

    survival [2, age, Y]; birth_survival [2, Y]; sex_ratio [Y] males per female birth.
    """
    years = survival.shape[-1]
    share = np.stack([sex_ratio, np.ones_like(sex_ratio)]) / (1.0 + sex_ratio)
    alive = np.full((2, years, ages + 1), np.nan)
    alive[:, :, 0] = share
    alive[:, :, 1] = share * birth_survival
    for j in range(2, ages + 1):
        born = years - j + 1
        if born <= 0:
            break
        alive[:, :born, j] = alive[:, :born, j - 1] * survival[:, j - 2, j - 1 :]
    both: Array = alive.sum(axis=0)
    return both


def children_by_age(children: Children, sex: int, year: int, limit: int) -> Array:
    """n(x, c): children aged c at 1 January of ``year`` (a position) per living parent of ``sex`` aged x [101, limit].

    Raises ``ValueError`` when children below ``limit`` can be older than the tables or their survival is not followed so far.
    """
    if limit > children.ages or year < limit or year > children.births.shape[-1]:
        raise ValueError(f"children below {limit} at year position {year}: tables follow {children.ages} ages and start at position 0")
    result = np.zeros((AGE_COUNT, limit))
    for c in range(limit):
        born = year - 1 - c
        result[c + 1 :, c] = children.births[sex, : AGE_COUNT - 1 - c, born] * children.alive[born, c + 1]
    return result


def mean_children(children: Children, sex: int, year: int, limit: int) -> Array:
    """Living children below the age ``limit`` per living parent, by the parent's age at 1 January of ``year`` [101]; errors as above."""
    result: Array = children_by_age(children, sex, year, limit).sum(axis=1)
    return result
