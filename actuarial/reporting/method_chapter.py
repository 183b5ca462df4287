"""The chapter on method: the model in words, the financing method it is consistent with, how the program is validated, what identifies the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from actuarial.feasibility.result import StudyResult
from actuarial.reporting import closing_chapters, validation_chapter
from actuarial.reporting.blocks import Block, Bullets, Heading, Paragraph, Strong, say
from actuarial.reporting.language import _, marked

if TYPE_CHECKING:
    from actuarial.reporting.provenance import Provenance

MODEL: Final = (
    (
        marked("Population:"),
        marked(
            "cohort components by single age and sex, from the medium variant of the United Nations; moves between partner states are explicit "
            "flows that "
            "sum to zero, the rest of the world is what remains of net migration."
        ),
    ),
    (
        marked("Members:"),
        marked(
            "for every corridor and sex the expected number of people by age, cover and service in both schemes, in half-years, without bands; "
            "stayers by "
            "service in one scheme. The stock at the valuation date comes from running the same rules from 1990 on."
        ),
    ),
    (
        marked("Earnings:"),
        marked(
            "profiles by age and sex on a wage index, spread by a lognormal distribution, so that ceilings, floors and minimum amounts are exact."
        ),
    ),
    (
        marked("Benefits:"),
        marked("the law in force at each award, by one function for all; pensions in payment keep the law of their award."),
    ),
    (
        marked("Money:"),
        marked(
            "yearly steps, decrements and cash flows at mid-year, reserves at 31 December; present values at the assumed return on reserves, "
            "nominal amounts in "
            "national currency."
        ),
    ),
    (
        marked("The instrument:"),
        marked(
            "everything is computed twice on the same people and rates, without and with it; its steps are switched on one after the other and "
            "priced, and "
            "their prices sum to the total."
        ),
    ),
)
"""The model in words: subject and sentence."""


def method(study: StudyResult, made_from: Provenance | None) -> list[Block]:
    """The chapter."""
    return [
        Heading(_("Method"), id="method", answers=("R20",)),
        Bullets(tuple(say("{head} {text}", head=Strong(_(head)), text=_(text)) for head, text in MODEL)),
        *_financing_method(),
        *validation_chapter.validation(study, made_from),
        *closing_chapters.identity(study, made_from),
    ]


def _financing_method() -> list[Block]:
    return [
        Heading(_("Financing method"), 2, id="financing-method", answers=("R23",)),
        Paragraph(
            say(
                "The schemes of the region that promise pensions by formula are partially funded: contributions at a legal rate, a reserve, and a "
                "guarantee "
                "in law or in fact. Indicators are therefore those of an open group: present and future members, contributions and benefits over the "
                "horizon, with the reserve at its start. The rate of the year and the level premium are two readings of the same cash flows. "
                "Liabilities "
                "accrued to date are printed beside them and are not used for the verdict. Account schemes owe balances, and no premium is sought "
                "for them."
            )
        ),
    ]
