"""What the net cost of pensions consists of by branch, by cause and by sex."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from actuarial.feasibility.result import SchemeResult, StudyResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.blocks import Block, Column, Heading, Paragraph, Ref, Row, Table, say
from actuarial.reporting.chart_parts import legend_below
from actuarial.reporting.language import _, marked, phrase
from actuarial.reporting.naming import country as country_name
from actuarial.reporting.pictures import picture
from actuarial.reporting.style import SERIES, TINTS, area, chart_style, figure, set_message, set_unit, tick
from actuarial.reporting.tables import MODEL, left, money_scale, scaled, too_small
from actuarial.reporting.words import amount_unit, in_sentence, men, women

BRANCHES: Final = {
    "old_age": marked("Old age"),
    "invalidity": marked("Invalidity"),
    "survivors": marked("Survivors"),
    "administration": marked("Administration"),
}
COLOURS: Final = {"old_age": TINTS[2], "invalidity": SERIES[1], "survivors": TINTS[1], "administration": "#BDBDBD"}
HATCHES: Final = {"old_age": "", "invalidity": "////", "survivors": "....", "administration": ""}
CAUSES: Final = {
    "exported": marked("Own periods: paid abroad or kept"),
    "newly_vested": marked("Opened by adding periods"),
    "topped_up": marked("Higher or lower by adding periods"),
    "resumed": marked("Suspended today, paid again"),
    "sums_with_pensions": marked("Sums paid with the pension"),
    "death_grants": marked("Death grants"),
    "lump_sums_not_paid": marked("Lump sums instead of a pension"),
    "refunds_not_paid": marked("Refunds on leaving"),
    "account_payouts": marked("Account payouts"),
    "contributions_moved": marked("Contributions of posted workers"),
    "administration": marked("Administration (assumed)"),
}
BY_SEX: Final = (
    (marked("Pensions on own periods, paid abroad or kept"), "pv_exported", 1.0),
    (marked("Pensions opened by adding periods"), "pv_pensions_by_totalisation", 1.0),
    (marked("Amounts changed by adding periods"), "pv_topped_up", 1.0),
    (marked("Pensions suspended today, paid again"), "pv_resumed", 1.0),
    (marked("Sums paid with pensions and death grants"), "pv_sums_with_pensions", 1.0),
    (marked("Lump sums instead of a pension"), "pv_lump_sums_not_paid", -1.0),
    (marked("Refunds on leaving"), "pv_refunds_not_paid", -1.0),
    (marked("Contributions of posted workers"), "pv_contributions_moved", 1.0),
    (marked("Administration (assumed)"), "pv_administration", 1.0),
)
"""Causes, the columns of the corridors that hold them, and the sign that makes a cost positive."""
YEAR: Final = 2050
"""Year of the message of the chart."""
YEARS: Final = (2030, 2050, 2075, 2100)


def causes(scheme: SchemeResult) -> list[Block]:
    """Section of a country report, for schemes with pensions by formula; nothing where the instrument costs and saves nothing."""
    if scheme.kind != frames.DEFINED_BENEFIT or scheme.causes.empty or not scheme.causes["amount"].any():
        return []
    return [
        Heading(_("Net cost by branch, cause and sex")),
        Paragraph(
            say(
                "{figure} shows which pensions the net cost comes from, year by year, and whose pensions they are. {branches} breaks each "
                "branch down by cause; {sex} gives the present value of each cause for women and men. Costs are positive, savings "
                "negative, and columns add up.",
                figure=Ref("fig-causes"),
                branches=Ref("tab-branch-causes"),
                sex=Ref("tab-cause-sex"),
            )
        ),
        picture(
            "fig-causes",
            net_cost_chart(scheme),
            _("Net cost by branch, and by sex"),
            _("Left, stacked areas by branch with their sum; right, lines for women and men."),
        ),
        _branch_table(scheme),
        _sex_table(scheme),
    ]


def _shares(scheme: SchemeResult, by: list[str]) -> pd.DataFrame:
    """Net cost as a share of the year's insurable earnings without the instrument: years by ``by``."""
    rows = scheme.causes.assign(sex=scheme.causes["sex"].fillna("").astype(str))
    table = rows.pivot_table(index="year", columns=by, values="amount", aggfunc="sum", fill_value=0.0)
    return table.div(frames.case(scheme, "without")["insurable_earnings"], axis=0)


def net_cost_chart(scheme: SchemeResult) -> Figure:
    """Net cost as a share of the year's insurable earnings, by branch and by sex."""
    branches, sexes = 100 * _shares(scheme, ["branch"]), 100 * _shares(scheme, ["sex"])
    with chart_style():
        drawing = figure()
        one, two = drawing.subplots(1, 2)
        up, down = np.zeros(len(branches)), np.zeros(len(branches))
        for name, label in BRANCHES.items():
            part = branches[name].to_numpy()
            above, below = np.maximum(part, 0), np.minimum(part, 0)
            one.fill_between(branches.index, up, up + above, **area(COLOURS[name], HATCHES[name]), label=_(label))
            one.fill_between(branches.index, down, down + below, **area(COLOURS[name], HATCHES[name]))
            up, down = up + above, down + below
        total = branches.sum(axis=1)
        one.plot(total.index, total, color="black", lw=1.2, label=_("Sum"))
        legend_below(one, 3)
        set_unit(one, _("By branch"), _("percentage points of insurable earnings"))
        for sex, label, colour, dash in (("male", men(), TINTS[1], "-"), ("female", women(), TINTS[2], (0, (4, 1.5)))):
            two.plot(sexes.index, sexes[sex], color=colour, ls=dash, label=label)
        legend_below(two, 2)
        set_unit(two, _("By sex, without administration"), _("percentage points of insurable earnings"))
        for axes in (one, two):
            _frame(axes, branches.index)
        set_message(drawing, _message(branches, sexes))
    return drawing


def _frame(axes: Axes, years: pd.Index[int]) -> None:
    axes.axhline(0, color="#555555", lw=0.7)
    axes.set_xlim(years[0], years[-1])
    axes.set_xticks([years[0], 2040, 2060, 2080, years[-1]])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _position: numbers.year(value)))
    axes.yaxis.set_major_formatter(FuncFormatter(tick))


def _message(branches: pd.DataFrame, sexes: pd.DataFrame) -> str:
    parts = branches.loc[YEAR].drop("administration")
    total, hers = frames.number(branches.loc[YEAR].sum()), frames.number(sexes["female"][YEAR])
    people = hers + frames.number(sexes["male"][YEAR])
    top = _(BRANCHES[str(parts.abs().idxmax())])
    values = {"year": str(YEAR), "cost": numbers.points(total / 100), "branch": in_sentence(top)}
    if people and hers / people >= 0:
        return phrase(
            "In {year} the net cost is {cost}, most of it from {branch}; women's part of what is paid to people is {share}",
            share=numbers.rate(hers / people, 0),
            **values,
        )
    return phrase("In {year} the net cost is {cost}, most of it from {branch}", **values)


def _branch_table(scheme: SchemeResult) -> Table:
    table = _shares(scheme, ["branch", "cause"])
    rows: list[Row] = []
    for branch, title in BRANCHES.items():
        part = table[branch]
        shown = [c for c in CAUSES if c in part.columns and float(part[c].abs().max()) > 1e-12]
        if not shown:
            continue
        rows.append(Row((_(title),), "section"))
        rows += [Row((_(CAUSES[c]), *(_points(float(part[c][y])) for y in YEARS))) for c in shown]
    rows.append(Row((_("Net cost"), *(_points(frames.number(table.loc[y].sum())) for y in YEARS)), "total"))
    caption = _("Net cost by branch and cause, percentage points of the insurable earnings of the year")
    return Table("tab-branch-causes", caption, (left(_("Branch and cause")), *(Column(str(y)) for y in YEARS)), tuple(rows), _(MODEL))


def _points(value: float) -> str:
    """Percentage points with four decimals, a dash for nothing."""
    if abs(value) < 1e-12:
        return numbers.DASH
    if abs(value) < 5e-7:
        return too_small(value, 4)
    return numbers.signed(100 * value, digits=4)


def by_sex(scheme: SchemeResult) -> pd.DataFrame:
    """Present value of each cause (rows, in the order of :data:`BY_SEX`) by sex, costs positive."""
    sums = scheme.corridors.groupby("sex")[[column for _label, column, _sign in BY_SEX]].sum()
    return pd.DataFrame({sex: [sign * frames.number(sums[column][sex]) for _label, column, sign in BY_SEX] for sex in ("female", "male")})


def _sex_table(scheme: SchemeResult) -> Table:
    table = by_sex(scheme)
    scale = money_scale(float(table.sum(axis=1).abs().max()))
    nothing = 1e-12 * float(table.abs().to_numpy().sum())
    totals = table.sum()

    def cells(hers: float, his: float) -> tuple[str, ...]:
        both = hers + his
        return (scaled(hers, scale), scaled(his, scale), scaled(both, scale), scaled(both / scheme.exchange_rate_usd, 1e6),
                numbers.rate(hers / both, 0) if both else numbers.DASH)  # fmt: skip

    rows = [
        Row((_(label), *cells(frames.number(table["female"][n]), frames.number(table["male"][n]))))
        for n, (label, _column, _sign) in enumerate(BY_SEX)
        if frames.number(table.loc[n].abs().sum()) > nothing
    ]
    rows.append(Row((_("Net cost"), *cells(float(totals["female"]), float(totals["male"]))), "total"))
    unit = amount_unit(scale, scheme.currency)
    heads = (
        phrase("Women, {unit}", unit=unit),
        phrase("Men, {unit}", unit=unit),
        phrase("Together, {unit}", unit=unit),
        _("Together, million USD"),
        _("Women's part"),
    )
    caption = _("Net cost by cause and sex, present values over the horizon; administration is shared out by the number of people")
    return Table("tab-cause-sex", caption, (left(_("Cause"), 2.6), *(Column(h, weight=1.1) for h in heads)), tuple(rows), _(MODEL))


def region_causes(study: StudyResult) -> list[Block]:
    """Section of the regional report: causes by scheme in US dollars."""
    schemes = [s for s in study.schemes.values() if s.kind == frames.DEFINED_BENEFIT and not s.corridors.empty]
    if not schemes:
        return []
    tables = [by_sex(s) / s.exchange_rate_usd / 1e6 for s in schemes]
    nothing = 1e-12 * sum(float(t.abs().to_numpy().sum()) for t in tables)
    rows = []
    for n, (label, _column, _sign) in enumerate(BY_SEX):
        values = [frames.number(t.loc[n].sum()) for t in tables]
        values = [v if abs(v) > nothing else 0.0 for v in values]
        if any(values):
            rows.append(Row((_(label), *(scaled(v, 1.0) for v in values), scaled(sum(values), 1.0))))
    totals = [float(t.to_numpy().sum()) for t in tables]
    rows.append(Row((_("Net cost"), *(scaled(v, 1.0) for v in totals), scaled(sum(totals), 1.0)), "total"))
    hers = [float(t["female"].sum()) for t in tables]
    rows.append(Row((_("Of it for women"), *(scaled(v, 1.0) for v in hers), scaled(sum(hers), 1.0))))
    heads = (*(country_name(s) for s in schemes), _("Together"))
    return [
        Heading(_("Net cost by cause"), 2),
        Paragraph(
            say(
                "{table} says what the money is paid for. Refunds that are no longer paid are a saving of the scheme and a loss of those who leave.",
                table=Ref("tab-causes"),
            )
        ),
        Table(
            "tab-causes",
            _("Net cost of pensions by cause, million US dollars, present values over the horizon"),
            (left(_("Cause"), 2.4), *(Column(h, weight=1) for h in heads)),
            tuple(rows),
            _(MODEL),
        ),
    ]
