"""What the main figures of a scheme file are, in words that need no knowledge of the file; any other is named by its keys.

A label is found by the dotted path of the figure without numbers, or by the end of it.
"""

from __future__ import annotations

from typing import Final

from actuarial.reporting.language import _, data_path, filled, marked

HEADINGS: Final = {
    "calibration": marked("Members, money and pensions of the base year"),
    "beginning": marked("How the scheme begins"),
    "collection": marked("How much of what is due is paid"),
    "administration": marked("Cost of running the scheme"),
    "contributions": marked("Contributions and limits of insured pay"),
    "old_age": marked("Old-age pension"),
    "account": marked("Individual accounts"),
    "lump_sum": marked("Single payment to those without a pension"),
    "pensions_in_payment": marked("Yearly increase of pensions"),
    "leaving": marked("Those who leave the country, without an instrument"),
}
LABELS: Final = {
    "calibration.active_contributors": marked("active contributors at the end of the year"),
    "calibration.average_insurable_earnings": marked("average insured pay"),
    "calibration.contributions": marked("contributions received in the year"),
    "calibration.benefits": marked("all benefits paid in the year"),
    "calibration.reserve": marked("assets at the end of the year"),
    "calibration.pensioners": marked("pensions in payment at the end of the year, number"),
    "calibration.pension_payroll": marked("pensions in payment, amount of a year"),
    "calibration.member_balances": marked("balances of members at the end of the year"),
    "collection.density": marked("share of the year that an insured person pays"),
    "collection.compliance": marked("contributions collected over contributions due"),
    "administration.share_of_contributions": marked("administration, share of contributions"),
    "contributions.employee": marked("contribution rate of the employee"),
    "contributions.employer": marked("contribution rate of the employer"),
    "contributions.ceiling": marked("ceiling of insured pay"),
    "contributions.floor": marked("floor of insured pay"),
    "contributions.minimum_wage": marked("minimum wage used by the scheme"),
    "pension_age.male": marked("pension age, men"),
    "pension_age.female": marked("pension age, women"),
    "old_age.qualifying_months": marked("months of contributions needed for a pension"),
    "old_age.early.age": marked("early pension: from age"),
    "old_age.early.reduction_per_year": marked("early pension: reduction for each year"),
    "old_age.late.age": marked("late pension: up to age"),
    "old_age.late.increase_per_year": marked("late pension: increase for each year"),
    "old_age.buy_back_months": marked("months that can be bought back"),
    "old_age.formula.first_months": marked("formula: first part, for this many months"),
    "old_age.formula.first_share": marked("formula: first part, share of reference earnings"),
    "old_age.formula.accrual_per_month": marked("formula: accrual for each month beyond the first part"),
    "old_age.formula.maximum_share": marked("formula: at most, share of reference earnings"),
    "old_age.reference_earnings": marked("average of reference earnings"),
    "old_age.reference_earnings.revaluation": marked("past earnings are revalued with"),
    "old_age.minimum_pension.amount": marked("minimum pension"),
    "old_age.minimum_pension.share_of_minimum_wage": marked("minimum pension, share of the minimum wage"),
    "old_age.minimum_pension.share_of_average_wage": marked("minimum pension, share of an average wage"),
    "old_age.minimum_pension.average_wage": marked("average wage that the minimum pension is a share of"),
    "old_age.maximum_pension": marked("maximum pension"),
    "old_age.commutation.share": marked("part of the pension exchanged for a sum"),
    "old_age.commutation.factor": marked("sum for each unit of yearly pension given up"),
    "payout_age.male": marked("age of payout, men"),
    "payout_age.female": marked("age of payout, women"),
    "account.crediting_spread": marked("return on the fund less interest credited to accounts"),
    "account.early_age": marked("earliest age of payout"),
    "account.cash_share": marked("share of the balance taken in cash"),
    "account.tier_one_limit": marked("pay up to which Tier I is paid"),
    "account.preservation": marked("balances stay until they are claimed"),
    "lump_sum.minimum_months": marked("months of contributions needed for the payment"),
    "lump_sum.averaging_months": marked("average of pay over the last months"),
    "lump_sum.per_year": marked("months of pay for each year of service"),
    "pensions_in_payment.price_share": marked("share of inflation that pensions follow"),
    "pensions_in_payment.wage_share": marked("share of wage growth that pensions follow"),
    "leaving.export_without_instrument": marked("pensions are paid abroad"),
    "leaving.refund": marked("contributions or balances are refunded on leaving"),
    "leaving.refund_take_up": marked("share of foreigners with the right who take the refund"),
    "leaving.refund_take_up_nationals": marked("share of nationals with the right who take the refund"),
    "leaving.refund_bars_if_instrument": marked("no refund where an agreement on portability binds"),
    "leaving.foreigners_rights_share": marked("rights of foreigners, share of a national's"),
}

BRANCH_LABELS: Final = {
    "minimum_months": marked("months of contributions needed"),
    "qualifying.recent_months": marked("months of contributions needed in a window before the event"),
    "qualifying.within_months": marked("length of the window before the event"),
    "loss_of_capacity": marked("loss of earning capacity from which a pension is due"),
    "first_part_in_full": marked("first part of the old-age formula counts in full"),
    "averaging_months": marked("average of pay over the last months"),
    "days_per_month": marked("days that a month of pay is divided by"),
    "days": marked("days of leave"),
    "scheme_days": marked("days of leave that the scheme pays"),
    "rate": marked("benefit, share of pay"),
    "maximum_days": marked("days paid at most"),
    "waiting_days": marked("days of waiting before the benefit"),
    "temporary.rate": marked("temporary incapacity: share of pay"),
    "temporary.in_hospital": marked("temporary incapacity: factor while in hospital"),
    "temporary.waiting_days": marked("temporary incapacity: days of waiting"),
    "temporary.employer_pays_waiting": marked("temporary incapacity: the employer pays the days of waiting"),
    "temporary.maximum_days": marked("temporary incapacity: days paid at most"),
    "temporary.averaging_months": marked("temporary incapacity: average of pay over the last months"),
    "permanent.total_rate": marked("full disablement: pension, share of pay"),
    "permanent.pension_degree": marked("degree of disablement from which a pension is due"),
    "permanent.lump_from_degree": marked("degree of disablement from which a sum is due"),
    "permanent.lump_years": marked("sum in place of a pension, in years of it"),
    "spouse": marked("widow or widower"),
    "spouse_until_remarriage": marked("widow or widower: until remarriage"),
    "half_orphan": marked("child who lost one parent"),
    "full_orphan": marked("child who lost both parents"),
    "parent": marked("parent of the deceased"),
    "parents_only_alone": marked("parents only where there is neither spouse nor child"),
    "family_maximum": marked("whole family, at most"),
    "child_age": marked("children: up to age"),
    "student_age": marked("children who study: up to age"),
    "disabled_child_without_limit": marked("disabled children: without limit of age"),
    "top_up.minimum_months": marked("top-up: months of contributions needed"),
    "top_up.share_of_months": marked("top-up: share of the months to pension age"),
    "top_up.maximum_months": marked("top-up: months at most"),
    "levies.employee": marked("contribution rate of the employee"),
    "levies.employer": marked("contribution rate of the employer"),
    "levies.pensioner": marked("contribution rate of pensioners"),
    "levies.minimum": marked("least contribution"),
    "members_per_contributor": marked("people covered for each contributor"),
    "unit_cost": marked("cost of care for each person covered"),
    "funeral_grant": marked("funeral grant"),
    "birth_grant": marked("birth grant"),
}
"""Labels of figures of the branches beside old age, by the end of their path."""
ITEMS: Final = {
    "qualifying": (marked("first condition: {what}"), marked("second condition: {what}"), marked("condition {n}: {what}")),
    "levies": (marked("first contribution: {what}"), marked("second contribution: {what}"), marked("contribution {n}: {what}")),
}
"""Figures of lists of several parts: words for those of the first, of the second and of any other part."""


def label(words: tuple[str, ...], below: tuple[str, ...]) -> str:
    """Label of the figure at a dotted path (without numbers); ``below`` are the words that name it where it has no label of its own."""
    names = (".".join(words), ".".join(words[-2:]), words[-1])
    for name in names[:2]:
        if name in LABELS:
            return _(LABELS[name])
    for name in names if words[0] == "branches" else ():
        if name in BRANCH_LABELS:
            return _(BRANCH_LABELS[name])
    return data_path(".".join(below))


def item_label(name: str, at: int, what: str) -> str:
    """Label of a figure that belongs to part ``at`` (from 0) of the list of that name, one of several."""
    return filled(_(ITEMS[name][min(at, 2)]), {"what": what} if at < 2 else {"what": what, "n": str(at + 1)})


def heading(name: str) -> str:
    """Heading of the part of that dotted name."""
    if name in HEADINGS:
        return _(HEADINGS[name])
    text = data_path(name.split(".")[-1])
    return text[:1].upper() + text[1:]
