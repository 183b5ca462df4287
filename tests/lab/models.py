"""A hand-made model of an explorer: two schemes, two corridors, smooth figures chosen by eye. No region is projected."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from actuarial.basis.dimensions import HORIZON
from actuarial.feasibility.responses import ITEMS
from actuarial.feasibility.scheme_basis import SchemeBasis
from actuarial.lab.model import ExplorerModel, SchemeModel
from actuarial.lab.units import SUBSETS, WITH_ITEMS, Units
from tests.feasibility.test_ensemble import scheme

CORRIDORS = ("KEN-RWA", "RWA-KEN")
COLUMNS = 4
MORE = {"equality": 0.0, "export": 6.0, "totalisation": 4.0, "amount": 1.0}
"""What each rung adds to pensions of a column."""


def units(seed: int) -> Units:
    """Units that rise over the years; what rungs add is in proportion to take-up, and refunds end with totalisation whatever the take-up."""
    rise = np.linspace(0.2, 1.0, HORIZON) * np.random.default_rng(seed).uniform(0.8, 1.2, (COLUMNS, 1))
    size = dict.fromkeys(ITEMS, 0.0) | {"earnings": 300.0, "posted_earnings": 2.0, "pensions_without": 5.0, "refunds_without": 3.0}
    size["stay_earnings"] = -100.0
    flows = np.stack([size[name] * rise for name in ITEMS])
    priced = np.zeros((len(SUBSETS), 2, len(WITH_ITEMS), COLUMNS, HORIZON))
    for n, rungs in enumerate(SUBSETS):
        priced[n, 0, WITH_ITEMS.index("pensions_own")] = 5.0 * rise
        priced[n, 0, WITH_ITEMS.index("refunds_with")] = (3.0 if "totalisation" not in rungs else 0.0) * rise
        for name in rungs:
            priced[n, 1, WITH_ITEMS.index("pensions_added" if name != "export" else "pensions_resumed")] += MORE[name] * rise
        for at, name in enumerate(WITH_ITEMS):
            flows[ITEMS.index(name)] = priced[-1, :, at].sum(axis=0)
    awarded = np.ones(HORIZON)
    awarded_with = np.stack([np.stack([awarded, 0.1 * len(rungs) * awarded]) for rungs in SUBSETS])
    short_term = np.stack([np.zeros_like(rise), 0.5 * rise, np.zeros_like(rise)])
    return Units(np.repeat([0, 1], 2).astype(np.int64), np.tile([0, 1], 2).astype(np.int64), flows, priced, awarded, awarded_with, short_term)


def basis(kind: str, code: str) -> SchemeBasis:
    """A scheme of :mod:`tests.feasibility.test_ensemble` that bears a cost of coordination from the third year on."""
    in_force = (np.arange(HORIZON) >= 2).astype(np.float64)
    return replace(scheme(kind), country=code, fixed_cost=0.5 * in_force, variable_share=0.03 * in_force)


def model() -> ExplorerModel:
    """A pension scheme in Rwanda and an account scheme in Kenya, beside a country without a scheme."""
    schemes = {
        code: SchemeModel(code, name, f"Fund of {name}", currency, (0.1,) * HORIZON, basis(kind, code), units(seed))
        for seed, (code, name, currency, kind) in enumerate((("RWA", "Rwanda", "RWF", "defined_benefit"), ("KEN", "Kenya", "KES", "account")))
    }
    return ExplorerModel("base", "eac-directive", ("KEN", "RWA", "SOM"), CORRIDORS, 1.15, schemes)


