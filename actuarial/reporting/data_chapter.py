"""The chapter on data: sources, what stands in the place of member records, tests, imputation, assets, migration, and what the data are fit for."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import frames, naming, numbers, words
from actuarial.reporting.blocks import Block, Bullets, Column, Heading, Paragraph, Ref, Row, Span, Strong, Table, Text, say
from actuarial.reporting.language import _, marked, phrase
from actuarial.reporting.register_words import period, source_words
from actuarial.reporting.tables import cell, left

OWN: Final = "own "
"""How the register begins a source that is none: a judgement of this study."""
GROUPS: Final = (
    ("data/schemes/", marked("Law and statistics of the scheme")),
    ("scenarios/", marked("Instrument")),
    ("data/migration/", marked("Migration")),
    ("data/labour/", marked("Labour, careers, families, branches")),
    ("data/economy/", marked("Economy")),
    ("data/", marked("Other tables")),
)
"""Kinds of inputs by the folder of their file; the first that fits holds."""


def data(study: StudyResult, scheme: SchemeResult) -> list[Block]:
    """The chapter of one country, up to the calibration, which stands beside it."""
    return [
        Heading(_("Data"), id="data", answers=("R09",)),
        Paragraph(received([scheme])),
        *records("calibration"),
        *_imputed(scheme),
        *_assets(scheme),
        *_migration(study, scheme),
        *fitness(),
    ]


def received(registers: list[SchemeResult]) -> Text:
    """Where the sources stand, and that nothing was received from an institution."""
    if all(s.assumptions.empty for s in registers):
        return say("The study lists no sources; nothing was received from an institution.")
    return say(
        "{sources} lists what was read, with the year of each source; nothing was received from an institution, so there are no dates of receipt.",
        sources=Ref("sources"),
    )


def records(compared: str) -> list[Block]:
    """What stands in the place of member records and their tests; ``compared`` is the section that sets totals beside the model."""
    return [
        Heading(_("Members' records and tests"), 2, id="records", answers=("R10", "R11")),
        Paragraph(
            say(
                "No record of a member, a pensioner or an employer was used. There is therefore no reconciliation from register to model by person "
                "or by "
                "sex, and there are no error rates of records (duplicates, missing dates of birth, heaped ages, negative service). What stands in "
                "their "
                "place: published totals are brought to the base year and compared with the model ({calibration}), and identities are asserted in "
                "every "
                "run ({checks}). A scheme that gives its register can replace the totals through the input workbook.",
                calibration=Ref(compared),
                checks=Ref("validation"),
            )
        ),
    ]


def _imputed(scheme: SchemeResult) -> list[Block]:
    heading = Heading(_("Imputation"), 2, id="imputation", answers=("R12",))
    if scheme.assumptions.empty:
        return [heading, Paragraph(say("The study lists no inputs of its own for {country}.", country=naming.country(scheme)))]
    read = frames.used(scheme.assumptions)
    groups = read["file"].astype(str).map(lambda f: next(title for beginning, title in GROUPS if f.startswith(beginning)))
    rows = []
    for title in dict.fromkeys(title for _beginning, title in GROUPS):
        part = read[groups == title]
        if len(part):
            rows.append(_imputed_row(_(title), part))
    rows.append(_imputed_row(_("All inputs"), read, "total"))
    columns = (left(_("Kind of input"), 2.5), *(Column(h, weight=1) for h in (_("Inputs read"), _("Assumed or recalled"), _("Share"))))
    caption = _("Inputs that had to be imputed, by kind")
    return [
        heading,
        Paragraph(say("Where no figure was found one was chosen, and its reason stands beside it; no value is filled in silently.")),
        Table("tab-imputed", caption, columns, tuple(rows), _("assumption register of this study")),
    ]


def _imputed_row(title: str, part: pd.DataFrame, kind: str = "body") -> Row:
    unsure = int(part["confidence"].isin(frames.UNSURE).sum())
    return Row((title, numbers.count(len(part)), numbers.count(unsure), numbers.rate(unsure / len(part), 0)), kind)  # type: ignore[arg-type]


def _assets(scheme: SchemeResult) -> list[Block]:
    heading = Heading(_("Assets"), 2, id="assets", answers=("R13",))
    rows = scheme.calibration[scheme.calibration["item"] == "reserve"] if len(scheme.calibration) else scheme.calibration
    if rows.empty:
        return [heading, Paragraph(say("No scheme of {country} holds a reserve in this study.", country=naming.country(scheme)))]
    row = rows.iloc[0]
    published, used = (numbers.money(frames.number(row[c]), scheme.currency) for c in ("published", "modelled"))
    when, source = cell(row["date"]), source_words(cell(row["source"]))
    figures: dict[str, Span] = {
        "published": published,
        "used": Strong(used),
        "source": source,
        "confidence": words.confidence(str(row["confidence"])),
    }
    read = (
        say("The reserve was read as {published} ({date}; {source}); {used} opens the projection ({confidence}).", date=period(when), **figures)
        if when
        else say("The reserve was read as {published} ({source}); {used} opens the projection ({confidence}).", **figures)
    )
    return [
        heading,
        Paragraph(
            naming.together(
                read,
                say(
                    "No audited statement of assets was at hand for this study. The reserve is taken as one fund that earns the assumed return; "
                    "contributions "
                    "owed and not paid stand outside it, and no arrears are collected later."
                ),
            )
        ),
    ]


def _migration(study: StudyResult, scheme: SchemeResult) -> list[Block]:
    heading = Heading(_("Migration data"), 2, id="migration-data", answers=("R14",))
    table = frames.corridors(scheme)
    if table.empty:
        return [heading, Paragraph(say("The study models no corridor of {country}.", country=naming.country(scheme)))]
    names = naming.names_of(study)
    rows = []
    for r in table.to_dict("records"):
        origin, host = str(r["origin"]), str(r["host"])
        movers, covered = frames.number(r["movers_2026"]), frames.number(r["covered_2026"])
        cells = (
            f"{names.get(origin, origin)} → {names.get(host, host)}",
            migration_input(scheme, origin, host, "share of labour movers in the migrant stock"),
            migration_input(scheme, origin, host, "mean stay abroad"),
            numbers.count(movers),
            numbers.count(frames.number(r["flow_2026"])),
            numbers.rate(covered / movers, 0) if movers > 0 else numbers.DASH,
            words.confidence(str(r["confidence"])),
        )
        rows.append(Row(cells))
    heads = (_("Labour movers in the stock"), _("Mean stay, years"), _("Movers 2026"), _("Leaving in 2026"), _("In covered work"))
    columns = (left(_("Corridor"), 2.4), *(Column(h, weight=1) for h in heads), left(_("Confidence"), 1))
    return [heading, Paragraph(migration_text()), Table(
        "tab-migration", _("Corridors: migration inputs and what follows from them"), columns, tuple(rows),
        _("UN International Migrant Stock 2024; assumption register of this study; this model"), dense=True,
    )]  # fmt: skip


def migration_text() -> Text:
    """Source, definition, coverage and adjustments of the migration figures."""
    return say(
        "Stocks of migrants by origin and host come from the United Nations, who count the foreign-born, or foreigners where a census asks for "
        "citizenship, "
        "at censuses of different years. From them the share of labour movers is taken out (refugees, students and families are not insured); "
        "flows follow "
        "from how stocks change and how long people stay, and sum to zero over the region. Registers of schemes and of work permits were not at "
        "hand. "
        "Irregular and seasonal moves are missed."
    )


def migration_input(scheme: SchemeResult, origin: str, host: str, what: str) -> str:
    """A migration input of a corridor as the register has it, a dash where it has none."""
    chosen = scheme.assumptions.loc[scheme.assumptions["name"] == f"migration {origin}-{host}: {what}", "value"]
    if chosen.empty:
        return numbers.DASH
    value = frames.number(chosen.iloc[0])
    if not math.isfinite(value):
        return numbers.DASH
    return numbers.rate(value, 0) if what.startswith("share") else numbers.exact(value)


def fitness() -> list[Block]:
    """What the data are fit for."""
    return [
        Heading(_("What the data are fit for"), 2, id="fitness", answers=("R15",)),
        Bullets(
            (
                say(
                    "{head} to compare the same people with and without the instrument, to name the order of magnitude of its cost, and to see "
                    "which clauses "
                    "and which unknowns matter.",
                    head=Strong(_("Fit:")),
                ),
                say(
                    "{head} to value a scheme, to set a contribution rate or an assessment between states, or to tell what one corridor costs to "
                    "the last "
                    "digit; for these the registers of the schemes are needed.",
                    head=Strong(_("Not fit:")),
                ),
            )
        ),
    ]


def sources(registers: list[SchemeResult]) -> list[Block]:
    """Annex: every source that was read, with its years and how many inputs rest on it; nothing where none is listed."""
    tables = [s.assumptions for s in registers if len(s.assumptions)]
    if not tables:
        return []
    everything = pd.concat(tables, ignore_index=True).drop_duplicates(["file", "name"])
    read = everything[~everything["source"].astype(str).str.startswith(OWN)]
    rows = []
    for source, part in sorted(read.groupby("source"), key=lambda item: (-len(item[1]), str(item[0]))):
        years = sorted({int(y) for y in pd.to_numeric(part["year"], errors="coerce").dropna()})
        span = numbers.DASH if not years else str(years[0]) if years[0] == years[-1] else f"{years[0]}{numbers.DASH}{years[-1]}"
        worst = words.confidence(frames.worst_confidence(part["confidence"]))
        rows.append(Row((str(source), span, numbers.count(len(part)), worst)))
    own = len(everything) - len(read)
    columns = (left(_("Source"), 5), left(_("Years"), 1), Column(_("Inputs"), weight=0.8), left(_("Least sure mark"), 1))
    caption = phrase("Sources read; {own} inputs more rest on judgements of this study", own=numbers.count(own))
    return [
        Heading(_("Annex: sources"), id="sources", answers=("R09",)),
        Table("tab-sources", caption, columns, tuple(rows), _("assumption register of this study"), dense=True),
    ]
