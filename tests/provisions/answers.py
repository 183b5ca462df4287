"""Answers of many small claims in words and figures: what ``test_answers`` compares with the approved text.

    python -m tests.provisions.answers              prints the texts
    python -m tests.provisions.answers --approve    keeps a digest of each in ``answers.txt``: compare the texts with those before the change first

1. Every shipped case and worked example, with and without its instrument.
2. One claim for each amount method and rule, around the months and amounts at which a rule turns.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from actuarial.basis.case import EventPart, is_legislation
from actuarial.basis.instrument_provisions import AMOUNT_METHODS
from actuarial.basis.scheme import load_scheme
from actuarial.basis.scheme_law import Indices, SchemeLaw
from actuarial.feasibility.case_legislation import applicable_legislation
from actuarial.feasibility.entitlement import entitlement
from actuarial.provisions.claim import Claim, Combined, StateAmount
from actuarial.provisions.coordination_branches import EventFacts, decide_contingency
from actuarial.provisions.coordination_case import decide
from actuarial.provisions.double_contributions import Levy, contribution_effect, joined
from actuarial.provisions.event_formula import EventFormula, qualifying_rules
from actuarial.provisions.legislation import LegislationRules, Posting, Situation, applicable, spells
from actuarial.provisions.survivors import Family
from actuarial.reporting.legislation_view import legislation_text
from tests.provisions.test_coordination_case import claim, linear, provisions, with_amounts

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EXAMPLES = ROOT / "actuarial" / "validation" / "worked_examples"
APPROVED = HERE / "answers.txt"
FRONT = SchemeLaw("front", 2030, "defined_benefit", qualifying_months=180, first_months=180, first_share=0.3, accrual_per_month=0.001,
                  maximum_share=0.5, minimum_pension=150.0, lump_sum_months_per_year=1.0, lump_sum_minimum_months=12)  # fmt: skip
MINIMUMS = (("before", "nobody"), ("before", "paying_state"), ("after", "paying_state"), ("after", "residence_state"), ("none", "nobody"))
MONTHS = ((180, 120), (179, 1), (179, 0), (11, 200), (12, 168), (400, 100), (0, 300))


def figure(value: object) -> str:
    """A figure as it is approved: ten significant digits."""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def told(title: str, amounts: tuple[StateAmount, ...]) -> Iterator[str]:
    """Lines of one claim."""
    yield f"== {title}"
    for a in amounts:
        rights = f"alone {a.eligible_alone}, by totalisation {a.eligible_by_totalisation}"
        yield f"{a.state} {a.scheme} {a.currency}: own {a.own_months}, together {a.total_months}, {rights}"
        found = {"independent": a.independent, "theoretical": a.theoretical, "ratio": a.ratio, "pro rata": a.pro_rata, "payable": a.payable}
        yield "  " + ", ".join(f"{name} {figure(value)}" for name, value in {**found, "lump sum": a.lump_sum, "borne": a.borne}.items())
        yield f"  {a.reason}"
        yield from (f"  - {step.text} [{step.rule}]" for step in a.steps)


def cases() -> Iterator[str]:
    """Shipped cases."""
    yield from _cases(ROOT / "scenarios" / "cases")


def examples() -> Iterator[str]:
    """Worked examples."""
    yield from _cases(EXAMPLES)


def _cases(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.yaml")):
        if is_legislation(path):
            yield f"== {path.stem}"
            yield legislation_text(applicable_legislation(path, ROOT))
            continue
        answer = entitlement(path, ROOT)
        yield from told(f"{path.stem}, with", answer.with_instrument)
        yield from told(f"{path.stem}, without", answer.without_instrument)
        yield from (f"{step.text} [{step.rule}]" for step in answer.general)
        yield from (f"{t.currency} {figure(t.payable)} {figure(t.lump_sum)} {t.reason}" for t in (answer.total_with, answer.total_without))


def pair(own: int, other: int, rules: Any, pay: float = 1000.0, **parts: Any) -> Claim:
    """Two schemes: one that pays much for the first years, has a minimum, a maximum and refunds; one that pays in proportion."""
    return claim([("AAA", FRONT, own, pay), ("BBB", linear(240), other, 500.0)], rules, **parts)


def leg(person: Claim, number: int, **parts: Any) -> Claim:
    """The claim with one leg changed."""
    legs = list(person.legs)
    legs[number] = replace(legs[number], **parts)
    return replace(person, legs=tuple(legs))


def methods() -> Iterator[str]:
    """Every amount method at the months at which a rule turns, with a pay at which the minimum pension matters and one at which it does not."""
    for method, (own, other), pay in product(AMOUNT_METHODS, MONTHS, (1000.0, 100.0)):
        for sharing in (False, True) if method.startswith("integration") else (False,):
            rules = provisions(method, min_own=12, short="paid_by_others", denominator="max_period", cost_sharing=sharing)
            person = pair(own, other, rules, pay, residence="AAA", home="BBB")
            if method == "transfer":
                person = replace(person, legs=tuple(replace(one, transfer_value=9000.0, annuity_factor=12.5) for one in person.legs))
            title = f"{method}, {own} and {other}, pay {pay:g}{', costs shared' if sharing else ''}"
            yield from told(title, decide(person))
            if method == "transfer":
                turned = [replace(one, order=-one.order) for one in person.legs]
                yield from told(f"{title}, turned", decide(replace(person, legs=tuple(turned))))


def rules() -> Iterator[str]:
    """Provisions one by one."""
    for policy, top_up in MINIMUMS:
        low = provisions("pro_rata", minimum_pension={"policy": policy, "top_up": top_up})
        for pay in (100.0, 3000.0):
            person = claim([("AAA", FRONT, 100, pay), ("BBB", linear(1), 200, pay)], low, residence="AAA")
            yield from told(f"minimum {policy}, {top_up}, pay {pay:g}", decide(person))
    for short in ("unpaid", "paid_by_others", "not_counted"):
        careers = [("AAA", FRONT, 175, 1000.0), ("BBB", linear(180), 11, 500.0), ("CCC", linear(12), 12, 500.0)]
        person = claim(careers, provisions(min_own=12, short=short))
        yield from told(f"short periods {short}", decide(person))
    base = provisions("higher_of", min_own=0)
    yield from told("a condition not met here", decide(leg(pair(200, 100, base), 0, conditions_own=False)))
    yield from told("nor elsewhere", decide(leg(pair(100, 100, base), 0, conditions_own=False, conditions_foreign=False)))
    yield from told("waived", decide(leg(pair(200, 100, base), 0, waived=True)))
    yield from told("outside", decide(leg(pair(100, 100, base), 1, member=False)))
    for choice in ("independent", "pro_rata", ""):
        yield from told(f"option: {choice}", decide(leg(pair(200, 100, provisions("option")), 0, choice=choice)))
    web = provisions(totalisation={"enabled": True, "min_own_months": 0, "structure": "bilateral_web"})
    careers = [("AAA", FRONT, 100, 1000.0), ("BBB", linear(1), 60, 500.0), ("CCC", linear(1), 90, 500.0)]
    yield from told("a web of treaties", decide(claim(careers, web)))
    yield from told("does not apply", decide(replace(pair(200, 100, base), applies=False, totalise=False)))
    for kind in ("none", "account"):
        yield from told(f"{kind} beside a pension", decide(leg(leg(pair(100, 100, base), 1, kind=kind), 1, balance=4321.0)))
    moved = provisions("transfer")
    for kind in ("pension", "account"):
        person = leg(pair(100, 100, moved), 1, kind=kind, balance=4321.0, transfer_value=6000.0, annuity_factor=12.5)
        yield from told(f"transfer to the {kind}", decide(leg(person, 0, transfer_value=6000.0, annuity_factor=12.5)))


def outside_months() -> Iterator[str]:
    """Voluntary months overlapped elsewhere are paid beside the coordinated pension."""
    person = pair(200, 100, provisions("pro_rata"))
    plain = person.combine

    def combine(states: frozenset[str]) -> Combined:
        return replace(plain(states), outside={"AAA": Fraction(6)} if len(states) > 1 else {})

    yield from told("voluntary months overlapped elsewhere", decide(replace(person, combine=combine)))


def branches() -> Iterator[str]:
    """The other branches, between two schemes of given amounts."""
    together = provisions(
        funeral={"payer": "last_state"}, family={"priority": "employment", "supplement": True}, health={"reimbursement": "fixed", "abatement": 0.2}
    )  # fmt: skip
    for contingency in ("sickness", "maternity", "unemployment", "employment_injury", "funeral", "family", "health", "invalidity", "survivors"):
        for own, other in ((60, 3), (3, 3), (0, 60), (6, 6)):
            for residence in ("AAA", "BBB", ""):
                person = claim([("AAA", linear(6), own, 1000.0), ("BBB", linear(6), other, 1000.0)], together, residence=residence)
                person = with_amounts(person, 6, {"AAA": 300.0, "BBB": 100.0})
                for applies in (True, False):
                    found = decide_contingency(replace(person, applies=applies, totalise=applies), contingency)  # type: ignore[arg-type]
                    title = f"{contingency}, {own} and {other}, residence {residence or 'unknown'}, {'with' if applies else 'without'}"
                    yield from told(title, found)
    for kinds in ({"AAA": "A", "BBB": "A"}, {"AAA": "A", "BBB": "B"}, {"AAA": "B", "BBB": "B"}):
        person = claim([("AAA", linear(60), 90, 1000.0), ("BBB", linear(60), 90, 1000.0)], provisions(invalidity={"type": "A"}))
        yield from told(f"invalidity of types {kinds}", decide_contingency(person, "invalidity", EventFacts(invalidity_types=kinds)))


def endings() -> Iterator[str]:
    """Foreigners' rights, export, rounding, a pension age not reached, minimums of the state of residence, all periods short."""
    base = provisions("pro_rata", min_own=0)
    person = pair(200, 100, base, residence="CCC")
    yield from told("half a national's rights", decide(leg(person, 0, rights=0.5)))
    yield from told("half a national's rights to a single payment", decide(replace(leg(pair(100, 0, base), 0, rights=0.5), totalise=False)))
    yield from told("not exported", decide(leg(person, 0, exportable=False)))
    yield from told("too young", decide(leg(person, 0, not_yet="The person is 54; the pension age is 60.")))
    for mode, step in (("half_up", 0.01), ("down", 0.1), ("up", 1.0), ("none", 1.0), ("half_up", 5.0)):
        rounding = provisions("pro_rata", min_own=0, rounding={"mode": mode, "step": step})
        yield from told(f"rounded {mode} to {step}", decide(pair(201, 100, rounding)))
    above = provisions("pro_rata", min_own=0, minimum_pension={"policy": "after", "top_up": "residence_state"})
    for pay in (10.0, 120.0, 3000.0):
        for residence in ("AAA", "BBB", ""):
            low = claim([("AAA", FRONT, 100, pay), ("BBB", linear(1), 200, pay)], above, residence=residence)
            yield from told(f"pay {pay:g}, residence {residence or 'unknown'}", decide(low))
    for all_short in ("last_state", "nobody"):
        rule = provisions(totalisation={"enabled": True, "min_own_months": 12, "all_short": all_short, "short_periods": "paid_by_others"})
        for months in ((11, 10, 11), (11, 12, 5)):
            careers = [(state, linear(30), own, 1000.0) for state, own in zip(("AAA", "BBB", "CCC"), months, strict=True)]
            yield from told(f"{months} months, all short: {all_short}", decide(claim(careers, rule)))
            yield from told(f"{months} months, all short: {all_short}, conditions", decide(leg(claim(careers, rule), 2, conditions_foreign=False)))


def accounts() -> Iterator[str]:
    """Account schemes beside a pension scheme."""
    for policy in ("cash", "count", "annuitise", "transfer", "balance"):
        rule = provisions("pro_rata", min_own=0, account_schemes={"policy": policy})
        for balance in (0.0, 4321.0):
            for counts in (True, False):
                person = leg(pair(100, 100, rule), 1, kind="account", balance=balance, annuity_factor=12.5, counts=counts, formula=None)
                person = leg(person, 0, annuity_factor=10.0)
                yield from told(f"account: {policy}, {balance:g}, {'counts' if counts else 'does not count'}", decide(person))
    rates = {"EUR": 1.0, "USD": 1.25}
    person = leg(leg(pair(100, 100, provisions("transfer")), 1, currency="USD", transfer_value=9000.0, annuity_factor=12.5), 0, transfer_value=500.0)
    yield from told("transfer at a rate of exchange", decide(replace(person, rates=rates)))


def diseases() -> Iterator[str]:
    """Occupational disease: the last exposure, or shares."""
    for payer in ("last_exposure", "shared"):
        rule = provisions(occupational_disease={"payer": payer})
        for exposure in ({"AAA": 30, "BBB": 10}, {"AAA": 30}, {"BBB": 1, "AAA": 0}):
            person = with_amounts(claim([("AAA", linear(6), 60, 1.0), ("BBB", linear(6), 3, 1.0)], rule), 6, {"AAA": 300.0, "BBB": 100.0})
            for member in (True, False):
                found = decide_contingency(leg(person, 1, member=member), "occupational_disease", EventFacts(exposure=exposure))
                yield from told(f"disease, {payer}, {exposure}, BBB {'in' if member else 'out'}", found)


def situations() -> Iterator[str]:
    """Applicable legislation and contributions of one year, one situation for each answer that a rule can give."""
    whole, half, part = Fraction(1), Fraction(1, 2), Fraction(1, 4)
    start, end = date(2026, 1, 1), date(2026, 12, 31)
    several = {"KEN": part, "UGA": Fraction(3, 4)}
    less = {"KEN": Fraction(1, 5), "UGA": Fraction(4, 5)}
    posting = Posting("KEN", "UGA", date(2026, 3, 16), date(2026, 9, 15))
    known = {
        "works at home": Situation("KEN", {"KEN": whole}),
        "agreed": Situation("KEN", {"KEN": whole}, agreed_state="UGA"),
        "civil servant": Situation("KEN", {"KEN": whole}, civil_service="TZA"),
        "ship": Situation("KEN", {"KEN": whole}, flag="TZA"),
        "ship, paid from shore at home": Situation("KEN", {"KEN": whole}, flag="TZA", paid_from_shore="KEN"),
        "ship, paid from shore elsewhere": Situation("KEN", {"KEN": whole}, flag="TZA", paid_from_shore="UGA"),
        "air crew": Situation("KEN", {"KEN": whole}, home_base="TZA"),
        "a quarter at home": Situation("KEN", several, ("UGA",)),
        "less than a quarter at home": Situation("KEN", less, ("UGA",)),
        "seat at home": Situation("KEN", less, ("KEN",)),
        "two seats, one at home": Situation("KEN", less, ("KEN", "UGA")),
        "two seats elsewhere": Situation("KEN", less, ("TZA", "UGA")),
        "self-employed": Situation("KEN", less, self_employed=True, centre_of_interests="UGA"),
        "inactive": Situation("KEN", {}),
        "posted": Situation("KEN", {"KEN": whole}, posting=posting),
        "posted in the place of another": Situation("KEN", {"KEN": whole}, posting=replace(posting, replaces_posted=True)),
        "posted for long": Situation("KEN", {"KEN": half, "UGA": half}, posting=replace(posting, end=date(2028, 9, 15))),
    }
    rules_of = {
        "plain": LegislationRules(),
        "short": LegislationRules(posting_months=3, test_expected_duration=False, replacement_ban=False, shore_exception=False),
        "short and tested": LegislationRules(posting_months=3),
    }
    levies = (
        Levy("K", "KEN", 0.05, 0.07, on_territory=True, on_posted=True, ceiling=700.0),
        Levy("U", "UGA", 0.04, 0.10, on_territory=True, on_posted=False),
        Levy("T", "TZA", 0.02, 0.03, on_territory=False, on_posted=False),
    )
    for rule_name, rule in rules_of.items():
        for name, situation in known.items():
            yield f"== {name}, {rule_name}"
            for day in (start, posting.start, date(2026, 6, 15), date(2026, 6, 16), posting.end, end):
                answer = applicable(situation, rule, day)
                yield f"{day} {answer.state} {answer.rule} {' '.join(answer.explanation)}"
            yield from (f"{s.state} {s.rule} {s.start} {s.end}" for s in spells(situation, rule, start, end))
            for on in (rule, None):
                effect = contribution_effect(situation, on, levies, wage=1000.0, start=start, end=end)
                yield f"{effect.double_months} {effect.uninsured_months_without} {effect.uninsured_months_with} {effect.saved}"
                yield from (str(scheme) for scheme in effect.schemes)
    both = [contribution_effect(known["posted"], rules_of["plain"], levies, wage=wage, start=start, end=end) for wage in (500.0, 900.0)]
    yield "== two stretches"
    yield str(joined(*both))


OPTIONS = ({}, {"all_abroad": True, "resident": False, "export_months": 3}, {"lifted": True, "resident": False}, {"barred": "Too old."})


def events() -> Iterator[str]:
    """Benefits on an event, by the law of every shipped scheme."""
    flat = Indices.from_growth(np.zeros(111), np.zeros(111))
    facts = {
        "employment_injury": (
            {"days": 3}, {"days": 60, "in_hospital": True}, {"days": 400}, {"degree": 0.05}, {"degree": 0.5, "attendance": True}, {"degree": 1.0},
            {"fatal": True},
        ),
        "sickness": ({"days": 2}, {"days": 400}),
        "unemployment": ({"months_out_of_work": 8.0, "months_abroad": 5.0}, {"months_out_of_work": 2.0}),
        "family": ({"children": {"AAA": 2, "BBB": 3}}, {"children": {"AAA": 9}}),
        "health": ({"person_months": 30.0},),
    }  # fmt: skip
    for folder in sorted(path for path in (ROOT / "data" / "schemes").iterdir() if path.is_dir()):
        law = load_scheme(folder).law(2030, flat)
        for branch, given in facts.items():
            yield f"== {folder.name}, {branch}"
            for number, fact in enumerate(given):
                event = EventPart.model_validate(fact)
                for options in OPTIONS:
                    family = Family(spouses=1, half_orphans=2)
                    formula = EventFormula(law, branch, "AAA", event, earnings=1.2e6, survivors=family, **options)  # type: ignore[arg-type]
                    try:
                        amounts = formula.independent(Fraction(60)), formula.theoretical(Fraction(99), minimum=True), formula.floor
                        yield f"{number} {options} {' '.join(map(figure, amounts))} {formula.once} {formula.words()} {formula.longest}"
                    except ValueError as missing:
                        yield f"{number} {options} {missing}"
            paid = EventFormula(law, branch, "AAA", EventPart.model_validate({"contributions": 5e5}), earnings=1.2e6)  # type: ignore[arg-type]
            yield " ".join(f"{paid.settlement(Fraction(months)):.10g}" for months in (0, 1, 17, 18, 400))
            try:
                yield str(qualifying_rules(law, branch))  # type: ignore[arg-type]
            except ValueError as missing:
                yield str(missing)


GROUPS: dict[str, Callable[[], Iterator[str]]] = {
    found.__name__: found for found in (cases, examples, methods, rules, outside_months, endings, accounts, branches, diseases, situations, events)
}


def answers(group: str) -> dict[str, str]:
    """Text of each claim of a group by its title."""
    found: dict[str, list[str]] = {}
    for line in GROUPS[group]():
        if line.startswith("== "):
            title = f"{group}: {line.removeprefix('== ')}"
            assert title not in found, title
            found[title] = []
        else:
            found[title].append(line)
    return {title: "\n".join(lines) + "\n" for title, lines in found.items()}


def digest(text: str) -> str:
    """What is kept of an approved text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def main(arguments: list[str]) -> None:
    """Print the texts, or approve them."""
    found = {title: text for group in GROUPS for title, text in answers(group).items()}
    if arguments == ["--approve"]:
        APPROVED.write_text("".join(f"{digest(text)} {title}\n" for title, text in found.items()), encoding="utf-8")
    else:
        sys.stdout.writelines(f"== {title}\n{text}" for title, text in found.items())


if __name__ == "__main__":
    main(sys.argv[1:])
