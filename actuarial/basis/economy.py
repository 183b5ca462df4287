"""The economic basis: prices, wages, returns, output and exchange rates, 1990 to 2100, by country.

1. Arrays are [country, year] on the full year axis (:mod:`actuarial.basis.dimensions`); rates are fractions per year.
2. From the first projection year the rate of year t is ``long + (start - long) * DECAY ** (t - 2025)`` and exactly the
   long-run rate from CONVERGED on.
3. Nominal rates are composed, never added: wages (1 + inflation)(1 + real growth) - 1, returns likewise.
4. GDP grows with prices, real wages and the population of working age; the exchange rate with relative inflation.
5. Before the projection real wage growth is that of GDP per worker, and the return is the long-run real return on
   measured
   prices: an assumption, since no fund publishes returns back to 1990.

| symbol | identifier | meaning |
|---|---|---|
| i | inflation | growth of the average price level |
| g | real_wage_growth | growth of average wages above prices |
| r | real_return | return of the reserve above prices |
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, HISTORY_FIRST_YEAR, LAST_YEAR, VALUATION_YEAR, Array
from actuarial.basis.errors import InputError, Problem, raise_problems, shown, unknown_name
from actuarial.basis.region import load_region
from actuarial.basis.register import Assumption
from actuarial.basis.scenario import EconomyLevers, Scenario
from actuarial.basis.table import INTEGER, NOTE, POSITIVE, RATE, TEXT, Column, read_table, to_array

DECAY: Final = 0.7
"""Part of the gap to the long-run rate that is left after a year (assumed)."""
CONVERGED: Final = 2035
"""First year with the long-run rates."""
DOLLAR: Final = "USD"

_RATES: Final = ("inflation", "real_wage_growth", "real_return")
_LEVELS: Final = ("exchange_rate", "minimum_wage", "average_wage")
_HISTORY: Final = tuple(range(HISTORY_FIRST_YEAR, VALUATION_YEAR + 1))
_ALL_YEARS: Final = tuple(range(HISTORY_FIRST_YEAR, LAST_YEAR + 1))


@dataclass(frozen=True)
class EconomyBasis:
    """Economic assumptions of C countries over 111 years; amounts in national currency."""

    countries: tuple[str, ...]
    currency: tuple[str, ...]
    first_year: int
    inflation: Array
    """[C, 111] growth of the average price level over the year before."""
    real_wage_growth: Array
    """[C, 111]"""
    real_return: Array
    """[C, 111]"""
    wage_growth: Array
    """[C, 111] nominal growth of average wages."""
    investment_return: Array
    """[C, 111] nominal return of the reserve."""
    gdp: Array
    """[C, 111] nominal GDP, national currency."""
    exchange_rate: Array
    """[C, 111] national currency per USD, average of the year."""
    working_age: Array
    """[C, 111] population of 15 to 64 at 1 July, persons."""
    dollar_inflation: Array
    """[111] prices in the United States; only projected years are used."""
    minimum_wage: Array
    """[C] national currency per year, 2025; 0 where none is in force."""
    average_wage: Array
    """[C] average insured wage of 2025, national currency per year; a start for calibration."""
    assumptions: tuple[Assumption, ...]
    depreciation: Array | None = None
    """[C] yearly loss of value against the dollar beyond relative inflation in the projection; ``None``: none."""

    def index(self, country: str) -> int:
        """Position of a country. Raises :class:`InputError` for an unknown code."""
        if country not in self.countries:
            raise InputError(unknown_name("country", country, self.countries))
        return self.countries.index(country)

    def price_index(self) -> Array:
        """Price level [C, 111] with 2025 = 1."""
        return _level_index(self.inflation)

    def wage_index(self) -> Array:
        """Level of average wages [C, 111] with 2025 = 1."""
        return _level_index(self.wage_growth)


def _level_index(growth: Array) -> Array:
    """Level with the valuation year = 1 from yearly growth; growth of the first year of history is not used."""
    base = VALUATION_YEAR - HISTORY_FIRST_YEAR
    logs = np.log1p(growth)
    logs[..., 0] = 0.0
    level = np.cumsum(logs, axis=-1)
    return np.asarray(np.exp(level - level[..., base : base + 1]), dtype=np.float64)


def load_economy(data_dir: Path, countries: Sequence[str]) -> EconomyBasis:
    """Read the economic basis of the named countries from ``data_dir``.

    Raises :class:`InputError` for a missing table, figure or country, for impossible figures and for a currency that
    is not
    the one ``region.yaml`` gives.
    """
    folder, region = data_dir / "economy", load_region(data_dir)
    for country in countries:
        region.index(country)
    currency = tuple(region.currencies[region.index(c)] for c in countries)
    prices_path, output_path = folder / "prices.csv", folder / "output.csv"
    common = {"country": TEXT, "currency": TEXT, "year": INTEGER}
    prices = read_table(prices_path, common | {"inflation": RATE})
    output = read_table(output_path, common | {"gdp": POSITIVE, "exchange_rate": POSITIVE, "growth_per_worker": RATE})
    long_run = _long_run(folder / "long_run.csv")
    levels = _levels(folder / "levels.csv")
    for path, table in ((prices_path, prices), (output_path, output)):
        _check_currency(path, table, dict(zip(countries, currency, strict=True)))
    _check_units(folder / "levels.csv", levels, dict(zip(countries, currency, strict=True)))
    history = {"country": list(countries), "year": _HISTORY}
    measured = {
        "inflation": to_array(prices, "inflation", history, prices_path),
        "real_wage_growth": to_array(output, "growth_per_worker", history, output_path),
    }
    rates = {}
    for rate in _RATES:
        start, end = (_rate(long_run, rate, column, countries, folder) for column in ("start", "long_run"))
        past = measured.get(rate, np.repeat(end[:, None], len(_HISTORY), axis=1))
        rates[rate] = np.concatenate([past, _converging(start, end)], axis=1)
    dollar = [_rate(long_run, "inflation", column, (DOLLAR,), folder) for column in ("start", "long_run")]
    dollar_past = np.repeat(dollar[0][:, None], len(_HISTORY), axis=1)
    level = {name: _level(levels, name, countries, folder) for name in _LEVELS}
    basis = EconomyBasis(
        countries=tuple(countries),
        currency=currency,
        first_year=HISTORY_FIRST_YEAR,
        **rates,
        wage_growth=np.empty(0),
        investment_return=np.empty(0),
        gdp=_with_room(to_array(output, "gdp", history, output_path) * 1e6),
        exchange_rate=_with_room(to_array(output, "exchange_rate", history, output_path)),
        working_age=_working_age(folder / "working_age.csv", countries),
        dollar_inflation=np.concatenate([dollar_past, _converging(dollar[0], dollar[1])], axis=1)[0],
        minimum_wage=level["minimum_wage"],
        average_wage=level["average_wage"],
        assumptions=_assumptions(long_run, levels, (*countries, DOLLAR)),
    )
    _check_same_rate(folder, basis, level["exchange_rate"])
    return _composed(basis)


def with_scenario(economy: EconomyBasis, scenario: Scenario) -> EconomyBasis:
    """Return the basis with the additions of a scenario in every projection year; neutral levers change nothing."""
    levers: EconomyLevers = scenario.economy
    depreciation = np.array([scenario.payment.exchange_rate_add.get(country, 0.0) for country in economy.countries])
    if depreciation.any():
        economy = _composed(replace(economy, depreciation=depreciation))
    return with_additions(
        economy, inflation=levers.inflation_add, real_wage_growth=levers.real_wage_growth_add, real_return=levers.real_return_add
    )  # fmt: skip


def with_additions(
    economy: EconomyBasis, *, inflation: Array | float = 0.0, real_wage_growth: Array | float = 0.0, real_return: Array | float = 0.0
) -> EconomyBasis:
    """Return the basis with additions to its rates in the projection years, and with everything that follows from them.

    Each is one number, [75] by year, [C, 1] by country or [C, 75]. Prices in the United States stay, so exchange rates follow inflation. Nothing
    added gives the basis itself.
    """
    added = {}
    for rate, add in (("inflation", inflation), ("real_wage_growth", real_wage_growth), ("real_return", real_return)):
        if np.any(np.asarray(add) != 0.0):
            values = getattr(economy, rate).copy()
            values[:, FIRST_YEAR - HISTORY_FIRST_YEAR :] += add
            added[rate] = values
    return _composed(replace(economy, **added)) if added else economy


def _composed(basis: EconomyBasis) -> EconomyBasis:
    """Fill in what follows from prices, real rates and the working-age population."""
    extra = 1.0 + (np.zeros(len(basis.countries)) if basis.depreciation is None else basis.depreciation)
    gdp, exchange = basis.gdp.copy(), basis.exchange_rate.copy()
    wages = (1 + basis.inflation) * (1 + basis.real_wage_growth) - 1
    for t in range(FIRST_YEAR - HISTORY_FIRST_YEAR, len(_ALL_YEARS)):
        people = basis.working_age[:, t] / basis.working_age[:, t - 1]
        gdp[:, t] = gdp[:, t - 1] * (1 + wages[:, t]) * people
        exchange[:, t] = exchange[:, t - 1] * (1 + basis.inflation[:, t]) / (1 + basis.dollar_inflation[t]) * extra
    return replace(
        basis,
        wage_growth=wages,
        investment_return=(1 + basis.inflation) * (1 + basis.real_return) - 1,
        gdp=gdp,
        exchange_rate=exchange,
    )


def _converging(start: Array, end: Array) -> Array:
    """Rates of the projection years [C, 75] between a starting and a long-run rate, each [C]."""
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    left = np.where(years < CONVERGED, DECAY ** (years - VALUATION_YEAR), 0.0)
    return np.asarray(end[:, None] + (start - end)[:, None] * left, dtype=np.float64)


def _with_room(history: Array) -> Array:
    """Append room for the projection years, to be filled by :func:`_composed`."""
    return np.concatenate([history, np.full((len(history), len(_ALL_YEARS) - len(_HISTORY)), np.nan)], axis=1)


def _working_age(path: Path, countries: Sequence[str]) -> Array:
    table = read_table(path, {"year": INTEGER} | {c: Column("number", 1.0) for c in countries})
    tidy = table.melt("year", var_name="country", value_name="persons")
    return to_array(tidy, "persons", {"country": list(countries), "year": _ALL_YEARS}, path)


def _long_run(path: Path) -> pd.DataFrame:
    rate = Column("number", -0.5, 1.0)
    columns = {"country": TEXT, "rate": Column("text", allowed=_RATES), "start": rate, "long_run": rate}
    table = read_table(path, columns | {"reason": TEXT, "confidence": TEXT})
    problems = [
        Problem(shown(path), line, "long_run", f"a long-run real return must be above 0; found {row['long_run']:g}")
        for line, (_, row) in enumerate(table.iterrows(), start=2)
        if row["rate"] == "real_return" and row["long_run"] <= 0
    ]
    raise_problems(problems)
    return table


def _rate(table: pd.DataFrame, rate: str, column: str, countries: Sequence[str], folder: Path) -> Array:
    rows = table[table["rate"] == rate]
    return to_array(rows, column, {"country": list(countries)}, folder / "long_run.csv", f" (rate {rate})")


def _levels(path: Path) -> pd.DataFrame:
    columns = {"country": TEXT, "level": Column("text", allowed=_LEVELS), "value": POSITIVE, "unit": TEXT}
    return read_table(path, columns | {"year": INTEGER, "confidence": TEXT, "source": TEXT, "reason": NOTE})


def _level(table: pd.DataFrame, level: str, countries: Sequence[str], folder: Path) -> Array:
    rows = table[table["level"] == level]
    return to_array(rows, "value", {"country": list(countries)}, folder / "levels.csv", f" (level {level})")


def _check_currency(path: Path, table: pd.DataFrame, currency: dict[str, str]) -> None:
    """Refuse a row in another currency than the country's."""
    raise_problems(
        Problem(shown(path), line, "currency", f"{country} is in {found}; its currency is {currency[country]}")
        for line, (country, found) in enumerate(zip(table["country"], table["currency"], strict=True), start=2)
        if country in currency and found != currency[country]
    )


def _check_units(path: Path, table: pd.DataFrame, currency: dict[str, str]) -> None:
    problems = []
    for line, (_, row) in enumerate(table.iterrows(), start=2):
        if row["country"] not in currency:
            continue
        code = currency[row["country"]]
        wanted = f"{code} per USD" if row["level"] == "exchange_rate" else f"{code} per year"
        if row["unit"] != wanted:
            problems.append(Problem(shown(path), line, "unit", f"found '{row['unit']}'; it must be '{wanted}'"))
    raise_problems(problems)


def _check_same_rate(folder: Path, basis: EconomyBasis, levels: Array) -> None:
    """Refuse two different exchange rates of the base year in two tables."""
    base = basis.exchange_rate[:, VALUATION_YEAR - HISTORY_FIRST_YEAR]
    for country, a, b in zip(basis.countries, base, levels, strict=True):
        if abs(a - b) > 1e-4 * b:
            text = f"exchange rate of {country} in {VALUATION_YEAR} is {b:g}, in output.csv it is {a:g}"
            raise InputError(f"{shown(folder / 'levels.csv')}: {text}")


def _assumptions(long_run: pd.DataFrame, levels: pd.DataFrame, countries: Sequence[str]) -> tuple[Assumption, ...]:
    lines = [
        Assumption(
            name=f"{row['rate'].replace('_', ' ')}, long run",
            country=row["country"],
            value=f"{row['long_run']:.4g}"
            + (f" (2025: {row['start']:.4g})" if row["start"] != row["long_run"] else ""),
            unit="fraction per year",
            source="own assumption",
            year="",
            confidence=row["confidence"],
            reason=row["reason"],
            file="data/economy/long_run.csv",
        )
        for _, row in long_run[long_run["country"].isin(list(countries))].iterrows()
    ]
    lines += [
        Assumption(
            name=row["level"].replace("_", " "),
            country=row["country"],
            value=f"{row['value']:,.7g}",
            unit=row["unit"],
            source=row["source"],
            year=str(row["year"]),
            confidence=row["confidence"],
            reason=row["reason"],
            file="data/economy/levels.csv",
        )
        for _, row in levels[levels["country"].isin(list(countries))].iterrows()
    ]
    return tuple(lines)
