"""Tables of an ensemble: quantiles with their Monte Carlo error, probabilities of exhaustion and of a cost above a threshold.

| table | a row is |
|---|---|
| quantiles | country, case, measure, year, quantile: value and its standard error |
| indicators | the same of figures over 75 years (no year), and the exhaustion year among paths that reach one |
| exhaustion | country, case, year: probability that the reserve was negative at some 31 December up to then |
| threshold | country, share: probability that the present value of the net cost exceeds that share of insurable earnings |
| base | the base projection, for the line apart in charts: country, case, measure, year, value |
| paths | every path's figures over 75 years |

Standard error of a quantile: half the distance of the order statistics one binomial standard deviation to either side, which is
(alpha (1 - alpha) / n)^(1/2) / f without estimating the density f. Of a probability: (p (1 - p) / n)^(1/2).
The region's net cost is that of the pension schemes, in US dollars of the prices of the valuation date, exchange rates following relative inflation.
Where nothing was found in n paths the probability is below 3 / n with 95 % confidence, and that is the error given.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, HORIZON, Array
from actuarial.feasibility.ensemble import SINGLE, YEARLY, EnsembleResult

QUANTILES: Final = (0.025, 0.10, 0.25, 0.50, 0.75, 0.90, 0.975)
THRESHOLDS: Final = (0.0, 0.0001, 0.00025, 0.0005, 0.001, 0.002, 0.005, 0.01)
"""Shares of insurable earnings; 0.001 is a tenth of a percentage point."""
REGION: Final = "REGION"
CASES: Final = ("without", "with")
YEARS = np.arange(FIRST_YEAR, FIRST_YEAR + HORIZON)


def quantiles_with_error(values: Array) -> tuple[Array, Array]:
    """Quantiles of :data:`QUANTILES` and their standard errors [quantile, ...] of ``values`` [path, ...] without NaN."""
    n = len(values)
    ordered = np.sort(values, axis=0)
    levels = np.array(QUANTILES)
    spread = np.sqrt(levels * (1.0 - levels) / n)
    low, high = (_at(ordered, np.clip(levels + sign * spread, 0.0, 1.0)) for sign in (-1.0, 1.0))
    return _at(ordered, levels), 0.5 * (high - low)


def _at(ordered: Array, levels: Array) -> Array:
    """Linear interpolation between order statistics [level, ...]."""
    place = levels * (len(ordered) - 1)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, len(ordered) - 1)
    part = (place - below).reshape(-1, *(1,) * (ordered.ndim - 1))
    result: Array = ordered[below] * (1.0 - part) + ordered[above] * part
    return result


def ensemble_tables(countries: tuple[str, ...], result: EnsembleResult, base: EnsembleResult) -> dict[str, pd.DataFrame]:
    """All tables; ``countries`` are those of the schemes, ``base`` is the base projection as one path."""
    return {
        "quantiles": _quantiles(countries, result),
        "indicators": _indicators(countries, result, base),
        "exhaustion": _exhaustion(countries, result),
        "threshold": _threshold(countries, result),
        "base": _base(countries, base),
        "paths": _paths(countries, result),
    }


def _series(result: EnsembleResult, scheme: int) -> dict[tuple[str, str], Array]:
    """Yearly series of one scheme by (case, measure) [path, year]."""
    of = {name: result.yearly[:, scheme, i] for i, name in enumerate(YEARLY)}
    found: dict[tuple[str, str], Array] = {}
    for measure in ("payg", "reserve_ratio"):
        pair = [of[f"{measure}_{case}"] for case in CASES]
        found |= {(case, measure): values for case, values in zip(CASES, pair, strict=True)}
        found["difference", measure] = pair[1] - pair[0]
    found["difference", "net_cost_share"] = of["net_cost_share"]
    return found


def _quantiles(countries: tuple[str, ...], result: EnsembleResult) -> pd.DataFrame:
    parts = []
    series = [(country, key, values) for i, country in enumerate(countries) for key, values in _series(result, i).items()]
    series.append((REGION, ("difference", "net_cost_usd"), result.region))
    for country, (case, measure), values in series:
        years = np.isfinite(values).all(axis=0)
        found, error = quantiles_with_error(values[:, years])
        for q, level in enumerate(QUANTILES):
            parts.append(
                pd.DataFrame({"country": country, "case": case, "measure": measure, "year": YEARS[years], "quantile": level,
                              "value": found[q], "monte_carlo_error": error[q]})
            )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _figures(result: EnsembleResult, scheme: int) -> dict[tuple[str, str], Array]:
    """Figures over 75 years of one scheme by (case, measure) [path]."""
    of = {name: result.single[:, scheme, i] for i, name in enumerate(SINGLE)}
    gap = [of[f"gap_75_{case}"] for case in CASES]
    found = {(case, "gap_75"): values for case, values in zip(CASES, gap, strict=True)}
    found["difference", "gap_75"] = gap[1] - gap[0]
    found["difference", "net_cost_share_75"] = of["net_cost_share_75"]
    return found | {(case, "exhaustion_year"): of[f"exhaustion_year_{case}"] for case in CASES}


def _indicators(countries: tuple[str, ...], result: EnsembleResult, base: EnsembleResult) -> pd.DataFrame:
    rows = []
    for i, country in enumerate(countries):
        centre = _figures(base, i)
        for (case, measure), values in _figures(result, i).items():
            known = values[np.isfinite(values)]
            found, error = quantiles_with_error(known) if known.size else (np.full(len(QUANTILES), np.nan),) * 2
            for q, level in enumerate(QUANTILES):
                rows.append([country, case, measure, level, found[q], error[q], known.size / len(values), centre[case, measure][0]])
    return pd.DataFrame(rows, columns=["country", "case", "measure", "quantile", "value", "monte_carlo_error", "share_of_paths", "base"])


def _exhaustion(countries: tuple[str, ...], result: EnsembleResult) -> pd.DataFrame:
    parts = []
    for i, country in enumerate(countries):
        for case in CASES:
            p = result.yearly[:, i, YEARLY.index(f"exhausted_{case}")].mean(axis=0)
            parts.append(pd.DataFrame({"country": country, "case": case, "year": YEARS, "probability": p, "monte_carlo_error": _error(p, result)}))
    return pd.concat(parts, ignore_index=True)


def _threshold(countries: tuple[str, ...], result: EnsembleResult) -> pd.DataFrame:
    rows = []
    for i, country in enumerate(countries):
        cost = result.single[:, i, SINGLE.index("net_cost_share_75")]
        for share in THRESHOLDS:
            p = np.asarray(np.mean(cost > share))
            rows.append([country, share, float(p), float(_error(p, result))])
    return pd.DataFrame(rows, columns=["country", "share_of_payroll", "probability", "monte_carlo_error"])


def _error(p: Array, result: EnsembleResult) -> Array:
    n = len(result.yearly)
    return np.asarray(np.where((p > 0.0) & (p < 1.0), np.sqrt(p * (1.0 - p) / n), 3.0 / n))


def _base(countries: tuple[str, ...], base: EnsembleResult) -> pd.DataFrame:
    parts = [
        pd.DataFrame({"country": country, "case": case, "measure": measure, "year": YEARS, "value": values[0]})
        for i, country in enumerate(countries)
        for (case, measure), values in _series(base, i).items()
    ]
    parts.append(pd.DataFrame({"country": REGION, "case": "difference", "measure": "net_cost_usd", "year": YEARS, "value": base.region[0]}))
    return pd.concat(parts, ignore_index=True)


def _paths(countries: tuple[str, ...], result: EnsembleResult) -> pd.DataFrame:
    paths = np.arange(len(result.single))
    return pd.concat(
        [pd.DataFrame({"path": paths, "country": country} | {name: result.single[:, i, n] for n, name in enumerate(SINGLE)})
         for i, country in enumerate(countries)],
        ignore_index=True,
    )  # fmt: skip
