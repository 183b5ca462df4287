"""The law in force: provisions of a scheme and its partners side by side, with their references, and the rules on financing.

1. Values are those of the assumption register, of law files the study read. Of dated values the one in force at the valuation date is shown; which
   provisions are looked at is listed in :data:`PROVISIONS`, and a scheme that lacks one has a dash.
2. References are citations as the law files give them; a mark says how sure they are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import frames, naming, numbers, words
from actuarial.reporting.blocks import Block, Column, Heading, Paragraph, Ref, Row, Table, say
from actuarial.reporting.language import _, marked, phrase, plural
from actuarial.reporting.register_words import input_value, reason_words, source_words, value_words
from actuarial.reporting.tables import cell, left

PROVISIONS: Final[dict[str, str]] = {
    "contributions.employee": marked("Contribution of the worker"),
    "contributions.employer": marked("Contribution of the employer"),
    "contributions.ceiling": marked("Ceiling on earnings"),
    "contributions.floor": marked("Floor of earnings"),
    "old_age.pension_age.male": marked("Pension age, men"),
    "old_age.pension_age.female": marked("Pension age, women"),
    "old_age.qualifying_months": marked("Qualifying period of an old-age pension"),
    "old_age.formula.first_share": marked("Pension for the qualifying period"),
    "old_age.formula.accrual_per_month": marked("Accrual per month"),
    "old_age.formula.maximum_share": marked("Highest pension"),
    "old_age.reference_earnings": marked("Earnings the pension is taken of"),
    "old_age.minimum_pension.amount": marked("Minimum pension, amount"),
    "old_age.minimum_pension.share_of_minimum_wage": marked("Minimum pension, of the minimum wage"),
    "lump_sum.per_year": marked("Lump sum in place of a pension, a year of service"),
    "pensions_in_payment.price_share": marked("Pensions in payment follow prices"),
    "pensions_in_payment.wage_share": marked("Pensions in payment follow wages"),
    "account.payout_age.male": marked("Age of payout of an account, men"),
    "account.payout_age.female": marked("Age of payout of an account, women"),
    "branches.invalidity.rules.qualifying.minimum_months": marked("Qualifying period of an invalidity pension"),
    "branches.survivors.rules.minimum_months": marked("Qualifying period of survivors' pensions"),
    "branches.survivors.rules.shares.spouse": marked("Share of the widow or widower"),
    "leaving.refund": marked("Refund on leaving the country"),
    "leaving.export_without_instrument": marked("Pensions are paid abroad without an instrument"),
    "leaving.export_partners": marked("Partner states paid under a standing agreement"),
    "leaving.foreigners_rights_share": marked("Rights of foreigners, share of a national's"),
}
"""Provisions that bear on coordination, by their names in the register, in the order of a career."""
FINANCING: Final[dict[str, str]] = {
    "contributions.employee": marked("Contribution of the worker"),
    "contributions.employer": marked("Contribution of the employer"),
    "contributions.ceiling": marked("Ceiling on earnings"),
    "contributions.floor": marked("Floor of earnings"),
    "contributions.minimum_wage": marked("Minimum wage"),
    "administration.share_of_contributions": marked("Administration, share of contributions"),
    "collection.compliance": marked("Contributions collected over those due"),
    "account.crediting_spread": marked("Interest credited below the return of the fund"),
}
RATIOS: Final = ("collection.compliance",)
"""Shares whose unit does not begin with the word."""
_DATED: Final = re.compile(r"(.+)\[(\d{4}-\d{2}-\d{2})\]")


@dataclass(frozen=True)
class Line:
    """One line of the register: its name without a date, the date it holds from (ISO, empty without one), and its cells."""

    name: str
    since: str
    value: str
    unit: str
    confidence: str
    source: str
    reason: str


def lines(scheme: SchemeResult) -> list[Line]:
    """Lines of the register that may have a date."""
    found = []
    for r in scheme.assumptions.to_dict("records"):
        name = cell(r["name"])
        dated = _DATED.fullmatch(name)
        rest = [cell(r[column]) for column in ("value", "unit", "confidence", "source", "reason")]
        found.append(Line(dated[1] if dated else name, dated[2] if dated else "", *rest))
    return found


def in_force(scheme: SchemeResult, day: str) -> dict[str, Line]:
    """The line of every name that holds on ``day`` (ISO date); a line without a date always does."""
    chosen: dict[str, Line] = {}
    for line in lines(scheme):
        if line.since <= day and line.since >= chosen.get(line.name, line).since:
            chosen[line.name] = line
    return chosen


def shown_in_force(scheme: SchemeResult, day: str) -> dict[str, Line]:
    """What :func:`in_force` holds; the pension for the qualifying period is worked out from both parts of the formula.

    Share after m months, first part s0 over n0 months and accrual a for each month after it: s0 · min(m, n0)/n0 + a · max(m − n0, 0), at most the
    highest share (the formula of :mod:`actuarial.provisions.old_age`). A scheme that lacks a part of it keeps the lines of its register.
    """
    held = in_force(scheme, day)
    formula = "old_age.formula."
    names = ("old_age.qualifying_months", f"{formula}first_months", f"{formula}first_share", f"{formula}accrual_per_month", f"{formula}maximum_share")
    if any(name not in held for name in names):
        return held
    parts = [held[name] for name in names]
    months, first, share, accrual, most = (float(part.value) for part in parts)
    whole = share * min(months, first) / first if first > 0 else 0.0
    rate = min(most, whole + accrual * max(months - first, 0.0))
    first_line = held[names[2]]
    sources = "; ".join(dict.fromkeys(source for part in parts[:4] for source in part.source.split("; ")))
    confidence = frames.worst_confidence(pd.Series([part.confidence for part in parts[:4]]))
    return {**held, names[2]: replace(first_line, value=f"{rate:.4g}", confidence=confidence, source=sources)}


def short_value(line: Line) -> str:
    """A value for a narrow column: shares as percentages, months and years with their word, amounts without their unit's tail."""
    try:
        number = float(line.value)
    except ValueError:
        return value_words(line.value)
    if line.unit == "months":
        return plural("{n} month", "{n} months", number, n=numbers.exact(number))
    if line.unit.startswith("months of"):
        return plural("{n} month of earnings", "{n} months of earnings", number, n=numbers.exact(number))
    if line.unit == "years":
        return numbers.exact(number)
    if _is_share(line):
        return numbers.rate(number, 3 if 0 < number < 0.005 else 1)
    currency = line.unit.split(" ")[0]
    return numbers.money(number, currency).replace(numbers.NBSP, " ") if len(currency) == 3 and currency.isupper() else numbers.exact(number)


def compared(study: StudyResult, scheme: SchemeResult) -> list[SchemeResult]:
    """The scheme and, after it, the collecting schemes at the other end of its corridors, in the order of the region."""
    ends = {*scheme.corridors["origin"], *scheme.corridors["host"]} if len(scheme.corridors) else set()
    partners = [s for c, s in study.schemes.items() if c in ends and c != scheme.country and frames.collects(s)]
    return ([scheme] if frames.collects(scheme) else []) + partners


def provisions(study: StudyResult, schemes: list[SchemeResult]) -> list[Block]:
    """Provisions of the schemes side by side."""
    day = str(study.meta["valuation_date"])
    held = [shown_in_force(s, day) for s in schemes]
    rows = [
        Row((_(title), *(short_value(by[name]) if name in by else numbers.DASH for by in held)))
        for name, title in PROVISIONS.items()
        if any(name in by for by in held)
    ]
    heading = Heading(_("Provisions in force"), id="provisions", answers=("R06",))
    if not rows:
        return [heading, Paragraph(say("No scheme of these corridors has provisions in the files of this study."))]
    names = naming.names_of(study)
    key = ", ".join(f"{s.country} {names[s.country]}" for s in schemes)
    columns = (left(_("Provision"), 2.4), *(Column(s.country, "left", 1.2) for s in schemes))
    caption = phrase("Provisions in force at the valuation date ({key})", key=key)
    return [
        heading,
        Paragraph(
            say(
                "{table} sets the provisions that bear on coordination side by side; {annex} gives the reference and the evidence for each. A dash "
                "says that the scheme has no such provision or none was found. The law is applied as it stood at each person's award.",
                table=Ref("tab-provisions"),
                annex=Ref("law"),
            )
        ),
        Table("tab-provisions", caption, columns, tuple(rows), _("law files of the schemes; references in the annex"), dense=True),
    ]


def law_annex(study: StudyResult, schemes: list[SchemeResult]) -> list[Block]:
    """Annex: every provision shown, with its reference; nothing where no scheme has one."""
    day = str(study.meta["valuation_date"])
    rows: list[Row] = []
    for scheme in schemes:
        held = shown_in_force(scheme, day)
        own = [(title, held[name]) for name, title in PROVISIONS.items() if name in held]
        if own:
            rows.append(Row((phrase("{country}: {scheme}", country=naming.country(scheme), scheme=naming.title(scheme)),), "section"))
        rows += [
            Row((_(title), input_value(line.value, line.unit, line.name), words.confidence(line.confidence), _reference(line))) for title, line in own
        ]
    if not rows:
        return []
    columns = (left(_("Provision"), 2.2), left(_("Value"), 2.0), left(_("Confidence"), 1.0), left(_("Reference; remark"), 4.0))
    caption = _("Provisions in force at the valuation date, with their references")
    return [
        Heading(_("Annex: provisions and their references"), id="law", answers=("R06",)),
        Table("tab-law", caption, columns, tuple(rows), _("law files of the schemes, as named in each row"), dense=True),
    ]


def _reference(line: Line) -> str:
    return "; ".join(t for t in (source_words(line.source), reason_words(line.reason)) if t)


def financing(scheme: SchemeResult) -> list[Block]:
    """Rules on financing with the dates from which they hold, changes decided for later years included."""
    heading = Heading(_("Financing rules"), 2, id="financing", answers=("R08",))
    own = [line for line in lines(scheme) if line.name in FINANCING]
    if not frames.collects(scheme) or not own:
        return [heading, Paragraph(say("No scheme collects contributions in {country}.", country=naming.country(scheme)))]
    rows = [
        Row(
            (
                _(title),
                _since(line.since),
                _percent(line) or input_value(line.value, line.unit, line.name),
                words.confidence(line.confidence),
                source_words(line.source),
            )
        )
        for name, title in FINANCING.items()
        for line in own
        if line.name == name
    ]
    columns = (left(_("Rule"), 1.8), left(_("From"), 1.2), left(_("Value"), 1.8), left(_("Confidence"), 1.0), left(_("Reference"), 3.0))
    return [
        heading,
        Paragraph(
            say(
                "{table} gives the rules by which contributions are assessed, with the date from which each holds; changes that are decided for "
                "later "
                "years are in force in the projection from their date.",
                table=Ref("tab-financing"),
            )
        ),
        Table(
            "tab-financing",
            _("Contribution rates, ceilings and other rules on financing"),
            columns,
            tuple(rows),
            _("law files of the scheme"),
            dense=True,
        ),
    ]


def _percent(line: Line) -> str:
    """A share as a percentage; empty for what is none."""
    return short_value(line) if _is_share(line) else ""


def _is_share(line: Line) -> bool:
    return line.unit.startswith("share") or line.name in RATIOS


def _since(iso: str) -> str:
    return numbers.day(iso).replace(numbers.NBSP, " ") if iso else _("always")
