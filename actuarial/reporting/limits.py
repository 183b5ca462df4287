"""What the figures cannot say, and which way each simplification pushes the cost of the instrument.

The direction is that of the effect on the net cost of the instrument to the schemes, where one can be argued without computing the alternative; where
it depends on the scheme, on the sign of a quantity that is not known, or was not measured, it is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from actuarial.reporting.blocks import Block, Heading, Paragraph, Ref, Row, Table, say
from actuarial.reporting.language import _, marked
from actuarial.reporting.tables import left

Direction = Literal["too high", "too low", "unknown", "levels only"]
DIRECTIONS: Final[dict[Direction, str]] = {
    "too high": marked("cost too high"),
    "too low": marked("cost too low"),
    "unknown": marked("unknown"),
    "levels only": marked("levels, hardly the difference"),
}
"""Words for the direction in which the figure printed errs."""


@dataclass(frozen=True)
class Limit:
    """A simplification: its subject, what is done, the way the printed cost errs because of it, and why."""

    subject: str
    text: str
    direction: Direction
    reason: str


LIMITS: Final = (
    Limit(
        marked("Instrument"),
        marked("The text is not public; a different clause gives a different figure."),
        "unknown",
        marked("A clause may cost more or less than the one assumed."),
    ),
    Limit(
        marked("Branches"),
        marked(
            "Old-age, invalidity and survivors' pensions, lump sums, refunds and accounts of the national scheme are projected. The "
            "branches beside pensions have an account each and stand outside reserve, cost rate and premium; those that are not "
            "computed are listed with the reason. Occupational schemes and those of civil servants are left out."
        ),
        "too low",
        marked("What is left out would add people and benefits."),
    ),
    Limit(
        marked("Types of pension"),
        marked(
            "Published figures do not tell invalids from survivors, so all such pensions in payment at the valuation date are "
            "booked as survivors', at an assumed share; invalidity pensions are those awarded from then on."
        ),
        "levels only",
        marked("Both cases start from the same pensions in payment."),
    ),
    Limit(
        marked("Claims"),
        marked(
            "A pension opened by adding periods is claimed at its award or never. Payment abroad of a pension on own periods may be "
            "claimed in any later year, so pensions suspended before entry into force are paid again, without arrears."
        ),
        "too low",
        marked("Late claims and arrears would be paid on top."),
    ),
    Limit(
        marked("Residence"),
        marked("Pensions follow people who return or move again after the award, within their corridor; survivors stay where they are."),
        "unknown",
        marked("Who pays does not depend on it where pensions are exported; transfers between states do."),
    ),
    Limit(
        marked("Posting"),
        marked(
            "Posted workers keep contributing at home, and their rights still arise where they work: the contributions that move are upper bounds."
        ),
        "unknown",
        marked("A loss of one scheme is a gain of another."),
    ),
    Limit(
        marked("Migration"),
        marked("Stocks of migrants come from censuses of different years; flows are inferred from stocks. Irregular and short moves are missed."),
        "too low",
        marked("People who are not counted have no rights in the projection."),
    ),
    Limit(
        marked("Cover of movers"),
        marked(
            "Covered work of movers is assumed where nothing is published; emigrants take the average cover of their "
            "home country with them. The stock of 1990, from which the accounts start, has no service in the host country."
        ),
        "too high",
        marked("Migrants are as a rule covered less often than residents; the missing service of 1990 works the other way and is smaller."),
    ),
    Limit(
        marked("Careers"),
        marked(
            "Each mover has one partner state; people with careers in three states are counted in the corridor they are in. A check "
            "with simulated persons measures what that misses."
        ),
        "too low",
        marked("Periods in a third state would help to reach a qualifying period."),
    ),
    Limit(
        marked("Earnings"),
        marked("The earnings of people who left a scheme are revalued by prices up to award, which is an assumption where the law is silent."),
        "too high",
        marked("Without revaluation pensions of those who left long ago would be smaller."),
    ),
    Limit(
        marked("Indexation"),
        marked(
            "Where pensions are raised by less than inflation they lose their worth, fast in states of high inflation: small "
            "amounts late in payment, and low cost rates, are a result of that."
        ),
        "too low",
        marked("Increases that are decided later would raise every pension, those of the instrument included."),
    ),
    Limit(
        marked("Equality of treatment"),
        marked("Has no effect in the model where national law already covers everybody alike."),
        "too low",
        marked("Barriers in practice that the instrument removes are not seen."),
    ),
    Limit(
        marked("Past periods"),
        marked("Always count, however long ago they were completed and however badly they are recorded."),
        "too high",
        marked("Periods that cannot be proved open no right."),
    ),
    Limit(
        marked("Behaviour"),
        marked(
            "People do not change where they work or whether they register because the instrument exists. A better right may "
            "bring more contributors; that response is left to scenarios."
        ),
        "unknown",
        marked("More contributors bring contributions first and pensions later."),
    ),
    Limit(
        marked("Levels"),
        marked(
            "This is a study of differences. Its cost rates, premiums and reserves are no valuation of any scheme, and published "
            "valuations may say otherwise."
        ),
        "levels only",
        marked("Both cases share the same levels."),
    ),
    Limit(
        marked("Uncertainty"),
        marked(
            "One path of population, wages, prices and returns per scenario; chapters on uncertainty, where attached, say how far results "
            "move."
        ),
        "unknown",
        marked("A single path has no probability."),
    ),
)


def limits() -> list[Block]:
    """The chapter on limits."""
    rows = tuple(Row((_(x.subject), _(x.text), _(DIRECTIONS[x.direction]), _(x.reason))) for x in LIMITS)
    columns = (left(_("Subject"), 1.2), left(_("What is done"), 4.0), left(_("The figure printed is"), 1.3), left(_("Because"), 2.4))
    return [
        Heading(_("Limits"), id="limits", answers=("R22",)),
        Paragraph(
            say(
                "{table} lists what the figures cannot say, and which way each simplification pushes the cost of the instrument. The directions are "
                "arguments, not measurements; they do not cancel because there are as many of one kind as of the other.",
                table=Ref("tab-limits"),
            )
        ),
        Table(
            "tab-limits", _("Limits and simplifications, and the direction in which they push the cost"), columns, rows, _("this study"), dense=True
        ),
    ]
