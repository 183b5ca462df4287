"""Periods already completed against periods still to come: the liability that exists on the first day, and what follows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import Block, Column, Heading, Paragraph, Ref, Row, Strong, Table, say
from actuarial.reporting.language import _, phrase, plural
from actuarial.reporting.naming import country as country_name
from actuarial.reporting.pictures import picture
from actuarial.reporting.style import TINTS, chart_style, figure, set_message, set_unit, tick
from actuarial.reporting.tables import MODEL, left, money_scale, scaled
from actuarial.reporting.words import amount_unit

SHOWN = 8
"""Corridors with a line of their own."""


def past(scheme: SchemeResult, names: dict[str, str]) -> list[Block]:
    """Section of a country report; nothing for schemes without pensions by formula or a study that did not price it."""
    if scheme.kind != frames.DEFINED_BENEFIT or scheme.past.empty:
        return []
    table = _by_corridor(scheme)
    before, after = float(table["pv_past"].sum()), float(table["pv_future"].sum())
    if before == 0.0 and after == 0.0:
        return []
    return [
        Heading(_("Periods already completed, and periods to come")),
        Paragraph(
            say(
                "On the day the instrument enters into force, years worked before that day begin to count. The {initial}, what it costs for periods "
                "that lie before the projection, is {before}; periods still to come cost {after}. Negative figures are "
                "savings. Rights that need both are counted with the coming ones, so the first figure is a lower bound. Administration is left out. "
                "{figure} and {table} show it by corridor.",
                initial=Strong(_("initial liability")),
                before=Strong(numbers.money(before, scheme.currency)),
                after=numbers.money(after, scheme.currency),
                figure=Ref("fig-past"),
                table=Ref("tab-past"),
            )
        ),
        picture(
            "fig-past",
            _chart(scheme, table, before, after),
            _("Net cost of past periods and of periods to come, by corridor"),
            _("Stacked bars by corridor: past periods and periods to come."),
        ),
        _table(scheme, table, names),
    ]


def _by_corridor(scheme: SchemeResult) -> pd.DataFrame:
    sums = scheme.past.groupby(["origin", "host", "role"], as_index=False)[["pv_past", "pv_future"]].sum()
    order = (sums["pv_past"] + sums["pv_future"]).abs().sort_values(ascending=False, kind="stable").index
    return sums.loc[order].reset_index(drop=True)


def _chart(scheme: SchemeResult, table: pd.DataFrame, before: float, after: float) -> Figure:
    top = table.head(SHOWN).iloc[::-1]
    scale = money_scale(float(table[["pv_past", "pv_future"]].abs().to_numpy().max()))
    with chart_style():
        drawing = figure(0.9 + 0.21 * len(top))
        axes = drawing.subplots()
        places = np.arange(len(top))
        first, second = (top[n].to_numpy(dtype=float) / scale for n in ("pv_past", "pv_future"))
        same = np.sign(first) == np.sign(second)
        axes.barh(places, first, height=0.7, color=TINTS[2], label=_("past periods"))
        axes.barh(places, second, left=np.where(same, first, 0.0), height=0.7, color=TINTS[1], label=_("periods to come"))
        axes.set_yticks(places, [f"{o} → {h}" for o, h in zip(top["origin"], top["host"], strict=True)])
        axes.axvline(0, color="#555555", lw=0.7)
        axes.grid(axis="y", visible=False)
        axes.legend(loc="lower right" if float((first + second).sum()) >= 0 else "lower left")
        axes.xaxis.set_major_formatter(FuncFormatter(tick))
        set_unit(axes, "", phrase("present value, {unit}", unit=amount_unit(scale, scheme.currency)))
        set_message(drawing, _message(before, after, scheme.currency))
    return drawing


def _message(before: float, after: float, currency: str) -> str:
    """What past periods cost or save; their part where both kinds of periods go the same way."""
    amount, both = numbers.money(abs(before), currency), before + after
    if both and before * after >= 0:
        share = numbers.rate(before / both, 0)
        if before >= 0:
            return phrase("Past periods cost {amount}, {share} of the whole", amount=amount, share=share)
        return phrase("Past periods save {amount}, {share} of the whole", amount=amount, share=share)
    if before >= 0:
        return phrase("Past periods cost {amount}", amount=amount)
    return phrase("Past periods save {amount}", amount=amount)


def _table(scheme: SchemeResult, table: pd.DataFrame, names: dict[str, str]) -> Table:
    scale = money_scale(float(table[["pv_past", "pv_future"]].abs().to_numpy().max()))

    def cells(past_value: float, coming: float) -> tuple[str, ...]:
        return (scaled(past_value, scale), scaled(coming, scale), scaled(past_value + coming, scale),
                scaled(past_value / scheme.exchange_rate_usd, 1e6), scaled((past_value + coming) / scheme.exchange_rate_usd, 1e6))  # fmt: skip

    rows = [
        Row((f"{names[str(r['origin'])]} → {names[str(r['host'])]}", *cells(float(r["pv_past"]), float(r["pv_future"]))))
        for r in table.head(SHOWN).to_dict("records")
    ]
    rest = table.iloc[SHOWN:]
    if len(rest):
        others = plural("{n} other corridor", "{n} other corridors", len(rest), n=str(len(rest)))
        rows.append(Row((others, *cells(float(rest["pv_past"].sum()), float(rest["pv_future"].sum())))))
    rows.append(Row((_("Together"), *cells(float(table["pv_past"].sum()), float(table["pv_future"].sum()))), "total"))
    unit = amount_unit(scale, scheme.currency)
    heads = (
        phrase("Past, {unit}", unit=unit),
        phrase("To come, {unit}", unit=unit),
        phrase("Together, {unit}", unit=unit),
        _("Past, million USD"),
        _("Together, million USD"),
    )
    caption = _("Net cost of periods before the projection and of those to come, present values, without administration")
    return Table("tab-past", caption, (left(_("Corridor"), 2.6), *(Column(h, weight=1.2) for h in heads)), tuple(rows), _(MODEL))


def region_past(study: StudyResult) -> list[Block]:
    """Section of the regional report: initial liability by scheme."""
    schemes = [s for s in study.schemes.values() if s.kind == frames.DEFINED_BENEFIT and not s.past.empty]
    if not schemes:
        return []
    sums = {country_name(s): s.past[["pv_past", "pv_future"]].sum() / s.exchange_rate_usd / 1e6 for s in schemes}
    rows = [Row((name, *_million(float(v["pv_past"]), float(v["pv_future"])))) for name, v in sums.items()]
    together = [sum(float(v[n]) for v in sums.values()) for n in ("pv_past", "pv_future")]
    rows.append(Row((_("Together"), *_million(*together)), "total"))
    heads = (_("Past periods"), _("Periods to come"), _("Together"))
    return [
        Heading(_("Periods already completed, and periods to come"), 2),
        Paragraph(
            say(
                "{table} tells the initial liability, which exists on the day of entry into force, from what later periods add. Rights that "
                "need both kinds of periods are counted with the coming ones.",
                table=Ref("tab-past"),
            )
        ),
        Table(
            "tab-past",
            _("Net cost of periods before the projection and of those to come, million US dollars, present values, without administration"),
            (left(_("Scheme of")), *(Column(h) for h in heads)),
            tuple(rows),
            _(MODEL),
        ),
    ]


def _million(before: float, after: float) -> tuple[str, str, str]:
    return scaled(before, 1.0), scaled(after, 1.0), scaled(before + after, 1.0)
