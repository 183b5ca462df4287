"""Applicable legislation: which one state's law a person is insured under on a given day.

``applicable(situation, rules, on)`` asks the rules in the order of the table and takes the first that answers; ``spells`` gives the states over
a stretch of time. The trail says why each earlier rule did not apply. Articles are of Regulation (EC) 883/2004 and recalled.

| rule              | state whose law applies                                                    | article                  |
|-------------------|----------------------------------------------------------------------------|--------------------------|
| ``agreement``       | the one the states agreed on in the worker's interest                      | 16                       |
| ``civil_servant``   | the employing state                                                        | 11(3)(b)                 |
| ``ship``            | the flag; the residence if an undertaking there pays the seafarer          | 11(4)                    |
| ``air_crew``        | the home base                                                              | 11(5)                    |
| ``posting``         | the sending state, within the limit and not to replace another             | 12                       |
| ``several_states``  | residence with a substantial part (25 %) there, else the employer's seat   | 13; 987/2009, 14(8)      |
| ``place_of_work``   | where the work is done, employed or self-employed                          | 11(3)(a)                 |
| ``inactive``        | the residence                                                              | 11(3)(e)                 |

1. One legislation at a time (Article 11(1)): the answer is one state, or an error that names the missing fact; never a guess.
2. The last day under the sending law is start + n months - 1 day; where the n-th month has no such day, its last day.
3. A posting expected to last longer than the limit is no posting from its first day, where ``test_expected_duration`` holds; otherwise the sending
   law applies up to the limit and the host's from the next day.
4. ``LegislationRules.order`` may leave out rules that an instrument does not have, or ask them in another order.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, get_args

from actuarial.basis.errors import unknown_name
from actuarial.basis.instrument import Instrument
from actuarial.provisions.period_units import MONTHS_PER_YEAR

LegislationRule = Literal["agreement", "civil_servant", "ship", "air_crew", "posting", "several_states", "place_of_work", "inactive"]
LEGISLATION_RULES: tuple[LegislationRule, ...] = get_args(LegislationRule)


@dataclass(frozen=True)
class LegislationRules:
    """An instrument's rules: posting limits, the substantial part of an activity, and the rules in the order in which they are asked.

    Posting limits of 12, 24, 36 and 60 months occur (Canada - Saint Kitts and Nevis: 60; European Union: 24).
    """

    posting_months: int = 24
    posting_extension_months: int = 0
    replacement_ban: bool = True
    test_expected_duration: bool = True
    substantial_share: Fraction = Fraction(1, 4)
    shore_exception: bool = True
    order: tuple[LegislationRule, ...] = LEGISLATION_RULES

    def __post_init__(self) -> None:
        for name, months in (("posting_months", self.posting_months), ("posting_extension_months", self.posting_extension_months)):
            if months < 0:
                raise ValueError(f"{name}: {months} is negative; allowed is zero or more")
        if not 0 < self.substantial_share <= 1:
            raise ValueError(f"substantial_share: {self.substantial_share}; allowed: above 0, at most 1")
        for name in self.order:
            if name not in LEGISLATION_RULES:
                raise ValueError(f"order: {unknown_name('rule', str(name), LEGISLATION_RULES)}")
        if len(set(self.order)) < len(self.order):
            raise ValueError("order: a rule stands twice")


def legislation_rules(instrument: Instrument) -> LegislationRules | None:
    """An instrument's rules: its posting limits, else those of the table; ``None`` where it has none on applicable legislation."""
    given = instrument.provisions.applicable_legislation
    if given is None:
        return None
    return LegislationRules(posting_months=given.posting_months, posting_extension_months=given.posting_extension_months)


@dataclass(frozen=True)
class Posting:
    """A worker sent by an employer of one state to work in another; ``extension_months`` are those the states agreed on."""

    sending: str
    host: str
    start: date
    end: date
    replaces_posted: bool = False
    extension_months: int = 0

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"posting.end: {self.end} lies before start {self.start}")
        if self.sending == self.host:
            raise ValueError(f"posting.host: '{self.host}' is the sending state; a posting leads to another state")
        if self.extension_months < 0:
            raise ValueError(f"posting.extension_months: {self.extension_months} is negative; allowed is zero or more")


@dataclass(frozen=True)
class Situation:
    """Facts about one person on which the rules turn; states are codes, what does not apply is empty.

    residence        state of residence
    work             share of the activity in each state, adding up to one (empty: no work); a posting replaces it while it lasts
    employer_seats   states where the employers have their seat (for work in several states)
    self_employed    ``centre_of_interests`` is then needed where the substantial part is not at the residence
    civil_service    state that employs a civil servant
    flag, paid_from_shore   flag of the ship; state of the undertaking on shore that pays the seafarer
    home_base        of air crew
    agreed_state     state agreed on by consent
    """

    residence: str
    work: Mapping[str, Fraction]
    employer_seats: tuple[str, ...] = ()
    self_employed: bool = False
    centre_of_interests: str | None = None
    civil_service: str | None = None
    flag: str | None = None
    paid_from_shore: str | None = None
    home_base: str | None = None
    posting: Posting | None = None
    agreed_state: str | None = None

    def __post_init__(self) -> None:
        if not self.residence:
            raise ValueError("residence: is empty; give the state of residence")
        if any(share <= 0 for share in self.work.values()):
            raise ValueError("work: a share is zero or negative; leave out states without work")
        if self.work and sum(self.work.values()) != 1:
            raise ValueError(f"work: shares add up to {sum(self.work.values())}, not to 1")
        if self.flag is None and self.paid_from_shore is not None:
            raise ValueError("paid_from_shore: belongs to seafarers; give the flag too")


@dataclass(frozen=True)
class Applicable:
    """Answer: the state, the rule that gave it, and the trail of rules asked."""

    state: str
    rule: LegislationRule
    explanation: tuple[str, ...]


@dataclass(frozen=True)
class Spell:
    """Days, both inclusive, under one legislation by one rule."""

    state: str
    rule: LegislationRule
    start: date
    end: date


def last_day_of_months(start: date, months: int) -> date:
    """Last day of ``months`` months that begin with ``start``: start + months - 1 day (rule 2).

    >>> last_day_of_months(date(2026, 1, 15), 24), last_day_of_months(date(2026, 1, 31), 1)
    (datetime.date(2028, 1, 14), datetime.date(2026, 2, 28))
    """
    year, month = divmod(MONTHS_PER_YEAR * start.year + start.month - 1 + months, MONTHS_PER_YEAR)
    length = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, length) if start.day > length else date(year, month + 1, start.day) - timedelta(days=1)


def posting_limit(posting: Posting, rules: LegislationRules) -> tuple[date, date]:
    """Last day that the sending law can apply, and the first day of the host law after it.

    ``ValueError`` when more extension was agreed than the instrument allows.
    """
    if posting.extension_months > rules.posting_extension_months:
        raise ValueError(
            f"posting.extension_months: {posting.extension_months} months; the instrument allows at most {rules.posting_extension_months}"
        )
    last = last_day_of_months(posting.start, rules.posting_months + posting.extension_months)
    return last, last + timedelta(days=1)


def applicable(situation: Situation, rules: LegislationRules, on: date) -> Applicable:
    """Legislation on one day by the first rule that answers; ``ValueError`` when none does or a fact is missing."""
    trail: list[str] = []
    current = _during_posting(situation, on)
    for rule in rules.order:
        state, reason = _RULES[rule](current, rules, on)
        trail.append(f"{rule.replace('_', ' ')}: {reason}.")
        if state is not None:
            return Applicable(state, rule, tuple(trail))
    raise ValueError("order: no rule of the instrument gives an applicable legislation; " + " ".join(trail))


def spells(situation: Situation, rules: LegislationRules, start: date, end: date) -> tuple[Spell, ...]:
    """Legislation from ``start`` to ``end``, cut where a posting begins, reaches its limit or ends; equal neighbours are joined."""
    if end < start:
        raise ValueError(f"end: {end} lies before start {start}")
    cuts = {start}
    if situation.posting is not None:
        after = situation.posting.end + timedelta(days=1)
        cuts |= {d for d in (situation.posting.start, posting_limit(situation.posting, rules)[1], after) if start < d <= end}
    ordered = sorted(cuts)
    found: list[Spell] = []
    for first, following in zip(ordered, [*ordered[1:], end + timedelta(days=1)], strict=True):
        answer = applicable(situation, rules, first)
        last = following - timedelta(days=1)
        if found and (found[-1].state, found[-1].rule) == (answer.state, answer.rule):
            found[-1] = replace(found[-1], end=last)
        else:
            found.append(Spell(answer.state, answer.rule, first, last))
    return tuple(found)


def _during_posting(situation: Situation, on: date) -> Situation:
    """The situation as it is on the day: all work at the host during a posting, no posting outside its dates."""
    posting = situation.posting
    if posting is None:
        return situation
    if posting.start <= on <= posting.end:
        return replace(situation, work={posting.host: Fraction(1)})
    return replace(situation, posting=None)


_Answer = tuple[str | None, str]


def _agreement(situation: Situation, rules: LegislationRules, on: date) -> _Answer:
    if situation.agreed_state is None:
        return None, "the states agreed on no exception"
    return situation.agreed_state, f"{situation.agreed_state}, agreed on by consent (Article 16)"


def _civil_servant(situation: Situation, rules: LegislationRules, on: date) -> _Answer:
    if situation.civil_service is None:
        return None, "not a civil servant"
    return situation.civil_service, f"{situation.civil_service} employs the civil servant (Article 11(3)(b))"


def _ship(situation: Situation, rules: LegislationRules, on: date) -> _Answer:
    if situation.flag is None:
        return None, "not on board a ship"
    if rules.shore_exception and situation.paid_from_shore == situation.residence:
        return situation.residence, f"{situation.residence}: an undertaking there pays a seafarer who lives there (Article 11(4), exception)"
    return situation.flag, f"{situation.flag}, the flag of the ship (Article 11(4))"


def _air_crew(situation: Situation, rules: LegislationRules, on: date) -> _Answer:
    if situation.home_base is None:
        return None, "not air crew"
    return situation.home_base, f"{situation.home_base}, the home base (Article 11(5))"


def _posting(situation: Situation, rules: LegislationRules, on: date) -> _Answer:
    posting = situation.posting
    if posting is None:
        return None, "not posted"
    if posting.replaces_posted and rules.replacement_ban:
        return None, "sent to replace another posted person, so the sending law does not stay (Article 12)"
    last, _ = posting_limit(posting, rules)
    months = rules.posting_months + posting.extension_months
    if posting.end > last and rules.test_expected_duration:
        return None, f"expected until {posting.end}, longer than {months} months (to {last}), so not a posting from the start (Article 12)"
    if on > last:
        return None, f"the {months} months of posting ended on {last}"
    return posting.sending, f"{posting.sending} until {min(last, posting.end)}, posted for at most {months} months (Article 12)"


def _several_states(situation: Situation, rules: LegislationRules, on: date) -> _Answer:
    if len(situation.work) < 2:
        return None, "no work in several states"
    share = situation.work.get(situation.residence, Fraction(0))
    percent = f"{float(100 * share):.4g} % of the work"
    if share >= rules.substantial_share:
        return situation.residence, f"{situation.residence}, the residence, with {percent} there (Article 13)"
    if situation.self_employed:
        if situation.centre_of_interests is None:
            raise ValueError("centre_of_interests: is missing; needed for self-employed work in several states without a substantial part at home")
        return situation.centre_of_interests, f"{situation.centre_of_interests}, the centre of interests of the self-employed (Article 13(2))"
    seats = sorted(set(situation.employer_seats))
    if not seats:
        raise ValueError("employer_seats: is missing; needed for work in several states without a substantial part at the residence")
    elsewhere = [seat for seat in seats if seat != situation.residence]
    if len(elsewhere) > 1:
        return situation.residence, f"{situation.residence}, the residence: employers in {' and '.join(elsewhere)} (Article 13(1)(b))"
    seat = elsewhere[0] if elsewhere else situation.residence
    return seat, f"{seat}, the employer's seat: only {percent} at the residence (Article 13(1)(b))"


def _place_of_work(situation: Situation, rules: LegislationRules, on: date) -> _Answer:
    if not situation.work:
        return None, "no work"
    if len(situation.work) > 1:
        raise ValueError(f"work: in {', '.join(sorted(situation.work))}, but the instrument has no rule for work in several states before this one")
    (state,) = situation.work
    return state, f"{state}, where the work is done (Article 11(3)(a))"


def _inactive(situation: Situation, rules: LegislationRules, on: date) -> _Answer:
    if situation.work:
        return None, "not inactive"
    return situation.residence, f"{situation.residence}, the residence of an inactive person (Article 11(3)(e))"


_RULES: Mapping[LegislationRule, Callable[[Situation, LegislationRules, date], _Answer]] = {
    "agreement": _agreement,
    "civil_servant": _civil_servant,
    "ship": _ship,
    "air_crew": _air_crew,
    "posting": _posting,
    "several_states": _several_states,
    "place_of_work": _place_of_work,
    "inactive": _inactive,
}
