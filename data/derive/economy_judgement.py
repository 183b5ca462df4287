"""Judgements of the economic basis: figures that no extract gives, each with its reason.

Change them here and derive again.

1. Long-run rates hold from 2035 on; until then the gap between the starting rate (2025) and the long-run rate closes by
   three tenths a year.
2. ``recalled`` figures come from professional memory and are to be checked against the named publication before any
   result is published.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LongRun:
    """A long-run yearly rate; ``start`` replaces the measured starting rate where that is no guide."""

    value: float
    reason: str
    start: float | None = None


INFLATION: dict[str, LongRun] = {
    "BDI": LongRun(0.08, "Between the median since 2000 and the EAC convergence ceiling of 8 % (recalled)."),
    "COD": LongRun(
        0.07, "Medium-term objective of the Banque Centrale du Congo, 7 % (recalled); below the recent deflator."
    ),
    "KEN": LongRun(0.05, "Middle of the target band of the Central Bank of Kenya, 2.5 to 7.5 % (recalled)."),
    "RWA": LongRun(
        0.05,
        "Middle of the band of the National Bank of Rwanda, 2 to 8 % (recalled). The start is remembered for 2025: "
        "prices swung "
        "from 20 to 2 % within two years, so that their mean is no guide.",
        start=0.07,
    ),
    "SOM": LongRun(0.04, "Largely dollarised economy: somewhat above world inflation."),
    "SSD": LongRun(
        0.10,
        "Fragile currency; a two-digit rate even after stabilisation. No scheme collects, so little hangs on it. The "
        "start "
        "is assumed because prices are not measured after 2023 while the currency lost most of its value (recalled).",
        start=0.50,
    ),
    "TZA": LongRun(0.04, "Middle of the Bank of Tanzania's band of 3 to 5 % (recalled), as measured since 2016."),
    "UGA": LongRun(0.05, "Target of the Bank of Uganda, 5 % (recalled); median since 2010 is the same."),
}

REAL_WAGE_COMMON = 0.015
"""Growth to which every country is drawn over 75 years: halfway between stagnation and the fastest of the region."""
REAL_WAGE_WEIGHT = 0.5
"""Weight of the country's own growth of GDP per worker since 2000."""
REAL_WAGE_BOUNDS = (0.005, 0.025)

REAL_RETURN: dict[str, LongRun] = {
    "BDI": LongRun(
        0.02,
        "Bank deposits and government paper; the policy rate was 2.3 % above prices in 2000-16. Starts below zero "
        "because "
        "prices rise by more than 20 % while regulated interest does not follow.",
        start=-0.05,
    ),
    "COD": LongRun(
        0.025,
        "Reserves are unpublished, largely property and dollar deposits; between Burundi and Rwanda. Starts at zero.",
        start=0.0,
    ),
    "KEN": LongRun(
        0.04, "NSSF credited 10 to 17 % in 2021-25 against prices of 5 to 8 %; the best years will not last."
    ),
    "RWA": LongRun(0.035, "Government paper and equity holdings; the policy rate was 2.9 % above prices in 2005-24."),
    "SOM": LongRun(0.02, "No fund exists; short-term dollar rates. Nothing is computed from it."),
    "SSD": LongRun(0.02, "No fund collects; cautious. Nothing is computed from it while there is no reserve."),
    "TZA": LongRun(
        0.03,
        "Policy rate 3.4 % above prices in 2008-20; the NSSF's assets of 2023-25 grew by little more than net "
        "contributions.",
    ),
    "UGA": LongRun(
        0.045,
        "NSSF credited 11.6 % a year on average in 2011/12-2024/25, some 6 % above prices; lower with falling bond "
        "yields.",
    ),
}


@dataclass(frozen=True)
class Level:
    """A level of 2025 in national currency."""

    value: float
    confidence: str
    source: str
    year: int
    reason: str


EXCHANGE_RATE: dict[str, Level] = {
    iso3: Level(
        value, "recalled", "IMF, International Financial Statistics: average official rate (remembered)", 2025, reason
    )
    for iso3, (value, reason) in {
        "BDI": (2960.0, "Official rate; the parallel rate was far weaker."),
        "COD": (2800.0, "Appreciated towards 2,300 late in the year; average remembered."),
        "KEN": (129.3, "Stable around 129 throughout the year."),
        "RWA": (1430.0, "Depreciated by some 5 % in the year."),
        "SOM": (26000.0, "Market rate; the economy is largely dollarised."),
        "SSD": (4400.0, "Official rate after the collapse of 2024."),
        "TZA": (2560.0, "Weak in the first half, stronger in the second; average remembered."),
        "UGA": (3640.0, "Average remembered; between 3,500 and 3,700."),
    }.items()
}

USD_INFLATION = {2018: 0.024, 2019: 0.018, 2020: 0.012, 2021: 0.047, 2022: 0.080, 2023: 0.041, 2024: 0.029, 2025: 0.027}
"""Consumer prices in the United States, yearly average; Bureau of Labor Statistics, recalled."""
USD_INFLATION_LONG_RUN = 0.022
"""Federal Reserve target of 2 % and the usual excess of consumer prices over it; assumed."""

DAYS_PER_YEAR = 26 * 12
"""Working days of a statutory daily wage: 26 a month."""

MINIMUM_WAGE: dict[str, Level] = {
    "BDI": Level(
        160.0 * DAYS_PER_YEAR,
        "derived",
        "SSA, SSPTW Africa 2019 (Burundi)",
        2019,
        "BIF 160 a day, urban, 26 days a month; unchanged for decades.",
    ),
    "COD": Level(
        14500.0 * DAYS_PER_YEAR,
        "recalled",
        "Decree on the SMIG, 2025 (remembered)",
        2025,
        "CDF 14,500 a day, 26 days a month; a second step was announced for 2026.",
    ),
    "KEN": Level(
        16113.75 * 12,
        "recalled",
        "Regulation of Wages (General) Order 2024 (remembered)",
        2024,
        "General labourer in the cities, KES 16,113.75 a month.",
    ),
    "RWA": Level(
        100.0 * DAYS_PER_YEAR,
        "recalled",
        "Ministerial order of 1980 (remembered)",
        1980,
        "RWF 100 a day, never revised; far below any wage paid.",
    ),
    "SOM": Level(0.0, "assumed", "own assumption", 2025, "No statutory minimum wage found; 0 stands for none."),
    "SSD": Level(
        0.0, "assumed", "own assumption", 2025, "No rate set under the Labour Act 2017 was found; 0 stands for none."
    ),
    "TZA": Level(
        140000.0 * 12,
        "recalled",
        "Labour Institutions Wage Order 2022 (remembered)",
        2022,
        "Agriculture, TZS 140,000 a month, lowest apart from domestic service; raised in 2026.",
    ),
    "UGA": Level(
        6000.0 * 12,
        "recalled",
        "Minimum Wages Order 1984 (remembered)",
        1984,
        "UGX 6,000 a month, never revised; without effect in practice.",
    ),
}


@dataclass(frozen=True)
class KnownWage:
    """Average insured pay per month that the scheme's own statistics imply, and the moment it refers to."""

    monthly: float
    moment: float
    source: str
    how: str


KNOWN_WAGE: dict[str, KnownWage] = {
    "KEN": KnownWage(
        36000.0,
        2023.5,
        "NSSF Act 2013, Third Schedule",
        "a quarter of the upper earnings limit of four times national average earnings",
    ),
    "RWA": KnownWage(
        147000.0,
        2011.5,
        "The East African, 12 May 2012",
        "contributions RWF 42.4 bn / 6 % / 400,000 contributors, which overstates pay if other branches are included",
    ),
    "TZA": KnownWage(
        510000.0,
        2024.67,
        "NSSF Tanzania, year to February 2025",
        "contributions TZS 2.15 tn / 20 % / 1,758,018 contributors",
    ),
    "UGA": KnownWage(
        1392000.0,
        2025.0,
        "NSSF Uganda, annual members meeting, September 2025",
        "contributions UGX 2.13 tn / 15 % / 850,000 active members",
    ),
}
FORMAL_WAGE_MODELS = ("RWA", "TZA", "UGA")
"""Countries whose ratio of insured pay to labour income per worker is carried over where insured pay is unknown."""

SSD_GDP_USD = Level(
    5.0e9,
    "recalled",
    "IMF, World Economic Outlook (remembered)",
    2025,
    "The national accounts in the extract end in 2015.",
)
