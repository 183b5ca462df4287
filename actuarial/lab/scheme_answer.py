"""One scheme at one setting: its units recombined, the fund rolled forward, the ladder climbed. Milliseconds; no projection.

1. Items of a combination S of rungs at take-up f are sum over d of coefficient[S, d] f^d (:mod:`actuarial.lab.units`), columns times the factors on
   movers, then wages and interest as on a path of an ensemble (:mod:`actuarial.feasibility.ensemble_paths`): an answer is one such path.
2. Steps of the ladder are net costs with a rung less those without it, in the order of the ladder; a rung that is off is left out, its step is 0.
   Net cost: more expenditure less more contributions.
3. Reserve: V' = V (1 + i) + (C - X) (1 + i)^(1/2), present values with the same i at mid-year. PAYG cost rate: X / S. Net cost as a share: its
   present value over that of insurable earnings without the instrument. Sources: :mod:`actuarial.finance.reserve`,
   :mod:`actuarial.finance.indicators`.
4. As in the yearly tables of a study, income and outgo are those of pensions; branches beside them are the step ``short_term`` of the ladder only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from actuarial.basis.dimensions import AGE_COUNT, HORIZON, Array
from actuarial.feasibility.ensemble_paths import SchemeFlows, scheme_flows
from actuarial.feasibility.ladder import NAMES, TOGETHER
from actuarial.feasibility.path_movers import Elasticities
from actuarial.feasibility.path_rates import SchemePaths, path_rates
from actuarial.feasibility.responses import ITEMS, SchemeResponse
from actuarial.feasibility.scheme_basis import SchemeBasis
from actuarial.lab.model import SchemeModel
from actuarial.lab.setting import Setting
from actuarial.lab.units import LATER, PAST, SUBSETS, WITH_ITEMS, Subset

CASES: Final = ("without", "with")
_AT: Final = [ITEMS.index(name) for name in WITH_ITEMS]
_POSTED: Final = ITEMS.index("posted_earnings")
_NOTHING: Final = Elasticities.none()


@dataclass(frozen=True)
class SchemeAnswer:
    """One scheme at a setting; amounts in its currency, nominal. ``corridors`` are the names of all corridors of the model."""

    model: SchemeModel
    setting: Setting
    corridors: tuple[str, ...]

    @cached_property
    def flows(self) -> SchemeFlows:
        """Cash flows of both cases at the setting [1, year]."""
        return self._flows(self._on, legislation="legislation" in self.setting.rungs, administration="administration" in self.setting.rungs)

    @cached_property
    def steps(self) -> Array:
        """Net cost of every rung [rung, year] in the order of the ladder; with the branches beside pensions, which the flows leave out."""
        found = np.zeros((len(NAMES), HORIZON))
        posted = "legislation" in self.setting.rungs
        below: Subset = frozenset()
        before = _net(self._flows(below, legislation=posted, administration=False))
        found[NAMES.index("legislation")] = before
        for name in TOGETHER:
            if name in self._on:
                below = below | {name}
                after = _net(self._flows(below, legislation=posted, administration=False))
                found[NAMES.index(name)] = after - before
                before = after
        found[NAMES.index("administration")] = _net(self.flows) - before
        if "short_term" in self.setting.rungs:
            found[NAMES.index("short_term")] = self._short_term()
        return found

    @property
    def net_cost(self) -> Array:
        """With minus without, pensions and administration [year]."""
        return _net(self.flows)

    @property
    def payg(self) -> Array:
        """PAYG cost rate of both cases [case, year]."""
        pairs = zip(self.flows.expenditure, self.flows.earnings, strict=True)
        return np.stack([np.divide(x[0], s[0], out=np.zeros(HORIZON), where=s[0] > 0.0) for x, s in pairs])

    def value(self, amounts: Array) -> float:
        """Present value at the valuation date of amounts at mid-year."""
        return float(amounts @ self.flows.discount[0])

    @property
    def earnings_value(self) -> float:
        """Present value of insurable earnings without the instrument."""
        return self.value(self.flows.earnings[0][0])

    @property
    def gap(self) -> tuple[float, float]:
        """General average premium of both cases: (present value of expenditure - reserve) / present value of insurable earnings.

        NaN for accounts, whose members are owed what they hold.
        """
        if self.model.basis.kind == "account":
            return np.nan, np.nan
        opening = self.model.basis.opening_reserve
        first, second = (
            (self.value(x[0]) - opening) / self.value(s[0]) for x, s in zip(self.flows.expenditure, self.flows.earnings, strict=True)
        )
        return first, second

    @cached_property
    def _on(self) -> Subset:
        return frozenset(self.setting.rungs) & frozenset(TOGETHER)

    @cached_property
    def _factors(self) -> Array:
        """On every column, by what moves it [column]."""
        units, setting = self.model.units, self.setting
        on = np.where(units.part == PAST, setting.stock, setting.flows)
        for name, factor in setting.corridors.items():
            of = (units.corridor == self.corridors.index(name)) & (units.part == LATER)
            on = np.where(of, on * factor, on)
        return np.asarray(on, dtype=np.float64)

    @cached_property
    def _paths(self) -> SchemePaths:
        zero, one = np.zeros((1, HORIZON)), np.ones((1, HORIZON))
        factors = np.ones((1, len(self.corridors), 2))
        factors[0, self.model.units.corridor, self.model.units.part] = self._factors
        return SchemePaths(
            factors=factors, mortality=zero, pattern=np.zeros(AGE_COUNT), inflation=zero, real_wage=zero + self.setting.real_wage,
            real_return=zero + self.setting.real_return, coverage=one, density=one, compliance=one, take_up=one, cover_elsewhere=zero,
            density_elsewhere=zero,
        )  # fmt: skip

    def _response(self, rungs: Subset, legislation: bool) -> SchemeResponse:
        units, at = self.model.units, SUBSETS.index(rungs)
        powers = self.setting.take_up ** np.arange(units.priced.shape[1])
        flows = units.flows.copy()
        flows[_AT] = np.tensordot(powers, units.priced[at], axes=1)
        if not legislation:
            flows[_POSTED] = 0.0
        awarded = np.stack([units.awarded, powers @ units.awarded_with[at]])
        return SchemeResponse(units.corridor, units.part, flows, awarded)

    def _flows(self, rungs: Subset, *, legislation: bool, administration: bool) -> SchemeFlows:
        basis: SchemeBasis = self.model.basis
        if not administration:
            basis = replace(basis, fixed_cost=np.zeros(HORIZON), variable_share=np.zeros(HORIZON))
        return scheme_flows(basis, self._response(rungs, legislation), _NOTHING, self._paths)

    def _short_term(self) -> Array:
        powers = self.setting.take_up ** np.arange(self.model.units.short_term.shape[0])
        cost = np.tensordot(powers, self.model.units.short_term, axes=1).T @ self._factors
        worth: Array = cost * path_rates(self.model.basis, self._paths).pay[0]
        return worth


def _net(flows: SchemeFlows) -> Array:
    more: Array = (flows.expenditure[1] - flows.expenditure[0])[0] - (flows.contributions[1] - flows.contributions[0])[0]
    return more
