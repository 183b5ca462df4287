"""Published and derived worked examples of coordination, run through the public functions. Each file and row names its source."""

from pathlib import Path
from typing import Any

import pytest

from actuarial.basis.yaml_file import read_yaml
from actuarial.feasibility.entitlement import entitlement
from actuarial.provisions.relative_earnings import (
    average_indexed_monthly_earnings,
    floor_dime,
    primary_amount,
    pro_rata_primary,
    relative_position,
)
from actuarial.validation.worked import ROOT, examples
from actuarial.validation.worked_rows import HERE, differing, rows

CASES = examples()
ROWS = rows()


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_case(path: Path) -> None:
    answer = entitlement(path, ROOT)
    assert answer.loaded.case.expected
    assert answer.loaded.case.source
    assert answer.disagreements == ()


@pytest.mark.parametrize("row", ROWS["rows"], ids=lambda r: f"{r['id']}-{r['function']}")
def test_row(row: dict[str, Any]) -> None:
    assert row["source"]
    assert differing(row) == []


def test_a_row_that_expects_something_else_is_told() -> None:
    row = {"id": "X", "function": "per_head", "given": ((40000, 4),)}
    assert differing({**row, "expected": (10000.004,)}) == []
    assert differing({**row, "expected": (10000.006,)}) == ["10000.0 where 10000.006 is expected"]


def test_relative_earnings_position_s04_and_h17() -> None:
    us = ROWS["united_states"]
    years = range(us["first_year"], us["first_year"] + len(us["average_wage"]))
    wages = dict(zip(years, us["average_wage"], strict=True))
    recent = us["average_wage"][-7:]
    ratios = [100 * e / w for e, w in zip(us["earnings"], recent, strict=True)]
    assert ratios == pytest.approx(list(us["ratios_per_cent"]), abs=6e-6)
    assert sum(ratios) == pytest.approx(us["sum_per_cent"], abs=2e-5)
    position = relative_position(us["earnings"], recent, us["quarters"])
    assert 100 * position == pytest.approx(us["position_per_cent"], abs=6e-6)
    limits = dict(zip(range(us["first_year"], us["first_year"] + len(us["maximum"])), us["maximum"], strict=True))
    monthly = average_indexed_monthly_earnings(position, wages, limits, 1980, us["computation_years"])
    assert monthly == us["average_indexed_monthly_earnings"]
    amount = primary_amount(monthly, us["bend_points"])
    assert amount == pytest.approx(us["theoretical_raw"], abs=0.005)
    assert floor_dime(amount) == us["theoretical"]
    assert pro_rata_primary(floor_dime(amount), sum(us["quarters"]), us["computation_years"]) == us["pro_rata"]


def test_every_row_is_run_or_explained() -> None:
    """Ids of the reference table as it stood when these tests were written."""
    wanted = {
        *(f"S{n:02d}" for n in (2, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32)),
        "P01", "P02", "P03", "P04", "Z1", "Z2", "Z3", "E1", "SN1", "RW1",
        *(f"H{n:02d}" for n in (1, 3, 4, 5, 6, 7, 8, 10, 12, 15, 17, 18, 19, 21, 22, 23, 26)),
        "COORD-IZA-DIRECT", "COORD-SHARES-MALTA", "COORD-LATTICE-ANNUAL",
    }  # fmt: skip
    run = {path.stem.split("-")[0] for path in CASES} | {row["id"] for row in ROWS["rows"]} | {"S04", "H17"}
    run |= {name for name in wanted if any(name in path.read_text(encoding="utf-8") for path in CASES)}
    explained = read_yaml(HERE / "worked_examples_not_applicable.yaml").data
    assert wanted - run - set(explained) == set()
    assert all(len(reason) > 20 for reason in explained.values())
