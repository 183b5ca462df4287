"""Replacement rates of standard careers: by hand on one small law, on every national law, and against C102's 40 % after 30 years (recalled)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.scheme import Indices, load_scheme
from actuarial.basis.scheme_law import ReferencePeriod, SchemeLaw
from actuarial.finance.replacement import (
    C102_SHARE,
    C102_YEARS,
    STANDARD_CAREERS,
    StandardCareer,
    career_benefit,
    earnings_record,
    meets_benchmark,
    standard_careers,
)

SCHEMES = Path(__file__).parents[2] / "data" / "schemes"
FLAT = Indices.from_growth(np.zeros(111), np.zeros(111))
NATIONAL = [load_scheme(path).law(2025, FLAT) for path in sorted(SCHEMES.iterdir()) if path.is_dir()]

LAW = SchemeLaw(
    scheme_id="XXX-test", year=2026, kind="defined_benefit", contribution_rate=0.1, qualifying_months=180,
    first_months=180, first_share=0.20, accrual_per_month=0.01 / 12, maximum_share=0.40,
    reference_periods=(ReferencePeriod("last", 36, 36),), reference_months=36,
    lump_sum_minimum_months=12, lump_sum_months_per_year=1.0, lump_sum_reference_months=24,
)  # fmt: skip
ACCOUNT = SchemeLaw(scheme_id="XXX-account", year=2026, kind="account", contribution_rate=0.10, crediting_spread=0.02)
LEVEL = StandardCareer(last_earnings=1200.0, wage_growth=0.0)


def test_standard_careers_by_hand() -> None:
    found = standard_careers(LAW, LEVEL)
    assert STANDARD_CAREERS == (10, 15, 20, 30, 40)
    assert [result.years for result in found] == [10, 15, 20, 30, 40]
    assert [result.qualifies for result in found] == [False, True, True, True, True]
    assert [result.of_last_earnings for result in found] == pytest.approx([0.0, 0.20, 0.25, 0.35, 0.40])
    assert [result.of_career_earnings for result in found] == pytest.approx([0.0, 0.20, 0.25, 0.35, 0.40])
    assert [result.pension for result in found] == pytest.approx([0.0, 240.0, 300.0, 420.0, 480.0])
    assert [result.lump_sum for result in found] == pytest.approx([1000.0, 0.0, 0.0, 0.0, 0.0])


def test_growing_earnings_are_averaged() -> None:
    """Wages double each year: the last three of 15 years average (1 + 1/2 + 1/4) / 3 of the last; the last two for the lump sum, 3/4."""
    growing = replace(LEVEL, wage_growth=1.0)
    assert earnings_record(growing, 3) == pytest.approx([300.0, 600.0, 1200.0])
    assert career_benefit(LAW, growing, 15).of_last_earnings == pytest.approx(0.20 * 1.75 / 3.0)
    assert career_benefit(LAW, growing, 15).of_career_earnings == pytest.approx(0.20 * 1.75 / 3.0)
    assert career_benefit(LAW, growing, 10).lump_sum == pytest.approx(10 * 100.0 * 0.75)


def test_a_rising_career_ends_above_its_average() -> None:
    rising = replace(LEVEL, career_growth=1.0)
    found = career_benefit(replace(LAW, qualifying_months=12, first_months=12), rising, 2)
    assert found.pension == pytest.approx((0.20 + 0.01) * 900.0)
    assert found.of_last_earnings == pytest.approx(0.21 * 900.0 / 1200.0)
    assert found.of_career_earnings == pytest.approx(0.21)
    assert earnings_record(replace(LEVEL, wage_growth=0.5, career_growth=1.0), 2) == pytest.approx([400.0, 1200.0])


def test_floor_and_ceiling_move_with_wages() -> None:
    growing = replace(LEVEL, wage_growth=1.0)
    assert career_benefit(replace(LAW, ceiling=600.0), growing, 15).pension == pytest.approx(0.20 * 600.0 * 1.75 / 3.0)
    assert career_benefit(replace(LAW, floor=2400.0), growing, 15).pension == pytest.approx(0.20 * 2400.0 * 1.75 / 3.0)
    assert career_benefit(replace(LAW, minimum_pension=300.0), LEVEL, 15).pension == 300.0


def test_account_by_hand() -> None:
    """120 a year for two years at 21 % less 2 %: 120 x (1.19^1.5 + 1.19^0.5), at 10 a unit of pension."""
    career = replace(LEVEL, investment_return=0.21, annuity_price=10.0)
    found = career_benefit(ACCOUNT, career, 2)
    balance = 120.0 * (1.19**1.5 + 1.19**0.5)
    assert (found.qualifies, found.lump_sum) == (True, pytest.approx(balance))
    assert found.pension == pytest.approx(balance / 10.0)
    assert found.of_last_earnings == pytest.approx(balance / 12000.0)


def test_account_needs_return_and_annuity_price() -> None:
    with pytest.raises(ValueError, match="XXX-account 2026: an account needs the investment return"):
        career_benefit(ACCOUNT, replace(LEVEL, annuity_price=10.0), 10)
    for price in (None, 0.0):
        with pytest.raises(ValueError, match="needs the price of an annuity"):
            career_benefit(ACCOUNT, replace(LEVEL, investment_return=0.05, annuity_price=price), 10)


def test_no_scheme_no_benefit() -> None:
    with pytest.raises(ValueError, match="XXX-none 2026: nobody is insured"):
        career_benefit(SchemeLaw(scheme_id="XXX-none", year=2026, kind="none"), LEVEL, 10)


def test_careers_must_exist() -> None:
    for career, years in ((LEVEL, 0), (replace(LEVEL, last_earnings=0.0), 10)):
        with pytest.raises(ValueError, match="at least one year and positive earnings"):
            career_benefit(LAW, career, years)
    assert career_benefit(LAW, LEVEL, 1).lump_sum == 100.0


def test_benchmark_is_met_at_forty_per_cent() -> None:
    assert (C102_SHARE, C102_YEARS) == (0.40, 30)
    exactly = replace(LAW, first_months=360, first_share=0.40, accrual_per_month=0.0)
    assert meets_benchmark(exactly, LEVEL)
    assert not meets_benchmark(replace(exactly, first_share=0.3999), LEVEL)
    assert not meets_benchmark(LAW, LEVEL)


@pytest.mark.parametrize("law", [law for law in NATIONAL if law.collecting], ids=lambda law: law.scheme_id)
def test_national_careers_never_lose_by_lasting_longer(law: SchemeLaw) -> None:
    career = StandardCareer(max(3.0 * law.minimum_wage, 1e5), 0.06, 0.01, 0.08, 12.0)
    found = standard_careers(law, career)
    assert (np.diff([result.of_last_earnings for result in found]) >= 0.0).all()
    assert all(result.of_last_earnings >= 0.0 for result in found)
    assert all((result.pension > 0.0) == result.qualifies for result in found)


@given(st.floats(1.0, 1e9, allow_subnormal=False), st.integers(1, 45), st.floats(0.0, 0.2, allow_subnormal=False))
def test_rates_do_not_depend_on_the_unit_of_money(earnings: float, years: int, growth: float) -> None:
    one = career_benefit(LAW, StandardCareer(earnings, growth), years)
    other = career_benefit(LAW, StandardCareer(1000.0, growth), years)
    assert one.of_last_earnings == pytest.approx(other.of_last_earnings, rel=1e-9, abs=1e-12)
    assert one.lump_sum / earnings == pytest.approx(other.lump_sum / 1000.0, rel=1e-9)
