"""Where the net cost of the instrument changes its sign, read from the results of one study.

1. At fixed rates benefits are proportional to the number of movers, so a factor on all of them changes the size of benefits and never their sign.
2. Administration is always a cost. Where benefits are saved, a multiple of the administration assumed uses the saving up.
3. Where sensitivities are attached, the settings under which the sign changes are named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import Block, Heading, Paragraph, Text, say
from actuarial.reporting.cost_parts import cost_parts
from actuarial.reporting.language import _, data_text, phrase

if TYPE_CHECKING:
    from actuarial.reporting.uncertainty import Uncertainty


def break_even(scheme: SchemeResult, uncertainty: Uncertainty | None) -> list[Block]:
    """The section of a country report."""
    texts = [_answer(scheme)]
    if frames.collects(scheme) and (flipped := settings_that_change_the_sign(scheme, uncertainty)) is not None:
        texts.append(
            say("Under these settings of the sensitivities the net cost changes its sign: {settings}.", settings="; ".join(flipped))
            if flipped
            else say("Under none of the settings of the sensitivities does the net cost change its sign.")
        )
    return [Heading(_("Break-even"), 2, id="break-even", answers=("R35",)), *(Paragraph(text) for text in texts)]


def _answer(scheme: SchemeResult) -> Text:
    if not frames.collects(scheme):
        return say("No scheme collects contributions here, so there is no net cost that could change its sign.")
    if scheme.kind == frames.ACCOUNT:
        return say(
            "An account scheme has no net cost that a number of movers or a take-up could turn: balances are paid sooner or later, and "
            "administration is "
            "a cost at any level."
        )
    parts = cost_parts(scheme)
    benefits = parts.benefits + parts.contributions
    if benefits == 0 and parts.administration == 0:
        return say("The instrument changes nothing here, so there is nothing to break even.")
    if benefits >= 0:
        return say(
            "At fixed rates benefits are proportional to the number of movers, and they and administration are both costs: no number of movers and "
            "no level "
            "of administration turns the net cost into a saving."
        )
    return say(
        "At fixed rates the saving in benefits is proportional to the number of movers. Administration uses it up when it costs {times} times what "
        "is "
        "assumed; up to there the instrument saves the scheme money, at the expense of those who get no refund.",
        times=numbers.decimal(-benefits / parts.administration, 1) if parts.administration > 0 else numbers.DASH,
    )


def settings_that_change_the_sign(scheme: SchemeResult, uncertainty: Uncertainty | None) -> list[str] | None:
    """Sensitivities, each with its setting, under which the net cost has the other sign; ``None`` where none are attached."""
    if uncertainty is None or uncertainty.sensitivity is None or scheme.country not in set(uncertainty.sensitivity["country"]):
        return None
    from actuarial.reporting.tornado import COST

    table = uncertainty.sensitivity
    rows = table[(table["country"] == scheme.country) & (table["measure"] == COST)]
    turned = rows[rows["difference"] * rows["base_difference"] < 0]
    return [
        phrase("{title}, {setting}", title=data_text(str(r["title"])), setting=str(r["setting"])) for r in turned.to_dict("records")
    ]  # fmt: skip
