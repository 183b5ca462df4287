"""Last chapters of every report: calibration, assumptions, limits, checks and identity of the run."""

from __future__ import annotations

from typing import Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import assumptions, cautions, corridor_tables, frames, numbers, tables
from actuarial.reporting.blocks import Block, Bullets, Column, Heading, Paragraph, Ref, Row, Strong, Table, say
from actuarial.reporting.tables import MODEL

LIMITS: Final = (
    ("Instrument", "the text is not public; a different clause gives a different figure."),
    (
        "Branches",
        "old-age, invalidity and survivors' pensions, lump sums, refunds and accounts of the national scheme are projected. The "
        "branches beside pensions have an account each and stand outside reserve, cost rate and premium; those that are not "
        "computed are listed with the reason. Occupational schemes and those of civil servants are left out.",
    ),
    (
        "Types of pension",
        "published figures do not tell invalids from survivors, so all such pensions in payment at the valuation date are "
        "booked as survivors', at an assumed share; invalidity pensions are those awarded from then on.",
    ),
    (
        "Claims",
        "a pension opened by adding periods is claimed at its award or never. Payment abroad of a pension on own periods may be "
        "claimed in any later year, so pensions suspended before entry into force are paid again, without arrears.",
    ),
    (
        "Residence",
        "pensions follow people who return or move again after the award, within their corridor; survivors stay where they are.",
    ),
    (
        "Posting",
        "posted workers keep contributing at home, and their rights still arise where they work: the contributions that move are "
        "upper bounds.",
    ),
    (
        "Migration",
        "stocks of migrants come from censuses of different years; flows are inferred from stocks. Irregular and short moves "
        "are missed. Covered work of movers is assumed where nothing is published; emigrants take the average cover of their "
        "home country with them. The stock of 1990, from which the accounts start, has no service in the host country.",
    ),
    (
        "Careers",
        "each mover has one partner state; people with careers in three states are counted in the corridor they are in. A check "
        "with simulated persons measures what that misses.",
    ),
    (
        "Earnings",
        "the earnings of people who left a scheme are revalued by prices up to award, which is an assumption where the law is silent.",
    ),
    (
        "Indexation",
        "where pensions are raised by less than inflation they lose their worth, fast in states of high inflation: small "
        "amounts late in payment, and low cost rates, are a result of that.",
    ),
    ("Equality of treatment", "has no effect in the model where national law already covers everybody alike."),
    ("Past periods", "always count, however long ago they were completed and however badly they are recorded."),
    (
        "Behaviour",
        "people do not change where they work or whether they register because the instrument exists. A better right may "
        "bring more contributors; that response is left to scenarios.",
    ),
    (
        "Levels",
        "this is a study of differences. Its cost rates, premiums and reserves are no valuation of any scheme, and published "
        "valuations may say otherwise.",
    ),
    (
        "Uncertainty",
        "one path of population, wages, prices and returns per scenario. The report gives no probability; compare scenarios "
        "to see how far results move.",
    ),
)
"""What the figures cannot say: subject and sentence."""


def calibration(scheme: SchemeResult) -> list[Block]:
    """How the modelled base year compares with what is published."""
    blocks: list[Block] = [Heading("Calibration")]
    if scheme.calibration.empty:
        blocks.append(Paragraph(say("There is no scheme to calibrate in {country}.", country=scheme.country_name)))
        return blocks
    blocks += [
        Paragraph(
            say(
                "{table} compares the modelled base year with published figures, brought to the base year where they "
                "are older. The factor is what calibration "
                "set to bring the two together; the note says which quantity it is. No projected value is set by hand. A "
                "figure marked assumed or derived rests on a judgement, whatever was read for it. A star marks a ratio "
                "outside {low}–{high}. {missed}",
                table=Ref("tab-calibration"),
                low=numbers.decimal(cautions.TOLERATED[0], 2),
                high=numbers.decimal(cautions.TOLERATED[1], 2),
                missed=cautions.on_calibration(scheme),
            )
        ),
        corridor_tables.calibration(scheme),
    ]
    return blocks


def inputs(scheme: SchemeResult) -> list[Block]:
    """Assumptions, sources and confidence."""
    blocks: list[Block] = [Heading("Assumptions and sources")]
    if scheme.assumptions.empty:
        blocks.append(Paragraph(say("The study lists no inputs of its own for {country}.", country=scheme.country_name)))
        return blocks
    read = frames.used(scheme.assumptions)
    marks = set(read["confidence"])
    blocks += [
        Paragraph(
            say(
                "{table} counts the inputs by how sure they are; figures that are kept on file but that the projection does "
                "not read are counted apart. The count gives every input the same weight; what "
                "weighs most in this kind of study is the number "
                "of movers, their covered share, and how many claim.",
                table=Ref("tab-confidence"),
            )
        ),
        assumptions.by_confidence(scheme),
    ]
    if marks & set(frames.UNSURE):
        blocks += [Heading("Assumed and recalled", 2), assumptions.unsure(scheme)]
    if marks - set(frames.UNSURE):
        blocks += [Heading("Verified, partial and derived", 2), assumptions.sure(scheme)]
    if len(read) < len(scheme.assumptions):
        blocks += [Heading("On file, not read by the projection", 2), assumptions.on_file(scheme)]
    return blocks


def limits(study: StudyResult) -> list[Block]:
    """What the figures cannot say, the checks of this run, and its identity."""
    return [Heading("Limits"), Bullets(tuple(say("{head} " + text, head=Strong(f"{head}:")) for head, text in LIMITS)), *identity(study)]


def identity(study: StudyResult) -> list[Block]:
    """Checks the engine made in this run, and what identifies it."""
    checks = []
    for r in study.checks.to_dict("records"):
        passed = str(r["passed"]).lower() in ("true", "1", "1.0")
        checks.append(
            Row(
                (
                    str(r["name"]),
                    f"{float(r['value']):.2g}".replace("-", numbers.MINUS),
                    f"{float(r['tolerance']):.0e}".replace("-", numbers.MINUS),
                    "met" if passed else "NOT MET",
                )
            )
        )
    hashes = tuple(Row((str(path), str(digest)[:16])) for path, digest in sorted(study.meta.get("inputs", {}).items()))
    blocks: list[Block] = [Heading("Checks and identity of this run")]
    if checks:
        columns = (
            tables.left("Check", 4),
            *(Column(h, weight=1) for h in ("Value", "Tolerance")),
            tables.left("Result", 1),
        )
        blocks.append(Table("tab-checks", "Identities asserted by the engine in this run", columns, tuple(checks), MODEL))
    blocks.append(
        Paragraph(
            say(
                "Computed by the package actuarial, version {version}, scenario {scenario}, instrument {instrument}. "
                "The whole list of inputs, their hashes and the "
                "hashes of all outputs stand in manifest.json beside this report.",
                version=str(study.meta["package_version"]),
                scenario=str(study.meta["scenario"]),
                instrument=str(study.meta["instrument"]),
            )
        )
    )
    if hashes:
        columns = (tables.left("File", 3), tables.left("SHA-256, first 16 digits", 2))
        blocks.append(Table("tab-inputs", "Input files", columns, hashes, "manifest of this run", dense=True))
    return blocks
