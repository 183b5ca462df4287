"""A mature scheme in a stable population, in closed form: what every projection must approach.

Continuous flows; entrants at age b grow by rho, wages by gamma, pensions in payment by beta, interest is delta (all forces); retirement at r; the
pension is the share P of final salary. l(x) survivors, s(x) salary scale, a(r, f) the pension annuity at force f.

PAYG = P s(r) l(r) e^(-rho (r-b)) a(r, rho+gamma-beta) / integral over b..r of e^(-rho (x-b)) l s dx
ENT  = the same with delta - gamma for rho, so PAYG = ENT if and only if delta = rho + gamma
TFS  = P s(r) l(r) e^(-rho (r-b)) a(r, delta-beta) / integral over b..r of e^(-rho (x-b)) l s dx
V/S under ENT = (PAYG - ENT) / (delta - rho - gamma); pensioners' reserve / S = (PAYG - TFS) / (delta - rho - gamma)

Source: Samuelson 1958 and Aaron 1966, Iyer 1999 chapter 1 (recalled); confirmed by quadrature from both sides (derived). Integrals by Gauss-Legendre
on panels of at most ``PANEL`` years, exact to rounding for smooth survival.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from actuarial.basis.dimensions import Array

Curve = Callable[[Array], Array]
PANEL = 2.5
NODES = 16
EVEN = 1e-9
"""Forces nearer than this count as equal: the quotients of reserves lose their digits."""
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(NODES)


def integral(curve: Curve, low: float, high: float) -> float:
    """Integral of a smooth curve over ``low``..``high``."""
    edges = np.linspace(low, high, max(1, math.ceil((high - low) / PANEL)) + 1)
    half = 0.5 * np.diff(edges)[:, None]
    points = 0.5 * (edges[:-1] + edges[1:])[:, None] + half * _POINTS
    return float((curve(points.ravel()).reshape(points.shape) * half * _WEIGHTS).sum())


@dataclass(frozen=True)
class StableScheme:
    """A mature scheme; all rates are forces per year. Raises ``ValueError`` unless entry < retirement < last age."""

    survival: Curve
    """l(x) at exact ages, any radix."""
    salary: Curve
    """s(x), the scale on top of wage growth."""
    entry: float
    retirement: float
    last_age: float
    entrant_growth: float
    wage_growth: float
    indexation: float
    interest: float
    pension_share: float

    def __post_init__(self) -> None:
        if not self.entry < self.retirement < self.last_age:
            raise ValueError("entry must come before retirement and retirement before the last age")

    def annuity(self, age: float, force: float) -> float:
        """a(x, f): integral of e^(-f (y - x)) l(y) / l(x) over y from x to the last age."""
        return integral(lambda y: np.exp(-force * (y - age)) * self.survival(y), age, self.last_age) / self._at(self.survival, age)

    def payg_rate(self) -> float:
        """Expenditure over insurable earnings in any year of the mature state."""
        return self._rate(self.entrant_growth, self.entrant_growth + self.wage_growth - self.indexation)

    def entrant_rate(self, interest: float | None = None) -> float:
        """Premium at which a cohort pays for itself, at ``interest`` or the scheme's own."""
        delta = self.interest if interest is None else interest
        return self._rate(delta - self.wage_growth, delta - self.indexation)

    def terminal_funding_rate(self) -> float:
        """Capital value of the awards of a year over insurable earnings."""
        return self._rate(self.entrant_growth, self.interest - self.indexation)

    def entrant_reserve(self) -> float:
        """V/S when every cohort has paid ENT: (PAYG - ENT) / (delta - rho - gamma)."""
        return (self.payg_rate() - self.entrant_rate()) / self._excess_interest()

    def pensioner_reserve(self) -> float:
        """Reserve of pensions in payment over S: (PAYG - TFS) / (delta - rho - gamma)."""
        return (self.payg_rate() - self.terminal_funding_rate()) / self._excess_interest()

    def dependency_ratio(self) -> float:
        """Pensioners per contributor: integrals of e^(-rho x) l over r..last age and over b..r. Case SSF-DEPRATIO."""
        return integral(self._people, self.retirement, self.last_age) / integral(self._people, self.entry, self.retirement)

    def mean_contribution_age(self) -> float:
        """A_C: mean age of a contribution of the year, weighted by amount."""
        return integral(lambda x: x * self._earnings(x), self.entry, self.retirement) / self._payroll()

    def mean_benefit_age(self) -> float:
        """A_R: mean age of a pension payment of the year, weighted by amount."""
        whole = integral(self._pensions, self.retirement, self.last_age)
        return integral(lambda x: x * self._pensions(x), self.retirement, self.last_age) / whole

    def turnover_duration(self) -> float:
        """A_R - A_C. Case SSF-TURNOVER."""
        return self.mean_benefit_age() - self.mean_contribution_age()

    def accrued_liability(self) -> float:
        """Liability over S at the discount rate rho + gamma: PAYG x turnover duration (Settergren and Mikula 2005; partial)."""
        return self.payg_rate() * self.turnover_duration()

    def prospective_liability(self, contribution_rate: float, discount: float) -> float:
        """Over S: benefits still to be paid to present members less contributions still to come from them, member by member.

        Pensioners: integral of pensions in payment times a(x, f - beta); contributors aged x: P s(r) e^((gamma-f)(r-x)) l(r) a(r, f - beta)
        less the rate times the integral of e^((gamma-f)(y-x)) l s dy over x..r; f the discount rate.
        """
        b, r, gamma = self.entry, self.retirement, self.wage_growth
        award = self.pension_share * self._at(self.salary, r) * self._at(self.survival, r) * self.annuity(r, discount - self.indexation)

        def pensioners(ages: Array) -> Array:
            values = np.array([self.annuity(float(x), discount - self.indexation) for x in ages])
            result: Array = self._pensions(ages) * values
            return result

        def contributors(ages: Array) -> Array:
            due = np.array([self._future_earnings(float(x), discount) for x in ages])
            owed = award * np.exp((gamma - discount) * (r - ages))
            result: Array = np.exp(-self.entrant_growth * (ages - b)) * (owed - contribution_rate * due)
            return result

        return (integral(pensioners, r, self.last_age) + integral(contributors, b, r)) / self._payroll()

    def cohort_return(self, contribution_rate: float, bracket: tuple[float, float] = (-0.2, 0.5)) -> float:
        """Force of interest at which a cohort that pays ``contribution_rate`` pays for itself: root of ENT(delta) = rate. Case SSF-IRR."""
        return float(brentq(lambda delta: self.entrant_rate(delta) - contribution_rate, *bracket, xtol=1e-14, rtol=1e-14))

    def _rate(self, entry_force: float, pension_force: float) -> float:
        b, r = self.entry, self.retirement
        award = self.pension_share * self._at(self.salary, r) * self._at(self.survival, r) * math.exp(-entry_force * (r - b))
        base = integral(lambda x: np.exp(-entry_force * (x - b)) * self.survival(x) * self.salary(x), b, r)
        return award * self.annuity(r, pension_force) / base

    def _excess_interest(self) -> float:
        excess = self.interest - self.entrant_growth - self.wage_growth
        if abs(excess) < EVEN:
            raise ValueError("interest equals growth of members plus growth of wages: use the accrued liability, PAYG x turnover duration")
        return excess

    def _people(self, ages: Array) -> Array:
        result: Array = np.exp(-self.entrant_growth * (ages - self.entry)) * self.survival(ages)
        return result

    def _earnings(self, ages: Array) -> Array:
        result: Array = self._people(ages) * self.salary(ages)
        return result

    def _pensions(self, ages: Array) -> Array:
        level = self.pension_share * self._at(self.salary, self.retirement)
        result: Array = level * self._people(ages) * np.exp((self.indexation - self.wage_growth) * (ages - self.retirement))
        return result

    def _payroll(self) -> float:
        return integral(self._earnings, self.entry, self.retirement)

    def _future_earnings(self, age: float, discount: float) -> float:
        gamma = self.wage_growth
        return integral(lambda y: np.exp((gamma - discount) * (y - age)) * self.survival(y) * self.salary(y), age, self.retirement)

    @staticmethod
    def _at(curve: Curve, age: float) -> float:
        return float(curve(np.array([age]))[0])
