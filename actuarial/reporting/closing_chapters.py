"""Last chapters of every report: calibration, assumptions, checks and identity of the run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import assumptions, cautions, corridor_tables, frames, naming, numbers, tables
from actuarial.reporting.blocks import Block, Column, Heading, Paragraph, Ref, Row, Table, say
from actuarial.reporting.language import _, data_text
from actuarial.reporting.tables import MODEL

if TYPE_CHECKING:
    from actuarial.reporting.provenance import Provenance


def calibration(scheme: SchemeResult) -> list[Block]:
    """How the modelled base year compares with what is published."""
    blocks: list[Block] = [Heading(_("Calibration"), id="calibration", answers=("R10",))]
    if scheme.calibration.empty:
        blocks.append(Paragraph(say("There is no scheme to calibrate in {country}.", country=naming.country(scheme))))
        return blocks
    missed = cautions.on_calibration(scheme)
    blocks += [
        Paragraph(
            naming.together(
                say(
                    "{table} compares the modelled base year with published figures, brought to the base year where they "
                    "are older. The factor is what calibration "
                    "set to bring the two together; the note says which quantity it is. No projected value is set by hand. A "
                    "figure marked assumed or derived rests on a judgement, whatever was read for it. A star marks a ratio "
                    "outside {low}–{high}.",
                    table=Ref("tab-calibration"),
                    low=numbers.decimal(cautions.TOLERATED[0], 2),
                    high=numbers.decimal(cautions.TOLERATED[1], 2),
                ),
                (missed,) if missed else (),
            )
        ),
        corridor_tables.calibration(scheme),
    ]
    return blocks


def inputs(scheme: SchemeResult) -> list[Block]:
    """How many inputs carry each evidence mark."""
    blocks: list[Block] = [Heading(_("Inputs by evidence mark"), 2, id="inputs", answers=("R16",))]
    if scheme.assumptions.empty:
        blocks.append(Paragraph(say("The study lists no inputs of its own for {country}.", country=naming.country(scheme))))
        return blocks
    blocks += [
        Paragraph(
            say(
                "{table} counts the inputs by how sure they are; figures that are kept on file but that the projection does "
                "not read are counted apart. The count gives every input the same weight; what "
                "weighs most in this kind of study is the number "
                "of movers, their covered share, and how many claim. Every input stands in the annex, with its source and reason.",
                table=Ref("tab-confidence"),
            )
        ),
        assumptions.by_confidence(scheme),
    ]
    return blocks


def register(scheme: SchemeResult) -> list[Block]:
    """Annex: every input with its source and reason; nothing when the study lists none."""
    if scheme.assumptions.empty:
        return []
    read = frames.used(scheme.assumptions)
    marks = set(read["confidence"])
    blocks: list[Block] = [Heading(_("Annex: register of inputs"), id="register", answers=("R16",))]
    if marks & set(frames.UNSURE):
        blocks += [Heading(_("Assumed and recalled"), 2), assumptions.unsure(scheme)]
    if marks - set(frames.UNSURE):
        blocks += [Heading(_("Verified, partial and derived"), 2), assumptions.sure(scheme)]
    if len(read) < len(scheme.assumptions):
        blocks += [Heading(_("On file, not read by the projection"), 2), assumptions.on_file(scheme)]
    return blocks


def checks(study: StudyResult) -> list[Block]:
    """Identities that the engine asserted in this run; nothing when the study holds none."""
    rows = []
    for r in study.checks.to_dict("records"):
        passed = str(r["passed"]).lower() in ("true", "1", "1.0")
        result = _("met") if passed else _("NOT MET")
        rows.append(Row((data_text(str(r["name"])), power(frames.number(r["value"]), 2), power(frames.number(r["tolerance"]), 1), result)))
    if not rows:
        return []
    columns = (
        tables.left(_("Check"), 4),
        *(Column(h, weight=1) for h in (_("Value"), _("Tolerance"))),
        tables.left(_("Result"), 1),
    )
    return [Table("tab-checks", _("Identities asserted by the engine in this run"), columns, tuple(rows), _(MODEL))]


def power(value: float, significant: int) -> str:
    """A very small number as digits times a power of ten.

    >>> power(1.7214e-15, 2), power(1e-9, 1), power(0.0, 2)
    ('1.7e−15', '1e−9', '0')
    """
    if value == 0:
        return "0"
    digits, exponent = f"{value:.{significant - 1}e}".split("e")
    return f"{numbers.decimal(float(digits), significant - 1)}e{numbers.decimal(int(exponent), 0)}"


def grouped(digest: str) -> str:
    """A hash in groups of eight digits, so that it may break over lines.

    >>> grouped("0123456789abcdef")
    '01234567 89abcdef'
    """
    return " ".join(digest[i : i + 8] for i in range(0, len(digest), 8))


def identity(study: StudyResult, made_from: Provenance | None) -> list[Block]:
    """What identifies this run: version, commit, inputs; without a record of a run, what the study says of itself."""
    code = json.loads(made_from.record)["code"] if made_from is not None else {}
    commit = str(code["commit"]) if code.get("commit") else _("not known: the tables were not made by a run from the program's repository")
    changed = _("not known") if code.get("modified") is None else _("yes") if code["modified"] else _("no")
    hashed = grouped(made_from.identity) if made_from is not None else _("stands in manifest.json of a finished run")
    rows = (
        Row((_("Version of the program"), f"actuarial {study.meta['package_version']}")),
        Row((_("Commit of its repository (git)"), commit)),
        Row((_("Files changed since that commit"), changed)),
        Row((_("Hash of the inputs (SHA-256)"), hashed)),
        Row((_("Scenario"), f"{naming.fact(study, 'scenario_title')} ({study.meta['scenario']})")),
        Row((_("Instrument"), f"{naming.fact(study, 'instrument_title')} ({study.meta['instrument']})")),
        Row((_("Command that traces a figure to its inputs, for example"), f"actuarial trace {next(iter(study.schemes))} payg_cost_rate 2050")),
    )
    columns = (tables.left(_("Fact"), 2), tables.left(_("Value"), 3))
    blocks: list[Block] = [
        Heading(_("Identity of this run"), 2, id="identity", answers=("R20",)),
        Paragraph(
            say(
                "{table} says what made this report. The whole list of inputs, their hashes and the hashes of all outputs stand in manifest.json "
                "beside it; the same inputs and the same commit give the same figures.",
                table=Ref("tab-identity"),
            )
        ),
        Table("tab-identity", _("What identifies this run"), columns, rows, _("record of this run")),
    ]
    hashes = tuple(Row((str(path), str(digest)[:16])) for path, digest in sorted(study.meta.get("inputs", {}).items()))
    if hashes:
        columns = (tables.left(_("File"), 3), tables.left(_("SHA-256, first 16 digits"), 2))
        blocks.append(Table("tab-inputs", _("Input files"), columns, hashes, _("manifest of this run"), dense=True))
    return blocks
