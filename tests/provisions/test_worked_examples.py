"""Published and derived worked examples of coordination, run through the public functions. Each file and row names its source."""

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from actuarial.basis.case_scheme import scheme_of_case
from actuarial.basis.scheme_law import Indices, SchemeLaw
from actuarial.basis.yaml_file import YamlDocument, read_yaml
from actuarial.feasibility.entitlement import entitlement
from actuarial.provisions.double_contributions import home_affiliation
from actuarial.provisions.earnings import insurable
from actuarial.provisions.legislation import last_day_of_months
from actuarial.provisions.old_age import replacement_share
from actuarial.provisions.overlaps import unity_of_career
from actuarial.provisions.period_units import UNIT_TABLES, YearCredit, YearValue, convert, convert_aggregate
from actuarial.provisions.periods import refund_of_contributions
from actuarial.provisions.relative_earnings import (
    average_indexed_monthly_earnings,
    creditable_earnings,
    floor_dime,
    primary_amount,
    pro_rata_primary,
    relative_position,
)
from actuarial.provisions.residence import assessed_foreign_pension, rate_in_steps, residence_share, yearly_average
from actuarial.provisions.survivors import per_head

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CASES = sorted((HERE / "worked_examples").glob("*.yaml"))
ROWS = read_yaml(HERE / "worked_rows.yaml").data
SAINT_LUCIA = YearValue(((1979, 9), (1980, 12)))
IRISH_BANDS = ((48, 277.3), (40, 271.9), (30, 249.3), (20, 236.1), (15, 180.7), (10, 110.8))


def law_of(**parts: Any) -> SchemeLaw:
    """A scheme written as in a case, in its law."""
    document = YamlDocument(Path("row.yaml"), {"states": {"AAA": {"own_scheme": parts}}}, {(): read_yaml(CASES[0]).where(())})
    scheme, problems = scheme_of_case(document, "AAA", parts)
    assert scheme is not None, problems
    flat = np.zeros(120)
    return scheme.law(2030, Indices.from_growth(flat, flat, 1990))


def formula(first_months: float, first_share: float, accrual_per_month: Any, maximum_share: float) -> SchemeLaw:
    shape = {"first_months": first_months, "first_share": first_share, "accrual_per_month": accrual_per_month, "maximum_share": maximum_share}
    return law_of(kind="defined_benefit", currency="EUR", old_age={"qualifying_months": 0, "formula": shape})


def share(first_months: float, first_share: float, accrual_per_month: Any, maximum_share: float, months: Any, of: Any = ()) -> list[float]:
    law = formula(first_months, first_share, accrual_per_month, maximum_share)
    base = of or [100.0] * len(months)
    return [float(replacement_share(law, m)) * b for m, b in zip(months, base, strict=True)]


def contribution(wage: float, ceiling: Any, worker: float, employer: float) -> list[float]:
    parts = {"employee": worker, "employer": employer, "ceiling": ceiling, "floor": "none", "minimum_wage": "none"}
    shape = {"first_months": 0, "first_share": 0, "accrual_per_month": 0, "maximum_share": 1}
    law = law_of(kind="defined_benefit", currency="EUR", contributions=parts, old_age={"qualifying_months": 0, "formula": shape})
    pay = float(insurable(wage, law.floor, law.ceiling))
    return [pay * law.employee_rate, pay * law.contribution_rate]


FUNCTIONS: dict[str, Any] = {
    "yearly_average": lambda n, y: yearly_average(Fraction(n), Fraction(y)),
    "fraction": lambda a, b: a / b,
    "creditable_earnings": creditable_earnings,
    "foreign_pension": lambda amount, m, d, yes: assessed_foreign_pension(amount, residence_share(m, d), proportional=yes),
    "residence_share": residence_share,
    "residence_amount": lambda full, years, of: full * float(residence_share(years, of)),
    "convert": lambda n, unit, to: convert(n, unit, to),
    "rounded_months": lambda weeks: convert_aggregate([(weeks, "weeks")], "months"),
    "unity_of_career": unity_of_career,
    "year_credit": lambda months, needed: YearCredit(needed).years({2000: months}),
    "saint_lucia_months": lambda *years: SAINT_LUCIA.units(years),
    "quarters_of_coverage": lambda *years: YearValue(((1966, 4),), 4).units(years),
    "unit_table": lambda days: [getattr(UNIT_TABLES[f"{days}_day"], f) for f in UNIT_FIELDS],
    "irish_rate": lambda average: rate_in_steps(average, IRISH_BANDS),
    "contribution": contribution,
    "per_head": lambda amount, n: float(per_head(amount, n)),
    "posting_days": lambda start, months: posting_days(date.fromisoformat(start), months),
    "home_affiliation": lambda wage, worker, employer, host: split(wage, worker, employer, host),
    "refund_of_contributions": refund_of_contributions,
    "sierra_leone_split": lambda amount, spouses, children: [
        float(per_head(amount * 0.4, spouses)) * spouses,
        float(per_head(amount * 0.6, children)) * children,
    ],
    "share": share,
}
UNIT_FIELDS = ("hours_per_day", "days_per_week", "days_per_month", "days_per_quarter", "days_per_year")


def posting_days(start: date, months: int) -> list[str]:
    last = last_day_of_months(start, months)
    return [last.isoformat(), date.fromordinal(last.toordinal() + 1).isoformat()]


def split(wage: float, worker: float, employer: float, host: float) -> list[float]:
    found = home_affiliation(wage, home_worker_rate=worker, home_employer_rate=employer, host_employer_rate=host)
    return [found.worker, found.employer, found.worker + found.employer]


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_case(path: Path) -> None:
    answer = entitlement(path, ROOT)
    assert answer.loaded.case.expected
    assert answer.loaded.case.source
    assert answer.disagreements == ()


@pytest.mark.parametrize("row", ROWS["rows"], ids=lambda r: f"{r['id']}-{r['function']}")
def test_row(row: dict[str, Any]) -> None:
    call = FUNCTIONS[row["function"]]
    given = row["given"]
    found = call(**given) if isinstance(given, dict) else [call(*values) for values in given]
    assert row["source"]
    assert len(found) == len(row["expected"])
    for got, wanted in zip(found, row["expected"], strict=True):
        if isinstance(wanted, str):
            assert Fraction(got) == Fraction(wanted)
        elif isinstance(wanted, tuple) and any(isinstance(w, str) for w in wanted):
            assert tuple(got) == wanted
        else:
            assert got == pytest.approx(list(wanted) if isinstance(wanted, tuple) else wanted, abs=row.get("tolerance", 0.005))


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
