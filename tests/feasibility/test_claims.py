"""What follows take-up, read off two runs, against runs at take-up that they have not seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from actuarial.basis.dimensions import FIRST_YEAR, year_index
from actuarial.basis.instrument import Instrument
from actuarial.feasibility.break_even import with_factor
from actuarial.feasibility.cashflow import case_flows
from actuarial.feasibility.claims import claim_limit, claim_table
from actuarial.feasibility.compare import with_take_up
from actuarial.feasibility.engine import RegionRun, evaluate
from actuarial.feasibility.result import CLAIM_COLUMNS, CLAIM_FLOWS
from actuarial.feasibility.study import study_of
from actuarial.finance.indicators import general_average_premium
from actuarial.reporting.workbook import write_country_workbook
from tests.reporting.test_workbook import change, load, sheet_number

FACTOR = 0.4


@pytest.fixture(scope="module")
def others(run: RegionRun, instrument: Instrument) -> tuple[RegionRun, ...]:
    """The same people if nobody claims, and if fewer do."""
    return evaluate(run, [with_take_up(instrument, 0.0), with_factor(instrument, FACTOR)])


def test_flows_at_another_take_up_are_those_of_a_run_with_it(run: RegionRun, others: tuple[RegionRun, ...]) -> None:
    nobody, fewer = others
    seen = 0
    for c in range(len(run.countries)):
        without, with_ = case_flows(run, c)
        table = claim_table(run, nobody, c, with_)
        if not run.countries[c].law.collecting:
            assert table.empty and list(table) == CLAIM_COLUMNS
            continue
        there = case_flows(fewer, c)[1]
        scale = 1e-9 * without.expenditure.max()
        for name in CLAIM_FLOWS:
            found = getattr(with_, name) + (FACTOR - 1.0) * table[name].to_numpy()
            np.testing.assert_allclose(found, getattr(there, name), rtol=1e-9, atol=scale)
        handled = [np.maximum(table["coordinated"] + (f - 1.0) * table["coordinated_claims"], 0.0) for f in (1.0, FACTOR)]
        found = with_.administration + table["handling"] * (handled[1] - handled[0])
        np.testing.assert_allclose(found, there.administration, rtol=1e-9)
        seen += bool(table["pensions"].abs().max() > 0.0)
    assert seen >= 3


@pytest.mark.parametrize("country", ["RWA", "TZA", "KEN"])
def test_a_workbook_at_another_take_up_is_a_run_with_it(run: RegionRun, others: tuple[RegionRun, ...], tmp_path: Path, country: str) -> None:
    """The cell for take-up, recalculated by an independent engine, against the projection itself: pensions, accounts, refunds that are barred."""
    nobody, fewer = others
    write_country_workbook(study_of(run, unclaimed=nobody), country, tmp_path / "book.xlsx")
    model = load(tmp_path / "book.xlsx")
    change(model, tmp_path / "book.xlsx", Take_up=FACTOR)
    c = run.basis.countries.index(country)
    there, rates = case_flows(fewer, c)[1], run.countries[c].inputs.investment_return[year_index(FIRST_YEAR) :]
    sheet = sheet_number(model, "With")
    figures = {4: there.contributions, 10: there.benefits, 11: there.administration, 15: there.reserve.closing, 19: there.pensioners}
    for column, expected in figures.items():
        found = np.array([model.get_cell_value(sheet, row, column + 1) for row in range(7, 82)])
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())
    if run.countries[c].law.kind == "account":
        return  # no premium is sought for balances
    premium = general_average_premium(there.expenditure, there.insurable_earnings, float(there.reserve.opening[0]), rates)
    assert model.get_cell_value(sheet_number(model, "Premiums"), 8, 3) == pytest.approx(premium, rel=1e-9)


def test_nobody_is_capped_below_the_limit(run: RegionRun) -> None:
    assert claim_limit(run) == pytest.approx(1.0 / 0.85)
