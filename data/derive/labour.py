"""Participation and employment by single age, salaried shares, and the assumed shapes of cover and earnings.

1. ILO aggregates (15-24, 25-54, 55-64, 65+) are spread to single ages by the smoothest curve that reproduces each of
   them.
2. 15-24 is not published as participation: it is employment divided by one less unemployment. 55-64 is what is left of
   15-64.
3. Unemployment by age group is the latest survey's (55-64 also for 65+, where samples are tiny), scaled above 24 so
   that
   employment of 15+ of the base year is reproduced.
4. Weights are the population of 1 July 2025 (WPP 2024), five-year groups split by a monotone curve; 100 is open.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from derive.common import Field, Source, Table
from derive.economy_tables import ILO, WPP
from derive.region import CURRENCY
from scipy.linalg import null_space
from scipy.optimize import nnls

from actuarial.demography.graduation import split_groups

Array = npt.NDArray[np.float64]

BASE = 2025
SEXES = ("male", "female")
AGES = np.arange(15, 101)
LARGEST = 0.995
"""Largest participation at any age."""
PEAK = (35, 45)
"""Participation does not fall before the first of these ages and does not rise after the second."""
RIDGE = 1e-6
"""Weight of the level beside the differences, so that the solution is unique."""
LAST_ACTIVE_AGE = 89
"""Nobody is active after this age (assumed): the aggregate 65+ needs an end."""
GROUPS = {"15-24": (15, 24), "25-54": (25, 54), "55-64": (55, 64), "65+": (65, 100)}

SHAPE = Source(
    title="Assumed shapes of cover and earnings",
    publisher="this project",
    edition="data/derive/labour.py",
    licence="CC BY 4.0",
    where="data/derive/labour.py",
)

COVER_POINTS = {
    15: 0.02,
    18: 0.12,
    22: 0.45,
    26: 0.80,
    30: 0.95,
    35: 1.0,
    54: 1.0,
    57: 0.85,
    60: 0.50,
    65: 0.15,
    70: 0.0,
}
"""Chance of an employed person of being insured, relative to ages 35 to 54. Formal jobs follow the school years and end
near the pension age; the level is calibrated to each scheme's contributors. Assumed: no register of the region is
public."""
EXPERIENCE, EXPERIENCE_SQUARED = 0.045, -0.0006
"""Log earnings by year of experience since age 20 (Mincer equation; recalled range for Sub-Saharan Africa)."""
FEMALE_TO_MALE = 0.85
"""Pay of insured women relative to insured men of the same age (assumed; the gap is smaller in formal jobs)."""
EARNINGS_CV = 0.80
"""Coefficient of variation of insured pay within an age and sex (assumed; a Gini coefficient of 0.38 in the cell)."""
"""Share of the year contributed by a person who contributes in it (assumed: most of it, or a few months)."""


def derive(sources: Path) -> list[Table]:
    """Derive the tables below ``data/labour`` from the extracts in ``sources``."""
    labour = pd.read_csv(sources / "eac" / "labour_gapminder_ilo.csv")
    weights = _weights(sources)
    aggregates, single, salaried = [], [], []
    for c in CURRENCY:
        for sex in SEXES:
            facts = _facts(labour, c, sex)
            curve, employed, targets = _curves(facts, weights[c, sex])
            aggregates += [(c, sex, *row) for row in targets]
            single += [(c, sex, age, p, e) for age, p, e in zip(AGES.tolist(), curve, employed, strict=True)]
            year, own_account = facts["self_employed_pct_of_employment", "15+"]
            salaried.append((c, sex, year, 1 - own_account))
    return [
        _single_table(pd.DataFrame(single, columns=["country", "sex", "age", "participation", "employment_ratio"])),
        _aggregates_table(aggregates),
        _salaried_table(pd.DataFrame(salaried, columns=["country", "sex", "year", "employee_share"])),
        _shapes_table(),
        _constants_table(),
    ]


def _weights(sources: Path) -> dict[tuple[str, str], Array]:
    """Population by single age 15..100 at 1 July of the base year: five-year groups split by a monotone curve."""
    wpp = pd.read_csv(sources / "eac" / "wpp2024_population_5x5.csv")
    wpp = wpp[wpp["year"] == BASE].set_index(["iso3", "sex", "age_start"])["pop_thousands"]
    edges = np.arange(0.0, 101.0, 5.0)
    result = {}
    for c in CURRENCY:
        for sex in SEXES:
            groups = np.array([float(wpp[c, sex, int(start)]) for start in edges])
            single = split_groups(groups[:-1], edges, np.arange(15.0, 101.0))
            result[c, sex] = np.append(single, groups[-1])
    return result


def _facts(labour: pd.DataFrame, country: str, sex: str) -> dict[tuple[str, str], tuple[int, float]]:
    """Latest figure up to the base year by indicator and age group: (year, fraction)."""
    rows = labour[(labour["iso3"] == country) & (labour["sex"] == sex) & (labour["year"] <= BASE)]
    last = rows.sort_values("year").groupby(["indicator", "age_group"]).last()
    return {key: (int(row["year"]), float(row["value"]) / 100) for key, row in last.iterrows()}  # type: ignore[misc]


def _mean(values: Array, weights: Array, first: int, last: int) -> float:
    pick = (first <= AGES) & (last >= AGES)
    return float(np.average(values[pick], weights=weights[pick]))


def _curves(
    facts: dict[tuple[str, str], tuple[int, float]], weights: Array
) -> tuple[Array, Array, list[tuple[str, str, int, float, str, str]]]:
    """Participation and employment ratio by age 15..100, and the aggregates they reproduce."""
    size = {g: float(weights[(first <= AGES) & (last >= AGES)].sum()) for g, (first, last) in GROUPS.items()}
    force = {g: facts["labour_force_participation_pct", g][1] for g in ("15-64", "25-54", "65+")}
    year = facts["labour_force_participation_pct", "15-64"][0]
    working_age = size["15-24"] + size["25-54"] + size["55-64"]
    active = force["15-64"] * working_age - force["25-54"] * size["25-54"]
    employed_young = facts["employment_to_population_pct", "15-24"][1]
    young = employed_young / (1 - facts["unemployment_pct", "15-24"][1])
    older = (active - young * size["15-24"]) / size["55-64"]
    low, high = force["65+"], force["25-54"]
    note = "employment / (1 - unemployment)"
    if not low <= older <= high:
        older = min(max(older, low), high)
        young = (active - older * size["55-64"]) / size["15-24"]
        note = "what is left of 15-64 with 55-64 held between 65+ and 25-54"
    if young < employed_young:
        raise ValueError(f"participation of 15-24 ({young:.3f}) is below employment ({employed_young:.3f})")
    rates = {"15-24": young, "25-54": force["25-54"], "55-64": older, "65+": force["65+"]}
    curve = _smooth(rates, weights, order=2, one_peak=True)
    idle = _unemployment(facts, rates, size, employed_young)
    employment = 1 - _smooth(idle, weights * np.maximum(curve, 1e-9), order=1, one_peak=False)
    targets = [
        ("participation", "15-24", year, young, "derived", note),
        ("participation", "25-54", year, force["25-54"], "verified", ""),
        ("participation", "55-64", year, older, "derived", "what is left of 15-64"),
        ("participation", "65+", year, force["65+"], "verified", ""),
        ("participation", "15-64", year, force["15-64"], "verified", ""),
        ("employment", "15-24", year, employed_young, "verified", ""),
        ("employment", "15+", year, facts["employment_to_population_pct", "15+"][1], "verified", ""),
    ]
    return curve, employment, targets


def _unemployment(
    facts: dict[tuple[str, str], tuple[int, float]], rates: dict[str, float], size: dict[str, float], young: float
) -> dict[str, float]:
    """Unemployment by age group that reproduces employment of 15-24 and of 15+ of the base year."""
    survey = {g: facts["unemployment_pct", "55-64" if g == "65+" else g][1] for g in GROUPS}
    idle = {"15-24": 1 - young / rates["15-24"]}
    rest = ("25-54", "55-64", "65+")
    employed = facts["employment_to_population_pct", "15+"][1] * sum(size.values()) - young * size["15-24"]
    active = sum(rates[g] * size[g] for g in rest)
    expected = sum(survey[g] * rates[g] * size[g] for g in rest)
    return idle | {g: survey[g] * (active - employed) / expected for g in rest}


def _smooth(means: dict[str, float], weights: Array, *, order: int, one_peak: bool) -> Array:
    """Curve of ages 15..100 that reproduces the weighted group means and changes as little as possible.

    Minimises the sum of squared differences of the given order, subject to A p = b (group means) and G p >= h (within
    [0, LARGEST]; with ``one_peak`` also no fall before PEAK[0], no rise after PEAK[1], and 0 after LAST_ACTIVE_AGE).
    """
    n = len(AGES)
    equal, values = [], []
    for group, (first, last) in GROUPS.items():
        share = np.where((first <= AGES) & (last >= AGES), weights, 0.0)
        equal.append(share / share.sum())
        values.append(means[group])
    steps = np.diff(np.eye(n), axis=0)
    above, floor = [np.eye(n), -np.eye(n)], [np.zeros(n), np.full(n, -LARGEST)]
    if one_peak:
        rising, falling = steps[AGES[1:] <= PEAK[0]], -steps[AGES[1:] > PEAK[1]]
        above += [rising, falling]
        floor += [np.zeros(len(rising)), np.zeros(len(falling))]
        for i in np.flatnonzero(LAST_ACTIVE_AGE < AGES):
            equal.append(np.eye(n)[i])
            values.append(0.0)
    curve = _least_squares(
        np.diff(np.eye(n), n=order, axis=0), np.array(equal), np.array(values), np.vstack(above), np.concatenate(floor)
    )
    return np.clip(curve, 0.0, LARGEST)


def _least_squares(d: Array, a: Array, b: Array, g: Array, h: Array) -> Array:
    """Minimise |d p| subject to a p = b and g p >= h, exactly.

    Least distance programming (Lawson and Hanson 1974, chapter 23).
    """
    n = a.shape[1]
    particular = np.linalg.lstsq(a, b, rcond=None)[0]
    free = null_space(a)
    full = np.vstack([d, RIDGE * np.eye(n)])
    q, r = np.linalg.qr(full @ free)
    centre = -q.T @ (full @ particular)
    to_free = np.linalg.solve(r, np.eye(len(r)))
    bound = g @ free @ to_free
    slack = h - g @ particular - bound @ centre
    undecided = np.abs(g @ free).max(axis=1) > 1e-12
    bound, slack = bound[undecided], slack[undecided]
    target = np.zeros(len(r) + 1)
    target[-1] = 1.0
    duals, distance = nnls(np.vstack([bound.T, slack]), target, maxiter=50 * len(h))
    if distance < 1e-9:
        raise ValueError("no curve within the bounds reproduces the group means")
    residual = np.vstack([bound.T, slack]) @ duals - target
    return np.asarray(particular + free @ (to_free @ (centre - residual[:-1] / residual[-1])), dtype=np.float64)


_COUNTRY = Field("country", "string", "ISO 3166 alpha-3", "Country", {"required": True})
_SEX = Field("sex", "string", "word", "Sex", {"enum": list(SEXES), "required": True})
_UNIT = {"minimum": 0, "maximum": 1, "required": True}


def _single_table(frame: pd.DataFrame) -> Table:
    return Table(
        "labour/participation.csv",
        "Labour force participation and employment by sex and single age, 2025 (South Sudan 2023)",
        frame,
        (
            _COUNTRY,
            _SEX,
            Field(
                "age",
                "integer",
                "years",
                "Age last birthday; 100 is open",
                {"minimum": 15, "maximum": 100, "required": True},
            ),
            Field("participation", "number", "fraction of the population", "In the labour force", _UNIT),
            Field("employment_ratio", "number", "fraction of the labour force", "Employed", _UNIT),
        ),
        (ILO, WPP),
        "Smoothest curve (least squared second differences) with the group means of aggregates.csv, weighted by the "
        "population of "
        "1 July 2025; between 0 and 0.995, no fall before 35, no rise after 45, nobody active from 90 on. "
        "Unemployment: least "
        "squared first differences, weighted by the labour force.",
        "derived",
        "%.6f",
    )


def _aggregates_table(rows: list[tuple[object, ...]]) -> Table:
    names = ["country", "sex", "measure", "age_group", "year", "value", "confidence", "reason"]
    measures = {"enum": ["participation", "employment"], "required": True}
    return Table(
        "labour/aggregates.csv",
        "Labour force aggregates that the curves by single age reproduce",
        pd.DataFrame(rows, columns=names),
        (
            _COUNTRY,
            _SEX,
            Field("measure", "string", "word", "Share of the population in the labour force or employed", measures),
            Field("age_group", "string", "years", "Age group", {"required": True}),
            Field("year", "year", "calendar year", "Year of the estimate", {"required": True}),
            Field("value", "number", "fraction of the population", "Aggregate", _UNIT),
            Field(
                "confidence",
                "string",
                "word",
                "verified: published; derived: computed",
                {"enum": ["verified", "derived"]},
            ),
            Field("reason", "string", "text", "How a derived figure was computed"),
        ),
        (ILO, WPP),
        "Published figures in per cent to fractions; 15-24 from employment and unemployment of the latest survey, "
        "55-64 as the rest "
        "of 15-64.",
        "mixed",
        "%.6f",
    )


def _salaried_table(frame: pd.DataFrame) -> Table:
    return Table(
        "labour/employees.csv",
        "Employees among the employed, by sex",
        frame,
        (
            _COUNTRY,
            _SEX,
            Field("year", "year", "calendar year", "Year of the estimate", {"required": True}),
            Field("employee_share", "number", "fraction of employment", "Wage and salary workers", _UNIT),
        ),
        (ILO,),
        "One less the self-employed share (which includes contributing family workers); per cent to fraction.",
        "derived",
        "%.6f",
    )


def _shapes_table() -> Table:
    ages = np.arange(0, 101)
    cover = np.interp(ages, list(COVER_POINTS), list(COVER_POINTS.values()))
    cover[ages < 15] = 0.0
    experience = np.clip(ages - 20.0, 0.0, 40.0)
    male = np.exp(EXPERIENCE * experience + EXPERIENCE_SQUARED * experience**2)
    male /= np.average(male, weights=cover)
    frame = pd.DataFrame({"age": ages, "cover": cover, "earnings_male": male, "earnings_female": male * FEMALE_TO_MALE})
    number = {"minimum": 0, "required": True}
    return Table(
        "labour/shapes.csv",
        "Assumed shape of cover and of earnings by age",
        frame,
        (
            Field(
                "age",
                "integer",
                "years",
                "Age last birthday; 100 is open",
                {"minimum": 0, "maximum": 100, "required": True},
            ),
            Field("cover", "number", "relative to ages 35-54", "Chance of an employed person of being insured", number),
            Field(
                "earnings_male", "number", "relative", "Insured pay of men, mean 1 with the weights of cover", number
            ),
            Field("earnings_female", "number", "relative to the same mean", "Insured pay of women", number),
        ),
        (SHAPE,),
        "Cover: linear between assumed points. Earnings: Mincer equation with 4.5 % per year of experience and -0.06 "
        "% per squared "
        "year from age 20 on, flat after 40 years; women 85 % of men.",
        "assumed",
        "%.6f",
    )


def _constants_table() -> Table:
    rows = [
        (
            "earnings_cv",
            EARNINGS_CV,
            "ratio",
            "Spread of insured pay within an age and sex: a Gini coefficient of 0.38 inside the cell.",
        ),
    ]
    frame = pd.DataFrame(rows, columns=["name", "value", "unit", "reason"]).assign(confidence="assumed")
    return Table(
        "labour/constants.csv",
        "Assumed constants of insured careers",
        frame,
        (
            Field(
                "name",
                "string",
                "word",
                "Constant",
                {"enum": ["earnings_cv"], "required": True, "unique": True},
            ),
            Field("value", "number", "see unit", "Value", {"minimum": 0, "required": True}),
            Field("unit", "string", "text", "Unit", {"required": True}),
            Field("reason", "string", "text", "Why this value", {"required": True}),
            Field(
                "confidence", "string", "word", "How far it can be relied on", {"enum": ["assumed"], "required": True}
            ),
        ),
        (SHAPE,),
        "No source of the region gives them; chosen.",
        "assumed",
        "%.6g",
    )
