"""Projection against the published medium variant of World Population Prospects 2024, group by group.

1. The publication gives 1 July; the projection stands at 1 January. Compared is the mean of the stocks of 1 January
   before and after (which is above the stock of 1 July by about r^2/8, 0.01 % at a growth of 3 % a year).
2. Differences are relative: projected / published - 1. Nothing in the projection is scaled to the publication.
3. ``python -m actuarial.demography.comparison`` writes docs/wpp-comparison.md from the tables in data/.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from actuarial.basis.dimensions import OPEN_AGE, SEXES, Array
from actuarial.basis.population import ReferencePopulation, load_population, load_reference_population
from actuarial.basis.region import load_region
from actuarial.demography.population import PopulationProjection, project_population

TOTAL_TOLERANCE_TO_2050: Final = 0.003
TOTAL_TOLERANCE: Final = 0.005
OVER_60_TOLERANCE: Final = 0.01
OVER_80_TOLERANCE: Final = 0.03
GROUP_TOLERANCE: Final = 0.02
GROUP_MEDIAN_TOLERANCE: Final = 0.003


@dataclass(frozen=True)
class Comparison:
    """Relative differences of the states C at the points P (2030, 2035, ..., 2100)."""

    countries: tuple[str, ...]
    years: tuple[int, ...]
    total: Array
    """[C, P]"""
    over_60: Array
    """[C, P]"""
    over_80: Array
    """[C, P]"""
    groups: Array
    """5-year groups below 80 by sex [C, 2, 16, P]"""


def five_year_groups(population: Array) -> Array:
    """Groups 0-4 .. 95-99, 100+ [..., 21, Y] from single ages [..., 101, Y]."""
    closed = population[..., :OPEN_AGE, :]
    grouped = closed.reshape(closed.shape[:-2] + (20, 5, closed.shape[-1])).sum(axis=-2)
    return np.concatenate([grouped, population[..., OPEN_AGE:, :]], axis=-2)


def compare(projection: PopulationProjection, reference: ReferencePopulation) -> Comparison:
    """Compare at every published point within the projection; raises ``ValueError`` when the states differ."""
    if projection.countries != reference.countries:
        raise ValueError(f"projection of {projection.countries}, reference for {reference.countries}")
    last = projection.first_year + projection.population.shape[-1] - 2
    years = tuple(year for year in reference.years if projection.first_year <= year <= last)
    before = [year - projection.first_year for year in years]
    after = [position + 1 for position in before]
    middle = 0.5 * (projection.population[..., before] + projection.population[..., after])
    modelled = five_year_groups(middle)
    published = reference.persons[..., [reference.years.index(year) for year in years]]

    def difference(first: int, last_group: int) -> Array:
        span = slice(first, last_group)
        ratio: Array = modelled[:, :, span].sum(axis=(1, 2)) / published[:, :, span].sum(axis=(1, 2))
        return ratio - 1.0

    return Comparison(
        countries=projection.countries,
        years=years,
        total=difference(0, 21),
        over_60=difference(12, 21),
        over_80=difference(16, 21),
        groups=modelled[:, :, :16] / published[:, :, :16] - 1.0,
    )


def _percent(value: float) -> str:
    text = f"{abs(value) * 100.0:.2f}"
    if float(text) == 0.0:
        return text
    return ("+" if value > 0 else "\N{MINUS SIGN}") + text


def _largest(values: Array) -> float:
    """The value farthest from zero, with its sign."""
    flat = values.ravel()
    return float(flat[np.argmax(np.abs(flat))])


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    ruler = ["---"] + ["---:"] * (len(header) - 1)
    return ["| " + " | ".join(cells) + " |" for cells in (header, ruler, *rows)]


def _place_of_largest_group(comparison: Comparison, country: int) -> str:
    difference = np.abs(comparison.groups[country])
    sex, group, point = np.unravel_index(int(difference.argmax()), difference.shape)
    return f"{SEXES[sex]}s {5 * group}\N{EN DASH}{5 * group + 4} in {comparison.years[point]}"


def comparison_page(comparison: Comparison) -> str:
    """The page docs/wpp-comparison.md in Markdown."""
    to_2050 = [i for i, year in enumerate(comparison.years) if year <= 2050]
    worst = [
        [
            country,
            _percent(_largest(comparison.total[c, to_2050])),
            _percent(_largest(comparison.total[c])),
            _percent(_largest(comparison.over_60[c])),
            _percent(_largest(comparison.groups[c])),
            f"{np.median(np.abs(comparison.groups[c])) * 100.0:.2f}",
            _percent(_largest(comparison.over_80[c])),
            _place_of_largest_group(comparison, c),
        ]
        for c, country in enumerate(comparison.countries)
    ]
    allowed = (
        TOTAL_TOLERANCE_TO_2050,
        TOTAL_TOLERANCE,
        OVER_60_TOLERANCE,
        GROUP_TOLERANCE,
        GROUP_MEDIAN_TOLERANCE,
        OVER_80_TOLERANCE,
    )
    limits = ["allowed", *(f"{limit * 100.0:.2f}" for limit in allowed), ""]
    header = [
        "state",
        "total to 2050",
        "total to 2100",
        "60+",
        "groups below 80",
        "their median",
        "80+",
        "largest group",
    ]
    lines = [
        "# The population projection against World Population Prospects 2024",
        "",
        "Written by `python -m actuarial.demography.comparison` from the tables in `data/population`;",
        "a test checks that it is current.",
        "",
        "The projection starts from single ages at 1 January 2026 and uses mortality, fertility, sex ratio at birth",
        "and net migration of the United Nations' medium variant (WPP 2024). It is compared with the published",
        "population at 1 July of every fifth year from 2030; the projected figure is the mean of the stocks of",
        "1 January before and after.",
        "**Nothing is scaled to fit**: the published population after 2025 is read by the comparison only.",
        "",
        "## Largest differences, per cent of the published figure",
        "",
        *_table(header, [limits, *worst]),
        "",
        "The median is that of the differences without sign over all 5-year age and sex groups below 80 at all points;",
        f"over all states together it is {np.median(np.abs(comparison.groups)) * 100.0:.2f} %.",
    ]
    for title, values in (
        ("Total population", comparison.total),
        ("Population aged 60 and over", comparison.over_60),
        ("Population aged 80 and over", comparison.over_80),
    ):
        rows = [
            [str(year), *(_percent(values[c, p]) for c in range(len(comparison.countries)))]
            for p, year in enumerate(comparison.years)
        ]
        lines += ["", f"## {title}, difference in per cent", "", *_table(["1 July", *comparison.countries], rows)]
    return "\n".join([*lines, "", _METHOD])


_METHOD = """## What makes it fit

- **Infants.** Separation factors of Coale and Demeny (West) at ages 0 and 1\N{EN DASH}4 and of Greville at 5 and
over: with
  them the published death rates give back the published life expectancies (5-year means from 2025 on) to 0.006 years.
  Newborns survive to the end of the year with L(0)/l(0).
- **Mortality in time.** Rates are linear in the logarithm between period midpoints; one factor per year and sex moves
  them to the published life expectancy of that year. Without it the excess deaths of 2020\N{EN DASH}2025 would
  reach into 2026 and 2027 (life expectancy up to 0.6 years too low in Somalia, 0.2 in Kenya).
- **Single ages.** Cumulated hazard, cumulated fertility and cumulated counts are interpolated by monotone cubic
curves:
  group totals are kept and no cell is negative. Counts follow the yearly births and their survival within a group.
- **Fertility.** A published group rate is births over women of the group, who grow fewer with age. Read as a plain
mean
  of the single ages, the pattern gives 0.1\N{EN DASH}0.3 % fewer births still.
- **Open age.** Survival at 100 and over is T(101)/T(100) under the published rate of the open group.

## What remains

- Births are 0.0\N{EN DASH}0.3 % below the published ones in most states. Published births include mothers under 15,
whom
  the tables put into 15\N{EN DASH}19; this is the likely reason. In South Sudan births of 2026 are 0.9 % low; there
  the published births of 2025 also exceed published fertility times the published women of each 5-year group by 1.0
  %, so that no choice of single ages can close the gap.
- Cohorts born around 1994 in Rwanda and in war years in Burundi change more sharply from one year of birth to the
next
  than a curve through 5-year groups can show.
- History (1990\N{EN DASH}2025) meets the 5-year groups at their dates and moves between them with the survival of
each year.
  Migration in between is spread evenly, so single years of upheaval (Rwanda 1994: up to 3.4 % of the total) are
  smoothed over the five years around them.
"""


def main(arguments: Sequence[str]) -> None:
    """Write the comparison page; arguments (data folder, page) are ``data docs/wpp-comparison.md`` by default."""
    data_dir = Path(arguments[0] if arguments else "data")
    page = Path(arguments[1] if len(arguments) > 1 else "docs/wpp-comparison.md")
    countries = load_region(data_dir).members
    projection = project_population(load_population(data_dir, countries))
    text = comparison_page(compare(projection, load_reference_population(data_dir, countries)))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
