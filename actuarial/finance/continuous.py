"""Closed forms in continuous time against which the yearly formulas are tested.

Flows are yearly intensities, ``force`` is the force of interest delta = ln(1 + j).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

EVEN = 1e-15
"""Interest below this share of the yearly loss does not shorten or lengthen anything."""
SMALL = 0.01
"""Exponents below this use their power series, whose eight terms are exact to rounding there."""


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
    return reserve / excess if abs(share) < EVEN else -math.log1p(-share) / force


def annuity_certain(force: float, years: float) -> float:
    """(1 - e^(-delta n)) / delta: value of 1 a year over n years; n at delta = 0."""
    return years * _first(-force * years)


def _first(z: float) -> float:
    """(e^z - 1) / z, 1 at 0."""
    return math.expm1(z) / z if abs(z) > SMALL else _series(z, 1)


def _second(z: float) -> float:
    """(e^z - 1 - z) / z^2, 1/2 at 0."""
    return (math.expm1(z) - z) / z**2 if abs(z) > SMALL else _series(z, 2)


def _series(z: float, start: int) -> float:
    return math.fsum(z**k / math.factorial(k + start) for k in range(8))


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
        z = self.force * time
        return rate * time * _first(z) - self.slope * time**2 * _second(z)

    def general_average_premium(self, years: float) -> float:
        """GAP over n years: b (a(n) - n e^(-delta n)) / (delta a(n)); b n / 2 at delta = 0."""
        z = self.force * years
        return self.slope * years * math.exp(-z) * _second(z) / _first(-z)
