"""Flows of one corridor in both cases: what causes them, where they are paid, and what each lever does to them."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array, year_index
from actuarial.basis.instrument import PROVISIONS, Instrument, load_instrument
from actuarial.basis.instrument_provisions import BranchCover, BranchName
from actuarial.careers.movers import CorridorInputs
from actuarial.feasibility.corridor import FLOW_NAMES, OUTGO_NAMES, PENSION_PARTS, Flows, SideCost, outgo
from actuarial.feasibility.engine import CorridorResult, PreparedRegion, corridor_inputs, evaluate_corridor
from actuarial.feasibility.terms import take_up
from tests.feasibility.conftest import CORRIDORS, SCENARIOS

START = year_index(FIRST_YEAR)
ENTRY = 2028 - FIRST_YEAR
PENSIONS, PENSION_TO_ACCOUNT, ACCOUNTS = (CORRIDORS.index(name) for name in ("BDI-TZA", "RWA-UGA", "UGA-KEN"))
MEN = 0
HOME, ABROAD = 0, 1
"""Places of the origin's scheme: BDI-inss, which pays nobody in Tanzania by national law; TZA-nssf pays everywhere."""


def covering(instrument: Instrument, *branches: BranchName) -> Instrument:
    cover = {branch: BranchCover(from_year=2028) for branch in branches}
    return instrument.model_copy(update={"scope": instrument.scope.model_copy(update={"branches": cover})})


def levers(prepared: PreparedRegion, **changed: Any) -> PreparedRegion:
    payment = prepared.scenario.payment.model_copy(update=changed)
    return replace(prepared, scenario=prepared.scenario.model_copy(update={"payment": payment}))


def under(prepared: PreparedRegion, state: str, **law: Any) -> PreparedRegion:
    """The region with another law of one state's scheme in all years; its insured at home stay as they are."""
    at = prepared.basis.countries.index(state)
    country = prepared.countries[at]
    other = replace(country, laws=tuple(replace(each, **law) for each in country.laws))
    return replace(prepared, countries=(*prepared.countries[:at], other, *prepared.countries[at + 1 :]))


def parts(flows: Flows, *stems: str) -> Array:
    total: Array = np.sum([flows[name] for name in PENSION_PARTS if name.startswith(stems) or name.endswith(stems)], axis=0)
    return total


def equal(one: Flows, other: Flows, *but: str) -> None:
    for name in FLOW_NAMES:
        if name not in but:
            np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@pytest.fixture(scope="module")
def treaties(instrument: Instrument) -> dict[str, Instrument]:
    return {
        "whole": instrument,
        "nothing": instrument.without(*PROVISIONS),
        "export alone": instrument.without(*(name for name in PROVISIONS if name != "export")),
        "no export": instrument.without("export"),
        "no totalisation": instrument.without("totalisation"),
        "no amount rule": instrument.without("amount"),
        "old age alone": covering(instrument, "old_age"),
        "refunds open": instrument.without("refunds"),
        "direct": load_instrument("direct-method", SCENARIOS),
        "pro rata": load_instrument("pro-rata-only", SCENARIOS),
        "members elsewhere": instrument.model_copy(update={"members": ("KEN", "UGA")}),
    }


Priced = dict[str, CorridorResult]


def price(prepared: PreparedRegion, k: int, treaties: dict[str, Instrument], inputs: CorridorInputs | None = None) -> Priced:
    return dict(zip(treaties, evaluate_corridor(prepared, list(treaties.values()), k, MEN, inputs), strict=True))


@pytest.fixture(scope="module")
def pensions(prepared: PreparedRegion, treaties: dict[str, Instrument]) -> Priced:
    """Men from Burundi to Tanzania, two pension schemes."""
    return price(prepared, PENSIONS, treaties)


@pytest.fixture(scope="module")
def others(prepared: PreparedRegion, treaties: dict[str, Instrument]) -> list[Priced]:
    """Men of corridors with an account scheme at one end or both."""
    return [price(prepared, k, treaties) for k in (PENSION_TO_ACCOUNT, ACCOUNTS)]


def sides(found: Priced) -> list[tuple[str, int, SideCost]]:
    return [(name, i, cost) for name, result in found.items() for i, cost in enumerate(result.sides)]


def test_causes_add_up_to_the_pensions_paid(pensions: Priced, others: list[Priced]) -> None:
    for found in (pensions, *others):
        for _, _, cost in sides(found):
            for flows in (cost.without, cost.with_instrument):
                np.testing.assert_allclose(flows["pensions"], parts(flows, ""), rtol=1e-12)
                assert set(flows) == set(FLOW_NAMES) and set(OUTGO_NAMES) <= set(FLOW_NAMES)
                np.testing.assert_allclose(outgo(flows), np.sum([flows[name] for name in OUTGO_NAMES], axis=0), rtol=1e-12)
            for name in ("pensions_by_totalisation", "invalidity_by_totalisation", "survivors_by_totalisation", "pensions_topped",
                         "invalidity_topped", "survivors_topped", "pensions_resumed", "pensions_unpaid", "by_totalisation"):  # fmt: skip
                assert not cost.without[name].any(), f"{name} is the instrument's"


def test_without_any_provision_and_for_states_outside_nothing_changes(pensions: Priced, others: list[Priced]) -> None:
    for found in (pensions, *others):
        for name in ("nothing", *(("members elsewhere",) if found is not others[1] else ())):
            for cost in found[name].sides:
                equal(cost.with_instrument, cost.without)
                np.testing.assert_array_equal(cost.balances["with"], cost.balances["without"])
                assert not cost.posted_earnings.any() and not cost.posted_contributions.any()


def test_nothing_changes_before_entry_into_force(pensions: Priced, others: list[Priced]) -> None:
    for found in (pensions, *others):
        for name, _, cost in sides(found):
            for flow in FLOW_NAMES:
                np.testing.assert_array_equal(cost.with_instrument[flow][:, :ENTRY], cost.without[flow][:, :ENTRY], err_msg=f"{name}, {flow}")


def test_instruments_priced_together_are_priced_as_each_alone(
    prepared: PreparedRegion, treaties: dict[str, Instrument], pensions: Priced
) -> None:
    """What instruments share is computed once: sharing must not mix them up."""
    for name in ("pro rata", "old age alone"):
        (alone,) = evaluate_corridor(prepared, [treaties[name]], PENSIONS, MEN)
        for i in (0, 1):
            for flow in FLOW_NAMES:
                np.testing.assert_allclose(
                    pensions[name].sides[i].with_instrument[flow], alone.sides[i].with_instrument[flow], rtol=1e-12, err_msg=f"{name}, {flow}"
                )


def test_the_case_without_is_the_same_under_every_instrument(pensions: Priced, others: list[Priced]) -> None:
    for found in (pensions, *others):
        for result in found.values():
            for i in (0, 1):
                equal(result.sides[i].without, found["whole"].sides[i].without)
                for name in ("exposure", "earnings", "contributions"):
                    np.testing.assert_array_equal(getattr(result.sides[i], name), getattr(found["whole"].sides[i], name))


# Where pensions are paid.


def test_pensions_abroad_resume_only_with_export_and_only_where_national_law_pays_none(pensions: Priced, treaties: dict[str, Instrument]) -> None:
    for name, i, cost in sides(pensions):
        resumed = cost.with_instrument["pensions_resumed"]
        exported = i == 0 and treaties[name].provisions.export and name not in ("nothing", "members elsewhere")
        assert bool(resumed.any()) == exported
        assert not resumed[i].any() and not resumed[:, :ENTRY].any() and resumed.min() >= 0.0
        if exported:
            assert np.all(resumed[ABROAD, ENTRY : ENTRY + 10] > 0.0)
    # Awards of the past die out.
    resumed = pensions["export alone"].sides[0].with_instrument["pensions_resumed"].sum(axis=0)
    assert resumed[-1] < 1e-3 * resumed.max()


def owed(flows: Flows) -> Array:
    """On own periods, wherever it is paid and whether or not."""
    total: Array = flows["pensions_own"] + flows["invalidity_own"] + flows["survivors_own"] + flows["pensions_suspended"]
    return total


def test_what_is_suspended_and_what_is_paid_is_what_is_owed(pensions: Priced, prepared: PreparedRegion, treaties: dict[str, Instrument]) -> None:
    """Export pays what was suspended and changes nothing of what is owed; where the law pays everywhere nothing is suspended."""
    home, host = pensions["export alone"].sides
    np.testing.assert_allclose(owed(home.with_instrument), owed(home.without), rtol=1e-12)
    assert home.without["pensions_suspended"][ABROAD].min() > 0.0 and not home.without["pensions_suspended"][HOME].any()
    assert not host.without["pensions_suspended"].any()
    share = take_up(treaties["whole"])
    np.testing.assert_allclose(home.with_instrument["pensions_suspended"], home.without["pensions_suspended"] * (1.0 - share), rtol=1e-12)
    everywhere = price(under(prepared, "BDI", export_without_instrument=True), PENSIONS, {"nothing": treaties["nothing"]})["nothing"].sides[0]
    assert not everywhere.without["pensions_suspended"].any()
    np.testing.assert_allclose(owed(everywhere.without), owed(home.without), rtol=1e-12)
    paid = np.sum([everywhere.without[f"{kind}_own"] for kind in ("pensions", "invalidity", "survivors")], axis=0)
    np.testing.assert_allclose(paid, owed(home.without), rtol=1e-12)


def test_export_alone_adds_nothing_but_what_was_suspended_and_resumes(pensions: Priced) -> None:
    cost = pensions["export alone"].sides[0]
    more = cost.with_instrument["pensions"] - cost.without["pensions"]
    less = cost.without["pensions_suspended"] - cost.with_instrument["pensions_suspended"]
    np.testing.assert_allclose(more, less + cost.with_instrument["pensions_resumed"], rtol=1e-9, atol=1e-6)
    for name in ("lump_sums", "refunds", "by_totalisation", "insured_at_award"):
        np.testing.assert_array_equal(cost.with_instrument[name], cost.without[name])


def test_without_export_nothing_more_is_paid_where_national_law_pays_none(pensions: Priced) -> None:
    flows, alone = pensions["no export"].sides[0].with_instrument, pensions["no export"].sides[0].without
    for name in PENSION_PARTS:
        np.testing.assert_array_equal(flows[name][ABROAD], alone[name][ABROAD], err_msg=name)
    assert flows["pensions_by_totalisation"][HOME].any()
    # Whoever comes home is paid there what was not paid abroad.
    assert alone["pensions_own"][HOME].any()


# Coordinated pensions.


def test_the_amount_rule_decides_on_amounts_and_not_on_rights(pensions: Priced) -> None:
    for i in (0, 1):
        whole, direct, pro_rata = (pensions[name].sides[i].with_instrument for name in ("whole", "direct", "pro rata"))
        for name in ("by_totalisation", "new_pensions", "pensioners", "invalids", "survivors", "new_invalidity", "deaths_with_right"):
            np.testing.assert_allclose(whole[name], direct[name], rtol=1e-12, err_msg=name)
            np.testing.assert_allclose(whole[name], pro_rata[name], rtol=1e-12, err_msg=name)
        assert not parts(direct, "_topped").any()
        assert whole["pensions_topped"].min() >= 0.0 and whole["invalidity_topped"].min() >= 0.0
        for name in ("pensions_by_totalisation", "survivors_by_totalisation", "invalidity_by_totalisation"):
            np.testing.assert_allclose(whole[name], pro_rata[name], rtol=1e-12)
        assert np.all(parts(pro_rata, "_topped") <= parts(whole, "_topped"))


def test_neither_without_totalisation_nor_without_an_amount_rule_is_anything_coordinated(pensions: Priced) -> None:
    for name in ("no totalisation", "no amount rule", "export alone"):
        for cost in pensions[name].sides:
            assert not parts(cost.with_instrument, "_by_totalisation", "_topped").any()
            assert not cost.with_instrument["by_totalisation"].any()


def test_an_instrument_on_old_age_alone_changes_nothing_in_the_other_branches(pensions: Priced) -> None:
    """No survivors' pension after a pension by totalisation either: the branch of survivors is the one that pays it."""
    for i in (0, 1):
        # Service kept by refunds that are not paid counts in every branch: the scheme that pays refunds is compared with the whole instrument.
        cost, whole = pensions["old age alone"].sides[i], pensions["whole"].sides[i].with_instrument
        flows = cost.with_instrument
        for name in ("invalidity_by_totalisation", "invalidity_topped", "survivors_by_totalisation", "survivors_topped"):
            assert not flows[name].any()
            assert whole[name].any() or name.endswith("topped")
        for name in ("pensions_by_totalisation", "pensions_topped", "pensions_own", "by_totalisation", "commutations"):
            np.testing.assert_array_equal(flows[name], whole[name], err_msg=name)
    cost = pensions["old age alone"].sides[0]
    for name in ("invalidity_own", "survivors_own", "invalids", "survivors", "new_invalidity", "deaths_with_right", "death_grants"):
        np.testing.assert_allclose(cost.with_instrument[name], cost.without[name], rtol=1e-12, err_msg=name)


def test_equality_of_treatment_holds_for_the_branches_of_the_instrument(prepared: PreparedRegion, treaties: dict[str, Instrument]) -> None:
    region = under(prepared, "TZA", foreigners_rights_share=0.5)
    found = price(region, PENSIONS, {name: treaties[name].without("totalisation", "refunds") for name in ("whole", "old age alone")})
    cost = found["whole"].sides[1]
    assert cost.with_instrument["invalidity_own"][1, ENTRY + 5] > 1.2 * cost.without["invalidity_own"][1, ENTRY + 5]
    cost = found["old age alone"].sides[1]
    assert cost.with_instrument["pensions_own"][1, ENTRY + 5] > cost.without["pensions_own"][1, ENTRY + 5]
    for name in ("invalidity_own", "invalids", "new_invalidity", "deaths_with_right"):
        np.testing.assert_array_equal(cost.with_instrument[name], cost.without[name], err_msg=name)


def test_more_claims_pay_more_in_proportion_until_everybody_claims(
    prepared: PreparedRegion, treaties: dict[str, Instrument], pensions: Priced
) -> None:
    treaty = {"no export": treaties["no export"]}
    half, every = (price(levers(prepared, take_up_factor=f), PENSIONS, treaty)["no export"].sides for f in (0.5, 100.0))
    one = pensions["no export"].sides
    for i in (0, 1):
        for name in ("pensions_by_totalisation", "pensions_topped", "invalidity_by_totalisation", "survivors_by_totalisation", "by_totalisation"):
            np.testing.assert_allclose(half[i].with_instrument[name], 0.5 * one[i].with_instrument[name], rtol=1e-9, atol=1e-9)
            assert np.all(every[i].with_instrument[name] >= one[i].with_instrument[name])
        most, curve = (side[i].with_instrument["by_totalisation"][:, ENTRY + 15 :] for side in (every, one))
        np.testing.assert_allclose(0.85 * most, curve, rtol=1e-9)


# Levers on payment.


def test_a_scheme_that_pays_nothing_abroad_under_the_instrument_pays_there_what_national_law_pays(
    prepared: PreparedRegion, treaties: dict[str, Instrument], pensions: Priced
) -> None:
    for state, i in (("BDI", 0), ("TZA", 1)):
        away, paying = 1 - i, pensions["whole"].sides[i].with_instrument
        full, half = (price(levers(prepared, non_payment={state: s}), PENSIONS, {"whole": treaties["whole"]})["whole"].sides for s in (1.0, 0.5))
        flows = full[i].with_instrument
        # Service kept by refunds that are not paid gives more own pensions: the world to compare with is the one without coordination.
        alone = pensions["no totalisation"].sides[i]
        base = alone.without if i == 0 else alone.with_instrument
        for name in ("pensions", "commutations", *PENSION_PARTS):
            np.testing.assert_array_equal(flows[name][away], base[name][away], err_msg=name)
            if name not in ("pensions_own", "invalidity_own", "survivors_own", "pensions"):
                np.testing.assert_allclose(half[i].with_instrument[name], 0.5 * (flows[name] + paying[name]), rtol=1e-9, atol=1e-6, err_msg=name)
            np.testing.assert_array_equal(flows[name][i], paying[name][i], err_msg=name)
        missing = paying["pensions"] + paying["commutations"] - flows["pensions"] - flows["commutations"]
        np.testing.assert_array_equal(flows["pensions_unpaid"], missing)
        np.testing.assert_allclose(missing[i], 0.0, atol=1e-12 * paying["pensions"].max())
        assert missing[away, ENTRY:].min() > 0.0
        np.testing.assert_allclose(half[i].with_instrument["pensions_unpaid"], 0.5 * missing, rtol=1e-9, atol=1e-12 * paying["pensions"].max())
        equal(full[1 - i].with_instrument, pensions["whole"].sides[1 - i].with_instrument)
        equal(full[i].without, pensions["whole"].sides[i].without)


def test_a_lag_moves_part_of_the_award_years_payments_by_one_year_and_loses_none(
    prepared: PreparedRegion, treaties: dict[str, Instrument], pensions: Priced
) -> None:
    """Awards are spread over the year: of a lag of L years L squared of the award year's payments (half a year each) fall into the next."""
    treaty, late = {"whole": treaties["whole"]}, {}
    for lag in (0.5, 1.0):
        found = price(levers(prepared, processing_lag_years=lag), PENSIONS, treaty)["whole"]
        for i in (0, 1):
            flows, prompt = found.sides[i].with_instrument, pensions["whole"].sides[i].with_instrument
            moved = np.cumsum(prompt["pensions"] - flows["pensions"], axis=1)
            late[i, lag] = moved
            np.testing.assert_allclose(flows["pensions"][:, 1:], prompt["pensions"][:, 1:] - np.diff(moved, axis=1), rtol=1e-12)
            changed = ("pensions", "pensions_by_totalisation", "pensions_topped")
            equal(flows, prompt, *changed)
            # What is late is half a year of all that totalisation adds to this year's awards; at the end of the horizon it is still due.
            apart = pensions["no totalisation"].sides[i].with_instrument
            added = prompt["pension_awarded"] - apart["pension_awarded"]
            if i == 0:  # refunds, which the instrument ends, are no part of the origin's law
                np.testing.assert_allclose(moved, 0.5 * lag**2 * added, rtol=1e-6, atol=1e-6 * added.max())
            assert moved.min() >= -1e-9 * moved.max() and moved.max() > 0.0
    for i in (0, 1):
        np.testing.assert_allclose(late[i, 0.5], 0.25 * late[i, 1.0], rtol=1e-6, atol=1e-6 * late[i, 1.0].max())


# People.


def test_twice_the_movers_cost_twice_as_much(prepared: PreparedRegion, treaties: dict[str, Instrument], pensions: Priced) -> None:
    inputs = corridor_inputs(prepared, PENSIONS, MEN)
    doubled = replace(inputs, **{name: 2.0 * getattr(inputs, name) for name in ("first_movers", "abroad", "at_home", "joiners_abroad")})
    found = price(prepared, PENSIONS, {"whole": treaties["whole"]}, doubled)["whole"]
    for i in (0, 1):
        one, two = pensions["whole"].sides[i], found.sides[i]
        for case in ("without", "with_instrument"):
            for name in FLOW_NAMES:
                np.testing.assert_allclose(getattr(two, case)[name], 2.0 * getattr(one, case)[name], rtol=1e-9, atol=1e-9, err_msg=name)
        for field in fields(SideCost):
            if field.name in ("exposure", "earnings", "contributions"):
                np.testing.assert_allclose(getattr(two, field.name), 2.0 * getattr(one, field.name), rtol=1e-9)


def test_nobody_has_survivors_where_no_streams_are_paid(prepared: PreparedRegion, treaties: dict[str, Instrument], pensions: Priced) -> None:
    found = price(replace(prepared, streams={}), PENSIONS, {"whole": treaties["whole"]})["whole"]
    for i in (0, 1):
        for flows, before in ((found.sides[i].without, pensions["whole"].sides[i].without),
                              (found.sides[i].with_instrument, pensions["whole"].sides[i].with_instrument)):  # fmt: skip
            assert not parts(flows, "survivors").any() and not flows["survivors"].any()
            assert parts(before, "survivors").any()
            equal(flows, before, *(name for name in PENSION_PARTS if name.startswith("survivors")), "survivors", "pensions", "lump_sums",
                  "pensions_suspended", "pensions_unpaid")  # fmt: skip


def test_pensions_paid_are_the_awards_of_all_years_before_followed_by_hand(prepared: PreparedRegion, pensions: Priced) -> None:
    """Old-age pensions of Burundi without the instrument, person by person of each award year, at home and in Tanzania."""
    d, at = prepared.demography, [prepared.basis.countries.index(state) for state in ("BDI", "TZA")]
    law, country = prepared.countries[at[0]].law, prepared.countries[at[0]]
    age = law.pension_age[MEN] - 1
    survival = d.survival[at, MEN]
    move = (d.remigration_rate[PENSIONS, MEN], d.return_rate[PENSIONS, MEN])
    flows = pensions["export alone"].sides[0]
    # Awards by place: at home they are in the flows, abroad they are what the law would pay if it paid everywhere.
    (open_,) = evaluate_corridor(under(prepared, "BDI", export_without_instrument=True), [load_instrument("eac-directive", SCENARIOS)], PENSIONS, MEN)
    awarded, new = open_.sides[0].without["pension_awarded"], open_.sides[0].without["new_pensions"]
    paid, people = np.zeros((2, HORIZON)), np.zeros((2, HORIZON))
    for t in range(HORIZON):
        for place in (0, 1):
            alive, level = {place: 1.0, 1 - place: 0.0}, 1.0
            for u in range(t, HORIZON):
                y, x = START + u, min(age + u - t, 100)
                price_share, wage_share = country.laws[y].price_share, country.laws[y].wage_share
                level *= 1.0 if u == t else 1.0 + price_share * country.inputs.inflation[y] + wage_share * country.inputs.wage_growth[y]
                after = {0: 0.0, 1: 0.0}
                for b in (0, 1):
                    s = survival[b, x, y]
                    if u == t:
                        paid[b, u] += awarded[place, t] * 0.5 * alive[b]
                        s = s / (1.0 - 0.5 * (1.0 - s))
                    else:
                        paid[b, u] += awarded[place, t] * level * alive[b] * 0.5 * (1.0 + s)
                    m = move[b][x, y]
                    after[b] += alive[b] * s * (1.0 - m)
                    after[1 - b] += alive[b] * s * m
                alive = after
                for b in (0, 1):
                    people[b, u] += new[place, t] * alive[b]
    np.testing.assert_allclose(flows.without["pensions_own"][HOME], paid[HOME], rtol=1e-9)
    np.testing.assert_allclose(open_.sides[0].without["pensions_own"], paid, rtol=1e-9)
    np.testing.assert_allclose(open_.sides[0].without["pensioners"], people, rtol=1e-9)
