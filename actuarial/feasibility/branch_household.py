"""Health and family allowances by year: branches whose cost lies with dependants, and in which it matters where these live.

1. Health: members are the insured in the health body and their dependants (members per contributor of the law). The cost per member is that of
   the first year, carried forward with prices and the growth of the cost of care above them; levies follow the law.
2. Dependants of a mover who stay in the origin country are not treated there on the host's account. An instrument with a health provision has
   the origin give care by its own law at its own cost; the host repays all of it (actual), all less the abatement (fixed) or nothing (none).
   What is not repaid stays with the origin.
3. Family: children by insured person past the qualifying period. A law that asks for the child's residence pays nothing for those left at home;
   with a family provision the state with priority pays and the other adds the difference to its own amount where the instrument says so. A state
   without family allowances pays nothing, and the other its whole amount.
4. Both sides of a corridor compute the same people from the same figures, so that repayments between two schemes cancel.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from actuarial.basis.branch_costs import BranchCostBasis, of_scheme
from actuarial.basis.dimensions import Array
from actuarial.basis.instrument import Instrument
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.feasibility.branch_cash import assessable, opened
from actuarial.feasibility.branch_injury import children_per_insured
from actuarial.feasibility.branch_inputs import (
    BranchAccount,
    BranchInputs,
    CorridorExposure,
    CorridorRules,
    Difference,
    corridor_rules,
    in_waiting,
    months_to_wait,
    rights_share,
    rungs,
)
from actuarial.finance.branch_costs import health_cost
from actuarial.provisions import family, health
from actuarial.provisions.coordination_branches import differential_supplement, reimbursement


def health_account(inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, instrument: Instrument) -> BranchAccount:
    """Contributions to health insurance and cost of care of the insured and their dependants. Raises ``ValueError`` in a year without rules."""
    everybody, membership = inputs.everybody, of_scheme(basis.health_membership, inputs.scheme)
    insured = everybody.sum(axis=(0, 1))
    levy = np.zeros(inputs.years)
    for t, law in enumerate(laws):
        for rule in health.health_law(law).levies:
            paying = basis.levy_share.get(inputs.scheme, {}).get(rule.title, membership)
            each = health.contribution(rule, inputs.pay[:, :, t]) + health.household_premium(rule, rule_members(law))
            levy[t] += paying * float((everybody[:, :, t] * each).sum())
    members = membership * rule_members_by_year(laws)
    unit = unit_cost(laws, inputs.inflation, basis)
    stayers = inputs.insured.sum(axis=(0, 1)) * members
    dependants = rule_members_by_year(laws) - 1.0
    own: Array = np.zeros(inputs.years)
    differences: list[Difference] = []
    for corridor in inputs.corridors:
        people = corridor.insured.sum(axis=(0, 1))
        here = 1.0 if corridor.role == "origin" else 1.0 - basis.dependants_at_home
        per_head = membership * (1.0 + dependants * here)
        rules = corridor_rules(inputs, corridor, instrument, "health")
        share = rights_share(laws, corridor.role)
        equal = np.maximum(share, rules.equality)
        own = own + share * people * per_head
        gained = (equal - share) * people * per_head
        differences.append(Difference(corridor.partner, corridor.role, "equality_of_treatment", gained * unit, gained))
        differences += _dependants(inputs, laws, basis, corridor, rules)
    return BranchAccount(
        branch="health",
        payer="scheme",
        insured=insured,
        earnings=(everybody * inputs.pay).sum(axis=(0, 1)),
        levy=levy,
        cases=stayers + own,
        parts={"care": (stayers + own) * unit},
        employer=np.zeros(inputs.years),
        differences=tuple(differences),
    )


def rule_members(law: SchemeLaw) -> float:
    """Members per contributor, the contributor included."""
    return health.health_law(law).members_per_contributor


def rule_members_by_year(laws: Sequence[SchemeLaw]) -> Array:
    """The same [year]."""
    return np.array([rule_members(law) for law in laws])


def unit_cost(laws: Sequence[SchemeLaw], inflation: Array, basis: BranchCostBasis) -> Array:
    """Cost of care per member [year]: that of the first year, carried forward by prices and growth above them."""
    growth = (1.0 + inflation) * (1.0 + basis.medical_growth_above_prices) - 1.0
    growth[0] = 0.0
    return health_cost(np.ones((1, len(laws))), 1.0, health.health_law(laws[0]).unit_cost, growth)


def _dependants(
    inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, corridor: CorridorExposure, rules: CorridorRules
) -> list[Difference]:
    """Care of dependants whom movers left in the origin country: what the host repays, what the origin gives and gets back."""
    terms, partner = rules.instrument.provisions.health, corridor.partner_laws
    if terms is None or any(law.health is None for law in partner):
        return []
    repaid = {"actual": 1.0, "fixed": reimbursement(1.0, terms.abatement), "none": 0.0}[terms.reimbursement]
    active = rules.covers * rules.take_up * basis.dependants_at_home
    if corridor.role == "host":
        people, host, scheme = corridor.insured, laws, inputs.scheme
        price = unit_cost(partner, corridor.partner_inflation, basis) * corridor.exchange
    else:
        people, host, scheme = corridor.partner_insured, partner, partner[0].scheme_id
        price = unit_cost(laws, inputs.inflation, basis)
    members = people.sum(axis=(0, 1)) * of_scheme(basis.health_membership, scheme) * (rule_members_by_year(host) - 1.0) * active
    care, nothing = members * price, np.zeros(inputs.years)
    if corridor.role == "host":
        return [Difference(corridor.partner, "host", "dependants_abroad", repaid * care, members)]
    given = Difference(corridor.partner, "origin", "care_given", care, members)
    return [given, Difference(corridor.partner, "origin", "care_repaid", -repaid * care, nothing)]


def family_account(inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, instrument: Instrument) -> BranchAccount:
    """Allowances per child. Raises ``ValueError`` in a year without rules."""
    rules = [family.family_law(law) for law in laws]
    levies = [rule.levy for rule in rules]
    pay = assessable(inputs, laws, levies)
    children = _children(inputs, basis, inputs.scheme)
    amount = np.array([rule.per_child for rule in rules])
    waits = (rules[0].qualifying,)
    inside = in_waiting(inputs.entrants, inputs.departure, months_to_wait(waits), inputs.insured)
    paid = ((inputs.insured - inside) * children).sum(axis=(0, 1))
    differences: list[Difference] = []
    for corridor in inputs.corridors:
        own, found = _family_corridor(inputs, laws, basis, instrument, corridor, (children, amount))
        paid = paid + own
        differences += found
    everybody = inputs.everybody
    earnings = (everybody * pay).sum(axis=(0, 1))
    return BranchAccount(
        branch="family",
        payer="scheme",
        insured=everybody.sum(axis=(0, 1)),
        earnings=earnings,
        levy=np.array([levy.rate for levy in levies]) * earnings,
        cases=paid,
        parts={"allowances": paid * amount},
        employer=np.zeros(inputs.years),
        differences=tuple(differences),
    )


def _children(inputs: BranchInputs, basis: BranchCostBasis, scheme: str) -> Array:
    """Children with a right per insured person: the scheme's own figure first, then those given, then the default."""
    own = basis.children.get(scheme)
    return np.full_like(inputs.insured, own) if own is not None else children_per_insured(inputs, basis, basis.children["default"])


def _family_corridor(
    inputs: BranchInputs, laws: Sequence[SchemeLaw], basis: BranchCostBasis, instrument: Instrument, corridor: CorridorExposure,
    unit: tuple[Array, Array],
) -> tuple[Array, list[Difference]]:  # fmt: skip
    """Children paid for in one corridor without the instrument, and the differences."""
    children, amount = unit
    rules = corridor_rules(inputs, corridor, instrument, "family")
    terms = rules.instrument.provisions
    share = rights_share(laws, corridor.role)
    equal = np.maximum(share, rules.equality)
    inside, taken_out = opened(inputs, corridor, (family.family_law(laws[0]).qualifying,), terms.totalisation.foreign_facts)
    claimed = rules.totalises * rules.take_up * taken_out
    away = basis.dependants_at_home if corridor.role == "host" else 0.0
    counted = np.array([float(family.children_counted(law, 1.0 - away, away)) for law in laws])
    none = np.zeros_like(inside)

    def total(rights: Array, gained: Array) -> Array:
        result: Array = (rights * (corridor.insured - inside + gained) * children).sum(axis=(0, 1))
        return result

    levels = [("equality_of_treatment", total(equal, none)), ("waiting_period", total(equal, claimed))]
    start = total(share, none)
    found = [
        Difference(corridor.partner, corridor.role, cause, heads * counted * amount, heads * counted) for cause, heads in rungs(levels, start)
    ]
    if terms.family is not None:
        elsewhere = np.array([0.0 if law.family is None else law.family.per_child for law in corridor.partner_laws]) * corridor.exchange
        first = (terms.family.priority == "employment") == (corridor.role == "host")
        if corridor.role == "host":
            # Those who claimed by totalisation already deal with two institutions: they claim for these children too.
            own, by_partner = total(equal, none), total(equal, claimed) - total(equal, none)
            heads = rules.covers * (1.0 - counted) * (rules.take_up * own + by_partner)
        else:
            heads = rules.covers * rules.take_up * basis.dependants_at_home * _abroad(inputs, basis, corridor)
        each = amount if first else _second(amount, elsewhere, terms.family.supplement)
        found.append(Difference(corridor.partner, corridor.role, "children_abroad", heads * each, heads))
    return start * counted, found


def _abroad(inputs: BranchInputs, basis: BranchCostBasis, corridor: CorridorExposure) -> Array:
    """Children of the corridor's movers insured in a partner that has family allowances [year]; none where it has no such branch."""
    has = np.array([float(law.family is not None) for law in corridor.partner_laws])
    children = _children(inputs, basis, corridor.partner_laws[0].scheme_id)
    heads: Array = has * (corridor.partner_insured * children).sum(axis=(0, 1))
    return heads


def _second(amount: Array, elsewhere: Array, supplement: bool) -> Array:
    """What the second state pays per child: the difference to its own amount where it owes one, all of it where the first state has no allowance."""
    each = np.array([differential_supplement(own, other) for own, other in zip(amount.tolist(), elsewhere.tolist(), strict=True)])
    result: Array = np.where(elsewhere == 0.0, amount, each if supplement else 0.0)
    return result
