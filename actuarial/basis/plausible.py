"""What figures of the economy and of labour cannot be, though each is a number of the right kind.

1. A rule refuses what no state has seen and what a slip of units makes: per cent for fractions, months for years, thousands for units. Each rule
   says why; its bounds are wide, so that an unusual figure passes.
2. A measured figure that may be right though it is rare says so in its column ``reason`` and passes then; an assumed one does not.
3. Rules see one table. What two files say of the same thing is compared in :mod:`actuarial.basis.plausible_together`.

| rule | bounds | why |
|---|---|---|
| yearly inflation | above 1 only with a neighbour above 0.5 or a ``reason``; never in the base year | doubling prices come in spells; 5.3 is 5.3 % |
| growth of output per worker | -0.9 to 1 | the worst and best years of wars and recoveries lie within |
| long-run inflation | -0.05 to 0.5 | more cannot last 75 years |
| inflation of the dollar, first year and long run | at most 0.3 | the worst year since 1917 was 18 % |
| first year's real wage growth and real return | -0.3 to 0.4 | pay and interest eaten up by prices lie within |
| long-run real growth | -0.1 to 0.2 | more cannot last 75 years; a larger figure is in per cent |
| long-run real return | -0.1 to 0.15 | no market of any country has paid as much for a lifetime |
| exchange rate | changes by at most a factor of 100 a year | the worst year of the region was a factor of 13; more is another currency |
| earnings by age | 0.05 to 20 times the mean | a profile in money, not relative to the mean |
| long-run real return | above real wage growth | a premium in perpetuity has no finite value otherwise |
| minimum wage | at most the average wage | it would be everybody's wage |
| population of working age | changes by at most a quarter a year | births and migration change it slowly |
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import VALUATION_YEAR
from actuarial.basis.errors import Problem, shown

DOLLAR: Final = "USD"
INFLATION_WITHOUT_REASON: Final = 1.0
SPELL: Final = 0.5
"""Inflation of a neighbouring year from which a year above 1 belongs to a spell of high inflation."""
GROWTH: Final = (-0.9, 1.0)
LONG_INFLATION: Final = (-0.05, 0.5)
LONG_REAL: Final = (-0.1, 0.2)
LONG_RETURN: Final = (-0.1, 0.15)
START_REAL: Final = (-0.3, 0.4)
DOLLAR_INFLATION: Final = 0.3
EXCHANGE_FACTOR: Final = 100.0
EARNINGS: Final = (0.05, 20.0)
WORKING_AGE_CHANGE: Final = 0.25


def bounds(
    table: pd.DataFrame, path: Path, column: str, low: float, high: float = np.inf, *, fraction: bool = False, above: bool = False, why: str = ""
) -> Iterator[Problem]:
    """Cells of a column below ``low`` (with ``above``: or at it) or above ``high``; NaN is nobody's matter here.

    ``fraction``: a cell that is a fraction when divided by 100 is told how to be written.
    """
    values = table[column].to_numpy(dtype=np.float64)
    with np.errstate(invalid="ignore"):
        wrong = (values < low) | (values > high) | ((values == low) & above)
    allowed = f"{low:g} to {high:g}" if np.isfinite(high) else f"above {low:g}" if above else f"{low:g} or more"
    allowed = f"above {low:g}, at most {high:g}" if above and np.isfinite(high) else allowed
    for row in np.flatnonzero(wrong).tolist():
        value = values[row]
        slip = f"; for {value:g} % write {value / 100:g}" if fraction and abs(value) > 1.0 and low <= value / 100 <= high else ""
        reason = f" ({why})" if why else ""
        yield Problem(shown(path), int(table.index[row]) + 2, column, f"found {value:g}; allowed {allowed}{slip}{reason}")


def inflation(table: pd.DataFrame, path: Path) -> Iterator[Problem]:
    """Prices that double in a single year without a word on it."""
    for country, own in table.sort_values("year").groupby("country", sort=False):
        values, years = own["inflation"].to_numpy(np.float64), own["year"].to_numpy(np.float64)
        for i, row in enumerate(own.index):
            spell = [values[j] for j in (i - 1, i + 1) if 0 <= j < len(values) and values[j] > SPELL]
            explained = bool(str(own["reason"].iloc[i]).strip()) and own["measure"].iloc[i] != "assumed"
            if values[i] > INFLATION_WITHOUT_REASON and not explained and (not spell or years[i] == VALUATION_YEAR):
                text = f"found {values[i]:g}: prices of {country} would rise by {100 * values[i]:g} % in {years[i]:g}"
                hint = f"for {values[i]:g} % write {values[i] / 100:g}, or say in 'reason' why it is so"
                yield Problem(shown(path), int(row) + 2, "inflation", f"{text}; {hint}")


def long_run(table: pd.DataFrame, path: Path) -> Iterator[Problem]:
    """Long-run rates that cannot last, and returns that do not exceed growth."""
    prices, real = table[table["rate"] == "inflation"], table[table["rate"].isin(["real_wage_growth", "real_return"])]
    yield from bounds(prices, path, "start", -0.5, 1.0, fraction=True)
    yield from bounds(prices, path, "long_run", *LONG_INFLATION, fraction=True)
    dollar = prices[prices["country"] == DOLLAR]
    for column, told in (("start", 1.0), ("long_run", LONG_INFLATION[1])):
        high = dollar[(dollar[column] > DOLLAR_INFLATION) & (dollar[column] <= told)]
        yield from bounds(high, path, column, LONG_INFLATION[0], DOLLAR_INFLATION, why="inflation of the dollar")
    yield from bounds(real, path, "start", *START_REAL, fraction=True)
    yield from bounds(real[real["rate"] == "real_wage_growth"], path, "long_run", *LONG_REAL, fraction=True)
    yield from bounds(real[real["rate"] == "real_return"], path, "long_run", *LONG_RETURN, fraction=True)
    growth = {row["country"]: row["long_run"] for _, row in table[table["rate"] == "real_wage_growth"].iterrows()}
    for line, row in table[table["rate"] == "real_return"].iterrows():
        value, other = row["long_run"], growth.get(row["country"], np.nan)
        if value <= 0:
            yield Problem(shown(path), int(str(line)) + 2, "long_run", f"a long-run real return must be above 0; found {value:g}")
        elif value <= other:
            text = f"found a real return of {value:g} for {row['country']} at or below its real wage growth of {other:g}"
            why = "a premium in perpetuity has a value only where the return exceeds growth"
            yield Problem(shown(path), int(str(line)) + 2, "long_run", f"{text}; {why}")


def minimum_wage(table: pd.DataFrame, path: Path) -> Iterator[Problem]:
    """Minimum wages above the average wage of the same country."""
    average = {row["country"]: row["value"] for _, row in table[table["level"] == "average_wage"].iterrows()}
    for line, row in table[table["level"] == "minimum_wage"].iterrows():
        if row["value"] > average.get(row["country"], np.inf):
            text = f"found a minimum wage of {row['value']:,.15g} for {row['country']} above its average wage of {average[row['country']]:,.15g}"
            yield Problem(shown(path), int(str(line)) + 2, "value", f"{text}; both are amounts a year")
    positive = table[table["level"].isin(["exchange_rate", "average_wage"])]
    yield from bounds(positive, path, "value", 0.0, above=True)


def exchange_rates(table: pd.DataFrame, path: Path) -> Iterator[Problem]:
    """Exchange rates that jump from one year to the next further than any currency of the region did."""
    for country, own in table.sort_values("year").groupby("country", sort=False):
        values = own["exchange_rate"].to_numpy(np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            factor = values[1:] / values[:-1]
        jump = (values[1:] > 0) & (values[:-1] > 0) & ((factor > EXCHANGE_FACTOR) | (factor < 1.0 / EXCHANGE_FACTOR))
        for i in (np.flatnonzero(jump) + 1).tolist():
            if i >= 2 and jump[i - 2]:
                continue  # the way back from the jump before
            text = f"found {values[i]:,.15g} for {country} after {values[i - 1]:,.15g} in the year before"
            hint = f"allowed is a factor of {EXCHANGE_FACTOR:g} a year. Are both of the same currency?"
            yield Problem(shown(path), int(own.index[i]) + 2, "exchange_rate", f"{text}; {hint}")


def steady(table: pd.DataFrame, path: Path, column: str) -> Iterator[Problem]:
    """Counts of people by year (ascending) that jump."""
    own = table.sort_values("year")
    values = own[column].to_numpy(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        jump = np.abs(values[1:] / values[:-1] - 1.0) > WORKING_AGE_CHANGE
    for i in (np.flatnonzero(jump) + 1).tolist():
        if i >= 2 and jump[i - 2]:
            continue  # the way back from the jump before
        text = f"found {values[i]:,.15g} after {values[i - 1]:,.15g} in the year before; allowed is a change of {WORKING_AGE_CHANGE:.0%} a year"
        yield Problem(shown(path), int(own.index[i]) + 2, column, f"{text}. Are both in persons?")
