"""Risks that no figure holds, what software can state of an opinion, recommendations, and the places where people sign."""

from __future__ import annotations

from typing import Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import cautions, findings, frames, naming, numbers, sizes
from actuarial.reporting.about import BLANK
from actuarial.reporting.blocks import Block, Bullets, Heading, Paragraph, Row, Strong, Table, Text, say
from actuarial.reporting.cost_parts import cost_parts
from actuarial.reporting.decisions import decisions
from actuarial.reporting.language import _, marked
from actuarial.reporting.tables import left

RISKS: Final = (
    (
        marked("Climate:"),
        marked(
            "droughts and floods move people across borders at short notice and lower covered employment in farming; they would raise the number "
            "of movers "
            "and lower the share in covered work, so the cost could go either way. Nothing of it is in the base."
        ),
    ),
    (
        marked("Conflict:"),
        marked(
            "displacement, closed borders and destroyed records: returns come all at once, periods cannot be proved, payments are interrupted. The "
            "cost "
            "would be lower than printed and the loss of rights higher. A scenario of a crisis return can be run."
        ),
    ),
    (
        marked("Epidemics:"),
        marked(
            "more deaths at working and old ages mean more survivors' pensions and fewer old-age pensions; borders may close. Mortality is varied "
            "in the "
            "sensitivities where these are attached."
        ),
    ),
    (
        marked("Institutions:"),
        marked(
            "a scheme that does not pay, changes of membership, exchange controls and inflation that outruns indexation. Rights under the "
            "instrument are "
            "worth what the paying scheme can transfer."
        ),
    ),
)
"""Risks named without a figure: subject and sentence."""


def risks() -> list[Block]:
    """The section on risks that are not computed."""
    return [
        Heading(_("Risks without a figure"), 2, id="risks", answers=("R36",)),
        Bullets(tuple(say("{head} {text}", head=Strong(_(head)), text=_(text)) for head, text in RISKS)),
    ]


def recommendations(study: StudyResult, scheme: SchemeResult) -> list[Block]:
    """The chapter of recommendations, from the figures of the country."""
    return [
        Heading(_("Recommendations"), id="recommendations", answers=("R42",)),
        Paragraph(say("Each follows from figures of this report; which to take is for those who answer for the scheme.")),
        Bullets(tuple(made.grounds for made in decisions(study, scheme))),
    ]


def opinion(study: StudyResult, scheme: SchemeResult | None) -> list[Block]:
    """What the software states, what is left to the actuary, the signature and the review; ``scheme`` is ``None`` for the region."""
    stated = _stated(study, scheme)
    return [
        Heading(_("Statement and signature"), id="opinion", answers=("R39",)),
        Paragraph(say("A program gives no actuarial opinion. What it can state of its own work is this; the rest is for the responsible actuary.")),
        Bullets(tuple(stated)),
        *_left_to_the_actuary(),
        *_review(),
        *_signature(),
    ]


def _stated(study: StudyResult, scheme: SchemeResult | None) -> list[Text]:
    failed = sum(str(v).lower() not in ("true", "1", "1.0") for v in study.checks["passed"]) if len(study.checks) else 0
    lines = [
        say("{head} every input stands with its source, or with the reason for which it was chosen.", head=Strong(_("Data:"))),
        say("{head} chosen without margins; their evidence marks say how sure they are.", head=Strong(_("Assumptions:"))),
        say("{head} all identities asserted in this run were met.", head=Strong(_("Method:")))
        if failed == 0
        else say("{head} {n} identities asserted in this run were NOT met; the figures must not be used.", head=Strong(_("Method:")), n=str(failed)),
    ]
    if scheme is not None and scheme.kind == frames.DEFINED_BENEFIT:
        lines += _sustainability(scheme)
    elif scheme is not None and scheme.kind == frames.ACCOUNT:
        lines.append(
            say("{head} the scheme owes balances; the instrument asks for no contribution and no reserve beyond administration.",
                head=Strong(_("Sustainability:")))
        )  # fmt: skip
    lines.append(
        say(
            "{head} when the text of the instrument is adopted, when a register replaces assumed figures, and in any case with the next valuation "
            "of the "
            "scheme.",
            head=Strong(_("To be computed again:")),
        )
    )
    return lines


def _sustainability(scheme: SchemeResult) -> list[Text]:
    """What the projection says of the reserve over the horizon, and of the contribution that the instrument asks for."""
    parts = cost_parts(scheme)
    dates = naming.together(findings.reserve_end(scheme, Strong(_("Sustainability:"))), findings.above_legal_rate(scheme))
    needed = say(
        "{head} the instrument is {size}; a level rate of {rate} of insurable earnings over 75 years would meet its net cost.",
        head=Strong(_("Contribution for the instrument:")),
        size=sizes.named(parts.rate(parts.total)),
        rate=numbers.points(parts.rate(parts.total)),
    )
    return [naming.together(dates, (cautions.on_levels(scheme),)), needed]


def _left_to_the_actuary() -> list[Block]:
    rows = tuple(
        Row((text, _(BLANK)))
        for text in (
            _("Data are sufficient and reliable for the purpose"),
            _("Assumptions are reasonable, one by one and together"),
            _("The method is appropriate and consistent with the financing of the scheme"),
            _("The scheme is sustainable over the stated horizon; contributions or reserves that are needed"),
            _("Date of the next valuation"),
        )
    )
    columns = (left(_("Subject of the opinion"), 3), left(_("Opinion"), 2))
    return [Table("tab-opinion", _("Opinion of the responsible actuary"), columns, rows, _("blank in the report as computed"))]


def _review() -> list[Block]:
    return [
        Heading(_("Peer review"), 2, id="review", answers=("R41",)),
        Paragraph(say("Statement of an independent expert: {blank}. None had been made when this report was computed.",
                      blank=_("to be filled in by the reviewer"))),
    ]  # fmt: skip


def _signature() -> list[Block]:
    line = "…" * 20
    rows = tuple(Row((text, line)) for text in (_("Name and qualification"), _("Place and date"), _("Signature")))
    columns = (left(_("Responsible actuary"), 1.2), left(_("To be completed by hand"), 3))
    return [
        Heading(_("Signature"), 2, id="signature", answers=("R40",)),
        Paragraph(say("Left blank by the program. A report without a signature here is a computation, not an actuarial report.")),
        Table("tab-signature", _("Signature of the responsible actuary"), columns, rows, _("blank in the report as computed")),
    ]
