"""What the parts of a scheme file cannot say together, though each figure is one of the right kind.

1. A rule looks at the parts it needs and is left out where one of them could not be read: a mistake in one part hides none in another.
2. Amounts are compared as written, per year, on every day from which one of them has a new value; the first such day is told. Before its first
   dated value a parameter takes no part. Bounds are wide: every scheme known to the authors passes, slips do not.

| rule | why |
|---|---|
| employee and employer together at most 0.65 of pay | no pension scheme levies more; the branches have rates of their own |
| accrual at most 0.1 a year | 2 % a year is 1/600 a month; a yearly figure written per month is twelve times too high |
| the first part of the formula at most the maximum share | the pension would be cut to less than what everybody gets |
| reduction and increase for early and late pensions at most 0.25 a year | the pension would be gone after a few years |
| old-age pension at most from age 70 | insured careers end at 69 |
| mid-term access, early payout and payout in this order, for both sexes | ages out of order |
| floor, minimum wage and tier-one limit at most the ceiling | nobody would be insured on the full floor |
| minimum pension at most the maximum pension, the ceiling, the average insured pay | everybody would get the minimum |
| price share and wage share of the indexation together at most 1 | wage growth holds inflation already |
| pensions in payment at most all benefits; benefits and stocks not negative | a part of them |
| average pension at most three times average insured pay | thousands or a yearly sum |
| contributions of the base year = contributors x pay x 12 x rate, within a factor of 5 | thousands, or a month for a year |
| units of base-year figures as the model reads them | the figure is used whatever its unit says |
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from actuarial.basis.dimensions import VALUATION_YEAR, WORK_AGE_LAST
from actuarial.basis.plausible_dated import days, first_above, highest, money, on_day, since
from actuarial.basis.scheme_file import Calibration, Collection, SchemeFile
from actuarial.basis.scheme_pension import Account, Contributions, OldAge, PensionsInPayment
from actuarial.basis.scheme_values import Series
from actuarial.basis.yaml_file import KeyPath

HIGHEST_CONTRIBUTION: Final = 0.65
HIGHEST_ACCRUAL: Final = 0.1
HIGHEST_STEP: Final = 0.25
LATEST_PENSION: Final = WORK_AGE_LAST + 1
PLAUSIBLE_FACTOR: Final = 5.0
"""How far contributions of the base year may be from contributors x pay x rate: ceilings, arrears and rounding lie within."""
HIGHEST_AVERAGE_PENSION: Final = 3.0
BASE_DAY: Final = date(VALUATION_YEAR, 7, 1)
_UNITS: Final = {
    "active_contributors": "persons", "pensioners": "persons", "average_insurable_earnings": "{} per month", "contributions": "{} per year",
    "benefits": "{} per year", "pension_payroll": "{} per year", "reserve": "{}", "member_balances": "{}",
}  # fmt: skip

Found = Iterator[tuple[KeyPath, str]]
"""Place in the file, and what is wrong there."""


@dataclass(frozen=True)
class Parts:
    """Parts of a scheme file by name; ``None`` where a part is not written or cannot be read."""

    contributions: Contributions | None = None
    old_age: OldAge | None = None
    pensions_in_payment: PensionsInPayment | None = None
    account: Account | None = None
    collection: Collection | None = None
    calibration: Calibration | None = None


_MODELS: Final[Mapping[str, type[BaseModel]]] = {
    "contributions": Contributions, "old_age": OldAge, "pensions_in_payment": PensionsInPayment, "account": Account, "collection": Collection,
    "calibration": Calibration,
}  # fmt: skip


def parts_of(data: Mapping[Any, Any], file: SchemeFile | None) -> Parts:
    """Parts of a file, of one that has not the right form those that have."""
    if file is not None:
        return Parts(**{field.name: getattr(file, field.name) for field in fields(Parts)})
    found: dict[str, Any] = {}
    for name, model in _MODELS.items():
        try:
            found[name] = None if data.get(name) is None else model.model_validate(data[name])
        except ValidationError:
            continue  # told where the whole file is checked
    return Parts(**found)


def implausible(parts: Parts, currency: str) -> Found:
    """Everything that the parts cannot say together."""
    yield from _contributions(parts.contributions)
    yield from _formula(parts.old_age)
    yield from _minimum_and_maximum(parts)
    yield from _indexation(parts.pensions_in_payment)
    yield from _account(parts.account, parts.contributions)
    yield from _base_year(parts, currency)


def expected_contributions(parts: Parts) -> float:
    """Contributions of the base year that contributors, pay, rates and the shares collected give; 0 where one of them is missing.

    contributors x average insured pay a month x 12 x (employee + employer rate) x density x compliance.
    """
    if parts.calibration is None or parts.contributions is None:
        return 0.0
    rate = _on_base_day(parts.contributions.employee) + _on_base_day(parts.contributions.employer)
    paid = 1.0 if parts.collection is None else _on_base_day(parts.collection.density) * _on_base_day(parts.collection.compliance)
    return parts.calibration.active_contributors.value * parts.calibration.average_insurable_earnings.value * 12.0 * rate * paid


def _contributions(part: Contributions | None) -> Found:
    if part is None:
        return
    for day in days(part.employee, part.employer):
        rate = (on_day(part.employee, day) or 0.0) + (on_day(part.employer, day) or 0.0)
        if rate > HIGHEST_CONTRIBUTION:
            text = f"employee and employer pay {rate:g} of earnings together{since(day)}"
            yield ("contributions",), f"{text}; allowed is at most {HIGHEST_CONTRIBUTION:g}"
            break
    for name in ("floor", "minimum_wage"):
        if (found := first_above(getattr(part, name), part.ceiling)) is not None:
            day, low, ceiling = found
            yield ("contributions", name), f"{name.replace('_', ' ')} {low:,.15g} lies above ceiling {ceiling:,.15g} (both a year){since(day)}"


def _formula(part: OldAge | None) -> Found:
    if part is None:
        return
    formula = part.formula
    accruals = [(("accrual_per_month",), formula.accrual_per_month)]
    accruals += [(("bands", i, "accrual_per_month"), band.accrual_per_month) for i, band in enumerate(formula.bands)]  # type: ignore[misc]
    for at, series in accruals:
        most = highest(series)
        if 12.0 * most > HIGHEST_ACCRUAL:
            hint = f"; for {most:g} a year write {most:g}/12, {most / 12:.6g}" if most <= HIGHEST_ACCRUAL else ""
            text = f"found {most:g} a month, {12 * most:g} a year; allowed is at most {HIGHEST_ACCRUAL:g} a year{hint}"
            yield ("old_age", "formula", *at), text
    above = None if formula.steps is not None else first_above(formula.first_share, formula.maximum_share)
    if above is not None:
        yield ("old_age", "formula", "first_share"), f"found {above[1]:g}, above maximum_share {above[2]:g}{since(above[0])}"
    for name, step in (("early", "reduction_per_year"), ("late", "increase_per_year")):
        rule = getattr(part, name)
        if rule is not None and (steepest := highest(getattr(rule, step))) > HIGHEST_STEP:
            yield ("old_age", name, step), f"found {steepest:g} a year of age; allowed is at most {HIGHEST_STEP:g}"
    for sex in ("male", "female"):
        if (age := highest(getattr(part.pension_age, sex))) > LATEST_PENSION:
            yield ("old_age", "pension_age", sex), f"found {age:g}; allowed is at most {LATEST_PENSION}, for insured careers end at {WORK_AGE_LAST}"


def _minimum_and_maximum(parts: Parts) -> Found:
    part = parts.old_age
    if part is None or part.minimum_pension is None:
        return
    at: KeyPath = ("old_age", "minimum_pension")
    minimum, paid = part.minimum_pension, parts.contributions
    wage = None if paid is None else money(paid.minimum_wage)
    ceiling = None if paid is None else money(paid.ceiling)
    average, maximum = money(minimum.average_wage), money(part.maximum_pension)
    base_pay = None if parts.calibration is None else 12.0 * parts.calibration.average_insurable_earnings.value
    series = (minimum.amount, minimum.share_of_minimum_wage, minimum.share_of_average_wage, wage, average, maximum, ceiling)
    told: set[str] = set()
    for day in days(*series):
        of_wages = ((minimum.share_of_minimum_wage, wage), (minimum.share_of_average_wage, average))
        found = max([on_day(minimum.amount, day) or 0.0, *((on_day(share, day) or 0.0) * (on_day(pay, day) or 0.0) for share, pay in of_wages)])
        limits = {
            "maximum pension": on_day(maximum, day),
            "ceiling of insurable earnings": on_day(ceiling, day),
            "average insured pay of the base year": base_pay,
        }
        for name, limit in limits.items():
            if name not in told and limit is not None and found > limit > 0.0:
                told.add(name)
                yield at, f"minimum pension {found:,.15g} lies above the {name}, {limit:,.15g} (both a year){since(day)}"


def _indexation(part: PensionsInPayment | None) -> Found:
    for day in () if part is None else days(part.price_share, part.wage_share):
        assert part is not None
        if (total := (on_day(part.price_share, day) or 0.0) + (on_day(part.wage_share, day) or 0.0)) > 1.0 + 1e-12:
            text = f"price_share and wage_share add up to {total:g}{since(day)}"
            yield ("pensions_in_payment",), f"{text}; allowed is at most 1, for wages hold the growth of prices"
            return


def _account(part: Account | None, contributions: Contributions | None) -> Found:
    if part is None:
        return
    for sex in ("male", "female"):
        if (found := first_above(part.early_age, getattr(part.payout_age, sex))) is not None:
            day, early, age = found
            yield ("account", "early_age"), f"ages out of order: early payout at {early:g}, payout of {sex}s at {age:g}{since(day)}"
    if (found := first_above(part.tier_one_limit, None if contributions is None else contributions.ceiling)) is not None:
        day, limit, ceiling = found
        yield ("account", "tier_one_limit"), f"found {limit:,.15g} a year, above the ceiling {ceiling:,.15g}{since(day)}"


def _base_year(parts: Parts, currency: str) -> Found:
    base = parts.calibration
    if base is None:
        return
    for name, wanted in _UNITS.items():
        target = getattr(base, name)
        if target is not None and target.unit != (unit := wanted.format(currency)) and not _in_other_currency(target.unit, currency):
            yield ("calibration", name, "unit"), f"found '{target.unit}'; it must be '{unit}', as the model reads it"
    if base.pension_payroll is not None and base.pension_payroll.value > base.benefits.value:
        found = f"found {base.pension_payroll.value:,.15g}, above all benefits, {base.benefits.value:,.15g}"
        yield ("calibration", "pension_payroll"), f"{found}; pensions in payment are a part of them"
    pay = 12.0 * base.average_insurable_earnings.value
    if base.pensioners is not None and base.pension_payroll is not None and base.pensioners.value > 0 and pay > 0:
        average = base.pension_payroll.value / base.pensioners.value
        if average > HIGHEST_AVERAGE_PENSION * pay:
            text = f"pension_payroll / pensioners is {average:,.0f} a year, {average / pay:.1f} times average insured pay ({pay:,.0f} a year)"
            yield ("calibration", "pension_payroll"), f"{text}; allowed is at most {HIGHEST_AVERAGE_PENSION:g} times"


def contributions_apart(parts: Parts) -> Found:
    """Contributions of the base year that do not go with contributors, pay and rates."""
    expected, found_sum = expected_contributions(parts), 0.0 if parts.calibration is None else parts.calibration.contributions.value
    if expected > 0.0 and not 1.0 / PLAUSIBLE_FACTOR <= found_sum / expected <= PLAUSIBLE_FACTOR:
        text = f"found {found_sum:,.15g} a year; contributors x average insured pay x 12 x contribution rate x share collected give {expected:,.0f}"
        yield ("calibration", "contributions"), f"{text}; allowed is a factor of {PLAUSIBLE_FACTOR:g} between them. Thousands or millions?"


def _in_other_currency(unit: str, currency: str) -> bool:
    """Whether a unit is money, but not in the scheme's currency (which is told for every unit of the file)."""
    return re.match(r"[A-Z]{3}( |$)", unit) is not None and unit[:3] != currency


def _on_base_day(series: Series) -> float:
    in_force = [item.value for item in series.values if item.start <= BASE_DAY]
    return in_force[-1] if in_force else series.values[0].value
