"""The report of one country, from the results of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import (
    adequacy_view,
    branches_view,
    causes_view,
    chapters,
    closing_chapters,
    frames,
    limits,
    naming,
    numbers,
    past_view,
    steps_view,
)
from actuarial.reporting.blocks import Contents, Meta, PageBreak, Report
from actuarial.reporting.ensemble_view import uncertainty_chapters
from actuarial.reporting.language import _, marked, phrase
from actuarial.reporting.uncertainty import Uncertainty

STATUS: Final = marked(
    "Computed by software and signed by nobody. Before it is used, an actuary must check data, assumptions and method, "
    "and sign. "
    "Nothing in it is legal advice on the instrument."
)

if TYPE_CHECKING:
    from actuarial.reporting.provenance import Provenance


def country_report(study: StudyResult, country: str, uncertainty: Uncertainty | None = None, made_from: Provenance | None = None) -> Report:
    """Report of one country: summary, chapters, sources and limits; with ``uncertainty`` also how sure the results are.

    ``made_from`` is the record of the run, which identifies it in the report. Raises ``KeyError`` when the study holds no results for ``country``
    or a table lacks a value the report needs.
    """
    scheme = study.schemes[country]
    return Report(
        title=phrase("{country}: what would coordination cost?", country=naming.country(scheme)),
        meta=report_meta(
            study,
            phrase("Feasibility of coordinating social security in the {region}", region=frames.region_name(study)),
            naming.country(scheme),
            scheme,
        ),
        blocks=(
            chapters.not_public(study),
            PageBreak(),
            Contents(),
            PageBreak(),
            *chapters.findings_chapter(study, scheme),
            *chapters.question(study, scheme),
            *chapters.people(scheme),
            *chapters.money(scheme),
            *steps_view.steps(scheme),
            *causes_view.causes(scheme),
            *past_view.past(scheme, naming.names_of(study)),
            *branches_view.branches(scheme),
            *chapters.gains(scheme),
            *adequacy_view.adequacy(study, scheme, naming.names_of(study)),
            *chapters.movement(study, scheme),
            *uncertainty_chapters(uncertainty, naming.country(scheme), country, country),
            *closing_chapters.calibration(scheme),
            *closing_chapters.inputs(scheme),
            *limits.limits(),
            *closing_chapters.checks(study),
            *closing_chapters.identity(study, made_from),
            *closing_chapters.register(scheme),
        ),
    )


def report_meta(study: StudyResult, subtitle: str, head: str, scheme: SchemeResult | None = None) -> Meta:
    """Cover lines and identity common to all reports."""
    meta = study.meta
    facts = [(_("Scheme"), naming.title(scheme))] if scheme is not None else []
    first, last = int(meta["first_year"]), int(meta["last_year"])
    facts += [
        (_("Instrument"), naming.fact(study, "instrument_title")),
        (_("Scenario"), naming.fact(study, "scenario_title")),
        (_("Valuation date"), numbers.day(str(meta["valuation_date"]))),
        (_("Horizon"), phrase("{first} to {last} ({n} years)", first=str(first), last=str(last), n=str(last - first + 1))),
        (_("Software"), f"actuarial {meta['package_version']}"),
    ]
    return Meta(
        subtitle=subtitle,
        running_head=f"{head} · {naming.fact(study, 'instrument_title')} · {naming.fact(study, 'scenario_title')}",
        facts=tuple(facts),
        date=str(meta["valuation_date"]),
        status=_(STATUS),
    )
