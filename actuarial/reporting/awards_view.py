"""Pensions by type: how many are in payment, how many are awarded, and why the instrument adds awards."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from actuarial.feasibility.result import SchemeResult
from actuarial.reporting import frames, numbers
from actuarial.reporting.award_charts import awards_by_reason
from actuarial.reporting.blocks import Block, Column, Heading, Paragraph, Ref, Row, Table, say
from actuarial.reporting.chart_parts import people_unit
from actuarial.reporting.language import _, marked, phrase
from actuarial.reporting.pictures import picture
from actuarial.reporting.style import SERIES, TINTS, chart_style, figure, set_message, set_unit, tick
from actuarial.reporting.tables import MODEL, left

TYPES: Final = ("old_age", "invalids", "survivors")
TYPE_NAMES: Final = (marked("Old age"), marked("Invalidity"), marked("Survivors"))
AWARDS: Final = ("new_pensions", "new_invalidity", "deaths_with_right")
"""New pensions of old age and of invalidity; deaths before pension age that open survivors' pensions."""
YEAR: Final = 2050
"""Year of the message of the chart of awards."""
GAINS: Final = ("extra_new_pensions", "extra_invalidity", "extra_deaths_with_right")


def by_type(scheme: SchemeResult, case: str) -> pd.DataFrame:
    """People with a pension at the end of each year by type."""
    frame = frames.case(scheme, case)
    old = frame["pensioners"] - frame["invalids"] - frame["survivors"]
    return pd.DataFrame({"old_age": old, "invalids": frame["invalids"], "survivors": frame["survivors"]})


def in_payment(scheme: SchemeResult) -> list[Block]:
    """Pensions in payment by type, for schemes that pay pensions."""
    return [
        Heading(_("Pensions in payment by type"), 2),
        Paragraph(
            say(
                "{figure} and {table} split the pensioners. Published figures do not tell invalids from survivors, so all such pensions "
                "in payment today are booked as survivors', at an assumed share; invalids are those awarded from now on. Their number "
                "therefore starts from nothing, and survivors' may be too many in the first years.",
                figure=Ref("fig-types"),
                table=Ref("tab-types"),
            )
        ),
        picture(
            "fig-types",
            _types_chart(scheme),
            _("Pensions in payment by type, without the instrument"),
            _("Stacked areas by type of pension."),
        ),
        _types_table(scheme),
    ]


def _types_chart(scheme: SchemeResult) -> Figure:
    table = by_type(scheme, "without")
    with chart_style():
        drawing = figure(2.5)
        axes = drawing.subplots()
        unit, scale = people_unit(float(table.sum(axis=1).max()))
        parts = [table[n] / scale for n in TYPES]
        axes.stackplot(table.index, *parts, colors=(TINTS[2], SERIES[1], TINTS[0]), hatch=("", "////", ""), edgecolor="white", lw=0,
                       labels=[_(name) for name in TYPE_NAMES])  # fmt: skip
        handles, labels = axes.get_legend_handles_labels()
        axes.legend(handles[::-1], labels[::-1], loc="upper left")
        axes.set_xlim(table.index[0], table.index[-1])
        axes.set_ylim(0, None)
        axes.yaxis.set_major_formatter(FuncFormatter(tick))
        set_unit(axes, _("People with a pension at the end of the year"), unit)
        last = int(table.index[-1])
        shares = table.loc[last] / table.loc[last].sum()
        set_message(
            drawing,
            phrase(
                "Of the pensions in payment in {year}, {old_age} are old age, {invalidity} invalidity and {survivors} survivors'",
                year=str(last),
                old_age=numbers.rate(frames.number(shares["old_age"]), 0),
                invalidity=numbers.rate(frames.number(shares["invalids"]), 0),
                survivors=numbers.rate(frames.number(shares["survivors"]), 0),
            ),
        )
    return drawing


def _years(scheme: SchemeResult) -> list[int]:
    """A few years of the projection: the first, that of the first effects, then every tenth."""
    years = frames.table_years(scheme)
    return [y for y in years if y in (years[0], 2028, 2030) or y % 10 == 0]


def _types_table(scheme: SchemeResult) -> Table:
    counts = {c: by_type(scheme, c) for c in ("without", "with")}
    money = {c: frames.case(scheme, c) for c in ("without", "with")}
    rows = []
    for y in _years(scheme):
        cells = [numbers.count(frames.number(counts[c][n][y])) for n in TYPES for c in ("without", "with")]
        paid = money["without"].loc[y]
        shares = [numbers.rate(frames.number(paid[n]) / frames.number(paid["pensions"]), 1) for n in ("invalidity_pensions", "survivors_pensions")]
        rows.append(Row((str(y), *cells, *shares)))
    heads = (
        _("Old age, without"),
        _("Old age, with"),
        _("Invalidity, without"),
        _("Invalidity, with"),
        _("Survivors, without"),
        _("Survivors, with"),
        _("Invalidity, share of amount"),
        _("Survivors', share of amount"),
    )
    return Table(
        "tab-types",
        _("People with a pension at the end of the year by type, and shares of the amount of pensions paid (without the instrument)"),
        (left(_("Year")), *(Column(h) for h in heads)),
        tuple(rows),
        _(MODEL),
    )


def awards(scheme: SchemeResult) -> list[Block]:
    """New awards by type, and the reason of those that the instrument adds; nothing for schemes without pensions."""
    extra = _extra(scheme)
    if scheme.kind != frames.DEFINED_BENEFIT or float(extra.abs().to_numpy().max()) == 0.0:
        return []
    return [
        Heading(_("New awards by type and reason"), 2),
        Paragraph(
            say(
                "{table} counts the awards of a year: old-age pensions, invalidity pensions, and deaths before pension age that leave "
                "somebody with a right. An award is new through added periods where the months worked here alone would not have opened "
                "it; the others are paid abroad or rest on months kept.",
                table=Ref("tab-awards"),
            )
        ),
        picture("fig-awards", _awards_chart(extra), _("Awards that only the instrument brings"), _("Stacked areas by type of award and reason.")),
        picture(
            "fig-reasons",
            awards_by_reason(scheme),
            _("Old-age pensions awarded to movers by reason, and lump sums and refunds"),
            _("Left, stacked areas by reason; right, lines with and without."),
        ),
        _awards_table(scheme, extra),
    ]


def _extra(scheme: SchemeResult) -> pd.DataFrame:
    """Awards that only the instrument brings, both sexes: old age by reason, invalidity, deaths with a right [year]."""
    sums = scheme.gains.groupby("year")[[*GAINS, "new_by_totalisation"]].sum()
    return pd.DataFrame(
        {
            "added": sums["new_by_totalisation"],
            "kept": sums["extra_new_pensions"] - sums["new_by_totalisation"],
            "invalidity": sums["extra_invalidity"],
            "deaths": sums["extra_deaths_with_right"],
        }
    )


def _awards_chart(extra: pd.DataFrame) -> Figure:
    labels = (_("Old age, added periods"), _("Old age, paid abroad or kept"), _("Invalidity"), _("Deaths that open survivors' pensions"))
    with chart_style():
        drawing = figure(2.5)
        axes = drawing.subplots()
        axes.stackplot(
            extra.index, *(np.maximum(extra[n], 0) for n in extra.columns), colors=(TINTS[2], TINTS[1], SERIES[1], "#BDBDBD"), labels=labels,
            hatch=("", "....", "////", ""), edgecolor="white", lw=0,
        )  # fmt: skip
        handles, names = axes.get_legend_handles_labels()
        axes.legend(handles[::-1], names[::-1], loc="upper left")
        axes.set_xlim(extra.index[0], extra.index[-1])
        axes.set_ylim(0, None)
        axes.yaxis.set_major_formatter(FuncFormatter(tick))
        set_unit(axes, _("With minus without"), _("awards in the year"))
        total = extra.loc[YEAR]
        set_message(
            drawing,
            phrase(
                "In {year} the instrument brings {awards} awards, {added} of them old-age pensions opened by adding periods",
                year=str(YEAR),
                awards=numbers.persons(frames.number(total.sum())),
                added=numbers.persons(frames.number(total["added"])),
            ),
        )
    return drawing


def _awards_table(scheme: SchemeResult, extra: pd.DataFrame) -> Table:
    without = frames.case(scheme, "without")
    rows = []
    for y in _years(scheme):
        base = [numbers.count(frames.number(without.loc[y, n])) for n in AWARDS]
        rows.append(Row((str(y), *base, *(numbers.count(frames.number(extra[n][y])) for n in extra.columns))))
    heads = (
        _("Old age, without"),
        _("Invalidity, without"),
        _("Deaths with a right, without"),
        _("More old age, added periods"),
        _("More old age, abroad or kept"),
        _("More invalidity"),
        _("More deaths with a right"),
    )
    return Table("tab-awards", _("Awards of the year, persons"), (left(_("Year")), *(Column(h) for h in heads)), tuple(rows), _(MODEL))
