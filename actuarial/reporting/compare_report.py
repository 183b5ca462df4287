"""The comparison report: scenarios and instruments side by side, scheme by scheme."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from actuarial.reporting import compare_charts, numbers
from actuarial.reporting.blocks import Block, Bullets, Contents, Heading, Meta, PageBreak, Paragraph, Ref, Report, Row, Table, say
from actuarial.reporting.compare_brief import in_brief
from actuarial.reporting.compare_figures import Checked, Figures, Parts, checks, figures, parts_of
from actuarial.reporting.compare_rules import rules
from actuarial.reporting.compare_set import Comparison, short
from actuarial.reporting.compare_tables import best_instruments, matrices, of_country, parts_of_country
from actuarial.reporting.language import _, data_text, marked, phrase
from actuarial.reporting.pictures import picture
from actuarial.reporting.tables import left

STATUS: Final = marked(
    "Computed by software and signed by nobody. Before it is used, an actuary must check data, assumptions and method, and sign. "
    "Nothing in it is legal advice on the instrument."
)
LIMITS: Final = (
    marked(
        "The texts compared are assumptions. No instrument has been published; a difference between two of them is the price of the provisions that "
        "differ here, not of two drafts on a table."
    ),
    marked(
        "Every combination is a whole projection with the same data and the same people at the valuation date. What no scenario changes is wrong "
        "in the same way in all of them, so differences are surer than levels."
    ),
    marked(
        "A saving of a scheme is often what its members lose: a refund that is no longer paid, or a pension that is smaller. The cheapest "
        "combination is not the best one by that alone."
    ),
    marked(
        "The net cost is that of pensions and administration. What instruments do to branches beside pensions stands in a row of its own, and only "
        "where the law gives rules that can be computed."
    ),
    marked("Behaviour does not respond to the instrument. That people move more because rights move with them is a scenario, chosen by the reader."),
    marked(
        "How sure each combination is does not stand here: the commands for sensitivities and random paths answer that for one combination at a time."
    ),
)


def comparison_report(comparison: Comparison, countries: Collection[str] = ()) -> Report:
    """The report in the active language; ``countries`` limits the country sections (default: all that have a scheme with figures).

    Raises ``KeyError`` for a country the studies do not hold or a table that lacks a value the report needs.
    """
    table, parts, made = figures(comparison), parts_of(comparison), checks(comparison)
    region = data_text(str(comparison.base.study.meta["region_name"]))
    return Report(
        title=phrase("{region}: scenarios and instruments compared", region=region),
        meta=_meta(comparison, region),
        blocks=(
            *in_brief(comparison, table, parts, made),
            PageBreak(),
            Contents(),
            PageBreak(),
            *_combinations(comparison),
            *_side_by_side(comparison, table, parts),
            *rules(comparison),
            *_countries(comparison, table, parts, countries),
            *_closing(comparison, made),
        ),
    )


def _meta(comparison: Comparison, region: str) -> Meta:
    meta = comparison.base.study.meta
    facts = (
        (_("Scenarios"), ", ".join(data_text(str(s["title"])) for s in comparison.scenarios.values())),
        (_("Instruments"), "; ".join(data_text(str(i["title"])) for i in comparison.instruments.values())),
        (_("Valuation date"), numbers.day(str(meta["valuation_date"]))),
        (_("Horizon"), phrase("{first} to {last}", first=str(meta["first_year"]), last=str(meta["last_year"]))),
        (_("Software"), f"actuarial {meta['package_version']}"),
    )
    return Meta(
        subtitle=_("What each combination costs, who gains, and why they differ"),
        running_head=phrase("{region} · comparison", region=region),
        facts=facts,
        date=str(meta["valuation_date"]),
        status=_(STATUS),
    )


def _combinations(comparison: Comparison) -> list[Block]:
    rows = tuple(
        Row(
            (
                c.letter,
                data_text(str(c.scenario["title"])),
                c.scenario_name,
                data_text(str(c.instrument["title"])),
                c.instrument_name,
                numbers.year(float(c.instrument["entry_into_force"])),
            )
        )
        for c in comparison.combinations
    )
    columns = (
        left(_("Letter"), 0.7), left(_("Scenario"), 1.4), left(_("Name of the file"), 1.3), left(_("Instrument"), 3),
        left(_("Name of the folder"), 1.5), left(_("In force from"), 1),
    )  # fmt: skip
    text = say(
        "Each line of {table} is a study of its own: the same data, projected once without and once with the instrument. All figures are with minus "
        "without. {base} is the base that others are held against.",
        table=Ref("tab-combinations"),
        base=short(comparison.base),
    )
    source = _("scenarios and instruments as this run read them")
    return [
        Heading(_("What is compared")),
        Paragraph(text),
        Table("tab-combinations", _("The combinations"), columns, rows, source),
    ]


def _side_by_side(comparison: Comparison, table: Figures, parts: Parts) -> list[Block]:
    tables = matrices(comparison, table)
    blocks: list[Block] = [
        Heading(_("Schemes side by side")),
        Paragraph(
            say(
                "{table} has a row for every state and a column for every combination. Present values are over the whole horizon at the return "
                "on each scheme's reserve, in US dollars at the exchange rate of the valuation date. A dash means that the figure has no meaning "
                "there: accounts put payments off and owe no pension by formula, so that only administration is added.",
                table=Ref(tables[0].id),
            )
        ),
        *tables,
    ]
    best = best_instruments(comparison, table, parts, compare_charts.pension_schemes(comparison))
    blocks += [best] if best is not None else []
    source = _("this model, all combinations")
    if (drawing := compare_charts.net_cost(comparison, table)) is not None:
        shows = _("One panel of bars for each scheme, one bar for each combination.")
        blocks.append(picture("fig-net-cost", drawing, _("Net cost by combination"), shows, source))
    lines = _("One panel of lines for each scheme, one line for each combination; colour tells the instrument, dash the scenario.")
    if (drawing := compare_charts.cost_rate_changes(comparison)) is not None:
        blocks.append(picture("fig-cost-rate", drawing, _("Change of the PAYG cost rate"), lines, source))
    if (drawing := compare_charts.extra_pensioners(comparison)) is not None:
        blocks.append(picture("fig-pensioners", drawing, _("Pensioners thanks to the instrument"), lines, source))
    return blocks


def _countries(comparison: Comparison, table: Figures, parts: Parts, countries: Collection[str]) -> list[Block]:
    schemes = comparison.base.study.schemes
    if missing := sorted(set(countries) - set(schemes)):
        raise KeyError(f"the studies hold no results for {', '.join(missing)}")
    blocks: list[Block] = [Heading(_("State by state"))]
    for code, scheme in schemes.items():
        if countries and code not in countries:
            continue
        blocks += [Heading(data_text(scheme.country_name), 2), of_country(comparison, table, code)]
        found = parts_of_country(comparison, parts, code)
        if found is None:
            blocks.append(
                Paragraph(say("No scheme of this state promises pensions by formula, so there is no net cost to divide into parts."))
            )
        else:
            blocks.append(found)
    return blocks


def _closing(comparison: Comparison, made: list[Checked]) -> list[Block]:
    by_letter = {c.letter: c for c in comparison.combinations}
    rows = tuple(
        Row(
            (
                c.letter,
                _(c.name),
                _size(c.deviation),
                _size(c.tolerance),
                _("holds") if c.holds else _("FAILS"),
            )
        )
        for c in made
    )
    head = (left(_("Letter"), 0.6), left(_("What must hold"), 4), *(left(h, 1.2) for h in (_("Deviation"), _("Allowed"))), left(_("In words"), 1))
    keys = tuple(Row((letter, c.study.meta["scenario"], c.study.meta["instrument"], c.key[:16])) for letter, c in by_letter.items())
    columns = (left(_("Letter"), 0.6), left(_("Scenario"), 1.5), left(_("Instrument"), 1.8), left(_("SHA-256 of the study, first 16 digits"), 2))
    return [
        Heading(_("Limits")),
        Bullets(tuple((_(text),) for text in LIMITS)),
        Heading(_("Sources")),
        Paragraph(
            say(
                "Data, assumptions and their sources are those of the country reports, which list every input with unit, source, year, "
                "confidence and reason; they are the same in all combinations except for the levers and provisions shown above. Each combination "
                "can be read in full with the command {command}.",
                command="actuarial reports --scenario … --instrument …",
            )
        ),
        Heading(_("Checks and identity of this run")),
        Table("tab-checks", _("What must hold, and by how much it is off"), head, rows, _("this run"), dense=True),
        Table("tab-identity", _("What identifies the studies"), columns, keys, _("this run"), dense=True),
        Paragraph(say("Hashes of all inputs and outputs and the versions of all packages stand in manifest.json beside this report.")),
    ]


def _size(value: float) -> str:
    """Order of magnitude of a deviation; one digit, so that no language needs a decimal sign."""
    return f"{value:.0e}".replace("-", numbers.MINUS) if value else "0"
