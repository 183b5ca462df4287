"""The labour basis: published aggregates are reproduced, curves are smooth and sensible, refusals."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from actuarial.basis.dimensions import FEMALE, MALE, SEXES
from actuarial.basis.errors import InputError
from actuarial.basis.labour import load_labour
from actuarial.basis.region import load_region
from actuarial.demography.graduation import split_groups

ROOT = Path(__file__).parents[2]
MEMBERS = load_region(ROOT / "data").members
LABOUR = load_labour(ROOT / "data", MEMBERS)
AGES = np.arange(101)


@pytest.fixture(scope="module")
def population() -> np.ndarray:
    """Population of 1 July 2025 by single age [C, 2, 101], from the project's own table."""
    table = pd.read_csv(ROOT / "data" / "population" / "population_mid_2025.csv")
    index = pd.MultiIndex.from_product([MEMBERS, SEXES, range(101)], names=["country", "sex", "age"])
    return table.set_index(["country", "sex", "age"])["persons"].reindex(index).to_numpy().reshape(8, 2, 101)


def split(population: np.ndarray) -> np.ndarray:
    """Split the five-year groups by a monotone curve, as the derivation does."""
    groups = population[..., :100].reshape(8, 2, 20, 5).sum(axis=-1)
    single = split_groups(groups, np.arange(0.0, 101.0, 5.0), np.arange(101.0))
    return np.concatenate([single, population[..., 100:]], axis=-1)


def test_published_aggregates_are_reproduced(population: np.ndarray) -> None:
    """ILO modelled estimates: exact with the derivation's weights, within 0.2 points with the model's."""
    aggregates = pd.read_csv(ROOT / "data" / "labour" / "aggregates.csv")
    values = {"participation": LABOUR.participation, "employment": LABOUR.participation * LABOUR.employment_ratio}
    for row in aggregates.itertuples():
        first, last = (
            (int(row.age_group[:-1]), 100) if row.age_group.endswith("+") else map(int, row.age_group.split("-"))
        )
        pick = (first <= AGES) & (last >= AGES)
        c, s = MEMBERS.index(row.country), SEXES.index(row.sex)
        curve = values[row.measure][c, s, pick]
        for weights, tolerance in ((split(population), 2e-5), (population, 0.002)):
            assert np.average(curve, weights=weights[c, s, pick]) == pytest.approx(row.value, abs=tolerance), row


def test_ilo_figures_of_2025() -> None:
    """ILO modelled estimates through Gapminder, 2025: participation of 25-54, a few published values."""
    aggregates = pd.read_csv(ROOT / "data" / "labour" / "aggregates.csv").set_index(
        ["country", "sex", "measure", "age_group"]
    )
    for key, value in {("KEN", "male"): 0.911, ("UGA", "female"): 0.868, ("SOM", "female"): 0.280}.items():
        assert aggregates.loc[(*key, "participation", "25-54"), "value"] == pytest.approx(value, abs=1e-3)


def test_curves_have_one_peak_and_end() -> None:
    p = LABOUR.participation
    assert (p[..., :15] == 0).all()
    assert (p[..., 90:] == 0).all()
    assert ((p >= 0) & (p <= 0.995)).all()
    assert (np.diff(p[..., 15:36], axis=-1) >= -2e-6).all()
    assert (np.diff(p[..., 46:], axis=-1) <= 2e-6).all()
    assert np.abs(np.diff(p[..., 15:91], n=2, axis=-1)).max() < 0.06, "no kinks"


def test_shares_are_shares() -> None:
    assert ((LABOUR.employment_ratio > 0) & (LABOUR.employment_ratio <= 1)).all()
    assert ((LABOUR.covered_share_by_sex > 0) & (LABOUR.covered_share_by_sex < 1)).all()
    assert (LABOUR.covered_share_by_sex[:, MALE] > LABOUR.covered_share_by_sex[:, FEMALE]).all()
    assert LABOUR.coverage_shape.max() == 1
    assert (LABOUR.coverage_shape[70:] == 0).all()


def test_earnings_shape() -> None:
    male, female = LABOUR.earnings_profile
    assert np.average(male, weights=LABOUR.coverage_shape) == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(female / male, 0.85, atol=1e-5)
    assert (np.diff(male[15:61]) >= -1e-6).all() or male.argmax() > 50
    assert LABOUR.earnings_sigma == pytest.approx(np.sqrt(np.log(1 + 0.8**2)))


def test_assumptions_are_registered() -> None:
    assert {a.name for a in LABOUR.assumptions} >= {"earnings cv", "shape of cover by age"}
    assert all(a.reason and a.confidence in {"assumed", "recalled"} for a in LABOUR.assumptions)


@pytest.mark.parametrize(
    ("table", "old", "new", "words"),
    [
        ("participation.csv", "BDI,male,30,", "BDI,male,30,9", "allowed 0 to 1"),
        ("participation.csv", "BDI,male,30,", "BDI,man,30,", "found 'man'; allowed: male, female"),
        ("participation.csv", "BDI,male,30,", "BDI,male,200,", "no participation for country BDI, sex male, age 30"),
        ("constants.csv", "earnings_cv,0.8", "earnings_cv,9", "allowed 0 to 5"),
        ("employees.csv", "KEN,male", "KEN,female", "country KEN, sex female stands twice"),
    ],
)
def test_wrong_tables_are_refused(tmp_path: Path, table: str, old: str, new: str, words: str) -> None:
    shutil.copytree(ROOT / "data" / "labour", tmp_path / "labour")
    path = tmp_path / "labour" / table
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_labour(tmp_path, MEMBERS)
    assert words in str(caught.value)
    assert table in str(caught.value)


def test_unknown_country_and_missing_table(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no participation for country XYZ"):
        load_labour(ROOT / "data", ["XYZ"])
    with pytest.raises(InputError, match="this table is missing"):
        load_labour(tmp_path, MEMBERS)
