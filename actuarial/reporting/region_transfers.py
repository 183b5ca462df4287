"""Who pays whom: the transfer matrix of the region, in a year and in present value."""

from __future__ import annotations

from typing import Final

from actuarial.feasibility.result import StudyResult
from actuarial.reporting import findings, frames, naming, numbers, region_charts
from actuarial.reporting.blocks import Block, Column, Heading, Paragraph, Ref, Row, Table, say
from actuarial.reporting.language import _, phrase
from actuarial.reporting.pictures import picture
from actuarial.reporting.region_findings import net_position
from actuarial.reporting.tables import MODEL, left, right

YEAR: Final = findings.YEAR


def transfers(study: StudyResult) -> list[Block]:
    """Payments across borders in one year."""
    names = naming.names_of(study)
    rows: list[Row] = []
    parts: list[tuple[str, frames.Amounts]] = [
        (_("Pensions"), "pensions"),
        (_("Lump sums, refunds and account balances (mostly members' own money)"), "other"),
    ]
    for title, what in parts:
        rows.append(Row((title,), "section"))
        for country in study.meta["members"]:
            values = [f(study, country, YEAR, c, what) for f in (frames.paid_abroad, frames.received) for c in ("without", "with")]
            values.append(net_position(study, country, what))
            rows.append(Row((names[country], *(numbers.decimal(v / 1e6, 2, sign=i == 4) for i, v in enumerate(values)))))
    heads = (_("Paid abroad, without"), _("Paid abroad, with"), _("Received, without"), _("Received, with"), _("Net change"))
    return [
        Heading(_("Who pays whom"), id="transfers", answers=("R29",)),
        Paragraph(
            say(
                "Rows of {figure} are paying schemes, columns the states where the pensioner lives; it shows pensions only. "
                "{table} adds them up: over the region paid and received are equal, so net changes sum to zero. Lump sums, "
                "refunds and account balances stand apart: they are mostly the members' own money, and cross a border where "
                "the member lives abroad or goes to. Codes: {codes}.",
                figure=Ref("fig-transfers"),
                table=Ref("tab-transfers"),
                codes=naming.codes(names),
            )
        ),
        picture(
            "fig-transfers",
            region_charts.transfer_matrix(study, YEAR),
            _("Transfer matrix of pensions"),
            _("Matrix of paying scheme by state of residence, figures in the cells."),
        ),
        Table(
            "tab-transfers",
            phrase("Payments across borders in {year}, million US dollars of that year", year=str(YEAR)),
            (left(_("State")), *right(*heads)),
            tuple(rows),
            _(MODEL),
        ),
    ]


def transfer_values(study: StudyResult) -> list[Block]:
    """The same over the whole horizon; nothing when the study holds no present values."""
    if study.transfers_pv.empty:
        return []
    names = naming.names_of(study)
    payers = [c for c in study.meta["members"] if c in study.schemes and study.schemes[c].kind in frames.COLLECTING]
    members = list(study.meta["members"])
    rows: list[Row] = []
    for title, case, what in (
        (_("Pensions, with the instrument"), "with", "pensions"),
        (_("Pensions, with minus without"), None, "pensions"),
        (_("Lump sums, refunds and account balances, with minus without"), None, "other"),
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
        rows.append(Row((_("Received"), *(_across(v) for v in sums.values()), _across(sum(sums.values()))), "total"))
    return [
        Heading(_("Over the whole horizon, in present value"), 2),
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
            _("Transfer matrix of pensions in present value"),
            _("Matrix of paying scheme by state of residence, figures in the cells."),
        ),
        Table(
            "tab-transfer-values",
            _("Payments across borders over the horizon, million US dollars, present value"),
            (left(_("Paid by the scheme of"), 1.9), *(Column(c, weight=1) for c in members), Column(_("Paid abroad"), weight=1.1)),
            tuple(rows),
            _(MODEL),
            dense=True,
        ),
    ]


def _across(millions: float) -> str:
    """Millions of dollars with two decimals; what is smaller than a hundredth keeps its sign."""
    if millions == 0:
        return numbers.DASH
    if abs(millions) >= 0.005:
        return numbers.decimal(millions, 2)
    return f"<{numbers.decimal(0.01, 2)}" if millions > 0 else f">{numbers.decimal(-0.01, 2)}"
