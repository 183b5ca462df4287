"""Chapters of the regional report: schemes side by side, who gains, where people move, how sure."""

from __future__ import annotations

import math
from typing import Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import assumptions, cautions, findings, frames, naming, numbers, region_charts, words
from actuarial.reporting.blocks import Block, Column, Heading, Paragraph, Ref, Row, Table, say
from actuarial.reporting.cost_parts import cost_parts
from actuarial.reporting.language import _, marked, phrase
from actuarial.reporting.pictures import picture
from actuarial.reporting.region_findings import of_kind
from actuarial.reporting.tables import MODEL, left, right

KINDS: Final = {
    "defined_benefit": marked("defined benefit"),
    "account": marked("accounts"),
    "not_collecting": marked("law only, not collecting"),
    "none": marked("no scheme"),
}
YEAR: Final = findings.YEAR


def comparison(study: StudyResult) -> list[Block]:
    """Schemes side by side."""
    blocks: list[Block] = [
        Heading(_("Schemes side by side"), id="schemes", answers=("R25", "R26", "R27")),
        Paragraph(
            naming.together(
                say(
                    "{table} shows every partner state. Rates are shares of each scheme's own insurable earnings, so they "
                    "can be compared; present values are converted "
                    "at the exchange rate of the valuation date. Account schemes have no cost rate and no net cost: payments are put "
                    "off, and only administration is added. Levels are no valuations of the schemes; published valuations may say "
                    "otherwise.",
                    table=Ref("tab-schemes"),
                ),
                say("Part of the base years rests on assumed figures ({calibration}).", calibration=Ref("tab-calibration"))
                if _has_calibration(study)
                else (),
            )
        ),
        _schemes_table(study),
        _members_table(study),
    ]
    if of_kind(study, frames.DEFINED_BENEFIT):
        shows = phrase("Left, bars of the cost rate in {year} by scheme; right, bars of the change in the general average premium.", year=str(YEAR))
        lines = _("Line charts with and without, one panel for each scheme, on one scale.")
        blocks[2:2] = [
            picture("fig-cost", region_charts.cost_by_scheme(study), _("Cost of the instrument by scheme"), shows),
            picture("fig-rates", region_charts.cost_rates(study), _("PAYG cost rate and legal rate by scheme"), lines),
            picture("fig-reserves", region_charts.reserves(study), _("Reserve ratio by scheme"), lines),
        ]
    return blocks


def _schemes_table(study: StudyResult) -> Table:
    rows = []
    for s in study.schemes.values():
        if s.kind == frames.DEFINED_BENEFIT:
            rows.append(Row((naming.country(s), _(KINDS[s.kind]), *_scheme_cells(s))))
            continue
        cells = [numbers.DASH] * 8
        if s.kind == frames.ACCOUNT:
            cells[5] = _million(cost_parts(s).administration, s)
        rows.append(Row((naming.country(s), _(KINDS[s.kind]), *cells)))
    heads = (
        phrase("Cost rate {year}, without", year=str(YEAR)),
        phrase("Cost rate {year}, with", year=str(YEAR)),
        _("Average premium, without"),
        _("Average premium, change"),
        _("Benefits, million USD"),
        _("Administration, million USD"),
        _("Lowest reserve ratio (year)"),
        _("Reserve used up"),
    )
    columns = (left(_("State"), 2.0), left(_("Scheme"), 1.5), *(Column(h, weight=1.15) for h in heads))
    caption = _(
        "Schemes: cost rate, average premium over 75 years, present values of benefits added and of administration (assumed), and the reserve "
        "with the instrument (in brackets without, where it differs)"
    )
    return Table("tab-schemes", caption, columns, tuple(rows), _(MODEL), dense=True)


def _scheme_cells(s: SchemeResult) -> list[str]:
    def both(texts: dict[str, str]) -> str:
        return texts["with"] if texts["with"] == texts["without"] else f"{texts['with']} ({texts['without']})"

    def lowest(case: str) -> str:
        ratio, when = (frames.indicator(s, name, case) for name in ("lowest_reserve_ratio", "lowest_reserve_ratio_year"))
        return f"{numbers.decimal(ratio, 1)} ({numbers.year(when)})"

    parts = cost_parts(s)
    dates = {c: frames.indicator(s, "exhaustion_year", c) for c in ("without", "with")}
    return [
        *(numbers.rate(frames.indicator(s, f"payg_{YEAR}", c), 3) for c in ("without", "with")),
        numbers.rate(frames.indicator(s, "gap_75", "without"), 3),
        numbers.points(frames.indicator(s, "gap_75", "difference")),
        *(_million(value, s) for value in (parts.benefits, parts.administration)),
        lowest("with"),
        both({c: numbers.year(d) if math.isfinite(d) else _("beyond") for c, d in dates.items()}),
    ]


def _million(value: float, s: SchemeResult) -> str:
    return numbers.decimal(value / s.exchange_rate_usd / 1e6, 2)


def _members_table(study: StudyResult) -> Table:
    rows = []
    for s in study.schemes.values():
        year_one = frames.case(s, "without").iloc[0]
        later = s.gains[s.gains["year"] == YEAR]
        population = [float(frames.population(s, y, frames.BROAD_GROUPS).to_numpy().sum()) for y in (int(study.meta["first_year"]), YEAR)]
        rows.append(
            Row(
                (
                    naming.country(s),
                    *(numbers.decimal(p / 1e6, 2) for p in population),
                    numbers.count(float(year_one["contributors"])),
                    numbers.count(float(year_one["pensioners"])),
                    numbers.count(float(later["extra_pensioners"].sum())),
                    numbers.count(float(later["new_by_totalisation"].sum())),
                    numbers.count(float(later["refunds_not_paid"].sum())),
                )
            )
        )
    first = str(study.meta["first_year"])
    heads = (
        phrase("Population {year}, million", year=first),
        phrase("Population {year}, million", year=str(YEAR)),
        phrase("Contributors {year}", year=first),
        phrase("Pensioners {year}", year=first),
        phrase("Pensioners thanks to it {year}", year=str(YEAR)),
        phrase("New by adding periods {year}", year=str(YEAR)),
        phrase("Refunds not paid, balances kept {year}", year=str(YEAR)),
    )
    columns = (left(_("State"), 2.2), *(Column(h, weight=1.1) for h in heads))
    return Table("tab-members", _("People: population, members, and whose rights change"), columns, tuple(rows), _(MODEL), dense=True)


def gains(study: StudyResult) -> list[Block]:
    """Who gains in which scheme."""
    drawing = region_charts.extra_pensioners(study)
    heading = Heading(_("Who gains"), id="gains")
    if drawing is None:
        return [
            heading,
            Paragraph(say("Under these assumptions no pension anywhere exists only because of the instrument.")),
        ]
    return [
        heading,
        Paragraph(
            say(
                "{figure} counts people who draw a pension, of old age, invalidity or as survivors, only because of the instrument: "
                "paid abroad, kept instead of refunded, or opened by adding periods. The first decades rest on past "
                "movers, whose number and covered work are the least known inputs.",
                figure=Ref("fig-gains"),
            )
        ),
        picture("fig-gains", drawing, _("Pensioners thanks to the instrument"), _("Line chart by paying scheme.")),
    ]


def _has_calibration(study: StudyResult) -> bool:
    return any(not s.calibration.empty for s in study.schemes.values())


def movement(study: StudyResult) -> list[Block]:
    """Movers by corridor."""
    shows = _("Matrix of origin by host state, figures in the cells.")
    source = _("UN International Migrant Stock 2024, accounted forward by this model")
    return [
        Heading(_("Where people move"), id="movers", answers=("R24",)),
        Paragraph(
            say(
                "{figure} shows the movers that the study starts from; refugees are kept apart. Shade grows with the root of the number.",
                figure=Ref("fig-movers"),
            )
        ),
        picture("fig-movers", region_charts.mover_matrix(study), _("Movers by origin and host, 2026"), shows, source),
        picture("fig-corridor-costs", region_charts.corridor_cost_matrix(study), _("Net cost of the instrument by corridor"), shows),
        _corridor_table(study),
    ]


def _corridor_table(study: StudyResult) -> Table:
    """The largest corridors, with the present value of the net cost to either scheme in US dollars."""
    names = naming.names_of(study)
    found: dict[tuple[str, str], dict[str, float | str]] = {}
    for s in study.schemes.values():
        for r in frames.corridors(s).to_dict("records"):
            entry = found.setdefault(
                (str(r["origin"]), str(r["host"])),
                {"movers": float(r["movers_2026"]), "confidence": str(r["confidence"])},
            )
            entry["extra"] = float(entry.get("extra", 0.0)) + float(r["extra_pensioners_2050"])
            if s.kind == frames.DEFINED_BENEFIT:
                entry[str(r["role"])] = float(r["pv_net_cost"]) / s.exchange_rate_usd
    largest = sorted(found.items(), key=lambda item: (-float(item[1]["movers"]), item[0]))[:20]
    rows = []
    for (origin, host), e in largest:
        costs = [numbers.decimal(float(e.get(role, math.nan)) / 1e6, 2) for role in ("origin", "host")]
        extra = numbers.count(float(e["extra"]))
        rows.append(Row((names[origin], names[host], numbers.count(float(e["movers"])), extra, *costs, words.confidence(str(e["confidence"])))))
    columns = (
        left(_("From"), 2),
        left(_("To"), 2),
        *(
            Column(h, weight=1.1)
            for h in (
                _("Movers 2026"),
                phrase("Pensioners thanks to it {year}", year=str(YEAR)),
                _("Net cost, scheme of origin"),
                _("Net cost, scheme of host"),
            )
        ),
        left(_("Confidence"), 1.1),
    )
    caption = phrase(
        "The {shown} largest of {all} corridors; present values of the net cost in million US dollars (–: no scheme with pensions by formula)",
        shown=str(len(rows)),
        all=str(len(found)),
    )
    return Table(
        "tab-corridors",
        caption,
        columns,
        tuple(rows),
        _("country results of this study; all corridors stand in the workbook"),
        dense=True,
    )


def sureness(study: StudyResult) -> list[Block]:
    """How sure inputs and base years are."""
    rows = []
    for s in study.schemes.values():
        counts = frames.used(s.assumptions)["confidence"].value_counts()
        cells = [str(int(counts.get(mark, 0))) for mark in frames.CONFIDENCE_ORDER]
        share = frames.unsure_share(s.assumptions)
        weak = frames.corridors(s)["confidence"].isin(frames.UNSURE).mean()
        rows.append(Row((naming.country(s), *cells, numbers.rate(share, 0), numbers.rate(float(weak), 0))))
    heads = (*(words.confidence(mark) for mark in frames.CONFIDENCE_ORDER), _("Assumed or recalled"), _("Corridors, same"))
    ratios = []
    for s in study.schemes.values():
        for r in s.calibration.to_dict("records"):
            ratio = float(r["ratio"])
            item = cautions.item_name(str(r["item"]))
            if math.isfinite(ratio):
                ratios.append(
                    Row(
                        (
                            naming.country(s),
                            item,
                            cautions.ratio_cell(ratio),
                            numbers.decimal(float(r["factor"]), 3),
                            words.confidence(str(r["confidence"])),
                        )
                    )
                )
    blocks: list[Block] = [
        Heading(_("Inputs and base years"), 2, id="sureness", answers=("R12", "R16")),
        Paragraph(
            say(
                "{table} counts the inputs that the projection reads by evidence mark ({marks}), and gives the share of "
                "corridors whose migration figures are assumed or recalled.",
                table=Ref("tab-confidence"),
                marks="; ".join(f"{words.confidence(mark)}: {_(assumptions.MEANINGS[mark])}" for mark in frames.CONFIDENCE_ORDER),
            )
        ),
        Table(
            "tab-confidence",
            _("Inputs that the projection reads, by evidence mark"),
            (left(_("State")), *right(*heads)),
            tuple(rows),
            _("assumption registers of this study"),
        ),
    ]
    if ratios:
        columns = (
            left(_("State"), 2),
            left(_("Item"), 2),
            Column(_("Modelled / target"), weight=1.2),
            Column(_("Factor"), weight=1),
            left(_("Confidence"), 1.2),
        )
        blocks.append(
            Table(
                "tab-calibration",
                phrase(
                    "Base year against its targets; a star marks a ratio outside {low}–{high}; assumed and derived targets are judgements",
                    low=numbers.decimal(cautions.TOLERATED[0], 2),
                    high=numbers.decimal(cautions.TOLERATED[1], 2),
                ),
                columns,
                tuple(ratios),
                _("calibration tables of the country reports"),
                dense=True,
            )
        )
    return blocks
