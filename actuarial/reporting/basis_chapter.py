"""The chapter on assumptions: the economy, figures per year of what is not constant, consistency, mandated assumptions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import closing_chapters, frames, naming, numbers, words
from actuarial.reporting.blocks import Block, Column, Heading, Paragraph, Ref, Row, Table, Text, say
from actuarial.reporting.language import _, marked
from actuarial.reporting.register_words import reason_words
from actuarial.reporting.roll_forward import roll_forward
from actuarial.reporting.tables import MODEL, cell, left, right

ECONOMY: Final[dict[str, str]] = {
    "inflation, long run": marked("Inflation"),
    "real wage growth, long run": marked("Growth of real wages"),
    "real return, long run": marked("Real return on reserves"),
}
"""Economic inputs by their names in the register."""
_PATH: Final = re.compile(r"(-?[\d.]+)(?: \(\d{4}: (-?[\d.]+)\))?")


@dataclass(frozen=True)
class Path:
    """An economic assumption: where it starts and where it stays in the long run (fractions a year)."""

    start: float
    long_run: float
    confidence: str
    reason: str


def economy(scheme: SchemeResult) -> dict[str, Path]:
    """Economic assumptions of a country by their names in the register; those it lacks or that have another form are left out."""
    found: dict[str, Path] = {}
    for r in scheme.assumptions.to_dict("records"):
        name = cell(r["name"])
        read = _PATH.fullmatch(cell(r["value"])) if name in ECONOMY else None
        if read is not None:
            long_run = float(read[1])
            found[name] = Path(float(read[2]) if read[2] else long_run, long_run, cell(r["confidence"]), cell(r["reason"]))
    return found


def assumptions_chapter(scheme: SchemeResult) -> list[Block]:
    """The chapter of one country; the register of all inputs stands in the annex."""
    return [
        Heading(_("Assumptions"), id="assumptions", answers=("R16",)),
        Paragraph(
            say(
                "Assumptions are best estimates without margins, neutral as far as the authors of the basis could judge. Demographic, scheme, "
                "migration and "
                "economic assumptions with source, year and reason stand one by one in {register}; those of the economy, which move every level, "
                "stand "
                "here.",
                register=Ref("register") if len(scheme.assumptions) else _("the register of the study"),
            )
        ),
        *_economy(scheme),
        *_per_year(scheme),
        *_consistency(scheme),
        *mandated(),
        *closing_chapters.inputs(scheme),
    ]


def _economy(scheme: SchemeResult) -> list[Block]:
    rows = tuple(
        Row((_(ECONOMY[name]), numbers.rate(p.start, 1), numbers.rate(p.long_run, 1), words.confidence(p.confidence), reason_words(p.reason)))
        for name, p in economy(scheme).items()
    )
    if not rows:
        return []
    columns = (left(_("Assumption"), 1.5), *(Column(h, weight=0.8) for h in (_("At the start"), _("Long run"))), left(_("Confidence"), 1.0),
               left(_("Reason"), 4.0))  # fmt: skip
    return [Table("tab-economy", _("Assumptions on the economy, a year"), columns, rows, _("assumption register of this study"), dense=True)]


def _per_year(scheme: SchemeResult) -> list[Block]:
    """What changes from year to year, as it enters or leaves the projection; nothing for a country whose scheme collects nothing."""
    if not frames.collects(scheme):
        return []
    table = per_year(scheme)
    rows = [
        Row((str(year), *(numbers.rate(frames.number(table.loc[year, column]), 2) for column in table.columns)))
        for year in frames.table_years(scheme)
    ]  # fmt: skip
    heads = (_("Legal rate"), _("Growth of contributors"), _("Growth of insurable earnings a head"), _("Return on the reserve"))
    return [
        Heading(_("Figures per year"), 2, id="per-year", answers=("R16",)),
        Paragraph(
            say(
                "{table} gives, year by year, what is not constant: the legal rate as it stands in law, and growth of contributors, growth of "
                "insurable "
                "earnings a head and return on the reserve as the projection without the instrument has them. A dash stands for the first year's "
                "growth.",
                table=Ref("tab-years"),
            )
        ),
        Table("tab-years", _("Rates by year, without the instrument"), (left(_("Year")), *right(*heads)), tuple(rows), _(MODEL)),
    ]


def per_year(scheme: SchemeResult) -> pd.DataFrame:
    """Legal rate, growth of contributors and of insurable earnings a head, and return on the reserve by year, without the instrument (fractions).

    The return is the one that yields the engine's investment income (:func:`actuarial.reporting.roll_forward.implied_return`).
    """
    frame = roll_forward(scheme, "without").set_index("year")
    head = frame["insurable_earnings"] / frame["contributors"]
    return pd.DataFrame(
        {"legal": frame["legal_rate"], "contributors": frame["contributors"].pct_change(), "earnings": head.pct_change(), "return": frame["rate"]}
    )


def _consistency(scheme: SchemeResult) -> list[Block]:
    heading = Heading(_("Consistency"), 2, id="consistency", answers=("R17",))
    paths = economy(scheme)
    if len(paths) < len(ECONOMY):
        return [heading, Paragraph(say("The study lists no economic assumptions of {country} in words that can be set side by side.",
                                       country=naming.country(scheme)))]  # fmt: skip
    inflation, wages, returns = (paths[name].long_run for name in ECONOMY)
    figures = {
        "inflation": numbers.rate(inflation, 1),
        "wages": numbers.rate((1 + inflation) * (1 + wages) - 1, 1),
        "returns": numbers.rate((1 + inflation) * (1 + returns) - 1, 1),
        "gap": numbers.points(abs(returns - wages), digits=1).lstrip("+"),
    }
    levels = (
        say(
            "In the long run prices rise by {inflation} a year, wages by {wages}, and reserves earn {returns}: {gap} a year more than wages grow.",
            **figures,
        )
        if returns > wages
        else say(
            "In the long run prices rise by {inflation} a year, wages by {wages}, and reserves earn {returns}: {gap} a year less than wages grow.",
            **figures,
        )
        if returns < wages
        else say(
            "In the long run prices rise by {inflation} a year, wages by {wages}, and reserves earn {returns}, as much as wages grow.",
            **{k: v for k, v in figures.items() if k != "gap"},
        )
    )
    return [heading, Paragraph(naming.together(levels, *_finite(scheme), _shared()))]


def _finite(scheme: SchemeResult) -> list[Text]:
    """Whether a premium without end exists: the return against the growth of the wage bill in the last year."""
    if scheme.kind != frames.DEFINED_BENEFIT:
        return []
    last = per_year(scheme).iloc[-1]
    bill = (1 + float(last["contributors"])) * (1 + float(last["earnings"])) - 1
    figures = {"returns": numbers.rate(float(last["return"]), 1), "bill": numbers.rate(bill, 1)}
    if float(last["return"]) > bill:
        return [
            say(
                "At the end of the horizon the return, {returns}, exceeds the growth of insurable earnings, {bill}, so present values without end "
                "exist.",
                **figures,
            )
        ]
    return [
        say(
            "At the end of the horizon the return, {returns}, does not exceed the growth of insurable earnings, {bill}, so present values without "
            "end do "
            "not exist and none is printed.",
            **figures,
        )
    ]


def _shared() -> Text:
    return say(
        "Wages, ceilings and minimum amounts that law ties to wages or prices follow the same paths; exchange rates follow relative prices, so "
        "that a "
        "pension paid abroad keeps its worth in real terms; both cases share every one of these paths."
    )


def mandated() -> list[Block]:
    """That nothing was prescribed."""
    return [
        Heading(_("Mandated assumptions"), 2, id="mandated", answers=("R18",)),
        Paragraph(
            say(
                "No assumption of this study was prescribed by law, by a supervisor or by a commissioner. Contribution rates and benefit rules are "
                "law, not "
                "assumptions; their future changes are taken only where they are enacted."
            )
        ),
    ]
