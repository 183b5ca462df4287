"""A mature scheme projected by the engine year by year against the closed forms of :mod:`actuarial.finance.stable`.

Entrants of one age grow by rho, wages by gamma; everybody retires at one age on a share P of final salary. The engine is run from an empty
scheme until the last members of the first year are gone. ENT comes from the flows of a closed group of entrants, TFS from the awards of each year
and what they pay later, both reserves from the fund of the projection itself.

1. "Final salary" of a projection is the average of the last twelve months, P s(r) times the mean of e^(-(gamma + sigma) u) over u in 0..1 with a
   scale e^(sigma x): the closed form gets that factor, nothing else.
2. What remains is the year as a step: half a year of pension in the award year and whole years later (a trapezoid rule for the annuity), increases
   at 1 January, the last twelve months taken as the mean of two calendar years ((gamma + sigma)^2 / 12 too much). It grows with the forces and with
   the retirement age. Over 288 combinations of rho -1..3.5 %, gamma 0..5 %, beta 0..5 %, delta 3..9 % and r 55..65 the largest relative differences
   were 8.4e-4 (PAYG), 9.0e-4 (ENT), 9.6e-4 (TFS), 6.8e-4 (V/S) and 1.2e-3 (pensioners' reserve, a difference of two near figures).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest

from actuarial.basis.scheme_law import SchemeLaw
from actuarial.demography.annuity import makeham_survival
from actuarial.feasibility.group import Decrements, GroupBasis, GroupResult, project_group
from actuarial.finance.indicators import payg_components
from actuarial.finance.internal_rate import cohort_irr
from actuarial.finance.premiums import award_capital_values, entrant_premium, terminal_funding_premium
from actuarial.finance.stable import StableScheme, integral

YEARS = 190
MATURE_YEAR = 112
"""From here on nobody of the first year is left, and 78 years remain in which pensions awarded now run off."""
WITHIN = 5e-4
SIGMA = 0.01


def sult(ages: np.ndarray) -> np.ndarray:
    """SOA Standard Ultimate Life Table: Makeham A 0.00022, B 2.7e-6, c 1.124, at all ages from 20."""
    return makeham_survival(np.array(20.0), ages - 20.0, 0.00022, 2.7e-6, 1.124)


REFERENCE = StableScheme(
    survival=sult, salary=lambda ages: np.exp(SIGMA * (ages - 20.0)), entry=20.0, retirement=60.0, last_age=125.0,
    entrant_growth=0.02, wage_growth=0.04, indexation=0.03, interest=0.07, pension_share=0.40,
)  # fmt: skip
"""The basis of cases SSF-DUALITY, SSF-TURNOVER, SSF-IRR, SSF-DEPRATIO."""


def closed_form(scheme: StableScheme) -> StableScheme:
    """The same scheme with the pension on the last twelve months' average (module rule 1)."""
    force = scheme.wage_growth + SIGMA
    return replace(scheme, pension_share=scheme.pension_share * -math.expm1(-force) / force)


def basis(scheme: StableScheme, years: int, entrants: np.ndarray, rate: float | np.ndarray = 0.0) -> GroupBasis:
    """The scheme for the engine: mortality by completed age from person-years of the same table, pay at mid-year age, the law by months."""
    b, r = int(scheme.entry), int(scheme.retirement)
    lived = np.array([integral(sult, x, x + 1.0) if x >= b else 1.0 for x in range(int(scheme.last_age) + 1)])
    death = np.zeros(101)
    death[b:100] = 1.0 - lived[b + 1 : 101] / lived[b:100]
    death[100] = 1.0 - lived[101:].sum() / lived[100:].sum()
    months = 12 * (r - b)
    law = SchemeLaw(
        "stable", 0, "defined_benefit", pension_age=(r, r), qualifying_months=months, first_months=months, first_share=scheme.pension_share,
        maximum_share=1.0, reference_months=12,
    )  # fmt: skip
    return GroupBasis(
        law, years, Decrements("independent", death), salary=scheme.salary(np.arange(101) + 1.0), entrants={b: entrants}, contribution_rate=rate,
        wage_growth=math.expm1(scheme.wage_growth), indexation=math.expm1(scheme.indexation), investment_return=math.expm1(scheme.interest),
    )  # fmt: skip


@dataclass(frozen=True)
class Projected:
    """What the engine finds: contribution rates, and reserves over insurable earnings at the same moment."""

    whole: GroupResult
    cohort: GroupResult
    payg: float
    entrant: float
    terminal: float
    entrant_reserve: float
    pensioner_reserve: float


def projected(scheme: StableScheme) -> Projected:
    growing = np.exp(scheme.entrant_growth * np.arange(YEARS))
    whole, cohort = project_group(basis(scheme, YEARS, growing)), project_group(basis(scheme, YEARS, np.eye(YEARS)[0]))
    entrant = entrant_premium(cohort.expenditure, cohort.earnings, cohort.investment_return)
    capital = award_capital_values(whole.payment.paid, whole.investment_return) * whole.awarded
    terminal = terminal_funding_premium(capital[:MATURE_YEAR], whole.earnings[:MATURE_YEAR])
    paying = project_group(basis(scheme, YEARS, growing, entrant))
    buying = project_group(basis(scheme, MATURE_YEAR, growing[:MATURE_YEAR], terminal))
    to_year_end = math.exp(0.5 * (scheme.entrant_growth + scheme.wage_growth))
    return Projected(
        whole, cohort, float(whole.payg[-1]), entrant, float(terminal[-1]),
        float(paying.reserve.closing[-1] / (paying.earnings[-1] * to_year_end)),
        float(buying.reserve.closing[-1] / (buying.earnings[-1] * to_year_end)),
    )  # fmt: skip


SCHEMES = {
    "reference": REFERENCE,
    "no growth of members": replace(REFERENCE, entrant_growth=0.0, wage_growth=0.05),
    "interest below growth": replace(REFERENCE, entrant_growth=0.035, wage_growth=0.02, indexation=0.0, interest=0.03),
    "fewer entrants each year": replace(REFERENCE, entrant_growth=-0.01, wage_growth=0.03, interest=0.05),
    "indexed to wages, no real growth": replace(REFERENCE, entrant_growth=0.0, wage_growth=0.02, indexation=0.02, interest=0.04),
    "early pension": replace(REFERENCE, retirement=55.0, entrant_growth=0.02, wage_growth=0.02, indexation=0.02, interest=0.06),
}


@pytest.mark.parametrize("name", SCHEMES)
def test_engine_reproduces_the_closed_forms(name: str) -> None:
    scheme = SCHEMES[name]
    found, exact = projected(scheme), closed_form(scheme)
    assert found.payg == pytest.approx(exact.payg_rate(), rel=WITHIN)
    assert found.entrant == pytest.approx(exact.entrant_rate(), rel=WITHIN)
    assert found.terminal == pytest.approx(exact.terminal_funding_rate(), rel=WITHIN)
    assert found.entrant_reserve == pytest.approx(exact.entrant_reserve(), rel=WITHIN)
    assert found.pensioner_reserve == pytest.approx(exact.pensioner_reserve(), rel=WITHIN)
    assert (found.payg > found.entrant) == (scheme.interest > scheme.entrant_growth + scheme.wage_growth)


def test_engine_is_mature_and_its_members_are_the_closed_forms() -> None:
    found = projected(REFERENCE).whole
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


def test_a_cohort_that_pays_the_pay_as_you_go_rate_earns_the_growth_of_the_wage_bill() -> None:
    found = projected(REFERENCE)
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
