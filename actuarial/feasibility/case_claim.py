"""From the facts of a case to a claim that can be decided: which periods count, scope, equality, export, formulas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache

from actuarial.basis.case import NO_PROVISIONS, LoadedCase, Person, StatePart, branch_of
from actuarial.basis.instrument import Instrument
from actuarial.basis.instrument_provisions import Provisions
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.feasibility.case_branches import Recency, branch_formula, with_recency
from actuarial.feasibility.case_events import event_branch, event_formula
from actuarial.feasibility.case_facts import Facts, last_earnings, order_of, reference_of
from actuarial.provisions.claim import Claim, Combined, Formula, Leg
from actuarial.provisions.coordination_branches import EventFacts
from actuarial.provisions.formula import GivenFormula, LawFormula
from actuarial.provisions.overlaps import PeriodRules, Totals, totalise
from actuarial.provisions.period_units import UNIT_TABLES
from actuarial.provisions.periods import PeriodError

NOTHING = Provisions.model_validate(NO_PROVISIONS["provisions"])
"""No coordination at all."""


@dataclass(frozen=True)
class Built:
    """A claim with what explains it.

    claim     with the instrument (or without, for the comparison)
    applies   the instrument applies;  why_not: why it does not;  totals: all periods that count, with their explanation;
    details: facts of the event
    """

    claim: Claim
    applies: bool
    why_not: str
    totals: Totals
    details: EventFacts


def build(facts: Facts, instrument: Instrument | None) -> Built:
    """The claim under an instrument, or under national law alone (``None``)."""
    loaded = facts.loaded
    why_not = _why_not(loaded, instrument)
    applied = None if why_not or instrument is None else instrument
    provisions = NOTHING if applied is None else applied.provisions
    branch = branch_of(loaded.case.contingency)
    combine, whole = _combiner(facts, applied)
    claim = Claim(
        legs=(),
        combine=combine,
        provisions=provisions,
        totalise=applied is not None and applied.totalises(branch, loaded.years),
        applies=applied is not None,
        residence=loaded.case.person.residence or "",
        home=loaded.case.person.home or loaded.case.person.nationality or "",
        rates=dict(loaded.case.exchange_rates),
    )
    legs = tuple(_leg(facts, state, part, applied, claim) for state, part in loaded.case.states.items())
    counting = [leg.state for leg in legs if leg.counts and (leg.member or provisions.totalisation.third_states)]
    totals = whole(frozenset(counting if claim.totalise else loaded.case.states))
    return Built(replace(claim, legs=legs), applied is not None, why_not, totals, _details(loaded))


def _details(loaded: LoadedCase) -> EventFacts:
    states = loaded.case.states
    return EventFacts(
        invalidity_types={s: part.invalidity_type for s, part in states.items() if part.invalidity_type is not None},
        exposure={s: part.exposure_months for s, part in states.items() if part.exposure_months},
    )


def _why_not(loaded: LoadedCase, instrument: Instrument | None) -> str:
    """Why an instrument does not apply to a case; empty when it does."""
    case, person = loaded.case, loaded.case.person
    if instrument is None:
        return "There is no instrument."
    branch = branch_of(case.contingency)
    if loaded.years < instrument.entry_into_force and not instrument.provisions.retroactive_claims:
        return f"The claim is of {case.date}; the instrument enters into force on 1 January {instrument.entry_into_force}."
    if not instrument.covers(branch, max(loaded.years, instrument.entry_into_force)):
        return f"The instrument does not cover the branch {branch.replace('_', ' ')} in {loaded.years}."
    return outside_persons(person, instrument)


def outside_persons(person: Person, instrument: Instrument) -> str:
    """Why the instrument does not cover a person, by residence or nationality; empty when it does."""
    members, persons = instrument.active_members, instrument.scope.persons
    if persons == "residents" and person.residence is not None and person.residence not in members:
        return f"The instrument is for residents of its members; the person lives in {person.residence}."
    national = person.nationality is None or person.nationality in members
    if persons == "nationals" and not national:
        return f"The instrument is for nationals of its members; the person is a national of {person.nationality}."
    if persons == "refugees" and not national and not person.refugee:
        return f"The instrument is for nationals of its members and refugees; the person is a national of {person.nationality}."
    return ""


def _combiner(facts: Facts, instrument: Instrument | None) -> tuple[Callable[[frozenset[str]], Combined], Callable[[frozenset[str]], Totals]]:
    case = facts.loaded.case
    table = {d: UNIT_TABLES[f"{d}_day"] for d in (5, 6, 7)}
    p = NOTHING if instrument is None else instrument.provisions
    entry = None if instrument is None else date(instrument.entry_into_force, 1, 1)
    rules = PeriodRules(
        compulsory_overlap=p.periods.overlaps,
        refund_policy="allowed" if p.refunds.policy == "none" else p.refunds.policy,
        entry_into_force=entry,
        unit_tables={s: table[part.days_per_week] for s, part in case.states.items() if part.days_per_week is not None},
        default_table=table[p.periods.days_per_week],
        month_credit={s: part.month_credit_days for s, part in case.states.items() if part.month_credit_days is not None},
        rounding="none",
    )
    together = rules if p.retroactive_periods or instrument is None else replace(rules, count_from=entry)

    @cache
    def whole(states: frozenset[str]) -> Totals:
        chosen = [(i, period) for i, period in enumerate(facts.periods) if period.state in states]
        try:
            return totalise([period for _, period in chosen], rules if len(states) == 1 else together)
        except PeriodError as error:
            place = "" if error.index is None else f" (period {error.index + 1} of {chosen[error.index][1].state})"
            raise facts.loaded.error(("states",), f"periods: {error.field} {error.text}{place}") from None

    def combine(states: frozenset[str]) -> Combined:
        totals = whole(states)
        return Combined(
            own={s: totals.own(s) - (_credits(totals, s) if len(states) > 1 and not case.states[s].credits_in_share else 0) for s in states},
            total=totals.total,
            right=totals.union,
            outside={s: item.outside for s, item in totals.states.items() if item.outside},
        )

    return combine, whole


def _credits(totals: Totals, state: str) -> Fraction:
    item = totals.states.get(state)
    return Fraction(0) if item is None else item.by_type.get("assimilated", Fraction(0))


def _leg(facts: Facts, state: str, part: StatePart, instrument: Instrument | None, claim: Claim) -> Leg:
    case, scheme = facts.loaded.case, facts.schemes[state]
    branch, year = branch_of(case.contingency), facts.loaded.years
    member = instrument is not None and state in instrument.active_members
    own = claim.combine(frozenset([state])).own.get(state, Fraction(0))
    kind = "pension" if scheme is None or scheme[0].kind == "defined_benefit" else "account" if scheme[0].kind == "account" else "none"
    residence, nationality = case.person.residence, case.person.nationality
    foreign = nationality is not None and nationality != state
    equal = member and instrument is not None and instrument.provisions.equality_of_treatment
    law = None if scheme is None else scheme[1]
    exported = part.amounts.export if part.amounts is not None else False
    if law is not None:
        exported = law.export_without_instrument or residence in law.export_partners
    if member and instrument is not None and residence in instrument.active_members:
        exported = exported or instrument.exports(branch, year)
    counts = kind == "pension" or (kind == "account" and claim.provisions.account_schemes.count_periods)
    formula: Formula | None = None
    by_event, missing, barred = event_branch(facts), "", ""
    recent = Recency()
    if law is not None and by_event is not None:
        event, recent, missing = event_formula(facts, state, by_event, law, own, _counting(facts, instrument), instrument if member else None)
        exported = exported or by_event == "unemployment"
        if event is not None and event.barred:
            barred, recent = event.barred, Recency(own=False, anywhere=False)
        formula = event
    elif kind == "pension" or (kind == "account" and case.contingency in ("maternity", "funeral")):
        formula = _formula(facts, state, part, claim, own, _counting(facts, instrument) | {state})
    if isinstance(formula, LawFormula) and formula.branch in ("invalidity", "maternity"):
        formula, recent = with_recency(facts, state, formula, _counting(facts, instrument))
    currency = scheme[0].currency if scheme is not None else part.amounts.currency if part.amounts is not None else ""
    return Leg(
        state=state,
        scheme=scheme[0].id if scheme is not None else f"{state}, amounts given",
        kind=kind,  # type: ignore[arg-type]
        currency=currency,
        formula=formula,
        order=order_of(facts, state, part),
        counts=counts,
        member=member,
        exportable=residence is None or residence == state or bool(exported),
        rights=1.0 if equal or not foreign or law is None else law.foreigners_rights_share,
        balance=part.balance,
        annuity_factor=part.annuity_factor,
        transfer_value=part.transfer_value,
        conditions_own=recent.own if part.conditions is None else part.conditions.own,
        conditions_foreign=recent.anywhere if part.conditions is None else part.conditions.anywhere,
        waived=part.waived,
        choice=part.choice or "",
        not_yet=barred or _not_yet(facts, law),
        missing=missing,
    )


def _not_yet(facts: Facts, law: SchemeLaw | None) -> str:
    """Why nothing is due on the day of the claim because of age; empty where the case gives no date of birth or sex."""
    case, person = facts.loaded.case, facts.loaded.case.person
    if law is None or person.born is None or person.sex is None or case.contingency != "old_age":
        return ""
    wanted = law.pension_age[("male", "female").index(person.sex)]
    day = case.date
    age = day.year - person.born.year - ((day.month, day.day) < (person.born.month, person.born.day))
    return f"The person is {age}; the pension age here is {wanted}." if age < wanted else ""


def _counting(facts: Facts, instrument: Instrument | None) -> frozenset[str]:
    """States whose months count together under the instrument."""
    if instrument is None:
        return frozenset()
    p = instrument.provisions
    return frozenset(
        state
        for state, scheme in facts.schemes.items()
        if (state in instrument.active_members or p.totalisation.third_states)
        and (scheme is None or scheme[0].kind == "defined_benefit" or (scheme[0].kind == "account" and p.account_schemes.count_periods))
    )


def _formula(facts: Facts, state: str, part: StatePart, claim: Claim, own: Fraction, counting: frozenset[str]) -> Formula:
    scheme = facts.schemes[state]
    if scheme is None:
        assert part.amounts is not None
        given = part.amounts
        longest = None if given.longest_months is None else Fraction(given.longest_months)
        total = claim.combine(counting).total
        return GivenFormula(given.qualifying_months, given.independent, given.theoretical, total, given.minimum, longest, given.settlement, state)
    _, law, indices = scheme
    reference = reference_of(facts, state, part, law, indices, revalued=True)
    basis = claim.provisions.amount.earnings_basis
    abroad = None
    if claim.totalise and basis == "own_last" and own > 0:
        abroad = last_earnings(facts, state, part)
    elif claim.totalise and basis == "revalued" and own > 0:
        abroad = reference_of(facts, state, part, replace(law, reference_revaluation="wages"), indices, revalued=True)
        if part.earnings is None or not part.earnings.by_year:
            raise facts.loaded.error(("states", state, "earnings"), "amount.earnings_basis 'revalued' needs earnings by_year; found none")
    return branch_formula(facts, state, law, LawFormula(law, reference, abroad, own, state, needed=law.qualifying_months))
