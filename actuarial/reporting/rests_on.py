"""How much of the result rests on inputs that are assumed or recalled: by count of inputs, and by weight of the result.

1. *Inputs*: assumed or recalled inputs over all inputs that the projection reads. Each counts the same, whatever it moves.
2. *Corridors*: the part of the sum of absolute amounts over corridors and sexes that runs through corridors whose migration figures are assumed or
   recalled. The amount is the present value of the net cost; in account schemes, which have none, of balances kept, paid later and administration; in
   a country without a collecting scheme it is the number of movers.
3. *Steps*: the part of the sum of absolute present values of the legal steps that belongs to steps of which a parameter is assumed or recalled.
4. *Swings*: of the widest effects of all sensitivities on the net cost, the part that belongs to inputs that are assumed or recalled. A sensitivity
   whose input is not in the register counts as its file says (:data:`BESIDE`).

The measures overlap and say different things; they must not be added or multiplied. NaN stands where there is nothing to share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames

if TYPE_CHECKING:
    from actuarial.reporting.uncertainty import Uncertainty

INSTRUMENT: Final = "instrument: "
STEP_INPUTS: Final = {
    "equality": ("provisions.equality_of_treatment",),
    "export": ("provisions.export", "provisions.currency", "provisions.retroactive_claims", "take_up"),
    "totalisation": (
        "provisions.totalisation",
        "provisions.refunds",
        "provisions.account_schemes",
        "provisions.retroactive_periods",
        "provisions.invalidity",
        "provisions.survivors",
        "take_up",
    ),
    "amount": ("provisions.amount", "provisions.minimum_pension"),
    "legislation": ("provisions.applicable_legislation",),
    "short_term": (
        "scope.branches",
        "provisions.occupational_disease",
        "provisions.health",
        "provisions.family",
        "provisions.unemployment",
        "provisions.funeral",
    ),
    "administration": ("administration",),
}
"""Parameters of the instrument that a step of the ladder rests on, by the beginning of their names: those it switches on, and how many claim."""
LEVER_INPUTS: Final = {
    "real-return": ("real return, long run",),
    "real-wage": ("real wage growth, long run",),
    "inflation": ("inflation, long run",),
    "exchange-rate": ("exchange rate",),
    "flows": ("migration ",),
    "stock": ("migration ",),
    "returns": ("migration ",),
    "migrant-cover": ("careers: migrant_coverage",),
    "resident-cover": ("calibration.active_contributors",),
    "density": ("collection.density",),
    "compliance": ("collection.compliance",),
    "exits": ("careers: exit_rate",),
    "emigrant-cover": ("careers: emigrant_cover",),
    "invalidity": ("contingencies: invalidity_incidence",),
    "marriage": ("families: married",),
    "qualifying-period": ("old_age.qualifying_months",),
    "ceiling": ("contributions.ceiling",),
    "refunds": ("leaving.refund_take_up",),
    "take-up": ("instrument: take_up",),
    "administration": ("instrument: administration",),
}
"""Inputs of the register that a sensitivity changes, by the beginning of their names."""
BESIDE: Final = {"mortality": "partial", "fertility": "partial", "mover-pay": "assumed"}
"""Evidence marks of sensitivities whose input is no line of the register: projections of the United Nations; pay of movers as of residents."""


@dataclass(frozen=True)
class RestsOn:
    """Shares (fractions) that rest on assumed or recalled inputs."""

    inputs: float
    corridors: float
    steps: float
    swings: float


def rests_on(scheme: SchemeResult, uncertainty: Uncertainty | None = None) -> RestsOn:
    """The four shares of one country. Raises ``ValueError`` for an evidence mark that is not known."""
    return RestsOn(frames.unsure_share(scheme.assumptions), corridors_share(scheme), steps_share(scheme), swings_share(scheme, uncertainty))


def corridors_share(scheme: SchemeResult) -> float:
    """Share of the amounts over corridors whose migration figures are assumed or recalled."""
    table = scheme.corridors
    if table.empty:
        return math.nan
    weight = _weight(scheme, table)
    return _share(weight, table["confidence"].isin(frames.UNSURE))


def _weight(scheme: SchemeResult, table: pd.DataFrame) -> pd.Series[float]:
    if scheme.kind == frames.DEFINED_BENEFIT:
        return table["pv_net_cost"].abs()
    if scheme.kind == frames.ACCOUNT:
        return table["pv_refunds_not_paid"].abs() + table["pv_extra_payouts"].abs() + table["pv_administration"].abs()
    return table["movers_2026"]


def steps_share(scheme: SchemeResult) -> float:
    """Share of the legal steps' absolute present values with an assumed or recalled parameter; a step without a parameter listed counts as sure."""
    if scheme.ladder.empty:
        return math.nan
    weight = scheme.ladder["pv"].abs()
    unsure = scheme.ladder["rung"].map(lambda rung: _is_unsure(scheme, tuple(INSTRUMENT + n for n in STEP_INPUTS.get(str(rung), ()))))
    return _share(weight, unsure.astype(bool))


def swings_share(scheme: SchemeResult, uncertainty: Uncertainty | None) -> float:
    """Share of the widest effects of the sensitivities attached that belongs to assumed or recalled inputs; NaN without sensitivities."""
    if uncertainty is None or uncertainty.sensitivity is None or scheme.country not in set(uncertainty.sensitivity["country"]):
        return math.nan
    from actuarial.basis.sensitivities import COMBINED
    from actuarial.reporting.tornado import widths

    rows = widths(uncertainty.sensitivity, scheme.country).drop(COMBINED, errors="ignore")
    unsure = [key in BESIDE and BESIDE[key] in frames.UNSURE or _is_unsure(scheme, LEVER_INPUTS.get(key, ())) for key in map(str, rows.index)]
    return _share(rows["size"], pd.Series(unsure, index=rows.index))


def _is_unsure(scheme: SchemeResult, beginnings: tuple[str, ...]) -> bool:
    """Whether one of the inputs whose name begins so is assumed or recalled."""
    if not beginnings or scheme.assumptions.empty:
        return False
    chosen = scheme.assumptions[scheme.assumptions["name"].astype(str).str.startswith(beginnings)]
    return bool(chosen["confidence"].isin(frames.UNSURE).any())


def _share(weight: pd.Series[float], chosen: pd.Series[bool]) -> float:
    total = float(weight.sum())
    return float(weight[chosen.to_numpy()].sum()) / total if total > 0 else math.nan
