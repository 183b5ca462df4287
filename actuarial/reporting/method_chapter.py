"""The chapter on method: the model in words, the financing method it is consistent with, how the program is validated, what identifies the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from actuarial.feasibility.result import StudyResult
from actuarial.reporting import closing_chapters
from actuarial.reporting.blocks import Block, Bullets, Heading, Paragraph, Ref, Row, Strong, Table, say
from actuarial.reporting.language import _, marked
from actuarial.reporting.tables import left

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

VALIDATION: Final = (
    (
        marked("Annuities and insurances of published life tables (SOA, AM92, SSA study 113)"),
        marked("every printed digit"),
    ),
    (
        marked("Population of every state against World Population Prospects 2024"),
        marked("0.5% of the total, 1% of people aged 60 and over, to 2100"),
    ),
    (marked("A mature scheme against closed forms of a stable population"), marked("0.05%, relative")),
    (marked("Fund years, premiums and identities of published reports and textbooks"), marked("every printed digit, or 1e−9 for identities")),
    (marked("Worked cases of coordination law and of each national law"), marked("to the cent, as the case is rounded")),
    (marked("Expected numbers against simulated persons under the same rates"), marked("what chance explains, at the number of persons drawn")),
    (marked("Two ways of computing the same: plain and compiled code, recombination and full projection"), marked("1e−9, relative")),
)
"""What the tests of the program compare, and how closely it must agree. Results stand with the program, not here."""


def method(study: StudyResult, made_from: Provenance | None) -> list[Block]:
    """The chapter."""
    return [
        Heading(_("Method"), id="method", answers=("R20",)),
        Bullets(tuple(say("{head} {text}", head=Strong(_(head)), text=_(text)) for head, text in MODEL)),
        *_financing_method(),
        *_validation(study),
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


def _validation(study: StudyResult) -> list[Block]:
    rows = tuple(Row((_(what), _(tolerance))) for what, tolerance in VALIDATION)
    checks = closing_chapters.checks(study)
    table = Table("tab-validation", _("What the tests of the program compare"), (left(_("Comparison"), 3), left(_("Agreement required"), 2)), rows,
                  _("tests of the program; cases one by one in docs/validation-cases.md"))  # fmt: skip
    said = say(
        "{table} says what the tests compare and how closely it must agree; they run with every change of the program. No validation by people "
        "independent of its authors has been made.",
        table=Ref("tab-validation"),
    )
    blocks: list[Block] = [Heading(_("Validation"), 2, id="validation", answers=("R21",)), Paragraph(said), table]
    if checks:
        blocks += [Paragraph(say("{table} gives the identities that were asserted in this run itself.", table=Ref("tab-checks"))), *checks]
    return blocks
