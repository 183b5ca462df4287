"""The price of each legal step: the ladder of a scheme and of the region, with Shapley values beside it.

1. A step is priced in the fixed order of the ladder: the net cost with it less the net cost without it. The steps sum to the whole.
2. The Shapley value of a step is its price averaged over every order in which the steps could be taken; it sums to the same whole.
3. The ladder holds the branches beside pensions, which the net cost of pensions does not.
"""

from __future__ import annotations

import numpy as np

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import Block, Column, Heading, Paragraph, Ref, Row, Span, Strong, Table, Text, say
from actuarial.reporting.ladder_charts import region_waterfall, waterfall
from actuarial.reporting.language import _, data_text, marked, phrase
from actuarial.reporting.naming import country as country_name
from actuarial.reporting.pictures import picture
from actuarial.reporting.tables import MODEL, left, money_scale, scaled, too_small
from actuarial.reporting.words import amount_unit, in_sentence

CAPTION = marked("The price of each legal step: present values over the horizon, and percentage points (pp) of insurable earnings")


def steps(scheme: SchemeResult) -> list[Block]:
    """Chapter of a country report; empty when the study priced no steps or the scheme does not collect."""
    if scheme.ladder.empty:
        return []
    heading = Heading(_("The price of each legal step"))
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
        Paragraph(_opening(in_sentence(data_text(str(largest["title"]))), float(largest["pv"]), scheme.currency)),
        picture("fig-steps", waterfall(scheme), _("The price of each legal step"), _("Waterfall of bars, one per legal step, and the sum.")),
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


def _opening(largest: str, worth: float, currency: str) -> Text:
    """What the chart shows, and the step of the largest effect."""
    values: dict[str, Span] = {"figure": Ref("fig-steps"), "largest": Strong(largest), "worth": numbers.money(abs(worth), currency)}
    if worth >= 0:
        return say(
            "An instrument is a row of legal steps, and states can agree on some of them. {figure} takes the steps one after the other and shows "
            "what each adds to the cost; together they are the whole. The largest effect is that of {largest}: it costs {worth} at present value. "
            "Equality of treatment costs nothing where the law already treats everybody alike.",
            **values,
        )
    return say(
        "An instrument is a row of legal steps, and states can agree on some of them. {figure} takes the steps one after the other and shows what "
        "each adds to the cost; together they are the whole. The largest effect is that of {largest}: it saves {worth} at present value. Equality of "
        "treatment costs nothing where the law already treats everybody alike.",
        **values,
    )


def _table(scheme: SchemeResult) -> Table:
    ladder = scheme.ladder
    scale = money_scale(float(ladder[["pv", "shapley_pv"]].abs().to_numpy().max()))
    columns = ("pv", "shapley_pv"), ("share_of_earnings", "payg_2050", "shapley_share")

    def cells(values: dict[str, float]) -> tuple[str, ...]:
        pv, fair = (scaled(values[n], scale) for n in columns[0])
        share, year, fair_share = (_points(values[n]) for n in columns[1])
        return pv, scaled(values["pv"] / scheme.exchange_rate_usd, 1e6), share, year, fair, fair_share

    names = [n for group in columns for n in group]
    rows = [Row((data_text(str(r["title"])), *cells({n: float(r[n]) for n in names}))) for r in ladder.to_dict("records")]
    rows.append(Row((_("All steps"), *cells({n: float(ladder[n].sum()) for n in names})), "total"))
    unit = amount_unit(scale, scheme.currency)
    heads = (
        phrase("Step, {unit}", unit=unit),
        _("Step, million USD"),
        _("Step, pp of earnings"),
        _("Step, pp of earnings in 2050"),
        phrase("Average of all orders, {unit}", unit=unit),
        _("Average of all orders, pp of earnings"),
    )
    return Table("tab-steps", _(CAPTION), (left(_("Legal step"), 2.2), *(Column(h, weight=1.2) for h in heads)), tuple(rows), _(MODEL))


def _points(value: float) -> str:
    """Percentage points with four decimals, a dash for nothing."""
    if numbers.is_zero(value):
        return numbers.DASH
    if abs(value) < 5e-7:
        return too_small(value, 4)
    return numbers.signed(100 * value, digits=4)


def region_steps(study: StudyResult) -> list[Block]:
    """Chapter of the regional report; empty when the study priced no steps."""
    schemes = [s for s in study.schemes.values() if not s.ladder.empty]
    pensions = [s for s in schemes if s.kind == frames.DEFINED_BENEFIT]
    if not schemes:
        return []
    blocks: list[Block] = [
        Heading(_("The price of each legal step")),
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
                _("The price of each legal step, schemes with pensions by formula"),
                _("Waterfall of bars, one per legal step, and the sum."),
            )
        )
    blocks.append(_region_table(schemes))
    return blocks


def _in_usd(scheme: SchemeResult, column: str) -> np.ndarray:
    values: np.ndarray = scheme.ladder[column].to_numpy(dtype=float) / scheme.exchange_rate_usd / 1e6
    return values


def _region_table(schemes: list[SchemeResult]) -> Table:
    titles = [data_text(str(t)) for t in schemes[0].ladder["title"]]
    rows: list[Row] = []
    groups = (
        (_("Step after step; pensions by formula"), "pv", frames.DEFINED_BENEFIT),
        (_("Step after step; accounts: put off, not saved"), "pv", frames.ACCOUNT),
        (_("Average over all orders (Shapley); pensions by formula"), "shapley_pv", frames.DEFINED_BENEFIT),
        (_("Average over all orders (Shapley); accounts: put off, not saved"), "shapley_pv", frames.ACCOUNT),
    )
    for title, column, kind in groups:
        part = [s for s in schemes if s.kind == kind]
        if not part:
            continue
        rows.append(Row((title,), "section"))
        values = [_in_usd(s, column) for s in part]
        rows += [Row((country_name(s), *_cells(v))) for s, v in zip(part, values, strict=True)]
        if kind == frames.DEFINED_BENEFIT:
            rows.append(Row((_("Together"), *_cells(np.sum(values, axis=0))), "total"))
    columns = (left(_("Scheme of"), 1.7), *(Column(t, weight=1.25) for t in titles), Column(_("All steps"), weight=1.1))
    caption = _("The price of each legal step by scheme, million US dollars, present value over the horizon")
    return Table("tab-steps", caption, columns, tuple(rows), _(MODEL), dense=True)


def _cells(values: np.ndarray) -> list[str]:
    return [scaled(float(v), 1.0) for v in (*values, values.sum())]
