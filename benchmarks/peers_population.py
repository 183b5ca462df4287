"""The cohort-component projection as the engine of ``cohort_projections`` does it: one frame a year, joined to its rates by label.

That project (github.com/hypersonic-daydreams/cohort_projections) is in no package registry, so this is an own implementation of its published way
of working: frames [year, age, sex, group, population] are merged with the year's rates on their labels, surviving cohorts are taken row by row into
records that make the next frame, births are grouped sums, migrants are merged in at the year's end, the parts are concatenated and grouped again, and
every year is checked and copied. So that both give one answer, its inputs are those that its order of events needs for the toolkit's: survivors of
the migrants of the first half-year arrive at the end with the others, and births are to the mean of the women at both ends.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from actuarial.basis.dimensions import FIRST_YEAR, LAST_YEAR, OPEN_AGE, SEXES, year_index
from actuarial.basis.population import PopulationBasis
from actuarial.demography.population import survival_ratios

LABELLED = "labelled frames (method of cohort_projections, own implementation)"
KEYS = ["age", "sex", "group"]
CHILDBEARING = (10, 54)


class Engine:
    """Rates by year as frames, and the projection of all years."""

    def __init__(self, basis: PopulationBasis) -> None:
        self.groups = basis.countries
        ratios = survival_ratios(basis)
        self.survival = _frames(ratios.persons, self.groups, "survival_rate")
        self.migration = _frames(_at_the_end(basis.net_migration, ratios.persons), self.groups, "net_migration")
        self.fertility = _frames(0.5 * basis.fertility, self.groups, "fertility_rate")
        self.infants, self.ratio, self.newborn = ratios.births, basis.sex_ratio_at_birth, 0.5 * basis.net_migration[:, :, 0]
        self.start = _frame(basis.population_history[..., -1], self.groups, "population")
        self.start.insert(0, "year", FIRST_YEAR)

    def run(self) -> pd.DataFrame:
        """All years in one frame."""
        current = self.start.copy()
        years = [current]
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            current = self.one_year(current, year)
            years.append(current.copy())
        return pd.concat(years, ignore_index=True).sort_values(["year", *KEYS]).reset_index(drop=True)

    def stocks(self) -> npt.NDArray[np.float64]:
        """The frame of all years as stocks [C, 2, 101, 76]."""
        every = self.run()
        group = every["group"].map({name: i for i, name in enumerate(self.groups)}).to_numpy()
        sex = every["sex"].map({name: i for i, name in enumerate(SEXES)}).to_numpy()
        cube = np.zeros((len(self.groups), 2, OPEN_AGE + 1, LAST_YEAR - FIRST_YEAR + 2))
        cube[group, sex, every["age"].to_numpy(int), every["year"].to_numpy(int) - FIRST_YEAR] = every["population"].to_numpy()
        return cube

    def one_year(self, population: pd.DataFrame, year: int) -> pd.DataFrame:
        """Survival, migration, births, then the parts together."""
        t = year_index(year)
        survived = _survive(population, self.survival[t].copy(), year)
        moved = _migrate(survived, self.migration[t].copy(), year)
        births = self._births(population, moved, self.fertility[t].copy(), t, year)
        combined = pd.concat([moved, births], ignore_index=True).groupby(["year", *KEYS], as_index=False).agg({"population": "sum"})
        if (combined["population"] < 0).any():
            raise ValueError(f"{year}: a cohort is negative")
        return combined

    def _births(self, before: pd.DataFrame, after: pd.DataFrame, fertility: pd.DataFrame, t: int, year: int) -> pd.DataFrame:
        exposure = pd.concat([before, after], ignore_index=True)
        women = exposure[(exposure["sex"] == "female") & exposure["age"].between(*CHILDBEARING)]
        mothers = women.merge(fertility, on=["age", "group"], how="left")
        mothers["births"] = mothers["population"] * mothers["fertility_rate"].fillna(0.0)
        records = []
        for _, row in mothers.groupby("group", as_index=False)["births"].sum().iterrows():
            c = self.groups.index(row["group"])
            female = 1.0 / (1.0 + self.ratio[c, t])
            for s, share in enumerate((1.0 - female, female)):
                alive = row["births"] * share * self.infants[c, s, t] + self.newborn[c, s, t]
                records.append({"year": year + 1, "age": 0, "sex": SEXES[s], "group": row["group"], "population": alive})
        return pd.DataFrame(records)


def _survive(population: pd.DataFrame, rates: pd.DataFrame, year: int) -> pd.DataFrame:
    """Cohorts one year older; the open age is there twice: those who stay in it and those who reach it."""
    records: list[dict[str, Any]] = []
    regular, oldest = population[population["age"] < OPEN_AGE].copy(), population[population["age"] == OPEN_AGE].copy()
    for part, step in ((regular, 1), (oldest, 0)):
        merged = part.merge(rates, on=KEYS, how="left")
        if merged["survival_rate"].isna().any():
            raise ValueError(f"{year}: survival is missing")
        merged["survived"] = merged["population"] * merged["survival_rate"]
        merged["age"] = merged["age"] + step
        for _, row in merged.iterrows():
            records.append({"year": year + 1, "age": row["age"], "sex": row["sex"], "group": row["group"], "population": row["survived"]})
    return pd.DataFrame(records)


def _migrate(population: pd.DataFrame, migration: pd.DataFrame, year: int) -> pd.DataFrame:
    """Net migrants added at the end of the year."""
    merged = population.merge(migration, on=KEYS, how="left")
    merged["after"] = merged["population"] + merged["net_migration"].fillna(0.0)
    result = merged[[*KEYS, "after"]].copy()
    result.columns = pd.Index([*KEYS, "population"])
    result["year"] = year + 1
    return result


def _at_the_end(net: npt.NDArray[np.float64], survival: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Net migrants by age at the end of the year: survivors of the first half of them, and the second half.

    Half of those of the open age, because each of its two rows is given them.
    """
    end = 0.5 * net
    first = end * survival
    end = end.copy()
    end[:, :, 1:] += first[:, :, :-1]
    end[:, :, OPEN_AGE] += first[:, :, OPEN_AGE]
    end[:, :, OPEN_AGE] *= 0.5
    return end


def _frame(values: npt.NDArray[np.float64], groups: tuple[str, ...], name: str) -> pd.DataFrame:
    """Values [group, sex, age] or [group, age] by label."""
    ages = range(OPEN_AGE + 1)
    if values.ndim == 2:
        index = pd.MultiIndex.from_product([groups, ages], names=["group", "age"])
    else:
        index = pd.MultiIndex.from_product([groups, SEXES, ages], names=["group", "sex", "age"])
    return pd.DataFrame({name: values.ravel()}, index=index).reset_index()


def _frames(values: npt.NDArray[np.float64], groups: tuple[str, ...], name: str) -> dict[int, pd.DataFrame]:
    """One frame a projected year."""
    return {t: _frame(values[..., t], groups, name) for t in range(year_index(FIRST_YEAR), year_index(LAST_YEAR) + 1)}
