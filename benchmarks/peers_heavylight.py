"""The closed group as a heavylight ``LightModel``: methods of t over all cells at once, cached."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from heavylight import LightModel

from actuarial.basis.dimensions import Array, IntArray
from actuarial.finance.closed_group import Cells, PensionRules


def prepared(cells: Cells, mortality: Array, withdrawal: Array, rules: PensionRules, years: int) -> dict[str, Array | IntArray]:
    """What does not change by year: the share staying by sex and age in one line, each cell's place in it, and its pension as of year 0."""
    stay = 1.0 - mortality
    stay[:, : rules.pension_age] *= 1.0 - withdrawal[:, : rules.pension_age]
    stay = np.pad(stay, ((0, 0), (0, max(0, rules.pension_age + years - stay.shape[1]))), mode="edge")
    share = np.minimum(rules.accrual * (cells.service + (rules.pension_age - cells.age)), rules.cap)
    waiting = rules.pension_age - cells.age
    pension = share * cells.salary * (1.0 + rules.salary_growth) ** (waiting - 1) * (1.0 + rules.indexation) ** -waiting
    return {"stay": stay.ravel(), "row": cells.sex * stay.shape[1] + cells.age, "pension_at_0": pension}


class Group(LightModel):
    """Contributions and benefits by year; arrays are over the cells."""

    def __init__(self, cells: Cells, rules: PensionRules, given: dict[str, Array | IntArray]) -> None:
        self.Cells, self.Rules = cells, rules
        self.Stay, self.Row, self.Pension = given["stay"], given["row"], given["pension_at_0"]
        super().__init__()

    def working(self, t):
        return self.Cells.age + t < self.Rules.pension_age

    def left(self, t):
        return self.Cells.count if t == 0 else self.left(t - 1) * self.Stay[self.Row + (t - 1)]

    def contributions(self, t):
        return self.Rules.contribution * (1.0 + self.Rules.salary_growth) ** t * ((self.left(t) * self.working(t)) @ self.Cells.salary)

    def benefits(self, t):
        return (self.left(t) * ~self.working(t)) @ self.Pension * (1.0 + self.Rules.indexation) ** t


def make(cells: Cells, mortality: Array, withdrawal: Array, rules: PensionRules, years: int) -> Callable[[], object]:
    """The work of one run; the model is built once."""
    model = Group(cells, rules, prepared(cells, mortality, withdrawal, rules, years))

    def run() -> object:
        model.RunModel(years - 1)
        return np.array([model.contributions(t) for t in range(years)]), np.array([model.benefits(t) for t in range(years)])

    return run
