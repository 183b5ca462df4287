"""First page of the regional report: what it costs, who gains, who pays whom, how sure."""

from __future__ import annotations

import math
from typing import Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import chapters, findings, frames, numbers, region_charts
from actuarial.reporting.blocks import Block, Bullets, Heading, KeyFigure, KeyFigures, Paragraph, Strong, Text, say

YEAR: Final = findings.YEAR


def of_kind(study: StudyResult, kind: str) -> list[SchemeResult]:
    """Schemes of one kind, in the order of the region."""
    return [s for s in study.schemes.values() if s.kind == kind]


def _total(study: StudyResult, column: str, year: int) -> float:
    return sum(float(s.gains.loc[s.gains["year"] == year, column].sum()) for s in study.schemes.values())


def in_brief(study: StudyResult) -> list[Block]:
    """The page a minister reads."""
    people, kept = _total(study, "extra_pensioners", YEAR), _total(study, "refunds_not_paid", YEAR)
    across = _across_borders(study)
    movers = float(region_charts.corridor_movers(study).to_numpy().sum())
    inputs = [len(s.assumptions) for s in study.schemes.values()]
    unsure = sum(int(s.assumptions["confidence"].isin(frames.UNSURE).sum()) for s in study.schemes.values())
    figures = (
        KeyFigure("Movers in another partner state, 2026", numbers.persons(movers), "all corridors, both sexes"),
        KeyFigure(f"Pensioners thanks to it, {YEAR}", numbers.persons(people), "in all schemes"),
        KeyFigure(f"Rights kept by leavers, {YEAR}", numbers.persons(kept), "people who would have taken a refund"),
        KeyFigure(
            f"Paid across borders, {YEAR}",
            numbers.money(across[1], "USD"),
            f"{numbers.money(across[0], 'USD')} without; dollars of {YEAR}",
        ),
        KeyFigure("Largest change in average premium", *_largest_change(study)),
        KeyFigure(
            "Inputs assumed or recalled",
            numbers.rate(unsure / sum(inputs), 0) if sum(inputs) else "none listed",
            f"of {sum(inputs)} inputs, all countries",
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
    return say(
        "Across the defined-benefit schemes ({names}) the instrument moves the general average premium over 75 years "
        "by between {low} and {high} of insurable "
        "earnings: on the scale of this report the largest effect is {size}.",
        names=names,
        low=Strong(numbers.points(min(changes))),
        high=Strong(numbers.points(max(changes))),
        size=Strong(findings.size(max(changes, key=abs))),
    )


def _sentences(study: StudyResult) -> tuple[Text, ...]:
    answers = []
    if accounts := of_kind(study, frames.ACCOUNT):
        answers.append(
            say(
                "{head} {names} pay balances and owe no pension by formula; adding up periods costs them nothing, "
                "while months worked there count in the "
                "partner schemes. That asymmetry is a question of fairness between states, not of solvency.",
                head=Strong("Accounts:"),
                names=" and ".join(s.country_name for s in accounts),
            )
        )
    if empty := [s for s in study.schemes.values() if not frames.collects(s)]:
        answers.append(
            say(
                "{head} nothing is collected in {names}: no cost there, and gains only for people who work in partner states.",
                head=Strong("No collecting scheme:"),
                names=" and ".join(s.country_name for s in empty),
            )
        )
    positions = {s.country_name: net_position(study, c) for c, s in study.schemes.items()}
    most, least = max(positions, key=lambda n: positions[n]), min(positions, key=lambda n: positions[n])
    if positions[most] > 0 > positions[least]:
        answers.append(
            say(
                "{head} in {year}, the largest net inflow of benefits through the instrument is to {most} ({inflow}), "
                "the largest net outflow from {least} ({outflow}).",
                head=Strong("Who pays whom:"),
                year=str(YEAR),
                most=most,
                inflow=numbers.money(positions[most], "USD"),
                least=least,
                outflow=numbers.money(-positions[least], "USD"),
            )
        )
    dates = [
        s.country_name
        for s in of_kind(study, frames.DEFINED_BENEFIT)
        if not _same(frames.indicator(s, "exhaustion_year", "without"), frames.indicator(s, "exhaustion_year", "with"))
    ]
    answers.append(
        say(
            "{head} the instrument moves the year in which a reserve is used up {where}.",
            head=Strong("Reserves:"),
            where=f"in {', '.join(dates)}" if dates else "in no scheme",
        )
    )
    return tuple(answers)


def _same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


def net_position(study: StudyResult, country: str) -> float:
    """What the instrument adds to receipts from partner schemes less payments to their residents, US dollars."""
    return frames.received(study, country, YEAR, None) - frames.paid_abroad(study, country, YEAR, None)


def _across_borders(study: StudyResult) -> tuple[float, float]:
    sums = [sum(frames.paid_abroad(study, c, YEAR, case) for c in study.meta["members"]) for case in ("without", "with")]
    return sums[0], sums[1]
