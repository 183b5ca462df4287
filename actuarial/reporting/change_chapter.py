"""Analysis of change as a chapter of a report: the customary table, and below it what was changed.

1. A country's report shows its own scheme, the region's the net cost, cost rate and premium of all.
2. What was changed is listed entry by entry as far as a study reads it; what moves nothing (sources, reasons, notes) is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from actuarial.reporting import numbers
from actuarial.reporting.blocks import Block, Column, Heading, Paragraph, Ref, Row, Table, Text, say
from actuarial.reporting.change_record import DIFFERENCE, REGION, AnalysisOfChange
from actuarial.reporting.change_view import CASES, HEADS, PARTS, cells, figure_name, lines, moving, sections
from actuarial.reporting.language import _, data_text, phrase
from actuarial.reporting.tables import MODEL, left

ID: Final = "change"
REGIONAL: Final = (("pv_net_cost_usd", DIFFERENCE), ("payg_2050", "with"), ("gap_75", "with"))
"""Figures of the regional table, scheme by scheme."""


def change_blocks(analysis: AnalysisOfChange | None, countries: Mapping[str, str], currency: str = "") -> list[Block]:
    """The chapter of a report on the change since the previous study; empty without an analysis.

    ``countries`` by code in words: the one of a country report with its ``currency``, or all of a regional report, with the region itself as
    :data:`~actuarial.reporting.change_record.REGION`.
    """
    if analysis is None:
        return []
    heading = Heading(_("Change since the previous study"), id=ID, answers=("R19", "R37"))
    rows = _regional(analysis, countries) if REGION in countries else _own(analysis, next(iter(countries)), currency)
    if not rows:
        name = next(iter(countries.values()))
        return [heading, Paragraph(say("{country} collects no contributions, so there are no results that could have changed.", country=name))]
    caption = _("From the previous results to these (rates in per cent of insurable earnings, amounts in present value)")
    columns = (left(_("Figure"), 2.2), *(Column(_(head), weight=1.0) for head in HEADS))
    return [
        heading,
        Paragraph(
            say(
                "{table} takes the results of the previous study to those of this one, one kind of change after the other: {order}. Every line "
                "adds up; another order would move parts between the columns, not their sum. Rates are in per cent and their effects in percentage "
                "points. A date cannot be added up: a column shows it where its step moved it.",
                table=Ref("tab-change"),
                order=numbers.joined([_("method"), *(_(PARTS[part]) for part in analysis.how.order)]),
            )
        ),
        Table("tab-change", caption, columns, tuple(rows), _(MODEL), dense=True),
        Paragraph((*_method(analysis), " ", *_residual(analysis))),
        *_list(analysis),
    ]


def _own(analysis: AnalysisOfChange, country: str, currency: str) -> list[Row]:
    rows: list[Row] = []
    for case, own in sections(analysis.effects, country):
        if own:
            rows.append(Row((_(CASES[case]),), "section"))
            rows += [Row((figure_name(str(line["figure"]), currency), *cells(line, analysis.how.order))) for line in own]
    return rows


def _regional(analysis: AnalysisOfChange, countries: Mapping[str, str]) -> list[Row]:
    rows: list[Row] = []
    for figure, case in REGIONAL:
        table = analysis.effects
        rows.append(Row((phrase("{figure} ({case})", figure=figure_name(figure, ""), case=_(CASES[case])),), "section"))
        for line in lines(table[(table["figure"] == figure) & (table["case"] == case)]):
            country = str(line["country"])
            rows.append(Row((countries.get(country, country), *cells(line, analysis.how.order)), "total" if country == REGION else "body"))
    return rows


def _method(analysis: AnalysisOfChange) -> Text:
    if analysis.how.method_changed:
        return say("The two studies were made by different versions of the program or of its packages.")
    return say("The two studies were made by the same version of the program and of its packages.")


def _residual(analysis: AnalysisOfChange) -> Text:
    if analysis.explained():
        return say("The residual is nothing but rounding.")
    if not analysis.how.present_code:
        return say("This study was made by another version of the program than computed the steps; the residual holds what separates the two.")
    return say("The residual is larger than rounding: what was changed does not explain the results, and the run should be examined.")


def _list(analysis: AnalysisOfChange) -> list[Block]:
    rows: list[Row] = []
    for row in moving(analysis):
        where = f"{row['file']} {row['place']}".strip()
        if row["entries"] > 1:
            where = phrase("{place} (first of {n} entries)", place=where, n=numbers.decimal(row["entries"], 0))
        rows.append(Row((where, row["old"], row["new"], _(PARTS[row["step"]]), data_text(row["source"]))))
    quiet = int(analysis.changes.loc[analysis.changes["class"] == "none", "entries"].sum())
    blocks: list[Block] = []
    if rows:
        heads = ((_("Input"), 2.6), (_("Previous"), 1.2), (_("Present"), 1.2), (_("Counts as"), 1.0), (_("Source or reason"), 2.6))
        columns = tuple(left(head, weight) for head, weight in heads)
        caption = _("What was changed since the previous study")
        blocks += [Table("tab-changed", caption, columns, tuple(rows), _("inputs kept by both runs"), dense=True)]
    else:
        blocks.append(Paragraph(say("No input that the projection reads was changed.")))
    if quiet:
        blocks.append(Paragraph(say("Texts, sources and records that move no figure were changed in {n} places.", n=numbers.decimal(quiet, 0))))
    return blocks
