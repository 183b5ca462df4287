"""How long pensions last and whom they pass to: payment factors of one scheme for the people of one corridor (or of its stayers) and one sex.

1. Kinds of award: old age, invalidity by age band, and deaths before pension age by age band. A band is represented by one age, :data:`BAND_AGE`.
2. Whoever dies with a pension, or before it with a right to one, leaves survivors' pensions (:mod:`actuarial.finance.survivors`). Survivors live
   where the deceased lived; of those who die in the host country a share has left the family in the origin. They stay where they are.
3. Invalids die as residents of their age do, and their pension is for life: from pension age on it goes on unchanged. Who is invalid gets no old-age
   pension, in either case: somebody invalid without a right to an invalidity pension, but with enough periods for old age, is left without one.
4. Survivors of pensions awarded before the valuation date are valued for the stock as a whole, not by corridor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, SEXES, Array, year_index
from actuarial.basis.families import FamilyBasis
from actuarial.basis.population import PopulationBasis
from actuarial.careers.country import CountryCareers
from actuarial.demography.children import Children, derive_children
from actuarial.demography.population import survival_ratios
from actuarial.finance.pensions import PlaceFactors, place_factors
from actuarial.finance.survivors import SurvivorStreams, reversion, survivor_streams
from actuarial.provisions.event_awards import has_pensions

START = year_index(FIRST_YEAR)
BAND_AGE = (25, 39, 50, 57)
"""Age at 1 January that stands for each age band of :data:`actuarial.careers.events.BAND_AGES`."""
BANDS = len(BAND_AGE)
Streams = Mapping[tuple[int, int, int], SurvivorStreams]
"""By (paying country, country where the survivors live, sex of the deceased)."""


@dataclass(frozen=True)
class Reverted:
    """Survivors' pensions [place of the award, place of the survivors, award year, payment year] per unit of pension, and survivors per person."""

    paid: Array
    people: Array


@dataclass(frozen=True)
class PensionFactors:
    """Factors of one scheme; years of the projection but for ``old_age``, which covers the whole axis.

    old_age, old_age_survivors        see :class:`PlaceFactors`, :class:`Reverted`
    invalidity, invalidity_survivors  the same by age band
    death                             survivors of somebody who dies before pension age, by age band: [place of death, place of survivors, year, year]
    death_grant                       months of pension paid on the death of a pensioner [year]
    """

    old_age: PlaceFactors
    old_age_survivors: Reverted
    invalidity: tuple[PlaceFactors, ...]
    invalidity_survivors: tuple[Reverted, ...]
    death: tuple[Reverted, ...]
    death_grant: Array


def all_children(population: PopulationBasis, persons: Array, families: FamilyBasis) -> tuple[Children, ...]:
    """Children of a person of every age, by state; ``persons`` [state, sex, age, date] is the projected population."""
    ratios = survival_ratios(population)
    return tuple(
        derive_children(population.fertility[c], persons[c], ratios.persons[c], ratios.births[c], population.sex_ratio_at_birth[c], families.age_gap)
        for c in range(persons.shape[0])
    )


def all_streams(
    countries: Sequence[CountryCareers], survival: Array, children: Sequence[Children], families: FamilyBasis, increases: Sequence[Array]
) -> dict[tuple[int, int, int], SurvivorStreams]:
    """Survivors' streams of every scheme that pays survivors' pensions, by residence and sex.

    ``survival`` [state, sex, age, year] over the whole axis; ``increases`` of pensions in payment by scheme [year].
    """
    result = {}
    for payer, country in enumerate(countries):
        laws = country.laws[START:]
        if not has_pensions(laws[0], "death"):
            continue
        shares = [law.survivors.shares for law in laws if law.survivors is not None and law.survivors.shares is not None]
        for place in range(len(countries)):
            for sex, _ in enumerate(SEXES):
                result[payer, place, sex] = survivor_streams(shares, survival[place], children[place], families, increases[payer], sex)
    return result


def pension_factors(
    country: CountryCareers, sex: int, survival: Array, moving: Array, increase: Array, streams: Sequence[SurvivorStreams] | None, left_behind: float
) -> PensionFactors:
    """Factors of a pension scheme.

    Pensions paid in t = sum over award years a of pension awarded in a x paid(a, t), old age, invalidity and survivors apart; paid(a, t) = alive in
    the year (half of the year of award and of death) x increases from a to t. Pensions in payment at the valuation date run off likewise.

    survival, moving   [place, age, year] over the whole axis, see :func:`place_factors`
    increase           [year] of pensions in payment over the whole axis
    streams            survivors' streams by place; ``None`` where the scheme pays no survivors' pensions
    left_behind        share of those who die in the second place whose family lives in the first
    """
    old_age = place_factors(survival, moving, increase, country.law.pension_age[sex] - 1)
    ahead = [place_factors(survival[..., START:], moving[..., START:], increase[START:], age) for age in BAND_AGE]
    years = np.array([0.0 if law.survivors is None else law.survivors.death_grant_months for law in country.laws[START:]])
    return PensionFactors(
        old_age=old_age,
        old_age_survivors=_reverted(_ahead(old_age), country.law.pension_age[sex] - 1, streams, left_behind),
        invalidity=tuple(ahead),
        invalidity_survivors=tuple(_reverted(f, age, streams, left_behind) for f, age in zip(ahead, BAND_AGE, strict=True)),
        death=tuple(_after_death(survival.shape[0], age, streams, left_behind) for age in BAND_AGE),
        death_grant=years,
    )


def _ahead(factors: PlaceFactors) -> PlaceFactors:
    """The part of the projection years."""

    def cut(array: Array) -> Array:
        return array[..., START:, START:]

    return PlaceFactors(cut(factors.paid), cut(factors.in_payment), cut(factors.deaths), cut(factors.level))


def _reverted(factors: PlaceFactors, age: int, streams: Sequence[SurvivorStreams] | None, left_behind: float) -> Reverted:
    """Survivors of those who die with a pension awarded at ``age``."""
    places = factors.deaths.shape[0]
    result = Reverted(np.zeros((places, places, HORIZON, HORIZON)), np.zeros((places, places, HORIZON, HORIZON)))
    if streams is None:
        return result
    for a in range(places):
        for r, deaths in enumerate(_by_family(factors.deaths[a], left_behind)):
            found = reversion(deaths, age, streams[r], deaths * factors.level)
            result.paid[a, r], result.people[a, r] = found.paid, found.spouses + found.orphans
    return result


def _after_death(places: int, age: int, streams: Sequence[SurvivorStreams] | None, left_behind: float) -> Reverted:
    result = Reverted(np.zeros((places, places, HORIZON, HORIZON)), np.zeros((places, places, HORIZON, HORIZON)))
    if streams is None:
        return result
    # A death in year d of somebody aged ``age`` then: one award a year that ends at once.
    found = [reversion(np.eye(HORIZON), age, s) for s in streams]
    for b in range(places):
        here = np.zeros((places, 1, 1))
        here[b] = 1.0
        for r, share in enumerate(_by_family(here, left_behind)):
            result.paid[b, r], result.people[b, r] = float(share[0, 0]) * found[r].paid, float(share[0, 0]) * (found[r].spouses + found[r].orphans)
    return result


def _by_family(deaths: Array, left_behind: float) -> list[Array]:
    """Deaths [place, ...] by the place where the family lives."""
    if len(deaths) == 1:
        return [deaths[0]]
    return [deaths[0] + left_behind * deaths[1], (1.0 - left_behind) * deaths[1]]
