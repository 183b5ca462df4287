"""A closed group by cohorts is the group cell by cell; and what a single member of it costs, by the annuity functions.

Identities: Winklevoss (1993), Pension Mathematics with Numerical Illustrations, chapters 2 and 4.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.demography.annuity import annuity_due, deferred_annuity_due, temporary_annuity_due
from actuarial.finance.closed_group import Cells, PensionRules, project_cell_by_cell, project_closed_group

RULES = PensionRules(60, 0.02, 0.8, 0.2, 0.04, 0.02, 0.05)
MORTALITY = np.minimum(np.array([[4e-4], [3e-4]]) * 1.095 ** np.arange(101), 1.0)
WITHDRAWAL = np.where(np.arange(101) < 55, 0.03, 0.0) * np.ones((2, 1))


def some(n: int, seed: int) -> Cells:
    rng = np.random.default_rng(seed)
    return Cells(rng.integers(0, 2, n), rng.integers(20, 60, n), rng.lognormal(8, 1, n), rng.uniform(0, 40, n), rng.uniform(0, 9, n))


@given(n=st.integers(0, 60), seed=st.integers(0, 9), years=st.integers(1, 90), pension_age=st.integers(60, 65))
def test_cohorts_are_the_cells(n: int, seed: int, years: int, pension_age: int) -> None:
    rules = replace(RULES, pension_age=pension_age)
    found = project_closed_group(some(n, seed), MORTALITY, WITHDRAWAL, rules, years)
    wanted = project_cell_by_cell(some(n, seed), MORTALITY, WITHDRAWAL, rules, years)
    for name, values in wanted._asdict().items():
        np.testing.assert_allclose(getattr(found, name), values, rtol=1e-11, atol=1e-9 * (1 + abs(wanted.value)))
        assert np.shape(getattr(found, name)) == np.shape(values)


def test_one_member_by_annuities() -> None:
    """V = B a-due deferred to 60 at (1.05 / 1.02 - 1) less the contributions at (1.05 / 1.04 - 1), without withdrawal."""
    member = Cells(np.array([1]), np.array([45]), np.array([1000.0]), np.array([10.0]), np.array([3.0]))
    found = project_closed_group(member, MORTALITY, np.zeros_like(MORTALITY), RULES, 200)
    q = MORTALITY[1, 45:]
    pension = 3 * 1000 * 1.04**14 * 0.02 * 25 * 1.02**-15
    benefits = pension * deferred_annuity_due(q, 1.05 / 1.02 - 1, 15)[0]
    contributions = 3 * 1000 * 0.2 * temporary_annuity_due(q, 1.05 / 1.04 - 1, 15)[0]
    assert found.value == pytest.approx(benefits - contributions, rel=1e-10)
    assert found.contributions[:2] == pytest.approx([600.0, 600 * 1.04 * (1 - q[0])])
    assert found.active[15:].sum() == 0.0
    assert found.pensioners[:15].sum() == 0.0


def test_the_cap_holds_and_the_last_age_goes_on() -> None:
    member = Cells(np.array([0]), np.array([59]), np.array([100.0]), np.array([60.0]), np.array([1.0]))
    still = np.full((2, 60), 0.1)
    found = project_closed_group(member, still, np.zeros_like(still), replace(RULES, indexation=0.0, discount=0.0), 400)
    assert found.benefits[1] == pytest.approx(0.9 * 80.0)
    assert found.benefits.sum() == pytest.approx(0.9 * 80.0 * annuity_due(np.array([0.1]), 0.0)[0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"age": np.array([60, 30])}, "ages"), ({"age": np.array([-1, 30])}, "ages"), ({"sex": np.array([0, 2])}, "sex"),
        ({"count": np.ones(3)}, "length"),
    ],
)  # fmt: skip
def test_cells_that_cannot_be(change: dict[str, np.ndarray], message: str) -> None:
    for project in (project_closed_group, project_cell_by_cell):
        with pytest.raises(ValueError, match=message):
            project(replace(some(2, 1), **change), MORTALITY, WITHDRAWAL, RULES)


def test_rates_that_cannot_be() -> None:
    for mortality, withdrawal, rules, years, message in (
        (MORTALITY + 1, WITHDRAWAL, RULES, 75, "mortality"),
        (MORTALITY, WITHDRAWAL - 1, RULES, 75, "withdrawal"),
        (MORTALITY[:1], WITHDRAWAL, RULES, 75, "both"),
        (MORTALITY, WITHDRAWAL, replace(RULES, pension_age=102), 75, "pension age"),
        (MORTALITY, WITHDRAWAL, RULES, 0, "one year"),
    ):
        with pytest.raises(ValueError, match=message):
            project_closed_group(some(2, 1), mortality, withdrawal, rules, years)
