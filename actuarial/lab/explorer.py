"""A study that answers at once: the base and its model, asked at any setting of legal steps and levers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON
from actuarial.basis.errors import InputError, unknown_name
from actuarial.feasibility.ladder import NAMES
from actuarial.finance.indicators import first_year
from actuarial.lab.model import ExplorerModel
from actuarial.lab.scheme_answer import CASES, SchemeAnswer
from actuarial.lab.setting import BY_NAME, TITLES, Setting

if TYPE_CHECKING:
    from actuarial.lab.kept import Inputs
    from actuarial.lab.saving import Saved

YEARS: Final = np.arange(FIRST_YEAR, FIRST_YEAR + HORIZON)
REGION: Final = "region"
PAYG_YEARS: Final = (2030, 2050, 2075, 2100)


@dataclass(frozen=True)
class Answer:
    """Every scheme at one setting, as tidy tables. Amounts are nominal national currency unless a column says otherwise.

    Example::

        answer.yearly(country)        # country, case, year, variable, value
        answer.ladder(country)        # price of every legal step
        answer.indicators()           # a few figures of every scheme
    """

    model: ExplorerModel
    setting: Setting

    @cached_property
    def schemes(self) -> dict[str, SchemeAnswer]:
        """Answers by country, of every scheme that collects contributions."""
        return {code: SchemeAnswer(scheme, self.setting, self.model.corridors) for code, scheme in self.model.schemes.items()}

    def scheme(self, country: str) -> SchemeAnswer:
        """One scheme. Raises :class:`InputError` for a country that is not of the region or has no scheme that collects contributions."""
        if country not in self.schemes:
            if country in self.model.members:
                raise InputError(f"{country} has no scheme that collects contributions, so there is nothing to explore")
            raise InputError(unknown_name("country", country, tuple(self.schemes)))
        return self.schemes[country]

    def yearly(self, country: str | Sequence[str] | None = None, *, wide: bool = False) -> pd.DataFrame:
        """Yearly results: country, case (``without`` or ``with`` the instrument), year, variable, value; one column per variable if ``wide``.

        Variables: ``insurable_earnings``, ``contributions``, ``expenditure`` (benefits and administration), ``reserve`` (31 December; below 0 a
        debt), ``payg_cost_rate`` (expenditure over insurable earnings), ``net_cost`` (more expenditure less more contributions; 0 if ``without``).
        """
        parts = [self._yearly(code, n) for code in self._codes(country) for n in range(len(CASES))]
        table = pd.concat(parts, ignore_index=True)
        return table if wide else table.melt(["country", "case", "year"], var_name="variable", value_name="value")

    def _yearly(self, code: str, case: int) -> pd.DataFrame:
        scheme = self.scheme(code)
        flows = scheme.flows
        return pd.DataFrame(
            {
                "country": code, "case": CASES[case], "year": YEARS, "insurable_earnings": flows.earnings[case][0],
                "contributions": flows.contributions[case][0], "expenditure": flows.expenditure[case][0], "reserve": flows.closing[case][0],
                "payg_cost_rate": scheme.payg[case], "net_cost": scheme.net_cost * case,
            }
        )  # fmt: skip

    def ladder(self, country: str | Sequence[str] | None = None) -> pd.DataFrame:
        """Price of every legal step: country, rung, title, on, pv (present value over 75 years), pv_usd, share_of_earnings.

        A step that is off costs 0. Their sum is the net cost with that of the branches beside pensions. ``share_of_earnings`` is the present value
        over that of insurable earnings without the instrument.
        """
        rows = []
        for code in self._codes(country):
            scheme = self.scheme(code)
            for n, name in enumerate(NAMES):
                pv = scheme.value(scheme.steps[n])
                usd = pv / scheme.model.basis.exchange_rate
                rows.append((code, name, TITLES[name], name in self.setting.rungs, pv, usd, pv / scheme.earnings_value))
        return pd.DataFrame(rows, columns=["country", "rung", "title", "on", "pv", "pv_usd", "share_of_earnings"])

    def indicators(self, country: str | Sequence[str] | None = None) -> pd.DataFrame:
        """A few figures: country, variable, unit, without, with, difference.

        PAYG cost rates of some years, the general average premium over 75 years (``gap_75``), the year in which the reserve is used up
        (``exhaustion_year``, missing if it never is), and the net cost of pensions at present value (``pv_net_cost``, and as a share of earnings).
        """
        rows: list[tuple[Any, ...]] = []
        for code in self._codes(country):
            scheme, unit = self.scheme(code), self.scheme(code).model.currency
            payg, gap = scheme.payg, scheme.gap
            for year in PAYG_YEARS:
                without, with_ = payg[:, year - FIRST_YEAR]
                rows.append((code, f"payg_{year}", "share of insurable earnings", without, with_, with_ - without))
            rows.append((code, "gap_75", "share of insurable earnings", *gap, gap[1] - gap[0]))
            gone = [first_year(closing[0] < 0.0, FIRST_YEAR) for closing in scheme.flows.closing]
            rows.append((code, "exhaustion_year", "year", *gone, gone[1] - gone[0]))
            cost = scheme.value(scheme.net_cost)
            rows.append((code, "pv_net_cost", unit, np.nan, np.nan, cost))
            rows.append((code, "pv_net_cost_share_of_earnings", "share of insurable earnings", np.nan, np.nan, cost / scheme.earnings_value))
        return pd.DataFrame(rows, columns=["country", "variable", "unit", "without", "with", "difference"])

    def cautions(self) -> list[str]:
        """What is approximate about this answer: a sentence for every lever that was moved."""
        found = [f"{BY_NAME[name].title}: {BY_NAME[name].exact}" for name in self.setting.moved() if name in BY_NAME]
        if self.setting.corridors:
            found.append(f"Movers of single corridors: {BY_NAME['flows'].exact}")
        if self.setting.take_up > self.model.take_up_limit:
            found.append(f"Take-up beyond {self.model.take_up_limit:.2f} times the curve would be more than everybody.")
        return found

    def _codes(self, country: str | Sequence[str] | None) -> list[str]:
        if country is None:
            return list(self.schemes)
        return [country] if isinstance(country, str) else list(country)


@dataclass(frozen=True)
class Explorer:
    """Answers at any setting within milliseconds; :meth:`actuarial.Study.explorer` makes one.

    Example::

        explore = study().explorer()
        explore.at(take_up=0.5, off=["export"]).ladder(country)
    """

    model: ExplorerModel
    inputs: Inputs | None = None

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries whose scheme collects contributions."""
        return tuple(self.model.schemes)

    def at(self, setting: Setting | None = None, *, off: Sequence[str] = (), **levers: Any) -> Answer:
        """The region at a setting, or at the base with ``levers`` moved (fields of :class:`Setting`) and the legal steps ``off`` switched off.

        Example::

            explore.at(flows=1.5)                                # half as many movers again
            explore.at(off=["export"], real_return=-0.01)        # no export, and one point less return

        Raises :class:`InputError` for an unknown step, corridor or lever, and for take-up beyond :attr:`ExplorerModel.take_up_limit`.
        """
        for name in levers:
            if name not in Setting.__dataclass_fields__:
                raise InputError(unknown_name("lever", name, tuple(Setting.__dataclass_fields__)))
        now = changed(setting or Setting(), **levers)
        if off:
            for name in off:
                if name not in NAMES:
                    raise InputError(unknown_name("legal step", name, NAMES))
            now = changed(now, rungs=tuple(name for name in now.rungs if name not in off))
        for corridor in now.corridors:
            if corridor not in self.model.corridors:
                raise InputError(unknown_name("corridor", corridor, self.model.corridors))
        if now.take_up > self.model.take_up_limit + 1e-12:
            raise InputError(f"take_up: found {now.take_up:g}; beyond {self.model.take_up_limit:.4g} more than everybody would claim")
        return Answer(self.model, now)

    def save(self, answer: Answer, name: str, *, title: str = "", replace: bool = False) -> Saved:
        """Write the setting of an answer into the folder ``scenarios`` (:func:`actuarial.lab.saving.save_setting`).

        Example::

            explore.save(explore.at(flows=1.5), "more-movers").command
        """
        from actuarial.lab.saving import save_setting

        if self.inputs is None:
            raise InputError("this explorer was not made from a scenario and an instrument by name, so there is nothing that a file could extend")
        return save_setting(self.inputs, answer.setting, name, title=title, replace=replace)


