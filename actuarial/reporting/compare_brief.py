"""The first page of a comparison: which combination is cheapest and dearest for whom, and why, tied to figures.

1. Cheapest and dearest are by the present value of the net cost. Combinations of the same cost are said to be so.
2. Why: the part of the net cost that makes most of the difference between the dearest and the cheapest.
3. What an instrument does is the largest distance between two instruments under one scenario; what a scenario does, that between two scenarios
   with one instrument.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

import pandas as pd

from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import Block, Bullets, Heading, KeyFigure, KeyFigures, Note, Paragraph, Strong, Text, say
from actuarial.reporting.compare_charts import pension_schemes
from actuarial.reporting.compare_figures import PARTS, REGION, YEAR, Checked, Figures, Parts, Row, known
from actuarial.reporting.compare_set import Combination, Comparison, short
from actuarial.reporting.language import _, data_text, phrase

SAME: Final = 1e-9
"""Share of the larger amount below which two costs are the same."""


def in_brief(comparison: Comparison, table: Figures, parts: Parts, made: list[Checked]) -> list[Block]:
    """The page a minister reads."""
    by_letter = {c.letter: c for c in comparison.combinations}
    costs, schemes = table["net_cost_usd"], pension_schemes(comparison)
    blocks: list[Block] = [
        Heading(_("In brief"), numbered=False),
        Paragraph(_verdict(costs, by_letter, schemes), lead=True),
        KeyFigures(_key_figures(comparison, table, schemes)),
        Bullets(
            (
                *_by_scheme(costs, parts, by_letter, schemes),
                *_drivers(comparison, costs),
                *_accounts(comparison, table),
                *_payers(table, comparison),
            )
        ),
    ]
    if not all(c.holds for c in made):
        failed = ", ".join(dict.fromkeys(f"{c.letter}: {_(c.name)}" for c in made if not c.holds))
        blocks.append(Note(_("A check fails"), say("These figures must not be used: {failed}.", failed=failed), "warning"))
    text = say("{note} Read every figure as an answer to: what if the instrument said this?", note=data_text(str(comparison.base.instrument["note"])))
    blocks.append(Note(_("The texts compared are assumptions"), text, "warning"))
    return blocks


def _verdict(costs: dict[str, Row], by_letter: dict[str, Combination], schemes: dict[str, str]) -> Text:
    if not schemes:
        return say("No scheme of these studies promises pensions by formula, so the combinations differ in no net cost.")
    row = known(costs[REGION])
    low, high = _ends(row)
    if _same(row[low], row[high]):
        return say(
            "For all schemes with pensions by formula together, every combination costs {cost} at present value.",
            cost=Strong(numbers.money(row[low], "USD")),
        )
    return say(
        "For all schemes with pensions by formula together, the net cost of the instrument runs from {low} with {cheap} to {high} with {dear}, at "
        "present value over the horizon.",
        low=Strong(numbers.money(row[low], "USD")),
        cheap=short(by_letter[low]),
        high=Strong(numbers.money(row[high], "USD")),
        dear=short(by_letter[high]),
    )


def _key_figures(comparison: Comparison, table: Figures, schemes: dict[str, str]) -> tuple[KeyFigure, ...]:
    """Ranges over the combinations."""

    def spread(row: Row, write: Callable[[float], str]) -> str:
        values = known(row).values()
        if not values:
            return numbers.DASH
        low, high = min(values), max(values)
        if _same(low, high):
            return write(low)
        return phrase("{low} to {high}", low=write(low), high=write(high))

    def dollars(value: float) -> str:
        return numbers.money(value, "USD")

    gaps = table["gap_75"]
    widest = max(schemes, key=lambda c: max(abs(v) for v in known(gaps[c]).values()), default=None)
    found = [
        KeyFigure(_("Net cost, all schemes"), spread(table["net_cost_usd"][REGION], dollars), _("present value; lowest to highest")),
        KeyFigure(
            phrase("Pensioners thanks to the instrument, {year}", year=str(YEAR)),
            spread(table["extra_pensioners_2050"][REGION], numbers.persons),
            _("all schemes; fewest to most"),
        ),
        KeyFigure(
            _("Pensions across borders"),
            spread(table["paid_abroad_usd"][REGION], dollars),
            _("added by the instrument, present value"),
        ),
    ]
    if widest is not None:
        detail = phrase("{state}, 75 years, insurable earnings", state=schemes[widest])
        found.append(KeyFigure(_("Largest change in average premium"), spread(gaps[widest], numbers.points), detail))
    read = _inputs(comparison)
    found += [
        KeyFigure(
            _("Combinations"),
            numbers.exact(len(comparison.combinations)),
            phrase(
                "scenarios: {scenarios}; instruments: {instruments}",
                scenarios=numbers.exact(len(comparison.scenarios)),
                instruments=numbers.exact(len(comparison.instruments)),
            ),
        ),
        KeyFigure(
            _("Inputs assumed or recalled"),
            numbers.rate(float(read["confidence"].isin(frames.UNSURE).mean()), 0) if len(read) else _("none listed"),
            phrase("of {n} inputs read, all states, base combination", n=numbers.count(len(read))),
        ),
    ]
    return tuple(found)


def _inputs(comparison: Comparison) -> pd.DataFrame:
    """What the projection of the base combination reads, what all states share once."""
    read = pd.concat([frames.used(s.assumptions) for s in comparison.base.study.schemes.values()])
    years = read["year"].map(lambda year: f"{year:g}" if isinstance(year, float) else str(year))  # a file with whole years alone gives numbers
    return read.assign(year=years).drop_duplicates()


def _by_scheme(costs: dict[str, Row], parts: Parts, by_letter: dict[str, Combination], schemes: dict[str, str]) -> list[Text]:
    """For every scheme the cheapest and the dearest combination, and the part that makes most of the difference."""
    found = []
    for code, name in schemes.items():
        row = known(costs[code])
        low, high = _ends(row)
        if _same(row[low], row[high]):
            found.append(say("{state} every combination costs {cost}.", state=Strong(f"{name}:"), cost=numbers.money(row[low], "USD")))
            continue
        step = {part: values[high] - values[low] for part, values in parts[code].items()}
        part = max(step, key=lambda p: abs(step[p]))
        found.append(
            say(
                "{state} cheapest is {cheap}, {low}; dearest is {dear}, {high}. Of all parts of the cost, the one that differs most between "
                "the two: {part}, {step}. {differ}",
                state=Strong(f"{name}:"),
                cheap=short(by_letter[low]),
                low=Strong(numbers.money(row[low], "USD")),
                dear=short(by_letter[high]),
                high=Strong(numbers.money(row[high], "USD")),
                part=_(PARTS[part]),
                step=numbers.money(step[part], "USD", sign=True),
                differ=_in_what(by_letter[low], by_letter[high]),
            )
        )
    return found


def _in_what(one: Combination, two: Combination) -> str:
    """Whether scenario, instrument or both differ."""
    if one.scenario_name == two.scenario_name:
        return _("They differ in the instrument alone.")
    if one.instrument_name == two.instrument_name:
        return _("They differ in the scenario alone.")
    return _("They differ in scenario and instrument.")


def _drivers(comparison: Comparison, costs: dict[str, Row]) -> list[Text]:
    """Whether instruments or scenarios move the sum more."""
    row = known(costs[REGION])
    if len(row) < len(comparison.combinations) or len(comparison.scenarios) < 2 or len(comparison.instruments) < 2:
        return []

    def widest(groups: dict[str, str]) -> float:
        members = [[row[x] for x in row if groups[x] == name] for name in set(groups.values())]
        return max(max(values) - min(values) for values in members)

    instruments = widest({c.letter: c.scenario_name for c in comparison.combinations})
    scenarios = widest({c.letter: c.instrument_name for c in comparison.combinations})
    return [
        say(
            "{head} under one and the same scenario, the choice of the instrument moves the sum over the schemes by at most {instruments}; with one "
            "and the same instrument, the scenario moves it by at most {scenarios}.",
            head=Strong(_("What weighs more:")),
            instruments=Strong(numbers.money(instruments, "USD")),
            scenarios=Strong(numbers.money(scenarios, "USD")),
        )
    ]


def _accounts(comparison: Comparison, table: Figures) -> list[Text]:
    accounts = [s for s in comparison.base.study.schemes.values() if s.kind == frames.ACCOUNT]
    if not accounts:
        return []
    costs = [math.fsum(table["administration_usd"][s.country][c.letter] for s in accounts) for c in comparison.combinations]
    low, high = min(costs), max(costs)
    names = numbers.joined([data_text(s.country_name) for s in accounts])
    if _same(low, high):
        return [
            say(
                "{head} {names} owe no pension by formula. Administration of the instrument costs them {cost} together in every combination; "
                "balances of leavers are paid later, not less.",
                head=Strong(_("Accounts:")),
                names=names,
                cost=numbers.money(low, "USD"),
            )
        ]
    return [
        say(
            "{head} {names} owe no pension by formula. Administration of the instrument costs them between {low} and {high} together; balances of "
            "leavers are paid later, not less.",
            head=Strong(_("Accounts:")),
            names=names,
            low=numbers.money(low, "USD"),
            high=numbers.money(high, "USD"),
        )
    ]


def _payers(table: Figures, comparison: Comparison) -> list[Text]:
    """Who pays whom most, and whether that depends on the combination."""
    moved = {code: row for code, row in table["net_received_usd"].items() if code != REGION and known(row)}
    if not any(value for row in moved.values() for value in known(row).values()):
        return []
    names = {code: data_text(s.country_name) for code, s in comparison.base.study.schemes.items()}
    letters = [c.letter for c in comparison.combinations]
    most, least = ({choose(moved, key=lambda code: moved[code][x]) for x in letters} for choose in (max, min))
    if len(most) > 1 or len(least) > 1:
        return [
            say(
                "{head} who receives and who pays most across borders depends on the combination; the tables of transfers show it.",
                head=Strong(_("Who pays whom:")),
            )
        ]
    receiver, payer = most.pop(), least.pop()
    received, paid = moved[receiver].values(), [-v for v in moved[payer].values()]
    return [
        say(
            "{head} in every combination {payer} pays most across borders, net {paid_low} to {paid_high} at present value, and residents of "
            "{receiver} receive most, net {low} to {high}.",
            head=Strong(_("Who pays whom:")),
            payer=names[payer],
            paid_low=numbers.money(min(paid), "USD"),
            paid_high=numbers.money(max(paid), "USD"),
            receiver=names[receiver],
            low=numbers.money(min(received), "USD"),
            high=numbers.money(max(received), "USD"),
        )
    ]


def _ends(row: Row) -> tuple[str, str]:
    """Letters of the lowest and of the highest figure."""
    return min(row, key=lambda x: row[x]), max(row, key=lambda x: row[x])


def _same(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=SAME, abs_tol=1e-6)
