"""What-if cells: the book recalculated by an independent engine (IronCalc) against the finance floor on the same yearly figures."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from actuarial.feasibility.result import CLAIM_COLUMNS, CLAIM_FLOWS, SchemeResult, StudyResult
from actuarial.finance import reserve as engine
from actuarial.finance.indicators import general_average_premium, present_value
from actuarial.reporting.roll_forward import BENEFIT_PARTS, roll_forward
from actuarial.reporting.workbook import write_country_workbook
from tests.reporting.synthetic import synthetic_study
from tests.reporting.test_workbook import TOLERANCE, change, load, sheet_number

PERIODS = (20, 50, 75)
FIRST = 7
"""Row of the first year on a live sheet."""
LIMIT = 1.176470588


def claims_of(scheme: SchemeResult) -> pd.DataFrame:
    """Three quarters of every difference follow claims; some years have coordinated pensions below zero once few claim."""
    case = {c: f.reset_index(drop=True) for c, f in scheme.yearly.groupby("case")}
    gap = {name: 0.75 * (case["with"][name] - case["without"][name]) for name in CLAIM_FLOWS}
    extra = case["with"]["pensions"] - case["without"]["pensions"]
    rest = np.where(np.arange(len(extra)) < 30, -0.5, 0.25) * extra
    found = pd.DataFrame({"year": case["with"]["year"], **gap, "coordinated": extra, "coordinated_claims": extra - rest, "handling": 0.03})
    return found[CLAIM_COLUMNS]


@pytest.fixture(scope="module")
def study() -> StudyResult:
    made_up = synthetic_study()
    schemes = {code: replace(s, claims=claims_of(s)) if code in ("RWA", "KEN") else s for code, s in made_up.schemes.items()}
    return replace(made_up, schemes=schemes, meta={**made_up.meta, "take_up_limit": LIMIT})


@pytest.fixture(scope="module")
def scheme(study: StudyResult) -> SchemeResult:
    return study.schemes["RWA"]


@pytest.fixture(scope="module")
def book(study: StudyResult, scheme: SchemeResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whatif") / "book.xlsx"
    write_country_workbook(study, scheme.country, path)
    return path


def column(model: Any, sheet: str, letter: str, count: int, first: int = FIRST) -> np.ndarray[Any, Any]:
    at, c = sheet_number(model, sheet), "ABCDEFGHIJKLMNOPQRSTU".index(letter) + 1
    return np.array([model.get_cell_value(at, row, c) for row in range(first, first + count)], float)


def premiums(model: Any) -> dict[str, np.ndarray[Any, Any]]:
    """The summary of the sheet Premiums by heading letter."""
    return {letter: column(model, "Premiums", letter, len(PERIODS), 6) for letter in "BCDEFGHIJ"}


def flows(scheme: SchemeResult, case: str, values: dict[str, float]) -> dict[str, Any]:
    """What the finance floor makes of a case with the values of the what-if cells."""
    frame, claims = roll_forward(scheme, case), scheme.claims
    more = (values.get("Take_up", 1.0) - 1.0) * (case == "with")
    parts = sum((frame[n] + more * claims[n] for n in BENEFIT_PARTS), start=0.0 * frame["year"]) * values.get("Benefit_factor", 1.0)
    handled = claims["coordinated"] + more * claims["coordinated_claims"]
    cost = frame["administration"] + claims["handling"] * (handled.clip(lower=0) - claims["coordinated"].clip(lower=0)) * (case == "with")
    spent = (parts + cost * values.get("Administration_factor", 1.0)).to_numpy()
    rate = frame["legal_rate"] + values.get("Contribution_rate_addition", 0.0)
    paid = (rate * frame["insurable_earnings"] * frame["collected"]).to_numpy()
    returns = frame["rate"].to_numpy() + values.get("Return_addition", 0.0)
    opening = float(frame["opening"].iloc[0])
    return {
        "spent": spent, "paid": paid, "opening": opening, "earnings": frame["insurable_earnings"].to_numpy(),
        "discount": returns + values.get("Discount_rate_addition", 0.0), "fund": engine.roll_forward(opening, paid, spent, returns),
        "pensioners": (frame["pensioners"] + more * claims["pensioners"]).to_numpy(),
    }  # fmt: skip


SETTINGS: tuple[dict[str, float], ...] = (
    {},
    {"Contribution_rate_addition": 0.02},
    {"Contribution_rate_addition": 0.0, "Discount_rate_addition": -0.015},
    {"Discount_rate_addition": 0.0, "Return_addition": 0.01},
    {"Return_addition": 0.0, "Take_up": 0.0},
    {"Take_up": 1.1, "Contribution_rate_addition": -0.01, "Discount_rate_addition": 0.02, "Return_addition": -0.005, "Benefit_factor": 1.2,
     "Administration_factor": 0.5},
)  # fmt: skip
"""Typed into one book one after the other; each puts back what it does not name."""


def test_the_book_agrees_with_the_finance_floor(scheme: SchemeResult, book: Path) -> None:
    model = load(book)
    for values in SETTINGS:
        change(model, book, **values)
        assert_agrees(model, book, scheme, values)


def test_the_book_of_an_account_scheme_agrees_with_it(study: StudyResult, tmp_path: Path) -> None:
    write_country_workbook(study, "KEN", tmp_path / "book.xlsx")
    model = load(tmp_path / "book.xlsx")
    values = {name: value for name, value in SETTINGS[-1].items() if name != "Discount_rate_addition"}
    change(model, tmp_path / "book.xlsx", **values)
    assert_flows_agree(model, study.schemes["KEN"], values)
    assert_state(model, tmp_path / "book.xlsx", values)
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert "Premiums" not in book.sheetnames and "Discount_rate_addition" not in book.defined_names, "accounts have no premium"
    said = [str(c.value) for name in ("ReadMe", "Inputs") for row in book[name].iter_rows() for c in row]
    assert not [text for text in said if "remium" in text]


def test_a_scheme_whose_study_has_no_premium_has_no_check_of_it(study: StudyResult, tmp_path: Path) -> None:
    indicators = study.schemes["RWA"].indicators.copy()
    indicators.loc[indicators["indicator"] == "gap_75", ["without", "with", "difference"]] = np.nan
    schemes = {**study.schemes, "RWA": replace(study.schemes["RWA"], indicators=indicators)}
    write_country_workbook(replace(study, schemes=schemes), "RWA", tmp_path / "book.xlsx")
    checks = openpyxl.load_workbook(tmp_path / "book.xlsx")["Checks"]
    assert not [c.value for c in checks["A"] if "average premium" in str(c.value)]


def assert_flows_agree(model: Any, scheme: SchemeResult, values: dict[str, float]) -> None:
    for case, sheet in (("without", "Without"), ("with", "With")):
        here = flows(scheme, case, values)
        scale = np.maximum(np.abs(here["fund"].closing), here["spent"] + here["paid"])
        assert (np.abs(column(model, sheet, "P", 75) - here["fund"].closing) <= TOLERANCE * scale).all()
        np.testing.assert_allclose(column(model, sheet, "E", 75), here["paid"], rtol=TOLERANCE)
        np.testing.assert_allclose(column(model, sheet, "T", 75), here["pensioners"], rtol=TOLERANCE)
        cost = here["spent"] / here["earnings"]
        np.testing.assert_allclose(column(model, sheet, "Q", 75), cost, rtol=TOLERANCE)


def assert_agrees(model: Any, book: Path, scheme: SchemeResult, values: dict[str, float]) -> None:
    assert_flows_agree(model, scheme, values)
    shown = premiums(model)
    average = {}
    for case, letters in (("without", "EFGB"), ("with", "HIJC")):
        here = flows(scheme, case, values)
        for i, n in enumerate(PERIODS):
            rates = here["discount"][:n]
            for letter, name in zip(letters, ("earnings", "paid", "spent"), strict=False):
                assert shown[letter][i] == pytest.approx(present_value(here[name][:n], rates), rel=TOLERANCE)
            average[case, n] = general_average_premium(here["spent"][:n], here["earnings"][:n], here["opening"], rates)
            worth = here["opening"] / present_value(here["earnings"][:n], rates)
            assert shown[letters[3]][i] == pytest.approx(average[case, n], rel=TOLERANCE, abs=TOLERANCE * (abs(worth) + abs(average[case, n])))
    gaps = [100 * (average["with", n] - average["without", n]) for n in PERIODS]
    np.testing.assert_allclose(shown["D"], gaps, rtol=1e-6, atol=1e-9)
    assert_state(model, book, values)


@cache
def states(book: Path) -> list[int]:
    """Rows of the cover that say in what state the book is."""
    return [c.row for c in openpyxl.load_workbook(book)["Cover"]["B"] if c.data_type == "f"]


def assert_state(model: Any, book: Path, values: dict[str, float]) -> None:
    """What the cover says: checks hold, and whether cells are in use."""
    words = [model.get_cell_value(sheet_number(model, "Cover"), row, 2) for row in states(book)]
    touched = "What-if cells are in use" if values else "What-if cells are untouched: figures are those of the study"
    assert words == ["All checks hold", touched]


def test_take_up_leaves_the_case_without_the_instrument_alone(book: Path) -> None:
    model = load(book)
    before = column(model, "Without", "P", 75)
    change(model, book, Take_up=0.3)
    assert (column(model, "Without", "P", 75) == before).all()
    assert (column(model, "Without", "L", 75) == column(load(book), "Without", "L", 75)).all()


@pytest.mark.parametrize("country", ["TZA", "SOM"])
def test_a_book_that_cannot_carry_take_up_says_so(study: StudyResult, tmp_path: Path, country: str) -> None:
    write_country_workbook(study, country, tmp_path / "book.xlsx")
    book = openpyxl.load_workbook(tmp_path / "book.xlsx")
    assert "Take_up" not in book.defined_names and "Claims" not in book.sheetnames
    said = [str(c.value) for row in book["Inputs"].iter_rows() for c in row if str(c.value).startswith("Not carried")]
    assert len(said) == 1


def test_every_yellow_cell_says_what_it_carries_and_its_limits(study: StudyResult, book: Path) -> None:
    sheet: Any = openpyxl.load_workbook(book)["Inputs"]
    rows = [c.row for row in sheet.iter_rows() for c in row if not c.protection.locked]
    assert len(rows) == 6
    limits = {str(rule.sqref): (rule.formula1, rule.formula2) for rule in sheet.data_validations.dataValidation}
    for row in rows:
        assert len(str(sheet.cell(row, 5).value)) > 20
        low, high = (float(limit) for limit in limits[f"B{row}"])
        assert low < float(sheet.cell(row, 2).value) < high
    assert {float(high) for _, high in limits.values()} == {0.5, LIMIT, 10.0}
