"""The typed rules of the branches of a scheme file and a day become the records of :mod:`scheme_branch_law`.

A branch without rules (it doesn't exist, isn't in force, or isn't known) gives ``None``.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from actuarial.basis import scheme_benefits as benefits
from actuarial.basis import scheme_branches as shape
from actuarial.basis.scheme_branch_law import (
    FamilyLaw,
    HealthLaw,
    HealthLevyLaw,
    InjuryLaw,
    InjuryLiabilityLaw,
    InvalidityLaw,
    LevyLaw,
    MaternityLaw,
    PermanentLaw,
    QualifyingRule,
    SharesLaw,
    SicknessLaw,
    SurvivorsLaw,
    TemporaryLaw,
    TopUpLaw,
    UnemploymentLaw,
)
from actuarial.basis.scheme_dated import amount_on, value_on, whole_on
from actuarial.basis.scheme_law import Indices
from actuarial.basis.scheme_values import Flag

WORKING_DAYS_PER_YEAR = 312.0
"""26 a month: the days by which scheme files turn a daily minimum wage into a monthly one."""


def branch_fields(branches: shape.Branches, minimum_wage: float, day: date, indices: Indices) -> dict[str, object]:
    """Fields of :class:`~actuarial.basis.scheme_law.SchemeLaw` that hold the other branches.

    minimum_wage: currency per year, for grants that are days of it.
    """
    liability = None if branches.employment_injury is None else branches.employment_injury.liability
    return {
        "invalidity": _invalidity(branches.invalidity, day, indices),
        "survivors": _survivors(branches.survivors, day, indices),
        "employment_injury": _injury(branches.employment_injury, minimum_wage, day, indices),
        "injury_liability": None if liability is None else _liability(liability, day),
        "maternity": _maternity(branches.maternity, day, indices),
        "sickness": _sickness(branches.sickness, day, indices),
        "unemployment": _unemployment(branches.unemployment, day, indices),
        "family": _family(branches.family, day, indices),
        "health": _health(branches.health, day, indices),
    }


def _yes(flag: Flag | None) -> bool:
    return flag is not None and flag.value


def _levy(branch: shape.Branch, day: date, indices: Indices) -> LevyLaw:
    if branch.contributions is None:
        return LevyLaw()
    part = branch.contributions
    ceiling = amount_on(part.ceiling, day, indices, np.inf)
    return LevyLaw(value_on(part.employee, day), value_on(part.employer, day), ceiling)


def _qualifying(rule: benefits.Qualifying, day: date) -> QualifyingRule:
    return QualifyingRule(
        whole_on(rule.minimum_months, day), whole_on(rule.recent_months, day), whole_on(rule.within_months, day)
    )


def _invalidity(branch: shape.InvalidityBranch | None, day: date, indices: Indices) -> InvalidityLaw | None:
    if branch is None or (rules := branch.rules) is None:
        return None
    projected = rules.projected_service
    return InvalidityLaw(
        qualifying=tuple(_qualifying(rule, day) for rule in rules.qualifying),
        loss_of_capacity=value_on(rules.loss_of_capacity, day),
        amount=rules.amount,
        first_part_in_full=_yes(rules.first_part_in_full),
        projected_until_age=0 if projected is None else whole_on(projected.until_age, day),
        projected_share=0.0 if projected is None else value_on(projected.share, day),
        levy=_levy(branch, day, indices),
    )


def _shares(shares: benefits.SurvivorShares, day: date) -> SharesLaw:
    return SharesLaw(
        spouse=value_on(shares.spouse, day),
        spouse_until_remarriage=shares.spouse_until_remarriage.value,
        children_shared=shares.children == "shared",
        half_orphan=value_on(shares.half_orphan, day),
        full_orphan=value_on(shares.full_orphan, day),
        parent=value_on(shares.parent, day),
        parents_shared=shares.parents == "shared",
        parents_only_alone=_yes(shares.parents_only_alone),
        family_maximum=value_on(shares.family_maximum, day),
        child_age=whole_on(shares.child_age, day),
        student_age=whole_on(shares.student_age, day),
        disabled_child_without_limit=shares.disabled_child_without_limit.value,
    )


def _survivors(branch: shape.SurvivorsBranch | None, day: date, indices: Indices) -> SurvivorsLaw | None:
    if branch is None or (rules := branch.rules) is None:
        return None
    top_up = rules.top_up
    return SurvivorsLaw(
        amount=rules.amount,
        minimum_months=whole_on(rules.minimum_months, day),
        shares=None if rules.shares is None else _shares(rules.shares, day),
        lump_sum_in_lieu=rules.in_lieu == "old_age_lump_sum",
        death_grant_months=value_on(rules.death_grant_months, day),
        top_up=None
        if top_up is None
        else TopUpLaw(
            whole_on(top_up.minimum_months, day),
            value_on(top_up.share_of_months, day),
            whole_on(top_up.maximum_months, day),
        ),
        funeral_grant=amount_on(rules.funeral_grant, day, indices),
        levy=_levy(branch, day, indices),
    )


def _temporary(part: benefits.Temporary, day: date) -> TemporaryLaw:
    return TemporaryLaw(
        rate=value_on(part.rate, day),
        waiting_days=whole_on(part.waiting_days, day),
        employer_pays_waiting=part.employer_pays_waiting.value,
        maximum_days=whole_on(part.maximum_days, day),
        averaging_months=whole_on(part.averaging_months, day),
        in_hospital=value_on(part.in_hospital, day, 1.0),
    )


def _injury(
    branch: shape.EmploymentInjuryBranch | None, minimum_wage: float, day: date, indices: Indices
) -> InjuryLaw | None:
    if branch is None or (rules := branch.rules) is None:
        return None
    permanent = rules.permanent
    wage_days = value_on(rules.funeral_minimum_wage_days, day)
    return InjuryLaw(
        temporary=_temporary(rules.temporary, day),
        permanent=PermanentLaw(
            total_rate=value_on(permanent.total_rate, day),
            pension_degree=value_on(permanent.pension_degree, day),
            strictly_above=permanent.threshold == "above",
            lump_from_degree=value_on(permanent.lump_from_degree, day),
            lump_years=value_on(permanent.lump_years, day),
            minimum_pension=amount_on(permanent.minimum_pension, day, indices),
            attendance=value_on(permanent.attendance, day),
        ),
        survivors=_shares(rules.survivors, day),
        survivors_share_of=rules.survivors_share_of,
        funeral_grant=amount_on(rules.funeral_grant, day, indices) + wage_days * minimum_wage / WORKING_DAYS_PER_YEAR,
        levy=_levy(branch, day, indices),
    )


def _liability(part: benefits.InjuryLiability, day: date) -> InjuryLiabilityLaw:
    return InjuryLiabilityLaw(
        temporary=_temporary(part.temporary, day),
        permanent_total_months=value_on(part.permanent_total_months, day),
        partial_maximum_months=value_on(part.partial_maximum_months, day),
        death_months=value_on(part.death_months, day),
        death_deduction=value_on(part.death_deduction, day),
        attendance=value_on(part.attendance, day),
    )


def _maternity(branch: shape.MaternityBranch | None, day: date, indices: Indices) -> MaternityLaw | None:
    if branch is None or (rules := branch.rules) is None:
        return None
    return MaternityLaw(
        qualifying=tuple(_qualifying(rule, day) for rule in rules.qualifying),
        days=whole_on(rules.days, day),
        scheme_days=whole_on(rules.scheme_days, day),
        rate=value_on(rules.rate, day),
        days_per_month=whole_on(rules.days_per_month, day),
        averaging_months=whole_on(rules.averaging_months, day),
        birth_grant=amount_on(rules.birth_grant, day, indices),
        levy=_levy(branch, day, indices),
    )


def _sickness(branch: shape.SicknessBranch | None, day: date, indices: Indices) -> SicknessLaw | None:
    if branch is None or (rules := branch.rules) is None:
        return None
    return SicknessLaw(
        qualifying=tuple(_qualifying(rule, day) for rule in rules.qualifying),
        rate=value_on(rules.rate, day),
        waiting_days=whole_on(rules.waiting_days, day),
        maximum_days=whole_on(rules.maximum_days, day),
        days_per_month=whole_on(rules.days_per_month, day),
        paid_by_scheme=rules.payer == "scheme",
        levy=_levy(branch, day, indices),
    )


def _unemployment(branch: shape.UnemploymentBranch | None, day: date, indices: Indices) -> UnemploymentLaw | None:
    if branch is None or (rules := branch.rules) is None:
        return None
    return UnemploymentLaw(
        qualifying=_qualifying(rules.qualifying, day),
        rate=value_on(rules.rate, day),
        maximum_months=whole_on(rules.maximum_months, day),
        citizens_only=rules.citizens_only.value,
        below_age=whole_on(rules.below_age, day),
        resignation_bars=rules.resignation_bars.value,
        refund_share_below=value_on(rules.refund_share_below, day),
        levy=_levy(branch, day, indices),
    )


def _family(branch: shape.FamilyBranch | None, day: date, indices: Indices) -> FamilyLaw | None:
    if branch is None or (rules := branch.rules) is None:
        return None
    return FamilyLaw(
        qualifying=_qualifying(rules.qualifying, day),
        worker_resident=rules.worker_resident.value,
        child_resident=rules.child_resident.value,
        per_child=amount_on(rules.per_child, day, indices),
        child_age=whole_on(rules.child_age, day),
        levy=_levy(branch, day, indices),
    )


def _health(branch: shape.HealthBranch | None, day: date, indices: Indices) -> HealthLaw | None:
    if branch is None or (rules := branch.rules) is None:
        return None
    levies = tuple(
        HealthLevyLaw(
            title=levy.title,
            employee_rate=value_on(levy.employee, day),
            employer_rate=value_on(levy.employer, day),
            pensioner_rate=value_on(levy.pensioner, day),
            minimum=amount_on(levy.minimum, day, indices),
            per_household=amount_on(levy.per_household, day, indices),
            persons_per_household=value_on(levy.persons_per_household, day, 1.0),
        )
        for levy in rules.levies
    )
    return HealthLaw(levies, value_on(rules.members_per_contributor, day), amount_on(rules.unit_cost, day, indices))
