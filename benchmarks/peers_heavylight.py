"""The closed group as a heavylight ``LightModel``: methods of t over all cells at once, cached."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from heavylight import LightModel

from actuarial.basis.dimensions import Array
from actuarial.finance.closed_group import Cells, PensionRules


class Group(LightModel):
    """Contributions and benefits by year; arrays are over the cells."""

    def __init__(self, cells: Cells, mortality: Array, withdrawal: Array, rules: PensionRules) -> None:
        self.Cells, self.Rules = cells, rules
        self.Mortality, self.Withdrawal = mortality, withdrawal
        self.Share = np.minimum(rules.accrual * (cells.service + (rules.pension_age - cells.age)), rules.cap)
        super().__init__()

    def age(self, t):
        return self.Cells.age + t

    def working(self, t):
        return self.age(t) < self.Rules.pension_age

    def stay(self, t):
        at = np.minimum(self.age(t), self.Mortality.shape[1] - 1)
        w = np.where(self.working(t), self.Withdrawal[self.Cells.sex, at], 0.0)
        return (1.0 - self.Mortality[self.Cells.sex, at]) * (1.0 - w)

    def left(self, t):
        return self.Cells.count if t == 0 else self.left(t - 1) * self.stay(t - 1)

    def salary(self, t):
        return self.Cells.salary if t == 0 else self.salary(t - 1) * (1.0 + self.Rules.salary_growth)

    def pension(self, t):
        if t == 0:
            return np.zeros_like(self.Cells.salary)
        starts = self.age(t) == self.Rules.pension_age
        return np.where(starts, self.Share * self.salary(t - 1), self.pension(t - 1) * (1.0 + self.Rules.indexation))

    def contributions(self, t):
        return self.Rules.contribution * np.where(self.working(t), self.left(t) * self.salary(t), 0.0)

    def benefits(self, t):
        return np.where(self.working(t), 0.0, self.left(t) * self.pension(t))


def make(cells: Cells, mortality: Array, withdrawal: Array, rules: PensionRules, years: int) -> Callable[[], object]:
    """The work of one run; the model is built once."""
    model = Group(cells, mortality, withdrawal, rules)

    def run() -> object:
        model.RunModel(years - 1)
        return (
            np.array([model.contributions(t).sum() for t in range(years)]),
            np.array([model.benefits(t).sum() for t in range(years)]),
        )

    return run
