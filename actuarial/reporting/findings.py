"""What the figures say, in sentences that carry the figures.

The size of an effect is named by the change in the general average premium over 75 years, in percentage points of
insurable earnings; the scale (:data:`SIZES`) is a convention of these reports and is printed in them.
"""

from __future__ import annotations

import math
from typing import Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import KeyFigure, Strong, Text, say

SIZES: Final = ((0.0001, "negligible"), (0.001, "small"), (0.005, "moderate"), (math.inf, "large"))
"""Upper bound of the absolute change (fraction of insurable earnings) and the word for it."""
YEAR: Final = 2050
"""The year that summaries look at: the instrument is fully at work by then, and people now at work retire."""


def size(change: float) -> str:
    """Word for the size of a change in the general average premium.

    >>> size(0.0), size(-0.00004), size(0.0002)
    ('none', 'negligible', 'small')
    """
    if numbers.is_zero(change):
        return "none"
    return next(word for bound, word in SIZES if abs(change) < bound)


def scale_in_words() -> str:
    """The scale behind :func:`size`, as a sentence."""
    parts = [f"{word} below {numbers.decimal(100 * bound, 2)}" for bound, word in SIZES[:-1]]
    return f"{', '.join(parts)} percentage points of insurable earnings, {SIZES[-1][1]} above"


def verdict(study: StudyResult, scheme: SchemeResult) -> Text:
    """The first sentence of a country report."""
    if scheme.kind == frames.DEFINED_BENEFIT:
        return _verdict_defined_benefit(scheme)
    if scheme.kind == frames.ACCOUNT:
        return _verdict_account(study, scheme)
    state = "has no social security scheme for private-sector workers" if scheme.kind == "none" else "has a scheme in law that does not collect yet"
    return say(
        "{country} {state}, so the instrument {cost} and builds up no rights in it. What it changes is what its people "
        "earn "
        "in the partner states: benefits paid to residents of {country} by partner schemes in {year} are {received} "
        "with the "
        "instrument and {before} without.",
        country=scheme.country_name,
        state=state,
        cost=Strong("costs no national scheme anything"),
        year=str(YEAR),
        received=Strong(_usd(frames.received(study, scheme.country, YEAR, "with"))),
        before=_usd(frames.received(study, scheme.country, YEAR, "without")),
    )


def _verdict_defined_benefit(scheme: SchemeResult) -> Text:
    change, value = (frames.indicator(scheme, name, "difference") for name in ("gap_75", "pv_net_cost"))
    if numbers.is_zero(change):
        return say(
            "The instrument does {nothing} to the finances of {scheme}: its general average premium over 75 years is "
            "{gap} of "
            "insurable earnings with and without.",
            nothing=Strong("nothing"),
            scheme=scheme.scheme_title,
            gap=numbers.rate(frames.indicator(scheme, "gap_75", "with"), 3),
        )
    return say(
        "For {scheme} the instrument brings a {size}: the general average premium over 75 years moves by {change} of "
        "insurable earnings, from {without} to {with_}. The present value of the {word} is {value} (about {dollars}).",
        scheme=scheme.scheme_title,
        size=Strong(f"{size(change)} {'cost' if change > 0 else 'saving'}"),
        change=Strong(numbers.points(change)),
        without=numbers.rate(frames.indicator(scheme, "gap_75", "without"), 3),
        with_=numbers.rate(frames.indicator(scheme, "gap_75", "with"), 3),
        word="cost" if value > 0 else "saving",
        value=Strong(numbers.money(abs(value), scheme.currency)),
        dollars=numbers.money(abs(value) / scheme.exchange_rate_usd, "USD"),
    )


def _verdict_account(study: StudyResult, scheme: SchemeResult) -> Text:
    kept = float(scheme.gains.loc[scheme.gains["year"] == YEAR, "refunds_not_paid"].sum())
    return say(
        "{scheme} pays every member the own balance, so {none} falls on it. The instrument keeps balances in place: in "
        "{year}, "
        "{kept} leave without withdrawing theirs, and the months behind them count in the partner schemes, which pay "
        "residents of {country} "
        "{received} of benefits in that year ({before} without the instrument).",
        scheme=scheme.scheme_title,
        none=Strong("no cost of adding up periods"),
        year=str(YEAR),
        kept=Strong(f"{numbers.persons(kept)} {'person' if round(kept) == 1 else 'people'}"),
        country=scheme.country_name,
        received=Strong(_usd(frames.received(study, scheme.country, YEAR, "with"))),
        before=_usd(frames.received(study, scheme.country, YEAR, "without")),
    )


def key_figures(study: StudyResult, scheme: SchemeResult) -> tuple[KeyFigure, ...]:
    """Six figures for the first page."""
    share = frames.unsure_share(scheme.assumptions)
    sure = KeyFigure(
        "Inputs assumed or recalled",
        numbers.rate(share, 0) if math.isfinite(share) else "none listed",
        f"of {len(scheme.assumptions)} inputs of this country",
    )
    received = KeyFigure(
        f"Received from partner schemes, {YEAR}",
        _usd(frames.received(study, scheme.country, YEAR, "with")),
        f"{_usd(frames.received(study, scheme.country, YEAR, 'without'))} without; dollars of {YEAR}",
    )
    if scheme.kind == frames.DEFINED_BENEFIT:
        return (*_money_figures(scheme), received, sure)
    movers = frames.corridors(scheme).groupby("role")[["movers_2026", "covered_2026"]].sum().reindex(["origin", "host"], fill_value=0.0)
    abroad, here = movers.loc["origin"], movers.loc["host"]
    people = (
        KeyFigure(
            "Movers abroad in partner states, 2026",
            numbers.persons(frames.number(abroad["movers_2026"])),
            f"{numbers.persons(frames.number(abroad['covered_2026']))} in covered work",
        ),
        KeyFigure(
            "Movers from partner states, 2026",
            numbers.persons(frames.number(here["movers_2026"])),
            f"{numbers.persons(frames.number(here['covered_2026']))} in covered work",
        ),
    )
    if scheme.kind == frames.ACCOUNT:
        return (*_account_figures(scheme), *people, received, sure)
    total = float(frames.population(scheme, YEAR, frames.BROAD_GROUPS).to_numpy().sum())
    old = frames.number(frames.population(scheme, YEAR, frames.BROAD_GROUPS).loc["60+"].sum())
    return (
        *people,
        received,
        KeyFigure(
            f"People aged 60 and over, {YEAR}",
            numbers.persons(old),
            f"{numbers.rate(old / total, 1)} of {numbers.persons(total)}",
        ),
        KeyFigure("Cost to a national scheme", "none", "no scheme collects contributions"),
        sure,
    )


def _money_figures(scheme: SchemeResult) -> tuple[KeyFigure, ...]:
    def both(name: str) -> str:
        return ", ".join(f"{numbers.rate(frames.indicator(scheme, name, c), 3)} {c}" for c in ("without", "with"))

    people = float(scheme.gains.loc[scheme.gains["year"] == YEAR, "extra_pensioners"].sum())
    awards = float(scheme.gains.loc[scheme.gains["year"] == YEAR, "extra_new_pensions"].sum())
    dates = [frames.indicator(scheme, "exhaustion_year", c) for c in ("without", "with")]
    same = dates[0] == dates[1] or all(math.isnan(d) for d in dates)
    return (
        KeyFigure(
            f"Cost rate {YEAR}, change",
            numbers.points(frames.indicator(scheme, f"payg_{YEAR}", "difference")),
            both(f"payg_{YEAR}"),
        ),
        KeyFigure(
            "Average premium of 75 years, change",
            numbers.points(frames.indicator(scheme, "gap_75", "difference")),
            both("gap_75"),
        ),
        KeyFigure(f"Pensioners thanks to it, {YEAR}", numbers.persons(people), f"{numbers.persons(awards)} new in that year"),
        KeyFigure(
            "Reserve used up",
            numbers.year(dates[1]),
            "the same without the instrument" if same else f"{numbers.year(dates[0])} without the instrument",
        ),
    )


def _account_figures(scheme: SchemeResult) -> tuple[KeyFigure, ...]:
    kept = float(scheme.gains.loc[scheme.gains["year"] == YEAR, "refunds_not_paid"].sum())
    shares = [float(frames.share(frames.case(scheme, c), "member_balances")[YEAR]) for c in ("without", "with")]
    return (
        KeyFigure(f"Balances kept by leavers, {YEAR}", f"{numbers.persons(kept)}", "people who would have withdrawn"),
        KeyFigure(
            f"Members' balances, {YEAR}",
            numbers.rate(shares[1], 1),
            f"of insurable earnings; {numbers.rate(shares[0], 1)} without",
        ),
    )


def sentences(study: StudyResult, scheme: SchemeResult) -> tuple[Text, ...]:
    """The questions of a minister, each answered with its figure."""
    answers = []
    if scheme.kind == frames.DEFINED_BENEFIT:
        answers += [_scheme_itself(scheme), _dates(scheme)]
    if frames.collects(scheme):
        answers.append(_who_gains(scheme))
    answers.append(_who_pays(study, scheme))
    answers.append(_how_sure(scheme))
    return tuple(answers)


def _scheme_itself(scheme: SchemeResult) -> Text:
    without = frames.case(scheme, "without")
    ageing = frames.indicator(scheme, "payg_2100", "without") - frames.indicator(scheme, "payg_2026", "without")
    change = frames.indicator(scheme, "payg_2100", "difference")
    legal, gap = float(without["legal_rate"].iloc[-1]), frames.indicator(scheme, "gap_75", "without")
    return say(
        "{head} without the instrument the scheme needs {gap} of insurable earnings on average over 75 years, {side} "
        "the legal rate of {legal} "
        "in {year}; its cost rate changes by {ageing} from 2026 to 2100. The instrument changes the cost rate of 2100 "
        "by {change}.",
        head=Strong("The scheme itself:"),
        gap=numbers.rate(gap),
        side="above" if gap > legal else "below",
        legal=numbers.rate(legal),
        year=str(int(without.index[-1])),
        ageing=numbers.points(ageing, digits=1),
        change=numbers.points(change),
    )


def _dates(scheme: SchemeResult) -> Text:
    def pair(name: str) -> str:
        a, b = (frames.indicator(scheme, name, c) for c in ("without", "with"))
        if a == b or (math.isnan(a) and math.isnan(b)):
            return f"{numbers.year(a)} in both cases"
        return f"{numbers.year(a)} without, {numbers.year(b)} with the instrument"

    return say(
        "{head} expenditure first exceeds contributions: {deficit}; the reserve is used up: {end}.",
        head=Strong("Key dates:"),
        deficit=pair("first_deficit_year"),
        end=pair("exhaustion_year"),
    )


def _who_gains(scheme: SchemeResult) -> Text:
    row = scheme.gains[scheme.gains["year"] == YEAR].set_index("sex")
    extra, kept = row["extra_pensioners"], frames.number(row["refunds_not_paid"].sum())
    head = Strong("Who gains:")
    pensioners = say(
        "{people} people ({women} of them women) draw a pension of this scheme that they would not have without the instrument",
        people=numbers.persons(float(extra.sum())),
        women=numbers.persons(float(extra["female"])),
    )
    leavers = say("{kept} leavers of the year keep their rights instead of taking a refund", kept=numbers.persons(kept))
    year = str(YEAR)
    if float(extra.sum()) == 0 and kept == 0:
        return say("{head} nobody gains or loses a right in this scheme by the instrument in {year}.", head=head, year=year)
    if float(extra.sum()) == 0:
        return say(
            "{head} in {year}, {leavers}. No pension depends on the instrument here.",
            head=head,
            year=year,
            leavers=leavers,
        )
    if kept == 0:
        return say("{head} in {year}, {people}. No refund is affected.", head=head, year=year, people=pensioners)
    return say("{head} in {year}, {people}; {leavers}.", head=head, year=year, people=pensioners, leavers=leavers)


def _who_pays(study: StudyResult, scheme: SchemeResult) -> Text:
    paid = frames.paid_abroad(study, scheme.country, YEAR, None)
    received = frames.received(study, scheme.country, YEAR, None)
    head = Strong("Who pays whom:")
    if not frames.collects(scheme):
        return say(
            "{head} in {year}, partner schemes pay residents of {country} {received} because of the instrument, in "
            "dollars of that year; nothing is "
            "paid out in return.",
            head=head,
            year=str(YEAR),
            country=scheme.country_name,
            received=_more(received),
        )
    net = received - paid
    return say(
        "{head} in {year}, because of the instrument, this scheme pays residents of the partner states {paid} and "
        "partner schemes pay residents of {country} {received}: "
        "{net} for the country, in dollars of that year.",
        head=head,
        year=str(YEAR),
        paid=_more(paid),
        country=scheme.country_name,
        received=_more(received),
        net="no net flow" if net == 0 else f"a net {'inflow' if net > 0 else 'outflow'} of {_usd(abs(net))}",
    )


def _how_sure(scheme: SchemeResult) -> Text:
    share = frames.unsure_share(scheme.assumptions)
    confidence = frames.corridors(scheme)["confidence"]
    weak = int(confidence.isin(frames.UNSURE).sum())
    if math.isnan(share):
        return say("{head} the study lists no inputs of this country; read the figures with care.", head=Strong("How sure:"))
    return say(
        "{head} {share} of the inputs of this country are assumed or recalled (by count, not by weight), and so are "
        "the migration figures of "
        "{weak} of its {all} corridors. The parameters of the instrument are assumptions throughout.",
        head=Strong("How sure:"),
        share=numbers.rate(share, 0),
        weak=str(weak),
        all=str(len(confidence)),
    )


def _usd(value: float) -> str:
    return numbers.money(value, "USD")


def _more(change: float) -> str:
    if change == 0:
        return "neither more nor less"
    return f"{_usd(abs(change))} {'more' if change > 0 else 'less'}"
