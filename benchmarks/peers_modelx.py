"""The closed group as a modelx space whose cells hold arrays over the members' cells."""

from __future__ import annotations

from collections.abc import Callable

import modelx
import numpy as np

from actuarial.basis.dimensions import Array
from actuarial.finance.closed_group import Cells, PensionRules


def age(t):  # noqa: D103
    return members.age + t


def working(t):  # noqa: D103
    return age(t) < rules.pension_age


def stay(t):  # noqa: D103
    at = np.minimum(age(t), mortality.shape[1] - 1)
    w = np.where(working(t), withdrawal[members.sex, at], 0.0)
    return (1.0 - mortality[members.sex, at]) * (1.0 - w)


def left(t):  # noqa: D103
    return members.count if t == 0 else left(t - 1) * stay(t - 1)


def salary(t):  # noqa: D103
    return members.salary if t == 0 else salary(t - 1) * (1.0 + rules.salary_growth)


def pension(t):  # noqa: D103
    if t == 0:
        return np.zeros_like(members.salary)
    return np.where(age(t) == rules.pension_age, share * salary(t - 1), pension(t - 1) * (1.0 + rules.indexation))


def contributions(t):  # noqa: D103
    return (rules.contribution * np.where(working(t), left(t) * salary(t), 0.0)).sum()


def benefits(t):  # noqa: D103
    return np.where(working(t), 0.0, left(t) * pension(t)).sum()


def make(cells: Cells, mortality: Array, withdrawal: Array, rules: PensionRules, years: int) -> Callable[[], object]:
    """The work of one run; the model is built once, its values are cleared before each run."""
    model = modelx.new_model()
    space = model.new_space("Group")
    for formula in (age, working, stay, left, salary, pension, contributions, benefits):
        space.new_cells(formula=formula)
    share = np.minimum(rules.accrual * (cells.service + (rules.pension_age - cells.age)), rules.cap)
    for name, value in (("members", cells), ("mortality", mortality), ("withdrawal", withdrawal), ("rules", rules), ("share", share), ("np", np)):
        space.set_ref(name, value, "absolute")

    def run() -> object:
        model.clear_all()
        return (
            np.array([space.contributions(t) for t in range(years)]),
            np.array([space.benefits(t) for t in range(years)]),
        )

    return run
