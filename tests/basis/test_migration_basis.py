"""Migration tables and levers: what is read, and the message for what cannot be."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from actuarial.basis.errors import InputError
from actuarial.basis.migration import MATRIX_YEARS, MigrationLevers, load_migration

DATA = Path(__file__).parents[2] / "data"
STATES = ("BDI", "COD", "KEN", "RWA", "SOM", "SSD", "TZA", "UGA")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(DATA / "migration", tmp_path / "migration")
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / "migration" / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_all_corridors_are_there_with_a_reason() -> None:
    basis = load_migration(DATA, STATES)
    assert len(basis.corridors) == 56
    assert basis.corridors[0] == ("BDI", "COD")
    assert all(basis.reasons)
    assert set(basis.confidence) <= {"assumed", "recalled"}
    assert basis.matrix_years == MATRIX_YEARS


def test_figures_of_international_migrant_stock_2024_are_kept() -> None:
    """UN DESA, International Migrant Stock 2024: Ugandans in Kenya 274,655 at 1 July 2024, 47.8 % men."""
    basis = load_migration(DATA, STATES)
    stock = basis.stocks[basis.corridors.index(("UGA", "KEN"))]
    assert stock[:, -1].sum() == 274_655
    assert stock[0, -1] / stock[:, -1].sum() == pytest.approx(0.478, abs=5e-4)


def test_missing_rows_and_unusable_years_are_gaps_not_zeros() -> None:
    basis = load_migration(DATA, STATES)
    assert np.isnan(basis.stocks[basis.corridors.index(("KEN", "SOM"))]).all()
    south_sudan = basis.stocks[basis.corridors.index(("UGA", "SSD"))]
    assert np.isnan(south_sudan[:, :4]).all()
    assert np.isfinite(south_sudan[:, 4:]).all()


def test_distributions_add_up_and_rates_are_probabilities() -> None:
    basis = load_migration(DATA, STATES)
    assert np.allclose(basis.stock_age.sum(axis=2), 1.0, atol=1e-12)
    for rate in (basis.return_rate, basis.remigration_rate):
        assert rate.shape == (56, 2, 101)
        assert rate.min() >= 0
        assert rate.max() < 1


def test_countries_in_another_order_give_the_same_figures() -> None:
    one, other = load_migration(DATA, STATES), load_migration(DATA, STATES[::-1])
    assert np.array_equal(
        one.stocks[one.corridors.index(("UGA", "KEN"))], other.stocks[other.corridors.index(("UGA", "KEN"))]
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("corridors.csv", "UGA,KEN,0.9,", "UGA,KEN,1.9,", r"corridors.csv, line \d+, labour_share: found 1.9.*0 to 1"),
        ("corridors.csv", "UGA,KEN,0.9,", "UGA,KEN,many,", r"line \d+, labour_share: found 'many'; expected a number"),
        ("corridors.csv", "UGA,KEN,0.9,", "UGA,KNE,0.9,", "no row for corridor UGA-KEN"),
        ("corridors.csv", "UGA,KEN,0.9,matrix", "UGA,KEN,0.9,matrx", "did you mean 'matrix'"),
        ("corridors.csv", "labour_share", "labor_share", r"labour_share: this column is missing; is it 'labor_share'"),
        ("corridors.csv", "UGA,KEN,", "UGA,RWA,", r"corridor UGA-RWA stands twice; first in line \d+"),
        ("assumptions.csv", "largest_child_share", "largest_child", "did you mean 'largest_child_share'"),
        ("age_factors.csv", "\n14,", "\n0,", "must rise"),
        ("stocks.csv", "reported", "guessed", "unknown status 'guessed'"),
        ("age_schedules.csv", "BDI,male,", "BDI,men,", "unknown sex 'men'(.|\\n)*Allowed: male, female"),
    ],
)
def test_a_wrong_cell_is_told_by_file_line_and_field(copy: Path, name: str, old: str, new: str, message: str) -> None:
    change(copy, name, old, new)
    with pytest.raises(InputError, match=message):
        load_migration(copy, STATES)


def test_a_missing_table_is_named(copy: Path) -> None:
    (copy / "migration" / "stocks.csv").unlink()
    with pytest.raises(InputError, match="stocks.csv: this table is missing"):
        load_migration(copy, STATES)


def test_neutral_levers_and_refused_levers() -> None:
    neutral = MigrationLevers.neutral(2)
    assert neutral.outflow_multiplier.shape == (2, 75)
    with pytest.raises(InputError, match="outflow_multiplier"):
        replace(neutral, outflow_multiplier=-neutral.outflow_multiplier)
    with pytest.raises(InputError, match="shock_return_share"):
        replace(neutral, shock_return_share=neutral.return_multiplier * 1.1)
    with pytest.raises(InputError, match="stock_multiplier"):
        replace(neutral, stock_multiplier=float("nan"))
    with pytest.raises(InputError, match="shape"):
        replace(neutral, return_multiplier=np.ones((2, 74)))
