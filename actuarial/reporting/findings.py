"""What the figures say, in sentences that carry the figures.

The size of an effect is named by the change in the general average premium over 75 years, in percentage points of
insurable earnings; the scale (:data:`SIZES`) is a convention of these reports and is printed in them.
"""

from __future__ import annotations

import math
from typing import Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import cautions, frames, numbers
from actuarial.reporting.blocks import KeyFigure, Strong, Text, say
from actuarial.reporting.cost_parts import composition, cost_parts, loss_of_leavers

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


def named(change: float) -> str:
    """An effect on the general average premium in words.

    >>> named(0.0), named(-0.0002)
    ('no cost', 'a small saving')
    """
    return "no cost" if numbers.is_zero(change) else f"a {size(change)} {'cost' if change > 0 else 'saving'}"


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
        "earn in the partner states: pensions paid to residents of {country} by partner schemes in {year} are {received} "
        "with the instrument and {before} without. {own}",
        country=scheme.country_name,
        state=state,
        cost=Strong("costs no national scheme anything"),
        year=str(YEAR),
        received=Strong(usd(frames.received(study, scheme.country, YEAR, "with", "pensions"))),
        before=usd(frames.received(study, scheme.country, YEAR, "without", "pensions")),
        own=_own_money_received(study, scheme),
    )


def _own_money_received(study: StudyResult, scheme: SchemeResult) -> str:
    with_, without = (usd(frames.received(study, scheme.country, YEAR, case, "other")) for case in ("with", "without"))
    return f"Apart from pensions, they receive {with_} ({without} without), mostly their own money: refunds, lump sums and account balances."


def _verdict_defined_benefit(scheme: SchemeResult) -> Text:
    change, parts = frames.indicator(scheme, "gap_75", "difference"), cost_parts(scheme)
    if numbers.is_zero(change) and parts.administration == 0 and parts.benefits == 0:
        return say(
            "The instrument does {nothing} to the finances of {scheme}: its general average premium over 75 years is "
            "{gap} of "
            "insurable earnings with and without.",
            nothing=Strong("nothing"),
            scheme=scheme.scheme_title,
            gap=numbers.rate(frames.indicator(scheme, "gap_75", "with"), 3),
        )
    benefits, administration = parts.rate(parts.benefits), parts.rate(parts.administration)
    return say(
        "For {scheme} the instrument is {size} in benefits: a present value of {value} (about {dollars}), {rate} of "
        "insurable earnings over 75 years. Administering it is assumed to cost {administration} ({points}){larger}. "
        "The general average premium moves by {change}, from {without} to {with_}: {total}.",
        scheme=scheme.scheme_title,
        size=Strong(named(benefits)),
        value=Strong(numbers.money(abs(parts.benefits), scheme.currency)),
        dollars=numbers.money(abs(parts.benefits) / scheme.exchange_rate_usd, "USD"),
        rate=numbers.points(benefits),
        administration=Strong(numbers.money(parts.administration, scheme.currency)),
        points=numbers.points(administration),
        larger=", more than the benefits themselves" if parts.administration > abs(parts.benefits) else "",
        change=Strong(numbers.points(change)),
        without=numbers.rate(frames.indicator(scheme, "gap_75", "without"), 3),
        with_=numbers.rate(frames.indicator(scheme, "gap_75", "with"), 3),
        total=Strong(named(change)),
    )


def _verdict_account(study: StudyResult, scheme: SchemeResult) -> Text:
    kept, parts = _of_year(scheme, "refunds_not_paid"), cost_parts(scheme)
    return say(
        "{scheme} pays every member the own balance, so {none} falls on it; its only cost is administering the "
        "instrument, assumed at {administration} (about {dollars}, present value). Balances stay in place: in {year}, "
        "{kept} leave without withdrawing theirs and are paid later, with interest. From partner schemes, residents of "
        "{country} receive {received} of pensions in {year} ({before} without the instrument).",
        scheme=scheme.scheme_title,
        none=Strong("no cost of adding up periods"),
        administration=Strong(numbers.money(parts.administration, scheme.currency)),
        dollars=numbers.money(parts.administration / scheme.exchange_rate_usd, "USD"),
        year=str(YEAR),
        kept=Strong(numbers.heads(kept)),
        country=scheme.country_name,
        received=Strong(usd(frames.received(study, scheme.country, YEAR, "with", "pensions"))),
        before=usd(frames.received(study, scheme.country, YEAR, "without", "pensions")),
    )


def _of_year(scheme: SchemeResult, column: str) -> float:
    return float(scheme.gains.loc[scheme.gains["year"] == YEAR, column].sum())


def key_figures(study: StudyResult, scheme: SchemeResult) -> tuple[KeyFigure, ...]:
    """Six figures for the first page."""
    share = frames.unsure_share(scheme.assumptions)
    sure = KeyFigure(
        "Inputs assumed or recalled",
        numbers.rate(share, 0) if math.isfinite(share) else "none listed",
        f"of {len(frames.used(scheme.assumptions))} inputs that the projection reads",
    )
    received = KeyFigure(
        f"Pensions from partner schemes, {YEAR}",
        usd(frames.received(study, scheme.country, YEAR, "with", "pensions")),
        f"{usd(frames.received(study, scheme.country, YEAR, 'without', 'pensions'))} without; dollars of {YEAR}",
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
    parts = cost_parts(scheme)
    levels = ", ".join(f"{numbers.rate(frames.indicator(scheme, 'gap_75', c), 3)} {c}" for c in ("without", "with"))
    awards, opened = _of_year(scheme, "extra_new_pensions"), _of_year(scheme, "new_by_totalisation")
    return (
        KeyFigure(
            "Benefits added, present value" if parts.benefits >= 0 else "Benefits saved, present value",
            numbers.money(abs(parts.benefits), scheme.currency),
            f"{numbers.points(parts.rate(parts.benefits))} of insurable earnings",
        ),
        KeyFigure(
            "Administration, present value",
            numbers.money(parts.administration, scheme.currency),
            f"{numbers.points(parts.rate(parts.administration))}; assumed",
        ),
        KeyFigure("Average premium of 75 years, change", numbers.points(frames.indicator(scheme, "gap_75", "difference")), levels),
        KeyFigure(
            f"Pensioners thanks to it, {YEAR}",
            numbers.persons(_of_year(scheme, "extra_pensioners")),
            f"{numbers.persons(awards)} new of old age in that year, {numbers.persons(opened)} by adding periods",
        ),
    )


def _account_figures(scheme: SchemeResult) -> tuple[KeyFigure, ...]:
    parts = cost_parts(scheme)
    return (
        KeyFigure(f"Balances kept by leavers, {YEAR}", numbers.persons(_of_year(scheme, "refunds_not_paid")), "people who would have withdrawn"),
        KeyFigure(
            "Administration, present value",
            numbers.money(parts.administration, scheme.currency),
            "an assumption; the only cost of the instrument",
        ),
    )


def sentences(study: StudyResult, scheme: SchemeResult) -> tuple[Text, ...]:
    """The questions of a minister, each answered with its figure."""
    answers = []
    if scheme.kind == frames.DEFINED_BENEFIT:
        answers.append(composition(scheme))
        if (loss := loss_of_leavers(scheme, YEAR)) is not None:
            answers.append(loss)
        answers += [_scheme_itself(scheme), _dates(scheme)]
    if scheme.kind == frames.ACCOUNT:
        answers.append(_put_off(scheme))
    if frames.collects(scheme):
        answers.append(_who_gains(scheme))
    answers.append(_who_pays(study, scheme))
    answers.append(_how_sure(scheme))
    return tuple(answers)


def _put_off(scheme: SchemeResult) -> Text:
    parts = cost_parts(scheme)
    return say(
        "{head} balances worth {kept} at present value are not paid out on leaving but kept; {later} of that is paid "
        "later within the horizon. The rest is timing and the margin between the return of the fund and the interest "
        "credited, not a saving.",
        head=Strong("Payments put off:"),
        kept=numbers.money(-parts.refunds, scheme.currency),
        later=numbers.money(parts.payouts, scheme.currency),
    )


def _scheme_itself(scheme: SchemeResult) -> Text:
    without = frames.case(scheme, "without")
    legal, gap = float(without["legal_rate"].iloc[-1]), frames.indicator(scheme, "gap_75", "without")
    return say(
        "{head} in this projection it needs {gap} of insurable earnings on average over 75 years without the "
        "instrument, {side} the legal rate of {legal} in {year}. {caution}",
        head=Strong("The scheme itself:"),
        gap=numbers.rate(gap),
        side="above" if gap > legal else "below",
        legal=numbers.rate(legal),
        year=str(int(without.index[-1])),
        caution=cautions.on_levels(scheme),
    )


def _dates(scheme: SchemeResult) -> Text:
    def pair(values: list[str]) -> str:
        without, with_ = values
        return f"{without} in both cases" if without == with_ else f"{without} without, {with_} with the instrument"

    def lowest(case: str) -> str:
        ratio, when = (frames.indicator(scheme, name, case) for name in ("lowest_reserve_ratio", "lowest_reserve_ratio_year"))
        return f"{numbers.decimal(ratio, 1)} ({numbers.year(when)})"

    cases = ("without", "with")
    return say(
        "{head} expenditure exceeds contributions: {deficit}. Lowest reserve, in years of expenditure: {lowest}. The reserve is "
        "used up: {end}.",
        head=Strong("Key dates:"),
        deficit=pair([numbers.years(frames.deficit_periods(scheme, case)) for case in cases]),
        lowest=pair([lowest(case) for case in cases]),
        end=pair([numbers.year(frames.indicator(scheme, "exhaustion_year", case)) for case in cases]),
    )


def _who_gains(scheme: SchemeResult) -> Text:
    row = scheme.gains[scheme.gains["year"] == YEAR].set_index("sex")
    extra, kept = row["extra_pensioners"], frames.number(row["refunds_not_paid"].sum())
    year = str(YEAR)
    if scheme.kind == frames.ACCOUNT:
        return say(
            "{head} in {year}, {kept} leaving the country keep their balance, which earns interest, instead of drawing "
            "it. No pension of this scheme depends on the instrument.",
            head=Strong("Who is affected:"),
            year=year,
            kept=numbers.heads(kept),
        )
    head = Strong("Who gains:")
    if float(extra.sum()) == 0:
        return say("{head} nobody gains or loses a right in this scheme by the instrument in {year}.", head=head, year=year)
    awards, opened = (float(row[name].sum()) for name in ("extra_new_pensions", "new_by_totalisation"))
    return say(
        "{head} in {year}, {people} ({women} of them women) draw a pension of this scheme that they would not have without "
        "the instrument. Of the {awards} old-age pensions of this kind awarded in that year, {opened} were opened by adding periods.",
        head=head,
        year=year,
        people=numbers.heads(float(extra.sum())),
        women=numbers.persons(float(extra["female"])),
        awards=numbers.persons(awards),
        opened=numbers.persons(opened),
    )


def _who_pays(study: StudyResult, scheme: SchemeResult) -> Text:
    here = scheme.country
    received, own_in = (frames.received(study, here, YEAR, None, what) for what in ("pensions", "other"))
    head = Strong("Who pays whom:")
    if not frames.collects(scheme):
        return say(
            "{head} in {year}, because of the instrument, partner schemes pay residents of {country} {received} of pensions, in "
            "dollars of that year; nothing is paid out in return. Members' own money (refunds, lump sums, account balances; what is "
            "kept is paid later) to residents here: {own}.",
            head=head,
            year=str(YEAR),
            country=scheme.country_name,
            received=_more(received),
            own=_more(own_in),
        )
    paid, own_out = (frames.paid_abroad(study, here, YEAR, None, what) for what in ("pensions", "other"))
    net = received - paid
    return say(
        "{head} in {year}, because of the instrument, this scheme pays residents of the partner states {paid} of "
        "pensions and partner schemes pay residents of {country} {received}: {net} for the country, in dollars of that "
        "year. Members' own money (refunds, lump sums, account balances; what is kept is paid later): {own_out} paid across "
        "borders, {own_in} received.",
        head=head,
        year=str(YEAR),
        paid=_more(paid),
        country=scheme.country_name,
        received=_more(received),
        net="no net flow" if net == 0 else f"a net {'inflow' if net > 0 else 'outflow'} of {usd(abs(net))}",
        own_out=_more(own_out),
        own_in=_more(own_in),
    )


def _how_sure(scheme: SchemeResult) -> Text:
    share = frames.unsure_share(scheme.assumptions)
    confidence = frames.corridors(scheme)["confidence"]
    weak = int(confidence.isin(frames.UNSURE).sum())
    if math.isnan(share):
        return say("{head} the study lists no inputs of this country; read the figures with care.", head=Strong("How sure:"))
    return say(
        "{head} {share} of the inputs that the projection reads are assumed or recalled (by count, not by weight), and "
        "so are the migration figures of {weak} of its {all} corridors. The parameters of the instrument are "
        "assumptions throughout. {missed}",
        head=Strong("How sure:"),
        share=numbers.rate(share, 0),
        weak=str(weak),
        all=str(len(confidence)),
        missed=cautions.on_calibration(scheme),
    )


def usd(value: float) -> str:
    """An amount of US dollars."""
    return numbers.money(value, "USD")


def _more(change: float) -> str:
    if change == 0:
        return "neither more nor less"
    return f"{usd(abs(change))} {'more' if change > 0 else 'less'}"
