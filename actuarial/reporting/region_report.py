"""The report of the region: eight schemes side by side, who pays whom, where people move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actuarial.feasibility.result import StudyResult
from actuarial.reporting import (
    adequacy_view,
    branches_view,
    causes_view,
    chapters,
    closing_chapters,
    frames,
    limits,
    naming,
    past_view,
    region_chapters,
    region_findings,
    region_transfers,
    sizes,
    steps_view,
)
from actuarial.reporting.blocks import Block, Contents, Heading, PageBreak, Paragraph, Report, Strong, say
from actuarial.reporting.country_report import report_meta
from actuarial.reporting.ensemble_view import uncertainty_chapters
from actuarial.reporting.language import _, phrase
from actuarial.reporting.uncertainty import ENSEMBLE_REGION, SENSITIVITY_REGION, Uncertainty

if TYPE_CHECKING:
    from actuarial.reporting.provenance import Provenance


def region_report(study: StudyResult, uncertainty: Uncertainty | None = None, made_from: Provenance | None = None) -> Report:
    """Report of the region; with ``uncertainty`` also how sure the results are. Raises ``KeyError`` when a table lacks a value the report needs."""
    region = frames.region_name(study)
    return Report(
        title=phrase("{region}: what would coordination cost, and who pays whom?", region=region),
        meta=report_meta(study, _("Feasibility of coordinating social security: the region"), region),
        blocks=(
            chapters.not_public(study),
            PageBreak(),
            Contents(),
            PageBreak(),
            *region_findings.findings_chapter(study),
            *_question(study),
            *region_chapters.comparison(study),
            *steps_view.region_steps(study),
            *causes_view.region_causes(study),
            *past_view.region_past(study),
            *branches_view.region_branches(study),
            *region_chapters.gains(study),
            *adequacy_view.region_adequacy(study),
            *region_transfers.transfers(study),
            *region_transfers.transfer_values(study),
            *region_chapters.movement(study),
            *region_chapters.sureness(study),
            *uncertainty_chapters(uncertainty, region, SENSITIVITY_REGION, ENSEMBLE_REGION),
            *limits.limits(),
            *closing_chapters.checks(study),
            *closing_chapters.identity(study, made_from),
        ),
    )


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
