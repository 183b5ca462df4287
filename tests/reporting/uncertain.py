"""A made-up ensemble with the tables and columns of a real one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from actuarial.reporting.uncertainty import ENSEMBLE_REGION, Uncertainty

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
YEARS = np.arange(2026, 2101)
CASES = ("without", "with", "difference")
RUN = {"seed": 2026, "paths": 1000, "only": None, "shocks": False, "parameter_uncertainty": True}


def synthetic_ensemble(countries: tuple[str, ...] = ("RWA", "BDI")) -> Uncertainty:
    """Fans that widen with time around a base that is not their middle."""
    spread = np.array([-2.0, -1.3, -0.7, 0.0, 0.7, 1.3, 2.0])
    wide = np.sqrt((YEARS - 2025) / 75.0)
    quantiles, base, indicators, exhaustion, threshold = [], [], [], [], []

    def series(country: str, case: str, measure: str, middle: float, width: float) -> None:
        for level, z in zip(LEVELS, spread, strict=True):
            values = middle + width * wide * z
            quantiles.append(
                pd.DataFrame({"country": country, "case": case, "measure": measure, "year": YEARS, "quantile": level, "value": values,
                              "monte_carlo_error": 0.05 * width})
            )  # fmt: skip
        base.append(pd.DataFrame({"country": country, "case": case, "measure": measure, "year": YEARS, "value": middle - 0.1 * width}))

    for country in countries:
        for case in CASES:
            series(country, case, "payg", 0.0002 if case == "difference" else 0.12, 0.0001 if case == "difference" else 0.03)
            series(country, case, "reserve_ratio", -0.01 if case == "difference" else 5.0, 0.005 if case == "difference" else 3.0)
            middle = 0.0001 if case == "difference" else 0.13
            around = zip(LEVELS, middle * (1 + 0.1 * spread), strict=True)
            indicators += [[country, case, "gap_75", level, value, middle * 0.01, 1.0, middle] for level, value in around]
        series(country, "difference", "net_cost_share", 0.0002, 0.0003)
        around = zip(LEVELS, 0.0002 + 0.0001 * spread, strict=True)
        indicators += [[country, "difference", "net_cost_share_75", level, value, 1e-6, 1.0, 0.00018] for level, value in around]
        indicators += [[country, "with", "exhaustion_year", level, np.nan, np.nan, 0.0, np.nan] for level in LEVELS]
        for case, top in (("without", 0.3), ("with", 0.34)):
            p = top * (YEARS - 2026) / 74.0
            exhaustion.append(pd.DataFrame({"country": country, "case": case, "year": YEARS, "probability": p, "monte_carlo_error": 0.01}))
        threshold += [[country, share, p, 0.01] for share, p in ((0.0, 0.97), (0.0005, 0.2), (0.001, 0.0))]
    series(ENSEMBLE_REGION, "difference", "net_cost_usd", 2e6, 1e6)
    names = ["country", "case", "measure", "quantile", "value", "monte_carlo_error", "share_of_paths", "base"]
    tables = {
        "quantiles": pd.concat(quantiles, ignore_index=True),
        "indicators": pd.DataFrame(indicators, columns=names),
        "exhaustion": pd.concat(exhaustion, ignore_index=True),
        "threshold": pd.DataFrame(threshold, columns=["country", "share_of_payroll", "probability", "monte_carlo_error"]),
        "base": pd.concat(base, ignore_index=True),
    }
    return Uncertainty(None, tables, RUN)
