"""Coordination of the other branches: who pays, and how much, for one person's case.

| contingency | rule | source |
|---|---|---|
| invalidity, type A | the state of onset pays the whole; a career with both types is paid pro rata by all | 883/2004 Articles 44 to 46 |
| survivors | the deceased's periods, pro rata, then each national share | C157 Article 8 |
| employment injury | the state competent at the event pays, and exports | C19, 883/2004 |
| occupational disease | the last state of exposure, or all by length of exposure | C157 Article 8 |
| sickness, maternity, unemployment | periods are added for the qualifying period; the competent state pays | 883/2004 |
| health in kind | care by the law of residence at the cost of the competent state: actual cost, or a fixed amount | 987/2009 Articles 62 to 64 |
| family | the state of employment (or of residence) first; the other the difference | 883/2004 Article 68 |
| funeral | one payer: state of residence or last state | 883/2004 Article 42 |

Articles are recalled unless an instrument's file says otherwise. The competent state is the one of last insurance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from actuarial.basis.case import Contingency
from actuarial.provisions.claim import Claim, Formula, Leg, StateAmount, Step, Trail, count, money
from actuarial.provisions.coordination_case import counting_states, decide, last_state
from actuarial.provisions.event_formula import EventFormula


@dataclass(frozen=True)
class EventFacts:
    """Facts of the event that periods do not tell.

    invalidity_types  kind of invalidity pension by state (``A``: independent of length; ``B``: rising with it), if not the instrument's
    exposure          months of exposure to the risk of an occupational disease by state
    """

    invalidity_types: Mapping[str, str] = field(default_factory=dict)
    exposure: Mapping[str, int] = field(default_factory=dict)


def decide_contingency(claim: Claim, contingency: Contingency, facts: EventFacts | None = None) -> tuple[StateAmount, ...]:
    """Answer of every scheme for a contingency. Raises ``ValueError`` for a fact that is needed and missing."""
    facts = EventFacts() if facts is None else facts
    if contingency == "old_age" or not claim.totalise and contingency in ("invalidity", "survivors"):
        return decide(claim)
    if contingency == "invalidity":
        return invalidity(claim, facts)
    if contingency == "survivors":
        return survivors(claim)
    if contingency == "occupational_disease":
        return occupational_disease(claim, facts)
    if contingency == "family":
        return family(claim)
    if contingency == "health":
        return health(claim)
    if contingency == "funeral":
        return funeral(claim)
    return competent_state(claim, contingency)


def invalidity(claim: Claim, facts: EventFacts) -> tuple[StateAmount, ...]:
    """Type A or B; without a provision on invalidity, each scheme by national law."""
    rule = claim.provisions.invalidity
    if rule is None:
        return decide(replace(claim, totalise=False))
    taking_part = [leg for leg in claim.legs if leg.kind == "pension" and leg.member and claim.own(leg) > 0]
    types = {leg.state: facts.invalidity_types.get(leg.state, rule.type) for leg in taking_part}
    if not taking_part or set(types.values()) != {"A"}:
        note = "Each state pays by its periods" if set(types.values()) <= {"B"} else "The career has both types, so each state pays by its periods"
        return tuple(replace(a, steps=(Step(f"{note}.", "invalidity.type: B (883/2004 Article 46)"), *a.steps)) for a in decide(claim))
    return _one(claim, last_state(claim), "the state of onset", "invalidity.type: A (883/2004 Article 44)")


def survivors(claim: Claim) -> tuple[StateAmount, ...]:
    """Rights derived from the deceased's periods, as old age is decided."""
    rule = claim.provisions.survivors
    if rule is None or not rule.on_deceased_periods:
        return decide(replace(claim, totalise=False))
    return decide(claim)


def competent_state(claim: Claim, contingency: Contingency) -> tuple[StateAmount, ...]:
    """The state of last insurance pays by its own law; periods elsewhere help with the qualifying period, injury needs none."""
    last = _last(claim)
    return _one(claim, last, "the competent state", f"{contingency.replace('_', ' ')}: competence of the last state of insurance")


def funeral(claim: Claim) -> tuple[StateAmount, ...]:
    """A single payer, so that no two states pay for one funeral; each by itself without a provision."""
    rule = claim.provisions.funeral
    if rule is None or not claim.applies:
        return each_alone(claim)
    payer = claim.residence if rule.payer == "residence" and claim.leg(claim.residence) is not None else _last(claim)
    return _one(claim, payer, "the single payer", f"funeral.payer: {rule.payer}")


def each_alone(claim: Claim) -> tuple[StateAmount, ...]:
    """Every scheme that knows the person pays by its own law: what happens to one event without a rule on the payer."""
    answers = []
    for leg in claim.legs:
        own, trail = claim.own(leg), Trail()
        right = leg.formula is not None and own > 0 and own >= leg.formula.needed and leg.conditions_own
        amount = leg.formula.independent(own) if leg.formula is not None and right else 0.0
        text = f"Pays by its own law: {money(amount, leg.currency)}." if amount else "Nothing is payable here."
        answers.append(_answer(leg, own, own, right, False, amount, amount, 0.0, text, trail, "national law; no rule on a single payer"))
    return tuple(answers)


def _last(claim: Claim) -> str:
    insured = [leg for leg in claim.legs if claim.own(leg) > 0]
    return last_state(claim) or (max(insured, key=lambda leg: leg.order).state if insured else "")


def _one(claim: Claim, payer: str, role: str, rule: str) -> tuple[StateAmount, ...]:
    """One scheme pays the amount of its own law; the qualifying period may be met with periods elsewhere."""
    answers = []
    for leg in claim.legs:
        own, trail = claim.own(leg), Trail()
        right = claim.combine(counting_states(claim, leg)).right if claim.totalise and leg.member else own
        formula = leg.formula if leg.state != payer else _formula(leg)
        if leg.state != payer or formula is None:
            text = f"Nothing is payable here: {payer or 'no state'} is {role}."
            answers.append(_answer(leg, own, right, False, False, None, 0.0, 0.0, text, trail, rule))
            continue
        alone = own >= formula.needed and leg.conditions_own
        met = leg.conditions_foreign if claim.provisions.totalisation.foreign_facts else leg.conditions_own
        together = not alone and claim.totalise and right >= formula.needed and met
        trail.say(f"Own periods {count(own)}, together {count(right)}; {count(Fraction(formula.needed))} are needed.", "qualifying period")
        amount = formula.independent(own) if alone or together else 0.0
        lump = 0.0 if alone or together else formula.settlement(own)
        text = f"{payer} is {role} and pays by its own law: {money(amount, leg.currency)}."
        if not alone and not together:
            text = f"{payer} is {role}, but the conditions are not met." + (f" {leg.not_yet}" if leg.not_yet else "")
            text += f" Paid back once: {money(lump, leg.currency)}." if lump else ""
        elif isinstance(formula, EventFormula):
            trail.say(formula.words(), f"law of {leg.scheme}")
        paid, lump = _paid(formula, amount, lump)
        answers.append(_answer(leg, own, right, alone, together, amount, paid, lump, text, trail, rule))
    return tuple(answers)


def _formula(leg: Leg) -> Formula | None:
    """Formula of a scheme that has to pay. Raises ``ValueError`` where its law has no rules of the branch."""
    if leg.missing:
        raise ValueError(f"states.{leg.state}.scheme: {leg.missing}")
    return leg.formula


def _paid(formula: Formula | None, amount: float, lump: float) -> tuple[float, float]:
    """Amount as it is paid: as a benefit, or in a single payment."""
    return (0.0, lump + amount) if isinstance(formula, EventFormula) and amount and formula.once else (amount, lump)


def occupational_disease(claim: Claim, facts: EventFacts) -> tuple[StateAmount, ...]:
    """The last state of exposure pays the whole, or every state of exposure its share of its own amount."""
    rule = claim.provisions.occupational_disease
    exposed = [leg for leg in claim.legs if facts.exposure.get(leg.state, 0) > 0 and (leg.formula is not None or leg.missing)]
    if not exposed:
        raise ValueError("states: exposure_months is missing; an occupational disease needs the months of exposure in at least one state")
    if rule is None or not claim.totalise or rule.payer == "last_exposure":
        return _one(claim, max(exposed, key=lambda leg: leg.order).state, "the last state of exposure", "occupational_disease.payer: last_exposure")
    shares = exposure_shares({leg.state: facts.exposure[leg.state] for leg in exposed})
    answers = []
    for leg in claim.legs:
        own, trail, share = claim.own(leg), Trail(), shares.get(leg.state, Fraction(0))
        formula = _formula(leg) if share else None
        full = 0.0 if formula is None else formula.independent(own)
        amount = full * float(share)
        text = f"Share by exposure {share.numerator}/{share.denominator} of {money(full, leg.currency)}: {money(amount, leg.currency)}."
        if isinstance(formula, EventFormula):
            trail.say(formula.words(), f"law of {leg.scheme}")
        answer = _answer(leg, own, own, share > 0, False, full, *_paid(formula, amount, 0.0), text, trail, "occupational_disease.payer: shared")
        answers.append(replace(answer, ratio=share, pro_rata=amount))
    return tuple(answers)


def exposure_shares(months: Mapping[str, int]) -> dict[str, Fraction]:
    """Shares by length of exposure; they sum to one.

    >>> exposure_shares({"A": 36, "B": 12})
    {'A': Fraction(3, 4), 'B': Fraction(1, 4)}
    """
    total = sum(months.values())
    return {state: Fraction(own, total) for state, own in months.items()}


def health(claim: Claim) -> tuple[StateAmount, ...]:
    """Care by the state of residence, reimbursed by the competent state; the amounts given are the cost of care in each state."""
    rule, provider, payer = claim.provisions.health, claim.leg(claim.residence), claim.leg(_last(claim))
    if rule is None or not claim.totalise or rule.reimbursement == "none" or provider is None or payer is None or _formula(provider) is None:
        return _one(claim, claim.residence or _last(claim), "the state that gives the care", "health.reimbursement: none")
    assert provider.formula is not None
    cost = provider.formula.independent(claim.own(provider))
    due = reimbursement(cost, rule.abatement if rule.reimbursement == "fixed" else 0.0)
    answers = []
    for leg in claim.legs:
        own, trail, same = claim.own(leg), Trail(), payer.state == provider.state
        if leg.state == provider.state:
            text = f"Care is given by the law of {leg.state} at a cost of {money(cost, leg.currency)}; "
            text += "it is the competent state itself." if same else f"{payer.state} reimburses {money(due, leg.currency)}."
            borne, paid = (cost if same else cost - due), cost
        elif leg.state == payer.state:
            borne, paid = claim.converted(due, provider.currency, leg.currency), 0.0
            text = f"The competent state reimburses {provider.state}: {money(borne, leg.currency)}."
        else:
            borne, paid, text = 0.0, 0.0, "Nothing is payable here."
        answer = _answer(leg, own, own, paid > 0, False, None, paid, 0.0, text, trail, f"health.reimbursement: {rule.reimbursement}")
        answers.append(replace(answer, borne=borne))
    return tuple(answers)


def reimbursement(cost: float, abatement: float) -> float:
    """Reimbursement between states: the cost less the abatement of fixed amounts.

    >>> reimbursement(1000.0, 0.2)
    800.0
    """
    return cost * (1.0 - abatement)


def fixed_amount(average_yearly_cost: float, person_months: float, abatement: float) -> float:
    """Fixed amount for a group: average yearly cost / 12 x person-months x (1 - abatement).

    >>> fixed_amount(1200.0, 24.0, 0.2)
    1920.0
    """
    return reimbursement(average_yearly_cost / 12.0 * person_months, abatement)


def family(claim: Claim) -> tuple[StateAmount, ...]:
    """The state with priority pays its amount, the other one what its own exceeds it by (in its own currency)."""
    rule = claim.provisions.family
    work, home = claim.leg(_last(claim)), claim.leg(claim.residence)
    if rule is None or not claim.totalise or work is None or home is None or work.state == home.state:
        return _one(claim, _last(claim), "the state of employment", "family: competence of employment")
    first, second = (work, home) if rule.priority == "employment" else (home, work)
    answers = []
    for leg in claim.legs:
        own, trail = claim.own(leg), Trail()
        amount, text = 0.0, "Nothing is payable here."
        formula = _formula(leg) if leg.state in (first.state, second.state) else None
        full = 0.0 if formula is None else formula.independent(own)
        if isinstance(formula, EventFormula):
            trail.say(formula.words(), f"law of {leg.scheme}")
            if claim.combine(counting_states(claim, leg)).right < formula.needed:
                full = 0.0
                trail.say(f"{count(Fraction(formula.needed))} are needed, with periods elsewhere.", "qualifying period")
        if leg.state == first.state:
            amount, text = full, f"First payer by the order of priority: {money(full, leg.currency)}."
        elif leg.state == second.state and rule.supplement and first.formula is not None:
            paid = claim.converted(first.formula.independent(claim.own(first)), first.currency, leg.currency)
            amount = differential_supplement(full, paid)
            text = f"Second payer: {money(full, leg.currency)} less {money(paid, leg.currency)} of {first.state}: {money(amount, leg.currency)}."
        answers.append(_answer(leg, own, own, amount > 0, False, full or None, amount, 0.0, text, trail, f"family.priority: {rule.priority}"))
    return tuple(answers)


def differential_supplement(own_amount: float, paid_elsewhere: float) -> float:
    """What the second state adds: its own amount less what the first one pays, never below zero.

    >>> differential_supplement(100.0, 60.0), differential_supplement(50.0, 60.0)
    (40.0, 0.0)
    """
    return max(own_amount - paid_elsewhere, 0.0)


def _answer(
    leg: Leg, own: Fraction, right: Fraction, alone: bool, together: bool, independent: float | None, payable: float, lump: float, text: str,
    trail: Trail, rule: str,
) -> StateAmount:  # fmt: skip
    trail.say(text, rule)
    if payable and not leg.exportable:
        payable, text = 0.0, f"{text} It is not paid to a resident of another state."
        trail.say(text, "no export")
    return StateAmount(
        leg.state, leg.scheme, leg.currency, own, right, alone, together, independent, None, None, None, payable, lump, text, tuple(trail.steps),
        payable + lump,
    )  # fmt: skip
