"""The compiled years of the cohort-component projection; the rules are those of :func:`actuarial.demography.population.advance`.

All years of one state are worked off before the next, so that the rates of a state stay in the cache whatever the order of the axes.
"""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def project(  # type: ignore[no-untyped-def]
        population, births, deaths, infant_deaths, survival, birth_survival, fertility, sex_ratio, net_migration):  # fmt: skip
    """Fill ``population`` [C, 2, A, Y + 1] from its first date on, and the flows [.., Y], from the rates of the years [.., Y].

    Sex 0 is male, 1 female. Returns False, with the rest undefined, as soon as more people leave an age than live in it.
    """
    states, _, ages, years = survival.shape
    last = ages - 1
    for c in range(states):
        for t in range(years):
            for sex in range(2):
                carried = 0.0
                for x in range(ages):
                    half = 0.5 * net_migration[c, sex, x, t]
                    exposed = population[c, sex, x, t] + half
                    survivors = exposed * survival[c, sex, x, t]
                    deaths[c, sex, x, t] = exposed - survivors
                    later = half + carried
                    carried = survivors
                    if x == last:
                        later += survivors
                    population[c, sex, x, t + 1] = later
                    if later < 0.0 and x > 0:
                        return False
            born = 0.0
            for x in range(ages):
                rate = fertility[c, x, t]
                if rate != 0.0:
                    born += rate * 0.5 * (population[c, 1, x, t] + population[c, 1, x, t + 1])
            share_female = 1.0 / (1.0 + sex_ratio[c, t])
            for sex in range(2):
                of_sex = born * (share_female if sex == 1 else 1.0 - share_female)
                alive = of_sex * birth_survival[c, sex, t]
                births[c, sex, t] = of_sex
                infant_deaths[c, sex, t] = of_sex * (1.0 - birth_survival[c, sex, t])
                newborn = population[c, sex, 0, t + 1] + alive
                population[c, sex, 0, t + 1] = newborn
                if newborn < 0.0:
                    return False
    return np.bool_(True)
