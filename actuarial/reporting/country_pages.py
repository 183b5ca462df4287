"""One page for each member state in the regional report: verdict, key figures, its partners in a small table, what it has to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import findings, frames, naming, numbers, summary
from actuarial.reporting.blocks import Block, Bullets, Heading, KeyFigures, PageBreak, Paragraph, Row, Table, say
from actuarial.reporting.decisions import decisions
from actuarial.reporting.language import _, phrase
from actuarial.reporting.rests_on import rests_on
from actuarial.reporting.tables import MODEL, left, right

if TYPE_CHECKING:
    from actuarial.reporting.uncertainty import Uncertainty

YEAR: Final = findings.YEAR
ON_PAGE: Final = 3
"""Decisions that a page has room for; those on data and text are common to all states and stand in the summary of the region."""


def country_pages(study: StudyResult, uncertainty: Uncertainty | None = None) -> list[Block]:
    """A chapter with one page for each member state that the study has results for."""
    blocks: list[Block] = [
        PageBreak(),
        Heading(_("Country pages"), id="pages"),
        Paragraph(say("One page for each partner state, from its own report, which holds every table behind it.")),
    ]
    for n, scheme in enumerate(study.schemes.values()):
        blocks += [PageBreak()] if n else []
        blocks += page(study, scheme, uncertainty)
    return [*blocks, PageBreak()]


def page(study: StudyResult, scheme: SchemeResult, uncertainty: Uncertainty | None) -> list[Block]:
    """The page of one state."""
    return [
        Heading(naming.country(scheme), 2, id=f"page-{scheme.country}"),
        Paragraph(summary.verdict(study, scheme), lead=True),
        KeyFigures(summary.key_figures(study, scheme, uncertainty, rests_on(scheme, uncertainty))),
        Bullets((*summary.points(study, scheme), summary.how_sure(scheme, uncertainty))),
        _partners(study, scheme),
        Heading(_("What to decide"), 3, numbered=False),
        Bullets(tuple(made.short for made in decisions(study, scheme)[:ON_PAGE])),
    ]


def _partners(study: StudyResult, scheme: SchemeResult) -> Table:
    """Movers and pensions between the state and each partner."""
    here, names = scheme.country, naming.names_of(study)
    movers = {(str(r["origin"]), str(r["host"])): float(r["movers_2026"]) for r in frames.corridors(scheme).to_dict("records")}
    matrix = frames.transfers(study, YEAR, None, "pensions") / 1e6
    rows = []
    for partner in (c for c in study.meta["members"] if c != here):
        paid, received = (frames.number(matrix.loc[a, b]) for a, b in ((here, partner), (partner, here)))
        people = [numbers.count(movers[pair]) if pair in movers else numbers.DASH for pair in ((here, partner), (partner, here))]
        rows.append(Row((names[partner], *people, *(numbers.DASH if v == 0 else numbers.decimal(v, 3) for v in (paid, received)))))
    heads = (
        _("Movers there, 2026"),
        _("Movers from there, 2026"),
        phrase("Pensions paid more, {year}", year=str(YEAR)),
        phrase("Pensions received more, {year}", year=str(YEAR)),
    )
    caption = phrase("{country} and its partners; pensions in million US dollars of {year}", country=naming.country(scheme), year=str(YEAR))
    return Table(f"tab-page-{here}", caption, (left(_("Partner"), 2), *right(*heads)), tuple(rows), _(MODEL), dense=True)
