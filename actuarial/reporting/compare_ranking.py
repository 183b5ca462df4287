"""Which instrument is cheapest and which is dearest under one scenario, and which part of the net cost makes the difference.

1. Instruments are ranked within a scenario alone: which scenario comes true, such as how many people move, is nobody's choice.
2. A difference below :data:`MATERIAL_USD` or :data:`MATERIAL_SHARE` of the net cost is not material: it is smaller than what assumptions leave open.
3. Parts of the net cost may differ by more than their sum does; then the largest part of the other sign is named beside.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from actuarial.reporting.compare_figures import Row, known
from actuarial.reporting.compare_set import Comparison

SAME: Final = 1e-9
"""Share of the larger amount below which two costs are the same."""
MATERIAL_USD: Final = 1e5
"""Difference of two present values, in US dollars, below which it is not material."""
MATERIAL_SHARE: Final = 0.01
"""The same as a share of the larger of the two."""


@dataclass(frozen=True)
class Ends:
    """Letters of the cheapest and of the dearest combination among some, and their net costs in US dollars."""

    low: str
    high: str
    cheapest: float
    dearest: float

    @property
    def same(self) -> bool:
        """Whether both cost the same."""
        return same(self.cheapest, self.dearest)

    @property
    def material(self) -> bool:
        """Whether they differ by more than assumptions leave open."""
        return self.dearest - self.cheapest >= max(MATERIAL_USD, MATERIAL_SHARE * max(abs(self.cheapest), abs(self.dearest)))


def same(a: float, b: float) -> bool:
    """Whether two amounts are equal but for rounding of the computer."""
    return math.isclose(a, b, rel_tol=SAME, abs_tol=1e-6)


def ends(row: Row) -> Ends:
    """The ends of net costs by letter. Raises ``ValueError`` for none."""
    low, high = min(row, key=lambda x: row[x]), max(row, key=lambda x: row[x])
    return Ends(low, high, row[low], row[high])


def by_scenario(comparison: Comparison, row: Row) -> dict[str, Ends]:
    """The ends among the instruments of every scenario in which the net cost has a meaning, the base first."""
    costs = known(row)
    groups: dict[str, Row] = {}
    for c in comparison.combinations:
        if c.letter in costs:
            groups.setdefault(c.scenario_name, {})[c.letter] = costs[c.letter]
    return {name: ends(group) for name, group in groups.items()}


def over_scenarios(comparison: Comparison, row: Row, instrument: str) -> Ends | None:
    """The ends among the scenarios with one instrument; ``None`` when it has fewer than two with a meaning."""
    costs = known(row)
    group = {c.letter: costs[c.letter] for c in comparison.combinations if c.instrument_name == instrument and c.letter in costs}
    return ends(group) if len(group) > 1 else None


@dataclass(frozen=True)
class Steps:
    """The part that differs most between two combinations and by how much, US dollars; and what offsets it, where it exceeds the whole."""

    part: str
    step: float
    offset: str = ""
    offset_step: float = 0.0


def largest_steps(parts: dict[str, Row], low: str, high: str) -> Steps:
    """What makes the difference of combination ``high`` from ``low``.

    >>> largest_steps({"exported": {"A": 1.0, "B": 9.0}, "refunds": {"A": -1.0, "B": -6.0}, "payouts": {"A": 0.0, "B": -1.0}}, "A", "B")
    Steps(part='exported', step=8.0, offset='refunds', offset_step=-5.0)
    """
    step = {part: values[high] - values[low] for part, values in parts.items()}
    part = max(step, key=lambda p: abs(step[p]))
    against = {p: v for p, v in step.items() if v * step[part] < 0}
    if abs(step[part]) <= abs(math.fsum(step.values())) or not against:
        return Steps(part, step[part])
    offset = max(against, key=lambda p: abs(against[p]))
    return Steps(part, step[part], offset, step[offset])
