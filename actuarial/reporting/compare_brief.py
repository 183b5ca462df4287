"""The first page of a comparison: which combination is cheapest and dearest for whom, and why, tied to figures.

1. Cheapest and dearest are by the present value of the net cost, among the instruments of one scenario (:mod:`compare_ranking`): a scenario is no
   choice, so what it moves is said apart. Instruments that cost nearly the same are said to make no material difference.
2. Why: the part of the net cost that makes most of the difference between the dearest and the cheapest, and what offsets it where it exceeds that.
3. What an instrument does is the largest distance between two instruments under one scenario; what a scenario does, that between two scenarios
   with one instrument.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import Block, Bullets, Heading, KeyFigure, KeyFigures, Note, Paragraph, Ref, Span, Strong, Text, say
from actuarial.reporting.compare_charts import pension_schemes
from actuarial.reporting.compare_figures import PARTS, REGION, YEAR, Checked, Figures, Parts, Row, known
from actuarial.reporting.compare_ranking import Ends, by_scenario, ends, largest_steps, over_scenarios, same
from actuarial.reporting.compare_set import Combination, Comparison, short
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.naming import together


def in_brief(comparison: Comparison, table: Figures, parts: Parts, made: list[Checked]) -> list[Block]:
    """The page a minister reads."""
    by_letter = {c.letter: c for c in comparison.combinations}
    costs, schemes = table["net_cost_usd"], pension_schemes(comparison)
    blocks: list[Block] = [
        Heading(_("In brief"), numbered=False),
        Paragraph(_verdict(comparison, costs, by_letter, schemes), lead=True),
        KeyFigures(_key_figures(comparison, table, schemes)),
        Bullets(
            (
                *_by_scheme(comparison, costs, parts, by_letter, schemes),
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


def _verdict(comparison: Comparison, costs: dict[str, Row], by_letter: dict[str, Combination], schemes: dict[str, str]) -> Text:
    if not schemes:
        return say("No scheme of these studies promises pensions by formula, so the combinations differ in no net cost.")
    row = known(costs[REGION])
    whole = ends(row)
    if whole.same:
        return say(
            "For all schemes with pensions by formula together, every combination costs {cost} at present value.",
            cost=Strong(numbers.money(whole.cheapest, "USD")),
        )
    first = next(iter(by_scenario(comparison, row).values()))
    figures: dict[str, Span] = {
        "low": Strong(numbers.money(first.cheapest, "USD")),
        "high": Strong(numbers.money(first.dearest, "USD")),
        "cheap": short(by_letter[first.low]),
        "dear": short(by_letter[first.high]),
    }
    if first.low == first.high:
        found = say(
            "For all schemes with pensions by formula together, the net cost of the instrument is {low} with {cheap}, at present value over the "
            "horizon.",
            low=figures["low"], cheap=figures["cheap"],
        )  # fmt: skip
    elif first.material:
        found = say(
            "For all schemes with pensions by formula together, the net cost of the instrument runs from {low} with {cheap} to {high} with {dear}, "
            "at present value over the horizon.",
            **figures,
        )
    else:
        found = say(
            "For all schemes with pensions by formula together, the instruments make no material difference: the net cost runs from {low} with "
            "{cheap} to {high} with {dear}, at present value over the horizon.",
            **figures,
        )
    return together(found, _moved(comparison, row, by_letter))


def _moved(comparison: Comparison, row: Row, by_letter: dict[str, Combination]) -> Text:
    """What the scenario moves with the instrument of the base; nothing where there is one scenario."""
    found = over_scenarios(comparison, row, comparison.base.instrument_name)
    if found is None:
        return ()
    instrument = comparison.base.instrument_name
    if not found.material:
        return say("The scenario, which nobody chooses, makes no material difference with {instrument}.", instrument=instrument)
    return say(
        "The scenario, which nobody chooses, moves it with {instrument} from {low} ({one}) to {high} ({other}).",
        instrument=instrument,
        low=numbers.money(found.cheapest, "USD"),
        one=by_letter[found.low].scenario_name,
        high=numbers.money(found.dearest, "USD"),
        other=by_letter[found.high].scenario_name,
    )


def _key_figures(comparison: Comparison, table: Figures, schemes: dict[str, str]) -> tuple[KeyFigure, ...]:
    """Ranges over the combinations."""

    def spread(row: Row, write: Callable[[float], str]) -> str:
        values = known(row).values()
        if not values:
            return numbers.DASH
        low, high = min(values), max(values)
        if same(low, high):
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
    read = frames.distinct_inputs(comparison.base.study.schemes.values())
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


def _by_scheme(
    comparison: Comparison, costs: dict[str, Row], parts: Parts, by_letter: dict[str, Combination], schemes: dict[str, str]
) -> list[Text]:
    """For every scheme the cheapest and the dearest instrument, the part that makes most of the difference, and what the scenario moves."""
    found = []
    for code, name in schemes.items():
        row, state = known(costs[code]), Strong(f"{name}:")
        ranks = by_scenario(comparison, row)
        first, *others = ranks.values()
        amounts: dict[str, Span] = {"low": Strong(numbers.money(first.cheapest, "USD")), "high": Strong(numbers.money(first.dearest, "USD"))}
        if len(row) > 1 and ends(row).same:
            found.append(say("{state} every combination costs {cost}.", state=state, cost=amounts["low"]))
            continue
        if first.low == first.high:
            text = say("{state} net cost {low} with {one}.", state=state, low=amounts["low"], one=short(by_letter[first.low]))
        elif not first.material:
            text = say("{state} no material difference between the instruments, {low} to {high}.", state=state, **amounts)
        else:
            text = together(_ranked(state, first, parts[code], by_letter, amounts), _elsewhere(first, others, by_letter))
        found.append(together(text, _moved(comparison, row, by_letter)))
    return found


def _ranked(state: Strong, first: Ends, parts: dict[str, Row], by_letter: dict[str, Combination], amounts: dict[str, Span]) -> Text:
    """Cheapest and dearest under the first scenario, and why."""
    steps = largest_steps(parts, first.low, first.high)
    text = say(
        "{state} cheapest is {cheap}, {low}; dearest is {dear}, {high}. Of all parts of the cost, the one that differs most between the two: "
        "{part}, {step}.",
        state=state,
        cheap=short(by_letter[first.low]),
        dear=short(by_letter[first.high]),
        part=_(PARTS[steps.part]),
        step=numbers.money(steps.step, "USD", sign=True),
        **amounts,
    )
    if not steps.offset:
        return text
    offset = numbers.money(steps.offset_step, "USD", sign=True)
    return together(text, say("That is more than the whole difference; most against it: {part}, {step}.", part=_(PARTS[steps.offset]), step=offset))


def _elsewhere(first: Ends, others: Sequence[Ends], by_letter: dict[str, Combination]) -> Text:
    """Whether the same instruments are cheapest and dearest under the other scenarios."""
    if not others:
        return ()

    def pair(found: Ends) -> tuple[str, str]:
        return by_letter[found.low].instrument_name, by_letter[found.high].instrument_name

    if all(pair(other) == pair(first) and other.material for other in others):
        return say("These two are cheapest and dearest in every other scenario as well.")
    return say("In other scenarios this differs, see {table}.", table=Ref("tab-best"))


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
    if same(low, high):
        return [
            say(
                "{head} {names} owe no pension by formula. Administration of the instrument costs them {cost} together in every combination. "
                "Balances of leavers are paid later, with interest; at present value that is less for most of them, as the country reports tell.",
                head=Strong(_("Accounts:")),
                names=names,
                cost=numbers.money(low, "USD"),
            )
        ]
    return [
        say(
            "{head} {names} owe no pension by formula. Administration of the instrument costs them between {low} and {high} together. Balances of "
            "leavers are paid later, with interest; at present value that is less for most of them, as the country reports tell.",
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
