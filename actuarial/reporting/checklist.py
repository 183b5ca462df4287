"""What an actuarial report on social security must contain, item by item, and where a report answers it.

1. The items are those that the International Standards of Actuarial Practice 1 and 2, the ISSA-ILO guidelines and ASOP 32 and 56 ask for, numbered
   R01 to R42. Every heading names the items that its part answers (:attr:`~actuarial.reporting.blocks.Heading.answers`).
2. An item that is not answered needs a reason why. An item with neither, one with both, and an item nobody knows stop the report from being made.
3. The annex prints the list with cross-references, so that a reviewer can work through it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from actuarial.reporting.blocks import Block, Heading, Paragraph, Ref, Row, Span, Table, Text, say
from actuarial.reporting.language import _, marked
from actuarial.reporting.tables import left

GROUPS: Final[dict[str, str]] = {
    "R01": marked("Identification"),
    "R06": marked("Programme"),
    "R09": marked("Data"),
    "R16": marked("Assumptions"),
    "R20": marked("Method"),
    "R24": marked("Results"),
    "R32": marked("Uncertainty"),
    "R37": marked("Reconciliation"),
    "R39": marked("Opinion"),
}
"""Heads of the groups, by the item with which each begins."""
ITEMS: Final[dict[str, str]] = {
    "R01": marked("Commissioner, addressees, intended use and users"),
    "R02": marked("Valuation date, report date, data cut-off"),
    "R03": marked("Responsible actuary, qualification, standards claimed, deviations"),
    "R04": marked("Scope, exclusions, version of the instrument and articles modelled"),
    "R05": marked("Reliance on others"),
    "R06": marked("Provisions in force of both schemes of each corridor, with legal references"),
    "R07": marked("Provisions proposed, and how each article is modelled or not"),
    "R08": marked("Financing rules, ceilings, recent changes"),
    "R09": marked("Sources and dates of receipt"),
    "R10": marked("Reconciliation from register to model"),
    "R11": marked("Tests of data and error rates"),
    "R12": marked("Imputation, with the share affected"),
    "R13": marked("Assets: audited statement to model value; arrears"),
    "R14": marked("Migration data: source, definition, coverage, adjustments"),
    "R15": marked("What the data are fit for"),
    "R16": marked("All assumptions with source, date and reason, neutral or with margin, per year where not constant"),
    "R17": marked("Consistency of wages, inflation, return and output"),
    "R18": marked("Mandated assumptions and their effect"),
    "R19": marked("Changes from the previous valuation and their effect"),
    "R20": marked("Description of the model, version, commit, hash of inputs"),
    "R21": marked("Evidence of validation"),
    "R22": marked("Limits and simplifications, with the direction of bias"),
    "R23": marked("Financing method and its consistency with the indicators"),
    "R24": marked("Demographic projection"),
    "R25": marked("Income and outgo"),
    "R26": marked("Reserve and ratios"),
    "R27": marked("Cost rate, average premium, key dates"),
    "R28": marked("Difference with and without, and price of each legal step"),
    "R29": marked("Corridors and transfer matrix"),
    "R30": marked("Replacement rates and individual cases"),
    "R31": marked("Liabilities where required"),
    "R32": marked("Sensitivity tests one at a time"),
    "R33": marked("Combined scenarios"),
    "R34": marked("Stochastic fan where run, with a note on model risk"),
    "R35": marked("Break-even: where the net cost changes sign"),
    "R36": marked("Risks of climate, conflict and epidemics in words"),
    "R37": marked("Previous results to current ones"),
    "R38": marked("Actual against expected experience"),
    "R39": marked("Statement on data, assumptions, method, sustainability, required action, next valuation"),
    "R40": marked("Signature block"),
    "R41": marked("Peer review or statement of an independent expert"),
    "R42": marked("Recommendations"),
}
"""What is asked, by item."""
ID: Final = "checklist"


def answering(blocks: Sequence[Block], target: str, *items: str) -> list[Block]:
    """A chapter whose first heading can be referred to as ``target`` and answers ``items``; an empty chapter stays empty.

    Raises ``ValueError`` when a chapter that has blocks has no heading.
    """
    found = list(blocks)
    place = next((n for n, block in enumerate(found) if isinstance(block, Heading)), None)
    if place is None:
        if found:
            raise ValueError(f"chapter {target} has no heading")
        return []
    heading = found[place]
    assert isinstance(heading, Heading)
    found[place] = replace(heading, id=target, answers=(*heading.answers, *items))
    return found


def check(blocks: Sequence[Block], reasons: Mapping[str, str]) -> None:
    """Refuse a report that misses an item, or both answers it and says why it does not, or names an unknown one. Raises ``ValueError``."""
    answered = {item for block in blocks if isinstance(block, Heading) for item in block.answers}
    faults = (
        ("not answered, and no reason given", set(ITEMS) - answered - set(reasons)),
        ("answered, and a reason given why not", answered & set(reasons)),
        ("not on the list", (answered | set(reasons)) - set(ITEMS)),
        ("answered under a heading that cannot be referred to", {i for b in blocks if isinstance(b, Heading) and not b.id for i in b.answers}),
    )
    if wrong := [f"{fault}: {', '.join(sorted(items))}" for fault, items in faults if items]:
        raise ValueError("checklist of the report: " + "; ".join(wrong))


def with_checklist(blocks: Sequence[Block], reasons: Mapping[str, str], annexes: Sequence[Block] = ()) -> tuple[Block, ...]:
    """The report with the annex of the checklist before its other annexes. Raises ``ValueError`` as :func:`check` does."""
    content = [*blocks, *annexes]
    check(content, reasons)
    return (*blocks, *_annex(content, reasons), *annexes)


def _annex(blocks: Sequence[Block], reasons: Mapping[str, str]) -> list[Block]:
    rows: list[Row] = []
    for item, asked in ITEMS.items():
        if item in GROUPS:
            rows.append(Row((_(GROUPS[item]),), "section"))
        rows.append(Row((item, _(asked), reasons[item] if item in reasons else _places(blocks, item))))
    columns = (left(_("Item"), 0.6), left(_("What a report must contain"), 3.2), left(_("Where it stands, or why it does not"), 3.2))
    return [
        Heading(_("Annex: what a report must contain, and where it is"), id=ID),
        Paragraph(
            say(
                "{table} lists what standards of actuarial practice for social security ask of a report. An item that this report does not answer "
                "says why. "
                "The list shows that nothing was forgotten; it claims no compliance.",
                table=Ref("tab-checklist"),
            )
        ),
        Table("tab-checklist", _("Items of the checklist"), columns, tuple(rows), _("checklist of this study"), dense=True),
    ]


def _places(blocks: Sequence[Block], item: str) -> Text:
    targets = [block.id for block in blocks if isinstance(block, Heading) and item in block.answers]
    spans: list[Span] = []
    for n, target in enumerate(targets):
        spans += [", "] * (n > 0) + [Ref(target)]
    return tuple(spans)
