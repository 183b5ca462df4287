"""Variants of an instrument side by side: each differs in one thing, on the same people, and the webs of treaties add up to the instrument."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from actuarial.basis.dimensions import FIRST_YEAR, year_index
from actuarial.basis.instrument import Instrument
from actuarial.feasibility.cashflow import case_flows, coordination_cost_parts
from actuarial.feasibility.compare import (
    FIGURES,
    REGION,
    comparison,
    is_reference,
    pairs_by_movers,
    scheme_bases,
    scheme_price,
    to_evaluate,
    variants,
)
from actuarial.feasibility.engine import RegionRun, evaluate
from actuarial.feasibility.result import StudyResult
from actuarial.feasibility.study import supported
from actuarial.finance.indicators import present_value

START = year_index(FIRST_YEAR)


@pytest.fixture(scope="module")
def table(run: RegionRun, instrument: Instrument) -> pd.DataFrame:
    found = variants(instrument)
    return comparison(run, found, evaluate(run, to_evaluate(found, instrument)))


def figures(table: pd.DataFrame, group: str, variant: str) -> pd.DataFrame:
    chosen = table[(table["group"] == group) & (table["variant"] == variant)]
    assert len(chosen) > 0
    return chosen.set_index("country")


def test_a_variant_differs_in_one_provision_or_in_take_up_and_can_be_projected(instrument: Instrument) -> None:
    for variant in variants(instrument):
        supported(variant.instrument)
        before, after = instrument.provisions.model_dump(), variant.instrument.provisions.model_dump()
        changed = [name for name in before if before[name] != after[name]]
        assert len(changed) + (variant.instrument.take_up != instrument.take_up) == (0 if is_reference(variant, instrument) else 1)
        assert variant.instrument.model_copy(update={"provisions": instrument.provisions, "take_up": instrument.take_up}) == instrument


def test_the_reference_is_the_net_cost_of_the_study(run: RegionRun, study: StudyResult, table: pd.DataFrame) -> None:
    own = figures(table, "instrument", run.instrument.id)
    for country, scheme in study.schemes.items():
        if country not in own.index:
            assert scheme.yearly["insurable_earnings"].sum() == 0.0
            continue
        published = scheme.indicators.set_index("indicator")
        np.testing.assert_allclose(own.loc[country, "net_cost_share"], published.loc["pv_net_cost_share_of_earnings", "with"], rtol=1e-9)
        np.testing.assert_allclose(own.loc[country, "net_cost_usd"] * scheme.exchange_rate_usd, published.loc["pv_net_cost", "with"], rtol=1e-9)
        np.testing.assert_allclose(own.loc[country, "payg_2050"], published.loc["payg_2050", "with"], rtol=1e-9)
        gains = scheme.gains[scheme.gains["year"] == 2050]
        np.testing.assert_allclose(own.loc[country, "newly_vested_2050"], gains["new_by_totalisation"].sum(), rtol=1e-9, atol=1e-9)
    differences = table.loc[table["reference"], [f"{name}_difference" for name in FIGURES]].to_numpy()
    assert np.abs(differences).max() == 0.0 and len(differences) >= 6


def test_extra_pensioners_are_all_types_with_minus_without(run: RegionRun, table: pd.DataFrame) -> None:
    own, t = figures(table, "instrument", run.instrument.id), 2050 - FIRST_YEAR
    for base in scheme_bases(run):
        without, with_ = case_flows(run, base.country)
        country, price = run.basis.countries[base.country], scheme_price(run, base.country)
        np.testing.assert_allclose(own.loc[country, "extra_pensioners_2050"], with_.pensioners[t] - without.pensioners[t], rtol=1e-6, atol=1e-6)
        scale = 1e-9 * np.abs(without.expenditure).max()
        np.testing.assert_allclose(without.expenditure + price.spent, with_.expenditure, rtol=1e-9, atol=scale)
        np.testing.assert_allclose(without.insurable_earnings + price.insured, with_.insurable_earnings, rtol=1e-9)


def test_the_region_is_the_sum_of_its_schemes(table: pd.DataFrame) -> None:
    columns = ["net_cost_usd", "administration_usd", "extra_pensioners_2050", "newly_vested_2050"]
    for _, part in table.groupby(["group", "variant"]):
        schemes = part[part["country"] != REGION]
        np.testing.assert_allclose(schemes[columns].sum(), part.loc[part["country"] == REGION, columns].iloc[0].astype(float), rtol=1e-9)


def test_who_is_newly_vested_depends_on_access_not_on_the_amount(table: pd.DataFrame) -> None:
    reference = figures(table, "amount rule", "higher_of")
    for method in ("pro_rata", "separate_first", "direct", "balance"):
        other = figures(table, "amount rule", method)
        np.testing.assert_allclose(other["newly_vested_2050"], reference["newly_vested_2050"], rtol=1e-12)
    assert figures(table, "amount rule", "none")["newly_vested_2050"].abs().max() == 0.0
    assert reference.loc[REGION, "newly_vested_2050"] > 0.0


def test_methods_stand_in_their_order(table: pd.DataFrame) -> None:
    """The higher of two amounts costs no less than either; ``balance`` is ``direct`` in a pension scheme."""
    cost = {m: figures(table, "amount rule", m)["net_cost_usd"] for m in ("pro_rata", "separate_first", "higher_of", "direct", "balance")}
    for lower in ("pro_rata", "separate_first"):
        assert (cost["higher_of"] - cost[lower] >= -1e-9 * cost["higher_of"].abs()).all()
    np.testing.assert_array_equal(cost["balance"], cost["direct"])


def test_conditions_of_access_move_the_newly_vested_the_right_way(table: pd.DataFrame) -> None:
    vested = {(g, v): figures(table, g, v)["newly_vested_2050"] for g, v in table[["group", "variant"]].drop_duplicates().itertuples(index=False)}
    assert (vested["shortest own period", "0"] >= vested["shortest own period", "12"]).all()
    assert vested["shortest own period", "12"][REGION] > vested["shortest own period", "24"][REGION]
    assert vested["account schemes", "count"][REGION] > vested["account schemes", "cash"][REGION]
    assert vested["account schemes", "balance"][REGION] >= vested["account schemes", "count"][REGION]
    np.testing.assert_allclose(vested["take-up", "50%"] * 2.0, vested["take-up", "100%"], rtol=1e-9, atol=1e-12)


def test_refunds_left_open_are_paid_where_the_law_has_them(table: pd.DataFrame) -> None:
    blocked, left = (figures(table, "refunds", name) for name in ("blocked", "open"))
    assert blocked["reference"].all() and not left["reference"].any()
    assert (left["newly_vested_2050"] <= blocked["newly_vested_2050"] * (1.0 + 1e-12)).all()


def test_a_treaty_between_every_pair_is_the_instrument_with_more_liaison(run: RegionRun) -> None:
    pairs = frozenset(pair for pair, _ in pairs_by_movers(run))
    checked = 0
    for base in scheme_bases(run):
        whole, web = scheme_price(run, base.country), scheme_price(run, base.country, pairs)
        _, fixed = coordination_cost_parts(run, base.country)
        own = sum(base.country in pair for pair in pairs)
        np.testing.assert_allclose(web.net, whole.net + (own - 1) * fixed, rtol=1e-9, atol=1e-9 * np.abs(whole.net).max())
        np.testing.assert_array_equal(web.vested, whole.vested)
        checked += own > 1
    assert checked >= 1


def test_a_web_is_the_sum_of_its_treaties_and_silent_elsewhere(run: RegionRun) -> None:
    pairs = [pair for pair, _ in pairs_by_movers(run)]
    for base in scheme_bases(run):
        apart = [scheme_price(run, base.country, [pair]) for pair in pairs]
        together = scheme_price(run, base.country, frozenset(pairs))
        fields = ("net", "extra", "vested") if run.instrument.administration.share_of_coordinated_benefits == 0.0 else ("extra", "vested")
        for name in fields:
            np.testing.assert_allclose(sum(getattr(p, name) for p in apart), getattr(together, name), rtol=1e-9, atol=1e-6)
        for pair, price in zip(pairs, apart, strict=True):
            if base.country not in pair:
                assert not price.net.any() and not price.extra.any()


def test_pairs_stand_in_the_order_of_their_movers(run: RegionRun) -> None:
    ranked = pairs_by_movers(run)
    sizes = [movers for _, movers in ranked]
    assert sizes == sorted(sizes, reverse=True) and sizes[-1] > 0.0
    together = sum(float(run.demography.movers_abroad[k, :, 15:, START].sum()) for k in range(len(run.demography.corridors)))
    np.testing.assert_allclose(sum(sizes), together, rtol=1e-12)


def test_a_suspended_member_concludes_no_treaty(run: RegionRun, instrument: Instrument) -> None:
    out = run.basis.countries[min(pairs_by_movers(run)[0][0])]
    scope = instrument.scope.model_copy(update={"suspended": (out,)})
    [without] = evaluate(run, [instrument.model_copy(update={"scope": scope})])
    c = run.basis.countries.index(out)
    assert all(c not in pair for pair, _ in pairs_by_movers(without))
    assert not scheme_price(without, c).net.any()


def test_webs_name_their_pairs_and_are_worth_less_to_people_than_the_instrument(table: pd.DataFrame, run: RegionRun) -> None:
    part = table[(table["group"] == "bilateral web") & (table["country"] == REGION)]
    assert list(part["variant"]) == ["1 treaty", "3 treaties", f"{len(pairs_by_movers(run))} treaties"]
    vested = part["newly_vested_2050"].to_numpy()
    assert (np.diff(vested) >= -1e-9).all()
    np.testing.assert_allclose(vested[-1], figures(table, "instrument", run.instrument.id).loc[REGION, "newly_vested_2050"], rtol=1e-12)


def test_present_values_are_at_each_scheme_s_own_return(run: RegionRun) -> None:
    for base in scheme_bases(run):
        flow = np.linspace(1.0, 2.0, 75)
        expected = present_value(flow, run.countries[base.country].inputs.investment_return[START:])
        rate = float(run.basis.economy.exchange_rate[base.country, START - 1])
        assert base.value(flow) * rate == pytest.approx(expected, rel=1e-12)
