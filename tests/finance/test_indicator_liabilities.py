"""Three definitions of a scheme's liability that never mix (actuarial debt after Holzmann, Palacios and Zviniene 2004)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from actuarial.finance.indicators import present_value
from actuarial.finance.liabilities import (
    AccruedLiability,
    ClosedGroupLiability,
    OpenGroupObligation,
    accrued_liability,
    closed_group_liability,
    difference,
    funding_ratio,
    open_group_obligation,
    present_values,
    unfunded,
)
from actuarial.finance.reserve import roll_forward

from .series import Finances, finances

ACCRUED = AccruedLiability(60.0, 40.0, "projected")
CLOSED = ClosedGroupLiability(300.0, 180.0)
OPEN = OpenGroupObligation(1000.0, 870.0, 75)


def test_present_values_of_groups() -> None:
    flows = np.array([[11.0, 0.0], [0.0, 15.972], [11.0, 15.972]])
    assert present_values(flows, np.array([0.21, 0.44])) == pytest.approx([10.0, 11.0, 21.0])
    assert present_values(flows[:, None], np.array([0.21, 0.44])).shape == (3, 1)
    assert present_values(flows[0], np.array([0.21, 0.44])) == pytest.approx(10.0)
    with pytest.raises(ValueError, match="flows run over 2 years, returns over 3"):
        present_values(flows, np.zeros(3))
    with pytest.raises(ValueError, match="must exceed -1"):
        present_values(flows, np.array([0.0, -1.0]))


def test_accrued_to_date_is_prorated_by_service() -> None:
    found = accrued_liability(
        np.array([50.0, 10.0]), np.array([100.0, 80.0, 30.0]), np.array([10.0, 0.0, 30.0]), np.array([40.0, 20.0, 30.0]), "projected"
    )
    assert (found.pensioners, found.insured, found.value) == (60.0, 55.0, 115.0)
    nobody = np.zeros(0)
    assert accrued_liability(np.array([5.0]), nobody, nobody, nobody, "frozen") == AccruedLiability(5.0, 0.0, "frozen")
    assert accrued_liability(nobody, np.array([8.0]), np.array([0.2]), np.array([0.8]), "frozen").value == 2.0


@pytest.mark.parametrize(("now", "end"), [(-0.5, 10.0), (10.5, 10.0), (0.0, 0.0)])
def test_service_must_lie_within_the_career(now: float, end: float) -> None:
    with pytest.raises(ValueError, match="between 0 and service at exit"):
        accrued_liability(np.zeros(1), np.ones(2), np.array([1.0, now]), np.array([10.0, end]), "projected")


def test_groups_must_agree() -> None:
    with pytest.raises(ValueError, match="must cover the same groups"):
        accrued_liability(np.zeros(1), np.ones(2), np.ones(2), np.ones(3), "projected")
    with pytest.raises(ValueError, match="must cover the same groups"):
        accrued_liability(np.zeros(1), np.ones(2), np.ones(1), np.ones(2), "projected")
    with pytest.raises(ValueError, match="must cover the same groups"):
        closed_group_liability(np.ones(2), np.ones(3))


def test_closed_group_deducts_future_contributions() -> None:
    found = closed_group_liability(np.array([100.0, 60.0]), np.array([0.0, 25.0]))
    assert (found.benefits, found.contributions, found.value) == (160.0, 25.0, 135.0)


@given(finances())
def test_open_group_obligation_is_the_debt_at_the_end(case: Finances) -> None:
    x, s, reserve, j = case
    found = open_group_obligation(x, 0.1 * s, j)
    assert found.years == len(x)
    assert found.value == pytest.approx(present_value(x - 0.1 * s, j), rel=1e-9, abs=1e-6)
    fund = roll_forward(reserve, 0.1 * s, x, j)
    assert unfunded(found, reserve) == pytest.approx(-fund.closing[-1] / float(np.prod(1.0 + j)), rel=1e-9, abs=1e-6)


def test_unfunded_and_funding_ratio() -> None:
    assert [unfunded(liability, 25.0) for liability in (ACCRUED, CLOSED, OPEN)] == [75.0, 95.0, 105.0]
    assert funding_ratio(ACCRUED, 25.0) == 0.25
    assert funding_ratio(AccruedLiability(0.5, 0.0, "projected"), 1.0) == 2.0
    with pytest.raises(ValueError, match="no rights have accrued"):
        funding_ratio(AccruedLiability(0.0, 0.0, "projected"), 25.0)


@pytest.mark.parametrize("other", [CLOSED, OPEN])
def test_funding_ratio_is_of_accrued_rights_only(other: object) -> None:
    with pytest.raises(TypeError, match="defined on rights accrued to date"):
        funding_ratio(other, 25.0)  # type: ignore[arg-type]


def test_like_is_compared_with_like() -> None:
    assert difference(AccruedLiability(61.0, 47.0, "projected"), ACCRUED) == 8.0
    assert difference(CLOSED, ClosedGroupLiability(290.0, 185.0)) == 15.0
    assert difference(OpenGroupObligation(1010.0, 875.0, 75), OPEN) == 5.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ACCRUED, CLOSED),
        (CLOSED, OPEN),
        (OPEN, ACCRUED),
        (ACCRUED, AccruedLiability(60.0, 40.0, "frozen")),
        (OPEN, OpenGroupObligation(1000.0, 870.0, 50)),
        (ACCRUED, 100.0),
        (100.0, ACCRUED),
    ],
)
def test_definitions_never_mix(one: object, other: object) -> None:
    with pytest.raises(TypeError, match=r"different definitions|state its definition"):
        difference(one, other)  # type: ignore[type-var]
    with pytest.raises(TypeError):
        one < other  # type: ignore[operator]  # noqa: B015
    with pytest.raises(TypeError):
        one - other  # type: ignore[operator]
    with pytest.raises(TypeError, match="found a bare float"):
        unfunded(100.0, 1.0)  # type: ignore[arg-type]


def test_equal_amounts_of_different_definitions_are_not_equal() -> None:
    assert ACCRUED.value == ClosedGroupLiability(100.0, 0.0).value
    assert ClosedGroupLiability(100.0, 0.0) != ACCRUED
