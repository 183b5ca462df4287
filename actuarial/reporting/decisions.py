"""What a country has to decide, derived from its figures: in short for the summary, with grounds for the chapter of recommendations.

A decision is listed when the figure it rests on passes the threshold named beside it; thresholds are conventions of these reports. The order is that
in which a ministry would take them: the terms of the instrument first, then money, then data. Nothing here is advice on law.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import findings, frames, naming, numbers
from actuarial.reporting.blocks import Ref, Span, Strong, Text, say
from actuarial.reporting.cost_parts import cost_parts, pays_abroad
from actuarial.reporting.language import _

EXPORT_SHARE: Final = 0.5
"""Part of the pensions added, from which payment abroad is what costs."""
STILL_LOST: Final = 0.25
"""Part of movers with own periods who get no pension even with the instrument, from which the qualifying period is a question."""
FIXED_INPUT: Final = "instrument: administration.fixed_usd_per_year_per_scheme"
"""Name of the input that says what administering the instrument costs a scheme whatever it pays, US dollars of the valuation date a year."""
IN_SUMMARY: Final = 5
"""Decisions that the summary has room for."""


@dataclass(frozen=True)
class Decision:
    """What to decide: ``short`` for the summary, ``grounds`` why, with figures and where they stand."""

    short: Text
    grounds: Text


def decisions(study: StudyResult, scheme: SchemeResult) -> list[Decision]:
    """Decisions of one country in their order; those whose figures give no ground are left out."""
    if scheme.kind == frames.DEFINED_BENEFIT:
        makers: tuple[Callable[[StudyResult, SchemeResult], Decision | None], ...] = (
            _export, _refunds, _qualifying, _administration, _data, _text, _premium
        )  # fmt: skip
    elif scheme.kind == frames.ACCOUNT:
        makers = (_balances, _certificates, _administration, _data, _text)
    else:
        makers = (_liaison, _collecting, _data, _text)
    return [made for maker in makers if (made := maker(study, scheme)) is not None]


@dataclass(frozen=True)
class AdministrationOf:
    """What administering the instrument costs in one year: national currency and US dollars of that year."""

    year: int
    amount: float
    dollars: float


def dollar_rate(study: StudyResult, scheme: SchemeResult, year: int) -> float:
    """National currency per US dollar in a year of the projection: benefits of the scheme over the same payments in the matrix of transfers.

    NaN when the scheme pays nothing in that year, so that nothing tells the rate.
    """
    paid = study.transfers
    rows = paid[(paid["payer"] == scheme.country) & (paid["case"] == "without") & (paid["year"] == year)]
    dollars = float(rows["amount_usd"].sum())
    if not dollars > 0:
        return math.nan
    return frames.number(frames.case(scheme, "without").loc[year, "benefits"]) / dollars


def administration_of(study: StudyResult, schemes: Sequence[SchemeResult]) -> list[AdministrationOf]:
    """Administration added, in the first year in which any scheme has it and in the year of the findings; empty where none has.

    The amount is the sum over schemes in national currency, which says something for one scheme only.
    """
    added = {s.country: frames.case(s, "with")["administration"] - frames.case(s, "without")["administration"] for s in schemes}
    begun = [int(years.index[(years > 0).to_numpy()][0]) for years in added.values() if (years > 0).any()]
    if not begun:
        return []
    return [
        AdministrationOf(
            year,
            sum(float(added[s.country][year]) for s in schemes),
            sum(float(added[s.country][year]) / dollar_rate(study, s, year) for s in schemes),
        )
        for year in sorted({min(begun), max(min(begun), findings.YEAR)})
    ]


def level_cost(scheme: SchemeResult, value: float) -> float:
    """A present value as a level yearly amount at the insurable earnings of the first year: its share of earnings over the horizon times these."""
    return cost_parts(scheme).rate(value) * float(frames.case(scheme, "without")["insurable_earnings"].iloc[0])


def first_year(scheme: SchemeResult) -> str:
    """The first projection year."""
    return str(int(frames.case(scheme, "without").index[0]))


def _export(study: StudyResult, scheme: SchemeResult) -> Decision | None:
    parts = cost_parts(scheme)
    abroad = parts.exported + parts.resumed
    if pays_abroad(scheme) or parts.pensions <= 0 or abroad < EXPORT_SHARE * parts.pensions:
        return None
    share = numbers.rate(abroad / parts.pensions, 0)
    return Decision(
        say(
            "{head} agree on resumption, proof of life and transfer; {share} of the pensions added are paid abroad on own periods.",
            head=Strong(_("Terms of payment abroad:")),
            share=share,
        ),
        say(
            "{head} {share} of the pensions added, {amount} at present value, are pensions on own periods paid in partner states. The terms decide "
            "that "
            "cost: whether pensions suspended today are resumed, from when, with what proof of life, and who bears transfer and exchange ({table}).",
            head=Strong(_("Settle the terms of payment abroad.")),
            share=share,
            amount=numbers.money(abroad, scheme.currency),
            table=Ref("question"),
        ),
    )


def _refunds(study: StudyResult, scheme: SchemeResult) -> Decision | None:
    parts = cost_parts(scheme)
    if parts.refunds >= 0:
        return None
    people = numbers.heads(findings.of_year(scheme, "refunds_not_paid"))
    amount = numbers.money(-parts.refunds, scheme.currency)
    return Decision(
        say(
            "{head} say what replaces them; {people} leaving in {year} would get none.",
            head=Strong(_("Refunds:")),
            people=people,
            year=str(findings.YEAR),
        ),
        say(
            "{head} The instrument assumed ends them: {people} leaving in {year} get none, {amount} at present value over the horizon. They need "
            "to be "
            "told what they keep instead, and those with short periods may end with neither refund nor pension ({table}).",
            head=Strong(_("Decide what becomes of refunds on leaving.")),
            people=people,
            year=str(findings.YEAR),
            amount=amount,
            table=Ref("gains"),
        ),
    )


def own_rights(study: StudyResult, scheme: SchemeResult) -> pd.DataFrame:
    """Rows of the table of rights that are rights in this scheme."""
    rights = study.rights
    if rights.empty:
        return rights
    here = scheme.country
    return rights[((rights["origin"] == here) & (rights["role"] == "origin")) | ((rights["host"] == here) & (rights["role"] == "host"))]


def _qualifying(study: StudyResult, scheme: SchemeResult) -> Decision | None:
    rights = own_rights(study, scheme)
    own = float(rights["own"].sum()) if len(rights) else 0.0
    if own <= 0 or float(rights["lost_with"].sum()) < STILL_LOST * own:
        return None
    with_, without = (numbers.rate(float(rights[f"lost_{case}"].sum()) / own, 0) for case in ("with", "without"))
    kept, all_ = numbers.persons(float(rights["kept"].sum())), numbers.persons(own)
    return Decision(
        say(
            "{head} is it short enough? Adding periods keeps a right for {kept} of {all} movers with months here; {with_} still get no pension.",
            head=Strong(_("Qualifying period:")),
            kept=kept,
            all=all_,
            with_=with_,
        ),
        say(
            "{head} Of the cohort of movers followed in {table}, {with_} of those with own months in this scheme get no pension from it even when "
            "periods "
            "are added ({without} without the instrument): a right is kept for {kept} of {all}. A lower qualifying period, a smaller pension below "
            "it, or a lower minimum of own months would reach them, at a cost that a run with another rule gives.",
            kept=kept,
            all=all_,
            head=Strong(_("Look at the qualifying period.")),
            table=Ref("adequacy"),
            with_=with_,
            without=without,
        ),
    )


def _administration(study: StudyResult, scheme: SchemeResult) -> Decision | None:
    parts = cost_parts(scheme)
    if parts.administration <= 0:
        return None
    years = administration_of(study, [scheme])
    if not years:
        return None
    first, later = years[0], years[-1]
    figures: dict[str, str] = {
        "amount": numbers.money(first.amount, scheme.currency),
        "dollars": findings.usd(first.dollars),
        "year": str(first.year),
        "later": numbers.money(later.amount, scheme.currency),
        "later_dollars": findings.usd(later.dollars),
        "later_year": str(later.year),
    }
    head = Strong(_("Money for administration:"))
    short = (
        say(
            "{head} {amount} ({dollars}) in {year}, {later} ({later_dollars}) in {later_year}, money of the year; more than the benefits.",
            head=head,
            **figures,
        )
        if scheme.kind == frames.DEFINED_BENEFIT and parts.administration > abs(parts.benefits)
        else say(
            "{head} {amount} ({dollars}) in {year}, {later} ({later_dollars}) in {later_year}, money of the year; an assumption.",
            head=head,
            **figures,
        )
    )
    return Decision(
        short,
        say(
            "{head} It is assumed to cost {whole} at present value: {amount} ({dollars}) in {year}, the first year in force, and {later} "
            "({later_dollars}) in {later_year}, in money of each year. It falls due before the first benefit: a liaison body, forms, exchange of "
            "records, claims and transfers. It needs a budget line, and an estimate of the institution in place of the assumption.",
            head=Strong(_("Finance the administration of the instrument.")),
            whole=numbers.money(parts.administration, scheme.currency),
            **figures,
        ),
    )


def _data(study: StudyResult, scheme: SchemeResult) -> Decision | None:
    table = frames.corridors(scheme)
    unsure = table[table["confidence"].isin(frames.UNSURE)]
    if unsure.empty:
        return None
    names = naming.names_of(study)
    largest = [f"{names[str(r['origin'])]} → {names[str(r['host'])]}" for r in unsure.head(3).to_dict("records")]
    figures: dict[str, str] = {"weak": str(len(unsure)), "all": str(len(table))}
    return Decision(
        say(
            "{head} count movers in the registers; migration figures of {weak} of {all} corridors are assumed or recalled.",
            head=Strong(_("Data:")),
            **figures,
        ),
        say(
            "{head} Migration figures of {weak} of {all} corridors are assumed or recalled. A count of members by nationality and of those who "
            "left, in the "
            "registers of both ends, would replace them; the largest corridors are {largest} ({table}).",
            head=Strong(_("Have the registers count movers.")),
            largest=numbers.joined(largest),
            table=Ref("tab-corridors"),
            **figures,
        ),
    )


def _text(study: StudyResult, scheme: SchemeResult) -> Decision:
    return Decision(
        say("{head} compare the draft, clause by clause, with what is assumed here.", head=Strong(_("Text:"))),
        say(
            "{head} Every parameter of the instrument in {table} is an assumption or taken from a model text. Each clause that differs can be "
            "entered and "
            "the study run again.",
            head=Strong(_("Compare the draft with what is assumed here.")),
            table=Ref("instrument"),
        ),
    )


def _premium(study: StudyResult, scheme: SchemeResult) -> Decision | None:
    without = frames.case(scheme, "without")
    legal, gap = float(without["legal_rate"].iloc[-1]), frames.indicator(scheme, "gap_75", "without")
    if not gap > legal:
        return None
    figures = {"gap": numbers.rate(gap), "legal": findings.legal_rate(scheme)}
    return Decision(
        say(
            "{head} without the instrument the scheme already needs {gap} against a legal rate of {legal}.",
            head=Strong(_("Contributions:")),
            **figures,
        ),
        say(
            "{head} Without the instrument the scheme needs {gap} of insurable earnings on average over 75 years against a legal rate of {legal}. "
            "That is not "
            "a matter of the instrument, and this study is no valuation; an actuarial valuation of the scheme should settle it.",
            head=Strong(_("Treat the financing of the scheme apart.")),
            **figures,
        ),
    )


def _balances(study: StudyResult, scheme: SchemeResult) -> Decision:
    people = numbers.heads(findings.of_year(scheme, "refunds_not_paid"))
    return Decision(
        say(
            "{head} {people} leaving in {year} keep a balance that must be found and paid decades later.",
            head=Strong(_("Balances kept:")),
            people=people,
            year=str(findings.YEAR),
        ),
        say(
            "{head} {people} leaving in {year} keep a balance instead of drawing it. The fund has to keep addresses and heirs, credit interest, "
            "and pay "
            "abroad decades later; what is not claimed is no saving ({table}).",
            head=Strong(_("Keep balances of leavers traceable.")),
            people=people,
            year=str(findings.YEAR),
            table=Ref("money"),
        ),
    )


def _certificates(study: StudyResult, scheme: SchemeResult) -> Decision:
    return Decision(
        say("{head} certify months worked here to partner schemes, where they open rights.", head=Strong(_("Records:"))),
        say(
            "{head} Months worked here count towards the qualifying period of partner schemes, at no cost to this one. That needs records of "
            "months, not of "
            "balances alone, and an answer to partner schemes within a time to be agreed.",
            head=Strong(_("Certify months to partner schemes.")),
        ),
    )


def _liaison(study: StudyResult, scheme: SchemeResult) -> Decision:
    amount = findings.usd(frames.received(study, scheme.country, findings.YEAR, "with", "pensions"))
    gained = findings.usd(frames.received(study, scheme.country, findings.YEAR, None, "pensions"))
    fixed = scheme.assumptions.loc[scheme.assumptions["name"] == FIXED_INPUT, "value"]
    short: dict[str, Span] = {"head": Strong(_("Liaison:")), "gained": gained, "year": str(findings.YEAR)}
    return Decision(
        say("{head} a body that certifies ages, lives and family ties, not counted here, for {gained} more of pensions in {year}.", **short)
        if fixed.empty
        else say(
            "{head} a body that certifies ages, lives and family ties, not counted here, for {gained} more of pensions in {year}; a scheme is "
            "assumed to spend at least {fixed} a year (dollars of the valuation date).",
            fixed=findings.usd(float(fixed.iloc[0])),
            **short,
        ),
        say(
            "{head} Partner schemes pay residents {amount} of pensions in {year} in this projection ({table}). They will ask for proof of age, of "
            "life and of "
            "family ties, and for help with claims; a body has to be named and paid for that, and its cost is not counted in this study.",
            head=Strong(_("Name a liaison body.")),
            amount=amount,
            year=str(findings.YEAR),
            table=Ref("tab-transfers"),
        ),
    )


def _collecting(study: StudyResult, scheme: SchemeResult) -> Decision:
    if scheme.kind == "none":
        return Decision(
            say("{head} decide whether people who work at home are to build up rights at all.", head=Strong(_("A scheme of its own:"))),
            say(
                "{head} Without a scheme no month worked here counts anywhere in the region. Whether to found one is a decision beside this "
                "instrument; the "
                "instrument would apply to it from its first contribution.",
                head=Strong(_("Decide whether to found a scheme.")),
            ),
        )
    return Decision(
        say("{head} no month worked here counts in the region until contributions are collected.", head=Strong(_("Start of collection:"))),
        say(
            "{head} The law stands, contributions are not collected, and no month worked here counts anywhere in the region until they are. A "
            "scenario in "
            "which collection starts can be run.",
            head=Strong(_("Decide when contributions are collected.")),
        ),
    )
