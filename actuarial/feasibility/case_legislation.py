"""Whose law applies to one person's work, from when to when, and the double contributions that the instrument saves.

1. The instrument's rules (:func:`actuarial.provisions.legislation.legislation_rules`) answer from its entry into force on, where it covers the
   person and every state of the case is a member; before, and otherwise, each state levies by its national law. A posting under way counts from its
   start.
2. Contributions are those of the pension or account scheme and of the branches with a rate of their own (employment injury, maternity, sickness,
   unemployment, family); health premiums are left out. The law is that of the year in which the time asked about begins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from actuarial.basis.case_legislation import LevyingState, LoadedLegislation, load_legislation
from actuarial.basis.dimensions import HISTORY_FIRST_YEAR, LAST_YEAR
from actuarial.basis.errors import InputError
from actuarial.basis.scheme import load_scheme
from actuarial.feasibility.case_claim import outside_persons
from actuarial.feasibility.case_facts import indices_of
from actuarial.provisions.claim import Step
from actuarial.provisions.double_contributions import ContributionEffect, Levy, contribution_effect, joined
from actuarial.provisions.legislation import (
    LegislationRules,
    Posting,
    Situation,
    Spell,
    applicable,
    last_day_of_months,
    legislation_rules,
    spells,
)

BRANCHES_WITH_LEVY = ("employment_injury", "maternity", "sickness", "unemployment", "family")


@dataclass(frozen=True)
class ExplainedSpell:
    """Days, both inclusive, under one state's law; ``state`` is empty where no instrument applies and each state levies by its own law."""

    state: str
    rule: str
    start: date
    end: date
    explanation: tuple[str, ...]


@dataclass(frozen=True)
class LegislationAnswer:
    """The answer to a case: whose law, contributions by levy in the case's currency without and with the instrument, and why."""

    loaded: LoadedLegislation
    spells: tuple[ExplainedSpell, ...]
    effect: ContributionEffect
    general: tuple[Step, ...]
    disagreements: tuple[str, ...]


def applicable_legislation(path: Path, root: Path) -> LegislationAnswer:
    """Answer the case in a file; ``root`` holds ``data`` and ``scenarios``. Raises :class:`InputError` for anything wrong in the file."""
    return legislation_of(load_legislation(path, root / "scenarios"), root / "data")


def legislation_of(loaded: LoadedLegislation, data_dir: Path) -> LegislationAnswer:
    """Answer a case that is already read."""
    case = loaded.case
    levies = tuple(levy for state, part in case.states.items() for levy in _levies(loaded, state, part, data_dir))
    rules, begins, general = _rules(loaded)
    entry = min(max(begins, case.start), case.until + timedelta(days=1))
    found: list[ExplainedSpell] = []
    effects: list[ContributionEffect] = []
    try:
        situation = _situation(loaded)
        if rules is None or entry > case.start:
            end = case.until if rules is None else entry - timedelta(days=1)
            found.append(ExplainedSpell("", "national_law", case.start, end, ("Each state levies by its own law.",)))
            effects.append(contribution_effect(situation, None, levies, wage=case.wage, start=case.start, end=end))
        if rules is not None and entry <= case.until:
            found += [_explained(situation, rules, spell) for spell in spells(situation, rules, entry, case.until)]
            effects.append(contribution_effect(situation, rules, levies, wage=case.wage, start=entry, end=case.until))
    except ValueError as error:
        place, _, text = str(error).partition(": ")
        keys = ("work", *place.split(".")) if text and " " not in place else ("work",)
        raise loaded.error(keys, text if len(keys) > 1 else str(error)) from None
    effect = effects[0] if len(effects) == 1 else joined(*effects)
    answer = LegislationAnswer(loaded, tuple(found), effect, general, ())
    return LegislationAnswer(loaded, tuple(found), effect, general, _disagreements(answer))


def _rules(loaded: LoadedLegislation) -> tuple[LegislationRules | None, date, tuple[Step, ...]]:
    """The instrument's rules (``None``: national laws alone), the day from which they apply, and the steps that say so."""
    case, instrument = loaded.case, loaded.instrument
    if instrument is None:
        return None, case.start, (Step("There is no instrument: each state levies by its own law.", "national law"),)
    rules, entry = legislation_rules(instrument), date(instrument.entry_into_force, 1, 1)
    outside = sorted(set(case.states) - set(instrument.active_members))
    why = outside_persons(case.person, instrument)
    if rules is None:
        why = "It has no provision 'applicable_legislation'."
    elif outside:
        why = f"Not a member, or suspended: {', '.join(outside)}."
    elif entry > case.until:
        why = f"It enters into force on {entry}, after the time asked about."
    if why:
        return None, case.start, (Step(f"The instrument '{instrument.title}' does not decide. {why}", "scope and entry into force"),)
    assert rules is not None
    steps = [Step(f"The instrument '{instrument.title}' applies. {instrument.note}", "scope and entry into force")]
    if entry > case.start:
        steps.append(Step(f"It enters into force on {entry}; before, each state levies by its own law. A posting counts from its start.", "entry"))
    for name, figure in instrument.figures:
        if name.startswith("provisions.applicable_legislation."):
            text = f"{name.removeprefix('provisions.')}: {figure.value} {figure.unit}."
            steps.append(Step(text, f"{figure.source} ({figure.confidence})"))
    return rules, entry, tuple(steps)


def _situation(loaded: LoadedLegislation) -> Situation:
    case, work = loaded.case, loaded.case.work
    posting, part = None, work.posting
    if part is not None:
        end = part.until
        if end is None:
            assert part.expected_months is not None
            end = last_day_of_months(part.start, part.expected_months)
        posting = Posting(part.sending, part.host, part.start, end, part.replaces_posted, part.extension_months)
    return Situation(
        residence=case.person.residence or "",
        work=work.shares,
        employer_seats=work.employer_seats,
        self_employed=work.self_employed,
        centre_of_interests=work.centre_of_interests,
        civil_service=work.civil_service,
        flag=work.flag,
        paid_from_shore=work.paid_from_shore,
        home_base=work.home_base,
        posting=posting,
        agreed_state=work.agreed_state,
    )


def _explained(situation: Situation, rules: LegislationRules, spell: Spell) -> ExplainedSpell:
    return ExplainedSpell(spell.state, spell.rule, spell.start, spell.end, applicable(situation, rules, spell.start).explanation)


def _levies(loaded: LoadedLegislation, state: str, part: LevyingState, data_dir: Path) -> tuple[Levy, ...]:
    """What a state levies, in the case's currency and per month."""
    case = loaded.case
    own, posted = part.levies_on_territory, part.levies_on_posted
    if part.levy is not None:
        ceiling = math.inf if part.levy.ceiling is None else part.levy.ceiling
        return (Levy(f"{state}, rates given", state, part.levy.worker_rate, part.levy.employer_rate, own, posted, ceiling),)
    assert part.scheme is not None
    try:
        scheme = load_scheme(data_dir / "schemes" / part.scheme)
    except InputError as error:
        raise loaded.error(("states", state, "scheme"), str(error)) from None
    if scheme.country != state:
        raise loaded.error(("states", state, "scheme"), f"'{part.scheme}' is a scheme of {scheme.country}, not of {state}")
    if not HISTORY_FIRST_YEAR <= case.start.year <= LAST_YEAR:
        raise loaded.error(("from",), f"found {case.start}; the law of a scheme is known for {HISTORY_FIRST_YEAR} to {LAST_YEAR}")
    law = scheme.law(case.start.year, indices_of(data_dir, state))
    limited = law.floor > 0.0 or not math.isinf(law.ceiling)
    factor = 1.0 / 12.0
    if limited and scheme.currency != case.currency:
        for name in (scheme.currency, case.currency):
            if name not in case.exchange_rates:
                text = f"{name} is missing; limits of {scheme.id} are in {scheme.currency}, the wage in {case.currency}"
                raise loaded.error(("exchange_rates",), text)
        factor *= case.exchange_rates[case.currency] / case.exchange_rates[scheme.currency]
    if case.wage < law.floor * factor:
        text = f"{case.wage:,.2f} {case.currency} a month lies below the lowest insurable earnings of {scheme.id}, {law.floor * factor:,.2f}"
        raise loaded.error(("wage",), text)
    levies = []
    if law.contribution_rate > 0.0:
        levies.append(Levy(scheme.id, state, law.employee_rate, law.employer_rate, own, posted, law.ceiling * factor))
    for name in BRANCHES_WITH_LEVY:
        branch = getattr(law, name)
        if branch is not None and branch.levy.rate > 0.0:
            rates = branch.levy
            title = f"{scheme.id}, {name.replace('_', ' ')}"
            levies.append(Levy(title, state, rates.employee_rate, rates.employer_rate, own, posted, rates.ceiling * factor))
    return tuple(levies)


def results(answer: LegislationAnswer) -> dict[str, float | str]:
    """The figures that a case may expect, by name; ``applicable`` lists the states in order of time."""
    effect = answer.effect
    return {
        "applicable": ", ".join(spell.state or "national law" for spell in answer.spells),
        "first_change": answer.spells[1].start.isoformat() if len(answer.spells) > 1 else "none",
        "contributions_without": sum(s.without.total for s in effect.schemes),
        "contributions_with": sum(s.with_instrument.total for s in effect.schemes),
        "saved_worker": effect.saved.worker,
        "saved_employer": effect.saved.employer,
        "saved": effect.saved.total,
        "double_months": _number(effect.double_months),
        "uninsured_months_without": _number(effect.uninsured_months_without),
        "uninsured_months_with": _number(effect.uninsured_months_with),
    }


def _number(months: Fraction) -> float:
    return months.numerator if months.denominator == 1 else float(months)


def _disagreements(answer: LegislationAnswer) -> tuple[str, ...]:
    case, got = answer.loaded.case, results(answer)
    found = []
    for name, wanted in case.expected.items():
        if name not in got:
            raise answer.loaded.error(("expected", name), f"unknown key; allowed: {', '.join(got)}")
        value = got[name]
        same = value == wanted if isinstance(value, str) or isinstance(wanted, str | bool) else abs(value - wanted) <= case.tolerance
        if not same:
            found.append(f"{name}: expected {wanted}, computed {value}")
    return tuple(found)
