"""Money of the projection: reserve, discounting, premiums, and pensions in payment against persons followed one by one, in one place or two.

Cases SSF-ROLL, SSF-GAP-25, SSF-ACTBAL-75: closed forms of the usual mid-year formulas of social security valuations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.dimensions import AGE_COUNT
from actuarial.finance import pensions
from actuarial.finance.indicators import discount_factors, first_year, general_average_premium, payg_cost_rate, present_value, reserve_ratio
from actuarial.finance.pensions import PlaceFactors, payment_factors, place_factors, run_off
from actuarial.finance.reserve import roll_forward
from tests.plain import plain

YEARS = 12
seeds = st.integers(0, 10_000)


def growing(first: float, growth: float, years: int) -> np.ndarray:
    return first * (1.0 + growth) ** np.arange(years)


@given(seed=seeds, initial=st.floats(-1e6, 1e6, allow_subnormal=False))
def test_the_fund_is_the_opening_fund_and_all_flows_with_interest(seed: int, initial: float) -> None:
    """V_T w_T = V_0 + sum of v_t (C_t - X_t), also while the fund is negative; every year adds up."""
    rng = np.random.default_rng(seed)
    income, outgo, rate = rng.uniform(0, 1e6, YEARS), rng.uniform(0, 1e6, YEARS), rng.uniform(-0.1, 0.3, YEARS)
    fund = roll_forward(initial, income, outgo, rate)
    assert fund.closing[-1] / np.prod(1 + rate) == pytest.approx(initial + present_value(income - outgo, rate), rel=1e-9, abs=1e-3)
    np.testing.assert_allclose(fund.closing, fund.opening + income - outgo + fund.investment_income, rtol=1e-12, atol=1e-6)
    np.testing.assert_array_equal(fund.opening[1:], fund.closing[:-1])


@given(seed=seeds)
def test_contributing_the_general_average_premium_ends_with_nothing(seed: int) -> None:
    rng = np.random.default_rng(seed)
    earnings, outgo, rate = rng.uniform(1e5, 1e6, YEARS), rng.uniform(0, 1e5, YEARS), rng.uniform(0, 0.2, YEARS)
    premium = general_average_premium(outgo, earnings, 5e4, rate)
    assert roll_forward(5e4, premium * earnings, outgo, rate).closing[-1] == pytest.approx(0.0, abs=1e-4)


def test_discount_factors_are_of_mid_year() -> None:
    np.testing.assert_allclose(discount_factors(np.full(5, 0.08)), 1.08 ** -(np.arange(5) + 0.5), rtol=1e-14)
    changing = discount_factors(np.array([0.1, 0.0, 0.2]))
    np.testing.assert_allclose(changing, [1.1**-0.5, 1 / 1.1, 1 / (1.1 * math.sqrt(1.2))], rtol=1e-14)


def test_ratios_without_a_base_are_missing_and_not_infinite() -> None:
    assert payg_cost_rate(np.array([5.0, 5.0]), np.array([0.0, 50.0])).tolist() == [0.0, 0.1]
    assert math.isnan(general_average_premium(np.ones(3), np.zeros(3), 0.0, np.zeros(3)))
    ratio = reserve_ratio(np.array([10.0, 10.0]), np.array([0.0, 4.0]))
    assert math.isnan(ratio[0]) and ratio[1] == 2.5
    assert math.isnan(first_year(np.zeros(3, dtype=bool), 2026))
    assert first_year(np.array([False, True, True]), 2026) == 2027


# Pensions in payment. Deaths of a year fall at its middle; whoever dies is paid for half the year.


def lives(survival: np.ndarray, age: int, start: int) -> list[tuple[float, int]]:
    """(probability, year of death) of somebody aged ``age`` at 1 January of ``start``; the last entry outlives the axis (year -1)."""
    alive, found = 1.0, []
    for t in range(start, survival.shape[1]):
        s = survival[min(age + t - start, AGE_COUNT - 1), t]
        found.append((alive * (1.0 - s), t))
        alive *= s
    return [*found, (alive, -1)]


@given(seed=seeds, award_age=st.sampled_from([54, 59, 64, 95]))
@settings(max_examples=15, deadline=None)
def test_payment_factors_are_those_of_persons_followed_one_by_one(seed: int, award_age: int) -> None:
    rng = np.random.default_rng(seed)
    survival, indexation = rng.uniform(0.7, 1.0, (AGE_COUNT, YEARS)), rng.uniform(0, 0.1, YEARS)
    paid, in_payment = np.zeros((YEARS, YEARS)), np.zeros((YEARS, YEARS))
    for t in range(YEARS):
        awarded = 0.0
        for probability, death in lives(survival, award_age, t):
            # In the year of the award half of the deaths come before it; the other half are paid up to the end of the year all the same.
            share = 0.5 if death == t else 1.0
            awarded += probability * share
            paid[t, t] += probability * share * 0.5
            amount = 1.0
            for u in range(t + 1, YEARS):
                amount *= 1.0 + indexation[u]
                paid[t, u] += probability * (0.0 if t <= death < u else 0.5 if death == u else 1.0) * amount
            for u in range(t, YEARS):
                in_payment[t, u] += probability * (0.0 if t <= death <= u else 1.0)
        paid[t] /= awarded
        in_payment[t] /= awarded
    found = payment_factors(survival, indexation, award_age)
    np.testing.assert_allclose(found.paid, paid, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(found.in_payment, in_payment, rtol=1e-12, atol=1e-15)


@given(seed=seeds)
@settings(max_examples=10, deadline=None)
def test_run_off_is_that_of_persons_followed_one_by_one(seed: int) -> None:
    rng = np.random.default_rng(seed)
    survival, indexation = rng.uniform(0.7, 1.0, (2, AGE_COUNT, YEARS)), rng.uniform(0, 0.1, YEARS)
    people, amount = np.zeros((2, AGE_COUNT)), np.zeros((2, AGE_COUNT))
    paid, left = np.zeros(YEARS), np.zeros(YEARS)
    for sex, age in ((0, 60), (1, 55), (1, 97), (0, 100)):
        people[sex, age], amount[sex, age] = rng.uniform(1, 9, 2)
        for probability, death in lives(survival[sex], age, 0):
            level = 1.0
            for u in range(YEARS):
                level *= 1.0 + indexation[u]
                alive = 0.0 if 0 <= death < u else 0.5 if death == u else 1.0
                paid[u] += probability * alive * level * amount[sex, age]
                left[u] += probability * (0.0 if 0 <= death <= u else 1.0) * people[sex, age]
    found = run_off(people, amount, survival, indexation)
    np.testing.assert_allclose(found.paid, paid, rtol=1e-12)
    np.testing.assert_allclose(found.in_payment, left, rtol=1e-12)


def test_the_first_year_is_half_a_year_and_later_years_whole_ones() -> None:
    found = payment_factors(np.ones((AGE_COUNT, 4)), np.zeros(4), 59)
    np.testing.assert_array_equal(found.paid, np.triu(np.ones((4, 4)), 1) + 0.5 * np.eye(4))
    np.testing.assert_array_equal(found.in_payment, np.triu(np.ones((4, 4))))


def test_a_new_pension_is_not_indexed_in_the_year_of_its_award() -> None:
    found = payment_factors(np.ones((AGE_COUNT, 3)), np.array([0.5, 0.1, 0.2]), 59)
    np.testing.assert_allclose(found.paid[0], [0.5, 1.1, 1.32])
    np.testing.assert_allclose(found.paid[1], [0.0, 0.5, 1.2])


def test_a_stock_and_an_award_of_the_year_before_pay_the_same_from_then_on() -> None:
    """Somebody awarded in year 0 and alive at its end is in the stock of the end of year 0."""
    rng = np.random.default_rng(1)
    survival, indexation = rng.uniform(0.9, 1.0, (AGE_COUNT, 6)), rng.uniform(0, 0.1, 6)
    factors = payment_factors(survival, indexation, 59)
    people = np.zeros((2, AGE_COUNT))
    people[0, 60] = factors.in_payment[0, 0]
    both = np.stack([survival, survival])
    off = run_off(people, people, both[:, :, 1:], indexation[1:])
    np.testing.assert_allclose(off.paid, factors.paid[0, 1:], rtol=1e-12)
    np.testing.assert_allclose(off.in_payment, factors.in_payment[0, 1:], rtol=1e-12)


# Pensioners who move between two places at the end of a year.


@dataclass
class Life:
    """Everything a life can be: probability, place at each 1 January while alive, year of death (-1: beyond the axis)."""

    probability: float
    places: list[int]
    death: int


def paths(survival: np.ndarray, moving: np.ndarray, age: int, place: int, start: int) -> list[Life]:
    """All lives of somebody in ``place`` at 1 January of ``start``, alive and moving by the rates of the place of each 1 January."""
    done, open_ = [], [Life(1.0, [place], -1)]
    for t in range(start, survival.shape[2]):
        following = []
        for life in open_:
            at, x = life.places[-1], min(age + t - start, AGE_COUNT - 1)
            s, m = survival[at, x, t], moving[at, x, t]
            done.append(Life(life.probability * (1.0 - s), life.places, t))
            following += [Life(life.probability * s * (1.0 - m), [*life.places, at], -1), Life(life.probability * s * m, [*life.places, 1 - at], -1)]
        open_ = following
    return done + open_


SHORT = 6
"""Years of a test that follows every path of two places."""


def two_places(seed: int, most: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    shape = (2, AGE_COUNT, SHORT)
    return rng.uniform(0.5, 1.0, shape), rng.uniform(0.0, most, shape), rng.uniform(-0.05, 0.1, SHORT)


@given(seed=seeds, award_age=st.sampled_from([54, 64, 97, 100]))
@settings(max_examples=15, deadline=None)
def test_place_factors_are_those_of_persons_followed_one_by_one(seed: int, award_age: int) -> None:
    survival, moving, indexation = two_places(seed)
    held_against_paths(place_factors(survival, moving, indexation, award_age), survival, moving, indexation, award_age)


def held_against_paths(found: PlaceFactors, survival: np.ndarray, moving: np.ndarray, indexation: np.ndarray, award_age: int) -> None:
    for a in (0, 1):
        for t in range(SHORT):
            paid, left, dead = np.zeros((2, SHORT)), np.zeros((2, SHORT)), np.zeros((2, SHORT))
            awarded = 0.0
            for life in paths(survival, moving, award_age, a, t):
                weight = life.probability * (0.5 if life.death == t else 1.0)  # half of the deaths of the award year come before the award
                awarded += weight
                amount = 1.0
                for u in range(t, SHORT if life.death < 0 else life.death + 1):
                    place = life.places[u - t]
                    amount *= 1.0 if u == t else 1.0 + indexation[u]
                    paid[place, u] += weight * amount * (0.5 if u in (t, life.death) else 1.0)
                    if u == life.death:
                        dead[place, u] += weight
                    else:
                        left[life.places[u - t + 1], u] += weight
            np.testing.assert_allclose(found.paid[a, :, t], paid / awarded, rtol=1e-12, atol=1e-15)
            np.testing.assert_allclose(found.in_payment[a, :, t], left / awarded, rtol=1e-12, atol=1e-15)
            np.testing.assert_allclose(found.deaths[a, :, t], dead / awarded, rtol=1e-12, atol=1e-15)
            np.testing.assert_allclose(found.level[t, t:], np.cumprod([1.0, *(1.0 + indexation[t + 1 :])]), rtol=1e-12)


@pytest.mark.parametrize("award_age", [54, 97])
def test_the_same_in_plain_python(award_age: int) -> None:
    """The compiled function as written; with one place, too."""
    survival, moving, indexation = two_places(award_age)
    with plain(pensions):
        held_against_paths(place_factors(survival, moving, indexation, award_age), survival, moving, indexation, award_age)
        one = payment_factors(survival[0], indexation, award_age)
    compiled = place_factors(survival, np.zeros_like(moving), indexation, award_age)
    np.testing.assert_allclose(one.paid, compiled.paid[0, 0], rtol=1e-12)
    np.testing.assert_allclose(one.in_payment, compiled.in_payment[0, 0], rtol=1e-12)


@given(seed=seeds)
@settings(max_examples=15, deadline=None)
def test_whoever_is_awarded_lives_somewhere_or_is_dead(seed: int) -> None:
    found = place_factors(*two_places(seed), 64)
    alive, dead = found.in_payment.sum(axis=1), np.cumsum(found.deaths.sum(axis=1), axis=2)
    awarded = np.triu(np.ones((SHORT, SHORT)))
    np.testing.assert_allclose(alive + dead, np.stack([awarded, awarded]), rtol=1e-12, atol=1e-12)
    for factors in (found.paid, found.in_payment, found.deaths):
        assert factors.min() >= 0.0 and np.all(np.tril(factors, -1) == 0.0)


@given(seed=seeds)
@settings(max_examples=10, deadline=None)
def test_who_never_moves_is_paid_where_the_award_was_made_as_with_one_place(seed: int) -> None:
    survival, _, indexation = two_places(seed)
    found = place_factors(survival, np.zeros_like(survival), indexation, 59)
    for a in (0, 1):
        alone = payment_factors(survival[a], indexation, 59)
        for name in ("paid", "in_payment", "deaths"):
            np.testing.assert_array_equal(getattr(found, name)[a, a], getattr(alone, name))
            assert not getattr(found, name)[a, 1 - a].any()
        np.testing.assert_array_equal(found.level, alone.level)


@given(seed=seeds)
@settings(max_examples=10, deadline=None)
def test_equal_rates_in_both_places_make_them_mirror_images_and_their_sum_does_not_know_of_moves(seed: int) -> None:
    survival, moving, indexation = two_places(seed)
    survival[1], moving[1] = survival[0], moving[0]
    found, alone = place_factors(survival, moving, indexation, 59), payment_factors(survival[0], indexation, 59)
    for name in ("paid", "in_payment", "deaths"):
        factors = getattr(found, name)
        np.testing.assert_allclose(factors[0, 0], factors[1, 1], rtol=1e-12)
        np.testing.assert_allclose(factors[0, 1], factors[1, 0], rtol=1e-12)
        np.testing.assert_allclose(factors.sum(axis=1), np.stack([getattr(alone, name)] * 2), rtol=1e-12)


@given(seed=seeds)
@settings(max_examples=10, deadline=None)
def test_names_of_the_places_do_not_matter(seed: int) -> None:
    survival, moving, indexation = two_places(seed)
    found, turned = place_factors(survival, moving, indexation, 59), place_factors(survival[::-1], moving[::-1], indexation, 59)
    for name in ("paid", "in_payment", "deaths"):
        np.testing.assert_array_equal(getattr(turned, name), getattr(found, name)[::-1, ::-1])


def test_everybody_who_moves_each_year_changes_place_each_year() -> None:
    survival, moving = np.ones((2, AGE_COUNT, 4)), np.ones((2, AGE_COUNT, 4))
    found = place_factors(survival, moving, np.zeros(4), 59)
    np.testing.assert_array_equal(found.paid[0, :, 0], [[0.5, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]])
    np.testing.assert_array_equal(found.in_payment[0, :, 0], [[0.0, 1.0, 0.0, 1.0], [1.0, 0.0, 1.0, 0.0]])


def test_more_than_two_places_and_axes_that_do_not_fit_are_refused() -> None:
    for shape, other, years in (((3, 101, 4), (3, 101, 4), 4), ((2, 101, 4), (1, 101, 4), 4), ((2, 101, 4), (2, 101, 4), 5)):
        with pytest.raises(ValueError, match="do not fit one or two places"):
            place_factors(np.ones(shape), np.zeros(other), np.zeros(years), 59)


@given(seed=seeds)
@settings(max_examples=10, deadline=None)
def test_deaths_of_a_run_off_are_those_missing_and_what_they_lose_is_no_longer_paid(seed: int) -> None:
    rng = np.random.default_rng(seed)
    survival, indexation = rng.uniform(0.7, 1.0, (2, AGE_COUNT, YEARS)), rng.uniform(0, 0.1, YEARS)
    people, amount = rng.uniform(0, 9, (2, AGE_COUNT)), rng.uniform(0, 9, (2, AGE_COUNT))
    found = run_off(people, amount, survival, indexation)
    stock = np.concatenate([[people.sum()], found.in_payment])
    np.testing.assert_allclose(stock[:-1] - stock[1:], found.deaths.sum(axis=(0, 1)), rtol=1e-9)
    # A pension lost at mid-year is half paid in its year and not at all later.
    height, whole = amount.sum(), np.zeros(YEARS)
    for u in range(YEARS):
        height *= 1.0 + indexation[u]
        whole[u] = height - 0.5 * found.lost[:, :, u].sum()
        height -= found.lost[:, :, u].sum()
    np.testing.assert_allclose(found.paid, whole, rtol=1e-9, atol=1e-9)
