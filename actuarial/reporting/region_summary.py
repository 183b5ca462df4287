"""The page a minister reads first in the regional report. It must fit on one page."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import decisions, findings, frames, naming, numbers, summary
from actuarial.reporting.blocks import Block, Bullets, Heading, KeyFigure, KeyFigures, Paragraph, Ref, Strong, Text, say
from actuarial.reporting.cost_parts import cost_parts
from actuarial.reporting.language import _, phrase
from actuarial.reporting.region_findings import across_borders, net_position, of_kind, reserve_dates, unsure_inputs
from actuarial.reporting.rests_on import corridors_share

if TYPE_CHECKING:
    from actuarial.reporting.uncertainty import Uncertainty

YEAR: Final = findings.YEAR


def region_summary(study: StudyResult, uncertainty: Uncertainty | None = None) -> list[Block]:
    """The page."""
    return [
        Heading(_("Summary"), numbered=False, id="summary"),
        Paragraph(verdict(study), lead=True),
        KeyFigures(_figures(study)),
        Bullets(tuple(_points(study, uncertainty))),
        Heading(_("What to decide together"), 2, numbered=False),
        Bullets(tuple(short for short, _grounds in region_decisions(study)[: decisions.IN_SUMMARY])),
        summary.not_public(study),
    ]


def recommendations(study: StudyResult) -> list[Block]:
    """What the member states have to decide together, with grounds; what each decides stands on its page."""
    return [
        Heading(_("Recommendations"), id="recommendations", answers=("R42",)),
        Paragraph(
            say("Each follows from figures of this report; what a state has to decide for itself stands on its page ({pages}).", pages=Ref("pages"))
        ),
        Bullets(tuple(grounds for _short, grounds in region_decisions(study))),
    ]


def verdict(study: StudyResult) -> Text:
    """The answer in two sentences."""
    schemes = of_kind(study, frames.DEFINED_BENEFIT)
    if not schemes:
        return say(
            "No scheme of this study promises pensions by formula, so the instrument brings {none}.", none=Strong(_("no cost of adding up periods"))
        )
    rates = [cost_parts(s).rate(cost_parts(s).total) for s in schemes]
    total = _usd(schemes, lambda s: cost_parts(s).total)
    administration = _usd([s for s in study.schemes.values() if frames.collects(s)], lambda s: cost_parts(s).administration)
    return naming.together(
        say(
            "For the schemes that promise pensions ({names}) the instrument comes to between {low} and {high} of payroll (insurable earnings) over "
            "75 years, "
            "together {total} in money of today.",
            names=numbers.joined([naming.country(s) for s in schemes]),
            low=Strong(summary.points_at_least(min(rates))),
            high=Strong(summary.points_at_least(max(rates))),
            total=Strong(numbers.money(total, "USD")),
        ),
        say(
            "Account schemes owe no more than before. Administering it is assumed to cost all schemes {administration}.",
            administration=numbers.money(administration, "USD"),
        ),
    )


def _usd(schemes: list[SchemeResult], value: Callable[[SchemeResult], float]) -> float:
    """Sum of an amount over schemes, US dollars at the exchange rates of the valuation date."""
    return float(sum(value(s) / s.exchange_rate_usd for s in schemes))


def _figures(study: StudyResult) -> tuple[KeyFigure, ...]:
    schemes = of_kind(study, frames.DEFINED_BENEFIT)
    rates = [cost_parts(s).rate(cost_parts(s).total) for s in schemes]
    people = sum(findings.of_year(s, "extra_pensioners") for s in study.schemes.values())
    opened = sum(findings.of_year(s, "new_by_totalisation") for s in study.schemes.values())
    before, after = across_borders(study, "pensions")
    unsure, inputs = unsure_inputs(study)
    return (
        KeyFigure(
            _("Net cost, share of payroll"),
            phrase("{low} to {high} pp", low=summary.edge(min(rates)), high=summary.edge(max(rates))) if rates else _("none"),
            _("lowest and highest scheme, 75 years"),
        ),
        KeyFigure(
            _("Net cost in money of today"),
            numbers.money(_usd(schemes, lambda s: cost_parts(s).total), "USD"),
            _("pension schemes together; present value, 75 years"),
        ),
        KeyFigure(
            phrase("Rate × payroll of {year}", year=str(study.meta["first_year"])),
            numbers.money(_usd(schemes, lambda s: decisions.level_cost(s, cost_parts(s).total)), "USD"),
            _("pension schemes together; grows as payrolls grow"),
        ),
        KeyFigure(
            phrase("Pensioners thanks to it, {year}", year=str(YEAR)),
            numbers.persons(people),
            phrase("{opened} new in that year by adding periods", opened=numbers.persons(opened)),
        ),
        KeyFigure(
            phrase("Pensions paid across borders, {year}", year=str(YEAR)),
            numbers.money(after, "USD"),
            phrase("{amount} without; dollars of {year}", amount=numbers.money(before, "USD"), year=str(YEAR)),
        ),
        KeyFigure(
            _("Rests on assumed or recalled inputs"),
            numbers.rate(unsure / inputs, 0) if inputs else _("none listed"),
            summary.rests_detail(_corridor_weight(study)),
        ),
    )


def _corridor_weight(study: StudyResult) -> float:
    """Share of the pension schemes' absolute net cost that runs through corridors with assumed migration figures, in dollars; NaN without cost."""
    total = chosen = 0.0
    for s in of_kind(study, frames.DEFINED_BENEFIT):
        share, weight = corridors_share(s), float(s.corridors["pv_net_cost"].abs().sum()) / s.exchange_rate_usd
        if math.isfinite(share):
            total, chosen = total + weight, chosen + share * weight
    return chosen / total if total > 0 else math.nan


def _points(study: StudyResult, uncertainty: Uncertainty | None) -> list[Text]:
    return [*_gains(study), *_losses(study), *_pays(study), reserve_dates(study), _how_sure(study, uncertainty), _rests(study)]


def _gains(study: StudyResult) -> list[Text]:
    people = {c: findings.of_year(s, "extra_pensioners") for c, s in study.schemes.items()}
    most = max(people, key=lambda c: people[c])
    if people[most] <= 0:
        return [say("{head} nobody draws a pension only because of it in {year}.", head=Strong(_("Who gains:")), year=str(YEAR))]
    return [
        say(
            "{head} {all} draw a pension in {year} that they would not have otherwise, most of them ({most}) from the scheme of {country}.",
            head=Strong(_("Who gains:")),
            all=numbers.heads(sum(people.values())),
            year=str(YEAR),
            most=numbers.persons(people[most]),
            country=naming.country(study.schemes[most]),
        )
    ]


def _losses(study: StudyResult) -> list[Text]:
    losing = [s for s in of_kind(study, frames.DEFINED_BENEFIT) if cost_parts(s).refunds < 0]
    if not losing:
        return []
    return [
        say(
            "{head} {people} leaving {names} in {year} get no refund any more.",
            head=Strong(_("Who loses:")),
            people=numbers.heads(sum(findings.of_year(s, "refunds_not_paid") for s in losing)),
            names=numbers.joined([naming.country(s) for s in losing]),
            year=str(YEAR),
        )
    ]


def _pays(study: StudyResult) -> list[Text]:
    positions = {c: net_position(study, c, "pensions") for c in study.schemes}
    most, least = max(positions, key=lambda c: positions[c]), min(positions, key=lambda c: positions[c])
    if not positions[most] > 0 > positions[least]:
        return []
    return [
        say(
            "{head} in {year} the largest net inflow of pensions through the instrument is to {most} ({inflow}), the largest net outflow from "
            "{least} "
            "({outflow}).",
            head=Strong(_("Who pays whom:")),
            year=str(YEAR),
            most=naming.country(study.schemes[most]),
            inflow=numbers.money(positions[most], "USD"),
            least=naming.country(study.schemes[least]),
            outflow=numbers.money(-positions[least], "USD"),
        )
    ]


def _movers_range(study: StudyResult) -> Text:
    """The net cost of the pension schemes together with half and twice as many movers."""
    schemes = of_kind(study, frames.DEFINED_BENEFIT)
    if not any(cost_parts(s).total - cost_parts(s).administration for s in schemes):
        return ()
    costs = [_usd(schemes, lambda s: cost_parts(s).with_movers(0.5)), _usd(schemes, lambda s: cost_parts(s).with_movers(2.0))]
    return summary.movers_halved_and_doubled(*(numbers.money(cost, "USD") for cost in costs))


def _how_sure(study: StudyResult, uncertainty: Uncertainty | None) -> Text:
    bands = {naming.country(s): summary.band(s, uncertainty) for s in of_kind(study, frames.DEFINED_BENEFIT)}
    listed = [
        phrase("{country} {low} to {high}", country=name, low=summary.edge(band[0]), high=summary.edge(band[1]))
        for name, band in bands.items()
        if band is not None
    ]
    if not listed:
        return naming.together(summary.one_path(uncertainty), _movers_range(study))
    return say(
        "{head} net cost in 95 of 100 paths drawn, percentage points of payroll: {bands}. The processes drawn are judgements for the most part.",
        head=Strong(_("How sure:")),
        bands="; ".join(listed),
    )


def _rests(study: StudyResult) -> Text:
    unsure, inputs = unsure_inputs(study)
    head = Strong(_("What it rests on:"))
    if not inputs:
        return say("{head} the study lists no inputs; read the figures with care.", head=head)
    share, weight = numbers.rate(unsure / inputs, 0), _corridor_weight(study)
    if not math.isfinite(weight):
        return say("{head} {share} of the inputs of all countries are assumed or recalled, by count.", head=head, share=share)
    return say(
        "{head} {share} of the inputs of all countries are assumed or recalled, by count; by weight, {corridors} of the net cost runs through "
        "corridors "
        "with assumed migration figures. Every clause of the instrument is assumed.",
        head=head,
        share=share,
        corridors=numbers.rate(weight, 0),
    )


def region_decisions(study: StudyResult) -> list[tuple[Text, Text]]:
    """What the member states have to decide together: in short, and with grounds."""
    made = [_terms(study), _qualifying(study), _accounts(study), _administration(study), _data(study), _text()]
    return [pair for pair in made if pair is not None]


def _terms(study: StudyResult) -> tuple[Text, Text] | None:
    schemes = of_kind(study, frames.DEFINED_BENEFIT)
    added = _usd(schemes, lambda s: cost_parts(s).pensions)
    own = _usd(schemes, lambda s: cost_parts(s).exported + cost_parts(s).resumed)
    if added <= 0 or own < decisions.EXPORT_SHARE * added:
        return None
    share = numbers.rate(own / added, 0)
    return (
        say(
            "{head} agree on its terms; {share} of the pensions added rest on own periods.",
            head=Strong(_("Payment abroad:")),
            share=share,
        ),
        say(
            "{head} {share} of the pensions added, {amount} at present value, rest on own periods: paid abroad, kept instead of refunded, or "
            "resumed after a "
            "suspension. One rule for all on proof of life, transfer and exchange would settle most of the cost ({where}).",
            head=Strong(_("Agree on the terms of payment abroad.")),
            share=share,
            amount=numbers.money(own, "USD"),
            where=Ref("schemes"),
        ),
    )


def _qualifying(study: StudyResult) -> tuple[Text, Text] | None:
    rights = [decisions.own_rights(study, s) for s in of_kind(study, frames.DEFINED_BENEFIT)]
    own, with_, without, kept = (sum(float(r[n].sum()) for r in rights if len(r)) for n in ("own", "lost_with", "lost_without", "kept"))
    if own <= 0 or with_ < decisions.STILL_LOST * own:
        return None
    figures = {"with_": numbers.rate(with_ / own, 0), "without": numbers.rate(without / own, 0)}
    figures |= {"kept": numbers.persons(kept), "all": numbers.persons(own)}
    return (
        say(
            "{head} are they short enough? Adding periods keeps {kept} of {all} rights of the movers followed; {with_} still get no pension.",
            head=Strong(_("Qualifying periods:")),
            **{name: value for name, value in figures.items() if name != "without"},
        ),
        say(
            "{head} Of the cohort of movers followed in {where}, {with_} of those with months in a pension scheme get no pension from it even when "
            "periods "
            "are added ({without} without the instrument), because periods and cover are short: {kept} of {all} rights are kept. The minimum of own "
            "months and the qualifying periods decide whom the instrument reaches.",
            head=Strong(_("Look at qualifying periods and the minimum of own months.")),
            where=Ref("adequacy"),
            **figures,
        ),
    )


def _accounts(study: StudyResult) -> tuple[Text, Text] | None:
    accounts = of_kind(study, frames.ACCOUNT)
    if not accounts or not of_kind(study, frames.DEFINED_BENEFIT):
        return None
    names = numbers.joined([naming.country(s) for s in accounts])
    return (
        say(
            "{head} months worked in {names} open pensions elsewhere; are the schemes that pay them to be compensated?",
            head=Strong(_("Fairness:")),
            names=names,
        ),
        say(
            "{head} Months worked in {names} open pensions in the schemes that promise them, and the account schemes pay nothing for it. Whether "
            "and how "
            "that is compensated is a matter between states, not of solvency ({where}).",
            head=Strong(_("Decide on the asymmetry between accounts and pensions.")),
            names=names,
            where=Ref("transfers"),
        ),
    )


def _administration(study: StudyResult) -> tuple[Text, Text] | None:
    schemes = [s for s in study.schemes.values() if frames.collects(s)]
    whole = _usd(schemes, lambda s: cost_parts(s).administration)
    if whole <= 0:
        return None
    years = decisions.administration_of(study, schemes)
    if not years:
        return None
    first, later = years[0], years[-1]
    yearly = {"first": findings.usd(first.dollars), "year": str(first.year), "later": findings.usd(later.dollars), "later_year": str(later.year)}
    figures = {"whole": numbers.money(whole, "USD"), **yearly}
    return (
        say(
            "{head} {first} in {year} and {later} in {later_year} for all schemes, money of the year; an assumption.",
            head=Strong(_("Money for administration:")),
            **yearly,
        ),
        say(
            "{head} It is assumed to cost all schemes {whole} at present value: {first} in {year}, the first year in force, and {later} in "
            "{later_year}, in money of each year. Common forms, one exchange of records and netting of payments would lower it; institutions should "
            "estimate it.",
            head=Strong(_("Finance the administration of the instrument.")),
            **figures,
        ),
    )


def _data(study: StudyResult) -> tuple[Text, Text] | None:
    marks = {(str(r["origin"]), str(r["host"])): str(r["confidence"]) for s in study.schemes.values() for r in frames.corridors(s).to_dict("records")}
    weak = sum(mark in frames.UNSURE for mark in marks.values())
    if not weak:
        return None
    figures = {"weak": str(weak), "all": str(len(marks))}
    return (
        say("{head} count movers in the registers; migration figures of {weak} of {all} corridors are assumed or recalled.",
            head=Strong(_("Data:")), **figures),
        say(
            "{head} Migration figures of {weak} of {all} corridors are assumed or recalled. A count of insured foreigners and of members who left, "
            "exchanged "
            "between institutions, would replace the least known input of this study ({where}).",
            head=Strong(_("Have the registers count movers.")),
            where=Ref("movers"),
            **figures,
        ),
    )  # fmt: skip


def _text() -> tuple[Text, Text]:
    return (
        say("{head} compare the draft, clause by clause, with what is assumed here.", head=Strong(_("Text:"))),
        say(
            "{head} Every parameter of the instrument in {where} is an assumption or taken from a model text. Each clause that differs can be "
            "entered and "
            "the study run again.",
            head=Strong(_("Compare the draft with what is assumed here.")),
            where=Ref("instrument"),
        ),
    )
