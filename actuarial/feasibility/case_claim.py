"""From a case as written to a claim that can be decided: periods, schemes in their law of the year, earnings, scope, export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from actuarial.basis.case import NO_PROVISIONS, LoadedCase, PeriodPart, StatePart, branch_of
from actuarial.basis.case_scheme import scheme_of_case
from actuarial.basis.dimensions import HISTORY_FIRST_YEAR, LAST_YEAR, VALUATION_YEAR
from actuarial.basis.economy import load_economy
from actuarial.basis.errors import InputError, raise_problems
from actuarial.basis.instrument import Instrument
from actuarial.basis.instrument_provisions import Provisions
from actuarial.basis.region import Region, load_region
from actuarial.basis.scheme import Scheme, load_scheme
from actuarial.basis.scheme_law import Indices, SchemeLaw
from actuarial.provisions.claim import Claim, Combined, Formula, Leg
from actuarial.provisions.coordination_branches import EventFacts
from actuarial.provisions.earnings import reference_earnings
from actuarial.provisions.formula import GivenFormula, LawFormula
from actuarial.provisions.overlaps import PeriodRules, Totals, totalise
from actuarial.provisions.period_units import UNIT_TABLES
from actuarial.provisions.periods import Period, PeriodError, counted, dated, require_valid

NOTHING = Provisions.model_validate(NO_PROVISIONS["provisions"])
"""No coordination at all."""
_FIELDS = {"start": "from", "end": "to"}
"""Names of a period's fields in a case file, where they differ."""


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


@dataclass(frozen=True)
class Facts:
    """What is the same with and without the instrument.

    schemes  by state: scheme and law of the year of the claim; ``None`` where the case gives amounts
    """

    loaded: LoadedCase
    periods: tuple[Period, ...]
    schemes: dict[str, tuple[Scheme, SchemeLaw, Indices] | None]


def read_facts(loaded: LoadedCase, data_dir: Path) -> Facts:
    """Periods and schemes of a case. Raises one :class:`InputError` that names the place in the file."""
    periods = _periods(loaded)
    schemes = {}
    for state, part in loaded.case.states.items():
        schemes[state] = _scheme(loaded, state, part, data_dir)
    return Facts(loaded, periods, schemes)


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
    members, persons = instrument.active_members, instrument.scope.persons
    if persons == "residents" and person.residence is not None and person.residence not in members:
        return f"The instrument is for residents of its members; the person lives in {person.residence}."
    national = person.nationality is None or person.nationality in members
    if persons == "nationals" and not national:
        return f"The instrument is for nationals of its members; the person is a national of {person.nationality}."
    if persons == "refugees" and not national and not person.refugee:
        return f"The instrument is for nationals of its members and refugees; the person is a national of {person.nationality}."
    return ""


def _periods(loaded: LoadedCase) -> tuple[Period, ...]:
    found: list[Period] = []
    places: list[tuple[str, int]] = []
    for state, part in loaded.case.states.items():
        for i, written in enumerate(part.periods):
            try:
                found.append(_period(state, written))
            except PeriodError as error:
                raise loaded.error(("states", state, "periods", i, _FIELDS.get(error.field, error.field)), error.text) from None
            places.append((state, i))
    try:
        require_valid(found)
    except PeriodError as error:
        state, i = places[error.index or 0]
        text = error.text
        for n, (s, j) in reversed(list(enumerate(places))):
            text = text.replace(f"periods[{n}]", f"states.{s}.periods[{j}]")
        raise loaded.error(("states", state, "periods", i, _FIELDS.get(error.field, error.field)), text) from None
    return tuple(found)


def _period(state: str, written: PeriodPart) -> Period:
    if written.amount is not None and written.start is None and written.end is None:
        if written.unit is None:
            raise PeriodError("unit", "is missing; allowed: days, weeks, months, quarters, years")
        return counted(
            state, written.amount, written.unit, written.type,
            year=written.year, month=written.month, refunded=written.refunded, repaid=written.repaid,
        )  # fmt: skip
    if written.start is None or written.end is None:
        missing = "start" if written.start is None else "end"
        raise PeriodError(missing, "is missing; a period is dated (from, to) or counted (amount, unit)")
    if written.amount is not None or written.unit is not None:
        raise PeriodError("amount", "stands beside from and to; a period is dated or counted, not both")
    return dated(state, written.start, written.end, written.type, refunded=written.refunded, repaid=written.repaid)


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
    exported = part.amounts is not None and part.amounts.export or law is not None and law.export_without_instrument
    if member and instrument is not None and residence in instrument.active_members:
        exported = exported or instrument.exports(branch, year)
    counts = kind == "pension" or (kind == "account" and claim.provisions.account_schemes.count_periods)
    currency = scheme[0].currency if scheme is not None else part.amounts.currency if part.amounts is not None else ""
    return Leg(
        state=state,
        scheme=scheme[0].id if scheme is not None else f"{state}, amounts given",
        kind=kind,  # type: ignore[arg-type]
        currency=currency,
        formula=_formula(facts, state, part, claim, own, _counting(facts, instrument) | {state}) if kind == "pension" else None,
        order=_order(facts, state, part),
        counts=counts,
        member=member,
        exportable=residence is None or residence == state or bool(exported),
        rights=1.0 if equal or not foreign or law is None else law.foreigners_rights_share,
        balance=part.balance,
        annuity_factor=part.annuity_factor,
        transfer_value=part.transfer_value,
        conditions_own=part.conditions is None or part.conditions.own,
        conditions_foreign=part.conditions is None or part.conditions.anywhere,
        waived=part.waived,
        choice=part.choice or "",
        not_yet=_not_yet(facts, law),
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
    branch = facts.loaded.case.contingency
    if facts.schemes[state] is not None and branch != "old_age":
        text = f"the branch '{branch}' is not computed from a scheme's law here; give 'amounts' (independent, theoretical) for it"
        raise facts.loaded.error(("states", state), text)
    scheme = facts.schemes[state]
    if scheme is None:
        assert part.amounts is not None
        given = part.amounts
        longest = None if given.longest_months is None else Fraction(given.longest_months)
        total = claim.combine(counting).total
        return GivenFormula(given.qualifying_months, given.independent, given.theoretical, total, given.minimum, longest, given.settlement, state)
    _, law, indices = scheme
    reference = _reference(facts, state, part, law, indices, revalued=True)
    basis = claim.provisions.amount.earnings_basis
    abroad = None
    if claim.totalise and basis == "own_last" and own > 0:
        abroad = _last(facts, state, part)
    elif claim.totalise and basis == "revalued" and own > 0:
        abroad = _reference(facts, state, part, replace(law, reference_revaluation="wages"), indices, revalued=True)
        if part.earnings is None or not part.earnings.by_year:
            raise facts.loaded.error(("states", state, "earnings"), "amount.earnings_basis 'revalued' needs earnings by_year; found none")
    return LawFormula(law, reference, abroad, own, state)


def _reference(facts: Facts, state: str, part: StatePart, law: SchemeLaw, indices: Indices, *, revalued: bool) -> float | None:
    """Reference earnings per year: given, or the law's average of the yearly record, revalued as the law says to the year of the claim."""
    if part.earnings is None:
        return None
    if part.earnings.reference is not None:
        return part.earnings.reference
    years = sorted(part.earnings.by_year)
    late = [y for y in years if not HISTORY_FIRST_YEAR <= y <= LAST_YEAR]
    if late:
        raise facts.loaded.error(("states", state, "earnings", "by_year", late[0]), f"found {late[0]}, allowed {HISTORY_FIRST_YEAR} to {LAST_YEAR}")
    now = min(facts.loaded.years, LAST_YEAR)
    factors = [indices.at(law.reference_revaluation, now) / indices.at(law.reference_revaluation, y) if revalued else 1.0 for y in years]
    record = np.array([part.earnings.by_year[y] * f for y, f in zip(years, factors, strict=True)])
    return float(reference_earnings(law.reference_periods, record))


def _last(facts: Facts, state: str, part: StatePart) -> float:
    if part.earnings is not None and part.earnings.last is not None:
        return part.earnings.last
    if part.earnings is not None and part.earnings.by_year:
        return part.earnings.by_year[max(part.earnings.by_year)]
    raise facts.loaded.error(("states", state, "earnings"), "amount.earnings_basis 'own_last' needs earnings.last or earnings.by_year; found neither")


def _order(facts: Facts, state: str, part: StatePart) -> Fraction:
    """Place in time of the last insurance: ``last_insured``, periods with a date or year, else the place in the file (before every dated one)."""
    if part.last_insured is not None:
        return Fraction(part.last_insured * 12)
    known = [p.span[1] for p in facts.periods if p.state == state and (p.is_dated or p.year is not None)]
    return max(known) if known else Fraction(list(facts.loaded.case.states).index(state), 1000)


def _scheme(loaded: LoadedCase, state: str, part: StatePart, data_dir: Path) -> tuple[Scheme, SchemeLaw, Indices] | None:
    if part.amounts is not None:
        return None
    if not HISTORY_FIRST_YEAR <= loaded.years <= LAST_YEAR:
        raise loaded.error(("date",), f"found {loaded.case.date}; the law of a scheme is known for {HISTORY_FIRST_YEAR} to {LAST_YEAR}")
    if part.scheme is not None:
        try:
            scheme = load_scheme(data_dir / "schemes" / part.scheme)
        except InputError as error:
            raise loaded.error(("states", state, "scheme"), str(error)) from None
        if scheme.country != state:
            raise loaded.error(("states", state, "scheme"), f"'{part.scheme}' is a scheme of {scheme.country}, not of {state}")
        indices = _indices(data_dir, state)
        return scheme, scheme.law(loaded.years, indices), indices
    assert part.own_scheme is not None
    found, problems = scheme_of_case(loaded.document, state, part.own_scheme)
    raise_problems(problems)
    assert found is not None
    flat = np.zeros(LAST_YEAR + 1 - HISTORY_FIRST_YEAR)
    indices = Indices.from_growth(flat, flat, HISTORY_FIRST_YEAR, VALUATION_YEAR)
    return found, found.law(loaded.years, indices), indices


@lru_cache(maxsize=8)
def _economy(data_dir: Path) -> tuple[Region, dict[str, Indices]]:
    region = load_region(data_dir)
    economy = load_economy(data_dir, region.members)
    levels = {c: Indices.from_growth(economy.wage_growth[i], economy.inflation[i]) for i, c in enumerate(region.members)}
    return region, levels


def _indices(data_dir: Path, state: str) -> Indices:
    region, levels = _economy(data_dir)
    region.index(state)
    return levels[state]
