"""How a worked case of a branch (data/schemes/*/cases.yaml) is computed: one small calculator for each ``of``.

A record of insurance is written as runs, ``[[30, 1], [6, 0], [6, 1]]``: 30 months insured, 6 not, 6 insured, oldest first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from actuarial.basis.scheme import SchemeLaw
from actuarial.provisions import (
    account,
    employment_injury,
    family,
    funeral,
    health,
    invalidity,
    maternity,
    old_age,
    sickness,
    survivors,
    unemployment,
)

Found = dict[str, float]


def months_of(runs: Sequence[Sequence[int]]) -> np.ndarray:
    """Months of a record written as runs, 1 insured and 0 not."""
    return np.concatenate([np.full(count, float(credited)) for count, credited in runs])


def case_invalidity(law: SchemeLaw, record: Any, loss: float = 1.0, reference: float = 0.0, age_months: float = 480.0, balance: float = 0.0) -> Found:
    """Whether entitled, share and pension; of an account scheme the balance."""
    months = months_of(record)
    entitled = bool(invalidity.qualifies(law, months)) and bool(invalidity.is_invalid(law, loss))
    found: Found = {"entitled": entitled}
    if invalidity.invalidity_law(law).amount == "balance":
        return found | {"balance": float(invalidity.balance(law, balance, months)) * entitled}
    share = float(invalidity.credited_share(law, months.sum(), age_months))
    pension = float(invalidity.annual_pension(law, months.sum(), reference, age_months)) * entitled
    return found | {"share": share, "pension_per_year": pension}


def shared(found: survivors.FamilyShares, who: survivors.Family) -> Found:
    """Amounts by kind of survivor, together and per head."""
    return {
        "spouses": float(found.spouses),
        "half_orphans": float(found.half_orphans),
        "full_orphans": float(found.full_orphans),
        "parents": float(found.parents),
        "total": float(found.total),
        "per_spouse": float(survivors.per_head(found.spouses, who.spouses)),
        "per_half_orphan": float(survivors.per_head(found.half_orphans, who.half_orphans)),
        "per_full_orphan": float(survivors.per_head(found.full_orphans, who.full_orphans)),
    }


def case_survivors(law: SchemeLaw, pension: float, **family_counts: int) -> Found:
    """A pension shared among the survivors."""
    who = survivors.Family(**family_counts)
    return shared(survivors.survivors_pension(law, pension, who), who)


def case_survivors_lump_sum(law: SchemeLaw, months: float, reference: float, **family_counts: int) -> Found:
    """Whether a pension is due, and the sum in its place."""
    who = survivors.Family(**family_counts)
    return {
        "pension_due": bool(survivors.qualifies(law, months)),
        "lump_sum": float(survivors.lump_sum_in_lieu(law, months, reference, who)),
    }


def case_survivors_account(law: SchemeLaw, **given: float) -> Found:
    """What survivors get from an account."""
    return {"benefit": float(survivors.account_benefit(law, **given))}


def case_death_grant(law: SchemeLaw, pension: float) -> Found:
    """Grant at a pensioner's death."""
    return {"grant": float(survivors.death_grant(law, pension))}


def case_funeral(law: SchemeLaw, employment_injury: bool = False) -> Found:
    """Grant for the funeral."""
    return {"grant": funeral.funeral_grant(law, employment_injury=employment_injury)}


def case_injury_temporary(law: SchemeLaw, daily: float, days: float, in_hospital: bool = False) -> Found:
    """Days paid, benefit and the employer's part."""
    return {
        "days_paid": float(employment_injury.days_paid(law, days)),
        "benefit": float(employment_injury.temporary_benefit(law, daily, days, in_hospital=in_hospital)),
        "employer": float(employment_injury.employer_waiting_pay(law, daily, days)),
    }


def case_injury_permanent(law: SchemeLaw, earnings: float, degree: float) -> Found:
    """Pension, lump sum and attendance by degree."""
    pension = employment_injury.permanent_pension(law, earnings, degree)
    return {
        "pension_per_year": float(pension),
        "lump_sum": float(employment_injury.permanent_lump_sum(law, earnings, degree)),
        "attendance_per_year": float(employment_injury.constant_attendance(law, pension)),
    }


def case_injury_survivors(law: SchemeLaw, earnings: float, **family_counts: int) -> Found:
    """Pensions after a fatal injury."""
    who = survivors.Family(**family_counts)
    return shared(employment_injury.survivors_pension(law, earnings, who), who)


def case_injury_liability(law: SchemeLaw, monthly: float, degree: float = 1.0, already_paid: float = 0.0) -> Found:
    """What an employer owes where there is no scheme."""
    permanent = employment_injury.liability_permanent(law, monthly, degree)
    return {
        "permanent": float(permanent),
        "attendance": float(employment_injury.liability_attendance(law, permanent)),
        "death": float(employment_injury.liability_death(law, monthly, already_paid)),
    }


def case_maternity(law: SchemeLaw, monthly: float, record: Any = ((1, 1),)) -> Found:
    """Cash benefit and who pays it."""
    return {
        "entitled": bool(maternity.qualifies(law, months_of(record))),
        "cash": float(maternity.cash_benefit(law, monthly)),
        "scheme": float(maternity.scheme_part(law, monthly)),
        "employer": float(maternity.employer_part(law, monthly)),
        "birth_grant": float(maternity.birth_grant(law)),
    }


def case_sickness(law: SchemeLaw, monthly: float, days: float) -> Found:
    """Cash benefit."""
    return {"cash": float(sickness.cash_benefit(law, monthly, days))}


def case_unemployment(
    law: SchemeLaw,
    age: int,
    months: float,
    monthly: float,
    months_out_of_work: float,
    contributions: float = 0.0,
    citizen: bool = True,
    resigned: bool = False,
) -> Found:
    """Whether entitled, benefit and refund."""
    may = bool(unemployment.may_claim(law, age, citizen=citizen, resigned=resigned))
    entitled = may and bool(unemployment.qualifies(law, months))
    return {
        "entitled": entitled,
        "benefit": float(unemployment.benefit(law, monthly, months_out_of_work)) * entitled,
        "refund": float(unemployment.refund(law, months, contributions)) * may,
    }


def case_family(law: SchemeLaw, months: float, children_here: int, children_abroad: int = 0, worker_resident: bool = True) -> Found:
    """Children counted and allowance."""
    entitled = bool(family.qualifies(law, months, worker_resident=worker_resident))
    children = family.children_counted(law, children_here, children_abroad)
    return {
        "entitled": entitled,
        "children": float(children),
        "allowance_per_year": float(family.allowance(law, children)) * entitled,
    }


def case_health(law: SchemeLaw, levy: str, earnings: float = 0.0, pension: float = 0.0, persons: int = 0, contributors: float = 0.0) -> Found:
    """Contributions and cost of care."""
    rule = health.levy_named(law, levy)
    return {
        "contribution_per_year": float(health.contribution(rule, earnings)),
        "pensioner_per_year": float(health.pensioner_contribution(rule, pension)),
        "household_per_year": float(health.household_premium(rule, persons)),
        "cost_per_year": float(health.cost_of_care(law, contributors)),
    }


def case_levy(law: SchemeLaw, branch: str, earnings_per_month: float) -> Found:
    """Contributions of a branch in a month."""
    levy = getattr(law, branch).levy
    insurable = min(12.0 * earnings_per_month, levy.ceiling) / 12.0
    return {
        "insurable_per_month": insurable,
        "employee_per_month": levy.employee_rate * insurable,
        "employer_per_month": levy.employer_rate * insurable,
    }


def case_tiers(law: SchemeLaw, earnings_per_month: float, contracted_out: bool = False) -> Found:
    """Contributions to both tiers of an account scheme."""
    insurable = min(12.0 * earnings_per_month, law.ceiling)
    first, second = account.tier_contributions(law, insurable, contracted_out=contracted_out)
    return {"first_per_year": float(first), "second_per_year": float(second)}


def case_payout_by_tier(law: SchemeLaw, first: float, second: float, annuity_factor: float) -> Found:
    """Cash, price of the annuity and annuity."""
    cash, price = account.payout_by_tier(law, first, second)
    annuity = account.purchased_annuity(price, annuity_factor)
    return {"cash": float(cash), "annuity_price": float(price), "annuity_per_year": float(annuity)}


def case_disability_access(law: SchemeLaw, balance: float, age: int, months: int) -> Found:
    """What is paid out on disability."""
    return {"paid": float(account.disability_payout(law, balance, age, months))}


def case_former_fund(law: SchemeLaw, age: int, retired: bool) -> Found:
    """Whether a balance of the former fund is payable."""
    return {"payable": bool(account.former_fund_payable(law, age, retired=retired))}


def case_pension_age(law: SchemeLaw, sex: int, group: str | None = None) -> Found:
    """Pension age of a sex and group."""
    return {"age": old_age.pension_age(law, sex, group)}


def case_buy_back(law: SchemeLaw, months: float) -> Found:
    """Months that may be bought."""
    return {"months": float(old_age.months_to_buy(law, months))}


def case_no_branch(law: SchemeLaw, branch: str) -> Found:
    """Whether a branch is computed."""
    return {"computed": getattr(law, branch) is not None}


CALCULATORS: dict[str, Callable[..., Found]] = {
    name.removeprefix("case_"): function for name, function in list(globals().items()) if name.startswith("case_")
}
