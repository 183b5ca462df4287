"""Columns, sources and transformations of the economic tables, as the data package describes them."""

from __future__ import annotations

import pandas as pd
from derive.common import Field, Source, Table
from derive.region import CURRENCY

WDI = Source(
    title="World Development Indicators",
    publisher="World Bank",
    edition="FP.CPI.TOTL.ZG, NY.GDP.MKTP.CD, NY.GDP.MKTP.KD, NY.GDP.DEFL.KD.ZG, PA.NUS.FCRF, to 2024",
    licence="CC BY 4.0",
    where="https://databank.worldbank.org/source/world-development-indicators",
)
GAPMINDER = Source(
    title="Systema Globalis",
    publisher="Gapminder, from World Bank and ILOSTAT series",
    edition="GDP per worker (ILO modelled estimates), GDP deflator and GDP at constant prices",
    licence="CC BY 4.0",
    where="https://github.com/open-numbers/ddf--gapminder--systema_globalis",
)
PENN = Source(
    title="Penn World Table 10.01",
    publisher="Groningen Growth and Development Centre",
    edition="10.01; exchange rate (xr), employment",
    licence="CC BY 4.0",
    where="https://www.rug.nl/ggdc/productivity/pwt/",
)
SDG = Source(
    title="SDG Global Database, indicator 10.4.1",
    publisher="United Nations Statistics Division",
    edition="October 2020; labour share of GDP (SL_EMP_GTOTL)",
    licence="UN terms of use, attribution",
    where="https://unstats.un.org/sdgs/dataportal",
)
WPP = Source(
    title="World Population Prospects 2024",
    publisher="United Nations, Department of Economic and Social Affairs, Population Division",
    edition="2024 revision, estimates and medium variant",
    licence="CC BY 3.0 IGO",
    where="https://population.un.org/wpp/",
)
ILO = Source(
    title="ILO modelled estimates",
    publisher="International Labour Organization, through Gapminder",
    edition="labour force participation, employment, unemployment and status in employment, to 2026",
    licence="CC BY 4.0",
    where="https://ilostat.ilo.org/",
)
JUDGEMENT = Source(
    title="Judgements of this project",
    publisher="this project",
    edition="data/derive/economy_judgement.py",
    licence="CC BY 4.0",
    where="data/derive/economy_judgement.py",
)

_COUNTRY = Field("country", "string", "ISO 3166 alpha-3", "Country", {"required": True})
_CURRENCY = Field("currency", "string", "ISO 4217", "Currency of the country's amounts", {"required": True})
_YEAR = Field("year", "year", "calendar year", "Year", {"required": True})
_CONFIDENCE = Field(
    "confidence",
    "string",
    "word",
    "How far the figure can be relied on",
    {"enum": ["verified", "partial", "recalled", "derived", "assumed"], "required": True},
)
_REASON = Field("reason", "string", "text", "How the figure came about, where it was not read in the source")


def prices_table(frame: pd.DataFrame) -> Table:
    """Describe ``economy/prices.csv``."""
    ways = {"enum": ["consumer_prices", "gdp_deflator", "assumed"], "required": True}
    return Table(
        "economy/prices.csv",
        "Inflation 1990 to 2025",
        frame,
        (
            _COUNTRY,
            _CURRENCY,
            _YEAR,
            Field(
                "inflation",
                "number",
                "fraction per year",
                "Growth of the yearly average price level",
                {"required": True},
            ),
            Field("measure", "string", "word", "Series the figure is taken from", ways),
            _CONFIDENCE,
            _REASON,
        ),
        (WDI, GAPMINDER, JUDGEMENT),
        "Consumer prices; where missing, the GDP deflator; before South Sudan existed its long-run rate; years after "
        "the last "
        "measured one the mean of the last two. Per cent to fractions.",
        "mixed",
        "%.6g",
    )


def output_table(frame: pd.DataFrame) -> Table:
    """Describe ``economy/output.csv``."""
    ways = ["measured", "carried_forward", "carried_back", "interpolated", "assumed", "recalled"]
    way = {"enum": ways, "required": True}
    return Table(
        "economy/output.csv",
        "GDP, exchange rate and growth of GDP per worker 1990 to 2025",
        frame,
        (
            _COUNTRY,
            _CURRENCY,
            _YEAR,
            Field("gdp", "number", "million of national currency", "Nominal GDP", {"minimum": 0, "required": True}),
            Field(
                "exchange_rate",
                "number",
                "national currency per USD",
                "Average of the year",
                {"minimum": 0, "required": True},
            ),
            Field(
                "growth_per_worker",
                "number",
                "fraction per year",
                "Growth of GDP per worker at constant prices",
                {"required": True},
            ),
            Field("gdp_way", "string", "word", "How GDP was obtained", way),
            Field("exchange_rate_way", "string", "word", "How the rate was obtained", way),
            Field("growth_way", "string", "word", "How the growth was obtained", way),
        ),
        (WDI, GAPMINDER, PENN, JUDGEMENT),
        "GDP in dollars x exchange rate while both are measured; forward by real growth and deflator, back by "
        "workers, growth per "
        "worker and prices; South Sudan interpolated from 2015 to a remembered figure of 2025. Exchange rate: World "
        "Bank, before it "
        "Penn World Table, log-linear to the remembered rate of 2025, flat before the first measured year. Growth per "
        "worker 0 where "
        "not measured.",
        "mixed",
        "%.6g",
    )


def people_table(frame: pd.DataFrame) -> Table:
    """Describe ``economy/working_age.csv``."""
    tidy = frame.rename_axis("year").reset_index()
    people = tuple(Field(c, "integer", "persons", f"Population aged 15 to 64, {c}", {"minimum": 0}) for c in CURRENCY)
    return Table(
        "economy/working_age.csv",
        "Population of working age at 1 July 1990 to 2100",
        tidy.round(0).astype(int),
        (_YEAR, *people),
        (WPP,),
        "Five-year groups 15-19 to 60-64 added over both sexes, thousands to persons, geometric between the 5-year "
        "points.",
        "derived",
    )


def long_run_table(frame: pd.DataFrame) -> Table:
    """Describe ``economy/long_run.csv``."""
    rates = {"enum": ["inflation", "real_wage_growth", "real_return"], "required": True}
    return Table(
        "economy/long_run.csv",
        "Economic assumptions of the projection",
        frame,
        (
            Field(
                "country", "string", "ISO 3166 alpha-3", "Country; USD for the United States dollar", {"required": True}
            ),
            Field("rate", "string", "word", "Which rate", rates),
            Field("start", "number", "fraction per year", "Rate of 2025", {"required": True}),
            Field("long_run", "number", "fraction per year", "Rate from 2035 on", {"required": True}),
            _REASON,
            _CONFIDENCE,
        ),
        (WDI, GAPMINDER, WPP, JUDGEMENT),
        "Rules and reasons of economy_judgement.py; the measured history is computed from prices.csv and output.csv.",
        "assumed",
        "%.4g",
    )


def levels_table(frame: pd.DataFrame) -> Table:
    """Describe ``economy/levels.csv``."""
    kinds = {"enum": ["exchange_rate", "minimum_wage", "average_wage"], "required": True}
    return Table(
        "economy/levels.csv",
        "Exchange rate, minimum wage and average insured wage of 2025",
        frame,
        (
            _COUNTRY,
            Field("level", "string", "word", "Which level", kinds),
            Field("value", "number", "see unit", "Level", {"minimum": 0, "required": True}),
            Field("unit", "string", "text", "Unit of the value", {"required": True}),
            Field("year", "year", "calendar year", "Year the figure was set or refers to", {"required": True}),
            _CONFIDENCE,
            Field("source", "string", "text", "Publication", {"required": True}),
            _REASON,
        ),
        (WDI, SDG, ILO, WPP, JUDGEMENT),
        "Remembered or legal levels as stated; insured pay from the scheme's contributions and contributors, carried "
        "to 2025 by nominal "
        "wages, or from labour income per worker where no scheme figure exists.",
        "mixed",
        "%.8g",
    )
