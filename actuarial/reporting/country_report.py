"""The report of one country, from the results of a study."""

from __future__ import annotations

from typing import Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import adequacy_view, branches_view, causes_view, chapters, closing_chapters, frames, past_view, steps_view
from actuarial.reporting.blocks import Contents, Meta, PageBreak, Report
from actuarial.reporting.ensemble_view import uncertainty_chapters
from actuarial.reporting.uncertainty import Uncertainty

STATUS: Final = (
    "Computed by software and signed by nobody. Before it is used, an actuary must check data, assumptions and method, "
    "and sign. "
    "Nothing in it is legal advice on the instrument."
)


def country_report(study: StudyResult, country: str, uncertainty: Uncertainty | None = None) -> Report:
    """Report of one country: summary, chapters, sources and limits; with ``uncertainty`` also how sure the results are.

    Raises ``KeyError`` when the study holds no results for ``country`` or a table lacks a value the report needs.
    """
    scheme = study.schemes[country]
    return Report(
        title=f"{scheme.country_name}: what would coordination cost?",
        meta=report_meta(
            study,
            f"Feasibility of coordinating social security in the {frames.region_name(study)}",
            scheme.country_name,
            scheme,
        ),
        blocks=(
            *chapters.in_brief(study, scheme),
            PageBreak(),
            Contents(),
            PageBreak(),
            *chapters.question(study, scheme),
            *chapters.people(scheme),
            *chapters.money(scheme),
            *steps_view.steps(scheme),
            *causes_view.causes(scheme),
            *past_view.past(scheme, chapters.names_of(study)),
            *branches_view.branches(scheme),
            *chapters.gains(scheme),
            *adequacy_view.adequacy(study, scheme, chapters.names_of(study)),
            *chapters.movement(study, scheme),
            *uncertainty_chapters(uncertainty, scheme.country_name, country, country),
            *closing_chapters.calibration(scheme),
            *closing_chapters.inputs(scheme),
            *closing_chapters.limits(study),
        ),
    )


def report_meta(study: StudyResult, subtitle: str, head: str, scheme: SchemeResult | None = None) -> Meta:
    """Cover lines and identity common to all reports."""
    meta = study.meta
    facts = [("Scheme", scheme.scheme_title)] if scheme is not None else []
    facts += [
        ("Instrument", str(meta["instrument_title"])),
        ("Scenario", str(meta["scenario_title"])),
        ("Valuation date", str(meta["valuation_date"])),
        (
            "Horizon",
            f"{meta['first_year']} to {meta['last_year']} ({int(meta['last_year']) - int(meta['first_year']) + 1} years)",
        ),
        ("Software", f"actuarial {meta['package_version']}"),
    ]
    return Meta(
        subtitle=subtitle,
        running_head=f"{head} · {meta['instrument_title']} · {meta['scenario']}",
        facts=tuple(facts),
        date=str(meta["valuation_date"]),
        status=STATUS,
    )
