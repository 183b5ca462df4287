"""First page of the regional report: what it costs, who gains, who pays whom, how sure."""

from __future__ import annotations

import math
from typing import Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import cautions, chapters, findings, frames, numbers, region_charts
from actuarial.reporting.blocks import Block, Bullets, Heading, KeyFigure, KeyFigures, Paragraph, Strong, Text, say
from actuarial.reporting.cost_parts import cost_parts

YEAR: Final = findings.YEAR


def of_kind(study: StudyResult, kind: str) -> list[SchemeResult]:
    """Schemes of one kind, in the order of the region."""
    return [s for s in study.schemes.values() if s.kind == kind]


def _total(scheme: SchemeResult, column: str) -> float:
    return float(scheme.gains.loc[scheme.gains["year"] == YEAR, column].sum())


def in_brief(study: StudyResult) -> list[Block]:
    """The page a minister reads."""
    people = sum(_total(s, "extra_pensioners") for s in study.schemes.values())
    opened, awards = (sum(_total(s, name) for s in study.schemes.values()) for name in ("new_by_totalisation", "extra_new_pensions"))
    lost, kept = (sum(_total(s, "refunds_not_paid") for s in of_kind(study, kind)) for kind in (frames.DEFINED_BENEFIT, frames.ACCOUNT))
    across = _across_borders(study, "pensions")
    movers = float(region_charts.corridor_movers(study).to_numpy().sum())
    read = [frames.used(s.assumptions) for s in study.schemes.values()]
    inputs = sum(len(table) for table in read)
    unsure = sum(int(table["confidence"].isin(frames.UNSURE).sum()) for table in read)
    figures = (
        KeyFigure("Movers in another partner state, 2026", numbers.persons(movers), "all corridors, both sexes"),
        KeyFigure(
            f"Pensioners thanks to it, {YEAR}",
            numbers.persons(people),
            f"of {numbers.persons(awards)} new in that year, {numbers.persons(opened)} by adding periods",
        ),
        KeyFigure(
            f"Leavers without refund, {YEAR}",
            numbers.persons(lost),
            f"lose a refund now; {numbers.persons(kept)} more keep an account balance",
        ),
        KeyFigure(
            f"Pensions paid across borders, {YEAR}",
            numbers.money(across[1], "USD"),
            f"{numbers.money(across[0], 'USD')} without; dollars of {YEAR}",
        ),
        KeyFigure("Largest change in average premium", *_largest_change(study)),
        KeyFigure(
            "Inputs assumed or recalled",
            numbers.rate(unsure / inputs, 0) if inputs else "none listed",
            f"of {inputs} inputs read, all countries",
        ),
    )
    return [
        Heading("In brief", numbered=False),
        Paragraph(verdict(study), lead=True),
        KeyFigures(figures),
        Bullets(_sentences(study)),
        chapters.not_public(study),
    ]


def _largest_change(study: StudyResult) -> tuple[str, str]:
    changes = {s.country_name: frames.indicator(s, "gap_75", "difference") for s in of_kind(study, frames.DEFINED_BENEFIT)}
    if not changes:
        return "none", "no defined-benefit scheme in this study"
    name = max(changes, key=lambda n: abs(changes[n]))
    return numbers.points(changes[name]), f"{name}, 75 years, insurable earnings"


def verdict(study: StudyResult) -> Text:
    """The first sentence of the regional report."""
    schemes = of_kind(study, frames.DEFINED_BENEFIT)
    changes = [frames.indicator(s, "gap_75", "difference") for s in schemes]
    names = ", ".join(s.country_name for s in schemes)
    if not schemes:
        return say(
            "No scheme of this study promises pensions by formula, so the instrument brings {none}.",
            none=Strong("no cost of adding up periods"),
        )
    if all(numbers.is_zero(c) for c in changes):
        return say(
            "The instrument does {nothing} to the finances of the defined-benefit schemes ({names}).",
            nothing=Strong("nothing"),
            names=names,
        )
    parts = [cost_parts(s) for s in schemes]
    benefits = [p.rate(p.benefits) for p in parts]
    usd = [sum(v / s.exchange_rate_usd for s, v in zip(schemes, values, strict=True)) for values in (
        [p.benefits for p in parts], [p.administration for p in parts]
    )]  # fmt: skip
    return say(
        "Across the defined-benefit schemes ({names}) the benefits that the instrument adds or saves come to between {low} "
        "and {high} of insurable earnings over 75 years, at most {size}. Together they are worth {benefits} at present value; "
        "administration, an assumption, adds {administration}. With it the general average premium moves by between {from_} and {to}.",
        names=names,
        low=Strong(numbers.points(min(benefits))),
        high=Strong(numbers.points(max(benefits))),
        size=Strong(findings.named(max(benefits, key=abs))),
        benefits=Strong(numbers.money(usd[0], "USD")),
        administration=Strong(numbers.money(usd[1], "USD")),
        from_=numbers.points(min(changes)),
        to=numbers.points(max(changes)),
    )


def _sentences(study: StudyResult) -> tuple[Text, ...]:
    answers = []
    if schemes := of_kind(study, frames.DEFINED_BENEFIT):
        answers.append(_export_and_totalisation(schemes))
        savers = [s for s in schemes if cost_parts(s).refunds < 0 and cost_parts(s).benefits < 0]
        for s in savers:
            people = numbers.heads(_total(s, "refunds_not_paid"))
            answers.append(
                say(
                    "{head} the saving of {name} is refunds that {people} leaving in {year} no longer get. It is what these "
                    "people lose, less what they get later; the report of the country tells how much.",
                    head=Strong("Who loses:"),
                    name=s.country_name,
                    people=people,
                    year=str(YEAR),
                )
            )
    if accounts := of_kind(study, frames.ACCOUNT):
        answers.append(
            say(
                "{head} {names} pay balances and owe no pension by formula; adding up periods costs them nothing. Balances "
                "of leavers are paid later, not less, and administration is their only cost. Months worked there count in "
                "the partner schemes: that asymmetry is a question of fairness between states, not of solvency.",
                head=Strong("Accounts:"),
                names=cautions.joined([s.country_name for s in accounts]),
            )
        )
    if empty := [s for s in study.schemes.values() if not frames.collects(s)]:
        answers.append(
            say(
                "{head} nothing is collected in {names}: no cost there, and gains only for people who work in partner states.",
                head=Strong("No collecting scheme:"),
                names=cautions.joined([s.country_name for s in empty]),
            )
        )
    positions = {s.country_name: net_position(study, c, "pensions") for c, s in study.schemes.items()}
    most, least = max(positions, key=lambda n: positions[n]), min(positions, key=lambda n: positions[n])
    own = _across_borders(study, "other")
    if positions[most] > 0 > positions[least]:
        answers.append(
            say(
                "{head} in {year}, the largest net inflow of pensions through the instrument is to {most} ({inflow}), the largest "
                "net outflow from {least} ({outflow}). Members' own money (refunds, lump sums, account balances) paid across "
                "borders: {own_with} with and {own_without} without the instrument.",
                head=Strong("Who pays whom:"),
                year=str(YEAR),
                most=most,
                inflow=numbers.money(positions[most], "USD"),
                least=least,
                outflow=numbers.money(-positions[least], "USD"),
                own_with=numbers.money(own[1], "USD"),
                own_without=numbers.money(own[0], "USD"),
            )
        )
    dates = [
        s.country_name
        for s in of_kind(study, frames.DEFINED_BENEFIT)
        if not _same(frames.indicator(s, "exhaustion_year", "without"), frames.indicator(s, "exhaustion_year", "with"))
    ]
    answers.append(
        say(
            "{head} the instrument moves the year in which a reserve is used up {where}. The levels of reserves and cost "
            "rates are no valuations: published ones may say otherwise{assumed}.",
            head=Strong("Reserves:"),
            where=f"in {cautions.joined(dates)}" if dates else "in no scheme",
            assumed=_assumed_bases(study),
        )
    )
    if missed := [s.country_name for s in study.schemes.values() if cautions.missed(s)]:
        answers.append(
            say(
                "{head} the model misses a published or assumed figure of the base year by more than 5% in {names}.",
                head=Strong("Calibration:"),
                names=cautions.joined(missed),
            )
        )
    return tuple(answers)


def _same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


def _assumed_bases(study: StudyResult) -> str:
    names = [s.country_name for s in study.schemes.values() if cautions.assumed_items(s)]
    return f", and the base year of {cautions.joined(names)} rests in part on assumed figures" if names else ""


def _export_and_totalisation(schemes: list[SchemeResult]) -> Text:
    parts = {s.country_name: cost_parts(s) for s in schemes}
    worth = {
        kind: sum(getattr(parts[s.country_name], kind) / s.exchange_rate_usd for s in schemes)
        for kind in ("exported", "totalisation", "topped_up", "resumed")
    }
    return say(
        "{head} of the pensions added, {own} rest on own periods and are paid abroad or kept instead of refunded, {adding} rest on added "
        "periods (totalisation), and {resumed} are pensions suspended today that are paid again; present values over all schemes.",
        head=Strong("Export and totalisation:"),
        own=Strong(numbers.money(worth["exported"], "USD")),
        adding=Strong(numbers.money(worth["totalisation"] + worth["topped_up"], "USD")),
        resumed=numbers.money(worth["resumed"], "USD"),
    )


def net_position(study: StudyResult, country: str, amounts: frames.Amounts) -> float:
    """What the instrument adds to receipts from partner schemes less payments to their residents, US dollars."""
    return frames.received(study, country, YEAR, None, amounts) - frames.paid_abroad(study, country, YEAR, None, amounts)


def _across_borders(study: StudyResult, amounts: frames.Amounts) -> tuple[float, float]:
    sums = [sum(frames.paid_abroad(study, c, YEAR, case, amounts) for c in study.meta["members"]) for case in ("without", "with")]
    return sums[0], sums[1]
