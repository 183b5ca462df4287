"""The section on validation: what the last validation of the program compared, how near it came, and whether the program has changed since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from actuarial.feasibility.result import StudyResult
from actuarial.reporting import closing_chapters, numbers
from actuarial.reporting.blocks import Block, Heading, Paragraph, Ref, Row, Table, Text, say
from actuarial.reporting.language import _, phrase, plural
from actuarial.reporting.tables import left, right
from actuarial.reporting.validation_record import SUBJECTS, extent_of

if TYPE_CHECKING:
    from actuarial.reporting.provenance import Provenance

_SHOWN = 16
"""Digits of a hash that are shown."""
_TINY = 1e-4
_MORE = 8
"""Digits that may be added to tell a difference from its tolerance."""


def validation(study: StudyResult, made_from: Provenance | None) -> list[Block]:
    """The section; without a record of a run, or where the run kept no record of validation, it says so."""
    record = None if made_from is None else json.loads(made_from.record).get("validation")
    blocks: list[Block] = [Heading(_("Validation"), 2, id="validation", answers=("R21",))]
    if record is None:
        blocks.append(Paragraph(say("No record of a validation of the program was kept with these results.")))
    else:
        blocks += [Paragraph((*_said(record), " ", *_extent(record), " ", *_since(record))), _table(record), Paragraph(_left_out(record))]
    if checks := closing_chapters.checks(study):
        blocks += [Paragraph(say("{table} gives the identities that were asserted in this run itself.", table=Ref("tab-checks"))), *checks]
    return blocks


def _said(record: Mapping[str, Any]) -> Text:
    told = list(record["subjects"].values())
    figures, failed = sum(t["figures"] for t in told), sum(t["figures"] - t["passed"] for t in told)
    cases = sum(t["cases"] for t in told)
    outcome = (
        _("All of them agree within their tolerance.")
        if not failed
        else plural("{n} of them DOES NOT AGREE.", "{n} of them DO NOT AGREE.", failed, n=numbers.count(failed))
    )
    return say(
        "On {day} the program was held against figures that others have published, closed forms, identities and second programs: {figures} figures "
        "of {cases} cases. {outcome} {table} gives for each subject the figure that came nearest to its tolerance.",
        day=numbers.day(record["head"]["date"]),
        figures=numbers.count(figures),
        cases=numbers.count(cases),
        outcome=outcome,
        table=Ref("tab-validation"),
    )


def _extent(record: Mapping[str, Any]) -> Text:
    """Whether the run was a quick or a full one, and how much it took; records of old say the former only."""
    full, sizes = extent_of(record["head"])
    kind = (
        say("The run was a full one, over all corridors.")
        if full
        else say("The run was a QUICK one: it took fewer corridors, fewer simulated persons and fewer workbooks than a full one.")
    )
    if len(sizes) < 3:
        return kind
    counts = say(
        "Corridors projected: {corridors}; persons simulated one by one: {persons}; workbooks recomputed: {workbooks}.",
        **{name: numbers.decimal(n, 0) for name, n in sizes.items()},
    )
    return (*kind, " ", *counts)


def _since(record: Mapping[str, Any]) -> Text:
    then, now = record["head"]["code"], record["code"]
    if then == now:
        return say("The code that computes has not changed since ({code}).", code=_short(now))
    return say(
        "The code that computes HAS CHANGED since: validated was {then}, this run uses {now}; what is said here holds for the former.",
        then=_short(then),
        now=_short(now),
    )


def _short(digest: str) -> str:
    return closing_chapters.grouped(digest[:_SHOWN])


def _table(record: Mapping[str, Any]) -> Table:
    told = record["subjects"]
    rows = tuple(_row(_(title), told[name]) for name, title in SUBJECTS.items() if name in told)
    columns = (
        left(_("What is compared"), 4),
        *right(_("Cases"), _("Figures"), _("Agree"), _("Difference"), _("Allowed")),
    )
    source = _("record of the validation, docs/validation.csv, with sources")
    title = phrase("Validation of the program on {day}: the figure of each subject nearest to its tolerance", day=numbers.day(record["head"]["date"]))
    return Table("tab-validation", title, columns, rows, source, dense=True)


def _row(subject: str, told: Mapping[str, Any]) -> Row:
    nearest = told.get("nearest")
    if nearest is None:
        return Row((subject, "", "", _("not run"), "", ""))
    cells = _sizes(nearest["difference"], nearest["tolerance"], nearest["measure"])
    return Row((subject, *(numbers.count(told[name]) for name in ("cases", "figures", "passed")), *cells))


def _sizes(difference: float | None, tolerance: float, measure: str) -> tuple[str, str]:
    """A difference and its tolerance, with as many digits as it takes not to read as equal when they are not."""
    told = _size(difference, measure), _size(tolerance, measure)
    for more in range(1, _MORE + 1):
        if difference == tolerance or told[0] != told[1]:
            break
        told = _size(difference, measure, more), _size(tolerance, measure, more)
    return told


def _size(value: float | None, measure: str, more: int = 0) -> str:
    """A difference or tolerance: relative ones in per cent, counts with a noun, very small ones as a power of ten; ``more`` digits than usual."""
    if value is None:
        return _("no figure")
    if measure == "groups":
        return plural("{n} group", "{n} groups", value, n=numbers.decimal(value, 0))
    if measure == "files":
        return plural("{n} file", "{n} files", value, n=numbers.decimal(value, 0))
    if value == 0.0:
        return "0"
    if measure == "standard errors":
        return phrase("{n} standard errors", n=numbers.decimal(value, 1 + more))
    if value < _TINY:
        return closing_chapters.power(value, 2 + more)
    return numbers.rate(value, 2 + more) if measure == "relative" else numbers.decimal(value, (4 if value < 1.0 else 0) + more)


def _left_out(record: Mapping[str, Any]) -> Text:
    said = say(
        "A difference in per cent is relative; one without a unit is in that of the figure compared. Amounts of worked cases agree to the cent, "
        "figures of tables to their last printed digit. Not validated, because nothing is published to hold them against: flows of people, how many "
        "of them are insured, and how many will claim. "
        "Pensions of survivors and invalids are not simulated person by person. No people independent of the authors have validated the program."
    )
    missing = sum(told["not_run"] for told in record["subjects"].values())
    if not missing:
        return said
    not_run = plural(
        "{n} check could not be run on the machine that made the record.",
        "{n} checks could not be run on the machine that made the record.",
        missing,
        n=numbers.count(missing),
    )
    return (*said, " ", not_run)
