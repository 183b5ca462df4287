"""Pieces of pension formulas that no scheme here has, against the worked examples that do (worked-examples.csv)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.scheme import Indices, ReferencePeriod, SchemeLaw
from actuarial.basis.scheme_law import WHOLE_CAREER_MONTHS, StepLaw
from actuarial.provisions import earnings, old_age

BASE = SchemeLaw("XXX-test", 2025, "defined_benefit", pension_age=(60, 60), maximum_share=1.0)


def test_accrual_that_rises_after_thirty_years() -> None:
    """Z1: 1.333 % a year up to 30 years, 2.333 % beyond."""
    law = replace(BASE, accrual_per_month=0.04 / 36, bands=((360, 0.07 / 36),))
    percent = 100 * old_age.replacement_share(law, 12 * np.array([20, 40, 45, 47]))
    assert percent == pytest.approx([26.7, 63.3, 75.0, 79.7], abs=0.05)
    amounts = old_age.replacement_share(law, 12 * 18.5) * np.array([700, 200])
    assert amounts == pytest.approx([172.67, 49.33], abs=0.005)


def test_flat_first_part_and_cap() -> None:
    """H22: 25 % for 100 months, 1 % for ten more, at most 40 %."""
    law = replace(BASE, first_months=100, first_share=0.25, accrual_per_month=0.001, maximum_share=0.40)
    assert old_age.replacement_share(law, [100, 200, 250, 300]) == pytest.approx([0.25, 0.35, 0.40, 0.40])
    assert old_age.maximum_period_months(law) == pytest.approx(250)


def test_flat_amount_beside_accrual() -> None:
    """S06, scheme B: 500 over thirty years and 1 % of 1,000 a year; 24 years give 640."""
    law = replace(BASE, accrual_per_month=0.01 / 12, flat_amount=500.0, flat_full_months=360)
    assert old_age.annual_pension(law, 288, 1000.0) == pytest.approx(640.0)
    assert old_age.flat_part(law, [0, 360, 480]).tolist() == [0.0, 500.0, 500.0]


BANDS = StepLaw("average_contributions", "amount", (10, 15, 20, 30, 40, 48), (110.8, 180.7, 236.1, 249.3, 271.9, 277.3))


def test_rate_bands_by_average() -> None:
    """S32: weekly rate by the yearly average of contributions."""
    law = replace(BASE, steps=BANDS)
    found = old_age.step_pension(law, [48, 40, 30, 20, 15, 10, 9])
    assert found.tolist() == [277.3, 271.9, 249.3, 236.1, 180.7, 110.8, 0.0]
    with pytest.raises(ValueError, match="no share of earnings by months"):
        old_age.replacement_share(law, 120)
    with pytest.raises(ValueError, match="no table of pensions by average"):
        old_age.step_pension(BASE, 10)


def test_steps_by_service() -> None:
    law = replace(BASE, steps=StepLaw("months", "share", (120, 240, 360), (0.2, 0.4, 0.6)), maximum_share=0.6)
    assert old_age.replacement_share(law, [0, 119, 120, 300, 480]).tolist() == [0.0, 0.0, 0.2, 0.4, 0.6]
    assert old_age.maximum_period_months(law) == 360


accruals = st.one_of(st.just(0.0), st.floats(0.0002, 0.004, allow_subnormal=False))


@given(accruals, accruals, accruals, st.integers(0, 200), st.integers(202, 300), st.floats(0.05, 1.0, allow_subnormal=False))
def test_bands_are_continuous_rise_and_reach_the_maximum_where_said(a: float, b: float, c: float, first: int, second: int, cap: float) -> None:
    law = replace(BASE, accrual_per_month=a, bands=((first + 1, b), (second, c)), maximum_share=cap)
    shares = old_age.replacement_share(law, np.arange(0, 2000))
    assert np.all(np.diff(shares) >= -1e-12) and shares.max() <= cap
    for edge in (first + 1, second):
        below, at = old_age.replacement_share(law, [edge - 1e-9, edge])
        assert below == pytest.approx(at, abs=1e-9)
    end = old_age.maximum_period_months(law)
    if end is None:
        assert old_age.replacement_share(law, 1e5) < cap or c == 0.0
    else:
        assert old_age.replacement_share(law, end) == pytest.approx(cap, rel=1e-9)


@given(st.floats(0.0, 700.0, allow_subnormal=False))
def test_a_band_with_the_same_accrual_changes_nothing(months: float) -> None:
    plain = replace(BASE, first_months=180, first_share=0.3, accrual_per_month=1 / 600, maximum_share=0.8)
    banded = replace(plain, bands=((240, 1 / 600),))
    assert old_age.replacement_share(banded, months) == pytest.approx(float(old_age.replacement_share(plain, months)), abs=1e-15)


def test_maximum_amount_comes_before_the_minimum() -> None:
    law = replace(BASE, accrual_per_month=0.002, maximum_pension=500.0, minimum_pension=100.0)
    assert old_age.annual_pension(law, [10, 240], 2000.0).tolist() == [100.0, 500.0]


def test_late_pension() -> None:
    law = replace(BASE, late_age=65, late_increase_per_year=0.06)
    assert old_age.late_pension(law, 100.0, [0, 1, 5, 9]).tolist() == pytest.approx([100.0, 106.0, 130.0, 130.0])
    assert old_age.late_pension(BASE, 100.0, 3) == 100.0
    with pytest.raises(ValueError, match="cannot be negative"):
        old_age.late_pension(law, 100.0, -1)


def test_special_ages_and_bought_months() -> None:
    law = replace(BASE, special_ages=(("arduous", 55),), qualifying_months=180, buy_back_months=60)
    assert (old_age.pension_age(law, 0), old_age.pension_age(law, 1, "arduous")) == (60, 55)
    with pytest.raises(ValueError, match="no pension age for 'miners'; there are: arduous"):
        old_age.pension_age(law, 0, "miners")
    assert old_age.months_to_buy(law, [100, 120, 179, 180]).tolist() == [0.0, 60.0, 1.0, 0.0]


class TestAverages:
    RECORD = np.array([100.0, 400.0, 300.0, 200.0, 250.0, 150.0])

    def test_best_of_last_on_a_career_that_falls(self) -> None:
        best = ReferencePeriod("best", 36, 60)
        assert earnings.reference_earnings([best], self.RECORD) == pytest.approx((400 + 300 + 250) / 3)

    def test_last_and_career(self) -> None:
        last = ReferencePeriod("last", 36, 36)
        career = ReferencePeriod("career", WHOLE_CAREER_MONTHS, WHOLE_CAREER_MONTHS)
        assert earnings.reference_earnings([last], self.RECORD) == pytest.approx(200.0)
        assert earnings.reference_earnings([career], self.RECORD) == pytest.approx(1400 / 6)
        assert earnings.reference_earnings([last, career], self.RECORD) == pytest.approx(1400 / 6)

    def test_revalued_career(self) -> None:
        growing = Indices.from_growth(np.full(111, 0.10), np.full(111, 0.04))
        years = list(range(2019, 2025))
        for name, rate in (("wages", 0.10), ("prices", 0.04), ("none", 0.0)):
            law = replace(BASE, reference_revaluation=name)
            found = earnings.revalued(law, self.RECORD, years, 2025, growing)
            assert found == pytest.approx(self.RECORD * (1 + rate) ** np.arange(6, 0, -1), rel=1e-12)
        with pytest.raises(ValueError, match="one year for every entry"):
            earnings.revalued(BASE, self.RECORD, years[1:], 2025, growing)
