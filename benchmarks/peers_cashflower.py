"""The closed group as a cashflower model: one model point per cell, variables of t, results added up over the points.

cashflower imports its parts as modules ``input`` and ``model``; this file is the second and makes the first. Rates lie in plain lists: reading one
element of an array at a time is slower.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
from cashflower import ModelPointSet, run, variable

from actuarial.basis.dimensions import Array
from actuarial.finance.closed_group import Cells, PensionRules

main: Any = None
GIVEN: dict[str, Any] = {}


@variable()
def age(t):
    return main.get("age") + t


@variable()
def left(t):
    if t == 0:
        return main.get("count")
    return left(t - 1) * GIVEN["stay"][int(main.get("sex"))][int(age(t - 1))]


@variable()
def salary(t):
    if t == 0:
        return main.get("salary")
    return salary(t - 1) * GIVEN["growth"]


@variable()
def pension(t):
    if t == 0:
        return 0.0
    if age(t) == GIVEN["pension_age"]:
        return main.get("share") * salary(t - 1)
    return pension(t - 1) * GIVEN["indexation"]


@variable()
def contributions(t):
    if age(t) < GIVEN["pension_age"]:
        return GIVEN["contribution"] * left(t) * salary(t)
    return 0.0


@variable()
def benefits(t):
    if age(t) < GIVEN["pension_age"]:
        return 0.0
    return left(t) * pension(t)


def make(cells: Cells, mortality: Array, withdrawal: Array, rules: PensionRules, years: int) -> Callable[[], object]:
    """The work of one run on one core, which is the faster way here."""
    global main
    stay = 1.0 - mortality
    stay[:, : rules.pension_age] *= 1.0 - withdrawal[:, : rules.pension_age]
    GIVEN.update(
        stay=stay.tolist(), growth=1.0 + rules.salary_growth, indexation=1.0 + rules.indexation, contribution=rules.contribution,
        pension_age=rules.pension_age,
    )  # fmt: skip
    share = np.minimum(rules.accrual * (cells.service + (rules.pension_age - cells.age)), rules.cap)
    main = ModelPointSet(data=pd.DataFrame({**vars(cells), "share": share}))
    sys.modules["model"] = sys.modules[__name__]
    given = ModuleType("input")
    given.main = main  # type: ignore[attr-defined]
    sys.modules["input"] = given
    settings = {
        "OUTPUT_VARIABLES": ["contributions", "benefits"], "SAVE_OUTPUT": False, "T_MAX_CALCULATION": years - 1, "T_MAX_OUTPUT": years - 1,
    }  # fmt: skip

    def once() -> object:
        before, sys.argv = sys.argv, sys.argv[:1]
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                output, _, _ = run(settings=settings)
        finally:
            sys.argv = before
        return output["contributions"].to_numpy(), output["benefits"].to_numpy()

    return once
