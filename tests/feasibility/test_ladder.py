"""The price of each legal step: rungs sum to the whole, whatever the instrument, and Shapley values are what their axioms say."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.dimensions import Array
from actuarial.basis.instrument import PROVISIONS, Instrument, load_instrument
from actuarial.basis.instrument_provisions import BranchCover
from actuarial.feasibility.cashflow import case_flows, net_cost_of_side, sides_of
from actuarial.feasibility.engine import PreparedRegion, RegionRun, evaluate
from actuarial.feasibility.ladder import LADDER, NAMES, TOGETHER, Ladder, instrument_at, price_ladder, shapley_values
from tests.feasibility.conftest import SCENARIOS, only

SHIPPED = ("eac-directive", "direct-method", "pro-rata-only", "phased", "cepgl-like")
PRICED = {"eac-directive": ("BDI-TZA", "RWA-UGA"), "pro-rata-only": ("BDI-TZA",), "old-age": ("RWA-UGA",)}
"""Instruments and the corridors they are priced on: between two pension schemes, and to an account scheme."""
COUNTED = tuple(name for name in NAMES if name != "short_term")
"""Rungs of the schemes' pension branches, which cash flows are of."""


def named(name: str) -> Instrument:
    if name != "old-age":
        return load_instrument(name, SCENARIOS)
    whole = load_instrument("eac-directive", SCENARIOS)
    scope = whole.scope.model_copy(update={"branches": {"old_age": BranchCover(from_year=whole.entry_into_force)}})
    return whole.model_copy(update={"scope": scope})


@pytest.fixture(scope="module")
def region(prepared: PreparedRegion) -> PreparedRegion:
    return only(prepared, *PRICED["eac-directive"])


@pytest.fixture(scope="module")
def ladders(prepared: PreparedRegion) -> dict[str, Ladder]:
    return {name: price_ladder(only(prepared, *corridors), named(name))[0] for name, corridors in PRICED.items()}


def at(name: str) -> int:
    return NAMES.index(name)


def net_cost(run: RegionRun, c: int) -> tuple[Array, Array]:
    """With minus without of what the scheme spends less what it collects, and the spending it is measured by."""
    without, with_ = case_flows(run, c)
    return (with_.expenditure - without.expenditure) - (with_.contributions - without.contributions), without.expenditure


# Instruments by rung.


@pytest.mark.parametrize("name", SHIPPED)
def test_all_rungs_together_are_the_instrument_and_none_is_no_instrument(name: str) -> None:
    whole = load_instrument(name, SCENARIOS)
    assert instrument_at(whole, NAMES) == whole
    none = instrument_at(whole, [])
    assert none.provisions == whole.without(*PROVISIONS).provisions and none.administration == whole.without(*PROVISIONS).administration
    assert none.take_up == whole.take_up and none.entry_into_force == whole.entry_into_force


def test_every_provision_is_switched_on_by_one_rung() -> None:
    assert sorted(name for rung in LADDER for name in rung.provisions) == sorted(PROVISIONS)
    assert len(set(NAMES)) == len(NAMES) and set(TOGETHER) <= set(NAMES)


def test_totalisation_pays_direct_amounts_until_the_rung_of_the_amount_rule() -> None:
    whole = named("eac-directive")
    for rungs in (["totalisation"], ["equality", "export", "totalisation"]):
        found = instrument_at(whole, rungs).provisions
        assert found.amount.method == "direct" and found.totalisation == whole.provisions.totalisation
        assert found.refunds == whole.provisions.refunds and found.account_schemes == whole.provisions.account_schemes
    assert instrument_at(whole, ["totalisation", "amount"]).provisions.amount == whole.provisions.amount
    assert instrument_at(whole, ["export"]).provisions.amount.method == "none"
    bare = instrument_at(whole.without("amount"), ["totalisation"])
    assert bare.provisions.amount.method == "none", "an instrument without a rule on amounts gets none"


def test_an_unknown_rung_is_refused() -> None:
    with pytest.raises(ValueError, match="no rung 'exports'; there are: equality, export"):
        instrument_at(named("eac-directive"), ["exports"])


def test_the_instrument_with_no_rung_costs_nothing(prepared: PreparedRegion) -> None:
    (run,) = evaluate(only(prepared, "BDI-TZA"), [instrument_at(named("eac-directive"), [])])
    for c in range(len(run.countries)):
        assert not net_cost(run, c)[0].any()
        for _, cost, *_ in sides_of(run, c):
            assert not net_cost_of_side(cost).any()


# Prices.


@pytest.mark.parametrize("name", PRICED)
def test_rungs_and_shapley_values_sum_to_with_minus_without(ladders: dict[str, Ladder], name: str) -> None:
    ladder, found = ladders[name], 0
    assert ladder.run.instrument == named(name)
    for c in range(len(ladder.run.countries)):
        total, scale = net_cost(ladder.run, c)
        for prices in (ladder.steps, ladder.shapley):
            summed = prices[c, [at(n) for n in COUNTED]].sum(axis=0)
            assert np.all(np.abs(summed - total) <= 1e-9 * np.maximum(scale, 1.0))
        found += bool(np.abs(total).max() > 0.0)
    assert found >= len(PRICED[name])


@pytest.mark.parametrize("name", PRICED)
def test_sides_sum_to_the_scheme_rung_by_rung(ladders: dict[str, Ladder], name: str) -> None:
    ladder = ladders[name]
    for c in range(len(ladder.run.countries)):
        assert ladder.sides[c].shape[0] == len(sides_of(ladder.run, c))
        scale = np.abs(ladder.sides[c]).sum() + 1.0
        np.testing.assert_allclose(ladder.sides[c].sum(axis=0), ladder.steps[c], rtol=1e-9, atol=1e-12 * scale)


def test_a_rung_costs_what_it_adds_to_those_before_it(region: PreparedRegion, ladders: dict[str, Ladder]) -> None:
    """The rungs one after the other on runs of their own, not on the ladder's."""
    whole, ladder = named("eac-directive"), ladders["eac-directive"]
    orders = [TOGETHER[:n] for n in range(len(TOGETHER) + 1)]
    runs = evaluate(region, [instrument_at(whole, order) for order in orders])
    for c in range(len(runs[0].countries)):
        costs = [net_cost(run, c)[0] for run in runs]
        for n, name in enumerate(TOGETHER):
            np.testing.assert_allclose(ladder.steps[c, at(name)], costs[n + 1] - costs[n], rtol=1e-6, atol=1e-9 * (np.abs(costs[-1]).max() + 1.0))


def test_prices_of_known_signs(ladders: dict[str, Ladder]) -> None:
    ladder, countries = ladders["eac-directive"], ladders["eac-directive"].run.basis.countries
    burundi, tanzania, uganda = (countries.index(c) for c in ("BDI", "TZA", "UGA"))
    # Nationals and foreigners have equal rights by every national law here, and Tanzania pays everywhere.
    assert not ladder.steps[:, at("equality")].any() and not ladder.shapley[:, at("equality")].any()
    assert ladder.steps[burundi, at("export"), 5:].min() > 0.0 and not ladder.steps[tanzania, at("export")].any()
    # The first pensions by totalisation cost little; refunds that are not paid are saved at once.
    assert ladder.steps[tanzania, at("totalisation"), 2] < 0.0 < ladder.steps[burundi, at("totalisation"), 30]
    # Tanzania's formula is a straight line, so only its minimum pension lets an amount rule add to direct amounts, and for an account nothing.
    assert not ladder.steps[uganda, at("amount")].any()
    assert np.abs(ladder.steps[tanzania, at("amount")]).max() < 0.05 * np.abs(ladder.steps[tanzania, at("totalisation")]).max()
    assert not ladder.steps[:, :, :2][:, [at(n) for n in (*TOGETHER, "administration")]].any(), "nothing before entry into force"


def test_export_is_worth_more_than_its_rung_says(ladders: dict[str, Ladder]) -> None:
    """The ladder exports pensions on own periods alone; averaged over all orders export has its part of the pensions by totalisation abroad too."""
    ladder = ladders["eac-directive"]
    burundi = ladder.run.basis.countries.index("BDI")
    assert ladder.shapley[burundi, at("export"), 20] > ladder.steps[burundi, at("export"), 20] > 0.0


def test_others_are_priced_beside_the_ladder_as_alone(prepared: PreparedRegion) -> None:
    small = only(prepared, "COD-SSD")
    ladder, (beside,) = price_ladder(small, named("direct-method"), others=[named("pro-rata-only")])
    (alone,) = evaluate(small, [named("pro-rata-only")])
    assert beside.instrument == alone.instrument != ladder.run.instrument
    for c in range(len(beside.countries)):
        scale = 1e-12 * (np.abs(net_cost(alone, c)[0]).max() + 1.0)
        np.testing.assert_allclose(net_cost(beside, c)[0], net_cost(alone, c)[0], rtol=1e-9, atol=scale)


# Shapley values of games.

games = st.dictionaries(st.frozensets(st.sampled_from("abcd")), st.floats(-100.0, 100.0, allow_subnormal=False), max_size=16)


def worth(game: dict[frozenset[str], float], coalition: frozenset[str]) -> Array:
    return np.array([game.get(coalition, 0.0)]) if coalition else np.zeros(1)


@given(game=games)
@settings(max_examples=60, deadline=None)
def test_shapley_values_are_the_mean_price_over_all_orders(game: dict[frozenset[str], float]) -> None:
    found = shapley_values("abcd", lambda s: worth(game, s))
    mean = dict.fromkeys("abcd", 0.0)
    for order in permutations("abcd"):
        for n, name in enumerate(order):
            mean[name] += float(worth(game, frozenset(order[: n + 1]))[0] - worth(game, frozenset(order[:n]))[0]) / 24.0
    for name in "abcd":
        assert found[name][0] == pytest.approx(mean[name], abs=1e-9)
    assert sum(float(v[0]) for v in found.values()) == pytest.approx(float(worth(game, frozenset("abcd"))[0]), abs=1e-9)


@given(prices=st.lists(st.floats(-100.0, 100.0, allow_subnormal=False), min_size=1, max_size=5))
@settings(max_examples=60, deadline=None)
def test_in_an_additive_game_everybody_is_worth_the_own_price(prices: list[float]) -> None:
    players = tuple("abcde"[: len(prices)])
    own = dict(zip(players, prices, strict=True))
    found = shapley_values(players, lambda s: np.array(sum(own[p] for p in s)))
    for name in players:
        assert float(found[name]) == pytest.approx(own[name], abs=1e-9)


@given(one=games, other=games)
@settings(max_examples=30, deadline=None)
def test_shapley_values_of_a_sum_of_games_are_the_sums(one: dict[frozenset[str], float], other: dict[frozenset[str], float]) -> None:
    a, b, both = (shapley_values("abcd", v) for v in (
        lambda s: worth(one, s), lambda s: worth(other, s), lambda s: worth(one, s) + worth(other, s)))  # fmt: skip
    for name in "abcd":
        np.testing.assert_allclose(both[name], a[name] + b[name], atol=1e-9)


def test_players_who_always_add_the_same_are_worth_the_same_and_idle_ones_nothing() -> None:
    found = shapley_values(("a", "b", "idle"), lambda s: np.array(6.0 if {"a", "b"} <= s else 0.0))
    assert {name: float(value) for name, value in found.items()} == {"a": 3.0, "b": 3.0, "idle": 0.0}
