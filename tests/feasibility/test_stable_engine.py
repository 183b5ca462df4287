"""A mature scheme projected by the engine against closed forms, and how far the year as a step shows away from the reference basis."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from actuarial.feasibility.group import project_group
from actuarial.finance.indicators import payg_components
from actuarial.finance.internal_rate import cohort_irr
from actuarial.finance.premiums import entrant_premium
from actuarial.finance.stable import StableScheme
from actuarial.validation.finance import MATURE as REFERENCE
from actuarial.validation.mature import MATURE_YEAR, SCHEMES, WITHIN, YEARS, Projected, basis, checks_of, closed_form, projected


@pytest.fixture(scope="module")
def reference() -> Projected:
    return projected(REFERENCE)


@pytest.mark.parametrize("name", SCHEMES)
def test_engine_reproduces_the_closed_forms(name: str) -> None:
    checks = {check.id.split("/")[1]: check for check in checks_of(name)}
    assert len(checks) == 5 and WITHIN == 5e-4
    assert [check.id for check in checks.values() if not check.passed or check.tolerance != WITHIN] == []
    scheme = SCHEMES[name]
    assert (checks["PAYG"].found > checks["entrant premium"].found) == (scheme.interest > scheme.entrant_growth + scheme.wage_growth)


def test_engine_is_mature_and_its_members_are_the_closed_forms(reference: Projected) -> None:
    found = reference.whole
    np.testing.assert_allclose(found.payg[MATURE_YEAR:], found.payg[-1], rtol=1e-6)
    parts = payg_components(found.expenditure[-1:], found.earnings[-1:], found.pensioners[-1:].sum(axis=1), found.contributors[-1:])
    # Pensioners stand at 31 December, contributors at mid-year.
    assert parts.dependency_ratio[0] / math.exp(0.5 * 0.02) == pytest.approx(REFERENCE.dependency_ratio(), rel=WITHIN)


@pytest.mark.parametrize("scheme", [REFERENCE, SCHEMES["no growth of members"], SCHEMES["early pension"]])
def test_pay_as_you_go_costs_what_a_cohort_pays_only_where_interest_is_growth(scheme: StableScheme) -> None:
    growth = scheme.entrant_growth + scheme.wage_growth
    even = projected_rates(replace(scheme, interest=growth))
    assert even[0] == pytest.approx(even[1], rel=1e-10)
    for other in (growth - 0.002, growth + 0.002):
        payg, entrant = projected_rates(replace(scheme, interest=other))
        assert abs(payg / entrant - 1.0) > 0.02
        assert (payg > entrant) == (other > growth)


def projected_rates(scheme: StableScheme) -> tuple[float, float]:
    whole = project_group(basis(scheme, YEARS, np.exp(scheme.entrant_growth * np.arange(YEARS))))
    cohort = project_group(basis(scheme, YEARS, np.eye(YEARS)[0]))
    return float(whole.payg[-1]), entrant_premium(cohort.expenditure, cohort.earnings, cohort.investment_return)


def test_a_cohort_that_pays_the_pay_as_you_go_rate_earns_the_growth_of_the_wage_bill(reference: Projected) -> None:
    found = reference
    assert cohort_irr(found.payg * found.cohort.earnings, found.cohort.expenditure) == pytest.approx(math.expm1(0.06), abs=1e-9)


@pytest.mark.parametrize(
    "scheme",
    [
        replace(REFERENCE, retirement=65.0, indexation=0.01),
        replace(REFERENCE, retirement=65.0, entrant_growth=0.035, wage_growth=0.05, indexation=0.0, interest=0.09),
        replace(REFERENCE, retirement=65.0, entrant_growth=-0.01, wage_growth=0.0, indexation=0.03, interest=0.03),
    ],
)
def test_far_from_the_reference_basis_the_year_as_a_step_shows(scheme: StableScheme) -> None:
    """The bounds of module rule 2, at the combinations that reach them."""
    found, exact = projected(scheme), closed_form(scheme)
    assert found.payg == pytest.approx(exact.payg_rate(), rel=1e-3)
    assert found.entrant == pytest.approx(exact.entrant_rate(), rel=1e-3)
    assert found.terminal == pytest.approx(exact.terminal_funding_rate(), rel=1e-3)
    assert found.entrant_reserve == pytest.approx(exact.entrant_reserve(), rel=1e-3)
    assert found.pensioner_reserve == pytest.approx(exact.pensioner_reserve(), rel=1.25e-3)
