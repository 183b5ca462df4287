"""What the figures of the region say: what it costs, who gains, who pays whom, how sure. First chapter of the regional report."""

from __future__ import annotations

import math
from typing import Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import cautions, findings, frames, naming, numbers, region_charts, sizes
from actuarial.reporting.blocks import Block, Bullets, Heading, KeyFigure, KeyFigures, Paragraph, Strong, Text, say
from actuarial.reporting.cost_parts import cost_parts
from actuarial.reporting.language import _, phrase, plural

YEAR: Final = findings.YEAR


def of_kind(study: StudyResult, kind: str) -> list[SchemeResult]:
    """Schemes of one kind, in the order of the region."""
    return [s for s in study.schemes.values() if s.kind == kind]


def _total(scheme: SchemeResult, column: str) -> float:
    return float(scheme.gains.loc[scheme.gains["year"] == YEAR, column].sum())


def findings_chapter(study: StudyResult) -> list[Block]:
    """What the figures say, at more length than the summary."""
    return [
        Heading(_("Findings"), id="findings"),
        Paragraph(verdict(study), lead=True),
        KeyFigures(_figures(study)),
        Bullets(_sentences(study)),
    ]


def _figures(study: StudyResult) -> tuple[KeyFigure, ...]:
    people = sum(_total(s, "extra_pensioners") for s in study.schemes.values())
    opened, awards = (sum(_total(s, name) for s in study.schemes.values()) for name in ("new_by_totalisation", "extra_new_pensions"))
    lost, kept = (sum(_total(s, "refunds_not_paid") for s in of_kind(study, kind)) for kind in (frames.DEFINED_BENEFIT, frames.ACCOUNT))
    across = across_borders(study, "pensions")
    movers = float(region_charts.corridor_movers(study).to_numpy().sum())
    unsure, inputs = unsure_inputs(study)
    return (
        KeyFigure(_("Movers in another partner state, 2026"), numbers.persons(movers), _("all corridors, both sexes")),
        KeyFigure(
            phrase("Pensioners thanks to it, {year}", year=str(YEAR)),
            numbers.persons(people),
            phrase("of {awards} new in that year, {opened} by adding periods", awards=numbers.persons(awards), opened=numbers.persons(opened)),
        ),
        KeyFigure(
            phrase("Leavers without refund, {year}", year=str(YEAR)),
            numbers.persons(lost),
            phrase("lose a refund now; {kept} more keep an account balance", kept=numbers.persons(kept)),
        ),
        KeyFigure(
            phrase("Pensions paid across borders, {year}", year=str(YEAR)),
            numbers.money(across[1], "USD"),
            phrase("{amount} without; dollars of {year}", amount=numbers.money(across[0], "USD"), year=str(YEAR)),
        ),
        KeyFigure(_("Largest change in average premium"), *_largest_change(study)),
        KeyFigure(
            _("Inputs assumed or recalled"),
            numbers.rate(unsure / inputs, 0) if inputs else _("none listed"),
            plural(
                "of {n} input read; shared ones counted once", "of {n} inputs read; shared ones counted once", inputs, n=numbers.count(inputs)
            ),
        ),
    )


def unsure_inputs(study: StudyResult) -> tuple[int, int]:
    """Inputs that are assumed or recalled, and all inputs that the projections read; what countries share counts once."""
    read = frames.distinct_inputs(study.schemes.values())
    return int(read["confidence"].isin(frames.UNSURE).sum()), len(read)


def _largest_change(study: StudyResult) -> tuple[str, str]:
    changes = {naming.country(s): frames.indicator(s, "gap_75", "difference") for s in of_kind(study, frames.DEFINED_BENEFIT)}
    if not changes:
        return _("none"), _("no defined-benefit scheme in this study")
    name = max(changes, key=lambda n: abs(changes[n]))
    return numbers.points(changes[name]), phrase("{country}, 75 years, insurable earnings", country=name)


def verdict(study: StudyResult) -> Text:
    """The first sentences of the findings."""
    schemes = of_kind(study, frames.DEFINED_BENEFIT)
    changes = [frames.indicator(s, "gap_75", "difference") for s in schemes]
    names = ", ".join(naming.country(s) for s in schemes)
    if not schemes:
        return say(
            "No scheme of this study promises pensions by formula, so the instrument brings {none}.",
            none=Strong(_("no cost of adding up periods")),
        )
    if all(numbers.is_zero(c) for c in changes):
        return say(
            "The instrument does {nothing} to the finances of the defined-benefit schemes ({names}).",
            nothing=Strong(_("nothing")),
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
        "administration, an assumption, adds {administration}. With it the general average premium, which leaves out contributions moved by "
        "posting, moves by between {from_} and {to}.",
        names=names,
        low=Strong(numbers.points(min(benefits))),
        high=Strong(numbers.points(max(benefits))),
        size=Strong(sizes.named(max(benefits, key=abs))),
        benefits=Strong(numbers.money(usd[0], "USD")),
        administration=Strong(numbers.money(usd[1], "USD")),
        from_=numbers.points(min(changes)),
        to=numbers.points(max(changes)),
    )


def _sentences(study: StudyResult) -> tuple[Text, ...]:
    answers: list[Text] = []
    if schemes := of_kind(study, frames.DEFINED_BENEFIT):
        answers.append(_export_and_totalisation(schemes))
        answers += [_who_loses(s) for s in schemes if cost_parts(s).refunds < 0 and cost_parts(s).benefits < 0]
    if accounts := of_kind(study, frames.ACCOUNT):
        answers.append(
            say(
                "{head} {names} pay balances and owe no pension by formula; adding up periods costs them nothing. Balances of leavers are paid "
                "later, with the interest credited; what the fund earns above it stays with the fund, so at the return at which present values are "
                "taken a balance kept is worth less to its owner. Administration is their only cost. Months worked there count in the partner "
                "schemes: that asymmetry is a question of fairness between states, not of solvency.",
                head=Strong(_("Accounts:")),
                names=_listed(accounts),
            )
        )
    if empty := [s for s in study.schemes.values() if not frames.collects(s)]:
        answers.append(
            say(
                "{head} nothing is collected in {names}: no cost there, and gains only for people who work in partner states.",
                head=Strong(_("No collecting scheme:")),
                names=_listed(empty),
            )
        )
    if (paid := who_pays(study)) is not None:
        answers.append(paid)
    answers.append(reserves(study))
    if missed := [s for s in study.schemes.values() if cautions.missed(s)]:
        answers.append(
            say(
                "{head} the model misses a published or assumed figure of the base year by more than 5% in {names}.",
                head=Strong(_("Calibration:")),
                names=_listed(missed),
            )
        )
    return tuple(answers)


def _who_loses(scheme: SchemeResult) -> Text:
    return say(
        "{head} the saving of {name} is refunds that {people} leaving in {year} no longer get. It is what these "
        "people lose, less what they get later; the report of the country tells how much.",
        head=Strong(_("Who loses:")),
        name=naming.country(scheme),
        people=numbers.heads(_total(scheme, "refunds_not_paid")),
        year=str(YEAR),
    )


def who_pays(study: StudyResult) -> Text | None:
    """Largest net receiver and payer of pensions through the instrument; ``None`` when nothing flows."""
    positions = {naming.country(s): net_position(study, c, "pensions") for c, s in study.schemes.items()}
    most, least = max(positions, key=lambda n: positions[n]), min(positions, key=lambda n: positions[n])
    if not positions[most] > 0 > positions[least]:
        return None
    own = across_borders(study, "other")
    return naming.together(
        say(
            "{head} in {year}, the largest net inflow of pensions through the instrument is to {most} ({inflow}), the largest "
            "net outflow from {least} ({outflow}).",
            head=Strong(_("Who pays whom:")),
            year=str(YEAR),
            most=most,
            inflow=numbers.money(positions[most], "USD"),
            least=least,
            outflow=numbers.money(-positions[least], "USD"),
        ),
        say(
            "Members' own money (refunds, lump sums, account balances) paid across borders: {own_with} with and {own_without} without the "
            "instrument.",
            own_with=numbers.money(own[1], "USD"),
            own_without=numbers.money(own[0], "USD"),
        ),
    )


def reserve_dates(study: StudyResult) -> Text:
    """Whether the instrument moves the year in which a reserve is used up."""
    head = Strong(_("Reserves:"))
    moved = [
        s
        for s in of_kind(study, frames.DEFINED_BENEFIT)
        if not _same(frames.indicator(s, "exhaustion_year", "without"), frames.indicator(s, "exhaustion_year", "with"))
    ]
    return (
        say("{head} the instrument moves the year in which a reserve is used up in {names}.", head=head, names=_listed(moved))
        if moved
        else say("{head} the instrument moves the year in which a reserve is used up in no scheme.", head=head)
    )


def reserves(study: StudyResult) -> Text:
    """The same, with the caution on levels."""
    assumed = [s for s in study.schemes.values() if cautions.assumed_items(s)]
    levels = (
        say(
            "The levels of reserves and cost rates are no valuations: published ones may say otherwise, and the base year of {names} rests "
            "in part on assumed figures.",
            names=_listed(assumed),
        )
        if assumed
        else say("The levels of reserves and cost rates are no valuations: published ones may say otherwise.")
    )
    return naming.together(reserve_dates(study), levels)


def _listed(schemes: list[SchemeResult]) -> str:
    return numbers.joined([naming.country(s) for s in schemes])


def _same(a: float, b: float) -> bool:
    return a == b or (math.isnan(a) and math.isnan(b))


def _export_and_totalisation(schemes: list[SchemeResult]) -> Text:
    parts = [(cost_parts(s), s.exchange_rate_usd) for s in schemes]
    worth = {kind: sum(getattr(p, kind) / per_usd for p, per_usd in parts) for kind in ("exported", "totalisation", "topped_up", "resumed")}
    return say(
        "{head} of the pensions added, {own} rest on own periods and are paid abroad or kept instead of refunded, {adding} rest on added "
        "periods (totalisation), and {resumed} are pensions suspended today that are paid again; present values over all schemes.",
        head=Strong(_("Export and totalisation:")),
        own=Strong(numbers.money(worth["exported"], "USD")),
        adding=Strong(numbers.money(worth["totalisation"] + worth["topped_up"], "USD")),
        resumed=numbers.money(worth["resumed"], "USD"),
    )


def net_position(study: StudyResult, country: str, amounts: frames.Amounts) -> float:
    """What the instrument adds to receipts from partner schemes less payments to their residents, US dollars."""
    return frames.received(study, country, YEAR, None, amounts) - frames.paid_abroad(study, country, YEAR, None, amounts)


def across_borders(study: StudyResult, amounts: frames.Amounts) -> tuple[float, float]:
    """Payments to residents of other partner states in :data:`YEAR`, without and with the instrument, US dollars."""
    sums = [sum(frames.paid_abroad(study, c, YEAR, case, amounts) for c in study.meta["members"]) for case in ("without", "with")]
    return sums[0], sums[1]
