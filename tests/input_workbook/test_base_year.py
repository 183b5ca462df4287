"""Figures of the base year that do not go together, changes that should be seen, and errors of the start in terms of cells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from openpyxl import Workbook

from actuarial.basis.dimensions import AGE_COUNT, WORK_AGE_COUNT, YEAR_COUNT
from actuarial.basis.errors import InputError
from actuarial.basis.plausible_scheme import PLAUSIBLE_FACTOR, expected_contributions, parts_of
from actuarial.basis.scheme import load_scheme
from actuarial.careers.country import scale_of_earnings
from actuarial.careers.coverage import coverage
from actuarial.feasibility.calibration import MoversAccounts, account_calibration
from actuarial.input_workbook.apply import data_with
from tests.input_workbook.books import DATA, cell_of, edited
from tests.input_workbook.test_changes import schemes


def typed(*figures: tuple[str, str, float]) -> Callable[[Workbook], None]:
    """Multiply values (sheet, reference, factor)."""

    def change(book: Workbook) -> None:
        for sheet, reference, factor in figures:
            cell = cell_of(book[sheet], reference, "Value")
            assert isinstance(cell.value, int | float)
            cell.value = float(cell.value) * factor

    return change


def test_the_figures_of_the_data_files_go_together() -> None:
    found = {country: scheme for country, scheme in schemes(DATA).items() if scheme.collecting and scheme.starts is None}
    assert len(found) > 3
    for scheme in found.values():
        ratio = scheme.calibration["contributions"].value / expected_contributions(parts_of({}, scheme.file))
        assert 1.0 / PLAUSIBLE_FACTOR < ratio < PLAUSIBLE_FACTOR


@pytest.mark.parametrize(
    ("country", "name", "factor"),
    [("RWA", "contributions", 1e-6), ("KEN", "average_insurable_earnings", 1e-3), ("COD", "active_contributors", 1e-3)],
)
def test_amounts_in_other_units_are_told_before_anything_runs(country: str, name: str, factor: float, tmp_path: Path) -> None:
    book = edited(country, tmp_path / "units.xlsx", typed(("Base year", f"calibration.{name}", factor)))
    with pytest.raises(InputError) as error, data_with(DATA, [book]):
        pass
    text = str(error.value)
    row = {"contributions": 10, "average_insurable_earnings": 9, "active_contributors": 8}[name]
    assert f"units.xlsx, Base year!D{row}: contributions of" in text
    for cell in ("Base year!D8", "Base year!D9", "Base year!D10", "the contribution rates (Rules!D"):
        assert cell in text
    assert "not in thousands or millions" in text


def test_plausible_figures_pass_with_a_remark(tmp_path: Path) -> None:
    book = edited("RWA", tmp_path / "more.xlsx", typed(("Base year", "calibration.contributions", 0.8 * PLAUSIBLE_FACTOR)))
    with data_with(DATA, [book]) as given:
        (remark,) = given.remarks
        assert "Base year!D10: contributions received in the year: " in remark and "in place of 314,700,000,000 (RWF per year)" in remark


def test_figures_that_move_together_pass(tmp_path: Path) -> None:
    figures = [("Base year", f"calibration.{name}", 2.9) for name in ("contributions", "average_insurable_earnings")]
    with data_with(DATA, [edited("RWA", tmp_path / "both.xlsx", typed(*figures))]) as given:
        assert given.remarks == []


def test_a_rate_of_the_base_year_counts_and_one_of_later_years_does_not(tmp_path: Path) -> None:
    later = [("Rules", f"contributions.{part}.6", 3.1) for part in ("employee", "employer")]
    with data_with(DATA, [edited("RWA", tmp_path / "later.xlsx", typed(*later))]) as given:
        assert len(given.remarks) == 2
    now = edited("RWA", tmp_path / "now.xlsx", typed(*((s, r.replace("6", "2"), 0.01) for s, r, _factor in later)))
    told = r"now.xlsx, Rules!D9: contributions of .*the contribution rates \(Rules!D9 and Rules!D15\)"
    with pytest.raises(InputError, match=told), data_with(DATA, [now]):
        pass


def test_rules_that_change_much_are_remarked_on(tmp_path: Path) -> None:
    figures = [("Rules", "old_age.qualifying_months", 1 / 12), ("Rules", "lump_sum.averaging_months", 2.0)]
    with data_with(DATA, [edited("RWA", tmp_path / "rules.xlsx", typed(*figures))]) as given:
        (remark,) = given.remarks
        wanted = "months of contributions needed for a pension: 15 in place of 180 (months), more than a factor of 3; is it meant so?"
        assert remark.startswith("rules.xlsx: Rules!D") and remark.endswith(wanted)
        assert given.record[0]["remarks"] == [remark.removeprefix("rules.xlsx: ")]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with a small change."""
    return edited("KEN", tmp_path_factory.mktemp("start") / "start.xlsx", typed(("Base year", "calibration.contributions", 1.01)))


def started(failing: Callable[[Any], object], book: Path) -> str:
    """Message of an error of the projection's start that runs on the workbook."""
    with pytest.raises(InputError) as error, data_with(DATA, [book]) as given:
        failing(load_scheme(given.data / "schemes" / "KEN-nssf"))
    return str(error.value)


def test_errors_of_the_start_name_cells(book: Path) -> None:
    def nobody_is_insured(scheme: Any) -> None:
        nothing = np.zeros((2, AGE_COUNT, YEAR_COUNT + 1))
        inputs = SimpleNamespace(
            scheme=scheme, wage_growth=np.zeros(YEAR_COUNT), inflation=np.zeros(YEAR_COUNT), insurable_population=nothing,
            coverage=SimpleNamespace(share=np.zeros((2, WORK_AGE_COUNT, YEAR_COUNT + 1))), average_wage=np.ones(YEAR_COUNT),
            relative_pay=np.ones((2, AGE_COUNT)), earnings_cv=0.5, density=np.ones(YEAR_COUNT), compliance=np.ones(YEAR_COUNT),
        )  # fmt: skip
        scale_of_earnings(inputs, 1e9)  # type: ignore[arg-type]

    text = started(nobody_is_insured, book)
    assert "start.xlsx, see Base year!D10 (contributions), Base year!D8 (active contributors): the projection cannot start" in text
    assert "no level of earnings gives contributions of 1,000,000,000" in text

    def fewer_residents_than_contributors(scheme: Any) -> None:
        coverage(scheme, np.ones((2, AGE_COUNT)), np.ones((2, AGE_COUNT, YEAR_COUNT + 1)), (60, 60))

    assert "see Base year!D8 (active contributors): " in started(fewer_residents_than_contributors, book)

    def no_balances(scheme: Any) -> None:
        country = SimpleNamespace(inputs=SimpleNamespace(scheme=scheme), crediting=np.zeros(YEAR_COUNT), stayers=())
        account_calibration(country, MoversAccounts(), 5.0, 0.2)  # type: ignore[arg-type]

    text = started(no_balances, book)
    assert "see Base year!D12 (reserve), Base year!D13 (member balances), Base year!D11 (benefits): " in text
    assert "they lead to a division by zero" in text


def test_errors_of_anything_else_stay_what_they_are(book: Path) -> None:
    with pytest.raises(ValueError, match="^something else$"), data_with(DATA, [book]):
        raise ValueError("something else")
