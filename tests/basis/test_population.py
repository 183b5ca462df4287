"""Reading the population tables: what ships is whole; what is wrong is refused with a message that names the place.

Source of the figures: World Population Prospects 2024 (totals of 1 July 2023 as published, thousands).
"""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from actuarial.basis.errors import InputError
from actuarial.basis.population import load_population, load_reference_population

DATA = Path(__file__).parents[2] / "data"
PUBLISHED_2023 = {"KEN": 55339.0, "TZA": 66618.0, "UGA": 48657.0, "RWA": 13954.0}


def test_shapes_and_signs() -> None:
    basis = load_population(DATA, ["UGA", "KEN"])
    assert basis.countries == ("UGA", "KEN")
    assert basis.population_history.shape == (2, 2, 101, 37)
    assert basis.death_rates.shape == basis.net_migration.shape == (2, 2, 101, 111)
    assert basis.fertility.shape == (2, 101, 111)
    assert basis.sex_ratio_at_birth.shape == (2, 111)
    assert (basis.population_history >= 0).all()
    assert (basis.death_rates > 0).all()
    assert not basis.fertility[:, :15].any()
    assert not basis.fertility[:, 50:].any()
    assert ((basis.sex_ratio_at_birth > 1.0) & (basis.sex_ratio_at_birth < 1.1)).all()


def test_order_of_countries_is_the_callers() -> None:
    one, other = load_population(DATA, ["UGA", "KEN"]), load_population(DATA, ["KEN", "UGA"])
    np.testing.assert_array_equal(one.death_rates[0], other.death_rates[1])


def test_published_totals_of_2023() -> None:
    """1 July 2023 lies between two published points; the cohorts meet the published total within 0.5 %."""
    basis = load_population(DATA, list(PUBLISHED_2023))
    totals = basis.population_history.sum(axis=(1, 2))
    middle = 0.5 * (totals[:, 33] + totals[:, 34]) / 1000.0
    np.testing.assert_allclose(middle, list(PUBLISHED_2023.values()), rtol=0.005)


def test_single_ages_of_2025_add_up_to_the_published_groups() -> None:
    frame = pd.read_csv(DATA / "population" / "population_mid_2025.csv")
    frame["age_start"] = frame["age"] // 5 * 5
    found = frame.groupby(["country", "sex", "age_start"])["persons"].sum()
    countries = sorted(frame["country"].unique())
    published = load_reference_population(DATA, countries)
    wanted = published.persons[..., published.years.index(2025)].ravel()
    order = pd.MultiIndex.from_product([countries, ["male", "female"], range(0, 101, 5)])
    np.testing.assert_allclose(found.loc[order].to_numpy(), wanted, atol=0.01)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(DATA / "population", tmp_path / "population")
    return tmp_path


def edit(copy: Path, name: str, line: int, old: str, new: str) -> None:
    path = copy / "population" / name
    lines = path.read_text(encoding="utf-8").split("\n")
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path.write_text("\n".join(lines), encoding="utf-8")


def test_unknown_country() -> None:
    with pytest.raises(InputError, match=r"population\.csv: no row for country KNE; the table has KEN: is it that\?"):
        load_population(DATA, ["KNE"])


def test_missing_table(copy: Path) -> None:
    (copy / "population" / "fertility.csv").unlink()
    with pytest.raises(InputError, match=r"fertility\.csv: the file is missing"):
        load_population(copy, ["KEN"])


def test_missing_year(copy: Path) -> None:
    edit(copy, "sex_ratio.csv", 1, ",2050", "")
    with pytest.raises(InputError, match=r"sex_ratio\.csv, line 1: .*; columns missing: \['2050'\]"):
        load_population(copy, ["KEN"])


def test_missing_row(copy: Path) -> None:
    path = copy / "population" / "death_rates_male.csv"
    frame = pd.read_csv(path, dtype=str)
    frame[~((frame["country"] == "KEN") & (frame["age"] == "37"))].to_csv(path, index=False)
    with pytest.raises(InputError, match=r"death_rates_male\.csv: no row for country KEN, age 37"):
        load_population(copy, ["KEN"])


@pytest.mark.parametrize(("found", "message"), [("-0.5", "found -0.5, allowed is"), ("abc", "'abc' is not a number")])
def test_negative_or_unreadable_rate(copy: Path, found: str, message: str) -> None:
    path = copy / "population" / "death_rates_female.csv"
    frame = pd.read_csv(path, dtype=str)
    frame.loc[3, "2030"] = found
    frame.to_csv(path, index=False)
    with pytest.raises(InputError, match=rf"death_rates_female\.csv, line 5, 2030: .*{message}"):
        load_population(copy, ["BDI"])


def test_rate_of_zero(copy: Path) -> None:
    path = copy / "population" / "death_rates_male.csv"
    frame = pd.read_csv(path, dtype=str)
    frame.loc[3, "2030"] = "0"
    frame.to_csv(path, index=False)
    with pytest.raises(InputError, match="must be positive"):
        load_population(copy, ["BDI"])
