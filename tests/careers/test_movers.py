"""A corridor's careers: people are those of the demographic projection, whatever becomes of them in insurance."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from actuarial.basis.dimensions import AGE_COUNT, FIRST_YEAR, WORK_AGE_COUNT, YEAR_COUNT, year_index
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.careers.country import CountryInputs, _invalidity
from actuarial.careers.lattice import LatticeOutput, SideRates
from actuarial.careers.movers import CorridorInputs, CorridorRun, CountryCover, run_corridor

ROWS, START = WORK_AGE_COUNT, year_index(FIRST_YEAR)
HOME_ROW, HOST_ROW = 7, 5


def side(rng: np.random.Generator, award_row: int) -> SideRates:
    size = 2 * (award_row + 1)
    keep, add = np.full((YEAR_COUNT, ROWS, 3), 1.02), rng.uniform(1, 2, (YEAR_COUNT, ROWS, 3)) * [0, 1, 2]
    keep_mid, add_mid = np.full((YEAR_COUNT, ROWS, 2), 1.01), rng.uniform(1, 2, (YEAR_COUNT, ROWS, 2)) * [0, 1]
    for array, row in ((keep, award_row), (add, award_row), (keep_mid, award_row + 1), (add_mid, award_row + 1)):
        array[:, row:] = 0.0
    share = np.full((YEAR_COUNT, size), 0.3) * (np.arange(size) > 0)
    return SideRates(keep, add, keep_mid, add_mid, share, np.ones((YEAR_COUNT, size)), award_row)


def cover(rng: np.random.Generator, award_row: int) -> CountryCover:
    people = rng.uniform(0, 1, (YEAR_COUNT + 1, award_row + 1, 2, 2 * (award_row + 1)))
    for a in range(award_row + 1):
        people[:, a, :, 2 * a + 1 :] = 0.0
    # Odd numbers of half-years are those of people covered.
    people[:, :, 0, ::2] = people[:, :, 1, 1::2] = 0.0
    rates = rng.uniform(0.1, 0.4, (2, YEAR_COUNT, award_row + 1))
    survival = rng.uniform(0.9, 1.0, (YEAR_COUNT, ROWS))
    return CountryCover(survival, rates[0], rates[1], rng.uniform(0.2, 0.6, (YEAR_COUNT + 1, ROWS)), people, people)


def make_inputs(seed: int, *, joining: bool) -> CorridorInputs:
    """Random rates and the projection of movers that follows from them."""
    rng = np.random.default_rng(seed)
    origin, host = cover(rng, HOME_ROW), cover(rng, HOST_ROW)
    first, back, again = (rng.uniform(0, high, (YEAR_COUNT, ROWS)) for high in (5.0, 0.2, 0.2))
    join = rng.uniform(0, 3, (YEAR_COUNT, ROWS)) * joining
    abroad, at_home = rng.uniform(0, 5, (2, YEAR_COUNT + 1, ROWS))
    at_home[0] = 0.0
    for t in range(YEAR_COUNT):
        there, here = abroad[t] * host.survival[t], at_home[t] * origin.survival[t]
        abroad[t + 1, 1:] = (there * (1 - back[t]) + here * again[t] + first[t] + join[t])[:-1]
        at_home[t + 1, 1:] = (here * (1 - again[t]) + there * back[t])[:-1]
    ill = rng.uniform(0, 0.1, (2, YEAR_COUNT, ROWS))
    ill[0, :, HOME_ROW:] = ill[1, :, HOST_ROW:] = 0.0
    home_side, host_side = side(rng, HOME_ROW), side(rng, HOST_ROW)
    return CorridorInputs(
        first_movers=first, return_rate=back, remigration_rate=again, abroad=abroad, at_home=at_home, origin=origin, host=host,
        coverage_factor=0.8, home_side=home_side, host_side=host_side, blocked_home_side=home_side, blocked_host_side=host_side,
        home_size=2 * (HOME_ROW + 1), host_size=2 * (HOST_ROW + 1), home_amount_factor=1.0, host_amount_factor=1.0,
        home_invalidity=ill[0], host_invalidity=ill[1], joiners_abroad=join if joining else None,
    )  # fmt: skip


def run(inputs: CorridorInputs) -> CorridorRun:
    found = run_corridor(inputs)
    assert found is not None
    return found


@pytest.mark.parametrize("joining", [False, True])
def test_cells_and_pool_are_the_projected_movers(joining: bool) -> None:
    inputs = make_inputs(1, joining=joining)
    found = run(inputs)
    rows = HOME_ROW + 1
    for out, years in ((found.history, slice(0, START + 1)), (found.without, slice(START, None))):
        expected = np.stack([inputs.at_home[years, :rows], inputs.abroad[years, :rows]])
        np.testing.assert_allclose(out.people, expected, rtol=1e-9)
    assert (found.without.disabled > 0.0).any() and (found.without.disabled <= found.without.people).all()


def test_nobody_invalid_is_the_run_without_the_decrement_bit_by_bit() -> None:
    inputs = make_inputs(2, joining=True)
    nobody = np.zeros((YEAR_COUNT, ROWS))
    zeros = run(replace(inputs, home_invalidity=nobody, host_invalidity=nobody))
    none = run(replace(inputs, home_invalidity=None, host_invalidity=None))
    for case in ("history", "without", "with_instrument"):
        one, other = getattr(zeros, case), getattr(none, case)
        assert isinstance(one, LatticeOutput) and not one.disabled.any() and not one.invalids.any()
        for name, value in vars(one).items():
            if value is not None:
                np.testing.assert_array_equal(getattr(other, name), value)


def test_the_invalid_are_missing_among_covered_and_awards() -> None:
    inputs = make_inputs(3, joining=False)
    with_, without = run(inputs).without, run(replace(inputs, home_invalidity=None, host_invalidity=None)).without
    np.testing.assert_allclose(with_.people, without.people, rtol=1e-9)
    assert (with_.covered.sum(axis=(1, 2)) < without.covered.sum(axis=(1, 2))).all()
    assert (with_.award_people.sum(axis=(1, 2, 3, 4)) < without.award_people.sum(axis=(1, 2, 3, 4))).all()
    assert (with_.invalidity_amount > 0.0).all() and not without.invalidity_amount.any()


def test_incidence_is_dependent_on_the_mortality_of_the_year_and_ends_with_the_award() -> None:
    """Two causes, each spread evenly over the year in its own table: q1 = q1' (1 - q2' / 2) (Bowers et al. 1997, chapter 10)."""
    survival = np.random.default_rng(5).uniform(0.9, 1.0, (2, AGE_COUNT, YEAR_COUNT))
    own = np.stack([np.linspace(0.0, 0.1, ROWS), np.linspace(0.0, 0.05, ROWS)])
    inputs = cast(CountryInputs, SimpleNamespace(survival=survival, invalidity=own))
    law = cast(SchemeLaw, SimpleNamespace(collecting=True, pension_age=(60, 55)))
    for sex, last in ((0, 44), (1, 39)):
        q = 1.0 - survival[sex, 15:70].T
        found = _invalidity(inputs, law, sex)
        np.testing.assert_allclose(found[:, :last], (own[sex] * (1.0 - q / 2.0))[:, :last], rtol=1e-12)
        assert not found[:, last:].any()
    assert not _invalidity(inputs, cast(SchemeLaw, SimpleNamespace(collecting=False, pension_age=(0, 0))), 0).any()


def test_joiners_come_uncovered_without_service_a_year_older() -> None:
    inputs = make_inputs(4, joining=False)
    join = np.zeros((YEAR_COUNT, ROWS))
    join[START, 2] = 7.0
    plain, joined = run(inputs).without, run(replace(inputs, joiners_abroad=join)).without
    more = joined.people - plain.people
    assert more[1, 1, 3] == pytest.approx(7.0) and np.abs(more[:, 1]).sum() == pytest.approx(7.0)
    np.testing.assert_array_equal(joined.covered[:, 1], plain.covered[:, 1])
    assert joined.joined[0] - plain.joined[0] == pytest.approx(7.0)
    assert joined.covered[1, 2, 4] > plain.covered[1, 2, 4]
