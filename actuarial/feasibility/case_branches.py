"""Branches beside old age in a case: what the law asks for, recent insurance, the family's parts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from actuarial.basis.scheme_branch_law import QualifyingRule
from actuarial.basis.scheme_law import SchemeLaw
from actuarial.feasibility.case_facts import Facts
from actuarial.provisions.claim import StateAmount, Step, money
from actuarial.provisions.formula import LawFormula
from actuarial.provisions.invalidity import invalidity_law
from actuarial.provisions.maternity import maternity_law
from actuarial.provisions.overlaps import PeriodRules, totalise
from actuarial.provisions.periods import PeriodError, periods_from
from actuarial.provisions.survivors import Family, family_shares, per_head, survivors_law


@dataclass(frozen=True)
class Recency:
    """Whether recent insurance suffices by facts in the state, and by facts in any state that counts."""

    own: bool = True
    anywhere: bool = True


def branch_formula(facts: Facts, state: str, law: SchemeLaw, formula: LawFormula) -> LawFormula:
    """The formula of the contingency's branch. Raises :class:`InputError` for a branch or fact that is missing."""
    case, person = facts.loaded.case, facts.loaded.case.person
    at = ("states", state, "scheme")
    if case.contingency == "old_age":
        return formula
    try:
        if case.contingency == "invalidity":
            branch = invalidity_law(law)
            if branch.projected_until_age and person.born is None:
                raise facts.loaded.error(("person",), f"born is missing; {law.scheme_id} projects service to age {branch.projected_until_age}")
            age = 0.0 if person.born is None else 12.0 * (case.date.year - person.born.year) + case.date.month - person.born.month
            return replace(formula, branch="invalidity", needed=min(rule.minimum_months for rule in branch.qualifying), months_of_age=age)
        if case.contingency == "survivors":
            if person.family is None:
                raise facts.loaded.error(("person",), "family is missing; a survivors' pension by a scheme's law needs the survivors by kind")
            parts = person.family
            family = Family(parts.spouses, parts.half_orphans, parts.full_orphans, parts.parents)
            return replace(formula, branch="survivors", needed=survivors_law(law).minimum_months, family=family)
        if case.contingency == "maternity":
            return replace(formula, branch="maternity", needed=min((rule.minimum_months for rule in maternity_law(law).qualifying), default=0))
        if case.contingency == "funeral":
            return replace(formula, branch="funeral", needed=0)
    except ValueError as error:
        raise facts.loaded.error(at, str(error)) from None
    raise AssertionError(case.contingency)


def with_recency(facts: Facts, state: str, formula: LawFormula, counting: frozenset[str]) -> tuple[LawFormula, Recency]:
    """The formula with the qualifying period of the rule that recent insurance opens, and whether recent insurance suffices."""
    rules = maternity_law(formula.law).qualifying if formula.branch == "maternity" else invalidity_law(formula.law).qualifying
    needed, recent = recency_of(facts, state, rules, formula.own, counting)
    return replace(formula, needed=needed), recent


def recency_of(facts: Facts, state: str, rules: tuple[QualifyingRule, ...], months: Fraction, counting: frozenset[str]) -> tuple[int, Recency]:
    """Qualifying months of the rule that recent insurance opens, and whether recent insurance suffices; no rules at all are always met."""
    if not rules:
        return 0, Recency()
    own = {rule: _recent(facts, frozenset([state]), rule.within_months) for rule in rules if rule.recent_months}
    everywhere = {rule: _recent(facts, counting | {state}, rule.within_months) for rule in rules if rule.recent_months}
    open_here = [rule for rule in rules if own.get(rule, Fraction(0)) >= rule.recent_months]
    open_anywhere = [rule for rule in rules if everywhere.get(rule, Fraction(0)) >= rule.recent_months]
    needed = min((rule.minimum_months for rule in open_anywhere or rules), default=0)
    alone = any(months >= rule.minimum_months for rule in open_here) or months < needed
    return needed, Recency(own=alone and bool(open_here or months < needed), anywhere=bool(open_anywhere))


def _recent(facts: Facts, states: frozenset[str], months: int) -> Fraction:
    """Calendar months insured within the last ``months`` before the contingency."""
    day = facts.loaded.case.date
    first = 12 * day.year + day.month - 1 - months
    start = date(first // 12, first % 12 + 1, 1)
    try:
        return totalise(periods_from([p for p in facts.periods if p.state in states], start), PeriodRules(rounding="none")).union
    except PeriodError as error:
        raise facts.loaded.error(("states",), f"the law asks for insurance within the last {months} months; {error.field} {error.text}") from None


def divided(facts: Facts, amount: StateAmount) -> StateAmount:
    """A survivors' pension with the parts of the family."""
    scheme, person = facts.schemes[amount.state], facts.loaded.case.person
    if facts.loaded.case.contingency != "survivors" or scheme is None or scheme[1].survivors is None or person.family is None or not amount.payable:
        return amount
    shares = survivors_law(scheme[1]).shares
    if shares is None:
        return amount
    f = person.family
    parts = family_shares(shares, Family(f.spouses, f.half_orphans, f.full_orphans, f.parents))
    whole, texts = float(parts.total), []
    for name, share, heads in (
        ("spouses", parts.spouses, f.spouses), ("half orphans", parts.half_orphans, f.half_orphans),
        ("full orphans", parts.full_orphans, f.full_orphans), ("parents", parts.parents, f.parents),
    ):  # fmt: skip
        if heads and float(share) > 0.0:
            part = amount.payable * float(share) / whole
            texts.append(f"{name} {money(part, amount.currency)} ({heads} x {money(float(per_head(part, heads)), amount.currency)})")
    step = Step(f"The national law divides it: {'; '.join(texts)}.", f"survivors' shares of {amount.scheme}")
    return replace(amount, steps=(*amount.steps, step))
