"""Prices, output, exchange rates, wages and the long-run economic assumptions.

1. Measured figures are kept as fractions; what no extract measures is filled by a stated rule, marked row by row.
2. Growth of GDP per worker stands for growth of real average wages: no wage series of the region goes back to 1990.
3. The working-age population (15 to 64, WPP 2024 medium) stands for the labour force in the projection of GDP.
4. Judgements are in ``economy_judgement.py``, each with its reason.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from derive.common import Table
from derive.economy_judgement import (
    EXCHANGE_RATE,
    FORMAL_WAGE_MODELS,
    INFLATION,
    KNOWN_WAGE,
    MINIMUM_WAGE,
    REAL_RETURN,
    REAL_WAGE_BOUNDS,
    REAL_WAGE_COMMON,
    REAL_WAGE_WEIGHT,
    SSD_GDP_USD,
    USD_INFLATION,
    USD_INFLATION_LONG_RUN,
)
from derive.economy_tables import levels_table, long_run_table, output_table, people_table, prices_table
from derive.region import CURRENCY

FIRST, BASE, LAST = 1990, 2025, 2100
YEARS = range(FIRST, BASE + 1)
SMALLEST_RATE = 1e-3
"""National currency per USD below which a published rate has lost its digits (DR Congo before its currency reforms)."""


def derive(sources: Path) -> list[Table]:
    """Derive the tables below ``data/economy`` from the extracts in ``sources``."""
    macro = pd.read_csv(sources / "eac" / "macro_series.csv")
    people = _working_age(sources)
    prices = _prices(macro)
    inflation = {c: g.set_index("year")["inflation"] for c, g in prices.groupby("country")}
    growth = _growth_per_worker(macro)
    output = _output(macro, inflation, growth, people)
    long_run = _long_run(prices, inflation, growth, people)
    levels = _levels(sources, inflation, growth, output, long_run)
    return [
        prices_table(prices),
        output_table(output),
        people_table(people),
        long_run_table(long_run),
        levels_table(levels),
    ]


def _wide(macro: pd.DataFrame, indicator: str) -> pd.DataFrame:
    rows = macro[macro["indicator"] == indicator]
    return rows.pivot_table(index="year", columns="iso3", values="value").reindex(index=YEARS, columns=list(CURRENCY))


def _working_age(sources: Path) -> pd.DataFrame:
    """Population of 15 to 64 at every 1 July, persons: geometric between the 5-year points."""
    wpp = pd.read_csv(sources / "eac" / "wpp2024_population_5x5.csv")
    adults = wpp[(wpp["age_start"] >= 15) & (wpp["age_start"] < 65) & wpp["sex"].isin(["male", "female"])]
    totals = adults.pivot_table(index="year", columns="iso3", values="pop_thousands", aggfunc="sum")
    points = totals[list(CURRENCY)] * 1000.0
    years = np.arange(FIRST, LAST + 1)
    smooth = {c: np.exp(np.interp(years, points.index, np.log(points[c]))) for c in points}
    return pd.DataFrame(smooth, index=years)


def _prices(macro: pd.DataFrame) -> pd.DataFrame:
    """Inflation 1990 to 2025 with the way each figure came about."""
    consumer, deflator = _wide(macro, "cpi_inflation_pct") / 100, _wide(macro, "gdp_deflator_inflation_pct") / 100
    rows = []
    for country in CURRENCY:
        judged = INFLATION[country].start
        measured: list[float] = []
        for year in YEARS:
            value, way, confidence, reason = consumer[country][year], "consumer_prices", "verified", ""
            if np.isnan(value) and country != "SSD":
                value, way, confidence = deflator[country][year], "gdp_deflator", "derived"
                reason = "No consumer price figure; deflator of GDP instead."
            if np.isnan(value) and year < BASE - 1:
                value, way, confidence = INFLATION[country].value, "assumed", "assumed"
                reason = "No price index of this territory; long-run rate. No scheme uses it."
            if np.isnan(value):
                value = float(np.mean(measured[-2:])) if judged is None else judged
                way, confidence = "assumed", "assumed"
                reason = "Mean of the last two measured years." if judged is None else INFLATION[country].reason
            else:
                measured.append(value)
            rows.append((country, CURRENCY[country], year, value, way, confidence, reason))
    return pd.DataFrame(rows, columns=["country", "currency", "year", "inflation", "measure", "confidence", "reason"])


def _growth_per_worker(macro: pd.DataFrame) -> pd.DataFrame:
    """Real growth of GDP per worker; missing where the source has none."""
    return _wide(macro, "gdp_per_employed_usd").pct_change(fill_method=None)


def _output(
    macro: pd.DataFrame, inflation: dict[str, pd.Series], growth: pd.DataFrame, people: pd.DataFrame
) -> pd.DataFrame:
    """GDP in national currency, exchange rate and growth per worker, 1990 to 2025."""
    usd, constant = _wide(macro, "gdp_current_usd"), _wide(macro, "gdp_constant_2015_usd")
    deflator = _wide(macro, "gdp_deflator_inflation_pct") / 100
    official, penn = _wide(macro, "official_exchange_rate_lcu_per_usd"), _wide(macro, "pwt1001_xr")
    rows = []
    for c in CURRENCY:
        rate, rate_way = _exchange_rate(c, official[c], penn[c], inflation[c])
        measured_rate = official[c].fillna(penn[c])
        gdp = usd[c] * measured_rate.where(measured_rate >= SMALLEST_RATE)
        gdp_way = pd.Series("measured", index=usd.index)
        worker = growth[c].copy()
        worker_way = worker.notna().map({True: "measured", False: "assumed"})
        worker = worker.fillna(0.0)
        if c == "SSD":
            gdp[BASE], gdp_way[BASE] = SSD_GDP_USD.value * EXCHANGE_RATE[c].value, "recalled"
        for year in YEARS:
            if np.isnan(gdp[year]) and year > FIRST and not np.isnan(gdp[year - 1]) and c != "SSD":
                real = constant[c].get(year, np.nan) / constant[c].get(year - 1, np.nan)
                if np.isnan(real):
                    real = (1 + worker[year]) * people[c][year] / people[c][year - 1]
                price = deflator[c][year] if not np.isnan(deflator[c][year]) else inflation[c][year]
                gdp[year], gdp_way[year] = gdp[year - 1] * real * (1 + price), "carried_forward"
        inside = np.log(gdp).interpolate(limit_area="inside")
        gdp_way[gdp.isna()] = "interpolated"
        gdp = np.exp(inside)
        known = gdp.first_valid_index()
        for year in range(known - 1, FIRST - 1, -1):
            real = people[c][year] / people[c][year + 1] / (1 + worker[year + 1])
            gdp[year], gdp_way[year] = gdp[year + 1] * real / (1 + inflation[c][year + 1]), "carried_back"
        for year in YEARS:
            ways = (gdp_way[year], rate_way[year], worker_way[year])
            rows.append((c, CURRENCY[c], year, gdp[year] / 1e6, rate[year], worker[year], *ways))
    names = ["country", "currency", "year", "gdp", "exchange_rate", "growth_per_worker"]
    return pd.DataFrame(rows, columns=[*names, "gdp_way", "exchange_rate_way", "growth_way"])


def _exchange_rate(
    country: str, official: pd.Series, penn: pd.Series, inflation: pd.Series
) -> tuple[pd.Series, pd.Series]:
    """Rate per US dollar: measured, log-linear to the remembered rate of 2025, flat before the first measured."""
    rate = official.fillna(penn)
    rate = rate.where(rate >= SMALLEST_RATE)
    way = rate.notna().map({True: "measured", False: "interpolated"})
    rate[BASE], way[BASE] = EXCHANGE_RATE[country].value, "recalled"
    first = rate.first_valid_index()
    rate = np.exp(np.log(rate).interpolate(limit_area="inside"))
    way[rate.index < first], rate[rate.index < first] = "assumed", rate[first]
    return rate, way


def _average_growth(series: pd.Series) -> float:
    return float(np.expm1(np.log1p(series.dropna()).mean()))


def _long_run(
    prices: pd.DataFrame, inflation: dict[str, pd.Series], growth: pd.DataFrame, people: pd.DataFrame
) -> pd.DataFrame:
    """Starting and long-run rates, with the measured history in the reason."""
    rows = []
    for c in CURRENCY:
        own_prices = prices[(prices["country"] == c) & (prices["measure"] != "assumed") & (prices["year"] >= 2010)]
        last = own_prices.iloc[-1]
        text = (
            f"Measured from 2010 on: median {own_prices['inflation'].median():.1%}, last {last['inflation']:.1%} "
            f"({last['year']}). {INFLATION[c].reason}"
        )
        rows.append((c, "inflation", inflation[c][BASE], INFLATION[c].value, text))
        own = _average_growth(growth[c].loc[2001:])
        until = growth[c].last_valid_index()
        mixed = REAL_WAGE_WEIGHT * own + (1 - REAL_WAGE_WEIGHT) * REAL_WAGE_COMMON
        wage = round(float(np.clip(mixed, *REAL_WAGE_BOUNDS)), 3)
        low, high = REAL_WAGE_BOUNDS
        text = (
            f"GDP per worker grew by {own:.1%} a year from 2000 to {until}; half of it and half of a common "
            f"{REAL_WAGE_COMMON:.1%}, "
            f"kept within {low:.1%} and {high:.1%}, because no country keeps an exceptional rate for 75 years."
        )
        rows.append((c, "real_wage_growth", wage, wage, text))
        judged = REAL_RETURN[c]
        force = float((people[c][LAST] / people[c][BASE]) ** (1 / (LAST - BASE)) - 1)
        bill = (1 + wage) * (1 + force) - 1
        text = (
            f"{judged.reason} For comparison: real wage bill grows by {bill:.1%} a year to 2100 "
            f"(wages {wage:.1%}, people of working age {force:.1%})."
        )
        rows.append((c, "real_return", judged.value if judged.start is None else judged.start, judged.value, text))
    frame = pd.DataFrame(rows, columns=["country", "rate", "start", "long_run", "reason"])
    dollar = (
        "USD",
        "inflation",
        USD_INFLATION[BASE],
        USD_INFLATION_LONG_RUN,
        "Target of the Federal Reserve (recalled).",
    )
    frame.loc[len(frame)] = dollar
    return frame.assign(confidence="assumed")


def _levels(
    sources: Path,
    inflation: dict[str, pd.Series],
    growth: pd.DataFrame,
    output: pd.DataFrame,
    long_run: pd.DataFrame,
) -> pd.DataFrame:
    """Levels of 2025: exchange rate, minimum wage, average insured wage."""
    rows: list[tuple[object, ...]] = []
    labour_income = _labour_income_per_worker(sources, output)
    real = long_run[long_run["rate"] == "real_wage_growth"].set_index("country")["long_run"]
    insured: dict[str, float] = {}
    for c, known in KNOWN_WAGE.items():
        insured[c] = known.monthly * 12 * _wage_factor(known.moment, inflation[c], growth[c].fillna(real[c]))
    ratios = {c: insured[c] / labour_income[c] for c in FORMAL_WAGE_MODELS}
    premium = float(np.exp(np.mean(np.log(list(ratios.values())))))
    spread = ", ".join(f"{c} {r:.1f}" for c, r in ratios.items())
    for c in CURRENCY:
        cpi = inflation[c]
        rate = output[(output["country"] == c) & (output["exchange_rate_way"] == "measured")].iloc[-1]
        parity = rate["exchange_rate"]
        for year in range(int(rate["year"]) + 1, BASE + 1):
            parity *= (1 + cpi[year]) / (1 + USD_INFLATION[year])
        level = EXCHANGE_RATE[c]
        check = (
            f"Last measured {rate['exchange_rate']:,.1f} ({int(rate['year'])}), with relative inflation {parity:,.0f}."
        )
        unit = f"{CURRENCY[c]} per USD"
        rows.append(
            (c, "exchange_rate", level.value, unit, BASE, level.confidence, level.source, f"{level.reason} {check}")
        )
        unit, level = f"{CURRENCY[c]} per year", MINIMUM_WAGE[c]
        rows.append((c, "minimum_wage", level.value, unit, level.year, level.confidence, level.source, level.reason))
        if c in KNOWN_WAGE:
            known = KNOWN_WAGE[c]
            value, source = insured[c], known.source
            pay = f"{CURRENCY[c]} {known.monthly:,.0f} a month around {known.moment:.1f}"
            reason = f"{pay}: {known.how}; carried to 2025 by wages."
        else:
            value, source = labour_income[c] * premium, "SDG database, WDI, ILO modelled estimates; own assumption"
            mean = f"the mean ratio of insured pay to it where both are known ({spread})"
            reason = f"Labour income per worker x {premium:.1f}, {mean}."
        confidence = "derived" if c in KNOWN_WAGE else "assumed"
        start = " A start only: the study calibrates it to the scheme's contributions."
        rows.append((c, "average_wage", round(value, -3), unit, BASE, confidence, source, reason + start))
    names = ["country", "level", "value", "unit", "year", "confidence", "source", "reason"]
    return pd.DataFrame(rows, columns=names)


def _wage_factor(moment: float, inflation: pd.Series, growth: pd.Series) -> float:
    """Growth of nominal wages from a moment (mid-year 2025 is 2025.5) to the average of 2025."""
    factor, end = 1.0, BASE + 0.5
    for year in range(int(moment), BASE + 1):
        share = max(0.0, min(end, year + 1) - max(moment, year))
        factor *= ((1 + inflation[year]) * (1 + growth[year])) ** share
    return factor


def _labour_income_per_worker(sources: Path, output: pd.DataFrame) -> dict[str, float]:
    """GDP of 2025 x labour share / employed, national currency per year."""
    labour = pd.read_csv(sources / "eac" / "labour_gapminder_ilo.csv")
    shares = pd.read_csv(sources / "eac" / "sdg2020_social_protection_labour.csv")
    wpp = pd.read_csv(sources / "eac" / "wpp2024_population_5x5.csv")
    adults = wpp[(wpp["year"] == BASE) & (wpp["age_start"] >= 15) & wpp["sex"].isin(["male", "female"])]
    income = {}
    for c in CURRENCY:
        pick = (
            (labour["iso3"] == c) & (labour["indicator"] == "employment_to_population_pct") & (labour["year"] <= BASE)
        )
        rows = labour[pick & (labour["age_group"] == "15+") & (labour["sex"] == "both")].sort_values("year")
        employed = rows["value"].iloc[-1] / 100 * adults[adults["iso3"] == c]["pop_thousands"].sum() * 1000
        own = shares[(shares["iso3"] == c) & (shares["series"] == "SL_EMP_GTOTL")].sort_values("year")
        gdp = output[(output["country"] == c) & (output["year"] == BASE)]["gdp"].iloc[0] * 1e6
        income[c] = gdp * own["value"].iloc[-1] / 100 / employed
    return income
