"""Spread of mortality, derived from the probability intervals of World Population Prospects 2024.

1. Age pattern: first singular vector of the log death rates of the projection, averaged over states and sexes, 2023 to 2100; the base moves along it.
2. The 95 % bounds of life expectancy of both sexes become bounds of the index k: the k at which exp(b k) times the base rates changes life
   expectancy (mean of men and women) by bound - medium. Half their distance over 1.96 is the standard deviation of k.
3. The spread over horizons, averaged over states, is fitted by the variance of a coherent Lee-Carter index
   (:func:`actuarial.feasibility.process_mortality.index_sd`). The fit stands beside it; its parameters, rounded, are ``mortality.yaml``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from derive.common import Field, Source, Table
from derive.population import death_rates, read_country, read_sources
from derive.region import REGION
from scipy.optimize import brentq, least_squares

from actuarial.basis.dimensions import AGE_COUNT, HISTORY_FIRST_YEAR, SEXES, Array
from actuarial.demography.graduation import life_expectancy
from actuarial.demography.lee_carter import fit_lee_carter
from actuarial.feasibility.process_mortality import index_sd

LAST_OBSERVED = 2023
HISTORY_YEARS = LAST_OBSERVED - HISTORY_FIRST_YEAR + 1
YEARS = (2024, 2026, 2030, 2035, 2040, 2050, 2060, 2075, 2100)
NORMAL_975 = 1.959963984540054

WPP = Source(
    title="World Population Prospects 2024",
    publisher="United Nations, Department of Economic and Social Affairs, Population Division",
    edition="2024 revision, medium variant and 95 % prediction intervals of life expectancy at birth",
    licence="CC BY 3.0 IGO",
    where="https://population.un.org/wpp/ (Download center, probabilistic projections)",
)


def derive(sources: Path) -> list[Table]:
    """Age pattern of the index, and its spread by state and horizon with the fit."""
    countries, rates = _death_rates(sources)
    pattern = age_pattern(rates[..., LAST_OBSERVED - HISTORY_FIRST_YEAR :]).round(6)
    bounds = _bounds(sources / "eac" / "wpp2024_e0_annual.csv")
    spread = np.array(
        [[_spread_of_index(rates[c, :, :, y - HISTORY_FIRST_YEAR], pattern, bounds, state, y) for y in YEARS] for c, state in enumerate(countries)]
    )
    mean = np.exp(np.log(spread).mean(axis=0))
    fitted = index_sd(*fit_index(mean), np.array(YEARS, dtype=np.float64) - LAST_OBSERVED)
    index = pd.DataFrame({"year": YEARS} | dict(zip(countries, spread, strict=True)) | {"mean": mean, "fit": fitted})
    return [_pattern_table(pattern), _index_table(index)]


def age_pattern(rates: Array) -> Array:
    """Pattern b [age], sum 1, of the mean log death rates of ``rates`` [country, sex, age, year]."""
    return fit_lee_carter(np.log(rates).mean(axis=(0, 1))).pattern


def fit_index(spread: Array) -> tuple[float, float, float, float]:
    """Parameters of :func:`index_sd` (sigma, history, own, phi) nearest to ``spread`` at :data:`YEARS`, least squares of the logs."""
    horizons = np.array(YEARS, dtype=np.float64) - LAST_OBSERVED
    found = least_squares(
        lambda p: np.log(index_sd(p[0], HISTORY_YEARS, p[1], p[2], horizons) / spread),
        x0=[3.0, 10.0, 0.95],
        bounds=([0.0, 0.0, 0.5], [20.0, 100.0, 0.995]),
    ).x
    return float(found[0]), float(HISTORY_YEARS), float(found[1]), float(found[2])


def _death_rates(sources: Path) -> tuple[list[str], Array]:
    frames = read_sources(sources)
    present = set(frames["population_5x5"]["iso3"])
    countries = [state for state in REGION.members if state in present]
    return countries, np.stack([death_rates(read_country(frames, state)) for state in countries])


def _bounds(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path)
    return frame[frame["sex"] == "both"].pivot_table(index=["iso3", "year"], columns="variant", values="e0")


def _spread_of_index(rates: Array, pattern: Array, bounds: pd.DataFrame, state: str, year: int) -> float:
    """Standard deviation of k that the published bounds imply; ``rates`` [sex, age]."""

    def expectancy(k: float) -> float:
        moved = rates * np.exp(k * pattern)
        return float(np.mean([life_expectancy(moved[sex], sex) for sex in range(len(SEXES))]))

    row = bounds.loc[(state, year)]
    low, high = (
        float(brentq(lambda k, gap=row[name] - row["medium"]: expectancy(k) - expectancy(0.0) - gap, -400.0, 400.0))
        for name in ("pi95_lower", "pi95_upper")
    )
    return (low - high) / (2.0 * NORMAL_975)


def _pattern_table(pattern: Array) -> Table:
    return Table(
        path="uncertainty/mortality_pattern.csv",
        title="Age pattern of uncertain mortality",
        frame=pd.DataFrame({"age": np.arange(AGE_COUNT), "pattern": pattern}),
        fields=(
            Field("age", "integer", "years", "Age last birthday; the last is open", {"required": True, "minimum": 0, "maximum": AGE_COUNT - 1}),
            Field("pattern", "number", "change of the log death rate per unit of the index", "Pattern b, sum 1", {"required": True, "minimum": 0}),
        ),
        sources=(WPP,),
        transformation="First singular vector of log death rates by single age 2023-2100, averaged over states and sexes, less their mean over "
        "years; scaled to add up to 1.",
        confidence="derived",
        float_format="%.6f",
    )


def _index_table(index: pd.DataFrame) -> Table:
    unit = "standard deviation of the index"
    return Table(
        path="uncertainty/mortality_index.csv",
        title="Spread of the mortality index implied by published intervals of life expectancy",
        frame=index,
        fields=(
            Field("year", "integer", "calendar year", "Year of the projection", {"required": True}),
            *(Field(str(name), "number", unit, _COLUMNS.get(str(name), f"{name}"), {"required": True, "minimum": 0}) for name in index.columns[1:]),
        ),
        sources=(WPP,),
        transformation="Bounds of life expectancy of both sexes turned into changes of the index that multiply the base death rates by exp(pattern x "
        "index); half the distance of the 95 % bounds over 1.96. The fit is the coherent Lee-Carter variance (random walk with drift error from 34 "
        "years, and a stationary deviation of each state), by least squares of the logs.",
        confidence="derived",
        float_format="%.4f",
    )


_COLUMNS = {"mean": "Geometric mean of the states", "fit": "Fitted variance"}
