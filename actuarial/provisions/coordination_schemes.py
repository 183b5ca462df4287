"""Amount methods in which one scheme pays on all periods, or money moves between schemes.

| method | who pays | on what | source |
|---|---|---|---|
| integration | state of residence, or of last insurance | f(N), own earnings of that scheme | Recommendation 167, Alternative II |
| home | home scheme, wherever the person works | f(N) | extension of protection among the Gulf states |
| transfer | last scheme | own months and those bought with what the others hand over | officials of the European Union; funds |

1. Without the scheme that would have to pay (the state has no pension scheme, or the person was never insured there) each scheme decides for
   itself by its national law, and the trail says so.
2. Months bought = value / (average accrual per month at the qualifying period x years' purchase).
3. Under transfer the calendar months moved still open the right; the months bought measure the amount.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from actuarial.provisions.claim import Claim, Leg, StateAmount, Step, Trail, count, money

ByScheme = Callable[[Claim], tuple[StateAmount, ...]]


def integration(claim: Claim, payer: str, by_scheme: ByScheme) -> tuple[StateAmount, ...]:
    """The scheme of ``payer`` pays on all periods; with cost sharing the others refund their part of it."""
    return _one_payer(claim, payer, by_scheme, f"amount.method: {claim.provisions.amount.method} (R167 Annex I, Alternative II)")


def home_scheme(claim: Claim, by_scheme: ByScheme) -> tuple[StateAmount, ...]:
    """The home scheme pays on all periods: it insured the person wherever the work was done."""
    return _one_payer(claim, claim.home, by_scheme, "amount.method: home")


def _one_payer(claim: Claim, payer: str, by_scheme: ByScheme, rule: str) -> tuple[StateAmount, ...]:
    leg = claim.leg(payer)
    if leg is None or leg.kind != "pension" or not leg.member or claim.own(leg) == 0:
        why = f"{payer or 'The state that would pay'} has no pension scheme with periods of this person: each scheme decides by national law."
        return _alone(claim, by_scheme, Step(why, rule))
    assert leg.formula is not None
    pool = frozenset(o.state for o in claim.legs if o.state == payer or (o.counts and (o.member or claim.provisions.totalisation.third_states)))
    both = claim.combine(pool)
    eligible = both.right >= leg.formula.needed and leg.conditions_foreign
    if not eligible:
        return _alone(claim, by_scheme, Step(f"All periods together ({count(both.right)}) do not reach the qualifying period of {payer}.", rule))
    amount = leg.formula.theoretical(both.total, minimum=True)
    found = by_scheme(replace(claim, totalise=False))
    answers = []
    for other, alone in zip(claim.legs, found, strict=True):
        if other.kind != "pension" or other.state not in pool or not other.member:
            answers.append(alone)
            continue
        own = both.own.get(other.state, Fraction(0))
        ratio = own / both.total
        share = amount * float(ratio) if claim.provisions.amount.cost_sharing else amount * float(other.state == payer)
        answers.append(_integrated(claim, leg, other, alone, own, both.total, ratio, amount, share, rule))
    return tuple(answers)


def _integrated(
    claim: Claim, payer: Leg, other: Leg, alone: StateAmount, own: Fraction, total: Fraction, ratio: Fraction, amount: float, share: float, rule: str
) -> StateAmount:
    trail, pays = Trail(), other.state == payer.state
    trail.say(f"Own periods: {count(own)}; together {count(total)}.", "totalisation")
    if pays:
        reason = f"This scheme pays on all {count(total)}: {money(amount, payer.currency)}."
    else:
        reason = f"Paid by {payer.state} on all periods; nothing is payable here."
    trail.say(reason, rule)
    if claim.provisions.amount.cost_sharing:
        trail.say(f"Share of the cost by own periods: {money(share, payer.currency)}.", "amount.cost_sharing: true")
    return replace(
        alone, own_months=own, total_months=total, eligible_by_totalisation=pays and not alone.eligible_alone,
        theoretical=amount if pays else None, ratio=Fraction(1) if pays else ratio, pro_rata=amount if pays else 0.0,
        payable=amount if pays else 0.0, lump_sum=0.0, reason=reason, steps=tuple(trail.steps), borne=share,
    )  # fmt: skip


def transfer(claim: Claim, target: str, by_scheme: ByScheme, *, accounts_only: bool = False) -> tuple[StateAmount, ...]:
    """What the other schemes hold is moved to the scheme of ``target`` and buys months there, or is added to its account."""
    rule = "account_schemes.policy: transfer" if accounts_only else "amount.method: transfer"
    leg = claim.leg(target)
    if leg is None:
        return _alone(claim, by_scheme, Step("There is no scheme to transfer to: each scheme decides by national law.", rule))
    kinds = ("account",) if accounts_only else ("account", "pension")
    moving = [o for o in claim.legs if o.state != target and o.member and o.kind in kinds and claim.own(o) > 0]
    value = sum(claim.converted(transfer_value(o), o.currency, leg.currency) for o in moving)
    rest = replace(claim, legs=tuple(replace(o, counts=o.counts and o not in moving) for o in claim.legs), totalise=claim.totalise and accounts_only)
    found = {a.state: a for a in by_scheme(rest)}
    for o in moving:
        text = f"The value of {count(claim.own(o))}, {money(transfer_value(o), o.currency)}, is transferred to {target}; nothing stays here."
        own = claim.own(o)
        found[o.state] = StateAmount(
            o.state, o.scheme, o.currency, own, own, False, False, None, None, None, None, 0.0, 0.0, text, (Step(text, rule),), 0.0
        )
    found[target] = _received(claim, leg, moving, value, rule) if moving else found[target]
    return tuple(found[o.state] for o in claim.legs)


def transfer_value(leg: Leg) -> float:
    """What a scheme hands over: the balance of an account, else the sum given in the case."""
    if leg.kind == "account":
        return leg.balance
    if leg.transfer_value is None:
        raise ValueError(f"states.{leg.state}.transfer_value is missing; amount method 'transfer' needs it")
    return leg.transfer_value


def months_bought(value: float, accrual_per_month: float, annuity_factor: float) -> float:
    """Months that a sum buys: value / (pension per month of service x years' purchase).

    >>> round(months_bought(12000, 0.02 * 12000 / 12, 12.5), 9)
    48.0
    """
    return value / (accrual_per_month * annuity_factor)


def _received(claim: Claim, leg: Leg, moving: list[Leg], value: float, rule: str) -> StateAmount:
    own, trail = claim.own(leg), Trail()
    names = ", ".join(o.state for o in moving)
    trail.say(f"Own periods: {count(own)}; {money(value, leg.currency)} received from {names}.", rule)
    if leg.kind != "pension":
        lump = leg.balance + value
        reason = f"Balance with what was transferred: {money(lump, leg.currency)}."
        trail.say(reason, rule)
        return StateAmount(
            leg.state, leg.scheme, leg.currency, own, own, True, False, None, None, None, None, 0.0, lump, reason, tuple(trail.steps), leg.balance
        )
    assert leg.formula is not None
    if leg.annuity_factor is None:
        raise ValueError(f"states.{leg.state}.annuity_factor is missing; a transfer that buys months needs it")
    needed = Fraction(max(leg.formula.needed, 1))
    accrual = leg.formula.theoretical(needed, minimum=False) / float(needed)
    bought = Fraction(months_bought(value, accrual, leg.annuity_factor)).limit_denominator(10**6)
    months = own + bought
    both = claim.combine(frozenset([leg.state, *(o.state for o in moving), *(o.state for o in claim.legs if o.counts and o.member)]))
    alone, calendar = months >= leg.formula.needed, both.right
    together = not alone and claim.totalise and calendar >= leg.formula.needed and leg.conditions_foreign
    trail.say(f"The sum buys {count(bought)}: {money(value, leg.currency)} / ({money(accrual, leg.currency)} x {leg.annuity_factor:g}).",
              "average accrual at the qualifying period x years' purchase")  # fmt: skip
    amount = leg.formula.independent(months) if alone else leg.formula.theoretical(months, minimum=False)
    pension = amount if alone or together else 0.0
    lump = 0.0 if alone or together else leg.formula.settlement(own) + value
    opening = "own and bought months" if alone else f"the {count(calendar)} of all schemes" if together else "nothing"
    if pension:
        reason = f"Right opened by {opening}; pension on {count(months)}: {money(pension, leg.currency)}."
    else:
        reason = f"{count(months)} with the transfer do not suffice; single payment with what was received: {money(lump, leg.currency)}."
    trail.say(reason, rule)
    due = alone or together
    return StateAmount(
        leg.state, leg.scheme, leg.currency, own, calendar, alone, together, amount if alone else 0.0, amount if due else None,
        Fraction(1) if due else None, amount if due else None, pension, lump, reason, tuple(trail.steps), pension + lump,
    )  # fmt: skip


def _alone(claim: Claim, by_scheme: ByScheme, step: Step) -> tuple[StateAmount, ...]:
    """Everybody by national law, with the reason."""
    return tuple(replace(a, steps=(step, *a.steps)) for a in by_scheme(replace(claim, totalise=False)))
