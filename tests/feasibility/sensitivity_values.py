"""Headline results written by hand in place of runs: two schemes, one country without any, and the region."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import Array
from actuarial.basis.sensitivities import Sensitivities, load_sensitivities
from actuarial.feasibility.levers import Change
from actuarial.feasibility.sensitivity import MEASURES, SensitivityResult, directions_of, outcomes_of, table_of

DATA = Path(__file__).parents[2] / "data"
COUNTRIES = ("AAA", "BBB", "CCC")
NAMES = {"AAA": "Aland", "BBB": "Bland", "CCC": "Cland"}
AT = {name: n for n, name in enumerate(MEASURES)}
WORTH = {"real_return": -200.0, "take_up": 4.0e6, "stock": 2.0e6, "administration": 1.0e6, "mortality": 5.0e5, "outflow": 1.0e6}
"""US dollars that a unit of a lever adds to the region's net cost."""


def base() -> Array:
    """AAA has an exhausted reserve, BBB an account scheme without a premium, CCC nothing."""
    values = np.full((len(COUNTRIES) + 1, len(MEASURES), 3), np.nan)
    for c, (payg, gap, end, cost) in enumerate(((0.12, 0.15, 2060.0, 7.0e6), (0.05, np.nan, np.nan, 0.0))):
        for measure in AT:
            level = {"gap_75": gap, "exhaustion_year": end}.get(measure, payg)
            values[c, AT[measure], :2] = level
        for measure, size in (("pv_net_cost", 1e3), ("pv_net_cost_usd", 1.0), ("pv_net_cost_share_of_earnings", 1e-9)):
            values[c, AT[measure], :2] = 0.0, size * cost
    values[-1] = values[0]
    values[-1, AT["pv_net_cost"]] = np.nan
    values[-1, AT["exhaustion_year"]] = np.nan
    values[:, :, 2] = values[:, :, 1] - values[:, :, 0]
    return values


def after(changes: Sequence[Change]) -> Array:
    """Results after changes: the net cost moves by :data:`WORTH` for each unit away from what is neutral, and the reserve with returns."""
    values = base()
    for lever, setting in changes:
        if lever in WORTH and isinstance(setting, float):
            neutral = {"take_up": 0.85, "real_return": 0.0}.get(lever, 1.0)
            for c in (0, -1):
                values[c, AT["pv_net_cost_usd"], 1] += WORTH[lever] * (setting - neutral)
        if lever == "real_return" and isinstance(setting, float):
            values[0, AT["exhaustion_year"], :2] = np.nan if setting > 0.0 else 2052.0
            values[0, AT["gap_75"], :2] -= setting
    values[:, :, 2] = values[:, :, 1] - values[:, :, 0]
    return values


def listed() -> Sensitivities:
    return load_sensitivities(DATA)


def hand_made() -> SensitivityResult:
    """The shipped list on these results, the combination included."""
    sensitivities = listed()
    values = {("", ""): base()} | {(o.key, o.side): after(o.changes) for row in sensitivities.rows for o in outcomes_of(row)}
    for side, members in directions_of(sensitivities, values).items():
        rows = [sensitivities.row(member) for member in members]
        values["combined", side] = after([(row.lever, row.settings[members[row.key]]) for row in rows])  # type: ignore[index]
    directions = [[row.key, row.title, "", "×2"] for row in sensitivities.rows if row.key in sensitivities.combined.members]
    ways = pd.DataFrame(directions, columns=["member", "title", "optimistic", "pessimistic"])
    return SensitivityResult(table_of(sensitivities, COUNTRIES, values, {("density", "high")}), ways)
