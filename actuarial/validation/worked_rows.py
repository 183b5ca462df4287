"""Rows of worked examples that are one step of a rule rather than a whole case: ``worked_rows.yaml``, by the functions named there."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from actuarial.basis.case_scheme import scheme_of_case
from actuarial.basis.scheme_law import Indices, SchemeLaw
from actuarial.basis.yaml_file import YamlDocument, read_yaml
from actuarial.provisions.double_contributions import home_affiliation
from actuarial.provisions.earnings import insurable
from actuarial.provisions.legislation import last_day_of_months
from actuarial.provisions.old_age import replacement_share
from actuarial.provisions.overlaps import unity_of_career
from actuarial.provisions.period_units import UNIT_TABLES, YearCredit, YearValue, convert, convert_aggregate
from actuarial.provisions.periods import refund_of_contributions
from actuarial.provisions.relative_earnings import creditable_earnings
from actuarial.provisions.residence import assessed_foreign_pension, rate_in_steps, residence_share, yearly_average
from actuarial.provisions.survivors import per_head

HERE: Final = Path(__file__).parent
EXAMPLES: Final = HERE / "worked_examples"
CENT: Final = 0.005
"""Tolerance of an amount whose row says nothing of it: half a cent."""

SAINT_LUCIA = YearValue(((1979, 9), (1980, 12)))
UNIT_FIELDS = ("hours_per_day", "days_per_week", "days_per_month", "days_per_quarter", "days_per_year")
IRISH_BANDS = ((48, 277.3), (40, 271.9), (30, 249.3), (20, 236.1), (15, 180.7), (10, 110.8))


def law_of(**parts: Any) -> SchemeLaw:
    """A scheme written as in a case, in its law."""
    document = YamlDocument(Path("row.yaml"), {"states": {"AAA": {"own_scheme": parts}}}, {(): read_yaml(HERE / "worked_rows.yaml").where(())})
    scheme, problems = scheme_of_case(document, "AAA", parts)
    assert scheme is not None, problems
    flat = np.zeros(120)
    return scheme.law(2030, Indices.from_growth(flat, flat, 1990))


def formula(first_months: float, first_share: float, accrual_per_month: Any, maximum_share: float) -> SchemeLaw:
    """A scheme with a formula alone."""
    shape = {"first_months": first_months, "first_share": first_share, "accrual_per_month": accrual_per_month, "maximum_share": maximum_share}
    return law_of(kind="defined_benefit", currency="EUR", old_age={"qualifying_months": 0, "formula": shape})


def share(first_months: float, first_share: float, accrual_per_month: Any, maximum_share: float, months: Any, of: Any = ()) -> list[float]:
    """Pensions of careers of so many months, on amounts of 100 or those given."""
    law = formula(first_months, first_share, accrual_per_month, maximum_share)
    base = of or [100.0] * len(months)
    return [float(replacement_share(law, m)) * b for m, b in zip(months, base, strict=True)]


def contribution(wage: float, ceiling: Any, worker: float, employer: float) -> list[float]:
    """The worker's contribution and both together."""
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


def posting_days(start: date, months: int) -> list[str]:
    """Last day of a posting, and the day after."""
    last = last_day_of_months(start, months)
    return [last.isoformat(), date.fromordinal(last.toordinal() + 1).isoformat()]


def split(wage: float, worker: float, employer: float, host: float) -> list[float]:
    """Contributions of worker and employer to the home scheme, and both together."""
    found = home_affiliation(wage, home_worker_rate=worker, home_employer_rate=employer, host_employer_rate=host)
    return [found.worker, found.employer, found.worker + found.employer]


@cache
def rows() -> dict[str, Any]:
    """The file of rows: ``rows``, and ``united_states``, the longest of them."""
    return read_yaml(HERE / "worked_rows.yaml").data


def differing(row: dict[str, Any]) -> list[str]:
    """Values of a row that are not what the row expects, in words; none when it holds. Raises ``ValueError`` when their numbers differ."""
    call, given = FUNCTIONS[row["function"]], row["given"]
    found = call(**given) if isinstance(given, dict) else [call(*values) for values in given]
    within = float(row.get("tolerance", CENT))
    pairs = zip(found, row["expected"], strict=True)
    return [f"{got} where {wanted} is expected" for got, wanted in pairs if not _agrees(got, wanted, within)]


def _agrees(got: Any, wanted: Any, within: float) -> bool:
    if isinstance(wanted, str):
        return Fraction(got) == Fraction(wanted)
    if isinstance(wanted, tuple) and any(isinstance(w, str) for w in wanted):
        return tuple(got) == wanted
    g, w = np.atleast_1d(np.asarray(got, dtype=float)), np.atleast_1d(np.asarray(wanted, dtype=float))
    return g.shape == w.shape and bool((np.abs(g - w) <= within).all())
