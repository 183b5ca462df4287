"""Parameters of the random processes: every one with its source, wrong ones refused, and the fitted ones as the table has them."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import numpy as np
import pandas as pd
import pytest

from actuarial.basis.errors import InputError
from actuarial.basis.figure import CONFIDENCES
from actuarial.basis.region import load_region
from actuarial.basis.uncertainty import load_uncertainty
from actuarial.feasibility.process_mortality import index_sd

DATA = Path(__file__).parents[2] / "data"
COUNTRIES = load_region(DATA).members


@pytest.fixture
def data(tmp_path: Path) -> Path:
    copytree(DATA / "uncertainty", tmp_path / "uncertainty")
    return tmp_path


def edit(data: Path, file: str, old: str, new: str) -> None:
    path = data / "uncertainty" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_parameter_has_unit_source_and_reason() -> None:
    basis = load_uncertainty(DATA, COUNTRIES)
    names = [name for name, _ in basis.figures]
    assert len(names) == len(set(names))
    models = (basis.flows, basis.stock, basis.mortality, basis.economy, basis.membership, basis.shocks)
    assert len(names) == sum(len(type(model).model_fields) for model in models)
    for name, figure in basis.figures:
        assert figure.unit, name
        assert figure.source.strip(), name
        assert (figure.reason or "").strip(), name
        assert figure.confidence in CONFIDENCES
        assert figure.confidence == "assumed" or figure.year, name


def test_countries_are_put_in_the_order_of_the_axis() -> None:
    there, back = load_uncertainty(DATA, COUNTRIES), load_uncertainty(DATA, COUNTRIES[::-1])
    np.testing.assert_array_equal(there.economy.country_scales, back.economy.country_scales[::-1])
    assert tuple(there.economy.country_scale) == there.countries == COUNTRIES


def test_the_fitted_spread_of_mortality_is_that_of_the_table() -> None:
    """The values of the file are the rounded fit, and the fit is near the published intervals."""
    table = pd.read_csv(DATA / "uncertainty" / "mortality_index.csv")
    p = load_uncertainty(DATA, COUNTRIES).mortality
    horizons = table["year"].to_numpy(np.float64) - p.last_observed_year
    found = index_sd(p.common_sd, p.history_years, p.country_sd, p.country_persistence, horizons)
    np.testing.assert_allclose(found, table["fit"], rtol=2e-3)
    np.testing.assert_allclose(found, table["mean"], rtol=3e-2)


def test_scaling_by_nought_leaves_no_spread_and_by_one_changes_nothing() -> None:
    basis = load_uncertainty(DATA, COUNTRIES)
    calm = basis.scaled(0.0)
    assert calm.flows.volatility == calm.stock.spread == calm.mortality.common_sd == calm.membership.take_up.yearly_spread == 0.0
    assert calm.flows.destinations == "fixed" and not calm.economy.innovation_sds.any() and calm.shocks.closure_rate == 0.0
    same = basis.scaled(1.0)
    for name in ("flows", "stock", "mortality", "membership", "shocks"):
        assert getattr(same, name) == getattr(basis, name)
    np.testing.assert_array_equal(same.economy.level_sds, basis.economy.level_sds)


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("flows.yaml", "volatility:", "volatilty:", "did you mean 'volatility'"),
        ("flows.yaml", "value: 0.85", "value: 1.0", "persistence"),
        ("flows.yaml", "value: drawn", "value: drwan", "did you mean 'drawn'"),
        ("stock.yaml", "  reason: >-\n    Stocks", "  reasons: >-\n    Stocks", "did you mean 'reason'"),
        ("economy.yaml", "KEN: 1.0", "KNE: 1.0", "did you mean 'KEN'"),
        ("economy.yaml", "KEN: 1.0, ", "", "no value for KEN"),
        ("economy.yaml", "[0.5, 0.0, 0.0]", "[1.1, 0.0, 0.0]", "would not settle"),
        ("economy.yaml", "inflation_real_return: -0.6", "inflation_real_return: -1.0", "not positive definite"),
        ("economy.yaml", "inflation: 0.03,", "inflaton: 0.03,", "did you mean 'inflation'"),
        ("membership.yaml", "lower: 0.5", "lower: 1.5", "coverage.lower"),
        ("shocks.yaml", "value: 0.3\n", "value: 0.95\n", "is above closure_most"),
        ("mortality_pattern.csv", "\n50,", "\n51,", r"no row for age 50(.|\n)*line 53: age 51 stands twice"),
    ],
)
def test_what_cannot_be_is_refused(data: Path, file: str, old: str, new: str, message: str) -> None:
    edit(data, file, old, new)
    with pytest.raises(InputError, match=message):
        load_uncertainty(data, COUNTRIES)


def test_a_pattern_must_add_up_to_one(data: Path) -> None:
    path = data / "uncertainty" / "mortality_pattern.csv"
    frame = pd.read_csv(path)
    frame["pattern"] *= 2.0
    frame.to_csv(path, index=False)
    with pytest.raises(InputError, match="adds up to 2"):
        load_uncertainty(data, COUNTRIES)
