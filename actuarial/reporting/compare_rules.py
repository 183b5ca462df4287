"""What differs between the instruments and between the scenarios of a comparison, as tables, and where the differing provisions come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from actuarial.reporting.blocks import Block, Bullets, Heading, Paragraph, Ref, Row, Strong, Table, say
from actuarial.reporting.compare_set import Comparison
from actuarial.reporting.language import _, data_text, in_context, phrase
from actuarial.reporting.numbers import DASH
from actuarial.reporting.rule_words import instrument_lines, scenario_lines
from actuarial.reporting.tables import left
from actuarial.reporting.words import confidence

Lines = Callable[[Mapping[str, Any]], dict[str, tuple[str, str]]]
ACROSS: Final = 4
"""Instruments or scenarios side by side in one table."""


def differing(items: Sequence[Mapping[str, Any]], lines: Lines) -> dict[str, tuple[str, list[str | None]]]:
    """Parameters in which the items differ: name in words and the value of each item, ``None`` where it has no such parameter."""
    written = [lines(item) for item in items]
    names = list(dict.fromkeys(at for one in written for at in one))
    found = {}
    for at in names:
        values = [one[at][1] if at in one else None for one in written]
        if len(set(values)) > 1:
            title = next(one[at][0] for one in written if at in one)
            found[at] = (title, values)
    return found


def rules(comparison: Comparison) -> list[Block]:
    """The chapter that says in what scenarios and instruments differ."""
    return [Heading(_("What differs")), *_instruments(comparison), *_scenarios(comparison)]


def _instruments(comparison: Comparison) -> list[Block]:
    instruments = comparison.instruments
    blocks: list[Block] = [
        Heading(in_context("chapter", "Instruments"), 2),
        Bullets(tuple(say("{name}: {note}", name=Strong(name), note=data_text(str(i["note"]))) for name, i in instruments.items())),
    ]
    if len(instruments) == 1:
        return [*blocks, Paragraph(say("All combinations have the same instrument, so no provision differs."))]
    found = differing(list(instruments.values()), instrument_lines)
    if not found:
        return [*blocks, Paragraph(say("The instruments have other names, but no provision differs."))]
    tables = _chunks("tab-provisions", _("Provisions in which the instruments differ"), _("Provision"), list(instruments), found)
    origin = _origins(comparison, list(found))
    text = say("{table} shows only what differs; every other provision is the same in all of them.", table=Ref(tables[0].id))
    return [*blocks, Paragraph(text), *tables, *origin]


def _origins(comparison: Comparison, names: Sequence[str]) -> list[Block]:
    """Source, confidence and reason of what each instrument says on the differing provisions, where it has an own figure."""
    rows = []
    for name, instrument in comparison.instruments.items():
        lines, figures = instrument_lines(instrument), instrument["figures"]
        said = []
        for at in names:
            figure = next((figures[n] for n in (at, at.rpartition(".")[0], "scope.branches", "take_up") if n in figures and at.startswith(n)), None)
            if at not in lines or figure is None or (figure["source"], figure["reason"]) in said:
                continue
            said.append((figure["source"], figure["reason"]))
            cells = (lines[at][0], str(figure["source"]), confidence(str(figure["confidence"])), data_text(str(figure["reason"])) or DASH)
            rows.append((name, Row(cells)))
    grouped: list[Row] = []
    for i, (name, row) in enumerate(rows):
        if i == 0 or rows[i - 1][0] != name:
            grouped.append(Row((name,), "section"))
        grouped.append(row)
    if not grouped:
        return []
    columns = (left(_("Provision"), 2), left(_("Source"), 2), left(_("Confidence"), 1), left(_("Reason"), 4))
    source = _("files of the instruments; sources as written there")
    return [Table("tab-provision-sources", _("Where the differing provisions come from"), columns, tuple(grouped), source, dense=True)]


def _scenarios(comparison: Comparison) -> list[Block]:
    scenarios = comparison.scenarios
    described = tuple(
        say("{name}, {title}: {description}", name=Strong(n), title=data_text(str(s["title"])), description=data_text(str(s["description"])))
        for n, s in scenarios.items()
    )
    blocks: list[Block] = [Heading(in_context("chapter", "Scenarios"), 2), Bullets(described)]
    if len(scenarios) == 1:
        return [*blocks, Paragraph(say("All combinations have the same scenario, so no lever differs."))]
    found = differing(list(scenarios.values()), scenario_lines)
    if not found:
        return [*blocks, Paragraph(say("The scenarios have other names, but no lever differs."))]
    return [*blocks, *_chunks("tab-levers", _("Levers in which the scenarios differ"), _("Lever"), list(scenarios), found)]


def _chunks(table_id: str, caption: str, head: str, names: Sequence[str], found: Mapping[str, tuple[str, list[str | None]]]) -> list[Table]:
    """One table, or several when there are many names to set side by side."""
    tables = []
    for start in range(0, len(names), ACROSS):
        part = slice(start, start + ACROSS)
        rows = tuple(Row((title, *(v if v is not None else _("not in it") for v in values[part]))) for title, values in found.values())
        columns = (left(head, 2.2), *(left(name, 1.6) for name in names[part]))
        more = len(names) > ACROSS
        text = phrase("{caption} (part {n})", caption=caption, n=str(start // ACROSS + 1)) if more else caption
        source = _("files of scenarios and instruments as this run read them")
        tables.append(Table(table_id if start == 0 else f"{table_id}-{start // ACROSS + 1}", text, columns, rows, source, dense=True))
    return tables
