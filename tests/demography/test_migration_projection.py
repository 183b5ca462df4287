"""The region as a whole on the real tables: International Migrant Stock 2024, World Population Prospects 2024."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.dimensions import year_index
from actuarial.basis.errors import InputError
from actuarial.basis.migration import MigrationBasis, MigrationLevers, load_migration
from actuarial.basis.population import PopulationBasis, load_population
from actuarial.basis.region import load_region
from actuarial.demography.corridor_table import corridor_rows, with_table
from actuarial.demography.corridors import DemographicProjection, project_region
from actuarial.demography.population import project_population
from actuarial.demography.stock_flows import added_return, advance_movers, one_year_older

DATA = Path(__file__).parents[2] / "data"
START = year_index(2026)


@cache
def bases() -> tuple[PopulationBasis, MigrationBasis]:
    members = load_region(DATA).members
    return load_population(DATA, members), load_migration(DATA, members)


@cache
def base() -> DemographicProjection:
    return project_region(*bases(), MigrationLevers.neutral(56))


def levers(outflow: float = 1.0, returns: float = 1.0, stock: float = 1.0) -> MigrationLevers:
    neutral = MigrationLevers.neutral(56)
    return replace(
        neutral,
        outflow_multiplier=neutral.outflow_multiplier * outflow,
        return_multiplier=neutral.return_multiplier * returns,
        stock_multiplier=stock,
    )


@cache
def doubled() -> DemographicProjection:
    return project_region(*bases(), levers(outflow=2.0))


def test_neutral_levers_reproduce_the_population_projection() -> None:
    expected = project_population(bases()[0])
    assert np.allclose(base().population[..., START:], expected.population, rtol=1e-9, atol=1e-9)
    assert np.allclose(base().births[..., START:], expected.births, rtol=1e-9)
    assert np.array_equal(base().population[..., : START + 1], bases()[0].population_history)


def test_published_stocks_of_every_matrix_year_are_reproduced() -> None:
    """International Migrant Stock 2024, 1 July: mean of the two Januaries, labour movers and others, by sex."""
    _, basis = bases()
    together = (base().movers_abroad + base().refugees).sum(axis=2)
    for position, year in enumerate(basis.matrix_years):
        at = year_index(year)
        published = basis.stocks[..., position]
        known = np.isfinite(published)
        assert np.allclose((0.5 * (together[..., at] + together[..., at + 1]))[known], published[known], atol=1e-6)
    assert np.isfinite(basis.stocks[..., -1]).sum() == 2 * 37


def test_the_stocks_of_2024_follow_from_those_of_2020_by_the_published_arrays_alone() -> None:
    """Run forward from 1 January 2021 with the flows of the projection and nothing else."""
    d, (_, basis) = base(), bases()
    origin, host = d.corridors.T
    abroad, home = d.movers_abroad[..., year_index(2021)], d.movers_home[..., year_index(2021)]
    stocks = []
    for t in range(year_index(2021), year_index(2025)):
        abroad, home = advance_movers(
            abroad,
            home,
            d.labour_outflow[..., t],
            d.return_rate[..., t],
            d.remigration_rate[..., t],
            d.survival[host, ..., t],
            d.survival[origin, ..., t],
        )
        stocks.append(abroad.sum(axis=2))
    refugees = d.refugees[..., year_index(2024)].sum(axis=2)
    published = basis.stocks[..., -1]
    known = np.isfinite(published)
    assert np.allclose((0.5 * (stocks[-2] + stocks[-1]) + refugees)[known], published[known], atol=1e-6)


def test_moves_between_the_states_sum_to_zero_in_every_year() -> None:
    for d in (base(), doubled()):
        gross = d.labour_outflow.sum(axis=(0, 1, 2))
        assert (np.abs(d.intra_regional.sum(axis=(0, 1, 2))) < 1e-9 * gross).all()
        assert np.abs(d.intra_regional.sum(axis=0)).max() < 1e-6


def test_the_status_chain_holds_in_every_year() -> None:
    d = doubled()
    origin, host = d.corridors.T
    flat = np.moveaxis
    abroad, home = advance_movers(
        flat(d.movers_abroad[..., :-1], 2, -1),
        flat(d.movers_home[..., :-1], 2, -1),
        flat(d.labour_outflow, 2, -1),
        flat(d.return_rate, 2, -1),
        flat(d.remigration_rate, 2, -1),
        flat(d.survival[host], 2, -1),
        flat(d.survival[origin], 2, -1),
    )
    assert np.allclose(flat(abroad, -1, 2), d.movers_abroad[..., 1:], rtol=1e-9, atol=1e-9)
    assert np.allclose(flat(home, -1, 2), d.movers_home[..., 1:], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("which", [base, doubled])
def test_people_are_conserved_in_every_state_and_year(which: object) -> None:
    """P(t+1) = P(t) + births - deaths + moves between the states + rest of the world, newborn included."""
    d: DemographicProjection = which()  # type: ignore[operator]
    total = d.population.sum(axis=2)
    moves = (d.intra_regional + d.rest_of_world).sum(axis=2) + d.rest_of_world_newborn
    assert np.allclose(total[..., 1:], total[..., :-1] + d.births - d.deaths + moves, rtol=1e-9)


def test_nothing_is_negative_and_rates_are_probabilities() -> None:
    for d in (base(), doubled()):
        for part in (d.population, d.movers_abroad, d.movers_home, d.refugees, d.labour_outflow, d.births, d.deaths):
            assert part.min() >= 0
        for rate in (d.return_rate, d.remigration_rate, d.survival):
            assert rate.min() >= 0
            assert rate.max() <= 1


def test_movers_and_refugees_are_part_of_the_population() -> None:
    """From 2022 at every age; before, a handful of persons above 85, where WPP's population itself falls below ten."""
    d = base()
    origin, host = d.corridors.T
    others = d.population.copy()
    np.subtract.at(others, host, d.movers_abroad + d.refugees)
    np.subtract.at(others, origin, d.movers_home)
    assert others[..., year_index(2022) :].min() >= 0
    assert others[:, :, :86].min() >= 0
    assert others.min() > -5


def test_levers_touch_only_moves_between_the_states() -> None:
    b, d = base(), doubled()
    assert np.array_equal(b.rest_of_world, d.rest_of_world)
    assert np.array_equal(b.rest_of_world_newborn, d.rest_of_world_newborn)
    for name in ("population", "movers_abroad", "movers_home", "refugees"):
        assert np.array_equal(getattr(b, name)[..., : START + 1], getattr(d, name)[..., : START + 1])
    assert np.array_equal(b.refugees, d.refugees)


def test_doubling_flows_doubles_what_future_movers_are() -> None:
    """Linear: movers of the doubled run less the past movers left are twice those of the base run."""
    none = project_region(*bases(), levers(outflow=0.0))
    assert np.array_equal(doubled().labour_outflow[..., START:], 2.0 * base().labour_outflow[..., START:])
    assert none.labour_outflow[..., START:].sum() == 0
    for name in ("movers_abroad", "movers_home", "population"):
        past, once, twice = (getattr(d, name) for d in (none, base(), doubled()))
        assert np.allclose(twice - past, 2.0 * (once - past), rtol=1e-7, atol=1e-5)


def test_the_stock_lever_scales_past_movers_and_leaves_everybody_where_they_are_on_the_valuation_date() -> None:
    d = project_region(*bases(), levers(stock=0.5))
    for name in ("movers_abroad", "movers_home"):
        assert np.allclose(getattr(d, name)[..., : START + 1], 0.5 * getattr(base(), name)[..., : START + 1])
    assert np.array_equal(d.population[..., : START + 1], base().population[..., : START + 1])
    assert np.array_equal(d.rest_of_world[..., START:], base().rest_of_world[..., START:])


def test_a_return_shock_moves_the_stated_share_home_in_its_year_only() -> None:
    shock = np.zeros((56, 75))
    shock[:, 4] = 0.3
    d = project_region(*bases(), replace(MigrationLevers.neutral(56), shock_return_share=shock))
    at = year_index(2030)
    assert np.allclose(d.return_rate[..., at], added_return(base().return_rate[..., at], np.array(0.3)))
    assert np.array_equal(d.return_rate[..., at + 1], base().return_rate[..., at + 1])
    assert (d.movers_home[..., at + 1].sum(axis=(1, 2)) > base().movers_home[..., at + 1].sum(axis=(1, 2))).all()


def test_residual_migration_is_close_to_wpp_net_migration_less_the_moves_between_states() -> None:
    """WPP 2024 medium; half of its migrants arrive at the beginning of a year: deaths and newborn differ a little."""
    d, (population, _) = base(), bases()
    newborn = d.rest_of_world_newborn.sum(axis=1)
    total = ((d.rest_of_world + d.intra_regional).sum(axis=(1, 2)) + newborn)[:, START:]
    published = population.net_migration.sum(axis=(1, 2))[:, START:]
    scale = np.abs(population.net_migration).sum(axis=(1, 2))[:, START:]
    assert (np.abs(total - published) < 0.05 * scale + 100).all()


def test_flows_have_a_plausible_size() -> None:
    """Region: 50 to 140 thousand first moves a year since 1990, about one in 3000 inhabitants in 2025, led by youth."""
    yearly = base().labour_outflow[..., :START].sum(axis=(0, 1, 2))
    assert (yearly > 50_000).all()
    assert (yearly < 140_000).all()
    per_head = yearly[-1] / base().population[..., START].sum()
    assert 1 / 6000 < per_head < 1 / 1500
    flow = base().labour_outflow[..., START].sum(axis=(0, 1))
    assert 18 <= np.argmax(flow) <= 28
    assert flow[:15].sum() / flow.sum() < 0.22


def test_the_corridor_table_of_the_page_is_current() -> None:
    page = (DATA.parent / "docs" / "migration.md").read_text(encoding="utf-8")
    assert with_table(page, corridor_rows(bases()[1], base()), "docs/migration.md") == page


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(InputError, match="markers"):
        with_table("no markers", [], "docs/migration.md")


def test_more_leavers_than_residents_is_one_message() -> None:
    with pytest.raises(InputError, match="more people leave"):
        project_region(*bases(), levers(outflow=2000.0))


def test_levers_for_other_corridors_are_refused() -> None:
    with pytest.raises(InputError, match="needed 56"):
        project_region(*bases(), MigrationLevers.neutral(55))


def test_the_same_input_gives_the_same_numbers() -> None:
    again = project_region(*bases(), MigrationLevers.neutral(56))
    assert np.array_equal(again.movers_abroad, base().movers_abroad)
    assert np.array_equal(again.population, base().population)


@cache
def refugees_join() -> DemographicProjection:
    """Three in ten refugees of working age become movers from 2030 to 2039."""
    share = 0.3 * np.clip((np.arange(2026, 2101) - 2029) / 10.0, 0.0, 1.0)
    return project_region(*bases(), replace(MigrationLevers.neutral(56), refugees_joined=share))


def test_levers_that_are_off_change_no_bit() -> None:
    neutral = MigrationLevers.neutral(56)
    again = project_region(*bases(), replace(neutral, women_towards_men=np.zeros(75), sex_multiplier=np.ones((2, 75)), refugees_joined=np.zeros(75)))
    assert not again.joined_abroad.any()
    for name in ("population", "labour_outflow", "movers_abroad", "movers_home", "refugees", "intra_regional", "births"):
        assert np.array_equal(getattr(again, name), getattr(base(), name)), name


def test_refugees_who_join_change_no_population() -> None:
    """Only what people are called differs, in every year: a mover more in the host is a refugee less."""
    b, d = base(), refugees_join()
    first = year_index(2030)
    assert not d.joined_abroad[..., :first].any()
    assert d.joined_abroad[..., first].sum() > 0
    for name in ("population", "labour_outflow", "intra_regional", "births"):
        assert np.array_equal(getattr(d, name), getattr(b, name)), name
    came, gone = d.movers_abroad - b.movers_abroad, b.refugees - d.refugees
    assert np.allclose(came[..., first + 1], one_year_older(d.joined_abroad[..., first]), rtol=1e-9, atol=1e-6)
    # At the oldest ages those who joined can outlive a stock of refugees that thins out with age.
    assert np.allclose(np.minimum(came, b.refugees), gone, rtol=1e-9, atol=1e-6)
    assert np.allclose(came[:, :, :60], gone[:, :, :60], rtol=1e-9, atol=1e-6)


def test_refugees_who_joined_return_as_movers_do() -> None:
    """Stock abroad and at home balance with survivors, joiners and net returns; what the host loses the origin gains."""
    b, d = base(), refugees_join()
    origin, host = d.corridors.T
    abroad, home = d.movers_abroad - b.movers_abroad, d.movers_home - b.movers_home
    older = np.moveaxis(one_year_older(np.moveaxis(d.survival[host] * abroad[..., :-1] + d.joined_abroad - d.joined_returning, 2, -1)), -1, 2)
    assert np.allclose(abroad[..., 1:], older, rtol=1e-7, atol=1e-5)
    older = np.moveaxis(one_year_older(np.moveaxis(d.survival[origin] * home[..., :-1] + d.joined_returning, 2, -1)), -1, 2)
    assert np.allclose(home[..., 1:], older, rtol=1e-7, atol=1e-5)
    assert home[..., -1].sum() > 1_000


def test_refugees_join_at_working_ages_up_to_the_share_and_go_on_joining() -> None:
    b, d = base(), refugees_join()
    assert not d.joined_abroad[:, :, :14].any()
    assert not d.joined_abroad[:, :, 59:].any()
    assert np.array_equal(d.refugees[:, :, :15], b.refugees[:, :, :15])
    at = year_index(2041)
    wanted = 0.7 * b.refugees[:, :, 15:60, at]
    assert (d.refugees[:, :, 15:60, at] <= wanted * (1.0 + 1e-9) + 1e-9).all()
    # Whoever turns 15 later joins as often: at 15 exactly the share is missing for good.
    assert np.allclose(d.refugees[:, :, 15, at:], 0.7 * b.refugees[:, :, 15, at:], rtol=1e-9)
    assert d.joined_abroad[:, :, 14, -1].sum() > 0


def test_a_share_of_refugees_moves_in_proportion() -> None:
    half = project_region(*bases(), replace(MigrationLevers.neutral(56), refugees_joined=np.full(75, 0.15)))
    full = project_region(*bases(), replace(MigrationLevers.neutral(56), refugees_joined=np.full(75, 0.30)))
    assert np.allclose(full.joined_abroad, 2.0 * half.joined_abroad, rtol=1e-9, atol=1e-9)


@given(male=st.floats(0.0, 5.0, allow_subnormal=False), female=st.floats(0.0, 5.0, allow_subnormal=False))
@settings(max_examples=5, deadline=None)
def test_outflow_by_sex_scales_the_flow_of_each_sex(male: float, female: float) -> None:
    multiplier = np.ones((2, 75)) * np.array([[male], [female]])
    d = project_region(*bases(), replace(levers(outflow=0.2), sex_multiplier=multiplier))
    for sex, factor in enumerate((male, female)):
        assert np.allclose(d.labour_outflow[:, sex, :, START:], 0.2 * factor * base().labour_outflow[:, sex, :, START:], rtol=1e-9)
    assert np.array_equal(d.labour_outflow[..., :START], base().labour_outflow[..., :START])


def test_women_come_to_move_as_men_do_and_never_less_than_before() -> None:
    d = project_region(*bases(), replace(MigrationLevers.neutral(56), women_towards_men=np.ones(75)))
    b, recent = base(), base().estimate.recent_propensity
    factor = np.divide(np.maximum(recent[:, 0], recent[:, 1]), recent[:, 1], out=np.ones(56), where=recent[:, 1] > 0)
    assert factor.max() > 1.0 and (factor == 1.0).any()
    known = recent[:, 1] > 0
    grown = b.labour_outflow[known, 1, :, START:] * factor[known, None, None]
    assert np.allclose(d.labour_outflow[known, 1, :, START:], grown, rtol=1e-9)
    assert np.array_equal(d.labour_outflow[:, 0], b.labour_outflow[:, 0])


def test_wrong_levers_by_year_are_refused() -> None:
    neutral = MigrationLevers.neutral(56)
    for name, values, words in (
        ("refugees_joined", np.full(75, 1.5), "found 1.5 to 1.5, allowed is 0 to 1"),
        ("women_towards_men", np.full(75, -0.1), "allowed is 0 to 1"),
        ("sex_multiplier", np.ones((3, 75)), "shape"),
        ("sex_multiplier", np.full((2, 75), np.nan), "allowed is 0 to inf"),
    ):
        with pytest.raises(InputError, match=words):
            replace(neutral, **{name: values})
