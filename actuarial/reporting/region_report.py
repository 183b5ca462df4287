"""The report of the region: eight schemes side by side, who pays whom, where people move, and a page for each member state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actuarial.feasibility.result import StudyResult
from actuarial.reporting import (
    about,
    adequacy_view,
    articles_view,
    basis_chapter,
    branches_view,
    causes_view,
    change_chapter,
    country_pages,
    data_chapter,
    frames,
    limits,
    method_chapter,
    naming,
    not_answered,
    opinion,
    past_view,
    provisions_view,
    region_chapters,
    region_findings,
    region_summary,
    region_transfers,
    sizes,
    steps_view,
    summary,
)
from actuarial.reporting.blocks import Block, Contents, Heading, PageBreak, Paragraph, Report, Strong, say
from actuarial.reporting.change_record import REGION
from actuarial.reporting.checklist import answering, with_checklist
from actuarial.reporting.country_report import report_meta, uncertain
from actuarial.reporting.language import _, phrase
from actuarial.reporting.uncertainty import ENSEMBLE_REGION, SENSITIVITY_REGION, Uncertainty

if TYPE_CHECKING:
    from actuarial.reporting.change_record import AnalysisOfChange
    from actuarial.reporting.provenance import Provenance


def region_report(
    study: StudyResult, uncertainty: Uncertainty | None = None, made_from: Provenance | None = None, change: AnalysisOfChange | None = None
) -> Report:
    """Report of the region; with ``uncertainty`` also how sure it is, with ``change`` what moved it; ``made_from`` is the record of the run.

    Raises ``KeyError`` when a table lacks a value the report needs, and ``ValueError`` when an item of the checklist is missing.
    """
    region = frames.region_name(study)
    schemes = [s for s in study.schemes.values() if frames.collects(s)]
    content: list[Block] = [
        *region_summary.region_summary(study, uncertainty),
        PageBreak(),
        Contents(),
        PageBreak(),
        *region_findings.findings_chapter(study),
        *region_summary.recommendations(study),
        *country_pages.country_pages(study, uncertainty),
        *_question(study),
        *answering(provisions_view.provisions(study, schemes), "provisions", "R08"),
        *articles_view.articles(study),
        *_results(study),
        *uncertain(uncertainty, region, SENSITIVITY_REGION, ENSEMBLE_REGION),
        Heading(_("What could turn the result"), id="turning"),
        *opinion.risks(),
        *change_chapter.change_blocks(change, {**naming.names_of(study), REGION: region}),
        *_basis(study),
        *method_chapter.method(study, made_from),
        *limits.limits(),
        *about.about(study, None),
        *opinion.opinion(study, None),
    ]
    annexes = [*provisions_view.law_annex(study, schemes), *data_chapter.sources(list(study.schemes.values()))]
    answered = {item for block in (*content, *annexes) if isinstance(block, Heading) for item in block.answers}
    return Report(
        title=phrase("{region}: what would coordination cost, and who pays whom?", region=region),
        meta=report_meta(study, _("Feasibility of coordinating social security: the region"), region,
                         computed=summary.computed(uncertainty)),  # fmt: skip
        blocks=with_checklist(content, not_answered.region(answered), annexes),
    )


def _results(study: StudyResult) -> list[Block]:
    return [
        *region_chapters.comparison(study),
        *answering(steps_view.region_steps(study), "steps", "R28"),
        *causes_view.region_causes(study),
        *past_view.region_past(study),
        *branches_view.region_branches(study),
        *region_chapters.gains(study),
        *answering(adequacy_view.region_adequacy(study), "adequacy", "R30"),
        *region_transfers.transfers(study),
        *region_transfers.transfer_values(study),
        *region_chapters.movement(study),
    ]


def _basis(study: StudyResult) -> list[Block]:
    """Data and assumptions, as far as they are those of the region."""
    return [
        Heading(_("Data and assumptions"), id="data", answers=("R09",)),
        Paragraph(data_chapter.received(list(study.schemes.values()))),
        *data_chapter.records("sureness"),
        Heading(_("Migration data"), 2, id="migration-data", answers=("R14",)),
        Paragraph(data_chapter.migration_text()),
        *data_chapter.fitness(),
        *basis_chapter.mandated(),
        *region_chapters.sureness(study),
    ]


def _question(study: StudyResult) -> list[Block]:
    return [
        Heading(_("The question"), id="question"),
        Paragraph(
            say(
                "This report sets the results of the country reports side by side. Each compares the same people in "
                "the same economy with and without {instrument}, in "
                "force from {entry}, under the scenario {scenario}, from {first} to {last}. Differences are with minus "
                "without; a negative difference is a saving. "
                "Effects are named {scale}.",
                instrument=Strong(naming.fact(study, "instrument_title")),
                entry=str(study.meta["entry_into_force"]),
                scenario=Strong(naming.fact(study, "scenario_title")),
                first=str(study.meta["first_year"]),
                last=str(study.meta["last_year"]),
                scale=sizes.scale_in_words(),
            )
        ),
    ]
