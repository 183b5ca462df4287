"""What figures of different files cannot say together: people of the schemes and of the population, pay and wages.

1. Each rule names the file whose figure is refused and the one it is held against. Bounds leave room for other years and definitions.

| rule | why |
|---|---|
| contributors at most the residents of 15 to 69 | somebody cannot be insured who does not live there |
| pensioners at most the residents from age 40 | the same |
| average insured pay within a factor of 20 of the average wage | thousands, or another currency |
| average wage within 1/15 and 50 of output per person of 15 to 64 | a month for a year, thousands, or another currency |
| employees above 0 where contributors are given | nobody is insured where nobody works |
| migrants at most the residents of their sex in the country they left, and in the one they live in | slips of thousands; the largest is a fifth |
| population of 15 to 64 of the economy within a quarter of that of the population tables | two files of different countries or years |
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from actuarial.basis.dimensions import HISTORY_FIRST_YEAR, SEXES, VALUATION_YEAR, WORK_AGE_FIRST, WORK_AGE_LAST
from actuarial.basis.economy import EconomyBasis
from actuarial.basis.errors import Problem, shown
from actuarial.basis.labour import LabourBasis
from actuarial.basis.migration import MigrationBasis
from actuarial.basis.population import PopulationBasis
from actuarial.basis.scheme import Scheme
from actuarial.basis.scheme_people import FIRST_PENSION_AGE
from actuarial.basis.yaml_file import read_yaml

PAY_FACTOR: Final = 20.0
WAGE_PER_OUTPUT: Final = (1.0 / 15.0, 50.0)
WORKING_AGE: Final = (15, 65)
WORKING_AGE_FACTOR: Final = 1.25


def disagreements(
    data_dir: Path, population: PopulationBasis, economy: EconomyBasis, labour: LabourBasis, migration: MigrationBasis, schemes: Sequence[Scheme]
) -> Iterator[Problem]:
    """Everything that the parts of a basis cannot say together. Countries of all parts are those of ``population``."""
    start = population.population_history[..., -1].sum(axis=1)
    for c, scheme in enumerate(schemes):
        base = scheme.calibration
        people = {
            "active_contributors": (start[c, WORK_AGE_FIRST : WORK_AGE_LAST + 1].sum(), f"residents of {WORK_AGE_FIRST} to {WORK_AGE_LAST}"),
            "pensioners": (start[c, FIRST_PENSION_AGE:].sum(), f"residents from age {FIRST_PENSION_AGE}"),
        }
        found: list[tuple[str, str]] = []
        for name, (residents, who) in people.items():
            if name in base and base[name].value > residents:
                found.append((name, f"found {base[name].value:,.15g}, more than the {residents:,.0f} {who} (population.csv)"))
        if "average_insurable_earnings" in base and (pay := 12.0 * base["average_insurable_earnings"].value) > 0.0:
            ratio = pay / economy.average_wage[c]
            if not 1.0 / PAY_FACTOR <= ratio <= PAY_FACTOR:
                text = f"{pay:,.15g} a year is {ratio:.3g} times the average wage of {economy.average_wage[c]:,.15g} (levels.csv)"
                found.append(("average_insurable_earnings", f"{text}; allowed is a factor of {PAY_FACTOR:g}"))
        if found:
            document = read_yaml(scheme.folder / "params.yaml")
            yield from (document.problem(("calibration", name), text) for name, text in found)
    yield from _economy(data_dir, population, economy)
    yield from _nobody_works(data_dir, population, labour, schemes)
    yield from _more_left_than_live(data_dir, population, migration)


def _nobody_works(data_dir: Path, population: PopulationBasis, labour: LabourBasis, schemes: Sequence[Scheme]) -> Iterator[Problem]:
    """Contributors where the tables of labour have no employee of working age in the base year."""
    persons = population.population_history[..., -1]
    working = persons * labour.participation * labour.employment_ratio
    for c, scheme in enumerate(schemes):
        base = scheme.calibration
        if "active_contributors" not in base or not (contributors := base["active_contributors"].value) > 0.0:
            continue
        by_sex = working[c, :, WORK_AGE_FIRST : WORK_AGE_LAST + 1].sum(axis=1)
        if not by_sex.any():
            file, column, what = "participation.csv", "participation", "nobody works"
        elif not (by_sex * labour.covered_share_by_sex[c]).any():
            file, column, what = "employees.csv", "employee_share", "nobody is an employee"
        else:
            continue
        text = f"{what} in {population.countries[c]}, but {scheme.folder.name} has {contributors:,.15g} contributors"
        yield Problem(shown(data_dir / "labour" / file), 0, column, f"{text}; allowed above 0")


def _more_left_than_live(data_dir: Path, population: PopulationBasis, migration: MigrationBasis) -> Iterator[Problem]:
    """Migrants of a corridor above the residents of their sex at 1 January of the year, here or there."""
    at = [year - HISTORY_FIRST_YEAR for year in migration.matrix_years]
    residents = population.population_history.sum(axis=2)[..., at]
    for end, whose in enumerate(("origin", "host")):
        limit = residents[migration.corridor_index[:, end]]
        for k, sex, y in np.argwhere(migration.stocks > limit):
            origin, host = migration.corridors[k]
            found = f"found {migration.stocks[k, sex, y]:,.15g} of {origin} in {host} in {migration.matrix_years[y]}"
            text = f"{found}; the {whose} {migration.corridors[k][end]} has {limit[k, sex, y]:,.0f} {SEXES[sex]} residents (population.csv)"
            yield Problem(shown(data_dir / "migration" / "stocks.csv"), 0, SEXES[sex], text)


def _economy(data_dir: Path, population: PopulationBasis, economy: EconomyBasis) -> Iterator[Problem]:
    base, (first, end) = VALUATION_YEAR - HISTORY_FIRST_YEAR, WORKING_AGE
    here = population.population_history[:, :, first:end].sum(axis=(1, 2))
    there = economy.working_age[:, : here.shape[1]]
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = there / here
    for c, country in enumerate(population.countries):
        off = np.flatnonzero(~((factor[c] <= WORKING_AGE_FACTOR) & (factor[c] >= 1.0 / WORKING_AGE_FACTOR))).tolist()
        if off:
            year, more = HISTORY_FIRST_YEAR + off[0], f" (and in {len(off) - 1} more years)" if len(off) > 1 else ""
            text = f"found {there[c, off[0]]:,.0f} in {year}{more}; population.csv has {here[c, off[0]]:,.0f} people of {first} to {end - 1}"
            yield Problem(shown(data_dir / "economy" / "working_age.csv"), 0, country, f"{text}; allowed is a factor of {WORKING_AGE_FACTOR:g}")
        output = economy.gdp[c, base] / economy.working_age[c, base]
        low, high = WAGE_PER_OUTPUT
        if not low <= (ratio := economy.average_wage[c] / output) <= high:
            text = f"average wage of {country}: {economy.average_wage[c]:,.15g} a year is {ratio:.3g} times output per person of {first} to {end - 1}"
            yield Problem(shown(data_dir / "economy" / "levels.csv"), 0, "value", f"{text}; allowed {low:.2g} to {high:g}. Is it a year's pay?")
