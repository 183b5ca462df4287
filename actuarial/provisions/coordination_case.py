"""Pensions of one person over any number of schemes: every step of the decision, with the rule it rests on.

Order of the steps, for each scheme: own months, right by own months, months that count together, right by totalisation, independent amount,
theoretical amount, ratio, pro rata, amount payable, minimum, export, rounding. Rights and amounts are decided by the same
:func:`~actuarial.provisions.coordination.opened` and :func:`~actuarial.provisions.coordination.payable` as in the projection.

Methods in which one scheme pays for all, or money moves between schemes, are in :mod:`actuarial.provisions.coordination_schemes`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np

from actuarial.basis.instrument_provisions import Rounding
from actuarial.provisions.claim import Claim, Leg, StateAmount, Trail, count, money, of
from actuarial.provisions.coordination import SCHEME_BY_SCHEME, AwardRules, denominator, opened, payable
from actuarial.provisions.coordination_schemes import home_scheme, integration, transfer

Between = Callable[[Claim], tuple[StateAmount, ...]]


def decide(claim: Claim) -> tuple[StateAmount, ...]:
    """Answer of every scheme, in the order of the legs. Raises ``ValueError`` for a fact the method needs and the case does not give."""
    method = claim.provisions.amount.method
    between: dict[str, Between] = {
        "integration_residence": lambda c: integration(c, c.residence, by_scheme),
        "integration_last": lambda c: integration(c, last_state(c), by_scheme),
        "transfer": lambda c: transfer(c, last_state(c), by_scheme),
        "home": lambda c: home_scheme(c, by_scheme),
    }
    if claim.applies and method in between and (claim.totalise or method in ("transfer", "home")):
        found = between[method](claim)
    elif claim.applies and claim.provisions.account_schemes.policy == "transfer" and any(_moves(leg) for leg in claim.legs):
        found = transfer(claim, last_pension_state(claim), by_scheme, accounts_only=True)
    else:
        found = by_scheme(claim)
    found = _whole_by_last_state(claim, found)
    found = _residence_top_up(claim, found)
    return tuple(_finished(claim, leg, amount) for leg, amount in zip(claim.legs, found, strict=True))


def by_scheme(claim: Claim) -> tuple[StateAmount, ...]:
    """Each scheme for itself."""
    return tuple(scheme_amount(claim, leg) for leg in claim.legs)


def rules_of_claim(claim: Claim) -> AwardRules:
    """The instrument's rules on one award, as the projection's."""
    p = claim.provisions
    method = p.amount.method if p.amount.method in SCHEME_BY_SCHEME else "none"
    return AwardRules(
        equal_treatment=p.equality_of_treatment,
        export=p.export,
        totalise=claim.totalise,
        min_own_months=p.totalisation.min_own_months,
        method=method if claim.totalise else "none",
        denominator=p.amount.denominator,
        short_periods=p.totalisation.short_periods,
        minimum=p.minimum_pension.policy == "before",
        top_up=p.minimum_pension.top_up == "paying_state",
    )


def last_state(claim: Claim) -> str:
    """State of last insurance among those that take part."""
    taking_part = [leg for leg in claim.legs if leg.member and claim.own(leg) > 0]
    return max(taking_part, key=lambda leg: leg.order).state if taking_part else ""


def last_pension_state(claim: Claim) -> str:
    """State of last insurance among those with a pension scheme."""
    pensions = [leg for leg in claim.legs if leg.member and leg.kind == "pension" and claim.own(leg) > 0]
    return max(pensions, key=lambda leg: leg.order).state if pensions else ""


def scheme_amount(claim: Claim, leg: Leg) -> StateAmount:
    """One scheme's answer, under a method decided scheme by scheme."""
    if leg.kind == "none":
        return no_scheme(claim, leg)
    if leg.kind == "account":
        return account_amount(claim, leg)
    if not leg.member or not claim.totalise:
        return pension_amount(claim, leg, pool=frozenset([leg.state]))
    counting = counting_states(claim, leg)
    if claim.provisions.totalisation.structure == "bilateral_web" and len(counting) > 2:
        webs = [pension_amount(claim, leg, pool=frozenset([leg.state, other])) for other in sorted(counting - {leg.state})]
        best = max(webs, key=lambda amount: amount.payable)
        text = f"Each treaty is applied by itself; the best of {len(webs)} pays {money(best.payable, leg.currency)}."
        trail = Trail()
        trail.say(text, "totalisation.structure: bilateral_web")
        return replace(best, steps=(*best.steps, *trail.steps))
    return pension_amount(claim, leg, pool=counting)


def counting_states(claim: Claim, leg: Leg) -> frozenset[str]:
    """States whose months count for a scheme: members whose months count, outsiders only where the instrument lets them."""
    rule = claim.provisions.totalisation
    others = {
        o.state
        for o in claim.legs
        if o.counts and o.state != leg.state and (o.member or rule.third_states) and not (rule.short_periods == "not_counted" and is_short(claim, o))
    }
    return frozenset(others | {leg.state})


def is_short(claim: Claim, leg: Leg) -> bool:
    """Whether a scheme's months lie below the minimum own period and open no right by themselves."""
    own = claim.own(leg)
    alone = leg.formula is not None and own >= leg.formula.needed and own > 0
    return own < claim.provisions.totalisation.min_own_months and not alone


def pension_amount(claim: Claim, leg: Leg, pool: frozenset[str]) -> StateAmount:
    """Pension of one scheme when the months of ``pool`` count together."""
    assert leg.formula is not None
    formula, rules, trail = leg.formula, rules_of_claim(claim), Trail()
    if not leg.member:
        rules = AwardRules()
    both = claim.combine(pool)
    national, own, total, right = claim.own(leg), both.own.get(leg.state, Fraction(0)), both.total, both.right
    by_months = bool(opened(float(national), float(national), formula.needed, AwardRules())[0])
    by_total = opened(float(own), float(right), formula.needed, rules)[1]
    met_abroad = leg.conditions_foreign if claim.provisions.totalisation.foreign_facts else leg.conditions_own
    alone = by_months and leg.conditions_own
    together = not alone and (bool(by_total) or (by_months and rules.totalise and rules.method != "none")) and met_abroad
    trail.say(f"Own periods: {count(national)}.", "periods of the case")
    trail.say(
        f"The national law asks for {count(Fraction(formula.needed))}: own periods {'suffice' if by_months else 'do not suffice'}."
        + ("" if leg.conditions_own else " A further condition of the national law is not met by facts in this state."),
        f"qualifying period of {leg.scheme}",
    )
    if rules.totalise and rules.method != "none":
        _say_total(trail, claim, leg, pool, own, right, alone, together)
    independent = formula.independent(national) if alone else 0.0
    if alone:
        trail.say(f"Independent amount on own periods: {money(independent, leg.currency)}.", f"formula of {leg.scheme}")
    theoretical = ratio = coordinated = None
    if rules.totalise and rules.method != "none" and (alone or together) and not (leg.waived and alone):
        theoretical, ratio, coordinated = _coordinated(trail, claim, leg, rules, pool, own, total)
    elif leg.waived and alone:
        trail.say("Pro rata is not computed here: it is never higher than the independent amount.", "waiver (883/2004 Annex VIII part 1)")
    pension = _decided(leg, rules, alone, together, independent, coordinated)
    beside = _beside(trail, leg, own, both.outside.get(leg.state, Fraction(0)), coordinated) if pension == coordinated else 0.0
    lump = 0.0 if alone or together else formula.settlement(national)
    reason = _reason(leg, rules, own, alone, together, independent, coordinated, pension, lump, claim)
    trail.say(reason, f"amount.method: {rules.method}" if rules.totalise else "national law")
    return StateAmount(
        leg.state, leg.scheme, leg.currency, own, right, alone, together, independent, theoretical, ratio, coordinated, pension + beside, lump,
        reason, tuple(trail.steps), pension + beside + lump,
    )  # fmt: skip


def _beside(trail: Trail, leg: Leg, own: Fraction, outside: Fraction, coordinated: float | None) -> float:
    """Voluntary months overlapped by compulsory ones elsewhere: paid beside the coordinated pension by the scheme's own rule, not pro rata."""
    if outside == 0 or coordinated is None or leg.formula is None:
        return 0.0
    amount = leg.formula.theoretical(own + outside, minimum=False) - leg.formula.theoretical(own, minimum=False)
    text = f"{count(outside)} of voluntary insurance, overlapped by compulsory insurance elsewhere, are paid beside it without pro rata: "
    trail.say(f"{text}{money(amount, leg.currency)}.", "883/2004 Article 43(3), recalled")
    return amount


def _say_total(
    trail: Trail, claim: Claim, leg: Leg, pool: frozenset[str], own: Fraction, right: Fraction, alone: bool, together: bool
) -> None:
    rule = claim.provisions.totalisation
    trail.say(f"Together with {', '.join(sorted(pool - {leg.state})) or 'no other state'}: {count(right)}.", "totalisation")
    if not alone and not together and own < rule.min_own_months:
        text = f"Own periods lie below the minimum of {count(Fraction(rule.min_own_months))}: this scheme pays nothing by totalisation."
        trail.say(text, "totalisation.min_own_months")
    if together:
        trail.say("The right is opened by periods elsewhere.", "totalisation.enabled")


def _coordinated(
    trail: Trail, claim: Claim, leg: Leg, rules: AwardRules, pool: frozenset[str], own: Fraction, total: Fraction
) -> tuple[float, Fraction, float]:
    """Theoretical amount, ratio and pro rata (or the amount of the direct method), each with its step."""
    assert leg.formula is not None
    formula = leg.formula
    if rules.method in ("direct", "balance"):
        whole = max(own, Fraction(formula.needed))
        theoretical, ratio = formula.theoretical(whole, minimum=rules.minimum), own / whole
        amount = theoretical * float(ratio)
        text = f"Amount on own periods at the average accrual of {count(whole)}: {money(theoretical, leg.currency)} x {of(ratio, own, whole)}"
        trail.say(f"{text} = {money(amount, leg.currency)}.", f"amount.method: {rules.method}")
    else:
        theoretical = formula.theoretical(total, minimum=rules.minimum)
        trail.say(f"Theoretical amount, as if {count(total)} had been completed here: {money(theoretical, leg.currency)}.",
                  f"formula of {leg.scheme}; amount.earnings_basis: {claim.provisions.amount.earnings_basis}")  # fmt: skip
        whole = total
        short = {o.state for o in claim.legs if o.state in pool and o.state != leg.state and is_short(claim, o)}
        if rules.short_periods == "paid_by_others" and short:
            whole = claim.combine(pool - short).total
            text = f"Periods below the minimum ({', '.join(sorted(short))}) count in the theoretical amount, not in the ratio: {count(whole)}."
            trail.say(text, "totalisation.short_periods: paid_by_others (883/2004 Article 57(2), recalled)")
        whole = _capped(trail, leg, rules, own, whole)
        ratio = own / whole
        amount = theoretical * float(own) / float(whole)
        text = f"Pro rata: {money(theoretical, leg.currency)} x {of(ratio, own, whole)} = {money(amount, leg.currency)}."
        trail.say(text, f"own / denominator ({rules.denominator})")
    if rules.top_up and 0.0 < amount < formula.floor:
        trail.say(f"Lifted to the scheme's minimum pension of {money(formula.floor, leg.currency)}.", "minimum_pension.top_up: paying_state")
        amount = formula.floor
    return theoretical, ratio, amount


def _capped(trail: Trail, leg: Leg, rules: AwardRules, own: Fraction, whole: Fraction) -> Fraction:
    assert leg.formula is not None
    longest = leg.formula.longest
    if longest is None or denominator(float(own), float(whole), float(longest), rules.denominator) == float(whole):
        return whole
    trail.say(f"The maximum pension is reached with {count(longest)}: the ratio is measured by that, not by {count(whole)}.",
              "amount.denominator: max_period (883/2004 Article 56(1)(a), recalled)")  # fmt: skip
    return max(min(whole, longest), own)


def _decided(leg: Leg, rules: AwardRules, alone: bool, together: bool, independent: float, coordinated: float | None) -> float:
    """The pension by the shared rule; a claimant's own choice comes before it."""
    if rules.method == "option" and alone and leg.choice and coordinated is not None:
        return independent if leg.choice == "independent" else coordinated
    method = "separate_first" if coordinated is None and rules.method != "none" else rules.method
    value = payable(method, np.array(alone), np.array(together), np.array(independent), np.array(coordinated or 0.0))
    return float(value)


def _reason(
    leg: Leg, rules: AwardRules, own: Fraction, alone: bool, together: bool, independent: float, coordinated: float | None,
    pension: float, lump: float, claim: Claim,
) -> str:  # fmt: skip
    paid = money(pension, leg.currency)
    if own == 0:
        return "No periods in this scheme."
    if together:
        return f"Right opened by totalisation; {'amount on own periods' if rules.method in ('direct', 'balance') else 'pro rata'} payable: {paid}."
    if alone and coordinated is None:
        return f"Own periods suffice; independent amount payable: {paid}."
    if alone and rules.method == "separate_first":
        return f"Own periods suffice, so the independent amount comes first: {paid}."
    if alone and rules.method == "option":
        return f"The claimant takes the {leg.choice or ('independent amount' if independent >= (coordinated or 0.0) else 'pro rata')}: {paid}."
    if alone and rules.method == "pro_rata":
        return f"Pro rata in every case: {paid} (independent amount {money(independent, leg.currency)})."
    if alone and rules.method == "higher_of":
        return f"The higher of independent and pro rata, the {'independent' if independent >= (coordinated or 0.0) else 'pro rata'}: {paid}."
    if alone:
        return f"Amount on own periods: {paid}."
    short = rules.totalise and own < rules.min_own_months
    text = "Own periods are below the minimum for a right by totalisation" if short else "Not enough periods for a pension"
    if not leg.conditions_own:
        text = "A condition of the national law is not met"
    return f"{text}; {f'settled by a single payment of {money(lump, leg.currency)}' if lump else 'nothing is payable'}."


def no_scheme(claim: Claim, leg: Leg) -> StateAmount:
    """A state without a scheme that collects."""
    text = "No scheme collects or pays in this state, so there are no insurance periods."
    return StateAmount(leg.state, leg.scheme, leg.currency, Fraction(0), Fraction(0), False, False, None, None, None, None, 0.0, 0.0, text)


def account_amount(claim: Claim, leg: Leg) -> StateAmount:
    """An account pays its balance: at once, or as a pension where the instrument turns it into one."""
    own, trail = claim.own(leg), Trail()
    policy = claim.provisions.account_schemes.policy if claim.totalise and leg.member else "cash"
    trail.say(f"Own periods: {count(own)}; balance {money(leg.balance, leg.currency)}.", "periods and account of the case")
    counted = "count" if claim.totalise and leg.member and leg.counts else "do not count"
    trail.say(f"Its months {counted} in the other schemes; no pro rata is applied to a balance.", f"account_schemes.policy: {policy}")
    if policy == "annuitise":
        if leg.annuity_factor is None:
            raise ValueError(f"states.{leg.state}.annuity_factor is missing; account_schemes.policy 'annuitise' needs it")
        pension = leg.balance / leg.annuity_factor
        reason = f"The balance buys a pension: {money(leg.balance, leg.currency)} / {leg.annuity_factor:g} = {money(pension, leg.currency)}."
        lump = 0.0
    else:
        pension, lump = 0.0, leg.balance
        reason = f"The account pays its balance: {money(lump, leg.currency)}."
    trail.say(reason, f"account_schemes.policy: {policy}")
    return StateAmount(
        leg.state, leg.scheme, leg.currency, own, own, leg.balance > 0, False, None, None, None, None, pension, lump, reason,
        tuple(trail.steps), pension + lump,
    )  # fmt: skip


def _moves(leg: Leg) -> bool:
    return leg.kind == "account" and leg.member and leg.balance > 0


def _whole_by_last_state(claim: Claim, found: tuple[StateAmount, ...]) -> tuple[StateAmount, ...]:
    """All periods below the minimum: the last state whose conditions are met pays as if they were all its own (Article 57(3))."""
    rule = claim.provisions.totalisation
    pensions = [leg for leg in claim.legs if leg.kind == "pension" and leg.member and claim.own(leg) > 0]
    if not claim.totalise or rule.all_short != "last_state" or not pensions or not all(is_short(claim, leg) for leg in pensions):
        return found
    for leg in sorted(pensions, key=lambda x: x.order, reverse=True):
        assert leg.formula is not None
        both = claim.combine(counting_states(claim, leg))
        if both.right < leg.formula.needed or not leg.conditions_foreign:
            continue
        amount = leg.formula.theoretical(both.total, minimum=claim.provisions.minimum_pension.policy == "before")
        text = f"Every period is below the minimum; the last state whose conditions are met pays on all {count(both.total)}: "
        text += f"{money(amount, leg.currency)}."
        trail = Trail()
        trail.say(text, "totalisation.all_short: last_state (883/2004 Article 57(3), recalled)")
        return tuple(
            replace(a, eligible_by_totalisation=True, theoretical=amount, ratio=Fraction(1), pro_rata=amount, payable=amount, lump_sum=0.0,
                    reason=text, steps=(*a.steps, *trail.steps), borne=amount)
            if a.state == leg.state else a
            for a in found
        )  # fmt: skip
    return found


def _residence_top_up(claim: Claim, found: tuple[StateAmount, ...]) -> tuple[StateAmount, ...]:
    """Supplement of the state of residence up to its minimum pension (Article 58)."""
    leg = claim.leg(claim.residence)
    if not claim.totalise or claim.provisions.minimum_pension.top_up != "residence_state" or leg is None or leg.formula is None or not leg.member:
        return found
    total = sum(claim.converted(a.payable, a.currency, leg.currency) for a in found if a.payable)
    missing = leg.formula.floor - total
    own = next(a for a in found if a.state == leg.state)
    if own.payable <= 0.0 or missing <= 0.0:
        return found
    trail = Trail()
    text = f"All pensions together come to {money(total, leg.currency)}, below the minimum of {money(leg.formula.floor, leg.currency)} of the state "
    text += f"of residence, which adds {money(missing, leg.currency)}."
    trail.say(text, "minimum_pension.top_up: residence_state (883/2004 Article 58, recalled)")
    return tuple(
        replace(a, payable=a.payable + missing, borne=a.borne + missing, steps=(*a.steps, *trail.steps), reason=f"{a.reason} {text}")
        if a.state == leg.state else a
        for a in found
    )  # fmt: skip


def _finished(claim: Claim, leg: Leg, amount: StateAmount) -> StateAmount:
    """Rights of foreigners, export, rounding."""
    trail = Trail()
    pension, lump, reason = amount.payable, amount.lump_sum, amount.reason
    if leg.not_yet:
        trail.say(f"{leg.not_yet} Nothing is due yet.", "pension age of the national law")
        return replace(amount, payable=0.0, lump_sum=0.0, borne=0.0, reason=f"{leg.not_yet} Nothing is due yet.", steps=(*amount.steps, *trail.steps))
    if leg.rights < 1.0 and (pension or lump) and leg.kind == "pension":
        pension, lump = pension * leg.rights, lump * leg.rights
        text = f"Without equality of treatment a foreigner has {leg.rights:.0%} of a national's rights here."
        trail.say(text, "national law on foreigners")
        reason = f"{reason} {text}"
    if pension and not leg.exportable:
        text = f"The pension of {money(pension, leg.currency)} is suspended: it is not paid to a resident of {claim.residence}."
        trail.say(text, "no export")
        pension, reason = 0.0, f"{reason} {text}"
    rule = claim.provisions.rounding
    if rule is not None and pension and rounded(pension, rule) != pension:
        pension = rounded(pension, rule)
        trail.say(f"Rounded: {money(pension, leg.currency)}.", f"rounding: {rule.mode} to {rule.step:g}")
    changed = (pension, lump) != (amount.payable, amount.lump_sum)
    borne = pension + lump if changed and amount.borne == amount.payable + amount.lump_sum else amount.borne
    return replace(amount, payable=pension, lump_sum=lump, reason=reason, steps=(*amount.steps, *trail.steps), borne=borne)


def rounded(amount: float, rule: Rounding) -> float:
    """Amount rounded to whole steps; an amount within 1e-9 (relative) of a step is that step.

    >>> rounded(92.4333, Rounding(mode="half_up", step=0.01)), rounded(113.25, Rounding(mode="down", step=0.1))
    (92.43, 113.2)
    """
    if rule.mode == "none":
        return amount
    steps, digits = amount / rule.step, 9
    near = round(steps)
    if abs(steps - near) > 1e-9 * max(1.0, abs(steps)):
        near = int(np.floor({"half_up": steps + 0.5 + 1e-12, "down": steps, "up": np.ceil(steps)}[rule.mode]))
    return round(near * rule.step, digits)
