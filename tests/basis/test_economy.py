"""The economic basis: consistency of what is assumed, scenarios, and refusals."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from actuarial.basis.dimensions import FIRST_YEAR, YEAR_COUNT, year_index
from actuarial.basis.economy import CONVERGED, load_economy, with_scenario
from actuarial.basis.errors import InputError
from actuarial.basis.region import load_region
from actuarial.basis.scenario import load_scenario

ROOT = Path(__file__).parents[2]
REGION = load_region(ROOT / "data")
ECONOMY = load_economy(ROOT / "data", REGION.members)
BASE = load_scenario("base", ROOT / "scenarios")
NOW = year_index(2025)
FIRST = year_index(FIRST_YEAR)


def scenario(**levers: float):  # type: ignore[no-untyped-def]
    return BASE.model_copy(update={"economy": BASE.economy.model_copy(update=levers)})


def test_shapes_and_no_gaps() -> None:
    for name in (
        "inflation",
        "real_wage_growth",
        "real_return",
        "wage_growth",
        "investment_return",
        "gdp",
        "exchange_rate",
    ):
        values = getattr(ECONOMY, name)
        assert values.shape == (8, YEAR_COUNT), name
        assert np.isfinite(values).all(), name
    for name in ("minimum_wage", "average_wage"):
        assert getattr(ECONOMY, name).shape == (8,)
    assert (ECONOMY.gdp > 0).all()
    assert (ECONOMY.exchange_rate > 0).all()
    assert ECONOMY.currency == REGION.currencies


def test_published_inflation_is_kept() -> None:
    """World Development Indicators, FP.CPI.TOTL.ZG: Kenya 2024 4.5 %, Uganda 2022 7.2 %, Tanzania 2023 3.8 %."""
    for country, year, value in [("KEN", 2024, 0.045), ("UGA", 2022, 0.072), ("TZA", 2023, 0.038)]:
        assert ECONOMY.inflation[ECONOMY.index(country), year_index(year)] == pytest.approx(value, abs=5e-4)


def test_long_run_rates_hold_from_convergence_on() -> None:
    for values in (ECONOMY.inflation, ECONOMY.real_wage_growth, ECONOMY.real_return):
        late = values[:, year_index(CONVERGED) :]
        np.testing.assert_array_equal(late, np.repeat(late[:, :1], late.shape[1], axis=1))
    gap = np.abs(ECONOMY.inflation[:, NOW : year_index(CONVERGED)] - ECONOMY.inflation[:, -1:])
    assert (np.diff(gap, axis=1) <= 1e-12).all(), "inflation moves steadily to its long-run rate"


def test_long_run_rates_are_plausible() -> None:
    """Bounds of judgement: prices 3 to 10 %, real wages 0.5 to 2.5 %, real return above 0 and at most 5 %."""
    inflation, wages, returns = (a[:, -1] for a in (ECONOMY.inflation, ECONOMY.real_wage_growth, ECONOMY.real_return))
    assert ((inflation >= 0.03) & (inflation <= 0.10)).all()
    assert ((wages >= 0.005) & (wages <= 0.025)).all()
    assert ((returns > 0) & (returns <= 0.05)).all()


def test_nominal_rates_are_composed() -> None:
    np.testing.assert_allclose(
        1 + ECONOMY.wage_growth, (1 + ECONOMY.inflation) * (1 + ECONOMY.real_wage_growth), rtol=1e-12
    )
    np.testing.assert_allclose(
        1 + ECONOMY.investment_return, (1 + ECONOMY.inflation) * (1 + ECONOMY.real_return), rtol=1e-12
    )


def test_indices() -> None:
    for index, growth in ((ECONOMY.price_index(), ECONOMY.inflation), (ECONOMY.wage_index(), ECONOMY.wage_growth)):
        np.testing.assert_allclose(index[:, NOW], 1.0, rtol=1e-12)
        np.testing.assert_allclose(index[:, 1:] / index[:, :-1], 1 + growth[:, 1:], rtol=1e-9)


def test_gdp_of_2025_is_near_published_statements() -> None:
    """NSSF Uganda 2025: assets of UGX 26.0 tn are 11.5 % of GDP, that is UGX 226 tn in 2024/25."""
    i = ECONOMY.index("UGA")
    assert ECONOMY.gdp[i, NOW - 1 : NOW + 1].mean() == pytest.approx(26.0e12 / 0.115, rel=0.05)


def test_exchange_rate_follows_relative_inflation() -> None:
    real = ECONOMY.exchange_rate * np.cumprod(1 + ECONOMY.dollar_inflation) / ECONOMY.price_index()
    np.testing.assert_allclose(real[:, FIRST:], np.repeat(real[:, FIRST : FIRST + 1], 75, axis=1), rtol=1e-9)


def test_gdp_grows_with_wages_and_people() -> None:
    people = ECONOMY.working_age[:, 1:] / ECONOMY.working_age[:, :-1]
    growth = ECONOMY.gdp[:, 1:] / ECONOMY.gdp[:, :-1]
    expected = (1 + ECONOMY.wage_growth[:, 1:]) * people
    np.testing.assert_allclose(growth[:, FIRST - 1 :], expected[:, FIRST - 1 :], rtol=1e-12)


def test_average_wage_is_above_the_minimum() -> None:
    assert (ECONOMY.average_wage > ECONOMY.minimum_wage).all()


def test_base_scenario_changes_nothing() -> None:
    assert with_scenario(ECONOMY, BASE) is ECONOMY


@given(st.floats(-0.02, 0.05, allow_subnormal=False), st.floats(-0.01, 0.02, allow_subnormal=False), st.floats(-0.03, 0.03, allow_subnormal=False))
def test_scenario_additions(inflation: float, wages: float, returns: float) -> None:
    levers = {"inflation_add": inflation, "real_wage_growth_add": wages, "real_return_add": returns}
    changed = with_scenario(ECONOMY, scenario(**levers))
    for name, add in (("inflation", inflation), ("real_wage_growth", wages), ("real_return", returns)):
        before, after = getattr(ECONOMY, name), getattr(changed, name)
        np.testing.assert_array_equal(before[:, :FIRST], after[:, :FIRST])
        np.testing.assert_allclose(after[:, FIRST:], before[:, FIRST:] + add, atol=1e-15)
    np.testing.assert_array_equal(changed.gdp[:, :FIRST], ECONOMY.gdp[:, :FIRST])
    ratio = (changed.exchange_rate / ECONOMY.exchange_rate)[:, -1]
    prices = (changed.price_index() / ECONOMY.price_index())[:, -1]
    np.testing.assert_allclose(ratio, prices, rtol=1e-9)
    assert np.isfinite(changed.gdp).all()


def test_a_country_alone_is_the_same_country() -> None:
    alone = load_economy(ROOT / "data", ["UGA"])
    np.testing.assert_array_equal(alone.gdp[0], ECONOMY.gdp[ECONOMY.index("UGA")])


def test_assumptions_are_registered_with_reasons() -> None:
    for country in REGION.members:
        own = [a for a in ECONOMY.assumptions if a.country == country]
        assert len(own) == 6
        assert all(a.reason and a.source and a.unit for a in own)
        compared = next(a for a in own if a.name.startswith("real return"))
        assert "real wage bill grows by" in compared.reason


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "data" / "region.yaml", tmp_path)
    shutil.copytree(ROOT / "data" / "economy", tmp_path / "economy")
    return tmp_path


def edit(data: Path, table: str, change: str, column: str, value: object) -> None:
    path = data / "economy" / table
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    country, key = change.split("/")
    row = (frame["country"] == country) & (frame[[c for c in ("year", "rate", "level") if c in frame]] == key).any(
        axis=1
    )
    assert row.sum() == 1
    frame.loc[row, column] = str(value)
    frame.to_csv(path, index=False)


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "words"),
    [
        ("prices.csv", "KEN/2020", "currency", "UGX", "KEN is in UGX; its currency is KES"),
        ("prices.csv", "KEN/2020", "inflation", "x", "inflation: found 'x'; expected a number"),
        ("output.csv", "UGA/2020", "gdp", "-1", "gdp: found -1; allowed 0 or more"),
        ("levels.csv", "TZA/average_wage", "unit", "USD per year", "found 'USD per year'; it must be 'TZS per year'"),
        (
            "levels.csv",
            "TZA/exchange_rate",
            "value",
            "2000",
            "exchange rate of TZA in 2025 is 2000, in output.csv it is 2560",
        ),
        ("long_run.csv", "RWA/real_return", "long_run", "-0.01", "a long-run real return must be above 0; found -0.01"),
        ("long_run.csv", "RWA/inflation", "long_run", "5", "long_run: found 5; allowed -0.05 to 0.5; for 5 % write 0.05"),
        (
            "long_run.csv",
            "RWA/inflation",
            "rate",
            "infaltion",
            "found 'infaltion'; allowed: inflation, real_wage_growth",
        ),
    ],
)
def test_wrong_tables_are_refused(data: Path, table: str, row: str, column: str, value: object, words: str) -> None:
    edit(data, table, row, column, value)
    with pytest.raises(InputError) as caught:
        load_economy(data, REGION.members)
    assert words in str(caught.value)
    assert table in str(caught.value)


def test_missing_table_row_and_country(data: Path) -> None:
    with pytest.raises(InputError, match="unknown country 'UGN'; did you mean 'UGA'"):
        load_economy(data, ["UGN"])
    path = data / "economy" / "prices.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(x for x in lines if not x.startswith("UGA,UGX,2020")))
    with pytest.raises(InputError, match="no inflation for country UGA, year 2020"):
        load_economy(data, REGION.members)
    path.unlink()
    with pytest.raises(InputError, match=r"prices\.csv: this table is missing"):
        load_economy(data, REGION.members)


def test_extra_depreciation_moves_the_exchange_rate_alone() -> None:
    """From the first projection year on, of the country named, by the rate stated; nothing else moves."""
    payment = BASE.payment.model_copy(update={"exchange_rate_add": {"BDI": 0.05}})
    found = with_scenario(ECONOMY, BASE.model_copy(update={"payment": payment}))
    c = ECONOMY.index("BDI")
    years = np.arange(1, YEAR_COUNT - FIRST + 1)
    np.testing.assert_allclose(found.exchange_rate[c, FIRST:] / ECONOMY.exchange_rate[c, FIRST:], 1.05**years, rtol=1e-9)
    assert np.array_equal(found.exchange_rate[c, :FIRST], ECONOMY.exchange_rate[c, :FIRST])
    others = np.arange(len(ECONOMY.countries)) != c
    assert np.array_equal(found.exchange_rate[others], ECONOMY.exchange_rate[others])
    for name in ("inflation", "wage_growth", "investment_return", "gdp"):
        assert np.array_equal(getattr(found, name), getattr(ECONOMY, name))
