"""Closed forms in continuous time against which the yearly formulas are tested.

Flows are yearly intensities, ``force`` is the force of interest delta = ln(1 + j).
"""

from __future__ import annotations

import math
from dataclasses import dataclass


def exhaustion_time(reserve: float, contributions: float, expenditure: float, force: float) -> float | None:
    """Years until a fund with constant flows is empty: ln[(B - C) / (B - C - delta V_0)] / delta; ``None`` if it never is.

    From dV/dt = delta V + C - B; V_0 / (B - C) at delta = 0. Case SSF-EXHAUST-CONT. Raises ``ValueError`` for a negative reserve.
    """
    if reserve < 0.0:
        raise ValueError(f"the fund cannot start below zero; found {reserve:g}")
    excess = expenditure - contributions
    if excess <= 0.0 or force * reserve >= excess:
        return None
    share = force * reserve / excess
    return reserve / excess if force == 0.0 else -math.log1p(-share) / force


def annuity_certain(force: float, years: float) -> float:
    """(1 - e^(-delta n)) / delta: value of 1 a year over n years; n at delta = 0."""
    return years if force == 0.0 else -math.expm1(-force * years) / force


@dataclass(frozen=True)
class LinearBenefits:
    """Expenditure b t, earnings 1, no initial fund."""

    slope: float
    force: float

    def scaled_premium(self, years: float) -> float:
        """Scaled premium of [0, n]: b a(n), a the annuity certain; from V'(n) = 0. Case SSF-SCALED."""
        return self.slope * annuity_certain(self.force, years)

    def reserve(self, rate: float, time: float) -> float:
        """V(t) = (rate / delta)(e^(delta t) - 1) - (b / delta^2)(e^(delta t) - 1 - delta t); rate t - b t^2 / 2 at delta = 0.

        At the scaled premium of [0, n] and t = n this is (b / delta^2)(delta n - 1 + e^(-delta n)).
        """
        d = self.force
        if d == 0.0:
            return rate * time - 0.5 * self.slope * time**2
        return rate / d * math.expm1(d * time) - self.slope / d**2 * (math.expm1(d * time) - d * time)

    def general_average_premium(self, years: float) -> float:
        """GAP over n years: b (a(n) - n e^(-delta n)) / (delta a(n)); b n / 2 at delta = 0."""
        a = annuity_certain(self.force, years)
        if self.force == 0.0:
            return 0.5 * self.slope * years
        return self.slope * (a - years * math.exp(-self.force * years)) / (self.force * a)
