"""Migrant stocks by corridor, their age structure and the age pattern of arrivals.

1. Stocks are published at 1 July; they are kept as published. A missing row is no data, not zero.
2. ``corridors.csv``, ``age_factors.csv`` and ``assumptions.csv`` are written by hand in ``data/migration``: they
   hold what no source gives, with its reason. They pass through here so that the data package describes and checks
   them.
3. The Rogers-Castro schedule of a host is fitted so that arrivals by that schedule, less deaths and returns,
   accumulate to the age structure of the stock; then the childhood part is limited, because stocks also hold
   refugee families.
"""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pandas as pd
from derive.common import Field, Source, Table

from actuarial.basis.dimensions import AGE_COUNT, OPEN_AGE, SEXES, Array
from actuarial.basis.migration import load_assumptions
from actuarial.basis.migration_tables import CONFIDENCES, CORRIDOR_COLUMNS, HISTORIES, MATRIX_YEARS, STATUSES
from actuarial.demography.graduation import split_groups, split_groups_by_reference
from actuarial.demography.rogers_castro import fit_to_stock, stock_by_age

HAND_KEPT = Path(__file__).resolve().parents[1] / "migration"
STOCK_GROUPS = np.arange(0, 80, 5)
"""First ages of the published groups of the stock; the last is 75 and over."""
POPULATION_EDGES = np.arange(0.0, OPEN_AGE + 1.0, 5.0)
FIT_YEAR = 2020
FIT_STAY = 12.0
"""Years; mean stay used to read the arrivals' ages from the stock's ages (assumed; see age_factors.csv)."""
FIT_POPULATION_YEAR = 2010
FIT_MORTALITY_PERIOD = "2005-2010"

UNUSABLE_HOSTS = {"SSD": 2005}
"""Host and last matrix year that repeats one constant."""
NOT_YET_A_STATE = {"SSD": 2010}
"""Origin and last matrix year before its independence: a zero then means people counted under another state."""

BREAKS = {("UGA", "COD", 2010)}
"""33 persons between 30 thousand in 2005 and 6 thousand in 2015: a break of the source, not a movement."""

MIGRANT_STOCK_2024 = Source(
    title="International Migrant Stock 2024",
    publisher="United Nations, Department of Economic and Social Affairs, Population Division",
    edition="2024 (POP/DB/MIG/Stock/Rev.2024), destination and origin; destination by age and sex",
    licence="CC BY 3.0 IGO",
    where="https://www.un.org/development/desa/pd/content/international-migrant-stock",
)
MIGRANT_STOCK_2020 = Source(
    title="International Migrant Stock 2020",
    publisher="United Nations, Department of Economic and Social Affairs, Population Division",
    edition="2020 (POP/DB/MIG/Stock/Rev.2020), destination by age and sex",
    licence="CC BY 3.0 IGO",
    where="https://www.un.org/development/desa/pd/content/international-migrant-stock",
)
WPP = Source(
    title="World Population Prospects 2024",
    publisher="United Nations, Department of Economic and Social Affairs, Population Division",
    edition="2024 revision, estimates",
    licence="CC BY 3.0 IGO",
    where="https://population.un.org/wpp/ (Download center, CSV and Excel files)",
)
OWN = Source(
    title="Own assumptions on migration between partner states",
    publisher="this project",
    edition="2025",
    licence="CC BY 4.0",
    where="written by hand in data/migration; figures of UNHCR in the reasons are recalled, see https://www.unhcr.org/refugee-statistics",
)


def corridor_stocks(matrix: pd.DataFrame, states: list[str]) -> pd.DataFrame:
    """One row per corridor and matrix year: persons by sex and status; numbers only where reported and usable."""
    found = matrix.set_index(["origin", "destination", "year"])
    rows: list[dict[str, object]] = []
    for origin in states:
        for host in states:
            if origin == host:
                continue
            for year in MATRIX_YEARS:
                row: dict[str, object] = {"origin": origin, "host": host, "year": year, "male": "", "female": ""}
                if year <= UNUSABLE_HOSTS.get(host, 0) or (origin, host, year) in BREAKS:
                    row["status"] = "unusable"
                elif (origin, host, year) not in found.index:
                    row["status"] = "no_data"
                else:
                    persons = [int(found.loc[(origin, host, year), sex]) for sex in SEXES]
                    if sum(persons) == 0 and year <= NOT_YET_A_STATE.get(origin, 0):
                        row["status"] = "unusable"
                    else:
                        row.update(zip(SEXES, map(str, persons), strict=True))
                        row["status"] = "reported"
                rows.append(row)
    return pd.DataFrame(rows)


def single_age_population(groups: Array) -> Array:
    """Persons by single age [101] from 5-year groups [21], the last open."""
    inner = split_groups(groups[:-1], POPULATION_EDGES, np.arange(OPEN_AGE + 1.0))
    return np.concatenate([inner, groups[-1:]])


def stock_groups(ages: pd.DataFrame, newer: pd.DataFrame, host: str, sex: str, year: int) -> Array:
    """Stock by published group [16]: the newest edition that has the year, else the nearest usable year."""
    usable = max(year, UNUSABLE_HOSTS.get(host, 0) + 5) if host in UNUSABLE_HOSTS else year
    for frame, wanted in ((newer, usable), (ages, min(usable, FIT_YEAR))):
        own = frame[(frame["iso3"] == host) & (frame["sex"] == sex) & (frame["year"] == wanted)]
        if not own.empty:
            starts = own["age_group"].str.extract(r"^(\d+)")[0]
            values = own.assign(start=pd.to_numeric(starts)).dropna(subset="start").set_index("start")["stock"]
            groups = values.reindex(STOCK_GROUPS).to_numpy(np.float64)
            if np.isfinite(groups).all() and groups.sum() > 0:
                return np.asarray(groups, dtype=np.float64)
    raise ValueError(f"no migrant stock by age for {host}, {sex}, {year}")


def stock_age_shares(groups: Array, population: Array) -> Array:
    """Share of each single age [101] in a stock given by group [16]; groups are split as the population [101]."""
    group_of_age = np.minimum(np.arange(AGE_COUNT) // 5, len(STOCK_GROUPS) - 1)
    single = split_groups_by_reference(groups, np.maximum(population, 1e-9), group_of_age)
    return np.asarray(single / single.sum(), dtype=np.float64)


def _fit_tables(wpp: pd.DataFrame, mortality: pd.DataFrame, sex: str) -> tuple[Array, Array]:
    """Regional population and mean yearly survival by single age [101] used in the fit."""
    own = wpp[(wpp["year"] == FIT_POPULATION_YEAR) & (wpp["sex"] == sex)]
    exposure = single_age_population(own.groupby("age_start")["pop_thousands"].sum().to_numpy(np.float64))
    own = mortality[(mortality["period"] == FIT_MORTALITY_PERIOD) & (mortality["sex"] == sex)]
    rates = own.groupby("age_start")["mx"].mean()
    middle = np.array([0.5, 3.0, *(start + 2.5 for start in rates.index[2:])])
    single = np.exp(np.interp(np.arange(AGE_COUNT) + 0.5, middle, np.log(rates.to_numpy(np.float64))))
    return exposure, np.asarray(np.exp(-single), dtype=np.float64)


def age_schedules(ages: pd.DataFrame, newer: pd.DataFrame, wpp: pd.DataFrame, mortality: pd.DataFrame) -> pd.DataFrame:
    """Fitted Rogers-Castro parameters by host and sex, the limited childhood level and the fit's dissimilarity."""
    assumptions = load_assumptions(HAND_KEPT / "assumptions.csv")
    factors = pd.read_csv(HAND_KEPT / "age_factors.csv")
    factor = np.interp(np.arange(AGE_COUNT), factors["age"], factors["return_factor"])
    leave = 1.0 - np.exp(-factor / FIT_STAY)
    growth = assumptions.past_arrivals_growth
    rows = []
    for host in sorted(ages["iso3"].unique()):
        for sex in SEXES:
            exposure, survival = _fit_tables(wpp, mortality, sex)
            observed = stock_groups(ages, newer, host, sex, FIT_YEAR)
            fitted = fit_to_stock(STOCK_GROUPS.astype(np.float64), observed, exposure, survival, leave, growth)
            used = fitted.with_child_share(exposure, assumptions.largest_child_share)
            arrivals = exposure * fitted.rates(np.arange(AGE_COUNT, dtype=np.float64))
            modelled = np.add.reduceat(stock_by_age(arrivals, survival, leave, growth), STOCK_GROUPS)
            distance = 0.5 * np.abs(modelled / modelled.sum() - observed / observed.sum()).sum()
            names = ("a1", "alpha1", "a2", "mu2", "alpha2", "lambda2", "c")
            values = dict(zip(names, (round(value, 7) for value in astuple(used)), strict=True))
            rows.append(
                {
                    "host": host,
                    "sex": sex,
                    "a1_fitted": round(fitted.a1, 7),
                    **values,
                    "dissimilarity": round(distance, 4),
                }
            )
    return pd.DataFrame(rows)


def derive(sources: Path) -> list[Table]:
    """All migration tables, from the folder of the source extracts and the hand-kept assumptions."""
    folder = sources / "eac"
    ages = pd.read_csv(folder / "undesa_ims2020_age_sex_destination.csv")
    newer = pd.read_csv(folder / "undesa_ims2024_age_sex_destination.csv")
    wpp = pd.read_csv(folder / "wpp2024_population_5x5.csv")
    mortality = pd.read_csv(folder / "wpp2024_mx_5x5.csv")
    matrix = pd.read_csv(folder / "undesa_ims2024_origin_destination_sex.csv")
    states = sorted(ages["iso3"].unique())

    shares = []
    for host in states:
        for sex in SEXES:
            for year in MATRIX_YEARS:
                groups = stock_groups(ages, newer, host, sex, year)
                nearest = int(5 * round(year / 5))
                own = wpp[(wpp["iso3"] == host) & (wpp["sex"] == sex) & (wpp["year"] == nearest)]
                population = single_age_population(own.sort_values("age_start")["pop_thousands"].to_numpy(np.float64))
                values = stock_age_shares(groups, population)
                shares.append([host, sex, year, *(f"{value:.7f}" for value in values)])
    stock_age = pd.DataFrame(shares, columns=["host", "sex", "year", *map(str, range(AGE_COUNT))])
    return [
        *_derived_tables(corridor_stocks(matrix, states), stock_age, age_schedules(ages, newer, wpp, mortality)),
        *_hand_kept_tables(),
    ]


_ORIGIN = Field("origin", "string", "ISO 3166 alpha-3", "state of birth", {"required": True, "pattern": "[A-Z]{3}"})
_HOST = Field("host", "string", "ISO 3166 alpha-3", "state of residence", {"required": True, "pattern": "[A-Z]{3}"})
_SEX = Field("sex", "string", "", "sex", {"required": True, "enum": list(SEXES)})
_YEAR = Field("year", "integer", "calendar year", "matrix year; stock at 1 July", {"required": True})
_CONFIDENCE = Field("confidence", "string", "", "how well the figure is known", {"enum": list(CONFIDENCES)})
_REASON = Field("reason", "string", "", "why this figure", {"required": True})


def _derived_tables(stocks: pd.DataFrame, stock_age: pd.DataFrame, schedules: pd.DataFrame) -> list[Table]:
    parameters = {
        "a1_fitted": ("per person and year", "childhood level as fitted"),
        "a1": ("per person and year", "childhood level as used, limited by largest_child_share"),
        "alpha1": ("per year of age", "fall of the childhood component (held at the standard)"),
        "a2": ("per person and year", "level of the labour component"),
        "mu2": ("years of age", "position of the labour peak"),
        "alpha2": ("per year of age", "fall after the labour peak"),
        "lambda2": ("per year of age", "rise before the labour peak (held at the standard)"),
        "c": ("per person and year", "constant"),
        "dissimilarity": (
            "share",
            "half the sum of absolute differences between fitted and published stock by 5-year group",
        ),
    }
    return [
        Table(
            "migration/stocks.csv",
            "Migrant stock by origin, host and sex",
            stocks,
            (
                _ORIGIN,
                _HOST,
                _YEAR,
                *(
                    Field(sex, "integer", "persons", f"{sex} stock; empty unless reported", {"minimum": 0})
                    for sex in SEXES
                ),
                Field(
                    "status",
                    "string",
                    "",
                    "reported; unusable (constant, break, or a zero from before the state existed); no_data (no row)",
                    {"enum": list(STATUSES)},
                ),
            ),
            (MIGRANT_STOCK_2024,),
            "Rows between partner states selected; all 56 corridors and 8 years listed; missing rows, the constant of "
            "South Sudan in 1990-2005 and breaks are marked instead of filled.",
            "partial",
        ),
        Table(
            "migration/stock_age.csv",
            "Age distribution of the migrant stock by host and sex",
            stock_age,
            (
                _HOST,
                _SEX,
                _YEAR,
                *(
                    Field(
                        str(age),
                        "number",
                        "share of the stock",
                        f"aged {age}{'+' if age == OPEN_AGE else ''}",
                        {"minimum": 0},
                    )
                    for age in range(AGE_COUNT)
                ),
            ),
            (MIGRANT_STOCK_2020, MIGRANT_STOCK_2024, WPP),
            "5-year groups split to single ages by a monotone curve over the cumulated population of the host (75 and "
            "over likewise); each published group is kept. 2024 stands at the 2020 distribution where the 2024 edition "
            "has no ages; South Sudan before 2010 at its distribution of 2010.",
            "derived",
        ),
        Table(
            "migration/age_schedules.csv",
            "Rogers-Castro schedule of arrivals by host and sex",
            schedules,
            (
                _HOST,
                _SEX,
                *(Field(name, "number", unit, text, {"minimum": 0}) for name, (unit, text) in parameters.items()),
            ),
            (MIGRANT_STOCK_2020, WPP, OWN),
            "Seven-parameter schedule fitted by least squares so that yearly arrivals, less deaths "
            f"({FIT_MORTALITY_PERIOD}) and returns (mean stay {FIT_STAY:g} years), accumulate to the stock by age of "
            f"{FIT_YEAR}; population of the region in {FIT_POPULATION_YEAR} at risk. Only the pattern has a meaning.",
            "derived",
        ),
    ]


def _hand_kept_tables() -> list[Table]:
    def read(name: str) -> pd.DataFrame:
        return pd.read_csv(HAND_KEPT / name, dtype=str, keep_default_na=False)

    share = {"minimum": 0, "maximum": 1}
    about = {
        "labour_share": Field(
            "labour_share", "number", "share", "labour movers and families in the stock of 2024", share
        ),
        "history": Field(
            "history",
            "string",
            "",
            "matrix: earlier labour stocks follow the matrix; propensity: they follow the two populations",
            {"enum": list(HISTORIES)},
        ),
        "neighbours": Field("neighbours", "integer", "", "1 when a border or a lake is shared", {"enum": [0, 1]}),
        "gravity_factor": Field(
            "gravity_factor",
            "number",
            "multiplier",
            "of the regional median propensity; used only where no stock is reported",
            {"minimum": 0},
        ),
        "mean_stay_years": Field(
            "mean_stay_years", "number", "years", "inverse of the return hazard at age factor 1", {"minimum": 0.5}
        ),
    }
    keys = {"origin": _ORIGIN, "host": _HOST, "confidence": _CONFIDENCE, "reason": _REASON}
    return [
        Table(
            "migration/corridors.csv",
            "Labour share, history, propensity and stay by corridor (assumptions)",
            read("corridors.csv"),
            tuple({**keys, **about}[name] for name in CORRIDOR_COLUMNS),
            (OWN,),
            "Written by hand; the one place to change them.",
            "assumed",
        ),
        Table(
            "migration/age_factors.csv",
            "Return and repeated move by age (assumptions)",
            read("age_factors.csv"),
            (
                Field("age", "integer", "years", "age; straight lines between the ages given", {"minimum": 0}),
                Field(
                    "return_factor", "number", "multiplier", "return hazard relative to 1 / mean stay", {"minimum": 0}
                ),
                Field("remigration_factor", "number", "multiplier", "relative to remigration_hazard", {"minimum": 0}),
            ),
            (OWN,),
            "Written by hand. Many leave early and those who remain are settled: high factors in youth, low from 35 to "
            "50; a second, lower peak of returns around retirement.",
            "assumed",
        ),
        Table(
            "migration/assumptions.csv",
            "Single migration figures that no source gives",
            read("assumptions.csv"),
            (
                Field("name", "string", "", "name used by the model", {"required": True, "unique": True}),
                Field("value", "number", "see unit", "value", {"minimum": 0}),
                Field("unit", "string", "", "unit of the value"),
                _CONFIDENCE,
                _REASON,
            ),
            (OWN,),
            "Written by hand; the one place to change them.",
            "assumed",
        ),
    ]
