"""Rogers-Castro schedules: recovery of known schedules, the stock they build, the limited childhood part."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actuarial.demography.rogers_castro import STANDARD, RogersCastro, fit_rates, fit_to_stock, stock_by_age

AGES = np.arange(101.0)


def test_basic_standard_of_rogers_and_castro_1981_peaks_near_twenty_three() -> None:
    """Rogers and Castro (1981): with lambda2 / alpha2 = 4 the labour peak stands at mu2 + ln(4) / lambda2."""
    peak = AGES[np.argmax(STANDARD.rates(AGES))]
    assert peak == round(20.0 + np.log(4.0) / 0.40)


schedules = st.builds(
    RogersCastro,
    a1=st.floats(0.005, 0.03, allow_subnormal=False),
    alpha1=st.floats(0.06, 0.15, allow_subnormal=False),
    a2=st.floats(0.03, 0.09, allow_subnormal=False),
    mu2=st.floats(18.0, 26.0, allow_subnormal=False),
    alpha2=st.floats(0.07, 0.14, allow_subnormal=False),
    lambda2=st.floats(0.25, 0.55, allow_subnormal=False),
    c=st.floats(0.0005, 0.005, allow_subnormal=False),
)


@settings(max_examples=12, deadline=None)
@given(schedules)
def test_a_fit_recovers_the_schedule_that_made_the_rates(schedule: RogersCastro) -> None:
    rates = schedule.rates(AGES)
    assert np.allclose(fit_rates(AGES, rates).rates(AGES), rates, rtol=0, atol=1e-6 * rates.max())


def test_a_fit_to_a_stock_recovers_the_arrivals_behind_it() -> None:
    """The observed stock is made by known arrivals; the fit must find their ages, not the stock's."""
    exposure = 1000.0 * np.exp(-0.035 * AGES)
    survival = np.exp(-0.0005 * np.exp(0.075 * AGES))
    leave = np.full(101, 0.08)
    made_by = RogersCastro(0.01, STANDARD.alpha1, 0.05, 21.0, 0.11, STANDARD.lambda2, 0.002)
    starts = np.arange(0.0, 80.0, 5.0)
    stock = stock_by_age(exposure * made_by.rates(AGES), survival, leave, 0.02)
    groups = np.add.reduceat(stock, starts.astype(int))
    found = fit_to_stock(starts, groups, exposure, survival, leave, 0.02)
    arrivals, expected = exposure * found.rates(AGES), exposure * made_by.rates(AGES)
    assert np.allclose(arrivals / arrivals.sum(), expected / expected.sum(), atol=2e-4)
    assert (stock * AGES).sum() / stock.sum() > (expected * AGES).sum() / expected.sum() + 5


def test_the_stock_closes_the_open_age_by_its_geometric_sum() -> None:
    """By hand: one arrival a year aged 0 of 3 ages, survival 1/2, no return, no growth: 0, 1/2, 1/4 / (1 - 1/2)."""
    stock = stock_by_age(np.array([1.0, 0.0, 0.0]), np.full(3, 0.5), np.zeros(3), 0.0)
    assert stock == pytest.approx([0.0, 0.5, 0.5])


@given(schedules, st.floats(0.05, 0.5, allow_subnormal=False))
@settings(max_examples=30, deadline=None)
def test_the_childhood_part_is_limited_and_the_rest_kept(schedule: RogersCastro, largest: float) -> None:
    exposure = np.exp(-0.03 * AGES)
    limited = schedule.with_child_share(exposure, largest)
    movers = exposure * limited.rates(AGES)
    share = movers[:15].sum() / movers.sum()
    assert limited.a1 == 0.0 or share <= largest + 1e-12
    assert limited.a1 <= schedule.a1
    assert (limited.a2, limited.mu2, limited.c) == (schedule.a2, schedule.mu2, schedule.c)


@pytest.mark.parametrize("values", [(-0.1, 0.1, 1, 20, 0.1, 0.4, 0), (0.1, 0.0, 1, 20, 0.1, 0.4, 0)])
def test_senseless_parameters_are_refused(values: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="Rogers-Castro parameters"):
        RogersCastro(*values)


def test_a_stock_without_people_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="positive sum"):
        fit_to_stock(np.arange(0.0, 80.0, 5.0), np.zeros(16), np.ones(101), np.ones(101), np.zeros(101), 0.0)
