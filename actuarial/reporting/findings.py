"""What the figures say, in sentences that carry the figures: the first chapter of a country report.

A sentence is one message with places for figures; where its wording depends on the figures, each wording is a sentence of its own.
"""

from __future__ import annotations

import math
from typing import Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import cautions, frames, naming, numbers, sizes
from actuarial.reporting.blocks import KeyFigure, Span, Strong, Text, say
from actuarial.reporting.cost_parts import composition, cost_parts, loss_of_leavers
from actuarial.reporting.language import _, phrase, plural

YEAR: Final = 2050
"""The year that summaries look at: the instrument is fully at work by then, and people now at work retire."""


def verdict(study: StudyResult, scheme: SchemeResult) -> Text:
    """The first sentences of the findings."""
    if scheme.kind == frames.DEFINED_BENEFIT:
        return _verdict_defined_benefit(scheme)
    if scheme.kind == frames.ACCOUNT:
        return _verdict_account(study, scheme)
    named: dict[str, Span] = {"country": naming.country(scheme), "cost": Strong(_("costs no national scheme anything"))}
    state = (
        say(
            "{country} has no social security scheme for private-sector workers, so the instrument {cost} and builds up no rights in it.",
            **named,
        )
        if scheme.kind == "none"
        else say("{country} has a scheme in law that does not collect yet, so the instrument {cost} and builds up no rights in it.", **named)
    )
    return naming.together(state, _pensions_received(study, scheme), _own_money_received(study, scheme))


def _pensions_received(study: StudyResult, scheme: SchemeResult) -> Text:
    return say(
        "What it changes is what its people earn in the partner states: pensions paid to residents of {country} by partner schemes in {year} "
        "are {received} with the instrument and {before} without.",
        country=naming.country(scheme),
        year=str(YEAR),
        received=Strong(usd(frames.received(study, scheme.country, YEAR, "with", "pensions"))),
        before=usd(frames.received(study, scheme.country, YEAR, "without", "pensions")),
    )


def _own_money_received(study: StudyResult, scheme: SchemeResult) -> Text:
    with_, without = (usd(frames.received(study, scheme.country, YEAR, case, "other")) for case in ("with", "without"))
    return say(
        "Apart from pensions, they receive {with_} ({without} without), mostly their own money: refunds, lump sums and account balances.",
        with_=with_,
        without=without,
    )


def _verdict_defined_benefit(scheme: SchemeResult) -> Text:
    change, parts = frames.indicator(scheme, "gap_75", "difference"), cost_parts(scheme)
    if numbers.is_zero(change) and parts.administration == 0 and parts.benefits == 0:
        return say(
            "The instrument does {nothing} to the finances of {scheme}: its general average premium over 75 years is "
            "{gap} of "
            "insurable earnings with and without.",
            nothing=Strong(_("nothing")),
            scheme=naming.title(scheme),
            gap=numbers.rate(frames.indicator(scheme, "gap_75", "with"), 3),
        )
    benefits = parts.rate(parts.benefits)
    return naming.together(
        say(
            "For {scheme} the instrument is {size} in benefits: a present value of {value} (about {dollars}), {rate} of "
            "insurable earnings over 75 years.",
            scheme=naming.title(scheme),
            size=Strong(sizes.named(benefits)),
            value=Strong(numbers.money(abs(parts.benefits), scheme.currency)),
            dollars=usd(abs(parts.benefits) / scheme.exchange_rate_usd),
            rate=numbers.points(benefits),
        ),
        _administration(scheme),
        say(
            "The general average premium, which leaves out contributions moved by posting, moves by {change}, from {without} to {with_}: {total}.",
            change=Strong(numbers.points(change)),
            without=numbers.rate(frames.indicator(scheme, "gap_75", "without"), 3),
            with_=numbers.rate(frames.indicator(scheme, "gap_75", "with"), 3),
            total=Strong(sizes.named(change)),
        ),
    )


def _administration(scheme: SchemeResult) -> Text:
    parts = cost_parts(scheme)
    administration = Strong(numbers.money(parts.administration, scheme.currency))
    points = numbers.points(parts.rate(parts.administration))
    if parts.administration > abs(parts.benefits):
        return say(
            "Administering it is assumed to cost {administration} ({points}), more than the benefits themselves.",
            administration=administration,
            points=points,
        )
    return say("Administering it is assumed to cost {administration} ({points}).", administration=administration, points=points)


def _verdict_account(study: StudyResult, scheme: SchemeResult) -> Text:
    kept, parts = of_year(scheme, "refunds_not_paid"), cost_parts(scheme)
    return say(
        "{scheme} pays every member the own balance, so {none} falls on it; its only cost is administering the "
        "instrument, assumed at {administration} (about {dollars}, present value). Balances stay in place: in {year}, "
        "{kept} leave without withdrawing theirs and are paid later, with interest. From partner schemes, residents of "
        "{country} receive {received} of pensions in {year} ({before} without the instrument).",
        scheme=naming.title(scheme),
        none=Strong(_("no cost of adding up periods")),
        administration=Strong(numbers.money(parts.administration, scheme.currency)),
        dollars=usd(parts.administration / scheme.exchange_rate_usd),
        year=str(YEAR),
        kept=Strong(numbers.heads(kept)),
        country=naming.country(scheme),
        received=Strong(usd(frames.received(study, scheme.country, YEAR, "with", "pensions"))),
        before=usd(frames.received(study, scheme.country, YEAR, "without", "pensions")),
    )


def of_year(scheme: SchemeResult, column: str) -> float:
    """A column of the table of gains in :data:`YEAR`, both sexes."""
    return float(scheme.gains.loc[scheme.gains["year"] == YEAR, column].sum())


def key_figures(study: StudyResult, scheme: SchemeResult) -> tuple[KeyFigure, ...]:
    """Six figures for the head of the findings."""
    received = KeyFigure(
        phrase("Pensions from partner schemes, {year}", year=str(YEAR)),
        usd(frames.received(study, scheme.country, YEAR, "with", "pensions")),
        phrase(
            "{amount} without; dollars of {year}",
            amount=usd(frames.received(study, scheme.country, YEAR, "without", "pensions")),
            year=str(YEAR),
        ),
    )
    sure = inputs_unsure(scheme)
    if scheme.kind == frames.DEFINED_BENEFIT:
        return (*_money_figures(scheme), received, sure)
    people = movers_figures(scheme)
    if scheme.kind == frames.ACCOUNT:
        return (*_account_figures(scheme), *people, received, sure)
    return (*people, received, _old(scheme), KeyFigure(_("Cost to a national scheme"), _("none"), _("no scheme collects contributions")), sure)


def inputs_unsure(scheme: SchemeResult) -> KeyFigure:
    """Share of the inputs, by count, that are assumed or recalled."""
    share, read = frames.unsure_share(scheme.assumptions), len(frames.used(scheme.assumptions))
    return KeyFigure(
        _("Inputs assumed or recalled"),
        numbers.rate(share, 0) if math.isfinite(share) else _("none listed"),
        plural("of {n} input that the projection reads", "of {n} inputs that the projection reads", read, n=numbers.count(read)),
    )


def movers_figures(scheme: SchemeResult) -> tuple[KeyFigure, KeyFigure]:
    """Movers of 2026 in both directions, and how many of them are in covered work."""
    movers = frames.corridors(scheme).groupby("role")[["movers_2026", "covered_2026"]].sum().reindex(["origin", "host"], fill_value=0.0)
    abroad, here = movers.loc["origin"], movers.loc["host"]
    return (
        KeyFigure(
            _("Movers abroad in partner states, 2026"),
            numbers.persons(frames.number(abroad["movers_2026"])),
            phrase("{n} in covered work", n=numbers.persons(frames.number(abroad["covered_2026"]))),
        ),
        KeyFigure(
            _("Movers from partner states, 2026"),
            numbers.persons(frames.number(here["movers_2026"])),
            phrase("{n} in covered work", n=numbers.persons(frames.number(here["covered_2026"]))),
        ),
    )


def _old(scheme: SchemeResult) -> KeyFigure:
    total = float(frames.population(scheme, YEAR, frames.BROAD_GROUPS).to_numpy().sum())
    old = frames.number(frames.population(scheme, YEAR, frames.BROAD_GROUPS).loc["60+"].sum())
    return KeyFigure(
        phrase("People aged 60 and over, {year}", year=str(YEAR)),
        numbers.persons(old),
        phrase("{share} of {total}", share=numbers.rate(old / total, 1), total=numbers.persons(total)),
    )


def _money_figures(scheme: SchemeResult) -> tuple[KeyFigure, ...]:
    parts = cost_parts(scheme)
    without, with_ = (numbers.rate(frames.indicator(scheme, "gap_75", case), 3) for case in ("without", "with"))
    awards, opened = of_year(scheme, "extra_new_pensions"), of_year(scheme, "new_by_totalisation")
    return (
        KeyFigure(
            _("Benefits added, present value") if parts.benefits >= 0 else _("Benefits saved, present value"),
            numbers.money(abs(parts.benefits), scheme.currency),
            phrase("{points} of insurable earnings", points=numbers.points(parts.rate(parts.benefits))),
        ),
        KeyFigure(
            _("Administration, present value"),
            numbers.money(parts.administration, scheme.currency),
            phrase("{points}; assumed", points=numbers.points(parts.rate(parts.administration))),
        ),
        KeyFigure(
            _("Average premium of 75 years, change"),
            numbers.points(frames.indicator(scheme, "gap_75", "difference")),
            phrase("{without} without, {with_} with", without=without, with_=with_),
        ),
        KeyFigure(
            phrase("Pensioners thanks to it, {year}", year=str(YEAR)),
            numbers.persons(of_year(scheme, "extra_pensioners")),
            phrase(
                "{awards} new of old age in that year, {opened} by adding periods",
                awards=numbers.persons(awards),
                opened=numbers.persons(opened),
            ),
        ),
    )


def _account_figures(scheme: SchemeResult) -> tuple[KeyFigure, ...]:
    parts = cost_parts(scheme)
    return (
        KeyFigure(
            phrase("Balances kept by leavers, {year}", year=str(YEAR)),
            numbers.persons(of_year(scheme, "refunds_not_paid")),
            _("people who would have withdrawn"),
        ),
        KeyFigure(
            _("Administration, present value"),
            numbers.money(parts.administration, scheme.currency),
            _("an assumption; the only cost of the instrument"),
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
        answers.append(who_gains(scheme))
    answers.append(who_pays(study, scheme))
    answers.append(_how_sure(scheme))
    return tuple(answers)


def _put_off(scheme: SchemeResult) -> Text:
    parts = cost_parts(scheme)
    return say(
        "{head} balances worth {kept} at present value are not paid out on leaving but kept; {later} of that is paid "
        "later within the horizon. The rest is no saving: in part timing, balances still held at the end of the projection; in part the margin "
        "between the return of the fund and the interest credited, which stays with the fund and which members lose at present value.",
        head=Strong(_("Payments put off:")),
        kept=numbers.money(-parts.refunds, scheme.currency),
        later=numbers.money(parts.payouts, scheme.currency),
    )


def legal_rate(scheme: SchemeResult) -> str:
    """The legal contribution rate, and where the law changes it the rate of the first year and the last one with its year."""

    def written(rate: float) -> str:
        return numbers.rate(rate, 0 if abs(100 * rate - round(100 * rate)) < 1e-9 else 2)

    rates = frames.case(scheme, "without")["legal_rate"]
    first, last = float(rates.iloc[0]), float(rates.iloc[-1])
    earlier = rates.index[((rates - last).abs() > 1e-12).to_numpy()]
    if not len(earlier):
        return written(last)
    return phrase("{now} now, {later} from {year}", now=written(first), later=written(last), year=str(int(earlier[-1]) + 1))


def above_legal_rate(scheme: SchemeResult) -> Text:
    """In which years benefits and administration exceed the legal rate, as shares of insurable earnings."""

    def periods(case: str) -> str:
        frame = frames.case(scheme, case)
        above = frames.share(frame, "expenditure") > frame["legal_rate"]
        return numbers.years(frames.runs([int(y) for y in frame.index[above.to_numpy()]]))

    without, with_ = periods("without"), periods("with")
    if without == with_:
        return say("Cost rate above the legal rate: {years}, with and without.", years=with_)
    return say("Cost rate above the legal rate: {without} without, {with_} with.", without=without, with_=with_)


def reserve_end(scheme: SchemeResult, head: Strong) -> Text:
    """When the reserve is used up, with and without, in a sentence that begins with ``head``."""
    without, with_ = (frames.indicator(scheme, "exhaustion_year", case) for case in ("without", "with"))
    last = str(int(frames.case(scheme, "with").index[-1]))
    if math.isnan(without) and math.isnan(with_):
        return say("{head} the reserve is not used up by {last}, with or without the instrument.", head=head, last=last)
    if math.isnan(without):
        return say(
            "{head} the reserve is used up in {year} with the instrument, and not by {last} without it.",
            head=head, year=numbers.year(with_), last=last,
        )  # fmt: skip
    if math.isnan(with_):
        return say(
            "{head} the reserve is used up in {year} without the instrument, and not by {last} with it.",
            head=head, year=numbers.year(without), last=last,
        )  # fmt: skip
    if without == with_:
        return say("{head} the reserve is used up in {year}, with and without the instrument.", head=head, year=numbers.year(with_))
    return say(
        "{head} the reserve is used up in {without} without and in {with_} with the instrument.",
        head=head, without=numbers.year(without), with_=numbers.year(with_),
    )  # fmt: skip


def _scheme_itself(scheme: SchemeResult) -> Text:
    level = say(
        "{head} in this projection it needs {gap} of insurable earnings on average over 75 years without the instrument, if the reserve is spent by "
        "the end of them; the legal rate is {legal}.",
        head=Strong(_("The scheme itself:")),
        gap=numbers.rate(frames.indicator(scheme, "gap_75", "without")),
        legal=legal_rate(scheme),
    )
    return naming.together(level, above_legal_rate(scheme), (cautions.on_levels(scheme),))


def _dates(scheme: SchemeResult) -> Text:
    def pair(values: list[str]) -> str:
        without, with_ = values
        if without == with_:
            return phrase("{value} in both cases", value=without)
        return phrase("{without} without, {with_} with the instrument", without=without, with_=with_)

    def lowest(case: str) -> str:
        ratio, when = (frames.indicator(scheme, name, case) for name in ("lowest_reserve_ratio", "lowest_reserve_ratio_year"))
        return f"{numbers.decimal(ratio, 1)} ({numbers.year(when)})"

    cases = ("without", "with")
    return naming.together(
        reserve_end(scheme, Strong(_("Key dates:"))),
        say(
            "Expenditure exceeds contributions: {deficit}. Lowest reserve, in years of expenditure: {lowest}.",
            deficit=pair([numbers.years(frames.deficit_periods(scheme, case)) for case in cases]),
            lowest=pair([lowest(case) for case in cases]),
        ),
    )


def who_gains(scheme: SchemeResult) -> Text:
    """Whose rights in this scheme the instrument changes."""
    row = scheme.gains[scheme.gains["year"] == YEAR].set_index("sex")
    extra, kept = row["extra_pensioners"], frames.number(row["refunds_not_paid"].sum())
    year = str(YEAR)
    if scheme.kind == frames.ACCOUNT:
        return say(
            "{head} in {year}, {kept} leaving the country keep their balance, which earns interest, instead of drawing "
            "it. No pension of this scheme depends on the instrument.",
            head=Strong(_("Who is affected:")),
            year=year,
            kept=numbers.heads(kept),
        )
    head = Strong(_("Who gains:"))
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


def who_pays(study: StudyResult, scheme: SchemeResult) -> Text:
    """What the instrument has partner schemes and this scheme pay across borders in :data:`YEAR`."""
    here = scheme.country
    received, own_in = (frames.received(study, here, YEAR, None, what) for what in ("pensions", "other"))
    head = Strong(_("Who pays whom:"))
    if not frames.collects(scheme):
        return say(
            "{head} in {year}, because of the instrument, partner schemes pay residents of {country} {received} of pensions, in "
            "dollars of that year; nothing is paid out in return. Members' own money (refunds, lump sums, account balances; what is "
            "kept is paid later) to residents here: {own}.",
            head=head,
            year=str(YEAR),
            country=naming.country(scheme),
            received=_more(received),
            own=_more(own_in),
        )
    paid, own_out = (frames.paid_abroad(study, here, YEAR, None, what) for what in ("pensions", "other"))
    return naming.together(
        say(
            "{head} in {year}, because of the instrument, this scheme pays residents of the partner states {paid} of "
            "pensions and partner schemes pay residents of {country} {received}: {net} for the country, in dollars of that "
            "year.",
            head=head,
            year=str(YEAR),
            paid=_more(paid),
            country=naming.country(scheme),
            received=_more(received),
            net=net_flow(received - paid),
        ),
        say(
            "Members' own money (refunds, lump sums, account balances; what is kept is paid later): {own_out} paid across "
            "borders, {own_in} received.",
            own_out=_more(own_out),
            own_in=_more(own_in),
        ),
    )


def net_flow(net: float) -> str:
    """A net flow of pensions into the country, US dollars of the year."""
    if net == 0:
        return _("no net flow")
    if net > 0:
        return phrase("a net inflow of {amount}", amount=usd(net))
    return phrase("a net outflow of {amount}", amount=usd(-net))


def _how_sure(scheme: SchemeResult) -> Text:
    share = frames.unsure_share(scheme.assumptions)
    confidence = frames.corridors(scheme)["confidence"]
    weak = int(confidence.isin(frames.UNSURE).sum())
    head = Strong(_("How sure:"))
    if math.isnan(share):
        return say("{head} the study lists no inputs of this country; read the figures with care.", head=head)
    return naming.together(
        say(
            "{head} {share} of the inputs that the projection reads are assumed or recalled (by count, not by weight), and "
            "so are the migration figures of {weak} of its {all} corridors. The parameters of the instrument are "
            "assumptions throughout.",
            head=head,
            share=numbers.rate(share, 0),
            weak=str(weak),
            all=str(len(confidence)),
        ),
        (missed,) if (missed := cautions.on_calibration(scheme)) else (),
    )


def usd(value: float) -> str:
    """An amount of US dollars."""
    return numbers.money(value, "USD")


def _more(change: float) -> str:
    if change == 0:
        return _("neither more nor less")
    return phrase("{amount} more", amount=usd(change)) if change > 0 else phrase("{amount} less", amount=usd(-change))
