"""Maternity, sickness and unemployment by year: cash that replaces pay, after a waiting period of insurance.

1. Claims are person-years past the waiting period times cases per insured person-year. Person-years inside it come from those who enter cover
   (:func:`~actuarial.feasibility.branch_inputs.in_waiting`); they have no benefit without periods elsewhere.
2. With totalisation, the entrants of a corridor whose periods in the partner complete the waiting period claim from their first day, as far as
   they know of it (take-up). Recent months must be own months unless the instrument takes foreign facts as own ones.
3. Days that the law leaves to the employer are kept beside the account and change with no instrument.
4. Unemployment: of the movers out of work a share returns to the origin country at once; they are paid only for the months that the instrument
   exports. Somebody inside the waiting period gets back a part of its contributions, those of half the period, where the law says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from actuarial.basis.branch_costs import BranchCostBasis
from actuarial.basis.dimensions import FEMALE, Array
from actuarial.basis.instrument import Instrument
from actuarial.basis.instrument_provisions import BranchName
from actuarial.basis.scheme_branch_law import LevyLaw, QualifyingRule
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.feasibility.branch_inputs import (
    MONTHS,
    BranchAccount,
    BranchInputs,
    CorridorExposure,
    Difference,
    corridor_rules,
    in_waiting,
    months_left,
    months_to_wait,
    rights_share,
    rungs,
)
from actuarial.provisions import maternity, sickness, unemployment


@dataclass(frozen=True)
class CashBranch:
    """A cash branch per person-year insured [sex, row, year].

    cases     claims;  benefit: expected benefit of somebody past the waiting period;  in_waiting: of somebody inside it
    grant     paid whatever the waiting period;  employer: left to the employer
    """

    name: BranchName
    rules: tuple[QualifyingRule, ...]
    levy: tuple[LevyLaw, ...]
    pay: Array
    cases: Array
    benefit: Array
    in_waiting: Array
    grant: Array
    employer: Array
    kinds: tuple[str, str, str]
    """Names of benefit, in_waiting and grant."""


def assessable(inputs: BranchInputs, laws: Sequence[SchemeLaw], levies: Sequence[LevyLaw]) -> Array:
    """Assessable earnings of a branch [sex, row, year]: its own ceiling where it has a levy, else the limits of the pension branch."""
    ceilings = [levy.ceiling if levy.rate > 0.0 else law.ceiling for law, levy in zip(laws, levies, strict=True)]
    floors = [0.0 if levy.rate > 0.0 else law.floor for law, levy in zip(laws, levies, strict=True)]
    return inputs.assessable(ceilings, floors)


def maternity_account(inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, instrument: Instrument) -> BranchAccount:
    """Maternity cash and birth grant of insured women. Raises ``ValueError`` in a year without rules."""
    rules = [maternity.maternity_law(law) for law in laws]
    levies = tuple(rule.levy for rule in rules)
    by_scheme = any(rule.scheme_days > 0 or rule.birth_grant > 0.0 for rule in rules)
    pay = assessable(inputs, laws, levies) if by_scheme else inputs.pay
    births = np.zeros_like(pay)
    births[FEMALE] = basis.relative_fertility * basis.maternity_take_up * inputs.fertility

    def each(amount: Callable[[SchemeLaw, Array], Array], base: Array) -> Array:
        return births * np.stack([amount(law, base[:, :, t] / MONTHS) for t, law in enumerate(laws)], axis=-1)

    branch = CashBranch(
        name="maternity", rules=rules[0].qualifying, levy=levies, pay=pay, cases=births, benefit=each(maternity.scheme_part, pay),
        in_waiting=np.zeros_like(pay), grant=births * np.array([float(maternity.birth_grant(law)) for law in laws]),
        employer=each(maternity.employer_part, inputs.pay), kinds=("cash", "in_waiting", "birth_grants"),
    )  # fmt: skip
    return _account(inputs, laws, branch, instrument, "scheme" if by_scheme else "employer")


def sickness_account(inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, instrument: Instrument) -> BranchAccount:
    """Sickness cash. Raises ``ValueError`` in a year without rules."""
    rules = [sickness.sickness_law(law) for law in laws]
    by_scheme, levies = rules[0].paid_by_scheme, tuple(rule.levy for rule in rules)
    pay = assessable(inputs, laws, levies) if by_scheme else inputs.pay
    days, shares = np.asarray(basis.sickness_duration.points), np.asarray(basis.sickness_duration.shares)
    cash = np.stack([sickness.cash_benefit(law, pay[:, :, t, None] / MONTHS, days) @ shares for t, law in enumerate(laws)], axis=-1)
    cost, nothing = basis.sickness_incidence * cash, np.zeros_like(pay)
    branch = CashBranch(
        name="sickness", rules=rules[0].qualifying, levy=levies, pay=pay, cases=np.full_like(pay, basis.sickness_incidence),
        benefit=cost if by_scheme else nothing, in_waiting=nothing, grant=nothing, employer=nothing if by_scheme else cost,
        kinds=("cash", "in_waiting", "grants"),
    )  # fmt: skip
    return _account(inputs, laws, branch, instrument, "scheme" if by_scheme else "employer")


def _account(inputs: BranchInputs, laws: Sequence[SchemeLaw], branch: CashBranch, instrument: Instrument, payer: str) -> BranchAccount:
    """Account of a cash branch in which nothing depends on where the claimant lives."""
    wait = months_to_wait(branch.rules)
    past, inside = _split(inputs.entrants, inputs.departure, wait, inputs.insured)
    differences: list[Difference] = []
    right = inputs.insured
    for corridor in inputs.corridors:
        share = rights_share(laws, corridor.role)
        own_past, own_inside = _split(corridor.entrants, inputs.departure, wait, corridor.insured)
        past, inside, right = past + share * own_past, inside + share * own_inside, right + share * corridor.insured
        if payer == "scheme":
            differences += _cash_differences(inputs, laws, branch, instrument, corridor)
    people = inputs.everybody
    kinds = branch.kinds
    parts = {kinds[0]: past * branch.benefit, kinds[1]: inside * branch.in_waiting, kinds[2]: right * branch.grant}
    if payer == "employer":
        parts = {"pay": right * branch.employer}
    earnings = (people * branch.pay).sum(axis=(0, 1))
    return BranchAccount(
        branch=branch.name,
        payer="scheme" if payer == "scheme" else "employer",
        insured=people.sum(axis=(0, 1)),
        earnings=earnings,
        levy=np.array([levy.rate for levy in branch.levy]) * earnings,
        cases=(branch.cases * (past if payer == "scheme" else right)).sum(axis=(0, 1)),
        parts={kind: amount.sum(axis=(0, 1)) for kind, amount in parts.items() if amount.any()} or {kinds[0]: np.zeros(inputs.years)},
        employer=(right * branch.employer).sum(axis=(0, 1)) if payer == "scheme" else np.zeros(inputs.years),
        differences=tuple(differences),
    )


def _split(entrants: Array, departure: Array, wait: int, insured: Array) -> tuple[Array, Array]:
    """Person-years past the waiting period, and inside it."""
    inside = in_waiting(entrants, departure, wait, insured)
    return insured - inside, inside


def opened(inputs: BranchInputs, corridor: CorridorExposure, rules: tuple[QualifyingRule, ...], foreign_facts: bool) -> tuple[Array, Array]:
    """Person-years of a corridor inside the waiting period, and those of them that partner periods take out of it [sex, row, year].

    How they are counted: entrants covered in each of the last years times the part of the year that a person entering evenly over it spends
    with fewer than the months needed, less what own recent months still ask for, times the share with enough periods in the partner.
    """
    inside = in_waiting(corridor.entrants, inputs.departure, months_to_wait(rules), corridor.insured)
    left = in_waiting(corridor.entrants, inputs.departure, months_left(rules, foreign_facts), corridor.insured)
    return inside, corridor.prior * np.maximum(inside - left, 0.0)


def _cash_differences(
    inputs: BranchInputs, laws: Sequence[SchemeLaw], branch: CashBranch, instrument: Instrument, corridor: CorridorExposure
) -> list[Difference]:
    rules = corridor_rules(inputs, corridor, instrument, branch.name)
    share = rights_share(laws, corridor.role)
    equal = np.maximum(share, rules.equality)
    inside, taken_out = opened(inputs, corridor, branch.rules, rules.instrument.provisions.totalisation.foreign_facts)
    claimed = rules.totalises * rules.take_up * taken_out

    def total(rights: Array, gained: Array) -> Array:
        past, waiting = corridor.insured - inside + gained, inside - gained
        result: Array = (rights * (past * branch.benefit + waiting * branch.in_waiting + corridor.insured * branch.grant)).sum(axis=(0, 1))
        return result

    none = np.zeros_like(inside)
    steps = [("equality_of_treatment", total(equal, none)), ("waiting_period", total(equal, claimed))]
    start = total(share, none)
    cases = {
        "equality_of_treatment": ((equal - share) * (corridor.insured - inside) * branch.cases).sum(axis=(0, 1)),
        "waiting_period": (equal * claimed * branch.cases).sum(axis=(0, 1)),
    }
    return [Difference(corridor.partner, corridor.role, cause, amount, cases[cause]) for cause, amount in rungs(steps, start)]


def unemployment_account(inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, instrument: Instrument) -> BranchAccount:
    """Unemployment benefit and refunds to those insured too short. Raises ``ValueError`` in a year without rules."""
    rules = [unemployment.unemployment_law(law) for law in laws]
    levies = tuple(rule.levy for rule in rules)
    pay = assessable(inputs, laws, levies)
    spells, shares = np.asarray(basis.unemployment_duration.points), np.asarray(basis.unemployment_duration.shares)
    wait = months_to_wait((rules[0].qualifying,))
    claims, benefit, refund = np.zeros_like(pay), np.zeros_like(pay), np.zeros_like(pay)
    foreign = np.zeros(inputs.years)
    for t, law in enumerate(laws):
        monthly = pay[:, :, t, None] / MONTHS
        claims[:, :, t] = basis.unemployment_incidence * unemployment.may_claim(law, inputs.ages)
        benefit[:, :, t] = unemployment.benefit(law, monthly, spells) @ shares
        paid_in = law.contribution_rate * pay[:, :, t] * 0.5 * wait / MONTHS
        refund[:, :, t] = unemployment.refund(law, 0.5 * wait, paid_in) if wait else 0.0
        foreign[t] = float(not rules[t].citizens_only)
    past, inside = _split(inputs.entrants, inputs.departure, wait, inputs.insured)
    differences: list[Difference] = []
    refunds, cash, cases = inside * claims * refund, past * claims * benefit, past * claims
    for corridor in inputs.corridors:
        scheme_share = rights_share(laws, corridor.role)
        share = scheme_share if corridor.role == "origin" else scheme_share * foreign
        own, found = _unemployed_movers(inputs, laws, basis, instrument, corridor, (claims, benefit, refund, share))
        cash, refunds, cases = cash + own[0], refunds + own[1], cases + own[2]
        differences += found
    people = inputs.everybody
    earnings = (people * pay).sum(axis=(0, 1))
    return BranchAccount(
        branch="unemployment",
        payer="scheme",
        insured=people.sum(axis=(0, 1)),
        earnings=earnings,
        levy=np.array([levy.rate for levy in levies]) * earnings,
        cases=cases.sum(axis=(0, 1)),
        parts={"benefits": cash.sum(axis=(0, 1)), "refunds": refunds.sum(axis=(0, 1))},
        employer=np.zeros(inputs.years),
        differences=tuple(differences),
    )


def _unemployed_movers(
    inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, instrument: Instrument, corridor: CorridorExposure,
    unit: tuple[Array, Array, Array, Array],
) -> tuple[tuple[Array, Array, Array], list[Difference]]:  # fmt: skip
    """Benefits, refunds and claims of one corridor without the instrument, and the differences."""
    claims, benefit, refund, share = unit
    rules = corridor_rules(inputs, corridor, instrument, "unemployment")
    terms = rules.instrument.provisions
    equal = np.maximum(share, rules.equality)
    inside, taken_out = opened(inputs, corridor, (unemployment.unemployment_law(laws[0]).qualifying,), terms.totalisation.foreign_facts)
    claimed = rules.totalises * rules.take_up * taken_out
    leaving = basis.unemployed_leaving_share if corridor.role == "host" else 0.0
    months = float(terms.unemployment.export_months) if terms.unemployment is not None else 0.0
    spells = basis.unemployment_duration
    abroad = np.zeros_like(benefit)
    for t, law in enumerate(laws):
        exported = np.array([unemployment.months_payable(m, m, months) for m in spells.points])
        abroad[:, :, t] = unemployment.benefit(law, inputs.pay[:, :, t, None] / MONTHS, exported) @ np.asarray(spells.shares)
    abroad = leaving * rules.exports * np.minimum(abroad, benefit)
    late = rules.take_up * abroad
    home = (1.0 - leaving) * benefit
    none = np.zeros_like(inside)

    def cash(rights: Array, gained: Array, paid: Array) -> Array:
        result: Array = rights * (corridor.insured - inside + gained) * claims * paid
        return result

    def refunds(rights: Array, gained: Array) -> Array:
        result: Array = rights * (inside - gained) * claims * refund
        return result

    def total(rights: Array, gained: Array) -> Array:
        result: Array = (cash(rights, gained, home) + refunds(rights, gained)).sum(axis=(0, 1))
        return result

    # Those who claimed by totalisation already deal with two institutions: they claim the export too.
    exported_cash = cash(equal, none, late) + equal * claimed * claims * abroad
    steps = [
        ("equality_of_treatment", total(equal, none)),
        ("waiting_period", total(equal, claimed)),
        ("benefit_exported", total(equal, claimed) + exported_cash.sum(axis=(0, 1))),
    ]
    cases = {
        "equality_of_treatment": ((equal - share) * (corridor.insured - inside) * claims).sum(axis=(0, 1)),
        "waiting_period": (equal * claimed * claims).sum(axis=(0, 1)),
        "benefit_exported": np.zeros(inputs.years),
    }
    found = [Difference(corridor.partner, corridor.role, cause, amount, cases[cause]) for cause, amount in rungs(steps, total(share, none))]
    return (cash(share, none, home), refunds(share, none), share * (corridor.insured - inside) * claims), found
