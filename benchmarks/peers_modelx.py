"""The closed group as a modelx space whose cells hold arrays over the members' cells."""

from __future__ import annotations

from collections.abc import Callable

import modelx
import numpy as np
from peers_heavylight import prepared

from actuarial.basis.dimensions import Array
from actuarial.finance.closed_group import Cells, PensionRules


def working(t):
    return members.age + t < rules.pension_age


def left(t):
    return members.count if t == 0 else left(t - 1) * stay[row + (t - 1)]


def payroll(t):
    return (left(t) * working(t)) @ members.salary


def contributions(t):
    return rules.contribution * (1.0 + rules.salary_growth) ** t * payroll(t)


def benefits(t):
    return (left(t) * ~working(t)) @ pension_at_0 * (1.0 + rules.indexation) ** t


def make(cells: Cells, mortality: Array, withdrawal: Array, rules: PensionRules, years: int) -> Callable[[], object]:
    """The work of one run; the model is built once, its values are cleared before each run.

    What does not change by year is made before: the table of staying, a pension carried back from the pension age to year 0 by its indexation.
    """
    model = modelx.new_model()
    space = model.new_space("Group")
    for formula in (working, left, payroll, contributions, benefits):
        space.new_cells(formula=formula)
    references = {"members": cells, "rules": rules, **prepared(cells, mortality, withdrawal, rules, years)}
    for name, value in references.items():
        space.set_ref(name, value, "absolute")

    def run() -> object:
        model.clear_all()
        return (
            np.array([space.contributions(t) for t in range(years)]),
            np.array([space.benefits(t) for t in range(years)]),
        )

    return run
