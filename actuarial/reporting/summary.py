"""The page a minister reads: verdict, figures, who gains and pays, how sure, on what it rests, what to decide. It must fit on one page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import adequacy_view, findings, frames, naming, numbers, sizes
from actuarial.reporting.blocks import Block, Bullets, Heading, KeyFigure, KeyFigures, Note, Paragraph, Span, Strong, Text, say
from actuarial.reporting.cost_parts import cost_parts
from actuarial.reporting.decisions import IN_SUMMARY, decisions, first_year, level_cost
from actuarial.reporting.language import _, phrase
from actuarial.reporting.rests_on import RestsOn, rests_on
from actuarial.reporting.tables import too_small

if TYPE_CHECKING:
    from actuarial.reporting.uncertainty import Uncertainty

YEAR: Final = findings.YEAR
BAND: Final = (0.025, 0.975)
"""Quantiles of the band that is printed, which holds 95 of 100 paths."""
SHOWN_POINTS: Final = 0.0005
"""Percentage points below which three decimals show nothing."""
WHOLE: Final = 0.995
"""A share from which whole percentages say all of it."""


def summary(study: StudyResult, scheme: SchemeResult, uncertainty: Uncertainty | None = None) -> list[Block]:
    """The page."""
    rests = rests_on(scheme, uncertainty)
    said = [*points(study, scheme), how_sure(scheme, uncertainty), rests_in_words(scheme, rests)]
    return [
        Heading(_("Summary"), numbered=False, id="summary"),
        Paragraph(verdict(study, scheme), lead=True),
        KeyFigures(key_figures(study, scheme, uncertainty, rests)),
        Bullets(tuple(said)),
        Heading(_("What to decide"), 2, numbered=False),
        Bullets(tuple(made.short for made in decisions(study, scheme)[: room(scheme)])),
        not_public(study),
    ]


def room(scheme: SchemeResult) -> int:
    """How many decisions fit on the page: two fewer where members lose what the scheme saves, which takes a sentence of its own."""
    return IN_SUMMARY - 2 if members_lose(scheme) else IN_SUMMARY


def members_lose(scheme: SchemeResult) -> bool:
    """Whether the scheme saves because refunds end that are worth more than what is added."""
    if scheme.kind != frames.DEFINED_BENEFIT:
        return False
    parts = cost_parts(scheme)
    return parts.refunds < 0 and parts.benefits < 0


def not_public(study: StudyResult) -> Note:
    """The remark that no reader may overlook."""
    return Note(
        _("The text of the instrument is not public"),
        say("{note} Read every figure as an answer to: what if the instrument said this?", note=naming.fact(study, "instrument_note")),
        "warning",
    )


def verdict(study: StudyResult, scheme: SchemeResult) -> Text:
    """The answer in two sentences."""
    if scheme.kind == frames.DEFINED_BENEFIT:
        return _verdict_defined_benefit(scheme)
    if scheme.kind == frames.ACCOUNT:
        return _verdict_account(scheme)
    cost = Strong(_("costs no national scheme anything"))
    received, before = (findings.usd(frames.received(study, scheme.country, YEAR, case, "pensions")) for case in ("with", "without"))
    what = (
        say(
            "{country} has no scheme for private-sector workers, so the instrument {cost}; the cost of a liaison body is not counted.",
            country=naming.country(scheme),
            cost=cost,
        )
        if scheme.kind == "none"
        else say(
            "The scheme of {country} does not collect yet, so the instrument {cost}; the cost of a liaison body is not counted.",
            country=naming.country(scheme),
            cost=cost,
        )
    )
    return naming.together(
        what,
        say(
            "Its people gain abroad: partner schemes pay its residents {received} of pensions in {year}, against {before} without the instrument.",
            received=Strong(received),
            before=before,
            year=str(YEAR),
        ),
    )


def _verdict_defined_benefit(scheme: SchemeResult) -> Text:
    parts, change = cost_parts(scheme), frames.indicator(scheme, "gap_75", "difference")
    if numbers.is_zero(change) and parts.administration == 0 and parts.benefits == 0:
        return say("The instrument changes {nothing} in the finances of {scheme}.", nothing=Strong(_("nothing")), scheme=naming.title(scheme))
    rate = parts.rate(parts.total)
    figures: dict[str, Span] = {
        "scheme": naming.title(scheme),
        "size": Strong(sizes.named(rate)),
        "rate": Strong(points_at_least(rate)),
        "value": Strong(numbers.money(abs(parts.total), scheme.currency)),
        "dollars": findings.usd(abs(parts.total) / scheme.exchange_rate_usd),
    }
    cost = say(
        "For {scheme} the instrument is {size}: {rate} of payroll (insurable earnings) over 75 years, which is {value} ({dollars}) in money of "
        "today.",
        **figures,
    )
    saved = (
        say(
            "The saving is what members lose: refunds that end, less what is added later, leave them {loss} worse off together.",
            loss=Strong(numbers.money(-parts.benefits, scheme.currency)),
        )
        if members_lose(scheme)
        else ()
    )
    return naming.together(cost, saved)


def _verdict_account(scheme: SchemeResult) -> Text:
    parts = cost_parts(scheme)
    return say(
        "{scheme} pays each member the own balance, so {none} falls on it. Its only cost is administering the instrument, assumed at {value} "
        "({dollars}) in money of today, {rate} of payroll. Balances of leavers are paid later, with interest.",
        scheme=naming.title(scheme),
        none=Strong(_("no cost of adding up periods")),
        value=Strong(numbers.money(parts.administration, scheme.currency)),
        dollars=findings.usd(parts.administration / scheme.exchange_rate_usd),
        rate=Strong(points_at_least(parts.rate(parts.administration))),
    )


def key_figures(study: StudyResult, scheme: SchemeResult, uncertainty: Uncertainty | None, rests: RestsOn) -> tuple[KeyFigure, ...]:
    """Six figures, or as many as the kind of scheme has."""
    sure = (_band_figure(scheme, uncertainty), _rests_figure(rests))
    if scheme.kind == frames.DEFINED_BENEFIT:
        people = KeyFigure(
            phrase("Pensioners thanks to it, {year}", year=str(YEAR)),
            numbers.persons(findings.of_year(scheme, "extra_pensioners")),
            _("pensions they would not have without it"),
        )
        return (*_money(scheme, cost_parts(scheme).total), people, *sure)
    if scheme.kind == frames.ACCOUNT:
        kept = KeyFigure(
            phrase("Balances kept by leavers, {year}", year=str(YEAR)),
            numbers.persons(findings.of_year(scheme, "refunds_not_paid")),
            _("people who would have withdrawn"),
        )
        return (*_money(scheme, cost_parts(scheme).administration), kept, net_figure(study, scheme), sure[1])
    received, before = (findings.usd(frames.received(study, scheme.country, YEAR, case, "pensions")) for case in ("with", "without"))
    return (
        KeyFigure(_("Cost, share of payroll"), _("none"), _("no scheme collects contributions")),
        KeyFigure(
            phrase("Pensions from partner schemes, {year}", year=str(YEAR)),
            received,
            phrase("{amount} without; dollars of {year}", amount=before, year=str(YEAR)),
        ),
        net_figure(study, scheme),
        *findings.movers_figures(scheme),
        sure[1],
    )


def _money(scheme: SchemeResult, value: float) -> tuple[KeyFigure, KeyFigure, KeyFigure]:
    """A present value as a share of payroll, as money of today, and as that share of the first year's payroll."""
    yearly = level_cost(scheme, value)
    return (
        KeyFigure(_("Net cost, share of payroll"), points_at_least(cost_parts(scheme).rate(value)), _("of insurable earnings over 75 years")),
        KeyFigure(
            _("Net cost in money of today"),
            numbers.money(value, scheme.currency),
            phrase("{amount}; present value, 75 years", amount=findings.usd(value / scheme.exchange_rate_usd)),
        ),
        KeyFigure(
            phrase("Rate × payroll of {year}", year=first_year(scheme)),
            numbers.money(yearly, scheme.currency),
            phrase("{amount}; grows as payroll grows", amount=findings.usd(yearly / scheme.exchange_rate_usd)),
        ),
    )


def net_figure(study: StudyResult, scheme: SchemeResult) -> KeyFigure:
    """Pensions received less pensions paid across borders because of the instrument."""
    here = scheme.country
    net = frames.received(study, here, YEAR, None, "pensions") - frames.paid_abroad(study, here, YEAR, None, "pensions")
    return KeyFigure(
        phrase("Pensions in less pensions out, {year}", year=str(YEAR)),
        numbers.money(net, "USD", sign=True),
        phrase("because of the instrument; dollars of {year}", year=str(YEAR)),
    )


def band(scheme: SchemeResult, uncertainty: Uncertainty | None) -> tuple[float, float] | None:
    """Band of the net cost as a share of insurable earnings over the paths of the ensemble attached; ``None`` where there is none."""
    if uncertainty is None or not uncertainty.ensemble:
        return None
    table = uncertainty.ensemble["indicators"]
    rows = table[(table["country"] == scheme.country) & (table["measure"] == "net_cost_share_75") & (table["case"] == "difference")]
    values = rows.set_index("quantile")["value"]
    if not set(BAND) <= set(values.index) or not all(math.isfinite(values[q]) for q in BAND):
        return None
    return float(values[BAND[0]]), float(values[BAND[1]])


def edge(value: float) -> str:
    r"""An end of a band as percentage points without the unit; zero is a figure here, and what three decimals would hide is bounded.

    >>> edge(0.0), edge(0.000123), edge(-1e-7)
    ('0', '+0.012', '>\xa0−0.001')
    """
    if numbers.is_zero(value):
        return "0"
    return too_small(100 * value, 3) if abs(100 * value) < SHOWN_POINTS else numbers.signed(100 * value, digits=3)


def points_at_least(value: float) -> str:
    r"""A difference of rates in percentage points; one that three decimals would hide is bounded, not spelt out.

    >>> points_at_least(0.000123), points_at_least(1e-7), points_at_least(0.0)
    ('+0.012\xa0pp', '<\xa00.001\xa0pp', 'no change')
    """
    if numbers.is_zero(value) or not abs(100 * value) < SHOWN_POINTS:
        return numbers.points(value)
    return too_small(100 * value, 3) + numbers.active().points


def _band_figure(scheme: SchemeResult, uncertainty: Uncertainty | None) -> KeyFigure:
    found = band(scheme, uncertainty)
    if found is None:
        return KeyFigure(_("Band of the cost"), _("not computed"), _("one path; no probability is given"))
    low, high = found
    return KeyFigure(
        _("95 of 100 paths, cost"),
        phrase("{low} to {high} pp", low=edge(low), high=edge(high)),
        _("of insurable earnings over 75 years"),
    )


def _rests_figure(rests: RestsOn) -> KeyFigure:
    return KeyFigure(
        _("Rests on assumed or recalled inputs"),
        numbers.rate(rests.inputs, 0) if math.isfinite(rests.inputs) else _("none listed"),
        rests_detail(rests.corridors),
    )


def rests_detail(corridors: float) -> str:
    """What the share of inputs is of, with the share of the result by corridors unless there is none or it is the whole."""
    if not corridors < WHOLE:
        return _("of the inputs by count")
    return phrase("of the inputs by count; {share} of the result by corridors", share=numbers.rate(corridors, 0))


def points(study: StudyResult, scheme: SchemeResult) -> list[Text]:
    """Who gains, who loses, who pays whom, whether the reserve holds."""
    if scheme.kind == frames.DEFINED_BENEFIT:
        return [_gains(scheme), *_losses(scheme), _pays(study, scheme), _reserve(scheme)]
    if scheme.kind == frames.ACCOUNT:
        return [_gains_account(scheme), _losses_account(study, scheme), _pays(study, scheme)]
    return [_pays(study, scheme)]


def _gains(scheme: SchemeResult) -> Text:
    extra = findings.of_year(scheme, "extra_pensioners")
    if extra == 0:
        return say("{head} nobody gains or loses a right in this scheme in {year}.", head=Strong(_("Who gains:")), year=str(YEAR))
    return say(
        "{head} {people} in {year}, who would have no pension of this scheme otherwise; {opened} of the {awards} old-age pensions of this kind "
        "awarded "
        "in that year are opened by adding periods.",
        head=Strong(_("Who gains:")),
        people=numbers.heads(extra),
        year=str(YEAR),
        opened=numbers.persons(findings.of_year(scheme, "new_by_totalisation")),
        awards=numbers.persons(findings.of_year(scheme, "extra_new_pensions")),
    )


def _losses(scheme: SchemeResult) -> list[Text]:
    parts = cost_parts(scheme)
    if parts.refunds >= 0:
        return []
    if members_lose(scheme):  # the verdict says how much
        return [
            say(
                "{head} {people} leaving {names} in {year} get no refund any more.",
                head=Strong(_("Who loses:")),
                people=numbers.heads(findings.of_year(scheme, "refunds_not_paid")),
                names=naming.country(scheme),
                year=str(YEAR),
            )
        ]
    return [
        say(
            "{head} {people} leaving in {year} get no refund any more; all refunds not paid are worth {lost} today, the pensions and sums added "
            "{later}.",
            head=Strong(_("Who loses:")),
            people=numbers.heads(findings.of_year(scheme, "refunds_not_paid")),
            year=str(YEAR),
            lost=numbers.money(-parts.refunds, scheme.currency),
            later=numbers.money(parts.pensions + parts.lump_sums, scheme.currency),
        )
    ]


def _gains_account(scheme: SchemeResult) -> Text:
    return say(
        "{head} {people} leaving in {year} keep their balance, with interest, and their months count in partner schemes. No pension of this scheme "
        "depends on the instrument.",
        head=Strong(_("Who is affected:")),
        people=numbers.heads(findings.of_year(scheme, "refunds_not_paid")),
        year=str(YEAR),
    )


def _losses_account(study: StudyResult, scheme: SchemeResult) -> Text:
    head, share = Strong(_("Who loses:")), adequacy_view.losing_share(study, scheme.country)
    if not share > 0:
        return say(
            "{head} leavers wait for their money; what the fund earns above the interest credited stays with it.", head=head
        )
    return say(
        "{head} leavers wait, and what the fund earns above the interest credited stays with it. At present value, {share} of the young movers "
        "followed are in groups that get at least 1% less from all schemes together.",
        head=head,
        share=Strong(numbers.rate(share, 0)),
    )


def _pays(study: StudyResult, scheme: SchemeResult) -> Text:
    here, head = scheme.country, Strong(_("Who pays whom:"))
    received = frames.received(study, here, YEAR, None, "pensions")
    if not frames.collects(scheme):
        return say(
            "{head} partner schemes add {received} of pensions for its residents in {year}; it pays nothing in return.",
            head=head,
            received=findings.usd(received),
            year=str(YEAR),
        )
    paid = frames.paid_abroad(study, here, YEAR, None, "pensions")
    if paid == 0:
        return say(
            "{head} in {year} residents receive {received} more of pensions from partner schemes; this scheme pays no pension more in return.",
            head=head,
            year=str(YEAR),
            received=findings.usd(received),
        )
    return say(
        "{head} in {year} this scheme pays {paid} more of pensions into partner states and its residents receive {received} more from them: {net}.",
        head=head,
        year=str(YEAR),
        paid=findings.usd(paid),
        received=findings.usd(received),
        net=findings.net_flow(received - paid),
    )


def _reserve(scheme: SchemeResult) -> Text:
    ratio, when = (frames.indicator(scheme, name, "with") for name in ("lowest_reserve_ratio", "lowest_reserve_ratio_year"))
    lowest = (
        say("At its lowest ({year}) it covers {ratio} years of expenditure.", year=numbers.year(when), ratio=numbers.decimal(ratio, 1))
        if ratio > 0
        else ()
    )
    level = say(
        "The scheme needs {gap} of payroll on average if the reserve is spent within the 75 years; the legal rate is {legal}.",
        gap=numbers.rate(frames.indicator(scheme, "gap_75", "with")),
        legal=findings.legal_rate(scheme),
    )
    return naming.together(findings.reserve_end(scheme, Strong(_("Does the reserve hold:"))), lowest, level, findings.above_legal_rate(scheme))


def computed(uncertainty: Uncertainty | None) -> bool:
    """Whether results on how sure the study is are attached, of any kind."""
    return uncertainty is not None and (uncertainty.sensitivity is not None or bool(uncertainty.ensemble))


def one_path(uncertainty: Uncertainty | None) -> Text:
    """That no band can be given, and whether anything was computed on how sure the result is."""
    head = Strong(_("How sure:"))
    if not computed(uncertainty):
        return say("{head} not computed for this report; it follows one path.", head=head)
    return say("{head} one path of population, wages and prices; no probability was computed for this report.", head=head)


def movers_range(scheme: SchemeResult) -> Text:
    """What the least known input does to the net cost: half and twice as many movers, exact at fixed rates."""
    parts = cost_parts(scheme)
    if numbers.is_zero(parts.rate(parts.total - parts.administration)):
        return ()
    return movers_halved_and_doubled(*(numbers.points(parts.rate(parts.with_movers(times))) for times in (0.5, 2.0)))


def movers_halved_and_doubled(half: str, twice: str) -> Text:
    """The sentence on the least known input, from both net costs in words."""
    return say(
        "The number of movers is the least known input: with half as many the net cost would be {half}, with twice as many {twice}.",
        half=half,
        twice=twice,
    )


def how_sure(scheme: SchemeResult, uncertainty: Uncertainty | None) -> Text:
    """The band where an ensemble is attached; that no probability was computed where none is."""
    head, found = Strong(_("How sure:")), band(scheme, uncertainty)
    if not frames.collects(scheme):
        return say("{head} one path of population, wages and prices; no probability was computed for amounts received.", head=head)
    if found is None or uncertainty is None:
        return one_path(uncertainty) if scheme.kind == frames.ACCOUNT else naming.together(one_path(uncertainty), movers_range(scheme))
    return say(
        "{head} in 95 of 100 of the {paths} paths drawn the net cost lies between {low} and {high} percentage points of payroll; the processes "
        "drawn are judgements "
        "for the "
        "most part.",
        head=head,
        paths=numbers.count(float(uncertainty.run["paths"])),
        low=edge(found[0]),
        high=edge(found[1]),
    )


def rests_in_words(scheme: SchemeResult, rests: RestsOn) -> Text:
    """Which part of the result rests on assumed or recalled inputs, and how that is measured."""
    head = Strong(_("What it rests on:"))
    if math.isnan(rests.inputs):
        return say("{head} the study lists no inputs of this country; read the figures with care.", head=head)
    count = say("{head} {share} of the inputs are assumed or recalled, by count.", head=head, share=Strong(numbers.rate(rests.inputs, 0)))
    if math.isnan(rests.corridors):
        return count
    corridors = numbers.rate(rests.corridors, 0)
    if not frames.collects(scheme):
        return naming.together(
            count, say("By weight, {corridors} of the movers are in corridors with assumed migration figures.", corridors=corridors)
        )
    weight = (
        say("By weight, {corridors} of the amounts run through corridors with assumed migration figures.", corridors=corridors)
        if math.isnan(rests.steps)
        else say(
            "By weight, {corridors} of the amounts run through corridors with assumed migration figures, and {steps} come from legal steps with "
            "assumed "
            "parameters.",
            corridors=corridors,
            steps=numbers.rate(rests.steps, 0),
        )
    )
    if rests.corridors >= WHOLE and rests.steps >= WHOLE:
        weight = say("By weight, all of it runs through corridors with assumed migration figures and comes from legal steps with assumed parameters.")
    swings = (
        ()
        if math.isnan(rests.swings)
        else say("Of the swings in the sensitivities, {swings} come from assumed inputs.", swings=numbers.rate(rests.swings, 0))
    )
    return naming.together(count, weight, swings, say("These shares overlap and do not add up."))
