"""How long pensions of a corridor last and whom they pass to: against the streams summed death by death, and families that leave nobody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, SEXES, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.demography.children import Children
from actuarial.feasibility.cashflow import case_flows, stayer_flows
from actuarial.feasibility.engine import InsuredEvents, PreparedRegion, evaluate, indexation
from actuarial.feasibility.pension_factors import BAND_AGE, BANDS, PensionFactors, Streams, all_streams, pension_factors
from actuarial.finance.pensions import place_factors
from actuarial.finance.survivors import SurvivorStreams
from tests.feasibility.conftest import CORRIDORS, only

START = year_index(FIRST_YEAR)
AHEAD = slice(START, None)
K = CORRIDORS.index("BDI-TZA")
PAYERS = ("BDI", "TZA")


def at(prepared: PreparedRegion, state: str) -> int:
    return prepared.basis.countries.index(state)


def rates(prepared: PreparedRegion, sex: int) -> tuple[Array, Array]:
    """Survival and moving of the corridor's people [place, age, year]."""
    d, pair = prepared.demography, [at(prepared, state) for state in PAYERS]
    return d.survival[pair, sex], np.stack([d.remigration_rate[K, sex], d.return_rate[K, sex]])


def streams_of(prepared: PreparedRegion, payer: str, sex: int) -> list[SurvivorStreams]:
    return [prepared.streams[at(prepared, payer), at(prepared, place), sex] for place in PAYERS]


def factors(
    prepared: PreparedRegion, payer: str, sex: int, left_behind: float = 0.4, streams: list[SurvivorStreams] | None = None
) -> PensionFactors:
    country = prepared.countries[at(prepared, payer)]
    return pension_factors(country, sex, *rates(prepared, sex), indexation(country, 0), streams, left_behind)


every_side = pytest.mark.parametrize(("payer", "sex"), [(payer, sex) for payer in PAYERS for sex in (0, 1)])


@every_side
def test_pensions_last_as_people_of_the_corridor_live_and_move(prepared: PreparedRegion, payer: str, sex: int) -> None:
    country = prepared.countries[at(prepared, payer)]
    found, (survival, moving) = factors(prepared, payer, sex), rates(prepared, sex)
    for name in ("paid", "in_payment", "deaths", "level"):
        whole = place_factors(survival, moving, indexation(country, 0), country.law.pension_age[sex] - 1)
        np.testing.assert_array_equal(getattr(found.old_age, name), getattr(whole, name))
        for band in range(BANDS):
            later = place_factors(survival[..., AHEAD], moving[..., AHEAD], indexation(country), BAND_AGE[band])
            np.testing.assert_array_equal(getattr(found.invalidity[band], name), getattr(later, name))
    # Everybody awarded is somewhere in payment or dead, and some of both live in each place.
    for kind in (found.old_age, *found.invalidity):
        gone = np.cumsum(kind.deaths.sum(axis=1), axis=2) + kind.in_payment.sum(axis=1)
        np.testing.assert_allclose(gone, np.broadcast_to(np.triu(np.ones(gone.shape[1:])), gone.shape), rtol=1e-9, atol=1e-12)
        assert kind.in_payment[1, 0, START if kind is found.old_age else 0, -60] > 0.0


@every_side
@pytest.mark.parametrize("left_behind", [0.0, 0.4, 1.0])
def test_survivors_of_pensioners_are_the_streams_of_every_death(prepared: PreparedRegion, payer: str, sex: int, left_behind: float) -> None:
    streams = streams_of(prepared, payer, sex)
    found = factors(prepared, payer, sex, left_behind, streams)
    cubes = [s.cube() for s in streams]
    first = streams[0].first_age
    kinds = [(found.old_age, found.old_age_survivors, prepared.countries[at(prepared, payer)].law.pension_age[sex] - 1, START)]
    kinds += [(found.invalidity[b], found.invalidity_survivors[b], BAND_AGE[b], 0) for b in (0, 3)]
    for awarded, survivors, age, skip in kinds:
        deaths, level = awarded.deaths[..., skip:, skip:], awarded.level[skip:, skip:]
        for a in (0, 1):
            for t in (0, 7):
                paid, people = np.zeros((2, HORIZON)), np.zeros((2, HORIZON))
                for died_in in (0, 1):
                    for d in range(t, HORIZON):
                        x = min(age + d - t, 100) - first
                        for r, share in ((died_in, 1.0),) if died_in == 0 else ((0, left_behind), (1, 1.0 - left_behind)):
                            n = share * deaths[a, died_in, t, d]
                            paid[r] += n * level[t, d] * cubes[r][0][x, d]
                            people[r] += n * (cubes[r][1][x, d] + cubes[r][2][x, d])
                np.testing.assert_allclose(survivors.paid[a, :, t], paid, rtol=1e-9, atol=1e-15)
                np.testing.assert_allclose(survivors.people[a, :, t], people, rtol=1e-9, atol=1e-15)


@every_side
def test_a_death_before_pension_age_leaves_the_streams_of_one_death(prepared: PreparedRegion, payer: str, sex: int) -> None:
    streams = streams_of(prepared, payer, sex)
    found = factors(prepared, payer, sex, 0.4, streams)
    for band in range(BANDS):
        death = found.death[band]
        cubes = [s.cube() for s in streams]
        x = BAND_AGE[band] - streams[0].first_age
        for b, r, share in ((0, 0, 1.0), (0, 1, 0.0), (1, 0, 0.4), (1, 1, 0.6)):
            np.testing.assert_allclose(death.paid[b, r], share * cubes[r][0][x], rtol=1e-12)
            np.testing.assert_allclose(death.people[b, r], share * (cubes[r][1][x] + cubes[r][2][x]), rtol=1e-12)
        # Half a year is paid in the year of the death, at most the whole pension in all.
        assert np.all(np.tril(death.paid.sum(axis=1), -1) == 0.0)
        now = np.diagonal(death.paid.sum(axis=1), axis1=1, axis2=2)
        assert now.min() > 0.0 and now.max() <= 0.5


@every_side
def test_where_the_family_lives_moves_survivors_and_makes_none(prepared: PreparedRegion, payer: str, sex: int) -> None:
    """With the same streams in both places the sum over places does not depend on who stayed behind."""
    one = streams_of(prepared, payer, sex)[0]
    none, some, all_ = (factors(prepared, payer, sex, share, [one, one]) for share in (0.0, 0.4, 1.0))
    for kinds in zip(*((f.old_age_survivors, f.invalidity_survivors[1], f.death[2]) for f in (none, some, all_)), strict=True):
        for name in ("paid", "people"):
            a, b, c = (getattr(kind, name) for kind in kinds)
            np.testing.assert_allclose(a.sum(axis=1), c.sum(axis=1), rtol=1e-9, atol=1e-15)
            np.testing.assert_allclose(b, 0.6 * a + 0.4 * c, rtol=1e-9, atol=1e-15)
            assert not c[:, 1].any() and c[:, 0].any()


@pytest.mark.parametrize("payer", PAYERS)
def test_of_those_who_never_move_nothing_leaves_the_one_place(prepared: PreparedRegion, payer: str) -> None:
    c = at(prepared, payer)
    for sex, _ in enumerate(SEXES):
        insured = prepared.insured[c]
        assert insured is not None
        alone = insured[sex].factors
        survival, country = prepared.demography.survival[[c, c], sex], prepared.countries[c]
        both = pension_factors(country, sex, survival, np.zeros_like(survival), indexation(country, 0), [prepared.streams[c, c, sex]] * 2, 0.0)
        np.testing.assert_array_equal(alone.old_age.paid[0, 0], both.old_age.paid[0, 0])
        np.testing.assert_array_equal(alone.old_age_survivors.paid[0, 0], both.old_age_survivors.paid[0, 0])
        np.testing.assert_array_equal(alone.death[1].people[0, 0], both.death[1].people[1, 1])
        assert not both.old_age.paid[0, 1].any() and not both.old_age_survivors.paid[0, 1].any()


def test_grants_are_those_of_the_law(prepared: PreparedRegion) -> None:
    np.testing.assert_array_equal(factors(prepared, "TZA", 0).death_grant, 36.0)
    assert not factors(prepared, "BDI", 0).death_grant.any()


# Families that leave nobody.


@pytest.fixture(scope="module")
def lonely(prepared: PreparedRegion) -> Streams:
    """Streams where nobody is married and nobody has children."""
    basis, years = prepared.basis, prepared.demography.survival.shape[-1]
    families = replace(basis.families, married=np.zeros_like(basis.families.married))
    nobody = Children(np.zeros((2, 101, years)), np.zeros((2, 101, years)), np.ones((years, 31)))
    increases = [indexation(c) for c in prepared.countries]
    return all_streams(prepared.countries, prepared.demography.survival, [nobody] * len(prepared.countries), families, increases)


def test_streams_stand_for_every_scheme_with_survivors_pensions_and_every_residence(prepared: PreparedRegion, lonely: Streams) -> None:
    payers = {"BDI", "COD", "RWA", "TZA"}
    expected = {(at(prepared, p), r, sex) for p in payers for r in range(len(prepared.countries)) for sex in (0, 1)}
    assert set(lonely) == set(prepared.streams) == expected


@every_side
def test_who_is_not_married_and_has_no_children_leaves_nothing(prepared: PreparedRegion, lonely: Streams, payer: str, sex: int) -> None:
    found = factors(prepared, payer, sex, 0.4, [lonely[at(prepared, payer), at(prepared, place), sex] for place in PAYERS])
    without = factors(prepared, payer, sex, 0.4, None)
    for survivors in (found, without):
        for reverted in (survivors.old_age_survivors, *survivors.invalidity_survivors, *survivors.death):
            assert not reverted.paid.any() and not reverted.people.any()
    np.testing.assert_array_equal(found.old_age.paid, without.old_age.paid)


def test_deaths_of_stayers_leave_nothing_where_nobody_has_a_family(prepared: PreparedRegion, lonely: Streams, instrument: Instrument) -> None:
    """What is left are the survivors of the valuation date, a share of the pensions in payment then."""
    region = only(prepared, "COD-SSD")
    insured: list[tuple[InsuredEvents, InsuredEvents] | None] = []
    for c, pair in enumerate(region.insured):
        if pair is None:
            insured.append(None)
            continue
        country, new = region.countries[c], []
        for sex, one in enumerate(pair):
            survival = region.demography.survival[[c], sex]
            streams = [lonely[c, c, sex]] if (c, c, sex) in lonely else None
            new.append(replace(one, factors=pension_factors(
                country, sex, survival, np.zeros_like(survival), indexation(country, 0), streams, 0.0)))  # fmt: skip
        insured.append((new[0], new[1]))
    (usual,), (alone,) = evaluate(region, [instrument]), evaluate(replace(region, streams=lonely, insured=tuple(insured)), [instrument])
    for state in ("BDI", "COD", "RWA", "TZA"):
        c = at(prepared, state)
        before, after, stock = stayer_flows(usual, c), stayer_flows(alone, c), region.stocks[c]
        assert stock is not None
        assert before.survivors_pensions[5] > after.survivors_pensions[5] and before.survivors[5] > after.survivors[5]
        # Old pensions alone bear the share of others: it dies out with them.
        old = stock.other_pensions * (stock.people.sum())
        assert after.survivors[0] <= old * 1.000001 and after.survivors[-1] < 1e-3 * old
        for name in ("pensioners", "invalids", "new_pensions", "new_invalidity", "deaths_with_right", "invalidity_pensions"):
            np.testing.assert_array_equal(getattr(after, name), getattr(before, name), err_msg=name)
    congo = at(prepared, "COD")
    for flows in case_flows(alone, congo):
        assert np.all(flows.survivors <= stayer_flows(alone, congo).survivors * (1.0 + 1e-12))
