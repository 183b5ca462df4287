"""Properties of the pension, lump-sum and account rules, on the national laws and on random ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.scheme import Indices, SchemeLaw, load_scheme
from actuarial.provisions import account, lump_sum, old_age

SCHEMES = Path(__file__).parents[2] / "data" / "schemes"
FLAT = Indices.from_growth(np.zeros(111), np.zeros(111))
NATIONAL = [load_scheme(path).law(2025, FLAT) for path in sorted(SCHEMES.iterdir()) if path.is_dir()]
PENSIONS = [law for law in NATIONAL if law.kind == "defined_benefit"]
ACCOUNTS = [law for law in NATIONAL if law.kind == "account"]
EVERY_MONTH = np.arange(0, 721)


@st.composite
def laws(draw: st.DrawFn) -> SchemeLaw:
    first_share = draw(st.floats(0.0, 0.5, allow_subnormal=False))
    return SchemeLaw(
        scheme_id="XXX-test",
        year=2025,
        kind="defined_benefit",
        contribution_rate=draw(st.floats(0.01, 0.4, allow_subnormal=False)),
        qualifying_months=draw(st.integers(0, 240)),
        first_months=draw(st.integers(0, 240)),
        first_share=first_share,
        accrual_per_month=draw(st.floats(0.0, 0.005, allow_subnormal=False)),
        maximum_share=draw(st.floats(0.01, 1.0, allow_subnormal=False)),
        minimum_pension=draw(st.floats(0.0, 1e6, allow_subnormal=False)),
        commutation_share=draw(st.floats(0.0, 1.0, allow_subnormal=False)),
        commutation_factor=draw(st.floats(1.0, 20.0, allow_subnormal=False)),
        lump_sum_months_per_year=draw(st.floats(0.0, 5.0, allow_subnormal=False)),
    )


months = st.floats(0.0, 720.0, allow_subnormal=False)
money = st.floats(0.0, 1e9, allow_subnormal=False)


@given(laws(), months, months)
def test_share_never_falls_with_months_and_keeps_its_maximum(law: SchemeLaw, one: float, other: float) -> None:
    low, high = old_age.replacement_share(law, sorted((one, other)))
    assert 0.0 <= low <= high <= law.maximum_share


@given(laws())
def test_zero_months_give_zero(law: SchemeLaw) -> None:
    assert old_age.replacement_share(law, 0.0) == 0.0
    assert old_age.annual_pension(law, 0.0, 1e6) == 0.0
    assert old_age.annual_pension(law, 0.0, 1e6, qualifying=False) == 0.0
    assert lump_sum.lump_sum(law, 0.0, 1e6) == 0.0
    assert lump_sum.refund(replace(law, refund_on_leaving=True), 0.0, 1e6) == 0.0


@pytest.mark.parametrize("law", PENSIONS, ids=lambda law: law.scheme_id)
def test_pieces_meet_where_one_ends_and_the_next_begins(law: SchemeLaw) -> None:
    ends = [float(law.first_months or law.qualifying_months), old_age.maximum_period_months(law) or 0.0]
    for end in ends:
        below, at, above = old_age.replacement_share(law, [end - 1e-9, end, end + 1e-9])
        assert below == pytest.approx(at, abs=1e-11)
        assert above == pytest.approx(at, abs=1e-11)


@pytest.mark.parametrize("law", PENSIONS, ids=lambda law: law.scheme_id)
def test_maximum_period_is_the_first_month_with_the_maximum(law: SchemeLaw) -> None:
    end = old_age.maximum_period_months(law)
    assert end is not None
    assert old_age.replacement_share(law, end) == pytest.approx(law.maximum_share, rel=1e-12)
    assert old_age.replacement_share(law, end - 0.5) < law.maximum_share


def test_maximum_period_without_a_reachable_maximum() -> None:
    law = SchemeLaw("XXX-test", 2025, "defined_benefit", first_months=180, first_share=0.3, maximum_share=0.8)
    assert old_age.maximum_period_months(law) is None


@pytest.mark.parametrize("law", PENSIONS, ids=lambda law: law.scheme_id)
def test_pension_or_lump_sum_never_both(law: SchemeLaw) -> None:
    pension = old_age.annual_pension(law, EVERY_MONTH, 1e6)
    single = lump_sum.lump_sum(law, EVERY_MONTH, 1e6)
    assert not np.any((pension > 0.0) & (single > 0.0))
    assert np.all((pension > 0.0) == (law.qualifying_months <= EVERY_MONTH))
    assert np.all(
        (single > 0.0) == ((law.lump_sum_minimum_months <= EVERY_MONTH) & (law.qualifying_months > EVERY_MONTH))
    )


@given(laws(), months, money)
def test_minimum_lifts_and_never_cuts(law: SchemeLaw, service: float, reference: float) -> None:
    without = old_age.annual_pension(law, service, reference, minimum=False)
    assert old_age.annual_pension(law, service, reference) >= without


@given(laws(), money)
def test_commutation_adds_up(law: SchemeLaw, pension: float) -> None:
    commuted, remaining = old_age.commute(law, pension)
    assert commuted / law.commutation_factor + remaining == pytest.approx(pension, rel=1e-12, abs=1e-9)
    assert commuted >= 0.0 and remaining >= 0.0


@given(laws(), st.floats(0.0, 5.0, allow_subnormal=False), money)
def test_early_pension_is_never_more(law: SchemeLaw, years: float, pension: float) -> None:
    early = replace(law, pension_age=(60, 60), early_age=55, early_reduction_per_year=0.036)
    assert 0.0 <= old_age.early_pension(early, pension, years) <= pension
    with pytest.raises(ValueError, match="at most 5 years early"):
        old_age.early_pension(early, pension, 6.0)


@pytest.mark.parametrize(
    ("mode", "to", "expected"),
    [
        ("none", 1.0, 1234.567),
        ("nearest", 1.0, 1235.0),
        ("up", 10.0, 1240.0),
        ("down", 0.05, 1234.55),
        ("nearest", 100.0, 1200.0),
    ],
)
def test_rounding_of_a_monthly_amount(mode: str, to: float, expected: float) -> None:
    law = SchemeLaw("XXX-test", 2025, "defined_benefit", rounding_mode=mode, rounding_to=to)
    assert old_age.round_monthly(law, 1234.567) == pytest.approx(expected, abs=1e-9)


def test_rounding_leaves_whole_steps_alone() -> None:
    law = SchemeLaw("XXX-test", 2025, "defined_benefit", rounding_mode="up", rounding_to=0.1)
    assert old_age.round_monthly(law, 0.3) == pytest.approx(0.3, abs=1e-12)


def test_lump_sum_by_contributions_equals_the_mean_contribution_for_every_month() -> None:
    law = next(law for law in PENSIONS if law.refund_on_leaving)
    pay, service = 500_000.0, 100
    assert lump_sum.lump_sum(law, service, 12 * pay) == pytest.approx(law.contribution_rate * pay * service, rel=1e-12)


@pytest.mark.parametrize("function", [lump_sum.lump_sum_amount, lambda law, m, r: old_age.replacement_share(law, m)])
def test_negative_months_are_refused(function: object) -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        function(PENSIONS[0], -1.0, 1e6)  # type: ignore[operator]


@given(laws(), money)
def test_arrays_and_single_persons_agree(law: SchemeLaw, reference: float) -> None:
    together = old_age.annual_pension(law, EVERY_MONTH, reference)
    alone = [float(old_age.annual_pension(law, month, reference)) for month in (0, 1, 179, 180, 400, 720)]
    assert list(together[[0, 1, 179, 180, 400, 720]]) == alone


@given(st.sampled_from(ACCOUNTS), money, st.floats(-0.2, 0.4, allow_subnormal=False))
def test_account_balances(law: SchemeLaw, balance: float, fund_return: float) -> None:
    rate = account.crediting_rate(law, fund_return)
    assert 0.0 <= rate <= max(fund_return, 0.0)
    assert account.accumulate(balance, 0.0, rate) == pytest.approx(balance * (1.0 + rate), rel=1e-12)
    cash, annuity = account.payout(law, balance)
    assert cash + annuity == pytest.approx(balance, rel=1e-12)
    assert account.refund(law, balance) == balance
    assert account.refund(replace(law, refund_on_leaving=False), balance) == 0.0


def test_contributions_earn_half_a_year_of_interest() -> None:
    assert account.accumulate(0.0, 100.0, 0.21) == pytest.approx(110.0, rel=1e-12)


def test_midterm_payment_only_at_its_age() -> None:
    law = next(law for law in ACCOUNTS if law.midterm_age)
    drawn = account.midterm_payout(law, 100.0, np.arange(20, 60), 240)
    assert drawn.sum() == pytest.approx(100.0 * law.midterm_share, rel=1e-12)
    assert np.flatnonzero(drawn).tolist() == [law.midterm_age - 20]
