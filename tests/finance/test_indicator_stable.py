"""Closed forms of a mature scheme for any growth, and a yearly mid-year engine within 5e-4 of them; the SSF cases are in test_published."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from actuarial.finance.indicators import payg_components, payg_cost_rate
from actuarial.finance.internal_rate import cohort_irr, turnover_duration
from actuarial.finance.premiums import award_capital_values, entrant_premium, terminal_funding_premium
from actuarial.finance.reserve import roll_forward
from actuarial.finance.stable import StableScheme, integral
from actuarial.validation.finance import MATURE, scale, sult
from actuarial.validation.published import published

from .annual_engine import cohort, counted, projected

ANNUAL = 5e-4


@pytest.mark.parametrize("interest", [0.0, 0.03, 0.059, 0.061, 0.1])
def test_entrant_rate_equals_payg_only_where_interest_is_growth(interest: float) -> None:
    assert MATURE.entrant_rate(0.06) == pytest.approx(MATURE.payg_rate(), abs=1e-12)
    gap = MATURE.payg_rate() - MATURE.entrant_rate(interest)
    assert abs(gap) > 1e-4
    assert (gap > 0.0) == (interest > 0.06)


def test_reserve_under_the_entrant_premium_from_both_sides() -> None:
    assert MATURE.entrant_reserve() == pytest.approx(MATURE.prospective_liability(MATURE.entrant_rate(), 0.07), abs=1e-10)


def test_reserve_of_pensioners_is_that_of_the_pensions_in_payment() -> None:
    """Everybody's contributions set to the terminal funding rate buys pensions at award: only pensions in payment are backed."""
    weight = integral(lambda x: np.exp(-0.02 * (x - 20.0)) * sult(x) * scale(x), 20.0, 60.0)

    def held(x: float) -> float:
        people = np.exp(-0.02 * (x - 20.0)) * sult(np.array(x)) * np.exp(-0.01 * (x - 60.0))
        return float(people * 0.4 * np.exp(0.4) * MATURE.annuity(x, 0.04))

    assert MATURE.pensioner_reserve() == pytest.approx(quad(held, 60.0, 125.0)[0] / weight, rel=1e-8)


def test_reserve_has_no_closed_form_where_interest_equals_growth() -> None:
    even = replace(MATURE, interest=0.06)
    for reserve in (even.entrant_reserve, even.pensioner_reserve):
        with pytest.raises(ValueError, match="PAYG x turnover duration"):
            reserve()


@pytest.mark.parametrize(("entry", "retirement", "last"), [(60.0, 60.0, 125.0), (20.0, 125.0, 125.0), (61.0, 60.0, 125.0)])
def test_ages_must_follow_each_other(entry: float, retirement: float, last: float) -> None:
    with pytest.raises(ValueError, match="entry must come before"):
        replace(MATURE, entry=entry, retirement=retirement, last_age=last)


def test_integral_is_exact_for_polynomials_and_short_intervals() -> None:
    assert integral(lambda x: x**3, 0.0, 7.0) == pytest.approx(7.0**4 / 4.0, rel=1e-14)
    assert integral(lambda x: x**3, 2.0, 2.0) == 0.0


@settings(max_examples=40, deadline=None)
@given(st.floats(-0.02, 0.04), st.floats(0.0, 0.06), st.floats(0.0, 0.06), st.floats(0.0, 0.09))
def test_identities_hold_for_any_growth(rho: float, gamma: float, beta: float, delta: float) -> None:
    scheme = replace(MATURE, entrant_growth=rho, wage_growth=gamma, indexation=beta, interest=delta)
    assert scheme.entrant_rate(rho + gamma) == pytest.approx(scheme.payg_rate(), rel=1e-12)
    assert scheme.cohort_return(scheme.payg_rate()) == pytest.approx(rho + gamma, abs=1e-9)
    if abs(delta - rho - gamma) > 1e-3:
        assert (scheme.payg_rate() > scheme.entrant_rate()) == (delta > rho + gamma)
        assert (scheme.payg_rate() > scheme.terminal_funding_rate()) == (delta > rho + gamma)


# The yearly engine ------------------------------------------------------------------------------------------------------------------------------

YEARS = 220
RETURN = np.expm1(0.07)


@pytest.mark.parametrize("scheme", [MATURE, replace(MATURE, entrant_growth=0.0, wage_growth=0.05), replace(MATURE, retirement=65.0, indexation=0.01)])
def test_annual_engine_reproduces_the_closed_forms(scheme: StableScheme) -> None:
    flows = cohort(scheme)
    s, x = projected(scheme, flows.earnings, YEARS), projected(scheme, flows.pensions, YEARS)
    assert payg_cost_rate(x, s)[-1] == pytest.approx(scheme.payg_rate(), rel=ANNUAL)
    parts = payg_components(x[-1:], s[-1:], counted(scheme, flows.pensioners, YEARS)[-1:], counted(scheme, flows.contributors, YEARS)[-1:])
    assert parts.dependency_ratio[0] == pytest.approx(scheme.dependency_ratio(), rel=ANNUAL)
    assert parts.dependency_ratio[0] * parts.benefit_ratio[0] == pytest.approx(x[-1] / s[-1], rel=1e-14)

    rate = entrant_premium(flows.pensions, flows.earnings, np.full(len(flows.earnings), RETURN))
    assert rate == pytest.approx(scheme.entrant_rate(), rel=ANNUAL)
    fund = roll_forward(0.0, rate * s, x, np.full(YEARS, RETURN))
    year_end = np.exp(0.5 * (scheme.entrant_growth + scheme.wage_growth))
    assert fund.closing[-1] / (s[-1] * year_end) == pytest.approx(scheme.entrant_reserve(), rel=ANNUAL)

    capital = award_capital_values(flows.paid, np.full(len(flows.paid), RETURN))[0]
    terminal = terminal_funding_premium(capital * projected(scheme, flows.awarded, YEARS), s)
    assert terminal[-1] == pytest.approx(scheme.terminal_funding_rate(), rel=ANNUAL)


def test_annual_engine_reproduces_return_and_turnover() -> None:
    flows = cohort(MATURE)
    payg = float(payg_cost_rate(projected(MATURE, flows.pensions, YEARS), projected(MATURE, flows.earnings, YEARS))[-1])
    assert cohort_irr(payg * flows.earnings, flows.pensions) == pytest.approx(np.expm1(0.06), abs=1e-10)
    assert cohort_irr(MATURE.payg_rate() * flows.earnings, flows.pensions) == pytest.approx(np.expm1(0.06), abs=ANNUAL * 0.06)
    assert cohort_irr(MATURE.entrant_rate() * flows.earnings, flows.pensions) == pytest.approx(np.expm1(0.07), abs=ANNUAL * 0.07)
    weight = np.exp(-0.06 * np.arange(len(flows.ages)))
    found = turnover_duration(flows.ages, flows.earnings * weight, flows.ages, flows.pensions * weight)
    assert found == pytest.approx(published("SSF-TURNOVER").expected["turnover duration"], rel=ANNUAL)
