"""A scheme file and a day become :class:`SchemeLaw`.

The pension part is resolved here, the other branches in :mod:`actuarial.basis.scheme_branch_resolve`; what a dated value
means on a day is in :mod:`actuarial.basis.scheme_dated`.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from actuarial.basis.scheme_branch_resolve import branch_fields
from actuarial.basis.scheme_branches import Branches
from actuarial.basis.scheme_dated import amount_on, value_on, whole_on
from actuarial.basis.scheme_file import SchemeFile
from actuarial.basis.scheme_law import WHOLE_CAREER_MONTHS, Indices, ReferencePeriod, SchemeLaw, StepLaw
from actuarial.basis.scheme_pension import Contributions, Formula, MinimumPension, ReferenceEarnings


def _total_rate(contributions: Contributions, day: date) -> float:
    """Employee and employer together, without the last binary digit of the sum (0.05 + 0.10 is 0.15)."""
    return round(value_on(contributions.employee, day) + value_on(contributions.employer, day), 12)


def resolve(file: SchemeFile, day: date, indices: Indices) -> SchemeLaw:
    """Put the parts together; see :class:`SchemeLaw` for the meaning of each field."""
    fields: dict[str, object] = {}
    if file.contributions is not None:
        part = file.contributions
        fields |= {
            "contribution_rate": _total_rate(part, day),
            "employee_rate": value_on(part.employee, day),
            "ceiling": amount_on(part.ceiling, day, indices, np.inf),
            "floor": amount_on(part.floor, day, indices, 0.0),
            "minimum_wage": amount_on(part.minimum_wage, day, indices, 0.0),
        }
    if file.administration is not None:
        fields["administration_share_of_contributions"] = value_on(file.administration.share_of_contributions, day)
    if file.leaving is not None:
        fields |= {
            "export_without_instrument": file.leaving.export_without_instrument.value,
            "refund_on_leaving": file.leaving.refund.value,
            "export_partners": () if file.leaving.export_partners is None else tuple(str(file.leaving.export_partners.value).split()),
            "refund_take_up": value_on(file.leaving.refund_take_up, day),
            "refund_take_up_nationals": value_on(file.leaving.refund_take_up_nationals or file.leaving.refund_take_up, day),
            "refund_bars_if_instrument": file.leaving.refund_bars_if_instrument.value,
            "foreigners_rights_share": value_on(file.leaving.foreigners_rights_share, day),
        }
    fields |= _old_age_fields(file, day, indices) | _account_fields(file, day, indices)
    minimum_wage = 0.0 if file.contributions is None else amount_on(file.contributions.minimum_wage, day, indices)
    if isinstance(file.branches, Branches):  # a scheme written into a case may come without
        fields |= branch_fields(file.branches, minimum_wage, day, indices)
    return SchemeLaw(scheme_id=file.id, year=day.year, kind=file.kind, **fields)  # type: ignore[arg-type]


def _old_age_fields(file: SchemeFile, day: date, indices: Indices) -> dict[str, object]:
    if file.old_age is None or file.lump_sum is None or file.pensions_in_payment is None or file.contributions is None:
        return {}
    old_age, lump = file.old_age, file.lump_sum
    periods = _periods(old_age.reference_earnings)
    minimum = 0.0
    if old_age.minimum_pension is not None:
        wage = amount_on(file.contributions.minimum_wage, day, indices)
        minimum = _minimum(old_age.minimum_pension, wage, day, indices)
    return {
        "pension_age": (whole_on(old_age.pension_age.male, day), whole_on(old_age.pension_age.female, day)),
        "early_age": 0 if old_age.early is None else whole_on(old_age.early.age, day),
        "early_reduction_per_year": 0.0 if old_age.early is None else value_on(old_age.early.reduction_per_year, day),
        "late_age": 0 if old_age.late is None else whole_on(old_age.late.age, day),
        "late_increase_per_year": 0.0 if old_age.late is None else value_on(old_age.late.increase_per_year, day),
        "special_ages": tuple((name, whole_on(age, day)) for name, age in old_age.special_ages.items()),
        "buy_back_months": whole_on(old_age.buy_back_months, day),
        "qualifying_months": whole_on(old_age.qualifying_months, day),
        **_formula_fields(old_age.formula, day, indices),
        "maximum_pension": amount_on(old_age.maximum_pension, day, indices, np.inf),
        "minimum_pension": minimum,
        "reference_periods": periods,
        "reference_months": min(period.months for period in periods),
        "reference_revaluation": old_age.reference_earnings.revaluation.value,
        "commutation_share": 0.0 if old_age.commutation is None else value_on(old_age.commutation.share, day),
        "commutation_factor": 0.0 if old_age.commutation is None else value_on(old_age.commutation.factor, day),
        "rounding_mode": old_age.rounding.mode,
        "rounding_to": old_age.rounding.to,
        "lump_sum_minimum_months": whole_on(lump.minimum_months, day),
        "lump_sum_months_per_year": 12.0 * _total_rate(file.contributions, day)
        if lump.per_year is None
        else value_on(lump.per_year, day),
        "lump_sum_reference_months": whole_on(lump.averaging_months, day),
        "price_share": value_on(file.pensions_in_payment.price_share, day),
        "wage_share": value_on(file.pensions_in_payment.wage_share, day),
    }


def _account_fields(file: SchemeFile, day: date, indices: Indices) -> dict[str, object]:
    if file.account is None:
        return {}
    account = file.account
    fields: dict[str, object] = {
        "pension_age": (whole_on(account.payout_age.male, day), whole_on(account.payout_age.female, day)),
        "early_age": whole_on(account.early_age, day),
        "crediting_spread": value_on(account.crediting_spread, day),
        "preservation": account.preservation.value,
        "payout": account.payout,
        "cash_share": value_on(account.cash_share, day),
        "tier_one_limit": amount_on(account.tier_one_limit, day, indices, 0.0),
    }
    if account.tier_two is not None:
        fields |= {
            "tier_two_cash_share": value_on(account.tier_two.cash_share, day),
            "contracting_out": account.tier_two.contracting_out.value,
        }
    if account.former_fund is not None:
        fields |= {
            "former_fund_age": whole_on(account.former_fund.age, day),
            "former_fund_early_age": whole_on(account.former_fund.early_age, day),
        }
    if account.disability_access is not None:
        fields |= {
            "disability_access_age": whole_on(account.disability_access.age, day),
            "disability_access_months": whole_on(account.disability_access.minimum_months, day),
            "disability_access_share": value_on(account.disability_access.share, day),
        }
    if account.midterm is not None:
        fields |= {
            "midterm_age": whole_on(account.midterm.age, day),
            "midterm_months": whole_on(account.midterm.minimum_months, day),
            "midterm_share": value_on(account.midterm.share, day),
            "midterm_take_up": value_on(account.midterm.take_up, day),
        }
    return fields


def _formula_fields(formula: Formula, day: date, indices: Indices) -> dict[str, object]:
    fields: dict[str, object] = {
        "first_months": whole_on(formula.first_months, day),
        "first_share": value_on(formula.first_share, day),
        "accrual_per_month": value_on(formula.accrual_per_month, day),
        "bands": tuple((whole_on(b.from_months, day), value_on(b.accrual_per_month, day)) for b in formula.bands),
        "maximum_share": value_on(formula.maximum_share, day),
    }
    if formula.flat is not None:
        fields |= {
            "flat_amount": amount_on(formula.flat.amount, day, indices),
            "flat_full_months": whole_on(formula.flat.full_months, day),
        }
    if (steps := formula.steps) is not None:
        starts, values = (tuple(float(getattr(row, name)) for row in steps.rows) for name in ("start", "value"))
        fields["steps"] = StepLaw(steps.by, steps.pays, starts, values)
    return fields


def _minimum(minimum: MinimumPension, minimum_wage: float, day: date, indices: Indices) -> float:
    """The highest of the amount and the shares of the minimum and of the average wage."""
    return max(
        amount_on(minimum.amount, day, indices),
        minimum_wage * value_on(minimum.share_of_minimum_wage, day),
        amount_on(minimum.average_wage, day, indices) * value_on(minimum.share_of_average_wage, day),
    )


def _periods(reference: ReferenceEarnings) -> tuple[ReferencePeriod, ...]:
    return tuple(
        ReferencePeriod(rule.take, rule.months or WHOLE_CAREER_MONTHS, rule.within_months or rule.months or WHOLE_CAREER_MONTHS)
        for rule in reference.rules
    )
