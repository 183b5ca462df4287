"""The trail of an overlap: which rule was applied to which time, told in plain lines.

A line names months, type, state and dates, what they coincide with, the consequence and the rule it comes from. Dates are given only where
they are known; a counted period of a named year is told by its year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

from actuarial.provisions.periods import amount_text, day_of_point


@dataclass(frozen=True)
class Event:
    """One rule applied over one stretch of time; stretches of the same rule and states are told in one line.

    rule    key of the consequences below; ``outside`` and ``yielded`` carry the type that prevails after a colon
    state   the state (or states) the rule names, ``others`` those it coincides with, ``type`` what coincides
    placed  the dates are not known
    """

    rule: str
    state: str
    others: tuple[str, ...]
    type: str
    start: Fraction
    end: Fraction
    placed: bool


_SOURCES: Mapping[str, str] = {
    "outside": "they leave the total and {state} pays for them separately, without pro rata (Regulation 987/2009, Article 12; 883/2004, Article 43)",
    "yielded": "only the {top} period counts (Regulation 987/2009, Article 12)",
    "assimilated": "they count in {state}, the state of the nearest compulsory insurance, before them if any (Regulation 987/2009, Article 12)",
    "count_once": "counted once in the total and in full by each state (policy 'count_once'; Convention 157, Article 7(2))",
    "split": "counted once and shared equally between the states (policy 'split')",
    "first_insured": "counted once, by the state where insurance began first (policy 'first_insured')",
    "each_pays_own": "counted in full by each state and as often in the total, once for a qualifying period (policy 'each_pays_own')",
}


def told(events: Sequence[Event]) -> list[str]:
    """One line per rule, states and type, with the months and the dates it covers."""
    groups: dict[tuple[str, str, tuple[str, ...], str, bool], list[Event]] = defaultdict(list)
    for event in events:
        groups[event.rule, event.state, event.others, event.type, event.placed].append(event)
    lines = []
    for (rule, state, others, kind, _), found in sorted(groups.items(), key=lambda g: (g[1][0].start, g[0])):
        months = amount_text(sum((e.end - e.start for e in found), Fraction(0)))
        unit = "month" if months == "1" else "months"
        name, _, top = rule.partition(":")
        consequence = _SOURCES[name].format(state=state, top=top)
        what = f"{months} {unit} of {_WORDS[kind]}"
        where = f"in {state} ({_when(found)}) coincide with {_WORDS[top]} in" if top else f"coincide ({_when(found)}) in"
        lines.append(f"{what} {where} {' and '.join(others)}: {consequence}.")
    return lines


_WORDS: Mapping[str, str] = {
    "compulsory": "compulsory insurance",
    "voluntary": "voluntary insurance",
    "assimilated": "assimilated periods",
    "residence": "residence",
}


def _when(events: Sequence[Event]) -> str:
    """Dates of the stretches, joined where they touch; years only where dates were not known."""
    if any(e.placed for e in events):
        years = sorted({day_of_point(e.start).year for e in events})
        return "in " + ", ".join(map(str, years)) + ", dates not known"
    spans: list[list[Fraction]] = []
    for event in sorted(events, key=lambda e: e.start):
        if spans and spans[-1][1] == event.start:
            spans[-1][1] = event.end
        else:
            spans.append([event.start, event.end])
    return ", ".join(f"{day_of_point(start)} to {day_of_point(end) - timedelta(days=1)}" for start, end in spans)
