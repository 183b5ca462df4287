"""The instrument: every parameter assumed, the text it is modelled on, and how the projection uses it."""

from __future__ import annotations

from typing import Final

from actuarial.feasibility.result import StudyResult
from actuarial.reporting import words
from actuarial.reporting.blocks import Block, Heading, Paragraph, Ref, Row, Table, say
from actuarial.reporting.language import _, marked
from actuarial.reporting.provisions_view import Line, lines
from actuarial.reporting.register_words import input_name, input_value, source_words
from actuarial.reporting.rests_on import INSTRUMENT
from actuarial.reporting.rule_words import CHOICES
from actuarial.reporting.rule_words import INSTRUMENT as NAMES
from actuarial.reporting.tables import left

SINGLE: Final = marked("not in the projection: only in cases of single persons")
MODELLED: Final[dict[str, str]] = {
    "entry_into_force": marked("awards, payment abroad and refunds change from that year"),
    "scope.persons": marked("all movers of the corridors are covered, or the share of them that the rule names"),
    "scope.branches": marked("the branches named are coordinated from their year"),
    "scope.suspended": marked("corridors of these members have no effect"),
    "provisions.equality_of_treatment": marked("first step of the ladder; acts where foreigners have fewer rights"),
    "provisions.export": marked("step of the ladder; pensions are paid where the person lives"),
    "provisions.totalisation": marked("step of the ladder; periods are added on the joint distribution of service in both states"),
    "provisions.amount": marked("step of the ladder; one award function for every person"),
    "provisions.refunds": marked("with the step of totalisation: who leaves keeps the periods"),
    "provisions.account_schemes": marked("with the step of totalisation: balances and months of account schemes"),
    "provisions.retroactive_periods": marked("periods before entry count, or they do not"),
    "provisions.retroactive_claims": marked("settled claims are reopened, or they are not"),
    "provisions.minimum_pension": marked("with the step of the amount rule"),
    "provisions.periods.overlaps": SINGLE,
    "provisions.periods.days_per_week": SINGLE,
    "provisions.applicable_legislation": marked("step of the ladder; contributions of posted workers stay at home"),
    "provisions.invalidity": marked("with the step of totalisation: pensions on invalidity"),
    "provisions.survivors": marked("with the step of totalisation: pensions to survivors"),
    "provisions.occupational_disease": marked("step of short-term branches, health and injury: who pays"),
    "provisions.health": marked("step of short-term branches, health and injury: reimbursement"),
    "provisions.family": marked("step of short-term branches, health and injury: family benefits"),
    "provisions.unemployment": marked("step of short-term branches, health and injury: unemployment"),
    "provisions.funeral": marked("step of short-term branches, health and injury: funeral grants"),
    "provisions.currency": SINGLE,
    "provisions.rounding": SINGLE,
    "take_up": marked("share of coordinated rights that are claimed, by years since entry into force"),
    "administration": marked("last step of the ladder; a fixed sum for each scheme and a share of coordinated benefits"),
}
"""How the projection uses a parameter, by the beginning of its name; the longest that fits holds."""


OWN_NAMES: Final = {"scope.branches": marked("Branches, and from which year"), "take_up": marked("Take-up by years since entry into force")}
"""Parameters that the comparison of instruments takes apart, and the register has in one line."""


def modelled(name: str) -> str:
    """How the projection uses a parameter. Raises ``KeyError`` for one that :data:`MODELLED` does not know."""
    known = [beginning for beginning in MODELLED if name == beginning or name.startswith(f"{beginning}.")]
    if not known:
        raise KeyError(f"parameter {name} of the instrument: articles_view.MODELLED does not say how it is modelled")
    return _(MODELLED[max(known, key=len)])


def articles(study: StudyResult) -> list[Block]:
    """The chapter; the parameters are the same in every country's register."""
    found: dict[str, Line] = {}
    for scheme in study.schemes.values():
        for line in lines(scheme):
            if line.name.startswith(INSTRUMENT):
                found.setdefault(line.name.removeprefix(INSTRUMENT), line)
    heading = Heading(_("The instrument assumed"), id="instrument", answers=("R07",))
    if not found:
        return [heading, Paragraph(say("The study lists no parameters of the instrument."))]
    rows = tuple(
        Row(
            (
                _title(name),
                _value(name, line),
                words.confidence(line.confidence),
                source_words(line.source),
                modelled(name),
            )
        )
        for name, line in found.items()
    )
    heads = (_("Parameter"), _("Value assumed"), _("Confidence"), _("Modelled on"), _("In the projection"))
    columns = tuple(left(head, weight) for head, weight in zip(heads, (2.0, 2.2, 0.9, 2.4, 2.6), strict=True))
    return [
        heading,
        Paragraph(
            say(
                "{table} lists every parameter of the instrument, the published text it is modelled on, and how the projection uses it. Numbers of "
                "articles are those of the model texts, recalled where the mark says so; the draft's own articles are to be entered in their place.",
                table=Ref("tab-articles"),
            )
        ),
        Table(
            "tab-articles",
            _("Provisions of the instrument as assumed, and how each is modelled"),
            columns,
            rows,
            _("file of the instrument"),
            dense=True,
        ),
    ]


def _title(name: str) -> str:
    if name in OWN_NAMES:
        return _(OWN_NAMES[name])
    return _(NAMES[name]) if name in NAMES else input_name(name)


def _value(name: str, line: Line) -> str:
    if line.value in CHOICES.get(name, {}):
        return _(CHOICES[name][line.value])
    return input_value(line.value, line.unit, line.name)
