"""The microsimulation: its random numbers, its careers by hand, and its agreement with the lattice (actuarial-methods 6.3).

Philox-4x32-10: known answers of Random123's ``kat_vectors`` (Salmon et al., SC11), and a generic second implementation that reproduces NumPy's
Philox-4x64-10 and, with the other word size, the compiled one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.dimensions import WORK_AGE_COUNT, YEAR_COUNT
from actuarial.basis.instrument import PROVISIONS
from actuarial.careers.lattice import SideRates
from actuarial.careers.movers import CorridorInputs, CountryCover
from actuarial.feasibility.engine import RegionRun
from actuarial.feasibility.microsimulation import START, Careers, simulate
from actuarial.feasibility.microsimulation_check import verdict
from actuarial.feasibility.microsimulation_compare import (
    FEW,
    MAIN,
    chi_square,
    chi_square_probability,
    compare,
    compare_careers,
    disagreements,
    judged,
)
from actuarial.feasibility.microsimulation_gains import AGE_BANDS, distribution, microsimulate
from actuarial.feasibility.microsimulation_kernel import philox, uniforms
from actuarial.feasibility.microsimulation_outcomes import CorridorCase, corridor_case, outcomes

SEED, PERSONS = 2026, 50_000
ONES = 0xFFFFFFFF
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0), (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)),
]
CONSTANTS = {
    32: ((0xD2511F53, 0xCD9E8D57), (0x9E3779B9, 0xBB67AE85)),
    64: ((0xD2E7470EE14C6C93, 0xCA5A826395121157), (0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B)),
}


def generic_philox(bits: int, counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    """Ten rounds in integers of any size."""
    (m0, m1), (w0, w1) = CONSTANTS[bits]
    mask = (1 << bits) - 1
    c, k = list(counter), list(key)
    for _ in range(10):
        p0, p1 = m0 * c[0], m1 * c[2]
        c = [(p1 >> bits) ^ c[1] ^ k[0], p1 & mask, (p0 >> bits) ^ c[3] ^ k[1], p0 & mask]
        k = [(k[0] + w0) & mask, (k[1] + w1) & mask]
    return tuple(c)


def compiled(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(v) for v in philox(*(np.uint64(v) for v in (*counter, *key))))


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_philox_known_answers(counter: tuple[int, ...], key: tuple[int, ...], answer: tuple[int, ...]) -> None:
    assert compiled(counter, key) == answer


@given(counter=st.tuples(*[st.integers(0, 2**64 - 2)] * 4), key=st.tuples(*[st.integers(0, 2**64 - 1)] * 2))
@settings(max_examples=50, deadline=None)
def test_philox_is_numpys_in_another_word_size(counter: tuple[int, ...], key: tuple[int, ...]) -> None:
    # NumPy counts one up before it draws.
    generator = np.random.Philox(counter=np.array(counter, np.uint64), key=np.array(key, np.uint64))
    assert tuple(int(v) for v in generator.random_raw(4)) == generic_philox(64, (counter[0] + 1, *counter[1:]), key)
    small, short = tuple(c & ONES for c in counter), tuple(k & ONES for k in key)
    assert compiled(small, short) == generic_philox(32, small, short)


def test_uniform_numbers_are_uniform_and_unrelated() -> None:
    draw = np.array([[uniforms(p, t, 2, np.uint64(1), np.uint64(2)) for t in range(20)] for p in range(2000)]).reshape(2000, 80)
    assert draw.min() > 0.0 and draw.max() < 1.0
    assert abs(draw.mean() - 0.5) < 4 / np.sqrt(12 * draw.size)
    off = np.corrcoef(draw.T)[np.triu_indices(80, 1)]
    assert np.abs(off).max() < 5 / np.sqrt(2000) and abs((off**2).mean() * 2000 - 1.0) < 0.1


# --- a career by hand -------------------------------------------------------------------------------------------------------------------------


def hand_side(award_row: int, size: int, refund: float = 0.0) -> SideRates:
    """Amounts count years: one half for each half-year credited, kept for ever; a refund pays all."""
    years, rows = YEAR_COUNT, WORK_AGE_COUNT
    keep, add = np.ones((years, rows, 3)), np.zeros((years, rows, 3))
    keep_mid, add_mid = np.ones((years, rows, 2)), np.zeros((years, rows, 2))
    add[:, :, 1], add[:, :, 2], add_mid[:, :, 1] = 0.5, 1.0, 0.5
    for array, row in ((keep, award_row), (add, award_row), (keep_mid, award_row + 1), (add_mid, award_row + 1)):
        array[:, row:] = 0.0
    share = np.zeros((years, size))
    share[:, 1:] = refund
    return SideRates(keep, add, keep_mid, add_mid, share, np.ones((years, size)), award_row)


def hand_inputs(*, return_row: int, refund: float, survival: float = 1.0) -> CorridorInputs:
    """People turn 15 abroad at 1 January of the valuation year + 1, are insured as soon as possible and go home at the end of ``return_row``."""
    years, rows = YEAR_COUNT, WORK_AGE_COUNT
    zero, next_zero = np.zeros((years, rows)), np.zeros((years + 1, rows))
    home_row, host_row = 44, 39
    back, abroad = zero.copy(), next_zero.copy()
    back[:, return_row] = 1.0
    abroad[START + 1, 0] = 8.0

    def cover(award_row: int) -> CountryCover:
        size = 2 * (award_row + 1)
        people = np.zeros((years + 1, award_row + 1, 2, size))
        people[:, :, 1, 0] = 1.0
        return CountryCover(zero + survival, zero[:, : award_row + 1], zero[:, : award_row + 1] + 1.0, next_zero, people, people * 0.0)

    home, host = hand_side(home_row, 2 * (home_row + 1)), hand_side(host_row, 2 * (host_row + 1), refund)
    blocked = hand_side(host_row, 2 * (host_row + 1))
    return CorridorInputs(
        first_movers=zero, return_rate=back, remigration_rate=zero, abroad=abroad, at_home=next_zero, origin=cover(home_row), host=cover(host_row),
        coverage_factor=1.0, home_side=home, host_side=host, blocked_home_side=home, blocked_host_side=blocked, home_size=2 * (home_row + 1),
        host_size=2 * (host_row + 1), home_amount_factor=1.0, host_amount_factor=1.0,
    )  # fmt: skip


def test_a_career_by_hand() -> None:
    # Host: half a year at the end of age 15, whole years at 16-24, half a year at 25 = 20 half-years; refunded in the case without.
    # Home: not covered on return (nobody of that age is), then half a year at the end of age 26, 32 whole years, half a year in the award year 59.
    careers = simulate(hand_inputs(return_row=10, refund=1.0), 8, seed=1)
    assert careers is not None
    r = careers.records
    assert (r.award_year == [[START + 45, START + 40]]).all() and (r.award_place == 0).all()
    assert (r.award_service[:, 1, 1, 1] == 20).all() and (r.award_service[:, 0, 1, 1] == 0).all()
    np.testing.assert_allclose(r.award_amount[:, :, 1], [[0.0, 10.0]] * 8)
    np.testing.assert_allclose(r.refund[:, :, 1], [[10.0, 0.0]] * 8)
    assert (r.award_service[:, :, 0, 0] == 66).all()
    np.testing.assert_allclose(r.award_amount[:, :, 0], 33.0)
    assert (r.insured == [66, 20]).all() and (r.years_abroad == 21).all() and (r.migration_row == 0).all()
    assert (r.death_year == -1).all()
    assert careers.present[1, START + 1].tolist() == [8.0, 0.0] and careers.present[0, START + 12, 0] == 8.0


def test_nobody_survives_a_certain_death() -> None:
    careers = simulate(hand_inputs(return_row=10, refund=1.0, survival=0.0), 50, seed=1)
    assert careers is not None
    assert (careers.records.death_year == START + 1).all() and (careers.records.award_year == -1).all()


@pytest.mark.parametrize(("persons", "seed", "message"), [(0, 1, "persons: 0"), (10, -1, "seed: -1"), (10, 2**32, "is not a 32-bit number")])
def test_bad_requests_are_refused(persons: int, seed: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        simulate(hand_inputs(return_row=10, refund=0.0), persons, seed=seed)


def test_rates_outside_zero_and_one_are_refused() -> None:
    inputs = hand_inputs(return_row=10, refund=0.0)
    with pytest.raises(ValueError, match=r"leave lies outside 0\.\.1"):
        simulate(replace(inputs, return_rate=inputs.return_rate * 2.0), 10, seed=1)


# --- the shipped region -----------------------------------------------------------------------------------------------------------------------

Corridor = Callable[[str, int], CorridorCase]


@pytest.fixture(scope="module")
def corridor(run: RegionRun) -> Corridor:
    names = [f"{run.basis.countries[o]}-{run.basis.countries[h]}" for o, h in run.demography.corridors]
    return lambda name, sex: corridor_case(run, run.instrument, names.index(name), sex)


@pytest.mark.parametrize(("name", "sex"), [("BDI-TZA", 0), ("RWA-UGA", 1), ("UGA-KEN", 0)])
def test_the_lattice_agrees_with_simulated_persons(corridor: Corridor, name: str, sex: int) -> None:
    table = compare(corridor(name, sex), PERSONS, SEED)
    assert len(table) > 40
    assert disagreements(table).empty, disagreements(table).to_string()
    z = judged(table)["z"]
    assert 0.5 < np.sqrt((z**2).mean()) < 1.6


def test_a_wrong_rate_would_be_noticed(corridor: Corridor) -> None:
    case = corridor("UGA-KEN", 0)
    more_returns = replace(case.inputs, return_rate=case.inputs.return_rate * 1.3)
    less_cover = replace(case.inputs, coverage_factor=0.8 * case.inputs.coverage_factor)
    for inputs, name in ((more_returns, "people host 2050"), (less_cover, "person-years insured host")):
        wrong = replace(case, inputs=inputs).simulate(PERSONS, SEED)
        assert name in set(disagreements(compare_careers(case, wrong, outcomes(case, wrong)))["name"])


def same(a: Careers, b: Careers, count: int) -> None:
    for name in a.records._fields:
        np.testing.assert_array_equal(getattr(a.records, name)[:count], getattr(b.records, name)[:count])


def test_results_do_not_depend_on_threads_or_on_others(corridor: Corridor) -> None:
    case = corridor("BDI-TZA", 1)
    one, three, more = case.simulate(7000, SEED, workers=1), case.simulate(7000, SEED, workers=3), case.simulate(9000, SEED)
    same(one, three, 7000)
    same(one, more, 7000)
    for name in ("present", "covered", "held"):
        np.testing.assert_array_equal(getattr(one, name), getattr(three, name))
    assert (case.simulate(7000, SEED + 1).records.entry != one.records.entry).mean() > 0.9


def test_the_instrument_changes_books_and_not_lives(run: RegionRun, corridor: Corridor) -> None:
    case = corridor("BDI-TZA", 0)
    nothing = corridor_case(run, run.instrument.without(*PROVISIONS), case.stream // 2, 0)
    careers, idle = case.simulate(PERSONS, SEED), nothing.simulate(PERSONS, SEED)
    for name in ("entry", "award_year", "award_place", "insured", "years_abroad", "death_year", "claim"):
        np.testing.assert_array_equal(getattr(careers.records, name), getattr(idle.records, name))
    np.testing.assert_array_equal(careers.records.award_amount[:, 0], idle.records.award_amount[:, 0])
    paid = outcomes(nothing, idle)
    for name in ("entitled", "pension", "lump_sum", "value"):
        np.testing.assert_array_equal(getattr(paid, name)[0], getattr(paid, name)[1])
    assert (outcomes(case, careers).entitled[1] >= outcomes(case, careers).entitled[0]).all()


def test_a_changed_stock_of_past_movers_changes_weights(corridor: Corridor) -> None:
    case = corridor("BDI-TZA", 0)
    abroad, home = case.inputs.abroad.copy(), case.inputs.at_home.copy()
    abroad[START, 1:] *= 1.5
    home[START, 1:] *= 1.5
    more = replace(case, inputs=replace(case.inputs, abroad=abroad, at_home=home))
    careers = more.simulate(PERSONS, SEED)
    np.testing.assert_allclose(careers.person_weight[careers.records.stock_row > 0], 1.5 * careers.weight, rtol=1e-6)
    table = compare_careers(more, careers, outcomes(more, careers))
    assert disagreements(table).empty, disagreements(table).to_string()
    assert not table["name"].str.startswith("chi-square").any()


def test_the_long_run_tells_who_gains(run: RegionRun) -> None:
    table, persons = microsimulate(run, run.instrument, 40_000, SEED, corridors=[0, 2])
    assert table["corridor"].nunique() == 4
    assert verdict(table).agrees
    np.testing.assert_allclose(persons["gain"], persons["with"] - persons["without"])
    whole, parts = distribution(persons, ("corridor",)), distribution(persons)
    assert whole["people"].sum() == pytest.approx(parts["people"].sum()) == pytest.approx(persons["weight"].sum())
    assert (whole["people"] * whole["mean_gain"]).sum() == pytest.approx((parts["people"] * parts["mean_gain"]).sum())
    assert set(parts["age_at_migration"]) <= set(AGE_BANDS) and set(parts["sex"]) == {"male", "female"}
    assert (parts["p10"] <= parts["median"]).all() and (parts["median"] <= parts["p90"]).all()
    # Nothing can be gained or lost by people who were never insured.
    assert (persons.loc[~persons["insured"], "gain"] == 0.0).all()


def test_more_groups_than_persons_are_refused(run: RegionRun) -> None:
    with pytest.raises(ValueError, match="3 persons cannot be shared out over 4"):
        microsimulate(run, run.instrument, 3, SEED, corridors=[0, 1])


def test_chi_square_by_hand() -> None:
    # Two ages with 50 and 30 of 100 expected persons; 40 and 35 found, 25 elsewhere against 20: 100/50 + 25/30 + 25/20.
    expected = np.zeros((2, 4, 1, 1))
    expected[0, 0], expected[1, 2] = 100.0, 60.0
    snapshot = np.full((100, 4), -1, np.int16)
    snapshot[:40] = [0, 0, 0, 0]
    snapshot[40:75] = [1, 2, 0, 0]
    statistic, freedom = chi_square(expected, snapshot, 2.0, 100)
    assert freedom == 2 and statistic == pytest.approx(100 / 50 + 25 / 30 + 25 / 20)
    # Two degrees of freedom: exp(-x / 2).
    assert chi_square_probability(statistic, 2) == pytest.approx(np.exp(-statistic / 2))
    snapshot[0] = [0, 0, 0, 0]
    expected[0] = 0.0
    assert chi_square(expected, snapshot, 2.0, 100)[0] == np.inf


DOZEN = (
    "people home 2050", "people host 2050", "covered home 2050", "covered host 2050", "person-years insured home", "person-years insured host",
    "award people home", "mean own service host with", "new pensions host with", "pension awarded host with", "amounts of the dead host without",
    "new invalids host", "dead with five years host without", "dead, amounts by service host without",
    "refund people host without", "lump sums host without",
)  # fmt: skip


def test_a_dozen_aggregates_on_every_build(corridor: Corridor) -> None:
    table = compare(corridor("BDI-TZA", 0), PERSONS, SEED).set_index("name")
    found = table.loc[list(DOZEN)]
    assert len(found) >= 12 and (found["persons"] >= FEW).all()
    assert (found["z"].abs() < 3.0).all(), found.to_string()


def test_the_verdict_takes_chance_into_account() -> None:
    def table(z: list[float], groups: int) -> pd.DataFrame:
        return pd.DataFrame({"corridor": [f"c{i % groups}" for i in range(len(z))], "name": "x", "z": z, "persons": 1000})

    quiet = verdict(table([0.5] * 400, 8))
    assert quiet.agrees and quiet.beyond == 0 and quiet.expected == pytest.approx(400 * 0.0026998, rel=1e-4) and quiet.probability == 1.0
    # One row at 3.5 of 400 is what chance makes; one at 7 is not, nor one in each of eight groups of fifty.
    assert verdict(table([3.5] + [0.5] * 399, 8)).agrees
    assert not verdict(table([7.0] + [0.5] * 399, 8)).agrees
    assert not verdict(table([3.5] * 8 + [0.5] * 392, 8)).agrees
    # Seven of eight groups at a chance of 50 x 0.0027 each, by the binomial distribution.
    p = 50 * 0.0026998
    assert verdict(table([3.5] * 7 + [0.5] * 393, 8)).probability == pytest.approx(8 * p**7 * (1 - p) + p**8, rel=1e-3)
    with pytest.raises(ValueError, match="no aggregate"):
        verdict(table([0.5], 1).assign(persons=1))


def ill_inputs(rate: float, survival: float) -> CorridorInputs:
    inputs = hand_inputs(return_row=10, refund=1.0, survival=survival)
    return replace(inputs, host_invalidity=np.full_like(inputs.return_rate, rate))


def test_whoever_becomes_invalid_has_no_service_and_lives_on() -> None:
    # Certain invalidity in the first year that begins insured abroad, at 16.
    careers = simulate(ill_inputs(1.0, 1.0), 50, seed=1)
    assert careers is not None
    r = careers.records
    assert (r.invalid_year == START + 2).all() and (r.invalid_place == 1).all() and (r.award_year == -1).all() and (r.death_year == -1).all()
    assert (r.end_service == [[0, 2]]).all() and (r.invalid_amount[:, :, 1] == 1.0).all() and (r.refund == 0.0).all()
    assert careers.present[0, START + 12, 0] == 8.0 and careers.covered[1, START + 3, 0] == 0.0


def test_invalids_are_those_before_death() -> None:
    # Of n people one year at q and i' = i / (1 - q/2) alone: i of them become invalid, q (1 - i'/2) die before.
    n, q, i = 40_000, 0.5, 0.3
    careers = simulate(ill_inputs(i, 1.0 - q), n, seed=1)
    assert careers is not None
    r = careers.records
    # The first year they live uninsured; those alive then are at risk.
    risk = r.death_year != START + 1
    ill = (r.invalid_year == START + 2)[risk].mean()
    dead = ((r.death_year == START + 2) & (r.invalid_year == -1))[risk].mean()
    own = i / (1 - q / 2)
    assert ill == pytest.approx(i, abs=4 * np.sqrt(0.25 / risk.sum()))
    assert dead == pytest.approx(q * (1 - own / 2), abs=4 * np.sqrt(0.25 / risk.sum()))


def test_the_main_aggregates_are_names_that_exist(corridor: Corridor) -> None:
    names: set[str] = set()
    for name in ("BDI-TZA", "UGA-KEN"):
        case = corridor(name, 0)
        careers = case.simulate(2000, SEED)
        names |= set(compare_careers(case, careers, outcomes(case, careers))["name"])
    assert set(MAIN) <= names
