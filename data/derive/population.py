"""Population, mortality, fertility and net migration tables, derived from World Population Prospects 2024.

1. Stocks stand at 1 January; age is age last birthday; rates and flows are of calendar years.
2. Source counts by 5-year groups stand at 1 July every fifth year; they are split over half-years of age so that
   they can be read at 1 January along whole birth cohorts.
3. Nothing is scaled to any projected population of the source. Published life expectancies of single years set the
   level of mortality of that year between the 5-year tables (shocks of single years would otherwise be smeared over
   a decade).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from derive.common import Field, Source, Table

from actuarial.basis.dimensions import (
    AGE_COUNT,
    FEMALE,
    FIRST_YEAR,
    HISTORY_FIRST_YEAR,
    LAST_YEAR,
    OPEN_AGE,
    SEXES,
    Array,
)
from actuarial.basis.population import PopulationBasis
from actuarial.demography.graduation import (
    ABRIDGED_AGES,
    interpolate_periods,
    rates_at_life_expectancy,
    single_age_rates,
    split_fertility_by_women,
)
from actuarial.demography.population import project_population
from actuarial.demography.stock_graduation import CohortHistory, cohort_history, graduate_stock

YEARS = np.arange(HISTORY_FIRST_YEAR, LAST_YEAR + 1)
STOCK_YEARS = np.arange(HISTORY_FIRST_YEAR, FIRST_YEAR + 1)
PERIOD_MIDPOINTS = 1993.0 + 5.0 * np.arange(22)
POINT_YEARS = np.arange(1990, 2101, 5)
BASE_POINT = 2025
SINGLE_AGE_MIGRATION_FIRST = 2023

WPP = Source(
    title="World Population Prospects 2024",
    publisher="United Nations, Department of Economic and Social Affairs, Population Division",
    edition="2024 revision, estimates and medium variant",
    licence="CC BY 3.0 IGO",
    where="https://population.un.org/wpp/ (Download center, CSV and Excel files)",
)


@dataclass(frozen=True)
class CountryFigures:
    """Source figures of one country; sex axis 0 male, 1 female; persons; see ``read_country`` for shapes."""

    groups: Array
    abridged_rates: Array
    life_expectancy: Array
    fertility_pattern: Array
    total_fertility: Array
    sex_ratio: Array
    births: Array
    net_migration_single: Array


def _by_sex(frame: pd.DataFrame, rows: str, columns: str, value: str) -> Array:
    tables = [
        frame[frame["sex"] == sex].pivot_table(index=rows, columns=columns, values=value).to_numpy(np.float64)
        for sex in SEXES
    ]
    return np.stack(tables)


def _annual(frame: pd.DataFrame, value: str) -> Array:
    series = frame.set_index("year")[value].sort_index()
    if list(series.index) != list(YEARS):
        raise ValueError(
            f"{value}: years {series.index.min()}..{series.index.max()} found, {YEARS[0]}..{YEARS[-1]} needed"
        )
    return series.to_numpy(np.float64)


def _medium(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["variant"].isin(["estimate", "medium"])]


def read_sources(sources: Path) -> dict[str, pd.DataFrame]:
    """The source extracts of World Population Prospects below ``sources``/eac, one frame per file."""
    names = (
        "population_5x5",
        "mx_5x5",
        "e0_annual",
        "pasfr_5x5",
        "tfr_annual",
        "srb_annual",
        "vital_annual",
        "netmigration_age1_annual",
    )
    frames = {}
    for name in names:
        suffix = ".csv.gz" if name == "netmigration_age1_annual" else ".csv"
        frames[name] = pd.read_csv(sources / "eac" / f"wpp2024_{name}{suffix}")
    return frames


def read_country(frames: dict[str, pd.DataFrame], country: str) -> CountryFigures:
    """Figures of one country.

    Groups [2, 21, 23 points], abridged rates [2, 22, 22 periods], life expectancy [2, 111], fertility pattern [7, 22],
    total fertility, sex ratio and births [111], net migration by single age from 2023 [2, 101, 78].
    """
    own = {name: frame[frame["iso3"] == country] for name, frame in frames.items()}
    expectancy = _medium(own["e0_annual"])
    migration = own["netmigration_age1_annual"]
    by_sex = [migration.pivot_table(index="age", columns="year", values=f"{sex}_thousands") for sex in SEXES]
    figures = CountryFigures(
        groups=_by_sex(own["population_5x5"], "age_start", "year", "pop_thousands") * 1000.0,
        abridged_rates=_by_sex(own["mx_5x5"], "age_start", "period", "mx"),
        life_expectancy=np.stack([_annual(expectancy[expectancy["sex"] == sex], "e0") for sex in SEXES]),
        fertility_pattern=own["pasfr_5x5"]
        .pivot_table(index="age_start", columns="period", values="pct_of_tfr")
        .to_numpy(np.float64),
        total_fertility=_annual(_medium(own["tfr_annual"]), "tfr"),
        sex_ratio=_annual(own["srb_annual"], "males_per_female_birth"),
        births=_annual(_medium(own["vital_annual"]), "births_thousands") * 1000.0,
        net_migration_single=np.stack([table.to_numpy(np.float64) for table in by_sex]) * 1000.0,
    )
    expected = (2, 21, POINT_YEARS.size), (2, ABRIDGED_AGES.size, PERIOD_MIDPOINTS.size)
    if (figures.groups.shape, figures.abridged_rates.shape) != expected:
        raise ValueError(f"{country}: population or mortality table is incomplete")
    if figures.net_migration_single.shape != (2, AGE_COUNT, LAST_YEAR - SINGLE_AGE_MIGRATION_FIRST + 1):
        raise ValueError(f"{country}: net migration by single age is incomplete")
    for name, values in vars(figures).items():
        if not np.isfinite(values).all():
            raise ValueError(f"{country}: {name} has gaps")
    return figures


def death_rates(figures: CountryFigures) -> Array:
    """Central death rates [2, 101, 111] of calendar years by single age."""
    in_time = np.exp(interpolate_periods(np.log(figures.abridged_rates), PERIOD_MIDPOINTS, YEARS + 0.5))
    return np.stack(
        [
            rates_at_life_expectancy(single_age_rates(in_time[sex].T, sex), figures.life_expectancy[sex], sex).T
            for sex in range(2)
        ]
    )


def fertility(figures: CountryFigures, women: Array) -> Array:
    """Births per woman and year by single age of mother [101, 111], from the ``women`` of each age [101, 111]."""
    shares = interpolate_periods(figures.fertility_pattern, PERIOD_MIDPOINTS, YEARS + 0.5)
    return split_fertility_by_women(figures.total_fertility, shares.T, women.T).T


def fertility_of_projection(figures: CountryFigures, country: str, stocks: Array, rates: Array, net: Array) -> Array:
    """Fertility [101, 111] weighted by the women of history and of the project's own projection.

    The women of later decades are born to the fertility sought: three rounds, starting from equal numbers at all ages.
    """
    women = np.ones((AGE_COUNT, YEARS.size))
    for _ in range(3):
        basis = PopulationBasis(
            countries=(country,),
            first_year=HISTORY_FIRST_YEAR,
            population_history=stocks[None],
            death_rates=rates[None],
            fertility=fertility(figures, women)[None],
            sex_ratio_at_birth=figures.sex_ratio[None],
            net_migration=net[None],
        )
        ahead = project_population(basis).population[0, FEMALE, :, 1:]
        standing = np.concatenate([stocks[FEMALE], ahead], axis=1)
        women = 0.5 * (standing[:, :-1] + standing[:, 1:])
    return fertility(figures, women)


def history(figures: CountryFigures, rates: Array) -> tuple[CohortHistory, Array]:
    """Stocks at 1 January 1990..2026 with the flows implied, and the single ages at 1 July 2025 [2, 101]."""
    points = np.flatnonzero(POINT_YEARS <= BASE_POINT)
    male_share = figures.sex_ratio / (1.0 + figures.sex_ratio)
    births = np.stack([figures.births * male_share, figures.births * (1.0 - male_share)])
    stocks = cohort_history(
        figures.groups[:, :, points],
        POINT_YEARS[points],
        births,
        rates,
        YEARS,
        figures.net_migration_single[:, :, 2] / 2.0,
    )
    middle = np.stack(
        [
            graduate_stock(
                figures.groups[sex, :, points[-1]], float(BASE_POINT) + 0.5, births[sex], rates[sex], YEARS, sex
            )
            for sex in range(2)
        ]
    )
    whole = np.concatenate([middle[:, :-1].reshape(2, OPEN_AGE, 2).sum(axis=2), middle[:, -1:]], axis=1)
    return stocks, whole


def derive(sources: Path) -> list[Table]:
    """All population tables, from the folder of the source extracts."""
    frames = read_sources(sources)
    countries = sorted(frames["population_5x5"]["iso3"].unique())
    parts: dict[str, list[pd.DataFrame]] = {}
    for country in countries:
        figures = read_country(frames, country)
        rates = death_rates(figures)
        stocks, middle = history(figures, rates)
        net = np.concatenate([stocks.net_migration, figures.net_migration_single], axis=2).round() + 0.0
        _collect(parts, "population", _by_sex_and_age(country, stocks.population, STOCK_YEARS))
        _collect(parts, "population_mid_2025", _by_sex_and_age(country, middle[..., None], np.array(["persons"])))
        asfr = fertility_of_projection(figures, country, stocks.population, rates, net)[15:50]
        frame = _wide(asfr, YEARS)
        frame.insert(0, "age", np.arange(15, 50))
        frame.insert(0, "country", country)
        _collect(parts, "fertility", frame)
        frame = _wide(figures.sex_ratio[None, :], YEARS)
        frame.insert(0, "country", country)
        _collect(parts, "sex_ratio", frame)
        _collect(parts, "reference_population", _by_sex_and_age(country, figures.groups, POINT_YEARS, "age_start", 5))
        for sex, label in enumerate(SEXES):
            _collect(parts, f"death_rates_{label}", _by_age(country, rates[sex] * 1000.0))
            _collect(parts, f"net_migration_{label}", _by_age(country, net[sex]))
    return [_table(name, pd.concat(frames, ignore_index=True)) for name, frames in parts.items()]


def _collect(parts: dict[str, list[pd.DataFrame]], name: str, frame: pd.DataFrame) -> None:
    parts.setdefault(name, []).append(frame)


def _wide(values: Array, labels: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(values, columns=[str(label) for label in labels])


def _by_age(country: str, values: Array) -> pd.DataFrame:
    frame = _wide(values, YEARS)
    frame.insert(0, "age", np.arange(AGE_COUNT))
    frame.insert(0, "country", country)
    return frame


def _by_sex_and_age(country: str, values: Array, labels: np.ndarray, age: str = "age", step: int = 1) -> pd.DataFrame:
    frame = _wide(values.reshape(-1, values.shape[-1]), labels)
    frame.insert(0, age, np.tile(np.arange(values.shape[1]) * step, 2))
    frame.insert(0, "sex", np.repeat(SEXES, values.shape[1]))
    frame.insert(0, "country", country)
    return frame


DESCRIPTIONS: dict[str, tuple[str, str, str, str]] = {
    # name: title, unit of the figures, transformation, number format
    "population": (
        "Population by single age and sex at 1 January 1990-2026",
        "persons",
        "The 5-year groups of 1 July 1990, 1995 ... 2025 are split over half-years of age by a monotone cubic curve "
        "of the cumulated count over the cumulated survivors of yearly births (group totals kept, no negative "
        "cell). Each cohort born in a calendar year is then carried from point to point with the survival of the "
        "single years; the remaining difference (migration) is spread evenly in the logarithm. 1 January 2026: half "
        "a year of survival and of net migration after 1 July 2025.",
        "%.1f",
    ),
    "population_mid_2025": (
        "Population by single age and sex at 1 July 2025",
        "persons",
        "The 5-year groups of 1 July 2025 split as described for the table population; each adds up to the source.",
        "%.3f",
    ),
    "death_rates_male": (
        "Central death rates of males by single age, calendar years 1990-2100",
        "deaths per 1000 person-years",
        "Abridged rates of 5-year periods, linear in the logarithm between the periods' midpoints; separation "
        "factors Coale-Demeny West (0, 1-4) and Greville (5 and over); all rates of a year moved by one factor to "
        "the published life expectancy of that year; single ages by a monotone cubic curve of the cumulated hazard, "
        "which keeps survival over each group.",
        "%.5g",
    ),
    "fertility": (
        "Births per woman by single age of mother 15-49, calendar years 1990-2100",
        "births per woman-year",
        "Total fertility of the year and the age pattern of the 5-year periods (linear between midpoints), split to "
        "single ages by a monotone cubic curve of cumulated fertility with slope 0 at 15 and 50, such that the "
        "means of a group weighted by its women stand in the published ratio. Births to mothers under 15 are within "
        "15-19, as published.",
        "%.6f",
    ),
    "sex_ratio": (
        "Sex ratio at birth, calendar years 1990-2100",
        "male births per female birth",
        "Selected and set wide.",
        "%.3f",
    ),
    "net_migration_male": (
        "Net migrants (male) by single age, calendar years 1990-2100",
        "persons per year",
        "From 2023 as published by single age, in persons. Before 2023 the residual of the population table: what "
        "survival does not explain of each cohort's change, half at its age at 1 January and half one year older.",
        "%.0f",
    ),
    "reference_population": (
        "Population by 5-year group and sex at 1 July, every fifth year 1990-2100: reference for the comparison",
        "persons",
        "In persons instead of thousands and set wide. From 2030 on it is used for comparison only, never as an input.",
        "%.0f",
    ),
}
for _name in ("death_rates", "net_migration"):
    _title, _unit, _text, _format = DESCRIPTIONS[f"{_name}_male"]
    _title = _title.replace("of males", "of females").replace("(male)", "(female)")
    DESCRIPTIONS[f"{_name}_female"] = (_title, _unit, _text, _format)

KEYS = {
    "country": Field("country", "string", "", "ISO 3166-1 alpha-3 code", {"required": True, "pattern": "[A-Z]{3}"}),
    "sex": Field("sex", "string", "", "male or female", {"required": True, "enum": list(SEXES)}),
    "age": Field(
        "age", "integer", "years", "age last birthday; 100 is open", {"required": True, "minimum": 0, "maximum": 100}
    ),
    "age_start": Field(
        "age_start", "integer", "years", "first age of the 5-year group; 100 is open", {"required": True}
    ),
}


def _table(name: str, frame: pd.DataFrame) -> Table:
    title, unit, transformation, number_format = DESCRIPTIONS[name]
    signed = name.startswith("net_migration")
    limits: dict[str, object] = {"required": True} if signed else {"required": True, "minimum": 0}
    fields = tuple(
        KEYS[column] if column in KEYS else Field(column, "number", unit, f"{unit}, {column}", limits)
        for column in frame.columns
    )
    return Table(
        path=f"population/{name}.csv",
        title=title,
        frame=frame,
        fields=fields,
        sources=(WPP,),
        transformation=transformation,
        confidence="derived",
        float_format=number_format,
    )
