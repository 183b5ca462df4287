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

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from actuarial.basis import plausible
from actuarial.basis.dimensions import FIRST_YEAR, HISTORY_FIRST_YEAR, LAST_YEAR, VALUATION_YEAR, Array
from actuarial.basis.errors import Gathered, InputError, Problem, shown, unknown_name
from actuarial.basis.region import load_region
from actuarial.basis.register import Assumption
from actuarial.basis.scenario import EconomyLevers, Scenario
from actuarial.basis.table import INTEGER, NOTE, NUMBER, POSITIVE, RATE, TEXT, Column, to_array
from actuarial.basis.table_keys import checked_table, key_problems

DECAY: Final = 0.7
"""Part of the gap to the long-run rate that is left after a year (assumed)."""
CONVERGED: Final = 2035
"""First year with the long-run rates."""
DOLLAR: Final = plausible.DOLLAR

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

    Raises one :class:`InputError` with everything wrong in all its tables: a missing table, figure or country, impossible figures, and a currency
    that is not the one ``region.yaml`` gives.
    """
    folder, region = data_dir / "economy", load_region(data_dir)
    currency = tuple(region.currencies[region.index(c)] for c in countries)
    currencies = dict(zip(countries, currency, strict=True))
    prices_path, output_path = folder / "prices.csv", folder / "output.csv"
    gathered = Gathered()
    prices = gathered.read(_prices, prices_path, currencies)
    output = gathered.read(_output, output_path, currencies)
    long_run = gathered.read(_long_run, folder / "long_run.csv", countries)
    levels = gathered.read(_levels, folder / "levels.csv", currencies)
    working_age = gathered.read(_working_age, folder / "working_age.csv", countries)
    if gathered.clean:
        gathered.add(_two_exchange_rates(folder, output, levels, countries))
    gathered.check()
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
        working_age=working_age,
        dollar_inflation=np.concatenate([dollar_past, _converging(dollar[0], dollar[1])], axis=1)[0],
        minimum_wage=level["minimum_wage"],
        average_wage=level["average_wage"],
        assumptions=_assumptions(long_run, levels, (*countries, DOLLAR)),
    )
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
    """Fill in what follows from prices, real rates and the working-age population.

    Wage growth = (1 + inflation)(1 + real growth) - 1, return = (1 + inflation)(1 + real return) - 1; GDP_t = GDP_{t-1} (1 + wage growth) x growth
    of people of working age; exchange rate_t = rate_{t-1} (1 + inflation) / (1 + inflation of the dollar).
    """
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
    """Rates of the projection years [C, 75] between a starting and a long-run rate, each [C].

    Rate of t = long + (start - long) x 0.7^(t - 2025), the long-run rate from 2035 on.
    """
    years = np.arange(FIRST_YEAR, LAST_YEAR + 1)
    left = np.where(years < CONVERGED, DECAY ** (years - VALUATION_YEAR), 0.0)
    return np.asarray(end[:, None] + (start - end)[:, None] * left, dtype=np.float64)


def _with_room(history: Array) -> Array:
    """Append room for the projection years, to be filled by :func:`_composed`."""
    return np.concatenate([history, np.full((len(history), len(_ALL_YEARS) - len(_HISTORY)), np.nan)], axis=1)


def _prices(path: Path, currency: dict[str, str]) -> pd.DataFrame:
    columns = {"country": TEXT, "currency": TEXT, "year": INTEGER, "inflation": RATE, "measure": TEXT, "reason": NOTE}
    return checked_table(
        path, columns, lambda t: _keys(t, path, currency, "inflation"), lambda t: _currency(path, t, currency), lambda t: plausible.inflation(t, path)
    )


def _output(path: Path, currency: dict[str, str]) -> pd.DataFrame:
    columns = {"country": TEXT, "currency": TEXT, "year": INTEGER, "gdp": POSITIVE, "exchange_rate": POSITIVE, "growth_per_worker": NUMBER}
    return checked_table(
        path, columns, lambda t: _keys(t, path, currency, "gdp"), lambda t: _currency(path, t, currency),
        lambda t: plausible.bounds(t, path, "growth_per_worker", *plausible.GROWTH, fraction=True),
        lambda t: plausible.exchange_rates(t, path),
        lambda t: [p for name in ("gdp", "exchange_rate") for p in plausible.bounds(t[t[name] == 0], path, name, 0.0, above=True)],
    )  # fmt: skip


def _keys(table: pd.DataFrame, path: Path, countries: Iterable[str], value: str) -> list[Problem]:
    return key_problems(table, {"country": list(countries), "year": _HISTORY}, path, value)


def _working_age(path: Path, countries: Sequence[str]) -> Array:
    table = checked_table(
        path, {"year": INTEGER} | {c: Column("number", 1.0) for c in countries},
        lambda t: key_problems(t, {"year": _ALL_YEARS}, path),
        lambda t: [p for country in countries for p in plausible.steady(t, path, country)],
    )  # fmt: skip
    tidy = table.melt("year", var_name="country", value_name="persons")
    return to_array(tidy, "persons", {"country": list(countries), "year": _ALL_YEARS}, path)


def _long_run(path: Path, countries: Sequence[str]) -> pd.DataFrame:
    columns = {"country": TEXT, "rate": Column("text", allowed=_RATES), "start": NUMBER, "long_run": NUMBER, "reason": TEXT, "confidence": TEXT}

    def keys(table: pd.DataFrame) -> Iterator[Problem]:
        for rate in _RATES:
            named = [*countries, DOLLAR] if rate == "inflation" else list(countries)
            yield from key_problems(table[table["rate"] == rate], {"country": named}, path, "row", f" (rate {rate})")

    return checked_table(path, columns, keys, lambda t: plausible.long_run(t, path))


def _rate(table: pd.DataFrame, rate: str, column: str, countries: Sequence[str], folder: Path) -> Array:
    rows = table[table["rate"] == rate]
    return to_array(rows, column, {"country": list(countries)}, folder / "long_run.csv", f" (rate {rate})")


def _levels(path: Path, currency: dict[str, str]) -> pd.DataFrame:
    columns = {"country": TEXT, "level": Column("text", allowed=_LEVELS), "value": POSITIVE, "unit": TEXT}
    columns |= {"year": INTEGER, "confidence": TEXT, "source": TEXT, "reason": NOTE}

    def keys(table: pd.DataFrame) -> Iterator[Problem]:
        for level in _LEVELS:
            yield from key_problems(table[table["level"] == level], {"country": list(currency)}, path, "value", f" (level {level})")

    return checked_table(path, columns, keys, lambda t: _units(path, t, currency), lambda t: plausible.minimum_wage(t, path))


def _level(table: pd.DataFrame, level: str, countries: Sequence[str], folder: Path) -> Array:
    rows = table[table["level"] == level]
    return to_array(rows, "value", {"country": list(countries)}, folder / "levels.csv", f" (level {level})")


def _currency(path: Path, table: pd.DataFrame, currency: dict[str, str]) -> Iterator[Problem]:
    """Rows in another currency than the country's."""
    for line, (country, found) in enumerate(zip(table["country"], table["currency"], strict=True), start=2):
        if country in currency and found != currency[country]:
            yield Problem(shown(path), line, "currency", f"{country} is in {found}; its currency is {currency[country]} (region.yaml)")


def _units(path: Path, table: pd.DataFrame, currency: dict[str, str]) -> Iterator[Problem]:
    for line, (_, row) in enumerate(table.iterrows(), start=2):
        if row["country"] not in currency:
            continue
        code = currency[row["country"]]
        wanted = f"{code} per USD" if row["level"] == "exchange_rate" else f"{code} per year"
        if row["unit"] != wanted:
            yield Problem(shown(path), line, "unit", f"found '{row['unit']}'; it must be '{wanted}'")


def _two_exchange_rates(folder: Path, output: pd.DataFrame, levels: pd.DataFrame, countries: Sequence[str]) -> Iterator[Problem]:
    """Two different exchange rates of the base year in two tables."""
    rate = levels[levels["level"] == "exchange_rate"].set_index("country")["value"]
    base = output[output["year"] == VALUATION_YEAR].set_index("country")["exchange_rate"]
    lines = {str(c): int(str(i)) + 2 for i, c in levels[levels["level"] == "exchange_rate"]["country"].items()}
    for country in countries:
        a, b = float(base[country]), float(rate[country])
        if abs(a - b) > 1e-4 * b:
            text = f"exchange rate of {country} in {VALUATION_YEAR} is {b:g}, in output.csv it is {a:g}"
            yield Problem(shown(folder / "levels.csv"), lines[country], "value", text)


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
