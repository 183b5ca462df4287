"""Invalidity and death before pension age: what the functionals of a corridor give, cell by cell, and the same for those who never moved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np
import pytest

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, WORK_AGE_COUNT, YEAR_COUNT, Array, year_index
from actuarial.basis.instrument import Instrument
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.careers.events import DEATH, INVALIDITY, EventOutput, age_bands
from actuarial.careers.lattice import LatticeOutput, LatticeState, SideRates, advance, own_invalidity
from actuarial.careers.movers import CorridorStart, start_corridor
from actuarial.feasibility.corridor import event_rules
from actuarial.feasibility.engine import PreparedRegion, corridor_inputs, evaluate_corridor
from actuarial.feasibility.events import CorridorEvents, Counting, EventAwards, lifts, stayer_awards_on_events
from actuarial.feasibility.pension_factors import BAND_AGE, BANDS
from actuarial.provisions.coordination import NATIONAL_LAW, AwardRules
from actuarial.provisions.event_awards import EventShares, death_shares, has_pensions, invalidity_shares
from tests.feasibility.conftest import CORRIDORS

START = year_index(FIRST_YEAR)
SPAN = 3
"""Years that are summed cell by cell."""
K = CORRIDORS.index("BDI-TZA")
PARTS = ("people", "own", "vested_people", "vested", "topped", "lump_own", "lump_left")


@pytest.fixture(scope="module")
def counting(prepared: PreparedRegion, instrument: Instrument) -> Counting:
    rules = event_rules(instrument, prepared.countries[prepared.basis.countries.index("TZA")])
    assert rules is not None
    return rules


@pytest.fixture(scope="module", params=[0, 1], ids=["men", "women"])
def sex(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def start(prepared: PreparedRegion, sex: int) -> CorridorStart:
    found = start_corridor(corridor_inputs(prepared, K, sex))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def rates(prepared: PreparedRegion, sex: int) -> tuple[SideRates, SideRates]:
    home, host = (prepared.countries[prepared.basis.countries.index(state)] for state in ("BDI", "TZA"))
    return home.side(sex, WORK_AGE_COUNT, YEAR_COUNT, True), host.side(sex, WORK_AGE_COUNT, YEAR_COUNT, False)


@pytest.fixture(scope="module")
def events(prepared: PreparedRegion, counting: Counting, sex: int) -> CorridorEvents:
    home, host = (prepared.countries[prepared.basis.countries.index(state)] for state in ("BDI", "TZA"))
    return CorridorEvents((home, host), sex, ([counting], [counting]))


@pytest.fixture(scope="module")
def run_of_three_years(start: CorridorStart, rates: tuple[SideRates, SideRates], events: CorridorEvents) -> tuple[LatticeOutput, list[LatticeState]]:
    """The lattice with the functionals, and the cells at 1 January of each year."""
    tables = events.tables
    assert tables is not None
    out = advance(start.state.copy(), *rates, start.moves, START, START + SPAN, replace(tables, version=tables.version[:, :SPAN]))
    states, state = [], start.state.copy()
    for t in range(SPAN):
        states.append(state.copy())
        advance(state, *rates, start.moves, START + t, START + t + 1)
    return out, states


def to_horizon(found: EventOutput) -> EventOutput:
    """With empty years after those that were run."""
    people, amount = (np.pad(values, ((0, 0), (0, HORIZON - SPAN), (0, 0), (0, 0))) for values in (found.people, found.amount))
    return EventOutput(people, amount)


def around(shares: Callable[[Array], EventShares], own: Array, half_year: float) -> EventShares:
    """Mean of the shares half a step below and above: service in whole half-years stands for what lies around it."""
    below, above = (shares(np.where(own > 0.0, own + shift * half_year, 0.0)) for shift in (-0.5, 0.5))
    return EventShares(*(0.5 * (getattr(below, f.name) + getattr(above, f.name)) for f in fields(EventShares)))


def by_cells(
    prepared: PreparedRegion, start: CorridorStart, rates: tuple[SideRates, SideRates], state: LatticeState, t: int, sex: int, side: int, event: int,
    counting: Counting,
) -> dict[str, Array]:  # fmt: skip
    """People and amounts [band, residence] of one year, one status after the other."""
    countries = [prepared.countries[prepared.basis.countries.index(c)] for c in ("BDI", "TZA")]
    law, y, (rules, counts) = countries[side].laws[START + t], START + t, counting
    months = [c.months_per_credit(sex)[START + t] for c in countries]
    rows, bands = state.people.shape[0], age_bands()
    weight = np.where(np.arange(rows) < rates[side].award_row, 1.0, 0.5 * (np.arange(rows) == rates[side].award_row))
    found = {name: np.zeros((BANDS, 2)) for name in PARTS}
    home, host = np.indices(state.people.shape[2:]).astype(float)
    for status in range(4):
        place, covered = status // 2, status % 2 == 0
        q = start.moves.death[y, :, place]
        ill = start.moves.invalidity[y, :, place] if covered else np.zeros(rows)
        chance = weight * (ill if event == INVALIDITY else q * (1.0 - 0.5 * own_invalidity(ill, q)))
        credit = covered and place == side
        # Half a year for the cover at 1 January, in the scheme where the person is covered.
        h, k = (home + (covered and place == 0)) * months[0], (host + (covered and place == 1)) * months[1]
        own, other = (h, k) if side == 0 else (k, h)
        def shares(elsewhere: Array, under: AwardRules, own: Array = own, here: bool = place == side) -> EventShares:
            def at(served: Array) -> EventShares:
                if event == DEATH:
                    return death_shares(law, served, elsewhere, under)
                return invalidity_shares(law, served, elsewhere, 40.0, under, insured_here=here)

            return around(at, own, months[side])

        law_shares, alone = shares(other * counts, rules), shares(0.0 * other, NATIONAL_LAW)
        amount = (state.home_amount if side == 0 else state.host_amount)[:, status]
        for row in range(rows):
            if chance[row] == 0.0:
                continue
            n = chance[row] * state.people[row, status]
            x = chance[row] * amount[row] * rates[side].keep_mid[y, row, int(credit)] + n * rates[side].add_mid[y, row, int(credit)]
            sums = {"people": n * alone.own_people, "own": x * alone.own, "vested_people": n * law_shares.vested_people,
                    "vested": x * law_shares.vested, "topped": x * law_shares.topped, "lump_own": x * alone.lump_own,
                    "lump_left": x * law_shares.lump_left}  # fmt: skip
            for name, values in sums.items():
                found[name][bands[row], place] += values.sum()
    return found


@pytest.mark.parametrize("event", [INVALIDITY, DEATH], ids=["invalidity", "death"])
@pytest.mark.parametrize("side", [0, 1], ids=["origin", "host"])
def test_awards_on_events_are_sums_over_the_cells(
    prepared: PreparedRegion, start: CorridorStart, rates: tuple[SideRates, SideRates], events: CorridorEvents, counting: Counting, sex: int,
    run_of_three_years: tuple[LatticeOutput, list[LatticeState]], side: int, event: int,
) -> None:  # fmt: skip
    out, states = run_of_three_years
    assert out.events is not None
    padded = to_horizon(out.events)
    found, alone = events.awards(padded, side, event, counting), events.awards(padded, side, event, None)
    some = 0.0
    for t in range(SPAN):
        expected = by_cells(prepared, start, rates, states[t], t, sex, side, event, counting)
        for name in PARTS:
            value = getattr(found, name)[:, :, t]
            if event == INVALIDITY and name.startswith("lump"):
                assert not value.any(), "the projection pays no sum in lieu of an invalidity pension"
                continue
            np.testing.assert_allclose(value, expected[name], rtol=1e-9, atol=1e-9 * max(expected["own"].max(), 1.0), err_msg=f"{name}, {t}")
            some += np.abs(expected[name]).sum()
            if name in ("people", "own", "lump_own"):
                np.testing.assert_array_equal(getattr(alone, name)[:, :, t], value)
    assert some > 0.0
    for name in ("vested_people", "vested", "topped"):
        assert not getattr(alone, name).any()
    np.testing.assert_array_equal(alone.lump_left, alone.lump_own)


def test_rules_the_functionals_were_not_made_for_are_not_priced(events: CorridorEvents, counting: Counting,
                                                                run_of_three_years: tuple[LatticeOutput, list[LatticeState]]) -> None:  # fmt: skip
    out, _ = run_of_three_years
    assert out.events is not None
    with pytest.raises(KeyError):
        events.awards(to_horizon(out.events), 0, DEATH, (replace(counting[0], min_own_months=7), True))


# Those who never moved.


def of_stayers(prepared: PreparedRegion, state: str, sex: int) -> dict[int, EventAwards]:
    return stayer_awards_on_events(prepared.countries[prepared.basis.countries.index(state)], sex)


@pytest.mark.parametrize("state", ["BDI", "COD", "RWA", "TZA"])
def test_new_invalids_of_stayers_are_those_of_their_careers(prepared: PreparedRegion, state: str, sex: int) -> None:
    country = prepared.countries[prepared.basis.countries.index(state)]
    out, found = country.stayers[sex], of_stayers(prepared, state, sex)[INVALIDITY]
    people, amount = out.invalid_people[START:], out.invalid_amount(country.side(sex, out.people.shape[1], YEAR_COUNT, True))[START:]
    service = np.arange(people.shape[2])
    bands = age_bands()[: people.shape[1]]
    for t in (0, 1, 40, HORIZON - 1):
        law, half_year = country.laws[START + t], country.months_per_credit(sex)[START + t]

        def at(served: Array, law: SchemeLaw = law) -> EventShares:
            return invalidity_shares(law, served, 0.0, 40.0, NATIONAL_LAW, insured_here=True)

        shares = around(at, service * half_year, half_year)
        for band in range(BANDS):
            rows = bands == band
            assert found.people[band, 0, t] == pytest.approx(float((people[t, rows] * shares.own_people).sum()), rel=1e-9)
            assert found.own[band, 0, t] == pytest.approx(float((amount[t, rows] * shares.own).sum()), rel=1e-9)
    # The qualifying period is the only thing between a new invalid and a pension.
    assert np.all(found.people.sum(axis=(0, 1)) <= people.sum(axis=(1, 2)) * (1.0 + 1e-12))
    assert found.people.sum() > 0.5 * people.sum()


@pytest.mark.parametrize("state", ["BDI", "COD", "RWA", "TZA"])
def test_a_death_of_a_stayer_opens_a_pension_or_leaves_a_sum_or_neither(prepared: PreparedRegion, state: str, sex: int) -> None:
    country = prepared.countries[prepared.basis.countries.index(state)]
    found, law = of_stayers(prepared, state, sex)[DEATH], country.law
    assert law.survivors is not None
    assert found.own.min() >= 0.0 and found.lump_own.min() >= 0.0
    np.testing.assert_array_equal(found.lump_left, found.lump_own)
    # Nobody below 30 has fifteen years of insurance, so their families get sums alone.
    assert law.survivors.minimum_months == 180 and not found.people[0].any() and found.lump_own[0].min() > 0.0
    assert found.people[-1].min() > 0.0


def test_schemes_without_such_pensions_award_none(prepared: PreparedRegion, sex: int) -> None:
    for state in ("KEN", "UGA", "SSD", "SOM"):
        country = prepared.countries[prepared.basis.countries.index(state)]
        assert not has_pensions(country.law, "invalidity") and not has_pensions(country.law, "death")
        for awards in of_stayers(prepared, state, sex).values():
            assert all(not getattr(awards, name).any() for name in PARTS)


@pytest.mark.parametrize("state", ["BDI", "COD", "RWA", "TZA"])
def test_minimum_pensions_lift_and_never_lower(prepared: PreparedRegion, state: str, sex: int) -> None:
    country = prepared.countries[prepared.basis.countries.index(state)]
    awards = of_stayers(prepared, state, sex)
    found = lifts(country, awards)
    bare = lifts(replace(country, laws=tuple(replace(law, minimum_pension=0.0) for law in country.laws)), awards)
    high = lifts(replace(country, laws=tuple(replace(law, minimum_pension=1e15) for law in country.laws)), awards)
    for event, name in ((INVALIDITY, "invalidity"), (DEATH, "death")):
        assert getattr(found, name).min() >= 1.0 - 1e-12
        np.testing.assert_allclose(getattr(bare, name), 1.0, rtol=1e-12)
        people, own = awards[event].people[:, 0], awards[event].own[:, 0]
        lifted = (getattr(high, name) * own)[people > 0.0] / people[people > 0.0]
        np.testing.assert_allclose(lifted, 1e15, rtol=1e-6)


def test_the_flows_count_the_new_invalids_and_deaths_of_the_functionals(prepared: PreparedRegion, instrument: Instrument) -> None:
    """Under an instrument that changes nothing of the lattice, those with a right in the flows are those of the functionals, claims apart."""
    apart = instrument.without("refunds", "totalisation")
    (result,) = evaluate_corridor(prepared, [apart], K, 0)
    for side in (0, 1):
        flows = result.sides[side].with_instrument
        np.testing.assert_allclose(flows["deaths_with_right"], result.sides[side].without["deaths_with_right"], rtol=1e-12)
        assert flows["deaths_with_right"].sum() > 0.0 and flows["new_invalidity"].sum() > 0.0
    # Burundi's law pays no invalidity pension in Tanzania: nobody has a new one there until export, and then those insured there have none either,
    # because the law asks for recent insurance at home.
    assert not result.sides[0].without["new_invalidity"][1].any() and not result.sides[0].with_instrument["new_invalidity"][1].any()


def test_ages_that_stand_for_bands_lie_in_them() -> None:
    assert [int(age_bands()[age - 15]) for age in BAND_AGE] == list(range(BANDS))
