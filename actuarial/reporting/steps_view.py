"""The price of each legal step: the ladder of a scheme and of the region, with Shapley values beside it.

1. A step is priced in the fixed order of the ladder: the net cost with it less the net cost without it. The steps sum to the whole.
2. The Shapley value of a step is its price averaged over every order in which the steps could be taken; it sums to the same whole.
3. The ladder holds the branches beside pensions, which the net cost of pensions does not.
"""

from __future__ import annotations

import numpy as np

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import Block, Column, Heading, Paragraph, Ref, Row, Strong, Table, say
from actuarial.reporting.ladder_charts import region_waterfall, waterfall
from actuarial.reporting.pictures import picture
from actuarial.reporting.tables import MODEL, left, money_scale, scaled

CAPTION = "The price of each legal step: present values over the horizon, and percentage points (pp) of insurable earnings"


def steps(scheme: SchemeResult) -> list[Block]:
    """Chapter of a country report; empty when the study priced no steps or the scheme does not collect."""
    if scheme.ladder.empty:
        return []
    heading = Heading("The price of each legal step")
    if scheme.kind == frames.ACCOUNT:
        text = say(
            "{table} prices the steps for an account scheme. Keeping balances in place is part of the step on adding periods: the "
            "negative figure is money paid later, not saved. What the scheme has to pay for is administration.",
            table=Ref("tab-steps"),
        )
        return [heading, Paragraph(text), _table(scheme)]
    largest = scheme.ladder.iloc[int(scheme.ladder["pv"].abs().to_numpy().argmax())]
    return [
        heading,
        Paragraph(
            say(
                "An instrument is a row of legal steps, and states can agree on some of them. {figure} takes the steps one after the other "
                "and shows what each adds to the cost; together they are the whole. The largest effect is that of {largest}: it {does} {worth} "
                "at present value. Equality of treatment costs nothing where the law already treats everybody alike.",
                figure=Ref("fig-steps"),
                largest=Strong(str(largest["title"]).lower()),
                does="costs" if float(largest["pv"]) >= 0 else "saves",
                worth=numbers.money(abs(float(largest["pv"])), scheme.currency),
            )
        ),
        picture("fig-steps", waterfall(scheme), "The price of each legal step", "Waterfall of bars, one per legal step, and the sum."),
        Paragraph(
            say(
                "The price of a step depends on what was agreed before it. {table} therefore gives the average over all orders as well (Shapley "
                "value). Adding periods opens rights; its step pays them by own periods alone, and the step on amounts is what the rule "
                "of shares (pro rata) changes in that. Refunds on leaving end with the step on adding periods, because refunded "
                "periods cannot be added: where the law has refunds, that is a saving. Branches beside pensions are in the ladder and not in "
                "the net cost of pensions.",
                table=Ref("tab-steps"),
            )
        ),
        _table(scheme),
    ]


def _table(scheme: SchemeResult) -> Table:
    ladder = scheme.ladder
    word, scale = money_scale(float(ladder[["pv", "shapley_pv"]].abs().to_numpy().max()))
    columns = ("pv", "shapley_pv"), ("share_of_earnings", "payg_2050", "shapley_share")

    def cells(values: dict[str, float]) -> tuple[str, ...]:
        pv, fair = (scaled(values[n], scale) for n in columns[0])
        share, year, fair_share = (_points(values[n]) for n in columns[1])
        return pv, scaled(values["pv"] / scheme.exchange_rate_usd, 1e6), share, year, fair, fair_share

    names = [n for group in columns for n in group]
    rows = [Row((str(r["title"]), *cells({n: float(r[n]) for n in names}))) for r in ladder.to_dict("records")]
    rows.append(Row(("All steps", *cells({n: float(ladder[n].sum()) for n in names})), "total"))
    unit = f"{word} {scheme.currency}".strip()
    heads = (f"Step, {unit}", "Step, million USD", "Step, pp of earnings", "Step, pp of earnings in 2050",
             f"Average of all orders, {unit}", "Average of all orders, pp of earnings")  # fmt: skip
    return Table("tab-steps", CAPTION, (left("Legal step", 2.2), *(Column(h, weight=1.2) for h in heads)), tuple(rows), MODEL)


def _points(value: float) -> str:
    """Percentage points with four decimals, a dash for nothing."""
    if numbers.is_zero(value):
        return numbers.DASH
    if abs(value) < 5e-7:
        return f"<{numbers.NBSP}0.0001" if value > 0 else f">{numbers.NBSP}{numbers.MINUS}0.0001"
    return numbers.signed(100 * value, digits=4)


def region_steps(study: StudyResult) -> list[Block]:
    """Chapter of the regional report; empty when the study priced no steps."""
    schemes = [s for s in study.schemes.values() if not s.ladder.empty]
    pensions = [s for s in schemes if s.kind == frames.DEFINED_BENEFIT]
    if not schemes:
        return []
    blocks: list[Block] = [
        Heading("The price of each legal step"),
        Paragraph(
            say(
                "An instrument is a row of legal steps, and states can agree on some of them. {table} prices each step for each scheme, in the "
                "order of the columns, and the average over all orders beside it (Shapley value), because the price of a step depends "
                "on what was agreed before. Refunds on leaving end with the step on adding periods, because refunded periods cannot "
                "be added: a saving where the law has refunds. Negative figures of account schemes are payments put off, not savings; they "
                "are in no sum.",
                table=Ref("tab-steps"),
            )
        ),
    ]
    if pensions:
        blocks.append(
            picture(
                "fig-steps",
                region_waterfall(pensions),
                "The price of each legal step, schemes with pensions by formula",
                "Waterfall of bars, one per legal step, and the sum.",
            )
        )
    blocks.append(_region_table(schemes))
    return blocks


def _in_usd(scheme: SchemeResult, column: str) -> np.ndarray:
    values: np.ndarray = scheme.ladder[column].to_numpy(dtype=float) / scheme.exchange_rate_usd / 1e6
    return values


def _region_table(schemes: list[SchemeResult]) -> Table:
    titles = [str(t) for t in schemes[0].ladder["title"]]
    rows: list[Row] = []
    for title, column in (("Step after step", "pv"), ("Average over all orders (Shapley)", "shapley_pv")):
        for kind, what in ((frames.DEFINED_BENEFIT, "pensions by formula"), (frames.ACCOUNT, "accounts: put off, not saved")):
            part = [s for s in schemes if s.kind == kind]
            if not part:
                continue
            rows.append(Row((f"{title}; {what}",), "section"))
            values = [_in_usd(s, column) for s in part]
            rows += [Row((s.country_name, *_cells(v))) for s, v in zip(part, values, strict=True)]
            if kind == frames.DEFINED_BENEFIT:
                rows.append(Row(("Together", *_cells(np.sum(values, axis=0))), "total"))
    columns = (left("Scheme of", 1.7), *(Column(t, weight=1.25) for t in titles), Column("All steps", weight=1.1))
    caption = "The price of each legal step by scheme, million US dollars, present value over the horizon"
    return Table("tab-steps", caption, columns, tuple(rows), MODEL, dense=True)


def _cells(values: np.ndarray) -> list[str]:
    return [scaled(float(v), 1.0) for v in (*values, values.sum())]
