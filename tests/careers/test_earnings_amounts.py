"""Reference earnings and account balances: the rates that careers use, against one person followed by hand on pay that changes every year."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.basis.scheme_law import Indices, SchemeLaw
from actuarial.careers.country import exposure
from actuarial.careers.earnings import award_row, insurable_earnings, reference_earnings, side_rates
from actuarial.careers.lattice import SideRates
from actuarial.careers.stayers import COVERED, StayerInputs, run_stayers
from actuarial.provisions import lump_sum

YEARS, PENSION_AGE = 60, 24
ROWS = PENSION_AGE - 15
SIZE = 2 * ROWS
PENSION = SchemeLaw(
    "XXX-test", 2025, "defined_benefit", contribution_rate=0.1, pension_age=(PENSION_AGE, PENSION_AGE), qualifying_months=36, reference_months=36,
    reference_revaluation="prices", lump_sum_months_per_year=1.0, refund_on_leaving=True, refund_take_up=0.3,
)  # fmt: skip
ACCOUNT = SchemeLaw(
    "XXX-fund", 2025, "account", contribution_rate=0.15, pension_age=(PENSION_AGE, PENSION_AGE), refund_on_leaving=True, refund_take_up=0.5
)


def economy(seed: int) -> tuple[Indices, np.ndarray, np.ndarray]:
    """Indices, insurable earnings [year, row] without any pattern, interest [year]."""
    rng = np.random.default_rng(seed)
    indices = Indices.from_growth(rng.uniform(-0.02, 0.15, YEARS), rng.uniform(0.0, 0.2, YEARS))
    return indices, rng.uniform(50, 400, (YEARS, ROWS + 3)), rng.uniform(0.0, 0.12, YEARS)


def rates(law: SchemeLaw, seed: int, *, withdrawal: float = 0.0, refund_until: int = YEARS) -> tuple[SideRates, Indices, np.ndarray, np.ndarray]:
    indices, pay, interest = economy(seed)
    side = side_rates([law] * YEARS, pay, interest, indices, sex=0, rows=ROWS, withdrawal=np.full(YEARS, withdrawal), refund_from=0,
                      refund_until=refund_until, service_size=SIZE)  # fmt: skip
    return side, indices, pay, interest


@given(seed=st.integers(0, 10_000), months=st.sampled_from([12, 24, 36, 60]), year=st.integers(0, YEARS - 1), row=st.integers(0, ROWS - 1))
def test_reference_earnings_average_the_persons_own_last_years(seed: int, months: int, year: int, row: int) -> None:
    _, pay, _ = economy(seed)
    own = [pay[year - back, row - back] for back in range(1, months // 12 + 1) if back <= min(year, row)]
    expected = sum(own) / len(own) if own else pay[year, row]
    assert reference_earnings(pay, months)[year, row] == pytest.approx(expected, rel=1e-12)


def test_reference_earnings_of_constant_pay_are_that_pay() -> None:
    assert np.all(reference_earnings(np.full((20, 10), 7.0), 60) == 7.0)


@given(seed=st.integers(0, 10_000), start=st.integers(0, YEARS - ROWS), stop=st.integers(1, ROWS - 1))
@settings(max_examples=30)
def test_a_pension_member_keeps_the_reference_of_the_last_insured_date(seed: int, start: int, stop: int) -> None:
    """Covered from 15 to ``stop`` years later, then out: the average of the last three years, raised with prices to the award."""
    side, indices, pay, _ = rates(PENSION, seed)
    amount = 0.0
    for a in range(ROWS - 1):
        credit = 2 if a < stop else 0
        amount = amount * side.keep[start + a, a, credit] + side.add[start + a, a, credit]
    at_award = amount * side.keep_mid[start + ROWS - 1, ROWS - 1, 0] + side.add_mid[start + ROWS - 1, ROWS - 1, 0]

    own = [pay[start + a, a] for a in range(max(0, stop - 3), stop)]
    # Known at 1 January of year start + stop in prices of the year before, to the middle of the award year.
    prices = np.concatenate(([indices.prices[0]], indices.prices))
    before, then = start + stop - 1, start + ROWS - 1
    raised = math.sqrt(indices.prices[then] / prices[then]) * prices[then] / indices.prices[before]
    assert at_award == pytest.approx(sum(own) / len(own) * raised, rel=1e-12)


@given(seed=st.integers(0, 10_000), start=st.integers(1, YEARS - ROWS))
@settings(max_examples=30)
def test_a_member_insured_to_the_end_has_the_average_of_the_two_new_years(seed: int, start: int) -> None:
    """At mid-year the reference lies half-way between those of the two 1 Januaries, in the last year of the projection too."""
    side, _, pay, _ = rates(PENSION, seed)
    last = start + ROWS - 1
    before = np.mean([pay[last - b, ROWS - 1 - b] for b in (1, 2, 3)])
    after = np.mean([pay[last - b, ROWS - 1 - b] for b in (0, 1, 2)])
    assert side.add_mid[last, ROWS - 1, 1] == pytest.approx(0.5 * (before + after), rel=1e-12)
    assert side.keep_mid[last, ROWS - 1, 1] == 0.0


def test_credits_replace_a_reference_and_never_add_to_it() -> None:
    side, *_ = rates(PENSION, 1)
    assert np.all(side.keep[:, :, 1:] == 0.0) and np.all(side.add[:, :, 0] == 0.0)
    np.testing.assert_array_equal(side.add[:, :, 1], side.add[:, :, 2])


@pytest.mark.parametrize("law", [PENSION, ACCOUNT], ids=["pension", "account"])
def test_nothing_is_carried_beyond_the_award(law: SchemeLaw) -> None:
    side, *_ = rates(law, 2)
    assert side.award_row == award_row(law, 0) == ROWS - 1
    assert side.keep[:, side.award_row :].sum() == side.add[:, side.award_row :].sum() == 0.0
    assert side.keep_mid[:, side.award_row].min() >= 0.0 and side.add_mid[:, side.award_row, 1].min() > 0.0


@given(seed=st.integers(0, 10_000), career=st.lists(st.booleans(), min_size=ROWS, max_size=ROWS))
@settings(max_examples=30)
def test_an_account_grows_by_interest_and_contributions_of_the_half_years_insured(seed: int, career: list[bool]) -> None:
    """Each half-year insured pays half a year's contribution at mid-year (case of closed form: B(1+i) + C(1+i)^(1/2))."""
    start = 5
    side, _, pay, interest = rates(ACCOUNT, seed)
    amount = balance = 0.0
    for a in range(ROWS - 1):
        t, half_years = start + a, career[a] + career[a + 1]
        amount = amount * side.keep[t, a, half_years] + side.add[t, a, half_years]
        paid = 0.15 * pay[t, a] * half_years / 2
        balance = balance * (1 + interest[t]) + paid * math.sqrt(1 + interest[t])
    assert amount == pytest.approx(balance, rel=1e-12)
    t, insured = start + ROWS - 1, int(career[-1])
    at_award = amount * side.keep_mid[t, ROWS - 1, insured] + side.add_mid[t, ROWS - 1, insured]
    assert at_award == pytest.approx(balance * math.sqrt(1 + interest[t]) + 0.5 * insured * 0.15 * pay[t, ROWS - 1], rel=1e-12)


@given(seed=st.integers(0, 10_000), withdrawal=st.floats(0.0, 0.2, allow_subnormal=False))
@settings(max_examples=15, deadline=None)
def test_closing_balances_are_opening_with_interest_plus_contributions_less_payments(seed: int, withdrawal: float) -> None:
    """Closing = opening (1 + j) + (C - W) (1 + j)^(1/2), W = due at pension age and death, other payments, leavers' balances."""
    side, _, pay, interest = rates(ACCOUNT, seed, withdrawal=withdrawal)
    rng = np.random.default_rng(seed)
    survival = rng.uniform(0.8, 1.0, (YEARS, ROWS))
    total = np.empty((YEARS + 1, ROWS))
    total[0] = rng.uniform(50, 100, ROWS)
    for t in range(YEARS):
        total[t + 1, 0] = rng.uniform(50, 100)
        total[t + 1, 1:] = (total[t] * survival[t])[:-1] * rng.uniform(0.8, 1.2, ROWS - 1)
    out = run_stayers(StayerInputs(total, survival, np.zeros((YEARS, ROWS)), rng.uniform(0, 0.6, (YEARS + 1, ROWS)), rng.uniform(0, 0.3, ROWS),
                                   side, SIZE, np.ones(YEARS)))  # fmt: skip
    held = out.amount.sum(axis=(1, 2, 3))
    contributions = 0.15 * (exposure(out.people[:, :, COVERED].sum(axis=2)) * pay[:, :ROWS]).sum(axis=1)
    half = np.sqrt(1 + interest)
    paid = out.award_amount.sum(axis=1) + out.death_amount + out.residual_amount / half + withdrawal * half * held[:-1]
    np.testing.assert_allclose(held[1:], held[:-1] * (1 + interest) + (contributions - paid) * half, rtol=1e-10)


def test_refunds_are_open_only_between_the_two_dates_and_only_before_the_qualifying_period() -> None:
    side, *_ = rates(PENSION, 3, refund_until=40)
    service = 6.0 * np.arange(SIZE)
    entitled = (service > 0) & (service < PENSION.qualifying_months)
    assert np.all(side.refund_share[:40] == 0.3 * entitled)
    assert np.all(side.refund_share[40:] == 0.0)
    assert side.refund_value[0] == pytest.approx(np.where(entitled, lump_sum.lump_sum_amount(PENSION, service, 1.0), 0.0))
    closed, *_ = rates(replace(PENSION, refund_on_leaving=False), 3)
    assert closed.refund_share.sum() == closed.refund_value.sum() == 0.0


def test_a_refund_of_an_account_is_its_balance_brought_back_to_mid_year() -> None:
    side, _, _, interest = rates(ACCOUNT, 3)
    assert np.all(side.refund_value[:, 0] == 0.0)
    np.testing.assert_allclose(side.refund_value[:, 1:] * np.sqrt(1 + interest)[:, None], 1.0, rtol=1e-12)


def test_a_scheme_that_does_not_collect_carries_nothing() -> None:
    side, *_ = rates(SchemeLaw("XXX-none", 2025, "none"), 1)
    assert side.award_row == -1
    assert sum(a.sum() for a in (side.keep, side.add, side.keep_mid, side.add_mid, side.refund_share, side.refund_value)) == 0.0


def test_insurable_earnings_follow_floor_and_ceiling_of_the_year() -> None:
    laws = [replace(PENSION, floor=80.0, ceiling=200.0), replace(PENSION, floor=80.0, ceiling=1000.0), SchemeLaw("XXX-none", 2025, "none")]
    pay = insurable_earnings(laws, np.array([[50.0, 500.0]] * 3), 0.0)
    np.testing.assert_allclose(pay, [[80.0, 200.0], [80.0, 500.0], [0.0, 0.0]], rtol=1e-12)
    spread = insurable_earnings(laws, np.array([[50.0, 500.0]] * 3), 0.8)
    assert spread[0, 0] > 80.0 and spread[0, 1] < 200.0 and np.all(spread[2] == 0.0)


def test_person_years_are_half_a_year_for_each_end_covered() -> None:
    covered = np.zeros((4, 3))
    covered[1, 0], covered[2, 1], covered[3, 2] = 10.0, 10.0, 0.0  # in cover at two 1 Januaries of one cohort
    found = exposure(covered)
    assert found[0].sum() == 0.0  # nobody of row -1: entered at 15
    assert found[1, 0] == 10.0 and found[2, 1] == 5.0 and found.sum() == 15.0
