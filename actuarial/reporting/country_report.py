"""The report of one country, from the results of a study."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import (
    about,
    adequacy_view,
    articles_view,
    basis_chapter,
    branches_view,
    break_even_view,
    causes_view,
    change_chapter,
    chapters,
    closing_chapters,
    data_chapter,
    frames,
    limits,
    method_chapter,
    naming,
    not_answered,
    numbers,
    opinion,
    past_view,
    provisions_view,
    steps_view,
    summary,
)
from actuarial.reporting.blocks import Block, Contents, Heading, Meta, PageBreak, Report
from actuarial.reporting.checklist import answering, with_checklist
from actuarial.reporting.ensemble_view import uncertainty_chapters
from actuarial.reporting.language import _, marked, phrase

if TYPE_CHECKING:
    from actuarial.reporting.change_record import AnalysisOfChange
    from actuarial.reporting.provenance import Provenance
    from actuarial.reporting.uncertainty import Uncertainty

STATUS: Final = marked(
    "Computed by software and signed by nobody. Before it is used, an actuary must check data, assumptions and method, "
    "and sign. "
    "Nothing in it is legal advice on the instrument."
)


def country_report(
    study: StudyResult, country: str, uncertainty: Uncertainty | None = None, made_from: Provenance | None = None,
    change: AnalysisOfChange | None = None,
) -> Report:  # fmt: skip
    """Report of one country: summary, chapters, sources and limits; with ``uncertainty`` also how sure they are, with ``change`` what moved them.

    ``made_from`` is the record of the run, which identifies it in the report. Raises ``KeyError`` when the study holds no results for ``country``
    or a table lacks a value the report needs, and ``ValueError`` when an item of the checklist is missing
    (:mod:`actuarial.reporting.checklist`).
    """
    scheme = study.schemes[country]
    content: list[Block] = [
        *summary.summary(study, scheme, uncertainty),
        PageBreak(),
        Contents(),
        PageBreak(),
        *chapters.findings_chapter(study, scheme),
        *opinion.recommendations(study, scheme),
        *chapters.question(study, scheme),
        *_law(study, scheme),
        *_results(study, scheme),
        *uncertain(uncertainty, naming.country(scheme), country, country),
        Heading(_("What could turn the result"), id="turning"),
        *break_even_view.break_even(scheme, uncertainty),
        *opinion.risks(),
        *change_chapter.change_blocks(change, {country: naming.country(scheme)}, scheme.currency),
        *data_chapter.data(study, scheme),
        *closing_chapters.calibration(scheme),
        *basis_chapter.assumptions_chapter(scheme),
        *method_chapter.method(study, made_from),
        *limits.limits(),
        *about.about(study, scheme),
        *opinion.opinion(study, scheme),
    ]
    annexes = [
        *provisions_view.law_annex(study, provisions_view.compared(study, scheme)),
        *data_chapter.sources([scheme]),
        *closing_chapters.register(scheme),
    ]
    answered = {item for block in (*content, *annexes) if isinstance(block, Heading) for item in block.answers}
    return Report(
        title=phrase("{country}: what would coordination cost?", country=naming.country(scheme)),
        meta=report_meta(
            study,
            phrase("Feasibility of coordinating social security in the {region}", region=frames.region_name(study)),
            naming.country(scheme),
            scheme,
            computed=summary.computed(uncertainty),
        ),
        blocks=with_checklist(content, not_answered.country(scheme, answered), annexes),
    )


def _law(study: StudyResult, scheme: SchemeResult) -> list[Block]:
    return [
        *provisions_view.provisions(study, provisions_view.compared(study, scheme)),
        *provisions_view.financing(scheme),
        *articles_view.articles(study),
    ]


def _results(study: StudyResult, scheme: SchemeResult) -> list[Block]:
    names = naming.names_of(study)
    return [
        *chapters.people(scheme),
        *chapters.money(scheme),
        *answering(steps_view.steps(scheme), "steps", "R28"),
        *causes_view.causes(scheme),
        *past_view.past(scheme, names),
        *branches_view.branches(scheme),
        *chapters.gains(scheme),
        *answering(adequacy_view.adequacy(study, scheme, names), "adequacy", "R30"),
        *chapters.movement(study, scheme),
    ]


def uncertain(uncertainty: Uncertainty | None, name: str, sensitivity: str, ensemble: str) -> list[Block]:
    """Chapters on how sure the results are, for which results are attached; ``sensitivity`` and ``ensemble`` are codes in their tables."""
    if uncertainty is None:
        return []
    one, many = replace(uncertainty, ensemble={}), replace(uncertainty, sensitivity=None)
    items: tuple[str, ...] = ("R32",)
    if uncertainty.sensitivity is not None:
        from actuarial.basis.sensitivities import COMBINED

        items = ("R32", "R33") if COMBINED in set(uncertainty.sensitivity["key"]) else items
    return [
        *answering(uncertainty_chapters(one, name, sensitivity, ensemble), "sensitivity", *items),
        *answering(uncertainty_chapters(many, name, sensitivity, ensemble), "ensemble", "R34"),
    ]


def report_meta(study: StudyResult, subtitle: str, head: str, scheme: SchemeResult | None = None, *, computed: bool = True) -> Meta:
    """Cover lines and identity common to all reports; ``computed`` says whether results on how sure the study is are attached."""
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
    if not computed:
        facts.append((_("Uncertainty"), _("not computed for this report")))
    return Meta(
        subtitle=subtitle,
        running_head=f"{head} · {naming.fact(study, 'instrument_title')} · {naming.fact(study, 'scenario_title')}",
        facts=tuple(facts),
        date=str(meta["valuation_date"]),
        status=_(STATUS),
    )
