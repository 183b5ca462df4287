"""Branches that turn on an event in a case: the scheme's law, the facts of the event, what bars a claim."""

from __future__ import annotations

from fractions import Fraction

from actuarial.basis.case import StatePart, branch_of
from actuarial.basis.instrument import Instrument
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.feasibility.case_branches import Recency, recency_of
from actuarial.feasibility.case_facts import Facts
from actuarial.provisions import unemployment
from actuarial.provisions.event_formula import EventBranch, EventFormula, qualifying_rules
from actuarial.provisions.survivors import Family

EVENT_BRANCHES: tuple[EventBranch, ...] = ("employment_injury", "sickness", "unemployment", "family", "health")


def event_branch(facts: Facts) -> EventBranch | None:
    """Branch of the case if it turns on an event."""
    branch = branch_of(facts.loaded.case.contingency)
    return next((b for b in EVENT_BRANCHES if b == branch), None)


def event_formula(
    facts: Facts, state: str, branch: EventBranch, law: SchemeLaw, own: Fraction, counting: frozenset[str], instrument: Instrument | None
) -> tuple[EventFormula | None, Recency, str]:
    """Formula, whether recent insurance suffices, and, where the law has no rules of the branch, the message that says so instead of a formula.

    ``instrument`` is the one that applies to this state, ``None`` for national law alone.
    """
    case, person, part = facts.loaded.case, facts.loaded.case.person, facts.loaded.case.states[state]
    try:
        rules = qualifying_rules(law, branch)
    except ValueError as error:
        return None, Recency(), f"{error}; give its amount under 'amounts' instead of a scheme"
    needed, recent = recency_of(facts, state, rules, own, counting)
    provisions = None if instrument is None else instrument.provisions
    parts = person.family
    formula = EventFormula(
        law=law,
        branch=branch,
        state=state,
        event=case.event,
        earnings=_earnings(part),
        needed=needed,
        survivors=None if parts is None else Family(parts.spouses, parts.half_orphans, parts.full_orphans, parts.parents),
        barred=_barred(facts, state, law, equal=provisions is not None and provisions.equality_of_treatment) if branch == "unemployment" else "",
        export_months=provisions.unemployment.export_months if provisions is not None and provisions.unemployment is not None else 0,
        all_abroad=person.residence is not None and person.residence != state,
        resident=law.family is None or not law.family.worker_resident or person.residence in (None, state),
        lifted=provisions is not None and provisions.family is not None,
    )
    return formula, recent, ""


def _earnings(part: StatePart) -> float | None:
    """The last year's earnings: given, the only ones given, or the last of the record."""
    if part.earnings is None:
        return None
    if part.earnings.last is not None:
        return part.earnings.last
    return part.earnings.reference if part.earnings.reference is not None else part.earnings.by_year[max(part.earnings.by_year)]


def _barred(facts: Facts, state: str, law: SchemeLaw, *, equal: bool) -> str:
    """Why a person has no claim to unemployment benefit; empty when nothing bars it."""
    case, person = facts.loaded.case, facts.loaded.case.person
    rule = unemployment.unemployment_law(law)
    if person.born is None:
        raise facts.loaded.error(("person",), f"born is missing; {law.scheme_id} pays unemployment benefit below age {rule.below_age}")
    age = case.date.year - person.born.year - ((case.date.month, case.date.day) < (person.born.month, person.born.day))
    citizen = equal or person.nationality in (None, state)
    if unemployment.may_claim(law, age, citizen=citizen, resigned=case.event.resigned):
        return ""
    if rule.citizens_only and not citizen:
        return f"Only citizens of {state} may claim; the person is a national of {person.nationality}."
    return f"The person is {age}; the benefit is paid below {rule.below_age}." if age >= rule.below_age else "The person resigned."
