"""Chapters of the country report, each a function from results to blocks.

A chapter that does not apply to a kind of scheme says so in a sentence; nothing is left out silently.
"""

from __future__ import annotations

from typing import Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import awards_view, cautions, charts, corridor_tables, cost_parts, findings, frames, naming, numbers, sizes, tables, words
from actuarial.reporting.blocks import (
    Block,
    Bullets,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Ref,
    Strong,
    Text,
    say,
)
from actuarial.reporting.language import _, marked
from actuarial.reporting.naming import Names, names_of
from actuarial.reporting.pictures import picture

POPULATION_SOURCE: Final = marked("UN World Population Prospects 2024; this model")
READING: Final = {
    frames.DEFINED_BENEFIT: marked(
        "In the table of corridors, the columns of amounts add up to the net cost: what is paid more is positive, what is "
        "no longer paid is negative. Pensions are those of every type: on own periods, paid abroad, kept or resumed; and on added periods."
    ),
    frames.ACCOUNT: marked(
        "In the table of corridors, balances kept on leaving are paid later: the two columns are not to be set off against "
        "each other, and there is no net cost."
    ),
}
__all__ = ["findings_chapter", "gains", "money", "movement", "names_of", "not_public", "people", "question"]


def findings_chapter(study: StudyResult, scheme: SchemeResult) -> list[Block]:
    """What the figures say, at more length than the summary."""
    return [
        Heading(_("Findings"), id="findings"),
        Paragraph(findings.verdict(study, scheme), lead=True),
        KeyFigures(findings.key_figures(study, scheme)),
        Bullets(findings.sentences(study, scheme)),
    ]


def not_public(study: StudyResult) -> Note:
    """The remark that no reader may overlook."""
    return Note(
        _("The text of the instrument is not public"),
        say(
            "{note} Read every figure as an answer to: what if the instrument said this?",
            note=naming.fact(study, "instrument_note"),
        ),
        "warning",
    )


def question(study: StudyResult, scheme: SchemeResult) -> list[Block]:
    """What is compared with what."""
    meta = study.meta
    kind: dict[str, Text] = {
        frames.DEFINED_BENEFIT: naming.together(
            say(
                "{scheme} promises pensions by formula after a qualifying period: in old age, on invalidity and to survivors. The "
                "instrument does four things to it. It has pensions paid to people who live in another partner state (export); a "
                "pension that is suspended today is paid again. It adds the months of several states "
                "together for workers who miss the qualifying period in each, and each scheme pays its part (totalisation, pro "
                "rata). Refunds on leaving are no longer paid, where the law has them. And posted workers stay insured at home for "
                "their first months abroad.",
                scheme=naming.title(scheme),
            ),
            _export_law(study, scheme),
        ),
        frames.ACCOUNT: say(
            "{scheme} keeps an account for every member and pays the balance. There is no qualifying period to miss "
            "and no formula to share, so adding periods together costs this scheme nothing. The instrument keeps balances "
            "of leavers in place: they are paid later, with the interest credited. What the fund earns above that stays with the fund, so at the "
            "return at which present values are taken a balance kept is worth less to its owner. Months worked here also count towards the "
            "qualifying period of partner schemes that have one.",
            scheme=naming.title(scheme),
        ),
        "not_collecting": say(
            "{country} has a law for a scheme ({scheme}) that does not collect contributions yet. No periods are "
            "credited there, so there is nothing for the "
            "instrument to add up or export from it. Its people who work in partner states can gain rights there; once "
            "the scheme collects, its "
            "own periods would begin to count, which this study does not foresee.",
            country=naming.country(scheme),
            scheme=naming.title(scheme),
        ),
        "none": say(
            "{country} has no scheme for private-sector workers. No periods are credited there, so there is nothing "
            "for the instrument to add up or "
            "export. Its people who work in partner states can gain rights there, and pensions can be paid to them at "
            "home.",
            country=naming.country(scheme),
        ),
    }
    return [
        Heading(_("The question"), id="question"),
        Paragraph(
            say(
                "The {region} is negotiating one instrument that coordinates the social security schemes of its member "
                "states, so that workers who spend years in "
                "several of them do not lose rights. This report compares the same people in the same economy with "
                "and without that instrument, over {years} "
                "years from {first} to {last}. Every difference printed here is {rule}.",
                region=naming.fact(study, "region_name"),
                rule=Strong(_("with minus without")),
                years=str(int(meta["last_year"]) - int(meta["first_year"]) + 1),
                first=str(meta["first_year"]),
                last=str(meta["last_year"]),
            )
        ),
        Paragraph(kind[scheme.kind]),
        *_parts(scheme),
        Paragraph(
            say(
                "Instrument: {instrument}, in force from {year}. Scenario: {scenario}. Valuation date: {date}.",
                instrument=Strong(naming.fact(study, "instrument_title")),
                year=str(meta["entry_into_force"]),
                scenario=Strong(naming.fact(study, "scenario_title")),
                date=numbers.day(str(meta["valuation_date"])),
            )
        ),
        *_definitions(scheme),
    ]


def _export_law(study: StudyResult, scheme: SchemeResult) -> Text:
    """Whether the law pays abroad by itself, as the study reads it; empty for schemes without pensions by formula."""
    if scheme.kind != frames.DEFINED_BENEFIT:
        return ()
    mark = words.confidence(frames.input_line(scheme, cost_parts.EXPORT_INPUT)["confidence"])
    if cost_parts.pays_abroad(scheme):
        return say(
            "As this study reads it ({confidence}), the national law already pays pensions abroad, so export as such adds little.",
            confidence=mark,
        )
    names = names_of(study)
    partners = [names[code] for code in cost_parts.export_partners(scheme)]
    if not partners:
        return say(
            "As this study reads it ({confidence}), the national law does not pay pensions abroad without an instrument, so export is a "
            "cost of its own.",
            confidence=mark,
        )
    return say(
        "As this study reads it ({confidence}), the national law does not pay pensions abroad without an instrument, except to {partners}, "
        "where an agreement stands already, so export is a cost of its own.",
        confidence=mark,
        partners=numbers.joined(partners),
    )


def _parts(scheme: SchemeResult) -> list[Block]:
    """What the cost consists of, in a table, for schemes that promise pensions by formula."""
    if scheme.kind != frames.DEFINED_BENEFIT:
        return []
    lead = say("{table} tells the parts of the cost apart, and administration, which is an assumption, from benefits.", table=Ref("tab-parts"))
    return [Paragraph(lead), cost_parts.cost_table(scheme)]


def _definitions(scheme: SchemeResult) -> list[Block]:
    """Terms of the report; only those that the kind of scheme uses."""
    if scheme.kind != frames.DEFINED_BENEFIT:
        return []
    return [
        Bullets(
            (
                say(
                    "{term} (cost rate): benefits and administration of a year divided by the insurable earnings of that year.",
                    term=Strong(_("PAYG cost rate")),
                ),
                say(
                    "{term} (GAP): the level share of insurable earnings that would pay for 75 years of benefits and "
                    "administration, given the reserve held at "
                    "the valuation date.",
                    term=Strong(_("General average premium")),
                ),
                say(
                    "{term}: reserve at the start of a year divided by the expenditure of that year.",
                    term=Strong(_("Reserve ratio")),
                ),
                say(
                    "{term}: amounts of later years brought back to the valuation date at the assumed return, so that they are money of today.",
                    term=Strong(_("Present value")),
                ),
                say(
                    "{term}: a negative difference is a saving. Sizes are named {scale}.",
                    term=Strong(_("Signs and words")),
                    scale=sizes.scale_in_words(),
                ),
            )
        ),
    ]


def people(scheme: SchemeResult) -> list[Block]:
    """Population, contributors and pensioners."""
    blocks: list[Block] = [
        Heading(_("Population and members"), id="people", answers=("R24",)),
        Paragraph(
            say(
                "{figure} and {table} show the population that the projection rests on.",
                figure=Ref("fig-pyramids"),
                table=Ref("tab-population"),
            )
        ),
        picture(
            "fig-pyramids",
            charts.population_pyramids(scheme),
            _("Population by 5-year age group and sex"),
            _("Population pyramids, men to the left and women to the right."),
            _(POPULATION_SOURCE),
        ),
        tables.population(scheme),
    ]
    if scheme.kind == frames.DEFINED_BENEFIT:
        drawing = charts.contributors_and_pensioners(scheme)
        shows = _("Two line charts: contributors and pensioners; pensioners per 100 contributors with and without.")
        blocks += [picture("fig-members", drawing, _("Contributors and pensioners"), shows), tables.members(scheme), *awards_view.in_payment(scheme)]
    elif scheme.kind == frames.ACCOUNT:
        shows = _("Two line charts: contributors, and the share of movers among them.")
        blocks += [picture("fig-members", charts.contributors(scheme), _("Contributors"), shows), tables.members(scheme)]
    else:
        blocks.append(
            Paragraph(
                say(
                    "No scheme collects contributions in {country}: there are no contributors and no pensioners to project.",
                    country=naming.country(scheme),
                )
            )
        )
    return blocks


def money(scheme: SchemeResult) -> list[Block]:
    """Income, outgo, reserve, cost rate and key dates, or balances and payouts."""
    if scheme.kind == frames.DEFINED_BENEFIT:
        return _money_defined_benefit(scheme)
    if scheme.kind == frames.ACCOUNT:
        return _money_account(scheme)
    return [
        Heading(_("Income, expenditure and reserve"), id="money", answers=("R25", "R26", "R27")),
        Paragraph(
            say(
                "Not applicable: no scheme collects or pays in {country}. The instrument changes neither a contribution rate nor a reserve there.",
                country=naming.country(scheme),
            )
        ),
    ]


def _money_defined_benefit(scheme: SchemeResult) -> list[Block]:
    shows = _("Left, contributions and expenditure, shares of earnings; right, with minus without by kind of outgo.")
    return [
        Heading(_("Income, expenditure and reserve"), id="money", answers=("R25", "R26")),
        Paragraph(
            say(
                "{figure} shows what the scheme takes in and pays out without the instrument, and what the instrument "
                "adds or takes away. Amounts are shares of "
                "insurable earnings: a nominal amount of {last} says nothing to a reader of today. Nominal amounts of "
                "the first ten years stand in {table}.",
                figure=Ref("fig-outgo"),
                last=str(int(scheme.yearly["year"].max())),
                table=Ref("tab-decade"),
            )
        ),
        picture("fig-outgo", charts.income_and_outgo(scheme), _("Income and expenditure"), shows),
        tables.shares_of_earnings(scheme),
        picture(
            "fig-reserve",
            charts.reserve(scheme),
            _("Reserve with and without the instrument"),
            _("Line charts: the reserve in years of insurable earnings, the reserve ratio, and the difference of the ratio."),
        ),
        Note(_("A study of differences, not a valuation"), (cautions.on_levels(scheme),), "warning"),
        tables.first_decade(scheme),
        Heading(_("Cost rate and key dates"), id="cost-rate", answers=("R27", "R31")),
        Paragraph(
            say(
                "{figure} sets the cost rate beside the legal contribution rate; {table} gives every indicator with "
                "its definition. A reserve that has run out is carried on "
                "as a debt at the assumed return, so that present values stay complete.",
                figure=Ref("fig-payg"),
                table=Ref("tab-indicators"),
            )
        ),
        picture(
            "fig-payg",
            charts.cost_rate(scheme),
            _("PAYG cost rate and legal rate"),
            _("Left, cost rate with and without and the legal rate; right, the difference."),
        ),
        tables.indicators(scheme),
    ]


def _money_account(scheme: SchemeResult) -> list[Block]:
    return [
        Heading(_("Balances and payouts"), id="money", answers=("R25", "R26", "R27")),
        Paragraph(
            say(
                "Benefits follow from balances, so a cost rate does not measure what an account scheme owes and no "
                "premium has to be found for the instrument. {effects} shows what it changes: payments are put off, and "
                "the administration of the instrument has to be paid for. {figure} and {table} show balances and payouts.",
                effects=Ref("tab-deferred"),
                figure=Ref("fig-accounts"),
                table=Ref("tab-balances"),
            )
        ),
        cost_parts.account_table(scheme),
        picture(
            "fig-accounts",
            charts.accounts(scheme),
            _("Members' balances and payouts"),
            _("Line charts with and without: balances, and payouts of the year; and the difference of the payouts."),
        ),
        tables.balances(scheme),
        tables.first_decade(scheme),
    ]


def gains(scheme: SchemeResult) -> list[Block]:
    """Who gains and who loses, and how many."""
    account = scheme.kind == frames.ACCOUNT
    title = _("Who is affected") if account else _("Who gains, and who loses")
    heading = Heading(title, id="gains")
    if not frames.collects(scheme):
        nobody = say(
            "Nobody gains a right in {country} itself. What its people gain elsewhere stands in the reports of the partner states.",
            country=naming.country(scheme),
        )
        return [heading, Paragraph(nobody)]
    drawing = charts.who_gains(scheme)
    if drawing is None:
        nobody = say(
            "Under these assumptions nobody gains or loses a right in this scheme by the instrument: {none}.",
            none=Strong(_("no change in any year")),
        )
        return [heading, Paragraph(nobody)]
    table = Ref("tab-gains")
    counted = (
        say(
            "Counted here are people who leave the country and keep their balance instead of drawing it. They are paid "
            "later, with interest. {table} gives the figures by sex.",
            table=table,
        )
        if account
        else say(
            "Counted here are people who draw a pension, of old age, invalidity or as survivors, only because of the "
            "instrument: because it is paid abroad, because months were kept instead of refunded, or because periods in several "
            "states are added together (new old-age pensions of this kind stand in a column of their own in {table}). Refunds not "
            "paid are a loss to those who leave, until a pension makes up for it. People whose pension only changes in amount are "
            "not counted.",
            table=table,
        )
    )
    loss = None if account else cost_parts.loss_of_leavers(scheme, findings.YEAR)
    return [
        heading,
        Paragraph(counted),
        *([Paragraph(loss)] if loss is not None else []),
        picture("fig-gains", drawing, _("People whose rights the instrument changes"), _("Stacked areas of men and women.")),
        tables.gains(scheme),
        *awards_view.awards(scheme),
    ]


def movement(study: StudyResult, scheme: SchemeResult) -> list[Block]:
    """Corridors and transfers."""
    names = names_of(study)
    balance = tables_of_transfers(study, scheme, names)
    if scheme.corridors.empty:
        nobody = say("The study models no corridor of {country}: no scheme at either end collects.", country=naming.country(scheme))
        return [Heading(_("Corridors and transfers"), id="corridors", answers=("R29",)), Paragraph(nobody), *balance]
    text = naming.together(
        say(
            "A corridor is an ordered pair of states: where people come from → where they live. A mover is a labour "
            "migrant aged 15 or over who lives in the host state on 1 January 2026, counted in one corridor; refugees are "
            "kept apart.",
        ),
        (_(READING[scheme.kind]),) if scheme.kind in READING else (),
        say("{figure} uses the codes {codes}.", figure=Ref("fig-corridors"), codes=naming.codes(names)),
    )
    shows = _("Bars of movers by corridor, those in covered work told apart.")
    return [
        Heading(_("Corridors and transfers"), id="corridors", answers=("R29",)),
        Paragraph(text),
        picture(
            "fig-corridors",
            charts.corridors(scheme),
            _("Largest corridors"),
            shows,
            _("UN International Migrant Stock 2024; this model"),
        ),
        corridor_tables.corridors(scheme, names),
        *balance,
    ]


def tables_of_transfers(study: StudyResult, scheme: SchemeResult, names: Names) -> list[Block]:
    """What is paid across borders, in both directions."""
    return [
        Paragraph(
            say(
                "{table} sets what the scheme pays to residents of the partner states against what residents here receive "
                "from partner schemes. Pensions stand apart from lump sums, refunds and account balances, which are mostly "
                "the members' own money, and are booked where the leaver goes.",
                table=Ref("tab-transfers"),
            )
        ),
        corridor_tables.transfer_balance(study, scheme.country, findings.YEAR, names),
    ]
