"""Population and movers of all states together, from 1990 to the end of the projection.

1. Stocks stand at 1 January, age is age last birthday, the last age is open. A flow of year ``t`` is indexed by the
   age at 1 January ``t`` and counted as survivors at the end of the year: who moves at index ``x`` lives in the new
   country aged ``x + 1`` at 1 January ``t + 1`` (deaths of the year of the move belong to the country left).
2. ``P'(x+1) = S(x) P(x) + intra(x) + rest(x)`` and ``P'(0) = B share S_b + rest of newborn``, in every state and
   every year. ``intra`` are the moves between the partner states and sums to zero over states; ``rest`` is the rest
   of the world.
3. ``rest`` is what the base population (history, then the projection with WPP net migration) leaves unexplained: it
   holds all other countries and what is not modelled bilaterally, and is the same under every scenario. With
   neutral levers the population is therefore the base population itself.
4. First moves are ``propensity(x) P_base(x) S(x)`` times the outflow multiplier: the *base* population, so that
   flows, and with them everything that depends on movers, are exactly linear in the multiplier.
5. Refugees and other displaced stay constant in number and age from the last matrix year (an assumption): births in
   exile and new arrivals replace deaths and returns, and no net move between states follows from them.
6. Under a lever a share of them joins the movers abroad of their corridor, at ages from 15 to 59, where they live: nobody
   changes the country. They are left out of the refugees as long as they live in the host, and return and move again as
   movers do; new refugees take the place of those who return, as in 5, so that populations stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import (
    FEMALE,
    FIRST_YEAR,
    HISTORY_FIRST_YEAR,
    LAST_YEAR,
    MALE,
    SEXES,
    WORK_AGE_FIRST,
    YEAR_COUNT,
    Array,
    IntArray,
    year_index,
)
from actuarial.basis.errors import InputError
from actuarial.basis.migration import MigrationBasis, MigrationLevers
from actuarial.basis.population import PopulationBasis
from actuarial.demography.migrant_stocks import others_by_age, split_stocks
from actuarial.demography.population import project_population, survival_ratios
from actuarial.demography.stock_flows import (
    FlowEstimate,
    added_return,
    advance_movers,
    estimate_flows,
    one_year_older,
    outflow_pattern,
)

LAST_JOINING_AGE = 59
"""Oldest age, at the end of the year, at which refugees become movers."""


@dataclass(frozen=True)
class DemographicProjection:
    """Population and movers; C states, K corridors, 112 dates (1 January 1990..2101), 111 years (1990..2100)."""

    countries: tuple[str, ...]
    corridors: IntArray
    """Positions of origin and host on the country axis [K, 2]."""
    first_year: int
    population: Array
    """Persons [C, 2, 101, 112]."""
    survival: Array
    """P(alive at 1 January t+1 | aged x at 1 January t) [C, 2, 101, 111]."""
    labour_outflow: Array
    """First moves of labour movers and their families, survivors at the end of the year [K, 2, 101, 111]."""
    return_rate: Array
    """P(lives in origin at 1 January t+1 | mover who lives in host aged x at 1 January t and survives) [K, 2, 101,
    111]."""
    remigration_rate: Array
    """P(lives in host at 1 January t+1 | returned mover who lives in origin at 1 January t and survives) [K, 2,
    101, 111]."""
    movers_abroad: Array
    """Labour movers who live in the host [K, 2, 101, 112]."""
    movers_home: Array
    """Returned labour movers who live in the origin [K, 2, 101, 112]."""
    refugees: Array
    """Refugees and other displaced who live in the host [K, 2, 101, 112]."""
    joined_abroad: Array
    """Refugees who become movers abroad, survivors at the end of the year [K, 2, 101, 111]; no change of residence."""
    joined_returning: Array
    """Those who return to the origin, less those who go again, survivors at the end of the year [K, 2, 101, 111]: counted among its residents
    until then as refugees' returns are, without a net move."""
    intra_regional: Array
    """Net migration with the other states, survivors at the end of the year [C, 2, 101, 111]; sums to zero over
    states."""
    rest_of_world: Array
    """Net migration with the rest of the world, survivors at the end of the year [C, 2, 101, 111]."""
    rest_of_world_newborn: Array
    """The same for children born in the year [C, 2, 111]."""
    births: Array
    """[C, 2, 111]."""
    deaths: Array
    """Deaths of residents at 1 January and of the year's births, all ages [C, 2, 111]."""
    estimate: FlowEstimate
    """The flows estimated from history, before any lever."""


def project_region(
    population_basis: PopulationBasis, migration_basis: MigrationBasis, levers: MigrationLevers
) -> DemographicProjection:
    """Population, movers and flows of all states under the levers.

    P(x+1, t+1) = S(x, t) P(x, t) + M(x, t), S = L(x+1) / L(x) of the death rates, M movers of the region and migration with the rest of the world.
    Movers abroad(x+1, t+1) = S (1 - return) abroad + S again x returned + first movers. Births = sum of f(x) x mean women of the year.

    Neutral levers reproduce ``project_population``. Raises ``InputError`` when the bases name different states, the
    levers do not fit the corridors, or more people leave an age than live in it.
    """
    _check(population_basis, migration_basis, levers)
    ratios = survival_ratios(population_basis)
    survival = ratios.persons
    future = project_population(population_basis)
    base_population = np.concatenate([population_basis.population_history, future.population[..., 1:]], axis=-1)
    stocks = split_stocks(migration_basis, base_population)
    estimate = estimate_flows(migration_basis, stocks, base_population, survival)
    refugees = others_by_age(migration_basis, stocks, base_population, LAST_YEAR)

    neutral = MigrationLevers.neutral(len(migration_basis.corridors))
    base = _movers(migration_basis, estimate, neutral, base_population, survival)
    base_intra = _intra_regional(migration_basis, base, refugees, survival)
    rest = _unexplained(base_population, survival) - base_intra
    newborn = base_population[:, :, 0, 1:] - _births(population_basis, base_population) * ratios.births

    movers = _movers(migration_basis, estimate, levers, base_population, survival)
    joined = _joining(migration_basis, refugees, levers.refugees_joined, movers, survival)
    intra = _intra_regional(migration_basis, movers, refugees, survival)
    start = year_index(FIRST_YEAR)
    # A lever on past movers changes who the people of history are, not how many live where.
    rest[..., :start] = _unexplained(base_population, survival)[..., :start] - intra[..., :start]
    population = _population(population_basis, base_population, survival, ratios.births, intra + rest, newborn)
    births = _births(population_basis, population)
    deaths = ((1.0 - survival) * population[..., :-1]).sum(axis=2) + births * (1.0 - ratios.births)
    return DemographicProjection(
        countries=population_basis.countries,
        corridors=migration_basis.corridor_index,
        first_year=HISTORY_FIRST_YEAR,
        population=population,
        survival=survival,
        labour_outflow=movers.outflow,
        return_rate=movers.return_rate,
        remigration_rate=movers.remigration_rate,
        movers_abroad=movers.abroad + joined.abroad,
        movers_home=movers.home + joined.home,
        refugees=np.maximum(refugees - joined.abroad, 0.0),
        joined_abroad=joined.flow,
        joined_returning=joined.returning,
        intra_regional=intra,
        rest_of_world=rest,
        rest_of_world_newborn=newborn,
        births=births,
        deaths=deaths,
        estimate=estimate,
    )


@dataclass(frozen=True)
class _Movers:
    """Stocks [K, 2, 101, 112] and flows [K, 2, 101, 111] of labour movers."""

    abroad: Array
    home: Array
    outflow: Array
    return_rate: Array
    remigration_rate: Array


@dataclass(frozen=True)
class _Joined:
    """Refugees who became movers: flow and net returns [K, 2, 101, 111], stocks in the host and in the origin [K, 2, 101, 112]."""

    flow: Array
    returning: Array
    abroad: Array
    home: Array


def _check(population: PopulationBasis, migration: MigrationBasis, levers: MigrationLevers) -> None:
    if population.countries != migration.countries:
        raise InputError(
            f"population is of {population.countries}, migration of {migration.countries}; needed the same"
        )
    given, needed = levers.outflow_multiplier.shape[0], len(migration.corridors)
    if given != needed:
        raise InputError(f"migration levers are for {given} corridors, needed {needed}")


def _movers(
    basis: MigrationBasis, estimate: FlowEstimate, levers: MigrationLevers, population: Array, survival: Array
) -> _Movers:
    """Run the status chain through history (scaled by the stock multiplier) and the projection."""
    origin, host = basis.corridor_index.T
    start = year_index(FIRST_YEAR)
    stay = basis.return_rate
    shape = stay.shape
    outflow, returns = np.empty((*shape, YEAR_COUNT)), np.empty((*shape, YEAR_COUNT))
    abroad, home = np.empty((*shape, YEAR_COUNT + 1)), np.empty((*shape, YEAR_COUNT + 1))
    outflow[..., :start] = estimate.outflow * levers.stock_multiplier
    returns[..., :start] = estimate.return_rate
    abroad[..., : start + 1] = estimate.movers_abroad * levers.stock_multiplier
    home[..., : start + 1] = estimate.movers_home * levers.stock_multiplier

    # The level of propensity [K, 2, 75] by sex under the levers, over the pattern of age.
    level = np.repeat(estimate.recent_propensity[..., np.newaxis], YEAR_COUNT - start, axis=-1)
    level[:, FEMALE] += np.maximum(level[:, MALE] - level[:, FEMALE], 0.0) * levers.women_towards_men
    outflow[..., start:] = (
        level[:, :, np.newaxis]
        * outflow_pattern(basis)[..., np.newaxis]
        * population[origin, ..., start:YEAR_COUNT]
        * survival[origin, ..., start:]
        * levers.outflow_multiplier[:, np.newaxis, np.newaxis, :]
        * levers.sex_multiplier[:, np.newaxis, :]
    )
    scaled = 1.0 - (1.0 - stay[..., np.newaxis]) ** levers.return_multiplier[:, np.newaxis, np.newaxis, :]
    returns[..., start:] = added_return(scaled, levers.shock_return_share[:, np.newaxis, np.newaxis, :])
    again = basis.remigration_rate
    for t in range(start, YEAR_COUNT):
        abroad[..., t + 1], home[..., t + 1] = advance_movers(
            abroad[..., t],
            home[..., t],
            outflow[..., t],
            returns[..., t],
            again,
            survival[host, ..., t],
            survival[origin, ..., t],
        )
    repeated = np.repeat(again[..., np.newaxis], YEAR_COUNT, axis=-1)
    return _Movers(abroad, home, outflow, returns, repeated)


def _joining(basis: MigrationBasis, refugees: Array, share: Array, movers: _Movers, survival: Array) -> _Joined:
    """Run refugees who become movers through the same chain as labour movers.

    In each year as many join at an age from 15 to 59 as bring those of them who live in the host to ``share`` [75] of the refugees of that age;
    nobody goes back to being a refugee.
    """
    origin, host = basis.corridor_index.T
    start = year_index(FIRST_YEAR)
    joined, returning = np.zeros_like(refugees[..., :-1]), np.zeros_like(refugees[..., :-1])
    abroad, home = np.zeros_like(refugees), np.zeros_like(refugees)
    nobody = np.zeros_like(refugees[..., 0])
    for t in range(start, YEAR_COUNT):
        there, back = survival[host, ..., t], survival[origin, ..., t]
        rates = movers.return_rate[..., t], movers.remigration_rate[..., t]
        abroad[..., t + 1], home[..., t + 1] = advance_movers(abroad[..., t], home[..., t], nobody, *rates, there, back)
        returning[..., t] = there * abroad[..., t] * rates[0] - back * home[..., t] * rates[1]
        ages = slice(WORK_AGE_FIRST, LAST_JOINING_AGE + 1)
        wanted = share[t - start] * refugees[:, :, ages, t + 1]
        come = np.maximum(wanted - abroad[:, :, ages, t + 1], 0.0)
        joined[:, :, WORK_AGE_FIRST - 1 : LAST_JOINING_AGE, t] = come
        abroad[:, :, ages, t + 1] += come
    return _Joined(joined, returning, abroad, home)


def _intra_regional(basis: MigrationBasis, movers: _Movers, refugees: Array, survival: Array) -> Array:
    """Net moves between the states by age at 1 January [C, 2, 101, 111]; what one state gains another loses."""
    origin, host = basis.corridor_index.T
    to_host = (
        movers.outflow
        - survival[host] * movers.abroad[..., :-1] * movers.return_rate
        + survival[origin] * movers.home[..., :-1] * movers.remigration_rate
        + _displaced(refugees)
    )
    net = np.zeros((len(basis.countries), *to_host.shape[1:]))
    np.add.at(net, host, to_host)
    np.add.at(net, origin, -to_host)
    return net


def _displaced(refugees: Array) -> Array:
    """Net moves of refugees from origin to host by age at 1 January [K, 2, 101, 111]: change of number.

    Births in exile, ageing and deaths renew a displaced population without any move; only a change in number is a
    move. A change at age 0 is one of births, not of moves. The open age stands at index 99 as in ``_unexplained``.
    """
    change = np.zeros_like(refugees[..., :-1])
    change[:, :, :-1] = np.diff(refugees[:, :, 1:], axis=-1)
    return change


def _unexplained(population: Array, survival: Array) -> Array:
    """Change of the population beyond survival, ``P'(x+1) - S(x) P(x)`` by ``x`` [C, 2, 101, 111].

    The open age as a whole stands at index 99; index 100 is zero.
    """
    survivors = survival * population[..., :-1]
    change = np.zeros_like(survivors)
    change[:, :, :-1] = population[:, :, 1:, 1:] - survivors[:, :, :-1]
    change[:, :, -2] -= survivors[:, :, -1]
    return change


def _births(basis: PopulationBasis, population: Array) -> Array:
    """Births by sex [C, 2, 111]: rates times the mean of the women at both ends of the year."""
    women = 0.5 * (population[:, FEMALE, :, :-1] + population[:, FEMALE, :, 1:])
    both = (basis.fertility * women).sum(axis=1)
    return _by_sex(both, basis.sex_ratio_at_birth)


def _by_sex(births: Array, sex_ratio: Array) -> Array:
    """Split births [C, ...] into male and female [C, 2, ...]."""
    female = births / (1.0 + sex_ratio)
    parts = [births - female, female] if MALE < FEMALE else [female, births - female]
    return np.stack(parts, axis=1)


def _population(
    basis: PopulationBasis, base: Array, survival: Array, birth_survival: Array, migration: Array, newborn: Array
) -> Array:
    """Population [C, 2, 101, 112]: history as it is, then survivors, migrants and births year by year."""
    population = np.empty_like(base)
    start = year_index(FIRST_YEAR)
    population[..., : start + 1] = base[..., : start + 1]
    for t in range(start, YEAR_COUNT):
        later = one_year_older(survival[..., t] * population[..., t] + migration[..., t])
        women = 0.5 * (population[:, FEMALE, :, t] + later[:, FEMALE])
        births = _by_sex((basis.fertility[..., t] * women).sum(axis=1), basis.sex_ratio_at_birth[:, t])
        later[:, :, 0] = births * birth_survival[..., t] + newborn[..., t]
        if (later < -1e-6).any():
            country, sex, age = (int(i) for i in np.unravel_index(int(np.argmin(later)), later.shape))
            raise InputError(
                f"migration levers: in {HISTORY_FIRST_YEAR + t} more people leave {basis.countries[country]} than live "
                f"there ({SEXES[sex]}, age {age}); lower the outflow or return multiplier"
            )
        population[..., t + 1] = later
    return population
