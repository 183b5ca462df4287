"""What a report says about itself: who asked, for what, dates, who answers for it, scope, and on whose work it relies.

What only people can say (who commissioned it, who signs) is left open in words that ask for it; nothing is invented.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import naming, numbers
from actuarial.reporting.blocks import Block, Bullets, Heading, Paragraph, Ref, Row, Strong, Table, say
from actuarial.reporting.language import _, marked, phrase
from actuarial.reporting.register_words import reason_words
from actuarial.reporting.rule_words import BRANCHES
from actuarial.reporting.tables import left

OPEN: Final = marked("to be filled in by the commissioning institution")
BLANK: Final = marked("to be filled in by the responsible actuary")
SOURCES: Final = (
    (
        marked("Population"),
        marked("United Nations, World Population Prospects 2024, medium variant: population, fertility, mortality, net migration."),
    ),
    (
        marked("Migration"),
        marked("United Nations, International Migrant Stock 2024 and 2020: stocks by origin, host, sex and age."),
    ),
    (
        marked("Economy"),
        marked("World Bank, World Development Indicators, and Penn World Table: prices, output. The long run is the judgement of this study."),
    ),
    (
        marked("Labour"),
        marked("International Labour Organization, modelled estimates: participation, employees."),
    ),
    (
        marked("Law and schemes"),
        marked("Published laws, secondary guides, press and reports, cited one by one; no institution has confirmed them for this study."),
    ),
)
"""On whose work the study relies, and for what."""


def about(study: StudyResult, scheme: SchemeResult | None) -> list[Block]:
    """The chapter; ``scheme`` is ``None`` in the report of the region."""
    return [
        Heading(_("About this report"), id="about", answers=("R01", "R02", "R03")),
        Paragraph(
            say(
                "{table} says what this report is for and who answers for it. Lines left open are for people: a program commissions nothing and "
                "signs "
                "nothing.",
                table=Ref("tab-about"),
            )
        ),
        _identification(study),
        *_scope(study, scheme),
        *_reliance(),
    ]


def _identification(study: StudyResult) -> Table:
    rows = (
        Row((_("Commissioned by"), _(OPEN))),
        Row((_("Addressed to"), _(OPEN))),
        Row(
            (
                _("Intended use"),
                _(
                    "To show what coordination would cost each scheme, who would gain and who would pay whom, when the instrument is negotiated and "
                    "prepared. Not for setting contribution rates or for the accounts of a scheme."
                ),
            )
        ),
        Row((_("Intended users"), _("Ministries, social security institutions, the regional organisation and its social partners; to be confirmed"))),
        Row((_("Valuation date"), numbers.day(str(study.meta["valuation_date"])))),
        Row((_("Report date"), _("the day on which the responsible actuary signs"))),
        Row((_("Data cut-off"), cut_off(study))),
        Row((_("Responsible actuary"), _(BLANK))),
        Row((_("Qualification"), _(BLANK))),
        Row(
            (
                _("Standards"),
                _(
                    "The report is laid out after the headings of the International Standards of Actuarial Practice 1 and 2 and of the guidelines of "
                    "ISSA and ILO. Whether it complies with a standard is for the responsible actuary to say."
                ),
            )
        ),
        Row((_("Deviations from standards"), _(BLANK))),
    )
    columns = (left(_("Subject"), 1.2), left(_("Statement"), 4.0))
    return Table("tab-about", _("Purpose, dates and responsibility"), columns, rows, _("this study"))


def cut_off(study: StudyResult) -> str:
    """The latest year of a source among all registers, in words.

    The year of a provision that comes into force later is a date of law; years after the one that follows the valuation date are left out.
    """
    known = int(str(study.meta["valuation_date"])[:4]) + 1
    latest = [int(year) for s in study.schemes.values() for year in _years(s.assumptions) if year <= known]
    if not latest:
        return _("the registers name no years")
    return phrase("no source is dated later than {year}, dates from which a law holds apart", year=str(max(latest)))


def _years(table: pd.DataFrame) -> list[float]:
    """Years of sources; inputs assumed by this study have no source, and their year is that for which they hold."""
    if table.empty:
        return []
    sourced = table[table["confidence"].isin(("verified", "partial"))]
    years: pd.Series[float] = pd.to_numeric(sourced["year"], errors="coerce").dropna()
    return years.tolist()


def _scope(study: StudyResult, scheme: SchemeResult | None) -> list[Block]:
    meta = study.meta
    lines = [
        say(
            "{head} {instrument} ({id}), in force from {year}; every parameter stands in {table}.",
            head=Strong(_("Instrument:")),
            instrument=naming.fact(study, "instrument_title"),
            id=str(meta["instrument"]),
            year=str(meta["entry_into_force"]),
            table=Ref("instrument"),
        ),
        say(
            "{head} {scenario} ({id}), {first} to {last}.",
            head=Strong(_("Scenario:")),
            scenario=naming.fact(study, "scenario_title"),
            id=str(meta["scenario"]),
            first=str(meta["first_year"]),
            last=str(meta["last_year"]),
        ),
        say(
            "{head} national schemes for workers of the private sector in {countries}.",
            head=Strong(_("Schemes:")),
            countries=numbers.joined(list(naming.names_of(study).values())),
        ),
        say(
            "{head} old age, invalidity and survivors in full; the branches beside pensions where their law was found, in accounts of their own.",
            head=Strong(_("Branches:")),
        ),
        say(
            "{head} schemes of civil servants, occupational schemes, voluntary insurance, assistance paid from taxes, and refugees outside covered "
            "work.",
            head=Strong(_("Left out:")),
        ),
    ]
    missing = scheme.branches_missing if scheme is not None else {}
    if missing:
        listed = "; ".join(f"{_(BRANCHES[name])}: {reason_words(why).rstrip('.')}" for name, why in missing.items() if name in BRANCHES)
        lines.append(say("{head} {branches}.", head=Strong(_("Branches not computed:")), branches=listed))
    return [Heading(_("Scope"), 2, id="scope", answers=("R04",)), Bullets(tuple(lines))]


def _reliance() -> list[Block]:
    rows = tuple(Row((_(subject), _(text))) for subject, text in SOURCES)
    columns = (left(_("Subject"), 1.0), left(_("Relied on"), 4.0))
    return [
        Heading(_("Reliance on others"), 2, id="reliance", answers=("R05",)),
        Paragraph(
            say(
                "The study relies on the published work in {table} and has not audited it. It received nothing from the schemes themselves. Every "
                "figure "
                "that was read is cited in the register of inputs.",
                table=Ref("tab-reliance"),
            )
        ),
        Table("tab-reliance", _("Work of others on which the study relies"), columns, rows, _("data files of this study")),
    ]
