"""Published and derived cases of time series (``actuarial/validation/cases.yaml``), each figure within its tolerance."""

from __future__ import annotations

import pytest

from actuarial.validation.published import Case, cases_of, run_case


@pytest.mark.parametrize("case", [case for subject in ("series",) for case in cases_of(subject)], ids=lambda case: case.id)
def test_case(case: Case) -> None:
    checks = run_case(case)
    assert [check for check in checks if not check.passed] == []
    assert [check.id for check in checks] == [f"{case.id}/{name}" for name in case.expected]
