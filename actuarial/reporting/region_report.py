"""The report of the region: eight schemes side by side, who pays whom, where people move."""

from __future__ import annotations

import math
from typing import Final

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import (
    adequacy_view,
    assumptions,
    branches_view,
    causes_view,
    cautions,
    chapters,
    closing_chapters,
    findings,
    frames,
    numbers,
    past_view,
    region_charts,
    steps_view,
)
from actuarial.reporting.blocks import (
    Block,
    Column,
    Contents,
    Heading,
    PageBreak,
    Paragraph,
    Ref,
    Report,
    Row,
    Strong,
    Table,
    say,
)
from actuarial.reporting.cost_parts import cost_parts
from actuarial.reporting.country_report import report_meta
from actuarial.reporting.ensemble_view import uncertainty_chapters
from actuarial.reporting.pictures import picture
from actuarial.reporting.region_summary import in_brief, net_position, of_kind
from actuarial.reporting.tables import MODEL, left, right
from actuarial.reporting.uncertainty import ENSEMBLE_REGION, SENSITIVITY_REGION, Uncertainty

KINDS: Final = {
    "defined_benefit": "defined benefit",
    "account": "accounts",
    "not_collecting": "law only, not collecting",
    "none": "no scheme",
}
YEAR: Final = findings.YEAR


def region_report(study: StudyResult, uncertainty: Uncertainty | None = None) -> Report:
    """Report of the region; with ``uncertainty`` also how sure the results are. Raises ``KeyError`` when a table lacks a value the report needs."""
    region = frames.region_name(study)
    return Report(
        title=f"{region}: what would coordination cost, and who pays whom?",
        meta=report_meta(study, "Feasibility of coordinating social security: the region", region),
        blocks=(
            *in_brief(study),
            PageBreak(),
            Contents(),
            PageBreak(),
            *_question(study),
            *_comparison(study),
            *steps_view.region_steps(study),
            *causes_view.region_causes(study),
            *past_view.region_past(study),
            *branches_view.region_branches(study),
            *_gains(study),
            *adequacy_view.region_adequacy(study),
            *_transfers(study),
            *_transfer_values(study),
            *_movement(study),
            *_sureness(study),
            *uncertainty_chapters(uncertainty, region, SENSITIVITY_REGION, ENSEMBLE_REGION),
            *closing_chapters.limits(study),
        ),
    )


def _question(study: StudyResult) -> list[Block]:
    return [
        Heading("The question"),
        Paragraph(
            say(
                "This report sets the results of the country reports side by side. Each compares the same people in "
                "the same economy with and without {instrument}, in "
                "force from {entry}, under the scenario {scenario}, from {first} to {last}. Differences are with minus "
                "without; a negative difference is a saving. "
                "Effects are named {scale}.",
                instrument=Strong(str(study.meta["instrument_title"])),
                entry=str(study.meta["entry_into_force"]),
                scenario=Strong(str(study.meta["scenario_title"])),
                first=str(study.meta["first_year"]),
                last=str(study.meta["last_year"]),
                scale=findings.scale_in_words(),
            )
        ),
    ]


def _comparison(study: StudyResult) -> list[Block]:
    blocks: list[Block] = [
        Heading("Schemes side by side"),
        Paragraph(
            say(
                "{table} shows every partner state. Rates are shares of each scheme's own insurable earnings, so they "
                "can be compared; present values are converted "
                "at the exchange rate of the valuation date. Account schemes have no cost rate and no net cost: payments are put "
                "off, and only administration is added. Levels are no valuations of the schemes; published valuations may say "
                "otherwise, and part of the base years rests on assumed figures ({calibration}).",
                table=Ref("tab-schemes"),
                calibration=Ref("tab-calibration") if _has_calibration(study) else "none in this study",
            )
        ),
        _schemes_table(study),
        _members_table(study),
    ]
    if of_kind(study, frames.DEFINED_BENEFIT):
        shows = "Left, bars of the cost rate in 2050 by scheme; right, bars of the change in the general average premium."
        blocks.insert(
            2,
            picture("fig-cost", region_charts.cost_by_scheme(study), "Cost of the instrument by scheme", shows),
        )
    return blocks


def _schemes_table(study: StudyResult) -> Table:
    rows = []
    for s in study.schemes.values():
        if s.kind == frames.DEFINED_BENEFIT:
            rows.append(Row((s.country_name, KINDS[s.kind], *_scheme_cells(s))))
            continue
        cells = [numbers.DASH] * 8
        if s.kind == frames.ACCOUNT:
            cells[5] = _million(cost_parts(s).administration, s)
        rows.append(Row((s.country_name, KINDS[s.kind], *cells)))
    heads = (
        f"Cost rate {YEAR}, without",
        f"Cost rate {YEAR}, with",
        "Average premium, without",
        "Average premium, change",
        "Benefits, million USD",
        "Administration, million USD",
        "Lowest reserve ratio (year)",
        "Reserve used up",
    )
    columns = (left("State", 2.0), left("Scheme", 1.5), *(Column(h, weight=1.15) for h in heads))
    caption = (
        "Schemes: cost rate, average premium over 75 years, present values of benefits added and of administration (assumed), and the reserve "
        "with the instrument (in brackets without, where it differs)"
    )
    return Table("tab-schemes", caption, columns, tuple(rows), MODEL, dense=True)


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
        both({c: numbers.year(d) if math.isfinite(d) else "beyond" for c, d in dates.items()}),
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
                    s.country_name,
                    *(numbers.decimal(p / 1e6, 2) for p in population),
                    numbers.count(float(year_one["contributors"])),
                    numbers.count(float(year_one["pensioners"])),
                    numbers.count(float(later["extra_pensioners"].sum())),
                    numbers.count(float(later["new_by_totalisation"].sum())),
                    numbers.count(float(later["refunds_not_paid"].sum())),
                )
            )
        )
    first = study.meta["first_year"]
    heads = (
        f"Population {first}, million",
        f"Population {YEAR}, million",
        f"Contributors {first}",
        f"Pensioners {first}",
        f"Pensioners thanks to it {YEAR}",
        f"New by adding periods {YEAR}",
        f"Refunds not paid, balances kept {YEAR}",
    )
    columns = (left("State", 2.2), *(Column(h, weight=1.1) for h in heads))
    return Table("tab-members", "People: population, members, and whose rights change", columns, tuple(rows), MODEL, dense=True)


def _gains(study: StudyResult) -> list[Block]:
    drawing = region_charts.extra_pensioners(study)
    heading = Heading("Who gains")
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
        picture("fig-gains", drawing, "Pensioners thanks to the instrument", "Line chart by paying scheme."),
    ]


def _transfers(study: StudyResult) -> list[Block]:
    names = chapters.names_of(study)
    rows: list[Row] = []
    parts: list[tuple[str, frames.Amounts]] = [
        ("Pensions", "pensions"),
        ("Lump sums, refunds and account balances (mostly members' own money)", "other"),
    ]
    for title, what in parts:
        rows.append(Row((title,), "section"))
        for country in study.meta["members"]:
            values = [f(study, country, YEAR, c, what) for f in (frames.paid_abroad, frames.received) for c in ("without", "with")]
            values.append(net_position(study, country, what))
            rows.append(Row((names[country], *(numbers.decimal(v / 1e6, 2, sign=i == 4) for i, v in enumerate(values)))))
    heads = ("Paid abroad, without", "Paid abroad, with", "Received, without", "Received, with", "Net change")
    return [
        Heading("Who pays whom"),
        Paragraph(
            say(
                "Rows of {figure} are paying schemes, columns the states where the pensioner lives; it shows pensions only. "
                "{table} adds them up: over the region paid and received are equal, so net changes sum to zero. Lump sums, "
                "refunds and account balances stand apart: they are mostly the members' own money, and cross a border where "
                "the member lives abroad or goes to. {codes}.",
                figure=Ref("fig-transfers"),
                table=Ref("tab-transfers"),
                codes=", ".join(f"{code} {name}" for code, name in names.items() if code != name),
            )
        ),
        picture(
            "fig-transfers",
            region_charts.transfer_matrix(study, YEAR),
            "Transfer matrix of pensions",
            "Matrix of paying scheme by state of residence, figures in the cells.",
        ),
        Table(
            "tab-transfers",
            f"Payments across borders in {YEAR}, million US dollars of that year",
            (left("State"), *right(*heads)),
            tuple(rows),
            MODEL,
        ),
    ]


def _transfer_values(study: StudyResult) -> list[Block]:
    """The same over the whole horizon; nothing when the study holds no present values."""
    if study.transfers_pv.empty:
        return []
    names = chapters.names_of(study)
    payers = [c for c in study.meta["members"] if c in study.schemes and study.schemes[c].kind in frames.COLLECTING]
    members = list(study.meta["members"])
    rows: list[Row] = []
    for title, case, what in (
        ("Pensions, with the instrument", "with", "pensions"),
        ("Pensions, with minus without", None, "pensions"),
        ("Lump sums, refunds and account balances, with minus without", None, "other"),
    ):
        matrix = frames.transfer_values(study, case, what) / 1e6  # type: ignore[arg-type]
        rows.append(Row((title,), "section"))
        sums = dict.fromkeys(members, 0.0)
        for payer in payers:
            across = {c: frames.number(matrix.loc[payer, c]) if c != payer else 0.0 for c in members}
            if not any(across.values()):
                continue
            sums = {c: sums[c] + across[c] for c in members}
            rows.append(Row((names[payer], *(_across(v) for v in across.values()), _across(sum(across.values())))))
        rows.append(Row(("Received", *(_across(v) for v in sums.values()), _across(sum(sums.values()))), "total"))
    return [
        Heading("Over the whole horizon, in present value", 2),
        Paragraph(
            say(
                "{figure} and {table} bring all years to the valuation date: rows are paying schemes, columns the states where the money "
                "goes. Each scheme's payments are discounted at its own return and converted at the exchange rate of that date. What a "
                "scheme pays to residents of its own state is left out of the table. The last row is what residents receive, the "
                "last column what a scheme pays abroad.",
                figure=Ref("fig-transfer-values"),
                table=Ref("tab-transfer-values"),
            )
        ),
        picture(
            "fig-transfer-values",
            region_charts.transfer_value_matrix(study),
            "Transfer matrix of pensions in present value",
            "Matrix of paying scheme by state of residence, figures in the cells.",
        ),
        Table(
            "tab-transfer-values",
            "Payments across borders over the horizon, million US dollars, present value",
            (left("Paid by the scheme of", 1.9), *(Column(c, weight=1) for c in members), Column("Paid abroad", weight=1.1)),
            tuple(rows),
            MODEL,
            dense=True,
        ),
    ]


def _across(millions: float) -> str:
    return numbers.DASH if millions == 0 else numbers.decimal(millions, 2) if abs(millions) >= 0.005 else "<0.01" if millions > 0 else ">−0.01"


def _has_calibration(study: StudyResult) -> bool:
    return any(not s.calibration.empty for s in study.schemes.values())


def _movement(study: StudyResult) -> list[Block]:
    shows = "Matrix of origin by host state, figures in the cells."
    source = "UN International Migrant Stock 2024, accounted forward by this model"
    return [
        Heading("Where people move"),
        Paragraph(
            say(
                "{figure} shows the movers that the study starts from; refugees are kept apart. Shade grows with the root of the number.",
                figure=Ref("fig-movers"),
            )
        ),
        picture("fig-movers", region_charts.mover_matrix(study), "Movers by origin and host, 2026", shows, source),
        _corridor_table(study),
    ]


def _corridor_table(study: StudyResult) -> Table:
    """The largest corridors, with the present value of the net cost to either scheme in US dollars."""
    names = chapters.names_of(study)
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
        rows.append(Row((names[origin], names[host], numbers.count(float(e["movers"])), extra, *costs, str(e["confidence"]))))
    columns = (
        left("From", 2),
        left("To", 2),
        *(
            Column(h, weight=1.1)
            for h in (
                "Movers 2026",
                f"Pensioners thanks to it {YEAR}",
                "Net cost, scheme of origin",
                "Net cost, scheme of host",
            )
        ),
        left("Confidence", 1.1),
    )
    caption = (
        f"The {len(rows)} largest of {len(found)} corridors; present values of the net cost in million US dollars "
        "(–: no scheme with pensions by formula)"
    )
    return Table(
        "tab-corridors",
        caption,
        columns,
        tuple(rows),
        "country results of this study; all corridors stand in the workbook",
        dense=True,
    )


def _sureness(study: StudyResult) -> list[Block]:
    rows = []
    for s in study.schemes.values():
        counts = frames.used(s.assumptions)["confidence"].value_counts()
        cells = [str(int(counts.get(mark, 0))) for mark in frames.CONFIDENCE_ORDER]
        share = frames.unsure_share(s.assumptions)
        weak = frames.corridors(s)["confidence"].isin(frames.UNSURE).mean()
        rows.append(Row((s.country_name, *cells, numbers.rate(share, 0), numbers.rate(float(weak), 0))))
    heads = (*(mark.capitalize() for mark in frames.CONFIDENCE_ORDER), "Assumed or recalled", "Corridors, same")
    ratios = []
    for s in study.schemes.values():
        for r in s.calibration.to_dict("records"):
            ratio = float(r["ratio"])
            item = cautions.item_name(str(r["item"]))
            if math.isfinite(ratio):
                ratios.append(
                    Row(
                        (
                            s.country_name,
                            item,
                            cautions.ratio_cell(ratio),
                            numbers.decimal(float(r["factor"]), 3),
                            str(r["confidence"]),
                        )
                    )
                )
    blocks: list[Block] = [
        Heading("How sure"),
        Paragraph(
            say(
                "{table} counts the inputs that the projection reads by evidence mark ({marks}), and gives the share of "
                "corridors whose migration figures are assumed or recalled.",
                table=Ref("tab-confidence"),
                marks="; ".join(f"{mark}: {assumptions.MEANINGS[mark]}" for mark in frames.CONFIDENCE_ORDER),
            )
        ),
        Table(
            "tab-confidence",
            "Inputs that the projection reads, by evidence mark",
            (left("State"), *right(*heads)),
            tuple(rows),
            "assumption registers of this study",
        ),
    ]
    if ratios:
        columns = (
            left("State", 2),
            left("Item", 2),
            Column("Modelled / target", weight=1.2),
            Column("Factor", weight=1),
            left("Confidence", 1.2),
        )
        blocks.append(
            Table(
                "tab-calibration",
                "Base year against its targets; a star marks a ratio outside 0.95–1.05; assumed and derived targets are judgements",
                columns,
                tuple(ratios),
                "calibration tables of the country reports",
                dense=True,
            )
        )
    return blocks
